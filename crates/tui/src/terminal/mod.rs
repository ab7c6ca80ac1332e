//! The terminal itself: taken and given back, written to once a frame, talked to beside the frame.

mod canvas;
mod capabilities;
mod cell_backend;
mod escape_codes;
mod guard;
mod notification_limit;

pub use canvas::{Canvas, WriteStats};
pub use capabilities::{
    Multiplexer, NotificationChannel, TerminalCapabilities, WindowSupport, detect_capabilities,
};
pub use escape_codes::{COPY_MAX, copy, notify, progress, title};
pub use guard::{TerminalGuard, restore_terminal};
pub use notification_limit::NotificationLimit;
