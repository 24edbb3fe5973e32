//! Commands of `attention`: the few things that a session, an agent or a project has in mind. The strongest stay.
//!
//! How strong an item is, is its base-level activation in ACT-R (Anderson and Schooler 1991): the logarithm of the sum
//! of `age^-decay` over its uses. The newest uses are kept one by one, older ones by their number and the first
//! of them (the approximation of Petrov 2006).

use athena_schemas::tables::Record;
use athena_schemas::{Code, Error, Time, ids};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records::{body, key, row, version};

/// The kind of a workspace's record.
pub const KIND: &str = "attention";
/// What a workspace holds, and how fast it fades, when nothing is configured.
pub const CAPACITY: usize = 7;
pub const DECAY: f64 = 0.5;
/// Uses of an item that are kept one by one.
const RECENT: usize = 8;
/// The youngest that a use can be, in seconds.
const LEAST_AGE_S: f64 = 1.0;
/// Things kept out of one workspace at most, and characters of an item's text.
const MOST_INHIBITED: usize = 100;
const TEXT_CHARS: usize = 300;

pub(crate) const TOOL: Tool = Tool { name: "attention", keys, decide };

/// The body of a workspace's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    pub capacity: usize,
    /// The exponent by which uses fade.
    pub decay: f64,
    pub items: Vec<Item>,
    pub inhibited: Vec<Inhibited>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self { capacity: CAPACITY, decay: DECAY, items: Vec::new(), inhibited: Vec::new() }
    }
}

/// Something in mind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: String,
    /// `memory`, `event`, `note`, …, or `text` of what was only said.
    pub kind: String,
    pub text: String,
    pub first_at: Time,
    /// How often it was brought to mind.
    pub uses: u64,
    /// The newest times at which it was, the newest last.
    pub recent: Vec<Time>,
}

/// Something that is kept out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inhibited {
    pub id: String,
    pub until: Time,
}

/// Something to bring to mind, as the reader found it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thing {
    pub id: String,
    pub kind: String,
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Focus {
    /// The weakest first.
    items: Vec<Thing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inhibit {
    id: String,
    seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Configure {
    capacity: Option<usize>,
    decay: Option<f64>,
}

impl Item {
    /// Its base-level activation.
    pub fn activation(&self, decay: f64, now: Time) -> f64 {
        let age = |at: Time| ((now.micros() - at.micros()) as f64 / 1e6).max(LEAST_AGE_S);
        let mut sum: f64 = self.recent.iter().map(|at| age(*at).powf(-decay)).sum();
        let older = self.uses.saturating_sub(self.recent.len() as u64) as f64;
        let (first, oldest) = (age(self.first_at), self.recent.first().map_or(LEAST_AGE_S, |at| age(*at)));
        if older > 0.0 && first > oldest {
            let spread = (first.powf(1.0 - decay) - oldest.powf(1.0 - decay)) / (1.0 - decay);
            sum += older * spread / (first - oldest);
        }
        sum.ln()
    }
}

impl Workspace {
    /// Brings something to mind. What was there before is used once more.
    fn take(&mut self, thing: Thing, now: Time) {
        let at = self.items.iter().position(|item| item.id == thing.id).unwrap_or_else(|| {
            let Thing { id, kind, text } = thing.clone();
            self.items.push(Item { id, kind, text, first_at: now, uses: 0, recent: Vec::new() });
            self.items.len() - 1
        });
        let item = &mut self.items[at];
        item.uses += 1;
        item.text = thing.text;
        item.recent.push(now);
        if item.recent.len() > RECENT {
            item.recent.remove(0);
        }
    }

    /// The weakest leave until what is left fits; the oldest of equally weak ones. `kept` stays.
    fn fit(&mut self, kept: Option<&str>, now: Time) -> Vec<String> {
        let mut left = Vec::new();
        while self.items.len() > self.capacity {
            let strength = |item: &Item| item.activation(self.decay, now);
            let weakest = (0..self.items.len())
                .filter(|at| Some(self.items[*at].id.as_str()) != kept)
                .min_by(|one, other| strength(&self.items[*one]).total_cmp(&strength(&self.items[*other])));
            let Some(weakest) = weakest else { break };
            left.push(self.items.remove(weakest).id);
        }
        left
    }

    pub fn is_inhibited(&self, id: &str, now: Time) -> Option<Time> {
        self.inhibited.iter().find(|one| one.id == id && one.until > now).map(|one| one.until)
    }
}

/// The id of the workspace of a session, else of an agent, else of the project.
pub fn workspace_id(session: Option<&str>, agent: Option<&str>) -> String {
    match (session, agent) {
        (Some(session), _) => ids::short("attention-", &["session", session]),
        (None, Some(agent)) => ids::short("attention-", &["agent", agent]),
        (None, None) => "attention-project".into(),
    }
}

fn own(call: &Call<'_>) -> String {
    workspace_id(call.event.session.as_deref(), call.event.agent.as_deref())
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    vec![key(call, &own(call))]
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    let decide = match operation {
        "focus" | "auto_focus" => focus,
        "release" => release,
        "clear" => clear,
        "inhibit" => inhibit,
        "configure" => configure,
        _ => return None,
    };
    Some(Decision::from(changed(state, call, decide)))
}

/// What a command does to a workspace, and the id that it answers with what has left.
type Change = fn(&mut Workspace, &Call<'_>) -> Result<(String, Vec<String>), Error>;

fn changed(state: &State, call: &Call<'_>, change: Change) -> Done {
    let id = own(call);
    let old = state.record(&call.event.project, &id).filter(|old| !old.deleted);
    let mut workspace = old.map(body::<Workspace>).transpose()?.unwrap_or_default();
    let now = call.now();
    workspace.inhibited.retain(|one| one.until > now);
    let (about, left) = change(&mut workspace, call)?;
    let record = Record { id, kind: KIND.into(), ..old.cloned().unwrap_or_default() };
    let record = version(record, &workspace, call);
    let told = json!({"id": about, "version": record.version, "left": left, "size": workspace.items.len(),
                      "capacity": workspace.capacity, "decay": workspace.decay});
    Ok((vec![row(record)], told))
}

/// One thing that is kept out is a conflict; of several, those are left out.
fn focus(workspace: &mut Workspace, call: &Call<'_>) -> Result<(String, Vec<String>), Error> {
    let mut given: Focus = call.parse()?;
    let now = call.now();
    if let [only] = given.items.as_slice()
        && let Some(until) = workspace.is_inhibited(&only.id, now)
    {
        let error = Error::conflict(format!("{} is kept out until {until}", only.id));
        return Err(Error { field: Some("id".into()), ..error });
    }
    given.items.retain(|thing| workspace.is_inhibited(&thing.id, now).is_none());
    if given.items.iter().any(|thing| thing.text.chars().count() > TEXT_CHARS) {
        return Err(Error::invalid("text", format!("a thing in mind has at most {TEXT_CHARS} characters")));
    }
    let strongest = given.items.last().map(|thing| thing.id.clone());
    let mut left = Vec::new();
    for thing in given.items {
        let id = thing.id.clone();
        workspace.take(thing, now);
        left.extend(workspace.fit(Some(&id), now));
    }
    left.retain(|id| !workspace.items.iter().any(|item| item.id == *id));
    Ok((strongest.unwrap_or_default(), left))
}

fn release(workspace: &mut Workspace, call: &Call<'_>) -> Result<(String, Vec<String>), Error> {
    let given: Release = call.parse()?;
    let before = workspace.items.len();
    workspace.items.retain(|item| item.id != given.id);
    if workspace.items.len() == before {
        let error = Error::new(Code::NotFound, format!("{} is not in mind", given.id));
        return Err(Error { field: Some("id".into()), ..error });
    }
    Ok((given.id.clone(), vec![given.id]))
}

/// Settings and what is kept out stay.
fn clear(workspace: &mut Workspace, call: &Call<'_>) -> Result<(String, Vec<String>), Error> {
    let left = std::mem::take(&mut workspace.items);
    Ok((own(call), left.into_iter().map(|item| item.id).collect()))
}

fn inhibit(workspace: &mut Workspace, call: &Call<'_>) -> Result<(String, Vec<String>), Error> {
    let given: Inhibit = call.parse()?;
    if given.seconds <= 0 {
        return Err(Error::invalid("for", "a thing is kept out for a while"));
    }
    let until = call.now().plus_micros(given.seconds.saturating_mul(1_000_000));
    workspace.inhibited.retain(|one| one.id != given.id);
    if workspace.inhibited.len() >= MOST_INHIBITED {
        let message = format!("{MOST_INHIBITED} things are kept out already");
        return Err(Error::new(Code::ResourceExhausted, message).hint("wait until one of them may come back"));
    }
    workspace.inhibited.push(Inhibited { id: given.id.clone(), until });
    let before = workspace.items.len();
    workspace.items.retain(|item| item.id != given.id);
    let left = if workspace.items.len() < before { vec![given.id.clone()] } else { vec![] };
    Ok((given.id, left))
}

fn configure(workspace: &mut Workspace, call: &Call<'_>) -> Result<(String, Vec<String>), Error> {
    let given: Configure = call.parse()?;
    if given.capacity.is_none() && given.decay.is_none() {
        return Err(
            Error::invalid("capacity", "there is nothing to configure").hint("such as {\"capacity\": 5}")
        );
    }
    if given.capacity.is_some_and(|capacity| !(5..=9).contains(&capacity)) {
        return Err(Error::invalid("capacity", "from 5 to 9 things are held"));
    }
    if given.decay.is_some_and(|decay| !(0.05..=0.95).contains(&decay)) {
        return Err(Error::invalid("decay", "decay is from 0.05 to 0.95"));
    }
    workspace.capacity = given.capacity.unwrap_or(workspace.capacity);
    workspace.decay = given.decay.unwrap_or(workspace.decay);
    Ok((own(call), workspace.fit(None, call.now())))
}

#[cfg(test)]
mod tests {
    use athena_schemas::tables::Event;
    use serde_json::Value;

    use super::*;
    use crate::test::{command, run};

    fn thing(id: &str) -> Value {
        json!({"items": [{"id": id, "kind": "text", "text": id}]})
    }

    fn ids(state: &State, id: &str) -> Vec<String> {
        let workspace: Workspace = body(state.record("p", id).unwrap()).unwrap();
        workspace.items.into_iter().map(|item| item.id).collect()
    }

    #[test]
    fn the_weakest_leaves() {
        let mut state = State::default();
        let mut call = |offset, operation: &str, arguments| {
            run(&mut state, command(offset, &format!("attention.{operation}"), "ann", arguments))
        };
        call(1, "configure", json!({"capacity": 5})).unwrap();
        for (offset, id) in (2..).zip(["a", "b", "c", "d", "e", "a"]) {
            assert_eq!(call(offset, "focus", thing(id)).unwrap()["left"], json!([]));
        }
        // `a` is the oldest, but it was used again; `b` is the weakest.
        assert_eq!(call(9, "focus", thing("f")).unwrap()["left"], json!(["b"]));
        assert_eq!(call(10, "release", json!({"id": "b"})).unwrap_err().code, Code::NotFound);
        call(11, "release", json!({"id": "a"})).unwrap();
        assert_eq!(ids(&state, "attention-project"), ["c", "d", "e", "f"]);
    }

    #[test]
    fn what_is_kept_out_stays_out_for_so_long() {
        let mut state = State::default();
        let mut call = |offset, operation: &str, arguments| {
            run(&mut state, command(offset, &format!("attention.{operation}"), "ann", arguments))
        };
        call(1, "focus", thing("a")).unwrap();
        assert_eq!(call(2, "inhibit", json!({"id": "a", "seconds": 10})).unwrap()["left"], json!(["a"]));
        assert_eq!(call(11, "focus", thing("a")).unwrap_err().code, Code::Conflict);
        let both = json!({"items": [{"id": "b", "kind": "text", "text": "b"}, {"id": "a", "kind": "text", "text": "a"}]});
        assert_eq!(call(11, "auto_focus", both).unwrap()["size"], 1);
        call(12, "focus", thing("a")).unwrap();
        assert_eq!(call(13, "clear", json!({})).unwrap()["left"], json!(["b", "a"]));
        assert_eq!(
            call(14, "configure", json!({"capacity": 4})).unwrap_err().field.as_deref(),
            Some("capacity")
        );
        assert_eq!(call(15, "configure", json!({"decay": 1})).unwrap_err().field.as_deref(), Some("decay"));
    }

    #[test]
    fn each_has_its_own() {
        let mut state = State::default();
        let of = |offset, session: Option<&str>, agent: Option<&str>, id: &str| Event {
            session: session.map(str::to_owned),
            agent: agent.map(str::to_owned),
            ..command(offset, "attention.focus", "ann", thing(id))
        };
        run(&mut state, of(1, Some("s"), Some("ann"), "a")).unwrap();
        run(&mut state, of(2, None, Some("ann"), "b")).unwrap();
        run(&mut state, of(3, None, None, "c")).unwrap();
        assert_eq!(ids(&state, &workspace_id(Some("s"), None)), ["a"]);
        assert_eq!(ids(&state, &workspace_id(None, Some("ann"))), ["b"]);
        assert_eq!(ids(&state, &workspace_id(None, None)), ["c"]);
    }

    #[test]
    fn activation_is_that_of_act_r() {
        let at = |seconds: i64| Time::from_micros(seconds * 1_000_000);
        let item = |uses: &[i64]| {
            let (id, kind, text) = Default::default();
            let mut workspace = Workspace {
                items: vec![Item { id, kind, text, first_at: at(uses[0]), uses: 0, recent: vec![] }],
                ..Workspace::default()
            };
            let (id, kind, text) = Default::default();
            let thing = Thing { id, kind, text };
            uses.iter().for_each(|seconds| workspace.take(thing.clone(), at(*seconds)));
            workspace.items.remove(0)
        };
        // Two uses, 4 s and 16 s ago: ln(4^-.5 + 16^-.5).
        assert!((item(&[84, 96]).activation(0.5, at(100)) - 0.75_f64.ln()).abs() < 1e-12);
        // The same use fades, and what is used often is stronger than what was used once.
        assert!(item(&[0]).activation(0.5, at(10)) > item(&[0]).activation(0.5, at(20)));
        // Many even uses: the approximation is near the sum over all of them.
        let uses: Vec<i64> = (0..40).map(|at| at * 10).collect();
        let exact: f64 = uses.iter().map(|use_at| ((400 - use_at) as f64).powf(-0.5)).sum();
        assert!((item(&uses).activation(0.5, at(400)) - exact.ln()).abs() < 0.02);
    }
}
