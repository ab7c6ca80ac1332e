//! What several tests need: plans made to order.

pub mod crash_day;
pub mod desk_day;
pub mod frail;
pub mod live_day;
pub mod plans;
