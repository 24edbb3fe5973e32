//! Reads what candidates, and the turns beside them, say of a question.

use ahash::{AHashMap, AHashSet};
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use super::Result;
use super::fields::{Fields, Place};
use super::filter::Sieve;
use super::score::{Evidence, distances};
use super::terms::Scoring;
use super::view::View;

/// Documents are numbered by time, so most neighbours of a turn are so near it, even while several sessions go on.
const REACH: u32 = 12;

/// A document and its evidence.
pub struct Seen {
    pub address: DocAddress,
    pub evidence: Evidence,
}

/// The evidence of `drawn` and of the turns beside them that the filter lets through.
pub fn gather(
    view: &View,
    fields: &Fields,
    terms: &[Scoring],
    sieve: &Sieve,
    drawn: Vec<DocAddress>,
) -> Result<Vec<Seen>> {
    let beside = beside(view, fields, &drawn)?;
    let mut seen: Vec<Seen> =
        drawn.into_iter().map(|address| Seen::new(view, terms, address, true)).collect();
    seen.extend(beside.into_iter().map(|address| Seen::new(view, terms, address, false)));
    seen.sort_unstable_by_key(|seen| seen.address);
    for group in seen.chunk_by_mut(|one, other| one.address.segment_ord == other.address.segment_ord) {
        weigh(view, terms, group)?;
    }
    let mut kept = Vec::with_capacity(seen.len());
    for group in seen.chunk_by(|one, other| one.address.segment_ord == other.address.segment_ord) {
        let mut passing = sieve.passing(view.segment(group[0].address))?;
        kept.extend(group.iter().map(|seen| seen.evidence.drawn || passing.has(seen.address.doc_id)));
    }
    let mut kept = kept.into_iter();
    seen.retain(|_| kept.next().unwrap_or(false));
    Ok(seen)
}

impl Seen {
    fn new(view: &View, terms: &[Scoring], address: DocAddress, drawn: bool) -> Self {
        let segment = view.segment(address);
        let evidence = Evidence {
            place: segment.place(address.doc_id),
            length: segment.lengths.fieldnorm(address.doc_id),
            of_terms: vec![0.0; terms.len()],
            drawn,
        };
        Self { address, evidence }
    }
}

/// Fills in the scores of documents of one segment, in ascending order.
fn weigh(view: &View, terms: &[Scoring], group: &mut [Seen]) -> Result<()> {
    let Some(first) = group.first() else { return Ok(()) };
    let segment = view.segment(first.address);
    for (number, scoring) in terms.iter().enumerate() {
        let option = IndexRecordOption::WithFreqs;
        let Some(mut postings) = segment.text.read_postings(&scoring.term, option)? else { continue };
        for seen in group.iter_mut() {
            let doc = seen.address.doc_id;
            if postings.doc() < doc && postings.seek(doc) == TERMINATED {
                break;
            }
            if postings.doc() == doc {
                let score = scoring.bm25.score(segment.lengths.fieldnorm_id(doc), postings.term_freq());
                seen.evidence.of_terms[number] = scoring.worth * score;
            }
        }
    }
    Ok(())
}

/// The turns around `drawn` in their sessions that are not among them.
fn beside(view: &View, fields: &Fields, drawn: &[DocAddress]) -> Result<Vec<DocAddress>> {
    let place = |address: &DocAddress| view.segment(*address).place(address.doc_id);
    let known: AHashSet<Place> = drawn.iter().filter_map(place).collect();
    let mut found = Vec::with_capacity(drawn.len());
    let mut seen = AHashSet::new();
    let mut wanted: AHashMap<Place, u32> = AHashMap::new();
    for address in drawn {
        let Some(place) = place(address) else { continue };
        let beside: Vec<Place> = distances().filter_map(|distance| place.plus(distance)).collect();
        for (place, doc) in view.segment(*address).around(address.doc_id, REACH) {
            if beside.contains(&place) && !known.contains(&place) && seen.insert(place) {
                found.push(DocAddress::new(address.segment_ord, doc));
            }
        }
        for place in beside.into_iter().filter(|place| !known.contains(place)) {
            wanted.entry(place).or_insert(address.segment_ord);
        }
    }
    wanted.retain(|place, _| !seen.contains(place));
    for (place, home) in wanted {
        // Sessions are written together: most neighbours are in the segment of who asks.
        let others = (0..view.segments.len() as u32).filter(|other| *other != home);
        for number in std::iter::once(home).chain(others) {
            if let Some(address) = at(view, fields, number, place)? {
                found.push(address);
                break;
            }
        }
    }
    Ok(found)
}

/// The document that stands there.
pub fn standing_at(view: &View, fields: &Fields, place: Place) -> Result<Option<DocAddress>> {
    for number in 0..view.segments.len() as u32 {
        if let Some(address) = at(view, fields, number, place)? {
            return Ok(Some(address));
        }
    }
    Ok(None)
}

fn at(view: &View, fields: &Fields, number: u32, place: Place) -> Result<Option<DocAddress>> {
    let segment = &view.segments[number as usize];
    let term = Term::from_field_u64(fields.place, place.number());
    let Some(mut postings) = segment.places.read_postings(&term, IndexRecordOption::Basic)? else {
        return Ok(None);
    };
    while postings.doc() != TERMINATED {
        let doc = postings.doc();
        if segment.is_alive(doc) && segment.place(doc) == Some(place) {
            return Ok(Some(DocAddress::new(number, doc)));
        }
        postings.advance();
    }
    Ok(None)
}
