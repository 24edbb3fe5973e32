//! OpenTelemetry: spans of generative AI (opentelemetry.io, semantic conventions) as events.
//!
//! ```text
//! body ─▶ protobuf │ json ─▶ span ─▶ events ◀─ said (messages, in the words of several conventions)
//! ```
//!
//! | `gen_ai.operation.name` | events |
//! |---|---|
//! | `chat`, `generate_content`, `text_completion` | `message` of the agent, with usage; before it those of what was asked since the agent last spoke. `error` when it failed |
//! | `execute_tool` | `tool_call` with outcome and duration; `tool_result` where the result was recorded |
//! | `embeddings` | none |
//! | `invoke_agent`, `create_agent` and any other | `action` with outcome and duration |
//!
//! Ids are made from trace and span, so sending again doubles nothing. Each call of a model tells the
//! conversation so far: what it says is made the same event each time by its trace and its words
//! (`told.rs`), and a call of a tool by the provider's id, whether a span or a message tells of it. A call
//! that a message only asks for is told when its result is: by then the tool's own span, which knows more,
//! has come. Prompts of the system, definitions of tools and thinking are left out.
//!
//! The session is the conversation, else `session.id`, else the trace; what a child span does not say of
//! these and of its agent it has from the spans above it in the same request.

mod events;
mod json;
mod lineage;
mod protobuf;
mod said;
mod span;

pub use protobuf::{failure, partial_success};

use self::lineage::Lineage;
use self::span::Group;
use crate::decode::{BATCH_EVENTS, Element};
use crate::{Limits, Reject};

/// `source` of every event here.
pub const SOURCE: &str = "opentelemetry";

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Protobuf,
    Json,
}

/// Which spans become events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// Those with attributes of generative AI.
    #[default]
    GenAi,
    /// Also all others, as `action`.
    All,
}

/// What a request told.
#[derive(Debug, Default)]
pub struct Export {
    /// Events, and spans that are none, by the number of their span in the request.
    pub elements: Vec<Element>,
    pub spans: u64,
    /// Spans that say nothing for a memory.
    pub ignored: u64,
}

/// The events of an `ExportTraceServiceRequest`. A bad span rejects itself, not its neighbours.
///
/// # Errors
/// A body that is none, or has too many spans.
pub fn export(body: &[u8], encoding: Encoding, which: Which, limits: &Limits) -> Result<Export, Reject> {
    let groups = match encoding {
        Encoding::Protobuf => protobuf::groups(body, limits)?,
        Encoding::Json => json::groups(body, limits)?,
    };
    let lineage = Lineage::of(&groups);
    let mut export = Export::default();
    for Group { resource, spans } in &groups {
        for span in spans {
            let number = export.spans;
            export.spans += 1;
            let told = match span {
                Ok(span) => events::of(span, resource, &lineage, which, limits),
                Err(reject) => Err(reject.clone()),
            };
            match told {
                Ok(drafts) if drafts.is_empty() => export.ignored += 1,
                Ok(drafts) => export.elements.extend(drafts.into_iter().map(|draft| (number, Ok(draft)))),
                Err(reject) => export.elements.push((number, Err(reject))),
            }
        }
    }
    Ok(export)
}

fn too_many() -> Reject {
    Reject::new("", format!("more than {BATCH_EVENTS} spans in one request: send several"))
}

#[cfg(test)]
mod tests;
