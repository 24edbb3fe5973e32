//! Whole clauses that state a fact, by the frames of `frames.txt`: each slot is of a kind, and a value only of its attribute's.

use std::collections::HashMap;
use std::sync::OnceLock;

use regex::{Captures, Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::phrases::{Found, Owner, Sort, value_after};
use super::{Kind, Speaker, Statement, keys, lists, plain};
use crate::language::pieces::pieces;

static FRAMES: &str = include_str!("frames.txt");

/// Bytes that all the frames may take when they are compiled.
const COMPILED_BYTES: usize = 256 << 20;
/// Words of a clause that is read by frames.
const CLAUSE_WORDS: usize = 26;

const WORD: &str = r"[\p{L}\d][^\s,;:()]*";
/// Classes of letters, small enough for hundreds of patterns.
const CLASSES: [(&str, &str); 5] = [
    (r"\p{Lu}", "[A-ZÀ-Þ]"),
    (r"\p{L}", "[A-Za-zÀ-ɏ]"),
    (r"\w", "[A-Za-z0-9_À-ɏ]"),
    (r"\d", "[0-9]"),
    (r"\s", " "),
];

/// An attribute that nouns name.
#[derive(Debug, Clone, Copy)]
struct Named {
    attribute: &'static str,
    kind: &'static str,
    /// Whether what stands before the noun is whose the attribute is.
    of_things: bool,
    many: bool,
}

/// A frame: which attribute it gives a value.
struct Frame {
    source: String,
    /// Compiled when a clause is in the frame for the first time.
    pattern: OnceLock<Regex>,
    /// Empty where a noun or a key of the clause says it.
    attribute: &'static str,
    many: bool,
    changes: bool,
}

struct Frames {
    set: RegexSet,
    frames: Vec<Frame>,
    nouns: HashMap<&'static str, Named>,
    kinds: HashMap<&'static str, Regex>,
    qualifiers: Vec<&'static str>,
}

fn sections() -> HashMap<&'static str, Vec<&'static str>> {
    let mut sections: HashMap<&str, Vec<&'static str>> = HashMap::new();
    let mut section = "";
    for line in FRAMES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
            .filter(|name| !name.contains(']'))
        {
            Some(name) => section = name,
            None => sections.entry(section).or_default().push(line),
        }
    }
    sections
}

/// The alternatives of a list in the file, for what is taken off the ends of a clause.
pub fn alternatives(section: &str) -> String {
    sections().remove(section).unwrap_or_default().join("|")
}

pub fn words(section: &str) -> Vec<&'static str> {
    sections().remove(section).unwrap_or_default().into_iter().flat_map(|line| line.split(' ')).collect()
}

fn pattern(text: &str) -> Regex {
    RegexBuilder::new(text)
        .case_insensitive(true)
        .size_limit(COMPILED_BYTES)
        .build()
        .expect("a pattern of our own")
}

/// What `$name` stands for, within each other and within kinds.
fn expanded(text: &str, named: &[(&'static str, String)]) -> String {
    let mut text = text.to_owned();
    for (name, stands) in named.iter().rev() {
        text = text.replace(&format!("${name}"), stands);
    }
    text
}

fn frames() -> &'static Frames {
    static READ: OnceLock<Frames> = OnceLock::new();
    READ.get_or_init(|| {
        let mut sections = sections();
        let mut patterns: Vec<(&'static str, String)> = Vec::new();
        let mut kinds: HashMap<&'static str, String> = HashMap::new();
        for line in sections.remove("patterns").unwrap_or_default() {
            let (name, stands) = line[1..].split_once(" = ").expect("a pattern has a name");
            let stands = expanded(stands, &patterns);
            patterns.push((name, stands));
        }
        patterns.sort_by_key(|(name, _)| name.len());
        let mut inner = Vec::new();
        for line in sections.remove("kinds").unwrap_or_default() {
            let (name, stands) = line.split_once(" = ").expect("a kind has a name");
            let stands = expanded(stands, &inner);
            inner.push((name, format!("(?:{stands})")));
            inner.sort_by_key(|(name, _)| name.len());
            kinds.insert(name, stands);
        }
        let mut nouns: HashMap<&'static str, Named> = HashMap::new();
        for line in sections.remove("nouns").unwrap_or_default() {
            let mut parts = line.splitn(3, ": ");
            let (name, kind, named) = (parts.next(), parts.next(), parts.next());
            let (Some(name), Some(kind), Some(named)) = (name, kind, named) else { continue };
            let attribute = name.trim_start_matches('@').trim_end_matches('+');
            let one = Named { attribute, kind, of_things: name.starts_with('@'), many: name.ends_with('+') };
            nouns.extend(named.split(", ").map(|noun| (noun, one)));
        }
        for other in ["leads", "tails", "fillers"] {
            sections.remove(other);
        }
        let qualifiers = sections.remove("qualifiers").unwrap_or_default();
        let qualifiers = qualifiers.into_iter().flat_map(|line| line.split(' ')).collect();
        let mut names: Vec<&str> = nouns.keys().copied().collect();
        names.sort_by_key(|name| (usize::MAX - name.len(), *name));
        let noun = names.join("|");
        let before = format!(r"(?:(?P<det>my|our|the|this|a|an) )?(?P<before>(?:{WORD} ){{0,5}}?)(?P<noun>{noun})");
        let of = format!(r"{before} (?:of|for|behind|in|on) (?P<det2>my |our |the |this )?(?P<thing>{WORD}(?: {WORD}){{0,3}}?)");
        let mut sources: Vec<(String, &'static str, bool)> = Vec::new();
        let mut by_name: Vec<(&'static str, Vec<&'static str>)> = sections.into_iter().collect();
        // What says the attribute by its verb goes before what names it.
        by_name.sort_by_key(|(name, _)| (*name == "any", *name));
        for (section, lines) in by_name {
            let attribute = section.trim_end_matches('+');
            let kind = match section {
                "any" => None,
                "setting" => Some("setting"),
                _ => nouns.values().find(|named| named.attribute == attribute).map(|named| named.kind),
            };
            for line in lines {
                let changes = line.starts_with("> ");
                let written = expanded(line.trim_start_matches("> "), &patterns);
                let phrases: &[&str] = if written.contains("{np}") { &[&before, &of] } else { &[""] };
                for phrase in phrases {
                    sources.push((compiled(&written, kind, phrase, &kinds), section, changes));
                }
            }
        }
        let set = RegexSetBuilder::new(sources.iter().map(|(source, ..)| source))
            .case_insensitive(true)
            .size_limit(COMPILED_BYTES)
            .dfa_size_limit(64 << 20)
            .build()
            .expect("patterns of our own");
        let frames = sources
            .iter()
            .map(|(source, section, changes)| Frame {
                source: source.clone(),
                pattern: OnceLock::new(),
                attribute: if ["any", "setting"].contains(section) { "" } else { section.trim_end_matches('+') },
                many: section.ends_with('+'),
                changes: *changes,
            })
            .collect();
        let kinds = kinds.into_iter().map(|(name, kind)| (name, pattern(&lean(&format!("^(?:{kind})$"))))).collect();
        Frames { set, frames, nouns, kinds, qualifiers }
    })
}

/// A frame as the pattern that it stands for.
fn compiled(frame: &str, kind: Option<&str>, phrase: &str, kinds: &HashMap<&'static str, String>) -> String {
    const NAME: &str = r"(?-i:\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)?)";
    let mut pattern = String::from("^");
    let mut rest = frame;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '(' => {
                pattern.push_str("(?:");
                1
            }
            '[' if rest.starts_with("[colon]") => {
                pattern.push_str(" ?:");
                "[colon]".len()
            }
            '[' => {
                pattern.push_str("(?:(?:");
                1
            }
            // With the blank behind it.
            ']' => {
                pattern.push_str(") )?");
                1 + usize::from(rest[1..].starts_with(' '))
            }
            '{' => {
                let end = rest.find('}').expect("a slot ends");
                let (slot, of) =
                    rest[1..end].split_once(':').map_or((&rest[1..end], kind), |(slot, of)| (slot, Some(of)));
                let source = of.and_then(|of| kinds.get(of)).map_or(".+?", String::as_str);
                match slot {
                    "value" => pattern.push_str(&format!("(?:(?:the|a|an) )?(?P<value>{source})")),
                    "old" => pattern.push_str(&format!("(?:(?:the|a|an) )?(?P<old>{source})")),
                    "thing" => pattern.push_str(&format!(r"(?P<det>the |our |this |my )?(?P<thing>{WORD}(?: {WORD}){{0,3}}?)")),
                    "key" => pattern.push_str(r"(?P<key>(?-i:[A-Za-z]\w*_\w+|[A-Z]{4,}|[a-z]+(?:\.[a-z_]+)+|--[a-z-]+|[a-z]+[A-Z]\w*))"),
                    "who" => pattern.push_str(&format!(r"(?:(?P<own>i)|(?:my|our) (?P<kin>[a-z]+)|(?:(?:my|our|the) (?:[a-z]+ ){{1,2}})?(?P<person>{NAME}))")),
                    "who2" => pattern.push_str(&format!("(?:(?P<own>me)|(?P<person>{NAME}))")),
                    "np" => pattern.push_str(phrase),
                    "the" => pattern.push_str("(?:the|our)"),
                    other => unreachable!("no slot {other}"),
                }
                end + 1
            }
            '=' | '+' | '.' | '*' => {
                pattern.push('\\');
                pattern.push(c);
                1
            }
            _ => {
                pattern.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    pattern.push('$');
    lean(&pattern)
}

fn lean(pattern: &str) -> String {
    CLASSES.iter().fold(pattern.to_owned(), |pattern, (class, lean)| pattern.replace(class, lean))
}

/// Whether a value is of the kind of the attribute that a noun names; none where the noun names none that is known.
pub fn fits(noun: &str, value: &str) -> Option<bool> {
    let all = frames();
    let named = all.nouns.get(noun.to_lowercase().as_str())?;
    let fits = |value: &str| {
        all.kinds.get(named.kind).is_none_or(|kind| kind.is_match(value)) && is_value(value, named.kind)
    };
    Some(fitting(value.trim(), &fits).is_some())
}

/// What a clause states as a whole, if it is in one of the frames.
pub fn read(written: &str, speaker: Speaker<'_>, span: std::ops::Range<usize>) -> Option<Statement> {
    let clause = plain::plain(written)?;
    if clause.text.split(' ').count() > CLAUSE_WORDS {
        return None;
    }
    let all = frames();
    all.set.matches(&clause.text).into_iter().find_map(|at| {
        let frame = &all.frames[at];
        if clause.passing && !frame.changes {
            return None;
        }
        let found = frame.pattern.get_or_init(|| pattern(&frame.source)).captures(&clause.text)?;
        let mut statement = stated(all, frame, &found, speaker, &clause)?;
        statement.span = span.clone();
        Some(statement)
    })
}

/// Whose an attribute is.
struct Whose {
    owner: Owner,
    shown: String,
    words: Vec<String>,
}

impl Whose {
    fn project(owner: Owner, speaker: Speaker<'_>) -> Self {
        Self { owner, shown: speaker.project.to_owned(), words: vec![] }
    }

    fn own(speaker: Speaker<'_>) -> Self {
        Self { owner: Owner::Own, shown: speaker.name.to_owned(), words: vec![speaker.name.to_lowercase()] }
    }

    fn thing(written: &str, owner: Owner, speaker: Speaker<'_>) -> Self {
        let mut words: Vec<String> = pieces(written, false).into_iter().map(|piece| piece.word).collect();
        if owner == Owner::Own {
            words.insert(0, speaker.name.to_lowercase());
        }
        Self { owner, shown: written.to_owned(), words }
    }
}

fn owner(determiner: Option<&str>) -> Owner {
    match determiner.unwrap_or_default().trim().to_lowercase().as_str() {
        "my" => Owner::Own,
        "our" => Owner::Shared,
        "a" | "an" => Owner::Any,
        _ => Owner::Open,
    }
}

fn stated(
    all: &Frames,
    frame: &Frame,
    found: &Captures<'_>,
    speaker: Speaker<'_>,
    clause: &plain::Plain,
) -> Option<Statement> {
    let slot = |name: &str| found.name(name).map(|slot| slot.as_str().trim());
    let value = slot("value")?;
    let thing = slot("thing").filter(|thing| !thing.is_empty());
    if thing.is_some_and(|thing| !is_thing(thing)) {
        return None;
    }
    let determiner = slot("det");
    let (mut whose, attribute, kind, many) = if let Some(key) = slot("key") {
        let whose = thing.map(|thing| Whose::thing(thing, owner(determiner), speaker));
        (whose.unwrap_or_else(|| Whose::project(Owner::Shared, speaker)), key.to_owned(), "setting", false)
    } else if let Some(noun) = slot("noun") {
        let noun = noun.to_lowercase();
        let named = *all.nouns.get(noun.as_str())?;
        let (whose, attribute) = named_of(all, &named, &noun, found, speaker)?;
        (whose, attribute, named.kind, named.many)
    } else {
        let kind = all
            .nouns
            .values()
            .find(|named| named.attribute == frame.attribute)
            .map_or("words", |named| named.kind);
        let whose = match (thing, slot("own"), slot("kin"), slot("person")) {
            (Some(thing), ..) => Whose::thing(thing, owner(determiner), speaker),
            (_, _, Some(kin), _) if lists::has("people", kin) => Whose::kin(kin, speaker),
            (_, _, Some(_), _) => return None,
            (.., Some(person)) if is_name(person) => {
                Whose { owner: Owner::Shared, ..Whose::thing(person, Owner::Open, speaker) }
            }
            (.., Some(_)) => return None,
            _ if slot("own").is_some() || PERSONAL.contains(&frame.attribute) => Whose::own(speaker),
            _ => Whose::project(Owner::Shared, speaker),
        };
        (whose, frame.attribute.to_owned(), kind, frame.many)
    };
    let fits =
        |value: &str| all.kinds.get(kind).is_none_or(|kind| kind.is_match(value)) && is_value(value, kind);
    let value = if slot("noun").is_some() {
        fitting(value, &fits)?
    } else {
        Some(value).filter(|value| is_value(value, kind))?
    };
    let from =
        slot("old").map(|old| if slot("noun").is_some() { fitting(old, &fits).unwrap_or(old) } else { old });
    let from = from.map(str::to_owned).or_else(|| clause.instead.clone());
    if whose.owner == Owner::Any {
        // `I have a new phone number`
        let mine = clause.text.to_lowercase().starts_with("i ") && whose.words.is_empty();
        whose = if mine { Whose::own(speaker) } else { Whose { owner: Owner::Shared, ..whose } };
    }
    let told: Vec<String> = pieces(&attribute, false).into_iter().map(|piece| piece.word).collect();
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    let of: Vec<&str> = whose.words.iter().map(String::as_str).collect();
    let (found, value_key) = value_key(value);
    let name = speaker.name.to_lowercase();
    let open_key = (whose.owner == Owner::Open).then(|| {
        let of: Vec<&str> = of.iter().copied().chain([name.as_str()]).collect();
        keys::attribute(&of, &told, found.as_ref())
    });
    let favourite = ["favourite", "favorite", "preferred"].iter().any(|word| attribute.contains(word));
    Some(Statement {
        key: keys::attribute(&of, &told, found.as_ref()),
        subject: whose.shown,
        attribute,
        value: value.to_owned(),
        open_key,
        value_key,
        kind: if favourite { Kind::Preference } else { Kind::Fact },
        many,
        ends: false,
        changes: frame.changes || clause.changes,
        from: from.map(|from| value_key_of(&from)),
        span: 0..0,
    })
}

/// Attributes that are the speaker's where nobody is named.
const PERSONAL: [&str; 9] =
    ["home", "employer", "job", "manager", "email", "phone", "dog", "birthday", "editor"];

impl Whose {
    /// `my wife`: of the speaker's.
    fn kin(kin: &str, speaker: Speaker<'_>) -> Self {
        let words = vec![speaker.name.to_lowercase(), kin.to_lowercase()];
        Self { owner: Owner::Own, shown: format!("{}'s {}", speaker.name, kin.to_lowercase()), words }
    }
}

/// Whose an attribute is that a noun names, and the attribute with what it is told apart by.
fn named_of(
    all: &Frames,
    named: &Named,
    noun: &str,
    found: &Captures<'_>,
    speaker: Speaker<'_>,
) -> Option<(Whose, String)> {
    let slot = |name: &str| found.name(name).map(|slot| slot.as_str().trim()).filter(|slot| !slot.is_empty());
    let before = slot("before").unwrap_or_default();
    let owned = owner(slot("det"));
    let qualifier = |word: &&str| all.qualifiers.contains(&word.to_lowercase().as_str());
    let (possessor, rest) = match before.rfind("'s") {
        Some(at) if before[at + 2..].is_empty() || before[at + 2..].starts_with(' ') => {
            (Some(&before[..at]), before[at + 2..].trim())
        }
        Some(_) => return None,
        None => (None, before),
    };
    let words: Vec<&str> = rest.split(' ').filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| lists::has("stops", &word.to_lowercase())) {
        return None;
    }
    let telling = |words: &[&str]| -> String {
        let kept =
            words.iter().filter(|word| !lists::has("newness", &word.to_lowercase()) || **word == "default");
        kept.copied().chain([named.attribute]).collect::<Vec<_>>().join(" ")
    };
    if let Some(thing) = slot("thing") {
        let whose_thing = owner(slot("det2"));
        if possessor.is_some() || !words.iter().all(qualifier) {
            return None;
        }
        if let Some(possessed) = possessed(named, noun, thing, whose_thing, speaker) {
            return Some(possessed);
        }
        let named_one = slot("det2").is_none() && is_name(thing);
        // `the budget for 2027`, `the deadline in May`: not whose.
        let whose = if named_one {
            Whose { owner: Owner::Shared, ..Whose::thing(thing, Owner::Open, speaker) }
        } else {
            Whose::thing(thing, whose_thing, speaker)
        };
        return Some((whose, telling(&words)));
    }
    if let Some(possessor) = possessor {
        if !words.iter().all(qualifier) || owned == Owner::Any {
            return None;
        }
        if let Some(possessed) = possessed(named, noun, possessor, owned, speaker) {
            return Some(possessed);
        }
        if !is_thing(possessor) {
            return None;
        }
        let whose = match owned {
            Owner::Own if lists::has("people", possessor) => Whose::kin(possessor, speaker),
            Owner::Own | Owner::Shared => Whose::thing(possessor, owned, speaker),
            _ if found.name("det").is_none() && is_name(possessor) => {
                Whose { owner: Owner::Shared, ..Whose::thing(possessor, Owner::Open, speaker) }
            }
            _ => Whose::thing(possessor, owned, speaker),
        };
        return Some((whose, telling(&words)));
    }
    // A thing of which nothing is said but its name is no fact of the project.
    if noun == "name" {
        return (owned == Owner::Own && words.is_empty()).then(|| (Whose::own(speaker), "name".to_owned()));
    }
    let split = words.iter().position(qualifier).unwrap_or(words.len());
    let (thing, rest) = words.split_at(split);
    if !rest.iter().all(qualifier) {
        return (!named.of_things).then_some(()).and_then(|()| open(named, &words, owned, speaker));
    }
    if !thing.is_empty() && named.of_things {
        let thing = thing.join(" ");
        return is_thing(&thing).then(|| (Whose::thing(&thing, owned, speaker), telling(rest)));
    }
    open(named, &words, owned, speaker).map(|(whose, _)| (whose, telling(&words)))
}

/// Attributes that only somebody has: `the nightly job` is none of the project.
const OF_PEOPLE: [&str; 5] = ["home", "employer", "job", "name", "birthday"];

/// `my default branch`, `the monthly budget`: what stands before the noun tells which.
fn open(named: &Named, words: &[&str], owned: Owner, speaker: Speaker<'_>) -> Option<(Whose, String)> {
    let attribute = words.iter().copied().chain([named.attribute]).collect::<Vec<_>>().join(" ");
    match owned {
        Owner::Own => Some((Whose::own(speaker), attribute)),
        _ if OF_PEOPLE.contains(&named.attribute) => None,
        _ => Some((Whose::project(owned, speaker), attribute)),
    }
}

/// `my dog's name`, `the name of my dog`, `my dog's vet`: an attribute of the speaker.
fn possessed(
    named: &Named,
    noun: &str,
    thing: &str,
    owned: Owner,
    speaker: Speaker<'_>,
) -> Option<(Whose, String)> {
    let lower = thing.to_lowercase();
    if owned != Owner::Own && !(owned == Owner::Shared && lists::has("people", &lower)) {
        return None;
    }
    if noun == "name" {
        return Some((
            Whose::own(speaker),
            frames().nouns.get(lower.as_str()).map_or(lower, |one| one.attribute.to_owned()),
        ));
    }
    lists::has("people", &lower).then(|| (Whose::kin(&lower, speaker), named.attribute.to_owned()))
}

/// The value that is of the kind, or what is left of it without words that tell nothing.
fn fitting<'v>(value: &'v str, fits: &impl Fn(&str) -> bool) -> Option<&'v str> {
    let mut value = value.trim();
    loop {
        if fits(value) {
            return Some(value);
        }
        let (first, rest) = value.split_once(' ')?;
        if ![
            "the", "a", "an", "at", "on", "in", "to", "every", "called", "named", "set", "exactly", "around",
            "about", "v", "version", "port", "from",
        ]
        .contains(&first.to_lowercase().as_str())
        {
            return None;
        }
        value = rest;
    }
}

/// Whether what stands in a slot for a value is one, and not how something is.
fn is_value(value: &str, kind: &str) -> bool {
    let typed = value.starts_with(|c: char| c.is_ascii_digit() || "+#@$€£¥/~:".contains(c));
    let kinds =
        ["name", "person", "owner", "place", "company", "product", "language", "zone", "channel", "region"];
    let loose = ["words", "job", "substance", "token", "license", "trade", "choice"].contains(&kind);
    if typed || !(loose || kinds.contains(&kind)) {
        return true;
    }
    let words: Vec<String> = value.split(' ').map(str::to_lowercase).collect();
    let dated = kinds.contains(&kind) && words.iter().any(|word| lists::has("calendar", word));
    let small = |word: &String| loose || value.contains(word.as_str());
    let spoilt = |word: &String| {
        small(word) && lists::has("states", word)
            || small(word) && lists::has("passing", word)
            || (lists::has("stops", word) && !["of", "and", "the", "or"].contains(&word.as_str()))
    };
    let how = |word: &String| {
        loose
            && word.len() > 5
            && ["ing", "ly", "ous", "ful", "less", "able", "ible"].iter().any(|end| word.ends_with(end))
            && kind != "trade"
    };
    !dated && !words.iter().any(spoilt) && !words.iter().any(how)
}

/// Whether words are the name of someone or something.
fn is_name(written: &str) -> bool {
    written.starts_with(char::is_uppercase)
        && !written.split(' ').any(|word| {
            let word = word.to_lowercase();
            lists::has("stops", &word) || lists::has("calendar", &word) || lists::has("leads", &word)
        })
}

/// Whether words are a thing that has attributes.
fn is_thing(written: &str) -> bool {
    let words: Vec<String> = written.split(' ').map(str::to_lowercase).collect();
    let stop = |word: &String| {
        lists::has("stops", word) || lists::has("calendar", word) || lists::has("asking", word)
    };
    let last = words.last().map_or("", String::as_str);
    !words.iter().any(stop)
        && !lists::has("passing", last)
        && words.iter().any(|word| word.contains(char::is_alphabetic))
}

fn value_key(value: &str) -> (Option<Found>, String) {
    let written = pieces(value, false);
    let found = value_after(value, &written, 0);
    match &found {
        Some(whole) if whole.words == (0..written.len()) && !matches!(whole.sort, Sort::Plain) => {
            let key = keys::value(whole, &written);
            (found, key)
        }
        _ => (found, keys::value_of(value)),
    }
}

fn value_key_of(value: &str) -> String {
    value_key(value).1
}
