//! `athena communities EDGES.tsv`: which nodes of any graph belong together, by the Leiden algorithm.
//!
//! ```text
//! lines ─▶ edges, names by number ─▶ graph ─▶ communities ─▶ a line for each node
//! ```

mod edges;

use std::process::ExitCode;
use std::time::Instant;

use athena_learn::leiden::{self, Graph, Options};
use serde::Serialize;

use crate::exit::usage;
use crate::out::{Out, count};
use edges::Edges;

/// Bytes of answer that are written at once.
const WRITE_BYTES: usize = 1 << 16;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Lines of from, to and perhaps a weight, separated by tabs; - is standard input.
    #[arg(value_name = "EDGES.tsv")]
    pub edges: String,
    /// Above 1 for more and smaller communities, below for fewer and larger ones.
    #[arg(long, default_value_t = 1.0, value_name = "X")]
    pub resolution: f64,
    /// Decides what chance decides; the same seed gives the same answer.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// Tell all levels of each node's communities, the finest first.
    #[arg(long)]
    pub levels: bool,
}

/// A node's line.
#[derive(Debug, Serialize)]
struct Line<'a> {
    node: &'a str,
    community: Place<'a>,
}

/// The community of a node, or those at all levels.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Place<'a> {
    One(u32),
    Levels(&'a [u32]),
}

/// The last line, on standard error.
#[derive(Debug, Serialize)]
struct Summary {
    nodes: usize,
    edges: usize,
    communities: usize,
    modularity: f64,
    seconds: f64,
}

pub fn run(args: &Args, out: Out) -> anyhow::Result<ExitCode> {
    let options = Options::new(args.resolution, args.seed).map_err(|error| usage(error.to_string()))?;
    let began = Instant::now();
    let Edges { names, edges } = edges::read(&args.edges)?;
    let graph = Graph::from_edges(names.len(), &edges)?;
    drop(edges);
    let found = leiden::communities(&graph, options);
    let levels = args.levels.then(|| leiden::levels(&graph, &found, options));
    let seconds = began.elapsed().as_secs_f64();
    let place = |node: usize| match &levels {
        None => vec![found[node]],
        Some(levels) => levels.iter().map(|level| level[node]).collect(),
    };
    match out.human {
        true => table(&names, place, out)?,
        false => lines(&names, place, args.levels, out)?,
    }
    let summary = Summary {
        nodes: graph.nodes(),
        edges: graph.edges(),
        communities: leiden::count(&found),
        modularity: graph.modularity(&found, options.resolution()),
        seconds,
    };
    tell(&summary, out)?;
    Ok(ExitCode::SUCCESS)
}

fn lines(
    names: &[impl AsRef<str>],
    place: impl Fn(usize) -> Vec<u32>,
    levels: bool,
    out: Out,
) -> anyhow::Result<()> {
    let mut buffer = Vec::with_capacity(2 * WRITE_BYTES);
    for (node, name) in names.iter().enumerate() {
        let place = place(node);
        let community = match place.as_slice() {
            [one] if !levels => Place::One(*one),
            all => Place::Levels(all),
        };
        serde_json::to_writer(&mut buffer, &Line { node: name.as_ref(), community })?;
        buffer.push(b'\n');
        if buffer.len() >= WRITE_BYTES {
            out.raw(&buffer)?;
            buffer.clear();
        }
    }
    Ok(out.raw(&buffer)?)
}

/// For people: the communities one after the other, the largest first.
fn table(names: &[impl AsRef<str>], place: impl Fn(usize) -> Vec<u32>, out: Out) -> anyhow::Result<()> {
    let mut nodes: Vec<(Vec<u32>, &str)> =
        names.iter().enumerate().map(|(node, name)| (place(node), name.as_ref())).collect();
    nodes.sort_by(|(a, _), (b, _)| a.iter().rev().cmp(b.iter().rev()));
    let cells = |(place, name): &(Vec<u32>, &str)| {
        let numbers: Vec<String> = place.iter().map(u32::to_string).collect();
        vec![(*name).to_owned(), numbers.join(" < ")]
    };
    let rows: Vec<Vec<String>> = nodes.iter().map(cells).collect();
    Ok(out.table(&["node", "community"], &rows)?)
}

fn tell(summary: &Summary, out: Out) -> anyhow::Result<()> {
    match out.human {
        false => eprintln!("{}", serde_json::to_string(summary)?),
        true => eprintln!(
            "{} nodes, {} edges: {} communities of modularity {:.4} in {:.2} s",
            count(summary.nodes as u64),
            count(summary.edges as u64),
            count(summary.communities as u64),
            summary.modularity,
            summary.seconds
        ),
    }
    Ok(())
}
