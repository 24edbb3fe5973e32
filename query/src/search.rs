//! One question, from its arguments to its hits.
//!
//! ```text
//! arguments ─▶ projects, filter ─▶ wait for what must be seen ─▶ text index ─▶ hits
//! ```

use std::collections::BTreeMap;
use std::time::Instant;

use athena_schemas::wire::{Found, Hit, Mode, Search};
use athena_schemas::{Error, Time};
use athena_store::Scope;

use crate::text::{Filter, TextHit, TextQuery};
use crate::who::{Caller, Role};
use crate::{App, time_args};

/// Characters of the longest question.
const QUERY_CHARS: usize = 10_000;

/// What stands in `degraded`.
const BEHIND: &str = "behind";
const REBUILDING: &str = "text_index_rebuilding";

/// The best hits in the projects that the caller names.
///
/// # Errors
/// `permission_denied`; `invalid_argument` by field; an index that cannot be read.
pub async fn search(app: &App, caller: &Caller, question: &Search) -> Result<Found, Error> {
    let began = Instant::now();
    caller.identity.must(Role::Read)?;
    let projects = caller.projects(question.project.as_deref(), &question.projects)?;
    let scope = Scope::Projects(projects.clone());
    let limit = limit(question.k, app.options.default_k, app.options.max_k)?;
    let filter = filter(question, scope.clone(), Time::now())?;
    if question.query.chars().count() > QUERY_CHARS {
        return Err(Error::invalid("query", format!("a question has at most {QUERY_CHARS} characters")));
    }
    let mut degraded = Vec::new();
    if matches!(question.mode, Mode::Vector | Mode::Graph) {
        return Err(Error::invalid("mode", "there are no vectors and no graph to search yet")
            .hint("use text, or hybrid, which takes what there is"));
    }
    let mut target = app.acknowledged(&scope);
    target.merge(question.after.as_ref().unwrap_or(&Default::default()));
    if !app.wait_until_found(&target).await {
        let why = if app.following.is_rebuilding() { REBUILDING } else { BEHIND };
        degraded.push(why.to_owned());
    }
    let position = app.following.found.borrow().clone();
    let (index, explain) = (app.text.get(), question.explain);
    let query = TextQuery { text: question.query.clone(), filter, limit, prefix: false };
    let hits = tokio::task::spawn_blocking(move || index.search(&query)).await;
    let hits = hits.map_err(|error| Error::internal(format!("search: {error}")))??;
    Ok(Found {
        hits: hits.into_iter().map(|hit| told(hit, explain)).collect(),
        took_ms: began.elapsed().as_secs_f64() * 1e3,
        degraded,
        position,
        projects,
    })
}

fn told(found: TextHit, explain: bool) -> Hit {
    let parts = explain.then(|| {
        let mut parts: BTreeMap<String, f64> =
            found.parts.into_iter().map(|(name, score)| (format!("text.{name}"), score)).collect();
        parts.insert("text".into(), found.score);
        parts
    });
    Hit { parts, ..found.hit }
}

/// # Errors
/// A number of hits that nobody may ask for.
pub fn limit(asked: Option<usize>, default: usize, most: usize) -> Result<usize, Error> {
    match asked {
        None => Ok(default),
        Some(k) if (1..=most).contains(&k) => Ok(k),
        Some(k) => Err(Error::invalid("k", format!("{k} hits; from 1 to {most} can be asked for"))),
    }
}

fn filter(question: &Search, scope: Scope, now: Time) -> Result<Filter, Error> {
    Ok(Filter {
        scope,
        kinds: question.kinds.clone(),
        session: question.session.clone(),
        agent: question.agent.clone(),
        event_type: question.event_type.clone(),
        tool: question.tool.clone(),
        outcome: question.outcome.clone(),
        tag: question.tag.clone(),
        path: question.path.clone(),
        since: time_args::optional("since", question.since.as_deref(), now)?,
        until: time_args::optional("until", question.until.as_deref(), now)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_bounded() {
        assert_eq!(limit(None, 10, 1000), Ok(10));
        assert_eq!(limit(Some(1000), 10, 1000), Ok(1000));
        for k in [0, 1001] {
            assert_eq!(limit(Some(k), 10, 1000).unwrap_err().field.as_deref(), Some("k"));
        }
    }

    #[test]
    fn bounds_in_time_are_named() {
        let question = Search { since: Some("2h".into()), until: Some("soon".into()), ..Search::default() };
        let error = filter(&question, Scope::All, Time::from_micros(0)).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("until"));
    }
}
