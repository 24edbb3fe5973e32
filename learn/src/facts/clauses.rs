//! A text in clauses, each with whether it asks and whether it can be taken at its word.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::lists;
use crate::language::pieces::{Piece, pieces};

/// Bytes of a sentence that is read: longer ones are tables and dumps.
const SENTENCE_BYTES: usize = 1_500;

/// Where one clause of a sentence ends and another begins.
static CUTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)[;…]| [-–—]+ |—|, (?:but|so|and|because|since|now that|especially|considering|given|although|though|while|yet|then|which|who|or|if|unless)\b",
        r"| (?:because|but|although|though|however|now that|given that|considering|especially since|unless|if|whereas)\b",
        r"| and (?:i|we|he|she|they|it|my|our|the|that|you|then|her|his|their)\b",
        r"| since (?:the|my|our|we|i|it|its|they|he|she)\b",
        r"|(?: remind me| reminds me| the fact)(?: that)? (?:it|its|it's|the|my|our)\b|(?: about| to know| understand) how (?:it|the|my|our)\b",
        r"|, ",
    ))
    .expect("a pattern of our own")
});

/// What begins a clause that a question takes for granted.
const REASONS: [&str; 10] = [
    "because",
    "since",
    "now",
    "given",
    "considering",
    "especially",
    "remind",
    "reminds",
    "about",
    "understand",
];

/// What shows in a line that it is not meant.
static JOKES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:ha(?:ha)+h?|he(?:he)+|lol|lmao|rofl|just kidding|only kidding|kidding|just joking|joking|jk|yeah,? right|yeah,? sure|oh,? sure",
        r"|sure,? sure|as if|april fools?|plot twist|breaking news|pigs fly|pigs (?:have|grow|had) wings|hell freezes|(?:in|of) (?:my|your|his|her|their|our) (?:wildest )?dreams",
        r"|you wish|dream on|sarcasm|ironically|totally not|not really|believe it or not|once upon a time|trust me)\b|(?:^|\s)/s\b|;-?\)|[😂🤣😉😜🙃🤡]|[.!] +(?:not|nope|psych|no way)[.!]*\s*$",
    ))
    .expect("a pattern of our own")
});

/// What shows in a sentence that others take it to be so, or that it is so only where or when something else is.
static HEARSAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:in|to|for|by) (?:[\p{L}]+['’]s|his|her|their|my humble) (?:opinion|view|eyes|mind|book|words|telling|account|version|head|world|estimate|fantasy)\b",
        r"|\bword (?:is|has it|on the street)\b|\brumou?rs?\b|\bgossip\b|\bthey say\b|\bpeople say\b|\bi hear\b|\bwhat i (?:hear|heard|read)\b|\bif you ask\b|\bor so\b",
        r"|\b(?:is|are|was|were) (?:convinced|certain|adamant|sure|positive|of the opinion|under the impression|persuaded)\b|\bi (?:dream(?:t|ed)|imagined?)\b|\b(?:dreamt|dreamed) that\b",
        r"|, (?:i (?:think|guess|believe|suppose|assume|hope|heard|reckon)|says|said|claims?|swears|according to|supposedly|allegedly|apparently|presumably|probably|if i)\b",
        r"|, (?:he|she|they|\p{Lu}\p{L}+) (?:said|says|wrote|told|thinks|claims|claimed|insists)\b",
        r"|^\W*(?:\w+, )?(?:once|when|whenever|until|till|had|as soon as|as long as|in case|some ?day|one day|imagine|say|picture|pretend|next (?:year|month|week|quarter|sprint)|tomorrow|soon)\b",
        r"|\b(?:years|months|ages|decades|weeks) ago\b|\bback in\b|\bin a (?:previous|former|past|parallel|perfect|better|different) \w+|\bbefore my time\b|\bin the (?:old|good old) days\b|\bpreviously\b|\bformerly\b",
        r"|\b(?:nearly|almost|about to|going to|plan(?:s|ning)? to|want(?:s|ed)? to|hope to|will be|won['’]t|not yet)\b",
    ))
    .expect("a pattern of our own")
});

/// A clause: a stretch of the text with its words.
#[derive(Debug, Clone)]
pub struct Clause {
    pub span: Range<usize>,
    /// The sentence that it is of.
    pub sentence: Range<usize>,
    /// Its words; their spans are of the text.
    pub pieces: Vec<Piece>,
    /// Whether it has the form of a question.
    pub asks: bool,
    /// Whether it says what is supposed, wished, guessed, or what another said.
    pub doubtful: bool,
}

/// The clauses of a text that was cleaned.
pub fn clauses(text: &str) -> Vec<Clause> {
    let unmeant = |sentence: &Range<usize>| {
        let start = text[..sentence.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[sentence.end..].find('\n').map_or(text.len(), |at| sentence.end + at);
        JOKES.is_match(&text[start..end])
    };
    sentences(text)
        .into_iter()
        .flat_map(|sentence| {
            let doubtful = unmeant(&sentence) || hearsay(&text[sentence.clone()]);
            let mut clauses = of_sentence(text, sentence);
            clauses.iter_mut().for_each(|clause| clause.doubtful |= doubtful);
            clauses
        })
        .collect()
}

/// Whether a sentence tells what others take to be so, or what is so elsewhere: `in the novel …`.
fn hearsay(sentence: &str) -> bool {
    let supposed = HEARSAY.find(sentence).is_some_and(|found| {
        !["when it comes", "when asked"]
            .iter()
            .any(|lead| sentence[found.start()..].trim_start().to_lowercase().starts_with(lead))
    });
    supposed || elsewhere(sentence)
}

/// Whether a sentence is about a setting that is not the one at hand: `in the unit test`, `at my old company`.
fn elsewhere(sentence: &str) -> bool {
    let words: Vec<String> = sentence
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    let bare = |word: &str| word.trim_end_matches("'s").trim_end_matches("’s").to_owned();
    words.iter().enumerate().any(|(at, word)| {
        ["in", "at", "on", "inside", "within", "under", "during"].contains(&word.as_str())
            && words[at + 1..]
                .iter()
                .take(4)
                .take_while(|word| {
                    !["is", "are", "to", "port", "version", "from", "and"].contains(&word.as_str())
                })
                .any(|word| lists::has("scopes", &bare(word)))
    })
}

fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for (at, c) in text.char_indices() {
        let next = bytes.get(at + c.len_utf8());
        let ends = match c {
            '\n' => true,
            '!' | '?' => next.is_none_or(u8::is_ascii_whitespace),
            '.' => next.is_none_or(u8::is_ascii_whitespace) && !abbreviated(&text[start..at]),
            _ => false,
        };
        if ends {
            sentences.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    sentences.push(start..text.len());
    sentences
        .retain(|sentence| !text[sentence.clone()].trim().is_empty() && sentence.len() <= SENTENCE_BYTES);
    sentences
}

fn abbreviated(before: &str) -> bool {
    const SHORT: [&str; 12] =
        ["e.g", "i.e", "mr", "mrs", "ms", "dr", "st", "vs", "etc", "approx", "no", "prof"];
    let last = before.rsplit([' ', '(', '\n']).next().unwrap_or_default();
    // `400 ms.`
    if last == "ms" {
        return false;
    }
    let last = last.to_lowercase();
    SHORT.contains(&last.as_str()) && last != "no"
        || (last.len() == 1 && last.starts_with(char::is_alphabetic))
}

fn of_sentence(text: &str, sentence: Range<usize>) -> Vec<Clause> {
    let written = &text[sentence.clone()];
    let mut clauses: Vec<Clause> = cut(written)
        .into_iter()
        .map(|range| {
            let span = sentence.start + range.start..sentence.start + range.end;
            let mut pieces = pieces(&text[span.clone()], false);
            for piece in &mut pieces {
                piece.span = piece.span.start + span.start..piece.span.end + span.start;
            }
            let asks = asks(&pieces);
            Clause { span, sentence: sentence.clone(), pieces, asks, doubtful: false }
        })
        .filter(|clause| !clause.pieces.is_empty())
        .collect();
    let question = written.trim_end().ends_with('?');
    // `…, right?`, or a statement with nothing but its mark to ask.
    let tag = clauses.last().is_some_and(|last| last.pieces.len() <= 2 && clauses.len() > 1);
    let whole = question && (tag || clauses.iter().all(|clause| !clause.asks));
    let mut doubt = false;
    for clause in &mut clauses {
        let first = clause.pieces[0].word.as_str();
        doubt &= !lists::has("turns", first);
        // `should I …, since the port is 80`: the reason is no question.
        let reason = REASONS.contains(&first);
        doubt = (doubt && !reason) || doubts(&clause.pieces);
        clause.doubtful = doubt || whole;
        clause.asks = question && clause.asks && !reason;
    }
    clauses
}

/// The stretches between cuts. A cut leaves the word that it is made at to what follows.
fn cut(sentence: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for found in CUTS.find_iter(sentence) {
        let rest = sentence[found.start()..].trim_start_matches([',', ';', ' ', '-', '–', '—', '…']);
        let begins = sentence.len() - rest.len();
        // `March 15, 2024`, `my tax, which is 15%`
        let year = rest.len() >= 4
            && rest.as_bytes()[..4].iter().all(u8::is_ascii_digit)
            && rest.as_bytes().get(4).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let relative = ["which is ", "which has ", "which are ", "which have "]
            .iter()
            .any(|word| rest.starts_with(word));
        let attached =
            ["for ", "on ", "at ", "in ", "with ", "of "].iter().any(|word| rest.starts_with(word))
                && sentence[found.start()..].starts_with(", ");
        let dated = year && sentence[..found.start()].ends_with(|c: char| c.is_ascii_digit());
        if dated || relative || attached || begins <= start {
            continue;
        }
        ranges.push(start..found.start());
        start = begins;
    }
    ranges.push(start..sentence.len());
    ranges
}

/// Whether words have the form of a question.
fn asks(pieces: &[Piece]) -> bool {
    let lead = pieces.iter().take_while(|piece| lists::has("leads", &piece.word)).count();
    pieces.get(lead).is_some_and(|first| lists::has("asking", &first.word))
}

fn doubts(pieces: &[Piece]) -> bool {
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    (0..pieces.len()).any(|at| {
        let speaks = ["i", "we", "ive", "weve"].contains(&word(at.wrapping_sub(1)))
            || ["have", "already", "as"].contains(&word(at.wrapping_sub(1)));
        let modal = word(at) == "may" && !pieces[at].capital
            || ["can", "cannot", "could"].contains(&word(at)) && word(at + 1) == "be";
        let told = word(at) == "been" && word(at + 1) == "told" || word(at) == "according";
        let heard =
            ["i", "we"].contains(&word(at)) && ["heard", "read", "guess", "hope"].contains(&word(at + 1));
        lists::has("doubts", word(at))
            || lists::doubting(word(at), word(at + 1))
            || modal
            || told
            || heard
            || (lists::has("reports", word(at)) && at > 0 && !speaks)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> Vec<(String, bool, bool)> {
        clauses(text)
            .into_iter()
            .map(|clause| (text[clause.span].trim().to_owned(), clause.asks, clause.doubtful))
            .collect()
    }

    #[test]
    fn clauses_ask_doubt_or_state() {
        let clause = |text: &str, asks, doubtful| (text.to_owned(), asks, doubtful);
        assert_eq!(
            marked("Our port is 80, so can you check it?"),
            [clause("Our port is 80", false, false), clause("so can you check it?", true, false)]
        );
        assert_eq!(
            marked("Bob thinks the port is 9, but it is 8."),
            [clause("Bob thinks the port is 9", false, true), clause("but it is 8.", false, false)]
        );
        let doubtful = [
            "If we moved, the port is 9.",
            "The port is 9, right?",
            "The port is 9?",
            "Let's say the port is 9",
            "Maybe the port is 9.",
            "According to Ann the port is 9.",
            "I've been told the port is 9.",
        ];
        for text in doubtful {
            assert!(marked(text).iter().all(|(_, _, doubtful)| *doubtful), "{text}");
        }
        let plain = ["It is due on March 15, 2024.", "As I said the port is 9", "We use version 1.2.3 of it"];
        for text in plain {
            assert_eq!(marked(text), [clause(text, false, false)]);
        }
        assert_eq!(
            marked("Should I wait since the port is 9?"),
            [clause("Should I wait", true, true), clause("since the port is 9?", false, false)]
        );
    }
}
