//! `athena query`: answers over HTTP from tables that other processes fill.

use std::process::ExitCode;

use super::serve;
use super::stop::Signals;
use crate::args::Roles;
use crate::exit::usage;
use crate::node::{self, Node};
use crate::out::Out;
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub roles: Roles,
}

pub async fn run(settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    if settings.config.kafka.bootstrap.is_empty() {
        return Err(usage(
            "a role of its own needs --kafka HOST:PORT; on the embedded log, `athena serve` has all roles",
        ));
    }
    let roles = node::Roles { ingest: false, consolidate: false, upkeep: false };
    let node = Node::start(&settings.config, roles).await?;
    let stop = Signals::listen()?;
    serve::tell(&node, out)?;
    serve::until_told(node, stop).await
}
