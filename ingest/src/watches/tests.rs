use super::*;
use crate::test::{command, run};

struct Triggers(State, i64);

impl Triggers {
    fn call(&mut self, operation: &str, actor: &str, arguments: Value) -> Result<Value, Error> {
        self.1 += 1;
        run(&mut self.0, command(self.1, &format!("triggers.{operation}"), actor, arguments))
    }

    fn made(&mut self, actor: &str, then: Value) -> Result<String, Error> {
        let given = json!({"on": "event", "condition": {"type": "error"}, "then": [then]});
        Ok(self.call("create", actor, given)?["id"].as_str().unwrap().to_owned())
    }

    fn watch(&self, id: &str) -> Watch {
        body(self.0.record("p", id).unwrap()).unwrap()
    }
}

fn remembers() -> Value {
    json!({"call": "memories.remember", "arguments": {"content": "$content"}})
}

fn by_event(trigger: &str, chain: &[&str]) -> Value {
    json!({"trigger": trigger, "by": "n", "cause": {"event": {"id": "e-1", "position": 1}}, "chain": chain})
}

#[test]
fn a_firing_stands_until_it_has_ended() {
    let mut all = Triggers(State::default(), 0);
    let id = all.made("ann", remembers()).unwrap();
    let told = all.call("fired", "x", by_event(&id, &[])).unwrap();
    let firing = told["firing"].as_str().unwrap().to_owned();
    let watch = all.watch(&id);
    assert_eq!((watch.fired, watch.pending.len(), watch.pending[0].id.as_str()), (1, 1, firing.as_str()));
    let end = json!({"trigger": id, "firing": firing, "outcome": "failed", "results": []});
    all.call("ended", "x", end.clone()).unwrap();
    all.call("ended", "x", end.clone()).unwrap();
    let watch = all.watch(&id);
    assert_eq!((watch.fired, watch.failed, watch.pending.len()), (1, 1, 0));
    assert_eq!((watch.maker.name.as_str(), watch.maker.admin), ("ann", false));
    // Of what was taken away the end is told all the same.
    all.call("delete", "ann", json!({"trigger": id})).unwrap();
    assert_eq!(all.call("ended", "x", end).unwrap()["outcome"], "failed");
    assert_eq!(all.call("fired", "x", by_event(&id, &[])).unwrap_err().code, Code::NotFound);
}

#[test]
fn what_it_led_to_itself_does_not_fire_it() {
    let mut all = Triggers(State::default(), 0);
    let id = all.made("ann", remembers()).unwrap();
    for chain in [vec!["other", id.as_str()], vec!["1", "2", "3", "4", "5"]] {
        let refused = all.call("fired", "x", by_event(&id, &chain)).unwrap_err();
        assert_eq!(refused.code, Code::Conflict, "{chain:?}");
    }
    all.call("fired", "x", by_event(&id, &["1", "2", "3", "4"])).unwrap();
    all.call("enable", "ann", json!({"trigger": id, "enabled": false})).unwrap();
    assert_eq!(all.call("fired", "x", by_event(&id, &[])).unwrap_err().code, Code::Conflict);
    // By hand it fires all the same.
    all.call("fire", "ann", json!({"trigger": id, "by": "n"})).unwrap();
    assert_eq!(all.watch(&id).fired, 2);
}

#[test]
fn a_time_of_the_clock_fires_once_and_in_order() {
    let mut all = Triggers(State::default(), 0);
    let given = json!({"on": "time", "condition": {"every": "1h"}, "then": [remembers()]});
    let id = all.call("create", "ann", given).unwrap()["id"].as_str().unwrap().to_owned();
    let due = |at: &str| json!({"trigger": id, "by": "n", "cause": {"due": at}});
    all.call("fired", "x", due("2026-11-25T10:00:00Z")).unwrap();
    for at in ["2026-11-25T10:00:00Z", "2026-11-25T09:00:00Z"] {
        assert_eq!(all.call("fired", "x", due(at)).unwrap_err().code, Code::Conflict);
    }
    all.call("fired", "x", due("2026-11-25T11:00:00Z")).unwrap();
    let passed = json!({"on": "time", "condition": {"at": "1970-01-01T00:00:01Z"}, "then": [remembers()]});
    assert_eq!(all.call("create", "ann", passed).unwrap_err().field.as_deref(), Some("condition"));
}

#[test]
fn only_its_maker_and_admins_change_it() {
    let mut all = Triggers(State::default(), 0);
    let url = json!({"url": "https://example.org/"});
    assert_eq!(all.made("ann", url.clone()).unwrap_err().code, Code::PermissionDenied);
    let id = all.made("admin", url).unwrap();
    for (operation, more) in [
        ("update", json!({"trigger": id, "name": "x"})),
        ("enable", json!({"trigger": id, "enabled": false})),
        ("fire", json!({"trigger": id, "by": "n"})),
        ("delete", json!({"trigger": id})),
    ] {
        let refused = all.call(operation, "ann", more).unwrap_err();
        assert_eq!(refused.code, Code::PermissionDenied, "{operation}");
    }
    let elsewhere = json!({"inject": "mind the gap"});
    assert_eq!(all.made("ann", elsewhere).unwrap_err().field.as_deref(), Some("action"));
    all.call("update", "admin", json!({"trigger": id, "condition": {"type": "commit"}})).unwrap();
    assert_eq!(all.watch(&id).condition["type"], "commit");
}

#[test]
fn an_action_is_one_of_three_things() {
    let of = |given: Value| serde_json::from_value::<Then>(given).map_err(|error| error.to_string());
    for then in [remembers(), json!({"url": "https://example.org/"}), json!({"inject": "mind the gap"})] {
        assert!(of(then.clone()).is_ok(), "{then}");
    }
    for (given, why) in [
        (json!({}), "it does nothing: an action is"),
        (json!("x"), "\"x\" does nothing: "),
        (json!({"zap": 1}), "it does nothing: "),
        (json!({"call": "a.b", "url": "x"}), "it does call and url: "),
        (json!({"call": 1}), "its call is no text: "),
        (json!({"call": "a.b", "arguments": []}), "its arguments are no object: "),
        (json!({"url": "x", "arguments": {}}), "it has no \"arguments\": "),
        (json!({"inject": "x", "zap": 1}), "it has no \"zap\": "),
    ] {
        let told = of(given.clone()).unwrap_err();
        assert!(told.starts_with(why) && told.contains("\"call\""), "{given}: {told}");
    }
}
