//! What a question refers to without naming it, from what was said before it. Pure.

use super::Reformulation;
use crate::text::{Entity, EntityKind, TextHit, mentions};

/// Words that refer, which kinds of things they may stand for, and whether they stand for it together with the next
/// word, as `that file` does.
const REFERENCES: [(&str, &[EntityKind]); 12] = [
    ("that file", &[EntityKind::File]),
    ("this file", &[EntityKind::File]),
    ("the same file", &[EntityKind::File]),
    ("that function", &[EntityKind::Symbol]),
    ("this function", &[EntityKind::Symbol]),
    ("that error", &[EntityKind::Code]),
    ("this error", &[EntityKind::Code]),
    ("it", &[EntityKind::Symbol, EntityKind::File, EntityKind::Code]),
    ("this", &[EntityKind::Symbol, EntityKind::File, EntityKind::Code]),
    ("he", &[EntityKind::Name]),
    ("she", &[EntityKind::Name]),
    ("they", &[EntityKind::Name]),
];

/// The question with the newest thing that its first reference may mean; `None` where it refers to nothing, or nothing
/// fits. `newest` are events, the newest first.
pub fn resolved(question: &str, newest: &[TextHit]) -> Option<Reformulation> {
    let words: Vec<&str> = question.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    let lower: Vec<String> = words.iter().map(|word| bare(word)).collect();
    let (at, count, kinds) = REFERENCES.iter().find_map(|(reference, kinds)| {
        let parts: Vec<&str> = reference.split(' ').collect();
        let at = lower.windows(parts.len()).position(|some| some == parts)?;
        Some((at, parts.len(), *kinds))
    })?;
    let meant = newest
        .iter()
        .find_map(|found| things(found).into_iter().find(|thing| kinds.contains(&thing.kind)))?;
    let mut said: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let mark: String =
        said[at + count - 1].chars().rev().take_while(|letter| !letter.is_alphanumeric()).collect();
    drop(said.splice(at..at + count, [meant.name.clone() + &mark.chars().rev().collect::<String>()]));
    Some(Reformulation { query: said.join(" "), kind: "resolved", words: vec![meant.name] })
}

/// What an event is about: what it says, and the files that it touches.
fn things(found: &TextHit) -> Vec<Entity> {
    let mut things = mentions(&found.hit.content);
    things.extend(found.files.iter().map(|file| Entity::new(EntityKind::File, file.clone())));
    things
}

#[cfg(test)]
mod tests {
    use athena_schemas::Time;
    use athena_schemas::wire::{Hit, Kind};

    use super::*;

    fn said(content: &str, files: &[&str]) -> TextHit {
        let hit = Hit {
            id: "e".into(),
            kind: Kind::Event,
            score: 0.0,
            name: None,
            content: content.into(),
            time: Time::from_micros(0),
            project: "p".into(),
            session: None,
            agent: None,
            event_type: None,
            tool: None,
            outcome: None,
            sources: vec![],
            parts: None,
        };
        let (score, parts, names, tags) = Default::default();
        let files = files.iter().map(|file| (*file).to_owned()).collect();
        TextHit { hit, files, score, parts, names, tags, cut: false, position: 0, place: None }
    }

    #[test]
    fn the_newest_that_fits_is_meant() {
        let newest = [
            said("now I ask Caroline", &[]),
            said("error[E0308] in cart::total", &["cart/src/total.rs"]),
            said("old_name is gone", &["old.rs"]),
        ];
        let of = |question: &str| resolved(question, &newest).map(|one| one.query);
        assert_eq!(of("Why did it fail?").as_deref(), Some("Why did E0308 fail?"));
        assert_eq!(of("Who changed that file?").as_deref(), Some("Who changed cart/src/total.rs?"));
        assert_eq!(of("where does this function, begin").as_deref(), Some("where does cart::total, begin"));
        assert_eq!(of("What did she say?").as_deref(), Some("What did Caroline say?"));
        assert_eq!(of("Which port is open?"), None);
        assert_eq!(resolved("why did it fail?", &[]), None);
    }
}
