//! What was asked, and what came back: told to whoever writes it down, and never waited for.
//!
//! This crate writes no table. The rows go into a bounded queue; when it is full they are dropped and counted.

use athena_schemas::Time;
use athena_schemas::tables::Access;
use athena_schemas::wire::Hit;

use crate::{App, metrics};

/// Hits of an answer that are told, and bytes of a question.
const MOST_HITS: usize = 100;
const QUERY_BYTES: usize = 4 * 1024;

/// Where rows are told; `None` where nobody writes them down.
pub type Accesses = Option<tokio::sync::mpsc::Sender<Access>>;

/// A question, and who asked it.
pub struct Asked<'a> {
    /// `TOOL.OPERATION`.
    pub operation: &'a str,
    pub query: &'a str,
    pub projects: &'a [String],
    pub session: Option<&'a str>,
    pub agent: Option<&'a str>,
    pub actor: &'a str,
}

/// Tells of an answer: a row a project, each with the hits of its own.
pub fn note(app: &App, asked: &Asked<'_>, hits: &[Hit]) {
    let Some(accesses) = &app.accesses else { return };
    let now = Time::now();
    for project in asked.projects {
        let id = format!("a-{:016x}{:016x}", rand::random::<u64>(), rand::random::<u64>());
        if accesses.try_send(row(asked, project, hits, (id, now))).is_err() {
            metrics::access_dropped();
        }
    }
}

/// Tells that an item was read as a whole, which who answers with it does not do: it was used.
pub fn used(app: &App, asked: &Asked<'_>, project: &str, id: &str) {
    let Some(accesses) = &app.accesses else { return };
    let of = (format!("a-{:016x}{:016x}", rand::random::<u64>(), rand::random::<u64>()), Time::now());
    let ids = vec![id.to_owned()];
    let row = Access { used: ids.clone(), ids, ..row(asked, project, &[], of) };
    if accesses.try_send(row).is_err() {
        metrics::access_dropped();
    }
}

fn row(asked: &Asked<'_>, project: &str, hits: &[Hit], (id, accessed_at): (String, Time)) -> Access {
    let own: Vec<&Hit> = hits.iter().filter(|hit| hit.project == project).take(MOST_HITS).collect();
    let scores: Vec<f64> = own.iter().map(|hit| hit.score).collect();
    Access {
        id,
        accessed_at,
        project: project.to_owned(),
        session: asked.session.map(str::to_owned),
        agent: asked.agent.map(str::to_owned),
        actor: asked.actor.to_owned(),
        operation: asked.operation.to_owned(),
        query: asked.query[..asked.query.floor_char_boundary(QUERY_BYTES)].to_owned(),
        ids: own.iter().map(|hit| hit.id.clone()).collect(),
        scores: serde_json::to_string(&scores).expect("numbers are JSON"),
        used: vec![],
    }
}

#[cfg(test)]
mod tests {
    use athena_schemas::wire::Kind;

    use super::*;

    #[test]
    fn no_row_tells_of_another_project() {
        let hit = |id: &str, project: &str, score: f64| Hit {
            id: id.into(),
            kind: Kind::Memory,
            score,
            name: None,
            content: String::new(),
            time: Time::from_micros(0),
            project: project.into(),
            session: None,
            agent: None,
            event_type: None,
            tool: None,
            outcome: None,
            sources: vec![],
            parts: None,
        };
        let (projects, query) = (["p".to_owned(), "q".to_owned()], "x".repeat(5_000));
        let asked = Asked {
            operation: "retrieve.search",
            query: &query,
            projects: &projects,
            session: Some("s"),
            agent: None,
            actor: "local",
        };
        let hits = [hit("a", "p", 0.5), hit("b", "q", 0.25), hit("c", "p", 0.125)];
        let row = row(&asked, "p", &hits, ("a-1".into(), Time::from_micros(7)));
        assert_eq!((row.ids, row.scores.as_str()), (vec!["a".to_owned(), "c".into()], "[0.5,0.125]"));
        assert_eq!((row.query.len(), row.project.as_str()), (QUERY_BYTES, "p"));
    }
}
