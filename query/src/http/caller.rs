//! Who sends a request, from its headers.
//!
//! | `Authorization`   | tokens configured | server on loopback | caller                                     |
//! |-------------------|-------------------|--------------------|--------------------------------------------|
//! | a valid secret    |                   |                    | that token's                               |
//! | a right signature |                   |                    | that token's, see `signed.rs`              |
//! | anything else     |                   |                    | 401                                        |
//! | none              | yes               |                    | 401                                        |
//! | none              | no                | yes                | `local`, an admin, unless a web page asks  |
//! | none              | no                | no                 | 401: such a server does not start          |

use std::sync::Arc;
use std::time::Instant;

use athena_schemas::vocabulary::Origin;
use athena_schemas::{Code, Error};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::request::Parts;

use super::Failure;
use crate::App;
use crate::who::{Caller, Identity, Tokens};

/// What a client says the project is, where the request names none.
const PROJECT: &str = "athena-project";
/// Through which door a client on this machine got what it sends.
pub const DOOR: &str = "athena-door";

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let identity = match parts.extensions.get::<Identity>() {
            Some(signed) => signed.clone(),
            None => identify(&parts.headers, &app.tokens, app.is_loopback())?,
        };
        app.rates.take(&identity.name, Instant::now())?;
        let origin = door(&parts.headers, &identity);
        let project = project(&parts.headers)?.or_else(|| app.options.project.clone());
        Ok(Self { identity, origin, project })
    }
}

fn identify(headers: &HeaderMap, tokens: &Tokens, loopback: bool) -> Result<Identity, Error> {
    let unknown = |message: &str| Error::new(Code::Unauthenticated, message);
    match headers.get(AUTHORIZATION) {
        Some(value) => {
            let secret = value.to_str().ok().and_then(|text| text.split_once(' '));
            secret
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                .and_then(|(_, secret)| tokens.verify(secret.trim()))
                .ok_or_else(|| {
                    unknown("the token is not valid")
                        .hint("one that was made with --signed signs its requests")
                })
        }
        None if !loopback || tokens.configured() => Err(unknown("a token is needed").hint(
            "send `Authorization: Bearer …`, from commands ATHENA_TOKEN; `athena token create` makes one",
        )),
        None if asked_by_a_web_page(headers) => {
            Err(Error::new(Code::PermissionDenied, "web pages may not use this server without a token"))
        }
        None => Ok(Identity::local()),
    }
}

/// A browser sends requests of any page to any address, and a name of any page may point here.
fn asked_by_a_web_page(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let foreign_origin = text(ORIGIN).is_some_and(|origin| {
        origin.split_once("://").is_none_or(|(_, authority)| !is_this_machine(authority))
    });
    foreign_origin || text(HOST).is_some_and(|host| !is_this_machine(host))
}

pub fn is_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Who may read the data directory is believed to be the command line, an import or a stdio server.
fn door(headers: &HeaderMap, identity: &Identity) -> Origin {
    let said = headers.get(DOOR).and_then(|value| Origin::parse(value.to_str().ok()?));
    match said {
        Some(door @ (Origin::Cli | Origin::Import | Origin::Mcp)) if *identity == Identity::local() => door,
        _ => Origin::Http,
    }
}

/// Names of projects may be paths, in UTF-8.
fn project(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get(PROJECT) else { return Ok(None) };
    let name = std::str::from_utf8(value.as_bytes())
        .map_err(|_| Error::invalid("Athena-Project", "the header is not UTF-8"))?;
    Ok(Some(name.to_owned()).filter(|name| !name.is_empty()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;
    use crate::who::Role;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (
                name.parse::<HeaderName>().unwrap(),
                axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            )
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn the_table() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = Tokens::open(folder.path().join("tokens.json")).unwrap();
        let code = |pairs: &[(&str, &str)], tokens: &Tokens, loopback| {
            identify(&headers(pairs), tokens, loopback)
                .map(|identity| identity.name)
                .map_err(|error| error.code)
        };
        assert_eq!(code(&[], &tokens, true).as_deref(), Ok("local"));
        assert_eq!(code(&[], &tokens, false), Err(Code::Unauthenticated));
        assert_eq!(code(&[("authorization", "Bearer guess")], &tokens, true), Err(Code::Unauthenticated));

        let secret = tokens.create("ann", Role::Write, vec!["shop".into()], None).unwrap();
        assert_eq!(code(&[], &tokens, true), Err(Code::Unauthenticated));
        for scheme in ["Bearer", "bearer"] {
            let value = format!("{scheme} {secret}");
            assert_eq!(code(&[("authorization", &value)], &tokens, false).as_deref(), Ok("ann"));
        }
        assert_eq!(code(&[("authorization", &secret)], &tokens, true), Err(Code::Unauthenticated));
    }

    #[test]
    fn web_pages_are_not_local() {
        let asked = |pairs: &[(&str, &str)]| asked_by_a_web_page(&headers(pairs));
        assert!(!asked(&[("host", "127.0.0.1:7070")]));
        assert!(!asked(&[("host", "localhost:7070"), ("origin", "http://localhost:3000")]));
        assert!(!asked(&[("host", "[::1]:7070")]));
        assert!(asked(&[("host", "127.0.0.1:7070"), ("origin", "https://example.org")]));
        assert!(asked(&[("host", "127.0.0.1:7070"), ("origin", "null")]));
        assert!(asked(&[("host", "rebound.example.org:7070")]));
        assert!(asked(&[("host", "localhost.example.org")]));
    }

    #[test]
    fn doors_are_believed_of_this_machine_only() {
        let said =
            |door: &str, identity: &Identity| super::door(&headers(&[("athena-door", door)]), identity);
        let remote = Identity { name: "ann".into(), ..Identity::local() };
        assert_eq!(said("import", &Identity::local()), Origin::Import);
        assert_eq!(said("import", &remote), Origin::Http);
        for door in ["kafka", "hook", "window"] {
            assert_eq!(said(door, &Identity::local()), Origin::Http);
        }
    }
}
