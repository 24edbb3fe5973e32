//! What one event names, and what it says has to do with what.

use serde_json::{Map, Value};

use super::text::{commit, named};
use super::{AGENT, COMMAND, COMMIT, ERROR, FILE, Happening, SESSION, SYMBOL, TAG, TEST, TOOL};

/// Files of one event that are read, and things in the attributes of an index of code.
const FILES: usize = 400;
const SYMBOLS: usize = 400;
/// Bytes of the longest name.
const LONGEST: usize = 240;
/// Words of a command that name it.
const COMMAND_WORDS: usize = 2;
/// Types of events that change files, and words in the names of tools that do.
const EDITS: [&str; 3] = ["file_change", "code_edit", "refactoring"];
const EDITORS: [&str; 6] = ["edit", "write", "patch", "replace", "create_file", "insert"];
/// Words in the names of tools that run commands.
const SHELLS: [&str; 6] = ["bash", "shell", "terminal", "execute", "exec", "run_command"];
/// Types whose texts are read for what they name.
const SAID: [&str; 11] = [
    "message",
    "decision",
    "plan",
    "observation",
    "error",
    "tool_call",
    "tool_result",
    "commit",
    "test_run",
    "debugging",
    "code_review",
];

/// Something that an event names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    pub kind: &'static str,
    pub name: String,
    /// Whether structure says it, and not only a text.
    pub structural: bool,
}

/// What an event names, and relations between these, by their places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub things: Vec<Thing>,
    pub ties: Vec<(usize, &'static str, usize)>,
}

impl Found {
    /// The place of a thing, which is added when it is not there.
    fn thing(&mut self, kind: &'static str, name: &str, structural: bool) -> Option<usize> {
        let name = name.trim();
        if name.is_empty() || name.len() > LONGEST {
            return None;
        }
        let key = super::key(kind, name);
        let known = self.things.iter().position(|one| one.kind == kind && super::key(kind, &one.name) == key);
        if let Some(at) = known {
            self.things[at].structural |= structural;
            return Some(at);
        }
        self.things.push(Thing { kind, name: name.to_owned(), structural });
        Some(self.things.len() - 1)
    }

    fn tie(&mut self, from: Option<usize>, kind: &'static str, to: Option<usize>) {
        if let (Some(from), Some(to)) = (from, to)
            && from != to
            && !self.ties.contains(&(from, kind, to))
        {
            self.ties.push((from, kind, to));
        }
    }
}

/// Reads an event.
///
/// | said                                   | relation                         |
/// |----------------------------------------|----------------------------------|
/// | a tool of a session or an agent        | `used`                           |
/// | a file in an event of a session        | `touched`, `edited` by the agent |
/// | files of a commit                      | commit `touched` file            |
/// | files of a test                        | test `covers` file               |
/// | an error in what a command answered    | error `raised_by` command        |
/// | symbols of an index of code            | file `defines`, `imports`, symbol `calls` symbol |
pub fn found(event: &Happening) -> Found {
    let mut found = Found::default();
    let attributes: Map<String, Value> =
        event.attributes.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let session = match event.session.starts_with("agent:") {
        true => None,
        false => found.thing(SESSION, &event.session, true),
    };
    let agent = event.agent.as_deref().and_then(|agent| found.thing(AGENT, agent, true));
    let tool = event.tool.as_deref().and_then(|tool| found.thing(TOOL, tool, true));
    found.tie(session, "used", tool);
    found.tie(agent, "used", tool);
    for tag in &event.tags {
        found.thing(TAG, tag, true);
    }
    let text = event.content.as_deref().unwrap_or_default();
    let files: Vec<usize> = event
        .files
        .iter()
        .take(FILES)
        .filter_map(|file| found.thing(FILE, &relative(file, &attributes), true))
        .collect();
    let edits = EDITS.contains(&event.r#type.as_str()) || has_word(event.tool.as_deref(), &EDITORS);
    for file in &files {
        found.tie(session, "touched", Some(*file));
        if edits {
            found.tie(agent, "edited", Some(*file));
        }
    }
    let command = command_of(event, &attributes, text).and_then(|name| found.thing(COMMAND, &name, true));
    found.tie(session, "used", command);
    if event.r#type == "code_index" {
        index(&mut found, &attributes, files.first().copied());
        return found;
    }
    if event.r#type == "commit" {
        let hash = ["hash", "sha", "commit"].iter().find_map(|name| attributes.get(*name)?.as_str());
        let hash = hash.map(|hash| (COMMIT, hash.to_owned())).or_else(|| commit(text));
        let own = hash.and_then(|(kind, hash)| found.thing(kind, &hash, true));
        files.iter().for_each(|file| found.tie(own, "touched", Some(*file)));
        found.tie(agent, "made", own);
    }
    if SAID.contains(&event.r#type.as_str()) {
        read(&mut found, event, text, command.or(tool));
    }
    let tests: Vec<usize> = (0..found.things.len()).filter(|at| found.things[*at].kind == TEST).collect();
    if event.r#type == "test_run" {
        for test in tests {
            found.things[test].structural = true;
            files.iter().for_each(|file| found.tie(Some(test), "covers", Some(*file)));
        }
    }
    found
}

/// What the text names. Of errors in what a command or a tool answered: by what they were raised.
fn read(found: &mut Found, event: &Happening, text: &str, by: Option<usize>) {
    for (kind, name) in named(text) {
        let at = found.thing(kind, &name, false);
        if kind == ERROR
            && (event.r#type == "error" || event.r#type == "tool_result" || event.r#type == "test_run")
        {
            found.tie(at, "raised_by", by);
        }
    }
}

/// An index of code: `{"symbols": [{"name", "parent"}], "imports": [{"path"}], "calls": [{"from", "to"}]}`, whose first
/// file is what it is of; each may be a plain name too.
fn index(found: &mut Found, attributes: &Map<String, Value>, file: Option<usize>) {
    let path = ["path", "file"].iter().find_map(|name| attributes.get(*name)?.as_str());
    let file = file.or_else(|| path.and_then(|path| found.thing(FILE, path, true)));
    let list =
        |name: &str| attributes.get(name).and_then(Value::as_array).into_iter().flatten().take(SYMBOLS);
    for (named, kind) in [("symbols", "defines"), ("imports", "imports")] {
        for one in list(named) {
            let name = name_in(one, if named == "symbols" { &["name"] } else { &["path", "name"] });
            let parent = one.get("parent").and_then(Value::as_str);
            let name =
                name.map(|name| parent.map_or_else(|| name.to_owned(), |parent| format!("{parent}.{name}")));
            let symbol = name.and_then(|name| found.thing(SYMBOL, &name, true));
            found.tie(file, kind, symbol);
        }
    }
    for call in list("calls") {
        let from = name_in(call, &["from", "caller"]).and_then(|name| found.thing(SYMBOL, name, true));
        let to = name_in(call, &["to", "callee", "name"]).and_then(|name| found.thing(SYMBOL, name, true));
        found.tie(from.or(file), "calls", to);
    }
}

fn name_in<'v>(value: &'v Value, fields: &[&str]) -> Option<&'v str> {
    value.as_str().or_else(|| fields.iter().find_map(|field| value.get(*field)?.as_str()))
}

/// A path from where the agent works, where that is known.
fn relative(file: &str, attributes: &Map<String, Value>) -> String {
    let root = attributes.get("cwd").and_then(Value::as_str).filter(|root| root.len() > 1);
    let below = root.and_then(|root| file.strip_prefix(root)?.strip_prefix('/'));
    below.unwrap_or(file).to_owned()
}

/// The command that an event runs: its program, and what that is to do.
fn command_of(event: &Happening, attributes: &Map<String, Value>, text: &str) -> Option<String> {
    let runs = event.r#type == "tool_call" && has_word(event.tool.as_deref(), &SHELLS);
    let line = match attributes.get("command").and_then(Value::as_str) {
        Some(line) => line,
        None if runs => text,
        None => return None,
    };
    let line = line.lines().next()?.rsplit("&&").next()?;
    let words = line.split_whitespace().skip_while(|word| word.contains('=') || *word == "sudo");
    let plain = |word: &&str| {
        word.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c)) && !word.starts_with('-')
    };
    let mut words = words.take_while(plain).take(COMMAND_WORDS);
    let program = words.next()?.rsplit('/').next()?.to_owned();
    let what = words.next().filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    Some(what.map_or_else(|| program.clone(), |what| format!("{program} {what}")))
}

fn has_word(tool: Option<&str>, words: &[&str]) -> bool {
    tool.is_some_and(|tool| {
        let tool = tool.to_lowercase();
        words.iter().any(|word| tool.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(kind: &str) -> Happening {
        Happening {
            session: "s-1".into(),
            agent: Some("claude".into()),
            r#type: kind.into(),
            ..Happening::default()
        }
    }

    fn told(event: &Happening) -> (Vec<(&'static str, String)>, Vec<String>) {
        let found = found(event);
        let of = |at: usize| format!("{} {}", found.things[at].kind, found.things[at].name);
        let ties =
            found.ties.iter().map(|(from, kind, to)| format!("{} {kind} {}", of(*from), of(*to))).collect();
        (found.things.iter().map(|one| (one.kind, one.name.clone())).collect(), ties)
    }

    #[test]
    fn structure_says_what_has_to_do_with_what() {
        let edit = Happening {
            tool: Some("Edit".into()),
            files: vec!["/w/cart/lib.rs".into()],
            attributes: Some(json!({"cwd": "/w"}).to_string()),
            ..event("tool_call")
        };
        let (things, ties) = told(&edit);
        assert!(things.contains(&(FILE, "cart/lib.rs".into())), "{things:?}");
        assert!(ties.contains(&"agent claude edited file cart/lib.rs".into()), "{ties:?}");
        assert!(ties.contains(&"session s-1 used tool Edit".into()));

        let commit = Happening {
            content: Some("3f2a9c1 Fix the total".into()),
            files: vec!["a.rs".into(), "b.rs".into()],
            ..event("commit")
        };
        assert!(told(&commit).1.contains(&"commit 3f2a9c1 touched file b.rs".into()));

        let failed = Happening {
            tool: Some("Bash".into()),
            content: Some("error[E0308]: mismatched types".into()),
            attributes: Some(json!({"command": "cd x && RUST_LOG=1 cargo test -p cart"}).to_string()),
            ..event("tool_result")
        };
        assert!(
            told(&failed).1.contains(&"error E0308 raised_by command cargo test".into()),
            "{:?}",
            told(&failed)
        );

        let test =
            Happening { content: Some("test_total".into()), files: vec!["a.rs".into()], ..event("test_run") };
        assert!(told(&test).1.contains(&"test test_total covers file a.rs".into()));
    }

    #[test]
    fn an_index_of_code_gives_symbols() {
        let attributes = json!({"path": "a.rs", "symbols": [{"name": "sum", "parent": "Cart"}, "total"], "imports": [{"path": "std::fmt"}],
                                "calls": [{"from": "total", "to": "Cart::sum"}]});
        let (_, ties) = told(&Happening { attributes: Some(attributes.to_string()), ..event("code_index") });
        for tie in [
            "file a.rs defines symbol Cart.sum",
            "file a.rs imports symbol std::fmt",
            "symbol total calls symbol Cart.sum",
        ] {
            assert!(ties.contains(&tie.to_owned()), "{ties:?}");
        }
    }
}
