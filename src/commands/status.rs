//! `athena status`: what a running memory holds and how far it is.

use std::process::ExitCode;

use serde_json::Value;

use super::render;
use crate::client::Client;
use crate::out::Out;

pub async fn run(client: &Client, out: Out) -> anyhow::Result<ExitCode> {
    let mut status: Value = client.get("/v1/status").await?;
    if let Some(fields) = status.as_object_mut() {
        fields.insert("url".into(), client.url().await.into());
    }
    render::value(out, &status)?;
    Ok(ExitCode::SUCCESS)
}
