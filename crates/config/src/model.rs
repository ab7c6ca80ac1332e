//! What a sound configuration says, typed.

use std::{collections::BTreeMap, path::PathBuf};

use chrono::{NaiveDate, NaiveTime};

use super::{Appearance, LogFormat, LogLevel, ResolvedSetting, Secret};
use engine::CatchUpChoice;
use planning::{
    calendar::HoursOverride,
    id::AgentId,
    plan::{EngineLimits, RetryStrategy},
    time::Span,
};

/// The specification's configuration class, with its field names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrchestrationConfig {
    /// Tasks running at once, all agents together. Default: 5.
    pub max_concurrent_tasks: u32,
    /// Longest an attempt may take when its task does not say. Default: 300 s.
    pub default_task_timeout: Span,
    /// Longest stretch of work without a break. Default: 3600 s.
    pub workflow_timeout: Span,
    /// Whether the machine retries at all. Default: yes.
    pub enable_retry: bool,
    /// Attempts after the first when the task does not say. Default: 3.
    pub max_retries: u32,
    /// From one look at the agents' health to the next. Default: 60 s.
    pub health_check_interval: Span,
}

impl OrchestrationConfig {
    /// Attempts after the first when the task does not say: none while retry is off.
    #[must_use]
    pub const fn default_retries(&self) -> u32 {
        if self.enable_retry { self.max_retries } else { 0 }
    }
}

impl Default for OrchestrationConfig {
    fn default() -> Self {
        Config::default().orchestration
    }
}

/// Bounds of the engine that the specification leaves to us; see `Limits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineConfig {
    /// Slots only CRITICAL tasks may take.
    pub critical_reserve: u32,
    /// How long an agent may take to confirm a cancellation.
    pub cancel_timeout: Span,
    /// Infrastructure failures inside the window that open an agent's breaker.
    pub breaker_failures: u32,
    /// See `breaker_failures`.
    pub breaker_window: Span,
    /// How long an open breaker waits before a probe.
    pub breaker_cooldown: Span,
    /// Failed rounds in a row after which a monitoring loop raises an alert.
    pub monitor_failures: u32,
    /// How often in a row an attempt may be lost with the program.
    pub recovery_attempts: u32,
    /// Recoveries in ten minutes after which only a person lets a run go on.
    pub crash_loop: u32,
}

/// How many tasks each agent may work on at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentSlots {
    /// For agents without a row of their own.
    pub default: u32,
    /// By name of the agent.
    pub named: BTreeMap<String, u32>,
}

impl AgentSlots {
    /// The person at the console, as an agent: asked as often as needed, since asking holds no slot.
    pub const OPERATOR: &'static str = "operator";

    /// Tasks this agent may work on at once; `u32::MAX` for [`Self::OPERATOR`].
    #[must_use]
    pub fn for_agent(&self, agent: &AgentId) -> u32 {
        if agent.as_str() == Self::OPERATOR {
            return u32::MAX;
        }
        self.named.get(agent.as_str()).copied().unwrap_or(self.default)
    }
}

/// What leaves the program for those who watch it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monitoring {
    /// Least grave message that is kept.
    pub log_level: LogLevel,
    /// Form of the log's lines.
    pub log_format: LogFormat,
    /// File of the log of `run` and `serve`; `None`: the standard error.
    pub log_file: Option<PathBuf>,
    /// Files of the log that are kept.
    pub log_keep: u32,
    /// Levels by module; empty: `log_level` everywhere.
    pub log_filter: String,
    /// Whether figures are collected.
    pub metrics_enabled: bool,
    /// Where alerts go, if anywhere. The address holds a credential.
    pub alert_webhook_url: Option<Secret>,
    /// The file that declares notifiers, if there is one.
    pub notifiers: Option<PathBuf>,
}

/// Folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Recorded market data; `None`: the sessions inside the program.
    pub data: Option<PathBuf>,
    /// Journals and logs.
    pub state: PathBuf,
    /// Workflow files, or one file; `None`: those inside the program.
    pub workflows: Option<PathBuf>,
    /// The file that declares agents of one's own.
    pub agents: Option<PathBuf>,
    /// The console's keys; `None`: `keys.yaml` beside the configuration file, if there is one.
    pub keys: Option<PathBuf>,
}

/// The exchange and what replaces parts of its calendar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CalendarConfig {
    /// A code, as `XLON`, or an exchange file; `None`: New York.
    pub exchange: Option<PathBuf>,
    /// Folder of calendar files of one's own; `None`: that of the market data.
    pub folder: Option<PathBuf>,
    /// Hours and zone that replace those of the exchange.
    pub hours: HoursOverride,
}

/// How long runs are kept, in days since the program first saw them; 0: for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionSettings {
    /// Then the events of a run that has ended go from the journal into a file of the archive. Default: 90.
    pub compact_after_days: u32,
    /// Then that file is deleted. Default: 400.
    pub keep_days: u32,
}

/// How fast a virtual clock runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SpeedSetting {
    /// So many seconds a second, above 0.
    Times(f64),
    /// From one moment with work to the next, without waiting.
    Max,
}

/// Who answers approvals in SIM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalSetting {
    /// The person at the console.
    Ask,
    /// A policy, after [`DayConfig::auto_approve_after`].
    Auto,
}

/// What becomes of a run that a program left unfinished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoverySetting {
    /// A person is asked where one is, elsewhere it goes on by itself; one that a person left is not
    /// taken up.
    ByConsole,
    /// A person is asked.
    Ask,
    /// It goes on by itself.
    Auto,
    /// It goes on, and the engine is paused at once.
    Paused,
    /// It stays as it is, and another run begins.
    Never,
}

/// The day to run and how.
#[derive(Debug, Clone, PartialEq)]
pub struct DayConfig {
    /// Trading date, exchange time.
    pub date: NaiveDate,
    /// Time of day at which a virtual clock starts, exchange time.
    pub start: NaiveTime,
    /// How fast a virtual clock runs.
    pub speed: SpeedSetting,
    /// A scenario file, if the day is to go wrong on purpose.
    pub scenario: Option<PathBuf>,
    /// The file of the book a day opens with, or the word `carry`.
    pub book: Option<PathBuf>,
    /// Who answers approvals in SIM. Elsewhere a person does, always.
    pub approvals: ApprovalSetting,
    /// How long the policy lets a person go first.
    pub auto_approve_after: Span,
    /// Who acts at this console, for the record.
    pub operator: String,
    /// How strictly acts on a simulated day are guarded.
    pub guards: GuardSetting,
    /// What becomes of a run that was left unfinished.
    pub recover: RecoverySetting,
    /// What this console may do.
    pub access: AccessSetting,
    /// What becomes of the day when the console's terminal is gone.
    pub on_hangup: OnHangup,
    /// What becomes of work that was missed when a day begins late.
    pub catch_up: CatchUpSetting,
}

/// What becomes of a day whose console has lost its terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnHangup {
    /// It goes on without a screen; a console can be attached to it.
    Headless,
    /// It is ended in order.
    Finish,
}

/// What becomes of work that was missed when a day begins late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUpSetting {
    /// A person at a terminal says; where nobody can be asked, [`CatchUpSetting::UNASKED`] holds.
    Ask,
    /// This.
    Choice(CatchUpChoice),
}

impl CatchUpSetting {
    /// What holds where nobody can be asked: it repeats only work without effects, that the rest of
    /// the day needs, and keeps what watches orders alive.
    pub const UNASKED: CatchUpChoice = CatchUpChoice::Minimal;

    /// The words of the setting, in the order of [`CatchUpSetting::ALL`].
    pub const WORDS: [&str; 5] = ["ask", "minimal", "full", "observe", "none"];

    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Ask,
        Self::Choice(CatchUpChoice::Minimal),
        Self::Choice(CatchUpChoice::Full),
        Self::Choice(CatchUpChoice::Observe),
        Self::Choice(CatchUpChoice::None),
    ];
}

/// How strictly acts on a simulated day are guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardSetting {
    /// As little as nothing real can be harmed.
    Mode,
    /// As in LIVE: a rehearsal.
    Live,
}

/// What a console may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessSetting {
    /// Look and act, with what each act asks for.
    Control,
    /// Look alone.
    View,
}

/// Every value, and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The specification's own class.
    pub orchestration: OrchestrationConfig,
    /// How retries are spaced.
    pub retry: RetryStrategy,
    /// Other bounds of the engine.
    pub engine: EngineConfig,
    /// Tasks per agent.
    pub agents: AgentSlots,
    /// Logs, figures, alerts.
    pub monitoring: Monitoring,
    /// Folders.
    pub places: Paths,
    /// The exchange's calendar.
    pub calendar: CalendarConfig,
    /// How long runs are kept.
    pub keeping: RetentionSettings,
    /// The day to run.
    pub day: DayConfig,
    /// How the console looks.
    pub look: Appearance,
    /// One row per setting, in the order of the table.
    pub rows: Vec<ResolvedSetting>,
}

impl Config {
    /// The row of a setting.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&ResolvedSetting> {
        self.rows.iter().find(|row| row.setting.key == key)
    }

    /// What the table then fills in, setting by setting; never seen outside [`super::resolve()`].
    pub(super) fn unset() -> Self {
        let limits = EngineLimits::default();
        Self {
            orchestration: OrchestrationConfig {
                max_concurrent_tasks: 0,
                default_task_timeout: Span::ZERO,
                workflow_timeout: Span::ZERO,
                enable_retry: false,
                max_retries: 0,
                health_check_interval: Span::ZERO,
            },
            retry: RetryStrategy::default(),
            engine: EngineConfig {
                critical_reserve: limits.critical_reserve,
                cancel_timeout: limits.cancel_timeout,
                breaker_failures: limits.breaker_failures,
                breaker_window: limits.breaker_window,
                breaker_cooldown: limits.breaker_cooldown,
                monitor_failures: limits.loop_failures,
                recovery_attempts: limits.recovery_attempts,
                crash_loop: limits.crash_loop,
            },
            agents: AgentSlots::default(),
            monitoring: Monitoring {
                log_level: LogLevel::Info,
                log_format: LogFormat::Text,
                log_file: None,
                log_keep: 14,
                log_filter: String::new(),
                metrics_enabled: false,
                alert_webhook_url: None,
                notifiers: None,
            },
            places: Paths {
                data: None,
                state: PathBuf::new(),
                workflows: None,
                agents: None,
                keys: None,
            },
            calendar: CalendarConfig::default(),
            keeping: RetentionSettings { compact_after_days: 0, keep_days: 0 },
            day: DayConfig {
                date: NaiveDate::MIN,
                start: NaiveTime::MIN,
                speed: SpeedSetting::Max,
                scenario: None,
                book: None,
                recover: RecoverySetting::ByConsole,
                approvals: ApprovalSetting::Ask,
                auto_approve_after: Span::ZERO,
                operator: String::new(),
                guards: GuardSetting::Mode,
                access: AccessSetting::Control,
                on_hangup: OnHangup::Headless,
                catch_up: CatchUpSetting::Ask,
            },
            look: Appearance::default(),
            rows: Vec::new(),
        }
    }
}

impl Default for Config {
    /// What holds when nobody gives anything.
    fn default() -> Self {
        super::resolve(&[]).expect("a test reads every default of the table")
    }
}
