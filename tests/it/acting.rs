//! What an act would do, how grave it is, and when an agreement to it still holds.

#![expect(clippy::panic, reason = "a test that cannot go on should say so at once")]

use bellwether::{
    engine::{
        Actor, AlertSeverity, AttemptOutcome, Command, CommandRefusal, EngineInput, Failure,
        FailureKind, Gate, PauseMode, RetryScope, RunState, TaskResult, TaskState, TradingState,
        Waiver,
        control::{
            Commit, CommitDenied, GuardLevel, LineWarning, Preview, PreviewSectionKind, Proposal,
            RiskTier, check_commit, propose, risk_tier, short_run,
        },
    },
    planning::{
        plan::{DayPlan, RunMode, StageIx, TaskIx},
        workflow::EffectClass,
    },
};
use chrono::TimeDelta;

use crate::{
    engine_random::{Day, random_command, random_plan},
    support::plans::{self, Dice},
};

const T0: TaskIx = TaskIx(0);
const T1: TaskIx = TaskIx(1);
const T2: TaskIx = TaskIx(2);

/// `n` tasks of these effects side by side, begun in this mode two minutes into the session.
fn day(mode: RunMode, effects: &[EffectClass]) -> Day {
    Day::begin(plan(mode, effects))
}

fn plan(mode: RunMode, effects: &[EffectClass]) -> DayPlan {
    let mut plan = plans::empty(2, 1);
    plan.mode = mode;
    plan.open = plans::morning() - TimeDelta::hours(1);
    plan.agents[0].slots = 8;
    for &effect in effects {
        let mut task = plans::task(&plan, 0, 0);
        task.effect = effect;
        task.max_retries = 0;
        plan.tasks.push(task);
    }
    plan
}

fn proposal(run: &RunState, commands: Vec<Command>) -> Proposal {
    Proposal { id: 1, by: Actor::Operator("ana".into()), commands, seen: run.last_seq() }
}

fn planned(day: &Day, commands: Vec<Command>) -> Result<Preview, CommandRefusal> {
    let run = day.engine.state();
    propose(run, day.at, &proposal(run, commands), GuardLevel::Mode)
}

fn fail(day: &mut Day, task: TaskIx) {
    let attempt = day.engine.state().task(task).attempt;
    let failure = Failure::new(FailureKind::BadInput, "no feed");
    day.input(EngineInput::AttemptEnded { task, attempt, answer: AttemptOutcome::Failed(failure) });
}

fn done(day: &mut Day, task: TaskIx) {
    let attempt = day.engine.state().task(task).attempt;
    day.input(EngineInput::AttemptEnded {
        task,
        attempt,
        answer: AttemptOutcome::Completed(TaskResult::without_data("done")),
    });
}

fn retry(task: TaskIx) -> Command {
    Command::Retry { task, scope: RetryScope::Task }
}

fn lines(plan: &Preview, kind: PreviewSectionKind) -> Vec<String> {
    plan.section(kind).map_or(Vec::new(), |s| s.lines.iter().map(|l| l.text.clone()).collect())
}

#[test]
fn the_mode_and_the_target_decide_how_grave_a_retry_is() {
    let grave = |mode, effect, guards| {
        let mut day = day(mode, &[effect]);
        fail(&mut day, T0);
        risk_tier(day.engine.state(), day.at, &[retry(T0)], guards)
    };
    let by = GuardLevel::Mode;
    assert_eq!(grave(RunMode::Live, EffectClass::Pure, by), RiskTier::Confirm);
    assert_eq!(grave(RunMode::Live, EffectClass::Effectful, by), RiskTier::HighRisk);
    assert_eq!(grave(RunMode::Paper, EffectClass::Effectful, by), RiskTier::Review);
    assert_eq!(grave(RunMode::Sim, EffectClass::Effectful, by), RiskTier::Review);
    assert_eq!(grave(RunMode::Sim, EffectClass::Effectful, GuardLevel::Live), RiskTier::HighRisk);
    assert_eq!(grave(RunMode::Dry, EffectClass::Effectful, GuardLevel::Live), RiskTier::Confirm);
}

#[test]
fn several_targets_are_never_confirmed_in_one_line_but_several_brakes_are_brakes() {
    let mut day = day(RunMode::Live, &[EffectClass::Pure, EffectClass::Pure]);
    fail(&mut day, T0);
    fail(&mut day, T1);
    let of =
        |commands: &[Command]| risk_tier(day.engine.state(), day.at, commands, GuardLevel::Mode);
    assert_eq!(of(&[retry(T0)]), RiskTier::Confirm);
    assert_eq!(of(&[retry(T0), retry(T1)]), RiskTier::Review);
    let hold = |task| Command::Hold { task };
    assert_eq!(of(&[hold(T0), hold(T1)]), RiskTier::Brake);
}

#[test]
fn work_whose_window_is_over_is_started_gravely() {
    let mut day = day(RunMode::Paper, &[EffectClass::Pure]);
    fail(&mut day, T0);
    assert_eq!(planned(&day, vec![retry(T0)]).unwrap().tier, RiskTier::Confirm);
    day.at = day.engine.state().plan().task(T0).closes_at - TimeDelta::seconds(1);
    assert_eq!(planned(&day, vec![retry(T0)]).unwrap().tier, RiskTier::Confirm);
    let over = risk_tier(
        day.engine.state(),
        day.at + TimeDelta::seconds(1),
        &[retry(T0)],
        GuardLevel::Mode,
    );
    assert_eq!(over, RiskTier::HighRisk);
}

#[test]
fn braking_is_a_brake_in_every_mode_and_re_enabling_is_high_risk_in_live() {
    let halt = Command::TightenTrading { to: TradingState::Halted };
    for mode in [RunMode::Live, RunMode::Paper, RunMode::Sim, RunMode::Dry] {
        let mut day = day(mode, &[EffectClass::Effectful]);
        let brakes = [halt.clone(), Command::Hold { task: T0 }, Command::Disarm];
        for brake in brakes {
            let guards = GuardLevel::Live;
            assert_eq!(risk_tier(day.engine.state(), day.at, &[brake], guards), RiskTier::Brake);
        }
        day.order(halt.clone());
        let lift = Command::ReEnableTrading { to: TradingState::Active };
        let lifted = risk_tier(day.engine.state(), day.at, &[lift], GuardLevel::Mode);
        let expected = match mode {
            RunMode::Dry => RiskTier::Confirm,
            RunMode::Sim => RiskTier::Review,
            RunMode::Live | RunMode::Paper | RunMode::Replay => RiskTier::HighRisk,
        };
        assert_eq!(lifted, expected, "{mode}");
    }
}

#[test]
fn nothing_can_be_proposed_in_a_recorded_day_nor_nothing_at_all_nor_arming() {
    let replay = day(RunMode::Replay, &[EffectClass::Pure]);
    assert!(planned(&replay, vec![Command::Hold { task: T0 }]).is_err());
    let live = day(RunMode::Live, &[EffectClass::Pure]);
    assert!(planned(&live, Vec::new()).is_err());
    assert!(planned(&live, vec![Command::Arm]).is_err());
    assert!(planned(&live, vec![Command::Cancel { task: TaskIx(7) }]).is_err());
    assert!(planned(&live, vec![Command::RetryStage { stage: StageIx(9) }]).is_err());
}

#[test]
fn a_force_names_what_it_bypasses_what_it_never_does_and_what_follows() {
    let mut base =
        plan(RunMode::Live, &[EffectClass::Pure, EffectClass::Effectful, EffectClass::Pure]);
    base.tasks[1].dependencies.push(plans::hard(0));
    base.tasks[2].dependencies.push(plans::hard(1));
    let mut day = Day::begin(base);
    fail(&mut day, T0);
    let waivers = vec![Waiver::Dependency(T0)];
    let plan = planned(&day, vec![Command::Force { task: T1, waivers }]).unwrap();
    assert_eq!(plan.tier, RiskTier::HighRisk);
    assert!(plan.needs_reason);
    assert_eq!(plan.phrase, Some(format!("t1 {}", short_run("2018-12-19-test-1"))));
    assert_eq!(lines(&plan, PreviewSectionKind::WillRun), ["t1: starts now", "t2: waits for t1"]);
    assert_eq!(
        plan.section(PreviewSectionKind::WillRun).unwrap().lines[0].mark,
        LineWarning::MaySendOrders
    );
    assert_eq!(lines(&plan, PreviewSectionKind::WillWaive), ["t1: t0 is FAILED (taints)"]);
    assert!(lines(&plan, PreviewSectionKind::NotWaivable).iter().any(|l| l == "kill switch"));
    assert_eq!(lines(&plan, PreviewSectionKind::AlreadySent), ["t1: none: never started"]);
    assert_eq!(plan.danger.as_deref(), Some("t1 may send real orders; results are tainted"));
}

#[test]
fn what_an_order_task_sent_is_unknown_unless_the_record_proves_it() {
    let mut day = day(RunMode::Live, &[EffectClass::Effectful, EffectClass::Effectful]);
    // One is at work; the other said that it did nothing.
    fail(&mut day, T1);
    let known = |day: &Day, command| {
        let plan = planned(day, vec![command]).unwrap();
        let line = plan.section(PreviewSectionKind::AlreadySent).unwrap().lines[0].clone();
        (line.mark, plan.danger)
    };
    let (mark, danger) = known(&day, Command::Cancel { task: T0 });
    assert_eq!(mark, LineWarning::Unknown);
    assert!(danger.unwrap().contains("what t0 sent is IN_DOUBT"));
    let (mark, danger) = known(&day, retry(T1));
    assert_eq!(mark, LineWarning::None);
    assert!(!danger.unwrap().contains("UNKNOWN"));
}

#[test]
fn of_several_commands_the_refused_ones_are_named_and_all_refused_is_a_refusal() {
    let mut day = day(RunMode::Paper, &[EffectClass::Pure, EffectClass::Pure]);
    fail(&mut day, T0);
    let plan = planned(&day, vec![retry(T0), retry(T1)]).unwrap();
    assert_eq!(plan.refused.len(), 1);
    assert_eq!(plan.refused[0].0, retry(T1));
    assert_eq!(plan.section(PreviewSectionKind::WillBeRefused).unwrap().count, 1);
    let refusal = planned(&day, vec![retry(T1)]).unwrap_err();
    assert_eq!(refusal.state, Some(TaskState::Running));
}

#[test]
fn what_else_happens_in_the_run_does_not_touch_an_agreement() {
    let mut day =
        day(RunMode::Live, &[EffectClass::Effectful, EffectClass::Pure, EffectClass::Pure]);
    fail(&mut day, T0);
    let commands = vec![retry(T0)];
    let before = planned(&day, commands.clone()).unwrap();
    day.at += TimeDelta::minutes(1);
    let attempt = day.engine.state().task(T1).attempt;
    day.input(EngineInput::Progress { task: T1, attempt, percent: 5, note: "5".into() });
    day.input(EngineInput::Market { code: "vix".into(), text: "up".into() });
    let severity = AlertSeverity::Critical;
    day.input(EngineInput::Alert { severity, code: "feed".into(), text: "gap".into() });
    done(&mut day, T1);
    fail(&mut day, T2);
    let mut after = planned(&day, commands).unwrap();
    assert!(after.at_seq > before.at_seq);
    assert_eq!(after.hash, before.hash);
    assert_eq!(before.diff_lines(&after), Vec::<String>::new());
    after.proposal = before.proposal.clone();
    let commit = agreed(&before);
    assert_eq!(check_commit(&after, &commit), Ok(()));
}

#[test]
fn a_target_that_moved_on_ends_an_agreement_and_says_how() {
    let mut day = day(RunMode::Paper, &[EffectClass::Pure]);
    fail(&mut day, T0);
    let commands = vec![retry(T0)];
    let old = proposal(day.engine.state(), commands.clone());
    let before = planned(&day, commands).unwrap();
    assert_eq!(before.moved_since_seen, Vec::<String>::new());
    day.order(retry(T0));
    fail(&mut day, T0);
    let after = propose(day.engine.state(), day.at, &old, GuardLevel::Mode).unwrap();
    // FAILED again, but another failure: the attempt is another.
    assert_ne!(after.hash, before.hash);
    assert_eq!(check_commit(&after, &agreed(&before)), Err(CommitDenied::PreviewStale));
    assert!(before.diff_lines(&after)[0].contains("t0 is FAILED again"));
    assert!(after.moved_since_seen[0].starts_with("t0 is FAILED since event"));
}

fn agreed(plan: &Preview) -> Commit {
    Commit {
        proposal: plan.proposal.clone(),
        hash: plan.hash,
        reason: Some("because".into()),
        phrase: plan.phrase.clone(),
    }
}

#[test]
fn a_grave_act_needs_its_reason_and_its_phrase_to_the_letter() {
    let mut day = day(RunMode::Live, &[EffectClass::Effectful]);
    fail(&mut day, T0);
    let plan = planned(&day, vec![retry(T0)]).unwrap();
    let good = agreed(&plan);
    assert_eq!(check_commit(&plan, &good), Ok(()));
    let phrase = plan.phrase.clone().unwrap();
    let wrong = [
        None,
        Some(String::new()),
        Some(phrase.to_uppercase()),
        Some(format!("{phrase} ")),
        Some(phrase.split(' ').next().unwrap().to_owned()),
    ];
    for phrase in wrong {
        let commit = Commit { phrase, ..good.clone() };
        assert_eq!(check_commit(&plan, &commit), Err(CommitDenied::WrongPhrase), "{commit:?}");
    }
    for reason in [None, Some(String::new()), Some("  ".into())] {
        let commit = Commit { reason, ..good.clone() };
        assert_eq!(check_commit(&plan, &commit), Err(CommitDenied::NoReason));
    }
}

#[test]
fn in_random_days_equal_hashes_mean_equal_targets_and_news_alone_changes_no_hash() {
    let (mut same, mut changed) = (0, 0);
    for seed in 0..1_500 {
        let mut dice = Dice(seed);
        let mut plan = random_plan(&mut dice, 8);
        plan.mode = [RunMode::Live, RunMode::Paper, RunMode::Sim][usize::from(dice.chance(50))];
        let mut day = Day::begin(plan);
        for _ in 0..dice.below(40) {
            day.shake(&mut dice, 20);
        }
        let command = random_command(&mut dice, day.engine.state());
        let made = proposal(day.engine.state(), vec![command.clone()]);
        let of = |day: &Day| propose(day.engine.state(), day.at, &made, GuardLevel::Mode);
        let Ok(before) = of(&day) else { continue };
        let old = day.engine.state().clone();
        day.input(EngineInput::Market { code: "halt".into(), text: "KO".into() });
        if day.engine.state().last_seq() == old.last_seq() + 1 {
            assert_eq!(
                of(&day).unwrap().hash,
                before.hash,
                "seed {seed}: news changed {command:?}"
            );
        }
        day.shake(&mut dice, 30);
        let now = day.engine.state();
        let key = |run: &RunState| {
            command.task().map(|ix| {
                let task = run.task(ix);
                (task.state, task.attempt, task.generation)
            })
        };
        match of(&day) {
            Ok(after) if after.hash == before.hash => {
                same += 1;
                assert_eq!(key(now), key(&old), "seed {seed}: {command:?}");
                assert_eq!(after.tier, before.tier);
                assert_eq!(after.phrase, before.phrase);
                for kind in [PreviewSectionKind::AlreadySent, PreviewSectionKind::WillBeRefused] {
                    assert_eq!(lines(&after, kind), lines(&before, kind));
                }
            }
            Ok(_) | Err(_) => changed += 1,
        }
    }
    assert!(same > 20 && changed > 20, "{same} {changed}");
}

#[test]
fn proposing_says_what_then_happens() {
    let mut met = 0;
    for seed in 0..1_000 {
        let mut dice = Dice(seed);
        let mut day = Day::begin(random_plan(&mut dice, 10));
        for _ in 0..dice.below(40) {
            day.shake(&mut dice, 20);
        }
        day.input(EngineInput::Tick);
        let command = random_command(&mut dice, day.engine.state());
        if command == Command::Arm || command.task().is_some_and(|ix| ix.0 >= 10) {
            continue;
        }
        let plan = planned(&day, vec![command.clone()]);
        let (from, before) = (day.journal.len(), day.engine.state().clone());
        day.order(command.clone());
        let refused = day.journal[from..].iter().any(|r| r.event.kind_name() == "command_refused");
        let Ok(plan) = plan else {
            assert!(refused || before.has_ended(), "seed {seed}: {command:?} was taken after all");
            continue;
        };
        assert!(!refused, "seed {seed}: {command:?} was refused after all");
        let started: Vec<_> = day.journal[from..]
            .iter()
            .filter(|recorded| recorded.event.kind_name() == "task_started")
            .filter_map(|recorded| recorded.event.task())
            .collect();
        for ix in &started {
            met += 1;
            let said =
                plan.section(PreviewSectionKind::WillRun).unwrap_or_else(|| panic!("seed {seed}"));
            assert!(said.lines.iter().any(|line| line.task == Some(*ix)), "seed {seed}: {plan:?}");
        }
    }
    assert!(met > 20, "{met}");
}

#[test]
fn re_enable_and_resume_list_what_interrupted_orders_left() {
    let mut day = day(RunMode::Sim, &[EffectClass::Effectful]);
    day.order(Command::TightenTrading { to: TradingState::Halted });
    day.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None });
    let left = "stopped at 09:35: 1633 of 5324 sh filled; not traded: AAPL 120";
    let failure = Failure::new(FailureKind::Cancelled, left);
    let answer = AttemptOutcome::Failed(failure);
    day.input(EngineInput::AttemptEnded { task: T0, attempt: 1, answer });
    assert_eq!(day.engine.state().task(T0).state, TaskState::Failed);
    let name = day.engine.state().plan().task(T0).id.to_string();
    let sent = lines(&planned(&day, vec![retry(T0)]).unwrap(), PreviewSectionKind::AlreadySent);
    assert_eq!(sent, [format!("{name}: started once; {left}")], "some of it was sent");
    let open = Command::Resume { gate: Gate::Engine };
    for command in [Command::ReEnableTrading { to: TradingState::Active }, open] {
        let told = lines(&planned(&day, vec![command]).unwrap(), PreviewSectionKind::OtherChanges);
        assert!(told.contains(&format!("{name}: {left}")), "{told:?}");
    }
    day.order(retry(T0));
    assert_eq!(day.engine.state().task(T0).state, TaskState::Queued, "it waits for trading");
    day.order(Command::Resume { gate: Gate::Engine });
    assert_eq!(day.engine.state().task(T0).state, TaskState::Queued, "resume never frees trading");
    day.order(Command::ReEnableTrading { to: TradingState::Active });
    assert_eq!(day.engine.state().task(T0).state, TaskState::Running);
}
