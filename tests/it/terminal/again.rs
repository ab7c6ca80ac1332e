//! A console whose engine is gone keeps its picture, does nothing, and comes back by itself to the same run.

use super::attached::{Serving, bellwether, console, told};

const SERVE: [&str; 3] = ["serve", "--speed", "1"];

#[test]
fn a_console_comes_back_by_itself_to_the_run_it_lost_and_is_armed_no_more() {
    let state = tempfile::tempdir().unwrap();
    let serving = Serving::begin(bellwether(state.path(), &SERVE));
    let mut screen = console(state.path(), &["attach"]);
    screen.wait_for("ARMED");
    screen.wait_for("collect_data");
    drop(serving);
    screen.wait_for("CONNECTION LOST");
    let text = screen.text();
    assert!(text.contains("the engine is gone") && text.contains("trying again in"), "{text}");
    assert!(text.contains("collect_data") && !text.contains("ARMED"), "its picture stays: {text}");
    screen.type_in("jc");
    screen.wait_for("nothing can be done: connection lost");
    screen.type_in("!!");
    screen.wait_for("the connection to the engine is lost since");
    let again = Serving::begin(bellwether(state.path(), &SERVE));
    screen.wait_until("the line", |screen| !screen.text().contains("CONNECTION LOST"));
    screen.wait_for("OBSERVE");
    // What happens now is seen.
    let (code, text) = told(state.path(), &["hold", "collect_data"]);
    assert_eq!(code, 0, "{text}");
    screen.wait_for("held");
    screen.type_in("q");
    screen.wait_for("the run continues without this console");
    screen.type_in("\r");
    assert_eq!(screen.ended(), 0);
    assert_eq!(again.end(), 0);
}

#[test]
fn an_engine_that_is_stopped_and_serves_another_run_is_told_and_not_followed() {
    let state = tempfile::tempdir().unwrap();
    let serving = Serving::begin(bellwether(state.path(), &SERVE));
    let mut screen = console(state.path(), &["attach", "--read-only"]);
    screen.wait_for("collect_data");
    assert_eq!(serving.end(), 0);
    screen.wait_for("its engine has stopped");
    let words = [&SERVE[..], &["--recover", "never"]].concat();
    let other = Serving::begin(bellwether(state.path(), &words));
    screen.wait_for("another run is served there now");
    screen.type_in("q");
    screen.wait_for("the run continues without this console");
    screen.type_in("\r");
    assert_eq!(screen.ended(), 1, "the connection was lost");
    drop(other);
}

#[test]
fn a_console_without_its_engine_can_be_left() {
    let state = tempfile::tempdir().unwrap();
    let serving = Serving::begin(bellwether(state.path(), &SERVE));
    let mut screen = console(state.path(), &["attach"]);
    screen.wait_for("collect_data");
    drop(serving);
    screen.wait_for("CONNECTION LOST");
    screen.type_in("q");
    screen.wait_for("the run continues without this console");
    screen.type_in("\r");
    assert_eq!(screen.ended(), 1);
}
