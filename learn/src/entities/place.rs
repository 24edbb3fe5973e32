//! Where a thing lies, as its name says, and how much an older tie counts.

use athena_schemas::Time;

use super::{AGENT, COMMAND, COMMIT, FILE, SESSION, SYMBOL, TAG, TEST, TOOL, key};

/// A tie counts half after so many days.
const HALF_LIFE_DAYS: f64 = 365.0;
const DAY_MICROS: f64 = 86_400e6;

/// What a name lies in: the folder of a file, the module of a symbol or of a test; nothing of other kinds.
///
/// | kind     | name                | place         |
/// |----------|---------------------|---------------|
/// | `file`   | `cart/src/lib.rs`   | `cart/src`    |
/// | `file`   | `README.md`         | `` (the root) |
/// | `symbol` | `cart::Cart::total` | `cart::cart`  |
/// | `symbol` | `total`             | none          |
pub fn place(kind: &str, name: &str) -> Option<String> {
    let key = key(kind, name);
    match kind {
        FILE => Some(key.rsplit_once('/').map_or(String::new(), |(place, _)| place.to_owned())),
        SYMBOL | TEST => {
            let parted = key.rsplit_once("::").or_else(|| key.rsplit_once('/'));
            parted.map(|(place, _)| place.to_owned())
        }
        _ => None,
    }
}

/// Whether things are done in it: what one names belongs together, and there is ever another.
pub fn carries(kind: &str) -> bool {
    [SESSION, COMMIT].contains(&kind)
}

/// Whether it is who acts, with what, or under which label, rather than what is worked on.
pub fn acts(kind: &str) -> bool {
    [AGENT, TOOL, TAG, COMMAND].contains(&kind)
}

/// What is left of a tie that was last seen then, from 0 to 1, beside the newest there is.
pub fn recency(at: Time, newest: Time) -> f64 {
    let days = newest.micros().saturating_sub(at.micros()).max(0) as f64 / DAY_MICROS;
    (-days / HALF_LIFE_DAYS).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_where_things_lie() {
        let of = |kind, name| place(kind, name);
        assert_eq!(of(FILE, "./cart\\src/lib.rs").as_deref(), Some("cart/src"));
        assert_eq!(of(FILE, "README.md").as_deref(), Some(""));
        assert_eq!(of(SYMBOL, "cart::Cart::total").as_deref(), Some("cart::cart"));
        assert_eq!(of(SYMBOL, "total"), None);
        assert_eq!(of(TEST, "tests/cart.py::test_total").as_deref(), Some("tests/cart.py"));
        assert_eq!(of(TAG, "a/b"), None);
    }

    #[test]
    fn a_tie_counts_half_after_a_year() {
        let day = 86_400_000_000;
        let left = |days: i64| recency(Time::from_micros(0), Time::from_micros(days * day));
        assert_eq!((left(0), left(365)), (1.0, 0.5));
        assert!(left(30) > 0.9 && left(3_650) < 0.01);
        assert_eq!(
            recency(Time::from_micros(day), Time::from_micros(0)),
            1.0,
            "what is to come is not older"
        );
    }
}
