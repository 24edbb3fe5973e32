//! Messages of JSON-RPC as MCP has them, and what is wrong with those that are none. Pure.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rmcp::model::{
    CallToolRequestParams, ClientJsonRpcMessage, ErrorCode, GetPromptRequestParams, InitializeRequestParams,
    PaginatedRequestParams, ReadResourceRequestParams, RequestId,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub const INITIALIZE: &str = "initialize";
/// Where such a request says which revision it is of.
const REVISION: &str = "io.modelcontextprotocol/protocolVersion";

/// Whether the parameters of a method fit it.
type Fits = fn(&Value) -> Result<(), String>;

/// The protocol's own methods that Athena answers and that take parameters.
const METHODS: [(&str, Fits); 8] = [
    (INITIALIZE, fits::<InitializeRequestParams>),
    ("tools/list", fits::<PaginatedRequestParams>),
    ("tools/call", fits::<CallToolRequestParams>),
    ("resources/list", fits::<PaginatedRequestParams>),
    ("resources/templates/list", fits::<PaginatedRequestParams>),
    ("resources/read", fits::<ReadResourceRequestParams>),
    ("prompts/list", fits::<PaginatedRequestParams>),
    ("prompts/get", fits::<GetPromptRequestParams>),
];

/// An error as an answer to what was sent.
#[derive(Debug)]
pub struct Wrong {
    /// Of the message, where it has one that can be one; else null.
    id: Value,
    code: ErrorCode,
    why: String,
}

impl Wrong {
    pub fn invalid(id: Value, why: impl Into<String>) -> Self {
        Self { id, code: ErrorCode::INVALID_REQUEST, why: why.into() }
    }

    pub fn value(&self) -> Value {
        json!({"jsonrpc": "2.0", "id": self.id, "error": {"code": self.code, "message": self.why}})
    }
}

impl IntoResponse for Wrong {
    /// What is a message is answered as one; what is none, HTTP refuses too.
    fn into_response(self) -> Response {
        let status = match self.code {
            ErrorCode::INVALID_PARAMS if !self.id.is_null() => StatusCode::OK,
            _ => StatusCode::BAD_REQUEST,
        };
        (status, Json(self.value())).into_response()
    }
}

/// # Errors
/// Bytes that are not JSON.
pub fn parse(bytes: &[u8]) -> Result<Value, Wrong> {
    serde_json::from_slice(bytes).map_err(|error| Wrong {
        id: Value::Null,
        code: ErrorCode::PARSE_ERROR,
        why: format!("not JSON: {error}"),
    })
}

/// # Errors
/// A value that is no message; parameters that do not fit the method.
pub fn check(message: &Value) -> Result<(), Wrong> {
    let Some(fields) = message.as_object() else {
        return Err(Wrong::invalid(Value::Null, "a message is a JSON object"));
    };
    let id = fields.get("id").cloned().unwrap_or_default();
    if fields.contains_key("id") && RequestId::deserialize(&id).is_err() {
        return Err(Wrong::invalid(Value::Null, "`id` is neither a text nor a whole number"));
    }
    if fields.get("jsonrpc").is_none_or(|version| version != "2.0") {
        return Err(Wrong::invalid(id, "`jsonrpc` is not \"2.0\""));
    }
    match fields.get("method") {
        Some(Value::String(method)) => {
            let params = fields.get("params").filter(|params| !params.is_null());
            let checked = fitting(method, params, fields.contains_key("id"));
            let refused = |why| Wrong { id: id.clone(), code: ErrorCode::INVALID_PARAMS, why };
            checked.map_err(refused)?;
        }
        Some(_) => return Err(Wrong::invalid(id, "`method` is not a text")),
        None if fields.contains_key("result") || fields.contains_key("error") => {}
        None => return Err(Wrong::invalid(id, "`method` is missing")),
    }
    let read = ClientJsonRpcMessage::deserialize(message);
    read.map(drop).map_err(|error| Wrong::invalid(id, error.to_string()))
}

fn fitting(method: &str, params: Option<&Value>, is_request: bool) -> Result<(), String> {
    if params.is_some_and(|params| !params.is_object()) {
        return Err("`params` is not an object".into());
    }
    // Clients of revisions without sessions say theirs in each request, and know no `initialize`: it is answered so.
    let without_sessions = params.is_some_and(|params| params["_meta"].get(REVISION).is_some());
    let checked = is_request && !(without_sessions && method == INITIALIZE);
    let own = METHODS.iter().find(|(name, _)| *name == method && checked);
    own.map_or(Ok(()), |(_, fits)| {
        fits(params.unwrap_or(&json!({}))).map_err(|why| format!("{method}: {why}"))
    })
}

/// What is wrong with `_meta` alone is left to who reads the headers beside it.
fn fits<T: DeserializeOwned>(params: &Value) -> Result<(), String> {
    let Err(error) = T::deserialize(params) else { return Ok(()) };
    let mut rest = params.clone();
    rest.as_object_mut().map(|fields| fields.shift_remove("_meta"));
    T::deserialize(&rest).map(drop).map_err(|_| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(message: Value) -> Option<(i32, Value)> {
        check(&message).err().map(|wrong| (wrong.code.0, wrong.id))
    }

    #[test]
    fn what_is_no_message_is_told() {
        let invalid = |id: Value| Some((-32600, id));
        for message in [json!("x"), json!(null), json!(7), json!({"jsonrpc": "2.0"})] {
            assert_eq!(code(message.clone()), invalid(Value::Null), "{message}");
        }
        assert_eq!(code(json!({"id": 1, "method": "ping"})), invalid(json!(1)));
        assert_eq!(code(json!({"jsonrpc": "1.0", "id": "a", "method": "ping"})), invalid(json!("a")));
        assert_eq!(code(json!({"jsonrpc": "2.0", "id": 1.5, "method": "ping"})), invalid(Value::Null));
        assert_eq!(code(json!({"jsonrpc": "2.0", "id": null, "method": "ping"})), invalid(Value::Null));
        assert_eq!(code(json!({"jsonrpc": "2.0", "id": 1, "method": 5})), invalid(json!(1)));
        assert_eq!(parse(b"{bad").unwrap_err().code, ErrorCode::PARSE_ERROR);
        assert_eq!(parse(b"\"\xff\"").unwrap_err().code, ErrorCode::PARSE_ERROR);
    }

    #[test]
    fn parameters_fit_their_method() {
        let asked = |method: &str, params: Value| {
            code(json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
        };
        let unfit = Some((-32602, json!(1)));
        for params in [json!([]), json!({}), json!({"name": 5}), json!({"name": "recall", "arguments": []})] {
            assert_eq!(asked("tools/call", params.clone()), unfit, "{params}");
        }
        assert_eq!(code(json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call"})), unfit);
        assert_eq!(asked("tools/list", json!({"cursor": 5})), unfit);
        assert_eq!(asked("ping", json!([])), unfit);
        assert_eq!(asked("tools/call", json!({"name": "recall", "arguments": {"query": "x"}})), None);
        assert_eq!(asked("tools/list", Value::Null), None);
        assert_eq!(asked("tools/list", json!({"_meta": {"progressToken": 1}})), None);
        assert_eq!(asked("no/such", json!({})), None, "who knows the methods says so");
        assert_eq!(code(json!({"jsonrpc": "2.0", "method": "notifications/initialized"})), None);
        assert_eq!(code(json!({"jsonrpc": "2.0", "id": 1, "result": {}})), None);
    }
}
