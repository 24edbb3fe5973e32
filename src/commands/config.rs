//! `athena config`: every setting, its value, and where it came from.

use std::process::ExitCode;

use serde_json::json;

use crate::out::Out;
use crate::settings::Settings;

pub fn run(settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let rows = settings.config.in_force.iter();
    if out.human {
        let cell = |text: &String| text.clone();
        let rows: Vec<_> =
            rows.map(|row| vec![cell(&row.setting), cell(&row.value), cell(&row.from)]).collect();
        out.table(&["setting", "value", "from"], &rows)?;
    } else {
        for row in rows {
            let value = &settings.resolved.0[&row.setting].value;
            // Values keep their types in a pipe, secrets stay hidden.
            let value = if value.to_string() == row.value { json!(value) } else { json!(row.value) };
            out.json(&json!({"setting": row.setting, "value": value, "from": row.from}))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use crate::config::resolve;

    #[test]
    fn secrets_are_not_shown() {
        let variables = [
            ("ATHENA_ADMIN_TOKEN".to_owned(), "geheim".to_owned()),
            ("ATHENA_KAFKA_CLIENT_SASL_PASSWORD".to_owned(), "geheim".to_owned()),
        ];
        let config = resolve(&[], &variables, None).unwrap().typed().unwrap();
        let shown: Vec<_> = config.in_force.iter().map(|row| row.value.as_str()).collect();
        assert!(!shown.concat().contains("geheim"));
        assert_eq!(shown.iter().filter(|value| value.contains("(hidden)")).count(), 2);
    }
}
