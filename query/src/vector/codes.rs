//! Vectors in one bit a number: which numbers are above those of a reference. Pure.

/// 256 bits.
pub type Code = [u64; 4];

/// Which numbers of `vector` are above those of `reference`.
pub fn encode(vector: &[f32], reference: &[f32]) -> Code {
    let mut code = [0; 4];
    for (at, (number, reference)) in vector.iter().zip(reference).enumerate() {
        code[at / 64] |= u64::from(number > reference) << (at % 64);
    }
    code
}

/// In how many bits they differ.
fn distance(one: &Code, other: &Code) -> u32 {
    one.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum()
}

/// Of `slots` the `limit` nearest to `code`, and those as near as the last of them, in no order.
pub fn nearest(code: &Code, codes: &[Code], slots: impl Iterator<Item = u32>, limit: usize) -> Vec<u32> {
    let mut counts = [0_usize; 257];
    let all: Vec<(u32, u16)> = slots
        .map(|slot| {
            let distance = distance(code, &codes[slot as usize]);
            counts[distance as usize] += 1;
            (slot, distance as u16)
        })
        .collect();
    let mut sum = 0;
    let within = counts.iter().position(|count| {
        sum += count;
        sum >= limit
    });
    let within = within.unwrap_or(256) as u16;
    all.into_iter().filter(|(_, distance)| *distance <= within).map(|(slot, _)| slot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_codes_are_found() {
        let reference = vec![0.0; 256];
        let vector =
            |ones: usize| -> Vec<f32> { (0..256).map(|at| if at < ones { 1.0 } else { -1.0 }).collect() };
        let codes: Vec<Code> =
            [0, 10, 100, 200].iter().map(|ones| encode(&vector(*ones), &reference)).collect();
        let question = encode(&vector(90), &reference);
        assert_eq!(nearest(&question, &codes, 0..4, 1), [2]);
        assert_eq!(nearest(&question, &codes, 0..4, 2), [1, 2]);
        assert_eq!(nearest(&question, &codes, [0, 3].into_iter(), 9), [0, 3]);
    }
}
