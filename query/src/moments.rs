//! What Athena has to say at the moments of an agent's run: before a tool is used, and when a session ends.

use std::collections::BTreeMap;

use athena_schemas::wire::{Hit, Kind, Mode};
use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::App;
use crate::digest::digest;
use crate::search::missing;
use crate::text::{Filter, TextHit, TextQuery, excerpt};

/// Uses of a command that are looked at, the newest, and what came of them.
const USES: usize = 50;
const OUTCOMES_SEEN: usize = 500;
/// Failures that a warning names.
const NAMED: usize = 5;
/// Characters of a command or an output that are shown.
const SHOWN_CHARS: usize = 200;
/// Events of a session that its summary is made of, the newest.
const SUMMED_UP: usize = 500;
/// Sentences, failures and files of a summary.
const SENTENCES: usize = 5;
const FAILURES: usize = 5;
const FILES: usize = 20;

/// Something that went wrong before.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Warning {
    /// What went wrong, how often, and what it said.
    pub text: String,
    /// Ids of the events that failed, the newest first.
    pub ids: Vec<String>,
    /// When it failed last.
    pub time: Time,
}

/// What came of a use of a tool.
#[derive(Debug, Clone, PartialEq)]
struct Came {
    id: String,
    moment: (Time, u64),
    failed: bool,
    output: String,
}

/// Warnings about a use of a tool: the very same failed the last time in this project, and did not succeed since.
///
/// # Errors
/// An index that cannot be read; storage.
pub async fn warnings(app: &App, project: &str, tool: &str, input: &str) -> Result<Vec<Warning>, Error> {
    let wanted = plain(input);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let scope = Scope::Projects(vec![project.to_owned()]);
    missing(app, &scope, None, Mode::Text).await;
    let filter =
        Filter { kinds: vec![Kind::Event], tool: Some(tool.to_owned()), ..Filter::within(scope.clone()) };
    let phrase = format!("\"{}\"", wanted.replace(['"', '“', '”'], " "));
    let query = TextQuery { text: phrase, filter, limit: USES, prefix: false };
    let index = app.text.get();
    let uses = tokio::task::spawn_blocking(move || index.ask(&query)?.newest(USES)).await;
    let mut uses = uses.map_err(|error| Error::internal(format!("uses: {error}")))??;
    uses.retain(|found| plain(&found.hit.content) == wanted);
    let calls: Vec<&str> = uses
        .iter()
        .filter(|found| outcome(&found.hit).is_none())
        .map(|found| found.hit.id.as_str())
        .collect();
    let mut came: Vec<Came> = uses.iter().filter_map(own).collect();
    if !calls.is_empty() {
        came.extend(results(app, &scope, &calls).await?);
    }
    Ok(warning(tool, input, came).into_iter().collect())
}

fn outcome(hit: &Hit) -> Option<bool> {
    match hit.outcome.as_deref() {
        Some("failure") => Some(true),
        Some("success") => Some(false),
        _ => None,
    }
}

/// What came of a use that tells it itself.
fn own(found: &TextHit) -> Option<Came> {
    let failed = outcome(&found.hit)?;
    let moment = (found.hit.time, found.position);
    Some(Came { id: found.hit.id.clone(), moment, failed, output: String::new() })
}

async fn results(app: &App, scope: &Scope, calls: &[&str]) -> Result<Vec<Came>, Error> {
    let parents = calls.iter().map(|id| (*id).to_owned()).collect();
    let filter = Filter { kinds: vec![Kind::Event], parents, ..Filter::within(scope.clone()) };
    let found = app.text.list(filter, OUTCOMES_SEEN, None).await?;
    let came = |found: TextHit| {
        let failed = outcome(&found.hit)?;
        let moment = (found.hit.time, found.position);
        Some(Came { id: found.hit.id, moment, failed, output: found.hit.content })
    };
    Ok(found.into_iter().filter_map(came).collect())
}

/// What the newest outcomes warn of: nothing, unless the newest is a failure.
fn warning(tool: &str, input: &str, mut came: Vec<Came>) -> Option<Warning> {
    came.sort_by_key(|one| std::cmp::Reverse(one.moment));
    let failures: Vec<&Came> = came.iter().take_while(|one| one.failed).collect();
    let newest = failures.first()?;
    let times = match failures.len() {
        1 => "failed the last time".to_owned(),
        many => format!("failed the last {many} times"),
    };
    let shown = excerpt(input, "", SHOWN_CHARS);
    let said = excerpt(newest.output.trim(), "error failed", SHOWN_CHARS);
    let said = if said.is_empty() { String::new() } else { format!(": {said}") };
    Some(Warning {
        text: format!(
            "{tool} `{shown}` {times} here, at {}, and did not succeed since{said}",
            newest.moment.0
        ),
        ids: failures.iter().take(NAMED).map(|one| one.id.clone()).collect(),
        time: newest.moment.0,
    })
}

/// A command without what does not tell it from another: blanks.
fn plain(command: &str) -> String {
    command.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A session in short.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Summary {
    /// The text that is stored.
    pub text: String,
    /// How many of its events were read, the newest.
    pub events: usize,
    /// What was asked for first.
    pub goal: Option<Cited>,
    /// What was said, in its most telling sentences, in order.
    pub said: Vec<Cited>,
    /// What failed and did not succeed since, by tool; the newest first.
    pub failures: Vec<Cited>,
    /// Files touched, the newest first.
    pub files: Vec<String>,
    /// How many events ended how.
    pub outcomes: BTreeMap<String, u64>,
}

/// A text and the event that it is of.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Cited {
    pub id: String,
    pub content: String,
}

/// What a session was, from its own events.
///
/// # Errors
/// An index that cannot be read.
pub async fn summary(app: &App, project: &str, session: &str) -> Result<Summary, Error> {
    let scope = Scope::Projects(vec![project.to_owned()]);
    missing(app, &scope, None, Mode::Text).await;
    let filter =
        Filter { kinds: vec![Kind::Event], session: Some(session.to_owned()), ..Filter::within(scope) };
    let found = app.text.list(filter, SUMMED_UP, None).await?;
    Ok(summed_up(&found))
}

fn summed_up(newest_first: &[TextHit]) -> Summary {
    let cited = |hit: &Hit| Cited { id: hit.id.clone(), content: excerpt(&hit.content, "", SHOWN_CHARS) };
    let of_type = |hit: &Hit, name: &str| hit.event_type.as_deref() == Some(name);
    let messages: Vec<&Hit> =
        newest_first.iter().rev().map(|found| &found.hit).filter(|hit| of_type(hit, "message")).collect();
    let goal = messages.iter().find(|hit| hit.agent.as_deref() == Some("user")).or(messages.first());
    let chosen = digest(messages.iter().map(|hit| hit.content.as_str()), SENTENCES);
    let said =
        chosen.into_iter().map(|one| Cited { id: messages[one.text].id.clone(), content: one.sentence });
    // What was asked for is told as that.
    let said = said.filter(|said| goal.is_none_or(|goal| goal.id != said.id));
    let mut summary = Summary {
        events: newest_first.len(),
        goal: goal.map(|hit| cited(hit)),
        said: said.collect(),
        ..Summary::default()
    };
    let mut mended: Vec<&str> = Vec::new();
    for TextHit { hit, files, .. } in newest_first {
        let tool = hit.tool.as_deref().or(hit.event_type.as_deref()).unwrap_or_default();
        let failed = outcome(hit).unwrap_or(of_type(hit, "error"));
        if outcome(hit) == Some(false) {
            mended.push(tool);
        } else if failed && !mended.contains(&tool) && summary.failures.len() < FAILURES {
            summary.failures.push(cited(hit));
        }
        if let Some(outcome) = &hit.outcome {
            *summary.outcomes.entry(outcome.clone()).or_default() += 1;
        }
        let new = files.iter().filter(|file| !summary.files.contains(file)).cloned().collect::<Vec<_>>();
        summary.files.extend(new);
        summary.files.truncate(FILES);
    }
    summary.text = told(&summary);
    summary
}

fn told(summary: &Summary) -> String {
    let mut lines = Vec::new();
    let goal = summary.goal.iter().map(|goal| format!("asked for: {}", goal.content));
    lines.extend(goal);
    lines.extend(summary.said.iter().map(|said| format!("said: {}", said.content)));
    lines.extend(summary.failures.iter().map(|failed| format!("failed, and not mended: {}", failed.content)));
    if !summary.files.is_empty() {
        lines.push(format!("files: {}", summary.files.join(", ")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(id: &str, seconds: i64, failed: bool) -> Came {
        let moment = (Time::from_micros(seconds * 1_000_000), 0);
        Came { id: id.into(), moment, failed, output: format!("output of {id}") }
    }

    #[test]
    fn only_what_failed_last_is_warned_of() {
        let warned =
            warning("Bash", "make", vec![came("a", 1, false), came("c", 3, true), came("b", 2, true)]);
        let warned = warned.unwrap();
        assert_eq!((warned.ids, warned.time), (vec!["c".into(), "b".into()], Time::from_micros(3_000_000)));
        assert!(warned.text.contains("failed the last 2 times") && warned.text.contains("output of c"));
        assert!(warning("Bash", "make", vec![came("a", 1, true), came("b", 2, false)]).is_none());
        assert!(warning("Bash", "make", vec![]).is_none());
    }

    #[test]
    fn blanks_do_not_tell_commands_apart() {
        assert_eq!(plain("  cargo \n test\t-p cart "), "cargo test -p cart");
        assert_ne!(plain("cargo test -p cart"), plain("cargo test -p shop"));
    }

    fn event(id: &str, of_type: &str, content: &str, outcome: Option<&str>) -> TextHit {
        let agent = if id == "1" { "user" } else { "claude" };
        let hit = Hit {
            id: id.into(),
            kind: Kind::Event,
            score: 0.0,
            name: None,
            content: content.into(),
            time: Time::from_micros(0),
            project: "p".into(),
            session: None,
            agent: Some(agent.into()),
            event_type: Some(of_type.into()),
            tool: (of_type == "tool_result").then(|| "make".into()),
            outcome: outcome.map(str::to_owned),
            sources: vec![],
            parts: None,
        };
        let (score, parts, names, tags) = Default::default();
        let files = vec![format!("{id}.rs")];
        TextHit { hit, files, score, parts, names, tags, cut: false, position: 0, place: None }
    }

    #[test]
    fn a_session_is_summed_up_in_its_own_words() {
        let newest_first = [
            event("4", "tool_result", "error: no rule", Some("failure")),
            event("3", "tool_result", "built", Some("success")),
            event("2", "message", "I build the checkout page first.", None),
            event("1", "message", "Please build the checkout page of the shop.", None),
        ];
        let summary = summed_up(&newest_first);
        assert_eq!(summary.goal.as_ref().map(|goal| goal.id.as_str()), Some("1"));
        assert_eq!(summary.failures.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["4"]);
        assert_eq!(summary.outcomes, BTreeMap::from([("failure".into(), 1), ("success".into(), 1)]));
        assert_eq!(summary.files[0], "4.rs");
        assert!(summary.text.contains("asked for: Please build") && summary.text.contains("no rule"));
        assert_eq!(summary.said.iter().map(|said| said.id.as_str()).collect::<Vec<_>>(), ["2"]);
        // What was mended is not told.
        assert!(summed_up(&newest_first[1..]).failures.is_empty());
        assert_eq!(summed_up(&[]).text, "");
    }
}
