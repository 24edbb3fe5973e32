//! Every headline figure: `./dev bench [name]`. Each prints a table and writes `bench/NAME.json` into the
//! target directory, with the machine's cores and the least of its runs.

mod ack;
mod code;
mod commits;
mod consolidate;
mod forget;
mod freshness;
mod ingest;
mod leiden;
mod memory;
mod operations;
mod report;
mod search;
mod served;

use report::Report;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Bench = (&'static str, fn(&mut Report));

const ALL: [Bench; 11] = [
    ("ack", ack::run),
    ("code", code::run),
    ("commits", commits::run),
    ("consolidate", consolidate::run),
    ("forget", forget::run),
    ("freshness", freshness::run),
    ("ingest", ingest::run),
    ("leiden", leiden::run),
    ("memory", memory::run),
    ("operations", operations::run),
    ("search", search::run),
];

fn main() {
    // Cargo passes `--bench`; what is left are names.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    if let Some(unknown) = wanted.iter().find(|name| ALL.iter().all(|(known, _)| known != name)) {
        let known: Vec<_> = ALL.iter().map(|(name, _)| *name).collect();
        eprintln!("no bench {unknown}; there are {}", known.join(", "));
        std::process::exit(2);
    }
    for (name, run) in ALL {
        if wanted.is_empty() || wanted.iter().any(|one| one == name) {
            let mut report = Report::new(name);
            run(&mut report);
            report.finish();
        }
    }
}
