//! Where the arguments of a call come from: what was said, returned or given before in the session.
//!
//! For each parameter it is learned how often a value from each kind of place, that recent, and used for it
//! before or not, was the one given. A value is offered with the odds of the best place that has it.

use std::collections::{BTreeMap, BTreeSet};

use ahash::RandomState;
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
    places: BTreeMap<String, Vec<Value>>,
    given: BTreeMap<(usize, usize), Vec<Value>>,
}

/// A value, with what it looks like, and a hash by which most others are told apart from it.
#[derive(Debug, Clone)]
struct Value {
    text: String,
    looks: String,
    hash: u64,
}

impl Value {
    fn is(&self, other: &Self) -> bool {
        self.hash == other.hash && self.text == other.text
    }
}

impl Seen {
    /// Takes in the next event of a session, with the step that it is or whose result it is.
    pub fn see(&mut self, session: &Session, at: usize, call: Option<&Step>, result_of: Option<&Step>) {
        let event = &session.events[at];
        if let Some(step) = call {
            self.give(step.action, &step.values);
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

    /// Takes in the values that an action was given.
    pub fn give(&mut self, action: usize, values: &[(usize, String)]) {
        for (parameter, value) in values {
            self.add(format!("given {action} {parameter}"), value);
            remember(self.given.entry((action, *parameter)).or_default(), value);
        }
    }

    fn add(&mut self, place: String, value: &str) {
        if !value.is_empty() && value.len() <= VALUE_BYTES {
            remember(self.places.entry(place).or_default(), value);
        }
    }

    /// The places, each with its values as they may be given for a parameter, the newest first.
    fn offers(
        &self,
        action: usize,
        parameter: usize,
    ) -> impl Iterator<Item = (&str, impl Iterator<Item = Seat<'_>>)> {
        let used = self.given.get(&(action, parameter)).map_or(&[][..], Vec::as_slice);
        self.places.iter().map(move |(place, values)| {
            let seats = values.iter().rev().enumerate();
            (place.as_str(), seats.map(move |(age, value)| Seat { age: age.min(OLDER), value, used }))
        })
    }
}

/// A value where it was seen: how many newer ones there are, and what was given before.
struct Seat<'s> {
    age: usize,
    value: &'s Value,
    used: &'s [Value],
}

impl Seat<'_> {
    /// Whether it was given before.
    fn again(&self) -> bool {
        self.used.iter().any(|used| used.is(self.value))
    }
}

/// What a place is in general: its kind, and whether it bears the parameter's own name.
fn general(place: &str, parameter: &str) -> String {
    let kind = place.split(' ').next().unwrap_or_default();
    let named = place.rsplit(' ').next() == Some(parameter);
    format!("{kind} {}", u8::from(named))
}

fn remember(values: &mut Vec<Value>, value: &str) {
    values.retain(|known| known.text != value);
    let hash = RandomState::with_seeds(1, 2, 3, 4).hash_one(value);
    values.push(Value { text: value.to_owned(), looks: looks(value), hash });
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

/// Hits of places, by how many newer values there were and by whether the value was given before. Written as
/// `PLACE AGE AGAIN`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Hits>", into = "BTreeMap<String, Hits>")]
struct Places(BTreeMap<String, [[Hits; 2]; OLDER + 1]>);

impl Places {
    /// Those of a place, which may be new.
    fn at(&mut self, place: &str) -> &mut [[Hits; 2]; OLDER + 1] {
        if !self.0.contains_key(place) {
            self.0.insert(place.to_owned(), Default::default());
        }
        self.0.get_mut(place).expect("it is there")
    }
}

impl From<BTreeMap<String, Hits>> for Places {
    fn from(told: BTreeMap<String, Hits>) -> Self {
        let mut places = Self::default();
        for (key, hits) in told {
            let mut parts = key.rsplitn(3, ' ');
            let mut number = || parts.next().and_then(|part| part.parse::<usize>().ok());
            let (again, age) = (number(), number());
            if let (Some(again @ ..2), Some(age @ ..=OLDER), Some(place)) = (again, age, parts.next()) {
                places.at(place)[age][again] = hits;
            }
        }
        places
    }
}

impl From<Places> for BTreeMap<String, Hits> {
    fn from(places: Places) -> Self {
        let mut told = Self::new();
        for (place, ages) in places.0 {
            for (age, hits) in ages.into_iter().enumerate() {
                for (again, hits) in hits.into_iter().enumerate().filter(|(_, (_, offered))| *offered > 0.0) {
                    told.insert(format!("{place} {age} {again}"), hits);
                }
            }
        }
        told
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Arguments {
    /// By action and parameter, then by place.
    places: BTreeMap<String, Places>,
    /// The same for all parameters together, among values that look like theirs.
    general: Places,
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
            for (place, seats) in seen.offers(step.action, *parameter) {
                let own = places.at(place);
                let general = self.general.at(&general(place, name));
                for seat in seats {
                    let (age, again) = (seat.age, usize::from(seat.again()));
                    let hit = f64::from(seat.value.text == *given);
                    let add = |hits: &mut Hits| {
                        hits.0 += hit;
                        hits.1 += 1.0;
                    };
                    add(&mut own[age][again]);
                    if alike.contains(&seat.value.looks) {
                        add(&mut general[age][again]);
                    }
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
            let name = &templates.templates[action].parameters[parameter].name;
            for (place, seats) in seen.offers(action, parameter) {
                let own = places.0.get(place).copied().unwrap_or_default();
                let general = self.general.0.get(&general(place, name)).copied().unwrap_or_default();
                for seat in seats {
                    let (age, again) = (seat.age, usize::from(seat.again()));
                    let ((given, offered), general) = (own[age][again], general[age][again]);
                    // Ids have ever new looks: where they come from tells them.
                    if !alike.contains(&seat.value.looks) && !is_source(given, offered) {
                        continue;
                    }
                    let expected = general.0 / (general.1 + DOUBT);
                    put(&seat.value.text, (given + DOUBT * expected) / (offered + DOUBT));
                }
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
                let mut best = 0.0;
                for (place, seats) in seen.offers(action, at) {
                    let Some(ages) = places.0.get(place) else { continue };
                    for seat in seats {
                        let (given, all) = ages[seat.age][0];
                        let odds = given / (all + DOUBT);
                        if odds > best && !seat.again() {
                            best = odds;
                        }
                    }
                }
                Some(best)
            })
            .collect();
        (!odds.is_empty()).then(|| odds.iter().sum::<f64>() / odds.len() as f64)
    }
}

/// Values of a place that must have been the one, and the share of them, for it to be where the values come from.
const TAKEN: f64 = 3.0;
const SHARE: f64 = 0.5;

fn is_source(given: f64, offered: f64) -> bool {
    given >= TAKEN && given >= SHARE * offered
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
            (values.len(), values[values.len() - 1].text.as_str(), values[0].text.as_str()),
            (REMEMBERED, "90", "76")
        );
    }
}
