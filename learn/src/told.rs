//! What people said of the graph, laid over what is learned of it: it wins, in every run and for every reader. Pure.

use std::collections::{BTreeMap, BTreeSet};

use athena_schemas::Time;
use athena_schemas::tables::{Entity, Relation};
use athena_schemas::told::{self, Tied, Told};

use crate::Result;
use crate::entities::relation_id;

/// Steps that are followed from what was merged to what it was merged into.
const STEPS: usize = 64;
/// What a relation counts that was told without a weight.
const WEIGHT: f64 = 1.0;

/// Everything that was told, by id.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    entities: BTreeMap<String, (String, Told, Time)>,
    relations: BTreeMap<String, (Tied, Time)>,
}

impl Overlay {
    /// Takes a record of the kind `entity` or `relation`.
    ///
    /// # Errors
    /// A body that is not of the kind.
    pub fn take(
        &mut self,
        (kind, id): (&str, &str),
        name: &str,
        body: &str,
        recorded_at: Time,
    ) -> Result<()> {
        let broken = |error| athena_schemas::Error::internal(format!("{kind} {id}: {error}"));
        match kind {
            told::ENTITY => {
                let body = serde_json::from_str(body).map_err(broken)?;
                self.entities.insert(id.to_owned(), (name.to_owned(), body, recorded_at));
            }
            _ => {
                let body = serde_json::from_str(body).map_err(broken)?;
                self.relations.insert(id.to_owned(), (body, recorded_at));
            }
        }
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.entities.is_empty() && self.relations.is_empty()
    }

    /// The entity that one is, where it was merged into another.
    pub fn becomes<'a>(&'a self, id: &'a str) -> &'a str {
        let mut at = id;
        for _ in 0..STEPS {
            match self.entities.get(at).and_then(|(_, told, _)| told.merged_into.as_deref()) {
                Some(into) => at = into,
                None => break,
            }
        }
        at
    }

    /// What was merged, and into what.
    pub fn merged(&self) -> impl Iterator<Item = (&str, &str)> {
        let merged = self.entities.iter().filter(|(_, (_, told, _))| told.merged_into.is_some());
        merged.map(|(id, _)| (id.as_str(), self.becomes(id)))
    }

    /// An entity as it was learned, and what is told of it; `None` of one that is taken away.
    pub fn entity(&self, learned: Entity) -> Option<Entity> {
        let Some((name, told, _)) = self.entities.get(&learned.id) else { return Some(learned) };
        if told.gone || told.merged_into.is_some() {
            return None;
        }
        let mut aliases: BTreeSet<String> = learned.aliases.into_iter().chain([learned.name]).collect();
        aliases.extend(told.aliases.iter().cloned());
        aliases.remove(name);
        Some(Entity {
            name: name.clone(),
            kind: told.kind.clone(),
            aliases: aliases.into_iter().filter(|alias| !alias.is_empty()).collect(),
            attributes: attributes(told),
            told: true,
            ..learned
        })
    }

    /// Entities that were told, as they are where nothing is learned of them.
    pub fn entities<'a>(&'a self, project: &'a str) -> impl Iterator<Item = Entity> + 'a {
        let there = self.entities.iter().filter(|(_, (_, told, _))| !told.gone && told.merged_into.is_none());
        there.map(move |(id, (name, told, at))| Entity {
            id: id.clone(),
            project: project.to_owned(),
            kind: told.kind.clone(),
            name: name.clone(),
            aliases: told.aliases.clone(),
            attributes: attributes(told),
            first_at: *at,
            last_at: *at,
            told: true,
            ..Entity::default()
        })
    }

    /// Ids of the entities that anything was told of.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.entities.keys().map(String::as_str)
    }

    /// The ends and kinds of relations that anything was told of, those that were taken away among them.
    pub fn ties(&self) -> impl Iterator<Item = &Tied> {
        self.relations.values().map(|(tied, _)| tied)
    }

    /// What was told of the relation of an id.
    pub fn tied(&self, id: &str) -> Option<&Tied> {
        self.relations.get(id).map(|(tied, _)| tied)
    }

    /// Whether an entity is not to be there.
    pub fn is_gone(&self, id: &str) -> bool {
        self.entities.get(id).is_some_and(|(_, told, _)| told.gone)
    }

    /// A relation as it was learned, between what its ends are now, and what is told of it; `None` of one that is taken
    /// away, or that has an end which is.
    pub fn relation(&self, learned: Relation) -> Option<Relation> {
        let (from, to) = (self.becomes(&learned.from_entity), self.becomes(&learned.to_entity));
        if from == to || self.is_gone(from) || self.is_gone(to) {
            return None;
        }
        let id = match (from, to) == (learned.from_entity.as_str(), learned.to_entity.as_str()) {
            true => learned.id.clone(),
            false => relation_id(from, &learned.kind, to),
        };
        let told = self.relations.get(&id);
        if told.is_some_and(|(tied, _)| tied.gone) {
            return None;
        }
        let (from_entity, to_entity) = (from.to_owned(), to.to_owned());
        let learned = Relation { id, from_entity, to_entity, ..learned };
        Some(match told {
            Some((tied, _)) => Relation {
                weight: tied.weight.unwrap_or(learned.weight.max(WEIGHT)),
                valid_from: tied.valid_from,
                valid_until: tied.valid_until,
                told: true,
                ..learned
            },
            None => learned,
        })
    }

    /// Relations that were told, as they are where nothing is learned of them.
    pub fn relations<'a>(&'a self, project: &'a str) -> impl Iterator<Item = Relation> + 'a {
        self.relations.iter().filter(|(_, (tied, _))| !tied.gone).filter_map(move |(id, (tied, at))| {
            self.relation(Relation {
                id: id.clone(),
                project: project.to_owned(),
                from_entity: tied.from.clone(),
                to_entity: tied.to.clone(),
                kind: tied.kind.clone(),
                weight: tied.weight.unwrap_or(WEIGHT),
                first_at: *at,
                last_at: *at,
                valid_from: tied.valid_from,
                valid_until: tied.valid_until,
                told: true,
                ..Relation::default()
            })
        })
    }
}

fn attributes(told: &Told) -> Option<String> {
    (!told.attributes.is_empty())
        .then(|| serde_json::to_string(&told.attributes).expect("plain data is JSON"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn overlay(records: &[(&str, &str, serde_json::Value)]) -> Overlay {
        let mut overlay = Overlay::default();
        for (kind, id, body) in records {
            overlay.take((kind, id), id, &body.to_string(), Time::from_micros(7)).unwrap();
        }
        overlay
    }

    #[test]
    fn what_is_told_wins() {
        let told = overlay(&[
            ("entity", "keep", json!({"kind": "service", "aliases": ["old"]})),
            ("entity", "old", json!({"kind": "service", "merged_into": "keep"})),
            ("entity", "older", json!({"kind": "service", "merged_into": "old"})),
            ("entity", "gone", json!({"kind": "service", "gone": true})),
            (
                "relation",
                &relation_id("keep", "calls", "x"),
                json!({"from": "keep", "to": "x", "kind": "calls", "weight": 3.0}),
            ),
        ]);
        assert_eq!(told.becomes("older"), "keep");
        let learned =
            |id: &str| Entity { id: id.into(), name: "Keep".into(), mentions: 4, ..Entity::default() };
        let kept = told.entity(learned("keep")).unwrap();
        assert_eq!(
            (kept.name.as_str(), kept.mentions, kept.aliases),
            ("keep", 4, vec!["Keep".to_owned(), "old".into()])
        );
        assert_eq!((told.entity(learned("old")), told.entity(learned("gone"))), (None, None));
        assert_eq!(told.entities("p").map(|one| one.id).collect::<Vec<_>>(), ["keep"]);

        let tie = |from: &str, to: &str| Relation {
            id: relation_id(from, "calls", to),
            from_entity: from.into(),
            to_entity: to.into(),
            kind: "calls".into(),
            support: 2,
            ..Relation::default()
        };
        let moved = told.relation(tie("older", "x")).unwrap();
        assert_eq!(
            (moved.from_entity.as_str(), moved.weight, moved.support, moved.told),
            ("keep", 3.0, 2, true)
        );
        assert_eq!((told.relation(tie("keep", "old")), told.relation(tie("x", "gone"))), (None, None));
        assert_eq!(told.relations("p").count(), 1);
    }
}
