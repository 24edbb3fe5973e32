//! What is reached over the network, and who may reach us.

use std::collections::BTreeMap;
use std::net::ToSocketAddrs;
use std::time::Duration;

use anyhow::Context;
use athena_ingest::kafka;
use athena_query::who::Tokens;
use athena_store::{Location, Options, Store};
use serde_json::Value;

use crate::client::{Client, Missing, Request, Target, target};
use crate::commands::version::VERSION;
use crate::config::Config;
use crate::node;
use crate::settings::Settings;
use athena_query::diagnose::{Check, Verdict};

/// How long a broker may take to answer.
const BROKER: Duration = Duration::from_secs(5);
const SKEW_S: i64 = 30;

/// Tokens, and whether the address may be listened on with them.
pub fn access(config: &Config) -> Vec<Check> {
    let tokens = match Tokens::open(config.tokens()) {
        Ok(tokens) => tokens.with_admin(&config.server.admin_token),
        Err(error) => return vec![Check::fail(error.to_string(), "without it no server starts")],
    };
    let listen = &config.server.listen;
    let addresses = match listen.to_socket_addrs() {
        Ok(addresses) => addresses,
        Err(error) => {
            return vec![Check::fail(
                format!("server.listen {listen}: {error}"),
                "give an address and a port, such as 127.0.0.1:7070",
            )];
        }
    };
    let open = !addresses.into_iter().all(|address| address.ip().is_loopback());
    vec![match (open, tokens.configured()) {
        (true, false) => Check::fail(
            format!("{listen} is open to others, and there is no token"),
            "`athena token create NAME --role admin`, or listen on 127.0.0.1",
        ),
        (_, true) => Check::ok(format!("callers on {listen} need a token")),
        (false, false) => Check::ok(format!("{listen} is loopback: everybody on this machine is admin")),
    }]
}

/// The server that commands would talk to, when there is one running.
pub async fn server(settings: &Settings) -> Vec<Check> {
    let Target::Server(url) = target(&settings.resolved, &settings.config) else { return vec![] };
    let client = match Client::connect(settings, Missing::Refuse).await {
        Ok(client) => client,
        Err(error) => return vec![Check::fail(format!("{url}: {error:#}"), "give another --server URL")],
    };
    let ready = match client.send(&Request::get("/readyz")).await {
        Ok(answer) => answer,
        Err(error) => {
            return vec![Check::fail(format!("{error:#}"), "start it, or give another --server URL")];
        }
    };
    let mut checks = vec![match ready.status.is_success() {
        true => Check::ok(format!("{url} is ready")),
        false => Check::fail(
            format!("{url} is not ready: {}", String::from_utf8_lossy(&ready.body)),
            "its log says more; `athena status` how far it is",
        ),
    }];
    if let Some(skew) = skew(&ready).filter(|skew| skew.abs() > SKEW_S) {
        checks.push(Check::warn(format!("its clock is {skew} s ahead of this one's"), "set both clocks"));
    }
    match client.get::<Value>("/v1/status").await {
        Ok(status) => match status.get("version").and_then(Value::as_str) {
            Some(VERSION) | None => {}
            Some(other) => checks.push(Check::warn(
                format!("it is athena {other}, this is {VERSION}"),
                "use the same version on both sides",
            )),
        },
        Err(error) => checks.push(Check::fail(format!("{url}: {error:#}"), "give a token in ATHENA_TOKEN")),
    }
    checks
}

/// Seconds that the server's clock is ahead, by its answer's date.
fn skew(answer: &crate::client::Answer) -> Option<i64> {
    let date = chrono::DateTime::parse_from_rfc2822(answer.headers.get("date")?.to_str().ok()?).ok()?;
    Some(date.timestamp() - chrono::Utc::now().timestamp())
}

/// Brokers, topics, and whether ingest can go on where the tables stand.
///
/// # Errors
/// A check that crashed.
pub async fn kafka(config: &Config) -> anyhow::Result<Vec<Check>> {
    let options = node::kafka_options(config, [0; 32]);
    let asked = options.clone();
    let found = tokio::task::spawn_blocking(move || kafka::probe(&asked, BROKER)).await;
    let mut checks = Vec::new();
    for finding in found.context("look at Kafka")? {
        checks.push(match finding.remedy {
            None => Check::ok(finding.what),
            Some(remedy) => Check::fail(finding.what, remedy),
        });
    }
    let all_there = checks.iter().all(|check| check.state == Verdict::Ok);
    let store = Store::open(Options::new(Location::parse(&config.data.dir)?, None)).await;
    // What is wrong with the data was said before.
    if let Some(store) = store.ok().filter(|_| all_there) {
        checks.extend(standing(&kafka::stopped(&store, &options).await));
    }
    Ok(checks)
}

fn standing(stopped: &athena_ingest::Result<BTreeMap<String, String>>) -> Vec<Check> {
    match stopped {
        Ok(stopped) if stopped.is_empty() => {
            vec![Check::ok("every partition can be read on from what is applied")]
        }
        Ok(stopped) => {
            let check = |(partition, why): (&String, &String)| {
                Check::fail(
                    format!("{partition} is stopped: {why}"),
                    "docs/growing.md says what each choice keeps and loses",
                )
            };
            stopped.iter().map(check).collect()
        }
        Err(error) => vec![Check::fail(format!("Kafka's offsets: {error}"), "look at the broker's log")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::resolve;

    fn config(listen: &str) -> Config {
        let mut config = resolve(&[], &[], None).unwrap().typed().unwrap();
        config.server.listen = listen.into();
        config.server.tokens = "/nowhere/tokens.json".into();
        config
    }

    #[test]
    fn an_open_door_needs_a_token() {
        let state = |config: &Config| access(config)[0].state;
        assert_eq!(state(&config("127.0.0.1:7070")), Verdict::Ok);
        assert_eq!(state(&config("0.0.0.0:7070")), Verdict::Fail);
        let mut guarded = config("0.0.0.0:7070");
        guarded.server.admin_token = "secret".into();
        assert_eq!(state(&guarded), Verdict::Ok);
        assert_eq!(state(&config("nowhere")), Verdict::Fail);
    }

    #[tokio::test]
    async fn a_wrong_broker_address_is_explained() {
        let mut config = config("127.0.0.1:0");
        config.kafka.bootstrap = "127.0.0.1:1".into();
        let checks = kafka(&config).await.unwrap();
        assert_eq!((checks.len(), checks[0].state), (1, Verdict::Fail));
        assert!(checks[0].what.contains("127.0.0.1:1") && checks[0].remedy.is_some());
    }
}
