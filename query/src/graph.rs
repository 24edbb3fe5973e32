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
mod layout;
mod path;
mod walk;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Instant;

use athena_learn::communities::{Link, Network, Node};
use athena_schemas::tables::Entity;
use athena_schemas::told::Detected;
use athena_schemas::{Error, Time};
use athena_store::{Cached, Scope};
use tokio::sync::{Mutex, OnceCell};
use tracing::debug;

use crate::App;
use crate::ahead::LATELY;
use crate::recent::{Forget, Recent};

use base::{Base, Said};
pub use communities::{Communities, Inside};
use layout::Laid;
pub use path::Way;

/// Projects whose graphs are kept, and partitions of one.
const PROJECTS: usize = 8;
const PARTITIONS: usize = 4;

/// The graphs that were asked for last.
pub struct Graphs(Recent<String, OfProject>);

/// Questions wait for each other: the first of them reads what is new. Reading ahead keeps none of them waiting.
#[derive(Default)]
struct OfProject {
    kept: Mutex<Kept>,
    ahead: Mutex<()>,
}

#[derive(Default)]
struct Kept {
    /// Versions of the tables `runs` and `records` that it was read at.
    versions: (u64, u64),
    graph: Option<Arc<Graph>>,
    /// When somebody asked for it last; nobody has as long as it cannot be read ahead.
    asked: Option<Instant>,
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

/// One project's: how it is laid out, and the partition that was asked for.
pub struct Graph {
    laid: Arc<Laid>,
    pub asked: Option<Detected>,
    said: Said,
    communities: OnceCell<Arc<Communities>>,
}

impl Deref for Graph {
    type Target = Laid;

    fn deref(&self) -> &Laid {
        &self.laid
    }
}

/// The graph of a project as it is now, over what the newest run left; over what the run before left while the newest is
/// read ahead.
///
/// # Errors
/// Storage; a graph beyond all bounds.
pub async fn graph(app: &App, project: &str) -> Result<Arc<Graph>, Error> {
    let of_project = app.graphs.0.of(&project.to_owned());
    let mut kept = of_project.kept.lock().await;
    let is_ahead = kept.is_read_ahead();
    kept.asked = Some(Instant::now());
    kept.now(app, project, is_ahead).await
}

/// Waits until a graph that somebody asks for is over what the newest run left.
pub async fn caught_up(app: &App, project: &str) {
    if let Some((_, of_project)) = app.graphs.0.all().into_iter().find(|(one, _)| one == project) {
        of_project.read_ahead(app, project).await;
    }
}

/// Reads what runs left of the graphs that are asked for; whether any is.
pub async fn read_ahead(app: &App) -> bool {
    let mut is_asked = false;
    for (project, of_project) in app.graphs.0.all() {
        of_project.read_ahead(app, &project).await;
        is_asked |= of_project.kept.lock().await.is_read_ahead();
    }
    is_asked
}

impl OfProject {
    async fn read_ahead(&self, app: &App, project: &str) {
        if let Err(error) = self.read(app, project).await {
            debug!(project, %error, "a graph was not read ahead");
            // The next question reads it, and tells what is wrong.
            self.kept.lock().await.asked = None;
        }
    }

    async fn read(&self, app: &App, project: &str) -> Result<(), Error> {
        let _alone = self.ahead.lock().await;
        let scope = Scope::Projects(vec![project.to_owned()]);
        let known = {
            let kept = self.kept.lock().await;
            kept.graph.clone().filter(|_| kept.is_read_ahead())
        };
        let Some(known) = known else { return Ok(()) };
        if base::newest_run(app, &scope).await? == known.base.run {
            return Ok(());
        }
        let versions = versions(app);
        let base = Arc::new(Base::read(app, &scope).await?);
        let mut graph = Graph::prepared(project, base.clone(), Said::read(app, &scope).await?).await?;
        // What is told meanwhile lies over it, and communities that were asked for are found in it, before it is shown.
        for _ in 0..PARTITIONS {
            let said = Said::read(app, &scope).await?;
            if !graph.said.is_alike(&said) {
                graph = Graph::prepared(project, base.clone(), said).await?;
            }
            let shown = self.kept.lock().await.graph.clone();
            let lacking = shown.map(|shown| graph.lacks(&shown)).unwrap_or_default();
            if lacking.is_empty() {
                break;
            }
            for (resolution, seed, goes_on) in lacking {
                graph.partition(f64::from_bits(resolution), seed, goes_on).await?;
            }
        }
        let mut kept = self.kept.lock().await;
        (kept.versions, kept.graph) = (versions, Some(graph));
        Ok(())
    }
}

/// Of the tables `runs` and `records`.
fn versions(app: &App) -> (u64, u64) {
    let version = |table: &athena_store::TableHandle| table.dataset().version().version;
    (version(&app.store.runs), version(&app.store.records))
}

impl Kept {
    fn is_read_ahead(&self) -> bool {
        self.asked.is_some_and(|asked| asked.elapsed() < LATELY)
    }

    /// `is_ahead`: a newer run is being read already.
    async fn now(&mut self, app: &App, project: &str, is_ahead: bool) -> Result<Arc<Graph>, Error> {
        let mut versions = versions(app);
        if let Some(graph) = self.graph.as_ref().filter(|_| self.versions == versions) {
            return Ok(graph.clone());
        }
        let scope = Scope::Projects(vec![project.to_owned()]);
        let said = Said::read(app, &scope).await?;
        let known = match &self.graph {
            Some(graph) if self.versions.0 == versions.0 => Some(graph.clone()),
            Some(graph) if graph.base.run == base::newest_run(app, &scope).await? => Some(graph.clone()),
            Some(graph) if is_ahead => {
                versions.0 = self.versions.0;
                Some(graph.clone())
            }
            _ => None,
        };
        let graph = match known {
            Some(graph) if graph.said == said => graph,
            Some(graph) if graph.said.is_alike(&said) => Arc::new(Graph::over(graph.laid.clone(), said)),
            Some(graph) => Arc::new(Graph::new(project, graph.base.clone(), said)?),
            None => Arc::new(Graph::new(project, Arc::new(Base::read(app, &scope).await?), said)?),
        };
        (self.versions, self.graph) = (versions, Some(graph.clone()));
        Ok(graph)
    }
}

impl Default for Graphs {
    fn default() -> Self {
        Self(Recent::new(PROJECTS))
    }
}

impl Forget for Graphs {
    fn forget(&self) {
        self.0.forget();
    }

    fn cached(&self) -> Cached {
        self.0.cached()
    }
}

impl Graph {
    fn new(project: &str, base: Arc<Base>, said: Said) -> Result<Self, Error> {
        let told = said.overlay()?;
        Ok(Self::over(Arc::new(Laid::new(project, base, told)), said))
    }

    /// With everything that is made only when it is asked for.
    async fn prepared(project: &str, base: Arc<Base>, said: Said) -> Result<Arc<Self>, Error> {
        let project = project.to_owned();
        let laid = tokio::task::spawn_blocking(move || {
            base.prepare();
            let graph = Self::new(&project, base, said)?;
            graph.ties();
            Ok::<_, Error>(graph)
        });
        let graph = Arc::new(laid.await.map_err(|error| Error::internal(format!("graph: {error}")))??);
        graph.communities().await?;
        Ok(graph)
    }

    /// What is laid out already, of which nothing else was told.
    fn over(laid: Arc<Laid>, said: Said) -> Self {
        Self { laid, asked: said.asked(), said, communities: OnceCell::new() }
    }

    pub fn entity(&self, node: u32) -> &Entity {
        &self.entities[node as usize]
    }

    pub fn kind_of(&self, tie: &Tie) -> &str {
        &self.kinds()[tie.kind as usize]
    }

    /// The number of an entity, by the id that it has or had before it was merged.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.number_of(self.told.becomes(id))
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
            kind: &self.kinds()[tie.kind as usize],
            support: tie.support,
            weight: tie.weight,
            told: tie.told,
        };
        Network::new(self.entities.iter().map(node).collect(), self.ties().iter().map(link), self.totals)
    }

    /// The communities of it: those of the newest run, or found now where more was told or asked for since.
    ///
    /// # Errors
    /// A graph that has no room.
    pub async fn communities(self: &Arc<Self>) -> Result<Arc<Communities>, Error> {
        let found = self.communities.get_or_try_init(|| async {
            let (resolution, seed, goes_on) = Communities::asked(self);
            match self.base.run.is_some() && goes_on && !self.is_beyond() {
                true => Ok(Arc::new(Communities::of_run(self))),
                false => self.partition(resolution, seed, goes_on).await,
            }
        });
        found.await.cloned()
    }

    /// Communities found in it, anew or from those of the newest run; those that were found last are kept.
    ///
    /// # Errors
    /// A graph that has no room.
    pub async fn partition(
        self: &Arc<Self>,
        resolution: f64,
        seed: u64,
        goes_on: bool,
    ) -> Result<Arc<Communities>, Error> {
        let by = (resolution.to_bits(), seed, goes_on);
        let found = {
            let mut kept = self.found.lock();
            let known = kept.iter().find(|(of, _)| *of == by).map(|(_, found)| found.clone());
            known.unwrap_or_else(|| {
                let found = Arc::default();
                kept.push((by, Arc::clone(&found)));
                let more = kept.len().saturating_sub(PARTITIONS);
                kept.drain(..more);
                found
            })
        };
        let graph = self.clone();
        let find = async || {
            let found =
                tokio::task::spawn_blocking(move || Communities::found(&graph, resolution, seed, goes_on));
            let found = found.await.map_err(|error| Error::internal(format!("communities: {error}")))?;
            found.map(Arc::new)
        };
        found.get_or_try_init(find).await.cloned()
    }

    /// What communities were found by in another graph, or are about to be, and were not in this one.
    fn lacks(&self, other: &Self) -> Vec<(u64, u64, bool)> {
        let by = |graph: &Self| graph.found.lock().iter().map(|(by, _)| *by).collect::<Vec<_>>();
        let own = by(self);
        by(other).into_iter().filter(|one| !own.contains(one)).collect()
    }
}
