//! A backend that puts every cell where it belongs, however wide the terminal takes the one before.
//!
//! How many columns a cluster of marks, an emoji with a skin or a rare script takes is answered
//! differently by terminals. The cursor follows the terminal's answer; so after each such cell it is
//! placed anew, and a text from outside can spoil no more than its own cell.

use std::io::{self, Write};

use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};

/// See the module.
#[derive(Debug)]
pub(super) struct Exact<W: Write>(pub(super) CrosstermBackend<W>);

/// Whether every terminal takes one column for it: Latin, Greek, Cyrillic; punctuation; arrows,
/// boxes, blocks and marks that our own screens are made of.
fn certain(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => matches!(c,
            ' '..='~' | '\u{a0}'..='\u{2ff}' | '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{482}'
            | '\u{2010}'..='\u{2027}' | '\u{2190}'..='\u{21ff}' | '\u{2296}' | '\u{2298}'
            | '\u{2500}'..='\u{25ff}' | '\u{2713}' | '\u{2717}' | '\u{2800}'..='\u{28ff}'),
        (None | Some(_), _) => false,
    }
}

impl<W: Write> Backend for Exact<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        // Once at least, since the end of the cells is marked by what the backend writes there.
        loop {
            let mut sure = true;
            let run = std::iter::from_fn(|| {
                let next = content.next_if(|_| sure)?;
                sure = certain(next.2.symbol());
                Some(next)
            });
            // The backend places the cursor at the beginning of each run.
            self.0.draw(run)?;
            if content.peek().is_none() {
                return Ok(());
            }
        }
    }

    fn append_lines(&mut self, n: u16) -> io::Result<()> {
        self.0.append_lines(n)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.0.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.0.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.0.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::TaskState,
        present::words::{GlyphSet, glyph},
    };

    #[test]
    fn our_own_marks_cost_no_placing_of_the_cursor() {
        for state in TaskState::ALL {
            assert!(certain(glyph(state, GlyphSet::Utf8)), "{state:?}");
        }
        for ours in "│┃─━┌┏█░▃▅▇…▾→←↑↓╌·•".chars() {
            assert!(certain(&ours.to_string()), "{ours}");
        }
    }
}
