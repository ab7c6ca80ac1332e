//! How much is asked of whoever wants an act done: from nothing to a typed phrase.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::preview_run;
use crate::{Command, Gate, RunState};
use planning::{
    plan::{RunMode, TaskIx},
    time::Span,
    workflow::EffectClass,
};

/// How much stands between the wish and the act. Ordered: a later one asks for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskTier {
    /// Changes nothing: asks for nothing.
    #[serde(rename = "look")]
    View,
    /// Makes things safer: always allowed, armed or not.
    Brake,
    /// Armed, and one line answered with `y`.
    Confirm,
    /// Armed; a dialog with the plan, and a reason. May be recalled for 3 s.
    #[serde(rename = "careful")]
    Review,
    /// Armed; a dialog with the plan, a reason, a typed phrase, and 1.5 s before it can be given.
    #[serde(rename = "grave")]
    HighRisk,
}

impl RiskTier {
    /// The word on screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Brake => "brake",
            Self::Confirm => "confirm",
            Self::Review => "review",
            Self::HighRisk => "high-risk",
        }
    }

    /// Whether only an armed operator may do it.
    #[must_use]
    pub const fn needs_arming(self) -> bool {
        match self {
            Self::View | Self::Brake => false,
            Self::Confirm | Self::Review | Self::HighRisk => true,
        }
    }

    /// Whether it is done only with a reason, whatever the verb demands.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        match self {
            Self::View | Self::Brake | Self::Confirm => false,
            Self::Review | Self::HighRisk => true,
        }
    }

    /// How long a dialog keeps its button closed.
    #[must_use]
    pub const fn confirm_delay(self) -> Span {
        match self {
            Self::View | Self::Brake | Self::Confirm | Self::Review => Span::ZERO,
            Self::HighRisk => Span::millis(1_500),
        }
    }

    /// How long an act agreed to may be recalled before it is given to the engine.
    #[must_use]
    pub const fn recall_period(self) -> Span {
        match self {
            Self::View | Self::Brake | Self::Confirm | Self::HighRisk => Span::ZERO,
            Self::Review => Span::secs(3),
        }
    }
}

/// How strict a run is with those who act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GuardLevel {
    /// As its mode says: at most `Confirm` in DRY, at most `Careful` in SIM.
    #[default]
    Mode,
    /// A rehearsal: SIM is guarded as LIVE is. Other modes are guarded as always.
    Live,
}

impl GuardLevel {
    /// Whether sessions of a run may open armed, and stay so: nothing in it can be harmed.
    #[must_use]
    pub fn starts_armed(self, mode: RunMode) -> bool {
        match mode {
            RunMode::Dry => true,
            RunMode::Sim => self == Self::Mode,
            RunMode::Paper | RunMode::Live | RunMode::Replay => false,
        }
    }

    /// Whether what is done in a run counts as done with real money.
    fn live(self, mode: RunMode) -> bool {
        mode == RunMode::Live || (mode == RunMode::Sim && self == Self::Live)
    }
}

/// The tier of doing all of `commands` at `now`: the gravest of them, at least `Careful` for more
/// than one that is no brake, capped where nothing can be harmed.
#[must_use]
pub fn risk_tier(
    run: &RunState,
    now: DateTime<Utc>,
    commands: &[Command],
    guards: GuardLevel,
) -> RiskTier {
    let ranks = commands.iter().map(|command| {
        let reached = preview_run::affected_tasks(run, now, command);
        command_tier(run, now, (command, &reached), guards)
    });
    combine_tiers(run.plan().mode, commands.len(), ranks.max().unwrap_or(RiskTier::View), guards)
}

/// What becomes of the gravest rank of so many commands.
pub(super) fn combine_tiers(
    mode: RunMode,
    commands: usize,
    gravest: RiskTier,
    guards: GuardLevel,
) -> RiskTier {
    let many = commands > 1 && gravest > RiskTier::Brake;
    let tier = if many { gravest.max(RiskTier::Review) } else { gravest };
    tier.min(match mode {
        RunMode::Dry => RiskTier::Confirm,
        RunMode::Sim if guards == GuardLevel::Mode => RiskTier::Review,
        RunMode::Sim | RunMode::Paper | RunMode::Live | RunMode::Replay => RiskTier::HighRisk,
    })
}

/// How grave one command is that reaches these tasks, before any cap.
pub(super) fn command_tier(
    run: &RunState,
    now: DateTime<Utc>,
    (command, reached): (&Command, &BTreeSet<TaskIx>),
    guards: GuardLevel,
) -> RiskTier {
    let base = base(command);
    // A probe only asks, whatever it asks about.
    let harmless =
        matches!(command, Command::Acknowledge { .. } | Command::Arm | Command::Probe { .. });
    if base <= RiskTier::Brake || harmless {
        return base;
    }
    let orders = reached.iter().any(|&ix| run.plan().task(ix).effect == EffectClass::Effectful);
    let live = guards.live(run.plan().mode);
    if (orders && live) || is_outside_stage(run, now, command, reached) {
        return RiskTier::HighRisk;
    }
    if orders { base.max(RiskTier::Review) } else { base }
}

/// How grave a verb is by itself, aimed at work that sends no orders.
const fn base(command: &Command) -> RiskTier {
    // Resuming the whole engine starts more work than resuming one stage or agent.
    if matches!(command, Command::Resume { gate: Gate::Engine }) {
        return RiskTier::Review;
    }
    command.verb().tier()
}

/// Whether a command starts work whose time is over: its window has closed, or its market.
fn is_outside_stage(
    run: &RunState,
    now: DateTime<Utc>,
    command: &Command,
    reached: &BTreeSet<TaskIx>,
) -> bool {
    let plan = run.plan();
    let late = |&ix: &TaskIx| {
        let task = plan.task(ix);
        let shut = task.effect == EffectClass::Effectful && !(plan.open <= now && now < plan.close);
        task.closes_at <= now || shut
    };
    match command {
        Command::Retry { .. }
        | Command::RetryStage { .. }
        | Command::Rerun { .. }
        | Command::RunNow { .. }
        | Command::Release { .. }
        | Command::Unskip { .. } => reached.iter().any(late),
        Command::Resume { gate: Gate::Stage(stage) } => plan.stage(*stage).closes_at <= now,
        Command::Resume { gate: Gate::Engine | Gate::Agent(_) }
        | Command::Pause { .. }
        | Command::Hold { .. }
        | Command::Force { .. }
        | Command::ForceStage { .. }
        | Command::Skip { .. }
        | Command::Cancel { .. }
        | Command::SetCompleted { .. }
        | Command::SetFailed { .. }
        | Command::Approve { .. }
        | Command::Reject { .. }
        | Command::Resolve { .. }
        | Command::Probe { .. }
        | Command::Recover { .. }
        | Command::SetPriority { .. }
        | Command::CatchUp { .. }
        | Command::CancelRun
        | Command::Flatten { .. }
        | Command::Arm
        | Command::Disarm
        | Command::TightenTrading { .. }
        | Command::ReEnableTrading { .. }
        | Command::Acknowledge { .. } => false,
    }
}
