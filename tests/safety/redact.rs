//! Redaction is real: what was redacted is in no table, version, index or file, and a mark stands in its place.

use serde_json::{Value, json};

use crate::forget::{call, left_of, number, purged, start, until};

/// A password that is none, with a character that JSON escapes.
const SECRET: &str = "vN3!qu\"arry88";
const NEIGHBOURS: usize = 12;

async fn left(data: &std::path::Path) -> Vec<String> {
    let escaped = Value::from(SECRET).to_string();
    let needles: [Vec<u8>; 4] =
        [SECRET.into(), escaped[1..escaped.len() - 1].into(), "quarry88".into(), "arry88".into()];
    left_of(data, &needles).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_what_was_redacted() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = start(data).await;
    let told = json!({"id": "leak", "project": "p", "session": "s-1", "type": "tool_result", "tool": "Bash",
                      "content": format!("connected with {SECRET} to the shop"), "tags": ["db"],
                      "attributes": {"command": format!("psql -W {SECRET}")}});
    server.post("/v1/events", &told).await.unwrap();
    let echo = json!({"id": "echo", "project": "p", "session": "s-2", "type": "message",
                      "content": format!("it answered {SECRET}")});
    server.post("/v1/events", &echo).await.unwrap();
    for at in 0..NEIGHBOURS {
        let event = json!({"id": format!("n-{at}"), "project": "p", "session": "s-1", "type": "message", "content": format!("neighbour {at}")});
        server.post("/v1/events", &event).await.unwrap();
    }
    let memory =
        json!({"project": "p", "content": format!("the password of the shop is {SECRET}"), "tags": ["shop"]});
    let memory = call(&server, "memories.remember", memory).await["id"].clone();
    call(&server, "memories.tag", json!({"project": "p", "id": memory, "add": ["db"]})).await;
    let note = json!({"project": "p", "title": "How to connect", "body": format!("use {SECRET}")});
    let note = call(&server, "notes.create", note).await["id"].clone();
    let late = json!({"project": "p", "id": memory, "content": SECRET, "version": 0});
    assert_eq!(server.post("/v1/tools/memories/update", &late).await.unwrap().0, 409);
    call(&server, "memories.recall", json!({"project": "p", "query": SECRET})).await;
    until(&server, "SELECT COUNT(*) FROM embeddings", |found| found >= 4).await;
    until(&server, "SELECT COUNT(*) FROM accesses", |found| found >= 1).await;
    server.stop();
    let before = left(data).await;
    for place in ["events", "memories", "records", "accesses", "text index: stored"] {
        assert!(before.iter().any(|found| found.starts_with(place)), "{place} is not searched: {before:?}");
    }

    let server = start(data).await;
    let from = "connected with ".len();
    let spans = json!([{"start": from, "end": from + SECRET.len()}]);
    let redact = json!({"project": "p", "id": "leak", "spans": spans});
    let done = call(&server, "safety.redact", redact).await;
    let counted = ["events", "memories", "records", "others"].map(|name| done[name].as_u64().unwrap());
    assert_eq!(counted, [2, 1, 1, 1], "{done}");

    // The mark stands in its place, at once, and under the same ids.
    let event = call(&server, "events.get", json!({"project": "p", "id": "leak"})).await;
    assert_eq!(event["content"], "connected with [redacted] to the shop", "{event}");
    let again = json!({"project": "p", "id": "leak", "detected": true});
    assert_eq!(
        call(&server, "safety.redact", again).await["words"],
        0,
        "the id leads to the event with the mark"
    );
    let told = call(&server, "memories.get", json!({"project": "p", "id": memory})).await;
    assert_eq!(
        (&told["content"], &told["tags"]),
        (&json!("the password of the shop is [redacted]"), &json!(["shop", "db"]))
    );
    let read = call(&server, "notes.get", json!({"project": "p", "note": note})).await;
    assert!(read.to_string().contains("use [redacted]"), "{read}");
    for table in ["events", "memories_versions", "records_versions"] {
        let text = if table == "records_versions" { "text" } else { "content" };
        let statement = format!("SELECT COUNT(*) FROM {table} WHERE {text} LIKE '%arry88%'");
        assert_eq!(number(&server, &statement).await, 0, "{table}");
    }
    let history = call(&server, "memories.history", json!({"project": "p", "id": memory})).await;
    assert!(!history.to_string().contains("arry88"), "{history}");

    purged(&server).await;
    let found =
        call(&server, "events.search", json!({"project": "p", "query": "connected to the shop"})).await;
    assert!(found.to_string().contains("[redacted]"), "{found}");
    assert_eq!(number(&server, "SELECT COUNT(*) FROM events WHERE id LIKE 'n-%'").await, NEIGHBOURS as i64);
    let audit =
        call(&server, "safety.audit", json!({"project": "p", "filters": {"operation": "safety.redact"}}))
            .await;
    assert_eq!(
        (&audit["chain"]["whole"], audit["items"].as_array().unwrap().len()),
        (&json!(true), 1),
        "{audit}"
    );
    server.stop();
    assert_eq!(left(data).await, Vec::<String>::new());

    let server = start(data).await;
    let told = call(&server, "memories.get", json!({"project": "p", "id": memory})).await;
    assert_eq!(told["content"], "the password of the shop is [redacted]");
    server.stop();
}
