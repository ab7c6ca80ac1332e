//! The one test binary.

mod calendar;
mod cli;
mod config;
mod layers;
mod source;
mod tidy;
