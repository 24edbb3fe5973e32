//! Commands about code: a finding is a memory that is seen from the paths it is about.

use athena_schemas::tables::Memory;
use athena_schemas::{Error, ids};
use serde::Deserialize;

use crate::apply::{Call, Decision, Key, State, Tool};
use crate::memories;

pub(crate) const TOOL: Tool = Tool { name: "code", keys, decide };

/// The label of memories that are findings about code.
pub const INSIGHT: &str = "insight";

/// Bytes of a path.
const PATH_BYTES: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Insight {
    path: String,
    content: String,
    symbol: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
}

fn keys(_: &Call<'_>) -> Vec<Key> {
    Vec::new()
}

fn decide(operation: &str, _: &State, call: &Call<'_>) -> Option<Decision> {
    (operation == "insight").then(|| match insight(call) {
        Ok(memory) => memories::written(memory, call),
        Err(error) => error.into(),
    })
}

fn insight(call: &Call<'_>) -> std::result::Result<Memory, Error> {
    let given: Insight = call.parse()?;
    if given.path.trim().is_empty() || given.path.len() > PATH_BYTES {
        return Err(Error::invalid("path", format!("a path has 1 to {PATH_BYTES} bytes")));
    }
    let mut tags = vec![INSIGHT.to_owned()];
    tags.extend(given.tags.into_iter().filter(|tag| tag != INSIGHT));
    let event = call.event;
    Ok(Memory {
        id: ids::short("m-", &[&event.source, &event.id]),
        kind: "pattern".into(),
        content: given.content,
        scope: vec![given.path.clone()],
        tags,
        source: Some(match given.symbol {
            Some(symbol) => format!("{}#{symbol}", given.path),
            None => given.path,
        }),
        ..Memory::default()
    })
}
