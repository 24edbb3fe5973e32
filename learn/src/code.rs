//! The outline of a source file: what it defines, imports, calls and else uses. Pure: a text in, an outline out.
//!
//! ```text
//! path, text ─▶ language ─▶ syntax tree (tree-sitter) ─▶ one walk ─▶ Outline ─▶ attributes of `code_index`
//! ```
//!
//! An event of type `code_index` tells what a file is now: `files` is its path, below the root that was
//! indexed, and `attributes` are those of [`Indexed`]. The newest event of a path is its state; `gone` says
//! that the file is not there any more. For example
//!
//! ```json
//! {"root": "/srv/shop", "hash": "5f…", "bytes": 812, "language": "rust", "lines": 40,
//!  "symbols": [{"name": "total", "kind": "method", "parent": "Cart", "line": 12, "lines": 9, "complexity": 3,
//!               "signature": "pub fn total(&self) -> Money", "doc": "What is to be paid."}],
//!  "imports": [{"path": "crate::money", "name": "Money", "line": 1}],
//!  "calls": [{"from": "Cart.total", "to": "round", "on": "Money", "line": 15, "times": 2}]}
//! ```
//!
//! Names of symbols are qualified with points in every language: `parent.name`. Lines begin at 1. Files that
//! do not parse have the outline of what does, and `broken`; what is beyond the bounds is left out, and
//! `truncated` says so.

mod editor;
mod grammar;
mod graph;
mod history;
mod ignore;
mod imports;
mod language;
mod mentions;
mod paths;
mod resolve;
mod text;
mod walk;
mod words;

use serde::{Deserialize, Serialize};

pub use editor::{Cursor, Edited, EditorEvent, Workspace, workspace};
pub use graph::{FileId, Graph, Place, State};
pub use history::{Failing, History, Past, Touch, What};
pub use ignore::Ignore;
pub use language::Language;
pub use paths::{is_test, relative};
pub use walk::outline;

/// The type of the events that have outlines.
pub const CODE_INDEX: &str = "code_index";

/// Bytes of the largest file that is read.
pub const MOST_BYTES: usize = 512 << 10;
/// Symbols, imports, and different calls and mentions of a file that are kept.
pub const MOST_SYMBOLS: usize = 1_000;
pub const MOST_IMPORTS: usize = 500;
pub const MOST_CALLS: usize = 2_000;
pub const MOST_MENTIONS: usize = 1_000;

/// What a file has in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outline {
    pub language: Option<Language>,
    pub lines: u32,
    /// Some of it did not parse.
    #[serde(skip_serializing_if = "is_false")]
    pub broken: bool,
    /// There was more than is kept.
    #[serde(skip_serializing_if = "is_false")]
    pub truncated: bool,
    pub symbols: Vec<Symbol>,
    pub imports: Vec<Import>,
    pub calls: Vec<Called>,
}

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SymbolKind {
    Module,
    Class,
    Struct,
    Enum,
    Interface,
    Trait,
    Type,
    Function,
    Method,
    Constant,
    Macro,
}

impl SymbolKind {
    pub const ALL: [Self; 11] = [
        Self::Module,
        Self::Class,
        Self::Struct,
        Self::Enum,
        Self::Interface,
        Self::Trait,
        Self::Type,
        Self::Function,
        Self::Method,
        Self::Constant,
        Self::Macro,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Class => "class",
            Self::Struct => "struct",
            Self::Enum => "enum",
            Self::Interface => "interface",
            Self::Trait => "trait",
            Self::Type => "type",
            Self::Function => "function",
            Self::Method => "method",
            Self::Constant => "constant",
            Self::Macro => "macro",
        }
    }

    /// Whether it runs.
    pub const fn is_code(self) -> bool {
        matches!(self, Self::Function | Self::Method)
    }
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Symbol {
    pub name: String,
    pub kind: SymbolKind,
    /// The qualified name of what it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Where it begins, and how many lines it has.
    pub line: u32,
    pub lines: u32,
    /// One more than its branches (McCabe 1976), of what runs; 0 of all else.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub complexity: u32,
    /// How it is declared, in one line.
    #[serde(default)]
    pub signature: String,
    /// The first line of what is said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Marked as a test.
    #[serde(default, skip_serializing_if = "is_false")]
    pub test: bool,
}

impl Symbol {
    /// `parent.name`.
    pub fn qualified(&self) -> String {
        match &self.parent {
            Some(parent) => format!("{parent}.{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// A line that brings something in from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// From where, as the language writes it.
    pub path: String,
    /// What of it; `*` is all, and nothing the module itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is called in the file, where that is another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    pub line: u32,
}

impl Import {
    /// What the file calls it; nothing of what brings in all.
    pub fn local(&self) -> Option<&str> {
        let last = || self.path.rsplit([':', '.', '/']).next();
        match (&self.alias, self.name.as_deref()) {
            (Some(alias), _) => Some(alias),
            (None, Some("*" | "default")) => None,
            (None, Some(name)) => Some(name),
            (None, None) => last().filter(|name| !name.is_empty()),
        }
    }

    pub fn is_all(&self) -> bool {
        self.alias.is_none() && self.name.as_deref() == Some("*")
    }
}

/// How one symbol uses another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    #[default]
    Call,
    /// Extends or implements it, or has its methods as its own.
    Extends,
    /// Names it: a type, a constant, a function that is passed on.
    Mentions,
}

impl How {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    fn is_call(&self) -> bool {
        *self == Self::Call
    }
}

/// What one symbol calls or else uses, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// The qualified name of the symbol that calls; none: the file itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub to: String,
    /// What stands before the name: a value, a type or a module; `()` is what another call gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Where it is first.
    pub line: u32,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub times: u32,
    #[serde(default, skip_serializing_if = "How::is_call")]
    pub how: How,
}

/// The attributes of an event of type `code_index`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Indexed {
    /// The folder that paths are below, on the machine that read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// Of the file's bytes, and of how they are read.
    pub hash: String,
    pub bytes: u64,
    /// The file is not there any more.
    #[serde(skip_serializing_if = "is_false")]
    pub gone: bool,
    #[serde(flatten)]
    pub outline: Outline,
}

/// Bytes of an event's content.
const CONTENT_BYTES: usize = 6_000;

impl Outline {
    /// The outline to read and to search: the path, and a line a symbol.
    pub fn readable(&self, path: &str) -> String {
        let language = self.language.map_or("text", Language::name);
        let mut content = format!("{path} · {language} · {} lines", self.lines);
        for symbol in &self.symbols {
            let depth = symbol.parent.as_ref().map_or(1, |parent| parent.matches('.').count() + 2);
            let doc = symbol.doc.as_ref().map(|doc| format!(" · {doc}")).unwrap_or_default();
            let line = format!("\n{}{}{doc}", "  ".repeat(depth), symbol.signature);
            if content.len() + line.len() > CONTENT_BYTES {
                content.push_str("\n  …");
                break;
            }
            content.push_str(&line);
        }
        content
    }

    /// The complexity of all that runs.
    pub fn complexity(&self) -> u32 {
        self.symbols.iter().map(|symbol| symbol.complexity).sum()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_one(value: &u32) -> bool {
    *value == 1
}

const fn one() -> u32 {
    1
}

#[cfg(test)]
mod tests;
