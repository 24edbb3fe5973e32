//! Texts by number, and texts that are only written down.

use std::sync::Arc;

use ahash::AHashMap;

/// Distinct texts, numbered in the order in which they came.
#[derive(Default)]
pub struct Texts {
    of: AHashMap<Arc<str>, u32>,
    all: Vec<Arc<str>>,
}

impl Texts {
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.of.get(text) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).expect("memory ends before four billion texts");
        let text: Arc<str> = text.into();
        self.of.insert(text.clone(), number);
        self.all.push(text);
        number
    }

    /// The number of a text that came.
    pub fn known(&self, text: &str) -> Option<u32> {
        self.of.get(text).copied()
    }

    pub fn text(&self, number: u32) -> &str {
        &self.all[number as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// About how much memory they take.
    pub fn bytes(&self) -> usize {
        const EACH: usize = 64;
        self.all.iter().map(|text| text.len() + EACH).sum()
    }

    /// The place of each number in the order of the texts.
    pub fn order(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..).take(self.all.len()).collect();
        numbers.sort_unstable_by(|one, other| self.text(*one).cmp(self.text(*other)));
        let mut places = vec![0; numbers.len()];
        for (place, number) in (0..).zip(numbers) {
            places[number as usize] = place;
        }
        places
    }
}

/// Where a text is written down.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    start: u32,
    end: u32,
}

/// Texts one after the other.
#[derive(Default)]
pub struct Written {
    all: String,
    last: Place,
}

impl Written {
    /// Mentions of a stretch often rest on the same event: it is written once.
    pub fn place(&mut self, text: &str) -> Place {
        if self.text(self.last) != text {
            let start = self.end();
            self.all.push_str(text);
            self.last = Place { start, end: self.end() };
        }
        self.last
    }

    pub fn text(&self, place: Place) -> &str {
        &self.all[place.start as usize..place.end as usize]
    }

    pub fn bytes(&self) -> usize {
        self.all.len()
    }

    fn end(&self) -> u32 {
        u32::try_from(self.all.len()).expect("a project is told of in less than four billion bytes")
    }
}
