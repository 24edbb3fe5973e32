//! Logs on standard error: fields as text or JSON.

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Source};
use crate::exit::usage;
use crate::settings::Settings;

/// What commands other than roles log when nobody says: what a person must know.
const QUIET: &str = "error";

/// Libraries that tell each step; who wants that names them in the level.
const TERSE: &str = "lance=warn,tantivy=warn";

/// Starts logging. Roles log at the configured level; other commands only when it was set.
pub fn start(settings: &Settings, role: bool) -> anyhow::Result<()> {
    let log = &settings.config.log;
    let set = settings.resolved.source("log.level").is_some_and(|source| *source != Source::Default);
    let level = if role || set { log.level.as_str() } else { QUIET };
    let filter = EnvFilter::try_new(format!("{TERSE},{level}"))
        .map_err(|e| usage(format!("log.level: {e}; try info, or info,athena_ingest=debug")))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A log that cannot be written, as on a full disk, must not take down what it tells of.
    let lines = lines.log_internal_errors(false);
    match log.format {
        LogFormat::Text => lines.with_ansi(console::colors_enabled_stderr()).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}
