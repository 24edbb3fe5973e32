//! Against a service in this process, for both kinds of endpoints.

use std::collections::VecDeque;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::*;

const SOON: Duration = Duration::from_millis(300);

enum Say {
    Text(&'static str),
    Status(u16, &'static str),
    Nonsense,
    Hang,
}

struct Stub {
    url: String,
    asked: Arc<Mutex<Vec<(String, HeaderMap, Value)>>>,
    serving: JoinHandle<()>,
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Stub {
    /// Says these, one a request, and then "fine".
    async fn start(provider: Provider, says: impl IntoIterator<Item = Say>) -> Self {
        let says: Arc<Mutex<VecDeque<Say>>> = Arc::new(Mutex::new(says.into_iter().collect()));
        let asked: Arc<Mutex<Vec<_>>> = Arc::default();
        let heard = asked.clone();
        let answer = move |uri: Uri, headers: HeaderMap, body: String| {
            let say = says.lock().pop_front().unwrap_or(Say::Text("fine"));
            heard.lock().push((uri.path().to_owned(), headers, serde_json::from_str(&body).unwrap()));
            answer(provider, say)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked, serving }
    }

    fn count(&self) -> usize {
        self.asked.lock().len()
    }
}

async fn answer(provider: Provider, say: Say) -> Response {
    match (say, provider) {
        (Say::Text(text), Provider::OpenAi) => axum::Json(json!({
            "choices": [{"message": {"content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 30, "completion_tokens": 10},
        }))
        .into_response(),
        (Say::Text(text), Provider::Anthropic) => axum::Json(json!({
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
            "usage": {"input_tokens": 30, "output_tokens": 10},
        }))
        .into_response(),
        (Say::Status(status, after), _) => {
            let status = StatusCode::from_u16(status).unwrap();
            (status, [("retry-after", after)], r#"{"error":{"message":"no"}}"#).into_response()
        }
        (Say::Nonsense, _) => "<html>".into_response(),
        (Say::Hang, _) => std::future::pending().await,
    }
}

fn options(provider: Provider, stub: &Stub) -> Options {
    Options {
        provider,
        url: stub.url.clone(),
        model: "m".into(),
        api_key: Some("k".into()),
        patience: Patience { tries: 2, each: SOON, total: Duration::from_secs(10) },
        concurrency: 2,
        max_tokens: 50,
        tokens_per_hour: 0,
        tokens_per_day: 0,
        cache_bytes: 1 << 20,
        breaker: BreakerOptions { failures: 2, pause: SOON, ..BreakerOptions::default() },
    }
}

fn prompt(user: &str) -> Prompt {
    Prompt { system: "be brief".into(), user: user.into(), max_tokens: None }
}

const BOTH: [Provider; 2] = [Provider::OpenAi, Provider::Anthropic];

#[tokio::test]
async fn each_kind_is_asked_in_its_form_and_once() {
    for provider in BOTH {
        let stub = Stub::start(provider, [Say::Text(" hello ")]).await;
        let llm = Llm::new(options(provider, &stub)).unwrap();
        let first = llm.complete(&prompt("one")).await.unwrap();
        assert_eq!(first, Completion { text: "hello".into(), cut: false, tokens: 40, known: false });
        let again = llm.complete(&prompt("one")).await.unwrap();
        assert_eq!((again.text.as_str(), again.known, stub.count()), ("hello", true, 1));
        llm.complete(&prompt("two")).await.unwrap();
        llm.complete(&Prompt { max_tokens: Some(9), ..prompt("two") }).await.unwrap();
        llm.forget();
        llm.complete(&prompt("one")).await.unwrap();
        assert_eq!((stub.count(), llm.spent().1), (4, 160));
        let (path, headers, body) = stub.asked.lock()[2].clone();
        let (at, key) = match provider {
            Provider::OpenAi => ("/v1/chat/completions", ("authorization", "Bearer k")),
            Provider::Anthropic => ("/v1/messages", ("x-api-key", "k")),
        };
        assert_eq!((path.as_str(), headers[key.0].to_str().unwrap()), (at, key.1));
        assert_eq!((&body["model"], &body["max_tokens"]), (&json!("m"), &json!(9)));
    }
}

#[tokio::test]
async fn what_passes_is_tried_again_and_what_hangs_is_left() {
    for provider in BOTH {
        let stub =
            Stub::start(provider, [Say::Status(429, "1"), Say::Text("a"), Say::Status(500, "0")]).await;
        let llm = Llm::new(options(provider, &stub)).unwrap();
        let began = std::time::Instant::now();
        assert_eq!(llm.complete(&prompt("one")).await.unwrap().text, "a");
        assert!(began.elapsed() >= Duration::from_secs(1), "as long as it was asked to wait");
        assert_eq!(llm.complete(&prompt("two")).await.unwrap().text, "fine");
        assert_eq!(stub.count(), 4);

        let stub = Stub::start(provider, [Say::Hang, Say::Hang]).await;
        let llm = Llm::new(options(provider, &stub)).unwrap();
        assert_eq!(llm.complete(&prompt("one")).await, Err(Error::Endpoint(Failure::Timeout)));
        assert!(llm.spent().1 > 0, "it may have gone on");
    }
}

#[tokio::test]
async fn the_breaker_opens_and_closes() {
    for provider in BOTH {
        let stub = Stub::start(provider, [Say::Nonsense, Say::Nonsense]).await;
        let llm = Llm::new(options(provider, &stub)).unwrap();
        for _ in 0..2 {
            let error = llm.complete(&prompt("one")).await.unwrap_err();
            assert!(matches!(error, Error::Endpoint(Failure::Malformed(_))), "{error}");
        }
        let error = llm.complete(&prompt("one")).await.unwrap_err();
        let Error::Endpoint(Failure::Open(left)) = error else { panic!("{error}") };
        assert!(llm.is_down() && stub.count() == 2);
        tokio::time::sleep(left).await;
        assert_eq!(llm.complete(&prompt("one")).await.unwrap().text, "fine");
        assert!(!llm.is_down());
    }
}

#[tokio::test]
async fn a_budget_is_a_bound() {
    let stub = Stub::start(Provider::OpenAi, []).await;
    let llm = Llm::new(Options { tokens_per_day: 120, ..options(Provider::OpenAi, &stub) }).unwrap();
    let (one, two) = (prompt("one"), prompt("two"));
    // Each is taken to cost 54, and costs 40.
    let (one, two) = tokio::join!(llm.complete(&one), llm.complete(&two));
    assert!(one.is_ok() && two.is_ok());
    let error = llm.complete(&prompt("three")).await.unwrap_err();
    assert!(matches!(error, Error::Spent { budget: 120, per: "day", .. }), "{error}");
    assert!(llm.complete(&prompt("one")).await.unwrap().known, "what is known costs nothing");
    assert_eq!(stub.count(), 2);
}

#[tokio::test]
async fn what_is_not_in_the_evidence_is_told_by_rules() {
    let says = [Say::Text("The migration was missing."), Say::Text("Aliens did it."), Say::Text("")];
    let stub = Stub::start(Provider::OpenAi, says).await;
    let llm = Arc::new(Llm::new(options(Provider::OpenAi, &stub)).unwrap());
    let evidence = ["deploy failed, a migration was missing"];
    let told = async |llm: Option<&Arc<Llm>>, user: &str| {
        told(llm, &prompt(user), &evidence, ("extractive", || "deploy failed".to_owned())).await
    };
    let by_rules = |degraded: Option<&str>| Told {
        text: "deploy failed".into(),
        method: "extractive".into(),
        degraded: degraded.map(str::to_owned),
    };
    let by_model = Told { text: "The migration was missing.".into(), method: "llm".into(), degraded: None };
    assert_eq!(told(Some(&llm), "one").await, by_model);
    assert_eq!(told(Some(&llm), "two").await, by_rules(Some("llm_unsupported")));
    assert_eq!(told(Some(&llm), "three").await, by_rules(Some("llm_unsupported")));
    assert_eq!(told(None, "one").await, by_rules(None));
}

#[tokio::test]
async fn options_that_are_none() {
    let stub = Stub::start(Provider::OpenAi, []).await;
    let refused = |options: Options| Llm::new(options).unwrap_err().field.unwrap();
    let fine = options(Provider::OpenAi, &stub);
    assert_eq!(refused(Options { model: String::new(), ..fine.clone() }), "model");
    assert_eq!(refused(Options { url: "nowhere".into(), ..fine.clone() }), "url");
    assert_eq!(refused(Options { max_tokens: 0, ..fine.clone() }), "max_tokens");
    let llm = Llm::new(fine).unwrap();
    assert_eq!(llm.complete(&prompt(&"x".repeat(PROMPT_CHARS))).await, Err(Error::TooLong));
}
