use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::stub::{Say, Stub};
use super::*;

const SOON: Duration = Duration::from_millis(300);

fn patience(tries: u32) -> Patience {
    Patience { tries, each: SOON, total: Duration::from_secs(20) }
}

fn remote(stub: &Stub, failures: u32) -> Remote {
    let breaker = BreakerOptions { failures, pause: SOON, ..BreakerOptions::default() };
    let headers = vec![("authorization".to_owned(), "Bearer k".to_owned())];
    Remote::new(RemoteOptions { url: stub.url.clone(), headers, concurrency: 2, breaker }).unwrap()
}

async fn post(remote: &Remote, tries: u32) -> Result<Value, Failure> {
    remote.post("path", &json!({"a": 1}), patience(tries), Ok).await
}

fn fine() -> impl Fn(&Value) -> Say + Send + Sync + 'static {
    |_| Say::Json(json!({"fine": true}))
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    let stub = Stub::start([Say::Status(500, None), Say::Status(503, None)], fine()).await;
    let remote = remote(&stub, 5);
    assert_eq!(post(&remote, 3).await, Ok(json!({"fine": true})));
    assert_eq!(stub.asked(), [json!({"a": 1}), json!({"a": 1}), json!({"a": 1})]);

    stub.then([Say::Status(500, None), Say::Status(500, None)]);
    let failure = post(&remote, 2).await.unwrap_err();
    assert_eq!(failure, Failure::Busy { status: 500, message: "as the test wants".into() });
    assert_eq!(stub.asked().len(), 5, "and no more often than it is said");
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_kept() {
    let stub = Stub::start([Say::Status(429, Some("1"))], fine()).await;
    let (remote, began) = (remote(&stub, 5), Instant::now());
    post(&remote, 2).await.unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));

    // One that is longer than the asker has is not waited for, and nobody asks meanwhile.
    stub.then([Say::Status(429, Some("120"))]);
    let began = Instant::now();
    assert!(matches!(post(&remote, 2).await, Err(Failure::Busy { status: 429, .. })));
    assert!(matches!(post(&remote, 2).await, Err(Failure::Open(left)) if left > Duration::from_secs(100)));
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn who_hangs_is_left_and_what_is_no_answer_is_none() {
    let stub = Stub::start([Say::Hang, Say::Text("<html>"), Say::Status(401, None)], fine()).await;
    let remote = remote(&stub, 9);
    assert_eq!(post(&remote, 1).await, Err(Failure::Timeout));
    assert!(matches!(post(&remote, 3).await, Err(Failure::Malformed(_))), "not tried again");
    assert!(matches!(post(&remote, 3).await, Err(Failure::Refused { status: 401, .. })), "not tried again");
    assert_eq!(stub.asked().len(), 3);
    let read = |_| Err::<(), _>("too short".to_owned());
    let told = remote.post("path", &json!({}), patience(1), read).await;
    assert_eq!(told, Err(Failure::Malformed("too short".into())));
}

#[tokio::test]
async fn the_breaker_opens_and_closes() {
    let stub = Stub::start([Say::Status(500, None), Say::Status(500, None)], fine()).await;
    let remote = remote(&stub, 2);
    for _ in 0..2 {
        post(&remote, 1).await.unwrap_err();
    }
    assert!(remote.is_down());
    let Err(Failure::Open(left)) = post(&remote, 1).await else { panic!("it is open") };
    assert_eq!(stub.asked().len(), 2, "it is left alone");
    tokio::time::sleep(left).await;
    post(&remote, 1).await.unwrap();
    assert!(!remote.is_down());
}

#[tokio::test]
async fn nobody_there() {
    let stub = Stub::start([], fine()).await;
    let remote = remote(&stub, 1);
    drop(stub);
    // The listener ends with its task, a moment later.
    while post(&remote, 1).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(remote.is_down());
}

#[test]
fn addresses() {
    let of = |url: &str| {
        let (headers, breaker) = Default::default();
        Remote::new(RemoteOptions { url: url.into(), headers, concurrency: 1, breaker })
    };
    assert_eq!(of("localhost:1").unwrap_err().field.as_deref(), Some("url"));
    assert_eq!(of("").unwrap_err().field.as_deref(), Some("url"));
    let here = |url: &str| is_here(&Url::parse(url).unwrap());
    assert!(here("http://127.0.0.1:1/v1") && here("http://[::1]:1") && here("http://localhost"));
    assert!(!here("https://models.example/v1"));
}
