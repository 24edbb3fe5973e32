//! What rests on events, by kind. Another kind is a line here, a file in `sql/patterns/`, and what it rests on in the view
//! `evidence`.

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::App;
use crate::operations::rows::objects;

/// A kind: its name, and the statement that reads its items, the best supported first.
pub struct Kind {
    pub name: &'static str,
    items: &'static str,
    /// Whether runs find it, and people do not tell it.
    pub found: bool,
}

pub const KINDS: &[Kind] = &[
    Kind { name: "episode", items: include_str!("../../../sql/patterns/episode.sql"), found: true },
    Kind { name: "procedure", items: include_str!("../../../sql/patterns/procedure.sql"), found: true },
    Kind { name: "fact", items: include_str!("../../../sql/patterns/fact.sql"), found: true },
    Kind { name: "memory", items: include_str!("../../../sql/patterns/memory.sql"), found: false },
];

/// Something that a run found.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Pattern {
    #[serde(default)]
    pub kind: String,
    pub id: String,
    /// What it says, in a line.
    pub content: String,
    /// How much it rests on: events of an episode, runs of a procedure, statements of a fact.
    pub support: i64,
    /// How many sessions say it.
    pub sessions: Option<i64>,
    /// How many patterns as good as this one chance is expected to find; null of kinds that are not tested.
    pub chance: Option<f64>,
    pub last_at: Option<Time>,
    /// The run that said so last; null of what was told.
    pub run: Option<String>,
}

impl Kind {
    /// The kind of that name, of those that runs find.
    ///
    /// # Errors
    /// A name that is of none.
    pub fn named(name: &str) -> Result<&'static Self, Error> {
        let found = || KINDS.iter().filter(|kind| kind.found);
        found().find(|kind| kind.name == name).ok_or_else(|| {
            let names: Vec<_> = found().map(|kind| kind.name).collect();
            Error::invalid("kind", format!("{name:?} is no kind of pattern"))
                .hint(format!("there are {}", names.join(", ")))
        })
    }

    /// The items of this kind, or the one of an id.
    ///
    /// # Errors
    /// Storage.
    pub async fn items(
        &self,
        app: &App,
        scope: &Scope,
        id: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Pattern>, Error> {
        let rows = objects(app, scope, self.items, &[json!(id), json!(limit)], limit).await?;
        let pattern = |row| serde_json::from_value::<Pattern>(Value::Object(row));
        let named =
            rows.into_iter().map(|row| pattern(row).map(|one| Pattern { kind: self.name.into(), ..one }));
        named.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("{}: {error}", self.name)))
    }
}

/// The item of an id, of whatever kind.
///
/// # Errors
/// Storage.
pub async fn find(app: &App, scope: &Scope, id: &str) -> Result<Option<Pattern>, Error> {
    for kind in KINDS {
        if let Some(found) = kind.items(app, scope, Some(id), 1).await?.pop() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
