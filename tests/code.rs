//! Code: what is on disk is read once, what changed is read again, and names lead to what uses them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::access::token;
use crate::operations::called;
use crate::processes::{SERVE, Serve, athena};

async fn ask(server: &Serve, operation: &str, arguments: Value) -> Value {
    let answer = called(server, "code", operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("code.{operation}: {error}"))
}

async fn record(server: &Serve, event: Value) {
    called(server, "events", "record", event, "p").await.unwrap();
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn column<'a>(answer: &'a Value, list: &str, name: &str) -> Vec<&'a str> {
    answer[list].as_array().unwrap().iter().map(|item| item[name].as_str().unwrap_or("-")).collect()
}

/// A small shop in each language: a cart that uses money, and a test of the cart.
const SHOP: [(&str, &str); 16] = [
    ("rust/src/lib.rs", "pub mod cart;\npub mod money;\n"),
    (
        "rust/src/cart.rs",
        "use crate::money::round;\n\n/// What somebody will buy.\npub struct Cart;\n\nimpl Cart {\n    /// What is to be paid.\n    pub fn total(&self) -> u64 {\n        if self.free() { return 0; }\n        round(17)\n    }\n    fn free(&self) -> bool { false }\n}\n",
    ),
    ("rust/src/money.rs", "pub fn round(cents: u64) -> u64 { cents }\n"),
    (
        "rust/tests/totals.rs",
        "use shop::cart::Cart;\n\n#[test]\nfn totals() { assert_eq!(Cart.total(), 17); }\n",
    ),
    (
        "py/shop/cart.py",
        "from .coins import to_cents\n\nclass Basket:\n    \"\"\"A basket.\"\"\"\n    def amount(self):\n        return to_cents(17)\n",
    ),
    ("py/shop/coins.py", "def to_cents(value):\n    return value\n"),
    (
        "py/tests/test_cart.py",
        "from shop.cart import Basket\n\ndef test_amount():\n    assert Basket().amount() == 17\n",
    ),
    (
        "web/src/trolley.ts",
        "import { floorPrice } from './price';\n\nexport class Trolley {\n  due(): number { return floorPrice(17); }\n}\n",
    ),
    ("web/src/price.ts", "export const floorPrice = (price: number): number => price;\n"),
    (
        "web/test/trolley.test.ts",
        "import { Trolley } from '../src/trolley';\ntest('due', () => { new Trolley().due(); });\n",
    ),
    (
        "go/crate/crate.go",
        "package crate\n\nimport \"example.com/shop/gold\"\n\n// Crate holds things.\ntype Crate struct{}\n\nfunc (c *Crate) Worth() int { return gold.Weigh(17) }\n",
    ),
    ("go/gold/gold.go", "package gold\n\nfunc Weigh(grams int) int { return grams }\n"),
    (
        "java/src/com/shop/Sack.java",
        "package com.shop;\n\nimport com.shop.coin.Coin;\n\npublic class Sack {\n    int heft() { return Coin.count(17); }\n}\n",
    ),
    (
        "java/src/com/shop/coin/Coin.java",
        "package com.shop.coin;\n\npublic class Coin {\n    public static int count(int coins) { return coins; }\n}\n",
    ),
    (".gitignore", "built/\n"),
    ("built/generated.rs", "pub fn generated() {}\n"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn code_is_read_once_and_again_when_it_changed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("shop");
    SHOP.iter().for_each(|(path, text)| write(&root, path, text));
    fs::create_dir(root.join(".git")).unwrap();
    let server = Serve::start(folder.path()).await;
    let index = async |wait| ask(&server, "index", json!({"path": root, "wait": wait})).await;

    let run = index(true).await;
    let counts =
        |run: &Value| ["files", "changed", "unchanged", "gone"].map(|name| run[name].as_u64().unwrap());
    assert_eq!((run["status"].as_str(), counts(&run)), (Some("complete"), [14, 14, 0, 0]), "{run}");
    let again = index(true).await;
    assert_eq!(counts(&again), [14, 0, 14, 0]);
    let counted = called(&server, "events", "count", json!({"filters": {"type": "code_index"}}), "p").await;
    assert_eq!(counted.unwrap()["count"], 14, "what did not change adds nothing");

    let statistics = ask(&server, "statistics", json!({})).await;
    let mut languages = column(&statistics, "items", "language");
    languages.sort_unstable();
    assert_eq!(languages, ["go", "java", "python", "rust", "typescript"]);
    assert_eq!((statistics["files"].as_u64(), statistics["tests"].as_u64()), (Some(14), Some(3)));

    // Every language: what uses the money, by its file and by its name.
    for (money, name, cart, symbol) in [
        ("rust/src/money.rs", "round", "rust/src/cart.rs", "Cart.total"),
        ("py/shop/coins.py", "to_cents", "py/shop/cart.py", "Basket.amount"),
        ("web/src/price.ts", "floorPrice", "web/src/trolley.ts", "Trolley.due"),
        ("go/gold/gold.go", "Weigh", "go/crate/crate.go", "Crate.Worth"),
        ("java/src/com/shop/coin/Coin.java", "count", "java/src/com/shop/Sack.java", "Sack.heft"),
    ] {
        let users = ask(&server, "dependents", json!({"path": money})).await;
        assert!(column(&users, "items", "path").contains(&cart), "{money}: {users}");
        let users = ask(&server, "dependents", json!({"symbol": name})).await;
        assert!(column(&users, "items", "name").contains(&symbol), "{name}: {users}");
        let used = ask(&server, "dependencies", json!({"path": cart})).await;
        assert!(column(&used, "items", "path").contains(&money), "{cart}: {used}");
        let used = ask(&server, "dependencies", json!({"symbol": symbol})).await;
        assert!(column(&used, "items", "name").contains(&symbol_of(name, symbol)), "{symbol}: {used}");
    }
    let impact = ask(&server, "impact", json!({"paths": [root.join("rust/src/money.rs")]})).await;
    assert!(column(&impact, "items", "path").contains(&"rust/src/cart.rs"));
    assert_eq!(impact["tests"], json!(["rust/tests/totals.rs"]), "{impact}");
    let found = ask(&server, "search", json!({"query": "what is to be paid", "kind": "method"})).await;
    assert_eq!(found["items"][0]["name"], "Cart.total", "{found}");
    let found = ask(&server, "search", json!({"query": "floorPrice"})).await;
    assert_eq!(found["items"][0]["path"], "web/src/price.ts", "{found}");
    let total = ask(&server, "symbol", json!({"name": "Cart::total"})).await;
    assert_eq!(total["items"][0]["line"], 8);
    assert_eq!(total["items"][0]["complexity"], 2);
    assert!(column(&total, "references", "path").contains(&"rust/tests/totals.rs"), "{total}");

    // A change, a new file, and one that went.
    write(
        &root,
        "py/shop/coins.py",
        "def to_cents(value):\n    return value\n\ndef to_euros(value):\n    return value\n",
    );
    write(&root, "py/shop/bag.py", "from .coins import to_euros\n");
    fs::remove_file(root.join("web/test/trolley.test.ts")).unwrap();
    let run = index(true).await;
    assert_eq!(counts(&run), [14, 2, 12, 1], "{run}");
    let users = ask(&server, "dependents", json!({"symbol": "to_euros"})).await;
    assert_eq!(column(&users, "items", "path"), ["py/shop/bag.py"]);
    let gone = called(&server, "code", "file", json!({"path": "web/test/trolley.test.ts"}), "p").await;
    assert_eq!(gone.unwrap_err()["error"]["code"], "not_found");
    // What comes back as it was is another event.
    write(&root, "web/test/trolley.test.ts", SHOP[9].1);
    assert_eq!(counts(&index(true).await), [15, 1, 14, 0]);
    let back = ask(&server, "file", json!({"path": "web/test/trolley.test.ts"})).await;
    assert_eq!(back["metrics"]["is_test"], true);

    // A run goes on behind its answer.
    let run = index(false).await;
    assert_eq!(run["status"], "running");
    until(&server, "statistics", json!({}), |statistics| {
        let runs = statistics["runs"].as_array().unwrap().iter();
        runs.filter(|one| one["run"] == run["run"]).any(|one| one["status"] == "complete")
    })
    .await;
    server.stop().await;
}

/// A name as it is qualified where the symbol of its user is.
fn symbol_of<'n>(name: &'n str, user: &str) -> &'n str {
    if user == "Sack.heft" { "Coin.count" } else { name }
}

/// Asks until the answer is so, within bounds.
async fn until(server: &Serve, operation: &str, arguments: Value, is_so: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    for _ in 0..100 {
        match called(server, "code", operation, arguments.clone(), "p").await {
            Ok(answer) if is_so(&answer) => return answer,
            Ok(answer) | Err(answer) => last = answer,
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("code.{operation}: {last}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_of_changes_have_files_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("shop");
    SHOP.iter().for_each(|(path, text)| write(&root, path, text));
    let server = Serve::start(folder.path()).await;
    ask(&server, "index", json!({"path": root, "wait": true})).await;
    write(&root, "rust/src/money.rs", "pub fn round(cents: u64) -> u64 { cents }\npub fn double() {}\n");
    fs::remove_file(root.join("py/shop/coins.py")).unwrap();
    let edit = json!({"type": "code_edit", "content": "more", "session": "s",
                      "files": [root.join("rust/src/money.rs"), "py/shop/coins.py", "/etc/passwd.py", "../x.rs"]});
    record(&server, edit).await;
    until(&server, "symbol", json!({"name": "double"}), |answer| answer["items"][0]["line"] == 2).await;
    let gone = called(&server, "code", "file", json!({"path": "py/shop/coins.py"}), "p").await;
    assert_eq!(gone.unwrap_err()["error"]["code"], "not_found");

    // A failure in the same session is told of the change, and makes the file a hotspot.
    let failed = json!({"type": "test_run", "content": "totals failed", "outcome": "failure", "session": "s",
                        "files": ["rust/tests/totals.rs"], "event_id": "failed"});
    record(&server, failed).await;
    let impact = ask(&server, "impact", json!({"paths": ["rust/src/money.rs"]})).await;
    assert_eq!(impact["failures"][0]["content"], "rust/tests/totals.rs", "{impact}");
    assert_eq!(impact["failures"][0]["id"], "failed");
    let spots = ask(&server, "hotspots", json!({})).await;
    assert_eq!(spots["items"][0]["path"], "rust/src/money.rs", "{spots}");
    assert_eq!(spots["items"][0]["parts"], json!({"changes": 1, "complexity": 2, "failures": 1}));
    assert_eq!(spots["items"][0]["score"], 4);
    let insight = json!({"path": "rust/src/money.rs", "content": "round must never see a negative amount"});
    let insight = ask(&server, "insight", insight).await;
    let file = ask(&server, "file", json!({"path": "rust/src/money.rs"})).await;
    assert_eq!(file["insights"][0]["id"], insight["id"], "{file}");
    assert_eq!(column(&file, "recent", "content"), ["more"]);
    assert_eq!(file["metrics"]["churn"], 1);

    // After a restart the folder is still followed, and what is forgotten is not known any more.
    server.stop().await;
    let server = Serve::start(folder.path()).await;
    ask(&server, "statistics", json!({})).await;
    write(&root, "rust/src/money.rs", "pub fn triple() {}\n");
    record(&server, json!({"type": "file_change", "content": "less", "files": ["rust/src/money.rs"]})).await;
    // What was read elsewhere has not gone from here.
    let far =
        json!({"language": "go", "symbols": [{"name": "Far", "kind": "function", "line": 3, "lines": 2}]});
    let far = json!({"type": "code_index", "content": "far.go", "files": ["far/far.go"], "attributes": far});
    record(&server, far).await;
    record(&server, json!({"type": "file_change", "content": "far", "files": ["far/far.go"]})).await;
    let triple =
        until(&server, "symbol", json!({"name": "triple"}), |answer| answer["items"][0]["line"] == 1).await;
    assert_eq!(ask(&server, "symbol", json!({"name": "Far"})).await["items"][0]["path"], "far/far.go");
    let forget = json!({"id": triple["items"][0]["id"], "dry_run": false, "now": true});
    called(&server, "events", "forget", forget, "p").await.unwrap();
    let unknown = called(&server, "code", "symbol", json!({"name": "triple"}), "p").await.unwrap_err();
    assert_eq!(unknown["error"]["code"], "not_found", "{unknown}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outlines_come_from_elsewhere_too_and_the_workspace_from_an_editor() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let outline = json!({"language": "go", "symbols": [{"name": "Far", "kind": "function", "line": 3, "lines": 2}],
                         "root": "/etc"});
    record(
        &server,
        json!({"type": "code_index", "content": "far.go", "files": ["far.go"], "attributes": outline}),
    )
    .await;
    record(&server, json!({"type": "code_index", "content": "no outline", "files": ["x.go"], "attributes": {"symbols": 1}})).await;
    let far = ask(&server, "symbol", json!({"name": "Far"})).await;
    assert_eq!(
        (far["items"][0]["path"].as_str(), far["items"][0]["line"].as_u64()),
        (Some("far.go"), Some(3))
    );
    assert_eq!(ask(&server, "statistics", json!({})).await["files"], 1);

    let nothing = ask(&server, "workspace", json!({})).await;
    assert!(nothing["reason"].is_string() && nothing["branch"].is_null(), "{nothing}");
    for event in [
        json!({"type": "file_open", "content": "a", "files": ["a.go"], "attributes": {"branch": "main"}, "session": "w"}),
        json!({"type": "file_open", "content": "b", "files": ["b.go"], "attributes": {"cursor": {"line": 7}}, "session": "w"}),
        json!({"type": "code_edit", "content": "b", "files": ["b.go"], "session": "w"}),
        json!({"type": "file_close", "content": "a", "files": ["a.go"], "session": "w"}),
    ] {
        record(&server, event).await;
    }
    let now = ask(&server, "workspace", json!({})).await;
    assert_eq!(
        (&now["session"], &now["branch"], &now["open_files"]),
        (&json!("w"), &json!("main"), &json!(["b.go"]))
    );
    assert_eq!(now["cursor"], json!({"path": "b.go", "line": 7, "column": null}));
    assert_eq!(column(&now, "last_edits", "path"), ["b.go"]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paths_of_the_server_are_for_admins_or_below_the_roots() {
    let folder = tempfile::tempdir().unwrap();
    let (open, closed) = (folder.path().join("open"), folder.path().join("closed"));
    for root in [&open, &closed] {
        write(root, "a.py", "def a(): pass\n");
    }
    let writer = token(folder.path(), "writer", &["--project", "p", "--role", "write"]).await;
    let admin = token(folder.path(), "boss", &["--role", "admin"]).await;
    let mut command = athena(folder.path(), &SERVE);
    command.env("ATHENA_CODE_ROOTS", &open);
    let server = Serve::of(command, folder.path()).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let index = async |secret: &str, path: &Path| {
        let body = json!({"path": path, "project": "p", "wait": true});
        let url = format!("{}/v1/tools/code/index", server.url);
        let answer = http.post(url).bearer_auth(secret).json(&body).send().await.unwrap();
        answer.json::<Value>().await.unwrap()
    };
    assert_eq!(index(&writer, &open).await["files"], 1);
    for path in [&closed, &folder.path().join("none"), &open.join("../closed")] {
        assert_eq!(index(&writer, path).await["error"]["code"], "permission_denied", "{path:?}");
    }
    assert_eq!(index(&admin, &closed).await["files"], 1);
    let missing = index(&admin, &folder.path().join("none")).await;
    assert_eq!(
        (&missing["error"]["code"], &missing["error"]["field"]),
        (&json!("invalid_argument"), &json!("path"))
    );
    server.stop().await;
}
