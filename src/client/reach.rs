//! Finds who serves a memory, or serves it in this process for as long as it is needed.

use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use athena_query::who::local_secret;
use athena_store::{Held, Location, Lock, LogKind, Store};
use tracing::info;

use crate::config::{Config, Resolved, Source};
use crate::node::{self, Node};
use crate::settings::Settings;

/// How long a process that holds the directory may take to say where it serves.
const START: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(25);
/// How long the server of this machine may take to say that it is there.
const HERE: Duration = Duration::from_millis(500);

/// What the settings name.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// `http://host:port`.
    Server(String),
    /// A directory or bucket.
    Place(String),
}

/// What to do where there is no data yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Make it: the command brings data.
    Create,
    /// Say so: a question to nothing is a mistake.
    Refuse,
}

/// Who serves the memory, and what to show them.
pub struct At {
    pub url: String,
    pub token: Option<String>,
    /// This process serves it.
    pub node: Option<Node>,
}

/// The server or the place, whichever was said more strongly; the server if both equally.
pub fn target(resolved: &Resolved, config: &Config) -> Target {
    let rank = |key| resolved.source(key).map_or(0, |source| source.rank());
    let server = config.client.server.trim_end_matches('/');
    if server.is_empty() || rank("client.server") < rank("data.dir") {
        Target::Place(config.data.dir.clone())
    } else if server.contains("://") {
        Target::Server(server.to_owned())
    } else {
        Target::Server(format!("http://{server}"))
    }
}

/// Whether nothing says which memory is meant, nor where its events come from.
pub fn is_unnamed(settings: &Settings) -> bool {
    let data = settings.resolved.source("data.dir");
    settings.config.kafka.bootstrap.is_empty() && matches!(data, Some(Source::Default))
}

/// The directory in this folder; where there is none, the server of this machine, if one answers; else a new directory,
/// which is told on standard error.
///
/// # Errors
/// No data where none may be made.
pub async fn by_default(place: String, settings: &Settings, missing: Missing) -> anyhow::Result<Target> {
    if Path::new(&place).exists() {
        return Ok(Target::Place(place));
    }
    let listen = settings.config.server.listen.as_str();
    if let Some(url) = on_this_machine(listen)
        && super::is_athena(&url, HERE).await
    {
        info!(url, "no data here, using the server of this machine");
        return Ok(Target::Server(url));
    }
    let nothing = format!("there is no {place} here, and no server answers at {listen}");
    if missing == Missing::Refuse {
        bail!("{nothing}; start `athena serve`, or give --data DIR or --server URL");
    }
    let new = std::path::absolute(&place).context("look where this is")?;
    eprintln!("athena: {nothing}: a new memory is made in {}", new.display());
    Ok(Target::Place(place))
}

/// Where a server that listens there is reached from this machine; `None` where it is not on loopback.
fn on_this_machine(listen: &str) -> Option<String> {
    let (host, port) = listen.rsplit_once(':')?;
    let host = match host {
        "localhost" | "0.0.0.0" => "127.0.0.1",
        "[::]" => "[::1]",
        host => host,
    };
    let ip: IpAddr = host.trim_matches(['[', ']']).parse().ok()?;
    let port: u16 = port.parse().ok().filter(|port| *port > 0)?;
    ip.is_loopback().then(|| format!("http://{host}:{port}"))
}

/// # Errors
/// As [`super::Client::connect`].
pub async fn find(target: &Target, settings: &Settings, missing: Missing) -> anyhow::Result<At> {
    let config = &settings.config;
    let given = Some(config.client.token.clone()).filter(|token| !token.is_empty());
    let place = match target {
        Target::Server(url) => return Ok(At { url: url.clone(), token: given, node: None }),
        Target::Place(place) => place,
    };
    let location = Location::parse(place)?;
    let kind = Store::kind(&location).await?;
    if kind.is_none() && missing == Missing::Refuse {
        bail!(
            "{place} has no data yet; start `athena serve`, import something, or give --data DIR or --server URL"
        );
    }
    let served = match (location.directory(), kind) {
        (Some(directory), Some(LogKind::Embedded) | None) if config.kafka.bootstrap.is_empty() => {
            embedded(directory, config).await?
        }
        _ => Served::Here(Box::new(node::in_process(config).await?)),
    };
    let own = Store::secret_of(&location).await?.map(|secret| local_secret(&secret));
    let token = given.or(own);
    Ok(match served {
        Served::There(url) => At { url, token, node: None },
        Served::Here(node) => At { url: node.url().to_owned(), token, node: Some(*node) },
    })
}

enum Served {
    There(String),
    Here(Box<Node>),
}

/// Asks the lock. Whoever loses the race for a free directory talks to the winner.
async fn embedded(directory: &Path, config: &Config) -> anyhow::Result<Served> {
    let began = Instant::now();
    loop {
        let held = match Lock::holder(directory).context("look at the lock")? {
            Some(Held { address: Some(url), .. }) => return Ok(Served::There(url)),
            Some(held) => held,
            None => match node::in_process(config).await {
                Ok(node) => return Ok(Served::Here(Box::new(node))),
                Err(error) => match error.downcast::<athena_store::Error>() {
                    Ok(athena_store::Error::Held(held)) => held,
                    Ok(error) => return Err(error.into()),
                    Err(error) => return Err(error),
                },
            },
        };
        if began.elapsed() > START {
            bail!("{held}, but does not serve it; stop process {} or wait until it is done", held.pid);
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flag, resolve};

    #[test]
    fn what_is_said_more_strongly_wins() {
        let flag = |name, key, value: &str| Flag { name, key, value: value.into() };
        let of = |flags: &[Flag], variables: &[(&str, &str)]| {
            let variables: Vec<_> =
                variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            let resolved = resolve(flags, &variables, None).unwrap();
            target(&resolved, &resolved.typed().unwrap())
        };
        let (server, data) = (flag("--server", "client.server", "h:1/"), flag("--data", "data.dir", "d"));
        let variables = [("ATHENA_SERVER", "https://v"), ("ATHENA_DATA", "w")];
        assert_eq!(of(&[], &[]), Target::Place("./athena-data".into()));
        assert_eq!(of(&[server], &variables), Target::Server("http://h:1".into()));
        assert_eq!(of(&[data], &variables), Target::Place("d".into()));
        assert_eq!(of(&[], &variables), Target::Server("https://v".into()));
        assert_eq!(of(&[], &variables[1..]), Target::Place("w".into()));
    }

    #[test]
    fn a_server_of_this_machine_is_on_loopback() {
        let at = |listen| on_this_machine(listen);
        assert_eq!(at("127.0.0.1:7070").as_deref(), Some("http://127.0.0.1:7070"));
        assert_eq!(at("0.0.0.0:80").as_deref(), Some("http://127.0.0.1:80"));
        assert_eq!(at("[::]:7070").as_deref(), Some("http://[::1]:7070"));
        for elsewhere in ["127.0.0.1:0", "10.0.0.1:7070", "example.org:7070", "7070"] {
            assert_eq!(at(elsewhere), None, "{elsewhere}");
        }
    }
}
