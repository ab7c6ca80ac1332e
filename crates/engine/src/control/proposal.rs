//! What passes between whoever wants to act and whoever lets them: proposal, plan and commit.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::risk_tier::RiskTier;
use crate::{Actor, Command, CommandRefusal, Gate};
use planning::{
    plan::{AgentIx, StageIx, TaskIx},
    time::Span,
};

/// A wish to act, not yet agreed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Names it in its run; given by the driver, ascending.
    pub id: u64,
    /// Who.
    pub by: Actor,
    /// What, in the order in which it would be done.
    pub commands: Vec<Command>,
    /// Number of the last event the asker had seen.
    pub seen: u64,
}

/// What a command is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandTarget {
    /// The run as a whole.
    Run,
    /// A stage.
    Stage(StageIx),
    /// An agent.
    Agent(AgentIx),
    /// A task.
    Task(TaskIx),
    /// An alert, by the number of the event that raised it.
    Alert(u64),
}

impl CommandTarget {
    /// What a command is aimed at.
    #[must_use]
    pub const fn of_command(command: &Command) -> Self {
        match command {
            Command::Pause { gate, .. } | Command::Resume { gate } => match gate {
                Gate::Engine => Self::Run,
                Gate::Stage(stage) => Self::Stage(*stage),
                Gate::Agent(agent) => Self::Agent(*agent),
            },
            Command::RetryStage { stage } | Command::ForceStage { stage, .. } => {
                Self::Stage(*stage)
            }
            Command::Acknowledge { alert } => Self::Alert(*alert),
            Command::CatchUp { .. }
            | Command::CancelRun
            | Command::Flatten { .. }
            | Command::Recover { .. }
            | Command::Arm
            | Command::Disarm
            | Command::TightenTrading { .. }
            | Command::ReEnableTrading { .. } => Self::Run,
            Command::Hold { task }
            | Command::Release { task }
            | Command::Retry { task, .. }
            | Command::Rerun { task }
            | Command::RunNow { task }
            | Command::Force { task, .. }
            | Command::Skip { task, .. }
            | Command::Unskip { task }
            | Command::Cancel { task }
            | Command::SetCompleted { task }
            | Command::SetFailed { task }
            | Command::Approve { task, .. }
            | Command::Reject { task }
            | Command::Resolve { task, .. }
            | Command::Probe { task }
            | Command::SetPriority { task, .. } => Self::Task(*task),
        }
    }
}

/// What one command is aimed at, as it stood when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetSnapshot {
    /// What.
    pub subject: CommandTarget,
    /// Its name: `risk_assessment`, `intraday`, `the run`.
    pub name: String,
    /// Its state in a word: `FAILED`, `open`, `paused`.
    pub state: String,
    /// For a task the number of the last event that changed it; else of the run's last event.
    pub version: u64,
}

impl TargetSnapshot {
    /// One line: `risk_assessment · FAILED · v418`.
    #[must_use]
    pub fn summary_line(&self) -> String {
        let state = if self.state.is_empty() { "—" } else { &self.state };
        format!("{} · {state} · v{}", self.name, self.version)
    }
}

/// A heading of the plan's dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewSectionKind {
    /// Tasks that run because of it: now, later, and what follows them.
    WillRun,
    /// Conditions it sets aside.
    #[serde(rename = "will_bypass")]
    WillWaive,
    /// Conditions that hold all the same.
    #[serde(rename = "never_bypassed")]
    NotWaivable,
    /// What is known to have been sent by the order tasks it reaches.
    AlreadySent,
    /// Everything else that changes.
    #[serde(rename = "otherwise")]
    OtherChanges,
    /// Commands among several that the engine would refuse.
    #[serde(rename = "refused")]
    WillBeRefused,
}

impl PreviewSectionKind {
    /// In the order of the dialog.
    pub const ALL: [Self; 6] = [
        Self::WillRun,
        Self::WillWaive,
        Self::NotWaivable,
        Self::AlreadySent,
        Self::OtherChanges,
        Self::WillBeRefused,
    ];

    /// The heading.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::WillRun => "Will run",
            Self::WillWaive => "Will waive",
            Self::NotWaivable => "Not waived",
            Self::AlreadySent => "Already sent",
            Self::OtherChanges => "Other changes",
            Self::WillBeRefused => "Will be refused",
        }
    }
}

/// What of a line must not be overlooked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineWarning {
    /// Nothing.
    #[serde(rename = "plain")]
    None,
    /// It may send orders.
    #[serde(rename = "orders")]
    MaySendOrders,
    /// It is not known, and nobody can prove it: shown in red, with the word UNKNOWN.
    Unknown,
}

impl LineWarning {
    /// Returns the word by which records and keys of lines name it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::None => "plain",
            Self::MaySendOrders => "orders",
            Self::Unknown => "unknown",
        }
    }
}

/// One line of a section. Texts may hold words of agents and people: make them safe to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewLine {
    /// The task it is about, if about one.
    pub task: Option<TaskIx>,
    /// In words; no time of day.
    pub text: String,
    /// The moment it speaks of, UTC, if it speaks of one.
    pub at: Option<DateTime<Utc>>,
    /// What must not be overlooked.
    pub mark: LineWarning,
    /// What makes it this line and no other; holds no age and no moment.
    pub(super) key: String,
}

/// The lines under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewSection {
    /// Which.
    pub kind: PreviewSectionKind,
    /// How many lines there are in all.
    pub count: usize,
    /// The first of them, at most `Section::LINES_MAX`.
    pub lines: Vec<PreviewLine>,
}

impl PreviewSection {
    /// Lines kept of a section; the others are only counted (and stand in the hash).
    pub const LINES_MAX: usize = 200;
}

/// Says what was agreed to: equal for equal commands on equal targets with equal effects, whatever
/// else happened in the run and however much time has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PreviewHash(pub(super) [u8; 32]);

impl fmt::Display for PreviewHash {
    /// Its first eight hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.0.iter().take(4).fold(0, |sum, byte| sum << 8 | u32::from(*byte));
        f.pad(&format!("{first:08x}"))
    }
}

/// What an act would do, and what is asked for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// What was proposed.
    pub proposal: Proposal,
    /// Number of the run's last event when the plan was made.
    pub at_seq: u64,
    /// How much is asked for it.
    pub tier: RiskTier,
    /// Verb and target: `force hedge_adjust`, `retry 3 targets`.
    pub title: String,
    /// What it is aimed at, one for each command, in their order.
    pub targets: Vec<TargetSnapshot>,
    /// The run, short: [`short_run`].
    pub run: String,
    /// What is dangerous about it, in a line.
    pub danger: Option<String>,
    /// What it does, by heading, in the order of `SectionKind::ALL`; none is empty.
    pub sections: Vec<PreviewSection>,
    /// The commands that the engine would refuse, and why; the others are done.
    pub refused: Vec<(Command, CommandRefusal)>,
    /// What must be typed, exactly; for `Grave` only.
    pub phrase: Option<String>,
    /// Whether a reason must be given.
    pub needs_reason: bool,
    /// How long the button stays closed.
    pub wait: Span,
    /// How long it may be recalled before it is given to the engine.
    pub grace: Span,
    /// What changed about its targets since what the asker had seen, line by line.
    pub moved_since_seen: Vec<String>,
    /// What was agreed to, when this is agreed to.
    pub hash: PreviewHash,
}

impl Preview {
    /// The section under a heading, if it has lines.
    #[must_use]
    pub fn section(&self, kind: PreviewSectionKind) -> Option<&PreviewSection> {
        self.sections.iter().find(|section| section.kind == kind)
    }

    /// What is otherwise in a newer plan of the same proposal, line by line; empty when nothing is.
    #[must_use]
    pub fn diff_lines(&self, newer: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.tier != newer.tier {
            lines.push(format!("it is {} now, it was {}", newer.tier.as_str(), self.tier.as_str()));
        }
        for (old, new) in self.targets.iter().zip(&newer.targets) {
            if old.state != new.state {
                lines.push(format!("{} is {} now, it was {}", new.name, new.state, old.state));
            } else if old.version != new.version && matches!(new.subject, CommandTarget::Task(_)) {
                lines.push(format!("{} is {} again, at v{}", new.name, new.state, new.version));
            }
        }
        for kind in PreviewSectionKind::ALL {
            let of = |plan: &Self| plan.section(kind).map_or(Vec::new(), |s| s.lines.clone());
            let (old, new) = (of(self), of(newer));
            let lacks =
                |list: &[PreviewLine], line: &PreviewLine| list.iter().all(|l| l.key != line.key);
            let gone = old.iter().filter(|line| lacks(&new, line));
            let word = kind.heading().to_lowercase();
            lines.extend(gone.map(|line| format!("no longer: {word}: {}", line.text)));
            let come = new.iter().filter(|line| lacks(&old, line));
            lines.extend(come.map(|line| format!("new: {word}: {}", line.text)));
        }
        lines
    }
}

/// Agreement to a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Commit {
    /// What was proposed, as it stands in the plan.
    pub proposal: Proposal,
    /// The hash of the plan that was agreed to.
    pub hash: PreviewHash,
    /// Why, if they say.
    pub reason: Option<String>,
    /// What was typed, if something was.
    pub phrase: Option<String>,
}

/// Four hexadecimal digits that stand for a run where its name is too long to type.
#[must_use]
pub fn short_run(run: &str) -> String {
    let [a, b, ..]: [u8; 32] = Sha256::digest(run).into();
    format!("{:04x}", u16::from_be_bytes([a, b]))
}
