//! What is known at a moment of a session: what was done, said and returned so far.

use std::collections::{BTreeMap, BTreeSet};

use super::arguments::{Seen, looks};
use crate::steps::{Assigned, Ended, Session, Step};

/// Words of a message or result that are looked at.
const WORDS: usize = 120;
/// Actions back that are told by themselves.
const BACK: usize = 3;

/// A session up to a moment.
#[derive(Debug, Clone, Default)]
pub struct Context {
    pub seen: Seen,
    /// Actions so far, and how often each was done.
    pub actions: Vec<usize>,
    done: BTreeMap<usize, usize>,
    /// Actions, speakers and outcomes so far, by name.
    pub symbols: Vec<String>,
    /// Words of the last message of each speaker, and whether it came after the last action.
    last: BTreeMap<String, (Vec<String>, bool)>,
    /// Words of the first message, of all that people said, and of the last result.
    first: Vec<String>,
    asked: BTreeSet<String>,
    result: Vec<String>,
    ended: Option<Ended>,
    messages: usize,
    since: usize,
}

impl Context {
    /// Of actions alone, with what was given for them.
    pub fn of(done: &[Assigned]) -> Self {
        let mut context = Self::default();
        for one in done {
            context.seen.give(one.template, &one.values);
            context.act(one.template);
        }
        context
    }

    fn act(&mut self, action: usize) {
        self.actions.push(action);
        self.symbols.push(action.to_string());
        *self.done.entry(action).or_default() += 1;
    }

    /// Takes in the next event.
    pub fn see(&mut self, session: &Session, at: usize, call: Option<&Step>, result_of: Option<&Step>) {
        self.seen.see(session, at, call, result_of);
        let event = &session.events[at];
        let text = event.content.as_deref().unwrap_or_default();
        if let Some(step) = call {
            self.act(step.action);
            self.last.values_mut().for_each(|(_, fresh)| *fresh = false);
            self.since = 0;
            self.ended = step.ended.filter(|_| step.result.is_none());
        } else if event.r#type == "tool_result" {
            self.ended = Ended::of(event.outcome.as_deref());
            self.symbols.push(format!("<{}>", event.outcome.as_deref().unwrap_or("result")));
            self.result = words(text);
        } else if event.r#type == "message" {
            let who = event.agent.clone().unwrap_or_default();
            let words = words(text);
            if self.messages == 0 {
                self.first = words.clone();
            }
            // Who speaks first asks.
            if self.messages == 0 || self.last.get("").is_some_and(|(asker, _)| asker[0] == who) {
                self.last.entry(String::new()).or_insert((vec![who.clone()], false));
                self.asked.extend(words.iter().cloned());
            }
            self.symbols.push(format!("<{who}>"));
            self.last.insert(who, (words, true));
            self.messages += 1;
            self.since += 1;
        }
    }

    /// Words of what was said and returned, from whom: the last message of who asks and of others, all that was
    /// asked, and the last result; none of what is older than the last action.
    pub fn said(&self) -> [Vec<&str>; 6] {
        let asker = self.last.get("").map_or("", |(asker, _)| asker[0].as_str());
        let last = |asks: bool, is_fresh: bool| {
            let is_meant =
                |who: &str, fresh: bool| !who.is_empty() && (who == asker) == asks && fresh == is_fresh;
            let of = self.last.iter().filter(|(who, (_, fresh))| is_meant(who, *fresh));
            of.flat_map(|(_, (words, _))| words).map(String::as_str).collect()
        };
        let result = self.result.iter().map(String::as_str).filter(|_| self.since == 0).collect();
        let asked = self.asked.iter().map(String::as_str).collect();
        [last(true, true), last(false, true), last(true, false), last(false, false), asked, result]
    }

    /// For each action whether it was the last, and whether it was done before.
    pub fn done_before(&self, actions: &[usize]) -> [Vec<f32>; 2] {
        let last = self.actions.last();
        let is = |is: &dyn Fn(&usize) -> bool| {
            actions.iter().map(|action| f32::from(u8::from(is(action)))).collect()
        };
        [is(&|action| Some(action) == last), is(&|action| self.done.contains_key(action))]
    }

    /// Named features with their values; those of one kind have a length of 1 together.
    pub fn features(&self) -> Vec<(String, f32)> {
        let mut features = vec![];
        let back = |n: usize| self.symbols.len().checked_sub(n).map_or("^", |at| self.symbols[at].as_str());
        put(&mut features, "before", [1, 2, 3].map(|n| format!("{n} {}", back(n))));
        put(&mut features, "pair", [format!("{} {}", back(2), back(1))]);
        let done = |n: usize| {
            self.actions.len().checked_sub(n).map_or("^".to_owned(), |at| self.actions[at].to_string())
        };
        put(&mut features, "done", (1..=BACK).map(|n| format!("{n} {}", done(n))));
        put(&mut features, "ended", [format!("{} {:?}", done(1), self.ended)]);
        put(&mut features, "since", [format!("{} {}", done(1), self.since.min(4))]);
        put(&mut features, "ever", self.done.iter().map(|(action, n)| format!("{action} {}", n.min(&3))));
        put(
            &mut features,
            "length",
            [format!("{}", self.actions.len().min(8)), format!("m{}", self.messages.min(8))],
        );
        for (who, (words, fresh)) in self.last.iter().filter(|(who, _)| !who.is_empty()) {
            let kind = if *fresh { "says" } else { "said" };
            put(&mut features, &format!("{kind} {who}"), words.iter().cloned());
        }
        put(&mut features, "first", self.first.iter().cloned());
        put(&mut features, "asked", self.asked.iter().cloned());
        if self.since == 0 {
            put(&mut features, "result", self.result.iter().cloned());
        }
        features
    }
}

fn put(features: &mut Vec<(String, f32)>, kind: &str, names: impl IntoIterator<Item = String>) {
    let names: BTreeSet<String> = names.into_iter().collect();
    let value = 1.0 / (names.len().max(1) as f32).sqrt();
    features.extend(names.into_iter().map(|name| (format!("{kind}\u{1f}{name}"), value)));
}

/// Distinct words in lower case; what looks like a value as its looks.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![];
    let split = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '\'' | '-')));
    for word in split.filter(|word| word.len() > 1).take(WORDS) {
        let capitals = word.len() > 4 && word.chars().all(|c| c.is_ascii_uppercase());
        let value = capitals || word.contains(|c: char| c.is_ascii_digit() || c == '_');
        words.push(if value { looks(word) } else { word.to_lowercase() });
    }
    words.sort();
    words.dedup();
    words
}
