//! Whom a question names, of those who acted.

use std::collections::BTreeSet;

use ahash::AHashMap;

use tantivy::DocAddress;

use super::Result;
use super::view::View;

/// Names that are looked through in a segment, and letters of the shortest that counts.
const MOST_NAMES: usize = 2_000;
const SHORTEST: usize = 3;

/// For each segment the numbers of the names that the question has.
pub struct Named {
    numbers: AHashMap<u32, Vec<u64>>,
}

/// The names of those whom a question names.
pub fn named(view: &View, question: &str) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    let named = Named::new(view, question)?;
    for (segment, numbers) in &named.numbers {
        let Some(agents) = &view.segments[*segment as usize].agents else { continue };
        for number in numbers {
            let mut name = String::new();
            agents.ord_to_str(*number, &mut name)?;
            names.insert(name);
        }
    }
    Ok(names)
}

impl Named {
    pub fn new(view: &View, question: &str) -> Result<Self> {
        let words = parts(question);
        let mut numbers = AHashMap::new();
        for (segment, one) in view.segments.iter().enumerate() {
            let Some(agents) = one.agents.as_ref().filter(|agents| agents.num_terms() <= MOST_NAMES) else {
                continue;
            };
            let mut name = String::new();
            for number in 0..agents.num_terms() as u64 {
                name.clear();
                agents.ord_to_str(number, &mut name)?;
                if parts(&name).iter().any(|part| words.contains(part)) {
                    numbers.entry(segment as u32).or_insert_with(Vec::new).push(number);
                }
            }
        }
        Ok(Self { numbers })
    }

    /// 1 where the question names who acted in a document, −1 where it names another, else 0.
    pub fn of(&mut self, view: &View, address: DocAddress) -> f32 {
        if self.numbers.is_empty() {
            return 0.0;
        }
        let Some(agents) = &view.segment(address).agents else { return 0.0 };
        let named = self.numbers.get(&address.segment_ord);
        match agents.term_ords(address.doc_id).next() {
            Some(number) if named.is_some_and(|named| named.contains(&number)) => 1.0,
            Some(_) => -1.0,
            None => 0.0,
        }
    }
}

/// Words in lower case, long enough to be a name.
fn parts(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.len() >= SHORTEST).map(str::to_lowercase).collect()
}
