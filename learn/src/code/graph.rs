//! The code of a project: its files as they are now, and what uses what.
//!
//! What a call means by its name says `resolve`. What stays open is no edge.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::OnceLock;

use athena_schemas::Time;

use super::paths::Paths;
use super::words::Words;
use super::{Called, How, Import, Indexed, Outline, Symbol, SymbolKind};

pub type FileId = u32;

/// Files that are gone through one by one before it is cheaper to look at all.
const MOST_ALONE: usize = 16;
/// Other names of a definition that are followed to those who use it.
const MOST_NAMES: usize = 32;

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
    /// Calls by the name that is called, where the file has another one for it by that which it stands for.
    called: HashMap<String, Vec<(FileId, usize)>>,
    /// Other names that files have for a name, and the files that have a name for another.
    renamed: HashMap<String, HashSet<String>>,
    renaming: HashMap<String, Vec<FileId>>,
    /// Of each file its symbols that stand in no other, and the imports, by the names that it has for them.
    tops: Vec<HashMap<String, usize>>,
    locals: Vec<HashMap<String, usize>>,
    paths: Paths,
    words: Words,
    imports: Vec<Vec<FileId>>,
    /// Of each import of a file the files that it means.
    targets: Vec<Vec<Vec<FileId>>>,
    imported_by: Vec<Vec<FileId>>,
    /// Files whose imports are to be looked up.
    changed: HashSet<FileId>,
    /// Files came or went.
    moved: bool,
    /// Of each file those that use it, once that was asked of many.
    users: OnceLock<Vec<Vec<FileId>>>,
}

impl Graph {
    /// Takes over what an event tells of a file. `settle` before the next question.
    pub fn put(&mut self, state: State) {
        self.users = OnceLock::new();
        let next = FileId::try_from(self.states.len()).unwrap_or(FileId::MAX);
        let file = match self.last.get_mut(&state.path) {
            Some((file, event)) => {
                *event = state.event.clone();
                *file
            }
            None => {
                self.last.insert(state.path.clone(), (next, state.event.clone()));
                self.states.push(None);
                self.tops.push(HashMap::new());
                self.locals.push(HashMap::new());
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
        let (tops, locals) = (&mut self.tops[file as usize], &mut self.locals[file as usize]);
        for (symbol, defined) in outline.symbols.iter().enumerate() {
            self.defined.entry(defined.name.clone()).or_default().push(Place { file, symbol });
            if defined.parent.is_none() {
                tops.entry(defined.name.clone()).or_insert(symbol);
            }
        }
        for (at, import) in outline.imports.iter().enumerate() {
            locals.extend(import.local().map(|local| (local.to_owned(), at)));
            if let (Some(alias), Some(name)) = (&import.alias, &import.name) {
                self.renamed.entry(name.clone()).or_default().insert(alias.clone());
                self.renaming.entry(alias.clone()).or_default().push(file);
            }
        }
        for (call, called) in outline.calls.iter().enumerate() {
            let name = real(outline, locals, called).to_owned();
            self.called.entry(name).or_default().push((file, call));
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
        let locals = std::mem::take(&mut self.locals[file as usize]);
        for call in &state.indexed.outline.calls {
            if let Some(calls) = self.called.get_mut(real(&state.indexed.outline, &locals, call)) {
                calls.retain(|(of, _)| *of != file);
            }
        }
        for alias in state.indexed.outline.imports.iter().filter_map(|import| import.alias.as_ref()) {
            if let Some(files) = self.renaming.get_mut(alias) {
                files.retain(|of| *of != file);
            }
        }
        self.tops[file as usize].clear();
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
            self.targets = vec![Vec::new(); self.states.len()];
            self.imported_by = self.imports.clone();
            self.changed = self.files().map(|(file, _)| file).collect();
            self.moved = false;
        }
        for file in std::mem::take(&mut self.changed) {
            for before in std::mem::take(&mut self.imports[file as usize]) {
                self.imported_by[before as usize].retain(|by| *by != file);
            }
            let targets = self.imported(file);
            let found = others(targets.iter().flatten().copied(), file);
            for target in &found {
                self.imported_by[*target as usize].push(file);
            }
            self.imports[file as usize] = found;
            self.targets[file as usize] = targets;
        }
    }

    fn imported(&self, file: FileId) -> Vec<Vec<FileId>> {
        let Some(state) = self.file(file) else { return Vec::new() };
        let outline = &state.indexed.outline;
        let Some(language) = outline.language else { return Vec::new() };
        outline.imports.iter().map(|import| self.paths.meant(&state.path, language, import)).collect()
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

    /// The definitions of a name, qualified as far as one likes, by its type or its module: `total`, `Cart.total`,
    /// `cart::Cart::total`; or of a name that files give it.
    pub fn definitions(&self, name: &str, path: Option<FileId>) -> Vec<Place> {
        let wanted = name.trim().trim_end_matches("()").replace("::", ".").replace('#', ".");
        let wanted = ["crate.", "self."].iter().find_map(|from| wanted.strip_prefix(from)).unwrap_or(&wanted);
        let (within, last) =
            wanted.rsplit_once('.').map_or((None, wanted), |(within, last)| (Some(within), last));
        let ends = |whole: &str| {
            whole.strip_suffix(wanted).is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        let here = self.named(last).iter().filter(|place| path.is_none_or(|path| path == place.file));
        let of = |is_meant: &dyn Fn(&State, &str) -> bool| -> Vec<Place> {
            let meant = here.clone().filter(|place| {
                let symbol = self.symbol(**place);
                symbol.is_some_and(|(state, symbol)| is_meant(state, &symbol.qualified()))
            });
            meant.copied().collect()
        };
        let found = of(&|_, qualified| ends(qualified));
        if !found.is_empty() {
            return found;
        }
        let found = of(&|state, qualified| {
            modules(&state.path).iter().any(|module| ends(&format!("{module}.{qualified}")))
        });
        if !found.is_empty() || path.is_some() {
            return found;
        }
        let files = self.renaming.get(last).map_or(&[][..], Vec::as_slice).iter().copied();
        let files: Vec<FileId> = files
            .filter(|file| {
                let path = self.file(*file).map(|state| state.path.as_str()).unwrap_or_default();
                let is = |module: &String| {
                    within.is_none_or(|within| module == within || module.ends_with(&format!(".{within}")))
                };
                modules(path).iter().any(is)
            })
            .take(MOST_NAMES)
            .collect();
        let mut found: Vec<Place> = files.into_iter().flat_map(|file| self.stands_for(file, last)).collect();
        found.sort_unstable();
        found.dedup();
        found
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

    /// Every definition of a name.
    pub(super) fn named(&self, name: &str) -> &[Place] {
        self.defined.get(name).map_or(&[][..], Vec::as_slice)
    }

    /// The definition of a file that stands in no other and has that name.
    pub(super) fn top(&self, file: FileId, name: &str) -> Option<Place> {
        let symbol = *self.tops.get(file as usize)?.get(name)?;
        Some(Place { file, symbol })
    }

    /// The import of a file that has that name there, and its number.
    pub(super) fn local(&self, file: FileId, name: &str) -> Option<(usize, &Import)> {
        let at = *self.locals.get(file as usize)?.get(name)?;
        Some((at, self.file(file)?.indexed.outline.imports.get(at)?))
    }

    /// The files that an import of a file means.
    pub(super) fn targets(&self, file: FileId, import: usize) -> &[FileId] {
        self.targets.get(file as usize).and_then(|all| all.get(import)).map_or(&[][..], Vec::as_slice)
    }

    pub(super) fn imports_file(&self, file: FileId, other: FileId) -> bool {
        self.imports[file as usize].binary_search(&other).is_ok()
    }

    /// The names under which a definition may be used: its own, and those that files give it.
    fn names_of(&self, symbol: &Symbol) -> Vec<String> {
        let mut names = vec![symbol.name.clone()];
        let mut at = 0;
        while let Some(name) = names.get(at).filter(|_| names.len() < MOST_NAMES) {
            let others = self.renamed.get(name).into_iter().flatten();
            let mut new: Vec<String> = others.filter(|other| !names.contains(other)).cloned().collect();
            new.sort_unstable();
            names.extend(new);
            at += 1;
        }
        names.truncate(MOST_NAMES);
        names
    }

    /// Who calls or else uses a definition: the file, and its call.
    pub fn callers(&self, place: Place) -> Vec<(FileId, &Called)> {
        let Some((_, symbol)) = self.symbol(place) else { return Vec::new() };
        let names = if symbol.parent.is_some() { vec![symbol.name.clone()] } else { self.names_of(symbol) };
        let calls = names.iter().filter_map(|name| self.called.get(name)).flatten();
        let call = |(file, call): &(FileId, usize)| {
            let called = self.file(*file)?.indexed.outline.calls.get(*call)?;
            self.meant(*file, called).contains(&place).then_some((*file, called))
        };
        calls.filter_map(call).collect()
    }

    /// The lines that bring a definition in by its name.
    pub fn importers_of(&self, place: Place) -> Vec<(FileId, &Import)> {
        let Some((_, symbol)) = self.symbol(place) else { return Vec::new() };
        let brings = |import: &Import| {
            let member = symbol
                .parent
                .as_deref()
                .is_none_or(|parent| import.path.rsplit(['.', ':']).next() == parent.rsplit('.').next());
            member && import.name.as_deref() == Some(symbol.name.as_str())
        };
        let line = |file: FileId| {
            let imports = &self.file(file)?.indexed.outline.imports;
            let mut all = imports.iter().enumerate();
            all.find(|(at, import)| brings(import) && self.targets(file, *at).contains(&place.file))
                .map(|(_, import)| (file, import))
        };
        self.importers(place.file).into_iter().filter_map(line).collect()
    }

    /// Calls of that name which may mean it or not.
    pub fn open_calls(&self, name: &str) -> usize {
        let calls = self.called.get(name).map_or(&[][..], Vec::as_slice);
        let is_open = |(file, call): &&(FileId, usize)| {
            let called = self.file(*file).and_then(|state| state.indexed.outline.calls.get(*call));
            called.is_some_and(|called| called.how == How::Call && self.meant(*file, called).is_empty())
        };
        calls.iter().filter(is_open).count()
    }

    /// What a symbol calls, and what else it uses of the project.
    pub fn callees(&self, place: Place) -> Vec<(&Called, Vec<Place>)> {
        let Some((state, symbol)) = self.symbol(place) else { return Vec::new() };
        let name = symbol.qualified();
        let is_inside = |from: &str| {
            from.strip_prefix(&name).is_some_and(|left| left.is_empty() || left.starts_with('.'))
        };
        let calls = state.indexed.outline.calls.iter();
        let of = calls.filter(|call| call.from.as_deref().is_some_and(is_inside));
        let meant = of.map(|call| (call, self.meant(place.file, call)));
        meant.filter(|(call, places)| call.how == How::Call || !places.is_empty()).collect()
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
        let imports = state.indexed.outline.imports.iter().enumerate();
        let from_elsewhere = imports.filter(|(at, _)| self.targets(file, *at).is_empty());
        from_elsewhere.map(|(_, import)| import).collect()
    }

    /// The files that import a file.
    fn importers(&self, file: FileId) -> Vec<FileId> {
        self.imported_by.get(file as usize).cloned().unwrap_or_default()
    }

    /// The files that use a file.
    pub fn used_by(&self, file: FileId) -> Vec<FileId> {
        if let Some(users) = self.users.get() {
            return users.get(file as usize).cloned().unwrap_or_default();
        }
        let Some(state) = self.file(file) else { return Vec::new() };
        let places = (0..state.indexed.outline.symbols.len()).map(|symbol| Place { file, symbol });
        let callers = places.flat_map(|place| self.callers(place)).map(|(by, _)| by);
        others(self.imported_by[file as usize].iter().copied().chain(callers), file)
    }

    /// Of each file those that use it, in their order.
    fn users(&self) -> &[Vec<FileId>] {
        self.users.get_or_init(|| {
            let mut users = vec![Vec::new(); self.states.len()];
            for (file, _) in self.files() {
                self.uses(file).into_iter().for_each(|used| users[used as usize].push(file));
            }
            users
        })
    }

    /// What uses any of the files, step by step: each with how many steps away it is, and through which file.
    pub fn reached_by(&self, from: &[FileId], levels: u32, most: usize) -> Vec<(FileId, u32, FileId)> {
        let mut seen: HashSet<FileId> = from.iter().copied().collect();
        let mut queue: VecDeque<(FileId, u32)> = from.iter().map(|file| (*file, 0)).collect();
        let mut found = Vec::new();
        let mut asked = 0;
        while let Some((file, level)) = queue.pop_front() {
            if level == levels {
                continue;
            }
            asked += 1;
            if asked == MOST_ALONE {
                self.users();
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

/// The module that a file is, and the package that it is in, with points.
fn modules(path: &str) -> [String; 2] {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or_default();
    let folder = folder.replace('/', ".");
    match (stem, folder.is_empty()) {
        ("mod" | "lib" | "index" | "__init__", _) => [folder.clone(), folder],
        (_, true) => [stem.to_owned(), folder],
        _ => [format!("{folder}.{stem}"), folder],
    }
}

/// The name that a call means by that of its file for it.
fn real<'a>(outline: &'a Outline, locals: &HashMap<String, usize>, call: &'a Called) -> &'a str {
    let import = locals.get(&call.to).filter(|_| call.on.is_none()).and_then(|at| outline.imports.get(*at));
    let name = import.and_then(|import| import.name.as_deref()).filter(|name| *name != "default");
    name.unwrap_or(&call.to)
}
