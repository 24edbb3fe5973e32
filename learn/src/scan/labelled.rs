//! Personal data that its label alone tells: numbers without a check digit, days of birth, telephones of a country.
//! It counts only directly behind the label.

use std::sync::LazyLock;

use regex::Regex;

use super::checks::digits;
use super::placeholder::is_monotonous;
use super::{Class, Finding, stands_alone};

/// What may stand between a label and its value.
const BETWEEN: &str =
    r#"(?:[\s"'*`|]{0,3}(?:is|was|ist|lautet|est|es|number|no\.|nr\.|#)){0,2}[\s"'*`|:：=#>-]{0,6}"#;

struct Labelled {
    kind: &'static str,
    /// The group `v` is the value.
    shape: Regex,
    check: fn(&str) -> bool,
    confidence: f64,
}

static LABELLED: LazyLock<[Labelled; 4]> = LazyLock::new(|| {
    let labelled = |kind, label: &str, value: &str, check, confidence| Labelled {
        kind,
        shape: Regex::new(&format!(r"(?i)(?:^|[^a-z])(?:{label}){BETWEEN}(?P<v>{value})"))
            .expect("shapes are right"),
        check,
        confidence,
    };
    let number = r"(?:[ _-]?(?:number|num|no|nr|nummer))?\.?";
    [
        labelled(
            "national_id",
            &format!(r"ssn|s\.s\.n\.|ss#|social[ _-]?security{number}|soc\.? ?sec\.?"),
            r"\d{3}[- ]\d{2}[- ]\d{4}|\d{9}",
            united_states,
            0.9,
        ),
        labelled(
            "national_id",
            &format!(r"nino|national[ _-]?insurance{number}|ni[ _-]?(?:number|no\.?)"),
            r"[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]",
            united_kingdom,
            0.9,
        ),
        labelled(
            "birth_date",
            "date[ _-]?of[ _-]?birth|birth[ _-]?date|birthday|d\\.?o\\.?b\\.?|geburtsdatum|geboren am|geb\\. am\
             |date de naissance|née? le|fecha de nacimiento|data di nascita|nat[oa] il|geboortedatum\
             |data de nascimento|data urodzenia|födelsedatum|fødselsdato|дата рождения|出生日期|生年月日",
            r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}(?:[-/.] ?\d{1,2}[-/.] ?|\.? \p{L}{3,10}\.? )\d{4}|\p{L}{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{4}年\d{1,2}月\d{1,2}日",
            day_of_birth,
            0.85,
        ),
        labelled(
            "phone",
            &format!(
                "(?:(?:tele|cell|mobile )?phone|t[eé]l[eé]phone|telefon[oe]?|telefoon|tel[eé]fono|tel|tél|mobile?|m[oó]vil\
                 |cell|celular|cellulare|handy|fax|whatsapp|ruf|телефон|тел|手机号?|电话|電話|携帯){number}"
            ),
            r"\d{8,12}|\(?\d{2,5}\)?(?:[ ./-]{1,3}\d{2,8}){1,5}",
            telephone,
            0.85,
        ),
    ]
});

pub fn find(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for labelled in LABELLED.iter() {
        for shape in labelled.shape.captures_iter(text) {
            let value = shape.name("v").expect("in every shape");
            let (start, end) = (value.start(), value.end());
            let mut behind = text[end..].chars();
            let goes_on = behind.next().is_some_and(|c| "-./:".contains(c))
                && behind.next().is_some_and(|c| c.is_ascii_digit());
            if stands_alone(text, start, end) && !goes_on && (labelled.check)(value.as_str()) {
                let (kind, confidence) = (labelled.kind, labelled.confidence);
                found.push(Finding { start, end, class: Class::Personal, kind, confidence });
            }
        }
    }
    found
}

/// Social security number: no part is zeros, and no area is 666 or from 900 on. Three of them were printed so often
/// that they are nobody's.
fn united_states(text: &str) -> bool {
    let plain: String = text.chars().filter(char::is_ascii_digit).collect();
    let (area, group, serial) = (&plain[..3], &plain[3..5], &plain[5..]);
    let printed = ["078051120", "219099999", "457555462"].contains(&plain.as_str());
    let given = !matches!(area, "000" | "666") && !area.starts_with('9') && group != "00" && serial != "0000";
    given && !printed && !is_monotonous(&plain)
}

/// National insurance number: some letters and pairs of letters are never given.
fn united_kingdom(text: &str) -> bool {
    let prefix = text[..2].to_uppercase();
    let never = ["BG", "GB", "NK", "KN", "TN", "NT", "ZZ"];
    !prefix.contains(['D', 'F', 'I', 'Q', 'U', 'V'])
        && !prefix.ends_with('O')
        && !never.contains(&prefix.as_str())
}

/// A day that there is, and none that stands for an unknown one.
fn day_of_birth(text: &str) -> bool {
    let parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (years, others): (Vec<&str>, Vec<&str>) = parts.partition(|part| part.len() == 4);
    let others: Vec<u32> = others.iter().filter_map(|part| part.parse().ok()).collect();
    let year = years.first().and_then(|year| year.parse::<u32>().ok()).unwrap_or(0);
    let of_a_month = others.len() == 1 || others.iter().any(|part| *part <= 12);
    let unknown = year.is_multiple_of(10) && others == [1, 1];
    (1901..2100).contains(&year)
        && of_a_month
        && others.iter().all(|part| (1..=31).contains(part))
        && !unknown
}

/// A number with spaces or the like, or as countries write theirs without: with a zero first, or the ten digits of
/// North America, or eleven of China's mobile ones.
fn telephone(text: &str) -> bool {
    let all = digits(text);
    let together = text.chars().all(|c| c.is_ascii_digit());
    let national = match all.as_slice() {
        [0, first, ..] => *first != 0,
        [first, _, _, exchange, ..] if all.len() == 10 => *first >= 2 && *exchange >= 2,
        [1, second, ..] if all.len() == 11 => *second >= 2,
        _ => false,
    };
    let mut different = all.clone();
    different.sort_unstable();
    different.dedup();
    let series = all.windows(2).all(|pair| pair[1] == (pair[0] + 1) % 10);
    let fictitious = ["55501", "555-01", "555 01", "555.01"].iter().any(|number| text.contains(number));
    (8..=13).contains(&all.len()) && (national || !together) && different.len() > 2 && !series && !fictitious
}
