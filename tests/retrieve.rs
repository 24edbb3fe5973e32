//! Strategies: each finds what it is for, says how, and keeps to what its caller may see.

use std::time::Duration;

use serde_json::{Value, json};

use crate::processes::{Serve, post};

async fn asked(server: &Serve, operation: &str, mut arguments: Value) -> Value {
    arguments["project"] = arguments.get("project").cloned().unwrap_or(json!("p"));
    post(server, &format!("/v1/tools/retrieve/{operation}"), arguments).await
}

async fn refused(server: &Serve, operation: &str, arguments: Value) -> Value {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/v1/tools/retrieve/{operation}", server.url);
    let answer = http.post(url).json(&arguments).send().await.unwrap();
    assert!(!answer.status().is_success(), "{operation} {arguments}");
    answer.json::<Value>().await.unwrap()["error"].clone()
}

fn ids(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// Events that are about nothing that is asked here, all by one agent.
fn noise(count: usize) -> impl Iterator<Item = Value> {
    (0..count).map(|at| {
        json!({"id": format!("n-{at}"), "project": "p", "session": format!("n-{}", at / 10), "agent": "claude",
               "type": "tool_result", "content": format!("row {at} of a table was printed"),
               "files": [format!("tables/{at}.csv")], "time": format!("2026-10-01T{:02}:{:02}:00Z", at / 60, at % 60)})
    })
}

fn event(id: &str, content: &str, more: Value) -> Value {
    let mut event = json!({"id": id, "project": "p", "agent": "claude", "type": "message", "content": content,
                           "time": "2026-11-20T10:00:00Z"});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

async fn told(server: &Serve, events: impl IntoIterator<Item = Value>) {
    let all: Vec<Value> = events.into_iter().collect();
    let answer = post(server, "/v1/events", json!(all)).await;
    assert_eq!(answer["rejected"], json!([]), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_graph_leads_where_words_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let money = json!({"files": ["src/money.rs"]});
    let foreign = json!({"files": ["src/money.rs"], "project": "q"});
    let own = [
        event("e-1", "the compiler says error[E0308]", money.clone()),
        event("e-2", "rounding half up was wrong", money),
        event("e-3", "rounding is done by others", foreign),
    ];
    told(&server, noise(60).chain(own)).await;
    let by = async |mode: &str| {
        asked(&server, "search", json!({"query": "E0308", "mode": mode, "after": {}})).await
    };
    assert_eq!(ids(&by("text").await), ["e-1"]);
    // The file leads from one to the other; the agent of all leads nowhere, and no way leads into another project.
    let found = by("graph").await;
    assert_eq!(ids(&found), ["e-1", "e-2"], "{found}");
    let explained = asked(&server, "search", json!({"query": "E0308", "explain": true, "after": {}})).await;
    let parts = explained["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["id"].as_str(), item["parts"]["graph"].as_f64()));
    assert!(
        parts.into_iter().all(|(id, graph)| (graph > Some(0.0)) == id.is_some_and(|id| id.starts_with("e-"))),
        "{explained}"
    );

    let around = asked(&server, "local", json!({"query": "what is with E0308?", "after": {}})).await;
    assert_eq!(around["entities"], json!([{"kind": "code", "name": "E0308"}]));
    assert!(around["near"].as_array().unwrap().iter().any(|near| near["name"] == "src/money.rs"), "{around}");
    assert_eq!(ids(&around).len(), 2, "{around}");
    let nothing = asked(&server, "local", json!({"query": "what was printed?"})).await;
    assert!(nothing["reason"].is_string() && nothing["entities"] == json!([]));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hops_follow_names_and_tell_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let tickets = (0..60).map(|at| {
        event(&format!("t-{at}"), &format!("a ticket QX-{} is owned by team{at}", 100 + at), json!({}))
    });
    let own = [
        event("e-1", "the ticket QX-7 is owned by Caroline", json!({})),
        event("e-2", "after the move Caroline settled in Lisbon", json!({})),
    ];
    told(&server, tickets.chain(own)).await;
    let query = json!({"query": "who owns ticket QX-7?", "after": {}});
    let found = asked(&server, "multi_hop", query.clone()).await;
    assert_eq!(ids(&found)[0], "e-1");
    let item =
        found["items"].as_array().unwrap().iter().find(|item| item["id"] == "e-2").expect("it is a hop away");
    assert_eq!(
        item["path"],
        json!([{"from": "e-1", "via": {"kind": "name", "name": "Caroline"}, "to": "e-2"}])
    );
    assert!(!ids(&asked(&server, "search", query).await).contains(&"e-2"), "words alone lead there");
    assert_eq!(refused(&server, "multi_hop", json!({"query": "x", "hops": 9})).await["field"], "hops");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn weights_order_and_feedback_moves_importance() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let at = |time: &str| json!({ "time": time });
    told(
        &server,
        [
            event("old", "deploy deploy deploy", at("2026-11-01T00:00:00Z")),
            event("new", "we deploy on a day that is not known to me", at("2026-11-20T00:00:00Z")),
            event("mid", "deploy, then rest", at("2026-11-10T00:00:00Z")),
        ],
    )
    .await;
    let by = async |weights: Value| {
        asked(&server, "search", json!({"query": "deploy", "weights": weights, "after": {}})).await
    };
    assert_eq!(ids(&by(json!({"recency": 1})).await), ["new", "mid", "old"]);
    assert_eq!(ids(&by(json!({"text": 1})).await)[0], "old");
    let judge = async |id: &str, useful: bool| {
        asked(&server, "feedback", json!({"query": "deploy", "id": id, "useful": useful})).await
    };
    let first = judge("mid", true).await;
    judge("old", false).await;
    assert_eq!(ids(&by(json!({"importance": 1})).await), ["mid", "new", "old"]);
    let again = judge("mid", false).await;
    assert!(again["id"] == first["id"] && again["version"].as_i64() > first["version"].as_i64());
    assert_eq!(ids(&by(json!({"importance": 1})).await)[0], "new");
    assert_eq!(
        refused(&server, "feedback", json!({"query": "x", "id": "absent", "useful": true})).await["code"],
        "not_found"
    );

    for (weights, field) in [
        (json!({"colour": 1}), "weights.colour"),
        (json!({"text": 0}), "weights"),
        (json!({"text": -1, "vector": 2}), "weights"),
    ] {
        let error = refused(&server, "search", json!({"query": "deploy", "weights": weights})).await;
        assert_eq!(error["field"], field, "{error}");
    }
    let by_text = json!({"query": "deploy", "mode": "text", "weights": {"text": 1}});
    assert_eq!(refused(&server, "search", by_text).await["field"], "weights");
    assert_eq!(
        refused(&server, "search", json!({"query": "deploy", "diversity": 2})).await["field"],
        "diversity"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_says_the_same_stands_back() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let same = (0..4)
        .map(|at| event(&format!("same-{at}"), "the checkout page is slow on mobile phones", json!({})));
    told(&server, same.chain([event("other", "checkout needs a new payment provider", json!({}))])).await;
    let of = async |diversity: f64| {
        let found = asked(
            &server,
            "search",
            json!({"query": "checkout page is slow", "k": 2, "diversity": diversity, "after": {}}),
        )
        .await;
        ids(&found).iter().filter(|id| id.starts_with("same")).count()
    };
    assert_eq!((of(0.0).await, of(0.8).await), (2, 1));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_are_read_and_kept_to() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let on = |id: &str, text: &str, day: &str| event(id, text, json!({"time": format!("{day}T10:00:00Z")}));
    told(
        &server,
        [
            on("monday", "a smoke test failed on staging", "2026-11-16"),
            on("friday", "a load test failed on staging", "2026-11-20"),
            on("release", "the release 2.0 went out to everybody", "2026-11-18"),
            on("today", "a unit test failed on staging", "2026-11-25"),
            on("march", "the first test failed on staging", "2024-03-05"),
        ],
    )
    .await;
    let of = async |query: &str| {
        asked(&server, "temporal", json!({"query": query, "now": "2026-11-25T18:30:00Z", "after": {}})).await
    };
    let sorted = |answer: &Value| {
        let mut ids: Vec<String> = ids(answer).into_iter().map(str::to_owned).collect();
        ids.sort();
        ids
    };
    let week = of("which test failed last week?").await;
    assert_eq!(
        week["times"],
        json!([{"said": "last week", "from": "2026-11-16T00:00:00Z", "until": "2026-11-23T00:00:00Z"}])
    );
    assert_eq!(sorted(&week), ["friday", "monday", "release"]);
    assert_eq!(ids(&of("which test failed in March 2024?").await), ["march"]);
    assert_eq!(ids(&of("which test failed today?").await), ["today"]);
    let before = of("which test failed before the release?").await;
    assert_eq!(before["anchors"][0]["id"], "release", "{before}");
    assert_eq!(sorted(&before), ["march", "monday"]);
    assert_eq!(sorted(&of("which test failed since the release?").await), ["friday", "release", "today"]);
    let newest = of("what was the latest test that failed?").await;
    assert_eq!((newest["order"].as_str(), ids(&newest)[0]), (Some("newest"), "today"));
    // Without other words, what was then; the newest first.
    assert_eq!(ids(&of("since last week").await), ["today", "friday", "release", "monday"]);
    let none = of("which test failed in 2019?").await;
    assert!(ids(&none).is_empty() && none["outside"][0]["id"] == "march", "{none}");
    let unsure = of("which test failed after the carnival?").await;
    assert!(unsure["anchors"][0]["id"].is_null() && unsure["reason"].is_string());
    assert!(of("which test failed?").await["reason"].as_str().unwrap().contains("names no time"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_widened_and_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let own = [
        event("d-1", "deployment runs on Argo with kubectl", json!({"session": "s"})),
        event("d-2", "for a deployment call Argo, then kubectl", json!({})),
        event("d-3", "Argo and kubectl need a token", json!({})),
        event("c-1", "the automobile of the company is red", json!({})),
        event("c-2", "an automobile was bought", json!({})),
        event("b-1", "the backup is stored in Oslo", json!({})),
        event(
            "b-2",
            "error[E0499] came from borrow_twice",
            json!({"session": "s", "time": "2026-11-20T11:00:00Z"}),
        ),
    ];
    told(&server, noise(40).chain(own)).await;
    let wider = asked(&server, "hyde", json!({"query": "deployment", "after": {}})).await;
    let words: Vec<&str> =
        wider["words"].as_array().unwrap().iter().map(|word| word["word"].as_str().unwrap()).collect();
    assert!(words.contains(&"argo") && words.contains(&"kubectl"), "{wider}");
    assert!(ids(&wider)[..4].contains(&"d-3") && wider["method"] == "feedback", "{wider}");

    let expanded =
        asked(&server, "expand", json!({"query": "who drives the car, and when did it start?", "after": {}}))
            .await;
    let forms = |answer: &Value, kind: &str| -> Vec<String> {
        let items = answer["items"].as_array().unwrap().iter().filter(|item| item["kind"] == kind);
        items.map(|item| item["query"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(forms(&expanded, "part"), ["who drives the car", "when did it start?"]);
    assert!(
        forms(&expanded, "synonym").contains(&"who drives the automobile, and when did it start?".to_owned()),
        "{expanded}"
    );
    assert!(forms(&expanded, "resolved").is_empty());
    let referring = json!({"query": "why did it fail?", "session": "s"});
    assert_eq!(forms(&asked(&server, "expand", referring).await, "resolved"), ["why did E0499 fail?"]);

    // Three hits about the deployment say nothing of Oslo, until it is asked for.
    let query = "deployment Argo kubectl Oslo zeppelin";
    let once = asked(&server, "reflect", json!({"query": query, "k": 3, "rounds": 1, "after": {}})).await;
    let first = asked(&server, "search", json!({"query": query, "k": 3})).await;
    if !ids(&first).contains(&"b-1") {
        assert!(ids(&once).contains(&"b-1") && once["rounds"][0]["added"] == json!(["b-1"]), "{once}");
    }
    assert_eq!(once["lacking"], json!(["zeppelin"]), "{once}");
    assert!(once["cover"].as_f64().unwrap() < 1.0);
    let whole = asked(&server, "reflect", json!({"query": "deployment Argo"})).await;
    assert_eq!((&whole["rounds"], whole["cover"].as_f64()), (&json!([]), Some(1.0)));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kinds_of_questions_have_their_strategies() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    told(&server, noise(20).chain([event("e-1", "the parser fails on dates", json!({}))])).await;
    for (query, class, strategies) in [
        ("which part fails on dates?", "lookup", vec!["search"]),
        ("who wrote the parser?", "who", vec!["search", "local"]),
        ("why does the parser fail?", "cause", vec!["search", "reflect"]),
        ("how many rows were printed?", "aggregate", vec!["search", "hyde"]),
        ("what failed on 20 November 2026?", "temporal", vec!["temporal", "search"]),
        ("give me an overview", "global", vec!["diverse"]),
    ] {
        let found = asked(&server, "smart", json!({"query": query, "budget_ms": 10_000, "after": {}})).await;
        let used: Vec<&str> = found["strategies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["strategy"].as_str().unwrap())
            .collect();
        assert_eq!((found["class"].as_str().unwrap(), used), (class, strategies), "{query}");
        assert_eq!(found["left_out"], json!([]));
        assert_eq!(found["reason"].is_string(), class == "global");
        assert!(
            found["items"]
                .as_array()
                .unwrap()
                .iter()
                .all(|item| !item["found_by"].as_array().unwrap().is_empty())
        );
    }
    let found = asked(&server, "smart", json!({"query": "what failed on 20 November 2026?"})).await;
    assert_eq!(ids(&found)[0], "e-1");
    let hurried =
        asked(&server, "smart", json!({"query": "why does the parser fail?", "budget_ms": 1})).await;
    let done =
        hurried["strategies"].as_array().unwrap().len() + hurried["left_out"].as_array().unwrap().len();
    assert_eq!(done, 2);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_are_compared_and_put_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let own = [
        event("e-1", "the database of orders is PostgreSQL 15", json!({})),
        event("e-2", "orders are kept in a PostgreSQL database", json!({})),
        event("e-3", "type:error \"quoted\" -not a cat sleeps on the roof", json!({})),
    ];
    told(&server, noise(20).chain(own)).await;
    let body = json!({"content": "PostgreSQL holds the orders", "project": "p"});
    let memory = post(&server, "/v1/tools/memories/remember", body).await["id"].as_str().unwrap().to_owned();
    let alike = asked(&server, "similar", json!({"id": "e-1", "k": 2, "after": {}})).await;
    let mut two = ids(&alike);
    two.sort_unstable();
    assert_eq!(two, ["e-2", memory.as_str()]);
    let of_kind = asked(&server, "similar", json!({"id": "e-1", "kinds": ["memory"]})).await;
    assert_eq!(ids(&of_kind), [memory.as_str()]);
    assert!(!ids(&asked(&server, "similar", json!({"id": "e-3"})).await).contains(&"e-3"));
    assert_eq!(refused(&server, "similar", json!({"id": "nothing"})).await["code"], "not_found");

    let given = json!({"query": "which database has the orders?", "ids": ["n-1", "e-3", "gone", "e-1"]});
    let ordered = asked(&server, "rerank", given).await;
    assert_eq!((ids(&ordered)[0], ids(&ordered).len()), ("e-1", 3));
    assert_eq!(ordered["absent"], json!(["gone"]));
    assert!(ordered["items"][0]["parts"]["text"].as_f64() > Some(0.0));
    assert_eq!(refused(&server, "rerank", json!({"query": "x", "ids": []})).await["field"], "ids");
    server.stop().await;
}

/// Rows of accesses that a statement counts, once there are so many.
async fn counted(server: &Serve, condition: &str, at_least: u64) -> u64 {
    let sql = json!({"sql": format!("SELECT COUNT(*) FROM accesses WHERE {condition}"), "project": "p"});
    let mut found = 0;
    for _ in 0..600 {
        found = post(server, "/v1/sql", sql.clone()).await["rows"][0][0].as_u64().unwrap();
        if found >= at_least {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_is_kept_and_scores_are_judged_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for at in 0..36 {
        let content = match at % 2 {
            0 => format!("We deploy service {at} on Tuesdays"),
            _ => format!("The bread of bakery {at} is sold by the slice"),
        };
        post(&server, "/v1/tools/memories/remember", json!({"content": content, "project": "p"})).await;
    }
    let query = "on which day do we deploy?";
    assert!(asked(&server, "calibrate", json!({})).await["reason"].is_string());
    let body = json!({"query": query, "cutoff": "none", "kinds": ["memory"], "k": 36, "project": "p", "after": {}, "session": "s"});
    let found = post(&server, "/v1/tools/memories/recall", body).await;
    let items = found["items"].as_array().unwrap();
    assert!(items.len() >= 30, "{}", items.len());
    for item in items {
        let useful = item["content"].as_str().unwrap().contains("deploy");
        asked(&server, "feedback", json!({"query": query, "id": item["id"], "useful": useful})).await;
    }
    asked(&server, "search", json!({"query": "not kept", "record": false})).await;
    post(&server, "/v1/search", json!({"query": "not kept", "project": "p", "record": false})).await;
    asked(&server, "search", json!({"query": "first", "session": "s", "agent": "ann"})).await;
    asked(&server, "context", json!({"query": "second"})).await;
    post(&server, "/v1/search", json!({"query": "third", "project": "p"})).await;
    let prompt = json!({"session": "s", "prompt": "fourth", "project": "p"});
    post(&server, "/v1/tools/hooks/user_prompt", prompt.clone()).await;
    let mut silent = prompt;
    silent["prompt"] = json!("not kept");
    silent["record"] = json!(false);
    post(&server, "/v1/tools/hooks/user_prompt", silent).await;
    let four = "query IN ('first', 'second', 'third', 'fourth') AND actor = 'local'";
    assert_eq!(counted(&server, four, 4).await, 4);
    assert_eq!(counted(&server, "query = 'not kept'", 0).await, 0);
    let who = "query = 'first' AND session = 's' AND agent = 'ann' AND operation = 'retrieve.search' AND cardinality(ids) > 0";
    assert_eq!(counted(&server, who, 1).await, 1);

    // Reading an item as a whole is using it.
    let used = items[0]["id"].clone();
    post(&server, "/v1/tools/memories/get", json!({"id": used, "project": "p"})).await;
    let used =
        format!("operation = 'memories.get' AND array_has(used, {})", used.to_string().replace('"', "'"));
    assert_eq!(counted(&server, &used, 1).await, 1);

    let told = asked(&server, "calibrate", json!({})).await;
    assert!(told["reason"].is_null(), "{told}");
    let recall = &told["items"][0];
    assert_eq!(
        (&recall["operation"], recall["judged"].as_u64()),
        (&json!("memories.recall"), Some(items.len() as u64))
    );
    assert!(recall["discrimination"].as_f64() > Some(0.9) && recall["brier"].as_f64().is_some(), "{recall}");
    let curve = recall["curve"].as_array().unwrap();
    assert_eq!(curve.iter().map(|one| one["judged"].as_u64().unwrap()).sum::<u64>(), items.len() as u64);
    assert!(curve[0]["useful"].as_f64() < curve[curve.len() - 1]["useful"].as_f64());
    // Another project has neither the questions nor the judgements.
    assert_eq!(asked(&server, "calibrate", json!({"project": "q"})).await["judged"], 0);
    server.stop().await;
}
