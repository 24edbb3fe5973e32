//! `code.index` of 10,000 generated files in five languages, again where nothing changed, and `code.search` in what it made:
//! the first, which reads the code into memory, and p50 and p99 of those after it.
//! `ATHENA_BENCH_FILES` says how many files.

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::report::{Report, percentile, runtime};
use crate::served::Served;

/// Functions of a file, files of a folder, and searches.
const FUNCTIONS: usize = 12;
const FOLDER: usize = 50;
const SEARCHES: usize = 1_000;

const NOUNS: [&str; 24] = [
    "cart", "invoice", "session", "token", "cache", "queue", "parser", "index", "ledger", "route", "quota",
    "worker", "batch", "digest", "socket", "shard", "policy", "report", "region", "ticket", "vector",
    "widget", "backup", "metric",
];
const VERBS: [&str; 12] = [
    "load", "store", "merge", "split", "check", "render", "notify", "retry", "flush", "encode", "expire",
    "measure",
];
const ENDINGS: [&str; 5] = ["rs", "py", "ts", "go", "java"];

pub fn run(report: &mut Report) {
    let files = std::env::var("ATHENA_BENCH_FILES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = written(folder.path(), files);
    // One call waits for the whole run.
    let served = Served::start_with(&[("ATHENA_SERVER_REQUEST_TIMEOUT_MS", "600000")]);
    runtime().block_on(async {
        let index = json!({"path": folder.path(), "wait": true});
        for what in ["code.index", "code.index, unchanged"] {
            let began = Instant::now();
            let run = served.call("code.index", index.clone()).await;
            let seconds = began.elapsed().as_secs_f64();
            assert_eq!((&run["status"], &run["files"]), (&json!("complete"), &json!(files)), "{run}");
            report.row(
                json!({"what": what, "files": files, "mb": bytes as f64 / 1e6, "changed": run["changed"],
                              "seconds": seconds, "files_per_s": files as f64 / seconds,
                              "server_mb": served.memory_mb("VmHWM")}),
            );
        }
        let sizes = served.call("code.statistics", json!({})).await;
        let began = Instant::now();
        found(&served, 0, files).await;
        let first_ms = began.elapsed().as_secs_f64() * 1e3;
        served.embedded().await;
        let (mut spent, mut at_once) = (Vec::new(), 0);
        for n in 0..SEARCHES {
            let began = Instant::now();
            at_once += usize::from(found(&served, n * 37, files).await);
            spent.push(began.elapsed().as_secs_f64() * 1e3);
        }
        report.row(json!({"what": "code.search", "symbols": sizes["symbols"], "first_ms": first_ms,
                          "p50_ms": percentile(&mut spent, 50.0), "p99_ms": percentile(&mut spent, 99.0),
                          "named_one_is_first": at_once as f64 / SEARCHES as f64}));
    });
}

/// Asks for a function by its name; says whether it is the first that is found.
async fn found(served: &Served, n: usize, files: usize) -> bool {
    let name = function(n % files, n % FUNCTIONS);
    let answer = served.call("code.search", json!({"query": name, "limit": 10})).await;
    let items = answer["items"].as_array().unwrap_or_else(|| panic!("{answer}"));
    items.first().is_some_and(|item: &Value| item["name"].as_str().is_some_and(|one| one.ends_with(&name)))
}

/// What a function of a file is called.
fn function(file: usize, at: usize) -> String {
    format!("{}_{}_{file}", VERBS[at % VERBS.len()], NOUNS[(file + 5 * at) % NOUNS.len()])
}

/// Writes the files, and says how many bytes they have.
fn written(folder: &Path, files: usize) -> usize {
    let mut bytes = 0;
    for file in 0..files {
        let below = folder.join(format!("{}_{}", NOUNS[file / FOLDER % NOUNS.len()], file / FOLDER));
        std::fs::create_dir_all(&below).expect("a folder");
        let ending = ENDINGS[file % ENDINGS.len()];
        let text = source(file, ending);
        bytes += text.len();
        std::fs::write(below.join(format!("part_{file}.{ending}")), text).expect("a file");
    }
    bytes
}

/// A file of a language: functions that call each other, and those of the file of that language before it.
fn source(file: usize, ending: &str) -> String {
    let before = file.saturating_sub(ENDINGS.len());
    let mut text = match ending {
        "rs" => {
            format!("use crate::part_{before};\n\npub struct Part{file} {{\n    pub count: usize,\n}}\n\n")
        }
        "py" => format!("import part_{before}\n\n\nclass Part{file}:\n    count = 0\n\n\n"),
        "ts" => format!(
            "import {{ Part{before} }} from \"./part_{before}\";\n\nexport class Part{file} {{ count = 0; }}\n\n"
        ),
        "go" => format!("package part\n\nimport \"fmt\"\n\ntype Part{file} struct {{\n\tCount int\n}}\n\n"),
        _ => format!("package part;\n\nimport part.Part{before};\n\npublic class Part{file} {{\n"),
    };
    for at in 0..FUNCTIONS {
        let (name, next, other) = (function(file, at), function(file, at + 1), function(before, at));
        let doc =
            format!("Handles the {} of a {}.", VERBS[at % VERBS.len()], NOUNS[(file + at) % NOUNS.len()]);
        text += &match ending {
            "rs" => format!(
                "/// {doc}\npub fn {name}(count: usize) -> usize {{\n    if count > {at} {{\n        return {next}(count - 1);\n    }}\n    part_{before}::{other}(count)\n}}\n\n"
            ),
            "py" => format!(
                "def {name}(count):\n    \"\"\"{doc}\"\"\"\n    if count > {at}:\n        return {next}(count - 1)\n    return part_{before}.{other}(count)\n\n\n"
            ),
            "ts" => format!(
                "/** {doc} */\nexport function {name}(count: number): number {{\n  if (count > {at}) {{\n    return {next}(count - 1);\n  }}\n  return {other}(count);\n}}\n\n"
            ),
            "go" => format!(
                "// {doc}\nfunc {name}(count int) int {{\n\tif count > {at} {{\n\t\treturn {next}(count - 1)\n\t}}\n\tfmt.Println(count)\n\treturn {other}(count)\n}}\n\n"
            ),
            _ => format!(
                "    /** {doc} */\n    public static int {name}(int count) {{\n        if (count > {at}) {{\n            return {next}(count - 1);\n        }}\n        return Part{before}.{other}(count);\n    }}\n\n"
            ),
        };
    }
    if ending == "java" {
        text += "}\n";
    }
    text
}
