//! Lance tables: opened, appended to exactly once, read at fixed versions, maintained.
//!
//! ```text
//! rows ─▶ stage (files) ─▶ commit under a claim (fence, sync) ─▶ versions ─▶ snapshots ─▶ SQL
//! ```
//!
//! This crate knows no topic, no event type and no command: it grants or refuses claims on positions.
//! It never appends rows whose claim the table's manifest does not grant.

mod addresses;
mod appended;
mod at_hand;
mod barrier;
mod columns;
mod copies;
mod copy;
mod disk;
pub mod embed;
mod error;
mod fence;
mod forgotten;
mod fragments;
mod location;
mod lock;
mod lookups;
mod maintenance;
mod names;
mod pace;
mod piece;
mod pin;
mod purge;
pub mod remote;
mod snapshot;
mod standing;
mod store;
mod table;
mod written;

pub use copy::Copied;
pub use disk::{Disk, Synced};
pub use error::Error;
pub use fence::APPLIED_KEY;
pub use forgotten::Hidden;
pub use location::Location;
pub use lock::{Held, Lock};
pub use lookups::{Cached, Lookups};
pub use maintenance::{Maintained, MaintenanceOptions};
pub use pace::Pace;
pub use piece::{Piece, pieces_of};
pub use purge::{Due, Purged};
pub use snapshot::{At, Scope, Snapshot, SqlOptions};
pub use standing::newest;
pub use store::{LogKind, Options, Store};
pub use table::{Staged, TableHandle};

pub type Result<T> = std::result::Result<T, Error>;
