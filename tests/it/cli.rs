//! The command line, words in, text and exit code out.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write},
};

use bellwether::cli::{Exit, args::Cli, main};
use clap::CommandFactory as _;

/// Exit, stdout and stderr of a command line in an environment of these variables alone.
fn told(words: &[&str], vars: &[(&str, &str)]) -> (Exit, String, String) {
    let words = std::iter::once("bellwether").chain(words.iter().copied()).map(OsString::from);
    // A file of the folder the tests run in must not decide; a later variable wins.
    let vars = [("BELLWETHER_CONFIG", "/dev/null")].into_iter().chain(vars.iter().copied());
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
        assert_eq!(exit, Exit::Good);
        assert!(out.contains("Examples:\n  "), "{out}");
    }
}

#[test]
fn exit_codes_are_those_of_the_readme() {
    let codes =
        [Exit::Good, Exit::Failed, Exit::Usage, Exit::Refused, Exit::Internal].map(Exit::code);
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
    assert_eq!((exit, err.as_str()), (Exit::Good, ""));
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
    let after = told(&["config", "--speed", "10", "--ascii"], &[]);
    assert_eq!(told(&["--speed", "10", "--ascii", "config"], &[]), after);
    assert!(after.1.contains("flag --ascii"), "{}", after.1);
}

#[test]
fn config_as_json_is_one_array_that_says_the_same() {
    let (exit, out, _) = told(&["config", "--json", "--no-color"], &[]);
    assert_eq!(exit, Exit::Good);
    let rows: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    let rows = rows.as_array().expect("an array");
    let theme = rows.iter().find(|row| row["key"] == "theme").expect("a row for each setting");
    assert_eq!((&theme["value"], &theme["default"]), (&"mono".into(), &"color".into()));
    assert_eq!(theme["source"], serde_json::json!({ "kind": "flag", "name": "--no-color" }));
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
    assert_eq!(main(words, &vars, &mut Gone, &mut err), Exit::Good);
    assert_eq!(err, b"");
}
