//! From a key to an act: what is aimed at, what the engine says it would do, agreeing, taking back.
//!
//! Nothing is done from a row of a screen. An act is proposed by ids; the engine answers with a
//! plan; the plan is agreed to by its hash, and checked once more by the engine. Brakes go straight.
mod aim;
mod flow;
mod state;
mod trading;

pub(super) use aim::{act, arm, asking, barred, command, fixed, halt_lapses, meant};
pub(super) use flow::{
    agree, answered, brake, denied, moved, propose_again, proposed, recall, reject, resized,
    stands, tick,
};
pub(super) use state::Acts;
pub(super) use trading::{ask_kill, kill};
