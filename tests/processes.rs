//! Many processes at once on one embedded directory: whoever comes first serves it for the others, and when
//! that one dies the next takes over. Nothing acknowledged is lost, nothing doubled.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::support::full;

/// The longest that anything here is waited for.
const LIMIT: Duration = Duration::from_secs(60);

/// The binary in a folder of its own, away from this repository and its settings. It dies with its handle.
pub fn athena(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_athena"));
    for (name, _) in std::env::vars_os() {
        let foreign = ["ATHENA_", "GIT_"].iter().any(|prefix| name.to_string_lossy().starts_with(prefix));
        if foreign {
            command.env_remove(name);
        }
    }
    command.args(arguments).current_dir(folder);
    command.env("GIT_CEILING_DIRECTORIES", std::env::temp_dir()).env("XDG_STATE_HOME", folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// What a process that has ended left.
#[derive(Debug)]
pub struct Ended {
    /// `None` when it was killed.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }

    /// What one line of a successful answer says.
    pub fn json(&self) -> Value {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self:?}");
        let [line] = self.lines().try_into().expect("one line");
        line
    }

    /// Whether it failed with that code and told so in one line.
    pub fn failed(&self, code: i32) -> bool {
        let one_line = self.err.lines().count() == 1 && self.err.starts_with("athena: ");
        self.code == Some(code) && self.out.is_empty() && one_line
    }
}

pub async fn ended(mut command: Command) -> Ended {
    let done = timeout(LIMIT, command.output()).await.expect("it ends in time").unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Ended { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
}

/// What a server answers to a request that must succeed.
pub async fn post(server: &Serve, path: &str, body: Value) -> Value {
    let answer = server.http.post(format!("{}{path}", server.url)).json(&body).send().await.unwrap();
    let (status, answer): (_, Value) = (answer.status(), answer.json().await.unwrap());
    assert!(status.is_success(), "{path} {body}: {answer}");
    answer
}

/// `athena serve` on a port of its own choice, which it tells when it serves.
pub struct Serve {
    pub url: String,
    pub pid: u32,
    pub http: reqwest::Client,
    child: Child,
    log: PathBuf,
    _lines: Lines<BufReader<ChildStdout>>,
}

impl Serve {
    pub async fn start(folder: &Path) -> Self {
        Self::of(athena(folder, &SERVE), folder).await
    }

    pub async fn of(mut command: Command, folder: &Path) -> Self {
        let log = folder.join("serve.log");
        let stderr = File::options().create(true).append(true).open(&log).unwrap();
        let mut child = command.stderr(stderr).spawn().unwrap();
        let pid = child.id().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let told = timeout(LIMIT, lines.next_line()).await.expect("it serves in time").unwrap();
        let told = told.unwrap_or_else(|| panic!("it ended: {}", fs::read_to_string(&log).unwrap()));
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["pid"], pid);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { url: told["url"].as_str().unwrap().to_owned(), pid, http, child, log, _lines: lines }
    }

    /// kill -9.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM; ends well within 10 s.
    pub async fn stop(mut self) {
        let sent = Command::new("kill").args(["-TERM", &self.pid.to_string()]).status().await.unwrap();
        assert!(sent.success());
        let ended = timeout(Duration::from_secs(10), self.child.wait()).await.expect("it ends within 10 s");
        let ended = ended.unwrap();
        assert!(ended.success(), "{ended}: {}", fs::read_to_string(&self.log).unwrap());
    }
}

pub const SERVE: [&str; 5] = ["serve", "--data", "data", "--listen", "127.0.0.1:0"];

/// Rows of a statement over everything, through whoever serves the directory, or in a process of its own.
pub async fn sql(folder: &Path, statement: &str) -> Vec<Value> {
    let done = ended(athena(folder, &["sql", statement, "--data", "data"])).await;
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{statement}");
    done.lines()
}

/// The process that the lock names; 0 while none does.
fn holder(folder: &Path) -> u32 {
    let held: Value =
        serde_json::from_slice(&fs::read(folder.join("data/lock")).unwrap()).unwrap_or_default();
    held["pid"].as_u64().unwrap_or_default() as u32
}

/// A file of events without ids.
fn write(folder: &Path, name: &str, lines: usize) -> String {
    let line = |n| json!({"content": format!("line {n} of {name}")}).to_string() + "\n";
    fs::write(folder.join(name), (0..lines).map(line).collect::<String>()).unwrap();
    name.to_owned()
}

/// Three imports, two of them of one file, three calls and two questions, all started at once where there is
/// nothing yet. The questions repeat themselves until there is something to ask.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_processes_begin_on_one_empty_directory() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (same, own) = (write(folder, "same.jsonl", 40), write(folder, "own.jsonl", 30));
    let notes = ["content=note 0", "content=note 1", "content=note 2"];
    let mut writers = vec![vec!["import", &same], vec!["import", &same], vec!["import", &own]];
    writers.extend(notes.iter().map(|note| vec!["call", "memories", "remember", note]));
    // By words: who serves changes all the time, and what an answer says of meanings lags behind.
    let readers = [vec!["search", "line", "--mode", "text"], vec!["sql", "SELECT COUNT(*) AS n FROM events"]];
    let shared = ["--data", "data", "--project", "p"];
    let writers = writers.iter().map(|own| ended(athena(folder, &[&own[..], &shared].concat())));
    let readers = readers.iter().map(async |own| {
        let command = || athena(folder, &[&own[..], &shared].concat());
        let mut done = ended(command()).await;
        while done.failed(1) && done.err.contains("has no data yet") {
            done = ended(command()).await;
        }
        done
    });
    let (written, read) = tokio::join!(join_all(writers), join_all(readers));

    for done in &read {
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
    }
    let imported: Vec<Value> = written[..3].iter().map(Ended::json).collect();
    let sum = |name: &str| imported.iter().map(|done| done[name].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("accepted"), sum("duplicates"), sum("rejected")), (70, 40, 0), "{imported:?}");
    let ids: BTreeSet<String> = written[3..].iter().map(|done| done.json()["id"].to_string()).collect();
    assert_eq!(ids.len(), 3);
    assert!(written[3..].iter().all(|done| done.json()["project"] == "p"));

    let rows =
        sql(folder, "SELECT type, project, COUNT(*) AS n FROM events GROUP BY type, project ORDER BY type")
            .await;
    let expected = [
        json!({"type": "athena.memories.remember", "project": "p", "n": 3}),
        json!({"type": "observation", "project": "p", "n": 70}),
    ];
    assert_eq!(rows, expected);
    let rows =
        sql(folder, "SELECT COUNT(DISTINCT content) AS contents, MIN(log_offset) AS first FROM events").await;
    assert_eq!(rows, [json!({"contents": 70, "first": 0})]);
    let rows = sql(folder, "SELECT content, origin FROM memories ORDER BY content").await;
    let expected: Vec<_> = (0..3).map(|n| json!({"content": format!("note {n}"), "origin": "cli"})).collect();
    assert_eq!(rows, expected);
}

/// Nobody serves in between: the second process derives what it searches from what the first left.
#[tokio::test]
async fn what_one_process_wrote_the_next_finds() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for round in 1..=3 {
        let file = write(folder, &format!("{round}.jsonl"), 20);
        let imported = ended(athena(folder, &["import", &file, "--data", "data", "--project", "p"])).await;
        assert_eq!(imported.json()["accepted"], 20);
        let found = ["search", "line", "-k", "1000", "--data", "data", "--project", "p"];
        let found = ended(athena(folder, &found)).await;
        assert_eq!((found.code, found.err.as_str(), found.lines().len()), (Some(0), "", 20 * round));
    }
}

/// What the writers are to do.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Order {
    Write,
    /// Write, but the process of this number dies.
    Kill(u32),
    Stop,
}

/// What became of one process of a writer.
#[derive(Debug, PartialEq)]
enum Told {
    Acknowledged,
    Failed,
    Killed,
}

/// Runs one process after the other until it is told to stop, each again until it is acknowledged. Gives the
/// acknowledged answers.
async fn write_on(
    folder: PathBuf,
    writer: usize,
    mut orders: watch::Receiver<Order>,
    told: mpsc::UnboundedSender<Told>,
) -> Vec<Value> {
    let mut answers = Vec::new();
    while *orders.borrow() != Order::Stop {
        let name = format!("{writer}-{}", answers.len());
        let arguments = match writer {
            0 => vec!["import".to_owned(), write(&folder, &format!("{name}.jsonl"), 5)],
            _ => ["call", "memories", "remember"]
                .into_iter()
                .map(str::to_owned)
                .chain([format!("content=note {name}"), format!("event_id={name}")])
                .collect(),
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let arguments = [&arguments[..], &["--data", "data", "--project", "p"]].concat();
        loop {
            let child = athena(&folder, &arguments).spawn().unwrap();
            let pid = child.id().unwrap();
            let done = tokio::select! {
                done = child.wait_with_output() => done.unwrap(),
                // The process dies with the future that is dropped here.
                () = async { drop(orders.wait_for(|order| *order == Order::Kill(pid)).await) } => {
                    told.send(Told::Killed).unwrap();
                    continue;
                }
            };
            if done.status.success() {
                answers.push(serde_json::from_slice(&done.stdout).expect("a line of JSON"));
                told.send(Told::Acknowledged).unwrap();
                break;
            }
            let err = String::from_utf8(done.stderr).unwrap();
            assert_eq!((done.status.code(), err.lines().count()), (Some(1), 1), "{err}");
            told.send(Told::Failed).unwrap();
        }
    }
    answers
}

async fn acknowledged(told: &mut mpsc::UnboundedReceiver<Told>, mut wanted: usize) {
    while wanted > 0 {
        let next = timeout(LIMIT, told.recv()).await.expect("somebody takes over in time");
        wanted -= usize::from(next == Some(Told::Acknowledged));
    }
}

/// Four writers of short processes; first the server that they all write through is killed, then again and
/// again whichever of them has taken over.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_next_takes_over_from_a_holder_that_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let server = Serve::start(folder).await;
    let (order, orders) = watch::channel(Order::Write);
    let (tell, mut told) = mpsc::unbounded_channel();
    let writers: Vec<_> = (0..4)
        .map(|writer| tokio::spawn(write_on(folder.to_owned(), writer, orders.clone(), tell.clone())))
        .collect();
    acknowledged(&mut told, 8).await;
    assert_eq!(holder(folder), server.pid, "clients do not take a directory that is served");
    server.kill().await;
    for _ in 0..if full() { 20 } else { 3 } {
        acknowledged(&mut told, 4).await;
        // A short process may have ended by the time that it is to die: then it is the next one's turn.
        let mut news = None;
        while news != Some(Told::Killed) {
            order.send_replace(Order::Kill(holder(folder)));
            news = timeout(LIMIT, told.recv()).await.expect("the writers go on");
        }
        order.send_replace(Order::Write);
    }
    acknowledged(&mut told, 8).await;
    order.send_replace(Order::Stop);
    let answers: Vec<Vec<Value>> = join_all(writers).await.into_iter().map(Result::unwrap).collect();

    let imported = 5 * answers[0].len();
    for done in &answers[0] {
        // What a killed server had taken is known when it comes again.
        let taken = done["accepted"].as_u64().unwrap() + done["duplicates"].as_u64().unwrap();
        assert_eq!((taken, &done["rejected"]), (5, &json!(0)), "{done}");
    }
    let notes: BTreeSet<(String, String)> = (1..4)
        .flat_map(|writer| answers[writer].iter().enumerate().map(move |(n, answer)| (writer, n, answer)))
        .map(|(writer, n, answer)| (answer["id"].as_str().unwrap().into(), format!("note {writer}-{n}")))
        .collect();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = sql(folder, "SELECT id, content FROM memories").await;
    assert_eq!(rows.len(), notes.len());
    assert_eq!(
        rows.iter().map(|row| (text(&row["id"]), text(&row["content"]))).collect::<BTreeSet<_>>(),
        notes
    );
    let rows = sql(
        folder,
        "SELECT type, COUNT(*) AS n, COUNT(DISTINCT dedup) AS ids, COUNT(DISTINCT log_offset) AS places \
         FROM events GROUP BY type ORDER BY type",
    );
    let expected = [("athena.memories.remember", notes.len()), ("observation", imported)]
        .map(|(name, n)| json!({"type": name, "n": n, "ids": n, "places": n}));
    assert_eq!(rows.await, expected);
    let rows = sql(folder, "SELECT COUNT(*) AS n FROM memories_versions").await;
    assert_eq!(rows, [json!({"n": notes.len()})]);
}

async fn refused(folder: &Path, pid: u32) {
    let second = ended(athena(folder, &SERVE)).await;
    assert!(second.failed(1) && second.err.contains(&format!("process {pid}")), "{second:?}");
}

#[tokio::test]
async fn a_second_server_is_refused_by_the_number_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let server = Serve::start(folder).await;
    refused(folder, server.pid).await;
    let note = ["call", "memories", "remember", "content=note", "--data", "data", "--project", "p"];
    assert_eq!(ended(athena(folder, &note)).await.json()["project"], "p");
    assert_eq!(holder(folder), server.pid);
    server.stop().await;

    // A prompt holds it while it is open, and serves others meanwhile.
    let mut prompt = athena(folder, &["sql", "--data", "data"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = prompt.stdin.take().unwrap();
    let mut lines = BufReader::new(prompt.stdout.take().unwrap()).lines();
    input.write_all(b"SELECT COUNT(*) AS n FROM memories;\n").await.unwrap();
    let answer = timeout(LIMIT, lines.next_line()).await.expect("it answers in time").unwrap();
    assert_eq!(answer.as_deref(), Some(r#"{"n":1}"#));
    let pid = prompt.id().unwrap();
    assert_eq!(holder(folder), pid);
    refused(folder, pid).await;
    ended(athena(folder, &note)).await.json();
    assert_eq!(sql(folder, "SELECT COUNT(*) AS n FROM memories").await, [json!({"n": 2})]);
    drop(input);
    assert!(timeout(LIMIT, prompt.wait()).await.expect("it ends with its input").unwrap().success());
    Serve::start(folder).await.stop().await;
}

#[tokio::test]
async fn exit_codes_tell_failures_from_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(ended(athena(folder, &["version"])).await.code, Some(0));
    fs::write(folder.join("bad.jsonl"), "{\"content\":\"good\"}\n{\"content\":7}\n").unwrap();
    let cases: [(&[&str], i32, &str); 11] = [
        (&["sql", "SELECT 1"], 1, "has no data yet"),
        (&["serve", "--listn", "127.0.0.1:0"], 2, "--listen"),
        (&["serve", "--listen", "nowhere"], 2, "server.listen"),
        (&["query"], 2, "--kafka"),
        (&["call", "memories", "remember", "content"], 2, "KEY=VALUE"),
        (&["call", "memories", "forget", "id=m-none"], 1, "m-none"),
        (&["call", "memories", "remembr"], 1, "remember"),
        (&["sql", "SELEC 1"], 1, "SELEC"),
        (&["search"], 2, "WORDS"),
        (&["search", "x", "-k", "0"], 2, "at least 1"),
        (&["search", "x", "-k", "abc"], 2, "abc"),
    ];
    for (arguments, code, told) in cases {
        let done = ended(athena(folder, &[arguments, &["--data", "data"]].concat())).await;
        assert!(done.failed(code) && done.err.contains(told), "{arguments:?}: {done:?}");
    }
    let nobody = ended(athena(folder, &["search", "x", "--server", "127.0.0.1:1"])).await;
    assert!(nobody.failed(1) && nobody.err.contains("is it running?"), "{nobody:?}");
    let mut mistaken = athena(folder, &["config"]);
    mistaken.env("ATHENA_SQL_TIMEOUT", "5");
    let mistaken = ended(mistaken).await;
    assert!(mistaken.failed(2) && mistaken.err.contains("sql.timeout_ms"), "{mistaken:?}");
    // What was good is kept; the rest is told by its line, and the code says that something was left.
    let import = ended(athena(folder, &["import", "bad.jsonl", "--data", "data", "--project", "p"])).await;
    assert_eq!((import.code, &import.lines()[0]["accepted"]), (Some(1), &json!(1)));
    assert!(import.err.starts_with("athena: bad.jsonl:2: content: "), "{}", import.err);
}
