//! Entities and relations: each stretch of work says what it names, it is summed up, and what people said is laid over it.
//!
//! ```text
//! events of touched sessions ─▶ mentions ─▶ what they are of is summed up anew ─▶ told over learned ─▶ versions
//! ```
//!
//! Sums are of all mentions: those of the touched sessions are at hand, the others are read once.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Int64Type, TimeUnit, TimestampMicrosecondType};
use athena_learn::entities::{
    CO_OCCURS, Changed, Happening, Naming, Stretches, Summed, Sums, Totals, relation_id,
};
use athena_learn::told::Overlay;
use athena_schemas::tables::{Entity, Mention, Relation};
use athena_schemas::{Column, Derived, Row, Time};
use datafusion::dataframe::DataFrame;
use datafusion::logical_expr::JoinType;
use datafusion::prelude::{Expr, SessionContext, col, lit};
use futures::TryStreamExt;

use crate::derive::{Deriving, Versions};
use crate::{Error, Result, statements};

const HAPPENINGS: &str = include_str!("../sql/happenings.sql");
const KNOWN_MENTIONS: &str = include_str!("../sql/known_mentions.sql");
const NAMED_ELSEWHERE: &str = include_str!("../sql/named_elsewhere.sql");
const KNOWN_ENTITIES: &str = include_str!("../sql/known_entities.sql");
const KNOWN_RELATIONS: &str = include_str!("../sql/known_relations.sql");
const TOLD_GRAPH: &str = include_str!("../sql/told_graph.sql");

/// Derives what the touched sessions name, and the entities and relations that rest on it. Gives how much there is that
/// names anything, unless nothing has changed.
pub async fn derive(deriving: &mut Deriving<'_>) -> Result<Option<Totals>> {
    let told = told(deriving.context).await?;
    let first = deriving.context.table(Entity::TABLE.name).await?.limit(0, Some(1))?.count().await? == 0;
    // What much has changed in is summed up as a whole: to tell what has not would take longer.
    let whole = deriving.full || deriving.told_graph || first || deriving.pieces.len() > 1;
    let mut changed = (!whole).then(Changed::default);
    let mut sums = Sums::new(&told);
    for piece in deriving.pieces {
        deriving.narrow(Some(piece)).await?;
        mentions(deriving, &mut sums, changed.as_mut()).await?;
    }
    deriving.narrow(None).await?;
    if let Some(changed) = &mut changed {
        changed.finish();
        if changed.is_empty() {
            return Ok(None);
        }
        tell_changed(deriving.context, changed)?;
        sums.only(changed);
    }
    elsewhere(deriving.context, &mut sums).await?;
    let summed = sums.finish();
    entities(deriving, &summed, &told, whole).await?;
    relations(deriving, &summed, &told, whole).await?;
    Ok(Some(summed.totals()))
}

/// What each stretch of a piece of the touched sessions names, and what of it is not as it was.
async fn mentions(
    deriving: &mut Deriving<'_>,
    sums: &mut Sums<'_>,
    mut changed: Option<&mut Changed>,
) -> Result<()> {
    let known: Vec<Mention> = statements::rows(deriving.context, KNOWN_MENTIONS).await?;
    let told = sums.told();
    if let Some(changed) = &mut changed {
        known.iter().for_each(|mention| changed.stands(&mention.into(), told));
    }
    let mut versions: Versions<Mention> = Versions::over(known);
    let mut events = deriving.context.sql(HAPPENINGS).await?.execute_stream().await?;
    let idle = i64::try_from(deriving.options.idle_gap.as_micros()).unwrap_or(i64::MAX);
    let mut stretches = Stretches::new(deriving.project, idle);
    let mut found = Vec::new();
    loop {
        let batch = events.try_next().await?;
        match &batch {
            Some(batch) => {
                happenings(batch)?.iter().for_each(|event| found.extend(stretches.take(event)));
            }
            None => found.extend(stretches.finish()),
        }
        for mention in found.drain(..) {
            let naming = Naming::from(&mention);
            sums.take(&naming);
            if let Some(changed) = &mut changed {
                changed.stands(&naming, told);
                if !versions.has(&mention) {
                    changed.changes(&naming, told);
                }
            }
            versions.take(deriving, mention).await?;
        }
        if batch.is_none() {
            break;
        }
    }
    if let Some(changed) = changed {
        versions.left().for_each(|gone| changed.changes(&gone.into(), told));
    }
    versions.finish(deriving).await
}

/// Takes the mentions of the sessions that are not touched.
async fn elsewhere(context: &SessionContext, sums: &mut Sums<'_>) -> Result<()> {
    let mut rows = context.sql(NAMED_ELSEWHERE).await?.execute_stream().await?;
    while let Some(batch) = rows.try_next().await? {
        let column = |name: &str, as_type: &DataType| {
            let index = batch.schema().index_of(name)?;
            arrow::compute::cast(batch.column(index), as_type)
        };
        let text = |name: &str| Ok::<_, Error>(column(name, &DataType::Utf8)?.as_string::<i32>().clone());
        let whole =
            |name: &str| Ok::<_, Error>(column(name, &DataType::Int64)?.as_primitive::<Int64Type>().clone());
        let at_type = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let time = |name: &str| {
            Ok::<_, Error>(column(name, &at_type)?.as_primitive::<TimestampMicrosecondType>().clone())
        };
        let truth = |name: &str| Ok::<_, Error>(column(name, &DataType::Boolean)?.as_boolean().clone());
        let (session, context, subject) = (text("session")?, text("context")?, text("subject")?);
        let (kind, name, evidence) = (text("kind")?, text("name")?, text("evidence")?);
        let (from, to) = (text("from_entity")?, text("to_entity")?);
        let (structural, paired) = (truth("structural")?, truth("paired")?);
        let (share, mentions) = (whole("share")?, whole("mentions")?);
        let (first_at, last_at) = (time("first_at")?, time("last_at")?);
        for row in 0..batch.num_rows() {
            let ends = from.is_valid(row).then(|| (from.value(row), to.value(row)));
            sums.take(&Naming {
                session: session.value(row),
                context: context.value(row),
                subject: subject.value(row),
                kind: kind.value(row),
                name: name.value(row),
                ends,
                structural: structural.value(row),
                paired: paired.value(row),
                share: share.value(row),
                mentions: mentions.value(row),
                first_at: Time::from_micros(first_at.value(row)),
                last_at: Time::from_micros(last_at.value(row)),
                evidence: evidence.value(row),
            });
        }
    }
    Ok(())
}

/// Makes what has changed known to statements: its entities as `affected`, and its pairs, as relations, as `wanted`.
fn tell_changed(context: &SessionContext, changed: &Changed) -> Result<()> {
    let pairs: Vec<String> = changed.pairs().map(|(one, other)| relation_id(one, CO_OCCURS, other)).collect();
    let entities: Vec<&str> = changed.entities().collect();
    let columns: [(&str, ArrayRef); 2] =
        [("affected", Arc::new(StringArray::from(entities))), ("wanted", Arc::new(StringArray::from(pairs)))];
    for (name, ids) in columns {
        context.deregister_table(name)?;
        context.register_batch(name, RecordBatch::try_from_iter([("id", ids)])?)?;
    }
    Ok(())
}

fn happenings(batch: &RecordBatch) -> Result<Vec<Happening>> {
    let column = |name: &str, as_type: &DataType| {
        let index = batch.schema().index_of(name)?;
        arrow::compute::cast(batch.column(index), as_type)
    };
    let text = |name: &str| column(name, &DataType::Utf8);
    let (session, id, agent, kind) = (text("session")?, text("id")?, text("agent")?, text("type")?);
    let (tool, content, attributes) = (text("tool")?, text("content")?, text("attributes")?);
    let time = column("time", &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))?;
    let lists = <Vec<String> as Column>::data_type();
    let (files, tags) = (column("files", &lists)?, column("tags", &lists)?);
    let plain = |array: &ArrayRef, row| <String as Column>::read(array, row);
    let maybe = |array: &ArrayRef, row| <Option<String> as Column>::read(array, row);
    let list = |array: &ArrayRef, row| match array.is_valid(row) {
        true => <Vec<String> as Column>::read(array, row),
        false => vec![],
    };
    Ok((0..batch.num_rows())
        .map(|row| Happening {
            id: plain(&id, row),
            time: Time::from_micros(time.as_primitive::<TimestampMicrosecondType>().value(row)),
            session: plain(&session, row),
            agent: maybe(&agent, row),
            r#type: plain(&kind, row),
            tool: maybe(&tool, row),
            content: maybe(&content, row),
            files: list(&files, row),
            tags: list(&tags, row),
            attributes: maybe(&attributes, row),
        })
        .collect())
}

/// What people said of entities and relations.
pub async fn told(context: &SessionContext) -> Result<Overlay> {
    let mut overlay = Overlay::default();
    for batch in context.sql(TOLD_GRAPH).await?.collect().await? {
        let text = |at: usize| arrow::compute::cast(batch.column(at), &DataType::Utf8);
        let (id, kind, name, body) = (text(0)?, text(1)?, text(2)?, text(3)?);
        let at_type = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let at = arrow::compute::cast(batch.column(4), &at_type)?;
        for row in 0..batch.num_rows() {
            let read = |array: &ArrayRef| <Option<String> as Column>::read(array, row).unwrap_or_default();
            let time = Time::from_micros(at.as_primitive::<TimestampMicrosecondType>().value(row));
            overlay.take((&read(&kind), &read(&id)), &read(&name), &read(&body), time)?;
        }
    }
    Ok(overlay)
}

/// A session that sees what this run has written so far, though nobody else does: `now_TABLE` is a derived table as it
/// will be when the run is published.
pub async fn as_written(deriving: &Deriving<'_>) -> Result<SessionContext> {
    statements::session(&deriving.store.snapshot(), Some(deriving.project), &deriving.options.sql).await
}

/// A derived table as the run leaves it.
pub async fn now<R: Derived>(context: &SessionContext, run: &str) -> Result<DataFrame> {
    let name = R::TABLE.name;
    let columns: Vec<Expr> = (R::TABLE.fields)()
        .into_iter()
        .filter(|field| field.name != "deleted")
        .map(|field| col(datafusion::common::Column::from_name(field.name)))
        .collect();
    let own = context.table(format!("{name}_versions")).await?.filter(col("run").eq(lit(run)))?;
    let taken = own.clone().select(vec![col("id").alias("taken")])?;
    let before = context.table(name).await?.select(columns.clone())?;
    let before = taken.join(before, JoinType::RightAnti, &["taken"], &["id"], None)?;
    Ok(before.union(own.filter(!col("deleted"))?.select(columns)?)?)
}

async fn entities(
    deriving: &mut Deriving<'_>,
    summed: &Summed<'_>,
    told: &Overlay,
    whole: bool,
) -> Result<()> {
    let known: Vec<Entity> = match whole {
        true => deriving.known().await?,
        false => statements::rows(deriving.context, KNOWN_ENTITIES).await?,
    };
    let learned = summed.entities(deriving.project).filter_map(|one| told.entity(one));
    put(deriving, known, learned, told.entities(deriving.project), whole).await
}

async fn relations(
    deriving: &mut Deriving<'_>,
    summed: &Summed<'_>,
    told: &Overlay,
    whole: bool,
) -> Result<()> {
    let known: Vec<Relation> = match whole {
        true => deriving.known().await?,
        false => statements::rows(deriving.context, KNOWN_RELATIONS).await?,
    };
    let learned = summed.ties(deriving.project).chain(summed.pairs(deriving.project));
    let learned = learned.filter_map(|one| told.relation(one));
    put(deriving, known, learned, told.relations(deriving.project), whole).await
}

/// Writes what was learned, and what people told of besides: all of it, or what is known already.
async fn put<R: Derived>(
    deriving: &mut Deriving<'_>,
    known: Vec<R>,
    learned: impl Iterator<Item = R>,
    told: impl Iterator<Item = R>,
    whole: bool,
) -> Result<()> {
    let ids: HashSet<&str> = known.iter().map(|one| one.id()).collect();
    let mut left: BTreeMap<String, R> =
        told.filter(|one| whole || ids.contains(one.id())).map(|one| (one.id().to_owned(), one)).collect();
    let mut versions = Versions::over(known);
    for one in learned {
        left.remove(one.id());
        versions.take(deriving, one).await?;
    }
    for one in left.into_values() {
        versions.take(deriving, one).await?;
    }
    versions.finish(deriving).await
}
