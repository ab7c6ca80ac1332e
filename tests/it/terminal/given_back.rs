//! However the console ends, stops or fails, the terminal is as it was.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use bellwether::tui::terminal::{TerminalCapabilities, TerminalGuard, WindowSupport};
use portable_pty::CommandBuilder;

use super::pty::Console;

/// A console that stands nearly still, and takes its day with it when its terminal is gone.
fn quiet(size: (u16, u16)) -> Console {
    let vars = [("BELLWETHER_ON_HANGUP", "finish")];
    let mut console = Console::open_in(&vars, &["--speed", "1"], size);
    console.wait_for("collect_data");
    console
}

#[test]
fn a_signal_that_ends_the_console_ends_it_in_order() {
    for signal in ["-HUP", "-TERM", "-INT"] {
        let console = quiet((200, 50));
        console.signal(signal);
        assert_eq!(console.ended(), 0, "{signal}");
    }
}

#[test]
fn with_everything_taken_everything_is_given_back() {
    let vars = [("TERM", "xterm-ghostty"), ("BELLWETHER_MOUSE", "on")];
    let mut console = Console::open_in(&vars, &["--speed", "1"], (80, 24));
    console.wait_until("the bar", |console| console.raw().contains("]9;4;1;"));
    assert!(console.raw().contains("\u{1b}[?1000h"));
    // A text field shows the cursor.
    console.type_in("/");
    console.wait_until("the cursor", |console| console.raw().contains("\u{1b}[?25h"));
    console.signal("-TERM");
    assert_eq!(console.ended(), 0);
}

#[test]
fn the_shell_gets_the_terminal_while_the_console_is_stopped_and_gives_it_back() {
    let vars = [("TERM", "xterm-ghostty"), ("BELLWETHER_MOUSE", "on")];
    let mut console = Console::run(in_a_shell(), &vars, (80, 24));
    console.wait_for("collect_data");
    for turn in 1..=2 {
        console.type_in("\u{1a}");
        console.wait_until("the shell", |console| !console.screen.screen().alternate_screen());
        console.wait_for("suspended with its engine: no task starts");
        // By its number: the line of the turn before is still on the shell's screen.
        console.wait_for(&format!("the shell has it {turn}"));
        console.assert_given_back();
        console.type_in("\r");
        console.wait_until("the screen", |console| console.screen.screen().alternate_screen());
        console.wait_for("collect_data");
        let raw = console.raw();
        assert!(raw.rfind("\u{1b}[?1000h") > raw.rfind("\u{1b}[?1000l"), "the mouse was lost");
    }
    // Closing the terminal ends the shell, and the console with it.
}

/// The console as a job of a shell that continues it after a line.
fn in_a_shell() -> CommandBuilder {
    let mut command = CommandBuilder::new("sh");
    let script = "\"$0\" --speed 1 --set on_hangup=finish; n=1; while echo the shell has it $n; read line; do \
                  n=$((n + 1)); fg; done";
    command.args(["-mc", script, env!("CARGO_BIN_EXE_bellwether")]);
    command
}

#[test]
fn without_a_shell_the_suspend_key_stops_nothing_and_says_why() {
    let mut console = Console::open(&["--speed", "1"], (80, 24));
    console.wait_for("collect_data");
    console.type_in("\u{1a}");
    console.wait_for("not suspended: no shell is here to continue it");
    assert!(console.screen.screen().alternate_screen(), "the screen stays");
    console.signal("-TERM");
    assert_eq!(console.ended(), 0);
}

/// In a container the console's parent is often of a session outside, whose number is told as 0.
/// `unshare` makes such a namespace; where the system forbids it, the test above is run as it is.
#[test]
#[expect(clippy::print_stderr, reason = "a test that tries nothing says so")]
fn in_a_container_the_suspend_key_says_the_same() {
    let namespace = ["--user", "--map-root-user", "--pid", "--fork"];
    let allowed = std::process::Command::new("unshare").args(namespace).arg("true").output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        eprintln!("not tried: this system makes no namespaces");
        return;
    }
    let mut command = CommandBuilder::new("unshare");
    command.args(namespace);
    // The shell is the parent inside; its session is the one of `unshare`, outside.
    command.args(["sh", "-c", "\"$0\" --speed 1 --set on_hangup=finish; true"]);
    command.arg(env!("CARGO_BIN_EXE_bellwether"));
    let mut console = Console::run(command, &[], (80, 24));
    console.wait_for("collect_data");
    console.type_in("\u{1a}");
    console.wait_for("not suspended: no shell is here to continue it");
    console.hang_up();
}

#[test]
fn a_terminal_that_is_closed_takes_the_console_with_it() {
    let console = quiet((80, 24));
    console.hang_up();
}

#[test]
fn two_hundred_changes_of_size_leave_a_right_screen_and_a_living_program() {
    let mut console = quiet((120, 40));
    for i in 0..200_u16 {
        console.resize((20 + i * 7 % 180, 5 + i * 3 % 50));
    }
    console.resize((100, 30));
    console.wait_for("collect_data");
    // Clocks go on; nothing else does.
    let still = |console: &Console| -> String {
        console.text().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
    };
    console.type_in("?");
    console.wait_for("type to find");
    console.type_in("\u{1b}");
    console.wait_until("the day", |console| {
        whole(console) && !console.text().contains("type to find")
    });
    let drawn = still(&console);
    let wipes = |console: &Console| console.raw().matches("\u{1b}[2J").count();
    let before = wipes(&console);
    console.type_in("\u{c}");
    console.wait_until("a wiped screen", |console| whole(console) && wipes(console) > before);
    let wiped = still(&console);
    for (one, other) in drawn.lines().zip(wiped.lines()) {
        assert_eq!(one.trim_end(), other.trim_end());
    }
    console.signal("-TERM");
    assert_eq!(console.ended(), 0);
}

/// Whether the last frame has come to its end.
fn whole(console: &Console) -> bool {
    console.raw().ends_with("\u{1b}[?2026l")
}

/// This test program again, in a terminal, to fail there.
fn failing(name: &str) -> Console {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    let name = format!("terminal::given_back::{name}");
    command.args(["--exact", &name, "--ignored", "--nocapture", "--test-threads=1"]);
    Console::run(command, &[], (80, 24))
}

fn taken() -> TerminalGuard {
    let talk = TerminalCapabilities {
        window: WindowSupport::TitleAndProgress,
        ..TerminalCapabilities::default()
    };
    let mut guard = TerminalGuard::enter(talk).unwrap();
    guard.set_mouse(true).unwrap();
    guard.title("a title").unwrap();
    guard.set_progress(Some(40)).unwrap();
    guard
}

#[test]
#[ignore = "run by the test of a panic while drawing, in a terminal of its own"]
fn fails_while_drawing() {
    let mut guard = taken();
    guard.draw(|frame| frame.render_widget("before", frame.area())).unwrap();
    guard
        .draw(|frame| {
            frame.render_widget("half", frame.area());
            unreachable!("the console broke");
        })
        .unwrap();
}

#[test]
#[ignore = "run by the test of a panic of another thread, in a terminal of its own"]
fn fails_elsewhere() {
    let mut guard = taken();
    let other = std::thread::spawn(|| unreachable!("told on no screen"));
    assert!(other.join().is_err());
    guard.draw(|frame| frame.render_widget("after", frame.area())).unwrap();
}

#[test]
fn a_panic_while_drawing_gives_the_terminal_back_before_its_message() {
    let mut console = failing("fails_while_drawing");
    assert_ne!(console.rest(), 0);
    let raw = console.raw();
    assert!(raw.contains("before\u{1b}") && !raw.contains("half\u{1b}"), "{raw:?}");
    let left = raw.find("\u{1b}[?1049l").unwrap();
    assert!(raw.find("the console broke").is_some_and(|told| told > left), "{raw:?}");
    console.assert_given_back();
}

#[test]
fn a_panic_of_another_thread_leaves_the_screen_alone() {
    let mut console = failing("fails_elsewhere");
    assert_eq!(console.rest(), 0);
    let raw = console.raw();
    assert!(raw.contains("after\u{1b}") && !raw.contains("told on no screen"), "{raw:?}");
    assert_eq!(raw.matches("\u{1b}[?1049l").count(), 1);
    console.assert_given_back();
}
