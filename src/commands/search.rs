//! `athena search "words"`: hits, best first, each with the part of it that answers.

mod excerpt;

use std::process::ExitCode;

use athena_schemas::Position;
use athena_schemas::wire::{Found, Hit, Kind, Mode, Search};
use console::style;
use serde::de::DeserializeOwned;

use crate::args;
use crate::client::Client;
use crate::out::{Out, clean};

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// What to look for.
    #[arg(required = true)]
    pub words: Vec<String>,
    /// How many hits; as many as the server is set to when not said.
    #[arg(short, long, value_parser = at_least_one)]
    pub k: Option<usize>,
    /// Only this kind, such as event, memory or episode; may be repeated.
    #[arg(long, value_name = "K", value_parser = word::<Kind>)]
    pub kind: Vec<Kind>,
    /// hybrid, text, vector or graph.
    #[arg(long, value_parser = word::<Mode>)]
    pub mode: Option<Mode>,
    #[arg(long)]
    pub session: Option<String>,
    #[arg(long)]
    pub agent: Option<String>,
    /// The type of event, such as `tool_call`.
    #[arg(long = "type", value_name = "TYPE")]
    pub event_type: Option<String>,
    #[arg(long)]
    pub tool: Option<String>,
    #[arg(long)]
    pub outcome: Option<String>,
    #[arg(long)]
    pub tag: Option<String>,
    /// A file or folder that the hit touches or lies below.
    #[arg(long)]
    pub path: Option<String>,
    /// From then on: RFC 3339, or an age such as 2h or 7d.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Before then.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Show what each score is made of.
    #[arg(long)]
    pub explain: bool,
    #[command(flatten)]
    pub client: args::Client,
}

pub async fn run(client: &Client, args: &Args, out: Out) -> anyhow::Result<ExitCode> {
    let search = Search {
        query: args.words.join(" "),
        k: args.k,
        kinds: args.kind.clone(),
        project: client.named_project(),
        session: args.session.clone(),
        agent: args.agent.clone(),
        event_type: args.event_type.clone(),
        tool: args.tool.clone(),
        outcome: args.outcome.clone(),
        tag: args.tag.clone(),
        path: args.path.clone(),
        since: args.since.clone(),
        until: args.until.clone(),
        mode: args.mode.unwrap_or_default(),
        explain: args.explain,
        // Whoever types waits for vectors that are a moment behind.
        after: Some(Position::default()),
        ..Search::default()
    };
    let found: Found = client.ask("/v1/search", &search).await?;
    if out.human {
        people(out, &search.query, &found)?;
    } else {
        for hit in &found.hits {
            out.json(hit)?;
        }
        if !found.degraded.is_empty() {
            eprintln!("athena: the answer is not whole: {}", found.degraded.join(", "));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn people(out: Out, query: &str, found: &Found) -> std::io::Result<()> {
    for (at, hit) in found.hits.iter().enumerate() {
        out.line(format!("{:>2}  {}  {}", at + 1, style(format!("{:.3}", hit.score)).green(), head(hit)))?;
        out.line(format!("    {}", excerpt::bold(&excerpt::around(&hit.content, query), query)))?;
        if let Some(parts) = &hit.parts {
            let parts: Vec<_> = parts.iter().map(|(name, value)| format!("{name} {value:.3}")).collect();
            out.line(format!("    {}", style(parts.join(" · ")).dim()))?;
        }
    }
    let projects = found.projects.join(", ");
    let mut last = match found.hits.len() {
        0 => format!("nothing found in {projects}; --project names another"),
        1 => format!("1 hit in {projects}, {:.1} ms", found.took_ms),
        n => format!("{n} hits in {projects}, {:.1} ms", found.took_ms),
    };
    if !found.degraded.is_empty() {
        last.push_str(&format!("; not whole: {}", found.degraded.join(", ")));
    }
    out.line(style(last).dim())
}

/// Time, place and kind of a hit, in a line.
fn head(hit: &Hit) -> String {
    let time = hit.time.to_string();
    let time = time.get(..16).unwrap_or(&time).replace('T', " ");
    let place =
        [Some(hit.project.as_str()), hit.session.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    let what =
        [hit.event_type.as_deref().or(Some(hit.kind.name())), hit.tool.as_deref(), hit.outcome.as_deref()];
    let what = what.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let (place, what, id) = (clean(&place.join("/")), clean(&what), clean(&hit.id));
    format!("{time}  {}  {what}  {}", style(place).cyan(), style(format!("[{id}]")).dim())
}

/// A word of one of the wire's closed sets.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(0) => Err("at least 1 hit can be asked for".to_owned()),
        parsed => parsed.map_err(|error| error.to_string()),
    }
}
