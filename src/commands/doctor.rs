//! `athena doctor`: looks at everything that Athena stands on, and says what to do about what is wrong.

mod keys;
mod place;
mod reach;

use std::process::ExitCode;

use athena_query::diagnose::{Check, Verdict};
use athena_store::Store;
use console::style;

use crate::args::{self, Roles};
use crate::config::{Config, Flag};
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
            failed += usize::from(check.state == Verdict::Fail);
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

/// What a server that is running looks at: the machine, its data, its keys, and who may reach it.
pub async fn within(config: &Config, store: &Store) -> Vec<Check> {
    let mut checks = vec![place::versions(), place::clock()];
    checks.extend(store.location.directory().map(place::itself).unwrap_or_default());
    checks.push(place::encrypted(&store.location));
    checks.extend(keys::look(store, config).await);
    checks.extend(reach::access(config));
    checks
}

fn show(out: Out, check: &Check) -> std::io::Result<()> {
    if !out.human {
        return out.json(check);
    }
    let state = match check.state {
        Verdict::Ok => style("  ok").green(),
        Verdict::Warn => style("warn").yellow(),
        Verdict::Fail => style("FAIL").red().bold(),
    };
    out.line(format!("{state}  {}", clean(&check.what)))?;
    check.remedy.iter().try_for_each(|remedy| out.line(format!("      → {}", clean(remedy))))
}
