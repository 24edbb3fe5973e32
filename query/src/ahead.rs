//! What was asked for lately is made ready for each run that ends, ahead of the next question.
//!
//! ```text
//! a run ends ─▶ graphs, communities ─▶ what of the tables is shown ─▶ how many rows they have
//! ```
//!
//! Until it is ready, answers are of the run before. Who waited for a run waits for this too.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::App;
use crate::graph;
use crate::operations::count_ahead;

/// How long after a question it is kept ready.
pub const LATELY: Duration = Duration::from_secs(600);
/// How often it is looked whether a run has ended.
const LOOK: Duration = Duration::from_millis(100);

/// After each run that ends, until `stop`.
pub async fn follow(app: Arc<App>, stop: CancellationToken) {
    let mut seen = app.store.runs.dataset().version().version;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        let version = app.store.runs.dataset().version().version;
        if version == seen {
            continue;
        }
        seen = version;
        // Who asks of graphs asks of tables too.
        if graph::read_ahead(&app).await
            && let Err(error) = app.store.snapshot().find_standing().await
        {
            debug!(%error, "what of the tables is shown was not found ahead");
        }
        count_ahead(&app, |_| true).await;
    }
}

/// Now, as far as a project's answers rest on it.
pub async fn caught_up(app: &App, project: &str) {
    graph::caught_up(app, project).await;
    count_ahead(app, |scope| scope.has(Some(project))).await;
}
