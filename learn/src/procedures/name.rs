//! What a procedure is called, and what it is about.

use crate::steps::Template;

/// Steps that a name tells.
const TOLD: usize = 4;
/// Words of a step that a name tells.
const WORDS: usize = 3;

/// Words that say what a step is about; the first that fits counts.
const ABOUT: [(&str, &[&str]); 9] = [
    ("test", &["test", "tests", "pytest", "jest", "vitest", "tox", "nextest", "test_run", "rspec", "ctest"]),
    (
        "deploy",
        &["deploy", "deployment", "kubectl", "helm", "terraform", "ansible", "rollout", "docker", "release"],
    ),
    ("review", &["review", "code_review", "pr", "gh"]),
    ("commit", &["git", "commit", "merge_conflict", "hg", "jj"]),
    ("build", &["build", "make", "cmake", "clippy", "lint", "tsc", "webpack", "compile", "fmt"]),
    ("data", &["psql", "mysql", "sqlite3", "pg_dump", "redis-cli", "sql", "query"]),
    ("dependencies", &["install", "npm", "pip", "dependency_change", "yarn", "apt-get"]),
    ("edit", &["edit", "write", "multiedit", "create", "insert", "code_edit", "file_change", "refactoring"]),
    (
        "explore",
        &[
            "read",
            "grep",
            "glob",
            "ls",
            "cat",
            "find",
            "rg",
            "open",
            "search",
            "websearch",
            "webfetch",
            "get",
            "list",
        ],
    ),
];

/// A step in a few words: the fixed words at its head, else its tool.
pub fn short(template: &Template) -> String {
    let fixed = template
        .text
        .split_whitespace()
        .take_while(|word| !word.starts_with(['{', '-']) && !word.contains('='));
    let words: Vec<_> = fixed.take(WORDS).collect();
    match words.is_empty() {
        true => template.tool.clone(),
        false => words.join(" "),
    }
}

/// The name of a procedure: its steps in a few words each, the middle left out of a long one.
pub fn name(steps: &[&Template]) -> String {
    let told: Vec<_> = steps.iter().map(|template| short(template)).collect();
    match told.len() {
        0..=TOLD => told.join(" → "),
        len => format!("{} → … → {}", told[..TOLD - 1].join(" → "), told[len - 1]),
    }
}

/// What most of the steps are about; of those with as many, what the last of them is about.
pub fn category(steps: &[&Template]) -> String {
    let about: Vec<_> = steps.iter().filter_map(|template| subject(template)).collect();
    let count = |subject: &&str| about.iter().filter(|other| *other == subject).count();
    about
        .iter()
        .enumerate()
        .max_by_key(|(at, subject)| (count(subject), *at))
        .map_or("other", |(_, s)| s)
        .to_owned()
}

fn subject(template: &Template) -> Option<&'static str> {
    let text = format!("{} {}", template.text, template.tool).to_lowercase();
    let words: Vec<_> = text.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect();
    let has = |(_, names): &&(&str, &[&str])| {
        names.iter().any(|name| words.contains(name) || text.split(' ').any(|w| w == *name))
    };
    ABOUT.iter().find(has).map(|(subject, _)| *subject)
}
