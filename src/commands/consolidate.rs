//! `athena consolidate`: learns from the tables.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use athena_consolidate::{Embedder, Shard, Worker};
use athena_schemas::tables::Run;
use athena_store::{Location, Options, Store};
use tokio_util::sync::CancellationToken;

use super::stop;
use crate::args::Place;
use crate::node;
use crate::out::Out;
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub place: Place,
    /// One run of each project that has news, then stop.
    #[arg(long)]
    once: bool,
    /// Derive everything anew at first, not only what has changed.
    #[arg(long)]
    full: bool,
    /// Only each n-th project, of which this process takes the i-th, from 0.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,
}

pub async fn run(args: &Args, settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let config = &settings.config;
    // The lock belongs to the log: an embedded directory may be consolidated beside who serves it.
    let options = Options {
        index_cache_bytes: config.data.index_cache_bytes,
        metadata_cache_bytes: config.data.metadata_cache_bytes,
        ..Options::new(Location::parse(&config.data.dir)?, None)
    };
    let store = Arc::new(Store::open(options).await.context("open the store")?);
    let options = athena_consolidate::Options { shard: args.shard, ..node::consolidate(config) };
    let mut embedder = Embedder::new(store.clone(), node::embedding(config)?);
    let worker = Worker::new(store, options);
    if args.once {
        let all = async {
            worker.answer_requests().await.context("run what was asked for")?;
            let runs = worker.run(args.full).await.context("consolidate")?;
            embedder.catch_up().await.context("embed")?;
            worker.forget().await.context("purge what was forgotten")?;
            anyhow::Ok(runs)
        };
        tokio::select! {
            runs = all => print(out, &runs?)?,
            told = stop::signal() => told?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    if args.full {
        print(out, &worker.run(true).await.context("consolidate")?)?;
    }
    let stop = CancellationToken::new();
    let embedding = tokio::spawn(embedder.follow(None, stop.clone()));
    let ended = worker.follow(None, stop.clone());
    tokio::pin!(ended);
    tokio::select! {
        ended = &mut ended => ended.context("consolidate")?,
        told = stop::signal() => {
            told?;
            stop.cancel();
            ended.await.context("consolidate")?;
            embedding.await.context("embed")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(out: Out, runs: &[Run]) -> std::io::Result<()> {
    if !out.human {
        return runs.iter().try_for_each(|run| out.json(run));
    }
    let row = |run: &Run| {
        let seconds = (run.ended_at.micros() - run.started_at.micros()) as f64 / 1e6;
        let (number, seconds) = (run.number.to_string(), format!("{seconds:.2}"));
        vec![run.project.clone(), run.id.clone(), number, run.status.clone(), run.rows.clone(), seconds]
    };
    let rows: Vec<_> = runs.iter().map(row).collect();
    match rows.is_empty() {
        true => out.line("nothing new to learn from"),
        false => out.table(&["project", "run", "number", "status", "rows", "seconds"], &rows),
    }
}

fn shard(text: &str) -> Result<Shard, String> {
    let wrong = || "give i/n with i below n, such as 0/2".to_owned();
    let (index, of) = text.split_once('/').ok_or_else(wrong)?;
    let (index, of) = index.parse().ok().zip(of.parse().ok()).ok_or_else(wrong)?;
    if index < of { Ok(Shard { index, of }) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_below_their_number() {
        assert_eq!(shard("1/3").map(|shard| (shard.index, shard.of)), Ok((1, 3)));
        for wrong in ["", "1", "3/3", "-1/2", "a/b", "0/0"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }
}
