//! The words of a command, and what each looks like: a fixed word, an option, or a value.

use std::iter::Peekable;
use std::str::Chars;

use serde::{Deserialize, Serialize};

/// Bytes of a command that are looked at.
const BYTES: usize = 2_000;
/// Words of a segment that are told apart; what follows is one value.
const WORDS: usize = 24;
/// Segments (`a && b; c`) of a command that are told apart.
const SEGMENTS: usize = 3;
/// A longer word is a value.
const BARE_BYTES: usize = 24;
/// What may stand before a program without changing what is done.
const WRAPPERS: [&str; 7] = ["sudo", "time", "nohup", "env", "command", "exec", "nice"];

/// What a value looks like. Its name, where nothing names the value better.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Path,
    Url,
    Number,
    Name,
    Text,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Url => "url",
            Self::Number => "number",
            Self::Name => "name",
            Self::Text => "text",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Letters only: a subcommand, or a value; the other commands tell which.
    Bare,
    /// `-x`, `--release`.
    Flag,
    /// `.`, `*`, `--`: no letters, no digits.
    Mark,
    Value(Kind),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub class: Class,
}

/// The commands of a shell line, each as its words. Output filters (`| tail`), redirections, `cd` before
/// something else, variables and wrappers set before a program say how, not what, and are left out.
pub fn shell(line: &str) -> Vec<Vec<Word>> {
    let line = clip(line, BYTES);
    let (line, script) = match line.split_once('\n') {
        Some((first, rest)) if first.contains("<<") => (first, Some(rest)),
        _ => (line, None),
    };
    let mut segments = vec![vec![]];
    let mut piped = false;
    for token in split(line) {
        match token {
            Token::End => {
                piped = false;
                segments.push(vec![]);
            }
            Token::Pipe => piped = true,
            Token::Word { text, quoted } if !piped => {
                let segment = segments.last_mut().expect("one is always open");
                push(segment, text, quoted);
            }
            Token::Word { .. } => {}
        }
    }
    if let Some(script) = script {
        segments.last_mut().expect("one is always open").push(value(script.trim(), Kind::Text));
    }
    let mut segments: Vec<_> =
        segments.into_iter().map(unwrapped).filter(|words| !words.is_empty()).collect();
    if segments.len() > 1 {
        let all = segments.clone();
        segments.retain(|words| !matches!(words[0].text.as_str(), "cd" | "export" | "set" | "source"));
        if segments.is_empty() {
            segments = all;
        }
    }
    segments.truncate(SEGMENTS);
    segments
}

/// The words of a text that is no shell line: its first line, and what follows as one value.
pub fn plain(text: &str) -> Vec<Word> {
    let text = clip(text, BYTES).trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut words = vec![];
    for (at, word) in first.split_whitespace().enumerate() {
        if at == WORDS {
            words.push(value("…", Kind::Text));
            break;
        }
        let bare = word.trim_matches(['"', '\'', '`', ',']);
        push(&mut words, bare.to_owned(), bare.len() < word.len());
    }
    if !rest.trim().is_empty() {
        words.push(value(rest.trim(), Kind::Text));
    }
    words
}

fn value(text: &str, kind: Kind) -> Word {
    Word { text: text.to_owned(), class: Class::Value(kind) }
}

/// Adds a word; an option written together with its value becomes two.
fn push(words: &mut Vec<Word>, text: String, quoted: bool) {
    if words.len() >= WORDS || text.is_empty() {
        return;
    }
    if quoted {
        words.push(value(&text, Kind::Text));
    } else if text.starts_with("--") && text.contains('=') {
        let (flag, given) = text.split_once('=').expect("just seen");
        words.push(Word { text: flag.to_owned(), class: Class::Flag });
        words.push(value(given, kind(given)));
    } else if let Some((flag, number)) = short_with_number(&text) {
        words.push(Word { text: flag.to_owned(), class: Class::Flag });
        words.push(value(number, Kind::Number));
    } else {
        let class = class(&text);
        words.push(Word { text, class });
    }
}

/// `-n5` as `-n` and `5`.
fn short_with_number(text: &str) -> Option<(&str, &str)> {
    let letters = text.strip_prefix('-')?;
    let (flag, number) = (text.get(..2)?, letters.get(1..)?);
    let fits = letters.starts_with(|c: char| c.is_ascii_alphabetic());
    (fits && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some((flag, number))
}

fn class(text: &str) -> Class {
    let letter = |c: char| c.is_ascii_alphabetic();
    if text.starts_with('-') && text.trim_start_matches('-').starts_with(letter) {
        return Class::Flag;
    }
    if !text.contains(char::is_alphanumeric) {
        return Class::Mark;
    }
    let bare = text.len() <= BARE_BYTES && text.chars().all(|c| letter(c) || matches!(c, '-' | '_' | ':'));
    match bare {
        true => Class::Bare,
        false => Class::Value(kind(text)),
    }
}

/// What a value looks like.
pub fn kind(text: &str) -> Kind {
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '-' | '+' | '%' | 'e' | 'x');
    if text.contains("://") {
        Kind::Url
    } else if text.contains(char::is_whitespace) {
        Kind::Text
    } else if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && text.chars().all(number) {
        Kind::Number
    } else if text.contains('/') || text.starts_with('~') || text.contains('*') || has_extension(text) {
        Kind::Path
    } else if text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '@' | '#'))
    {
        Kind::Name
    } else {
        Kind::Text
    }
}

fn has_extension(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty() && (1..=5).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_lowercase())
    })
}

/// Without wrappers, assignments and redirections.
fn unwrapped(words: Vec<Word>) -> Vec<Word> {
    let assigns = |word: &Word| {
        word.text.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        })
    };
    let wraps = |word: &Word| WRAPPERS.contains(&word.text.as_str()) || assigns(word);
    let kept: Vec<Word> = words.iter().skip_while(|word| wraps(word)).cloned().collect();
    if kept.is_empty() { words } else { kept }
}

enum Token {
    Word { text: String, quoted: bool },
    Pipe,
    End,
}

/// Words and operators of a shell line. Quotes are taken off; nothing is expanded.
fn split(line: &str) -> Vec<Token> {
    let mut tokens = vec![];
    let mut rest = line.chars().peekable();
    while let Some(&next) = rest.peek() {
        match next {
            ' ' | '\t' | '\r' => {
                rest.next();
            }
            '\n' | ';' | '&' | '|' => tokens.push(operator(&mut rest)),
            '<' | '>' => redirection(&mut rest),
            _ => {
                let (text, quoted) = word(&mut rest);
                let descriptor = matches!(rest.peek(), Some('>')) && text.bytes().all(|b| b.is_ascii_digit());
                if !descriptor {
                    tokens.push(Token::Word { text, quoted });
                }
            }
        }
    }
    tokens
}

fn operator(rest: &mut Peekable<Chars<'_>>) -> Token {
    let first = rest.next();
    let doubled = rest.next_if(|c| Some(*c) == first).is_some();
    match first {
        Some('|') if !doubled => Token::Pipe,
        _ => Token::End,
    }
}

/// Skips `> file`, `2>&1`, `<< EOF`.
fn redirection(rest: &mut Peekable<Chars<'_>>) {
    while rest.next_if(|c| matches!(c, '<' | '>' | '&' | '-' | ' ')).is_some() {}
    word(rest);
}

fn word(rest: &mut Peekable<Chars<'_>>) -> (String, bool) {
    let (mut text, mut quoted) = (String::new(), false);
    while let Some(&next) = rest.peek() {
        match next {
            ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '<' | '>' => break,
            '\'' | '"' => {
                rest.next();
                quoted = true;
                while let Some(inside) = rest.next().filter(|c| *c != next) {
                    match inside {
                        '\\' if next == '"' => text.extend(rest.next()),
                        _ => text.push(inside),
                    }
                }
            }
            '\\' => {
                rest.next();
                text.extend(rest.next());
            }
            _ => {
                text.push(next);
                rest.next();
            }
        }
    }
    (text, quoted)
}

/// At most `bytes` of `text`, cut between characters.
fn clip(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes.min(text.len()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Vec<String> {
        shell(line)
            .into_iter()
            .map(|words| words.into_iter().map(|word| word.text).collect::<Vec<_>>().join("·"))
            .collect()
    }

    #[test]
    fn how_a_command_is_run_is_left_out() {
        assert_eq!(told("cd src && RUST_LOG=debug sudo cargo test -p a 2>&1 | tail -5"), ["cargo·test·-p·a"]);
        assert_eq!(
            told("git add . && git commit -m 'a b; c' > /dev/null; ls"),
            ["git·add·.", "git·commit·-m·a b; c", "ls"]
        );
        assert_eq!(told("python - <<EOF\nprint(1)\nEOF"), ["python·-·print(1)\nEOF"]);
        assert_eq!(told("cd src"), ["cd·src"]);
        assert!(told(" ; && | ").is_empty());
    }

    #[test]
    fn words_are_told_apart_by_their_looks() {
        let class = |text| class(text);
        assert_eq!(class("rollout"), Class::Bare);
        assert_eq!(class("--release"), Class::Flag);
        assert_eq!(class("."), Class::Mark);
        assert_eq!(class("cart-12"), Class::Value(Kind::Name));
        assert_eq!(class("src/lib.rs"), Class::Value(Kind::Path));
        assert_eq!(class("main.rs"), Class::Value(Kind::Path));
        assert_eq!(class("https://a.b/c"), Class::Value(Kind::Url));
        assert_eq!(class("-12"), Class::Value(Kind::Number));
        assert_eq!(told("head -n5 --lines=7"), ["head·-n·5·--lines·7"]);
    }

    #[test]
    fn hostile_lines_are_bounded() {
        assert_eq!(told(&"é".repeat(5_000))[0].len(), BYTES);
        assert!(told(&"a;".repeat(5_000)).len() <= SEGMENTS);
        assert!(told(&"a ".repeat(5_000))[0].split('·').count() <= WORDS);
        assert_eq!(told("echo 'never closed"), ["echo·never closed"]);
    }
}
