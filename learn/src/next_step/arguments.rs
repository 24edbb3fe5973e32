//! Where the arguments of a call come from: what was said, returned or given before in the session.
//!
//! For each parameter it is learned how often a value from each kind of place, that recent, and used for it
//! before or not, was the one given. A value is offered with the odds of the best place that has it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::steps::{Session, Step, Template, Templates, scalars};

/// Values of a place that are remembered, the newest.
const REMEMBERED: usize = 24;
/// From which on values of a place are "older".
const OLDER: usize = 4;
/// Looks of a parameter's values that are remembered.
const LOOKS: usize = 16;
/// Bytes of a value; longer ones are texts, not arguments to pass on.
const VALUE_BYTES: usize = 64;
/// Values of a parameter that are usual in a project, at most.
const USUAL: usize = 32;

/// A value offered for a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Offer {
    pub value: String,
    pub probability: f64,
}

/// Values seen so far in a session, by place, the newest last.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    places: BTreeMap<String, Vec<String>>,
    given: BTreeMap<(usize, usize), Vec<String>>,
}

impl Seen {
    /// Takes in the next event of a session, with the step that it is or whose result it is.
    pub fn see(&mut self, session: &Session, at: usize, call: Option<&Step>, result_of: Option<&Step>) {
        let event = &session.events[at];
        if let Some(step) = call {
            for (parameter, value) in &step.values {
                self.add(format!("given {} {parameter}", step.action), value);
                remember(self.given.entry((step.action, *parameter)).or_default(), value);
            }
        } else if let (Some(step), Some(text)) = (result_of, event.content.as_deref()) {
            for (field, value) in scalars(text) {
                self.add(format!("output {} {}", step.action, field.unwrap_or_default()), &value);
            }
        } else if let (Some(text), "message") = (event.content.as_deref(), event.r#type.as_str()) {
            let who = event.agent.as_deref().unwrap_or_default();
            for (_, value) in scalars(text) {
                self.add(format!("said {who} {}", looks(&value)), &value);
            }
        }
    }

    fn add(&mut self, place: String, value: &str) {
        if !value.is_empty() && value.len() <= VALUE_BYTES {
            remember(self.places.entry(place).or_default(), value);
        }
    }

    fn offers(&self, action: usize, parameter: usize) -> impl Iterator<Item = Seat<'_>> {
        let used = self.given.get(&(action, parameter));
        self.places.iter().flat_map(move |(place, values)| {
            values.iter().rev().enumerate().map(move |(age, value)| {
                let again = used.is_some_and(|used| used.contains(value));
                Seat { place, age: age.min(OLDER), again, value }
            })
        })
    }
}

/// A value where it was seen: how many newer ones there are, and whether it was given before.
struct Seat<'s> {
    place: &'s str,
    age: usize,
    again: bool,
    value: &'s str,
}

impl Seat<'_> {
    fn key(&self) -> String {
        format!("{} {} {}", self.place, self.age, u8::from(self.again))
    }

    /// The same for places of that kind in general: whether they bear the parameter's own name.
    fn general(&self, parameter: &str) -> String {
        let kind = self.place.split(' ').next().unwrap_or_default();
        let named = self.place.rsplit(' ').next() == Some(parameter);
        format!("{kind} {} {} {}", u8::from(named), self.age, u8::from(self.again))
    }
}

fn remember(values: &mut Vec<String>, value: &str) {
    values.retain(|known| known != value);
    values.push(value.to_owned());
    if values.len() > REMEMBERED {
        values.remove(0);
    }
}

/// What a value looks like: runs of capitals, letters and digits as `A`, `a` and `0`.
pub fn looks(value: &str) -> String {
    let mut looks = String::new();
    for c in value.chars().take(VALUE_BYTES) {
        let kind = match c {
            c if c.is_ascii_digit() => '0',
            c if c.is_uppercase() => 'A',
            c if c.is_alphabetic() => 'a',
            c => c,
        };
        if !looks.ends_with(kind) {
            looks.push(kind);
        }
    }
    looks
}

/// (given, offered): how often values of a place were the one.
type Hits = (f64, f64);

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Arguments {
    /// By action and parameter, then by place.
    places: BTreeMap<String, BTreeMap<String, Hits>>,
    /// The same for all parameters together, among values that look like theirs.
    general: BTreeMap<String, Hits>,
    usual: BTreeMap<String, BTreeMap<String, f64>>,
    /// What the values of a parameter look like.
    looks: BTreeMap<String, BTreeSet<String>>,
}

fn key(template: &Template, parameter: usize) -> String {
    format!("{}\u{1f}{}", template.action, template.parameters[parameter].name)
}

impl Arguments {
    /// Learns from a call what was offered for it just before.
    pub fn learn(&mut self, templates: &Templates, step: &Step, seen: &Seen) {
        for (parameter, given) in &step.values {
            let key = key(&templates.templates[step.action], *parameter);
            let places = self.places.entry(key.clone()).or_default();
            let alike = self.looks.entry(key.clone()).or_default();
            if given.len() <= VALUE_BYTES && alike.len() < LOOKS {
                alike.insert(looks(given));
            }
            let name = &templates.templates[step.action].parameters[*parameter].name;
            for seat in seen.offers(step.action, *parameter) {
                let hit = f64::from(seat.value == given);
                let general = alike
                    .contains(&looks(seat.value))
                    .then(|| self.general.entry(seat.general(name)).or_default());
                for hits in general.into_iter().chain([places.entry(seat.key()).or_default()]) {
                    hits.0 += hit;
                    hits.1 += 1.0;
                }
            }
            let usual = self.usual.entry(key).or_default();
            if given.len() <= VALUE_BYTES && (usual.len() < USUAL || usual.contains_key(given)) {
                *usual.entry(given.clone()).or_default() += 1.0;
            }
        }
    }

    /// Values for a parameter, the likeliest first.
    pub fn offer(&self, templates: &Templates, action: usize, parameter: usize, seen: &Seen) -> Vec<Offer> {
        let key = key(&templates.templates[action], parameter);
        let mut best: BTreeMap<&str, f64> = BTreeMap::new();
        let mut put = |value, odds: f64| {
            let known = best.entry(value).or_insert(odds);
            *known = known.max(odds);
        };
        if let (Some(places), Some(alike)) = (self.places.get(&key), self.looks.get(&key)) {
            for seat in seen.offers(action, parameter).filter(|seat| alike.contains(&looks(seat.value))) {
                let hits = |hits: Option<&Hits>| hits.copied().unwrap_or_default();
                let (given, offered) = hits(places.get(&seat.key()));
                let general = hits(
                    self.general.get(&seat.general(&templates.templates[action].parameters[parameter].name)),
                );
                let expected = general.0 / (general.1 + DOUBT);
                put(seat.value, (given + DOUBT * expected) / (offered + DOUBT));
            }
        }
        if let Some(usual) = self.usual.get(&key) {
            let all: f64 = usual.values().sum();
            usual
                .iter()
                .filter(|(_, count)| **count > 1.0)
                .for_each(|(value, count)| put(value, count / (all + DOUBT)));
        }
        let mut offers: Vec<_> = best
            .into_iter()
            .map(|(value, probability)| Offer { value: value.to_owned(), probability })
            .collect();
        offers.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.value.cmp(&b.value)));
        offers
    }

    /// How likely it is that there is something left to call it with: the best value of each parameter that
    /// varies and that was not given before, on average. `None` when it has no such parameter.
    pub fn at_hand(&self, templates: &Templates, action: usize, seen: &Seen) -> Option<f64> {
        let parameters = &templates.templates[action].parameters;
        let varying = parameters.iter().enumerate().filter(|(_, parameter)| parameter.distinct > 2);
        let odds: Vec<f64> = varying
            .filter_map(|(at, _)| {
                let places = self.places.get(&key(&templates.templates[action], at))?;
                let fresh = seen.offers(action, at).filter(|seat| !seat.again);
                let odds = fresh
                    .filter_map(|seat| places.get(&seat.key()))
                    .map(|(given, all)| given / (all + DOUBT));
                Some(odds.fold(0.0, f64::max))
            })
            .collect();
        (!odds.is_empty()).then(|| odds.iter().sum::<f64>() / odds.len() as f64)
    }
}

/// Offers that were not taken, imagined beside those seen.
const DOUBT: f64 = 2.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_runs_of_letters_and_digits() {
        assert_eq!(looks("mia_li_3668"), "a_a_0");
        assert_eq!(looks("HAT069"), "A0");
    }

    #[test]
    fn the_newest_values_are_remembered() {
        let mut values = vec![];
        (0..100).for_each(|n| remember(&mut values, &n.to_string()));
        remember(&mut values, "90");
        assert_eq!(
            (values.len(), values[values.len() - 1].as_str(), values[0].as_str()),
            (REMEMBERED, "90", "76")
        );
    }
}
