//! The likely next step of a session, and the arguments to do it with.
//!
//! ```text
//! sessions ─▶ steps ─▶ what follows what (n-grams) + where arguments came from + a regression over both and
//!             what was asked, said and returned ─▶ `Model`, as a run of consolidation keeps it
//! a session so far ─▶ Context ─▶ odds of each action, with the outcomes it led to, and values for its parameters
//! ```
//!
//! A caller learns a model from all sessions of a project and keeps it by `serde`; it answers from the events
//! of a session so far (`next`), or from steps alone (`next_after`), in about a millisecond.

mod arguments;
mod context;
mod features;
mod named;
mod ngram;
mod sample;
mod softmax;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::procedures::Rate;
use crate::steps::{Ended, Session, Step, Templates, steps};
use arguments::{Arguments, Seen};
use context::Context;
use features::Features;
use named::Names;
use ngram::Ngram;
use sample::{classes, groups, sample};
use softmax::{Example, Softmax};

pub use arguments::Offer;

/// Symbols that the two n-gram models look back.
const ACTIONS_BACK: usize = 3;
const SYMBOLS_BACK: usize = 4;
/// Values offered for a parameter.
const OFFERS: usize = 3;

/// A likely next step.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Next {
    pub action: String,
    pub tool: String,
    pub template: String,
    pub probability: f64,
    /// How such steps ended after the same step before; and the sessions that they were in.
    pub step_success: Option<Rate>,
    pub session_success: Option<Rate>,
    pub arguments: Vec<Argument>,
}

/// Values for a parameter, the likeliest first.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Argument {
    pub parameter: String,
    pub values: Vec<Offer>,
}

/// How steps ended: (well, known) of the steps, and of their sessions.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Outcomes {
    steps: (usize, usize),
    sessions: (usize, usize),
}

/// What is learned from all sessions of a project.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Model {
    templates: Templates,
    /// Templates that may be told, and the numbers of symbols.
    classes: Vec<usize>,
    names: Names,
    symbols: BTreeMap<String, u32>,
    features: BTreeMap<String, u32>,
    by_actions: Ngram,
    by_symbols: Ngram,
    arguments: Arguments,
    regression: Softmax,
    /// By the action before and the action: `BEFORE-ACTION`.
    outcomes: BTreeMap<String, Outcomes>,
}

/// A session with its steps by the events that they are.
struct Walk<'s> {
    session: &'s Session,
    steps: Vec<Step>,
    calls: BTreeMap<usize, usize>,
    results: BTreeMap<usize, usize>,
    /// Actions and symbols, as the n-gram models know them once they have counted them.
    numbers: (Vec<u32>, Vec<u32>),
}

impl<'s> Walk<'s> {
    fn new(session: &'s Session, steps: Vec<Step>) -> Self {
        let calls = steps.iter().enumerate().map(|(at, step)| (step.event, at)).collect();
        let results = steps.iter().enumerate().filter_map(|(at, step)| Some((step.result?, at))).collect();
        Self { session, steps, calls, results, numbers: Default::default() }
    }

    fn call(&self, at: usize) -> Option<&Step> {
        self.calls.get(&at).map(|step| &self.steps[*step])
    }

    /// Calls `before` with what is known before each step, then goes on.
    fn go(&self, mut before: impl FnMut(&Context, &Step)) -> Context {
        let mut context = Context::default();
        for at in 0..self.session.events.len() {
            if let Some(step) = self.call(at) {
                before(&context, step);
            }
            let result_of = self.results.get(&at).map(|step| &self.steps[*step]);
            context.see(self.session, at, self.call(at), result_of);
        }
        context
    }
}

impl Model {
    /// Learns from sessions and the steps of each, whose templates these are.
    pub fn learn(templates: Templates, sessions: &[Session], done: Vec<Vec<Step>>) -> Self {
        let mut walks: Vec<Walk> =
            sessions.iter().zip(done).map(|(session, steps)| Walk::new(session, steps)).collect();
        let mut model = Self {
            classes: classes(&walks, templates.templates.len()),
            by_actions: Ngram::new(ACTIONS_BACK),
            by_symbols: Ngram::new(SYMBOLS_BACK),
            templates,
            ..Self::default()
        };
        model.names = Names::new(model.classes.iter().map(|class| &model.templates.templates[*class]));
        model.count(&mut walks);
        let chosen = sample(&walks);
        let about = groups(&chosen);
        let mut features = Features::of(&chosen);
        model.features = features.choose(&about);
        model.fit(&chosen, &about, features);
        model
    }

    /// Everything that is counted.
    fn count(&mut self, walks: &mut [Walk]) {
        for walk in walks {
            let well = crate::procedures::ended(walk.session);
            let mut learned = vec![];
            let context = walk.go(|context, step| {
                self.arguments.learn(&self.templates, step, &context.seen);
                learned.push((context.actions.last().copied(), step.action, step.ended));
            });
            for (before, action, ended) in learned {
                let outcomes = self.outcomes.entry(pair(before, action)).or_default();
                let add = |(well, known): &mut (usize, usize), ended: Option<Ended>| {
                    *well += usize::from(ended == Some(Ended::Well));
                    *known += usize::from(ended.is_some());
                };
                add(&mut outcomes.steps, ended);
                add(&mut outcomes.sessions, well);
            }
            for symbol in &context.symbols {
                let next = self.symbols.len() as u32;
                self.symbols.entry(symbol.clone()).or_insert(next);
            }
            walk.numbers = self.numbers(&context, usize::MAX);
            self.count_numbers(walk, 1.0);
        }
    }

    /// Counts a session `times` over for what follows what.
    fn count_numbers(&mut self, walk: &Walk, times: f64) {
        let (actions, symbols) = &walk.numbers;
        self.by_actions.count(actions, times);
        self.by_symbols.count(symbols, times);
    }

    /// The last actions and symbols of a context, as the n-gram models know them.
    fn numbers(&self, context: &Context, last: usize) -> (Vec<u32>, Vec<u32>) {
        let unknown = u32::MAX - 1;
        let symbol = |symbol: &String| self.symbols.get(symbol).copied().unwrap_or(unknown);
        let actions = &context.actions[context.actions.len().saturating_sub(last)..];
        let symbols = &context.symbols[context.symbols.len().saturating_sub(last)..];
        let actions = actions.iter().map(|action| symbol(&action.to_string()));
        (actions.collect(), symbols.iter().map(symbol).collect())
    }

    fn fit(&mut self, walks: &[&Walk], about: &[usize], mut features: Features) {
        let mut mates: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        about.iter().enumerate().for_each(|(at, about)| mates.entry(*about).or_default().push(at));
        let mut examples = vec![];
        for mates in mates.values() {
            // A session must not be foretold from itself, nor from another about the same.
            mates.iter().for_each(|mate| self.count_numbers(walks[*mate], -1.0));
            for mate in mates {
                let mut steps = 0..;
                walks[*mate].go(|context, step| {
                    let at = steps.next().expect("there are no more steps than numbers");
                    if let Some(class) = self.classes.iter().position(|action| *action == step.action) {
                        let sparse = features.take(*mate, at);
                        examples.push(Example { sparse, class, shared: self.shared(context) });
                    }
                });
            }
            mates.iter().for_each(|mate| self.count_numbers(walks[*mate], 1.0));
        }
        if let Some(first) = examples.first() {
            let shared = first.shared.len();
            self.regression =
                Softmax::fit(&examples, self.features.len(), self.classes.len(), shared, softmax::PULL);
        }
    }

    /// What is known of each class before a step.
    fn shared(&self, context: &Context) -> Vec<Vec<f32>> {
        let (actions, symbols) = self.numbers(context, ACTIONS_BACK.max(SYMBOLS_BACK));
        let classes = self.class_numbers();
        let logs =
            |odds: Vec<f64>| odds.into_iter().map(|odds| odds.max(1e-6).ln() as f32).collect::<Vec<_>>();
        let hand = self.classes.iter().map(|action| {
            let at_hand = self.arguments.at_hand(&self.templates, *action, &context.seen);
            at_hand.map_or(0.0, |odds| (odds + 0.05).ln() as f32 + 1.5)
        });
        let mut shared = vec![
            logs(self.by_symbols.odds(&symbols, &classes)),
            logs(self.by_actions.odds(&actions, &classes)),
            hand.collect(),
        ];
        shared.extend(context.said().map(|words| self.names.found(&words)));
        shared.extend(context.done_before(&self.classes));
        shared
    }

    fn example(&self, context: &Context) -> Example {
        let features = context.features();
        let known = features.iter().filter_map(|(name, value)| Some((*self.features.get(name)?, *value)));
        Example { sparse: known.collect(), shared: self.shared(context), class: 0 }
    }

    /// Whether nothing was there to learn from.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// What the actions of the project are.
    pub fn templates(&self) -> &Templates {
        &self.templates
    }

    /// The likely next steps of a session that has come so far.
    pub fn next(&self, session: &Session, limit: usize) -> Vec<Next> {
        self.after(&Walk::new(session, steps(&self.templates, session)).go(|_, _| {}), limit)
    }

    /// The same after steps alone, as people write them or by their stable tokens; what was given for them counts as
    /// given before. Also those that were never done here, which are passed over.
    pub fn next_after(&self, steps: &[String], limit: usize) -> (Vec<Next>, Vec<String>) {
        let (mut done, mut unknown) = (vec![], vec![]);
        for step in steps {
            match self.templates.understood(step) {
                Some(assigned) => done.push(assigned),
                None => unknown.push(step.clone()),
            }
        }
        if done.is_empty() && !unknown.is_empty() {
            return (vec![], unknown);
        }
        let context = Context::of(&done);
        let (actions, _) = self.numbers(&context, ACTIONS_BACK);
        // What was said and returned is not known: only what usually follows counts.
        let odds = self.by_actions.odds(&actions, &self.class_numbers());
        (self.ranked(&odds, &context, limit), unknown)
    }

    fn class_numbers(&self) -> Vec<u32> {
        self.classes.iter().map(|action| self.symbols[&action.to_string()]).collect()
    }

    fn after(&self, context: &Context, limit: usize) -> Vec<Next> {
        if self.classes.is_empty() {
            return vec![];
        }
        let odds = self.regression.odds(&self.example(context));
        self.ranked(&odds.into_iter().map(f64::from).collect::<Vec<_>>(), context, limit)
    }

    fn ranked(&self, odds: &[f64], context: &Context, limit: usize) -> Vec<Next> {
        let mut order: Vec<usize> = (0..self.classes.len()).collect();
        order.sort_by(|a, b| odds[*b].total_cmp(&odds[*a]).then_with(|| a.cmp(b)));
        let before = context.actions.last().copied();
        order
            .into_iter()
            .take(limit)
            .map(|class| self.told(class, odds[class], before, &context.seen))
            .collect()
    }

    fn told(&self, class: usize, odds: f64, before: Option<usize>, seen: &Seen) -> Next {
        let action = self.classes[class];
        let template = &self.templates.templates[action];
        let outcomes = self.outcomes.get(&pair(before, action)).copied().unwrap_or_default();
        let argument = |(at, parameter): (usize, &crate::steps::Parameter)| {
            let mut values = self.arguments.offer(&self.templates, action, at, seen);
            values.truncate(OFFERS);
            Argument { parameter: parameter.name.clone(), values }
        };
        Next {
            action: template.action.clone(),
            tool: template.tool.clone(),
            template: template.text.clone(),
            probability: odds,
            step_success: Rate::of(outcomes.steps.0, outcomes.steps.1),
            session_success: Rate::of(outcomes.sessions.0, outcomes.sessions.1),
            arguments: template.parameters.iter().enumerate().map(argument).collect(),
        }
    }
}

fn pair(before: Option<usize>, action: usize) -> String {
    before.map_or_else(|| format!("-{action}"), |before| format!("{before}-{action}"))
}

#[cfg(test)]
mod tests;
