//! What a key can ask for; the words between the key table and the code that acts.
//!
//! Sorted by who obeys, so that each obeys all of its own and no one else's.

use super::{list_actions::ListAction, nav::Screen};
use engine::control::CommandVerb;

/// One thing a person can ask of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Move in the focused list or text.
    Move(CursorMotion),
    /// Go somewhere, open or close something.
    Go(Navigation),
    /// Answer what lies over the screen.
    Popup(PopupAction),
    /// What means the same with or without something over the screen.
    Global(GlobalAction),
    /// Look at another moment.
    Time(TimeAction),
    /// Do something with the rows in sight.
    List(ListAction),
    /// Act on the run.
    Command(CommandAction),
}

/// A way through time. It moves the view, never the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeAction {
    /// Let the view stand, or go on.
    Freeze,
    /// Back to the live run.
    Live,
    /// An event back.
    Back,
    /// An event on.
    Forward,
    /// A minute back.
    MinuteBack,
    /// A minute on.
    MinuteForward,
    /// Let the moment move on by itself, or stand.
    Play,
}

/// A movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CursorMotion {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
}

/// Somewhere to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Navigation {
    /// To the next pane.
    NextPane,
    /// To the pane before.
    PrevPane,
    /// To a screen.
    To(Screen),
    /// To the screen before.
    HistoryBack,
    /// To the screen one came back from.
    HistoryForward,
    /// To and fro between two screens.
    HistoryLast,
    /// Give the focused pane more room.
    Zoom,
    /// Give the focused pane less room.
    Unzoom,
    /// Show what keeps the selected task.
    Why,
    /// Show less of the day's time axis, more of it, an earlier or a later part.
    Axis(AxisAction),
    /// Open the selected thing.
    Open,
    /// One step out.
    Back,
    /// Ask for a filter.
    Filter,
    /// Follow the newest line.
    Follow,
    /// Let the run's clock go faster.
    Faster,
    /// Let the run's clock go slower.
    Slower,
    /// Compare the selected thing with another of its kind.
    Diff,
    /// Try out what the acts on the selected task would do; on the plan, play the day again.
    PreviewCommands,
    /// Show where what is planned for the selected task comes from.
    Origins,
    /// Choose a theme.
    Themes,
    /// Type a command.
    Command,
    /// Find an action or a thing by a few letters.
    Palette,
    /// Show the keys.
    Help,
    /// Ask how to leave.
    Leave,
}

/// A move of the day's time axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AxisAction {
    /// Less of the day, around now.
    In,
    /// More of the day.
    Out,
    /// An earlier part.
    Earlier,
    /// A later part.
    Later,
}

/// A move in a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PopupAction {
    /// To the next field.
    Next,
    /// To the field before.
    Prev,
    /// Press the focused button, take the text.
    Accept,
    /// Close it, do nothing.
    Close,
    /// Tick a box, or clear it.
    Toggle,
    /// Fewer of what is at hand.
    Less,
    /// More of it, up to what was planned.
    More,
    /// Type how many.
    Shares,
    /// Take what the line offers to add.
    Complete,
    /// To the choice in this place, from 0.
    Nth(usize),
}

/// What means the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GlobalAction {
    /// Close what is open, else ask how to leave.
    Interrupt,
    /// Draw anew.
    Redraw,
    /// To the shell.
    Suspend,
    /// Take back what was agreed to last.
    Recall,
    /// Arm the session, or disarm it.
    Arm,
    /// Take the mouse, or give it back.
    Mouse,
}

/// An act on the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CommandAction {
    /// Halt trading; its key is pressed twice.
    Halt,
    /// Pause or resume the engine.
    PauseAll,
    /// Pause or resume the selected agent.
    PauseAgent,
    /// Say that the selected alert was seen.
    Acknowledge,
    /// End the run.
    CancelRun,
    /// Change what may be sent.
    Trading(TradingAction),
    /// Close positions.
    Flatten,
    /// Let a run that is taken up go on.
    Recover,
    /// Let it go on, the engine paused at once.
    RecoverPaused,
    /// On the selected task.
    Task(TaskAction),
}

/// A change of the trading state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TradingAction {
    /// Ask which.
    Ask,
    /// Only what makes positions smaller.
    ReduceOnly,
    /// No new orders; working orders are cancelled.
    Halt,
    /// Nothing, and agents stop.
    Kill,
    /// One step looser.
    ReEnable,
}

/// An act on a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskAction {
    /// Pause or resume around it.
    Pause,
    /// Start it despite unmet conditions.
    Force,
    /// Start its stage despite unmet conditions.
    ForceStage,
    /// Decide that it will not run.
    Skip,
    /// Answer an approval.
    Approve,
    /// Change its priority.
    Priority,
    /// Resolve an effect in doubt.
    Resolve,
    /// What needs nothing but its target.
    Do(TaskVerb),
}

/// An act that needs nothing but its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskVerb {
    /// Try again.
    Retry,
    /// Try again with what was blocked.
    RetryDownstream,
    /// Hold back.
    Hold,
    /// Let go.
    Release,
    /// Start before the window.
    RunNow,
    /// Stop or call off.
    Cancel,
    /// Take a skip back.
    Unskip,
    /// Do again.
    Rerun,
    /// Say that it is done.
    SetCompleted,
    /// Say that it is wrong.
    SetFailed,
    /// Ask the outside what became of it.
    Probe,
}

impl CommandAction {
    /// Returns the verbs its key may ask for, the one it is named after first.
    #[must_use]
    pub const fn verbs(self) -> &'static [CommandVerb] {
        match self {
            Self::Halt => &[CommandVerb::Halt],
            Self::PauseAll | Self::PauseAgent => &[CommandVerb::Pause, CommandVerb::Resume],
            Self::Acknowledge => &[CommandVerb::Acknowledge],
            Self::CancelRun => &[CommandVerb::CancelRun],
            Self::Trading(on) => on.verbs(),
            Self::Flatten => &[CommandVerb::Flatten],
            Self::Recover => &[CommandVerb::Recover],
            Self::RecoverPaused => &[CommandVerb::RecoverPaused],
            Self::Task(on) => on.verbs(),
        }
    }
}

impl TradingAction {
    const fn verbs(self) -> &'static [CommandVerb] {
        match self {
            Self::Ask => &[
                CommandVerb::ReduceOnly,
                CommandVerb::Halt,
                CommandVerb::Kill,
                CommandVerb::ReEnable,
            ],
            Self::ReduceOnly => &[CommandVerb::ReduceOnly],
            Self::Halt => &[CommandVerb::Halt],
            Self::Kill => &[CommandVerb::Kill],
            Self::ReEnable => &[CommandVerb::ReEnable],
        }
    }
}

impl TaskAction {
    const fn verbs(self) -> &'static [CommandVerb] {
        match self {
            Self::Pause => &[CommandVerb::Pause, CommandVerb::Resume],
            Self::Force => &[CommandVerb::Force],
            Self::ForceStage => &[CommandVerb::ForceStage],
            Self::Skip => &[CommandVerb::Skip, CommandVerb::SkipSatisfied, CommandVerb::Unskip],
            Self::Approve => &[CommandVerb::Approve, CommandVerb::Reject],
            Self::Priority => &[CommandVerb::SetPriority],
            Self::Resolve => {
                &[CommandVerb::SetCompleted, CommandVerb::SetFailed, CommandVerb::Resolve]
            }
            Self::Do(verb) => verb.verbs(),
        }
    }
}

impl TaskVerb {
    const fn verbs(self) -> &'static [CommandVerb] {
        match self {
            Self::Retry => &[CommandVerb::Retry, CommandVerb::Rerun],
            Self::RetryDownstream => &[CommandVerb::RetryDownstream],
            Self::Hold => &[CommandVerb::Hold, CommandVerb::Release],
            Self::Release => &[CommandVerb::Release],
            Self::RunNow => &[CommandVerb::RunNow],
            Self::Cancel => &[CommandVerb::Cancel],
            Self::Unskip => &[CommandVerb::Unskip],
            Self::Rerun => &[CommandVerb::Rerun],
            Self::SetCompleted => &[CommandVerb::SetCompleted],
            Self::SetFailed => &[CommandVerb::SetFailed],
            Self::Probe => &[CommandVerb::Probe],
        }
    }
}

impl Action {
    /// Whether it may end in an order to the engine.
    #[must_use]
    pub const fn changes_the_run(self) -> bool {
        matches!(self, Self::Command(_))
    }

    /// Whether holding the key down may repeat it: moving, nothing else.
    #[must_use]
    pub fn repeats(self) -> bool {
        let steps = [
            TimeAction::Back,
            TimeAction::Forward,
            TimeAction::MinuteBack,
            TimeAction::MinuteForward,
        ];
        matches!(self, Self::Move(_) | Self::Popup(PopupAction::Next | PopupAction::Prev))
            || steps.map(Self::Time).contains(&self)
    }
}
