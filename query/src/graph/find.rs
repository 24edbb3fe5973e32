//! Entities by what they are called.

use std::collections::HashMap;

use athena_learn::entities::key;
use athena_schemas::Error;
use athena_schemas::tables::Entity;

use super::Graph;
use super::layout::Laid;

/// Names that are told to who gave none that is known.
const NEAR: usize = 3;

/// Every name and alias in small letters, and what has it.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    named: HashMap<String, Vec<u32>>,
    /// Of each entity its names, a line each.
    lower: HashMap<u32, Box<str>>,
}

impl Lookup {
    pub fn of<'e>(entities: impl Iterator<Item = (u32, &'e Entity)>) -> Self {
        let mut lookup = Self::default();
        entities.for_each(|(number, entity)| lookup.take(number, entity));
        lookup
    }

    pub fn take(&mut self, number: u32, entity: &Entity) {
        let names = std::iter::once(&entity.name).chain(&entity.aliases);
        let mut names: Vec<String> = names.map(|name| name.to_lowercase()).collect();
        names.dedup();
        self.lower.insert(number, names.join("\n").into());
        names.push(key(&entity.kind, &entity.name));
        names.sort_unstable();
        names.dedup();
        for name in names {
            self.named.entry(name).or_default().push(number);
        }
    }

    /// What is called so, in small letters.
    fn called(&self, name: &str) -> &[u32] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }
}

impl Laid {
    /// Entities that are called so, whatever their kind.
    pub fn called(&self, name: &str) -> Vec<u32> {
        let name = name.to_lowercase();
        let learned = self.base.names().called(&name).iter().filter_map(|at| self.shown[*at as usize]);
        let as_learned = learned.filter(|node| !self.names.lower.contains_key(node));
        let mut called: Vec<u32> = as_learned.chain(self.names.called(&name).iter().copied()).collect();
        called.sort_unstable();
        called
    }

    /// Its names in small letters, a line each.
    fn lower(&self, node: u32) -> &str {
        let told = self.names.lower.get(&node);
        let own = told.or_else(|| self.base.names().lower.get(&self.learned[node as usize]));
        own.map_or("", |names| names)
    }
}

impl Graph {
    /// The entity that an argument names: by id, by name or alias, or as `kind:name`. Of several of one name the one
    /// that is named most.
    ///
    /// # Errors
    /// `not_found`, with names that are near.
    pub fn named(&self, argument: &str, given: &str) -> Result<u32, Error> {
        if let Some(node) = self.number(given) {
            return Ok(node);
        }
        let of_kind = given.split_once(':').map(|(kind, name)| (kind, name.trim()));
        let mut found: Vec<u32> = self.called(given.trim());
        if let (true, Some((kind, name))) = (found.is_empty(), of_kind) {
            let called = self.called(name).into_iter();
            found = called.filter(|node| self.entity(*node).kind == kind).collect();
        }
        let most =
            found.into_iter().max_by_key(|node| (self.entity(*node).mentions, std::cmp::Reverse(*node)));
        most.ok_or_else(|| {
            let near = self.search(given, None).into_iter().take(NEAR);
            let near: Vec<&str> = near.map(|(node, _)| self.entity(node).name.as_str()).collect();
            let error = Error::not_found(format!("no entity {given} in project {}", self.project));
            let error = Error { field: Some(argument.into()), ..error };
            match near.is_empty() {
                true => error.hint("`graph.search` finds entities; `graph.add_entity` makes one"),
                false => error.hint(format!("near: {}", near.join(", "))),
            }
        })
    }

    /// Entities whose names have the words of a question, with scores from 0 to 1, the best first.
    pub fn search(&self, query: &str, kind: Option<&str>) -> Vec<(u32, f64)> {
        let query = query.trim().to_lowercase();
        let words: Vec<&str> =
            query.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let most = self.entities.iter().map(|one| one.mentions).max().unwrap_or(0).max(1) as f64;
        let mut found: Vec<(u32, f64)> = Vec::new();
        for (node, names) in (0..self.entities.len() as u32).map(|node| (node, self.lower(node))) {
            if kind.is_some_and(|kind| self.entity(node).kind != kind) {
                continue;
            }
            let alike = match names.lines().any(|name| name == query) {
                true => 1.0,
                false => {
                    let has = words.iter().filter(|word| names.contains(**word));
                    let share = has.map(|word| word.len()).sum::<usize>() as f64;
                    let all = words.iter().map(|word| word.len()).sum::<usize>().max(1) as f64;
                    let length = names.lines().map(str::len).min().unwrap_or(1).max(1) as f64;
                    0.7 * share / all + 0.2 * (share / all) * (query.len() as f64 / length).min(1.0)
                }
            };
            if alike > 0.0 || (words.is_empty() && query.is_empty()) {
                let often = (1.0 + self.entity(node).mentions as f64).ln() / (1.0 + most).ln();
                found.push((node, 0.9 * alike + 0.1 * often));
            }
        }
        found.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        found
    }
}
