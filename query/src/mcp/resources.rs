//! Resources: memories and events by address.

use std::sync::Arc;

use athena_schemas::wire::Kind;
use athena_schemas::{Code, Error, Time};
use athena_store::Scope;
use rmcp::model::{
    ErrorData, ListResourcesResult, ReadResourceResult, Resource, ResourceContents, ResourceTemplate,
};
use serde_json::{Value, json};

use crate::App;
use crate::operations::paging;
use crate::text::{Filter, excerpt};
use crate::who::Caller;

const MEMORY: &str = "athena://memory/";
/// Resources of a page.
const PAGE: usize = 50;
/// Characters of a title.
const TITLE_CHARS: usize = 80;

pub fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new(format!("{MEMORY}{{id}}"), "memory")
            .with_description("A memory as it is now, as JSON")
            .with_mime_type("application/json"),
    ]
}

/// The memories that hold, the newest first, a page at a time.
///
/// # Errors
/// `permission_denied`; a cursor that is none.
pub async fn list(
    app: &Arc<App>,
    caller: &Caller,
    cursor: Option<&str>,
) -> Result<ListResourcesResult, Error> {
    let projects = caller.projects(None, &[])?;
    let before = cursor.map(paging::moment).transpose()?;
    let scope = Scope::Projects(projects);
    app.wait_until_found(&app.acknowledged(&scope)).await;
    let filter = Filter { kinds: vec![Kind::Memory], holds_at: Some(Time::now()), ..Filter::within(scope) };
    let mut found = app.text.list(filter, PAGE + 1, before).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next =
        found.last().filter(|_| more).map(|last| format!("{}-{}", last.hit.time.micros(), last.position));
    let resource = |found: &crate::text::TextHit| {
        let title = excerpt(&found.hit.content, "", TITLE_CHARS);
        Resource::new(
            format!("{MEMORY}{}", found.hit.id),
            found.hit.name.clone().unwrap_or_else(|| title.clone()),
        )
        .with_description(title)
        .with_mime_type("application/json")
    };
    let mut listed = ListResourcesResult::with_all_items(found.iter().map(resource).collect());
    listed.next_cursor = next;
    Ok(listed)
}

/// One of them.
///
/// # Errors
/// Resource not found, also where it may not be seen.
pub async fn read(app: &Arc<App>, caller: &Caller, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let absent = || ErrorData::resource_not_found(format!("no resource {uri}"), Some(json!({ "uri": uri })));
    let id = uri.strip_prefix(MEMORY).filter(|id| !id.is_empty()).ok_or_else(absent)?;
    let entry = app.registry.find("memories", "get").map_err(super::protocol)?;
    let row: Value = match entry.call(app, caller, json!({ "id": id })).await {
        Ok(row) => row,
        Err(error) if error.code == Code::NotFound => return Err(absent()),
        Err(error) => return Err(super::protocol(error)),
    };
    let contents = ResourceContents::text(row.to_string(), uri).with_mime_type("application/json");
    Ok(ReadResourceResult::new(vec![contents]))
}
