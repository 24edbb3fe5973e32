//! Secrets: by the shapes that their issuers gave them, by where they stand, and by what they are called.

use std::sync::LazyLock;

use regex::{Captures, Regex, RegexSet};

use super::checks::entropy;
use super::placeholder::{is_monotonous, is_placeholder};
use super::{Class, Finding, stands_alone};

/// Kind, shape and confidence. A group `v` in the shape is the secret itself.
///
/// The shapes are those that the issuers document for scanners.
const SHAPES: [(&str, &str, f64); 43] = [
    ("athena_token", r"athena_[A-Za-z0-9_-]{43}", 0.99),
    ("aws_access_key", r"(?:AKIA|ASIA)[A-Z2-7]{16}", 0.99),
    ("github_token", r"gh[pousr]_[A-Za-z0-9]{36,}", 0.99),
    ("github_token", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}", 0.99),
    ("gitlab_token", r"gl(?:pat|dt|rt|ptt|soat)-[A-Za-z0-9_-]{20,}", 0.99),
    ("slack_token", r"xox[abeprs]-[A-Za-z0-9-]{20,}", 0.99),
    ("slack_token", r"xapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{32,}", 0.99),
    (
        "slack_webhook",
        r"https://hooks\.slack\.com/services/(?P<v>T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/[A-Za-z0-9]{20,32})",
        0.99,
    ),
    (
        "discord_webhook",
        r"https://(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/(?P<v>\d{17,20}/[A-Za-z0-9_-]{60,})",
        0.99,
    ),
    ("docker_token", r"dckr_[po]at_[A-Za-z0-9_-]{27,}", 0.99),
    ("stripe_key", r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{20,}", 0.99),
    ("stripe_key", r"whsec_[A-Za-z0-9+/=]{32,}", 0.95),
    ("anthropic_key", r"sk-ant-[a-z0-9]{3,12}-[A-Za-z0-9_-]{32,}", 0.99),
    ("openai_key", r"sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{32,}", 0.99),
    ("openai_key", r"sk-[A-Za-z0-9]{32,}", 0.9),
    ("google_api_key", r"AIza[A-Za-z0-9_-]{35}", 0.99),
    ("google_oauth_secret", r"GOCSPX-[A-Za-z0-9_-]{28}", 0.99),
    ("google_oauth_token", r"ya29\.[A-Za-z0-9_-]{40,}", 0.95),
    ("sendgrid_key", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}", 0.99),
    ("mailgun_key", r"key-[a-f0-9]{32}", 0.9),
    ("twilio_key", r"SK[a-f0-9]{32}", 0.9),
    ("npm_token", r"npm_[A-Za-z0-9]{36}", 0.99),
    ("pypi_token", r"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}", 0.99),
    ("huggingface_token", r"hf_[A-Za-z0-9]{34,40}", 0.99),
    ("digitalocean_token", r"do[opr]_v1_[a-f0-9]{64}", 0.99),
    ("shopify_token", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}", 0.99),
    ("databricks_token", r"dapi[a-f0-9]{32}", 0.95),
    ("vault_token", r"hv[sbr]\.[A-Za-z0-9_-]{24,}", 0.95),
    ("telegram_token", r"\d{8,10}:AA[A-Za-z0-9_-]{33}", 0.95),
    ("linear_key", r"lin_api_[A-Za-z0-9]{40}", 0.99),
    ("square_token", r"sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}", 0.95),
    ("age_key", r"AGE-SECRET-KEY-1[0-9A-Z]{58}", 0.99),
    ("azure_storage_key", r"AccountKey=(?P<v>[A-Za-z0-9+/]{86}==)", 0.99),
    ("azure_sas", r"[?&]sig=(?P<v>(?:[A-Za-z0-9/+]|%2[BbFf]){43}(?:=|%3[Dd]))", 0.97),
    ("azure_client_secret", r"[A-Za-z0-9_.~-]{3}\dQ~[A-Za-z0-9_.~-]{31,34}", 0.9),
    (
        "private_key",
        r"(?s)-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-[^-]){32,}?-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----",
        0.99,
    ),
    (
        "private_key",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|\s)+[A-Za-z0-9+/=\\\s]{32,}",
        0.95,
    ),
    ("jwt", r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}", 0.97),
    (
        "connection_string",
        r#"[a-zA-Z][a-zA-Z0-9+.-]{1,30}://[^\s:/@'"`<>]*:(?P<v>[^\s/@'"`]{3,})@[A-Za-z0-9.\[_-]"#,
        0.97,
    ),
    (
        "connection_string",
        r#"(?i)(?:server|data source|host|endpoint|accountname)=[^;\n'"]+;(?:[^\n'"]*;)?\s*(?:password|pwd|sharedaccesskey)=(?P<v>[^;\s'"]{4,})"#,
        0.97,
    ),
    (
        "authorization_header",
        r#"(?i)authorization["']?\s*[:=,]\s*["']?(?:bearer|basic|token)\s+(?P<v>[A-Za-z0-9._~+/-]{16,}=*)"#,
        0.9,
    ),
    (
        "authorization_header",
        r#"(?i)x-(?:api|auth|access)-(?:key|token)["']?\s*[:=]\s*["']?(?P<v>[A-Za-z0-9._~+/-]{16,}=*)"#,
        0.9,
    ),
    (
        "command_line_password",
        r#"curl\s(?:[^\n|;]*\s)?(?:-u|--user)[ =]["']?[^\s:"']+:(?P<v>[^\s"']{4,})"#,
        0.9,
    ),
];

static ANY: LazyLock<RegexSet> =
    LazyLock::new(|| RegexSet::new(SHAPES.iter().map(|(_, shape, _)| *shape)).expect("shapes are right"));
static EACH: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    SHAPES.iter().map(|(_, shape, _)| Regex::new(shape).expect("shapes are right")).collect()
});

/// What a name has in it whose value opens something.
pub const NAMES: &str = r"secret|token|passwd|password|passphrase|pass(?-u:\b)|pwd|api[_-]?key|apikey|access[_-]?key|private[_-]?key|auth[_-]?key|account[_-]?key|encryption[_-]?key|signing[_-]?key|master[_-]?key|license[_-]?key|credential|salt|pepper";

/// `NAME = value` where the name says that the value opens something.
static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    let name = format!(r"(?P<name>[A-Za-z0-9_.-]*(?:{NAMES})[A-Za-z0-9_.-]*)");
    let between = r#"["']?\]?(?:\s{0,8}(?::=|=>|=|:)\s{0,8}|\s{0,4}(?::\s{0,4}[A-Za-z&<>' ]{1,30})\s{0,4}=\s{0,4}|,\s{0,4}["'])"#;
    let value = r#"(?:[bru]{0,2}"(?P<double>[^"\n]{6,})"|[bru]{0,2}'(?P<single>[^'\n]{6,})'|(?P<bare>[^\s"'`,;)}\]]{6,}))"#;
    Regex::new(&format!("(?i){name}{between}{value}")).expect("one expression")
});

/// What a name ends with when its value is about a secret, and is none.
static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
    let ends = "count|counts|limit|limits|name|names|id|ids|url|uri|endpoint|path|file|files|dir|type|kind|length|len|size|ttl\
                |expiry|expires|expires_?(?:in|at)|field|label|hint|policy|hash|digest|arn|version|format|regex|pattern|prefix\
                |suffix|usage|budget|ref|selector|provider|store|manager|rotation|enabled|required|env|var|placeholder|title\
                |message|error|class|column|header|rounds|algorithm|alg|reset|input|box|used|strength|stdin|prompt|command|cmd|fd";
    Regex::new(&format!(
        r"(?i)(?:[_.-](?:{ends})|(?:Count|Limit|Name|Id|Url|Uri|Path|File|Type|Length|Size|Field|Label|Hash|Policy|Version|Error|Input|Ref))$|(?:^|[_.-])(?:max|min|num|next|prev|page|public|n|pad|eos|bos|unk|mask|sep|cls)[_-]?|tokeniz|passwordless|public"
    ))
    .expect("one expression")
});

const PASSWORD: [&str; 5] = ["passw", "pwd", "passphrase", "passwd", "credential"];

pub fn find(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in ANY.matches(text) {
        let (kind, _, confidence) = SHAPES[at];
        for shape in EACH[at].captures_iter(text) {
            let (whole, value) = (shape.get(0).expect("matched"), shape.name("v"));
            let secret = value.unwrap_or(whole);
            let alone = value.is_some() || stands_alone(text, secret.start(), secret.end());
            if alone && !is_none(kind, secret.as_str()) {
                let (start, end) = (secret.start(), secret.end());
                found.push(Finding { start, end, class: Class::Secret, kind, confidence });
            }
        }
    }
    found.extend(ASSIGNED.captures_iter(text).filter_map(|given| assigned(text, &given)));
    found
}

/// Whether what has the shape is an example all the same.
fn is_none(kind: &str, secret: &str) -> bool {
    match kind {
        // What an encoded text holds says nothing by its letters.
        "private_key" => secret.contains("...") || secret.contains('<'),
        "jwt" => is_known_jwt(secret),
        "connection_string" | "command_line_password" => is_placeholder(secret) || is_common(secret),
        "authorization_header" => is_placeholder(secret) || entropy(secret) < 2.8,
        _ => {
            let small = secret.to_lowercase();
            let said = ["example", "xxxx", "your", "placeholder", "redacted", "dummy", "fake"];
            said.iter().any(|word| small.contains(word)) || is_monotonous(body(secret))
        }
    }
}

/// A secret without what its issuer puts before it.
fn body(secret: &str) -> &str {
    secret.rsplit(['_', '-', '.']).next().filter(|body| body.len() >= 12).unwrap_or(secret)
}

/// The token of jwt.io, which stands in every tutorial: its payload begins with the subject 1234567890.
fn is_known_jwt(token: &str) -> bool {
    token.contains(".eyJzdWIiOiIxMjM0NTY3ODkwIi") || token.contains("...")
}

/// Words that everybody writes where a password stands.
pub fn is_common(password: &str) -> bool {
    const COMMON: [&str; 22] = [
        "password",
        "passwd",
        "pass",
        "pwd",
        "secret",
        "postgres",
        "mysql",
        "root",
        "admin",
        "user",
        "guest",
        "test",
        "token",
        "mypassword",
        "mysecretpassword",
        "pw",
        "redis",
        "mongo",
        "rabbitmq",
        "minioadmin",
        "1234",
        "changeit",
    ];
    COMMON.contains(&password.to_lowercase().as_str())
}

/// A value that has a name: the groups are `name` and one of `double`, `single` and `bare`.
pub fn assigned(text: &str, given: &Captures<'_>) -> Option<Finding> {
    let name = given.name("name")?;
    let quoted = ["double", "single"].iter().find_map(|group| given.name(group));
    let value = quoted.or_else(|| given.name("bare"))?;
    let in_address = text[..name.start()].ends_with(['?', '&']);
    let secret = if quoted.is_some() { value.as_str() } else { parameter(value.as_str(), in_address) };
    let name = name.as_str();
    if is_another_pass(name) || ABOUT.is_match(name) || is_placeholder(secret) || is_common(secret) {
        return None;
    }
    let small = name.to_lowercase();
    let password = PASSWORD.iter().any(|word| small.contains(word)) || small.ends_with("pass");
    let confidence = if password { chosen(secret, quoted.is_some())? } else { generated(secret)? };
    let (start, end) = (value.start(), value.start() + secret.len());
    Some(Finding { start, end, class: Class::Secret, kind: "assigned_secret", confidence })
}

/// A value without the next parameter of an address or a form.
fn parameter(value: &str, in_address: bool) -> &str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-[]".contains(c);
    let ends = |at: &usize| {
        let next = value[at + 1..].trim_start_matches(is_name);
        in_address || (next.len() < value.len() - at - 1 && next.starts_with('='))
    };
    let end = value.match_indices('&').map(|(at, _)| at).find(ends).unwrap_or(value.len());
    if in_address { value[..end].split('#').next().unwrap_or_default() } else { &value[..end] }
}

/// Words that only end with "pass": a bypass, a compass.
fn is_another_pass(name: &str) -> bool {
    let before = name.to_lowercase().strip_suffix("pass").map(str::len);
    before.is_some_and(|before| {
        before > 0 && !name[..before].ends_with(['_', '-', '.']) && !name[before..].starts_with('P')
    })
}

/// Kinds of characters: small letters, capitals, digits, others.
fn kinds(text: &str) -> [bool; 4] {
    let any = |of: fn(char) -> bool| text.chars().any(of);
    [
        any(|c| c.is_lowercase()),
        any(|c| c.is_uppercase()),
        any(|c| c.is_ascii_digit()),
        any(|c| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.' | ' ')),
    ]
}

/// How sure it is that a text is a password that somebody chose: letters with digits or signs, no word of a sentence
/// and no name of a thing.
pub fn chosen(text: &str, quoted: bool) -> Option<f64> {
    let [small, capital, digit, sign] = kinds(text);
    let letters = small || capital;
    let strong = letters && digit && (sign || (small && capital) || text.len() >= 10);
    let strong = strong || (letters && sign && text.len() >= 8) || (text.len() >= 8 && digit && sign);
    if text.len() < 6 || text.contains(' ') || !strong {
        return generated(text);
    }
    // Names of things with a number in them, such as `step2-password`.
    if !sign && !capital && text.contains(['_', '-']) {
        return None;
    }
    Some(if quoted { 0.85 } else { 0.75 })
}

/// How sure it is that a text was made by chance.
pub fn generated(text: &str) -> Option<f64> {
    let [small, capital, digit, _] = kinds(text);
    let hexadecimal = text.chars().all(|c| c.is_ascii_hexdigit());
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "+/=_-.~!@#$%^&*".contains(c));
    let bits = entropy(text);
    let enough = if hexadecimal { text.len() >= 24 && bits >= 2.9 } else { text.len() >= 16 && bits >= 3.3 };
    if !plain || !enough || !digit || !(small || capital) {
        return None;
    }
    // Words with a number between, such as `web-token-issuer-2024`, have few digits, apart from each other.
    let words = text.split(['-', '_', '.']).filter(|part| part.len() >= 3);
    let mixed =
        |part: &str| part.chars().any(|c| c.is_ascii_digit()) && part.chars().any(char::is_alphabetic);
    if !hexadecimal
        && text.contains(['-', '_', '.'])
        && !words.into_iter().any(|part| part.len() >= 8 && mixed(part))
    {
        return None;
    }
    if is_version_or_uuid(text) {
        return None;
    }
    Some(if bits >= 4.0 || hexadecimal && text.len() >= 32 { 0.85 } else { 0.7 })
}

/// UUIDs name things; a few services use them as secrets all the same, which nothing can tell apart.
fn is_version_or_uuid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12]
}
