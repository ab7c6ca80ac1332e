//! What the four choices of a late start come to, as plain data that serialises to its JSON form.
//!
//! Moments are UTC; lengths of time are whole milliseconds where the name ends in `_ms`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Serialize, Serializer};

use super::CatchUpPlan;
use crate::CatchUpChoice;
use planning::{
    id::{AgentId, StageId, TaskId},
    plan::TaskIx,
    time::Span,
};

/// A late start: what was missed, and what each choice makes of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LateStart {
    /// Name of the run.
    pub run: String,
    /// Trading date, in exchange time.
    pub date: NaiveDate,
    /// When the run begins, or goes on.
    pub at: DateTime<Utc>,
    /// What was missed, in the order of the plan.
    pub missed: Vec<MissedTask>,
    /// Loops that still go on, and the rounds of them that are lost: none is caught up.
    pub rounds: Vec<MissedRounds>,
    /// The choice that gives a useful day with the least caught up.
    #[serde(serialize_with = "as_shown")]
    pub recommended: CatchUpChoice,
    /// The four choices, the recommended one first.
    pub options: Vec<CatchUpOption>,
}

impl LateStart {
    /// What a choice comes to.
    #[must_use]
    pub fn outcome_of(&self, choice: CatchUpChoice) -> Option<&CatchUpOption> {
        self.options.iter().find(|option| option.choice == choice)
    }
}

/// A task whose window passed before it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissedTask {
    /// Its place in the plan.
    #[serde(skip)]
    pub ix: TaskIx,
    /// Its name.
    pub task: TaskId,
    /// Its stage.
    pub stage: StageId,
    /// For when it was planned.
    pub scheduled_for: DateTime<Utc>,
    /// When its window closed.
    pub closed_at: DateTime<Utc>,
    /// How often it was to run: 1, or the rounds of a loop. Caught up, it runs once at most.
    pub occurrences: u64,
}

/// Rounds of a loop that passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissedRounds {
    /// The loop.
    pub task: TaskId,
    /// How many rounds.
    pub rounds: u64,
    /// From round to round.
    pub every: Span,
}

/// Serialises a choice as the word of the command line. The words of the journal are older.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is given by serde")]
fn as_shown<S: Serializer>(choice: &CatchUpChoice, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(choice.as_str())
}

/// What a choice comes to, played on the engine: every attempt takes its estimate and succeeds, people
/// say yes, and every condition holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CatchUpOption {
    /// Which choice.
    #[serde(serialize_with = "as_shown")]
    pub choice: CatchUpChoice,
    /// What it is called before a person.
    pub title: &'static str,
    /// What it decides; the command it stands for.
    #[serde(skip)]
    pub settled: CatchUpPlan,
    /// What is caught up, and when, in order of start.
    pub caught_up: Vec<CaughtUpTask>,
    /// What is excused, and why: missed work, then what cannot run without it.
    pub left: Vec<ExcusedTaskOutlook>,
    /// When the last task caught up ends.
    pub through_at: Option<DateTime<Utc>>,
    /// By when it has ended in nine of ten days with other durations.
    pub through_p90: Option<DateTime<Utc>>,
    /// When orders can go out first, if any can.
    pub tradeable: Option<FirstOrderTime>,
    /// The order tasks of the rest of the day.
    pub orders: Vec<OrderTask>,
    /// What catching up costs each agent; who has nothing to catch up is not named.
    pub load: Vec<AgentLoad>,
    /// Tasks that run and end well.
    pub ran: usize,
    /// Tasks that stay MISSED.
    pub missed: usize,
    /// Tasks that cannot run for lack of something missed: `UPSTREAM_FAILED`.
    pub blocked: usize,
    /// Tasks that are skipped.
    pub skipped: usize,
    /// Tasks that end otherwise; with the four before, every task of the plan.
    pub otherwise: usize,
    /// Whether the day then ends well: all that was chosen is done.
    pub good: bool,
    /// When the last task ends.
    pub ends_at: DateTime<Utc>,
}

/// A task caught up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaughtUpTask {
    /// Its name.
    pub task: TaskId,
    /// When it runs, if it does.
    pub from: Option<DateTime<Utc>>,
    /// When it ends.
    pub to: Option<DateTime<Utc>>,
}

/// A task excused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExcusedTaskOutlook {
    /// Its name.
    pub task: TaskId,
    /// Whether its window is over; else it could run but for what it needs, or the choice.
    pub over: bool,
    /// Why, in words.
    pub why: String,
}

/// When orders can go out first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FirstOrderTime {
    /// The first order task.
    pub task: TaskId,
    /// When it starts.
    pub at: DateTime<Utc>,
    /// By when it has started in nine of ten days with other durations, if in so many it does.
    pub p90: Option<DateTime<Utc>>,
    /// In what share of them any order task starts, 0 to 1.
    pub share: f64,
}

/// A task that sends orders, and whether a plan can still be approved and sent in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderTask {
    /// Its name.
    pub task: TaskId,
    /// When a person is asked, if one is.
    pub asked_at: Option<DateTime<Utc>>,
    /// When it starts; nothing: it does not.
    pub starts_at: Option<DateTime<Utc>>,
    /// After this it may not start.
    pub closes_at: DateTime<Utc>,
    /// Whether it runs only if the day turns out to need it.
    pub if_needed: bool,
}

/// What catching up costs an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgentLoad {
    /// Its name.
    pub agent: AgentId,
    /// Tasks caught up.
    pub tasks: usize,
    /// Time at work on them.
    pub busy_ms: u64,
}
