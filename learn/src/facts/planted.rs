//! A generator of talk with planted statements: paraphrases (half of them kept from the rules), successions, denials,
//! suppositions, other people's opinions, and quoted output of tools. What is found is compared with what was planted.

use super::fold::{Fact, Said, Told, fold};
use super::*;

/// Numbers that look random and are the same every time (SplitMix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, many: usize) -> usize {
        (self.next() % many as u64) as usize
    }

    pub(super) fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// An attribute that is planted: how it is asked for, its values, and how it is put. The second half of the ways was
/// written after the rules, and no rule after them.
struct Planted {
    /// Words of the attribute, as it is asked for.
    asked: &'static str,
    own: bool,
    values: &'static [&'static str],
    put: &'static [&'static str],
    kept: &'static [&'static str],
    changed: &'static [&'static str],
}

const PLANTED: [Planted; 12] = [
    Planted {
        asked: "deploy day",
        own: false,
        values: &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
        put: &["Our deploy day is {}.", "We deploy on {}s."],
        kept: &["Just a reminder that deploys go out on {}s.", "{} is when we deploy, as ever."],
        changed: &["The deploy day moved to {}.", "From now on our deploy day is {}."],
    },
    Planted {
        asked: "cart service port",
        own: false,
        values: &["8080", "8081", "9000", "9443"],
        put: &["The cart service listens on port {}.", "The port of the cart service is {}."],
        kept: &[
            "You can reach the cart service on port {}.",
            "For the record: the cart service port is {}, nothing else.",
        ],
        changed: &[
            "We changed the port of the cart service to {}.",
            "The cart service port was switched to {}.",
        ],
    },
    Planted {
        asked: "database",
        own: false,
        values: &["Postgres", "MySQL", "MariaDB", "CockroachDB"],
        put: &["Our database is {}.", "We use {} as our database."],
        kept: &["For the database we went with {}.", "The database here is {}, by the way."],
        changed: &["We switched the database to {}.", "Our database is now {}."],
    },
    Planted {
        asked: "home",
        own: true,
        values: &["Berlin", "Lisbon", "Oslo", "Kyoto"],
        put: &["I live in {}.", "I'm based in {}."],
        kept: &["I've been living in {} for a while.", "Home for me is {}."],
        changed: &["I moved to {}.", "I live in {} now."],
    },
    Planted {
        asked: "email",
        own: true,
        values: &["ann@example.com", "a.smith@example.org", "ann.s@example.net"],
        put: &["My email is {}.", "My email address is {}."],
        kept: &["You can write to me at {}.", "Please note that my email address is {} from today."],
        changed: &["My email changed to {}.", "My new email is {}."],
    },
    Planted {
        asked: "standup",
        own: false,
        values: &["9:15", "10:30", "11:00", "14:45"],
        put: &["The standup is at {}.", "Our standup starts at {}."],
        kept: &["We do the standup at {}.", "Heads up, the daily standup happens at {}."],
        changed: &["The standup moved to {}.", "We pushed the standup to {}."],
    },
    Planted {
        asked: "monthly budget",
        own: false,
        values: &["$5,000", "$6,200", "$7,500", "$900"],
        put: &["Our monthly budget is {}.", "The monthly budget is {}."],
        kept: &["We are on a monthly budget of {}.", "The monthly budget stands at {}."],
        changed: &["The monthly budget was raised to {}.", "Our monthly budget went to {}."],
    },
    Planted {
        asked: "team lead",
        own: false,
        values: &["Maria", "Jonas", "Priya", "Chen"],
        put: &["Our team lead is {}.", "The team lead is {}."],
        kept: &["{} is our team lead.", "As team lead we have {}."],
        changed: &["Our new team lead is {}.", "The team lead is now {}."],
    },
    Planted {
        asked: "favourite editor",
        own: true,
        values: &["Helix", "Emacs", "Vim", "Zed"],
        put: &["My favourite editor is {}.", "{} is my favourite editor."],
        kept: &["When it comes to editors, my favourite is {}.", "My favorite editor, by far, is {}."],
        changed: &["My favourite editor is now {}.", "These days my favourite editor is {}."],
    },
    Planted {
        asked: "node version",
        own: false,
        values: &["18.19.0", "20.11.1", "22.3.0"],
        put: &["The node version is {}.", "Our node version is {}."],
        kept: &["Everything is built with node version {}.", "We're at node version {} across the board."],
        changed: &["We upgraded the node version to {}.", "The node version is now {}."],
    },
    Planted {
        asked: "log retention",
        own: false,
        values: &["14 days", "30 days", "90 days"],
        put: &["The log retention is {}.", "Our log retention is {}."],
        kept: &["We have a log retention of {}.", "Remember the log retention: {}."],
        changed: &["The log retention was extended to {}.", "We changed the log retention to {}."],
    },
    Planted {
        asked: "ci",
        own: false,
        values: &["Jenkins", "Buildkite", "CircleCI", "Drone"],
        put: &["Our CI is {}.", "We use {} for CI."],
        kept: &["Our CI runs on {}.", "As CI we have {}."],
        changed: &["We migrated our CI to {}.", "Our CI is now {}."],
    },
];

/// What is no statement. `{a}` is an attribute, `{}` a value that it never had.
const DECOYS: [&str; 30] = [
    "The {a} is not {}.",
    "If the {a} is {}, everything breaks.",
    "Bob thinks the {a} should be {}.",
    "Carol believes our {a} is {}.",
    "Is the {a} {}?",
    "Suppose our {a} is {} for a moment.",
    "The output was: {a}: {}",
    "It failed:\n```\n{a}: {}\n```\nAny idea?",
    "> the {a} is {}\nThat is from the old wiki.",
    "We could make {} the {a}.",
    "What if our {a} is {}?",
    "\"Our {a} is {} these days\" is what the poster says.",
    "Dave told me that the {a} is {}.",
    "I don't think our {a} is {}.",
    "Maybe the {a} is {}.",
    // Written after the rules.
    "In an ideal world our {a} is {}.",
    "Rumour has it that the {a} is {}.",
    "Our {a} used to be {}.",
    "Nobody believes the {a} is {}.",
    "I wonder whether the {a} is {}.",
    "Let's pretend that the {a} is {}.",
    "The customer keeps insisting that our {a} is {}.",
    "It would be great if our {a} was {}.",
    "The terminal shows:\n{a} = {}\ndone",
    "2026-01-03 10:11:12 INFO config loaded, {a}={}",
    "He said the {a} is {}, which is nonsense.",
    "Someone wrote that our {a} is {}.",
    "Our {a} isn't {} and never was.",
    "Unless the {a} is {}, we are fine.",
    "Should we say the {a} is {}?",
];

const CHATTER: [&str; 16] = [
    "Thanks, that works.",
    "The tests are slow today.",
    "I ran the build twice and it passed.",
    "Can you look at the parser next?",
    "I'll be back at 3.",
    "The refactoring took two hours.",
    "There were 14 failures in the last run.",
    "I fixed 3 bugs in the parser.",
    "Please rename the function before you commit.",
    "The code is fine, but the comments are not.",
    "Let me know when it is done.",
    "That makes sense, go on.",
    "My plan is to finish this today.",
    "The first attempt was wrong, the second one is better.",
    "Why does the import fail on large files?",
    "I am not sure what happened here.",
];

struct Talk {
    said: Vec<Said>,
    messages: usize,
    /// For each attribute its values with when each began.
    truth: Vec<Vec<(i64, &'static str)>>,
    /// Of the ways that were kept from the rules: how many were said, and how many were understood.
    kept: (usize, usize),
}

fn talk(seed: u64) -> Talk {
    let mut dice = Dice(seed);
    let mut at = 0;
    let mut talk = Talk { said: vec![], messages: 0, truth: vec![], kept: (0, 0) };
    // Each attribute's values and the moments at which they begin, in tenths of the talk.
    let mut script: Vec<(i64, usize, String, bool)> = Vec::new();
    let mut current: Vec<Vec<(i64, &'static str)>> = Vec::new();
    for (which, planted) in PLANTED.iter().enumerate() {
        let mut periods = Vec::new();
        let changes = dice.below(3);
        let first = dice.below(planted.values.len());
        for period in 0..=changes {
            let begins = (period * 1_000 / (changes + 1)) as i64 * 10 + dice.below(900) as i64;
            let value = planted.values[(first + period) % planted.values.len()];
            periods.push((begins, value));
            let opening = if period == 0 { planted.put } else { planted.changed };
            script.push((begins, which, dice.of(opening).replace("{}", value), false));
            for repeat in 0..6 {
                let later = begins + 1 + repeat * (9_000 / (changes as i64 + 1)) / 10;
                let kept = repeat % 2 == 1;
                let way = dice.of(if kept { planted.kept } else { planted.put });
                script.push((later, which, way.replace("{}", value), kept));
            }
        }
        current.push(periods);
    }
    for _ in 0..220 {
        let planted = dice.of(&PLANTED);
        let value = format!("Decoy{}", dice.below(50));
        let shown = if planted.asked == "home" { "address" } else { planted.asked };
        let text = dice.of(&DECOYS).replace("{a}", shown).replace("{}", &value);
        script.push((dice.below(10_000) as i64, usize::MAX, text, false));
    }
    while script.len() < 1_000 {
        let text = (*dice.of(&CHATTER)).to_owned();
        script.push((dice.below(10_000) as i64, usize::MAX, text, false));
    }
    script.sort_by_key(|(when, ..)| *when);
    talk.truth = current;
    for (when, which, text, kept) in script {
        talk.messages += 1;
        at += 1;
        let own = PLANTED.get(which).is_some_and(|planted| planted.own);
        let speaker = if own { "ann" } else { *dice.of(&["ann", "bob", "cleo"]) };
        let found = statements(&text, Speaker { name: speaker, project: "shop" });
        if kept {
            talk.kept.0 += 1;
            talk.kept.1 += usize::from(!found.is_empty());
        }
        let session = format!("s-{}", when / 500);
        talk.said.extend(found.into_iter().map(|one| said(one, &text, (at, when), speaker, &session)));
    }
    talk
}

/// A statement as it is stored of the message at a place, which is its id.
pub fn said(one: Statement, text: &str, (at, when): (u64, i64), speaker: &str, session: &str) -> Said {
    Said {
        id: at.to_string(),
        text: text[one.span.clone()].to_owned(),
        start: one.span.start as i64,
        end: one.span.end as i64,
        subject: one.subject,
        attribute: one.attribute,
        value: one.value,
        key: one.key,
        open_key: one.open_key,
        value_key: one.value_key,
        kind: one.kind,
        many: one.many,
        ends: one.ends,
        changes: one.changes,
        from: one.from,
        at: when,
        until: None,
        position: at,
        received: when,
        speaker: speaker.into(),
        session: session.into(),
        told: Told::Learned,
    }
}

/// The value that is answered for an attribute at a time: of the facts that hold then and are meant, the newest.
fn answered<'f>(facts: &'f [Fact], planted: &Planted, at: i64) -> Option<&'f Fact> {
    let meant = |fact: &&Fact| {
        let named = format!("{} {}", fact.subject, fact.attribute);
        find::means(planted.asked, &named)
            && fact.valid_from <= at
            && fact.valid_until.is_none_or(|until| at < until)
    };
    facts.iter().filter(meant).max_by_key(|fact| (fact.valid_from, fact.support))
}

fn right(fact: Option<&Fact>, value: &str) -> bool {
    fact.is_some_and(|fact| value_of(&fact.value) == value_of(value))
}

#[test]
fn planted_facts_are_found_and_nothing_else() {
    let (mut now, mut then, mut asked, mut asked_then) = (0, 0, 0, 0);
    let (mut wrong, mut messages, mut kept) = (Vec::new(), 0, (0, 0));
    for seed in 1..=10 {
        let talk = talk(seed);
        messages += talk.messages;
        kept = (kept.0 + talk.kept.0, kept.1 + talk.kept.1);
        let facts = fold(talk.said);
        for (planted, periods) in PLANTED.iter().zip(&talk.truth) {
            let (_, value) = *periods.last().unwrap();
            asked += 1;
            now += usize::from(right(answered(&facts, planted, i64::MAX - 1), value));
            for (place, (begins, value)) in periods.iter().enumerate() {
                let ends = periods.get(place + 1).map_or(10_000, |(next, _)| *next);
                for part in [1, 2, 3] {
                    asked_then += 1;
                    then += usize::from(right(
                        answered(&facts, planted, begins + (ends - begins) * part / 4),
                        value,
                    ));
                }
            }
        }
        let true_of = |fact: &Fact| {
            PLANTED
                .iter()
                .any(|planted| planted.values.iter().any(|value| value_of(value) == value_of(&fact.value)))
        };
        wrong.extend(facts.into_iter().filter(|fact| !true_of(fact)));
    }
    let share = |some: usize, all: usize| some as f64 / all as f64;
    let false_facts = wrong.len() as f64 * 1_000.0 / messages as f64;
    println!(
        "current {:.3}, at a time {:.3}, false facts in 1,000 messages {false_facts:.2}, ways kept from the rules understood {:.3}",
        share(now, asked),
        share(then, asked_then),
        share(kept.1, kept.0),
    );
    let shown: Vec<String> = wrong
        .iter()
        .take(40)
        .map(|fact| format!("{} | {} = {}", fact.text, fact.attribute, fact.value))
        .collect();
    assert!(false_facts <= 2.0, "{shown:#?}");
    assert!(share(now, asked) >= 0.9 && share(then, asked_then) >= 0.9);
}
