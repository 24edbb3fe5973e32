//! Events through this server's doors: named, checked, appended, acknowledged.

use std::collections::BTreeSet;

use athena_ingest::apply::CAUSE;
use athena_ingest::decode::Element;
use athena_ingest::{Draft, Submission};
use athena_schemas::Error;
use athena_schemas::vocabulary::Origin;
use athena_schemas::wire::{Accepted, Rejected};
use serde_json::{Map, Value};

use crate::who::{Caller, Role};
use crate::{App, hooks_out, metrics};

/// The longest key: with the largest index it must still be an id.
const KEY_BYTES: usize = 500;

/// What a request says about all of its events.
#[derive(Debug, Default)]
pub struct Given<'a> {
    /// The project of those that name none.
    pub project: Option<&'a str>,
    /// Gives those without an id the id `KEY/index`.
    pub idempotency_key: Option<&'a str>,
}

/// Events sorted into those to append and those that were refused.
#[derive(Debug, Default)]
pub struct Sorted {
    pub drafts: Vec<Draft>,
    pub rejected: Vec<Rejected>,
    /// None of the events could be read.
    pub unreadable: bool,
}

/// Appends events and answers when they are durable.
///
/// # Errors
/// `permission_denied`; `invalid_argument` when none of the events could be read, as the first of them
/// says; what the log says.
pub async fn append(
    app: &App,
    caller: &Caller,
    origin: Origin,
    elements: Vec<Element>,
    given: &Given<'_>,
) -> Result<Accepted, Error> {
    caller.identity.must(Role::Write)?;
    let log = app.log()?;
    let Sorted { drafts, rejected, unreadable } = sort(elements, caller, given)?;
    let door = origin.name();
    if unreadable && let Some(first) = rejected.first() {
        metrics::events(door, 0, 0, rejected.len() as u64);
        let message = match rejected.len() {
            1 => first.message.clone(),
            many => format!("none of {many} events could be read; the first: {}", first.message),
        };
        return Err(Error { field: first.field.clone(), ..Error::new(first.code, message) });
    }
    let projects: BTreeSet<String> = drafts.iter().filter_map(|draft| draft.project.clone()).collect();
    let mut drafts = drafts;
    drafts.iter_mut().for_each(|draft| caused(draft, &hooks_out::led()));
    let actor = caller.identity.name.clone();
    let receipt = log.append(Submission { drafts, actor, origin }).await?;
    app.acknowledge(projects.iter().map(String::as_str), &receipt.position);
    metrics::events(door, receipt.accepted, receipt.duplicates.unwrap_or(0), rejected.len() as u64);
    let project = match projects.first() {
        Some(only) if projects.len() == 1 => only.clone(),
        _ => caller.project(given.project).unwrap_or_default(),
    };
    Ok(Accepted {
        accepted: receipt.accepted,
        duplicates: receipt.duplicates,
        rejected,
        position: receipt.position,
        pending: receipt.pending,
        project,
    })
}

/// Says what led to an event: nothing fires by what it led to. Nobody else may say so.
fn caused(draft: &mut Draft, chain: &[String]) {
    let said = draft.attributes.as_deref().is_some_and(|text| text.contains(CAUSE));
    if !said && chain.is_empty() {
        return;
    }
    let attributes = draft.attributes.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let mut attributes: Map<String, Value> = attributes.unwrap_or_default();
    attributes.shift_remove(CAUSE);
    if !chain.is_empty() {
        attributes.insert(CAUSE.into(), chain.into());
    }
    draft.attributes = (!attributes.is_empty()).then(|| Value::Object(attributes).to_string());
}

/// Gives each event what the request says for all, and takes out those that may not be written.
///
/// # Errors
/// A project for all that the caller may not use; a key that is too long.
pub fn sort(elements: Vec<Element>, caller: &Caller, given: &Given<'_>) -> Result<Sorted, Error> {
    if given.idempotency_key.is_some_and(|key| key.is_empty() || key.len() > KEY_BYTES) {
        return Err(Error::invalid("Idempotency-Key", format!("the key has 1 to {KEY_BYTES} bytes")));
    }
    // A project said for all is a mistake of the request; one that stands in is one of each event.
    let stands_in = match given.project {
        Some(_) => Ok(caller.project(given.project)?),
        None => caller.project(None),
    };
    let mut sorted = Sorted::default();
    let mut readable = 0;
    for (index, element) in elements {
        let draft = element.map_err(Error::from).and_then(|mut draft| {
            readable += 1;
            match &draft.project {
                Some(project) => caller.identity.must_see(project)?,
                None => draft.project = Some(stands_in.clone()?),
            }
            if let (None, Some(key)) = (&draft.id, given.idempotency_key) {
                draft.id = Some(format!("{key}/{index}"));
            }
            Ok(draft)
        });
        match draft {
            Ok(draft) => sorted.drafts.push(draft),
            Err(Error { code, message, field, hint, .. }) => {
                let message = hint.map_or(message.clone(), |hint| format!("{message}; {hint}"));
                sorted.rejected.push(Rejected { index, code, field, message });
            }
        }
    }
    sorted.unreadable = readable == 0 && !sorted.rejected.is_empty();
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use athena_ingest::Reject;
    use athena_schemas::Code;

    use super::*;
    use crate::who::Identity;

    fn caller(projects: &[&str]) -> Caller {
        let projects = projects.iter().map(|name| (*name).to_owned()).collect();
        let identity = Identity { name: "ann".into(), role: Role::Write, projects, sensitive: false };
        Caller { identity, origin: Origin::Http, project: None }
    }

    fn draft(project: Option<&str>, id: Option<&str>) -> Result<Draft, Reject> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Ok(Draft { project: owned(project), id: owned(id), content: Some("x".into()), ..Draft::default() })
    }

    #[test]
    fn each_event_for_itself() {
        let elements = vec![
            (0, draft(None, None)),
            (1, draft(Some("b"), Some("own"))),
            (2, draft(Some("secret"), None)),
            (3, Err(Reject::new("time", "not a time"))),
        ];
        let given = Given { project: Some("a"), idempotency_key: Some("k") };
        let sorted = sort(elements, &caller(&["a", "b"]), &given).unwrap();
        let kept: Vec<_> =
            sorted.drafts.iter().map(|d| (d.project.as_deref().unwrap(), d.id.as_deref().unwrap())).collect();
        assert_eq!(kept, [("a", "k/0"), ("b", "own")]);
        let refused: Vec<_> =
            sorted.rejected.iter().map(|r| (r.index, r.code, r.field.as_deref().unwrap())).collect();
        assert_eq!(refused, [(2, Code::PermissionDenied, "project"), (3, Code::InvalidArgument, "time")]);
        assert!(!sorted.unreadable);
    }

    #[test]
    fn a_project_for_all_must_be_allowed() {
        let given = Given { project: Some("secret"), ..Given::default() };
        let refused = sort(vec![(0, draft(None, None))], &caller(&["a"]), &given).unwrap_err();
        assert_eq!(refused.code, Code::PermissionDenied);
        // Two projects and none named: each event that names none is refused.
        let sorted = sort(
            vec![(0, draft(None, None)), (1, draft(Some("a"), None))],
            &caller(&["a", "b"]),
            &Given::default(),
        );
        let sorted = sorted.unwrap();
        assert_eq!((sorted.drafts.len(), sorted.rejected[0].index), (1, 0));
        assert!(!sorted.unreadable, "what may not be written was readable");
    }

    #[test]
    fn nothing_readable_is_told() {
        let bad = || Err(Reject::new("content", "missing"));
        assert!(sort(vec![(0, bad()), (1, bad())], &caller(&["a"]), &Given::default()).unwrap().unreadable);
        assert!(!sort(vec![], &caller(&["a"]), &Given::default()).unwrap().unreadable);
    }
}
