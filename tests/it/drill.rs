//! The drilled kill: that it holds, and that every part of it can fail.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use std::{collections::BTreeSet, fs, io, path::Path, process::Command, sync::Arc};

use bellwether::{
    config,
    desk::trading::pretrade::CheckCode,
    engine::TradingState,
    host::{Evidence, KillDrill, check_evidence, drill_kill},
    runtime::Scenario,
    store::{DrillCheck, FlagFiles, TradingFlag},
};

fn raised(to: TradingState) -> impl FnOnce(&FlagFiles) -> io::Result<()> + Send + 'static {
    move |flags| {
        flags.raise(to, &TradingFlag { by: None, why: "a drill".into(), at: None }).map(drop)
    }
}

async fn drilled<F>(within: &Path, broker: &str, raise: F) -> Evidence
where
    F: FnOnce(&FlagFiles) -> io::Result<()> + Send + 'static,
{
    let text = format!("scenario: test\ntitle: test\nfaults: [{broker}]\n");
    let scenario = Some(Arc::new(Scenario::parse("test", &text).unwrap()));
    let drill =
        KillDrill { config: config::resolve(&[]).unwrap(), scenario, within: within.to_owned() };
    Box::pin(drill_kill(drill, raise)).await.unwrap()
}

fn failed(checks: &[DrillCheck]) -> Vec<&str> {
    checks.iter().filter(|check| !check.ok).map(|check| check.name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_holds_in_every_part_each_part_can_fail_and_no_folder_is_left_behind() {
    let within = tempfile::tempdir().unwrap();
    let sound = drilled(within.path(), "", raised(TradingState::Killed)).await;
    let checks = check_evidence(&sound);
    assert_eq!(failed(&checks), [""; 0], "{checks:#?}");
    assert_eq!(fs::read_dir(within.path()).unwrap().count(), 0);

    let fails = |name: &str, spoil: fn(&mut Evidence)| {
        let mut seen = sound.clone();
        spoil(&mut seen);
        assert_eq!(failed(&check_evidence(&seen)), [name], "{seen:#?}");
    };
    fails("sends_blocked", |seen| seen.resting.as_mut().unwrap().answer = None);
    fails("sends_blocked", |seen| seen.resting.as_mut().unwrap().sent -= 1);
    fails("sends_blocked", |seen| seen.unraised = Some("the disk is full".into()));
    fails("sends_blocked", |seen| {
        let answer = seen.resting.as_mut().unwrap().answer.as_mut().unwrap();
        answer.state = TradingState::Halted;
    });
    fails("orders_withdrawn", |seen| {
        seen.left = Ok(seen.resting.as_ref().unwrap().orders[..1].to_vec());
    });
    fails("orders_withdrawn", |seen| seen.left = Err("nobody reaches the broker".into()));
    fails("orders_withdrawn", |seen| seen.resting.as_mut().unwrap().orders.clear());
    fails("fills_booked", |seen| drop(seen.booked.pop_first().unwrap()));
    fails("fills_booked", |seen| assert!(seen.booked.insert("from nowhere".into())));
    fails("fills_booked", |seen| {
        seen.filled = Ok(BTreeSet::new());
        seen.booked.clear();
    });
    fails("second_send_refused", |seen| seen.attempt.as_mut().unwrap().sent = 1);
    fails("second_send_refused", |seen| seen.attempt.as_mut().unwrap().at_broker += 1);
    fails("second_send_refused", |seen| {
        seen.attempt.as_mut().unwrap().against.push(CheckCode::SymbolUnknown);
    });
    fails("second_send_refused", |seen| seen.attempt.as_mut().unwrap().against.clear());
    fails("second_send_refused", |seen| seen.attempt = Err("no position has a price".into()));
    fails("engine_killed", |seen| seen.known.state = TradingState::Halted);
    fails("engine_killed", |seen| seen.known.events = 0);
    fails("audited", |seen| seen.known.entries = 0);
    fails("audited", |seen| seen.known.problems.push("line 3: forged".into()));
    fails("outlives_restart", |seen| seen.restarted.flag = TradingState::Active);
    fails("outlives_restart", |seen| seen.restarted.state = TradingState::Active);
    fails("outlives_restart", |seen| seen.restarted.begun = 1);
    fails("outlives_restart", |seen| seen.restarted.sent = 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_that_is_never_raised_fails_every_part_that_the_flag_should_bring_about() {
    let within = tempfile::tempdir().unwrap();
    let seen = drilled(within.path(), "", |_| Ok(())).await;
    let checks = check_evidence(&seen);
    let wanted = [
        "sends_blocked",
        "orders_withdrawn",
        "second_send_refused",
        "engine_killed",
        "audited",
        "outlives_restart",
    ];
    assert_eq!(failed(&checks), wanted, "{checks:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_halt_is_not_taken_for_a_kill() {
    let within = tempfile::tempdir().unwrap();
    let seen = drilled(within.path(), "", raised(TradingState::Halted)).await;
    let checks = check_evidence(&seen);
    let wanted = ["sends_blocked", "engine_killed", "audited", "outlives_restart"];
    assert_eq!(failed(&checks), wanted, "{checks:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_without_orders_proves_nothing() {
    let within = tempfile::tempdir().unwrap();
    let unreachable = "{broker: disconnect, after: 0s, for: 8h}";
    let seen = drilled(within.path(), unreachable, raised(TradingState::Killed)).await;
    let checks = check_evidence(&seen);
    assert!(checks.iter().all(|check| !check.ok), "{checks:#?}");
}

#[test]
fn a_drill_is_kept_and_told_and_touches_nothing_else_of_the_state_folder() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let told = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
        command.env("BELLWETHER_CONFIG", "/dev/null").env("BELLWETHER_STATE_DIR", &state);
        let output = command.env("TMPDIR", folder.path()).args(words).output().unwrap();
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        (output.status.code().unwrap(), text.concat())
    };
    let (_, text) = told(&["status"]);
    assert!(text.contains("no kill drill yet"), "{text}");
    let (code, text) = told(&["drill", "kill"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(text.lines().filter(|line| line.contains(" ok ")).count(), 7, "{text}");
    let names = |path: &Path| -> Vec<_> {
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    };
    assert_eq!(names(&state), ["drills.ndjson"]);
    assert_eq!(names(folder.path()), ["state"], "the folder of the drill is gone");
    let (_, text) = told(&["status"]);
    assert!(text.contains("kill drill today"), "{text}");

    let scenario = folder.path().join("dead.yaml");
    let dead = "scenario: dead\ntitle: x\nfaults: [{broker: disconnect, after: 0s, for: 8h}]\n";
    fs::write(&scenario, dead).unwrap();
    let (code, text) = told(&["drill", "kill", "--json", "--scenario", scenario.to_str().unwrap()]);
    assert_eq!(code, 1, "{text}");
    let kept = fs::read_to_string(state.join("drills.ndjson")).unwrap();
    assert_eq!(kept.lines().count(), 2);
    assert_eq!(kept.lines().last(), text.lines().last(), "what is kept is what is told");
    let (_, text) = told(&["status"]);
    assert!(text.contains("kill drill FAILED today"), "{text}");
    let (code, text) = told(&["drill", "kill", "--date", "today"]);
    assert_eq!(code, 3, "{text}");
}
