//! What is counted of all events of a scope: of sessions, and of domains of work.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimestampMicrosecondType, UInt64Type};
use athena_learn::texts::Texts;
use athena_schemas::vocabulary::COMMAND_PREFIX;
use athena_schemas::{Error, Time};
use athena_store::Scope;

use crate::kept::{Keeper, Made};

/// Scopes whose counts are kept.
const SCOPES: usize = 4;

/// The counts of the scopes that were asked about last.
pub type Tallies = Keeper<Tally>;

/// None yet.
pub fn tallies() -> Tallies {
    Keeper::of_scopes(SCOPES)
}

#[derive(Default)]
pub struct Tally {
    /// By project and session.
    pub sessions: BTreeMap<(String, String), Session>,
    /// By name: the last two folders of a file touched, else the tool, else talk.
    pub domains: BTreeMap<String, Domain>,
    /// Names of agents, sessions and steps.
    names: Texts,
    follows: Follows,
}

/// How often a step came after another one in the same session.
#[derive(Default)]
struct Follows {
    times: HashMap<(u32, u32), u64>,
    /// Places, sessions and steps that are not counted yet: they may come in another order than that of the log.
    taken: Vec<(u64, u32, u32)>,
    /// The last step of each session, and where it is.
    last: Vec<Option<(u64, u32)>>,
    /// Whether events of a session came in another order all the same.
    disordered: bool,
}

impl Follows {
    fn count(&mut self) {
        self.taken.sort_unstable();
        for (position, session, step) in std::mem::take(&mut self.taken) {
            let session = session as usize;
            self.last.resize(self.last.len().max(session + 1), None);
            match self.last[session].replace((position, step)) {
                Some((before, _)) if before > position => self.disordered = true,
                Some((_, before)) => *self.times.entry((before, step)).or_default() += 1,
                None => {}
            }
        }
    }
}

/// What one session is, by who did it; nobody is `None`.
#[derive(Default)]
pub struct Session {
    /// Counted from 0.
    number: u32,
    pub by_agent: BTreeMap<Option<String>, Sum>,
}

/// What was done in a session by one agent, or by all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sum {
    pub started_at: Time,
    pub ended_at: Time,
    pub events: u64,
    pub failures: u64,
    pub tools: BTreeSet<String>,
    /// The outcome that the newest event has that has one, and where that is.
    pub outcome: Option<(u64, String)>,
    /// Where the newest event is, and its step.
    newest: (u64, u32),
}

/// The newest event of a session: where it is, who did it, and its type.
#[derive(Debug, PartialEq)]
pub struct Newest<'t> {
    pub position: u64,
    pub agent: Option<&'t str>,
    pub of_type: &'t str,
}

/// What was done in a domain.
#[derive(Default)]
pub struct Domain {
    by_agent: HashMap<u32, Done>,
    /// What ended well or badly.
    ends: Vec<End>,
    /// Whether these are in the order of time.
    sorted: bool,
}

#[derive(Default)]
struct Done {
    events: u64,
    sessions: HashSet<u32>,
    last_at: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    time: Time,
    position: u64,
    well: bool,
    agent: u32,
}

/// A domain in numbers, of one agent or of all.
#[derive(Debug, Clone, PartialEq)]
pub struct Depth {
    pub domain: String,
    pub agent: Option<String>,
    pub events: u64,
    pub sessions: u64,
    pub outcomes: u64,
    pub successes: u64,
    /// Of the earlier half of the outcomes.
    pub early: u64,
    pub early_successes: u64,
    pub last_at: Time,
}

impl Sum {
    fn take(&mut self, happened: &Happened<'_>, step: u32) {
        let Happened { outcome, time, position, tool, .. } = *happened;
        let first = self.events == 0;
        self.started_at = if first { time } else { self.started_at.min(time) };
        self.ended_at = if first { time } else { self.ended_at.max(time) };
        self.events += 1;
        self.failures += u64::from(outcome == Some("failure"));
        if let Some(tool) = tool.filter(|tool| !self.tools.contains(*tool)) {
            self.tools.insert(tool.to_owned());
        }
        let newer = |(at, _): &(u64, String)| *at <= position;
        if let Some(outcome) = outcome
            && self.outcome.as_ref().is_none_or(newer)
        {
            self.outcome = Some((position, outcome.to_owned()));
        }
        self.newest = self.newest.max((position, step));
    }

    fn add(&mut self, other: &Self) {
        if self.events == 0 {
            *self = other.clone();
            return;
        }
        self.started_at = self.started_at.min(other.started_at);
        self.ended_at = self.ended_at.max(other.ended_at);
        self.events += other.events;
        self.failures += other.failures;
        self.tools.extend(other.tools.iter().cloned());
        self.outcome = self.outcome.take().max(other.outcome.clone());
        self.newest = self.newest.max(other.newest);
    }
}

impl Session {
    /// What one agent did in it, or all; `None` where that agent did nothing.
    pub fn sum(&self, agent: Option<&str>) -> Option<Sum> {
        match agent {
            Some(agent) => self.by_agent.get(&Some(agent.to_owned())).cloned(),
            None => self.by_agent.values().cloned().reduce(|mut sum, other| {
                sum.add(&other);
                sum
            }),
        }
    }

    /// Who did anything in it.
    pub fn agents(&self) -> Vec<&str> {
        self.by_agent.keys().flatten().map(String::as_str).collect()
    }
}

impl Made for Tally {
    type Of = Scope;
    const COLUMNS: &'static [&'static str] =
        &["project", "session", "agent", "type", "tool", "outcome", "files", "time", "position"];
    const ANEW: i64 = i64::MAX;

    fn take(&mut self, scope: &Scope, batch: &RecordBatch) -> Result<(), Error> {
        let unreadable = |error: arrow::error::ArrowError| Error::internal(format!("events: {error}"));
        let column = |name: &str| batch.column_by_name(name).expect("asked for");
        let text = |name: &str| cast(column(name), &DataType::Utf8).map_err(unreadable);
        let (projects, sessions, agents) = (text("project")?, text("session")?, text("agent")?);
        let (types, tools, outcomes) = (text("type")?, text("tool")?, text("outcome")?);
        let times = column("time").as_primitive::<TimestampMicrosecondType>();
        let positions = column("position").as_primitive::<UInt64Type>();
        let files = column("files").as_list::<i32>();
        let (projects, types) = (projects.as_string::<i32>(), types.as_string::<i32>());
        for row in 0..batch.num_rows() {
            if !scope.has(value(projects, row))
                || value(types, row).is_none_or(|one| one.starts_with(COMMAND_PREFIX))
            {
                continue;
            }
            let named = files.is_valid(row).then(|| cast(&files.value(row), &DataType::Utf8));
            let named = named.transpose().map_err(unreadable)?;
            let happened = Happened {
                project: value(projects, row).unwrap_or_default(),
                of_type: value(types, row).unwrap_or_default(),
                session: value(sessions.as_string(), row),
                agent: value(agents.as_string(), row),
                tool: value(tools.as_string(), row),
                outcome: value(outcomes.as_string(), row),
                files: named.iter().flat_map(|all| all.as_string::<i32>().iter().flatten()).collect(),
                time: Time::from_micros(times.value(row)),
                position: positions.value(row),
            };
            self.count(&happened);
        }
        Ok(())
    }

    fn settle(&mut self) {
        self.follows.count();
        for domain in self.domains.values_mut().filter(|domain| !domain.sorted) {
            domain.ends.sort_unstable();
            domain.sorted = true;
        }
    }
}

fn value(array: &StringArray, row: usize) -> Option<&str> {
    array.is_valid(row).then(|| array.value(row))
}

/// An event, as far as it is counted.
struct Happened<'e> {
    project: &'e str,
    of_type: &'e str,
    session: Option<&'e str>,
    agent: Option<&'e str>,
    tool: Option<&'e str>,
    outcome: Option<&'e str>,
    files: BTreeSet<&'e str>,
    time: Time,
    position: u64,
}

impl Tally {
    fn count(&mut self, happened: &Happened<'_>) {
        let Happened { agent, outcome, time, position, tool, .. } = *happened;
        if let Some(session) = happened.session {
            let number = self.sessions.len() as u32;
            let session = self.sessions.entry((happened.project.to_owned(), session.to_owned()));
            let session = session.or_insert_with(|| Session { number, ..Session::default() });
            let sum = session.by_agent.entry(agent.map(str::to_owned)).or_default();
            let step = self.names.number(&format!("{} {}", happened.of_type, tool.unwrap_or_default()));
            sum.take(happened, step);
            self.follows.taken.push((position, session.number, step));
        }
        let agent = agent.unwrap_or_default();
        let session = match happened.session {
            Some(session) => self.names.number(session),
            None => self.names.number(&format!("agent:{agent}")),
        };
        let agent = self.names.number(agent);
        let well = outcome.filter(|outcome| ["success", "failure"].contains(outcome));
        let end = well.map(|outcome| End { time, position, well: outcome == "success", agent });
        let places: BTreeSet<&str> = happened.files.iter().map(|file| place(file)).collect();
        if places.is_empty() {
            let domain = tool.map_or_else(|| "talk".to_owned(), |tool| format!("tool {tool}"));
            self.domains.entry(domain).or_default().count(session, agent, time, end);
        }
        for place in places {
            match self.domains.get_mut(place) {
                Some(domain) => domain.count(session, agent, time, end),
                None => {
                    self.domains.entry(place.to_owned()).or_default().count(session, agent, time, end);
                }
            }
        }
    }

    /// The newest event of a session, by one agent or by all.
    pub fn newest<'t>(&'t self, session: &'t Session, agent: Option<&str>) -> Option<Newest<'t>> {
        let is_by = |(by, _): &(&Option<String>, &Sum)| agent.is_none() || by.as_deref() == agent;
        let own = session.by_agent.iter().filter(is_by).max_by_key(|(_, sum)| sum.newest);
        own.map(|(by, Sum { newest: (position, step), .. })| {
            let step = self.names.text(*step);
            let of_type = step.split_once(' ').map_or(step, |(of_type, _)| of_type);
            Newest { position: *position, agent: by.as_deref(), of_type }
        })
    }

    /// Each step and the one before it in the same session, and how often: a step is a type of event and its tool.
    /// `None` where that cannot be told, since events did not come in the order of the log.
    pub fn follows(&self) -> Option<impl Iterator<Item = (&str, &str, u64)>> {
        let name = |number: &u32| self.names.text(*number);
        let pair = move |((before, step), times): (&(u32, u32), &u64)| (name(before), name(step), *times);
        (!self.follows.disordered).then(|| self.follows.times.iter().map(pair))
    }

    /// Domains, those with most events first: one a domain, or one a domain and an agent.
    pub fn depths(
        &self,
        by_agent: bool,
        domain: Option<&str>,
        agent: Option<&str>,
        limit: usize,
    ) -> Vec<Depth> {
        let mut all: Vec<Depth> = Vec::new();
        let domains = self.domains.iter().filter(|(name, _)| domain.is_none_or(|domain| domain == *name));
        for (name, domain) in domains {
            let mut agents: Vec<Option<u32>> = vec![None];
            if by_agent {
                agents = domain.by_agent.keys().copied().map(Some).collect();
            }
            let named = |number: &Option<u32>| number.map(|number| self.names.text(number).to_owned());
            let wanted = |number: &Option<u32>| agent.is_none() || named(number).as_deref() == agent;
            all.extend(agents.iter().filter(|number| wanted(number)).map(|number| Depth {
                domain: name.clone(),
                agent: named(number),
                ..domain.depth(*number)
            }));
        }
        let key = |one: &Depth| (std::cmp::Reverse(one.events), one.domain.clone(), one.agent.clone());
        all.sort_by_cached_key(key);
        all.truncate(limit);
        all
    }
}

impl Domain {
    fn count(&mut self, session: u32, agent: u32, time: Time, end: Option<End>) {
        let done = self.by_agent.entry(agent).or_default();
        done.last_at = if done.events == 0 { time } else { done.last_at.max(time) };
        done.events += 1;
        done.sessions.insert(session);
        if let Some(end) = end {
            self.ends.push(end);
            self.sorted = false;
        }
    }

    /// Of one agent, or of all.
    fn depth(&self, agent: Option<u32>) -> Depth {
        let is = |one: u32| agent.is_none_or(|agent| agent == one);
        let done: Vec<&Done> =
            self.by_agent.iter().filter(|(one, _)| is(**one)).map(|(_, done)| done).collect();
        let sessions: HashSet<u32> = done.iter().flat_map(|done| done.sessions.iter().copied()).collect();
        let ends: Vec<bool> = self.ends.iter().filter(|end| is(end.agent)).map(|end| end.well).collect();
        let successes = |some: &[bool]| some.iter().filter(|well| **well).count() as u64;
        let early = ends.len() / 2;
        Depth {
            domain: String::new(),
            agent: None,
            events: done.iter().map(|done| done.events).sum(),
            sessions: sessions.len() as u64,
            outcomes: ends.len() as u64,
            successes: successes(&ends),
            early: early as u64,
            early_successes: successes(&ends[..early]),
            last_at: done.iter().map(|done| done.last_at).max().unwrap_or_default(),
        }
    }
}

/// The domain of a file: the last two folders that it is in.
fn place(file: &str) -> &str {
    let Some((folder, _)) = file.rsplit_once('/') else { return "." };
    let two = folder.rsplit_once('/').and_then(|(above, last)| {
        let (_, before) = above.rsplit_once('/')?;
        let from = folder.len() - before.len() - 1 - last.len();
        (!before.is_empty() && !last.is_empty()).then(|| &folder[from..])
    });
    two.unwrap_or(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happened(number: u64, session: &'static str, files: &[&'static str]) -> Happened<'static> {
        Happened {
            project: "p",
            of_type: "tool_call",
            session: Some(session),
            agent: Some(if number.is_multiple_of(2) { "ann" } else { "bob" }),
            tool: Some("Bash"),
            outcome: Some(if number < 2 { "failure" } else { "success" }),
            files: files.iter().copied().collect(),
            time: Time::from_micros(number as i64),
            position: number,
        }
    }

    #[test]
    fn a_domain_is_the_last_two_folders() {
        let cases = [
            ("a.rs", "."),
            ("src/a.rs", "src"),
            ("cart/src/a.rs", "cart/src"),
            ("x/cart/src/a.rs", "cart/src"),
            ("/cart/src/a.rs", "cart/src"),
            ("/a.rs", ""),
            ("a//b/c.rs", "a//b"),
        ];
        for (file, domain) in cases {
            assert_eq!(place(file), domain, "{file}");
        }
    }

    #[test]
    fn what_is_counted_in_any_order_is_the_same() {
        let mut tally = Tally::default();
        for number in [3, 0, 2, 1] {
            tally.count(&happened(number, "s", &["cart/src/a.rs", "cart/src/b.rs"]));
        }
        tally.count(&Happened { files: BTreeSet::new(), ..happened(4, "t", &[]) });
        tally.settle();
        let all = tally.depths(false, None, None, 10);
        assert_eq!(all.iter().map(|one| one.domain.as_str()).collect::<Vec<_>>(), ["cart/src", "tool Bash"]);
        let cart = &all[0];
        assert_eq!((cart.events, cart.sessions, cart.outcomes, cart.successes), (4, 1, 4, 2));
        assert_eq!((cart.early, cart.early_successes), (2, 0));
        let of_bob = tally.depths(true, Some("cart/src"), Some("bob"), 10);
        assert_eq!((of_bob.len(), of_bob[0].events, of_bob[0].early_successes), (1, 2, 0));
        let session = &tally.sessions[&("p".to_owned(), "s".to_owned())];
        let sum = session.sum(None).unwrap();
        assert_eq!((sum.events, sum.failures, sum.ended_at), (4, 2, Time::from_micros(3)));
        assert_eq!(sum.outcome, Some((3, "success".into())));
        assert_eq!((session.sum(Some("eve")), session.agents()), (None, vec!["ann", "bob"]));
        let newest = |agent| tally.newest(session, agent).map(|it| (it.position, it.agent, it.of_type));
        assert_eq!(newest(None), Some((3, Some("bob"), "tool_call")));
        assert_eq!((newest(Some("ann")).map(|it| it.0), newest(Some("eve"))), (Some(2), None));
        assert_eq!(tally.follows().unwrap().collect::<Vec<_>>(), [("tool_call Bash", "tool_call Bash", 3)]);
        tally.count(&happened(1, "s", &[]));
        tally.settle();
        assert!(tally.follows().is_none(), "what is counted already had another order");
    }

    #[test]
    fn steps_are_counted_after_the_one_before_them() {
        let mut tally = Tally::default();
        for number in 0..3 {
            tally.count(&happened(number, "s", &[]));
        }
        tally.count(&Happened { tool: None, ..happened(3, "s", &[]) });
        tally.count(&happened(4, "t", &[]));
        tally.settle();
        let mut all: Vec<_> = tally.follows().unwrap().collect();
        all.sort_unstable();
        assert_eq!(all, [("tool_call Bash", "tool_call ", 1), ("tool_call Bash", "tool_call Bash", 2)]);
    }
}
