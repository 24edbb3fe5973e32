//! Names that are used without being called: bases of types, types, constants, functions that are passed on.

use tree_sitter::Node;

use super::Language;
use super::grammar::{Around, last_name, plain};
use super::text::of;

/// A name, and what stands before it.
pub type Name = (String, Option<String>);

/// Names that every file has: what they mean is not of the project.
const EVERYWHERE: [&str; 51] = [
    "Self",
    "String",
    "Vec",
    "Option",
    "Some",
    "None",
    "Ok",
    "Err",
    "Result",
    "Box",
    "Rc",
    "Arc",
    "Default",
    "Clone",
    "Copy",
    "Debug",
    "Display",
    "From",
    "Into",
    "Iterator",
    "Fn",
    "FnMut",
    "FnOnce",
    "Send",
    "Sync",
    "Sized",
    "True",
    "False",
    "Any",
    "Dict",
    "List",
    "Optional",
    "Promise",
    "Array",
    "Object",
    "Record",
    "Number",
    "Boolean",
    "JSON",
    "Math",
    "Integer",
    "Long",
    "Double",
    "Float",
    "Byte",
    "Character",
    "Void",
    "Override",
    "Deprecated",
    "System",
    "Exception",
];

/// Where a name that begins small is a value that is passed on.
const PASSED: [&str; 12] = [
    "arguments",
    "argument_list",
    "literal_element",
    "array",
    "array_expression",
    "list",
    "pair",
    "keyword_argument",
    "return_statement",
    "return_expression",
    "jsx_expression",
    "method_reference",
];

/// Nodes whose `name` is what they define; of all others it is what they use.
const USING: [&str; 7] = [
    "struct_expression",
    "jsx_opening_element",
    "jsx_self_closing_element",
    "annotation",
    "marker_annotation",
    "generic_type",
    "type_arguments",
];

/// Nodes with a member and what it is a member of: their fields.
fn member(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "scoped_identifier" | "scoped_type_identifier" => ("name", "path"),
        "attribute" => ("attribute", "object"),
        "member_expression" => ("property", "object"),
        "nested_type_identifier" => ("name", "module"),
        "selector_expression" => ("field", "operand"),
        "qualified_type" => ("name", "package"),
        "field_access" => ("field", "object"),
        _ => return None,
    })
}

/// What a node mentions.
pub fn mentioned(node: Node<'_>, text: &str, around: &Around<'_, '_>) -> Option<Name> {
    let above = around.above.last().copied().unwrap_or_default();
    let passed = PASSED.contains(&above) && !(above == "keyword_argument" && around.field == Some("name"));
    let kept = |name: &str| {
        let capital = name.starts_with(char::is_uppercase) && name.chars().count() > 1;
        (capital || passed) && !EVERYWHERE.contains(&name) && name.len() <= super::grammar::NAME_BYTES
    };
    if let Some((name, on)) = member(node.kind()) {
        let name = of(node.child_by_field_name(name)?, text);
        let on = last_name(node.child_by_field_name(on)?, text);
        return kept(name).then(|| (name.to_owned(), on));
    }
    if node.kind() == "method_reference" {
        let (on, name) = (node.named_child(0)?, node.named_child(1)?);
        return Some((of(name, text).to_owned(), last_name(on, text)));
    }
    if !matches!(node.kind(), "identifier" | "type_identifier") {
        return None;
    }
    let of_a_member = member(above).is_some_and(|(name, _)| around.field == Some(name));
    let defines = around.field == Some("name") && !USING.contains(&above);
    let name = of(node, text);
    (!of_a_member && !defines && above != "method_reference" && kept(name)).then(|| (name.to_owned(), None))
}

/// The name of a variable that a node makes.
pub fn bound<'t>(node: Node<'_>, text: &'t str, around: &Around<'_, '_>) -> Option<&'t str> {
    if !matches!(node.kind(), "identifier" | "shorthand_property_identifier_pattern") {
        return None;
    }
    let above = around.above.last().copied().unwrap_or_default();
    let is_left = matches!(around.field, Some("left" | "pattern" | "name" | "alias" | "parameter"));
    let binds = match above {
        "parameters"
        | "closure_parameters"
        | "lambda_parameters"
        | "formal_parameters"
        | "inferred_parameters"
        | "tuple_pattern"
        | "mut_pattern"
        | "ref_pattern"
        | "captured_pattern"
        | "tuple_struct_pattern"
        | "slice_pattern"
        | "pattern_list"
        | "list_splat_pattern"
        | "dictionary_splat_pattern"
        | "typed_parameter"
        | "as_pattern_target"
        | "object_pattern"
        | "array_pattern"
        | "rest_pattern"
        | "pair_pattern" => true,
        "let_declaration"
        | "parameter"
        | "for_expression"
        | "assignment"
        | "for_statement"
        | "for_in_clause"
        | "for_in_statement"
        | "default_parameter"
        | "typed_default_parameter"
        | "named_expression"
        | "required_parameter"
        | "optional_parameter"
        | "assignment_pattern"
        | "variable_declarator"
        | "arrow_function"
        | "parameter_declaration"
        | "variadic_parameter_declaration"
        | "formal_parameter"
        | "catch_formal_parameter"
        | "enhanced_for_statement"
        | "range_clause"
        | "var_spec"
        | "lambda_expression" => is_left || around.field == Some("parameters"),
        // The left side of `a, b := …` in Go.
        "expression_list" => {
            around.stands_at(2, "short_var_declaration") || around.stands_at(2, "range_clause")
        }
        _ => false,
    };
    binds.then(|| of(node, text))
}

/// What a type extends or implements, as its definition or its `impl` says.
pub fn bases(language: Language, node: Node<'_>, text: &str) -> Vec<Name> {
    let lists: Vec<Node<'_>> = match (language, node.kind()) {
        (Language::Rust, "impl_item") => node.child_by_field_name("trait").into_iter().collect(),
        (Language::Rust, "trait_item") => inside(node.child_by_field_name("bounds")),
        (Language::Python, "class_definition") => inside(node.child_by_field_name("superclasses")),
        (
            Language::TypeScript | Language::JavaScript,
            "class_declaration" | "abstract_class_declaration" | "interface_declaration",
        ) => {
            let heritage = inside(Some(node))
                .into_iter()
                .filter(|child| matches!(child.kind(), "class_heritage" | "extends_type_clause"));
            let clauses = heritage.flat_map(|heritage| inside(Some(heritage)));
            clauses
                .flat_map(|clause| match clause.kind() {
                    "extends_clause" | "implements_clause" => inside(Some(clause)),
                    _ => vec![clause],
                })
                .collect()
        }
        (Language::Go, "type_spec") => node.child_by_field_name("type").map_or(Vec::new(), embedded),
        (
            Language::Java,
            "class_declaration" | "record_declaration" | "enum_declaration" | "interface_declaration",
        ) => {
            let said = inside(Some(node)).into_iter();
            let said = said.filter(|child| {
                matches!(child.kind(), "superclass" | "super_interfaces" | "extends_interfaces")
            });
            let said = said.flat_map(|child| inside(Some(child)));
            said.flat_map(|one| if one.kind() == "type_list" { inside(Some(one)) } else { vec![one] })
                .collect()
        }
        _ => Vec::new(),
    };
    lists.into_iter().filter_map(|one| type_named(one, text)).collect()
}

/// Fields of a struct without a name, and the elements of an interface that are types.
fn embedded(of: Node<'_>) -> Vec<Node<'_>> {
    match of.kind() {
        "struct_type" => {
            let fields = inside(of.named_child(0)).into_iter();
            let unnamed = fields.filter(|field| field.child_by_field_name("name").is_none());
            unnamed.filter_map(|field| field.child_by_field_name("type")).collect()
        }
        "interface_type" => {
            let elements = inside(Some(of)).into_iter().filter(|element| element.kind() == "type_elem");
            elements.flat_map(|element| inside(Some(element))).collect()
        }
        _ => Vec::new(),
    }
}

fn inside(node: Option<Node<'_>>) -> Vec<Node<'_>> {
    let Some(node) = node else { return Vec::new() };
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// The name that a type or a class is written with.
fn type_named(node: Node<'_>, text: &str) -> Option<Name> {
    let part = |field: &str| node.child_by_field_name(field);
    let (name, on) = member(node.kind()).map_or((None, None), |(name, on)| (part(name), part(on)));
    if let (Some(name), Some(on)) = (name, on) {
        return Some((of(name, text).to_owned(), last_name(on, text)));
    }
    match node.kind() {
        "identifier" | "type_identifier" => Some((of(node, text).to_owned(), None)),
        "generic_type" | "subscript" | "pointer_type" | "call" | "call_expression" => {
            let fields = ["type", "name", "value", "function"];
            let inner = fields.iter().find_map(|field| part(field)).or(node.named_child(0));
            type_named(inner?, text)
        }
        "scoped_type_identifier" => {
            let whole = plain(of(node, text));
            let (on, name) = whole.rsplit_once('.')?;
            Some((name.to_owned(), on.rsplit('.').next().map(str::to_owned)))
        }
        _ => None,
    }
}

/// The decorators of a definition of Python, and what is decorated.
pub fn decorators(node: Node<'_>, text: &str) -> Option<(String, Vec<Name>)> {
    let definition = node.child_by_field_name("definition")?;
    let name = of(definition.child_by_field_name("name")?, text).to_owned();
    let all = inside(Some(node)).into_iter().filter(|child| child.kind() == "decorator");
    Some((name, all.filter_map(|one| type_named(one.named_child(0)?, text)).collect()))
}
