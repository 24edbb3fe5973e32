//! What texts state, and what they do not.

use super::*;

fn stated(text: &str) -> Vec<(String, String, String)> {
    let speaker = Speaker { name: "ann", project: "shop" };
    statements(text, speaker).into_iter().map(|one| (one.subject, one.attribute, one.value)).collect()
}

fn one(text: &str) -> (String, String, String) {
    let all = stated(text);
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    all.into_iter().next().unwrap()
}

#[test]
fn statements_are_found() {
    let table = [
        ("Our deploy day is Friday.", "shop", "deploy day", "Friday"),
        ("FYI, my email is ann@example.com", "ann", "email", "ann@example.com"),
        ("The port of the cart service is 8080.", "cart service", "port", "8080"),
        ("The cart service's port is now 8081", "cart service", "port", "8081"),
        ("The cart service listens on port 8080.", "The cart service", "port", "8080"),
        ("Friday is our deploy day", "shop", "deploy day", "Friday"),
        ("I live in Berlin.", "ann", "home", "Berlin"),
        ("Bob works at Initech", "Bob", "employer", "Initech"),
        ("We use Postgres for the orders.", "shop", "orders", "Postgres"),
        ("The standup moved to 10:30.", "shop", "standup", "10:30"),
        ("We moved the standup from 9:15 to 10:30", "shop", "standup", "10:30"),
        ("I have a call with Bob on May 20", "ann", "call with Bob", "May 20"),
        ("My library has 45 sources, so what now?", "My library", "sources", "45 sources"),
        ("Deploy day: Friday", "shop", "Deploy day", "Friday"),
        ("We decided to keep the old parser", "shop", "decided", "keep the old parser"),
        ("I prefer tabs over spaces", "ann", "prefers", "tabs"),
        (
            "Lesson learned: check the disk before the import",
            "shop",
            "learned",
            "check the disk before the import",
        ),
        ("Can I stay within my $600 annual budget?", "ann", "annual budget", "$600"),
    ];
    for (text, subject, attribute, value) in table {
        let (of, what, is) = one(text);
        let subject = subject.trim_start_matches("The ").trim_start_matches("My ");
        assert_eq!((of.as_str(), what.as_str(), is.as_str()), (subject, attribute, value), "{text}");
    }
}

#[test]
fn what_is_no_statement() {
    let table = [
        "The port is not 8080.",
        "If the port is 8080, it works.",
        "Is the port 8080?",
        "The port is 8080, right?",
        "Bob thinks the deploy day is Monday.",
        "Suppose our deploy day is Monday",
        "The tool printed: the port is 9000",
        "```\nport: 9000\n```",
        "> our deploy day is Monday",
        "\"our deploy day is Monday now\" was what it said",
        "We might move the standup to 10:30",
        "The port would be 8080.",
        "I wish the deploy day was Friday",
        "The code is broken and our tests are slow.",
        "We could use Redis for the queue",
        "The deploy day should be Monday",
        "We don't use Redis",
        "I want to change the port to 8080",
        "My plan is to rest",
    ];
    for text in table {
        assert_eq!(stated(text), [], "{text}");
    }
}

#[test]
fn paraphrases_meet() {
    let key = |text: &str| {
        let all = statements(text, Speaker { name: "ann", project: "shop" });
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        (all[0].key.clone(), all[0].value_key.clone())
    };
    let groups: [&[&str]; 3] = [
        &[
            "Our deploy day is Friday",
            "We deploy on Fridays",
            "Friday is our deploy day",
            "our release day: Friday",
        ],
        &[
            "The cart service's port is 8080",
            "The cart service listens on port 8080",
            "the port of the cart service is 8080",
        ],
        &["We use Postgres as our database", "Our database is Postgres", "the db is PostgreSQL"],
    ];
    for group in groups {
        for other in &group[1..] {
            assert_eq!(key(group[0]), key(other), "{} / {other}", group[0]);
        }
    }
}

#[test]
fn what_holds_no_longer() {
    let over = statements("We no longer use Redis for the queue.", Speaker { name: "ann", project: "shop" });
    assert!(over.len() == 1 && over[0].ends, "{over:?}");
}

#[test]
fn what_was_confirmed_is_read_again() {
    let text = canonical("shop", "deploy day", "Friday", "Our deploy day is Friday.");
    let read = confirmed(&text, "shop").unwrap();
    assert_eq!(
        (read.subject.as_str(), read.attribute.as_str(), read.value.as_str()),
        ("shop", "deploy day", "Friday")
    );
}
