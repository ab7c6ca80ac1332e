//! The orders of an approval's dialog as lines that may be ticked, their total, and when it expires.

use ratatui::{style::Style, text::Line};

use super::command_dialog::HEADING;
use crate::{
    model::Model,
    popup::{CommandDialog, DialogFocus, ItemChoice},
    theme::Theme,
    widget::wrap,
};
use planning::time::Span;
use view::{alerts::approval_rows, format, partial_approval::OrdersForApproval};

/// Columns before the text of an order: its tick.
const TICK: &str = " [x] ";
/// In fewer columns a heading stands in the line of its text.
const NARROW: usize = 60;
/// An approval that expires within this is marked.
const SOON: Span = Span::secs(60);

/// The orders, each as the lines it takes: what does not fit is broken, never cut. `None` is the
/// heading; empty where no orders are asked about.
pub(super) fn order_lines(
    theme: Theme,
    dialog: &CommandDialog,
    width: u16,
) -> Vec<(Option<usize>, Line<'static>)> {
    if dialog.order_totals().is_none() {
        return Vec::new();
    }
    let hand = match dialog.spot {
        DialogFocus::Item(at) | DialogFocus::Shares(at) => Some(at),
        DialogFocus::Reason
        | DialogFocus::Phrase
        | DialogFocus::Cancel
        | DialogFocus::Reject
        | DialogFocus::Commit => None,
    };
    let room = width.saturating_sub(u16::try_from(TICK.len()).unwrap_or(0));
    let broken = |before: &str, text: &str, style: Style| {
        // The blanks before the number belong to its column.
        let number = text.trim_start();
        let blanks = text.len() - number.len();
        let room = room.saturating_sub(u16::try_from(blanks).unwrap_or(0));
        let lines = wrap(number, room).into_iter().enumerate().map(|(i, part)| {
            let before = if i == 0 { before.to_owned() } else { " ".repeat(TICK.len()) };
            let before = before + &" ".repeat(blanks);
            let line = format!("{before}{part}");
            Line::styled(format!("{line:<wide$}", wide = usize::from(width)), style)
        });
        lines.collect::<Vec<_>>()
    };
    let heading = broken("     ", &OrdersForApproval::columns(), theme.muted());
    let mut lines: Vec<_> = heading.into_iter().map(|line| (None, line)).collect();
    for (at, item) in dialog.items.iter().enumerate() {
        let ItemChoice::Order { part, shares } = &item.pick else { continue };
        let style = match (hand == Some(at), item.on, *shares < part.qty) {
            (true, _, _) => theme.selected(),
            (false, false, _) => theme.muted(),
            (false, true, true) => theme.warning(),
            (false, true, false) => Style::new(),
        };
        let tick = if item.on { TICK } else { " [ ] " };
        lines.extend(broken(tick, &item.text, style).into_iter().map(|line| (Some(at), line)));
    }
    lines
}

/// The lines that stay in sight: when an approval expires, and the total of its orders.
pub(super) fn pinned_lines(
    model: &Model,
    dialog: &CommandDialog,
    width: u16,
) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let mut lines = Vec::new();
    let mut push = |heading: &str, text: &str, style: Style| {
        let room = width.saturating_sub(u16::try_from(HEADING + 1).unwrap_or(0));
        let parts = if usize::from(width) < NARROW {
            wrap(&format!("{heading}: {text}"), width.saturating_sub(1))
        } else {
            let parts = wrap(text, room).into_iter().enumerate();
            let wide = HEADING - 1;
            parts.map(|(i, part)| format!("{:<wide$}{part}", [heading, ""][i.min(1)])).collect()
        };
        lines.extend(parts.into_iter().map(|part| Line::styled(format!(" {part}"), style)));
    };
    if let (Some(run), Some(task)) = (model.run(), dialog.approval_task())
        && let Some(asked) = approval_rows(run, model.now).into_iter().find(|row| row.ix == task)
    {
        let due = asked.deadline;
        let left = (due - model.now).num_seconds().max(0);
        let left = Span::secs(u64::try_from(left).unwrap_or(0));
        let style = if left <= SOON { theme.danger() } else { theme.emphasis() };
        let text =
            format!("{} {}, in {left}", format::format_time(due), planning::calendar::clock_name());
        push("Expires", &text, style);
    }
    if let Some(sends) = dialog.order_totals() {
        let style = if dialog.sends_all() { theme.emphasis() } else { theme.warning() };
        push("Sends", &sends, style);
    }
    lines
}
