//! The real binary, serving a folder of its own, and a client of it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

pub struct Served {
    process: Child,
    pub url: String,
    http: reqwest::Client,
    folder: tempfile::TempDir,
}

impl Served {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with settings, as variables of the environment.
    pub fn start_with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut process = Command::new(env!("CARGO_BIN_EXE_athena"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path())
            .env("ATHENA_LOG_LEVEL", "warn")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("athena starts");
        let mut line = String::new();
        let out = process.stdout.take().expect("piped");
        BufReader::new(out).read_line(&mut line).expect("athena tells its address");
        let told: Value = serde_json::from_str(&line).expect("a line of JSON");
        let url = told["url"].as_str().expect("an address").to_owned();
        Self { process, url, http: reqwest::Client::new(), folder }
    }

    /// Sends events as lines; gives the position after them.
    pub async fn append(&self, lines: String) -> Value {
        let request = self.http.post(format!("{}/v1/events", self.url));
        let request = request.header("content-type", "application/x-ndjson").body(lines);
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.json::<Value>().await.expect("JSON")["position"].take()
    }

    /// How many hits a question has, once `after` is searchable.
    pub async fn search(&self, words: &str, after: Option<&Value>) -> usize {
        let question = json!({"query": words, "project": "shop", "mode": "text", "after": after});
        let request = self.http.post(format!("{}/v1/search", self.url)).json(&question);
        let answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
        answer["hits"].as_array().expect("hits").len()
    }

    /// The folder that it serves.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Waits until a position is found by search.
    pub async fn found(&self, position: &Value) {
        while &self.get("/v1/status").await["searchable"] != position {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// Waits until everything has its vectors.
    pub async fn embedded(&self) {
        while self.get("/v1/status").await["vectors_behind_ms"].as_u64() != Some(0) {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    pub async fn get(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.url)).send().await.expect("an answer");
        answer.json().await.expect("JSON")
    }

    /// Calls `TOOL.OPERATION` in the project of the events; an error is an answer too.
    pub async fn call(&self, name: &str, mut arguments: Value) -> Value {
        arguments["project"] = "shop".into();
        let path = name.replace('.', "/");
        let request = self.http.post(format!("{}/v1/tools/{path}", self.url)).json(&arguments);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    /// Rows near to some words: the cosine of each by the model, and its id.
    pub async fn near(&self, words: &str, project: &str, limit: usize) -> Vec<(f64, String)> {
        let more = json!({"mode": "vector", "k": limit, "explain": true});
        let row = |hit: &Value| {
            let cosine = hit["parts"]["like.general"].as_f64().expect("a cosine");
            (cosine, hit["id"].as_str().expect("an id").to_owned())
        };
        self.asked(words, project, more).await.iter().map(row).collect()
    }

    /// The best hits of a question in a project, by a mode, as their ids.
    pub async fn hits(&self, words: &str, project: &str, mode: &str) -> Vec<String> {
        let hits = self.asked(words, project, json!({"mode": mode})).await;
        hits.iter().filter_map(|hit| hit["id"].as_str().map(str::to_owned)).collect()
    }

    async fn asked(&self, words: &str, project: &str, mut question: Value) -> Vec<Value> {
        (question["query"], question["project"]) = (words.into(), project.into());
        let request = self.http.post(format!("{}/v1/search", self.url)).json(&question);
        let mut answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
        match answer["hits"].take() {
            Value::Array(hits) => hits,
            _ => panic!("{answer}"),
        }
    }

    /// The rows of a statement.
    pub async fn rows(&self, sql: &str, params: Value) -> Vec<Value> {
        let request =
            self.http.post(format!("{}/v1/sql", self.url)).json(&json!({"sql": sql, "params": params}));
        let mut answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
        match answer["rows"].take() {
            Value::Array(rows) => rows,
            _ => panic!("{answer}"),
        }
    }

    /// Makes the kernel forget the peak of memory that was.
    pub fn forget_peak(&self) {
        let peak = Path::new("/proc").join(self.process.id().to_string()).join("clear_refs");
        let _ = std::fs::write(peak, "5");
    }

    /// A line of the process's status, in MB: `VmRSS`, `VmHWM`.
    pub fn memory_mb(&self, name: &str) -> f64 {
        let status = Path::new("/proc").join(self.process.id().to_string()).join("status");
        let text = std::fs::read_to_string(status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap_or(f64::NAN) / 1024.0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An agent's tool call, about 300 bytes, with words of a small vocabulary.
pub fn event(number: usize) -> String {
    const WORDS: [&str; 16] = [
        "cart",
        "checkout",
        "retry",
        "timeout",
        "migration",
        "index",
        "deploy",
        "rollback",
        "parser",
        "cache",
        "session",
        "token",
        "invoice",
        "search",
        "queue",
        "lint",
    ];
    let word = |n: usize| WORDS[(number.wrapping_mul(2_654_435_761) >> n) % WORDS.len()];
    json!({
        "project": "shop", "session": format!("s-{}", number / 50), "agent": "claude", "type": "tool_call",
        "tool": "Bash", "outcome": if number.is_multiple_of(17) { "failure" } else { "success" },
        "files": [format!("{}/src/module_{}.rs", word(3), number % 97)],
        "content": format!("cargo test -p {} --test {}_{} -- {} {}", word(1), word(5), number % 9973, word(7), word(9)),
    })
    .to_string()
}
