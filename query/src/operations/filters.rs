//! `filters`, the same for every operation that takes them.

use athena_schemas::wire::{Kind, Search};
use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::registry::Call;
use crate::text::Filter;
use crate::time_args;

/// What something must be; what is left out is open.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Filters {
    /// Type of event, or kind of memory.
    #[serde(rename = "type")]
    pub of_type: Option<String>,
    /// The tool that was called.
    pub tool: Option<String>,
    /// A file, or a folder above it.
    pub path: Option<String>,
    /// A label.
    pub tag: Option<String>,
    /// Who acted.
    pub agent: Option<String>,
    /// The run of an agent.
    pub session: Option<String>,
    /// From this time on: RFC 3339, or an age such as `2h`.
    pub since: Option<String>,
    /// Before this time.
    pub until: Option<String>,
}

impl Filters {
    /// A search of what passes, in the projects of a call. Whose session it is asked in does not narrow it.
    pub fn question(self, call: &Call) -> Search {
        Search {
            project: call.shared.project.clone(),
            projects: call.shared.projects.clone(),
            after: call.shared.after.clone(),
            event_type: self.of_type,
            tool: self.tool,
            path: self.path,
            tag: self.tag,
            agent: self.agent,
            session: self.session,
            since: self.since,
            until: self.until,
            ..Search::default()
        }
    }

    /// # Errors
    /// Times that are none.
    pub fn of(self, argument: &str, scope: Scope, kinds: &[Kind], now: Time) -> Result<Filter, Error> {
        let time =
            |name: &str, given: Option<&str>| time_args::optional(&format!("{argument}.{name}"), given, now);
        Ok(Filter {
            kinds: kinds.into(),
            since: time("since", self.since.as_deref())?,
            until: time("until", self.until.as_deref())?,
            event_type: self.of_type,
            tool: self.tool,
            path: self.path,
            tag: self.tag,
            agent: self.agent,
            session: self.session,
            ..Filter::within(scope)
        })
    }
}
