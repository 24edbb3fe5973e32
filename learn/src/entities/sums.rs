//! What all stretches of work say together: entities, relations by rule, and what is named together.
//!
//! ```text
//! mentions ─▶ under what they are now (told) ─▶ kept small, by number ─▶ entities · ties · pairs, of all or what changed
//!                 those of sessions that are derived anew take the place of those before
//! ```
//!
//! Holds about 70 bytes a mention, and gives the same in whatever order mentions are taken.

mod changed;
mod summed;

use ahash::AHashSet;
use athena_schemas::Time;
use athena_schemas::tables::Mention;

use super::Totals;
use crate::texts::{Place, Texts, Written};
use crate::told::Overlay;
pub use changed::Changed;
pub use summed::Summed;

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

/// Takes mentions, to be summed up: all, or what a part of them bears on, before and after other mentions took their
/// place.
#[derive(Default)]
pub struct Sums {
    things: Texts,
    words: Texts,
    contexts: Texts,
    /// The session of each context, and mentions in it that stand.
    sessions: Vec<u32>,
    standing: Vec<u32>,
    evidence: Written,
    named: Vec<Named>,
    tied: Vec<Tied>,
    /// Contexts whose mentions are out of date, of those that were taken before.
    outdated: Vec<bool>,
    /// Where what was taken since begins.
    since: (usize, usize),
}

/// Which mentions are summed up: those before others took their place, or those that stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Before,
    Now,
}

impl Sums {
    /// Takes a mention, under what people said it is.
    pub fn take(&mut self, naming: &Naming<'_>, told: &Overlay) {
        let subject = told.becomes(naming.subject);
        let ends = naming.ends.map(|(from, to)| (told.becomes(from), told.becomes(to)));
        let context = self.contexts.number(naming.context);
        if context as usize == self.sessions.len() {
            self.sessions.push(self.words.number(naming.session));
            self.standing.push(0);
        }
        self.standing[context as usize] += 1;
        if ends.is_some_and(|(from, to)| from == to) {
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

    /// What was taken of these sessions is out of date: what is taken from here on stands in its place.
    pub fn supersede<'s>(&mut self, sessions: impl IntoIterator<Item = &'s str>) {
        let sessions: AHashSet<u32> = sessions.into_iter().filter_map(|one| self.words.known(one)).collect();
        self.outdated = self.sessions.iter().map(|session| sessions.contains(session)).collect();
        self.since = (self.named.len(), self.tied.len());
        for (standing, _) in self.standing.iter_mut().zip(&self.outdated).filter(|(_, outdated)| **outdated) {
            *standing = 0;
        }
    }

    /// What has changed, as it was before others took the place of what is out of date.
    pub fn before<'a>(&'a self, changed: &'a Changed) -> Summed<'a> {
        Summed::of(self, Some(changed), When::Before)
    }

    /// What stands: all of it, or what has changed.
    pub fn now<'a>(&'a self, changed: Option<&'a Changed>) -> Summed<'a> {
        Summed::of(self, changed, When::Now)
    }

    /// Lets go of what is out of date.
    pub fn settle(&mut self) {
        let (mut named, mut tied) = (std::mem::take(&mut self.named), std::mem::take(&mut self.tied));
        let (mut at, mut tied_at) = (0.., 0..);
        let place = |places: &mut std::ops::RangeFrom<usize>| places.next().unwrap_or(usize::MAX);
        named.retain(|one| self.counts(When::Now, (place(&mut at), self.since.0), one.context));
        tied.retain(|one| self.counts(When::Now, (place(&mut tied_at), self.since.1), one.context));
        self.outdated.clear();
        self.since = (named.len(), tied.len());
        (self.named, self.tied) = (named, tied);
    }

    /// How many sessions and stretches of work name anything.
    pub fn totals(&self) -> Totals {
        let standing = || self.sessions.iter().zip(&self.standing).filter(|(_, mentions)| **mentions > 0);
        let sessions: AHashSet<u32> = standing().map(|(session, _)| *session).collect();
        Totals { sessions: sessions.len() as i64, contexts: standing().count() as i64 }
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        let texts = self.things.bytes() + self.words.bytes() + self.contexts.bytes() + self.evidence.bytes();
        texts + size_of::<Named>() * self.named.capacity() + size_of::<Tied>() * self.tied.capacity()
    }

    /// Whether a mention of a context, taken at a place after `since` or before it, counts.
    fn counts(&self, when: When, (at, since): (usize, usize), context: u32) -> bool {
        match when {
            When::Before => at < since,
            When::Now => {
                at >= since || !self.outdated.get(context as usize).is_some_and(|outdated| *outdated)
            }
        }
    }
}

#[cfg(test)]
mod tests;
