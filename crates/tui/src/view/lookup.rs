//! Drawing of the help, the command palette and the command line.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::{Clear, Widget as _},
};

use super::{
    footer::{draw_connection_problem, keys_text, prompt_rows},
    pane::draw_lines,
};
use crate::{
    command_line::{COMMANDS, PaletteHit, completions, ghost_text},
    keymap::Binding,
    layout,
    model::Model,
    popup::{CommandLine, CommandPalette, Help, HelpLine},
    theme::{ColorDepth as Colours, Theme},
    unavailable::why_not,
    widget::{display_width, draw_popup, field_line, fit, inner_width},
};

/// Columns of the keys, and of a name.
const KEYS: u16 = 14;
const NAME: u16 = 22;

fn shorten(theme: Theme, text: &str, width: u16) -> String {
    fit(text, width, theme.glyph("…", "~"))
}

fn keys(model: &Model, row: &Binding) -> String {
    let all = model.settings.keymap.keys_of(row);
    all.iter().map(|keys| keys_text(model, keys)).collect::<Vec<_>>().join(" ")
}

/// The keys, then what the row does, or why it does nothing now.
fn row_line(model: &Model, row: &Binding, chosen: bool, width: u16) -> Line<'static> {
    let theme = model.settings.theme;
    let (mark, style) = mark(theme, chosen);
    let guard = match row.tier.as_str() {
        "" => String::new(),
        word => format!(" ({word})"),
    };
    let keys = shorten(theme, &keys(model, row), KEYS);
    let room = width.saturating_sub(KEYS + 4);
    let text = format!("{}{guard}", row.help);
    let why = why_not(model, row).map(|why| format!("not now: {why}"));
    let (text, quiet) = match why {
        Some(why) if chosen => (why, theme.warning()),
        Some(why) => {
            // The name stays readable whatever the reason.
            let head = room.saturating_sub(display_width(&why) + 3).clamp(NAME.min(room), room);
            let head = shorten(theme, &text, head.min(display_width(&text)));
            (format!("{head} - {why}"), theme.muted())
        }
        None => (text, Style::new()),
    };
    let style = if chosen { style } else { quiet };
    Line::styled(format!(" {mark} {keys} {}", shorten(theme, &text, room)), style)
}

fn mark(theme: Theme, chosen: bool) -> (&'static str, Style) {
    if chosen { (theme.glyph("▸", ">"), theme.selected()) } else { (" ", Style::new()) }
}

/// A popup with a field on its first row; what is left below it.
fn list(
    model: &Model,
    frame: &mut Frame<'_>,
    field: &crate::popup::TextField,
    words: (&str, &str),
) -> Rect {
    let theme = model.settings.theme;
    let height = frame.area().height.saturating_sub(4);
    let area = draw_popup(frame, theme, words, height);
    let row = Rect { height: area.height.min(1), ..area };
    field_line(frame, row, field, (true, theme.emphasis()));
    Rect { y: area.y + row.height, height: area.height - row.height, ..area }
}

/// Draws the help: the current screen and every action, with the reason where it is unavailable.
pub(super) fn draw_help(model: &Model, frame: &mut Frame<'_>, help: &Help) {
    let theme = model.settings.theme;
    let width = inner_width(frame);
    let note = "type to find   enter does it   esc closes";
    let below = list(model, frame, &help.filter, ("help", note));
    let keymap = &model.settings.keymap;
    let chosen = help.selected(keymap).map(|row| row.id);
    let all = wrap_help(help, keymap, width);
    let at =
        all.iter().position(|line| matches!(line, HelpRow::Row(row) if Some(row.id) == chosen));
    let first = layout::first_visible_row(at.unwrap_or(0), all.len(), usize::from(below.height));
    let shown = all.into_iter().skip(first).take(usize::from(below.height));
    let shown: Vec<_> = shown
        .map(|line| match line {
            HelpRow::About(text) => Line::raw(format!(" {text}")),
            HelpRow::Title(title) => Line::styled(format!(" {title}"), theme.emphasis()),
            HelpRow::Row(row) => row_line(model, row, Some(row.id) == chosen, width),
        })
        .collect();
    draw_lines(frame, below, shown);
}

/// A line of the help, those about the screen broken to its width.
enum HelpRow {
    About(String),
    Title(&'static str),
    Row(&'static Binding),
}

fn wrap_help(help: &Help, keymap: &crate::keymap::Keymap, width: u16) -> Vec<HelpRow> {
    let room = width.saturating_sub(2);
    let lines = help.lines(keymap).into_iter().flat_map(|line| match line {
        HelpLine::About(text) => {
            crate::widget::wrap(text, room).into_iter().map(HelpRow::About).collect()
        }
        HelpLine::Title(title) => vec![HelpRow::Title(title)],
        HelpLine::Row(row) => vec![HelpRow::Row(row)],
    });
    lines.collect()
}

/// Draws the matches of the palette, with the chosen one marked.
pub(super) fn draw_palette(model: &Model, frame: &mut Frame<'_>, palette: &CommandPalette) {
    let theme = model.settings.theme;
    let width = inner_width(frame);
    let note = "up down choose   enter does it   esc closes";
    let below = list(model, frame, &palette.field, ("palette", note));
    if palette.hits.is_empty() {
        draw_lines(frame, below, [Line::styled(" no match", theme.muted())]);
        return;
    }
    let height = usize::from(below.height);
    let first = layout::first_visible_row(palette.at, palette.hits.len(), height);
    let hits = palette.hits.iter().enumerate().skip(first).take(height);
    let shown: Vec<_> = hits.map(|(i, hit)| hit_line(model, hit, i == palette.at, width)).collect();
    draw_lines(frame, below, shown);
}

fn hit_line(model: &Model, hit: &PaletteHit, chosen: bool, width: u16) -> Line<'static> {
    let theme = model.settings.theme;
    let (mark, style) = mark(theme, chosen);
    let (name, key, told, off) = match hit {
        PaletteHit::Row(id) => {
            let Some(row) = Binding::by_id(id) else { return Line::raw("") };
            let why = why_not(model, row).map(|why| format!("not now: {why}"));
            let off = why.is_some();
            let told = why.unwrap_or_else(|| row.help.to_owned());
            ((*id).to_owned(), keys(model, row), told, off)
        }
        PaletteHit::Command(word) => {
            let command = COMMANDS.iter().find(|command| command.word == *word);
            let told = command.map(|c| format!("{}  {}", c.args, c.help)).unwrap_or_default();
            (format!(":{word}"), String::new(), told, false)
        }
        PaletteHit::Target(kind, name) => {
            (name.clone(), String::new(), format!("go to the {kind}"), false)
        }
    };
    let room = width.saturating_sub(NAME + KEYS + 5);
    let text = [
        shorten(theme, &name, NAME),
        shorten(theme, &key, KEYS),
        shorten(theme, told.trim_start(), room),
    ];
    let style = if off && !chosen { theme.muted() } else { style };
    Line::styled(format!(" {mark} {}", text.join(" ")), style)
}

/// The themes, the one that is on marked, and what colours there are to see it in.
pub(super) fn draw_themes(model: &Model, frame: &mut Frame<'_>) {
    let theme = model.settings.theme;
    let names = Theme::names();
    let height = u16::try_from(names.len()).unwrap_or(u16::MAX).saturating_add(1);
    let note = "up down preview   enter keeps   esc restores";
    let area = draw_popup(frame, theme, ("theme", note), height);
    let shown = names.into_iter().map(|name| {
        let (mark, style) = mark(theme, name == theme.name());
        Line::styled(shorten(theme, &format!(" {mark} {name}"), area.width), style)
    });
    let colours = match theme.palette {
        Colours::Mono => "this terminal shows no colours: all look alike",
        Colours::Sixteen => "in 16 colours, in your terminal's own shades",
        Colours::Ansi256 => "in 256 colours",
        Colours::TrueColor => "in true colour",
    };
    let told = Line::styled(shorten(theme, &format!("   {colours}"), area.width), theme.muted());
    draw_lines(frame, area, shown.chain([told]).collect::<Vec<_>>());
}

/// The command being typed, what would be added in grey, and below it the ways to go on.
pub(super) fn draw_command_line(model: &Model, frame: &mut Frame<'_>, line: &CommandLine) {
    let theme = model.settings.theme;
    let [row, below] = prompt_rows(frame);
    field_line(frame, row, &line.field, (true, theme.emphasis()));
    let typed = line.field.text();
    // Behind the field's own mark and what was typed.
    let at = display_width(typed).saturating_add(3);
    if let Some(ghost) = ghost_text(model, typed).filter(|_| line.field.at_end() && at < row.width)
    {
        let rest = Rect { x: row.x + at, width: row.width - at, ..row };
        Line::styled(ghost, theme.muted()).render(rest, frame.buffer_mut());
    }
    if below.height == 0 || draw_connection_problem(model, frame, below) {
        return;
    }
    Clear.render(below, frame.buffer_mut());
    let text = match typed.trim() {
        "" => {
            "an action, a screen, a task: retry, events, goto, filter, q   up: the last one".into()
        }
        _typed => hints(model, typed),
    };
    let text = shorten(theme, &format!(" {text}"), below.width);
    Line::from(Span::styled(text, theme.muted())).render(below, frame.buffer_mut());
}

/// Returns what may follow, or what the command takes.
fn hints(model: &Model, typed: &str) -> String {
    let head = typed.split_whitespace().next().unwrap_or_default().to_lowercase();
    let command = COMMANDS.iter().find(|command| command.word == head);
    let ways = completions(model, typed);
    match (command, ways.as_slice()) {
        (Some(command), _) => format!("{} {}: {}", command.word, command.args, command.help),
        (None, []) => "enter does it".into(),
        (None, ways) => ways.join("   "),
    }
}
