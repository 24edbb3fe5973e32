//! What a community is about, in the words of the events that name most of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use athena_learn::communities::{Group, Read};
use athena_schemas::tables::Community;
use datafusion::prelude::{SessionContext, col, lit};

use crate::{Result, statements};

const TYPICAL: &str = include_str!("../../sql/typical.sql");

/// Communities that are told of in one run, the largest of each level first, and their members whose events are read.
const COMMUNITIES: usize = 5_000;
const MEMBERS: usize = 12;
/// So few events are looked up by their ids; of more, all are read.
const NAMED: usize = 10_000;
/// Events that a summary quotes, and characters of each.
const QUOTED: usize = 3;
const CHARS: usize = 160;

/// Fills in the summaries and sources of the communities at these places.
pub async fn summarise(
    context: &SessionContext,
    read: &Read,
    groups: &[Group],
    places: &[usize],
    rows: &mut [Community],
) -> Result<()> {
    let places = &places[..places.len().min(COMMUNITIES)];
    let weighed: Vec<BTreeMap<&str, f64>> = places.iter().map(|at| candidates(read, &groups[*at])).collect();
    let mut ids: Vec<&str> = weighed.iter().flat_map(|one| one.keys().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = typical(context, &ids).await?;
    let texts: HashMap<&str, (&str, &str)> =
        found.iter().map(|row| (row[0].as_str(), (row[1].as_str(), row[2].as_str()))).collect();
    for (at, weighed) in places.iter().zip(weighed) {
        let mut typical: Vec<(&str, f64, String)> = Vec::new();
        for (id, weight) in weighed {
            let Some((kind, text)) = texts.get(id) else { continue };
            let line = line(text);
            if !line.is_empty() && !typical.iter().any(|(_, _, other)| *other == line) {
                typical.push((id, weight * telling(kind), line));
            }
        }
        typical.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
        typical.truncate(QUOTED);
        let row = &mut rows[*at];
        row.sources = typical.iter().map(|(id, ..)| (*id).to_owned()).collect();
        let quoted: Vec<&str> = typical.iter().map(|(_, _, line)| line.as_str()).collect();
        row.summary = match quoted.is_empty() {
            true => row.top.join(", "),
            false => format!("{}: {}", row.name, quoted.join(" · ")),
        };
    }
    Ok(())
}

/// Events that may stand for what a community is about: id, type and how they begin, in the order of the log.
async fn typical(context: &SessionContext, ids: &[&str]) -> Result<Vec<Vec<String>>> {
    let mut events = context.table("events").await?;
    if ids.len() <= NAMED {
        events = events.filter(col("id").in_list(ids.iter().map(|id| lit(*id)).collect(), false))?;
    }
    let column: ArrayRef = Arc::new(StringArray::from(ids.to_vec()));
    for (name, rows) in [
        ("candidates", context.read_batch(RecordBatch::try_from_iter([("id", column)])?)?),
        ("named", events),
    ] {
        context.deregister_table(name)?;
        context.register_table(name, rows.into_view())?;
    }
    statements::texts(context, TYPICAL).await
}

/// The newest events of the most central members, each with what its members weigh together.
fn candidates<'r>(read: &'r Read, group: &Group) -> BTreeMap<&'r str, f64> {
    let mut events: BTreeMap<&str, f64> = BTreeMap::new();
    for member in group.members.iter().filter(|one| !one.hub).take(MEMBERS) {
        for id in &read.evidence[member.node as usize] {
            *events.entry(id.as_str()).or_default() += member.centrality;
        }
    }
    events
}

/// What people say tells more than what programs print.
fn telling(kind: &str) -> f64 {
    match kind {
        "message" | "commit" | "decision" | "plan" | "success" => 2.0,
        "tool_result" | "code_index" => 0.5,
        _ => 1.0,
    }
}

fn line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(CHARS).collect()
}
