//! SIGTERM and ctrl-C.

use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal as listen};

/// What tells the process to stop: listened to from here on, so before anybody is told that it runs.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub fn listen() -> anyhow::Result<Self> {
        let terminate = listen(SignalKind::terminate()).context("listen to SIGTERM")?;
        let interrupt = listen(SignalKind::interrupt()).context("listen to SIGINT")?;
        Ok(Self { terminate, interrupt })
    }

    /// Returns when the process is told to stop. The second time it is told, it stops at once.
    pub async fn told(mut self) {
        self.next().await;
        tokio::spawn(async move {
            self.next().await;
            std::process::exit(i32::from(crate::exit::FAILED));
        });
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The same, listened to only now.
pub async fn signal() -> anyhow::Result<()> {
    Signals::listen()?.told().await;
    Ok(())
}
