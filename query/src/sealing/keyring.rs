//! Master keys: where they come from. One a line, the newest first: it wraps what is new, the others still open.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use athena_schemas::Error;
use parking_lot::Mutex;
use tokio::process::Command;

use super::crypto::Secret;

/// Keys at most, and bytes of what they are read from.
const MOST: usize = 1_000;
const MOST_BYTES: u64 = 256 << 10;
/// How long a command may take that prints keys, and how often it is run again for one that is missing.
const COMMAND: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_secs(10);

/// Where master keys come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Source {
    /// Nowhere: nothing can be sealed.
    #[default]
    None,
    /// A file beside the data, which is made when the first key is needed.
    Beside(PathBuf),
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// What a shell prints for it.
    Command(String),
}

/// The master keys of a process. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Keyring {
    pub source: Source,
    /// What the command printed, and when.
    printed: Arc<Mutex<Option<(Instant, Keys)>>>,
}

/// Master keys, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys(Vec<(String, Secret)>);

impl Keys {
    pub fn newest(&self) -> Option<(&str, Secret)> {
        self.0.first().map(|(id, secret)| (id.as_str(), *secret))
    }

    pub fn get(&self, id: &str) -> Option<Secret> {
        self.0.iter().find(|(own, _)| own == id).map(|(_, secret)| *secret)
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(id, _)| id.as_str())
    }

    /// One a line, or separated by spaces or commas; what follows a `#` in a line is left out. `None` names nothing of
    /// what it read: it may be a key with a mistake in it.
    fn parse(text: &str) -> Result<Self, Error> {
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
        let words =
            lines.flat_map(|line| line.split([' ', ',', '\t'])).filter(|word| !word.trim().is_empty());
        let mut keys = Self::default();
        for (at, word) in words.enumerate() {
            let secret = Secret::parse(word.trim()).filter(|_| at < MOST).ok_or_else(|| {
                Error::unavailable(format!("key {} is none of 32 bytes in Base64 or hexadecimal", at + 1))
                    .hint("`athena key generate` makes one")
            })?;
            let id = secret.id();
            if keys.get(&id).is_none() {
                keys.0.push((id, secret));
            }
        }
        Ok(keys)
    }
}

impl Keyring {
    pub fn new(source: Source) -> Self {
        Self { source, printed: Arc::default() }
    }

    /// Where the keys come from, in words.
    pub fn told(&self) -> String {
        match &self.source {
            Source::None => "no key is configured".to_owned(),
            Source::Beside(path) | Source::File(path) => format!("the file {}", path.display()),
            Source::Variable(name) => format!("the variable {name}"),
            Source::Command(_) => "the command of encryption.key_command".to_owned(),
        }
    }

    /// The keys as they are now; none where the first is still to be made.
    ///
    /// # Errors
    /// A source that cannot be read, or that has something else than keys.
    pub async fn keys(&self) -> Result<Keys, Error> {
        match &self.source {
            Source::None => Ok(Keys::default()),
            Source::Beside(path) => match read(path) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(Keys::default()),
                read => self.parsed(read),
            },
            Source::File(path) => self.parsed(read(path)),
            Source::Variable(name) => {
                let value = std::env::var(name).unwrap_or_default();
                match value.trim().is_empty() {
                    true => Err(self.failed("it is empty").hint("set it in the environment of this process")),
                    false => Keys::parse(&value).map_err(|error| self.wrong(error)),
                }
            }
            Source::Command(line) => {
                let printed = self.printed.lock().clone();
                match printed {
                    Some((_, keys)) => Ok(keys),
                    None => self.print(line).await,
                }
            }
        }
    }

    /// The same, where one of them was missing: a command is run again, but not at every turn.
    ///
    /// # Errors
    /// As [`Keyring::keys`].
    pub async fn keys_again(&self) -> Result<Keys, Error> {
        let old = self.printed.lock().as_ref().is_none_or(|(at, _)| at.elapsed() >= AGAIN);
        match &self.source {
            Source::Command(line) if old => self.print(line).await,
            _ => self.keys().await,
        }
    }

    /// Makes the first key, in the file beside the data, unless another process has.
    ///
    /// # Errors
    /// Where there is no such file; one that cannot be written.
    pub async fn begin(&self) -> Result<Keys, Error> {
        let Source::Beside(path) = &self.source else {
            return Err(Error::invalid("sensitive", "there is no key to seal the content with")
                .hint("set encryption.key_file, key_env or key_command; `athena key generate` makes a key"));
        };
        let key = Secret(rand::random());
        match create(path, &[key]) {
            Ok(()) => {
                tracing::warn!(path = %path.display(), key = key.id(), "a key was made beside the data; keep a copy of it elsewhere")
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(self.failed(error)),
        }
        self.keys().await
    }

    /// Whether this process may put a key at the head of what it reads them from.
    pub fn is_file(&self) -> bool {
        matches!(self.source, Source::Beside(_) | Source::File(_))
    }

    /// Puts a new key at the head of the file: from now on it wraps what is new.
    ///
    /// # Errors
    /// Keys that are in no file; one that cannot be written.
    pub async fn add(&self) -> Result<Keys, Error> {
        let (Source::Beside(path) | Source::File(path)) = &self.source else {
            return Err(Error::conflict(format!(
                "the keys are in {}, which Athena does not write",
                self.told()
            ))
            .hint("put a new key first there, `athena key generate` prints one; then rotate again"));
        };
        let folder = parent(path);
        let locked = File::open(folder).and_then(|folder| folder.lock().map(|()| folder));
        let _one_at_a_time = locked.map_err(|error| self.failed(error))?;
        let before = fs::read_to_string(path).map_err(|error| self.failed(error))?;
        let text = format!("{}\n{before}", Secret(rand::random()).text());
        replace(path, text.as_bytes()).map_err(|error| self.failed(error))?;
        self.keys().await
    }

    fn parsed(&self, read: std::io::Result<String>) -> Result<Keys, Error> {
        let text = read.map_err(|error| {
            self.failed(error).hint("put the file back; no key can be made from the data")
        })?;
        let keys = Keys::parse(&text).map_err(|error| self.wrong(error))?;
        match keys.newest() {
            None => Err(self.failed("there is no key in it").hint("`athena key generate` makes one")),
            Some(_) => Ok(keys),
        }
    }

    async fn print(&self, line: &str) -> Result<Keys, Error> {
        let mut command = Command::new("sh");
        command.args(["-c", line]).stdin(Stdio::null()).kill_on_drop(true);
        let done = match tokio::time::timeout(COMMAND, command.output()).await {
            Ok(done) => done.map_err(|error| self.failed(error))?,
            Err(_) => return Err(self.failed(format!("no answer within {} s", COMMAND.as_secs()))),
        };
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr);
            let said = said.lines().next().unwrap_or_default().chars().take(200).collect::<String>();
            return Err(self.failed(format!("{}: {said}", done.status)));
        }
        if done.stdout.len() as u64 > MOST_BYTES {
            return Err(self.failed("it printed something else than keys"));
        }
        let keys = self.parsed(Ok(String::from_utf8_lossy(&done.stdout).into_owned()))?;
        *self.printed.lock() = Some((Instant::now(), keys.clone()));
        Ok(keys)
    }

    fn failed(&self, why: impl std::fmt::Display) -> Error {
        Error::unavailable(format!("keys cannot be read from {}: {why}", self.told()))
    }

    fn wrong(&self, error: Error) -> Error {
        Error { message: format!("{}: {}", self.told(), error.message), ..error }
    }
}

/// Writes a file of keys that only its owner reads, and that was not there.
///
/// # Errors
/// One that is there; storage.
pub fn create(path: &Path, keys: &[Secret]) -> std::io::Result<()> {
    let folder = parent(path);
    fs::create_dir_all(folder)?;
    let text: String = keys.iter().map(|key| key.text() + "\n").collect();
    let whole = written(path, text.as_bytes())?;
    let linked = fs::hard_link(&whole, path);
    fs::remove_file(&whole)?;
    linked.and_then(|()| File::open(folder)?.sync_all())
}

/// The permissions of a file of keys that let others than its owner read it.
pub fn read_by_others(path: &Path) -> Option<u32> {
    let mode = fs::metadata(path).ok()?.mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

fn read(path: &Path) -> std::io::Result<String> {
    match fs::metadata(path)?.len() > MOST_BYTES {
        true => Err(std::io::Error::other("it is too long for keys")),
        false => fs::read_to_string(path),
    }
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let whole = written(path, bytes)?;
    fs::rename(&whole, path).and_then(|()| File::open(parent(path))?.sync_all())
}

/// A file beside it with these bytes, synced.
fn written(path: &Path, bytes: &[u8]) -> std::io::Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = parent(path).join(format!(".{name}.{:016x}", rand::random::<u64>()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(bytes).and_then(|()| file.sync_all())?;
    Ok(beside)
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Secret = Secret([1; 32]);
    const OTHER: Secret = Secret([2; 32]);

    #[test]
    fn keys_stand_in_lines() {
        let text =
            format!("# the newest\n{} # of November\n\n{}, {}\n", ONE.text(), OTHER.text(), ONE.text());
        let keys = Keys::parse(&text).unwrap();
        assert_eq!(keys.newest(), Some((ONE.id().as_str(), ONE)));
        assert_eq!((keys.ids().count(), keys.get(&OTHER.id())), (2, Some(OTHER)));
        let wrong = Keys::parse(&format!("{}\nhunter2", ONE.text())).unwrap_err().to_string();
        assert!(wrong.contains("key 2") && !wrong.contains("hunter2"), "{wrong}");
    }

    #[tokio::test]
    async fn the_first_is_made_once_and_the_newest_stands_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/encryption.key");
        let ring = Keyring::new(Source::Beside(path.clone()));
        assert_eq!(ring.keys().await.unwrap(), Keys::default());
        let first = ring.begin().await.unwrap();
        assert_eq!((first.ids().count(), ring.begin().await.unwrap()), (1, first.clone()));
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let both = ring.add().await.unwrap();
        assert_eq!(both.ids().last(), first.ids().next());
        assert_eq!((both.ids().count(), read_by_others(&path)), (2, None));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");

        fs::remove_file(&path).unwrap();
        let lost = Keyring::new(Source::File(path)).keys().await.unwrap_err();
        assert!(lost.message.contains("encryption.key") && lost.hint.is_some(), "{lost}");
    }

    #[tokio::test]
    async fn a_command_prints_them() {
        let printed = |line: String| async move { Keyring::new(Source::Command(line)).keys().await };
        let keys = printed(format!("echo {}", ONE.text())).await.unwrap();
        assert_eq!(keys.newest(), Some((ONE.id().as_str(), ONE)));
        for (line, why) in [
            ("exit 3", "3"),
            ("echo no vault >&2; exit 1", "no vault"),
            ("true", "no key"),
            ("echo hunter2", "key 1"),
        ] {
            let error = printed(line.to_owned()).await.unwrap_err().to_string();
            assert!(error.contains(why) && !error.contains("hunter2"), "{line}: {error}");
        }
    }

    #[tokio::test]
    async fn where_there_is_none_it_says_what_to_set() {
        let ring = Keyring::default();
        assert_eq!(ring.keys().await.unwrap(), Keys::default());
        let error = ring.begin().await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("sensitive"));
        assert!(error.hint.unwrap().contains("encryption.key_file"));
        let variable = Keyring::new(Source::Variable("ATHENA_NO_SUCH_KEY".into()));
        assert!(variable.keys().await.unwrap_err().message.contains("ATHENA_NO_SUCH_KEY"));
        assert!(variable.add().await.is_err());
    }
}
