//! What a model is learned from: which actions, which sessions, and which of them are about the same thing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use athena_schemas::ids;

use super::Walk;
use crate::steps::{Session, scalars};

/// Actions that may be told as next: the most frequent.
const CLASSES: usize = 128;
/// Calls that the regression learns from.
const EXAMPLES: usize = 10_000;
/// Sessions that may share a value which is still a rare one.
const RARE: usize = 5;
/// Bytes of a value that names something.
const NAMING: usize = 5;

/// The most frequent actions.
pub fn classes(walks: &[Walk], actions: usize) -> Vec<usize> {
    let mut counts = vec![0; actions];
    walks.iter().flat_map(|walk| &walk.steps).for_each(|step| counts[step.action] += 1);
    let mut classes: Vec<usize> = (0..actions).filter(|action| counts[*action] > 0).collect();
    classes.sort_by_key(|action| Reverse(counts[*action]));
    classes.truncate(CLASSES);
    classes
}

/// Sessions with as many steps as the regression takes, chosen by their ids.
pub fn sample<'w, 's>(walks: &'w [Walk<'s>]) -> Vec<&'w Walk<'s>> {
    let mut order: Vec<&Walk> = walks.iter().collect();
    order.sort_by_cached_key(|walk| ids::text(&walk.session.id));
    let mut steps = 0;
    order.retain(|walk| {
        steps += walk.steps.len();
        steps <= EXAMPLES || steps == walk.steps.len()
    });
    order
}

/// For each session a number that it shares with those about the same thing: sessions in which whoever asked
/// named the same rare values, such as an order or a branch. The first of a group stands for it.
pub fn groups(walks: &[&Walk]) -> Vec<usize> {
    let named: Vec<BTreeSet<String>> = walks.iter().map(|walk| named(walk.session)).collect();
    let mut having: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, values) in named.iter().enumerate() {
        values.iter().for_each(|value| having.entry(value).or_default().push(number));
    }
    let rare = RARE.max(walks.len() / 10);
    having.retain(|_, sessions| sessions.len() <= rare);
    let own: Vec<usize> = named
        .iter()
        .map(|values| values.iter().filter(|value| having.contains_key(value.as_str())).count())
        .collect();
    let mut group: Vec<usize> = (0..walks.len()).collect();
    for (number, values) in named.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        let mates = values.iter().filter_map(|value| having.get(value.as_str())).flatten();
        for leader in mates.filter(|mate| **mate < number && group[**mate] == **mate) {
            *shared.entry(*leader).or_default() += 1;
        }
        let alike = |(leader, shared): &(usize, usize)| 2 * shared >= own[*leader].min(own[number]);
        let best =
            shared.into_iter().filter(alike).max_by_key(|(leader, shared)| (*shared, Reverse(*leader)));
        group[number] = best.map_or(number, |(leader, _)| leader);
    }
    group
}

/// Values that the first to speak named.
fn named(session: &Session) -> BTreeSet<String> {
    let messages = || session.events.iter().filter(|event| event.r#type == "message");
    let Some(asker) = messages().next().map(|event| &event.agent) else { return BTreeSet::new() };
    let texts = messages().filter(|event| event.agent == *asker).filter_map(|event| event.content.as_deref());
    texts.flat_map(scalars).map(|(_, value)| value).filter(|value| value.len() >= NAMING).collect()
}
