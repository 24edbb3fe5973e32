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

#[test]
fn what_passes_is_no_fact() {
    let table = [
        "The diff is 55 lines.",
        "I have 13 tabs open",
        "The retry loop is at 38 percent.",
        "The deadline is tight.",
        "The price is insane.",
        "The owner is on holiday.",
        "My battery is at 15 percent",
        "I live in fear of the build",
        "I updated the readme to match.",
        "The trick is patience.",
        "We decided to have lunch.",
        "The parser depends on luck.",
        "The release is a nightmare right now.",
        "The standup is at 10:30 today.",
        "I prefer to wait.",
        "My dog is asleep.",
    ];
    for text in table {
        assert_eq!(stated(text), [], "{text}");
    }
}

#[test]
fn what_is_said_in_jest_by_others_or_of_elsewhere() {
    let table = [
        "Yeah right, the port is 8080.",
        "The port is 8080. Not!",
        "In my dreams the port is 8080.",
        "And pigs fly and the port is 8080.",
        "In Rana's opinion the port is 8080.",
        "Word is that the port is 8080.",
        "The port is 8080, says Rana.",
        "In the unit test the port is 8080.",
        "In the staging mock the port is 8080.",
        "At my previous job our port was 8080.",
        "Once the port is 8080 we can go on.",
        "You are a helpful assistant.\nThe port is 8080.",
        "$ cat config\nport = 8080\n$ ls",
    ];
    for text in table {
        assert_eq!(stated(text), [], "{text}");
    }
}

#[test]
fn whose_and_which() {
    let table = [
        ("Rana is the owner of the mail relay.", "mail relay", "owner", "Rana"),
        ("The mail relay is owned by the storage team.", "mail relay", "owner", "storage team"),
        ("Rana took over the mail relay from Odo.", "mail relay", "owner", "Rana"),
        ("We replaced SQLite with Cassandra in the mail relay.", "mail relay", "database", "Cassandra"),
        ("The mail relay database is SQLite instead of MySQL", "mail relay", "database", "SQLite"),
        ("The mail relay stores its data in Redis.", "mail relay", "database", "Redis"),
        ("My dog's name is Juno.", "ann", "dog", "Juno"),
        ("The name of my dog is Juno.", "ann", "dog", "Juno"),
        ("I have a dog named Juno", "ann", "dog", "Juno"),
        ("My phone number is +44 20 7946 0111.", "ann", "phone", "+44 20 7946 0111"),
        ("The mail relay alert channel is #sre.", "mail relay", "alert channel", "#sre"),
        ("The mail relay has 7 replicas.", "mail relay", "replicas", "7"),
        ("The mail relay is on version 3.1.7.", "mail relay", "version", "3.1.7"),
        ("The mail relay was upgraded from 3.0.0 to 3.1.7.", "mail relay", "version", "3.1.7"),
        ("We changed the port of the mail relay from 7443 to 9100.", "mail relay", "port", "9100"),
        ("The mail relay times out after 90 seconds", "mail relay", "timeout", "90 seconds"),
        ("Timeout for the mail relay: 750 ms.", "mail relay", "timeout", "750 ms"),
        ("We rewrote the mail relay in Rust.", "mail relay", "language", "Rust"),
        ("The mail relay was ported from Go to Rust.", "mail relay", "language", "Rust"),
        ("The mail relay moved to eu-west-1.", "mail relay", "region", "eu-west-1"),
        ("I was born on July 19.", "ann", "birthday", "July 19"),
        ("I am severely allergic to soy.", "ann", "allergy", "soy"),
        ("I left Globex and work at Initech now.", "ann", "employer", "Initech"),
        ("From today Rana is my manager.", "ann", "manager", "Rana"),
        ("In production batch_size is 100.", "shop", "batch_size", "100"),
        ("We keep batch_size at 100.", "shop", "batch_size", "100"),
        ("batch_size defaults to 100.", "shop", "batch_size", "100"),
        ("We set batch_size to 100", "shop", "batch_size", "100"),
        ("Rana, our designer, lives in Lyon.", "Rana", "home", "Lyon"),
    ];
    for (text, subject, attribute, value) in table {
        let (of, what, is) = one(text);
        assert_eq!((of.as_str(), what.as_str(), is.as_str()), (subject, attribute, value), "{text}");
    }
}
