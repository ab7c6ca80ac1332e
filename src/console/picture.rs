//! A frame as a text or as an SVG drawing, for tests, for the README and for reviewers.

use std::fmt::Write as _;

use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};
use unicode_width::UnicodeWidthStr;

use super::{model::Model, view};

/// Columns and rows of a drawing are so many units wide and high.
const CELL: (u32, u32) = (9, 18);
/// Ground and ink where a cell names no colour.
const GROUND: &str = "#14161b";
const INK: &str = "#c5c8c6";

/// What a console shows now, at its own size.
#[must_use]
pub fn frame(model: &Model) -> Buffer {
    let (width, height) = model.size;
    // A test backend cannot fail.
    let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
    let Ok(_frame) = terminal.draw(|frame| view(model, frame));
    terminal.backend().buffer().clone()
}

/// The characters of a frame, line by line, without trailing blanks.
#[must_use]
pub fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let line: String = row(buffer, y).map(|(_, cell)| cell.symbol()).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The cells of a row with their columns; the second half of a wide character is left out.
fn row(buffer: &Buffer, y: u16) -> impl Iterator<Item = (u16, &Cell)> {
    let mut covered = 0;
    (0..buffer.area.width).filter_map(move |x| {
        let cell = buffer.cell((buffer.area.x + x, buffer.area.y + y))?;
        if x < covered {
            return None;
        }
        covered = x + u16::try_from(cell.symbol().width()).unwrap_or(1).max(1);
        Some((x, cell))
    })
}

/// A drawing of a frame: colours, bold, dim, underline and reverse as the terminal shows them.
///
/// Equal cells side by side become one run, so a frame of 200×50 stays below 100 kB.
#[must_use]
pub fn svg(buffer: &Buffer, title: &str) -> String {
    let (width, height) = (u32::from(buffer.area.width), u32::from(buffer.area.height));
    let (w, h) = (width * CELL.0, height * CELL.1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-12 -12 {} {}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" \
         font-size=\"14.95\">\n<title>{}</title>\n\
         <rect x=\"-12\" y=\"-12\" width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{GROUND}\"/>\n",
        w + 24,
        h + 24,
        escaped(title),
    );
    for y in 0..buffer.area.height {
        let mut cells = row(buffer, y).peekable();
        while let Some((x, first)) = cells.next() {
            let mut run = first.symbol().to_owned();
            while let Some((_, next)) = cells.next_if(|(_, cell)| alike(cell, first)) {
                run.push_str(next.symbol());
            }
            draw(&mut svg, (x, y), first, &run);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn alike(a: &Cell, b: &Cell) -> bool {
    (a.fg, a.bg, a.modifier) == (b.fg, b.bg, b.modifier)
}

/// One run of equally styled characters.
fn draw(svg: &mut String, (x, y): (u16, u16), style: &Cell, run: &str) {
    let columns = u32::try_from(run.width()).unwrap_or(0);
    let (left, top) = (u32::from(x) * CELL.0, u32::from(y) * CELL.1);
    let (mut ink, mut ground) = (hex(style.fg, INK), hex(style.bg, GROUND));
    if style.modifier.contains(Modifier::REVERSED) {
        (ink, ground) = (ground, ink);
    }
    let wide = columns * CELL.0;
    if ground != GROUND {
        let high = CELL.1;
        push(
            svg,
            format_args!(
                "<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{high}\" fill=\"{ground}\"/>"
            ),
        );
    }
    if run.trim().is_empty() {
        return;
    }
    let mut looks = String::new();
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::DIM, " opacity=\"0.6\""),
    ] {
        if style.modifier.contains(modifier) {
            looks.push_str(attribute);
        }
    }
    let base = top + 14;
    // `textLength` keeps the columns straight whatever font the reader has.
    push(
        svg,
        format_args!(
            "<text x=\"{left}\" y=\"{base}\" fill=\"{ink}\" textLength=\"{wide}\" \
             xml:space=\"preserve\"{looks}>{}</text>\n",
            escaped(run)
        ),
    );
}

fn push(svg: &mut String, part: std::fmt::Arguments<'_>) {
    svg.write_fmt(part).expect("writing to a string cannot fail");
}

/// Text as SVG takes it; control characters, which no XML may contain, are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// The shade of a colour in drawings.
fn hex(color: Color, default: &'static str) -> &'static str {
    match color {
        Color::Black => "#1d1f21",
        Color::Red => "#e06c75",
        Color::Green => "#98c379",
        Color::Yellow => "#e5c07b",
        Color::Blue => "#61afef",
        Color::Magenta => "#c678dd",
        Color::Cyan => "#56b6c2",
        Color::Gray => "#abb2bf",
        Color::DarkGray => "#7f848e",
        Color::LightRed => "#ff7b86",
        Color::LightGreen => "#b5e890",
        Color::LightYellow => "#ffd68a",
        Color::LightBlue => "#82c4ff",
        Color::LightMagenta => "#dd9bf2",
        Color::LightCyan => "#7fd9e4",
        Color::White => "#ffffff",
        // The theme uses the sixteen alone.
        Color::Reset | Color::Rgb(..) | Color::Indexed(_) => default,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, style::Style};

    use super::*;

    #[test]
    fn a_drawing_keeps_colour_weight_and_reverse_and_escapes_what_xml_would_take() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 2));
        let loud = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);
        buffer.set_string(0, 0, "a<b&c", loud);
        buffer.set_string(0, 1, "on", Style::new().add_modifier(Modifier::REVERSED));
        let svg = svg(&buffer, "two \"rows\"");
        assert!(svg.contains("a&lt;b&amp;c") && svg.contains("#e06c75"), "{svg}");
        assert!(svg.contains("font-weight=\"bold\"") && svg.contains("two &quot;rows&quot;"));
        assert!(svg.contains(&format!("width=\"18\" height=\"18\" fill=\"{INK}\"")), "{svg}");
    }

    #[test]
    fn a_wide_character_takes_two_columns_and_is_written_once() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        buffer.set_string(0, 0, "日x", Style::new());
        assert_eq!(text(&buffer), "日x\n");
    }
}
