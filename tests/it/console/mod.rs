//! The console: keys in, frames and orders out.

mod acts;
mod choices;
mod demo;
pub(crate) mod desk;
mod frames;
mod guards;
mod hands;
mod history;
mod keys;
mod late;
mod lists;
mod looks;
mod minutes;
mod monkey;
mod obey;
mod orders;
mod parts;
mod pictures;
mod recovering;
mod rooms;
mod screens;
mod sizes;
mod trading;
mod travel;
mod typing;
