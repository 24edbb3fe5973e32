//! Entities and relations: each stretch of work says what it names, SQL sums it up, and what people said is laid over it.
//!
//! ```text
//! events of touched sessions ─▶ mentions ─▶ what they are of is summed up anew ─▶ told over learned ─▶ versions
//! ```

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Int64Type, TimeUnit, TimestampMicrosecondType};
use athena_learn::entities::{CO_OCCURS, Happening, Stretches, relation_id};
use athena_learn::told::Overlay;
use athena_schemas::tables::{Entity, Mention, Relation};
use athena_schemas::{Column, Derived, Row, Time};
use datafusion::dataframe::DataFrame;
use datafusion::logical_expr::JoinType;
use datafusion::prelude::{Expr, SessionContext, col, lit};
use datafusion::scalar::ScalarValue;
use futures::TryStreamExt;

use crate::derive::{Deriving, Versions};
use crate::{Result, statements};

const HAPPENINGS: &str = include_str!("../sql/happenings.sql");
const KNOWN_MENTIONS: &str = include_str!("../sql/known_mentions.sql");
const NAMED: &str = include_str!("../sql/named.sql");
const AFFECTED: &str = include_str!("../sql/affected.sql");
const AFFECTED_ALL: &str = include_str!("../sql/affected_all.sql");
const WANTED: &str = include_str!("../sql/wanted.sql");
const ENTITIES: &str = include_str!("../sql/entities.sql");
const TIES: &str = include_str!("../sql/ties.sql");
const TOGETHER: &str = include_str!("../sql/together.sql");
const PAIRS: &str = include_str!("../sql/pairs.sql");
const KNOWN_ENTITIES: &str = include_str!("../sql/known_entities.sql");
const KNOWN_RELATIONS: &str = include_str!("../sql/known_relations.sql");
const TOLD_GRAPH: &str = include_str!("../sql/told_graph.sql");

/// What shares of stretches are counted in.
const MILLION: f64 = 1e6;

/// Derives what the touched sessions name, and the entities and relations that rest on it.
pub async fn derive(deriving: &mut Deriving<'_>) -> Result<()> {
    mentions(deriving).await?;
    let told = told(deriving.context).await?;
    let first = deriving.context.table(Entity::TABLE.name).await?.limit(0, Some(1))?.count().await? == 0;
    let whole = deriving.full || deriving.told_graph || first;
    if !whole && !deriving.wrote("mentions") {
        return Ok(());
    }
    let context = as_written(deriving).await?;
    prepare(&context, deriving.run, &told, whole).await?;
    entities(deriving, &context, &told, whole).await?;
    relations(deriving, &context, &told, whole).await
}

/// What each stretch of the touched sessions names.
async fn mentions(deriving: &mut Deriving<'_>) -> Result<()> {
    let known = statements::rows(deriving.context, KNOWN_MENTIONS).await?;
    let mut versions: Versions<Mention> = Versions::over(known);
    let mut events = deriving.context.sql(HAPPENINGS).await?.execute_stream().await?;
    let idle = i64::try_from(deriving.options.idle_gap.as_micros()).unwrap_or(i64::MAX);
    let mut stretches = Stretches::new(deriving.project, idle);
    while let Some(batch) = events.try_next().await? {
        for event in happenings(&batch)? {
            for mention in stretches.take(&event) {
                versions.take(deriving, mention).await?;
            }
        }
    }
    for mention in stretches.finish() {
        versions.take(deriving, mention).await?;
    }
    versions.finish(deriving).await
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
    let before = before.join(taken, JoinType::LeftAnti, &["id"], &["taken"], None)?;
    Ok(before.union(own.filter(!col("deleted"))?.select(columns)?)?)
}

/// Registers what the statements are about: mentions under their entities' names now, and what is to be summed up anew.
async fn prepare(context: &SessionContext, run: &str, told: &Overlay, whole: bool) -> Result<()> {
    context.register_table("now_mentions", now::<Mention>(context, run).await?.into_view())?;
    let (ids, becomes): (Vec<&str>, Vec<&str>) = told.merged().unzip();
    let texts = |of: Vec<&str>| Arc::new(StringArray::from(of)) as ArrayRef;
    context.register_batch(
        "renamed",
        RecordBatch::try_from_iter([("id", texts(ids)), ("becomes", texts(becomes))])?,
    )?;
    context.register_table("named", context.sql(NAMED).await?.into_view())?;
    let together = context.sql(TOGETHER).await?;
    if whole {
        context.register_table("affected", context.sql(AFFECTED_ALL).await?.into_view())?;
        context.register_table("chosen_pairs", together.into_view())?;
        return Ok(());
    }
    for (name, statement) in [("affected", AFFECTED), ("wanted", WANTED)] {
        let of_run = vec![ScalarValue::from(run)];
        let frame = context.sql(statement).await?.with_param_values(of_run)?;
        let schema = frame.schema().as_arrow().clone();
        let rows = frame.collect().await?;
        let table = datafusion::datasource::MemTable::try_new(Arc::new(schema), vec![rows])?;
        context.register_table(name, Arc::new(table))?;
    }
    let (wanted, ends) = (context.table("wanted").await?, ["from_entity", "to_entity"]);
    let chosen = together.join(wanted, JoinType::Inner, &ends, &["a", "b"], None)?;
    context.register_table("chosen_pairs", chosen.into_view())?;
    Ok(())
}

async fn entities(
    deriving: &mut Deriving<'_>,
    context: &SessionContext,
    told: &Overlay,
    whole: bool,
) -> Result<()> {
    let known: Vec<Entity> = match whole {
        true => deriving.known().await?,
        false => statements::rows(context, KNOWN_ENTITIES).await?,
    };
    let of_project = vec![ScalarValue::from(deriving.project)];
    let frame = context.sql(ENTITIES).await?.with_param_values(of_project)?;
    let learned: Vec<Entity> = statements::typed(frame).await?;
    let mut rows: BTreeMap<String, Entity> = BTreeMap::new();
    for mut one in learned {
        // The most frequent spelling is the name.
        if !one.aliases.is_empty() {
            one.name = one.aliases.remove(0);
        }
        rows.extend(told.entity(one).map(|one| (one.id.clone(), one)));
    }
    let ids: HashSet<&str> = known.iter().map(|one| one.id.as_str()).collect();
    for one in told.entities(deriving.project) {
        if !rows.contains_key(&one.id) && (whole || ids.contains(one.id.as_str())) {
            rows.insert(one.id.clone(), one);
        }
    }
    deriving.put(known, rows.into_values()).await
}

async fn relations(
    deriving: &mut Deriving<'_>,
    context: &SessionContext,
    told: &Overlay,
    whole: bool,
) -> Result<()> {
    let known: Vec<Relation> = match whole {
        true => deriving.known().await?,
        false => statements::rows(context, KNOWN_RELATIONS).await?,
    };
    let ids: HashSet<String> = known.iter().map(|one| one.id.clone()).collect();
    let mut left: BTreeMap<String, Relation> = told
        .relations(deriving.project)
        .filter(|one| whole || ids.contains(&one.id))
        .map(|one| (one.id.clone(), one))
        .collect();
    let mut versions = Versions::over(known);
    for statement in [TIES, PAIRS] {
        let mut rows = context.sql(statement).await?.execute_stream().await?;
        while let Some(batch) = rows.try_next().await? {
            for one in tied(&batch, deriving.project)? {
                if let Some(one) = told.relation(one) {
                    left.remove(&one.id);
                    versions.take(deriving, one).await?;
                }
            }
        }
    }
    for one in left.into_values() {
        versions.take(deriving, one).await?;
    }
    versions.finish(deriving).await
}

/// Rows of `sql/ties.sql` or `sql/pairs.sql`.
fn tied(batch: &RecordBatch, project: &str) -> Result<Vec<Relation>> {
    let column = |name: &str, as_type: &DataType| {
        let index = batch.schema().index_of(name)?;
        arrow::compute::cast(batch.column(index), as_type)
    };
    let text = |name: &str| column(name, &DataType::Utf8);
    let at_type = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let (from, to, kind) = (text("from_entity")?, text("to_entity")?, text("kind")?);
    let (newest, oldest) = (text("newest")?, text("oldest")?);
    let (support, share) = (column("support", &DataType::Int64)?, column("share", &DataType::Int64)?);
    let (first, last) = (column("first_at", &at_type)?, column("last_at", &at_type)?);
    let plain = |array: &ArrayRef, row| <String as Column>::read(array, row);
    let whole = |array: &ArrayRef, row| array.as_primitive::<Int64Type>().value(row);
    let time = |array: &ArrayRef, row| {
        Time::from_micros(array.as_primitive::<TimestampMicrosecondType>().value(row))
    };
    Ok((0..batch.num_rows())
        .map(|row| {
            let (from_entity, to_entity, kind) = (plain(&from, row), plain(&to, row), plain(&kind, row));
            let support = whole(&support, row);
            let mut evidence = vec![plain(&newest, row), plain(&oldest, row)];
            evidence.dedup();
            Relation {
                id: relation_id(&from_entity, &kind, &to_entity),
                project: project.to_owned(),
                weight: if kind == CO_OCCURS { whole(&share, row) as f64 / MILLION } else { support as f64 },
                from_entity,
                to_entity,
                kind,
                support,
                evidence,
                first_at: time(&first, row),
                last_at: time(&last, row),
                ..Relation::default()
            }
        })
        .collect())
}
