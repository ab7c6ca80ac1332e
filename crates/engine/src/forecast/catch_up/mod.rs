//! Starting late: four choices of what becomes of missed work, each played on the real engine.
//!
//! Nothing that sends orders is ever caught up; what is caught up runs once, however often it
//! was missed; and every missed task is either caught up or excused with a reason.

mod headline;
mod options;
mod outlook;
mod select;

pub use headline::late_start_headline;
pub use options::{
    AgentLoad, CatchUpOption, CaughtUpTask, ExcusedTaskOutlook, FirstOrderTime, LateStart,
    MissedRounds, MissedTask, OrderTask,
};
pub use outlook::{late_start, late_start_of_new_run};
pub use select::{CatchUpPlan, catch_up_plan};
