//! Communities, what is in them, and what they are in.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Listed, Member, NONE, found, member, named, ties};
use crate::operations::graph::{Line, rounded, shop};
use crate::operations::paging;
use crate::operations::records::page;
use crate::registry::{Call, Effect, Example, Operation};

/// Members that stand in a community's own answer.
const KEY: usize = 20;

/// Communities, the largest first; of the broadest level when none is said.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// From 0, the broadest.
    #[serde(default)]
    level: Option<i64>,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// Communities of one level.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Page {
    items: Vec<Listed>,
    next_cursor: Option<String>,
    /// How many levels there are.
    levels: i64,
    /// Of the broadest level; null where there are none.
    modularity: Option<f64>,
    /// Why there are none.
    reason: Option<&'static str>,
    project: String,
}

impl Operation for List {
    const TOOL: &'static str = "communities";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Page;

    async fn call(self, call: &Call) -> Result<Page, Error> {
        let (_, graph, communities) = found(call).await?;
        let level = self.level.unwrap_or(0);
        let own: Vec<Listed> =
            communities.rows.iter().filter(|one| one.level == level).map(Listed::of).collect();
        let (items, next_cursor) = page(own, paging::limit(self.limit)?, self.cursor.as_deref())?;
        let none = communities.rows.is_empty();
        Ok(Page {
            items,
            next_cursor,
            levels: communities.levels(),
            modularity: (!none).then(|| rounded(communities.modularity)),
            reason: none.then_some(NONE),
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"level": 0}) }]
    }
}

/// A community: its most central members, what it is about, and how well it holds together.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Get {
    /// Its id or name, or a member of it.
    community: String,
}

/// A community.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Known {
    #[serde(flatten)]
    community: Listed,
    /// The most central first.
    members: Vec<Member>,
    /// Share of the strength of its ties that stays inside, from 0 to 1; null where it has no ties.
    cohesion: Option<f64>,
    /// Strengths of ties within, and to others.
    inside: f64,
    outside: f64,
    /// Ids of events that the summary quotes.
    sources: Vec<String>,
    /// Communities one level down that lie in it.
    children: Vec<String>,
    /// Communities that are no more and that most of went here.
    replaces: Vec<String>,
    project: String,
}

impl Operation for Get {
    const TOOL: &'static str = "communities";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Known;

    async fn call(self, call: &Call) -> Result<Known, Error> {
        let (_, graph, communities) = found(call).await?;
        let at = named(&graph, &communities, "community", &self.community)?;
        let row = &communities.rows[at];
        let (inside, outside) = ties(&graph, &communities, at);
        let children = communities.rows.iter().filter(|one| one.parent.as_deref() == Some(&row.id));
        Ok(Known {
            community: Listed::of(row),
            members: communities.members[at].iter().take(KEY).map(|one| member(&graph, one)).collect(),
            cohesion: (inside + outside > 0.0).then(|| rounded(inside / (inside + outside))),
            inside,
            outside,
            sources: row.sources.clone(),
            children: children.map(|one| one.id.clone()).collect(),
            replaces: row.replaces.clone(),
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"community": "checkout"}) }]
    }
}

/// The entities of a community, the most central first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Members {
    /// Its id or name, or a member of it.
    community: String,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// Members.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Inside {
    community: String,
    items: Vec<Member>,
    next_cursor: Option<String>,
    project: String,
}

impl Operation for Members {
    const TOOL: &'static str = "communities";
    const NAME: &'static str = "members";
    const EFFECT: Effect = Effect::Read;
    type Result = Inside;

    async fn call(self, call: &Call) -> Result<Inside, Error> {
        let (_, graph, communities) = found(call).await?;
        let at = named(&graph, &communities, "community", &self.community)?;
        let all = communities.members[at].iter().collect();
        let (own, next_cursor) = page(all, paging::limit(self.limit)?, self.cursor.as_deref())?;
        let items = own.into_iter().map(|one| member(&graph, one)).collect();
        let community = communities.rows[at].id.clone();
        Ok(Inside { community, items, next_cursor, project: graph.project.clone() })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"community": "payments", "limit": 5}) }]
    }
}

/// The communities of an entity, one a level, the broadest first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Of {
    /// Id, name or alias, or `kind:name`.
    entity: String,
}

/// Communities of an entity.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Belongs {
    entity: Line,
    items: Vec<Listed>,
    /// Why there are none.
    reason: Option<&'static str>,
    project: String,
}

impl Operation for Of {
    const TOOL: &'static str = "communities";
    const NAME: &'static str = "of";
    const EFFECT: Effect = Effect::Read;
    type Result = Belongs;

    async fn call(self, call: &Call) -> Result<Belongs, Error> {
        let (_, graph, communities) = found(call).await?;
        let node = graph.named("entity", &self.entity)?;
        let own = communities.of_node(node);
        Ok(Belongs {
            entity: Line::of(&graph, node),
            items: own.iter().map(|at| Listed::of(&communities.rows[*at])).collect(),
            reason: own.is_empty().then_some("nothing ties it to others strongly enough"),
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"entity": "ledger"}) }]
    }
}

/// The levels of the hierarchy, the broadest first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Levels {}

/// The hierarchy.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hierarchy {
    items: Vec<Level>,
    /// Why there is none.
    reason: Option<&'static str>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Level {
    level: i64,
    communities: usize,
    entities: usize,
    largest: i64,
    smallest: i64,
    modularity: f64,
    resolution: f64,
    seed: i64,
}

impl Operation for Levels {
    const TOOL: &'static str = "communities";
    const NAME: &'static str = "levels";
    const EFFECT: Effect = Effect::Read;
    type Result = Hierarchy;

    async fn call(self, call: &Call) -> Result<Hierarchy, Error> {
        let (_, graph, communities) = found(call).await?;
        let level = |level: i64| {
            let own: Vec<_> = communities.rows.iter().filter(|one| one.level == level).collect();
            Level {
                level,
                communities: own.len(),
                entities: own.iter().map(|one| usize::try_from(one.size).unwrap_or_default()).sum(),
                largest: own.iter().map(|one| one.size).max().unwrap_or_default(),
                smallest: own.iter().map(|one| one.size).min().unwrap_or_default(),
                modularity: rounded(own.iter().map(|one| one.modularity_share).sum()),
                resolution: own.first().map_or(1.0, |one| one.resolution),
                seed: own.first().map_or(0, |one| one.seed),
            }
        };
        Ok(Hierarchy {
            items: (0..communities.levels()).map(level).collect(),
            reason: communities.rows.is_empty().then_some(NONE),
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({}) }]
    }
}
