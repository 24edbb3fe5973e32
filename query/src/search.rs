//! One question, from its arguments to its hits.
//!
//! ```text
//! arguments ─▶ projects, filter ─▶ wait for what must be seen ─┬▶ words ───┬▶ features ─▶ order ─▶ hits
//!                                                              └▶ vectors ─┘
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use athena_schemas::wire::{Found, Hit, Kind, Mode, Search};
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;

use crate::rank::{self, Asks, NAMES, Ranker, Row, Shown};
use crate::text::{Asked, Filter, TextHit, TextIndex, TextQuery};
use crate::vector::{VectorIndex, Wanted};
use crate::who::{Caller, Role};
use crate::{App, time_args};

/// Characters of the longest question.
pub const QUERY_CHARS: usize = 10_000;
/// Candidates drawn by words and by vectors each, at least. The ranker is fitted on so many.
const DRAWN: usize = 150;

/// Vectors that are behind by less are not spoken of.
pub const MOMENT: Duration = Duration::from_secs(1);

/// What stands in `degraded`.
const BEHIND: &str = "behind";
const REBUILDING: &str = "text_index_rebuilding";
const VECTORS: &str = "vectors_behind";

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
    if question.mode == Mode::Graph {
        return Err(Error::invalid("mode", "there is no graph to search yet")
            .hint("use hybrid, which takes what there is"));
    }
    let degraded = missing(app, &scope, question.after.as_ref(), question.mode).await;
    let position = app.following.found.borrow().clone();
    let search = OneSearch {
        text: app.text.get(),
        vectors: app.vectors.clone(),
        query: TextQuery { text: question.query.clone(), filter, limit, prefix: false },
        mode: question.mode,
        ranker: app.options.ranker.clone(),
        explain: question.explain,
    };
    let hits = tokio::task::spawn_blocking(move || search.hits()).await;
    let hits = hits.map_err(|error| Error::internal(format!("search: {error}")))??;
    Ok(Found { hits, took_ms: began.elapsed().as_secs_f64() * 1e3, degraded, position, projects })
}

/// What an answer lacks, after a wait within bounds for what was acknowledged in the scope, and `after`.
///
/// Vectors come a moment after the words. They are waited for where nothing else finds, or where it is said
/// what must be seen; else a search goes on without the newest.
pub async fn missing(app: &App, scope: &Scope, after: Option<&Position>, mode: Mode) -> Vec<String> {
    let mut missing = Vec::new();
    let mut target = app.acknowledged(scope);
    target.merge(after.unwrap_or(&Default::default()));
    if !app.wait_until_found(&target).await {
        missing.push(if app.following.is_rebuilding() { REBUILDING } else { BEHIND }.to_owned());
    }
    let has_vectors = match mode {
        Mode::Text => true,
        Mode::Vector => app.vectors.wait_until(&target, app.options.after_timeout).await,
        _ if after.is_some() => app.vectors.wait_until(&target, app.options.after_timeout).await,
        _ => app.vectors.applied().covers(app.started_at()) && app.vectors.behind() < MOMENT,
    };
    if !has_vectors {
        missing.push(VECTORS.to_owned());
    }
    missing
}

/// A question with all that answers it. Blocks.
pub struct OneSearch {
    pub text: Arc<TextIndex>,
    pub vectors: Arc<VectorIndex>,
    pub query: TextQuery,
    pub mode: Mode,
    pub ranker: Arc<Ranker>,
    pub explain: bool,
}

/// A candidate and its score.
pub struct Ranked {
    pub score: f32,
    pub shown: Shown,
    pub row: Row,
}

impl OneSearch {
    fn hits(&self) -> Result<Vec<Hit>, Error> {
        let asked = self.text.ask(&self.query)?;
        let by_words = self.mode == Mode::Text || !asked.is_worded();
        if by_words {
            return Ok(asked.by_words()?.into_iter().map(|hit| told(hit, self.explain)).collect());
        }
        let hit = |ranked: Ranked| {
            let parts = self.explain.then(|| explained(&ranked.row));
            Ok(Hit { score: ranked.score.into(), parts, ..asked.hit(&ranked.shown.by_words)?.hit })
        };
        self.ranked(&asked, self.query.limit)?.into_iter().map(hit).collect()
    }

    /// The best so many candidates, the best first.
    pub fn ranked(&self, asked: &Asked, limit: usize) -> Result<Vec<Ranked>, Error> {
        let shown = self.shown(asked)?;
        let terms: Vec<f32> = asked.terms().map(|(idf, _)| idf).collect();
        let rows = rank::features(&Asks::of(asked.text()), &terms, &shown);
        let scores = self.scores(&rows);
        let ranked = shown.into_iter().zip(rows).zip(scores);
        let mut ranked: Vec<Ranked> =
            ranked.map(|((shown, row), score)| Ranked { score, shown, row }).collect();
        let newer = |one: &Ranked| (one.shown.by_words.time, one.shown.by_words.position);
        ranked.sort_unstable_by(|one, other| {
            other.score.total_cmp(&one.score).then_with(|| newer(other).cmp(&newer(one)))
        });
        ranked.truncate(limit);
        Ok(ranked)
    }

    /// The candidates, with their likeness to the question.
    fn shown(&self, asked: &Asked) -> Result<Vec<Shown>, Error> {
        let drawn = DRAWN.max(self.query.limit);
        let question = self.vectors.question(asked.text());
        let Filter { scope, kinds, .. } = &self.query.filter;
        let wanted = Wanted { scope, kinds: kinds as &[Kind], positions: asked.positions()?, limit: drawn };
        let near = self.vectors.nearest(&question, &wanted).map_err(unreadable)?;
        let near: Vec<u64> = near.iter().map(|near| near.position).collect();
        let mut candidates = match self.mode {
            Mode::Vector => asked.candidates(&near, 0)?,
            _ => asked.candidates(&near, drawn)?,
        };
        if self.mode == Mode::Vector {
            candidates.retain(|candidate| near.contains(&candidate.position));
        }
        let positions: Vec<u64> = candidates.iter().map(|candidate| candidate.position).collect();
        let likeness = self.vectors.compare(&question, scope, &positions).map_err(unreadable)?;
        let shown = |(by_words, likeness)| Shown { by_words, likeness };
        Ok(candidates.into_iter().zip(likeness).map(shown).collect())
    }

    fn scores(&self, rows: &[Row]) -> Vec<f32> {
        let sum = |names: &[&str]| -> Vec<f32> {
            rows.iter().map(|row| names.iter().map(|name| rank::value(row, name)).sum()).collect()
        };
        match self.mode {
            Mode::Vector => sum(&["like.general", "like.local"]),
            _ if self.ranker.is_fitted() => self.ranker.scores(rows),
            _ => sum(&["sum"]),
        }
    }
}

pub fn unreadable(error: std::io::Error) -> Error {
    Error::internal(format!("vector index: {error}"))
}

/// What a score was made of: the features by name, and the summary that every mode has.
pub fn explained(row: &Row) -> BTreeMap<String, f64> {
    let mut parts: BTreeMap<String, f64> =
        NAMES.iter().zip(row).map(|(name, value)| ((*name).to_owned(), f64::from(*value))).collect();
    for (name, feature) in [("text", "words.total"), ("vector", "like.local")] {
        parts.insert(name.into(), rank::value(row, feature).into());
    }
    parts
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
        seen_from: None,
        holds_at: None,
        said: false,
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
