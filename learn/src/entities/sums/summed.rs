//! Sums over what was taken, one entity, one tie or the pairs of one entity at a time.

use std::cmp::Reverse;

use ahash::AHashMap;
use athena_schemas::Time;
use athena_schemas::tables::{Entity, Relation};

use super::{Changed, Named, Order, Sums, Tied, When};
use crate::entities::weigh::LEAST_SUPPORT;
use crate::entities::{CO_OCCURS, relation_id};
use crate::texts::Place;

/// Ways in which an entity is written that are kept, and its newest events.
const NAMES: usize = 9;
const NEWEST: usize = 5;
/// Stretches that must name what only texts name.
const LEAST_CONTEXTS: usize = 2;
/// What shares of stretches are counted in.
const MILLION: f64 = 1e6;

/// As it was, where that is asked for, and as it is.
pub type Twice<T> = [Option<T>; 2];

pub struct Summed<'a> {
    sums: &'a Sums,
    asked: Asked<'a>,
    /// The mentions of each entity.
    mentions: Rows,
    /// Ties that count, by ends, kind and context.
    tied: Vec<u32>,
    /// What is named together, stretch by stretch, in the order of ids; and of each entity where that is.
    together: Vec<Paired>,
    /// What each of them is, in fewer bytes: most are looked at for no more.
    subjects: Vec<u32>,
    starts: Vec<u32>,
    paired: Rows,
    order: &'a Order,
}

/// An entity that counts as named together with the others of its stretch.
#[derive(Clone, Copy)]
struct Paired {
    /// The context; or, as many as there are further on, the context as it was.
    stretch: u32,
    subject: u32,
    share: i64,
    first_at: i64,
    last_at: i64,
    evidence: Place,
}

/// What stands in several stretches.
#[derive(Clone, Copy)]
struct Sum {
    support: i64,
    share: i64,
    first_at: i64,
    last_at: i64,
    newest: Place,
    oldest: Place,
}

/// What some mentions of an entity tell.
struct Mentioned<'a> {
    structural: bool,
    kind: Option<&'a str>,
    mentions: i64,
    contexts: usize,
    sessions: usize,
    /// How often by each name.
    spelled: AHashMap<u32, i64>,
    newest: Newest<'a>,
    first_at: Option<i64>,
    last_at: Option<i64>,
}

/// The newest events with when they ended, the newest first.
#[derive(Clone, Default)]
struct Newest<'a>(Vec<(Reverse<i64>, &'a str)>);

impl<'a> Newest<'a> {
    fn take(&mut self, at: i64, event: impl FnOnce() -> &'a str) {
        if self.0.len() == NEWEST && self.0[NEWEST - 1].0 < Reverse(at) {
            return;
        }
        let own = (Reverse(at), event());
        let place = self.0.partition_point(|other| *other <= own);
        if place < NEWEST {
            self.0.insert(place, own);
            self.0.truncate(NEWEST);
        }
    }
}

/// What is summed up: everything, or what has changed, and what that takes.
struct Asked<'a> {
    changed: Option<&'a Changed>,
    /// Of each thing, whether it is, or is of a pair that is, or is the lesser of one.
    marks: Vec<Mark>,
}

#[derive(Clone, Copy, Default)]
struct Mark {
    itself: bool,
    paired: bool,
    lesser: bool,
}

impl<'a> Asked<'a> {
    fn of(sums: &Sums, changed: Option<&'a Changed>) -> Self {
        let all = Mark { itself: changed.is_none(), paired: changed.is_none(), lesser: changed.is_none() };
        let mut marks = vec![all; sums.things.len()];
        if let Some(changed) = changed {
            let known = |id: &str| sums.things.known(id).map(|thing| thing as usize);
            changed.entities().filter_map(known).for_each(|thing| marks[thing].itself = true);
            changed.paired().filter_map(known).for_each(|thing| marks[thing].paired = true);
            changed.lesser().filter_map(known).for_each(|thing| marks[thing].lesser = true);
        }
        Self { changed, marks }
    }

    fn mark(&self, thing: u32) -> Mark {
        self.marks[thing as usize]
    }
}

impl<'a> Summed<'a> {
    pub(super) fn of(sums: &'a Sums, changed: Option<&'a Changed>) -> Self {
        let asked = Asked::of(sums, changed);
        let things = sums.things.len();
        let mark = |at: u32| asked.mark(sums.subject(at));
        let is_paired = |at: u32| mark(at).paired && sums.named[at as usize].paired;
        let counts = |when: When| changed.is_some() || when != When::Before;
        let is_named = |at: &u32| {
            let when = || sums.when((*at as usize, sums.since.0), sums.named[*at as usize].context);
            (mark(*at).itself || is_paired(*at)) && counts(when())
        };
        // They are gone through several times, and mostly are few.
        let named: Vec<u32> = (0..sums.named.len() as u32).filter(is_named).collect();
        let asked_for = named.iter().copied().filter(|at| mark(*at).itself);
        let mentions = Rows::of(things, asked_for.map(|at| (sums.subject(at), at)));
        let is_tied = |one: &Tied| {
            let (from, to) = sums.ends(one);
            from != to && asked.mark(from).itself && asked.mark(to).itself
        };
        let mut tied: Vec<u32> = (0..)
            .zip(&sums.tied)
            .filter(|(at, one)| is_tied(one) && counts(sums.when((*at, sums.since.1), one.context)))
            .map(|(at, _)| at as u32)
            .collect();
        tied.sort_unstable_by_key(|at| {
            let one = &sums.tied[*at as usize];
            (sums.ends(one), one.kind, one.context)
        });
        let order = sums.order();
        let (together, starts) =
            together(sums, named.iter().copied().filter(|at| is_paired(*at)), &order.places);
        let subjects: Vec<u32> = together.iter().map(|one| one.subject).collect();
        let paired = Rows::of(things, (0..).zip(&subjects).map(|(at, subject)| (*subject, at)));
        Self { sums, asked, mentions, tied, together, subjects, starts, paired, order }
    }

    /// Entities with what is learned of them, in the order of their ids. What only texts name must stand in two
    /// stretches of work.
    pub fn entities(&self, project: &str) -> impl Iterator<Item = Twice<Entity>> {
        let asked = self.order.things.iter().filter(|thing| self.asked.mark(**thing).itself);
        asked.map(move |thing| self.entity(project, *thing))
    }

    /// One of what counts all the while and what counted before, and one of that and of what counts now.
    fn twice<T>(&self, of: impl Fn(When) -> Option<T>) -> Twice<T> {
        [self.asked.changed.and_then(|_| of(When::Before)), of(When::Now)]
    }

    fn entity(&self, project: &str, thing: u32) -> Twice<Entity> {
        let mut mentions: [Vec<&Named>; 3] = Default::default();
        for at in self.mentions.row(thing) {
            let one = &self.sums.named[*at as usize];
            mentions[self.sums.when((*at as usize, self.sums.since.0), one.context) as usize].push(one);
        }
        let parts = mentions.map(|mentions| self.mentioned(&mentions));
        let of =
            |own: When| self.entity_of(project, thing, [&parts[When::Both as usize], &parts[own as usize]]);
        self.twice(of)
    }

    /// What these mentions of one entity tell.
    fn mentioned(&self, mentions: &[&Named]) -> Mentioned<'a> {
        let (words, evidence) = (&self.sums.words, &self.sums.evidence);
        let contexts = distinct(mentions.iter().map(|one| one.context));
        let sessions = distinct(contexts.iter().map(|context| self.sums.sessions[*context as usize]));
        let mut spelled: AHashMap<u32, i64> = AHashMap::new();
        for same in mentions.chunk_by(|one, other| one.name == other.name) {
            *spelled.entry(same[0].name).or_default() += same.iter().map(|one| one.mentions).sum::<i64>();
        }
        let mut newest = Newest::default();
        // What was taken last is mostly the newest.
        for one in mentions.iter().rev() {
            newest.take(one.last_at, || evidence.text(one.evidence));
        }
        Mentioned {
            structural: mentions.iter().any(|one| one.structural),
            kind: mentions.iter().map(|one| words.text(one.kind)).min(),
            mentions: mentions.iter().map(|one| one.mentions).sum(),
            contexts: contexts.len(),
            sessions: sessions.len(),
            spelled,
            newest,
            first_at: mentions.iter().map(|one| one.first_at).min(),
            last_at: mentions.iter().map(|one| one.last_at).max(),
        }
    }

    /// The entity that both tell of: no stretch, and no session, is in both.
    fn entity_of(&self, project: &str, thing: u32, both: [&Mentioned<'a>; 2]) -> Option<Entity> {
        let contexts: usize = both.iter().map(|part| part.contexts).sum();
        if !both.iter().any(|part| part.structural) && contexts < LEAST_CONTEXTS {
            return None;
        }
        let mut spelled: AHashMap<u32, i64> = AHashMap::new();
        for (name, times) in both.iter().flat_map(|part| &part.spelled) {
            *spelled.entry(*name).or_default() += times;
        }
        let spelled = spelled.into_iter().map(|(name, times)| (Reverse(times), self.sums.words.text(name)));
        let mut spelled: Vec<(Reverse<i64>, &str)> = spelled.collect();
        spelled.sort_unstable();
        let mut names = spelled.into_iter().take(NAMES).map(|(_, name)| name.to_owned());
        let mut newest = both[0].newest.clone();
        for (Reverse(at), event) in &both[1].newest.0 {
            newest.take(*at, || event);
        }
        Some(Entity {
            id: self.sums.things.text(thing).to_owned(),
            project: project.to_owned(),
            kind: both.iter().filter_map(|part| part.kind).min()?.to_owned(),
            name: names.next().unwrap_or_default(),
            aliases: names.collect(),
            mentions: both.iter().map(|part| part.mentions).sum(),
            contexts: contexts as i64,
            sessions: both.iter().map(|part| part.sessions).sum::<usize>() as i64,
            evidence: newest.0.into_iter().map(|(_, event)| event.to_owned()).collect(),
            first_at: Time::from_micros(both.iter().filter_map(|part| part.first_at).min()?),
            last_at: Time::from_micros(both.iter().filter_map(|part| part.last_at).max()?),
            ..Entity::default()
        })
    }

    /// Relations by rule.
    pub fn ties(&self, project: &str) -> impl Iterator<Item = Twice<Relation>> {
        let same = |one: &u32, other: &u32| {
            let [one, other] = [one, other].map(|at| &self.sums.tied[*at as usize]);
            (self.sums.ends(one), one.kind) == (self.sums.ends(other), other.kind)
        };
        let alike = self.tied.chunk_by(same);
        alike.map(move |alike| self.twice(|own| self.tie(project, alike, own)))
    }

    /// What those of these tell of one relation that count all the while, or then.
    fn tie(&self, project: &str, alike: &[u32], own: When) -> Option<Relation> {
        let mut sum = Sum::new();
        let mut context = None;
        let tied = |at: &u32| (*at as usize, &self.sums.tied[*at as usize]);
        for (at, one) in alike.iter().map(tied) {
            if ![When::Both, own].contains(&self.sums.when((at, self.sums.since.1), one.context)) {
                continue;
            }
            self.add(&mut sum, (one.first_at, one.last_at), (one.evidence, one.evidence));
            sum.support += i64::from(context != Some(one.context));
            context = Some(one.context);
        }
        let (_, first) = tied(&alike[0]);
        let kind = self.sums.words.text(first.kind);
        let row = || self.relation(project, self.sums.ends(first), kind, &sum);
        context.map(|_| Relation { weight: sum.support as f64, ..row() })
    }

    /// Pairs that are named together in two stretches of work at least.
    pub fn pairs(&self, project: &str) -> impl Iterator<Item = Twice<Relation>> {
        let asked = self.order.things.iter().filter(|thing| self.asked.mark(**thing).lesser);
        // Of each thing where its sum stands beside the one at hand, counted from 1.
        let mut places = vec![0; self.sums.things.len()];
        asked.flat_map(move |thing| self.pairs_of(project, *thing, &mut places))
    }

    /// Those in which it has the lesser id. `places` are all 0, and are left so.
    fn pairs_of(&self, project: &str, thing: u32, places: &mut [u32]) -> Vec<Twice<Relation>> {
        let id = self.sums.things.text(thing);
        let changed = self.asked.changed.into_iter().flat_map(|changed| changed.others(id));
        let mut others: Vec<u32> = changed.filter_map(|other| self.sums.things.known(other)).collect();
        (1..).zip(&others).for_each(|(place, other)| places[*other as usize] = place);
        // By when it counts: nearly all does all the while, and is gone through once.
        let mut sums = vec![[Sum::new(); 3]; others.len()];
        for at in self.paired.row(thing) {
            let own = &self.together[*at as usize];
            let when = own.when(self.sums) as usize;
            // What stands after it in its stretch has a greater id.
            let after = *at as usize + 1..self.starts[own.stretch as usize + 1] as usize;
            for (other, subject) in after.clone().zip(&self.subjects[after]) {
                let place = &mut places[*subject as usize];
                if *place == 0 {
                    if self.asked.changed.is_some() {
                        continue;
                    }
                    others.push(*subject);
                    sums.push([Sum::new(); 3]);
                    *place = others.len() as u32;
                }
                let other = &self.together[other];
                let evidence = if own.first_at > other.first_at { own.evidence } else { other.evidence };
                let times = (own.first_at.max(other.first_at), own.last_at.max(other.last_at));
                let sum = &mut sums[*place as usize - 1][when];
                self.add(sum, times, (evidence, evidence));
                sum.support += 1;
                sum.share += own.share.min(other.share);
            }
        }
        others.iter().for_each(|other| places[*other as usize] = 0);
        let mut found: Vec<(u32, [Sum; 3])> = others.into_iter().zip(sums).collect();
        found.sort_unstable_by_key(|(other, _)| self.order.places[*other as usize]);
        let pair = |other: u32, sums: &[Sum; 3], own: When| {
            let sum = self.merged(sums[When::Both as usize], &sums[own as usize]);
            let row = || self.relation(project, (thing, other), CO_OCCURS, &sum);
            (sum.support >= LEAST_SUPPORT).then(|| Relation { weight: sum.share as f64 / MILLION, ..row() })
        };
        let twice = found.iter().map(|(other, sums)| self.twice(|own| pair(*other, sums, own)));
        twice.filter(|pair| pair.iter().any(Option::is_some)).collect()
    }

    /// The newest event is that of what ended last, the oldest of what began first; of several the one with the least id.
    fn add(&self, sum: &mut Sum, (first_at, last_at): (i64, i64), (oldest, newest): (Place, Place)) {
        // Texts are looked at where times do not tell.
        let is_less =
            |one: Place, other: Place| self.sums.evidence.text(one) < self.sums.evidence.text(other);
        if last_at > sum.last_at || (last_at == sum.last_at && is_less(newest, sum.newest)) {
            (sum.last_at, sum.newest) = (last_at, newest);
        }
        if first_at < sum.first_at || (first_at == sum.first_at && is_less(oldest, sum.oldest)) {
            (sum.first_at, sum.oldest) = (first_at, oldest);
        }
    }

    fn merged(&self, mut sum: Sum, other: &Sum) -> Sum {
        if other.support > 0 {
            self.add(&mut sum, (other.first_at, other.last_at), (other.oldest, other.newest));
            sum.support += other.support;
            sum.share += other.share;
        }
        sum
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

/// Different ones of these, in order. That they nearly are, as what is taken of one stretch comes together, makes it fast.
fn distinct(numbers: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut all: Vec<u32> = numbers.collect();
    all.dedup();
    all.sort_unstable();
    all.dedup();
    all
}

/// What counts as named together, one of what was merged into one entity; and where that of each stretch begins.
fn together(
    sums: &Sums,
    named: impl Iterator<Item = u32> + Clone,
    places: &[u32],
) -> (Vec<Paired>, Vec<u32>) {
    let paired = |at: u32| Paired::of(sums, at);
    let stretches = 2 * sums.contexts.len();
    let by_stretch = Rows::of(stretches, named.map(|at| (paired(at).stretch, at)));
    let mut all: Vec<Paired> = Vec::with_capacity(by_stretch.at.len());
    let mut starts = Vec::with_capacity(stretches + 1);
    for stretch in 0..stretches as u32 {
        let start = all.len();
        starts.push(start as u32);
        all.extend(by_stretch.row(stretch).iter().map(|at| paired(*at)));
        all[start..].sort_unstable_by_key(|one| places[one.subject as usize]);
        let mut kept = start;
        for at in start + 1..all.len() {
            let next = all[at];
            if all[kept].subject == next.subject {
                all[kept].add(&next, sums);
            } else {
                kept += 1;
                all[kept] = next;
            }
        }
        all.truncate(if all.len() > start { kept + 1 } else { start });
    }
    starts.push(all.len() as u32);
    (all, starts)
}

impl Paired {
    fn of(sums: &Sums, at: u32) -> Self {
        let one = &sums.named[at as usize];
        let Named { context, share, first_at, last_at, evidence, .. } = *one;
        let was = sums.when((at as usize, sums.since.0), context) == When::Before;
        let stretch = context + if was { sums.contexts.len() as u32 } else { 0 };
        Self { stretch, subject: sums.subject(at), share, first_at, last_at, evidence }
    }

    fn when(&self, sums: &Sums) -> When {
        let contexts = sums.contexts.len() as u32;
        match self.stretch {
            stretch if stretch >= contexts => When::Before,
            context if context as usize >= sums.outdated.len() || sums.is_outdated(context) => When::Now,
            _ => When::Both,
        }
    }

    fn add(&mut self, other: &Self, sums: &Sums) {
        self.share = self.share.min(other.share);
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
        self.evidence = std::cmp::min_by_key(self.evidence, other.evidence, |one| sums.evidence.text(*one));
    }
}

/// Compressed rows: what has key `k` stands at `at[offsets[k]..offsets[k + 1]]`.
struct Rows {
    offsets: Vec<u32>,
    at: Vec<u32>,
}

impl Rows {
    fn of(keys: usize, of: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut offsets = vec![0_u32; keys + 1];
        of.clone().for_each(|(key, _)| offsets[key as usize + 1] += 1);
        (1..offsets.len()).for_each(|at| offsets[at] += offsets[at - 1]);
        let (mut next, mut at) = (offsets.clone(), vec![0; offsets[keys] as usize]);
        for (key, place) in of {
            at[next[key as usize] as usize] = place;
            next[key as usize] += 1;
        }
        Self { offsets, at }
    }

    fn row(&self, key: u32) -> &[u32] {
        &self.at[self.offsets[key as usize] as usize..self.offsets[key as usize + 1] as usize]
    }
}
