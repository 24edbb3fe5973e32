//! What is stated as a whole: decisions, preferences, lessons, and lines in the manner of `attribute: value`.

use std::sync::LazyLock;

use regex::Regex;

use super::clauses::Clause;
use super::{Kind, Speaker, Statement, keys, lists};
use crate::language::pieces::{Piece, pieces};
use crate::language::values_at::value_at;

/// Words of a decision, preference or lesson.
const WORDS: usize = 24;
/// Words of an attribute and of its value in a line of their own.
const NOTED_WORDS: usize = 6;

/// Attributes that may have several values at once.
const SEVERAL: [&str; 11] = [
    "uses",
    "speaks",
    "allergy",
    "depends on",
    "decided",
    "prefers",
    "likes",
    "dislikes",
    "always",
    "never",
    "learned",
];

static NOTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^[ ]{0,3}(?:[-*•] +)?(?:\*\*)?(?P<attribute>[A-Za-z][A-Za-z0-9 '’/_-]{1,48}?)(?:\*\*)?\s*[:=]\s*(?P<value>[^\s:=][^\n]{0,60})$").expect("a pattern of our own")
});

static CANONICAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<subject>[^·\n]+) · (?P<attribute>[^·:\n]+): (?P<value>[^\n]+)")
        .expect("a pattern of our own")
});

/// What begins a clause that is a decision, a preference or a lesson, and what of.
static JUDGED: LazyLock<Vec<(Regex, Kind, &'static str)>> = LazyLock::new(|| {
    let pattern = |text: &str| {
        Regex::new(&format!("(?i)^(?:so |and |ok |okay |well |also )*(?:{text})[:,]? +(?P<rest>.+)$"))
            .expect("a pattern of our own")
    };
    vec![
        (
            pattern(
                "decision|(?:we|i)(?: have|'ve| all| finally| just)*(?: decided| agreed| settled| chose| opted)(?: to| on| that| for)?|(?:we|i)(?:'ll| will)(?: be)? go(?:ing)? with|let'?s go with|let us go with|we(?:'re| are) going with",
            ),
            Kind::Decision,
            "decided",
        ),
        (
            pattern("i(?: really| much| usually| strongly| always)* prefer|my preference is"),
            Kind::Preference,
            "prefers",
        ),
        (pattern("i(?: really| absolutely| also)* (?:love|like|enjoy|adore)"), Kind::Preference, "likes"),
        (
            pattern(
                "i(?: really| absolutely| also)* (?:hate|dislike|detest|can'?t stand)|i(?: really)? (?:don't|dont|do not) like",
            ),
            Kind::Preference,
            "dislikes",
        ),
        (pattern("(?:please )?always"), Kind::Preference, "always"),
        (pattern("(?:please )?never"), Kind::Preference, "never"),
        (
            pattern(
                "lessons? learn(?:ed|t)|lesson|note to self|til|today i learned|(?:we|i) learn(?:ed|t)(?: the hard way)? that|(?:it )?turn(?:s|ed) out(?: that)?|the (?:fix|trick|solution|root cause|cause) (?:was|is)(?: that| to)?|root cause",
            ),
            Kind::Lesson,
            "learned",
        ),
    ]
});

/// Lines that give an attribute its value.
pub fn noted(text: &str, speaker: Speaker<'_>) -> Vec<Statement> {
    let line = |found: regex::Captures<'_>| {
        let whole = found.get(0)?.range();
        let (written, value) = (found.name("attribute")?.as_str(), found.name("value")?.as_str());
        let value = value.trim().trim_end_matches('.').trim_matches('*');
        let (words, values) = (pieces(written, false), pieces(value, false));
        let head = words.last()?.word.as_str();
        let known =
            lists::has("attributes", head) || words.iter().any(|one| lists::has("attributes", &one.word));
        let typed = value_at(&values, 0).is_some_and(|(_, used)| used == values.len());
        let plain = words.len() <= NOTED_WORDS
            && values.len() <= NOTED_WORDS
            && !words.iter().any(|piece| {
                lists::has("stops", &piece.word) && !["my", "our", "the", "of"].contains(&piece.word.as_str())
            })
            && !values
                .iter()
                .any(|piece| lists::has("doubts", &piece.word) || lists::has("states", &piece.word));
        let kind = super::frames::fits(head, value);
        let pasted = whole.start > 0 && text[whole.clone()].contains('=');
        if !plain
            || pasted
            || kind == Some(false)
            || lists::has("passing", head)
            || value.ends_with('?')
            || !(known || typed)
            || values.is_empty()
        {
            return None;
        }
        let own = words.first().is_some_and(|piece| piece.word == "my");
        let attribute = written
            .trim_start_matches("my ")
            .trim_start_matches("My ")
            .trim_start_matches("our ")
            .trim_start_matches("the ");
        let subject = if own { speaker.name } else { speaker.project };
        let names = [speaker.name.to_lowercase()];
        let of: Vec<&str> = if own { names.iter().map(String::as_str).collect() } else { vec![] };
        let told: Vec<&str> = words.iter().map(|piece| piece.word.as_str()).collect();
        let found = super::phrases::value_after(value, &values, 0);
        let mut statement = whole_statement(subject, attribute, value, Kind::Fact, whole);
        statement.key = keys::attribute(&of, &told, found.as_ref());
        statement.many = false;
        Some(statement)
    };
    NOTED.captures_iter(text).filter_map(line).collect()
}

/// What a clause decides, prefers or learned, unless it was read as a statement of that sort already.
pub fn judged(text: &str, clause: &Clause, speaker: Speaker<'_>, stated: &[Statement]) -> Option<Statement> {
    if clause.doubtful || clause.asks {
        return None;
    }
    // Up to the end of the sentence: what is decided has reasons.
    let written = text[clause.span.start..clause.sentence.end].trim().trim_end_matches(['.', '!']);
    let (kind, verb, rest) = JUDGED.iter().find_map(|(pattern, kind, verb)| {
        let found = pattern.captures(written)?;
        Some((*kind, *verb, found.name("rest")?.as_str().trim()))
    })?;
    if is_idle(verb, rest) {
        return None;
    }
    let decided =
        kind == Kind::Decision && stated.iter().any(|one| one.kind == Kind::Decision || one.changes);
    if decided || written.ends_with('?') || rest.split_whitespace().count() > WORDS {
        return None;
    }
    let own = kind == Kind::Preference && !["always", "never"].contains(&verb);
    let rest = if own { rest.split([',', ';']).next().unwrap_or(rest) } else { rest };
    let subject = if own { speaker.name } else { speaker.project };
    let mut statement = whole_statement(subject, verb, rest, kind, clause.sentence.clone());
    let name = speaker.name.to_lowercase();
    let of: Vec<&str> = if own { vec![&name] } else { vec![] };
    statement.key = keys::attribute(&of, &[verb], None);
    // `prefer spaces over tabs`, `prefer tea to coffee`
    if verb == "prefers" {
        let preferred = rest.split(" over ").next().unwrap_or(rest).split(" to ").next().unwrap_or(rest);
        preferred.split(" rather than ").next().unwrap_or(preferred).clone_into(&mut statement.value);
        statement.value_key = keys::value_of(&statement.value);
    }
    Some(statement)
}

/// Whether what is decided, preferred or learned is of the moment, or says nothing.
fn is_idle(verb: &str, rest: &str) -> bool {
    let words: Vec<String> = rest
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    let first = words.first().map_or("", String::as_str);
    const POINTING: [&str; 18] = [
        "it", "this", "that", "these", "those", "them", "you", "him", "her", "how", "when", "where", "what",
        "the", "your", "his", "their", "my",
    ];
    let errand = words.len() <= 5 && words.iter().any(|word| lists::has("errands", word));
    match verb {
        "decided" => errand || words.len() < 2 || ["in", "at"].contains(&first),
        "prefers" => errand || ["not", "it", "that", "this"].contains(&first),
        "likes" | "dislikes" => POINTING.contains(&first) || words.len() > 6,
        "always" | "never" => {
            words.len() < 3
                || lists::has("states", first)
                || [
                    "mind", "seen", "been", "had", "heard", "thought", "knew", "felt", "was", "again",
                    "ever", "happy",
                ]
                .contains(&first)
                || first.ends_with("ing")
        }
        _ => words.len() < 3 || POINTING.contains(&first) && ["it", "that", "this", "he"].contains(&first),
    }
}

/// `subject · attribute: value`.
pub fn canonical(text: &str, project: &str) -> Option<Statement> {
    let found = CANONICAL.captures(text)?;
    let part = |name: &str| found.name(name).map(|part| part.as_str().trim());
    let (subject, attribute, value) = (part("subject")?, part("attribute")?, part("value")?);
    let mut statement = whole_statement(subject, attribute, value, Kind::Fact, found.get(0)?.range());
    let (of, what, values) = (pieces(subject, false), pieces(attribute, false), pieces(value, false));
    let of = if subject == project { vec![] } else { words(&of) };
    let what = words(&what);
    let found = super::phrases::value_after(value, &values, 0);
    statement.key = keys::attribute(&of, &what, found.as_ref());
    statement.many = SEVERAL.contains(&attribute);
    Some(statement)
}

/// The first sentence, as what was decided, preferred or learned.
pub fn whole(text: &str, kind: Kind, speaker: Speaker<'_>) -> Option<Statement> {
    let (own, verb) = match kind {
        Kind::Fact => return None,
        Kind::Decision => (false, "decided"),
        Kind::Preference => (true, "prefers"),
        Kind::Lesson => (false, "learned"),
    };
    let start = text.len() - text.trim_start().len();
    let end =
        text[start..].find(". ").or_else(|| text[start..].find('\n')).map_or(text.len(), |at| start + at);
    let written = text[start..end].trim().trim_end_matches('.');
    if written.is_empty() || written.ends_with('?') || written.split_whitespace().count() > WORDS {
        return None;
    }
    let subject = if own { speaker.name } else { speaker.project };
    let mut statement = whole_statement(subject, verb, written, kind, start..start + written.len());
    let name = speaker.name.to_lowercase();
    let of: Vec<&str> = if own { vec![&name] } else { vec![] };
    statement.key = keys::attribute(&of, &[verb], None);
    Some(statement)
}

fn words(pieces: &[Piece]) -> Vec<&str> {
    pieces.iter().map(|piece| piece.word.as_str()).collect()
}

fn whole_statement(
    subject: &str,
    attribute: &str,
    value: &str,
    kind: Kind,
    span: std::ops::Range<usize>,
) -> Statement {
    Statement {
        subject: subject.to_owned(),
        attribute: attribute.to_owned(),
        value: value.to_owned(),
        key: String::new(),
        open_key: None,
        value_key: keys::value_of(value),
        kind,
        many: true,
        ends: false,
        changes: false,
        from: None,
        span,
    }
}
