//! Tables are open files: another engine reads them as they lie.

use std::process::Command;

use serde_json::{Value, json};

use crate::recovery::Server;

const COUNT: &str = "
import json, sys, lance
table = lance.dataset(sys.argv[1])
rows = table.to_table(columns=['id', 'content', 'log_offset', 'files']).to_pylist()
print(json.dumps(sorted([[r['id'], r['content'], r['log_offset'], r['files']] for r in rows])))
";

/// `ATHENA_TEST_PYTHON` is a Python with pylance; `./dev test` makes one.
#[tokio::test]
async fn pylance_reads_the_same_events() {
    let python = std::env::var("ATHENA_TEST_PYTHON").expect("ATHENA_TEST_PYTHON; `./dev test` sets it");
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]).await;
    for part in 0..20 {
        let event = |n| json!({"id": format!("{part}-{n}"), "content": format!("ünïcode {n}"), "files": ["a.rs", "b.rs"]});
        let events: Vec<Value> = (0..50).map(event).collect();
        let (status, answer) = server.post("/v1/events", &json!(events)).await.unwrap();
        assert_eq!((status, &answer["accepted"]), (200, &json!(50)));
    }
    let told = server.sql("SELECT id, content, log_offset, files FROM events").await;
    server.stop();
    let table = folder.path().join("tables/events.lance");
    let read = Command::new(python).args(["-c", COUNT]).arg(table).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let read: Vec<Vec<Value>> = serde_json::from_slice(&read.stdout).unwrap();
    assert_eq!(read.len(), 1_000);
    let mut told: Vec<String> = told.iter().map(|row| json!(row).to_string()).collect();
    let mut read: Vec<String> = read.iter().map(|row| json!(row).to_string()).collect();
    told.sort();
    read.sort();
    assert_eq!(read, told);
}
