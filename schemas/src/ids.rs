//! Identifiers that Athena makes: all deterministic, so that the same input has the same id everywhere.

/// `text` split by an unambiguous separator, hashed to 128 bits.
fn hash(domain: &str, parts: &[&str]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(domain.as_bytes());
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut out = [0; 16];
    out.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    out
}

/// What makes an event the same event: its project, source and id.
pub fn dedup(project: &str, source: &str, id: &str) -> [u8; 16] {
    hash("dedup", &[project, source, id])
}

/// What is left of the key of an event that was purged: it is known again by whoever has the secret, and
/// nobody else can try ids on it.
pub fn dedup_of_forgotten(secret: &[u8; 32], dedup: &[u8; 16]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&blake3::keyed_hash(secret, dedup).as_bytes()[..16]);
    out
}

/// What tells texts apart.
pub fn text(text: &str) -> [u8; 16] {
    hash("text", &[text])
}

/// The id of an event that came without one: where it stands in the log.
pub fn from_position(topic: &str, partition: i32, offset: i64) -> String {
    short("e-", &[topic, &partition.to_string(), &offset.to_string()])
}

/// The id of a fact: a value of an attribute, by what both come to however they are put.
pub fn fact(attribute_key: &str, value_key: &str) -> String {
    short("f-", &[attribute_key, value_key])
}

/// A readable, deterministic id: `prefix` and 20 hexadecimal digits (80 bits) of the parts' hash.
pub fn short(prefix: &str, parts: &[&str]) -> String {
    format!("{prefix}{}", hex::encode(&hash(prefix, parts)[..10]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(dedup("ab", "c", "d"), dedup("a", "bc", "d"));
        assert_eq!(dedup("p", "s", "i"), dedup("p", "s", "i"));
        assert_eq!(short("m-", &["x"]).len(), 22);
    }

    #[test]
    fn forgotten_keys_need_the_secret() {
        let key = dedup("p", "s", "i");
        let forgotten = dedup_of_forgotten(&[1; 32], &key);
        assert_eq!(forgotten, dedup_of_forgotten(&[1; 32], &key));
        assert!(forgotten != key && forgotten != dedup_of_forgotten(&[2; 32], &key));
    }
}
