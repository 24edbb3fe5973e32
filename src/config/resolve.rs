//! Flags over variables over the file over the reference, each value with where it came from. Pure.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use athena_query::InForce;
use toml::{Table, Value};

use super::{Config, REFERENCE};

/// Where a value came from; later ones win.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Default,
    File(PathBuf),
    Variable(String),
    Flag(&'static str),
}

impl Source {
    /// How much it weighs, whatever its name.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::File(_) => 1,
            Self::Variable(_) => 2,
            Self::Flag(_) => 3,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => path.display().fmt(f),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A setting that the command line gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// `--listen`.
    pub name: &'static str,
    /// `server.listen`.
    pub key: &'static str,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub value: Value,
    pub source: Source,
}

/// Every setting by its key, `section.name`.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved(pub BTreeMap<String, Setting>);

/// Variables with short names of their own.
const SHORT: [(&str, &str); 6] = [
    ("ATHENA_DATA", "data.dir"),
    ("ATHENA_SERVER", "client.server"),
    ("ATHENA_TOKEN", "client.token"),
    ("ATHENA_PROJECT", "client.project"),
    ("ATHENA_KAFKA", "kafka.bootstrap"),
    ("ATHENA_ADMIN_TOKEN", "server.admin_token"),
];

/// What stands in the place of a secret.
const HIDDEN: &str = "(hidden)";

/// Below this anything goes: it is not ours to know.
const FREE: &str = "kafka.client.";

/// # Errors
/// A setting that does not exist, with the nearest that does; a value of another type.
pub fn resolve(
    flags: &[Flag],
    variables: &[(String, String)],
    file: Option<(&Path, &str)>,
) -> anyhow::Result<Resolved> {
    let reference = flatten(REFERENCE.parse().context("read the reference configuration")?);
    let setting = |value| Setting { value, source: Source::Default };
    let mut resolved = Resolved(reference.into_iter().map(|(key, value)| (key, setting(value))).collect());
    if let Some((path, text)) = file {
        let table = text.parse().with_context(|| format!("read {}", path.display()))?;
        for (key, value) in flatten(table) {
            resolved.set(&key, value, Source::File(path.to_owned()))?;
        }
    }
    for (name, text) in variables.iter().filter(|(_, text)| !text.is_empty()) {
        if let Some(key) = resolved.key_of(name)? {
            let value = resolved.parse(&key, text).with_context(|| format!("read {name}"))?;
            resolved.set(&key, value, Source::Variable(name.clone()))?;
        }
    }
    for flag in flags {
        resolved.set(flag.key, flag.value.clone(), Source::Flag(flag.name))?;
    }
    Ok(resolved)
}

impl Resolved {
    /// The settings as their types.
    ///
    /// # Errors
    /// A value outside its type's bounds, such as a negative size.
    pub fn typed(&self) -> anyhow::Result<Config> {
        let mut sections = Table::new();
        for (key, setting) in &self.0 {
            let (section, name) = key.split_once('.').context("a setting stands in a section")?;
            let mut table = section_of(&mut sections, section);
            let mut name = name;
            if let Some(free) = key.strip_prefix(FREE) {
                table = section_of(table, "client");
                name = free;
            }
            table.insert(name.to_owned(), setting.value.clone());
        }
        section_of(section_of(&mut sections, "kafka"), "client");
        let config: Config = Value::Table(sections).try_into().context("read the configuration")?;
        Ok(Config { in_force: self.in_force(), ..config })
    }

    /// Every setting, its value unless that is a secret, and where it came from.
    fn in_force(&self) -> Arc<[InForce]> {
        let told = |(key, setting): (&String, &Setting)| {
            let set = setting.value.as_str() != Some("");
            let value = if set && secret(key) { Value::from(HIDDEN) } else { setting.value.clone() };
            InForce { setting: key.clone(), value: value.to_string(), from: setting.source.to_string() }
        };
        self.0.iter().map(told).collect()
    }

    pub fn source(&self, key: &str) -> Option<&Source> {
        Some(&self.0.get(key)?.source)
    }

    fn set(&mut self, key: &str, value: Value, source: Source) -> anyhow::Result<()> {
        let value = match (self.0.get(key), value) {
            (Some(known), value) if known.value.same_type(&value) || key.starts_with(FREE) => value,
            (Some(known), value) => {
                let (wanted, given) = (known.value.type_str(), value.type_str());
                bail!("{key} must be of type {wanted}, not {given} ({source})");
            }
            (None, Value::String(text)) if key.starts_with(FREE) => Value::String(text),
            (None, value) if key.starts_with(FREE) => Value::String(value.to_string()),
            (None, _) => bail!("{source}: there is no setting {key}{}", self.nearest(key)),
        };
        self.0.insert(key.to_owned(), Setting { value, source });
        Ok(())
    }

    /// The setting that a variable means; `None` if it is none of ours.
    fn key_of(&self, name: &str) -> anyhow::Result<Option<String>> {
        if let Some((_, key)) = SHORT.iter().find(|(short, _)| *short == name) {
            return Ok(Some((*key).to_owned()));
        }
        if let Some(free) = name.strip_prefix("ATHENA_KAFKA_CLIENT_") {
            return Ok(Some(format!("{FREE}{}", free.to_lowercase().replace('_', "."))));
        }
        if let Some(key) = self.0.keys().find(|key| variable(key) == name) {
            return Ok(Some(key.clone()));
        }
        let ours = self
            .0
            .keys()
            .filter_map(|key| key.split_once('.'))
            .any(|(section, _)| name.starts_with(&format!("ATHENA_{}_", section.to_uppercase())));
        if ours {
            let key = name.trim_start_matches("ATHENA_").to_lowercase().replacen('_', ".", 1);
            bail!("{name}: there is no setting {key}{}", self.nearest(&key));
        }
        Ok(None)
    }

    /// A variable's text as the setting's type.
    fn parse(&self, key: &str, text: &str) -> anyhow::Result<Value> {
        Ok(match self.0.get(key).map(|known| &known.value) {
            Some(Value::Array(items)) => {
                let parse = |one: &str| as_type(items.first(), one.trim());
                Value::Array(text.split(',').map(parse).collect::<anyhow::Result<_>>()?)
            }
            known => as_type(known, text)?,
        })
    }

    /// `; did you mean …?`, or nothing where nothing is near.
    fn nearest(&self, key: &str) -> String {
        let likeness = |known: &str| strsim::normalized_damerau_levenshtein(known, key);
        let best = self.0.keys().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        match best.filter(|best| likeness(best) >= 0.5) {
            Some(best) => format!("; did you mean {best}?"),
            None => "; `athena config` lists them".to_owned(),
        }
    }
}

/// Whether the value must not be shown.
pub fn secret(key: &str) -> bool {
    let free = key.starts_with(FREE);
    let telling = ["password", "secret", ".pem", "oauthbearer.config", "credential"];
    key.ends_with("token") || free && telling.iter().any(|part| key.contains(part))
}

fn as_type(known: Option<&Value>, text: &str) -> anyhow::Result<Value> {
    Ok(match known {
        Some(Value::Integer(_)) => Value::Integer(text.replace('_', "").parse().context("not a number")?),
        Some(Value::Boolean(_)) => Value::Boolean(text.parse().context("neither true nor false")?),
        _ => Value::String(text.to_owned()),
    })
}

fn variable(key: &str) -> String {
    format!("ATHENA_{}", key.to_uppercase().replace('.', "_"))
}

fn section_of<'a>(table: &'a mut Table, name: &str) -> &'a mut Table {
    let section = table.entry(name).or_insert_with(|| Value::Table(Table::new()));
    section.as_table_mut().expect("sections are tables, settings are not named like one")
}

/// Leaves by their dotted keys. So `sasl.username` needs no quotes below `[kafka.client]`.
fn flatten(table: Table) -> BTreeMap<String, Value> {
    let mut leaves = BTreeMap::new();
    for (key, value) in table {
        match value {
            Value::Table(inner) => {
                leaves
                    .extend(flatten(inner).into_iter().map(|(below, leaf)| (format!("{key}.{below}"), leaf)));
            }
            leaf => {
                leaves.insert(key, leaf);
            }
        }
    }
    leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn listen(value: &str) -> Flag {
        Flag { name: "--listen", key: "server.listen", value: value.into() }
    }

    const FILE: &str =
        "[server]\nlisten = 'file:1'\nconcurrency = 7\n[kafka.client]\nsasl.username = 'u'\nretries = 3";

    #[test]
    fn flag_then_variable_then_file_then_default() {
        let path = Path::new("athena.toml");
        let environment = variables(&[
            ("ATHENA_SERVER_LISTEN", "variable:1"),
            ("ATHENA_SERVER_REQUEST_BYTES", "1_000"),
            ("ATHENA_KAFKA_EVENTS_TOPICS", "a, b"),
            ("ATHENA_MAINTENANCE_TIER_ROWS", "10,1_000"),
            ("ATHENA_DATA", "/data"),
            ("ATHENA_TOKEN", ""),
            ("ATHENA_KAFKA_CLIENT_SASL_PASSWORD", "p"),
            ("ATHENA_TEST_KAFKA", "not a setting"),
        ]);
        let of = |flags: &[Flag], environment: &[_], file| {
            let resolved = resolve(flags, environment, file).unwrap();
            let config = resolved.typed().unwrap();
            (config.server.listen, resolved.0["server.listen"].source.clone())
        };
        let file = Some((path, FILE));
        assert_eq!(of(&[listen("flag:1")], &environment, file), ("flag:1".into(), Source::Flag("--listen")));
        let variable = Source::Variable("ATHENA_SERVER_LISTEN".into());
        assert_eq!(of(&[], &environment, file), ("variable:1".into(), variable));
        assert_eq!(of(&[], &[], file), ("file:1".into(), Source::File(path.into())));
        assert_eq!(of(&[], &[], None), ("127.0.0.1:7070".into(), Source::Default));

        let config = resolve(&[], &environment, file).unwrap().typed().unwrap();
        assert_eq!((config.server.concurrency, config.server.request_bytes), (7, 1000));
        assert_eq!(config.data.dir, "/data");
        assert_eq!(config.kafka.events_topics, ["a", "b"]);
        assert_eq!(config.maintenance.tier_rows, [10, 1000]);
        let client: Vec<_> = config.kafka.client.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(client, ["retries=3", "sasl.password=p", "sasl.username=u"]);
    }

    #[test]
    fn what_does_not_exist_is_refused_with_the_nearest() {
        let path = Path::new("my.toml");
        let refused = |text| resolve(&[], &[], Some((path, text))).unwrap_err().to_string();
        assert_eq!(
            refused("[server]\nlistn = 'x'"),
            "my.toml: there is no setting server.listn; did you mean server.listen?"
        );
        assert!(refused("[serve]\nlisten = 'x'").ends_with("did you mean server.listen?"));
        assert!(refused("zzz = 1").ends_with("`athena config` lists them"));
        let error = resolve(&[], &variables(&[("ATHENA_SQL_TIMEOUT", "5")]), None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "ATHENA_SQL_TIMEOUT: there is no setting sql.timeout; did you mean sql.timeout_ms?"
        );
    }

    #[test]
    fn values_have_the_types_of_the_reference() {
        let path = Path::new("my.toml");
        let error = resolve(&[], &[], Some((path, "[sql]\ntimeout_ms = '5s'"))).unwrap_err();
        assert_eq!(error.to_string(), "sql.timeout_ms must be of type integer, not string (my.toml)");
        let negative =
            resolve(&[], &[], Some((path, "[sql]\ntimeout_ms = -1"))).unwrap().typed().unwrap_err();
        assert!(format!("{negative:#}").contains("-1"), "{negative:#}");
        let error = resolve(&[], &variables(&[("ATHENA_LIMITS_DEPTH", "deep")]), None).unwrap_err();
        assert!(format!("{error:#}").starts_with("read ATHENA_LIMITS_DEPTH: not a number"));
    }

    #[test]
    fn the_reference_and_the_types_agree() {
        let resolved = resolve(&[], &[], None).unwrap();
        resolved.typed().unwrap();
        assert!(resolved.0.values().all(|setting| setting.source == Source::Default));
        let secrets: Vec<_> = resolved.0.keys().filter(|key| secret(key)).collect();
        assert_eq!(secrets, ["client.token", "server.admin_token"]);
        assert!(secret("kafka.client.sasl.password") && !secret("kafka.client.sasl.username"));
    }
}
