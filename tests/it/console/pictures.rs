//! The pictures and the page of keys in `assets/`: made by the program, and kept fresh.

use std::{fs, path::PathBuf};

use bellwether::console::{keymap, svg};

use super::desk::Desk;

fn asset(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)
}

/// Every file and what should be in it.
fn all() -> Vec<(&'static str, String)> {
    let drawn = |size, keys: &str, title| {
        let mut desk = Desk::midday(size);
        desk.select("hedge_adjust");
        desk.press(keys);
        svg(&desk.buffer(), title)
    };
    vec![
        ("keys.md", keymap::page()),
        ("screens/day-80x24.svg", drawn((80, 24), "", "the day at 80x24")),
        ("screens/day-120x40.svg", drawn((120, 40), "", "the day at 120x40")),
        ("screens/day-200x50.svg", drawn((200, 50), "", "the day at 200x50")),
        ("screens/force.svg", drawn((120, 40), "F<tab><tab> ", "forcing a task")),
        ("screens/task.svg", drawn((120, 40), "<enter>", "one task")),
        ("screens/keys.svg", drawn((120, 40), "?", "the keys")),
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
