//! What keeps the server going when something fails or there is too much of it.

use std::time::Duration;

use athena_schemas::Error;
use athena_store::remote::Standing;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::measures;
use crate::App;
use crate::operations::events::recorded;
use crate::registry::{Call, Effect, Example, Operation, Registry};

/// Counters of what was let go, as `/metrics` has them, and what each counts.
const SHED: [(&str, &str); 2] =
    [("requests", "athena_requests_shed_total"), ("accesses", "athena_accesses_dropped_total")];

pub fn register(registry: &mut Registry) {
    registry.add::<Resilience>();
}

/// Which services are left alone because they failed, what was tried again, how full the queues are, and what was let go.
/// Of all projects: for admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Resilience {}

#[derive(Debug, Serialize, JsonSchema)]
struct State {
    /// Of services that this server asks: models, and the hooks that failed.
    breakers: Vec<Breaker>,
    queues: Vec<Queue>,
    /// What was let go since the start, rather than that all got slow.
    shed: Vec<Shed>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Breaker {
    of: String,
    state: Opened,
    /// Failures: in a row of a model, all of a hook.
    failures: u64,
    /// Until it is tried again.
    tried_in_ms: Option<u64>,
    /// Tries after one that failed, since the start; null where they are not counted.
    retries: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Opened {
    /// It is asked.
    Closed,
    /// It is left alone.
    Open,
    /// The next request is a trial.
    Trial,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Queue {
    of: &'static str,
    /// Waiting, or under way.
    waiting: usize,
    /// More are refused, or wait outside.
    most: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Shed {
    of: &'static str,
    count: u64,
}

impl Operation for Resilience {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "resilience";
    const EFFECT: Effect = Effect::Read;
    type Result = State;

    async fn call(self, call: &Call) -> Result<State, Error> {
        call.caller.identity.must_see_all("it is that of all projects")?;
        call.scope().await?;
        Ok(State { breakers: breakers(&call.app), queues: queues(&call.app), shed: shed(&call.app) })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({}) }]
    }
}

impl Breaker {
    fn of_service(of: &str, standing: Standing) -> Self {
        let state = match standing.left_alone {
            None => Opened::Closed,
            Some(Duration::ZERO) => Opened::Trial,
            Some(_) => Opened::Open,
        };
        Self {
            of: of.to_owned(),
            state,
            failures: standing.failures.into(),
            tried_in_ms: standing.left_alone.map(|left| left.as_millis() as u64),
            retries: Some(standing.retries),
        }
    }
}

/// Services that models are asked of.
fn services(app: &App) -> impl Iterator<Item = (&'static str, Standing)> {
    let language = app.llm().map(|llm| ("language model", llm.standing()));
    app.vectors.model_state().1.map(|standing| ("embedding model", standing)).into_iter().chain(language)
}

fn breakers(app: &App) -> Vec<Breaker> {
    let hooks = app.hooks.failing().into_iter().map(|(id, failures, rests)| Breaker {
        of: format!("hook {id}"),
        state: if rests { Opened::Open } else { Opened::Closed },
        failures,
        tried_in_ms: None,
        retries: None,
    });
    services(app).map(|(of, standing)| Breaker::of_service(of, standing)).chain(hooks).collect()
}

fn queues(app: &App) -> Vec<Queue> {
    let queue = |of, (waiting, most)| Queue { of, waiting, most };
    let most = app.options.concurrency;
    let mut queues = vec![queue("requests", (most - app.requests.available_permits(), most))];
    queues.extend(app.log.as_ref().map(|log| queue("log", log.waiting())));
    queues.extend(app.accesses.as_ref().map(|told| {
        let most = told.max_capacity();
        queue("accesses", (most - told.capacity(), most))
    }));
    queues.push(queue("hooks", app.hooks.under_way()));
    queues.extend(services(app).map(|(of, standing)| queue(of, (standing.asking, standing.most))));
    queues
}

fn shed(app: &App) -> Vec<Shed> {
    let all = measures(app);
    let count = |name: &str| all.iter().find(|one| one.name == name).map_or(0.0, |one| one.value);
    SHED.iter().map(|(of, name)| Shed { of, count: count(name) as u64 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breaker_is_told_as_it_stands() {
        let standing = |left_alone| Standing { failures: 5, left_alone, asking: 0, most: 4, retries: 2 };
        let state = |left| Breaker::of_service("m", standing(left)).state;
        assert_eq!(state(None), Opened::Closed);
        assert_eq!(state(Some(Duration::from_secs(3))), Opened::Open);
        assert_eq!(state(Some(Duration::ZERO)), Opened::Trial);
    }
}
