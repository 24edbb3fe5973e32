//! What the nodes of each language's grammar mean.

use tree_sitter::Node;

use super::text::of;
use super::{Language, SymbolKind};

/// What a node is to an outline.
pub enum Seen {
    Symbol {
        name: String,
        kind: SymbolKind,
        test: bool,
    },
    /// Something that symbols stand in, defined elsewhere: an `impl`, a receiver.
    Within(String),
    /// A method that says itself which type it is of.
    Of {
        owner: String,
        name: String,
    },
    Branch,
    Call {
        to: String,
        on: Option<String>,
    },
    Import,
    Nothing,
}

/// Bytes of the longest name that is one.
pub const NAME_BYTES: usize = 200;

/// Where a node stands. The tree itself finds parents and siblings only by looking from its root.
#[derive(Default)]
pub struct Around<'a, 'tree> {
    /// The kinds of what it is within, the innermost last.
    pub above: &'a [&'static str],
    /// The siblings before it, the nearest first.
    pub before: [Option<Node<'tree>>; 3],
    /// What it is to its parent.
    pub field: Option<&'static str>,
}

impl Around<'_, '_> {
    /// Whether that many levels above there is something of that kind.
    pub fn stands_at(&self, above: usize, kind: &str) -> bool {
        self.above.len().checked_sub(above).and_then(|at| self.above.get(at)).is_some_and(|one| *one == kind)
    }
}

pub fn seen(language: Language, node: Node<'_>, text: &str, around: &Around<'_, '_>) -> Seen {
    if !node.is_named() {
        let operator = matches!(node.kind(), "&&" | "||" | "??");
        return if operator { Seen::Branch } else { Seen::Nothing };
    }
    match language {
        Language::Rust => rust(node, text, around),
        Language::Python => python(node, text, around),
        Language::TypeScript | Language::JavaScript => script(node, text, around),
        Language::Go => go(node, text, around),
        Language::Java => java(node, text),
    }
}

fn rust(node: Node<'_>, text: &str, around: &Around<'_, '_>) -> Seen {
    let kind = match node.kind() {
        "function_item" | "function_signature_item" => {
            return symbol(node, text, SymbolKind::Function, false);
        }
        "struct_item" | "union_item" => SymbolKind::Struct,
        "enum_item" => SymbolKind::Enum,
        "trait_item" => SymbolKind::Trait,
        "type_item" => SymbolKind::Type,
        "const_item" | "static_item" => SymbolKind::Constant,
        "macro_definition" => SymbolKind::Macro,
        "mod_item" if node.child_by_field_name("body").is_some() => SymbolKind::Module,
        "mod_item" | "use_declaration" => return Seen::Import,
        "impl_item" => return field(node, "type", text).map_or(Seen::Nothing, |of| Seen::Within(plain(of))),
        "if_expression" | "while_expression" | "for_expression" | "match_arm" => return Seen::Branch,
        "call_expression" => return called(node.child_by_field_name("function"), text),
        "macro_invocation" => return called(node.child_by_field_name("macro"), text),
        "token_tree" => return in_macro(node, text, around),
        _ => return Seen::Nothing,
    };
    symbol(node, text, kind, false)
}

/// Inside of macros there are only tokens: parentheses after a name are a call.
fn in_macro(node: Node<'_>, text: &str, around: &Around<'_, '_>) -> Seen {
    let [name, between, what] = around.before;
    let name = name.filter(|name| name.kind() == "identifier" && around.stands_at(1, "token_tree"));
    match name {
        Some(name) if text.as_bytes().get(node.start_byte()) == Some(&b'(') => {
            let joined = between.is_some_and(|between| matches!(of(between, text), "." | "::"));
            call(of(name, text), what.filter(|_| joined).map(|what| of(what, text).to_owned()))
        }
        _ => Seen::Nothing,
    }
}

/// Whether a function of Rust has an attribute that makes it a test.
pub fn is_marked_test(node: Node<'_>, text: &str) -> bool {
    let mut above = node.prev_sibling();
    while let Some(attribute) =
        above.filter(|above| matches!(above.kind(), "attribute_item" | "line_comment"))
    {
        let marks = of(attribute, text);
        if marks.starts_with("#[test") || marks.contains("::test") {
            return true;
        }
        above = attribute.prev_sibling();
    }
    false
}

fn python(node: Node<'_>, text: &str, around: &Around<'_, '_>) -> Seen {
    match node.kind() {
        "class_definition" => symbol(node, text, SymbolKind::Class, false),
        "function_definition" => {
            let test = field(node, "name", text).is_some_and(|name| name.starts_with("test_"));
            symbol(node, text, SymbolKind::Function, test)
        }
        "assignment" if around.stands_at(2, "module") => match node.child_by_field_name("left") {
            Some(left) if left.kind() == "identifier" => named(of(left, text), SymbolKind::Constant, false),
            _ => Seen::Nothing,
        },
        "import_statement" | "import_from_statement" => Seen::Import,
        "call" => called(node.child_by_field_name("function"), text),
        "if_statement"
        | "elif_clause"
        | "for_statement"
        | "while_statement"
        | "except_clause"
        | "case_clause"
        | "conditional_expression"
        | "boolean_operator"
        | "for_in_clause"
        | "if_clause" => Seen::Branch,
        _ => Seen::Nothing,
    }
}

fn script(node: Node<'_>, text: &str, around: &Around<'_, '_>) -> Seen {
    let kind = match node.kind() {
        "function_declaration" | "generator_function_declaration" | "function_signature" => {
            SymbolKind::Function
        }
        "class_declaration" | "abstract_class_declaration" => SymbolKind::Class,
        "interface_declaration" => SymbolKind::Interface,
        "type_alias_declaration" => SymbolKind::Type,
        "enum_declaration" => SymbolKind::Enum,
        "internal_module" | "module" => SymbolKind::Module,
        "method_definition" | "method_signature" | "abstract_method_signature" => SymbolKind::Method,
        "public_field_definition" | "field_definition" if holds_function(node) => SymbolKind::Method,
        "variable_declarator" if holds_function(node) => SymbolKind::Function,
        "variable_declarator"
            if around.stands_at(2, "program") || around.stands_at(2, "export_statement") =>
        {
            SymbolKind::Constant
        }
        "import_statement" | "export_statement" if node.child_by_field_name("source").is_some() => {
            return Seen::Import;
        }
        "call_expression" => {
            let function = node.child_by_field_name("function");
            return match function.map(|function| of(function, text)) {
                Some("require" | "import") => Seen::Import,
                _ => called(function, text),
            };
        }
        "new_expression" => return called(node.child_by_field_name("constructor"), text),
        // Of elements those that begin with a capital are components.
        "jsx_opening_element" | "jsx_self_closing_element" => {
            let name = node.child_by_field_name("name");
            let component = name.is_some_and(|name| {
                name.kind() == "member_expression" || of(name, text).starts_with(char::is_uppercase)
            });
            return if component { called(name, text) } else { Seen::Nothing };
        }
        "if_statement" | "for_statement" | "for_in_statement" | "while_statement" | "do_statement"
        | "switch_case" | "catch_clause" | "ternary_expression" => return Seen::Branch,
        _ => return Seen::Nothing,
    };
    symbol(node, text, kind, false)
}

fn holds_function(node: Node<'_>) -> bool {
    let value = node.child_by_field_name("value");
    value.is_some_and(|value| {
        matches!(value.kind(), "arrow_function" | "function_expression" | "generator_function")
    })
}

fn go(node: Node<'_>, text: &str, around: &Around<'_, '_>) -> Seen {
    match node.kind() {
        "function_declaration" => {
            let test = field(node, "name", text).is_some_and(|name| name.starts_with("Test"));
            symbol(node, text, SymbolKind::Function, test)
        }
        "method_declaration" => match (field(node, "receiver", text), field(node, "name", text)) {
            (Some(receiver), Some(name)) => {
                let owner = receiver.trim_matches(['(', ')']).split_whitespace().last().unwrap_or_default();
                Seen::Of { owner: plain(owner.trim_start_matches('*')), name: name.to_owned() }
            }
            _ => Seen::Nothing,
        },
        "type_spec" | "type_alias" => {
            let kind = match node.child_by_field_name("type").map(|of| of.kind()) {
                Some("struct_type") => SymbolKind::Struct,
                Some("interface_type") => SymbolKind::Interface,
                _ => SymbolKind::Type,
            };
            symbol(node, text, kind, false)
        }
        "method_elem" => symbol(node, text, SymbolKind::Method, false),
        "const_spec" | "var_spec"
            if around.stands_at(2, "source_file") || around.stands_at(3, "source_file") =>
        {
            symbol(node, text, SymbolKind::Constant, false)
        }
        "import_spec" => Seen::Import,
        "call_expression" => called(node.child_by_field_name("function"), text),
        // A call with types looks like a conversion to a type.
        "type_conversion_expression" => match node.child_by_field_name("type") {
            Some(of) if of.kind() == "generic_type" => called(of.child_by_field_name("type"), text),
            _ => Seen::Nothing,
        },
        "if_statement" | "for_statement" | "expression_case" | "type_case" | "communication_case" => {
            Seen::Branch
        }
        _ => Seen::Nothing,
    }
}

fn java(node: Node<'_>, text: &str) -> Seen {
    match node.kind() {
        "class_declaration" | "record_declaration" => symbol(node, text, SymbolKind::Class, false),
        "interface_declaration" | "annotation_type_declaration" => {
            symbol(node, text, SymbolKind::Interface, false)
        }
        "enum_declaration" => symbol(node, text, SymbolKind::Enum, false),
        "method_declaration" | "constructor_declaration" => {
            let test =
                modifiers(node, text).is_some_and(|marks| marks.contains("@Test") || marks.contains("Test("));
            symbol(node, text, SymbolKind::Method, test)
        }
        "field_declaration" if modifiers(node, text).is_some_and(|marks| marks.contains("final")) => {
            match node.child_by_field_name("declarator").and_then(|one| field(one, "name", text)) {
                Some(name) => named(name, SymbolKind::Constant, false),
                None => Seen::Nothing,
            }
        }
        "import_declaration" => Seen::Import,
        "method_invocation" => match field(node, "name", text) {
            Some(name) => call(name, node.child_by_field_name("object").and_then(|on| last_name(on, text))),
            None => Seen::Nothing,
        },
        "object_creation_expression" => match field(node, "type", text) {
            Some(of) => call(&plain(of), None),
            None => Seen::Nothing,
        },
        "if_statement"
        | "for_statement"
        | "enhanced_for_statement"
        | "while_statement"
        | "do_statement"
        | "switch_label"
        | "catch_clause"
        | "ternary_expression" => Seen::Branch,
        _ => Seen::Nothing,
    }
}

fn modifiers<'t>(node: Node<'_>, text: &'t str) -> Option<&'t str> {
    let first = node.named_child(0)?;
    (first.kind() == "modifiers").then(|| of(first, text))
}

fn field<'t>(node: Node<'_>, name: &str, text: &'t str) -> Option<&'t str> {
    node.child_by_field_name(name).map(|field| of(field, text))
}

fn symbol(node: Node<'_>, text: &str, kind: SymbolKind, test: bool) -> Seen {
    field(node, "name", text).map_or(Seen::Nothing, |name| named(name, kind, test))
}

fn named(name: &str, kind: SymbolKind, test: bool) -> Seen {
    let name = name.trim_matches(['"', '\'']);
    let is_name = !name.is_empty() && name.len() <= NAME_BYTES && !name.contains(char::is_whitespace);
    match is_name && !name.starts_with(['{', '[']) {
        true => Seen::Symbol { name: name.to_owned(), kind, test },
        false => Seen::Nothing,
    }
}

fn call(to: &str, on: Option<String>) -> Seen {
    let is_name = !to.is_empty()
        && to.len() <= NAME_BYTES
        && to.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '#'));
    match is_name {
        true => {
            Seen::Call { to: to.to_owned(), on: on.filter(|on| !on.is_empty() && on.len() <= NAME_BYTES) }
        }
        false => Seen::Nothing,
    }
}

/// A call of what an expression names.
fn called(function: Option<Node<'_>>, text: &str) -> Seen {
    let Some(function) = function else { return Seen::Nothing };
    let part = |name: &str| function.child_by_field_name(name);
    match function.kind() {
        "generic_function" => called(part("function"), text),
        "parenthesized_expression" => called(function.named_child(0), text),
        "scoped_identifier" => on(part("name"), part("path"), text),
        "field_expression" => on(part("field"), part("value"), text),
        "attribute" => on(part("attribute"), part("object"), text),
        "member_expression" => on(part("property"), part("object"), text),
        "selector_expression" => on(part("field"), part("operand"), text),
        "qualified_type" => on(part("name"), part("package"), text),
        "index_expression" => called(part("operand"), text),
        _ => call(of(function, text), None),
    }
}

fn on(name: Option<Node<'_>>, what: Option<Node<'_>>, text: &str) -> Seen {
    name.map_or(Seen::Nothing, |name| call(of(name, text), what.and_then(|what| last_name(what, text))))
}

/// What stands for a value that a call gave.
const RESULT: &str = "()";

/// The last name of a path or of a chain of fields.
pub fn last_name(node: Node<'_>, text: &str) -> Option<String> {
    if of(node, text) == "super()" {
        return Some("super".to_owned());
    }
    if let Some(made) = made(node, text) {
        return Some(made);
    }
    let whole = plain(of(node, text));
    let last = whole.rsplit(['.', ':']).next().unwrap_or_default();
    let is_name = !last.is_empty() && last.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    Some(if is_name { last.to_owned() } else { RESULT.to_owned() })
}

/// The type of a value that an expression makes: `Cart()`, `new Cart()`, `Cart::new()`.
fn made(node: Node<'_>, text: &str) -> Option<String> {
    let field = |name: &str| node.child_by_field_name(name);
    let function = match node.kind() {
        "call" | "call_expression" => field("function"),
        "new_expression" => field("constructor"),
        "object_creation_expression" => field("type"),
        _ => None,
    }?;
    let whole = plain(of(function, text));
    let of_a_type = whole.strip_suffix("::new").or_else(|| whole.strip_suffix("::default")).unwrap_or(&whole);
    let name = of_a_type.rsplit(['.', ':']).next()?;
    let is_type =
        name.starts_with(char::is_uppercase) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_type.then(|| name.to_owned())
}

/// A type without what it is generic over.
pub fn plain(name: &str) -> String {
    let name = name.trim().trim_start_matches('&');
    name.split(['<', '[']).next().unwrap_or_default().trim_end_matches("::").trim().to_owned()
}
