//! The filter of the process's log, as a request over the attach protocol changes it.

use std::sync::OnceLock;

use engine::{CommandRefusal, control::CommitError};

/// Sets the filter; says what is wrong with it.
pub type LogFilterSetter = Box<dyn Fn(&str) -> Result<(), String> + Send + Sync>;

/// There is one log in a process.
static SETTER: OnceLock<LogFilterSetter> = OnceLock::new();

/// Longest text of a filter, in bytes.
const FILTER_MAX: usize = 1_024;

/// Registers what changes the filter, once the log is open. Later calls change nothing.
pub fn register_log_filter(setter: LogFilterSetter) {
    // The log of a process is opened once.
    let _ = SETTER.set(setter);
}

/// Changes the filter of the process's log.
pub(super) fn change_log_filter(filter: &str) -> Result<(), CommitError> {
    let changed = match SETTER.get() {
        None => Err("this process keeps no log".to_owned()),
        Some(_) if filter.len() > FILTER_MAX => Err("it is longer than 1024 bytes".to_owned()),
        Some(set) => set(filter),
    };
    changed.map_err(|why| {
        CommitError::Refused(CommandRefusal {
            what: "the log filter".into(),
            state: None,
            why,
            remedy: Some("write a level, or TARGET=LEVEL with commas".into()),
        })
    })
}
