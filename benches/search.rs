//! Questions over a million documents of text such as agents produce (Zipfian words, 20 projects, sessions): each mode
//! with one client, and eight at once; beside it, on the same texts, LanceDB's hybrid query and SQLite's FTS5 with
//! sqlite-vec (`benches/peers/hybrid.py`, with the vectors that Athena made). `ATHENA_BENCH_DOCUMENTS` says how many.

use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::report::{Report, percentile, runtime};
use crate::served::Served;

const BODY: usize = 5_000;
const PROJECTS: usize = 20;
const WORDS: usize = 50_000;
const WORDS_OF_A_DOCUMENT: usize = 30;
const EVENTS_OF_A_SESSION: usize = 40;
const QUESTIONS: usize = 400;
const CLIENTS: usize = 8;
/// Hits for which so many records are read that hardly any is missed.
const EXACT: usize = 1_000;

pub fn run(report: &mut Report) {
    let documents =
        std::env::var("ATHENA_BENCH_DOCUMENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let served = Arc::new(Served::start());
    let zipf = Zipf::new(WORDS);
    let questions = questions(&zipf);
    runtime().block_on(async {
        let began = Instant::now();
        let mut position = None;
        for from in (0..documents).step_by(BODY) {
            let body: Vec<String> = (from..(from + BODY).min(documents)).map(|at| document(at, &zipf).to_string()).collect();
            position = Some(served.append(body.join("\n")).await);
        }
        let appended = began.elapsed().as_secs_f64();
        served.found(&position.expect("there are documents")).await;
        let searchable = began.elapsed().as_secs_f64();
        served.embedded().await;
        report.row(json!({"documents": documents, "appended_s": appended, "searchable_s": searchable,
                          "embedded_s": began.elapsed().as_secs_f64(), "resident_mb": served.memory_mb("VmRSS"),
                          "peak_mb": served.memory_mb("VmHWM")}));
        for mode in ["text", "vector", "hybrid"] {
            // The first round warms what rests on disk.
            one_after_another(&served, &questions[..50], mode).await;
            let mut spent = one_after_another(&served, &questions, mode).await;
            report.row(json!({"stack": "athena", "mode": mode, "clients": 1, "p50_ms": percentile(&mut spent, 50.0),
                              "p99_ms": percentile(&mut spent, 99.0)}));
        }
        report.row(nearest(&served, &questions[..60]).await);
        let began = Instant::now();
        let mut spent = at_once(&served, &questions).await;
        let per_s = spent.len() as f64 / began.elapsed().as_secs_f64();
        report.row(json!({"stack": "athena", "mode": "hybrid", "clients": CLIENTS, "p50_ms": percentile(&mut spent, 50.0),
                          "p99_ms": percentile(&mut spent, 99.0), "per_s": per_s,
                          "resident_mb": served.memory_mb("VmRSS")}));
    });
    peers(report, &served, &questions);
}

async fn one_after_another(served: &Served, questions: &[(String, String)], mode: &str) -> Vec<f64> {
    let mut spent = Vec::new();
    for (project, words) in questions {
        let began = Instant::now();
        served.hits(words, project, mode).await;
        spent.push(began.elapsed().as_secs_f64() * 1e3);
    }
    spent
}

/// Of the rows whose vectors are nearest to a question, as a search finds them that reads twenty times as many records as
/// one for 150 rows does, the share that is among those 150.
async fn nearest(served: &Served, questions: &[(String, String)]) -> Value {
    const LIMIT: usize = 150;
    const BEST: [usize; 3] = [10, 50, 100];
    let mut shares = [0.0; BEST.len()];
    for (project, words) in questions {
        let few: HashSet<String> =
            served.near(words, project, LIMIT).await.into_iter().map(|(_, id)| id).collect();
        let mut many = served.near(words, project, EXACT).await;
        many.sort_by(|one, other| other.0.total_cmp(&one.0));
        for (share, best) in shares.iter_mut().zip(BEST) {
            let among = many.iter().take(best).filter(|(_, id)| few.contains(id)).count();
            *share += among as f64 / best as f64;
        }
    }
    let [ten, fifty, hundred] = shares.map(|share| share / questions.len() as f64);
    json!({"mode": "vector", "limit": LIMIT, "recall_of_10": ten, "recall_of_50": fifty, "recall_of_100": hundred})
}

async fn at_once(served: &Arc<Served>, questions: &[(String, String)]) -> Vec<f64> {
    let clients = (0..CLIENTS).map(|client| {
        let served = served.clone();
        let own: Vec<_> = questions.iter().skip(client).step_by(CLIENTS).cloned().collect();
        tokio::spawn(async move { one_after_another(&served, &own, "hybrid").await })
    });
    let mut spent = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        spent.extend(client.await.expect("a client ends"));
    }
    spent
}

/// The stacks that somebody would otherwise build in Python, on the same rows and vectors.
fn peers(report: &mut Report, served: &Served, questions: &[(String, String)]) {
    let Some(python) = std::env::var_os("ATHENA_BENCH_PYTHON") else {
        println!("  no peers: ATHENA_BENCH_PYTHON names no Python");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let asked = folder.path().join("questions.jsonl");
    let mut file = std::fs::File::create(&asked).expect("a file");
    for (project, words) in questions {
        writeln!(file, "{}", json!({"project": project, "query": words})).expect("a line is written");
    }
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/peers/hybrid.py");
    let done = Command::new(python).arg(script).arg(served.data()).arg(&asked).arg(folder.path()).output();
    let done = done.expect("Python starts");
    let lines = String::from_utf8_lossy(&done.stdout);
    for line in lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        report.row(line);
    }
    if !done.status.success() {
        println!("  peers: {}", String::from_utf8_lossy(&done.stderr));
    }
}

/// Ranks of words, drawn so that the n-th comes as 1/n.
struct Zipf(Vec<f64>);

impl Zipf {
    fn new(words: usize) -> Self {
        let mut sum = 0.0;
        Self(
            (1..=words)
                .map(|rank| {
                    sum += 1.0 / rank as f64;
                    sum
                })
                .collect(),
        )
    }

    fn draw(&self, random: &mut StdRng, from: usize) -> usize {
        let low = if from == 0 { 0.0 } else { self.0[from - 1] };
        let at = random.random_range(low..*self.0.last().expect("there are words"));
        self.0.partition_point(|sum| *sum <= at).min(self.0.len() - 1)
    }
}

fn word(rank: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "co", "di", "fu", "ge", "ha", "ki", "lo", "mu", "ne", "pa", "ri", "so", "tu", "ve", "za"];
    let mut rest = rank + 16;
    let mut out = String::new();
    while rest > 0 {
        out.push_str(SYLLABLES[rest % 16]);
        rest /= 16;
    }
    out
}

fn text(random: &mut StdRng, zipf: &Zipf, words: usize, from: usize) -> String {
    (0..words).map(|_| word(zipf.draw(random, from))).collect::<Vec<_>>().join(" ")
}

fn document(number: usize, zipf: &Zipf) -> Value {
    const TOOLS: [&str; 5] = ["Bash", "Edit", "Read", "Grep", "Web"];
    let mut random = StdRng::seed_from_u64(number as u64);
    let session = number / EVENTS_OF_A_SESSION;
    let content = text(&mut random, zipf, WORDS_OF_A_DOCUMENT, 0);
    json!({
        "id": format!("d-{number}"), "project": format!("p{}", session % PROJECTS), "session": format!("s-{session}"),
        "agent": "claude", "type": if number.is_multiple_of(3) { "tool_result" } else { "tool_call" },
        "tool": TOOLS[number % TOOLS.len()], "outcome": if number.is_multiple_of(11) { "failure" } else { "success" },
        "files": [format!("src/{}.rs", word(number % 500))], "content": content,
    })
}

/// Three to six words that are not among the commonest, each in one project.
fn questions(zipf: &Zipf) -> Vec<(String, String)> {
    let mut random = StdRng::seed_from_u64(7);
    (0..QUESTIONS)
        .map(|number| {
            let words = random.random_range(3..=6);
            (format!("p{}", number % PROJECTS), text(&mut random, zipf, words, 30))
        })
        .collect()
}
