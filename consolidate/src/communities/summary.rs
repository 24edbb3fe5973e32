//! What a community is about, in the words of the events that name most of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use athena_learn::communities::Group;
use athena_schemas::tables::Community;
use datafusion::dataframe::DataFrame;
use datafusion::prelude::{SessionContext, col, lit};

use super::Groups;
use crate::derive::Deriving;
use crate::graph::Line;
use crate::{Result, statements};

const TYPICAL: &str = include_str!("../../sql/typical.sql");

/// Communities that are told of in one run, the largest of each level first, and their members whose events are read.
const COMMUNITIES: usize = 5_000;
const MEMBERS: usize = 12;
/// Members whose events are read along, where any are looked up: those that come to be central later are at hand then.
const NEAR: usize = 2 * MEMBERS;
/// So few events are looked up by their ids; of more, all are read.
const NAMED: usize = 10_000;
/// Events that are at hand for the next run, at most.
const LINES: usize = 40_000;
/// Events that a summary quotes, and characters of each.
const QUOTED: usize = 3;
const CHARS: usize = 160;

const EVENTS: &str = "events";

/// Fills in the summaries and sources of the communities at these places. `lines`: events that were read before, and then
/// those that the next run may need again.
pub async fn summarise(
    deriving: &Deriving<'_>,
    groups: Groups<'_>,
    places: &[usize],
    rows: &mut [Community],
    lines: &mut HashMap<String, Line>,
) -> Result<()> {
    let places = &places[..places.len().min(COMMUNITIES)];
    let weighed: Vec<BTreeMap<&str, f64>> =
        places.iter().map(|at| candidates(groups, &groups.all[*at], MEMBERS)).collect();
    let ids: BTreeSet<&str> = weighed.iter().flat_map(|one| one.keys().copied()).collect();
    read(deriving, groups, &ids, lines).await?;
    for (at, weighed) in places.iter().zip(weighed) {
        let mut typical: Vec<(&str, f64, &str)> = Vec::new();
        for (id, weight) in weighed {
            let Some(Some((kind, line))) = lines.get(id) else { continue };
            if !typical.iter().any(|(_, _, other)| other == line) {
                typical.push((id, weight * telling(kind), line));
            }
        }
        typical.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
        typical.truncate(QUOTED);
        let row = &mut rows[*at];
        row.sources = typical.iter().map(|(id, ..)| (*id).to_owned()).collect();
        let quoted: Vec<&str> = typical.iter().map(|(_, _, line)| *line).collect();
        row.summary = match quoted.is_empty() {
            true => row.top.join(", "),
            false => format!("{}: {}", row.name, quoted.join(" · ")),
        };
    }
    if lines.len() > LINES {
        let near = near(groups);
        lines.retain(|id, _| near.contains(id.as_str()));
    }
    Ok(())
}

/// Reads the events that are not among the lines: most of them are of the sessions that were touched.
async fn read(
    deriving: &Deriving<'_>,
    groups: Groups<'_>,
    ids: &BTreeSet<&str>,
    lines: &mut HashMap<String, Line>,
) -> Result<()> {
    let context = deriving.context;
    let tables: &[&str] = match deriving.pieces {
        [_] => &["happened", EVENTS],
        _ => &[EVENTS],
    };
    for table in tables {
        let mut missing: BTreeSet<&str> = ids.iter().copied().filter(|id| !lines.contains_key(*id)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        if *table == EVENTS {
            missing.extend(near(groups).into_iter().filter(|id| !lines.contains_key(*id)));
        }
        for row in typical(context, context.table(*table).await?, &missing).await? {
            let line = line(&row[2]);
            let told = (!line.is_empty()).then(|| (row[1].clone(), line));
            lines.insert(row[0].clone(), told);
        }
        if *table == EVENTS {
            // What was not found will not be looked for again.
            for id in missing {
                lines.entry(id.to_owned()).or_default();
            }
        }
    }
    Ok(())
}

/// Events that may be needed soon, at most as many as are kept.
fn near(groups: Groups<'_>) -> BTreeSet<&str> {
    let mut near = BTreeSet::new();
    for group in groups.all {
        near.extend(candidates(groups, group, NEAR).into_keys());
        if near.len() >= LINES {
            break;
        }
    }
    near
}

/// Events that may stand for what a community is about: id, type and how they begin, in the order of the log.
async fn typical(
    context: &SessionContext,
    events: DataFrame,
    ids: &BTreeSet<&str>,
) -> Result<Vec<Vec<String>>> {
    let events = match ids.len() <= NAMED {
        true => events.filter(col("id").in_list(ids.iter().map(|id| lit(*id)).collect(), false))?,
        false => events,
    };
    let column: ArrayRef = Arc::new(ids.iter().map(Some).collect::<StringArray>());
    for (name, rows) in [
        ("candidates", context.read_batch(RecordBatch::try_from_iter([("id", column)])?)?),
        ("named", events),
    ] {
        context.deregister_table(name)?;
        context.register_table(name, rows.into_view())?;
    }
    statements::texts(context, TYPICAL).await
}

/// The newest events of the most central members, as many as are asked for, each with what its members weigh together.
fn candidates<'r>(groups: Groups<'r>, group: &Group, members: usize) -> BTreeMap<&'r str, f64> {
    let mut events: BTreeMap<&str, f64> = BTreeMap::new();
    for member in group.members.iter().filter(|one| !one.hub).take(members) {
        for id in groups.rows.evidence(&groups.network.nodes[member.node as usize].id) {
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
