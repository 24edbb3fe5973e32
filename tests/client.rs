//! The Python client: as the running server's document makes it, sound to a type checker, and answered.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::timeout;

use crate::processes::Serve;

/// A type checker reads the whole standard library the first time.
const LIMIT: Duration = Duration::from_secs(300);

fn client() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/python")
}

/// What a Python program prints.
async fn ran(folder: &Path, server: &Serve, words: &[&str]) -> String {
    let python = std::env::var("ATHENA_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(python);
    command.args(words).current_dir(folder).stderr(Stdio::inherit());
    command.env("ATHENA_SERVER", &server.url).env("PYTHONDONTWRITEBYTECODE", "1");
    let done = timeout(LIMIT, command.output()).await.expect("it ends in time").unwrap();
    let out = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{words:?}: {out}");
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_what_the_server_says() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let made = folder.path().join("athena_client.py");
    let generator = client().join("generate.py");
    ran(folder.path(), &server, &[generator.to_str().unwrap(), &server.url, made.to_str().unwrap()]).await;
    server.stop().await;
    let (made, kept) = (std::fs::read_to_string(made).unwrap(), client().join("athena_client.py"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&kept, &made).unwrap();
    }
    let kept = std::fs::read_to_string(kept).unwrap_or_default();
    assert!(
        kept == made,
        "clients/python/athena_client.py is behind the operations; UPDATE_EXPECT=1 rewrites it"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_types_hold() {
    // The checker is not everywhere; the other tests need no more than Python.
    if std::env::var_os("ATHENA_TEST_PYTHON").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let use_of_it = "from athena_client import Athena\n\n\
        def ids(athena: Athena) -> list[str]:\n    \
        return [item[\"id\"] for item in athena.memories.recall(query=\"x\")[\"items\"]]\n";
    std::fs::write(folder.path().join("use_of_it.py"), use_of_it).unwrap();
    std::fs::copy(client().join("athena_client.py"), folder.path().join("athena_client.py")).unwrap();
    let words = ["-m", "mypy", "--strict", "athena_client.py", "use_of_it.py"];
    let said = ran(folder.path(), &server, &words).await;
    assert!(said.contains("no issues found in 2 source files"), "{said}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_remembers_recalls_records_and_searches() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/client.py");
    let words = [script.to_str().unwrap(), client().to_str().unwrap()].map(str::to_owned);
    let saw = ran(folder.path(), &server, &[&words[0], &words[1]]).await;
    let saw: Value = serde_json::from_str(&saw).unwrap();
    assert_eq!(saw["recalled"], json!([saw["id"]]), "{saw}");
    assert_eq!(saw["found"], json!([saw["event"]]), "{saw}");
    assert_eq!((&saw["appended"], &saw["counted"]), (&json!([3, 1]), &json!([[4]])), "{saw}");
    assert_eq!(saw["project"], "shop");
    assert!(saw["listed"].as_array().unwrap().contains(&json!("memories")));
    assert_eq!(saw["absent"], json!([404, "not_found", "id", true]), "{saw}");
    assert_eq!((&saw["wrong"][0], &saw["wrong"][1]), (&json!(400), &json!("invalid_argument")), "{saw}");
    assert_eq!((&saw["nobody"][0], &saw["nobody"][1]), (&json!(0), &json!("unavailable")));
    server.stop().await;
}
