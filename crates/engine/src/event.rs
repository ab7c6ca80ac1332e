//! What can happen in a run: facts, past tense.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    command::{Actor, Command, CommandRefusal, Waiver},
    event_types::{
        AlertSeverity, ApprovalRejection, Gate, NoRetryReason, PauseMode, Provenance, ResetCause,
        RunEnd, SkipReason, TimeoutCause,
    },
    in_doubt::ProbeFinding,
    late_start::ExcuseReason,
    outcome::{Failure, TaskResult},
    trading_state::TradingState,
};
use planning::{
    plan::{AgentIx, DayPlan, StageIx, TaskIx},
    workflow::TaskPriority,
};

/// A fact about a run. Past tense; never a wish.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The run began with this plan.
    WorkflowStarted {
        /// What will be done.
        plan: Arc<DayPlan>,
    },
    /// The run ended, all required work done.
    WorkflowCompleted {
        /// How well.
        end: RunEnd,
    },
    /// The run ended, and required work was not done.
    WorkflowFailed {
        /// What was not done, or why the run was given up.
        why: String,
    },
    /// A person ended the run.
    WorkflowCancelled,
    /// Work went on without a break for longer than `workflow_timeout`: what runs is stopped, what
    /// waits is not started, and the run fails once all of it has ended.
    WorkflowTimedOut {
        /// The start of that stretch of work.
        since: DateTime<Utc>,
    },

    /// A stage opened.
    StageStarted {
        /// Which.
        stage: StageIx,
    },
    /// Every task of a stage ended, all required ones well.
    StageCompleted {
        /// Which.
        stage: StageIx,
        /// How many of its tasks ended badly, required or not, or were answered with no.
        issues: u32,
    },
    /// A stage ended with a required task not done.
    StageFailed {
        /// Which.
        stage: StageIx,
        /// How many of its tasks ended badly or were answered with no.
        issues: u32,
    },
    /// A stage's window closed before any of its tasks started.
    StageMissed {
        /// Which.
        stage: StageIx,
    },
    /// A stage is open, nothing of it is active, and nothing can start without a person.
    StageStuck {
        /// Which.
        stage: StageIx,
    },
    /// A stuck stage moves again.
    #[serde(rename = "stage_unstuck")]
    StageMoving {
        /// Which.
        stage: StageIx,
    },
    /// A person forced a stage open past its window.
    StageForced {
        /// Which.
        stage: StageIx,
        /// What was waived.
        waivers: Vec<Waiver>,
    },

    /// Everything a task waits for is there but a slot.
    TaskQueued {
        /// Which.
        task: TaskIx,
    },
    /// What a queued task waited for is no longer there.
    #[serde(rename = "task_unqueued")]
    TaskDequeued {
        /// Which.
        task: TaskIx,
    },
    /// An agent was asked to work on a task.
    TaskStarted {
        /// Which.
        task: TaskIx,
        /// Which attempt of this generation, from 1. An answer must carry it.
        attempt: u32,
    },
    /// A task succeeded; its last word.
    TaskCompleted {
        /// Which.
        task: TaskIx,
        /// How it came to be.
        provenance: Provenance,
        /// What it gave.
        outcome: Arc<TaskResult>,
    },
    /// One round of a monitoring loop ended well; another follows.
    #[serde(rename = "task_ticked")]
    TaskRoundCompleted {
        /// Which.
        task: TaskIx,
        /// What the round gave.
        outcome: Arc<TaskResult>,
        /// When the next round may start.
        next_at: DateTime<Utc>,
    },
    /// One round of a monitoring loop failed for good; another follows all the same.
    TaskRoundFailed {
        /// Which.
        task: TaskIx,
        /// What went wrong.
        failure: Box<Failure>,
        /// Failed rounds in a row, this one included.
        in_a_row: u32,
        /// When the next round may start.
        next_at: DateTime<Utc>,
    },
    /// An attempt failed and another will follow. Never the last word on a task.
    TaskRetrying {
        /// Which.
        task: TaskIx,
        /// The attempt that failed.
        attempt: u32,
        /// What went wrong.
        failure: Box<Failure>,
        /// When the next attempt may start.
        retry_at: DateTime<Utc>,
    },
    /// A task failed; its last word unless a person retries it.
    TaskFailed {
        /// Which.
        task: TaskIx,
        /// What went wrong.
        failure: Box<Failure>,
        /// Why no other attempt follows.
        why: NoRetryReason,
    },
    /// A clock ended a task.
    TaskTimedOut {
        /// Which.
        task: TaskIx,
        /// Which clock.
        clock: TimeoutCause,
    },
    /// Whether an attempt had its effect is not known. Blocks dependants; never tried again blindly.
    TaskInDoubt {
        /// Which.
        task: TaskIx,
        /// Why it is not known.
        failure: Box<Failure>,
    },
    /// An agent was asked to stop.
    TaskCancelling {
        /// Which.
        task: TaskIx,
    },
    /// A task was stopped, or called off before it started.
    TaskCancelled {
        /// Which.
        task: TaskIx,
        /// Whether the agent said that it stopped; true when none was at work.
        confirmed: bool,
    },
    /// A task was decided not to run.
    TaskSkipped {
        /// Which.
        task: TaskIx,
        /// Why.
        why: SkipReason,
        /// Whether dependants may go on as if it had succeeded.
        satisfies: bool,
    },
    /// A person, or silence, said no to what a task asked: it is SKIPPED, and so is what cannot be
    /// done without a yes.
    TaskRejected {
        /// Which.
        task: TaskIx,
        /// Who said no, and why.
        rejection: Box<ApprovalRejection>,
    },
    /// A task cannot run, since something it needs ended badly. Lifts by itself when that changes.
    TaskUpstreamFailed {
        /// Which.
        task: TaskIx,
        /// What it needs.
        culprit: TaskIx,
    },
    /// A task's window closed before it started.
    TaskMissed {
        /// Which.
        task: TaskIx,
    },
    /// A missed task is caught up: it waits like any other again, but for its window.
    TaskCaughtUp {
        /// Which.
        task: TaskIx,
    },
    /// It was decided, in a late start, that a task is not done; that fails nothing.
    #[serde(rename = "task_left")]
    TaskExcused {
        /// Which.
        task: TaskIx,
        /// Why.
        why: ExcuseReason,
    },
    /// A person holds a task back.
    TaskHeld {
        /// Which.
        task: TaskIx,
        /// Who and why, in words.
        by: String,
    },
    /// A held task waits like any other again.
    TaskReleased {
        /// Which.
        task: TaskIx,
    },
    /// A task waits anew: retried by a person, freed by its upstream, or run again.
    TaskReset {
        /// Which.
        task: TaskIx,
        /// Why.
        cause: ResetCause,
    },
    /// A person waived conditions of a task.
    TaskForced {
        /// Which.
        task: TaskIx,
        /// What was waived.
        waivers: Vec<Waiver>,
    },
    /// A task got another priority.
    #[serde(rename = "task_priority_set")]
    TaskPriorityChanged {
        /// Which.
        task: TaskIx,
        /// The new one.
        priority: TaskPriority,
    },
    /// An agent reported how far it is; for display only.
    TaskProgress {
        /// Which.
        task: TaskIx,
        /// The attempt.
        attempt: u32,
        /// Per cent done, 0 to 100.
        percent: u8,
        /// In words.
        note: String,
    },
    /// A task that was at work when the program ended is taken up.
    #[serde(rename = "task_taken_up")]
    TaskRecovered {
        /// Which.
        task: TaskIx,
        /// The attempt that was at work.
        attempt: u32,
        /// Which recovery in a row it is, from 1; 0 where a person is asked again.
        recovery: u32,
        /// When another attempt may start; `None`: the same one is begun again.
        again_at: Option<DateTime<Utc>>,
    },
    /// The outside is asked what became of an effect in doubt.
    #[serde(rename = "task_probing")]
    TaskProbeStarted {
        /// Which.
        task: TaskIx,
        /// How often it was asked, this time included. An answer must carry it.
        probe: u32,
    },
    /// The outside said what it knows of an effect in doubt.
    #[serde(rename = "task_probed")]
    TaskProbeCompleted {
        /// Which.
        task: TaskIx,
        /// Of which probe this is the answer.
        probe: u32,
        /// What it knows.
        probed: ProbeFinding,
        /// What was asked and answered, in a line.
        evidence: String,
        /// When it is asked again, if it is.
        next_at: Option<DateTime<Utc>>,
    },
    /// An answer came for an attempt that is no longer running. Changes nothing.
    LateResult {
        /// Which task.
        task: TaskIx,
        /// The attempt that answered.
        attempt: u32,
        /// What it said, in a line.
        said: String,
    },

    /// The run is taken up after its program ended: nothing is started until it is said to go on.
    #[serde(rename = "recovery_began")]
    RecoveryStarted {
        /// How often it was taken up, from 1.
        number: u32,
        /// When, on the wall's clock.
        wall: DateTime<Utc>,
    },
    /// What was decided about each task is done, and the run goes on.
    #[serde(rename = "recovery_ended")]
    RecoveryCompleted,

    /// A gate closed.
    GateClosed {
        /// Which.
        gate: Gate,
        /// What it stops.
        mode: PauseMode,
        /// When it opens by itself, if it does.
        until: Option<DateTime<Utc>>,
        /// Who closed it and why, in words.
        by: String,
    },
    /// A gate opened.
    GateOpened {
        /// Which.
        gate: Gate,
    },
    /// An agent failed at a task, or failed to answer.
    AgentError {
        /// Which agent.
        agent: AgentIx,
        /// At which task.
        task: TaskIx,
        /// In a line.
        error: String,
        /// Failures inside the breaker's window, this one included.
        recent: u32,
    },
    /// An agent failed too often and gets no work for a while.
    BreakerOpened {
        /// Which agent.
        agent: AgentIx,
        /// When one task may probe it.
        until: DateTime<Utc>,
    },
    /// An agent with an open breaker gets one task on trial.
    BreakerHalfOpened {
        /// Which agent.
        agent: AgentIx,
    },
    /// An agent with an open breaker works again.
    BreakerClosed {
        /// Which agent.
        agent: AgentIx,
    },

    /// Something somebody should know.
    SystemAlert {
        /// How loud.
        severity: AlertSeverity,
        /// A stable word for the kind of alert: `loop_failing`, `stage_stuck`, `pause_forgotten`, …
        code: String,
        /// In words.
        text: String,
    },
    /// Something happened in the market.
    MarketEvent {
        /// A stable word for the kind: `open`, `close`, `vix`, `halt`, `fomc_statement`, …
        code: String,
        /// In words.
        text: String,
    },
    /// A person's (or another machine's) command was accepted.
    #[serde(rename = "operator_acted")]
    CommandAccepted {
        /// The command's id; a second command with it does nothing.
        id: u64,
        /// Who.
        by: Actor,
        /// What.
        command: Box<Command>,
        /// Why, if they said.
        reason: Option<String>,
    },
    /// An operator is armed from now on: acts beyond the brakes are taken from them alone.
    OperatorArmed {
        /// Who.
        by: Actor,
        /// What for.
        reason: String,
        /// The other operator who was armed until now, and no longer is.
        from: Option<Actor>,
    },
    /// Nobody is armed any more.
    OperatorDisarmed {
        /// Who said so: an operator, or the policy by which arming ends.
        by: Actor,
        /// Who was armed.
        was: Actor,
    },
    /// Somebody said that they saw an alert.
    AlertAcknowledged {
        /// The number of the event that raised it.
        alert: u64,
        /// Who.
        by: Actor,
        /// What they said about it, if anything.
        reason: Option<String>,
    },
    /// What may be sent at all became stricter, or looser on a person's word.
    TradingChanged {
        /// What it was.
        from: TradingState,
        /// What it is.
        to: TradingState,
        /// Who brought it about.
        by: Actor,
        /// Why, in words.
        why: String,
    },
    /// An operator asked for positions to be closed; the task is forced in the same step.
    ExitRequested {
        /// The task that closes them.
        task: TaskIx,
        /// The one position to close; all of them where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        symbol: Option<Box<str>>,
        /// Who.
        by: Actor,
    },
    /// What the desk says of its own orders after the trading state changed.
    #[serde(rename = "orders_withdrawn")]
    OrdersCancelled {
        /// How many were withdrawn.
        withdrawn: u32,
        /// How many may still fill.
        working: u32,
    },
    /// A command was refused; nothing changed.
    CommandRefused {
        /// Who.
        by: Actor,
        /// What.
        command: Box<Command>,
        /// What state things are in, why it does not apply, and what does.
        refusal: Box<CommandRefusal>,
    },
}
