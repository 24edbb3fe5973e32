//! Which words of two texts stand for each other, and what is left over on both sides.

use athena_learn::language::lexicon;
use athena_learn::language::values::{Relation, Value};

use super::read::{Case, Kind, Reading, Token};

/// Words alike by at least so much are taken to be one.
pub const ONE: f32 = 0.8;
/// Cosines below tell nothing.
const NEAR: f32 = 0.3;
/// Shorter words are not misspelt, and begin no longer ones.
const SHORTEST: usize = 3;
/// A misspelt word is the word but for so much.
const MISSPELT: f32 = 0.95;
/// Where neither is known they may be two names.
const UNSURE: f32 = 0.75;
/// Words of one root are one but for so much; roots have at least so many letters.
const DERIVED: f32 = 0.9;
const SHORTEST_ROOT: usize = 5;
/// An opposite that is denied is the word but for so much: `not open` of `closed`.
const DENIED: f32 = 0.94;
/// A word that begins the other, `auth` of `authentication`.
const BEGINS: f32 = 0.85;

/// An alignment of the tokens of two texts, one to one.
#[derive(Debug, Default)]
pub struct Alignment {
    /// For each token the other text's, and how much they are one.
    pub sides: [Vec<Option<(usize, f32)>>; 2],
    /// Tokens that a run of words of the other text is short for, or the long form of.
    pub initials: [Vec<bool>; 2],
}

impl Alignment {
    pub fn of(a: &Reading, b: &Reading) -> Self {
        let (ours, theirs) = (&a.tokens, &b.tokens);
        let mut alignment = Self {
            sides: [vec![None; ours.len()], vec![None; theirs.len()]],
            initials: [vec![false; ours.len()], vec![false; theirs.len()]],
        };
        let mut pairs = Vec::new();
        for (i, one) in ours.iter().enumerate() {
            for (j, other) in theirs.iter().enumerate() {
                let alike = alike(one, other);
                if alike > 0.0 {
                    // Of equals, those told in the same sense and in the same place come first.
                    let sense = 0.002
                        * f32::from(u8::from(one.denied == other.denied && one.against == other.against));
                    let apart = (i as f32 / ours.len() as f32 - j as f32 / theirs.len() as f32).abs();
                    pairs.push((alike + sense - 0.001 * apart, alike, i, j));
                }
            }
        }
        pairs.sort_by(|one, other| other.0.total_cmp(&one.0));
        for (_, alike, i, j) in pairs {
            if alignment.sides[0][i].is_none() && alignment.sides[1][j].is_none() {
                alignment.sides[0][i] = Some((j, alike));
                alignment.sides[1][j] = Some((i, alike));
            }
        }
        alignment.initials(0, a, b);
        alignment.initials(1, b, a);
        alignment
    }

    /// Opposites say the same of what changed places: `above`, `below`.
    pub fn turn(&mut self, a: &Reading, b: &Reading) {
        for (i, one) in a.tokens.iter().enumerate() {
            for (j, other) in b.tokens.iter().enumerate() {
                let free = self.got(0, i) < ONE && self.got(1, j) < ONE;
                if free && turns(one, other) {
                    self.sides[0][i] = Some((j, DENIED));
                    self.sides[1][j] = Some((i, DENIED));
                }
            }
        }
    }

    /// Whether an opposite that is denied stands for what the other text says.
    pub fn denies_opposite(&self, a: &Reading, b: &Reading) -> bool {
        let mut pairs = self.sides[0].iter().enumerate().filter_map(|(i, to)| to.map(|(j, _)| (i, j)));
        pairs.any(|(i, j)| {
            let (one, other) = (&a.tokens[i], &b.tokens[j]);
            one.denied != other.denied && lexicon::opposed(&one.stem, &other.stem)
        })
    }

    /// How much a token of a side has a counterpart.
    pub fn got(&self, side: usize, token: usize) -> f32 {
        let aligned = self.sides[side][token].map_or(0.0, |(_, alike)| alike);
        if self.initials[side][token] { aligned.max(MISSPELT) } else { aligned }
    }

    /// `SLO` on one side, `service level objective` on the other.
    fn initials(&mut self, side: usize, one: &Reading, other: &Reading) {
        for (at, token) in one.tokens.iter().enumerate() {
            let Some(letters) = token.initials.as_deref().filter(|_| self.got(side, at) < ONE) else {
                continue;
            };
            let Some(run) = run(letters, other) else { continue };
            self.initials[side][at] = true;
            for (theirs, token) in other.tokens.iter().enumerate() {
                if token.span.start >= run.0 && token.span.end <= run.1 {
                    self.initials[1 - side][theirs] = true;
                }
            }
        }
    }
}

/// Where a run of words begins with these letters, little words counted or not.
fn run(letters: &str, of: &Reading) -> Option<(usize, usize)> {
    (0..of.pieces.len()).find_map(|first| {
        let mut wanted = letters.chars();
        let mut end = None;
        for piece in &of.pieces[first..] {
            let begins = |letter: char| piece.word.starts_with(letter);
            match wanted.clone().next() {
                Some(letter) if begins(letter) => drop(wanted.next()),
                Some(_) if end.is_some() && lexicon::is_empty(&piece.word) => continue,
                // `IdP`: a word may give more than its first letter.
                Some(letter)
                    if end.is_some()
                        && wanted.clone().count() > 1
                        && of.pieces[..]
                            .iter()
                            .any(|one| one.span.end == end.unwrap_or(0) && one.word.contains(letter)) =>
                {
                    wanted.next();
                    match wanted.next() {
                        Some(letter) if begins(letter) => {}
                        _ => return None,
                    }
                }
                _ => break,
            }
            end = Some(piece.span.end);
        }
        end.filter(|_| wanted.next().is_none()).map(|end| (of.pieces[first].span.start, end))
    })
}

/// How much two tokens are one, from 0 to 1.
pub fn alike(one: &Token, other: &Token) -> f32 {
    match (&one.kind, &other.kind) {
        (Kind::Value(a), Kind::Value(b)) => return f32::from(u8::from(a.relation(b) == Relation::Same)),
        (Kind::Value(_), _) | (_, Kind::Value(_)) => return 0.0,
        _ => {}
    }
    if one.stem == other.stem || one.word == other.word {
        return 1.0;
    }
    if one.kind == Kind::Code || other.kind == Kind::Code {
        return 0.0;
    }
    if lexicon::opposed(&one.stem, &other.stem) {
        return if one.denied == other.denied { 0.0 } else { DENIED };
    }
    if lexicon::of_one_kind(&one.stem, &other.stem) {
        return 0.0;
    }
    if derived(&one.word, &other.word) {
        return DERIVED;
    }
    if misspelt(one, other) {
        return if one.known || other.known { MISSPELT } else { UNSURE };
    }
    let (short, long) = if one.word.len() < other.word.len() { (one, other) } else { (other, one) };
    if short.word.len() >= SHORTEST
        && long.word.len() >= short.word.len() + 3
        && long.word.starts_with(&short.word)
    {
        return BEGINS;
    }
    let cosine: f32 = cosine(one, other);
    let named = one.kind == Kind::Name && other.kind == Kind::Name;
    if cosine < NEAR || named { 0.0 } else { cosine.min(0.99) }
}

/// Whether two words say the same of two things that change places.
pub fn turns(one: &Token, other: &Token) -> bool {
    one.denied == other.denied
        && lexicon::opposed(&one.stem, &other.stem)
        && lexicon::is_converse(&one.word)
        && lexicon::is_converse(&other.word)
}

/// Whether two tokens that are taken to be one are so by how they are written or by the lists, and not by their
/// vectors alone.
pub fn spelt(one: &Token, other: &Token) -> bool {
    let valued = matches!(one.kind, Kind::Value(_)) || matches!(other.kind, Kind::Value(_));
    valued
        || one.stem == other.stem
        || one.word == other.word
        || lexicon::opposed(&one.stem, &other.stem)
        || derived(&one.word, &other.word)
        || (misspelt(one, other) && (one.known || other.known))
        || one.word.starts_with(&other.word)
        || other.word.starts_with(&one.word)
}

/// Whether one token may stand for the other where nobody looks at both.
pub fn joined(one: &Token, other: &Token) -> bool {
    // Little words that say the same of what follows.
    let plain = |by: &str| ["in", "on", "at", "of", "for", "as", "through", "via", "within"].contains(&by);
    let led = match (&one.case, &other.case) {
        (Case::Led(one), Case::Led(other)) => one == other || (plain(one) && plain(other)),
        _ => true,
    };
    let written = match (&one.kind, &other.kind) {
        (Kind::Value(a), Kind::Value(b)) => match a {
            // What one leaves open would be lost.
            Value::Date { .. } | Value::Version(_) => a == b,
            _ => one.word == other.word || !(one.word.contains('.') && other.word.contains('.')),
        },
        (Kind::Word, Kind::Word) => {
            let spelt = one.piece > 0 && other.piece > 0 && one.known != other.known && misspelt(one, other);
            // `import` and `importer` have one stem, and are two things.
            let doer = |word: &str| word.trim_end_matches('s').ends_with("er");
            (one.stem == other.stem || spelt) && doer(&one.word) == doer(&other.word)
        }
        _ => one.stem == other.stem || one.word == other.word,
    };
    led && written && one.against == other.against
}

pub fn cosine(one: &Token, other: &Token) -> f32 {
    one.vector.iter().zip(&other.vector).map(|(a, b)| a * b).sum()
}

/// Whether both are of one root: `allergy` and `allergic`, `deliver` and `delivery`.
fn derived(one: &str, other: &str) -> bool {
    const ENDINGS: [&str; 26] = [
        "", "al", "ally", "ant", "ation", "able", "e", "ed", "ence", "ent", "er", "ers", "es", "ic", "ies",
        "ily", "ing", "ion", "ist", "ity", "ly", "ment", "or", "s", "y", "ication",
    ];
    let root = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let ends = |word: &str| word.get(root..).is_some_and(|ending| ENDINGS.contains(&ending));
    root >= SHORTEST_ROOT && ends(one) && ends(other)
}

/// Whether one is the other with a letter or two wrong: at least one of them is no word that is known.
fn misspelt(one: &Token, other: &Token) -> bool {
    let length = one.word.chars().count().min(other.word.chars().count());
    if length <= SHORTEST || (one.known && other.known) {
        return false;
    }
    strsim::osa_distance(&one.word, &other.word) <= length.div_ceil(4).min(3)
}

/// Neighbouring tokens of one side that have no counterpart.
#[derive(Debug, Clone)]
pub struct Slot {
    pub tokens: std::ops::Range<usize>,
    /// How much they tell, less what has a counterpart.
    pub weight: f32,
    /// Whether there is a name, a code or a value among them.
    pub strong: bool,
}

/// What is left over on a side.
pub fn slots(reading: &Reading, alignment: &Alignment, side: usize) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    for (at, token) in reading.tokens.iter().enumerate() {
        let got = alignment.got(side, at);
        if got >= ONE {
            continue;
        }
        let weight = token.weight * (1.0 - got);
        let strong = token.kind != Kind::Word;
        let joined = slots
            .last_mut()
            .filter(|slot| slot.tokens.end == at && reading.tokens[at - 1].clause == token.clause);
        match joined {
            Some(slot) => {
                slot.tokens.end += 1;
                slot.weight += weight;
                slot.strong |= strong;
            }
            None => slots.push(Slot { tokens: at..at + 1, weight, strong }),
        }
    }
    slots
}

/// A token of each side that fill one place differently, and why that is thought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clash {
    pub a: usize,
    pub b: usize,
    pub of: Sort,
    /// How much their neighbours are each other's counterparts, from 0 to 2.
    pub context: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Amount,
    Time,
    /// An ordinal or a version.
    Number,
    Name,
    /// Two of one kind, `weekly` and `monthly`.
    OneKind,
    Word,
    Opposed,
    /// The same words, of which one is preferred to the other the other way round.
    Swapped,
}

/// All places that both fill differently, the surest first; a token stands in one of them.
pub fn clashes(a: &Reading, b: &Reading, alignment: &Alignment) -> Vec<Clash> {
    let mut found: Vec<(f32, Clash)> = Vec::new();
    for (i, one) in a.tokens.iter().enumerate() {
        for (j, other) in b.tokens.iter().enumerate() {
            let together = alignment.sides[0][i].is_some_and(|(to, _)| to == j);
            let Some((sure, of)) = clash(one, other, [alignment.got(0, i), alignment.got(1, j)], together)
            else {
                continue;
            };
            let context = context(alignment, (a, i), (b, j));
            found.push((sure + context, Clash { a: i, b: j, of, context }));
        }
    }
    // What is preferred the other way round changes places with something.
    let turned = |against: bool| {
        found.iter().any(|(_, clash)| clash.of == Sort::Swapped && a.tokens[clash.a].against == against)
    };
    if !(turned(true) && turned(false)) {
        found.retain(|(_, clash)| clash.of != Sort::Swapped);
    }
    found.sort_by(|one, other| {
        other.0.total_cmp(&one.0).then((one.1.a, one.1.b).cmp(&(other.1.a, other.1.b)))
    });
    let mut clashes: Vec<Clash> = Vec::new();
    for (_, clash) in found {
        if clashes.iter().all(|taken| taken.a != clash.a && taken.b != clash.b) {
            clashes.push(clash);
        }
    }
    clashes
}

fn clash(one: &Token, other: &Token, got: [f32; 2], together: bool) -> Option<(f32, Sort)> {
    let free = got[0] < ONE && got[1] < ONE;
    if together && got[0] >= ONE && one.against != other.against {
        return Some((4.0, Sort::Swapped));
    }
    if !free {
        return None;
    }
    match (&one.kind, &other.kind) {
        (Kind::Value(a), Kind::Value(b)) if a.relation(b) == Relation::Differs => Some((
            3.0,
            match a {
                Value::Amount { .. } => Sort::Amount,
                a if a.is_time() => Sort::Time,
                _ => Sort::Number,
            },
        )),
        (Kind::Value(_), _) | (_, Kind::Value(_)) => None,
        _ if lexicon::opposed(&one.stem, &other.stem) => Some((3.0, Sort::Opposed)),
        _ if lexicon::of_one_kind(&one.stem, &other.stem) => Some((2.0, Sort::OneKind)),
        (Kind::Word, Kind::Word) => Some((cosine(one, other), Sort::Word)),
        (Kind::Word, _) | (_, Kind::Word) => Some((0.2 + cosine(one, other), Sort::Word)),
        _ => Some((1.0 + cosine(one, other), Sort::Name)),
    }
}

/// How much the tokens before and after are each other's counterparts.
fn context(alignment: &Alignment, (a, i): (&Reading, usize), (b, j): (&Reading, usize)) -> f32 {
    let counterpart = |of: Option<usize>, to: Option<usize>| match (of, to) {
        (Some(of), Some(to)) => alignment.sides[0]
            .get(of)
            .copied()
            .flatten()
            .filter(|(at, _)| *at == to)
            .map_or(0.0, |(_, alike)| alike),
        _ => 0.0,
    };
    let after = |at: usize, reading: &Reading| Some(at + 1).filter(|at| *at < reading.tokens.len());
    let (ends, begins) = (after(i, a).is_none() && after(j, b).is_none(), i == 0 && j == 0);
    let edge = |is: bool| if is { 0.5 } else { 0.0 };
    counterpart(after(i, a), after(j, b))
        + counterpart(i.checked_sub(1), j.checked_sub(1))
        + edge(ends)
        + edge(begins)
}
