//! A served day, consoles that come and go, commands of the shell, and a console that loses its terminal.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say so at once"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::net::UnixDatagram,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use bellwether::runtime::{attach::SOCKET, instant_now};

use super::pty::{Console, PATIENCE};

/// The first two tasks of the morning fail for good.
const TROUBLE: &str = "\
scenario: trouble
title: nothing comes
faults:
  - task: collect_data
    fail: 1
    kind: bad_input
    after: 1s
    message: no such feed
";

pub(super) fn bellwether(state: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.args(args).env("BELLWETHER_STATE_DIR", state).env("BELLWETHER_CONFIG", "/dev/null");
    command.env("BELLWETHER_OPERATOR", "ana").current_dir(state).stdin(Stdio::null());
    command
}

pub(super) fn told(state: &Path, args: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } = bellwether(state, args).output().unwrap();
    let text = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (status.code().unwrap(), text)
}

/// A day that is served; it ends with the test.
pub(super) struct Serving(pub(super) Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Serving {
    /// Serves a day, and waits until it is.
    pub(super) fn begin(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let first = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("served at")));
        assert!(first.is_some(), "it is not served");
        Self(child)
    }

    pub(super) fn pid(&self) -> u32 {
        self.0.id()
    }

    /// Asks it to end; gives the exit code.
    pub(super) fn end(mut self) -> i32 {
        signal("-TERM", self.0.id());
        self.0.wait().unwrap().code().unwrap()
    }
}

/// Hears what a service manager hears.
pub(super) struct Manager {
    socket: UnixDatagram,
    path: PathBuf,
}

impl Manager {
    pub(super) fn of(state: &Path) -> Self {
        let path = state.join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { socket, path }
    }

    pub(super) fn looks_after(&self, command: &mut Command) {
        command.env("NOTIFY_SOCKET", &self.path).env("WATCHDOG_USEC", "4000000");
    }

    /// Fills the socket, and reads nothing from it.
    pub(super) fn is_deaf(&self) {
        let sender = UnixDatagram::unbound().unwrap();
        sender.set_nonblocking(true).unwrap();
        while sender.send_to(b"STATUS=x", &self.path).is_ok() {}
    }

    pub(super) fn heard(&self, wanted: &str) -> String {
        let (mut buffer, mut heard) = ([0; 4_096], Vec::new());
        // A watchdog is fed all the while: silence alone would never end the wait.
        let end = instant_now() + PATIENCE;
        while instant_now() < end {
            let Ok(n) = self.socket.recv(&mut buffer) else { break };
            let text = String::from_utf8_lossy(&buffer[..n]).into_owned();
            if text.contains(wanted) {
                return text;
            }
            heard.push(text);
        }
        panic!("{wanted} never came, but {heard:?}")
    }
}

pub(super) fn signal(name: &str, pid: u32) {
    assert!(Command::new("kill").args([name, &pid.to_string()]).status().unwrap().success());
}

pub(super) fn console(state: &Path, args: &[&str]) -> Console {
    let vars = [("BELLWETHER_STATE_DIR", state.to_str().unwrap()), ("BELLWETHER_OPERATOR", "ana")];
    Console::open_in(&vars, args, (120, 40))
}

#[test]
fn a_served_day_is_acted_on_from_the_shell_and_seen_from_a_console() {
    let state = tempfile::tempdir().unwrap();
    let scenario = state.path().join("trouble.yaml");
    fs::write(&scenario, TROUBLE).unwrap();
    let args = ["serve", "--speed", "20", "--scenario", scenario.to_str().unwrap()];
    let serving = Serving::begin(bellwether(state.path(), &args));
    let mut screen = console(state.path(), &["attach"]);
    screen.wait_for("failed");
    let (code, text) = told(state.path(), &["retry", "collect_dat", "--yes"]);
    assert!(code == 2 && text.contains("do you mean collect_data?"), "{code}: {text}");
    let (code, text) = told(state.path(), &["retry", "collect_data"]);
    assert!(code == 3 && text.contains("left undone"), "nobody said yes: {text}");
    let (code, text) = told(state.path(), &["retry", "collect_data", "--yes", "it", "is", "back"]);
    assert!(code == 0 && text.contains("done: retry collect_data"), "{code}: {text}");
    screen.wait_until("the retry", |screen| !screen.text().contains("failed"));
    let (code, text) = told(state.path(), &["release", "collect_data", "--yes"]);
    assert!(code == 3 && text.contains("not done"), "the engine refuses: {code}: {text}");
    assert_eq!(told(state.path(), &["control", "halt"]), (0, "done: halt\n".into()));
    screen.wait_for("HALTED");
    screen.type_in("q");
    screen.wait_for("the run continues without this console");
    screen.type_in("\r");
    screen.wait_until("the shell", |screen| !screen.screen.screen().alternate_screen());
    assert_eq!(screen.ended(), 0);
    let (code, text) = told(state.path(), &["control", "status"]);
    assert!(code == 0 && text.contains("HALTED"), "{text}");
    assert_eq!(serving.end(), 0);
    assert!(!state.path().join(SOCKET).exists());
    let (code, text) = told(state.path(), &["retry", "collect_data", "--yes"]);
    assert!(code == 1 && text.contains("no run is served"), "{code}: {text}");
}

#[test]
fn a_console_that_may_only_look_and_one_in_words_hear_the_same_day() {
    let state = tempfile::tempdir().unwrap();
    let serving = Serving::begin(bellwether(state.path(), &["serve", "--speed", "1"]));
    let mut looks = console(state.path(), &["attach", "--read-only"]);
    looks.wait_for("READ-ONLY");
    let mut words = console(state.path(), &["attach", "--plain", "--read-only"]);
    words.wait_for("In short:");
    words.type_in("halt\r");
    words.wait_for("not done: this session is read-only");
    words.type_in("quit\r");
    assert_eq!(words.rest(), 0);
    drop(serving);
    looks.wait_for("the engine is gone");
}

#[test]
fn a_console_that_loses_its_terminal_leaves_a_day_that_can_be_attached_to() {
    let state = tempfile::tempdir().unwrap();
    let mut first = console(state.path(), &["--speed", "1"]);
    first.wait_for("collect_data");
    let mut day = first.lose();
    let mut second = console(state.path(), &["attach"]);
    second.wait_for("collect_data");
    second.type_in("q");
    second.wait_for("the run continues without this console");
    second.type_in("\r");
    assert_eq!(second.ended(), 0);
    assert!(day.try_wait().unwrap().is_none(), "the day went with its terminal");
    signal("-TERM", day.process_id().unwrap());
    let start = instant_now();
    while day.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < PATIENCE, "it cannot be ended any more");
        std::thread::yield_now();
    }
}

#[test]
fn a_hang_up_gives_the_terminal_back_and_the_day_goes_on_until_it_is_ended() {
    let state = tempfile::tempdir().unwrap();
    let mut console = console(state.path(), &["--speed", "1"]);
    console.wait_for("collect_data");
    console.signal("-HUP");
    console.wait_until("the note", |console| console.raw().contains("the run continues"));
    let (code, text) = told(state.path(), &["hold", "collect_data"]);
    assert!(code == 0, "it is served: {text}");
    // Once is enough: a second one is passed over.
    console.signal("-HUP");
    assert_eq!(told(state.path(), &["control", "status"]).0, 0);
    console.signal("-TERM");
    assert_eq!(console.ended(), 0);
}

#[test]
fn a_service_manager_hears_that_the_day_is_up_lives_and_stops() {
    let state = tempfile::tempdir().unwrap();
    let manager = Manager::of(state.path());
    let heard = |wanted: &str| manager.heard(wanted);
    let mut command = bellwether(state.path(), &["serve", "--speed", "1"]);
    manager.looks_after(&mut command);
    let mut serving = Serving::begin(command);
    heard("READY=1");
    let status = heard("STATUS=");
    assert!(status.contains("0 consoles"), "{status}");
    let watching = console(state.path(), &["attach"]);
    heard("1 console");
    heard("WATCHDOG=1");
    heard("WATCHDOG=1");
    // A lost terminal is nothing to a service.
    signal("-HUP", serving.0.id());
    drop(watching);
    heard("WATCHDOG=1");
    signal("-TERM", serving.0.id());
    heard("STOPPING=1");
    assert_eq!(serving.0.wait().unwrap().code(), Some(0));
}
