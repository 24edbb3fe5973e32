//! A search of everything under a data directory, decoded and raw.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use arrow::util::display::array_value_to_string;
use futures::TryStreamExt;
use lance::Dataset;
use tantivy::Document;

/// Where any of the needles is found. Nothing may have the directory open.
pub async fn places(data: &Path, needles: &[Vec<u8>]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for entry in data.join("tables").read_dir().unwrap() {
        table(&entry.unwrap().path(), needles, &mut found).await;
    }
    let index = data.join("index/text");
    if index.join("meta.json").exists() {
        text_index(&index, needles, &mut found);
    }
    for file in files(data) {
        let content = std::fs::read(&file).unwrap();
        if holds(&content, needles) {
            found.insert(format!("file {}", file.strip_prefix(data).unwrap().display()));
        }
    }
    found.into_iter().collect()
}

fn holds(content: &[u8], needles: &[Vec<u8>]) -> bool {
    needles.iter().any(|needle| content.windows(needle.len()).any(|window| window == needle))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

/// Every version that is kept, every column, rows that were removed from it included; and files that no version has.
async fn table(path: &Path, needles: &[Vec<u8>], found: &mut BTreeSet<String>) {
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    let newest = Dataset::open(path.to_str().unwrap()).await.unwrap();
    let mut known = BTreeSet::new();
    for version in newest.versions().await.unwrap() {
        let dataset = newest.checkout_version(version.version).await.unwrap();
        let fragments = dataset.manifest().fragments.iter();
        known.extend(fragments.flat_map(|fragment| fragment.files.iter().map(|file| file.path.clone())));
        let mut scan = dataset.scan();
        scan.with_row_id().include_deleted_rows();
        let mut batches = scan.try_into_stream().await.unwrap();
        while let Some(batch) = batches.try_next().await.unwrap() {
            columns(&name, version.version, &batch, needles, found);
        }
    }
    for file in path.join("data").read_dir().into_iter().flatten() {
        let file = file.unwrap().file_name().to_str().unwrap().to_owned();
        if !known.contains(&file) {
            found.insert(format!("{name}: data file {file} of no version"));
        }
    }
}

fn columns(name: &str, version: u64, batch: &RecordBatch, needles: &[Vec<u8>], found: &mut BTreeSet<String>) {
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let told = (0..column.len()).any(|row| holds(&content(column, row), needles));
        if told {
            found.insert(format!("{name}.{} at version {version}", field.name()));
        }
    }
}

fn content(column: &ArrayRef, row: usize) -> Vec<u8> {
    match column.data_type() {
        _ if column.is_null(row) => vec![],
        DataType::Binary => column.as_binary::<i32>().value(row).to_vec(),
        DataType::FixedSizeBinary(_) => column.as_fixed_size_binary().value(row).to_vec(),
        _ => array_value_to_string(column, row).unwrap().into_bytes(),
    }
}

/// Documents as they are kept, terms of every field, and values of every column.
fn text_index(path: &Path, needles: &[Vec<u8>], found: &mut BTreeSet<String>) {
    let index = tantivy::Index::open_in_dir(path).unwrap();
    let schema = index.schema();
    for segment in index.searchable_segments().unwrap() {
        let reader = tantivy::SegmentReader::open(&segment).unwrap();
        let store = reader.get_store_reader(1).unwrap();
        for document in store.iter::<tantivy::TantivyDocument>(None) {
            let Ok(document) = document else { continue };
            if holds(document.to_json(&schema).as_bytes(), needles) {
                found.insert("text index: stored".to_owned());
            }
        }
        for (field, entry) in schema.fields().filter(|(_, entry)| entry.is_indexed()) {
            let inverted = reader.inverted_index(field).unwrap();
            let mut terms = inverted.terms().stream().unwrap();
            while terms.advance() {
                if holds(terms.key(), needles) {
                    found.insert(format!("text index: terms of {}", entry.name()));
                }
            }
        }
        for (_, entry) in schema.fields().filter(|(_, entry)| entry.is_fast()) {
            let Ok(Some(column)) = reader.fast_fields().str(entry.name()) else { continue };
            let mut terms = column.dictionary().stream().unwrap();
            while terms.advance() {
                if holds(terms.key(), needles) {
                    found.insert(format!("text index: values of {}", entry.name()));
                }
            }
        }
    }
}
