//! Personal data: addresses, numbers of telephones, cards and accounts.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::Regex;

use super::checks::{digits, luhn, modulo_97};
use super::placeholder::is_monotonous;
use super::{Class, Finding, before, stands_alone};

/// Bytes before a number in which it may be called something.
const NEAR: usize = 24;

struct Rule {
    kind: &'static str,
    shape: Regex,
    /// How sure it is that `text[start..end]` is one; `None` when it is none.
    sure: fn(&str, usize, usize) -> Option<f64>,
}

static RULES: LazyLock<[Rule; 6]> = LazyLock::new(|| {
    let rule =
        |kind, shape: &str, sure| Rule { kind, shape: Regex::new(shape).expect("shapes are right"), sure };
    let phone = r"\+\d{1,3}(?:[ .\-/]?\(?\d{1,5}\)?){2,6}|\(\d{2,5}\)[ .\-/]?\d{3,4}[ .\-]?\d{3,5}|\d{2,5}(?:[ .\-/]\d{2,8}){1,5}|0\d{9,11}";
    [
        rule(
            "email",
            // Of signs of quotation only that of O'Neil and d'Arc is part of an address.
            r"(?:(?-u:\b)(?:[A-Za-z0-9][A-Za-z0-9._%+-]{0,40}[._-])?[OoDd]'[A-Za-z0-9][A-Za-z0-9._%+-]{0,60}|[A-Za-z0-9][A-Za-z0-9._%+-]{0,63})@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}",
            email,
        ),
        rule("phone", phone, telephone),
        rule("iban", r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?", iban),
        rule("credit_card", r"\d{13,19}|\d{4}(?:[ -]\d{4}){3}|\d{4}[ -]\d{6}[ -]\d{4,5}", card),
        rule("ip_address", r"\d{1,3}(?:\.\d{1,3}){3}", ipv4),
        rule("ip_address", r"[0-9A-Fa-f]{1,4}(?::{1,2}[0-9A-Fa-f]{1,4}){2,7}(?:::)?", ipv6),
    ]
});

pub fn find(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in RULES.iter() {
        for shape in rule.shape.find_iter(text) {
            let (start, end) = (shape.start(), shape.end());
            if let Some(confidence) = (rule.sure)(text, start, end).filter(|_| stands_alone(text, start, end))
            {
                found.push(Finding { start, end, class: Class::Personal, kind: rule.kind, confidence });
            }
        }
    }
    found
}

fn email(text: &str, start: usize, end: usize) -> Option<f64> {
    let address = text[start..end].to_lowercase();
    let (name, domain) = address.split_once('@')?;
    let top = domain.rsplit('.').next()?;
    let first = domain.split('.').next()?;
    let reserved = ["example", "test", "invalid", "localhost", "local", "internal", "lan"];
    let files =
        ["png", "jpg", "jpeg", "gif", "svg", "webp", "js", "ts", "css", "json", "py", "rs", "go", "md"];
    let roles =
        ["noreply", "no-reply", "donotreply", "do-not-reply", "git", "root", "nobody", "user", "username"];
    let version = first.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
        && domain.matches('.').count() > 1
        || first.trim_start_matches('v').chars().all(|c| c.is_ascii_digit());
    let nobody = reserved.contains(&top)
        || domain == "example.com"
        || domain == "example.org"
        || domain == "example.net"
        || domain == "domain.com"
        || domain == "email.com"
        || [".example.com", ".example.org", ".example.net"].iter().any(|end| domain.ends_with(end))
        || domain.ends_with("noreply.github.com")
        || files.contains(&top)
        || roles.contains(&name)
        || version;
    // The user of an address such as `ssh://git@host` is no mailbox, nor is that of `scp host:path`.
    let address_of_a_host = before(text, start, 3).ends_with("://") || text[end..].starts_with(":/");
    (!nobody && !address_of_a_host).then_some(0.95)
}

/// (212) 736-5000 and 212-736-5000: the form of North America.
static AMERICA: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])[2-9]\d{2}[-. ]\d{4}$").expect("one expression")
});

fn telephone(text: &str, start: usize, end: usize) -> Option<f64> {
    let number = &text[start..end];
    let all = digits(number);
    let apart = before(text, start, 1);
    if !(8..=15).contains(&all.len())
        || is_monotonous(number)
        || apart.ends_with(['.', '-', '/', '#', ':', '@', '='])
    {
        return None;
    }
    if text[end..].starts_with(['-', '/', ':', '.'])
        && text[end..].chars().nth(1).is_some_and(char::is_alphanumeric)
    {
        return None;
    }
    let fictitious = number.contains("555-01") || number.contains("555 01") || number.contains("555.01");
    if fictitious {
        return None;
    }
    if number.starts_with('+') {
        let grouped = number.contains([' ', '-', '.', '(', '/']);
        return (grouped || all.len() >= 10).then_some(if grouped { 0.9 } else { 0.8 });
    }
    let near = before(text, start, NEAR);
    let called = [
        "tel",
        "phone",
        "mobil",
        "cell",
        "fax",
        "call me",
        "whatsapp",
        "sms",
        "ring me",
        "call him",
        "call her",
        "reach me at",
        "handy",
    ];
    if called.iter().any(|word| near.contains(word)) {
        return Some(0.85);
    }
    AMERICA.is_match(number).then_some(0.75)
}

/// Lengths of account numbers by country (SWIFT, IBAN registry).
const IBANS: [(&str, usize); 50] = [
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IS", 26),
    ("IT", 27),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
];
/// Examples that stand in every description of account numbers.
const KNOWN_IBANS: [&str; 5] = [
    "GB82WEST12345698765432",
    "GB29NWBK60161331926819",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "NL91ABNA0417164300",
];

fn iban(text: &str, start: usize, end: usize) -> Option<f64> {
    let plain: String = text[start..end].chars().filter(|c| *c != ' ').collect();
    let length = IBANS.iter().find(|(country, _)| plain.starts_with(country))?.1;
    let whole = plain.len() == length && !KNOWN_IBANS.contains(&plain.as_str());
    (whole && modulo_97(plain[4..].chars().chain(plain[..4].chars())) == Some(1)).then_some(0.99)
}

/// Numbers that issuers give for tests.
const KNOWN_CARDS: [&str; 14] = [
    "4111111111111111",
    "4242424242424242",
    "4012888888881881",
    "4000056655665556",
    "4000000000000002",
    "4222222222222",
    "5555555555554444",
    "5105105105105100",
    "5200828282828210",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
    "3530111333300000",
];

fn card(text: &str, start: usize, end: usize) -> Option<f64> {
    let number = &text[start..end];
    let all = digits(number);
    let plain: String = number.chars().filter(char::is_ascii_digit).collect();
    let begins = |digits: usize| plain.get(..digits).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let length: &[usize] = match (begins(1), begins(2), begins(4)) {
        (4, _, _) => &[13, 16, 19],
        (_, 51..=55, _) | (_, _, 2221..=2720) | (_, 65, _) | (_, _, 6011) => &[16],
        (_, 34 | 37, _) => &[15],
        (_, 35, _) => &[16],
        (_, 30 | 36 | 38, _) => &[14],
        (_, 62, _) => &[16, 17, 18, 19],
        _ => return None,
    };
    let apart = before(text, start, 1);
    let inside = apart.ends_with(['.', '-', '/', '#', '_'])
        || text[end..].starts_with('.') && text[end + 1..].starts_with(|c: char| c.is_ascii_digit());
    let known = KNOWN_CARDS.contains(&plain.as_str()) || is_monotonous(&plain);
    (!inside && !known && length.contains(&all.len()) && luhn(&all)).then_some(0.95)
}

fn ipv4(text: &str, start: usize, end: usize) -> Option<f64> {
    let address: Ipv4Addr = text[start..end].parse().ok()?;
    let [a, b, c, d] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_broadcast()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b));
    let everybodys =
        [[8, 8, 8, 8], [8, 8, 4, 4], [1, 1, 1, 1], [1, 0, 0, 1], [9, 9, 9, 9], [208, 67, 222, 222]];
    let network = (c, d) == (0, 0) || text[end..].starts_with('/');
    // A fifth number, or a name right before, makes a version of it.
    let longer = text[end..].starts_with('.') && text[end + 1..].starts_with(|c: char| c.is_ascii_digit())
        || text[end..].starts_with(['-', '+']);
    let apart = before(text, start, 2);
    let of_a_name = apart.ends_with(['-', '.', '_', '~', '^', '>', '<'])
        || apart.ends_with('/') && !apart.ends_with("//")
        || apart.ends_with("==")
        || apart.ends_with("= ") && a < 32;
    let near = before(text, start, NEAR);
    let versions = [
        "version", "ver.", " v", "release", "build", "upgrade", "bump", "tag ", "chrome", "firmware",
        "driver", "sdk", "assembly",
    ];
    let version = versions.iter().any(|word| near.contains(word))
        || (near.trim_end().ends_with(" to") && near.contains(|c: char| c.is_ascii_digit()));
    let none = special || everybodys.contains(&[a, b, c, d]) || network || longer || of_a_name || version;
    (!none).then_some(0.8)
}

fn ipv6(text: &str, start: usize, end: usize) -> Option<f64> {
    let address: Ipv6Addr = text[start..end].parse().ok()?;
    let [first, second, ..] = address.segments();
    let global = first & 0xe000 == 0x2000 && (first, second) != (0x2001, 0x0db8);
    let everybodys = ["2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111"];
    let apart = before(text, start, 1);
    let none = !global
        || everybodys.contains(&address.to_string().as_str())
        || apart.ends_with(':')
        || text[end..].starts_with([':', '/']);
    (!none).then_some(0.85)
}
