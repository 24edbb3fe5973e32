//! Memories that become sensitive, and those that are no more: the content is sealed or opened on its way to the log, and
//! what stood in clear before is taken out of it.

use athena_schemas::sealed::{OPENING, is_sealed};
use athena_schemas::tables::Memory;
use athena_schemas::{Code, Error};
use athena_store::Scope;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Update, Written, absent, of, written};
use crate::operations::records::one_project;
use crate::operations::rows::objects;
use crate::registry::Call;
use crate::sealing;

const IN_CLEAR: &str = include_str!("../../../sql/commands_in_clear.sql");

/// The arguments of the command, which tells the log nothing in clear that is sensitive.
#[derive(Serialize)]
struct Sealed {
    #[serde(flatten)]
    update: Update,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clear: Vec<u64>,
}

/// Whether any of the memories is sensitive.
///
/// # Errors
/// Storage.
pub(super) async fn any(call: &Call, ids: &[String]) -> Result<bool, Error> {
    let (_, scope) = one_project(call).await?;
    Ok(of(&call.app, &scope, ids).await?.iter().any(|memory| memory.sensitive))
}

/// # Errors
/// What the command refuses; `permission_denied` for who opens what is not told to them.
pub(super) async fn update(call: &Call, mut update: Update) -> Result<Written, Error> {
    if update.content.is_none() && update.sensitive.is_none() {
        return written(call.command(&update).await?);
    }
    let (project, scope) = one_project(call).await?;
    let old = of(&call.app, &scope, std::slice::from_ref(&update.id)).await?.pop();
    let old = old.ok_or_else(|| absent(&update.id, std::slice::from_ref(&project)))?;
    let kept = old.content.as_str();
    let is = update.sensitive.unwrap_or(old.sensitive);
    let mut clear = Vec::new();
    match (is, old.sensitive && is_sealed(kept)) {
        (true, sealed) => {
            let content = update.content.take();
            if content.is_some() || !sealed {
                update.content = Some(sealing::told(call, true, content.as_deref().unwrap_or(kept)).await?);
            }
            if !sealed {
                may_clear(call, &old)?;
                clear = in_clear(call, &scope, &update.id).await?;
                // Another change meanwhile would be one in clear.
                update.version = update.version.or(Some(old.version));
            }
        }
        (false, true) => {
            if !call.caller.identity.opens(&old.actor) {
                let error = Error::new(Code::PermissionDenied, format!("memory {} is sensitive", update.id));
                return Err(error.hint(sealing::WITHHELD));
            }
            let content = match update.content.take() {
                Some(content) => content,
                None => sealing::open(&call.app, &project, kept).await?,
            };
            update.content = Some(sealing::told(call, false, &content).await?);
            update.version = update.version.or(Some(old.version));
        }
        (false, false) => {
            if let Some(content) = &update.content {
                sealing::told(call, false, content).await?;
            }
        }
    }
    let (id, late) = (update.id.clone(), !is);
    let done = call.command(&Sealed { update, clear }).await;
    match done {
        // It became sensitive meanwhile: what this told in clear is taken out again.
        Err(error) if late && error.code == Code::Conflict => {
            take_back(call, &scope, &id).await?;
            Err(error)
        }
        done => written(done?),
    }
}

/// Takes a change out of the log that came in clear after the memory had become sensitive.
async fn take_back(call: &Call, scope: &Scope, id: &str) -> Result<(), Error> {
    let now = of(&call.app, scope, &[id.to_owned()]).await?.pop();
    if !now.is_some_and(|now| now.sensitive) {
        return Ok(());
    }
    let clear = in_clear(call, scope, id).await?;
    if !clear.is_empty() {
        call.command_as(None, &json!({"id": id, "sensitive": true, "clear": clear})).await?;
    }
    Ok(())
}

/// What stood in clear is taken away, which only its author and admins do.
fn may_clear(call: &Call, old: &Memory) -> Result<(), Error> {
    let identity = &call.caller.identity;
    if identity.role == crate::who::Role::Admin || identity.name == old.actor {
        return Ok(());
    }
    let message = format!("memory {} was told by another", old.id);
    Err(Error::new(Code::PermissionDenied, message).hint("its author or an admin may make it sensitive"))
}

async fn in_clear(call: &Call, scope: &Scope, id: &str) -> Result<Vec<u64>, Error> {
    let given = [json!(Value::from(id).to_string()), json!(OPENING)];
    let found = objects(&call.app, scope, IN_CLEAR, &given, 1).await?.pop().unwrap_or_default();
    let positions = found.get("positions").and_then(Value::as_array).into_iter().flatten();
    Ok(positions.filter_map(Value::as_u64).collect())
}
