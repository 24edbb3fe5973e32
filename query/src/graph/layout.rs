//! How a graph is laid out: what a run left, with what was told over it. Pure.
//!
//! Of nearly all relations nothing is told. They are taken as they are, without a look at their names: a graph is laid out
//! anew with each thing that somebody tells.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use athena_learn::entities::{Hubs, Totals, relation_id, strength};
use athena_learn::told::Overlay;
use athena_schemas::Time;
use athena_schemas::tables::{Entity, Relation};
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use super::around::Places;
use super::base::Base;
use super::find::Lookup;
use super::{Communities, Graph, Tie};

/// The number that nothing of a run has.
const NOT_LEARNED: u32 = u32::MAX;

/// A relation by its ends and its kind.
type Key = (u32, u16, u32);

/// A graph as it is laid out: it changes no more.
pub struct Laid {
    pub project: String,
    pub entities: Vec<Arc<Entity>>,
    pub hubs: Vec<bool>,
    pub totals: Totals,
    pub(crate) told: Overlay,
    pub(super) base: Arc<Base>,
    /// Whether more is told of entities than the newest run has read.
    beyond: bool,
    /// Numbers here of what the run left, and the other way round; `NOT_LEARNED` of what was only told.
    pub(super) shown: Vec<Option<u32>>,
    pub(super) learned: Vec<u32>,
    /// Numbers of what was only told, and the names of all of which anything was.
    added: HashMap<String, u32>,
    pub(super) names: Lookup,
    /// Laid out when they are asked for: who tells of an entity asks only which there are.
    tied: OnceLock<Ties>,
    pub(super) ranks: OnceLock<Vec<f32>>,
    pub(super) places: OnceLock<Places>,
    /// Communities that were found in it, by resolution, seed, and whether from those before.
    pub(super) found: Mutex<Vec<Found>>,
}

/// Others that ask for the same wait for it.
type Found = ((u64, u64, bool), Arc<OnceCell<Arc<Communities>>>);

/// The relations, and where those of each node are.
#[derive(Default)]
struct Ties {
    all: Vec<Tie>,
    kinds: Vec<String>,
    offsets: Vec<u32>,
    /// The other end and the tie, of each node.
    arcs: Vec<(u32, u32)>,
    /// When anything was seen last.
    newest: Time,
    /// Whether more is told than the newest run has read.
    beyond: bool,
}

impl Laid {
    pub(super) fn new(project: &str, base: Arc<Base>, told: Overlay) -> Self {
        let mut laid = Self {
            project: project.to_owned(),
            entities: Vec::with_capacity(base.entities.len()),
            hubs: Vec::new(),
            totals: base.totals,
            told,
            beyond: false,
            shown: Vec::with_capacity(base.entities.len()),
            learned: Vec::with_capacity(base.entities.len()),
            added: HashMap::new(),
            names: Lookup::default(),
            tied: OnceLock::new(),
            ranks: OnceLock::new(),
            places: OnceLock::new(),
            found: Mutex::default(),
            base,
        };
        laid.take_entities();
        laid
    }

    fn take_entities(&mut self) {
        let base = self.base.clone();
        let spoken: HashSet<u32> = self.told.named().filter_map(|id| base.number(id)).collect();
        for (at, entity) in (0..).zip(&base.entities) {
            let one = match spoken.contains(&at) {
                false => Some(entity.clone()),
                true => self.told.entity(Entity::clone(entity)).map(Arc::new),
            };
            let node = self.entities.len() as u32;
            self.shown.push(one.is_some().then_some(node));
            let Some(one) = one else {
                self.beyond = true;
                continue;
            };
            if spoken.contains(&at) {
                self.names.take(node, &one);
            }
            self.learned.push(at);
            self.entities.push(one);
        }
        let more: Vec<Entity> =
            self.told.entities(&self.project).filter(|one| base.number(&one.id).is_none()).collect();
        self.beyond |= !more.is_empty();
        for one in more {
            let node = self.entities.len() as u32;
            self.added.insert(one.id.clone(), node);
            self.names.take(node, &one);
            self.learned.push(NOT_LEARNED);
            self.entities.push(Arc::new(one));
        }
        let hubs = Hubs::of(self.totals);
        let is_hub = |one: &Arc<Entity>| hubs.has(&one.kind, one.sessions, one.contexts);
        self.hubs = self.entities.iter().map(is_hub).collect();
    }

    /// The number of an entity, by its own id.
    pub(super) fn number_of(&self, id: &str) -> Option<u32> {
        match self.base.number(id) {
            Some(at) => self.shown[at as usize],
            None => self.added.get(id).copied(),
        }
    }

    pub fn ties(&self) -> &[Tie] {
        &self.tied().all
    }

    /// The kinds of relations, by their numbers.
    pub fn kinds(&self) -> &[String] {
        &self.tied().kinds
    }

    /// What a node is tied to: the other end, and the tie.
    pub fn beside(&self, node: u32) -> impl Iterator<Item = (u32, &Tie)> {
        let tied = self.tied();
        let row = tied.offsets[node as usize] as usize..tied.offsets[node as usize + 1] as usize;
        tied.arcs[row].iter().map(|(other, tie)| (*other, &tied.all[*tie as usize]))
    }

    pub fn degree(&self, node: u32) -> usize {
        let offsets = &self.tied().offsets;
        (offsets[node as usize + 1] - offsets[node as usize]) as usize
    }

    /// When anything was seen last.
    pub(super) fn newest(&self) -> Time {
        self.tied().newest
    }

    /// Whether more is told than the newest run has read.
    pub(super) fn is_beyond(&self) -> bool {
        self.beyond || self.tied().beyond
    }

    fn tied(&self) -> &Ties {
        self.tied.get_or_init(|| Ties::of(self))
    }
}

impl Ties {
    fn of(laid: &Laid) -> Self {
        let all = Vec::with_capacity(laid.base.ties.len());
        let mut ties = Self { all, kinds: laid.base.kinds.clone(), ..Self::default() };
        ties.take(laid);
        ties.lay_out(laid.entities.len());
        ties
    }

    fn take(&mut self, laid: &Laid) {
        let base = &laid.base;
        let plain = laid.told.is_empty();
        let as_learned =
            |tie: &Tie, shown: &[Option<u32>]| match (shown[tie.from as usize], shown[tie.to as usize]) {
                (Some(from), Some(to)) if from != to || plain => Some((from, tie.kind, to)),
                _ => None,
            };
        let told: Vec<Relation> = laid.told.relations(&laid.project).collect();
        let moved: Vec<Option<Relation>> = (base.ties.iter())
            .filter(|tie| as_learned(tie, &laid.shown).is_none())
            .map(|tie| laid.told.relation(base.relation(tie)))
            .collect();
        let spoken = self.spoken_of(laid, moved.iter().flatten().chain(&told));
        let mut speaks = vec![false; laid.entities.len()];
        spoken.iter().for_each(|(from, ..)| speaks[*from as usize] = true);
        let mut moved = moved.into_iter();
        let mut seen: HashMap<Key, usize> = HashMap::new();
        for (tie, strength) in base.ties.iter().zip(base.strengths()) {
            let one = match as_learned(tie, &laid.shown) {
                Some(key) if !(speaks[key.0 as usize] && spoken.contains(&key)) => {
                    self.newest = self.newest.max(tie.last_at);
                    self.all.push(Tie { from: key.0, to: key.2, strength: *strength, ..*tie });
                    continue;
                }
                Some(_) => laid.told.relation(base.relation(tie)),
                None => moved.next().flatten(),
            };
            match one {
                Some(one) => self.tell(laid, one, &mut seen),
                None => self.beyond = true,
            }
        }
        for one in told {
            let known = self.key(laid, &one).is_some_and(|key| seen.contains_key(&key));
            if !known {
                self.beyond = true;
                self.tell(laid, one, &mut seen);
            }
        }
    }

    /// Relations that something is told of, or that come to be between the same ends: all others are as they were learned.
    fn spoken_of<'r>(&self, laid: &Laid, others: impl Iterator<Item = &'r Relation>) -> HashSet<Key> {
        let named = laid.told.ties().map(|tied| (&tied.from, &tied.kind, &tied.to));
        let others = others.map(|one| (&one.from_entity, &one.kind, &one.to_entity));
        named.chain(others).filter_map(|(from, kind, to)| self.key_of(laid, from, kind, to)).collect()
    }

    fn key(&self, laid: &Laid, one: &Relation) -> Option<Key> {
        self.key_of(laid, &one.from_entity, &one.kind, &one.to_entity)
    }

    fn key_of(&self, laid: &Laid, from: &str, kind: &str, to: &str) -> Option<Key> {
        Some((laid.number_of(from)?, self.kind(kind)?, laid.number_of(to)?))
    }

    fn kind(&self, kind: &str) -> Option<u16> {
        self.kinds.iter().position(|one| one == kind).map(|at| at as u16)
    }

    /// Takes a relation with what is told of it; two that became one by a merge add up.
    fn tell(&mut self, laid: &Laid, one: Relation, seen: &mut HashMap<Key, usize>) {
        let ends = laid.number_of(&one.from_entity).zip(laid.number_of(&one.to_entity));
        let Some((from, to)) = ends else { return };
        let kind = self.kind(&one.kind).unwrap_or_else(|| {
            self.kinds.push(one.kind.clone());
            (self.kinds.len() - 1) as u16
        });
        if let Some(at) = seen.get(&(from, kind, to)) {
            let known = &mut self.all[*at];
            known.support += one.support;
            known.weight = if one.told { one.weight } else { known.weight + one.weight };
            known.last_at = known.last_at.max(one.last_at);
            return;
        }
        seen.insert((from, kind, to), self.all.len());
        let Relation { support, weight, told, valid_from, valid_until, last_at, .. } = one;
        let strength = 0.0;
        self.tie(
            laid,
            Tie { from, to, kind, told, support, weight, strength, valid_from, valid_until, last_at },
        );
    }

    fn tie(&mut self, laid: &Laid, tie: Tie) {
        let contexts = |node: u32| laid.entities[node as usize].contexts;
        let ends = (contexts(tie.from), contexts(tie.to));
        let kind = &self.kinds[tie.kind as usize];
        let strength = strength(kind, (tie.support, tie.weight), ends, laid.totals, tie.told);
        self.newest = self.newest.max(tie.last_at);
        self.all.push(Tie { strength, ..tie });
    }

    /// Rows of arcs, from both ends of each tie.
    fn lay_out(&mut self, nodes: usize) {
        let mut offsets = vec![0_u32; nodes + 1];
        for tie in &self.all {
            offsets[tie.from as usize + 1] += 1;
            offsets[tie.to as usize + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        let mut next = offsets.clone();
        let mut arcs = vec![(0, 0); self.all.len() * 2];
        for (number, tie) in (0..).zip(&self.all) {
            for (from, to) in [(tie.from, tie.to), (tie.to, tie.from)] {
                arcs[next[from as usize] as usize] = (to, number);
                next[from as usize] += 1;
            }
        }
        (self.offsets, self.arcs) = (offsets, arcs);
    }
}

impl Graph {
    /// The relation of an id: one of which something is told, or one as it was learned, or else any.
    pub fn relation(&self, id: &str) -> Option<&Tie> {
        let is = |tie: &&Tie| {
            let (from, to) = (&self.entity(tie.from).id, &self.entity(tie.to).id);
            relation_id(from, self.kind_of(tie), to) == id
        };
        let between = |from: &str, to: &str| {
            let (from, to) = (self.number_of(from)?, self.number_of(to)?);
            self.beside(from).map(|(_, tie)| tie).filter(|tie| (tie.from, tie.to) == (from, to)).find(is)
        };
        if let Some(tied) = self.told.tied(id) {
            return between(&tied.from, &tied.to);
        }
        let learned = self.base.tie(id).and_then(|(from, to)| between(from, to));
        learned.or_else(|| self.ties().iter().find(is))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Entities `a`, `b`, … and ties between them: from, to, weight.
    fn base(names: &[&str], ties: &[(u32, u32, f64)]) -> Arc<Base> {
        let entity = |name: &&str| {
            let name = (*name).to_owned();
            Arc::new(Entity { id: name.clone(), kind: "file".into(), name, ..Entity::default() })
        };
        let mut base = Base { kinds: vec!["calls".into()], ..Base::default() };
        base.entities = names.iter().map(entity).collect();
        base.ties = ties
            .iter()
            .map(|(from, to, weight)| Tie {
                from: *from,
                to: *to,
                kind: 0,
                told: false,
                support: 1,
                weight: *weight,
                strength: 0.0,
                valid_from: None,
                valid_until: None,
                last_at: Time::default(),
            })
            .collect();
        Arc::new(base)
    }

    fn told(records: &[(&str, &str, Value)]) -> Overlay {
        let mut told = Overlay::default();
        for (kind, id, body) in records {
            told.take((kind, id), id, &body.to_string(), Time::default()).unwrap();
        }
        told
    }

    fn ties(laid: &Laid) -> Vec<(String, String, String, f64, bool)> {
        let name = |node: u32| laid.entities[node as usize].name.clone();
        let kind = |tie: &Tie| laid.kinds()[tie.kind as usize].clone();
        laid.ties()
            .iter()
            .map(|tie| (name(tie.from), kind(tie), name(tie.to), tie.weight, tie.told))
            .collect()
    }

    fn tie(from: &str, kind: &str, to: &str, weight: f64, told: bool) -> (String, String, String, f64, bool) {
        (from.into(), kind.into(), to.into(), weight, told)
    }

    #[test]
    fn what_is_told_lies_over_what_was_learned() {
        let base = base(&["a", "b", "c", "d"], &[(0, 1, 1.0), (2, 1, 2.0), (0, 3, 4.0), (0, 2, 5.0)]);
        let laid = Laid::new("p", base.clone(), Overlay::default());
        assert_eq!((laid.ties().len(), laid.is_beyond()), (4, false));

        // `c` is `a` now: its tie adds up with that of `a`, and the one between the two is none.
        let merged = ("entity", "c", json!({"kind": "file", "merged_into": "a"}));
        let laid = Laid::new("p", base.clone(), told(std::slice::from_ref(&merged)));
        assert_eq!(ties(&laid), [tie("a", "calls", "b", 3.0, false), tie("a", "calls", "d", 4.0, false)]);
        assert_eq!((laid.number_of("c"), laid.number_of("d"), laid.is_beyond()), (None, Some(2), true));
        assert_eq!((laid.called("D"), laid.called("c")), (vec![2], vec![]));

        let more = [
            merged,
            ("entity", "e", json!({"kind": "person", "aliases": ["D"]})),
            ("entity", "d", json!({"kind": "file", "aliases": ["delta"]})),
            (
                "relation",
                &relation_id("a", "calls", "d"),
                json!({"from": "a", "to": "d", "kind": "calls", "gone": true}),
            ),
            (
                "relation",
                &relation_id("e", "owns", "b"),
                json!({"from": "e", "to": "b", "kind": "owns", "weight": 7.0}),
            ),
        ];
        let laid = Laid::new("p", base, told(&more));
        assert_eq!(ties(&laid), [tie("a", "calls", "b", 3.0, false), tie("e", "owns", "b", 7.0, true)]);
        assert_eq!(
            (laid.called("d"), laid.called("delta"), laid.called("b")),
            (vec![2, 3], vec![2], vec![1])
        );
        assert_eq!(laid.tied().arcs.len(), 4);
    }
}
