//! The graph of a project in memory: what the newest run left, and what was told since, over it.
//!
//! ```text
//! entities, relations, communities (one run) ─▶ Base ─┐
//! records of entities, relations, partitions ─────────┴▶ Graph ─▶ every operation on it
//! ```
//!
//! A graph is read once for each run and laid out anew when more is told; it is never changed. So many projects are kept
//! as `PROJECTS` says, those that were asked last.

mod around;
mod base;
mod communities;
mod find;
mod path;
mod walk;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use athena_learn::communities::{Link, Network, Node};
use athena_learn::entities::{Hubs, Totals, strength};
use athena_learn::told::Overlay;
use athena_schemas::tables::{Entity, Relation};
use athena_schemas::told::Detected;
use athena_schemas::{Error, Time};
use athena_store::Scope;
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use crate::App;

use around::Places;
use base::{Base, Said};
pub use communities::{Communities, Inside};
pub use find::Lookup;
pub use path::Way;

/// Projects whose graphs are kept.
const PROJECTS: usize = 8;

/// The graphs that were asked for last.
#[derive(Default)]
pub struct Graphs {
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    project: String,
    /// Versions of the tables `runs` and `records` that it was read at.
    versions: (u64, u64),
    graph: Arc<Graph>,
}

/// A relation, compactly: ends and kind by their numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tie {
    pub from: u32,
    pub to: u32,
    pub kind: u16,
    pub told: bool,
    pub support: i64,
    pub weight: f64,
    pub strength: f64,
    pub valid_from: Option<Time>,
    pub valid_until: Option<Time>,
    /// When it was seen last.
    pub last_at: Time,
}

/// One project's.
pub struct Graph {
    pub project: String,
    pub entities: Vec<Arc<Entity>>,
    pub ties: Vec<Tie>,
    pub kinds: Vec<String>,
    pub hubs: Vec<bool>,
    pub totals: Totals,
    pub asked: Option<Detected>,
    pub(crate) told: Overlay,
    base: Arc<Base>,
    said: Said,
    /// Whether more is told than the newest run has read.
    beyond: bool,
    numbers: HashMap<String, u32>,
    lookup: Lookup,
    offsets: Vec<u32>,
    /// The other end and the tie, of each node.
    arcs: Vec<(u32, u32)>,
    communities: OnceCell<Arc<Communities>>,
    ranks: OnceLock<Vec<f32>>,
    places: OnceLock<Places>,
    /// When anything was seen last.
    newest: Time,
}

/// The graph of a project as it is now.
///
/// # Errors
/// Storage; a graph beyond all bounds.
pub async fn graph(app: &App, project: &str) -> Result<Arc<Graph>, Error> {
    let version = |table: &athena_store::TableHandle| table.dataset().version().version;
    let versions = (version(&app.store.runs), version(&app.store.records));
    let known = app.graphs.take(project);
    if let Some(kept) = &known
        && kept.versions == versions
    {
        let graph = kept.graph.clone();
        app.graphs.put(known.expect("seen above"));
        return Ok(graph);
    }
    let scope = Scope::Projects(vec![project.to_owned()]);
    let said = Said::read(app, &scope).await?;
    let run = base::newest_run(app, &scope).await?;
    let graph = match known.map(|kept| kept.graph) {
        Some(graph) if graph.base.run == run && graph.said == said => graph,
        Some(graph) if graph.base.run == run => Arc::new(Graph::new(project, graph.base.clone(), said)?),
        _ => Arc::new(Graph::new(project, Arc::new(Base::read(app, &scope, run).await?), said)?),
    };
    app.graphs.put(Kept { project: project.to_owned(), versions, graph: graph.clone() });
    Ok(graph)
}

impl Graphs {
    fn take(&self, project: &str) -> Option<Kept> {
        let mut kept = self.kept.lock();
        let at = kept.iter().position(|one| one.project == project)?;
        Some(kept.remove(at))
    }

    fn put(&self, one: Kept) {
        let mut kept = self.kept.lock();
        kept.retain(|other| other.project != one.project);
        kept.push(one);
        let more = kept.len().saturating_sub(PROJECTS);
        kept.drain(..more);
    }
}

impl Graph {
    fn new(project: &str, base: Arc<Base>, said: Said) -> Result<Self, Error> {
        let (told, asked) = said.overlay()?;
        let mut graph = Self {
            project: project.to_owned(),
            entities: Vec::with_capacity(base.entities.len()),
            ties: Vec::with_capacity(base.ties.len()),
            kinds: base.kinds.clone(),
            hubs: Vec::new(),
            totals: base.totals,
            asked,
            beyond: false,
            numbers: HashMap::with_capacity(base.entities.len()),
            lookup: Lookup::default(),
            offsets: Vec::new(),
            arcs: Vec::new(),
            communities: OnceCell::new(),
            ranks: OnceLock::new(),
            places: OnceLock::new(),
            newest: Time::default(),
            told,
            said,
            base,
        };
        graph.take_entities();
        graph.take_ties();
        graph.lay_out();
        graph.lookup = Lookup::of(&graph.entities);
        Ok(graph)
    }

    fn take_entities(&mut self) {
        let base = self.base.clone();
        for entity in &base.entities {
            match self.told.is_empty() {
                true => self.add(entity.clone()),
                false => match self.told.entity(Entity::clone(entity)) {
                    Some(one) => self.add(Arc::new(one)),
                    None => self.beyond = true,
                },
            }
        }
        let more: Vec<Entity> =
            self.told.entities(&self.project).filter(|one| !self.numbers.contains_key(&one.id)).collect();
        self.beyond |= !more.is_empty();
        more.into_iter().for_each(|one| self.add(Arc::new(one)));
        let hubs = Hubs::of(self.totals);
        let is_hub = |one: &Arc<Entity>| hubs.has(&one.kind, one.sessions, one.contexts);
        self.hubs = self.entities.iter().map(is_hub).collect();
    }

    fn add(&mut self, entity: Arc<Entity>) {
        self.numbers.insert(entity.id.clone(), self.entities.len() as u32);
        self.entities.push(entity);
    }

    fn take_ties(&mut self) {
        let base = self.base.clone();
        let mut seen: HashMap<(u32, u16, u32), usize> = HashMap::new();
        for tie in &base.ties {
            let (from, to) = (&base.entities[tie.from as usize].id, &base.entities[tie.to as usize].id);
            if self.told.is_empty() {
                self.tie(Tie { from: self.numbers[from], to: self.numbers[to], ..*tie });
                continue;
            }
            let learned = base.relation(tie);
            let Some(one) = self.told.relation(learned) else {
                self.beyond = true;
                continue;
            };
            self.tell(one, &mut seen);
        }
        let told: Vec<Relation> = self.told.relations(&self.project).collect();
        for one in told {
            let known = self
                .kind(&one.kind)
                .zip(self.ends(&one))
                .is_some_and(|(kind, (from, to))| seen.contains_key(&(from, kind, to)));
            if !known {
                self.beyond = true;
                self.tell(one, &mut seen);
            }
        }
    }

    fn kind(&self, kind: &str) -> Option<u16> {
        self.kinds.iter().position(|one| one == kind).map(|at| at as u16)
    }

    fn ends(&self, one: &Relation) -> Option<(u32, u32)> {
        Some((*self.numbers.get(&one.from_entity)?, *self.numbers.get(&one.to_entity)?))
    }

    /// Takes a relation with what is told of it; two that became one by a merge add up.
    fn tell(&mut self, one: Relation, seen: &mut HashMap<(u32, u16, u32), usize>) {
        let Some((from, to)) = self.ends(&one) else { return };
        let kind = self.kind(&one.kind).unwrap_or_else(|| {
            self.kinds.push(one.kind.clone());
            (self.kinds.len() - 1) as u16
        });
        if let Some(at) = seen.get(&(from, kind, to)) {
            let known = &mut self.ties[*at];
            known.support += one.support;
            known.weight = if one.told { one.weight } else { known.weight + one.weight };
            known.last_at = known.last_at.max(one.last_at);
            return;
        }
        seen.insert((from, kind, to), self.ties.len());
        let Relation { support, weight, told, valid_from, valid_until, last_at, .. } = one;
        let strength = 0.0;
        self.tie(Tie { from, to, kind, told, support, weight, strength, valid_from, valid_until, last_at });
    }

    fn tie(&mut self, tie: Tie) {
        let contexts = |node: u32| self.entities[node as usize].contexts;
        let ends = (contexts(tie.from), contexts(tie.to));
        let kind = &self.kinds[tie.kind as usize];
        let strength = strength(kind, (tie.support, tie.weight), ends, self.totals, tie.told);
        self.newest = self.newest.max(tie.last_at);
        self.ties.push(Tie { strength, ..tie });
    }

    /// Rows of arcs, from both ends of each tie.
    fn lay_out(&mut self) {
        let mut offsets = vec![0_u32; self.entities.len() + 1];
        for tie in &self.ties {
            offsets[tie.from as usize + 1] += 1;
            offsets[tie.to as usize + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        let mut next = offsets.clone();
        let mut arcs = vec![(0, 0); self.ties.len() * 2];
        for (number, tie) in (0..).zip(&self.ties) {
            for (from, to) in [(tie.from, tie.to), (tie.to, tie.from)] {
                arcs[next[from as usize] as usize] = (to, number);
                next[from as usize] += 1;
            }
        }
        (self.offsets, self.arcs) = (offsets, arcs);
    }

    /// What a node is tied to: the other end, and the tie.
    pub fn beside(&self, node: u32) -> impl Iterator<Item = (u32, &Tie)> {
        let row = self.offsets[node as usize] as usize..self.offsets[node as usize + 1] as usize;
        self.arcs[row].iter().map(|(other, tie)| (*other, &self.ties[*tie as usize]))
    }

    pub fn degree(&self, node: u32) -> usize {
        (self.offsets[node as usize + 1] - self.offsets[node as usize]) as usize
    }

    pub fn entity(&self, node: u32) -> &Entity {
        &self.entities[node as usize]
    }

    pub fn kind_of(&self, tie: &Tie) -> &str {
        &self.kinds[tie.kind as usize]
    }

    /// The number of an entity, by the id that it has or had before it was merged.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get(self.told.becomes(id)).copied()
    }

    pub fn lookup(&self) -> &Lookup {
        &self.lookup
    }

    /// As communities are found in it.
    pub(crate) fn network(&self) -> Network {
        let node = |one: &Arc<Entity>| Node {
            id: one.id.clone(),
            name: one.name.clone(),
            kind: one.kind.clone(),
            sessions: one.sessions,
            contexts: one.contexts,
        };
        let link = |tie: &Tie| Link {
            from: tie.from,
            to: tie.to,
            kind: &self.kinds[tie.kind as usize],
            support: tie.support,
            weight: tie.weight,
            told: tie.told,
        };
        let links: Vec<Link<'_>> = self.ties.iter().map(link).collect();
        Network::new(self.entities.iter().map(node).collect(), &links, self.totals)
    }

    /// The communities of it: those of the newest run, or found now where more was told or asked for since.
    ///
    /// # Errors
    /// A graph that has no room.
    pub async fn communities(self: &Arc<Self>) -> Result<Arc<Communities>, Error> {
        let found = self.communities.get_or_try_init(|| async {
            let graph = self.clone();
            let found = tokio::task::spawn_blocking(move || Communities::of(&graph)).await;
            found.map_err(|error| Error::internal(format!("communities: {error}")))?.map(Arc::new)
        });
        found.await.cloned()
    }
}
