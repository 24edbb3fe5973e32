//! What requests may say beside their bodies, and how they are refused.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::processes::{Serve, post};

async fn sent(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap())
}

#[tokio::test]
async fn the_project_may_stand_in_the_query_string() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let memory = json!({"content": "deploy on Tuesdays"});
    let told = post(&server, "/v1/tools/memories/remember?project=shop", memory.clone()).await;
    assert_eq!(told["project"], "shop");
    let named = json!({"content": "deploy on Fridays", "project": "mill"});
    let told = post(&server, "/v1/tools/memories/remember?project=shop", named).await;
    assert_eq!(told["project"], "mill", "what the body says counts");
    let question = json!({"query": "deploy", "mode": "text"});
    let found = post(&server, "/v1/search?project=shop", question.clone()).await;
    assert_eq!((&found["projects"], found["hits"].as_array().map(Vec::len)), (&json!(["shop"]), Some(1)));
    let count = json!({"sql": "SELECT project, count(*) FROM memories GROUP BY project"});
    assert_eq!(post(&server, "/v1/sql?project=shop", count.clone()).await["rows"], json!([["shop", 1]]));
    for (path, body) in [
        ("/v1/search?projekt=shop", question),
        ("/v1/tools/memories/remember?projekt=shop", memory),
        ("/v1/sql?projekt=shop", count),
        ("/v1/events?projekt=shop", json!({"content": "x"})),
    ] {
        let (status, answer) = sent(server.http.post(format!("{}{path}", server.url)).json(&body)).await;
        assert_eq!((status, &answer["error"]["field"]), (400, &json!("projekt")), "{path}: {answer}");
    }
    server.stop().await;
}
