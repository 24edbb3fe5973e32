//! Runs of a procedure, told in the words of their sessions: when, how they ended, and where they failed.

use athena_schemas::Time;

use super::align::Run;
use super::sequence::Sequence;
use crate::steps::{Ended, Session, Step};

/// One time that a procedure was done: a row of the table `procedure_runs`.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcedureRun {
    pub session: String,
    /// For each step of the procedure the id of the event that did it; `None` where it was left out.
    pub events: Vec<Option<String>>,
    pub started_at: Time,
    pub ended_at: Time,
    pub duration_ms: i64,
    /// How it ended; `None` when nothing said so.
    pub ended: Option<Ended>,
    /// The step at which it failed.
    pub failed_at: Option<usize>,
    /// How often each step was done.
    pub times: Vec<usize>,
    /// Actions done in between that are no steps of it, by number of their template.
    pub also: Vec<usize>,
    /// Actions done before it in the session.
    pub before: Vec<usize>,
}

/// A session as runs are told from it.
pub struct Told<'s> {
    pub session: &'s Session,
    pub steps: &'s [Step],
    pub sequence: &'s Sequence,
    pub ended: Option<Ended>,
}

impl<'s> Told<'s> {
    pub fn new(session: &'s Session, steps: &'s [Step], sequence: &'s Sequence) -> Self {
        Self { session, steps, sequence, ended: ended(session) }
    }

    /// The run, of a procedure of that many steps. `is_last`: no other run ends after it.
    pub fn run(&self, run: &Run, steps: usize, is_last: bool) -> ProcedureRun {
        let element = |at: usize| &self.sequence.elements[at];
        let (first, last) = (run.matches[0], run.matches[run.matches.len() - 1]);
        let (from, to) = (element(first.1).first as usize, element(last.1).last as usize);
        let mut events = vec![None; steps];
        let mut times = vec![0; steps];
        for (step, at) in run.again.iter().chain(&run.matches) {
            let done = element(*at);
            let action = done.action as usize;
            let again = self.steps[done.first as usize..=done.last as usize]
                .iter()
                .filter(|step| step.action == action);
            times[*step] += again.count();
            events[*step] = Some(self.session.events[self.steps[done.last as usize].event].id.clone());
        }
        let matched: Vec<usize> = run.matches.iter().chain(&run.again).map(|(_, at)| *at).collect();
        let also =
            (first.1..=last.1).filter(|at| !matched.contains(at)).map(|at| element(at).action as usize);
        let (started_at, ended_at, duration_ms) = self.times(from, to);
        let (ended, failed_at) = self.ended(last.0, to, steps, is_last);
        ProcedureRun {
            session: self.session.id.clone(),
            events,
            started_at,
            ended_at,
            duration_ms,
            ended,
            failed_at,
            times,
            also: also.collect(),
            before: self.steps[..from].iter().map(|step| step.action).collect(),
        }
    }

    fn times(&self, from: usize, to: usize) -> (Time, Time, i64) {
        let event = |at: usize| &self.session.events[self.steps[at].event];
        let started_at = event(from).time;
        let last = self.steps[to].result.map_or(event(to), |at| &self.session.events[at]);
        let own =
            if self.steps[to].result.is_none() { self.steps[to].duration_ms.unwrap_or_default() } else { 0 };
        let ended_at = Time::from_micros(last.time.micros().max(started_at.micros()) + own.max(0) * 1_000);
        (started_at, ended_at, (ended_at.micros() - started_at.micros()) / 1_000)
    }

    /// What the last step says; where it went well, what the session says of a run that it broke off in, or
    /// that was its last.
    fn ended(&self, step: usize, at: usize, steps: usize, is_last: bool) -> (Option<Ended>, Option<usize>) {
        let said = self.steps[at].ended;
        if said == Some(Ended::Badly) {
            return (said, Some(step));
        }
        let complete = step + 1 == steps;
        match self.ended {
            Some(Ended::Badly) if !complete || is_last => (self.ended, Some(step)),
            Some(Ended::Well) if is_last => (self.ended, None),
            _ => (said, None),
        }
    }
}

/// What the end of the session says.
pub fn ended(session: &Session) -> Option<Ended> {
    let end = session.events.iter().rev().find(|event| event.r#type == "session_end")?;
    Ended::of(end.outcome.as_deref())
}
