use serde_json::json;

use super::super::{Format, importer};
use crate::{Draft, Limits};

const TOOLS: &str = include_str!("../../../../tests/data/trajectories/swe-agent-tools.traj");
const THOUGHTS: &str = include_str!("../../../../tests/data/trajectories/swe-agent-thoughts.traj");
const OPENHANDS: &str = include_str!("../../../../tests/data/trajectories/openhands.json");
const OPENAI: &str = include_str!("../../../../tests/data/trajectories/openai.jsonl");
const ANTHROPIC: &str = include_str!("../../../../tests/data/trajectories/anthropic.json");

/// A file's events, and the format that it was told to have.
fn imported(text: &str) -> (Format, Vec<Draft>) {
    let mut importer = importer(Format::Auto, "run", &Limits::default());
    let mut out = Vec::new();
    for line in text.lines() {
        importer.line(line.as_bytes(), &|_| None, &mut out);
    }
    importer.finish(&mut out);
    (importer.format(), out.into_iter().map(|(_, draft)| draft.unwrap()).collect())
}

/// Type, agent, tool, outcome and the beginning of the content.
fn seen(drafts: &[Draft]) -> Vec<(&str, &str, &str, &str, String)> {
    let one = |draft: &'_ Draft| -> (&str, &str, &str, &str, String) {
        let text = |text: &Option<String>| -> &'static str {
            text.as_deref().map_or("", |text| Box::leak(text.to_owned().into()))
        };
        let content = draft.content.clone().unwrap_or_default().chars().take(24).collect();
        (
            text(&draft.r#type),
            text(&draft.agent),
            text(&draft.tool),
            draft.outcome.unwrap_or_default(),
            content,
        )
    };
    drafts.iter().map(one).collect()
}

fn is_sound(drafts: &[Draft]) {
    let ids: std::collections::BTreeSet<_> = drafts.iter().map(|draft| draft.id.as_ref().unwrap()).collect();
    assert_eq!(ids.len(), drafts.len(), "ids are distinct");
    let sessions: std::collections::BTreeSet<_> = drafts.iter().map(|draft| &draft.session).collect();
    assert_eq!(sessions.len(), 1);
    for result in drafts.iter().filter(|draft| draft.r#type.as_deref() == Some("tool_result")) {
        let call = drafts.iter().find(|draft| draft.id == result.parent).expect("a result has its call");
        assert_eq!((call.r#type.as_deref(), &call.tool), (Some("tool_call"), &result.tool));
    }
}

#[test]
fn swe_agents_trajectories_have_actions_and_what_they_gave() {
    let (format, drafts) = imported(TOOLS);
    assert_eq!(format, Format::SweAgent);
    is_sound(&drafts);
    let seen = seen(&drafts);
    assert_eq!((seen[0].0, seen[0].1), ("message", "user"));
    assert!(seen[0].4.starts_with("We're currently solving"));
    assert_eq!((seen[1].0, seen[1].1), ("message", "swe-agent"));
    assert_eq!((seen[2].0, seen[2].2), ("tool_call", "find_file"));
    assert_eq!(
        (seen[3].0, seen[3].2, seen[3].4.as_str()),
        ("tool_result", "find_file", "Found 1 matches for \"mis")
    );
    assert_eq!(drafts[3].duration_ms, Some(281));
    let last = seen.last().unwrap();
    assert_eq!((last.0, last.3, last.4.as_str()), ("session_end", "unknown", "session end (submitted)"));

    let (format, drafts) = imported(THOUGHTS);
    assert_eq!(format, Format::SweAgent);
    is_sound(&drafts);
    let tools: Vec<_> = drafts
        .iter()
        .filter(|one| one.r#type.as_deref() == Some("tool_call"))
        .map(|one| one.content.as_deref().unwrap())
        .collect();
    assert_eq!(tools[..2], ["ls -a", "open main.py"]);
    assert!(
        drafts.iter().all(|draft| !draft.content.as_ref().unwrap().starts_with("SETTING")),
        "no system prompt"
    );
}

#[test]
fn openhands_has_what_each_action_gave() {
    let (format, drafts) = imported(OPENHANDS);
    assert_eq!(format, Format::OpenHands);
    is_sound(&drafts);
    let text = |text: &str| text.to_owned();
    assert_eq!(
        seen(&drafts),
        [
            ("message", "user", "", "", text("The total is off by a ce")),
            ("message", "openhands", "", "", text("I run the tests first.")),
            ("tool_call", "openhands", "execute_bash", "", text("pytest cart")),
            ("tool_result", "openhands", "execute_bash", "failure", text("1 failed, 4 passed")),
            ("tool_call", "openhands", "str_replace_editor", "", text("/workspace/cart/total.py")),
            ("tool_result", "openhands", "str_replace_editor", "success", text("The file /workspace/cart")),
            ("error", "openhands", "", "failure", text("the runtime was restarte")),
            ("session_end", "openhands", "", "success", text("The total rounds once no")),
        ]
    );
    assert_eq!(drafts[3].duration_ms, Some(2500));
    assert_eq!(drafts[4].files, ["/workspace/cart/total.py"]);
    assert!(drafts[3].attributes.as_ref().unwrap().contains("\"exit_code\":1"));
    // As a line of an evaluation, the same run is named by its instance.
    let list: serde_json::Value = serde_json::from_str(OPENHANDS).unwrap();
    let line = json!({"instance_id": "shop__cart-7", "history": list}).to_string();
    let (format, drafts) = imported(&line);
    assert_eq!((format, drafts[0].session.as_deref()), (Format::OpenHands, Some("shop__cart-7")));
}

#[test]
fn lists_of_messages_are_one_run_each() {
    let (format, drafts) = imported(OPENAI);
    assert_eq!(format, Format::Messages);
    let sessions: std::collections::BTreeSet<_> =
        drafts.iter().map(|draft| draft.session.clone().unwrap()).collect();
    assert_eq!(sessions.len(), 2, "a line is a run");
    let first: Vec<Draft> =
        drafts.iter().filter(|draft| draft.session == drafts[0].session).cloned().collect();
    is_sound(&first);
    let text = |text: &str| text.to_owned();
    assert_eq!(
        seen(&first),
        [
            ("message", "user", "", "", text("Do the cart tests pass?")),
            ("tool_call", "gpt-4o", "run_tests", "", text("{\"package\":\"cart\"}")),
            ("tool_result", "gpt-4o", "run_tests", "", text("5 passed")),
            ("message", "gpt-4o", "", "", text("They do.")),
        ]
    );
    let (format, drafts) = imported(ANTHROPIC);
    assert_eq!(format, Format::Messages);
    is_sound(&drafts);
    assert_eq!(
        seen(&drafts),
        [
            ("message", "user", "", "", text("Why does the build fail?")),
            ("message", "assistant", "", "", text("I look at the log.")),
            ("tool_call", "assistant", "Read", "", text("/build.log")),
            ("tool_result", "assistant", "Read", "failure", text("no such file")),
            ("message", "assistant", "", "", text("There is no log yet.")),
        ]
    );
    assert_eq!(drafts[2].files, ["/build.log"]);
}

/// A message a line is one run, which may have grown when it is imported again.
#[test]
fn a_run_that_grew_adds_only_what_is_new() {
    let lines = [
        r#"{"role":"user","content":"go"}"#,
        r#"{"role":"assistant","content":"gone"}"#,
        r#"{"role":"user","content":"again"}"#,
    ];
    let (format, before) = imported(&lines[..2].join("\n"));
    let (_, after) = imported(&lines.join("\n"));
    assert_eq!((format, before.len(), after.len()), (Format::Messages, 2, 3));
    assert_eq!(after[..2], before);
    let (_, other) = imported(&lines.join("\n").replace("gone", "went"));
    assert_ne!(other[0].session, before[0].session, "another run that begins with the same words");
}

#[test]
fn what_is_no_run_stays_what_it_was() {
    assert_eq!(imported("[{\"content\":\"a\"}]").1.len(), 1);
    assert_eq!(imported("{\"content\":\"a\",\"history\":[1]}").0, Format::Plain);
    for broken in
        ["{\"history\":[{\"role\":\"user\"}]}", "{\"messages\":[{\"role\":\"user\",\"content\":\"\"}]}"]
    {
        let mut importer = importer(Format::Auto, "run", &Limits::default());
        let mut out = Vec::new();
        importer.line(broken.as_bytes(), &|_| None, &mut out);
        importer.finish(&mut out);
        assert!(out.iter().all(|(_, draft)| draft.is_err()), "{broken}: {out:?}");
    }
}
