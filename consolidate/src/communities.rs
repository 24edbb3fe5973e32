//! Communities: the graph as this run leaves it, the communities before, and Leiden; ids by members, summaries by events.

mod summary;

use std::collections::{BTreeMap, HashMap};

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use athena_learn::communities::{
    Before, Earlier, Group, Identity, Link, Network, Node, groups, identify, partition,
};
use athena_learn::entities::Totals;
use athena_learn::leiden::Options;
use athena_schemas::tables::{Community, CommunityMember, Entity, Relation};
use athena_schemas::told::Detected;
use athena_schemas::{Column, ids};
use datafusion::prelude::SessionContext;

use crate::derive::Deriving;
use crate::graph::{as_written, now};
use crate::{Result, statements};

const NODES: &str = include_str!("../sql/network_nodes.sql");
const LINKS: &str = include_str!("../sql/network_links.sql");
const PARTITIONS: &str = include_str!("../sql/partitions.sql");

/// Names that a community is told by, and of these those in its own name.
const TOP: usize = 8;
const IN_NAME: usize = 3;

/// Entities with their newest events, and the network of them.
struct Read {
    network: Network,
    evidence: Vec<Vec<String>>,
    /// Entities that this run has changed, or whose relations it has.
    changed: Vec<u32>,
}

/// Derives the communities of the project, unless nothing of its graph has changed. `totals`: how much there is that
/// names anything, where that may have changed.
pub async fn derive(deriving: &mut Deriving<'_>, totals: Option<Totals>) -> Result<()> {
    let anew = deriving.full || deriving.told_graph;
    let changed = anew || deriving.wrote("entities") || deriving.wrote("relations");
    let Some(totals) = totals.filter(|_| changed) else { return Ok(()) };
    let context = as_written(deriving).await?;
    context.register_table("now_entities", now::<Entity>(&context, deriving.run).await?.into_view())?;
    context.register_table("now_relations", now::<Relation>(&context, deriving.run).await?.into_view())?;
    let asked = asked(&context).await?;
    let options = Options::new(asked.resolution, asked.seed)?;
    let read = network(&context, deriving.run, totals).await?;
    let known: Vec<Community> = deriving.known().await?;
    let known_members: Vec<CommunityMember> = deriving.known().await?;
    let seed = asked.seed as i64;
    let same = known.iter().all(|one| one.resolution == asked.resolution && one.seed == seed);
    let earlier = earlier(&known, &known_members, &read);
    let goes_on = !deriving.full && same && !earlier.of.is_empty();
    let found = partition(&read.network, goes_on.then_some(&earlier), options)?;
    let groups = groups(&read.network, &found, asked.resolution)?;
    let before = before(&known, &known_members);
    let identities = identify(&read.network, &groups, &before);
    let mut rows = rows(deriving.project, &read, &groups, &identities, &asked);
    let kept: HashMap<&str, &Community> = known.iter().map(|one| (one.id.as_str(), one)).collect();
    let is_same = |row: &Community| {
        let old = kept.get(row.id.as_str());
        old.is_some_and(|old| old.top == row.top && old.size == row.size && !old.sources.is_empty())
    };
    // What a community is about is told anew when its members are others.
    let anew: Vec<usize> = (0..rows.len()).filter(|at| deriving.full || !is_same(&rows[*at])).collect();
    for (at, row) in rows.iter_mut().enumerate() {
        if let (Some(old), Err(_)) = (kept.get(row.id.as_str()), anew.binary_search(&at)) {
            (row.summary, row.sources) = (old.summary.clone(), old.sources.clone());
        }
    }
    summary::summarise(&context, &read, &groups, &anew, &mut rows).await?;
    let members = members(deriving.project, &read.network, &groups, &identities);
    deriving.put(known, rows).await?;
    deriving.put(known_members, members).await
}

/// The resolution and seed that were asked for last.
async fn asked(context: &SessionContext) -> Result<Detected> {
    let body = statements::texts(context, PARTITIONS).await?.pop().and_then(|mut row| row.pop());
    let body = body.map(|body| serde_json::from_str(&body)).transpose();
    let body = body.map_err(|error| athena_schemas::Error::internal(format!("partition: {error}")))?;
    Ok(body.unwrap_or_else(|| Detected { resolution: 1.0, ..Detected::default() }))
}

async fn network(context: &SessionContext, run: &str, totals: Totals) -> Result<Read> {
    let (mut nodes, mut evidence, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for batch in context.sql(NODES).await?.collect().await? {
        let text = |at: usize| arrow::compute::cast(batch.column(at), &DataType::Utf8);
        let whole = |at: usize| arrow::compute::cast(batch.column(at), &DataType::Int64);
        let (id, of, name, kind, events) = (text(0)?, text(1)?, text(2)?, text(3)?, text(6)?);
        let (sessions, contexts) = (whole(4)?, whole(5)?);
        let read = |array: &ArrayRef, row| <Option<String> as Column>::read(array, row).unwrap_or_default();
        for row in 0..batch.num_rows() {
            if read(&of, row) == run {
                changed.push(nodes.len() as u32);
            }
            nodes.push(Node {
                id: read(&id, row),
                name: read(&name, row),
                kind: read(&kind, row),
                sessions: sessions.as_primitive::<Int64Type>().value(row),
                contexts: contexts.as_primitive::<Int64Type>().value(row),
            });
            let events = read(&events, row);
            evidence.push(events.split('|').filter(|one| !one.is_empty()).map(str::to_owned).collect());
        }
    }
    let places: HashMap<&str, u32> = (0..).zip(&nodes).map(|(at, node)| (node.id.as_str(), at)).collect();
    let mut links = Vec::new();
    for batch in context.sql(LINKS).await?.collect().await? {
        let text = |at: usize| arrow::compute::cast(batch.column(at), &DataType::Utf8);
        let (from, to, of, kind) = (text(0)?, text(1)?, text(2)?, text(3)?);
        let support = arrow::compute::cast(batch.column(4), &DataType::Int64)?;
        let weight = arrow::compute::cast(batch.column(5), &DataType::Float64)?;
        let told = batch.column(6).as_boolean().clone();
        let read = |array: &ArrayRef, row| <String as Column>::read(array, row);
        for row in 0..batch.num_rows() {
            let end = |array: &ArrayRef| places.get(read(array, row).as_str()).copied();
            let (Some(from), Some(to)) = (end(&from), end(&to)) else { continue };
            if read(&of, row) == run {
                changed.extend([from, to]);
            }
            links.push(Link {
                from,
                to,
                kind: read(&kind, row),
                support: support.as_primitive::<Int64Type>().value(row),
                weight: weight.as_primitive::<Float64Type>().value(row),
                told: told.value(row),
            });
        }
    }
    drop(places);
    Ok(Read { network: Network::new(nodes, &links, totals), evidence, changed })
}

fn earlier<'a>(known: &'a [Community], members: &'a [CommunityMember], read: &'a Read) -> Earlier<'a> {
    let top = |level: i64| level == 0;
    let of = members.iter().filter(|one| top(one.level) && !one.hub);
    Earlier {
        of: of.map(|one| (one.entity.as_str(), one.community.as_str())).collect(),
        changed: read.changed.iter().map(|at| read.network.nodes[*at as usize].id.as_str()).collect(),
        modularity: known.iter().filter(|one| top(one.level)).map(|one| one.modularity_share).sum(),
    }
}

fn before(known: &[Community], members: &[CommunityMember]) -> Vec<Before> {
    let mut of: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in members.iter().filter(|one| !one.hub) {
        of.entry(one.community.as_str()).or_default().push(one.entity.clone());
    }
    let one = |one: &Community| Before {
        id: one.id.clone(),
        level: usize::try_from(one.level).unwrap_or_default(),
        members: of.remove(one.id.as_str()).unwrap_or_default(),
        replaces: one.replaces.clone(),
    };
    known.iter().map(one).collect()
}

fn rows(
    project: &str,
    read: &Read,
    groups: &[Group],
    identities: &[Identity],
    asked: &Detected,
) -> Vec<Community> {
    let row = |(group, identity): (&Group, &Identity)| {
        let names = group.members.iter().map(|one| read.network.nodes[one.node as usize].name.clone());
        let top: Vec<String> = names.take(TOP).collect();
        Community {
            id: identity.id.clone(),
            project: project.to_owned(),
            level: group.level as i64,
            parent: group.parent.map(|parent| identities[parent].id.clone()),
            name: top[..top.len().min(IN_NAME)].join(", "),
            size: group.members.len() as i64,
            modularity_share: group.share,
            top,
            replaces: identity.replaces.clone(),
            resolution: asked.resolution,
            seed: asked.seed as i64,
            ..Community::default()
        }
    };
    groups.iter().zip(identities).map(row).collect()
}

fn members(
    project: &str,
    network: &Network,
    groups: &[Group],
    identities: &[Identity],
) -> Vec<CommunityMember> {
    let of = |(group, identity): (&Group, &Identity)| {
        let (level, community) = (group.level as i64, identity.id.clone());
        let row = |member: &athena_learn::communities::Member| {
            let node = &network.nodes[member.node as usize];
            CommunityMember {
                id: ids::short("mem-", &[&community, &node.id]),
                project: project.to_owned(),
                community: community.clone(),
                level,
                entity: node.id.clone(),
                name: node.name.clone(),
                kind: node.kind.clone(),
                centrality: member.centrality,
                hub: member.hub,
                ..CommunityMember::default()
            }
        };
        group.members.iter().map(row).collect::<Vec<_>>()
    };
    groups.iter().zip(identities).flat_map(of).collect()
}
