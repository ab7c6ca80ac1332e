//! What several tests need: plans made to order.

pub mod desk_day;
pub mod live_day;
pub mod plans;
