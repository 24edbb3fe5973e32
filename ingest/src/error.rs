/// What went wrong, by what the caller does about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Retry with backoff, after looking at the tables again.
    #[error(transparent)]
    Store(#[from] athena_store::Error),
    /// The log failed: retry with backoff.
    #[error("kafka: {0}")]
    Kafka(#[from] rdkafka::error::KafkaError),
    /// The log and the tables do not fit together: someone must decide.
    #[error("{0}")]
    Stopped(String),
    /// Other writers were faster too many times.
    #[error("other writers keep committing the same range; is another group reading the same topics?")]
    Contended,
    #[error(transparent)]
    Invalid(#[from] athena_schemas::Error),
}

impl From<datafusion::error::DataFusionError> for Error {
    fn from(error: datafusion::error::DataFusionError) -> Self {
        Self::Store(error.into())
    }
}

impl From<lance::Error> for Error {
    fn from(error: lance::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<Error> for athena_schemas::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Store(error) => error.into(),
            Error::Invalid(error) => error,
            other => athena_schemas::Error::unavailable(other.to_string()),
        }
    }
}
