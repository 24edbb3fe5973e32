//! National ids that have check digits. Those that are bare digits count only where they are called so.

use std::sync::LazyLock;

use regex::Regex;

use super::checks::{digits, luhn, modulo_11_10, verhoeff, weighted};
use super::placeholder::is_monotonous;
use super::{Class, Finding, before, stands_alone};

/// Bytes before a number in which it may be called something.
const NEAR: usize = 40;

struct Id {
    shape: Regex,
    /// Words of which one must stand near; none are needed when there are none.
    called: &'static [&'static str],
    check: fn(&str) -> bool,
}

static IDS: LazyLock<[Id; 14]> = LazyLock::new(|| {
    let id = |shape: &str, called, check| Id {
        shape: Regex::new(shape).expect("shapes are right"),
        called,
        check,
    };
    [
        // Spain: DNI and NIE.
        id(r"[0-9XYZ]\d{7}-?[A-HJ-NP-TV-Z]", &[], spain),
        // Italy: codice fiscale.
        id(r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", &[], italy),
        // France: NIR.
        id(r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d[0-9AB] ?\d{3} ?\d{3} ?\d{2}", &[], france),
        // Brazil: CPF.
        id(r"\d{3}\.\d{3}\.\d{3}-\d{2}", &[], brazil),
        // Finland: henkilötunnus.
        id(r"\d{6}[-+A]\d{3}[0-9A-FHJ-NPR-Y]", &[], finland),
        // Belgium: national number.
        id(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}", &[], belgium),
        // China: resident identity number.
        id(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[0-9X]", &[], china),
        // Sweden: personnummer.
        id(r"\d{6}(?:\d{2})?[-+]\d{4}", &["personnummer", "personal number", "pnr", "swedish"], sweden),
        // Poland: PESEL.
        id(r"\d{11}", &["pesel"], poland),
        // Germany: tax id.
        id(r"\d{2} ?\d{3} ?\d{3} ?\d{3}", &["steuer", "idnr", "tax id", "tin"], germany),
        // Netherlands: BSN.
        id(r"\d{9}", &["bsn", "burgerservice", "sofi"], netherlands),
        // United Kingdom: NHS number.
        id(r"\d{3}[ -]?\d{3}[ -]?\d{4}", &["nhs"], nhs),
        // Canada: SIN.
        id(r"\d{3}[ -]?\d{3}[ -]?\d{3}", &["sin", "social insurance"], canada),
        // India: Aadhaar.
        id(r"[2-9]\d{3} ?\d{4} ?\d{4}", &["aadhaar", "aadhar", "uidai"], india),
    ]
});

pub fn find(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for id in IDS.iter() {
        for shape in id.shape.find_iter(text) {
            let (start, end) = (shape.start(), shape.end());
            let called = id.called.is_empty() || {
                let near = before(text, start, NEAR);
                id.called.iter().any(|word| {
                    near.split(|c: char| !c.is_alphanumeric()).any(|one| one.starts_with(word))
                        || near.contains(word) && word.contains(' ')
                })
            };
            let inside = before(text, start, 1).ends_with(['.', '-', '/', '_']);
            if called
                && !inside
                && stands_alone(text, start, end)
                && !is_monotonous(shape.as_str())
                && (id.check)(shape.as_str())
            {
                let confidence = if id.called.is_empty() { 0.9 } else { 0.95 };
                found.push(Finding { start, end, class: Class::Personal, kind: "national_id", confidence });
            }
        }
    }
    found
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn spain(text: &str) -> bool {
    let id = plain(text);
    let number = id[..8].replacen('X', "0", 1).replacen('Y', "1", 1).replacen('Z', "2", 1);
    let letter =
        number.parse::<usize>().ok().and_then(|number| "TRWAGMYFPDXBNJZSQVHLCKE".chars().nth(number % 23));
    letter == id.chars().last()
}

fn italy(text: &str) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let value = |(at, c): (usize, char)| {
        let place = c.to_digit(36).map_or(0, |value| if value < 10 { value } else { value - 10 });
        if at % 2 == 0 { ODD[place as usize] } else { place }
    };
    let sum: u32 = text[..15].chars().enumerate().map(value).sum();
    text.chars().last() == char::from_u32('A' as u32 + sum % 26)
}

fn france(text: &str) -> bool {
    // Corsica: 2A counts as 19, 2B as 18.
    let id = plain(text).replace("2A", "19").replace("2B", "18");
    let (number, key) = id.split_at(13);
    let both = number.parse::<u64>().ok().zip(key.parse::<u64>().ok());
    both.is_some_and(|(number, key)| 97 - number % 97 == key)
}

fn brazil(text: &str) -> bool {
    let all = digits(text);
    let check = |length: usize| {
        let weights: Vec<u32> = (2..=length as u32 + 1).rev().collect();
        let rest = weighted(&all[..length], &weights) * 10 % 11 % 10;
        all[length] == rest
    };
    check(9) && check(10)
}

fn finland(text: &str) -> bool {
    let number: String = text[..6].chars().chain(text[7..10].chars()).collect();
    let letter = number
        .parse::<usize>()
        .ok()
        .and_then(|number| "0123456789ABCDEFHJKLMNPRSTUVWXY".chars().nth(number % 31));
    letter == text.chars().last() && is_day(&digits(&text[..6]), false)
}

/// Whether six digits are a day: DDMMYY, or YYMMDD.
fn is_day(of: &[u32], year_first: bool) -> bool {
    let [a, b, month, c] = [of[0] * 10 + of[1], of[2] * 10 + of[3], of[2] * 10 + of[3], of[4] * 10 + of[5]];
    let day = if year_first { c } else { a };
    (1..=31).contains(&day) && (1..=12).contains(&month) && b == month
}

fn belgium(text: &str) -> bool {
    let id = plain(text);
    let key = id[9..].parse::<u64>().unwrap_or(0);
    let of = |prefix: &str| {
        format!("{prefix}{}", &id[..9]).parse::<u64>().is_ok_and(|number| 97 - number % 97 == key)
    };
    of("") || of("2")
}

fn china(text: &str) -> bool {
    let all: Vec<u32> = text[..17].chars().filter_map(|c| c.to_digit(10)).collect();
    let sum = weighted(&all, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    "10X98765432".chars().nth(sum as usize % 11) == text.chars().last()
}

fn sweden(text: &str) -> bool {
    let all = digits(text);
    let ten = &all[all.len() - 10..];
    is_day(ten, true) && luhn(ten)
}

fn poland(text: &str) -> bool {
    let all = digits(text);
    (10 - weighted(&all, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10 == all[10]
}

fn germany(text: &str) -> bool {
    let all = digits(text);
    all[0] != 0 && modulo_11_10(&all)
}

fn netherlands(text: &str) -> bool {
    let all = digits(text);
    let sum = weighted(&all, &[9, 8, 7, 6, 5, 4, 3, 2]);
    sum % 11 == all[8] && sum > 0
}

fn nhs(text: &str) -> bool {
    let all = digits(text);
    let check = 11 - weighted(&all, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    check != 10 && check % 11 == all[9]
}

fn canada(text: &str) -> bool {
    let all = digits(text);
    all[0] != 0 && luhn(&all)
}

fn india(text: &str) -> bool {
    verhoeff(&digits(text))
}
