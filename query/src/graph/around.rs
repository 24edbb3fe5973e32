//! Where a walk goes from an entity: to what it is tied to, to what was done together with it, to what lies beside it. Pure.
//!
//! ```text
//! entity ─▶ its ties, less the older they are ────────────────────────────┐
//!        ─▶ sessions and commits that it is of ─▶ what else they are of ──┼─▶ others, and how strongly each draws
//!        ─▶ its folder or module ─▶ what else lies there ─────────────────┘
//! ```
//!
//! A session or commit is passed through: what it is of shares one between them (Newman 2001), so that a commit of two
//! files says more of these than one of fifty. The newest count most. That, and not what is more frequent than chance, is
//! how probably the one comes with the other; what stands everywhere is damped as it is for communities.

use std::collections::HashMap;

use athena_learn::entities::{Hubs, acts, carries, place, recency};
use athena_schemas::{Error, Time};

use super::Graph;

/// Sessions and commits that a step goes through, the newest of them.
const THROUGH: usize = 200;
/// Things of one of these: where more is named, none has to do with any other.
const CROWD: usize = 100;
/// What all that lies in the same place draws together: as much as one session does.
const BESIDE: f32 = 1.0;
/// Things in one place: in a larger one each is as good as none.
const MOST_BESIDE: usize = 1_000;

/// What lies where, by kind and place.
pub type Places = HashMap<(String, String), Vec<u32>>;

impl Graph {
    /// What a walk goes to from a node, each once, and how strongly it is drawn there.
    pub(super) fn drawn(&self, node: u32) -> Vec<(u32, f32)> {
        let mut drawn: Vec<(u32, f32)> = Vec::new();
        let mut through: Vec<(u32, Time)> = Vec::new();
        let passed = !carries(&self.entity(node).kind);
        for (other, tie) in self.beside(node).filter(|(other, _)| *other != node) {
            match passed && carries(&self.entity(other).kind) {
                true => through.push((other, tie.last_at)),
                false => drawn.push((other, (tie.strength * recency(tie.last_at, self.newest())) as f32)),
            }
        }
        through.sort_unstable_by_key(|(other, at)| (*other, std::cmp::Reverse(*at)));
        through.dedup_by_key(|(other, _)| *other);
        through.sort_unstable_by_key(|(other, at)| (std::cmp::Reverse(*at), *other));
        for (other, at) in through.into_iter().take(THROUGH) {
            let share = recency(at, self.newest()) as f32;
            spread(&self.carried(other, node), share, &mut drawn);
        }
        let beside = self.beside_in_place(node);
        spread(&beside, BESIDE, &mut drawn);
        self.sum(drawn)
    }

    /// What else a session or commit is of; nothing when it is of too much.
    fn carried(&self, carrier: u32, without: u32) -> Vec<u32> {
        if self.degree(carrier) > 2 * CROWD {
            return vec![];
        }
        let of = |other: &u32| {
            let kind = &self.entity(*other).kind;
            *other != without && !carries(kind) && !acts(kind)
        };
        let mut all: Vec<u32> = self.beside(carrier).map(|(other, _)| other).filter(of).collect();
        all.sort_unstable();
        all.dedup();
        if all.len() > CROWD { vec![] } else { all }
    }

    fn beside_in_place(&self, node: u32) -> Vec<u32> {
        let own = self.entity(node);
        let Some(place) = place(&own.kind, &own.name) else { return vec![] };
        let there = self.in_place(&own.kind, place);
        if there.len() > MOST_BESIDE {
            vec![]
        } else {
            there.iter().copied().filter(|other| *other != node).collect()
        }
    }

    fn in_place(&self, kind: &str, place: String) -> &[u32] {
        let places = self.places.get_or_init(|| {
            let mut places = Places::new();
            for (node, entity) in (0..).zip(&self.entities) {
                if let Some(place) = place_of(&entity.kind, &entity.name) {
                    places.entry(place).or_default().push(node);
                }
            }
            places
        });
        places.get(&(kind.to_owned(), place)).map_or(&[], Vec::as_slice)
    }

    /// Adds up what leads to the same, and damps what stands everywhere.
    fn sum(&self, mut drawn: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
        drawn.sort_by_key(|(other, _)| *other);
        drawn.dedup_by(|next, first| {
            let same = next.0 == first.0;
            if same {
                first.1 += next.1;
            }
            same
        });
        let hubs = Hubs::of(self.totals);
        for (other, draws) in &mut drawn {
            let entity = self.entity(*other);
            *draws *= hubs.damping(entity.sessions, entity.contexts) as f32;
        }
        drawn
    }

    /// Entities that a walk begins with, and the share of each. One that is not known, but by its name lies where others
    /// do, is these others.
    ///
    /// # Errors
    /// `not_found`, as [`Graph::named`].
    pub fn seeds(&self, argument: &str, given: &[String]) -> Result<Vec<(u32, f32)>, Error> {
        let mut seeds = Vec::new();
        for one in given {
            match self.named(argument, one) {
                Ok(node) => seeds.push((node, 1.0)),
                Err(error) => {
                    let place = one.split_once(':').and_then(|(kind, name)| place_of(kind, name));
                    let there = place.map_or(&[][..], |(kind, place)| self.in_place(&kind, place));
                    if there.is_empty() {
                        return Err(error);
                    }
                    spread(there, 1.0, &mut seeds);
                }
            }
        }
        Ok(seeds)
    }
}

fn place_of(kind: &str, name: &str) -> Option<(String, String)> {
    place(kind, name).map(|place| (kind.to_owned(), place))
}

/// Gives each of these its part of a share.
fn spread(to: &[u32], share: f32, into: &mut Vec<(u32, f32)>) {
    let each = share / to.len().max(1) as f32;
    into.extend(to.iter().map(|node| (*node, each)));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use athena_schemas::tables::Entity;

    use super::super::Tie;
    use super::super::base::{Base, Said};
    use super::*;

    const DAY: i64 = 86_400_000_000;

    /// Files, and commits of some of them on a day.
    fn history(files: &[&str], commits: &[(i64, &[&str])]) -> Graph {
        let entity = |kind: &str, name: &str| {
            let (kind, name) = (kind.to_owned(), name.to_owned());
            Arc::new(Entity { id: format!("{kind}-{name}"), kind, name, ..Entity::default() })
        };
        let mut base = Base { kinds: vec!["touched".into()], ..Base::default() };
        base.entities = files.iter().map(|name| entity("file", name)).collect();
        for (day, named) in commits {
            let from = base.entities.len() as u32;
            base.entities.push(entity("commit", &from.to_string()));
            for name in *named {
                let to = files.iter().position(|file| file == name).unwrap() as u32;
                let last_at = Time::from_micros(day * DAY);
                let (kind, support, weight, strength) = (0, 1, 1.0, 0.0);
                let (told, valid_from, valid_until) = (false, None, None);
                base.ties.push(Tie {
                    from,
                    to,
                    kind,
                    told,
                    support,
                    weight,
                    strength,
                    valid_from,
                    valid_until,
                    last_at,
                });
            }
        }
        Graph::new("p", Arc::new(base), Said::default()).unwrap()
    }

    fn drawn(graph: &Graph, from: &str) -> BTreeMap<String, f32> {
        let node = graph.named("seeds", from).unwrap();
        let named = |(other, draws): (u32, f32)| (graph.entity(other).name.clone(), draws);
        graph.drawn(node).into_iter().map(named).collect()
    }

    #[test]
    fn small_and_new_commits_draw_most_and_none_is_a_place_to_stay() {
        let files = ["a/one", "b/two", "c/three", "d/four"];
        let graph = history(
            &files,
            &[(700, &["a/one", "b/two", "c/three"]), (335, &["a/one", "d/four"]), (700, &["a/one"])],
        );
        let found = drawn(&graph, "a/one");
        assert_eq!(
            found,
            BTreeMap::from([("b/two".into(), 0.5), ("c/three".into(), 0.5), ("d/four".into(), 0.5)])
        );
        let ranked = graph.walk(&graph.seeds("seeds", &["b/two".into()]).unwrap());
        assert!(ranked.iter().all(|(node, _)| graph.entity(*node).kind == "file"), "{ranked:?}");
    }

    #[test]
    fn what_lies_in_the_same_folder_draws_as_one_commit_does() {
        let graph = history(&["a/one", "a/two", "a/three", "b/four"], &[(1, &["a/one", "b/four"])]);
        let found = drawn(&graph, "a/one");
        assert_eq!(
            found,
            BTreeMap::from([("a/two".into(), 0.5), ("a/three".into(), 0.5), ("b/four".into(), 1.0)])
        );
    }

    #[test]
    fn what_is_new_begins_where_it_lies() {
        let graph = history(&["a/one", "a/two", "b/three"], &[]);
        let seeds = |given: &str| graph.seeds("seeds", &[given.to_owned()]);
        assert_eq!(seeds("file:a/new").unwrap(), [(0, 0.5), (1, 0.5)]);
        assert_eq!(seeds("file:b/three").unwrap(), [(2, 1.0)]);
        assert!(seeds("file:elsewhere/new").is_err() && seeds("new").is_err());
    }

    #[test]
    fn a_commit_of_too_much_draws_to_nothing() {
        let names: Vec<String> = (0..=CROWD + 1).map(|at| format!("{at}/file")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(drawn(&history(&names, &[(1, &names)]), "0/file"), BTreeMap::new());
        assert_eq!(drawn(&history(&names, &[(1, &names[..CROWD])]), "0/file").len(), CROWD - 1);
    }
}
