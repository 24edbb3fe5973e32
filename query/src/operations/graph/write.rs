//! What is told of the graph. Names are looked up here; the log sees ids.

use athena_ingest::graph::Named;
use athena_learn::entities::{CO_OCCURS, entity_id, relation_id};
use athena_schemas::told::Tied;
use athena_schemas::{Error, Position, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{entity, example_id, example_relation, of_call, shop};
use crate::graph::Graph;
use crate::operations::records::{Written, answered};
use crate::operations::rows::absent;
use crate::registry::{Call, Effect, Example, Operation};
use crate::time_args;

/// What ids of relations begin with.
const RELATION_ID: &str = "rel-";

/// The entity of a kind and name that is there, or what it would be.
fn same(graph: &Graph, kind: &str, name: &str) -> (Named, bool) {
    let own = entity_id(kind, name);
    let called = graph.called(name.trim()).into_iter();
    let alias = called
        .filter(|node| graph.entity(*node).kind == kind)
        .max_by_key(|node| graph.entity(*node).mentions);
    let id = match (graph.number(&own), alias) {
        (None, Some(node)) => graph.entity(node).id.clone(),
        _ => graph.told.becomes(&own).to_owned(),
    };
    let known = graph.number(&id).is_some();
    (Named { id, name: name.trim().to_owned(), kind: kind.to_owned() }, known)
}

fn named(graph: &Graph, argument: &str, given: &str) -> Result<Named, Error> {
    let entity = graph.entity(graph.named(argument, given)?);
    Ok(Named { id: entity.id.clone(), name: entity.name.clone(), kind: entity.kind.clone() })
}

/// Makes an entity, or tells more of the one that is the same: of that kind and name, or with that alias. What was taken
/// away is there again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddEntity {
    /// What it is called.
    name: String,
    /// What it is, such as `service`, `file`, `person`.
    kind: String,
    /// What else is known of it; a null takes one away.
    #[serde(default)]
    attributes: Map<String, Value>,
}

/// An entity that was told.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Added {
    id: String,
    /// Whether it was there before.
    existed: bool,
    version: i64,
    project: String,
    position: Position,
}

impl Operation for AddEntity {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "add_entity";
    const EFFECT: Effect = Effect::Write;
    type Result = Added;

    async fn call(self, call: &Call) -> Result<Added, Error> {
        let (_, graph) = of_call(call).await?;
        let kind = self.kind.trim().to_lowercase();
        let (same, existed) = same(&graph, &kind, &self.name);
        let command = json!({"id": same.id, "name": same.name, "kind": kind, "attributes": self.attributes});
        let Written { id, version, project, position } = answered(call.command(&command).await?)?;
        Ok(Added { id, existed, version, project, position })
    }

    fn examples() -> Vec<Example> {
        let more = json!({"name": "Checkout", "kind": "service", "attributes": {"language": "Rust"}});
        vec![
            Example { setup: vec![], arguments: json!({"name": "checkout", "kind": "service"}) },
            Example { setup: vec![entity("checkout")], arguments: more },
        ]
    }
}

/// Tells that one entity has to do with another. Told again, what is given takes the place of what was.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddRelation {
    /// The entity that it goes from: id, name, or `kind:name`.
    from: String,
    /// The entity that it goes to.
    to: String,
    /// What the one is to the other, such as `calls`, `owns`.
    kind: String,
    /// How strongly; 1 when not said.
    #[serde(default)]
    weight: Option<f64>,
    /// From when it is true.
    #[serde(default)]
    valid_from: Option<String>,
    /// Until when.
    #[serde(default)]
    valid_until: Option<String>,
}

impl Operation for AddRelation {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "add_relation";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let kind = self.kind.trim().to_lowercase();
        if kind == CO_OCCURS {
            return Err(Error::invalid("kind", format!("{CO_OCCURS} is counted, not told")));
        }
        let (_, graph) = of_call(call).await?;
        let (from, to) = (named(&graph, "from", &self.from)?, named(&graph, "to", &self.to)?);
        let time = |field: &str, given: &Option<String>| {
            given.as_deref().map(|text| time_args::instant(field, text, Time::now())).transpose()
        };
        let command = json!({
            "id": relation_id(&from.id, &kind, &to.id), "from": from, "to": to, "kind": kind, "weight": self.weight,
            "valid_from": time("valid_from", &self.valid_from)?, "valid_until": time("valid_until", &self.valid_until)?,
        });
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"from": "checkout", "to": "service:mail", "kind": "calls", "weight": 2,
                               "valid_from": "2026-01-01T00:00:00Z"});
        vec![Example { setup: vec![entity("checkout"), entity("mail")], arguments }]
    }
}

/// Tells something that was seen of an entity. Observations stand beside what is learned, each with who told it and when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observe {
    /// The entity: id, name, or `kind:name`.
    entity: String,
    /// What was seen.
    content: String,
    /// What kind of observation.
    #[serde(default)]
    kind: Option<String>,
}

impl Operation for Observe {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "observe";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let (_, graph) = of_call(call).await?;
        let entity = named(&graph, "entity", &self.entity)?;
        let command = json!({"entity": entity, "content": self.content, "kind": self.kind});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments =
            json!({"entity": "checkout", "content": "Times out when the ledger is slow", "kind": "incident"});
        vec![Example { setup: vec![entity("checkout")], arguments }]
    }
}

/// Makes several entities one. Their names become aliases; what is learned of them is learned of the one that is kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The entity that stays.
    keep: String,
    /// Those that become part of it.
    drop: Vec<String>,
}

impl Operation for Merge {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "merge";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let (_, graph) = of_call(call).await?;
        let drop: Vec<Named> =
            self.drop.iter().map(|one| named(&graph, "drop", one)).collect::<Result<_, Error>>()?;
        let command = json!({"keep": named(&graph, "keep", &self.keep)?, "drop": drop});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        // Others are about the first: this one has entities of its own.
        let setup = vec![entity("billing"), entity("invoices")];
        vec![Example { setup, arguments: json!({"keep": "billing", "drop": ["invoices"]}) }]
    }
}

/// Takes an entity or a relation away. It stays away, also when runs learn of it again, until it is told again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delete {
    /// The entity: id, name, or `kind:name`.
    #[serde(default)]
    entity: Option<String>,
    /// Id of the relation.
    #[serde(default)]
    relation: Option<String>,
}

impl Operation for Delete {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "delete";
    const EFFECT: Effect = Effect::Remove;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let (_, graph) = of_call(call).await?;
        let command = match (&self.entity, &self.relation) {
            (Some(entity), None) => {
                let entity = named(&graph, "entity", entity)?;
                json!({"id": entity.id.clone(), "entity": entity})
            }
            (None, Some(relation)) => json!({"id": relation, "relation": tied(&graph, relation)?}),
            _ => {
                return Err(Error::invalid("entity", "either `entity` or `relation` is given")
                    .hint("such as {\"entity\": \"checkout\"}"));
            }
        };
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let relation = json!({"relation": example_relation("checkout", "mail")});
        vec![
            Example {
                setup: vec![entity("forgotten")],
                arguments: json!({"entity": example_id("forgotten")}),
            },
            Example { setup: shop(), arguments: relation },
        ]
    }
}

fn tied(graph: &Graph, id: &str) -> Result<Tied, Error> {
    let found = graph.relation(id).filter(|_| id.starts_with(RELATION_ID));
    let tie =
        found.ok_or_else(|| absent("relation", "relation", id, std::slice::from_ref(&graph.project)))?;
    Ok(Tied {
        from: graph.entity(tie.from).id.clone(),
        to: graph.entity(tie.to).id.clone(),
        kind: graph.kind_of(tie).to_owned(),
        ..Tied::default()
    })
}
