//! Batches to standard output in one format.

use std::io::{self, Write};
use std::sync::Arc;

use anyhow::Context;
use arrow::array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::{csv, ipc, json};
use athena_query::sql::value::value;
use datafusion::parquet::arrow::ArrowWriter;
use serde_json::{Map, Value};

use super::Format;

/// Columns of text that is JSON. As lines of JSON they are what they say, so that `athena import` takes
/// exported events.
const JSON: [&str; 6] = ["attributes", "result", "changes", "headers", "input", "rows"];

pub enum Writer {
    Jsonl(io::BufWriter<io::Stdout>),
    Csv(Box<csv::Writer<io::Stdout>>),
    Arrow(Box<ipc::writer::StreamWriter<io::Stdout>>),
    Parquet(Box<ArrowWriter<io::Stdout>>),
}

impl Writer {
    pub fn new(format: Format, schema: SchemaRef) -> anyhow::Result<Self> {
        let out = io::stdout();
        Ok(match format {
            Format::Jsonl => Self::Jsonl(io::BufWriter::new(out)),
            Format::Csv => {
                let mut writer = csv::Writer::new(out);
                // The names of the columns, whether there are rows or not.
                writer.write(&flat(&RecordBatch::new_empty(schema))?)?;
                Self::Csv(Box::new(writer))
            }
            Format::Arrow => Self::Arrow(Box::new(
                ipc::writer::StreamWriter::try_new(out, &schema).context("write Arrow")?,
            )),
            Format::Parquet => {
                Self::Parquet(Box::new(ArrowWriter::try_new(out, schema, None).context("write Parquet")?))
            }
        })
    }

    pub fn write(&mut self, batch: &RecordBatch) -> anyhow::Result<()> {
        match self {
            Self::Jsonl(out) => lines(batch, out)?,
            Self::Csv(writer) => writer.write(&flat(batch)?)?,
            Self::Arrow(writer) => writer.write(batch)?,
            Self::Parquet(writer) => writer.write(batch)?,
        }
        Ok(())
    }

    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Jsonl(mut out) => out.flush()?,
            Self::Csv(writer) => writer.into_inner().flush()?,
            Self::Arrow(mut writer) => writer.finish()?,
            Self::Parquet(writer) => writer.close().map(|_| ())?,
        }
        Ok(())
    }
}

/// An object a row, without what is null.
fn lines(batch: &RecordBatch, out: &mut impl Write) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    json::LineDelimitedWriter::new(&mut bytes).write(batch)?;
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut row: Map<String, Value> = serde_json::from_slice(line)?;
        for name in JSON {
            if let Some(value) = row.get_mut(name)
                && let Some(inner) = value.as_str().and_then(|text| serde_json::from_str(text).ok())
            {
                *value = inner;
            }
        }
        serde_json::to_writer(&mut *out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Lists as JSON text: CSV has none.
fn flat(batch: &RecordBatch) -> anyhow::Result<RecordBatch> {
    let flat = |(field, column): (&Arc<Field>, &ArrayRef)| match is_list(field.data_type()) {
        false => (field.as_ref().clone(), column.clone()),
        true => {
            let text =
                |row| Some(value(column, row)).filter(|list| !list.is_null()).map(|list| list.to_string());
            let texts: StringArray = (0..column.len()).map(text).collect();
            (Field::new(field.name(), DataType::Utf8, true), Arc::new(texts) as ArrayRef)
        }
    };
    let schema = batch.schema();
    let (fields, columns): (Vec<_>, Vec<_>) = schema.fields().iter().zip(batch.columns()).map(flat).unzip();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}

fn is_list(data_type: &DataType) -> bool {
    matches!(data_type, DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..))
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;
    use athena_ingest::{Limits, decode};
    use athena_schemas::tables::Event;
    use athena_schemas::{Row, Time};

    use super::*;

    fn event() -> Event {
        Event {
            id: "e-1".into(),
            time: Time::parse("2026-11-23T10:00:00Z").unwrap(),
            content: Some("a, \"b\"".into()),
            files: vec!["x.rs".into(), "y \"z\"".into()],
            attributes: Some(r#"{"exit_code":101}"#.into()),
            ..Event::default()
        }
    }

    #[test]
    fn exported_events_can_be_imported() {
        let mut out = Vec::new();
        lines(&Event::batch([&event(), &event()]), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), 2);
        let draft = decode::plain(text.lines().next().unwrap().as_bytes(), &Limits::default()).unwrap();
        assert_eq!((draft.id.as_deref(), draft.time), (Some("e-1"), Some(event().time)));
        assert_eq!(draft.files, event().files);
        assert!(draft.attributes.unwrap().contains(r#""exit_code":101"#));
    }

    #[test]
    fn lists_are_text_in_csv() {
        let flat = flat(&Event::batch([&event(), &Event::default()])).unwrap();
        let files = flat.column_by_name("files").unwrap().as_string::<i32>();
        assert_eq!((files.value(0), files.value(1)), (r#"["x.rs","y \"z\""]"#, "[]"));
        let mut out = Vec::new();
        csv::Writer::new(&mut out).write(&flat).unwrap();
        assert_eq!(String::from_utf8(out).unwrap().lines().count(), 3);
    }
}
