//! A run that is taken up, an effect in doubt, a record that cannot be written: what the screen says
//! and what the keys do.

#![expect(clippy::wildcard_enum_match_arm, reason = "most events and effects say nothing here")]

use std::sync::Arc;

use bellwether::{
    engine::{
        Command, Engine, EngineInput, ProbeResult, Resolution, TaskState,
        control::{Authority, CommitError, SessionStatus},
    },
    planning::plan::RunMode,
    tui::{self, Msg, Screen},
};
use chrono::TimeDelta;

use super::desk::{Desk, settings};

impl Desk {
    /// The program ends, and another console opens on the run that is taken up.
    fn take_up(&mut self) {
        let (engine, _step) =
            Engine::recover(self.engine.state().clone(), self.now, self.now + TimeDelta::hours(1));
        self.engine = engine;
        self.sit_anew(settings());
    }

    /// The outside answers what it was asked last about a task.
    fn outside(&mut self, name: &str, lookup: ProbeResult) {
        let task = self.ix(name);
        let probe = self.engine.state().in_doubt()[&task].probes;
        let step = self.engine.step(self.now, EngineInput::Probed { task, probe, lookup });
        self.told(step);
    }

    /// One task of each kind is under way: pure, sending orders, and one of them in doubt.
    fn under_way(size: (u16, u16)) -> Self {
        let mut desk = Self::midday_in(RunMode::Paper, size);
        let risk = desk.ix("risk_recheck");
        desk.order(Command::Retry { task: risk, scope: engine::RetryScope::Task });
        desk.until("10:43:00");
        desk.done("risk_recheck", "fine");
        desk.until("10:44:00");
        assert_eq!(
            desk.engine.state().task(desk.ix("hedge_adjust")).state,
            TaskState::Running,
            "orders are under way"
        );
        desk
    }

    /// Its order task is in doubt and was asked about twice.
    fn doubtful(size: (u16, u16)) -> Self {
        let mut desk = Self::under_way(size);
        desk.unknown("hedge_adjust");
        desk.until("10:44:01");
        desk.outside(
            "hedge_adjust",
            ProbeResult::Unknown { why: "no session with the broker".into() },
        );
        desk.until("10:44:03");
        desk.outside("hedge_adjust", ProbeResult::Unknown { why: "the query timed out".into() });
        desk.until("10:44:05");
        desk
    }

    fn frozen(&mut self, why: Option<&str>) {
        tui::update(&mut self.model, Msg::JournalFault(why.map(Arc::from)));
    }
}

#[test]
fn a_run_that_is_taken_up_is_shown_with_what_is_decided_about_each_task() {
    let mut desk = Desk::under_way((120, 40));
    desk.take_up();
    assert_eq!(desk.model.screen(), Screen::Recovery);
    insta::assert_snapshot!("recovering_120x40", desk.frame());
    desk.resize((80, 24));
    insta::assert_snapshot!("recovering_80x24", desk.frame());
    desk.resize((200, 50));
    insta::assert_snapshot!("recovering_200x50", desk.frame());
    desk.resize((80, 24));
    desk.press("1");
    let frame = desk.frame();
    assert!(frame.contains("RECOVERING") && frame.contains("no task starts"), "{frame}");
    desk.press(":recovery<enter>");
    assert_eq!(desk.model.screen(), Screen::Recovery);
}

#[test]
fn a_run_taken_up_goes_on_once_somebody_agrees_and_the_day_comes_back() {
    for (keys, paused) in
        [("o", false), ("p", true), (":recover<enter>", false), (":recover paused<enter>", true)]
    {
        let mut desk = Desk::under_way((120, 40));
        desk.take_up();
        let given = desk.given(&format!("{keys}<s-tab>it was a power cut<tab><tab><enter>"));
        assert_eq!(
            given.first().map(|(command, _)| command),
            Some(&Command::Recover { paused }),
            "{keys}: {}",
            desk.frame()
        );
        assert_eq!(desk.model.screen(), Screen::Recovery, "asked is not done");
        desk.order(Command::Recover { paused });
        assert_eq!(desk.model.screen(), Screen::Day);
        let frame = desk.frame();
        assert!(!frame.contains(" RECOVERING "), "{frame}");
        assert_eq!(frame.contains("PAUSED"), paused, "{frame}");
    }
}

#[test]
fn without_a_run_to_take_up_there_is_nothing_to_go_on_with() {
    let mut desk = Desk::midday((120, 40));
    desk.obey(":recover<enter>");
    assert!(desk.frame().contains("the run is not recovering"), "{}", desk.frame());
    desk.obey(":recover now<enter>");
    assert!(desk.frame().contains("recover takes nothing or `paused`"), "{}", desk.frame());
}

#[test]
fn an_act_on_a_task_of_a_run_that_is_taken_up_says_what_to_do_first() {
    let mut desk = Desk::under_way((120, 40));
    desk.take_up();
    desk.press("1");
    desk.select("close_out_check");
    desk.press("W");
    assert!(desk.frame().contains("fix: enter recover"), "{}", desk.frame());
}

#[test]
fn a_crash_loop_is_named_as_such() {
    let mut desk = Desk::under_way((80, 24));
    for _ in 0..3 {
        let wall = desk.wall;
        let (engine, _step) = Engine::recover(desk.engine.state().clone(), desk.now, wall);
        desk.engine = engine;
    }
    desk.sit_anew(settings());
    desk.tick(1);
    let frame = desk.frame();
    assert!(frame.contains("CRASH LOOP: 3 recoveries in 10 minutes"), "{frame}");
}

#[test]
fn an_effect_in_doubt_shows_its_key_each_probe_and_when_the_next_is() {
    let mut desk = Desk::doubtful((120, 40));
    desk.select("hedge_adjust");
    desk.press("<enter>");
    insta::assert_snapshot!("doubt_120x40", desk.frame());
    desk.press("M");
    insta::assert_snapshot!("resolve_120x40", desk.frame());
    desk.press("<esc>");
    desk.resize((80, 24));
    insta::assert_snapshot!("doubt_80x24", desk.frame());
}

#[test]
fn what_to_say_of_an_effect_in_doubt_fits_the_smallest_window_that_has_panes() {
    let mut desk = Desk::doubtful((80, 24));
    desk.select("hedge_adjust");
    desk.press("M");
    insta::assert_snapshot!("resolve_80x24", desk.frame());
    desk.press("<tab><tab><tab> ");
    insta::assert_snapshot!("resolve_absent_80x24", desk.frame());
}

#[test]
fn the_way_that_changes_nothing_is_chosen_first_and_asks_the_outside() {
    let mut desk = Desk::doubtful((120, 40));
    let task = desk.ix("hedge_adjust");
    desk.select("hedge_adjust");
    let given = desk.given("oy");
    assert_eq!(given.first().map(|(command, _)| command), Some(&Command::Probe { task }));
    desk.order(Command::Probe { task });
    desk.press("<enter>");
    assert!(desk.frame().contains("probing the broker"), "{}", desk.frame());
    // Awaited, it is not offered again.
    desk.press("M");
    let frame = desk.frame();
    assert!(frame.contains("(o) it did not happen") && !frame.contains("probe now"), "{frame}");
    desk.press("<esc>");
    desk.order(Command::Resolve { task, finding: Resolution::GaveUp });
    assert!(!desk.frame().contains("in doubt since"), "{}", desk.frame());
}

#[test]
fn what_cannot_be_recorded_is_said_on_every_screen_and_no_act_is_offered() {
    let why = "cannot write to /srv/bellwether/journal.db: no space left on the device";
    for (size, name) in [((120, 40), "unrecorded_120x40"), ((80, 24), "unrecorded_80x24")] {
        let mut desk = Desk::midday(size);
        desk.frozen(Some(why));
        insta::assert_snapshot!(name, desk.frame());
        for screen in ["2", "3", "4", "5", "6", "7", "8", "9"] {
            desk.press(screen);
            let frame = desk.frame();
            assert!(frame.contains("JOURNAL UNAVAILABLE: cannot write"), "{frame}");
            assert!(frame.contains("no task starts until it is writable"), "{frame}");
        }
        desk.select("risk_recheck");
        assert_eq!(desk.given("ry"), []);
        assert!(
            desk.frame().contains("nothing is recorded, so nothing is done"),
            "{}",
            desk.frame()
        );
        desk.frozen(None);
        assert!(!desk.frame().contains("JOURNAL UNAVAILABLE"));
        assert_ne!(desk.given("ry"), []);
    }
}

#[test]
fn a_brake_that_could_not_be_recorded_is_told_as_refused() {
    let mut desk = Desk::midday((120, 40));
    desk.frozen(Some("the disk is full"));
    let effects = desk.press("!!");
    let ticket = effects.iter().find_map(|effect| match effect {
        tui::Effect::Brake { ticket, .. } => Some(*ticket),
        _other => None,
    });
    let answer = Err(CommitError::JournalUnavailable("the disk is full".into()));
    tui::update(&mut desk.model, Msg::Committed { ticket: ticket.expect("asked"), answer });
    assert!(
        desk.frame().contains("the journal is unavailable, so the command was not run"),
        "{}",
        desk.frame()
    );
}

#[test]
fn what_was_missed_while_nobody_was_there_is_said_and_asked_about_once_the_run_goes_on() {
    let mut desk = Desk::under_way((120, 40));
    desk.now += TimeDelta::hours(5);
    desk.take_up();
    desk.tick(1);
    insta::assert_snapshot!("recovering_away_120x40", desk.frame());
    desk.order(Command::Recover { paused: false });
    insta::assert_snapshot!("recovered_missed_120x40", desk.frame());
    let given = desk.given("<enter><s-tab>it was a power cut<tab><tab><enter>");
    let command = given.first().map(|(command, _)| command.clone());
    assert!(matches!(command, Some(Command::CatchUp { .. })), "{given:?}\n{}", desk.frame());
}

#[test]
fn who_leaves_the_question_of_missed_work_open_goes_on_without_an_answer() {
    let mut desk = Desk::under_way((120, 40));
    desk.now += TimeDelta::hours(5);
    desk.take_up();
    desk.order(Command::Recover { paused: false });
    assert!(desk.frame().contains("was missed"), "{}", desk.frame());
    desk.press("<esc>");
    assert_eq!(desk.model.screen(), Screen::Day);
    assert!(!desk.frame().contains("was missed"), "{}", desk.frame());
}

#[test]
fn a_picture_without_its_engine_says_so_and_lets_nothing_be_done_until_it_is_back() {
    let mut desk = Desk::midday((120, 40));
    let armed = SessionStatus { authority: Authority::Armed, until: None };
    tui::update(&mut desk.model, Msg::SessionStatus(armed));
    let why = "10:04:11 (the engine is gone), trying again in 2 s";
    tui::update(&mut desk.model, Msg::ConnectionLost(Some(why.into())));
    insta::assert_snapshot!("lost_120x40", desk.frame());
    desk.resize((40, 10));
    assert!(desk.frame().contains("CONNECTION LOST"), "{}", desk.frame());
    desk.resize((120, 40));
    desk.select("close_out_check");
    assert!(desk.given("c").is_empty());
    let frame = desk.frame();
    assert!(frame.contains("nothing can be done: connection lost 10:04:11"), "{frame}");
    tui::update(&mut desk.model, Msg::ConnectionLost(None));
    let frame = desk.frame();
    assert!(frame.contains("attached again") && !frame.contains("CONNECTION LOST"), "{frame}");
    assert!(frame.contains("OBSERVE"), "nobody is armed by coming back: {frame}");
}
