//! Conversations: messages in order, points to return to, and summaries in the words that were said.

use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};

async fn ask(server: &Serve, operation: &str, arguments: Value) -> Value {
    let answer = called(server, "conversations", operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("conversations.{operation}: {error}"))
}

async fn refused(server: &Serve, operation: &str, arguments: Value) -> Value {
    called(server, "conversations", operation, arguments, "p").await.unwrap_err()["error"].clone()
}

fn column(answer: &Value, name: &str) -> Vec<String> {
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|item| item[name].as_str().unwrap_or("-").to_owned()).collect()
}

const TALK: [(&str, &str); 6] = [
    ("user", "The import of invoices fails for customers in Norway."),
    ("assistant", "The import reads the amount with a point, and Norway writes a comma."),
    ("user", "So the import should read both. What about the tests?"),
    ("assistant", "I add a test for the comma to the import, and one for the point."),
    ("user", "Good. Lunch?"),
    ("assistant", "The import of invoices reads both now, and both tests pass."),
];

async fn talked(server: &Serve) -> (String, Vec<String>) {
    let begun = json!({"title": "Invoices", "participants": ["user", "assistant"]});
    let id = ask(server, "start", begun).await["id"].as_str().unwrap().to_owned();
    let mut messages = Vec::new();
    for (at, (role, content)) in TALK.iter().enumerate() {
        let message = json!({"conversation": id, "role": role, "content": content,
                             "at": format!("2026-11-20T10:{at:02}:00Z")});
        messages.push(ask(server, "append", message).await["id"].as_str().unwrap().to_owned());
    }
    (id, messages)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_comes_back_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let (id, messages) = talked(&server).await;
    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let page = ask(&server, "history", json!({"conversation": id, "limit": 4, "cursor": cursor})).await;
        seen.extend(page["items"].as_array().unwrap().clone());
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    let told: Vec<(&str, &str)> =
        seen.iter().map(|item| (item["role"].as_str().unwrap(), item["content"].as_str().unwrap())).collect();
    assert_eq!(told, TALK);
    // A message of an earlier time stands earlier.
    let late = json!({"conversation": id, "role": "user", "content": "Hello", "at": "2026-11-20T09:00:00Z"});
    ask(&server, "append", late.clone()).await;
    assert_eq!(ask(&server, "history", json!({"conversation": id})).await["items"][0]["content"], "Hello");

    let facts = ask(&server, "get", json!({"conversation": id})).await;
    assert_eq!(
        (&facts["title"], &facts["messages"], &facts["active"]),
        (&json!("Invoices"), &json!(7), &json!(true))
    );
    assert_eq!(facts["last_at"], "2026-11-20T10:05:00Z");
    assert_eq!(facts["participants"], json!(["user", "assistant"]));

    ask(&server, "close", json!({"conversation": id})).await;
    assert_eq!(refused(&server, "append", late).await["code"], "conflict");
    assert_eq!(ask(&server, "list", json!({"active": true})).await["items"], json!([]));
    assert_eq!(
        column(&ask(&server, "list", json!({"active": false})).await, "id"),
        std::slice::from_ref(&id)
    );
    ask(&server, "start", json!({"session": id})).await;
    assert_eq!(ask(&server, "get", json!({"conversation": id})).await["active"], true);
    assert_eq!(messages.len(), TALK.len());

    // The same message twice is one.
    let again = json!({"conversation": id, "role": "user", "content": "Again", "event_id": "again"});
    assert_eq!(ask(&server, "append", again.clone()).await["duplicate"], false);
    assert_eq!(ask(&server, "append", again).await["duplicate"], true);
    assert_eq!(ask(&server, "get", json!({"conversation": id})).await["messages"], 8);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_of_agents_are_conversations_too() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let events: Vec<Value> = ["first words", "second words"]
        .iter()
        .enumerate()
        .map(|(at, content)| json!({"id": format!("m-{at}"), "project": "p", "session": "s-1", "type": "message", "agent": "ann", "content": content}))
        .chain([json!({"id": "t", "project": "p", "session": "s-1", "type": "tool_call", "tool": "Bash", "content": "ls"})])
        .collect();
    post(&server, "/v1/events", json!(events)).await;
    assert_eq!(column(&ask(&server, "history", json!({"conversation": "s-1"})).await, "id"), ["m-0", "m-1"]);
    let facts = ask(&server, "get", json!({"conversation": "s-1"})).await;
    assert_eq!((&facts["participants"], &facts["started_at"]), (&json!(["ann"]), &Value::Null));
    let error =
        refused(&server, "append", json!({"conversation": "s-1", "role": "user", "content": "x"})).await;
    assert_eq!((&error["code"], &error["field"]), (&json!("not_found"), &json!("conversation")));
    ask(&server, "start", json!({"session": "s-1", "title": "Taken over"})).await;
    ask(&server, "append", json!({"conversation": "s-1", "role": "user", "content": "third words"})).await;
    assert_eq!(ask(&server, "get", json!({"conversation": "s-1"})).await["messages"], 3);
    assert_eq!(refused(&server, "history", json!({"conversation": "s-2"})).await["code"], "not_found");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hit_stands_between_its_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let (id, messages) = talked(&server).await;
    let noise: Vec<Value> = (0..30)
        .map(|at| json!({"id": format!("n-{at}"), "project": "p", "session": "other", "type": "message", "content": format!("A comma in row {at}")}))
        .collect();
    post(&server, "/v1/events", json!(noise)).await;
    let asked = json!({"query": "Norway writes a comma", "conversation": id, "k": 1, "after": {}});
    let found = ask(&server, "search", asked).await;
    let hit = &found["items"][0];
    let neighbours = (&hit["id"], &hit["before"]["id"], &hit["after"]["id"]);
    assert_eq!(neighbours, (&json!(messages[1]), &json!(messages[0]), &json!(messages[2])));
    let everywhere = ask(&server, "search", json!({"query": "comma", "mode": "text", "k": 40})).await;
    assert!(column(&everywhere, "id").iter().any(|id| id.starts_with("n-")));
    let first = json!({"query": "fails for customers", "conversation": id, "k": 1, "mode": "text"});
    let first = ask(&server, "search", first).await;
    assert_eq!((&first["items"][0]["id"], &first["items"][0]["before"]), (&json!(messages[0]), &Value::Null));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_point_is_returned_to_and_nothing_later_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let (id, messages) = talked(&server).await;
    ask(&server, "snapshot", json!({"conversation": id, "name": "agreed"})).await;
    for content in ["The import must also read spaces.", "Spaces are read by the import now."] {
        ask(&server, "append", json!({"conversation": id, "role": "user", "content": content})).await;
    }
    let stood = ask(&server, "recover", json!({"conversation": id, "snapshot": "agreed", "limit": 2})).await;
    assert_eq!(column(&stood, "id"), messages[4..]);
    assert_eq!((&stood["snapshot"]["messages"], &stood["earlier_messages"]), (&json!(6), &json!(4)));
    let earlier = stood["earlier"].as_array().unwrap();
    assert!(
        !earlier.is_empty()
            && earlier.iter().all(|one| messages[..4].contains(&one["id"].as_str().unwrap().to_owned()))
    );
    assert!(!stood.to_string().contains("paces"), "{stood}");
    let newest = ask(&server, "recover", json!({"conversation": id})).await;
    assert_eq!(newest["snapshot"]["name"], "agreed");
    let error = refused(&server, "recover", json!({"conversation": id, "snapshot": "never"})).await;
    assert_eq!((&error["code"], &error["field"]), (&json!("not_found"), &json!("snapshot")));

    let summary = ask(&server, "summary", json!({"conversation": id, "limit": 3})).await;
    assert_eq!((&summary["method"], &summary["messages"]), (&json!("extractive"), &json!(8)));
    let items = summary["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    let history = ask(&server, "history", json!({"conversation": id})).await;
    for item in items {
        let of =
            history["items"].as_array().unwrap().iter().find(|message| message["id"] == item["id"]).unwrap();
        assert!(of["content"].as_str().unwrap().contains(item["content"].as_str().unwrap()), "{item}");
    }
    assert!(
        summary["summary"].as_str().unwrap().contains("import") && !summary.to_string().contains("Lunch")
    );

    let text = ask(&server, "export", json!({"conversation": id, "format": "markdown"})).await;
    let text = text["text"].as_str().unwrap();
    assert!(text.starts_with("# Invoices\n") && text.contains("**assistant** · 2026-11-20T10:01:00Z"));
    let mut from = 0;
    for (_, content) in TALK {
        from += text[from..].find(content).unwrap_or_else(|| panic!("{content} in its place"));
    }
    let whole = ask(&server, "export", json!({"conversation": id, "format": "json"})).await;
    let whole: Value = serde_json::from_str(whole["text"].as_str().unwrap()).unwrap();
    assert_eq!(whole["messages"].as_array().unwrap().len(), 8);
    server.stop().await;
}
