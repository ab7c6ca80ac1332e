//! What a key can ask for; the words between the key table and the code that acts.

/// One thing a person can ask of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
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
    /// To the next pane.
    NextPane,
    /// To the pane before.
    PrevPane,
    /// The screen of the day.
    Day,
    /// The screen of the tasks.
    Tasks,
    /// The screen of the agents.
    Agents,
    /// The screen of the events.
    Events,
    /// The screen of the log.
    Log,
    /// Open the selected thing.
    Open,
    /// One step out.
    Back,
    /// Ask for a filter.
    Filter,
    /// Follow the newest line.
    Follow,
    /// Show the keys.
    Help,
    /// Ask how to leave.
    Leave,
    /// Close what is open, else ask how to leave.
    Interrupt,
    /// Draw anew.
    Redraw,
    /// To the shell.
    Suspend,
    /// To the next field of a dialog.
    Next,
    /// To the field before.
    Prev,
    /// Press the focused button, take the text.
    Accept,
    /// Close the dialog, do nothing.
    Close,
    /// Tick a box, or clear it.
    Toggle,
    /// Pause or resume around a task.
    Pause,
    /// Pause or resume an agent.
    PauseAgent,
    /// Pause or resume the engine.
    PauseAll,
    /// Throw the kill switch, or lift it.
    Halt,
    /// Try again.
    Retry,
    /// Try again with what was blocked.
    RetryBlocked,
    /// Hold back.
    Hold,
    /// Let go.
    Release,
    /// Start before the window.
    RunNow,
    /// Start despite unmet conditions.
    Force,
    /// Start a stage despite unmet conditions.
    ForceStage,
    /// Stop or call off.
    Cancel,
    /// Decide that it will not run.
    Skip,
    /// Take a skip back.
    Unskip,
    /// Answer an approval.
    Approve,
    /// Do again.
    Rerun,
    /// Change the priority.
    Priority,
    /// Resolve an effect in doubt.
    Resolve,
    /// Say that it is done.
    SetOk,
    /// Say that it is wrong.
    SetFailed,
    /// End the run.
    CancelRun,
}

impl Action {
    /// Every action; the tests of the key table ask for each.
    pub const ALL: &[Self] = &[
        Self::Up,
        Self::Down,
        Self::PageUp,
        Self::PageDown,
        Self::Top,
        Self::Bottom,
        Self::NextPane,
        Self::PrevPane,
        Self::Day,
        Self::Tasks,
        Self::Agents,
        Self::Events,
        Self::Log,
        Self::Open,
        Self::Back,
        Self::Filter,
        Self::Follow,
        Self::Help,
        Self::Leave,
        Self::Interrupt,
        Self::Redraw,
        Self::Suspend,
        Self::Next,
        Self::Prev,
        Self::Accept,
        Self::Close,
        Self::Toggle,
        Self::Pause,
        Self::PauseAgent,
        Self::PauseAll,
        Self::Halt,
        Self::Retry,
        Self::RetryBlocked,
        Self::Hold,
        Self::Release,
        Self::RunNow,
        Self::Force,
        Self::ForceStage,
        Self::Cancel,
        Self::Skip,
        Self::Unskip,
        Self::Approve,
        Self::Rerun,
        Self::Priority,
        Self::Resolve,
        Self::SetOk,
        Self::SetFailed,
        Self::CancelRun,
    ];

    /// Whether it ends in a command to the engine.
    #[must_use]
    pub fn changes_the_run(self) -> bool {
        // The acts stand last in the list above, from the first to the last.
        self >= Self::Pause
    }

    /// Whether holding the key down may repeat it: moving, nothing else.
    #[must_use]
    pub const fn repeats(self) -> bool {
        matches!(
            self,
            Self::Up | Self::Down | Self::PageUp | Self::PageDown | Self::Next | Self::Prev
        )
    }
}
