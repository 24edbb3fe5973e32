//! Who may do what over HTTP, and which project is meant: roles at every route, the wall between projects from
//! every side, tokens that have ended, and what is used where nothing is named.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use athena_schemas::tables::DeadLetter;
use athena_schemas::{Claim, Partition, Row, position};
use athena_store::LogKind;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::processes::{SERVE, Serve, athena, ended, sql};
use crate::support::open;

/// A caller by its headers.
pub struct Caller {
    url: String,
    headers: HeaderMap,
    http: reqwest::Client,
}

impl Caller {
    /// Without a token.
    pub fn of(url: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { url: url.into(), headers: HeaderMap::new(), http }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub fn token(self, secret: &str) -> Self {
        self.with("authorization", &format!("Bearer {secret}"))
    }

    async fn text(&self, path: &str, body: &Value) -> (u16, String) {
        let request = self.http.post(format!("{}{path}", self.url)).headers(self.headers.clone());
        let answer = request.json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let (status, text) = self.text(path, body).await;
        (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {text}")))
    }

    async fn get(&self, path: &str) -> u16 {
        let request = self.http.get(format!("{}{path}", self.url)).headers(self.headers.clone());
        request.send().await.unwrap().status().as_u16()
    }

    async fn rows(&self, statement: &str) -> Value {
        let (status, mut answer) = self.post("/v1/sql", &json!({"sql": statement})).await;
        assert_eq!(status, 200, "{statement}: {answer}");
        answer["rows"].take()
    }

    async fn remember(&self, content: &str) -> String {
        let (status, answer) = self.post("/v1/tools/memories/remember", &json!({"content": content})).await;
        assert_eq!(status, 200, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }
}

pub async fn token(folder: &Path, name: &str, more: &[&str]) -> String {
    let create = [&["token", "create", name, "--data", "data"], more].concat();
    ended(athena(folder, &create)).await.json()["secret"].as_str().unwrap().to_owned()
}

/// Two projects with something in every table, `a` about alpha and `b` about bravo, and a token of each kind.
struct Site {
    folder: TempDir,
    server: Serve,
    secrets: BTreeMap<&'static str, String>,
    /// Of project b.
    memory: String,
}

impl Site {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let events = [("a", "alpha"), ("b", "bravo")].map(|(project, word)| {
            json!({"id": format!("{project}-1"), "project": project, "content": format!("the {word} plan"),
                   "session": word, "files": [format!("{word}.rs")]})
        });
        fs::write(folder.path().join("events.json"), json!(events).to_string()).unwrap();
        let run = async |arguments: &[&str]| {
            ended(athena(folder.path(), &[arguments, &["--data", "data"]].concat())).await
        };
        assert_eq!(run(&["import", "events.json"]).await.json()["accepted"], 2);
        let remember = ["call", "memories", "remember"];
        run(&[&remember[..], &["content=alpha note", "project=a"]].concat()).await.json();
        let memory =
            run(&[&remember[..], &["content=bravo note", "project=b", "event_id=note"]].concat()).await;
        let memory = memory.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(run(&["consolidate", "--once"]).await.lines().len(), 2, "a run of each project");
        dead_letters(folder.path()).await;
        let tokens: [(&str, &[&str]); 6] = [
            ("reader", &["--role", "read", "--project", "a"]),
            ("writer", &["--role", "write", "--project", "a"]),
            ("keeper", &["--role", "admin", "--project", "a"]),
            ("pair", &["--role", "write", "--project", "a", "--project", "c"]),
            ("other", &["--role", "write", "--project", "b"]),
            ("chief", &["--role", "admin"]),
        ];
        let mut secrets = BTreeMap::new();
        for (name, more) in tokens {
            secrets.insert(name, token(folder.path(), name, more).await);
        }
        let server = Serve::start(folder.path()).await;
        Self { folder, server, secrets, memory }
    }

    fn anybody(&self) -> Caller {
        Caller::of(&self.server.url)
    }

    fn caller(&self, name: &str) -> Caller {
        self.anybody().token(&self.secrets[name])
    }
}

/// Records that could not be events: one of each project, and one that nobody could read the project of.
async fn dead_letters(folder: &Path) {
    let store = open(&folder.join("data"), LogKind::Embedded).await;
    let letters = [(Some("a"), "alpha"), (Some("b"), "bravo"), (None, "bravo")];
    let letters = letters.map(|(project, word)| DeadLetter {
        id: format!("dl-{}-{word}", project.unwrap_or("none")),
        project: project.map(str::to_owned),
        payload: word.into(),
        message: format!("no event: {word}"),
        log_topic: "local".into(),
        ..DeadLetter::default()
    });
    let staged = store.dead_letters.stage(vec![DeadLetter::batch(&letters)]).await.unwrap();
    let ranges = BTreeMap::from([(Partition::new("local", 0), (0, 1))]);
    let claim = Claim { rule: position::Rule::AtOrAfter, ranges };
    store.dead_letters.commit(&staged, claim, &[]).await.unwrap();
}

fn hook() -> Value {
    json!({"hook_event_name": "UserPromptSubmit", "session_id": "s", "prompt": "fix the test"})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_at_every_route() {
    let site = Site::start().await;
    let chief = site.caller("chief").with("athena-project", "a");
    let routes = [
        "events",
        "search",
        "sql",
        "remember",
        "get",
        "update",
        "forget own",
        "forget another's",
        "hook",
        "spans",
    ];
    let table: [(&str, [u16; 10]); 5] = [
        //           events search  sql rememb   get update    own others' hook spans
        ("nobody", [401, 401, 401, 401, 401, 401, 401, 401, 401, 401]),
        ("reader", [403, 200, 200, 403, 200, 403, 403, 403, 403, 403]),
        ("writer", [200, 200, 200, 200, 200, 200, 200, 403, 200, 200]),
        ("keeper", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
        ("chief", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ];
    for (name, expected) in table {
        let caller = match name {
            "nobody" => site.anybody().token("athena_guess"),
            name => site.caller(name).with("athena-project", "a"),
        };
        let anothers = chief.remember("told by the chief").await;
        let own = match expected[3] {
            200 => caller.remember("told by its author").await,
            _ => anothers.clone(),
        };
        let tool = |operation: &str| format!("/v1/tools/memories/{operation}");
        let requests = [
            ("/v1/events".to_owned(), json!({"content": "x"})),
            ("/v1/search".to_owned(), json!({"query": "alpha"})),
            ("/v1/sql".to_owned(), json!({"sql": "SELECT 1"})),
            (tool("remember"), json!({"content": "x"})),
            (tool("get"), json!({"id": own})),
            (tool("update"), json!({"id": anothers, "tags": ["seen"]})),
            (tool("forget"), json!({"id": own})),
            (tool("forget"), json!({"id": anothers})),
            ("/v1/hooks/claude-code".to_owned(), hook()),
            ("/v1/traces".to_owned(), json!({"resourceSpans": []})),
        ];
        for ((route, (path, body)), wanted) in routes.into_iter().zip(&requests).zip(expected) {
            let (status, answer) = caller.post(path, body).await;
            assert_eq!(status, wanted, "{name} at {route}: {answer}");
            let code = match wanted {
                401 => json!("unauthenticated"),
                403 => json!("permission_denied"),
                _ => Value::Null,
            };
            assert_eq!(answer["error"]["code"], code, "{name} at {route}");
            let named = answer.get("project").or(answer["projects"].get(0));
            assert!(
                status != 200 || ["sql", "spans"].contains(&route) || named == Some(&json!("a")),
                "{route} names: {answer}"
            );
        }
    }
    // Numbers of all projects are for those who see all.
    for (name, status) in [("reader", 403), ("keeper", 403), ("chief", 200)] {
        assert_eq!(site.caller(name).get("/v1/status").await, status, "{name}");
    }
    assert_eq!(site.anybody().get("/v1/tools").await, 401);
    assert_eq!(site.anybody().get("/healthz").await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_argument_leads_into_another_project() {
    let site = Site::start().await;
    let (writer, memory) = (site.caller("writer"), site.memory.as_str());
    let (one, some) =
        (json!({"project": "b"}), [json!({"projects": ["b"]}), json!({"projects": ["a", "b"]})]);
    let replaced = |body: &Value, from: &str, to: &str| -> Value {
        serde_json::from_str(&body.to_string().replace(from, to)).unwrap()
    };
    for (path, arguments) in [
        ("/v1/search", json!({"query": "bravo"})),
        ("/v1/sql", json!({"sql": "SELECT * FROM events"})),
        ("/v1/tools/memories/get", json!({"id": memory})),
        ("/v1/tools/memories/update", json!({"id": memory, "content": "x"})),
        ("/v1/tools/memories/forget", json!({"id": memory})),
        ("/v1/tools/memories/forget", json!({"filter": {"tag": "x"}})),
        ("/v1/tools/memories/remember", json!({"content": "x"})),
    ] {
        let reads = ["/search", "/sql", "/get"].iter().any(|last| path.ends_with(last));
        for other in [&one].into_iter().chain(some.iter().filter(|_| reads)) {
            let mut body = arguments.clone();
            body.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
            let refused = writer.post(path, &body).await;
            assert_eq!(refused.0, 403, "{path} {other}: {refused:?}");
            // A project that is not there is refused in the same words.
            let nowhere = writer.post(path, &replaced(&body, "\"b\"", "\"nowhere\"")).await;
            assert_eq!(refused, nowhere, "{path} {other}");
        }
        // Ids of another project are as those that were never given.
        if arguments.get("id").is_some() {
            let (status, answer) = writer.post(path, &arguments).await;
            assert_eq!((status, &answer["error"]["code"]), (404, &json!("not_found")), "{path}: {answer}");
            let never = writer.post(path, &replaced(&arguments, memory, "m-unknown")).await.1;
            assert_eq!(replaced(&answer, memory, "m-unknown"), never);
        }
    }
    for path in ["/v1/events?project=b", "/v1/hooks/claude-code?project=b"] {
        assert_eq!(writer.post(path, &hook()).await.0, 403, "{path}");
    }
    // A token of one project means that one, whatever the header says; one of two may not stray.
    let plan = json!({"query": "plan"});
    let (_, found) = site.caller("writer").with("athena-project", "b").post("/v1/search", &plan).await;
    assert_eq!(found["projects"], json!(["a"]));
    assert!(found["hits"][0]["content"].as_str().unwrap().contains("plan"), "{found}");
    assert!(found["hits"].as_array().unwrap().iter().all(|hit| hit["project"] == "a"), "{found}");
    let astray = site.caller("pair").with("athena-project", "b");
    assert_eq!(astray.post("/v1/search", &plan).await.0, 403);
    let sent = json!([{"content": "x"}, {"content": "y", "project": "c"}]);
    let (status, answer) = astray.post("/v1/events", &sent).await;
    assert_eq!((status, &answer["accepted"], &answer["rejected"][0]["index"]), (200, &json!(1), &json!(0)));

    // An event that names another project is refused alone; ids that another project has are free here.
    let sent = json!([
        {"id": "cross", "content": "x", "project": "b"},
        {"specversion": "1.0", "id": "cross", "source": "s", "type": "t", "data": {"content": "x", "project": "b"}},
        {"id": "b-1", "content": "kept"},
    ]);
    let (status, answer) = writer.post("/v1/events", &sent).await;
    assert_eq!((status, &answer["accepted"], &answer["duplicates"]), (200, &json!(1), &json!(0)), "{answer}");
    for (index, rejected) in answer["rejected"].as_array().unwrap().iter().enumerate() {
        let told = (&rejected["index"], &rejected["code"], &rejected["field"]);
        assert_eq!(told, (&json!(index), &json!("permission_denied"), &json!("project")));
    }
    let same = json!({"content": "mine", "event_id": "note"});
    assert_eq!(writer.post("/v1/tools/memories/remember", &same).await.1["project"], "a");
    let chief = site.caller("chief");
    let events = "SELECT project FROM events WHERE id IN ('cross', 'b-1') ORDER BY project";
    assert_eq!(chief.rows(events).await, json!([["a"], ["b"]]));
    let memories = "SELECT content FROM memories_versions WHERE project = 'b'";
    assert_eq!(chief.rows(memories).await, json!([["bravo note"]]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_sees_another_project() {
    let site = Site::start().await;
    let (writer, chief) = (site.caller("writer"), site.caller("chief"));
    for table in [
        "events",
        "memories",
        "memories_versions",
        "episodes",
        "episodes_versions",
        "dead_letters",
        "runs",
        "embeddings",
    ] {
        let theirs = format!("SELECT COUNT(*) FROM {table} WHERE project IS DISTINCT FROM 'a'");
        assert_eq!(writer.rows(&theirs).await, json!([[0]]), "{table}");
        assert_ne!(chief.rows(&theirs).await, json!([[0]]), "{table}");
        let ours = format!("SELECT COUNT(*) > 0 FROM {table}");
        assert_eq!(writer.rows(&ours).await, json!([[true]]), "{table}");
        for csv in [false, true] {
            let caller =
                site.caller("writer").with("accept", if csv { "text/csv" } else { "application/json" });
            for statement in [
                format!("SELECT * FROM {table} WHERE project = 'b'"),
                format!("SELECT * FROM datafusion.public.{table}"),
                format!("SELECT * FROM {table} UNION ALL SELECT * FROM {table} WHERE project = 'b' OR TRUE"),
                format!("EXPLAIN ANALYZE SELECT * FROM {table}"),
            ] {
                let body = json!({"sql": statement, "at": null});
                let (status, text) = caller.text("/v1/sql", &body).await;
                let refused = statement.starts_with("EXPLAIN") && (400..500).contains(&status);
                assert!(status == 200 || refused, "{statement}: {status} {text}");
                assert!(!text.contains("bravo"), "{statement}: {text}");
            }
        }
    }
    let data = site.folder.path().join("data/tables/events.lance").display().to_string();
    for statement in [
        format!("SELECT * FROM '{data}'"),
        format!("CREATE EXTERNAL TABLE x STORED AS PARQUET LOCATION '{data}'"),
        format!("COPY events TO '{data}.csv'"),
        "INSERT INTO events SELECT * FROM events".into(),
        "DELETE FROM events".into(),
        "DROP TABLE events".into(),
        "CREATE VIEW x AS SELECT 1".into(),
        "SET datafusion.execution.target_partitions = 1".into(),
        "SELECT 1; SELECT 2".into(),
    ] {
        let (status, answer) = chief.post("/v1/sql", &json!({"sql": statement})).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!("invalid_argument")),
            "{statement}: {answer}"
        );
    }
    assert_eq!(chief.rows("SELECT COUNT(*) FROM events WHERE id IN ('a-1', 'b-1')").await, json!([[2]]));
}

/// A condition that fails, or tells how it went, would show rows that its writer may not see.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_condition_runs_on_rows_of_another_project() {
    let site = Site::start().await;
    let event = |n| match n {
        7 => json!({"project": "b", "content": "bravo"}),
        _ => json!({"project": "a", "content": "1"}),
    };
    let sent: Value = (0..20).map(event).collect();
    assert_eq!(site.caller("chief").post("/v1/events", &sent).await.1["accepted"], 20);
    let writer = site.caller("writer");
    for condition in [
        "CAST(CASE WHEN session IS NULL THEN content END AS INT) = 1",
        "session IS NULL AND 1 / CASE content WHEN 'bravo' THEN 0 ELSE 1 END = 1 AND content = '1'",
        "ARROW_CAST(CASE WHEN session IS NULL THEN content END, 'Int64') = 1",
    ] {
        let statement = format!("SELECT COUNT(*) FROM events WHERE {condition}");
        let (status, answer) = writer.post("/v1/sql", &json!({"sql": statement})).await;
        assert_eq!((status, &answer["rows"]), (200, &json!([[19]])), "{condition}: {answer}");
    }
    // How many rows were read counts those of others, and where they lie is nobody's business.
    let analyzed = json!({"sql": "EXPLAIN ANALYZE SELECT id FROM events"});
    let (_, answer) = writer.text("/v1/sql", &analyzed).await;
    assert!(!answer.contains("rows_scanned") && !answer.contains("events.lance"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_forgotten_by_who_sent_them() {
    let site = Site::start().await;
    let (writer, path) = (site.caller("writer"), "/v1/tools/events/forget");
    let sent = json!({"id": "own", "content": "alpha, told by the writer"});
    assert_eq!(writer.post("/v1/events", &sent).await.1["accepted"], 1);
    let one = |id: &str| json!({"id": id, "dry_run": false});
    assert_eq!(site.caller("reader").post(path, &one("own")).await.0, 403);
    assert_eq!(writer.post(path, &one("a-1")).await.0, 403, "another sent it");
    assert_eq!(writer.post(path, &one("b-1")).await.0, 404, "another project has it");
    let all = json!({"filter": {"type": "observation"}, "dry_run": false});
    let (status, told) = writer.post(path, &all).await;
    assert_eq!((status, &told["count"], &told["of_others"]), (200, &json!(1), &json!(1)), "{told}");
    let left = "SELECT id FROM events WHERE type NOT LIKE 'athena.%'";
    assert_eq!(writer.rows(left).await, json!([["a-1"]]));
    assert_eq!(site.caller("keeper").post(path, &all).await.1["count"], 1);
    assert_eq!(writer.rows(left).await, json!([]));
    let chief = site.caller("chief");
    assert_eq!(chief.rows(left).await, json!([["b-1"]]));
    assert_eq!(chief.rows("SELECT DISTINCT project FROM forgotten").await, json!([["a"]]));
}

#[tokio::test]
async fn tokens_end_at_once() {
    let site = Site::start().await;
    let (folder, tools) = (site.folder.path(), "/v1/tools");
    let file = folder.join("data/tokens.json");
    assert!(!fs::read_to_string(&file).unwrap().contains(&site.secrets["chief"]), "secrets are not kept");
    let short = token(folder, "short", &["--project", "a", "--expires", "90d"]).await;
    let short = site.anybody().token(&short);
    assert_eq!(short.get(tools).await, 200);
    let mut kept: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let named = kept["tokens"].as_array_mut().unwrap().iter_mut().find(|token| token["name"] == "short");
    named.unwrap()["expires_at"] = json!("2020-01-01T00:00:00Z");
    fs::write(folder.join("tokens.new"), kept.to_string()).unwrap();
    fs::rename(folder.join("tokens.new"), &file).unwrap();
    assert_eq!(short.get(tools).await, 401);
    for name in ["reader", "writer", "keeper", "pair", "other", "chief", "short"] {
        assert_eq!(ended(athena(folder, &["token", "revoke", name, "--data", "data"])).await.code, Some(0));
        let caller = site.secrets.get(name).map_or(site.anybody(), |secret| site.anybody().token(secret));
        assert_eq!(caller.get(tools).await, 401, "{name}");
    }
    // Where tokens have been, being on this machine is not enough; reading the directory is.
    assert_eq!(site.anybody().get(tools).await, 401);
    assert_eq!(sql(folder, "SELECT COUNT(*) AS n FROM events WHERE id = 'b-1'").await, [json!({"n": 1})]);
    fs::remove_file(&file).unwrap();
    assert_eq!(site.anybody().get(tools).await, 200);
}

#[tokio::test]
async fn this_machine_needs_no_token_and_others_do() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let to_all: [&str; 5] = ["serve", "--data", "data", "--listen", "0.0.0.0:0"];
    let refused = ended(athena(folder, &to_all)).await;
    assert!(refused.failed(2) && refused.err.contains("token create"), "{refused:?}");
    let server = Serve::start(folder).await;
    let anybody = || Caller::of(&server.url);
    anybody().remember("told without a token").await;
    assert_eq!(anybody().get("/v1/status").await, 200);
    assert_eq!(anybody().token("athena_guess").get("/v1/status").await, 401);
    assert_eq!(anybody().with("origin", "https://example.org").get("/v1/status").await, 403, "a web page");
    server.stop().await;
    let secret = token(folder, "ann", &["--role", "admin"]).await;
    let server = Serve::of(athena(folder, &to_all), folder).await;
    let local = server.url.replace("0.0.0.0", "127.0.0.1");
    assert_eq!(Caller::of(&local).get("/v1/status").await, 401);
    assert_eq!(Caller::of(&local).token(&secret).get("/v1/status").await, 200);
    server.stop().await;
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=ann", "-c", "user.email=ann@example.org"];
    let done = std::process::Command::new("git")
        .env_remove("GIT_DIR")
        .arg("-C")
        .arg(folder)
        .args(who)
        .args(arguments)
        .output();
    assert!(done.unwrap().status.success(), "git {arguments:?}");
}

/// The project of a memory that the command line is told from a folder.
async fn project_at(data: &Path, from: &Path, more: &[&str], variable: Option<(&str, &str)>) -> Value {
    let data = data.to_str().unwrap();
    let remember = ["call", "memories", "remember", "content=x", "--data", data];
    let mut command = athena(from, &[&remember[..], more].concat());
    command.envs(variable);
    ended(command).await.json()["project"].take()
}

#[tokio::test]
async fn which_project_is_used_when_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let [data, shop, tree] = ["data", "shop", "tree"].map(|name| folder.join(name));
    fs::create_dir_all(shop.join("src")).unwrap();
    let server = Serve::start(&folder).await;
    assert_eq!(project_at(&data, &folder, &[], None).await, "default");
    git(&shop, &["init", "-q"]);
    git(&shop, &["commit", "-q", "--allow-empty", "-m", "first"]);
    git(&shop, &["worktree", "add", "-q", tree.to_str().unwrap()]);
    for place in [&shop, &shop.join("src"), &tree] {
        assert_eq!(project_at(&data, place, &[], None).await, shop.to_str().unwrap());
    }
    git(&shop, &["remote", "add", "origin", "git@example.org:acme/shop.git"]);
    assert_eq!(project_at(&data, &tree, &[], None).await, "example.org/acme/shop");
    let variable = Some(("ATHENA_PROJECT", "house"));
    assert_eq!(project_at(&data, &shop, &[], variable).await, "house");
    assert_eq!(project_at(&data, &shop, &["--project", "flag"], variable).await, "flag");

    // Every answer names it: over HTTP a header stands in for the folder, hooks bring their own.
    let at_shop =
        json!({"hook_event_name": "UserPromptSubmit", "session_id": "s", "prompt": "x", "cwd": shop});
    let answers = async |caller: &Caller, hook: &Value| {
        let mut named = vec![];
        for (path, body) in [
            ("/v1/events", &json!({"content": "x"})),
            ("/v1/tools/memories/remember", &json!({"content": "x"})),
            ("/v1/search", &json!({"query": "x"})),
            ("/v1/hooks/claude-code", hook),
        ] {
            let (_, answer) = caller.post(path, body).await;
            named.push(answer.get("project").unwrap_or(&answer["projects"][0]).as_str().unwrap().to_owned());
        }
        named
    };
    let anybody = Caller::of(&server.url);
    assert_eq!(answers(&anybody, &hook()).await, ["default"; 4]);
    assert_eq!(answers(&anybody, &at_shop).await[3], "example.org/acme/shop");
    let headed = anybody.with("athena-project", "head");
    assert_eq!(answers(&headed, &at_shop).await, ["head"; 4]);
    server.stop().await;
    let mut serve = athena(&folder, &SERVE);
    serve.env("ATHENA_PROJECT", "house");
    let server = Serve::of(serve, &folder).await;
    assert_eq!(answers(&Caller::of(&server.url), &at_shop).await, ["house"; 4]);
    // A token of one project means that one; only the argument says otherwise, and is refused.
    let secret = token(&folder, "ann", &["--role", "write", "--project", "only"]).await;
    let ann = Caller::of(&server.url).token(&secret).with("athena-project", "head");
    assert_eq!(answers(&ann, &at_shop).await, ["only"; 4]);
    let mut call = athena(&shop, &["call", "memories", "remember", "content=x", "--server", &server.url]);
    call.env("ATHENA_TOKEN", &secret);
    assert_eq!(ended(call).await.json()["project"], "only");
    server.stop().await;
}
