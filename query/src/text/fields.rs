//! The schema of the index, and how a document stands in it.
//!
//! | field                                   | kept as                           | for                      |
//! |-----------------------------------------|-----------------------------------|--------------------------|
//! | `key`                                   | term                              | replacing and removing   |
//! | `id`                                    | exact term                        | what is asked for by id  |
//! | `parent`                                | exact term                        | what came of an event    |
//! | `kind` … `outcome`, `tag`               | exact term and fast column        | filters, counts          |
//! | `seen_from`, `state`                   | exact terms: scopes, or `*`; `said`, `superseded` | recall  |
//! | `valid_from`, `valid_until`             | terms, where they are told        | recall                   |
//! | `path`                                  | exact term for each file and each folder above it | filters  |
//! | `time`, `position`                      | fast columns; segments are sorted by `time`, newest first | lists, bounds |
//! | `position`                              | also a term                       | what vectors are near    |
//! | `traits`                                | fast column                       | ranking                  |
//! | `session_key`, `ordinal`, `place`       | fast columns; `place` is also a term | neighbours in the session |
//! | `text`                                  | terms with frequency and position | search                   |
//! | `stored`                                | JSON                              | hits                     |

use std::borrow::Cow;

use athena_schemas::ids;
use tantivy::index::{IndexSettings, IndexSortByField, Order};
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use super::document::{Document, Key, Stored};
use super::traits::Traits;
use super::words;

/// Raised when documents must be written in another way: older indexes are then rebuilt.
pub const VERSION: u32 = 5;

/// What stands for every scope.
pub const EVERYWHERE: &str = "*";
/// What was said, by whomever, as against what was done.
pub const SAID: &str = "said";
/// What another took the place of.
pub const SUPERSEDED: &str = "superseded";

/// Bytes of the longest exact value; longer ones are told apart by their hash.
const LONGEST_EXACT: usize = 512;

/// Folders above a file that can be filtered by.
const DEEPEST_FOLDER: usize = 32;

#[derive(Debug, Clone)]
pub struct Fields {
    pub key: Field,
    pub id: Field,
    pub kind: Field,
    pub project: Field,
    pub session: Field,
    pub agent: Field,
    pub event_type: Field,
    pub tool: Field,
    pub outcome: Field,
    pub parent: Field,
    pub tag: Field,
    pub path: Field,
    pub seen_from: Field,
    pub state: Field,
    pub valid_from: Field,
    pub valid_until: Field,
    pub time: Field,
    pub position: Field,
    pub session_key: Field,
    pub ordinal: Field,
    pub place: Field,
    pub text: Field,
    pub traits: Field,
    pub stored: Field,
}

/// Where an event stands in its session: the session's number, and how many events came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub session: u64,
    pub ordinal: u64,
}

impl Place {
    /// The number of a session of a project.
    pub fn session(project: &str, session: &str) -> u64 {
        let hash = ids::dedup(project, "session", session);
        u64::from_le_bytes(std::array::from_fn(|at| hash[at]))
    }

    /// One number for both, for the place's term.
    pub fn number(self) -> u64 {
        self.session.wrapping_add(self.ordinal)
    }

    /// The place so many events later; `None` before the session's first.
    pub fn plus(self, events: i64) -> Option<Self> {
        Some(Self { ordinal: self.ordinal.checked_add_signed(events)?, ..self })
    }
}

pub fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexing = |tokenizer: &str, option, norms| {
        TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option).set_fieldnorms(norms)
    };
    let exact = TextOptions::default()
        .set_indexing_options(indexing("raw", IndexRecordOption::Basic, false))
        .set_fast("raw");
    let terms = TextOptions::default().set_indexing_options(indexing("raw", IndexRecordOption::Basic, false));
    let prose = TextOptions::default().set_indexing_options(indexing(
        words::ANALYZER,
        IndexRecordOption::WithFreqsAndPositions,
        true,
    ));
    let fields = Fields {
        key: schema.add_bytes_field("key", BytesOptions::default().set_indexed()),
        id: schema.add_text_field("id", terms.clone()),
        kind: schema.add_text_field("kind", exact.clone()),
        project: schema.add_text_field("project", exact.clone()),
        session: schema.add_text_field("session", exact.clone()),
        agent: schema.add_text_field("agent", exact.clone()),
        event_type: schema.add_text_field("type", exact.clone()),
        tool: schema.add_text_field("tool", exact.clone()),
        outcome: schema.add_text_field("outcome", exact.clone()),
        parent: schema.add_text_field("parent", terms.clone()),
        tag: schema.add_text_field("tag", exact),
        path: schema.add_text_field("path", terms.clone()),
        seen_from: schema.add_text_field("seen_from", terms.clone()),
        state: schema.add_text_field("state", terms),
        valid_from: schema.add_i64_field("valid_from", INDEXED),
        valid_until: schema.add_i64_field("valid_until", INDEXED),
        time: schema.add_i64_field("time", FAST),
        position: schema.add_u64_field("position", FAST | INDEXED),
        session_key: schema.add_u64_field("session_key", FAST),
        ordinal: schema.add_u64_field("ordinal", FAST),
        place: schema.add_u64_field("place", INDEXED),
        text: schema.add_text_field("text", prose),
        traits: schema.add_u64_field("traits", FAST),
        stored: schema.add_text_field("stored", STORED),
    };
    (schema.build(), fields)
}

/// Newest first, so that lists and bounds in time are stretches of each segment.
pub fn settings() -> IndexSettings {
    let newest_first = IndexSortByField { field: "time".into(), order: Order::Desc };
    IndexSettings {
        sort_by_field: Some(newest_first),
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

/// A value as a term of an exact field.
pub fn exact(value: &str) -> Cow<'_, str> {
    if value.len() <= LONGEST_EXACT { value.into() } else { ids::short("#", &[value]).into() }
}

/// A path as it is compared: forward slashes, nothing around it.
pub fn normal_path(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.trim_end_matches('/');
    path.strip_prefix("./").unwrap_or(path).to_owned()
}

impl Fields {
    pub fn key(&self, key: &Key) -> Term {
        Term::from_field_bytes(self.key, &key.bytes())
    }

    pub fn document(&self, document: Document, place: Option<Place>) -> TantivyDocument {
        let mut out = TantivyDocument::new();
        out.add_bytes(self.key, &document.key().bytes());
        out.add_text(self.id, exact(&document.id));
        out.add_text(self.kind, document.kind.name());
        out.add_text(self.project, exact(&document.project));
        let optional = [
            (self.session, &document.session),
            (self.agent, &document.agent),
            (self.event_type, &document.event_type),
            (self.tool, &document.tool),
            (self.outcome, &document.outcome),
            (self.parent, &document.parent),
        ];
        for (field, value) in optional {
            if let Some(value) = value {
                out.add_text(field, exact(value));
            }
        }
        for tag in &document.tags {
            out.add_text(self.tag, exact(tag));
        }
        for folder in folders(&document.files) {
            out.add_text(self.path, exact(&folder));
        }
        let everywhere = [EVERYWHERE.to_owned()];
        let scope = if document.scope.is_empty() { &everywhere[..] } else { &document.scope };
        scope.iter().for_each(|scope| out.add_text(self.seen_from, exact(scope)));
        let traits = Traits::of(&document);
        let states = [(SAID, traits.is_said()), (SUPERSEDED, document.superseded)];
        states.iter().filter(|(_, holds)| *holds).for_each(|(state, _)| out.add_text(self.state, state));
        let (from, until) = document.valid;
        for (field, time) in [(self.valid_from, from), (self.valid_until, until)] {
            time.into_iter().for_each(|time| out.add_i64(field, time.micros()));
        }
        out.add_i64(self.time, document.time.micros());
        out.add_u64(self.position, document.position);
        if let Some(place) = place {
            out.add_u64(self.session_key, place.session);
            out.add_u64(self.ordinal, place.ordinal);
            out.add_u64(self.place, place.number());
        }
        out.add_u64(self.traits, traits.0);
        out.add_text(self.text, &document.content);
        out.add_text(self.text, document.about());
        let stored = serde_json::to_string(&Stored::of(document)).expect("strings and numbers are JSON");
        out.add_text(self.stored, stored);
        out
    }
}

/// Every file, and every folder above one, once.
fn folders(files: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for file in files {
        let path = normal_path(file);
        let slashes = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
        all.extend(slashes.take(DEEPEST_FOLDER).map(|at| path[..at].to_owned()));
        all.push(path);
    }
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_above_a_file() {
        let files = ["./cart/src/lib.rs".to_owned(), "cart/Cargo.toml".into(), "/etc/hosts".into()];
        let expected = ["/etc", "/etc/hosts", "cart", "cart/Cargo.toml", "cart/src", "cart/src/lib.rs"];
        assert_eq!(folders(&files), expected);
        assert_eq!(normal_path("cart\\src\\"), "cart/src");
    }

    #[test]
    fn long_values_are_told_apart() {
        let long = "x".repeat(1000);
        assert_ne!(exact(&long), exact(&format!("{long}y")));
        assert!(exact(&long).len() <= LONGEST_EXACT);
    }

    #[test]
    fn places_do_not_go_before_the_first() {
        let place = Place { session: u64::MAX, ordinal: 1 };
        assert_eq!(place.plus(-1).map(Place::number), Some(u64::MAX));
        assert_eq!(place.plus(-2), None);
        assert_ne!(Place::session("a", "b"), Place::session("ab", ""));
    }
}
