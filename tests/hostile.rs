//! Hostile input through every door of a running server: it never dies, good neighbours are kept, what is
//! refused is told by its field, and memory stays bounded.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use reqwest::header::CONTENT_TYPE;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use self::corpus::{Case, Expected, PATH_TRICKS, SQL, cases, huge};
use crate::processes::{Serve, athena, ended};
use crate::support::full;

#[path = "data/hostile.rs"]
mod corpus;

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";
const MIB: usize = 1 << 20;
/// Records that one body carries.
const TOGETHER: usize = 400;

struct Door {
    server: Serve,
    http: reqwest::Client,
}

impl Door {
    async fn open(folder: &Path) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { server: Serve::start(folder).await, http }
    }

    /// What the server answers; it lives afterwards, and never calls the fault its own.
    async fn send(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> (u16, Value) {
        let mut request = self.http.post(format!("{}{path}", self.server.url)).body(body.into());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{path}: {error}"));
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        let health = self.http.get(format!("{}/healthz", self.server.url)).send().await;
        assert_eq!(health.expect("it lives").status(), 200);
        assert!(status < 500, "{path}: {text}");
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {text}"));
        assert_eq!(status >= 400, answer["error"]["message"].is_string(), "{path}: {text}");
        (status, answer)
    }

    async fn events(&self, content_type: &str, body: impl Into<Vec<u8>>) -> (u16, Value) {
        self.send("/v1/events", &[(CONTENT_TYPE.as_str(), content_type)], body).await
    }

    async fn ask(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send(path, &[(CONTENT_TYPE.as_str(), JSON)], body.to_string()).await
    }

    async fn count(&self, condition: &str) -> u64 {
        let statement = format!("SELECT COUNT(*) FROM events WHERE {condition}");
        let (status, answer) = self.ask("/v1/sql", &json!({"sql": statement})).await;
        assert_eq!(status, 200, "{answer}");
        answer["rows"][0][0].as_u64().unwrap()
    }

    /// The most that the process ever had in memory, below 1 GiB.
    fn assert_small(&self) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.pid)).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kib: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kib < 1 << 20, "{kib} KiB were resident");
    }
}

/// An event that nothing is wrong with.
fn good(session: &str, number: usize) -> Vec<u8> {
    let id = format!("{session}-{number}");
    json!({"id": id, "session": session, "content": "a good neighbour"}).to_string().into()
}

/// Whether an array stays one with the record in it.
fn is_value(case: &Case) -> bool {
    serde_json::from_str::<&RawValue>(&String::from_utf8_lossy(&case.bytes)).is_ok()
}

/// Whether it is one line, which readers of lines do not pass over.
fn is_line(case: &Case) -> bool {
    !case.bytes.contains(&b'\n') && !case.bytes.trim_ascii().is_empty()
}

fn is_accepted(case: &&Case) -> bool {
    case.expected == Expected::Accepted
}

/// A body of the cases, each after a good neighbour.
fn body(session: &str, from: usize, cases: &[Case], [open, between, close]: [&str; 3]) -> Vec<u8> {
    let neighbours = (from..).zip(cases);
    let records = neighbours.flat_map(|(number, case)| [good(session, number), case.bytes.clone()]);
    [open.as_bytes(), &records.collect::<Vec<_>>().join(between.as_bytes()), close.as_bytes()].concat()
}

/// What became of the cases that should not have; each stands after its neighbour.
fn complaints(cases: &[Case], answer: &Value) -> Vec<String> {
    let rejected: BTreeMap<u64, &str> = answer["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["index"].as_u64().unwrap(), one["field"].as_str().unwrap_or_default()))
        .collect();
    assert!(rejected.keys().all(|index| index % 2 == 1), "neighbours were refused: {rejected:?}");
    let wrong = (0..).zip(cases).filter_map(|(number, case)| {
        let (became, wanted) = (rejected.get(&(2 * number + 1)), &case.expected);
        let right = match wanted {
            Expected::Accepted => became.is_none(),
            Expected::Rejected(field) => became == Some(&field.as_str()),
        };
        (!right).then(|| format!("{}: {wanted:?}, became {became:?}", case.name))
    });
    wrong.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_event_rejects_itself_not_its_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::open(folder.path()).await;
    let (values, broken): (Vec<Case>, Vec<Case>) = cases().into_iter().partition(is_value);
    let lines: Vec<Case> = cases().into_iter().filter(is_line).collect();
    assert!(values.len() > 500 && broken.len() > 400 && lines.len() > 1000);
    let mut rows = 0;
    for (session, content_type, cases, marks) in
        [("array", JSON, &values, ["[", ",", "]"]), ("lines", LINES, &lines, ["", "\n", "\n"])]
    {
        let mut from = 0;
        for part in cases.chunks(TOGETHER) {
            let (status, answer) = door.events(content_type, body(session, from, part, marks)).await;
            assert_eq!(status, 200, "{answer}");
            let complaints = complaints(part, &answer);
            assert!(complaints.is_empty(), "{session}:\n{}", complaints.join("\n"));
            let accepted = answer["accepted"].as_u64().unwrap();
            let known = answer["duplicates"].as_u64().unwrap();
            assert_eq!(accepted + known, (part.len() + part.iter().filter(is_accepted).count()) as u64);
            rows += accepted;
            from += part.len();
        }
        assert_eq!(door.count(&format!("session = '{session}'")).await, cases.len() as u64);
    }
    assert_eq!(door.count("TRUE").await, rows);
    // What breaks the array breaks it off as a whole.
    for case in &broken {
        let body = body("broken", 0, std::slice::from_ref(case), ["[", ",", "]"]);
        let (status, answer) = door.events(JSON, body).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("invalid_argument")), "{}", case.name);
    }
    assert_eq!(door.count("TRUE").await, rows);

    // As data of CloudEvents any value is somebody's; what is Athena's and wrong is told.
    let event = |(number, case): (usize, &Case)| {
        let head = format!(r#"{{"specversion":"1.0","id":"{number}","source":"cloud","type":"t","data":"#);
        [head.as_bytes(), &case.bytes, b"}"].concat()
    };
    let events: Vec<Vec<u8>> = values.iter().enumerate().map(event).collect();
    let (mut taken, mut refused) = (0, 0);
    for part in events.chunks(TOGETHER) {
        let body = [b"[", &part.join(&b","[..])[..], b"]"].concat();
        let (status, answer) = door.events("application/cloudevents-batch+json; charset=utf-8", body).await;
        assert_eq!((status, &answer["duplicates"]), (200, &json!(0)), "{answer}");
        let rejected = answer["rejected"].as_array().unwrap();
        assert!(rejected.iter().all(|one| one["message"].as_str().is_some_and(|told| told.len() < 500)));
        taken += answer["accepted"].as_u64().unwrap();
        refused += rejected.len();
    }
    assert_eq!(taken as usize + refused, values.len());
    assert_eq!(door.count("source = 'cloud' AND type = 't'").await, taken);
    // All of it can be found.
    let question = json!({"query": "good neighbour", "session": "lines", "k": 1000});
    let mut found = door.ask("/v1/search", &question).await.1;
    while found["degraded"][0] == "behind" {
        found = door.ask("/v1/search", &question).await.1;
    }
    assert_eq!(found["hits"].as_array().map(Vec::len), Some(1000.min(lines.len())), "{}", found["degraded"]);
    door.assert_small();
    door.server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_refused_alone_and_costs_little() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::open(folder.path()).await;
    for (number, case) in huge().enumerate() {
        let (status, answer) = door.events(JSON, case.bytes.clone()).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("invalid_argument")), "{}", case.name);
        let body = body("huge", number, std::slice::from_ref(&case), ["", "\n", "\n"]);
        let (status, answer) = door.events(LINES, body).await;
        assert_eq!(
            (status, &answer["accepted"], &answer["rejected"][0]["index"]),
            (200, &json!(1), &json!(1))
        );
        // A hook's long texts are cut, but this is none.
        assert_eq!(door.send("/v1/hooks/claude-code", &[], case.bytes.clone()).await.0, 400, "{}", case.name);
    }
    let attributes = |keys: std::ops::Range<usize>| {
        let fields: Vec<_> = keys.map(|key| format!("\"k{key}\":{key}")).collect();
        format!(r#"{{"session":"keys","content":"many","attributes":{{{}}}}}"#, fields.join(","))
    };
    // Beyond the limit in one event, within it in forty.
    let (_, answer) = door.events(JSON, format!("[{},{}]", attributes(0..1), attributes(0..200_000))).await;
    assert_eq!((&answer["accepted"], &answer["rejected"][0]["index"]), (&json!(1), &json!(1)), "{answer}");
    let forty: Vec<_> = (0..40).map(|part| attributes(part * 5_000..(part + 1) * 5_000)).collect();
    let (_, answer) = door.events(JSON, format!("[{}]", forty.join(","))).await;
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(40), &json!([])), "{answer}");
    assert_eq!(door.count("session = 'keys' AND attributes LIKE '%:199999}'").await, 1);

    let (status, answer) = door.events(JSON, vec![b' '; 16 * MIB + 1]).await;
    assert_eq!((status, answer["error"]["hint"].is_string()), (413, true), "{answer}");
    let bomb = std::process::Command::new("sh")
        .args(["-c", "head -c 17000000 /dev/zero | gzip"])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert_eq!(door.send("/v1/events", &[("content-encoding", "gzip")], bomb.stdout).await.0, 413);
    let long = "x".repeat(10 * MIB);
    for (path, body, field) in [
        ("/v1/search", json!({"query": long}), "query"),
        ("/v1/search", json!({"query": "x", "project": long}), "project"),
        ("/v1/tools/memories/get", json!({"id": "x", "project": long}), "project"),
        ("/v1/tools/memories/forget", json!({"id": "x", "nobody_knows": long}), "nobody_knows"),
    ] {
        let (status, answer) = door.ask(path, &body).await;
        assert_eq!((status, &answer["error"]["field"]), (400, &json!(field)), "{path}");
    }
    // Nothing recurses without a bound.
    let deep = |open: &str, close: &str| open.repeat(100_000) + "1" + &close.repeat(100_000);
    for (path, body) in [
        ("/v1/search", deep(r#"{"query":"#, "}")),
        ("/v1/tools/memories/remember", deep("[", "]")),
        ("/v1/sql", json!({"sql": format!("SELECT {}", deep("(", ")"))}).to_string()),
        ("/v1/sql", json!({"sql": format!("SELECT {}1", "NOT ".repeat(100_000))}).to_string()),
        ("/v1/search", r#"{"query":"x","k":NaN}"#.into()),
        ("/v1/tools/memories/remember", r#"{"content":"x","importance":1e400}"#.into()),
    ] {
        let (status, answer) = door.send(path, &[], body).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("invalid_argument")), "{path}");
    }
    assert_eq!(door.count("session = 'huge'").await, huge().count() as u64);
    door.assert_small();
    door.server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_keeps_what_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let door = Door::open(folder).await;
    let lines: Vec<Case> = cases().into_iter().filter(is_line).collect();
    // Arrays and objects over several lines have a test of their own.
    let opens = |case: &Case| case.bytes.starts_with(b"[") || case.bytes == b"{";
    let lines: Vec<Case> = lines.into_iter().filter(|case| !opens(case)).collect();
    fs::write(folder.join("hostile.jsonl"), body("import", 0, &lines, ["", "\n", "\n"])).unwrap();
    let import = ["import", "hostile.jsonl", "--format", "plain", "--data", "data", "--project", "p"];
    let wanted = lines.iter().filter(is_accepted).count();
    let mut rows = 0;
    for _ in 0..2 {
        let done = ended(athena(folder, &import)).await;
        let told = &done.lines()[0];
        let number = |name: &str| told[name].as_u64().unwrap() as usize;
        assert_eq!((done.code, number("rejected")), (Some(1), lines.len() - wanted), "{told}");
        assert_eq!(number("accepted") + number("duplicates"), lines.len() + wanted, "{told}");
        assert!(rows == 0 || number("accepted") == 0, "the second time nothing is new: {told}");
        rows += number("accepted");
        assert!(done.err.starts_with("athena: hostile.jsonl:") && done.err.lines().count() == 21);
    }
    assert_eq!(door.count("session = 'import'").await, lines.len() as u64);
    assert_eq!(door.count("TRUE").await, rows as u64);
    door.assert_small();
    door.server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hooks_that_are_none_are_refused_and_strange_ones_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::open(folder.path()).await;
    let path = "/v1/hooks/claude-code?project=p";
    for case in cases() {
        let (status, answer) = door.send(path, &[], case.bytes.clone()).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("invalid_argument")), "{}", case.name);
        if case.expected == Expected::Accepted && !case.bytes.starts_with(b"\xef\xbb\xbf") {
            assert_eq!(answer["error"]["field"], "hook_event_name", "{}", case.name);
        }
    }
    let mut rows = 0;
    let values = cases().into_iter().filter(is_value).enumerate();
    for (number, case) in values.step_by(if full() { 1 } else { 7 }) {
        let head = format!(
            r#"{{"hook_event_name":"PreToolUse","session_id":"s","tool_use_id":"{number}","tool_name":"T","tool_input":"#
        );
        let (status, answer) = door.send(path, &[], [head.as_bytes(), &case.bytes, b"}"].concat()).await;
        let taken = answer["accepted"].as_u64().unwrap_or_default();
        assert_eq!(taken, u64::from(status == 200), "{}: {answer}", case.name);
        assert!(status == 200 || case.expected != Expected::Accepted, "{}: {answer}", case.name);
        rows += taken;
    }
    assert!(rows > 50);
    assert_eq!(door.count("origin = 'hook' AND project = 'p' AND tool = 'T'").await, rows);
    door.server.stop().await;
}

/// Plans are trees that grow with the statement: whatever walks them must have the stack for it, or a bound.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_is_too_deep_to_be_answered() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::open(folder.path()).await;
    let joins: String = (0..500).map(|n| format!(" CROSS JOIN (SELECT 1) AS t{n}")).collect();
    for statement in [
        format!("SELECT 1{}", "+1".repeat(5_000)),
        format!("SELECT 'a'{}", " || 'b'".repeat(5_000)),
        format!("SELECT 1{}", "::int".repeat(5_000)),
        format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(5_000)),
        format!("SELECT 1 FROM events WHERE id = 'a'{}", " OR id = 'b'".repeat(5_000)),
        format!("SELECT COUNT(*) FROM events{joins}"),
        format!("SELECT 1 IN ({})", vec!["1"; 100_000].join(",")),
    ] {
        let (status, answer) = door.ask("/v1/sql", &json!({"sql": statement})).await;
        assert!([200, 400, 429].contains(&status), "{statement:.60}: {}", answer["error"]);
    }
    door.assert_small();
    door.server.stop().await;
}

/// What is remembered is an event too.
#[tokio::test]
async fn a_memory_is_bounded_as_events_are() {
    let folder = tempfile::tempdir().unwrap();
    let door = Door::open(folder.path()).await;
    for (content, expected) in [("x".repeat(MIB / 2), 200), ("x".repeat(2 * MIB), 400)] {
        let (status, answer) = door.ask("/v1/tools/memories/remember", &json!({"content": content})).await;
        assert_eq!(status, expected, "{} bytes: {}", content.len(), answer["error"]);
    }
    door.server.stop().await;
}

/// A file of lines stays one whatever a line after the first looks like, and what HTTP takes, it takes.
#[tokio::test]
async fn a_strange_line_takes_no_others_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let nested = format!(r#"{{"content":"nested","deep":{}}}"#, deep(31));
    let lines = [r#"{"content":"first"}"#, "[", "{", "[1]", "[]", nested.as_str(), r#"{"content":"last"}"#];
    fs::write(folder.join("strange.jsonl"), lines.join("\n")).unwrap();
    let import = ["import", "strange.jsonl", "--data", "data", "--project", "p"];
    let done = ended(athena(folder, &import)).await;
    let told = &done.lines()[0];
    assert_eq!((&told["accepted"], &told["rejected"]), (&json!(3), &json!(4)), "{done:?}");
    for (at, line) in (2..).zip(done.err.lines()) {
        assert!(line.starts_with(&format!("athena: strange.jsonl:{at}: ")), "{line}");
    }
}

/// Names of files below a folder but for the tables' and the index's own.
fn names(folder: &Path) -> Vec<String> {
    let below =
        |folder: &Path| fs::read_dir(folder).unwrap().map(|one| one.unwrap().path()).collect::<Vec<_>>();
    let all = [below(folder), below(&folder.join("data")), below(&folder.join("data/tables"))].concat();
    let mut names: Vec<_> = all.iter().map(|path| path.display().to_string()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_words_whatever_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let door = Door::open(folder).await;
    door.ask("/v1/tools/memories/remember", &json!({"content": "first"})).await;
    let before = names(folder);
    let mut written = 1;
    for word in SQL.into_iter().chain(PATH_TRICKS) {
        let memory = json!({"content": word, "project": word, "name": word, "tags": [word], "session": word,
                            "agent": word, "source": word, "aliases": [word], "scope": [word], "event_id": word});
        let (status, answer) = door.ask("/v1/tools/memories/remember", &memory).await;
        assert_eq!((status, &answer["project"]), (200, &json!(word)), "{word:?}: {answer}");
        written += 1;
        let (_, told) =
            door.ask("/v1/tools/memories/get", &json!({"id": answer["id"], "project": word})).await;
        assert_eq!(
            (&told["content"], &told["project"], &told["tags"]),
            (&json!(word), &json!(word), &json!([word]))
        );
        let (_, found) = door.ask("/v1/search", &json!({"query": word, "project": word, "path": word})).await;
        assert_eq!(found["projects"], json!([word]));
        let forget = json!({"filter": {"tag": word, "path": word, "session": word}, "project": word});
        assert_eq!(door.ask("/v1/tools/memories/forget", &forget).await.0, 200, "{word:?}");
        for (path, body) in [
            ("/v1/tools/memories/get", json!({"id": word})),
            ("/v1/tools/memories/update", json!({"id": word, "content": word})),
            ("/v1/tools/memories/forget", json!({"id": word})),
        ] {
            assert_eq!(door.ask(path, &body).await.0, 404, "{path} {word:?}");
        }
        let statement = json!({"sql": "SELECT COUNT(*) FROM memories_versions WHERE project = $1 AND content = $1",
                               "params": [word]});
        assert_eq!(door.ask("/v1/sql", &statement).await.1["rows"], json!([[1]]), "{word:?}");
        for field in ["since", "until", "kinds", "mode", "after", word] {
            let question = json!({"query": "x", field: word});
            assert_eq!(door.ask("/v1/search", &question).await.0, 400, "{field}: {word:?}");
        }
    }
    for path in ["/v1/tools/..%2f..%2fetc/passwd", "/v1/tools/memories/%00", "/v1/%2e%2e/%2e%2e/etc/passwd"] {
        assert_eq!(door.ask(path, &json!({})).await.0, 404, "{path}");
    }
    let versions = json!({"sql": "SELECT COUNT(*) FROM memories_versions"});
    assert_eq!(door.ask("/v1/sql", &versions).await.1["rows"], json!([[written]]));
    assert_eq!(names(folder), before, "no name leads out of its table");
    door.server.stop().await;
}
