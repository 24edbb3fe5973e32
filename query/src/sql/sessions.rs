//! Sessions over the newest snapshot, kept until there is a newer one: what they know is made once, and views are
//! planned once.

use athena_store::{Cached, Lookups, Scope, Snapshot};
use datafusion::prelude::SessionContext;
use parking_lot::Mutex;

use crate::recent::Forget;

/// Scopes whose sessions are kept.
const SCOPES: usize = 8;

/// The sessions of the scopes that were asked about last. Nothing may be added to them.
#[derive(Default)]
pub struct Sessions {
    kept: Mutex<Vec<Kept>>,
    lookups: Lookups,
}

struct Kept {
    scope: Scope,
    snapshot: Snapshot,
    session: SessionContext,
}

impl Forget for Sessions {
    fn forget(&self) {
        self.kept.lock().clear();
    }

    fn cached(&self) -> Cached {
        self.lookups.of(Some(self.kept.lock().len()), None)
    }
}

impl Sessions {
    pub(super) fn get(&self, snapshot: &Snapshot, scope: &Scope) -> Option<SessionContext> {
        let kept = self.kept.lock();
        let same = kept.iter().find(|one| one.scope == *scope && one.snapshot.is(snapshot));
        self.lookups.note(same.is_some());
        same.map(|one| one.session.clone())
    }

    pub(super) fn put(&self, snapshot: &Snapshot, scope: &Scope, session: SessionContext) {
        let mut kept = self.kept.lock();
        // One of an older snapshot would keep what it has read at hand, and is not asked again.
        kept.retain(|other| other.scope != *scope && other.snapshot.is(snapshot));
        kept.push(Kept { scope: scope.clone(), snapshot: snapshot.clone(), session });
        let more = kept.len().saturating_sub(SCOPES);
        kept.drain(..more);
    }
}
