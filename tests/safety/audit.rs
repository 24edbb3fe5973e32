//! The chain of the audit: whatever is changed, removed or reordered in the tables shows.

use std::path::Path;
use std::sync::Arc;

use athena_query::audit::{Verified, verify};
use athena_store::{LogKind, Store};
use lance::Dataset;
use lance::dataset::UpdateBuilder;
use serde_json::{Value, json};

use super::ask;
use crate::processes::Serve;
use crate::support::open;

const NOTES: usize = 6;

/// A location with some commands, and nobody holding it.
async fn told(data: &Path) -> Value {
    let server = Serve::start(data).await;
    for at in 0..NOTES {
        ask(&server, "notes.create", json!({"title": format!("note {at}"), "body": "x"})).await;
    }
    let id = ask(&server, "memories.remember", json!({"content": "deploy on Tuesdays"})).await["id"].clone();
    ask(&server, "memories.forget", json!({"id": id, "now": true, "dry_run": false})).await;
    let audit = ask(&server, "safety.audit", json!({"filters": {"operation": "notes"}, "limit": 3})).await;
    assert_eq!(audit["items"].as_array().unwrap().len(), 3);
    let first = &audit["items"][0];
    assert_eq!(
        (&first["actor"], &first["origin"], &first["operation"]),
        (&json!("local"), &json!("http"), &json!("notes.create"))
    );
    assert_eq!((&first["outcome"], &audit["chain"]["whole"]), (&json!("ok"), &json!(true)), "{audit}");
    assert_eq!(audit["chain"]["rows"], json!(NOTES + 2));
    let again = json!({"seal": audit["chain"]["heads"][0]["seal"], "verify": false});
    assert_eq!(ask(&server, "safety.audit", again).await["has_seal"], true);
    server.stop().await;
    audit
}

async fn store(data: &Path) -> Arc<Store> {
    open(&data.join("data"), LogKind::Embedded).await
}

async fn look(data: &Path) -> Verified {
    verify(&*store(data).await).await.unwrap()
}

/// Changes a table behind Athena's back.
async fn update(data: &Path, table: &str, filter: &str, column: &str, value: &str) {
    let dataset = table_of(data, table).await;
    let update =
        UpdateBuilder::new(Arc::new(dataset)).update_where(filter).unwrap().set(column, value).unwrap();
    let done = update.build().unwrap().execute().await.unwrap();
    assert!(done.rows_updated > 0, "{table} has no {filter}");
}

async fn delete(data: &Path, table: &str, filter: &str) {
    table_of(data, table).await.delete(filter).await.unwrap();
}

async fn table_of(data: &Path, table: &str) -> Dataset {
    Dataset::open(data.join(format!("data/tables/{table}.lance")).to_str().unwrap()).await.unwrap()
}

async fn copy(from: &Path, to: &Path) {
    let copied = tokio::process::Command::new("cp")
        .arg("-a")
        .arg(from.join("data"))
        .arg(to.join("data"))
        .status()
        .await;
    assert!(copied.unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_tampered_with_unseen() {
    let folder = tempfile::tempdir().unwrap();
    told(folder.path()).await;
    let whole = look(folder.path()).await;
    assert!(whole.whole && whole.rows == NOTES as u64 + 2, "{whole:?}");

    type Change = (&'static str, &'static str, &'static str, &'static str, &'static str);
    let changes: [Change; 9] = [
        ("audit", "sequence = 2", "actor", "'somebody'", "the row was changed"),
        ("audit", "sequence = 2", "outcome", "'conflict'", "the row was changed"),
        ("audit", "sequence = 3", "sequence", "9", "comes where"),
        ("events", "log_offset = 1", "actor", "'somebody'", "of somebody else"),
        ("events", "log_offset = 1", "attributes", "'{\"arguments\":{}}'", "was changed"),
        ("events", "log_offset = 1", "type", "'athena.notes.move'", "another kind"),
        ("audit", "sequence = 2", "", "", "comes where row 2 was"),
        ("audit", "sequence = 7", "", "", "ends here, 1 rows early"),
        ("events", "log_offset = 4", "", "", "its event is gone"),
    ];
    for (table, filter, column, value, what) in changes {
        let copied = tempfile::tempdir().unwrap();
        copy(folder.path(), copied.path()).await;
        match column {
            "" => delete(copied.path(), table, filter).await,
            _ => update(copied.path(), table, filter, column, value).await,
        }
        let found = look(copied.path()).await;
        assert!(!found.whole, "{table} {filter} {column}");
        assert!(
            found.broken.iter().any(|one| one.what.contains(what)),
            "{table} {filter} {column}: {found:?}"
        );
    }

    // Two rows that changed places.
    let copied = tempfile::tempdir().unwrap();
    copy(folder.path(), copied.path()).await;
    for (from, to) in [("2", "100"), ("3", "2"), ("100", "3")] {
        update(copied.path(), "audit", &format!("sequence = {from}"), "sequence", to).await;
    }
    assert!(!look(copied.path()).await.whole);
    // Whoever cuts both tables at the end is told of too.
    let copied = tempfile::tempdir().unwrap();
    copy(folder.path(), copied.path()).await;
    delete(copied.path(), "audit", "sequence >= 6").await;
    delete(copied.path(), "events", "log_offset >= 6").await;
    assert!(!look(copied.path()).await.whole);
}
