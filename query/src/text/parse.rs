//! What a person or an agent typed, taken apart. Any text is a question; nothing is a syntax error.
//!
//! | written                    | means                                                   |
//! |----------------------------|---------------------------------------------------------|
//! | `cart total`               | either word, better both                                |
//! | `"cart total"`             | these words in this order; within a sentence, a title   |
//! | `-cart`, `NOT cart`, `-"…"`| not those that have it                                  |
//! | `tool:Bash`, `-type:error` | only, or not, those with this value                     |
//! | `-p`, `--force`            | words: what follows is too short, or a flag             |

use std::iter::Peekable;
use std::str::CharIndices;

/// Fields that a question may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    Type,
    Tool,
    Path,
    Tag,
    Agent,
    Outcome,
    Session,
    Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub field: Named,
    pub value: String,
    pub negated: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// Plain words, as they were written.
    pub words: Vec<String>,
    pub phrases: Vec<String>,
    /// Words and phrases that a hit must not have.
    pub excluded: Vec<String>,
    pub conditions: Vec<Condition>,
}

/// Plain words that make a question a sentence: what it quotes is a title then, and no demand.
const SENTENCE: usize = 4;

/// Letters that a word must have for a hyphen before it to exclude it: `rm -rf` is not an exclusion.
const SHORTEST_EXCLUDED: usize = 3;

impl Named {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "type" => Self::Type,
            "tool" => Self::Tool,
            "path" | "file" => Self::Path,
            "tag" => Self::Tag,
            "agent" => Self::Agent,
            "outcome" => Self::Outcome,
            "session" => Self::Session,
            "kind" => Self::Kind,
            _ => return None,
        })
    }
}

pub fn parse(text: &str) -> Question {
    let mut question = Question::default();
    let mut chars = text.char_indices().peekable();
    let mut negated = false;
    while let Some(item) = item(text, &mut chars) {
        match item {
            Item { text: "NOT", quoted: None, .. } => negated = true,
            Item { text: "AND" | "OR", quoted: None, .. } => {}
            item => {
                question.take(item, negated);
                negated = false;
            }
        }
    }
    if question.words.len() >= SENTENCE {
        question.words.append(&mut question.phrases);
    }
    question
}

/// A text as a question that demands and excludes nothing, whatever stands in it.
pub fn plain(text: &str) -> String {
    let word = |word: &str| {
        let word = word.trim_start_matches('-').replace(['"', '“', '”'], " ");
        match word.split_once(':') {
            Some((name, value)) if Named::parse(name).is_some() => format!("{name} {value}"),
            _ if ["NOT", "AND", "OR"].contains(&word.as_str()) => word.to_lowercase(),
            _ => word,
        }
    };
    text.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// What stands between two blanks; a quoted stretch belongs to what it follows directly.
struct Item<'t> {
    /// All of it, the quoted stretch excepted.
    text: &'t str,
    quoted: Option<&'t str>,
}

fn item<'t>(text: &'t str, chars: &mut Peekable<CharIndices<'t>>) -> Option<Item<'t>> {
    while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
    let start = chars.peek()?.0;
    while let Some((at, c)) = chars.next_if(|(_, c)| !c.is_whitespace()) {
        let before = &text[start..at];
        let opens = matches!(c, '"' | '“') && (before.is_empty() || before.ends_with(['-', ':']));
        if opens {
            let from = at + c.len_utf8();
            let closing = chars.find(|(_, c)| matches!(c, '"' | '”'));
            let to = closing.map_or(text.len(), |(at, _)| at);
            return Some(Item { text: before, quoted: Some(&text[from..to]) });
        }
    }
    let end = chars.peek().map_or(text.len(), |(at, _)| *at);
    Some(Item { text: &text[start..end], quoted: None })
}

impl Question {
    /// The words that are looked for, without conditions and exclusions.
    pub fn plain(&self) -> String {
        self.words.iter().chain(&self.phrases).map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    fn take(&mut self, item: Item<'_>, negated: bool) {
        let (hyphen, rest) = match item.text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, item.text),
        };
        if let Some((name, value)) = rest.split_once(':')
            && let Some(field) = Named::parse(name)
        {
            let value = item.quoted.unwrap_or(value).trim();
            if !value.is_empty() {
                let value = value.to_owned();
                return self.conditions.push(Condition { field, value, negated: negated || hyphen });
            }
        }
        match item.quoted {
            Some(phrase) if negated || item.text == "-" => self.excluded.push(phrase.to_owned()),
            Some(phrase) => {
                self.words.extend((!item.text.is_empty()).then(|| item.text.to_owned()));
                self.phrases.push(phrase.to_owned());
            }
            None if negated || (hyphen && excludes(rest)) => self.excluded.push(rest.to_owned()),
            None => self.words.push(item.text.to_owned()),
        }
    }
}

fn excludes(word: &str) -> bool {
    word.starts_with(char::is_alphabetic)
        && word.chars().filter(|c| c.is_alphanumeric()).count() >= SHORTEST_EXCLUDED
}

impl Condition {
    /// As it was written: for values that nothing has, which are words after all.
    pub fn words(&self) -> String {
        format!("{} {}", format!("{:?}", self.field).to_lowercase(), self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(field: Named, value: &str, negated: bool) -> Condition {
        Condition { field, value: value.into(), negated }
    }

    #[test]
    fn what_can_be_written() {
        let question = parse(r#"why "cart total" fails -flaky NOT slow -"old code" tool:Bash -type:error"#);
        assert_eq!(question.words, ["why", "fails"]);
        assert_eq!(question.phrases, ["cart total"]);
        assert_eq!(question.excluded, ["flaky", "slow", "old code"]);
        assert_eq!(question.plain(), "why fails cart total");
        let expected = [condition(Named::Tool, "Bash", false), condition(Named::Type, "error", true)];
        assert_eq!(question.conditions, expected);
    }

    #[test]
    fn a_sentence_quotes_titles() {
        let question = parse("When did Ann start reading \"The Lean Startup\"?");
        assert!(question.phrases.is_empty() && question.words.contains(&"The Lean Startup".to_owned()));
    }

    #[test]
    fn commands_are_words() {
        let question = parse("git push --force -f && cargo test -p cart std::mem::swap http://x:80 tool:");
        assert!(question.excluded.is_empty() && question.conditions.is_empty(), "{question:?}");
        assert_eq!(parse(r#"tool:"My Tool""#).conditions, [condition(Named::Tool, "My Tool", false)]);
        assert_eq!(parse("path:cart/src").conditions, [condition(Named::Path, "cart/src", false)]);
    }

    #[test]
    fn a_plain_text_demands_nothing() {
        let text = r#"he said "cart total" -flaky NOT type:error at std::mem -"old" path: x"#;
        let question = parse(&plain(text));
        assert!(
            question.phrases.is_empty() && question.excluded.is_empty() && question.conditions.is_empty()
        );
        assert!(
            ["std::mem", "flaky", "cart", "error"]
                .iter()
                .all(|word| question.words.contains(&(*word).to_owned()))
        );
    }

    #[test]
    fn nothing_is_an_error() {
        for text in
            ["", "\"", "-", "\"\"", "NOT", "- \" -\"", "a\"b\"c", ":", "tool:\"", "“x", "\u{0}", "((("]
        {
            parse(text);
        }
        assert_eq!(parse("say \"hello wor").phrases, ["hello wor"]);
        assert_eq!(parse("it's 5\" wide").words, ["it's", "5\"", "wide"]);
    }
}
