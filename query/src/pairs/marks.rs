//! What is denied in a text, and what is named only to be told apart, or because it was so before.

use std::ops::Range;

use athena_learn::language::lexicon;
use athena_learn::language::pieces::Piece;

/// How far a contrast goes that no punctuation ends: `rather than X`.
const CONTRAST_WORDS: usize = 4;

/// How far from what says that something changed stands what it was: `moved the demo of the beta from X to Y`.
const CHANGE_WORDS: usize = 10;

/// What begins something else than what is told apart.
const LEADING: [&str; 14] =
    ["in", "on", "at", "for", "when", "because", "since", "if", "as", "and", "but", "so", "with", "to"];

/// What stands before a verb of which something else is the doer.
const PASSIVE: [&str; 8] = ["is", "was", "are", "were", "been", "being", "got", "gets"];

/// What stands under a denial, and what is named only to be told apart.
pub struct Marks {
    pub denied: Vec<bool>,
    pub against: Vec<bool>,
    /// What was read as a mark, and tells nothing else.
    pub silent: Vec<bool>,
    pub clause: Vec<usize>,
    /// Pieces that deny.
    pub denials: Vec<usize>,
    pub sole: bool,
}

impl Marks {
    pub fn of(pieces: &[Piece]) -> Self {
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
            if let Some(former) = former(pieces, at) {
                marks.former(pieces, at, former);
                continue;
            }
            let ended = lexicon::is_ended(word(0)) && PASSIVE.contains(&previous);
            let denying = lexicon::is_denying(word(0)) || ended;
            if !denying {
                continue;
            }
            let tells = ["stop", "stopped", "quit", "quits", "fails"].contains(&word(0));
            if tells && lexicon::is_denying(previous) {
                continue;
            }
            marks.silent[at] = !tells;
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
            // `no longer X but Y`
            let until =
                (at + 1..count.min(at + CHANGE_WORDS)).take_while(|to| marks.clause[*to] == marks.clause[at]);
            if let Some(but) = until.clone().find(|to| *to > at + 1 && pieces[*to].word == "but")
                && !["unless", "without", "except"].contains(&word(0))
            {
                marks.told_apart(pieces, at + 1..but);
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

    /// What was so before is named only to be told apart.
    fn former(&mut self, pieces: &[Piece], at: usize, former: Former) {
        let (range, silent) = former;
        self.told_apart(pieces, range);
        self.silent[at] |= silent;
    }

    fn told_apart(&mut self, pieces: &[Piece], range: Range<usize>) {
        for at in range {
            self.against[at] = !lexicon::is_helping(&pieces[at].word);
        }
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

/// Pieces that name what was so before, and whether the one that says so tells nothing else.
type Former = (Range<usize>, bool);

/// What was so before, as the piece at `at` says: `moved from X to Y`, `replaced X with Y`, `X was replaced by Y`,
/// `used to X`, `left X and now Y`.
fn former(pieces: &[Piece], at: usize) -> Option<Former> {
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    let previous = at.checked_sub(1).map_or("", word);
    let most = pieces.len().min(at + CHANGE_WORDS);
    // Up to punctuation, or to one of these words.
    let until = |first: usize, words: &[&str]| {
        (first..most).find(|to| *to > first && (words.contains(&word(*to)) || pieces[*to].after == '.'))
    };
    let ends = |first: usize| {
        let end = (first..most).find(|to| {
            *to > first
                && (pieces[*to].after != ' ' || ["and", "but", "now", "today", "since"].contains(&word(*to)))
        });
        end.unwrap_or(most)
    };
    match word(at) {
        "from" => {
            let before = pieces[at.saturating_sub(CHANGE_WORDS)..at].iter().rev();
            let mut before = before.take_while(|piece| piece.after != '.' || piece.begins);
            let changes = before.any(|piece| lexicon::is_changing(&piece.word));
            let (first, to) = (at + 1, until(at + 1, &["to", "into", "onto"]));
            let up = !previous.is_empty()
                && pieces[..at].iter().rev().take(CONTRAST_WORDS).any(|piece| piece.word == "to");
            match to.filter(|to| pieces[*to].after != '.') {
                Some(to) if changes => Some((first..to, false)),
                None if changes && up => Some((first..ends(first), false)),
                _ => None,
            }
        }
        "replaced" | "replaces" | "replace" | "replacing" => {
            let with = until(at + 1, &["with", "by"])
                .or(Some(at + 1).filter(|_| ["with", "by"].contains(&word(at + 1))));
            match PASSIVE.contains(&previous) {
                true => with.map(|_| (subject(pieces, at), true)),
                false if at > 0 => Some((at + 1..with.unwrap_or_else(|| ends(at + 1)), true)),
                false => None,
            }
        }
        "used" if word(at + 1) == "to" && !lexicon::is_helping(previous) => {
            Some((at + 2..ends(at + 2), true))
        }
        "formerly" | "previously" => Some((at + 1..ends(at + 1), true)),
        leaving if lexicon::is_leaving(leaving) && at > 0 => {
            let end = ends(at + 1);
            let now =
                (end..pieces.len().min(end + 4)).any(|at| ["now", "today", "instead"].contains(&word(at)));
            now.then_some((at + 1..end, true))
        }
        _ => None,
    }
}

/// What a passive verb at `at` is said of: the words before, back to an article or a word that leads in.
fn subject(pieces: &[Piece], at: usize) -> Range<usize> {
    let mut end = at;
    while end > 0 && lexicon::is_helping(&pieces[end - 1].word) {
        end -= 1;
    }
    let mut first = end;
    while first > 0 && end - first < CONTRAST_WORDS {
        let piece = &pieces[first - 1];
        let name = first == end || pieces[first].capital == piece.capital;
        if lexicon::is_empty(&piece.word) || lexicon::is_leading(&piece.word) || !name {
            break;
        }
        first -= 1;
        if piece.after != ' ' {
            break;
        }
    }
    first..end
}
