//! Communities known again by their members: which is which, and what became of those that are no more.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use athena_schemas::ids;

use super::{Group, Network};

/// The share of the smaller of two that they must have in common to be one.
const COMMON: f64 = 0.5;
/// Communities that one names as those it took the place of, at most, the newest last.
const REPLACED: usize = 16;

/// A community as it was: its members, without hubs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Before {
    pub id: String,
    pub level: usize,
    pub members: Vec<String>,
    pub replaces: Vec<String>,
}

/// What a group is called, and what it took the place of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    pub id: String,
    pub replaces: Vec<String>,
}

/// The identity of each group. The pairs that have most in common are matched first; what is left before is replaced by
/// the group that has most of it.
pub fn identify(network: &Network, groups: &[Group], before: &[Before]) -> Vec<Identity> {
    let mut overlaps: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut at: HashMap<(usize, &str), usize> = HashMap::new();
    for (number, one) in before.iter().enumerate() {
        at.extend(one.members.iter().map(|member| ((one.level, member.as_str()), number)));
    }
    let sizes: Vec<usize> =
        groups.iter().map(|group| group.members.iter().filter(|member| !member.hub).count()).collect();
    for (number, group) in groups.iter().enumerate() {
        for member in group.members.iter().filter(|member| !member.hub) {
            let id = network.nodes[member.node as usize].id.as_str();
            if let Some(old) = at.get(&(group.level, id)) {
                *overlaps.entry((number, *old)).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<((usize, usize), usize)> = overlaps.into_iter().collect();
    pairs.sort_by_key(|(pair, common)| (std::cmp::Reverse(*common), *pair));
    let mut found: Vec<Option<Identity>> = vec![None; groups.len()];
    let mut taken: Vec<bool> = vec![false; before.len()];
    for ((group, old), common) in &pairs {
        let least = sizes[*group].min(before[*old].members.len()) as f64 * COMMON;
        if found[*group].is_none() && !taken[*old] && *common as f64 >= least {
            taken[*old] = true;
            let Before { id, replaces, .. } = before[*old].clone();
            found[*group] = Some(Identity { id, replaces });
        }
    }
    let mut names: BTreeSet<String> = before.iter().map(|one| one.id.clone()).collect();
    let mut found: Vec<Identity> = groups
        .iter()
        .zip(found)
        .map(|(group, known)| {
            known.unwrap_or_else(|| Identity { id: fresh(network, group, &mut names), replaces: vec![] })
        })
        .collect();
    let mut replaced = taken;
    for ((group, old), _) in pairs {
        if !std::mem::replace(&mut replaced[old], true) {
            found[group].replaces.push(before[old].id.clone());
            let more = found[group].replaces.len().saturating_sub(REPLACED);
            found[group].replaces.drain(..more);
        }
    }
    found
}

/// A name from what is most central in it, which nobody had.
fn fresh(network: &Network, group: &Group, names: &mut BTreeSet<String>) -> String {
    let central = group.members.first().map_or("", |member| network.nodes[member.node as usize].id.as_str());
    let name = |time: usize| ids::short("com-", &[&group.level.to_string(), central, &time.to_string()]);
    let id = (0..).map(name).find(|id| !names.contains(id)).expect("there are more names than communities");
    names.insert(id.clone());
    id
}

#[cfg(test)]
mod tests {
    use super::super::{groups, partition, tests::two_rings};
    use super::*;
    use crate::leiden::Options;

    #[test]
    fn members_tell_which_is_which() {
        let network = two_rings();
        let found = partition(&network, None, Options::default()).unwrap();
        let groups = groups(&network, &found, 1.0);
        let first = identify(&network, &groups, &[]);
        let before = |id: &str, members: &[&str]| Before {
            id: id.into(),
            level: 0,
            members: members.iter().map(|one| (*one).to_owned()).collect(),
            replaces: vec![],
        };
        let old = [
            before("left", &["n0", "n1", "n2", "n3"]),
            before("right", &["n6", "n7", "n8"]),
            before("lost", &["n10", "n11"]),
        ];
        let ids = identify(&network, &groups, &old);
        let of = |node: u32| {
            let at = groups
                .iter()
                .position(|group| group.level == 0 && group.members.iter().any(|one| one.node == node));
            &ids[at.unwrap()]
        };
        assert_eq!((of(0).id.as_str(), of(6).id.as_str()), ("left", "right"));
        assert_eq!(of(6).replaces, ["lost"]);
        assert_eq!(first, identify(&network, &groups, &[]), "the same again");
    }
}
