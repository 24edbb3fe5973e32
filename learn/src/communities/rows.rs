//! Entities and relations as far as communities are concerned, kept from run to run: rows come, change and go, and a
//! network is made of those that stand.
//!
//! Holds about 60 bytes a relation.

use ahash::{AHashMap, AHashSet};

use super::{Link, Network, Node};
use crate::entities::Totals;
use crate::texts::Texts;

/// What is kept of an entity: the node, and its newest events.
struct Kept {
    node: Node,
    evidence: Vec<String>,
}

/// Ends and kind of a relation, by number, and what it weighs.
type Ends = (u32, u32, u32);

struct Weighed {
    support: i64,
    weight: f64,
    told: bool,
}

#[derive(Default)]
pub struct Rows {
    ids: Texts,
    kinds: Texts,
    nodes: AHashMap<u32, Kept>,
    links: AHashMap<Ends, Weighed>,
    /// Entities of rows that changed, and ends of relations that did, since a network was made.
    changed: AHashSet<u32>,
}

/// A network of all that stands.
pub struct Read {
    /// Nodes in the order of their ids.
    pub network: Network,
    /// Nodes that have changed, or of which a relation has, since a network was made before.
    pub changed: Vec<u32>,
}

impl Rows {
    /// An entity stands; whether that is new.
    pub fn node(&mut self, node: Node, evidence: Vec<String>, is_new: bool) {
        let id = self.ids.number(&node.id);
        self.nodes.insert(id, Kept { node, evidence });
        if is_new {
            self.changed.insert(id);
        }
    }

    /// A relation stands, between ids; whether that is new.
    pub fn link(
        &mut self,
        ends: (&str, &str, &str),
        (support, weight): (i64, f64),
        told: bool,
        is_new: bool,
    ) {
        let ends = self.ends(ends);
        self.links.insert(ends, Weighed { support, weight, told });
        if is_new {
            self.changed.extend([ends.0, ends.1]);
        }
    }

    pub fn without_node(&mut self, id: &str) {
        let id = self.ids.number(id);
        self.nodes.remove(&id);
    }

    pub fn without_link(&mut self, ends: (&str, &str, &str)) {
        let ends = self.ends(ends);
        self.links.remove(&ends);
        self.changed.extend([ends.0, ends.1]);
    }

    /// The network of what stands. A relation of what is no entity is left out.
    pub fn network(&mut self, totals: Totals) -> Read {
        let mut numbers: Vec<u32> = self.nodes.keys().copied().collect();
        numbers.sort_unstable_by(|one, other| self.ids.text(*one).cmp(self.ids.text(*other)));
        let mut places = vec![u32::MAX; self.ids.len()];
        (0..).zip(&numbers).for_each(|(place, number)| places[*number as usize] = place);
        let of = |number: u32| Some(places[number as usize]).filter(|place| *place != u32::MAX);
        let mut changed: Vec<u32> = std::mem::take(&mut self.changed).into_iter().filter_map(of).collect();
        changed.sort_unstable();
        let links = self.links(numbers.len(), of);
        let kept = numbers.iter().filter_map(|number| self.nodes.get(number));
        let nodes = kept.map(|kept| kept.node.clone()).collect();
        Read { network: Network::new(nodes, links, totals), changed }
    }

    /// The relations of what stands, in the order of their ends and kinds. `of` gives the place of an entity, of so many.
    fn links(&self, places: usize, of: impl Fn(u32) -> Option<u32>) -> Vec<Link<'_>> {
        let ends = |ends: &Ends| Some((of(ends.0)?, of(ends.1)?));
        // Where the next one from each place goes: so put, they are in order but for those of the same place.
        let mut next = vec![0; places + 1];
        for (from, _) in self.links.keys().filter_map(ends) {
            next[from as usize + 1] += 1;
        }
        (1..=places).for_each(|place| next[place] += next[place - 1]);
        let mut links = vec![Link::default(); next[places]];
        for (key, Weighed { support, weight, told }) in &self.links {
            let Some((from, to)) = ends(key) else { continue };
            let (kind, at) = (self.kinds.text(key.2), &mut next[from as usize]);
            links[*at] = Link { from, to, kind, support: *support, weight: *weight, told: *told };
            *at += 1;
        }
        for own in links.chunk_by_mut(|one, other| one.from == other.from) {
            own.sort_unstable_by_key(|link| (link.to, link.kind));
        }
        links
    }

    /// The newest events of an entity.
    pub fn evidence(&self, id: &str) -> &[String] {
        let kept = self.ids.known(id).and_then(|number| self.nodes.get(&number));
        kept.map_or(&[], |kept| &kept.evidence)
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        const NODE: usize = 400;
        let link = size_of::<(Ends, Weighed)>() + 1;
        self.ids.bytes() + NODE * self.nodes.len() + link * self.links.capacity()
    }

    fn ends(&mut self, (from, kind, to): (&str, &str, &str)) -> Ends {
        (self.ids.number(from), self.ids.number(to), self.kinds.number(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::CO_OCCURS;

    #[test]
    fn rows_come_and_go() {
        let node = |id: &str| Node {
            id: id.into(),
            kind: "file".into(),
            sessions: 3,
            contexts: 3,
            ..Node::default()
        };
        let totals = Totals { sessions: 100, contexts: 100 };
        let mut rows = Rows::default();
        for id in ["b", "a", "c"] {
            rows.node(node(id), vec![format!("event of {id}")], true);
        }
        rows.link(("b", CO_OCCURS, "c"), (3, 3.0), false, true);
        rows.link(("a", "covers", "nowhere"), (1, 1.0), false, true);
        let read = rows.network(totals);
        assert_eq!(read.network.nodes.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(read.network.edges.iter().map(|(from, to, _)| (*from, *to)).collect::<Vec<_>>(), [(1, 2)]);
        assert_eq!((rows.evidence("c")[0].as_str(), read.changed.len()), ("event of c", 3));
        assert!(rows.evidence("nowhere").is_empty());
        rows.without_node("a");
        rows.node(node("c"), vec![], false);
        rows.without_link(("b", CO_OCCURS, "c"));
        let read = rows.network(totals);
        assert!(read.network.edges.is_empty());
        assert_eq!((read.network.nodes.len(), read.changed), (2, vec![0, 1]));
    }
}
