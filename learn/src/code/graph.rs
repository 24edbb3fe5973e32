//! The code of a project: its files as they are now, and what uses what.
//!
//! A call means a definition by name: one of the type or module before it, else of the same file, of files
//! that are imported, or the only one there is. What stays open is no edge.

use std::collections::{HashMap, HashSet, VecDeque};

use athena_schemas::Time;

use super::paths::{Paths, folder};
use super::words::Words;
use super::{Called, Import, Indexed, Language, Symbol, SymbolKind};

pub type FileId = u32;

/// Definitions of one name beyond which a call of it says nothing.
const MOST_SAME: usize = 100;
/// Names for the value or type that a method is in.
const ITSELF: [&str; 5] = ["self", "this", "Self", "cls", "super"];

/// A file as its newest event tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub path: String,
    /// The event's id and time.
    pub event: String,
    pub at: Time,
    pub indexed: Indexed,
}

/// A definition: its file, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub file: FileId,
    pub symbol: usize,
}

/// Files, and what leads from one to another.
#[derive(Debug, Default)]
pub struct Graph {
    states: Vec<Option<State>>,
    /// The last event of every path, of those too that are gone.
    last: HashMap<String, (FileId, String)>,
    defined: HashMap<String, Vec<Place>>,
    called: HashMap<String, Vec<(FileId, usize)>>,
    paths: Paths,
    words: Words,
    imports: Vec<Vec<FileId>>,
    imported_by: Vec<Vec<FileId>>,
    /// Files whose imports are to be looked up.
    changed: HashSet<FileId>,
    /// Files came or went.
    moved: bool,
}

impl Graph {
    /// Takes over what an event tells of a file. `settle` before the next question.
    pub fn put(&mut self, state: State) {
        let next = FileId::try_from(self.states.len()).unwrap_or(FileId::MAX);
        let file = match self.last.get_mut(&state.path) {
            Some((file, event)) => {
                *event = state.event.clone();
                *file
            }
            None => {
                self.last.insert(state.path.clone(), (next, state.event.clone()));
                self.states.push(None);
                next
            }
        };
        let before = self.states[file as usize].take();
        if let Some(before) = &before {
            self.take_out(file, before);
        }
        self.moved |= before.is_none() != state.indexed.gone;
        if state.indexed.gone {
            return;
        }
        let outline = &state.indexed.outline;
        for (symbol, defined) in outline.symbols.iter().enumerate() {
            self.defined.entry(defined.name.clone()).or_default().push(Place { file, symbol });
        }
        for (call, called) in outline.calls.iter().enumerate() {
            self.called.entry(called.to.clone()).or_default().push((file, call));
        }
        self.words.add(file, &state);
        self.changed.insert(file);
        self.states[file as usize] = Some(state);
    }

    fn take_out(&mut self, file: FileId, state: &State) {
        self.words.take_out(file, state);
        for symbol in &state.indexed.outline.symbols {
            if let Some(places) = self.defined.get_mut(&symbol.name) {
                places.retain(|place| place.file != file);
            }
        }
        for call in &state.indexed.outline.calls {
            if let Some(calls) = self.called.get_mut(&call.to) {
                calls.retain(|(of, _)| *of != file);
            }
        }
    }

    /// Looks up what the imports of changed files mean; of all, when files came or went.
    pub fn settle(&mut self) {
        if self.moved {
            self.paths = Paths::default();
            for (file, state) in (0..).zip(&self.states) {
                if let Some(state) = state {
                    self.paths.add(&state.path, file);
                }
            }
            self.imports = vec![Vec::new(); self.states.len()];
            self.imported_by = self.imports.clone();
            self.changed = self.files().map(|(file, _)| file).collect();
            self.moved = false;
        }
        for file in std::mem::take(&mut self.changed) {
            for before in std::mem::take(&mut self.imports[file as usize]) {
                self.imported_by[before as usize].retain(|by| *by != file);
            }
            let found = self.imported(file);
            for target in &found {
                self.imported_by[*target as usize].push(file);
            }
            self.imports[file as usize] = found;
        }
    }

    fn imported(&self, file: FileId) -> Vec<FileId> {
        let Some(state) = self.file(file) else { return Vec::new() };
        let outline = &state.indexed.outline;
        let Some(language) = outline.language else { return Vec::new() };
        let meant = outline.imports.iter().flat_map(|import| self.paths.meant(&state.path, language, import));
        let mut found: Vec<FileId> = meant.collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Every file that is there.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &State)> {
        (0..).zip(&self.states).filter_map(|(file, state)| Some((file, state.as_ref()?)))
    }

    pub fn file(&self, file: FileId) -> Option<&State> {
        self.states.get(file as usize)?.as_ref()
    }

    /// The event that tells what is newest of a path, be it that it is gone.
    pub fn last_event(&self, path: &str) -> Option<&str> {
        self.last.get(path).map(|(_, event)| event.as_str())
    }

    /// The file of exactly that path.
    pub fn find_exact(&self, path: &str) -> Option<FileId> {
        self.last.get(path).map(|(file, _)| *file).filter(|file| self.file(*file).is_some())
    }

    /// The file of a path, or the only one whose path ends so.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.find_exact(path).or_else(|| {
            let ends =
                |state: &State| state.path.strip_suffix(path).is_some_and(|before| before.ends_with('/'));
            let mut ending = self.files().filter(|(_, state)| ends(state));
            let only = ending.next().filter(|_| !path.is_empty());
            only.filter(|_| ending.next().is_none()).map(|(file, _)| file)
        })
    }

    pub fn symbol(&self, place: Place) -> Option<(&State, &Symbol)> {
        let state = self.file(place.file)?;
        Some((state, state.indexed.outline.symbols.get(place.symbol)?))
    }

    /// The definitions of a name, qualified as far as one likes: `total`, `Cart.total`, `Cart::total`.
    pub fn definitions(&self, name: &str, path: Option<FileId>) -> Vec<Place> {
        let wanted = name.trim().trim_end_matches("()").replace("::", ".").replace('#', ".");
        let last = wanted.rsplit('.').next().unwrap_or_default();
        let all = self.defined.get(last).map_or(&[][..], Vec::as_slice);
        let is_meant = |place: &&Place| {
            let qualified = self.symbol(**place).map(|(_, symbol)| symbol.qualified()).unwrap_or_default();
            let ends = qualified
                .strip_suffix(&wanted)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'));
            ends && path.is_none_or(|path| path == place.file)
        };
        all.iter().filter(is_meant).copied().collect()
    }

    /// Symbols whose names or docs have words of a question, the best first.
    pub fn search(&self, query: &str, kind: Option<SymbolKind>, most: usize) -> Vec<(Place, f64)> {
        let matching = self.words.matching(query).into_iter();
        let scored = matching.filter_map(|(place, score)| {
            let (_, symbol) = self.symbol(place)?;
            let is_meant = kind.is_none_or(|kind| kind == symbol.kind);
            is_meant.then(|| (place, score + Words::whole_name(query, &symbol.name)))
        });
        let mut found: Vec<(Place, f64)> = scored.collect();
        found.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        found.truncate(most);
        found
    }

    /// What a call of a file means; nothing when that is open.
    pub fn meant(&self, file: FileId, call: &Called) -> Vec<Place> {
        let (Some(all), Some(state)) = (self.defined.get(&call.to), self.file(file)) else {
            return Vec::new();
        };
        let Some(language) = state.indexed.outline.language.filter(|_| all.len() <= MOST_SAME) else {
            return Vec::new();
        };
        let itself = call.on.as_deref().is_some_and(|on| ITSELF.contains(&on));
        let own =
            call.from.as_deref().and_then(|from| from.rsplit_once('.')).map(|(owner, _)| last_part(owner));
        let owner = if itself { own } else { call.on.as_deref() };
        let can = |place: &&Place| self.can_be_called(**place, language, call.on.is_some());
        let candidates: Vec<Place> = all.iter().filter(can).copied().collect();
        let owned: Vec<Place> = match owner {
            Some(owner) => candidates.iter().filter(|place| self.is_of(**place, owner)).copied().collect(),
            None => Vec::new(),
        };
        let by_owner = !owned.is_empty();
        let candidates = if by_owner { owned } else { candidates };
        let here = |place: &Place| place.file == file;
        let near: Vec<Place> = candidates.iter().filter(|place| here(place)).copied().collect();
        if !near.is_empty() || (itself && !by_owner) {
            return near;
        }
        let imports = &self.imports[file as usize];
        let shares = |place: &Place| {
            let other = self.file(place.file).map_or("", |state| state.path.as_str());
            language.shares_folder() && folder(other) == folder(&state.path)
        };
        let seen = |place: &Place| imports.binary_search(&place.file).is_ok() || shares(place);
        let near: Vec<Place> = candidates.iter().filter(|place| seen(place)).copied().collect();
        match near.is_empty() && candidates.len() == 1 && (by_owner || call.on.is_none()) {
            true => candidates,
            false => near,
        }
    }

    fn can_be_called(&self, place: Place, language: Language, on: bool) -> bool {
        let Some((state, symbol)) = self.symbol(place) else { return false };
        let meets = state.indexed.outline.language.is_some_and(|other| language.meets(other));
        let callable = match symbol.kind {
            SymbolKind::Method => on || language == Language::Java,
            SymbolKind::Function
            | SymbolKind::Macro
            | SymbolKind::Class
            | SymbolKind::Struct
            | SymbolKind::Enum => true,
            _ => false,
        };
        meets && callable
    }

    /// Whether a definition stands in a type or module of that name; a value is often named as its type is.
    fn is_of(&self, place: Place, owner: &str) -> bool {
        let Some((state, symbol)) = self.symbol(place) else { return false };
        let same = |name: &str| name.replace('_', "").eq_ignore_ascii_case(&owner.replace('_', ""));
        match &symbol.parent {
            Some(parent) => same(last_part(parent)),
            None => {
                let name = state.path.rsplit('/').next().unwrap_or_default();
                let stem = name.split('.').next().unwrap_or_default();
                let module = if matches!(stem, "mod" | "lib" | "index" | "__init__") { "" } else { stem };
                same(module) || same(last_folder(&state.path))
            }
        }
    }

    /// Who calls a definition: the file, and its call.
    pub fn callers(&self, place: Place) -> Vec<(FileId, &Called)> {
        let Some((_, symbol)) = self.symbol(place) else { return Vec::new() };
        let calls = self.called.get(&symbol.name).map_or(&[][..], Vec::as_slice);
        let call = |(file, call): &(FileId, usize)| {
            let called = self.file(*file)?.indexed.outline.calls.get(*call)?;
            self.meant(*file, called).contains(&place).then_some((*file, called))
        };
        calls.iter().filter_map(call).collect()
    }

    /// Calls of that name which may mean it or not.
    pub fn open_calls(&self, name: &str) -> usize {
        let calls = self.called.get(name).map_or(&[][..], Vec::as_slice);
        let is_open = |(file, call): &&(FileId, usize)| {
            let called = self.file(*file).and_then(|state| state.indexed.outline.calls.get(*call));
            called.is_some_and(|called| self.meant(*file, called).is_empty())
        };
        calls.iter().filter(is_open).count()
    }

    /// What a symbol calls.
    pub fn callees(&self, place: Place) -> Vec<(&Called, Vec<Place>)> {
        let Some((state, symbol)) = self.symbol(place) else { return Vec::new() };
        let name = symbol.qualified();
        let is_inside = |from: &str| {
            from.strip_prefix(&name).is_some_and(|left| left.is_empty() || left.starts_with('.'))
        };
        let calls = state.indexed.outline.calls.iter();
        let of = calls.filter(|call| call.from.as_deref().is_some_and(is_inside));
        of.map(|call| (call, self.meant(place.file, call))).collect()
    }

    /// The files that a file uses: imported, or with something that it calls.
    pub fn uses(&self, file: FileId) -> Vec<FileId> {
        let Some(state) = self.file(file) else { return Vec::new() };
        let calls = state.indexed.outline.calls.iter().flat_map(|call| self.meant(file, call));
        let all = self.imports[file as usize].iter().copied().chain(calls.map(|place| place.file));
        others(all, file)
    }

    /// The imports of a file that mean nothing of this project.
    pub fn foreign(&self, file: FileId) -> Vec<&Import> {
        let Some(state) = self.file(file) else { return Vec::new() };
        let Some(language) = state.indexed.outline.language else { return Vec::new() };
        let imports = state.indexed.outline.imports.iter();
        imports.filter(|import| self.paths.meant(&state.path, language, import).is_empty()).collect()
    }

    /// The files that import a file.
    pub fn importers(&self, file: FileId) -> Vec<FileId> {
        self.imported_by.get(file as usize).cloned().unwrap_or_default()
    }

    /// The files that use a file.
    pub fn used_by(&self, file: FileId) -> Vec<FileId> {
        let Some(state) = self.file(file) else { return Vec::new() };
        let places = (0..state.indexed.outline.symbols.len()).map(|symbol| Place { file, symbol });
        let callers = places.flat_map(|place| self.callers(place)).map(|(by, _)| by);
        others(self.imported_by[file as usize].iter().copied().chain(callers), file)
    }

    /// What uses any of the files, step by step: each with how many steps away it is, and through which file.
    pub fn reached_by(&self, from: &[FileId], levels: u32, most: usize) -> Vec<(FileId, u32, FileId)> {
        let mut seen: HashSet<FileId> = from.iter().copied().collect();
        let mut queue: VecDeque<(FileId, u32)> = from.iter().map(|file| (*file, 0)).collect();
        let mut found = Vec::new();
        while let Some((file, level)) = queue.pop_front() {
            if level == levels {
                continue;
            }
            for by in self.used_by(file) {
                if found.len() < most && seen.insert(by) {
                    found.push((by, level + 1, file));
                    queue.push_back((by, level + 1));
                }
            }
        }
        found
    }
}

fn others(files: impl Iterator<Item = FileId>, than: FileId) -> Vec<FileId> {
    let mut files: Vec<FileId> = files.filter(|file| *file != than).collect();
    files.sort_unstable();
    files.dedup();
    files
}

fn last_part(qualified: &str) -> &str {
    qualified.rsplit('.').next().unwrap_or(qualified)
}

fn last_folder(path: &str) -> &str {
    folder(path).rsplit('/').next().unwrap_or_default()
}
