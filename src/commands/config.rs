//! `athena config`: every setting, its value, and where it came from.

use std::process::ExitCode;

use serde_json::json;

use crate::config::{Setting, secret};
use crate::out::Out;
use crate::settings::Settings;

/// What stands in the place of a secret.
const HIDDEN: &str = "(hidden)";

pub fn run(settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let rows = settings.resolved.0.iter();
    if out.human {
        let rows: Vec<_> = rows
            .map(|(key, setting)| {
                vec![key.clone(), shown(key, setting).to_string(), setting.source.to_string()]
            })
            .collect();
        out.table(&["setting", "value", "from"], &rows)?;
    } else {
        for (key, setting) in rows {
            let from = setting.source.to_string();
            out.json(&json!({"setting": key, "value": shown(key, setting), "from": from}))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The value, unless it is a secret that was set.
fn shown(key: &str, setting: &Setting) -> toml::Value {
    match setting.value.as_str() {
        Some("") => setting.value.clone(),
        _ if secret(key) => HIDDEN.into(),
        _ => setting.value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::resolve;

    #[test]
    fn secrets_are_not_shown() {
        let variables = [
            ("ATHENA_ADMIN_TOKEN".to_owned(), "geheim".to_owned()),
            ("ATHENA_KAFKA_CLIENT_SASL_PASSWORD".to_owned(), "geheim".to_owned()),
        ];
        let resolved = resolve(&[], &variables, None).unwrap();
        let shown: Vec<_> = resolved.0.iter().map(|(key, setting)| shown(key, setting).to_string()).collect();
        assert!(!shown.concat().contains("geheim"));
        assert_eq!(shown.iter().filter(|value| value.contains(HIDDEN)).count(), 2);
    }
}
