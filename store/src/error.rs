use athena_schemas::{Code, Refused};

/// What went wrong, by what the caller does about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table has moved on: read `applied` again and commit what is left.
    #[error("refused: {0}")]
    Refused(#[from] Refused),
    /// Whether the commit happened is not known: open again and look.
    #[error("commit of {table} ended without an answer: {source}")]
    Unknown { table: &'static str, source: Box<lance::Error> },
    /// Another process has the directory.
    #[error("{0}")]
    Held(crate::Held),
    /// A newer Athena wrote it.
    #[error(
        "table {table} has schema {found}, newer than {supported}, which this binary reads; use a newer athena"
    )]
    TooNew { table: &'static str, found: String, supported: String },
    /// The data directory is of another kind than asked for.
    #[error("{0}")]
    Layout(String),
    /// No space is left.
    #[error("{0}: no space left on device")]
    Full(String),
    /// Storage failed: retry with backoff, within bounds.
    #[error("storage: {0}")]
    Lance(#[from] lance::Error),
    #[error("storage: {0}")]
    Io(#[from] std::io::Error),
    /// A model cannot make vectors now: what is stored stays, and is found by its words.
    #[error("model endpoint {0}")]
    Endpoint(#[from] crate::remote::Failure),
    /// The files of a model are not what they must be, or it computes nothing.
    #[error("model: {0}")]
    Model(String),
    #[error("{0}")]
    Sql(#[from] datafusion::error::DataFusionError),
    #[error("{0}")]
    Invalid(#[from] athena_schemas::Error),
}

impl Error {
    /// Whether the disk is full, wherever in the chain of causes that is said.
    pub fn is_full(&self) -> bool {
        let mut cause: Option<&dyn std::error::Error> = Some(self);
        while let Some(error) = cause {
            let full = error.downcast_ref::<std::io::Error>().is_some_and(|e| {
                e.kind() == std::io::ErrorKind::StorageFull || e.kind() == std::io::ErrorKind::QuotaExceeded
            });
            if full {
                return true;
            }
            cause = error.source();
        }
        self.to_string().contains("No space left on device")
    }
}

/// The text without the places in source files that Lance adds.
fn without_places(text: &str) -> String {
    let is_place = |part: &&str| part.starts_with('/') && part.contains(".rs:");
    text.split(", ").filter(|part| !is_place(part)).collect::<Vec<_>>().join(", ")
}

impl From<Error> for athena_schemas::Error {
    fn from(error: Error) -> Self {
        let hint = match &error {
            _ if error.is_full() => {
                return athena_schemas::Error::new(Code::Unavailable, "storage: no space left on device")
                    .hint("free space on the data directory's disk; reads go on");
            }
            Error::Invalid(inner) => return inner.clone(),
            Error::Sql(inner) => {
                return athena_schemas::Error::new(Code::InvalidArgument, inner.strip_backtrace());
            }
            Error::TooNew { .. } | Error::Layout(_) => {
                return athena_schemas::Error::new(Code::Conflict, error.to_string());
            }
            Error::Endpoint(_) => "see that [embed] url is right and that it answers; the rest goes on",
            _ => "try again; `athena doctor` looks for the cause",
        };
        athena_schemas::Error::new(Code::Unavailable, without_places(&error.to_string())).hint(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_not_told_where_in_the_source() {
        let text = "storage: LanceError(IO): reset, by peer, /build/lance/src/io/commit.rs:16:5";
        assert_eq!(without_places(text), "storage: LanceError(IO): reset, by peer");
    }
}
