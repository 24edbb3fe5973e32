//! Episodes: stretches of a session with one aim. SQL says where they are cut; this folds their events.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int64Type, TimeUnit, TimestampMicrosecondType};
use athena_schemas::tables::Episode;
use athena_schemas::{Column, Time, ids};
use datafusion::scalar::ScalarValue;
use futures::TryStreamExt;

use crate::derive::{Deriving, Versions};
use crate::{Result, statements};

/// Files that an episode names at most.
const FILES: usize = 1_000;

/// Derives the episodes of the touched sessions.
pub async fn derive(deriving: &mut Deriving<'_>) -> Result<()> {
    for piece in deriving.pieces {
        deriving.narrow(Some(piece)).await?;
        of_piece(deriving).await?;
    }
    deriving.narrow(None).await
}

async fn of_piece(deriving: &mut Deriving<'_>) -> Result<()> {
    let known = deriving.known_of_touched(&[]).await?;
    let mut versions: Versions<Episode> = Versions::over(known);
    let idle = ScalarValue::Int64(Some(deriving.options.idle_gap.as_secs() as i64));
    let frame = deriving.context.sql(statements::MARKED).await?.with_param_values(vec![idle])?;
    let mut events = frame.execute_stream().await?;
    let mut folder = Folder::new(deriving.project);
    while let Some(batch) = events.try_next().await? {
        for event in marked(&batch)? {
            if let Some(episode) = folder.take(event) {
                versions.take(deriving, episode).await?;
            }
        }
    }
    if let Some(episode) = folder.finish() {
        versions.take(deriving, episode).await?;
    }
    versions.finish(deriving).await
}

/// An event as `sql/marked.sql` gives it.
#[derive(Debug, Clone, Default)]
struct Marked {
    session: String,
    ordinal: i64,
    cut: Option<String>,
    id: String,
    time: Time,
    agent: Option<String>,
    r#type: String,
    tool: Option<String>,
    content: Option<String>,
    outcome: Option<String>,
    files: Vec<String>,
}

/// The rows of a batch of `sql/marked.sql`.
fn marked(batch: &RecordBatch) -> Result<Vec<Marked>> {
    let column = |name: &str, as_type: &DataType| {
        let index = batch.schema().index_of(name)?;
        arrow::compute::cast(batch.column(index), as_type)
    };
    let text = |name: &str| column(name, &DataType::Utf8);
    let (session, cut, id, agent) = (text("session")?, text("cut")?, text("id")?, text("agent")?);
    let (kind, tool) = (text("type")?, text("tool")?);
    let (content, outcome) = (text("content")?, text("outcome")?);
    let ordinal = column("ordinal", &DataType::Int64)?;
    let time = column("time", &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))?;
    let files = column("files", &<Vec<String> as Column>::data_type())?;
    let optional = |array: &dyn Array, row| <Option<String> as Column>::read(array, row);
    Ok((0..batch.num_rows())
        .map(|row| Marked {
            session: <String as Column>::read(&session, row),
            ordinal: ordinal.as_primitive::<Int64Type>().value(row),
            cut: optional(&cut, row),
            id: <String as Column>::read(&id, row),
            time: Time::from_micros(time.as_primitive::<TimestampMicrosecondType>().value(row)),
            agent: optional(&agent, row),
            r#type: <String as Column>::read(&kind, row),
            tool: optional(&tool, row),
            content: optional(&content, row),
            outcome: optional(&outcome, row),
            files: match files.is_valid(row) {
                true => <Vec<String> as Column>::read(&files, row),
                false => vec![],
            },
        })
        .collect())
}

/// Folds events, in the order of the statement, into episodes. Holds one episode at a time.
struct Folder<'a> {
    project: &'a str,
    open: Option<Open>,
}

struct Open {
    episode: Episode,
    asked: bool,
    ended: bool,
    agents: BTreeMap<String, usize>,
    tools: BTreeMap<String, usize>,
    files: BTreeSet<String>,
}

impl<'a> Folder<'a> {
    fn new(project: &'a str) -> Self {
        Self { project, open: None }
    }

    /// Takes the next event; gives the episode that it ends.
    fn take(&mut self, event: Marked) -> Option<Episode> {
        let same = self.open.as_ref().is_some_and(|open| {
            open.episode.session == event.session && open.episode.ordinal == event.ordinal
        });
        let finished = if same { None } else { self.finish() };
        let open = self.open.get_or_insert_with(|| begin(self.project, &event));
        open.add(event);
        finished
    }

    /// The episode at hand, when there is one.
    fn finish(&mut self) -> Option<Episode> {
        self.open.take().map(Open::close)
    }
}

fn begin(project: &str, event: &Marked) -> Open {
    let episode = Episode {
        id: ids::short("ep-", &[project, &event.session, &event.id]),
        project: project.to_owned(),
        session: event.session.clone(),
        ordinal: event.ordinal,
        title: event.content.clone(),
        started_at: event.time,
        first_event: event.id.clone(),
        cut: event.cut.clone().unwrap_or_default(),
        ..Episode::default()
    };
    Open {
        episode,
        asked: false,
        ended: false,
        agents: BTreeMap::new(),
        tools: BTreeMap::new(),
        files: BTreeSet::new(),
    }
}

impl Open {
    fn add(&mut self, event: Marked) {
        let episode = &mut self.episode;
        episode.ended_at = episode.ended_at.max(event.time);
        episode.last_event = event.id;
        episode.events += 1;
        // What was asked first says best what it was about.
        if !self.asked && event.r#type == "message" && event.agent.as_deref() == Some("user") {
            self.asked = true;
            episode.title = event.content.or(episode.title.take());
        }
        if let Some(outcome) = event.outcome {
            episode.failures += i64::from(outcome == "failure");
            // The session's own end says more than any step.
            if event.r#type == "session_end" || (!self.ended && outcome != "unknown") {
                episode.outcome = Some(outcome);
            }
            self.ended |= event.r#type == "session_end";
        }
        if let Some(agent) = event.agent {
            *self.agents.entry(agent).or_default() += 1;
        }
        if let (Some(tool), "tool_call") = (event.tool, event.r#type.as_str()) {
            *self.tools.entry(tool).or_default() += 1;
        }
        for file in event.files {
            if self.files.len() < FILES {
                self.files.insert(file);
            }
        }
    }

    fn close(self) -> Episode {
        Episode {
            agents: most_first(self.agents),
            tools: most_first(self.tools),
            files: self.files.into_iter().collect(),
            ..self.episode
        }
    }
}

fn most_first(counts: BTreeMap<String, usize>) -> Vec<String> {
    let mut names: Vec<_> = counts.into_iter().collect();
    names.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    names.into_iter().map(|(name, _)| name).collect()
}
