//! Graphs that stay in memory from run to run, so that the next run of a project costs what it touches and not what
//! there is. A run that finds none, after a start or when another process ran meanwhile, reads the tables once.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use athena_learn::communities::Rows;
use athena_learn::entities::Sums;

/// What a run knows of the graph of its project.
#[derive(Default)]
pub struct Graph {
    /// Of all mentions.
    pub sums: Sums,
    /// Entities and relations that stand.
    pub rows: Rows,
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
    pub fn keep(&self, project: &str, run: &str, graph: Graph, most: usize) {
        let bytes = graph.sums.bytes() + graph.rows.bytes();
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
}
