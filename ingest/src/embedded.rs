//! The embedded log: one topic `local` of one partition, and no file of its own: the `events` table is
//! the log. Whoever holds the directory's lock runs it.
//!
//! Natural group commit: while one batch is committed, the next fills; an idle log commits at once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use athena_schemas::tables::Event;
use athena_schemas::vocabulary::LOCAL_TOPIC;
use athena_schemas::{Applied, Code, Error, Partition, Position, Time};
use athena_store::Store;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tracing::{error, info};

use crate::batch::Batch;
use crate::recent::Recent;
use crate::writer::{Writer, WriterOptions, Written};
use crate::{Command, Place, Receipt, Result, Submission, last_times, log, state};

/// How often the runtime is let run before a batch that others may join is written.
const TURNS: usize = 200;

#[derive(Debug, Clone)]
pub struct EmbeddedOptions {
    /// Rows that one commit takes at most.
    pub batch_rows: usize,
    /// Rows that wait at most; more are refused with `resource_exhausted`.
    pub queue_rows: usize,
    pub writer: WriterOptions,
}

impl Default for EmbeddedOptions {
    fn default() -> Self {
        Self { batch_rows: 50_000, queue_rows: 200_000, writer: WriterOptions::default() }
    }
}

/// A handle on the embedded log. It stops when the last handle is gone.
#[derive(Clone)]
pub struct EmbeddedLog {
    queue: mpsc::UnboundedSender<Request>,
    room: Arc<Semaphore>,
    queue_rows: usize,
    commits: watch::Receiver<Applied>,
    recent: Arc<Recent>,
    store: Arc<Store>,
}

struct Request {
    submission: Submission,
    reply: oneshot::Sender<std::result::Result<Done, Error>>,
    _room: OwnedSemaphorePermit,
}

/// What became of a request, for its waiter.
struct Done {
    receipt: Receipt,
    answer: Option<std::result::Result<serde_json::Value, Error>>,
}

impl EmbeddedLog {
    /// Starts the log on a store whose lock this process holds. The task ends when all handles are gone
    /// and what they sent is committed.
    pub async fn start(store: Arc<Store>, options: EmbeddedOptions) -> Result<(Self, JoinHandle<()>)> {
        let topics = [LOCAL_TOPIC.to_owned()];
        let writer = Writer::open(store.clone(), &topics, options.writer.clone()).await?;
        let partition = Partition::new(LOCAL_TOPIC, 0);
        let newest = last_times(&store).await?.remove(&partition).unwrap_or_default();
        let (queue, requests) = mpsc::unbounded_channel();
        let next = writer.commits().borrow().get(&partition).unwrap_or(0);
        let recent = Arc::new(Recent::default());
        recent.begin(next);
        let log = Self {
            queue,
            room: Arc::new(Semaphore::new(options.queue_rows)),
            queue_rows: options.queue_rows,
            commits: writer.commits(),
            recent: recent.clone(),
            store,
        };
        let task = Task { writer, requests, recent, partition, next, newest, options, broken: false };
        Ok((log, tokio::spawn(task.run())))
    }

    /// Events that wait to be written, and so many at most.
    pub fn waiting(&self) -> (usize, usize) {
        (self.queue_rows - self.room.available_permits(), self.queue_rows)
    }

    /// Tells what is applied after each commit.
    pub fn commits(&self) -> watch::Receiver<Applied> {
        self.commits.clone()
    }

    /// The events that are meant and that `found` has not; `None` where not all up to `target` are at hand.
    pub fn recent(
        &self,
        found: &Applied,
        target: &Position,
        is_meant: impl Fn(&Event) -> bool,
    ) -> Option<Vec<Event>> {
        let partition = Partition::new(LOCAL_TOPIC, 0);
        let mut others = target.clone();
        let to = others.0.remove(&partition).unwrap_or(0);
        if !found.covers(&others) {
            return None;
        }
        self.recent.since(found.get(&partition).unwrap_or(0), to, is_meant)
    }

    pub async fn append(&self, submission: Submission) -> std::result::Result<Receipt, Error> {
        if submission.drafts.is_empty() {
            let position = self.commits.borrow().clone();
            return Ok(Receipt { duplicates: Some(0), position, ..Receipt::default() });
        }
        Ok(self.request(submission).await?.receipt)
    }

    pub async fn command(&self, command: Command) -> std::result::Result<log::Answer, Error> {
        let (actor, origin) = (command.actor.clone(), command.origin);
        let draft = command.into_draft();
        let known = log::Known::of(&draft);
        let done = self.request(Submission { drafts: vec![draft], actor, origin }).await?;
        let position = done.receipt.position;
        let result = match (done.answer, known) {
            (Some(result), _) => result?,
            // The same command was there before: what it answered then is the answer.
            (None, Some(known)) => state::stored_result(&self.store, &known).await??,
            (None, None) => return Err(Error::internal("a command without an id was a duplicate")),
        };
        log::answer(result, position)
    }

    async fn request(&self, submission: Submission) -> std::result::Result<Done, Error> {
        let rows = u32::try_from(submission.drafts.len()).unwrap_or(u32::MAX);
        let full = || {
            Error::new(Code::ResourceExhausted, format!("{} rows wait to be written", self.queue_rows))
                .hint("send again after a second, or send fewer at once")
        };
        let room = self.room.clone().try_acquire_many_owned(rows).map_err(|_| full())?;
        let (reply, answer) = oneshot::channel();
        let stopped = || Error::unavailable("the log has stopped");
        self.queue.send(Request { submission, reply, _room: room }).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

/// The task that owns the writer.
struct Task {
    writer: Writer,
    requests: mpsc::UnboundedReceiver<Request>,
    recent: Arc<Recent>,
    partition: Partition,
    /// The next offset to give.
    next: i64,
    /// The largest log time given: it never falls, whatever the clock does.
    newest: Time,
    options: EmbeddedOptions,
    /// The last write failed: look at the tables before the next.
    broken: bool,
}

impl Task {
    async fn run(mut self) {
        let mut before = 1;
        while let Some(first) = self.requests.recv().await {
            let mut requests = vec![first];
            let mut rows = requests[0].submission.drafts.len();
            // Those who waited for the last commit send again at once: let as many run as there were,
            // or the first would have a commit of its own and the others wait for two.
            let mut turns = if before > 1 { TURNS } else { 0 };
            while rows < self.options.batch_rows {
                match self.requests.try_recv() {
                    Ok(request) => {
                        rows += request.submission.drafts.len();
                        requests.push(request);
                    }
                    Err(_) if turns > 0 && requests.len() < before => {
                        turns -= 1;
                        tokio::task::yield_now().await;
                    }
                    Err(_) => break,
                }
            }
            before = requests.len();
            self.handle(requests).await;
        }
        info!(next_offset = self.next, "log stopped");
    }

    async fn handle(&mut self, mut requests: Vec<Request>) {
        if self.broken
            && let Err(error) = self.recover().await
        {
            return refuse(requests, &error.into());
        }
        let from = self.next;
        let mut batch = Batch::default();
        let mut ends = Vec::with_capacity(requests.len());
        let mut rejected = None;
        for request in &mut requests {
            let begin = self.next;
            if let Err(error) = self.place(request, &mut batch) {
                rejected = Some(error);
                break;
            }
            ends.push((begin, self.next));
        }
        if let Some(error) = rejected {
            self.next = from;
            return refuse(requests, &error);
        }
        batch.reach(&self.partition, from, self.next);
        match self.writer.write(&mut batch).await {
            Ok(written) => {
                self.remember(from, batch, &written);
                answer(requests, &ends, &self.partition, written);
            }
            Err(error) => {
                error!(%error, rows = self.next - from, "batch not written");
                self.broken = true;
                refuse(requests, &error.into());
            }
        }
    }

    /// Keeps what is new of a batch at hand.
    fn remember(&self, from: i64, batch: Batch, written: &Written) {
        let duplicates: HashSet<u64> = written.duplicates.iter().copied().collect();
        let new = batch.events.into_iter().filter(|event| !duplicates.contains(&event.position));
        match written.lost {
            0 => self.recent.add((from, self.next), new.collect()),
            _ => self.recent.begin(self.next),
        }
    }

    /// Gives each draft its place.
    fn place(&mut self, request: &mut Request, batch: &mut Batch) -> std::result::Result<(), Error> {
        let number = self.writer.topic_number(LOCAL_TOPIC);
        let topic_number = number.ok_or_else(|| Error::internal("topic local has no number"))?;
        let submission = &mut request.submission;
        for draft in std::mem::take(&mut submission.drafts) {
            self.newest = self.newest.max(Time::now());
            let place = Place {
                topic: LOCAL_TOPIC,
                topic_number,
                partition: 0,
                offset: self.next,
                received_at: self.newest,
                actor: &submission.actor,
                origin: submission.origin,
            };
            batch.events.push(draft.place(&place)?);
            self.next += 1;
        }
        Ok(())
    }

    async fn recover(&mut self) -> Result<()> {
        let applied = self.writer.recover().await?;
        self.next = applied.get(&self.partition).unwrap_or(0);
        self.broken = false;
        self.recent.begin(self.next);
        info!(next_offset = self.next, "log recovered");
        Ok(())
    }
}

fn refuse(requests: Vec<Request>, error: &Error) {
    for request in requests {
        // A waiter that went away needs no answer.
        let _ = request.reply.send(Err(error.clone()));
    }
}

fn answer(requests: Vec<Request>, ends: &[(i64, i64)], partition: &Partition, written: Written) {
    // Positions of topic number 0, partition 0, are the offsets.
    let duplicates: HashSet<i64> = written.duplicates.iter().map(|p| *p as i64).collect();
    let mut answers: HashMap<i64, _> =
        written.answers.into_iter().map(|a| (a.position as i64, a.result)).collect();
    for (request, (begin, end)) in requests.into_iter().zip(ends) {
        let dropped = (*begin..*end).filter(|offset| duplicates.contains(offset)).count() as u64;
        let mut position = Position::default();
        position.set(partition.clone(), *end);
        let receipt = Receipt {
            accepted: (end - begin) as u64 - dropped,
            duplicates: Some(dropped),
            position,
            pending: false,
        };
        let answer = answers.remove(begin);
        let _ = request.reply.send(Ok(Done { receipt, answer }));
    }
}
