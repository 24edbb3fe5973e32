//! What a person decided about partitions that do not fit the tables: `--accept-gap`, `--new-log`.

use std::collections::BTreeMap;

use athena_schemas::tables::Event;
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Claim, Row, Time, position};
use athena_store::Store;
use serde_json::json;
use tracing::warn;

use super::KafkaOptions;
use super::marks::{Mark, marks};
use super::names::Names;
use crate::{Draft, Error, Place, Result};

/// Given by hand, once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Decisions {
    /// Go on where the topic begins, although offsets before that were never read.
    pub accept_gap: bool,
    /// Take topics that end before what was applied as new ones.
    pub new_log: bool,
}

/// Carries the decisions out, before anything is read. Each gap becomes a row of `events`.
pub async fn carry_out(
    decisions: Decisions,
    store: &Store,
    options: &KafkaOptions,
    names: &mut Names,
) -> Result<()> {
    if !decisions.accept_gap && !decisions.new_log {
        return Ok(());
    }
    let asked = options.clone();
    let marks = tokio::task::spawn_blocking(move || marks(&asked))
        .await
        .map_err(|e| Error::Stopped(e.to_string()))??;
    for Mark { topic, partition, low, high } in marks {
        let place = names.partition(&topic, partition);
        let Some(at) = store.applied().get(&place) else { continue };
        if decisions.new_log && at > high {
            warn!(partition = %place, at, high, "a new log begins");
            names.renew(&topic, &store.events.topics());
        } else if decisions.accept_gap && at < low {
            warn!(partition = %place, from = at, to = low, "gap accepted");
            accept_gap(store, names, &topic, partition, at, low).await?;
        }
    }
    Ok(())
}

/// The row stands at the gap's last offset, which no record will ever have.
async fn accept_gap(
    store: &Store,
    names: &Names,
    topic: &str,
    partition: i32,
    from: i64,
    to: i64,
) -> Result<()> {
    let log = names.log(topic);
    let topics = store.events.topics_with([log]);
    let number = topics.iter().position(|known| known == log).and_then(|n| u8::try_from(n).ok());
    let place = Place {
        topic: log,
        topic_number: number.ok_or_else(|| Error::Stopped(format!("topic {log} has no number")))?,
        partition,
        offset: to - 1,
        received_at: Time::now(),
        actor: "athena",
        origin: Origin::Cli,
    };
    let draft = Draft {
        r#type: Some("gap".into()),
        content: Some(format!("offsets {from} to {to} of {log}/{partition} expired before they were read")),
        attributes: Some(json!({"from": from, "to": to}).to_string()),
        ..Draft::default()
    };
    let row = draft.place(&place).map_err(athena_schemas::Error::from)?;
    let staged = store.events.stage(vec![Event::batch([&row])]).await?;
    let ranges = BTreeMap::from([(names.partition(topic, partition), (from, to))]);
    store.events.commit(&staged, Claim { rule: position::Rule::Reset, ranges }, &topics).await?;
    Ok(())
}
