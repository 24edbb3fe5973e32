//! The shape of a command: what it always says, and where its values stand.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::words::{self, Class, Kind, Word};

/// Fixed words at the head of a command, the program included.
const HEAD: usize = 4;
/// Fields of a record that are kept apart.
const FIELDS: usize = 32;
/// Tools whose text is a shell line. Others are told by a text that begins with the tool's own name.
const SHELLS: [&str; 13] = [
    "bash",
    "shell",
    "sh",
    "zsh",
    "terminal",
    "cmd",
    "powershell",
    "exec",
    "execute_bash",
    "execute_command",
    "local_shell",
    "run_command",
    "run_terminal_cmd",
];
/// Fields of a record that say what is done, rather than with what.
const VERBS: [&str; 6] = ["operation", "action", "op", "method", "subcommand", "verb"];
/// Fields that hold a shell line.
const LINES: [&str; 2] = ["command", "cmd"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A word that says what is done: the program, a subcommand.
    Head(String),
    /// An option, or what joins two commands.
    Fixed(String),
    /// The value of that number.
    Slot(usize),
}

/// A value where a command has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The option before it, or the field's name.
    pub label: Option<String>,
    pub kind: Kind,
    /// Whether it looks like a fixed word.
    pub bare: bool,
    pub text: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    pub parts: Vec<Part>,
    pub values: Vec<Given>,
    /// Whether it is a record, whose values are told apart by name rather than by place.
    pub record: bool,
}

impl Shape {
    /// What is done, without options and values.
    pub fn head(&self) -> String {
        let words = self.parts.iter().filter_map(|part| match part {
            Part::Head(word) => Some(word.as_str()),
            Part::Fixed(word) if word == "&&" => Some("&&"),
            Part::Fixed(_) | Part::Slot(_) => None,
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// The same for all commands of this shape: `_` stands for a value.
    pub fn skeleton(&self) -> String {
        let mut words: Vec<_> = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Head(word) | Part::Fixed(word) => word.as_str(),
                Part::Slot(_) => "_",
            })
            .collect();
        if self.record {
            words.push("{}");
        }
        words.join(" ")
    }

    fn value(&mut self, given: Given) {
        self.parts.push(Part::Slot(self.values.len()));
        self.values.push(given);
    }
}

/// Which words may stand at the head of a command, by what stands before them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Keywords {
    sets: BTreeMap<String, BTreeSet<String>>,
}

/// A text as the kind of command that it is.
pub enum Parsed {
    Record(Vec<(String, Json)>),
    Shell(Vec<Vec<Word>>),
    Plain(Vec<Word>),
}

pub fn parse(tool: &str, text: &str) -> Parsed {
    if let Some(fields) = record(text) {
        let line = fields
            .iter()
            .find(|(key, _)| LINES.contains(&key.as_str()))
            .and_then(|(_, value)| value.as_str());
        return match line {
            Some(line) => Parsed::Shell(words::shell(line)),
            None => Parsed::Record(fields),
        };
    }
    let named = text.split_whitespace().next() == Some(tool);
    // A tool of that name whose text goes on over lines is an editor rather than a program.
    let script = named && text.trim().contains('\n') && !text.contains("<<");
    match !script && (named || SHELLS.contains(&tool.to_ascii_lowercase().as_str())) {
        true => Parsed::Shell(words::shell(text)),
        false => Parsed::Plain(words::plain(text)),
    }
}

/// The fields of a JSON object, by name.
pub fn record(text: &str) -> Option<Vec<(String, Json)>> {
    let text = text.trim();
    if !text.starts_with('{') {
        return None;
    }
    let object: serde_json::Map<String, Json> = serde_json::from_str(text).ok()?;
    let mut fields: Vec<_> = object.into_iter().collect();
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    fields.truncate(FIELDS);
    Some(fields)
}

/// A JSON value as the text that a person would type.
pub fn typed(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Keys of sets: shell lines share theirs whatever the tool is called.
fn root(tool: &str, shell: bool) -> String {
    if shell { "$".to_owned() } else { tool.to_owned() }
}

fn below(prefix: &str, word: &str) -> String {
    format!("{prefix}\u{1f}{word}")
}

fn basename(word: &str) -> &str {
    word.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(word)
}

impl Keywords {
    /// Learns the sets from all distinct commands, each with the number of sessions that gave it.
    pub fn learn(commands: &[(String, Parsed, u32)]) -> Self {
        let mut keywords = Self::default();
        for depth in 0..HEAD {
            let mut seen: BTreeMap<(String, bool), BTreeMap<String, u32>> = BTreeMap::new();
            for (tool, parsed, sessions) in commands {
                for (prefix, shell, word) in keywords.at(tool, parsed, depth) {
                    *seen.entry((prefix, shell)).or_default().entry(word).or_default() += sessions;
                }
            }
            for ((prefix, shell), words) in seen {
                if is_closed(&words, shell && depth == 1) {
                    keywords.sets.insert(prefix, words.into_keys().collect());
                }
            }
        }
        keywords
    }

    /// The words that stand at that depth, where all before them are keywords.
    fn at(&self, tool: &str, parsed: &Parsed, depth: usize) -> Vec<(String, bool, String)> {
        match parsed {
            Parsed::Record(fields) if depth == 0 => {
                let verb = |(key, value): &(String, Json)| {
                    let word = value.as_str().filter(|_| VERBS.contains(&key.as_str()))?;
                    Some((below(tool, key), false, word.to_owned()))
                };
                fields.iter().filter_map(verb).collect()
            }
            Parsed::Record(_) => vec![],
            Parsed::Plain(words) => {
                self.next(root(tool, false), words, depth).map(|(p, w)| (p, false, w)).into_iter().collect()
            }
            Parsed::Shell(segments) if depth > 0 => {
                let next = |words: &Vec<Word>| self.next(root(tool, true), words, depth);
                segments.iter().filter_map(next).map(|(p, w)| (p, true, w)).collect()
            }
            Parsed::Shell(_) => vec![],
        }
    }

    fn next(&self, root: String, words: &[Word], depth: usize) -> Option<(String, String)> {
        let (prefix, taken) = self.walk(root, words);
        let word = words.get(taken).filter(|word| taken == depth && word.class == Class::Bare)?;
        Some((prefix, word.text.clone()))
    }

    /// How many words belong to the head, and the key of what may follow.
    fn walk(&self, root: String, words: &[Word]) -> (String, usize) {
        let shell = root == "$";
        let (mut prefix, mut taken) = (root, 0);
        for word in words.iter().take(HEAD) {
            let program = shell && taken == 0;
            let known = self.sets.get(&prefix).is_some_and(|set| set.contains(&word.text));
            if !program && !known {
                break;
            }
            prefix = below(&prefix, if program { basename(&word.text) } else { &word.text });
            taken += 1;
        }
        (prefix, taken)
    }

    pub fn shape(&self, tool: &str, parsed: &Parsed) -> Shape {
        let mut shape = Shape::default();
        match parsed {
            Parsed::Record(fields) => self.fields(tool, fields, &mut shape),
            Parsed::Plain(words) => self.words(root(tool, false), words, &mut shape),
            Parsed::Shell(segments) => {
                for (at, words) in segments.iter().enumerate() {
                    if at > 0 {
                        shape.parts.push(Part::Fixed("&&".to_owned()));
                    }
                    self.words(root(tool, true), words, &mut shape);
                }
            }
        }
        shape
    }

    fn fields(&self, tool: &str, fields: &[(String, Json)], shape: &mut Shape) {
        shape.record = true;
        for (key, value) in fields {
            let text = typed(value);
            let verb = self.sets.get(&below(tool, key)).is_some_and(|set| set.contains(&text));
            if verb {
                shape.parts.push(Part::Head(format!("{key}={text}")));
            } else {
                let kind = words::kind(&text);
                shape.values.push(Given { label: Some(key.clone()), kind, bare: false, text });
            }
        }
    }

    fn words(&self, root: String, words: &[Word], shape: &mut Shape) {
        let shell = root == "$";
        let (_, taken) = self.walk(root, words);
        for (at, word) in words[..taken].iter().enumerate() {
            let text = if shell && at == 0 { basename(&word.text) } else { &word.text };
            shape.parts.push(Part::Head(text.to_owned()));
        }
        // Values that follow each other are one; the first after an option is the option's own.
        let (mut label, mut open) = (None, false);
        for word in &words[taken..] {
            let kind = match word.class {
                Class::Flag => {
                    shape.parts.push(Part::Fixed(word.text.clone()));
                    label = Some(word.text.trim_start_matches('-').to_owned());
                    open = false;
                    continue;
                }
                Class::Mark if !matches!(word.text.as_str(), "." | ".." | "*") => {
                    shape.parts.push(Part::Fixed(word.text.clone()));
                    (label, open) = (None, false);
                    continue;
                }
                Class::Mark => Kind::Path,
                Class::Bare => Kind::Name,
                Class::Value(kind) => kind,
            };
            let bare = matches!(word.class, Class::Bare | Class::Mark);
            match shape.values.last_mut().filter(|_| open) {
                Some(last) => {
                    last.text = format!("{} {}", last.text, word.text);
                    last.bare &= bare;
                    last.kind = if last.kind == kind { kind } else { Kind::Text };
                }
                None => {
                    open = label.is_none();
                    shape.value(Given { label: label.take(), kind, bare, text: word.text.clone() });
                }
            }
        }
    }
}

/// Distinct words that a closed set has at most.
const CLOSED: usize = 24;
/// Of a closed set: the odds that the next word is a new one (Good and Turing: those seen once over all).
const NEW: f64 = 0.1;
/// Subcommands: what follows a program is taken for one until this many sessions speak against it.
const DOUBT: u32 = 20;
const SUBCOMMANDS_NEW: f64 = 0.3;

/// Whether words at one place are a closed set, as subcommands are, or values, as names are.
fn is_closed(words: &BTreeMap<String, u32>, subcommands: bool) -> bool {
    let all: u32 = words.values().sum();
    let once = words.values().filter(|n| **n == 1).count() as f64;
    let new = once / f64::from(all.max(1));
    words.len() <= CLOSED
        && match subcommands {
            true => all < DOUBT || new <= SUBCOMMANDS_NEW,
            false => new <= NEW,
        }
}
