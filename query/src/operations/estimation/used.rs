//! What events say was used: tokens by model, and time.

use athena_schemas::{Error, Time};
use athena_store::Scope;
use serde_json::{Value, json};

use super::prices::{Price, price};
use crate::App;
use crate::operations::rows::objects;

const USED: &str = include_str!("../../../sql/used.sql");

/// Events that are looked at, from the newest, and how deep their attributes are searched.
pub const LOOKED_AT: usize = 50_000;
const DEEP: usize = 5;

/// What an event used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Used {
    pub at: Time,
    pub session: Option<String>,
    pub agent: Option<String>,
    pub tool: Option<String>,
    pub model: Option<String>,
    /// `None` where it tells of no tokens.
    pub tokens: Option<(f64, f64)>,
    pub duration_ms: Option<i64>,
}

impl Used {
    /// What its tokens cost; `None` where nobody said the price.
    pub fn money(&self, prices: &[Price]) -> Option<f64> {
        let (input, output) = self.tokens?;
        let price = price(prices, self.model.as_deref().unwrap_or_default())?;
        Some(price.of(input, output))
    }
}

/// What was used since a time, the newest first.
///
/// # Errors
/// Storage.
pub async fn used(app: &App, scope: &Scope, since: Time) -> Result<Vec<Used>, Error> {
    let rows = objects(app, scope, USED, &[json!(since), json!(LOOKED_AT)], LOOKED_AT).await?;
    let of = |row: &serde_json::Map<String, Value>| {
        let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
        let attributes = match row.get("attributes") {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or(Value::Null),
            Some(other) => other.clone(),
            None => Value::Null,
        };
        let (tokens, model) = tokens(&attributes);
        Some(Used {
            at: Time::parse(&text("time")?)?,
            session: text("session"),
            agent: text("agent"),
            tool: text("tool"),
            model,
            tokens,
            duration_ms: row.get("duration_ms").and_then(Value::as_i64),
        })
    };
    Ok(rows.iter().filter_map(of).collect())
}

/// Tokens read and written, and the model, as the usual clients say them (OpenTelemetry's `gen_ai.usage.input_tokens`,
/// `usage.prompt_tokens`, …).
fn tokens(attributes: &Value) -> (Option<(f64, f64)>, Option<String>) {
    let (mut input, mut output, mut model) = (None, None, None);
    search(attributes, DEEP, &mut |name, value| {
        let name = name.rsplit('.').next().unwrap_or(name);
        match (name, value) {
            ("input_tokens" | "prompt_tokens", Value::Number(number)) => input = input.or(number.as_f64()),
            ("output_tokens" | "completion_tokens", Value::Number(number)) => {
                output = output.or(number.as_f64())
            }
            ("model", Value::String(text)) => model = model.take().or(Some(text.clone())),
            _ => {}
        }
    });
    let tokens = (input.is_some() || output.is_some()).then(|| (input.unwrap_or(0.0), output.unwrap_or(0.0)));
    (tokens, model)
}

fn search(value: &Value, deep: usize, found: &mut impl FnMut(&str, &Value)) {
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        found(name, value);
        if deep > 0 {
            search(value, deep - 1, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_where_clients_put_them() {
        let both = (Some((10.0, 3.0)), Some("m-1".into()));
        let usage = json!({"message": {"model": "m-1", "usage": {"input_tokens": 10, "output_tokens": 3}}});
        assert_eq!(tokens(&usage), both);
        let spans = json!({"gen_ai.request.model": "m-1", "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 3});
        // The name of a field with dots in it ends in what it is.
        let spans = tokens(&spans);
        assert_eq!(spans, both);
        assert_eq!(tokens(&json!({"exit_code": 1})), (None, None));
    }
}
