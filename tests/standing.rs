//! What derived tables show: the newest version of each id among complete runs, now and at any time before.

use athena_schemas::tables::{Episode, Run};
use athena_schemas::{Row, Time};
use athena_store::{At, LogKind, MaintenanceOptions, Scope, SqlOptions, Store};

use crate::support::*;

/// What is shown, by the rule itself.
const BY_RULE: &str = "
    SELECT id, project, run
    FROM (
        SELECT
            rows.id, rows.project, rows.run, rows.deleted,
            ROW_NUMBER() OVER (PARTITION BY rows.project, rows.id ORDER BY runs.number DESC) AS age
        FROM episodes_versions AS rows
        INNER JOIN runs ON runs.id = rows.run AND runs.project = rows.project
        WHERE runs.status = 'complete'
    )
    WHERE age = 1 AND NOT deleted
    ORDER BY id, project";
const SHOWN: &str = "SELECT id, project, run FROM episodes ORDER BY id, project";

async fn written(store: &Store, project: &str, run: &str, ids: &[(&str, bool)]) {
    let row = |(id, deleted): &(&str, bool)| Episode {
        id: (*id).into(),
        run: run.into(),
        deleted: *deleted,
        project: project.into(),
        session: "s".into(),
        ..Episode::default()
    };
    let rows: Vec<Episode> = ids.iter().map(row).collect();
    let table = store.derived::<Episode>();
    let staged = table.stage(vec![Episode::batch(&rows)]).await.unwrap();
    table.append(&staged).await.unwrap();
}

async fn ended(store: &Store, project: &str, run: &str, number: i64, status: &str) {
    let row = Run {
        id: run.into(),
        project: project.into(),
        number,
        status: status.into(),
        input: "{}".into(),
        rows: "{}".into(),
        ended_at: Time::from_micros(number * 100),
        cause: "request".into(),
        ..Run::default()
    };
    let staged = store.runs.stage(vec![Run::batch([&row])]).await.unwrap();
    store.runs.append(&staged).await.unwrap();
}

async fn asked(store: &Store, scope: &Scope, at: Option<i64>, statement: &str) -> Vec<[String; 3]> {
    let options = SqlOptions::new(std::sync::Arc::default(), 2);
    let at = at.map(|at| At::Time(Time::from_micros(at)));
    let session = store.snapshot().session(scope, at.as_ref(), &options).await.unwrap();
    let batches = session.sql(statement).await.unwrap().collect().await.unwrap();
    let cell = |batch: &arrow::array::RecordBatch, column: usize, row| {
        arrow::util::display::array_value_to_string(batch.column(column), row).unwrap()
    };
    let rows = batches.iter().flat_map(|batch| {
        (0..batch.num_rows()).map(move |row| [cell(batch, 0, row), cell(batch, 1, row), cell(batch, 2, row)])
    });
    rows.collect()
}

/// What is shown in every scope at several times is what the rule says; gives what is shown of everything now.
async fn shown(store: &Store) -> Vec<String> {
    let of = |name: &str| Scope::Projects(vec![name.into()]);
    for scope in [Scope::All, of("p"), of("q"), of("none")] {
        for at in [None, Some(50), Some(100), Some(250), Some(10_000)] {
            let by_rule = asked(store, &scope, at, BY_RULE).await;
            // Twice: what was found is kept.
            for _ in 0..2 {
                assert_eq!(asked(store, &scope, at, SHOWN).await, by_rule, "{scope:?} at {at:?}");
            }
        }
    }
    let all = asked(store, &Scope::All, None, SHOWN).await;
    all.iter().map(|[id, project, run]| format!("{project}/{id} {run}")).collect()
}

#[tokio::test]
async fn the_newest_version_among_complete_runs_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    assert!(shown(&store).await.is_empty());
    written(&store, "p", "r-1", &[("a", false), ("b", false)]).await;
    assert!(shown(&store).await.is_empty(), "its run has not ended");
    ended(&store, "p", "r-1", 1, "complete").await;
    assert_eq!(shown(&store).await, ["p/a r-1", "p/b r-1"]);
    written(&store, "q", "r-2", &[("a", false)]).await;
    ended(&store, "q", "r-2", 2, "complete").await;
    written(&store, "p", "r-3", &[("a", false), ("b", true), ("c", false)]).await;
    assert_eq!(shown(&store).await, ["p/a r-1", "q/a r-2", "p/b r-1"]);
    ended(&store, "p", "r-3", 3, "complete").await;
    assert_eq!(shown(&store).await, ["p/a r-3", "q/a r-2", "p/c r-3"]);
    written(&store, "p", "r-4", &[("c", false), ("d", false)]).await;
    ended(&store, "p", "r-4", 4, "abandoned").await;
    assert_eq!(shown(&store).await, ["p/a r-3", "q/a r-2", "p/c r-3"]);
    // Fragments are merged, and what was found of them goes with them.
    let merging =
        MaintenanceOptions { tiers: vec![1_000], min_fragments: 2, ..MaintenanceOptions::default() };
    let done = store.derived::<Episode>().maintain(&merging, false).await.unwrap();
    assert!(done.fragments_removed >= 4, "{done:?}");
    assert_eq!(shown(&store).await, ["p/a r-3", "q/a r-2", "p/c r-3"]);
    written(&store, "p", "r-5", &[("a", false), ("b", false), ("c", true)]).await;
    ended(&store, "p", "r-5", 5, "complete").await;
    assert_eq!(shown(&store).await, ["p/a r-5", "q/a r-2", "p/b r-5"]);
    // A run that ends later than one with a larger number.
    written(&store, "q", "r-7", &[("a", false)]).await;
    ended(&store, "q", "r-7", 7, "complete").await;
    written(&store, "q", "r-6", &[("a", true), ("d", false)]).await;
    ended(&store, "q", "r-6", 6, "complete").await;
    assert_eq!(shown(&store).await, ["p/a r-5", "q/a r-7", "p/b r-5", "q/d r-6"]);
}
