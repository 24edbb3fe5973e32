//! What answers one question: candidates, what each shows, and their order. It blocks.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ahash::{AHashMap, AHashSet};
use athena_schemas::Error;
use athena_schemas::wire::{Hit, Kind, Mode, Weights};
use tokio::runtime::Handle;

use crate::at_once::at_once;
use crate::rank::{self, Asks, NAMES, Ranker, Row, Shown, Weighed};
use crate::text::{Asked, Candidate, Filter, Graph, Place, TextHit, TextIndex, TextQuery, parse, plain};
use crate::vector::{Near, VectorIndex, Wanted};
use crate::{importance, reach};

/// Candidates drawn by words and by vectors each, at least. The ranker is fitted on so many.
const DRAWN: usize = 150;
/// Of so many that were drawn the turns beside them may be the answer too; beside the others they only tell.
const LEADING: usize = 60;
/// Of how many candidates for each hit the diverse ones are chosen.
const DIVERSE: usize = 5;

/// A question with all that answers it. Blocks.
#[derive(Clone)]
pub struct OneSearch {
    pub text: Arc<TextIndex>,
    pub vectors: Arc<VectorIndex>,
    /// Of the question; `None` where there is none, or its model cannot be asked.
    pub vector: Option<Vec<f32>>,
    pub query: TextQuery,
    pub mode: Mode,
    pub ranker: Arc<Ranker>,
    pub explain: bool,
    pub how: Arc<How>,
}

/// What a question says of the order of its hits.
#[derive(Debug, Default)]
pub struct How {
    pub weights: Option<Weights>,
    /// From 0: as they are.
    pub diversity: f64,
    /// Of what anything is known of, by project and id; the rest is as important as [`importance::UNKNOWN`].
    pub importance: HashMap<(String, String), f64>,
}

/// A candidate and its score.
pub struct Ranked {
    pub score: f32,
    pub shown: Shown,
    pub row: Row,
    /// Its share of a walk in the graph, where one was made.
    pub graph: Option<f32>,
}

impl OneSearch {
    /// The same filter asked another question, whatever its words would demand: by the ranker. Waits for the model.
    pub fn about(&self, text: &str, limit: usize) -> Self {
        let query = TextQuery { text: plain(text), limit, ..self.query.clone() };
        let vector = Handle::current().block_on(self.vectors.vector(&parse(&query.text).plain()));
        Self { query, vector, mode: Mode::Hybrid, explain: false, how: Arc::default(), ..self.clone() }
    }

    /// The best hits.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn hits(&self) -> Result<Vec<Hit>, Error> {
        let asked = self.text.ask(&self.query)?;
        let limit = self.query.limit;
        let drawn = if self.how.diversity > 0.0 { limit.saturating_mul(DIVERSE) } else { limit };
        let by_words = self.mode == Mode::Text || !asked.is_worded();
        let mut hits: Vec<Hit> = if by_words {
            let found = asked.by_words_at_most(drawn)?;
            found.into_iter().map(|hit| told(hit, self.explain)).collect()
        } else {
            let ranked = self.ranked(&asked, drawn)?;
            ranked.into_iter().map(|ranked| self.hit(&asked, ranked)).collect::<Result<_, _>>()?
        };
        if self.how.diversity > 0.0 {
            let scores: Vec<f64> = hits.iter().map(|hit| hit.score).collect();
            let alike =
                |one: usize, other: usize| rank::shared_words(&hits[one].content, &hits[other].content);
            let order = rank::diverse(&scores, self.how.diversity, alike);
            let mut all: Vec<Option<Hit>> = hits.into_iter().map(Some).collect();
            hits = order.into_iter().filter_map(|at| all[at].take()).collect();
        }
        hits.truncate(limit);
        Ok(hits)
    }

    /// A candidate as it is shown.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn hit(&self, asked: &Asked, ranked: Ranked) -> Result<Hit, Error> {
        let parts = self.explain.then(|| {
            let mut parts = explained(&ranked.row);
            parts.extend(ranked.graph.map(|graph| ("graph".to_owned(), f64::from(graph))));
            parts
        });
        Ok(Hit { score: ranked.score.into(), parts, ..asked.hit(&ranked.shown.by_words)?.hit })
    }

    /// The best so many candidates, the best first.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn ranked(&self, asked: &Asked, limit: usize) -> Result<Vec<Ranked>, Error> {
        let weighs_graph = self.how.weights.is_some_and(|weights| weights.graph > 0.0);
        let mut graph = None;
        let mut near = Vec::new();
        if self.mode == Mode::Graph || weighs_graph || self.explain {
            let reached = reach::walk(asked, &mut Graph::new(asked)?)?.items;
            // An explanation shows the graph's part, and changes nothing.
            if self.mode == Mode::Graph || weighs_graph {
                near.extend(reached.iter().take(DRAWN.max(self.query.limit)).map(|(position, _)| *position));
            }
            graph = Some(reached.into_iter().collect());
        }
        let (candidates, alike) = self.candidates(asked, &near)?;
        let mut ranked = self.order(asked, candidates, &alike, graph.as_ref())?;
        ranked.truncate(limit);
        Ok(ranked)
    }

    /// What stands at these positions, in the order of their scores.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn ranked_at(&self, asked: &Asked, positions: &[u64]) -> Result<Vec<Ranked>, Error> {
        let mut candidates = asked.candidates(Vec::new(), positions)?;
        candidates.retain(|candidate| positions.contains(&candidate.position));
        self.order(asked, candidates, &[], None)
    }

    /// The candidates of the mode, and those of them that are near by vectors; `near` is what a walk came to.
    fn candidates(&self, asked: &Asked, near: &[u64]) -> Result<(Vec<Candidate>, Vec<Near>), Error> {
        let limit = DRAWN.max(self.query.limit);
        let (drawn, alike) = match self.mode {
            Mode::Graph => Default::default(),
            Mode::Hybrid => {
                let (drawn, alike) = at_once(|| asked.drawn(limit), || self.alike(asked, limit));
                (drawn?, alike?)
            }
            Mode::Vector | Mode::Text => (Vec::new(), self.alike(asked, limit)?),
        };
        let positions: Vec<u64> =
            near.iter().copied().chain(alike.iter().map(|near| near.position)).collect();
        let mut candidates = asked.candidates(drawn, &positions)?;
        if self.mode != Mode::Hybrid {
            let wanted: AHashSet<u64> = positions.into_iter().collect();
            candidates.retain(|candidate| wanted.contains(&candidate.position));
        }
        Ok((candidates, alike))
    }

    fn alike(&self, asked: &Asked, limit: usize) -> Result<Vec<Near>, Error> {
        let question = self.vectors.question(asked.text(), self.vector.clone());
        let Filter { scope, kinds, .. } = &self.query.filter;
        let wanted = Wanted { scope, kinds: kinds as &[Kind], positions: asked.positions()?, limit };
        self.vectors.nearest(&question, &wanted).map_err(unreadable)
    }

    fn order(
        &self,
        asked: &Asked,
        candidates: Vec<Candidate>,
        alike: &[Near],
        graph: Option<&HashMap<u64, f32>>,
    ) -> Result<Vec<Ranked>, Error> {
        let question = self.vectors.question(asked.text(), self.vector.clone());
        let close = close(&candidates, alike);
        let positions: Vec<u64> = close.iter().map(|at| candidates[*at].position).collect();
        let scope = &self.query.filter.scope;
        let likeness = self.vectors.compare(&question, scope, &positions).map_err(unreadable)?;
        let mut all: Vec<Shown> =
            candidates.into_iter().map(|by_words| Shown { by_words, likeness: None }).collect();
        close.iter().zip(likeness).for_each(|(at, likeness)| all[*at].likeness = likeness);
        let terms: Vec<f32> = asked.terms().map(|(idf, _)| idf).collect();
        let rows = rank::features(&Asks::of(asked.text()), &terms, &all, &close);
        let mut all: Vec<Option<Shown>> = all.into_iter().map(Some).collect();
        let shown: Vec<Shown> = close.into_iter().filter_map(|at| all[at].take()).collect();
        let share = |position: &u64| graph.map(|graph| graph.get(position).copied().unwrap_or_default());
        let graph: Vec<Option<f32>> = positions.iter().map(share).collect();
        let scores = match &self.how.weights {
            Some(weights) => self.weighed(asked, weights, &shown, &graph)?,
            None if self.mode == Mode::Graph => graph.iter().map(|share| share.unwrap_or_default()).collect(),
            None => self.scores(&rows),
        };
        let ranked = shown.into_iter().zip(rows).zip(scores).zip(graph);
        let mut ranked: Vec<Ranked> =
            ranked.map(|(((shown, row), score), graph)| Ranked { score, shown, row, graph }).collect();
        let newer = |one: &Ranked| (one.shown.by_words.time, one.shown.by_words.position);
        ranked.sort_unstable_by(|one, other| {
            other.score.total_cmp(&one.score).then_with(|| newer(other).cmp(&newer(one)))
        });
        Ok(ranked)
    }

    fn weighed(
        &self,
        asked: &Asked,
        weights: &Weights,
        shown: &[Shown],
        graph: &[Option<f32>],
    ) -> Result<Vec<f32>, Error> {
        let mut all = Vec::with_capacity(shown.len());
        for (one, graph) in shown.iter().zip(graph) {
            let importance = match self.how.importance.is_empty() {
                true => importance::UNKNOWN,
                false => {
                    let Hit { project, id, .. } = asked.hit(&one.by_words)?.hit;
                    self.how.importance.get(&(project, id)).copied().unwrap_or(importance::UNKNOWN)
                }
            };
            all.push(Weighed {
                text: one.by_words.parts.total(),
                vector: one.likeness.map(|likeness| likeness.local.into()),
                graph: graph.unwrap_or_default().into(),
                recency: one.by_words.time as f64,
                importance,
            });
        }
        Ok(rank::weighed(weights, &all).into_iter().map(|score| score as f32).collect())
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

/// Places of the candidates that are looked at closely, in ascending order: those that were drawn, and the turns next to
/// the best of them, half by words and half by likeness.
fn close(candidates: &[Candidate], alike: &[Near]) -> Vec<usize> {
    let (nearest, farthest) =
        (alike.first().map_or(0.0, |one| one.cosine), alike.last().map_or(0.0, |one| one.cosine));
    let span = (nearest - farthest).max(f32::MIN_POSITIVE);
    let likeness: AHashMap<u64, f32> =
        alike.iter().map(|one| (one.position, (one.cosine - farthest) / span)).collect();
    let most = candidates.iter().map(|one| one.parts.total()).fold(f64::MIN_POSITIVE, f64::max);
    let score = |one: &Candidate| {
        (one.parts.total() / most) as f32 + likeness.get(&one.position).copied().unwrap_or_default()
    };
    let mut drawn: Vec<(f32, Option<Place>)> =
        candidates.iter().filter(|one| one.drawn).map(|one| (score(one), one.place)).collect();
    drawn.sort_by(|one, other| other.0.total_cmp(&one.0));
    drawn.truncate(LEADING);
    let leading: AHashSet<Place> = drawn.into_iter().filter_map(|(_, place)| place).collect();
    let leads = |distance: i64, place: Place| place.plus(distance).is_some_and(|one| leading.contains(&one));
    let is_close =
        |one: &Candidate| one.drawn || one.place.is_some_and(|place| leads(-1, place) || leads(1, place));
    (0..candidates.len()).filter(|at| is_close(&candidates[*at])).collect()
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
