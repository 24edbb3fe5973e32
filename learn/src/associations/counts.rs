//! How often items came together: in answers, and in use within a session. Of all that was asked, or only what came
//! together of some items.

use std::cmp::Reverse;

use ahash::{AHashMap, AHashSet};
use athena_schemas::Time;
use athena_schemas::tables::Association;
use athena_schemas::told::association_id;

use super::learned;
use crate::texts::Texts;

/// Items of an answer, the best first, that count as returned together; and items of a session, those that were used
/// last, that count as used together.
const FIRST: usize = 8;
const LAST_USED: usize = 50;
/// Times that items must be returned together where nobody used them so.
const LEAST_RETURNED: i64 = 2;

/// Something that was asked.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    pub at: Time,
    pub session: Option<&'a str>,
    /// What came back, the best first.
    pub ids: Vec<&'a str>,
    pub used: Vec<&'a str>,
}

#[derive(Default)]
pub struct Counts {
    items: Texts,
    sessions: Texts,
    /// The items between which is counted, by number.
    between: Option<AHashSet<u32>>,
    /// How often two came back to one question, and when last; the lesser id first.
    returned: AHashMap<(u32, u32), (i64, Time)>,
    /// When each item was used last, by session.
    used: AHashMap<u32, AHashMap<u32, Time>>,
}

impl Counts {
    /// Counts only what came together of these.
    pub fn between<'i>(items: impl IntoIterator<Item = &'i str>) -> Self {
        let mut counts = Self::default();
        counts.between = Some(items.into_iter().map(|item| counts.items.number(item)).collect());
        counts
    }

    /// Whether it counts how often two items came together.
    pub fn counts(&self, a: &str, b: &str) -> bool {
        let is_one = |item| self.items.known(item).is_some_and(|item| self.is_counted(item));
        self.between.is_none() || (is_one(a) && is_one(b))
    }

    pub fn take(&mut self, asked: &Asked<'_>) {
        let first = asked.ids.iter().take(FIRST);
        let mut came: Vec<u32> = match &self.between {
            None => first.map(|id| self.items.number(id)).collect(),
            Some(between) => {
                let known = first.filter_map(|id| self.items.known(id));
                known.filter(|item| between.contains(item)).collect()
            }
        };
        self.in_order(&mut came);
        for (at, a) in came.iter().enumerate() {
            for b in &came[at + 1..] {
                let (times, last_at) = self.returned.entry((*a, *b)).or_insert((0, asked.at));
                *times += 1;
                *last_at = asked.at.max(*last_at);
            }
        }
        let Some(session) = asked.session.filter(|_| !asked.used.is_empty()) else { return };
        let of_session = self.used.entry(self.sessions.number(session)).or_default();
        for id in &asked.used {
            let last_at = of_session.entry(self.items.number(id)).or_insert(asked.at);
            *last_at = asked.at.max(*last_at);
        }
    }

    /// A row for each two that came together often enough.
    pub fn finish(mut self, project: &str) -> Vec<Association> {
        let mut all: AHashMap<(u32, u32), (i64, i64, Time)> = AHashMap::new();
        for (pair, (times, last_at)) in std::mem::take(&mut self.returned) {
            all.insert(pair, (times, 0, last_at));
        }
        for (_, items) in std::mem::take(&mut self.used) {
            let mut newest: Vec<(u32, Time)> = items.into_iter().collect();
            newest.sort_unstable_by_key(|(item, at)| (Reverse(*at), self.items.text(*item)));
            newest.truncate(LAST_USED);
            newest.retain(|(item, _)| self.is_counted(*item));
            newest.sort_unstable_by_key(|(item, _)| self.items.text(*item));
            for (place, (a, used_at)) in newest.iter().enumerate() {
                for (b, other_at) in &newest[place + 1..] {
                    let both_at = (*used_at).max(*other_at);
                    let (_, times, last_at) = all.entry((*a, *b)).or_insert((0, 0, both_at));
                    *times += 1;
                    *last_at = both_at.max(*last_at);
                }
            }
        }
        let often =
            |(_, (returned, used, _)): &(_, (i64, i64, Time))| *used > 0 || *returned >= LEAST_RETURNED;
        let row = |((a, b), (returned, used, last_at))| {
            let [a, b] = [a, b].map(|item| self.items.text(item).to_owned());
            Association {
                id: association_id(&a, &b),
                project: project.to_owned(),
                strength: learned(returned, used),
                returned,
                used,
                last_at,
                a,
                b,
                ..Association::default()
            }
        };
        all.into_iter().filter(often).map(row).collect()
    }

    fn is_counted(&self, item: u32) -> bool {
        self.between.as_ref().is_none_or(|between| between.contains(&item))
    }

    /// Each once, in the order of their ids.
    fn in_order(&self, items: &mut Vec<u32>) {
        items.sort_unstable_by_key(|item| self.items.text(*item));
        items.dedup();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn asked<'a>(at: i64, session: &'a str, ids: &[&'a str], used: &[&'a str]) -> Asked<'a> {
        let session = Some(session).filter(|session| !session.is_empty());
        Asked { at: Time::from_micros(at), session, ids: ids.to_vec(), used: used.to_vec() }
    }

    fn counted(mut counts: Counts, all: &[Asked<'_>]) -> BTreeMap<String, (i64, i64, i64)> {
        all.iter().for_each(|one| counts.take(one));
        let rows = counts.finish("p");
        let told = |row: &Association| (row.returned, row.used, row.last_at.micros());
        rows.iter().map(|row| (format!("{} {}", row.a, row.b), told(row))).collect()
    }

    #[test]
    fn what_comes_together_is_counted_once_an_answer_and_once_a_session() {
        let all = [
            asked(1, "", &["b", "a", "a", "c"], &[]),
            asked(2, "", &["a", "b"], &[]),
            asked(3, "s", &["x"], &["x"]),
            asked(5, "s", &["c"], &["c", "x"]),
            asked(4, "t", &["c"], &["c"]),
            asked(9, "", &[], &["a", "b"]),
        ];
        let expected = [("a b".to_owned(), (2, 0, 2)), ("c x".to_owned(), (0, 1, 5))];
        assert_eq!(counted(Counts::default(), &all), expected.into());
        let nine = ["0", "1", "2", "3", "4", "5", "6", "7", "8"];
        let twice = [asked(1, "", &nine, &[]), asked(2, "", &nine, &[])];
        assert_eq!(counted(Counts::default(), &twice).len(), 8 * 7 / 2, "the first of an answer");
    }

    #[test]
    fn a_part_is_counted_as_all_are() {
        let names: Vec<String> = (0..120).map(|number| format!("i{number}")).collect();
        let mut number = 7_u64;
        let mut dice = |sides: usize| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (number >> 33) as usize % sides
        };
        let sessions = ["s", "t", ""];
        let mut all = Vec::new();
        for at in 0..600 {
            let mut some = |most: usize| -> Vec<&str> {
                (0..dice(most)).map(|_| names[dice(names.len())].as_str()).collect()
            };
            let (ids, used) = (some(12), some(4));
            all.push(asked(at, sessions[dice(3)], &ids, &used));
        }
        let whole = counted(Counts::default(), &all);
        let some = || names[..40].iter().map(String::as_str);
        let counts = Counts::between(some());
        let part: BTreeMap<_, _> = whole
            .into_iter()
            .filter(|(pair, _)| pair.split_once(' ').is_some_and(|(a, b)| counts.counts(a, b)))
            .collect();
        assert!(part.values().any(|one| one.0 > 1) && part.values().any(|one| one.1 > 0));
        assert_eq!(counted(Counts::between(some()), &all), part);
    }
}
