//! The task that commits what the poller read. Weather is waited out; refused ranges are read again.

use std::sync::Arc;
use std::time::Duration;

use athena_schemas::Partition;
use parking_lot::Mutex;
use rdkafka::ClientConfig;
use rdkafka::producer::{FutureProducer, FutureRecord};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::{KafkaOptions, Progress};
use crate::batch::Batch;
use crate::{Error, Result, Writer};

/// A partition that must be read again from an offset.
#[derive(Debug, Clone)]
pub struct Again {
    pub partition: Partition,
    pub offset: i64,
}

const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// After a stop, how long weather is waited out before what was taken is left to the next start.
const PATIENCE_AT_STOP: Duration = Duration::from_secs(8);

pub struct Committer {
    writer: Writer,
    dead_letters: Option<(FutureProducer, String)>,
    progress: Arc<Mutex<Progress>>,
    batches: mpsc::Receiver<Batch>,
    again: mpsc::UnboundedSender<Again>,
    stop: CancellationToken,
}

impl Committer {
    pub fn open(
        writer: Writer,
        options: &KafkaOptions,
        progress: Arc<Mutex<Progress>>,
        batches: mpsc::Receiver<Batch>,
        again: mpsc::UnboundedSender<Again>,
        stop: CancellationToken,
    ) -> Result<Self> {
        let producer: ClientConfig = options.producer();
        let dead_letters = match &options.dead_letters_topic {
            Some(topic) => Some((producer.create()?, topic.clone())),
            None => None,
        };
        Ok(Self { writer, dead_letters, progress, batches, again, stop })
    }

    /// Commits until the poller ends.
    pub async fn run(mut self) -> Result<()> {
        while let Some(batch) = self.batches.recv().await {
            self.commit(batch).await?;
        }
        Ok(())
    }

    async fn commit(&mut self, mut batch: Batch) -> Result<()> {
        self.tell_dead(&batch).await;
        let mut wait = FIRST_WAIT;
        loop {
            let error = match self.writer.write(&mut batch).await {
                Ok(written) => {
                    let mut progress = self.progress.lock();
                    progress.events += written.events as u64;
                    progress.duplicates += written.duplicates.len() as u64;
                    progress.dead_letters += written.dead_letters as u64;
                    progress.commits += 1;
                    progress.broker_error = None;
                    for (partition, offset) in written.gaps {
                        // The poller is gone when it does not listen.
                        let _ = self.again.send(Again { partition, offset });
                    }
                    return Ok(());
                }
                Err(error) => error,
            };
            error!(%error, rows = batch.rows(), "batch not committed");
            if let Error::Store(athena_store::Error::TooNew { .. }) = error {
                return Err(error);
            }
            self.wait(&mut wait, error).await?;
            match self.writer.recover().await {
                Ok(applied) => {
                    for (partition, offset) in batch.trim(&applied) {
                        let _ = self.again.send(Again { partition, offset });
                    }
                }
                Err(error) => self.wait(&mut wait, error).await?,
            }
        }
    }

    /// Waits longer each time; after a stop not for ever.
    async fn wait(&self, wait: &mut Duration, error: Error) -> Result<()> {
        let tried_out = self.stop.is_cancelled() && *wait >= LONGEST_WAIT;
        if tried_out {
            return Err(error);
        }
        tokio::time::sleep((*wait).min(PATIENCE_AT_STOP)).await;
        *wait = (*wait * 2).min(LONGEST_WAIT);
        Ok(())
    }

    /// Tells of dead letters on their topic before they are committed: at least once, keyed by position.
    async fn tell_dead(&self, batch: &Batch) {
        let Some((producer, topic)) = &self.dead_letters else { return };
        let mut sent = Vec::new();
        for letter in &batch.dead_letters {
            let key = format!("{}/{}/{}", letter.log_topic, letter.log_partition, letter.log_offset);
            let headers = rdkafka::message::OwnedHeaders::new()
                .insert(rdkafka::message::Header { key: "athena-field", value: Some(&letter.field) })
                .insert(rdkafka::message::Header { key: "athena-error", value: Some(&letter.message) });
            let record = FutureRecord::to(topic).key(&key).payload(&letter.payload).headers(headers);
            match producer.send_result(record) {
                Ok(delivery) => sent.push(delivery),
                Err((error, _)) => {
                    warn!(%error, "dead letter not told; the table has it");
                    return;
                }
            }
        }
        for delivery in sent {
            if let Ok(Err((error, _))) = delivery.await {
                warn!(%error, "dead letter not told; the table has it");
                return;
            }
        }
    }
}
