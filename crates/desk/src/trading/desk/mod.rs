//! The desk of one day: the one place of this area with state that agents share.
//!
//! A [`Desk`] stands behind one mutex, since six agents on worker threads ask it questions that must
//! all see one book; every method takes the moment it is asked at. What it knows is the fold of its
//! facts, and a fact is in its log before anything follows from it: an order is on disk before it is
//! sent, and what was sent is never sent again, whatever became of the answer.

mod approvals;
mod broker_sync;
mod fact;
mod kill_switch;
mod memory;
mod open;
mod order_log;
mod order_outcome;
mod order_report;
mod send_orders;
mod slices;
mod state;
mod trading_state;
mod view;

pub use self::view::DeskView;
pub use approvals::DeskError;
pub use fact::TradePlanRejection;
pub use kill_switch::{CancelSummary, ExternalTradingState, KillSwitch};
pub use open::{DeskBacking, DeskConfig, OpenDeskError};
pub use order_outcome::OrderOutcome;
pub use send_orders::{IntentOutcome, SendOptions};
pub use state::Desk;
pub use trading_state::{TradingStateChange, TradingStateError};
