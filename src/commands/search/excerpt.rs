//! The part of a text that answers a question, with its words marked. Pure.

use console::style;

use crate::out::clean;

/// Characters of an excerpt, and how many of them may stand before the first word that matches.
const LENGTH: usize = 200;
const BEFORE: usize = 60;
/// Words that differ in their ends, such as `test` and `tests`, match when this much is the same.
const STEM: usize = 3;

/// Up to 200 characters of `text` around the first word of `query` in it, on one line.
pub fn around(text: &str, query: &str) -> String {
    let text = clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let asked = words(query);
    let first = spans(&text).find(|(_, word)| matches(word, &asked)).map_or(0, |(at, _)| at);
    let before = text[..first].chars().count();
    let skip = before.saturating_sub(BEFORE);
    let mut shown: String = text.chars().skip(skip).take(LENGTH).collect();
    if skip > 0 {
        // Begin with a whole word.
        shown = format!("… {}", shown.split_once(' ').map_or(shown.as_str(), |(_, rest)| rest));
    }
    if text.chars().count() > skip + LENGTH {
        shown = format!("{} …", shown.rsplit_once(' ').map_or(shown.as_str(), |(start, _)| start));
    }
    shown
}

/// The text with the words of `query` in bold.
pub fn bold(text: &str, query: &str) -> String {
    let asked = words(query);
    let mut marked = String::new();
    let mut done = 0;
    for (at, word) in spans(text).filter(|(_, word)| matches(word, &asked)) {
        marked.push_str(&text[done..at]);
        marked.push_str(&style(word).bold().to_string());
        done = at + word.len();
    }
    marked.push_str(&text[done..]);
    marked
}

fn words(text: &str) -> Vec<String> {
    spans(text).map(|(_, word)| word.to_lowercase()).collect()
}

/// Words with where they begin.
fn spans(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

fn matches(word: &str, asked: &[String]) -> bool {
    let word = word.to_lowercase();
    asked.iter().any(|asked| {
        let (short, long) = if word.len() < asked.len() { (&word, asked) } else { (asked, &word) };
        short == long || (short.chars().count() > STEM && long.starts_with(short.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_excerpt_has_the_words() {
        let long = format!(
            "{}the build failed: linker not found. {}",
            "filler text ".repeat(50),
            "more ".repeat(99)
        );
        let shown = around(&long, "Linker");
        assert!(
            shown.starts_with("… ") && shown.ends_with(" …") && shown.contains("linker not found"),
            "{shown}"
        );
        assert!(shown.chars().count() <= LENGTH + 4);
        assert_eq!(around("short\n\x1b text", "absent"), "short text");
        assert_eq!(around("", "x"), "");
    }

    #[test]
    fn words_match_whatever_their_ends() {
        console::set_colors_enabled(true);
        let marked = |text: &str| bold(text, "run tests").replace("\x1b[1m", "<").replace("\x1b[0m", ">");
        assert_eq!(
            marked("Test the Tests, then a rerun: run_all"),
            "<Test> the <Tests>, then a rerun: <run>_all"
        );
        assert_eq!(marked("nothing"), "nothing");
        assert_eq!(marked("größer run"), "größer <run>");
    }
}
