//! One question, from its arguments to its hits.
//!
//! ```text
//! arguments ─▶ projects, filter ─▶ wait for what must be seen ─┬▶ words ───┬▶ features ─▶ order ─▶ hits
//!                                                              ├▶ vectors ─┤
//!                                                              └▶ graph ───┘
//! ```

mod one;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use athena_schemas::wire::{Found, Hit, Kind, Mode, Search};
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use tokio::time::timeout_at;

use crate::text::{self, Filter, TextQuery};
use crate::who::{Caller, Role};
use crate::{App, facts, importance, time_args};

pub use one::{How, OneSearch, Ranked, explained, unreadable};

/// Characters of the longest question.
pub const QUERY_CHARS: usize = 10_000;
/// Vectors that are behind by less are not spoken of.
pub const MOMENT: Duration = Duration::from_secs(1);

/// What stands in `degraded`.
const BEHIND: &str = "behind";
const REBUILDING: &str = "text_index_rebuilding";
const VECTORS: &str = "vectors_behind";
const MODEL: &str = "model_endpoint_down";
const DEADLINE: &str = "deadline";

/// A question that is ready to be searched for, and what is known of the answer before.
pub struct Prepared {
    pub search: OneSearch,
    pub projects: Vec<String>,
    pub degraded: Vec<String>,
    pub position: Position,
    began: Instant,
    deadline: Option<tokio::time::Instant>,
}

/// The best hits in the projects that the caller names.
///
/// # Errors
/// `permission_denied`; `invalid_argument` by field; an index that cannot be read.
pub async fn search(app: &App, caller: &Caller, question: &Search) -> Result<Found, Error> {
    let mut prepared = prepare(app, caller, question).await?;
    let hits = match prepared.deadline {
        None => prepared.run(OneSearch::hits).await?,
        Some(deadline) => {
            let by_words =
                prepared.run(|search| OneSearch { mode: Mode::Text, ..search.clone() }.hits()).await?;
            let in_time = async {
                (tokio::time::Instant::now() < deadline).then_some(())?;
                timeout_at(deadline, prepared.run(OneSearch::hits)).await.ok()
            };
            match in_time.await {
                Some(hits) => hits?,
                None => {
                    prepared.degraded.push(DEADLINE.to_owned());
                    by_words
                }
            }
        }
    };
    let hits = with_facts(app, question, &prepared, hits).await?;
    let Prepared { projects, degraded, position, began, .. } = prepared;
    Ok(Found { hits, took_ms: began.elapsed().as_secs_f64() * 1e3, degraded, position, projects })
}

/// Facts are not in the index: where they are asked for by kind they are ranked beside the rest.
async fn with_facts(
    app: &App,
    question: &Search,
    prepared: &Prepared,
    hits: Vec<Hit>,
) -> Result<Vec<Hit>, Error> {
    if !question.kinds.contains(&Kind::Fact) {
        return Ok(hits);
    }
    let (scope, limit) = (&prepared.search.query.filter.scope, prepared.search.query.limit);
    let found = facts::search(app, scope, &question.query, limit).await?;
    Ok(facts::merged(hits, found, limit))
}

/// Checks a question, and waits within bounds for what it must see.
///
/// # Errors
/// As `search`.
pub async fn prepare(app: &App, caller: &Caller, question: &Search) -> Result<Prepared, Error> {
    let began = Instant::now();
    caller.identity.must(Role::Read)?;
    let projects = caller.projects(question.project.as_deref(), &question.projects)?;
    let scope = Scope::Projects(projects.clone());
    let limit = limit(question.k, app.options.default_k, app.options.max_k)?;
    let filter = filter(question, scope.clone(), Time::now())?;
    if question.query.chars().count() > QUERY_CHARS {
        return Err(Error::invalid("query", format!("a question has at most {QUERY_CHARS} characters")));
    }
    let how = how(app, question, &scope).await?;
    let deadline = question.budget_ms.map(|budget| began + Duration::from_millis(budget)).map(Into::into);
    let known = async {
        let mut degraded = missing(app, &scope, question.after.as_ref(), question.mode).await;
        let vector = vector(app, &question.query, question.mode, &mut degraded).await;
        (degraded, vector)
    };
    let (degraded, vector) = match deadline {
        None => known.await,
        Some(deadline) => {
            timeout_at(deadline, known).await.unwrap_or_else(|_| (vec![BEHIND.to_owned()], None))
        }
    };
    let position = app.following.found.borrow().clone();
    let search = OneSearch {
        text: app.text.get(),
        vectors: app.vectors.clone(),
        vector,
        query: TextQuery { text: question.query.clone(), filter, limit, prefix: false },
        mode: question.mode,
        ranker: app.options.ranker.clone(),
        explain: question.explain,
        how: Arc::new(how),
    };
    Ok(Prepared { search, projects, degraded, position, began, deadline })
}

async fn how(app: &App, question: &Search, scope: &Scope) -> Result<How, Error> {
    let diversity = question.diversity.unwrap_or_default();
    if !(0.0..=1.0).contains(&diversity) {
        return Err(Error::invalid("diversity", format!("{diversity} is not from 0 to 1")));
    }
    let Some(weights) = question.weights else { return Ok(How { diversity, ..How::default() }) };
    weights.check()?;
    if question.mode != Mode::Hybrid {
        return Err(Error::invalid(
            "weights",
            "weights order a hybrid search; other modes have their own order",
        ));
    }
    let importance = match weights.importance > 0.0 {
        true => importance::of(app, scope).await?,
        false => HashMap::new(),
    };
    Ok(How { weights: Some(weights), diversity, importance })
}

impl Prepared {
    /// Does what blocks, away from the threads that answer.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&OneSearch) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let search = self.search.clone();
        let done = tokio::task::spawn_blocking(move || work(&search)).await;
        done.map_err(|error| Error::internal(format!("search: {error}")))?
    }

    pub fn took_ms(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * 1e3
    }
}

/// What an answer lacks, after a wait within bounds for what was acknowledged in the scope, and `after`.
///
/// Vectors come a moment after the words. They are waited for where nothing else finds, or where it is said
/// what must be seen; else a search goes on without the newest.
pub async fn missing(app: &App, scope: &Scope, after: Option<&Position>, mode: Mode) -> Vec<String> {
    let mut missing = Vec::new();
    // Both are waited for until the same moment.
    let deadline = Instant::now() + app.options.after_timeout;
    let left = || deadline.saturating_duration_since(Instant::now());
    let mut target = app.acknowledged(scope);
    target.merge(after.unwrap_or(&Default::default()));
    if !app.wait_until_found(&target).await {
        missing.push(if app.following.is_rebuilding() { REBUILDING } else { BEHIND }.to_owned());
    }
    let has_vectors = match mode {
        Mode::Text => true,
        Mode::Vector => app.vectors.wait_until(&target, left()).await,
        _ if after.is_some() => app.vectors.wait_until(&target, left()).await,
        _ => {
            // A process that has just taken a directory over embeds first what the one before it left; after that a
            // moment is enough, or it is as good as without them for a while.
            let young = app.options.after_timeout.saturating_sub(app.began.elapsed());
            app.vectors.wait_until(app.started_at(), young.max(MOMENT / 2)).await
                && (app.vectors.behind() < MOMENT || app.vectors.wait_until(&target, young).await)
        }
    };
    if !has_vectors {
        missing.push(VECTORS.to_owned());
    }
    missing
}

/// The vector of a question, where the mode takes one. A model that cannot be asked is told in `degraded`; what
/// is found by words then is ordered by words.
pub async fn vector(app: &App, query: &str, mode: Mode, degraded: &mut Vec<String>) -> Option<Vec<f32>> {
    let text = text::parse(query).plain();
    if mode == Mode::Text || text.is_empty() {
        return None;
    }
    let vector = app.vectors.vector(&text).await;
    degraded.extend(vector.is_none().then(|| MODEL.to_owned()));
    vector
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
        ..Filter::within(scope)
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
