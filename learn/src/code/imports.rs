//! The lines that bring something in, as each language writes them.

use tree_sitter::Node;

use super::text::of as text_of;
use super::{Import, Language};

/// Levels of braces in a `use` that are followed.
const MOST_NESTED: usize = 16;

/// A path, what of it, and what that is called here.
type Found = (String, Option<String>, Option<String>);

fn found(language: Language, node: Node<'_>, text: &str) -> Vec<Found> {
    match language {
        Language::Rust => rust(node, text),
        Language::Python => python(node, text),
        Language::TypeScript | Language::JavaScript => script(node, text),
        Language::Go => {
            let alias = node.child_by_field_name("name").map(|name| of_text(name, text));
            vec![(unquoted(node.child_by_field_name("path"), text), None, alias)]
        }
        Language::Java => java(node, text),
    }
}

/// What a node imports; nothing of what says no module.
pub fn of(language: Language, node: Node<'_>, text: &str, line: u32) -> Vec<Import> {
    let found = found(language, node, text).into_iter().filter(|(path, ..)| !path.is_empty());
    found.map(|(path, name, alias)| Import { path, name, alias, line }).collect()
}

fn rust(node: Node<'_>, text: &str) -> Vec<Found> {
    if node.kind() == "mod_item" {
        let name = node.child_by_field_name("name").map(|name| of_text(name, text));
        return name.map(|name| (format!("self::{name}"), None, None)).into_iter().collect();
    }
    let mut found = Vec::new();
    if let Some(argument) = node.child_by_field_name("argument") {
        used(argument, "", text, MOST_NESTED, &mut found);
    }
    found
}

/// The paths of a `use`, each with what it is below.
fn used(node: Node<'_>, above: &str, text: &str, left: usize, found: &mut Vec<Found>) {
    let below = |path: &str| match (above.is_empty(), path) {
        (true, path) => path.to_owned(),
        (false, "self" | "") => above.to_owned(),
        (false, path) => format!("{above}::{path}"),
    };
    let field = |name: &str| node.child_by_field_name(name);
    match node.kind() {
        "scoped_use_list" if left > 0 => {
            let path = below(field("path").map(|path| text_of(path, text)).unwrap_or_default());
            if let Some(list) = field("list") {
                used(list, &path, text, left - 1, found);
            }
        }
        "use_list" if left > 0 => {
            let mut cursor = node.walk();
            for one in node.named_children(&mut cursor) {
                used(one, above, text, left - 1, found);
            }
        }
        "use_as_clause" => {
            if let Some(path) = field("path") {
                let first = found.len();
                used(path, above, text, left, found);
                let alias = field("alias").map(|alias| text_of(alias, text).to_owned());
                found[first..].iter_mut().for_each(|one| one.2.clone_from(&alias));
            }
        }
        "use_wildcard" => {
            let path = node.named_child(0).map(|path| of_text(path, text)).unwrap_or_default();
            found.push((below(&path), Some("*".into()), None));
        }
        "self" if !above.is_empty() => found.push((above.to_owned(), None, None)),
        "identifier" | "scoped_identifier" | "self" | "crate" | "super" => {
            let whole = below(text_of(node, text));
            match whole.rsplit_once("::") {
                Some((path, name)) => found.push((path.to_owned(), Some(name.to_owned()), None)),
                None => found.push((whole, None, None)),
            }
        }
        _ => {}
    }
}

fn python(node: Node<'_>, text: &str) -> Vec<Found> {
    let mut cursor = node.walk();
    let name_of = |one: Node<'_>| {
        let alias = one.child_by_field_name("alias").map(|alias| of_text(alias, text));
        (of_text(one.child_by_field_name("name").unwrap_or(one), text), alias)
    };
    let names: Vec<_> = node.children_by_field_name("name", &mut cursor).map(name_of).collect();
    if node.kind() == "import_statement" {
        return names.into_iter().map(|(name, alias)| (name, None, alias)).collect();
    }
    let module = node.child_by_field_name("module_name").map(|name| of_text(name, text)).unwrap_or_default();
    if names.is_empty() {
        return vec![(module, Some("*".into()), None)];
    }
    names.into_iter().map(|(name, alias)| (module.clone(), Some(name), alias)).collect()
}

fn script(node: Node<'_>, text: &str) -> Vec<Found> {
    if node.kind() == "call_expression" {
        let arguments = node.child_by_field_name("arguments");
        let first = arguments.and_then(|all| all.named_child(0)).filter(|first| first.kind() == "string");
        return vec![(unquoted(first, text), None, None)];
    }
    let path = unquoted(node.child_by_field_name("source"), text);
    let mut names = Vec::new();
    let mut cursor = node.walk();
    for clause in node.named_children(&mut cursor) {
        specified(clause, text, &mut names);
    }
    match names.is_empty() {
        // What only runs a file, and what brings in all of it to give it on.
        true => vec![(path, (node.kind() == "export_statement").then(|| "*".to_owned()), None)],
        false => names.into_iter().map(|(name, alias)| (path.clone(), Some(name), alias)).collect(),
    }
}

/// The names in an import's or export's clause.
fn specified(node: Node<'_>, text: &str, names: &mut Vec<(String, Option<String>)>) {
    match node.kind() {
        "import_specifier" | "export_specifier" => {
            let part = |field: &str| node.child_by_field_name(field).map(|name| of_text(name, text));
            names.extend(part("name").map(|name| (name, part("alias"))));
        }
        "namespace_import" | "namespace_export" => {
            names.push(("*".into(), node.named_child(0).map(|name| of_text(name, text))));
        }
        "identifier" => names.push(("default".into(), Some(of_text(node, text)))),
        "import_clause" | "named_imports" | "export_clause" => {
            let mut cursor = node.walk();
            for one in node.named_children(&mut cursor) {
                specified(one, text, names);
            }
        }
        _ => {}
    }
}

fn java(node: Node<'_>, text: &str) -> Vec<Found> {
    let mut cursor = node.walk();
    let named: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
    let Some(path) = named.iter().find(|one| one.kind().ends_with("identifier")) else { return Vec::new() };
    let path = of_text(*path, text);
    if named.iter().any(|one| one.kind() == "asterisk") {
        return vec![(path, Some("*".into()), None)];
    }
    match path.rsplit_once('.') {
        Some((package, name)) => vec![(package.to_owned(), Some(name.to_owned()), None)],
        None => vec![(path, None, None)],
    }
}

fn of_text(node: Node<'_>, text: &str) -> String {
    text_of(node, text).split_whitespace().collect()
}

fn unquoted(node: Option<Node<'_>>, text: &str) -> String {
    node.map(|node| text_of(node, text).trim_matches(['"', '\'', '`']).to_owned()).unwrap_or_default()
}
