//! `athena dead-letters`: records that could not be events.

use std::process::ExitCode;

use anyhow::bail;
use athena_schemas::Row;
use athena_schemas::tables::DeadLetter;
use athena_schemas::vocabulary::DEFAULT_PROJECT;
use athena_schemas::wire::{Accepted, Sql};
use console::style;
use serde_json::{Map, Value, json};

use crate::args;
use crate::client::{Client, Request};
use crate::exit::FAILED;
use crate::out::{Out, clean};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub client: args::Client,
}

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// What was refused, newest first.
    List {
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// One of them, with its bytes.
    Show { id: String },
    /// Send them again as they are: for when the reason is gone. Twice adds nothing.
    Replay {
        #[arg(required_unless_present = "all")]
        ids: Vec<String>,
        /// All of the project.
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
}

const LIST: &str = "SELECT * FROM dead_letters ORDER BY received_at DESC, position DESC LIMIT $1";
const ONE: &str = "SELECT * FROM dead_letters WHERE id = $1";
const NEXT: &str = "SELECT * FROM dead_letters WHERE id > $1 ORDER BY id LIMIT 100";

pub async fn run(client: &Client, command: &Command, out: Out) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { limit } => list(out, &find(client, LIST, (*limit).into()).await?)?,
        Command::Show { id } => show(out, &one(client, id).await?)?,
        Command::Replay { ids, all: false } => {
            let mut letters = Vec::new();
            for id in ids {
                letters.push(one(client, id).await?);
            }
            return replay(client, &letters, out).await;
        }
        Command::Replay { .. } => {
            let mut failed = false;
            let mut last = String::new();
            loop {
                let letters = find(client, NEXT, last.into()).await?;
                let Some(newest) = letters.last() else { break };
                last = newest.id.clone();
                failed |= replay(client, &letters, out).await? != ExitCode::SUCCESS;
            }
            return Ok(if failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS });
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn find(client: &Client, sql: &str, parameter: Value) -> anyhow::Result<Vec<DeadLetter>> {
    let project = client.named_project();
    let sql = Sql { sql: sql.into(), params: vec![parameter], project, ..Sql::default() };
    let mut letters = Vec::new();
    for batch in client.batches(&sql).await? {
        letters.extend(DeadLetter::rows(&batch)?);
    }
    Ok(letters)
}

async fn one(client: &Client, id: &str) -> anyhow::Result<DeadLetter> {
    match find(client, ONE, id.into()).await?.into_iter().next() {
        Some(letter) => Ok(letter),
        None => bail!("no dead letter {id}; `athena dead-letters list` shows them"),
    }
}

fn list(out: Out, letters: &[DeadLetter]) -> std::io::Result<()> {
    if !out.human {
        return letters.iter().try_for_each(|letter| out.json(&as_json(letter)));
    }
    let row = |letter: &DeadLetter| {
        let project = letter.project.clone().unwrap_or_default();
        let position = format!("{}/{}/{}", letter.log_topic, letter.log_partition, letter.log_offset);
        vec![
            letter.id.clone(),
            letter.received_at.to_string(),
            project,
            position,
            letter.field.clone(),
            letter.message.clone(),
        ]
    };
    out.table(
        &["id", "received at", "project", "position", "field", "why"],
        &letters.iter().map(row).collect::<Vec<_>>(),
    )
}

fn show(out: Out, letter: &DeadLetter) -> std::io::Result<()> {
    if !out.human {
        return out.json(&as_json(letter));
    }
    for (name, value) in
        as_json(letter).as_object().into_iter().flatten().filter(|(name, _)| *name != "payload")
    {
        out.line(format!("{} {}", style(format!("{name:>12}")).dim(), clean(&crate::out::cell(value))))?;
    }
    out.line("")?;
    String::from_utf8_lossy(&letter.payload).lines().try_for_each(|line| out.line(clean(line)))
}

fn as_json(letter: &DeadLetter) -> Value {
    json!({
        "id": letter.id, "project": letter.project, "received_at": letter.received_at, "code": letter.code,
        "field": letter.field, "message": letter.message, "actor": letter.actor, "origin": letter.origin,
        "position": {&letter.log_topic: {letter.log_partition.to_string(): letter.log_offset}},
        "headers": letter.headers.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok()),
        "key": letter.key.as_deref().map(String::from_utf8_lossy),
        "payload": String::from_utf8_lossy(&letter.payload),
    })
}

/// Sends each as it came. The letter's own id names an event that has none, so twice is once.
async fn replay(client: &Client, letters: &[DeadLetter], out: Out) -> anyhow::Result<ExitCode> {
    let mut failed = false;
    for letter in letters {
        let (told, taken) = match client.send(&request(letter)).await?.ok() {
            Ok(answer) => {
                let accepted: Accepted = answer.json()?;
                match accepted.rejected.first() {
                    Some(rejected) => (format!("rejected: {}", rejected.message), false),
                    None if accepted.accepted == 0 => ("there already".to_owned(), true),
                    None => ("accepted".to_owned(), true),
                }
            }
            Err(error) => (format!("rejected: {error}"), false),
        };
        failed |= !taken;
        match out.human {
            true => out.line(format!("{}  {}", letter.id, clean(&told)))?,
            false => out.json(&json!({"id": letter.id, "result": told, "taken": taken}))?,
        }
    }
    Ok(if failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

/// CloudEvents in binary mode have their context in headers: `ce_id` on Kafka is `ce-id` over HTTP.
fn request(letter: &DeadLetter) -> Request {
    let headers: Map<String, Value> =
        letter.headers.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let text = |name: &str| headers.get(name).and_then(Value::as_str);
    let content_type = text("content-type").unwrap_or("application/json");
    let mut request = Request::post("/v1/events", content_type, letter.payload.clone())
        .header("idempotency-key", &letter.id)
        .header("athena-door", "cli")
        // Never the project of the directory that this command runs in.
        .header("athena-project", letter.project.as_deref().unwrap_or(DEFAULT_PROJECT));
    for (name, value) in &headers {
        let attribute = name.strip_prefix("ce_").or_else(|| name.strip_prefix("ce-"));
        let attribute = attribute.filter(|one| one.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if let (Some(attribute), Some(value)) = (attribute, value.as_str()) {
            let value = if name.starts_with("ce_") { percent_encoded(value) } else { value.to_owned() };
            request = request.header(format!("ce-{attribute}"), value);
        }
    }
    request
}

/// As the HTTP binding of CloudEvents 1.0 writes header values (its section 3.1.3.2).
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'!'..=b'~' if byte != b'"' && byte != b'%' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_cloud_events_keep_their_context() {
        let letter = DeadLetter {
            id: "dl-1".into(),
            payload: b"{}".to_vec(),
            headers: Some(
                r#"{"ce_id":"a €","ce_ticket":"7","ce_no good":"x","other":"x","content-type":"text/plain"}"#
                    .into(),
            ),
            ..DeadLetter::default()
        };
        let headers: Vec<_> =
            request(&letter).headers.into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let expected = [
            "content-type: text/plain",
            "idempotency-key: dl-1",
            "athena-door: cli",
            "athena-project: default",
            "ce-id: a%20%E2%82%AC",
            "ce-ticket: 7",
        ];
        assert_eq!(headers, expected);
    }
}
