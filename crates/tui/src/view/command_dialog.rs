//! The dialog of an act: target, danger, what may be ticked, what it would do, and the buttons.

use ratatui::{Frame, style::Style, text::Line, widgets::Widget as _};

use super::{
    dialog::{LABEL, PopupFooter, body_and_foot, body_height, button, wrapped},
    footer, orders,
};
use crate::{
    layout::LayoutDensity,
    model::Model,
    popup::{CommandDialog, DialogFocus, DialogItem, ItemChoice, TextField},
    theme::Theme,
    widget::{display_width, draw_popup, field_line, fit, inner_columns, wrap},
};
use engine::control::{LineWarning, Preview, PreviewSection, PreviewSectionKind, RiskTier};
use planning::time::Span;
use view::format;

/// Columns of the headings, the blanks around them included.
const HEADING: usize = 18;
/// Lines of a section that are shown, the fewer the smaller the window; the rest is counted.
const LINES_SHOWN: [usize; 4] = [6, 4, 3, 2];

/// Draws the dialog.
pub(super) fn draw_dialog(model: &Model, frame: &mut Frame<'_>, dialog: &CommandDialog) {
    let theme = model.settings.theme;
    let area = frame.area();
    let (body, foot) = parts(model, dialog, (area.width, area.height));
    let tier = dialog.plan.as_ref().map_or(RiskTier::HighRisk, |plan| plan.tier);
    let mode = model.run().map_or_else(String::new, |run| run.plan().mode.to_string());
    let title = format!("{}  {mode}  {}", format::sanitize(&dialog.title), tier.as_str());
    let note = note(model, dialog);
    let rows = body_height(&body, &foot);
    let area = draw_popup(frame, theme, (&title, &note), rows);
    body_and_foot(model, frame, area, body, foot);
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

/// The columns and rows the window lacks to show the whole dialog, as the size it would need;
/// `None` where all of it is in sight.
pub(crate) fn required_size(model: &Model, dialog: &CommandDialog) -> Option<(u16, u16)> {
    let (_, least) = LayoutDensity::LEAST[LayoutDensity::LEAST.len() - 2];
    let (width, rows) = model.size;
    let columns = width.max(least.0);
    let (body, foot) = parts(model, dialog, (columns, rows));
    let wanted = body_height(&body, &foot).saturating_add(BORDERS).max(least.1);
    (width < columns || rows < wanted).then_some((columns, wanted))
}

/// Rows of a popup that are its border.
const BORDERS: u16 = 2;

/// Returns what is told and what is pressed, told at such length as a window of this size allows.
fn parts<'a>(
    model: &Model,
    dialog: &'a CommandDialog,
    (width, rows): (u16, u16),
) -> (Vec<Line<'static>>, PopupFooter<'a>) {
    let width = inner_columns(width);
    let foot = foot(model, dialog, width);
    let mut lines = Vec::new();
    for most in LINES_SHOWN {
        lines = body(model, dialog, (width, 0), most);
        let taken = body_height(&lines, &foot).saturating_add(BORDERS);
        if taken < rows && dialog.order_totals().is_some() {
            // What is left goes to the orders.
            let orders = orders::order_table(model.settings.theme, dialog, (width, 0)).len();
            let left = usize::from(rows - taken) + orders;
            lines = body(model, dialog, (width, left), most);
        }
        if body_height(&lines, &foot).saturating_add(BORDERS) <= rows {
            break;
        }
    }
    (lines, foot)
}

fn body(
    model: &Model,
    dialog: &CommandDialog,
    (width, orders): (u16, usize),
    most: usize,
) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let mut body = wrapped(&dialog.card, width);
    body.extend(orders::order_table(theme, dialog, (width, orders)));
    if let Some(plan) = &dialog.plan {
        push_target(&mut body, model, plan, (width, most));
    }
    let ticks = |item: &DialogItem| !matches!(item.pick, ItemChoice::Order { .. });
    for (i, item) in dialog.items.iter().enumerate().filter(|(_, item)| ticks(item)) {
        push_item(&mut body, theme, item, (dialog.spot == DialogFocus::Item(i), width));
    }
    match (&dialog.plan, &dialog.refusal) {
        (Some(plan), _) => {
            // What an approval does stands on its card already.
            let shown = |it: &&PreviewSection| {
                dialog.card.is_empty() || it.kind != PreviewSectionKind::OtherChanges
            };
            for section in plan.sections.iter().filter(shown) {
                push_section(&mut body, theme, section, (width, most));
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
    body
}

/// Appends the targets of the command and their dangers.
fn push_target(
    body: &mut Vec<Line<'static>>,
    model: &Model,
    plan: &Preview,
    (width, most): (u16, usize),
) {
    let theme = model.settings.theme;
    for (i, target) in plan.targets.iter().take(most).enumerate() {
        let heading = if i == 0 { "Target" } else { "" };
        let line = format!("{} · run {}", target.summary_line(), plan.run);
        push_labelled(body, heading, &format::sanitize(&line), theme.emphasis(), width);
    }
    let more = plan.targets.len().saturating_sub(most);
    if more > 0 {
        push_labelled(body, "", &format!("and {more} more"), theme.muted(), width);
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
fn push_section(
    body: &mut Vec<Line<'static>>,
    theme: Theme,
    section: &PreviewSection,
    (width, most): (u16, usize),
) {
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
    for line in section.lines.iter().take(most) {
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
    let size = (LABEL.0, width);
    let spot = dialog.spot;
    let mut buttons = button(model, spot == DialogFocus::Cancel, ("Go back", "no change"), size);
    if dialog.approval_task().is_some() {
        let texts = ("Reject", "dependent tasks are skipped; needs no arming");
        buttons.extend(button(model, spot == DialogFocus::Reject, texts, size));
    }
    let verb = dialog.title.split(' ').next().unwrap_or("do");
    // Beside the way back, `Cancel` alone would be read as one.
    let label = if verb == "cancel" { "Cancel it".to_owned() } else { capital(verb) };
    let hint = hint(model, dialog, phrase);
    buttons.extend(button(model, spot == DialogFocus::Commit, (&label, &hint), size));
    PopupFooter { fields, buttons }
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
