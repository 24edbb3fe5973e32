//! Looks at what is new and at the clock, and fires.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use athena_ingest::watches::{Cause, On};
use athena_ingest::{Log, apply};
use athena_schemas::tables::{Event, Record};
use athena_schemas::{Applied, Error, Row, Table, Time};
use athena_store::{Scope, Snapshot};
use futures::{StreamExt, TryStreamExt, stream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::act::{Taken, fire, take_up};
use super::progress::{Progress, begin};
use super::{Armed, matching};
use crate::{App, follow as folders, sql};

const WATCHES: &str = include_str!("../../sql/watches.sql");

/// Triggers and rules of all projects, at most.
const MOST: usize = 100_000;
/// Offsets of each partition that are looked at in one step.
const STEP: i64 = 20_000;
/// Commands `fired` that are on their way at once.
const ON_THEIR_WAY: usize = 32;
/// How often the clock is looked at, and what others have left.
const TICK: Duration = Duration::from_millis(250);
/// The wait after a step that failed, and the longest after several.
const RETRY: Duration = Duration::from_millis(100);
const RETRY_MOST: Duration = Duration::from_secs(5);

/// Where a node is.
struct Engine {
    app: Arc<App>,
    stop: CancellationToken,
    at: Applied,
    /// The largest fragments that were read of both tables.
    fragments: HashMap<&'static str, Option<u64>>,
    progress: Progress,
}

/// Fires until `stop`.
pub async fn follow(app: Arc<App>, stop: CancellationToken) {
    let Ok(log) = app.log() else { return };
    let (mut commits, mut seen) = (Some(log.commits()), Some(app.following.seen.clone()));
    let mut failures = 0_u32;
    let mut engine = loop {
        match Engine::open(&app, &stop).await {
            Ok(engine) => break engine,
            Err(error) => {
                failures += 1;
                warn!(%error, failures, "triggers not read, trying again");
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(pause(failures)) => {}
                }
            }
        }
    };
    failures = 0;
    loop {
        let step = tokio::select! {
            () = stop.cancelled() => break,
            step = engine.catch_up() => step,
        };
        engine.progress.keep(&engine.at, false);
        let wait = match step {
            Ok(()) => {
                failures = 0;
                engine.rests()
            }
            Err(error) => {
                failures += 1;
                warn!(%error, failures, "what is new was not looked at for triggers, trying again");
                Some(pause(failures))
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = sleep(wait) => {}
            () = changed(&mut commits), if failures == 0 => {}
            () = changed(&mut seen), if failures == 0 => {}
        }
    }
    engine.progress.keep(&engine.at, true);
}

fn pause(failures: u32) -> Duration {
    (RETRY * 2_u32.pow(failures.min(6))).min(RETRY_MOST)
}

impl Engine {
    async fn open(app: &Arc<App>, stop: &CancellationToken) -> Result<Self, Error> {
        let folder = folders::folder(&app.store, &app.options);
        let (progress, kept) = Progress::open(&folder);
        let applied = app.store.snapshot().applied;
        for batch in sql::ask(app, &Scope::All, WATCHES, &[], MOST).await? {
            for record in Record::rows(&batch)? {
                app.automation.take(&record)?;
            }
        }
        let at = match app.automation.known.read().is_empty() {
            true => applied.clone(),
            false => Applied::default(),
        };
        let look_back = app.options.automation.look_back;
        // Without a trigger nothing that has happened fires one.
        let at = if at == applied { at } else { begin(app, kept, &applied, look_back).await? };
        info!(from = %at, "triggers");
        let fragments = HashMap::new();
        Ok(Self { app: app.clone(), stop: stop.clone(), at, fragments, progress })
    }

    /// Looks at everything that is new, then at the clock.
    async fn catch_up(&mut self) -> Result<(), Error> {
        loop {
            let snapshot = self.app.store.snapshot();
            if self.at.covers(&snapshot.applied) {
                break;
            }
            self.step(&snapshot).await?;
            self.app.automation.looked.send_replace(self.at.clone());
        }
        self.app.automation.looked.send_if_modified(|looked| {
            let new = *looked != self.at;
            looked.clone_from(&self.at);
            new
        });
        self.by_time().await;
        self.adopt();
        Ok(())
    }

    async fn step(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        let from = self.at.clone();
        let mut to = snapshot.applied.clone();
        for (partition, next) in &mut to.0 {
            *next = (*next).min(from.get(partition).unwrap_or(0).saturating_add(STEP));
        }
        // Records first: what an event fires is known before the event is looked at.
        for record in self.rows::<Record>(snapshot, &from, &to).await? {
            if let Err(error) = self.app.automation.take(&record) {
                warn!(%error, id = record.id, "not a trigger");
            }
        }
        let by_events = self.app.automation.all().iter().any(|armed| armed.watch.on != On::Time);
        if by_events {
            let events = self.rows::<Event>(snapshot, &from, &to).await?;
            self.by_events(&events).await;
        }
        if to == snapshot.applied {
            for table in [Record::TABLE, Event::TABLE] {
                // What was not read of events up to here is never asked for again.
                self.fragments.insert(table.name, snapshot.last_fragment(table));
            }
        }
        self.at = to;
        Ok(())
    }

    /// Rows in the order of their places.
    async fn rows<R: Row + Placed>(
        &self,
        snapshot: &Snapshot,
        from: &Applied,
        to: &Applied,
    ) -> Result<Vec<R>, Error> {
        let table: &'static Table = R::TABLE;
        let above = self.fragments.get(table.name).copied().flatten();
        let fields = (table.fields)();
        let columns: Vec<&str> = fields.iter().map(|field| field.name).collect();
        let found = snapshot.since(table, from, to, above, &columns).await?;
        let Some(mut found) = found else { return Ok(Vec::new()) };
        let mut rows = Vec::new();
        while let Some(batch) = found.try_next().await.map_err(athena_store::Error::from)? {
            rows.extend(R::rows(&batch)?.into_iter().filter(|row| self.is_asked(row)));
        }
        rows.sort_by_key(Placed::position);
        Ok(rows)
    }

    /// Whether a row is of a project that has triggers, or may make one of it.
    fn is_asked(&self, row: &impl Placed) -> bool {
        row.may_be_a_watch() || self.app.automation.known.read().contains_key(row.project())
    }

    /// Fires what the events fire, in their order.
    async fn by_events(&self, events: &[Event]) {
        let mut firings = Vec::new();
        for event in events {
            for armed in self.app.automation.of_project(&event.project) {
                let watch = &armed.watch;
                if !watch.enabled || !matching::sees(&armed.id, watch, event) {
                    continue;
                }
                let Some(verdict) = matching::verdict(watch, event).filter(|verdict| verdict.fires) else {
                    continue;
                };
                if !self.admits(&armed) {
                    continue;
                }
                firings.push(Taken {
                    id: matching::by_event(&armed.id, watch, event),
                    cause: Cause::Event { id: event.id.clone(), position: event.position },
                    chain: apply::cause(event),
                    facts: verdict.facts,
                    armed,
                });
            }
        }
        let fired = stream::iter(firings).map(|taken| fire(&self.app, taken, &self.stop));
        fired.buffered(ON_THEIR_WAY).for_each(|()| std::future::ready(())).await;
    }

    /// Fires what the clock fires, each in the order of its times.
    async fn by_time(&self) {
        let (now, most) = (Time::now(), self.app.options.automation.catch_up_most);
        for armed in self.app.automation.all() {
            let watch = &armed.watch;
            if watch.on != On::Time || !watch.enabled {
                continue;
            }
            let Some(schedule) = armed.schedule() else { continue };
            let from = watch.last_due.unwrap_or_default().max(watch.since.time);
            for due in schedule.due(from, now, watch.catch_up, most) {
                if !self.admits(&armed) {
                    break;
                }
                let taken = Taken {
                    id: matching::by_time(&armed.id, due),
                    cause: Cause::Due(due),
                    chain: Vec::new(),
                    facts: matching::of_due(&armed.project, due),
                    armed: armed.clone(),
                };
                fire(&self.app, taken, &self.stop).await;
            }
        }
    }

    /// Whether it may fire once more in this minute; if not, it is counted.
    fn admits(&self, armed: &Armed) -> bool {
        let app = &self.app;
        let admitted = app.hooks.admit(&format!("rate/{}", armed.id), app.options.automation.per_minute);
        if !admitted {
            *app.automation.skipped.lock().entry(armed.id.clone()).or_default() += 1;
        }
        admitted
    }

    /// Takes up what processes that are gone have left.
    fn adopt(&self) {
        let app = &self.app;
        let alone = matches!(app.log, Some(Log::Embedded(_)));
        let lease = i64::try_from(app.options.automation.lease.as_micros()).unwrap_or(i64::MAX);
        let expired = Time::now().plus_micros(-lease);
        for armed in app.automation.all() {
            for firing in &armed.watch.pending {
                if firing.by != app.automation.node && (alone || firing.at < expired) {
                    take_up(app, &armed, firing, &self.stop);
                }
            }
        }
    }

    /// How long nothing need be done unless something happens.
    fn rests(&self) -> Option<Duration> {
        let all = self.app.automation.all();
        let others = |armed: &Arc<Armed>| {
            armed.watch.pending.iter().any(|firing| firing.by != self.app.automation.node)
        };
        let waits = all.iter().any(|armed| armed.watch.on == On::Time || others(armed));
        (waits || self.progress.is_behind(&self.at)).then_some(TICK)
    }
}

/// A row with a place in the log.
trait Placed {
    fn position(&self) -> u64;
    fn project(&self) -> &str;
    fn may_be_a_watch(&self) -> bool;
}

impl Placed for Event {
    fn position(&self) -> u64 {
        self.position
    }

    fn project(&self) -> &str {
        &self.project
    }

    fn may_be_a_watch(&self) -> bool {
        false
    }
}

impl Placed for Record {
    fn position(&self) -> u64 {
        self.position
    }

    fn project(&self) -> &str {
        &self.project
    }

    fn may_be_a_watch(&self) -> bool {
        true
    }
}

async fn sleep(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}

async fn changed(receiver: &mut Option<watch::Receiver<Applied>>) {
    if let Some(receiver) = receiver
        && receiver.changed().await.is_ok()
    {
        return;
    }
    // Whoever told has ended.
    *receiver = None;
    std::future::pending().await
}
