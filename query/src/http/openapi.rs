//! `GET /openapi.json`: OpenAPI 3.1, made from the wire types and the registry.

use std::sync::Arc;

use athena_schemas::error::Body;
use athena_schemas::wire::{Accepted, Found, Rows, Search, Sql};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::keys;
use crate::App;
use crate::registry::{Registry, schema_of};
use crate::sealing::Rotated;

pub async fn get(State(app): State<Arc<App>>) -> Response {
    ([(CONTENT_TYPE, "application/json")], app.openapi.clone()).into_response()
}

/// The document, for a server that is given as `/`.
pub fn openapi(registry: &Registry) -> Value {
    let mut paths = Map::new();
    let event = json!({"type": "object", "description": "an event; `content` or `attributes` is required"});
    let events = json!({"oneOf": [event, {"type": "array", "items": event}]});
    let bodies = [
        ("application/json", events),
        ("application/x-ndjson", json!({"type": "string"})),
        ("application/cloudevents+json", event.clone()),
        ("application/cloudevents-batch+json", json!({"type": "array", "items": event})),
    ];
    paths.insert(
        "/v1/events".into(),
        post(
            "append_events",
            "Appends events; answers when they are durable.",
            &bodies,
            &[(200, json_of(schema::<Accepted>())), (202, json_of(schema::<Accepted>()))],
        ),
    );
    paths.insert(
        "/v1/hooks/claude-code".into(),
        post(
            "claude_code_hook",
            "Takes the body of a hook of Claude Code, as it is.",
            &[("application/json", json!({"type": "object"}))],
            &[(200, json_of(schema::<Accepted>()))],
        ),
    );
    let export = [
        ("application/x-protobuf", json!({"type": "string", "format": "binary"})),
        ("application/json", json!({"type": "object"})),
    ];
    let exported = json!({"application/x-protobuf": {}, "application/json": {"schema": {"type": "object"}}});
    let summary = "Takes spans of OpenTelemetry (OTLP/HTTP); those of generative AI become events.";
    paths.insert("/v1/traces".into(), post("export_traces", summary, &export, &[(200, exported)]));
    let message = [("application/json", json!({"type": "object"}))];
    let stream = json!({"application/json": {}, "text/event-stream": {}});
    paths.insert(
        "/mcp".into(),
        post("mcp", "MCP, streamable HTTP: one JSON-RPC message.", &message, &[(200, stream)]),
    );
    paths.insert("/v1/search".into(), typed::<Search, Found>("search", "Finds by words, best first."));
    let rows = json!({
        "application/json": {"schema": schema::<Rows>()},
        "application/vnd.apache.arrow.stream": {"schema": {"type": "string", "format": "binary"}},
        "text/csv": {"schema": {"type": "string"}},
    });
    let body = [("application/json", schema::<Sql>())];
    paths.insert("/v1/sql".into(), post("sql", "Answers one read-only statement.", &body, &[(200, rows)]));
    for (tool, operations) in registry.tools() {
        for one in operations {
            let body = [("application/json", json!(one.arguments))];
            let answer = [(200, json_of(json!(one.result)))];
            let id = format!("{tool}_{}", one.name);
            paths.insert(
                format!("/v1/tools/{tool}/{}", one.name),
                post(&id, &one.description, &body, &answer),
            );
        }
    }
    paths.insert(
        "/v1/keys/rotate".into(),
        typed::<keys::Asked, Rotated>("rotate_keys", "Makes a new master key and wraps every key by it."),
    );
    let any = || json!({"type": "object"});
    for (path, id, summary) in [
        ("/v1/status", "status", "What the memory holds and how far it is."),
        ("/v1/tools", "list_tools", "Every operation, with schemas and examples."),
        ("/v1/keys", "keys", "Master keys by their ids, and how many keys each wraps."),
        ("/openapi.json", "openapi", "This document."),
        ("/healthz", "live", "Whether the process answers."),
        ("/readyz", "ready", "Whether everything works; 503 with what does not."),
    ] {
        let get =
            json!({"operationId": id, "summary": summary, "responses": responses(&[(200, json_of(any()))])});
        paths.insert(path.into(), json!({ "get": get }));
    }
    let text = json!({"text/plain": {"schema": {"type": "string"}}});
    let get = json!({"operationId": "metrics", "summary": "For Prometheus.", "responses": responses(&[(200, text)])});
    paths.insert("/metrics".into(), json!({ "get": get }));
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Athena", "version": env!("CARGO_PKG_VERSION"), "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {}],
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    })
}

fn typed<Q: JsonSchema, A: JsonSchema>(id: &str, summary: &str) -> Value {
    post(id, summary, &[("application/json", schema::<Q>())], &[(200, json_of(schema::<A>()))])
}

fn post(id: &str, summary: &str, bodies: &[(&str, Value)], answers: &[(u16, Value)]) -> Value {
    let content: Map<String, Value> =
        bodies.iter().map(|(media, schema)| ((*media).to_owned(), json!({ "schema": schema }))).collect();
    json!({"post": {
        "operationId": id,
        "summary": summary,
        "requestBody": {"required": true, "content": content},
        "responses": responses(answers),
    }})
}

fn responses(answers: &[(u16, Value)]) -> Value {
    let mut all = Map::new();
    for (status, content) in answers {
        let description = if *status == 202 { "durable, not yet applied" } else { "done" };
        all.insert(status.to_string(), json!({"description": description, "content": content}));
    }
    all.insert(
        "default".into(),
        json!({"description": "what went wrong", "content": json_of(schema::<Body>())}),
    );
    Value::Object(all)
}

fn json_of(schema: Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

fn schema<T: JsonSchema>() -> Value {
    json!(schema_of::<T>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_and_operation_is_there() {
        let document = openapi(&Registry::whole());
        let paths = document["paths"].as_object().unwrap();
        for route in super::super::ROUTES.iter().filter(|route| !route.contains('{')) {
            assert!(paths.contains_key(*route), "{route}");
        }
        assert!(paths.contains_key("/v1/tools/memories/remember"));
        assert!(!document.to_string().contains("$ref"), "schemas are whole where they stand");
        let ids: Vec<_> = paths
            .values()
            .flat_map(|methods| methods.as_object().unwrap().values())
            .map(|one| one["operationId"].as_str().unwrap())
            .collect();
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
    }
}
