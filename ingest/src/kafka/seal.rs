//! Who sent a record that Athena itself produced: headers that only holders of the data location's
//! secret can write. Without a valid seal a record is `kafka:TOPIC`, whatever its headers say.

use athena_schemas::vocabulary::Origin;
use rdkafka::message::{Header, OwnedHeaders};

const ACTOR: &str = "athena-actor";
const ORIGIN: &str = "athena-origin";
const SEAL: &str = "athena-seal";

/// Who sent a record, through which of Athena's doors.
#[derive(Debug, Clone, PartialEq)]
pub struct Sender {
    pub actor: String,
    pub origin: Origin,
}

fn seal(secret: &[u8; 32], topic: &str, actor: &str, origin: &str, payload: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new_keyed(secret);
    for part in [topic.as_bytes(), actor.as_bytes(), origin.as_bytes(), payload] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize()
}

/// Headers for a record that Athena produces.
pub fn headers(secret: &[u8; 32], topic: &str, sender: &Sender, payload: &[u8]) -> OwnedHeaders {
    let hash = seal(secret, topic, &sender.actor, sender.origin.name(), payload);
    OwnedHeaders::new()
        .insert(Header { key: ACTOR, value: Some(&sender.actor) })
        .insert(Header { key: ORIGIN, value: Some(sender.origin.name()) })
        .insert(Header { key: SEAL, value: Some(hash.as_bytes().as_slice()) })
}

/// The sender of a record, when its seal is Athena's. The comparison takes the same time for all seals.
pub fn sender(
    secret: &[u8; 32],
    topic: &str,
    headers: &[(String, Vec<u8>)],
    payload: &[u8],
) -> Option<Sender> {
    let get = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_slice());
    let text = |name: &str| std::str::from_utf8(get(name)?).ok();
    let given = blake3::Hash::from_bytes(get(SEAL)?.try_into().ok()?);
    let (actor, origin) = (text(ACTOR)?, text(ORIGIN)?);
    let known = Origin::parse(origin)?;
    (seal(secret, topic, actor, origin, payload) == given)
        .then(|| Sender { actor: actor.to_owned(), origin: known })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rdkafka::message::Headers;

    #[test]
    fn only_the_holder_of_the_secret_says_who_sent_it() {
        let (secret, payload) = ([1; 32], b"{}".as_slice());
        let ann = Sender { actor: "ann".into(), origin: Origin::Http };
        let owned = headers(&secret, "athena.events", &ann, payload);
        let all: Vec<(String, Vec<u8>)> = owned
            .iter()
            .map(|header| (header.key.to_owned(), header.value.unwrap_or_default().to_vec()))
            .collect();
        assert_eq!(sender(&secret, "athena.events", &all, payload), Some(ann));
        assert_eq!(sender(&[2; 32], "athena.events", &all, payload), None);
        assert_eq!(sender(&secret, "athena.commands", &all, payload), None);
        assert_eq!(sender(&secret, "athena.events", &all, b"{ }"), None);
        let mut forged = all;
        forged[0].1 = b"eve".to_vec();
        assert_eq!(sender(&secret, "athena.events", &forged, payload), None);
    }
}
