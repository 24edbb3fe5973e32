//! What a `.gitignore` leaves out (gitignore(5)): one file's patterns, for paths below its folder.

use regex::RegexSet;

/// Patterns of one file that are read.
const MOST_PATTERNS: usize = 2_000;

/// The patterns of one `.gitignore`.
#[derive(Debug, Default)]
pub struct Ignore {
    patterns: RegexSet,
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    /// Takes back what was left out.
    keeps: bool,
    folders_only: bool,
}

impl Ignore {
    /// Reads the file; lines that are no pattern are left out.
    pub fn read(text: &str) -> Self {
        let (mut patterns, mut rules) = (Vec::new(), Vec::new());
        for line in text.lines().take(MOST_PATTERNS) {
            let line = line.trim_end();
            let (keeps, line) = line.strip_prefix('!').map_or((false, line), |line| (true, line));
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (folders_only, line) = line.strip_suffix('/').map_or((false, line), |line| (true, line));
            let pattern = pattern(line);
            if regex::Regex::new(&pattern).is_ok() {
                patterns.push(pattern);
                rules.push(Rule { keeps, folders_only });
            }
        }
        match RegexSet::new(patterns) {
            Ok(patterns) => Self { patterns, rules },
            Err(_) => Self::default(),
        }
    }

    /// Whether a path below the file's folder is left out, or kept; `None`: no pattern speaks of it.
    pub fn leaves_out(&self, path: &str, is_folder: bool) -> Option<bool> {
        let matches = self.patterns.matches(path);
        let mut speaks =
            matches.iter().map(|at| &self.rules[at]).filter(|rule| is_folder || !rule.folders_only);
        speaks.next_back().map(|rule| !rule.keeps)
    }
}

/// A pattern as a regular expression over the path from the file's folder.
fn pattern(line: &str) -> String {
    let anchored = line.trim_end_matches("/**").contains('/');
    let line = line.strip_prefix('/').unwrap_or(line);
    let mut expression = String::from(if anchored { "^" } else { "^(?:.*/)?" });
    let mut left = line;
    while let Some(letter) = left.chars().next() {
        let (part, length): (String, usize) = match letter {
            '*' if left.starts_with("**/") => ("(?:.*/)?".into(), 3),
            '*' if left.starts_with("**") => (".*".into(), 2),
            '*' => ("[^/]*".into(), 1),
            '?' => ("[^/]".into(), 1),
            '[' => match left.find(']') {
                Some(end) if end > 1 => (left[..=end].replacen("[!", "[^", 1), end + 1),
                _ => (r"\[".into(), 1),
            },
            '\\' => {
                let escaped = left.chars().nth(1).unwrap_or('\\');
                (regex::escape(&escaped.to_string()), 1 + if left.len() > 1 { escaped.len_utf8() } else { 0 })
            }
            other => (regex::escape(&other.to_string()), other.len_utf8()),
        };
        expression.push_str(&part);
        left = left.get(length..).unwrap_or_default();
    }
    expression.push('$');
    expression
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_git() {
        let ignore = Ignore::read(
            "# built\n/target\nnode_modules/\n*.min.js\n!keep.min.js\ndocs/*.md\na/**/z\n\\#odd\n[",
        );
        let out = |path: &str, folder: bool| ignore.leaves_out(path, folder);
        assert_eq!(out("target", true), Some(true));
        assert_eq!(out("sub/target", true), None, "anchored");
        assert_eq!(out("web/node_modules", true), Some(true));
        assert_eq!(out("web/node_modules", false), None, "folders only");
        assert_eq!(out("web/a.min.js", false), Some(true));
        assert_eq!(out("web/keep.min.js", false), Some(false), "the last pattern decides");
        assert_eq!((out("docs/a.md", false), out("docs/b/a.md", false)), (Some(true), None));
        assert_eq!((out("a/z", false), out("a/b/c/z", false)), (Some(true), Some(true)));
        assert_eq!(out("#odd", false), Some(true));
        assert_eq!(out("src/lib.rs", false), None);
    }
}
