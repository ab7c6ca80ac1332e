//! The economist: what kind of day it is, which regime rules, how much risk the economy leaves.

mod cross;
mod economy;
mod events;
mod fomc;
mod next_day;
mod regime;
mod rows;

pub(super) use self::rows::ROWS;
