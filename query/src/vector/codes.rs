//! Vectors in one bit a number: which numbers are above those of a reference. Pure.

use multiversion::multiversion;

/// Bits of a word.
const WORD: usize = u64::BITS as usize;

/// The codes of slots, in their order.
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

    pub fn set(&mut self, slot: u32, code: &[u64]) {
        let at = slot as usize * self.words;
        self.bits[at..at + self.words].copy_from_slice(code);
    }

    /// Makes a slot one of no vector.
    pub fn clear(&mut self, slot: u32) {
        let at = slot as usize * self.words;
        self.bits[at..at + self.words].fill(0);
    }

    /// Of `slots` the `limit` nearest to `code`, and those as near as the last of them, in no order.
    pub fn nearest(&self, code: &[u64], slots: &[u32], limit: usize) -> Vec<u32> {
        let distances = distances(&self.bits, self.words, code, slots);
        let mut counts = vec![0_usize; self.words * WORD + 1];
        distances.iter().for_each(|distance| counts[*distance as usize] += 1);
        let mut sum = 0;
        let within = counts.iter().position(|count| {
            sum += count;
            sum >= limit
        });
        let within = within.unwrap_or(counts.len()) as u32;
        let all = slots.iter().zip(distances);
        all.filter(|(_, distance)| *distance <= within).map(|(slot, _)| *slot).collect()
    }

    /// Of `slots` the `limit` whose codes have the largest products with a vector, in no order: a bit stands for 1 or
    /// −1. Such a product tells more than how many bits differ, and takes longer.
    pub fn likest(&self, vector: &[f32], mut slots: Vec<u32>, limit: usize) -> Vec<u32> {
        if slots.len() <= limit {
            return slots;
        }
        let tables: Vec<[f32; 256]> = vector.chunks(8).map(products).collect();
        let product = |slot: u32| -> f32 {
            let bytes = self.of(slot).iter().flat_map(|word| word.to_le_bytes());
            tables.iter().zip(bytes).map(|(table, byte)| table[usize::from(byte)]).sum()
        };
        let mut all: Vec<(f32, u32)> = slots.drain(..).map(|slot| (product(slot), slot)).collect();
        all.select_nth_unstable_by(limit - 1, |one, other| other.0.total_cmp(&one.0));
        all.into_iter().take(limit).map(|(_, slot)| slot).collect()
    }

    fn of(&self, slot: u32) -> &[u64] {
        let at = slot as usize * self.words;
        &self.bits[at..at + self.words]
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

/// In how many bits `code` and those of the slots differ.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
fn distances(bits: &[u64], words: usize, code: &[u64], slots: &[u32]) -> Vec<u32> {
    // Loops of a known length are several times as fast: 256 numbers are the built-in model's, 384 those of
    // MiniLM and its like.
    match (words, code.first_chunk::<4>(), code.first_chunk::<6>()) {
        (4, Some(code), _) => fixed(bits, code, slots),
        (6, _, Some(code)) => fixed(bits, code, slots),
        _ => slots.iter().map(|slot| distance(code, &bits[*slot as usize * words..][..words])).collect(),
    }
}

#[inline(always)]
fn fixed<const WORDS: usize>(bits: &[u64], code: &[u64; WORDS], slots: &[u32]) -> Vec<u32> {
    let (bits, _) = bits.as_chunks::<WORDS>();
    slots.iter().map(|slot| distance(code, &bits[*slot as usize])).collect()
}

#[inline(always)]
fn distance(one: &[u64], other: &[u64]) -> u32 {
    one.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(codes.nearest(&question, &[0, 1, 2, 3], 1), [2]);
            assert_eq!(codes.nearest(&question, &[0, 1, 2, 3], 2), [1, 2]);
            assert_eq!(codes.nearest(&question, &[0, 3], 9), [0, 3]);
            codes.set(3, &question);
            assert_eq!(codes.nearest(&question, &[0, 1, 2, 3], 1), [3]);
            // The first numbers are all that counts: of two codes at one distance the one that has them is liker.
            codes.set(0, &codes.encode(&vector(10), &reference));
            codes.set(1, &vec![0; dimensions.div_ceil(WORD)]);
            let heavy: Vec<f32> = (0..dimensions).map(|at| if at < 10 { 5.0 } else { -0.01 }).collect();
            assert_eq!(codes.likest(&heavy, vec![1, 0], 1), [0]);
            assert_eq!(codes.likest(&heavy, vec![1, 0], 2), [1, 0]);
        }
    }
}
