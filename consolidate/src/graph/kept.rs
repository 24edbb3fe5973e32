//! Graphs that stay in memory from run to run, so that the next run of a project costs what it touches and not what
//! there is. A run that finds none, after a start or when another process ran meanwhile, reads the tables once.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use athena_learn::communities::Rows;
use athena_learn::entities::Sums;
use athena_schemas::tables::{Community, CommunityMember, Fact, Statement};

use crate::seen::Seen;

/// What a run knows of the graph of its project.
#[derive(Default)]
pub struct Graph {
    /// Of all mentions.
    pub sums: Sums,
    /// Entities and relations that stand.
    pub rows: Rows,
    /// What was found in them; `None` where it is to be read.
    pub found: Option<Found>,
    /// What was said; `None` where it is to be read.
    pub stated: Option<Stated>,
    /// What was seen of events; `None` where it is to be looked up.
    pub seen: Option<Seen>,
}

/// Statements and facts that stand.
#[derive(Default)]
pub struct Stated {
    pub statements: Vec<Statement>,
    pub facts: Vec<Fact>,
}

impl Stated {
    /// About how much memory it takes.
    fn bytes(&self) -> usize {
        const STATEMENT: usize = 1_000;
        const FACT: usize = 2_000;
        STATEMENT * self.statements.len() + FACT * self.facts.len()
    }
}

/// Communities that stand, with their members, and events that were read to tell of them.
#[derive(Default)]
pub struct Found {
    pub communities: Vec<Community>,
    pub members: Vec<CommunityMember>,
    pub lines: HashMap<String, Line>,
}

/// Type and first line of an event; `None` of one that tells nothing.
pub type Line = Option<(String, String)>;

impl Found {
    /// About how much memory it takes.
    fn bytes(&self) -> usize {
        const COMMUNITY: usize = 2_000;
        const MEMBER: usize = 400;
        const LINE: usize = 300;
        COMMUNITY * self.communities.len() + MEMBER * self.members.len() + LINE * self.lines.len()
    }
}

/// Graphs as the newest runs of this process left them, each under its project and run.
#[derive(Default)]
pub struct Graphs(Mutex<VecDeque<Kept>>);

struct Kept {
    project: String,
    run: String,
    graph: Graph,
    bytes: usize,
}

impl Graphs {
    /// Takes out the graph as a run left it. What another run left is of no use any more.
    pub fn take(&self, project: &str, run: &str) -> Option<Graph> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|one| one.project == project)?;
        all.remove(at).filter(|one| one.run == run).map(|one| one.graph)
    }

    /// Keeps a graph as a run left it, and of all of them the newest that take at most so many bytes together.
    pub fn keep(&self, project: &str, run: &str, mut graph: Graph, most: usize) {
        let mut bytes = graph.sums.bytes() + graph.rows.bytes();
        bytes += graph.seen.as_ref().map_or(0, Seen::bytes);
        // What was found in it, and what was said, is read sooner than all that it rests on.
        graph.found = graph.found.filter(|found| bytes + found.bytes() <= most);
        bytes += graph.found.as_ref().map_or(0, Found::bytes);
        graph.stated = graph.stated.filter(|stated| bytes + stated.bytes() <= most);
        bytes += graph.stated.as_ref().map_or(0, Stated::bytes);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.project != project);
        all.push_back(Kept { project: project.to_owned(), run: run.to_owned(), graph, bytes });
        while all.iter().map(|one| one.bytes).sum::<usize>() > most {
            all.pop_front();
        }
    }
}

impl fmt::Debug for Graphs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_map().entries(all.iter().map(|one| (&one.project, one.bytes))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_is_of_its_run_and_room_is_bounded() {
        let graphs = Graphs::default();
        graphs.keep("p", "r-1", Graph::default(), 100);
        assert!(
            graphs.take("p", "r-2").is_none() && graphs.take("p", "r-1").is_none(),
            "another run was published"
        );
        graphs.keep("p", "r-2", Graph::default(), 100);
        assert!(graphs.take("q", "r-2").is_none() && graphs.take("p", "r-2").is_some());
        let mut large = Graph::default();
        large.rows.link(("a", "uses", "b"), (1, 1.0), false, true);
        let bytes = large.rows.bytes();
        graphs.keep("p", "r-3", large, bytes);
        graphs.keep("q", "r-4", Graph { rows: Rows::default(), ..Graph::default() }, bytes);
        assert!(graphs.take("p", "r-3").is_some());
        let mut large = Graph::default();
        large.rows.link(("a", "uses", "b"), (1, 1.0), false, true);
        graphs.keep("p", "r-5", large, bytes - 1);
        assert!(graphs.take("p", "r-5").is_none(), "there is no room for it");
    }

    #[test]
    fn what_is_found_in_a_graph_gives_way_to_it() {
        let graphs = Graphs::default();
        let graph = || {
            let found = Found { communities: vec![Community::default()], ..Found::default() };
            let stated = Stated { statements: vec![Statement::default()], ..Stated::default() };
            Graph { found: Some(found), stated: Some(stated), ..Graph::default() }
        };
        let (found, stated) = (graph().found.map_or(0, |one| one.bytes()), 1_000);
        for (room, expected) in
            [(found + stated, (true, true)), (found + stated - 1, (true, false)), (stated, (false, true))]
        {
            graphs.keep("p", "r-1", graph(), room);
            let kept = graphs.take("p", "r-1").expect("there is room for a graph of nothing");
            assert_eq!((kept.found.is_some(), kept.stated.is_some()), expected);
        }
    }
}
