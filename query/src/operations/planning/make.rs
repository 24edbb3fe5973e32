//! Plans made of what worked.

use std::collections::HashSet;

use athena_learn::estimate::median;
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::sources::{Done, Near, near};
use super::{Changed, Plan, Source, Step, set_up};
use crate::operations::goals::Goals;
use crate::operations::records::{answered, one_project};
use crate::operations::sessions::steps::{likeness, shared};
use crate::operations::tasks::find;
use crate::registry::{Call, Effect, Example, Operation};

/// Steps of a plan at most.
const MOST_STEPS: usize = 60;
/// Of the weight of all sources, what a step must have to be in a plan of three and more.
const SHARED_BY: f64 = 0.34;

/// Makes a plan for a goal, a task or a text from finished tasks, sessions and procedures that are near and went well: the way of
/// the one that is most like the others, without what only few did. How often a step failed is told of all that is near,
/// also of what went wrong. Its sources stand in it with how near they are. Where nothing is near it has no steps, and
/// says so.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Create {
    /// Id of a goal. Give one of the three.
    goal: Option<String>,
    /// Id of a task.
    task: Option<String>,
    /// What is to be done.
    text: Option<String>,
}

impl Operation for Create {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "create";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        let (project, scope) = one_project(call).await?;
        let text = match (&self.goal, &self.task, &self.text) {
            (Some(goal), None, None) => Goals::read(call).await?.find("goal", goal)?.title.clone(),
            (None, Some(task), None) => find(call, &scope, &project, task).await?.title,
            (None, None, Some(text)) if !text.trim().is_empty() => text.clone(),
            _ => return Err(Error::invalid("text", "give one of goal, task and text")),
        };
        let all = near(call, (&project, &scope), &text, call.shared.session.as_deref()).await?;
        let chosen = worked(&all);
        let steps = steps(&chosen, &all);
        let reason = why_not(&all, &steps);
        let sources = if steps.is_empty() { Vec::new() } else { sources(&chosen) };
        let strategy = strategy(&sources).to_owned();
        let plan = Plan {
            text: text.chars().take(1_000).collect(),
            goal: self.goal,
            task: self.task,
            steps,
            sources,
            strategy,
            reason,
            ..Plan::default()
        };
        answered(call.command(&json!({"plan": plan})).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: set_up(), arguments: json!({"text": "Round the total of the order to cents"}) }]
    }
}

/// Cuts what is to be done into parts, as near work was done: `procedural` in its steps, `hierarchical` in stretches of
/// one tool with their steps, `by_file` by the files that were touched.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decompose {
    /// What is to be done.
    text: String,
    /// `hierarchical`, `procedural` or `by_file`.
    strategy: Strategy,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Strategy {
    Hierarchical,
    Procedural,
    ByFile,
}

/// Parts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Parts {
    items: Vec<Part>,
    sources: Vec<Source>,
    /// Why there are none.
    reason: Option<String>,
    /// How it was done: from the log, without a language model.
    method: &'static str,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Part {
    content: String,
    /// 0 of a part, 1 of what is within it.
    depth: usize,
    /// How many of the sources have it.
    support: usize,
    /// Events of the sources that did it.
    sources: Vec<String>,
}

impl Operation for Decompose {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "decompose";
    const EFFECT: Effect = Effect::Read;
    type Result = Parts;

    async fn call(self, call: &Call) -> Result<Parts, Error> {
        if self.text.trim().is_empty() {
            return Err(Error::invalid("text", "say what is to be done"));
        }
        let (project, scope) = one_project(call).await?;
        let all = near(call, (&project, &scope), &self.text, call.shared.session.as_deref()).await?;
        let chosen = worked(&all);
        let steps = steps(&chosen, &all);
        let mut reason = why_not(&all, &steps);
        let items = match self.strategy {
            Strategy::Procedural => steps.iter().map(|step| part(step, 0)).collect(),
            Strategy::Hierarchical => stretches(&steps),
            Strategy::ByFile => by_file(&chosen),
        };
        if items.is_empty() && reason.is_none() {
            reason = Some("near work touched no files".into());
        }
        Ok(Parts { items, sources: sources(&chosen), reason, method: "log", project })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"text": "Round the total of the order", "strategy": "by_file"});
        vec![Example { setup: set_up(), arguments }]
    }
}

fn part(step: &Step, depth: usize) -> Part {
    Part {
        content: format!("{}: {}", step.action, step.content),
        depth,
        support: step.support,
        sources: step.sources.clone(),
    }
}

/// Steps of one tool in a row are a part.
fn stretches(steps: &[Step]) -> Vec<Part> {
    let mut parts = Vec::new();
    for stretch in steps.chunk_by(|one, other| one.tool == other.tool) {
        let tool = stretch[0].tool.as_deref().unwrap_or(&stretch[0].action);
        parts.push(Part {
            content: format!("{tool}: {} steps", stretch.len()),
            depth: 0,
            support: stretch.iter().map(|step| step.support).min().unwrap_or(0),
            sources: Vec::new(),
        });
        parts.extend(stretch.iter().map(|step| part(step, 1)));
    }
    parts
}

/// The files that near work touched, those of most sources first.
fn by_file(chosen: &[&Near]) -> Vec<Part> {
    let mut files: std::collections::BTreeMap<&str, (usize, Vec<String>)> = std::collections::BTreeMap::new();
    for near in chosen {
        let mut own: std::collections::BTreeMap<&str, Vec<String>> = std::collections::BTreeMap::new();
        for done in &near.done {
            done.files.iter().for_each(|file| own.entry(file).or_default().push(done.event.clone()));
        }
        for (file, events) in own {
            let of = files.entry(file).or_default();
            of.0 += 1;
            of.1.extend(events.into_iter().take(5));
        }
    }
    let mut parts: Vec<Part> = files
        .into_iter()
        .map(|(file, (support, sources))| Part { content: file.to_owned(), depth: 0, support, sources })
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.support));
    parts.truncate(MOST_STEPS);
    parts
}

/// What went well; where nothing did, what did not go badly.
pub fn worked(all: &[Near]) -> Vec<&Near> {
    let well: Vec<&Near> = all.iter().filter(|near| near.went_well()).collect();
    match well.is_empty() {
        true => all.iter().filter(|near| !near.went_badly()).collect(),
        false => well,
    }
}

pub fn why_not(all: &[Near], steps: &[Step]) -> Option<String> {
    match (all.is_empty(), steps.is_empty()) {
        (true, _) => Some("no finished task and no session with steps is near".into()),
        (_, true) => Some(format!("all {} that are near failed", all.len())),
        _ => None,
    }
}

pub fn sources(chosen: &[&Near]) -> Vec<Source> {
    chosen.iter().map(|near| near.source.clone()).collect()
}

/// Which kind of source most of a plan comes from.
pub fn strategy(sources: &[Source]) -> &'static str {
    let of = |kind: &str| sources.iter().filter(|source| source.kind == kind).count();
    match (sources.is_empty(), of("procedure") > 0, of("task") > of("session")) {
        (true, ..) => "none",
        (_, true, _) => "procedures",
        (.., true) => "tasks",
        _ => "sessions",
    }
}

/// The steps of the source that is most like the others, each weighed by how near it is; in plans of three and more
/// sources without those that too few share. How often each failed is told of all that is near, whatever became of it.
pub fn steps(chosen: &[&Near], all: &[Near]) -> Vec<Step> {
    let ways: Vec<Vec<&str>> = chosen.iter().map(|near| near.actions()).collect();
    let weight = |at: usize| chosen[at].source.similarity;
    let like_others = |at: usize| {
        let others = (0..ways.len()).filter(|other| *other != at);
        let like: f64 = others.map(|other| weight(other) * likeness(&ways[at], &ways[other])).sum();
        // Nearness is worth something of its own: it breaks ties of two.
        like + weight(at) * weight(at)
    };
    let Some(medoid) = (0..ways.len())
        .max_by(|one, other| like_others(*one).total_cmp(&like_others(*other)).then_with(|| other.cmp(one)))
    else {
        return Vec::new();
    };
    let whole: f64 = (0..ways.len()).map(weight).sum();
    let having = side_by_side(&ways[medoid], chosen.iter().copied());
    let everywhere = side_by_side(&ways[medoid], all.iter());
    let few = chosen.len() < 3;
    let mut steps: Vec<Step> = Vec::new();
    for (at, (having, everywhere)) in having.iter().zip(&everywhere).enumerate() {
        let share = having.iter().map(|(near, _)| near.source.similarity).sum::<f64>() / whole;
        if (few || share >= SHARED_BY) && steps.len() < MOST_STEPS {
            let own = &chosen[medoid].done[at];
            let (done, tried) = (each_once(having), each_once(everywhere));
            let took: Vec<f64> =
                done.iter().filter_map(|done| done.took_ms).map(|took| took as f64).collect();
            let failed: Vec<String> =
                tried.iter().filter(|done| done.failed).map(|done| done.event.clone()).collect();
            let id = steps.len() + 1;
            steps.push(Step {
                id,
                action: own.action.clone(),
                tool: own.tool.clone(),
                content: own.content.clone(),
                needs: (id > 1).then(|| id - 1).into_iter().collect(),
                done: false,
                support: having.iter().map(|(near, _)| &near.session).collect::<HashSet<_>>().len(),
                failure_rate: (!tried.is_empty()).then(|| failed.len() as f64 / tried.len() as f64),
                p50_ms: median(took.clone()).map(|took| took as i64),
                p90_ms: nine_tenths(took),
                files: own.files.clone(),
                sources: done.iter().map(|done| done.event.clone()).collect(),
                failed,
            });
        }
    }
    steps
}

/// For each action of a way what did it elsewhere, in the same order.
fn side_by_side<'n>(way: &[&str], others: impl Iterator<Item = &'n Near>) -> Vec<Vec<(&'n Near, &'n Done)>> {
    let mut having = vec![Vec::new(); way.len()];
    for near in others {
        for (own, its) in shared(way, &near.actions()) {
            having[own].push((near, &near.done[its]));
        }
    }
    having
}

/// What was done, without what stands in several sources: a procedure and a task are of the same events as their session.
fn each_once<'n>(having: &[(&'n Near, &'n Done)]) -> Vec<&'n Done> {
    let mut seen = HashSet::new();
    having.iter().map(|(_, done)| *done).filter(|done| seen.insert(done.event.as_str())).collect()
}

/// What nine tenths did not exceed; null of fewer than nine.
fn nine_tenths(mut took: Vec<f64>) -> Option<i64> {
    took.sort_by(f64::total_cmp);
    let rank = ((took.len() + 1) * 9).div_ceil(10);
    took.get(rank.checked_sub(1)?).filter(|_| rank <= took.len()).map(|took| *took as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(similarity: f64, outcome: &str, actions: &[&str]) -> Near {
        let done = |action: &&str| Done {
            action: (*action).into(),
            tool: Some((*action).into()),
            event: format!("{action}-{similarity}"),
            took_ms: Some(1_000),
            failed: *action == "test" && outcome == "failure",
            ..Done::default()
        };
        let source =
            Source { similarity, outcome: Some(outcome.into()), kind: "session".into(), ..Source::default() };
        Near { source, session: format!("s-{similarity}"), done: actions.iter().map(done).collect() }
    }

    #[test]
    fn a_plan_is_what_most_that_went_well_did() {
        let all = [
            near(0.9, "success", &["look", "detour", "edit", "test"]),
            near(0.8, "success", &["look", "edit", "test"]),
            near(0.75, "success", &["look", "edit", "test"]),
            near(0.7, "success", &["look", "edit", "test", "commit"]),
            near(0.95, "failure", &["give up"]),
        ];
        let chosen = worked(&all);
        let plan = steps(&chosen, &all);
        assert_eq!(
            plan.iter().map(|step| step.action.as_str()).collect::<Vec<_>>(),
            ["look", "edit", "test"]
        );
        assert_eq!(
            (plan[2].needs.as_slice(), plan[2].support, plan[2].failure_rate),
            (&[2][..], 4, Some(0.0))
        );
        assert_eq!((plan[0].p50_ms, plan[0].p90_ms), (Some(1_000), None));
        assert_eq!(why_not(&all, &plan), None);
    }

    #[test]
    fn failures_are_those_of_all_that_is_near() {
        let well = ["look", "edit", "test", "commit"];
        let all = [
            near(0.9, "success", &well),
            near(0.8, "success", &well),
            near(0.7, "success", &well),
            near(0.6, "failure", &well[..3]),
        ];
        let plan = steps(&worked(&all), &all);
        let rates: Vec<Option<f64>> = plan.iter().map(|step| step.failure_rate).collect();
        assert_eq!(rates, [0.0, 0.0, 0.25, 0.0].map(Some));
        assert_eq!((plan[2].support, plan[2].sources.len()), (3, 3), "what it comes from went well");
        assert_eq!(plan[2].failed, ["test-0.6"]);
    }

    #[test]
    fn what_stands_in_two_sources_was_done_once() {
        let session = near(0.9, "success", &["look", "edit"]);
        let mut procedure = session.clone();
        procedure.source.kind = "procedure".into();
        let all = [session, near(0.8, "success", &["look", "edit"]), procedure];
        let plan = steps(&worked(&all), &all);
        assert_eq!(
            (plan[0].support, plan[0].sources.as_slice()),
            (2, &["look-0.9", "look-0.8"].map(String::from)[..])
        );
    }

    #[test]
    fn nothing_near_is_said() {
        assert!(steps(&[], &[]).is_empty());
        assert!(why_not(&[], &[]).unwrap().contains("is near"));
        let failed = [near(0.9, "failure", &["x"])];
        assert!(worked(&failed).is_empty() && why_not(&failed, &[]).unwrap().contains("failed"));
    }

    #[test]
    fn stretches_hold_their_steps() {
        let all = [near(0.9, "success", &["look", "look", "edit"])];
        let parts = stretches(&steps(&worked(&all), &all));
        assert_eq!(parts.iter().map(|part| part.depth).collect::<Vec<_>>(), [0, 1, 1, 0, 1]);
    }
}
