//! The table of verbs: one word for each effect an operator can ask for, everywhere the same.
//!
//! Keys, subcommands, the plain console, `fix:` hints, the audit trail and the documentation take
//! their words from here. To add a verb, add a variant and let the compiler lead to its uses.

use std::fmt;

use super::RiskTier;
use crate::{Command, PauseMode, RetryScope, TradingState};

/// One effect an operator can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommandVerb {
    Halt,
    Pause,
    ReduceOnly,
    Kill,
    ReEnable,
    Flatten,
    Hold,
    Reject,
    Resume,
    Release,
    Retry,
    RetryDownstream,
    RetryStage,
    Rerun,
    Approve,
    RunNow,
    Force,
    ForceStage,
    Cancel,
    Skip,
    SkipSatisfied,
    Unskip,
    SetPriority,
    SetCompleted,
    SetFailed,
    Resolve,
    Probe,
    Recover,
    RecoverPaused,
    Acknowledge,
    CatchUp,
    CancelRun,
    Arm,
    Disarm,
    Recall,
}

/// The kind of thing a verb is applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerbTarget {
    /// The whole run.
    Run,
    /// The trading state of the run.
    Trading,
    /// One task.
    Task,
    /// One stage.
    Stage,
    /// A stage, an agent or the engine.
    Gate,
    /// One alert.
    Alert,
    /// The operator session itself.
    Session,
}

/// The form in which the shell offers a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShellForm {
    /// A subcommand that asks the served run.
    Control,
    /// A subcommand that also works without an engine: signals and flag files.
    Flag,
    /// No subcommand: a dialog, a setting or the console alone.
    Absent,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct VerbSpec {
    /// The subcommand, the plain word and the word of `fix:` hints: `retry-downstream`.
    pub word: &'static str,
    /// The title of its key: `retry down`.
    pub title: &'static str,
    /// The effect in one line, as help texts show it.
    pub effect: &'static str,
    /// The risk tier before the target and the mode of the run change it.
    pub tier: RiskTier,
    pub target: VerbTarget,
    /// The words it takes before the reason: `TASK LEVEL`.
    pub parameters: &'static str,
    pub shell: ShellForm,
}

const fn spec(
    (word, title): (&'static str, &'static str),
    tier: RiskTier,
    target: VerbTarget,
    effect: &'static str,
) -> VerbSpec {
    VerbSpec {
        word,
        title,
        effect,
        tier,
        target,
        parameters: target.placeholder(),
        shell: ShellForm::Control,
    }
}

impl VerbSpec {
    const fn with_parameters(self, parameters: &'static str) -> Self {
        Self { parameters, ..self }
    }

    const fn with_shell(self, shell: ShellForm) -> Self {
        Self { shell, ..self }
    }
}

impl CommandVerb {
    /// Every verb, the brakes first, in the order in which help shows them.
    pub const ALL: [Self; 35] = [
        Self::Halt,
        Self::Pause,
        Self::ReduceOnly,
        Self::Kill,
        Self::ReEnable,
        Self::Flatten,
        Self::Hold,
        Self::Reject,
        Self::Resume,
        Self::Release,
        Self::Retry,
        Self::RetryDownstream,
        Self::RetryStage,
        Self::Rerun,
        Self::Approve,
        Self::RunNow,
        Self::Force,
        Self::ForceStage,
        Self::Cancel,
        Self::Skip,
        Self::SkipSatisfied,
        Self::Unskip,
        Self::SetPriority,
        Self::SetCompleted,
        Self::SetFailed,
        Self::Resolve,
        Self::Probe,
        Self::Recover,
        Self::RecoverPaused,
        Self::Acknowledge,
        Self::CatchUp,
        Self::CancelRun,
        Self::Arm,
        Self::Disarm,
        Self::Recall,
    ];

    /// Returns the row of the table.
    #[must_use]
    #[rustfmt::skip]
    pub const fn spec(self) -> VerbSpec {
        use RiskTier::{Brake, Confirm, HighRisk, Review, View};
        use VerbTarget::{Alert, Gate, Run, Session, Stage, Task, Trading};
        match self {
            Self::Halt => spec(("halt", "halt"), Brake, Trading, "halt trading: no new orders, working orders cancelled (HALTED)").with_shell(ShellForm::Flag),
            Self::Pause => spec(("pause", "pause"), Brake, Gate, "start no new tasks there except CRITICAL ones; running tasks finish"),
            Self::ReduceOnly => spec(("reduce-only", "reduce only"), Brake, Trading, "allow only orders that reduce positions (REDUCE_ONLY)").with_shell(ShellForm::Flag),
            Self::Kill => spec(("kill", "kill"), Brake, Trading, "kill trading: no orders, no tasks, working orders cancelled (KILLED)").with_parameters("KILL").with_shell(ShellForm::Flag),
            Self::ReEnable => spec(("re-enable", "re-enable"), HighRisk, Trading, "loosen trading by one step; with a reason and a typed phrase").with_shell(ShellForm::Flag),
            Self::Flatten => spec(("flatten", "flatten"), HighRisk, Trading, "close one position, or all and set REDUCE_ONLY; works in HALTED too").with_parameters("SYMBOL|all"),
            Self::Hold => spec(("hold", "hold"), Brake, Task, "hold a waiting task until it is released"),
            Self::Reject => spec(("reject", "reject"), Brake, Task, "reject an approval"),
            Self::Resume => spec(("resume", "resume"), Confirm, Gate, "open a paused gate; never affects trading"),
            Self::Release => spec(("release", "release"), Confirm, Task, "release a held task"),
            Self::Retry => spec(("retry", "retry"), Confirm, Task, "start a new attempt of a failed task, or of a retrying one at once"),
            Self::RetryDownstream => spec(("retry-downstream", "retry down"), Review, Task, "retry the task and the downstream tasks that ended badly because of it"),
            Self::RetryStage => spec(("retry-stage", "retry stage"), Review, Stage, "retry every failed task of a stage"),
            Self::Rerun => spec(("rerun", "rerun"), Review, Task, "run a finished task again, as a new generation"),
            Self::Approve => spec(("approve", "approve"), HighRisk, Task, "approve, in full or in part: --only 1,2 and --trim 2=50 name the orders"),
            Self::RunNow => spec(("run-now", "run now"), Review, Task, "start a task before its window opens; all other conditions apply"),
            Self::Force => spec(("force", "force"), HighRisk, Task, "start a task and waive the named conditions: window,dependency:TASK,freshness:TASK,pause,breaker,condition,hold,attempts,on-demand").with_parameters("TASK WAIVERS"),
            Self::ForceStage => spec(("force-stage", "force stage"), HighRisk, Stage, "start the tasks of a stage and waive the named conditions").with_parameters("STAGE WAIVERS"),
            Self::Cancel => spec(("cancel", "cancel"), Review, Task, "stop a task, or cancel it before it starts"),
            Self::Skip => spec(("skip", "skip"), Review, Task, "skip a task; its dependents stay blocked"),
            Self::SkipSatisfied => spec(("skip-satisfied", "satisfied"), Review, Task, "skip a task; its dependents may start"),
            Self::Unskip => spec(("unskip", "unskip"), Confirm, Task, "undo a skip"),
            Self::SetPriority => spec(("set-priority", "priority"), Review, Task, "change the priority of a task that has not started").with_parameters("TASK LEVEL"),
            Self::SetCompleted => spec(("set-completed", "completed"), HighRisk, Task, "set a task that ended badly to COMPLETED; taints downstream results"),
            Self::SetFailed => spec(("set-failed", "set failed"), HighRisk, Task, "set a task whose result is wrong to FAILED; taints downstream results"),
            Self::Resolve => spec(("resolve", "resolve"), HighRisk, Task, "decide an effect in doubt: happened:REFERENCE, did-not-happen or gave-up").with_parameters("TASK FINDING"),
            Self::Probe => spec(("probe", "probe"), Confirm, Task, "ask the broker now about an effect in doubt"),
            Self::Recover => spec(("recover", "recover"), Review, Run, "carry out the recovery decisions and continue the run"),
            Self::RecoverPaused => spec(("recover-paused", "paused"), Review, Run, "recover with the engine paused: only CRITICAL tasks start until it is resumed"),
            Self::Acknowledge => spec(("acknowledge", "acknowledge"), Confirm, Alert, "mark an alert as seen, by its number: AL-418"),
            Self::CatchUp => spec(("catch-up", "catch up"), Review, Run, "settle the tasks missed by a late start").with_shell(ShellForm::Absent),
            Self::CancelRun => spec(("cancel-run", "cancel run"), HighRisk, Run, "cancel waiting tasks, stop running ones and end the run"),
            Self::Arm => spec(("arm", "arm"), Confirm, Session, "arm this session").with_shell(ShellForm::Absent),
            Self::Disarm => spec(("disarm", "disarm"), Brake, Session, "disarm this session").with_shell(ShellForm::Absent),
            Self::Recall => spec(("recall", "recall"), View, Session, "recall the last pending command").with_shell(ShellForm::Absent),
        }
    }

    /// Returns the word: `retry-downstream`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.spec().word
    }

    /// Returns the title of its key: `retry down`.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.spec().title
    }

    /// Returns the effect in one line.
    #[must_use]
    pub const fn effect(self) -> &'static str {
        self.spec().effect
    }

    /// Returns the risk tier before the target and the mode of the run change it.
    #[must_use]
    pub const fn tier(self) -> RiskTier {
        self.spec().tier
    }

    /// Returns the verb of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == word)
    }
}

impl VerbTarget {
    /// Returns the placeholder of the target in a usage line; empty where there is none to name.
    #[must_use]
    const fn placeholder(self) -> &'static str {
        match self {
            Self::Run | Self::Trading | Self::Session => "",
            Self::Task => "TASK",
            Self::Stage => "STAGE",
            Self::Gate => "[STAGE, AGENT or run]",
            Self::Alert => "ALERT",
        }
    }
}

impl VerbSpec {
    /// Returns the usage line: `set-priority TASK LEVEL REASON`.
    #[must_use]
    pub fn usage(&self) -> String {
        let gap = if self.parameters.is_empty() { "" } else { " " };
        format!("{}{gap}{} REASON", self.word, self.parameters)
    }
}

impl fmt::Display for CommandVerb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Command {
    /// Returns the verb that asks for this command.
    #[must_use]
    pub const fn verb(&self) -> CommandVerb {
        match self {
            Self::Pause { mode: PauseMode::RecordedHalt, .. }
            | Self::TightenTrading { to: TradingState::Halted } => CommandVerb::Halt,
            Self::Pause { .. } => CommandVerb::Pause,
            Self::Resume { .. } => CommandVerb::Resume,
            Self::Hold { .. } => CommandVerb::Hold,
            Self::Release { .. } => CommandVerb::Release,
            Self::Retry { scope: RetryScope::Task, .. } => CommandVerb::Retry,
            Self::Retry { scope: RetryScope::WithDownstream, .. } => CommandVerb::RetryDownstream,
            Self::RetryStage { .. } => CommandVerb::RetryStage,
            Self::Rerun { .. } => CommandVerb::Rerun,
            Self::RunNow { .. } => CommandVerb::RunNow,
            Self::Force { .. } => CommandVerb::Force,
            Self::ForceStage { .. } => CommandVerb::ForceStage,
            Self::Skip { satisfies: false, .. } => CommandVerb::Skip,
            Self::Skip { satisfies: true, .. } => CommandVerb::SkipSatisfied,
            Self::Unskip { .. } => CommandVerb::Unskip,
            Self::Cancel { .. } => CommandVerb::Cancel,
            Self::SetCompleted { .. } => CommandVerb::SetCompleted,
            Self::SetFailed { .. } => CommandVerb::SetFailed,
            Self::Approve { .. } => CommandVerb::Approve,
            Self::Reject { .. } => CommandVerb::Reject,
            Self::Resolve { .. } => CommandVerb::Resolve,
            Self::Probe { .. } => CommandVerb::Probe,
            Self::Recover { paused: false } => CommandVerb::Recover,
            Self::Recover { paused: true } => CommandVerb::RecoverPaused,
            Self::SetPriority { .. } => CommandVerb::SetPriority,
            Self::CatchUp { .. } => CommandVerb::CatchUp,
            Self::CancelRun => CommandVerb::CancelRun,
            Self::Flatten { .. } => CommandVerb::Flatten,
            Self::Arm => CommandVerb::Arm,
            Self::Disarm => CommandVerb::Disarm,
            Self::Acknowledge { .. } => CommandVerb::Acknowledge,
            Self::TightenTrading { to: TradingState::Killed } => CommandVerb::Kill,
            Self::TightenTrading { to: TradingState::Active | TradingState::ReduceOnly } => {
                CommandVerb::ReduceOnly
            }
            Self::ReEnableTrading { .. } => CommandVerb::ReEnable,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_and_titles_are_unique_and_read_back() {
        let words: BTreeSet<_> = CommandVerb::ALL.iter().map(|verb| verb.as_str()).collect();
        let titles: BTreeSet<_> = CommandVerb::ALL.iter().map(|verb| verb.title()).collect();
        let verbs: BTreeSet<_> = CommandVerb::ALL.into_iter().collect();
        assert_eq!((words.len(), titles.len(), verbs.len()), (35, 35, 35));
        for verb in CommandVerb::ALL {
            assert_eq!(CommandVerb::from_word(verb.as_str()), Some(verb));
            assert!(verb.as_str().chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{verb}");
        }
    }
}
