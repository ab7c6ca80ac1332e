//! Sends alerts to webhooks, chat, pagers and commands outside of the terminal.
//!
//! This crate must never know a run, an engine or a desk: it takes [`Notification`]s and delivers them.
//! Each notifier has a thread and a durable outbox of its own, so that one that hangs delays neither
//! the run nor another notifier, and what was not delivered is tried again by the next process.

mod declaration;
mod delivery;
mod message;
mod notification;
mod notifier;
mod outbox;
mod quiet_hours;

pub use declaration::{MinSeverity, NotifierDeclaration, NotifierKind, Notifiers, SecretSource};
pub use delivery::{DeliveryError, RetryDelays};
pub use notification::{Notification, NotificationStatus, Severity};
pub use notifier::{NotifierClock, NotifierHandle, NotifierReport, NotifierThreads};
pub use outbox::{NotifierStanding, OutboxError};
pub use quiet_hours::QuietHours;
