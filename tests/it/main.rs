//! The one test binary.

mod check;
mod check_random;
