//! What is denied in a text, and what is named only to be told apart.

use athena_learn::language::lexicon;
use athena_learn::language::pieces::Piece;

/// How far a contrast goes that no punctuation ends: `rather than X`.
const CONTRAST_WORDS: usize = 4;

/// What begins something else than what is told apart.
const LEADING: [&str; 14] =
    ["in", "on", "at", "for", "when", "because", "since", "if", "as", "and", "but", "so", "with", "to"];

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
