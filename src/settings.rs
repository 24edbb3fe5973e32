//! The settings of this process: its environment, its file and its flags, read once.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::config::{self, Config, Flag, Resolved};
use crate::exit::usage;

/// What is in force, and where each value came from.
#[derive(Debug, Clone)]
pub struct Settings {
    pub config: Config,
    pub resolved: Resolved,
}

/// Reads the environment and the file: the one named, else `athena.toml` in the data directory.
///
/// # Errors
/// `Usage`, for what the person who set it must mend.
pub fn load(file: Option<&Path>, flags: &[Flag]) -> anyhow::Result<Settings> {
    let variables: Vec<(String, String)> =
        std::env::vars().filter(|(name, _)| name.starts_with("ATHENA_")).collect();
    let wrong = |error: anyhow::Error| usage(format!("{error:#}"));
    let file = match file {
        Some(path) => {
            let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()));
            Some((path.to_owned(), text.map_err(wrong)?))
        }
        None => beside_the_data(flags, &variables).map_err(wrong)?,
    };
    let file = file.as_ref().map(|(path, text)| (path.as_path(), text.as_str()));
    let resolved = config::resolve(flags, &variables, file).map_err(wrong)?;
    let config = resolved.typed().map_err(wrong)?;
    Ok(Settings { config, resolved })
}

fn beside_the_data(
    flags: &[Flag],
    variables: &[(String, String)],
) -> anyhow::Result<Option<(PathBuf, String)>> {
    let directory = config::resolve(flags, variables, None)?.typed()?.data.dir;
    if directory.contains("://") {
        return Ok(None);
    }
    let path = Path::new(&directory).join("athena.toml");
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("read {}", path.display())),
    }
}
