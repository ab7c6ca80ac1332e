//! The orders of an approval's dialog as a table that may be ticked: as many as fit, around the one at
//! hand, and what is sent of all of them.

use ratatui::{style::Style, text::Line};

use crate::{
    popup::{CommandDialog, DialogFocus, ItemChoice},
    theme::Theme,
    widget::fit,
};
use view::partial_approval::OrdersForApproval;

/// Rows beside the orders: the head of the table, which are in sight, what is sent.
const FRAME: usize = 3;
/// Orders that are in sight in the smallest window.
const LEAST: usize = 3;

/// The table in at most so many rows, but never fewer than show a few orders; empty where no orders
/// are asked about.
pub(super) fn order_table(
    theme: Theme,
    dialog: &CommandDialog,
    (width, rows): (u16, usize),
) -> Vec<Line<'static>> {
    let Some(sends) = dialog.order_totals() else { return Vec::new() };
    let cut = theme.glyph("…", "~");
    let all = dialog.items.len();
    let room = rows.saturating_sub(FRAME).max(LEAST);
    // The row that says which are in sight is needed only where not all are.
    let room = if all <= room + 1 { all } else { room };
    let hand = match dialog.spot {
        DialogFocus::Item(at) | DialogFocus::Shares(at) => Some(at),
        DialogFocus::Reason
        | DialogFocus::Phrase
        | DialogFocus::Cancel
        | DialogFocus::Reject
        | DialogFocus::Commit => None,
    };
    let first = hand.unwrap_or(0).saturating_sub(room / 2).min(all - room);
    let row = |text: &str, style: Style| Line::styled(fit(text, width, cut), style);
    let mut lines = vec![row(&format!("     {}", OrdersForApproval::columns()), theme.muted())];
    for (at, item) in dialog.items.iter().enumerate().skip(first).take(room) {
        let trimmed =
            matches!(&item.pick, ItemChoice::Order { part, shares } if *shares < part.qty);
        let style = match (hand == Some(at), item.on, trimmed) {
            (true, _, _) => theme.selected(),
            (false, false, _) => theme.muted(),
            (false, true, true) => theme.warning(),
            (false, true, false) => Style::new(),
        };
        let tick = if item.on { "[x]" } else { "[ ]" };
        lines.push(row(&format!(" {tick} {}", item.text), style));
    }
    if room < all {
        let text = format!("     {} to {} of {all} orders are in sight", first + 1, first + room);
        lines.push(row(&text, theme.muted()));
    }
    let style = if dialog.sends_all() { theme.emphasis() } else { theme.warning() };
    lines.push(row(&format!(" Sends            {sends}"), style));
    lines
}
