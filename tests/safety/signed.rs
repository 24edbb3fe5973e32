//! Signed requests: each is answered once, and nothing of it can be altered.

use athena_query::who::signed::{Said, header};
use athena_schemas::Time;

use crate::access::token;
use crate::processes::Serve;

const PATH: &str = "/v1/tools/safety/policies";

async fn send(server: &Serve, authorization: &str, body: &'static str) -> (u16, String) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.post(format!("{}{PATH}", server.url)).header("authorization", authorization);
    let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replayed_or_altered_request_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let secret = token(folder.path(), "ci", &["--role", "read", "--project", "p", "--signed"]).await;
    let host = server.url.trim_start_matches("http://").to_owned();
    let sign = |body: &str, nonce: &str, apart: i64| {
        let said = Said { method: "POST", host: &host, path: PATH, body: body.as_bytes() };
        header("ci", &secret, said, Time::now().micros() / 1_000_000 + apart, nonce)
    };
    let signed = sign(r#"{"limit":1}"#, "0123456789abcdef", 0);
    assert_eq!(send(&server, &signed, r#"{"limit":1}"#).await.0, 200);
    let (status, told) = send(&server, &signed, r#"{"limit":1}"#).await;
    assert!(status == 401 && told.contains("sent before"), "{told}");
    let altered = sign(r#"{"limit":1}"#, "0123456789abcdeg", 0);
    let (status, told) = send(&server, &altered, r#"{"limit":2}"#).await;
    assert!(status == 401 && told.contains("not that of this request"), "{told}");
    let (status, told) = send(&server, &sign("{}", "0123456789abcdeh", -400), "{}").await;
    assert!(status == 401 && told.contains("away from"), "{told}");
    let (status, told) = send(&server, &format!("Bearer {secret}"), "{}").await;
    assert!(status == 401 && told.contains("--signed"), "{told}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_has_its_rate() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("data/athena.toml"), "[server]\ntoken_requests_per_s = 3\n").unwrap();
    let server = Serve::start(folder.path()).await;
    let secret = token(folder.path(), "ci", &["--role", "read", "--project", "p"]).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = async || {
        let request = http.post(format!("{}{PATH}", server.url)).bearer_auth(&secret);
        request.json(&serde_json::json!({})).send().await.unwrap()
    };
    let answers = futures::future::join_all((0..30).map(|_| ask())).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status() == 429).collect();
    assert!(!refused.is_empty() && refused.len() < 30, "{} of 30", refused.len());
    assert!(refused.iter().all(|answer| answer.headers().contains_key("retry-after")));
    server.stop().await;
}
