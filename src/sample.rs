//! The sample: sessions of agents on a made-up shop, inside the binary.

use std::sync::Arc;

use anyhow::Context;
use athena_consolidate::Worker;
use athena_ingest::adapters::Format;
use athena_store::Store;

use crate::client::Client;
use crate::commands::import::{File, Imported, import};
use crate::node;

/// The project of the sample.
pub const PROJECT: &str = "shop";

const FILES: [(&str, &[u8]); 3] = [
    ("examples/cart.jsonl", include_bytes!("../examples/cart.jsonl")),
    ("examples/infra.jsonl", include_bytes!("../examples/infra.jsonl")),
    ("examples/search.jsonl", include_bytes!("../examples/search.jsonl")),
];

/// Imports the sample through whoever serves the store, and learns from it.
pub async fn fill(client: &Client, store: &Arc<Store>) -> anyhow::Result<Imported> {
    let files = FILES.iter().map(|(name, content)| File::embedded(name, content)).collect();
    let imported = import(client, files, Format::Plain, false).await.context("import the sample")?;
    let worker = Worker::new(store.clone(), node::consolidate(&client.settings().config));
    worker.run(false).await.context("consolidate the sample")?;
    Ok(imported)
}

#[cfg(test)]
mod tests {
    use athena_ingest::{Limits, decode};

    use super::*;

    #[test]
    fn every_example_is_in_the_binary_and_whole() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| format!("examples/{}", entry.unwrap().file_name().to_string_lossy()))
            .filter(|name| name.ends_with(".jsonl"))
            .collect();
        there.sort();
        assert_eq!(there, FILES.map(|(name, _)| name));
        for (name, content) in FILES {
            for (at, line) in content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).enumerate()
            {
                let event = decode::plain(line, &Limits::default());
                let event = event.unwrap_or_else(|reject| panic!("{name}:{}: {reject:?}", at + 1));
                assert_eq!(event.project.as_deref(), Some(PROJECT), "{name}:{}", at + 1);
            }
        }
    }
}
