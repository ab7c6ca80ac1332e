//! One line made of pieces, the least important of which go first when there is no room.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Widget as _,
};

use super::display_width;

/// A part of a line.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    /// The key in front of the text, with its own style.
    key: Option<(String, Style)>,
    text: String,
    style: Style,
    /// 0 stays as long as there is any room; the largest goes first.
    rank: u8,
}

impl Segment {
    /// A piece that goes the sooner the larger its rank.
    pub(crate) fn new(rank: u8, text: impl Into<String>, style: Style) -> Self {
        Self { key: None, text: text.into(), style, rank }
    }

    /// The same with a key in front of it that looks different.
    pub(crate) fn with_key(self, key: impl Into<String>, style: Style) -> Self {
        Self { key: Some((key.into(), style)), ..self }
    }

    fn width(&self) -> usize {
        let key = self.key.as_ref().map_or(0, |(key, _)| display_width(key) + 1);
        usize::from(key + display_width(&self.text))
    }
}

/// Draws `left` from the left and `right` against the right edge, a blank between pieces. Empty
/// pieces are left out; those of the largest rank are dropped until the rest fits.
pub(crate) fn draw_strip(area: Rect, buf: &mut Buffer, left: Vec<Segment>, right: Vec<Segment>) {
    if area.height == 0 {
        return;
    }
    let mut sides = [left, right];
    for side in &mut sides {
        side.retain(|piece| !piece.text.is_empty());
    }
    while wide(&sides) > usize::from(area.width) {
        let highest = sides.iter().flatten().map(|piece| piece.rank).max().unwrap_or(0);
        if highest == 0 {
            break;
        }
        // The last one of the rank: what comes first in the line was put first for a reason.
        let side = usize::from(!sides[0].iter().any(|piece| piece.rank == highest));
        let place = sides[side].iter().rposition(|piece| piece.rank == highest);
        place.map(|at| sides[side].remove(at));
    }
    let [left, right] = sides.map(line);
    let at_right = u16::try_from(right.width()).unwrap_or(u16::MAX).min(area.width);
    let row = Rect { height: 1, ..area };
    let shorter = Rect { width: area.width.saturating_sub(at_right), ..row };
    left.render(shorter, buf);
    right.render(Rect { x: area.x + area.width - at_right, width: at_right, ..row }, buf);
}

fn wide(sides: &[Vec<Segment>; 2]) -> usize {
    let pieces: Vec<_> = sides.iter().flatten().collect();
    let text: usize = pieces.iter().map(|piece| piece.width()).sum();
    // A blank after each, so that the two sides do not touch.
    text + pieces.len().saturating_sub(1)
}

fn line(pieces: Vec<Segment>) -> Line<'static> {
    let mut spans = Vec::new();
    for piece in pieces {
        if !spans.is_empty() {
            spans.push(Span::raw(" "));
        }
        if let Some((key, style)) = piece.key {
            spans.extend([Span::styled(key, style), Span::raw(" ")]);
        }
        spans.push(Span::styled(piece.text, piece.style));
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame_text;

    fn drawn_text(width: u16) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buffer = Buffer::empty(area);
        let piece = |rank, text: &str| Segment::new(rank, text, Style::new());
        let left = vec![piece(0, "SIM"), piece(2, "2018-12-19"), piece(5, "standard")];
        draw_strip(area, &mut buffer, left, vec![piece(3, "60x"), piece(0, "10:42")]);
        frame_text(&buffer).trim_end().to_owned()
    }

    #[test]
    fn what_matters_least_goes_first_and_the_clock_stays_at_the_edge() {
        assert_eq!(drawn_text(34), "SIM 2018-12-19 standard  60x 10:42");
        assert_eq!(drawn_text(28), "SIM 2018-12-19     60x 10:42");
        assert_eq!(drawn_text(22), "SIM 2018-12-19   10:42");
        assert_eq!(drawn_text(12), "SIM    10:42");
        assert_eq!(drawn_text(7), "SI10:42");
        assert_eq!(drawn_text(0), "");
    }
}
