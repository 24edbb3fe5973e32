//! What the query string of a request says: known names only, each once.

use athena_schemas::Error;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Failure;
use crate::arguments;

/// The arguments of a route that are not in its body.
pub struct Said<T>(pub T);

/// Those of most.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Arguments {
    /// Of what names none itself.
    pub project: Option<String>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Said<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let pairs = Query::<Vec<(String, Value)>>::try_from_uri(&parts.uri);
        let Query(pairs) = pairs.map_err(|error| Error::invalid("", error.body_text()))?;
        let mut fields = Map::new();
        for (name, value) in pairs {
            if fields.insert(name.clone(), value).is_some() {
                return Err(Error::invalid(name, "given twice").into());
            }
        }
        Ok(Self(arguments::parse(&Value::Object(fields))?))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use axum::response::IntoResponse;

    use super::*;

    async fn said(uri: &str) -> Result<Option<String>, Failure> {
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let said = Said::<Arguments>::from_request_parts(&mut parts, &()).await;
        said.map(|Said(arguments)| arguments.project)
    }

    #[tokio::test]
    async fn names_are_known_and_given_once() {
        assert_eq!(said("/v1/search").await.unwrap(), None);
        assert_eq!(said("/v1/search?").await.unwrap(), None);
        assert_eq!(said("/v1/search?project=a%2Fb+c").await.unwrap().as_deref(), Some("a/b c"));
        let refused = |failure: Failure| failure.told(|error| error.to_string().into_response());
        for (uri, name) in
            [("/v1/search?projekt=p", "projekt"), ("/v1/search?project=a&project=b", "project")]
        {
            let answer = refused(said(uri).await.unwrap_err());
            let text = axum::body::to_bytes(answer.into_body(), 1 << 10).await.unwrap();
            assert!(String::from_utf8_lossy(&text).contains(name), "{uri}: {text:?}");
        }
    }
}
