//! The keys that sensitive memories are encrypted under.

use std::path::Path;

use athena_query::sealing::{self, Keyring, Look, Source, read_by_others};
use athena_store::Store;

use crate::config::Config;
use athena_query::diagnose::Check;

pub async fn look(store: &Store, config: &Config) -> Vec<Check> {
    let ring = match config.keys() {
        Ok(source) => Keyring::new(source),
        Err(error) => return vec![Check::fail(error.to_string(), "leave the other two empty")],
    };
    match sealing::look(store, &ring).await {
        Ok(look) => {
            let mut checks = told(&look, &ring.source);
            if let Source::Beside(path) | Source::File(path) = &ring.source {
                checks.extend(readers(path));
            }
            checks
        }
        Err(error) => {
            vec![Check::warn(format!("keys cannot be looked at: {error}"), "try again when the disk is well")]
        }
    }
}

fn told(look: &Look, source: &Source) -> Vec<Check> {
    let mut checks = Vec::new();
    let sealed: usize = look.keys.iter().map(|key| key.data_keys).sum::<usize>();
    if let (Some(why), false) = (&look.why, matches!(source, Source::Beside(_) | Source::None)) {
        checks.push(Check::fail(
            why.clone(),
            "without keys no sensitive memory can be written or read; all else works",
        ));
    }
    for key in look.missing() {
        checks.push(Check::fail(
            format!("key {} is missing, under which {} keys of data are", key.id, key.data_keys),
            format!("put it back ({}); until then what is encrypted under it cannot be read", look.source),
        ));
    }
    let newest = look.keys.iter().find(|key| key.newest);
    match newest {
        Some(newest) if look.behind() > look.missing().map(|key| key.data_keys).sum::<usize>() => checks
            .push(Check::warn(
                format!(
                    "a rotation to key {} is not ended: {} keys of data are under older ones",
                    newest.id,
                    look.behind()
                ),
                "`athena key rotate` ends it; until then keep the older keys",
            )),
        Some(newest) => {
            checks.push(Check::ok(format!(
                "{sealed} keys of data; the newest key is {}, in {}",
                newest.id, look.source
            )));
        }
        None if sealed == 0 && look.why.is_none() => checks.push(Check::ok(match source {
            Source::None => "sensitive memories are refused: no key is configured".to_owned(),
            _ => "no sensitive memory yet: a key is made with the first".to_owned(),
        })),
        None => {}
    }
    if let (Source::Beside(path), Some(_)) = (source, newest) {
        checks.push(Check::warn(
            format!(
                "the key lies beside the data, in {}: whoever copies the directory has both",
                path.display()
            ),
            "move it to where only this server reads, and set encryption.key_file",
        ));
    }
    if look.unsealed > 0 {
        checks.push(Check::warn(
            format!("{} sensitive memories are not encrypted: they are from before", look.unsealed),
            "`athena call memories update id=… sensitive=true` encrypts one, with everything that it was",
        ));
    }
    checks
}

/// A file with secrets that others than its owner can read.
pub fn readers(path: &Path) -> Option<Check> {
    let mode = read_by_others(path)?;
    Some(Check::warn(
        format!("{} can be read by others ({mode:o})", path.display()),
        format!("chmod 600 {}", path.display()),
    ))
}

#[cfg(test)]
mod tests {
    use athena_query::sealing::KeyUse;

    use super::*;
    use athena_query::diagnose::Verdict;

    fn key(id: &str, here: bool, newest: bool, data_keys: usize) -> KeyUse {
        KeyUse { id: id.into(), here, newest, data_keys }
    }

    fn states(keys: Vec<KeyUse>, source: &Source) -> Vec<(Verdict, String)> {
        let look = Look { source: "the file k".into(), why: None, keys, unsealed: 0 };
        told(&look, source).into_iter().map(|check| (check.state, check.what)).collect()
    }

    #[test]
    fn each_state_is_told() {
        let file = Source::File("k".into());
        assert_eq!(states(vec![], &Source::Beside("k".into()))[0].0, Verdict::Ok);
        assert_eq!(states(vec![key("a", true, true, 3)], &file)[0].0, Verdict::Ok);
        let beside = states(vec![key("a", true, true, 3)], &Source::Beside("k".into()));
        assert!(beside.iter().any(|(state, what)| *state == Verdict::Warn && what.contains("beside")));
        let begun = states(vec![key("a", true, true, 1), key("b", true, false, 2)], &file);
        assert!(begun[0].0 == Verdict::Warn && begun[0].1.contains("not ended"), "{begun:?}");
        let lost = states(vec![key("a", true, true, 1), key("b", false, false, 2)], &file);
        assert!(lost[0].0 == Verdict::Fail && lost[0].1.contains("key b is missing"), "{lost:?}");
        assert_eq!(lost[1].0, Verdict::Ok, "{lost:?}");
    }
}
