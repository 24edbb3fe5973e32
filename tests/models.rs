//! Models beside the one in the binary: each embeds once, none is needed, and one that is down costs only what
//! it makes. Against a service in this process, and with `./dev test --models` against real ones.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use athena_consolidate::Embedder;
use athena_query::llm::{self, Llm, Prompt, Provider};
use athena_store::LogKind;
use athena_store::embed::{Endpoint, EndpointOptions, Model, StaticTable, Transformer};
use athena_store::remote::{BreakerOptions, Patience, RemoteOptions};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::processes::{SERVE, Serve, athena, post};
use crate::support::*;

/// Numbers of the stub's vectors.
const DIMENSIONS: usize = 6;
/// What the stub's numbers stand for: a text has 1 where it has one of the words.
const MEANINGS: [&[&str]; DIMENSIONS] = [
    &["car", "automobile", "vehicle"],
    &["bread", "cheese", "picnic"],
    &["revenue", "percent", "money"],
    &["cat", "kitten"],
    &["event"],
    &["always"],
];

/// An endpoint whose embeddings are plain to see, and that fails when it is told to.
#[derive(Default)]
struct Stub {
    fails: AtomicBool,
    texts: AtomicUsize,
}

impl Stub {
    async fn start() -> (Arc<Self>, String) {
        let stub = Arc::new(Self::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let router = axum::Router::new().fallback(embed).with_state(stub.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (stub, url)
    }
}

async fn embed(State(stub): State<Arc<Stub>>, body: String) -> Response {
    if stub.fails.load(Ordering::SeqCst) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let body: Value = serde_json::from_str(&body).unwrap();
    let texts = body["input"].as_array().unwrap();
    stub.texts.fetch_add(texts.len(), Ordering::SeqCst);
    let item = |(index, text): (usize, &Value)| {
        let text = text.as_str().unwrap();
        let has = |words: &&[&str]| f32::from(u8::from(words.iter().any(|word| text.contains(word))));
        let mut vector: Vec<f32> = MEANINGS.iter().map(has).collect();
        vector[DIMENSIONS - 1] = 0.1;
        json!({"index": index, "embedding": vector})
    };
    axum::Json(json!({"data": texts.iter().enumerate().map(item).collect::<Vec<_>>()})).into_response()
}

fn endpoint(url: &str, name: &str, dimensions: usize) -> Arc<Endpoint> {
    let breaker = BreakerOptions::default();
    Endpoint::new(EndpointOptions {
        remote: RemoteOptions { url: url.into(), headers: vec![], concurrency: 2, breaker },
        name: name.into(),
        dimensions,
        chunk_tokens: 200,
        batch: 64,
        patience: patience(Duration::from_secs(60)),
        question_timeout: Duration::from_secs(10),
        cache_bytes: 1 << 20,
    })
    .unwrap()
}

fn patience(each: Duration) -> Patience {
    Patience { tries: 2, each, total: 3 * each }
}

/// A server whose vectors come from an endpoint.
async fn served_by(url: &str, folder: &Path) -> Serve {
    let mut command = athena(folder, &SERVE);
    let settings =
        [("MODEL", "endpoint"), ("URL", url), ("NAME", "plain"), ("DIMENSIONS", "6"), ("TRIES", "1")];
    for (name, value) in settings {
        command.env(format!("ATHENA_EMBED_{name}"), value);
    }
    Serve::of(command, folder).await
}

/// Searches project `p` by vectors until nothing is missing.
async fn whole(server: &Serve, query: &str) -> Vec<String> {
    loop {
        let body = json!({"query": query, "mode": "vector", "k": 2, "project": "p"});
        let answer = post(server, "/v1/search", body).await;
        if answer["degraded"] == json!([]) {
            let hits = answer["hits"].as_array().unwrap();
            return hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
        }
        // A search waits for vectors itself; an endpoint that was down is asked again after a pause.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn rows(server: &Serve, statement: &str) -> Value {
    post(server, "/v1/sql", json!({"sql": statement, "project": "p"})).await["rows"].take()
}

fn texts(from: usize, all: &[&str]) -> Value {
    let event = |(number, content): (usize, &&str)| json!({"id": format!("e-{}", from + number), "project": "p", "content": content, "type": "message"});
    all.iter().enumerate().map(event).collect()
}

const BY_MODEL: &str = "SELECT COUNT(*), COUNT(DISTINCT id) FROM embeddings GROUP BY model ORDER BY model";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_model_embeds_everything_once_beside_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let (stub, url) = Stub::start().await;
    append(&store, 0, 0, 1_500).await.unwrap();
    let other = open(folder.path(), LogKind::Kafka).await;
    let table: Arc<dyn Model> = StaticTable::built_in();
    let mut builtin = Embedder::new(store.clone(), table);
    let [mut one, mut two] =
        [&store, &other].map(|of| Embedder::new(of.clone(), endpoint(&url, "plain", DIMENSIONS)));
    let (by_table, by_one, by_two) = tokio::join!(builtin.catch_up(), one.catch_up(), two.catch_up());
    assert_eq!((by_table.unwrap(), by_one.unwrap() + by_two.unwrap()), (1_500, 1_500));
    store.refresh().await.unwrap();
    assert_eq!(sql(&store, BY_MODEL).await, [["1500", "1500"], ["1500", "1500"]]);

    append(&store, 0, 1_500, 1_600).await.unwrap();
    assert_eq!(builtin.catch_up().await.unwrap(), 100);
    stub.fails.store(true, Ordering::SeqCst);
    one.catch_up().await.unwrap_err();
    store.refresh().await.unwrap();
    assert_eq!(sql(&store, BY_MODEL).await, [["1500", "1500"], ["1600", "1600"]], "one is behind, alone");
    assert_eq!(store.embeddings.applied().of(StaticTable::built_in().name()), store.events.applied());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_model_takes_over_once_it_has_everything() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let all = ["the automobile would not start", "bread and cheese", "revenue grew by nine percent"];
    post(&server, "/v1/events", texts(0, &all)).await;
    assert_eq!(whole(&server, "car trouble").await[0], "e-0");
    server.stop().await;

    let (stub, url) = Stub::start().await;
    stub.fails.store(true, Ordering::SeqCst);
    let server = served_by(&url, folder.path()).await;
    let body = json!({"query": "cheese", "mode": "hybrid", "project": "p"});
    let answer = post(&server, "/v1/search", body).await;
    assert_eq!(answer["hits"][0]["id"], "e-1", "words find it all the same");
    assert_eq!(answer["degraded"], json!(["vectors_behind", "model_endpoint_down"]));
    stub.fails.store(false, Ordering::SeqCst);
    assert_eq!(whole(&server, "money").await[0], "e-2");
    assert_eq!(rows(&server, BY_MODEL).await, json!([[3, 3], [3, 3]]));
    server.stop().await;

    // Back again: nothing is embedded a second time.
    let server = Serve::start(folder.path()).await;
    assert_eq!(whole(&server, "car trouble").await[0], "e-0");
    assert_eq!(rows(&server, BY_MODEL).await, json!([[3, 3], [3, 3]]));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_that_is_down_costs_vectors_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (stub, url) = Stub::start().await;
    let server = served_by(&url, folder.path()).await;
    post(&server, "/v1/events", texts(0, &["the automobile would not start", "bread and cheese"])).await;
    assert_eq!(whole(&server, "car").await[0], "e-0");

    stub.fails.store(true, Ordering::SeqCst);
    let accepted = post(&server, "/v1/events", texts(2, &["the kitten sleeps on the automobile"])).await;
    assert_eq!(accepted["accepted"], 1, "writes wait for no model");
    let search = async |mode: &str, query: &str| {
        let body = json!({"query": query, "mode": mode, "project": "p", "k": 3});
        let answer = post(&server, "/v1/search", body).await;
        (answer["hits"].as_array().unwrap().len(), answer["degraded"].clone())
    };
    // More often than the breaker lets through; each is answered.
    for number in 0..8 {
        let (hits, degraded) = search("hybrid", &format!("automobile {number}")).await;
        assert!(hits >= 2, "found by words");
        assert!(degraded.as_array().unwrap().contains(&"model_endpoint_down".into()), "{degraded}");
    }
    assert_eq!(search("text", "automobile").await, (2, json!([])), "what needs no model is whole");
    assert_eq!(rows(&server, "SELECT COUNT(*) FROM embeddings").await, json!([[2]]));

    stub.fails.store(false, Ordering::SeqCst);
    assert_eq!(whole(&server, "cat").await[0], "e-2", "what was missed is made up for");
    assert_eq!(rows(&server, "SELECT COUNT(*) FROM embeddings").await, json!([[3]]));
    server.stop().await;
}

/// A language model that says what it was told to, whatever it is asked.
async fn model_that_says(said: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let answer = json!({"choices": [{"message": {"content": said}, "finish_reason": "stop"}]});
    let router = axum::Router::new().fallback(move || std::future::ready(axum::Json(answer)));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_language_model_says_what_a_community_is_about_as_far_as_its_sources_go() {
    let good = "Payments of the checkout go through the ledger.";
    for (said, method, degraded) in [
        (Some(good), "llm", json!([])),
        (Some("Whales sing in the Atlantic ocean."), "extractive", json!(["llm_unsupported"])),
        (None, "extractive", json!([])),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = athena(folder.path(), &SERVE);
        if let Some(said) = said {
            let url = model_that_says(said).await;
            for (name, value) in [("PROVIDER", "openai"), ("URL", url.as_str()), ("MODEL", "stub")] {
                command.env(format!("ATHENA_LLM_{name}"), value);
            }
        }
        let server = Serve::of(command, folder.path()).await;
        let ask = async |tool: &str, operation: &str, arguments: Value| {
            let answer = crate::operations::called(&server, tool, operation, arguments, "p").await;
            answer.unwrap_or_else(|error| panic!("{tool}.{operation}: {error}"))
        };
        for name in ["checkout", "payments", "ledger"] {
            ask("graph", "add_entity", json!({"name": name, "kind": "service"})).await;
        }
        for (from, to) in [("checkout", "payments"), ("payments", "ledger"), ("checkout", "ledger")] {
            ask("graph", "add_relation", json!({"from": from, "to": to, "kind": "calls"})).await;
        }
        ask("memories", "remember", json!({"content": good})).await;
        let told = ask("communities", "summary", json!({"community": "checkout"})).await;
        assert_eq!((&told["method"], &told["degraded"]), (&json!(method), &degraded), "{told}");
        assert_eq!(told["summary"] == good, method == "llm", "{told}");
        assert_eq!(told["items"].as_array().unwrap().len(), 1, "{told}");
        server.stop().await;
    }
}

#[tokio::test]
async fn settings_without_a_model_end_with_usage() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value, told) in [
        ("ATHENA_EMBED_MODEL", "transformer", "embed.folder"),
        ("ATHENA_EMBED_MODEL", "endpoint", "name"),
        ("ATHENA_LLM_PROVIDER", "anthropic", "model"),
    ] {
        let mut command = athena(folder.path(), &SERVE);
        command.env(name, value);
        let ended = crate::processes::ended(command).await;
        assert!(ended.failed(2) && ended.err.contains(told), "{ended:?}");
    }
}

/// What a variable names, or says that the test is skipped.
fn given(variable: &str) -> Option<String> {
    let given = std::env::var(variable).ok().filter(|value| !value.is_empty());
    if given.is_none() {
        eprintln!("skipped: {variable} is not set; `./dev test --models` sets it");
    }
    given
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_transformer_finds_meanings() {
    let Some(model) = given("ATHENA_TEST_TRANSFORMER") else { return };
    let transformer = Transformer::open(Path::new(&model), 200, 1 << 20).unwrap();
    assert_eq!(transformer.dimensions(), 384);
    let long = "A sentence about nothing much, which goes on. ".repeat(120);
    let texts = ["A man is eating food.", "A man is eating a piece of bread.", "A cheetah runs.", &long];
    let chunks = transformer.clone().embed(texts.map(str::to_owned).to_vec()).await.unwrap();
    assert!(chunks[3].len() > 4 && chunks[..3].iter().all(|chunks| chunks.len() == 1));
    let question = transformer.clone().question(texts[0].into()).await.unwrap();
    let cosine = |chunk: &[f32]| question.iter().zip(chunk).map(|(a, b)| a * b).sum::<f32>();
    let [same, near, far] = [0, 1, 2].map(|at| cosine(&chunks[at][0].vector));
    // Alone and among others, a text has the same vector; the figures are of the same weights computed with numpy.
    assert!(
        (same - 1.0).abs() < 1e-4 && (near - 0.7553).abs() < 0.001 && (far - 0.1112).abs() < 0.001,
        "{same} {near} {far}"
    );

    let folder = tempfile::tempdir().unwrap();
    let mut command = athena(folder.path(), &SERVE);
    command.env("ATHENA_EMBED_MODEL", "transformer").env("ATHENA_EMBED_FOLDER", &model);
    let server = Serve::of(command, folder.path()).await;
    let all = ["orders are stored in PostgreSQL", "the train to Bremen is late", "lunch is at noon"];
    post(&server, "/v1/events", self::texts(0, &all)).await;
    assert_eq!(whole(&server, "which database has the purchases").await[0], "e-0");
    assert_eq!(whole(&server, "railway delays").await[0], "e-1");
    let lengths = "SELECT DISTINCT cardinality(vector), tokens IS NOT NULL FROM embeddings";
    assert_eq!(rows(&server, lengths).await, json!([[384, true]]));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_endpoint_embeds() {
    let Some(url) = given("ATHENA_TEST_MODEL") else { return };
    let body = json!({"model": "gemma", "input": ["hello"]});
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.post(format!("{url}/embeddings")).json(&body).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let dimensions = answer["data"][0]["embedding"].as_array().expect("a vector").len();
    let model = endpoint(&url, "gemma", dimensions);
    let texts = ["the cat sleeps", "the kitten naps", "quarterly revenue"].map(str::to_owned);
    let chunks = model.clone().embed(texts.to_vec()).await.unwrap();
    for chunk in chunks.iter().flatten() {
        let length: f32 = chunk.vector.iter().map(|number| number * number).sum();
        assert!(chunk.vector.len() == dimensions && (length - 1.0).abs() < 1e-3);
    }
    assert_eq!(model.clone().question("the cat sleeps".into()).await.unwrap(), chunks[0][0].vector, "known");
    let error = endpoint(&url, "gemma", dimensions + 1).embed(texts.to_vec()).await.unwrap_err().to_string();
    assert!(error.contains("dimensions"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_language_model_is_believed_as_far_as_the_evidence_goes() {
    let Some(url) = given("ATHENA_TEST_MODEL") else { return };
    let options = |each| llm::Options {
        provider: Provider::OpenAi,
        url: url.clone(),
        model: "gemma".into(),
        api_key: None,
        patience: patience(each),
        concurrency: 1,
        max_tokens: 40,
        tokens_per_hour: 0,
        tokens_per_day: 0,
        cache_bytes: 1 << 20,
        breaker: BreakerOptions::default(),
    };
    let llm = Arc::new(Llm::new(options(Duration::from_secs(120))).unwrap());
    let evidence = ["The deploy failed because the migration of orders was missing."];
    let prompt = |user: &str| Prompt { system: String::new(), user: user.into(), max_tokens: None };
    let asked = prompt(&format!("{}\nIn one sentence, why did the deploy fail?", evidence[0]));
    match llm.complete(&asked).await {
        Ok(answer) => {
            assert!(answer.tokens > 0 && !answer.known && llm.spent().0 == answer.tokens);
            assert!(llm.complete(&asked).await.unwrap().known);
        }
        // It is a small model, and may have nothing to say.
        Err(error) => assert_eq!(error, llm::Error::Empty),
    }
    let told = llm::told(Some(&llm), &asked, &evidence, ("extractive", || evidence[0].to_owned())).await;
    match told.method.as_str() {
        "llm" => assert!(llm::support(&told.text, &evidence) >= llm::SUPPORTED, "{told:?}"),
        method => assert_eq!((method, told.text.as_str()), ("extractive", evidence[0])),
    }
    // Whatever it says to this, it is not in the evidence.
    let foreign = prompt("Write a poem about the sea, with many different words.");
    let told = llm::told(Some(&llm), &foreign, &evidence, ("extractive", || "rules".to_owned())).await;
    assert_eq!((told.text.as_str(), told.degraded.as_deref()), ("rules", Some("llm_unsupported")));

    let hurried = Llm::new(options(Duration::from_millis(1))).unwrap();
    let late = hurried.complete(&prompt("Count to a hundred.")).await.unwrap_err();
    assert_eq!(late.name(), "llm_endpoint_down", "{late}");
}
