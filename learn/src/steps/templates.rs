//! Templates of commands: what is fixed in them, and what varies.
//!
//! Log-template mining in the manner of IPLoM (Makanju et al., 2009) and Drain (He et al., 2017), but
//! from the sorted set of distinct commands, so that the order in which they came cannot matter:
//! words are told apart by their looks and by whether their place holds a closed set; commands of one
//! skeleton are one template; a value that never varied becomes a fixed word again; rare skeletons
//! join the most similar frequent one of the same program and subcommand.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::shape::{Given, Keywords, Parsed, Part, Shape, parse, typed};
use super::words::Kind;

/// A skeleton seen in fewer sessions joins another of its head.
const FREQUENT: u32 = 3;
/// Distinct values of a parameter that are counted; it has "at least" these many.
const DISTINCT: usize = 200;
/// Values of a parameter that are shown.
const EXAMPLES: usize = 3;
/// Bytes of an example.
const EXAMPLE_BYTES: usize = 80;

/// Distinct commands (tool, text), each with the number of sessions that gave it.
pub type Commands = BTreeMap<(String, String), u32>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub kind: Kind,
    /// How many values it had.
    pub distinct: usize,
    pub examples: Vec<String>,
}

/// One action: all commands that do the same with other values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The stable token: tool and skeleton.
    pub action: String,
    pub tool: String,
    /// As a person would write it: `cargo test -p {p}`.
    pub text: String,
    pub parameters: Vec<Parameter>,
    /// Where each place's value goes: the option or field before it, and its parameter unless it is fixed.
    places: Vec<(Option<String>, Option<usize>)>,
}

/// What is learned from all commands of a project. Gives any command its action.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Templates {
    keywords: Keywords,
    pub templates: Vec<Template>,
    /// Template of a skeleton (tool, skeleton), and of a head when the skeleton was never seen.
    skeletons: BTreeMap<String, usize>,
    heads: BTreeMap<String, usize>,
}

/// A command's action and what it gave for the parameters of its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    pub template: usize,
    /// (parameter, value)
    pub values: Vec<(usize, String)>,
}

/// The actions of the commands that templates were made of, by tool and text.
#[derive(Debug, Clone, Default)]
pub struct Actions<'c>(HashMap<(&'c str, &'c str), Assigned>);

impl Actions<'_> {
    pub fn of(&self, tool: &str, text: &str) -> Option<Assigned> {
        self.0.get(&(tool, text)).cloned()
    }
}

impl Templates {
    pub fn mine(commands: &Commands) -> Self {
        Self::of(&parsed(commands))
    }

    /// The templates of commands, and the action of each: to read a command takes longer than all that follows.
    pub fn mine_actions(commands: &Commands) -> (Self, Actions<'_>) {
        let parsed = parsed(commands);
        let templates = Self::of(&parsed);
        let assigned = commands.keys().zip(&parsed).filter_map(|((tool, text), (_, parsed, _))| {
            Some(((tool.as_str(), text.as_str()), templates.assign_parsed(tool, parsed)?))
        });
        let actions = Actions(assigned.collect());
        (templates, actions)
    }

    fn of(parsed: &[(String, Parsed, u32)]) -> Self {
        let keywords = Keywords::learn(parsed);
        let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
        for (tool, parsed, sessions) in parsed {
            let shape = keywords.shape(tool, parsed);
            let group = groups.entry((tool.clone(), shape.skeleton())).or_default();
            group.add(shape, *sessions);
        }
        let mut all = Self { keywords, ..Self::default() };
        let homes = homes(&groups);
        let mut joined: BTreeMap<usize, Vec<&Group>> = BTreeMap::new();
        let keys: Vec<_> = groups.keys().collect();
        for (at, group) in groups.values().enumerate() {
            if homes[at] != at {
                joined.entry(homes[at]).or_default().push(group);
            }
        }
        let mut number = BTreeMap::new();
        for (at, (key, group)) in groups.iter().enumerate().filter(|(at, _)| homes[*at] == *at) {
            number.insert(at, all.templates.len());
            let guests = joined.get(&at).map_or(&[][..], Vec::as_slice);
            all.templates.push(template(&key.0, &key.1, group, guests));
        }
        for (at, (tool, skeleton)) in keys.into_iter().enumerate() {
            let template = number[&homes[at]];
            all.skeletons.insert(key(tool, skeleton), template);
            let head = groups[&(tool.clone(), skeleton.clone())].shape.head();
            all.heads.entry(key(tool, &head)).or_insert(template);
        }
        all
    }

    /// The action of a command; `None` for one unlike all that were learned from.
    pub fn assign(&self, tool: &str, text: &str) -> Option<Assigned> {
        self.assign_parsed(tool, &parse(tool, text))
    }

    fn assign_parsed(&self, tool: &str, parsed: &Parsed) -> Option<Assigned> {
        let shape = self.keywords.shape(tool, parsed);
        let known = self.skeletons.get(&key(tool, &shape.skeleton()));
        let template = *known.or_else(|| self.heads.get(&key(tool, &shape.head())))?;
        let places = &self.templates[template].places;
        let values = placed(places.iter().map(|(label, _)| label.as_deref()), &shape.values);
        let values =
            values.into_iter().filter_map(|(place, given)| Some((places[place].1?, given.text.clone())));
        Some(Assigned { template, values: values.collect() })
    }
}

impl Templates {
    /// The template that a step names: by its stable token, or as a command, `TOOL: TEXT` or a text alone.
    pub fn named(&self, step: &str) -> Option<&Template> {
        self.understood(step).map(|assigned| &self.templates[assigned.template])
    }

    /// The action of a step as people write it, with the values that stand in it.
    pub fn understood(&self, step: &str) -> Option<Assigned> {
        if let Some(template) = self.templates.iter().position(|known| known.action == step) {
            return Some(Assigned { template, values: vec![] });
        }
        let (tool, text) = split(step);
        let filled = filled(text);
        let assigned = |tool: &str| self.assign(tool, &filled);
        let mut found = match tool {
            Some(tool) => assigned(tool),
            // Without a tool a text means the one that says most of it; that it may be any value says nothing.
            None => {
                let said = said(&filled);
                let tools: BTreeSet<&str> = self.templates.iter().map(|known| known.tool.as_str()).collect();
                let found = tools.into_iter().filter_map(assigned).map(|assigned| {
                    let known = &self.templates[assigned.template];
                    ((words_in(known, &said), std::cmp::Reverse(&known.action)), assigned)
                });
                found.filter(|((words, _), _)| *words > 0).max_by_key(|(says, _)| *says).map(|(_, one)| one)
            }
        }?;
        found.values.retain(|(_, value)| filled == text || !value.contains(FILLED));
        Some(found)
    }
}

fn parsed(commands: &Commands) -> Vec<(String, Parsed, u32)> {
    commands.iter().map(|((tool, text), n)| (tool.clone(), parse(tool, text), *n)).collect()
}

/// The words of a text; of a record its fields with their values.
fn said(text: &str) -> BTreeSet<String> {
    match super::shape::record(text) {
        Some(fields) => fields.iter().map(|(key, value)| format!("{key}={}", typed(value))).collect(),
        None => text.split_whitespace().map(str::to_owned).collect(),
    }
}

/// How many fixed words of a template are among these.
fn words_in(template: &Template, said: &BTreeSet<String>) -> usize {
    template.text.split_whitespace().filter(|word| said.contains(*word)).count()
}

/// The tool and the text of a step as people write it: `TOOL: TEXT`, or a text alone.
pub fn split(step: &str) -> (Option<&str>, &str) {
    match step.split_once(": ") {
        Some((tool, text)) if !tool.is_empty() && !tool.contains(char::is_whitespace) => {
            (Some(tool), text.trim())
        }
        _ => (None, step.trim()),
    }
}

/// The names between braces, in order, each once.
pub fn placeholders(text: &str) -> Vec<String> {
    let mut names: Vec<String> = vec![];
    for part in text.split('{').skip(1) {
        let Some((name, _)) = part.split_once('}') else { continue };
        let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
        if plain && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// What stands for a value is one: any number is.
const FILLED: &str = "x-1";

/// A text whose placeholders have values.
fn filled(text: &str) -> String {
    let fill = |text: String, name: String| text.replace(&format!("{{{name}}}"), FILLED);
    placeholders(text).into_iter().fold(text.to_owned(), fill)
}

fn key(tool: &str, rest: &str) -> String {
    format!("{tool}\u{1f}{rest}")
}

/// Which value stands at which place: by option or field, else in order.
fn placed<'v, 'p>(
    places: impl Iterator<Item = Option<&'p str>>,
    values: &'v [Given],
) -> Vec<(usize, &'v Given)> {
    let mut taken = vec![false; values.len()];
    let mut out = vec![];
    for (place, label) in places.enumerate() {
        let fits = |at: &usize| !taken[*at] && values[*at].label.as_deref() == label;
        if let Some(at) = (0..values.len()).find(fits) {
            taken[at] = true;
            out.push((place, &values[at]));
        }
    }
    out
}

/// Commands of one tool and skeleton.
#[derive(Default)]
struct Group {
    shape: Shape,
    sessions: u32,
    places: Vec<Place>,
}

struct Place {
    label: Option<String>,
    sessions: u32,
    bare: bool,
    kinds: BTreeSet<Kind>,
    values: BTreeSet<String>,
}

impl Group {
    fn add(&mut self, shape: Shape, sessions: u32) {
        self.sessions += sessions;
        let record = shape.record;
        for (at, given) in shape.values.iter().enumerate() {
            let found = match record {
                true => self.places.iter().position(|place| place.label == given.label),
                false => (at < self.places.len()).then_some(at),
            };
            let at = found.unwrap_or_else(|| {
                self.places.push(Place::new(given.label.clone()));
                self.places.len() - 1
            });
            self.places[at].add(given, sessions);
        }
        if self.shape.parts.is_empty() {
            self.shape = shape;
        }
    }

    fn options(&self) -> BTreeSet<&str> {
        let option = |part: &'_ Part| matches!(part, Part::Fixed(_));
        self.shape
            .parts
            .iter()
            .filter(|part| option(part))
            .filter_map(|part| match part {
                Part::Fixed(word) => Some(word.as_str()),
                _ => None,
            })
            .collect()
    }
}

impl Place {
    fn new(label: Option<String>) -> Self {
        Self { label, sessions: 0, bare: true, kinds: BTreeSet::new(), values: BTreeSet::new() }
    }

    fn add(&mut self, given: &Given, sessions: u32) {
        self.sessions += sessions;
        self.bare &= given.bare;
        self.kinds.insert(given.kind);
        if self.values.len() < DISTINCT {
            self.values.insert(given.text.clone());
        }
    }

    /// The one value that it always had, when it was asked for often enough to tell.
    fn fixed(&self) -> Option<&str> {
        let one = self.values.first().filter(|_| self.values.len() == 1)?;
        let single = !one.contains('\n') && one.len() <= EXAMPLE_BYTES;
        (single && (self.bare || self.sessions >= FREQUENT)).then_some(one)
    }

    fn kind(&self) -> Kind {
        match self.kinds.first() {
            Some(kind) if self.kinds.len() == 1 => *kind,
            _ => Kind::Text,
        }
    }
}

/// For each group, by number, the group whose template it takes.
fn homes(groups: &BTreeMap<(String, String), Group>) -> Vec<usize> {
    let all: Vec<_> = groups.iter().collect();
    let mut by_head: BTreeMap<(&str, String), Vec<usize>> = BTreeMap::new();
    for (at, ((tool, _), group)) in all.iter().enumerate() {
        by_head.entry((tool, group.shape.head())).or_default().push(at);
    }
    let mut homes: Vec<_> = (0..all.len()).collect();
    for mates in by_head.values() {
        let often = |at: &&usize| all[**at].1.sessions >= FREQUENT;
        let frequent: Vec<_> = mates.iter().filter(often).copied().collect();
        // With none that is frequent all are one, named after the most frequent.
        let most = mates.iter().copied().max_by_key(|at| (all[*at].1.sessions, std::cmp::Reverse(*at)));
        for at in mates.iter().copied().filter(|at| all[*at].1.sessions < FREQUENT) {
            let mine = all[at].1.options();
            let likeness = |other: &usize| {
                let theirs = all[*other].1.options();
                let shared = mine.intersection(&theirs).count();
                let united = mine.union(&theirs).count().max(1);
                (1_000 * shared / united, all[*other].1.sessions, std::cmp::Reverse(*other))
            };
            homes[at] = frequent.iter().copied().max_by_key(likeness).or(most).unwrap_or(at);
        }
    }
    homes
}

fn template(tool: &str, skeleton: &str, group: &Group, guests: &[&Group]) -> Template {
    let mut parameters: Vec<Parameter> = vec![];
    let mut places = vec![];
    let mut texts = vec![];
    for (at, place) in group.places.iter().enumerate() {
        let values = values(at, place, group, guests);
        match place.fixed().filter(|_| values.len() == 1) {
            Some(fixed) => {
                texts.push(fixed.to_owned());
                places.push((place.label.clone(), None));
            }
            None => {
                let name = name(place, &parameters);
                texts.push(format!("{{{name}}}"));
                places.push((place.label.clone(), Some(parameters.len())));
                parameters.push(Parameter {
                    name,
                    kind: place.kind(),
                    distinct: values.len(),
                    examples: values.iter().take(EXAMPLES).map(|value| example(value)).collect(),
                });
            }
        }
    }
    let text = if group.shape.record { record_text(group, &texts) } else { line_text(&group.shape, &texts) };
    let action = format!("{tool}: {skeleton}").trim_end().to_owned();
    Template { action, tool: tool.to_owned(), text, parameters, places }
}

/// A value as it is shown: the beginning of a long one.
pub fn example(value: &str) -> String {
    value[..value.floor_char_boundary(EXAMPLE_BYTES.min(value.len()))].to_owned()
}

/// The values of a place, those of the groups that joined included.
fn values<'g>(at: usize, place: &'g Place, group: &Group, guests: &[&'g Group]) -> BTreeSet<&'g str> {
    let rank = group.places[..at].iter().filter(|before| before.label == place.label).count();
    let mut values: BTreeSet<_> = place.values.iter().map(String::as_str).collect();
    for guest in guests {
        let same = guest.places.iter().filter(|other| other.label == place.label).nth(rank);
        values.extend(same.into_iter().flat_map(|other| other.values.iter().map(String::as_str)));
    }
    values
}

fn name(place: &Place, taken: &[Parameter]) -> String {
    let name = place.label.clone().filter(|label| !label.is_empty());
    let name = name.unwrap_or_else(|| place.kind().name().to_owned());
    let used = |name: &str| taken.iter().any(|parameter| parameter.name == name);
    if !used(&name) {
        return name;
    }
    (2..)
        .map(|n| format!("{name}{n}"))
        .find(|name| !used(name))
        .expect("there are more numbers than parameters")
}

fn line_text(shape: &Shape, texts: &[String]) -> String {
    let part = |part: &Part| match part {
        Part::Head(word) | Part::Fixed(word) => word.clone(),
        Part::Slot(at) => texts[*at].clone(),
    };
    shape.parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

/// Fields that at least half of the calls give.
fn record_text(group: &Group, texts: &[String]) -> String {
    let heads = group.shape.parts.iter().filter_map(|part| match part {
        Part::Head(word) => Some(word.clone()),
        Part::Fixed(_) | Part::Slot(_) => None,
    });
    let usual = group.places.iter().zip(texts).filter(|(place, _)| 2 * place.sessions >= group.sessions);
    let fields = usual.map(|(place, text)| format!("{}={text}", place.label.as_deref().unwrap_or_default()));
    heads.chain(fields).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
