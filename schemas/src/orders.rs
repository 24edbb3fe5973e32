//! What people ask of consolidation: kinds of records that a worker looks at, and what stands in them.

use serde::{Deserialize, Serialize};

/// A run that was asked for. Its id is that of the request, which the run's row names.
pub const RUN_REQUEST: &str = "run_request";
/// A run that is to end at its next stage; `name` is its id, or that of its request.
pub const RUN_CANCEL: &str = "run_cancel";
/// When a project's runs happen, whatever the configuration says. There is one a project.
pub const RUN_SCHEDULE: &str = "run_schedule";
/// The id of a schedule.
pub const SCHEDULE_ID: &str = "run-schedule";

/// Body of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunRequest {
    /// Everything anew, not only what has changed.
    pub full: bool,
}

/// Body of a schedule; what is not there is as configured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunSchedule {
    /// A run at least this often, when there is anything new.
    pub every_s: Option<u64>,
    /// A run as soon as there are so many new events.
    pub after_events: Option<u64>,
}

/// The id of the record by which a run, or a request, is cancelled.
pub fn cancel_id(run: &str) -> String {
    format!("cancel-{run}")
}
