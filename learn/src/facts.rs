//! Facts: what was stated, of whom, since when, and until when. No language model: patterns of plain English, and lists.
//!
//! ```text
//! text ─▶ clean ─▶ clauses ─▶ read ─▶ statements ─▶ fold (by attribute, in time) ─▶ facts, successions
//! ```
//!
//! What is quoted, supposed, asked, denied, wished or told of others is no statement.

mod clauses;
mod clean;
pub mod find;
pub mod fold;
mod frames;
mod keys;
mod lists;
mod phrases;
mod plain;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod planted_wide;
mod read;
mod said;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use keys::{stems_of, value_of};

use read::Reader;

/// Bytes of a text that are read.
const READ_BYTES: usize = 20_000;
/// Statements that one text makes at most.
const STATEMENTS: usize = 40;

/// What sort of thing is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Fact,
    Decision,
    Preference,
    Lesson,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Decision => "decision",
            Self::Preference => "preference",
            Self::Lesson => "lesson",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Fact, Self::Decision, Self::Preference, Self::Lesson]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// Who speaks: `I` is the name, `we` and what belongs to nobody is the project.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    pub name: &'a str,
    pub project: &'a str,
}

/// That an attribute of a subject has a value, or has it no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub subject: String,
    pub attribute: String,
    pub value: String,
    /// What subject and attribute come to, however they are put; empty when only the value before tells which.
    pub key: String,
    /// The key as if the attribute were the speaker's own: `the budget` of one who spoke of `my budget`.
    pub open_key: Option<String>,
    pub value_key: String,
    pub kind: Kind,
    /// Whether the attribute may have several values at once.
    pub many: bool,
    /// Whether it says that the value holds no longer.
    pub ends: bool,
    /// Whether it says that there was another value before.
    pub changes: bool,
    /// The value before, where it is told.
    pub from: Option<String>,
    /// The sentence, in bytes of the text.
    pub span: Range<usize>,
}

/// What a text states.
pub fn statements(text: &str, speaker: Speaker<'_>) -> Vec<Statement> {
    let mut end = text.len().min(READ_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    // `ann: …`, as transcripts write it.
    let named = text.get(..speaker.name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(speaker.name));
    let lead = if named && text[speaker.name.len()..].starts_with(": ") { speaker.name.len() + 2 } else { 0 };
    let mut clean = clean::clean(&text[lead..]);
    clean.insert_str(0, &" ".repeat(lead));
    let mut found = said::noted(&clean, speaker);
    let noted: Vec<Range<usize>> = found.iter().map(|one| one.span.clone()).collect();
    let clauses = clauses::clauses(&clean);
    for clauses in clauses.chunk_by(|one, other| one.sentence == other.sentence) {
        let sentence = clauses[0].sentence.clone();
        let plain = clauses.iter().all(|clause| !clause.doubtful && !clause.asks);
        let whole = (plain && clauses.len() > 1)
            .then(|| frames::read(&clean[sentence.clone()], speaker, sentence))
            .flatten();
        if let Some(whole) = whole {
            found.push(whole);
            continue;
        }
        for clause in clauses {
            if noted.iter().any(|span| span.start <= clause.span.start && clause.span.start < span.end) {
                continue;
            }
            let framed = (!clause.doubtful && !clause.asks)
                .then(|| frames::read(&clean[clause.span.clone()], speaker, clause.sentence.clone()))
                .flatten();
            if let Some(framed) = framed {
                found.push(framed);
                continue;
            }
            let stated = Reader { text: &clean, clause, speaker }.statements();
            let judged = said::judged(&clean, clause, speaker, &stated);
            found.extend(stated.into_iter().chain(judged));
        }
    }
    for one in &mut found {
        let written = &clean[one.span.clone()];
        one.span.start += written.len() - written.trim_start().len();
        one.span.end -= written.len() - written.trim_end().len();
    }
    found.truncate(STATEMENTS);
    found
}

/// What a text says that was confirmed: `subject · attribute: value` in its first line.
pub fn confirmed(text: &str, project: &str) -> Option<Statement> {
    said::canonical(text, project)
}

/// A text that is a decision, a preference or a lesson as a whole.
pub fn whole(text: &str, kind: Kind, speaker: Speaker<'_>) -> Option<Statement> {
    said::whole(&clean::clean(text), kind, speaker)
}

/// The text that says a fact in such a line, and how it was put below.
pub fn canonical(subject: &str, attribute: &str, value: &str, statement: &str) -> String {
    format!("{subject} · {attribute}: {value}\n{statement}")
}
