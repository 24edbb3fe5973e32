//! What is missing is said, the answer comes all the same, and the next is whole.

use std::time::Duration;

use serde_json::{Value, json};

use crate::processes::{Serve, post};

async fn search(server: &Serve, more: Value) -> Value {
    let mut body = json!({"query": "checkout total", "project": "p"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    post(server, "/v1/search", body).await
}

/// Asks until the answer is whole, within bounds.
async fn whole(server: &Serve) -> Value {
    let ask = async {
        loop {
            let answer = search(server, json!({})).await;
            if answer["degraded"] == json!([]) {
                return answer;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ask).await.expect("it becomes whole")
}

fn events() -> Value {
    let event = |at: usize| {
        json!({"id": format!("e-{at}"), "project": "p", "session": format!("s-{}", at / 20),
                                   "content": format!("step {at}: the total of the checkout was {at}")})
    };
    json!((0..2_000).map(event).collect::<Vec<_>>())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadline_leaves_what_words_find() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    post(&server, "/v1/events", events()).await;
    whole(&server).await;
    let hasty = search(&server, json!({"budget_ms": 0})).await;
    assert!(hasty["degraded"].as_array().unwrap().contains(&json!("deadline")), "{hasty}");
    assert_eq!(hasty["hits"].as_array().unwrap().len(), 10, "words are found all the same");
    let five = search(&server, json!({"budget_ms": 5})).await;
    assert_eq!(five["hits"].as_array().unwrap().len(), 10);
    let next = search(&server, json!({"budget_ms": 20_000})).await;
    assert_eq!((&next["degraded"], next["hits"].as_array().unwrap().len()), (&json!([]), 10));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_is_lost_comes_back_while_it_answers() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    post(&server, "/v1/events", events()).await;
    whole(&server).await;
    server.stop().await;
    std::fs::remove_dir_all(folder.path().join("data/index")).unwrap();
    let server = Serve::start(folder.path()).await;
    // Whatever is there yet, it is an answer, and what it lacks is named.
    let first = search(&server, json!({})).await;
    for word in first["degraded"].as_array().unwrap() {
        let word = word.as_str().unwrap();
        assert!(["text_index_rebuilding", "vectors_behind", "behind"].contains(&word), "{first}");
    }
    assert_eq!(whole(&server).await["hits"].as_array().unwrap().len(), 10);
    let one = search(&server, json!({"query": "\"step 777\"", "mode": "text"})).await;
    assert_eq!((one["hits"].as_array().unwrap().len(), &one["hits"][0]["id"]), (1, &json!("e-777")));
    server.stop().await;
}
