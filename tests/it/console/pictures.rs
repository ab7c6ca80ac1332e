//! The pictures and the page of keys in `assets/`: made by the program, and kept fresh.

use std::{fs, path::PathBuf};

use bellwether::console::{
    registry::{Keymap, page},
    svg,
};

use super::{demo::Demo, desk::Desk};

fn asset(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)
}

/// The data feed has failed and is tried again.
const RETRY: &str = "06:00:26";
/// The last minutes before the market opens.
const EARLY: &str = "09:20:00";
/// The day's orders wait for a person.
const ASKED: &str = "09:33:00";
/// They are being sent, slice by slice.
const ORDERS: &str = "09:52:00";
/// Opens the force dialog of the stage `market_open`, and says why.
const FORCE: &str = "/stage:market_open<enter>gX<s-tab>opened early by hand";
/// Opens the task that checked the orders.
const TASK: &str = "/validate_trades<enter>g<enter>";

/// Every file and what should be in it.
fn all() -> Vec<(&'static str, String)> {
    let demo = Demo::play();
    let drawn = |clock, size, keys, title| svg(&demo.at(clock, size, keys), title);
    let (small, usual, large) = ((80, 24), (120, 40), (200, 50));
    vec![
        ("keys.md", page(&Keymap::default())),
        ("screens/board-80x24.svg", drawn(RETRY, small, "", "the day at 80x24: a retry")),
        ("screens/board-120x40.svg", drawn(ASKED, usual, "", "the day at 120x40: an approval")),
        (
            "screens/board-200x50.svg",
            drawn(ORDERS, large, "gj", "the day at 200x50: orders go out"),
        ),
        ("screens/approval.svg", drawn(ASKED, usual, "a<tab>", "orders to approve")),
        ("screens/force.svg", drawn(EARLY, usual, FORCE, "forcing a stage before its window")),
        ("screens/task.svg", drawn(ASKED, usual, TASK, "one task")),
        ("screens/keys.svg", drawn(ASKED, usual, "?", "the keys")),
    ]
}

#[test]
fn pictures_and_keys_in_assets_are_what_the_program_makes() {
    for (name, wanted) in all() {
        let found = fs::read_to_string(asset(name)).unwrap_or_default();
        let fresh = found == wanted;
        assert!(fresh, "{name} is stale: `cargo test --test it -- --ignored pictures` writes it");
    }
}

#[test]
#[ignore = "writes the files of the test above"]
fn pictures_and_keys_are_written() {
    fs::create_dir_all(asset("screens")).unwrap();
    for (name, text) in all() {
        fs::write(asset(name), text).unwrap();
    }
}

#[test]
fn a_picture_is_sound_xml_with_every_line_of_the_frame() {
    let desk = Desk::midday((80, 24));
    let picture = svg(&desk.buffer(), "a <day>");
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    assert!(picture.contains("<title>a &lt;day&gt;</title>"));
    assert!(picture.contains("risk_recheck") && picture.contains("#e06c75"));
    let opened = picture.matches("<text ").count();
    assert_eq!(opened, picture.matches("</text>").count());
    assert!(opened >= 24, "{opened}");
}
