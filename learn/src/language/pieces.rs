//! A text cut into words, each with where it stands and how it is written.

use std::ops::Range;

use super::{lexicon, values};

/// Words of a text that are read.
const MOST_WORDS: usize = 200;
/// What a name follows, with a full stop or without.
const TITLES: [&str; 7] = ["Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "St"];

/// A stretch of the text as it is written.
#[derive(Debug, Clone)]
pub struct Piece {
    pub span: Range<usize>,
    /// In lower case, without apostrophes.
    pub word: String,
    pub capital: bool,
    /// More capitals than the first.
    pub shouted: bool,
    /// Whether a sentence or clause begins with it.
    pub begins: bool,
    /// What stands between it and the one before: `,`, `.` or nothing.
    pub after: char,
}

/// The words of a text. In a `loud` one capitals tell nothing.
pub fn pieces(text: &str, loud: bool) -> Vec<Piece> {
    joined(cut(text, loud))
}

fn cut(text: &str, loud: bool) -> Vec<Piece> {
    let inner = |c: char| c.is_alphanumeric() || "_-./:'’@~+#%°€$£¥,\\".contains(c);
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut at, mut before) = (0, '.');
    while let Some(start) = text[at..].find(|c: char| c.is_alphanumeric() || "€$£¥~/.%°".contains(c)) {
        for c in text[at..at + start].chars() {
            before = mark(c).unwrap_or(before);
        }
        let start = at + start - signed(&text[at..], start);
        let length = text[start..].find(|c| !inner(c)).unwrap_or(text.len() - start);
        let whole = &text[start..start + length];
        let bare = whole.trim_end_matches([',', '.', ':', '-', '\'', '’', '/', '#', '+']);
        at = start + length.max(1);
        if !bare.chars().any(|c| c.is_alphanumeric() || "€$£¥%°".contains(c)) {
            before = whole.chars().find_map(mark).unwrap_or(before);
            continue;
        }
        for (from, part) in parts(bare) {
            pieces.push(piece(start + from, part, before, loud));
            before = ' ';
        }
        before = whole[bare.len()..].chars().find_map(mark).unwrap_or(' ');
        if TITLES.contains(&bare) {
            before = ' ';
        }
        if pieces.len() >= MOST_WORDS {
            break;
        }
    }
    pieces
}

/// The bytes of a minus before a number, where nothing stands before it that it could tie to: `-5`, no `3-5`.
fn signed(text: &str, number: usize) -> usize {
    let minus = text[..number].chars().next_back().filter(|c| "-−".contains(*c));
    let begins = text[number..].starts_with(|c: char| c.is_ascii_digit());
    let Some(minus) = minus.filter(|_| begins) else { return 0 };
    let before = text[..number - minus.len_utf8()].chars().next_back();
    if before.is_none_or(|c| c.is_whitespace() || "([=:".contains(c)) { minus.len_utf8() } else { 0 }
}

/// Two words that say one thing as one.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let phrase = joined
            .last()
            .filter(|_| piece.after == ' ')
            .and_then(|last| lexicon::phrase(&last.word, &piece.word));
        match (phrase, joined.last_mut()) {
            (Some(word), Some(last)) => {
                word.clone_into(&mut last.word);
                last.span.end = piece.span.end;
            }
            _ => joined.push(piece),
        }
    }
    joined
}

fn mark(c: char) -> Option<char> {
    match c {
        '.' | ';' | ':' | '?' | '!' | '\n' => Some('.'),
        ',' | '(' | ')' | '–' | '—' => Some(','),
        _ => None,
    }
}

/// The parts of what is written as one word: `force-push`, `30-day`, `500ms`, `€1200`.
fn parts(word: &str) -> Vec<(usize, &str)> {
    let letters =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '’');
    let hyphened: Vec<&str> = word.split('-').collect();
    let first = hyphened[0];
    let counted = values::number(first).is_some() || letters(first);
    if hyphened.len() > 1
        && lexicon::long_form(&word.to_lowercase()).is_none()
        && counted
        // `db-a` is a name of its own.
        && hyphened[1..].iter().all(|part| letters(part) && part.chars().nth(1).is_some())
    {
        let at = |part: &str| part.as_ptr() as usize - word.as_ptr() as usize;
        return hyphened.into_iter().map(|part| (at(part), part)).collect();
    }
    let digits = word.trim_start_matches(['€', '$', '£', '¥']);
    let sign = word.len() - digits.len();
    let unsigned = digits.trim_start_matches(['-', '−']);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(unsigned.len());
    let end = digits.len() - unsigned.len() + end;
    let (amount, rest) = digits.split_at(end);
    let has_unit = values::unit(&rest.to_lowercase()).is_some()
        || values::scale(&rest.to_lowercase()).is_some()
        || ["am", "pm"].contains(&rest.replace('.', "").to_lowercase().as_str());
    match values::number(amount) {
        Some(_) if sign > 0 && rest.is_empty() => vec![(0, &word[..sign]), (sign, amount)],
        Some(_) if sign > 0 && has_unit => vec![(0, &word[..sign]), (sign, amount), (sign + end, rest)],
        Some(_) if has_unit => vec![(0, amount), (end, rest)],
        _ => vec![(0, word)],
    }
}

fn piece(start: usize, written: &str, before: char, loud: bool) -> Piece {
    let bare = written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(written);
    let mut word: String = bare.chars().filter(|c| !"'’".contains(*c)).flat_map(char::to_lowercase).collect();
    // `p.m.`, `i.e.`
    if word.len() == 3 && word.as_bytes()[1] == b'.' && word.starts_with(char::is_alphabetic) {
        word.remove(1);
    }
    let mut letters = bare.chars();
    let capital = !loud && letters.next().is_some_and(char::is_uppercase);
    Piece {
        span: start..start + written.len(),
        capital,
        shouted: !loud && letters.any(char::is_uppercase),
        begins: before == '.',
        after: before,
        word,
    }
}
