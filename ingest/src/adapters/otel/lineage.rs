//! What spans have from those above them in the same request.

use std::collections::HashMap;

use super::span::{Group, Span};

/// Spans above one that are looked at.
const GENERATIONS: usize = 64;

struct Kin<'s> {
    parent: Option<&'s str>,
    agent: Option<&'s str>,
    is_told: bool,
}

/// The spans of a request, by trace and id.
#[derive(Default)]
pub(super) struct Lineage<'s> {
    spans: HashMap<(&'s str, &'s str), Kin<'s>>,
    sessions: HashMap<&'s str, &'s str>,
}

impl<'s> Lineage<'s> {
    pub(super) fn of(groups: &'s [Group]) -> Self {
        let mut lineage = Self::default();
        for span in groups.iter().flat_map(|group| &group.spans).flatten() {
            let kin = Kin {
                parent: span.parent.as_deref(),
                agent: span.text("gen_ai.agent.name"),
                is_told: span.is_gen_ai(),
            };
            lineage.spans.insert((&span.trace, &span.id), kin);
            if let Some(session) = session(span) {
                lineage.sessions.entry(&span.trace).or_insert(session);
            }
        }
        lineage
    }

    /// The conversation of a span, as it or another of its trace says.
    pub(super) fn session<'a>(&'a self, span: &'a Span) -> &'a str {
        session(span).or_else(|| self.sessions.get(span.trace.as_str()).copied()).unwrap_or(&span.trace)
    }

    /// Whose doing a span is.
    pub(super) fn agent<'a>(&'a self, span: &'a Span) -> Option<&'a str> {
        self.above(span).find_map(|(_, kin)| kin.agent)
    }

    /// The nearest span above that is told as an event; one that is not in this request may be.
    pub(super) fn parent<'a>(&'a self, span: &'a Span) -> Option<&'a str> {
        let known = self.above(span).skip(1).find(|(_, kin)| kin.is_told).map(|(id, _)| id);
        let direct = span.parent.as_deref();
        known.or(direct.filter(|direct| !self.spans.contains_key(&(span.trace.as_str(), *direct))))
    }

    /// The span itself and those above it, nearest first.
    fn above<'a>(&'a self, span: &'a Span) -> impl Iterator<Item = (&'a str, &'a Kin<'s>)> {
        let find = move |id: &'a str| self.spans.get(&(span.trace.as_str(), id)).map(|kin| (id, kin));
        std::iter::successors(find(&span.id), move |(_, kin)| kin.parent.and_then(find)).take(GENERATIONS)
    }
}

fn session(span: &Span) -> Option<&str> {
    span.text("gen_ai.conversation.id").or_else(|| span.text("session.id"))
}
