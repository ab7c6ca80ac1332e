//! Every value the program can be given from outside, with where it came from.
//!
//! One table, [`SETTINGS`], says what there is; reading, errors, the rows of `bellwether config`
//! and `docs/configuration.md` are all derived from it. A value is taken from the first of flag,
//! environment, file and default that gives it. Only [`mod@env`] reads the environment.

mod appearance;
pub mod env;
pub mod file;
mod model;
mod origin;
mod plan_settings;
mod render;
mod resolve;
mod secret;
mod table;
mod value;

pub use appearance::{
    Appearance, ColorDepthSetting, ColorScheme, GlyphSetting, MotionSetting, MouseSetting,
    NotificationSetting,
};
pub use model::{
    AccessSetting, AgentSlots, ApprovalSetting, CalendarConfig, CatchUpSetting, Config, DayConfig,
    EngineConfig, GuardSetting, Monitoring, OnHangup, OrchestrationConfig, Paths, RecoverySetting,
    RetentionSettings, SpeedSetting,
};
pub use origin::{RawSetting, SettingOrigin};
pub use render::{render_markdown, render_table, to_json};
pub use resolve::{ConfigError, ResolvedSetting, SettingProblem, resolve};
pub use secret::Secret;
pub use table::{SETTINGS, Setting, SettingKind};
pub use value::{LogFormat, LogLevel};
