//! What a run has changed, and what is to be summed up anew therefore.

use std::collections::{BTreeMap, BTreeSet};

use ahash::{AHashMap, AHashSet};

use super::Naming;
use crate::entities::CO_OCCURS;
use crate::told::Overlay;

#[derive(Debug, Default)]
pub struct Changed {
    /// Of a mention that was written anew, or is no more.
    entities: AHashSet<String>,
    /// Named together in a stretch in which anything has changed, before or after; the lesser id leads to the others.
    pairs: BTreeMap<String, BTreeSet<String>>,
    seconds: AHashSet<String>,
    stretches: AHashSet<String>,
    paired: AHashMap<String, BTreeSet<String>>,
}

impl Changed {
    /// A mention of a session that was derived anew, as it was before or is now.
    pub fn stands(&mut self, naming: &Naming<'_>, told: &Overlay) {
        if naming.paired {
            let subject = told.becomes(naming.subject).to_owned();
            self.paired.entry(naming.context.to_owned()).or_default().insert(subject);
        }
    }

    /// A mention that was written anew, or is no more.
    pub fn changes(&mut self, naming: &Naming<'_>, told: &Overlay) {
        match naming.ends {
            Some((from, to)) => self.entities.extend([from, to].map(|id| told.becomes(id).to_owned())),
            None => drop(self.entities.insert(told.becomes(naming.subject).to_owned())),
        }
        self.stretches.insert(naming.context.to_owned());
    }

    /// All was told.
    pub fn finish(&mut self) {
        for (context, subjects) in std::mem::take(&mut self.paired) {
            if !self.stretches.contains(&context) {
                continue;
            }
            let subjects: Vec<String> = subjects.into_iter().collect();
            for (at, one) in subjects.iter().enumerate() {
                let others = &subjects[at + 1..];
                self.pairs.entry(one.clone()).or_default().extend(others.iter().cloned());
                self.seconds.extend(others.iter().cloned());
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.entities.is_empty() && self.pairs.is_empty()
    }

    /// Whether an entity is summed up anew.
    pub fn has(&self, id: &str) -> bool {
        self.entities.contains(id)
    }

    /// Whether a relation is: one by rule between two such entities, or a pair of a stretch in which anything has
    /// changed.
    pub fn has_relation(&self, (from, kind, to): (&str, &str, &str)) -> bool {
        match kind {
            CO_OCCURS => self.pairs.get(from).is_some_and(|others| others.contains(to)),
            _ => self.has(from) && self.has(to),
        }
    }

    /// Those that are summed up anew.
    pub(super) fn entities(&self) -> impl Iterator<Item = &str> {
        self.entities.iter().map(String::as_str)
    }

    /// The ends of pairs, and the lesser ones of them.
    pub(super) fn paired(&self) -> impl Iterator<Item = &str> {
        self.lesser().chain(self.seconds.iter().map(String::as_str))
    }

    pub(super) fn lesser(&self) -> impl Iterator<Item = &str> {
        self.pairs.keys().map(String::as_str)
    }

    /// What it is named together with and is of a greater id.
    pub(super) fn others(&self, id: &str) -> impl Iterator<Item = &str> {
        self.pairs.get(id).into_iter().flatten().map(String::as_str)
    }
}
