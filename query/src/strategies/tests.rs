//! Strategies on indexes of a few texts, each so far from the question that one search does not lead there.

use std::sync::{Arc, LazyLock};

use athena_schemas::tables::Embedding;
use athena_schemas::wire::{Kind, Mode};
use athena_schemas::{Time, Vector};
use athena_store::Scope;
use athena_store::embed::{Model, StaticTable};
use tokio::runtime::{EnterGuard, Runtime};

use super::*;
use crate::rank::Ranker;
use crate::text::{Changes, Document, Filter, Payload, TextIndex, TextOptions, TextQuery};
use crate::vector::VectorIndex;

/// Where a model is waited for.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Events of project `p`, in a folder that lives as long.
struct Memory {
    _in: EnterGuard<'static>,
    _folder: tempfile::TempDir,
    text: Arc<TextIndex>,
    vectors: Arc<VectorIndex>,
}

fn event(number: u64, content: &str) -> Document {
    Document {
        kind: Kind::Event,
        id: format!("e-{number}"),
        project: "p".into(),
        session: None,
        agent: Some("claude".into()),
        event_type: Some("message".into()),
        tool: None,
        outcome: None,
        files: vec![],
        tags: vec![],
        time: Time::from_micros(1_763_632_800_000_000 + number as i64),
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

impl Memory {
    fn of(documents: Vec<Document>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = TextOptions { writer_memory_bytes: 15_000_000, ..TextOptions::default() };
        let (text, _) = TextIndex::open(&folder.path().join("text"), options).unwrap();
        let table = StaticTable::built_in();
        let vectors =
            VectorIndex::new(table.clone(), &folder.path().join("vectors"), Arc::default()).unwrap();
        for document in &documents {
            let tokens = table.tokens(&document.content);
            let row = Embedding {
                project: document.project.clone(),
                kind: "event".into(),
                model: table.name().into(),
                vector: Vector(table.vector(&tokens, |token| table.weight(token))),
                tokens: Some(tokens.iter().flat_map(|token| token.to_le_bytes()).collect()),
                position: document.position,
                ..Embedding::default()
            };
            vectors.take(&[row]).unwrap();
        }
        text.apply(Changes { add: documents, remove: vec![] }, Payload::default()).unwrap();
        Self { _in: RUNTIME.enter(), _folder: folder, text: text.into(), vectors: vectors.into() }
    }

    fn asks(&self, query: &str, limit: usize) -> OneSearch {
        let filter = Filter::within(Scope::Projects(vec!["p".into()]));
        let vector = RUNTIME.block_on(self.vectors.vector(query)).filter(|_| !query.is_empty());
        OneSearch {
            vector,
            text: self.text.clone(),
            vectors: self.vectors.clone(),
            query: TextQuery { text: query.into(), filter, limit, prefix: false },
            mode: Mode::Hybrid,
            ranker: Ranker::named("full").unwrap(),
            explain: false,
            how: Arc::default(),
        }
    }
}

fn ids(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.id.as_str()).collect()
}

/// Sixty tickets, each owned by somebody of its own; and what is asked about, from 60 on.
fn tickets(own: &[&str]) -> Vec<Document> {
    let tickets = (0..60).map(|at| event(at, &format!("a ticket QX-{} is owned by team{at}", 100 + at)));
    tickets.chain((60..).zip(own).map(|(at, content)| event(at, content))).collect()
}

#[test]
fn a_hop_leads_to_what_no_word_does() {
    let memory = Memory::of(tickets(&[
        "the ticket QX-7 is owned by Caroline",
        "after the move Caroline settled in Lisbon",
    ]));
    let search = memory.asks("who owns ticket QX-7?", 10);
    assert!(!ids(&search.hits().unwrap()).contains(&"e-61"));
    let found = multi_hop(&search, 2).unwrap();
    assert_eq!(found[0].hit.id, "e-60");
    assert!(found[0].path.is_empty());
    let hop = found.iter().find(|one| one.hit.id == "e-61").expect("it is a hop away");
    let way: Vec<_> = hop.path.iter().map(|link| (&*link.from, &*link.via.name, &*link.to)).collect();
    assert_eq!(way, [("e-60", "Caroline", "e-61")]);
    assert!(found.iter().all(|one| one.path.len() <= 2) && found.len() <= 10);
}

#[test]
fn a_walk_keeps_to_the_filter_and_shuns_hubs() {
    let file = |number, content: &str, project: &str| Document {
        files: vec!["src/money.rs".into()],
        project: project.into(),
        ..event(number, content)
    };
    let mut all: Vec<Document> =
        (0..60).map(|at| event(at, &format!("row {at} of a table was printed"))).collect();
    all.push(file(60, "the compiler says error[E0308]", "p"));
    all.push(file(61, "rounding half up was wrong", "p"));
    all.push(file(62, "rounding is done by others", "q"));
    let memory = Memory::of(all);
    let search = OneSearch { mode: Mode::Graph, explain: true, ..memory.asks("E0308", 10) };
    let found = search.hits().unwrap();
    // The agent is on all of them, and leads nowhere.
    assert_eq!(ids(&found), ["e-60", "e-61"]);
    assert!(found.iter().all(|hit| hit.parts.as_ref().unwrap()["graph"] > 0.0));
    let around = local(&memory.asks("what is with E0308?", 10)).unwrap();
    assert_eq!(around.named.iter().map(|thing| thing.name.as_str()).collect::<Vec<_>>(), ["E0308"]);
    assert_eq!(ids(&around.hits).len(), 2);
    assert!(around.near.iter().any(|(thing, _)| thing.name == "src/money.rs"));
    assert!(local(&memory.asks("what was printed?", 10)).unwrap().named.is_empty());
    assert!(local(&memory.asks("", 10)).unwrap().hits.is_empty());
}

#[test]
fn what_the_best_share_widens_a_question() {
    let mut all = tickets(&[
        "deployment runs on Argo with kubectl",
        "for a deployment call Argo, then kubectl",
        "Argo and kubectl need a token",
    ]);
    all.push(event(70, "the deployment is late"));
    let memory = Memory::of(all);
    let found = hyde(&memory.asks("deployment", 5), None).unwrap();
    let words: Vec<&str> = found.words.iter().map(|(word, _)| word.as_str()).collect();
    assert!(words.contains(&"argo") && words.contains(&"kubectl"), "{words:?}");
    assert!(ids(&found.hits).contains(&"e-62"), "{:?}", ids(&found.hits));
    let passage = hyde(&memory.asks("deployment", 5), Some("a token is needed")).unwrap();
    assert!(ids(&passage.hits).contains(&"e-62") && passage.words.is_empty());
    assert_eq!(hyde(&memory.asks("", 5), None).unwrap().hits.len(), 5);
}

#[test]
fn what_is_lacking_is_searched_for() {
    let mut all = tickets(&["the backup is stored in Oslo"]);
    all.extend(
        (70..76).map(|at| event(at, &format!("the deployment runs on Argo with kubectl, as always ({at})"))),
    );
    let memory = Memory::of(all);
    let search = memory.asks("deployment Argo kubectl Oslo zeppelin", 3);
    let found = reflect(&search, 3).unwrap();
    assert!(ids(&found.hits).contains(&"e-60"), "{:?}", ids(&found.hits));
    assert_eq!((found.hits.len(), &found.lacking[..]), (3, &["zeppelin".to_owned()][..]));
    assert!(found.cover.unwrap() < 1.0);
    let whole = reflect(&memory.asks("deployment Argo", 3), 3).unwrap();
    assert_eq!((whole.rounds.len(), whole.cover), (0, Some(1.0)));
    assert_eq!(reflect(&memory.asks("", 3), 3).unwrap().cover, None);
}

#[test]
fn times_bound_what_is_found() {
    let on = |number, content: &str, day: &str| Document {
        time: Time::parse(&format!("{day}T10:00:00Z")).unwrap(),
        ..event(number, content)
    };
    let memory = Memory::of(vec![
        on(1, "a smoke test failed on staging", "2026-11-16"),
        on(2, "a load test failed on staging", "2026-11-20"),
        on(3, "the release 2.0 went out to everybody", "2026-11-18"),
        on(4, "a unit test failed on staging", "2026-11-25"),
        on(5, "the first test failed on staging", "2024-03-05"),
    ]);
    let now = Time::parse("2026-11-25T18:30:00Z").unwrap();
    let of = |query: &str| temporal(&memory.asks(query, 10), now).unwrap();
    let sorted = |query: &str| {
        let mut found: Vec<String> = of(query).hits.into_iter().map(|hit| hit.id).collect();
        found.sort();
        found
    };
    assert_eq!(sorted("which test failed last week?"), ["e-1", "e-2", "e-3"]);
    assert_eq!(sorted("which test failed in March 2024?"), ["e-5"]);
    assert_eq!(sorted("which test failed before the release?"), ["e-1", "e-5"]);
    assert_eq!(sorted("which test failed since the release?"), ["e-2", "e-3", "e-4"]);
    assert_eq!(of("the latest test that failed").hits[0].id, "e-4");
    assert_eq!(ids(&of("since last week").hits), ["e-4", "e-2", "e-3", "e-1"]);
    let none = of("which test failed in 2019?");
    assert!(none.hits.is_empty() && none.outside[0].id == "e-5", "{:?}", ids(&none.outside));
    assert!(of("which test failed after the carnival?").anchors[0].id.is_none());
}

#[test]
fn other_words_are_those_of_the_texts() {
    let memory = Memory::of(tickets(&["the automobile of the company is red", "an automobile was bought"]));
    let forms = reformulations(&memory.asks("who drives the car, and when did it start?", 10)).unwrap();
    let of = |kind: &str| -> Vec<&str> {
        forms.iter().filter(|one| one.kind == kind).map(|one| one.query.as_str()).collect()
    };
    assert_eq!(of("part"), ["who drives the car", "when did it start?"]);
    assert!(of("synonym").contains(&"who drives the automobile, and when did it start?"), "{forms:?}");
}
