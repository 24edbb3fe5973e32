//! From the numbers of a partition to groups: members, how central each is, what lies in what.

use std::collections::{BTreeMap, HashMap};

use super::{Network, Partition};

/// An entity alone is no community.
const FEWEST: usize = 2;
/// Places behind the point that centralities and shares are told with: what changes less is unchanged.
const ROUNDED: f64 = 1e4;

/// A community of one level.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// From 0, the broadest.
    pub level: usize,
    /// The group one level up, by its place.
    pub parent: Option<usize>,
    /// The most central first.
    pub members: Vec<Member>,
    /// Its part of the level's modularity.
    pub share: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub node: u32,
    /// The weight of its ties inside, beside the largest.
    pub centrality: f64,
    pub hub: bool,
}

/// The groups of all levels, the broadest level first, each level's largest first.
pub fn groups(network: &Network, partition: &Partition, resolution: f64) -> Vec<Group> {
    let graph = &partition.core;
    let total = graph.total();
    let mut all: Vec<Group> = Vec::new();
    let mut above: HashMap<u32, usize> = HashMap::new();
    for (level, community) in partition.levels.iter().enumerate() {
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for node in (0..network.nodes.len() as u32).filter(|node| !network.hubs[*node as usize]) {
            members.entry(community[node as usize]).or_default().push(node);
        }
        members.retain(|_, nodes| nodes.len() >= FEWEST);
        let (inside, attached) = ties(network, community);
        let mut fresh: Vec<(u32, Group)> = Vec::new();
        for (label, nodes) in members {
            let strong: f64 = nodes.iter().map(|node| graph.strength(*node)).sum();
            let within: f64 = nodes.iter().map(|node| inside[*node as usize]).sum();
            let share =
                if total > 0.0 { within / total - resolution * (strong / total).powi(2) } else { 0.0 };
            let hubs = attached.get(&label).into_iter().flatten().copied();
            let parent = nodes.first().and_then(|node| above.get(node).copied());
            let members =
                central(network, nodes.iter().map(|node| (*node, inside[*node as usize])).chain(hubs));
            fresh.push((label, Group { level, parent, members, share: rounded(share) }));
        }
        fresh.sort_by_key(|(label, group)| (std::cmp::Reverse(group.members.len()), *label));
        above = HashMap::new();
        for (_, group) in fresh {
            above.extend(group.members.iter().filter(|one| !one.hub).map(|one| (one.node, all.len())));
            all.push(group);
        }
    }
    all
}

type Attached = HashMap<u32, Vec<(u32, f64)>>;

/// The weight of each node's ties inside its community; and of each hub, where it has most, and how much.
fn ties(network: &Network, community: &[u32]) -> (Vec<f64>, Attached) {
    let mut inside = vec![0.0; network.nodes.len()];
    let mut sizes: HashMap<u32, usize> = HashMap::new();
    for node in (0..network.nodes.len()).filter(|node| !network.hubs[*node]) {
        *sizes.entry(community[node]).or_default() += 1;
    }
    let mut pulls: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
    for (from, to, weight) in &network.edges {
        let hubs = (network.hubs[*from as usize], network.hubs[*to as usize]);
        match hubs {
            (false, false) if community[*from as usize] == community[*to as usize] => {
                inside[*from as usize] += weight;
                inside[*to as usize] += weight;
            }
            (true, false) => {
                *pulls.entry(*from).or_default().entry(community[*to as usize]).or_default() += weight;
            }
            (false, true) => {
                *pulls.entry(*to).or_default().entry(community[*from as usize]).or_default() += weight;
            }
            _ => {}
        }
    }
    let mut attached: Attached = HashMap::new();
    for (hub, pulls) in pulls {
        let there =
            pulls.into_iter().filter(|(label, _)| sizes.get(label).is_some_and(|size| *size >= FEWEST));
        if let Some((label, weight)) = there.max_by(|one, other| one.1.total_cmp(&other.1)) {
            attached.entry(label).or_default().push((hub, weight));
        }
    }
    (inside, attached)
}

fn central(network: &Network, nodes: impl Iterator<Item = (u32, f64)>) -> Vec<Member> {
    let nodes: Vec<(u32, f64)> = nodes.collect();
    let most = |hub: bool| {
        let own = nodes.iter().filter(|(node, _)| network.hubs[*node as usize] == hub);
        own.map(|(_, weight)| *weight).fold(f64::MIN_POSITIVE, f64::max)
    };
    let (plain, hubs) = (most(false), most(true));
    let member = |(node, weight): &(u32, f64)| {
        let hub = network.hubs[*node as usize];
        Member { node: *node, centrality: rounded(weight / if hub { hubs } else { plain }), hub }
    };
    let mut members: Vec<Member> = nodes.iter().map(member).collect();
    // What stands everywhere says least of what this is about.
    members.sort_by(|one, other| {
        let id = |member: &Member| network.nodes[member.node as usize].id.as_str();
        one.hub
            .cmp(&other.hub)
            .then(other.centrality.total_cmp(&one.centrality))
            .then_with(|| id(one).cmp(id(other)))
    });
    members
}

fn rounded(value: f64) -> f64 {
    (value * ROUNDED).round() / ROUNDED
}

#[cfg(test)]
mod tests {
    use super::super::{partition, tests::two_rings};
    use super::*;
    use crate::leiden::Options;

    #[test]
    fn groups_have_members_by_centrality_and_hubs_last() {
        let network = two_rings();
        let found = partition(&network, None, Options::default()).unwrap();
        let groups = groups(&network, &found, 1.0);
        let top: Vec<&Group> = groups.iter().filter(|group| group.level == 0).collect();
        // The agent stands with one of them, and so does the file that most sessions name.
        assert_eq!(top.iter().map(|group| group.members.len()).sum::<usize>(), 14);
        assert!(top.iter().all(|group| group.members[0].centrality == 1.0 && !group.members[0].hub));
        let hubs = top.iter().flat_map(|group| &group.members).filter(|one| one.hub);
        assert_eq!(hubs.map(|one| one.node).collect::<Vec<_>>(), [12]);
        let sum: f64 = top.iter().map(|group| group.share).sum();
        assert!((sum - found.modularity).abs() < 1e-3, "{sum} {}", found.modularity);
        assert!(groups.iter().all(|group| group.level == 0 || group.parent.is_some()));
    }
}
