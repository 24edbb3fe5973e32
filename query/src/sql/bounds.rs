//! How much a statement may ask for before it is planned: plans are walked in depth, and a name of a WITH
//! stands for its whole statement wherever it is used.

use std::collections::HashMap;

use athena_schemas::Error;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer, Word};

/// Bytes of a statement.
const BYTES: usize = 1 << 20;
/// Operators, conditions and parentheses: each may be a level of the plan.
const OPERATORS: usize = 1_000;
/// SELECT, JOIN, UNION and their like, with those that names of a WITH stand for.
const RELATIONS: u64 = 100;

/// # Errors
/// `invalid_argument` for what is too large or too deep.
pub fn check(statement: &str) -> Result<(), Error> {
    let refused = |what: String| {
        Err(Error::invalid("sql", what).hint("ask in several statements, or with IN and parameters"))
    };
    if statement.len() > BYTES {
        return refused(format!("the statement has {} bytes, at most {BYTES}", statement.len()));
    }
    // What is not made of tokens is the parser's to tell.
    let Ok(tokens) = Tokenizer::new(&GenericDialect {}, statement).tokenize() else { return Ok(()) };
    let tokens: Vec<Token> = tokens.into_iter().filter(|t| !matches!(t, Token::Whitespace(_))).collect();
    let operators = tokens.iter().filter(|token| is_operator(token)).count();
    if operators > OPERATORS {
        return refused(format!("the statement has {operators} operators, at most {OPERATORS}"));
    }
    let relations = relations(&tokens);
    if relations > RELATIONS {
        return refused(format!("the statement reads {relations} relations, at most {RELATIONS}"));
    }
    Ok(())
}

fn is_operator(token: &Token) -> bool {
    match token {
        Token::Comma | Token::Period | Token::SemiColon | Token::RParen | Token::RBracket | Token::RBrace => {
            false
        }
        Token::Number(..) | Token::SingleQuotedString(_) | Token::Placeholder(_) => false,
        Token::Word(word) => {
            word.quote_style.is_none()
                && ["AND", "OR", "NOT", "WHEN", "IS", "LIKE", "BETWEEN", "COLLATE"]
                    .iter()
                    .any(|name| word.value.eq_ignore_ascii_case(name))
        }
        _ => true,
    }
}

/// How many relations are read when each name of a WITH is replaced by what it stands for.
fn relations(tokens: &[Token]) -> u64 {
    let mut names: HashMap<String, u64> = HashMap::new();
    // Names being defined, each with the depth of its parentheses and what it reads so far.
    let mut open: Vec<(String, usize, u64)> = Vec::new();
    let (mut all, mut depth) = (0_u64, 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        let reads = match token {
            Token::LParen => {
                if let Some(name) = defined(&tokens[..at]) {
                    open.push((name, depth, 0));
                }
                depth += 1;
                0
            }
            Token::RParen => {
                depth = depth.saturating_sub(1);
                if open.last().is_some_and(|(_, at, _)| *at == depth)
                    && let Some((name, _, reads)) = open.pop()
                {
                    names.insert(name, reads.max(1));
                }
                0
            }
            Token::Word(word) => reads(word, tokens.get(at + 1), &names),
            _ => 0,
        };
        all = all.saturating_add(reads);
        if let Some((_, _, sum)) = open.last_mut() {
            *sum = sum.saturating_add(reads);
        }
    }
    all
}

fn reads(word: &Word, next: Option<&Token>, names: &HashMap<String, u64>) -> u64 {
    let keyword = ["SELECT", "JOIN", "UNION", "INTERSECT", "EXCEPT", "VALUES"];
    if word.quote_style.is_none() && keyword.iter().any(|name| word.value.eq_ignore_ascii_case(name)) {
        return 1;
    }
    // `name.column` reads nothing more.
    match next {
        Some(Token::Period) => 0,
        _ => names.get(&word.value.to_lowercase()).copied().unwrap_or(0),
    }
}

/// The name of `NAME AS (` or `NAME (columns) AS (` before an opening parenthesis.
fn defined(before: &[Token]) -> Option<String> {
    let word = |token: &Token| match token {
        Token::Word(word) => Some(word.value.to_lowercase()),
        _ => None,
    };
    let (last, rest) = before.split_last()?;
    if word(last)? != "as" {
        return None;
    }
    match rest.split_last()? {
        (Token::RParen, columns) => {
            let start = columns.iter().rposition(|token| *token == Token::LParen)?;
            word(columns.get(start.checked_sub(1)?)?)
        }
        (name, _) => word(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_ask_is_small() {
        let many = format!("SELECT * FROM events WHERE id IN ({})", vec!["'x'"; 50_000].join(","));
        let with = "WITH a AS (SELECT id FROM events), b (x) AS (SELECT id FROM a JOIN a AS c ON a.id = c.id)
                    SELECT a.id, b.x FROM a, b WHERE a.id = b.x AND a.id <> 'y'";
        for statement in [many.as_str(), with, "SELECT 1", "'unfinished", "WITH AS ((", ""] {
            assert_eq!(check(statement), Ok(()), "{statement:.40}");
        }
    }

    #[test]
    fn what_grows_without_bound_is_refused() {
        let mut chain = "WITH t0 AS (SELECT 1 AS x)".to_owned();
        for n in 1..24 {
            let before = n - 1;
            chain += &format!(", t{n} AS (SELECT a.x FROM t{before} AS a CROSS JOIN t{before} AS b)");
        }
        chain += " SELECT * FROM t23";
        let joins: String = (0..500).map(|n| format!(" CROSS JOIN (SELECT 1) AS t{n}")).collect();
        for statement in [
            chain,
            format!("SELECT 1{}", "+1".repeat(5_000)),
            format!("SELECT 1{}", "::int".repeat(5_000)),
            format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(5_000)),
            format!("SELECT 1 FROM events{joins}"),
            format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000)),
            format!("SELECT 1 FROM events WHERE NOT {}true", "NOT ".repeat(5_000)),
            "x".repeat(BYTES + 1),
        ] {
            assert_eq!(check(&statement).unwrap_err().field.as_deref(), Some("sql"), "{statement:.40}");
        }
    }
}
