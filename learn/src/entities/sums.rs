//! What all stretches of work say together: entities, relations by rule, and what is named together.
//!
//! ```text
//! mentions ─▶ under what they are now (told) ─▶ kept small, by number ─▶ entities · ties · pairs, of all or what changed
//! ```
//!
//! Holds about 60 bytes a mention, and gives the same in whatever order mentions are taken.

mod changed;
mod summed;
mod texts;

use athena_schemas::Time;
use athena_schemas::tables::Mention;

use crate::told::Overlay;
pub use changed::Changed;
pub use summed::Summed;
use texts::{Place, Texts, Written};

/// What a mention tells, as the table `mentions` has it.
#[derive(Debug, Clone, Copy)]
pub struct Naming<'a> {
    pub session: &'a str,
    pub context: &'a str,
    pub subject: &'a str,
    pub kind: &'a str,
    pub name: &'a str,
    /// Of a relation: its ends.
    pub ends: Option<(&'a str, &'a str)>,
    pub structural: bool,
    pub paired: bool,
    pub share: i64,
    pub mentions: i64,
    pub first_at: Time,
    pub last_at: Time,
    pub evidence: &'a str,
}

impl<'a> From<&'a Mention> for Naming<'a> {
    fn from(row: &'a Mention) -> Self {
        Self {
            session: &row.session,
            context: &row.context,
            subject: &row.subject,
            kind: &row.kind,
            name: &row.name,
            ends: row.from_entity.as_deref().zip(row.to_entity.as_deref()),
            structural: row.structural,
            paired: row.paired,
            share: row.share,
            mentions: row.mentions,
            first_at: row.first_at,
            last_at: row.last_at,
            evidence: &row.evidence,
        }
    }
}

/// A mention of an entity, its texts by number.
struct Named {
    context: u32,
    subject: u32,
    kind: u32,
    name: u32,
    evidence: Place,
    share: i64,
    mentions: i64,
    first_at: i64,
    last_at: i64,
    structural: bool,
    paired: bool,
}

/// A mention of a relation by rule, its texts by number.
struct Tied {
    from: u32,
    to: u32,
    kind: u32,
    context: u32,
    evidence: Place,
    first_at: i64,
    last_at: i64,
}

/// Takes mentions, to be summed up.
pub struct Sums<'a> {
    told: &'a Overlay,
    /// What alone is summed up; all, without.
    changed: Option<&'a Changed>,
    things: Texts,
    words: Texts,
    contexts: Texts,
    /// The session of each context.
    sessions: Vec<u32>,
    evidence: Written,
    named: Vec<Named>,
    tied: Vec<Tied>,
}

impl<'a> Sums<'a> {
    pub fn new(told: &'a Overlay) -> Self {
        let (things, words, contexts) = Default::default();
        let (changed, sessions, named, tied) = Default::default();
        Self { told, changed, things, words, contexts, sessions, evidence: Written::default(), named, tied }
    }

    /// What people said.
    pub fn told(&self) -> &'a Overlay {
        self.told
    }

    /// From here on only what bears on what has changed is kept, and only that is summed up.
    pub fn only(&mut self, changed: &'a Changed) {
        self.changed = Some(changed);
    }

    pub fn take(&mut self, naming: &Naming<'_>) {
        let subject = self.told.becomes(naming.subject);
        let ends = naming.ends.map(|(from, to)| (self.told.becomes(from), self.told.becomes(to)));
        let context = self.contexts.number(naming.context);
        if context as usize == self.sessions.len() {
            self.sessions.push(self.words.number(naming.session));
        }
        let is_asked = self.changed.is_none_or(|changed| match ends {
            Some((from, to)) => changed.has(from) && changed.has(to),
            None => changed.concerns(subject),
        });
        if !is_asked || ends.is_some_and(|(from, to)| from == to) {
            return;
        }
        let (kind, evidence) = (self.words.number(naming.kind), self.evidence.place(naming.evidence));
        let (first_at, last_at) = (naming.first_at.micros(), naming.last_at.micros());
        match ends {
            Some((from, to)) => {
                let (from, to) = (self.things.number(from), self.things.number(to));
                self.tied.push(Tied { from, to, kind, context, evidence, first_at, last_at });
            }
            None => self.named.push(Named {
                context,
                subject: self.things.number(subject),
                kind,
                name: self.words.number(naming.name),
                evidence,
                share: naming.share,
                mentions: naming.mentions,
                first_at,
                last_at,
                structural: naming.structural,
                paired: naming.paired,
            }),
        }
    }

    /// All were taken.
    pub fn finish(self) -> Summed<'a> {
        Summed::of(self)
    }
}

#[cfg(test)]
mod tests;
