//! Kafka into the tables: a thread that polls and decodes, a task that commits.
//!
//! ```text
//! poll ─▶ decode, place ─▶ batch ─▶ (one waits) ─▶ committer: decide, stage, commit
//!   ▲                                                  │
//!   └────────────── read again from here ──────────────┘
//! ```
//!
//! Where to read from is what the tables say is applied, never what the group committed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use athena_schemas::{Applied, Partition};
use athena_store::Store;
use parking_lot::Mutex;
use rdkafka::client::ClientContext;
use rdkafka::config::FromClientConfigAndContext;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{Offset, TopicPartitionList};
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::assemble::Assembler;
use super::committer::{Again, Committer};
use super::decide::{Decisions, carry_out};
use super::marks::{fits, no_message, same_partitions};
use super::names::Names;
use crate::batch::Batch;
use crate::kafka::KafkaOptions;
use crate::{Result, Writer, last_times};

const POLL: Duration = Duration::from_millis(50);
/// How often a broker that failed is asked whether it is back, and how long it may take to say so.
const ASK_AGAIN: Duration = Duration::from_secs(3);
const BROKER_BACK: Duration = Duration::from_secs(1);
pub(super) const BROKER: Duration = Duration::from_secs(10);
/// How long nothing must have come before a drain looks whether more is to come at all: control records
/// take offsets that no message has.
const QUIET: Duration = Duration::from_secs(2);

/// Where ingest stands, for readiness and lag.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Progress {
    pub assigned: Vec<String>,
    /// Partitions that do not go on, and why: someone must decide.
    pub stopped: BTreeMap<String, String>,
    pub broker_error: Option<String>,
    pub events: u64,
    pub duplicates: u64,
    pub dead_letters: u64,
    pub commits: u64,
}

/// What a drain ended with.
#[derive(Debug, Clone, Serialize)]
pub struct Drained {
    pub applied: Applied,
    pub progress: Progress,
}

/// A running ingester. Cancel its token to stop it: what was taken is committed first.
pub struct Ingester {
    pub commits: watch::Receiver<Applied>,
    pub progress: Arc<Mutex<Progress>>,
    task: JoinHandle<Result<Drained>>,
}

impl Ingester {
    /// Starts to consume. With `once` it ends by itself at the end offsets seen at the start.
    ///
    /// # Errors
    /// Settings that librdkafka refuses; storage.
    pub async fn start(
        store: Arc<Store>,
        options: KafkaOptions,
        decisions: Decisions,
        once: bool,
        stop: CancellationToken,
    ) -> Result<Self> {
        store.refresh().await?;
        let mut names = Names::new(&options.all_topics(), &store.events.topics());
        carry_out(decisions, &store, &options, &mut names).await?;
        let writer = Writer::open(store.clone(), &names.logs(), options.writer.clone()).await?;
        let newest = last_times(&store).await?;
        let progress = Arc::new(Mutex::new(Progress::default()));
        let context = Context {
            store: store.clone(),
            names: names.clone(),
            commands_topic: options.commands_topic.clone(),
            runtime: Handle::current(),
            progress: progress.clone(),
        };
        let consumer = BaseConsumer::from_config_and_context(&options.consumer(), context)?;
        let topics = options.all_topics();
        consumer.subscribe(&topics.iter().map(String::as_str).collect::<Vec<_>>())?;
        let commits = writer.commits();
        let (batches, waiting) = mpsc::channel(1);
        let (again, read_again) = mpsc::unbounded_channel();
        let numbers = topics
            .iter()
            .filter_map(|topic| Some((topic.clone(), writer.topic_number(names.log(topic))?)))
            .collect();
        let committer = Committer::open(writer, &options, progress.clone(), waiting, again, stop.clone())?;
        let committing = tokio::spawn(committer.run());
        let assembler = Assembler::new(&options, names.clone(), numbers, newest);
        let poller = Poller {
            consumer,
            options,
            names,
            assembler,
            batches,
            read_again,
            progress: progress.clone(),
            stop,
            ends: None,
            heard: Instant::now(),
            asked: Instant::now(),
        };
        let polling = tokio::task::spawn_blocking(move || poller.run(once));
        let finished = progress.clone();
        let task = tokio::spawn(async move {
            polling.await.map_err(|e| crate::Error::Stopped(format!("poller: {e}")))??;
            committing.await.map_err(|e| crate::Error::Stopped(format!("committer: {e}")))??;
            let progress = finished.lock().clone();
            Ok(Drained { applied: store.applied(), progress })
        });
        Ok(Self { commits, progress, task })
    }

    /// Waits for the end: of a drain, or after the token was cancelled.
    pub async fn join(self) -> Result<Drained> {
        self.task.await.map_err(|e| crate::Error::Stopped(e.to_string()))?
    }
}

/// Answers rebalances: new partitions begin where the tables say.
struct Context {
    store: Arc<Store>,
    names: Names,
    commands_topic: String,
    runtime: Handle,
    progress: Arc<Mutex<Progress>>,
}

impl ClientContext for Context {
    fn error(&self, error: KafkaError, reason: &str) {
        self.progress.lock().broker_error = Some(format!("{error}: {reason}"));
    }
}

impl ConsumerContext for Context {
    fn rebalance(
        &self,
        consumer: &BaseConsumer<Self>,
        event: RDKafkaRespErr,
        partitions: &mut TopicPartitionList,
    ) {
        let done = if event == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            self.assign(consumer, partitions)
        } else {
            info!(partitions = ?listed(partitions), "partitions given back");
            consumer.incremental_unassign(partitions)
        };
        if let Err(error) = done {
            error!(%error, "rebalance failed");
        }
        if let Ok(assigned) = consumer.assignment() {
            self.progress.lock().assigned = listed(&assigned);
        }
    }
}

impl Context {
    fn assign(
        &self,
        consumer: &BaseConsumer<Self>,
        partitions: &mut TopicPartitionList,
    ) -> std::result::Result<(), KafkaError> {
        if let Err(error) = self.runtime.block_on(self.store.refresh()) {
            warn!(%error, "tables not refreshed; a refused commit will tell");
        }
        let applied = self.store.applied();
        let commands = self.commands_fit(consumer, partitions);
        let mut paused = TopicPartitionList::new();
        let all: Vec<(String, i32)> =
            partitions.elements().iter().map(|e| (e.topic().to_owned(), e.partition())).collect();
        for (topic, number) in all {
            let partition = self.names.partition(&topic, number);
            let at = applied.get(&partition);
            let fits = if topic == self.commands_topic { commands.clone() } else { Ok(()) };
            let from = match fits.and_then(|()| begin(consumer, &topic, number, at)) {
                Ok(from) => from,
                Err(why) => {
                    error!(%partition, why, "partition stopped");
                    self.progress.lock().stopped.insert(partition.to_string(), why);
                    paused.add_partition(&topic, number);
                    Offset::End
                }
            };
            partitions.set_partition_offset(&topic, number, from)?;
        }
        info!(partitions = ?listed(partitions), %applied, "partitions taken");
        consumer.incremental_assign(partitions)?;
        if paused.count() > 0 {
            consumer.pause(&paused)?;
        }
        Ok(())
    }

    /// Whether commands may be read, where any of their partitions are among `taken`.
    fn commands_fit(
        &self,
        consumer: &BaseConsumer<Self>,
        taken: &TopicPartitionList,
    ) -> std::result::Result<(), String> {
        let topic = &self.commands_topic;
        if taken.elements_for_topic(topic).is_empty() {
            return Ok(());
        }
        let found =
            consumer.fetch_metadata(Some(topic), BROKER).map_err(crate::Error::from).and_then(|found| {
                let partitions = found.topics().iter().map(|found| found.partitions().len()).sum();
                self.runtime.block_on(same_partitions(&self.store.location, topic, partitions))
            });
        found.unwrap_or_else(|error| {
            warn!(%error, topic, "not known whether the topic has as many partitions as it had");
            Ok(())
        })
    }
}

/// Where to read a partition from, or why it must not be read.
fn begin(
    consumer: &BaseConsumer<Context>,
    topic: &str,
    partition: i32,
    at: Option<i64>,
) -> std::result::Result<Offset, String> {
    let Some(at) = at else { return Ok(Offset::Beginning) };
    // Where the broker does not tell: reading will.
    if let Ok((low, high)) = consumer.fetch_watermarks(topic, partition, BROKER) {
        fits(at, low, high)?;
    }
    Ok(Offset::Offset(at))
}

fn listed(partitions: &TopicPartitionList) -> Vec<String> {
    let elements = partitions.elements();
    elements.iter().map(|e| format!("{}/{}", e.topic(), e.partition())).collect()
}

/// The thread that polls. It never waits for storage longer than the group allows.
struct Poller {
    consumer: BaseConsumer<Context>,
    options: KafkaOptions,
    names: Names,
    assembler: Assembler,
    batches: mpsc::Sender<Batch>,
    read_again: mpsc::UnboundedReceiver<Again>,
    progress: Arc<Mutex<Progress>>,
    stop: CancellationToken,
    /// Of a drain: the end offsets seen at its start.
    ends: Option<BTreeMap<Partition, i64>>,
    heard: Instant,
    /// When a broker that failed was asked last whether it is back.
    asked: Instant,
}

impl Poller {
    fn run(mut self, once: bool) -> Result<()> {
        if once {
            self.ends = Some(self.end_offsets()?);
        }
        while !self.stop.is_cancelled() && !self.batches.is_closed() {
            self.seek()?;
            // Nothing at hand and the committer idle: commit at once. Else fill the batch.
            let wait = if self.assembler.is_empty() { POLL } else { Duration::from_millis(1) };
            let polled = match self.consumer.poll(wait) {
                Some(Ok(message)) => {
                    self.assembler.take(&message);
                    Ok(true)
                }
                Some(Err(error)) => Err(error),
                None => Ok(false),
            };
            match polled {
                Ok(true) => self.heard = Instant::now(),
                Ok(false) if self.drained() => break,
                Ok(false) => {
                    self.offer();
                    self.ask_again();
                }
                // Says which partition, and not of which topic.
                Err(KafkaError::PartitionEOF(_)) => {}
                Err(error) => self.failed(&error),
            }
            if self.full() {
                self.hand_over();
            } else if self.old() {
                self.offer();
            }
        }
        if !self.assembler.is_empty() {
            self.hand_over();
        }
        Ok(())
    }

    /// A broker that is back says nothing while nothing comes: it is asked.
    fn ask_again(&mut self) {
        if self.asked.elapsed() < ASK_AGAIN || self.progress.lock().broker_error.is_none() {
            return;
        }
        if self.consumer.fetch_metadata(Some(&self.options.commands_topic), BROKER_BACK).is_ok() {
            self.progress.lock().broker_error = None;
        }
        self.asked = Instant::now();
    }

    fn full(&self) -> bool {
        self.assembler.rows() >= self.options.batch_rows || self.assembler.bytes() >= self.options.batch_bytes
    }

    fn old(&self) -> bool {
        let age = Duration::from_millis(self.options.batch_age_ms);
        !self.assembler.is_empty() && self.assembler.began().elapsed() >= age
    }

    /// Gives the batch to the committer if it is free.
    fn offer(&mut self) {
        if !self.assembler.is_empty()
            && let Ok(permit) = self.batches.try_reserve()
        {
            permit.send(self.assembler.finish());
        }
    }

    /// Gives the batch to the committer, however long that takes. Meanwhile the partitions are paused
    /// and the group hears from us.
    fn hand_over(&mut self) {
        let waiting = Instant::now();
        let mut paused = false;
        loop {
            self.offer();
            if self.assembler.is_empty() || self.batches.is_closed() {
                break;
            }
            if !paused && waiting.elapsed() > Duration::from_secs(5) {
                paused = self.consumer.assignment().and_then(|all| self.consumer.pause(&all)).is_ok();
            }
            if paused {
                // Nothing can come from paused partitions but rebalances and errors.
                if let Some(Ok(message)) = self.consumer.poll(Duration::from_millis(100)) {
                    self.assembler.take(&message);
                }
            } else {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        if paused {
            let stopped = self.progress.lock().stopped.clone();
            let all = self.consumer.assignment().unwrap_or_default();
            let mut resumed = TopicPartitionList::new();
            for element in all.elements() {
                let partition = self.names.partition(element.topic(), element.partition());
                if !stopped.contains_key(&partition.to_string()) {
                    resumed.add_partition(element.topic(), element.partition());
                }
            }
            if let Err(error) = self.consumer.resume(&resumed) {
                warn!(%error, "partitions not resumed");
            }
        }
    }

    /// Reads partitions again that a refused batch skipped something of.
    fn seek(&mut self) -> Result<()> {
        while let Ok(Again { partition, offset }) = self.read_again.try_recv() {
            let assigned = self.consumer.assignment()?;
            let (topic, number) = (self.names.topic(&partition.topic), partition.partition);
            if assigned.find_partition(topic, number).is_none() {
                continue;
            }
            let mut list = TopicPartitionList::new();
            list.add_partition_offset(topic, number, Offset::Offset(offset))?;
            self.consumer.seek_partitions(list, BROKER)?;
            self.assembler.read_again(&partition, offset);
        }
        Ok(())
    }

    fn failed(&mut self, error: &KafkaError) {
        let code = error.rdkafka_error_code();
        warn!(%error, "consumer");
        self.progress.lock().broker_error = Some(error.to_string());
        if matches!(code, Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange)) {
            self.stop_overtaken();
        }
    }

    /// The broker no longer has an offset that was to be read: finds which partition, and stops it.
    fn stop_overtaken(&mut self) {
        let Ok(assigned) = self.consumer.assignment() else { return };
        let applied = self.consumer.context().store.applied();
        for element in assigned.elements() {
            let (topic, number) = (element.topic(), element.partition());
            let partition = self.names.partition(topic, number);
            let at = self.assembler.next(&partition).or_else(|| applied.get(&partition));
            if let Err(why) = begin(&self.consumer, topic, number, at) {
                error!(%partition, why, "partition stopped");
                let mut list = TopicPartitionList::new();
                list.add_partition(topic, number);
                if let Err(error) = self.consumer.pause(&list) {
                    warn!(%error, "not paused");
                }
                self.progress.lock().stopped.insert(partition.to_string(), why);
            }
        }
    }

    fn end_offsets(&self) -> Result<BTreeMap<Partition, i64>> {
        let mut ends = BTreeMap::new();
        for topic in self.options.all_topics() {
            let metadata = self.consumer.fetch_metadata(Some(&topic), BROKER)?;
            for partition in metadata.topics().iter().flat_map(|t| t.partitions()) {
                let (_, high) = self.consumer.fetch_watermarks(&topic, partition.id(), BROKER)?;
                ends.insert(self.names.partition(&topic, partition.id()), high);
            }
        }
        Ok(ends)
    }

    /// Whether everything up to the end offsets was read: by this process, or by others of the group.
    fn drained(&mut self) -> bool {
        let Some(ends) = &self.ends else { return false };
        let store = &self.consumer.context().store;
        let quiet = self.heard.elapsed() > QUIET;
        if quiet {
            self.heard = Instant::now();
            if let Err(error) = self.consumer.context().runtime.block_on(store.refresh()) {
                warn!(%error, "tables not refreshed");
            }
        }
        let applied = store.applied();
        let stopped = self.progress.lock().stopped.clone();
        ends.iter().all(|(partition, end)| {
            let read = self.assembler.next(partition).max(applied.get(partition)).unwrap_or(0);
            let topic = self.names.topic(&partition.topic);
            read >= *end
                || stopped.contains_key(&partition.to_string())
                || (quiet && no_message(&self.options, topic, partition.partition, read..*end))
        })
    }
}
