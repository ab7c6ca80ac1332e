//! The dialog of an act: target, danger, what may be ticked, what it would do, and the buttons.

use std::{collections::BTreeMap, ops::Range};

use ratatui::{Frame, style::Style, text::Line, widgets::Widget as _};

use super::{
    dialog::{ButtonText, LABEL, PopupFooter, PopupLayout, wrap_texts},
    footer, orders,
};
use crate::{
    layout::LayoutDensity,
    model::Model,
    popup::{CommandDialog, DialogFocus, DialogItem, ItemChoice, TextField},
    theme::Theme,
    widget::{display_width, field_line, fit, inner_columns, wrap},
};
use engine::control::{LineWarning, Preview, PreviewSection, PreviewSectionKind, RiskTier};
use planning::time::Span;
use view::format;

/// Columns of the headings, the blanks around them included.
pub(super) const HEADING: usize = 18;
/// Draws the dialog.
pub(super) fn draw_dialog(model: &Model, frame: &mut Frame<'_>, dialog: &CommandDialog) {
    let area = frame.area();
    let tier = dialog.plan.as_ref().map_or(RiskTier::HighRisk, |plan| plan.tier);
    let mode = model.run().map_or_else(String::new, |run| run.plan().mode.to_string());
    let title = format!("{}  {mode}  {}", format::sanitize(&dialog.title), tier.as_str());
    let (layout, _) = arranged(model, dialog, (area.width, area.height));
    layout.draw(model, frame, (&title, &note(model, dialog)));
}

/// Returns what the keys of the dialog do, on its border.
fn note(model: &Model, dialog: &CommandDialog) -> String {
    let back = "esc goes back";
    if dialog.items.is_empty() {
        return back.into();
    }
    let ticks = format!("{} ticks", model.key_label("dialog.tick"));
    if dialog.order_totals().is_none() {
        return format!("{ticks}   {back}");
    }
    let [less, more, typed] =
        ["order.less", "order.more", "order.shares"].map(|id| model.key_label(id));
    format!("{ticks}   {less} {more} trim   {typed} types the shares   {back}")
}

/// The rows of the body that belong to each item.
type ItemRows = BTreeMap<usize, Range<usize>>;

/// The dialog in a window of so many columns and rows. In one too small to read orders in, only
/// the size it needs.
fn arranged<'a>(
    model: &Model,
    dialog: &'a CommandDialog,
    size: (u16, u16),
) -> (PopupLayout<'a>, ItemRows) {
    if let Some(needed) = window_needed(size) {
        let texts = [needed, "esc goes back".to_owned()];
        let body = wrap_texts(&texts, inner_columns(size.0));
        let layout = PopupLayout::new(model, size, body, PopupFooter::default(), 0);
        return (layout, ItemRows::new());
    }
    let width = inner_columns(size.0);
    let (body, rows) = body(model, dialog, width);
    let layout = PopupLayout::new(model, size, body, foot(model, dialog, width), dialog.scroll);
    (layout, rows)
}

/// The size a dialog of a command needs; `None` where the window has it.
pub(crate) fn window_needed(size: (u16, u16)) -> Option<String> {
    let (_, (width, rows)) = LayoutDensity::LEAST[LayoutDensity::LEAST.len() - 1];
    let small = LayoutDensity::for_size(size) == LayoutDensity::TooSmall;
    small.then(|| format!("needs a window of {width}x{rows}"))
}

/// The body of a dialog as the window of the model shows it.
pub(crate) struct DialogRows {
    /// The text of each row.
    pub(crate) texts: Vec<String>,
    /// The first row in sight.
    pub(crate) first: usize,
    /// Rows in sight at a time.
    pub(crate) room: usize,
    /// The rows of the item that has the focus.
    pub(crate) focused: Option<Range<usize>>,
}

fn row_text(row: &Line<'_>) -> String {
    row.spans.iter().map(|span| span.content.as_ref()).collect()
}

/// Returns the rows of a dialog; `None` in a window too small for it.
pub(crate) fn dialog_rows(model: &Model, dialog: &CommandDialog) -> Option<DialogRows> {
    if window_needed(model.size).is_some() {
        return None;
    }
    let (layout, items) = arranged(model, dialog, model.size);
    let focused = match dialog.spot {
        DialogFocus::Item(at) | DialogFocus::Shares(at) => items.get(&at).cloned(),
        DialogFocus::Reason
        | DialogFocus::Phrase
        | DialogFocus::Cancel
        | DialogFocus::Reject
        | DialogFocus::Commit => None,
    };
    let texts = layout.body.iter().map(row_text).collect();
    Some(DialogRows { texts, first: layout.first, room: layout.room, focused })
}

fn body(model: &Model, dialog: &CommandDialog, width: u16) -> (Vec<Line<'static>>, ItemRows) {
    let theme = model.settings.theme;
    let mut body = wrap_texts(&dialog.card, width);
    let mut rows = ItemRows::new();
    for (item, line) in orders::order_lines(theme, dialog, width) {
        if let Some(at) = item {
            let range = rows.entry(at).or_insert(body.len()..body.len());
            range.end = body.len() + 1;
        }
        body.push(line);
    }
    if let Some(plan) = &dialog.plan {
        push_target(&mut body, model, plan, width);
    }
    let ticks = |item: &DialogItem| !matches!(item.pick, ItemChoice::Order { .. });
    for (i, item) in dialog.items.iter().enumerate().filter(|(_, item)| ticks(item)) {
        let from = body.len();
        push_item(&mut body, theme, item, (dialog.spot == DialogFocus::Item(i), width));
        rows.insert(i, from..body.len());
    }
    match (&dialog.plan, &dialog.refusal) {
        (Some(plan), _) => {
            // What an approval does stands on its card already.
            let shown = |it: &&PreviewSection| {
                dialog.card.is_empty() || it.kind != PreviewSectionKind::OtherChanges
            };
            for section in plan.sections.iter().filter(shown) {
                push_section(&mut body, theme, section, width);
            }
        }
        (None, Some(refusal)) => {
            push_labelled(
                &mut body,
                "Would be refused",
                &format::sanitize(refusal),
                theme.danger(),
                width,
            );
        }
        (None, None) => {
            body.push(Line::styled(" asking the engine what it would do", theme.muted()));
        }
    }
    for (i, line) in dialog.changed.iter().enumerate() {
        let heading = if i == 0 { "Changed" } else { "" };
        push_labelled(&mut body, heading, &format::sanitize(line), theme.warning(), width);
    }
    if dialog.card.is_empty() {
        body.push(Line::raw(""));
    }
    (body, rows)
}

/// What it is aimed at, and what is dangerous about it.
fn push_target(body: &mut Vec<Line<'static>>, model: &Model, plan: &Preview, width: u16) {
    let theme = model.settings.theme;
    for (i, target) in plan.targets.iter().enumerate() {
        let heading = if i == 0 { "Target" } else { "" };
        let line = format!("{} · run {}", target.summary_line(), plan.run);
        push_labelled(body, heading, &format::sanitize(&line), theme.emphasis(), width);
    }
    if let Some(danger) = &plan.danger {
        push_labelled(body, "Danger", &format::sanitize(danger), theme.danger(), width);
    }
}

/// A line that may be ticked, with what ticking it means.
fn push_item(
    body: &mut Vec<Line<'static>>,
    theme: Theme,
    item: &DialogItem,
    (focused, width): (bool, u16),
) {
    let tick = match (&item.pick, item.on) {
        (ItemChoice::Never, _) => "[-]",
        (ItemChoice::Waive(_) | ItemChoice::Order { .. }, true) => "[x]",
        (ItemChoice::Waive(_) | ItemChoice::Order { .. }, false) => "[ ]",
        (ItemChoice::OneOf(_) | ItemChoice::Evidence(_), true) => "(o)",
        (ItemChoice::OneOf(_) | ItemChoice::Evidence(_), false) => "( )",
    };
    let style = match (&item.pick, focused) {
        (ItemChoice::Never, _) => theme.muted(),
        (_, true) => theme.selected(),
        (_, false) => Style::new(),
    };
    let arrow = theme.glyph("→", "->");
    let mut push = |indent: &str, text: String, style: Style| {
        let room = width.saturating_sub(display_width(indent) + 1);
        for (i, part) in wrap(&text, room).into_iter().enumerate() {
            let more = if i == 0 { "" } else { "    " };
            let line = format!("{indent}{more}{part}");
            body.push(Line::styled(fit(&line, width, theme.glyph("…", "~")), style));
        }
    };
    push(" ", format!("{tick} {}", item.text), style);
    if !item.consequence.is_empty() {
        push("       ", format!("{arrow} {}", item.consequence), theme.muted());
    }
}

/// The lines of a section behind its heading, the plain ones together.
fn push_section(body: &mut Vec<Line<'static>>, theme: Theme, section: &PreviewSection, width: u16) {
    let mut heading = match section.kind {
        PreviewSectionKind::WillRun => format!("{} ({})", section.kind.heading(), section.count),
        PreviewSectionKind::WillWaive
        | PreviewSectionKind::NotWaivable
        | PreviewSectionKind::AlreadySent
        | PreviewSectionKind::OtherChanges
        | PreviewSectionKind::WillBeRefused => section.kind.heading().to_owned(),
    };
    if section.kind == PreviewSectionKind::NotWaivable {
        let texts: Vec<_> = section.lines.iter().map(|line| line.text.as_str()).collect();
        let text = texts.join(theme.glyph(" · ", ", "));
        push_labelled(body, &heading, &format::sanitize(&text), theme.muted(), width);
        return;
    }
    let mut shown = 0;
    for line in &section.lines {
        let at = line.at.map_or_else(String::new, |at| format!(" {}", format::format_minute(at)));
        let (sign, style) = match line.mark {
            LineWarning::None => ("", Style::new()),
            LineWarning::MaySendOrders => (" * may send orders", theme.warning()),
            LineWarning::Unknown => ("", theme.danger()),
        };
        let text = format!("{}{at}{sign}", line.text);
        push_labelled(body, &std::mem::take(&mut heading), &format::sanitize(&text), style, width);
        shown += 1;
    }
    let more = section.count.saturating_sub(shown);
    if more > 0 {
        push_labelled(body, "", &format!("and {more} more"), theme.muted(), width);
    }
}

/// A heading and a text behind it, broken below itself.
fn push_labelled(
    body: &mut Vec<Line<'static>>,
    heading: &str,
    text: &str,
    style: Style,
    width: u16,
) {
    let room = width.saturating_sub(u16::try_from(HEADING + 1).unwrap_or(0));
    for (i, part) in wrap(text, room).into_iter().enumerate() {
        let heading = if i == 0 { heading } else { "" };
        let line = format!(" {heading:<wide$}", wide = HEADING - 1);
        body.push(Line::from(vec![line.into(), ratatui::text::Span::styled(part, style)]));
    }
}

fn foot<'a>(model: &Model, dialog: &'a CommandDialog, width: u16) -> PopupFooter<'a> {
    let mut fields = Vec::new();
    if matches!(dialog.spot, DialogFocus::Shares(_)) {
        fields.push((&dialog.shares, true));
    }
    if dialog.takes_reason() {
        fields.push((&dialog.reason, dialog.spot == DialogFocus::Reason));
    }
    let phrase = dialog.plan.as_ref().and_then(|plan| plan.phrase.as_deref());
    if phrase.is_some() {
        fields.push((&dialog.phrase, dialog.spot == DialogFocus::Phrase));
    }
    let button = |at: DialogFocus, label: &str, hint: String| ButtonText {
        focused: dialog.spot == at,
        label: label.to_owned(),
        hint,
    };
    let mut buttons = vec![button(DialogFocus::Cancel, "Go back", "nothing is done".into())];
    if dialog.approval_task().is_some() {
        let hint = "what waits for it is skipped; anybody may".into();
        buttons.push(button(DialogFocus::Reject, "Reject", hint));
    }
    let verb = dialog.title.split(' ').next().unwrap_or("do");
    // Beside the way back, `Cancel` alone would be read as one.
    let label = if verb == "cancel" { "Cancel it".to_owned() } else { capital(verb) };
    buttons.push(button(DialogFocus::Commit, &label, hint(model, dialog, phrase)));
    PopupFooter {
        pinned: orders::pinned_lines(model, dialog, width),
        fields,
        buttons,
        label_width: LABEL.0,
    }
}

/// Says that rows of the dialog have not been in sight yet; `None` once all have.
pub(crate) fn unread_text(model: &Model, dialog: &CommandDialog) -> Option<String> {
    if let Some(needed) = window_needed(model.size) {
        return Some(needed);
    }
    let (rows, _) = body(model, dialog, inner_columns(model.size.0));
    let unread = rows.iter().filter(|row| !dialog.seen.contains(&row_text(row))).count();
    let rows = format::count_noun(u64::try_from(unread).unwrap_or(u64::MAX), "row");
    let key = model.key_label("dialog.page_down");
    (unread > 0).then(|| format!("read on first: {rows} not shown yet, {key} scrolls"))
}

/// Returns what is still missing, or what pressing the button does.
fn hint(model: &Model, dialog: &CommandDialog, phrase: Option<&str>) -> String {
    let left = dialog.opens_in(model.wall);
    if let Some(phrase) = phrase.filter(|phrase| dialog.phrase.text() != *phrase) {
        return format!("type `{phrase}`, exactly");
    }
    if left > Span::ZERO {
        let tenths = left.to_delta().num_milliseconds() / 100;
        return format!("opens in {}.{} s", tenths / 10, tenths % 10);
    }
    if let Some(lacks) = dialog.missing_input(model.wall) {
        return lacks;
    }
    if let Some(unread) = unread_text(model, dialog) {
        return unread;
    }
    match dialog.plan.as_ref().map(|plan| plan.grace) {
        Some(grace) if grace > Span::ZERO => {
            format!(
                "as shown above; {} takes it back for {} s",
                model.key_label("command.recall"),
                grace.to_delta().num_seconds()
            )
        }
        _at_once => "as shown above".into(),
    }
}

/// A word with its first letter large.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A small act in the line over the footer: what it would do, and the two keys that answer.
pub(super) fn draw_confirm_line(model: &Model, frame: &mut Frame<'_>, dialog: &CommandDialog) {
    let theme = model.settings.theme;
    let [row, _below] = footer::prompt_rows(frame);
    let told = dialog.plan.as_ref().map_or_else(Vec::new, |plan| {
        let lines = plan.sections.iter().flat_map(|section| section.lines.iter());
        lines.take(3).map(|line| line.text.as_str()).collect()
    });
    let text = format!(
        " {}?  {} yes  {} no   {}",
        format::sanitize(&dialog.title),
        model.key_label("confirm.yes"),
        model.key_label("confirm.no"),
        format::sanitize(&told.join("; ")),
    );
    let text = fit(&text, row.width, theme.glyph("…", "~"));
    let style = theme.warning().patch(theme.emphasis());
    Line::styled(text, style).render(row, frame.buffer_mut());
}

/// Draws the prompt for the reason of arming.
pub(super) fn draw_arm_prompt(model: &Model, frame: &mut Frame<'_>, field: &TextField) {
    let [row, below] = footer::prompt_rows(frame);
    field_line(frame, row, field, (true, model.settings.theme.emphasis()));
    footer::draw_connection_problem(model, frame, below);
}
