//! Every value the program can be given from outside, with where it came from.
//!
//! One table, [`SETTINGS`], says what there is; reading, errors, the rows of `bellwether config`
//! and `docs/configuration.md` are all derived from it. A value is taken from the first of flag,
//! environment, file and default that gives it. Only [`mod@env`] reads the environment.

mod day;
pub mod env;
pub mod file;
mod look;
mod model;
mod origin;
mod resolve;
mod secret;
mod settings;
mod show;
mod value;

pub use look::{Depth, Glyphs, Look, Motion, Mouse, Notifications, Scheme};
pub use model::{
    Access, AgentSlots, Approvals, Config, DayConfig, EngineConfig, Guarding, Keeping, Monitoring,
    OnHangup, OnMissed, OrchestrationConfig, Places, Recovering, Speed,
};
pub use origin::{Given, Origin};
pub use resolve::{ConfigError, Problem, Row, resolve};
pub use secret::Secret;
pub use settings::{Kind, SETTINGS, Setting};
pub use show::{json, markdown, table};
pub use value::LogLevel;
