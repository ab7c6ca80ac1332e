//! The pictures, the recording and the page of keys in `assets/`: made by the program, kept fresh.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::{fs, path::PathBuf, time::Duration};

use bellwether::tui::keymap::{Keymap, markdown_page};
use xtask::{
    frame_svg,
    tour::{Script, TourOutput, play_script},
};

use super::desk::Desk;

fn root(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn shown(script: &Script) -> TourOutput {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(play_script(script)).unwrap()
}

fn tour() -> TourOutput {
    let text = fs::read_to_string(root("docs/tour.keys")).unwrap();
    shown(&Script::parse("docs/tour.keys", &text).unwrap())
}

/// Every file and what should be in it.
fn all(tour: TourOutput) -> Vec<(String, String)> {
    let TourOutput { pictures, cast, .. } = tour;
    let pictures = pictures.into_iter().map(|(name, svg)| (format!("screens/{name}.svg"), svg));
    let others =
        [("keys.md".into(), markdown_page(&Keymap::default())), ("tour.cast".into(), cast)];
    pictures.chain(others).collect()
}

#[test]
fn the_tour_holds_and_what_is_in_assets_is_what_it_makes() {
    let tour = tour();
    let missing: Vec<_> = tour.missing.iter().map(ToString::to_string).collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(tour.looked > 50, "{} things are looked for", tour.looked);
    let stale = "is stale: `cargo xtask tour` writes it";
    for file in fs::read_dir(root("assets/screens")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(tour.pictures.contains_key(&name), "no step of the tour makes {name}");
    }
    for (name, wanted) in all(tour) {
        let found = fs::read_to_string(root("assets").join(&name)).unwrap_or_default();
        let fresh = found == wanted;
        assert!(fresh, "{name} {stale}");
    }
}

#[test]
#[ignore = "writes the files of the test above"]
fn pictures_and_keys_are_written() {
    fs::create_dir_all(root("assets/screens")).unwrap();
    for (name, text) in all(tour()) {
        fs::write(root("assets").join(name), text).unwrap();
    }
}

#[test]
fn what_is_not_on_the_screen_is_told_with_its_line_and_the_screen() {
    let text = "size 120x40\nday 2018-12-19\nat 06:00:05\nexpect \"regular session\"\n\
                expect \"no such text\"\nabsent \"pre_market\"\n";
    let shown = shown(&Script::parse("t.keys", text).unwrap());
    assert_eq!((shown.looked, shown.missing.len()), (3, 2));
    let told = shown.missing.iter().map(ToString::to_string).collect::<String>();
    assert!(told.contains("t.keys:5: `no such text` is not on the screen"), "{told}");
    assert!(told.contains("t.keys:6: `pre_market` is on the screen"), "{told}");
    assert!(told.contains("regular session"), "the screen is shown: {told}");
}

#[test]
fn acts_of_a_tour_reach_the_engine_and_time_on_the_wall_passes_only_as_it_says() {
    let text = "size 120x40\nday 2018-12-19\noperator zoe\nguards live\nat 06:30\n\
                expect \"OBSERVE\"\nkeys A\ntype a test\nkeys <enter>\nexpect \"ARMED 5m00s zoe\"\n\
                wait 299\nexpect \"ARMED 1s\"\nwait 2\nexpect \"OBSERVE\"\n\
                expect \"06:30:00 ET\"\nkeys !!\nexpect \"HALTED no working orders\"\npicture halted \"halted\"\n";
    let script = Script::parse("t.keys", text).unwrap();
    let (shown, again) = (shown(&script), shown(&script));
    assert_eq!(shown, again, "a second tour is the same to the byte");
    let missing: Vec<_> = shown.missing.iter().map(ToString::to_string).collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn the_recording_plays_in_a_terminal_of_its_size_and_its_time_does_not_go_back() {
    let cast = fs::read_to_string(root("assets/tour.cast")).unwrap();
    let mut lines = cast.lines().map(serde_json::from_str::<serde_json::Value>);
    let header = lines.next().unwrap().unwrap();
    assert_eq!((&header["version"], &header["width"]), (&2.into(), &120.into()));
    let mut screen = vt100::Parser::new(
        std::num::NonZeroU16::new(41).unwrap(),
        std::num::NonZeroU16::new(120).unwrap(),
        0,
    );
    let (mut last, mut count, mut seen) = (0.0, 0, Vec::new());
    for line in lines {
        let line = line.unwrap();
        let at = line[0].as_f64().unwrap();
        assert!(at >= last && line[1] == "o", "{at} after {last}");
        last = at;
        count += 1;
        screen.process(line[2].as_str().unwrap().as_bytes());
        let contents = screen.screen().contents();
        for wanted in
            ["06:00  What kind of day", "approve approve_trades", "HALTED no working orders"]
        {
            if contents.contains(wanted) && !seen.contains(&wanted) {
                seen.push(wanted);
            }
        }
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert!(
        count > 100 && Duration::from_secs_f64(last) < Duration::from_mins(5),
        "{count} {last}"
    );
    assert!(cast.len() < 2 << 20, "{} bytes", cast.len());
}

#[test]
fn a_picture_is_sound_xml_with_every_line_of_the_frame() {
    let desk = Desk::midday((80, 24));
    let picture = frame_svg(&desk.buffer(), "a <day>");
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    assert!(picture.contains("<title>a &lt;day&gt;</title>"));
    assert!(picture.contains("risk_recheck") && picture.contains("#ff7b86"));
    let opened = picture.matches("<text ").count();
    assert_eq!(opened, picture.matches("</text>").count());
    assert!(opened >= 24, "{opened}");
}
