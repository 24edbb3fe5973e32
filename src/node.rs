//! The roles of one process, started together and stopped in order.
//!
//! ```text
//! store ─▶ log (embedded, or Kafka with its ingester) ─▶ server ─▶ upkeep, consolidation
//! ```
//!
//! Roles never call each other: each is given the store, and the store's tables are between them.

mod background;
mod models;
mod options;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use athena_consolidate::{Accesses, Embedder, Worker};
use athena_ingest::kafka::{Decisions, Ingester, KafkaLog, Progress};
use athena_ingest::{EmbeddedLog, Log};
use athena_query::diagnose::Machine;
use athena_query::sealing::Keyring;
use athena_query::who::Tokens;
use athena_query::{Server, Setup};
use athena_store::{Location, LogKind, Options, Store};
use futures::FutureExt;
use parking_lot::Mutex;
use tokio::net::{TcpListener, lookup_host};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use background::Background;
pub use models::embedding;
pub use options::{consolidate, embedded, kafka as kafka_options, limits, maintenance};

use crate::STACK_BYTES;
use crate::commands::doctor;
use crate::config::Config;
use crate::exit::usage;
use crate::project;

/// Where a process serves that does so only while it lives.
const ANY_PORT: &str = "127.0.0.1:0";

/// What a process does.
#[derive(Debug, Clone, Copy)]
pub struct Roles {
    /// Takes events from Kafka into the tables. An embedded log is always with who serves it.
    pub ingest: bool,
    pub consolidate: bool,
    /// Merges and cleans the tables, and embeds what is new in them.
    pub upkeep: bool,
}

/// A running process of roles.
pub struct Node {
    url: String,
    pub store: Arc<Store>,
    stop: CancellationToken,
    tasks: JoinSet<anyhow::Result<()>>,
    stop_timeout: Duration,
    /// Dropped last, after what runs there has been told to stop.
    _background: Background,
}

/// Serves a memory for as long as a command needs it, and for others meanwhile.
pub async fn in_process(config: &Config) -> anyhow::Result<Node> {
    let mut config = config.clone();
    config.server.listen = ANY_PORT.into();
    Node::start(&config, Roles { ingest: false, consolidate: false, upkeep: true }).await
}

impl Node {
    /// Starts the roles and a server.
    ///
    /// # Errors
    /// [`athena_store::Error::Held`] when another process has the directory; an address that cannot be
    /// listened on, or must not be without tokens; storage; Kafka's settings.
    pub async fn start(config: &Config, roles: Roles) -> anyhow::Result<Self> {
        // What is wrong with the settings is said before anything is opened.
        let (model, llm) = (models::embedding(config)?, models::language(config)?);
        let keys = Keyring::new(config.keys().map_err(|error| usage(error.to_string()))?);
        let store = open(config).await?;
        let tokens = Tokens::open(config.tokens())
            .context("open the tokens")?
            .with_admin(&config.server.admin_token)
            .with_local(&store.secret);
        let listener = listen(&config.server.listen, tokens.configured()).await?;
        let url = format!("http://{}", listener.local_addr().context("listen")?);
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let background = Background::start(STACK_BYTES)?;
        let following = background.following();
        let (log, progress) = log(config, roles, &store, &stop, &mut tasks).await?;
        let (told, accesses) = Accesses::new(store.clone());
        let write = accesses.follow(stop.clone());
        let write = async move {
            write.await;
            Ok(())
        };
        tasks.spawn_on(write, &following);
        let options = options::server(config)?;
        let threads = options.sql.partitions;
        let setup = Setup {
            store: store.clone(),
            log: Some(log.clone()),
            tokens,
            options: athena_query::Options { model: model.clone(), llm, keys, ..options },
            background: following.clone(),
            upkeep: background.upkeep(),
            machine: machine(config, &store),
            lane: Arc::new(move || background::lane(STACK_BYTES, threads)),
            project_of: Arc::new(|directory| project::detect(Path::new(directory))),
            accesses: Some(told),
            progress,
        };
        let server = Server::start(setup, listener, stop.clone());
        let server = server.await.context("start the server")?;
        tasks.spawn(async move { server.join().await.context("serve") });
        store.announce(&url).context("write the address into the lock")?;
        if roles.consolidate {
            let worker = Worker::new(store.clone(), consolidate(config));
            let (commits, stop) = (Some(log.commits()), stop.clone());
            let follow = async move { worker.follow(commits, stop).await.context("consolidate") };
            tasks.spawn_on(follow, &background.learning());
        }
        if roles.upkeep {
            let embedder = Embedder::new(store.clone(), model);
            let follow = embedder.follow(Some(log.commits()), stop.clone());
            let follow = async move {
                follow.await;
                Ok(())
            };
            tasks.spawn_on(follow, &following);
            let (store, options, stop) = (store.clone(), maintenance(config), stop.clone());
            let keep_up = async move {
                store.keep_up(options, stop.cancelled_owned()).await;
                Ok(())
            };
            tasks.spawn_on(keep_up, &background.upkeep());
        }
        info!(url, data = %store.location, log = ?store.log, ?roles, "serving");
        let stop_timeout = Duration::from_millis(config.server.stop_timeout_ms);
        Ok(Self { url, store, stop, tasks, stop_timeout, _background: background })
    }

    /// `http://host:port`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits until a role ends although nobody told it to.
    pub async fn ended(&mut self) -> anyhow::Error {
        match self.tasks.join_next().await {
            Some(Ok(Err(error))) => error,
            Some(Err(error)) => anyhow::Error::new(error).context("a role crashed"),
            Some(Ok(Ok(()))) | None => anyhow::anyhow!("a role ended by itself"),
        }
    }

    /// Stops taking, commits what was taken, and ends.
    ///
    /// # Errors
    /// What a role failed at; roles that took too long, which are left to die with the process: what
    /// they acknowledged is durable.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.stop.cancel();
        let all = async {
            while let Some(ended) = self.tasks.join_next().await {
                ended.context("a role crashed")??;
            }
            Ok(())
        };
        match tokio::time::timeout(self.stop_timeout, all).await {
            Ok(done) => done,
            Err(_) => {
                warn!(timeout_ms = self.stop_timeout.as_millis() as u64, "roles did not stop in time");
                Ok(())
            }
        }
    }
}

/// What `athena doctor` looks at, for a server that is running.
fn machine(config: &Config, store: &Arc<Store>) -> Machine {
    let looked_at = Arc::new((config.clone(), store.clone()));
    Arc::new(move || {
        let looked_at = looked_at.clone();
        async move { doctor::within(&looked_at.0, &looked_at.1).await }.boxed()
    })
}

/// Opens the store as the kind that the settings ask for; it is made where it is not there.
pub async fn open(config: &Config) -> anyhow::Result<Arc<Store>> {
    let location = Location::parse(&config.data.dir)?;
    let kind = if config.kafka.bootstrap.is_empty() { LogKind::Embedded } else { LogKind::Kafka };
    let options = Options {
        index_cache_bytes: config.data.index_cache_bytes,
        metadata_cache_bytes: config.data.metadata_cache_bytes,
        ..Options::new(location, Some(kind))
    };
    let store = Store::open(options).await;
    Ok(Arc::new(store.with_context(|| format!("open {}", config.data.dir))?))
}

async fn log(
    config: &Config,
    roles: Roles,
    store: &Arc<Store>,
    stop: &CancellationToken,
    tasks: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<(Log, Option<Arc<Mutex<Progress>>>)> {
    if store.log == LogKind::Embedded {
        let (log, task) =
            EmbeddedLog::start(store.clone(), embedded(config)).await.context("start the log")?;
        tasks.spawn(async move { task.await.context("run the log") });
        return Ok((Log::Embedded(log), None));
    }
    let options = kafka_options(config, store.secret);
    let (mut notices, mut progress) = (None, None);
    if roles.ingest {
        let ingester =
            Ingester::start(store.clone(), options.clone(), Decisions::default(), false, stop.clone());
        let ingester = ingester.await.context("start ingest")?;
        notices = Some(ingester.commits.clone());
        progress = Some(ingester.progress.clone());
        tasks.spawn(async move { ingester.join().await.map(|_| ()).context("ingest") });
    }
    let log = KafkaLog::start(store.clone(), options, notices, stop.clone()).context("start the producer")?;
    Ok((Log::Kafka(log), progress))
}

/// Listens, but on nothing that others reach while nobody can be told apart.
async fn listen(address: &str, guarded: bool) -> anyhow::Result<TcpListener> {
    let found =
        lookup_host(address).await.map_err(|error| usage(format!("server.listen {address}: {error}")))?;
    let found: Vec<SocketAddr> = found.collect();
    if !guarded && !found.iter().all(|address| address.ip().is_loopback()) {
        return Err(usage(format!(
            "{address} is open to others, and there is no token; `athena token create NAME --role admin`, \
             or listen on 127.0.0.1"
        )));
    }
    match TcpListener::bind(found.as_slice()).await {
        Ok(listener) => Ok(listener),
        Err(error) => bail!("listen on {address}: {error}; --listen takes another address"),
    }
}
