//! What was asked, what came before and what was at hand tell what comes next.

use super::*;
use crate::steps::{StepEvent, commands, steps_of_all};

fn event(id: String, kind: &str, agent: &str, tool: &str, content: String) -> StepEvent {
    StepEvent {
        id,
        agent: Some(agent.into()),
        r#type: kind.into(),
        tool: Some(tool.into()).filter(|tool: &String| !tool.is_empty()),
        content: Some(content),
        outcome: (kind == "tool_result").then(|| "success".to_owned()),
        ..StepEvent::default()
    }
}

/// A customer asks for one of two things; the order is looked up, then that is done.
fn session(number: usize) -> Session {
    let wish = if number.is_multiple_of(2) { "cancel my order please" } else { "please refund what I paid" };
    let done = if number.is_multiple_of(2) { "cancel_order" } else { "refund_order" };
    let order = format!("{{\"order\":\"AB{number:03}\"}}");
    let told = [
        ("message", "user", "", format!("{wish}, I am user_{number:04}")),
        ("tool_call", "assistant", "get_user", format!("{{\"user\":\"user_{number:04}\"}}")),
        ("tool_result", "environment", "get_user", order.clone()),
        ("tool_call", "assistant", done, order),
        ("tool_result", "environment", done, "ok".to_owned()),
    ];
    let id = format!("s{number}");
    let events = told.into_iter().enumerate();
    let events =
        events.map(|(at, (kind, agent, tool, text))| event(format!("{id}-{at}"), kind, agent, tool, text));
    Session { events: events.collect(), id }
}

fn model() -> Model {
    let sessions: Vec<_> = (0..40).map(session).collect();
    let commands = commands(&sessions);
    let (templates, actions) = Templates::mine_actions(&commands);
    Model::learn(templates, &sessions, steps_of_all(&actions, &sessions))
}

fn so_far(number: usize, events: usize) -> Session {
    let mut session = session(number);
    session.events.truncate(events);
    session
}

#[test]
fn what_was_asked_decides_between_what_usually_follows() {
    let model = model();
    for number in [70, 71] {
        let first = model.next(&so_far(number, 1), 3);
        assert_eq!(first[0].tool, "get_user");
        let next = model.next(&so_far(number, 3), 3);
        assert_eq!(next[0].tool, session(number).events[3].tool.clone().unwrap());
        assert!(next[0].probability > 0.6 && next.len() == 3, "{next:?}");
        let outcome = next[0].step_success.unwrap();
        assert_eq!((outcome.successes, outcome.of), (20, 20));
    }
}

#[test]
fn arguments_are_offered_from_where_they_came_before() {
    let model = model();
    let values = |next: &Next| next.arguments[0].values[0].value.clone();
    assert_eq!(values(&model.next(&so_far(70, 1), 1)[0]), "user_0070");
    assert_eq!(values(&model.next(&so_far(70, 3), 1)[0]), "AB070");
}

/// A job is made, started, and watched: its ids look different each time.
fn job(number: usize) -> Session {
    let hex = |seed: u64| format!("{:08x}", (number as u64 + 1) * 2_654_435_761 * seed % 4_294_967_291);
    let (job, run) = (format!("{}-{}-{}", hex(3), hex(5), hex(7)), format!("{}{}", hex(11), hex(13)));
    let told = [
        ("tool_call", "create_job", format!("{{\"kind\":\"k{}\"}}", number % 2)),
        ("tool_result", "create_job", format!("{{\"job_id\":\"{job}\"}}")),
        ("tool_call", "start_job", format!("{{\"job_id\":\"{job}\"}}")),
        ("tool_result", "start_job", format!("{{\"run_id\":\"{run}\"}}")),
        ("tool_call", "watch_job", format!("{{\"job_id\":\"{job}\",\"run_id\":\"{run}\"}}")),
    ];
    let id = format!("j{number}");
    let events = told.into_iter().enumerate();
    let events =
        events.map(|(at, (kind, tool, text))| event(format!("{id}-{at}"), kind, "assistant", tool, text));
    Session { events: events.collect(), id }
}

#[test]
fn ids_are_offered_from_the_step_that_gives_them() {
    let sessions: Vec<_> = (0..60).map(job).collect();
    let commands = commands(&sessions);
    let (templates, actions) = Templates::mine_actions(&commands);
    let model = Model::learn(templates, &sessions, steps_of_all(&actions, &sessions));
    let offered = |next: &Next, parameter: &str| {
        let argument = next.arguments.iter().find(|argument| argument.parameter == parameter).unwrap();
        argument.values.first().map(|offer| offer.value.clone())
    };
    for number in 100..110 {
        let mut session = job(number);
        let given = |at: usize, field: &str| {
            let json: serde_json::Value = serde_json::from_str(session.events[at].content.as_ref()?).ok()?;
            json[field].as_str().map(str::to_owned)
        };
        let (id, run) = (given(2, "job_id"), given(4, "run_id"));
        let typed = format!("start_job: {}", session.events[2].content.clone().unwrap());
        session.events.truncate(4);
        let next = &model.next(&session, 1)[0];
        assert_eq!((offered(next, "job_id"), offered(next, "run_id")), (id.clone(), run));
        session.events.truncate(2);
        assert_eq!(offered(&model.next(&session, 1)[0], "job_id"), id);
        let next = &model.next_after(&[typed], 1).0[0];
        assert_eq!((offered(next, "job_id"), offered(next, "run_id")), (id, None), "typed");
    }
}

#[test]
fn a_model_survives_being_written_and_learns_the_same_again() {
    let text = serde_json::to_string(&model()).unwrap();
    assert_eq!(text, serde_json::to_string(&model()).unwrap());
    let read: Model = serde_json::from_str(&text).unwrap();
    assert_eq!(read.next(&so_far(71, 3), 3), model().next(&so_far(71, 3), 3));
}

#[test]
fn actions_alone_are_enough_and_nothing_learned_says_nothing() {
    let steps = ["get_user: {}".to_owned(), "no such action".to_owned()];
    let (next, unknown) = model().next_after(&steps, 2);
    assert_eq!(unknown, ["no such action"]);
    assert_eq!(model().next_after(&steps[1..], 2).0, [], "after nothing that is known");
    assert!(next.iter().all(|next| next.tool.ends_with("_order")), "{next:?}");
    assert!(Model::default().next(&so_far(1, 1), 3).is_empty());
    let empty = Model::learn(Templates::default(), &[], vec![]);
    assert!(empty.next(&so_far(1, 1), 3).is_empty());
}
