//! What happened to files: how often they were changed, and what failed after it.

use std::collections::{HashMap, VecDeque};

use athena_schemas::Time;
use serde::Serialize;

/// How long a failure in the same session may be a change's.
const WINDOW_MICROS: i64 = 3_600_000_000;
/// Changes of a session that a failure may be of.
const MOST_EDITS: usize = 20;
/// Bounds of what is kept: sessions at work, paths, what failed after each, and recent events of each.
const MOST_SESSIONS: usize = 2_000;
const MOST_PATHS: usize = 50_000;
const MOST_FAILING: usize = 50;
const MOST_RECENT: usize = 10;

/// What an event is to files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Edit,
    Commit,
    /// Something failed, whatever it was.
    Failure,
}

impl What {
    /// Of an event's type and outcome; `None` of what says nothing of files.
    pub fn of(event_type: &str, tool: Option<&str>, outcome: Option<&str>) -> Option<Self> {
        let edits = matches!(event_type, "file_change" | "code_edit" | "refactoring" | "merge_conflict");
        let writes = matches!(tool, Some("Edit" | "MultiEdit" | "Write" | "NotebookEdit"));
        match outcome {
            Some("failure") => Some(Self::Failure),
            _ if edits || (event_type == "tool_call" && writes) => Some(Self::Edit),
            _ if event_type == "commit" => Some(Self::Commit),
            _ => None,
        }
    }
}

/// An event that touched files, or failed.
#[derive(Debug, Clone)]
pub struct Touch {
    pub event: String,
    pub at: Time,
    pub session: Option<String>,
    pub what: What,
    pub paths: Vec<String>,
    /// What it was, in a line.
    pub title: String,
}

/// What failed after a file was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failing {
    /// A path that the failure names, or what it was.
    pub what: String,
    pub times: u32,
    /// The last such event.
    pub event: String,
}

/// What happened to a file.
#[derive(Debug, Clone, Default)]
pub struct Past {
    pub edits: u32,
    pub commits: u32,
    /// Failures that name it, or that came in the same session within an hour of its change.
    pub failures: u32,
    pub last_at: Option<Time>,
    pub failing: Vec<Failing>,
    /// Ids of its last events, the newest last.
    pub recent: VecDeque<String>,
}

impl Past {
    /// How often it was changed.
    pub fn churn(&self) -> u32 {
        self.edits + self.commits
    }
}

/// All files of a project, as far as their events tell.
#[derive(Debug, Default)]
pub struct History {
    by_path: HashMap<String, Past>,
    sessions: HashMap<String, VecDeque<(Time, String)>>,
    order: VecDeque<String>,
}

impl History {
    /// Takes over an event; those of a session come in their order.
    pub fn add(&mut self, touch: Touch) {
        match touch.what {
            What::Edit | What::Commit => self.changed(&touch),
            What::Failure => self.failed(&touch),
        }
    }

    pub fn of(&self, path: &str) -> Option<&Past> {
        self.by_path.get(path)
    }

    pub fn all(&self) -> impl Iterator<Item = (&str, &Past)> {
        self.by_path.iter().map(|(path, past)| (path.as_str(), past))
    }

    fn past(&mut self, path: &str, touch: &Touch) -> Option<&mut Past> {
        if self.by_path.len() >= MOST_PATHS && !self.by_path.contains_key(path) {
            return None;
        }
        let past = self.by_path.entry(path.to_owned()).or_default();
        past.last_at = past.last_at.max(Some(touch.at));
        past.recent.push_back(touch.event.clone());
        if past.recent.len() > MOST_RECENT {
            past.recent.pop_front();
        }
        Some(past)
    }

    fn changed(&mut self, touch: &Touch) {
        for path in &touch.paths {
            if let Some(past) = self.past(path, touch) {
                match touch.what {
                    What::Commit => past.commits += 1,
                    _ => past.edits += 1,
                }
            }
        }
        let Some(session) = touch.session.as_ref().filter(|_| touch.what == What::Edit) else { return };
        if !self.sessions.contains_key(session) {
            self.order.push_back(session.clone());
            self.sessions.insert(session.clone(), VecDeque::new());
            if self.order.len() > MOST_SESSIONS
                && let Some(oldest) = self.order.pop_front()
            {
                self.sessions.remove(&oldest);
            }
        }
        if let Some(edits) = self.sessions.get_mut(session) {
            for path in &touch.paths {
                edits.retain(|(_, edited)| edited != path);
                edits.push_back((touch.at, path.clone()));
            }
            let over = edits.len().saturating_sub(MOST_EDITS);
            edits.drain(..over);
        }
    }

    fn failed(&mut self, touch: &Touch) {
        for path in &touch.paths {
            if let Some(past) = self.past(path, touch) {
                past.failures += 1;
            }
        }
        let edits = touch.session.as_ref().and_then(|session| self.sessions.get(session));
        let recent = |at: &Time| (0..=WINDOW_MICROS).contains(&(touch.at.micros() - at.micros()));
        let edited: Vec<String> =
            edits.into_iter().flatten().filter(|(at, _)| recent(at)).map(|(_, path)| path.clone()).collect();
        for path in edited {
            let named = touch.paths.contains(&path);
            if !named && let Some(past) = self.past(&path, touch) {
                past.failures += 1;
            }
            let others: Vec<&String> = touch.paths.iter().filter(|other| **other != path).collect();
            let Some(past) = self.by_path.get_mut(&path) else { continue };
            match others.is_empty() {
                true => past.failing(&touch.title, &touch.event),
                false => others.into_iter().for_each(|other| past.failing(other, &touch.event)),
            }
        }
    }
}

impl Past {
    fn failing(&mut self, what: &str, event: &str) {
        if let Some(known) = self.failing.iter_mut().find(|known| known.what == what) {
            known.times += 1;
            known.event = event.to_owned();
        } else if self.failing.len() < MOST_FAILING && !what.is_empty() {
            self.failing.push(Failing { what: what.to_owned(), times: 1, event: event.to_owned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(event: &str, minute: i64, what: What, paths: &[&str]) -> Touch {
        Touch {
            event: event.into(),
            at: Time::from_micros(minute * 60_000_000),
            session: Some("s".into()),
            what,
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            title: "cargo test".into(),
        }
    }

    #[test]
    fn failures_after_a_change_are_told_of_it() {
        let mut history = History::default();
        history.add(touch("e-1", 0, What::Edit, &["cart.rs"]));
        history.add(touch("e-2", 5, What::Failure, &["tests/cart.rs"]));
        history.add(touch("e-3", 6, What::Edit, &["cart.rs"]));
        history.add(touch("e-4", 7, What::Failure, &["tests/cart.rs"]));
        history.add(touch("e-5", 8, What::Failure, &[]));
        history.add(touch("e-6", 120, What::Failure, &["tests/cart.rs"]));
        let past = history.of("cart.rs").unwrap();
        assert_eq!((past.edits, past.failures), (2, 3), "what came two hours later is not of it");
        let failing: Vec<_> = past.failing.iter().map(|one| (one.what.as_str(), one.times)).collect();
        assert_eq!(failing, [("tests/cart.rs", 2), ("cargo test", 1)]);
        assert_eq!(past.failing[0].event, "e-4");
        assert_eq!(history.of("tests/cart.rs").unwrap().failures, 3);
    }

    #[test]
    fn events_are_changes_commits_or_failures() {
        assert_eq!(What::of("code_edit", None, None), Some(What::Edit));
        assert_eq!(What::of("tool_call", Some("Edit"), Some("success")), Some(What::Edit));
        assert_eq!(What::of("code_edit", None, Some("failure")), Some(What::Failure));
        assert_eq!(What::of("commit", Some("git"), Some("success")), Some(What::Commit));
        assert_eq!(What::of("message", None, None), None);
    }
}
