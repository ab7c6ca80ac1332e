//! Tells the notifiers what the alerts of a run are, and when they are over.

mod alert_teller;
mod run_notifiers;

pub(crate) use run_notifiers::{NotifierGuard, notifiers, outboxes, start_notifiers};
