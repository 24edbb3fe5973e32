//! Entities and relations: each stretch of work says what it names, it is summed up, and what people said is laid over it.
//!
//! ```text
//! events of touched sessions ─▶ mentions ─▶ what they are of is summed up anew ─▶ told over learned ─▶ versions
//! ```
//!
//! Sums are of all mentions: they stay in memory from run to run, and are read once where they are not (`kept.rs`).

mod kept;

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use athena_learn::communities::{Node, Rows};
use athena_learn::entities::{Changed, Happening, Naming, Stretches, Summed, Sums, Twice};
use athena_learn::told::Overlay;
use athena_schemas::tables::{Entity, Mention, Relation};
use athena_schemas::{Column, Derived, Time};
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;

use crate::derive::{Deriving, Versions};
use crate::{Error, Result};
pub use kept::{Found, Graph, Graphs, Line, Stated};

const HAPPENINGS: &str = include_str!("../sql/happenings.sql");
const NAMED: &str = include_str!("../sql/named.sql");
const NODES: &str = include_str!("../sql/network_nodes.sql");
const LINKS: &str = include_str!("../sql/network_links.sql");
const TOLD_GRAPH: &str = include_str!("../sql/told_graph.sql");

/// Derives what the touched sessions name, and the entities and relations that rest on it. Gives the graph as the run
/// leaves it.
pub async fn derive(deriving: &mut Deriving<'_>, kept: Option<Graph>) -> Result<Graph> {
    let told = told(deriving.context).await?;
    let mut graph = before(deriving, kept, &told).await?;
    // What much has changed in is summed up as a whole: to tell what has not would take longer.
    let whole = deriving.anew() || deriving.told_graph || deriving.pieces.len() > 1;
    let mut changed = (!whole).then(Changed::default);
    let Graph { sums, rows, .. } = &mut graph;
    sums.supersede(deriving.pieces.iter().flatten().map(String::as_str));
    for piece in deriving.pieces {
        deriving.narrow(Some(piece)).await?;
        // Where every session is derived anew, what is known of them is not in memory.
        let known: Vec<Mention> = match deriving.anew() {
            true => deriving.known_of_touched(&[]).await?,
            false => sums.of(deriving.project, piece.iter().map(String::as_str)),
        };
        mentions(deriving, known, (sums, &told), changed.as_mut()).await?;
    }
    deriving.narrow(None).await?;
    if let Some(changed) = &mut changed {
        changed.finish();
    }
    if changed.as_ref().is_none_or(|changed| !changed.is_empty()) {
        let summed = sums.summed(changed.as_ref());
        put::<Entity>(deriving, rows, &summed, &told, changed.as_ref()).await?;
        put::<Relation>(deriving, rows, &summed, &told, changed.as_ref()).await?;
    }
    sums.settle();
    Ok(graph)
}

/// The graph as the base left it; nothing of it where every session is derived anew.
async fn before(deriving: &Deriving<'_>, kept: Option<Graph>, told: &Overlay) -> Result<Graph> {
    let mut graph = Graph::default();
    if deriving.anew() {
        return Ok(graph);
    }
    // What people said since may have made one of two things.
    if let Some(kept) = kept.filter(|_| !deriving.told_graph) {
        return Ok(kept);
    }
    named(deriving.context, &mut graph.sums, told).await?;
    stood(deriving.context, &mut graph.rows).await?;
    Ok(graph)
}

/// A row of the graph: how it is made of sums and of what people said, and what communities know of it.
trait Part: Derived {
    fn learned<'a>(
        summed: &'a Summed<'_>,
        told: &'a Overlay,
        project: &'a str,
    ) -> impl Iterator<Item = Twice<Self>> + Send;
    fn told(told: &Overlay, project: &str) -> Vec<Self>;
    fn is_of(&self, changed: &Changed) -> bool;
    fn keep(&self, rows: &mut Rows, is_new: bool);
    fn leave(&self, rows: &mut Rows);
}

impl Part for Entity {
    fn learned<'a>(
        summed: &'a Summed<'_>,
        told: &'a Overlay,
        project: &'a str,
    ) -> impl Iterator<Item = Twice<Self>> + Send {
        summed.entities(project).map(|twice| twice.map(|one| told.entity(one?)))
    }

    fn told(told: &Overlay, project: &str) -> Vec<Self> {
        told.entities(project).collect()
    }

    fn is_of(&self, changed: &Changed) -> bool {
        changed.has(&self.id)
    }

    fn keep(&self, rows: &mut Rows, is_new: bool) {
        let node = Node {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: self.kind.clone(),
            sessions: self.sessions,
            contexts: self.contexts,
        };
        rows.node(node, self.evidence.clone(), is_new);
    }

    fn leave(&self, rows: &mut Rows) {
        rows.without_node(&self.id);
    }
}

impl Part for Relation {
    fn learned<'a>(
        summed: &'a Summed<'_>,
        told: &'a Overlay,
        project: &'a str,
    ) -> impl Iterator<Item = Twice<Self>> + Send {
        let learned = summed.ties(project).chain(summed.pairs(project));
        learned.map(|twice| twice.map(|one| told.relation(one?)))
    }

    fn told(told: &Overlay, project: &str) -> Vec<Self> {
        told.relations(project).collect()
    }

    fn is_of(&self, changed: &Changed) -> bool {
        changed.has_relation((&self.from_entity, &self.kind, &self.to_entity))
    }

    fn keep(&self, rows: &mut Rows, is_new: bool) {
        let ends = (self.from_entity.as_str(), self.kind.as_str(), self.to_entity.as_str());
        rows.link(ends, (self.support, self.weight), self.told, is_new);
    }

    fn leave(&self, rows: &mut Rows) {
        rows.without_link((&self.from_entity, &self.kind, &self.to_entity));
    }
}

/// Writes what was learned, told of by people or not, and what people told of besides: all, or what has changed.
async fn put<P: Part>(
    deriving: &mut Deriving<'_>,
    rows: &mut Rows,
    summed: &Summed<'_>,
    told: &Overlay,
    changed: Option<&Changed>,
) -> Result<()> {
    let project = deriving.project;
    let mut only_told = P::told(told, project);
    only_told.retain(|one| changed.is_none_or(|changed| one.is_of(changed)));
    // What is both is as it was learned.
    let mut left: BTreeMap<String, P> = only_told.into_iter().map(|one| (one.id().to_owned(), one)).collect();
    let (known, mut left_before) = match changed {
        None => (deriving.known().await?, BTreeMap::new()),
        Some(_) => (vec![], left.clone()),
    };
    let mut versions = Versions::over(known);
    for [before, now] in P::learned(summed, told, project) {
        if let Some(before) = before {
            left_before.remove(before.id());
            versions.know(before);
        }
        if let Some(now) = now {
            left.remove(now.id());
            take(deriving, rows, &mut versions, now).await?;
        }
    }
    left_before.into_values().for_each(|before| versions.know(before));
    for now in left.into_values() {
        take(deriving, rows, &mut versions, now).await?;
    }
    versions.left().for_each(|gone| gone.leave(rows));
    versions.finish(deriving).await
}

async fn take<P: Part>(
    deriving: &mut Deriving<'_>,
    rows: &mut Rows,
    versions: &mut Versions<P>,
    one: P,
) -> Result<()> {
    let is_new = !versions.has(&one);
    one.keep(rows, is_new);
    versions.take(deriving, one).await
}

/// What each stretch of a piece of the touched sessions names, and what of it is not as it was.
async fn mentions(
    deriving: &mut Deriving<'_>,
    known: Vec<Mention>,
    (sums, told): (&mut Sums, &Overlay),
    mut changed: Option<&mut Changed>,
) -> Result<()> {
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
            sums.take(&naming, told);
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

/// Takes all mentions that are known.
async fn named(context: &SessionContext, sums: &mut Sums, told: &Overlay) -> Result<()> {
    let mut rows = context.sql(NAMED).await?.execute_stream().await?;
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
            let naming = Naming {
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
            };
            sums.take(&naming, told);
        }
    }
    Ok(())
}

/// Takes entities and relations as they stand.
async fn stood(context: &SessionContext, rows: &mut Rows) -> Result<()> {
    let text = |batch: &RecordBatch, at| arrow::compute::cast(batch.column(at), &DataType::Utf8);
    let whole = |batch: &RecordBatch, at| arrow::compute::cast(batch.column(at), &DataType::Int64);
    let read = |array: &ArrayRef, row| <Option<String> as Column>::read(array, row).unwrap_or_default();
    let mut nodes = context.sql(NODES).await?.execute_stream().await?;
    while let Some(batch) = nodes.try_next().await? {
        let (id, name, kind, events) =
            (text(&batch, 0)?, text(&batch, 1)?, text(&batch, 2)?, text(&batch, 5)?);
        let (sessions, contexts) = (whole(&batch, 3)?, whole(&batch, 4)?);
        for row in 0..batch.num_rows() {
            let node = Node {
                id: read(&id, row),
                name: read(&name, row),
                kind: read(&kind, row),
                sessions: sessions.as_primitive::<Int64Type>().value(row),
                contexts: contexts.as_primitive::<Int64Type>().value(row),
            };
            let events = read(&events, row);
            let events = events.split('|').filter(|one| !one.is_empty()).map(str::to_owned);
            rows.node(node, events.collect(), false);
        }
    }
    let mut links = context.sql(LINKS).await?.execute_stream().await?;
    while let Some(batch) = links.try_next().await? {
        let (from, to, kind) = (text(&batch, 0)?, text(&batch, 1)?, text(&batch, 2)?);
        let (from, to, kind) = (from.as_string::<i32>(), to.as_string::<i32>(), kind.as_string::<i32>());
        let support = whole(&batch, 3)?;
        let weight = arrow::compute::cast(batch.column(4), &DataType::Float64)?;
        let told = batch.column(5).as_boolean();
        for row in 0..batch.num_rows() {
            let ends = (from.value(row), kind.value(row), to.value(row));
            let support = support.as_primitive::<Int64Type>().value(row);
            let weight = weight.as_primitive::<Float64Type>().value(row);
            rows.link(ends, (support, weight), told.value(row), false);
        }
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
