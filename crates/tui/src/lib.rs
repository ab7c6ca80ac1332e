//! The terminal console: a model, a function that changes it, a function that draws it.
//!
//! [`update()`] takes one message and says what is to be done outside; `view()` draws the model.
//! Neither reads a clock nor writes anything, so a frame of any moment can be drawn at any other.

mod action;
mod audit_trail;
mod chord;
mod command_choices;
pub mod command_line;
mod commands;
mod cursor;
mod event_window;
mod fix_hint;
mod focus;
mod force_conditions;
mod frame_text;
mod frame_throttle;
mod ingest;
mod input_history;
mod key_input;
mod key_script;
pub mod keymap;
mod layout;
mod list_actions;
pub mod log_line;
mod model;
mod msg;
mod nav;
mod pause_dialogs;
pub mod popup;
mod screens;
mod selections;
mod task_list;
pub mod terminal;
mod theme;
mod time_travel;
mod unavailable;
mod update;
mod view;
mod widget;
mod window_status;

pub use self::view::draw;
pub use action::{
    Action, AxisAction, CommandAction, CursorMotion, GlobalAction, Navigation, PopupAction,
    TaskAction, TaskVerb, TimeAction,
};
pub use chord::Chord;
pub use frame_text::{frame_row, frame_text, render_frame};
pub use frame_throttle::FrameThrottle;
pub use key_script::KeyScript;
pub use layout::LayoutDensity;
pub use list_actions::{
    ExportFormat, ListAction, MarkAction, SavedFilters, SavedFiltersError, StreamAction,
};
pub use model::{ConsoleKind, ConsoleSettings, Model, Pane, ScenarioLabel, StatusMessage};
pub use msg::{Effect, Msg, QuitMode};
pub use nav::{PaneZoom, Screen};
pub use popup::{CommandDialog, DialogFocus, Popup};
pub use theme::{ColorDepth, Theme, choose_depth};
pub use time_travel::{DryRunRecording, RunRecording};
pub use update::update;
pub use window_status::{WindowStatus, window_status};
