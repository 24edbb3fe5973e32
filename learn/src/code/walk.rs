//! One walk over the syntax tree, from the first to the last node.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use tree_sitter::{Node, ParseOptions, Parser, Tree};

use super::grammar::{Around, Seen, is_marked_test, seen};
use super::{
    Called, Language, MOST_BYTES, MOST_CALLS, MOST_IMPORTS, MOST_SYMBOLS, Outline, Symbol, SymbolKind,
    imports, text as around,
};

/// Steps of the parser's own count after which a text is given up: valid files need far fewer.
const MOST_STEPS: usize = 20_000;
/// Levels of the tree below which nothing is looked at.
const MOST_LEVELS: usize = 400;

/// The outline of a file; `None` when it is of no language that is read, or too large to be.
pub fn outline(path: &str, text: &str) -> Option<Outline> {
    let language = Language::of(path)?;
    if text.len() > MOST_BYTES {
        return None;
    }
    let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
    let empty = Outline { language: Some(language), lines, ..Outline::default() };
    let Some(tree) = parse(language, path, text) else { return Some(Outline { broken: true, ..empty }) };
    let outline = Outline { broken: tree.root_node().has_error(), ..empty };
    let mut walk = Walk { language, text, outline, scopes: Vec::new(), calls: BTreeMap::new() };
    walk.all(&tree);
    Some(walk.done())
}

fn parse(language: Language, path: &str, text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&language.grammar(path)).ok()?;
    let mut steps = 0_usize;
    let mut watch = |_: &tree_sitter::ParseState| {
        steps += 1;
        if steps > MOST_STEPS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let bytes = text.as_bytes();
    let options = ParseOptions::new().progress_callback(&mut watch);
    parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))
}

/// What the walk is within.
struct Scope {
    level: usize,
    /// The qualified name.
    name: String,
    kind: Option<SymbolKind>,
    symbol: Option<usize>,
}

/// Who calls what, on what.
type Call = (Option<String>, String, Option<String>);

struct Walk<'t> {
    language: Language,
    text: &'t str,
    outline: Outline,
    scopes: Vec<Scope>,
    /// Line and number of each.
    calls: BTreeMap<Call, (u32, u32)>,
}

impl Walk<'_> {
    fn all(&mut self, tree: &Tree) {
        let mut cursor = tree.walk();
        let mut above: Vec<&'static str> = Vec::new();
        // Of each level the siblings before the next node.
        let mut before: Vec<[Option<Node<'_>>; 3]> = vec![[None; 3]];
        loop {
            let (node, level) = (cursor.node(), above.len());
            self.enter(node, level, &Around { above: &above, before: before[level] });
            if level < MOST_LEVELS && cursor.goto_first_child() {
                above.push(node.kind());
                before.push([None; 3]);
                continue;
            }
            loop {
                let (left, level) = (cursor.node(), above.len());
                self.leave(level);
                let [first, second, _] = before[level];
                before[level] = [Some(left), first, second];
                if cursor.goto_next_sibling() {
                    break;
                }
                if !cursor.goto_parent() {
                    return;
                }
                above.pop();
                before.pop();
            }
        }
    }

    fn enter(&mut self, node: Node<'_>, level: usize, around: &Around<'_, '_>) {
        match seen(self.language, node, self.text, around) {
            Seen::Nothing => {}
            Seen::Symbol { name, kind, test } => {
                let parent = self.scopes.last().map(|scope| scope.name.clone());
                let kind = match (kind, self.scopes.last().and_then(|scope| scope.kind)) {
                    (SymbolKind::Function, Some(owner)) if has_methods(owner) => SymbolKind::Method,
                    (kind, _) => kind,
                };
                self.define(node, level, (name, kind, parent), test);
            }
            Seen::Of { owner, name } => {
                self.define(node, level, (name, SymbolKind::Method, Some(owner)), false);
            }
            Seen::Within(name) => {
                let name = self.qualified(&name);
                self.scopes.push(Scope { level, name, kind: Some(SymbolKind::Class), symbol: None });
            }
            Seen::Branch => self.branch(),
            Seen::Call { to, on } => self.call(node, to, on),
            Seen::Import => {
                let room = MOST_IMPORTS.saturating_sub(self.outline.imports.len());
                let found = imports::of(self.language, node, self.text, line(node));
                self.outline.truncated |= found.len() > room;
                self.outline.imports.extend(found.into_iter().take(room));
            }
        }
    }

    fn leave(&mut self, level: usize) {
        while self.scopes.last().is_some_and(|scope| scope.level >= level) {
            self.scopes.pop();
        }
    }

    fn qualified(&self, name: &str) -> String {
        match self.scopes.last() {
            Some(scope) => format!("{}.{name}", scope.name),
            None => name.to_owned(),
        }
    }

    fn define(
        &mut self,
        node: Node<'_>,
        level: usize,
        (name, kind, parent): (String, SymbolKind, Option<String>),
        test: bool,
    ) {
        if self.outline.symbols.len() >= MOST_SYMBOLS {
            self.outline.truncated = true;
            return;
        }
        let begins = line(node);
        let symbol = Symbol {
            line: begins,
            lines: end(node).saturating_sub(begins) + 1,
            complexity: u32::from(kind.is_code()),
            signature: around::signature(node, self.text),
            doc: around::doc(node, self.language, self.text),
            test: test
                || (self.language == Language::Rust && kind.is_code() && is_marked_test(node, self.text)),
            name,
            kind,
            parent,
        };
        let name = symbol.qualified();
        self.scopes.push(Scope { level, name, kind: Some(kind), symbol: Some(self.outline.symbols.len()) });
        self.outline.symbols.push(symbol);
    }

    /// A branch counts for the innermost thing that runs.
    fn branch(&mut self) {
        let innermost = self.scopes.iter().rev().find(|scope| scope.kind.is_some_and(SymbolKind::is_code));
        if let Some(symbol) = innermost.and_then(|scope| scope.symbol) {
            self.outline.symbols[symbol].complexity += 1;
        }
    }

    fn call(&mut self, node: Node<'_>, to: String, on: Option<String>) {
        let from =
            self.scopes.iter().rev().find(|scope| scope.symbol.is_some()).map(|scope| scope.name.clone());
        let call = (from, to, on);
        if self.calls.len() >= MOST_CALLS && !self.calls.contains_key(&call) {
            self.outline.truncated = true;
            return;
        }
        self.calls.entry(call).or_insert((line(node), 0)).1 += 1;
    }

    fn done(self) -> Outline {
        let calls = self.calls.into_iter();
        let called = |((from, to, on), (line, times))| Called { from, to, on, line, times };
        let mut calls: Vec<Called> = calls.map(called).collect();
        calls.sort_by_key(|call| call.line);
        Outline { calls, ..self.outline }
    }
}

fn has_methods(kind: SymbolKind) -> bool {
    matches!(
        kind,
        SymbolKind::Class | SymbolKind::Struct | SymbolKind::Enum | SymbolKind::Trait | SymbolKind::Interface
    )
}

fn line(node: Node<'_>) -> u32 {
    u32::try_from(node.start_position().row).unwrap_or(u32::MAX - 1) + 1
}

fn end(node: Node<'_>) -> u32 {
    let end = node.end_position();
    // What ends at the beginning of a line ends with the one before.
    let row = if end.column == 0 { end.row.saturating_sub(1) } else { end.row };
    u32::try_from(row).unwrap_or(u32::MAX - 1) + 1
}
