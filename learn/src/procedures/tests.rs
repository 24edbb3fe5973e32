//! Planted procedures are found, and nothing is where nothing was planted.

use athena_schemas::Time;

use super::background::Random;
use super::*;
use crate::steps::{StepEvent, commands, steps_of_all};

const TOOLS: [&str; 14] =
    ["ls", "cat", "grep", "find", "sed", "awk", "head", "tail", "sort", "uniq", "diff", "wc", "tar", "du"];
const RELEASE: [&str; 4] = ["make", "docker push", "kubectl apply", "curl"];

/// Sessions of random commands; every third does what is planted among them, and one in four of those fails at
/// its last step.
fn sessions(count: usize, planted: &[&str], seed: u64) -> Vec<Session> {
    let mut random = Random(seed);
    let mut draw = |n: usize| (random.unit() * n as f64) as usize;
    (0..count)
        .map(|number| {
            let id = format!("s{number:03}");
            let mut lines: Vec<String> = vec![];
            let fails = number.is_multiple_of(12);
            if number.is_multiple_of(3) {
                for step in planted {
                    if draw(5) == 0 {
                        lines.push(format!("{} x{}", TOOLS[draw(TOOLS.len())], draw(1_000)));
                    }
                    lines.push(format!("{step} v{}", number));
                }
            }
            while lines.len() < planted.len().max(5) {
                lines.insert(0, format!("{} x{}", TOOLS[draw(TOOLS.len())], draw(1_000)));
            }
            let last = lines.len() - 1;
            let event = |(at, line): (usize, &String)| StepEvent {
                id: format!("{id}-{at}"),
                time: Time::from_micros((number * 1_000 + at * 10) as i64 * 1_000_000),
                r#type: "tool_call".into(),
                tool: Some("Bash".into()),
                content: Some(line.clone()),
                outcome: Some(if fails && at == last { "failure" } else { "success" }.into()),
                ..StepEvent::default()
            };
            let events = lines.iter().enumerate().map(event).collect();
            Session { id, events }
        })
        .collect()
}

/// A session of commands, each with whether it went well, and up to three others before and after them.
fn session_of(number: usize, done: &[(&str, bool)], random: &mut Random) -> Session {
    let mut draw = |n: usize| (random.unit() * n as f64) as usize;
    let mut lines: Vec<(String, bool)> = vec![];
    let mut others = |lines: &mut Vec<(String, bool)>, least: usize| {
        for _ in 0..least + draw(3) {
            lines.push((format!("{} x{}", TOOLS[draw(TOOLS.len())], draw(1_000)), true));
        }
    };
    others(&mut lines, 0);
    lines.extend(done.iter().map(|(step, well)| (format!("{step} v{number}"), *well)));
    others(&mut lines, 1);
    let id = format!("s{number:03}");
    let event = |(at, (line, well)): (usize, &(String, bool))| StepEvent {
        id: format!("{id}-{at}"),
        time: Time::from_micros((number * 1_000 + at * 10) as i64 * 1_000_000),
        r#type: "tool_call".into(),
        tool: Some("Bash".into()),
        content: Some(line.clone()),
        outcome: Some(if *well { "success" } else { "failure" }.into()),
        ..StepEvent::default()
    };
    let events = lines.iter().enumerate().map(event).collect();
    Session { id, events }
}

fn mined(sessions: &[Session], known: &[Known]) -> Mined {
    let commands = commands(sessions);
    let (templates, actions) = Templates::mine_actions(&commands);
    mine("p", (sessions, &steps_of_all(&actions, sessions)), &templates, known)
}

fn told(procedure: &Procedure) -> Vec<&str> {
    procedure.steps.iter().map(|step| step.template.as_str()).collect()
}

#[test]
fn a_planted_procedure_is_found_with_all_that_is_known_of_it() {
    let sessions = sessions(120, &RELEASE, 1);
    let mined = mined(&sessions, &[]);
    assert_eq!(mined.procedures.len(), 1, "{:?}", mined.procedures.iter().map(told).collect::<Vec<_>>());
    let found = &mined.procedures[0];
    assert_eq!(told(found), ["make {name}", "docker push {name}", "kubectl apply {name}", "curl {name}"]);
    assert_eq!((found.support, found.sessions), (40, 40));
    let success = found.success.unwrap();
    assert_eq!((success.successes, success.of), (30, 40));
    assert!(success.low < 0.75 && 0.75 < success.high);
    assert_eq!((found.steps[3].failures, found.steps[0].failures), (10, 0));
    let source = found.steps[2].parameters[0].source.as_ref().unwrap();
    assert_eq!((source.from, source.share), (From::Parameter, 1.0), "the same value all through");
    assert_eq!(found.preconditions.iter().map(|need| need.kind).collect::<Vec<_>>(), [Need::Input]);
    assert_eq!(found.name, "make → docker push → kubectl apply → curl");
    assert_eq!(found.category, "deploy");
    assert!(found.by_chance < 1e-3 && found.examples.len() == 5);
    assert!(found.median_duration_ms.unwrap() >= 30_000);
}

#[test]
fn runs_are_found_in_further_sessions_whatever_pieces_they_come_in() {
    let sessions = sessions(150, &RELEASE, 1);
    let commands = commands(&sessions);
    let (templates, actions) = Templates::mine_actions(&commands);
    let (known, more) = sessions.split_at(120);
    let mined = mine("p", (known, &steps_of_all(&actions, known)), &templates, &[]);
    assert_eq!(mined.procedures.len(), 1);
    let text = serde_json::to_string(&mined.finder).unwrap();
    let finder: Finder = serde_json::from_str(&text).unwrap();
    assert_eq!(finder.runs(known, &templates)[0], mined.procedures[0].runs);
    let all = finder.runs(&sessions, &templates).remove(0);
    assert_eq!(all.len(), 50, "a third of the sessions releases");
    let pieces: Vec<_> = known.chunks(7).chain(more.chunks(1)).collect();
    let apart: Vec<_> = pieces.into_iter().flat_map(|some| finder.runs(some, &templates).remove(0)).collect();
    assert_eq!(apart, all);
    let mut procedure = mined.procedures[0].clone();
    recount(&mut procedure, &mined.procedures[0].runs);
    assert_eq!(procedure, mined.procedures[0], "what runs tell is told the same way again");
    recount(&mut procedure, &all);
    assert_eq!((procedure.support, procedure.steps[3].failures), (50, 13));
}

#[test]
fn a_run_that_failed_counts_whatever_the_session_does_then() {
    let [make, push, apply, curl] = RELEASE;
    let whole = [(make, true), (push, true), (apply, true), (curl, true)];
    let failed = [(make, true), (push, true), (apply, false)];
    let again = [(make, true), (push, true), (apply, false), ("vim", true), (apply, true), (curl, true)];
    let mut random = Random(8);
    let steps = |number: usize| match number % 4 {
        0 => &whole[..],
        3 => &again[..],
        _ => &failed[..],
    };
    let sessions: Vec<_> = (0..80).map(|number| session_of(number, steps(number), &mut random)).collect();
    let mined = mined(&sessions, &[]);
    assert_eq!(mined.procedures.len(), 1, "{:?}", mined.procedures.iter().map(told).collect::<Vec<_>>());
    let found = &mined.procedures[0];
    assert_eq!(found.support, 80);
    let success = found.success.unwrap();
    assert_eq!((success.successes, success.of), (40, 80), "what was tried again went through");
    let apply = found.steps.iter().find(|step| step.template.starts_with(apply)).unwrap();
    assert_eq!(apply.failures, 40);
    let commands = commands(&sessions);
    let templates = Templates::mine(&commands);
    let ended =
        |runs: &[ProcedureRun]| runs.iter().map(|run| (run.session.clone(), run.ended)).collect::<Vec<_>>();
    assert_eq!(ended(&mined.finder.runs(&sessions, &templates)[0]), ended(&found.runs));
}

#[test]
fn steps_that_fail_by_themselves_begin_nothing() {
    let mut random = Random(10);
    let whole: Vec<_> = RELEASE.iter().map(|step| (*step, true)).collect();
    let session = |number: usize| match number % 3 {
        0 => session_of(number, &whole, &mut random),
        1 => session_of(number, &[(RELEASE[number % 4], false)], &mut random),
        _ => session_of(
            number,
            &[(RELEASE[(number + 1) % 4], false), (RELEASE[number % 4], false)],
            &mut random,
        ),
    };
    let sessions: Vec<_> = (0..120).map(session).collect();
    let found = &mined(&sessions, &[]).procedures[0];
    assert_eq!((found.support, found.success.unwrap().successes), (40, 40));
}

#[test]
fn nothing_is_found_where_nothing_is_done() {
    for seed in 1..5 {
        assert!(mined(&sessions(120, &[], seed), &[]).procedures.is_empty());
    }
    assert!(mined(&[], &[]).procedures.is_empty());
}

#[test]
fn the_order_of_sessions_does_not_matter() {
    let mut sessions = sessions(90, &RELEASE, 2);
    let first = mined(&sessions, &[]);
    sessions.reverse();
    let second = mined(&sessions, &[]);
    let steps = |mined: &Mined| {
        mined.procedures.iter().map(|found| (found.id.clone(), found.steps.clone())).collect::<Vec<_>>()
    };
    assert_eq!(first.procedures.len(), 1);
    assert_eq!(
        steps(&first).iter().map(|(id, _)| id).collect::<Vec<_>>(),
        steps(&second).iter().map(|(id, _)| id).collect::<Vec<_>>()
    );
    assert_eq!(first.procedures[0].success, second.procedures[0].success);
}

#[test]
fn ids_survive_further_sessions_and_changed_steps() {
    let first = &mined(&sessions(90, &RELEASE, 3), &[]).procedures[0];
    let known = [Known {
        id: first.id.clone(),
        actions: first.steps.iter().map(|step| step.action.clone()).collect(),
    }];
    let longer = ["git tag", "make", "docker push", "kubectl apply", "curl"];
    let second = mined(&sessions(150, &longer, 4), &known);
    assert_eq!(told(&second.procedures[0]).len(), 5);
    assert_eq!(second.procedures[0].id, first.id);
    let gone = mined(&sessions(90, &[], 5), &known).gone;
    assert_eq!(gone, [Gone { id: first.id.clone(), replaced_by: None }]);
}

#[test]
fn a_loop_is_one_procedure_with_a_repeat() {
    let cycle = ["git checkout", "vim", "pytest", "vim", "pytest", "vim", "pytest", "git push"];
    let mined = mined(&sessions(120, &cycle, 6), &[]);
    let found = &mined.procedures[0];
    assert_eq!(told(found), ["git checkout {name}", "vim {name}", "pytest {name}", "git push {name}"]);
    assert_eq!(found.repeats, [Repeat { from: 1, to: 2, times: 3, most: 3 }]);
}

#[test]
fn what_came_before_most_runs_and_seldom_else_is_a_precondition() {
    let mut all = sessions(120, &RELEASE, 7);
    for session in all.iter_mut().step_by(3) {
        let mut login = session.events[0].clone();
        login.id.push('b');
        login.content = Some("vault login".into());
        session.events.insert(0, login);
        // Far enough before it not to be a step.
        for (at, tool) in TOOLS[..6].iter().enumerate() {
            let mut other = session.events[0].clone();
            other.id = format!("{}{at}", other.id);
            other.content = Some(format!("{tool} y{at}"));
            session.events.insert(1 + (at + session.id.len()) % (at + 1), other);
        }
    }
    let found = mined(&all, &[]);
    let release = found
        .procedures
        .iter()
        .find(|found| told(found).iter().any(|step| step.starts_with("curl")))
        .unwrap();
    let is_step = told(release).contains(&"vault login");
    let needs =
        release.preconditions.iter().any(|need| need.kind == Need::Step && need.text == "vault login");
    assert!(is_step || needs, "{:?} {:?}", told(release), release.preconditions);
}
