//! Which tool a task needs can be told from the short listing alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::processes::Serve;

const TASKS: &str = include_str!("data/choose/tasks.json");
/// Words that choose nothing.
const STOPS: &str = "a an and are as at be by do does for from has have i in is it its me must my not of on or our so \
                     such than that the their there these they this those to too us was we were what when where \
                     which while who will with you your";

/// Words of a text, cut to what they have in common with their other forms.
fn words(text: &str) -> BTreeSet<String> {
    let plain = text.to_lowercase();
    let split = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
    let kept = split.filter(|word| !STOPS.split_whitespace().any(|stop| stop == *word));
    kept.map(|word| {
        let endings = ["ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "e", "y"];
        let stem = endings.iter().find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() > 2));
        stem.unwrap_or(word).to_owned()
    })
    .collect()
}

/// The tool whose definition says most of what the task says: words that few tools have weigh most, and long
/// definitions, which say something of everything, weigh less.
fn picked<'t>(task: &str, tools: &'t [(String, BTreeSet<String>)]) -> &'t str {
    let asked = words(task);
    let weight = |word: &String| {
        let having = tools.iter().filter(|(_, said)| said.contains(word)).count();
        if having == 0 { 0.0 } else { (1.0 + tools.len() as f64 / having as f64).ln() }
    };
    let score = |said: &BTreeSet<String>| -> f64 {
        asked.intersection(said).map(weight).sum::<f64>() / (said.len() as f64).powf(0.25)
    };
    let best = tools.iter().max_by(|(_, one), (_, other)| score(one).total_cmp(&score(other)));
    best.map_or("", |(name, _)| name)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_listing_alone_says_which_tool_does_what() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "chooser", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }}});
    let answer = http
        .post(format!("{}/mcp?tools=core", server.url))
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/list")
        .json(&ask)
        .send()
        .await
        .unwrap();
    let text = answer.text().await.unwrap();
    let line =
        text.lines().find_map(|line| line.strip_prefix("data: ").or(line.starts_with('{').then_some(line)));
    let answer: Value = serde_json::from_str(line.unwrap_or_else(|| panic!("{text}"))).unwrap();
    let listed = answer["result"]["tools"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let tools: Vec<(String, BTreeSet<String>)> = listed
        .iter()
        .map(|tool| {
            let name = tool["name"].as_str().unwrap();
            let said = format!("{} {}", name.replace('_', " "), tool["description"].as_str().unwrap());
            (name.to_owned(), words(&said))
        })
        .collect();

    let tasks: Value = serde_json::from_str(TASKS).unwrap();
    let mut wrong: BTreeMap<&str, &str> = BTreeMap::new();
    let mut asked = 0;
    for task in tasks["tasks"].as_array().unwrap() {
        let (task, tool) = (task["task"].as_str().unwrap(), task["tool"].as_str().unwrap());
        // What a later version brings is not listed yet.
        if tools.iter().all(|(name, _)| name != tool) {
            continue;
        }
        asked += 1;
        let picked = picked(task, &tools);
        if picked != tool {
            wrong.insert(task, picked);
        }
    }
    assert!(asked >= 38, "{asked}");
    assert!(wrong.is_empty(), "{} of {asked} tasks went to another tool: {wrong:#?}", wrong.len());
    server.stop().await;
}
