//! The console without a screen: words out, commands in, one screen's data at a moment.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::process::{Command, Output, Stdio};

use bellwether::{
    cli::Exit,
    config::{self, RawSetting, SettingOrigin},
    engine::control::{Authority, SessionOpening},
    host::{
        OrchestrationController, PlainConsoleSetup, PlainEventSource, RunRequest, run_plain_console,
    },
    planning::plan::RunMode,
    runtime::{Attendance, BufferedSink, ClockPace, RunClock},
};
use tokio::sync::mpsc;

/// What is said to somebody who types these lines before a day that stands nearly still.
fn said(lines: &[&str], guards: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let given = [("guards", guards), ("operator", "ana")].map(|(key, text)| RawSetting {
            key: key.into(),
            text: text.into(),
            origin: SettingOrigin::Flag("--set".into()),
        });
        let mut controller = OrchestrationController::new(config::resolve(&given).unwrap());
        controller.startup_system().unwrap();
        let (kept, events) = BufferedSink::new();
        let day = controller
            .prepare_run(RunRequest {
                date: "2018-12-19".parse().unwrap(),
                mode: RunMode::Sim,
                clock: RunClock::starting("2018-12-19T10:00:00Z".parse().unwrap(), ClockPace::Real),
                scenario: None,
                overlays: Vec::new(),
                attendance: Attendance::Attended,
                sinks: vec![Box::new(kept)],
                begins: bellwether::host::StartKind::default(),
            })
            .unwrap();
        let (typed, typing) = mpsc::channel(64);
        for line in lines.iter().chain(&["quit"]) {
            typed.try_send((*line).to_owned()).unwrap();
        }
        let opening = SessionOpening { operator: "ana".into(), authority: Authority::Armed };
        let driving = tokio::spawn(day.driver.run());
        let events = PlainEventSource::FromJournal(events);
        let listener = PlainConsoleSetup {
            handle: day.handle,
            run: None,
            events,
            lines: Some(typing),
            opening,
        };
        let mut out = Vec::new();
        let run = run_plain_console(listener, Some(driving), &mut out).await.unwrap();
        assert!(!run.unwrap().has_ended(), "the day was left, not ended");
        String::from_utf8(out).unwrap()
    })
}

fn holds(text: &str, wanted: &[&str]) {
    let mut rest = text;
    for part in wanted {
        let after = rest.split_once(part).map(|(_, after)| after);
        assert!(after.is_some(), "`{part}` is not there, or not there yet, in\n{text}");
        rest = after.unwrap();
    }
}

#[test]
fn questions_are_answered_in_words_and_a_misspelt_command_is_told_what_is_near() {
    let text = said(
        &[
            "status",
            "why collect_data",
            "stauts",
            "why nobody",
            "approve approve_trades --only all of it",
            "approve approve_trades --only 1 too early",
            "help",
        ],
        "mode",
    );
    holds(
        &text,
        &[
            "In short: No stage is open; pre_market opens at 06:00. No action needed.",
            "collect_data: window opens at 06:00",
            "do you mean status?",
            "no task is called `nobody`",
            "`all` does not name orders: --only 1,2",
            "refused: approve_trades is PENDING: it is not waiting for an answer",
            "approve TASK REASON: approve, in full or in part: --only",
        ],
    );
}

#[test]
fn halt_acts_at_once_and_re_enable_asks_for_its_phrase() {
    let text = said(
        &[
            "halt",
            "re-enable",
            "re-enable the drill is over",
            "status",
            "yes",
            "re-enable again",
            "yes",
        ],
        "mode",
    );
    holds(
        &text,
        &[
            "done: halt\n",
            "it needs a reason",
            "danger: trading becomes ACTIVE",
            "to do it, type: yes",
            "what was shown before is left undone",
            "nothing was shown that could be agreed to",
            "danger: trading becomes ACTIVE",
            "not done: the phrase does not match",
        ],
    );
}

#[test]
fn a_guarded_session_observes_until_it_arms_and_wants_the_phrase() {
    let text = said(
        &[
            "pause run a drill",
            "halt",
            "resume run over",
            "yes run",
            "arm a drill",
            "resume run over",
            "yes wrong phrase",
        ],
        "live",
    );
    holds(
        &text,
        &["done: pause the engine\n", "done: halt\n", "type: yes run ", "not done: not armed"],
    );
    holds(&text, &["armed\n", "type: yes run ", "not done: the phrase does not match"]);
    assert!(!text.contains("done: resume run"), "{text}");
}

fn program(args: &[&str]) -> Output {
    let state = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_bellwether"))
        .args(args)
        .env("BELLWETHER_STATE_DIR", state.path())
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn without_a_terminal_the_console_speaks_plainly_and_says_so_once() {
    let done = program(&["--speed", "max", "--scenario", "demo"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let (out, err) =
        (String::from_utf8(done.stdout).unwrap(), String::from_utf8_lossy(&done.stderr));
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.contains("no terminal") && err.contains("--plain"), "{err}");
    let drawn = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{2190}'..='\u{2bff}');
    assert!(!out.contains(drawn), "{out}");
    holds(
        &out,
        &[
            "task retrying, junior_analyst: collect_data attempt 1 of 4",
            "Action needed: approve_trades: waiting for approval; type approve approve_trades",
            "In short: The run has completed.",
        ],
    );
    let asked = program(&["--plain", "--speed", "max"]);
    assert!(
        asked.status.success() && asked.stderr.is_empty(),
        "nobody is told what they asked for"
    );
}

#[test]
fn one_screen_is_printed_for_a_moment_as_text_or_as_json() {
    let text = program(&["--once", "tasks", "--at", "09:33"]).stdout;
    let text = String::from_utf8(text).unwrap();
    holds(&text, &["1 task needs an operator", "task ", "approve_trades ", "waiting for approval"]);
    for page in ["day", "tasks", "agents", "events", "alerts"] {
        let json = program(&["--once", page, "--at", "09:33", "--json"]).stdout;
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert!(!json["rows"].as_array().unwrap().is_empty(), "{page}");
    }
    for wrong in
        [&["--at", "09:33"][..], &["--once", "tasks", "--at", "25:00"], &["--plain", "run"]]
    {
        let done = program(wrong);
        assert_eq!(done.status.code(), Some(2), "{wrong:?}");
        assert!(!done.stderr.is_empty() && done.stdout.is_empty(), "{wrong:?}");
    }
}

#[test]
fn a_tour_writes_pictures_and_tells_the_bad_lines_of_a_script() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (script, cast) = (path("t.keys"), path("t.cast"));
    std::fs::write(&script, "day 2018-12-19\nsize 80x24\nat 06:00:05\npicture one \"one\"\n")
        .unwrap();
    let tour = |script: &str, check: bool| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let (script, pictures) = (Some(script.into()), Some(path("p").into()));
        let args = xtask::TourArgs { script, pictures, cast: Some(path("t.cast").into()), check };
        let exit = match xtask::run_tour(&args, &mut out, &mut err) {
            Ok(exit) => exit,
            Err(error) => {
                err.extend(error.to_string().bytes());
                error.exit
            }
        };
        (exit, String::from_utf8(err).unwrap())
    };
    assert_eq!(tour(&script, false).0, Exit::Success);
    assert!(std::fs::read_to_string(path("p/one.svg")).unwrap().starts_with("<svg "));
    assert_eq!(tour(&script, true).0, Exit::Success);
    std::fs::write(&cast, "stale").unwrap();
    let (exit, said) = tour(&script, true);
    assert!(exit == Exit::Failed && said.contains("t.cast is stale"), "{said}");
    std::fs::write(&script, "dya 2018-12-19\nday 2018-12-19\nexpect \"no such text\"\n").unwrap();
    let (exit, said) = tour(&script, false);
    assert!(exit == Exit::Usage && said.contains("t.keys:1: no step is called `dya`"), "{said}");
    std::fs::write(&script, "day 2018-12-19\nexpect \"no such text\"\n").unwrap();
    let (exit, said) = tour(&script, false);
    assert!(exit == Exit::Failed && said.contains("t.keys:2: `no such text` is not"), "{said}");
    assert_eq!(tour("/nonexistent.keys", false).0, Exit::Usage);
}
