//! One's own history: hooks and transcript of one session, through their doors, are the same events.

use std::process::Command;

use serde_json::Value;

use crate::recovery::Server;

const HOOKS: &str = include_str!("data/claude/hooks.jsonl");

async fn hook(server: &Server, body: &str) -> Value {
    let url = format!("{}/v1/hooks/claude-code?project=shop", server.url);
    let answer = reqwest::Client::new().post(url).body(body.to_owned()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

fn import(server: &Server) -> Value {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/claude/transcript.jsonl");
    let done = Command::new(env!("CARGO_BIN_EXE_athena"))
        .args(["import", file, "--project", "shop", "--server", &server.url])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).expect("a line of JSON")
}

#[tokio::test]
async fn hooks_and_transcript_of_a_session_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]).await;
    let mut taken = 0;
    for body in HOOKS.lines() {
        taken += hook(&server, body).await["accepted"].as_u64().unwrap();
    }
    assert!(taken >= 9, "the hooks tell of prompts, calls, results and answers");
    let imported = import(&server);
    let (added, known) = (imported["accepted"].as_u64().unwrap(), imported["duplicates"].as_u64().unwrap());
    assert!(known >= 7, "prompts, calls, results and answers were known by the hooks: {imported}");
    assert!(added >= 1, "what only the transcript has is new: {imported}");
    let rows =
        server.sql("SELECT COUNT(*), COUNT(DISTINCT dedup), COUNT(DISTINCT project) FROM events").await;
    let total = Value::from(taken + added);
    assert_eq!(rows[0], [total.clone(), total, 1.into()]);
    // Each again, in the other order.
    let again = import(&server);
    assert_eq!((&again["accepted"], &again["duplicates"]), (&0.into(), &(added + known).into()));
    for body in HOOKS.lines() {
        hook(&server, body).await;
    }
    let said = "SELECT content FROM events WHERE type = 'message' AND agent = 'user' ORDER BY content";
    let said = server.sql(said).await;
    assert_eq!(said.iter().filter(|row| row[0] == "fix the cart test").count(), 1, "{said:?}");
    server.stop();
}
