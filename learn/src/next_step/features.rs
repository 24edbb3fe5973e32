//! Features before each step of some sessions: their names are made once, for choosing among them and for fitting.

use std::collections::{BTreeMap, BTreeSet};

use ahash::AHashMap;

use super::Walk;

/// Features, at most: those of most sessions.
const FEATURES: usize = 20_000;
/// Groups of sessions that a feature is counted in.
const COMMON: usize = 100;

/// Features by numbers of their own, with their values.
#[derive(Default)]
pub struct Features {
    numbers: AHashMap<String, u32>,
    /// For each session, for each of its steps.
    before: Vec<Vec<Vec<(u32, f32)>>>,
    /// The number that each goes by where it was chosen.
    chosen: Vec<Option<u32>>,
}

impl Features {
    pub fn of(walks: &[&Walk]) -> Self {
        let mut features = Self::default();
        for walk in walks {
            let mut steps = Vec::with_capacity(walk.steps.len());
            walk.go(|context, _| {
                let named = context.features().into_iter();
                steps.push(named.map(|(name, value)| (features.number(name), value)).collect());
            });
            features.before.push(steps);
        }
        features
    }

    fn number(&mut self, name: String) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(name).or_insert(next)
    }

    /// Chooses those that were there in sessions about more than one thing, where `about` says what each session is
    /// about, and numbers them anew by how many that were. Returned by name.
    pub fn choose(&mut self, about: &[usize]) -> BTreeMap<String, u32> {
        let mut seen: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.numbers.len()];
        for (steps, about) in self.before.iter().zip(about) {
            for (feature, _) in steps.iter().flatten() {
                let seen = &mut seen[*feature as usize];
                if seen.len() < COMMON {
                    seen.insert(*about);
                }
            }
        }
        let mut common: Vec<(usize, &String, u32)> = self
            .numbers
            .iter()
            .map(|(name, number)| (seen[*number as usize].len(), name, *number))
            .filter(|(having, ..)| *having > 1)
            .collect();
        common.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        common.truncate(FEATURES);
        self.chosen = vec![None; self.numbers.len()];
        let numbered = common.into_iter().zip(0..);
        numbered
            .map(|((_, name, number), at)| {
                self.chosen[number as usize] = Some(at);
                (name.clone(), at)
            })
            .collect()
    }

    /// Takes out those that were chosen, before a step of a session.
    pub fn take(&mut self, session: usize, step: usize) -> Vec<(u32, f32)> {
        let mut features = std::mem::take(&mut self.before[session][step]);
        features.retain_mut(|(number, _)| {
            let chosen = self.chosen[*number as usize];
            chosen.inspect(|chosen| *number = *chosen).is_some()
        });
        features
    }
}
