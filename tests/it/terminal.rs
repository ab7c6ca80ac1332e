//! The console in a real pseudo-terminal: what it shows, what it does with keys and signals, and
//! that the terminal is given back.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say so at once"
)]

use std::{
    io::{Read, Write},
    process::Command,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longer than any answer takes on a busy machine; a test that fails waits so long, no other.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program in a terminal of its own.
struct Console {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    raw: Vec<u8>,
}

impl Console {
    fn open(args: &[&str], (columns, rows): (u16, u16)) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bellwether"));
        command.args(args);
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        command.cwd(std::env::temp_dir());
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
        let rows = std::num::NonZeroU16::new(rows).unwrap();
        let columns = std::num::NonZeroU16::new(columns).unwrap();
        let screen = vt100::Parser::new(rows, columns, 0);
        Self { master: pair.master, child, keys, bytes, screen, raw: Vec::new() }
    }

    fn type_in(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Reads until the screen shows `wanted`.
    fn wait_for(&mut self, wanted: &str) {
        while !self.text().contains(wanted) {
            match self.bytes.recv_timeout(PATIENCE) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => {
                    panic!("`{wanted}` never came ({error}); the screen is\n{}", self.text())
                }
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.screen.process(bytes);
        self.raw.extend_from_slice(bytes);
    }

    fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// Reads to the end; gives the exit code. The terminal must be as it was before.
    fn ended(mut self) -> u32 {
        while let Ok(bytes) = self.bytes.recv_timeout(PATIENCE) {
            self.take(&bytes);
        }
        let code = self.child.wait().unwrap().exit_code();
        assert!(!self.screen.screen().alternate_screen(), "the alternate screen was not left");
        assert!(!self.screen.screen().hide_cursor(), "the cursor stayed hidden");
        assert!(!self.screen.screen().bracketed_paste(), "bracketed paste stayed on");
        let raw = String::from_utf8_lossy(&self.raw).into_owned();
        let last = |sequence: &str| raw.rfind(sequence);
        assert!(last("\u{1b}[?1004l") > last("\u{1b}[?1004h"), "focus reports stayed on");
        drop(self.master);
        code
    }
}

#[test]
fn the_demo_day_opens_shows_its_retry_and_is_left_by_q() {
    let mut console = Console::open(&[], (120, 40));
    console.wait_for("SIM");
    console.wait_for("pre_market");
    console.wait_for("503 service unavailable");
    console.type_in("q");
    console.wait_for("leave");
    console.type_in("\t\r");
    assert_eq!(console.ended(), 0);
}

#[test]
fn the_key_help_comes_and_goes() {
    let mut console = Console::open(&["--speed", "1"], (80, 24));
    console.wait_for("collect_data");
    console.type_in("?");
    console.wait_for("type to find");
    console.type_in("\u{1b}");
    console.signal("-TERM");
    assert_eq!(console.ended(), 0);
}

#[test]
fn a_lost_terminal_ends_the_console_in_order() {
    let mut console = Console::open(&["--speed", "1"], (80, 24));
    console.wait_for("collect_data");
    console.signal("-HUP");
    assert_eq!(console.ended(), 0);
}

#[test]
fn termination_gives_the_terminal_back() {
    let mut console = Console::open(&["--speed", "1"], (200, 50));
    console.wait_for("collect_data");
    console.signal("-TERM");
    assert_eq!(console.ended(), 0);
}

#[test]
fn a_terminal_that_changes_its_size_is_drawn_anew() {
    let mut console = Console::open(&["--speed", "1"], (120, 40));
    console.wait_for("collect_data");
    let size = PtySize { rows: 10, cols: 40, pixel_width: 0, pixel_height: 0 };
    console.master.resize(size).unwrap();
    let (rows, columns) = (10_u16.try_into().unwrap(), 40_u16.try_into().unwrap());
    console.screen = vt100::Parser::new(rows, columns, 0);
    console.wait_for("HALT");
    console.signal("-TERM");
    while let Ok(bytes) = console.bytes.recv_timeout(PATIENCE) {
        console.take(&bytes);
    }
    assert_eq!(console.child.wait().unwrap().exit_code(), 0);
}
