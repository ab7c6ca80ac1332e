//! What the console shows in a terminal, in which colours, and what it does with keys.

use super::pty::Console;

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

/// Rows of which more than half is in reverse video.
fn reversed(console: &Console) -> Vec<u16> {
    let screen = console.screen.screen();
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let reversed = |row: &u16| {
        let cells = (0..columns).filter_map(|x| screen.cell(*row, x));
        cells.filter(|cell| cell.inverse()).count() * 2 > usize::from(columns)
    };
    (0..rows).filter(reversed).collect()
}

/// The quiet minute before the day begins, on a clock as fast as the wall's.
const QUIET: &[&str] = &["--speed", "1"];

#[test]
fn with_no_color_there_is_no_colour_and_the_selected_row_stays_reversed() {
    let vars = [("NO_COLOR", "1"), ("COLORTERM", "truecolor")];
    let mut console = Console::open_in(&vars, QUIET, (80, 24));
    console.wait_for("collect_data");
    console.type_in("j");
    console.wait_until("a reversed row", |console| reversed(console).len() == 1);
    let first = reversed(&console);
    console.type_in("j");
    console.wait_until("the next row", |console| {
        let rows = reversed(console);
        rows.len() == 1 && rows != first
    });
    let screen = console.screen.screen();
    let cells = (0..24).flat_map(|y| (0..80).filter_map(move |x| screen.cell(y, x)));
    let plain = |cell: &vt100::Cell| {
        (cell.fgcolor(), cell.bgcolor()) == (vt100::Color::Default, vt100::Color::Default)
    };
    assert!(cells.into_iter().all(plain), "a colour was set");
    console.signal("-TERM");
    assert_eq!(console.ended(), 0);
}

#[test]
fn the_terminal_gets_as_many_colours_as_it_has_or_as_were_asked_for() {
    let truecolor = ("COLORTERM", "truecolor");
    let (cube, sixteen, any) = ("\u{1b}[38;5;245;", "\u{1b}[38;5;8;", "\u{1b}[38;2;132;132;140;");
    for (vars, flags, wanted) in [
        (&[][..], &[][..], cube),
        (&[("TERM", "xterm")], &[], sixteen),
        (&[truecolor], &[], any),
        (&[truecolor], &["--color", "16"], sixteen),
        (&[("NO_COLOR", "1")], &["--color", "true"], any),
        (&[truecolor, ("BELLWETHER_COLOR", "256")], &[], cube),
    ] {
        let mut console = Console::open_in(vars, &[QUIET, flags].concat(), (80, 24));
        console.wait_for("collect_data");
        let raw = console.raw();
        let found: Vec<_> =
            [cube, sixteen, any].into_iter().filter(|colour| raw.contains(colour)).collect();
        assert_eq!(found, [wanted], "{vars:?} {flags:?}");
        console.signal("-TERM");
        assert_eq!(console.ended(), 0);
    }
}

#[test]
fn the_window_is_named_after_the_day_and_its_bar_is_taken_away_at_the_end() {
    let mut console = Console::open_in(&[("TERM", "xterm-ghostty")], QUIET, (80, 24));
    console.wait_until("the title", |console| console.raw().contains("\u{1b}]0;SIM\u{7}"));
    console.wait_until("the bar", |console| console.raw().contains("\u{1b}]9;4;1;0\u{1b}\\"));
    console.signal("-TERM");
    assert_eq!(console.ended(), 0);
}

#[test]
fn a_person_is_called_in_the_way_of_the_terminal() {
    let day = &["--speed", "3600", "--scenario", "none"];
    let vars = [("TERM", "xterm-ghostty"), ("BELLWETHER_APPROVALS", "ask")];
    let mut console = Console::open_in(&vars, day, (120, 40));
    console.wait_until("a call", |console| {
        console.raw().contains("\u{1b}]777;notify;bellwether SIM 2018-12-19;")
    });
    console.signal("-TERM");
    assert_eq!(console.ended(), 0);
}

#[test]
fn the_mouse_is_taken_with_f2_and_given_back() {
    let mut console = Console::open(QUIET, (80, 24));
    console.wait_for("collect_data");
    assert!(!console.raw().contains("\u{1b}[?1000h"), "the mouse was taken unasked");
    console.type_in("\u{1b}OQ");
    console.wait_for("the mouse is the console's");
    assert!(console.raw().contains("\u{1b}[?1000h"));
    console.type_in("\u{1b}OQ");
    console.wait_for("the mouse is the terminal's");
    console.type_in("\u{1b}OQ");
    console.wait_for("the mouse is the console's");
    console.signal("-TERM");
    assert_eq!(console.ended(), 0);
}
