//! Where a key means something, and whose keys a place knows beside its own.

/// Where a key means something. A scope has parents, whose keys it knows too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyScope {
    /// In every place, dialogs and text fields included.
    Global,
    /// On every screen, while no dialog is open.
    Screen,
    /// Where a task is selected.
    Task,
    /// Where an agent is selected.
    Agent,
    /// In a stream of events or log lines.
    Stream,
    /// In another list: alerts, runs, the plan, the audit.
    List,
    /// Where an alert is selected.
    Alert,
    /// On the screen of a run that is taken up.
    Recovery,
    /// In a dialog.
    Dialog,
    /// In the list of conditions of an act's dialog.
    Force,
    /// On an order in the dialog of an approval.
    Orders,
    /// In the question with which a late day begins.
    LateStart,
    /// In a line that is answered with one letter.
    Confirm,
    /// In a text field.
    Text,
    /// In a prompt at the foot of the screen: a filter, a name.
    Prompt,
    /// After the key that sorts.
    Sort,
    /// After the key that exports.
    Export,
    /// On the command line.
    Command,
    /// In the help and in the palette.
    Help,
}

impl KeyScope {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 19] = [
        Self::Screen,
        Self::Task,
        Self::Agent,
        Self::Stream,
        Self::List,
        Self::Alert,
        Self::Recovery,
        Self::Dialog,
        Self::Force,
        Self::Orders,
        Self::LateStart,
        Self::Confirm,
        Self::Text,
        Self::Prompt,
        Self::Sort,
        Self::Export,
        Self::Command,
        Self::Help,
        Self::Global,
    ];

    /// The scope itself and its parents, nearest first.
    #[must_use]
    pub const fn ancestors(self) -> &'static [Self] {
        match self {
            Self::Global => &[Self::Global],
            Self::Screen => &[Self::Screen, Self::Global],
            Self::Task => &[Self::Task, Self::Screen, Self::Global],
            Self::Agent => &[Self::Agent, Self::Screen, Self::Global],
            Self::Stream => &[Self::Stream, Self::Screen, Self::Global],
            Self::List => &[Self::List, Self::Screen, Self::Global],
            Self::Alert => &[Self::Alert, Self::List, Self::Screen, Self::Global],
            Self::Recovery => &[Self::Recovery, Self::Screen, Self::Global],
            Self::Dialog => &[Self::Dialog, Self::Global],
            Self::Force => &[Self::Force, Self::Dialog, Self::Global],
            Self::Orders => &[Self::Orders, Self::Force, Self::Dialog, Self::Global],
            Self::LateStart => &[Self::LateStart, Self::Dialog, Self::Global],
            Self::Confirm => &[Self::Confirm, Self::Global],
            Self::Text => &[Self::Text, Self::Global],
            Self::Prompt => &[Self::Prompt, Self::Global],
            Self::Sort => &[Self::Sort, Self::Global],
            Self::Export => &[Self::Export, Self::Global],
            Self::Command => &[Self::Command, Self::Global],
            Self::Help => &[Self::Help, Self::Text, Self::Global],
        }
    }

    /// The heading over its keys.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Global => "everywhere",
            Self::Screen => "on every screen",
            Self::Task => "on the selected task",
            Self::Agent => "on the selected agent",
            Self::Stream => "in events and log",
            Self::List => "in alerts, runs, plan and audit",
            Self::Alert => "on the selected alert",
            Self::Recovery => "on a run that is being recovered",
            Self::Dialog => "in a dialog",
            Self::Force => "on a line of a dialog that may be ticked",
            Self::Orders => "on an order to approve",
            Self::LateStart => "where a day begins late",
            Self::Confirm => "in a line that asks yes or no",
            Self::Text => "in a text field",
            Self::Prompt => "in a filter or a name",
            Self::Sort => "after s: the column to sort by",
            Self::Export => "after ^s: the form of the file",
            Self::Command => "on the command line",
            Self::Help => "in the help and the palette",
        }
    }

    /// Whether there is a place that knows the keys of both.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        Self::ALL.iter().any(|scope| {
            let chain = scope.ancestors();
            chain.contains(&self) && chain.contains(&other)
        })
    }

    /// Whether letters are text there, or in a place that knows its keys.
    #[must_use]
    pub fn accepts_text(self) -> bool {
        [Self::Text, Self::Prompt, Self::Command].into_iter().any(|scope| self.overlaps(scope))
    }
}
