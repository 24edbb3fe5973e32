//! Bytes to drafts.
