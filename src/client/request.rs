//! A request that can be sent more than once.

use std::borrow::Cow;

use anyhow::Context;
use reqwest::Method;
use serde::Serialize;

#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(Cow<'static, str>, String)>,
    pub body: Option<Vec<u8>>,
    /// Whether sending it twice does what sending it once does.
    pub repeatable: bool,
}

impl Request {
    pub fn get(path: &str) -> Self {
        Self { method: Method::GET, path: path.into(), headers: vec![], body: None, repeatable: true }
    }

    pub fn post(path: &str, content_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type".into(), content_type.to_owned())];
        Self { method: Method::POST, path: path.into(), headers, body: Some(body), repeatable: true }
    }

    pub fn json(path: &str, body: &impl Serialize) -> anyhow::Result<Self> {
        Ok(Self::post(path, "application/json", serde_json::to_vec(body).context("write JSON")?))
    }

    pub fn header(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}
