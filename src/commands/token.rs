//! `athena token`: who may read and write what. Works on the file of tokens; a running server reads it
//! again by itself.

use std::process::ExitCode;

use anyhow::Context;
use athena_query::who::{Role, Tokens, Wanted};
use athena_schemas::Time;
use serde_json::json;

use crate::args;
use crate::config::Flag;
use crate::exit::usage;
use crate::out::Out;
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a token, and print its secret: the one time that it is seen.
    Create {
        name: String,
        /// A project that it opens; may be repeated. An admin's without any opens all.
        #[arg(long, value_name = "P")]
        project: Vec<String>,
        /// read, write (and take away one's own), or admin.
        #[arg(long, default_value = "read", value_parser = role)]
        role: Role,
        /// How long it is valid, such as 90d; without it until it is revoked.
        #[arg(long, value_name = "AGE", value_parser = age)]
        expires: Option<Age>,
        /// Its requests are signed (docs/safety.md); the secret itself is never sent, and opens nothing.
        #[arg(long)]
        signed: bool,
        /// It is told the content of sensitive memories of others in its projects, as admins are.
        #[arg(long)]
        sensitive: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Their names, roles and projects.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// End a token, at once.
    Revoke {
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Clone, clap::Args)]
pub struct Place {
    /// The data directory.
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
}

/// A length of time, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age(i64);

impl Args {
    pub fn flags(&self) -> Vec<Flag> {
        let (Command::Create { place, .. } | Command::List { place } | Command::Revoke { place, .. }) =
            &self.command;
        args::data(place.data.as_ref())
    }
}

pub fn run(command: &Command, settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let path = settings.config.tokens().ok_or_else(|| {
        usage("with s3:// tokens lie in a file of their own; set server.tokens, or ATHENA_SERVER_TOKENS")
    })?;
    let tokens = Tokens::open(path.clone()).context("open the tokens")?;
    match command {
        Command::Create { name, project, role, expires, signed, sensitive, .. } => {
            let expires_at = expires.map(|age| Time::now().plus_micros(age.0));
            let (role, projects, signed, sensitive) = (*role, project.clone(), *signed, *sensitive);
            let wanted = Wanted { role, projects, expires_at, signed, sensitive };
            let secret = tokens.create_as(name, wanted)?;
            if out.human {
                out.line(format!(
                    "{secret}\n\nShown this once; what is kept is its hash, in {}.",
                    path.display()
                ))?;
                out.line(match signed {
                    true => "Callers sign with it, and never send it: docs/safety.md says how.",
                    false => {
                        "Callers send it as `Authorization: Bearer …`; commands take it from ATHENA_TOKEN."
                    }
                })?;
            } else {
                let role = role.name();
                out.json(&json!({"name": name, "role": role, "projects": project, "expires_at": expires_at, "secret": secret}))?;
            }
        }
        Command::List { .. } => list(&tokens, out)?,
        Command::Revoke { name, .. } => {
            tokens.revoke(name)?;
            if out.human && tokens.list()?.is_empty() {
                out.line(format!(
                    "No token is left: only who may read {} itself gets in. Without that file, \
                     everybody on this machine is admin again.",
                    settings.config.data.dir
                ))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(tokens: &Tokens, out: Out) -> anyhow::Result<()> {
    let tokens = tokens.list()?;
    if !out.human {
        for token in &tokens {
            let (role, projects) = (token.role.name(), &token.projects);
            let times = (token.created_at, token.expires_at);
            out.json(&json!({"name": token.name, "role": role, "projects": projects, "created_at": times.0, "expires_at": times.1, "sensitive": token.sensitive}))?;
        }
        return Ok(());
    }
    let rows: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            let projects =
                if token.projects.is_empty() { "all".to_owned() } else { token.projects.join(", ") };
            let expires = token.expires_at.map_or("never".to_owned(), |at| at.to_string());
            vec![token.name, token.role.name().to_owned(), projects, token.created_at.to_string(), expires]
        })
        .collect();
    Ok(out.table(&["name", "role", "projects", "created at", "expires at"], &rows)?)
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "roles are read, write, admin".to_owned())
}

/// `90d`, `12h`, `30m`, `45s` or `2w`.
fn age(text: &str) -> Result<Age, String> {
    let wrong = || "give a number with s, m, h, d or w, such as 90d".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return Err(wrong()),
    };
    let number: i64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| wrong())?;
    let micros = number.checked_mul(seconds * 1_000_000).filter(|micros| *micros > 0);
    micros.map(Age).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_units() {
        assert_eq!(age("90d"), Ok(Age(90 * 86_400_000_000)));
        assert_eq!(age("1w"), age("168h"));
        for wrong in ["", "90", "d", "-1d", "0s", "1y", "9999999999999999d", "1½"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }
}
