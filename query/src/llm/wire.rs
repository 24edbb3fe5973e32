//! Requests and answers as the two kinds of endpoints have them. Pure.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Prompt, Provider};

/// The revision of Anthropic's interface that is spoken.
const ANTHROPIC_VERSION: &str = "2023-06-01";

/// What an answer says.
#[derive(Debug, PartialEq)]
pub struct Said {
    pub text: String,
    pub cut: bool,
    /// Prompt and answer; `None` where the endpoint does not count.
    pub tokens: Option<u64>,
}

pub fn headers(provider: Provider, api_key: Option<&str>) -> Vec<(String, String)> {
    let key = api_key.map(|key| match provider {
        Provider::OpenAi => ("authorization".to_owned(), format!("Bearer {key}")),
        Provider::Anthropic => ("x-api-key".to_owned(), key.to_owned()),
    });
    let version = (provider == Provider::Anthropic)
        .then(|| ("anthropic-version".to_owned(), ANTHROPIC_VERSION.to_owned()));
    key.into_iter().chain(version).collect()
}

/// The path below the address, and the body.
pub fn request(provider: Provider, model: &str, prompt: &Prompt, max_tokens: u32) -> (&'static str, Value) {
    let Prompt { system, user, .. } = prompt;
    let user = json!({"role": "user", "content": user});
    match provider {
        Provider::OpenAi => {
            let system = (!system.is_empty()).then(|| json!({"role": "system", "content": system}));
            let messages: Vec<Value> = system.into_iter().chain([user]).collect();
            let body =
                json!({"model": model, "messages": messages, "max_tokens": max_tokens, "temperature": 0});
            ("chat/completions", body)
        }
        Provider::Anthropic => {
            let mut body =
                json!({"model": model, "messages": [user], "max_tokens": max_tokens, "temperature": 0});
            if !system.is_empty() {
                body["system"] = system.as_str().into();
            }
            ("messages", body)
        }
    }
}

#[derive(Deserialize)]
struct OpenAi {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<OpenAiUsage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    /// Null where it has nothing to say.
    #[serde(default)]
    content: Option<String>,
}

#[derive(Deserialize)]
struct OpenAiUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

#[derive(Deserialize)]
struct Anthropic {
    content: Vec<Block>,
    #[serde(default)]
    stop_reason: Option<String>,
    #[serde(default)]
    usage: Option<AnthropicUsage>,
}

/// Blocks of other types than text have none.
#[derive(Deserialize)]
struct Block {
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct AnthropicUsage {
    #[serde(default)]
    input_tokens: u64,
    #[serde(default)]
    output_tokens: u64,
}

/// What an answer says, or why it is none.
pub fn read(provider: Provider, answer: Value) -> Result<Said, String> {
    match provider {
        Provider::OpenAi => {
            let OpenAi { choices, usage } =
                serde_json::from_value(answer).map_err(|error| error.to_string())?;
            let choice = choices.into_iter().next().ok_or("no choice")?;
            Ok(Said {
                text: choice.message.content.unwrap_or_default(),
                cut: choice.finish_reason.as_deref() == Some("length"),
                tokens: usage.map(|usage| usage.prompt_tokens + usage.completion_tokens),
            })
        }
        Provider::Anthropic => {
            let answer: Anthropic = serde_json::from_value(answer).map_err(|error| error.to_string())?;
            Ok(Said {
                text: answer.content.into_iter().map(|block| block.text).collect(),
                cut: answer.stop_reason.as_deref() == Some("max_tokens"),
                tokens: answer.usage.map(|usage| usage.input_tokens + usage.output_tokens),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(system: &str) -> Prompt {
        Prompt { system: system.into(), user: "u".into(), max_tokens: None }
    }

    #[test]
    fn requests() {
        let (path, body) = request(Provider::OpenAi, "m", &prompt("s"), 9);
        let messages = json!([{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]);
        assert_eq!(
            (path, &body["messages"], &body["max_tokens"]),
            ("chat/completions", &messages, &json!(9))
        );
        let (path, body) = request(Provider::Anthropic, "m", &prompt("s"), 9);
        let messages = json!([{"role": "user", "content": "u"}]);
        assert_eq!((path, &body["messages"], &body["system"]), ("messages", &messages, &json!("s")));
        assert!(request(Provider::Anthropic, "m", &prompt(""), 9).1.get("system").is_none());
        let names =
            |headers: Vec<(String, String)>| headers.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(headers(Provider::OpenAi, Some("k"))), ["authorization"]);
        assert_eq!(names(headers(Provider::Anthropic, Some("k"))), ["x-api-key", "anthropic-version"]);
        assert!(headers(Provider::OpenAi, None).is_empty());
    }

    #[test]
    fn answers() {
        let answer = json!({"choices": [{"message": {"content": "a"}, "finish_reason": "length"}],
                            "usage": {"prompt_tokens": 3, "completion_tokens": 4}});
        let said = Said { text: "a".into(), cut: true, tokens: Some(7) };
        assert_eq!(read(Provider::OpenAi, answer), Ok(said));
        let answer = json!({"choices": [{"message": {"content": null}}]});
        assert_eq!(
            read(Provider::OpenAi, answer),
            Ok(Said { text: String::new(), cut: false, tokens: None })
        );
        let answer = json!({"content": [{"type": "thinking", "thinking": "…"}, {"type": "text", "text": "a"}],
                            "stop_reason": "end_turn", "usage": {"input_tokens": 3, "output_tokens": 1}});
        let said = Said { text: "a".into(), cut: false, tokens: Some(4) };
        assert_eq!(read(Provider::Anthropic, answer), Ok(said));
        assert!(read(Provider::OpenAi, json!({"choices": []})).is_err());
        assert!(read(Provider::Anthropic, json!({"error": "x"})).is_err());
    }
}
