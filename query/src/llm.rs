//! A language model, where one is configured: asked within bounds, and believed only as far as the evidence goes.
//!
//! ```text
//! prompt ─▶ known? ─▶ budget ─▶ endpoint (breaker, tries, time) ─▶ answer ─▶ in the evidence? ─ yes ─▶ `llm`
//!                                                                                └ no, or no answer ─▶ rules
//! ```
//!
//! No operation needs it: whoever asks has a method of its own, by rules, and says which one answered. What it
//! is given may have been written by anybody, so what it says never runs anything and writes nothing.

mod budget;
mod evidence;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use athena_schemas::{Error as Invalid, Time};
use athena_store::remote::{BreakerOptions, Cache, Failure, Key, Patience, Remote, RemoteOptions, Standing};
use athena_store::{Cached, Lookups};
use metrics::counter;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tracing::debug;

use crate::recent::Forget;
use budget::Budget;
pub use evidence::{SUPPORTED, support};

/// Characters of the longest prompt.
const PROMPT_CHARS: usize = 400_000;
/// Bytes of a token at least, on average: what a prompt is taken to cost before the endpoint says.
const BYTES_OF_A_TOKEN: usize = 3;

/// Whose form requests have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// `POST {url}/chat/completions`.
    OpenAi,
    /// `POST {url}/messages`.
    Anthropic,
}

#[derive(Debug, Clone)]
pub struct Options {
    pub provider: Provider,
    pub url: String,
    pub model: String,
    pub api_key: Option<String>,
    pub patience: Patience,
    /// Requests at once.
    pub concurrency: usize,
    /// Tokens of the longest answer.
    pub max_tokens: u32,
    /// Tokens of prompts and answers within an hour and a day; 0: no bound.
    pub tokens_per_hour: u64,
    pub tokens_per_day: u64,
    pub cache_bytes: usize,
    pub breaker: BreakerOptions,
}

/// What the model is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prompt {
    /// What it is to do.
    pub system: String,
    /// What with: the question and the evidence.
    pub user: String,
    /// Tokens of the answer at most; as configured where `None`, and never more.
    pub max_tokens: Option<u32>,
}

/// What it answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    pub text: String,
    /// Whether it was cut at its most tokens.
    pub cut: bool,
    /// Tokens of prompt and answer, as the endpoint counted them; as taken for where it did not.
    pub tokens: u64,
    /// Whether it was known from before: nothing was asked or spent.
    pub known: bool,
}

/// Why there is no answer; the caller's rules answer then.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("language model {0}")]
    Endpoint(#[from] Failure),
    #[error("the budget of {budget} tokens a {per} is spent; there is more in {} s", .wait.as_secs())]
    Spent { budget: u64, per: &'static str, wait: Duration },
    #[error("a prompt has at most {PROMPT_CHARS} characters")]
    TooLong,
    #[error("the language model said nothing")]
    Empty,
    #[error("what the language model said is not in the evidence")]
    Unsupported,
}

impl Error {
    /// As it stands in `degraded`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Endpoint(_) => "llm_endpoint_down",
            Self::Spent { .. } => "llm_budget_spent",
            Self::TooLong => "llm_prompt_too_long",
            Self::Empty | Self::Unsupported => "llm_unsupported",
        }
    }
}

/// A text, and which method it is by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Told {
    pub text: String,
    /// `llm`, or the name of the rules.
    pub method: String,
    /// Why a configured model did not answer, as in `degraded`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degraded: Option<String>,
}

/// The client. Cheap calls after the first of the same prompt; dropping a call ends its request.
#[derive(Debug)]
pub struct Llm {
    options: Options,
    remote: Remote,
    budget: Mutex<Budget>,
    known: Mutex<Cache<Arc<Completion>>>,
    lookups: Lookups,
}

impl Forget for Llm {
    fn forget(&self) {
        self.known.lock().clear();
    }

    fn cached(&self) -> Cached {
        let known = self.known.lock();
        self.lookups.of(Some(known.len()), Some(known.kept_bytes()))
    }
}

impl Llm {
    /// # Errors
    /// An option that is none, by its name.
    pub fn new(options: Options) -> Result<Self, Invalid> {
        if options.model.is_empty() {
            return Err(Invalid::invalid("model", "say which model the endpoint is asked for"));
        }
        if options.max_tokens == 0 {
            return Err(Invalid::invalid("max_tokens", "an answer has at least one token"));
        }
        let remote = Remote::new(RemoteOptions {
            url: options.url.clone(),
            headers: wire::headers(options.provider, options.api_key.as_deref()),
            concurrency: options.concurrency,
            breaker: options.breaker,
        })?;
        let budget = Mutex::new(Budget::new(options.tokens_per_hour, options.tokens_per_day));
        let known = Mutex::new(Cache::new(options.cache_bytes));
        Ok(Self { remote, budget, known, lookups: Lookups::default(), options })
    }

    /// The model's name.
    pub fn model(&self) -> &str {
        &self.options.model
    }

    /// Whether it failed so often that it is left alone for now.
    pub fn is_down(&self) -> bool {
        self.remote.is_down()
    }

    /// How it stands with the service.
    pub fn standing(&self) -> Standing {
        self.remote.standing()
    }

    /// Tokens spent within the last hour and day.
    pub fn spent(&self) -> (u64, u64) {
        self.budget.lock().spent(Time::now())
    }

    /// What the model makes of a prompt.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn complete(&self, prompt: &Prompt) -> Result<Completion, Error> {
        let key = self.key(prompt);
        let known = self.known.lock().get(&key);
        self.lookups.note(known.is_some());
        if let Some(known) = known {
            counter!("athena_llm_total", "outcome" => "known").increment(1);
            return Ok(Completion { known: true, ..known.as_ref().clone() });
        }
        let answer = self.ask(prompt).await;
        let outcome = answer.as_ref().map_or_else(Error::name, |_| "ok");
        counter!("athena_llm_total", "outcome" => outcome).increment(1);
        let answer = answer.inspect_err(|error| debug!(%error, "no completion"))?;
        let bytes = size_of::<Completion>() + answer.text.len();
        self.known.lock().insert(key, Arc::new(answer.clone()), bytes);
        Ok(answer)
    }

    /// The same, if most of what it says is in the evidence: see [`support`].
    ///
    /// # Errors
    /// `Unsupported` else; see [`Error`].
    pub async fn complete_from(&self, prompt: &Prompt, evidence: &[&str]) -> Result<Completion, Error> {
        let answer = self.complete(prompt).await?;
        match support(&answer.text, evidence) {
            share if share >= SUPPORTED => Ok(answer),
            share => {
                debug!(share, "completion not in the evidence");
                Err(Error::Unsupported)
            }
        }
    }

    async fn ask(&self, prompt: &Prompt) -> Result<Completion, Error> {
        if prompt.system.chars().count() + prompt.user.chars().count() > PROMPT_CHARS {
            return Err(Error::TooLong);
        }
        let most = self.most(prompt);
        let asked = (prompt.system.len() + prompt.user.len()).div_ceil(BYTES_OF_A_TOKEN) as u64;
        // Taken before, so that many at once do not spend it twice; what is known better is set right after.
        let taken = asked + u64::from(most);
        self.budget.lock().take(Time::now(), taken)?;
        let (path, body) = wire::request(self.options.provider, &self.options.model, prompt, most);
        let read = |answer| wire::read(self.options.provider, answer);
        let answer = self.remote.post(path, &body, self.options.patience, read).await;
        let spent = match &answer {
            Ok(said) => said.tokens.unwrap_or(asked + said.text.len().div_ceil(BYTES_OF_A_TOKEN) as u64),
            // It may have gone on when nobody listened any more.
            Err(Failure::Timeout | Failure::Malformed(_)) => taken,
            Err(_) => 0,
        };
        self.budget.lock().settle(Time::now(), taken, spent);
        counter!("athena_llm_tokens_total").increment(spent);
        let said = answer?;
        if said.text.trim().is_empty() {
            return Err(Error::Empty);
        }
        Ok(Completion { text: said.text.trim().to_owned(), cut: said.cut, tokens: spent, known: false })
    }

    fn most(&self, prompt: &Prompt) -> u32 {
        prompt.max_tokens.unwrap_or(self.options.max_tokens).clamp(1, self.options.max_tokens)
    }

    fn key(&self, prompt: &Prompt) -> Key {
        let mut hasher = blake3::Hasher::new();
        let most = self.most(prompt).to_string();
        for part in [&self.options.url, &self.options.model, &prompt.system, &prompt.user, &most] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
        let mut key = Key::default();
        key.copy_from_slice(&hasher.finalize().as_bytes()[..size_of::<Key>()]);
        key
    }
}

/// What a model makes of the evidence, if there is one and it keeps to it; else what the rules give, which are
/// called by a name.
pub async fn told(
    llm: Option<&Arc<Llm>>,
    prompt: &Prompt,
    evidence: &[&str],
    rules: (&'static str, impl FnOnce() -> String),
) -> Told {
    let (name, rules) = rules;
    let by_rules = |degraded: Option<&str>| Told {
        text: rules(),
        method: name.into(),
        degraded: degraded.map(str::to_owned),
    };
    let Some(llm) = llm else { return by_rules(None) };
    match llm.complete_from(prompt, evidence).await {
        Ok(answer) => Told { text: answer.text, method: "llm".into(), degraded: None },
        Err(error) => by_rules(Some(error.name())),
    }
}

#[cfg(test)]
mod tests;
