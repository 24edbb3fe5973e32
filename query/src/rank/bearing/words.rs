//! Words of a text as they stand in it. Pure.

/// Words and sentences of a text that are looked at.
const MOST_WORDS: usize = 512;
const MOST_SENTENCES: usize = 32;
/// Shorter ones belong to the next.
const SHORTEST_SENTENCE: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub lower: String,
    pub capital: bool,
    /// Whether it has a capital after its first letter.
    pub inner: bool,
    /// Whether a sentence begins with it.
    pub begins: bool,
    /// Whether a mark follows that ends a clause.
    pub ends: bool,
}

impl Word {
    pub fn is_number(&self) -> bool {
        is_number(&self.lower)
    }

    /// Whether it names something, by how it is written.
    pub fn names(&self) -> bool {
        self.is_number() || self.inner || (self.capital && !self.begins && self.lower != "i")
    }
}

pub fn is_number(word: &str) -> bool {
    word.chars().any(|letter| letter.is_ascii_digit())
}

/// Words with the marks inside of numbers and names, such as `7.3`, `02:15` and `node_exporter`.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut begins = true;
    for written in text.split_whitespace().take(MOST_WORDS) {
        let inside = |letter: char| letter.is_alphanumeric() || ['_', '.', ':', '\'', '’'].contains(&letter);
        for part in written.split(|letter: char| !inside(letter)) {
            let bare = part.trim_matches(|letter: char| !letter.is_alphanumeric());
            let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
            let mut letters = bare.chars();
            let Some(first) = letters.next() else { continue };
            words.push(Word {
                lower: bare.to_lowercase(),
                capital: first.is_uppercase(),
                inner: letters.any(char::is_uppercase),
                begins,
                ends: false,
            });
            begins = false;
        }
        if let Some(last) = words.last_mut() {
            last.ends |= written.ends_with([',', ';', ':', '.', '?', '!']);
        }
        begins = written.ends_with([':', '.', '?', '!']);
    }
    words
}

/// The sentences of a text, and what semicolons part.
pub fn sentences(text: &str) -> Vec<Vec<Word>> {
    let mut sentences = Vec::new();
    let mut from = 0;
    for (at, mark) in text.char_indices() {
        let next = at + mark.len_utf8();
        let rest = text[next..].trim_start();
        let ends = match mark {
            '\n' => true,
            ';' => rest.len() < text.len() - next,
            '.' | '?' | '!' => {
                rest.len() < text.len() - next
                    && rest.chars().next().is_some_and(|letter| !letter.is_lowercase())
            }
            _ => false,
        };
        if ends && sentences.len() + 1 < MOST_SENTENCES {
            let own = words(&text[from..next]);
            if own.len() >= SHORTEST_SENTENCE {
                sentences.push(own);
                from = next;
            }
        }
    }
    let last = words(&text[from..]);
    if !last.is_empty() {
        sentences.push(last);
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.lower.as_str()).collect()
    }

    #[test]
    fn words_keep_their_inner_marks() {
        let all = words("On Monday, Ann's job runs at 02:15 (v7.3): node_exporter.");
        let expected = ["on", "monday", "ann", "job", "runs", "at", "02:15", "v7.3", "node_exporter"];
        assert_eq!(shown(&all), expected);
        let marks: Vec<bool> = all.iter().map(|word| word.ends).collect();
        assert_eq!(marks, [false, true, false, false, false, false, false, true, true]);
        let named = all.iter().filter(|word| word.names()).map(|word| word.lower.as_str());
        assert_eq!(named.collect::<Vec<_>>(), ["monday", "ann", "02:15", "v7.3"]);
    }

    #[test]
    fn sentences_end_where_the_next_begins() {
        let all = sentences(
            "The hall opens at 7.30 p.m. on Mondays. No keys. Ask Ann; she has one.\nOr wait outside.",
        );
        let all: Vec<String> = all.iter().map(|words| shown(words).join(" ")).collect();
        let expected =
            ["the hall opens at 7.30 p.m on mondays", "no keys ask ann", "she has one", "or wait outside"];
        assert_eq!(all, expected);
        assert!(sentences("").is_empty() && sentences(" . ").is_empty());
    }
}
