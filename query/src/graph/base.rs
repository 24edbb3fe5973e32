//! What the newest run left of a project's graph, read once; and what people said of it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock, OnceLock};

use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, SchemaRef, TimeUnit, TimestampMicrosecondType};
use athena_learn::entities::{Totals, relation_id, strength};
use athena_learn::told::Overlay;
use athena_schemas::tables::{Community, Entity, Relation};
use athena_schemas::told::{Detected, PARTITION};
use athena_schemas::{Code, Column, Error, Row, Time};
use athena_store::Scope;
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;
use serde::Deserialize;
use serde_json::Value;

use super::Tie;
use super::find::Lookup;
use crate::{App, sql};

const ENTITIES: &str = include_str!("../../sql/graph_entities.sql");
const LINKS: &str = include_str!("../../sql/graph_links.sql");
const COMMUNITIES: &str = include_str!("../../sql/graph_communities.sql");
const MEMBERS: &str = include_str!("../../sql/graph_members.sql");
const TOLD: &str = include_str!("../../sql/graph_told.sql");
const TOTALS: &str = include_str!("../../sql/graph_totals.sql");
const RUN: &str = include_str!("../../sql/graph_run.sql");

/// Entities of one project, at most, and relations that are kept: the strongest.
const MOST_ENTITIES: usize = 1_000_000;
const MOST_TIES: usize = 4_000_000;
/// Records of what was told.
const MOST_TOLD: usize = 100_000;

/// As a run left it.
#[derive(Debug, Default)]
pub struct Base {
    pub run: Option<String>,
    pub entities: Vec<Arc<Entity>>,
    pub ties: Vec<Tie>,
    pub kinds: Vec<String>,
    pub totals: Totals,
    pub communities: Vec<Community>,
    /// Of each community: number of the entity, centrality, whether it is a hub.
    pub members: Vec<Vec<(u32, f64, bool)>>,
    pub(super) by: Index,
}

/// What things are found by, made when it is asked for.
#[derive(Debug, Default)]
pub(super) struct Index {
    entities: OnceLock<HashMap<String, u32>>,
    names: OnceLock<Lookup>,
    /// Ties by hashes of their ids.
    ties: OnceLock<HashMap<u64, u32>>,
    strengths: OnceLock<Vec<f64>>,
}

/// What was told, in the order in which it was.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said(Vec<One>);

/// Id, kind, name, body, when it was told, and its version.
type One = (String, String, String, String, Time, i64);

impl Said {
    pub async fn read(app: &App, scope: &Scope) -> Result<Self, Error> {
        let mut said = Vec::new();
        for batch in sql::ask(app, scope, TOLD, &[], MOST_TOLD + 1).await? {
            let [id, kind, name, body] = [0, 1, 2, 3].map(|at| text(&batch, at));
            let (at, version) = (time(&batch, 4)?, whole(&batch, 5)?);
            let (id, kind, name, body) = (id?, kind?, name?, body?);
            for row in 0..batch.num_rows() {
                let read =
                    |array: &ArrayRef| <Option<String> as Column>::read(array, row).unwrap_or_default();
                let at = Time::from_micros(at.as_primitive::<TimestampMicrosecondType>().value(row));
                let version = version.as_primitive::<Int64Type>().value(row);
                said.push((read(&id), read(&kind), read(&name), read(&body), at, version));
            }
        }
        match said.len() > MOST_TOLD {
            true => Err(beyond(&format!("{MOST_TOLD} told entities and relations"))),
            false => Ok(Self(said)),
        }
    }

    /// Whether they differ in partitions that were asked for, at most.
    pub fn is_alike(&self, other: &Self) -> bool {
        self.without_partitions().eq(other.without_partitions())
    }

    /// What lies over the graph.
    pub fn overlay(&self) -> Result<Overlay, Error> {
        let mut overlay = Overlay::default();
        for (id, kind, name, body, at, _) in self.without_partitions() {
            overlay.take((kind, id), name, body, *at)?;
        }
        Ok(overlay)
    }

    /// The partition that was asked for last.
    pub fn asked(&self) -> Option<Detected> {
        let last = self.0.iter().rfind(|(_, kind, ..)| kind == PARTITION);
        last.and_then(|(_, _, _, body, ..)| serde_json::from_str(body).ok())
    }

    fn without_partitions(&self) -> impl Iterator<Item = &One> {
        self.0.iter().filter(|(_, kind, ..)| kind != PARTITION)
    }
}

/// The project's newest complete run.
pub async fn newest_run(app: &App, scope: &Scope) -> Result<Option<String>, Error> {
    Ok(run_of(&sql::ask(app, scope, RUN, &[], 1).await?)?.map(|(run, _)| run))
}

/// A run, and what it says of how many sessions and contexts name anything.
fn run_of(batches: &[RecordBatch]) -> Result<Option<(String, Option<Totals>)>, Error> {
    let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else { return Ok(None) };
    let [run, quality] =
        [0, 1].map(|at| Ok::<_, Error>(<Option<String> as Column>::read(&text(batch, at)?, 0)));
    let quality: Value = quality?.and_then(|quality| serde_json::from_str(&quality).ok()).unwrap_or_default();
    let totals = Totals::deserialize(&quality["naming"]).ok();
    Ok(run?.map(|run| (run, totals)))
}

fn totals_of(batches: &[RecordBatch]) -> Result<Totals, Error> {
    let Some(batch) = batches.first() else { return Ok(Totals::default()) };
    let count = |at| Ok::<_, Error>(whole(batch, at)?.as_primitive::<Int64Type>().value(0));
    Ok(Totals { sessions: count(0)?, contexts: count(1)? })
}

impl Base {
    /// As the newest run left it.
    pub async fn read(app: &App, scope: &Scope) -> Result<Self, Error> {
        let context = sql::whole(app, scope).await?;
        let Some((run, totals)) = run_of(&all(&context, RUN).await?)? else { return Ok(Self::default()) };
        let mut base = Self { run: Some(run), ..Self::default() };
        let mut entities: Vec<Entity> = Vec::new();
        let mut read = sql::batches(&context, ENTITIES).await?;
        while let Some(batch) = read.try_next().await? {
            entities.extend(rows::<Entity>(&[batch])?);
            if entities.len() > MOST_ENTITIES {
                return Err(beyond(&format!("{MOST_ENTITIES} entities")));
            }
        }
        entities.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        base.entities = entities.into_iter().map(Arc::new).collect();
        base.totals = match totals {
            Some(totals) => totals,
            None => totals_of(&all(&context, TOTALS).await?)?,
        };
        let mut read = sql::batches(&context, LINKS).await?;
        while let Some(batch) = read.try_next().await? {
            base.take_ties(&batch)?;
        }
        base.put_in_order();
        base.communities = rows(&all(&context, COMMUNITIES).await?)?;
        base.members = vec![Vec::new(); base.communities.len()];
        let places: HashMap<String, usize> =
            base.communities.iter().enumerate().map(|(at, one)| (one.id.clone(), at)).collect();
        let mut read = sql::batches(&context, MEMBERS).await?;
        while let Some(batch) = read.try_next().await? {
            base.take_members(&batch, &places)?;
        }
        for own in &mut base.members {
            // The most central first, those that stand everywhere last.
            own.sort_unstable_by(|(node, centrality, hub), (other, less, other_hub)| {
                hub.cmp(other_hub).then(less.total_cmp(centrality)).then(node.cmp(other))
            });
        }
        Ok(base)
    }

    /// Makes at once what is found by names, ids and strengths.
    pub fn prepare(&self) {
        self.names();
        self.strengths();
        self.tie("");
    }

    fn take_members(&mut self, batch: &RecordBatch, places: &HashMap<String, usize>) -> Result<(), Error> {
        let (community, entity) = (text(batch, 0)?, text(batch, 1)?);
        let centrality = cast(batch, 2, &DataType::Float64)?;
        let hub = batch.column(3).as_boolean().clone();
        for row in 0..batch.num_rows() {
            let read = |array: &ArrayRef| <String as Column>::read(array, row);
            let (at, node) = (places.get(&read(&community)), self.number(&read(&entity)));
            if let (Some(at), Some(node)) = (at, node) {
                let centrality = centrality.as_primitive::<Float64Type>().value(row);
                self.members[*at].push((node, centrality, hub.value(row)));
            }
        }
        Ok(())
    }

    /// Kinds by their names, and ties by their support, the strongest first.
    fn put_in_order(&mut self) {
        let mut order: Vec<usize> = (0..self.kinds.len()).collect();
        order.sort_unstable_by_key(|at| &self.kinds[*at]);
        let mut numbers = vec![0; order.len()];
        order.iter().enumerate().for_each(|(number, at)| numbers[*at] = number as u16);
        self.kinds.sort_unstable();
        self.ties.iter_mut().for_each(|tie| tie.kind = numbers[tie.kind as usize]);
        self.ties.sort_unstable_by_key(|tie| (Reverse(tie.support), tie.from, tie.kind, tie.to));
        self.ties.truncate(MOST_TIES);
    }

    fn take_ties(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let (from, to, kind) = (text(batch, 0)?, text(batch, 1)?, text(batch, 2)?);
        let (support, weight) = (whole(batch, 3)?, cast(batch, 4, &DataType::Float64)?);
        let told = batch.column(5).as_boolean().clone();
        let (begins, ends, last) = (time(batch, 6)?, time(batch, 7)?, time(batch, 8)?);
        for row in 0..batch.num_rows() {
            let read = |array: &ArrayRef| <String as Column>::read(array, row);
            let (Some(from), Some(to)) = (self.number(&read(&from)), self.number(&read(&to))) else {
                continue;
            };
            let kind = read(&kind);
            let known = self.kinds.iter().position(|one| *one == kind);
            let kind = known.unwrap_or_else(|| {
                self.kinds.push(kind);
                self.kinds.len() - 1
            });
            let maybe = |array: &ArrayRef| <Option<Time> as Column>::read(array, row);
            self.ties.push(Tie {
                from,
                to,
                kind: kind as u16,
                told: told.value(row),
                support: support.as_primitive::<Int64Type>().value(row),
                weight: weight.as_primitive::<Float64Type>().value(row),
                strength: 0.0,
                valid_from: maybe(&begins),
                valid_until: maybe(&ends),
                last_at: <Time as Column>::read(&last, row),
            });
        }
        Ok(())
    }

    /// The number of an entity, by its id.
    pub fn number(&self, id: &str) -> Option<u32> {
        let numbered = || (0..).zip(&self.entities).map(|(at, one)| (one.id.clone(), at)).collect();
        self.by.entities.get_or_init(numbered).get(id).copied()
    }

    /// What entities are called here.
    pub fn names(&self) -> &Lookup {
        self.by.names.get_or_init(|| Lookup::of((0..).zip(self.entities.iter().map(Arc::as_ref))))
    }

    /// How strongly each tie holds; told of an entity is nothing that changes it.
    pub fn strengths(&self) -> &[f64] {
        let contexts = |node: u32| self.entities[node as usize].contexts;
        let one = |tie: &Tie| {
            let (kind, ends) = (&self.kinds[tie.kind as usize], (contexts(tie.from), contexts(tie.to)));
            strength(kind, (tie.support, tie.weight), ends, self.totals, tie.told)
        };
        self.by.strengths.get_or_init(|| self.ties.iter().map(one).collect())
    }

    /// The ends of a tie, by its id.
    pub fn tie(&self, id: &str) -> Option<(&str, &str)> {
        let end = |node: u32| self.entities[node as usize].id.as_str();
        let named = |tie: &Tie| relation_id(end(tie.from), &self.kinds[tie.kind as usize], end(tie.to));
        let ids = self
            .by
            .ties
            .get_or_init(|| (0..).zip(&self.ties).map(|(at, tie)| (short(&named(tie)), at)).collect());
        let tie = &self.ties[*ids.get(&short(id))? as usize];
        Some((end(tie.from), end(tie.to)))
    }

    /// A tie as a row, as far as it is known here.
    pub fn relation(&self, tie: &Tie) -> Relation {
        let (from, to) = (&self.entities[tie.from as usize].id, &self.entities[tie.to as usize].id);
        let kind = &self.kinds[tie.kind as usize];
        Relation {
            id: relation_id(from, kind, to),
            from_entity: from.clone(),
            to_entity: to.clone(),
            kind: kind.clone(),
            support: tie.support,
            weight: tie.weight,
            valid_from: tie.valid_from,
            valid_until: tie.valid_until,
            told: tie.told,
            last_at: tie.last_at,
            ..Relation::default()
        }
    }
}

/// A hash of an id. Ids are hashes themselves, but longer than what is kept of each of a million.
fn short(id: &str) -> u64 {
    static STATE: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    STATE.hash_one(id)
}

async fn all(context: &SessionContext, statement: &str) -> Result<Vec<RecordBatch>, Error> {
    sql::batches(context, statement).await?.try_collect().await
}

fn beyond(what: &str) -> Error {
    Error::new(Code::ResourceExhausted, format!("more than {what} in one project"))
}

fn text(batch: &RecordBatch, at: usize) -> Result<ArrayRef, Error> {
    cast(batch, at, &DataType::Utf8)
}

fn whole(batch: &RecordBatch, at: usize) -> Result<ArrayRef, Error> {
    cast(batch, at, &DataType::Int64)
}

fn time(batch: &RecordBatch, at: usize) -> Result<ArrayRef, Error> {
    cast(batch, at, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))
}

fn cast(batch: &RecordBatch, at: usize, to: &DataType) -> Result<ArrayRef, Error> {
    arrow::compute::cast(batch.column(at), to).map_err(|error| Error::internal(format!("graph: {error}")))
}

/// Rows of batches that have a table's columns.
fn rows<R: Row>(batches: &[RecordBatch]) -> Result<Vec<R>, Error> {
    let schema: SchemaRef = R::TABLE.schema();
    let mut all = Vec::new();
    for batch in batches {
        let columns = schema.fields().iter().map(|field| {
            let at =
                batch.schema().index_of(field.name()).map_err(|error| Error::internal(error.to_string()))?;
            cast(batch, at, field.data_type())
        });
        let columns = columns.collect::<Result<Vec<_>, Error>>()?;
        let batch = RecordBatch::try_new(schema.clone(), columns);
        all.extend(R::rows(&batch.map_err(|error| Error::internal(format!("graph: {error}")))?)?);
    }
    Ok(all)
}
