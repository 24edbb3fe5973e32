//! Words that the best answers share, and a question split into its parts. Pure.

use std::collections::{BTreeMap, HashSet};

/// A word of a text: as it is compared, and as it was written.
pub type Said = (String, String);

/// Letters of the shortest word that a question is widened by.
const SHORTEST: usize = 3;
/// Words of the shortest part of a question.
const PART_WORDS: usize = 2;

/// The words, with their weights, that tell most of texts that answer a question, the heaviest first: of each its share
/// in each text, by the text's score, times how telling it is (a relevance model, Lavrenko and Croft 2001; as RM3 has
/// it, the question's own words are no part of it). A word that stands in one text only is the text's own.
pub fn shared<E>(
    texts: &[(f64, Vec<Said>)],
    but: &HashSet<String>,
    most: usize,
    mut telling: impl FnMut(&str) -> Result<f32, E>,
) -> Result<Vec<(String, f64)>, E> {
    let all: f64 = texts.iter().map(|(score, _)| score).sum();
    let mut words: BTreeMap<&str, (f64, usize, &str)> = BTreeMap::new();
    for (score, text) in texts.iter().filter(|_| all > 0.0) {
        let mut seen = HashSet::new();
        for (term, said) in text {
            let plain = term.len() >= SHORTEST && term.bytes().any(|byte| byte.is_ascii_alphabetic());
            if !plain || but.contains(term) {
                continue;
            }
            let word = words.entry(term).or_insert((0.0, 0, said));
            word.0 += score / all / text.len() as f64;
            word.1 += usize::from(seen.insert(term));
        }
    }
    let least = texts.len().min(2);
    let mut found = Vec::new();
    for (term, (share, _, said)) in words.into_iter().filter(|(_, (_, count, _))| *count >= least) {
        let weight = share * f64::from(telling(term)?);
        found.extend((weight > 0.0).then(|| (said.to_lowercase(), weight)));
    }
    found.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    found.truncate(most);
    let heaviest = found.first().map_or(1.0, |(_, weight)| *weight);
    Ok(found.into_iter().map(|(word, weight)| (word, weight / heaviest)).collect())
}

/// The questions that one question asks; none when it asks one.
pub fn parts(question: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for sentence in question.split_inclusive(['?', ';', '\n']) {
        let mut begun = 0;
        let lower = sentence.to_lowercase();
        // A clause that begins anew asks anew.
        for (at, joint) in ["and", "but", "then"].into_iter().flat_map(|joint| lower.match_indices(joint)) {
            let (before, after) = (&lower[..at], &lower[at + joint.len()..]);
            let stands = before.ends_with([' ', ',']) && after.starts_with(' ');
            let asks = after.split_whitespace().next().is_some_and(|word| ASKING.contains(&word));
            if stands && asks && lower.len() == sentence.len() && at > begun {
                parts.push(sentence[begun..at].to_owned());
                begun = at + joint.len();
            }
        }
        parts.push(sentence[begun..].to_owned());
    }
    let trimmed = parts.iter().map(|part| part.trim().trim_matches([',', ';', ' ']).to_owned());
    let whole: Vec<String> = trimmed.filter(|part| part.split_whitespace().count() >= PART_WORDS).collect();
    if whole.len() > 1 { whole } else { Vec::new() }
}

const ASKING: [&str; 16] = [
    "what", "which", "who", "whom", "whose", "when", "where", "why", "how", "did", "does", "is", "are",
    "was", "were", "can",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<Said> {
        text.split(' ').map(|word| (word.to_lowercase(), word.to_owned())).collect()
    }

    #[test]
    fn what_good_answers_share_widens_a_question() {
        let texts = [
            (3.0, text("deploy runs on Argo with kubectl")),
            (2.0, text("Argo deploy by kubectl failed")),
            (1.0, text("the bread is on the table")),
        ];
        let but = HashSet::from(["deploy".to_owned()]);
        let telling = |word: &str| Ok::<_, ()>(if word == "on" { 0.0 } else { 2.0 });
        let found = shared(&texts, &but, 5, telling).unwrap();
        assert_eq!(found.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>(), ["argo", "kubectl"]);
        assert_eq!(found[0].1, 1.0);
        assert_eq!(shared(&[], &but, 5, telling).unwrap(), []);
    }

    #[test]
    fn a_question_is_split_where_it_asks_anew() {
        let of = |question: &str| parts(question).join("|");
        assert_eq!(of("Who deployed v2 and when did it fail?"), "Who deployed v2|when did it fail?");
        assert_eq!(of("Why did it fail? Who mended it?"), "Why did it fail?|Who mended it?");
        assert_eq!(of("bread and butter"), "");
        assert_eq!(of("what is the hand and what the glove"), "what is the hand|what the glove");
        assert_eq!(of(""), "");
    }
}
