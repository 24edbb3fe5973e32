//! How the words of a text stand to each other, and whether two texts say the same of the same ones.

use std::ops::Range;

use athena_learn::language::lexicon;
use athena_learn::language::pieces::Piece;

use super::align::Alignment;
use super::read::{Case, Kind, Reading};

/// Words alike by at least so much are the same one when it is asked what stands where.
const EXACT: f32 = 0.94;
/// Words of a clause that may tell what it is about.
const FIRST_WORDS: usize = 2;
/// Words that tell less change no places.
const TELLING: f32 = 0.3;
/// The longest stretch by which two texts differ in one place only.
const PLACE_WORDS: usize = 4;

/// For each piece how it stands in its clause, and whether before what is said.
pub fn cases(pieces: &[Piece], telling: bool) -> Vec<(Case, bool)> {
    let (mut case, mut said, mut words) = (Case::Bare, telling, 0);
    let mut cases = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        if piece.after != ' ' && at > 0 {
            (case, words) = (Case::Bare, 0);
            said &= piece.after != '.';
        }
        let determines =
            ["a", "an", "the", "my", "our", "his", "her", "its", "their"].contains(&piece.word.as_str());
        if determines && words > 0 && case != Case::Bare {
            case = Case::Bare;
        }
        if lexicon::is_helping(&piece.word) {
            (case, said) = (Case::Bare, true);
        }
        if lexicon::is_leading(&piece.word) {
            cases.push((case.clone(), false));
            (case, words) = (Case::Led(piece.word.clone()), 0);
            continue;
        }
        let inner = match &case {
            Case::Led(by) => by == "of" || by == "for",
            Case::Bare => true,
        };
        cases.push((case.clone(), inner && words < FIRST_WORDS && !said));
        words += usize::from(!lexicon::is_empty(&piece.word));
    }
    cases
}

/// How words that both texts have changed places.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turned {
    /// Two words that stand as the other one does in the other text.
    pub exchanged: bool,
    /// Two words of which each is led in where the other one is not.
    pub converse: bool,
}

impl Turned {
    pub fn of(a: &Reading, b: &Reading, alignment: &Alignment) -> Self {
        let mut turned = Self::default();
        let helped = |of: &Reading| of.pieces.iter().filter(|piece| lexicon::is_helping(&piece.word)).count();
        let one_voice = helped(a) == helped(b);
        let aligned: Vec<(usize, usize)> = alignment.sides[0]
            .iter()
            .enumerate()
            .filter_map(|(i, to)| to.filter(|(_, alike)| *alike >= EXACT).map(|(j, _)| (i, j)))
            .filter(|(i, j)| a.tokens[*i].weight > TELLING && b.tokens[*j].weight > TELLING)
            .collect();
        for (at, (i, k)) in aligned.iter().enumerate() {
            for (j, l) in &aligned[at + 1..] {
                let [one, other] = [[&a.tokens[*i], &b.tokens[*k]], [&a.tokens[*j], &b.tokens[*l]]];
                let together = one[0].clause == other[0].clause && one[1].clause == other[1].clause;
                if !together || listed(a, *i..*j) && listed(b, *k.min(l)..*k.max(l)) {
                    continue;
                }
                let crosses = k > l;
                let swapped = one[0].case == other[1].case && other[0].case == one[1].case;
                let bare = |case: &Case| *case == Case::Bare;
                if swapped && one[0].case != other[0].case && crosses {
                    turned.exchanged = true;
                }
                let between = || {
                    aligned.iter().any(|(m, n)| {
                        *m > *i
                            && m < j
                            && n > l
                            && n < k
                            && (bare(&a.tokens[*m].case) || bare(&b.tokens[*n].case))
                    })
                };
                let valued = [one, other].iter().any(|both| matches!(both[0].kind, Kind::Value(_)));
                let bares = swapped && bare(&one[0].case) && bare(&other[0].case) && !valued;
                if bares && crosses && one_voice && between() {
                    turned.exchanged = true;
                }
                turned.converse |= crosses
                    && bare(&one[0].case) != bare(&one[1].case)
                    && bare(&other[0].case) != bare(&other[1].case)
                    && bare(&one[0].case) != bare(&other[0].case);
            }
        }
        turned
    }
}

/// Whether between two words there is nothing but a list, or a word that says that they are as much to each other.
fn listed(reading: &Reading, between: Range<usize>) -> bool {
    let (first, last) = (reading.tokens[between.start].piece, reading.tokens[between.end].piece);
    let pieces = &reading.pieces[first + 1..(last + 1).max(first + 1)];
    let joins = |piece: &Piece| ["and", "or", "nor", "plus"].contains(&piece.word.as_str());
    let mutual = pieces.iter().any(|piece| lexicon::is_mutual(&piece.word) && !joins(piece));
    let mut joined = false;
    let list =
        pieces.iter().filter(|piece| !["a", "an", "the"].contains(&piece.word.as_str())).all(|piece| {
            let stands = joined || piece.after == ',' || joins(piece);
            joined = joins(piece);
            stands
        });
    mutual || list
}

/// The one stretch of each text by which they differ, in pieces; `None` where they differ in more, or less.
pub fn only_place(a: &Reading, b: &Reading) -> Option<[Range<usize>; 2]> {
    let own = |reading: &Reading| -> Vec<usize> {
        let told = reading.pieces.iter().enumerate();
        told.filter(|(_, piece)| !["a", "an", "the"].contains(&piece.word.as_str()))
            .map(|(at, _)| at)
            .collect()
    };
    let (ours, theirs) = (own(a), own(b));
    let same = |i: usize, j: usize| a.pieces[i].word == b.pieces[j].word;
    let fewest = ours.len().min(theirs.len());
    let before = (0..fewest).take_while(|at| same(ours[*at], theirs[*at])).count();
    let after = (0..fewest - before)
        .take_while(|at| same(ours[ours.len() - 1 - at], theirs[theirs.len() - 1 - at]))
        .count();
    let place = |of: &[usize]| {
        let range = before..of.len() - after;
        let short = !range.is_empty() && range.len() <= PLACE_WORDS;
        short.then(|| of[range.start]..of[range.end - 1] + 1)
    };
    (before + after >= 2).then(|| Some([place(&ours)?, place(&theirs)?])).flatten()
}
