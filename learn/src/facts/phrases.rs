//! Noun phrases before a word, and values after one.

use std::ops::Range;

use super::lists;
use crate::language::pieces::Piece;
use crate::language::values::{self, Measure, Value};
use crate::language::values_at::value_at;

/// Words of a noun phrase, and of a value.
const NOUN_WORDS: usize = 6;
const VALUE_WORDS: usize = 5;

/// Whose a noun phrase says that its thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// `my`
    Own,
    /// `our`
    Shared,
    /// `the`, a name, or nothing.
    Open,
    /// `a`: one that was not spoken of.
    Any,
}

/// A noun phrase, as ranges of pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noun {
    pub owner: Owner,
    /// `cart service` of `the cart service's port`.
    pub possessor: Option<Range<usize>>,
    pub words: Range<usize>,
    /// `of the cart service`, from its preposition.
    pub complement: Option<Range<usize>>,
    pub start: usize,
}

/// Whether a piece is the possessive form of a name or noun.
pub fn possessive(text: &str, piece: &Piece) -> bool {
    const NONE: [&str; 10] = ["it", "that", "here", "there", "what", "who", "he", "she", "let", "how"];
    let written = &text[piece.span.clone()];
    (written.ends_with("'s") || written.ends_with("’s")) && !NONE.contains(&piece.word.as_str())
}

fn owner(word: &str) -> Option<Owner> {
    Some(match word {
        "my" => Owner::Own,
        "our" => Owner::Shared,
        "the" | "this" => Owner::Open,
        "a" | "an" | "another" => Owner::Any,
        _ => return None,
    })
}

/// The noun phrase that ends before `end`.
pub fn noun_before(text: &str, pieces: &[Piece], end: usize) -> Option<Noun> {
    let mut first = end;
    while first > 0
        && end - first < NOUN_WORDS
        && !lists::has("stops", &pieces[first - 1].word)
        && value_at(pieces, first - 1).is_none_or(|_| pieces[first - 1].word.chars().any(char::is_alphabetic))
        && (first == end || pieces[first].after == ' ')
    {
        first -= 1;
    }
    if first == end {
        return None;
    }
    let before = first.checked_sub(1).map(|at| pieces[at].word.as_str());
    let owned = before.and_then(owner);
    let start = if owned.is_some() { first - 1 } else { first };
    let mut noun = Noun {
        owner: owned.unwrap_or(Owner::Open),
        possessor: None,
        words: first..end,
        complement: None,
        start,
    };
    if let Some(at) = (first..end).rev().find(|at| possessive(text, &pieces[*at])) {
        if at + 1 == end {
            return None;
        }
        (noun.possessor, noun.words) = (Some(first..at + 1), at + 1..end);
        if noun.owner == Owner::Any {
            return None;
        }
        return Some(noun);
    }
    // `the port of the cart service`
    let preposition = start
        .checked_sub(1)
        .filter(|at| ["of", "for", "in", "on", "with"].contains(&pieces[*at].word.as_str()));
    if let Some(at) = preposition {
        let inner = noun_before(text, pieces, at)?;
        if inner.complement.is_some() {
            return None;
        }
        return Some(Noun { complement: Some(at..end), ..inner });
    }
    // Without an article it begins the clause.
    let begins = owned.is_some() || (0..start).all(|at| lists::has("leads", &pieces[at].word));
    begins.then_some(noun)
}

/// What kind of thing a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Sort {
    Typed(Vec<Value>),
    Name,
    /// An identifier, a path, an address.
    Code,
    Plain,
}

/// A value, as a range of pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub sort: Sort,
    pub words: Range<usize>,
    /// What was counted.
    pub counted: Option<Range<usize>>,
}

impl Found {
    pub fn is_time(&self) -> bool {
        matches!(&self.sort, Sort::Typed(values) if values.iter().any(Value::is_time))
    }

    pub fn is_typed(&self) -> bool {
        matches!(self.sort, Sort::Typed(_))
    }
}

/// The value that begins at `at`, or after words there that tell nothing.
pub fn value_after(text: &str, pieces: &[Piece], at: usize) -> Option<Found> {
    const SKIPPED: [&str; 16] = [
        "the",
        "a",
        "an",
        "at",
        "on",
        "in",
        "to",
        "set",
        "every",
        "each",
        "called",
        "named",
        "scheduled",
        "due",
        "for",
        "located",
    ];
    let mut from = at;
    while from < pieces.len()
        && from < at + 4
        && value_at(pieces, from).is_none()
        && (SKIPPED.contains(&pieces[from].word.as_str()) || lists::has("adverbs", &pieces[from].word))
        && (from == at || pieces[from].after == ' ')
    {
        from += 1;
    }
    let first = pieces.get(from)?;
    if from > at && first.after != ' ' {
        return None;
    }
    // `next Friday` says when only to whoever knows today.
    typed(pieces, from).or_else(|| plain(text, pieces, from))
}

/// The typed values that stand here one after the other.
pub fn typed(pieces: &[Piece], from: usize) -> Option<Found> {
    let mut values = Vec::new();
    let mut end = from;
    let mut at = from;
    while at < pieces.len() && values.len() < 3 {
        let joins = at > from && ["at", "on", "to", "from", "next"].contains(&pieces[at].word.as_str());
        let next = if joins { at + 1 } else { at };
        if let Some((range, used)) = span_at(pieces, next).filter(|_| values.is_empty()) {
            values.extend(range);
            end = next + used;
            break;
        }
        let Some((value, used)) =
            value_at(pieces, next).filter(|_| next == from || pieces[next].after == ' ')
        else {
            break;
        };
        let follows = values.first().is_none_or(|first: &Value| first.is_time() == value.is_time());
        if !follows {
            break;
        }
        values.push(value);
        at = next + used;
        end = at;
    }
    if values.is_empty() {
        return None;
    }
    let counts = matches!(values.last(), Some(Value::Amount { of: Measure::Count, .. }));
    let noun = (end..pieces.len().min(end + 4))
        .take_while(|at| {
            pieces[*at].after == ' '
                && !lists::has("stops", &pieces[*at].word)
                && value_at(pieces, *at).is_none()
        })
        .count();
    let counted = (counts && noun > 0).then_some(end..end + noun);
    Some(Found { sort: Sort::Typed(values), words: from..end, counted })
}

/// `6-9 months`: both ends, and the pieces that they take.
fn span_at(pieces: &[Piece], at: usize) -> Option<(Vec<Value>, usize)> {
    let (low, high) = pieces.get(at)?.word.split_once(['-', '–'])?;
    let (low, high) = (values::number(low)?, values::number(high)?);
    let unit = pieces.get(at + 1).and_then(|piece| values::unit(&piece.word));
    let (of, factor) = unit.unwrap_or((Measure::Count, 1.0));
    let end = |amount: f64| Value::Amount { amount: amount * factor, of };
    Some((vec![end(low), end(high)], 1 + usize::from(unit.is_some())))
}

fn plain(text: &str, pieces: &[Piece], from: usize) -> Option<Found> {
    let first = &pieces[from];
    let name = |piece: &Piece| piece.capital || piece.shouted;
    let is_code = code(&text[first.span.clone()]);
    if lists::has("stops", &first.word) && !is_code {
        return None;
    }
    let mut end = from + 1;
    while end < pieces.len() && end < from + VALUE_WORDS && pieces[end].after == ' ' {
        let word = pieces[end].word.as_str();
        let linked =
            ["of", "the", "and"].contains(&word) && pieces.get(end + 1).is_some_and(name) && name(first);
        if (lists::has("stops", word) && !linked) || (is_code && !name(&pieces[end])) {
            break;
        }
        end += 1;
    }
    let sort = match (is_code, name(first)) {
        (true, _) => Sort::Code,
        (false, true) => Sort::Name,
        (false, false) => Sort::Plain,
    };
    Some(Found { sort, words: from..end, counted: None })
}

/// Whether something is written as no word is.
fn code(written: &str) -> bool {
    let inner = |c: char| "_/@:#\\~".contains(c);
    let digits = written.chars().any(|c| c.is_ascii_digit()) && written.chars().any(char::is_alphabetic);
    let dotted = written.char_indices().any(|(at, c)| c == '.' && at > 0 && at + 1 < written.len());
    written.contains(inner) || digits || dotted
}
