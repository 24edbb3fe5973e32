//! One walk over the syntax tree, from the first to the last node.

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;

use tree_sitter::{Node, ParseOptions, Parser, Tree};

use super::grammar::{Around, Seen, is_marked_test, seen};
use super::{
    Called, How, Language, MOST_BYTES, MOST_CALLS, MOST_IMPORTS, MOST_MENTIONS, MOST_SYMBOLS, Outline,
    Symbol, SymbolKind, imports, mentions, text as around,
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
    let mut walk = Walk {
        language,
        text,
        outline,
        scopes: Vec::new(),
        calls: BTreeMap::new(),
        bases: BTreeMap::new(),
        mentions: BTreeMap::new(),
        bound: HashSet::new(),
    };
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

/// Who uses what, on what.
type Use = (Option<String>, String, Option<String>);
/// Line and number of each.
type Uses = BTreeMap<Use, (u32, u32)>;

struct Walk<'t> {
    language: Language,
    text: &'t str,
    outline: Outline,
    scopes: Vec<Scope>,
    calls: Uses,
    bases: Uses,
    mentions: Uses,
    /// The variables of each symbol: what is mentioned by such a name is not what others define.
    bound: HashSet<(Option<String>, &'t str)>,
}

impl Walk<'_> {
    fn all(&mut self, tree: &Tree) {
        let mut cursor = tree.walk();
        let mut above: Vec<&'static str> = Vec::new();
        // Of each level the siblings before the next node.
        let mut before: Vec<[Option<Node<'_>>; 3]> = vec![[None; 3]];
        loop {
            let (node, level) = (cursor.node(), above.len());
            let around = Around { above: &above, before: before[level], field: cursor.field_name() };
            let goes_on = self.enter(node, level, &around);
            if goes_on && level < MOST_LEVELS && cursor.goto_first_child() {
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

    /// Takes over what a node says; whether what is inside of it says more.
    fn enter(&mut self, node: Node<'_>, level: usize, around: &Around<'_, '_>) -> bool {
        match seen(self.language, node, self.text, around) {
            Seen::Nothing => self.mention(node, around),
            Seen::Symbol { name, kind, test } => {
                let parent = self.scopes.last().map(|scope| scope.name.clone());
                let kind = match (kind, self.scopes.last().and_then(|scope| scope.kind)) {
                    (SymbolKind::Function, Some(owner)) if has_methods(owner) => SymbolKind::Method,
                    (kind, _) => kind,
                };
                self.define(node, level, (name, kind, parent), test);
                self.extend(node);
            }
            Seen::Of { owner, name } => {
                self.define(node, level, (name, SymbolKind::Method, Some(owner)), false);
            }
            Seen::Within(name) => {
                let name = self.qualified(&name);
                self.scopes.push(Scope { level, name, kind: Some(SymbolKind::Class), symbol: None });
                self.extend(node);
            }
            Seen::Branch => self.branch(),
            Seen::Call { to, on } => self.call(node, to, on),
            Seen::Import => {
                let room = MOST_IMPORTS.saturating_sub(self.outline.imports.len());
                let found = imports::of(self.language, node, self.text, line(node));
                self.outline.truncated |= found.len() > room;
                self.outline.imports.extend(found.into_iter().take(room));
                return node.kind() == "call_expression";
            }
        }
        true
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

    /// The innermost symbol that the walk is in.
    fn within(&self) -> Option<String> {
        self.scopes.iter().rev().find(|scope| scope.symbol.is_some()).map(|scope| scope.name.clone())
    }

    fn call(&mut self, node: Node<'_>, to: String, on: Option<String>) {
        let from = self.within();
        self.outline.truncated |= !counted(&mut self.calls, (from, to, on), line(node), MOST_CALLS);
    }

    /// What the type that was entered last extends or implements.
    fn extend(&mut self, node: Node<'_>) {
        let from = self.scopes.last().map(|scope| scope.name.clone());
        for (to, on) in mentions::bases(self.language, node, self.text) {
            self.outline.truncated |=
                !counted(&mut self.bases, (from.clone(), to, on), line(node), MOST_CALLS);
        }
    }

    fn mention(&mut self, node: Node<'_>, around: &Around<'_, '_>) {
        if let Some(name) = mentions::bound(node, self.text, around) {
            self.bound.insert((self.within(), name));
            return;
        }
        if node.kind() == "decorated_definition" {
            let Some((decorated, decorators)) = mentions::decorators(node, self.text) else { return };
            let from = self.qualified(&decorated);
            for (to, on) in decorators {
                let call = (Some(from.clone()), to, on);
                self.outline.truncated |= !counted(&mut self.calls, call, line(node), MOST_CALLS);
            }
            return;
        }
        if let Some((to, on)) = mentions::mentioned(node, self.text, around) {
            let from = self.within();
            self.outline.truncated |= !counted(&mut self.mentions, (from, to, on), line(node), MOST_MENTIONS);
        }
    }

    fn done(mut self) -> Outline {
        let mut mentions = std::mem::take(&mut self.mentions);
        let based: HashSet<(&String, &Option<String>)> =
            self.bases.keys().map(|(_, to, on)| (to, on)).collect();
        mentions.retain(|one, _| {
            let of_a_base =
                self.bases.contains_key(one) || (one.0.is_none() && based.contains(&(&one.1, &one.2)));
            !self.calls.contains_key(one) && !of_a_base && !self.is_own(one)
        });
        let how = [(self.calls, How::Call), (self.bases, How::Extends), (mentions, How::Mentions)];
        let called = |((from, to, on), (line, times)), how| Called { from, to, on, line, times, how };
        let all = how.into_iter().flat_map(|(uses, how)| uses.into_iter().map(move |one| called(one, how)));
        let mut calls: Vec<Called> = all.collect();
        calls.sort_by_key(|call| call.line);
        Outline { calls, ..self.outline }
    }

    /// Whether a mention means a variable, or the very symbol that it stands in.
    fn is_own(&self, (from, to, on): &Use) -> bool {
        let Some(from) = from.as_deref().filter(|_| on.is_none()) else { return false };
        let within = from.match_indices('.').map(|(at, _)| &from[..at]).chain([from]);
        let itself = from.split('.').any(|part| part == to);
        itself || within.into_iter().any(|scope| self.bound.contains(&(Some(scope.to_owned()), to.as_str())))
    }
}

/// Counts a use; whether there was room for it.
fn counted(uses: &mut Uses, one: Use, line: u32, most: usize) -> bool {
    if uses.len() >= most && !uses.contains_key(&one) {
        return false;
    }
    uses.entry(one).or_insert((line, 0)).1 += 1;
    true
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
