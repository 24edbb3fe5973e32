//! A server: what it is made of, started on a listener, and stopped in order.

use std::sync::Arc;

use athena_schemas::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{App, Setup, http};

/// A running server. Cancel its token to stop it.
pub struct Server {
    pub app: Arc<App>,
    task: JoinHandle<Result<(), Error>>,
}

impl Server {
    /// Starts to follow the tables and to answer on `listener`.
    ///
    /// # Errors
    /// A listener that others can reach while no token is configured; a text index that cannot be had.
    pub async fn start(setup: Setup, listener: TcpListener, stop: CancellationToken) -> Result<Self, Error> {
        let app = App::start(setup, stop.clone()).await?;
        let address =
            listener.local_addr().map_err(|error| Error::unavailable(format!("listen: {error}")))?;
        http::check(&app, address)?;
        let task = tokio::spawn(http::serve(app.clone(), listener, stop));
        Ok(Self { app, task })
    }

    /// Waits until it has stopped.
    ///
    /// # Errors
    /// A listener that failed.
    pub async fn join(self) -> Result<(), Error> {
        self.task.await.unwrap_or_else(|error| Err(Error::internal(format!("server: {error}"))))
    }
}
