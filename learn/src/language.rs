//! English as far as small lists and rules go: words with where they stand, what stands for what, and values that
//! compare. Pure; what compares memories and what finds facts share it.

pub mod lexicon;
pub mod pieces;
pub mod values;
pub mod values_at;
