//! How those who make vectors and those who wait for them hurry each other, where both are in one process. Between
//! processes the table `embeddings` says it all, a little later.

use athena_schemas::Applied;
use parking_lot::Mutex;
use tokio::sync::Notify;

/// One makes vectors, one takes them, and any number wait.
#[derive(Debug, Default)]
pub struct Pace {
    wanted: Notify,
    further: Notify,
    reached: Mutex<(String, Applied)>,
}

impl Pace {
    /// Somebody waits: whoever makes vectors need not rest now.
    pub fn want(&self) {
        self.wanted.notify_one();
    }

    /// Comes back once somebody waits.
    pub async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Tells that all rows before `applied` that have a text have their vectors of a model in the table.
    pub fn reach(&self, model: &str, applied: &Applied) {
        let mut reached = self.reached.lock();
        if reached.0 != model {
            *reached = (model.to_owned(), Applied::default());
        }
        reached.1.merge(applied);
        self.further.notify_one();
    }

    /// What was told of a model: what a snapshot that is taken afterwards has.
    pub fn reached(&self, model: &str) -> Applied {
        let reached = self.reached.lock();
        if reached.0 == model { reached.1.clone() } else { Applied::default() }
    }

    /// Comes back once more was told.
    pub async fn further(&self) {
        self.further.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use athena_schemas::Partition;
    use futures::FutureExt;

    use super::*;

    #[test]
    fn what_was_told_is_told_once_and_of_one_model() {
        let (pace, mut applied) = (Pace::default(), Applied::default());
        assert!(pace.wanted().now_or_never().is_none() && pace.further().now_or_never().is_none());
        applied.set(Partition::new("log", 0), 3);
        pace.want();
        pace.reach("table", &applied);
        assert!(pace.wanted().now_or_never().is_some() && pace.further().now_or_never().is_some());
        assert!(pace.wanted().now_or_never().is_none() && pace.further().now_or_never().is_none());
        assert_eq!((pace.reached("table"), pace.reached("other")), (applied, Applied::default()));
    }
}
