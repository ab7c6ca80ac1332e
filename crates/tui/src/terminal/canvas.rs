//! A frame becomes one write: gathered, put between the marks of a synchronized update, counted.
//!
//! The backend flushes several times a frame; its writer here only gathers. The terminal is not
//! asked for its size with every frame, nor for its cursor when the screen is wiped: whoever owns
//! the canvas tells it when the size changes. A frame that changes nothing is not written.

use std::{
    cell::RefCell,
    io::{self, Write},
    rc::Rc,
};

use ratatui::{
    Frame, Terminal, TerminalOptions, Viewport, backend::CrosstermBackend,
    crossterm::style::force_color_output, layout::Rect,
};

use super::cell_backend::CellBackend;

/// Begins a synchronized update: the terminal shows nothing of it until [`UPDATE_END`].
const UPDATE: &[u8] = b"\x1b[?2026h";
/// Ends a synchronized update.
pub(super) const UPDATE_END: &[u8] = b"\x1b[?2026l";
/// Wipes the screen.
const WIPE: &[u8] = b"\x1b[0m\x1b[2J";
/// The bytes the backend writes after the cells of a frame, also when there are none.
const CELLS_END: &[u8] = b"\x1b[39m\x1b[49m\x1b[59m\x1b[0m";

/// Counters of the bytes and frames written since the canvas was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriteStats {
    /// Frames that changed something.
    pub frames: u64,
    /// Bytes, those beside the frames among them.
    pub bytes: u64,
}

/// Gathers what the backend writes, and never lets go of it by itself.
#[derive(Debug, Clone, Default)]
struct WriteBuffer(Rc<RefCell<Vec<u8>>>);

impl Write for WriteBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Draws frames on `W`.
#[derive(Debug)]
pub struct Canvas<W: Write> {
    terminal: Terminal<CellBackend<WriteBuffer>>,
    pen: WriteBuffer,
    out: W,
    size: (u16, u16),
    sent: WriteStats,
    /// The bytes written with the next frame, before its cells.
    before: Vec<u8>,
    /// The cursor state after the last frame.
    cursor: Vec<u8>,
}

impl<W: Write> Canvas<W> {
    /// An empty screen of so many columns and rows.
    ///
    /// # Errors
    ///
    /// None in practice: nothing is written yet.
    pub fn new(out: W, size: (u16, u16)) -> io::Result<Self> {
        // With colours off crossterm writes a full reset after every change, which would wipe out
        // the reverse video of the selection. The plain theme sets no colours by itself.
        force_color_output(true);
        let pen = WriteBuffer::default();
        let terminal = blank(&pen, size)?;
        let (sent, before, cursor) = (WriteStats::default(), Vec::new(), Vec::new());
        Ok(Self { terminal, pen, out, size, sent, before, cursor })
    }

    /// Draws a frame, in one write; in none when nothing changed.
    ///
    /// # Errors
    ///
    /// When the terminal does not take it.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.pen.0.borrow_mut().clear();
        self.terminal.draw(render)?;
        let frame = std::mem::take(&mut *self.pen.0.borrow_mut());
        let end = last(&frame, CELLS_END).map_or(0, |at| at + CELLS_END.len());
        let (cells, cursor) = frame.split_at(end);
        let still = cells == CELLS_END && cursor == self.cursor && self.before.is_empty();
        if !still {
            self.cursor = cursor.to_vec();
            let before = std::mem::take(&mut self.before);
            self.sent.frames += 1;
            self.write_escape(&[UPDATE, &before, &frame, UPDATE_END].concat())?;
        }
        *self.pen.0.borrow_mut() = frame;
        Ok(())
    }

    /// The terminal has so many columns and rows now: what is on it is forgotten and drawn anew.
    ///
    /// # Errors
    ///
    /// None in practice: the next frame writes.
    pub fn resize(&mut self, size: (u16, u16)) -> io::Result<()> {
        self.size = size;
        self.clear()
    }

    /// Lets the next frame draw every cell, on a wiped screen.
    ///
    /// # Errors
    ///
    /// As [`Canvas::resize`].
    pub fn clear(&mut self) -> io::Result<()> {
        self.terminal = blank(&self.pen, self.size)?;
        self.before = WIPE.to_vec();
        Ok(())
    }

    /// Writes something that is no part of a frame, at once.
    ///
    /// # Errors
    ///
    /// When the terminal does not take it.
    pub fn write_escape(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sent.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.out.write_all(bytes)?;
        self.out.flush()
    }

    /// Columns and rows.
    #[must_use]
    pub const fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Returns what has been written so far.
    #[must_use]
    pub const fn write_stats(&self) -> WriteStats {
        self.sent
    }

    /// Returns where it is drawn.
    pub const fn out(&self) -> &W {
        &self.out
    }
}

/// A terminal that holds nothing. A fixed viewport never asks how large the real one is.
fn blank(
    pen: &WriteBuffer,
    (width, height): (u16, u16),
) -> io::Result<Terminal<CellBackend<WriteBuffer>>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
    Terminal::with_options(
        CellBackend(CrosstermBackend::new(pen.clone())),
        TerminalOptions { viewport },
    )
}

/// Returns where `part` stands last in `all`.
fn last(all: &[u8], part: &[u8]) -> Option<usize> {
    all.windows(part.len()).rposition(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts writes and keeps them.
    #[derive(Debug, Default)]
    struct Sink {
        writes: Vec<Vec<u8>>,
        flushes: usize,
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.writes.push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.flushes += 1;
            Ok(())
        }
    }

    fn canvas() -> Canvas<Sink> {
        Canvas::new(Sink::default(), (20, 4)).expect("a sink takes everything")
    }

    fn text(canvas: &mut Canvas<Sink>, text: &str) {
        canvas.draw(|frame| frame.render_widget(text, frame.area())).expect("a sink");
    }

    #[test]
    fn a_frame_is_one_write_and_one_flush_between_the_marks() {
        let mut canvas = canvas();
        text(&mut canvas, "one");
        text(&mut canvas, "two");
        let Sink { writes, flushes } = canvas.out();
        assert_eq!((writes.len(), *flushes), (2, 2));
        for write in writes {
            assert!(write.starts_with(UPDATE) && write.ends_with(UPDATE_END), "{write:?}");
        }
        let bytes: usize = writes.iter().map(Vec::len).sum();
        let bytes = u64::try_from(bytes).expect("small");
        assert_eq!(canvas.write_stats(), WriteStats { frames: 2, bytes });
    }

    #[test]
    fn a_frame_like_the_last_is_not_written() {
        let mut canvas = canvas();
        for _ in 0..5 {
            text(&mut canvas, "same");
        }
        assert_eq!(canvas.write_stats().frames, 1);
    }

    #[test]
    fn a_cursor_that_moves_or_goes_is_a_change() {
        let mut canvas = canvas();
        for place in [None, Some((1, 1)), Some((1, 1)), Some((2, 1)), None, None] {
            let draw = |frame: &mut Frame<'_>| {
                if let Some(place) = place {
                    frame.set_cursor_position(place);
                }
            };
            canvas.draw(draw).expect("a sink");
        }
        assert_eq!(canvas.write_stats().frames, 4);
        let all = String::from_utf8(canvas.out().writes.concat()).expect("ASCII");
        assert!(all.rfind("\u{1b}[?25l") > all.rfind("\u{1b}[?25h"), "the cursor stayed");
    }

    #[test]
    fn after_a_cell_of_doubtful_width_the_cursor_is_placed_anew() {
        for (doubtful, drawn) in [
            ("\u{1f469}\u{1f3fd}", "\u{1f469}"),
            ("e\u{301}\u{302}", "e\u{301}\u{302}"),
            ("日", "日"),
            ("\u{1f1fa}\u{1f1f8}", "US"),
        ] {
            let mut canvas = canvas();
            text(&mut canvas, &format!("ab{doubtful}cd"));
            let sent = String::from_utf8(canvas.out().writes.concat()).expect("UTF-8");
            let (_, after) = sent.split_once(drawn).expect("it is drawn");
            let (placed, _) = after.split_once("cd").expect("so is what follows");
            assert!(placed.contains("\u{1b}[1;"), "{sent:?}");
        }
    }

    #[test]
    fn after_a_change_of_size_everything_is_drawn_on_a_wiped_screen() {
        let mut canvas = canvas();
        text(&mut canvas, "same");
        canvas.resize((10, 2)).expect("a sink");
        text(&mut canvas, "same");
        let writes = &canvas.out().writes;
        let wiped = String::from_utf8(writes[1].clone()).expect("ASCII");
        assert!(wiped.contains("\u{1b}[2J") && wiped.contains("same"), "{wiped:?}");
        assert!(!wiped.contains("\u{1b}[6n"), "asked where the cursor is");
    }
}
