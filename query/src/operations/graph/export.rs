//! The graph in the formats of others.

use std::fmt::Write;

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::search::{around, edges};
use super::{Line, Related, of_call, shop};
use crate::registry::{Call, Effect, Example, Operation};

/// Entities when nothing is said, and at most; steps around those that are named.
const ENTITIES: usize = 100;
const MOST_ENTITIES: usize = 1_000;
const STEPS: usize = 2;

/// How a graph is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Graphml,
    Dot,
    JsonLd,
    Mermaid,
}

/// The graph as a text in another format: the part around some entities, or the best connected ones and their relations.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Export {
    format: Format,
    /// Entities to begin with: ids, names or aliases, or `kind:name`.
    #[serde(default)]
    entities: Vec<String>,
    /// Entities at most; 100 when not said, at most 1000.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// A graph as a text.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Exported {
    format: Format,
    content: String,
    entities: usize,
    relations: usize,
    /// Whether the graph has more.
    truncated: bool,
    project: String,
}

impl Operation for Export {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "export";
    const EFFECT: Effect = Effect::Read;
    type Result = Exported;

    async fn call(self, call: &Call) -> Result<Exported, Error> {
        let most = self.limit.unwrap_or(ENTITIES);
        if !(1..=MOST_ENTITIES).contains(&most) {
            return Err(Error::invalid(
                "limit",
                format!("{most}; from 1 to {MOST_ENTITIES} can be asked for"),
            ));
        }
        let (_, graph) = of_call(call).await?;
        let begin: Vec<u32> =
            self.entities.iter().map(|one| graph.named("entities", one)).collect::<Result<_, Error>>()?;
        let (nodes, more) = match begin.is_empty() {
            false => around(&graph, &begin, STEPS, most),
            true => {
                let mut all: Vec<u32> = (0..graph.entities.len() as u32).collect();
                all.sort_by_key(|node| (std::cmp::Reverse(graph.degree(*node)), *node));
                let more = all.len() > most;
                all.truncate(most);
                (all, more)
            }
        };
        let lines: Vec<Line> = nodes.iter().map(|node| Line::of(&graph, *node)).collect();
        let (ties, cut) = edges(&graph, &nodes);
        let content = match self.format {
            Format::Graphml => graphml(&lines, &ties),
            Format::Dot => dot(&lines, &ties),
            Format::JsonLd => json_ld(&lines, &ties),
            Format::Mermaid => mermaid(&lines, &ties),
        };
        Ok(Exported {
            format: self.format,
            content,
            entities: lines.len(),
            relations: ties.len(),
            truncated: more || cut,
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        let example = |arguments: Value| Example { setup: shop(), arguments };
        vec![
            example(json!({"format": "mermaid", "entities": ["checkout"], "limit": 3})),
            example(json!({"format": "graphml"})),
            example(json!({"format": "dot"})),
            example(json!({"format": "json-ld"})),
        ]
    }
}

fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no place for other control characters, escaped or not.
            letter if letter.is_control() && !matches!(letter, '\n' | '\t' | '\r') => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

fn graphml(nodes: &[Line], ties: &[Related]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (id, of, kind) in [
        ("name", "node", "string"),
        ("kind", "node", "string"),
        ("relation", "edge", "string"),
        ("weight", "edge", "double"),
    ] {
        writeln!(out, "  <key id=\"{id}\" for=\"{of}\" attr.name=\"{id}\" attr.type=\"{kind}\"/>")
            .expect("a string");
    }
    out.push_str("  <graph edgedefault=\"directed\">\n");
    for node in nodes {
        let (id, name, kind) = (xml(&node.id), xml(&node.name), xml(&node.kind));
        writeln!(
            out,
            "    <node id=\"{id}\"><data key=\"name\">{name}</data><data key=\"kind\">{kind}</data></node>"
        )
        .expect("a string");
    }
    for tie in ties {
        let (from, to, kind, weight) = (xml(&tie.from), xml(&tie.to), xml(&tie.kind), tie.strength);
        writeln!(
            out,
            "    <edge source=\"{from}\" target=\"{to}\"><data key=\"relation\">{kind}</data><data \
             key=\"weight\">{weight}</data></edge>"
        )
        .expect("a string");
    }
    out.push_str("  </graph>\n</graphml>\n");
    out
}

fn quoted(text: &str) -> String {
    let plain = text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " ");
    format!("\"{plain}\"")
}

fn dot(nodes: &[Line], ties: &[Related]) -> String {
    let mut out = String::from("digraph athena {\n");
    for node in nodes {
        let (id, name, kind) = (quoted(&node.id), quoted(&node.name), quoted(&node.kind));
        writeln!(out, "  {id} [label={name}, kind={kind}];").expect("a string");
    }
    for tie in ties {
        let (from, to, kind) = (quoted(&tie.from), quoted(&tie.to), quoted(&tie.kind));
        writeln!(out, "  {from} -> {to} [label={kind}, weight={}];", tie.strength).expect("a string");
    }
    out.push_str("}\n");
    out
}

fn json_ld(nodes: &[Line], ties: &[Related]) -> String {
    let node = |node: &Line| {
        let own = ties.iter().filter(|tie| tie.from == node.id);
        let related =
            own.map(|tie| json!({"@type": tie.kind, "target": {"@id": tie.to}, "weight": tie.strength}));
        json!({"@id": node.id, "@type": node.kind, "name": node.name, "related": related.collect::<Vec<_>>()})
    };
    let context = json!({"@vocab": "urn:athena:", "name": "http://schema.org/name"});
    let graph = json!({"@context": context, "@graph": nodes.iter().map(node).collect::<Vec<_>>()});
    serde_json::to_string_pretty(&graph).expect("plain data is JSON")
}

/// Mermaid has names of its own for nodes, and quotes only as entities.
fn mermaid(nodes: &[Line], ties: &[Related]) -> String {
    let clean =
        |text: &str| text.replace('"', "#quot;").replace(['\n', '\r'], " ").replace(['<', '>', '|'], "·");
    let mut out = String::from("flowchart LR\n");
    let place = |id: &str| nodes.iter().position(|node| node.id == id);
    for (at, node) in nodes.iter().enumerate() {
        writeln!(out, "  n{at}[\"{}\"]", clean(&node.name)).expect("a string");
    }
    for tie in ties {
        if let (Some(from), Some(to)) = (place(&tie.from), place(&tie.to)) {
            writeln!(out, "  n{from} -->|\"{}\"| n{to}", clean(&tie.kind)).expect("a string");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read_whatever_the_names() {
        let line = |id: &str, name: &str| Line { id: id.into(), name: name.into(), kind: "file".into() };
        let nodes = [line("a", "x\"<&>\n|"), line("b", "plain")];
        let tie = Related {
            id: "r".into(),
            from: "a".into(),
            to: "b".into(),
            name: String::new(),
            kind: "calls".into(),
            strength: 0.5,
            support: 1,
            told: false,
            valid_from: None,
            valid_until: None,
        };
        let ties = [tie];
        assert!(graphml(&nodes, &ties).contains("<data key=\"name\">x&quot;&lt;&amp;&gt;\n|</data>"));
        assert!(dot(&nodes, &ties).contains("\"a\" [label=\"x\\\"<&> |\", kind=\"file\"];"));
        assert_eq!(
            mermaid(&nodes, &ties),
            "flowchart LR\n  n0[\"x#quot;·&· ·\"]\n  n1[\"plain\"]\n  n0 -->|\"calls\"| n1\n"
        );
        let read: Value = serde_json::from_str(&json_ld(&nodes, &ties)).unwrap();
        assert_eq!(read["@graph"][0]["related"][0]["target"]["@id"], "b");
    }
}
