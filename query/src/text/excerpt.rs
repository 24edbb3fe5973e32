//! The stretch of a text that says most of a question, for showing.

use std::collections::HashSet;
use std::ops::Range;

use super::parse::parse;
use super::words::words;

/// Characters within which an excerpt looks for a blank to begin or end at.
const SNAP: usize = 20;

/// At most `max_chars` characters of `content`, around the words of `query` where most different ones
/// stand together; its beginning when it has none. Blanks are run together, what is left out is `…`.
pub fn excerpt(content: &str, query: &str, max_chars: usize) -> String {
    let chars: Vec<(usize, char)> = content.char_indices().collect();
    if chars.len() <= max_chars {
        return tidy(content);
    }
    let room = max_chars.saturating_sub(2);
    let said = best_stretch(content, &chars, query, room).unwrap_or(0..0);
    // A third of what room is left goes before the match.
    let start = said.start.saturating_sub((room - said.len()) / 3).min(chars.len() - room);
    let end = start + room;
    let blank = |at: &usize| chars[*at].1.is_whitespace();
    let start = match start {
        0 => 0,
        _ => (start..said.start.min(start + SNAP)).find(blank).unwrap_or(start),
    };
    let end = match chars.len() - end {
        0 => end,
        _ => (said.end.max(end.saturating_sub(SNAP))..end).rev().find(blank).unwrap_or(end),
    };
    let byte = |at: usize| chars.get(at).map_or(content.len(), |(byte, _)| *byte);
    let (left, right) = (if start > 0 { "…" } else { "" }, if end < chars.len() { "…" } else { "" });
    format!("{left}{}{right}", tidy(&content[byte(start)..byte(end)]))
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// In characters, the stretch of at most `room` from one match to another that has most different terms
/// of the question, and among these most matches.
fn best_stretch(content: &str, chars: &[(usize, char)], query: &str, room: usize) -> Option<Range<usize>> {
    let question = parse(query);
    let asked = question.words.iter().chain(&question.phrases).flat_map(|text| words(text));
    let asked: HashSet<String> = asked.map(|word| word.term).collect();
    let char_at = |byte: usize| chars.partition_point(|(at, _)| *at < byte);
    let matches: Vec<(Range<usize>, String)> = words(content)
        .into_iter()
        .filter(|word| asked.contains(&word.term))
        .map(|word| (char_at(word.span.start)..char_at(word.span.end), word.term))
        .collect();
    let mut best = None;
    for (first, (span, _)) in matches.iter().enumerate() {
        let inside: Vec<_> =
            matches[first..].iter().take_while(|(other, _)| other.end <= span.start + room).collect();
        let different = inside.iter().map(|(_, term)| term).collect::<HashSet<_>>().len();
        let worth = (different, inside.len());
        if let Some((last, _)) = inside.last()
            && best.as_ref().is_none_or(|(most, _)| worth > *most)
        {
            best = Some((worth, span.start..last.end.max(span.end)));
        }
    }
    best.map(|(_, stretch)| stretch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_where_the_words_stand_together() {
        let filler = "nothing to see here, move along please. ".repeat(40);
        let content = format!("cart\n{filler}the cart total\n  was wrong after rounding. {filler}");
        let shown = excerpt(&content, "why was the CartTotal wrong", 80);
        assert!(shown.contains("the cart total was wrong after rounding"), "{shown}");
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.chars().count() <= 80, "{shown}");
    }

    #[test]
    fn short_texts_are_whole_and_others_begin_at_the_beginning() {
        assert_eq!(excerpt("a\n b", "x", 80), "a b");
        let shown = excerpt(&"ünïcode wörds ".repeat(50), "absent", 30);
        assert!(shown.starts_with("ünïcode wörds") && shown.ends_with('…'), "{shown}");
    }

    #[test]
    fn never_longer_than_asked() {
        let content = "東京 rust\u{300} ".repeat(99);
        for max in 0..40 {
            assert!(excerpt(&content, "rust 東京 \"京 rust\"", max).chars().count() <= max.max(2), "{max}");
        }
    }
}
