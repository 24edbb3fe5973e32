//! `POST /v1/sql`: rows as JSON, as an Arrow stream, or as CSV.
//!
//! JSON is answered when all rows are there, so that every error has its status. Arrow and CSV are sent
//! as the rows come: what goes wrong after the first ones breaks the answer off.

use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::csv;
use arrow::datatypes::SchemaRef;
use arrow::ipc::writer::StreamWriter;
use athena_schemas::wire::Sql;
use athena_schemas::{Code, Error};
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;

use super::query::{Arguments, Said};
use super::{Failure, body};
use crate::sql::{Running, text, value};
use crate::who::Caller;
use crate::{App, arguments, sql};

/// The most rows that a streamed answer has: one of just so many may have been cut.
const LIMIT: HeaderName = HeaderName::from_static("athena-limit");

/// Rows that are written as JSON at a time.
const PIECE_ROWS: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Arrow,
    Csv,
}

const FORMATS: [Format; 3] = [Format::Json, Format::Arrow, Format::Csv];

impl Format {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::Csv => "text/csv",
        }
    }
}

pub async fn post(
    State(app): State<Arc<App>>,
    caller: Caller,
    Said(said): Said<Arguments>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let began = Instant::now();
    let mut statement: Sql = arguments::parse_bytes(&body::read(&app, body).await?)?;
    if statement.projects.is_empty() {
        statement.project = statement.project.filter(|name| !name.is_empty()).or(said.project);
    }
    let format = accepted(&headers)?;
    let limit = statement.limit.unwrap_or(app.options.sql.max_rows).min(app.options.sql.max_rows);
    let running = sql::start(&app, &caller, &statement).await.map_err(failure)?;
    let body = match format {
        Format::Json => json(running, began).await.map_err(failure)?,
        Format::Arrow => streamed(running, ArrowPieces::new).await.map_err(failure)?,
        Format::Csv => streamed(running, CsvPieces::new).await.map_err(failure)?,
    };
    let headers = [(CONTENT_TYPE, format.media_type().to_owned()), (LIMIT, limit.to_string())];
    Ok((headers, body).into_response())
}

/// A statement that needs too much needs it again the next time.
fn failure(error: Error) -> Failure {
    match error.code {
        Code::ResourceExhausted => Failure::final_answer(error),
        _ => error.into(),
    }
}

/// The format that `Accept` likes best: by its weights, then by the order of its ranges.
fn accepted(headers: &HeaderMap) -> Result<Format, Error> {
    let given: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let given = given.join(",");
    if given.trim().is_empty() {
        return Ok(Format::Json);
    }
    let ranges: Vec<(&str, f32)> = given.split(',').map(range).collect();
    let best = FORMATS.into_iter().filter_map(|format| Some((weight(format, &ranges)?, format)));
    let best = best.reduce(|best, next| {
        let ((liked, place), (weight, at)) = (best.0, next.0);
        if weight > liked || weight == liked && at < place { next } else { best }
    });
    best.map(|(_, format)| format).ok_or_else(|| {
        Error::invalid("Accept", format!("{given} is not offered"))
            .hint(FORMATS.map(Format::media_type).join(", "))
    })
}

/// A range of media types and its weight, from 0 to 1.
fn range(one: &str) -> (&str, f32) {
    let mut parts = one.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse().ok()).flatten()
    });
    (name, weight.filter(|weight| (0.0..=1.0).contains(weight)).unwrap_or(1.0))
}

/// How much a format is liked, and where that is said: the range that names it most exactly tells. `None`: not at all.
fn weight(format: Format, ranges: &[(&str, f32)]) -> Option<(f32, usize)> {
    let name = format.media_type();
    let family = name.split('/').next().unwrap_or_default();
    let exactly = |range: &str| match range.split_once('/')? {
        _ if range.eq_ignore_ascii_case(name) => Some(2),
        (first, "*") if first.eq_ignore_ascii_case(family) => Some(1),
        ("*", "*") => Some(0),
        _ => None,
    };
    let named =
        ranges.iter().enumerate().filter_map(|(at, (range, weight))| Some((exactly(range)?, at, *weight)));
    // Of ranges that are as exact the first counts.
    let (_, at, weight) = named.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    (weight > 0.0).then_some((weight, at))
}

async fn json(mut running: Running, began: Instant) -> Result<Body, Error> {
    let batches = running.collect().await?;
    let columns = serde_json::to_string(&value::columns(&running.schema))
        .map_err(|error| Error::internal(format!("columns: {error}")))?;
    let took_ms = began.elapsed().as_secs_f64() * 1e3;
    let head = format!("{{\"columns\":{columns},\"rows\":[");
    let tail = format!("],\"truncated\":{},\"took_ms\":{took_ms:.3}}}", running.truncated);
    let pieces = batches.into_iter().flat_map(|batch| {
        let starts = (0..batch.num_rows()).step_by(PIECE_ROWS);
        starts.map(move |at| batch.slice(at, PIECE_ROWS.min(batch.num_rows() - at))).collect::<Vec<_>>()
    });
    let rows = pieces.enumerate().map(move |(at, piece)| {
        // What the batches take is given back when the last of them is written.
        let _held = &running;
        rows(&piece, at == 0)
    });
    let whole = std::iter::once(Ok(Bytes::from(head))).chain(rows).chain(std::iter::once(Ok(tail.into())));
    Ok(Body::from_stream(stream::iter(whole)))
}

fn rows(batch: &RecordBatch, first: bool) -> Result<Bytes, serde_json::Error> {
    let mut out = Vec::new();
    for (at, row) in value::rows(batch).enumerate() {
        if !first || at > 0 {
            out.push(b',');
        }
        serde_json::to_writer(&mut out, &row)?;
    }
    Ok(out.into())
}

/// Batches as pieces of a format.
trait Pieces: Send + 'static {
    fn batch(&mut self, batch: &RecordBatch) -> Result<Bytes, Error>;
    fn end(&mut self) -> Result<Bytes, Error>;
}

/// The first batch is waited for, so that what fails at once has its status.
async fn streamed<P: Pieces>(
    mut running: Running,
    pieces: impl FnOnce(&SchemaRef) -> Result<P, Error>,
) -> Result<Body, Error> {
    let first = running.next().await?;
    let pieces = pieces(&running.schema)?;
    let answer =
        stream::try_unfold((Some(running), pieces, first), |(running, mut pieces, batch)| async move {
            let Some(mut running) = running else { return Ok::<_, Error>(None) };
            match batch {
                Some(batch) => {
                    let piece = pieces.batch(&batch)?;
                    let next = running.next().await?;
                    Ok(Some((piece, (Some(running), pieces, next))))
                }
                None => Ok(Some((pieces.end()?, (None, pieces, None)))),
            }
        });
    Ok(Body::from_stream(answer))
}

struct ArrowPieces(StreamWriter<Vec<u8>>);

impl ArrowPieces {
    fn new(schema: &SchemaRef) -> Result<Self, Error> {
        Ok(Self(StreamWriter::try_new(Vec::new(), schema).map_err(unwritten)?))
    }

    fn take(&mut self) -> Bytes {
        std::mem::take(self.0.get_mut()).into()
    }
}

impl Pieces for ArrowPieces {
    fn batch(&mut self, batch: &RecordBatch) -> Result<Bytes, Error> {
        self.0.write(batch).map_err(unwritten)?;
        Ok(self.take())
    }

    fn end(&mut self) -> Result<Bytes, Error> {
        self.0.finish().map_err(unwritten)?;
        Ok(self.take())
    }
}

struct CsvPieces {
    schema: SchemaRef,
    headed: bool,
}

impl CsvPieces {
    fn new(schema: &SchemaRef) -> Result<Self, Error> {
        Ok(Self { schema: schema.clone(), headed: false })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<Bytes, Error> {
        let mut out = Vec::new();
        let header = !std::mem::replace(&mut self.headed, true);
        csv::WriterBuilder::new().with_header(header).build(&mut out).write(batch).map_err(unwritten)?;
        Ok(out.into())
    }
}

impl Pieces for CsvPieces {
    fn batch(&mut self, batch: &RecordBatch) -> Result<Bytes, Error> {
        self.write(&text::flat(batch)?)
    }

    fn end(&mut self) -> Result<Bytes, Error> {
        match self.headed {
            true => Ok(Bytes::new()),
            false => self.batch(&RecordBatch::new_empty(self.schema.clone())),
        }
    }
}

fn unwritten(error: arrow::error::ArrowError) -> Error {
    Error::internal(format!("write rows: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_by_what_is_accepted() {
        let of = |accept: Option<&str>| {
            let headers = accept.into_iter().map(|accept| (ACCEPT, accept.parse().unwrap())).collect();
            accepted(&headers)
        };
        assert_eq!(of(None).unwrap(), Format::Json);
        assert_eq!(of(Some("*/*")).unwrap(), Format::Json);
        assert_eq!(of(Some("text/csv")).unwrap(), Format::Csv);
        assert_eq!(of(Some("application/vnd.apache.arrow.stream")).unwrap(), Format::Arrow);
        assert_eq!(of(Some("text/html, text/csv;q=0.9, */*;q=0.1")).unwrap(), Format::Csv);
        assert_eq!(of(Some("text/csv;q=0.1, application/json;q=0.9")).unwrap(), Format::Json);
        assert_eq!(of(Some("*/*;q=0.1, text/csv; charset=utf-8; q=0.2")).unwrap(), Format::Csv);
        assert_eq!(of(Some("application/json;q=0, */*")).unwrap(), Format::Arrow);
        assert_eq!(of(Some("text/csv, application/json")).unwrap(), Format::Csv);
        assert_eq!(of(Some("application/*, text/csv;q=0.9")).unwrap(), Format::Json);
        assert_eq!(of(Some("TEXT/CSV;Q=0.9")).unwrap(), Format::Csv);
        assert_eq!(of(Some("text/csv;q=0")).unwrap_err().field.as_deref(), Some("Accept"));
        assert_eq!(of(Some("image/png")).unwrap_err().field.as_deref(), Some("Accept"));
    }
}
