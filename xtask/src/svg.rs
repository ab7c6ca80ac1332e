//! SVG drawing of a console frame.

use std::fmt::Write as _;

use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};
use tui::frame_row;
use unicode_width::UnicodeWidthStr;

/// Width of a column and height of a row, in drawing units.
const CELL: (u32, u32) = (9, 18);
/// Background and foreground of cells without a color.
const GROUND: &str = "#14161b";
const INK: &str = "#c5c8c6";

/// Draws a frame as the terminal shows it: colors, bold, dim, underline and reverse.
///
/// Adjacent cells of equal style are merged, so that a frame of 200×50 stays below 100 kB.
#[must_use]
pub fn frame_svg(buffer: &Buffer, title: &str) -> String {
    let (width, height) = (u32::from(buffer.area.width), u32::from(buffer.area.height));
    let (w, h) = (width * CELL.0, height * CELL.1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-12 -12 {} {}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" \
         font-size=\"14.95\">\n<title>{}</title>\n\
         <rect x=\"-12\" y=\"-12\" width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{GROUND}\"/>\n",
        w + 24,
        h + 24,
        escape_xml(title),
    );
    for y in 0..buffer.area.height {
        let mut cells = frame_row(buffer, y).peekable();
        while let Some((x, first)) = cells.next() {
            let mut run = first.symbol().to_owned();
            while let Some((_, next)) = cells.next_if(|(_, cell)| same_style(cell, first)) {
                run.push_str(next.symbol());
            }
            draw_run(&mut svg, (x, y), first, &run);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn same_style(a: &Cell, b: &Cell) -> bool {
    (a.fg, a.bg, a.modifier) == (b.fg, b.bg, b.modifier)
}

/// Draws one run of equally styled characters.
fn draw_run(svg: &mut String, (x, y): (u16, u16), style: &Cell, run: &str) {
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
    // `textLength` keeps columns aligned in any font.
    push(
        svg,
        format_args!(
            "<text x=\"{left}\" y=\"{base}\" fill=\"{ink}\" textLength=\"{wide}\" \
             xml:space=\"preserve\"{looks}>{}</text>\n",
            escape_xml(run)
        ),
    );
}

fn push(svg: &mut String, part: std::fmt::Arguments<'_>) {
    svg.write_fmt(part).expect("writing to a string cannot fail");
}

/// Escapes text for SVG and drops control characters, which XML does not allow.
fn escape_xml(text: &str) -> String {
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

/// Returns the shade of a color in drawings.
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
        // The theme uses only the sixteen named colors.
        Color::Reset | Color::Rgb(..) | Color::Indexed(_) => default,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, style::Style};

    use super::*;

    #[test]
    fn drawing_keeps_styles_and_escapes_xml() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 2));
        let loud = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);
        buffer.set_string(0, 0, "a<b&c", loud);
        buffer.set_string(0, 1, "on", Style::new().add_modifier(Modifier::REVERSED));
        let svg = frame_svg(&buffer, "two \"rows\"");
        assert!(svg.contains("a&lt;b&amp;c") && svg.contains("#e06c75"), "{svg}");
        assert!(svg.contains("font-weight=\"bold\"") && svg.contains("two &quot;rows&quot;"));
        assert!(svg.contains(&format!("width=\"18\" height=\"18\" fill=\"{INK}\"")), "{svg}");
    }
}
