//! What a text shows of itself at a glance, in one number that is kept with its document.

use super::document::Document;

/// Bits from 0: the flags below; from 16, four each: tokens that are numbers, and that begin with a capital.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traits(pub u64);

const ASKS: u64 = 1;
const ENDS_ASKING: u64 = 1 << 1;
const TELLS_TIME: u64 = 1 << 2;
const FIRST_PERSON: u64 = 1 << 3;
const USER: u64 = 1 << 4;
const ASSISTANT: u64 = 1 << 5;
const MESSAGE: u64 = 1 << 6;
const CALL: u64 = 1 << 7;
const RESULT: u64 = 1 << 8;
const FAILED: u64 = 1 << 9;
const SUCCEEDED: u64 = 1 << 10;
const NUMBERS_AT: u32 = 16;
const CAPITALS_AT: u32 = 20;
const MOST_COUNTED: u64 = 15;
/// Bytes of a text that are looked at.
const LOOKED_AT: usize = 8 * 1024;

const TIMES: [&str; 38] = [
    "today",
    "yesterday",
    "tomorrow",
    "tonight",
    "ago",
    "last",
    "next",
    "week",
    "weekend",
    "month",
    "year",
    "morning",
    "evening",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "day",
    "days",
    "weeks",
    "months",
    "years",
    "since",
];

impl Traits {
    pub fn of(document: &Document) -> Self {
        let text = &document.content[..document.content.floor_char_boundary(LOOKED_AT)];
        let (mut flags, mut numbers, mut capitals) = (0, 0, 0);
        let mut flag = |bit: u64, holds: bool| flags |= if holds { bit } else { 0 };
        flag(ASKS, text.contains('?'));
        flag(ENDS_ASKING, document.content.trim_end().ends_with('?'));
        for word in text.split(|letter: char| !letter.is_alphanumeric() && letter != '\'') {
            let first = word.chars().next();
            numbers += u64::from(first.is_some_and(|first| first.is_ascii_digit()));
            capitals += u64::from(first.is_some_and(char::is_uppercase));
            let lower = word.to_lowercase();
            let year = lower.len() == 4 && (lower.starts_with("19") || lower.starts_with("20"));
            let year = year && lower.bytes().all(|byte| byte.is_ascii_digit());
            flag(TELLS_TIME, year || TIMES.contains(&lower.as_str()));
            let person = ["i", "i'm", "i've", "i'll", "i'd", "my", "me", "we", "our", "we're", "mine"];
            flag(FIRST_PERSON, person.contains(&lower.as_str()));
        }
        let agent = document.agent.as_deref().map(str::to_lowercase);
        flag(USER, agent.as_deref() == Some("user"));
        flag(ASSISTANT, agent.as_deref() == Some("assistant"));
        let event_type = document.event_type.as_deref();
        flag(MESSAGE, event_type == Some("message"));
        flag(CALL, event_type == Some("tool_call"));
        flag(RESULT, event_type == Some("tool_result"));
        flag(FAILED, event_type == Some("error") || document.outcome.as_deref() == Some("failure"));
        flag(SUCCEEDED, event_type == Some("success") || document.outcome.as_deref() == Some("success"));
        let counts = numbers.min(MOST_COUNTED) << NUMBERS_AT | capitals.min(MOST_COUNTED) << CAPITALS_AT;
        Self(flags | counts)
    }

    /// Name and value of each; counts from 0 to 15, the rest 0 or 1.
    pub fn named(self) -> [(&'static str, f32); 13] {
        let flag = |bit: u64| f32::from(self.0 & bit > 0);
        let count = |at: u32| (self.0 >> at & MOST_COUNTED) as f32;
        [
            ("asks", flag(ASKS)),
            ("ends_asking", flag(ENDS_ASKING)),
            ("tells_time", flag(TELLS_TIME)),
            ("first_person", flag(FIRST_PERSON)),
            ("user", flag(USER)),
            ("assistant", flag(ASSISTANT)),
            ("message", flag(MESSAGE)),
            ("call", flag(CALL)),
            ("result", flag(RESULT)),
            ("failed", flag(FAILED)),
            ("succeeded", flag(SUCCEEDED)),
            ("numbers", count(NUMBERS_AT)),
            ("capitals", count(CAPITALS_AT)),
        ]
    }

    /// Whether somebody said it.
    pub fn is_said(self) -> bool {
        self.0 & MESSAGE > 0
    }

    pub fn ends_asking(self) -> bool {
        self.0 & ENDS_ASKING > 0
    }
}

#[cfg(test)]
mod tests {
    use athena_schemas::Time;
    use athena_schemas::wire::Kind;

    use super::*;

    #[test]
    fn a_text_shows_what_it_is() {
        let document = |content: &str| Document {
            kind: Kind::Event,
            id: "e".into(),
            project: "p".into(),
            session: None,
            agent: Some("User".into()),
            event_type: Some("message".into()),
            tool: None,
            outcome: Some("failure".into()),
            files: vec![],
            tags: vec![],
            time: Time::from_micros(0),
            name: None,
            aliases: vec![],
            scope: vec![],
            valid: (None, None),
            superseded: false,
            content: content.into(),
            position: 0,
            parent: None,
            sources: vec![],
        };
        let shown = |content: &str| -> Vec<(&str, f32)> {
            let named = Traits::of(&document(content)).named();
            named.into_iter().filter(|(_, value)| *value > 0.0).collect()
        };
        assert_eq!(shown("it rains"), [("user", 1.0), ("message", 1.0), ("failed", 1.0)]);
        let expected = [
            ("asks", 1.0),
            ("ends_asking", 1.0),
            ("tells_time", 1.0),
            ("first_person", 1.0),
            ("user", 1.0),
            ("message", 1.0),
            ("failed", 1.0),
            ("numbers", 1.0),
            ("capitals", 3.0),
        ];
        assert_eq!(shown("I saw Rome in May 2023, did you?"), expected);
    }
}
