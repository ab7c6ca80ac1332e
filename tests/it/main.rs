//! The one test binary.

mod config;
mod layers;
mod source;
mod tidy;
