//! Sums over what was taken, one entity, one tie or the pairs of one entity at a time.

use std::cmp::Reverse;

use ahash::{AHashMap, AHashSet};
use athena_schemas::Time;
use athena_schemas::tables::{Entity, Relation};

use super::texts::Place;
use super::{Named, Sums, Tied};
use crate::entities::weigh::LEAST_SUPPORT;
use crate::entities::{CO_OCCURS, Totals, relation_id};

/// Ways in which an entity is written that are kept, and its newest events.
const NAMES: usize = 9;
const NEWEST: usize = 5;
/// Stretches that must name what only texts name.
const LEAST_CONTEXTS: usize = 2;
/// What shares of stretches are counted in.
const MILLION: f64 = 1e6;

pub struct Summed<'a> {
    sums: Sums<'a>,
    /// The mentions of each entity.
    mentions: Rows,
    /// What is named together, context by context, in the order of ids; and of each entity where that is.
    together: Vec<Paired>,
    starts: Vec<usize>,
    paired: Rows,
    /// The places of the entities in the order of their ids, and the entities in it.
    places: Vec<u32>,
    ordered: Vec<u32>,
}

/// An entity that counts as named together with the others of its stretch.
#[derive(Clone, Copy)]
struct Paired {
    context: u32,
    subject: u32,
    share: i64,
    first_at: i64,
    last_at: i64,
    evidence: Place,
}

/// What stands in several stretches.
struct Sum {
    support: i64,
    share: i64,
    first_at: i64,
    last_at: i64,
    newest: Place,
    oldest: Place,
}

impl<'a> Summed<'a> {
    pub(super) fn of(mut sums: Sums<'a>) -> Self {
        sums.tied.sort_unstable_by_key(|one| (one.from, one.to, one.kind, one.context));
        let things = sums.things.len();
        let mentions = Rows::of(things, sums.named.iter().map(|one| one.subject));
        let places = sums.things.order();
        let mut ordered = vec![0; things];
        for (number, place) in (0..).zip(&places) {
            ordered[*place as usize] = number;
        }
        let together = together(&sums, &places);
        let mut starts = vec![0; sums.contexts.len() + 1];
        together.iter().for_each(|one| starts[one.context as usize + 1] += 1);
        (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
        let paired = Rows::of(things, together.iter().map(|one| one.subject));
        Self { sums, mentions, together, starts, paired, places, ordered }
    }

    /// How many sessions and stretches of work name anything.
    pub fn totals(&self) -> Totals {
        let sessions: AHashSet<u32> = self.sums.sessions.iter().copied().collect();
        Totals { sessions: sessions.len() as i64, contexts: self.sums.contexts.len() as i64 }
    }

    /// Entities with what is learned of them, in the order of their ids. What only texts name must stand in two
    /// stretches of work.
    pub fn entities(&self, project: &str) -> impl Iterator<Item = Entity> {
        self.ordered.iter().filter_map(move |thing| self.entity(project, *thing))
    }

    fn entity(&self, project: &str, thing: u32) -> Option<Entity> {
        let id = self.sums.things.text(thing);
        if self.sums.changed.is_some_and(|changed| !changed.has(id)) {
            return None;
        }
        let all: Vec<&Named> =
            self.mentions.row(thing).iter().map(|at| &self.sums.named[*at as usize]).collect();
        let (words, evidence) = (&self.sums.words, &self.sums.evidence);
        let contexts: AHashSet<u32> = all.iter().map(|one| one.context).collect();
        let is_there = all.iter().any(|one| one.structural) || contexts.len() >= LEAST_CONTEXTS;
        if all.is_empty() || !is_there {
            return None;
        }
        let sessions: AHashSet<u32> =
            contexts.iter().map(|context| self.sums.sessions[*context as usize]).collect();
        let mut spelled: AHashMap<u32, i64> = AHashMap::new();
        for one in &all {
            *spelled.entry(one.name).or_default() += one.mentions;
        }
        let mut spelled: Vec<(Reverse<i64>, &str)> =
            spelled.into_iter().map(|(name, times)| (Reverse(times), words.text(name))).collect();
        spelled.sort_unstable();
        let mut names = spelled.into_iter().take(NAMES).map(|(_, name)| name.to_owned());
        let mut newest: Vec<(Reverse<i64>, &str)> = Vec::with_capacity(NEWEST + 1);
        for one in &all {
            let own = (Reverse(one.last_at), evidence.text(one.evidence));
            let at = newest.partition_point(|other| *other <= own);
            if at < NEWEST {
                newest.insert(at, own);
                newest.truncate(NEWEST);
            }
        }
        Some(Entity {
            id: id.to_owned(),
            project: project.to_owned(),
            kind: all.iter().map(|one| words.text(one.kind)).min()?.to_owned(),
            name: names.next().unwrap_or_default(),
            aliases: names.collect(),
            mentions: all.iter().map(|one| one.mentions).sum(),
            contexts: contexts.len() as i64,
            sessions: sessions.len() as i64,
            evidence: newest.into_iter().map(|(_, event)| event.to_owned()).collect(),
            first_at: Time::from_micros(all.iter().map(|one| one.first_at).min()?),
            last_at: Time::from_micros(all.iter().map(|one| one.last_at).max()?),
            ..Entity::default()
        })
    }

    /// Relations by rule.
    pub fn ties(&self, project: &str) -> impl Iterator<Item = Relation> {
        let same =
            |one: &Tied, other: &Tied| (one.from, one.to, one.kind) == (other.from, other.to, other.kind);
        let is_asked = |all: &&[Tied]| {
            let [from, to] = [all[0].from, all[0].to].map(|end| self.sums.things.text(end));
            self.sums.changed.is_none_or(|changed| changed.has(from) && changed.has(to))
        };
        self.sums.tied.chunk_by(same).filter(is_asked).map(move |all| {
            let mut sum = Sum::new();
            let mut context = None;
            for one in all {
                self.add(&mut sum, (one.first_at, one.last_at), one.evidence);
                sum.support += i64::from(context != Some(one.context));
                context = Some(one.context);
            }
            let kind = self.sums.words.text(all[0].kind);
            let row = self.relation(project, (all[0].from, all[0].to), kind, &sum);
            Relation { weight: sum.support as f64, ..row }
        })
    }

    /// Pairs that are named together in two stretches of work at least.
    pub fn pairs(&self, project: &str) -> impl Iterator<Item = Relation> {
        self.ordered.iter().flat_map(move |thing| self.pairs_of(project, *thing))
    }

    /// Those in which it has the lesser id.
    fn pairs_of(&self, project: &str, thing: u32) -> Vec<Relation> {
        let wanted: Option<AHashSet<u32>> = self.sums.changed.map(|changed| {
            let others = changed.others(self.sums.things.text(thing));
            others.filter_map(|other| self.sums.things.known(other)).collect()
        });
        if wanted.as_ref().is_some_and(|wanted| wanted.is_empty()) {
            return vec![];
        }
        let is_wanted = |other: u32| wanted.as_ref().is_none_or(|wanted| wanted.contains(&other));
        let place = self.places[thing as usize];
        let mut sums: AHashMap<u32, Sum> = AHashMap::new();
        for at in self.paired.row(thing) {
            let own = &self.together[*at as usize];
            let context = own.context as usize;
            let others = &self.together[self.starts[context]..self.starts[context + 1]];
            let after = others.partition_point(|other| self.places[other.subject as usize] <= place);
            for other in others[after..].iter().filter(|other| is_wanted(other.subject)) {
                let evidence = if own.first_at > other.first_at { own.evidence } else { other.evidence };
                let times = (own.first_at.max(other.first_at), own.last_at.max(other.last_at));
                let sum = sums.entry(other.subject).or_insert_with(Sum::new);
                self.add(sum, times, evidence);
                sum.support += 1;
                sum.share += own.share.min(other.share);
            }
        }
        let supported = sums.into_iter().filter(|(_, sum)| sum.support >= LEAST_SUPPORT);
        let mut rows: Vec<Relation> = supported
            .map(|(other, sum)| Relation {
                weight: sum.share as f64 / MILLION,
                ..self.relation(project, (thing, other), CO_OCCURS, &sum)
            })
            .collect();
        rows.sort_unstable_by(|one, other| one.to_entity.cmp(&other.to_entity));
        rows
    }

    /// The newest event is that of what ended last, the oldest of what began first; of several the one with the least id.
    fn add(&self, sum: &mut Sum, (first_at, last_at): (i64, i64), evidence: Place) {
        let text = |place| self.sums.evidence.text(place);
        if (Reverse(last_at), text(evidence)) < (Reverse(sum.last_at), text(sum.newest)) {
            (sum.last_at, sum.newest) = (last_at, evidence);
        }
        if (first_at, text(evidence)) < (sum.first_at, text(sum.oldest)) {
            (sum.first_at, sum.oldest) = (first_at, evidence);
        }
    }

    fn relation(&self, project: &str, (from, to): (u32, u32), kind: &str, sum: &Sum) -> Relation {
        let [from, to] = [from, to].map(|thing| self.sums.things.text(thing));
        let mut evidence =
            [sum.newest, sum.oldest].map(|place| self.sums.evidence.text(place).to_owned()).to_vec();
        evidence.dedup();
        Relation {
            id: relation_id(from, kind, to),
            project: project.to_owned(),
            from_entity: from.to_owned(),
            to_entity: to.to_owned(),
            kind: kind.to_owned(),
            support: sum.support,
            evidence,
            first_at: Time::from_micros(sum.first_at),
            last_at: Time::from_micros(sum.last_at),
            ..Relation::default()
        }
    }
}

impl Sum {
    /// Of nothing: any time is later and earlier than its own.
    fn new() -> Self {
        let (support, share, newest, oldest) = Default::default();
        Self { support, share, first_at: i64::MAX, last_at: i64::MIN, newest, oldest }
    }
}

/// What counts as named together, one of what was merged into one entity.
fn together(sums: &Sums<'_>, places: &[u32]) -> Vec<Paired> {
    let paired = sums.named.iter().filter(|one| one.paired).map(|one| Paired {
        context: one.context,
        subject: one.subject,
        share: one.share,
        first_at: one.first_at,
        last_at: one.last_at,
        evidence: one.evidence,
    });
    let mut all: Vec<Paired> = paired.collect();
    all.sort_unstable_by_key(|one| (one.context, places[one.subject as usize]));
    all.dedup_by(|next, kept| {
        let same = (kept.context, kept.subject) == (next.context, next.subject);
        if same {
            kept.share = kept.share.min(next.share);
            kept.first_at = kept.first_at.min(next.first_at);
            kept.last_at = kept.last_at.max(next.last_at);
            kept.evidence =
                std::cmp::min_by_key(kept.evidence, next.evidence, |one| sums.evidence.text(*one));
        }
        same
    });
    all
}

/// Compressed rows: what has key `k` stands at `at[offsets[k]..offsets[k + 1]]`.
struct Rows {
    offsets: Vec<usize>,
    at: Vec<u32>,
}

impl Rows {
    fn of(keys: usize, of: impl Iterator<Item = u32> + Clone) -> Self {
        let mut offsets = vec![0; keys + 1];
        of.clone().for_each(|key| offsets[key as usize + 1] += 1);
        (1..offsets.len()).for_each(|at| offsets[at] += offsets[at - 1]);
        let (mut next, mut at) = (offsets.clone(), vec![0; offsets[keys]]);
        for (place, key) in (0..).zip(of) {
            at[next[key as usize]] = place;
            next[key as usize] += 1;
        }
        Self { offsets, at }
    }

    fn row(&self, key: u32) -> &[u32] {
        &self.at[self.offsets[key as usize]..self.offsets[key as usize + 1]]
    }
}
