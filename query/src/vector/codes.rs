//! Vectors in one bit a number: which numbers are above those of a reference. Pure.

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

    fn of(&self, slot: u32) -> &[u64] {
        let at = slot as usize * self.words;
        &self.bits[at..at + self.words]
    }

    /// Of `slots` the `limit` nearest to `code`, and those as near as the last of them, in no order.
    pub fn nearest(&self, code: &[u64], slots: impl Iterator<Item = u32>, limit: usize) -> Vec<u32> {
        // Loops of a known length are several times as fast: 256 numbers are the built-in model's, 384 those
        // of MiniLM and its like.
        match self.words {
            4 => self.within(slots, limit, |slot| fixed::<4>(code, self.of(slot))),
            6 => self.within(slots, limit, |slot| fixed::<6>(code, self.of(slot))),
            _ => self.within(slots, limit, |slot| distance(code, self.of(slot))),
        }
    }

    fn within(
        &self,
        slots: impl Iterator<Item = u32>,
        limit: usize,
        distance: impl Fn(u32) -> u32,
    ) -> Vec<u32> {
        let mut counts = vec![0_usize; self.words * WORD + 1];
        let all: Vec<(u32, u32)> = slots
            .map(|slot| {
                let distance = distance(slot);
                counts[distance as usize] += 1;
                (slot, distance)
            })
            .collect();
        let mut sum = 0;
        let within = counts.iter().position(|count| {
            sum += count;
            sum >= limit
        });
        let within = within.unwrap_or(counts.len()) as u32;
        all.into_iter().filter(|(_, distance)| *distance <= within).map(|(slot, _)| slot).collect()
    }
}

/// In how many bits they differ.
fn distance(one: &[u64], other: &[u64]) -> u32 {
    one.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum()
}

fn fixed<const WORDS: usize>(one: &[u64], other: &[u64]) -> u32 {
    match (one.first_chunk::<WORDS>(), other.first_chunk::<WORDS>()) {
        (Some(one), Some(other)) => one.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum(),
        _ => distance(one, other),
    }
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
            assert_eq!(codes.nearest(&question, 0..4, 1), [2]);
            assert_eq!(codes.nearest(&question, 0..4, 2), [1, 2]);
            assert_eq!(codes.nearest(&question, [0, 3].into_iter(), 9), [0, 3]);
            codes.set(3, &question);
            assert_eq!(codes.nearest(&question, 0..4, 1), [3]);
        }
    }
}
