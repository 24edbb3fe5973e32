//! What was done in sessions, step by step, so that they can be laid beside each other. Pure.

use athena_schemas::wire::Hit;

/// Steps of a session that are compared with another's.
pub const COMPARED: usize = 400;

/// What an event did, in a word or two: the tool, and the first word of what it was told. `None` of what is said
/// rather than done, and of results, which belong to the step before.
pub fn action(hit: &Hit) -> Option<String> {
    named(hit.event_type.as_deref().unwrap_or_default(), hit.tool.as_deref(), &hit.content)
}

pub fn named(event_type: &str, tool: Option<&str>, content: &str) -> Option<String> {
    const NO_STEPS: [&str; 8] = [
        "message",
        "tool_result",
        "observation",
        "session_start",
        "session_end",
        "feedback",
        "plan",
        "decision",
    ];
    // A result without its call stands for both.
    if NO_STEPS.contains(&event_type) && (tool.is_none() || event_type != "tool_result") {
        return None;
    }
    let Some(tool) = tool else { return Some(event_type.to_owned()) };
    let word = content.split_whitespace().next().unwrap_or_default();
    let plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    match event_type == "tool_call" && !word.is_empty() && word.len() <= 40 && word.chars().all(plain) {
        true => Some(format!("{tool} {word}")),
        false => Some(tool.to_owned()),
    }
}

/// The longest common subsequence of two sequences: the places in both of what they share.
pub fn shared<T: PartialEq>(one: &[T], other: &[T]) -> Vec<(usize, usize)> {
    let (one, other) = (&one[..one.len().min(COMPARED)], &other[..other.len().min(COMPARED)]);
    let wide = other.len() + 1;
    let mut longest = vec![0_u16; (one.len() + 1) * wide];
    for a in (0..one.len()).rev() {
        for b in (0..other.len()).rev() {
            longest[a * wide + b] = match one[a] == other[b] {
                true => longest[(a + 1) * wide + b + 1] + 1,
                false => longest[(a + 1) * wide + b].max(longest[a * wide + b + 1]),
            };
        }
    }
    let (mut a, mut b, mut both) = (0, 0, Vec::new());
    while a < one.len() && b < other.len() {
        if one[a] == other[b] {
            both.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if longest[(a + 1) * wide + b] >= longest[a * wide + b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    both
}

/// How alike two sequences are: twice the length of what they share by that of both, from 0 to 1.
pub fn likeness<T: PartialEq>(one: &[T], other: &[T]) -> f64 {
    let of = (one.len().min(COMPARED) + other.len().min(COMPARED)) as f64;
    if of > 0.0 { 2.0 * shared(one, other).len() as f64 / of } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_a_step_and_what_is_said_is_none() {
        assert_eq!(named("tool_call", Some("Bash"), "cargo test -p cart"), Some("Bash cargo".into()));
        assert_eq!(named("tool_call", Some("Edit"), r#"{"path": "a"}"#), Some("Edit".into()));
        assert_eq!(named("build", None, "x"), Some("build".into()));
        assert_eq!(named("message", None, "please"), None);
        assert_eq!(named("tool_result", Some("cargo"), "41 passed"), Some("cargo".into()));
        assert_eq!(named("observation", Some("ls"), "a b"), None);
    }

    #[test]
    fn what_two_share_keeps_its_order() {
        let (one, other) = (["a", "b", "c", "d"], ["b", "x", "d", "a"]);
        assert_eq!(shared(&one, &other), [(1, 0), (3, 2)]);
        assert_eq!(likeness(&one, &other), 0.5);
        assert_eq!(likeness::<u8>(&[], &[]), 0.0);
        assert_eq!(likeness(&one, &one), 1.0);
    }
}
