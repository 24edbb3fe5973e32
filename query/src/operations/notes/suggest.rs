//! What a note might be linked to: what speaks of the same, and what shares its neighbours.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use athena_schemas::Error;
use athena_schemas::wire::{Hit, Kind, Mode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Notes, example_id, linked, second, set_up};
use crate::operations::records::by_id;
use crate::registry::{Call, Effect, Example, Operation};
use crate::search::{limit, missing};
use crate::text::{Filter, TextQuery, excerpt};

/// Suggestions when nothing is said, and at most.
const SUGGESTED: usize = 5;
const MOST: usize = 100;
/// Characters of a note that are searched with, and of a text that is shown.
const ASKED_CHARS: usize = 2_000;
const SHOWN_CHARS: usize = 200;
/// Texts that are looked at.
const LOOKED_AT: usize = 100;
/// The share of a note's telling words that a text must have for that alone to speak for a link.
const LEAST: f64 = 0.05;

/// Notes and memories that a note may have to do with: by how much of what tells about it they speak of too (`text`),
/// and by the share of its neighbours that are theirs too (`graph`). What it is tied to already is left out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suggest {
    /// The note's id or address.
    note: String,
    /// At most so many; 5 when not said.
    #[serde(default, alias = "limit")]
    k: Option<usize>,
}

/// The likeliest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Suggested {
    items: Vec<Suggestion>,
    /// What the answer lacks.
    degraded: Vec<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Suggestion {
    id: String,
    kind: Kind,
    /// Of a note.
    address: Option<String>,
    title: Option<String>,
    /// Its beginning.
    content: String,
    /// From 0 to 1: 1 − (1 − text) · (1 − graph).
    score: f64,
    parts: BTreeMap<&'static str, f64>,
    /// Neighbours that both have.
    shared: Vec<String>,
}

impl Operation for Suggest {
    const TOOL: &'static str = "notes";
    const NAME: &'static str = "suggest";
    const EFFECT: Effect = Effect::Read;
    type Result = Suggested;

    async fn call(self, call: &Call) -> Result<Suggested, Error> {
        let most = limit(self.k, SUGGESTED, MOST)?;
        let notes = Notes::read(call).await?;
        let id = notes.find("note", &self.note)?;
        let degraded = missing(&call.app, &notes.scope, call.shared.after.as_ref(), Mode::Text).await;
        let alike = alike(call, &notes, &id).await?;
        let graph = Graph::of(&notes);
        let sharing = graph.sharing(&id);
        let found = by_id(&call.app, &notes.scope, &sharing.keys().cloned().collect::<Vec<_>>()).await?;
        let mut items: BTreeMap<String, Suggestion> = BTreeMap::new();
        for note in found {
            let text = excerpt(note.text.as_deref().unwrap_or_default(), "", SHOWN_CHARS);
            items.insert(note.id.clone(), suggestion(&notes, &note.id, Kind::Note, note.name, text));
        }
        for (hit, text) in alike {
            let shown = excerpt(&hit.content, "", SHOWN_CHARS);
            let known = items.entry(hit.id.clone());
            let item = known.or_insert_with(|| suggestion(&notes, &hit.id, hit.kind, hit.name, shown));
            item.parts.insert("text", text);
        }
        items.retain(|other, _| *other != id && !graph.are_tied(&id, other));
        let mut items: Vec<Suggestion> = items.into_values().collect();
        for item in &mut items {
            let (share, shared) = sharing.get(&item.id).cloned().unwrap_or_default();
            item.parts.insert("graph", share);
            item.shared = shared;
            item.score = 1.0 - item.parts.values().map(|part| 1.0 - part).product::<f64>();
        }
        items.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.id.cmp(&other.id)));
        items.truncate(most);
        Ok(Suggested { items, degraded, project: notes.project })
    }

    fn examples() -> Vec<Example> {
        let third = json!({"title": "Rebuilding", "body": "A memory that is derived from a log can be rebuilt",
                           "event_id": "example-note-3"});
        let third = crate::registry::Step { tool: "notes", operation: "create", arguments: third };
        let setup = vec![set_up(), second(), third, linked()];
        vec![Example { setup, arguments: json!({"note": example_id()}) }]
    }
}

fn suggestion(notes: &Notes, id: &str, kind: Kind, title: Option<String>, content: String) -> Suggestion {
    Suggestion {
        id: id.to_owned(),
        kind,
        address: (kind == Kind::Note).then(|| notes.tree.address(id)),
        title,
        content,
        score: 0.0,
        parts: BTreeMap::from([("text", 0.0)]),
        shared: Vec::new(),
    }
}

/// Notes and memories that say what a note says, each with its score as a share of the note's own.
async fn alike(call: &Call, notes: &Notes, id: &str) -> Result<Vec<(Hit, f64)>, Error> {
    let own = by_id(&call.app, &notes.scope, &[id.to_owned()]).await?.pop();
    let Some(own) = own else { return Ok(Vec::new()) };
    let text = format!("{} {}", own.name.unwrap_or_default(), own.text.unwrap_or_default());
    let filter = Filter {
        kinds: vec![Kind::Note, Kind::Memory],
        holds_at: Some(athena_schemas::Time::now()),
        ..Filter::within(notes.scope.clone())
    };
    let query = TextQuery { text: words(&text), filter, limit: LOOKED_AT, prefix: false };
    let index = call.app.text.get();
    let found = tokio::task::spawn_blocking(move || index.search(&query)).await;
    let found = found.map_err(|error| Error::internal(format!("search: {error}")))??;
    // A note has all of its own words, so nothing is more like it than itself.
    let own = found.iter().find(|hit| hit.hit.id == id).or(found.first()).map_or(1.0, |hit| hit.score);
    let share = |hit: &crate::text::TextHit| (hit.score / own.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
    let alike = found.into_iter().map(|hit| (share(&hit), hit.hit));
    Ok(alike.filter(|(share, _)| *share >= LEAST).map(|(share, hit)| (hit, share)).collect())
}

/// The words of a text, none of which a question could take for a demand.
fn words(text: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '_' { c } else { ' ' };
    text.chars().take(ASKED_CHARS).map(plain).collect::<String>().to_lowercase()
}

/// What is tied to what: by links in either direction, and by standing directly below.
struct Graph {
    neighbours: HashMap<String, BTreeSet<String>>,
}

impl Graph {
    fn of(notes: &Notes) -> Self {
        let links = notes.links.iter().map(|(_, link)| (link.from.clone(), link.to.clone()));
        let places =
            notes.tree.nodes().filter_map(|node| Some((node.id.clone(), node.place.parent.clone()?)));
        Self::new(links.chain(places))
    }

    fn new(ties: impl Iterator<Item = (String, String)>) -> Self {
        let mut neighbours: HashMap<String, BTreeSet<String>> = HashMap::new();
        for (one, other) in ties {
            neighbours.entry(one.clone()).or_default().insert(other.clone());
            neighbours.entry(other).or_default().insert(one);
        }
        Self { neighbours }
    }

    fn of_note(&self, id: &str) -> impl Iterator<Item = &String> {
        self.neighbours.get(id).into_iter().flatten()
    }

    fn are_tied(&self, one: &str, other: &str) -> bool {
        self.neighbours.get(one).is_some_and(|all| all.contains(other))
    }

    /// What a shared neighbour speaks for: the less, the more it is tied to (Adamic and Adar 2003).
    fn worth(&self, id: &str) -> f64 {
        let ties = self.neighbours.get(id).map_or(0, BTreeSet::len);
        1.0 / (1.0 + ties as f64).ln()
    }

    /// For each that shares a neighbour with a note: how much of the worth of the note's neighbours, and which.
    fn sharing(&self, id: &str) -> BTreeMap<String, (f64, Vec<String>)> {
        let all: f64 = self.of_note(id).map(|neighbour| self.worth(neighbour)).sum();
        let mut sharing: BTreeMap<String, (f64, Vec<String>)> = BTreeMap::new();
        for neighbour in self.of_note(id) {
            for other in self.of_note(neighbour).filter(|other| *other != id) {
                let (share, shared) = sharing.entry(other.clone()).or_default();
                *share += self.worth(neighbour) / all;
                shared.push(neighbour.clone());
            }
        }
        sharing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_neighbours_speak_for_a_link() {
        let ties = [("a", "x"), ("b", "x"), ("a", "y"), ("c", "y"), ("d", "y"), ("e", "y"), ("a", "e")];
        let graph = Graph::new(ties.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())));
        let sharing = graph.sharing("a");
        assert_eq!(sharing["b"].1, ["x"]);
        // `x` is tied to two, `y` to four: it speaks for less.
        assert!(sharing["b"].0 > sharing["c"].0, "{sharing:?}");
        assert!(graph.are_tied("a", "e") && !graph.are_tied("a", "b"));
        assert!(sharing.values().all(|(share, _)| (0.0..=1.0).contains(share)));
        assert!(graph.sharing("nobody").is_empty());
    }

    #[test]
    fn words_of_a_text_demand_nothing() {
        assert_eq!(words("Run \"cargo test\" -q: NOT now"), "run  cargo test   q  not now");
    }
}
