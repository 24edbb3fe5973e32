//! Acknowledged is durable, as the kernel saw it: every file and folder that a row needs is synced before the
//! answer is written.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::recovery::free_port;

/// Paths of `text`, a trace of system calls in order, that were synced before the answer was begun.
fn synced_before(text: &str, answer: &str) -> Vec<String> {
    let mut syncing: BTreeMap<&str, String> = BTreeMap::new();
    let mut synced = Vec::new();
    for line in text.lines() {
        let Some((process, call)) = line.split_once(char::is_whitespace) else { continue };
        let call = call.trim_start();
        if call.contains(answer) {
            return synced;
        }
        if call.starts_with("fsync(") || call.starts_with("fdatasync(") {
            let path = call.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            match call.contains("<unfinished") {
                true => drop(syncing.insert(process, path)),
                false => synced.push(path),
            }
        } else if call.starts_with("<... f") && call.contains("sync resumed") {
            synced.extend(syncing.remove(process));
        }
    }
    panic!("the answer is in the trace: {text:.2000}");
}

#[tokio::test]
async fn what_a_row_needs_is_synced_before_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (trace, data) = (folder.path().join("trace"), folder.path().join("data"));
    let permitted = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    if !permitted.is_ok_and(|status| status.success()) {
        eprintln!("skipped: strace is not there, or not permitted");
        return;
    }
    let listen = format!("127.0.0.1:{}", free_port());
    let mut traced = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-y",
            "-s",
            "512",
            "-e",
            "trace=fsync,fdatasync,write,writev,sendto,sendmsg",
            "-o",
        ])
        .arg(&trace)
        .args([env!("CARGO_BIN_EXE_athena"), "serve", "--listen", &listen, "--data"])
        .arg(&data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let http = reqwest::Client::new();
    let until = Instant::now() + Duration::from_secs(60);
    while http.get(format!("http://{listen}/readyz")).send().await.is_err() {
        assert!(Instant::now() < until, "the traced server is ready in time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let before = std::fs::read_to_string(&trace).unwrap_or_default().len();
    let event = json!({"id": "e-1", "content": "x"});
    let sent = http.post(format!("http://{listen}/v1/events")).json(&event).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    let pid = Command::new("pkill").args(["-TERM", "-P", &traced.id().to_string()]).status().unwrap();
    assert!(pid.success());
    traced.wait().unwrap();
    let text = std::fs::read_to_string(&trace).unwrap();
    let synced = synced_before(&text[before.min(text.len())..], r#"\"accepted\":1"#);
    let table = data.join("tables/events.lance").display().to_string();
    for (what, wanted) in [
        ("the rows", format!("{table}/data/")),
        ("their folder", format!("{table}/data")),
        ("the manifest", format!("{table}/_versions/")),
        ("its folder", format!("{table}/_versions")),
    ] {
        let found = synced.iter().any(|path| match wanted.ends_with('/') {
            true => path.starts_with(&wanted) && path.len() > wanted.len(),
            false => *path == wanted,
        });
        assert!(found, "{what} is synced before the answer: {synced:#?}");
    }
}
