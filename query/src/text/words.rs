//! How text becomes terms, the same for documents and for questions.
//!
//! | text              | terms; those in parentheses stand at the position of the next one         |
//! |-------------------|---------------------------------------------------------------------------|
//! | `Running tests`   | `run` `test`                                                              |
//! | `cart_total`      | (`carttotal`) `cart` `total`; the same for `CartTotal` and `cart-total`   |
//! | `lib.rs`          | (`lib.rs`) `lib` `rs`                                                     |
//! | `cart/src/lib.rs` | (`cart/src/lib.rs`) `cart` `src` (`lib.rs`) `lib` `rs`                    |
//! | `error[E0308]`    | `error` `e0308`                                                           |
//! | `über 東京`        | `uber` `東` `京`                                                           |
//!
//! Words are folded to ASCII and stemmed (Porter 2); stop words leave a gap in the positions.

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};
use tantivy::tokenizer::{
    AsciiFoldingFilter, TextAnalyzer, Token, TokenFilter, TokenStream, Tokenizer, TokenizerManager,
};

/// Name of the analyzer in the index's schema.
pub const ANALYZER: &str = "athena";

/// Bytes of the longest term; longer words (encoded data) are not indexed.
const LONGEST_TERM: usize = 128;

/// A name with more humps than this is encoded data, not camel case.
const MOST_HUMPS: usize = 8;

/// Sorted, for the binary search. Without apostrophes, as words are when they are looked up.
const STOP_WORDS: [&str; 122] = [
    "a", "about", "am", "an", "and", "are", "arent", "as", "at", "be", "been", "being", "but", "by", "can",
    "cant", "could", "couldnt", "did", "didnt", "do", "does", "doesnt", "doing", "done", "dont", "for",
    "from", "had", "has", "hasnt", "have", "havent", "having", "he", "her", "here", "hers", "hes", "him",
    "his", "how", "i", "id", "if", "ill", "im", "in", "into", "is", "isnt", "it", "its", "ive", "just", "me",
    "mine", "my", "no", "not", "of", "on", "or", "our", "ours", "she", "shes", "should", "shouldnt", "so",
    "such", "than", "that", "thats", "the", "their", "theirs", "them", "then", "there", "theres", "these",
    "they", "theyre", "theyve", "this", "those", "to", "too", "us", "very", "was", "wasnt", "we", "were",
    "werent", "weve", "what", "whats", "when", "whens", "where", "wheres", "which", "who", "whom", "whos",
    "whose", "why", "whys", "will", "with", "wont", "would", "wouldnt", "you", "youd", "youll", "your",
    "youre", "yours", "youve",
];

/// A term and where it stands in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub term: String,
    pub position: usize,
    /// Bytes of the text.
    pub span: Range<usize>,
    /// Whether it is a whole name or path, whose parts follow as terms of their own.
    pub whole: bool,
}

pub fn words(text: &str) -> Vec<Word> {
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(text);
    let mut words = Vec::new();
    while let Some(token) = stream.next() {
        words.push(Word {
            term: token.text.clone(),
            position: token.position,
            span: token.offset_from..token.offset_to,
            whole: token.position_length > 1,
        });
    }
    words
}

pub fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(Splitter::default()).filter(AsciiFoldingFilter).filter(Stems).build()
}

/// Makes the analyzer known to an index under [`ANALYZER`].
pub fn register(tokenizers: &TokenizerManager) {
    tokenizers.register(ANALYZER, analyzer());
}

/// Cuts text into names and their parts, in lower case, not yet folded or stemmed.
#[derive(Clone, Default)]
struct Splitter {
    pieces: Vec<Piece>,
    token: Token,
}

/// A stretch of the text that becomes a term.
#[derive(Clone)]
struct Piece {
    span: Range<usize>,
    shape: Shape,
    position: usize,
    /// How many positions it covers.
    parts: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Part,
    /// `cart_total`, `CartTotal`: written as one word.
    Identifier,
    /// `lib.rs`, `std::mem`: the dots stay.
    Dotted,
    /// `cart/src/lib.rs`: as it is, with forward slashes.
    Path,
}

struct Pieces<'a> {
    text: &'a str,
    /// Byte from which on the text is not cut yet.
    at: usize,
    /// Position of the next part.
    position: usize,
    pieces: &'a mut Vec<Piece>,
    next: usize,
    token: &'a mut Token,
}

impl Tokenizer for Splitter {
    type TokenStream<'a> = Pieces<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Pieces<'a> {
        self.pieces.clear();
        self.token.reset();
        Pieces { text, at: 0, position: 0, pieces: &mut self.pieces, next: 0, token: &mut self.token }
    }
}

impl TokenStream for Pieces<'_> {
    fn advance(&mut self) -> bool {
        loop {
            while let Some(piece) = self.pieces.get(self.next) {
                self.next += 1;
                if write(self.text, piece, self.token) {
                    return true;
                }
            }
            self.pieces.clear();
            self.next = 0;
            let Some(run) = run(self.text, self.at) else { return false };
            self.at = run.end;
            self.path(run);
        }
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

impl Pieces<'_> {
    fn path(&mut self, run: Range<usize>) {
        let separator = |c| c == '/' || c == '\\';
        let text = self.text;
        self.whole(Shape::Path, run.clone(), split(text, &run, separator).nth(1).is_some(), |pieces| {
            split(text, &run, separator).for_each(|name| pieces.dotted(name));
        });
    }

    fn dotted(&mut self, name: Range<usize>) {
        let separator = |c| c == '.' || c == ':';
        let text = self.text;
        self.whole(Shape::Dotted, name.clone(), split(text, &name, separator).nth(1).is_some(), |pieces| {
            split(text, &name, separator).for_each(|name| pieces.identifier(name));
        });
    }

    fn identifier(&mut self, name: Range<usize>) {
        let separator = |c| c == '_' || c == '-';
        let text = self.text;
        let camel = |name: Range<usize>| humps(text, name);
        let many = split(text, &name, separator).flat_map(camel).nth(1).is_some();
        self.whole(Shape::Identifier, name.clone(), many, |pieces| {
            for span in split(text, &name, separator).flat_map(camel) {
                pieces.pieces.push(Piece { span, shape: Shape::Part, position: pieces.position, parts: 1 });
                pieces.position += 1;
            }
        });
    }

    /// Puts the whole before its parts, if it has more than one.
    fn whole(&mut self, shape: Shape, span: Range<usize>, many: bool, parts: impl FnOnce(&mut Self)) {
        let (at, position) = (self.pieces.len(), self.position);
        if many {
            self.pieces.push(Piece { span, shape, position, parts: 2 });
        }
        parts(self);
        if many {
            self.pieces[at].parts = (self.position - position).max(2);
        }
    }
}

/// The next stretch of letters and digits, together with what may join them into names and paths.
fn run(text: &str, from: usize) -> Option<Range<usize>> {
    let mut chars = text[from..].char_indices().map(|(at, c)| (from + at, c));
    let (start, first) = chars.find(|(_, c)| c.is_alphanumeric())?;
    let mut end = start + first.len_utf8();
    if stands_alone(first) {
        return Some(start..end);
    }
    for (at, c) in chars {
        if c.is_alphanumeric() && !stands_alone(c) {
            end = at + c.len_utf8();
        } else if !"_-./\\:'’".contains(c) {
            break;
        }
    }
    Some(start..end)
}

/// Scripts that write no spaces: each character is a word.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The stretches of `span` between separators of one byte each, without the empty ones.
fn split<'t>(
    text: &'t str,
    span: &Range<usize>,
    separator: impl Fn(char) -> bool + 't,
) -> impl Iterator<Item = Range<usize>> + 't {
    let mut at = span.start;
    text[span.clone()]
        .split(separator)
        .map(move |part| {
            let start = at;
            at += part.len() + 1;
            start..start + part.len()
        })
        .filter(|part| !part.is_empty())
}

/// `CartTotal` is `Cart`, `Total`; `HTTPServer` is `HTTP`, `Server`; `URLs` and `E0308` are one word.
fn humps(text: &str, name: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let bytes = text[name.clone()].as_bytes();
    let begins = move |at: usize| {
        let lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
        let plural = at + 2 == bytes.len() && bytes[at + 1] == b's';
        bytes[at].is_ascii_uppercase()
            && match bytes[at - 1] {
                before if before.is_ascii_lowercase() => true,
                before if before.is_ascii_uppercase() => lower(at + 1) && !plural,
                before => before.is_ascii_digit() && lower(at + 1),
            }
    };
    let humped = bytes.iter().skip(1).any(u8::is_ascii_uppercase)
        && (1..bytes.len()).filter(|at| begins(*at)).count() <= MOST_HUMPS;
    let mut start = 0;
    let ends = (1..=bytes.len()).filter(move |at| *at == bytes.len() || (humped && begins(*at)));
    ends.map(move |end| name.start + std::mem::replace(&mut start, end)..name.start + end)
}

/// Writes the piece as a token; false when there is nothing to write or too much.
fn write(text: &str, piece: &Piece, token: &mut Token) -> bool {
    token.text.clear();
    if piece.span.len() > 2 * LONGEST_TERM {
        return false;
    }
    let mut source = &text[piece.span.clone()];
    if piece.shape == Shape::Part {
        source = source.trim_matches(['\'', '’']);
        source = source.strip_suffix("'s").or_else(|| source.strip_suffix("’s")).unwrap_or(source);
    }
    for c in source.chars() {
        match c {
            '\'' | '’' => {}
            '_' | '-' if matches!(piece.shape, Shape::Identifier | Shape::Dotted) => {}
            ':' if piece.shape == Shape::Dotted => token.text.push('.'),
            '\\' => token.text.push('/'),
            c if c.is_ascii() => token.text.push(c.to_ascii_lowercase()),
            c => token.text.extend(c.to_lowercase()),
        }
    }
    token.offset_from = piece.span.start;
    token.offset_to = piece.span.end;
    token.position = piece.position;
    token.position_length = piece.parts;
    !token.text.is_empty() && token.text.len() <= LONGEST_TERM
}

/// Drops stop words and stems what is left; wholes stay as they are.
#[derive(Clone)]
struct Stems;

#[derive(Clone)]
struct Stemming<T> {
    inner: T,
}

struct Stemmed<S> {
    tail: S,
    stemmer: Stemmer,
}

impl TokenFilter for Stems {
    type Tokenizer<T: Tokenizer> = Stemming<T>;

    fn transform<T: Tokenizer>(self, inner: T) -> Stemming<T> {
        Stemming { inner }
    }
}

impl<T: Tokenizer> Tokenizer for Stemming<T> {
    type TokenStream<'a> = Stemmed<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        Stemmed { tail: self.inner.token_stream(text), stemmer: Stemmer::create(Algorithm::English) }
    }
}

impl<S: TokenStream> TokenStream for Stemmed<S> {
    fn advance(&mut self) -> bool {
        while self.tail.advance() {
            let token = self.tail.token_mut();
            if token.position_length > 1 {
                return true;
            }
            if STOP_WORDS.binary_search(&token.text.as_str()).is_ok() {
                continue;
            }
            if token.text.len() > 2
                && token.text.bytes().all(|byte| byte.is_ascii_lowercase())
                && let std::borrow::Cow::Owned(stem) = self.stemmer.stem(&token.text)
            {
                token.text = stem;
            }
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        self.tail.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.tail.token_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> String {
        let term = |word: Word| if word.whole { format!("({})", word.term) } else { word.term };
        words(text).into_iter().map(term).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_table() {
        let table = [
            ("Running tests", "run test"),
            ("cart_total", "(carttotal) cart total"),
            ("CartTotal", "(carttotal) cart total"),
            ("cart-total", "(carttotal) cart total"),
            ("lib.rs", "(lib.rs) lib rs"),
            ("cart/src/lib.rs", "(cart/src/lib.rs) cart src (lib.rs) lib rs"),
            ("C:\\cart\\lib.rs", "(c:/cart/lib.rs) c cart (lib.rs) lib rs"),
            ("error[E0308]: mismatched", "error e0308 mismatch"),
            ("über 東京", "uber 東 京"),
            ("HTTPServer parses URLs", "(httpserver) http server pars url"),
            ("std::mem::swap_all(x)", "(std..mem..swapall) std mem (swapall) swap all x"),
            ("v0.27.0 on 2026-11-23", "(v0.27.0) v0 27 0 (20261123) 2026 11 23"),
            ("Melanie's dog didn't bark; it's John’s.", "melani dog bark john"),
            ("-- _ ... '' / :", ""),
            ("{\"exit_code\":101}", "(exitcode) exit code 101"),
            ("utf8Error sha256", "(utf8error) utf8 error sha256"),
        ];
        for (text, expected) in table {
            assert_eq!(terms(text), expected, "{text}");
        }
    }

    #[test]
    fn stop_words_are_sorted_and_leave_gaps() {
        assert!(STOP_WORDS.is_sorted());
        let positions: Vec<_> = words("state of the art").iter().map(|word| word.position).collect();
        assert_eq!(positions, [0, 3]);
    }

    #[test]
    fn spans_are_those_of_the_text() {
        let text = "Fehler in Größe: cart/src/lib.rs, «naïve» it's";
        for word in words(text) {
            assert!(text.is_char_boundary(word.span.start) && text.is_char_boundary(word.span.end));
        }
        let whole = words(text).into_iter().find(|word| word.whole).unwrap();
        assert_eq!(&text[whole.span], "cart/src/lib.rs");
    }

    #[test]
    fn encoded_data_does_not_fill_the_dictionary() {
        let blob = "aGVsbG8gV29ybGQhIFRoaXMgaXMgYmFzZTY0".repeat(1000);
        assert_eq!(terms(&blob), "");
        let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        assert_eq!(terms(hash), hash);
    }
}
