//! Procedures: what agents did again and again is found, foretold in a session under way, and forgotten with what
//! it rested on; what people say of it wins, and stays.

use std::path::Path;
use std::sync::Arc;

use athena_consolidate::{Cause, Options, run_project};
use athena_schemas::Position;
use athena_store::{LogKind, Store};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::consolidate::tell;
use crate::operations::called;
use crate::processes::{SERVE, Serve, athena, post};
use crate::support::{count, open, sql};

/// How often is asked whether a run has come so far, and how long is waited between.
const ASKED: usize = 3_000;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(200);

const TOOLS: [&str; 12] =
    ["ls", "cat", "grep", "find", "sed", "awk", "head", "tail", "sort", "uniq", "diff", "wc"];
const RELEASE: [&str; 4] = ["make", "docker push", "kubectl apply", "curl"];
/// Stands in the commands of the first sessions only.
const CANARY: &str = "quokkazed";

/// Sessions of random commands, of which every third releases something; one release in four fails at its last step.
pub fn history(sessions: usize, seed: u64) -> Vec<Value> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut events = Vec::new();
    for number in 0..sessions {
        let mut lines: Vec<String> = Vec::new();
        let noise =
            |rng: &mut StdRng| format!("{} x{}", TOOLS[rng.random_range(0..12)], rng.random_range(0..1_000));
        let (releases, fails) = (number % 3 == 0, number % 12 == 0);
        for step in RELEASE.iter().filter(|_| releases) {
            if rng.random_bool(0.2) {
                lines.push(noise(&mut rng));
            }
            let what = if number < 9 { format!("{CANARY}{number}") } else { format!("v{number}") };
            lines.push(format!("{step} {what}"));
        }
        while lines.len() < 6 {
            lines.insert(0, noise(&mut rng));
        }
        let last = lines.len() - 1;
        let at = 1_790_000_000 + number as i64 * 10_000;
        for (step, line) in lines.iter().enumerate() {
            let outcome = if fails && step == last { "failure" } else { "success" };
            events.push(json!({"id": format!("{seed}-{number}-{step}"), "time": at + step as i64 * 10,
                               "session": format!("s-{number}"), "agent": "claude", "type": "tool_call",
                               "tool": "Bash", "content": line, "outcome": outcome}));
        }
        events.push(
            json!({"id": format!("{seed}-{number}-end"), "time": at + 1_000, "session": format!("s-{number}"),
                           "type": "session_end", "content": "done",
                           "outcome": if fails { "failure" } else { "success" }}),
        );
    }
    events
}

/// Procedures without their ids, which tell of the runs that found them first, and what they rest on.
pub const FOUND: &str = "SELECT name, category, steps, repeats, support, sessions, successes, outcomes, median_duration_ms, \
                     preconditions, variants, examples FROM procedures ORDER BY name";
pub const RUNS: &str = "SELECT procedures.name, procedure_runs.session, procedure_runs.events, procedure_runs.started_at, \
                    procedure_runs.ended_at, procedure_runs.outcome, procedure_runs.failed_at, procedure_runs.times, \
                    procedure_runs.also, procedure_runs.before \
                    FROM procedure_runs INNER JOIN procedures ON procedures.id = procedure_runs.procedure \
                    ORDER BY procedures.name, procedure_runs.session, procedure_runs.started_at";

async fn learn(store: &Arc<Store>, full: bool) {
    run_project(store, &Options::default(), "p", full, Cause::Request).await.unwrap();
}

#[tokio::test]
async fn incremental_runs_find_what_a_full_one_does() {
    let mut rng = StdRng::seed_from_u64(7);
    let mut events = history(60, 1);
    events.shuffle(&mut rng);
    let (apart, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let apart = open(apart.path(), LogKind::Kafka).await;
    let mut rest = events.as_slice();
    while !rest.is_empty() {
        let (some, more) = rest.split_at(rng.random_range(rest.len().min(150)..=rest.len()));
        tell(&apart, some).await;
        learn(&apart, false).await;
        rest = more;
    }
    let whole = open(whole.path(), LogKind::Kafka).await;
    tell(&whole, &events).await;
    learn(&whole, true).await;
    let found = sql(&apart, FOUND).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found, sql(&whole, FOUND).await);
    let runs = sql(&apart, RUNS).await;
    assert_eq!(runs.len(), 20);
    assert_eq!(runs, sql(&whole, RUNS).await);
    // Every run leads to its events.
    let lost = "SELECT COUNT(*) FROM (SELECT UNNEST(events) AS event FROM procedure_runs) AS told \
                LEFT ANTI JOIN events ON events.id = told.event WHERE told.event <> ''";
    assert_eq!(count(&apart, lost).await, 0);
    // The same again changes nothing, and the model that was replaced is kept by nobody.
    let versions = "SELECT COUNT(*) FROM procedure_runs_versions";
    let before = count(&apart, versions).await;
    learn(&apart, true).await;
    learn(&apart, true).await;
    assert_eq!(count(&apart, versions).await, before);
    assert_eq!(count(&apart, "SELECT COUNT(*) FROM models_versions").await, 2);
}

#[tokio::test]
async fn a_large_project_is_counted_in_every_session_without_being_mined_anew() {
    let events = history(90, 1);
    // Sessions stay whole where they are cut; the last ones grow the project by less than a tenth.
    let (first, rest) = events.split_at(events.len() * 19 / 20);
    let options = Options { whole_events: 10, ..Options::default() };
    let learn = async |store: &Arc<Store>, full| {
        run_project(store, &options, "p", full, Cause::Request).await.unwrap().unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    tell(&store, first).await;
    learn(&store, false).await;
    let models = sql(&store, "SELECT id, run FROM models ORDER BY id").await;
    for some in rest.chunks(11) {
        tell(&store, some).await;
        learn(&store, false).await;
    }
    assert_eq!(sql(&store, "SELECT id, run FROM models ORDER BY id").await, models, "nothing was mined anew");
    let (found, runs) = (sql(&store, FOUND).await, sql(&store, RUNS).await);
    assert_eq!((found.len(), runs.len()), (1, 30));
    learn(&store, true).await;
    assert_ne!(sql(&store, "SELECT id, run FROM models ORDER BY id").await, models);
    assert_eq!(found[0][4..8], sql(&store, FOUND).await[0][4..8], "support, sessions and success");
    assert_eq!(runs, sql(&store, RUNS).await);
}

struct Server {
    serve: Serve,
    project: &'static str,
}

impl Server {
    async fn start(folder: &Path) -> Self {
        let mut command = athena(folder, &SERVE);
        command.env("ATHENA_CONSOLIDATE_EVERY_S", "1");
        Self { serve: Serve::of(command, folder).await, project: "p" }
    }

    async fn tell(&self, events: &[Value]) -> Position {
        let of_project = |event: &Value| {
            let mut event = event.clone();
            event["project"] = self.project.into();
            event
        };
        let events: Vec<Value> = events.iter().map(of_project).collect();
        let answer = post(&self.serve, "/v1/events", json!(events)).await;
        serde_json::from_value(answer["position"].clone()).unwrap()
    }

    async fn call(&self, operation: &str, arguments: Value) -> Value {
        self.try_call(operation, arguments).await.unwrap_or_else(|error| panic!("{operation}: {error}"))
    }

    async fn try_call(&self, operation: &str, arguments: Value) -> Result<Value, Value> {
        let (tool, operation) = operation.split_once('.').unwrap();
        called(&self.serve, tool, operation, arguments, self.project).await
    }

    /// Waits for a run that has read as far as `position`.
    async fn learned(&self, position: &Position) {
        for _ in 0..ASKED {
            let newest = "SELECT input FROM runs WHERE status = 'complete' ORDER BY number DESC LIMIT 1";
            let body = json!({"sql": newest, "project": self.project});
            let answer = post(&self.serve, "/v1/sql", body).await;
            let input =
                answer["rows"][0][0].as_str().map(|input| serde_json::from_str::<Position>(input).unwrap());
            if input.is_some_and(|input| input.covers(position)) {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("no run has read {position:?}");
    }

    async fn number(&self, statement: &str) -> i64 {
        let body = json!({"sql": statement, "project": self.project});
        post(&self.serve, "/v1/sql", body).await["rows"][0][0].as_i64().unwrap()
    }
}

fn names(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

fn position(answer: &Value) -> Position {
    serde_json::from_value(answer["position"].clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_is_found_foretold_and_what_is_said_of_it_wins() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path()).await;
    let empty = server.call("procedures.list", json!({})).await;
    assert!(empty["items"].as_array().unwrap().is_empty() && empty["reason"].is_string());
    let none = server.call("procedures.next_step", json!({"steps": ["Bash: make x"]})).await;
    assert!(none["items"].as_array().unwrap().is_empty() && none["reason"].is_string());
    let told = server.tell(&history(90, 1)).await;
    server.learned(&told).await;

    let listed = server.call("procedures.list", json!({})).await;
    assert_eq!(names(&listed), ["make → docker push → kubectl apply → curl"]);
    let found = &listed["items"][0];
    let id = found["id"].as_str().unwrap();
    assert_eq!(
        (&found["support"], &found["sessions"], &found["category"]),
        (&json!(30), &json!(30), &json!("deploy"))
    );
    assert_eq!((&found["success_rate"]["successes"], &found["success_rate"]["of"]), (&json!(22), &json!(30)));
    assert!(found["success_rate"]["low"].as_f64().unwrap() < 0.75);
    assert_eq!(found["steps"][3]["template"], "curl {name}");
    let whole = server.call("procedures.get", json!({"procedure": id})).await;
    assert_eq!(whole["runs"].as_array().unwrap().len(), 5);
    assert_eq!(whole["steps"][2]["parameters"][0]["source"]["from"], "parameter");
    let judged = server.call("procedures.effectiveness", json!({"procedure": id})).await;
    assert_eq!((&judged["runs"], &judged["fails_at"][0]["failures"]), (&json!(30), &json!(8)));
    assert!(judged["trend"]["p"].is_number() && judged["p90_duration_ms"].is_number());
    // It was learned from all of these: there is no time since to compare with that before.
    let roi = server.call("estimation.roi", json!({"procedure": id})).await;
    assert_eq!(
        (&roi["runs"], &roi["failed"], &roi["compared_with"]),
        (&json!(30), &json!(8), &json!("first_runs"))
    );
    assert!(roi["learned_at"].is_string() && roi["saved_ms"].is_number(), "{roi}");
    let better = server.call("procedures.improve", json!({"procedure": id})).await;
    assert!(better["items"].as_array().unwrap().is_empty() && better["reason"].is_string());
    let diagram = server.call("procedures.export", json!({"procedure": id, "format": "diagram"})).await;
    assert!(diagram["text"].as_str().unwrap().contains("8 of 30 failed here"), "{diagram}");

    // A session under way: two steps are done, and the third is foretold with its value.
    let line = |step: usize, text: &str| {
        json!({"id": format!("now-{step}"), "session": "now", "agent": "claude", "type": "tool_call", "tool": "Bash",
               "content": text, "outcome": "success"})
    };
    let after = server.tell(&[line(0, "make v777"), line(1, "docker push v777")]).await;
    let next =
        server.call("procedures.next_step", json!({"session": "now", "after": after, "limit": 3})).await;
    assert_eq!(next["items"][0]["template"], "kubectl apply {name}", "{next}");
    assert!(next["items"][0]["probability"].as_f64().unwrap() > 0.5, "{next}");
    assert_eq!(next["items"][0]["arguments"][0]["values"][0]["value"], "v777", "{next}");
    let fits = server.call("procedures.find", json!({"session": "now"})).await;
    assert_eq!(
        (&fits["items"][0]["id"], &fits["items"][0]["next"]["template"]),
        (&json!(id), &json!("kubectl apply {name}"))
    );
    let fits = server.call("procedures.find", json!({"situation": "push the docker image"})).await;
    assert_eq!(fits["items"][0]["id"], id);
    let steps = json!({"steps": ["Bash: make a", "docker push b", "Bash: frobnicate"], "limit": 1});
    let next = server.call("procedures.next_step", steps).await;
    assert_eq!(next["items"][0]["template"], "kubectl apply {name}");
    assert_eq!(next["unknown"], json!(["Bash: frobnicate"]));

    // What is said of it stays over the next run.
    server
        .call("procedures.update", json!({"procedure": id, "name": "Release", "category": "release"}))
        .await;
    let more: Vec<Value> = history(30, 2)
        .into_iter()
        .map(|mut event| {
            event["session"] = format!("more-{}", event["session"].as_str().unwrap()).into();
            event
        })
        .collect();
    let told = server.tell(&more).await;
    server.learned(&told).await;
    let listed = server.call("procedures.list", json!({"category": "release"})).await;
    assert_eq!((names(&listed), &listed["items"][0]["id"]), (vec!["Release"], &json!(id)));
    // The session under way may count as a run that is not at its end.
    let support = listed["items"][0]["support"].as_u64().unwrap();
    assert!((40..=41).contains(&support), "{listed}");
    let known = listed["items"][0]["success_rate"]["of"].as_u64().unwrap();
    let executed = json!({"procedure": "release", "outcome": "success", "lesson": "log in first"});
    server.call("procedures.record_execution", executed).await;
    let whole = server.call("procedures.get", json!({"procedure": id})).await;
    assert_eq!(
        (&whole["success_rate"]["of"], &whole["lessons"]),
        (&json!(known + 1), &json!(["log in first"]))
    );
    let begun =
        server.call("procedures.execute", json!({"procedure": id, "parameters": {"name": "cart-9"}})).await;
    assert_eq!((&begun["items"][0]["text"], &begun["missing"]), (&json!("make cart-9"), &json!([])));
    server.call("procedures.retire", json!({"procedure": id, "why": "the robot does it"})).await;
    assert!(names(&server.call("procedures.list", json!({})).await).is_empty());
    assert!(names(&server.call("procedures.find", json!({"situation": "docker"})).await).is_empty());
    let late = server.try_call("procedures.execute", json!({"procedure": id})).await.unwrap_err();
    assert_eq!(late["error"]["code"], "conflict", "{late}");
    server.call("procedures.update", json!({"procedure": id, "restore": true})).await;
    let past = server.call("procedures.versions", json!({"procedure": id})).await;
    let origins: Vec<_> =
        past["items"].as_array().unwrap().iter().map(|one| one["origin"].as_str().unwrap()).collect();
    assert_eq!(origins.iter().filter(|one| **one == "told").count(), 3, "{past}");
    assert!(origins.iter().filter(|one| **one == "learned").count() >= 2, "{past}");

    // Worth teaching: beside sessions like those that used it.
    server.call("skills.promote", json!({"procedure": id, "name": "Ship it"})).await;
    let skill = server.call("skills.effectiveness", json!({"skill": "ship it"})).await;
    assert!(
        skill["used"].as_u64().unwrap() >= 40 && skill["reason"].is_string() == skill["with"].is_null(),
        "{skill}"
    );
    let folder_of = server.call("skills.export", json!({"skill": "ship it"})).await;
    assert_eq!(folder_of["folder"], "ship-it");
    assert!(folder_of["files"][0]["text"].as_str().unwrap().starts_with("---\nname: ship-it\ndescription: "));
    let made = json!({"session": "now", "name": "Ship by hand"});
    let made = server.call("procedures.generate", made).await;
    assert_eq!(made["steps"], json!(["Bash: make {name}", "Bash: docker push {name}"]));
    server.serve.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_rested_on_a_forgotten_event_goes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path()).await;
    let told = server.tell(&history(60, 3)).await;
    server.learned(&told).await;
    let models = format!("SELECT COUNT(*) FROM models WHERE body LIKE '%{CANARY}%'");
    assert_eq!(server.number("SELECT support FROM procedures").await, 20);
    assert!(server.number(&models).await > 0, "values that were seen are offered");
    for session in ["s-0", "s-3", "s-6"] {
        let forget = json!({"filter": {"session": session}, "dry_run": false});
        let forgotten = server.call("events.forget", forget).await;
        server.learned(&position(&forgotten)).await;
    }
    assert_eq!(server.number("SELECT support FROM procedures").await, 17);
    let of_them = "SELECT COUNT(*) FROM procedure_runs WHERE session IN ('s-0', 's-3', 's-6')";
    assert_eq!(server.number(of_them).await, 0);
    assert_eq!(server.number(&models).await, 0);
    let steps = format!("SELECT COUNT(*) FROM procedures WHERE steps LIKE '%{CANARY}%'");
    assert_eq!(server.number(&steps).await, 0);
    server.serve.stop().await;
}
