//! Vectors in one bit a number: which numbers are above those of a reference. Pure.

use std::ops::Range;

use multiversion::multiversion;

use crate::at_once::in_pieces;

/// Bits of a word.
const WORD: usize = u64::BITS as usize;

/// The codes of the slots of a project, each at its slot's place.
#[derive(Debug)]
pub struct Codes {
    /// Words of one code.
    words: usize,
    bits: Vec<u64>,
}

impl Codes {
    pub fn new(dimensions: usize) -> Self {
        Self { words: dimensions.div_ceil(WORD).max(1), bits: Vec::new() }
    }

    /// Which numbers of `vector` are above those of `reference`.
    pub fn encode(&self, vector: &[f32], reference: &[f32]) -> Vec<u64> {
        let mut code = vec![0; self.words];
        for (at, (number, reference)) in vector.iter().zip(reference).enumerate() {
            code[at / WORD] |= u64::from(number > reference) << (at % WORD);
        }
        code
    }

    pub fn push(&mut self, code: &[u64]) {
        self.bits.extend_from_slice(code);
    }

    pub fn set(&mut self, place: usize, code: &[u64]) {
        let at = place * self.words;
        self.bits[at..at + self.words].copy_from_slice(code);
    }

    /// Takes codes out; the later ones move up.
    pub fn remove(&mut self, is_gone: impl Fn(usize) -> bool) {
        let (mut at, words) = (0, self.words);
        self.bits.retain(|_| {
            at += 1;
            !is_gone((at - 1) / words)
        });
    }

    /// Of the places `among`, or of all, the `limit` nearest to `code`, and those as near as the last of them, in no
    /// order.
    pub fn nearest(&self, code: &[u64], among: Option<&[u32]>, limit: usize) -> Vec<u32> {
        let all = among.map_or(self.bits.len() / self.words, <[u32]>::len);
        let measured = in_pieces(all, |piece| {
            let distances = self.distances(code, among, &piece);
            let mut counts = vec![0_usize; self.words * WORD + 1];
            for distance in &distances {
                counts[usize::from(*distance)] += 1;
            }
            (piece.start, distances, counts)
        });
        let (mut within, mut found) = (0, 0);
        while within <= self.words * WORD && found < limit {
            found += measured.iter().map(|(_, _, counts)| counts[within]).sum::<usize>();
            within += 1;
        }
        let mut near = Vec::with_capacity(found);
        for (start, distances, _) in measured {
            for (at, distance) in distances.into_iter().enumerate() {
                if usize::from(distance) < within {
                    let at = start + at;
                    near.push(among.map_or(at as u32, |among| among[at]));
                }
            }
        }
        near
    }

    /// In how many bits `code` and those of a piece of the places `among`, or of all, differ.
    fn distances(&self, code: &[u64], among: Option<&[u32]>, piece: &Range<usize>) -> Vec<u16> {
        let words = self.words;
        let among = among.map(|among| &among[piece.clone()]);
        let bits = match among {
            None => &self.bits[piece.start * words..piece.end * words],
            Some(_) => &self.bits,
        };
        // Loops of a known length are several times as fast: 256 numbers are the built-in model's, 384 those of
        // MiniLM and its like.
        match (words, code.first_chunk::<4>(), code.first_chunk::<6>(), among) {
            (4, Some(code), _, None) => four(bits.as_chunks().0, code),
            (6, _, Some(code), None) => six(bits.as_chunks().0, code),
            (_, _, _, None) => bits.chunks_exact(words).map(|one| distance(code, one)).collect(),
            (4, Some(code), _, Some(among)) => four_among(bits.as_chunks().0, code, among),
            (_, _, _, Some(among)) => {
                among.iter().map(|place| distance(code, &bits[*place as usize * words..][..words])).collect()
            }
        }
    }

    /// Of `places` the `limit` whose codes have the largest products with a vector, in no order: a bit stands for 1 or
    /// −1. Such a product tells more than how many bits differ, and takes longer.
    pub fn likest(&self, vector: &[f32], places: Vec<u32>, limit: usize) -> Vec<u32> {
        if places.len() <= limit {
            return places;
        }
        let tables: Vec<[f32; 256]> = vector.chunks(8).map(products).collect();
        let product = |place: u32| -> f32 {
            let code = &self.bits[place as usize * self.words..][..self.words];
            let bytes = code.iter().flat_map(|word| word.to_le_bytes());
            tables.iter().zip(bytes).map(|(table, byte)| table[usize::from(byte)]).sum()
        };
        let mut all: Vec<(f32, u32)> = places.into_iter().map(|place| (product(place), place)).collect();
        all.select_nth_unstable_by(limit - 1, |one, other| other.0.total_cmp(&one.0));
        all.into_iter().take(limit).map(|(_, place)| place).collect()
    }
}

/// The product of up to eight numbers with each of the codes that they may have.
fn products(numbers: &[f32]) -> [f32; 256] {
    let mut products = [0.0; 256];
    products[0] = -numbers.iter().sum::<f32>();
    for code in 1..1_usize << numbers.len() {
        // One bit more than a code before it.
        let bit = code.ilog2() as usize;
        products[code] = products[code - (1 << bit)] + 2.0 * numbers[bit];
    }
    products
}

#[multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512vl+avx512vpopcntdq+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
fn four(all: &[[u64; 4]], code: &[u64; 4]) -> Vec<u16> {
    counted(all.len(), |at| &all[at], code)
}

#[multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512vl+avx512vpopcntdq+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
fn six(all: &[[u64; 6]], code: &[u64; 6]) -> Vec<u16> {
    counted(all.len(), |at| &all[at], code)
}

/// Without wider registers: gathering into them takes longer than counting.
#[multiversion(targets("x86_64+popcnt"))]
fn four_among(all: &[[u64; 4]], code: &[u64; 4], among: &[u32]) -> Vec<u16> {
    counted(among.len(), |at| &all[among[at] as usize], code)
}

/// No pairs of iterators and none that is collected: those are compiled once, for the processor that knows least, and
/// called for each code.
#[inline(always)]
fn counted<'c, const WORDS: usize>(
    all: usize,
    one: impl Fn(usize) -> &'c [u64; WORDS],
    code: &[u64; WORDS],
) -> Vec<u16> {
    let mut distances = vec![0; all];
    for (at, distance) in distances.iter_mut().enumerate() {
        let one = one(at);
        for (at, word) in code.iter().enumerate() {
            *distance += (word ^ one[at]).count_ones() as u16;
        }
    }
    distances
}

fn distance(one: &[u64], other: &[u64]) -> u16 {
    one.iter().zip(other).map(|(one, other)| (one ^ other).count_ones() as u16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::at_once::PIECE;

    #[test]
    fn the_nearest_codes_are_found() {
        for dimensions in [256, 384, 1_000] {
            let reference = vec![0.0; dimensions];
            let vector = |ones: usize| -> Vec<f32> {
                (0..dimensions).map(|at| if at < ones { 1.0 } else { -1.0 }).collect()
            };
            let mut codes = Codes::new(dimensions);
            for ones in [0, 10, 100, 200] {
                codes.push(&codes.encode(&vector(ones), &reference));
            }
            let question = codes.encode(&vector(90), &reference);
            assert_eq!(codes.nearest(&question, None, 1), [2]);
            assert_eq!(codes.nearest(&question, None, 2), [1, 2]);
            assert_eq!(codes.nearest(&question, Some(&[0, 3]), 1), [0]);
            assert_eq!(codes.nearest(&question, Some(&[0, 3]), 9), [0, 3]);
            codes.set(3, &question);
            assert_eq!(codes.nearest(&question, None, 1), [3]);
            codes.remove(|place| place == 1);
            assert_eq!(codes.nearest(&question, None, 1), [2]);
            codes.push(&codes.encode(&vector(0), &reference));
            // The first numbers are all that counts: of two codes at one distance the one that has them is liker.
            codes.set(0, &codes.encode(&vector(10), &reference));
            codes.set(1, &vec![0; dimensions.div_ceil(WORD)]);
            let heavy: Vec<f32> = (0..dimensions).map(|at| if at < 10 { 5.0 } else { -0.01 }).collect();
            assert_eq!(codes.likest(&heavy, vec![1, 0], 1), [0]);
            assert_eq!(codes.likest(&heavy, vec![1, 0], 2), [1, 0]);
        }
    }

    #[test]
    fn codes_of_several_pieces_are_compared() {
        let mut codes = Codes::new(WORD);
        (0..2 * PIECE + 3).for_each(|_| codes.push(&[u64::MAX]));
        let near = [3, PIECE - 1, PIECE, 2 * PIECE + 2];
        for (bits, place) in near.iter().enumerate() {
            codes.set(*place, &[(1 << bits) - 1]);
        }
        let near = near.map(|place| place as u32);
        assert_eq!(codes.nearest(&[0], None, near.len()), near);
        assert_eq!(codes.nearest(&[0], None, 2), near[..2]);
        let others: Vec<u32> = (0..2 * PIECE as u32 + 3).filter(|place| *place != near[1]).collect();
        assert_eq!(codes.nearest(&[0], Some(&others), 3), [near[0], near[2], near[3]]);
    }
}
