//! System 2: what System 1 is not sure of is looked at once more, by another test, in sessions that it was not learned from.
//! Behind the runs, so many at a time, and each thing once for what it says: nothing waits for it.

use std::collections::{BTreeMap, BTreeSet};

use athena_learn::held_out::{LEAST, Trial, shape, trial, usual};
use athena_learn::steps::Session;
use athena_schemas::tables::{Procedure, ProcedureRun, Verdict};
use athena_schemas::{Row, Time, ids};
use athena_store::Store;
use datafusion::prelude::{SessionContext, col, lit};
use serde_json::{Value, json};
use tracing::info;

use crate::procedures::read_sessions;
use crate::touched::happened;
use crate::{Options, Result, statements};

/// Things that are judged in one go, the least certain first.
const AT_ONCE: usize = 20;
/// Sessions that are looked at.
const SESSIONS: usize = 2_000;

const KIND: &str = "procedure";
/// How it was judged: where System 1 is sure, by what it was learned from, else by what it was not.
const SURE: &str = "learned";
const HELD_OUT: &str = "held_out";
/// Above it System 1 is not sure: the probability that the steps follow each other no more often than any others.
const UNCERTAIN: f64 = 0.5;

/// Judges the procedures of a project that nobody has judged as they are now. Gives how many it judged.
///
/// # Errors
/// Storage.
pub async fn judge(store: &Store, options: &Options, project: &str) -> Result<usize> {
    store.refresh().await?;
    let context = statements::session(&store.snapshot(), Some(project), &options.sql).await?;
    let procedures: Vec<Procedure> =
        statements::typed(context.table(Procedure::TABLE.name).await?.with_column("deleted", lit(false))?)
            .await?;
    if procedures.is_empty() {
        return Ok(0);
    }
    let judged = statements::texts(&context, statements::JUDGED).await?;
    let judged: BTreeSet<String> = judged.into_iter().flatten().collect();
    let mut open: Vec<(String, Procedure)> = procedures
        .into_iter()
        .map(|row| (ids::short("v-", &[project, KIND, &row.id, &row.steps]), row))
        .filter(|(id, _)| !judged.contains(id))
        .collect();
    open.sort_by(|(_, one), (_, other)| other.by_chance.total_cmp(&one.by_chance));
    open.truncate(AT_ONCE);
    if open.is_empty() {
        return Ok(0);
    }
    let sessions = statements::texts(&context, statements::STEP_SESSIONS).await?;
    let mut chosen: Vec<String> = sessions.into_iter().filter_map(|row| row.into_iter().next()).collect();
    chosen.sort_by_cached_key(|session| ids::text(session));
    chosen.truncate(SESSIONS);
    let events = happened(&context, &chosen.into_iter().collect()).await?;
    let sessions = read_sessions(&context, events).await?;
    let mut verdicts = Vec::new();
    for (id, row) in open {
        let runs = runs(&context, &row.id).await?;
        verdicts.push(verdict(id, &row, &runs, &sessions));
    }
    let table = store.of(Verdict::TABLE);
    let staged = table.stage(vec![Verdict::batch(&verdicts)]).await?;
    table.append(&staged).await?;
    info!(project, judged = verdicts.len(), "procedures judged");
    Ok(verdicts.len())
}

async fn runs(context: &SessionContext, procedure: &str) -> Result<Vec<ProcedureRun>> {
    let runs = context.table(ProcedureRun::TABLE.name).await?.filter(col("procedure").eq(lit(procedure)))?;
    statements::typed(runs.with_column("deleted", lit(false))?).await
}

/// What each step looks like is read from one half of the sessions. Where that half leaves it uncertain whether the steps
/// follow each other, it is looked for in the other.
fn verdict(id: String, row: &Procedure, runs: &[ProcedureRun], sessions: &[Session]) -> Verdict {
    let (mut shapes, mut same, mut others) = (BTreeMap::new(), Vec::new(), Vec::new());
    for session in sessions {
        let told = session
            .events
            .iter()
            .filter_map(|event| event.command().map(|(tool, text)| (event.id.as_str(), shape(tool, text))));
        match is_held_out(&session.id) {
            true => others.push(told.map(|(_, shape)| shape).collect::<Vec<_>>()),
            false => {
                let told: Vec<(&str, String)> = told.collect();
                same.push(told.iter().map(|(_, shape)| shape.clone()).collect::<Vec<_>>());
                shapes.extend(told);
            }
        }
    }
    let steps: Vec<Value> = serde_json::from_str(&row.steps).unwrap_or_default();
    let own = runs.iter().filter(|run| !is_held_out(&run.session));
    let own: Vec<&ProcedureRun> = own.collect();
    let step = |at: usize| {
        let events = own.iter().filter_map(|run| run.events.get(at));
        usual(events.filter_map(|event| shapes.get(event.as_str())).map(String::as_str))
    };
    let sequence: Vec<String> = (0..steps.len()).filter_map(step).collect();
    // A sequence of which one half does not show every step is not looked for in the other.
    let whole = sequence.len() == steps.len() && sequence.len() > 1;
    let tried = |sessions: &[Vec<String>]| if whole { trial(&sequence, sessions) } else { Trial::default() };
    let learned = tried(&same);
    let uncertainty = 1.0 - learned.posterior();
    let is_sure = learned.begun >= LEAST && uncertainty <= UNCERTAIN;
    let (method, counted, sessions) = match is_sure {
        true => (SURE, learned, same.len()),
        false => (HELD_OUT, tried(&others), others.len()),
    };
    let evidence = json!({
        "begun": counted.begun, "followed": counted.followed,
        "elsewhere": counted.elsewhere, "by_chance": counted.by_chance,
        "sessions": sessions, "learned_from_runs": own.len(), "uncertainty": uncertainty,
    });
    Verdict {
        id,
        project: row.project.clone(),
        kind: KIND.into(),
        item: row.id.clone(),
        verdict: counted.verdict().into(),
        posterior: counted.posterior(),
        method: method.into(),
        evidence: evidence.to_string(),
        judged_at: Time::now(),
    }
}

/// Every other session, by a hash of its name.
fn is_held_out(session: &str) -> bool {
    ids::dedup(session, "", "")[0] % 2 == 1
}

#[cfg(test)]
mod tests {
    use athena_learn::steps::StepEvent;

    use super::*;

    fn session(name: usize, commands: &[&str]) -> Session {
        let event = |(at, text): (usize, &&str)| StepEvent {
            id: format!("{name}-{at}"),
            r#type: "tool_call".into(),
            tool: Some("Bash".into()),
            content: Some((*text).to_owned()),
            ..StepEvent::default()
        };
        Session { id: format!("s-{name}"), events: commands.iter().enumerate().map(event).collect() }
    }

    /// A half of eighty sessions does what `learned` says, the other what `held_out` says.
    fn judged(learned: &[&str], held_out: &[&str], seen: bool) -> Verdict {
        let name = |at: usize| format!("s-{at}");
        let of = |at: usize| if is_held_out(&name(at)) { held_out } else { learned };
        let sessions: Vec<Session> = (0..80).map(|at| session(at, of(at))).collect();
        let run = |at: usize| ProcedureRun {
            session: name(at),
            events: (0..3).map(|step| format!("{at}-{step}")).collect(),
            ..ProcedureRun::default()
        };
        let runs: Vec<ProcedureRun> = (0..80).filter(|_| seen).map(run).collect();
        let steps = json!(["pull", "build", "test"]).to_string();
        let row = Procedure { id: "proc-1".into(), steps, ..Procedure::default() };
        verdict("v-1".into(), &row, &runs, &sessions)
    }

    #[test]
    fn what_system_1_is_sure_of_is_not_looked_at_again() {
        let release = ["git pull", "cargo build --fast", "cargo test -p a"];
        let other = ["ls -l", "git status", "cat x", "git diff", "ls -a", "cat y"];
        let sure = judged(&release, &other, true);
        assert_eq!((sure.verdict.as_str(), sure.method.as_str()), ("holds", "learned"));
        // Begun again and again, and hardly ever gone on with: the other half tells.
        let begun = ["git pull", "ls", "cat x", "ls", "cat x", "ls", "cat x"].repeat(3);
        let chance = ["echo a", "cargo build", "cargo test"].repeat(6);
        let dull = [&release[..], &begun, &chance].concat();
        let again = judged(&dull, &release, true);
        assert_eq!(
            (again.verdict.as_str(), again.method.as_str()),
            ("holds", "held_out"),
            "{}",
            again.evidence
        );
        let unseen = judged(&release, &release, false);
        assert_eq!((unseen.verdict.as_str(), unseen.method.as_str()), ("undecided", "held_out"));
    }
}
