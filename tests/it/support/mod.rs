//! What several tests need: plans made to order.

pub mod plans;
