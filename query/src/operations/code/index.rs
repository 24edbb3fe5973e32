//! Reading code from disk.

use std::path::{Path, PathBuf};

use athena_learn::code::Language;
use athena_schemas::{Code, Error};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::code::{IndexRun, Plan, index_of, root_of, start};
use crate::registry::{Call, Effect, Example, Operation};
use crate::who::Role;

/// Reads the source files below a path on the server's own disk: symbols, imports and calls of Rust, Python,
/// TypeScript, JavaScript, Go and Java. Files that did not change add nothing; from then on files that events say
/// were changed are read again. For admins, or below `code.roots` of the settings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// A folder or a file of the server. What `.gitignore` leaves out is not read.
    path: String,
    /// Only these; all when empty.
    #[serde(default)]
    languages: Vec<String>,
    /// Whether to wait for the end.
    #[serde(default)]
    wait: bool,
}

impl Operation for Index {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "index";
    const EFFECT: Effect = Effect::Write;
    type Result = IndexRun;

    async fn call(self, call: &Call) -> Result<IndexRun, Error> {
        let project = call.project()?;
        let languages = self.languages.iter().map(|name| language(name)).collect::<Result<Vec<_>, _>>()?;
        let path = allowed(call, &self.path)?;
        let root = root_of(&path);
        let plan = Plan { caller: call.caller.clone(), project, root, what: index_of(path, languages) };
        start(&call.app, plan, self.wait).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"path": ".", "languages": ["go"]}) }]
    }
}

fn language(name: &str) -> Result<Language, Error> {
    Language::parse(name).ok_or_else(|| {
        let known = Language::ALL.map(Language::name).join(", ");
        Error::invalid("languages", format!("{name:?} is not read")).hint(format!("there are {known}"))
    })
}

/// The path itself, without links, if the caller may have it read: whether it exists is told to no other.
fn allowed(call: &Call, path: &str) -> Result<PathBuf, Error> {
    let identity = &call.caller.identity;
    let found = Path::new(path).canonicalize();
    let is_admin = identity.must(Role::Admin).is_ok() && identity.must_see_all("").is_ok();
    if !is_admin && !found.as_ref().is_ok_and(|path| call.app.code.may_be_read(path)) {
        let error =
            Error::new(Code::PermissionDenied, "this path of the server is not for this token to read");
        return Err(
            error.hint("an admin can index it, or name its folder in code.roots; or send outlines as events")
        );
    }
    found.map_err(|error| {
        Error::invalid("path", format!("{path}: {error}")).hint("a folder or file of the server")
    })
}
