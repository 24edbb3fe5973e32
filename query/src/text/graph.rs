//! The graph that structure gives: things, and the documents that name them or are labelled with them.
//!
//! ```text
//! question ─▶ things in it ─▶ items (their postings) ─▶ things (what is stored of an item) ─▶ items ─▶ …
//! ```
//!
//! It is no table and no copy: from a thing to its items lead the postings of the index, from an item to its things
//! what is stored of it. Only what the filter lets through is an item, so no way leads over a wall. What a tenth of all
//! items share leads nowhere: it would tie everything to everything.

use std::collections::HashMap;
use std::rc::Rc;

use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocSet, TERMINATED, TantivyDocument, Term};

use super::Result;
use super::document::Stored;
use super::fields::{Exact, Fields};
use super::mentions::{Entity, EntityKind, mentions};
use super::search::Asked;
use super::speakers;
use super::view::View;
use super::words::words;
use crate::rank::pagerank::{self, Bounds};

/// A thing on more than one in so many items leads nowhere; nor does one on more than `MOST_ITEMS`. On fewer than
/// `LEAST_ITEMS` it always leads.
const HUB: usize = 10;
const MOST_ITEMS: usize = 2_000;
const LEAST_ITEMS: usize = 16;
/// Things of an item that are followed, the rarest.
const MOST_THINGS: usize = 24;
/// Words of a question that are looked up as labels, one by one and up to so many together.
const LABEL_WORDS: usize = 24;
const TOGETHER: usize = 3;
/// How far a walk goes.
const WALK: Bounds = Bounds { pushes: 64, nodes: 6_000 };

/// Where a walk begins.
#[derive(Debug, Clone)]
pub enum Seed {
    Thing(Entity),
    /// By its position.
    Item(u64),
}

/// What a walk reached, the nearest first; items by their positions.
#[derive(Debug, Default)]
pub struct Reached {
    pub items: Vec<(u64, f32)>,
    pub things: Vec<(Entity, f32)>,
}

/// The graph as one question sees it.
pub struct Graph<'a> {
    asked: &'a Asked,
    /// On more items than this a thing is a hub.
    most: usize,
    /// Documents of the index.
    all: u64,
    things: Vec<Entity>,
    numbers: HashMap<Key, u32>,
    /// In how many documents a thing is.
    documents: HashMap<Key, u64>,
    items: HashMap<u32, Rc<Vec<DocAddress>>>,
}

/// What tells things apart: the field, and the term in it.
type Key = (EntityKind, String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Node {
    Thing(u32),
    Item(DocAddress),
}

impl<'a> Graph<'a> {
    /// # Errors
    /// An index that cannot be read.
    pub fn new(asked: &'a Asked) -> Result<Self> {
        let mut items = 0;
        for segment in &asked.view.segments {
            items += asked.sieve.passing(segment)?.estimate() as usize;
        }
        Ok(Self {
            most: (items / HUB).clamp(LEAST_ITEMS, MOST_ITEMS),
            all: asked.view.searcher.num_docs().max(1),
            things: Vec::new(),
            numbers: HashMap::new(),
            documents: HashMap::new(),
            items: HashMap::new(),
            asked,
        })
    }

    /// Things that a question names and some item has, with how telling each is.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn named(&mut self, text: &str) -> Result<Vec<(Entity, f32)>> {
        let mut wanted = labels(text);
        let agents = speakers::named(&self.asked.view, text)?;
        wanted.extend(agents.into_iter().map(|agent| Entity::new(EntityKind::Agent, agent)));
        wanted.extend(mentions(text));
        // A sentence explains the capital of its first word; a question may begin with a name all the same.
        let first = text.split(|letter: char| !letter.is_alphanumeric()).find(|word| !word.is_empty());
        let capital = |word: &&str| word.starts_with(char::is_uppercase) && !words(word).is_empty();
        wanted.extend(first.filter(capital).map(|word| Entity::new(EntityKind::Name, word)));
        let mut named: Vec<(Entity, f32)> = Vec::new();
        for thing in wanted {
            let (telling, number) = (self.telling(&thing, 1)?, self.number(&thing));
            let known = named.iter().any(|(one, _)| self.numbers.get(&key(one)) == number.as_ref());
            if let (Some(telling), Some(number)) = (telling, number)
                && !known
                && !self.items_of(number)?.is_empty()
            {
                named.push((thing, telling));
            }
        }
        Ok(named)
    }

    /// The things of an item, the rarest first, with how telling each is. Those that only it has are left out.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn things_at(&mut self, position: u64) -> Result<Vec<(Entity, f32)>> {
        match self.asked.standing_at(&[position])?.first() {
            Some(address) => self.things_of(*address),
            None => Ok(Vec::new()),
        }
    }

    /// The positions of the items of a thing; none of a hub.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn items_at(&mut self, thing: &Entity) -> Result<Vec<u64>> {
        let Some(number) = self.number(thing) else { return Ok(Vec::new()) };
        let items = self.items_of(number)?;
        Ok(items.iter().map(|address| self.position(*address)).collect())
    }

    /// Walks from the seeds, each with its share.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn walk(&mut self, seeds: &[(Seed, f32)]) -> Result<Reached> {
        let mut from = Vec::new();
        for (seed, share) in seeds {
            match seed {
                Seed::Thing(thing) => {
                    from.extend(self.number(thing).map(|number| (Node::Thing(number), *share)));
                }
                Seed::Item(position) => {
                    let found = self.asked.standing_at(&[*position])?;
                    from.extend(found.first().map(|address| (Node::Item(*address), *share)));
                }
            }
        }
        let reached = pagerank::reach(&from, WALK, |node| self.beside(*node))?;
        let mut all = Reached::default();
        for (node, score) in reached {
            match node {
                Node::Item(address) => all.items.push((self.position(address), score)),
                Node::Thing(number) => all.things.push((self.things[number as usize].clone(), score)),
            }
        }
        Ok(all)
    }

    fn beside(&mut self, node: Node) -> Result<Vec<(Node, f32)>> {
        match node {
            Node::Thing(number) => {
                let items = self.items_of(number)?;
                Ok(items.iter().map(|address| (Node::Item(*address), 1.0)).collect())
            }
            Node::Item(address) => {
                let things = self.things_of(address)?;
                let beside =
                    things.iter().filter_map(|(thing, telling)| Some((self.number(thing)?, *telling)));
                Ok(beside.map(|(number, telling)| (Node::Thing(number), telling)).collect())
            }
        }
    }

    fn things_of(&mut self, address: DocAddress) -> Result<Vec<(Entity, f32)>> {
        let document: TantivyDocument = self.asked.view.searcher.doc(address)?;
        let stored =
            document.get_first(self.asked.fields.stored).and_then(|value| value.as_str()).unwrap_or_default();
        let stored: Stored = serde_json::from_str(stored)
            .map_err(|error| super::Error::Damaged(format!("stored document: {error}")))?;
        let mut things = Vec::new();
        for thing in stored.things() {
            if let Some(telling) = self.telling(&thing, 2)? {
                things.push((thing, telling));
            }
        }
        things.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        things.truncate(MOST_THINGS);
        Ok(things)
    }

    /// How telling a thing is: its inverse document frequency. `None` of what fewer documents than `least` have.
    fn telling(&mut self, thing: &Entity, least: u64) -> Result<Option<f32>> {
        let key = key(thing);
        let documents = match self.documents.get(&key) {
            Some(documents) => *documents,
            None => {
                let Some(term) = term(&self.asked.fields, thing) else { return Ok(None) };
                let documents = self.asked.view.searcher.doc_freq(&term)?;
                self.documents.insert(key, documents);
                documents
            }
        };
        Ok((documents >= least).then(|| (1.0 + self.all as f32 / documents as f32).ln()))
    }

    fn number(&mut self, thing: &Entity) -> Option<u32> {
        let key = key(thing);
        if key.1.is_empty() {
            return None;
        }
        let next = self.things.len() as u32;
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.things.push(thing.clone());
        }
        Some(number)
    }

    /// The items of a thing that the filter lets through; none when there are too many to tell anything.
    fn items_of(&mut self, number: u32) -> Result<Rc<Vec<DocAddress>>> {
        if let Some(items) = self.items.get(&number) {
            return Ok(items.clone());
        }
        let thing = &self.things[number as usize];
        let items = match term(&self.asked.fields, thing) {
            Some(term) => Rc::new(self.having(&term)?),
            None => Rc::default(),
        };
        self.items.insert(number, items.clone());
        Ok(items)
    }

    fn having(&self, term: &Term) -> Result<Vec<DocAddress>> {
        let mut found = Vec::new();
        for (number, segment) in self.asked.view.segments.iter().enumerate() {
            let index = segment.reader.inverted_index(term.field())?;
            let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else { continue };
            let mut passing = self.asked.sieve.passing(segment)?;
            let mut next = passing.seek(postings.doc());
            while let Some(doc) = next.filter(|_| postings.doc() != TERMINATED) {
                if postings.doc() < doc && postings.seek(doc) == TERMINATED {
                    break;
                }
                if postings.doc() == doc {
                    if segment.is_alive(doc) {
                        found.push(DocAddress::new(number as u32, doc));
                    }
                    if found.len() > self.most {
                        return Ok(Vec::new());
                    }
                    next = passing.next();
                } else {
                    next = passing.seek(postings.doc());
                }
            }
        }
        Ok(found)
    }

    fn position(&self, address: DocAddress) -> u64 {
        position(&self.asked.view, address)
    }
}

fn position(view: &View, address: DocAddress) -> u64 {
    view.segment(address).position(address.doc_id)
}

/// Things that are found in the text of documents are one kind of things, however they are written.
fn key(thing: &Entity) -> Key {
    match thing.kind {
        EntityKind::Agent | EntityKind::Tool | EntityKind::Tag | EntityKind::Session => {
            (thing.kind, thing.name.clone())
        }
        _ => (EntityKind::Name, thing.term().unwrap_or_default()),
    }
}

fn term(fields: &Fields, thing: &Entity) -> Option<Term> {
    let what = match thing.kind {
        EntityKind::Agent => Exact::Agent,
        EntityKind::Tool => Exact::Tool,
        EntityKind::Tag => Exact::Tag,
        EntityKind::Session => Exact::Session,
        _ => return Some(Term::from_field_text(fields.text, &thing.term()?)),
    };
    Some(fields.exact(what, &thing.name))
}

/// What may be a label in a question: its words, and neighbours of these together.
fn labels(text: &str) -> Vec<Entity> {
    let trim = |word: &'_ str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned();
    let all: Vec<String> = text.split_whitespace().map(trim).filter(|word| !word.is_empty()).collect();
    let mut labels = Vec::new();
    for count in (1..=TOGETHER).rev() {
        for some in all.iter().take(LABEL_WORDS).collect::<Vec<_>>().windows(count) {
            let phrase = some.iter().map(|word| String::as_str(word)).collect::<Vec<_>>().join(" ");
            // What is only stop words labels nothing.
            if words(&phrase).is_empty() {
                continue;
            }
            let lower = phrase.to_lowercase();
            let mut written = vec![phrase];
            written.extend((lower != written[0]).then_some(lower));
            let kinds = [EntityKind::Tool, EntityKind::Tag, EntityKind::Agent, EntityKind::Session];
            labels.extend(written.iter().flat_map(|name| kinds.map(|kind| Entity::new(kind, name.clone()))));
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_words_and_neighbours() {
        let found = labels("is the Smoke Test red?");
        let has = |kind, name: &str| found.contains(&Entity::new(kind, name));
        assert!(has(EntityKind::Tag, "smoke test") && has(EntityKind::Tool, "Smoke Test"));
        assert!(has(EntityKind::Tag, "red") && !has(EntityKind::Tag, "is the"));
    }

    #[test]
    fn spellings_of_one_name_are_one_thing() {
        let of = |name: &str| key(&Entity::new(EntityKind::Symbol, name));
        assert_eq!(of("cart_total"), of("CartTotal"));
        assert_ne!(of("cart_total"), key(&Entity::new(EntityKind::Tag, "cart_total")));
    }
}
