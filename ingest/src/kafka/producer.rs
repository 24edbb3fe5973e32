//! Athena's own door to Kafka: events and commands are produced, then waited for in the tables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, UInt64Type};
use athena_schemas::{Applied, Code, Error, Partition, Position, Time, ids, position};
use athena_store::Store;
use futures::TryStreamExt;
use futures::future::try_join_all;
use parking_lot::Mutex;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{FutureProducer, FutureRecord, Producer};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::names::Names;
use super::seal::{self, Sender};
use super::{KafkaOptions, marks, own};
use crate::{Answer, Command, Receipt, Result, Submission, apply, log};

/// Records that librdkafka queues, which is its default.
const QUEUED: usize = 100_000;
/// How often storage is looked at while somebody waits and no notice came.
const LOOK: Duration = Duration::from_millis(25);
/// How often a process that does not ingest asks the broker whether others can.
const ASK: Duration = Duration::from_secs(30);

/// A handle on the log on Kafka. Cheap to clone.
#[derive(Clone)]
pub struct KafkaLog {
    producer: FutureProducer,
    options: Arc<KafkaOptions>,
    store: Arc<Store>,
    commits: watch::Receiver<Applied>,
    wanted: mpsc::Sender<()>,
    stopped: Arc<Mutex<BTreeMap<String, String>>>,
}

impl KafkaLog {
    /// Records that the broker has not confirmed, and so many at most.
    pub fn waiting(&self) -> (usize, usize) {
        (usize::try_from(self.producer.in_flight_count()).unwrap_or_default(), QUEUED)
    }

    /// Connects. What is applied is learned from `notices` of an ingester in this process, and from
    /// storage while somebody waits.
    ///
    /// # Errors
    /// Settings that librdkafka refuses.
    pub fn start(
        store: Arc<Store>,
        options: KafkaOptions,
        notices: Option<watch::Receiver<Applied>>,
        stop: CancellationToken,
    ) -> Result<Self> {
        let producer: FutureProducer = options.producer().create()?;
        let (commits, receiver) = watch::channel(store.applied());
        let (wanted, wants) = mpsc::channel(1);
        let (options, stopped) = (Arc::new(options), Arc::default());
        if notices.is_none() {
            let ask = ask_what_stopped(store.clone(), options.clone(), Arc::clone(&stopped));
            tokio::spawn(stop.clone().run_until_cancelled_owned(ask));
        }
        tokio::spawn(watch_storage(store.clone(), commits, notices, wants, stop));
        Ok(Self { producer, options, store, commits: receiver, wanted, stopped })
    }

    /// Partitions that no ingester can go on with, and why. Empty where this process ingests: its
    /// [`Progress`](super::Progress) tells.
    pub fn stopped(&self) -> BTreeMap<String, String> {
        self.stopped.lock().clone()
    }

    pub fn commits(&self) -> watch::Receiver<Applied> {
        self.commits.clone()
    }

    pub async fn append(&self, submission: Submission) -> std::result::Result<Receipt, Error> {
        let sender = Sender { actor: submission.actor, origin: submission.origin };
        let topic = &self.options.topics[0];
        let sent = submission.drafts.len() as u64;
        let mut deliveries = Vec::with_capacity(submission.drafts.len());
        for draft in &submission.drafts {
            let key = draft.session.as_deref().or(draft.project.as_deref()).unwrap_or_default();
            deliveries.push(self.send(topic, key, draft, &sender)?);
        }
        let places = try_join_all(deliveries).await?;
        let position = ends(&places);
        if !self.wait(&position).await {
            return Ok(Receipt { accepted: sent, duplicates: None, position, pending: true });
        }
        let kept = self.find(&places, "id").await?.len() as u64;
        Ok(Receipt { accepted: kept, duplicates: Some(sent - kept), position, pending: false })
    }

    pub async fn command(&self, command: Command) -> std::result::Result<Answer, Error> {
        let sender = Sender { actor: command.actor.clone(), origin: command.origin };
        let project = command.project.clone();
        let draft = command.into_draft();
        let known = log::Known::of(&draft);
        let place = self.send(&self.options.commands_topic, &project, &draft, &sender)?.await?;
        let position = ends(std::slice::from_ref(&place));
        if !self.wait(&position).await {
            let message = "the command is durable in Kafka, but not applied yet";
            let error =
                Error::unavailable(message).hint("is `athena ingest` running? the result comes with it");
            return Err(Error { position: Some(position), ..error });
        }
        let found = self.find(std::slice::from_ref(&place), "result").await?;
        let result = match (found.into_iter().next().flatten(), known) {
            (Some(text), _) => apply::result_of(&text)?,
            (None, Some(known)) => crate::state::stored_result(&self.store, &known).await??,
            (None, None) => {
                return Err(Error::internal("the command is a dead letter; see `athena dead-letters list`"));
            }
        };
        log::answer(result, position)
    }

    /// Gives a record to the producer; the future ends with its place.
    fn send(
        &self,
        topic: &str,
        key: &str,
        draft: &crate::Draft,
        sender: &Sender,
    ) -> std::result::Result<impl Future<Output = std::result::Result<Place, Error>> + use<>, Error> {
        let made = ids::short("e-", &[&Time::now().to_string(), &rand::random::<u128>().to_string()]);
        let payload =
            own::encode(draft, &made).map_err(|e| Error::invalid("attributes", format!("not JSON: {e}")))?;
        let headers = seal::headers(&self.options.secret, topic, sender, &payload);
        let record = FutureRecord::to(topic).key(key).payload(&payload).headers(headers);
        let delivery = self.producer.send_result(record).map_err(|(error, _)| refused(&error))?;
        let log = Names::new(&[topic.to_owned()], &self.store.events.topics()).log(topic).to_owned();
        Ok(async move {
            match delivery.await {
                Ok(Ok(delivered)) => Ok(Place {
                    partition: Partition::new(log, delivered.partition),
                    offset: delivered.offset,
                }),
                Ok(Err((error, _))) => Err(refused(&error)),
                Err(_) => Err(Error::unavailable("the producer has stopped")),
            }
        })
    }

    /// Waits until `position` is applied; says whether it is.
    async fn wait(&self, position: &Position) -> bool {
        let mut commits = self.commits.clone();
        let applied = async {
            loop {
                if commits.borrow_and_update().covers(position) {
                    return true;
                }
                // Full: somebody asked already.
                let _ = self.wanted.try_send(());
                tokio::select! {
                    changed = commits.changed() => if changed.is_err() { return false },
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        };
        let limit = Duration::from_millis(self.options.applied_timeout_ms);
        tokio::time::timeout(limit, applied).await.unwrap_or(false)
    }

    /// A text column of the events that stand at `places`; duplicates do not stand anywhere.
    async fn find(&self, places: &[Place], column: &str) -> std::result::Result<Vec<Option<String>>, Error> {
        let topics = self.store.events.topics();
        let number = |topic: &str| topics.iter().position(|t| t == topic).and_then(|n| u8::try_from(n).ok());
        let wanted: BTreeSet<u64> = places
            .iter()
            .filter_map(|p| position::pack(number(&p.partition.topic)?, p.partition.partition, p.offset))
            .collect();
        let mut from = Applied::default();
        for place in places {
            let first = from.get(&place.partition).unwrap_or(place.offset).min(place.offset);
            from.set(place.partition.clone(), first);
        }
        let snapshot = self.store.snapshot();
        let mut others = snapshot.applied.clone();
        others.0.retain(|partition, _| from.get(partition).is_none());
        from.merge(&others);
        let rows = snapshot.every_event_since(&from, &snapshot.applied, &["position", column]).await;
        let Some(rows) = rows.map_err(Error::from)? else { return Ok(vec![]) };
        let batches: Vec<RecordBatch> =
            rows.try_collect().await.map_err(|e| Error::from(athena_store::Error::from(e)))?;
        let mut found = Vec::new();
        for batch in batches {
            let positions = batch.column(0).as_primitive::<UInt64Type>();
            let texts = arrow::compute::cast(batch.column(1), &DataType::Utf8)
                .map_err(|e| Error::internal(e.to_string()))?;
            let texts = texts.as_string::<i32>();
            for row in (0..batch.num_rows()).filter(|row| wanted.contains(&positions.value(*row))) {
                found.push(texts.is_valid(row).then(|| texts.value(row).to_owned()));
            }
        }
        Ok(found)
    }
}

/// Where a record stands.
#[derive(Debug, Clone)]
struct Place {
    partition: Partition,
    offset: i64,
}

fn ends(places: &[Place]) -> Position {
    let mut position = Position::default();
    for place in places {
        let end = position.get(&place.partition).unwrap_or(0).max(place.offset + 1);
        position.set(place.partition.clone(), end);
    }
    position
}

fn refused(error: &KafkaError) -> Error {
    if error.rdkafka_error_code() == Some(RDKafkaErrorCode::QueueFull) {
        return Error::new(Code::ResourceExhausted, "the queue to Kafka is full")
            .hint("send again after a second");
    }
    Error::unavailable(format!("Kafka did not take the write: {error}"))
        .hint("`athena doctor` looks at the broker")
}

/// Keeps `stopped` at what the broker and the tables say.
async fn ask_what_stopped(
    store: Arc<Store>,
    options: Arc<KafkaOptions>,
    stopped: Arc<Mutex<BTreeMap<String, String>>>,
) {
    let mut asking = tokio::time::interval(ASK);
    loop {
        asking.tick().await;
        match marks::stopped(&store, &options).await {
            Ok(found) => *stopped.lock() = found,
            Err(error) => warn!(%error, "Kafka not asked"),
        }
    }
}

/// Keeps `commits` at what is applied: from notices, and from storage when somebody wants to know.
async fn watch_storage(
    store: Arc<Store>,
    commits: watch::Sender<Applied>,
    notices: Option<watch::Receiver<Applied>>,
    mut wants: mpsc::Receiver<()>,
    stop: CancellationToken,
) {
    let in_process = notices.is_some();
    let (_keep, none) = watch::channel(Applied::default());
    let mut notices = notices.unwrap_or(none);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            changed = notices.changed(), if in_process => if changed.is_err() { return },
            want = wants.recv() => {
                if want.is_none() {
                    return;
                }
                if !in_process && let Err(error) = store.refresh().await {
                    warn!(%error, "tables not refreshed");
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
        let applied = store.applied();
        commits.send_if_modified(|known| {
            let newer = *known != applied;
            *known = applied;
            newer
        });
    }
}
