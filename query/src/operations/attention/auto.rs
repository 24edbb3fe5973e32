//! What bears on a question, brought to mind.

use athena_schemas::wire::Kind;
use athena_schemas::{Error, Position, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::salience::{Salient, things, weighed};
use super::{Active, Changed, active, held, workspace};
use crate::operations::memories;
use crate::operations::records::{answered, one_project};
use crate::recall::{self, Cutoff, Recall};
use crate::registry::{Call, Effect, Example, Operation};
use crate::text::Filter;

/// Things that are chosen from.
const DRAWN: usize = 20;

/// Brings to mind what bears on a question, the most salient of it; what is weaker leaves. Nothing where nothing bears
/// on it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AutoFocus {
    /// What it is about.
    query: String,
}

/// What is in mind now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Focused {
    /// The workspace.
    id: String,
    /// What is in mind, the strongest first.
    items: Vec<Active>,
    /// What was brought to mind, the most salient first, and why.
    focused: Vec<Salient>,
    /// Ids of what is no longer in mind.
    left: Vec<String>,
    /// What the choice lacks.
    degraded: Vec<String>,
    project: String,
    position: Position,
}

impl Operation for AutoFocus {
    const TOOL: &'static str = "attention";
    const NAME: &'static str = "auto_focus";
    const EFFECT: Effect = Effect::Write;
    type Result = Focused;

    async fn call(self, call: &Call) -> Result<Focused, Error> {
        let (project, scope) = one_project(call).await?;
        let asked = Recall {
            query: self.query,
            filter: Filter::within(scope.clone()),
            places: Vec::new(),
            kinds: vec![Kind::Memory, Kind::Note, Kind::Event],
            known: None,
            limit: DRAWN,
            cutoff: Cutoff::Auto,
            explain: false,
        };
        let ((_, before), found) = tokio::try_join!(
            workspace(call, &call.app, &scope),
            recall::recall(&call.app, asked, call.shared.after.as_ref()),
        )?;
        let ids: Vec<String> = found.items.iter().map(|hit| hit.id.clone()).collect();
        let bears = found.items.iter().map(|hit| (hit.id.clone(), Ok(hit.score))).collect();
        let mut focused = match ids.is_empty() {
            true => Vec::new(),
            false => {
                let things = things(&call.app, &scope, &ids).await?;
                weighed(&call.app, &scope, things, &bears).await?
            }
        };
        let now = Time::now();
        focused.retain(|one| before.is_inhibited(&one.id, now).is_none());
        focused.truncate(before.capacity);
        let (mut left, mut position) = (Vec::new(), found.position);
        if !focused.is_empty() {
            // The most salient comes last, and so stays.
            let items: Vec<Value> =
                focused.iter().rev().map(|one| held(&one.id, &one.kind, &one.content)).collect();
            let changed: Changed = answered(call.command(&json!({ "items": items })).await?)?;
            (left, position) = (changed.left, changed.position);
            one_project(call).await?;
        }
        let (id, after) = workspace(call, &call.app, &scope).await?;
        let (items, degraded) = (active(&after, Time::now()), found.degraded);
        Ok(Focused { id, items, focused, left, degraded, project, position })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"query": "On which day do we deploy?", "session": "example-session"});
        vec![Example { setup: vec![memories::set_up()], arguments }]
    }
}
