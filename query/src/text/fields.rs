//! The schema of the index, and how a document stands in it.
//!
//! | field                                   | kept as                           | for                      |
//! |-----------------------------------------|-----------------------------------|--------------------------|
//! | `key`                                   | term                              | replacing and removing   |
//! | `exact`                                 | exact terms, of each [`Exact`]    | filters                  |
//! | `kind` … `outcome`, `tag`               | fast column                       | counts                   |
//! | `valid_from`, `valid_until`             | terms, where they are told        | recall                   |
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
pub const VERSION: u32 = 6;

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

/// What documents are found by, exactly as it is. All are terms of one field, each behind its letter: tantivy clears a
/// megabyte for each field that has terms in a new segment, and small segments are many.
#[derive(Debug, Clone, Copy)]
pub enum Exact {
    Id,
    Kind,
    Project,
    Session,
    Agent,
    Type,
    Tool,
    Outcome,
    /// What came of an event.
    Parent,
    Tag,
    /// Each file and each folder above it.
    Path,
    /// Scopes, or [`EVERYWHERE`].
    SeenFrom,
    /// [`SAID`], [`SUPERSEDED`].
    State,
}

impl Exact {
    const fn letter(self) -> char {
        match self {
            Self::Id => 'i',
            Self::Kind => 'k',
            Self::Project => 'p',
            Self::Session => 's',
            Self::Agent => 'a',
            Self::Type => 'y',
            Self::Tool => 't',
            Self::Outcome => 'o',
            Self::Parent => 'b',
            Self::Tag => 'g',
            Self::Path => 'f',
            Self::SeenFrom => 'w',
            Self::State => 'z',
        }
    }

    fn of(self, value: &str) -> String {
        format!("{}{}", self.letter(), bounded(value))
    }
}

fn bounded(value: &str) -> Cow<'_, str> {
    if value.len() <= LONGEST_EXACT { value.into() } else { ids::short("#", &[value]).into() }
}

#[derive(Debug, Clone)]
pub struct Fields {
    pub key: Field,
    exact: Field,
    kind: Field,
    project: Field,
    session: Field,
    agent: Field,
    event_type: Field,
    tool: Field,
    outcome: Field,
    tag: Field,
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
    let exact = TextOptions::default().set_indexing_options(indexing("raw", IndexRecordOption::Basic, false));
    let fast = || TextOptions::default().set_fast("raw");
    let prose = TextOptions::default().set_indexing_options(indexing(
        words::ANALYZER,
        IndexRecordOption::WithFreqsAndPositions,
        true,
    ));
    let fields = Fields {
        key: schema.add_bytes_field("key", BytesOptions::default().set_indexed()),
        exact: schema.add_text_field("exact", exact),
        kind: schema.add_text_field("kind", fast()),
        project: schema.add_text_field("project", fast()),
        session: schema.add_text_field("session", fast()),
        agent: schema.add_text_field("agent", fast()),
        event_type: schema.add_text_field("type", fast()),
        tool: schema.add_text_field("tool", fast()),
        outcome: schema.add_text_field("outcome", fast()),
        tag: schema.add_text_field("tag", fast()),
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

    pub fn exact(&self, what: Exact, value: &str) -> Term {
        Term::from_field_text(self.exact, &what.of(value))
    }

    pub fn document(&self, document: Document, place: Option<Place>) -> TantivyDocument {
        let mut out = TantivyDocument::new();
        out.add_bytes(self.key, &document.key().bytes());
        let mut counted = |field, what: Exact, value: &str| {
            out.add_text(field, bounded(value));
            out.add_text(self.exact, what.of(value));
        };
        counted(self.kind, Exact::Kind, document.kind.name());
        counted(self.project, Exact::Project, &document.project);
        let optional = [
            (self.session, Exact::Session, &document.session),
            (self.agent, Exact::Agent, &document.agent),
            (self.event_type, Exact::Type, &document.event_type),
            (self.tool, Exact::Tool, &document.tool),
            (self.outcome, Exact::Outcome, &document.outcome),
        ];
        for (field, what, value) in optional {
            value.iter().for_each(|value| counted(field, what, value));
        }
        document.tags.iter().for_each(|tag| counted(self.tag, Exact::Tag, tag));
        let mut found_by = |what: Exact, value: &str| out.add_text(self.exact, what.of(value));
        found_by(Exact::Id, &document.id);
        document.parent.iter().for_each(|parent| found_by(Exact::Parent, parent));
        folders(&document.files).iter().for_each(|folder| found_by(Exact::Path, folder));
        let everywhere = [EVERYWHERE.to_owned()];
        let scope = if document.scope.is_empty() { &everywhere[..] } else { &document.scope };
        scope.iter().for_each(|scope| found_by(Exact::SeenFrom, scope));
        let traits = Traits::of(&document);
        let states = [(SAID, traits.is_said()), (SUPERSEDED, document.superseded)];
        states.iter().filter(|(_, holds)| *holds).for_each(|(state, _)| found_by(Exact::State, state));
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
        assert_ne!(Exact::Tag.of(&long), Exact::Tag.of(&format!("{long}y")));
        assert_ne!(Exact::Tag.of("x"), Exact::Tool.of("x"));
        assert!(bounded(&long).len() <= LONGEST_EXACT);
    }

    #[test]
    fn places_do_not_go_before_the_first() {
        let place = Place { session: u64::MAX, ordinal: 1 };
        assert_eq!(place.plus(-1).map(Place::number), Some(u64::MAX));
        assert_eq!(place.plus(-2), None);
        assert_ne!(Place::session("a", "b"), Place::session("ab", ""));
    }
}
