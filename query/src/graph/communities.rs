//! The communities of a graph in memory, with their members.

use std::collections::HashMap;

use athena_learn::communities::{Before, Earlier, Group, groups, identify, partition};
use athena_learn::leiden::Options;
use athena_schemas::Error;
use athena_schemas::tables::Community;

use super::Graph;

/// Names that a community is told by, and of these those in its own name.
const TOP: usize = 8;
const IN_NAME: usize = 3;

/// A member of a community.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inside {
    pub node: u32,
    pub centrality: f64,
    pub hub: bool,
}

/// Each level's largest first, the broadest level first.
pub struct Communities {
    pub rows: Vec<Community>,
    pub members: Vec<Vec<Inside>>,
    /// Of each entity, its communities, the broadest first.
    of: HashMap<u32, Vec<usize>>,
    numbers: HashMap<String, usize>,
    /// Of the broadest level.
    pub modularity: f64,
}

impl Communities {
    /// Resolution and seed that are in force, and whether the newest run found its communities by them.
    pub(super) fn asked(graph: &Graph) -> (f64, u64, bool) {
        let (resolution, seed) =
            graph.asked.as_ref().map_or((1.0, 0), |asked| (asked.resolution, asked.seed));
        let same = |one: &Community| one.resolution == resolution && one.seed == seed as i64;
        (resolution, seed, graph.base.communities.iter().all(same))
    }

    /// As the newest run left them.
    pub(super) fn of_run(graph: &Graph) -> Self {
        let base = &graph.base;
        let node = |at: u32| graph.number(&base.entities[at as usize].id);
        let inside = |own: &Vec<(u32, f64, bool)>| {
            let known = own.iter().filter_map(|(at, centrality, hub)| {
                Some(Inside { node: node(*at)?, centrality: *centrality, hub: *hub })
            });
            known.collect()
        };
        Self::new(base.communities.clone(), base.members.iter().map(inside).collect())
    }

    /// Found now: anew, or from those before where only more is told.
    pub(super) fn found(graph: &Graph, resolution: f64, seed: u64, goes_on: bool) -> Result<Self, Error> {
        let network = graph.network();
        let options = Options::new(resolution, seed)?;
        let base = &graph.base;
        let id = |at: u32| base.entities[at as usize].id.as_str();
        let mut earlier = Earlier::default();
        for (community, members) in
            base.communities.iter().zip(&base.members).filter(|(one, _)| one.level == 0)
        {
            earlier.modularity += community.modularity_share;
            let own = members.iter().filter(|(.., hub)| !hub);
            earlier.of.extend(own.map(|(at, ..)| (id(*at), community.id.as_str())));
        }
        let told = graph.ties().iter().filter(|tie| tie.told).flat_map(|tie| [tie.from, tie.to]);
        earlier.changed = told.map(|node| graph.entity(node).id.as_str()).collect();
        let earlier = (goes_on && !earlier.of.is_empty()).then_some(&earlier);
        let found = partition(&network, earlier, options)?;
        let groups = groups(&network, &found, resolution);
        let before: Vec<Before> = base
            .communities
            .iter()
            .zip(&base.members)
            .map(|(one, members)| Before {
                id: one.id.clone(),
                level: usize::try_from(one.level).unwrap_or_default(),
                members: members.iter().filter(|(.., hub)| !hub).map(|(at, ..)| id(*at).to_owned()).collect(),
                replaces: one.replaces.clone(),
            })
            .collect();
        let identities = identify(&network, &groups, &before);
        let summaries: HashMap<&str, &Community> =
            base.communities.iter().map(|one| (one.id.as_str(), one)).collect();
        let row = |(group, identity): (&Group, &athena_learn::communities::Identity)| {
            let names = group.members.iter().map(|one| graph.entity(one.node).name.clone());
            let top: Vec<String> = names.take(TOP).collect();
            let old = summaries.get(identity.id.as_str());
            Community {
                id: identity.id.clone(),
                project: graph.project.clone(),
                level: group.level as i64,
                parent: group.parent.map(|parent| identities[parent].id.clone()),
                name: top[..top.len().min(IN_NAME)].join(", "),
                size: group.members.len() as i64,
                modularity_share: group.share,
                summary: old.map_or_else(|| top.join(", "), |old| old.summary.clone()),
                sources: old.map(|old| old.sources.clone()).unwrap_or_default(),
                top,
                replaces: identity.replaces.clone(),
                resolution,
                seed: seed as i64,
                ..Community::default()
            }
        };
        let rows = groups.iter().zip(&identities).map(row).collect();
        let inside = |group: &Group| {
            let own = group.members.iter();
            own.map(|one| Inside { node: one.node, centrality: one.centrality, hub: one.hub }).collect()
        };
        let mut now = Self::new(rows, groups.iter().map(inside).collect());
        now.modularity = found.modularity;
        Ok(now)
    }

    fn new(rows: Vec<Community>, members: Vec<Vec<Inside>>) -> Self {
        let mut of: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, own) in members.iter().enumerate() {
            own.iter().for_each(|one| of.entry(one.node).or_default().push(at));
        }
        let numbers = rows.iter().enumerate().map(|(at, one)| (one.id.clone(), at)).collect();
        let modularity = rows.iter().filter(|one| one.level == 0).map(|one| one.modularity_share).sum();
        Self { rows, members, of, numbers, modularity }
    }

    /// The communities of an entity, the broadest first.
    pub fn of_node(&self, node: u32) -> &[usize] {
        self.of.get(&node).map_or(&[], Vec::as_slice)
    }

    /// How much an entity lies in the communities of some others with their shares: the part of these that is in its own,
    /// from 0 to 1, the mean over the levels.
    pub fn shared<'a>(&'a self, seeds: &[(u32, f32)]) -> impl Fn(u32) -> f32 + use<'a> {
        let all: f32 = seeds.iter().map(|(_, share)| share).sum();
        let mut shares: HashMap<usize, f32> = HashMap::new();
        for (node, share) in seeds {
            self.of_node(*node).iter().for_each(|at| *shares.entry(*at).or_default() += share / all);
        }
        let levels = self.levels().max(1) as f32;
        move |node| {
            let own = self.of_node(node).iter().filter_map(|at| shares.get(at));
            own.sum::<f32>() / levels
        }
    }

    pub fn number(&self, id: &str) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    /// The community that took the place of one that is no more.
    pub fn replaced(&self, id: &str) -> Option<&Community> {
        self.rows.iter().find(|one| one.replaces.iter().any(|old| old == id))
    }

    pub fn levels(&self) -> i64 {
        self.rows.iter().map(|one| one.level + 1).max().unwrap_or(0)
    }

    /// The members of a community that are no hubs.
    pub fn core(&self, at: usize) -> impl Iterator<Item = &Inside> {
        self.members[at].iter().filter(|one| !one.hub)
    }
}
