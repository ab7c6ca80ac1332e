//! Days played out of a seed: the real engine, journal and driver against agents that fail, people who
//! meddle and a machine that dies anywhere. The same seed is the same day.

mod broken;
mod case;
mod crash;
mod day;
mod disk;
mod faults;
mod found;
mod laws;
mod operator;
mod outside;
mod picture;
mod process;
mod runner;
mod sabotage;
mod told;
mod whole;
mod world;
