//! Events that say the same.

use athena_schemas::wire::{Hit, Kind, Mode};
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::recorded;
use crate::near::{Shingles, groups};
use crate::operations::paging::shortened;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::search::missing;
use crate::text::Filter;
use crate::time_args;

/// Events that are compared, the newest.
const COMPARED: usize = 2_000;
/// From which likeness two events say the same, when not said.
const THRESHOLD: f64 = 0.8;
/// Events of a group that are shown.
const SHOWN: usize = 20;

pub fn register(registry: &mut Registry) {
    registry.add::<Duplicates>();
}

/// Groups of events that say nearly the same, the largest first; among the newest 2,000 of a stretch of time.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Duplicates {
    /// How far back: an age such as `24h`, or RFC 3339; 7 days when not said.
    window: Option<String>,
    /// The share of word pairs that two have in common, from 0 to 1; 0.8 when not said.
    threshold: Option<f64>,
}

/// Groups.
#[derive(Debug, Serialize, JsonSchema)]
struct Groups {
    items: Vec<Group>,
    /// How many events were compared.
    compared: usize,
    /// Whether there are more in that time.
    truncated: bool,
    degraded: Vec<String>,
    position: Position,
    projects: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Group {
    count: usize,
    /// The newest 20, the newest first.
    events: Vec<Hit>,
}

impl Operation for Duplicates {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "duplicates";
    const EFFECT: Effect = Effect::Read;
    type Result = Groups;

    async fn call(self, call: &Call) -> Result<Groups, Error> {
        let projects = call.caller.projects(call.shared.project.as_deref(), &call.shared.projects)?;
        let threshold = self.threshold.unwrap_or(THRESHOLD);
        if !(0.0..=1.0).contains(&threshold) || threshold == 0.0 {
            return Err(Error::invalid("threshold", format!("{threshold} is not above 0 and at most 1")));
        }
        let since = time_args::instant("window", self.window.as_deref().unwrap_or("7d"), Time::now())?;
        let scope = Scope::Projects(projects.clone());
        let degraded = missing(&call.app, &scope, call.shared.after.as_ref(), Mode::Text).await;
        let position = call.app.following.found.borrow().clone();
        let filter = Filter {
            kinds: vec![Kind::Event],
            session: call.shared.session.clone(),
            agent: call.shared.agent.clone(),
            since: Some(since),
            ..Filter::within(scope)
        };
        let text = call.app.text.get();
        let grouped = tokio::task::spawn_blocking(move || {
            let mut found = text.list(&filter, COMPARED + 1, None)?;
            let truncated = found.len() > COMPARED;
            found.truncate(COMPARED);
            let shingles: Vec<Shingles> = found.iter().map(|one| Shingles::of(&one.hit.content)).collect();
            let mut grouped = groups(&shingles.iter().collect::<Vec<_>>(), threshold);
            grouped.sort_by_key(|group| std::cmp::Reverse(group.len()));
            let compared = found.len();
            let mut found: Vec<_> = found.into_iter().map(|one| Some(shortened(one))).collect();
            let items = grouped.into_iter().map(|group| Group {
                count: group.len(),
                events: group.into_iter().take(SHOWN).filter_map(|at| found[at].take()).collect(),
            });
            Ok::<_, crate::text::Error>((items.collect(), compared, truncated))
        });
        let (items, compared, truncated) =
            grouped.await.map_err(|error| Error::internal(format!("duplicates: {error}")))??;
        Ok(Groups { items, compared, truncated, degraded, position, projects })
    }

    fn examples() -> Vec<Example> {
        let mut again = recorded();
        again.arguments["event_id"] = "example-test-run-again".into();
        vec![Example { setup: vec![recorded(), again], arguments: json!({"threshold": 0.9}) }]
    }
}
