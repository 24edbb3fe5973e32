//! Secrets and personal data in a text: where they stand, of what kind, and how sure that is. Pure.
//!
//! ```text
//! text ─▶ shapes (regular expressions, linear) ─▶ checks (check digits, entropy, placeholders) ─▶ overlaps ─▶ findings
//! ```
//!
//! A shape alone is never enough where a check exists: card numbers have their Luhn digit, account numbers and national
//! ids theirs, and what stands where a secret would, but is a placeholder or an example that everybody knows, is none.

mod checks;
mod labelled;
mod national;
mod personal;
mod placeholder;
mod secrets;
mod told;

/// Bytes that are looked at, and findings that are told; both are named when they are reached.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;
pub const MOST_FINDINGS: usize = 1_000;

/// What kind of thing must not be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Opens something.
    Secret,
    /// Tells who somebody is.
    Personal,
}

/// Something that was found: `text[start..end]`, in bytes.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Finding {
    pub start: usize,
    pub end: usize,
    pub class: Class,
    /// Such as `github_token`, `private_key`, `email`, `iban`.
    pub kind: &'static str,
    /// From 0 to 1: how sure it is that it is one.
    pub confidence: f64,
}

/// What was found in a text, in its order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scan {
    pub findings: Vec<Finding>,
    /// Whether a bound was reached: there may be more.
    pub cut: bool,
}

/// Looks through a text. Findings never overlap: of two the surer stays, then the longer.
pub fn scan(text: &str) -> Scan {
    let looked_at = &text[..text.floor_char_boundary(MOST_BYTES)];
    let mut found = secrets::find(looked_at);
    found.extend(told::find(looked_at));
    found.extend(personal::find(looked_at));
    found.extend(labelled::find(looked_at));
    found.extend(national::find(looked_at));
    let mut findings = apart(found);
    let cut = looked_at.len() < text.len() || findings.len() > MOST_FINDINGS;
    findings.truncate(MOST_FINDINGS);
    Scan { findings, cut }
}

fn apart(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by(|a, b| {
        a.start.cmp(&b.start).then(b.confidence.total_cmp(&a.confidence)).then(b.end.cmp(&a.end))
    });
    let mut kept: Vec<Finding> = Vec::new();
    for one in found {
        match kept.last_mut().filter(|last| one.start < last.end) {
            Some(last) => {
                let better = one.confidence > last.confidence
                    || (one.confidence == last.confidence && one.end - one.start > last.end - last.start);
                if better {
                    *last = one;
                }
            }
            None => kept.push(one),
        }
    }
    kept
}

/// Whether a match stands for itself: no letter or digit goes on before it or behind it.
pub(crate) fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    let first = text[start..end].chars().next().is_some_and(goes_on);
    let last = text[start..end].chars().next_back().is_some_and(goes_on);
    let before = text[..start].chars().next_back().is_some_and(goes_on);
    let behind = text[end..].chars().next().is_some_and(goes_on);
    !(first && before || last && behind)
}

/// The text right before a place, in small letters: what a value is called.
pub(crate) fn before(text: &str, start: usize, bytes: usize) -> String {
    let from = text.floor_char_boundary(start.saturating_sub(bytes));
    text[from..start].to_lowercase()
}

#[cfg(test)]
mod tests;
