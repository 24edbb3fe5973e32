//! The chain of the audit: whatever is changed, removed or reordered in the tables shows.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use athena_query::audit::{Known, Verified, verify};
use athena_schemas::Row;
use athena_schemas::tables::Audit;
use athena_store::{LogKind, Piece};
use lance::Dataset;
use lance::dataset::UpdateBuilder;
use lance::dataset::optimize::{CompactionOptions, compact_files};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use super::ask;
use crate::kafka::{broker, configuration, setting};
use crate::operations::called;
use crate::processes::{SERVE, Serve, athena, post};
use crate::support::{full, open};

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

async fn look(data: &Path) -> Verified {
    looked(data, LogKind::Embedded).await
}

async fn looked(data: &Path, log: LogKind) -> Verified {
    looked_again(data, log, &Known::default()).await
}

/// As somebody sees it who has looked before.
async fn looked_again(data: &Path, log: LogKind, known: &Known) -> Verified {
    verify(&*open(&data.join("data"), log).await, known).await.unwrap()
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

/// Merges the files of a table, as upkeep does.
async fn merge(data: &Path, table: &str) {
    let mut dataset = table_of(data, table).await;
    compact_files(&mut dataset, CompactionOptions::default(), None).await.unwrap();
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
        let [known, known_before_merging] = [Known::default(), Known::default()];
        for known in [&known, &known, &known_before_merging] {
            assert_eq!(looked_again(copied.path(), LogKind::Embedded, known).await, whole);
        }
        match column {
            "" => delete(copied.path(), table, filter).await,
            _ => update(copied.path(), table, filter, column, value).await,
        }
        let found = look(copied.path()).await;
        assert_eq!(looked_again(copied.path(), LogKind::Embedded, &known).await, found);
        assert!(!found.whole, "{table} {filter} {column}");
        assert!(
            found.broken.iter().any(|one| one.what.contains(what)),
            "{table} {filter} {column}: {found:?}"
        );
        merge(copied.path(), table).await;
        let merged = looked_again(copied.path(), LogKind::Embedded, &known_before_merging).await;
        assert_eq!(merged, found, "{table} {filter} {column}, merged before anybody looked");
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

/// What was verified is not read again; what came since is, and what was merged, and whatever somebody wrote to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_verified_is_known_until_it_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let known = Known::default();
    for round in 1..=3_u64 {
        let server = Serve::start(folder.path()).await;
        for at in 0..NOTES {
            ask(&server, "notes.create", json!({"title": format!("note {at}"), "body": "x"})).await;
            let chain = ask(&server, "safety.audit", json!({})).await["chain"].clone();
            let rows = (round - 1) * NOTES as u64 + at as u64 + 1;
            assert_eq!((&chain["whole"], &chain["rows"]), (&json!(true), &json!(rows)), "{chain}");
        }
        server.stop().await;
        let found = looked_again(folder.path(), LogKind::Embedded, &known).await;
        assert_eq!((found.whole, found.rows), (true, round * NOTES as u64), "{found:?}");
        assert_eq!(found, look(folder.path()).await);
    }
    for table in ["audit", "events"] {
        merge(folder.path(), table).await;
        let found = looked_again(folder.path(), LogKind::Embedded, &known).await;
        assert_eq!(found, look(folder.path()).await, "{table} merged");
    }

    let store = open(&folder.path().join("data"), LogKind::Embedded).await;
    let pieces = || store.pieces(&store.snapshot(), Audit::TABLE);
    let before = pieces();
    let stand = |now: &[Piece]| now.iter().all(|piece| before.iter().any(|one| piece.stands_as(one)));
    assert!(stand(&pieces()));
    let data = folder.path().join("data/tables/audit.lance/data");
    for file in std::fs::read_dir(&data).unwrap().map(|file| file.unwrap().path()) {
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, bytes).unwrap();
    }
    assert!(!before.is_empty() && pieces().iter().all(|piece| !stand(std::slice::from_ref(piece))));
}

/// Commands in some projects, by four clients at once, for a while after the first; what is on its way then may be done
/// or not.
async fn commands(server: &Serve, round: usize, stretch: Duration) {
    for at in 0..3 {
        let first = json!({"title": "first", "body": "x", "event_id": format!("first-{round}-{at}")});
        // After a kill the broker waits before it gives partitions to another: told again, it is the same command.
        let end = Instant::now() + Duration::from_secs(60);
        while called(server, "notes", "create", first.clone(), "p").await.is_err() {
            assert!(Instant::now() < end, "nobody takes the log up");
        }
    }
    let until = Instant::now() + stretch;
    let client = |client: usize| async move {
        for at in 0.. {
            let note = json!({"title": format!("note {at}"), "body": "x", "event_id": format!("n-{round}-{client}-{at}")});
            if called(server, "notes", "create", note, ["p", "q", "r", "s"][client]).await.is_err() {
                break;
            }
        }
    };
    let all = futures::future::join_all((0..4).map(client));
    let _ = tokio::time::timeout_at(until.into(), all).await;
}

/// Rows that are removed, changed or change places are told, of a location that nobody has open.
async fn assert_tampering_shows(data: &Path, log: LogKind, (topic, partition): (&str, i64)) {
    let of = |sequence: &str| {
        format!("log_topic = '{topic}' AND log_partition = {partition} AND sequence {sequence}")
    };
    for (what, filter, column, value) in [
        ("removed", of("= 3"), "", ""),
        ("changed", of("= 3"), "operation", "'notes.read'"),
        ("reordered", of("= 3"), "sequence", "-1"),
    ] {
        let copied = tempfile::tempdir().unwrap();
        copy(data, copied.path()).await;
        match column {
            "" => delete(copied.path(), "audit", &filter).await,
            _ => update(copied.path(), "audit", &filter, column, value).await,
        }
        if what == "reordered" {
            update(copied.path(), "audit", &of("= 4"), column, "3").await;
            update(copied.path(), "audit", &of("= -1"), column, "4").await;
        }
        let found = looked(copied.path(), log).await;
        assert!(!found.whole && !found.broken.is_empty(), "{what}: {found:?}");
    }
}

/// Killed at random moments under load, the chain is whole, and has every command: right after the kill, and to the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_moments_the_chain_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let kills = if full() { 40 } else { 5 };
    let mut rng = StdRng::seed_from_u64(17);
    for round in 0..kills {
        let server = Serve::start(folder.path()).await;
        commands(&server, round, Duration::from_millis(rng.random_range(20..400))).await;
        server.kill().await;
        let found = look(folder.path()).await;
        assert!(found.whole && found.before == 0, "after kill {round}: {found:?}");
    }
    let server = Serve::start(folder.path()).await;
    ask(&server, "notes.create", json!({"title": "the last", "body": "x"})).await;
    let told = ask(&server, "safety.audit", json!({})).await;
    let sql = json!({"sql": "SELECT COUNT(*) FROM events WHERE type LIKE 'athena.%'", "projects": ["p", "q", "r", "s"]});
    let count = post(&server, "/v1/sql", sql).await["rows"][0][0].clone();
    assert_eq!((&told["chain"]["whole"], &told["chain"]["rows"]), (&json!(true), &count), "{told}");
    assert!(count.as_i64().unwrap() > kills as i64, "{count}");
    server.stop().await;
    assert_tampering_shows(folder.path(), LogKind::Embedded, ("local", 0)).await;
}

/// By way of the broker each partition of commands has a chain; two servers take turns at them, and are killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chains_are_whole_by_way_of_the_broker() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("data"), LogKind::Kafka).await;
    let options = setting("audit", 2, &store).await;
    drop(store);
    std::fs::write(folder.path().join("athena.toml"), configuration(&options)).unwrap();
    let broker = broker();
    let serve = async || {
        let arguments = [&SERVE[..], &["--kafka", &broker, "--config", "athena.toml"]].concat();
        Serve::of(athena(folder.path(), &arguments), folder.path()).await
    };
    let kills = if full() { 8 } else { 2 };
    let mut rng = StdRng::seed_from_u64(19);
    let (mut one, mut other) = (serve().await, serve().await);
    for round in 0..kills {
        commands(&one, round, Duration::from_millis(rng.random_range(1_000..3_000))).await;
        one.kill().await;
        let found = looked(folder.path(), LogKind::Kafka).await;
        assert!(found.whole, "after kill {round}: {found:?}");
        one = std::mem::replace(&mut other, serve().await);
    }
    // Until what is left of the log has been taken up.
    let end = Instant::now() + Duration::from_secs(60);
    for project in ["p", "q", "r", "s"] {
        let note = json!({"title": "the last", "body": "x", "event_id": "last"});
        while called(&other, "notes", "create", note.clone(), project).await.is_err() {
            assert!(Instant::now() < end, "nobody takes the log up");
        }
    }
    one.stop().await;
    let told = ask(&other, "safety.audit", json!({})).await;
    let sql = json!({"sql": "SELECT COUNT(*), COUNT(DISTINCT log_partition) FROM events WHERE type LIKE 'athena.%'",
                     "projects": ["p", "q", "r", "s"]});
    let counted = post(&other, "/v1/sql", sql).await["rows"][0].clone();
    assert_eq!((&told["chain"]["whole"], &told["chain"]["rows"]), (&json!(true), &counted[0]), "{told}");
    assert_eq!(
        told["chain"]["heads"].as_array().unwrap().len() as i64,
        counted[1].as_i64().unwrap(),
        "{told}"
    );
    other.stop().await;
    let heads = told["chain"]["heads"].as_array().unwrap().iter();
    let longest = heads.max_by_key(|head| head["rows"].as_i64()).unwrap();
    let partition = (longest["topic"].as_str().unwrap(), longest["partition"].as_i64().unwrap());
    assert_tampering_shows(folder.path(), LogKind::Kafka, partition).await;
}
