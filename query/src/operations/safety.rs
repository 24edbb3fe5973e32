//! Tool `safety`: what agents may do, who asked to do more, what must not be seen, and who did what.

mod approvals;
mod audit;
mod check;
mod policies;
mod redact;
mod risk;
mod scan;
mod words;

use crate::registry::Registry;

pub fn register(registry: &mut Registry) {
    registry.add::<check::Check>();
    registry.add::<risk::Risk>();
    registry.add::<policies::MakePolicy>();
    registry.add::<policies::Policies>();
    registry.add::<approvals::Request>();
    registry.add::<approvals::Decide>();
    registry.add::<approvals::Pending>();
    registry.add::<audit::Audit>();
    registry.add::<scan::Scan>();
    registry.add::<redact::Redact>();
}
