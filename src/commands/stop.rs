//! SIGTERM and ctrl-C.

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal as listen};

/// Returns when the process is told to stop. The second time it is told, it stops at once.
pub async fn signal() -> anyhow::Result<()> {
    let mut terminate = listen(SignalKind::terminate()).context("listen to SIGTERM")?;
    let mut interrupt = listen(SignalKind::interrupt()).context("listen to SIGINT")?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::exit(i32::from(crate::exit::FAILED));
    });
    Ok(())
}
