//! Tokens: names, roles and projects by the hash of a secret, in a file beside the tables.
//!
//! A secret has 256 random bits, so a fast hash keeps it. The file is replaced as a whole, and read again
//! when it has changed: what `athena token` does takes effect in a running server at its next request.
//! Once the file is there, nobody is admin for being on this machine, even if no token in it is valid.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use athena_schemas::{Code, Error, Time};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use tracing::{error, info};

use super::signed::key_of;
use super::{Identity, Role};

type Result<T> = std::result::Result<T, Error>;

/// Secrets begin so, that scanners for leaked secrets can know them.
const PREFIX: &str = "athena_";
const FORMAT: u32 = 1;
/// The name under which the operator's own secret acts.
const ADMIN: &str = "admin";
/// The name under which whoever may read the data directory acts.
const LOCAL: &str = "local";

/// A token as it is kept: never its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub name: String,
    pub role: Role,
    pub projects: Vec<String>,
    pub created_at: Time,
    /// From when on it is void; `None`: never.
    pub expires_at: Option<Time>,
    /// BLAKE3 of the secret, 64 hexadecimal digits.
    hash: String,
    /// What its requests are signed with, 64 hexadecimal digits; `None` of a token that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signing_key: Option<String>,
    /// Whether it is told the content of others' sensitive memories.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
}

/// What a token is to be.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub role: Role,
    pub projects: Vec<String>,
    pub expires_at: Option<Time>,
    /// Its secret is never sent: its requests are signed.
    pub signed: bool,
    /// It is told the content of others' sensitive memories.
    pub sensitive: bool,
}

impl Token {
    /// Who shows it, or signs with it.
    pub fn identity(&self) -> Identity {
        Identity {
            name: self.name.clone(),
            role: self.role,
            projects: self.projects.clone(),
            sensitive: self.sensitive,
        }
    }

    /// Whether its requests must be signed.
    pub fn is_signed(&self) -> bool {
        self.signing_key.is_some()
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    format: u32,
    tokens: Vec<Token>,
}

/// The tokens of one memory. Cheap to clone.
#[derive(Clone)]
pub struct Tokens {
    /// `None` where no file is configured.
    path: Option<PathBuf>,
    /// The operator's own secret, from the configuration.
    admin: Option<blake3::Hash>,
    /// The secret of this machine's clients, see [`local_secret`].
    local: Option<blake3::Hash>,
    read: Arc<RwLock<Read>>,
}

/// What was read last, and of which file.
#[derive(Default)]
struct Read {
    stamp: Option<Stamp>,
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
}

impl Tokens {
    /// The tokens of a file, which need not be there yet; without one there are none.
    ///
    /// # Errors
    /// A file that cannot be read or understood: without it nobody can be told apart.
    pub fn open(path: impl Into<Option<PathBuf>>) -> Result<Self> {
        let tokens = Self { path: path.into(), admin: None, local: None, read: Arc::default() };
        tokens.reload()?;
        Ok(tokens)
    }

    /// With a secret of the operator's that is always an admin's; an empty one is none.
    pub fn with_admin(self, secret: &str) -> Self {
        let admin = (!secret.is_empty()).then(|| blake3::hash(secret.as_bytes()));
        Self { admin, ..self }
    }

    /// With the secret of clients that may read the data directory themselves, see [`local_secret`].
    pub fn with_local(self, store_secret: &[u8; 32]) -> Self {
        Self { local: Some(blake3::hash(local_secret(store_secret).as_bytes())), ..self }
    }

    /// Whether callers need a token: the file is there, or the operator has a secret.
    pub fn configured(&self) -> bool {
        self.look();
        self.admin.is_some() || self.read.read().stamp.is_some()
    }

    /// Whose secret it is; `None` when it is nobody's, or void.
    pub fn verify(&self, secret: &str) -> Option<Identity> {
        self.look();
        let hash = blake3::hash(secret.as_bytes());
        if self.admin.is_some_and(|admin| admin == hash) {
            return Some(Identity { name: ADMIN.into(), ..Identity::local() });
        }
        if self.local.is_some_and(|local| local == hash) {
            return Some(Identity::local());
        }
        find(&self.read.read().tokens, hash, Time::now())
    }

    pub fn list(&self) -> Result<Vec<Token>> {
        self.reload()?;
        Ok(self.read.read().tokens.clone())
    }

    /// Makes a token and gives its secret, which is kept nowhere.
    ///
    /// # Errors
    /// `conflict` when the name is taken; `invalid_argument`; a file that cannot be written.
    pub fn create(
        &self,
        name: &str,
        role: Role,
        projects: Vec<String>,
        expires_at: Option<Time>,
    ) -> Result<String> {
        self.create_as(name, Wanted { role, projects, expires_at, signed: false, sensitive: false })
    }

    /// Who signs under a name, and with what.
    ///
    /// # Errors
    /// `unauthenticated` where nobody does, or no longer.
    pub fn signing(&self, name: &str) -> Result<(Identity, Vec<u8>)> {
        self.look();
        let read = self.read.read();
        let token = read.tokens.iter().find(|token| token.name == name);
        let valid = token.filter(|token| token.expires_at.is_none_or(|end| Time::now() < end));
        let key = valid.and_then(|token| Some((token, hex::decode(token.signing_key.as_deref()?).ok()?)));
        let (token, key) =
            key.ok_or_else(|| Error::new(Code::Unauthenticated, "the signature is not valid"))?;
        Ok((token.identity(), key))
    }

    /// The same of any token.
    ///
    /// # Errors
    /// As [`Tokens::create`].
    pub fn create_as(&self, name: &str, wanted: Wanted) -> Result<String> {
        let Wanted { role, projects, expires_at, signed, sensitive } = wanted;
        check_name(name)?;
        if projects.is_empty() && role != Role::Admin {
            return Err(Error::invalid("project", "a token that is not an admin's names its projects"));
        }
        let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()));
        let hash = blake3::hash(secret.as_bytes()).to_hex().to_string();
        let signing_key = signed.then(|| hex::encode(key_of(&secret)));
        let (name_of, created_at) = (name.to_owned(), Time::now());
        let token =
            Token { name: name_of, role, projects, created_at, expires_at, hash, signing_key, sensitive };
        self.change(|tokens| {
            if tokens.iter().any(|one| one.name == name) {
                let taken = Error::conflict(format!("a token is named {name} already"));
                return Err(taken.hint(format!("`athena token revoke {name}` first, or take another name")));
            }
            tokens.push(token);
            Ok(())
        })?;
        Ok(secret)
    }

    /// # Errors
    /// `not_found`; a file that cannot be written.
    pub fn revoke(&self, name: &str) -> Result<()> {
        self.change(|tokens| {
            let before = tokens.len();
            tokens.retain(|token| token.name != name);
            if tokens.len() == before {
                return Err(Error::not_found(format!("no token is named {name}"))
                    .hint("`athena token list` shows their names"));
            }
            Ok(())
        })
    }

    /// Reads, changes and replaces the file, one process at a time.
    fn change(&self, change: impl FnOnce(&mut Vec<Token>) -> Result<()>) -> Result<()> {
        let path = self.path.as_deref().ok_or_else(|| {
            Error::invalid("server.tokens", "no file of tokens is configured")
                .hint("set server.tokens, or ATHENA_SERVER_TOKENS")
        })?;
        let folder = match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let failed = |e| failed("write", path, e);
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let folder = File::open(folder).map_err(failed)?;
        folder.lock().map_err(failed)?;
        self.reload()?;
        let mut tokens = self.read.read().tokens.clone();
        change(&mut tokens)?;
        let bytes =
            serde_json::to_vec_pretty(&Stored { format: FORMAT, tokens }).expect("plain data is JSON");
        replace(path, &bytes).and_then(|()| folder.sync_all()).map_err(failed)?;
        self.reload()
    }

    /// Reads the file again if it has changed; if that fails, what was read last stays in force.
    fn look(&self) {
        if let Err(error) = self.reload() {
            error!(%error, "tokens not read again");
        }
    }

    fn reload(&self) -> Result<()> {
        let Some(path) = self.path.as_deref() else { return Ok(()) };
        let stamp = match fs::metadata(path) {
            Ok(found) => Some(Stamp {
                inode: found.ino(),
                bytes: found.len(),
                modified: (found.mtime(), found.mtime_nsec()),
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(failed("read", path, error)),
        };
        if self.read.read().stamp == stamp {
            return Ok(());
        }
        let tokens = match stamp {
            Some(_) => parse(&fs::read(path).map_err(|e| failed("read", path, e))?)
                .map_err(|e| e.hint(format!("mend or remove {}", path.display())))?,
            None => vec![],
        };
        info!(path = %path.display(), tokens = tokens.len(), "tokens read");
        *self.read.write() = Read { stamp, tokens };
        Ok(())
    }
}

/// What a client shows that reads the data directory itself: who may do that may do anything with it.
/// Derived, so that what signs records is never sent.
pub fn local_secret(store_secret: &[u8; 32]) -> String {
    let derived = blake3::derive_key("athena: clients that share the data directory", store_secret);
    format!("{PREFIX}local_{}", URL_SAFE_NO_PAD.encode(derived))
}

/// Compares with every token, each in constant time.
fn find(tokens: &[Token], hash: blake3::Hash, now: Time) -> Option<Identity> {
    let mut found = None;
    for token in tokens {
        let same = blake3::Hash::from_hex(&token.hash).is_ok_and(|kept| kept == hash);
        // A secret that signs opens nothing when it is shown: it was to stay where it is.
        if same && !token.is_signed() && token.expires_at.is_none_or(|end| now < end) {
            found = Some(token);
        }
    }
    found.map(Token::identity)
}

fn parse(bytes: &[u8]) -> Result<Vec<Token>> {
    let stored: Stored =
        serde_json::from_slice(bytes).map_err(|e| Error::internal(format!("tokens cannot be read: {e}")))?;
    match stored.format {
        FORMAT => Ok(stored.tokens),
        newer => Err(Error::internal(format!("tokens have format {newer}, this binary reads {FORMAT}"))),
    }
}

/// Names stand in every row that the token writes, so they are words, and not those of Athena itself.
fn check_name(name: &str) -> Result<()> {
    let word = !name.is_empty()
        && name.len() <= 64
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.@".contains(c));
    if !word || [ADMIN, LOCAL].contains(&name) {
        let message =
            "a token's name is up to 64 letters, digits, `-`, `_`, `.`, `@`; not `admin` or `local`";
        return Err(Error::invalid("name", message));
    }
    Ok(())
}

/// Writes a file that only its owner reads, in the place of the old one.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)
}

fn failed(what: &str, path: &Path, error: std::io::Error) -> Error {
    Error::new(Code::Internal, format!("{what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn projects(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn another_process_sees_what_was_made_and_revoked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        let server = Tokens::open(path.clone()).unwrap();
        assert!(!server.configured());
        let command = Tokens::open(path.clone()).unwrap();
        let ann = command.create("ann", Role::Write, projects(&["shop"]), None).unwrap();
        let bob = command.create("bob", Role::Read, projects(&["shop", "web"]), None).unwrap();
        assert!(server.configured());
        let identity = server.verify(&ann).unwrap();
        assert_eq!((identity.name.as_str(), identity.role), ("ann", Role::Write));
        assert!(identity.sees("shop") && !identity.sees("web"));
        assert_eq!(identity.only_project(), Some("shop"));
        assert_eq!(server.verify(&bob).unwrap().only_project(), None);
        assert_eq!(server.verify(&ann[..ann.len() - 1]), None);
        assert_eq!(server.verify(""), None);

        command.revoke("ann").unwrap();
        assert_eq!(server.verify(&ann), None);
        command.revoke("bob").unwrap();
        assert!(server.configured(), "the last token's end must not open the door");
        assert_eq!(command.revoke("bob").unwrap_err().code, Code::NotFound);
    }

    #[test]
    fn the_file_has_no_secret_and_one_reader() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/tokens.json");
        let tokens = Tokens::open(path.clone()).unwrap();
        let secret = tokens.create("ci", Role::Admin, vec![], None).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("\"ci\"") && !text.contains(secret.trim_start_matches(PREFIX)));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn a_secret_that_signs_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = Tokens::open(folder.path().join("tokens.json")).unwrap();
        let wanted = Wanted {
            role: Role::Read,
            projects: projects(&["p"]),
            expires_at: None,
            signed: true,
            sensitive: false,
        };
        let secret = tokens.create_as("ci", wanted).unwrap();
        assert_eq!(tokens.verify(&secret), None);
        let (identity, key) = tokens.signing("ci").unwrap();
        assert_eq!((identity.name.as_str(), key), ("ci", key_of(&secret)));
        tokens.create("shown", Role::Read, projects(&["p"]), None).unwrap();
        assert!(tokens.signing("shown").is_err() && tokens.signing("nobody").is_err());
    }

    #[test]
    fn expired_tokens_are_void() {
        let token = |expires_at| Token {
            name: "t".into(),
            role: Role::Read,
            projects: projects(&["p"]),
            created_at: Time::from_micros(0),
            expires_at,
            hash: blake3::hash(b"secret").to_hex().to_string(),
            signing_key: None,
            sensitive: false,
        };
        let valid = |expires_at| find(&[token(expires_at)], blake3::hash(b"secret"), Time::from_micros(10));
        assert!(valid(None).is_some());
        assert!(valid(Some(Time::from_micros(11))).is_some());
        assert!(valid(Some(Time::from_micros(10))).is_none());
    }

    #[test]
    fn what_cannot_be_a_token_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = Tokens::open(folder.path().join("tokens.json")).unwrap().with_admin("operator");
        assert_eq!(
            tokens.create("a", Role::Read, vec![], None).unwrap_err().field.as_deref(),
            Some("project")
        );
        for name in ["", "admin", "local", "kafka:athena.events", "a b"] {
            let error = tokens.create(name, Role::Admin, vec![], None).unwrap_err();
            assert_eq!(error.field.as_deref(), Some("name"), "{name}");
        }
        tokens.create("a", Role::Admin, vec![], None).unwrap();
        assert_eq!(tokens.create("a", Role::Admin, vec![], None).unwrap_err().code, Code::Conflict);
        assert_eq!(tokens.verify("operator").unwrap().role, Role::Admin);
    }

    #[test]
    fn who_reads_the_directory_needs_no_token() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = Tokens::open(folder.path().join("tokens.json")).unwrap().with_local(&[7; 32]);
        assert!(!tokens.configured());
        assert_eq!(tokens.verify(&local_secret(&[7; 32])), Some(Identity::local()));
        assert_eq!(tokens.verify(&local_secret(&[8; 32])), None);
    }

    #[test]
    fn a_damaged_file_opens_no_door() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        let tokens = Tokens::open(path.clone()).unwrap();
        let secret = tokens.create("a", Role::Read, projects(&["p"]), None).unwrap();
        fs::write(&path, "{").unwrap();
        assert!(tokens.configured() && tokens.verify(&secret).is_some(), "what was read last stays in force");
        assert!(tokens.list().is_err());
        assert!(Tokens::open(path.clone()).is_err());
    }
}
