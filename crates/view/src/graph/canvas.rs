//! Drawing a laid-out graph with box characters or with ASCII alone.

use super::model::{Graph, GraphNode, GraphRow, GraphSegment, StageBlock};
use crate::format::{self, GlyphSet};

const UP: u8 = 1;
const RIGHT: u8 = 2;
const DOWN: u8 = 4;
const LEFT: u8 = 8;

/// One cell of the canvas: line ends that meet there, or a letter.
#[derive(Debug, Clone, Copy, Default)]
struct CanvasCell {
    ends: u8,
    heavy: bool,
    /// Whose lines run across and down.
    across: usize,
    down: usize,
    letter: Option<char>,
}

impl Graph {
    /// Every row of text, top to bottom. At most as many columns as [`Graph::width`].
    #[must_use]
    pub fn rows(&self, set: GlyphSet) -> Vec<GraphRow> {
        let mut cells = vec![vec![CanvasCell::default(); self.width]; self.height];
        for wire in &self.wires {
            for pair in wire.corners.windows(2) {
                if let [from, to] = *pair {
                    line(&mut cells, from, to, (wire.owner, wire.heavy));
                }
            }
            if let Some(&(x, y)) = wire.corners.last() {
                write(&mut cells, (x, y), arrow(set), set);
            }
        }
        for block in &self.blocks {
            head(&mut cells, block, set);
        }
        for node in &self.nodes {
            write(&mut cells, (node.x, node.y), &text(node, set), set);
        }
        let row = |(y, cells): (usize, Vec<CanvasCell>)| {
            let text: String = cells.iter().map(|cell| cell_char(*cell, set)).collect();
            GraphRow { text: text.trim_end().to_owned(), pieces: self.pieces(y) }
        };
        cells.into_iter().enumerate().map(row).collect()
    }

    fn pieces(&self, y: usize) -> Vec<GraphSegment> {
        let here = self.nodes.iter().filter(|node| node.y == y);
        let piece =
            |n: &GraphNode| GraphSegment { ix: n.ix, state: n.state, x: n.x, width: n.width };
        let mut pieces: Vec<_> = here.map(piece).collect();
        pieces.sort_by_key(|piece| piece.x);
        pieces
    }
}

fn head(cells: &mut [Vec<CanvasCell>], block: &StageBlock, set: GlyphSet) {
    write(cells, (0, block.row), &block.title, set);
    for (i, text) in block.foot.iter().enumerate() {
        write(cells, (2, block.foot_row + i), text, set);
    }
}

/// A node as it is drawn: `[T risk_recheck 3/3]`, with `*` before the bracket closes when it is on
/// the chain that decides.
fn text(node: &GraphNode, set: GlyphSet) -> String {
    let star = if node.critical { "*" } else { "" };
    format!("[{} {}{star}]", format::state_glyph(node.state, set), node.label)
}

const fn arrow(set: GlyphSet) -> &'static str {
    match set {
        GlyphSet::Utf8 => "▸",
        GlyphSet::Ascii => ">",
    }
}

fn write(cells: &mut [Vec<CanvasCell>], (x, y): (usize, usize), text: &str, set: GlyphSet) {
    let Some(row) = cells.get_mut(y) else { return };
    for (cell, letter) in row.iter_mut().skip(x).zip(text.chars()) {
        // The dash between two times.
        let plain = if set == GlyphSet::Ascii && !letter.is_ascii() { '-' } else { letter };
        cell.letter = Some(plain);
    }
}

/// A straight line; its ends are half a cell long.
fn line(
    cells: &mut [Vec<CanvasCell>],
    from: (usize, usize),
    to: (usize, usize),
    (owner, heavy): (usize, bool),
) {
    let level = from.1 == to.1;
    let (low, high) = (from.0.min(to.0), from.0.max(to.0));
    let (top, bottom) = (from.1.min(to.1), from.1.max(to.1));
    for (y, row) in cells.iter_mut().enumerate().take(bottom + 1).skip(top) {
        for (x, cell) in row.iter_mut().enumerate().take(high + 1).skip(low) {
            let mut add = |end: u8, there: bool| {
                if there {
                    cell.ends |= end;
                }
            };
            add(LEFT, level && x > low);
            add(RIGHT, level && x < high);
            add(UP, !level && y > top);
            add(DOWN, !level && y < bottom);
            cell.heavy |= heavy;
            if level {
                cell.across = owner;
            } else {
                cell.down = owner;
            }
        }
    }
}

fn cell_char(cell: CanvasCell, set: GlyphSet) -> char {
    if let Some(letter) = cell.letter {
        return letter;
    }
    let mut ends = cell.ends;
    // Lines of two tasks cross without touching: the upright one passes over.
    if ends == UP | RIGHT | DOWN | LEFT && cell.across != cell.down {
        ends = UP | DOWN;
    }
    let place = usize::from(ends);
    let chars = match (set, cell.heavy) {
        (GlyphSet::Utf8, false) => " │─└││┌├─┘─┴┐┤┬┼",
        (GlyphSet::Utf8, true) => " ┃━┗┃┃┏┣━┛━┻┓┫┳╋",
        (GlyphSet::Ascii, false) => " |-+||++-+-+++++",
        (GlyphSet::Ascii, true) => " |=+||++=+=+++++",
    };
    chars.chars().nth(place).unwrap_or(' ')
}
