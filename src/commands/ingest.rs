//! `athena ingest`: from Kafka into the tables.

use std::process::ExitCode;

use anyhow::{Context, bail};
use athena_ingest::kafka::{Decisions, Drained, Ingester};
use tokio_util::sync::CancellationToken;

use super::stop;
use crate::args::{Place, flag};
use crate::config::Flag;
use crate::exit::usage;
use crate::node;
use crate::out::{Out, count};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub place: Place,
    /// A topic of events; may be repeated.
    #[arg(long, value_name = "TOPIC")]
    topic: Vec<String>,
    /// The consumer group.
    #[arg(long)]
    group: Option<String>,
    /// Stop at the end offsets seen at the start.
    #[arg(long)]
    once: bool,
    /// Go on where a topic begins, although what was before was never read. Each gap becomes a row.
    #[arg(long)]
    accept_gap: bool,
    /// Take a topic that ends before what was read as a new one.
    #[arg(long)]
    new_log: bool,
}

impl Args {
    pub fn flags(&self) -> Vec<Flag> {
        let topics = (!self.topic.is_empty()).then(|| Flag {
            name: "--topic",
            key: "kafka.events_topics",
            value: self.topic.iter().map(String::as_str).collect::<Vec<_>>().into(),
        });
        let group = flag("--group", "kafka.group", self.group.as_ref());
        self.place.flags().into_iter().chain(topics).chain(group).collect()
    }
}

pub async fn run(args: &Args, settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let config = &settings.config;
    if config.kafka.bootstrap.is_empty() {
        return Err(usage("ingest reads Kafka: give --kafka HOST:PORT, or set ATHENA_KAFKA"));
    }
    let store = node::open(config).await?;
    let options = node::kafka_options(config, store.secret);
    if options.topics.is_empty() {
        return Err(usage(format!(
            "--topic {} alone has no events; name a topic of events",
            config.kafka.commands_topic
        )));
    }
    let stop = CancellationToken::new();
    let decisions = Decisions { accept_gap: args.accept_gap, new_log: args.new_log };
    let ingester = Ingester::start(store.clone(), options, decisions, args.once, stop.clone());
    let ingester = ingester.await.context("start ingest")?;
    let upkeep = tokio::spawn({
        let (store, options, stop) = (store.clone(), node::maintenance(config), stop.clone());
        async move { store.keep_up(options, stop.cancelled_owned()).await }
    });
    let ended = ingester.join();
    tokio::pin!(ended);
    let drained = tokio::select! {
        drained = &mut ended => drained,
        told = stop::signal() => {
            told?;
            stop.cancel();
            ended.await
        }
    };
    stop.cancel();
    upkeep.await.context("maintain")?;
    finish(&drained.context("ingest")?, args.once, out)
}

/// A drain that left a partition behind has failed.
fn finish(drained: &Drained, once: bool, out: Out) -> anyhow::Result<ExitCode> {
    let progress = &drained.progress;
    if once {
        match out.human {
            true => out.line(format!(
                "{} events, {} duplicates, {} dead letters in {} commits; applied {}",
                count(progress.events),
                count(progress.duplicates),
                count(progress.dead_letters),
                count(progress.commits),
                drained.applied
            ))?,
            false => out.json(drained)?,
        }
    }
    match progress.stopped.iter().next() {
        Some((partition, why)) => bail!("{partition} stopped: {why}"),
        None => Ok(ExitCode::SUCCESS),
    }
}
