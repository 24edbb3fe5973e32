//! Facts: what was said, in statements by session, and these folded over the whole project.
//!
//! ```text
//! messages of touched sessions, memories ─▶ learn::facts ─▶ statements ─▶ without what was rejected ─▶ fold ─▶ facts
//! ```
//!
//! A run reads again only what it touches, and folds everything when any statement is another: so it ends where a full
//! one does. What was said before stays in memory from run to run, unless it is very much.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType, UInt64Type};
use athena_learn::facts::fold::{self, Said, Told};
use athena_learn::facts::{self, Kind, Speaker};
use athena_schemas::tables::{Fact, Statement};
use athena_schemas::{Column, Row, Time, ids};
use datafusion::scalar::ScalarValue;
use futures::TryStreamExt;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::derive::{Agreed, Deriving};
use crate::graph::Stated;
use crate::{Error, Result, statements};

/// The session of what memories state.
const MEMORY: &str = "memory";
/// Who speaks where nobody is named.
const SOMEBODY: &str = "user";
/// What stands in the source of a memory that confirms a fact.
const CONFIRMS: &str = "fact:";
/// Characters of a statement, and of its value.
const TEXT_CHARS: usize = 500;
const VALUE_CHARS: usize = 200;
/// Statements that stay in memory from run to run, at most.
const KEPT: usize = 20_000;

/// What a run leaves of what was said; facts may still be folded while others are derived.
pub enum Stating {
    Same(Option<Stated>),
    Folding { known: Vec<Fact>, statements: Vec<Statement>, facts: JoinHandle<Vec<Fact>> },
}

/// Derives the statements of the touched sessions, and the facts of the project: [`finish`] writes those. `before`: what
/// the base left, where that stayed in memory.
pub async fn derive(deriving: &mut Deriving<'_>, before: Option<Stated>) -> Result<Stating> {
    let memories: &[&str] = if deriving.told { &[MEMORY] } else { &[] };
    let (known, before) = match before {
        None => (deriving.known_of_touched::<Statement>(memories).await?, None),
        Some(Stated { statements, facts }) => {
            let touched = deriving.touched(memories).await?;
            let (known, statements) = statements.into_iter().partition(|one| touched.contains(&one.session));
            (known, Some(Stated { statements, facts }))
        }
    };
    let mut fresh = spoken(deriving).await?;
    if deriving.told {
        fresh.extend(told(deriving).await?);
    }
    let earlier: BTreeSet<String> = known.iter().map(|one| one.id.clone()).collect();
    deriving.put(known, fresh.iter().cloned()).await?;
    if !deriving.wrote(Statement::TABLE.name) && !deriving.told && !deriving.full {
        return Ok(Stating::Same(before.map(|mut stated| {
            stated.statements.extend(fresh);
            stated
        })));
    }
    let Stated { statements: mut all, facts: known } = match before {
        Some(stated) => stated,
        None => Stated { statements: elsewhere(deriving).await?, facts: deriving.known().await? },
    };
    deriving.agreed = agreed(fresh.iter().filter(|one| !earlier.contains(&one.id)), &known);
    all.extend(fresh);
    let statements = (all.len() <= KEPT).then(|| all.clone());
    let rejected = rejected(deriving).await?;
    all.retain(|one| {
        let at = rejected.get(&ids::fact(&one.attribute_key, &one.value_key));
        at.is_none_or(|at| one.received_at.micros() > *at)
    });
    let project = deriving.project.to_owned();
    let fold = move || folded(&project, all.into_iter().map(said).collect(), &rejected);
    match statements {
        Some(statements) => {
            let facts = tokio::task::spawn_blocking(fold);
            Ok(Stating::Folding { known, statements, facts })
        }
        None => {
            deriving.put(known, fold()).await?;
            Ok(Stating::Same(None))
        }
    }
}

/// Writes the facts that were folded meanwhile. Gives what the run leaves, where that stays in memory.
pub async fn finish(deriving: &mut Deriving<'_>, stating: Stating) -> Result<Option<Stated>> {
    match stating {
        Stating::Same(stated) => Ok(stated),
        Stating::Folding { known, statements, facts } => {
            let facts = facts.await.map_err(|error| Error::internal("folding facts", error))?;
            deriving.put_kept(known, &facts).await?;
            Ok(Some(Stated { statements, facts }))
        }
    }
}

/// The statements of sessions that are not touched.
async fn elsewhere(deriving: &Deriving<'_>) -> Result<Vec<Statement>> {
    let told = vec![ScalarValue::Boolean(Some(deriving.told))];
    let frame = deriving.context.sql(statements::STATED_ELSEWHERE).await?.with_param_values(told)?;
    statements::typed(frame).await
}

/// What is stated anew of an attribute that has one value agrees if it has a value that was known to hold.
fn agreed<'s>(anew: impl Iterator<Item = &'s Statement>, known: &[Fact]) -> Agreed {
    let mut held: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for fact in known.iter().filter(|fact| fact.valid_until.is_none() && !fact.attribute_key.is_empty()) {
        held.entry(&fact.attribute_key).or_default().insert(&fact.value_key);
    }
    let mut agreed = Agreed::default();
    for one in anew.filter(|one| !one.many) {
        let keys = [Some(one.attribute_key.as_str()), one.own_key.as_deref()];
        let values: Vec<&BTreeSet<&str>> =
            keys.into_iter().flatten().filter_map(|key| held.get(key)).collect();
        let holds = !one.ends && values.iter().any(|values| values.contains(one.value_key.as_str()));
        agreed.of += u64::from(!values.is_empty());
        agreed.agreed += u64::from(holds);
    }
    agreed
}

/// Texts with who says them, when and where.
struct Source {
    id: String,
    session: String,
    speaker: String,
    kind: String,
    content: String,
    source: String,
    valid_from: Time,
    valid_until: Option<Time>,
    received_at: Time,
    position: u64,
}

async fn spoken(deriving: &Deriving<'_>) -> Result<Vec<Statement>> {
    let mut events = deriving.context.sql(statements::SPOKEN).await?.execute_stream().await?;
    let mut found = Vec::new();
    while let Some(batch) = events.try_next().await? {
        for source in sources(&batch, ["session", "agent", "type", "time", "received_at"])? {
            let speaker = Speaker { name: &source.speaker, project: deriving.project };
            let mut stated = facts::statements(&source.content, speaker);
            if source.kind == "decision" && !stated.iter().any(|one| one.kind == Kind::Decision) {
                stated.extend(facts::whole(&source.content, Kind::Decision, speaker));
            }
            found.extend(rows(deriving.project, &source, stated, Told::Learned));
        }
    }
    Ok(found)
}

async fn told(deriving: &Deriving<'_>) -> Result<Vec<Statement>> {
    let mut memories = deriving.context.sql(statements::TOLD).await?.execute_stream().await?;
    let mut found = Vec::new();
    while let Some(batch) = memories.try_next().await? {
        for mut source in sources(&batch, ["source", "speaker", "kind", "valid_from", "recorded_at"])? {
            source.source = std::mem::replace(&mut source.session, MEMORY.into());
            let speaker = Speaker { name: &source.speaker, project: deriving.project };
            let kind = match source.kind.as_str() {
                "decision" => Kind::Decision,
                "preference" => Kind::Preference,
                "pattern" => Kind::Lesson,
                _ => Kind::Fact,
            };
            let confirms = source.source.starts_with(CONFIRMS);
            let confirmed = facts::confirmed(&source.content, deriving.project).filter(|_| confirms);
            let (mut stated, state) = match confirmed {
                Some(one) => (vec![facts::Statement { kind, ..one }], Told::Confirmed),
                None => (facts::statements(&source.content, speaker), Told::Told),
            };
            if stated.is_empty() {
                stated.extend(facts::whole(&source.content, kind, speaker));
            }
            found.extend(rows(deriving.project, &source, stated, state));
        }
    }
    Ok(found)
}

/// The rows of a batch, whose columns are named: session, speaker, kind, when it is true and when it came in.
fn sources(batch: &RecordBatch, names: [&str; 5]) -> Result<Vec<Source>> {
    let column = |name: &str, as_type: &DataType| -> Result<ArrayRef> {
        let index = batch.schema().index_of(name)?;
        Ok(arrow::compute::cast(batch.column(index), as_type)?)
    };
    let text = |name: &str| column(name, &DataType::Utf8);
    let time = |name: &str| column(name, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())));
    let [session, speaker, kind] = [text(names[0])?, text(names[1])?, text(names[2])?];
    let (id, content) = (text("id")?, text("content")?);
    let [from, received] = [time(names[3])?, time(names[4])?];
    let until =
        if batch.schema().index_of("valid_until").is_ok() { Some(time("valid_until")?) } else { None };
    let position = column("position", &DataType::UInt64)?;
    let read =
        |array: &ArrayRef, row: usize| <Option<String> as Column>::read(array, row).unwrap_or_default();
    let moment = |array: &ArrayRef, row: usize| {
        Time::from_micros(array.as_primitive::<TimestampMicrosecondType>().value(row))
    };
    Ok((0..batch.num_rows())
        .map(|row| Source {
            id: read(&id, row),
            session: read(&session, row),
            speaker: Some(read(&speaker, row))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| SOMEBODY.into()),
            kind: read(&kind, row),
            content: read(&content, row),
            source: String::new(),
            valid_from: moment(&from, row),
            valid_until: until.as_ref().filter(|until| until.is_valid(row)).map(|until| moment(until, row)),
            received_at: moment(&received, row),
            position: position.as_primitive::<UInt64Type>().value(row),
        })
        .collect())
}

fn rows(project: &str, source: &Source, stated: Vec<facts::Statement>, state: Told) -> Vec<Statement> {
    let row = |(number, one): (usize, facts::Statement)| Statement {
        id: ids::short("st-", &[project, &source.session, &source.id, &number.to_string()]),
        project: project.to_owned(),
        session: source.session.clone(),
        source: source.id.clone(),
        speaker: source.speaker.clone(),
        subject: one.subject,
        attribute: one.attribute,
        value: cut(&one.value, VALUE_CHARS),
        attribute_key: one.key,
        own_key: one.open_key,
        value_key: one.value_key,
        kind: one.kind.name().into(),
        many: one.many,
        ends: one.ends,
        changes: one.changes,
        value_before: one.from,
        text: cut(source.content.get(one.span.clone()).unwrap_or_default(), TEXT_CHARS),
        span_start: one.span.start as i64,
        span_end: one.span.end as i64,
        valid_from: source.valid_from,
        valid_until: source.valid_until,
        received_at: source.received_at,
        state: state.name().into(),
        position: source.position,
        ..Statement::default()
    };
    stated.into_iter().enumerate().map(row).collect()
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// Facts that were rejected, without their number, and when.
async fn rejected(deriving: &Deriving<'_>) -> Result<BTreeMap<String, i64>> {
    let rows = statements::texts(deriving.context, statements::REJECTED).await?;
    let each = rows.into_iter().filter_map(|row| {
        let [fact, at] = <[String; 2]>::try_from(row).ok()?;
        Some((fact, at.parse().ok()?))
    });
    Ok(each.collect())
}

fn said(one: Statement) -> Said {
    Said {
        id: one.source,
        subject: one.subject,
        attribute: one.attribute,
        value: one.value,
        key: one.attribute_key,
        open_key: one.own_key,
        value_key: one.value_key,
        kind: Kind::parse(&one.kind).unwrap_or(Kind::Fact),
        many: one.many,
        ends: one.ends,
        changes: one.changes,
        from: one.value_before,
        text: one.text,
        start: one.span_start,
        end: one.span_end,
        at: one.valid_from.micros(),
        until: one.valid_until.map(Time::micros),
        position: one.position,
        received: one.received_at.micros(),
        speaker: one.speaker,
        session: one.session,
        told: match one.state.as_str() {
            "confirmed" => Told::Confirmed,
            "told" => Told::Told,
            _ => Told::Learned,
        },
    }
}

/// The facts of a project. What resolves only in the fold, such as what `switched from A to B` is about, may be what
/// was rejected: then it is folded again without.
fn folded(project: &str, said: Vec<Said>, rejected: &BTreeMap<String, i64>) -> Vec<Fact> {
    let base = |fact: &fold::Fact| ids::fact(&fact.key, &fact.value_key);
    let mut said = said;
    let mut facts = fold::fold(said.clone());
    let refused: BTreeSet<String> = facts
        .iter()
        .filter(|fact| rejected.get(&base(fact)).is_some_and(|at| fact.received <= *at))
        .flat_map(|fact| {
            fact.evidence.iter().map(|one| format!("{}:{}:{}", one.id, one.start, fact.value_key))
        })
        .collect();
    if !refused.is_empty() {
        said.retain(|one| !refused.contains(&format!("{}:{}:{}", one.id, one.start, one.value_key)));
        facts = fold::fold(said);
    }
    let ids: Vec<String> = facts
        .iter()
        .map(|fact| match fact.again {
            0 => base(fact),
            again => format!("{}.{}", base(fact), again + 1),
        })
        .collect();
    let time = Time::from_micros;
    let row = |(fact, id): (fold::Fact, &String)| Fact {
        id: id.clone(),
        project: project.to_owned(),
        subject: fact.subject,
        attribute: fact.attribute,
        value: fact.value,
        statement: fact.text,
        kind: fact.kind.name().into(),
        state: fact.state.name().into(),
        support: fact.support,
        against: fact.against,
        confidence: fact.confidence,
        sources: distinct(fact.evidence.iter().map(|one| one.id.clone())),
        evidence: json!(
            fact.evidence
                .iter()
                .map(|one| {
                    json!({"id": one.id, "time": time(one.at), "start": one.start, "end": one.end})
                })
                .collect::<Vec<_>>()
        )
        .to_string(),
        valid_from: time(fact.valid_from),
        valid_until: fact.valid_until.map(time),
        replaced_by: fact.replaced_by.and_then(|at| ids.get(at)).cloned(),
        attribute_key: fact.key,
        value_key: fact.value_key,
        evidence_at: time(fact.received),
        ..Fact::default()
    };
    facts.into_iter().zip(&ids).map(row).collect()
}

fn distinct(ids: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    ids.filter(|id| seen.insert(id.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stated_anew_agrees_with_what_held() {
        let fact = |key: &str, value: &str, ended: bool| Fact {
            attribute_key: key.into(),
            value_key: value.into(),
            valid_until: ended.then(|| Time::from_micros(1)),
            ..Fact::default()
        };
        let known = [fact("port", "80", true), fact("port", "81", false), fact("", "82", false)];
        let stated = |key: &str, value: &str| Statement {
            attribute_key: key.into(),
            value_key: value.into(),
            ..Statement::default()
        };
        let anew = [
            stated("port", "81"),
            stated("port", "80"),
            stated("", "82"),
            stated("host", "a"),
            Statement { own_key: Some("port".into()), ..stated("host", "81") },
            Statement { ends: true, ..stated("port", "81") },
            Statement { many: true, ..stated("port", "81") },
        ];
        assert_eq!(agreed(anew.iter(), &known), Agreed { of: 4, agreed: 2 });
        assert_eq!(agreed(anew.iter(), &[]), Agreed::default());
    }
}
