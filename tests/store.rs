//! Tables: claims under races, durability, unreadable heads, locks, versions.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use athena_schemas::tables::Event;
use athena_schemas::{Partition, Refused, Row};
use athena_store::{Error, Location, Lock, LogKind, MaintenanceOptions, Options, Store, Synced};
use lance::index::DatasetIndexExt;
use parking_lot::Mutex;

use crate::support::*;

/// Everything that upkeep does, at every pass.
fn upkeep() -> MaintenanceOptions {
    MaintenanceOptions {
        tiers: vec![500],
        min_fragments: 2,
        max_source_fragments: 32,
        version_retention: Duration::from_secs(600),
        ..MaintenanceOptions::default()
    }
}

/// 1,000 appends by 3 writers on 2 partitions race compaction, deletion and index commits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn applied_never_falls_and_no_row_doubles() {
    let folder = tempfile::tempdir().unwrap();
    let total: i64 = 500;
    let size: i64 = 3;
    open(folder.path(), LogKind::Kafka).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for _ in 0..3 {
        let store = open(folder.path(), LogKind::Kafka).await;
        writers.push(tokio::spawn(async move {
            let (mut won, mut refused) = (0, 0);
            loop {
                let applied = store.applied();
                let next = |p| applied.get(&Partition::new("t", p)).unwrap_or(0);
                let Some(partition) = (0..2).filter(|p| next(*p) < total * size).min_by_key(|p| next(*p))
                else {
                    return (won, refused);
                };
                let from = next(partition);
                match append(&store, partition, from, from + size).await {
                    Ok(()) => won += 1,
                    Err(Error::Refused(Refused::Taken { .. })) => {
                        refused += 1;
                        store.refresh().await.unwrap();
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        }));
    }
    let keeper = open(folder.path(), LogKind::Kafka).await;
    let (watched, done) = (keeper.clone(), stop.clone());
    let upkeep_task = tokio::spawn(async move {
        let mut passes = 0;
        // Three writers beside it may win every race while they last; it tries again.
        let lost = |error: Error| {
            let error = error.to_string();
            assert!(error.contains("conflict") || error.contains("concurrent writers"), "{error}");
        };
        while !done.load(Ordering::Relaxed) || passes == 0 {
            match keeper.events.maintain(&upkeep(), true).await {
                Ok(_) => passes += 1,
                Err(error) => lost(error),
            }
            // Deletes nothing that is counted, but commits when it finds something.
            keeper.events.delete("content = 'never written'").await.map_or_else(lost, |_| ());
        }
        passes
    });
    let watcher = tokio::spawn({
        let stop = stop.clone();
        async move {
            let mut before = watched.applied();
            while !stop.load(Ordering::Relaxed) {
                watched.refresh().await.unwrap();
                let now = watched.applied();
                assert!(now.covers(&before), "{now} after {before}");
                before = now;
            }
        }
    });
    let mut won = 0;
    for writer in writers {
        won += writer.await.unwrap().0;
    }
    stop.store(true, Ordering::Relaxed);
    assert!(upkeep_task.await.unwrap() > 0);
    watcher.await.unwrap();
    assert_eq!(won, 2 * total);
    let store = open(folder.path(), LogKind::Kafka).await;
    let rows =
        sql(&store, "SELECT COUNT(*), COUNT(DISTINCT position), COUNT(DISTINCT dedup) FROM events").await;
    let expected = (2 * total * size).to_string();
    assert_eq!(rows[0], [expected.clone(), expected.clone(), expected]);
    for partition in 0..2 {
        assert_eq!(store.applied().get(&Partition::new("t", partition)), Some(total * size));
    }
}

/// A version that upkeep would remove stays readable for as long as somebody works on it.
#[tokio::test]
async fn a_pinned_snapshot_outlives_upkeep() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    for at in 0..4 {
        append(&store, 0, at * 10, at * 10 + 10).await.unwrap();
    }
    let at_once = MaintenanceOptions { version_retention: Duration::ZERO, ..upkeep() };
    let snapshot = store.snapshot();
    let read = async || snapshot.dataset(store.events.table).scan().try_into_batch().await;
    let work = async {
        append(&store, 0, 40, 50).await.unwrap();
        let done = store.events.maintain(&at_once, true).await.unwrap();
        assert!(done.fragments_removed >= 4, "{done:?}");
        assert_eq!(store.pins().await.unwrap().into_iter().collect::<Vec<_>>(), ["reader"]);
        Ok::<_, Error>(read().await.unwrap().num_rows())
    };
    assert_eq!(store.pinned(&snapshot, "reader", work).await.unwrap(), 40);
    assert!(store.pins().await.unwrap().is_empty());
    append(&store, 0, 50, 60).await.unwrap();
    store.events.maintain(&at_once, true).await.unwrap();
    assert!(read().await.is_err(), "nobody keeps it any more");
}

/// How long a version is kept counts from when there was a newer one: a table may have stood still for longer.
#[tokio::test]
async fn what_was_superseded_a_moment_ago_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    append(&store, 0, 0, 10).await.unwrap();
    let version = store.events.dataset().version().version;
    let kept = async || store.events.dataset().checkout_version(version).await.is_ok();
    let retention = Duration::from_secs(3);
    let slow = MaintenanceOptions { version_retention: retention, min_fragments: usize::MAX, ..upkeep() };
    tokio::time::sleep(retention).await;
    append(&store, 0, 10, 20).await.unwrap();
    store.events.maintain(&slow, true).await.unwrap();
    assert!(kept().await);
    tokio::time::sleep(retention).await;
    store.events.maintain(&slow, true).await.unwrap();
    assert!(!kept().await);
}

/// A stream of appends leaves no trail of versions: each names all that the ones before it did. Others are kept, and what is
/// kept by a name.
#[tokio::test]
async fn versions_that_only_an_append_followed_go_early() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let first = store.events.dataset().version().version;
    let late = store.events.stage(vec![Row::batch(&[event(0, 100)])]).await.unwrap();
    for at in 0..5 {
        append(&store, 0, at * 10, at * 10 + 10).await.unwrap();
    }
    assert_eq!(store.events.delete("log_offset = 0").await.unwrap(), 1);
    for at in 5..10 {
        append(&store, 0, at * 10, at * 10 + 10).await.unwrap();
    }
    let versions = async || {
        let all = store.events.dataset().versions().await.unwrap();
        all.iter().map(|version| version.version - first).collect::<Vec<_>>()
    };
    assert_eq!(versions().await, (0..=11).collect::<Vec<_>>());
    let work = async {
        store.events.maintain(&early(), false).await?;
        Ok::<_, Error>(versions().await)
    };
    let snapshot = store.snapshot();
    append(&store, 1, 0, 10).await.unwrap();
    assert_eq!(store.pinned(&snapshot, "reader", work).await.unwrap(), [0, 5, 6, 11, 12]);
    let transactions = folder.path().join("tables/events.lance/_transactions").read_dir().unwrap().count();
    assert_eq!(transactions, 5, "those of the versions that are left");

    store.events.commit(&late, claim(0, 100, 101), &["t".into()]).await.unwrap();
    let again = open(folder.path(), LogKind::Kafka).await;
    assert_eq!(count(&again, "SELECT COUNT(*) FROM events").await, 110);
    let at_once = MaintenanceOptions { version_retention: Duration::ZERO, ..upkeep() };
    again.events.maintain(&at_once, true).await.unwrap();
    assert_eq!(again.events.dataset().versions().await.unwrap().len(), 1);
    assert_eq!(count(&again, "SELECT COUNT(*) FROM events").await, 110);
}

/// Removes versions early, and nothing else.
fn early() -> MaintenanceOptions {
    MaintenanceOptions {
        append_retention: Duration::ZERO,
        min_fragments: usize::MAX,
        ..MaintenanceOptions::default()
    }
}

/// Who finds out late that it reads for long keeps what it reads all the same, as long as it is there.
#[tokio::test]
async fn a_version_that_went_early_is_kept_with_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    append(&store, 0, 0, 10).await.unwrap();
    let snapshot = store.snapshot();
    for at in 1..5 {
        append(&store, 0, at * 10, at * 10 + 10).await.unwrap();
    }
    store.events.maintain(&early(), false).await.unwrap();
    let of = snapshot.dataset(Event::TABLE);
    let versions = async || store.events.dataset().versions().await.unwrap();
    assert!(versions().await.iter().all(|one| one.version != of.version().version));
    let at_once = MaintenanceOptions { version_retention: Duration::ZERO, ..upkeep() };
    let work = async {
        store.events.maintain(&at_once, true).await?;
        let fragments = store.events.dataset().manifest().fragments.len();
        Ok::<_, Error>((fragments, of.scan().try_into_batch().await?.num_rows()))
    };
    assert_eq!(store.pinned(&snapshot, "reader", work).await.unwrap(), (1, 10));
    assert_eq!(versions().await.len(), 2, "the one that was kept, and the newest");
    store.events.maintain(&at_once, true).await.unwrap();
    let gone = store.pinned(&snapshot, "too-late", async { Ok::<_, Error>(()) }).await;
    let gone = gone.unwrap_err().to_string();
    assert!(gone.contains("does not exist"), "{gone}");
}

#[tokio::test]
async fn gaps_zombies_and_empty_batches() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    append(&store, 0, 0, 5).await.unwrap();
    assert!(matches!(append(&store, 0, 3, 8).await, Err(Error::Refused(Refused::Taken { at: 5, .. }))));
    assert!(matches!(append(&store, 0, 7, 9).await, Err(Error::Refused(Refused::Gap { at: 5, .. }))));
    // Offsets without rows, as control records are, move `applied` too.
    let nothing = store.events.stage(vec![]).await.unwrap();
    store.events.commit(&nothing, claim(0, 5, 7), &["t".into()]).await.unwrap();
    append(&store, 0, 7, 9).await.unwrap();
    assert_eq!(count(&store, "SELECT COUNT(*) FROM events").await, 7);
    // A refused batch's files are committed later without being written again.
    let late = store.events.stage(vec![Row::batch(&[event(0, 9)])]).await.unwrap();
    append(&store, 1, 0, 1).await.unwrap();
    store.events.commit(&late, claim(0, 9, 10), &["t".into()]).await.unwrap();
    assert_eq!(count(&store, "SELECT COUNT(*) FROM events").await, 9);
}

#[tokio::test]
async fn a_head_manifest_cut_short_is_stepped_over() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    append(&store, 0, 0, 5).await.unwrap();
    append(&store, 0, 5, 9).await.unwrap();
    drop(store);
    let versions = folder.path().join("tables/events.lance/_versions");
    let head = manifests(&versions).remove(0);
    let whole = std::fs::read(&head).unwrap();
    for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&head, &whole[..cut]).unwrap();
        let store = open(folder.path(), LogKind::Kafka).await;
        assert_eq!(store.applied().get(&Partition::new("t", 0)), Some(5), "cut at {cut}");
        assert_eq!(count(&store, "SELECT COUNT(*) FROM events").await, 5);
    }
    let store = open(folder.path(), LogKind::Kafka).await;
    append(&store, 0, 5, 8).await.unwrap();
    assert_eq!(count(&store, "SELECT COUNT(*) FROM events").await, 8);
}

/// Newest first: names count down.
fn manifests(versions: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(versions)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "manifest"))
        .collect();
    all.sort();
    all
}

/// At each acknowledgement the machine loses power: every file, or entry of a directory, that was not
/// synced by then is gone or cut short. What was acknowledged is found all the same.
#[tokio::test]
async fn acknowledged_is_durable() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Mutex::new(Vec::new()));
    let mut options: Options = options(folder.path(), LogKind::Kafka);
    options.recorder = Some(recorder.clone());
    let store = Store::open(options).await.unwrap();
    let mut next = 0;
    for round in 0..12 {
        append(&store, 0, next, next + 2).await.unwrap();
        next += 2;
        if round == 6 {
            let done = store.events.maintain(&upkeep(), true).await.unwrap();
            assert!(done.fragments_added > 0);
            let indices = store.events.dataset().load_indices().await.unwrap().len();
            assert_eq!(indices, 2);
        }
        let steps = recorder.lock().clone();
        assert!(matches!(steps.last(), Some(Synced::Acknowledged(_))));
        let after = tempfile::tempdir().unwrap();
        let lost = power_cut(folder.path(), after.path(), &steps);
        assert!(lost > 0, "Lance leaves files unsynced that nobody needs; the test must lose some");
        let reopened = open(after.path(), LogKind::Kafka).await;
        assert_eq!(reopened.applied().get(&Partition::new("t", 0)), Some(next), "round {round}");
        assert_eq!(count(&reopened, "SELECT COUNT(DISTINCT id) FROM events").await, next);
    }
}

/// Copies what survives; says how many files did not.
fn power_cut(from: &Path, to: &Path, steps: &[Synced]) -> usize {
    let mut files = HashMap::new();
    let mut directories = HashMap::new();
    for (at, step) in steps.iter().enumerate() {
        match step {
            Synced::File(path) => drop(files.insert(path.clone(), at)),
            Synced::Directory(path) => drop(directories.insert(path.clone(), at)),
            Synced::Acknowledged(_) => {}
        }
    }
    let mut lost = 0;
    let mut waiting = vec![from.to_owned()];
    while let Some(folder) = waiting.pop() {
        let copy = to.join(folder.strip_prefix(from).unwrap());
        std::fs::create_dir_all(&copy).unwrap();
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            // Below the tables everything must have been synced by the commit handler.
            let inside = path.components().any(|c| c.as_os_str().to_string_lossy().ends_with(".lance"));
            let entry_synced = |after: usize| directories.get(&folder).is_some_and(|at| *at >= after);
            if path.is_dir() {
                if !inside || entry_synced(0) {
                    waiting.push(path);
                }
                continue;
            }
            let target = copy.join(path.file_name().unwrap());
            match files.get(&path) {
                Some(at) if entry_synced(*at) => drop(std::fs::copy(&path, &target).unwrap()),
                _ if !inside => drop(std::fs::copy(&path, &target).unwrap()),
                _ => {
                    lost += 1;
                    if lost % 2 == 0 {
                        let bytes = std::fs::read(&path).unwrap();
                        std::fs::write(&target, &bytes[..bytes.len() / 2]).unwrap();
                    }
                }
            }
        }
    }
    lost
}

#[tokio::test]
async fn an_embedded_directory_has_one_holder_and_one_kind() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Embedded).await;
    store.announce("http://127.0.0.1:1").unwrap();
    let held = Store::open(options(folder.path(), LogKind::Embedded)).await.unwrap_err();
    let Error::Held(held) = held else { panic!("{held}") };
    assert_eq!(held.pid, std::process::id());
    assert_eq!(held.address.as_deref(), Some("http://127.0.0.1:1"));
    let other = Store::open(options(folder.path(), LogKind::Kafka)).await.unwrap_err();
    assert!(other.to_string().contains("embedded for its lifetime"), "{other}");
    // Readers need no lock.
    let location = Location::Directory(folder.path().to_owned());
    Store::open(Options::new(location, None)).await.unwrap();
    drop(store);
    assert_eq!(Lock::holder(folder.path()).unwrap(), None);
    open(folder.path(), LogKind::Embedded).await;
}

#[tokio::test]
async fn a_newer_schema_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    // As a newer Athena would, with a handler of its own.
    let mut events = lance::Dataset::open(&store.location.uri("tables/events.lance")).await.unwrap();
    events.update_config([("athena.schema", "2.0")]).await.unwrap();
    // The handle that was open before is refused when it commits, others when they open.
    let late = append(&store, 0, 0, 1).await.unwrap_err();
    assert!(late.to_string().contains("newer"), "{late}");
    let error = Store::open(options(folder.path(), LogKind::Kafka)).await.unwrap_err();
    assert!(matches!(error, Error::TooNew { table: "events", .. }), "{error}");
}
