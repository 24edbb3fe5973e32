//! Recall: what bears on a question, from where it may be seen, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::processes::{Serve, post};

/// What the cases of noise give at least. They were fitted on, so this only tells that nothing broke; what left-out
/// worlds give is in docs/ranker.md.
const PRECISION: f64 = 0.85;
const RECALL: f64 = 0.80;
const EXACT: f64 = 0.80;

/// Tells a world's memories, and says which id each key got.
async fn told(server: &Serve, world: &Value, prefix: &str) -> BTreeMap<String, String> {
    let mut ids = BTreeMap::new();
    for memory in world["memories"].as_array().unwrap() {
        let mut body = memory.clone();
        let fields = body.as_object_mut().unwrap();
        let key = fields.remove("key").unwrap().as_str().unwrap().to_owned();
        let old = fields.remove("supersedes");
        let project = format!("{prefix}{}", memory["project"].as_str().unwrap());
        fields.insert("project".into(), project.clone().into());
        let id = post(server, "/v1/tools/memories/remember", body).await["id"].as_str().unwrap().to_owned();
        if let Some(old) = old {
            let both = json!({"old": ids[old.as_str().unwrap()], "new": id, "project": project});
            post(server, "/v1/tools/memories/supersede", both).await;
        }
        ids.insert(key, id);
    }
    ids
}

async fn recalled(server: &Serve, body: Value) -> Vec<String> {
    let mut answer = post(server, "/v1/tools/memories/recall", body.clone()).await;
    // On a busy machine vectors may come later than a moment.
    while answer["degraded"] == json!(["vectors_behind"]) {
        answer = post(server, "/v1/tools/memories/recall", body.clone()).await;
    }
    assert_eq!(answer["degraded"], json!([]), "{answer}");
    answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_bear_on_a_question_is_not_recalled() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/noise");
    let (mut right, mut wrong, mut missed, mut exact, mut asked) = (0, 0, 0, 0, 0);
    for file in std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let world: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let prefix = format!("{} ", file.file_stem().unwrap().display());
        let ids = told(&server, &world, &prefix).await;
        for case in world["cases"].as_array().unwrap() {
            let project = format!("{prefix}{}", case["project"].as_str().unwrap());
            let scope = case.get("scope").cloned().unwrap_or(json!([]));
            let body = json!({"query": case["query"], "project": project, "scope": scope, "after": {}});
            let found: BTreeSet<String> = recalled(&server, body).await.into_iter().collect();
            let expected = case["expect"].as_array().unwrap().iter();
            let expected: BTreeSet<String> = expected.map(|key| ids[key.as_str().unwrap()].clone()).collect();
            right += found.intersection(&expected).count();
            wrong += found.difference(&expected).count();
            missed += expected.difference(&found).count();
            exact += usize::from(found == expected);
            asked += 1;
        }
    }
    let share = |part: usize, of: usize| part as f64 / of as f64;
    let figures = [share(right, right + wrong), share(right, right + missed), share(exact, asked)];
    println!("{asked} cases: precision {:.3}, recall {:.3}, exact {:.3}", figures[0], figures[1], figures[2]);
    assert!(asked >= 150);
    assert!(figures[0] >= PRECISION && figures[1] >= RECALL && figures[2] >= EXACT, "{figures:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn places_successors_and_times_hold() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let told = async |content: &str, more: Value| {
        let mut body = json!({"content": content, "project": "p"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(&server, "/v1/tools/memories/remember", body).await["id"].as_str().unwrap().to_owned()
    };
    let asked = async |query: &str, more: Value| {
        let mut body = json!({"query": query, "project": "p", "after": {}});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        recalled(&server, body).await
    };
    let staging = told("The staging database listens on port 5433", json!({"scope": ["env:staging"]})).await;
    let production =
        told("The production database listens on port 5432", json!({"scope": ["env:production"]})).await;
    let question = "On which port does the database listen?";
    assert_eq!(asked(question, json!({})).await, [""; 0]);
    assert_eq!(asked(question, json!({"scope": ["env:staging"]})).await, [staging.as_str()]);
    let both = asked(question, json!({"scope": ["env:staging", "env:production"]})).await;
    assert_eq!(both.into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([staging, production]));

    let old = told("We deploy with Capistrano", json!({})).await;
    assert_eq!(asked("what do we deploy with?", json!({})).await, [old.as_str()]);
    let new = told("We deploy with Argo CD", json!({})).await;
    post(&server, "/v1/tools/memories/supersede", json!({"old": old, "new": new, "project": "p"})).await;
    assert_eq!(asked("what do we deploy with?", json!({})).await, [new.as_str()]);
    // It stays readable, and says what took its place.
    let read = post(&server, "/v1/tools/memories/get", json!({"id": old, "project": "p"})).await;
    assert_eq!(read["superseded_by"], json!(new));

    let past = json!({"valid_from": "2020-01-01T00:00:00Z", "valid_until": "2021-01-01T00:00:00Z"});
    told("The office cat is called Minka", past).await;
    told("The office dog is called Rex", json!({"valid_from": "2999-01-01T00:00:00Z"})).await;
    assert_eq!(asked("what is the office cat called?", json!({})).await, [""; 0]);
    assert_eq!(asked("what is the office dog called?", json!({})).await, [""; 0]);

    // Spelt otherwise, and by another name.
    let cluster =
        told("The cluster runs in Frankfurt", json!({"name": "Kubernetes", "aliases": ["k8s"]})).await;
    for query in ["where does Kubernets run?", "k8s region"] {
        assert!(asked(query, json!({"cutoff": 0.05})).await.contains(&cluster), "{query}");
    }
    let forgotten = json!({"id": cluster, "project": "p"});
    post(&server, "/v1/tools/memories/forget", forgotten).await;
    assert_eq!(asked("k8s region", json!({"cutoff": "none", "kinds": ["memory"]})).await.len(), 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_answers_what_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let talk: Value = serde_json::from_slice(include_bytes!("data/talk/01-ines-radek.json")).unwrap();
    let turns = talk["turns"].as_array().unwrap().iter().map(|turn| {
        let content = format!("{}: {}", turn["speaker"].as_str().unwrap(), turn["text"].as_str().unwrap());
        json!({"id": turn["id"], "time": turn["time"], "session": turn["session"], "agent": turn["speaker"],
               "type": "message", "content": content, "project": "p"})
    });
    let noise = (0..50).map(|at| {
        json!({"id": format!("t-{at}"), "type": "tool_result", "project": "p", "session": "t",
                                        "content": format!("Ines and Radek: row {at} of a table")})
    });
    post(&server, "/v1/events", turns.chain(noise).collect::<Value>()).await;
    let (mut found, mut questions, mut silent, mut of_none) = (0, 0, 0, 0);
    for question in talk["questions"].as_array().unwrap() {
        let items =
            recalled(&server, json!({"query": question["question"], "project": "p", "after": {}})).await;
        assert!(items.iter().all(|id| !id.starts_with("t-")), "what was not said: {items:?}");
        let evidence = question["evidence"].as_array().unwrap();
        found += usize::from(evidence.iter().any(|id| items.contains(&id.as_str().unwrap().to_owned())));
        questions += 1;
    }
    let other: Value = serde_json::from_slice(include_bytes!("data/talk/14-ruairi-greenhouse.json")).unwrap();
    for question in other["questions"].as_array().unwrap() {
        let items =
            recalled(&server, json!({"query": question["question"], "project": "p", "after": {}})).await;
        silent += usize::from(items.is_empty());
        of_none += 1;
    }
    println!("{found} of {questions} answered, {silent} of {of_none} rightly not");
    assert!(found * 10 >= questions * 6);
    assert!(silent * 10 >= of_none * 8);
    server.stop().await;
}

/// What Claude Code posts, and what comes back into its context.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prompt_is_answered_with_what_bears_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let hook = async |mut body: Value| {
        body["session_id"] = json!(body.get("session_id").cloned().unwrap_or(json!("s-2")));
        let answer = post(&server, "/v1/hooks/claude-code?project=p", body).await;
        assert_eq!(answer["accepted"], 1, "{answer}");
        answer["hookSpecificOutput"]["additionalContext"].as_str().map(str::to_owned)
    };
    let prompt = |session: &str, text: &str| json!({"hook_event_name": "UserPromptSubmit", "session_id": session, "prompt": text});
    let start = json!({"hook_event_name": "SessionStart", "source": "startup"});
    assert_eq!(hook(start.clone()).await, None);
    let told = json!({"content": "Releases are cut from the branch stable, never from main", "project": "p"});
    let id = post(&server, "/v1/tools/memories/remember", told).await["id"].as_str().unwrap().to_owned();
    hook(prompt("s-1", "Fix the flaky checkout test before the demo")).await;

    let about = hook(prompt("s-2", "From which branch do we cut releases?")).await.expect("it is remembered");
    assert!(about.starts_with(&format!("<athena-memory ids=\"{id}\">")), "{about}");
    assert!(about.contains("branch stable") && !about.contains("checkout"));
    assert_eq!(hook(prompt("s-2", "Write a haiku about the sea")).await, None);
    let begun = json!({"hook_event_name": "SessionStart", "source": "startup", "session_id": "s-3"});
    let begun = hook(begun).await.expect("there is a session before");
    assert!(begun.contains("branch stable") && begun.contains("haiku"), "{begun}");

    // What was put into a context is no evidence when it comes back.
    for round in 0..10 {
        let echoed = format!("{about}\nFrom which branch do we cut releases, round {round}?");
        let again = hook(prompt("s-4", &echoed)).await.expect("it is remembered");
        assert!(again.starts_with(&format!("<athena-memory ids=\"{id}")), "{again}");
    }
    let sql =
        json!({"sql": "SELECT COUNT(*) FROM events WHERE content LIKE '%athena-memory%'", "project": "p"});
    assert_eq!(post(&server, "/v1/sql", sql).await["rows"], json!([[0]]));
    server.stop().await;
}
