//! Takes the terminal and gives it back as it was, whatever happens in between.
//!
//! The guard leaves on drop; a panic of the thread that took the terminal leaves before its message
//! is written. A panic of any other thread is not the terminal's business: the console goes on, so
//! the hook must not touch it. `leave` may be called any number of times, from anywhere.

use std::{
    io::{self, Stdout, Write as _, stdout},
    panic,
    sync::atomic::{AtomicU8, Ordering},
    thread,
};

use ratatui::{
    Frame,
    crossterm::terminal::{disable_raw_mode, enable_raw_mode, size},
};

use super::{
    Canvas, Multiplexer, TerminalCapabilities, WindowSupport, WriteStats, canvas::UPDATE_END,
    escape_codes,
};

/// The terminal modes this program has set, as bits. The panic hook has no other way to know.
static TAKEN: AtomicU8 = AtomicU8::new(0);
/// The terminal.
const SCREEN: u8 = 1;
/// Its mouse.
const MOUSE: u8 = 2;
/// The title of its window.
const TITLE: u8 = 4;
/// The progress bar of its window.
const PROGRESS: u8 = 8;
/// Not a thing that is ours: tmux stands between.
const TMUX: u8 = 16;

/// Alternate screen, bracketed paste, focus reports; the cursor goes.
const ENTER: &str = "\u{1b}[?1049h\u{1b}[?2004h\u{1b}[?1004h\u{1b}[?25l";
/// The same backwards.
const LEAVE: &str = "\u{1b}[?1004l\u{1b}[?2004l\u{1b}[?1049l\u{1b}[?25h";
/// Clicks and the wheel, in numbers of any size; movement is not asked for, since every step of it
/// would wake the console.
const MOUSE_ON: &str = "\u{1b}[?1000h\u{1b}[?1006h";
const MOUSE_OFF: &str = "\u{1b}[?1006l\u{1b}[?1000l";
/// Lays the window's title aside, and takes it back.
const TITLE_AWAY: &str = "\u{1b}[22;0t";
const TITLE_BACK: &str = "\u{1b}[23;0t";

/// The terminal while the console has it. Dropping it gives the terminal back.
#[derive(Debug)]
pub struct TerminalGuard {
    canvas: Canvas<Stdout>,
    talk: TerminalCapabilities,
}

impl TerminalGuard {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste, focus reports, the title.
    ///
    /// A panic of the thread that calls this gives the terminal back. Call it after any other panic
    /// hook is set: it wraps the one it finds.
    ///
    /// # Errors
    ///
    /// When standard output is no terminal, or refuses.
    pub fn enter(talk: TerminalCapabilities) -> io::Result<Self> {
        restore_on_panic();
        let mut canvas = Canvas::new(stdout(), size()?)?;
        // Whoever was killed here before may have left their screen.
        canvas.clear()?;
        enter_raw_mode(talk)?;
        Ok(Self { canvas, talk })
    }

    /// Draws a frame; see [`Canvas::draw`].
    ///
    /// # Errors
    ///
    /// When the terminal does not take it.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.canvas.draw(render)
    }

    /// See [`Canvas::resize`].
    ///
    /// # Errors
    ///
    /// None in practice.
    pub fn resize(&mut self, size: (u16, u16)) -> io::Result<()> {
        self.canvas.resize(size)
    }

    /// See `Canvas::wipe`.
    ///
    /// # Errors
    ///
    /// None in practice.
    pub fn clear(&mut self) -> io::Result<()> {
        self.canvas.clear()
    }

    /// Columns and rows.
    #[must_use]
    pub const fn size(&self) -> (u16, u16) {
        self.canvas.size()
    }

    /// Returns what has been written so far.
    #[must_use]
    pub const fn write_stats(&self) -> WriteStats {
        self.canvas.write_stats()
    }

    /// Writes a sequence beside the frame, at once.
    ///
    /// # Errors
    ///
    /// When the terminal does not take it.
    pub fn write_escape(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() { Ok(()) } else { self.canvas.write_escape(bytes) }
    }

    /// Names the window.
    ///
    /// # Errors
    ///
    /// When the terminal does not take it.
    pub fn title(&mut self, text: &str) -> io::Result<()> {
        self.write_escape(&escape_codes::title(self.talk, text))
    }

    /// Shows on the window how far the day has come.
    ///
    /// # Errors
    ///
    /// When the terminal does not take it.
    pub fn set_progress(&mut self, percent: Option<u8>) -> io::Result<()> {
        let said = escape_codes::progress(self.talk, percent);
        if !said.is_empty() {
            TAKEN.fetch_or(PROGRESS, Ordering::SeqCst);
        }
        self.write_escape(&said)
    }

    /// Takes the mouse, or gives it back.
    ///
    /// # Errors
    ///
    /// When the terminal does not take it.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        if on {
            TAKEN.fetch_or(MOUSE, Ordering::SeqCst);
        } else {
            TAKEN.fetch_and(!MOUSE, Ordering::SeqCst);
        }
        self.write_escape(if on { MOUSE_ON } else { MOUSE_OFF }.as_bytes())
    }

    /// Returns how to talk to it beside the frame.
    #[must_use]
    pub const fn capabilities(&self) -> TerminalCapabilities {
        self.talk
    }

    /// Takes the terminal again after `leave` (a stay in the shell), and forgets what was on it.
    /// The mouse, the title and the progress bar are not taken again by themselves.
    ///
    /// # Errors
    ///
    /// As `Guard::enter`.
    pub fn re_enter(&mut self) -> io::Result<()> {
        enter_raw_mode(self.talk)?;
        self.canvas.resize(size()?)
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore_terminal();
    }
}

fn enter_raw_mode(talk: TerminalCapabilities) -> io::Result<()> {
    enable_raw_mode()?;
    let title = if talk.window >= WindowSupport::Title { TITLE } else { 0 };
    let tmux = if talk.wrap == Multiplexer::Tmux { TMUX } else { 0 };
    TAKEN.store(SCREEN | title | tmux, Ordering::SeqCst);
    let away = if title == 0 { "" } else { TITLE_AWAY };
    let entered = write(&format!("{away}{ENTER}"));
    if entered.is_err() {
        restore_terminal();
    }
    entered
}

/// Gives the terminal back, if it is ours. Errors are nobody's to handle: the program is leaving.
pub fn restore_terminal() {
    let taken = TAKEN.swap(0, Ordering::SeqCst);
    if taken & SCREEN == 0 {
        return;
    }
    let wrap = if taken & TMUX == 0 { Multiplexer::NoMultiplexer } else { Multiplexer::Tmux };
    let talk = TerminalCapabilities {
        window: WindowSupport::TitleAndProgress,
        wrap,
        ..TerminalCapabilities::default()
    };
    let ours = |bit: u8, text: &str| if taken & bit == 0 { String::new() } else { text.to_owned() };
    let bar = String::from_utf8(escape_codes::progress(talk, None)).unwrap_or_default();
    // A frame may have been cut off between its marks.
    let closed = String::from_utf8_lossy(UPDATE_END);
    let _gone = write(&format!(
        "{closed}{}{}{LEAVE}{}",
        ours(PROGRESS, &bar),
        ours(MOUSE, MOUSE_OFF),
        ours(TITLE, TITLE_BACK)
    ));
    let _gone = disable_raw_mode();
}

fn write(text: &str) -> io::Result<()> {
    let mut out = stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Lets a panic of this thread be read: the terminal is given back before the message.
fn restore_on_panic() {
    let before = panic::take_hook();
    let owner = thread::current().id();
    panic::set_hook(Box::new(move |panic| {
        let ours = thread::current().id() == owner;
        if ours {
            restore_terminal();
        }
        if ours || TAKEN.load(Ordering::SeqCst) & SCREEN == 0 {
            before(panic);
        } else {
            // Its message would be written across the screen.
            tracing::error!(target: "bellwether::panic", "{panic}");
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_a_terminal_that_was_never_taken_takes_nothing_however_often() {
        restore_terminal();
        restore_terminal();
        assert_eq!(TAKEN.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn every_mode_that_is_opened_is_closed() {
        for (open, close) in [(ENTER, LEAVE), (MOUSE_ON, MOUSE_OFF)] {
            let modes = |text: &str, end: char| {
                let parts = text.split("\u{1b}[?").filter_map(|part| part.strip_suffix(end));
                let mut modes: Vec<_> = parts.map(str::to_owned).collect();
                modes.sort();
                modes
            };
            // The cursor is hidden by its mode going off, and shown by its coming on.
            let opened = [modes(open, 'h'), modes(open, 'l')];
            assert_eq!(opened, [modes(close, 'l'), modes(close, 'h')]);
        }
    }
}
