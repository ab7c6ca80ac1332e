//! From a key to an act: what is aimed at, what the engine says it would do, agreeing, taking back.
//!
//! Nothing is done from a row of a screen. An act is proposed by ids; the engine answers with a
//! plan; the plan is agreed to by its hash, and checked once more by the engine. Brakes go straight.

mod begin;
mod flatten;
mod pending;
mod propose_commit;
mod trading;

pub(super) use begin::{
    begin_command, command_of, effective_verb, halt_lapses, propose_fixed, task_awaiting_approval,
    toggle_armed, unavailable_reason,
};
pub(super) use pending::PendingCommands;
pub(super) use propose_commit::{
    commit_dialog, not_armed_reason, on_commit_result, on_preview, on_resize, on_session_status,
    recall, refresh_if_stale, refresh_preview, reject_approval, send_brake, tick,
};
pub(super) use trading::{ask_kill_word, confirm_kill};
