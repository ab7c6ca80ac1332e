//! The parts of the inspector that stand on their own: attempts, reasons, inputs, output, log, diff.

use chrono::{DateTime, Utc};

pub use super::inspect::attempt_rows;
use super::{
    diff::{self, AttemptDiff},
    pretty::{PrettyLine, pretty_lines},
    why::{self, StateReason},
};
use engine::{RecordedEvent, ResultQuality, RunState};
use planning::{id::TaskId, plan::TaskIx};

/// One part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Tab {
    /// An overview, as `inspect` shows it.
    #[default]
    Overview,
    /// Attempts, oldest first.
    Attempts,
    /// The reasons for the wait or for the end.
    Reasons,
    /// Its parameters.
    Inputs,
    /// The last output.
    Output,
    /// Lines of the log that name it.
    Log,
    /// Its last two attempts compared.
    Diff,
}

impl Tab {
    /// All seven, in order.
    pub const ALL: [Self; 7] = [
        Self::Overview,
        Self::Attempts,
        Self::Reasons,
        Self::Inputs,
        Self::Output,
        Self::Log,
        Self::Diff,
    ];

    /// The word on screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Attempts => "attempts",
            Self::Reasons => "reasons",
            Self::Inputs => "inputs",
            Self::Output => "output",
            Self::Log => "log",
            Self::Diff => "diff",
        }
    }

    /// The one after it, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        let mut all = Self::ALL.into_iter().cycle().skip_while(|tab| *tab != self);
        all.nth(1).unwrap_or(self)
    }

    /// The one before it, round and round.
    #[must_use]
    pub fn previous(self) -> Self {
        let mut all = Self::ALL.into_iter().rev().cycle().skip_while(|tab| *tab != self);
        all.nth(1).unwrap_or(self)
    }
}

/// Returns why a task does not run or ended as it did; see `why::why`.
#[must_use]
pub fn state_reasons(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> Vec<StateReason> {
    why::state_reasons(run, ix, at)
}

/// The parameters of a task, folded where they lie `depth` deep.
#[must_use]
pub fn input_lines(run: &RunState, ix: TaskIx, depth: usize) -> Vec<PrettyLine> {
    pretty_lines(&run.plan().task(ix).task_data, depth)
}

/// Returns what a task gave last, folded where it lies `depth` deep; nothing before it gave
/// anything.
#[must_use]
pub fn output_lines(run: &RunState, ix: TaskIx, depth: usize) -> Vec<PrettyLine> {
    let Some(outcome) = &run.task(ix).outcome else { return Vec::new() };
    if outcome.output.is_null() {
        return Vec::new();
    }
    pretty_lines(&outcome.output, depth)
}

/// Returns how good the result is, when there is more to say than that it is there.
#[must_use]
pub fn result_quality(run: &RunState, ix: TaskIx) -> Option<&'static str> {
    match run.task(ix).outcome.as_ref()?.quality {
        ResultQuality::Ok => None,
        ResultQuality::Degraded => Some("degraded: usable, with warnings"),
        ResultQuality::Abstained => Some("abstained: the agent gave no opinion"),
    }
}

/// Returns whether a line of the log names a task, as a word of its own: `risk` is not named by
/// `risk_check`.
#[must_use]
pub fn mentions_task(text: &str, task: &TaskId) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let id = task.as_str();
    text.match_indices(id).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + id.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    })
}

/// The last two attempts of a task compared, from the events of its run; `None` before it had two.
pub fn last_two<'a>(
    events: impl IntoIterator<Item = &'a RecordedEvent>,
    ix: TaskIx,
    at: DateTime<Utc>,
) -> Option<AttemptDiff> {
    match diff::attempts_of(events, ix).as_slice() {
        [.., before, last] => Some(diff::diff_attempts(before, last, at)),
        [] | [_] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::FailureKind;
    use testkit::sample::{self, SampleRun, exchange_time, task};

    #[test]
    fn a_task_is_named_by_its_whole_name_alone() {
        let id = TaskId::parse("risk").unwrap();
        for (text, named) in [
            ("risk failed", true),
            ("task=risk, attempt 2", true),
            ("the `risk`", true),
            ("risk_check failed; risk too", true),
            ("risk_check failed", false),
            ("pre-risk", false),
            ("ärisk", false),
            ("", false),
        ] {
            assert_eq!(mentions_task(text, &id), named, "{text}");
        }
    }

    #[test]
    fn the_last_two_attempts_are_compared_once_there_are_two() {
        let mut day = SampleRun::start(sample::sample_plan(vec![task("a", 2)]), "10:30");
        assert_eq!(last_two(&day.events, TaskIx(0), exchange_time("10:31")), None);
        assert!(output_lines(day.run(), TaskIx(0), 9).is_empty());
        day.end_attempt("10:31", 0, sample::failed(FailureKind::Crash, "gone"));
        day.advance_to("10:32");
        day.end_attempt("10:33", 0, sample::completed("ok"));
        let diff = last_two(&day.events, TaskIx(0), exchange_time("10:34")).unwrap();
        let states = diff.rows.iter().find(|row| row.label == "state").unwrap();
        assert_eq!(states.to_line(), "state: COMPLETED, before RETRYING");
        assert_eq!(output_lines(day.run(), TaskIx(0), 1)[1].text, "\"data\": { 1 field }");
        assert_eq!(input_lines(day.run(), TaskIx(0), 0)[0].text, "{ 1 field }");
        assert_eq!(result_quality(day.run(), TaskIx(0)), None);
    }

    #[test]
    fn tabs_go_round_either_way() {
        for tab in Tab::ALL {
            assert_eq!((tab.next().previous(), tab.previous().next()), (tab, tab));
        }
        assert_eq!(Tab::Diff.next(), Tab::Overview);
    }
}
