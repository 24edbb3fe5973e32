//! Facts: what people state is known, with since when and on what evidence; and what is no statement is not.

use std::sync::Arc;

use athena_consolidate::{Cause, Options, run_project};
use athena_schemas::tables::Run;
use athena_store::{LogKind, Store};
use serde_json::{Value, json};

use crate::consolidate::tell_of;
use crate::support::*;

async fn tell(store: &Store, events: &[Value]) {
    tell_of(store, "shop", events).await;
}

async fn learn(store: &Arc<Store>, full: bool) -> Option<Run> {
    run_project(store, &Options::default(), "shop", full, Cause::Request).await.unwrap()
}

fn said(at: i64, session: &str, agent: &str, content: &str) -> Value {
    json!({"id": format!("e-{at}"), "time": 1_790_000_000 + at, "session": session, "agent": agent, "type": "message",
           "content": content})
}

const FACTS: &str = "SELECT subject, attribute, value, support, state, valid_until IS NULL AS holds, \
                     replaced_by IS NOT NULL AS replaced, ARRAY_TO_STRING(sources, ' ') AS sources FROM facts \
                     ORDER BY attribute_key, valid_from";

async fn facts(store: &Store) -> Vec<String> {
    sql(store, FACTS).await.into_iter().map(|row| row.join(" | ")).collect()
}

fn talk() -> Vec<Value> {
    vec![
        said(1, "s-1", "ann", "Our deploy day is Tuesday. I live in Berlin."),
        said(2, "s-2", "bob", "We deploy on Tuesdays."),
        said(3, "s-3", "bob", "Carol thinks the deploy day should be Monday."),
        said(4, "s-3", "ann", "If our deploy day is Sunday, I quit. Is the deploy day Wednesday?"),
        said(5, "s-4", "ann", "The deploy day moved to Friday."),
        json!({"id": "e-6", "time": 1_790_000_006, "session": "s-4", "agent": "ann", "type": "tool_result", "tool": "Bash",
               "content": "our deploy day is Saturday"}),
        said(7, "s-4", "assistant", "Our deploy day is Saturday."),
        said(8, "s-4", "ann", "<athena-memory ids=\"f-1\">our deploy day is Saturday</athena-memory> thanks"),
    ]
}

#[tokio::test]
async fn a_newer_statement_ends_an_older_value_and_both_stay() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    tell(&store, &talk()).await;
    learn(&store, false).await.unwrap();
    let found = facts(&store).await;
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found.iter().any(|fact| fact.contains("ann | home | Berlin | 1 | learned | true | false | e-1")));
    assert!(
        found
            .iter()
            .any(|fact| fact.contains("Tuesday") && fact.contains("| 2 | learned | false | true | e-1 e-2"))
    );
    assert!(found.iter().any(|fact| fact.contains("deploy day | Friday | 1 | learned | true | false | e-5")));
    // Nothing new, nothing written.
    let again = learn(&store, true).await.unwrap();
    let rows: Value = serde_json::from_str(&again.rows).unwrap();
    assert_eq!((&rows["facts"], &rows["statements"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn runs_that_follow_each_other_end_where_a_full_one_does() {
    let (apart, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let apart = open(apart.path(), LogKind::Kafka).await;
    // The newest first: what is late still stands where it belongs.
    for event in talk().into_iter().rev() {
        tell(&apart, &[event]).await;
        learn(&apart, false).await.unwrap();
    }
    let whole = open(whole.path(), LogKind::Kafka).await;
    tell(&whole, &talk()).await;
    learn(&whole, true).await.unwrap();
    let found = facts(&whole).await;
    assert_eq!(facts(&apart).await, found);
}

#[tokio::test]
async fn a_session_replayed_with_what_was_injected_supports_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    tell(&store, &[said(1, "s-0", "ann", "Our deploy day is Tuesday.")]).await;
    learn(&store, false).await.unwrap();
    let before = facts(&store).await;
    for session in 0..10 {
        let content = "<athena-memory ids=\"f-1\">\nOur deploy day is Tuesday.\n</athena-memory>\nGo on with the parser.";
        tell(&store, &[said(10 + session, &format!("s-{session}-again"), "ann", content)]).await;
        learn(&store, false).await.unwrap();
    }
    assert_eq!(facts(&store).await, before);
}
