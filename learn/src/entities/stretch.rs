//! A session cut into stretches of work, and what each of them names: rows of the table `mentions`.

use std::collections::BTreeMap;

use athena_schemas::tables::Mention;
use athena_schemas::{Time, ids};

use super::{FILE, Happening, SESSION, acts, entity_id, found, relation_id};

/// Events of one stretch at most: a long session is not one thing.
const EVENTS: usize = 200;
/// Things of a stretch that count as named together, and things and ties that are kept of it.
const PAIRED: usize = 40;
const KEPT: usize = 1_000;
/// What being named together with one other alone counts.
const WHOLE_SHARE: i64 = 1_000_000;

/// What a mention is of.
pub(super) const ENTITY: &str = "entity";
pub(super) const RELATION: &str = "relation";

/// What ties two entities.
pub type Tie = (String, &'static str, String);

/// Folds events, in the order of each session, into stretches. Holds one stretch at a time.
pub struct Stretches<'a> {
    project: &'a str,
    /// A silence that is longer ends a stretch.
    idle_micros: i64,
    open: Option<Open>,
}

#[derive(Default)]
struct Open {
    session: String,
    first_event: String,
    last_at: Time,
    events: usize,
    entities: BTreeMap<String, Seen>,
    ties: BTreeMap<Tie, Seen>,
}

#[derive(Default)]
struct Seen {
    kind: &'static str,
    name: String,
    structural: bool,
    mentions: i64,
    first_at: Time,
    last_at: Time,
    evidence: String,
}

impl Seen {
    fn add(&mut self, event: &Happening) {
        if self.mentions == 0 || event.time < self.first_at {
            self.first_at = event.time;
            self.evidence.clone_from(&event.id);
        }
        self.last_at = if self.mentions == 0 { event.time } else { self.last_at.max(event.time) };
        self.mentions += 1;
    }
}

impl<'a> Stretches<'a> {
    pub fn new(project: &'a str, idle_micros: i64) -> Self {
        Self { project, idle_micros, open: None }
    }

    /// Takes the next event; gives what the stretches name that it ends. A commit is a stretch of its own: its files
    /// belong together, whatever was done beside it; so is the outline of a file.
    pub fn take(&mut self, event: &Happening) -> Vec<Mention> {
        if (event.r#type == "commit" && event.files.len() > 1) || event.r#type == "code_index" {
            let mut own =
                Open { session: event.session.clone(), first_event: event.id.clone(), ..Open::default() };
            own.add(event);
            return own.close(self.project);
        }
        let goes_on = self.open.as_ref().is_some_and(|open| {
            let silence = event.time.micros().saturating_sub(open.last_at.micros());
            open.session == event.session && silence <= self.idle_micros && open.events < EVENTS
        });
        let ended = if goes_on { vec![] } else { self.finish() };
        let open = self.open.get_or_insert_with(|| Open {
            session: event.session.clone(),
            first_event: event.id.clone(),
            ..Open::default()
        });
        open.add(event);
        ended
    }

    /// What the stretch at hand names.
    pub fn finish(&mut self) -> Vec<Mention> {
        self.open.take().map(|open| open.close(self.project)).unwrap_or_default()
    }
}

/// The id of a mention: the stretch, and what is named in it.
pub(super) fn mention_id(context: &str, subject: &str) -> String {
    ids::short("men-", &[context, subject])
}

impl Open {
    fn add(&mut self, event: &Happening) {
        self.last_at = event.time;
        self.events += 1;
        let found = found(event);
        let ids: Vec<String> = found.things.iter().map(|one| entity_id(one.kind, &one.name)).collect();
        for (id, thing) in ids.iter().zip(&found.things) {
            if self.entities.len() >= KEPT && !self.entities.contains_key(id) {
                continue;
            }
            let seen = self.entities.entry(id.clone()).or_default();
            if seen.mentions == 0 {
                (seen.kind, seen.name) = (thing.kind, thing.name.clone());
            }
            seen.structural |= thing.structural;
            seen.add(event);
        }
        for (from, kind, to) in found.ties {
            let tie = (ids[from].clone(), kind, ids[to].clone());
            let known = self.entities.contains_key(&tie.0) && self.entities.contains_key(&tie.2);
            if known && (self.ties.len() < KEPT || self.ties.contains_key(&tie)) {
                let seen = self.ties.entry(tie).or_default();
                seen.kind = kind;
                seen.add(event);
            }
        }
    }

    fn close(self, project: &str) -> Vec<Mention> {
        let context = ids::short("ctx-", &[project, &self.session, &self.first_event]);
        let paired = self.paired();
        let share = match paired.len() {
            0 | 1 => 0,
            count => WHOLE_SHARE / (count as i64 - 1),
        };
        let row = |subject: String, seen: Seen| Mention {
            id: mention_id(&context, &subject),
            project: project.to_owned(),
            session: self.session.clone(),
            context: context.clone(),
            kind: seen.kind.to_owned(),
            name: seen.name,
            structural: seen.structural,
            mentions: seen.mentions,
            first_at: seen.first_at,
            last_at: seen.last_at,
            evidence: seen.evidence,
            subject,
            ..Mention::default()
        };
        let mut rows = Vec::with_capacity(self.entities.len() + self.ties.len());
        for (id, seen) in self.entities {
            let own = paired.binary_search(&id).is_ok();
            let share = if own { share } else { 0 };
            rows.push(Mention { part: ENTITY.into(), paired: own, share, ..row(id, seen) });
        }
        for ((from, kind, to), seen) in self.ties {
            let id = relation_id(&from, kind, &to);
            let ends = Mention { from_entity: Some(from), to_entity: Some(to), ..row(id, seen) };
            rows.push(Mention { part: RELATION.into(), structural: true, ..ends });
        }
        rows
    }

    /// Ids, in order, of what counts as named together: files first, then what is named most. What everything in a
    /// session has to do with (the session, who acts, with what) has relations of its own.
    fn paired(&self) -> Vec<String> {
        let mut all: Vec<(&String, &Seen)> =
            self.entities.iter().filter(|(_, seen)| seen.kind != SESSION && !acts(seen.kind)).collect();
        all.sort_by_key(|(id, seen)| (seen.kind != FILE, !seen.structural, -seen.mentions, (*id).clone()));
        let mut ids: Vec<String> = all.into_iter().take(PAIRED).map(|(id, _)| id.clone()).collect();
        ids.sort();
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, at: i64, kind: &str, files: &[&str]) -> Happening {
        Happening {
            id: id.into(),
            time: Time::from_micros(at * 1_000_000),
            session: "s".into(),
            r#type: kind.into(),
            files: files.iter().map(|file| (*file).to_owned()).collect(),
            ..Happening::default()
        }
    }

    #[test]
    fn stretches_end_by_silence_and_commits_stand_apart() {
        let mut stretches = Stretches::new("p", 60_000_000);
        assert_eq!(stretches.take(&event("a", 0, "code_edit", &["x.rs"])), []);
        assert_eq!(stretches.take(&event("b", 10, "code_edit", &["x.rs", "y.rs"])), []);
        let commit = stretches.take(&event("c", 20, "commit", &["x.rs", "y.rs", "z.rs"]));
        let files: Vec<&Mention> = commit.iter().filter(|row| row.kind == FILE).collect();
        assert_eq!(files.len(), 3);
        assert!(files.iter().all(|row| row.paired && row.share == 500_000 && row.evidence == "c"));
        let first = stretches.take(&event("d", 1_000, "code_edit", &["z.rs"]));
        let x = first.iter().find(|row| row.name == "x.rs" && row.part == "entity").unwrap();
        assert_eq!((x.mentions, x.share, x.evidence.as_str()), (2, 1_000_000, "a"));
        assert_eq!((x.first_at.micros(), x.last_at.micros()), (0, 10_000_000));
        let touched = first.iter().filter(|row| row.part == "relation" && row.kind == "touched").count();
        assert_eq!(touched, 2);
        let last = stretches.finish();
        assert!(last.iter().all(|row| row.context != first[0].context));
        assert_eq!(stretches.finish(), []);
    }
}
