//! A backend that puts every cell where it belongs, however wide the terminal takes the one before.
//!
//! How many columns a cluster of marks, an emoji with a skin or a rare script takes is answered
//! differently by terminals. A cluster that is as wide as its characters one by one is written as
//! it is, of any other the first character; and after each cell of doubtful width the cursor is
//! placed anew. So a text from outside can spoil no more than its own cells.

use std::io::{self, Write};

use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// See the module.
#[derive(Debug)]
pub(super) struct CellBackend<W: Write>(pub(super) CrosstermBackend<W>);

/// Returns whether every terminal takes one column for it: Latin, Greek, Cyrillic; punctuation;
/// arrows, boxes, blocks and marks that our own screens are made of.
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

/// Returns what to write for a cluster whose width terminals may answer differently: its first
/// character, the two letters of a flag, and blanks up to the width that was reckoned with. `None`: it
/// can be written as it is.
///
/// A terminal that joins two characters with a width into one cell, as some do with flags and with
/// scripts of India and Thailand, keeps half of the cluster when the cells are written again.
fn tame_symbol(symbol: &str) -> Option<String> {
    let wide = symbol.width();
    let widths = || symbol.chars().map(|c| c.width().unwrap_or(0));
    let joined = widths().filter(|width| *width > 0).count() > 1;
    if joined && let Some(letters) = symbol.chars().map(flag_letter).collect::<Option<String>>() {
        return Some(format!("{letters:<wide$}"));
    }
    let first = symbol.chars().next().filter(|_| joined || widths().sum::<usize>() != wide)?;
    let first = if first.width().unwrap_or(0) > wide { ' ' } else { first };
    let blanks = wide.saturating_sub(first.width().unwrap_or(0));
    Some(format!("{first}{}", " ".repeat(blanks)))
}

/// Returns the letter of a regional indicator: two of them are a flag.
fn flag_letter(c: char) -> Option<char> {
    let place = u32::from(c).checked_sub(0x1_f1e6).filter(|place| *place < 26)?;
    char::from_u32(u32::from('A') + place)
}

impl<W: Write> Backend for CellBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        // Once at least, since the end of the cells is marked by what the backend writes there.
        loop {
            let mut doubtful = None;
            let run = std::iter::from_fn(|| {
                let sure = |next: &(u16, u16, &Cell)| certain(next.2.symbol());
                if let Some(next) = content.next_if(sure) {
                    return Some(next);
                }
                doubtful = content.next();
                None
            });
            // The backend places the cursor at the beginning of each run.
            self.0.draw(run)?;
            let Some((x, y, cell)) = doubtful else { return Ok(()) };
            let mut cell = cell.clone();
            if let Some(tamed) = tame_symbol(cell.symbol()) {
                cell.set_symbol(&tamed);
            }
            self.0.draw(std::iter::once((x, y, &cell)))?;
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
    use engine::TaskState;
    use view::format::{GlyphSet, state_glyph};

    #[test]
    fn our_own_marks_cost_no_placing_of_the_cursor() {
        for state in TaskState::ALL {
            assert!(certain(state_glyph(state, GlyphSet::Utf8)), "{state:?}");
        }
        for ours in "│┃─━┌┏█░▃▅▇…▾→←↑↓╌·•".chars() {
            assert!(certain(&ours.to_string()), "{ours}");
        }
    }

    #[test]
    fn a_cluster_is_written_as_wide_as_it_was_reckoned_with() {
        assert_eq!(tame_symbol("日"), None);
        assert_eq!(tame_symbol("e\u{301}"), None);
        assert_eq!(tame_symbol("\u{1f469}\u{1f3fd}").as_deref(), Some("\u{1f469}"));
        assert_eq!(tame_symbol("\u{1f1e9}\u{1f1ea}").as_deref(), Some("DE"));
        assert_eq!(tame_symbol("\u{915}\u{94d}\u{937}").as_deref(), Some("\u{915} "));
        assert_eq!(tame_symbol("\u{e01}\u{e33}").as_deref(), Some("\u{e01} "));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_has_one_width_for_everybody(symbol in "\\PC{1,6}") {
            let tamed = tame_symbol(&symbol).unwrap_or_else(|| symbol.clone());
            let one_by_one: usize = tamed.chars().map(|c| c.width().unwrap_or(0)).sum();
            proptest::prop_assert_eq!(one_by_one, symbol.width());
        }
    }
}
