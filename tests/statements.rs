//! Statements that would hold up everything else: nothing waits for them, and they end in time or are left.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::processes::{SERVE, Serve, athena, post};

const TIMEOUT: Duration = Duration::from_secs(2);
/// What an answer may take longer than that, on a machine that does other things too.
const ABOUT: Duration = Duration::from_secs(1);

async fn serve(folder: &Path) -> Serve {
    let mut command = athena(folder, &SERVE);
    command.env("ATHENA_SQL_TIMEOUT_MS", TIMEOUT.as_millis().to_string());
    Serve::of(command, folder).await
}

async fn asked(server: &Serve, statement: &str) -> (u16, Value) {
    let request = server.http.post(format!("{}/v1/sql", server.url)).json(&json!({"sql": statement}));
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The first is stopped at a place that the plan was given, the second has none: it goes on by itself.
const ENDLESS: [&str; 2] = [
    "SELECT count(*) FROM generate_series(1,1000000000) a, generate_series(1,100000) b",
    "SELECT levenshtein(repeat('x', 1000000), repeat('y', 1000000))",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_waits_for_a_statement_that_does_not_end() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path()).await;
    post(&server, "/v1/tools/memories/remember", json!({"content": "deploy on Tuesdays"})).await;
    let began = Instant::now();
    let endless = futures::future::join_all(ENDLESS.map(async |statement| {
        let answer = asked(&server, statement).await;
        (answer, began.elapsed())
    }));
    let meanwhile = async {
        let mut rounds = 0;
        while began.elapsed() < TIMEOUT {
            let asked_at = Instant::now();
            let health = server.http.get(format!("{}/healthz", server.url)).send().await.unwrap();
            assert_eq!(health.status(), 200);
            assert_eq!(asked(&server, "SELECT 1 AS one").await.1["rows"], json!([[1]]));
            let found = post(&server, "/v1/search", json!({"query": "deploy", "mode": "text"})).await;
            assert_eq!(found["hits"].as_array().map(Vec::len), Some(1), "{found}");
            assert!(asked_at.elapsed() < TIMEOUT, "{:?}", asked_at.elapsed());
            rounds += 1;
        }
        rounds
    };
    let (endless, rounds) = tokio::join!(endless, meanwhile);
    assert!(rounds > 0);
    for ((status, answer), took) in endless {
        assert_eq!((status, &answer["error"]["code"]), (429, &json!("resource_exhausted")), "{answer}");
        assert!(took < TIMEOUT + ABOUT, "{took:?}");
    }
    assert_eq!(asked(&server, "SELECT 1").await.0, 200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_words_do_not_fill_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path()).await;
    for statement in [
        "SELECT length(repeat('x', 2000000000))",
        "SELECT lpad('x', 2000000000)",
        "SELECT unnest(range(1, 1000000000))",
        "WITH a AS (SELECT repeat('x', 1000000) AS x), b AS (SELECT x || x || x || x AS x FROM a), \
         c AS (SELECT x || x || x || x AS x FROM b), d AS (SELECT x || x || x || x AS x FROM c) \
         SELECT length(x) FROM d",
    ] {
        let (status, answer) = asked(&server, statement).await;
        assert_eq!((status, &answer["error"]["field"]), (400, &json!("sql")), "{statement}: {answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains("would make"), "{answer}");
    }
    let (status, answer) = asked(&server, "SELECT 'a' || 'b', repeat('=', 3)").await;
    assert_eq!((status, &answer["rows"]), (200, &json!([["ab", "==="]])));
    server.stop().await;
}
