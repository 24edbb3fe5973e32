//! `athena version`.

use std::process::ExitCode;

use serde_json::json;

use crate::out::Out;

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub fn run(out: Out) -> anyhow::Result<ExitCode> {
    match out.human {
        true => out.line(format!("athena {VERSION} (DataFusion {})", datafusion::DATAFUSION_VERSION))?,
        false => out.json(&json!({"athena": VERSION, "datafusion": datafusion::DATAFUSION_VERSION}))?,
    }
    Ok(ExitCode::SUCCESS)
}
