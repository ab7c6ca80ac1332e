//! The junior analyst: data quality, features, screen, gaps and alerts.

mod analysis;
mod collect;
mod gaps;
mod news;
mod rows;
mod scan;
mod screen;

pub(super) use self::rows::ROWS;
