//! The rules that find statements in a clause: who or what, which attribute, which value.

use std::ops::Range;

use super::clauses::Clause;
use super::phrases::{Found, Noun, Owner, Sort, noun_before, possessive, typed, value_after};
use super::{Kind, Speaker, Statement, frames, keys, lists};
use crate::language::lexicon;
use crate::language::pieces::Piece;
use crate::language::values::{Measure, Value};
use crate::language::values_at::value_at;

/// Pieces that a change goes across to its `to`.
const CHANGE_WORDS: usize = 9;
/// Words of what is planned at a time.
const EVENT_WORDS: usize = 9;

/// Words that say of a thing that it was another before.
const CHANGED: [&str; 10] = [
    "new",
    "updated",
    "increased",
    "decreased",
    "reduced",
    "raised",
    "lowered",
    "extended",
    "revised",
    "shortened",
];
/// What stands behind what is planned, and says only that it is.
const PLANNED: [&str; 7] = ["scheduled", "booked", "due", "planned", "set", "finalized", "arranged"];

/// A clause that is read.
pub struct Reader<'a> {
    pub text: &'a str,
    pub clause: &'a Clause,
    pub speaker: Speaker<'a>,
}

/// Of whom a relation is said.
#[derive(Debug)]
struct Subject {
    owner: Owner,
    shown: String,
    /// Words that belong to the key.
    words: Vec<String>,
    start: usize,
}

impl Reader<'_> {
    /// What the clause states.
    pub fn statements(&self) -> Vec<Statement> {
        let mut found: Vec<Statement> = Vec::new();
        for at in 0..self.pieces().len() {
            let statement = match self.clause.asks {
                // Whatever is supposed of it, a new budget of mine is there.
                _ if self.clause.doubtful => {
                    self.measured(at).filter(|one| one.changes && one.open_key.is_none())
                }
                // A question takes for granted what it gives a value in passing.
                true => self.measured(at),
                false => self
                    .change(at)
                    .or_else(|| self.relation(at))
                    .or_else(|| self.copula(at))
                    .or_else(|| self.happens(at))
                    .or_else(|| self.has(at))
                    .or_else(|| self.event(at))
                    .or_else(|| self.measured(at)),
            };
            if let Some(statement) = statement
                && !found.iter().any(|one| one.key == statement.key && one.value_key == statement.value_key)
            {
                found.push(statement);
            }
        }
        found
    }

    fn pieces(&self) -> &[Piece] {
        &self.clause.pieces
    }

    fn word(&self, at: usize) -> &str {
        self.pieces().get(at).map_or("", |piece| piece.word.as_str())
    }

    fn before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |at| self.word(at))
    }

    fn words(&self, range: Range<usize>) -> Vec<&str> {
        self.pieces()[range].iter().map(|piece| piece.word.as_str()).collect()
    }

    /// As it is written, without a possessive's ending.
    fn written(&self, range: Range<usize>) -> String {
        let pieces = &self.pieces()[range];
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return String::new() };
        let written =
            self.text[first.span.start..last.span.end].split_whitespace().collect::<Vec<_>>().join(" ");
        let bare = written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(&written);
        bare.to_owned()
    }

    fn denied(&self, range: Range<usize>) -> bool {
        const DENYING: [&str; 14] = [
            "not", "never", "no", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "havent",
            "hasnt", "cannot", "nobody",
        ];
        range.into_iter().any(|at| DENYING.contains(&self.word(at)))
    }

    /// `our deploy day is Friday`, `Friday is our deploy day`, `the port of the cart service is 8080`.
    fn copula(&self, at: usize) -> Option<Statement> {
        const BE: [&str; 6] = ["is", "are", "equals", "stays", "remains", "becomes"];
        let contracted =
            possessive(self.text, self.pieces().get(at)?) && value_at(self.pieces(), at + 1).is_some();
        if !contracted && !BE.contains(&self.word(at)) {
            return None;
        }
        let mut value = at + 1;
        while lists::has("adverbs", self.word(value)) {
            value += 1;
        }
        let changed = (value..value + 4).any(|at| lists::has("changes", self.word(at)));
        if changed || self.denied(value..value + 1) {
            return None;
        }
        if let Some(inverse) = self.inverse(at, value) {
            return Some(inverse);
        }
        let end = match (contracted, self.before(at, 1)) {
            (true, _) => at + 1,
            (false, "which" | "that") => at - 1,
            (false, _) => self.skip_back(at),
        };
        let noun = if contracted { self.contracted(end) } else { noun_before(self.text, self.pieces(), end) };
        let noun = noun.filter(|noun| noun.owner != Owner::Any)?;
        if !["which", "that"].contains(&self.before(at, 1)) && self.embedded(noun.start) {
            return None;
        }
        let found = value_after(self.text, self.pieces(), value)?;
        self.accepts(&noun, &found).then(|| self.statement(&noun, &found))
    }

    /// Whether what begins there stands under a verb that does not say that it is so: `they insist that …`.
    fn embedded(&self, start: usize) -> bool {
        const ADVERBIAL: [&str; 9] = ["for", "in", "at", "on", "of", "with", "from", "by", "as"];
        let mut above = (0..start).map(|at| self.word(at)).filter(|word| {
            !lists::has("leads", word) && !lists::has("adverbs", word) && !lists::has("turns", word)
        });
        let first = above.clone().next();
        let adverbial = first.is_none_or(|word| ADVERBIAL.contains(&word)) && self.before(start, 1) != "that";
        let scoped = first.is_some_and(|word| ["in", "at", "on"].contains(&word))
            && (1..start).all(|at| typed(self.pieces(), at).is_none_or(|found| !found.is_time()));
        if scoped && !above.clone().any(|word| ["production", "prod", "general", "fact"].contains(&word)) {
            return true;
        }
        !adverbial && !above.any(|word| lists::has("factive", word))
    }

    /// Words before a verb that tell nothing of its subject.
    fn skip_back(&self, at: usize) -> usize {
        let mut end = at;
        while end > 0 && lists::has("adverbs", self.word(end - 1)) {
            end -= 1;
        }
        end
    }

    /// `our deploy day's Friday`: the noun's last word carries the verb.
    fn contracted(&self, end: usize) -> Option<Noun> {
        let owned = (0..end).rev().find(|at| ["my", "our", "the"].contains(&self.word(*at)))?;
        (end - owned <= 5 && end - owned > 1).then_some(())?;
        let owner = match self.word(owned) {
            "my" => Owner::Own,
            "our" => Owner::Shared,
            _ => Owner::Open,
        };
        Some(Noun { owner, possessor: None, words: owned + 1..end, complement: None, start: owned })
    }

    /// `Friday is our deploy day`.
    fn inverse(&self, at: usize, from: usize) -> Option<Statement> {
        let owner = match self.word(from) {
            "my" => Owner::Own,
            "our" => Owner::Shared,
            "the" => Owner::Open,
            _ => return None,
        };
        let lead = (0..at).take_while(|at| lists::has("leads", self.word(*at))).count();
        let found = value_after(self.text, self.pieces(), lead)?;
        if found.words.end != at || found.sort == Sort::Plain {
            return None;
        }
        let end = (from + 1..self.pieces().len())
            .take_while(|at| !lists::has("stops", self.word(*at)) && self.pieces()[*at].after == ' ')
            .last()?
            + 1;
        let complement = ["of", "for"].contains(&self.word(end)).then(|| {
            let first = end + 1 + usize::from(["the", "our", "my", "a"].contains(&self.word(end + 1)));
            let words = (first..self.pieces().len())
                .take_while(|at| !lists::has("stops", self.word(*at)) && self.pieces()[*at].after == ' ')
                .count();
            end..first + words
        });
        if complement.as_ref().is_some_and(|complement| complement.len() < 2) {
            return None;
        }
        let noun = Noun { owner, possessor: None, words: from + 1..end, complement, start: from };
        // `Ann is the one …` gives no attribute a value.
        let known = self.names(&noun, &found) || (found.is_time() && noun.words.len() <= 4);
        known.then(|| self.statement(&noun, &found))
    }

    /// Whether what is said of a noun phrase is a value of it, and not how it is.
    fn accepts(&self, noun: &Noun, found: &Found) -> bool {
        let head = noun.words.end.checked_sub(1).map_or("", |at| self.word(at));
        let singular = head.strip_suffix('s').unwrap_or(head);
        let long = lexicon::long_form(head).unwrap_or(singular);
        let known = [head, singular, long].iter().any(|head| lists::has("attributes", head))
            || lists::has("measures", head)
            || noun.words.clone().any(|at| ["favourite", "favorite", "preferred"].contains(&self.word(at)));
        let first = self.word(found.words.start);
        if lists::has("passing", head) || self.passes() || !self.fits(noun, found) {
            return false;
        }
        let owned = noun.owner != Owner::Open || noun.possessor.is_some();
        match &found.sort {
            // `the second`, `is one of`: no values; `at 18 of 400`: how far it is.
            Sort::Typed(values) => {
                let bare = matches!(values[..], [Value::Amount { of: Measure::Count | Measure::Share, .. }]);
                let counts = found.counted.as_ref().is_some_and(|counted| {
                    lists::has("passing", self.word(counted.start))
                        || lists::has("passing", self.word(counted.end - 1))
                });
                let far = self.word(found.words.end) == "of" || counts;
                let measured = !bare && (owned || noun.complement.is_some() || noun.words.len() > 1);
                let told = owned
                    || noun.complement.is_some()
                    || noun.words.len() > 1
                    || frames::fits(head, "1").is_some();
                let counted =
                    !bare || told && (lists::has("measures", head) || lists::has("measures", singular));
                let timed = !found.is_time()
                    || owned
                    || noun.words.len() > 1
                    || lists::has("timed", head)
                    || lists::has("happens", head);
                counted
                    && timed
                    && !far
                    && (known || measured)
                    && (known || !matches!(values[..], [Value::Ordinal(_)]))
            }
            _ if lists::has("timed", head) => false,
            Sort::Code => known || owned,
            Sort::Name => {
                let told = owned || noun.complement.is_some() || noun.words.len() > 1;
                (known || owned) && told && !lists::has("calendar", first)
            }
            Sort::Plain => {
                let worded = [head, singular].iter().any(|head| lists::has("worded", head));
                let told = owned || noun.complement.is_some() || noun.words.len() > 1;
                let ends =
                    found.words.end == self.pieces().len() || self.pieces()[found.words.end].after != ' ';
                worded && told && ends && !self.is_how(found)
            }
        }
    }

    /// Whether a noun phrase names an attribute that may have the value.
    fn names(&self, noun: &Noun, found: &Found) -> bool {
        let head = self.word(noun.words.end - 1);
        let singular = head.strip_suffix('s').unwrap_or(head);
        let long = lexicon::long_form(head).unwrap_or(singular);
        let known = [head, singular, long].iter().any(|head| {
            lists::has("attributes", head) || lists::has("measures", head) || lists::has("timed", head)
        });
        known && !lists::has("passing", head) && !self.passes() && self.fits(noun, found)
    }

    /// Whether words say how something is.
    fn is_how(&self, found: &Found) -> bool {
        let how = |word: &str| {
            ["ing", "ly", "ed", "ous", "ful", "less", "able", "ible"]
                .iter()
                .any(|end| word.ends_with(end) && word.len() > end.len() + 2)
        };
        let first = self.word(found.words.start);
        how(first)
            || found
                .words
                .clone()
                .any(|at| lists::has("states", self.word(at)) || lists::has("passing", self.word(at)))
    }

    /// Whether a value is of the kind that the noun's attribute has, where that is known.
    fn fits(&self, noun: &Noun, found: &Found) -> bool {
        let written = self.written(found.words.clone());
        let last = noun.words.end - 1;
        let two = noun.words.len() > 1;
        let named =
            two.then(|| self.written(last - 1..last + 1)).and_then(|named| frames::fits(&named, &written));
        named.or_else(|| frames::fits(&self.written(last..last + 1), &written)).unwrap_or(true)
    }

    /// Whether the clause tells of this very moment.
    fn passes(&self) -> bool {
        (0..self.pieces().len()).any(|at| {
            let day = ["today", "tonight", "yesterday", "tomorrow"].contains(&self.word(at))
                && !["from", "of", "since"].contains(&self.before(at, 1));
            let part = self.word(at) == "this"
                && ["morning", "afternoon", "evening", "week"].contains(&self.word(at + 1));
            let now = self.word(at) == "right" && self.word(at + 1) == "now"
                || self.word(at) == "at" && self.word(at + 2) == "moment";
            day || part || now
        })
    }

    /// `Ann lives in Berlin`, `we use Postgres for the orders`, `the cart listens on port 8080`.
    fn relation(&self, at: usize) -> Option<Statement> {
        let relation = lists::relation((at..self.pieces().len()).map(|at| self.word(at)))?;
        let decided = self.before(at, 1) == "to"
            && ["decided", "agreed", "chose", "opted"].contains(&self.before(at, 2));
        let end = if decided { at - 2 } else { at };
        let over = self.before(at, 1) == "longer" && self.before(at, 2) == "no";
        let subject = self.subject(if over { at - 2 } else { end })?;
        let after = at + relation.words;
        let mut found = value_after(self.text, self.pieces(), after)?;
        let over = over || self.ended(found.words.end);
        if !over && self.denied(subject.start..at) {
            return None;
        }
        let plain = found.sort == Sort::Plain;
        let first = self.word(found.words.start);
        // `it runs on time`, `I use it`: what is written as no name is seldom one.
        if plain
            && (lists::has("states", first)
                || !(relation.many || ["job", "home"].contains(&relation.attribute)))
        {
            return None;
        }
        if self.passes() || !self.relates(relation.attribute, &found, after) {
            return None;
        }
        if relation.attribute == "port" && !found.is_typed()
            || relation.attribute == "platform" && found.is_typed()
        {
            return None;
        }
        // `uses Postgres for the orders`: what it is used for has one value.
        let purpose = self.purpose(found.words.end).filter(|_| relation.attribute == "uses");
        let known =
            purpose.as_ref().is_some_and(|purpose| lists::has("attributes", self.word(purpose.end - 1)));
        if plain && !known && relation.attribute == "uses" {
            return None;
        }
        let mut statement = match &purpose {
            Some(purpose) => {
                found.counted = None;
                self.said(&subject, &self.written(purpose.clone()), self.words(purpose.clone()), &found)
            }
            None => self.said(&subject, relation.attribute, relation.attribute.split(' ').collect(), &found),
        };
        statement.many = relation.many && purpose.is_none();
        statement.ends = over;
        if decided {
            statement.kind = Kind::Decision;
        }
        Some(statement)
    }

    /// Whether a value is of the kind that a relation has.
    fn relates(&self, attribute: &str, found: &Found, after: usize) -> bool {
        let first = self.word(found.words.start);
        let named = matches!(found.sort, Sort::Name | Sort::Code) && !lists::has("calendar", first);
        match attribute {
            "job" => ["a", "an", "the"].contains(&self.word(after)) && !self.is_how(found),
            "allergy" => !self.is_how(found) && !found.is_typed(),
            "uses" => {
                let vague = found
                    .words
                    .clone()
                    .any(|at| lists::has("states", self.word(at)) && !self.pieces()[at].capital);
                let pointing = self.word(found.words.end) == "for"
                    && ["it", "that", "this", "them", "everything"].contains(&self.word(found.words.end + 1));
                !lists::has("passing", first) && !vague && !pointing
            }
            "version" => {
                matches!(&found.sort, Sort::Typed(values) if matches!(values[..], [Value::Version(_)]))
            }
            "price" | "birthday" | "expiry" => found.is_typed() || found.sort == Sort::Code,
            "port" => found.is_typed(),
            _ => named,
        }
    }

    /// Whether what was said ends there: `… any more`.
    fn ended(&self, from: usize) -> bool {
        (from..self.pieces().len())
            .any(|at| self.word(at) == "anymore" || (self.word(at) == "any" && self.word(at + 1) == "more"))
    }

    /// `for the orders`, `as our queue`, after a value.
    fn purpose(&self, from: usize) -> Option<Range<usize>> {
        if !["for", "as"].contains(&self.word(from)) {
            return None;
        }
        let start = from
            + 1
            + usize::from(["the", "our", "my", "its", "all", "a", "an"].contains(&self.word(from + 1)));
        let words = (start..self.pieces().len().min(start + 4))
            .take_while(|at| !lists::has("stops", self.word(*at)) && self.pieces()[*at].after == ' ')
            .count();
        (words > 0 && !self.word(start).ends_with("ing")).then_some(start..start + words)
    }

    /// Who stands before a verb.
    fn subject(&self, end: usize) -> Option<Subject> {
        const AUXILIARY: [&str; 14] = [
            "have", "has", "am", "is", "are", "been", "do", "does", "dont", "doesnt", "not", "im", "ive",
            "were",
        ];
        let mut end = end;
        while end > 0
            && (lists::has("adverbs", self.word(end - 1)) || AUXILIARY.contains(&self.word(end - 1)))
        {
            if ["im", "ive"].contains(&self.word(end - 1)) {
                return Some(self.own(end - 1));
            }
            // `we're`
            if self.word(end - 1) == "were" && end == 1 {
                return Some(self.shared(0));
            }
            end -= 1;
        }
        match self.before(end, 1) {
            "i" => return Some(self.own(end - 1)),
            "we" | "weve" => return Some(self.shared(end - 1)),
            _ => {}
        }
        let noun = noun_before(self.text, self.pieces(), end)?;
        if noun.owner == Owner::Any {
            return None;
        }
        Some(self.of_noun(&noun))
    }

    fn noun_written(&self, noun: &Noun) -> String {
        let ranges = [noun.possessor.clone(), Some(noun.words.clone()), noun.complement.clone()];
        ranges.into_iter().flatten().map(|range| self.written(range)).collect::<Vec<_>>().join(" ")
    }

    fn own(&self, start: usize) -> Subject {
        Subject {
            owner: Owner::Own,
            shown: self.speaker.name.to_owned(),
            words: vec![self.speaker.name.to_lowercase()],
            start,
        }
    }

    fn shared(&self, start: usize) -> Subject {
        Subject { owner: Owner::Shared, shown: self.speaker.project.to_owned(), words: vec![], start }
    }

    fn key_words(&self, noun: &Noun) -> Vec<String> {
        let ranges = [noun.possessor.clone(), Some(noun.words.clone()), noun.complement.clone()];
        let own = (noun.owner == Owner::Own).then(|| self.speaker.name.to_lowercase());
        own.into_iter()
            .chain(ranges.into_iter().flatten().flatten().map(|at| self.word(at).to_owned()))
            .collect()
    }

    /// `the deploy moved to Friday`, `we switched the queue from A to B`, `replaced A with B`.
    fn change(&self, at: usize) -> Option<Statement> {
        if !lists::has("changes", self.word(at))
            || ["to", "didnt", "not", "never"].contains(&self.before(at, 1))
        {
            return None;
        }
        const TO: [&str; 7] = ["to", "at", "until", "till", "with", "by", "for"];
        let limit = self.pieces().len().min(at + CHANGE_WORDS);
        // `went up to`, `reached 165`
        let mut next = at + 1;
        while ["up", "down", "back", "over", "all", "out"].contains(&self.word(next))
            || lists::has("adverbs", self.word(next))
        {
            next += 1;
        }
        let reached = ["reached", "hit"].contains(&self.word(at));
        let from = (next..limit).find(|at| self.word(*at) == "from");
        let to = if reached {
            Some(next.wrapping_sub(1))
        } else {
            (next..limit).find(|at| TO.contains(&self.word(*at)))
        };
        let to = to.filter(|to| {
            self.word(*to) != "by" && (self.word(*to) != "with" || self.word(at) == "replaced")
        })?;
        if self.word(to) == "for" && !lists::has("changes", self.word(at)) {
            return None;
        }
        let found = value_after(self.text, self.pieces(), to + 1)?;
        if found.sort == Sort::Plain && self.word(to) != "to" && self.word(to) != "with" {
            return None;
        }
        let old =
            from.filter(|from| *from < to).and_then(|from| value_after(self.text, self.pieces(), from + 1));
        let object_end = from.filter(|from| *from < to).unwrap_or(to);
        let mut statement = match object_end > next && !reached {
            // `we moved the standup to 10:30`, `switched the queue from A to B`, `replaced A with B`
            true => {
                let replaced = self.word(to) == "with";
                if replaced {
                    let old = value_after(self.text, self.pieces(), next)?;
                    if old.sort == Sort::Plain || found.sort == Sort::Plain {
                        return None;
                    }
                    self.unnamed(at, &found, Some(&old))?
                } else {
                    let owned = ["the", "our", "my", "this"].contains(&self.word(next));
                    let start = next + usize::from(owned);
                    let noun = noun_before(self.text, self.pieces(), object_end)
                        .filter(|noun| noun.start >= next)
                        .or_else(|| {
                            let bare = (start..object_end).all(|at| !lists::has("stops", self.word(at)));
                            let owner = Owner::Open;
                            (bare && start < object_end).then_some(Noun {
                                owner,
                                possessor: None,
                                words: start..object_end,
                                complement: None,
                                start,
                            })
                        })?;
                    self.turns(&noun, &found).then(|| self.statement(&noun, &found))?
                }
            }
            false => self.passive(at, &found, old.as_ref())?,
        };
        statement.from = old.map(|old| keys::value(&old, self.pieces())).or(statement.from);
        statement.changes = true;
        Some(statement)
    }

    /// Whether a change gives a noun phrase a value, and does not only move it about.
    fn turns(&self, noun: &Noun, found: &Found) -> bool {
        let head = self.word(noun.words.end - 1);
        let singular = head.strip_suffix('s').unwrap_or(head);
        let long = lexicon::long_form(head).unwrap_or(singular);
        let known = [head, singular, long].iter().any(|head| {
            lists::has("attributes", head) || lists::has("measures", head) || lists::has("timed", head)
        });
        if lists::has("passing", head) || self.passes() || !self.fits(noun, found) {
            return false;
        }
        match &found.sort {
            Sort::Plain => lists::has("worded", head) && !self.is_how(found),
            Sort::Typed(values) => {
                known
                    || values.iter().all(|value| {
                        !value.is_time()
                            && !matches!(value, Value::Amount { of: Measure::Count, .. } | Value::Ordinal(_))
                    })
            }
            Sort::Name => known && !lists::has("calendar", self.word(found.words.start)),
            Sort::Code => known,
        }
    }

    /// What stands before a change has the value after it.
    fn passive(&self, at: usize, found: &Found, old: Option<&Found>) -> Option<Statement> {
        const AUXILIARY: [&str; 12] =
            ["has", "have", "had", "was", "were", "is", "are", "been", "got", "get", "just", "its"];
        let mut end = at;
        while end > 0
            && (AUXILIARY.contains(&self.word(end - 1)) || lists::has("adverbs", self.word(end - 1)))
        {
            end -= 1;
        }
        if ["which", "that"].contains(&self.before(end, 1)) {
            end -= 1;
        }
        match noun_before(self.text, self.pieces(), end) {
            Some(noun) if noun.owner != Owner::Any => {
                let person = noun.owner == Owner::Open
                    && noun.words.len() == 1
                    && self.pieces()[noun.words.start].capital
                    && noun.start + 1 == noun.words.end
                    && found.sort == Sort::Name
                    && old.is_none();
                if person && self.word(at) == "moved" {
                    return Some(self.said(&self.of_noun(&noun), "home", vec!["home"], found));
                }
                self.turns(&noun, found).then(|| self.statement(&noun, found))
            }
            _ => self.unnamed(at, found, old),
        }
    }

    /// `we switched from A to B`: the attribute is the one that had the value `A`.
    fn unnamed(&self, at: usize, found: &Found, old: Option<&Found>) -> Option<Statement> {
        if found.is_typed() {
            return None;
        }
        let subject = self.subject(at)?;
        if let Some(purpose) = self.purpose(found.words.end) {
            if lists::has("passing", self.word(purpose.end - 1)) || found.sort == Sort::Plain {
                return None;
            }
            return Some(self.said(&subject, &self.written(purpose.clone()), self.words(purpose), found));
        }
        let moves = ["moved", "relocated"].contains(&self.word(at));
        match (old, subject.owner) {
            (Some(old), _) => {
                let mut statement = self.said(&subject, "", vec![], found);
                statement.key = String::new();
                statement.from = Some(keys::value(old, self.pieces()));
                Some(statement)
            }
            (None, Owner::Own) if moves && found.sort == Sort::Name => {
                Some(self.said(&subject, "home", vec!["home"], found))
            }
            (None, _)
                if ["switched", "migrated", "moved", "upgraded"].contains(&self.word(at))
                    && found.sort != Sort::Plain =>
            {
                let mut statement = self.said(&subject, "uses", vec!["uses"], found);
                statement.many = true;
                Some(statement)
            }
            _ => None,
        }
    }

    /// `we deploy on Fridays`, `the standup starts at 9:15`.
    fn happens(&self, at: usize) -> Option<Statement> {
        if !["on", "at", "every", "each"].contains(&self.word(at)) || at == 0 {
            return None;
        }
        let found = typed(self.pieces(), at + 1).filter(Found::is_time)?;
        // `at 4 PM for my visit`
        if self.word(found.words.end) == "for" && ["my", "our"].contains(&self.word(found.words.end + 1)) {
            let purpose = self.purpose(found.words.end)?;
            let owner = if self.word(found.words.end + 1) == "my" { Owner::Own } else { Owner::Shared };
            let noun = Noun { owner, possessor: None, words: purpose, complement: None, start: at };
            return Some(self.statement(&noun, &found));
        }
        let verb = self.skip_back(at);
        let mut first = verb;
        while first > 0 && lists::has("happens", self.word(first - 1)) {
            first -= 1;
        }
        let wes = verb >= 2 && ["we", "i"].contains(&self.word(verb - 2));
        if wes && !lists::has("stops", self.word(verb - 1)) && !self.word(verb - 1).ends_with("ed") {
            let subject =
                if self.word(verb - 2) == "we" { self.shared(verb - 2) } else { self.own(verb - 2) };
            let verb = self.word(verb - 1);
            let often =
                ["every", "each"].contains(&self.word(at)) || self.word(found.words.start).ends_with("days");
            let usual = often || (subject.owner == Owner::Shared && lists::has("habits", verb));
            if !usual || self.passes() {
                return None;
            }
            return Some(self.said(&subject, verb, vec![verb], &found));
        }
        if first == verb {
            return None;
        }
        let mut end = first;
        while end > 0
            && ["is", "are", "now", "always", "will", "be", "get", "gets"].contains(&self.word(end - 1))
        {
            end -= 1;
        }
        if self.denied(end..at) || end == 0 || self.passes() {
            return None;
        }
        let noun = noun_before(self.text, self.pieces(), end).filter(|noun| noun.owner != Owner::Any)?;
        let known = self.accepts(&noun, &found);
        known.then(|| self.statement(&noun, &found))
    }

    /// `my library has 45 sources`.
    fn has(&self, at: usize) -> Option<Statement> {
        if !["has", "have", "contains", "holds", "includes", "ive"].contains(&self.word(at)) {
            return None;
        }
        let mut next = at + 1;
        while lists::has("adverbs", self.word(next))
            || ["a", "total", "of", "got", "added", "collected"].contains(&self.word(next))
        {
            next += 1;
        }
        let found = typed(self.pieces(), next).filter(|found| !found.is_time())?;
        let counted = found.counted.clone()?;
        let several = self.word(counted.end - 1).ends_with('s') || self.word(counted.end - 1) == "people";
        let passes = counted.clone().any(|at| lists::has("passing", self.word(at))) || self.passes();
        let ends = ["", "in", "to", "on", "and", "for", "with", "from"].contains(&self.word(counted.end))
            || self.pieces()[counted.end].after != ' ';
        if !several || !ends {
            return None;
        }
        let subject = match self.place(counted.end) {
            // `I have 52 sources in my library`
            Some(noun) => self.of_noun(&noun),
            None if self.word(at) == "ive" => self.own(at),
            None => self.subject(at)?,
        };
        // `my table has 900 rows`, where `the import has 900 rows` is of one run.
        let kept = matches!(subject.owner, Owner::Own | Owner::Shared)
            && subject.shown.contains(' ')
            && ["rows", "pages", "commits", "files"].contains(&self.word(counted.end - 1));
        if passes && !kept {
            return None;
        }
        let noun = self.written(counted.clone());
        Some(self.said(&subject, &noun, self.words(counted), &found))
    }

    /// `in my library`, `to our list`, after what was counted.
    fn place(&self, from: usize) -> Option<Noun> {
        let owner = match self.word(from + 1) {
            "my" => Owner::Own,
            "our" => Owner::Shared,
            "the" => Owner::Open,
            _ => return None,
        };
        if !["to", "in", "into", "on"].contains(&self.word(from)) {
            return None;
        }
        let start = from + 2;
        let words = (start..self.pieces().len().min(start + 4))
            .take_while(|at| !lists::has("stops", self.word(*at)) && self.pieces()[*at].after == ' ')
            .count();
        let noun =
            Noun { owner, possessor: None, words: start..start + words, complement: None, start: from };
        (words > 0).then_some(noun)
    }

    fn of_noun(&self, noun: &Noun) -> Subject {
        Subject {
            owner: noun.owner,
            shown: self.noun_written(noun),
            words: self.key_words(noun),
            start: noun.start,
        }
    }

    /// `I have a meeting with Ann on May 20`, `planning to visit the shop at 3 PM`.
    fn event(&self, at: usize) -> Option<Statement> {
        const VERBS: [&str; 10] = [
            "have",
            "has",
            "got",
            "booked",
            "scheduled",
            "planned",
            "arranged",
            "ive",
            "planning",
            "organized",
        ];
        if !VERBS.contains(&self.word(at)) || self.denied(at.saturating_sub(1)..at) {
            return None;
        }
        let skipped = usize::from(["got", "to", "up"].contains(&self.word(at + 1)));
        let start = at + 1 + skipped;
        let planned = self.word(at) == "planning";
        if !planned && !["a", "an", "my", "our", "the"].contains(&self.word(start)) {
            return None;
        }
        let limit = self.pieces().len().min(start + EVENT_WORDS);
        let preposition = (start + 1..limit).find(|at| {
            let timed = typed(self.pieces(), at + 1).is_some_and(|found| found.is_time());
            ["on", "at", "for", "next", "every"].contains(&self.word(*at)) && timed
        })?;
        let found = typed(self.pieces(), preposition + 1)?;
        let dated = matches!(&found.sort, Sort::Typed(values) if values.iter().any(|value| !matches!(value, Value::Clock(_) | Value::Weekday(_))));
        if !dated || self.passes() {
            return None;
        }
        let first = start + usize::from(["a", "an", "my", "our", "the"].contains(&self.word(start)));
        let tells = |at: &usize| !lists::has("stops", self.word(*at)) && !PLANNED.contains(&self.word(*at));
        let end = (first..preposition).rev().find(tells)? + 1;
        let subject = match self.word(start) {
            "our" => self.shared(at),
            _ => self
                .subject(at)
                .filter(|subject| subject.owner != Owner::Open)
                .unwrap_or_else(|| self.own(at)),
        };
        Some(self.said(&subject, &self.written(first..end), self.words(first..end), &found))
    }

    /// `a deadline of April 5`, `my $600 annual budget`: a value that is told in passing.
    fn measured(&self, at: usize) -> Option<Statement> {
        if ["of", "at"].contains(&self.word(at)) {
            let noun = noun_before(self.text, self.pieces(), at)?;
            let found = typed(self.pieces(), at + 1).filter(|found| found.counted.is_none())?;
            let owned = matches!(noun.owner, Owner::Own | Owner::Shared) || self.word(noun.start) == "the";
            let kept = owned || (noun.owner == Owner::Any && found.is_time());
            let known = self.names(&noun, &found);
            if !kept || !known {
                return None;
            }
            let complement = self.purpose(found.words.end).map(|words| found.words.end..words.end);
            return Some(
                self.statement(&Noun { complement: noun.complement.clone().or(complement), ..noun }, &found),
            );
        }
        let owner = match self.word(at) {
            "my" => Owner::Own,
            "our" => Owner::Shared,
            "the" => Owner::Open,
            _ if possessive(self.text, self.pieces().get(at)?) => Owner::Open,
            _ => return None,
        };
        let (value, used) = value_at(self.pieces(), at + 1)?;
        let measured = !matches!(value, Value::Ordinal(_) | Value::Amount { of: Measure::Count, .. });
        let start = at + 1 + used;
        let end = (start..self.pieces().len().min(start + 4))
            .take_while(|at| !lists::has("stops", self.word(*at)) && self.pieces()[*at].after == ' ')
            .last()?
            + 1;
        if !measured || value.is_time() {
            return None;
        }
        let found = Found { sort: Sort::Typed(vec![value]), words: at + 1..start, counted: None };
        let named = possessive(self.text, &self.pieces()[at])
            .then(|| noun_before(self.text, self.pieces(), at + 1))
            .flatten();
        let complement = (self.word(end) == "on" || self.word(end) == "for")
            .then(|| {
                (end + 1..self.pieces().len().min(end + 3))
                    .take_while(|at| !lists::has("stops", self.word(*at)))
                    .last()
            })
            .flatten()
            .map(|last| end..last + 1);
        let possessor =
            possessive(self.text, &self.pieces()[at]).then(|| named.map_or(at..at + 1, |noun| noun.words));
        let noun = Noun { owner, possessor, words: start..end, complement, start: at };
        Some(self.statement(&noun, &found))
    }

    /// A noun phrase that has a value.
    fn statement(&self, noun: &Noun, found: &Found) -> Statement {
        let thing = match (&noun.possessor, &noun.complement) {
            (Some(possessor), _) => Some(possessor.clone()),
            (None, Some(complement)) if self.word(complement.start) == "of" => {
                let article =
                    usize::from(["the", "our", "my", "a"].contains(&self.word(complement.start + 1)));
                Some(complement.start + 1 + article..complement.end)
            }
            _ => None,
        };
        let shown = match (&thing, noun.owner) {
            (Some(thing), _) => self.written(thing.clone()),
            (None, Owner::Own) => self.speaker.name.to_owned(),
            (None, _) => self.speaker.project.to_owned(),
        };
        let own = [self.speaker.name.to_lowercase()];
        let mut words: Vec<String> = if noun.owner == Owner::Own { own.to_vec() } else { vec![] };
        words.extend(thing.into_iter().flatten().map(|at| self.word(at).to_owned()));
        let beside = noun.complement.clone().filter(|complement| self.word(complement.start) != "of");
        let mut named = self.words(noun.words.clone());
        named.extend(beside.clone().into_iter().flat_map(|range| self.words(range)));
        let mut attribute = self.written(noun.words.clone());
        if let Some(beside) = beside {
            attribute = format!("{attribute} {}", self.written(beside));
        }
        let subject = Subject { owner: noun.owner, shown, words, start: noun.start };
        let favourite =
            noun.words.clone().any(|at| ["favourite", "favorite", "preferred"].contains(&self.word(at)));
        let mut statement = self.said(&subject, &attribute, named, found);
        statement.changes = noun.words.clone().any(|at| CHANGED.contains(&self.word(at)));
        if favourite {
            statement.kind = Kind::Preference;
        }
        statement
    }

    fn said(&self, subject: &Subject, attribute: &str, words: Vec<&str>, found: &Found) -> Statement {
        let of: Vec<&str> = subject.words.iter().map(String::as_str).collect();
        let shown = found.words.start..found.counted.as_ref().map_or(found.words.end, |counted| counted.end);
        Statement {
            subject: subject.shown.clone(),
            attribute: attribute.to_owned(),
            value: self.written(shown),
            key: keys::attribute(&of, &words, Some(found)),
            value_key: keys::value(found, self.pieces()),
            open_key: match subject.owner {
                Owner::Open => Some(()).map(|()| {
                    let mut of = of.clone();
                    let name = self.speaker.name.to_lowercase();
                    of.push(&name);
                    keys::attribute(&of, &words, Some(found))
                }),
                _ => None,
            },
            kind: Kind::Fact,
            many: false,
            ends: false,
            changes: false,
            from: None,
            span: self.clause.sentence.clone(),
        }
    }
}
