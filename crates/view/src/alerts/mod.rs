//! What somebody should look at or answer: alerts with who saw them, approvals with their deadline.

mod inbox;

pub use inbox::{AlertRow, ApprovalRow, alert_label, alert_rows, approval_rows};
