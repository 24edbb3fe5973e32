//! The sessions that procedures are found in, in order, and a bounded part of them at once.

use std::collections::BTreeSet;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::DataType;
use athena_learn::steps::{Session, StepEvent, without_injected};
use athena_schemas::{Column, Time, ids};
use datafusion::dataframe::DataFrame;
use datafusion::prelude::SessionContext;
use datafusion::scalar::ScalarValue;
use futures::TryStreamExt;

use crate::{Error, Result, statements};

/// Events that are read at once: of more, a sample of the sessions.
const READ: u64 = 200_000;
/// Events of a session that are one piece: those of an agent that names no session may be very many.
const PIECE: usize = 2_000;
/// Characters of a command, and of what was said or returned, that are read.
const COMMAND_CHARS: i64 = 8_000;
const SAID_CHARS: i64 = 2_000;

/// The events of the project.
pub async fn all_events(context: &SessionContext) -> Result<u64> {
    let rows = statements::texts(context, statements::EVENTS).await?;
    Ok(rows.first().and_then(|row| row.first()?.parse().ok()).unwrap_or_default())
}

/// The sessions of a statement, each with its number of events.
pub async fn counted(context: &SessionContext, statement: &str) -> Result<Vec<(String, u64)>> {
    let rows = statements::texts(context, statement).await?;
    let counted = |row: Vec<String>| {
        let [session, events] = <[String; 2]>::try_from(row).ok()?;
        Some((session, events.parse().ok()?))
    };
    Ok(rows.into_iter().filter_map(counted).collect())
}

/// The sessions that are read, and their events: all, or a sample chosen by their ids, nearly the same when more come.
pub fn chosen(counted: Vec<(String, u64)>) -> (BTreeSet<String>, u64) {
    let mut order = counted;
    order.sort_by_cached_key(|(session, _)| ids::text(session));
    let mut read = 0;
    let mut chosen = BTreeSet::new();
    for (session, events) in order {
        if read + events <= READ || chosen.is_empty() {
            read += events;
            chosen.insert(session);
        }
    }
    (chosen, read)
}

/// The sessions that events are of, in order, with at most so many as are read at once.
pub async fn read_sessions(context: &SessionContext, events: DataFrame) -> Result<Vec<Session>> {
    context.deregister_table("chosen")?;
    context.register_table("chosen", events.into_view())?;
    let bounds = [COMMAND_CHARS, SAID_CHARS].map(|chars| ScalarValue::Int64(Some(chars)));
    let frame = context.sql(statements::STEP_EVENTS).await?.with_param_values(bounds.to_vec())?;
    let mut batches = frame.execute_stream().await?;
    let mut sessions: Vec<Session> = vec![];
    let mut left = READ;
    while let Some(batch) = batches.try_next().await? {
        for (session, event) in step_events(&batch)? {
            let goes_on = sessions.last().is_some_and(|open| open.id == session && open.events.len() < PIECE);
            if !goes_on {
                sessions.push(Session { id: session, events: vec![] });
            }
            if let (Some(open), true) = (sessions.last_mut(), left > 0) {
                open.events.push(event);
                left -= 1;
            }
        }
    }
    Ok(sessions)
}

/// The rows of a batch of `sql/step_events.sql`, without what Athena itself put into what was said.
fn step_events(batch: &RecordBatch) -> Result<Vec<(String, StepEvent)>> {
    let column = |name: &str, of_type: &DataType| {
        Ok::<_, Error>(arrow::compute::cast(batch.column(batch.schema().index_of(name)?), of_type)?)
    };
    let text = |name: &str| column(name, &DataType::Utf8);
    let (session, id, agent, kind) = (text("session")?, text("id")?, text("agent")?, text("type")?);
    let (tool, content, outcome, parent) =
        (text("tool")?, text("content")?, text("outcome")?, text("parent")?);
    let time = column("time", &<Time as Column>::data_type())?;
    let duration = column("duration_ms", &DataType::Int64)?;
    let optional = |array: &ArrayRef, row| <Option<String> as Column>::read(array, row);
    let event = |row| StepEvent {
        id: <String as Column>::read(&id, row),
        time: <Time as Column>::read(&time, row),
        agent: optional(&agent, row),
        r#type: <String as Column>::read(&kind, row),
        tool: optional(&tool, row),
        content: optional(&content, row).map(|content| without_injected(&content).into_owned()),
        outcome: optional(&outcome, row),
        duration_ms: <Option<i64> as Column>::read(&duration, row),
        parent: optional(&parent, row),
    };
    Ok((0..batch.num_rows()).map(|row| (<String as Column>::read(&session, row), event(row))).collect())
}

/// Sessions in pieces that are read at once.
pub fn pieces(counted: &[(String, u64)]) -> Vec<BTreeSet<String>> {
    let mut pieces: Vec<(u64, BTreeSet<String>)> = vec![];
    for (session, events) in counted {
        match pieces.last_mut().filter(|(read, _)| read + events <= READ) {
            Some((read, piece)) => {
                *read += events;
                piece.insert(session.clone());
            }
            None => pieces.push((*events, BTreeSet::from([session.clone()]))),
        }
    }
    pieces.into_iter().map(|(_, piece)| piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_of_whole_sessions_and_bounded() {
        let counted: Vec<_> = (0..100).map(|number| (format!("s{number}"), READ / 10)).collect();
        let (sample, read) = chosen(counted.clone());
        assert_eq!((sample.len(), read), (10, READ));
        let (all, _) = chosen(counted[..5].to_vec());
        assert_eq!(all.len(), 5);
        let (one, _) = chosen(vec![("huge".into(), 10 * READ)]);
        assert_eq!(one.len(), 1, "what is read of it is bounded");
    }

    #[test]
    fn sessions_are_read_in_pieces() {
        let counted: Vec<_> = (0..25).map(|number| (format!("s{number:02}"), READ / 10)).collect();
        assert_eq!(pieces(&counted).iter().map(BTreeSet::len).collect::<Vec<_>>(), [10, 10, 5]);
        assert_eq!(pieces(&[("huge".into(), 10 * READ), ("s".into(), 1)]).len(), 2);
        assert!(pieces(&[]).is_empty());
    }
}
