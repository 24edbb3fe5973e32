//! Languages, by the ends of their files' names.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Rust,
    Python,
    TypeScript,
    JavaScript,
    Go,
    Java,
}

impl Language {
    pub const ALL: [Self; 6] =
        [Self::Rust, Self::Python, Self::TypeScript, Self::JavaScript, Self::Go, Self::Java];

    /// The language of a file; `None` of those that are not read.
    pub fn of(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        Some(match extension {
            "rs" => Self::Rust,
            "py" | "pyi" => Self::Python,
            "ts" | "tsx" | "mts" | "cts" => Self::TypeScript,
            "js" | "jsx" | "mjs" | "cjs" => Self::JavaScript,
            "go" => Self::Go,
            "java" => Self::Java,
            _ => return None,
        })
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::TypeScript => "typescript",
            Self::JavaScript => "javascript",
            Self::Go => "go",
            Self::Java => "java",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name().eq_ignore_ascii_case(text.trim()))
    }

    /// Whether one can use what the other defines.
    pub fn meets(self, other: Self) -> bool {
        let script = |language| matches!(language, Self::TypeScript | Self::JavaScript);
        self == other || (script(self) && script(other))
    }

    /// Whether files of one folder see each other without imports.
    pub const fn shares_folder(self) -> bool {
        matches!(self, Self::Go | Self::Java)
    }

    /// Whether methods of a type may stand in other files than the type.
    pub const fn spreads_types(self) -> bool {
        matches!(self, Self::Rust | Self::Go)
    }

    pub(super) fn grammar(self, path: &str) -> tree_sitter::Language {
        match self {
            Self::Rust => tree_sitter_rust::LANGUAGE.into(),
            Self::Python => tree_sitter_python::LANGUAGE.into(),
            Self::TypeScript if path.ends_with('x') => tree_sitter_typescript::LANGUAGE_TSX.into(),
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Self::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Self::Go => tree_sitter_go::LANGUAGE.into(),
            Self::Java => tree_sitter_java::LANGUAGE.into(),
        }
    }
}
