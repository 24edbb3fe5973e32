//! Sessions as the miner reads them: actions in order, with what is done over and over told once.

/// Elements of a repeated block, at most.
pub const BLOCK: usize = 3;

/// An action that failed and is done again within that many was tried again: a run may bridge so many others.
const AGAIN: usize = 10;

/// One action in its place; `steps` are the numbers of the session's steps that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub action: u32,
    pub first: u32,
    pub last: u32,
    /// Whether it is the first, or the last, of its session.
    pub opens: bool,
    pub closes: bool,
    /// Whether it failed at last and was not tried again.
    pub failed: bool,
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
    /// Of the actions of a session's steps, and those of them that failed. A block of up to three that is done again
    /// at once (`a b a b`) is one block.
    pub fn new(actions: &[u32], failed: &[bool], broke: bool) -> Self {
        let mut elements: Vec<Element> = vec![];
        for (at, action) in actions.iter().enumerate() {
            let at = at as u32;
            elements.push(Element {
                action: *action,
                first: at,
                last: at,
                opens: false,
                closes: false,
                failed: false,
            });
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
        for at in 0..elements.len() {
            let action = elements[at].action;
            let again = elements[at + 1..].iter().take(AGAIN).any(|later| later.action == action);
            elements[at].failed = failed[elements[at].last as usize] && !again;
        }
        let full = elements.len();
        Self { elements, broke, full }
    }

    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether what a run does not do after this element was never reached rather than left out.
    pub fn broke_at(&self, at: usize) -> bool {
        self.elements[at].failed || (self.broke && at + 1 == self.len())
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
        let sequence = Sequence::new(&[7, 1, 2, 1, 2, 1, 2, 2, 3], &[false; 9], false);
        let told: Vec<_> = sequence.elements.iter().map(|e| (e.action, e.first, e.last)).collect();
        assert_eq!(told, [(7, 0, 0), (1, 1, 5), (2, 2, 7), (3, 8, 8)]);
    }

    #[test]
    fn what_failed_and_was_tried_again_did_not_fail() {
        let failed = |actions: &[u32], failed: &[bool]| {
            let told = Sequence::new(actions, failed, false);
            told.elements.iter().map(|element| element.failed).collect::<Vec<_>>()
        };
        assert_eq!(
            failed(&[1, 2, 3, 2, 4], &[true, true, false, false, true]),
            [true, false, false, false, true]
        );
        assert_eq!(failed(&[1, 1], &[true, true]), [true], "the last time counts");
        let late: Vec<u32> = [1].into_iter().chain(10..20).chain([1]).collect();
        assert!(failed(&late, &[&[true][..], &[false; 11]].concat())[0], "another time");
    }
}
