//! What was looked at of everything that Athena stands on, and what to do about what is wrong.

use std::sync::Arc;

use futures::future::BoxFuture;
use schemars::JsonSchema;
use serde::Serialize;

use crate::audit::Verified;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Ok,
    /// Works, but not as it should, or not yet.
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    pub state: Verdict,
    pub what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// Looks at the machine and at what a server was started with.
pub type Machine = Arc<dyn Fn() -> BoxFuture<'static, Vec<Check>> + Send + Sync>;

impl Check {
    pub fn ok(what: impl Into<String>) -> Self {
        Self { state: Verdict::Ok, what: what.into(), remedy: None }
    }

    pub fn warn(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: Verdict::Warn, what: what.into(), remedy: Some(remedy.into()) }
    }

    pub fn fail(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: Verdict::Fail, what: what.into(), remedy: Some(remedy.into()) }
    }

    /// Whether the audit is whole.
    pub fn of_audit(found: &Verified) -> Self {
        if found.whole {
            return Self::ok(format!("the audit is whole: {} rows", found.rows));
        }
        let first = found.broken.first();
        let place =
            first.map(|one| format!("{}/{} at {}: {}", one.topic, one.partition, one.offset, one.what));
        Self::fail(
            format!("the audit was tampered with: {}", place.unwrap_or_default()),
            "`athena call safety audit` lists what is wrong; compare with a backup",
        )
    }
}
