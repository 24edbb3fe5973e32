//! Words that stand for others, and words that deny or oppose: small lists of plain English and of the trade.
//!
//! They are what no statistics of words tells: `on` and `off` stand in the same sentences. Lists hold words as they
//! are looked up: in lower case, without apostrophes.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use rust_stemmers::{Algorithm, Stemmer};

/// What a short form is written for.
const SHORT: &[(&str, &str)] = &[
    ("addr", "address"), ("admin", "administrator"), ("approx", "about"), ("appt", "appointment"),
    ("apt", "apartment"), ("arch", "architecture"), ("args", "arguments"), ("async", "asynchronous"),
    ("attr", "attribute"), ("auth", "authentication"), ("authn", "authentication"), ("authz", "authorization"),
    ("avg", "average"), ("aws", "amazon web services"), ("bday", "birthday"), ("bg", "background"),
    ("bldg", "building"), ("btn", "button"), ("cal", "calendar"), ("cert", "certificate"),
    ("ci", "continuous integration"), ("cfg", "config"), ("cmd", "command"), ("config", "config"),
    ("configuration", "config"), ("conn", "connection"), ("cpu", "processor"), ("creds", "credentials"),
    ("db", "database"), ("dbs", "databases"), ("deps", "dependencies"), ("dept", "department"),
    ("deploy", "deploy"), ("deployment", "deploy"), ("dev", "development"), ("dir", "directory"),
    ("dirs", "directories"), ("doc", "document"), ("docs", "documentation"), ("dr", "doctor"),
    ("ds", "dataset"), ("env", "environment"), ("envs", "environments"), ("err", "error"), ("est", "estimate"),
    ("exp", "experiment"), ("fe", "frontend"), ("freq", "frequency"), ("fn", "function"), ("func", "function"),
    ("gcp", "google cloud"), ("gh", "github"), ("govt", "government"), ("hq", "headquarters"),
    ("img", "image"), ("impl", "implementation"), ("info", "information"), ("infra", "infrastructure"),
    ("init", "initialise"), ("int", "integer"), ("js", "javascript"), ("k8s", "kubernetes"),
    ("kube", "kubernetes"), ("lang", "language"), ("lib", "library"), ("libs", "libraries"),
    ("max", "maximum"), ("mem", "memory"), ("mgmt", "management"), ("mgr", "manager"), ("min", "minimum"),
    ("msg", "message"), ("msgs", "messages"), ("mtg", "meeting"), ("nb", "notebook"), ("num", "number"),
    ("obj", "object"), ("ops", "operations"), ("org", "organisation"), ("param", "parameter"),
    ("params", "parameters"), ("perf", "performance"), ("perms", "permissions"), ("pg", "postgres"),
    ("phone", "telephone"), ("postgresql", "postgres"), ("pic", "picture"), ("pkg", "package"),
    ("pr", "pull request"), ("prs", "pull requests"), ("pref", "preference"), ("prefs", "preferences"),
    ("prod", "production"), ("proj", "project"), ("pwd", "password"), ("py", "python"), ("ram", "memory"),
    ("rec", "recommendation"), ("ref", "reference"), ("repo", "repository"), ("repos", "repositories"),
    ("req", "request"), ("reqs", "requirements"), ("res", "resolution"), ("resp", "response"),
    ("retro", "retrospective"), ("rm", "remove"), ("sched", "schedule"), ("sec", "security"),
    ("sev", "severity"), ("spec", "specification"), ("srv", "server"), ("stats", "statistics"),
    ("std", "standard"), ("svc", "service"), ("sync", "synchronous"), ("temp", "temperature"), ("tmp", "temporary"),
    ("ts", "typescript"), ("txn", "transaction"), ("var", "variable"), ("vars", "variables"),
    ("ver", "version"), ("vm", "virtual machine"), ("w/", "with"), ("w/o", "without"), ("wk", "week"),
    ("yr", "year"), ("ad", "advertisement"), ("app", "application"), ("apps", "applications"),
    ("bike", "bicycle"), ("fridge", "refrigerator"), ("gym", "gym"), ("lab", "laboratory"), ("photo", "photograph"),
    ("photos", "photographs"), ("vet", "veterinarian"), ("tel", "telephone"), ("st", "street"),
    ("wi-fi", "wifi"), ("read-only", "readonly"), ("stand-up", "standup"), ("on-call", "oncall"), ("e-mail", "email"), ("e-mails", "emails"), ("percentile", "percentile"),
];

/// Words that say the same here; the first stands for all.
const SAME: &[&[&str]] = &[
    &["allow", "allowed", "permit", "permitted", "permission"],
    &["forbid", "forbidden", "prohibit", "prohibited", "banned", "disallowed"],
    &["begin", "begins", "begun", "start", "starts", "started", "starting", "kick", "kicks"],
    &["end", "ends", "ended", "finish", "finishes", "finished", "last"],
    &["child", "children", "kid", "kids"],
    &["need", "needs", "needed", "require", "requires", "required", "requirement"],
    &["mandatory", "compulsory", "obligatory"],
    &["optional", "voluntary"],
    &["buy", "buys", "bought", "purchase", "purchased"],
    &["delete", "deletes", "deleted", "remove", "removes", "removed", "erased"],
    &["big", "large", "huge"],
    &["small", "little", "tiny"],
    &["quick", "fast", "rapid"],
    &["reply", "replies", "answer", "answers", "response", "responses"],
    &["brief", "short", "concise", "terse"],
    &["car", "automobile"],
    &["flat", "apartment"],
    &["autumn", "fall"],
    &["home", "live", "lives", "living", "reside", "resides"],
    &["job", "work", "works", "working"],
    &["keep", "keeps", "kept", "store", "stores", "stored", "retain", "retained", "retention", "saved"],
    &["hold", "held", "takes place", "happens"],
    &["scheduled", "planned", "schedule", "plan"],
    &["expire", "expires", "expiry", "runs out"],
    &["prefer", "prefers", "preferred", "preference", "rather", "favourite", "favorite"],
    &["like", "likes", "love", "loves", "enjoy", "enjoys", "fond"],
    &["hate", "hates", "dislike", "dislikes", "detest", "detests"],
    &["boss", "manager"],
    &["lead", "leads", "led", "leader"],
    &["release", "releases", "released", "ship", "ships", "shipped", "deploy", "deploys", "deployed"],
    &["log", "logs", "logging", "logged", "logger"],
    &["boot", "startup"],
    &["bind", "binds", "listen", "listens", "listening"],
    &["maximum", "upper", "most", "max"],
    &["minimum", "least", "lowest", "min"],
    &["doctor", "physician"],
    &["colour", "color", "coloured", "colored"],
    &["licence", "license", "licensed"],
    &["own", "owns", "owned", "owner", "ownership", "responsible"],
    &["switch", "turn"],
    &["cheap", "inexpensive"],
    &["ill", "sick"],
    &["picture", "photograph", "image"],
    &["movie", "film"],
    &["attend", "attendance", "come", "comes", "coming"],
    &["everyone", "everybody", "all"],
    &["nobody", "noone"],
    &["write", "writes", "writing", "written", "wrote"],
    &["birthday", "born"],
    &["yearly", "annual", "annually"],
    &["stop", "stopped", "shutdown"],
    &["price", "cost", "costs"],
    &["break", "breaks", "broke", "fail", "fails", "failed"],
    &["fix", "fixed", "repair", "repaired"],
    &["late", "delayed"],
    &["think", "believe", "believes"],
    &["speak", "speaks", "talk", "talks", "talking"],
    &["name", "called", "named", "title"],
    &["find", "found", "located"],
    &["holiday", "vacation"],
    &["clever", "smart"],
    &["error", "bug", "defect"],
    &["oncall", "duty"],
    &["wifi", "wlan"],
];

/// Two words that say one thing.
const PHRASES: &[(&str, &str, &str)] = &[
    ("cant", "stand", "hate"), ("turned", "down", "rejected"), ("turns", "down", "rejects"), ("turn", "down", "reject"),
    ("switched", "off", "disabled"), ("turned", "off", "disabled"), ("switch", "off", "disable"), ("turn", "off", "disable"),
    ("switched", "on", "enabled"), ("turned", "on", "enabled"), ("switch", "on", "enable"), ("turn", "on", "enable"),
    ("shut", "down", "stopped"), ("kick", "off", "begin"), ("kicks", "off", "begins"), ("kicked", "off", "began"),
    ("set", "up", "setup"), ("stand", "up", "standup"), ("on", "call", "oncall"), ("roll", "back", "rollback"),
    ("rolled", "back", "rollback"), ("back", "up", "backup"), ("backed", "up", "backup"), ("clean", "up", "cleanup"),
    ("time", "out", "timeout"), ("times", "out", "timeout"), ("timed", "out", "timeout"), ("log", "in", "login"),
    ("sign", "in", "login"), ("sign", "up", "signup"), ("takes", "place", "happens"), ("take", "place", "happen"),
    ("took", "place", "happened"), ("read", "only", "readonly"), ("work", "out", "workout"), ("phased", "out", "removed"),
    ("ruled", "out", "excluded"), ("left", "out", "excluded"), ("leave", "out", "exclude"), ("any", "more", "still"),
    ("every", "day", "daily"), ("each", "day", "daily"), ("a", "day", "daily"), ("per", "day", "daily"),
    ("every", "night", "nightly"), ("each", "night", "nightly"), ("every", "week", "weekly"), ("each", "week", "weekly"),
    ("a", "week", "weekly"), ("per", "week", "weekly"), ("every", "month", "monthly"), ("each", "month", "monthly"),
    ("a", "month", "monthly"), ("per", "month", "monthly"), ("every", "year", "yearly"), ("each", "year", "yearly"),
    ("a", "year", "yearly"), ("per", "year", "yearly"), ("every", "hour", "hourly"), ("per", "hour", "hourly"),
    ("an", "hour", "hourly"), ("every", "minute", "minutely"), ("a", "minute", "minutely"), ("per", "minute", "minutely"),
    ("per", "second", "secondly"), ("a", "second", "secondly"),
];

/// Words of which only one can hold.
const OPPOSED: &[(&str, &str)] = &[
    ("accept", "reject"), ("accept", "decline"), ("accept", "refuse"), ("active", "inactive"), ("add", "remove"),
    ("after", "before"), ("alive", "dead"), ("allow", "deny"), ("allow", "block"), ("allow", "forbid"),
    ("always", "never"), ("approve", "reject"), ("approve", "deny"), ("arrive", "leave"), ("ascending", "descending"),
    ("automatic", "manual"), ("available", "unavailable"), ("bad", "good"), ("better", "worse"), ("big", "small"),
    ("bottom", "top"), ("broken", "working"), ("broken", "fixed"), ("buy", "sell"), ("cheap", "expensive"),
    ("clean", "dirty"), ("closed", "open"), ("cold", "hot"), ("cold", "warm"), ("confirm", "refute"),
    ("confirm", "deny"), ("confirm", "cancel"), ("confirm", "contradict"), ("connected", "disconnected"),
    ("cooked", "raw"), ("dark", "light"), ("decrease", "increase"), ("difficult", "easy"), ("disable", "enable"),
    ("disagree", "agree"), ("down", "up"), ("dry", "wet"), ("early", "late"), ("empty", "full"), ("even", "odd"),
    ("exclude", "include"), ("explicit", "implicit"), ("external", "internal"), ("fail", "pass"),
    ("fail", "succeed"), ("fall", "rise"), ("false", "true"), ("fast", "slow"), ("faster", "slower"),
    ("first", "last"), ("fixed", "variable"), ("forbid", "may"), ("free", "paid"), ("front", "back"),
    ("gain", "lose"), ("guilty", "innocent"), ("hard", "soft"), ("hate", "like"), ("healthy", "sick"),
    ("heavy", "light"), ("hidden", "visible"), ("high", "low"), ("higher", "lower"), ("hire", "fire"),
    ("horizontal", "vertical"), ("in", "out"), ("inside", "outside"), ("keep", "drop"), ("keep", "delete"),
    ("left", "right"), ("less", "more"), ("local", "remote"), ("long", "brief"), ("loud", "quiet"), ("love", "hate"),
    ("mandatory", "optional"), ("married", "single"), ("married", "divorced"), ("maximum", "minimum"),
    ("morning", "evening"), ("mutable", "immutable"), ("narrow", "wide"), ("near", "far"), ("need", "optional"),
    ("new", "old"), ("newest", "oldest"), ("night", "day"), ("off", "on"), ("offline", "online"),
    ("optional", "need"), ("parallel", "sequential"), ("permanent", "temporary"), ("poor", "rich"),
    ("positive", "negative"), ("private", "public"), ("pull", "push"), ("read", "write"), ("readonly", "writable"),
    ("resolved", "unresolved"), ("safe", "dangerous"), ("shared", "separate"), ("short", "tall"), ("shrink", "grow"),
    ("single", "multiple"), ("sour", "sweet"), ("stable", "unstable"), ("start", "stop"), ("begin", "end"),
    ("strong", "weak"), ("succeed", "fail"), ("sunny", "rainy"), ("support", "drop"), ("sync", "async"),
    ("synchronous", "asynchronous"), ("thick", "thin"), ("together", "apart"), ("upgrade", "downgrade"),
    ("valid", "invalid"), ("vegetarian", "meat"), ("win", "lose"), ("win", "loss"), ("with", "without"),
    ("written", "oral"), ("young", "old"), ("enable", "off"), ("active", "off"), ("disable", "on"),
    ("sensitive", "insensitive"), ("writable", "readonly"),
];

/// What denies by itself.
const DENYING: &[&str] = &[
    "not", "no", "never", "none", "nobody", "noone", "nothing", "neither", "nor", "without", "cannot", "cant",
    "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "wont", "wouldnt", "shouldnt", "couldnt",
    "hasnt", "havent", "hadnt", "mustnt", "neednt", "forbid", "forbidden", "prohibit", "prohibited", "banned", "disallowed", "unless", "avoid", "skip", "omit", "stop", "stopped", "nowhere",
    "lack", "lacks", "fails", "refuses", "hardly", "except",
];

/// What says that there is no second one.
const SOLE: &[&str] = &[
    "only", "sole", "solely", "exclusively", "exactly", "alone", "entirely", "just", "always", "single", "purely",
    "must", "default", "fixed", "maximum", "minimum", "primary", "favourite", "favorite",
];

/// What says that there may well be others, or that it is not always so.
const OPEN: &[&str] = &[
    "can", "may", "might", "could", "some", "sometimes", "often", "usually", "one", "among", "accept", "accepts",
    "support", "supports", "including", "includes", "member", "maintainer",
];

/// What says that there is another beside.
const BESIDE: &[&str] = &["also", "too", "either", "another", "additional", "additionally", "second", "besides", "both"];

/// What marks a rule with exceptions, or an exception.
const EXCEPTING: &[&str] = &[
    "except", "exception", "exceptions", "rule", "unless", "emergency", "generally", "normally", "otherwise", "although",
    "however", "though", "usually",
];

/// Words that tell nothing of what a text is about.
const EMPTY: &[&str] = &[
    "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "being", "both", "but", "by", "can",
    "could", "did", "do", "does", "doing", "done", "each", "for", "from", "get", "gets", "go", "goes", "got", "had", "has", "have",
    "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "im", "in", "into", "is", "it", "its",
    "ive", "just", "may", "me", "might", "mine", "must", "my", "now", "of", "on", "one", "or", "our", "ours", "out", "put", "own",
    "she", "should", "so", "some", "such", "than", "that", "the", "their", "theirs", "them", "then", "there",
    "these", "they", "this", "those", "to", "too", "up", "us", "very", "was", "we", "were", "what", "when", "where",
    "which", "while", "who", "whom", "whose", "will", "with", "would", "you", "your", "yours", "also", "please", "note",
    "remember", "only", "time", "s", "t", "let", "via", "per", "every", "more", "once", "even", "again", "away", "because", "longer", "since", "until", "under", "below", "beyond", "well", "ie", "eg", "able", "told", "says", "said", "there", "always", "exactly", "sole", "solely", "alone", "entirely",
    "exclusively", "else", "other", "anything", "within", "through", "during", "over", "still", "yet", "ever", "any", "made", "make", "takes", "take", "use", "uses", "used", "using",
];

/// The lists, by stems.
struct Lexicon {
    same: HashMap<String, String>,
    opposed: HashSet<(String, String)>,
}

impl Lexicon {
    fn built_in() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| {
            let stemmer = Stemmer::create(Algorithm::English);
            let stem = |word: &str| stemmer.stem(word).into_owned();
            let mut same = HashMap::new();
            for group in SAME {
                for word in *group {
                    same.entry(stem(word)).or_insert_with(|| stem(group[0]));
                }
            }
            let one = |word: &str| same.get(&stem(word)).cloned().unwrap_or_else(|| stem(word));
            let opposed = OPPOSED.iter().flat_map(|(a, b)| [(one(a), one(b)), (one(b), one(a))]).collect();
            Self { opposed, same }
        })
    }
}

fn has(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

pub fn phrase(first: &str, second: &str) -> Option<&'static str> {
    PHRASES.iter().find(|(one, other, _)| *one == first && *other == second).map(|(_, _, word)| *word)
}

pub fn long_form(word: &str) -> Option<&'static str> {
    SHORT.iter().find(|(short, _)| *short == word).map(|(_, long)| *long)
}

/// The stem that stands for all words that say the same as this one does.
pub fn stem(stemmer: &Stemmer, word: &str) -> String {
    let plain = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let stem = if plain { stemmer.stem(word).into_owned() } else { word.to_owned() };
    Lexicon::built_in().same.get(&stem).cloned().unwrap_or(stem)
}

/// Whether only one of the two can hold, by their stems.
pub fn opposed(one: &str, other: &str) -> bool {
    Lexicon::built_in().opposed.contains(&(one.to_owned(), other.to_owned())) || denies(one, other) || denies(other, one)
}

/// Whether one is the other with a prefix that denies it.
fn denies(one: &str, other: &str) -> bool {
    const PREFIXES: [&str; 7] = ["un", "in", "im", "non", "dis", "a", "ir"];
    other.len() > 3 && PREFIXES.iter().any(|prefix| one.strip_prefix(prefix) == Some(other))
}

pub fn is_denying(word: &str) -> bool {
    has(DENYING, word)
}

pub fn is_sole(word: &str) -> bool {
    has(SOLE, word)
}

pub fn is_open(word: &str) -> bool {
    has(OPEN, word)
}

pub fn is_beside(word: &str) -> bool {
    has(BESIDE, word)
}

pub fn is_excepting(word: &str) -> bool {
    has(EXCEPTING, word)
}

pub fn is_empty(word: &str) -> bool {
    has(EMPTY, word)
}
