//! One file a subcommand. Each takes its raw arguments and what it needs, and prints its answer.

pub mod backup;
pub mod call;
pub mod communities;
pub mod compact;
pub mod config;
pub mod consolidate;
pub mod dead_letters;
pub mod doctor;
pub mod export;
pub mod import;
pub mod ingest;
pub mod key;
pub mod mcp;
pub mod query;
pub mod schema;
pub mod search;
pub mod serve;
pub mod sql;
pub mod status;
pub mod token;
pub mod tools;
pub mod tour;
pub mod version;

mod render;
mod stop;

use std::process::ExitCode;

use anyhow::bail;

use crate::args::Command;
use crate::client::{Client, Missing};
use crate::out::Out;
use crate::settings::Settings;

pub async fn run(command: Command, settings: Settings) -> anyhow::Result<ExitCode> {
    let out = Out::standard();
    let settings = &settings;
    match command {
        Command::Serve(args) => serve::run(&args, settings, out).await,
        Command::Ingest(args) => ingest::run(&args, settings, out).await,
        Command::Consolidate(args) => consolidate::run(&args, settings, out).await,
        Command::Query(_) => query::run(settings, out).await,
        Command::Import(args) => {
            with_client(settings, Missing::Create, async |client| import::run(client, &args, out).await).await
        }
        Command::Export(args) => {
            with_client(settings, Missing::Refuse, async |client| export::run(client, &args, out).await).await
        }
        Command::Search(args) => {
            with_client(settings, Missing::Refuse, async |client| search::run(client, &args, out).await).await
        }
        Command::Sql(args) => {
            with_client(settings, Missing::Refuse, async |client| sql::run(client, &args, out).await).await
        }
        Command::Call(args) => {
            with_client(settings, Missing::Create, async |client| call::run(client, &args, out).await).await
        }
        Command::Mcp(args) => {
            with_client(settings, Missing::Create, async |client| mcp::run(client, &args).await).await
        }
        Command::DeadLetters(args) => {
            let run = async |client: &Client| dead_letters::run(client, &args.command, out).await;
            with_client(settings, Missing::Refuse, run).await
        }
        Command::Status(_) => {
            with_client(settings, Missing::Refuse, async |client| status::run(client, out).await).await
        }
        Command::Communities(args) => communities::run(&args, out),
        Command::Token(args) => token::run(&args.command, settings, out),
        Command::Key(args) => match &args.command {
            key::Command::Generate { to } => key::generate(to.as_ref(), out),
            key::Command::List { .. } => {
                with_client(settings, Missing::Refuse, async |client| key::list(client, out).await).await
            }
            key::Command::Rotate { .. } => {
                with_client(settings, Missing::Refuse, async |client| key::rotate(client, out).await).await
            }
        },
        Command::Tour => tour::run(settings, out).await,
        Command::Doctor(_) => doctor::run(settings, out).await,
        Command::Config(_) => config::run(settings, out),
        Command::Schema(args) => schema::run(&args, out),
        Command::Tools(args) => tools::run(&args, settings, out).await,
        Command::Compact(_) => compact::run(settings, out).await,
        Command::Backup(args) => backup::backup(&args, settings, out).await,
        Command::Restore(args) => backup::restore(&args, settings, out).await,
        Command::Version => version::run(out),
    }
}

/// Runs a client command, and lets go of the memory in order, whatever came of it.
async fn with_client(
    settings: &Settings,
    missing: Missing,
    command: impl AsyncFnOnce(&Client) -> anyhow::Result<ExitCode>,
) -> anyhow::Result<ExitCode> {
    let client = Client::connect(settings, missing).await?;
    let done = tokio::select! {
        done = command(&client) => done,
        stopped = stop::signal() => match stopped {
            Ok(()) => bail_interrupted(),
            Err(error) => Err(error),
        },
    };
    client.close().await;
    done
}

fn bail_interrupted() -> anyhow::Result<ExitCode> {
    bail!("interrupted; what was acknowledged is kept")
}
