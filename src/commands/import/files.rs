//! The files that were named, those in named folders included.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// A file to import: something that can be opened once.
#[derive(Debug, Clone)]
pub struct File {
    /// As it is told to people.
    pub name: String,
    /// `None` where it is not known, as of standard input.
    pub bytes: Option<u64>,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Path(PathBuf),
    Standard,
    Embedded(&'static [u8]),
}

impl File {
    /// What the binary itself brings.
    pub fn embedded(name: &str, content: &'static [u8]) -> Self {
        Self { name: name.into(), bytes: Some(content.len() as u64), content: Content::Embedded(content) }
    }

    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(match &self.content {
            Content::Path(path) => Box::new(fs::File::open(path)?),
            Content::Standard => Box::new(io::stdin()),
            Content::Embedded(content) => Box::new(*content),
        })
    }
}

/// Endings of files that are taken from folders.
const ENDINGS: [&str; 2] = ["jsonl", "traj"];

/// Files as they were named; of folders all `*.jsonl` and `*.traj` below, by name.
///
/// # Errors
/// What is not there; folders without any.
pub fn list(names: &[String]) -> anyhow::Result<Vec<File>> {
    let mut files = Vec::new();
    for name in names {
        if name == "-" {
            files.push(File { name: "standard input".into(), bytes: None, content: Content::Standard });
            continue;
        }
        let path = Path::new(name);
        let found = fs::metadata(path).with_context(|| format!("read {name}"))?;
        if !found.is_dir() {
            files.push(file(path, found.len()));
            continue;
        }
        let before = files.len();
        below(path, &mut files)?;
        if files.len() == before {
            bail!("{name} has no *.jsonl or *.traj files; name files of other endings themselves");
        }
    }
    Ok(files)
}

fn below(folder: &Path, files: &mut Vec<File>) -> anyhow::Result<()> {
    let failed = || format!("read {}", folder.display());
    let entries: io::Result<Vec<_>> = fs::read_dir(folder).with_context(failed)?.collect();
    let mut entries = entries.with_context(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // Links to folders are not followed: they may lead round in a ring.
        if entry.file_type().with_context(failed)?.is_dir() {
            below(&path, files)?;
        } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
            && let Ok(found) = fs::metadata(&path)
            && found.is_file()
        {
            files.push(file(&path, found.len()));
        }
    }
    Ok(())
}

fn file(path: &Path, bytes: u64) -> File {
    File { name: path.display().to_string(), bytes: Some(bytes), content: Content::Path(path.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_give_their_lines_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("b/c")).unwrap();
        for name in ["z.jsonl", "a.jsonl", "b/c/x.jsonl", "b/notes.txt"] {
            fs::write(at(name), "{}").unwrap();
        }
        std::os::unix::fs::symlink(folder.path(), at("b/ring")).unwrap();
        let names = |list: anyhow::Result<Vec<File>>| -> Vec<String> {
            let prefix = format!("{}/", folder.path().display());
            list.unwrap().into_iter().map(|file| file.name.replace(&prefix, "")).collect()
        };
        let whole = folder.path().display().to_string();
        assert_eq!(names(list(&[whole])), ["a.jsonl", "b/c/x.jsonl", "z.jsonl"]);
        assert_eq!(
            names(list(&["-".into(), at("b/notes.txt").display().to_string()])),
            ["standard input", "b/notes.txt"]
        );
        fs::create_dir(at("empty")).unwrap();
        let error = list(&[at("empty").display().to_string()]).unwrap_err();
        assert!(error.to_string().contains("has no *.jsonl or *.traj files"));
        assert!(list(&[at("missing").display().to_string()]).is_err());
    }
}
