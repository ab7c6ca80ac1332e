//! The console: keys in, frames and orders out.

mod acts;
mod desk;
mod frames;
mod monkey;
mod pictures;
