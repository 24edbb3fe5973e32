//! `athena export`: every row of every table once, however many pages it takes, in files that are whole.

use std::fs;
use std::path::Path;

use arrow::ipc::reader::StreamReader;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::json;

use crate::processes::{SERVE, Serve, athena, ended, post};

/// Rows of a page: a server gives no more at once.
const PAGE: usize = 100;

async fn export(folder: &Path, server: &Serve, table: &str, format: &str) -> Vec<u8> {
    let arguments = ["export", "--server", &server.url, "--table", table, "--format", format];
    let done = athena(folder, &arguments).output().await.unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && told.is_empty(), "{table} as {format}: {told}");
    done.stdout
}

fn lines(text: &[u8]) -> Vec<&str> {
    std::str::from_utf8(text).unwrap().lines().collect()
}

async fn count(server: &Serve, rows: &str) -> usize {
    let answer = post(server, "/v1/sql", json!({"sql": format!("SELECT count(*) FROM {rows}")})).await;
    answer["rows"][0][0].as_u64().unwrap() as usize
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_is_exported_whole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut command = athena(folder, &[&SERVE[..], &["--sample"]].concat());
    command.env("ATHENA_SQL_MAX_ROWS", PAGE.to_string()).env("ATHENA_CONSOLIDATE_EVERY_S", "86400");
    let server = Serve::of(command, folder).await;
    // Ids that have more than one version, on more than one page.
    for n in 0..40 {
        let memory = json!({"content": format!("memory {n} of its own"), "project": "p"});
        let told = post(&server, "/v1/tools/memories/remember", memory).await;
        for again in 0..2 {
            let content = format!("memory {n}, told anew {again}");
            let update = json!({"id": told["id"], "content": content, "project": "p"});
            post(&server, "/v1/tools/memories/update", update).await;
        }
    }
    post(&server, "/v1/tools/tasks/create", json!({"title": "clean up", "project": "p"})).await;

    let names = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
                 AND table_name NOT IN ('accesses', 'embeddings')";
    let mut tables = Vec::new();
    for offset in [0, 40] {
        let statement = format!("{names} ORDER BY 1 LIMIT 40 OFFSET {offset}");
        let answer = post(&server, "/v1/sql", json!({"sql": statement})).await;
        tables
            .extend(answer["rows"].as_array().unwrap().iter().map(|row| row[0].as_str().unwrap().to_owned()));
    }
    assert!(tables.len() > 40, "{tables:?}");
    let mut paged = 0;
    for table in &tables {
        let rows = match table.as_str() {
            "evidence" => "(SELECT DISTINCT * FROM evidence)",
            table => table,
        };
        let whole = export(folder, &server, table, "jsonl").await;
        let lines = lines(&whole);
        assert_eq!(lines.len(), count(&server, rows).await, "{table}");
        let mut once = lines.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), lines.len(), "{table} has rows twice");
        paged += usize::from(lines.len() > PAGE);
    }
    assert!(paged > 3, "{paged} tables were longer than a page");

    let csv = export(folder, &server, "memories_versions", "csv").await;
    assert_eq!(lines(&csv).len(), 1 + count(&server, "memories_versions").await);
    let arrow = export(folder, &server, "memories_versions", "arrow").await;
    let rows = StreamReader::try_new(arrow.as_slice(), None).unwrap().map(|batch| batch.unwrap().num_rows());
    assert_eq!(rows.sum::<usize>(), count(&server, "memories_versions").await);

    // Files without rows have their columns.
    assert_eq!(count(&server, "dead_letters").await, 0);
    assert!(
        lines(&export(folder, &server, "dead_letters", "csv").await)[0].starts_with("id,project,received_at")
    );
    let arrow = export(folder, &server, "dead_letters", "arrow").await;
    assert_eq!(StreamReader::try_new(arrow.as_slice(), None).unwrap().count(), 0);
    let parquet = folder.join("none.parquet");
    fs::write(&parquet, export(folder, &server, "dead_letters", "parquet").await).unwrap();
    let none = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(&parquet).unwrap()).unwrap();
    assert!(none.schema().column_with_name("message").is_some());
    assert_eq!(none.build().unwrap().count(), 0);

    let unknown = ended(athena(folder, &["export", "--server", &server.url, "--table", "saved"])).await;
    assert!(unknown.failed(2), "{unknown:?}");
    server.stop().await;
}
