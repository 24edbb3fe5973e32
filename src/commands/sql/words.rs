//! What can be completed at the prompt: keywords, tables, columns. Pure.

const KEYWORDS: [&str; 40] = [
    "AND", "AS", "ASC", "AVG", "BETWEEN", "BY", "CASE", "CAST", "COUNT", "DESC", "DISTINCT", "ELSE", "END",
    "EXCEPT", "EXPLAIN", "FALSE", "FROM", "GROUP", "HAVING", "IN", "INTERVAL", "IS", "JOIN", "LEFT", "LIKE",
    "LIMIT", "MAX", "MIN", "NOT", "NULL", "ON", "OR", "ORDER", "OVER", "SELECT", "SUM", "THEN", "UNION",
    "WHERE", "WITH",
];

/// Names to complete with.
#[derive(Debug, Default)]
pub struct Words {
    names: Vec<String>,
}

impl Words {
    /// Of tables and columns.
    pub fn new(mut names: Vec<String>) -> Self {
        names.sort();
        names.dedup();
        Self { names }
    }

    /// Where the word at `at` begins, and what it can become.
    pub fn complete(&self, line: &str, at: usize) -> (usize, Vec<String>) {
        let before = &line[..at];
        let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |i| i + 1);
        // A character before the word may be longer than a byte.
        let start = (start..=at).find(|i| before.is_char_boundary(*i)).unwrap_or(at);
        let begun = &before[start..];
        if begun.is_empty() {
            return (start, vec![]);
        }
        let lower = begun.to_lowercase();
        let names = self.names.iter().filter(|name| name.to_lowercase().starts_with(&lower)).cloned();
        let upper = begun.to_uppercase();
        let keywords = KEYWORDS.iter().filter(|word| word.starts_with(&upper)).map(|word| (*word).to_owned());
        (start, names.chain(keywords).collect())
    }
}

/// Whether a statement is whole: it ends with `;` outside of quotes, or is a command of the prompt.
pub fn is_whole(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with('\\') || (text.ends_with(';') && !open_quote(text))
}

fn open_quote(text: &str) -> bool {
    let mut open = None;
    for c in text.chars() {
        match (open, c) {
            (None, '\'' | '"') => open = Some(c),
            (Some(quote), c) if quote == c => open = None,
            _ => {}
        }
    }
    open.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_before_keywords() {
        let words = Words::new(["events", "episodes", "session", "events"].map(str::to_owned).to_vec());
        assert_eq!(
            words.complete("select * from e", 15),
            (
                14,
                vec!["episodes", "events", "ELSE", "END", "EXCEPT", "EXPLAIN"]
                    .into_iter()
                    .map(str::to_owned)
                    .collect()
            )
        );
        assert_eq!(words.complete("SELECT COUNT(ses", 16), (13, vec!["session".to_owned()]));
        assert_eq!(words.complete("select ", 7).1, Vec::<String>::new());
        assert_eq!(words.complete("…se", 5), (3, vec!["session".to_owned(), "SELECT".to_owned()]));
    }

    #[test]
    fn statements_end_with_a_semicolon() {
        assert!(is_whole("select 1;") && is_whole("  \\d ") && is_whole(""));
        assert!(!is_whole("select 1") && !is_whole("select ';") && is_whole("select ';';"));
    }
}
