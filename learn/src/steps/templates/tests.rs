//! What is fixed, what varies, and what belongs together.

use super::*;

fn mined(commands: &[(&str, &str, u32)]) -> Templates {
    Templates::mine(
        &commands.iter().map(|(tool, text, n)| ((tool.to_string(), text.to_string()), *n)).collect(),
    )
}

fn text<'t>(templates: &'t Templates, tool: &str, text: &str) -> &'t str {
    &templates.templates[templates.assign(tool, text).unwrap().template].text
}

#[test]
fn what_varies_is_a_parameter_and_what_does_not_is_fixed() {
    let all = mined(&[
        ("Bash", "cargo test -p cart", 4),
        ("Bash", "cargo test -p auth", 3),
        ("Bash", "cargo build --release", 9),
        ("Bash", "git commit -m 'fix the cart'", 1),
        ("Bash", "git commit -m wip", 1),
        ("Bash", "git push origin main", 9),
        ("Bash", "sleep 5", 9),
        ("Read", "src/a.rs", 1),
        ("Read", "src/b.rs", 1),
    ]);
    assert_eq!(text(&all, "Bash", "cargo test -p jobs"), "cargo test -p {p}");
    assert_eq!(text(&all, "Bash", "cargo build --release"), "cargo build --release");
    assert_eq!(text(&all, "Bash", "git commit -m wip"), "git commit -m {m}");
    assert_eq!(text(&all, "Bash", "git push origin main"), "git push origin main");
    assert_eq!(text(&all, "Bash", "sleep 5"), "sleep 5");
    assert_eq!(text(&all, "Read", "src/c.rs"), "{path}");
    let given = all.assign("Bash", "cd x && cargo test -p jobs | tail").unwrap();
    assert_eq!(given.values, [(0, "jobs".to_owned())]);
    assert_eq!(all.assign("Nothing", "like it"), None);
}

#[test]
fn open_sets_are_values_and_closed_ones_subcommands() {
    let words = ["why", "how", "what", "which", "can", "does", "rust", "lance", "kafka", "arrow"];
    let mut commands: Vec<_> =
        words.iter().map(|word| ("WebSearch", format!("{word} is that so"), 1)).collect();
    commands.extend(["pods", "nodes", "services"].map(|word| ("Bash", format!("kubectl get {word}"), 5)));
    let commands: Vec<_> = commands.iter().map(|(tool, text, n)| (*tool, text.as_str(), *n)).collect();
    let all = mined(&commands);
    assert_eq!(text(&all, "WebSearch", "where is it"), "{name}");
    assert_eq!(text(&all, "Bash", "kubectl get pods"), "kubectl get pods");
}

#[test]
fn records_are_told_by_their_fields() {
    let all = mined(&[
        ("book", r#"{"to":"SEA","cabin":"economy"}"#, 3),
        ("book", r#"{"cabin":"economy","to":"JFK","bags":1}"#, 1),
        ("tasks", r#"{"operation":"list"}"#, 3),
        ("tasks", r#"{"operation":"get","task":"t-1"}"#, 3),
        ("tasks", r#"{"operation":"get","task":"t-2"}"#, 3),
    ]);
    assert_eq!(text(&all, "book", r#"{"to":"LAX"}"#), "cabin=economy to={to}");
    assert_eq!(text(&all, "tasks", r#"{"operation":"get","task":"t-9"}"#), "operation=get task={task}");
    assert_eq!(text(&all, "tasks", r#"{"operation":"list"}"#), "operation=list");
}

#[test]
fn rare_shapes_join_the_most_similar_frequent_one() {
    let all = mined(&[
        ("Bash", "pytest a/t.py -x", 5),
        ("Bash", "pytest b/t.py -x", 5),
        ("Bash", "pytest --lf", 5),
        ("Bash", "pytest c/t.py -x -vv", 1),
    ]);
    assert_eq!(text(&all, "Bash", "pytest c/t.py -x -vv"), "pytest {path} -x");
    assert_eq!(all.templates.len(), 2);
}

#[test]
fn a_text_alone_names_a_step_only_where_it_says_its_words() {
    let all = mined(&[
        ("Bash", "cargo test -p cart", 4),
        ("Bash", "cargo test -p auth", 3),
        ("Bash", "git push origin main", 9),
        ("WebSearch", "why is the sky blue", 1),
        ("WebSearch", "how to cook rice", 1),
        ("send_email", r#"{"to":"a@mail.test","template":"refund"}"#, 1),
        ("send_email", r#"{"to":"b@mail.test","template":"refund"}"#, 1),
        ("tasks", r#"{"operation":"list"}"#, 3),
    ]);
    let named = |step: &str| all.named(step).map(|known| (known.tool.as_str(), known.text.as_str()));
    assert_eq!(named("cargo test -p {package}"), Some(("Bash", "cargo test -p {p}")));
    assert_eq!(named("git push origin main"), Some(("Bash", "git push origin main")));
    assert_eq!(named(r#"{"operation":"list"}"#), Some(("tasks", "operation=list")));
    for unknown in
        ["vault login", "Ask the customer for the invoice number", "Restart nginx", "x", r#"{"a":1}"#]
    {
        assert_eq!(named(unknown), None, "{unknown}");
    }
    assert_eq!(named("WebSearch: what is rust").map(|(tool, _)| tool), Some("WebSearch"));
}
