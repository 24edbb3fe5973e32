//! Statements of a project in the order of time, folded to facts: which value held from when until when, on what evidence.

use std::collections::{BTreeMap, BTreeSet};

use super::Kind;

/// Statements of an attribute, from the newest back, by which agreement is told.
const AGREEING: usize = 20;
/// Pieces of evidence that a fact names: the first, and the newest.
pub const EVIDENCE: usize = 20;

/// A statement with where it comes from, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The event or memory.
    pub id: String,
    pub subject: String,
    pub attribute: String,
    pub value: String,
    pub key: String,
    pub open_key: Option<String>,
    pub value_key: String,
    pub kind: Kind,
    pub many: bool,
    pub ends: bool,
    pub changes: bool,
    pub from: Option<String>,
    pub text: String,
    pub start: i64,
    pub end: i64,
    /// When it was said, and from when it is true, in microseconds.
    pub at: i64,
    /// Until when it is true, where it is told.
    pub until: Option<i64>,
    /// Orders what was said at one time.
    pub position: u64,
    pub received: i64,
    pub speaker: String,
    pub session: String,
    pub told: Told,
}

/// Whether a statement was said in passing, or told to be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    Learned,
    Told,
    Confirmed,
}

impl Told {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Learned => "learned",
            Self::Told => "told",
            Self::Confirmed => "confirmed",
        }
    }
}

/// A value of an attribute, for as long as it held.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub subject: String,
    pub attribute: String,
    pub value: String,
    pub key: String,
    pub value_key: String,
    /// How many times the value had held before, and ended.
    pub again: usize,
    pub kind: Kind,
    pub many: bool,
    /// The statement that says it best.
    pub text: String,
    pub state: Told,
    /// Different speakers in different sessions that said so.
    pub support: i64,
    /// Those that said otherwise among the last that spoke of the attribute.
    pub against: i64,
    pub confidence: f64,
    pub evidence: Vec<Evidence>,
    pub valid_from: i64,
    pub valid_until: Option<i64>,
    /// The place in the answer of the fact that follows.
    pub replaced_by: Option<usize>,
    /// When the newest evidence came in.
    pub received: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    pub at: i64,
    pub id: String,
    pub start: i64,
    pub end: i64,
}

/// Facts, sorted by key and time. It does not matter in which order the statements come.
pub fn fold(statements: Vec<Said>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (_, said) in by_key(statements) {
        match said.iter().filter(|one| one.many).count() * 2 > said.len() {
            true => beside(&said, &mut facts),
            false => succession(&said, &mut facts),
        }
    }
    facts
}

/// The statements of each attribute, in the order of time.
fn by_key(mut statements: Vec<Said>) -> BTreeMap<String, Vec<Said>> {
    statements.sort_by(|one, other| {
        (one.at, one.position, &one.id, one.start, &one.key, &one.value_key).cmp(&(
            other.at,
            other.position,
            &other.id,
            other.start,
            &other.key,
            &other.value_key,
        ))
    });
    let owned: BTreeSet<String> =
        statements.iter().filter(|one| one.open_key.is_none()).map(|one| one.key.clone()).collect();
    let mut keyed: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    // The attribute that had a value last, by subject.
    let mut newest: BTreeMap<(String, String), String> = BTreeMap::new();
    for mut one in statements {
        // `the budget` is that of whoever spoke of `my budget`, where nobody said `our budget`.
        if let Some(open) =
            one.open_key.take().filter(|open| owned.contains(open) && !owned.contains(&one.key))
        {
            one.key = open;
        }
        if one.key.is_empty() {
            // `we switched from A to B`: whatever was A.
            let from = one.from.clone().unwrap_or_default();
            match newest.get(&(one.subject.to_lowercase(), from)) {
                Some(key) => {
                    one.key.clone_from(key);
                    let before = keyed.get(key).and_then(|said| said.last());
                    one.attribute = before.map_or_else(String::new, |before| before.attribute.clone());
                }
                None => {
                    one.attribute = "uses".into();
                    one.key = super::keys::attribute(&[], &["uses"], None);
                    one.many = true;
                }
            }
        }
        if one.changes
            && !keyed.contains_key(&one.key)
            && let Some(key) = akin(&one, &keyed)
        {
            one.key = key;
        }
        newest.insert((one.subject.to_lowercase(), one.value_key.clone()), one.key.clone());
        keyed.entry(one.key.clone()).or_default().push(one);
    }
    keyed
}

/// The attribute that a change of one that was not spoken of means: one of the same words and more, or fewer.
fn akin(one: &Said, keyed: &BTreeMap<String, Vec<Said>>) -> Option<String> {
    let words = |key: &str, speaker: &str| {
        let speaker = super::stems_of(speaker);
        key.split([' ', '|'])
            .filter(|word| !speaker.contains(*word))
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    let counts = |value: &str| value.contains(|c: char| c.is_ascii_digit());
    let own = words(&one.key, &one.speaker);
    let meant = keyed.iter().filter_map(|(key, said)| {
        let last =
            said.last().filter(|last| !last.many && counts(&last.value_key) == counts(&one.value_key))?;
        let other = words(key, &last.speaker);
        let shared = own.intersection(&other).count();
        let within = shared > 0 && (own.is_subset(&other) || other.is_subset(&own));
        within.then_some((shared, last.at, last.position, key))
    });
    meant.max().map(|(_, _, _, key)| key.clone())
}

/// Whether two keys are of one value: one may say more than the other.
fn same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let [one, other] = [one, other].map(|key| key.split(' ').collect::<BTreeSet<_>>());
    let is_number = |word: &&&str| word.contains(|c: char| c.is_ascii_digit());
    let same_numbers = || one.iter().filter(is_number).eq(other.iter().filter(is_number));
    let times = |words: &BTreeSet<&str>| words.iter().any(|word| word.contains(':') || word.contains('-'));
    let dated = times(&one) && times(&other);
    let (least, most) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    !least.is_empty() && least.is_subset(most) && (dated || same_numbers())
}

/// One value after the other.
fn succession(said: &[Said], facts: &mut Vec<Fact>) {
    let first = facts.len();
    let mut open: Vec<&Said> = Vec::new();
    let mut before: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, one) in said.iter().enumerate() {
        let holds = open.first().is_some_and(|held| same(&held.value_key, &one.value_key));
        if one.ends {
            // What ends is the value at hand, or one that nobody has spoken of since.
            if holds {
                close(&open, said, at, Some(one.at), &mut before, facts);
                open.clear();
            }
            continue;
        }
        if !holds && !open.is_empty() {
            close(&open, said, at, Some(one.at), &mut before, facts);
            let replaced = facts.len() - 1;
            facts[replaced].replaced_by = Some(facts.len());
            open.clear();
        }
        open.push(one);
    }
    if !open.is_empty() {
        close(&open, said, said.len(), None, &mut before, facts);
    }
    debug_assert!(facts[first..].iter().all(|fact| fact.replaced_by.is_none_or(|at| at < facts.len())));
}

/// Values that may hold beside each other: each until it is said to have ended.
fn beside(said: &[Said], facts: &mut Vec<Fact>) {
    let mut values: Vec<(&str, Vec<&Said>)> = Vec::new();
    let mut before = BTreeMap::new();
    for one in said {
        let known = values.iter().position(|(key, _)| same(key, &one.value_key));
        match (known, one.ends) {
            (Some(at), true) => {
                let (_, open) = values.remove(at);
                close(&open, &[], 0, Some(one.at), &mut before, facts);
            }
            (Some(at), false) => values[at].1.push(one),
            (None, true) => {}
            (None, false) => values.push((&one.value_key, vec![one])),
        }
    }
    for (_, open) in values {
        close(&open, &[], 0, None, &mut before, facts);
    }
}

/// Who says so, and where.
fn voices<'s>(said: impl Iterator<Item = &'s Said>) -> BTreeSet<(&'s str, &'s str)> {
    said.map(|one| (one.speaker.as_str(), one.session.as_str())).collect()
}

/// Makes a fact of the statements of a value that held until `until`. `said[..upto]` was said of the attribute so far.
fn close<'s>(
    open: &[&'s Said],
    said: &[Said],
    upto: usize,
    until: Option<i64>,
    before: &mut BTreeMap<&'s str, usize>,
    facts: &mut Vec<Fact>,
) {
    let best = open
        .iter()
        .max_by_key(|one| (one.told, one.value.chars().count().min(40), one.at))
        .expect("a value was said");
    let support = voices(open.iter().copied());
    let recent = said[upto.saturating_sub(AGREEING)..upto].iter().filter(|one| one.at >= open[0].at);
    let other = voices(recent.filter(|one| !same(&one.value_key, &open[0].value_key)));
    let (support, against) = (support.len() as i64, other.difference(&support).count() as i64);
    let mut evidence: Vec<Evidence> = open
        .iter()
        .map(|one| Evidence { at: one.at, id: one.id.clone(), start: one.start, end: one.end })
        .collect();
    evidence.dedup_by(|one, other| one.id == other.id && one.start == other.start);
    if evidence.len() > EVIDENCE {
        evidence.drain(1..=evidence.len() - EVIDENCE);
    }
    let told_until = open.iter().filter_map(|one| one.until).max();
    let again = before.entry(&open[0].value_key).or_default();
    facts.push(Fact {
        subject: best.subject.clone(),
        attribute: best.attribute.clone(),
        value: best.value.clone(),
        key: open[0].key.clone(),
        value_key: open[0].value_key.clone(),
        again: *again,
        kind: open.iter().map(|one| one.kind).max().unwrap_or(Kind::Fact),
        many: said.is_empty(),
        text: best.text.clone(),
        state: open.iter().map(|one| one.told).max().unwrap_or(Told::Learned),
        support,
        against,
        confidence: confidence(support, against),
        evidence,
        valid_from: open[0].at,
        valid_until: match (until, told_until) {
            (Some(until), Some(told)) => Some(until.min(told)),
            (until, told) => until.or(told),
        },
        replaced_by: None,
        received: open.iter().map(|one| one.received).max().unwrap_or_default(),
    });
    *again += 1;
}

/// The mean of the posterior that the next who speaks of it agrees, from one for and one against.
pub fn confidence(support: i64, against: i64) -> f64 {
    (support as f64 + 1.0) / ((support + against) as f64 + 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(at: i64, key: &str, value: &str, speaker: &str) -> Said {
        Said {
            id: format!("e-{at}"),
            subject: "p".into(),
            attribute: key.into(),
            value: value.into(),
            key: key.into(),
            open_key: None,
            value_key: value.into(),
            kind: Kind::Fact,
            many: false,
            ends: false,
            changes: false,
            from: None,
            text: value.into(),
            start: 0,
            end: 1,
            at,
            until: None,
            position: at as u64,
            received: at,
            speaker: speaker.into(),
            session: "s".into(),
            told: Told::Learned,
        }
    }

    /// Value, times, support and what replaced it.
    type Shown<'f> = (&'f str, i64, Option<i64>, i64, Option<usize>);

    fn shown(facts: &[Fact]) -> Vec<Shown<'_>> {
        facts
            .iter()
            .map(|fact| {
                (fact.value.as_str(), fact.valid_from, fact.valid_until, fact.support, fact.replaced_by)
            })
            .collect()
    }

    #[test]
    fn a_newer_statement_ends_an_older_value() {
        let all = vec![
            said(3, "port", "81", "bob"),
            said(1, "port", "80", "ann"),
            said(2, "port", "80", "bob"),
            said(4, "port", "80", "ann"),
        ];
        let facts = fold(all);
        assert_eq!(
            shown(&facts),
            [("80", 1, Some(3), 2, Some(1)), ("81", 3, Some(4), 1, Some(2)), ("80", 4, None, 1, None)]
        );
        assert_eq!((facts[0].again, facts[2].again), (0, 1));
        assert_eq!(facts[0].confidence, 0.75);
    }

    #[test]
    fn what_is_no_more_ends_without_a_successor() {
        let facts = fold(vec![
            said(1, "queue", "rabbitmq", "ann"),
            Said { ends: true, ..said(5, "queue", "rabbitmq", "ann") },
        ]);
        assert_eq!(shown(&facts), [("rabbitmq", 1, Some(5), 1, None)]);
    }

    #[test]
    fn what_was_before_tells_which_attribute() {
        let moved = Said { key: String::new(), from: Some("jenkin".into()), ..said(2, "", "actions", "ann") };
        let facts = fold(vec![said(1, "ci", "jenkin", "ann"), moved]);
        assert_eq!(shown(&facts), [("jenkin", 1, Some(2), 1, Some(1)), ("actions", 2, None, 1, None)]);
        assert_eq!(facts[1].attribute, "ci");
    }

    #[test]
    fn several_values_hold_beside_each_other() {
        let many = |at, value: &str| Said { many: true, ..said(at, "uses", value, "ann") };
        let facts = fold(vec![many(1, "redis"), many(2, "kafka"), Said { ends: true, ..many(3, "redis") }]);
        assert_eq!(shown(&facts), [("redis", 1, Some(3), 1, None), ("kafka", 2, None, 1, None)]);
    }

    #[test]
    fn the_budget_is_that_of_whoever_spoke_of_theirs() {
        let open = Said { open_key: Some("ann budget".into()), ..said(2, "budget", "6", "ann") };
        let facts = fold(vec![said(1, "ann budget", "5", "ann"), open]);
        assert_eq!(shown(&facts), [("5", 1, Some(2), 1, Some(1)), ("6", 2, None, 1, None)]);
    }

    #[test]
    fn one_may_say_more_than_the_other() {
        assert!(!same("postgres", "16 postgres") && same("postgres", "aws postgres") && !same("80", "81"));
    }
}
