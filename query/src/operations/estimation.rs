//! Tool `estimation`: how long, how much, and how good such numbers were.

mod accuracy;
mod cost;
mod duration;
mod forecast;
mod plans;
mod prices;
mod roi;
mod spending;
mod used;
mod work;

pub use duration::foretell;
pub use prices::Price;
pub use work::Lessons;

use athena_ingest::tasks::TASK;
use serde_json::json;

use crate::registry::{Registry, Step};

pub fn register(registry: &mut Registry) {
    registry.add::<duration::Duration>();
    registry.add::<plans::Effort>();
    registry.add::<plans::Resources>();
    registry.add::<cost::Cost>();
    registry.add::<spending::SetBudget>();
    registry.add::<spending::Spending>();
    registry.add::<roi::Roi>();
    registry.add::<accuracy::Accuracy>();
    registry.add::<forecast::ForecastOf>();
}

/// A finished task of an example's own: it took so many minutes, some time ago.
fn finished(number: usize) -> [Step; 3] {
    const NAMES: [[&str; 3]; 3] = [
        ["example-done-1", "example-done-1-start", "example-done-1-end"],
        ["example-done-2", "example-done-2-start", "example-done-2-end"],
        ["example-done-3", "example-done-3-start", "example-done-3-end"],
    ];
    const THINGS: [&str; 3] = ["cart", "login", "search"];
    let [made, started, ended] = NAMES[number % NAMES.len()];
    let task = athena_ingest::records::id_of(TASK, made);
    let title = format!("Repair the flaky test of the {}", THINGS[number % THINGS.len()]);
    let (begin, end) = (["3h", "5h", "8h"][number % 3], ["2h", "3h", "7h"][number % 3]);
    [
        Step { tool: "tasks", operation: "create", arguments: json!({"title": title, "event_id": made}) },
        Step {
            tool: "tasks",
            operation: "start",
            arguments: json!({"task": task, "at": begin, "session": "example-session", "event_id": started}),
        },
        Step {
            tool: "tasks",
            operation: "complete",
            arguments: json!({"task": task, "outcome": "success", "at": end, "event_id": ended}),
        },
    ]
}

fn all_finished() -> Vec<Step> {
    (0..3).flat_map(finished).collect()
}
