//! Secrets by where people and programs put them: behind an option of a command, in a sentence, in an element, in a
//! netrc file, behind `Bearer`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::placeholder::is_placeholder;
use super::secrets::{NAMES, assigned, chosen, generated, is_common};
use super::{Class, Finding};

/// What ends a sentence, and no secret.
const STOPS: [char; 7] = ['.', ',', ';', ':', ')', ']', '…'];

/// `--password value`, with one or two dashes.
static OPTION: LazyLock<Regex> = LazyLock::new(|| {
    shape(&format!(
        r#"(?:^|[\s"'`(\[=])--?(?P<name>[a-z0-9_-]*(?:{NAMES})[a-z0-9_-]*)[ \t]{{1,4}}(?:"(?P<double>[^"\n]{{6,}})"|'(?P<single>[^'\n]{{6,}})'|(?P<bare>[^\s"'`|;<>)\]-][^\s"'`|;<>)\]]{{5,}}))"#
    ))
});

/// `<password>value</password>`.
static ELEMENT: LazyLock<Regex> = LazyLock::new(|| {
    shape(&format!(
        r"<(?P<name>[\w:.-]*(?:{NAMES})[\w:.-]*)(?:\s[^<>\n]{{0,200}})?>\s{{0,4}}(?P<bare>[^<>\s]{{6,}})\s{{0,4}}</"
    ))
});

/// "My password is value."
static SENTENCE: LazyLock<Regex> = LazyLock::new(|| {
    shape(
        r#"(?-u:\b)(?:password|passphrase|passcode|passwd|pwd|passwort|kennwort|mot de passe|contraseña|senha|wachtwoord)(?-u:\b)[ \w'’-]{0,40}?[ \t](?:is|was|ist|war|lautet|est|es|to):?[ \t]+["'`“«]?(?P<bare>[^\s"'`“”«»]{6,})"#,
    )
});

/// `machine host login name password value`, in one line or several.
static NETRC: LazyLock<Regex> = LazyLock::new(|| {
    shape(
        r"(?-u:\b)(?P<machine>(?:machine\s+[\w-]+\.[\w.-]+|default)\s+)?(?:(?:login|account)\s+\S+\s+){1,2}password\s+(?P<bare>\S{4,})",
    )
});

/// Commands that take a password behind a letter.
static COMMANDS: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    [
        r#"sshpass\s+-p\s*["']?(?P<bare>[^\s"']{4,})"#,
        r#"(?:mysql|mariadb)(?:-?(?:dump|admin|import|show|check))?\s(?:[^\n|;]*\s)?-p["']?(?P<bare>[^\s"'|;]{4,})"#,
        r#"(?:docker|podman|nerdctl|buildah|skopeo|oras)\s+login\s(?:[^\n|;]*\s)?-p[ =]["']?(?P<bare>[^\s"'|;]{4,})"#,
        r#"redis-cli\s(?:[^\n|;]*\s)?-a\s+["']?(?P<bare>[^\s"'|;]{4,})"#,
        r#"ldap(?:search|add|modify|delete|whoami)\s(?:[^\n|;]*\s)?-w\s*["']?(?P<bare>[^\s"'|;]{4,})"#,
    ]
    .map(|command| Regex::new(&format!(r"(?-u:\b){command}")).expect("shapes are right"))
});

static BEARER: LazyLock<Regex> =
    LazyLock::new(|| shape(r#"(?-u:\b)bearer[ \t]+["']?(?P<bare>[a-z0-9._~+/-]{20,}=*)"#));

/// Words with a number that a password is said to be, and that are none: `SHA-256`, `Base64`.
static TECHNICAL: LazyLock<Regex> = LazyLock::new(|| {
    shape(
        r"^(?:base|sha|md|argon|oauth|utf|aes|rsa|pbkdf|bcrypt|scrypt|blake|hmac|iso|rfc|latin|tls|ssl|http|ntlm|saml|crc|x|v)-?\d",
    )
});

fn shape(of: &str) -> Regex {
    Regex::new(&format!("(?i){of}")).expect("shapes are right")
}

pub fn find(text: &str) -> Vec<Finding> {
    let named = [&OPTION, &ELEMENT].into_iter().flat_map(|shape| shape.captures_iter(text));
    let mut found: Vec<Finding> = named.filter_map(|given| assigned(text, &given)).collect();
    let mut add = |kind, given: &Captures<'_>, sure: fn(&str) -> Option<f64>| {
        let value = given.name("bare").expect("in every shape");
        let said = value.as_str().trim_end_matches(STOPS);
        if let Some(confidence) = sure(said).filter(|_| !is_placeholder(said) && !is_common(said)) {
            let (start, end) = (value.start(), value.start() + said.len());
            found.push(Finding { start, end, class: Class::Secret, kind, confidence });
        }
    };
    for given in COMMANDS.iter().flat_map(|command| command.captures_iter(text)) {
        add("command_line_password", &given, |_| Some(0.9));
    }
    for given in SENTENCE.captures_iter(text) {
        add("assigned_secret", &given, in_a_sentence);
    }
    for given in NETRC.captures_iter(text) {
        let of_a_machine = given.name("machine").is_some();
        add("assigned_secret", &given, if of_a_machine { |_| Some(0.9) } else { |said| chosen(said, false) });
    }
    for given in BEARER.captures_iter(text) {
        add("authorization_header", &given, generated);
    }
    found
}

/// How sure it is that what a sentence says of a password is the password.
fn in_a_sentence(said: &str) -> Option<f64> {
    let none = !said.chars().any(char::is_alphabetic) || TECHNICAL.is_match(said);
    if none { None } else { chosen(said, false) }
}
