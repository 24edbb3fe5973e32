//! Raw arguments: what was typed, before settings are resolved.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::commands::{
    backup, call, communities, compact, consolidate, dead_letters, doctor, export, import, ingest, key, mcp,
    query, schema, search, serve, sql, token, tools,
};
use crate::config::Flag;
use crate::exit;

/// The memory of AI agents: what they do becomes events, searchable at once, and learned from.
#[derive(Debug, Parser)]
#[command(name = "athena", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Args {
    /// Settings; without it athena.toml in the data directory. `athena config` tells what is in force.
    #[arg(long, global = true, env = "ATHENA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run everything in one process: ingest, consolidation, search, HTTP.
    Serve(serve::Args),
    /// Run one role: from Kafka into the tables.
    Ingest(ingest::Args),
    /// Run one role: learn from the tables.
    Consolidate(consolidate::Args),
    /// Run one role: answer over HTTP.
    Query(query::Args),
    /// Take events from files: plain JSON, CloudEvents, transcripts of Claude Code.
    Import(import::Args),
    /// Write a table or view to standard output.
    Export(export::Args),
    /// Find events and memories by words.
    Search(search::Args),
    /// Ask in SQL; without a statement, at a prompt.
    Sql(sql::Args),
    /// Call an operation, such as `memories remember content="deploy on Tuesdays"`.
    Call(call::Args),
    /// Find what belongs together in any graph, given as a list of edges.
    Communities(communities::Args),
    /// Print what can be called; of one operation its arguments, result and examples.
    Tools(tools::Args),
    /// Speak MCP on standard input and output, for hosts of agents.
    Mcp(mcp::Args),
    /// Look at records that could not be events, and send them again.
    DeadLetters(dead_letters::Args),
    /// Say who may read and write what.
    Token(token::Args),
    /// Make, list and rotate the keys that sensitive memories are encrypted under.
    Key(key::Args),
    /// Six commands on a sample, run and explained.
    Tour,
    /// What a running memory holds and how far it is.
    Status(Reach),
    /// Look for what is wrong, and say what to do.
    Doctor(doctor::Args),
    /// Print every setting, its value, and where it came from.
    Config(Roles),
    /// Print what the tables are.
    Schema(schema::Args),
    /// Merge small files and remove old versions now.
    Compact(compact::Args),
    /// Copy the data directory as it is at one moment, while it is in use.
    Backup(backup::BackupArgs),
    /// Make a data directory from a backup.
    Restore(backup::RestoreArgs),
    /// Print the version.
    Version,
}

/// Where a client command finds its memory.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Reach {
    /// Talk to a running server.
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    pub server: Option<String>,
    /// Use a data directory, through whoever serves it.
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
}

/// A client command's memory and project.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Client {
    #[command(flatten)]
    pub reach: Reach,
    /// The project; without it the token's, or the git repository that this is run in.
    #[arg(long, value_name = "P")]
    pub project: Option<String>,
}

/// Settings of roles.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Roles {
    #[command(flatten)]
    pub place: Place,
    /// Where to listen.
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

/// Where data comes from and lies.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Place {
    /// The data directory, or s3://bucket/prefix with Kafka.
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    /// Kafka's brokers, in place of the embedded log.
    #[arg(long, value_name = "HOST:PORT")]
    pub kafka: Option<String>,
}

/// Parses the command line. Help and mistakes are printed here, and answered by their exit code.
pub fn parse() -> Result<Args, ExitCode> {
    Args::try_parse().map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { exit::USAGE } else { 0 })
        }
        _ => {
            eprintln!("athena: {}", mistake(&error.to_string()));
            ExitCode::from(exit::USAGE)
        }
    })
}

/// What clap says in a paragraph, in a line.
fn mistake(text: &str) -> String {
    let told = text.split("\n\nUsage:").next().unwrap_or(text);
    let told = told.split("\n\nFor more information").next().unwrap_or(told);
    format!("{}; try --help", exit::one_line(told.trim_start_matches("error: ")))
}

impl Command {
    /// Whether it runs until it is told to stop.
    pub fn is_role(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Ingest(_) | Self::Consolidate(_) | Self::Query(_))
    }

    /// The settings among its arguments.
    pub fn flags(&self) -> Vec<Flag> {
        match self {
            Self::Serve(args) => args.roles.flags(),
            Self::Ingest(args) => args.flags(),
            Self::Consolidate(args) => args.place.flags(),
            Self::Query(args) => args.roles.flags(),
            Self::Import(args) => args.client.flags(),
            Self::Export(args) => args.client.flags(),
            Self::Search(args) => args.client.flags(),
            Self::Sql(args) => args.client.flags(),
            Self::Call(args) => args.client.flags(),
            Self::Mcp(args) => args.client.flags(),
            Self::DeadLetters(args) => args.client.flags(),
            Self::Token(args) => args.flags(),
            Self::Key(args) => args.flags(),
            Self::Status(reach) => reach.flags(),
            Self::Doctor(args) => args.flags(),
            Self::Config(roles) => roles.flags(),
            Self::Compact(args) => data(args.data.as_ref()),
            Self::Backup(args) => data(args.data.as_ref()),
            Self::Restore(args) => data(args.data.as_ref()),
            Self::Tools(args) => args.flags(),
            Self::Communities(_) | Self::Tour | Self::Schema(_) | Self::Version => vec![],
        }
    }
}

impl Reach {
    pub fn flags(&self) -> Vec<Flag> {
        let server = flag("--server", "client.server", self.server.as_ref());
        server.into_iter().chain(data(self.data.as_ref())).collect()
    }
}

impl Client {
    pub fn flags(&self) -> Vec<Flag> {
        let project = flag("--project", "client.project", self.project.as_ref());
        self.reach.flags().into_iter().chain(project).collect()
    }
}

impl Roles {
    pub fn flags(&self) -> Vec<Flag> {
        let listen = flag("--listen", "server.listen", self.listen.as_ref());
        self.place.flags().into_iter().chain(listen).collect()
    }
}

impl Place {
    pub fn flags(&self) -> Vec<Flag> {
        let kafka = flag("--kafka", "kafka.bootstrap", self.kafka.as_ref());
        data(self.data.as_ref()).into_iter().chain(kafka).collect()
    }
}

pub fn data(directory: Option<&String>) -> Vec<Flag> {
    flag("--data", "data.dir", directory).into_iter().collect()
}

pub fn flag(name: &'static str, key: &'static str, value: Option<&String>) -> Option<Flag> {
    value.map(|value| Flag { name, key, value: value.as_str().into() })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parsed(line: &str) -> Result<Args, String> {
        let words = line.split_whitespace();
        Args::try_parse_from(words).map_err(|error| mistake(&error.to_string()))
    }

    fn settings(line: &str) -> Vec<String> {
        let flags = parsed(line).unwrap().command.flags();
        flags.iter().map(|flag| format!("{}={}", flag.key, flag.value)).collect()
    }

    #[test]
    fn every_command_is_well_formed() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_lines_of_the_contract() {
        for line in [
            "athena serve --data d --listen 127.0.0.1:0 --kafka k:9092 --config f --sample",
            "athena ingest --kafka k:9092 --topic athena.events --topic athena.commands --group g --data s3://b/p --once",
            "athena consolidate --data d --once --full --shard 0/2",
            "athena query --data d --listen a:1 --kafka k:9092",
            "athena import a.jsonl - --format auto --project p --server http://h",
            "athena import dir --data d",
            "athena export --table events --format parquet --filter x=1",
            "athena search words -k 10 --project p --kind event --kind memory --mode text --explain",
            "athena sql SELECT --format csv --at 2026-11-23T10:00:00Z",
            "athena sql",
            r#"athena call memories remember --json {} content=x"#,
            "athena communities edges.tsv --resolution 1.5 --seed 7 --levels",
            "athena communities -",
            "athena dead-letters list",
            "athena token create ann --project p --role write --expires 90d",
            "athena key generate --to f",
            "athena key list --data d",
            "athena key rotate --server http://h",
            "athena tour",
            "athena status --server http://h",
            "athena doctor --kafka k:9092",
            "athena config",
            "athena schema --markdown",
            "athena tools memories recall --server http://h",
            "athena compact --data d",
            "athena backup to",
            "athena restore from --data d",
            "athena version",
        ] {
            parsed(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
    }

    #[test]
    fn flags_are_settings() {
        let line = "athena serve --data d --kafka k:9092 --listen a:1";
        assert_eq!(settings(line), ["data.dir=\"d\"", "kafka.bootstrap=\"k:9092\"", "server.listen=\"a:1\""]);
        assert_eq!(
            settings("athena ingest --kafka k --topic a --topic athena.commands --group g"),
            [
                "kafka.bootstrap=\"k\"",
                "kafka.events_topics=[\"a\", \"athena.commands\"]",
                "kafka.group=\"g\""
            ]
        );
        assert_eq!(
            settings("athena search w --server u --project p"),
            ["client.server=\"u\"", "client.project=\"p\""]
        );
    }

    #[test]
    fn mistakes_are_one_line() {
        let told = |line| parsed(line).unwrap_err();
        assert_eq!(
            told("athena serve --listn a"),
            "unexpected argument '--listn' found; tip: a similar argument exists: '--listen'; try --help"
        );
        assert_eq!(
            told("athena search w --server a --data b"),
            "the argument '--server <URL>' cannot be used with '--data <DIR>'; try --help"
        );
        assert!(told("athena search").starts_with("the following required arguments were not provided: "));
    }
}
