//! What a server is made of, and what its handlers share.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use athena_ingest::{Limits, Log, kafka};
use athena_schemas::{Error, Position};
use athena_store::embed::{Model, StaticTable};
use athena_store::{LogKind, MaintenanceOptions, Scope, SqlOptions, Store};
use bytes::Bytes;
use metrics_exporter_prometheus::PrometheusHandle;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accesses::Accesses;
use crate::automation::{Automation, AutomationOptions};
use crate::code::{self, Code};
use crate::diagnose::Machine;
use crate::follow::{self, Follow, Index};
use crate::graph::Graphs;
use crate::hooks_out::HooksOut;
use crate::learned::Models;
use crate::llm::Llm;
use crate::operations::{
    AllSaid, AllSwitches, Compacting, Copying, Counts, LearnedProcedures, Lessons, Price, Reindexing, Runs,
    Streams, said, streams, switches,
};
use crate::rank::Ranker;
use crate::recent::Forget;
use crate::registry::Registry;
use crate::sealing::{Keyring, Sealing};
use crate::sql::{Answers, Lanes, NewLane, Sessions, SqlLimits};
use crate::tally::{Tallies, tallies};
use crate::vector::{self, VectorIndex};
use crate::who::signed::Seen;
use crate::who::{Rates, Tokens};
use crate::{ahead, audit, automation, http, metrics};

/// Projects whose last write is remembered before those that every reader sees are dropped.
const REMEMBERED: usize = 10_000;

/// What a server is started with.
pub struct Setup {
    pub store: Arc<Store>,
    /// Where writes go; `None`: this server only reads.
    pub log: Option<Log>,
    pub tokens: Tokens,
    pub options: Options,
    /// The project of a working directory on this machine. May block.
    pub project_of: ProjectOf,
    /// Where it is told what was asked.
    pub accesses: Accesses,
    /// Of an ingester in this process.
    pub progress: Option<Arc<Mutex<kafka::Progress>>>,
    /// Where the tables are followed.
    pub background: Handle,
    /// Where that is made ready which nobody has asked for yet, and where upkeep runs.
    pub upkeep: Handle,
    /// Looks at the machine that this server runs on.
    pub machine: Machine,
    /// Makes the threads that statements of callers run on.
    pub lane: NewLane,
}

pub type ProjectOf = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// A setting, as it is in force.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InForce {
    pub setting: String,
    /// `(hidden)` of what is a secret.
    pub value: String,
    /// Where it came from.
    pub from: String,
}

/// Bounds and places. The defaults are those of athena.toml.
#[derive(Debug, Clone)]
pub struct Options {
    pub limits: Limits,
    /// The longest body, decompressed.
    pub request_bytes: usize,
    pub request_timeout: Duration,
    /// Requests answered at once.
    pub concurrency: usize,
    /// Requests of one token in a second; 0: no bound.
    pub token_requests_per_s: u32,
    /// How long a read waits for what it must have seen.
    pub after_timeout: Duration,
    /// How long requests under way may take at the end.
    pub stop_timeout: Duration,
    pub default_k: usize,
    pub max_k: usize,
    /// What orders the candidates of a hybrid search.
    pub ranker: Arc<Ranker>,
    /// What makes the vectors that are searched.
    pub model: Arc<dyn Model>,
    /// The language model, where one is configured.
    pub llm: Option<Arc<Llm>>,
    /// What tokens cost.
    pub prices: Arc<[Price]>,
    /// Memory of the text index's writer.
    pub writer_memory_bytes: usize,
    /// Folder of what this node derives; `None`: in the data directory, or the system's temporary folder.
    pub index_dir: Option<PathBuf>,
    pub sql: SqlLimits,
    /// The project of what names none, from this server's own environment.
    pub project: Option<String>,
    /// How files are merged and old versions removed when that is asked for.
    pub maintenance: MaintenanceOptions,
    /// How often storage is looked at where other processes write.
    pub poll: Duration,
    /// Whether MCP has what its conformance suite calls.
    pub conformance: bool,
    pub automation: AutomationOptions,
    /// Folders whose code callers who are no admins may have indexed.
    pub code_roots: Vec<PathBuf>,
    /// What the content of sensitive memories is sealed with.
    pub keys: Keyring,
    /// Every setting of the process, to be told.
    pub in_force: Arc<[InForce]>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            request_bytes: 16 << 20,
            request_timeout: Duration::from_secs(30),
            concurrency: 256,
            token_requests_per_s: 0,
            after_timeout: Duration::from_secs(2),
            stop_timeout: Duration::from_secs(8),
            default_k: 10,
            max_k: 1_000,
            ranker: Ranker::named("full").expect("inside the binary"),
            model: StaticTable::built_in(),
            llm: None,
            prices: Arc::new([]),
            writer_memory_bytes: 64 << 20,
            index_dir: None,
            sql: SqlLimits::default(),
            project: None,
            maintenance: MaintenanceOptions::default(),
            poll: Duration::from_millis(100),
            conformance: false,
            automation: AutomationOptions::default(),
            code_roots: Vec::new(),
            keys: Keyring::default(),
            in_force: Arc::default(),
        }
    }
}

/// A running server: state that handlers share, and the follower of the tables.
pub struct App {
    pub store: Arc<Store>,
    pub log: Option<Log>,
    pub tokens: Tokens,
    /// Signed requests that were answered, and how often each token asks.
    pub(crate) signed: Seen,
    pub(crate) rates: Rates,
    pub options: Options,
    pub project_of: ProjectOf,
    pub accesses: Accesses,
    pub progress: Option<Arc<Mutex<kafka::Progress>>>,
    pub(crate) text: Arc<Index>,
    pub(crate) vectors: Arc<VectorIndex>,
    pub(crate) following: Follow,
    pub(crate) sql: SqlOptions,
    pub(crate) lanes: Arc<Lanes>,
    pub(crate) registry: Registry,
    pub(crate) hooks: HooksOut,
    pub(crate) code: Code,
    pub(crate) graphs: Arc<Graphs>,
    pub(crate) automation: Automation,
    pub(crate) models: Arc<Models>,
    pub(crate) sealing: Sealing,
    pub(crate) streams: Arc<Streams>,
    pub(crate) tallies: Arc<Tallies>,
    pub(crate) switches: Arc<AllSwitches>,
    pub(crate) said: Arc<AllSaid>,
    pub(crate) counts: Counts,
    pub(crate) audited: audit::Known,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) answers: Arc<Answers>,
    pub(crate) lessons: Arc<Lessons>,
    pub(crate) procedures: Arc<LearnedProcedures>,
    pub(crate) openapi: Bytes,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) requests: Semaphore,
    pub(crate) began: Instant,
    pub(crate) tasks: TaskTracker,
    address: OnceLock<SocketAddr>,
    started_at: Position,
    acknowledged: Mutex<HashMap<String, Position>>,
    /// Long work that was begun here.
    pub(crate) copies: Runs<Copying>,
    pub(crate) compactions: Runs<Compacting>,
    pub(crate) reindexings: Runs<Reindexing>,
    /// Where upkeep runs.
    pub(crate) upkeep: Handle,
    pub(crate) machine: Machine,
    /// What is kept in memory, by what it is of; dropped after a purge.
    pub(crate) caches: Caches,
}

type Caches = Arc<[(&'static str, Arc<dyn Forget>)]>;

impl App {
    /// Opens what this node derives and starts to follow the tables, until `stop`.
    ///
    /// # Errors
    /// A folder for the index that cannot be had; storage.
    pub async fn start(setup: Setup, stop: CancellationToken) -> Result<Arc<Self>, Error> {
        let Setup {
            store,
            log,
            tokens,
            options,
            project_of,
            accesses,
            progress,
            background,
            upkeep,
            machine,
            lane,
        } = setup;
        let metrics = metrics::install()?;
        let hooks = HooksOut::new(stop.clone())?;
        let (text, rebuilt) = follow::open_index(&store, &options).await?;
        let text = Arc::new(text);
        let vectors =
            VectorIndex::new(options.model.clone(), &follow::folder(&store, &options), store.pace.clone());
        let vectors = Arc::new(vectors.map_err(|error| Error::internal(format!("vector index: {error}")))?);
        let tasks = TaskTracker::new();
        // The embedded log of this process is the only writer there is.
        let alone = matches!(log, Some(Log::Embedded(_)));
        let notices = log.as_ref().map(Log::commits);
        let poll = (!alone).then_some(options.poll);
        let models = Arc::new(Models::default());
        let (streams, tallies) = (Arc::new(streams()), Arc::new(tallies()));
        let (switches, said) = (Arc::new(switches()), Arc::new(said()));
        let (lessons, procedures) = (Arc::new(Lessons::default()), Arc::new(LearnedProcedures::default()));
        let (sessions, answers) = (Arc::new(Sessions::default()), Arc::new(Answers::default()));
        let graphs = Arc::new(Graphs::default());
        let mut caches: Vec<(&'static str, Arc<dyn Forget>)> = vec![
            ("sessions of SQL", sessions.clone()),
            ("answers of statements", answers.clone()),
            ("graphs", graphs.clone()),
            ("models of the next step", models.clone()),
            ("procedures", procedures.clone()),
            ("durations", lessons.clone()),
            ("streams of events", streams.clone()),
            ("tallies of events", tallies.clone()),
            ("switches of attention", switches.clone()),
            ("what was said", said.clone()),
        ];
        caches.extend(options.llm.clone().map(|llm| ("language model", llm as Arc<dyn Forget>)));
        let caches: Caches = caches.into();
        let keeping = caches.clone();
        let purged = move || keeping.iter().for_each(|(_, one)| one.forget());
        let follow_vectors = vector::follow(vectors.clone(), store.clone(), purged, stop.clone());
        tasks.spawn_on(follow_vectors, &background);
        let automation = Automation::new(&options.automation, stop.clone());
        let fires = log.is_some() && options.automation.enabled;
        let (behind, until) = (background.clone(), stop.clone());
        let code = Code::new(&follow::folder(&store, &options), &options.code_roots);
        let place = follow::Place { tasks: &tasks, background, stop };
        let following = follow::start(store.clone(), (text.clone(), rebuilt), notices, poll, place);
        let registry = Registry::whole();
        let app = Arc::new(Self {
            sql: options.sql.session_options()?,
            lanes: Lanes::new(lane),
            openapi: http::openapi(&registry).to_string().into(),
            requests: Semaphore::new(options.concurrency),
            began: Instant::now(),
            address: OnceLock::new(),
            started_at: store.applied(),
            acknowledged: Mutex::default(),
            copies: Runs::default(),
            compactions: Runs::default(),
            reindexings: Runs::default(),
            upkeep,
            machine,
            caches,
            store,
            log,
            tokens,
            signed: Seen::since(athena_schemas::Time::now().micros() / 1_000_000),
            rates: Rates::of(options.token_requests_per_s),
            options,
            project_of,
            accesses,
            progress,
            text,
            vectors,
            following,
            registry,
            code,
            graphs,
            hooks,
            automation,
            models,
            sealing: Sealing::default(),
            streams,
            tallies,
            switches,
            said,
            counts: Counts::default(),
            audited: audit::Known::default(),
            sessions,
            answers,
            lessons,
            procedures,
            metrics,
            tasks,
        });
        app.tasks.spawn_on(code::follow(app.clone(), until.clone()), &behind);
        app.tasks.spawn_on(ahead::follow(app.clone(), until.clone()), &app.upkeep);
        if fires {
            app.tasks.spawn_on(automation::follow(app.clone(), until), &behind);
        }
        Ok(app)
    }

    /// The language model, where one is configured; what it says must be checked: see [`crate::llm`].
    pub fn llm(&self) -> Option<&Arc<Llm>> {
        self.options.llm.as_ref()
    }

    /// The log to write to.
    ///
    /// # Errors
    /// `unavailable` where this server only reads.
    pub fn log(&self) -> Result<&Log, Error> {
        self.log.as_ref().ok_or_else(|| {
            Error::unavailable("this server only reads")
                .hint("write to the server that holds the directory, or give this one --kafka HOST:PORT")
        })
    }

    /// Remembers how far reads of a project must see from now on.
    pub fn acknowledge<'p>(&self, projects: impl IntoIterator<Item = &'p str>, position: &Position) {
        let mut acknowledged = self.acknowledged.lock();
        for project in projects {
            match acknowledged.get_mut(project) {
                Some(before) => before.merge(position),
                None => drop(acknowledged.insert(project.to_owned(), position.clone())),
            }
        }
        if acknowledged.len() > REMEMBERED {
            let found = self.following.found.borrow().clone();
            acknowledged.retain(|_, position| !found.covers(position));
        }
    }

    /// The last position that was acknowledged here in any of the projects, or before this server began.
    pub fn acknowledged(&self, scope: &Scope) -> Position {
        let acknowledged = self.acknowledged.lock();
        let mut last = self.started_at.clone();
        match scope {
            Scope::All => acknowledged.values().for_each(|position| last.merge(position)),
            Scope::Projects(projects) => {
                projects.iter().filter_map(|project| acknowledged.get(project)).for_each(|at| last.merge(at));
            }
        }
        last
    }

    /// What the tables had when this server started.
    pub fn started_at(&self) -> &Position {
        &self.started_at
    }

    /// Waits, within bounds, until the tables here have what was acknowledged in the scope, and `after`.
    pub async fn wait_until_seen(&self, scope: &Scope, after: Option<&Position>) {
        let mut target = self.acknowledged(scope);
        target.merge(after.unwrap_or(&Position::default()));
        if !self.store.applied().covers(&target) {
            self.following.wait(&self.following.seen, &target, self.options.after_timeout).await;
        }
    }

    /// Waits, within bounds, until the text index has `target`; says whether it does.
    pub async fn wait_until_found(&self, target: &Position) -> bool {
        self.following.wait(&self.following.found, target, self.options.after_timeout).await
    }

    /// Where it listens, once it does.
    pub fn listens_at(&self, address: SocketAddr) {
        // A server listens once.
        let _ = self.address.set(address);
    }

    /// Whether only this machine can reach it.
    pub fn is_loopback(&self) -> bool {
        self.address.get().is_some_and(|address| address.ip().is_loopback())
    }

    /// How writes come into the tables.
    pub fn log_kind(&self) -> LogKind {
        self.store.log
    }
}
