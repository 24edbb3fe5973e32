//! Every form that is read, and forms that must not be.

use super::*;

/// A Wednesday.
const NOW: &str = "2026-11-25T18:30:00Z";

fn asked(text: &str) -> Times {
    read(text, Time::parse(NOW).unwrap())
}

fn span(text: &str) -> String {
    let times = asked(text);
    let [_] = &times.spans[..] else { return format!("{times:?}") };
    let show = |time: Option<Time>| {
        let text = time.map_or(String::new(), |time| time.to_string());
        let text = text.strip_suffix("T00:00:00Z").or_else(|| text.strip_suffix(":00Z")).unwrap_or(&text);
        text.trim_end_matches('Z').to_owned()
    };
    format!("{}..{}", show(times.spans[0].from), show(times.spans[0].until))
}

fn compare(table: &[(&str, &str)]) {
    let wrong: Vec<_> = table.iter().map(|(text, expected)| (*text, span(text), *expected)).collect();
    let wrong: Vec<_> = wrong.into_iter().filter(|(_, found, expected)| found != expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn absolute_times() {
    let table = [
        ("what broke on 2024-03-05?", "2024-03-05..2024-03-06"),
        ("what broke on 2024/03/05", "2024-03-05..2024-03-06"),
        ("events of 2024-03", "2024-03-01..2024-04-01"),
        ("in March 2024", "2024-03-01..2024-04-01"),
        ("where did Ann go in May 2023?", "2023-05-01..2023-06-01"),
        ("on 5 March 2024", "2024-03-05..2024-03-06"),
        ("on the 5th of March, 2024", "2024-03-05..2024-03-06"),
        ("March 5th, 2024", "2024-03-05..2024-03-06"),
        ("Mar 5 2024", "2024-03-05..2024-03-06"),
        ("what happened on March 5", "2026-03-05..2026-03-06"),
        ("what happened on December 5", "2025-12-05..2025-12-06"),
        ("in December", "2025-12-01..2026-01-01"),
        ("in November", "2026-11-01..2026-12-01"),
        ("in 2023", "2023-01-01..2024-01-01"),
        ("in Q1 2024", "2024-01-01..2024-04-01"),
        ("in Q3", "2026-07-01..2026-10-01"),
        ("in early March 2024", "2024-03-01..2024-03-11T08:00"),
        ("late 2023", "2023-09-01T08:00..2024-01-01"),
        ("at 2024-03-05T10:20:00Z", "2024-03-05T10:20..2024-03-05T10:20:01"),
        ("on Monday 2 March 2026", "2026-03-02..2026-03-03"),
        ("on Monday, the 2nd of March", "2026-03-02..2026-03-03"),
        ("on Thursday 2024-03-07", "2024-03-07..2024-03-08"),
        ("on 24.12.2025", "2025-12-24..2025-12-25"),
        ("on 10/02/2026", "2026-02-10..2026-02-11"),
        ("on 02/24/2026", "2026-02-24..2026-02-25"),
        ("in summer 2026", "2026-06-01..2026-09-01"),
        ("autumn 2025", "2025-09-01..2025-12-01"),
        ("in winter", "2025-12-01..2026-03-01"),
        ("in the first week of October", "2026-10-01..2026-10-08"),
        ("the last day of March 2024", "2024-03-31..2024-04-01"),
        ("in the second half of 2025", "2025-07-02T12:00..2026-01-01"),
        ("at the end of March", "2026-03-21T16:00..2026-04-01"),
        ("at the beginning of last month", "2026-10-01..2026-10-11T08:00"),
        ("2024-03-05T10:20", "2024-03-05T10:20..2024-03-05T10:21"),
    ];
    compare(&table);
}

#[test]
fn relative_times() {
    let table = [
        ("what did we do today?", "2026-11-25..2026-11-26"),
        ("yesterday's failures", "2026-11-24..2026-11-25"),
        ("the day before yesterday", "2026-11-23..2026-11-24"),
        ("last week", "2026-11-16..2026-11-23"),
        ("this week", "2026-11-23..2026-11-30"),
        ("last month", "2026-10-01..2026-11-01"),
        ("this month", "2026-11-01..2026-12-01"),
        ("last year", "2025-01-01..2026-01-01"),
        ("last quarter", "2026-07-01..2026-10-01"),
        ("next week", "2026-11-30..2026-12-07"),
        ("last weekend", "2026-11-21..2026-11-23"),
        ("this morning", "2026-11-25T05:00..2026-11-25T12:00"),
        ("yesterday evening", "2026-11-24T17:00..2026-11-24T23:00"),
        ("last night", "2026-11-24T18:00..2026-11-25T06:00"),
        ("on Monday", "2026-11-23..2026-11-24"),
        ("last Friday", "2026-11-20..2026-11-21"),
        ("last Wednesday", "2026-11-18..2026-11-19"),
        ("on Wednesday", "2026-11-25..2026-11-26"),
        ("last March", "2026-03-01..2026-04-01"),
        ("last December", "2025-12-01..2026-01-01"),
        ("3 days ago", "2026-11-22..2026-11-23"),
        ("two weeks ago", "2026-11-09..2026-11-16"),
        ("half a year ago", "2026-05-01..2026-06-01"),
        ("a year and a half ago", "2025-05-01..2025-06-01"),
        ("two and a half years ago", "2024-05-01..2024-06-01"),
        ("half an hour ago", "2026-11-25T18:00..2026-11-25T18:01"),
        ("a fortnight ago", "2026-11-09..2026-11-16"),
        ("in the last fortnight", "2026-11-11T18:30..2026-11-25T18:30"),
        ("last summer", "2026-06-01..2026-09-01"),
        ("last autumn", "2025-09-01..2025-12-01"),
        ("this autumn", "2026-09-01..2026-12-01"),
        ("next spring", "2027-03-01..2027-06-01"),
        ("a month ago", "2026-10-01..2026-11-01"),
        ("an hour ago", "2026-11-25T17:00..2026-11-25T18:00"),
        ("a couple of days ago", "2026-11-23..2026-11-24"),
        ("in the last 3 days", "2026-11-22T18:30..2026-11-25T18:30"),
        ("the past two weeks", "2026-11-11T18:30..2026-11-25T18:30"),
        ("past week", "2026-11-18T18:30..2026-11-25T18:30"),
        ("in the last 24h", "2026-11-24T18:30..2026-11-25T18:30"),
        ("within 2 hours", "2026-11-25T16:30..2026-11-25T18:30"),
    ];
    compare(&table);
}

#[test]
fn open_stretches() {
    let table = [
        ("what changed since yesterday?", "2026-11-24.."),
        ("since Monday", "2026-11-23.."),
        ("since last week", "2026-11-16.."),
        ("since 3 days ago", "2026-11-22.."),
        ("before March 2024", "..2024-03-01"),
        ("prior to 2024", "..2024-01-01"),
        ("after March 2024", "2024-04-01.."),
        ("until yesterday", "..2026-11-25"),
        ("two days before 5 March 2024", "2024-03-03..2024-03-04"),
        ("a week after 2024-03-05", "2024-03-11..2024-03-18"),
        ("by the end of March 2024", "..2024-04-01"),
        ("between 2024-03-05 and 2024-03-07", "2024-03-05..2024-03-08"),
        ("from March 2024 to May 2024", "2024-03-01..2024-06-01"),
        ("from Monday to today", "2026-11-23..2026-11-26"),
    ];
    compare(&table);
}

#[test]
fn anchors_and_orders() {
    let anchor = |text: &str| {
        let Anchor { relation, what, .. } = asked(text).anchors.remove(0);
        (relation, what)
    };
    assert_eq!(anchor("what failed before the release?"), (Relation::Before, "release".into()));
    assert_eq!(
        anchor("After the migration to Kafka, which tests broke?"),
        (Relation::After, "migration to Kafka".into())
    );
    assert_eq!(
        anchor("what did we decide after we moved to Lance"),
        (Relation::After, "moved to Lance".into())
    );
    assert_eq!(anchor("since the upgrade"), (Relation::Since, "upgrade".into()));
    let release = Time::parse("2026-03-10T09:00:00Z").unwrap();
    let around = |text: &str| {
        let Span { from, until, said } = asked(text).anchors.remove(0).span(release);
        [from, until].map(|time| time.map_or(String::new(), |time| time.to_string())).join(" ") + " " + &said
    };
    let expected = "2026-03-07T00:00:00Z 2026-03-08T00:00:00Z release";
    assert_eq!(around("what failed three days before the release?"), expected);
    assert_eq!(around("what failed before the release?"), " 2026-03-10T09:00:00Z release");
    let after = asked("since when, after the release").anchors.remove(0).span(release);
    assert_eq!((after.from, after.until), (Some(release.plus_micros(1)), None));
    assert_eq!(asked("the latest deployment").order, Some(Order::Newest));
    assert_eq!(asked("what was the most recent failure?").order, Some(Order::Newest));
    assert_eq!(asked("when did we first use tantivy?").order, Some(Order::Oldest));
}

#[test]
fn what_is_no_time_is_left() {
    let texts = [
        "may I march to the store?",
        "which port is 2024?",
        "the second test",
        "the last test that failed",
        "written by Ann",
        "error 3 of 5",
        "in Spring Boot",
        "the first week",
        "half of it",
        "version 10.2.2026.1",
        "31.02.2026",
        "week",
        "days",
        "how long is a day",
        "",
        "since",
        "before",
        "the",
        "in the",
        "between",
        "from 1 to",
        "last",
        "past",
        "99999999999999999999 days ago",
        "9999 years ago",
        "2024-13-45",
        "February 30",
    ];
    let taken = texts.into_iter().filter(|text| !asked(text).spans.is_empty());
    assert_eq!(taken.collect::<Vec<_>>(), [""; 0]);
    assert_eq!(asked("").rest, "");
    assert!(asked("").is_empty());
}

#[test]
fn the_rest_is_what_is_asked_about() {
    assert_eq!(asked("Which tests failed last week in cart?").rest, "Which tests failed in cart?");
    assert_eq!(asked("since yesterday").rest, "");
    assert_eq!(
        asked("What did Ann say before the release about cats?").anchors[0].what,
        "release about cats"
    );
}
