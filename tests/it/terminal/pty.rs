//! A program in a pseudo-terminal: its bytes, its screen, and what it leaves behind.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say so at once"
)]

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    process::Command,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use bellwether::runtime::instant_now;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longer than any answer takes on a busy machine; a test that fails waits so long, no other.
pub(super) const PATIENCE: Duration = Duration::from_secs(40);

/// Variables that say what the terminal can; a test gives its own.
const ABOUT_TERMINALS: [&str; 12] = [
    "NO_COLOR",
    "COLORTERM",
    "TERM_PROGRAM",
    "TMUX",
    "KITTY_WINDOW_ID",
    "GHOSTTY_RESOURCES_DIR",
    "WEZTERM_PANE",
    "LC_TERMINAL",
    "WT_SESSION",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "CI",
];

/// The program in a terminal of its own.
pub(super) struct Console {
    pub(super) master: Box<dyn MasterPty + Send>,
    pub(super) child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    pub(super) screen: vt100::Parser,
    raw: Vec<u8>,
    /// The settings of the line before the program came.
    before: String,
    /// A state folder of its own, for as long as it runs.
    _state: tempfile::TempDir,
}

fn size_of((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn blank((columns, rows): (u16, u16)) -> vt100::Parser {
    vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0)
}

impl Console {
    /// The console with these flags.
    pub(super) fn open(args: &[&str], size: (u16, u16)) -> Self {
        Self::open_in(&[], args, size)
    }

    /// As [`Console::open`], with variables of its environment.
    pub(super) fn open_in(vars: &[(&str, &str)], args: &[&str], size: (u16, u16)) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bellwether"));
        command.args(args);
        Self::run(command, vars, size)
    }

    /// Any program.
    pub(super) fn run(
        mut command: CommandBuilder,
        vars: &[(&str, &str)],
        size: (u16, u16),
    ) -> Self {
        let pair = native_pty_system().openpty(size_of(size)).unwrap();
        command.env("TERM", "xterm-256color");
        for name in ABOUT_TERMINALS {
            command.env_remove(name);
        }
        let state = tempfile::tempdir().unwrap();
        command.env("BELLWETHER_STATE_DIR", state.path());
        for (name, value) in vars {
            command.env(name, value);
        }
        command.cwd(std::env::temp_dir());
        let before = line_of(&*pair.master);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, bytes) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 8_192];
            while let Ok(n) = reader.read(&mut buffer) {
                if n == 0 || sender.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        let (screen, raw) = (blank(size), Vec::new());
        Self { master: pair.master, child, keys, bytes, screen, raw, before, _state: state }
    }

    pub(super) fn type_in(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub(super) fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// All bytes so far, as text.
    pub(super) fn raw(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    /// Reads until the screen shows `wanted`.
    pub(super) fn wait_for(&mut self, wanted: &str) {
        self.wait_until(wanted, |console| console.text().contains(wanted));
    }

    /// Reads until something holds.
    pub(super) fn wait_until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        // A console that lives ticks each second: silence alone would never end the wait.
        let end = instant_now() + PATIENCE;
        while !holds(self) {
            match self.bytes.recv_timeout(end.saturating_duration_since(instant_now())) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => {
                    panic!("`{what}` never came ({error}); the screen is\n{}", self.text())
                }
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.screen.process(bytes);
        self.raw.extend_from_slice(bytes);
    }

    pub(super) fn resize(&mut self, size: (u16, u16)) {
        self.master.resize(size_of(size)).unwrap();
        self.screen = blank(size);
    }

    pub(super) fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// Reads to the end, whatever comes; gives the exit code.
    pub(super) fn rest(&mut self) -> u32 {
        let end = instant_now() + PATIENCE;
        loop {
            match self.bytes.recv_timeout(end.saturating_duration_since(instant_now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("never ended; the screen is\n{}", self.text())
                }
            }
        }
        self.child.wait().unwrap().exit_code()
    }

    /// Closes the terminal under the program, which may go on.
    pub(super) fn lose(self) -> Box<dyn Child + Send + Sync> {
        let Self { master, child, keys, bytes, .. } = self;
        drop((keys, master));
        // The reader holds the terminal open until it is told to go.
        drop(bytes);
        child
    }

    /// Closes the terminal under the program; gives the exit code.
    pub(super) fn hang_up(self) -> u32 {
        let mut child = self.lose();
        let start = instant_now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(start.elapsed() < PATIENCE, "the program hangs without its terminal");
            thread::yield_now();
        }
    }

    /// Fails unless the terminal is as it was before the program came.
    pub(super) fn assert_given_back(&self) {
        let raw = self.raw();
        for (mode, on) in modes(&raw) {
            // The cursor is there at first; every other mode is not.
            assert_eq!(on, mode == "25", "mode {mode} was left {on}");
        }
        let titles = |sequence| raw.matches(sequence).count();
        assert_eq!(titles("\u{1b}[22;0t"), titles("\u{1b}[23;0t"), "the title was not given back");
        let bar = |sequence| raw.rfind(sequence);
        assert!(bar("]9;4;1;") < bar("]9;4;0") || bar("]9;4;1;").is_none(), "a bar was left");
        assert!(!self.screen.screen().alternate_screen());
        assert!(!self.screen.screen().hide_cursor());
        assert_eq!(line_of(&*self.master), self.before, "the line has other settings");
    }

    /// Reads to the end; gives the exit code. The terminal must be as it was before.
    pub(super) fn ended(mut self) -> u32 {
        let code = self.rest();
        assert!(!modes(&self.raw()).is_empty(), "the terminal was never taken");
        self.assert_given_back();
        code
    }
}

/// The settings of a terminal's line: raw or not, echo, and so on.
fn line_of(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

/// Every private mode that was set or reset, as it was left.
fn modes(raw: &str) -> BTreeMap<String, bool> {
    let mut modes = BTreeMap::new();
    for part in raw.split("\u{1b}[?").skip(1) {
        let numbers: String =
            part.chars().take_while(|c| c.is_ascii_digit() || *c == ';').collect();
        let end = part.chars().nth(numbers.len());
        for number in numbers.split(';').filter(|_| matches!(end, Some('h' | 'l'))) {
            modes.insert(number.to_owned(), end == Some('h'));
        }
    }
    modes
}

#[test]
fn modes_are_read_from_the_bytes() {
    let modes = modes("\u{1b}[?25lx\u{1b}[?1;2h\u{1b}[?2l\u{1b}[?6n");
    let wanted = [("1", true), ("2", false), ("25", false)];
    assert_eq!(modes, wanted.map(|(mode, on)| (mode.to_owned(), on)).into());
}
