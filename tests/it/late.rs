//! Starting late: what is caught up, what is excused, and that what was simulated is what happens.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bellwether::{
    cli::Exit,
    engine::{
        Actor, AttemptOutcome, CatchUpChoice, Command, CommandRequest, CorrelationId, Engine,
        EngineInput, EngineStep, Event, ExcuseReason, ExcusedTask, LateStartOutcome, RecordedEvent,
        RunState, RunStatus, TaskResult, TaskState, WorkItem,
        forecast::catch_up::{LateStart, catch_up_plan, late_start, late_start_of_new_run},
        missed_tasks,
    },
    planning::{
        plan::{DayPlan, TaskIx},
        time::Span,
        workflow::{EffectClass, OnClose},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{cli::told, engine_random::random_plan};
use crate::support::plans::{self, Dice, morning};

/// A run as it begins, before the engine has looked at anything.
fn begun(plan: &Arc<DayPlan>, at: DateTime<Utc>) -> RunState {
    let event = Event::WorkflowStarted { plan: Arc::clone(plan) };
    RunState::from_first_event(&RecordedEvent { seq: 1, at, corr: CorrelationId::RUN, event })
        .expect("a sound plan")
}

fn order(command: Command) -> CommandRequest {
    CommandRequest {
        id: 7,
        by: Actor::Operator("ana".into()),
        reason: Some("late".into()),
        command,
    }
}

/// A day played with an engine and nothing of the forecast's: what happened, in order.
struct Day {
    engine: Engine,
    events: Vec<RecordedEvent>,
    ends: BTreeSet<(DateTime<Utc>, TaskIx, u32)>,
}

impl Day {
    fn take(&mut self, at: DateTime<Utc>, step: EngineStep) {
        for work in step.work {
            match work {
                // Nothing is in doubt here.
                WorkItem::Probe { .. } => {}
                WorkItem::Start { task, attempt } => {
                    let takes = self.engine.state().plan().task(task).estimate.to_delta();
                    self.ends.insert((at + takes, task, attempt));
                }
                WorkItem::Stop { task, attempt } => {
                    self.ends.retain(|(_, t, a)| (*t, *a) != (task, attempt));
                    if self.engine.state().task(task).state == TaskState::Cancelling {
                        self.ends.insert((at, task, attempt));
                    }
                }
            }
        }
        self.events.extend(step.events);
    }

    /// Every attempt takes its estimate and succeeds.
    fn play(
        (engine, step): (Engine, EngineStep),
        at: DateTime<Utc>,
    ) -> (RunState, Vec<RecordedEvent>) {
        let mut day = Self { engine, events: Vec::new(), ends: BTreeSet::new() };
        day.take(at, step);
        let horizon = at + TimeDelta::days(3);
        while !day.engine.state().has_ended() {
            let end = day.ends.first().copied();
            let wake = day.engine.next_wake();
            let Some(next) = end.map(|end| end.0).into_iter().chain(wake).min() else { break };
            if next > horizon {
                break;
            }
            let input = match end.filter(|end| end.0 <= next) {
                Some(end) => {
                    day.ends.remove(&end);
                    let stopped = day.engine.state().task(end.1).state == TaskState::Cancelling;
                    let answer = if stopped {
                        AttemptOutcome::Stopped
                    } else {
                        AttemptOutcome::Completed(TaskResult::without_data("ok"))
                    };
                    EngineInput::AttemptEnded { task: end.1, attempt: end.2, answer }
                }
                None => EngineInput::Tick,
            };
            let step = day.engine.step(next, input);
            day.take(next, step);
        }
        (day.engine.state().clone(), day.events)
    }
}

/// Random plans, and a moment inside each: as many as make a law likely to break if it can.
fn starts() -> impl Iterator<Item = (u64, Arc<DayPlan>, DateTime<Utc>)> {
    (0..250).map(|seed| {
        let mut dice = Dice(seed + 1);
        let plan = Arc::new(random_plan(&mut dice, 24));
        let minutes = i64::try_from(dice.below(300)).expect("small");
        (seed, plan, morning() + TimeDelta::minutes(minutes))
    })
}

#[test]
fn what_was_simulated_is_what_happens_when_the_same_choice_is_played() {
    let mut played = 0;
    for (seed, plan, at) in starts() {
        let Some(told) = late_start_of_new_run(&plan, at) else { continue };
        for option in &told.options {
            let command = order(option.settled.command());
            let (end, events) =
                Day::play(Engine::start_with(Arc::clone(&plan), at, (None, command)), at);
            let what = format!("seed {seed}, {}", option.choice);
            let counted = |state| usize::try_from(end.count_in_state(state)).expect("small");
            assert_eq!(option.ran, counted(TaskState::Completed), "{what}");
            assert_eq!(option.skipped, counted(TaskState::Skipped), "{what}");
            let not = counted(TaskState::Missed) + counted(TaskState::UpstreamFailed);
            assert_eq!(option.missed + option.blocked, not, "{what}");
            assert_eq!(option.good, matches!(end.status(), RunStatus::Completed(_)), "{what}");
            for caught_up in &option.caught_up {
                let ix = plan.find_task(caught_up.task.as_str()).expect("a task of the plan");
                let started =
                    |event: &Event| matches!(event, Event::TaskStarted { task, .. } if *task == ix);
                let starts: Vec<_> =
                    events.iter().filter(|recorded| started(&recorded.event)).collect();
                assert!(starts.len() <= 1, "{what}: {} ran more than once", caught_up.task);
                assert_eq!(caught_up.from, starts.first().map(|start| start.at), "{what}");
            }
            played += 1;
        }
    }
    assert!(played > 400, "{played} choices were played");
}

#[test]
fn no_choice_runs_what_has_an_effect_outside_its_window_or_on_stale_inputs() {
    let mut sent = 0;
    for (seed, plan, at) in starts() {
        for choice in CatchUpChoice::ALL {
            let settled = catch_up_plan(&begun(&plan, at), at, choice);
            if settled.tasks.is_empty() && settled.left.is_empty() {
                continue;
            }
            let command = order(settled.command());
            let (_, events) =
                Day::play(Engine::start_with(Arc::clone(&plan), at, (None, command)), at);
            let mut state = begun(&plan, at);
            for recorded in events.iter().skip(1) {
                if let Event::TaskStarted { task, .. } = recorded.event {
                    let planned = plan.task(task);
                    let what = format!("seed {seed}, {choice}: {} at {}", planned.id, recorded.at);
                    assert_eq!(state.first_stale(task, recorded.at), None, "stale inputs: {what}");
                    let acts =
                        matches!(planned.effect, EffectClass::Effectful | EffectClass::Human);
                    let carried = plan.stage(planned.stage).on_close == OnClose::Carry;
                    let open = planned.opens_at <= recorded.at && recorded.at < planned.closes_at;
                    assert!(open || carried || !acts, "outside its window: {what}");
                    sent += u32::from(acts && open);
                }
                state.apply(recorded).expect("what the engine records folds");
            }
        }
    }
    assert!(sent > 100, "{sent} starts with an effect were looked at");
}

#[test]
fn nothing_missed_is_dropped_in_silence() {
    for (seed, plan, at) in starts() {
        let state = begun(&plan, at);
        let gone: BTreeSet<_> = missed_tasks(&state, at).into_iter().collect();
        for choice in CatchUpChoice::ALL {
            let settled = catch_up_plan(&state, at, choice);
            let caught_up: BTreeSet<_> = settled.tasks.iter().copied().collect();
            let left: BTreeSet<_> = settled.left.iter().map(|left| left.task).collect();
            assert!(caught_up.is_disjoint(&left), "seed {seed}, {choice}");
            let told: BTreeSet<_> = caught_up.union(&left).copied().collect();
            assert!(gone.is_subset(&told), "seed {seed}, {choice}: {gone:?} and {told:?}");
            assert!(caught_up.is_subset(&gone), "seed {seed}, {choice}: made up, but not missed");
        }
        if seed >= 100 {
            continue;
        }
        for option in late_start_of_new_run(&plan, at).map(|late| late.options).unwrap_or_default()
        {
            let all = option.ran + option.missed + option.blocked + option.skipped;
            assert_eq!(all + option.otherwise, plan.tasks.len(), "seed {seed}, {}", option.choice);
        }
    }
}

#[test]
fn a_choice_taken_after_the_engine_saw_the_clock_comes_to_the_same() {
    for (seed, plan, at) in starts() {
        let (engine, _) = Engine::start(Arc::clone(&plan), at);
        if engine.state().has_ended() {
            continue;
        }
        let before = missed_tasks(&begun(&plan, at), at);
        assert_eq!(before, missed_tasks(engine.state(), at), "seed {seed}");
        for choice in CatchUpChoice::ALL {
            let settled = catch_up_plan(engine.state(), at, choice);
            assert_eq!(
                settled.tasks,
                catch_up_plan(&begun(&plan, at), at, choice).tasks,
                "seed {seed}"
            );
            if settled.tasks.is_empty() && settled.left.is_empty() {
                continue;
            }
            let refused = engine::refusal_of(engine.state(), at, &settled.command());
            assert_eq!(refused, None, "seed {seed}, {choice}");
        }
    }
}

/// Caught up: `data`; `orders` needs it, the window of both is over; `watch` goes on.
fn small() -> (Arc<DayPlan>, DateTime<Utc>) {
    let mut plan = plans::empty(2, 2);
    let at = morning() + TimeDelta::minutes(100);
    for (name, effect, needs, closes) in [
        ("data", EffectClass::Pure, None, 30),
        ("orders", EffectClass::Effectful, None, 60),
        ("watch", EffectClass::Pure, Some(0), 600),
    ] {
        let mut task = plans::task(&plan, usize::from(closes > 100), 0);
        task.id = name.parse_id();
        task.effect = effect;
        task.max_retries = 0;
        task.opens_at = morning();
        task.closes_at = morning() + TimeDelta::minutes(closes);
        task.dependencies = needs.into_iter().map(plans::hard).collect();
        plan.tasks.push(task);
    }
    for (stage, closes) in plan.stages.iter_mut().zip([60, 600]) {
        stage.opens_at = morning();
        stage.closes_at = morning() + TimeDelta::minutes(closes);
    }
    (Arc::new(plan), at)
}

trait ParseId {
    fn parse_id(&self) -> planning::id::TaskId;
}

impl ParseId for str {
    fn parse_id(&self) -> planning::id::TaskId {
        planning::id::TaskId::parse(self).expect("a name")
    }
}

#[test]
fn what_is_caught_up_runs_once_and_what_is_let_go_stays_missed_and_fails_nothing() {
    let (plan, at) = small();
    let told = late_start_of_new_run(&plan, at).expect("two tasks were missed");
    assert_eq!(told.recommended, CatchUpChoice::Minimal);
    let option = &told.options[0];
    assert_eq!(option.choice, CatchUpChoice::Minimal, "the recommended one stands first");
    let command = order(option.settled.command());
    let (end, _) = Day::play(Engine::start_with(Arc::clone(&plan), at, (None, command)), at);
    let states: Vec<_> = end.tasks().map(|(_, run)| run.state).collect();
    assert_eq!(states, [TaskState::Completed, TaskState::Missed, TaskState::Completed]);
    assert!(matches!(end.status(), RunStatus::Completed(_)), "{:?}", end.status());
    assert_eq!(end.late_start_outcome(TaskIx(0)), Some(LateStartOutcome::CaughtUp));
    assert_eq!(
        end.late_start_outcome(TaskIx(1)),
        Some(LateStartOutcome::Excused(ExcuseReason::OrderWindowOver))
    );
    assert!(!end.has_waiver(TaskIx(0)), "nobody forced it");
    assert_eq!(end.task(TaskIx(0)).attempt, 1);
    assert_eq!(late_start(&end, at), None, "what is settled is not asked about again");
    // Without a choice, the same day fails.
    let (end, _) = Day::play(Engine::start(plan, at), at);
    assert!(matches!(end.status(), RunStatus::Failed(_)), "{:?}", end.status());
}

#[test]
fn the_engine_refuses_to_make_up_for_orders_for_what_is_not_over_and_to_pass_over_anything() {
    let (plan, at) = small();
    let state = begun(&plan, at);
    let left = |task: u32| ExcusedTask { task: TaskIx(task), why: ExcuseReason::NotChosen };
    let refused = |tasks: &[u32], lets: &[u32]| {
        let command = Command::CatchUp {
            choice: CatchUpChoice::Full,
            tasks: tasks.iter().map(|task| TaskIx(*task)).collect(),
            left: lets.iter().map(|task| left(*task)).collect(),
        };
        engine::refusal_of(&state, at, &command).map(|refusal| refusal.to_string())
    };
    assert_eq!(refused(&[0], &[1]), None);
    for (tasks, lets, piece) in [
        (&[0, 1][..], &[][..], "late orders are never sent"),
        (&[0, 2], &[1], "its window is not over"),
        (&[0], &[], "nothing is said of it"),
        (&[0], &[0, 1], "both caught up and excused"),
        (&[9], &[1], "no such task"),
        (&[0], &[1, 9], "no such task"),
    ] {
        let refusal = refused(tasks, lets).expect("it is refused");
        assert!(refusal.contains(piece), "{tasks:?} {lets:?}: {refusal}");
    }
}

#[test]
fn a_run_whose_late_start_is_settled_reads_back_from_its_text_and_from_its_events() {
    let (plan, at) = small();
    let settled = catch_up_plan(&begun(&plan, at), at, CatchUpChoice::Minimal);
    let start = Engine::start_with(Arc::clone(&plan), at, (None, order(settled.command())));
    let (end, events) = Day::play(start, at);
    let text = serde_json::to_string(&end).expect("a state has a text form");
    let read: RunState = serde_json::from_str(&text).expect("its text form reads back");
    assert_eq!(read, end);
    let mut folded = RunState::from_first_event(&events[0]).expect("it begins");
    for recorded in &events[1..] {
        folded.apply(recorded).expect("it folds");
    }
    assert_eq!(folded, end);
    let strange = text.replace("\"late\":{\"0\"", "\"late\":{\"99\"");
    assert_ne!(strange, text);
    assert!(serde_json::from_str::<RunState>(&strange).is_err(), "a place the plan does not have");
}

#[test]
fn a_loop_goes_on_with_its_next_round_and_makes_up_for_none() {
    let (plan, at) = small();
    let mut plan = (*plan).clone();
    plan.tasks[2].every = Some(Span::mins(10));
    let told = late_start_of_new_run(&Arc::new(plan.clone()), at).expect("late");
    assert_eq!(told.rounds[0].rounds, 10);
    plan.tasks[2].closes_at = morning() + TimeDelta::minutes(95);
    let plan = Arc::new(plan);
    let told = late_start_of_new_run(&plan, at).expect("late");
    assert_eq!(told.missed[2].occurrences, 10);
    for option in &told.options {
        assert!(option.caught_up.iter().all(|caught_up| caught_up.task.as_str() != "watch"));
    }
}

fn shown(words: &[&str]) -> String {
    let (exit, out, err) = told(words, &[]);
    assert_eq!((exit, err.as_str()), (Exit::Success, ""), "{words:?}\n{out}");
    out
}

#[test]
fn the_four_choices_of_a_start_at_1041_stand_side_by_side() {
    insta::assert_snapshot!(shown(&["dry-run", "--date", "2018-12-12", "--late", "10:41"]));
}

#[test]
fn a_start_ten_to_ten_can_still_have_its_plan_approved_and_sent_if_all_is_caught_up() {
    let words = ["dry-run", "--date", "2018-12-12", "--late", "09:50", "--json"];
    let told: Value = serde_json::from_str(&shown(&words)).expect("it is JSON");
    assert_eq!(told["recommended"], "minimal");
    let option = |word: &str| {
        let options = told["options"].as_array().expect("a list");
        options.iter().find(|option| option["choice"] == word).expect("all four").clone()
    };
    let sent = |word: &str| {
        let orders = option(word)["orders"].as_array().expect("a list").clone();
        let open = orders.into_iter().find(|order| order["task"] == "execute_open");
        open.expect("its window is open")["starts_at"].clone()
    };
    assert_eq!(sent("minimal"), Value::Null, "late orders are not prepared unasked");
    assert!(sent("full").as_str().is_some_and(|at| at < "2018-12-12T15:30:00Z"));
    assert_eq!(option("observe")["orders"].as_array().expect("a list").len(), 3);
    assert_eq!(option("observe")["tradeable"], Value::Null);
    let none = shown(&["dry-run", "--date", "2018-12-12", "--late", "06:01"]);
    assert_eq!(none, "nothing is missed by a start at that time\n");
}

#[test]
fn no_row_of_the_choices_is_wider_than_asked_and_ascii_is_ascii() {
    for (date, at, width) in [
        ("2018-12-12", "10:41", "80"),
        ("2018-12-19", "09:50", "60"),
        ("2018-12-24", "20:00", "132"),
    ] {
        let words = ["dry-run", "--date", date, "--late", at, "--width", width, "--ascii"];
        let most: usize = width.parse().expect("a number");
        for row in shown(&words).lines() {
            assert!(row.is_ascii() && row.len() <= most, "{words:?}: {row}");
        }
    }
}

#[test]
fn a_late_day_ends_well_when_what_was_chosen_succeeded_and_says_what_was_chosen() {
    for (choice, stored, starts) in
        [("none", "join", "10:41"), ("full", "full", "09:50"), ("observe", "skip", "20:00")]
    {
        let words =
            ["run", "--date", "2018-12-12", "--start", starts, "--catch-up", choice, "--json"];
        let (exit, out, err) = told(&words, &[]);
        assert_eq!(exit, Exit::Success, "{words:?}\n{err}");
        assert!(err.contains(&format!("{choice}: ")) && err.contains("were missed"), "{err}");
        let events: Vec<Value> =
            out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let acts: Vec<_> =
            events.iter().filter(|event| event["event"] == "operator_acted").collect();
        assert_eq!(acts[0]["command"]["choice"], stored, "who chose what is recorded");
        let mut caught_up: BTreeMap<&str, usize> = BTreeMap::new();
        for event in &events {
            let task = event["task"].as_str().unwrap_or_default();
            match event["event"].as_str() {
                Some("task_caught_up") => drop(caught_up.insert(task, 0)),
                Some("task_started") => {
                    caught_up.entry(task).and_modify(|starts| *starts += 1);
                }
                _other => {}
            }
        }
        let once = caught_up.values().all(|starts| *starts == 1);
        assert!(once, "{choice}: {caught_up:?}");
        assert_eq!(caught_up.is_empty(), ["none", "observe"].contains(&choice), "{caught_up:?}");
    }
}

#[test]
fn where_nobody_can_be_asked_what_is_needed_is_caught_up() {
    // As JSON it is not an approval, even where the tests have a terminal.
    let words = ["run", "--date", "2018-12-12", "--start", "10:41", "--json"];
    let (exit, out, err) = told(&words, &[]);
    assert_eq!(exit, Exit::Success, "{err}");
    assert!(err.contains("minimal: 3 caught up, 17 excused"), "{err}");
    let lines = |text: &str| out.lines().filter(|line| line.contains(text)).count();
    assert_eq!((lines("\"event\":\"task_caught_up\""), lines("\"event\":\"task_left\"")), (3, 17));
    let (exit, _, err) = told(&["run", "--catch-up", "all"], &[]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("`minimal`"), "{err}");
}

/// What a real day, with agents that answer, makes of the tasks that hang on no result.
#[test]
fn a_real_day_begun_late_does_what_was_foreseen() {
    let days = bellwether::host::DayFactory::new(config::Config::default());
    let date = "2018-12-12".parse().expect("a date");
    let plan = days.expect("the day's files").day_plan(date, planning::plan::RunMode::Sim, 1, &[]);
    let (plan, _) = plan.expect("a plan");
    let at = "2018-12-12T15:41:00Z".parse().expect("a moment");
    let foreseen: LateStart = late_start_of_new_run(&plan, at).expect("it is late");
    let option = foreseen.outcome_of(CatchUpChoice::Full).expect("all four");
    let words = ["run", "--date", "2018-12-12", "--start", "10:41", "--catch-up", "full", "--json"];
    let (_, out, _) = told(&words, &[]);
    let events: Vec<Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for caught_up in &option.caught_up {
        let told = |kind: &str| {
            let of =
                |event: &&Value| event["event"] == kind && event["task"] == caught_up.task.as_str();
            events.iter().filter(of).count()
        };
        assert!(caught_up.to.is_some(), "{} was foreseen to run", caught_up.task);
        let once = (told("task_caught_up"), told("task_started"), told("task_completed"));
        assert_eq!(once, (1, 1, 1), "{}", caught_up.task);
    }
    for left in option.left.iter().filter(|left| left.over) {
        let missed =
            |event: &&Value| event["event"] == "task_missed" && event["task"] == left.task.as_str();
        assert!(events.iter().any(|event| missed(&event)), "{} is not told", left.task);
    }
}
