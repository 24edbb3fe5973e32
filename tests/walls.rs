//! Nothing leaks: whatever a token asks, in whatever mode and through whatever filter, it gets what it may see and
//! what the filter says, all of it and nothing else.

use std::collections::BTreeSet;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::access::{Caller, token};
use crate::processes::{Serve, post};

const PROJECTS: usize = 10;
const EVENTS: usize = 60;
const MEMORIES: usize = 8;
const TOKENS: usize = 8;
const QUESTIONS: usize = 400;
/// Hits that are asked for: fewer than candidates are drawn.
const K: usize = 100;

const WORDS: [&str; 12] = [
    "deploy", "database", "checkout", "parser", "cache", "token", "timeout", "kafka", "index", "session",
    "memory", "bread",
];
const TYPES: [&str; 3] = ["message", "tool_call", "error"];
const TOOLS: [&str; 3] = ["cargo", "git", "psql"];
const TAGS: [&str; 3] = ["red", "green", "blue"];
const AGENTS: [&str; 2] = ["user", "assistant"];
const FILES: [&str; 4] = ["src/a.rs", "src/deep/b.rs", "docs/c.md", "d.toml"];
const SCOPES: [&str; 2] = ["env:staging", "env:production"];

fn pick<'a>(chance: &mut StdRng, from: &[&'a str]) -> &'a str {
    from.choose(chance).unwrap()
}

fn event(chance: &mut StdRng, project: usize, at: usize) -> Value {
    let words: Vec<_> = (0..6).map(|_| pick(chance, &WORDS)).collect();
    let minute = chance.random_range(0..600);
    json!({"id": format!("p{project}-{at}"), "project": format!("p{project}"), "session": format!("s{}", at / 20),
           "type": pick(chance, &TYPES), "tool": pick(chance, &TOOLS), "agent": pick(chance, &AGENTS),
           "tags": [pick(chance, &TAGS)], "files": [pick(chance, &FILES)], "content": words.join(" "),
           "time": format!("2026-11-20T{:02}:{:02}:00Z", minute / 60, minute % 60)})
}

/// Some conditions, as a search takes them.
fn filter(chance: &mut StdRng) -> Value {
    let mut filter = json!({});
    let mut maybe = |name: &str, value: String, chance: &mut StdRng| {
        if chance.random_bool(0.2) {
            filter[name] = value.into();
        }
    };
    let session = format!("s{}", chance.random_range(0..4));
    let [since, until] = [(); 2].map(|()| format!("2026-11-20T{:02}:00:00Z", chance.random_range(0..10)));
    let path = pick(chance, &["src", "src/deep", "docs", "d.toml"]).to_owned();
    let values = [
        ("session", session),
        ("type", pick(chance, &TYPES).to_owned()),
        ("tool", pick(chance, &TOOLS).to_owned()),
        ("agent", pick(chance, &AGENTS).to_owned()),
        ("tag", pick(chance, &TAGS).to_owned()),
        ("path", path),
        ("since", since),
        ("until", until),
    ];
    for (name, value) in values {
        maybe(name, value, chance);
    }
    filter
}

fn passes(event: &Value, filter: &Value) -> bool {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    filter.as_object().unwrap().iter().all(|(name, wanted)| {
        let wanted = wanted.as_str().unwrap();
        match name.as_str() {
            "tag" => text(&event["tags"][0]) == wanted,
            "path" => {
                let file = text(&event["files"][0]);
                file == wanted || file.starts_with(&format!("{wanted}/"))
            }
            "since" => text(&event["time"]).as_str() >= wanted,
            "until" => text(&event["time"]).as_str() < wanted,
            field => text(&event[field]) == wanted,
        }
    })
}

fn ids(answer: &Value, field: &str) -> BTreeSet<String> {
    answer[field].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

async fn asked(caller: &Caller, path: &str, body: &Value) -> Value {
    let (status, answer) = caller.post(path, body).await;
    assert_eq!(status, 200, "{path} {body}: {answer}");
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_question_reaches_over_a_wall() {
    let folder = tempfile::tempdir().unwrap();
    let mut chance = StdRng::seed_from_u64(7);
    let mut events = Vec::new();
    let mut memories: Vec<(String, String, Option<&str>)> = Vec::new();
    let server = Serve::start(folder.path()).await;
    for project in 0..PROJECTS {
        let own: Vec<Value> = (0..EVENTS).map(|at| event(&mut chance, project, at)).collect();
        post(&server, "/v1/events", json!(own)).await;
        events.extend(own);
        for _ in 0..MEMORIES {
            let scope = chance.random_bool(0.5).then(|| pick(&mut chance, &SCOPES));
            let content = format!("{} and {}", pick(&mut chance, &WORDS), pick(&mut chance, &WORDS));
            let body = json!({"content": content, "project": format!("p{project}"), "scope": scope.into_iter().collect::<Vec<_>>()});
            let id =
                post(&server, "/v1/tools/memories/remember", body).await["id"].as_str().unwrap().to_owned();
            memories.push((format!("p{project}"), id, scope));
        }
    }
    server.stop().await;
    let mut callers = Vec::new();
    let mut tokens = Vec::new();
    for at in 0..TOKENS {
        let own: BTreeSet<String> = (0..chance.random_range(1..4))
            .map(|_| format!("p{}", chance.random_range(0..PROJECTS)))
            .collect();
        let flags: Vec<&str> = own.iter().flat_map(|project| ["--project", project.as_str()]).collect();
        let flags = [&["--role", "read"], flags.as_slice()].concat();
        tokens.push((token(folder.path(), &format!("t{at}"), &flags).await, own));
    }
    let server = Serve::start(folder.path()).await;
    for (secret, own) in &tokens {
        callers.push((Caller::of(&server.url).token(secret), own));
    }
    for number in 0..QUESTIONS {
        let (caller, own) = callers.choose(&mut chance).unwrap();
        let named: Vec<&String> = own.iter().filter(|_| chance.random_bool(0.7)).collect();
        let named = if named.is_empty() { own.iter().take(1).collect() } else { named };
        let filter = filter(&mut chance);
        let mode = pick(&mut chance, &["text", "vector", "hybrid", "graph"]);
        let query: Vec<_> = (0..chance.random_range(0..4)).map(|_| pick(&mut chance, &WORDS)).collect();
        let mut body = json!({"query": query.join(" "), "mode": mode, "projects": named, "k": K, "kinds": ["event"], "after": {}});
        body.as_object_mut().unwrap().extend(filter.as_object().unwrap().clone());
        let answer = asked(caller, "/v1/search", &body).await;
        assert_eq!(answer["degraded"], json!([]));
        let found = ids(&answer, "hits");
        let seen = |event: &&Value| {
            named.iter().any(|project| event["project"] == project.as_str()) && passes(event, &filter)
        };
        let may: BTreeSet<String> =
            events.iter().filter(seen).map(|event| event["id"].as_str().unwrap().to_owned()).collect();
        assert!(found.is_subset(&may), "{number} {body}: {:?}", found.difference(&may));
        // Vectors know no words, and no words ask for everything: then nothing that passes is missing.
        if mode == "vector" || query.is_empty() {
            assert_eq!(found.len(), may.len().min(K), "{number} {body}");
        }

        let strategy =
            pick(&mut chance, &["smart", "hyde", "reflect", "multi_hop", "local", "temporal"]).to_owned();
        let body = json!({"query": format!("{} since yesterday", query.join(" ")), "projects": named, "k": K,
                          "kinds": ["event"], "filters": filter, "record": false});
        let found = ids(&asked(caller, &format!("/v1/tools/retrieve/{strategy}"), &body).await, "items");
        assert!(found.is_subset(&may), "{number} {strategy} {body}: {:?}", found.difference(&may));

        let places: Vec<&str> = SCOPES.iter().copied().filter(|_| chance.random_bool(0.5)).collect();
        let body = json!({"query": pick(&mut chance, &WORDS), "projects": named, "scope": places, "kinds": ["memory"],
                          "cutoff": "none", "k": K, "after": {}});
        let found = ids(&asked(caller, "/v1/tools/memories/recall", &body).await, "items");
        let sees = |(project, _, scope): &&(String, String, Option<&str>)| {
            named.contains(&project) && scope.is_none_or(|scope| places.contains(&scope))
        };
        let may: BTreeSet<String> = memories.iter().filter(sees).map(|(_, id, _)| id.clone()).collect();
        assert_eq!(found, may, "{number} {body}");
    }
    // What lists and counts sees the same.
    for (caller, own) in &callers {
        let named: Vec<&String> = own.iter().collect();
        let body = json!({"projects": named, "limit": 1_000});
        let listed = asked(caller, "/v1/tools/events/list", &body).await;
        assert_eq!(listed["items"].as_array().unwrap().len(), own.len() * EVENTS);
        let counted =
            asked(caller, "/v1/tools/events/count", &json!({"projects": named, "group_by": "project"})).await;
        assert_eq!(
            (&counted["count"], counted["items"].as_array().unwrap().len()),
            (&json!(own.len() * EVENTS), own.len())
        );
        let sessions = asked(caller, "/v1/tools/sessions/list", &body).await;
        let projects: BTreeSet<&str> = sessions["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["project"].as_str().unwrap())
            .collect();
        assert_eq!(projects, own.iter().map(String::as_str).collect());
    }
    server.stop().await;
}
