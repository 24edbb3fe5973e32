//! Who asks, and what they may see and do.

mod project;
mod rates;
pub mod signed;
mod tokens;

use athena_ingest::Command;
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Code, Error};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use rates::Rates;
pub use tokens::{Token, Tokens, Wanted, local_secret};

/// What a caller may do; each includes the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Operations that change nothing.
    Read,
    /// Writing, and taking away one's own records.
    Write,
    /// Everything: tokens, restore and redact included.
    Admin,
}

impl Role {
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|role| role.name() == text)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

/// A caller: the name that its records carry, and what it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    pub role: Role,
    /// Empty: all of them, which only admins have.
    pub projects: Vec<String>,
    /// Whether it is told the content of others' sensitive memories, as admins are.
    pub sensitive: bool,
}

impl Identity {
    /// Whoever is on this machine while no token is configured.
    pub fn local() -> Self {
        Self { name: "local".into(), role: Role::Admin, projects: vec![], sensitive: true }
    }

    /// Whether it is told the content of a sensitive memory by that author, in a project that it sees.
    pub fn opens(&self, author: &str) -> bool {
        self.role == Role::Admin || self.sensitive || self.name == author
    }

    pub fn sees(&self, project: &str) -> bool {
        match self.projects.as_slice() {
            [] => self.role == Role::Admin,
            projects => projects.iter().any(|one| one == project),
        }
    }

    /// # Errors
    /// `permission_denied`.
    pub fn must(&self, role: Role) -> Result<(), Error> {
        if self.role >= role {
            return Ok(());
        }
        let message = format!("this needs a token with the role {}, not {}", role.name(), self.role.name());
        Err(Error::new(Code::PermissionDenied, message))
    }

    /// The project that it means when it names none.
    pub fn only_project(&self) -> Option<&str> {
        match self.projects.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// Who asks, through which door, from where.
#[derive(Debug, Clone)]
pub struct Caller {
    pub identity: Identity,
    pub origin: Origin,
    /// The project of what names none, unless the token has only one: said by the client, or by the
    /// server's own environment.
    pub project: Option<String>,
}

impl Caller {
    /// A command by this caller, of no session and under no key.
    pub fn command(&self, operation: &str, arguments: Value, project: &str) -> Command {
        let admin = self.identity.role == Role::Admin;
        Command { admin, ..Command::new(operation, arguments, project, &self.identity.name, self.origin) }
    }
}
