//! The lines that bring something in, as each language writes them.

use tree_sitter::Node;

use super::text::of as text_of;
use super::{Import, Language};

/// Levels of braces in a `use` that are followed.
const MOST_NESTED: usize = 16;

fn found(language: Language, node: Node<'_>, text: &str) -> Vec<(String, Option<String>)> {
    match language {
        Language::Rust => rust(node, text),
        Language::Python => python(node, text),
        Language::TypeScript | Language::JavaScript => script(node, text),
        Language::Go => vec![(unquoted(node.child_by_field_name("path"), text), None)],
        Language::Java => java(node, text),
    }
}

/// What a node imports; nothing of what says no module.
pub fn of(language: Language, node: Node<'_>, text: &str, line: u32) -> Vec<Import> {
    let found = found(language, node, text).into_iter().filter(|(path, _)| !path.is_empty());
    found.map(|(path, name)| Import { path, name, line }).collect()
}

fn rust(node: Node<'_>, text: &str) -> Vec<(String, Option<String>)> {
    if node.kind() == "mod_item" {
        let name = node.child_by_field_name("name").map(|name| of_text(name, text));
        return name.map(|name| (format!("self::{name}"), None)).into_iter().collect();
    }
    let mut found = Vec::new();
    if let Some(argument) = node.child_by_field_name("argument") {
        used(argument, "", text, MOST_NESTED, &mut found);
    }
    found
}

/// The paths of a `use`, each with what it is below.
fn used(node: Node<'_>, above: &str, text: &str, left: usize, found: &mut Vec<(String, Option<String>)>) {
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
                used(path, above, text, left, found);
            }
        }
        "use_wildcard" => {
            let path = node.named_child(0).map(|path| of_text(path, text)).unwrap_or_default();
            found.push((below(&path), Some("*".into())));
        }
        "self" if !above.is_empty() => found.push((above.to_owned(), None)),
        "identifier" | "scoped_identifier" | "self" | "crate" | "super" => {
            let whole = below(text_of(node, text));
            match whole.rsplit_once("::") {
                Some((path, name)) => found.push((path.to_owned(), Some(name.to_owned()))),
                None => found.push((whole, None)),
            }
        }
        _ => {}
    }
}

fn python(node: Node<'_>, text: &str) -> Vec<(String, Option<String>)> {
    let mut cursor = node.walk();
    let name_of = |one: Node<'_>| of_text(one.child_by_field_name("name").unwrap_or(one), text);
    let names: Vec<String> = node.children_by_field_name("name", &mut cursor).map(name_of).collect();
    if node.kind() == "import_statement" {
        return names.into_iter().map(|name| (name, None)).collect();
    }
    let module = node.child_by_field_name("module_name").map(|name| of_text(name, text)).unwrap_or_default();
    if names.is_empty() {
        return vec![(module, Some("*".into()))];
    }
    names.into_iter().map(|name| (module.clone(), Some(name))).collect()
}

fn script(node: Node<'_>, text: &str) -> Vec<(String, Option<String>)> {
    if node.kind() == "call_expression" {
        let arguments = node.child_by_field_name("arguments");
        let first = arguments.and_then(|all| all.named_child(0)).filter(|first| first.kind() == "string");
        return vec![(unquoted(first, text), None)];
    }
    let path = unquoted(node.child_by_field_name("source"), text);
    let mut names = Vec::new();
    let mut cursor = node.walk();
    for clause in node.named_children(&mut cursor) {
        specified(clause, text, &mut names);
    }
    match names.is_empty() {
        true => vec![(path, None)],
        false => names.into_iter().map(|name| (path.clone(), Some(name))).collect(),
    }
}

/// The names in an import's or export's clause.
fn specified(node: Node<'_>, text: &str, names: &mut Vec<String>) {
    match node.kind() {
        "import_specifier" | "export_specifier" => {
            names.extend(node.child_by_field_name("name").map(|name| of_text(name, text)));
        }
        "namespace_import" | "namespace_export" => names.push("*".into()),
        "identifier" => names.push("default".into()),
        "import_clause" | "named_imports" | "export_clause" => {
            let mut cursor = node.walk();
            for one in node.named_children(&mut cursor) {
                specified(one, text, names);
            }
        }
        _ => {}
    }
}

fn java(node: Node<'_>, text: &str) -> Vec<(String, Option<String>)> {
    let mut cursor = node.walk();
    let named: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
    let Some(path) = named.iter().find(|one| one.kind().ends_with("identifier")) else { return Vec::new() };
    let path = of_text(*path, text);
    if named.iter().any(|one| one.kind() == "asterisk") {
        return vec![(path, Some("*".into()))];
    }
    match path.rsplit_once('.') {
        Some((package, name)) => vec![(package.to_owned(), Some(name.to_owned()))],
        None => vec![(path, None)],
    }
}

fn of_text(node: Node<'_>, text: &str) -> String {
    text_of(node, text).split_whitespace().collect()
}

fn unquoted(node: Option<Node<'_>>, text: &str) -> String {
    node.map(|node| text_of(node, text).trim_matches(['"', '\'', '`']).to_owned()).unwrap_or_default()
}
