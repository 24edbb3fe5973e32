//! What rests on events, by kind. Another kind is a line here, a file in `sql/patterns/`, and what it rests on in the view
//! `evidence`.

use athena_schemas::{Error, Time};
use athena_store::Scope;
use datafusion::prelude::SessionContext;
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::operations::rows::objects_in;
use crate::{App, sql};

/// A kind: its name, what ids of it begin with, and the statement that reads its items, the best supported first.
pub struct Kind {
    pub name: &'static str,
    ids: &'static str,
    pub listed: Listed,
    items: &'static str,
}

/// Whether a kind is among the patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Runs find it.
    Always,
    /// Runs find it, and so many that it is listed only by its name.
    ByName,
    /// People tell it.
    Never,
}

pub const KINDS: &[Kind] = &[
    kind(("episode", "ep-"), Listed::Always, include_str!("../../../sql/patterns/episode.sql")),
    kind(("procedure", "pr-"), Listed::Always, include_str!("../../../sql/patterns/procedure.sql")),
    kind(("fact", "f-"), Listed::Always, include_str!("../../../sql/patterns/fact.sql")),
    kind(("community", "com-"), Listed::Always, include_str!("../../../sql/patterns/community.sql")),
    kind(("entity", "ent-"), Listed::ByName, include_str!("../../../sql/patterns/entity.sql")),
    kind(("relation", "rel-"), Listed::ByName, include_str!("../../../sql/patterns/relation.sql")),
    kind(("association", "assoc-"), Listed::ByName, include_str!("../../../sql/patterns/association.sql")),
    kind(("memory", "m-"), Listed::Never, include_str!("../../../sql/patterns/memory.sql")),
];

const fn kind((name, ids): (&'static str, &'static str), listed: Listed, items: &'static str) -> Kind {
    Kind { name, ids, listed, items }
}

/// Something that a run found.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Pattern {
    #[serde(default)]
    pub kind: String,
    pub id: String,
    /// What it says, in a line.
    pub content: String,
    /// How much it rests on: events of an episode, runs of a procedure, statements of a fact, members of a community,
    /// mentions of an entity, stretches of work that say a relation, times that associated items came together.
    pub support: i64,
    /// How many sessions say it.
    pub sessions: Option<i64>,
    /// How many patterns as good as this one chance is expected to find; null of kinds that are not tested.
    pub chance: Option<f64>,
    pub last_at: Option<Time>,
    /// The run that said so last; null of what was told.
    pub run: Option<String>,
    /// How many there are of its kind.
    #[serde(skip_serializing)]
    #[schemars(skip)]
    pub of_kind: Option<i64>,
}

impl Kind {
    /// The kind of that name, of those that runs find.
    ///
    /// # Errors
    /// A name that is of none.
    pub fn named(name: &str) -> Result<&'static Self, Error> {
        let found = || KINDS.iter().filter(|kind| kind.listed != Listed::Never);
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
        let context = sql::session(app, scope).await?;
        self.items_in(app, &context, id, limit).await
    }

    async fn items_in(
        &self,
        app: &App,
        context: &SessionContext,
        id: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Pattern>, Error> {
        let rows = objects_in(app, context, self.items, &[json!(id), json!(limit)], limit).await?;
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
    app.wait_until_seen(scope, None).await;
    let context = sql::session(app, scope).await?;
    // Where ids begin so, it is most probably one of these.
    let (likely, others): (Vec<&Kind>, Vec<&Kind>) = KINDS.iter().partition(|kind| id.starts_with(kind.ids));
    for kinds in [likely, others] {
        let found = kinds.iter().map(|kind| kind.items_in(app, &context, Some(id), 1));
        if let Some(found) = try_join_all(found).await?.into_iter().flatten().next() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
