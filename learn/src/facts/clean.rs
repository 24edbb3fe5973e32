//! A text without what its speaker did not say: code, quotations, output of tools, what Athena put there itself. What is
//! taken out leaves blanks, so that every other byte keeps its place.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Words of a quotation that is a name, and of code that is a value.
const NAME_WORDS: usize = 4;

/// Whole stretches that are nobody's statement.
static BLOCKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?s)```.*?(?:```|\z)|~~~.*?(?:~~~|\z)",
        r"|<athena-memory.*?(?:</athena-memory>|\z)",
        r"|<(?:system-reminder|command-[a-z]+|local-[a-z-]+|tool_result|output)\b.*?(?:</[a-z_-]+>|\z)",
    ))
    .expect("a pattern of our own")
});

/// What is quoted, by whichever marks.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("\"[^\"\n]*\"|“[^”\n]*”|`[^`\n]*`|«[^»\n]*»|(?:^|[\\s(])'[^'\n]{2,}'(?:[\\s.,;:!?)]|$)")
        .expect("a pattern of our own")
});

/// A line that a program wrote.
static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?: {4,}|\t|\s*(?:>|\||\$ |# ?!|@@|\+\+\+|---|[{}\[\]<]|//|/\*|\*/))",
        r"|^\s*\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d",
        r"|^\s*\[?(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL|PASS|FAIL|OK)\b[\]: ]",
        r"|^\s*(?:at |File |Traceback|Caused by|error\[|npm |note: |warning: |error: |def |class |import |from \S+ import|const |let |var |fn |pub |return |export |SELECT |INSERT |UPDATE |CREATE )",
        r"|[;{}]\s*$|\(\);|=>|\)\s*:\s*$|^\s*[\w.-]+=\S+$|^\s*[\w.]+\([^)]*\)\s*$",
    ))
    .expect("a pattern of our own")
});

/// What announces that others speak in what follows.
static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:output|logs?|printed|prints|outputs|said|says|wrote|replied|returned|returns|shows?|showed|reads|",
        r"console|terminal|stdout|stderr|response|traceback|quote|quoted|quoting|pasted|examples?|e\.g\.|template|snippet|placeholder)",
        r"(?: [\w'-]+){0,4} ?:"
    ))
    .expect("a pattern of our own")
});

/// What a prompt for a model begins with: from there on nobody speaks.
static PROMPTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?im)^\s*(?:#+ *)?(?:you are (?:an? |the )(?:\w+[ -]){0,4}(?:assistant|agent|model|bot|chatbot|expert|ai|system|engineer|developer|reviewer|writer|translator|tutor)\b",
        r"|act as (?:an?|the) |your (?:task|job|role|goal|objective) is (?:as follows|to)\b|respond (?:only |strictly )?(?:in|with|using)\b|(?:system|human|assistant|user)(?: prompt| message)? *:|### *(?:instruction|system|prompt|input))",
    ))
    .expect("a pattern of our own")
});

/// The text in which only its speaker speaks.
pub fn clean(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    if let Some(found) = PROMPTS.find(text) {
        blank(&mut bytes, found.start()..text.len());
    }
    // A line or two of a terminal.
    let prompted = text.lines().any(|line| line.trim_start().starts_with("$ "));
    for found in BLOCKS.find_iter(text) {
        blank(&mut bytes, found.range());
    }
    let mut announced = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        start += line.len();
        // Without what was taken out already: one line may hold a whole page.
        let line = String::from_utf8_lossy(&bytes[range.clone()]).into_owned();
        let bare = line.trim_end();
        announced &= !bare.is_empty();
        if announced || (prompted && bare.contains(['=', ':'])) || WRITTEN.is_match(bare) {
            blank(&mut bytes, range);
        } else if let Some(found) = ANNOUNCED.find(&line) {
            announced = true;
            blank(&mut bytes, range.start + found.start()..range.end);
        }
    }
    for found in QUOTED.find_iter(text) {
        let words = found.as_str().split_whitespace().count();
        let range = found.range();
        if words > NAME_WORDS {
            blank(&mut bytes, range);
        } else {
            // The marks alone.
            let marks = |c: char| "\"“”`«»'".contains(c);
            for (at, mark) in found.as_str().char_indices().filter(|(_, c)| marks(*c)) {
                blank(&mut bytes, range.start + at..range.start + at + mark.len_utf8());
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

fn blank(bytes: &mut [u8], range: Range<usize>) {
    bytes[range].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let clean = clean(text);
        assert_eq!(clean.len(), text.len());
        clean.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_the_speaker_is_left() {
        let table = [
            ("Our port is `8080`.", "Our port is 8080 ."),
            ("It printed \"the port is 9000, as always\" twice", "It printed twice"),
            ("Look:\n```\nport is 1\n```\nfine", "Look: fine"),
            ("a <athena-memory ids=\"m\">port is 1</athena-memory> b", "a b"),
            ("> the port is 1\nno", "no"),
            ("The log says: port is 9\nstill log\n\nOurs is 8", "The Ours is 8"),
            ("2026-01-01T10:00:00 INFO port is 1\nx", "x"),
            ("we read \"The Poppy War\" now", "we read The Poppy War now"),
        ];
        for (text, left) in table {
            assert_eq!(words(text), left);
        }
    }
}
