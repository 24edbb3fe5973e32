//! What is sensitive is in clear nowhere: not in the log, a table, a version, an index or a file; it is opened for those who
//! may, a rotation loses nothing, and a lost key is said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use athena_ingest::kafka::KafkaOptions;
use athena_store::LogKind;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::access::token;
use crate::forget::{CONFIG, call, left_by, left_of, number, purged, start, until};
use crate::kafka::{configuration, records_of, setting};
use crate::processes::{Serve, athena, ended};
use crate::recovery::Server;
use crate::support::open;

/// Stands in sensitive contents, and in nothing else.
const CANARY: &str = "quokkasecret";
const NEIGHBOURS: usize = 12;
/// What a sealed text begins with.
const SEALED: &str = "⟦1~";

async fn left(data: &Path) -> Vec<String> {
    left_of(data, &[CANARY.into()]).await
}

async fn ask(url: &str, secret: &str, operation: &str, mut arguments: Value) -> (u16, Value) {
    arguments["project"] = json!("p");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{url}/v1/tools/{}", operation.replace('.', "/"));
    let answer = http.post(url).bearer_auth(secret).json(&arguments).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn secret(n: usize) -> Value {
    json!({"project": "p", "content": format!("the {CANARY} number {n} opens the vault"), "name": format!("vault {n}"),
           "tags": ["vault"], "scope": ["ops"], "kind": "fact", "sensitive": true})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_has_it_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = start(data).await;
    for n in 0..NEIGHBOURS {
        let event = json!({"id": format!("n-{n}"), "project": "p", "session": "s-1", "type": "message",
                           "content": format!("neighbour {n} of the vault")});
        server.post("/v1/events", &event).await.unwrap();
    }
    let id = call(&server, "memories.remember", secret(1)).await["id"].as_str().unwrap().to_owned();
    let other = call(&server, "memories.remember", secret(2)).await["id"].clone();
    let of = |more: Value| {
        let mut given = json!({"project": "p", "id": id});
        given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        given
    };
    call(&server, "memories.update", of(json!({"content": format!("the {CANARY} moved")}))).await;
    call(&server, "memories.tag", of(json!({"add": ["moved"]}))).await;
    let late = of(json!({"content": format!("{CANARY} again"), "version": 0}));
    assert_eq!(
        server.post("/v1/tools/memories/update", &late).await.unwrap().0,
        409,
        "a refused one is sealed too"
    );
    let line = json!({"content": format!("imported {CANARY}"), "sensitive": true}).to_string();
    let import = json!({"project": "p", "format": "jsonl", "data": line});
    assert_eq!(call(&server, "memories.import", import.clone()).await["imported"], 1);
    assert_eq!(
        call(&server, "memories.import", import).await["duplicates"],
        1,
        "its id follows from what it says"
    );
    let merged = json!({"project": "p", "ids": [id, other], "content": format!("both {CANARY}s")});
    let merged = call(&server, "memories.merge", merged).await["id"].as_str().unwrap().to_owned();
    // An agent's own record of its call, as its hook tells it.
    let hook = json!({"hook_event_name": "PostToolUse", "session_id": "s-2", "cwd": "/p", "tool_name": "mcp__athena__memories",
                      "tool_use_id": "t-1", "tool_input": {"operation": "remember", "content": CANARY, "sensitive": true},
                      "tool_response": [{"type": "text", "text": format!("content: {CANARY}\nsensitive: true")}]});
    assert_eq!(server.post("/v1/hooks/claude-code", &hook).await.unwrap().0, 200);

    // Opened, with what it was.
    let told = call(&server, "memories.get", json!({"project": "p", "id": merged})).await;
    assert_eq!(told["content"], format!("both {CANARY}s"), "{told}");
    let history = call(&server, "memories.history", json!({"project": "p", "id": id})).await;
    assert!(history.to_string().contains("number 1 opens"), "{history}");
    // Found by name, label and place, and not by its text.
    let found = async |arguments: Value| {
        let answer = call(&server, "memories.recall", arguments).await;
        answer["items"].as_array().unwrap().iter().any(|item| item["id"] == json!(merged))
    };
    let asked = |query: &str| json!({"project": "p", "query": query, "cutoff": "none", "record": false, "scope": ["ops"]});
    assert!(found(asked("vault")).await, "by name");
    assert!(
        !found(
            json!({"project": "p", "query": "vault", "cutoff": "none", "record": false, "scope": ["web"]})
        )
        .await
    );
    let search = json!({"project": "p", "query": CANARY, "mode": "text", "record": false});
    assert_eq!(server.post("/v1/search", &search).await.unwrap().1["hits"], json!([]));
    let listed = call(&server, "memories.list", json!({"project": "p", "tag": "vault"})).await;
    assert!(listed.to_string().contains(&merged), "{listed}");
    assert_eq!(
        number(&server, &format!("SELECT COUNT(*) FROM memories WHERE content LIKE '%{CANARY}%'")).await,
        0
    );
    let sealed = format!(
        "SELECT COUNT(*) FROM memories_versions WHERE sensitive AND NOT starts_with(content, '{SEALED}')"
    );
    assert_eq!(number(&server, &sealed).await, 0);

    // Everything derived.
    call(&server, "consolidation.run", json!({"project": "p", "wait": true})).await;
    until(&server, &format!("SELECT COUNT(*) FROM embeddings WHERE id = '{merged}'"), |found| found >= 1)
        .await;
    until(&server, "SELECT COUNT(*) FROM episodes WHERE session = 's-1'", |found| found == 1).await;
    server.stop();
    assert_eq!(left(data).await, Vec::<String>::new());

    let server = start(data).await;
    let told = call(&server, "memories.get", json!({"project": "p", "id": merged})).await;
    assert_eq!(told["content"], format!("both {CANARY}s"), "{told}");
    server.stop();
}

/// A memory that becomes sensitive is taken out where it stood in clear.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_becomes_sensitive_was_never_there() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = start(data).await;
    let told =
        json!({"project": "p", "content": format!("the {CANARY} is under the mat"), "name": "the key"});
    let id = call(&server, "memories.remember", told).await["id"].as_str().unwrap().to_owned();
    call(&server, "memories.tag", json!({"project": "p", "id": id, "add": ["door"]})).await;
    let plain = json!({"project": "p", "content": "nothing to hide"});
    let plain = call(&server, "memories.remember", plain).await["id"].clone();
    until(&server, &format!("SELECT COUNT(*) FROM embeddings WHERE id = '{id}'"), |found| found >= 1).await;
    server.stop();
    let before = left(data).await;
    for place in ["events", "memories", "text index: stored"] {
        assert!(before.iter().any(|found| found.starts_with(place)), "{place} is not searched: {before:?}");
    }

    let server = start(data).await;
    let mixed = json!({"project": "p", "ids": [id, plain]});
    call(&server, "memories.update", json!({"project": "p", "id": id, "sensitive": true})).await;
    assert_eq!(server.post("/v1/tools/memories/merge", &mixed).await.unwrap().0, 409);
    let back = json!({"project": "p", "id": id, "version": 0});
    assert_eq!(server.post("/v1/tools/memories/rollback", &back).await.unwrap().0, 409);
    let versions = format!("SELECT COUNT(*) FROM memories_versions WHERE content LIKE '%{CANARY}%'");
    assert_eq!(number(&server, &versions).await, 0, "hidden at once");
    let told = call(&server, "memories.get", json!({"project": "p", "id": id})).await;
    assert_eq!(
        (&told["content"], &told["tags"]),
        (&json!(format!("the {CANARY} is under the mat")), &json!(["door"]))
    );
    purged(&server).await;
    server.stop();
    assert_eq!(left(data).await, Vec::<String>::new());

    let server = start(data).await;
    let told = call(&server, "memories.get", json!({"project": "p", "id": id})).await;
    assert_eq!(told["content"], format!("the {CANARY} is under the mat"), "{told}");
    call(&server, "memories.update", json!({"project": "p", "id": id, "sensitive": false})).await;
    assert_eq!(number(&server, &versions).await, 1, "in clear again, as was asked");
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_opened_for_those_who_may() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut secrets = BTreeMap::new();
    let tokens: [(&str, &[&str]); 5] = [
        ("ann", &["--role", "write", "--project", "p"]),
        ("bob", &["--role", "write", "--project", "p"]),
        ("eve", &["--role", "read", "--project", "p"]),
        ("auditor", &["--role", "read", "--project", "p", "--sensitive"]),
        ("chief", &["--role", "admin"]),
    ];
    for (name, more) in tokens {
        secrets.insert(name, token(path, name, more).await);
    }
    let server = Serve::start(path).await;
    let ask = async |name: &str, operation: &str, arguments: Value| {
        ask(&server.url, &secrets[name], operation, arguments).await
    };
    let (status, told) = ask("ann", "memories.remember", secret(1)).await;
    assert_eq!(status, 200, "{told}");
    let id = told["id"].clone();
    let content = json!(format!("the {CANARY} number 1 opens the vault"));
    for (name, may) in [("ann", true), ("bob", false), ("eve", false), ("auditor", true), ("chief", true)] {
        let (status, told) = ask(name, "memories.get", json!({ "id": id })).await;
        assert_eq!((status, &told["name"]), (200, &json!("vault 1")), "{name}: {told}");
        assert_eq!(told["content"], if may { content.clone() } else { Value::Null }, "{name}");
        assert_eq!(told["reason"].is_string(), !may, "{name}: {told}");
        let (_, history) = ask(name, "memories.history", json!({ "id": id })).await;
        assert_eq!(history.to_string().contains(CANARY), may, "{name}: {history}");
        let (_, export) = ask(name, "memories.export", json!({"format": "jsonl"})).await;
        assert_eq!(
            (export["data"].to_string().contains(CANARY), &export["withheld"]),
            (may, &json!(u8::from(!may))),
            "{name}"
        );
        let (_, markdown) = ask(name, "memories.export", json!({"format": "markdown"})).await;
        assert_eq!(
            (markdown["data"].to_string().contains(CANARY), &markdown["withheld"]),
            (false, &json!(1)),
            "{name}"
        );
    }
    let (status, refused) = ask("bob", "memories.update", json!({"id": id, "sensitive": false})).await;
    assert_eq!((status, &refused["error"]["code"]), (403, &json!("permission_denied")), "{refused}");
    // What is sealed is no content: whoever copies it to a memory of their own is not told it.
    let rows =
        ask("bob", "temporal.as_of", json!({"table": "memories", "at": "2100-01-01T00:00:00Z"})).await.1;
    assert!(!rows.to_string().contains(CANARY), "{rows}");
    let copy = json!({"content": format!("{SEALED}abc⟧")});
    let (status, refused) = ask("bob", "memories.remember", copy.clone()).await;
    assert_eq!((status, &refused["error"]["field"]), (400, &json!("content")), "{refused}");
    let mut copy = copy;
    copy["sensitive"] = json!(true);
    let (_, told) = ask("bob", "memories.remember", copy.clone()).await;
    let (_, told) = ask("bob", "memories.get", json!({"id": told["id"]})).await;
    assert_eq!(told["content"], copy["content"]);
    // What others told is not theirs to seal, and so to purge.
    let (_, told) = ask("ann", "memories.remember", json!({"content": "plain"})).await;
    let (status, _) = ask("bob", "memories.update", json!({"id": told["id"], "sensitive": true})).await;
    assert_eq!(status, 403);
    server.stop().await;
}

/// Projects, each with a key of its own.
const PROJECTS: usize = 40;

async fn in_project(server: &Server, n: usize, operation: &str, mut arguments: Value) -> (u16, Value) {
    arguments["project"] = json!(format!("p{n}"));
    server.post(&format!("/v1/tools/memories/{operation}"), &arguments).await.unwrap()
}

async fn keys(server: &Server) -> Value {
    reqwest::get(format!("{}/v1/keys", server.url)).await.unwrap().json().await.unwrap()
}

async fn all_open(server: &Server, ids: &[Value]) {
    for (n, id) in ids.iter().enumerate() {
        let (status, told) = in_project(server, n, "get", json!({ "id": id })).await;
        assert_eq!(
            (status, &told["content"]),
            (200, &json!(format!("the {CANARY} number {n} opens the vault"))),
            "{told}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_that_is_killed_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut server = Server::start(data, &[]).await;
    let mut ids = Vec::new();
    for n in 0..PROJECTS {
        let (status, told) = in_project(&server, n, "remember", secret(n)).await;
        assert_eq!(status, 200, "{told}");
        ids.push(told["id"].clone());
    }
    let first = keys(&server).await["keys"][0]["id"].clone();
    let mut rng = StdRng::seed_from_u64(3);
    let mut cut = 0;
    for round in 0..5 {
        let begun = tokio::spawn({
            let url = format!("{}/v1/keys/rotate", server.url);
            async move { reqwest::Client::new().post(url).json(&json!({})).send().await.is_ok() }
        });
        tokio::time::sleep(Duration::from_millis(rng.random_range(2..80))).await;
        server.kill();
        cut += usize::from(!begun.await.unwrap());
        server = Server::start(data, &[]).await;
        all_open(&server, &ids).await;
        let look = keys(&server).await;
        assert!(
            look["keys"].as_array().unwrap().iter().all(|key| key["here"] == true),
            "round {round}: {look}"
        );
    }
    assert!(cut > 0, "none of the rotations was cut short");
    server.stop();
    let ended = ended(athena(data, &["key", "rotate", "--data", "."])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let server = Server::start(data, &[]).await;
    let look = keys(&server).await;
    let newest = &look["keys"][0];
    assert_eq!((&newest["data_keys"], &newest["newest"]), (&json!(PROJECTS), &json!(true)), "{look}");
    assert_ne!(newest["id"], first);
    all_open(&server, &ids).await;
    server.stop();

    // The older ones are needed no more.
    let file = data.join("encryption.key");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.lines().next().unwrap()).unwrap();
    let server = Server::start(data, &[]).await;
    all_open(&server, &ids).await;
    server.stop();
}

/// How the keys of the data stand in the tables: every version.
async fn wrapped(server: &Server) -> Vec<Vec<u8>> {
    let rows = server.sql("SELECT body FROM records_versions WHERE kind = 'data_key'").await;
    let body = |row: &Vec<Value>| serde_json::from_str::<Value>(row[0].as_str().unwrap()).unwrap();
    rows.iter().map(|row| body(row)["wrapped"].as_str().unwrap().as_bytes().to_vec()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_rotation_the_older_master_key_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = start(data).await;
    let id = call(&server, "memories.remember", secret(1)).await["id"].clone();
    let old = wrapped(&server).await;
    assert_eq!(old.len(), 1);
    server.stop();
    let before = left_of(data, &old).await;
    for place in ["events.", "records."] {
        assert!(before.iter().any(|found| found.starts_with(place)), "{place} is not searched: {before:?}");
    }

    let server = start(data).await;
    let (status, told) = server.post("/v1/keys/rotate", &json!({})).await.unwrap();
    assert_eq!((status, &told["wrapped"]), (200, &json!(1)), "{told}");
    let new = wrapped(&server).await;
    assert!(new.len() == 1 && new != old, "hidden at once");
    purged(&server).await;
    let get = json!({"project": "p", "id": id});
    let content = json!(format!("the {CANARY} number 1 opens the vault"));
    assert_eq!(call(&server, "memories.get", get.clone()).await["content"], content);
    // The chain of who did what is whole, and tells of both commands.
    let audit =
        call(&server, "safety.audit", json!({"project": "p", "filters": {"operation": "keys"}})).await;
    assert_eq!(
        (audit["items"].as_array().unwrap().len(), &audit["chain"]["whole"]),
        (2, &json!(true)),
        "{audit}"
    );
    server.stop();
    assert_eq!(left_of(data, &old).await, Vec::<String>::new());
    assert!(!left_of(data, &new).await.is_empty());

    let file = data.join("encryption.key");
    let text = std::fs::read_to_string(&file).unwrap();
    let [new, old] = text.lines().collect::<Vec<_>>().try_into().unwrap();
    std::fs::write(&file, old).unwrap();
    let server = start(data).await;
    let (status, error) = server.post("/v1/tools/memories/get", &get).await.unwrap();
    assert_eq!((status, &error["error"]["code"]), (503, &json!("unavailable")), "{error}");
    std::fs::write(&file, new).unwrap();
    assert_eq!(call(&server, "memories.get", get).await["content"], content);
    server.stop();
}

/// What stands in clear, so that a search which does not find it is none.
const PLAIN: &str = "wombatword";

/// Topics of which a record has the word.
async fn topics_with(options: &KafkaOptions, word: &[u8]) -> BTreeSet<String> {
    let dead = options.dead_letters_topic.as_ref().unwrap();
    let mut found = BTreeSet::new();
    for topic in [&options.topics[0], &options.commands_topic, dead] {
        let records = records_of(options, topic).await;
        if records.iter().any(|record| record.windows(word.len()).any(|window| window == word)) {
            found.insert(topic.clone());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_topic_has_it_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let store = open(&data, LogKind::Kafka).await;
    let options = setting("sensitive", 2, &store).await;
    drop(store);
    let config = folder.path().join("test.toml");
    std::fs::write(&config, format!("{}{CONFIG}", configuration(&options))).unwrap();
    let more = ["--kafka", &options.bootstrap, "--config", config.to_str().unwrap()];
    let server = Server::start(&data, &more).await;
    let id = call(&server, "memories.remember", secret(1)).await["id"].clone();
    let content = json!(format!("the {CANARY} number 1 opens the vault"));
    let moved = json!({"project": "p", "id": id, "content": content, "name": "moved"});
    call(&server, "memories.update", moved).await;
    let line = json!({"content": format!("imported {CANARY}"), "sensitive": true}).to_string();
    call(&server, "memories.import", json!({"project": "p", "format": "jsonl", "data": line})).await;
    let plain = json!({"project": "p", "content": format!("a {PLAIN} in clear")});
    call(&server, "memories.remember", plain).await;
    let message =
        json!({"project": "p", "session": "s-1", "type": "message", "content": format!("one more {PLAIN}")});
    server.post("/v1/events", &message).await.unwrap();

    let both = BTreeSet::from([options.topics[0].clone(), options.commands_topic.clone()]);
    assert_eq!(topics_with(&options, PLAIN.as_bytes()).await, both, "what is in clear is found");
    assert_eq!(topics_with(&options, CANARY.as_bytes()).await, BTreeSet::new());
    let get = json!({"project": "p", "id": id});
    assert_eq!(call(&server, "memories.get", get.clone()).await["content"], content);

    let old = wrapped(&server).await;
    let (status, told) = server.post("/v1/keys/rotate", &json!({})).await.unwrap();
    assert_eq!((status, &told["wrapped"]), (200, &json!(old.len())), "{told}");
    assert_eq!(call(&server, "memories.get", get.clone()).await["content"], content);
    assert_eq!(topics_with(&options, CANARY.as_bytes()).await, BTreeSet::new());
    purged(&server).await;
    assert_eq!(call(&server, "memories.get", get.clone()).await["content"], content);
    server.stop();
    assert_eq!(left_by(&data, LogKind::Kafka, &[CANARY.into()]).await, Vec::<String>::new());
    assert_eq!(left_by(&data, LogKind::Kafka, &old).await, Vec::<String>::new(), "the tables let go");
    // As docs/safety.md says: the broker's own copy stays as long as the broker keeps it.
    assert_eq!(topics_with(&options, &old[0]).await, BTreeSet::from([options.commands_topic.clone()]));

    // The newest key is enough.
    let file = data.join("encryption.key");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.lines().next().unwrap()).unwrap();
    let server = Server::start(&data, &more).await;
    assert_eq!(call(&server, "memories.get", get).await["content"], content);
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_key_is_said_and_everything_else_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let file = data.join("keys");
    let made = ended(athena(data, &["key", "generate", "--to", "keys"])).await;
    assert_eq!(made.code, Some(0), "{}", made.err);
    let lost = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        ended(athena(data, &["key", "generate", "--to", "keys"])).await.code,
        Some(1),
        "no key is written over"
    );
    let config = data.join("keys.toml");
    std::fs::write(&config, format!("[encryption]\nkey_file = {:?}\n", file.to_str().unwrap())).unwrap();
    let more = ["--config", config.to_str().unwrap()];
    let server = Server::start(data, &more).await;
    let id = call(&server, "memories.remember", secret(1)).await["id"].clone();
    server.stop();

    let kept = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    ended(athena(data, &["key", "generate", "--to", "keys"])).await;
    let server = Server::start(data, &more).await;
    let get = json!({"project": "p", "id": id});
    let (status, error) = server.post("/v1/tools/memories/get", &get).await.unwrap();
    assert_eq!((status, &error["error"]["code"]), (503, &json!("unavailable")), "{error}");
    assert!(error["error"]["message"].as_str().unwrap().contains(&lost), "{error}");
    assert!(error["error"]["hint"].as_str().unwrap().contains("keys"), "{error}");
    // All else goes on, new ones included.
    call(&server, "memories.remember", json!({"project": "p", "content": "plain"})).await;
    let new = call(&server, "memories.remember", secret(2)).await["id"].clone();
    assert!(call(&server, "memories.get", json!({"project": "p", "id": new})).await["content"].is_string());
    call(&server, "memories.list", json!({"project": "p"})).await;
    call(&server, "memories.pin", json!({"project": "p", "id": id, "pinned": true})).await;
    assert_eq!(keys(&server).await["keys"][1]["here"], json!(false));
    server.stop();
    let doctor = ended(athena(data, &["doctor", "--data", ".", "--config", "keys.toml"])).await;
    assert!(doctor.out.contains(&format!("key {lost} is missing")), "{}", doctor.out);

    let both = [std::fs::read(&file).unwrap(), kept].concat();
    std::fs::write(&file, both).unwrap();
    let server = Server::start(data, &more).await;
    let told = call(&server, "memories.get", get.clone()).await;
    assert_eq!(told["content"], json!(format!("the {CANARY} number 1 opens the vault")));
    // The file goes while it runs: nothing that was read before opens it.
    std::fs::remove_file(&file).unwrap();
    let (status, error) = server.post("/v1/tools/memories/get", &get).await.unwrap();
    assert_eq!((status, &error["error"]["code"]), (503, &json!("unavailable")), "{error}");
    let (status, error) = server.post("/v1/tools/memories/remember", &secret(3)).await.unwrap();
    assert_eq!((status, &error["error"]["code"]), (503, &json!("unavailable")), "{error}");
    server.stop();
}
