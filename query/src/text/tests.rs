//! The index as its users see it: documents in, questions, filters, lists, and what survives.

use std::collections::{BTreeMap, BTreeSet};

use athena_schemas::wire::Kind;
use athena_schemas::{Applied, Partition, Time};
use athena_store::Scope;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::*;

fn open(folder: &std::path::Path) -> (TextIndex, Opened) {
    TextIndex::open(folder, TextOptions { writer_memory_bytes: 15_000_000, ..TextOptions::default() })
        .unwrap()
}

fn event(number: u64, project: &str, content: &str) -> Document {
    Document {
        kind: Kind::Event,
        id: format!("e-{number}"),
        project: project.into(),
        session: Some("s".into()),
        agent: None,
        event_type: Some("message".into()),
        tool: None,
        outcome: None,
        files: vec![],
        tags: vec![],
        time: Time::from_micros(1_790_000_000_000_000 + number as i64),
        name: None,
        aliases: vec![],
        scope: vec![],
        valid: (None, None),
        superseded: false,
        content: content.into(),
        position: number,
        parent: None,
        sources: vec![],
    }
}

fn at(offset: i64) -> Payload {
    let mut applied = Applied::default();
    applied.set(Partition::new("local", 0), offset);
    Payload { applied, ..Payload::default() }
}

fn add(index: &TextIndex, documents: Vec<Document>) {
    let offset = documents.iter().map(|document| document.position as i64 + 1).max().unwrap_or(0);
    index.apply(Changes { add: documents, remove: vec![] }, at(offset)).unwrap();
}

fn within(project: &str) -> Filter {
    Filter::within(Scope::Projects(vec![project.into()]))
}

fn find(index: &TextIndex, text: &str, filter: Filter) -> Vec<String> {
    let query = TextQuery { text: text.into(), filter, limit: 50, prefix: false };
    index.search(&query).unwrap().into_iter().map(|hit| hit.hit.id).collect()
}

#[test]
fn names_are_found_however_they_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    let texts =
        ["CartTotal rounds twice", "see cart/src/lib.rs", "nothing of the kind", "the checkout was flaky"];
    add(
        &index,
        (0..).zip(texts).map(|(n, text)| Document { session: None, ..event(n, "p", text) }).collect(),
    );
    for (question, expected) in [
        ("cart_total", "e-0"),
        ("cart-total rounding", "e-0"),
        ("lib.rs", "e-1"),
        ("cart/src", "e-1"),
        ("chekcout", "e-3"),
        ("\"checkout was flaky\"", "e-3"),
    ] {
        assert_eq!(
            find(&index, question, within("p")).first().map(String::as_str),
            Some(expected),
            "{question}"
        );
    }
    assert_eq!(find(&index, "checkout -flaky", within("p")), [""; 0]);
    assert_eq!(find(&index, "\"flaky checkout\"", within("p")), [""; 0]);
    assert_eq!(find(&index, "zebra", within("p")), [""; 0]);
}

#[test]
fn what_was_applied_survives_and_damage_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (index, opened) = open(folder.path());
    assert!(matches!(opened, Opened::Rebuilt { .. }));
    add(&index, vec![event(0, "p", "alpha")]);
    assert!(matches!(TextIndex::open(folder.path(), TextOptions::default()), Err(Error::Held(_))));
    // Seen at once, kept by a checkpoint.
    index.stage(Changes { add: vec![event(1, "p", "beta")], remove: vec![] }).unwrap();
    assert!(find(&index, "beta", within("p")).is_empty());
    index.commit(at(2)).unwrap();
    assert_eq!(find(&index, "beta", within("p")).first().map(String::as_str), Some("e-1"));
    drop(index);
    let (index, opened) = open(folder.path());
    assert_eq!(opened, Opened::Ready { payload: at(1) }, "after a crash it is as of the last checkpoint");
    add(&index, vec![event(1, "p", "beta")]);
    drop(index);
    let (index, opened) = open(folder.path());
    assert_eq!((opened, index.statistics().unwrap().documents), (Opened::Ready { payload: at(2) }, 2));
    drop(index);
    let damaged = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let damaged = damaged.filter(|path| path.extension().is_some_and(|extension| extension == "store"));
    for path in damaged {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[0] ^= 0xff;
        std::fs::write(&path, bytes).unwrap();
    }
    let (index, opened) = open(folder.path());
    assert!(matches!(opened, Opened::Rebuilt { ref why } if why.contains("checksum")), "{opened:?}");
    assert_eq!(index.statistics().unwrap().documents, 0);
}

#[test]
fn items_are_replaced_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    let memory = |project: &str, content: &str| Document {
        kind: Kind::Memory,
        id: "m-1".into(),
        session: None,
        ..event(7, project, content)
    };
    add(&index, vec![memory("p", "deploy on tuesdays"), memory("q", "deploy on mondays")]);
    add(&index, vec![memory("p", "deploy on wednesdays")]);
    assert_eq!(find(&index, "tuesdays", within("p")), [""; 0]);
    assert_eq!(find(&index, "wednesdays", within("p")), ["m-1"]);
    let key = Key::Item { kind: Kind::Memory, project: "p".into(), id: "m-1".into() };
    index.apply(Changes { add: vec![], remove: vec![key] }, at(9)).unwrap();
    assert_eq!(find(&index, "deploy", within("p")), [""; 0]);
    assert_eq!(find(&index, "deploy", within("q")), ["m-1"], "the same id of another project stays");
}

/// Whether a commit has few or many changes, of documents that were there or were not, makes no difference to what stands.
#[test]
fn commits_of_any_size_show_what_stands() {
    let folder = tempfile::tempdir().unwrap();
    let (mut index, _) = open(folder.path());
    let mut rng = StdRng::seed_from_u64(7);
    let mut standing = BTreeMap::new();
    let mut told = 0;
    let memory = |id: u64, told: u64| Document {
        kind: Kind::Memory,
        id: format!("m-{id}"),
        session: None,
        ..event(told, "p", &format!("wolf told{told}"))
    };
    let key = |id: u64| Key::Item { kind: Kind::Memory, project: "p".into(), id: format!("m-{id}") };
    for round in 0..120 {
        // Stages of one commit: what one removes or replaces may be what another one added.
        for _ in 0..rng.random_range(1..4) {
            let many = if rng.random_bool(0.1) { 400 } else { 4 };
            let remove: Vec<u64> =
                (0..rng.random_range(0..many / 2)).map(|_| rng.random_range(0..500)).collect();
            standing.retain(|id, _| !remove.contains(id));
            let mut add = Vec::new();
            for _ in 0..rng.random_range(0..many) {
                let id = rng.random_range(0..500);
                standing.insert(id, told);
                add.push(memory(id, told));
                told += 1;
            }
            index.stage(Changes { add, remove: remove.into_iter().map(key).collect() }).unwrap();
        }
        index.commit(at(round)).unwrap();
        if rng.random_bool(0.1) {
            index.checkpoint().unwrap();
            drop(index);
            index = open(folder.path()).0;
        }
        let query = TextQuery { text: "wolf".into(), filter: within("p"), limit: 1_000, prefix: false };
        let found = index.search(&query).unwrap();
        let found: Vec<_> = found.into_iter().map(|hit| (hit.hit.id, hit.hit.content)).collect();
        let shown: BTreeMap<_, _> = found.iter().cloned().collect();
        let expected: BTreeMap<_, _> =
            standing.iter().map(|(id, told)| (format!("m-{id}"), format!("wolf told{told}"))).collect();
        assert_eq!((found.len(), shown), (expected.len(), expected), "round {round}");
    }
}

/// One document that is told of again and again, and others beside it, so that segments are merged while it is hidden.
#[test]
fn what_was_replaced_stays_hidden_through_merges_and_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let (mut index, _) = open(folder.path());
    let memory = |told: u64| Document {
        kind: Kind::Memory,
        id: "m".into(),
        session: None,
        ..event(told, "p", "wolf")
    };
    for told in (0..400).step_by(2) {
        let documents = vec![memory(told), event(told + 1, "p", "other")];
        index.stage(Changes { add: documents, remove: vec![] }).unwrap();
        index.commit(at(told as i64)).unwrap();
        let (found, statistics) = (find(&index, "wolf", within("p")), index.statistics().unwrap());
        assert_eq!((found.len(), statistics.documents), (1, told / 2 + 2), "{told}");
        if told == 250 {
            index.checkpoint().unwrap();
        }
    }
    drop(index);
    index = open(folder.path()).0;
    assert_eq!(*index.payload(), at(250), "as of the last checkpoint");
    assert_eq!((find(&index, "wolf", within("p")).len(), index.statistics().unwrap().documents), (1, 127));
}

#[test]
fn what_was_staged_of_a_step_that_failed_is_let_go_of() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    add(&index, vec![event(0, "p", "alpha")]);
    let step = || index.stage(Changes { add: vec![event(1, "p", "beta")], remove: vec![] }).unwrap();
    step();
    index.discard();
    step();
    index.commit(at(2)).unwrap();
    assert_eq!(find(&index, "beta", within("p")).first().map(String::as_str), Some("e-1"));
    assert_eq!(index.statistics().unwrap().documents, 2);
}

#[test]
fn nothing_is_left_of_what_was_expunged() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    let gone = |number| Document { tags: vec!["quokka".into()], ..event(number, "p", "a quokka sleeps") };
    // One of four: where more is gone of a segment, it may be merged beside the test.
    let other = event(5, "q", "a wolf sleeps");
    add(&index, vec![event(0, "p", "a cat sleeps"), gone(1), event(2, "p", "a dog sleeps"), other]);
    // A segment of which nothing stays.
    add(&index, vec![gone(3)]);
    add(&index, vec![event(4, "p", "a bird sleeps")]);
    let held = || {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| std::fs::read(path).unwrap().windows(6).any(|bytes| bytes == b"quokka")).count()
    };
    assert!(held() > 0, "the search finds it");
    let remove = vec![Key::Event { position: 1 }, Key::Event { position: 3 }];
    index.apply(Changes { add: vec![], remove }, at(6)).unwrap();
    assert!(find(&index, "quokka", within("p")).is_empty() && held() > 0);
    let payload = Payload { expunged_at: Some(Time::from_micros(7)), ..at(6) };
    index.expunge(payload.clone()).unwrap();
    assert_eq!(held(), 0);
    assert_eq!(find(&index, "sleeps", within("p")).len(), 3);
    let (page, next) = index.of_session("p", "s", 0, 2).unwrap();
    assert_eq!(page.iter().map(|hit| hit.hit.id.as_str()).collect::<Vec<_>>(), ["e-0", "e-2"]);
    assert_eq!(index.of_session("p", "s", next.unwrap(), 2).unwrap().0[0].hit.id, "e-4");
    drop(index);
    assert_eq!(open(folder.path()).1, Opened::Ready { payload });
}

#[test]
fn an_answer_stands_beside_the_words_of_the_question() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    // The turns come in commits of their own.
    for (number, text) in (0..).zip(["hello there", "which port does the gateway use", "7431", "thanks, bye"])
    {
        add(&index, vec![event(number, "p", text)]);
    }
    let found = find(&index, "gateway port", within("p"));
    assert_eq!(found.first().map(String::as_str), Some("e-1"));
    assert!(found.contains(&"e-2".to_owned()), "its neighbour answers it: {found:?}");
}

/// Turns are numbered as they come, whatever their times say, and on after a restart.
#[test]
fn neighbours_are_those_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    let turn = |n: u64, text: &str| Document {
        time: Time::from_micros(1_790_000_000_000_000 - n as i64),
        ..event(n, "p", text)
    };
    add(&index, (0..40).map(|n| turn(n, "filler")).collect());
    drop(index);
    let (index, _) = open(folder.path());
    add(&index, vec![event(40, "p", "which port does the gateway use"), event(41, "p", "7431")]);
    let found = find(&index, "gateway port", within("p"));
    let beside: BTreeSet<&str> = found[1..].iter().map(String::as_str).collect();
    assert_eq!(beside, BTreeSet::from(["e-38", "e-39", "e-41"]));
}

#[test]
fn what_a_crash_left_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    add(&index, vec![event(0, "p", "alpha")]);
    drop(index);
    let stray = folder.path().join("0123456789abcdef0123456789abcdef.idx");
    std::fs::write(&stray, "cut short").unwrap();
    let (index, opened) = open(folder.path());
    assert_eq!((opened, stray.exists()), (Opened::Ready { payload: at(1) }, false));
    assert_eq!(find(&index, "alpha", within("p")), ["e-0"]);
}

/// A small generator, so that a failure can be repeated.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn of<'a>(&mut self, names: &[&'a str]) -> &'a str {
        names[self.below(names.len() as u64) as usize]
    }
}

fn any_document(number: u64, numbers: &mut Numbers) -> Document {
    let name = |text: &str| Some(text.to_owned());
    Document {
        session: name(numbers.of(&["s1", "s2", "s3"])),
        agent: name(numbers.of(&["ann", "bob"])),
        event_type: name(numbers.of(&["message", "error"])),
        tool: Some(numbers.of(&["Bash", "Edit"]).to_owned()).filter(|_| numbers.below(2) == 0),
        outcome: name(numbers.of(&["success", "failure"])),
        files: vec![format!("{}/{}/f.rs", numbers.of(&["cart", "web"]), numbers.of(&["src", "tests"]))],
        tags: vec![numbers.of(&["ci", "db"]).to_owned()],
        time: Time::from_micros(1_790_000_000_000_000 + numbers.below(500) as i64),
        ..event(number, numbers.of(&["p", "q", "r"]), &format!("word{} common", numbers.below(9)))
    }
}

fn any_filter(numbers: &mut Numbers) -> Filter {
    let mut some = |names: &[&str]| (numbers.below(3) == 0).then(|| numbers.of(names).to_owned());
    let mut filter = within("p");
    filter.session = some(&["s1", "s2", "nobody"]);
    filter.agent = some(&["ann", "bob"]);
    filter.event_type = some(&["message", "error"]);
    filter.tool = some(&["Bash", "Edit"]);
    filter.outcome = some(&["success", "failure"]);
    filter.tag = some(&["ci", "db"]);
    filter.path = some(&["cart", "cart/src", "./web/tests/f.rs", "art"]);
    let bound = |numbers: &mut Numbers| {
        (numbers.below(3) == 0).then(|| Time::from_micros(1_790_000_000_000_000 + numbers.below(500) as i64))
    };
    (filter.since, filter.until) = (bound(numbers), bound(numbers));
    if numbers.below(4) == 0 {
        filter.scope = Scope::Projects(vec!["p".into(), "r".into()]);
    }
    filter
}

fn passes(filter: &Filter, one: &Document) -> bool {
    let same = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
    let path = filter.path.as_deref().map(|path| path.trim_start_matches("./"));
    let below = |file: &String| path.is_none_or(|path| file == path || file.starts_with(&format!("{path}/")));
    matches!(&filter.scope, Scope::Projects(projects) if projects.contains(&one.project))
        && same(&filter.session, &one.session)
        && same(&filter.agent, &one.agent)
        && same(&filter.event_type, &one.event_type)
        && same(&filter.tool, &one.tool)
        && same(&filter.outcome, &one.outcome)
        && filter.tag.as_ref().is_none_or(|tag| one.tags.contains(tag))
        && one.files.iter().any(below)
        && filter.since.is_none_or(|since| one.time >= since)
        && filter.until.is_none_or(|until| one.time < until)
}

#[test]
fn filters_let_through_what_a_plain_loop_does() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let documents: Vec<Document> = (0..400).map(|number| any_document(number, &mut numbers)).collect();
    for part in documents.chunks(37) {
        add(&index, part.to_vec());
    }
    for round in 0..300 {
        let filter = any_filter(&mut numbers);
        let mut expected: Vec<&Document> = documents.iter().filter(|one| passes(&filter, one)).collect();
        expected.sort_by_key(|one| std::cmp::Reverse((one.time.micros(), one.position)));
        assert_eq!(index.count(&filter).unwrap(), expected.len() as u64, "round {round}: {filter:?}");
        // Page by page, newest first, nothing twice.
        let (mut listed, mut before) = (Vec::new(), None);
        loop {
            let page = index.list(&filter, 7, before).unwrap();
            let Some(last) = page.last() else { break };
            before = Some((last.hit.time.micros(), last.position));
            listed.extend(page.into_iter().map(|hit| hit.hit.id));
        }
        let ids: Vec<&str> = expected.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(listed, ids, "round {round}: {filter:?}");
        let word = format!("word{}", numbers.below(9));
        let text = if round % 2 == 0 { format!("{word} commn") } else { "common".to_owned() };
        let query = TextQuery { text, filter: filter.clone(), limit: 400, prefix: round % 3 == 0 };
        let found: BTreeSet<String> =
            index.search(&query).unwrap().into_iter().map(|hit| hit.hit.id).collect();
        let allowed: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        assert!(found.is_subset(&allowed), "round {round}: {filter:?}");
        if round % 2 == 1 {
            assert_eq!(found, allowed, "every one has the word");
        }
    }
    let by_tag = index.count_by(&within("p"), GroupBy::Tag).unwrap();
    assert!(by_tag.len() == 2 && by_tag[0].1 >= by_tag[1].1, "{by_tag:?}");
    let tagged = |tag: &str| documents.iter().filter(|d| d.project == "p" && d.tags[0] == tag).count() as u64;
    for (tag, count) in by_tag {
        assert_eq!(count, tagged(&tag));
    }
}

/// What another project says must not be told by what a misspelt word is taken for, or how one goes on.
#[test]
fn words_of_others_are_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    add(&index, vec![event(0, "p", "the plan is open"), event(1, "q", "project nightingale is secret")]);
    for text in ["nightingle", "nighti", "\"project nightingale\"", "tool:secret"] {
        let query = TextQuery { text: text.into(), filter: within("p"), limit: 50, prefix: true };
        assert!(index.search(&query).unwrap().is_empty(), "{text}");
        let both = Filter::within(Scope::Projects(vec!["p".into(), "q".into()]));
        let query = TextQuery { filter: both, ..query };
        assert!(text == "tool:secret" || !index.search(&query).unwrap().is_empty(), "{text}");
    }
}

/// A word that only others have is a misspelt one here.
#[test]
fn similar_words_are_looked_for_where_the_word_itself_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    add(&index, vec![event(0, "p", "the nightingate plan")]);
    add(&index, (1..20).map(|n| event(n, "q", "nightingale")).collect());
    assert_eq!(find(&index, "nightingale", within("p")), ["e-0"]);
    for path in [".", "./", "/"] {
        let filter = Filter { path: Some(path.into()), ..within("p") };
        assert_eq!(index.count(&filter).unwrap(), 1, "{path}");
    }
}

#[test]
fn no_question_fails() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = open(folder.path());
    add(&index, vec![event(0, "p", "a\u{0}b \u{feff} ünïcode"), event(1, "p", &"long ".repeat(100_000))]);
    let long = "word ".repeat(10_000);
    for text in ["", "\"", "AND OR NOT", "-", "a:b:c", "(((", "*", "\u{0}", "🦀", "~^+", "path:", "\\", &long]
    {
        for prefix in [false, true] {
            let query = TextQuery { text: text.into(), filter: within("p"), limit: 10, prefix };
            index.search(&query).unwrap();
        }
    }
    let cut = index.search(&TextQuery { text: "long".into(), filter: within("p"), limit: 1, prefix: false });
    let cut = cut.unwrap().remove(0);
    assert!(cut.cut && cut.hit.content.len() <= SHOWN_BYTES);
}
