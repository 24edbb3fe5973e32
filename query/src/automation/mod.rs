//! What fires by itself: triggers and rules, by what is applied to the tables and by the clock.
//!
//! ```text
//! commit or tick ─▶ rows since ─▶ condition ─▶ command `fired` (once by its id) ─▶ actions ─▶ command `ended`
//! ```
//!
//! Every node that can write may do this at once. The log knows the id of a firing once, and answers every node that
//! asks with who was first; that one acts. What has fired and not ended stands in the record of what fired, and is
//! taken up by others when its process is gone. Nothing fires by what it led to itself (`apply::cause`).

mod act;
mod engine;
mod facts;
mod glob;
mod matching;
pub mod places;
mod progress;
mod schedule;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use athena_ingest::records::body;
use athena_ingest::watches::{On, RULE, TRIGGER, Then, Watch};
use athena_schemas::tables::Record;
use athena_schemas::{Applied, Error};
use athena_store::Scope;
use parking_lot::{Mutex, RwLock};
use serde_json::Value;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tracing::debug;

pub use act::{Taken, act, taken_up};
pub use engine::follow;
pub use facts::{EVENT, SESSION_START, USER_PROMPT, filled, is_known};
pub use matching::{Asked, check, judged, kind_of, may_fire, of_due, of_hand, only, sees, verdict};
pub use schedule::{GRACE, Schedule};

use crate::App;

/// Texts that are put into one context.
const INJECTED: usize = 5;
/// How long a moment waits until what was just made is known here.
const KNOWN: Duration = Duration::from_millis(500);

/// Bounds, as `[automation]` in athena.toml.
#[derive(Debug, Clone)]
pub struct AutomationOptions {
    /// Whether this process fires; without it triggers can still be made and asked about.
    pub enabled: bool,
    /// Firings that are acted on at once.
    pub concurrency: usize,
    /// Firings of one trigger or rule in a minute.
    pub per_minute: u32,
    /// Times that `catch_up: all` makes up for, the newest.
    pub catch_up_most: usize,
    /// How far back events are looked at again where it is not known which were.
    pub look_back: Duration,
    /// How long another process may take for a firing before this one takes it up.
    pub lease: Duration,
}

impl Default for AutomationOptions {
    fn default() -> Self {
        Self {
            enabled: true,
            concurrency: 64,
            per_minute: 6_000,
            catch_up_most: 100,
            look_back: Duration::from_secs(86_400),
            lease: Duration::from_secs(60),
        }
    }
}

/// A trigger or a rule, as this node knows it.
#[derive(Debug, Clone)]
pub struct Armed {
    pub id: String,
    pub project: String,
    /// `trigger` or `rule`.
    pub kind: String,
    pub name: Option<String>,
    pub watch: Watch,
    /// Read when it is asked for: engines ask with every event.
    pub(crate) schedule: OnceLock<Option<Schedule>>,
}

impl Armed {
    /// # Errors
    /// A body that is none.
    pub fn of(record: &Record) -> Result<Self, Error> {
        Ok(Self {
            id: record.id.clone(),
            project: record.project.clone(),
            kind: record.kind.clone(),
            name: record.name.clone(),
            watch: body(record)?,
            schedule: OnceLock::new(),
        })
    }

    /// When the clock fires it; `None` of what has no time.
    fn schedule(&self) -> Option<&Schedule> {
        let watch = &self.watch;
        let read = || Schedule::parse("condition", &watch.condition, watch.since.time);
        let told = || read().inspect_err(|error| debug!(%error, id = self.id, "no time")).ok();
        self.schedule.get_or_init(told).as_ref()
    }

    /// The tool whose commands it takes.
    pub fn tool(&self) -> &'static str {
        if self.kind == RULE { "automation" } else { "triggers" }
    }
}

/// Triggers and rules by project and id.
type Known = HashMap<String, BTreeMap<String, Arc<Armed>>>;

/// What this node knows of triggers and rules, and what it is doing about them.
pub struct Automation {
    /// Names this process among those that act.
    pub node: String,
    known: RwLock<Known>,
    /// Firings that this process has taken up.
    taken: Mutex<HashSet<String>>,
    /// What was left out because of its rate, by id.
    skipped: Mutex<HashMap<String, u64>>,
    at_once: Arc<Semaphore>,
    pub stop: CancellationToken,
    /// Up to where the tables were looked at.
    looked: watch::Sender<Applied>,
}

impl Automation {
    pub fn new(options: &AutomationOptions, stop: CancellationToken) -> Self {
        let (known, taken, skipped) = Default::default();
        Self {
            node: format!("{:016x}", rand::random::<u64>()),
            known,
            taken,
            skipped,
            stop,
            at_once: Arc::new(Semaphore::new(options.concurrency.max(1))),
            looked: watch::Sender::new(Applied::default()),
        }
    }

    /// How often it did not fire since this server began, because of its rate.
    pub fn skipped(&self, id: &str) -> u64 {
        self.skipped.lock().get(id).copied().unwrap_or(0)
    }

    /// Takes in a version of a record; a tombstone takes it out.
    fn take(&self, record: &Record) -> Result<(), Error> {
        if ![TRIGGER, RULE].contains(&record.kind.as_str()) {
            return Ok(());
        }
        let mut known = self.known.write();
        let of_project = known.entry(record.project.clone()).or_default();
        let before = of_project.remove(&record.id);
        let armed = if record.deleted { None } else { Some(Arc::new(Armed::of(record)?)) };
        // What has ended need not be remembered any more.
        let pending = |id: &str| {
            armed.as_ref().is_some_and(|armed| armed.watch.pending.iter().any(|firing| firing.id == id))
        };
        if let Some(before) = before {
            let gone = before.watch.pending.iter().filter(|firing| !pending(&firing.id));
            let mut taken = self.taken.lock();
            for firing in gone {
                taken.remove(&firing.id);
            }
        }
        match armed {
            Some(armed) => drop(of_project.insert(record.id.clone(), armed)),
            None if of_project.is_empty() => drop(known.remove(&record.project)),
            None => {}
        }
        Ok(())
    }

    fn all(&self) -> Vec<Arc<Armed>> {
        self.known.read().values().flat_map(BTreeMap::values).cloned().collect()
    }

    fn of_project(&self, project: &str) -> Vec<Arc<Armed>> {
        self.known.read().get(project).into_iter().flat_map(BTreeMap::values).cloned().collect()
    }
}

/// A text that a trigger puts into a context, and the trigger.
#[derive(Debug, Clone)]
pub struct Injection {
    pub id: String,
    pub text: String,
}

/// What context triggers put into the context of a session at a moment.
pub async fn injections(app: &App, project: &str, moment: &str, text: &str, more: Value) -> Vec<Injection> {
    if app.log.is_none() || !app.options.automation.enabled {
        return Vec::new();
    }
    let target = app.acknowledged(&Scope::Projects(vec![project.to_owned()]));
    let mut looked = app.automation.looked.subscribe();
    // What was made elsewhere a moment ago may be missed by one prompt.
    let _ = tokio::time::timeout(KNOWN, looked.wait_for(|looked| looked.covers(&target))).await;
    let of_context = |armed: &&Arc<Armed>| armed.watch.enabled && armed.watch.on == On::Context;
    let armed = app.automation.of_project(project);
    let facts = facts::of_context(moment, Some(text), more);
    let held = armed.iter().filter(of_context).filter(|armed| judged(&armed.watch, facts.clone()).fires);
    let texts = held.flat_map(|armed| {
        armed.watch.then.iter().filter_map(|then| match then {
            Then::Inject { inject } => Some(Injection { id: armed.id.clone(), text: inject.clone() }),
            _ => None,
        })
    });
    texts.take(INJECTED).collect()
}
