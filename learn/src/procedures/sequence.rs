//! Sessions as the miner reads them: actions in order, with what is done over and over told once.

/// Elements of a repeated block, at most.
pub const BLOCK: usize = 3;

/// One action in its place; `steps` are the numbers of the session's steps that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub action: u32,
    pub first: u32,
    pub last: u32,
    /// Whether it is the first, or the last, of its session.
    pub opens: bool,
    pub closes: bool,
}

/// A session, or what is left of it once some is explained.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequence {
    pub elements: Vec<Element>,
    /// Whether it broke off: what did not follow its last element was not left out, but never reached.
    pub broke: bool,
    /// How many elements it had before any were explained.
    pub full: usize,
}

impl Sequence {
    /// Of the actions of a session's steps. A block of up to three that is done again at once (`a b a b`)
    /// is one block.
    pub fn new(actions: &[u32], broke: bool) -> Self {
        let mut elements: Vec<Element> = vec![];
        for (at, action) in actions.iter().enumerate() {
            let at = at as u32;
            elements.push(Element { action: *action, first: at, last: at, opens: false, closes: false });
            while let Some(block) = repeated(&elements) {
                let cut = elements.len() - block;
                let again = elements.split_off(cut);
                for (kept, again) in elements[cut - block..].iter_mut().zip(again) {
                    kept.last = again.last;
                }
            }
        }
        if let Some(first) = elements.first_mut() {
            first.opens = true;
        }
        if let Some(last) = elements.last_mut() {
            last.closes = true;
        }
        let full = elements.len();
        Self { elements, broke, full }
    }

    pub fn len(&self) -> usize {
        self.elements.len()
    }

    pub fn action(&self, at: usize) -> u32 {
        self.elements[at].action
    }
}

/// The length of the block at the end that is the same as the one before it.
fn repeated(elements: &[Element]) -> Option<usize> {
    let len = elements.len();
    (1..=BLOCK.min(len / 2)).find(|block| {
        (0..*block).all(|at| elements[len - 1 - at].action == elements[len - 1 - at - block].action)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_over_and_over_is_told_once() {
        let sequence = Sequence::new(&[7, 1, 2, 1, 2, 1, 2, 2, 3], false);
        let told: Vec<_> = sequence.elements.iter().map(|e| (e.action, e.first, e.last)).collect();
        assert_eq!(told, [(7, 0, 0), (1, 1, 5), (2, 2, 7), (3, 8, 8)]);
    }
}
