//! `athena import FILE…`: events from files, each line once however often it is imported.
//!
//! ```text
//! files ─▶ lines ─▶ drafts (adapters) ─▶ chunks ─▶ POST /v1/events
//! ```

mod chunks;
mod event;
mod files;

use std::collections::BTreeSet;
use std::ops::Range;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use athena_ingest::adapters::Format;
use athena_schemas::wire::Accepted;
use athena_schemas::{Code, Position};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use tokio::sync::mpsc;

use crate::args;
use crate::client::{Client, Request};
use crate::exit::FAILED;
use crate::node;
use crate::out::{Out, count};
use chunks::{Chunk, Reader, Rejection};

pub use files::File;

/// Rejections that are told one by one; the rest is counted.
const TOLD: usize = 20;
/// Chunks that are read ahead.
const AHEAD: usize = 2;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders of which all *.jsonl and *.traj below are taken; - is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// auto, plain, cloudevents, claude-code, messages, swe-agent or openhands.
    #[arg(long, default_value = "auto", value_parser = format)]
    pub format: Format,
    #[command(flatten)]
    pub client: args::Client,
}

/// What became of the files.
#[derive(Debug, Default, Serialize)]
pub struct Imported {
    pub files: usize,
    pub accepted: u64,
    /// Null when the log had not applied everything yet.
    pub duplicates: Option<u64>,
    pub rejected: u64,
    pub seconds: f64,
    pub position: Position,
    pub projects: BTreeSet<String>,
}

pub async fn run(client: &Client, args: &Args, out: Out) -> anyhow::Result<ExitCode> {
    let files = files::list(&args.files)?;
    let done = import(client, files, args.format, out.human).await?;
    if out.human {
        let known =
            done.duplicates.map_or("duplicates not known yet".into(), |n| format!("{} known", count(n)));
        let (files, new, rejected) = (count(done.files as u64), count(done.accepted), count(done.rejected));
        let rate = (done.accepted as f64 / done.seconds.max(0.001)) as u64;
        let projects: Vec<&str> = done.projects.iter().map(String::as_str).collect();
        out.line(format!(
            "{new} events from {files} files in {:.1} s ({}/s) into {}; {known}, {rejected} rejected",
            done.seconds,
            count(rate),
            projects.join(", ")
        ))?;
    } else {
        out.json(&done)?;
    }
    Ok(if done.rejected == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Sends all events of the files, in order, and tells on standard error what was rejected.
///
/// # Errors
/// A file that cannot be read; a server that does not take events. What was sent before is kept, and
/// not sent twice by importing again.
pub async fn import(
    client: &Client,
    files: Vec<File>,
    format: Format,
    progress: bool,
) -> anyhow::Result<Imported> {
    let limits = node::limits(&client.settings().config);
    let began = Instant::now();
    let mut done = Imported { files: files.len(), duplicates: Some(0), ..Imported::default() };
    let bar = bar(files.iter().map(|file| file.bytes).sum::<Option<u64>>(), progress);
    let (sender, mut chunks) = mpsc::channel(AHEAD);
    let reader = Reader::new(files, format, limits, client.named_project());
    let reading =
        tokio::task::spawn_blocking(move || reader.run(|chunk| sender.blocking_send(chunk).is_ok()));
    while let Some(chunk) = chunks.recv().await {
        let Chunk { lines, places, projects, mut rejected, bytes, .. } = chunk;
        done.projects.extend(projects.into_iter().flatten());
        // What is to be sent, from the end: a request that is refused as a whole is sent in halves.
        let mut rest = Vec::new();
        rest.push(0..lines.len());
        while let Some(range) = rest.pop().filter(|range: &Range<usize>| !range.is_empty()) {
            let accepted = match send(client, &lines[range.clone()]).await? {
                Ok(accepted) => accepted,
                Err(_) if range.len() > 1 => {
                    let middle = range.start + range.len() / 2;
                    rest.extend([middle..range.end, range.start..middle]);
                    continue;
                }
                Err(error) => {
                    let place = places[range.start].clone();
                    rejected.push(Rejection::new(place, error.field.as_deref(), &error.message));
                    continue;
                }
            };
            done.accepted += accepted.accepted;
            done.duplicates = done.duplicates.zip(accepted.duplicates).map(|(before, more)| before + more);
            done.position.merge(&accepted.position);
            if done.projects.is_empty() {
                done.projects.insert(accepted.project);
            }
            for one in accepted.rejected {
                let index = usize::try_from(one.index).ok().map(|index| range.start + index);
                let Some(place) = index.and_then(|index| places.get(index)) else {
                    bail!("the server rejected event {} of a request of {}", one.index, range.len());
                };
                rejected.push(Rejection::new(place.clone(), one.field.as_deref(), &one.message));
            }
        }
        for rejection in rejected {
            if done.rejected < TOLD as u64 {
                bar.suspend(|| eprintln!("athena: {rejection}"));
            }
            done.rejected += 1;
        }
        bar.set_position(bytes);
        bar.set_message(count(done.accepted));
    }
    bar.finish_and_clear();
    reading.await.context("read files")??;
    if done.rejected > TOLD as u64 {
        eprintln!("athena: … and {} more rejected", count(done.rejected - TOLD as u64));
    }
    done.seconds = began.elapsed().as_secs_f64();
    Ok(done)
}

/// What the server says of events, or why it takes none of them.
async fn send(client: &Client, lines: &[String]) -> anyhow::Result<Result<Accepted, athena_schemas::Error>> {
    let body = lines.join("\n").into_bytes();
    let request = Request::post("/v1/events", "application/x-ndjson", body).header("athena-door", "import");
    match client.send(&request).await?.ok() {
        Ok(answer) => Ok(Ok(answer.json()?)),
        Err(error) => match error.downcast::<athena_schemas::Error>() {
            Ok(refused) if refused.code == Code::InvalidArgument => Ok(Err(refused)),
            Ok(other) => Err(other.into()),
            Err(error) => Err(error),
        },
    }
}

/// On standard error, and nowhere when nobody watches.
fn bar(bytes: Option<u64>, shown: bool) -> ProgressBar {
    let bar = match (shown, bytes) {
        (false, _) => return ProgressBar::hidden(),
        (true, Some(bytes)) => ProgressBar::new(bytes).with_style(
            ProgressStyle::with_template(
                "{bar:40} {percent:>3} %  {msg} events  {bytes_per_sec}  {eta} left",
            )
            .expect("the template is well-formed"),
        ),
        (true, None) => ProgressBar::no_length().with_style(
            ProgressStyle::with_template("{spinner} {bytes}  {msg} events")
                .expect("the template is well-formed"),
        ),
    };
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn format(text: &str) -> Result<Format, String> {
    Format::parse(text).ok_or_else(|| format!("formats are {}", Format::NAMES.join(", ")))
}
