//! Takes the terminal and gives it back as it was, whatever happens in between.
//!
//! The guard leaves on drop; a panic of the main thread leaves before its message is written. A
//! panic of any other thread is not the terminal's business: the console goes on, so the hook
//! must not touch it. [`leave`] may be called any number of times, from anywhere.

use std::{
    io::{self, Stdout, Write as _, stdout},
    panic,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use ratatui::{
    Terminal,
    backend::CrosstermBackend,
    crossterm::{
        cursor::{Hide, Show},
        event::{
            DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
            EnableFocusChange,
        },
        execute,
        style::force_color_output,
        terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
    },
};

/// Whether the terminal is ours. The hook of a panic has no other way to know.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while the console has it. Dropping it gives the terminal back.
#[derive(Debug)]
pub struct Guard {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Guard {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste, focus reports.
    ///
    /// Call it on the main thread, and after any other panic hook is set: it wraps the one it finds.
    ///
    /// # Errors
    ///
    /// When standard output is no terminal, or refuses.
    pub fn enter() -> io::Result<Self> {
        restore_on_panic();
        take()?;
        // With colours off crossterm writes a full reset after every change, which would wipe out
        // the reverse video of the selection. The plain theme sets no colours by itself.
        force_color_output(true);
        Ok(Self { terminal: Terminal::new(CrosstermBackend::new(stdout()))? })
    }

    /// To draw on.
    pub const fn terminal(&mut self) -> &mut Terminal<CrosstermBackend<Stdout>> {
        &mut self.terminal
    }

    /// Takes the terminal again after [`leave`] (a stay in the shell), and forgets what was on it.
    ///
    /// # Errors
    ///
    /// As [`Guard::enter`].
    pub fn again(&mut self) -> io::Result<()> {
        take()?;
        self.terminal.clear()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let entered =
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, Hide);
    if entered.is_err() {
        leave();
    }
    entered
}

/// Gives the terminal back, if it is ours. Errors are nobody's to handle: the program is leaving.
pub fn leave() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let _gone = execute!(
        out,
        DisableFocusChange,
        DisableBracketedPaste,
        DisableMouseCapture,
        LeaveAlternateScreen,
        Show
    );
    let _gone = out.flush();
    let _gone = disable_raw_mode();
}

/// Lets a panic of the main thread be read: the terminal is given back before the message.
fn restore_on_panic() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let main = thread::current().name() == Some("main");
        if main {
            leave();
        }
        if main || !TAKEN.load(Ordering::SeqCst) {
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
    fn leaving_a_terminal_that_was_never_taken_writes_nothing_however_often() {
        assert!(!TAKEN.load(Ordering::SeqCst));
        leave();
        leave();
        assert!(!TAKEN.load(Ordering::SeqCst));
    }
}
