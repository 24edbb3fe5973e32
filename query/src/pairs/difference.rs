//! Where two texts differ that contradict each other, and what they have in common.

use std::ops::Range;

use super::align::{Alignment, Clash, ONE, Slot, Sort};
use super::read::{Kind, Reading};
use super::signs::Compared;

/// From which share of what both have a denial is what they differ by.
const DENIED: f32 = 0.4;
/// Words that tell what a text is about; what else both have tells what of it.
const SUBJECT_WORDS: usize = 2;

/// Of two texts the stretches that differ, in bytes, and what both are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub spans: [Range<usize>; 2],
    pub subject: Option<String>,
    pub attribute: Option<String>,
}

pub fn of(sides: [(&str, &Reading); 2], compared: &Compared) -> Difference {
    let spans = spans([sides[0].1, sides[1].1], compared);
    let whole = |side: usize| 0..sides[side].0.trim_end().len();
    let spans = spans.unwrap_or_else(|| [whole(0), whole(1)]);
    let (subject, attribute) = shared(sides[0], &compared.alignment);
    Difference { spans, subject, attribute }
}

fn spans(sides: [&Reading; 2], compared: &Compared) -> Option<[Range<usize>; 2]> {
    let sure = compared.clashes.iter().find(|clash| clash.of != Sort::Word);
    if let Some(clash) = sure {
        return Some([0, 1].map(|side| span(sides[side], &compared.slots[side], side, clash)));
    }
    if compared.signs.denied >= DENIED {
        return denial(sides, &compared.alignment);
    }
    let word = compared.clashes.first()?;
    Some([0, 1].map(|side| span(sides[side], &compared.slots[side], side, word)))
}

/// The value, or all of the words that stand in its place.
fn span(reading: &Reading, slots: &[Slot], side: usize, clash: &Clash) -> Range<usize> {
    let at = [clash.a, clash.b][side];
    let token = &reading.tokens[at];
    let slot = slots.iter().find(|slot| slot.tokens.contains(&at));
    match (slot, clash.of) {
        (Some(slot), Sort::Name | Sort::Word | Sort::Time) => {
            // Words between two that stand in one place belong to it.
            reading.tokens[slot.tokens.start].span.start..reading.tokens[slot.tokens.end - 1].span.end
        }
        _ => token.span.clone(),
    }
}

/// What denies on one side, and what that is said of on the other.
fn denial(sides: [&Reading; 2], alignment: &Alignment) -> Option<[Range<usize>; 2]> {
    let denying = if sides[0].denials.len() > sides[1].denials.len() { 0 } else { 1 };
    let denial = sides[denying].denials.first()?.clone();
    let after = sides[denying].tokens.iter().enumerate().filter(|(_, token)| token.span.start >= denial.end);
    let counterpart = after.map(|(at, _)| alignment.sides[denying][at]).find_map(|to| to);
    let (to, _) = counterpart?;
    let other = sides[1 - denying].tokens[to].span.clone();
    Some(if denying == 0 { [denial, other] } else { [other, denial] })
}

/// What both are about: the first words that they share, and the others.
fn shared((content, reading): (&str, &Reading), alignment: &Alignment) -> (Option<String>, Option<String>) {
    let both = reading.tokens.iter().enumerate();
    let both =
        both.filter(|(at, token)| alignment.got(0, *at) >= ONE && !matches!(token.kind, Kind::Value(_)));
    let mut spans: Vec<Range<usize>> = both.map(|(_, token)| token.span.clone()).collect();
    spans.dedup();
    let words: Vec<&str> = spans.into_iter().filter_map(|span| content.get(span)).collect();
    let (subject, attribute) = words.split_at(words.len().min(SUBJECT_WORDS));
    let joined = |words: &[&str]| (!words.is_empty()).then(|| words.join(" "));
    (joined(subject), joined(attribute))
}
