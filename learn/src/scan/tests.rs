//! The labelled set: `tests/data/scan/labelled.tsv`, a line a case.

use super::*;

const LABELLED: &str = include_str!("../../../tests/data/scan/labelled.tsv");
/// Stands inside every made-up secret, so that no scanner of repositories takes the file for a leak.
const APART: char = '·';
const LEAST: f64 = 0.95;

struct Case {
    /// Kind and what is to be found, in the order of the text.
    wanted: Vec<(String, String)>,
    text: String,
}

/// `kind=value` parted by ` | `, or `-` for nothing; a tab; the text, in which `\n` is a new line.
fn cases() -> Vec<Case> {
    let plain = |text: &str| text.replace(APART, "").replace("\\n", "\n");
    let lines = LABELLED.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
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

#[test]
fn the_labelled_set() {
    let (mut right, mut wrong, mut missed, mut harmless) = (0, Vec::new(), Vec::new(), 0);
    let cases = cases();
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
    assert!(cases.len() >= 300 && harmless * 2 >= cases.len(), "{} lines, {harmless} harmless", cases.len());
    assert!(precision >= LEAST && recall >= LEAST, "precision {precision}, recall {recall}");
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
