//! The prompt: history, completion, statements over several lines.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use athena_schemas::wire::Sql;
use console::style;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Editor, Helper, Hinter};

use super::words::{Words, is_whole};
use super::{Format, print};
use crate::client::Client;
use crate::exit::one_line;
use crate::out::Out;

const HELP: &str = "A statement ends with ; and may take several lines. Tab completes, ctrl-R searches back.
  \\d         tables and views
  \\d NAME    columns of one
  \\timing    show how long each statement takes, or not
  \\q         leave (ctrl-D too)";

const TABLES: &str = "SELECT table_name, table_type FROM information_schema.tables \
                      WHERE table_schema = 'public' ORDER BY table_name";
const COLUMNS: &str = "SELECT column_name, data_type, is_nullable FROM information_schema.columns \
                       WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position";
const NAMES: &str =
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'";

pub async fn run(client: &Client, ask: impl Fn(&str) -> Sql, format: Format, out: Out) -> anyhow::Result<()> {
    let names = client.rows(&ask(NAMES)).await.map(|found| found.rows).unwrap_or_default();
    let names = names.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect();
    let config = Config::builder().completion_type(CompletionType::List).history_ignore_space(true).build();
    let mut editor: Editor<Assistant, FileHistory> =
        Editor::with_config(config).context("open the terminal")?;
    editor.set_helper(Some(Assistant { words: Words::new(names) }));
    let history = history_file();
    if let Some(path) = &history {
        // There is none the first time.
        let _ = editor.load_history(path);
    }
    if out.human {
        out.line(style(format!("{}; \\? helps", client.url().await)).dim())?;
    }
    let mut timing = false;
    loop {
        let line = match tokio::task::block_in_place(|| editor.readline("athena> ")) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error).context("read a statement"),
        };
        let text = line.trim();
        if text.is_empty() {
            continue;
        }
        editor.add_history_entry(text).context("keep the history")?;
        let began = Instant::now();
        let done = match text.split_once(char::is_whitespace).unwrap_or((text, "")) {
            ("\\q", _) => break,
            ("\\?" | "\\h", _) => out.line(HELP).map_err(Into::into),
            ("\\timing", _) => {
                timing = !timing;
                out.line(if timing { "timing is on" } else { "timing is off" }).map_err(Into::into)
            }
            ("\\d", "") => print(client, &ask(TABLES), format, out).await,
            ("\\d", name) => {
                let name = name.trim().trim_end_matches(';').into();
                print(client, &Sql { params: vec![name], ..ask(COLUMNS) }, format, out).await
            }
            (command, _) if command.starts_with('\\') => {
                Err(anyhow::anyhow!("no command {command}; \\? helps"))
            }
            _ => print(client, &ask(text.trim_end_matches(';')), format, out).await,
        };
        if let Err(error) = done {
            eprintln!("{}", style(one_line(&format!("{error:#}"))).red().for_stderr());
        }
        if timing {
            out.line(style(format!("{:.1} ms", began.elapsed().as_secs_f64() * 1e3)).dim())?;
        }
    }
    if let Some(path) = &history {
        editor.save_history(path).with_context(|| format!("write {}", path.display()))?;
    }
    Ok(())
}

/// Where statements are kept between prompts: the user's folder for state.
fn history_file() -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let state = state.or_else(|| Some(std::env::home_dir()?.join(".local/state")))?.join("athena");
    std::fs::create_dir_all(&state).ok()?;
    Some(state.join("sql_history"))
}

#[derive(Hinter)]
struct Assistant {
    words: Words,
}

impl Helper for Assistant {}

impl Completer for Assistant {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.words.complete(line, at))
    }
}

impl Highlighter for Assistant {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        match console::colors_enabled() {
            true => Cow::Owned(style(prompt).cyan().to_string()),
            false => Cow::Borrowed(prompt),
        }
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match is_whole(context.input()) {
            true => ValidationResult::Valid(None),
            false => ValidationResult::Incomplete,
        })
    }
}
