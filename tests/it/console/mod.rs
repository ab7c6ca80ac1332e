//! The console: keys in, frames and orders out.

mod acts;
mod demo;
mod desk;
mod frames;
mod looks;
mod monkey;
mod pictures;
mod rooms;
mod screens;
