//! Forgetting is real: once it is purged, no table, version, index or file has anything of what was forgotten.

pub mod search;

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use athena_schemas::tables::Forgotten;
use athena_schemas::{Row, Time, ids};
use athena_store::LogKind;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::recovery::Server;
use crate::support::open;
use search::places;

/// Stands in everything that is forgotten, and in nothing else.
const CANARY: &str = "quokkazed";
const ID: &str = "quokkazed-1";
const NEIGHBOURS: usize = 40;
/// How long is waited for what happens in the background, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(240);

/// Small tiers, so that files are merged and indexed; short times, so that old versions end.
pub const CONFIG: &str = "[server]\nafter_timeout_ms = 20000\n[forget]\ngrace_s = 3600\n[consolidate]\nevery_s = 1\n[maintenance]\nevery_ms = 200\n\
    tier_rows = [10, 20]\nmin_files = 2\nversion_retention_ms = 2000\ncleanup_every_ms = 500\n";

fn canary() -> Value {
    json!({"id": ID, "project": "p", "session": "s-quokkazed", "agent": "quokkazed", "type": "message", "tool": "quokkazed",
           "content": "the quokkazed sleeps", "files": ["src/quokkazed.rs"], "tags": ["quokkazed", "animal"],
           "attributes": {"why": "quokkazed"}, "source": "quokkazed"})
}

/// What must not be found: the word, and the key under which the event was known.
fn needles() -> Vec<Vec<u8>> {
    vec![CANARY.into(), ids::dedup("p", "quokkazed", ID).into()]
}

pub async fn start(data: &Path) -> Server {
    let config = data.join("test.toml");
    std::fs::write(&config, CONFIG).unwrap();
    Server::start(data, &["--config", config.to_str().unwrap()]).await
}

pub async fn call(server: &Server, operation: &str, arguments: Value) -> Value {
    let path = format!("/v1/tools/{}", operation.replace('.', "/"));
    let (status, answer) = server.post(&path, &arguments).await.unwrap();
    assert_eq!(status, 200, "{operation}: {answer}");
    answer
}

pub async fn number(server: &Server, statement: &str) -> i64 {
    server.sql(statement).await[0][0].as_i64().unwrap()
}

/// Asks until the number is `wanted`.
pub async fn until(server: &Server, statement: &str, wanted: impl Fn(i64) -> bool) {
    let end = Instant::now() + PATIENCE;
    loop {
        let found = number(server, statement).await;
        if wanted(found) {
            return;
        }
        assert!(Instant::now() < end, "{statement} stays at {found}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Events, one of them the canary, and a memory of it in three versions, with everything derived. Gives its id.
async fn told(server: &Server) -> String {
    let neighbour = |n: usize| {
        json!({"id": format!("n-{n}"), "project": "p", "session": format!("s-{}", n % 3), "type": "message",
               "content": format!("neighbour {n} stays"), "tags": ["animal"]})
    };
    for n in 0..NEIGHBOURS {
        server.post("/v1/events", &neighbour(n)).await.unwrap();
        if n == 5 {
            let (status, answer) = server.post("/v1/events", &canary()).await.unwrap();
            assert_eq!((status, &answer["accepted"]), (200, &json!(1)), "{answer}");
        }
    }
    let memory = json!({"project": "p", "content": "a quokkazed is an animal", "name": "quokkazed", "tags": ["quokkazed"]});
    let id = call(server, "memories.remember", memory).await["id"].as_str().unwrap().to_owned();
    call(server, "memories.update", json!({"project": "p", "id": id, "content": "quokkazeds sleep"})).await;
    call(server, "memories.tag", json!({"project": "p", "id": id, "add": ["animal"]})).await;
    // A command that was refused holds what it would have said.
    let late = json!({"project": "p", "id": id, "content": "quokkazed, again", "version": 0});
    assert_eq!(server.post("/v1/tools/memories/update", &late).await.unwrap().0, 409);
    call(server, "memories.remember", json!({"project": "p", "content": "this memory stays"})).await;
    let embedded = format!("SELECT COUNT(*) FROM embeddings WHERE id IN ('{ID}', '{id}')");
    until(server, &embedded, |found| found >= 2).await;
    until(server, "SELECT COUNT(*) FROM episodes WHERE session = 's-quokkazed'", |found| found == 1).await;
    id
}

/// Nobody is shown it, from the moment on at which the answer came.
async fn assert_hidden(server: &Server, memory: &str) {
    for (table, told) in [
        ("events", format!("content LIKE '%quokkazed%' OR id = '{memory}'")),
        ("memories", format!("content LIKE '%quokkazed%' OR id = '{memory}'")),
        // The tombstone, which says nothing, is all that the purge leaves.
        ("memories_versions", format!("content LIKE '%quokkazed%' OR (id = '{memory}' AND NOT deleted)")),
        ("embeddings", format!("id LIKE '%quokkazed%' OR id = '{memory}'")),
    ] {
        let statement = format!("SELECT COUNT(*) FROM {table} WHERE {told}");
        assert_eq!(number(server, &statement).await, 0, "{table}");
    }
    let (status, answer) = server
        .post("/v1/sql", &json!({"sql": "SELECT COUNT(*) FROM memories_versions WHERE content LIKE '%quokka%'", "at": "1s"}))
        .await
        .unwrap();
    assert_eq!((status, &answer["rows"][0][0]), (200, &json!(0)), "the past does not have it either");
    for mode in ["hybrid", "text", "vector"] {
        let question = json!({"query": "a sleeping quokkazed", "project": "p", "mode": mode, "k": 100,
                              "record": false});
        let answer = server.post("/v1/search", &question).await.unwrap().1.to_string();
        let hits = answer.split("\"hits\"").nth(1).unwrap();
        assert!(!hits.contains(CANARY) && !hits.contains(memory), "{mode}: {answer}");
    }
    for (operation, arguments) in [
        ("events/get", json!({"project": "p", "id": ID})),
        ("memories/get", json!({"project": "p", "id": memory})),
        ("memories/history", json!({"project": "p", "id": memory})),
        ("events/by_session", json!({"project": "p", "session": "s-quokkazed"})),
    ] {
        let (status, answer) = server.post(&format!("/v1/tools/{operation}"), &arguments).await.unwrap();
        assert_eq!(status, 404, "{operation}: {answer}");
    }
    for (operation, arguments) in [
        ("events.list", json!({"project": "p", "limit": 100})),
        ("events.count", json!({"project": "p", "group_by": "tag"})),
        ("memories.recall", json!({"project": "p", "query": "quokkazed", "cutoff": "none", "record": false})),
        ("sessions.resume", json!({"project": "p"})),
        ("sessions.list", json!({"project": "p"})),
    ] {
        let answer = call(server, operation, arguments).await.to_string();
        assert!(!answer.contains(CANARY) && !answer.contains(memory), "{operation}: {answer}");
    }
}

async fn forget(server: &Server, memory: &str) {
    let by_tag = json!({"project": "p", "filter": {"tag": CANARY}, "now": true});
    let would = call(server, "events.forget", by_tag.clone()).await;
    assert_eq!(
        (&would["dry_run"], &would["count"], &would["items"][0]["id"]),
        (&json!(true), &json!(1), &json!(ID))
    );
    assert_eq!(number(server, &format!("SELECT COUNT(*) FROM events WHERE id = '{ID}'")).await, 1);
    let mut done = by_tag;
    done["dry_run"] = json!(false);
    let done = call(server, "events.forget", done).await;
    assert_eq!((&done["dry_run"], &done["count"]), (&json!(false), &json!(1)), "{done}");
    call(server, "memories.forget", json!({"project": "p", "id": memory, "now": true})).await;
}

/// Waits until the tables, and the text index of the server, have nothing of it.
pub async fn purged(server: &Server) {
    until(server, "SELECT COUNT(*) FROM forgotten WHERE purged_at IS NULL", |found| found == 0).await;
    let newest =
        server.sql("SELECT MAX(rewritten_at) FROM forgotten").await[0][0].as_str().unwrap().to_owned();
    let end = Instant::now() + PATIENCE;
    loop {
        let status: Value =
            reqwest::get(format!("{}/v1/status", server.url)).await.unwrap().json().await.unwrap();
        let expunged = status["text_index"]["expunged_at"].as_str().unwrap_or_default().to_owned();
        if expunged >= newest {
            return;
        }
        assert!(Instant::now() < end, "{expunged} is before {newest}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Neighbours, the log and the audit are as they should be.
async fn assert_kept(server: &Server, memory: &str) {
    assert_eq!(number(server, "SELECT COUNT(*) FROM events WHERE id LIKE 'n-%'").await, NEIGHBOURS as i64);
    assert_eq!(number(server, "SELECT COUNT(*) FROM memories WHERE content = 'this memory stays'").await, 1);
    let audit = "SELECT kind, items, actor FROM forgotten ORDER BY kind";
    assert_eq!(
        server.sql(audit).await,
        [[json!("event"), json!(1), json!("local")], [json!("memory"), json!(1), json!("local")]]
    );
    let given =
        "SELECT COUNT(*) FROM events WHERE type IN ('athena.events.forget', 'athena.memories.forget')";
    assert_eq!(number(server, given).await, 2, "that it was forgotten is kept");
    let question = json!({"query": "\"neighbour 7\"", "project": "p", "mode": "text", "record": false});
    assert_eq!(server.post("/v1/search", &question).await.unwrap().1["hits"][0]["id"], "n-7");
    let (_, again) = server.post("/v1/events", &json!([canary()])).await.unwrap();
    assert_eq!((&again["accepted"], &again["duplicates"]), (&json!(0), &json!(1)), "{again}");
    assert_hidden(server, memory).await;
}

async fn left(data: &Path) -> Vec<String> {
    left_of(data, &needles()).await
}

/// Where any of the needles is left a day later, when files of merges that lost the race to be committed, which no
/// version names, have gone (docs/forgetting.md). Nothing may have the directory open.
pub async fn left_of(data: &Path, needles: &[Vec<u8>]) -> Vec<String> {
    left_by(data, LogKind::Embedded, needles).await
}

/// The same, of a directory of that log.
pub async fn left_by(data: &Path, log: LogKind, needles: &[Vec<u8>]) -> Vec<String> {
    let days_ago = SystemTime::now() - Duration::from_secs(2 * 24 * 3600);
    for table in data.join("tables").read_dir().unwrap() {
        let table = table.unwrap().path();
        let entries = |folder: &Path| {
            let all = folder.read_dir().into_iter().flatten();
            all.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
        };
        let indexes = entries(&table.join("_indices")).into_iter().flat_map(|index| entries(&index));
        for file in entries(&table.join("data")).into_iter().chain(indexes) {
            let file = File::options().append(true).open(file).unwrap();
            file.set_modified(days_ago).unwrap();
        }
    }
    let store = open(data, log).await;
    store.sweep().await.unwrap();
    drop(store);
    places(data, needles).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_a_canary() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = start(data).await;
    let memory = told(&server).await;
    // Tables are indexed once enough was merged.
    let indexed =
        || data.join("tables/events.lance/_indices").read_dir().is_ok_and(|mut all| all.next().is_some());
    let end = Instant::now() + PATIENCE;
    while !indexed() {
        assert!(Instant::now() < end, "no index was built");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.stop();
    let before = places(data, &needles()).await;
    for place in ["events", "memories", "embeddings", "episodes", "text index: stored", "text index: terms"] {
        assert!(before.iter().any(|found| found.starts_with(place)), "{place} is not searched: {before:?}");
    }

    let server = start(data).await;
    forget(&server, &memory).await;
    assert_hidden(&server, &memory).await;
    purged(&server).await;
    server.stop();
    assert_eq!(left(data).await, Vec::<String>::new());

    let server = start(data).await;
    let applied: Value =
        reqwest::get(format!("{}/v1/status", server.url)).await.unwrap().json().await.unwrap();
    let events = NEIGHBOURS as i64 + 1 + 7;
    assert_eq!(applied["applied"]["local"]["0"], json!(events), "the log goes on where it was: {applied}");
    assert_eq!(applied["tables"]["events"]["rows"], json!(events), "every place is kept");
    assert_kept(&server, &memory).await;
    server.stop();
    assert_eq!(left(data).await, Vec::<String>::new(), "sent again it brings nothing back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_that_is_killed_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut server = start(data).await;
    let memory = told(&server).await;
    forget(&server, &memory).await;
    let mut rng = StdRng::seed_from_u64(5);
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(rng.random_range(20..900))).await;
        server.kill();
        server = start(data).await;
        assert_hidden(&server, &memory).await;
    }
    purged(&server).await;
    assert_kept(&server, &memory).await;
    server.stop();
    assert_eq!(left(data).await, Vec::<String>::new());
}

/// Within the time of grace everything is still there, and nobody sees it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_restored_is_hidden_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = start(data).await;
    let memory = told(&server).await;
    call(&server, "events.forget", json!({"project": "p", "id": ID, "dry_run": false})).await;
    call(&server, "memories.forget", json!({"project": "p", "id": memory})).await;
    assert_hidden(&server, &memory).await;
    until(&server, "SELECT COUNT(*) FROM episodes WHERE session = 's-quokkazed'", |found| found == 0).await;
    assert_kept(&server, &memory).await;
    server.stop();
    let kept = places(data, &needles()).await;
    assert!(
        ["events", "memories"].iter().all(|table| kept.iter().any(|place| place.starts_with(table))),
        "{kept:?}"
    );
}

/// A procedure that is made of the events of session `s-1`, which have the canary, and of `s-2`, which have not; and a plan
/// that rests on the first.
async fn made_of_events(server: &Server) -> [Value; 3] {
    let step = |session: &str, n: usize, of_type: &str, content: &str| {
        json!({"id": format!("{session}-{n}"), "project": "p", "session": session, "type": of_type, "content": content,
               "agent": if of_type == "message" { "user" } else { "assistant" },
               "tool": if of_type == "message" { None } else { Some("Bash") }, "outcome": "success"})
    };
    for (session, word) in [("s-1", "quokkazed"), ("s-2", "wombat")] {
        let events = [
            step(session, 0, "message", &format!("please release the {word} today")),
            step(session, 1, "tool_call", &format!("cargo publish --token {word}")),
            step(session, 2, "tool_call", "git push --tags"),
        ];
        let (status, answer) = server.post("/v1/events", &json!(events)).await.unwrap();
        assert_eq!((status, &answer["accepted"]), (200, &json!(3)), "{answer}");
    }
    let made = call(server, "procedures.generate", make("s-1")).await;
    assert!(made.to_string().contains(CANARY), "{made}");
    let stays = call(server, "procedures.generate", make("s-2")).await["id"].clone();
    call(server, "procedures.execute", json!({"project": "p", "procedure": made["id"]})).await;
    let plan =
        call(server, "planning.create", json!({"project": "p", "text": "release the quokka today"})).await;
    assert!(plan.to_string().contains(CANARY), "{plan}");
    [made["id"].clone(), stays, plan["id"].clone()]
}

fn make(session: &str) -> Value {
    json!({"project": "p", "session": session, "event_id": format!("make-{session}")})
}

/// Nobody is shown what was made of what is forgotten; what was made of other events stays.
async fn shown_are_others([made, stays, plan]: &[Value; 3], server: &Server) {
    for (operation, arguments) in [
        ("procedures/get", json!({"project": "p", "procedure": made})),
        ("planning/get", json!({"project": "p", "plan": plan})),
    ] {
        let (status, answer) = server.post(&format!("/v1/tools/{operation}"), &arguments).await.unwrap();
        assert_eq!(status, 404, "{operation}: {answer}");
    }
    let kept = call(server, "procedures.get", json!({"project": "p", "procedure": stays})).await;
    assert!(kept.to_string().contains("wombat"), "{kept}");
    let bodies = format!("SELECT COUNT(*) FROM records_versions WHERE body LIKE '%{CANARY}%'");
    assert_eq!(number(server, &bodies).await, 0);
}

/// Before it is purged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_made_of_events_is_hidden_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path()).await;
    let made = made_of_events(&server).await;
    for id in ["s-1-0", "s-1-1"] {
        let gone = json!({"project": "p", "id": id, "dry_run": false});
        assert_eq!(call(&server, "events.forget", gone).await["count"], 1);
    }
    shown_are_others(&made, &server).await;
    // Other memories change what is looked up for hiding.
    call(&server, "memories.remember", json!({"project": "p", "content": "this memory stays"})).await;
    shown_are_others(&made, &server).await;
    assert_eq!(number(&server, "SELECT COUNT(*) FROM forgotten WHERE rewritten_at IS NULL").await, 2);
    server.stop();
}

/// What a command forgot may be in its table a moment before the command is applied: it is looked at again then.
#[tokio::test]
async fn what_is_not_applied_yet_waits() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Embedded).await;
    let options = athena_consolidate::Options::default();
    assert!(!athena_consolidate::forget(&store, &options, Time::now()).await.unwrap());
    let row = Forgotten {
        project: "p".into(),
        kind: "event".into(),
        log_topic: "athena.commands".into(),
        log_offset: 7,
        at_once: true,
        ..Forgotten::default()
    };
    let staged = store.forgotten.stage(vec![Forgotten::batch(&[row])]).await.unwrap();
    store.forgotten.append(&staged).await.unwrap();
    assert!(athena_consolidate::forget(&store, &options, Time::now()).await.unwrap());
    assert_eq!(store.open_forgotten().await.unwrap()[0].rewritten_at, None, "and nothing is done to it");
}

/// What was made of events goes with them: a procedure, an execution of it and a plan have their texts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_made_of_events_goes_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = start(data).await;
    let made = made_of_events(&server).await;
    for id in ["s-1-0", "s-1-1"] {
        let gone = json!({"project": "p", "id": id, "now": true, "dry_run": false});
        assert_eq!(call(&server, "events.forget", gone).await["count"], 1);
    }
    purged(&server).await;
    shown_are_others(&made, &server).await;
    let (status, again) = server.post("/v1/tools/procedures/generate", &make("s-1")).await.unwrap();
    assert_eq!((status, &again["error"]["code"]), (409, &json!("conflict")), "{again}");
    let audit = call(&server, "safety.audit", json!({"project": "p"})).await;
    assert_eq!(audit["chain"]["whole"], true, "{audit}");
    server.stop();
    assert_eq!(left(data).await, Vec::<String>::new());
}
