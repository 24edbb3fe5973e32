//! The models that the settings ask for. Keys come from the environment, so that no file has them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use athena_query::llm::{self, Llm, Provider};
use athena_store::embed::{Endpoint, EndpointOptions, Model, StaticTable, Transformer};
use athena_store::remote::{BreakerOptions, Patience, RemoteOptions};

use crate::config::{Config, EmbedModel, LlmProvider};
use crate::exit::usage;

/// What makes vectors.
///
/// # Errors
/// `Usage`, for settings that name no model; files that cannot be read.
pub fn embedding(config: &Config) -> anyhow::Result<Arc<dyn Model>> {
    let embed = &config.embed;
    match embed.model {
        EmbedModel::Builtin => Ok(StaticTable::built_in()),
        EmbedModel::Transformer if embed.folder.is_empty() => {
            Err(usage("embed.model is transformer: say in which folder it is, embed.folder"))
        }
        EmbedModel::Transformer => {
            let model = Transformer::open(Path::new(&embed.folder), embed.chunk_tokens, embed.cache_bytes);
            Ok(model.context("open the model of [embed]")?)
        }
        EmbedModel::Endpoint => {
            let timeout = Duration::from_millis(embed.timeout_ms);
            let model = Endpoint::new(EndpointOptions {
                remote: RemoteOptions {
                    url: embed.url.clone(),
                    headers: bearer(key(&embed.api_key_env)?),
                    concurrency: embed.concurrency,
                    breaker: BreakerOptions::default(),
                },
                name: embed.name.clone(),
                dimensions: embed.dimensions,
                chunk_tokens: embed.chunk_tokens,
                batch: embed.batch,
                patience: patience(timeout, embed.tries),
                question_timeout: Duration::from_millis(embed.question_timeout_ms),
                cache_bytes: embed.cache_bytes,
            });
            Ok(model.map_err(|error| usage(format!("[embed] {error}")))?)
        }
    }
}

/// The language model; `None` where there is none.
///
/// # Errors
/// `Usage`, for settings that name none.
pub fn language(config: &Config) -> anyhow::Result<Option<Arc<Llm>>> {
    let llm = &config.llm;
    let provider = match llm.provider {
        LlmProvider::Off => return Ok(None),
        LlmProvider::Openai => Provider::OpenAi,
        LlmProvider::Anthropic => Provider::Anthropic,
    };
    let opened = Llm::new(llm::Options {
        provider,
        url: llm.url.clone(),
        model: llm.model.clone(),
        api_key: key(&llm.api_key_env)?,
        patience: patience(Duration::from_millis(llm.timeout_ms), llm.tries),
        concurrency: llm.concurrency,
        max_tokens: llm.max_tokens,
        tokens_per_hour: llm.budget_tokens_per_hour,
        tokens_per_day: llm.budget_tokens_per_day,
        cache_bytes: llm.cache_bytes,
        breaker: BreakerOptions::default(),
    });
    Ok(Some(Arc::new(opened.map_err(|error| usage(format!("[llm] {error}")))?)))
}

/// Waits between tries may take as long as one.
fn patience(each: Duration, tries: u32) -> Patience {
    let tries = tries.max(1);
    Patience { tries, each, total: each.saturating_mul(tries.saturating_add(1)) }
}

fn bearer(key: Option<String>) -> Vec<(String, String)> {
    key.map(|key| ("authorization".to_owned(), format!("Bearer {key}"))).into_iter().collect()
}

/// What stands in a variable of the environment; `None` where none is named.
fn key(variable: &str) -> anyhow::Result<Option<String>> {
    if variable.is_empty() {
        return Ok(None);
    }
    let value = std::env::var(variable);
    value.map(Some).map_err(|_| usage(format!("{variable}, which api_key_env names, is not set")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::resolve;

    fn config(text: &str) -> Config {
        resolve(&[], &[], Some((Path::new("a.toml"), text))).unwrap().typed().unwrap()
    }

    fn refused(text: &str) -> String {
        let config = config(text);
        let refused = embedding(&config).map(|_| ()).and_then(|()| language(&config).map(|_| ()));
        format!("{:#}", refused.unwrap_err())
    }

    #[test]
    fn nothing_needs_a_model_beside_the_binary() {
        let config = config("");
        assert_eq!(embedding(&config).unwrap().name(), StaticTable::built_in().name());
        assert!(language(&config).unwrap().is_none());
    }

    #[test]
    fn settings_that_name_no_model_are_refused() {
        assert!(refused("[embed]\nmodel = 'transformer'").contains("embed.folder"));
        assert!(
            refused("[embed]\nmodel = 'transformer'\nfolder = 'nowhere'").contains("nowhere/config.json")
        );
        let endpoint = "[embed]\nmodel = 'endpoint'\nname = 'small'\n";
        assert!(refused(&format!("{endpoint}dimensions = 3")).contains("url"));
        assert!(refused(&format!("{endpoint}url = 'http://localhost'")).contains("dimensions"));
        let key = "url = 'http://localhost'\ndimensions = 3\napi_key_env = 'NOT_SET_ANYWHERE'";
        assert!(refused(&format!("{endpoint}{key}")).contains("NOT_SET_ANYWHERE"));
        assert!(refused("[llm]\nprovider = 'openai'\nurl = 'http://localhost'").contains("model"));
    }

    #[tokio::test]
    async fn an_endpoint_is_called_by_its_model() {
        let model = "[embed]\nmodel = 'endpoint'\nname = 'small'\nurl = 'http://localhost'\ndimensions = 3";
        assert_eq!(embedding(&config(model)).unwrap().name(), "small:3");
    }
}
