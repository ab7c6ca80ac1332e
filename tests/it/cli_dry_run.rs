//! `bellwether dry-run` and `bellwether calendar explain`: words in, text and exit code out.

use bellwether::cli::Exit;
use serde_json::Value;

use super::cli::{folder, told};

/// What is printed; it must end in the given way and say nothing on stderr.
fn shown(words: &[&str], ends: Exit) -> String {
    let (exit, out, err) = told(words, &[]);
    assert_eq!((exit, err.as_str()), (ends, ""), "{words:?}\n{out}");
    out
}

fn json(words: &[&str], ends: Exit) -> Value {
    serde_json::from_str(&shown(words, ends)).expect("it is JSON")
}

#[test]
fn a_decision_day_is_played_beforehand() {
    insta::assert_snapshot!(shown(&["dry-run", "--date", "2018-12-19"], Exit::Success));
}

#[test]
fn a_half_day_is_played_with_what_its_overlay_removes() {
    insta::assert_snapshot!(shown(&["dry-run", "--date", "2018-12-24", "--ascii"], Exit::Success));
}

#[test]
fn a_closed_day_has_three_tasks_and_says_why() {
    let out = shown(&["dry-run", "--date", "2018-12-05"], Exit::Success);
    assert!(out.starts_with("dry run of 2018-12-05 Wednesday: closed (Mourning"), "{out}");
    let day = json(&["dry-run", "--date", "2018-12-05", "--json"], Exit::Success);
    assert_eq!(day["tasks"].as_array().map(Vec::len), Some(3));
    let absent = day["absent"].as_array().expect("a list");
    assert!(absent.len() > 20 && absent.iter().all(|task| task["why"] == "closed"), "{absent:?}");
}

#[test]
fn a_late_start_fails_and_says_what_is_missed_and_what_hangs_on_it() {
    let out = shown(&["dry-run", "--start", "10:45"], Exit::Failed);
    for piece in [
        "NOT every deadline is kept",
        "late start: its window has closed\n    sod_reconcile (06:30), collect_data (06:30)",
        "vol_regime (collect_data)",
        "29 required tasks are not run",
        "senior_analyst has no tasks",
    ] {
        assert!(out.contains(piece), "`{piece}` is missing:\n{out}");
    }
}

#[test]
fn the_json_form_says_what_the_text_says() {
    let day = json(&["dry-run", "--json"], Exit::Success);
    assert_eq!((&day["on_time"], &day["date"]), (&true.into(), &"2018-12-19".into()));
    assert_eq!(day["applied"][1]["origin"], "workflows/fomc.yaml");
    let tasks = day["tasks"].as_array().expect("a list");
    let rank = tasks.iter().find(|task| task["task"] == "rank_ideas").expect("it runs");
    assert_eq!(rank["driver"]["dependency"], "deep_dive");
    assert_eq!(rank["start"], "2018-12-19T11:03:00Z");
    assert_eq!(json(&["dry-run", "--json", "--start", "10:45"], Exit::Failed)["on_time"], false);
}

#[test]
fn no_row_is_wider_than_asked_and_ascii_is_ascii() {
    for date in ["2018-07-10", "2018-12-19", "2018-12-24", "2018-12-05", "2018-09-21"] {
        for width in ["60", "80", "132"] {
            for start in ["05:59", "10:45", "17:30"] {
                let words = ["dry-run", "--date", date, "--width", width, "--start", start];
                let (_, out, err) = told(&words, &[]);
                assert_eq!(err, "", "{words:?}");
                let most: usize = width.parse().expect("a number");
                for row in out.lines() {
                    assert!(row.chars().count() <= most, "{words:?}: {row}");
                    assert_eq!(row, row.trim_end(), "{words:?}");
                }
            }
        }
        assert!(shown(&["dry-run", "--date", date, "--ascii"], Exit::Success).is_ascii(), "{date}");
    }
}

#[test]
fn an_overlay_asked_for_is_laid_and_an_unknown_one_is_answered_with_the_nearest() {
    let out = shown(&["dry-run", "--date", "2018-07-10", "--overlay", "fomc"], Exit::Success);
    assert!(out.contains("  fomc: asked for [workflows/fomc.yaml]"), "{out}");
    let (exit, out, err) = told(&["dry-run", "--overlay", "high_volatilty"], &[]);
    assert_eq!((exit, out.as_str()), (Exit::Usage, ""));
    assert!(err.contains("`high_volatilty`") && err.contains("`high_volatility`"), "{err}");
}

#[test]
fn dates_and_folders_that_make_no_sense_are_a_matter_of_usage() {
    for (words, piece) in [
        (&["dry-run", "--date", "1900-01-02"][..], "1900"),
        (&["dry-run", "--set", "workflows_dir=no/such"], "no/such"),
        (&["dry-run", "--width", "20"], "60..=400"),
        (&["calendar", "explain", "soon"], "`soon` is no date: write 2018-12-19"),
    ] {
        let (exit, out, err) = told(words, &[]);
        assert_eq!((exit, out.as_str()), (Exit::Usage, ""), "{words:?}");
        assert!(err.contains(piece), "{err}");
    }
    let (_kept, path) = folder(&[("mine.yaml", "nmae: x\n")]);
    let (exit, _, err) = told(&["dry-run", "--set", &format!("workflows_dir={path}")], &[]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("mine.yaml") && err.contains("nmae"), "{err}");
}

#[test]
fn a_day_beyond_the_data_says_that_its_regime_is_unknown() {
    let out = shown(&["dry-run", "--date", "2021-06-03"], Exit::Success);
    assert!(out.contains("volatility unknown: the VIX of this data ends 2019-01-03"), "{out}");
}

#[test]
fn calendar_explain_names_the_rule_behind_each_change() {
    let out = shown(&["calendar", "explain", "2018-12-24"], Exit::Success);
    assert!(out.starts_with("2018-12-24 Monday: early close 13:00 (Christmas Eve)\n"), "{out}");
    assert!(out.contains("[volatility: stressed (VIX 30.1)]"), "{out}");
    let by_flag = shown(&["calendar", "explain", "--date", "2018-12-24"], Exit::Success);
    assert_eq!(by_flag, out);
    let day = json(&["calendar", "explain", "2018-12-24", "--json"], Exit::Success);
    assert_eq!(day["overlays"][0]["overlay"], "early_close");
}
