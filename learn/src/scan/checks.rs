//! Check digits, and how random a text is.

/// The digits of a text, anything between them left out.
pub fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// The Luhn formula (ISO/IEC 7812-1): every second digit from the right counts twice.
pub fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match at % 2 {
            0 => *digit,
            _ if digit * 2 > 9 => digit * 2 - 9,
            _ => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The remainder of 97 of a number in which letters count as 10 to 35 (ISO/IEC 7064, as IBANs have it); `None` of
/// anything else.
pub fn modulo_97(mut text: impl Iterator<Item = char>) -> Option<u32> {
    text.try_fold(0, |sum, c| {
        let value = c.to_digit(36)?;
        Some((sum * if value > 9 { 100 } else { 10 } + value) % 97)
    })
}

/// The sum of digits by weights.
pub fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// ISO/IEC 7064, MOD 11,10: the check digit is the last one.
pub fn modulo_11_10(digits: &[u32]) -> bool {
    let Some((last, others)) = digits.split_last() else { return false };
    let product = others.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == *last
}

/// Verhoeff (1969): the check digit is the last one.
pub fn verhoeff(digits: &[u32]) -> bool {
    const PERMUTED: [[u32; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    // The product in the dihedral group of the pentagon.
    let product = |a: u32, b: u32| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let permuted = |(at, digit): (usize, &u32)| PERMUTED[at % 8][*digit as usize];
    digits.iter().rev().enumerate().map(permuted).fold(0, product) == 0
}

/// Shannon's entropy of the characters of a text, in bits a character.
pub fn entropy(text: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    text.chars().for_each(|c| *counts.entry(c).or_insert(0_u32) += 1);
    let all = f64::from(counts.values().sum::<u32>());
    counts.values().map(|count| f64::from(*count) / all).map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_pass_and_changed_ones_do_not() {
        assert!(luhn(&digits("4111 1111 1111 1111")) && !luhn(&digits("4111 1111 1111 1112")));
        let iban = |text: &str| modulo_97(text[4..].chars().chain(text[..4].chars()));
        assert_eq!(iban("GB82WEST12345698765432"), Some(1));
        assert_ne!(iban("GB82WEST12345698765433"), Some(1));
        assert_eq!(modulo_97("1-2".chars()), None);
        assert!(modulo_11_10(&digits("86095742719")) && !modulo_11_10(&digits("86095742718")));
        assert!(verhoeff(&digits("2363")) && !verhoeff(&digits("2364")));
        assert_eq!(weighted(&[1, 2, 3], &[3, 2, 1]), 10);
    }

    #[test]
    fn random_texts_have_more_bits() {
        assert_eq!(entropy("aaaa"), 0.0);
        assert_eq!(entropy("abcd"), 2.0);
        assert!(entropy("f8Kq2Zx0Wm4Tn7Rb") > 3.5);
    }
}
