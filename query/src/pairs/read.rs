//! A text as words and values, each with what it stands for, where it stands, and whether it is denied.

use std::ops::Range;

use athena_learn::language::lexicon;
use athena_learn::language::pieces::{Piece, pieces};
use athena_learn::language::values::{Measure, Value};
use athena_learn::language::values_at::value_at;
use athena_store::embed::StaticTable;
use rust_stemmers::{Algorithm, Stemmer};

use super::marks::Marks;
use super::places;

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Word,
    /// Written as a name.
    Name,
    /// An identifier, a path, an address: spelt in one way only.
    Code,
    Value(Value),
}

/// What an alignment aligns.
#[derive(Debug, Clone)]
pub struct Token {
    pub span: Range<usize>,
    /// The stem of what it stands for.
    pub stem: String,
    /// As it is written, in lower case.
    pub word: String,
    pub kind: Kind,
    /// How much it tells, from 0 to 1.
    pub weight: f32,
    pub vector: Vec<f32>,
    /// Whether the built-in table has it in one piece.
    pub known: bool,
    /// Whether what it stands in is denied.
    pub denied: bool,
    /// Whether the text names it as what is *not* meant: `tabs, not spaces`.
    pub against: bool,
    /// Letters for which a run of words may stand: `SLO`.
    pub initials: Option<String>,
    pub clause: usize,
    /// The piece that it is read from.
    pub piece: usize,
    pub case: Case,
    /// Whether it stands before what is said: `Shard 7 holds` ...
    pub first: bool,
}

/// How a word stands in its clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Case {
    Bare,
    /// After a word that leads it in: `from`.
    Led(String),
}

/// A text that was read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What tells something, in the order of the text.
    pub tokens: Vec<Token>,
    /// All words, for runs that initials stand for.
    pub pieces: Vec<Piece>,
    /// Marks of the whole text.
    pub sole: bool,
    pub open: bool,
    pub beside: bool,
    pub excepting: bool,
    pub asks: bool,
    /// Whether it may say the same of several things; whether it says who does what only one does; whether it
    /// tells what to do; whether of what was or will be.
    pub several: bool,
    pub holding: bool,
    pub telling: bool,
    pub past: bool,
    pub future: bool,
    /// What denies.
    pub denials: Vec<Range<usize>>,
    pub vector: Vec<f32>,
}

impl Reading {
    /// The stems of its words, sorted.
    pub fn stems(&self) -> Vec<&str> {
        let mut stems: Vec<&str> =
            self.tokens.iter().map(|token| token.stem.as_str()).filter(|stem| !stem.is_empty()).collect();
        stems.sort_unstable();
        stems.dedup();
        stems
    }
}

/// Reads a text.
pub fn read(table: &StaticTable, text: &str) -> Reading {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let loud = letters().filter(|c| c.is_uppercase()).count() * 2 > letters().count();
    let pieces = pieces(text, loud);
    let marks = Marks::of(&pieces);
    let stemmer = Stemmer::create(Algorithm::English);
    let has = |is: fn(&str) -> bool| pieces.iter().any(|piece| is(&piece.word));
    let ids = table.tokens(text);
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    let telling = lexicon::is_telling(word(0)) && !lexicon::is_helping(word(1));
    let mut reading = Reading {
        sole: has(lexicon::is_sole) || marks.sole,
        open: has(lexicon::is_open),
        beside: has(lexicon::is_beside),
        excepting: has(lexicon::is_excepting),
        denials: marks.denials.iter().map(|at| pieces[*at].span.clone()).collect(),
        several: has(lexicon::is_several) || (0..pieces.len()).any(|at| several(&pieces, at)),
        holding: (0..pieces.len()).any(|at| holding(&pieces, at)),
        past: has(|word| ["was", "were", "had"].contains(&word)),
        future: has(|word| ["will", "shall", "wont"].contains(&word)),
        telling,
        asks: text.trim_end().ends_with('?') || text.contains("? "),
        vector: table.vector(&ids, |token| table.weight(token)),
        ..Reading::default()
    };
    let cases = places::cases(&pieces, telling);
    let mut at = 0;
    while at < pieces.len() {
        let (case, first) = cases[at].clone();
        let (denied, against, clause) = (marks.denied[at], marks.against[at], marks.clause[at]);
        let place = Place { denied, against, clause, piece: at, case, first };
        if let Some((value, used)) = value_at(&pieces, at) {
            let span = pieces[at].span.start..pieces[at + used - 1].span.end;
            reading.tokens.push(value_token(&pieces[at], span, value, place));
            at += used;
            continue;
        }
        if !marks.silent[at] {
            let before = reading.tokens.len();
            words(table, &stemmer, &pieces[at], &place, &mut reading.tokens);
            // `Ada is the treasurer`: what a text begins with, and what holds an office, is a name.
            if at == 0 && pieces[0].capital && holding(&pieces, 1) && reading.tokens.len() == before + 1 {
                reading.tokens[before].kind = Kind::Name;
            }
        }
        at += 1;
    }
    reading.pieces = pieces;
    reading
}

/// `has an office`, `there is a station`: there may be another one.
fn several(pieces: &[Piece], at: usize) -> bool {
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    ["a", "an", "one"].contains(&word(at + 1)) && ["is", "are", "has", "have"].contains(&word(at))
}

/// `is the treasurer`, `owns`: one does so, and no other.
fn holding(pieces: &[Piece], at: usize) -> bool {
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    let helps = ["is", "was", "are", "were"].contains(&word(at));
    let definite = helps && ["the", "our", "my", "his", "her", "their"].contains(&word(at + 1));
    // `The head of finance is Olaf.`
    let named = helps
        && pieces.get(at + 1).is_some_and(|piece| piece.capital)
        && ["the", "our", "my"].contains(&word(0));
    definite
        || named
        || lexicon::is_holding(word(at))
        || (word(at + 1) == "by" && ["headed", "led", "owned"].contains(&word(at)))
}

#[derive(Debug, Clone)]
struct Place {
    denied: bool,
    against: bool,
    clause: usize,
    piece: usize,
    case: Case,
    first: bool,
}

fn value_token(piece: &Piece, span: Range<usize>, value: Value, place: Place) -> Token {
    // `one` is often no number: what has no counterpart says nothing.
    let faint = piece.word == "one" && matches!(value, Value::Amount { of: Measure::Count, .. });
    Token {
        span,
        stem: String::new(),
        word: piece.word.clone(),
        kind: Kind::Value(value),
        weight: if faint { 0.2 } else { 1.0 },
        vector: Vec::new(),
        known: true,
        denied: place.denied,
        against: place.against,
        initials: None,
        clause: place.clause,
        piece: place.piece,
        case: place.case,
        first: place.first,
    }
}

/// The tokens of a word: more than one where it is short for more than one.
fn words(table: &StaticTable, stemmer: &Stemmer, piece: &Piece, place: &Place, tokens: &mut Vec<Token>) {
    let name = piece.capital && !piece.begins && !piece.shouted && piece.word.len() > 2;
    let long = lexicon::long_form(&piece.word).filter(|_| !name);
    let coded = long.is_none()
        && piece.word.chars().any(|c| c.is_ascii_digit() || "_/.@~:#-".contains(c))
        && piece.word.chars().any(char::is_alphanumeric);
    for word in long.unwrap_or(&piece.word).split(' ') {
        if !coded && lexicon::is_empty(word) {
            continue;
        }
        let kind = match (coded, piece.shouted || (piece.capital && !piece.begins)) {
            (true, _) => Kind::Code,
            (_, true) if long.is_none() => Kind::Name,
            _ => Kind::Word,
        };
        let ids = table.tokens(word);
        let heaviest = ids.iter().map(|token| table.weight(*token)).fold(0.0, f32::max);
        let initials = (piece.shouted && long.is_none() && (2..=6).contains(&word.chars().count()))
            .then(|| word.trim_end_matches('s').to_owned());
        tokens.push(Token {
            span: piece.span.clone(),
            stem: if coded { word.to_owned() } else { lexicon::stem(stemmer, word) },
            word: word.to_owned(),
            weight: if coded || ids.is_empty() { 1.0 } else { heaviest },
            vector: table.vector(&ids, |token| table.weight(token)),
            known: ids.len() == 1,
            kind,
            denied: place.denied,
            against: place.against,
            initials,
            clause: place.clause,
            piece: place.piece,
            case: place.case.clone(),
            first: place.first,
        });
    }
}
