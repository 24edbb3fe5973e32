//! Source files on this machine's disk: which there are, what is in them. Blocks.
//!
//! Read are files of known languages that `.gitignore` does not leave out. Links are never followed, nor
//! folders whose names begin with a point, nor those of packages and caches.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use athena_learn::code::{Ignore, Language, MOST_BYTES};

/// Entries that one run looks at, files that it finds, and levels of folders.
const MOST_ENTRIES: usize = 500_000;
pub const MOST_FILES: usize = 50_000;
const MOST_LEVELS: usize = 64;
/// Bytes of a `.gitignore` that is read.
const IGNORE_BYTES: u64 = 256 << 10;
/// Folders of what others wrote or a program left.
const LEFT_OUT: [&str; 2] = ["node_modules", "__pycache__"];

/// What was found below a path.
#[derive(Debug, Default)]
pub struct Found {
    /// Paths below the root, with `/`, in order.
    pub paths: Vec<String>,
    /// There was more than one run reads.
    pub truncated: bool,
}

/// The folder that paths of what is indexed are below: that of the repository, else the path's own.
pub fn root_of(path: &Path) -> PathBuf {
    let own = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let repository = own.ancestors().find(|folder| folder.join(".git").exists());
    repository.unwrap_or(own).to_owned()
}

/// The source files at or below `path`, which is below `root`.
pub fn find(root: &Path, path: &Path, languages: &[Language]) -> Found {
    let mut found = Found::default();
    let mut ignored = Ignored::new(root);
    if path.is_file() {
        found.paths.extend(below(root, path).filter(|path| is_wanted(path, languages)));
        return found;
    }
    let mut entries = 0;
    let mut folders = vec![(path.to_owned(), 0_usize)];
    while let Some((folder, level)) = folders.pop() {
        let Ok(read) = fs::read_dir(&folder) else { continue };
        for entry in read.flatten() {
            entries += 1;
            if entries > MOST_ENTRIES || found.paths.len() >= MOST_FILES {
                found.truncated = true;
                folders.clear();
                break;
            }
            let Ok(of_type) = entry.file_type() else { continue };
            let Some(path) = below(root, &entry.path()) else { continue };
            if of_type.is_dir() {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                let left_out = name.starts_with('.') || LEFT_OUT.contains(&name.as_ref());
                if !left_out && level < MOST_LEVELS && !ignored.leaves_out(&path, true) {
                    folders.push((entry.path(), level + 1));
                }
            } else if of_type.is_file() && is_wanted(&path, languages) && !ignored.leaves_out(&path, false) {
                found.paths.push(path);
            }
        }
    }
    found.paths.sort_unstable();
    found
}

fn is_wanted(path: &str, languages: &[Language]) -> bool {
    Language::of(path).is_some_and(|of| languages.is_empty() || languages.contains(&of))
}

/// A path below the root as events name it; `None` of one that is elsewhere or no text.
pub fn below(root: &Path, path: &Path) -> Option<String> {
    let path = path.strip_prefix(root).ok()?.to_str()?;
    Some(path.replace('\\', "/"))
}

/// What there is at a path.
pub enum Text {
    Of(String),
    /// Too large, no text, or not to be read: passed over.
    None,
    Gone,
}

/// The text of a file, unless a link leads there.
pub fn text(root: &Path, path: &str) -> Text {
    let full = root.join(path);
    let Ok(canonical) = full.canonicalize() else { return Text::Gone };
    let plain =
        fs::symlink_metadata(&full).is_ok_and(|about| about.is_file() && about.len() <= MOST_BYTES as u64);
    if !plain || !canonical.starts_with(root) {
        return Text::None;
    }
    fs::read_to_string(&canonical).map_or(Text::None, Text::Of)
}

/// What the `.gitignore` of every folder between the root and a path say, each read once.
pub struct Ignored {
    root: PathBuf,
    read: HashMap<String, Arc<Ignore>>,
}

impl Ignored {
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), read: HashMap::new() }
    }

    /// Whether a path below the root is left out; the nearest file that speaks of it decides.
    pub fn leaves_out(&mut self, path: &str, is_folder: bool) -> bool {
        let mut folder = path;
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            let inside = if folder.is_empty() { path } else { &path[folder.len() + 1..] };
            if let Some(out) = self.of(folder).leaves_out(inside, is_folder) {
                return out;
            }
        }
        false
    }

    /// Whether it or any folder above it is left out.
    pub fn hides(&mut self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at);
        let folders: Vec<&str> = ends.map(|at| &path[..at]).collect();
        folders.into_iter().any(|folder| {
            let name = folder.rsplit('/').next().unwrap_or_default();
            name.starts_with('.') || LEFT_OUT.contains(&name) || self.leaves_out(folder, true)
        }) || self.leaves_out(path, false)
    }

    fn of(&mut self, folder: &str) -> Arc<Ignore> {
        if let Some(known) = self.read.get(folder) {
            return known.clone();
        }
        let file = self.root.join(folder).join(".gitignore");
        let small =
            fs::symlink_metadata(&file).is_ok_and(|about| about.is_file() && about.len() <= IGNORE_BYTES);
        let text = if small { fs::read_to_string(&file).unwrap_or_default() } else { String::new() };
        let read = Arc::new(Ignore::read(&text));
        self.read.insert(folder.to_owned(), read.clone());
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn what_is_ignored_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        write(&root, ".gitignore", "target/\n*.gen.rs\n");
        write(&root, "sub/.gitignore", "!kept.gen.rs\nlocal.py\n");
        for path in [
            "src/lib.rs",
            "src/a.gen.rs",
            "target/debug/b.rs",
            "sub/kept.gen.rs",
            "sub/local.py",
            "sub/c.py",
            "node_modules/d.js",
            ".hidden/e.rs",
            "notes.txt",
        ] {
            write(&root, path, "x");
        }
        assert_eq!(find(&root, &root, &[]).paths, ["src/lib.rs", "sub/c.py", "sub/kept.gen.rs"]);
        assert_eq!(find(&root, &root.join("sub"), &[Language::Python]).paths, ["sub/c.py"]);
        assert_eq!(find(&root, &root.join("src/lib.rs"), &[]).paths, ["src/lib.rs"]);
        let mut ignored = Ignored::new(&root);
        assert!(ignored.hides("target/debug/b.rs") && ignored.hides(".hidden/e.rs"));
        assert!(!ignored.hides("src/lib.rs"));
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_nowhere() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = folder.path().canonicalize().unwrap();
        write(elsewhere.path(), "secret.py", "x = 1");
        std::os::unix::fs::symlink(elsewhere.path(), root.join("out")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path().join("secret.py"), root.join("one.py")).unwrap();
        assert!(find(&root, &root, &[]).paths.is_empty());
        assert!(matches!(text(&root, "out/secret.py"), Text::None));
        assert!(matches!(text(&root, "one.py"), Text::None));
        assert!(matches!(text(&root, "none.py"), Text::Gone));
    }
}
