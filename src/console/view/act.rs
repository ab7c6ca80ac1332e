//! The dialog of an act: target, danger, what may be ticked, what it would do, and the buttons.

use ratatui::{Frame, style::Style, text::Line, widgets::Widget as _};

use super::{
    dialog::{Foot, LABEL, body_and_foot, button, height, wrapped},
    footer, orders,
};
use crate::{
    acting::{ActPlan, Mark, Section, SectionKind, Tier},
    console::{
        layout::Density,
        model::Model,
        overlay::{ActDialog, ActSpot, Field, Item, Tick},
        theme::Theme,
        widget::{columns, field_line, fit, inner_columns, popup, wrap},
    },
    present::words,
    time::Span,
};

/// Columns of the headings, the blanks around them included.
const HEADING: usize = 18;
/// Lines of a section that are shown, the fewer the smaller the window; the rest is counted.
const LINES_SHOWN: [usize; 4] = [6, 4, 3, 2];

/// Draws the dialog.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, dialog: &ActDialog) {
    let theme = model.settings.theme;
    let area = frame.area();
    let (body, foot) = parts(model, dialog, (area.width, area.height));
    let tier = dialog.plan.as_ref().map_or(Tier::Grave, |plan| plan.tier);
    let mode = model.run().map_or_else(String::new, |run| run.plan().mode.to_string());
    let title = format!("{}  {mode}  {}", words::safe(&dialog.title), tier.word());
    let note = note(model, dialog);
    let rows = height(&body, &foot);
    let area = popup(frame, theme, (&title, &note), rows);
    body_and_foot(model, frame, area, body, foot);
}

/// What the keys of the dialog do, on its border.
fn note(model: &Model, dialog: &ActDialog) -> String {
    let back = "esc goes back";
    if dialog.items.is_empty() {
        return back.into();
    }
    let ticks = format!("{} ticks", model.key("dialog.tick"));
    if dialog.sends().is_none() {
        return format!("{ticks}   {back}");
    }
    let [less, more, typed] = ["order.less", "order.more", "order.shares"].map(|id| model.key(id));
    format!("{ticks}   {less} {more} trim   {typed} types the shares   {back}")
}

/// The columns and rows the window lacks to show the whole dialog, as the size it would need;
/// `None` where all of it is in sight.
pub(in crate::console) fn needs(model: &Model, dialog: &ActDialog) -> Option<(u16, u16)> {
    let (_, least) = Density::LEAST[Density::LEAST.len() - 2];
    let (width, rows) = model.size;
    let columns = width.max(least.0);
    let (body, foot) = parts(model, dialog, (columns, rows));
    let wanted = height(&body, &foot).saturating_add(BORDERS).max(least.1);
    (width < columns || rows < wanted).then_some((columns, wanted))
}

/// Rows of a popup that are its border.
const BORDERS: u16 = 2;

/// What is told and what is pressed, told at such length as a window of this size allows.
fn parts<'a>(
    model: &Model,
    dialog: &'a ActDialog,
    (width, rows): (u16, u16),
) -> (Vec<Line<'static>>, Foot<'a>) {
    let width = inner_columns(width);
    let foot = foot(model, dialog, width);
    let mut lines = Vec::new();
    for most in LINES_SHOWN {
        lines = body(model, dialog, (width, 0), most);
        let taken = height(&lines, &foot).saturating_add(BORDERS);
        if taken < rows && dialog.sends().is_some() {
            // What is left goes to the orders.
            let orders = orders::table(model.settings.theme, dialog, (width, 0)).len();
            let left = usize::from(rows - taken) + orders;
            lines = body(model, dialog, (width, left), most);
        }
        if height(&lines, &foot).saturating_add(BORDERS) <= rows {
            break;
        }
    }
    (lines, foot)
}

fn body(
    model: &Model,
    dialog: &ActDialog,
    (width, orders): (u16, usize),
    most: usize,
) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let mut body = wrapped(&dialog.card, width);
    body.extend(orders::table(theme, dialog, (width, orders)));
    if let Some(plan) = &dialog.plan {
        about(&mut body, model, plan, (width, most));
    }
    let ticks = |item: &Item| !matches!(item.pick, Tick::Order { .. });
    for (i, item) in dialog.items.iter().enumerate().filter(|(_, item)| ticks(item)) {
        ticked(&mut body, theme, item, (dialog.spot == ActSpot::Item(i), width));
    }
    match (&dialog.plan, &dialog.refusal) {
        (Some(plan), _) => {
            // What an approval does stands on its card already.
            let shown = |it: &&Section| dialog.card.is_empty() || it.kind != SectionKind::Otherwise;
            for section in plan.sections.iter().filter(shown) {
                told(&mut body, theme, section, (width, most));
            }
        }
        (None, Some(refusal)) => {
            said(&mut body, "Would be refused", &words::safe(refusal), theme.danger(), width);
        }
        (None, None) => {
            body.push(Line::styled(" asking the engine what it would do", theme.quiet()));
        }
    }
    for (i, line) in dialog.changed.iter().enumerate() {
        let heading = if i == 0 { "Changed" } else { "" };
        said(&mut body, heading, &words::safe(line), theme.warn(), width);
    }
    if dialog.card.is_empty() {
        body.push(Line::raw(""));
    }
    body
}

/// What it is aimed at, and what is dangerous about it.
fn about(
    body: &mut Vec<Line<'static>>,
    model: &Model,
    plan: &ActPlan,
    (width, most): (u16, usize),
) {
    let theme = model.settings.theme;
    for (i, target) in plan.targets.iter().take(most).enumerate() {
        let heading = if i == 0 { "Target" } else { "" };
        let line = format!("{} · run {}", target.line(), plan.run);
        said(body, heading, &words::safe(&line), theme.strong(), width);
    }
    let more = plan.targets.len().saturating_sub(most);
    if more > 0 {
        said(body, "", &format!("and {more} more"), theme.quiet(), width);
    }
    if let Some(danger) = &plan.danger {
        said(body, "Danger", &words::safe(danger), theme.danger(), width);
    }
}

/// A line that may be ticked, with what ticking it means.
fn ticked(body: &mut Vec<Line<'static>>, theme: Theme, item: &Item, (focused, width): (bool, u16)) {
    let tick = match (&item.pick, item.on) {
        (Tick::Never, _) => "[-]",
        (Tick::Waive(_) | Tick::Order { .. }, true) => "[x]",
        (Tick::Waive(_) | Tick::Order { .. }, false) => "[ ]",
        (Tick::OneOf(_) | Tick::Happened(_), true) => "(o)",
        (Tick::OneOf(_) | Tick::Happened(_), false) => "( )",
    };
    let style = match (&item.pick, focused) {
        (Tick::Never, _) => theme.quiet(),
        (_, true) => theme.selected(),
        (_, false) => Style::new(),
    };
    let arrow = theme.pick("→", "->");
    let mut push = |indent: &str, text: String, style: Style| {
        let room = width.saturating_sub(columns(indent) + 1);
        for (i, part) in wrap(&text, room).into_iter().enumerate() {
            let more = if i == 0 { "" } else { "    " };
            let line = format!("{indent}{more}{part}");
            body.push(Line::styled(fit(&line, width, theme.pick("…", "~")), style));
        }
    };
    push(" ", format!("{tick} {}", item.text), style);
    if !item.consequence.is_empty() {
        push("       ", format!("{arrow} {}", item.consequence), theme.quiet());
    }
}

/// The lines of a section behind its heading, the plain ones together.
fn told(
    body: &mut Vec<Line<'static>>,
    theme: Theme,
    section: &Section,
    (width, most): (u16, usize),
) {
    let mut heading = match section.kind {
        SectionKind::WillRun => format!("{} ({})", section.kind.heading(), section.count),
        SectionKind::WillBypass
        | SectionKind::NeverBypassed
        | SectionKind::AlreadySent
        | SectionKind::Otherwise
        | SectionKind::Refused => section.kind.heading().to_owned(),
    };
    if section.kind == SectionKind::NeverBypassed {
        let texts: Vec<_> = section.lines.iter().map(|line| line.text.as_str()).collect();
        let text = texts.join(theme.pick(" · ", ", "));
        said(body, &heading, &words::safe(&text), theme.quiet(), width);
        return;
    }
    let mut shown = 0;
    for line in section.lines.iter().take(most) {
        let at = line.at.map_or_else(String::new, |at| format!(" {}", words::minute(at)));
        let (sign, style) = match line.mark {
            Mark::Plain => ("", Style::new()),
            Mark::Orders => (" * may send orders", theme.warn()),
            Mark::Unknown => ("", theme.danger()),
        };
        let text = format!("{}{at}{sign}", line.text);
        said(body, &std::mem::take(&mut heading), &words::safe(&text), style, width);
        shown += 1;
    }
    let more = section.count.saturating_sub(shown);
    if more > 0 {
        said(body, "", &format!("and {more} more"), theme.quiet(), width);
    }
}

/// A heading and a text behind it, broken below itself.
fn said(body: &mut Vec<Line<'static>>, heading: &str, text: &str, style: Style, width: u16) {
    let room = width.saturating_sub(u16::try_from(HEADING + 1).unwrap_or(0));
    for (i, part) in wrap(text, room).into_iter().enumerate() {
        let heading = if i == 0 { heading } else { "" };
        let line = format!(" {heading:<wide$}", wide = HEADING - 1);
        body.push(Line::from(vec![line.into(), ratatui::text::Span::styled(part, style)]));
    }
}

fn foot<'a>(model: &Model, dialog: &'a ActDialog, width: u16) -> Foot<'a> {
    let mut fields = Vec::new();
    if matches!(dialog.spot, ActSpot::Shares(_)) {
        fields.push((&dialog.shares, true));
    }
    if dialog.takes_reason() {
        fields.push((&dialog.reason, dialog.spot == ActSpot::Reason));
    }
    let phrase = dialog.plan.as_ref().and_then(|plan| plan.phrase.as_deref());
    if phrase.is_some() {
        fields.push((&dialog.phrase, dialog.spot == ActSpot::Phrase));
    }
    let size = (LABEL.0, width);
    let spot = dialog.spot;
    let mut buttons = button(model, spot == ActSpot::Cancel, ("Go back", "nothing is done"), size);
    if dialog.rejects().is_some() {
        let texts = ("Reject", "what waits for it is skipped; anybody may");
        buttons.extend(button(model, spot == ActSpot::Reject, texts, size));
    }
    let verb = dialog.title.split(' ').next().unwrap_or("do");
    // Beside the way back, `Cancel` alone would be read as one.
    let label = if verb == "cancel" { "Cancel it".to_owned() } else { capital(verb) };
    let hint = hint(model, dialog, phrase);
    buttons.extend(button(model, spot == ActSpot::Go, (&label, &hint), size));
    Foot { fields, buttons }
}

/// What is still missing, or what pressing the button does.
fn hint(model: &Model, dialog: &ActDialog, phrase: Option<&str>) -> String {
    let left = dialog.opens_in(model.wall);
    if let Some(phrase) = phrase.filter(|phrase| dialog.phrase.text() != *phrase) {
        return format!("type `{phrase}`, exactly");
    }
    if left > Span::ZERO {
        let tenths = left.delta().num_milliseconds() / 100;
        return format!("opens in {}.{} s", tenths / 10, tenths % 10);
    }
    if let Some(lacks) = dialog.lacks(model.wall) {
        return lacks;
    }
    match dialog.plan.as_ref().map(|plan| plan.grace) {
        Some(grace) if grace > Span::ZERO => {
            format!(
                "as shown above; {} takes it back for {} s",
                model.key("act.recall"),
                grace.delta().num_seconds()
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
pub(super) fn line(model: &Model, frame: &mut Frame<'_>, dialog: &ActDialog) {
    let theme = model.settings.theme;
    let [row, _below] = footer::prompt_rows(frame);
    let told = dialog.plan.as_ref().map_or_else(Vec::new, |plan| {
        let lines = plan.sections.iter().flat_map(|section| section.lines.iter());
        lines.take(3).map(|line| line.text.as_str()).collect()
    });
    let text = format!(
        " {}?  {} yes  {} no   {}",
        words::safe(&dialog.title),
        model.key("confirm.yes"),
        model.key("confirm.no"),
        words::safe(&told.join("; ")),
    );
    let text = fit(&text, row.width, theme.pick("…", "~"));
    let style = theme.warn().patch(theme.strong());
    Line::styled(text, style).render(row, frame.buffer_mut());
}

/// Why the session is to be armed, being typed.
pub(super) fn arm(model: &Model, frame: &mut Frame<'_>, field: &Field) {
    let [row, below] = footer::prompt_rows(frame);
    field_line(frame, row, field, (true, model.settings.theme.strong()));
    footer::complaint(model, frame, below);
}
