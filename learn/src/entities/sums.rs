//! What all stretches of work say together: entities, relations by rule, and what is named together.
//!
//! ```text
//! mentions ─▶ kept small, by number ─▶ under what they are now (told) ─▶ entities · ties · pairs, of all or what changed
//!                 those of sessions that are derived anew take the place of those before
//! ```
//!
//! Holds about 70 bytes a mention, and gives the same in whatever order mentions are taken.

mod changed;
mod summed;

use std::sync::OnceLock;

use ahash::AHashSet;
use athena_schemas::Time;
use athena_schemas::tables::Mention;

use super::stretch::{ENTITY, RELATION, mention_id};
use super::{Totals, relation_id};
use crate::texts::{Place, Texts, Written};
use crate::told::Overlay;
pub use changed::Changed;
pub use summed::{Summed, Twice};

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
    mentions: i64,
    first_at: i64,
    last_at: i64,
}

/// The places of things in the order of their ids, and the things in it.
#[derive(Default)]
struct Order {
    places: Vec<u32>,
    things: Vec<u32>,
}

/// Takes mentions, to be summed up: all, or what a part of them bears on, before and after other mentions took their
/// place.
#[derive(Default)]
pub struct Sums {
    things: Texts,
    /// What each thing is, where people said that it is another.
    becomes: Vec<u32>,
    /// As of all things, once asked for; and as of those that there were before others came.
    order: OnceLock<Order>,
    ordered: Vec<u32>,
    words: Texts,
    contexts: Texts,
    /// The session of each context, and mentions in it that stand.
    sessions: Vec<u32>,
    standing: Vec<u32>,
    evidence: Written,
    named: Vec<Named>,
    /// What each of these is of, apart from the rest: all are looked through for what has changed.
    subjects: Vec<u32>,
    tied: Vec<Tied>,
    /// Contexts whose mentions are out of date, of those that were taken before.
    outdated: Vec<bool>,
    /// Where what was taken since begins.
    since: (usize, usize),
}

/// When a mention counts: until others took its place, since it took the place of others, or all the while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Before,
    Now,
    Both,
}

impl Sums {
    /// Takes a mention, under what people said it is.
    pub fn take(&mut self, naming: &Naming<'_>, told: &Overlay) {
        let context = self.contexts.number(naming.context);
        if context as usize == self.sessions.len() {
            self.sessions.push(self.words.number(naming.session));
            self.standing.push(0);
        }
        self.standing[context as usize] += 1;
        let (kind, evidence) = (self.words.number(naming.kind), self.evidence.place(naming.evidence));
        let (first_at, last_at) = (naming.first_at.micros(), naming.last_at.micros());
        let mentions = naming.mentions;
        match naming.ends {
            Some((from, to)) => {
                let (from, to) = (self.thing(from, told), self.thing(to, told));
                self.tied.push(Tied { from, to, kind, context, evidence, mentions, first_at, last_at });
            }
            None => {
                let (subject, name) = (self.thing(naming.subject, told), self.words.number(naming.name));
                let Naming { structural, paired, share, .. } = *naming;
                self.subjects.push(subject);
                self.named.push(Named {
                    context,
                    kind,
                    name,
                    evidence,
                    share,
                    mentions,
                    first_at,
                    last_at,
                    structural,
                    paired,
                });
            }
        }
    }

    /// The number of a thing, under its own name.
    fn thing(&mut self, id: &str, told: &Overlay) -> u32 {
        let number = self.things.number(id);
        if number as usize == self.becomes.len() {
            if let Some(order) = self.order.take() {
                self.ordered = order.things;
            }
            self.becomes.push(number);
            let is = self.thing(told.becomes(id), told);
            self.becomes[number as usize] = is;
        }
        number
    }

    /// The mentions that stand of these sessions, as they were taken.
    pub fn of<'s>(&self, project: &str, sessions: impl IntoIterator<Item = &'s str>) -> Vec<Mention> {
        let sessions: AHashSet<u32> = sessions.into_iter().filter_map(|one| self.words.known(one)).collect();
        let asked: Vec<bool> = self.sessions.iter().map(|session| sessions.contains(session)).collect();
        if !asked.contains(&true) {
            return vec![];
        }
        let row = |context: u32, subject: &str, evidence: Place, (first_at, last_at): (i64, i64)| {
            let name = self.contexts.text(context);
            Mention {
                id: mention_id(name, subject),
                project: project.to_owned(),
                session: self.words.text(self.sessions[context as usize]).to_owned(),
                context: name.to_owned(),
                subject: subject.to_owned(),
                evidence: self.evidence.text(evidence).to_owned(),
                first_at: Time::from_micros(first_at),
                last_at: Time::from_micros(last_at),
                ..Mention::default()
            }
        };
        let named = self.named.iter().zip(&self.subjects).filter(|(one, _)| asked[one.context as usize]);
        let named = named.map(|(one, subject)| Mention {
            part: ENTITY.into(),
            kind: self.words.text(one.kind).to_owned(),
            name: self.words.text(one.name).to_owned(),
            structural: one.structural,
            paired: one.paired,
            share: one.share,
            mentions: one.mentions,
            ..row(one.context, self.things.text(*subject), one.evidence, (one.first_at, one.last_at))
        });
        let tied = self.tied.iter().filter(|one| asked[one.context as usize]).map(|one| {
            let [from, to] = [one.from, one.to].map(|thing| self.things.text(thing));
            let kind = self.words.text(one.kind);
            let subject = relation_id(from, kind, to);
            Mention {
                part: RELATION.into(),
                kind: kind.to_owned(),
                from_entity: Some(from.to_owned()),
                to_entity: Some(to.to_owned()),
                structural: true,
                mentions: one.mentions,
                ..row(one.context, &subject, one.evidence, (one.first_at, one.last_at))
            }
        });
        named.chain(tied).collect()
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

    /// Sums over all that stands; or over what has changed, as it was before others took the place of what is out of
    /// date, and as it is now.
    pub fn summed<'a>(&'a self, changed: Option<&'a Changed>) -> Summed<'a> {
        Summed::of(self, changed)
    }

    /// Lets go of what is out of date.
    pub fn settle(&mut self) {
        if !self.outdated.contains(&true) {
            self.outdated.clear();
            self.since = (self.named.len(), self.tied.len());
            return;
        }
        let (mut named, mut tied) = (std::mem::take(&mut self.named), std::mem::take(&mut self.tied));
        let (mut subjects, mut at, mut tied_at) = (std::mem::take(&mut self.subjects).into_iter(), 0.., 0..);
        let place = |places: &mut std::ops::RangeFrom<usize>| places.next().unwrap_or(usize::MAX);
        let mut left = Vec::with_capacity(named.len());
        named.retain(|one| {
            let stands = self.when((place(&mut at), self.since.0), one.context) != When::Before;
            left.extend(subjects.next().filter(|_| stands));
            stands
        });
        tied.retain(|one| self.when((place(&mut tied_at), self.since.1), one.context) != When::Before);
        self.outdated.clear();
        self.since = (named.len(), tied.len());
        (self.named, self.subjects, self.tied) = (named, left, tied);
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
        let subjects = size_of::<u32>() * self.subjects.capacity();
        let named = size_of::<Named>() * self.named.capacity();
        texts + subjects + named + size_of::<Tied>() * self.tied.capacity()
    }

    /// What a mention of an entity is of.
    fn subject(&self, at: u32) -> u32 {
        self.becomes[self.subjects[at as usize] as usize]
    }

    /// What a mention of a relation ties.
    fn ends(&self, one: &Tied) -> (u32, u32) {
        (self.becomes[one.from as usize], self.becomes[one.to as usize])
    }

    fn order(&self) -> &Order {
        self.order.get_or_init(|| {
            let mut things = self.ordered.clone();
            things.extend(things.len() as u32..self.things.len() as u32);
            // Nearly in order, which this sort makes use of.
            things.sort_by(|one, other| self.things.text(*one).cmp(self.things.text(*other)));
            let mut places = vec![0; things.len()];
            (0..).zip(&things).for_each(|(place, thing)| places[*thing as usize] = place);
            Order { places, things }
        })
    }

    /// When a mention of a context counts that was taken at a place after `since` or before it.
    fn when(&self, (at, since): (usize, usize), context: u32) -> When {
        if at >= since {
            return When::Now;
        }
        match self.is_outdated(context) {
            true => When::Before,
            false => When::Both,
        }
    }

    fn is_outdated(&self, context: u32) -> bool {
        self.outdated.get(context as usize).is_some_and(|outdated| *outdated)
    }
}

#[cfg(test)]
mod tests;
