//! `athena doctor`: looks at everything that Athena stands on, and says what to do about what is wrong.

mod keys;
mod place;
mod reach;

use std::process::ExitCode;

use console::style;
use serde::Serialize;

use crate::args::{self, Roles};
use crate::config::Flag;
use crate::exit::FAILED;
use crate::out::{Out, clean};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A running server to look at too.
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    #[command(flatten)]
    pub roles: Roles,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    /// Works, but not as it should, or not yet.
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    state: State,
    what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Check {
    fn ok(what: impl Into<String>) -> Self {
        Self { state: State::Ok, what: what.into(), remedy: None }
    }

    fn warn(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Warn, what: what.into(), remedy: Some(remedy.into()) }
    }

    fn fail(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Fail, what: what.into(), remedy: Some(remedy.into()) }
    }
}

impl Args {
    pub fn flags(&self) -> Vec<Flag> {
        let server = args::flag("--server", "client.server", self.server.as_ref());
        self.roles.flags().into_iter().chain(server).collect()
    }
}

pub async fn run(settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let mut failed = 0;
    let mut tell = |checks: Vec<Check>| -> std::io::Result<()> {
        for check in checks {
            failed += usize::from(check.state == State::Fail);
            show(out, &check)?;
        }
        Ok(())
    };
    tell(vec![place::versions(), place::clock()])?;
    tell(place::data(settings).await)?;
    tell(reach::access(&settings.config))?;
    tell(reach::server(settings).await)?;
    if !settings.config.kafka.bootstrap.is_empty() {
        tell(reach::kafka(&settings.config).await?)?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn show(out: Out, check: &Check) -> std::io::Result<()> {
    if !out.human {
        return out.json(check);
    }
    let state = match check.state {
        State::Ok => style("  ok").green(),
        State::Warn => style("warn").yellow(),
        State::Fail => style("FAIL").red().bold(),
    };
    out.line(format!("{state}  {}", clean(&check.what)))?;
    check.remedy.iter().try_for_each(|remedy| out.line(format!("      → {}", clean(remedy))))
}
