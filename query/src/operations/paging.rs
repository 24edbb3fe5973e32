//! Pages: where one ends and the next begins.

use athena_schemas::wire::{Hit, Mode};
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::Serialize;

use crate::registry::Call;
use crate::search::missing;
use crate::text::{Filter, Moment, TextHit, excerpt};

/// Rows when a call does not say how many, and the most that it may ask for.
pub const LIMIT: usize = 20;
pub const MOST: usize = 1_000;
/// Characters of a content in a list.
const SHOWN_CHARS: usize = 400;

/// Some of the rows, the newest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Page {
    pub items: Vec<Hit>,
    /// What to pass as `cursor` for the next ones; null at the end.
    pub next_cursor: Option<String>,
    /// What the answer lacks.
    pub degraded: Vec<String>,
    pub position: Position,
    pub projects: Vec<String>,
}

/// # Errors
/// A number of rows that nobody may ask for.
pub fn limit(asked: Option<usize>) -> Result<usize, Error> {
    match asked {
        None => Ok(LIMIT),
        Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
        Some(limit) => {
            Err(Error::invalid("limit", format!("{limit} rows; from 1 to {MOST} can be asked for")))
        }
    }
}

/// Where a page ended, from its cursor.
///
/// # Errors
/// One that no page gave.
pub fn moment(cursor: &str) -> Result<Moment, Error> {
    let parsed = cursor.rsplit_once('-').and_then(|(time, at)| Some((time.parse().ok()?, at.parse().ok()?)));
    parsed.ok_or_else(|| {
        Error::invalid("cursor", format!("{cursor:?} is no cursor of this list"))
            .hint("pass `next_cursor` of the page before, as it was")
    })
}

/// What passes a filter, a page of it.
///
/// # Errors
/// An index that cannot be read.
pub async fn page(
    call: &Call,
    projects: Vec<String>,
    filter: Filter,
    (limit, before): (usize, Option<Moment>),
) -> Result<Page, Error> {
    let degraded = missing(&call.app, &filter.scope, call.shared.after.as_ref(), Mode::Text).await;
    let position = call.app.following.found.borrow().clone();
    let mut found = call.app.text.list(filter, limit + 1, before).await?;
    let next_cursor = cut(&mut found, limit);
    let items = found.into_iter().map(shortened).collect();
    Ok(Page { items, next_cursor, degraded, position, projects })
}

/// A row of a list: `get` has the whole of it.
pub fn shortened(found: TextHit) -> Hit {
    Hit { content: excerpt(&found.hit.content, "", SHOWN_CHARS), ..found.hit }
}

/// Cuts what was drawn, one more than is wanted, to a page; gives the cursor of the next.
pub fn cut(found: &mut Vec<TextHit>, limit: usize) -> Option<String> {
    let more = found.len() > limit;
    found.truncate(limit);
    found.last().filter(|_| more).map(|last| format!("{}-{}", last.hit.time.micros(), last.position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_what_was_given() {
        assert_eq!(moment("1700-42"), Ok((1700, 42)));
        assert_eq!(moment("-5-42"), Ok((-5, 42)));
        assert_eq!(moment("x").unwrap_err().field.as_deref(), Some("cursor"));
    }

    #[test]
    fn pages_are_bounded() {
        assert_eq!((limit(None), limit(Some(1_000))), (Ok(20), Ok(1_000)));
        assert_eq!(limit(Some(0)).unwrap_err().field.as_deref(), Some("limit"));
    }
}
