//! Memories that say the same, that contradict each other, and what is done about them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::processes::{Serve, post};

/// The server and a project of it.
struct Told {
    server: Serve,
    _folder: tempfile::TempDir,
}

impl Told {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Serve::start(folder.path()).await;
        Self { server, _folder: folder }
    }

    async fn call(&self, operation: &str, mut arguments: Value) -> Value {
        arguments["project"] = "p".into();
        post(&self.server, &format!("/v1/tools/memories/{operation}"), arguments).await
    }

    /// The error of a call that must fail.
    async fn refused(&self, operation: &str, mut arguments: Value) -> Value {
        arguments["project"] = "p".into();
        let url = format!("{}/v1/tools/memories/{operation}", self.server.url);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = http.post(url).json(&arguments).send().await.unwrap();
        assert!(!answer.status().is_success(), "{operation} {arguments}");
        answer.json::<Value>().await.unwrap()["error"].clone()
    }

    async fn remember(&self, content: &str) -> Value {
        self.call("remember", json!({ "content": content })).await
    }

    async fn recalled(&self, query: &str) -> Vec<Value> {
        let answer = self.call("recall", json!({"query": query, "kinds": ["memory"], "after": {}})).await;
        answer["items"].as_array().unwrap().clone()
    }
}

fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_says_the_same_is_told_and_recalled_once() {
    let told = Told::start().await;
    let first = told.call("remember", json!({"content": "The nightly backup of the orders database begins at 02:30 UTC.", "source": "wiki"})).await;
    assert_eq!((&first["duplicates"], first.get("duplicate_of")), (&json!([]), None), "{first}");
    told.remember("The coffee machine on floor 3 takes beans only.").await;
    let again = told.call("remember", json!({"content": "Every night at 2:30 UTC the backup job for the orders DB starts.", "source": "chat"})).await;
    assert_eq!(again["duplicate_of"], first["id"], "{again}");
    assert_eq!(again["duplicates"], json!([first["id"]]));
    assert_eq!((&again["contradictions"], &again["degraded"]), (&json!([]), &json!([])));

    let found = told.recalled("When does the backup of the orders database begin?").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["id"], again["id"], "the newest stands for both");
    let sources: BTreeSet<&str> =
        found[0]["sources"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(
        sources.is_superset(&BTreeSet::from(["wiki", "chat", first["id"].as_str().unwrap()])),
        "{sources:?}"
    );

    // Made one for good, the other is superseded, and nothing is said twice any more.
    let merged = told.call("merge", json!({"ids": [first["id"], again["id"]]})).await;
    assert_eq!((&merged["id"], &merged["merged"]), (&again["id"], &json!([first["id"]])));
    let one = told.call("get", json!({"id": again["id"]})).await;
    assert_eq!(one["source"], "chat; wiki");
    assert_eq!(told.call("get", json!({"id": first["id"]})).await["superseded_by"], again["id"]);
    let third = told.remember("The nightly backup of the orders database begins at 02:30 UTC.").await;
    assert_eq!(third["duplicates"], json!([again["id"]]), "what was superseded is not told again");
    told.server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contradictions_are_found_dated_and_ended() {
    let told = Told::start().await;
    let old = told.remember("The payments API listens on port 8443.").await;
    told.remember("The payments API is owned by team Falcon.").await;
    told.remember("The design system uses the font Inter.").await;
    let new = told.remember("The payments API listens on port 9443.").await;
    let [found] = &new["contradictions"].as_array().unwrap()[..] else { panic!("{new}") };
    assert_eq!((&found["newer"]["id"], &found["older"]["id"]), (&new["id"], &old["id"]));
    assert_eq!((&found["newer"]["value"], &found["older"]["value"]), (&json!("9443"), &json!("8443")));
    assert_eq!((&found["older"]["start"], &found["older"]["end"]), (&json!(33), &json!(37)));
    assert_eq!((&found["dated_by"], &found["possible"]), (&json!("recorded_at"), &json!(false)));
    assert!(found["probability"].as_f64().unwrap() >= 0.4, "{found}");

    // The same of all, and of each of the two; of a third there is none.
    for arguments in [json!({}), json!({"id": old["id"]}), json!({"id": new["id"]})] {
        let all = told.call("contradictions", arguments.clone()).await;
        assert_eq!(all["items"].as_array().unwrap().len(), 1, "{arguments}: {all}");
        assert_eq!(all["items"][0]["newer"]["id"], new["id"]);
    }
    let unknown = told.refused("contradictions", json!({"id": "m-x"})).await;
    assert_eq!(unknown["code"], "not_found");

    // What is suggested is a call, and it ends the contradiction.
    let suggestion = &found["suggestion"];
    assert_eq!(suggestion["call"], "memories.supersede");
    told.call("supersede", suggestion["arguments"].clone()).await;
    assert_eq!(told.call("contradictions", json!({})).await["items"], json!([]));

    // From when they hold counts before when they were told; and who ended before the other began is no contradiction.
    let held = |content: &str, from: &str| json!({"content": content, "valid_from": from});
    let late = told
        .call("remember", held("The office of the Graz team is in Annenstrasse 12.", "2026-05-01T00:00:00Z"))
        .await;
    let early = told
        .call("remember", held("The office of the Graz team is in Annenstrasse 40.", "2025-05-01T00:00:00Z"))
        .await;
    let found = &early["contradictions"][0];
    assert_eq!((&found["newer"]["id"], &found["dated_by"]), (&late["id"], &json!("valid_from")), "{early}");
    let ended = json!({"id": early["id"], "valid_until": "2026-05-01T00:00:00Z"});
    told.call("update", ended).await;
    assert_eq!(told.call("contradictions", json!({})).await["items"], json!([]));
    told.server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_is_taken_away_and_nothing_is_no_change() {
    let told = Told::start().await;
    let given = json!({"content": "The kiosk opens at eight", "valid_until": "2030-05-01T00:00:00Z"});
    let memory = id(&told.call("remember", given).await);
    told.call("update", json!({"id": memory, "importance": 0.9})).await;
    assert!(told.call("get", json!({ "id": memory })).await["valid_until"].is_string());
    told.call("update", json!({"id": memory, "valid_until": ""})).await;
    assert_eq!(told.call("get", json!({ "id": memory })).await["valid_until"], Value::Null);
    let wrong = told.refused("update", json!({"id": memory, "valid_until": "soon"})).await;
    assert_eq!(wrong["field"], "valid_until");
    let nothing = told.refused("update", json!({"id": memory, "content": null})).await;
    assert_eq!(
        (&nothing["field"], &nothing["message"]),
        (&json!("content"), &json!("there is nothing to change"))
    );
    told.server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_is_there_again() {
    let told = Told::start().await;
    let first =
        told.call("remember", json!({"content": "Releases are cut on Mondays", "tags": ["release"]})).await;
    let memory = id(&first);
    told.call("update", json!({"id": memory, "content": "Releases are cut on Fridays", "tags": []})).await;
    told.call("rollback", json!({ "id": memory })).await;
    let now = told.call("get", json!({ "id": memory })).await;
    assert_eq!((&now["content"], &now["tags"]), (&json!("Releases are cut on Mondays"), &json!(["release"])));
    let versions = told.call("history", json!({ "id": memory })).await["items"].as_array().unwrap().len();
    assert_eq!(versions, 3);
    let unknown = told.refused("rollback", json!({"id": memory, "version": 999_999})).await;
    assert_eq!((&unknown["code"], &unknown["field"]), (&json!("not_found"), &json!("version")));

    assert_eq!(told.refused("restore", json!({ "id": memory })).await["code"], "conflict");
    told.call("forget", json!({ "id": memory })).await;
    assert_eq!(told.recalled("When are releases cut?").await, Vec::<Value>::new());
    told.call("restore", json!({ "id": memory })).await;
    let found = told.recalled("When are releases cut?").await;
    assert_eq!(found[0]["id"], json!(memory), "{found:?}");
    assert_eq!(told.refused("restore", json!({"id": "m-x"})).await["code"], "not_found");

    let why = id(&told.remember("Customers read their mail on Mondays").await);
    let link = json!({"from": why, "to": memory, "relation": "explains"});
    let linked = told.call("link", link.clone()).await;
    assert_eq!(told.call("link", link).await["id"], linked["id"]);
    for end in [&why, &memory] {
        let links = told.call("get", json!({ "id": end })).await["links"].clone();
        assert_eq!(
            (&links[0]["from"], &links[0]["to"], &links[0]["relation"]),
            (&json!(why), &json!(memory), &json!("explains")),
            "{links}"
        );
        assert_eq!(links.as_array().unwrap().len(), 1);
    }
    told.server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_exported_is_imported_once() {
    let told = Told::start().await;
    let data = "## preference\n- Short answers, please\n- No emojis in commit messages\n\n## Team\nMarta leads the web team\nsince 2024\n";
    let markdown = json!({"format": "markdown", "data": data});
    let imported = told.call("import", markdown.clone()).await;
    assert_eq!(
        (&imported["imported"], &imported["duplicates"], &imported["rejected"]),
        (&json!(3), &json!(0), &json!([]))
    );
    let again = told.call("import", markdown).await;
    assert_eq!((&again["imported"], &again["duplicates"]), (&json!(0), &json!(3)));
    let kinds: BTreeSet<String> = told.call("list", json!({"kind": "preference"})).await["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["content"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["No emojis in commit messages", "Short answers, please"].map(str::to_owned).into());

    let exported = told.call("export", json!({"format": "jsonl", "limit": 2})).await;
    assert_eq!(exported["count"], 2);
    let rest =
        told.call("export", json!({"format": "jsonl", "limit": 2, "cursor": exported["next_cursor"]})).await;
    assert_eq!((&rest["count"], &rest["next_cursor"]), (&json!(1), &Value::Null));
    let lines = format!("{}{}nonsense\n", exported["data"].as_str().unwrap(), rest["data"].as_str().unwrap());
    let back = told.call("import", json!({"format": "jsonl", "data": lines})).await;
    assert_eq!((&back["imported"], &back["duplicates"]), (&json!(0), &json!(3)), "{back}");
    assert_eq!(back["rejected"][0]["index"], 3);
    // Elsewhere the same lines are new, and say the same.
    let elsewhere = json!({"format": "jsonl", "data": lines, "project": "q"});
    let moved = post(&told.server, "/v1/tools/memories/import", elsewhere).await;
    assert_eq!(moved["imported"], 3);
    let sql = json!({"sql": "SELECT content, kind, tags FROM memories ORDER BY content", "project": "q"});
    let theirs = post(&told.server, "/v1/sql", sql.clone()).await["rows"].clone();
    let mut ours = sql;
    ours["project"] = "p".into();
    assert_eq!(post(&told.server, "/v1/sql", ours).await["rows"], theirs);

    let mem0 = json!([{"id": "1", "memory": "Lives in Graz", "user_id": "ann"}, {"memory": ""}]).to_string();
    let imported = told.call("import", json!({"format": "mem0", "data": mem0})).await;
    assert_eq!((&imported["imported"], &imported["rejected"][0]["index"]), (&json!(1), &json!(1)));
    let kept = told.call("get", json!({"id": imported["ids"][0]})).await;
    assert_eq!((&kept["content"], &kept["source"]), (&json!("Lives in Graz"), &json!("mem0:ann")));
    assert_eq!(told.refused("import", json!({"format": "graphiti", "data": "{}"})).await["field"], "data");
    told.server.stop().await;
}
