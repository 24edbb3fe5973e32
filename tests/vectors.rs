//! Vectors: made once behind the commit, found by meaning, gone with what they are of.

use athena_consolidate::Embedder;
use athena_store::LogKind;
use athena_store::embed::{Model, StaticTable};
use serde_json::{Value, json};

use crate::processes::{Serve, post};
use crate::support::*;

/// Searches project `p` until vectors are there too.
async fn search(server: &Serve, mut body: Value) -> Vec<Value> {
    body["project"] = "p".into();
    loop {
        let mut answer = post(server, "/v1/search", body.clone()).await;
        if answer["degraded"] == json!([]) {
            return answer["hits"].take().as_array().unwrap().clone();
        }
        assert_eq!(answer["degraded"], json!(["vectors_behind"]));
    }
}

fn ids(hits: &[Value]) -> Vec<&str> {
    hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_that_embed_the_same_add_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    append(&store, 0, 0, 3_000).await.unwrap();
    append(&store, 1, 0, 2_000).await.unwrap();
    // Another store handle is what another process has.
    let other = open(folder.path(), LogKind::Kafka).await;
    let [mut one, mut two] = [&store, &other].map(|of| Embedder::new(of.clone(), StaticTable::built_in()));
    let (one_added, two_added) = tokio::join!(one.catch_up(), two.catch_up());
    assert_eq!(one_added.unwrap() + two_added.unwrap(), 5_000);
    let counted = "SELECT COUNT(*), COUNT(DISTINCT position), COUNT(DISTINCT id) FROM embeddings";
    store.refresh().await.unwrap();
    assert_eq!(sql(&store, counted).await[0], ["5000", "5000", "5000"]);
    append(&store, 0, 3_000, 3_001).await.unwrap();
    assert_eq!((one.catch_up().await.unwrap(), one.catch_up().await.unwrap()), (1, 0));
    // Each model has progress of its own.
    let own = store.embeddings.applied().of(StaticTable::built_in().name());
    assert_eq!(own, store.events.applied());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_means_the_same_is_found_in_every_mode_that_knows_meanings() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let texts = [
        ("e-1", "a", "the automobile would not start in the cold morning"),
        ("e-2", "a", "we bought bread and cheese for the picnic"),
        ("e-3", "b", "the vehicle was repaired by the mechanic"),
        ("e-4", "b", "quarterly revenue grew by nine percent"),
    ];
    let events = texts.map(|(id, session, content)| {
        json!({"id": id, "project": "p", "session": session, "content": content, "type": "message"})
    });
    post(&server, "/v1/events", json!(events)).await;
    post(&server, "/v1/events", json!({"id": "q-1", "project": "q", "content": "the car of another"})).await;

    let question = json!({"query": "car trouble", "k": 2});
    let with = |more: Value| {
        let mut body = question.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    assert_eq!(search(&server, with(json!({"mode": "text"}))).await.len(), 0);
    for mode in ["vector", "hybrid"] {
        let hits = search(&server, with(json!({"mode": mode, "explain": true}))).await;
        let mut found = ids(&hits);
        found.sort_unstable();
        assert_eq!(found, ["e-1", "e-3"], "{mode}");
        let parts = &hits[0]["parts"];
        assert!(parts["vector"].as_f64().unwrap() > 0.0 && parts["text"] == 0.0, "{parts}");
        assert!(parts["like.soft"].as_f64().unwrap() > 0.0, "{parts}");
    }
    // A filter is applied before the nearest are drawn.
    let hits = search(&server, with(json!({"mode": "vector", "session": "b", "k": 1}))).await;
    assert_eq!(ids(&hits), ["e-3"]);
    assert_eq!(search(&server, with(json!({"mode": "vector", "type": "build"}))).await.len(), 0);

    server.stop().await;
    let server = Serve::start(folder.path()).await;
    assert_eq!(search(&server, with(json!({"mode": "vector"}))).await.len(), 2);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_memory_is_found_by_what_it_says_now() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let call = async |operation: &str, arguments: Value| {
        post(&server, &format!("/v1/tools/memories/{operation}"), arguments).await
    };
    let told = call("remember", json!({"project": "p", "content": "the kitten sleeps on the roof"})).await;
    let secret = json!({"project": "p", "name": "vault", "content": "a puppy barks", "sensitive": true});
    call("remember", secret).await;
    let vector = |query: &str| json!({"query": query, "mode": "vector", "k": 1, "kinds": ["memory"]});
    let hits = search(&server, vector("cat")).await;
    assert_eq!(ids(&hits), [told["id"].as_str().unwrap()]);

    call("update", json!({"project": "p", "id": told["id"], "content": "taxes are due in spring"})).await;
    let hits = search(&server, vector("duties to pay to the state")).await;
    assert_eq!(
        (ids(&hits)[0], &hits[0]["content"]),
        (told["id"].as_str().unwrap(), &json!("taxes are due in spring"))
    );
    let like = |hits: &[Value]| hits[0]["parts"]["like.soft"].as_f64().unwrap();
    let explained = |query: &str| {
        let mut body = vector(query);
        body["explain"] = true.into();
        body
    };
    let cat = search(&server, explained("cat")).await;
    let taxes = search(&server, explained("taxes")).await;
    assert!(like(&cat) < 0.5 && like(&taxes) > 0.9, "what it said before is no longer compared");

    let statement = json!({"sql": "SELECT COUNT(*) FROM embeddings WHERE kind = 'memory'", "project": "p"});
    assert_eq!(post(&server, "/v1/sql", statement).await["rows"], json!([[3]]));
    call("forget", json!({"project": "p", "id": told["id"]})).await;
    assert!(!ids(&search(&server, vector("taxes")).await).contains(&told["id"].as_str().unwrap()));
    server.stop().await;
}
