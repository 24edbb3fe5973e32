//! What is remembered that bears on a question, and nothing else.
//!
//! ```text
//! memories that hold ─▶ ranked ─┐
//! what was said ──────▶ ranked ─┴▶ signs of bearing ─▶ gate ─▶ those above the cutoff, the likeliest first
//! ```

use std::sync::Arc;
use std::time::Duration;

use athena_schemas::wire::{Hit, Kind, Mode};
use athena_schemas::{Error, Position, Time};
use athena_store::embed::StaticTable;
use futures::future::try_join_all;

use crate::App;
use crate::pairs::{Judge, Text};
use crate::rank::{Bearing, BearingText, Gates, Parts, SIGNS, sentences, written};
use crate::search::{OneSearch, explained, missing, unreadable, vector};
use crate::text::{Asked, Filter, TextQuery};

/// The best so many of each kind are judged. The gates are fitted on so many.
const JUDGED: usize = 30;
/// Probabilities that differ by less tell nothing of which memory is the better one.
const EQUAL: f64 = 0.01;
/// How long the vectors of what was written just before are waited for.
const VECTORS: Duration = Duration::from_millis(300);

/// From which probability something is taken to bear on the question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cutoff {
    /// As fitted for each kind.
    Auto,
    At(f64),
}

#[derive(Debug, Clone)]
pub struct Recall {
    pub query: String,
    /// Everything but kinds and places.
    pub filter: Filter,
    /// Where the question is asked from; memories of other places are not seen.
    pub places: Vec<String>,
    pub kinds: Vec<Kind>,
    /// A session whose talk the asker has before it anyway.
    pub known: Option<String>,
    pub limit: usize,
    pub cutoff: Cutoff,
    pub explain: bool,
}

/// What came of it, the likeliest first; each score is a probability.
pub struct Recalled {
    pub items: Vec<Hit>,
    pub degraded: Vec<String>,
    pub position: Position,
}

/// # Errors
/// An index that cannot be read.
pub async fn recall(app: &App, recall: Recall, after: Option<&Position>) -> Result<Recalled, Error> {
    let mut seen = app.acknowledged(&recall.filter.scope);
    seen.merge(after.unwrap_or(&Position::default()));
    // The gates are fitted on candidates that have vectors.
    app.vectors.wait_until(&seen, VECTORS).await;
    let mut degraded = missing(app, &recall.filter.scope, after, Mode::Hybrid).await;
    let vector = vector(app, &recall.query, Mode::Hybrid, &mut degraded).await;
    let position = app.following.found.borrow().clone();
    let searches: Vec<OneSearch> = recall
        .kinds
        .iter()
        .map(|kind| OneSearch {
            text: app.text.get(),
            vectors: app.vectors.clone(),
            vector: vector.clone(),
            query: TextQuery {
                text: recall.query.clone(),
                filter: filter(&recall, *kind, Time::now()),
                limit: recall.limit,
                prefix: false,
            },
            mode: Mode::Hybrid,
            ranker: app.options.ranker.clone(),
            // What is explained here is the bearing.
            explain: false,
            how: Arc::default(),
        })
        .collect();
    let recall = Arc::new(recall);
    let of_kind = |search: OneSearch| {
        let recall = recall.clone();
        tokio::task::spawn_blocking(move || judged(&search, &recall))
    };
    let broken = |error: tokio::task::JoinError| Error::internal(format!("recall: {error}"));
    let mut items = Vec::new();
    for found in try_join_all(searches.into_iter().map(of_kind)).await.map_err(broken)? {
        items.extend(found?);
    }
    let chosen = tokio::task::spawn_blocking(move || {
        newest_of_equals(&mut items);
        // Whoever takes anything takes it as it is.
        let everything = recall.cutoff == Cutoff::At(0.0);
        let mut items = if everything { items } else { said_once(items) };
        items.truncate(recall.limit);
        items
    });
    let items = chosen.await.map_err(broken)?;
    Ok(Recalled { items, degraded, position })
}

/// The likeliest first; of memories that are as likely as each other the newest: what was told later holds.
fn newest_of_equals(items: &mut [Hit]) {
    items.sort_by(|one, other| other.score.total_cmp(&one.score));
    for equals in items.chunk_by_mut(|one, other| {
        let memories = one.kind == Kind::Memory && other.kind == Kind::Memory;
        memories && one.score - other.score < EQUAL
    }) {
        equals.sort_by_key(|hit| std::cmp::Reverse(hit.time));
    }
}

/// Of memories that say the same, nearly word for word, only the newest, in the place of the likeliest; its sources are those of all.
fn said_once(items: Vec<Hit>) -> Vec<Hit> {
    let table = StaticTable::built_in();
    let mut kept: Vec<(Hit, Option<Text>)> = Vec::with_capacity(items.len());
    for hit in items {
        let memory = hit.kind == Kind::Memory && !hit.content.is_empty() && kept.len() < JUDGED;
        let text = memory.then(|| Text::new(&table, &hit.content, hit.name.as_deref(), &[]));
        let same = text.as_ref().and_then(|text| {
            kept.iter_mut().find(|(other, its)| {
                let its = its.as_ref().filter(|_| other.project == hit.project);
                its.is_some_and(|its| Judge::built_in().of(text, its).joins)
            })
        });
        match same {
            Some((first, its)) => {
                let (newer, older) =
                    if hit.time > first.time { (hit, first.clone()) } else { (first.clone(), hit) };
                if newer.id != first.id {
                    *its = text;
                }
                let more = older.sources.into_iter().chain([older.id]);
                let (score, parts) = (first.score, first.parts.take());
                *first = Hit { score, parts, ..newer };
                for source in more {
                    if !first.sources.contains(&source) {
                        first.sources.push(source);
                    }
                }
            }
            None => kept.push((hit, text)),
        }
    }
    kept.into_iter().map(|(hit, _)| hit).collect()
}

fn filter(recall: &Recall, kind: Kind, now: Time) -> Filter {
    // Left out from the start: a prompt that is being recorded meanwhile would outdo all others in its own list.
    let other_than = recall.known.clone();
    let filter = Filter { kinds: vec![kind], other_than, ..recall.filter.clone() };
    match kind {
        Kind::Event => Filter { said: true, ..filter },
        _ => Filter { seen_from: Some(recall.places.clone()), holds_at: Some(now), ..filter },
    }
}

/// The candidates of one kind that pass the gates. Blocks.
fn judged(search: &OneSearch, recall: &Recall) -> Result<Vec<Hit>, Error> {
    let asked = search.text.ask(&search.query)?;
    if !asked.is_worded() {
        return Ok(Vec::new());
    }
    let table = StaticTable::built_in();
    let mut question = Bearing::new(&table, asked.text());
    let (mut hits, mut parts) = (Vec::new(), Vec::new());
    let ranked = search.ranked(&asked, JUDGED)?;
    let best = ranked.first().map_or(0.0, |best| best.score);
    for ranked in ranked {
        let (hit, text) = text(search, &asked, &ranked.shown.by_words, &table)?;
        let mut all = explained(&ranked.row);
        all.extend(SIGNS.iter().zip(question.signs(&text)).map(|(name, sign)| ((*name).into(), sign.into())));
        all.insert("rank".into(), ranked.score.into());
        all.insert("rank.below".into(), (ranked.score - best).into());
        parts.push(all);
        hits.push(hit);
    }
    let passed = passed(&parts, search.query.filter.said, recall.cutoff);
    let items = hits.into_iter().zip(parts).zip(passed).filter_map(|((hit, parts), probability)| {
        let parts = recall.explain.then_some(parts);
        probability.map(|score| Hit { score, parts, ..hit })
    });
    Ok(items.collect())
}

/// The probability of each that passes.
fn passed(parts: &[Parts], said: bool, cutoff: Cutoff) -> Vec<Option<f64>> {
    let gates = Gates::built_in();
    let (gate, list) = match said {
        true => (&gates.said, gates.said_list.of_list(parts)),
        false => (&gates.memory, 1.0),
    };
    let passed = |parts: &Parts| {
        let own = gate.of(parts);
        let passes = match cutoff {
            Cutoff::Auto => own >= gate.cutoff && (!said || list >= gates.said_list.cutoff),
            Cutoff::At(cutoff) => own * list >= cutoff,
        };
        passes.then_some(own * list)
    };
    parts.iter().map(passed).collect()
}

fn text(
    search: &OneSearch,
    asked: &Asked,
    candidate: &crate::text::Candidate,
    table: &Arc<StaticTable>,
) -> Result<(Hit, BearingText), Error> {
    let found = asked.hit(candidate)?;
    let mut chunks = search.vectors.tokens_at(candidate.position).map_err(unreadable)?;
    if chunks.is_empty() {
        chunks.push(table.tokens(&found.hit.content));
    }
    let memory = found.hit.kind == Kind::Memory;
    let about = found.names.iter().chain(&found.tags).map(String::as_str).collect::<Vec<_>>().join(" ");
    let text = BearingText {
        chunks,
        about: table.tokens(&about),
        names: found.names,
        sentences: if memory { sentences(&found.hit.content) } else { Vec::new() },
        about_words: if memory { written(&about) } else { Vec::new() },
        content: found.hit.content.clone(),
    };
    Ok((found.hit, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(id: &str, content: &str, score: f64, time: i64) -> Hit {
        Hit {
            id: id.to_owned(),
            kind: Kind::Memory,
            score,
            name: None,
            content: content.to_owned(),
            time: Time::from_micros(time),
            project: "p".to_owned(),
            session: None,
            agent: None,
            event_type: None,
            tool: None,
            outcome: None,
            sources: Vec::new(),
            parts: None,
        }
    }

    fn ids(items: &[Hit]) -> Vec<&str> {
        items.iter().map(|hit| hit.id.as_str()).collect()
    }

    #[test]
    fn of_equals_the_newest_comes_first() {
        let mut items = vec![
            memory("old", "The port is 80.", 0.903, 1),
            memory("new", "The port is 81.", 0.901, 2),
            memory("less", "The port is open.", 0.85, 3),
        ];
        newest_of_equals(&mut items);
        assert_eq!(ids(&items), ["new", "old", "less"]);
    }

    #[test]
    fn only_what_is_the_same_word_for_word_is_hidden() {
        let items = vec![
            memory("one", "The gateway times out after 5 minutes.", 0.9, 1),
            memory("two", "After 300 seconds the gateway times out.", 0.8, 2),
            memory("three", "My daughter is called Frieda.", 0.7, 3),
            memory("four", "My dog is called Frieda.", 0.6, 4),
            memory("five", "Olga borrowed the projector from Piet.", 0.5, 5),
            memory("six", "Piet borrowed the projector from Olga.", 0.4, 6),
        ];
        let items = said_once(items);
        assert_eq!(ids(&items), ["two", "three", "four", "five", "six"]);
        assert_eq!((items[0].score, &items[0].sources), (0.9, &vec!["one".to_owned()]));
    }
}
