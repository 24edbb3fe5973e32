//! Runs, whoever asks for them and whatever becomes of them: killed at any moment, stopped while another publishes,
//! cancelled, scheduled; asked for over HTTP, in one process and in three.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use athena_consolidate::{Cause, Error, Options, Worker, reclaim, run_project, run_requested};
use athena_ingest::{EmbeddedLog, EmbeddedOptions};
use athena_schemas::orders::{RUN_CANCEL, cancel_id};
use athena_schemas::tables::{Episode, Record, Run};
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Claim, Partition, Row, Time, position};
use athena_store::{LogKind, Store};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::consolidate::{history, learn, renamed, tell};
use crate::kafka::setting;
use crate::learned::{ask_of, copied, knowledge, life};
use crate::operations::called;
use crate::processes::{Serve, post};
use crate::recovery::{Server, kill};
use crate::support::*;

/// The longest that a run is waited for.
const LIMIT: Duration = Duration::from_secs(60);

/// A run of everything in a process of its own.
fn run_of_its_own(data: &Path) -> Child {
    let log = data.with_file_name("consolidate.log");
    Command::new(env!("CARGO_BIN_EXE_athena"))
        .args(["consolidate", "--once", "--full", "--data"])
        .arg(data)
        .env("ATHENA_LOG_LEVEL", "warn")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::options().create(true).append(true).open(log).unwrap())
        .spawn()
        .expect("athena starts")
}

type Known = std::collections::BTreeMap<&'static str, Vec<String>>;

/// Reads the runs that have no end and rows in a derived table.
fn unseen(table: &str) -> String {
    format!(
        "SELECT DISTINCT v.run FROM {table}_versions AS v LEFT JOIN runs ON runs.id = v.run WHERE runs.id IS NULL"
    )
}

/// What a worker leaves that is killed at a random moment of a run over everything, in every derived table: what was known
/// before, or what the same run leaves on a copy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_killed_leaves_what_was_known_or_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let store = open(&data, LogKind::Kafka).await;
    let mut rng = StdRng::seed_from_u64(23);
    let rounds = if full() { 20 } else { 4 };
    let events = life(23);
    let (mut kept, mut passed, mut longest) = (0, 0, Duration::ZERO);
    for (round, some) in events.chunks(events.len().div_ceil(rounds)).enumerate() {
        tell(&store, some).await;
        ask_of(&store, &events, round as u64).await;
        let before = knowledge(&store).await;
        let twin = folder.path().join(format!("twin-{round}"));
        copied(&data, &twin);
        let began = Instant::now();
        assert!(run_of_its_own(&twin).wait().unwrap().success());
        longest = longest.max(began.elapsed());
        let after = knowledge(open(&twin, LogKind::Kafka).await.as_ref()).await;
        let mut child = run_of_its_own(&data);
        std::thread::sleep(longest.mul_f64(rng.random_range(0.1..1.1)));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = knowledge(&store).await;
        match (found == before, found == after) {
            (true, _) => kept += 1,
            (_, true) => passed += 1,
            _ => {
                let differs = |of: &Known| {
                    found.iter().filter(|(t, rows)| of[*t] != **rows).map(|(t, _)| *t).collect::<Vec<_>>()
                };
                panic!(
                    "round {round}: a mixture: {:?} are not as before, {:?} not as after",
                    differs(&before),
                    differs(&after)
                );
            }
        }
    }
    eprintln!("killed before the end: {kept}, after it: {passed}");
    assert!(kept > 0, "some were killed before their end");
    let twin = folder.path().join("twin");
    copied(&data, &twin);
    assert!(run_of_its_own(&twin).wait().unwrap().success());
    let after = knowledge(open(&twin, LogKind::Kafka).await.as_ref()).await;
    assert!(after.iter().all(|(table, rows)| !rows.is_empty() || panic!("{table} has no rows")));
    assert!(run_of_its_own(&data).wait().unwrap().success());
    assert_eq!(knowledge(&store).await, after);
    reclaim(&store, &Options::default().sql, 0).await.unwrap();
    store.refresh().await.unwrap();
    for table in athena_schemas::tables::DERIVED {
        let left = unseen(table.name);
        assert_eq!(sql(&store, &left).await, Vec::<Vec<String>>::new(), "what died is swept away");
    }
    assert_eq!(knowledge(&store).await, after);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_was_stopped_is_refused_when_it_wakes() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let store = open(&data, LogKind::Kafka).await;
    let signal = |child: &Child, name: &str| {
        let sent = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    };
    for round in 0..20 {
        let events: Vec<Value> = history(round).iter().map(|event| renamed(event, round)).collect();
        tell(&store, &events).await;
        let mut child = run_of_its_own(&data);
        // Between its rows and its end.
        let stalled = loop {
            store.refresh().await.unwrap();
            if let Some(row) = sql(&store, &unseen("episodes")).await.pop() {
                signal(&child, "STOP");
                store.refresh().await.unwrap();
                let published = format!("SELECT COUNT(*) FROM runs WHERE id = '{}'", row[0]);
                break (count(&store, &published).await == 0).then(|| row[0].clone());
            }
            if child.try_wait().unwrap().is_some() {
                break None;
            }
        };
        let Some(stalled) = stalled else {
            signal(&child, "CONT");
            child.wait().unwrap();
            continue;
        };
        let published = run_project(&store, &Options::default(), "p", true, Cause::Request).await;
        signal(&child, "CONT");
        child.wait().unwrap();
        let published = match published {
            Ok(run) => run.unwrap(),
            Err(error) => panic!("{error}"),
        };
        store.refresh().await.unwrap();
        let chain = "SELECT id FROM runs WHERE status = 'complete' ORDER BY number DESC LIMIT 1";
        assert_eq!(sql(&store, chain).await, [[published.id.as_str()]]);
        assert_eq!(count(&store, &format!("SELECT COUNT(*) FROM runs WHERE id = '{stalled}'")).await, 0);
        let seen = format!("SELECT COUNT(*) FROM episodes WHERE run = '{stalled}'");
        assert_eq!(count(&store, &seen).await, 0, "nothing of it is seen");
        return;
    }
    panic!("no run could be stopped between its rows and its end");
}

/// Rows of every derived table, the runs themselves aside.
async fn rows(store: &Store) -> Vec<(&'static str, usize)> {
    let mut rows = Vec::new();
    for table in athena_schemas::tables::DERIVED {
        rows.push((table.name, store.of(table).dataset().count_rows(None).await.unwrap()));
    }
    rows
}

/// Each tenth run reads everything anew, of all that is derived; the others find nothing new.
#[tokio::test]
async fn two_hundred_runs_over_the_same_leave_what_two_do() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let events = life(5);
    tell(&store, &events).await;
    ask_of(&store, &events, 5).await;
    learn(&store, true).await.unwrap();
    learn(&store, true).await.unwrap();
    let mut known = knowledge(&store).await;
    let after_two = rows(&store).await;
    assert!(after_two.iter().all(|(_, rows)| *rows > 0), "{after_two:?}");
    let more: i64 = if full() { 198 } else { 38 };
    for number in 0..more {
        let (full, request) = (number % 10 == 0, Some(format!("run-{number}")));
        let run =
            run_requested(&store, &Options::default(), "p", full, Cause::Request, request).await.unwrap();
        assert_eq!(run.is_some(), full);
    }
    assert_eq!(rows(&store).await, after_two);
    let mut again = knowledge(&store).await;
    // The number of a run goes on.
    again.remove("quality");
    known.remove("quality");
    assert_eq!(again, known);
    let everything = (more + 9) / 10;
    assert_eq!(
        count(&store, "SELECT COUNT(*) FROM runs").await,
        2 + everything,
        "one a run that read everything"
    );
}

async fn cancel(store: &Store, id: &str) {
    let record = Record {
        id: cancel_id(id),
        project: "p".into(),
        kind: RUN_CANCEL.into(),
        name: Some(id.into()),
        body: "{}".into(),
        recorded_at: Time::now(),
        log_topic: "c".into(),
        ..Record::default()
    };
    let staged = store.records.stage(vec![Record::batch([&record])]).await.unwrap();
    let ranges = [(Partition::new("c", 0), (0, 1))].into();
    store.records.commit(&staged, Claim { rule: position::Rule::Exact, ranges }, &[]).await.unwrap();
}

#[tokio::test]
async fn a_cancelled_run_publishes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    tell(&store, &history(6)).await;
    cancel(&store, "run-1").await;
    let asked = Some("run-1".to_owned());
    let run = run_requested(&store, &Options::default(), "p", true, Cause::Request, asked).await;
    assert!(matches!(run, Err(Error::Cancelled { .. })), "{run:?}");
    assert_eq!(sql(&store, "SELECT status, request FROM runs").await, [["cancelled", "run-1"]]);
    assert_eq!(store.derived::<Episode>().dataset().count_rows(None).await.unwrap(), 0);
    let run = learn(&store, false).await.unwrap();
    assert_eq!((run.number, run.base), (2, None), "the chain goes on");
}

#[tokio::test]
async fn quality_is_kept_in_the_row_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    tell(&store, &history(7)).await;
    let quality = |run: &Run| serde_json::from_str::<Value>(run.quality.as_deref().unwrap()).unwrap();
    let first = quality(&learn(&store, false).await.unwrap());
    let counted = count(&store, "SELECT COUNT(*) FROM episodes").await;
    let events = count(&store, "SELECT COUNT(*) FROM events").await;
    assert_eq!(first["stands"]["episodes"], counted);
    assert!(first["compression"].as_f64().unwrap() <= events as f64 / counted as f64 + 1e-9);
    assert_eq!(first["reason"]["stability"], "nothing was known before");
    tell(&store, &[json!({"id": "later", "time": 1_900_000_000, "session": "s-0", "content": "later"})])
        .await;
    let next = quality(&learn(&store, false).await.unwrap());
    assert_eq!(next["stands"]["episodes"], counted + 1);
    let stability = next["stability"].as_f64().unwrap();
    assert!((0.9..=1.0).contains(&stability), "what a word more changes is little: {stability}");
}

/// Who states again what was known agrees with it, who states something else does not, nor who takes it away.
#[tokio::test]
async fn what_is_said_since_tells_how_good_what_was_known_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let agreement = |run: &Run| {
        let quality: Value = serde_json::from_str(run.quality.as_deref().unwrap()).unwrap();
        (quality["agreement"].as_f64(), quality["reason"]["agreement"].as_str().map(str::to_owned))
    };
    let mut at = 0;
    let mut said = async |content: &str| {
        at += 1;
        let event = json!({"id": format!("e-{at}"), "time": 1_790_000_000 + at, "session": format!("s-{at}"),
                           "agent": format!("agent {at}"), "type": "message", "content": content});
        tell(&store, &[event]).await;
    };
    said("Our deploy day is Tuesday.").await;
    let (none, why) = agreement(&learn(&store, false).await.unwrap());
    assert!(none.is_none() && why.unwrap() == "nothing was known before");
    for _ in 0..4 {
        said("Our deploy day is Tuesday.").await;
    }
    let (none, why) = agreement(&learn(&store, false).await.unwrap());
    assert!(none.is_none() && why.clone().unwrap().starts_with("4 things"), "{why:?}");
    for _ in 0..3 {
        said("Our deploy day is Tuesday.").await;
    }
    said("I live in Berlin.").await;
    said("The deploy day moved to Friday.").await;
    let rejected = Record {
        id: "fact_rejected-1".into(),
        project: "p".into(),
        kind: "fact_rejected".into(),
        name: Some(sql(&store, "SELECT SPLIT_PART(id, '.', 1) FROM facts").await.remove(0).remove(0)),
        body: "{}".into(),
        recorded_at: Time::now().plus_micros(10_000_000_000_000),
        log_topic: "t".into(),
        ..Record::default()
    };
    let staged = store.records.stage(vec![Record::batch([&rejected])]).await.unwrap();
    let ranges = [(Partition::new("t", 0), (0, 1))].into();
    store.records.commit(&staged, Claim { rule: position::Rule::Exact, ranges }, &[]).await.unwrap();
    // What nothing was known of, where somebody lives, tells nothing.
    assert_eq!(agreement(&learn(&store, false).await.unwrap()), (Some(0.6), None));
}

async fn settled(server: &Serve, id: &str) -> Value {
    let began = Instant::now();
    loop {
        let told = called(server, "consolidation", "status", json!({"run": id}), "p").await.unwrap();
        if !["pending", "running"].contains(&told["run"]["status"].as_str().unwrap()) {
            return told["run"].clone();
        }
        assert!(began.elapsed() < LIMIT, "{told}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_are_asked_for_and_looked_at_over_http() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let events: Vec<Value> = history(8)
        .into_iter()
        .map(|mut event| {
            event["project"] = "p".into();
            event
        })
        .collect();
    post(&server, "/v1/events", json!(events)).await;
    let ask = async |operation: &str, arguments: Value| {
        let answer = called(&server, "consolidation", operation, arguments, "p").await;
        answer.unwrap_or_else(|error| panic!("{operation}: {error}"))
    };
    let first = ask("run", json!({"wait": true})).await;
    assert_eq!((&first["status"], &first["request"]), (&json!("complete"), &first["id"]), "{first}");
    assert!(first["rows"]["episodes"].as_u64().unwrap() > 0 && first["seconds"].as_f64().unwrap() > 0.0);
    assert_eq!(first["input"]["local"]["0"], json!(events.len() + 1), "{first}");
    let again = ask("run", json!({"wait": true})).await;
    // The command that asked for it is news to the log, and to nobody else.
    assert_eq!(again["status"], "unchanged", "{again}");
    assert_eq!(again["input"]["local"]["0"], json!(events.len() + 2), "{again}");
    let asked = ask("run", json!({"scope": "all"})).await;
    let second = settled(&server, asked["id"].as_str().unwrap()).await;
    assert_eq!(
        (&second["status"], &second["base"], &second["full"]),
        (&json!("complete"), &first["run"], &json!(true))
    );
    let runs = ask("history", json!({})).await;
    let ids: Vec<&Value> = runs["items"].as_array().unwrap().iter().map(|run| &run["run"]).collect();
    assert_eq!(ids, [&second["run"], &first["run"]]);
    let compared = ask("compare", json!({"a": first["id"], "b": second["run"]})).await;
    assert_eq!(compared["between"], 1);
    assert!(compared["items"].as_array().unwrap().iter().all(|item| item["change"] == 0.0), "{compared}");
    let quality = ask("quality", json!({})).await;
    assert_eq!((&quality["run"], &quality["stability"]), (&second["run"], &json!(1.0)), "{quality}");

    let found = ask("patterns", json!({"kind": "episode"})).await;
    let episode = &found["items"][0];
    let explained = ask("explain", json!({"id": episode["id"], "limit": 1000})).await;
    assert_eq!(explained["events"], episode["support"], "{explained}");
    assert_eq!(explained["items"].as_array().unwrap().len() as u64, episode["support"].as_u64().unwrap());
    let known: BTreeSet<&str> = events.iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert!(
        explained["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| known.contains(item["id"].as_str().unwrap()))
    );
    let clusters = ask("clusters", json!({})).await;
    assert!(clusters["items"][0]["size"].as_u64().unwrap() > 1, "{clusters}");

    let ended = ask("cancel", json!({"run": first["id"]})).await;
    assert_eq!(ended["status"], "complete");
    let unknown =
        called(&server, "consolidation", "cancel", json!({"run": "run-none"}), "p").await.unwrap_err();
    assert_eq!(unknown["error"]["code"], "not_found");
    let both = json!({"every": "1h", "after_events": 3});
    let both = called(&server, "consolidation", "schedule", both, "p").await.unwrap_err();
    assert_eq!(both["error"]["field"], "every");
    // Three more events are reason enough, whatever is configured.
    ask("schedule", json!({"after_events": 3})).await;
    let more: Vec<Value> = (0..3)
        .map(|n| json!({"id": format!("more-{n}"), "project": "p", "session": "s-new", "content": format!("more {n}")}))
        .collect();
    post(&server, "/v1/events", json!(more)).await;
    let began = Instant::now();
    let third = loop {
        let runs = ask("history", json!({"limit": 1})).await;
        if runs["items"][0]["run"] != second["run"] {
            break runs["items"][0].clone();
        }
        assert!(began.elapsed() < LIMIT, "{runs}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!((&third["cause"], &third["base"]), (&json!("events"), &second["run"]));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_cancelled_in_time_is_never_run() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Embedded).await;
    let (log, _task) = EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.unwrap();
    let command = |operation: &str, arguments: Value| athena_ingest::Command {
        admin: true,
        ..athena_ingest::Command::new(
            format!("consolidation.{operation}"),
            arguments,
            "p",
            "local",
            Origin::Http,
        )
    };
    let asked = log.command(command("run", json!({"full": true}))).await.unwrap();
    let id = asked.result["id"].as_str().unwrap().to_owned();
    log.command(command("cancel", json!({ "run": id }))).await.unwrap();
    let next = log.command(command("run", json!({"full": true}))).await.unwrap();
    let stop = CancellationToken::new();
    let worker = Worker::new(store.clone(), Options::default());
    let following = tokio::spawn(worker.follow(None, stop.clone()));
    let began = Instant::now();
    while count(&store, "SELECT COUNT(*) FROM runs").await == 0 {
        assert!(began.elapsed() < LIMIT);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.cancel();
    following.await.unwrap().unwrap();
    let runs = sql(&store, "SELECT request, status FROM runs").await;
    assert_eq!(runs, [[next.result["id"].as_str().unwrap(), "complete"]]);
}

/// The worker, the ingester and the server are processes of their own, which only the tables and the log connect.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_is_asked_for_in_one_process_and_done_in_another() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    let store: Arc<Store> = open(&data, LogKind::Kafka).await;
    let options = setting("runs", 2, &store).await;
    crate::kafka::produce(&options, 0, 300).await;
    let config = data.join("roles.toml");
    let text = format!(
        "[kafka]\nbootstrap = {:?}\nevents_topics = [{:?}]\ncommands_topic = {:?}\ndead_letters_topic = {:?}\ngroup = {:?}\n",
        options.bootstrap,
        options.topics[0],
        options.commands_topic,
        options.dead_letters_topic.as_deref().unwrap_or_default(),
        options.group,
    );
    std::fs::write(&config, text).unwrap();
    let role = |role: &str| {
        Command::new(env!("CARGO_BIN_EXE_athena"))
            .args([role, "--config", config.to_str().unwrap(), "--data", data.to_str().unwrap()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(data.join(format!("{role}.log"))).unwrap())
            .spawn()
            .expect("athena starts")
    };
    let (ingester, worker) = (role("ingest"), role("consolidate"));
    let arguments = ["--config", config.to_str().unwrap(), "--data", data.to_str().unwrap()];
    let server = Server::start_as("query", &arguments, &[], &data.join("query.log")).await;
    let ask = async |operation: &str, mut arguments: Value| {
        arguments["project"] = "p".into();
        let path = format!("/v1/tools/consolidation/{operation}");
        let (status, answer) = server.post(&path, &arguments).await.unwrap();
        assert_eq!(status, 200, "{operation}: {answer}");
        answer
    };
    let began = Instant::now();
    while server.sql("SELECT COUNT(*) FROM events WHERE project = 'p'").await[0][0] != json!(297) {
        assert!(began.elapsed() < LIMIT);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let run = ask("run", json!({"wait": true, "scope": "all"})).await;
    assert_eq!((&run["status"], &run["request"]), (&json!("complete"), &run["id"]), "{run}");
    // Whoever waited sees its rows.
    let seen = server.sql("SELECT COUNT(*) FROM episodes WHERE project = 'p'").await;
    assert!(seen[0][0].as_u64().unwrap() >= 50, "{seen:?}");
    let scheduled = ask("schedule", json!({"after_events": 10})).await;
    assert_eq!(scheduled["after_events"], 10);
    crate::kafka::produce(&options, 300, 50).await;
    let began = Instant::now();
    while ask("history", json!({})).await["items"][0]["base"] != run["run"] {
        assert!(began.elapsed() < LIMIT, "{}", ask("history", json!({})).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let cancelled = ask("cancel", json!({"run": run["id"]})).await;
    assert_eq!(cancelled["status"], "complete", "{cancelled}");
    server.stop();
    kill(worker);
    kill(ingester);
}
