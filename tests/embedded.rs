//! The embedded log: exactly once with many clients, kills between the commits of one batch, commands.

use athena_ingest::{Command, Draft, EmbeddedLog, EmbeddedOptions, Log, Submission};
use athena_schemas::Code;
use athena_schemas::vocabulary::Origin;
use athena_store::LogKind;
use serde_json::json;

use crate::support::*;

fn submission(ids: impl Iterator<Item = String>) -> Submission {
    let draft =
        |id: String| Draft { content: Some(format!("content of {id}")), id: Some(id), ..Draft::default() };
    Submission { drafts: ids.map(draft).collect(), actor: "local".into(), origin: Origin::Http }
}

fn command(operation: &str, arguments: serde_json::Value) -> Command {
    Command::new(operation, arguments, "p", "local", Origin::Http)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_clients_repeat_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Embedded).await;
    let (log, task) = EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.unwrap();
    let log = Log::Embedded(log);
    let mut clients = Vec::new();
    for client in 0..4 {
        let log = log.clone();
        clients.push(tokio::spawn(async move {
            let (mut accepted, mut duplicates) = (0, 0);
            for round in 0..25 {
                // Every round is sent twice, and half of its ids are those of the neighbour client.
                let ids = || {
                    let own = (0..10).map(move |i| format!("{client}-{round}-{i}"));
                    own.chain((0..10).map(move |i| format!("{}-{round}-{i}", (client + 1) % 4)))
                };
                for _ in 0..2 {
                    let receipt = log.append(submission(ids())).await.unwrap();
                    accepted += receipt.accepted;
                    duplicates += receipt.duplicates.unwrap();
                }
            }
            (accepted, duplicates)
        }));
    }
    let (mut accepted, mut duplicates) = (0, 0);
    for client in clients {
        let (a, d) = client.await.unwrap();
        accepted += a;
        duplicates += d;
    }
    assert_eq!((accepted, duplicates), (1000, 3000));
    let rows = sql(&store, "SELECT COUNT(*), COUNT(DISTINCT id), MIN(log_offset) FROM events").await;
    assert_eq!(rows[0], ["1000", "1000", "0"]);
    drop(log);
    task.await.unwrap();

    // A new process with a window too small to know them looks them up in the table.
    drop(store);
    let store = open(folder.path(), LogKind::Embedded).await;
    let mut options = EmbeddedOptions::default();
    options.writer.dedup_window = 10;
    let (log, _task) = EmbeddedLog::start(store.clone(), options).await.unwrap();
    let again = submission((0..4).flat_map(|c| (0..25).map(move |r| format!("{c}-{r}-0"))));
    let receipt = log.append(again).await.unwrap();
    assert_eq!((receipt.accepted, receipt.duplicates), (0, Some(100)));
}

#[tokio::test]
async fn commands_answer_in_log_order_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Embedded).await;
    let (log, _task) = EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.unwrap();
    let log = Log::Embedded(log);
    let mut remember =
        command("memories.remember", json!({"content": "deploy on Tuesdays", "kind": "decision"}));
    remember.event_id = Some("once".into());
    let first = log.command(remember.clone()).await.unwrap();
    let second = log.command(remember).await.unwrap();
    assert_eq!(first.result["id"], second.result["id"]);
    assert_eq!(count(&store, "SELECT COUNT(*) FROM memories_versions").await, 1);
    let id = first.result["id"].as_str().unwrap().to_owned();
    assert!(first.position.0.values().all(|next| *next == 1));

    let update = |version| {
        command("memories.update", json!({"id": id, "content": "deploy on Mondays", "version": version}))
    };
    log.command(update(0)).await.unwrap();
    let stale = log.command(update(0)).await.unwrap_err();
    assert_eq!(stale.code, Code::Conflict);
    assert_eq!(sql(&store, "SELECT content FROM memories").await, [["deploy on Mondays"]]);

    log.command(command("memories.forget", json!({"ids": [id]}))).await.unwrap();
    assert_eq!(count(&store, "SELECT COUNT(*) FROM memories").await, 0);
    let types = sql(&store, "SELECT type, result IS NOT NULL FROM events ORDER BY log_offset LIMIT 1").await;
    assert_eq!(types, [["athena.memories.remember", "true"]]);
    let refused = log.append(Submission {
        drafts: vec![Draft { r#type: Some("athena.memories.forget".into()), ..Draft::default() }],
        actor: "mallory".into(),
        origin: Origin::Http,
    });
    assert_eq!(refused.await.unwrap_err().field.as_deref(), Some("type"));
}

/// The process dies after the state's commit and before that of `events`: nobody was told, so the rows
/// are gone when the log goes on, and their offsets belong to other events.
#[tokio::test]
async fn state_beyond_the_log_is_dropped_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Embedded).await;
    let (log, task) = EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.unwrap();
    let kept = log.command(command("memories.remember", json!({"content": "kept"}))).await.unwrap();
    drop(log);
    task.await.unwrap();
    drop(store);
    let tables = folder.path().join("tables");
    let before = tempfile::tempdir().unwrap();
    copy(&tables.join("events.lance"), &before.path().join("events.lance"));

    let store = open(folder.path(), LogKind::Embedded).await;
    let (log, task) = EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.unwrap();
    log.command(command("memories.remember", json!({"content": "never acknowledged"}))).await.unwrap();
    drop(log);
    task.await.unwrap();
    drop(store);
    std::fs::remove_dir_all(tables.join("events.lance")).unwrap();
    copy(&before.path().join("events.lance"), &tables.join("events.lance"));

    let store = open(folder.path(), LogKind::Embedded).await;
    assert_eq!(sql(&store, "SELECT content FROM memories_versions").await, [["kept"]]);
    let (log, _task) = EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.unwrap();
    let next = log.command(command("memories.remember", json!({"content": "another"}))).await.unwrap();
    assert_ne!(next.result["id"], kept.result["id"]);
    let rows = sql(&store, "SELECT content, log_offset FROM memories ORDER BY log_offset").await;
    assert_eq!(rows, [["kept", "0"], ["another", "1"]]);
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
