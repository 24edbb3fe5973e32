//! What DataFusion says is wrong, as an error for the one who wrote the statement.

use athena_schemas::{Code, Error};
use datafusion::arrow::error::ArrowError;
use datafusion::common::DataFusionError;

/// `invalid_argument` with the place of the mistake for what the writer can mend.
pub fn told(error: &DataFusionError) -> Error {
    let message = plain(error);
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => Error::new(Code::ResourceExhausted, message)
            .hint("the statement needs more than sql.memory_bytes: narrow it, or raise that"),
        DataFusionError::Internal(_) => Error::internal(message),
        DataFusionError::External(_) | DataFusionError::IoError(_) | DataFusionError::ObjectStore(_) => {
            Error::unavailable(message)
        }
        DataFusionError::ArrowError(inner, _) => match inner.as_ref() {
            ArrowError::ExternalError(_) | ArrowError::IoError(..) | ArrowError::MemoryError(_) => {
                Error::unavailable(message)
            }
            _ => Error::invalid("sql", message),
        },
        _ => match place(error, &message) {
            Some((line, column)) => {
                let message = message.replace(&format!(" at Line: {line}, Column: {column}"), "");
                Error::invalid("sql", format!("line {line}, column {column}: {message}"))
            }
            None => Error::invalid("sql", message),
        },
    }
}

/// Line and column, both from 1: the parser writes them into its message, the planner keeps them aside.
fn place(error: &DataFusionError, message: &str) -> Option<(u64, u64)> {
    if let DataFusionError::Diagnostic(diagnostic, _) = error {
        let start = diagnostic.span?.start;
        return Some((start.line, start.column)).filter(|(line, _)| *line > 0);
    }
    if let DataFusionError::Context(_, inner) = error {
        return place(inner, message);
    }
    let (_, rest) = message.rsplit_once("Line: ")?;
    let (line, rest) = rest.split_once(", Column: ")?;
    let column = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// The message without the names of the layers that passed it on.
fn plain(error: &DataFusionError) -> String {
    let text = error.strip_backtrace();
    let mut text = text.as_str();
    let layers = [
        "SQL error: ",
        "Error during planning: ",
        "Schema error: ",
        "Execution error: ",
        "This feature is not implemented: ",
        "Arrow error: ",
        "External error: ",
        "ParserError(\"",
        "Invalid or Unsupported Configuration: ",
    ];
    while let Some(rest) = layers.iter().find_map(|layer| text.strip_prefix(layer)) {
        text = rest;
    }
    text.strip_suffix("\")").unwrap_or(text).trim().to_owned()
}
