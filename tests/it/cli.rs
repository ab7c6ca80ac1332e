//! The command line, words in, text and exit code out.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write},
};

use bellwether::cli::{Exit, args::Cli, main};
use clap::CommandFactory as _;

/// Exit, stdout and stderr of a command line in an environment of these variables alone.
pub(crate) fn told(words: &[&str], vars: &[(&str, &str)]) -> (Exit, String, String) {
    let words = std::iter::once("bellwether").chain(words.iter().copied()).map(OsString::from);
    let state = tempfile::tempdir().expect("a temporary folder");
    let state = state.path().to_str().expect("its path is text");
    // A file of the folder the tests run in must not decide, nor a journal of another test; a later
    // variable wins.
    let own = [("BELLWETHER_CONFIG", "/dev/null"), ("BELLWETHER_STATE_DIR", state)];
    let vars = own.into_iter().chain(vars.iter().copied());
    let vars: Vec<_> = vars.map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = main(words, &vars, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    (exit, text(out), text(err))
}

#[test]
fn clap_finds_nothing_wrong_with_the_words() {
    Cli::command().debug_assert();
}

#[test]
fn every_subcommand_has_help_with_examples() {
    for command in Cli::command().get_subcommands() {
        let (exit, out, _) = told(&[command.get_name(), "--help"], &[]);
        assert_eq!(exit, Exit::Success);
        assert!(out.contains("Examples:\n  "), "{out}");
    }
}

#[test]
fn exit_codes_are_those_of_the_readme() {
    let codes =
        [Exit::Success, Exit::Failed, Exit::Usage, Exit::Refused, Exit::Internal].map(Exit::code);
    assert_eq!(codes, [0, 1, 2, 3, 4]);
}

#[test]
fn unknown_words_are_a_matter_of_usage_and_told_on_stderr() {
    let (exit, out, err) = told(&["confg"], &[]);
    assert_eq!((exit, out.as_str()), (Exit::Usage, ""));
    assert!(err.contains("config"), "the nearest word is missing: {err}");
}

#[test]
fn config_tells_who_gave_each_value() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("desk.yaml");
    fs::write(&file, "theme: mono\nmax_retries: 9\nspeed: 5\n").expect("it can be written");
    let file = file.to_str().expect("its path is text");
    let words = ["config", "--config", file, "--speed", "10", "--set", "operator=maria"];
    let (exit, out, err) = told(&words, &[("MAX_RETRIES", "4")]);
    assert_eq!((exit, err.as_str()), (Exit::Success, ""));
    let row = |key: &str| {
        let line = out.lines().find(|line| line.starts_with(key)).expect("a row for each setting");
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("theme"), format!("mono {file}:1:1"));
    assert_eq!(row("max_retries"), "4 environment MAX_RETRIES");
    assert_eq!(row("speed"), "10 flag --speed");
    assert_eq!(row("operator"), "maria flag --set");
    assert_eq!(row("enable_retry"), "true default");
}

#[test]
fn a_setting_may_stand_before_or_after_the_subcommand() {
    let state = [("BELLWETHER_STATE_DIR", "/tmp/desk")];
    let after = told(&["config", "--speed", "10", "--ascii"], &state);
    assert_eq!(told(&["--speed", "10", "--ascii", "config"], &state), after);
    assert!(after.1.contains("flag --ascii"), "{}", after.1);
}

#[test]
fn config_as_json_is_one_array_that_says_the_same() {
    let (exit, out, _) = told(&["config", "--json", "--no-color"], &[]);
    assert_eq!(exit, Exit::Success);
    let rows: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    let rows = rows.as_array().expect("an array");
    let color = rows.iter().find(|row| row["key"] == "color").expect("a row for each setting");
    assert_eq!((&color["value"], &color["default"]), (&"never".into(), &"auto".into()));
    assert_eq!(color["source"], serde_json::json!({ "kind": "flag", "name": "--no-color" }));
}

#[test]
fn problems_of_file_environment_and_flags_are_told_together() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("desk.yaml");
    fs::write(&file, "theme: [mono]\nmax_retry: 9\n").expect("it can be written");
    let vars = [("BELLWETHER_CONFIG", file.to_str().expect("its path is text"))];
    let (exit, out, err) = told(&["config", "--date", "soon"], &vars);
    assert_eq!((exit, out.as_str()), (Exit::Usage, ""));
    for piece in ["3 problems", "desk.yaml:1:1: `theme`", "`max_retries` meant", "flag --date"] {
        assert!(err.contains(piece), "`{piece}` is missing:\n{err}");
    }
}

#[test]
fn a_named_file_that_is_not_there_is_told_by_name() {
    let (exit, _, err) = told(&["config", "--config", "no/such.yaml"], &[]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("`no/such.yaml`"), "{err}");
}

#[test]
fn a_value_without_a_key_is_told_with_the_form_that_is_meant() {
    let (exit, _, err) = told(&["config", "--set", "fast"], &[]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("KEY=VALUE"), "{err}");
}

/// A reader that has gone away.
struct Gone;

impl Write for Gone {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_broken_pipe_is_a_quiet_good_end() {
    let mut err = Vec::new();
    let words = ["bellwether", "config"].map(OsString::from);
    let vars = [("BELLWETHER_CONFIG".to_owned(), "/dev/null".to_owned())];
    assert_eq!(main(words, &vars, &mut Gone, &mut err), Exit::Success);
    assert_eq!(err, b"");
}

/// A folder with these files, and its path as text.
pub(crate) fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("it can be written");
    }
    let path = folder.path().to_str().expect("its path is text").to_owned();
    (folder, path)
}

#[test]
fn the_built_in_workflow_files_are_sound() {
    let (exit, out, err) = told(&["check"], &[]);
    assert_eq!((exit, err.as_str()), (Exit::Success, ""), "{out}");
    assert!(out.ends_with("9 files: sound\n"), "{out}");
}

#[test]
fn check_tells_every_problem_of_every_file_and_fails() {
    let (_kept, path) = folder(&[("a.yaml", "nmae: x\n"), ("b.yaml", "a: [\n"), ("c.txt", "")]);
    let (exit, out, err) = told(&["check", &path], &[]);
    assert_eq!((exit, err.as_str()), (Exit::Failed, ""));
    assert!(out.contains("a.yaml:1:1") && out.contains("b.yaml:"), "{out}");
    assert!(out.lines().last().is_some_and(|last| last.starts_with("2 files: ")), "{out}");

    let (exit, out, _) = told(&["check", "--json", &path], &[]);
    assert_eq!(exit, Exit::Failed);
    let problems: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    assert!(problems.as_array().is_some_and(|all| all.len() >= 2), "{out}");
    assert!(problems[0]["line"].is_u64() && problems[0]["message"].is_string(), "{out}");
}

#[test]
fn check_without_files_reads_the_folder_of_the_desk() {
    let (_kept, path) = folder(&[("mine.yaml", "nmae: x\n")]);
    let (exit, out, _) = told(&["check", "--set", &format!("workflows_dir={path}")], &[]);
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("mine.yaml"), "{out}");
}

#[test]
fn an_overlay_alone_is_checked_against_the_built_in_day() {
    let known = include_str!("../../workflows/fomc.yaml");
    let (_kept, path) = folder(&[("fomc.yaml", known)]);
    let (exit, out, _) = told(&["check", &path], &[]);
    assert_eq!((exit, out.as_str()), (Exit::Success, "1 file: sound\n"));
}

#[test]
fn files_that_cannot_be_read_are_told_together_as_a_matter_of_usage() {
    let (_kept, empty) = folder(&[]);
    let (exit, out, err) = told(&["check", "no/such.yaml", &empty], &[]);
    assert_eq!((exit, out.as_str()), (Exit::Usage, ""));
    assert!(err.contains("no/such.yaml: ") && err.contains("no .yaml file"), "{err}");
}

#[test]
fn calendar_shows_a_day_a_month_or_a_year_by_how_it_is_written() {
    let shown = |words: &[&str]| {
        let (exit, out, err) = told(words, &[]);
        assert_eq!((exit, err.as_str()), (Exit::Success, ""), "{words:?}");
        out
    };
    let day = shown(&["calendar", "2018-12-24"]);
    assert!(day.starts_with("2018-12-24 Monday: 09:30 to 13:00 Eastern\n"), "{day}");
    assert!(shown(&["calendar", "2018-12-25"]).starts_with("2018-12-25 Tuesday: closed\n"));
    let month = shown(&["calendar", "2018-12"]);
    assert_eq!(shown(&["calendar"]), month, "the default day lies in this month");
    assert_eq!(shown(&["calendar", "--date", "2018-12-03"]), month);
    assert_ne!(shown(&["calendar", "2018"]), month);
    let json: serde_json::Value =
        serde_json::from_str(&shown(&["calendar", "--json", "2018-12"])).expect("it is JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(31));
    assert_eq!(json[18]["date"], "2018-12-19");
}

#[test]
fn calendar_says_what_it_does_not_understand_and_what_it_does_not_know() {
    for (when, piece) in [
        ("soon", "is no year, month or date"),
        ("2018-13", "is no year, month or date"),
        ("2018-02-30", "is no year, month or date"),
        ("1900", "does not know 1900"),
    ] {
        let (exit, out, err) = told(&["calendar", when], &[]);
        assert_eq!((exit, out.as_str()), (Exit::Usage, ""), "{when}");
        assert!(err.contains(piece), "{err}");
    }
}
