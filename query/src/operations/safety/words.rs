//! Where words stand: columns are looked through as they lie in memory, the texts of all rows behind each other.

use std::collections::BTreeSet;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, UInt64Type};
use arrow::error::ArrowError;
use athena_schemas::tables::Event;
use athena_schemas::{Error, Row};
use athena_store::Scope;
use datafusion::prelude::lit;
use futures::TryStreamExt;
use memchr::memmem::Finder;
use serde_json::{Map, Value};

use crate::App;
use crate::operations::items;

/// What of an event may hold words, and what else is told of those that hold any.
const TEXTS: [&str; 9] =
    ["id", "session", "agent", "tool", "content", "parent", "attributes", "result", "changes"];
const LISTS: [&str; 2] = ["files", "tags"];
const OTHERS: [&str; 7] = ["type", "position", "time", "outcome", "duration_ms", "actor", "origin"];
/// The keys of sealed contents have no words.
const KEYS: [&str; 2] = ["athena.keys.add", "athena.keys.wrap"];

/// The events of a scope that hold any of the words, as objects; where there are more, the first `most` at least.
///
/// # Errors
/// Storage.
pub async fn events_with(
    app: &App,
    scope: &Scope,
    words: &[String],
    most: usize,
) -> Result<Vec<Map<String, Value>>, Error> {
    app.wait_until_seen(scope, None).await;
    let snapshot = app.store.snapshot();
    let columns: Vec<&str> = TEXTS.into_iter().chain(LISTS).collect();
    let with_position: Vec<&str> = columns.iter().copied().chain(["position"]).collect();
    let rows = snapshot.seen(Event::TABLE, scope, &with_position, lit(true)).await?;
    let Some(mut rows) = rows else { return Ok(Vec::new()) };
    let words: Vec<Finder<'_>> = words.iter().map(Finder::new).collect();
    let mut positions = Vec::new();
    while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)?
        && positions.len() < most
    {
        let holding = holding(&batch, &words).map_err(|error| Error::internal(format!("words: {error}")))?;
        let all = batch["position"].as_primitive::<UInt64Type>();
        positions.extend(holding.into_iter().map(|row| all.value(row)));
    }
    // Few hold any, so what else is told is read of these alone.
    let columns: Vec<&str> = columns.into_iter().chain(OTHERS).collect();
    let mut found = items::events_at(&snapshot, scope, &positions, &columns).await?;
    let is_key = |row: &Map<String, Value>| row["type"].as_str().is_some_and(|name| KEYS.contains(&name));
    found.retain(|row| !is_key(row));
    Ok(found)
}

/// Rows of a batch that hold any word in any column.
fn holding(batch: &RecordBatch, words: &[Finder<'_>]) -> Result<BTreeSet<usize>, ArrowError> {
    let mut found = BTreeSet::new();
    for column in TEXTS.iter().filter_map(|name| batch.column_by_name(name)) {
        let texts = cast(column, &DataType::Utf8)?;
        words.iter().for_each(|word| found.extend(rows(texts.as_string(), word)));
    }
    for column in LISTS.iter().filter_map(|name| batch.column_by_name(name)) {
        let lists = column.as_list::<i32>();
        let texts = cast(lists.values(), &DataType::Utf8)?;
        // Of a part of a longer column there are texts before its first list and after its last.
        let row = |at: usize| lists.offsets().partition_point(|begin| *begin as usize <= at).checked_sub(1);
        for word in words {
            let of_lists = rows(texts.as_string(), word).filter_map(row);
            found.extend(of_lists.filter(|row| *row < lists.len() && lists.is_valid(*row)));
        }
    }
    Ok(found)
}

/// Rows whose texts hold a word, ascending.
fn rows<'a>(texts: &'a StringArray, word: &'a Finder<'_>) -> impl Iterator<Item = usize> + 'a {
    let (offsets, bytes) = (texts.offsets(), texts.value_data());
    let length = word.needle().len();
    let mut from = offsets.first().map_or(0, |begin| *begin as usize);
    let end = offsets.last().map_or(0, |end| *end as usize);
    std::iter::from_fn(move || {
        while let Some(at) = bytes.get(from..end).and_then(|rest| word.find(rest)) {
            let begin = from + at;
            let row = offsets.partition_point(|one| *one as usize <= begin) - 1;
            let next = offsets[row + 1] as usize;
            // Where it goes over the end of a text it stands in none; but another may begin within it.
            from = if begin + length <= next { next } else { begin + 1 };
            if begin + length <= next && texts.is_valid(row) {
                return Some(row);
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, ListArray};
    use arrow::datatypes::Int32Type;

    use super::*;

    #[test]
    fn words_stand_within_a_text() {
        let texts = StringArray::from(vec![Some("xa"), None, Some("aa"), Some(""), Some("bab"), Some("aaa")]);
        let of = |word: &str| rows(&texts, &Finder::new(word)).collect::<Vec<_>>();
        assert_eq!(of("aa"), [2, 5]);
        assert_eq!(of("a"), [0, 2, 4, 5]);
        assert_eq!((of("ba"), of("xaa"), of("quokka")), (vec![4], vec![], vec![]));
        let slice = texts.slice(2, 3);
        assert_eq!(rows(&slice, &Finder::new("a")).collect::<Vec<_>>(), [0, 2]);
    }

    #[test]
    fn every_column_is_looked_through() {
        let content: ArrayRef = Arc::new(StringArray::from(vec![Some("quokka"), None, Some("other"), None]));
        let words = StringArray::from(vec!["a", "b", "a quokka", "c", "quokka/d"]);
        let lists = [Some(2), None, Some(2), Some(1)];
        let mut at = 0;
        let own = lists.map(|count| {
            count.map(|count| {
                at += count;
                (at - count..at).map(Some).collect::<Vec<_>>()
            })
        });
        let shape = ListArray::from_iter_primitive::<Int32Type, _, _>(own);
        let (_, offsets, _, nulls) = shape.into_parts();
        let item = Arc::new(arrow::datatypes::Field::new("item", DataType::Utf8, true));
        let files: ArrayRef = Arc::new(ListArray::new(item, offsets, Arc::new(words), nulls));
        let batch = RecordBatch::try_from_iter([("content", content), ("files", files)]).unwrap();
        let found = |batch: &RecordBatch, word: &str| -> Vec<usize> {
            holding(batch, &[Finder::new(word)]).unwrap().into_iter().collect()
        };
        assert_eq!(found(&batch, "quokka"), [0, 2, 3]);
        let others = ["b", "other", "zebra"].map(|word| found(&batch, word));
        assert_eq!(others, [vec![0], vec![2], vec![]]);
        let part = batch.slice(1, 2);
        assert_eq!(["quokka", "b", "/d"].map(|word| found(&part, word)), [vec![1], vec![], vec![]]);
    }
}
