use athena_schemas::{Code, Error as Told};
use tantivy::TantivyError;

/// What went wrong with the text index, by what the caller does about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process writes to the directory.
    #[error("text index {0} is held by another process")]
    Held(String),
    /// The index cannot be read: open it again, and it is rebuilt.
    #[error("text index is damaged: {0}")]
    Damaged(String),
    /// Storage failed: what was committed stays; apply the same changes again.
    #[error("text index: {0}")]
    Index(TantivyError),
    #[error("text index: {0}")]
    Io(#[from] std::io::Error),
}

impl From<TantivyError> for Error {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::DataCorruption(_) | TantivyError::IncompatibleIndex(_) => {
                Self::Damaged(error.to_string())
            }
            error => Self::Index(error),
        }
    }
}

impl From<Error> for Told {
    fn from(error: Error) -> Self {
        let hint = match &error {
            Error::Held(_) => "only one query node may use a text index directory",
            Error::Damaged(_) => "it is rebuilt from the tables when the server starts",
            Error::Index(_) | Error::Io(_) => "try again; `athena doctor` looks for the cause",
        };
        Told::new(Code::Unavailable, error.to_string()).hint(hint)
    }
}
