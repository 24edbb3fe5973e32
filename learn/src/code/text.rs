//! What is read from the text around a definition: how it is declared, and what is said about it.

use tree_sitter::Node;

use super::Language;

const SIGNATURE_CHARS: usize = 160;
const DOC_CHARS: usize = 160;
/// Comments, attributes and decorators above a definition that are looked at.
const MOST_ABOVE: usize = 40;

/// The text of a node; nothing of one that is cut within a character.
pub fn of<'t>(node: Node<'_>, text: &'t str) -> &'t str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// Everything before the body, in one line.
pub fn signature(node: Node<'_>, text: &str) -> String {
    let value = node.child_by_field_name("value");
    let body = node.child_by_field_name("body").or_else(|| value?.child_by_field_name("body"));
    let head = match body {
        Some(body) => text.get(node.start_byte()..body.start_byte()).unwrap_or_default(),
        None => of(node, text).lines().next().unwrap_or_default(),
    };
    let line = head.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches("=>").trim_end_matches([':', '{', ';', ' ']);
    cut(line, SIGNATURE_CHARS)
}

fn cut(line: &str, chars: usize) -> String {
    match line.char_indices().nth(chars) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

/// The first line of the comment right above a definition, or of its own string in Python.
pub fn doc(node: Node<'_>, language: Language, text: &str) -> Option<String> {
    let said = match language {
        Language::Python => docstring(node, text)?,
        _ => above(node, text)?,
    };
    let line = said.lines().map(bare).find(|line| !line.is_empty())?;
    Some(cut(line, DOC_CHARS))
}

fn docstring<'t>(node: Node<'_>, text: &'t str) -> Option<&'t str> {
    let first = node.child_by_field_name("body")?.named_child(0)?;
    let string = match first.kind() {
        "expression_statement" => first.named_child(0)?,
        _ => first,
    };
    (string.kind() == "string").then(|| of(string, text).trim_matches(['"', '\'', 'r', 'b', 'u']))
}

/// The comments directly above, from the first of them.
fn above<'t>(node: Node<'_>, text: &'t str) -> Option<&'t str> {
    let mut next = outermost(node);
    let mut begins = None;
    let end = next.start_byte();
    for _ in 0..MOST_ABOVE {
        let Some(before) = next.prev_sibling() else { break };
        let gap = text.get(before.end_byte()..next.start_byte()).unwrap_or_default();
        // A line comment of Rust ends after its line.
        let lines = gap.matches('\n').count() + usize::from(of(before, text).ends_with('\n'));
        if lines > 1 {
            break;
        }
        match before.kind() {
            "line_comment" | "block_comment" | "comment" => begins = Some(before.start_byte()),
            "attribute_item" | "decorator" => {}
            _ => break,
        }
        next = before;
    }
    text.get(begins?..end)
}

/// What an export or a declaration of one thing only wraps.
fn outermost(node: Node<'_>) -> Node<'_> {
    let mut outer = node;
    while let Some(parent) = outer.parent() {
        let wraps = matches!(
            parent.kind(),
            "export_statement"
                | "lexical_declaration"
                | "variable_declaration"
                | "type_declaration"
                | "const_declaration"
                | "decorated_definition"
        );
        if !wraps {
            break;
        }
        outer = parent;
    }
    outer
}

/// A line without what makes it a comment.
fn bare(line: &str) -> &str {
    let line = line.trim().trim_start_matches(['/', '*', '!', '#']).trim_end_matches("*/");
    line.trim()
}
