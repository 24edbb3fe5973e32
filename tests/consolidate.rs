//! Consolidation: episodes as expected, incremental equal to full, and runs that are seen whole or not at
//! all, whoever else runs and whenever they die.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use athena_consolidate::{Cause, Error, Options, Worker, reclaim, run_project};
use athena_ingest::{Limits, Place, decode};
use athena_schemas::tables::{Episode, Event, Run};
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Claim, Partition, Row, Time, position};
use athena_store::{LogKind, Store};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::support::*;

/// Appends events, one JSON object each, as project `p`.
pub async fn tell(store: &Store, events: &[Value]) {
    tell_of(store, "p", events).await;
}

/// The same as another project.
pub async fn tell_of(store: &Store, project: &str, events: &[Value]) {
    let lane = Partition::new("t", 0);
    let from = store.applied().get(&lane).unwrap_or(0);
    let place = |offset| Place {
        topic: "t",
        topic_number: 0,
        partition: 0,
        offset,
        received_at: Time::from_micros(1_800_000_000_000_000 + offset),
        actor: "local",
        origin: Origin::Http,
    };
    let rows: Vec<Event> = (from..)
        .zip(events)
        .map(|(offset, event)| {
            let mut draft = decode::plain(event.to_string().as_bytes(), &Limits::default()).unwrap();
            draft.project.get_or_insert(project.into());
            draft.place(&place(offset)).unwrap()
        })
        .collect();
    let staged = store.events.stage(vec![Event::batch(&rows)]).await.unwrap();
    store.events.commit(&staged, claim(0, from, from + rows.len() as i64), &["t".into()]).await.unwrap();
}

pub async fn learn(store: &Arc<Store>, full: bool) -> Option<Run> {
    run_project(store, &Options::default(), "p", full, Cause::Request).await.unwrap()
}

/// A run that goes on from what `options` keep in memory, or one, every third, of a process that has nothing yet.
pub async fn learn_on(store: &Arc<Store>, options: &Options, number: u64) -> Option<Run> {
    let fresh = Options::default();
    let options = if number % 3 == 2 { &fresh } else { options };
    run_project(store, options, "p", false, Cause::Request).await.unwrap()
}

pub const EPISODES: &str = "SELECT session, ordinal, cut, title, agents, started_at, ended_at, events, first_event, \
                        last_event, outcome, failures, tools, files FROM episodes ORDER BY session, ordinal";

#[tokio::test]
async fn episodes_are_as_expected() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/episodes");
    let mut names: Vec<_> = std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 5);
    for case in names {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path(), LogKind::Kafka).await;
        let text = std::fs::read_to_string(case.join("events.jsonl")).unwrap();
        let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        tell(&store, &events).await;
        learn(&store, false).await.unwrap();
        let found: Vec<String> = sql(&store, EPISODES).await.into_iter().map(|row| row.join(" | ")).collect();
        let (expected, found) = (case.join("expected.txt"), found.join("\n") + "\n");
        if std::env::var("UPDATE_EXPECT").is_ok_and(|value| value == "1") {
            std::fs::write(&expected, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&expected).unwrap();
        assert_eq!(found, expected, "{}", case.display());
    }
}

/// Sessions of commits, silences and late events, in an order that is not theirs.
pub fn history(seed: u64) -> Vec<Value> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut events = Vec::new();
    for session in 0..8 {
        let mut at = 1_790_000_000 + session * 10_000;
        for step in 0..rng.random_range(3..30) {
            at += if rng.random_bool(0.1) { 4_000 } else { rng.random_range(1..60) };
            let kind = ["message", "tool_call", "tool_call", "commit", "deployment"][rng.random_range(0..5)];
            let agent = if rng.random_bool(0.3) { "user" } else { "claude" };
            let outcome = ["success", "failure"][rng.random_range(0..2)];
            events.push(json!({
                "id": format!("{session}-{step}"), "time": at, "session": format!("s-{session}"), "agent": agent,
                "type": kind, "tool": "Bash", "content": format!("step {step}"), "outcome": outcome,
                "files": [format!("f{}.rs", rng.random_range(0..4))],
            }));
        }
    }
    events.shuffle(&mut rng);
    events
}

#[tokio::test]
async fn incremental_runs_end_where_a_full_one_does() {
    for seed in 1..=4 {
        let events = history(seed);
        let mut rng = StdRng::seed_from_u64(100 + seed);
        let (apart, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let apart = open(apart.path(), LogKind::Kafka).await;
        let mut rest = events.as_slice();
        while !rest.is_empty() {
            let (some, more) = rest.split_at(rng.random_range(1..=rest.len()));
            tell(&apart, some).await;
            learn(&apart, false).await.unwrap();
            rest = more;
        }
        let whole = open(whole.path(), LogKind::Kafka).await;
        tell(&whole, &events).await;
        learn(&whole, true).await.unwrap();
        let incremental = sql(&apart, EPISODES).await;
        assert!(incremental.len() > 20, "the history has episodes");
        assert_eq!(incremental, sql(&whole, EPISODES).await, "seed {seed}");
        // A full run over what is known writes nothing new, but for communities, which it may find better ones of.
        let written = async |store| -> BTreeMap<String, usize> {
            serde_json::from_str(&learn(store, true).await.unwrap().rows).unwrap()
        };
        let mut again = written(&apart).await;
        again.retain(|table, _| !table.starts_with("communit"));
        assert!(again.contains_key("episodes") && again.values().all(|rows| *rows == 0), "{again:?}");
        let again = written(&apart).await;
        assert!(again.contains_key("communities") && again.values().all(|rows| *rows == 0), "{again:?}");
    }
}

#[tokio::test]
async fn runs_without_news_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    tell(&store, &history(1)).await;
    let worker = Worker::new(store.clone(), Options::default());
    assert_eq!(worker.run(false).await.unwrap().len(), 1);
    let versions =
        (store.derived::<Episode>().dataset().manifest().version, store.runs.dataset().manifest().version);
    for _ in 0..200 {
        assert!(worker.run(false).await.unwrap().is_empty());
    }
    let after =
        (store.derived::<Episode>().dataset().manifest().version, store.runs.dataset().manifest().version);
    assert_eq!(after, versions);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_that_race_publish_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let other = open(folder.path(), LogKind::Kafka).await;
    for round in 0..6 {
        tell(&store, &history(round)[..40].iter().map(|event| renamed(event, round)).collect::<Vec<_>>())
            .await;
        let mut racing = Vec::new();
        for store in [&store, &other, &store, &other] {
            let store = store.clone();
            racing.push(tokio::spawn(async move {
                run_project(&store, &Options::default(), "p", true, Cause::Request).await
            }));
        }
        let mut published = 0;
        for run in racing {
            match run.await.unwrap() {
                Ok(Some(_)) => published += 1,
                Ok(None) | Err(Error::Overtaken { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert!(published >= 1);
    }
    store.refresh().await.unwrap();
    let chain =
        sql(&store, "SELECT number, id, base FROM runs WHERE status = 'complete' ORDER BY number").await;
    for (before, run) in chain.iter().zip(&chain[1..]) {
        assert_eq!(run[2], before[1], "each run builds on the one before: {chain:?}");
    }
    let doubled = "SELECT COUNT(*) FROM (SELECT id FROM episodes GROUP BY id HAVING COUNT(*) > 1)";
    assert_eq!(count(&store, doubled).await, 0);
    let counted = count(&store, "SELECT SUM(events) FROM episodes").await;
    assert_eq!(counted, count(&store, "SELECT COUNT(*) FROM events").await);
}

pub fn renamed(event: &Value, round: u64) -> Value {
    let mut event = event.clone();
    event["id"] = format!("{round}/{}", event["id"].as_str().unwrap()).into();
    event
}

/// What a worker leaves that dies before its last commit.
async fn half_a_run(store: &Store, id: &str) {
    let episode = Episode {
        id: "ep-ghost".into(),
        run: id.into(),
        project: "p".into(),
        session: "s-0".into(),
        events: 7,
        ..Episode::default()
    };
    let staged = store.derived::<Episode>().stage(vec![Episode::batch([&episode])]).await.unwrap();
    store.derived::<Episode>().append(&staged).await.unwrap();
}

#[tokio::test]
async fn a_killed_run_is_never_seen_and_swept_away() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    tell(&store, &history(2)).await;
    learn(&store, false).await.unwrap();
    let before = sql(&store, EPISODES).await;
    let dead = format!("r-{:012x}-{:08x}", Time::now().micros() - 5_000_000, 1);
    half_a_run(&store, &dead).await;
    assert_eq!(sql(&store, EPISODES).await, before);
    let young = reclaim(&store, &Options::default().sql, 60_000_000).await.unwrap();
    assert_eq!((young.runs, young.rows), (0, 0), "it may still be at work");
    let reclaimed = reclaim(&store, &Options::default().sql, 1_000_000).await.unwrap();
    assert_eq!((reclaimed.runs, reclaimed.rows), (1, 1));
    assert_eq!(count(&store, "SELECT COUNT(*) FROM episodes_versions WHERE id = 'ep-ghost'").await, 0);
    assert_eq!(sql(&store, EPISODES).await, before);
    tell(&store, &[json!({"id": "late", "time": 1_790_000_001, "session": "s-0", "content": "late"})]).await;
    learn(&store, false).await.unwrap();
    assert_ne!(sql(&store, EPISODES).await, before, "the chain goes on after it");
}

#[tokio::test]
async fn old_knowledge_never_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    tell(&store, &history(3)).await;
    let first = learn(&store, false).await.unwrap();
    // A stalled worker with the number that the next run takes.
    let stale = Run { id: "r-stale".into(), number: first.number + 1, base: Some(first.id.clone()), ..first };
    tell(&store, &[json!({"id": "new", "time": 1_790_000_002, "session": "s-1", "content": "new"})]).await;
    learn(&store, false).await.unwrap();
    let claim = Claim {
        rule: position::Rule::Exact,
        ranges: [(Partition::new("run:p", 0), (stale.number, stale.number + 1))].into(),
    };
    let staged = store.runs.stage(vec![Run::batch([&stale])]).await.unwrap();
    let refused = store.runs.commit(&staged, claim, &[]).await.unwrap_err();
    assert!(matches!(refused, athena_store::Error::Refused(_)), "{refused}");
}
