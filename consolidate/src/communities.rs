//! Communities: the graph as this run leaves it, the communities before, and Leiden; ids by members, summaries by events.

mod summary;

use std::collections::{BTreeMap, HashMap};

use ahash::AHashMap;
use athena_learn::communities::{
    Before, Earlier, Group, Identity, Member, Network, Read, Rows, groups, identify, partition,
};
use athena_learn::leiden::Options;
use athena_schemas::ids;
use athena_schemas::tables::{Community, CommunityMember};
use athena_schemas::told::Detected;
use datafusion::prelude::SessionContext;

use crate::derive::Deriving;
use crate::graph::{Found, Graph};
use crate::{Error, Result, statements};

const PARTITIONS: &str = include_str!("../sql/partitions.sql");

/// Names that a community is told by, and of these those in its own name.
const TOP: usize = 8;
const IN_NAME: usize = 3;

/// Derives the communities of the project, unless nothing of its graph has changed.
pub async fn derive(deriving: &mut Deriving<'_>, graph: &mut Graph) -> Result<()> {
    let anew = deriving.full || deriving.told_graph;
    if !anew && !deriving.wrote("entities") && !deriving.wrote("relations") {
        return Ok(());
    }
    let context = deriving.context;
    let asked = asked(context).await?;
    let options = Options::new(asked.resolution, asked.seed)?;
    let read = graph.rows.network(graph.sums.totals());
    let Found { communities: known, members: known_members, mut lines } = match graph.found.take() {
        Some(found) => found,
        None => Found {
            communities: deriving.known().await?,
            members: deriving.known().await?,
            ..Found::default()
        },
    };
    let seed = asked.seed as i64;
    let same = known.iter().all(|one| one.resolution == asked.resolution && one.seed == seed);
    let earlier = earlier(&known, &known_members, &read);
    let goes_on = !deriving.full && same && !earlier.of.is_empty();
    let found = partition(&read.network, goes_on.then_some(&earlier), options)?;
    let groups = groups(&read.network, &found, asked.resolution);
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
    let groups = Groups { network: &read.network, rows: &graph.rows, all: &groups };
    summary::summarise(deriving, groups, &anew, &mut rows, &mut lines).await?;
    deriving.put_kept(known, &rows).await?;
    let (mut members, left, fresh) =
        members(deriving.project, &read.network, (groups.all, &identities), known_members);
    deriving.stand::<CommunityMember>(members.len());
    deriving.put(left, fresh.iter().cloned()).await?;
    members.extend(fresh);
    graph.found = Some(Found { communities: rows, members, lines });
    Ok(())
}

/// The groups of a network, and the rows that it is made of.
#[derive(Clone, Copy)]
struct Groups<'a> {
    network: &'a Network,
    rows: &'a Rows,
    all: &'a [Group],
}

/// The resolution and seed that were asked for last.
async fn asked(context: &SessionContext) -> Result<Detected> {
    let body = statements::texts(context, PARTITIONS).await?.pop().and_then(|mut row| row.pop());
    let body = body.map(|body| serde_json::from_str(&body)).transpose();
    let body = body.map_err(|error| Error::internal("partition", error))?;
    Ok(body.unwrap_or_else(|| Detected { resolution: 1.0, ..Detected::default() }))
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

/// The members of all groups: those that stand as they are known, what is left of those that are known, and new ones.
fn members(
    project: &str,
    network: &Network,
    (groups, identities): (&[Group], &[Identity]),
    known: Vec<CommunityMember>,
) -> (Vec<CommunityMember>, Vec<CommunityMember>, Vec<CommunityMember>) {
    let places = known.iter().enumerate();
    let places: AHashMap<(&str, &str), usize> =
        places.map(|(at, one)| ((one.community.as_str(), one.entity.as_str()), at)).collect();
    let (mut stands, mut fresh) = (vec![false; known.len()], Vec::new());
    for (group, identity) in groups.iter().zip(identities) {
        let (level, community) = (group.level as i64, &identity.id);
        for Member { node, centrality, hub } in &group.members {
            let node = &network.nodes[*node as usize];
            let is_same = |known: &CommunityMember| {
                let of_node = known.name == node.name && known.kind == node.kind;
                of_node && known.level == level && known.centrality == *centrality && known.hub == *hub
            };
            match places.get(&(community.as_str(), node.id.as_str())) {
                Some(at) if is_same(&known[*at]) => stands[*at] = true,
                _ => fresh.push(CommunityMember {
                    id: ids::short("mem-", &[community, &node.id]),
                    project: project.to_owned(),
                    community: community.clone(),
                    level,
                    entity: node.id.clone(),
                    name: node.name.clone(),
                    kind: node.kind.clone(),
                    centrality: *centrality,
                    hub: *hub,
                    ..CommunityMember::default()
                }),
            }
        }
    }
    let mut stands = stands.into_iter();
    let (standing, left) = known.into_iter().partition(|_| stands.next() == Some(true));
    (standing, left, fresh)
}
