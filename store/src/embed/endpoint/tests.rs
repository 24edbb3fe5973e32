use super::*;
use crate::Error;
use crate::remote::BreakerOptions;
use crate::remote::stub::{Say, Stub};

const SOON: Duration = Duration::from_millis(300);

/// The embeddings of what was asked: each text's length, and 1. The order is turned around, the indexes tell.
fn usual(body: &Value) -> Say {
    let texts = body["input"].as_array().unwrap();
    let item = |(index, text): (usize, &Value)| {
        let text = text.as_str().unwrap();
        json!({"index": index, "embedding": [text.len() as f32, 1.0]})
    };
    if texts.iter().any(|text| text.as_str().unwrap().contains("poison")) {
        return Say::Status(400, None);
    }
    Say::Json(json!({"data": texts.iter().enumerate().map(item).rev().collect::<Vec<_>>()}))
}

fn endpoint(stub: &Stub, dimensions: usize) -> Arc<Endpoint> {
    let breaker = BreakerOptions { failures: 2, pause: SOON, ..BreakerOptions::default() };
    let remote = RemoteOptions { url: stub.url.clone(), headers: vec![], concurrency: 2, breaker };
    Endpoint::new(EndpointOptions {
        remote,
        name: "small".into(),
        dimensions,
        chunk_tokens: 50,
        batch: 2,
        patience: Patience { tries: 2, each: SOON, total: Duration::from_secs(10) },
        question_timeout: SOON,
        cache_bytes: 1 << 20,
    })
    .unwrap()
}

fn direction(length: usize) -> Vec<f32> {
    let mut vector = vec![length as f32, 1.0];
    normalize(&mut vector);
    vector
}

#[tokio::test]
async fn texts_are_asked_for_in_batches_and_once() {
    let stub = Stub::start([], usual).await;
    let endpoint = endpoint(&stub, 2);
    let texts = ["one", "three", "one", "", "seventeen"].map(str::to_owned);
    let chunks = endpoint.clone().embed(texts.to_vec()).await.unwrap();
    let vectors: Vec<_> = chunks.iter().map(|chunks| chunks[0].vector.clone()).collect();
    assert_eq!(vectors[..3], [direction(3), direction(5), direction(3)]);
    assert_eq!((&vectors[3], &vectors[4]), (&vec![0.0, 0.0], &direction(9)));
    assert_eq!(chunks[0][0].tokens, StaticTable::built_in().tokens("one"));
    let mut asked: Vec<Value> = stub.asked().iter().map(|body| body["input"].clone()).collect();
    asked.sort_by_key(|texts| texts[0].to_string());
    assert_eq!(asked, [json!(["one", "three"]), json!(["seventeen"])]);

    let question = endpoint.clone().question("three".into()).await.unwrap();
    assert_eq!((question, stub.asked().len()), (direction(5), 2), "known by its hash");
    endpoint.forget();
    endpoint.clone().question("three".into()).await.unwrap();
    assert_eq!(stub.asked().len(), 3);

    let long = endpoint.clone().embed(vec!["word ".repeat(200)]).await.unwrap().remove(0);
    assert!(long.len() > 4 && long.iter().all(|chunk| chunk.tokens.len() <= 50));
    assert_eq!((endpoint.name(), endpoint.dimensions()), ("small:2", 2));
}

#[tokio::test]
async fn a_text_that_is_refused_stops_no_other() {
    let stub = Stub::start([], usual).await;
    let endpoint = endpoint(&stub, 2);
    let texts = ["fine", "poison", "good"].map(str::to_owned);
    let chunks = endpoint.clone().embed(texts.to_vec()).await.unwrap();
    let vectors: Vec<_> = chunks.iter().map(|chunks| chunks[0].vector.clone()).collect();
    assert_eq!(vectors, [direction(4), vec![0.0, 0.0], direction(4)]);
    assert!(!endpoint.is_down());
}

#[tokio::test]
async fn an_endpoint_that_refuses_everything_embeds_nothing() {
    let stub = Stub::start([], |_| Say::Status(400, None)).await;
    let failed = endpoint(&stub, 2).embed(vec!["fine".into()]).await.unwrap_err();
    assert!(matches!(failed, Error::Endpoint(Failure::Refused { status: 400, .. })), "{failed}");
}

#[tokio::test]
async fn what_was_embedded_before_a_failure_is_not_asked_for_again() {
    let stub = Stub::start([], usual).await;
    let endpoint = endpoint(&stub, 2);
    endpoint.clone().embed(vec!["one".into(), "three".into()]).await.unwrap();
    stub.then([Say::Status(500, None), Say::Status(500, None)]);
    let texts = ["one", "three", "seventeen"].map(str::to_owned);
    endpoint.clone().embed(texts.to_vec()).await.unwrap_err();
    assert!(endpoint.is_down());
    assert_eq!(endpoint.clone().question("one".into()).await.unwrap(), direction(3), "known");
    let unknown = endpoint.clone().question("two".into()).await.unwrap_err();
    let Error::Endpoint(Failure::Open(left)) = unknown else { panic!("{unknown}") };
    let before = stub.asked().len();
    tokio::time::sleep(left).await;
    endpoint.clone().embed(texts.to_vec()).await.unwrap();
    assert_eq!(
        stub.asked()[before..],
        [json!({"model": "small", "input": ["seventeen"], "encoding_format": "float"})]
    );
}

#[tokio::test]
async fn vectors_must_be_what_is_configured() {
    let stub = Stub::start([], usual).await;
    let failed = endpoint(&stub, 3).question("one".into()).await.unwrap_err().to_string();
    assert!(failed.contains("2 numbers") && failed.contains("dimensions is 3"), "{failed}");
    assert!(read(json!({"data": []}), 1, 2).unwrap_err().contains("0 vectors for 1"));
    assert!(read(json!({"vectors": []}), 1, 2).unwrap_err().contains("data"));
    let hung = Stub::start([], |_| Say::Hang).await;
    let failed = endpoint(&hung, 2).question("one".into()).await.unwrap_err();
    assert!(matches!(failed, Error::Endpoint(Failure::Timeout)));
}
