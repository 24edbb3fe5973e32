//! Words of the texts at hand that mean about the same as a word of a question.

use std::collections::HashSet;

use athena_store::Scope;

use super::index::VectorIndex;

/// Words of a question for which others are sought, the most telling.
const MOST_SOUGHT: usize = 6;
/// From which cosine on two words mean about the same.
const ALIKE: f32 = 0.5;
/// Texts that must have a word, lest a single one tells what words the memory knows.
const LEAST_TEXTS: u64 = 2;
/// What a token weighs, at least, to be worth another word.
const TELLING: f32 = 0.25;
/// Letters of the shortest word.
const SHORTEST: usize = 3;

/// A word that is like one of the question's.
#[derive(Debug, Clone, PartialEq)]
pub struct Like {
    pub word: String,
    pub of: String,
    pub cosine: f32,
}

impl VectorIndex {
    /// For the most telling words of a text the likest words that texts in the scope have, `most` each, the likest
    /// first. Words of the text itself are left out, and those that `same` says are one word with it.
    pub fn like_words(
        &self,
        scope: &Scope,
        text: &str,
        most: usize,
        same: impl Fn(&str, &str) -> bool,
    ) -> Vec<Like> {
        let mut own: Vec<u16> = self.table.tokens(text);
        own.sort_by(|one, other| self.table.weight(*other).total_cmp(&self.table.weight(*one)));
        own.dedup();
        let known: HashSet<u16> = self.known(scope);
        let mut found = Vec::new();
        let telling = own.iter().filter(|token| self.table.weight(**token) >= TELLING);
        for token in telling.take(MOST_SOUGHT) {
            let Some(of) = self.table.word(*token).filter(|word| word.len() >= SHORTEST) else { continue };
            let others = known.iter().filter(|other| !own.contains(other));
            let mut like: Vec<Like> = others
                .filter_map(|other| {
                    let cosine = self.table.similarity(*token, *other);
                    let word = (cosine >= ALIKE).then(|| self.table.word(*other)).flatten()?;
                    let plain = word.len() >= SHORTEST && word.bytes().all(|byte| byte.is_ascii_alphabetic());
                    (plain && !same(&of, &word)).then(|| Like { word, of: of.clone(), cosine })
                })
                .collect();
            like.sort_by(|one, other| {
                other.cosine.total_cmp(&one.cosine).then_with(|| one.word.cmp(&other.word))
            });
            found.extend(like.into_iter().take(most));
        }
        found
    }

    fn known(&self, scope: &Scope) -> HashSet<u16> {
        let slots = self.slots.read();
        let all = slots.projects_in(scope).flat_map(|project| project.statistics.tokens());
        all.filter(|(_, texts)| *texts >= LEAST_TEXTS).map(|(token, _)| token).collect()
    }
}

#[cfg(test)]
mod tests {
    use athena_schemas::Vector;
    use athena_schemas::tables::Embedding;
    use athena_store::embed::{Model, StaticTable};

    use super::*;

    #[tokio::test]
    async fn only_words_of_the_scope_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let table = StaticTable::built_in();
        let index = VectorIndex::new(table.clone(), folder.path(), Default::default()).unwrap();
        let take = async |project: &str, position: u64, text: &str| {
            let chunk = table.clone().embed(vec![text.to_owned()]).await.unwrap().remove(0).remove(0);
            let tokens = chunk.tokens.iter().flat_map(|token| token.to_le_bytes()).collect();
            let row = Embedding {
                project: project.into(),
                kind: "event".into(),
                model: table.name().into(),
                vector: Vector(chunk.vector),
                tokens: Some(tokens),
                position,
                ..Embedding::default()
            };
            index.take(&[row]).unwrap();
        };
        for position in 0..3 {
            take("p", position, "the automobile is parked by the bread").await;
            take("q", 10 + position, "the truck is parked").await;
        }
        let found = |project: &str| {
            let scope = Scope::Projects(vec![project.to_owned()]);
            let like = index.like_words(&scope, "where is the car?", 3, |_, _| false);
            like.into_iter().map(|one| (one.of, one.word)).collect::<Vec<_>>()
        };
        assert_eq!(found("p"), [("car".to_owned(), "automobile".to_owned())]);
        assert!(!found("q").iter().any(|(_, word)| word == "automobile"));
        assert!(found("nobody").is_empty());
    }
}
