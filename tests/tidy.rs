//! Rules of the repository: which crate may use which, who owns heavy dependencies, documents in step.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

fn dependencies(manifest: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(manifest)).unwrap();
    let table: toml::Table = text.parse().unwrap();
    table["dependencies"].as_table().unwrap().keys().cloned().collect()
}

#[test]
fn crates_depend_downwards_only() {
    let allowed = BTreeMap::from([
        ("schemas", vec![]),
        ("learn", vec!["athena-schemas"]),
        ("store", vec!["athena-schemas"]),
        ("ingest", vec!["athena-schemas", "athena-store"]),
        ("consolidate", vec!["athena-schemas", "athena-learn", "athena-store"]),
        ("query", vec!["athena-schemas", "athena-learn", "athena-store", "athena-ingest"]),
    ]);
    for (name, allowed) in allowed {
        let own: Vec<String> = dependencies(&format!("{name}/Cargo.toml"))
            .into_iter()
            .filter(|dependency| dependency.starts_with("athena-"))
            .collect();
        let strange: Vec<_> = own.iter().filter(|d| !allowed.contains(&d.as_str())).collect();
        assert!(strange.is_empty(), "{name} must not depend on {strange:?}");
    }
}

#[test]
fn heavy_dependencies_have_one_owner() {
    for (dependency, owners) in [
        ("rdkafka", vec!["ingest"]),
        ("tantivy", vec!["query"]),
        ("axum", vec!["query"]),
        ("lance-table", vec!["store"]),
        ("object_store", vec!["store"]),
    ] {
        for name in ["schemas", "learn", "store", "ingest", "consolidate", "query"] {
            let has = dependencies(&format!("{name}/Cargo.toml")).iter().any(|d| d == dependency);
            assert!(!has || owners.contains(&name), "{name} must not depend on {dependency}");
        }
    }
}

#[test]
fn versions_stand_in_the_root_manifest_only() {
    for name in ["schemas", "learn", "store", "ingest", "consolidate", "query"] {
        let text = fs::read_to_string(root().join(name).join("Cargo.toml")).unwrap();
        let table: toml::Table = text.parse().unwrap();
        for (dependency, value) in table["dependencies"].as_table().unwrap() {
            let workspace = value.get("workspace").and_then(|w| w.as_bool());
            assert_eq!(workspace, Some(true), "{name}: {dependency} must be `workspace = true`");
        }
    }
}

#[test]
fn the_manual_of_tables_is_in_step() {
    in_step(&root().join("docs/tables.md"), &athena_schemas::manual::markdown());
}

#[test]
fn the_manual_of_operations_is_in_step() {
    let registry = athena_query::Registry::whole();
    in_step(&root().join("docs/operations.md"), &athena_query::manual::markdown(&registry));
}

/// `UPDATE_EXPECT=1` rewrites what is behind.
fn in_step(path: &Path, expected: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, expected).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    let name = path.file_name().unwrap().to_string_lossy();
    assert_eq!(found, expected, "{name} is behind the code; UPDATE_EXPECT=1 rewrites it");
}

#[test]
fn no_file_says_where_it_was_written() {
    let mut waiting = vec![root()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with(".git") || name == "target" || name == "athena-data" {
                continue;
            }
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let Ok(text) = fs::read_to_string(&path) else { continue };
            for (at, line) in text.lines().enumerate() {
                // Put together here, so that this file passes its own rule.
                for word in [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["TO", "DO("].concat()] {
                    assert!(!line.contains(&word), "{}:{} has {word:?}", path.display(), at + 1);
                }
                let unfinished = ["todo", "!("].concat();
                assert!(!line.contains(&unfinished), "{}:{} has {unfinished}", path.display(), at + 1);
            }
        }
    }
}
