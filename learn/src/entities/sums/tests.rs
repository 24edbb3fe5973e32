use athena_schemas::tables::{Entity, Relation};
use serde_json::json;

use super::*;
use crate::entities::CO_OCCURS;

const PROJECT: &str = "p";

fn mention(context: &str, subject: &str, at: i64, evidence: &str) -> Mention {
    Mention {
        session: format!("s-{}", &context[..1]),
        context: context.into(),
        part: "entity".into(),
        subject: subject.into(),
        kind: "file".into(),
        name: subject.to_uppercase(),
        structural: true,
        paired: true,
        share: 500_000,
        mentions: 1,
        first_at: Time::from_micros(at),
        last_at: Time::from_micros(at + 5),
        evidence: evidence.into(),
        ..Mention::default()
    }
}

fn tie(context: &str, (from, to): (&str, &str), at: i64, evidence: &str) -> Mention {
    Mention {
        part: "relation".into(),
        kind: "covers".into(),
        from_entity: Some(from.into()),
        to_entity: Some(to.into()),
        paired: false,
        ..mention(context, "rel", at, evidence)
    }
}

fn stretches() -> Vec<Mention> {
    vec![
        mention("a1", "x", 10, "e1"),
        mention("a1", "y", 20, "e2"),
        mention("a1", "z", 30, "e3"),
        tie("a1", ("x", "y"), 10, "e1"),
        mention("b1", "x", 100, "e4"),
        mention("b1", "y", 100, "e4"),
        tie("b1", ("x", "y"), 100, "e4"),
        mention("b2", "y", 200, "e5"),
        Mention { structural: false, ..mention("b2", "w", 200, "e5") },
    ]
}

fn summed(mentions: &[Mention], told: &Overlay, changed: Option<&Changed>) -> (Vec<Entity>, Vec<Relation>) {
    let mut sums = Sums::default();
    mentions.iter().for_each(|one| sums.take(&one.into(), told));
    rows(&sums, changed)[1].clone()
}

/// As they were, and as they are.
fn rows(sums: &Sums, changed: Option<&Changed>) -> [(Vec<Entity>, Vec<Relation>); 2] {
    fn at<T>(when: usize, all: impl Iterator<Item = Twice<T>>) -> Vec<T> {
        all.filter_map(|mut twice| twice[when].take()).collect()
    }
    let summed = sums.summed(changed);
    [0, 1].map(|when| {
        let relations = summed.ties(PROJECT).chain(summed.pairs(PROJECT));
        (at(when, summed.entities(PROJECT)), at(when, relations))
    })
}

#[test]
fn stretches_are_summed_up() {
    let (entities, relations) = summed(&stretches(), &Overlay::default(), None);
    let told = |one: &Entity| (one.id.clone(), one.contexts, one.sessions, one.evidence.join(" "));
    assert_eq!(
        entities.iter().map(told).collect::<Vec<_>>(),
        [
            ("x".into(), 2, 2, "e4 e1".into()),
            ("y".into(), 3, 2, "e5 e4 e2".into()),
            ("z".into(), 1, 1, "e3".into())
        ],
        "what only texts name stands in two stretches at least"
    );
    assert_eq!((entities[1].first_at.micros(), entities[1].last_at.micros()), (20, 205));
    let told = |one: &Relation| (one.kind.clone(), one.support, one.weight, one.evidence.join(" "));
    assert_eq!(
        relations.iter().map(told).collect::<Vec<_>>(),
        [("covers".into(), 2, 2.0, "e4 e1".into()), (CO_OCCURS.into(), 2, 1.0, "e4 e2".into())]
    );
    assert_eq!((relations[1].first_at.micros(), relations[1].last_at.micros()), (20, 105));
}

#[test]
fn the_order_of_mentions_tells_nothing() {
    let mut backwards = stretches();
    backwards.reverse();
    let told = Overlay::default();
    assert_eq!(summed(&backwards, &told, None), summed(&stretches(), &told, None));
}

#[test]
fn what_was_merged_counts_once_a_stretch() {
    let mut told = Overlay::default();
    let merged = json!({"kind": "file", "merged_into": "x"}).to_string();
    told.take(("entity", "z"), "Z", &merged, Time::from_micros(0)).unwrap();
    let (entities, relations) = summed(&stretches(), &told, None);
    let x = &entities[0];
    assert_eq!((x.contexts, x.mentions, x.name.as_str(), x.aliases.join(" ")), (2, 3, "X", "Z".into()));
    let pairs: Vec<_> = relations.iter().filter(|one| one.kind == CO_OCCURS).collect();
    assert_eq!((pairs.len(), pairs[0].support, pairs[0].first_at.micros()), (1, 2, 20));
}

#[test]
fn what_changed_is_summed_up_as_all_is() {
    let (told, all) = (Overlay::default(), stretches());
    let mut changed = Changed::default();
    for one in all.iter().filter(|one| one.context == "b1") {
        changed.stands(&one.into(), &told);
        changed.changes(&one.into(), &told);
    }
    changed.finish();
    assert!(changed.has_relation(("x", CO_OCCURS, "y")) && !changed.has_relation(("x", CO_OCCURS, "z")));
    assert!(changed.has_relation(("x", "covers", "y")) && !changed.has_relation(("x", "covers", "z")));
    let (entities, relations) = summed(&all, &told, Some(&changed));
    let (every, others) = summed(&all, &told, None);
    assert_eq!(entities, every[..2]);
    assert_eq!(relations, others);
}

#[test]
fn what_takes_the_place_of_other_mentions_is_summed_up_as_if_it_had_stood_there() {
    let told = Overlay::default();
    let mut sums = Sums::default();
    stretches().iter().for_each(|one| sums.take(&one.into(), &told));
    assert_eq!((sums.totals().sessions, sums.totals().contexts), (2, 3));
    let fresh = [mention("b3", "x", 300, "e6"), mention("b3", "z", 310, "e7")];
    let (kept, gone): (Vec<Mention>, Vec<Mention>) =
        stretches().into_iter().partition(|one| one.session != "s-b");
    let mut changed = Changed::default();
    for one in gone.iter().chain(&fresh) {
        changed.stands(&one.into(), &told);
        changed.changes(&one.into(), &told);
    }
    changed.finish();
    sums.supersede(["s-b", "s-nowhere"]);
    fresh.iter().for_each(|one| sums.take(&one.into(), &told));
    let all: Vec<Mention> = kept.into_iter().chain(fresh).collect();
    let expected = summed(&all, &told, None);
    let both = [summed(&stretches(), &told, Some(&changed)), summed(&all, &told, Some(&changed))];
    assert_eq!(rows(&sums, Some(&changed)), both);
    assert_eq!(rows(&sums, None), [(vec![], vec![]), expected.clone()]);
    sums.settle();
    assert_eq!(rows(&sums, None)[1], expected);
    assert_eq!((sums.totals().sessions, sums.totals().contexts), (2, 2));
}

#[test]
fn what_was_taken_of_a_session_is_given_back() {
    let mut told = Overlay::default();
    let merged = json!({"kind": "file", "merged_into": "x"}).to_string();
    told.take(("entity", "y"), "Y", &merged, Time::from_micros(0)).unwrap();
    let stands = |one: Mention| Mention {
        id: mention_id(&one.context, &one.subject),
        project: PROJECT.into(),
        name: if one.part == ENTITY { one.name } else { String::new() },
        share: if one.part == ENTITY { one.share } else { 0 },
        ..one
    };
    let subject = relation_id("x", "covers", "y");
    let all = stretches().into_iter().map(|one| match one.part.as_str() {
        RELATION => Mention { subject: subject.clone(), mentions: 3, ..one },
        _ => one,
    });
    let all: Vec<Mention> = all.map(stands).collect();
    let mut sums = Sums::default();
    all.iter().for_each(|one| sums.take(&one.into(), &told));
    let of = |sums: &Sums, session: &str| {
        let mut all = sums.of(PROJECT, [session]);
        all.sort_by(|one, other| one.id.cmp(&other.id));
        all
    };
    let mut expected: Vec<Mention> = all.into_iter().filter(|one| one.session == "s-b").collect();
    expected.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(of(&sums, "s-b"), expected, "under the names that it had");
    assert_eq!(of(&sums, "s-nowhere"), []);
    let [_, (_, relations)] = rows(&sums, None);
    assert!(relations.is_empty(), "both ends of the tie are one");
}
