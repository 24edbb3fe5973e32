//! Hostile input, generated: what a broken or malicious producer may send, with what must become of it.
//! Standard library only, so that unit tests, end-to-end tests and fuzzing can all include it.
#![allow(dead_code, reason = "each includer uses a part of the corpus")]

/// One record and what must become of it.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    pub bytes: Vec<u8>,
    pub expected: Expected,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    Accepted,
    /// Rejected, by the field at fault; empty when the record as a whole is.
    Rejected(String),
}

impl Case {
    fn accepted(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into(), expected: Expected::Accepted }
    }

    fn rejected(name: impl Into<String>, bytes: impl Into<Vec<u8>>, field: &str) -> Self {
        Self { name: name.into(), bytes: bytes.into(), expected: Expected::Rejected(field.to_owned()) }
    }
}

/// An event that has every field.
pub const SAMPLE: &str = concat!(
    r#"{"id":"e-1","time":"2026-11-23T10:00:00Z","project":"shop","session":"s-7","agent":"claude","#,
    r#""source":"ci","type":"tool_call","tool":"Bash","content":"cargo test -p \"cart\" \u00e4\ud83d\ude00","#,
    r#""outcome":"failure","files":["cart/src/lib.rs"],"tags":["ci"],"duration_ms":5321,"parent":"e-0","#,
    r#""attributes":{"exit_code":101,"nested":{"a":[1,250,null,true]}},"#,
    r#""traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}"#,
);

/// Fields that hold a name.
pub const NAMES: [&str; 9] =
    ["id", "project", "session", "agent", "source", "type", "tool", "parent", "traceparent"];
/// Every field of an event.
pub const FIELDS: [&str; 16] = [
    "id",
    "time",
    "project",
    "session",
    "agent",
    "source",
    "type",
    "tool",
    "content",
    "outcome",
    "files",
    "tags",
    "duration_ms",
    "parent",
    "attributes",
    "traceparent",
];

pub const SQL: [&str; 4] = [
    "'; DROP TABLE events; --",
    "\" OR 1=1 --",
    "x') UNION SELECT * FROM memories; COPY events TO '/tmp/x' --",
    "$1; ${jndi:ldap://x}; {{7*7}}; \\'; `id`",
];

pub const PATH_TRICKS: [&str; 12] = [
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "/dev/null",
    "C:\\con",
    "file:///etc/passwd",
    "%2e%2e%2f%2e%2e%2f",
    "a/./b//c/..",
    "~root/.ssh/id_rsa",
    "nul\0byte",
    "new\nline\rand\ttab",
    "\u{202e}gnp.exe",
    ".",
];

/// The whole corpus but for what is huge: some thousand records, each under 1 MiB.
pub fn cases() -> Vec<Case> {
    let mut all = vec![Case::accepted("the sample", SAMPLE)];
    all.extend(truncated());
    all.extend(not_events());
    all.extend(wrong_types());
    all.extend(numbers());
    all.extend(encodings());
    all.extend(times());
    all.extend(repeated());
    all.extend(words());
    all.extend(nested());
    all.extend(envelopes());
    all
}

/// Records beyond the limit of 1 MiB; one at a time, for the sake of memory.
pub fn huge() -> impl Iterator<Item = Case> {
    const MIB: usize = 1 << 20;
    let text = |field: &'static str| {
        move || {
            let bytes = format!(r#"{{"project":"shop","{field}":"{}"}}"#, "x".repeat(10 * MIB));
            Case::rejected(format!("10 MiB of {field}"), bytes, "")
        }
    };
    let makers: Vec<Box<dyn Fn() -> Case>> = vec![
        Box::new(text("content")),
        Box::new(text("id")),
        Box::new(text("nobody_knows")),
        Box::new(|| Case::rejected("a million attributes", million_attributes(), "")),
        Box::new(|| Case::rejected("10 MiB of brackets", "[".repeat(10 * MIB), "")),
        Box::new(|| Case::rejected("10 MiB of nothing", vec![0; 10 * MIB], "")),
        Box::new(|| {
            Case::rejected("10 MiB of backslashes", format!("{{\"content\":\"{}", "\\".repeat(10 * MIB)), "")
        }),
    ];
    makers.into_iter().map(|make| make())
}

/// An event of one million distinct attribute keys, about 11 MB.
pub fn million_attributes() -> Vec<u8> {
    let mut out = String::from(r#"{"project":"shop","content":"many","attributes":{"#);
    for number in 0..1_000_000 {
        out.push_str(if number == 0 { "\"k" } else { ",\"k" });
        out.push_str(&number.to_string());
        out.push_str("\":0");
    }
    out.push_str("}}");
    out.into_bytes()
}

/// Endless variations of the corpus by a seed: bytes changed, cut, doubled and swapped. What becomes of
/// them is not known, but never a crash.
pub struct Mutations {
    corpus: Vec<Case>,
    state: u64,
}

impl Mutations {
    pub fn new(seed: u64) -> Self {
        Self { corpus: cases().into_iter().filter(|case| case.bytes.len() < 4096).collect(), state: seed }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn random(&mut self, below: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
}

impl Iterator for Mutations {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        const TOKENS: [&[u8]; 12] =
            [b"{", b"}", b"[", b"]", b"\"", b"\\", b",", b":", b"null", b"\\ud800", b"\xff", b"1e400"];
        let chosen = self.random(self.corpus.len());
        let mut bytes = self.corpus[chosen].bytes.clone();
        for _ in 0..=self.random(4) {
            let at = self.random(bytes.len() + 1);
            let end = (at + self.random(16)).min(bytes.len());
            match self.random(5) {
                0 => bytes.truncate(at),
                1 => {
                    let token = TOKENS[self.random(TOKENS.len())];
                    bytes.splice(at..at, token.iter().copied());
                }
                2 => {
                    let byte = self.random(256) as u8;
                    bytes.splice(at..end, [byte]);
                }
                3 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                _ => {
                    bytes.drain(at..end);
                }
            }
        }
        Some(bytes)
    }
}

fn truncated() -> impl Iterator<Item = Case> {
    (0..SAMPLE.len()).map(|end| Case::rejected(format!("cut at byte {end}"), &SAMPLE.as_bytes()[..end], ""))
}

fn not_events() -> Vec<Case> {
    let whole = [
        "", " ", "\n", "null", "true", "0", "\"text\"", "[]", "{", "}", "{}}", "{1:2}", "{'a':1}", "{,}",
        "<xml/>", "\0",
    ];
    let mut all: Vec<Case> =
        whole.iter().map(|text| Case::rejected(format!("not an event: {text}"), *text, "")).collect();
    for empty in ["{}", r#"{"content":null}"#, r#"{"id":"e-1","type":"message"}"#, r#"{"nobody_knows":1}"#] {
        all.push(Case::rejected(format!("nothing in it: {empty}"), empty, "content"));
    }
    all.push(Case::rejected("two in one", r#"{"content":"a"}{"content":"b"}"#, ""));
    all.push(Case::rejected("a comma too many", r#"{"content":"a",}"#, ""));
    all
}

fn wrong_types() -> Vec<Case> {
    let mut all = Vec::new();
    for field in FIELDS {
        for (kind, value) in [
            ("null", "null"),
            ("boolean", "true"),
            ("integer", "7"),
            ("fraction", "7.5"),
            ("negative", "-7"),
            ("string", "\"seven\""),
            ("empty", "\"\""),
            ("strings", "[\"a\"]"),
            ("mixed", "[\"a\",1]"),
            ("object", "{\"a\":1}"),
        ] {
            let right: &[&str] = match field {
                "id" | "session" | "parent" => &["null", "string", "empty", "integer", "negative"],
                "time" => &["null", "integer", "fraction", "negative"],
                "outcome" => &["null"],
                "files" | "tags" => &["null", "string", "empty", "strings"],
                "duration_ms" => &["null", "integer", "fraction"],
                "attributes" => &["null", "object"],
                _ => &["null", "string", "empty"],
            };
            let other = if field == "content" { "\"attributes\":{}" } else { "\"content\":\"c\"" };
            let name = format!("{field} is {kind}");
            for text in
                [format!("{{{other},\"{field}\":{value}}}"), format!("{{\"{field}\":{value},{other}}}")]
            {
                all.push(match right.contains(&kind) {
                    true => Case::accepted(&name, text),
                    false => Case::rejected(&name, text, field),
                });
            }
        }
    }
    all
}

fn numbers() -> Vec<Case> {
    let mut all = Vec::new();
    for bad in ["NaN", "Infinity", "-Infinity", "nan", "01", "+1", ".5", "1.", "1e", "1e400", "-1e400", "--1"]
    {
        for field in ["duration_ms", "time", "id", "nobody_knows"] {
            all.push(Case::rejected(
                format!("{bad} as {field}"),
                format!(r#"{{"content":"c","{field}":{bad}}}"#),
                field,
            ));
        }
        all.push(Case::rejected(
            format!("{bad} within"),
            format!(r#"{{"attributes":{{"a":[{bad}]}}}}"#),
            "attributes",
        ));
    }
    all.push(Case::rejected(
        "a duration beyond i64",
        r#"{"content":"c","duration_ms":18446744073709551615}"#,
        "duration_ms",
    ));
    all.push(Case::rejected("a duration of 1e300", r#"{"content":"c","duration_ms":1e300}"#, "duration_ms"));
    all.push(Case::accepted("an id of 2^64-1", r#"{"content":"c","id":18446744073709551615}"#));
    all.push(Case::rejected(
        "an id of 30 digits",
        r#"{"content":"c","id":123456789012345678901234567890}"#,
        "id",
    ));
    all
}

fn encodings() -> Vec<Case> {
    let around =
        |before: &str, bytes: &[u8], after: &str| [before.as_bytes(), bytes, after.as_bytes()].concat();
    let mut all = Vec::new();
    for bad in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80"] {
        all.push(Case::rejected("invalid UTF-8 in content", around(r#"{"content":""#, bad, r#""}"#), ""));
        all.push(Case::rejected("invalid UTF-8 in a key", around(r#"{"content":"c",""#, bad, r#"":1}"#), ""));
        all.push(Case::rejected("invalid UTF-8 outside", around("{", bad, "}"), ""));
    }
    for bad in [r"\ud800", r"\udc00", r"\ud83dx", r"\ud83d\u0041", r"\ude00\ud83d"] {
        for field in NAMES.into_iter().chain(["content", "time", "outcome", "files", "tags"]) {
            all.push(Case::rejected(format!("{bad} in {field}"), format!(r#"{{"{field}":"{bad}"}}"#), field));
        }
        all.push(Case::rejected(
            format!("{bad} in an attribute"),
            format!(r#"{{"attributes":{{"a":"{bad}"}}}}"#),
            "attributes",
        ));
        all.push(Case::rejected(
            format!("{bad} in a list"),
            format!(r#"{{"content":"c","files":["{bad}"]}}"#),
            "files",
        ));
        all.push(Case::rejected(
            format!("{bad} in an unknown field"),
            format!(r#"{{"content":"c","x":"{bad}"}}"#),
            "x",
        ));
    }
    all.push(Case::rejected("a bare control character", "{\"content\":\"a\nb\"}", "content"));
    all.push(Case::rejected("an unknown escape", r#"{"content":"\x41"}"#, "content"));
    all.push(Case::accepted("NUL, escaped", r#"{"content":"a\u0000b"}"#));
    all.push(Case::accepted("noncharacters", r#"{"content":"\uffff\ufdd0"}"#));
    all.push(Case::accepted("a byte order mark", "\u{feff}{\"content\":\"c\"}"));
    all.push(Case::rejected(
        "UTF-16",
        "{\"content\":\"c\"}".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
        "",
    ));
    all
}

fn times() -> Vec<Case> {
    let mut all = Vec::new();
    for bad in [
        r#""0000-01-01T00:00:00Z""#,
        r#""+300000-01-01T00:00:00Z""#,
        r#""300000-01-01T00:00:00Z""#,
        r#""-0001-12-31T23:59:59Z""#,
        r#""2026-02-30T00:00:00Z""#,
        r#""2026-11-23T25:00:00Z""#,
        r#""2026-11-23""#,
        r#""yesterday""#,
        r#""""#,
        r#""1795428000""#,
        "1e300",
        "-1e300",
        "18446744073709551615",
        "true",
        "[1795428000]",
        "{}",
    ] {
        all.push(Case::rejected(format!("time {bad}"), format!(r#"{{"content":"c","time":{bad}}}"#), "time"));
    }
    for good in [
        r#""0001-01-01T00:00:00Z""#,
        r#""9999-12-31T23:59:59.999999Z""#,
        r#""2026-11-23T10:00:00.123456789+14:00""#,
        "0",
        "-1",
        "1795428000",
        "1795428000.25",
        "1795428000000",
        "1795428000000000",
        "1795428000000000000",
    ] {
        all.push(Case::accepted(format!("time {good}"), format!(r#"{{"content":"c","time":{good}}}"#)));
    }
    all
}

fn repeated() -> Vec<Case> {
    let mut all = Vec::new();
    for field in FIELDS {
        let value = match field {
            "time" | "duration_ms" => "1",
            "outcome" => "\"success\"",
            "files" | "tags" => "[]",
            "attributes" => "{}",
            _ => "\"x\"",
        };
        let text = format!(r#"{{"{field}":{value},"x":0,"{field}":{value}}}"#);
        all.push(Case::rejected(format!("{field} twice"), text, field));
        let text = format!(r#"{{"{field}":null,"\u{:04x}{}":{value}}}"#, field.as_bytes()[0], &field[1..]);
        all.push(Case::rejected(format!("{field} twice, once escaped"), text, field));
    }
    all.push(Case::accepted("attributes that repeat a key", r#"{"attributes":{"a":1,"a":2}}"#));
    all.push(Case::accepted("an unknown field twice", r#"{"content":"c","x":1,"x":2}"#));
    all
}

fn words() -> Vec<Case> {
    let mut all = Vec::new();
    for text in SQL.into_iter().chain(PATH_TRICKS) {
        let quoted = quote(text);
        for field in FIELDS {
            let name = format!("{field}: {text:?}");
            let bytes = format!(
                r#"{{"{field}":{quoted},"{}":{{}}}}"#,
                if field == "attributes" { "x" } else { "attributes" }
            );
            all.push(match field {
                "time" | "outcome" | "duration_ms" | "attributes" => Case::rejected(name, bytes, field),
                _ => Case::accepted(name, bytes),
            });
        }
        all.push(Case::accepted(
            "as a key",
            format!(r#"{{"content":"c",{quoted}:{quoted},"attributes":{{{quoted}:0}}}}"#),
        ));
    }
    for field in NAMES {
        let named = |bytes: usize| format!(r#"{{"content":"c","{field}":"{}"}}"#, "n".repeat(bytes));
        all.push(Case::accepted(format!("{field} of 512 bytes"), named(512)));
        all.push(Case::rejected(format!("{field} of 513 bytes"), named(513), field));
    }
    for kind in ["athena.memories.forget", "athena.", "ATHENA.tasks.create"] {
        all.push(Case::rejected(
            format!("type {kind}"),
            format!(r#"{{"content":"c","type":"{kind}"}}"#),
            "type",
        ));
    }
    all.push(Case::accepted("a type of another Athena", r#"{"content":"c","type":"athenaeum.visit"}"#));
    all
}

fn nested() -> Vec<Case> {
    let arrays = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let objects = |levels: usize| "{\"a\":".repeat(levels) + "0" + &"}".repeat(levels);
    let mut all = Vec::new();
    for levels in [33, 128, 129, 10_000, 100_000] {
        for field in FIELDS {
            all.push(Case::rejected(
                format!("{field} {levels} deep"),
                format!(r#"{{"{field}":{}}}"#, arrays(levels)),
                field,
            ));
        }
        all.push(Case::rejected(
            format!("attributes {levels} deep"),
            format!(r#"{{"attributes":{}}}"#, objects(levels)),
            "attributes",
        ));
        all.push(Case::rejected(
            format!("unknown {levels} deep"),
            format!(r#"{{"content":"c","x":{}}}"#, arrays(levels)),
            "x",
        ));
        all.push(Case::rejected(
            format!("{levels} deep and open"),
            format!(r#"{{"x":{}"#, "[".repeat(levels)),
            "",
        ));
        all.push(Case::rejected(format!("{levels} arrays"), arrays(levels), ""));
    }
    all.push(Case::accepted("attributes 31 deep", format!(r#"{{"attributes":{}}}"#, objects(31))));
    all.push(Case::accepted(
        "brackets in a string",
        format!(r#"{{"attributes":{{"a":"{}"}}}}"#, "[".repeat(1000)),
    ));
    let keys: Vec<String> = (0..50_000).map(|number| format!("\"k{number}\":0")).collect();
    all.push(Case::accepted("50,000 unknown fields", format!(r#"{{"content":"c",{}}}"#, keys.join(","))));
    let keys = vec!["\"k\":0"; 50_000].join(",");
    all.push(Case::accepted("50,000 unknown fields of one name", format!(r#"{{"content":"c",{keys}}}"#)));
    all
}

fn envelopes() -> Vec<Case> {
    let event =
        |fields: &str| format!(r#"{{"specversion":"1.0","id":"1","source":"s","type":"t",{fields}}}"#);
    vec![
        Case::accepted("a CloudEvent without data", event(r#""time":"2026-11-23T10:00:00Z""#)),
        Case::accepted("data of another system", event(r#""data":{"tags":{"a":1},"id":7.5}"#)),
        Case::accepted("data that is binary", event(r#""data_base64":"AP8=""#)),
        Case::rejected(
            "CloudEvents 0.3",
            r#"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#,
            "specversion",
        ),
        Case::rejected(
            "a version that is a number",
            r#"{"specversion":1.0,"id":"1","source":"s","type":"t"}"#,
            "specversion",
        ),
        Case::rejected("two versions", event(r#""specversion":"1.0""#), "specversion"),
        Case::rejected("no id", r#"{"specversion":"1.0","source":"s","type":"t"}"#, "id"),
        Case::rejected("an empty id", r#"{"specversion":"1.0","id":"","source":"s","type":"t"}"#, "id"),
        Case::rejected("no source", r#"{"specversion":"1.0","id":"1","type":"t"}"#, "source"),
        Case::rejected("no type", r#"{"specversion":"1.0","id":"1","source":"s"}"#, "type"),
        Case::rejected("data twice", event(r#""data":1,"data":2"#), "data"),
        Case::rejected("data in two forms", event(r#""data":1,"data_base64":"AA==""#), "data_base64"),
        Case::rejected("not base64", event(r#""data_base64":"???""#), "data_base64"),
        Case::rejected("content that is none", event(r#""data":{"content":{"a":1}}"#), "data.content"),
        Case::rejected(
            "a duration in data that is none",
            event(r#""data":{"content":"c","duration_ms":-1}"#),
            "data.duration_ms",
        ),
        Case::rejected(
            "a command",
            r#"{"specversion":"1.0","id":"1","source":"s","type":"athena.memories.forget"}"#,
            "type",
        ),
        Case::rejected("a command in data", event(r#""data":{"content":{}},"type":"athena.x""#), "type"),
    ]
}

/// A JSON string, by hand: the standard library has none.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            _ if (character as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", character as u32)),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
