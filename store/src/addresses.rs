//! Sets of rows of a version of a table, by their addresses: the fragment, and the place in it.

use std::ops::Range;
use std::sync::Arc;

use ahash::AHashMap;
use arrow::array::{Array, AsArray, BooleanArray, BooleanBufferBuilder};
use arrow::datatypes::UInt64Type;
use lance_core::utils::address::RowAddress;
use roaring::{RoaringBitmap, RoaringTreemap};

pub type Addresses = RoaringTreemap;

/// Stretches of addresses that are of one fragment each, with its number.
pub fn by_fragment(addresses: &[u64]) -> impl Iterator<Item = (u32, Range<usize>)> {
    let fragment = |address: &u64| RowAddress::new_from_u64(*address).fragment_id();
    let stretches = addresses.chunk_by(move |one, other| fragment(one) == fragment(other));
    stretches.scan(0, move |end, stretch| {
        let begin = std::mem::replace(end, *end + stretch.len());
        Some((fragment(&stretch[0]), begin..*end))
    })
}

/// Which of these rows are in none of the sets.
pub fn outside(addresses: &dyn Array, sets: &[Arc<Addresses>]) -> BooleanArray {
    let mut of_fragment: AHashMap<u32, Vec<&RoaringBitmap>> = AHashMap::new();
    for (fragment, places) in sets.iter().flat_map(|set| set.bitmaps()) {
        of_fragment.entry(fragment).or_default().push(places);
    }
    let addresses = addresses.as_primitive::<UInt64Type>().values();
    let mut outside = BooleanBufferBuilder::new(addresses.len());
    for (fragment, rows) in by_fragment(addresses) {
        match of_fragment.get(&fragment) {
            None => outside.append_n(rows.len(), true),
            Some(sets) => {
                let place = |address: &u64| RowAddress::new_from_u64(*address).row_offset();
                let is_outside = |address: &u64| sets.iter().all(|set| !set.contains(place(address)));
                addresses[rows].iter().for_each(|address| outside.append(is_outside(address)));
            }
        }
    }
    BooleanArray::new(outside.finish(), None)
}

#[cfg(test)]
mod tests {
    use arrow::array::UInt64Array;

    use super::*;

    #[test]
    fn rows_are_told_apart_by_fragment_and_place() {
        let at = |fragment: u32, place: u32| u64::from(RowAddress::new_from_parts(fragment, place));
        let one: Addresses = [at(1, 0), at(1, 70_000), at(3, 5)].into_iter().collect();
        let other: Addresses = [at(1, 1)].into_iter().collect();
        let rows = [at(0, 0), at(1, 0), at(1, 1), at(1, 2), at(3, 0), at(3, 5), at(1, 70_000), at(2, 5)];
        let rows = UInt64Array::from(rows.to_vec());
        let found = outside(&rows, &[Arc::new(one), Arc::new(other)]);
        let found: Vec<bool> = found.values().iter().collect();
        assert_eq!(found, [true, false, false, true, true, false, false, true]);
        assert_eq!(outside(&rows, &[]).true_count(), rows.len());
    }
}
