//! A text as words and values, each with what it stands for, where it stands, and whether it is denied.

use std::ops::Range;

use athena_store::embed::StaticTable;
use rust_stemmers::{Algorithm, Stemmer};

use super::lexicon;
use super::values::{self, Measure, Value};

/// Words of a text that are read.
const MOST_WORDS: usize = 200;
/// How far a contrast goes that no punctuation ends: `rather than X`.
const CONTRAST_WORDS: usize = 4;

/// What begins something else than what is told apart.
const LEADING: [&str; 14] =
    ["in", "on", "at", "for", "when", "because", "since", "if", "as", "and", "but", "so", "with", "to"];

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
    let pieces = joined(pieces(text, loud));
    let marks = Marks::of(&pieces);
    let stemmer = Stemmer::create(Algorithm::English);
    let has = |is: fn(&str) -> bool| pieces.iter().any(|piece| is(&piece.word));
    let ids = table.tokens(text);
    let mut reading = Reading {
        sole: has(lexicon::is_sole) || marks.sole,
        open: has(lexicon::is_open),
        beside: has(lexicon::is_beside),
        excepting: has(lexicon::is_excepting),
        denials: marks.denials.iter().map(|at| pieces[*at].span.clone()).collect(),
        asks: text.trim_end().ends_with('?') || text.contains("? "),
        vector: table.vector(&ids, |token| table.weight(token)),
        ..Reading::default()
    };
    let mut at = 0;
    while at < pieces.len() {
        let place = Place { denied: marks.denied[at], against: marks.against[at], clause: marks.clause[at] };
        if let Some((value, used)) = value_at(&pieces, at) {
            let span = pieces[at].span.start..pieces[at + used - 1].span.end;
            reading.tokens.push(value_token(&pieces[at], span, value, place));
            at += used;
            continue;
        }
        if !marks.silent[at] {
            words(table, &stemmer, &pieces[at], place, &mut reading.tokens);
        }
        at += 1;
    }
    reading.pieces = pieces;
    reading
}

#[derive(Debug, Clone, Copy)]
struct Place {
    denied: bool,
    against: bool,
    clause: usize,
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
    }
}

/// The tokens of a word: more than one where it is short for more than one.
fn words(table: &StaticTable, stemmer: &Stemmer, piece: &Piece, place: Place, tokens: &mut Vec<Token>) {
    let name = piece.capital && !piece.begins && !piece.shouted && piece.word.len() > 2;
    let long = lexicon::long_form(&piece.word).filter(|_| !name);
    let coded = long.is_none()
        && piece.word.chars().any(|c| c.is_ascii_digit() || "_/.@~:#".contains(c))
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
        });
    }
}

/// Cuts a text into words.
fn pieces(text: &str, loud: bool) -> Vec<Piece> {
    let inner = |c: char| c.is_alphanumeric() || "_-./:'’@~+#%°€$£¥,\\".contains(c);
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut at, mut before) = (0, '.');
    while let Some(start) = text[at..].find(|c: char| c.is_alphanumeric() || "€$£¥~/.%°".contains(c)) {
        for c in text[at..at + start].chars() {
            before = mark(c).unwrap_or(before);
        }
        let start = at + start;
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
        if pieces.len() >= MOST_WORDS {
            break;
        }
    }
    pieces
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
        && hyphened[1..].iter().all(|part| letters(part))
    {
        let at = |part: &str| part.as_ptr() as usize - word.as_ptr() as usize;
        return hyphened.into_iter().map(|part| (at(part), part)).collect();
    }
    let digits = word.trim_start_matches(['€', '$', '£', '¥']);
    let sign = word.len() - digits.len();
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(digits.len());
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

/// What stands under a denial, and what is named only to be told apart.
struct Marks {
    denied: Vec<bool>,
    against: Vec<bool>,
    /// What was read as a mark, and tells nothing else.
    silent: Vec<bool>,
    clause: Vec<usize>,
    /// Pieces that deny.
    denials: Vec<usize>,
    sole: bool,
}

impl Marks {
    fn of(pieces: &[Piece]) -> Self {
        let count = pieces.len();
        let mut marks = Self {
            denied: vec![false; count],
            against: vec![false; count],
            silent: vec![false; count],
            clause: vec![0; count],
            denials: Vec::new(),
            sole: false,
        };
        let mut clause = 0;
        for (at, piece) in pieces.iter().enumerate() {
            clause += usize::from(at > 0 && piece.after == '.');
            marks.clause[at] = clause;
        }
        let mut parity = vec![false; clause + 1];
        let mut prefers = None;
        for at in 0..count {
            let word = |ahead: usize| pieces.get(at + ahead).map_or("", |piece| piece.word.as_str());
            let previous = at.checked_sub(1).map_or("", |before| pieces[before].word.as_str());
            if ["prefer", "prefers", "preferred", "rather", "favours", "favors"].contains(&word(0)) {
                prefers = Some(marks.clause[at]);
            }
            let compares = ["over", "than"].contains(&word(0))
                || (word(0) == "to" && prefers.is_some() && previous != "prefers" && previous != "prefer");
            if compares && prefers == Some(marks.clause[at]) {
                marks.contrast(pieces, at + 1);
                continue;
            }
            if (word(0) == "rather" && word(1) == "than") || (word(0) == "instead" && word(1) == "of") {
                marks.silent[at] = true;
                marks.silent[at + 1] = true;
                marks.contrast(pieces, at + 2);
                continue;
            }
            let denying = lexicon::is_denying(word(0));
            if !denying {
                continue;
            }
            marks.silent[at] = !["stop", "stopped", "fails"].contains(&word(0));
            if ["else", "other", "but"].contains(&word(1))
                || (at > 0 && word(1).is_empty() && previous == "nothing")
            {
                marks.sole = true;
                marks.silent[at] = true;
                continue;
            }
            let ends = |ahead: usize| pieces.get(at + ahead).is_none_or(|piece| piece.after != ' ');
            let compared = ["no", "not"].contains(&word(0)) && word(2) == "than" && word(1) != "longer";
            let aside = word(0) == "not" && ["only", "even", "just"].contains(&word(1));
            if compared || aside || word(0) == "nor" {
                continue;
            }
            let contrasts = ["not", "never"].contains(&word(0))
                && at > 0
                && (pieces[at].after == ',' || ["and", "but"].contains(&previous));
            let short = (1..=CONTRAST_WORDS).any(ends);
            if contrasts && short {
                marks.contrast(pieces, at + 1);
                continue;
            }
            let clause = marks.clause[at];
            parity[clause] = !parity[clause];
            marks.denials.push(at);
        }
        for at in 0..count {
            marks.denied[at] = parity[marks.clause[at]];
        }
        marks
    }

    /// Words from `first` on are named against, until punctuation.
    fn contrast(&mut self, pieces: &[Piece], first: usize) {
        for (at, piece) in pieces.iter().enumerate().skip(first).take(CONTRAST_WORDS) {
            let ends = LEADING.contains(&piece.word.as_str()) || piece.after != ' ';
            if at > first && ends {
                break;
            }
            self.against[at] = true;
        }
    }
}

/// The value that begins at a piece, and how many pieces it takes.
fn value_at(pieces: &[Piece], at: usize) -> Option<(Value, usize)> {
    date_at(pieces, at).or_else(|| clock_at(pieces, at)).or_else(|| amount_at(pieces, at)).or_else(|| {
        let word = &pieces[at].word;
        let day = values::weekday(word).filter(|_| word.len() > 4 || pieces[at].capital).map(Value::Weekday);
        let ordinal = || values::ordinal(word).map(Value::Ordinal);
        let version = || values::version(word).map(Value::Version);
        Some((day.or_else(ordinal).or_else(version)?, 1))
    })
}

/// `1 September 2025`, `third of November`, `Nov 3`, `March 2027`, `in 2019`, `2025-09-01`.
fn date_at(pieces: &[Piece], at: usize) -> Option<(Value, usize)> {
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    if let Some(date) = values::iso_date(word(at)) {
        return Some((date, 1));
    }
    let day = |at: usize| {
        let plain =
            values::number(word(at)).filter(|number| number.fract() == 0.0).map(|number| number as u32);
        plain.or_else(|| values::ordinal(word(at))).filter(|day| (1..=31).contains(day))
    };
    let year = |at: usize| {
        word(at).parse::<u32>().ok().filter(|year| word(at).len() == 4 && (1900..2200).contains(year))
    };
    let month = |at: usize| {
        let written = pieces.get(at).is_some_and(|piece| {
            piece.capital || !["may", "march", "mar", "dec", "jan"].contains(&piece.word.as_str())
        });
        values::month(word(at)).filter(|_| written)
    };
    let of = usize::from(word(at + 1) == "of");
    if let (Some(day), Some(month)) = (day(at), month(at + 1 + of)) {
        let used = 2 + of;
        let year = year(at + used);
        return Some((
            Value::Date { year, month: Some(month), day: Some(day) },
            used + usize::from(year.is_some()),
        ));
    }
    if let Some(month) = month(at) {
        if let Some(year) = year(at + 1) {
            return Some((Value::Date { year: Some(year), month: Some(month), day: None }, 2));
        }
        if let Some(day) = day(at + 1) {
            let year = year(at + 2);
            return Some((
                Value::Date { year, month: Some(month), day: Some(day) },
                2 + usize::from(year.is_some()),
            ));
        }
        let modal = word(at) == "may" && pieces[at].begins;
        return (!modal).then_some((Value::Date { year: None, month: Some(month), day: None }, 1));
    }
    const BEFORE_YEARS: [&str; 10] =
        ["in", "since", "until", "till", "from", "of", "by", "before", "after", "year"];
    let led = at > 0 && BEFORE_YEARS.contains(&word(at - 1));
    let year = year(at).filter(|_| led)?;
    Some((Value::Date { year: Some(year), month: None, day: None }, 1))
}

/// `9:15`, `3 pm`, `noon`.
fn clock_at(pieces: &[Piece], at: usize) -> Option<(Value, usize)> {
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    let half = match word(at + 1) {
        "am" => Some(0),
        "pm" => Some(720),
        _ => None,
    };
    let minutes = |minutes: u32, half: u32| minutes % 720 + half;
    if let Some(clock) = values::clock(word(at)) {
        return Some(half.map_or((Value::Clock(clock), 1), |half| (Value::Clock(minutes(clock, half)), 2)));
    }
    match word(at) {
        "noon" | "midday" => return Some((Value::Clock(720), 1)),
        "midnight" => return Some((Value::Clock(0), 1)),
        _ => {}
    }
    let hour = values::number(word(at)).filter(|hour| (0.0..=24.0).contains(hour))?;
    half.map(|half| (Value::Clock(minutes((hour * 60.0) as u32, half)), 2))
}

/// `€1,200`, `two weeks`, `1 h 45 min`, `half a dollar`, `1.2 million`, `p95`.
fn amount_at(pieces: &[Piece], at: usize) -> Option<(Value, usize)> {
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    let percentile = |amount: f64| Value::Amount { amount, of: Measure::Percentile };
    if let Some(rank) = word(at).strip_prefix('p').and_then(|rank| rank.parse::<f64>().ok()) {
        return Some((percentile(rank), 1));
    }
    if let (Some(rank), "percentile") = (values::ordinal(word(at)), word(at + 1)) {
        return Some((percentile(rank.into()), 2));
    }
    let sign = values::unit(word(at)).filter(|_| "€$£¥".contains(word(at)));
    let start = at + usize::from(sign.is_some());
    let spelled = values::spelled(word(start));
    let mut amount = values::number(word(start)).or(spelled)?;
    let mut end = start + 1;
    if spelled.is_some_and(|tens| tens >= 20.0)
        && let Some(ones) = values::spelled(word(end)).filter(|ones| (1.0..10.0).contains(ones))
    {
        (amount, end) = (amount + ones, end + 1);
    }
    while let Some(scale) = values::scale(word(end)) {
        (amount, end) = (amount * scale, end + 1);
    }
    if word(end) == "and" && word(end + 1) == "a" && word(end + 2) == "half" {
        (amount, end) = (amount + 0.5, end + 3);
    }
    let half = word(start) == "half";
    let article = usize::from(half && ["a", "an"].contains(&word(end)));
    let (of, factor, used) = match (sign, values::unit(word(end + article))) {
        (Some((of, factor)), _) => (of, factor, 0),
        (None, Some((of, factor))) => (of, factor, article + 1),
        // Half of what is no unit is no number.
        (None, None) if half => return None,
        (None, None) => (Measure::Count, 1.0, 0),
    };
    end += used;
    amount *= factor;
    if of == Measure::Seconds
        && let Some((Value::Amount { amount: more, of: Measure::Seconds }, used)) =
            values::number(word(end)).and_then(|_| amount_at(pieces, end))
        && more < amount
    {
        (amount, end) = (amount + more, end + used);
    }
    Some((Value::Amount { amount, of }, end - at))
}
