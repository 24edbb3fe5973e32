//! A clause without what says nothing of its own: greetings, adverbs, when it was said.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::frames;

/// A clause as frames read it.
#[derive(Debug, PartialEq, Eq)]
pub struct Plain {
    pub text: String,
    /// Whether it says that something is new: `now`.
    pub changes: bool,
    /// Whether it tells of this day only.
    pub passing: bool,
    /// `… instead of MySQL`: the value before.
    pub instead: Option<String>,
}

static LEADS: LazyLock<Regex> =
    LazyLock::new(|| ends("leads", |words| format!(r"(?i)^(?:{words})(?:[,:.!]| [-–—])* +")));
static TAILS: LazyLock<Regex> =
    LazyLock::new(|| ends("tails", |words| format!(r"(?i)(?:,| [-–—])* +(?:{words})$")));

fn ends(section: &str, pattern: impl Fn(&str) -> String) -> Regex {
    Regex::new(&pattern(&frames::alternatives(section))).expect("a pattern of our own")
}

/// `Ferdi, our designer, …`
static APPOSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<name>\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)?), (?:my|our|the|a|an) [^,]{2,40}, ")
        .expect("a pattern of our own")
});
/// `is no longer A but B`
static RATHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?P<is>is|are|am) (?:no longer|not) (?P<old>[^,]{1,40}?),? but (?:rather )?")
        .expect("a pattern of our own")
});
static INSTEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i),? (?:instead of|rather than|in place of|no longer (?:to|in|at|on|for|with)|and not|not|no longer)(?: to| in| at| on| for| with)? (?P<old>[^,]{1,40})$")
        .expect("a pattern of our own")
});
static SHORT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?P<word>i'm|i've|we're|we've|you're|they're|they've|it's|that's|he's|she's|there's|can't|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't|won't|wouldn't)\b").expect("a pattern of our own")
});
/// What says that it is not, or not yet, or only nearly.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:not|never|no|nobody|none|nor|neither|without|hardly|barely|nearly|almost|will|shall|would|should|could|might|want|wants|wanted|plan|plans|planning|going to|about to|tried|try|trying|used to|hope|hopes|wish)\b| (?:if|whether|unless|until|once|whenever) |^(?:if|whether|unless|until|once|when|whenever|had|say|as soon as|as long as|in case)\b|\?").expect("a pattern of our own")
});

/// The clause without what says nothing; none where it does not say how things are.
pub fn plain(written: &str) -> Option<Plain> {
    let mut text = written.replace('’', "'").split_whitespace().collect::<Vec<_>>().join(" ");
    text.truncate(text.trim_end_matches(['.', '!', ';', ',', ':', '…', ' ']).len());
    text = SHORT.replace_all(&text, |found: &Captures<'_>| long(&found["word"])).into_owned();
    while let Some(found) = LEADS.find(&text) {
        text.replace_range(..found.end(), "");
    }
    text = APPOSED.replace(&text, "$name ").into_owned();
    text = text.trim_start_matches([',', ' ']).to_owned();
    let mut instead = None;
    if let Some(found) = RATHER.captures(&text) {
        instead = Some(found["old"].to_owned());
        text = RATHER.replace(&text, "$is ").into_owned();
    }
    let (mut changes, mut passing) = (instead.is_some(), false);
    loop {
        if let Some(found) = TAILS.find(&text) {
            let tail = found.as_str().to_lowercase();
            changes |= tail.contains("now") && !tail.contains("right now");
            passing |= ["today", "yesterday", "this week", "last week", "this month", "last month"]
                .iter()
                .any(|day| tail.ends_with(day))
                && !tail.contains("as of")
                && !tail.contains("from");
            text.truncate(found.start());
        } else if let Some(found) = INSTEAD.captures(&text) {
            instead = instead.or(Some(found["old"].to_owned()));
            let start = found.get(0).map_or(text.len(), |whole| whole.start());
            text.truncate(start);
            changes = true;
        } else {
            break;
        }
    }
    static FILLERS: LazyLock<Vec<&'static str>> = LazyLock::new(|| frames::words("fillers"));
    let kept: Vec<&str> = text
        .split(' ')
        .enumerate()
        .filter(|(at, word)| {
            let filler =
                FILLERS.contains(word) || (*at == 0 && FILLERS.contains(&word.to_lowercase().as_str()));
            changes |= filler && word.eq_ignore_ascii_case("now");
            !filler
        })
        .map(|(_, word)| word)
        .collect();
    let text = kept.join(" ");
    let states = text.split(' ').count() > 1 && !OPEN.is_match(&text);
    states.then_some(Plain { text, changes, passing, instead })
}

fn long(word: &str) -> String {
    let lower = word.to_lowercase();
    if lower == "can't" {
        return "cannot".into();
    }
    if lower == "won't" {
        return "will not".into();
    }
    let (stem, end) = word.split_once('\'').unwrap_or((word, ""));
    match end.to_lowercase().as_str() {
        "m" => format!("{stem} am"),
        "ve" => format!("{stem} have"),
        "re" => format!("{stem} are"),
        "s" => format!("{stem} is"),
        _ => format!("{} not", stem.trim_end_matches(['n', 'N'])),
    }
}
