//! Which project a directory belongs to: its git remote as `host/owner/name`, else the path of its git
//! root, which worktrees share with their main repository.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use athena_schemas::vocabulary::DEFAULT_PROJECT;
use parking_lot::Mutex;

/// Projects of directories, each asked of git once.
#[derive(Debug, Default)]
pub struct Projects(Mutex<HashMap<PathBuf, String>>);

impl Projects {
    /// The project of a directory; `default` where there is no repository.
    pub fn of(&self, directory: &Path) -> String {
        if let Some(known) = self.0.lock().get(directory) {
            return known.clone();
        }
        let project = detect(directory).unwrap_or_else(|| DEFAULT_PROJECT.to_owned());
        self.0.lock().insert(directory.to_owned(), project.clone());
        project
    }
}

/// The project that git tells of a directory; `None` outside of repositories.
pub fn detect(directory: &Path) -> Option<String> {
    let remotes = git(directory, &["remote"]).unwrap_or_default();
    let remote = remotes.lines().find(|name| *name == "origin").or_else(|| remotes.lines().next());
    let named = remote
        .and_then(|remote| git(directory, &["remote", "get-url", remote]))
        .and_then(|url| of_remote(&url));
    named.or_else(|| {
        let shared = git(directory, &["rev-parse", "--path-format=absolute", "--git-common-dir"])?;
        let top = git(directory, &["rev-parse", "--show-toplevel"]);
        Some(root(&shared, top.as_deref()).to_owned())
    })
}

/// The repository's root: what holds `.git`; of a submodule its own work tree; of a bare repository
/// itself. All worktrees have the same `shared` directory.
fn root<'a>(shared: &'a str, top: Option<&'a str>) -> &'a str {
    shared.strip_suffix("/.git").or(top).unwrap_or(shared)
}

/// `host/owner/name` of a remote's address, without user, password, port and `.git`. `None` for what
/// lies on this machine.
pub fn of_remote(url: &str) -> Option<String> {
    let (host, path) = match url.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => rest.split_once('/')?,
        // git@host:owner/name, unless a slash says that the colon is a path's.
        None => {
            let (host, path) = url.split_once(':')?;
            (!host.contains('/') && host.len() > 1).then_some((host, path))?
        }
    };
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
    (!host.is_empty() && !path.is_empty()).then(|| format!("{}/{path}", host.to_lowercase()))
}

/// What git prints, without its last newline; `None` if it fails or says nothing.
fn git(directory: &Path, arguments: &[&str]) -> Option<String> {
    let done = Command::new("git").arg("-C").arg(directory).args(arguments).output().ok()?;
    let text = String::from_utf8(done.stdout).ok()?;
    let text = text.trim_end_matches('\n');
    (done.status.success() && !text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_in_every_form_are_one_project() {
        for url in [
            "https://github.com/acme/shop.git",
            "https://github.com/acme/shop",
            "https://github.com/acme/shop/",
            "https://ann:s3cret@GitHub.com/acme/shop.git",
            "http://token@github.com:8080/acme/shop.git/",
            "ssh://git@github.com:22/acme/shop.git",
            "git://github.com/acme/shop",
            "git@github.com:acme/shop.git",
            "github.com:/acme/shop.git",
        ] {
            assert_eq!(of_remote(url).as_deref(), Some("github.com/acme/shop"), "{url}");
        }
        assert_eq!(of_remote("git@gitlab.com:a/b/c.git").as_deref(), Some("gitlab.com/a/b/c"));
        assert_eq!(of_remote("https://[::1]:3000/a/b").as_deref(), Some("[::1]/a/b"));
    }

    #[test]
    fn what_lies_on_this_machine_is_no_remote() {
        for url in [
            "/srv/git/shop.git",
            "../shop",
            "file:///srv/git/shop.git",
            "./a:b",
            "C:/shop",
            "",
            "https://host",
        ] {
            assert_eq!(of_remote(url), None, "{url}");
        }
    }

    #[test]
    fn worktrees_share_their_main_repository() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let (main, tree) = (folder.join("main"), folder.join("tree"));
        std::fs::create_dir_all(main.join("src")).unwrap();
        assert_eq!(detect(&folder), None);
        let run = |arguments: &[&str]| {
            let who = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
            let done = Command::new("git").arg("-C").arg(&main).args(who).args(arguments).output().unwrap();
            assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        };
        run(&["init", "-q"]);
        run(&["commit", "-q", "--allow-empty", "-m", "first"]);
        run(&["worktree", "add", "-q", &tree.to_string_lossy()]);
        let project = Some(main.to_string_lossy().into_owned());
        assert_eq!(detect(&main.join("src")), project);
        assert_eq!(detect(&tree), project);
        run(&["remote", "add", "upstream", "git@example.org:acme/shop.git"]);
        assert_eq!(detect(&tree).as_deref(), Some("example.org/acme/shop"));
        assert_eq!(Projects::default().of(&folder.join("nowhere")), "default");
    }

    #[test]
    fn submodules_and_bare_repositories_have_their_own_roots() {
        assert_eq!(root("/a/.git", Some("/a")), "/a");
        assert_eq!(root("/a/.git/modules/b", Some("/a/b")), "/a/b");
        assert_eq!(root("/srv/a.git", None), "/srv/a.git");
    }
}
