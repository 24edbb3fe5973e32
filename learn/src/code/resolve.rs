//! What a name means: one that a line of the file brings in, a member of the type or module before it, else a
//! definition of the same file, of files that are imported, or the only one there is.

use std::collections::HashSet;

use super::graph::{FileId, Graph, Place, State};
use super::paths::folder;
use super::{Called, How, Import, Language, SymbolKind};

/// Definitions of one name, and types that a type extends, beyond which a use says nothing.
const MOST_SAME: usize = 100;
/// Files that give on what they bring in, one after the other, and types that a type extends.
const MOST_STEPS: usize = 8;
/// Names for the value or type that a method is in.
const ITSELF: [&str; 4] = ["self", "this", "Self", "cls"];

impl Graph {
    /// What a call, or another use, of a file means; nothing when that is open.
    pub fn meant(&self, file: FileId, call: &Called) -> Vec<Place> {
        self.steps(file, call, MOST_STEPS)
    }

    fn steps(&self, file: FileId, call: &Called, left: usize) -> Vec<Place> {
        let Some(state) = self.file(file) else { return Vec::new() };
        let Some(language) = state.indexed.outline.language else { return Vec::new() };
        let Some(on) = call.on.as_deref() else { return self.alone(file, state, language, call, left) };
        let around = enclosing(call.from.as_deref().unwrap_or_default());
        if on == "super" && language != Language::Rust {
            let mut bases = around.map(|own| self.bases(file, own, left));
            let bases = bases.find(|bases| !bases.is_empty()).unwrap_or_default();
            return self.members(bases, call, language, left);
        }
        if ITSELF.contains(&on) {
            let mut found = around.map(|own| self.owned(file, own, call, language, left));
            return found.find(|found| !found.is_empty()).unwrap_or_default();
        }
        let import = self.local(file, on);
        if let Some((at, import)) = import {
            let types = import.name.as_deref().map_or(Vec::new(), |name| self.brought(file, at, name, left));
            let types: Vec<Place> = types.into_iter().filter(|place| self.has_members(*place)).collect();
            if !types.is_empty() {
                return self.members(types, call, language, left);
            }
            let found = self.given(self.targets(file, at), &call.to, left);
            let found: Vec<Place> =
                found.into_iter().filter(|place| self.can_be(*place, language, call)).collect();
            if !found.is_empty() {
                return found;
            }
        }
        let named = import
            .and_then(|(_, import)| import.name.as_deref())
            .filter(|name| *name != "*" && *name != "default");
        let owned = self.of_owner(named.unwrap_or(on), call, language);
        if !owned.is_empty() {
            return self.near(file, state, language, owned, true);
        }
        let from_elsewhere = import.is_some_and(|(at, _)| self.targets(file, at).is_empty());
        if from_elsewhere || call.how != How::Call {
            return Vec::new();
        }
        // A value of some type: only methods can be meant, and not the one that the call stands in. In Go a package
        // may have another name than its folder.
        let of_a_value = |place: &Place| {
            let Some((other, symbol)) = self.symbol(*place) else { return false };
            let itself = place.file == file && call.from.as_deref() == Some(symbol.qualified().as_str());
            let of_a_package = language == Language::Go && folder(&other.path) != folder(&state.path);
            !itself && (symbol.kind == SymbolKind::Method || of_a_package)
        };
        let candidates = self.candidates(&call.to, call, language);
        let near =
            self.near(file, state, language, candidates.into_iter().filter(of_a_value).collect(), false);
        self.mentioned_types(state, call, near)
    }

    /// Of several methods those of types that the caller names, if there are any.
    fn mentioned_types(&self, state: &State, call: &Called, methods: Vec<Place>) -> Vec<Place> {
        let Some(from) = call.from.as_deref().filter(|_| methods.len() > 1) else { return methods };
        let uses = state.indexed.outline.calls.iter();
        let around =
            |of: &str| from.strip_prefix(of).is_some_and(|left| left.is_empty() || left.starts_with('.'));
        let named: Vec<&str> = uses
            .filter(|one| one.from.as_deref().is_some_and(around))
            .flat_map(|one| [Some(one.to.as_str()), one.on.as_deref()])
            .flatten()
            .chain(enclosing(from).map(last_part))
            .collect();
        let is_named = |place: &&Place| {
            let parent = self.symbol(**place).and_then(|(_, symbol)| symbol.parent.as_deref());
            parent.is_some_and(|parent| named.contains(&last_part(parent)))
        };
        let found: Vec<Place> = methods.iter().filter(is_named).copied().collect();
        if found.is_empty() { methods } else { found }
    }

    /// What a type of a file, or the nearest of those that it extends, has under the name that is called.
    fn owned(&self, file: FileId, own: &str, call: &Called, language: Language, left: usize) -> Vec<Place> {
        let found =
            self.members_of(&[(file, own.to_owned())], &self.candidates(&call.to, call, language), language);
        match found.is_empty() {
            true => self.members(self.bases(file, own, left), call, language, left),
            false => found,
        }
    }

    /// What a name means that stands alone.
    fn alone(
        &self,
        file: FileId,
        state: &State,
        language: Language,
        call: &Called,
        left: usize,
    ) -> Vec<Place> {
        let import = self.local(file, &call.to);
        if let Some((at, import)) = import {
            let default = import.name.as_deref() == Some("default");
            let name = import.name.as_deref().filter(|_| !default).unwrap_or(&call.to);
            let found = self.brought(file, at, name, left).into_iter();
            let found: Vec<Place> = found.filter(|place| self.can_be(*place, language, call)).collect();
            if !found.is_empty() {
                return found;
            }
            let others = self.candidates(name, call, language).into_iter();
            let others: Vec<Place> = others.filter(|place| place.file != file).collect();
            // A member that is brought in by its own name, as Java can.
            let targets = self.targets(file, at);
            let there: Vec<Place> =
                others.iter().filter(|place| targets.contains(&place.file)).copied().collect();
            return match (there.is_empty(), others.len()) {
                (false, _) => there,
                (true, 1) => others,
                _ => Vec::new(),
            };
        }
        if language == Language::Java && call.how == How::Call {
            let around = enclosing(call.from.as_deref().unwrap_or_default());
            let mut found = around.map(|own| self.owned(file, own, call, language, left));
            if let Some(found) = found.find(|found| !found.is_empty()) {
                return found;
            }
        }
        let candidates = self.candidates(&call.to, call, language);
        match call.how {
            How::Call => self.near(file, state, language, candidates, true),
            How::Extends | How::Mentions => {
                let here: Vec<Place> =
                    candidates.iter().filter(|place| place.file == file).copied().collect();
                if !here.is_empty() {
                    return here;
                }
                let all = |import: &&Import| import.is_all();
                let imports = state.indexed.outline.imports.iter();
                let open: Vec<FileId> = (0..)
                    .zip(imports)
                    .filter(|(_, import)| all(import))
                    .flat_map(|(at, _)| self.targets(file, at).iter().copied())
                    .collect();
                let seen = |place: &Place| open.contains(&place.file) || self.shares(state, language, *place);
                candidates.into_iter().filter(seen).collect()
            }
        }
    }

    /// Of definitions those of the file, else of files that it sees; or the only one, if one alone says enough.
    fn near(
        &self,
        file: FileId,
        state: &State,
        language: Language,
        candidates: Vec<Place>,
        one_is_enough: bool,
    ) -> Vec<Place> {
        let here: Vec<Place> = candidates.iter().filter(|place| place.file == file).copied().collect();
        if !here.is_empty() {
            return here;
        }
        let seen =
            |place: &&Place| self.imports_file(file, place.file) || self.shares(state, language, **place);
        let near: Vec<Place> = candidates.iter().filter(seen).copied().collect();
        match near.is_empty() && candidates.len() == 1 && one_is_enough {
            true => candidates,
            false => near,
        }
    }

    /// Whether a definition is of the same package, where files of one see each other.
    fn shares(&self, state: &State, language: Language, place: Place) -> bool {
        let other = self.file(place.file).map_or("", |state| state.path.as_str());
        language.shares_folder() && folder(other) == folder(&state.path)
    }

    fn candidates(&self, name: &str, call: &Called, language: Language) -> Vec<Place> {
        let all = self.named(name);
        if all.len() > MOST_SAME {
            return Vec::new();
        }
        all.iter().filter(|place| self.can_be(**place, language, call)).copied().collect()
    }

    fn of_owner(&self, owner: &str, call: &Called, language: Language) -> Vec<Place> {
        let candidates = self.candidates(&call.to, call, language).into_iter();
        candidates.filter(|place| self.is_of(*place, owner)).collect()
    }

    fn can_be(&self, place: Place, language: Language, call: &Called) -> bool {
        let Some((state, symbol)) = self.symbol(place) else { return false };
        let meets = state.indexed.outline.language.is_some_and(|other| language.meets(other));
        let is_type = has_members(symbol.kind) || symbol.kind == SymbolKind::Type;
        let fits = match (call.how, symbol.kind) {
            (_, SymbolKind::Module) => false,
            (How::Call, SymbolKind::Method) => call.on.is_some() || language == Language::Java,
            (How::Call, SymbolKind::Trait | SymbolKind::Type | SymbolKind::Constant) => false,
            (How::Call, SymbolKind::Interface) => language == Language::Java,
            (How::Mentions, SymbolKind::Method) => call.on.is_some(),
            (How::Mentions, SymbolKind::Macro) => false,
            (How::Extends, _) => is_type,
            _ => true,
        };
        meets && fits
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
                same(module) || same(last_part(&folder(&state.path).replace('/', ".")))
            }
        }
    }

    fn has_members(&self, place: Place) -> bool {
        self.symbol(place).is_some_and(|(_, symbol)| has_members(symbol.kind))
    }

    /// What a file brings in under a name that stands in one of its imports, followed to where it is defined.
    fn brought(&self, file: FileId, import: usize, name: &str, left: usize) -> Vec<Place> {
        self.given(self.targets(file, import), name, left)
    }

    /// What the name stands for that a file gives to something else.
    pub(super) fn stands_for(&self, file: FileId, name: &str) -> Vec<Place> {
        let import = self.local(file, name);
        import.map_or(Vec::new(), |(at, import)| {
            self.brought(file, at, import.name.as_deref().unwrap_or(name), MOST_STEPS)
        })
    }

    /// What files have under a name: defined there, or brought in there from elsewhere.
    fn given(&self, files: &[FileId], name: &str, left: usize) -> Vec<Place> {
        self.looked_for(files, name, left, &mut HashSet::new())
    }

    /// Each file is looked at once, whatever leads to it.
    fn looked_for(
        &self,
        files: &[FileId],
        name: &str,
        left: usize,
        seen: &mut HashSet<FileId>,
    ) -> Vec<Place> {
        let defined: Vec<Place> = files.iter().filter_map(|file| self.top(*file, name)).collect();
        if !defined.is_empty() || left == 0 {
            return defined;
        }
        for file in files.iter().copied() {
            let Some(state) = self.file(file).filter(|_| seen.insert(file)) else { continue };
            let renamed = self.local(file, name).map(|(at, import)| (at, import.name.as_deref()));
            let all = (0..).zip(&state.indexed.outline.imports).filter(|(_, import)| import.is_all());
            let all: Vec<(usize, Option<&str>)> = match renamed {
                Some(one) => vec![one],
                None => all.map(|(at, _)| (at, None)).collect(),
            };
            for (at, other) in all {
                let found = self.looked_for(self.targets(file, at), other.unwrap_or(name), left - 1, seen);
                if !found.is_empty() {
                    return found;
                }
            }
        }
        Vec::new()
    }

    /// The types that a type of a file extends.
    fn bases(&self, file: FileId, of: &str, left: usize) -> Vec<Place> {
        let Some(state) = self.file(file).filter(|_| left > 0) else { return Vec::new() };
        let calls = state.indexed.outline.calls.iter();
        let said = calls.filter(|call| call.how == How::Extends && call.from.as_deref() == Some(of));
        said.flat_map(|call| self.steps(file, call, left - 1)).collect()
    }

    /// What types, or the nearest of those that they extend, have under the name that is called.
    fn members(&self, types: Vec<Place>, call: &Called, language: Language, left: usize) -> Vec<Place> {
        let candidates = self.candidates(&call.to, call, language);
        let (mut types, mut seen) = (types, HashSet::new());
        for _ in 0..left {
            types.retain(|place| seen.insert(*place));
            if types.is_empty() || candidates.is_empty() || seen.len() > MOST_SAME {
                break;
            }
            let name = |place: &Place| Some((place.file, self.symbol(*place)?.1.qualified()));
            let named: Vec<(FileId, String)> = types.iter().filter_map(name).collect();
            let found = self.members_of(&named, &candidates, language);
            if !found.is_empty() {
                return found;
            }
            types = named.iter().flat_map(|(file, name)| self.bases(*file, name, left / 2)).collect();
        }
        Vec::new()
    }

    /// Of definitions those that stand in one of these types.
    fn members_of(&self, types: &[(FileId, String)], candidates: &[Place], language: Language) -> Vec<Place> {
        let is_member = |place: &&Place| {
            let parent = self.symbol(**place).and_then(|(_, symbol)| symbol.parent.as_deref());
            let of_one = |(file, name): &(FileId, String)| {
                parent == Some(name.as_str()) && (*file == place.file || language.spreads_types())
            };
            types.iter().any(of_one)
        };
        candidates.iter().filter(is_member).copied().collect()
    }
}

/// What a symbol stands in, the innermost first.
fn enclosing(from: &str) -> impl Iterator<Item = &str> {
    from.rmatch_indices('.').map(|(at, _)| &from[..at])
}

fn has_members(kind: SymbolKind) -> bool {
    matches!(
        kind,
        SymbolKind::Class | SymbolKind::Struct | SymbolKind::Enum | SymbolKind::Trait | SymbolKind::Interface
    )
}

fn last_part(qualified: &str) -> &str {
    qualified.rsplit('.').next().unwrap_or(qualified)
}
