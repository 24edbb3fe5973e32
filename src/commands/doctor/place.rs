//! This machine and the data on it.

use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

use athena_schemas::Time;
use athena_store::{Held, Location, Lock, LogKind, Options, Store};

use super::keys;
use crate::client::is_served;
use crate::commands::version::VERSION;
use crate::settings::Settings;
use athena_query::diagnose::Check;

/// Free space below which writing is soon over, and below which it is over.
const LITTLE_BYTES: u64 = 1 << 30;
const NONE_BYTES: u64 = 64 << 20;
/// Devices below each other that are looked at.
const MOST_BELOW: usize = 32;
/// No machine's clock should stand before this version was made.
const MADE: &str = "2026-11-01T00:00:00Z";

pub fn versions() -> Check {
    Check::ok(format!("athena {VERSION}, DataFusion {}", datafusion::DATAFUSION_VERSION))
}

pub fn clock() -> Check {
    let now = Time::now();
    match Time::parse(MADE).is_some_and(|made| now < made) {
        true => {
            Check::fail(format!("the clock says {now}"), "set the clock; events without a time get this one")
        }
        false => Check::ok(format!("clock: {now}")),
    }
}

/// The data location: there, writable, with room, held by nobody strange, readable by this binary.
pub async fn data(settings: &Settings) -> Vec<Check> {
    let name = &settings.config.data.dir;
    let location = match Location::parse(name) {
        Ok(location) => location,
        Err(error) => {
            return vec![Check::fail(format!("data: {error}"), "give a directory, or s3://bucket/prefix")];
        }
    };
    let mut checks = match location.directory() {
        Some(directory) if !directory.exists() => {
            return vec![Check::warn(
                format!("{name} is not there"),
                "`athena serve` makes it; --data names another",
            )];
        }
        Some(directory) => {
            let mut checks = itself(directory);
            checks.extend(lock(directory).await);
            checks
        }
        None => vec![],
    };
    let kafka = !settings.config.kafka.bootstrap.is_empty();
    let kind = match Store::kind(&location).await {
        Ok(kind) => kind,
        Err(error) => {
            let remedy = match &location {
                Location::Bucket(_) => "look at the bucket's name, AWS_ENDPOINT_URL, AWS_REGION and the keys",
                Location::Directory(_) => "look at the permissions of athena.json in it",
            };
            checks.push(Check::fail(format!("{name} cannot be read: {error}"), remedy));
            return checks;
        }
    };
    checks.push(match (kind, kafka) {
        (None, _) => {
            checks.push(Check::warn(
                format!("{name} has no data yet"),
                "`athena serve` or `athena import` make it",
            ));
            return checks;
        }
        (Some(LogKind::Embedded), true) => Check::fail(
            format!("{name} has the embedded log, and Kafka is configured"),
            "leave out --kafka and ATHENA_KAFKA, or name another directory",
        ),
        (Some(LogKind::Kafka), false) => Check::warn(
            format!("{name} is fed by Kafka, and no broker is configured"),
            "give --kafka HOST:PORT; without it, it can only be read",
        ),
        (Some(LogKind::Embedded), false) => Check::ok(format!("{name} has the embedded log")),
        (Some(LogKind::Kafka), true) => Check::ok(format!("{name} is fed by Kafka")),
    });
    checks.extend(location.directory().and_then(|directory| keys::readers(&directory.join("athena.json"))));
    checks.push(encrypted(&location));
    checks.extend(tables(location, settings).await);
    checks
}

/// Whether a directory can be written, and has room.
pub fn itself(directory: &Path) -> Vec<Check> {
    let name = directory.display();
    let mut checks = vec![match writable(directory) {
        Ok(()) => Check::ok(format!("{name} can be written")),
        Err(error) => Check::fail(
            format!("{name} cannot be written: {error}"),
            match error.kind() {
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                    "free space on its disk"
                }
                _ => "look at its owner and permissions, and whether its file system is read-only",
            },
        ),
    }];
    if let Ok(disk) = rustix::fs::statvfs(directory) {
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let what = format!("{:.1} GiB free on the disk of {name}", free as f64 / f64::from(1 << 30));
        let remedy = "free space, or move the directory; writes are refused when it is full, reads go on";
        checks.push(match free {
            _ if free < NONE_BYTES => Check::fail(what, remedy),
            _ if free < LITTLE_BYTES => Check::warn(what, remedy),
            _ => Check::ok(what),
        });
    }
    checks
}

/// Tries what a commit does: write, sync, remove.
fn writable(directory: &Path) -> std::io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".doctor-").tempfile_in(directory)?;
    file.write_all(&[0; 4096])?;
    file.as_file().sync_all()?;
    let made = file.as_file().metadata()?.modified()?;
    let now = SystemTime::now();
    let apart = made.duration_since(now).or_else(|_| now.duration_since(made)).unwrap_or_default();
    match apart.as_secs() {
        0..60 => Ok(()),
        apart => Err(std::io::Error::other(format!(
            "its file system's clock is {apart} s away from this machine's"
        ))),
    }
}

async fn lock(directory: &Path) -> Option<Check> {
    Some(match Lock::holder(directory) {
        Ok(None) => return None,
        Ok(Some(held @ Held { address: Some(_), .. })) => {
            let url = held.address.as_deref().unwrap_or_default();
            match is_served(url).await {
                Ok(()) => Check::ok(held.to_string()),
                Err(error) => Check::fail(
                    format!("{held}, but does not answer: {error}"),
                    format!("stop process {}; commands take over by themselves", held.pid),
                ),
            }
        }
        Ok(Some(held)) => Check::warn(
            format!("{held}, and it has not said where it serves"),
            format!("wait until it has started, or stop process {}", held.pid),
        ),
        Err(error) => {
            let name = directory.display();
            Check::fail(
                format!("the lock of {name} cannot be looked at: {error}"),
                "look at the owner of its file `lock`",
            )
        }
    })
}

/// Whether what is written is encrypted below Athena, as far as this machine can know.
pub fn encrypted(location: &Location) -> Check {
    let remedy = "docs/safety.md says how to encrypt a disk or a bucket";
    let Some(directory) = location.directory() else {
        return Check::warn(format!("whether {location} is encrypted cannot be known from here"), remedy);
    };
    match disk_of(directory) {
        Some((device, true)) => {
            Check::ok(format!("the disk of {} is encrypted ({device})", directory.display()))
        }
        Some((device, false)) => Check::warn(
            format!("the disk of {} is not encrypted by this machine ({device})", directory.display()),
            remedy,
        ),
        None => Check::warn(
            format!("whether the disk of {} is encrypted cannot be known", directory.display()),
            remedy,
        ),
    }
}

/// The device under a directory, and whether it or one below it is one of dm-crypt's; `None` where the system does not
/// say, as in containers and on other systems than Linux.
fn disk_of(directory: &Path) -> Option<(String, bool)> {
    use std::os::unix::fs::MetadataExt;
    let device = directory.metadata().ok()?.dev();
    let block = Path::new("/sys/dev/block").join(format!(
        "{}:{}",
        rustix::fs::major(device),
        rustix::fs::minor(device)
    ));
    let mut looked_at = vec![block.canonicalize().ok()?];
    let name = looked_at[0].file_name()?.to_string_lossy().into_owned();
    for _ in 0..MOST_BELOW {
        let Some(one) = looked_at.pop() else { break };
        let uuid = std::fs::read_to_string(one.join("dm/uuid")).unwrap_or_default();
        if uuid.starts_with("CRYPT-") {
            return Some((name, true));
        }
        let below = one.join("slaves").read_dir().into_iter().flatten().flatten();
        looked_at.extend(below.filter_map(|entry| entry.path().canonicalize().ok()));
    }
    Some((name, false))
}

/// Opens every table as a reader, and verifies the audit.
async fn tables(location: Location, settings: &Settings) -> Vec<Check> {
    match Store::open(Options::new(location, None)).await {
        Ok(store) => {
            let open = Check::ok(format!("{} tables open, applied {}", store.all().len(), store.applied()));
            let mut checks = vec![open, audit(&store).await];
            checks.extend(keys::look(&store, &settings.config).await);
            checks
        }
        Err(error) => vec![unopened(error)],
    }
}

async fn audit(store: &Store) -> Check {
    match athena_query::audit::verify(store, &Default::default()).await {
        Ok(found) => Check::of_audit(&found),
        Err(error) => {
            Check::warn(format!("the audit cannot be verified: {error}"), "try again when the disk is well")
        }
    }
}

fn unopened(error: athena_store::Error) -> Check {
    match error {
        error @ athena_store::Error::TooNew { .. } => Check::fail(
            error.to_string(),
            "use the athena that wrote it, or a newer one; nothing was changed",
        ),
        error => Check::fail(
            format!("tables do not open: {error}"),
            "restore a backup, or ask with this message; `athena backup` before trying anything",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::config::{Flag, resolve};
    use athena_query::diagnose::Verdict;

    async fn look(directory: &Path, kafka: &str) -> Vec<Check> {
        let flags = [
            Flag { name: "--data", key: "data.dir", value: directory.display().to_string().into() },
            Flag { name: "--kafka", key: "kafka.bootstrap", value: kafka.into() },
        ];
        let resolved = resolve(&flags, &[], None).unwrap();
        let checks = data(&Settings { config: resolved.typed().unwrap(), resolved }).await;
        // Whether the disk is encrypted is the machine's.
        checks.into_iter().filter(|check| !check.what.contains("encrypted")).collect()
    }

    fn worst(checks: &[Check]) -> &Check {
        checks.iter().max_by_key(|check| check.state as u8).unwrap()
    }

    #[tokio::test]
    async fn what_is_wrong_is_found_and_explained() {
        let folder = tempfile::tempdir().unwrap();
        let missing = look(&folder.path().join("none"), "").await;
        assert_eq!((worst(&missing).state, missing.len()), (Verdict::Warn, 1));
        assert!(worst(&look(folder.path(), "").await).what.contains("has no data yet"));

        let options = Options::new(Location::Directory(folder.path().into()), Some(LogKind::Embedded));
        let store = Store::open(options).await.unwrap();
        let starting = look(folder.path(), "").await;
        assert!(worst(&starting).what.contains(&format!("held by process {}", std::process::id())));
        store.announce("http://127.0.0.1:1").unwrap();
        let silent = look(folder.path(), "").await;
        assert_eq!(worst(&silent).state, Verdict::Fail);
        assert!(worst(&silent).what.contains("does not answer"));
        drop(store);

        let sound = look(folder.path(), "").await;
        assert_eq!(worst(&sound).state, Verdict::Ok, "{sound:?}");
        assert!(sound.iter().any(|check| check.what == "the audit is whole: 0 rows"), "{sound:?}");
        let layout = folder.path().join("athena.json");
        std::fs::set_permissions(&layout, Permissions::from_mode(0o644)).unwrap();
        let open = look(folder.path(), "").await;
        assert!(worst(&open).what.contains("athena.json can be read by others (644)"), "{open:?}");
        assert!(worst(&look(folder.path(), "k:9092").await).what.contains("Kafka is configured"));

        std::fs::write(layout, r#"{"format":99,"log":"embedded","secret":""}"#).unwrap();
        assert!(worst(&look(folder.path(), "").await).what.contains("newer than"));
    }
}
