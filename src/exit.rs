//! How a command ends: 0 done, 1 failed, 2 usage; errors on standard error, one line, with what to do.

use std::io;
use std::process::ExitCode;

pub const FAILED: u8 = 1;
pub const USAGE: u8 = 2;

/// The command was called wrongly: exit code 2.
#[derive(Debug)]
pub struct Usage(String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

pub fn usage(message: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Usage(message.into()))
}

/// Tells the error, and gives its code. A pipe that nobody reads any more is no error.
pub fn report(error: &anyhow::Error) -> ExitCode {
    let closed = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(closed) {
        return ExitCode::SUCCESS;
    }
    eprintln!("athena: {}", one_line(&chained(error)));
    match error.chain().any(|cause| cause.is::<Usage>()) {
        true => ExitCode::from(USAGE),
        false => ExitCode::from(FAILED),
    }
}

/// The error and its causes, but for those that it tells already.
fn chained(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !told.ends_with(&cause) {
            told = if told.is_empty() { cause } else { format!("{told}: {cause}") };
        }
    }
    told
}

/// The text without line breaks and the space around them.
pub fn one_line(text: &str) -> String {
    let mut joined = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let between = if joined.is_empty() || joined.ends_with(':') { " " } else { "; " };
        joined.push_str(between);
        joined.push_str(line);
    }
    joined.trim_start().to_owned()
}
