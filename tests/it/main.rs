//! The one test binary.

mod cli;
mod config;
mod layers;
mod source;
mod tidy;
