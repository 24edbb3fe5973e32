/// What went wrong, by what the caller does about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another run of the project was published meanwhile: run again on top of it.
    #[error("run {run} of project {project} is refused: another was published first")]
    Overtaken { run: String, project: String },
    /// Somebody said that it is to end; nothing of it is seen.
    #[error("run {run} of project {project} was cancelled")]
    Cancelled { run: String, project: String },
    /// Retry later.
    #[error(transparent)]
    Store(#[from] athena_store::Error),
    #[error(transparent)]
    Invalid(#[from] athena_schemas::Error),
}

impl Error {
    /// What can only be a mistake of Athena's own.
    pub(crate) fn internal(what: &str, error: impl std::fmt::Display) -> Self {
        athena_schemas::Error::internal(format!("{what}: {error}")).into()
    }
}

impl From<datafusion::error::DataFusionError> for Error {
    fn from(error: datafusion::error::DataFusionError) -> Self {
        Self::Store(error.into())
    }
}

impl From<arrow::error::ArrowError> for Error {
    fn from(error: arrow::error::ArrowError) -> Self {
        datafusion::error::DataFusionError::from(error).into()
    }
}

impl From<Error> for athena_schemas::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Overtaken { .. } => Self::conflict(error.to_string()).hint("run it again"),
            Error::Cancelled { .. } => Self::conflict(error.to_string()),
            Error::Store(error) => error.into(),
            Error::Invalid(error) => error,
        }
    }
}
