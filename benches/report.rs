//! A table on the terminal, and the same as JSON.

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json};

pub struct Report {
    name: &'static str,
    rows: Vec<Value>,
}

impl Report {
    pub fn new(name: &'static str) -> Self {
        println!("\n{name}");
        Self { name, rows: Vec::new() }
    }

    /// Prints a row at once, so that a long bench shows how far it is.
    pub fn row(&mut self, row: Value) {
        let cells: Vec<String> = row
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| match value.as_f64() {
                Some(number) if number.fract() != 0.0 => format!("{name} {number:.2}"),
                _ => format!("{name} {}", value.to_string().trim_matches('"')),
            })
            .collect();
        println!("  {}", cells.join("  "));
        self.rows.push(row);
    }

    pub fn finish(self) {
        let folder = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        let folder = folder.join("bench");
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let text = json!({"bench": self.name, "cores": cores, "rows": self.rows});
        let written = std::fs::create_dir_all(&folder).and_then(|()| {
            let mut file = std::fs::File::create(folder.join(format!("{}.json", self.name)))?;
            writeln!(file, "{text:#}")
        });
        if let Err(error) = written {
            eprintln!("{}: {error}", folder.display());
        }
    }
}

/// The value that `p` percent do not exceed, by nearest rank.
pub fn percentile(values: &mut [f64], p: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (values.len() as f64 * p / 100.0).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().expect("a runtime starts")
}
