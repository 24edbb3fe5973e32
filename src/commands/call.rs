//! `athena call TOOL OPERATION`: one operation, its arguments as JSON, as `KEY=VALUE`, or both.

use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Map, Value};

use super::render;
use crate::args;
use crate::client::{Client, Request};
use crate::exit::usage;
use crate::out::Out;

#[derive(Debug, clap::Args)]
pub struct Args {
    tool: String,
    operation: String,
    /// The arguments as one object.
    #[arg(long, value_name = "OBJECT")]
    json: Option<String>,
    /// Single arguments. Numbers, true, false, null, lists and objects are JSON, "quotes" make text of
    /// them; all else is text.
    #[arg(value_name = "KEY=VALUE")]
    arguments: Vec<String>,
    #[command(flatten)]
    pub client: args::Client,
}

impl Args {
    pub fn new(tool: &str, operation: &str, arguments: &[&str]) -> Self {
        Self {
            tool: tool.into(),
            operation: operation.into(),
            json: None,
            arguments: arguments.iter().map(|one| (*one).to_owned()).collect(),
            client: args::Client::default(),
        }
    }
}

pub async fn run(client: &Client, args: &Args, out: Out) -> anyhow::Result<ExitCode> {
    let mut arguments = arguments(args.json.as_deref(), &args.arguments)?;
    if let Some(project) = client.named_project()
        && !arguments.contains_key("project")
    {
        arguments.insert("project".into(), project.into());
    }
    // A fresh key: the server knows the call again if its answer was lost and it is sent once more.
    let key = format!("cli-{:016x}{:016x}", rand::random::<u64>(), rand::random::<u64>());
    let request = Request::json(&format!("/v1/tools/{}/{}", args.tool, args.operation), &arguments)?
        .header("athena-door", "cli")
        .header("idempotency-key", key);
    let answer: Value = client.send(&request).await?.ok()?.json()?;
    render::value(out, &answer)?;
    Ok(ExitCode::SUCCESS)
}

fn arguments(json: Option<&str>, pairs: &[String]) -> anyhow::Result<Map<String, Value>> {
    let mut arguments = match json.map(serde_json::from_str) {
        None => Map::new(),
        Some(Ok(Value::Object(fields))) => fields,
        Some(Ok(_)) => return Err(usage("--json takes an object, such as '{\"query\": \"deploy\"}'")),
        Some(Err(error)) => return Err(usage(format!("--json: {error}"))),
    };
    for pair in pairs {
        let (key, text) = pair
            .split_once('=')
            .context("no =")
            .map_err(|_| usage(format!("{pair}: arguments are KEY=VALUE; text with spaces needs quotes")))?;
        arguments.insert(key.to_owned(), value(text));
    }
    Ok(arguments)
}

/// JSON where it is JSON, else the text itself.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::exit::Usage;

    #[test]
    fn pairs_win_over_the_object() {
        let pairs = ["content=deploy on Tuesdays", "tags=[\"a\"]", "importance=0.5", "name=\"7\"", "kind="];
        let made = arguments(Some(r#"{"kind": "fact", "scope": ["x"]}"#), &pairs.map(str::to_owned)).unwrap();
        let expected = json!({"kind": "", "scope": ["x"], "content": "deploy on Tuesdays", "tags": ["a"],
                              "importance": 0.5, "name": "7"});
        assert_eq!(Value::Object(made), expected);
    }

    #[test]
    fn what_is_no_argument_is_usage() {
        for (json, pairs) in [(Some("[1]"), vec![]), (Some("{"), vec![]), (None, vec!["content".to_owned()])]
        {
            assert!(arguments(json, &pairs).unwrap_err().is::<Usage>());
        }
    }
}
