//! Paths: whose tests they are, and which files an import means.

use std::collections::HashMap;

use super::{Import, Language};

/// Files that one import can mean, such as those of a package of Go.
const MOST_MEANT: usize = 200;

/// Whether a file is one of tests, by its name or folder.
pub fn is_test(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    if parts.any(|folder| matches!(folder, "test" | "tests" | "__tests__" | "spec")) {
        return true;
    }
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let marked = |mark: &str| name.contains(&format!(".{mark}."));
    stem == "tests"
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || marked("test")
        || marked("spec")
        || (name.ends_with(".java") && (stem.ends_with("Test") || stem.ends_with("Tests")))
}

/// A path below one of the roots, as files are named; others as they are, without a `./` before.
pub fn relative(path: &str, roots: impl IntoIterator<Item = impl AsRef<str>>) -> &str {
    let below = roots.into_iter().find_map(|root| path.strip_prefix(root.as_ref())?.strip_prefix('/'));
    below.unwrap_or_else(|| path.strip_prefix("./").unwrap_or(path))
}

/// The files of a project, to be found by the end of their paths.
#[derive(Debug, Default)]
pub struct Paths {
    by_path: HashMap<String, u32>,
    /// By the last part of the path.
    by_name: HashMap<String, Vec<u32>>,
    by_folder: HashMap<String, Vec<u32>>,
    /// Folders that have files, by the last part of their paths.
    folders: HashMap<String, Vec<String>>,
    all: HashMap<u32, String>,
}

impl Paths {
    pub fn add(&mut self, path: &str, file: u32) {
        self.by_path.insert(path.to_owned(), file);
        self.by_name.entry(name(path).to_owned()).or_default().push(file);
        let of_folder = self.by_folder.entry(folder(path).to_owned()).or_default();
        if of_folder.is_empty() {
            self.folders.entry(name(folder(path)).to_owned()).or_default().push(folder(path).to_owned());
        }
        of_folder.push(file);
        self.all.insert(file, path.to_owned());
    }

    pub fn get(&self, path: &str) -> Option<u32> {
        self.by_path.get(path).copied()
    }

    /// Which files an import means; none for what is not of this project.
    pub fn meant(&self, from: &str, language: Language, import: &Import) -> Vec<u32> {
        let found = match language {
            Language::Rust => self.rust(from, import).into_iter().collect(),
            Language::Python => self.python(from, import).into_iter().collect(),
            Language::TypeScript | Language::JavaScript => self.script(from, import).into_iter().collect(),
            Language::Go => self.package(&import.path, Language::Go),
            Language::Java => self.java(import),
        };
        let itself = self.get(from);
        found.into_iter().filter(|file| Some(*file) != itself).take(MOST_MEANT).collect()
    }

    /// The file whose path ends so: of several the one with most in common with `from`.
    fn ending(&self, ending: &str, from: &str) -> Option<u32> {
        let candidates = self.by_name.get(name(ending))?;
        let ends = |file: &&u32| {
            let path = self.all[*file].as_str();
            path == ending || path.strip_suffix(ending).is_some_and(|before| before.ends_with('/'))
        };
        let common = |file: &u32| {
            let pairs = self.all[file].split('/').zip(from.split('/'));
            pairs.take_while(|(one, other)| one == other).count()
        };
        let nearest = candidates.iter().filter(ends).max_by_key(|file| {
            (common(file), std::cmp::Reverse(self.all[*file].len()), std::cmp::Reverse(**file))
        });
        nearest.copied()
    }

    fn rust(&self, from: &str, import: &Import) -> Option<u32> {
        let mut parts: Vec<&str> = import.path.split("::").filter(|part| !part.is_empty()).collect();
        parts.extend(import.name.as_deref().filter(|name| *name != "*"));
        let first = *parts.first()?;
        let (base, rest) = match first {
            "crate" => (crate_folder(from), &parts[1..]),
            "self" => (module_folder(from), &parts[1..]),
            "super" => {
                let ups = parts.iter().take_while(|part| **part == "super").count();
                let mut base = module_folder(from);
                for _ in 0..ups {
                    base = folder(&base).to_owned();
                }
                (base, &parts[ups..])
            }
            name => match self.below(&module_folder(from), &parts) {
                Some(file) => return Some(file),
                None => (self.crate_named(name, from)?, &parts[1..]),
            },
        };
        self.below(&base, rest).or_else(|| self.module(&base))
    }

    /// The file of the longest part of a module's path below a folder.
    fn below(&self, base: &str, parts: &[&str]) -> Option<u32> {
        (1..=parts.len()).rev().find_map(|count| self.module(&joined(base, &parts[..count].join("/"))))
    }

    fn module(&self, stem: &str) -> Option<u32> {
        let inside = |name: &str| self.get(&joined(stem, name));
        self.get(&format!("{stem}.rs"))
            .or_else(|| inside("mod.rs"))
            .or_else(|| inside("lib.rs"))
            .or_else(|| inside("main.rs"))
    }

    /// The source folder of a crate: its folder has its name, or what is left without the project's name before;
    /// tests beside a crate use that one.
    fn crate_named(&self, name: &str, from: &str) -> Option<String> {
        let dashed = name.replace('_', "-");
        let short = name.split_once('_').map(|(_, short)| short);
        let names = [Some(name), Some(dashed.as_str()), short];
        let found =
            names.into_iter().flatten().find_map(|name| self.ending(&format!("{name}/src/lib.rs"), from));
        let found = found.or_else(|| {
            let (above, _) = from.rsplit_once("tests/").or_else(|| from.rsplit_once("benches/"))?;
            self.get(&format!("{above}src/lib.rs")).filter(|_| !matches!(name, "std" | "core" | "alloc"))
        });
        found.map(|file| folder(&self.all[&file]).to_owned())
    }

    fn python(&self, from: &str, import: &Import) -> Option<u32> {
        let name = import.name.as_deref().filter(|name| *name != "*");
        let dots = import.path.chars().take_while(|letter| *letter == '.').count();
        let mut path = import.path[dots..].replace('.', "/");
        let tries = |path: &str| {
            let inner = name.map(|name| joined(path, name));
            inner.into_iter().chain([path.to_owned()]).filter(|path| !path.is_empty()).collect::<Vec<_>>()
        };
        if dots > 0 {
            let mut base = folder(from);
            for _ in 1..dots {
                base = folder(base);
            }
            path = joined(base, &path);
            let exact = |path: String| {
                self.get(&format!("{path}.py")).or_else(|| self.get(&joined(&path, "__init__.py")))
            };
            return tries(&path).into_iter().find_map(exact);
        }
        let anywhere = |path: String| {
            self.ending(&format!("{path}.py"), from)
                .or_else(|| self.ending(&format!("{path}/__init__.py"), from))
        };
        tries(&path).into_iter().find_map(anywhere)
    }

    fn script(&self, from: &str, import: &Import) -> Option<u32> {
        const ENDS: [&str; 12] = [
            "",
            ".ts",
            ".tsx",
            ".js",
            ".jsx",
            ".mts",
            ".mjs",
            "/index.ts",
            "/index.tsx",
            "/index.js",
            "/index.jsx",
            ".d.ts",
        ];
        let aliased = import.path.strip_prefix("@/").or_else(|| import.path.strip_prefix("~/"));
        if let Some(path) = aliased {
            return ENDS.iter().find_map(|end| self.ending(&format!("{path}{end}"), from));
        }
        if !import.path.starts_with('.') {
            return None;
        }
        let path = resolved(folder(from), &import.path)?;
        // A file of TypeScript is imported under the name that it is compiled to.
        let stem = path.strip_suffix(".js").or_else(|| path.strip_suffix(".mjs"));
        let stems = [Some(path.as_str()), stem];
        stems
            .into_iter()
            .flatten()
            .find_map(|stem| ENDS.iter().find_map(|end| self.get(&format!("{stem}{end}"))))
    }

    /// The files of the folder that has most of an import's path as its own end.
    fn package(&self, path: &str, language: Language) -> Vec<u32> {
        let Some(candidates) = self.folders.get(name(path)) else { return Vec::new() };
        let parts: Vec<&str> = path.split('/').collect();
        for from in 0..parts.len() {
            let ending = parts[from..].join("/");
            let ends = |folder: &&String| {
                **folder == ending || folder.strip_suffix(&ending).is_some_and(|before| before.ends_with('/'))
            };
            let mut folders: Vec<&String> = candidates.iter().filter(ends).collect();
            folders.sort_unstable_by_key(|folder| (folder.len(), folder.as_str()));
            let of = |folder: &&String| -> Vec<u32> {
                let files = self.by_folder[*folder].iter();
                files.copied().filter(|file| Language::of(&self.all[file]) == Some(language)).collect()
            };
            if let Some(files) = folders.iter().map(of).find(|files| !files.is_empty()) {
                return files;
            }
        }
        Vec::new()
    }

    fn java(&self, import: &Import) -> Vec<u32> {
        let package = import.path.replace('.', "/");
        match import.name.as_deref() {
            Some("*") => self.package(&package, Language::Java),
            Some(name) => {
                // What is imported may be a member of the class before it.
                let class = self.ending(&format!("{package}/{name}.java"), "");
                class.or_else(|| self.ending(&format!("{package}.java"), "")).into_iter().collect()
            }
            None => Vec::new(),
        }
    }
}

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The folder that a path is in; nothing at the top.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn joined(folder: &str, name: &str) -> String {
    match (folder.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => folder.to_owned(),
        _ => format!("{folder}/{name}"),
    }
}

/// A path with `.` and `..` from a folder; `None` of one that leaves the root.
fn resolved(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The folder of a Rust file's crate: its nearest `src`, or its own.
fn crate_folder(from: &str) -> String {
    match from.rfind("/src/") {
        Some(at) => from[..at + 4].to_owned(),
        None if from.starts_with("src/") => "src".into(),
        None => folder(from).to_owned(),
    }
}

/// The folder that modules of a Rust file are in.
fn module_folder(from: &str) -> String {
    match name(from) {
        "mod.rs" | "lib.rs" | "main.rs" => folder(from).to_owned(),
        _ => from.strip_suffix(".rs").unwrap_or(from).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(all: &[&str]) -> Paths {
        let mut paths = Paths::default();
        for (file, path) in (0..).zip(all) {
            paths.add(path, file);
        }
        paths
    }

    fn meant(all: &[&str], from: &str, path: &str, name: Option<&str>) -> Vec<String> {
        let import = Import { path: path.into(), name: name.map(str::to_owned), alias: None, line: 1 };
        let language = Language::of(from).unwrap();
        let found = paths(all).meant(from, language, &import);
        found.into_iter().map(|file| all[file as usize].to_owned()).collect()
    }

    #[test]
    fn modules_of_rust_are_files() {
        let all = [
            "cart/src/lib.rs",
            "cart/src/total.rs",
            "cart/src/money/mod.rs",
            "cart/src/money/round.rs",
            "store/src/lib.rs",
            "store/src/disk.rs",
        ];
        let rust = |from: &str, path: &str, name: Option<&str>| meant(&all, from, path, name);
        assert_eq!(rust(all[1], "crate::money", Some("Money")), [all[2]]);
        assert_eq!(rust(all[1], "super::money::round", Some("up")), [all[3]]);
        assert_eq!(rust(all[0], "self::total", None), [all[1]]);
        assert_eq!(rust(all[3], "super", Some("Money")), [all[2]]);
        assert_eq!(rust(all[1], "shop_store::disk", Some("Disk")), [all[5]]);
        assert_eq!(rust(all[1], "store", Some("Store")), [all[4]]);
        assert_eq!(rust(all[1], "std::collections", Some("HashMap")), [""; 0]);
    }

    #[test]
    fn modules_of_python_are_files() {
        let all = ["shop/__init__.py", "shop/cart.py", "shop/money/__init__.py", "tests/test_cart.py"];
        let python = |from: &str, path: &str, name: Option<&str>| meant(&all, from, path, name);
        assert_eq!(python(all[3], "shop.cart", Some("Cart")), [all[1]]);
        assert_eq!(python(all[3], "shop", Some("cart")), [all[1]]);
        assert_eq!(python(all[1], ".money", Some("Money")), [all[2]]);
        assert_eq!(python(all[1], ".", Some("money")), [all[2]]);
        assert_eq!(python(all[1], "os", None), [""; 0]);
    }

    #[test]
    fn modules_of_scripts_are_files() {
        let all = ["web/src/cart.ts", "web/src/money/index.ts", "web/src/view.tsx", "web/test/cart.test.ts"];
        let script = |from: &str, path: &str| meant(&all, from, path, None);
        assert_eq!(script(all[3], "../src/cart"), [all[0]]);
        assert_eq!(script(all[0], "./money"), [all[1]]);
        assert_eq!(script(all[0], "./view.js"), [all[2]]);
        assert_eq!(script(all[0], "@/src/cart"), [""; 0], "not itself");
        assert_eq!(script(all[0], "react"), [""; 0]);
        assert_eq!(script(all[0], "../../../out"), [""; 0]);
    }

    #[test]
    fn packages_are_folders() {
        let all = [
            "money/money.go",
            "money/round.go",
            "cart/cart.go",
            "java/com/shop/Cart.java",
            "java/com/shop/Money.java",
        ];
        assert_eq!(meant(&all, all[2], "example.com/shop/money", None), [all[0], all[1]]);
        assert_eq!(meant(&all, all[2], "fmt", None), [""; 0]);
        assert_eq!(meant(&all, all[3], "com.shop", Some("Money")), [all[4]]);
        assert_eq!(meant(&all, all[3], "com.shop.Money", Some("round")), [all[4]]);
        assert_eq!(meant(&all, all[3], "com.shop", Some("*")), [all[4]]);
    }

    #[test]
    fn tests_are_known_by_their_names() {
        let tests = [
            "tests/cart.rs",
            "src/cart/tests.rs",
            "test_cart.py",
            "cart_test.go",
            "web/cart.spec.ts",
            "src/test/java/CartTest.java",
        ];
        assert!(tests.iter().all(|path| is_test(path)));
        assert!(!["src/contest.rs", "src/latest.ts", "Testament.java"].iter().any(|path| is_test(path)));
    }

    #[test]
    fn paths_are_those_below_the_root() {
        assert_eq!(relative("/srv/shop/src/cart.rs", ["/srv/shop"]), "src/cart.rs");
        assert_eq!(relative("/srv/shopping/cart.rs", ["/srv/shop"]), "/srv/shopping/cart.rs");
        assert_eq!(relative("./src/cart.rs", [""; 0]), "src/cart.rs");
    }
}
