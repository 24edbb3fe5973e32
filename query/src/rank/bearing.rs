//! Whether a text bears on a question at all, for what must answer nothing rather than noise.
//!
//! A ranker says which text is the best of those at hand; whether even that one is about what was asked, only
//! the two texts can tell. So nothing here depends on what else is stored.

mod kinds;
mod table;
mod wording;
mod words;

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use athena_store::embed::StaticTable;
use serde::Deserialize;

use kinds::Kind;
use wording::Wording;
pub use words::{Word, sentences, words as written};

macro_rules! signs {
    ($($name:literal),* $(,)?) => {
        /// Names of the signs, in the order of [`Signs`].
        pub const SIGNS: [&str; [$($name),*].len()] = [$($name),*];
    };
}

signs! {
    // The share of the question's weight that the text has a word like, or the very word; weights are by how
    // rare a token is in plain text.
    "bears.soft", "bears.exact",
    // The heaviest token that the text has nothing like; the weight of all, and of what it has.
    "bears.gap", "bears.mass", "bears.got",
    // The cosine of both texts, and the share of the text's weight that the question has a word like.
    "bears.cosine", "bears.back",
    // How much the question has a name of the text in it, spelt alike.
    "bears.name",
    // How many names and numbers of the question the text does not have.
    "bears.foreign",
    // What follows is told of memories only. The cosine and the share of the best sentence, or of all.
    "bears.sentence.cosine", "bears.sentence.back",
    // By words instead of tokens, of the part of the question that the text has most of: the share that it has by
    // weight, by rarity, and of names; and how like the word is that it has least.
    "bears.words", "bears.words.rare", "bears.words.names", "bears.words.least",
    // How many names and numbers have another in their place; how many words have one that they are not.
    "bears.words.other", "bears.words.apart",
    // How many words tell what that part is about, and how many parts there are.
    "bears.words.count", "bears.words.parts",
    // Where such a thing is asked for, how surely the text does not tell one.
    "bears.lacks.person", "bears.lacks.time", "bears.lacks.place", "bears.lacks.count", "bears.lacks.money",
    "bears.lacks.span", "bears.lacks.degree",
}

/// One value a sign.
pub type Signs = [f32; SIGNS.len()];

/// Tokens that weigh less say nothing of what a question is about.
const TELLING: f32 = 0.25;
/// Words alike by so much are one word, misspelt.
const ALIKE: f64 = 0.7;
/// Shorter words are not compared by their letters.
const SHORTEST_MISSPELT: usize = 4;

static FITTED: &str = include_str!("../../model/gate.json");

/// A text as its bearing is judged.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// Tokens of each chunk of it, and of all its names.
    pub chunks: Vec<Vec<u16>>,
    pub about: Vec<u16>,
    /// Its name and aliases.
    pub names: Vec<String>,
    pub content: String,
    /// Of a memory the sentences, and the words of all its names; of what was said none, which is not judged so.
    pub sentences: Vec<Vec<Word>>,
    pub about_words: Vec<Word>,
}

/// A question that texts are judged by.
pub struct Question<'t> {
    table: &'t StaticTable,
    /// The telling tokens, and what each weighs.
    tokens: Vec<(u16, f32)>,
    vector: Vec<f32>,
    words: Vec<String>,
    /// What it names: words with a capital or digit.
    named: Vec<String>,
    /// For a token of a text its cosine with each of the question's.
    known: HashMap<u16, Vec<f32>>,
    wording: Wording<'t>,
}

impl<'t> Question<'t> {
    pub fn new(table: &'t StaticTable, text: &str) -> Self {
        let all = table.tokens(text);
        let mut distinct = all.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let weighed: Vec<(u16, f32)> =
            distinct.into_iter().map(|token| (token, table.weight(token))).collect();
        let telling: Vec<_> = weighed.iter().copied().filter(|(_, weight)| *weight > TELLING).collect();
        Self {
            tokens: if telling.is_empty() { weighed } else { telling },
            vector: table.vector(&all, |token| table.weight(token)),
            words: words(text).collect(),
            named: named(text),
            known: HashMap::new(),
            wording: Wording::new(table, text),
            table,
        }
    }

    /// What the text shows, of its best chunk.
    pub fn signs(&mut self, text: &Text) -> Signs {
        let own: Vec<String> =
            text.names.iter().flat_map(|name| words(name)).chain(words(&text.content)).collect();
        let foreign = self
            .named
            .iter()
            .filter(|named| words(named).all(|word| !own.iter().any(|other| alike(&word, other) >= ALIKE)));
        let (name, foreign) = (self.name(&text.names), foreign.count() as f32);
        let whole = [Vec::new()];
        let chunks = if text.chunks.is_empty() { &whole[..] } else { &text.chunks };
        let judged = chunks.iter().map(|chunk| {
            let tokens: Vec<u16> = text.about.iter().chain(chunk).copied().collect();
            self.by_tokens(&tokens)
        });
        let best = judged.max_by(|one, other| one[4].total_cmp(&other[4])).unwrap_or_default();
        let mut signs = Signs::default();
        signs[..7].copy_from_slice(&best);
        signs[7..9].copy_from_slice(&[name, foreign]);
        let is_memory = !text.sentences.is_empty() || !text.about_words.is_empty();
        if is_memory {
            let [.., cosine, back] = best;
            signs[9..11].copy_from_slice(&self.by_sentences(text, [cosine, back]));
            let all: Vec<Word> = text.sentences.iter().flatten().cloned().collect();
            signs[11..].copy_from_slice(&self.wording.values(&text.about_words, &all));
            // What a sealed one tells is not known, and so neither what it lacks.
            if all.is_empty() {
                signs[SIGNS.len() - Kind::ALL.len()..].fill(0.0);
            }
        }
        signs
    }

    /// The cosine and the share of the best sentence, or of all where they are more.
    fn by_sentences(&mut self, text: &Text, all: [f32; 2]) -> [f32; 2] {
        let of = |sentence: &Vec<Word>| {
            let own = self.wording.tokens(sentence);
            let tokens: Vec<u16> = text.about.iter().copied().chain(own).collect();
            let [.., cosine, back] = self.by_tokens(&tokens);
            [cosine, back]
        };
        let best = |[a, b]: [f32; 2], [c, d]: [f32; 2]| [a.max(c), b.max(d)];
        text.sentences.iter().filter(|_| text.sentences.len() > 1).map(of).fold(all, best)
    }

    fn by_tokens(&mut self, tokens: &[u16]) -> [f32; 7] {
        let mut distinct = tokens.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let mut best = vec![0.0_f32; self.tokens.len()];
        let (mut back, mut weight_of_text) = (0.0, 0.0);
        for token in distinct {
            let cosines = self.known.entry(token).or_insert_with(|| {
                let cosine = |(own, _): &(u16, f32)| self.table.similarity(*own, token).max(0.0);
                self.tokens.iter().map(cosine).collect()
            });
            best.iter_mut().zip(cosines.iter()).for_each(|(best, cosine)| *best = best.max(*cosine));
            let weight = self.table.weight(token);
            weight_of_text += weight;
            back += weight * cosines.iter().copied().fold(0.0, f32::max).powi(2);
        }
        let each = || self.tokens.iter().map(|(_, weight)| *weight).zip(best.iter().copied());
        let mass: f32 = each().map(|(weight, _)| weight).sum();
        let got: f32 = each().map(|(weight, best)| weight * best * best).sum();
        let same: f32 = each().filter(|(_, best)| *best > 0.999).map(|(weight, _)| weight).sum();
        let gap = each().map(|(weight, best)| weight * (1.0 - best)).fold(0.0, f32::max);
        let vector = self.table.vector(tokens, |token| self.table.weight(token));
        let cosine = vector.iter().zip(&self.vector).map(|(one, other)| one * other).sum();
        let share = |part: f32, of: f32| if of > 0.0 { part / of } else { 0.0 };
        [share(got, mass), share(same, mass), gap, mass, got, cosine, share(back, weight_of_text)]
    }

    /// How much of the best of these names stands in the question.
    fn name(&self, names: &[String]) -> f32 {
        let of = |name: &String| {
            let parts: Vec<f64> = words(name)
                .map(|part| self.words.iter().map(|word| alike(&part, word)).fold(0.0, f64::max))
                .collect();
            parts.iter().sum::<f64>() / parts.len().max(1) as f64
        };
        names.iter().map(of).fold(0.0, f64::max) as f32
    }
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let word = |word: &str| word.to_lowercase();
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
        .map(word)
}

/// How alike two words are spelt, from 0 to 1.
fn alike(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let (short, long) =
        (one.chars().count().min(other.chars().count()), one.chars().count().max(other.chars().count()));
    // Words that differ by too many letters in length are far apart whatever they are.
    if short < SHORTEST_MISSPELT || (short as f64) < ALIKE * long as f64 * 0.5 {
        return 0.0;
    }
    1.0 - strsim::osa_distance(one, other) as f64 / long as f64
}

/// Words that name something: with a capital where no sentence begins, a digit, or letters of both cases.
fn named(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    let mut begins = true;
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let mut letters = bare.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        let inner = letters.any(char::is_uppercase);
        let digit = bare.chars().any(|letter| letter.is_ascii_digit());
        let person = bare == "I" || bare.starts_with("I'") || bare.starts_with("I’");
        if !bare.is_empty() && !person && ((capital && !begins) || inner || digit) {
            named.push(bare.trim_end_matches("'s").trim_end_matches("’s").to_owned());
        }
        begins = word.ends_with(['.', '?', '!', ':']);
    }
    named
}

/// What is known of a candidate, by name: features, signs, and its score by the ranker.
pub type Parts = BTreeMap<String, f64>;

/// A logistic regression over parts, as `./dev fit --gate` writes it.
#[derive(Debug, Deserialize)]
pub struct Gate {
    signs: Vec<String>,
    weights: Vec<f64>,
    bias: f64,
    /// The probability from which it opens.
    pub cutoff: f64,
}

/// One for memories, which are judged each for itself: they are written to be found. Of what was said, one
/// for whether there is an answer among the best at all, and then one for each.
#[derive(Debug, Deserialize)]
pub struct Gates {
    pub memory: Gate,
    pub said_list: Gate,
    pub said: Gate,
}

impl Gates {
    /// The gates inside the binary.
    pub fn built_in() -> &'static Self {
        static GATES: OnceLock<Gates> = OnceLock::new();
        GATES.get_or_init(|| serde_json::from_str(FITTED).expect("written by ./dev fit --gate"))
    }
}

impl Gate {
    /// The probability that it bears on the question, of what has these parts.
    pub fn of(&self, parts: &Parts) -> f64 {
        self.probability(|name| parts.get(name).copied().unwrap_or_default())
    }

    /// The same of a list, the best first. Signs end on how they are taken: `.max`, `.min`, or `.top` of the first.
    pub fn of_list(&self, list: &[Parts]) -> f64 {
        self.probability(|name| {
            let (name, how) = name.rsplit_once('.').unwrap_or((name, "top"));
            let values = || list.iter().map(|parts| parts.get(name).copied().unwrap_or_default());
            match how {
                "max" => values().fold(f64::MIN, f64::max),
                "min" => values().fold(f64::MAX, f64::min),
                _ => values().next().unwrap_or_default(),
            }
        })
    }

    fn probability(&self, value: impl Fn(&str) -> f64) -> f64 {
        let sum: f64 = self.signs.iter().zip(&self.weights).map(|(name, weight)| weight * value(name)).sum();
        1.0 / (1.0 + (-self.bias - sum).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::NAMES;

    fn signs(question: &str, name: &str, content: &str) -> HashMap<&'static str, f32> {
        let table = StaticTable::built_in();
        let text = Text {
            chunks: vec![table.tokens(content)],
            about: table.tokens(name),
            names: vec![name.to_owned()],
            content: content.to_owned(),
            sentences: sentences(content),
            about_words: written(name),
        };
        SIGNS.into_iter().zip(Question::new(&table, question).signs(&text)).collect()
    }

    #[test]
    fn what_is_about_the_question_shows_it() {
        let about = signs("Which database has the orders?", "storage", "Orders are kept in PostgreSQL 15.");
        let other = signs("Which database has the orders?", "lunch", "On Fridays there is soup.");
        for sign in ["bears.soft", "bears.got", "bears.cosine", "bears.back"] {
            assert!(about[sign] > other[sign], "{sign}: {about:?} {other:?}");
        }
    }

    #[test]
    fn names_are_found_misspelt_and_missed_when_foreign() {
        let misspelt = signs("how do I reach Kubernets?", "Kubernetes", "The cluster is at port 6443.");
        assert!(misspelt["bears.name"] > 0.8 && misspelt["bears.foreign"] == 0.0, "{misspelt:?}");
        let foreign = signs("Is the Antwerp warehouse open?", "Groningen warehouse", "It closes at 15:00.");
        assert_eq!(foreign["bears.foreign"], 1.0);
        assert_eq!(named("What did I say? The v2 of Anna's CamelCase"), ["v2", "Anna", "CamelCase"]);
    }

    #[test]
    fn another_in_the_same_place_is_seen() {
        let text = "Version 7.3 of the console went live on 9 June.";
        let [same, other] =
            ["7.3", "7.4"].map(|number| signs(&format!("when was version {number} live"), "", text));
        assert_eq!([same["bears.words.other"], other["bears.words.other"]], [0.0, 1.0]);
        let season = signs("when is the autumn paper due", "", "The spring paper is due on 17 February.");
        assert!(season["bears.words.apart"] == 1.0 && season["bears.words.least"] < 0.3, "{season:?}");
    }

    #[test]
    fn what_is_asked_for_is_told_or_lacking() {
        let text = "Tariffs are recalculated every night at 02:15.";
        assert_eq!(signs("when are tariffs recalculated?", "", text)["bears.lacks.time"], 0.0);
        assert_eq!(signs("who recalculates the tariffs?", "", text)["bears.lacks.person"], 1.0);
        assert_eq!(signs("how are tariffs recalculated?", "", text)["bears.lacks.person"], 0.0);
    }

    #[test]
    fn each_sentence_is_judged() {
        let first = "The spare tyres are in the barn.";
        let both =
            "The spare tyres are in the barn. Paul bought them last year from a dealer who also sells oil.";
        let [one, two] = [first, both].map(|text| signs("where are the spare tyres?", "", text));
        assert!(two["bears.back"] < one["bears.back"] && two["bears.cosine"] < one["bears.cosine"]);
        for sign in ["bears.sentence.back", "bears.sentence.cosine"] {
            assert!((two[sign] - one[sign]).abs() < 0.1, "{sign}: {one:?} {two:?}");
        }
        let longer = signs("where are the spare tyres, and who owns the barn?", "", first);
        assert_eq!([one["bears.words.parts"], longer["bears.words.parts"]], [1.0, 3.0]);
    }

    #[test]
    fn a_sealed_memory_is_found_by_its_name() {
        let bears = |question: &str| {
            let signs = signs(question, "deploy key of the shop", "");
            let parts = signs.into_iter().map(|(name, sign)| (name.to_owned(), f64::from(sign))).collect();
            Gates::built_in().memory.of(&parts) >= Gates::built_in().memory.cutoff
        };
        assert!(bears("what is the deploy key of the shop?") && bears("deploy key"));
        assert!(!bears("when does the library open?"));
    }

    #[test]
    fn a_gate_weighs_parts() {
        let text = r#"{"signs":["a.max","a.top","b.min"],"weights":[1,-1,2],"bias":0.5,"cutoff":0.5}"#;
        let gate: Gate = serde_json::from_str(text).unwrap();
        let parts = |a: f64, b: f64| Parts::from([("a".to_owned(), a), ("b".to_owned(), b)]);
        let expected = 1.0 / (1.0 + (-0.5_f64 - (3.0 - 1.0 + -2.0)).exp());
        assert!((gate.of_list(&[parts(1.0, 4.0), parts(3.0, -1.0)]) - expected).abs() < 1e-12);
    }

    #[test]
    fn the_gates_weigh_what_there_is() {
        let gates = Gates::built_in();
        let known = |name: &str| SIGNS.contains(&name) || NAMES.contains(&name) || name.starts_with("rank");
        let stem = |name: &String| name.rsplit_once('.').map(|(stem, _)| stem.to_owned()).unwrap_or_default();
        for gate in [&gates.memory, &gates.said] {
            assert!(gate.signs.iter().all(|name| known(name)), "{:?}", gate.signs);
        }
        assert!(gates.said_list.signs.iter().all(|name| known(&stem(name))), "{:?}", gates.said_list.signs);
        for gate in [&gates.memory, &gates.said, &gates.said_list] {
            assert_eq!(gate.signs.len(), gate.weights.len());
            assert!(gate.cutoff > 0.0 && gate.cutoff < 1.0);
        }
    }
}
