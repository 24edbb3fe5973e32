//! The labelled sets of `tests/data/scan`, a line a case: one that rules are mended on, and one that is held out.

use super::*;

const LABELLED: &str = include_str!("../../../tests/data/scan/labelled.tsv");
const HELD: &str = include_str!("../../../tests/data/scan/held.tsv");
/// Stands inside every made-up secret, so that no scanner of repositories takes the file for a leak.
const APART: char = '·';

struct Case {
    /// Kind and what is to be found, in the order of the text.
    wanted: Vec<(String, String)>,
    text: String,
}

/// `kind=value` parted by ` | `, or `-` for nothing; a tab; the text, in which `\n` is a new line.
fn cases(set: &str) -> Vec<Case> {
    let plain = |text: &str| text.replace(APART, "").replace("\\n", "\n");
    let lines = set.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let case = |line: &str| {
        let (wanted, text) = line.split_once('\t').unwrap_or_else(|| panic!("no tab: {line}"));
        let each = wanted.split(" | ").filter(|one| *one != "-").map(|one| {
            let (kind, value) = one.split_once('=').unwrap();
            (kind.to_owned(), plain(value))
        });
        Case { wanted: each.collect(), text: plain(text) }
    };
    lines.map(case).collect()
}

/// Precision and recall on a set of cases.
fn measured(set: &str) -> (f64, f64) {
    let (mut right, mut wrong, mut missed, mut harmless) = (0, Vec::new(), Vec::new(), 0);
    let cases = cases(set);
    for case in &cases {
        harmless += usize::from(case.wanted.is_empty());
        let mut wanted = case.wanted.clone();
        for one in scan(&case.text).findings {
            let found = (one.kind.to_owned(), case.text[one.start..one.end].to_owned());
            match wanted.iter().position(|wanted| *wanted == found) {
                Some(at) => {
                    wanted.remove(at);
                    right += 1;
                }
                None => wrong.push(format!("{found:?} in {}", case.text)),
            }
        }
        missed.extend(wanted.into_iter().map(|wanted| format!("{wanted:?} in {}", case.text)));
    }
    let precision = right as f64 / (right + wrong.len()) as f64;
    let recall = right as f64 / (right + missed.len()) as f64;
    println!("{} lines, {harmless} harmless: precision {precision:.4}, recall {recall:.4}", cases.len());
    println!("wrong: {wrong:#?}\nmissed: {missed:#?}");
    assert!(harmless * 2 >= cases.len(), "{} lines, {harmless} harmless", cases.len());
    (precision, recall)
}

#[test]
fn the_labelled_set() {
    let (precision, recall) = measured(LABELLED);
    assert!(precision >= 0.95 && recall >= 0.95, "precision {precision}, recall {recall}");
}

#[test]
fn the_set_that_is_held_out() {
    let (precision, recall) = measured(HELD);
    assert!(precision >= 0.9 && recall >= 0.9, "precision {precision}, recall {recall}");
}

#[test]
fn findings_do_not_overlap() {
    let found = |start, end, confidence| Finding { start, end, class: Class::Secret, kind: "x", confidence };
    let kept = apart(vec![found(0, 9, 0.5), found(2, 5, 0.9), found(5, 9, 0.1), found(20, 22, 0.1)]);
    assert_eq!(kept, [found(2, 5, 0.9), found(5, 9, 0.1), found(20, 22, 0.1)]);
}

#[test]
fn bounds_are_told() {
    let many = "billing@shop-mail.de ".repeat(MOST_FINDINGS + 1);
    let scanned = scan(&many);
    assert_eq!((scanned.findings.len(), scanned.cut), (MOST_FINDINGS, true));
    let long = format!("{}billing@shop-mail.de", "é".repeat(MOST_BYTES / 2));
    assert_eq!(scan(&long), Scan { findings: vec![], cut: true });
    assert_eq!(scan(""), Scan::default());
}
