//! Looking back: what is shown of a moment is what was shown at it, and nothing can be done there.

use std::sync::Arc;

use bellwether::{
    engine::{Command, RecordedEvent, TaskState, TradingState, forecast::dry_run_from},
    tui::{self, DryRunRecording, Effect, Model, Msg, Screen},
};
use chrono::TimeDelta;
use ratatui::{Terminal, backend::TestBackend};

use super::{
    demo::Demo,
    desk::{Desk, et, settings},
    hands::{given, parse},
};

/// Presses keys, and plays the day beforehand where the console asks for it.
fn press(desk: &mut Desk, keys: &str) {
    for effect in desk.press(keys) {
        let answer = if let Effect::DryRun { plan, from } = effect {
            let played = DryRunRecording::new(&plan, from).expect("a day can be played");
            Msg::DryRun(Box::new(played))
        } else if let Effect::Forecast { state, at } = effect {
            Msg::Forecast(Box::new(dry_run_from(&state, at)))
        } else {
            continue;
        };
        tui::update(&mut desk.model, answer);
    }
}

/// The frame without the first line and the last three: those say how one looks, not at what.
fn body(frame: &str) -> Vec<&str> {
    let lines: Vec<_> = frame.lines().collect();
    lines[1..lines.len() - 3].to_vec()
}

/// A console that was told these events, at the moment of the last.
fn live(events: &[Arc<RecordedEvent>], size: (u16, u16)) -> Model {
    let now = events.last().expect("an event").at;
    let mut model = Model::new(settings(), events[0].at, size);
    tui::update(&mut model, Msg::Engine(events.to_vec()));
    tui::update(&mut model, Msg::Tick { now, wall: now });
    model
}

fn frame(model: &Model, size: (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("a terminal");
    terminal.draw(|frame| tui::draw(model, frame)).expect("a frame");
    tui::frame_text(terminal.backend().buffer())
}

fn type_in(model: &mut Model, keys: &str) -> Vec<Effect> {
    parse(keys).into_iter().flat_map(|key| tui::update(model, Msg::Key(key))).collect()
}

/// Freezes after the first event, lets the whole day go by underneath, and walks through it: each
/// `every`th view and state is the one a console had that was told as much.
fn replayed(events: &[Arc<RecordedEvent>], every: usize, size: (u16, u16)) -> usize {
    let mut walker = live(&events[..1], size);
    type_in(&mut walker, "=");
    tui::update(&mut walker, Msg::Engine(events[1..].to_vec()));
    let last = events.last().expect("an event").at;
    tui::update(&mut walker, Msg::Tick { now: last, wall: last });
    let mut compared = 0;
    for (at, event) in events.iter().enumerate().skip(1) {
        type_in(&mut walker, ".");
        let shown = walker.displayed_run().expect("a run");
        assert_eq!(shown.last_seq(), event.seq);
        if event.seq.is_multiple_of(u64::try_from(every).expect("small")) || at + 1 == events.len()
        {
            let live = live(&events[..=at], size);
            assert_eq!(live.displayed_run(), Some(shown), "the state after event {}", event.seq);
            assert_eq!(live.displayed_moment(), walker.displayed_moment());
            let (then, again) = (frame(&live, size), frame(&walker, size));
            for (then, again) in body(&then).into_iter().zip(body(&again)) {
                assert_eq!(then, again, "the view after event {}", event.seq);
            }
            compared += 1;
        }
    }
    compared
}

#[test]
fn a_day_of_the_desk_replayed_shows_what_was_shown_at_every_fiftieth_event() {
    let mut desk = Desk::midday((120, 40));
    let mut events: Vec<Arc<RecordedEvent>> = Vec::new();
    let start = super::desk::plan();
    let (mut engine, step) = engine::Engine::start(Arc::new(start), et("05:59:00"));
    events.extend(step.events.into_iter().map(Arc::new));
    // Every attempt fails once in three, so that there are retries too.
    for turn in 0..4_000_u64 {
        let busy = engine.state().tasks().find(|(_, task)| task.state == TaskState::Running);
        let busy = busy.map(|(ix, task)| (ix, task.attempt));
        let at = engine.state().last_event_at();
        let (at, input) = match (busy, engine.next_wake()) {
            (Some((task, attempt)), _) => {
                let kind = engine::FailureKind::Transient;
                let answer = if turn.is_multiple_of(3) {
                    engine::AttemptOutcome::Failed(engine::Failure::new(kind, "no"))
                } else {
                    engine::AttemptOutcome::Completed(engine::TaskResult::without_data("fine"))
                };
                let at = at + TimeDelta::seconds(5);
                (at, engine::EngineInput::AttemptEnded { task, attempt, answer })
            }
            (None, Some(wake)) => (wake.max(at), engine::EngineInput::Tick),
            (None, None) => break,
        };
        events.extend(engine.step(at, input).events.into_iter().map(Arc::new));
    }
    desk.tick(0);
    assert!(engine.state().has_ended() && events.len() > 60, "{} events", events.len());
    for size in [(80, 24), (120, 40), (200, 50)] {
        let compared = replayed(&events, 50, size);
        assert!(compared >= 2, "{compared} views compared");
    }
}

#[test]
fn a_driven_day_replayed_shows_what_was_shown_at_every_thousandth_event() {
    let demo = Demo::play();
    let compared = replayed(demo.events(), 1_000, (120, 40));
    assert!(compared >= 3, "{compared} views of {} events", demo.events().len());
}

#[test]
fn stepping_back_and_on_again_shows_the_same() {
    let mut desk = Desk::midday((120, 40));
    desk.press("=");
    let before = desk.frame();
    for steps in [1, 5, 39] {
        desk.press(&",".repeat(steps));
        assert_ne!(body(&desk.frame()), body(&before));
        desk.press(&".".repeat(steps));
    }
    // The moment is now that of the last event, which is earlier than the one frozen at.
    let last = desk.engine.state().last_event_at();
    assert_eq!(desk.model.displayed_moment(), last);
    assert_eq!(desk.model.displayed_run(), Some(desk.engine.state()));
    desk.press("==");
    assert_eq!(body(&desk.frame()), body(&before));
}

#[test]
fn a_frozen_view_stands_while_the_day_goes_on_and_says_how_much_it_holds_back() {
    let mut desk = Desk::midday((120, 40));
    desk.press("=");
    let (first, held) = (desk.engine.state().last_seq(), desk.frame());
    assert!(held.contains("FROZEN 10:42:07 (+0)"), "{held}");
    desk.until("10:50:00");
    desk.done("quote_refresh", "fresh");
    let more = desk.engine.state().last_seq() - first;
    let later = desk.frame();
    assert!(more > 0 && later.contains(&format!("FROZEN 10:42:07 (+{more})")), "{later}");
    assert_eq!(body(&held), body(&later), "nothing moves in a frozen view");
    let sent = desk.press("=");
    assert_eq!(sent, []);
    assert_eq!(desk.model.displayed_run(), Some(desk.engine.state()));
    assert!(!desk.frame().contains("FROZEN"));
}

#[test]
fn a_minute_back_is_the_state_of_that_minute_and_its_events_alone() {
    let mut desk = Desk::midday((120, 40));
    desk.press("<lt><lt>");
    assert_eq!(desk.model.displayed_moment(), et("10:40:07"));
    let run = desk.model.displayed_run().expect("a run");
    assert_eq!(run.task(desk.ix("order_status_sync")).attempt, 1, "it had not failed yet");
    assert!(run.last_event_at() <= et("10:40:07"));
    let shown = desk.frame();
    assert!(
        !body(&shown).concat().contains("10:41:00"),
        "no event after the moment is shown: {shown}"
    );
    desk.press(">>");
    assert_eq!(desk.model.displayed_moment(), et("10:42:07"));
    desk.press(">");
    assert_eq!(desk.model.displayed_moment(), et("10:42:07"), "nothing comes after now");
}

#[test]
fn in_a_frozen_view_every_act_is_refused_with_the_way_back_and_the_halt_works() {
    for keys in ["r", "R", "H", "b", "F", "X", "c", "x", "i", "M", "Q", "a"] {
        let mut desk = Desk::midday((80, 24));
        desk.select("risk_recheck");
        desk.press("=");
        assert_eq!(desk.press(keys), [], "{keys}");
        assert!(desk.model.popups().is_empty(), "{keys} opened something");
        let said = &desk.model.status_message().expect("a refusal").text;
        assert!(said.contains("frozen") && said.contains("= returns"), "{keys}: {said}");
    }
    let mut desk = Desk::midday((40, 10));
    desk.press(",,,");
    let halt = Command::TightenTrading { to: TradingState::Halted };
    assert_eq!(given(&desk.obey("!!")), [(halt, None)]);
    let state = |run: &engine::RunState| run.trading_status().state;
    assert_eq!(state(desk.engine.state()), TradingState::Halted);
    let shown = state(desk.model.displayed_run().expect("a run"));
    assert_eq!(shown, TradingState::Active, "the view stands where it stood");
    assert_eq!(desk.press("!!"), [], "it never loosens");
    assert!(desk.model.popups().is_empty());
}

#[test]
fn esc_leads_back_to_the_live_run() {
    let mut desk = Desk::midday((120, 40));
    desk.select("risk_recheck");
    desk.press("=2/x<enter><esc><esc>");
    assert!(desk.frame().contains("FROZEN"), "filter and screen go first");
    desk.press("<esc>");
    assert!(desk.frame().contains("FROZEN"), "then the selection");
    desk.press("<esc>");
    assert!(!desk.frame().contains("FROZEN"));
}

#[test]
fn nothing_is_shown_from_before_what_is_kept() {
    let mut desk = Desk::midday((80, 24));
    let anew = settings();
    desk.sit_anew(anew);
    let joined = desk.engine.state().last_seq();
    desk.press(",");
    assert_eq!(desk.model.displayed_run().expect("a run").last_seq(), joined);
    let said = &desk.model.status_message().expect("the reason").text;
    assert!(said.contains("no events before"), "{said}");
}

#[test]
fn the_dry_run_opens_as_a_replay_plays_by_itself_and_is_left_with_esc() {
    let mut desk = Desk::midday((120, 40));
    press(&mut desk, "8");
    assert_eq!(desk.model.screen(), Screen::Runs);
    desk.press("j<enter>");
    let shown = desk.frame();
    assert!(shown.contains("REPLAY of the morning plan"), "{shown}");
    let end = desk.model.displayed_moment();
    assert!(desk.model.displayed_run().expect("a run").has_ended());
    assert_eq!(desk.press("r"), []);
    assert!(desk.model.status_message().expect("a refusal").text.contains("replay"));
    // Ten seconds on the wall are ten minutes of a day at 60x.
    desk.press("~");
    desk.tick(10);
    assert!(desk.frame().contains("PLAYS"));
    assert_eq!(desk.model.displayed_moment(), et("06:09:00"));
    desk.press("~");
    let stood = desk.model.displayed_moment();
    desk.tick(20);
    assert_eq!(desk.model.displayed_moment(), stood, "it stands");
    assert!(desk.model.displayed_moment() < end);
    desk.press("<esc>");
    assert_eq!(desk.model.screen(), Screen::Runs);
    assert_eq!(desk.model.displayed_run(), Some(desk.engine.state()));
}

#[test]
fn a_day_is_played_once_and_anew_when_asked() {
    let mut desk = Desk::midday((80, 24));
    let asks = |effects: &[Effect]| {
        effects.iter().filter(|effect| matches!(effect, Effect::DryRun { .. })).count()
    };
    assert_eq!(asks(&desk.press("9")), 1);
    assert!(desk.frame().contains("the dry run is being made"));
    assert_eq!(asks(&desk.press("189")), 0);
    let forecasts = |effects: &[Effect]| {
        effects.iter().filter(|effect| matches!(effect, Effect::Forecast { .. })).count()
    };
    assert_eq!(forecasts(&desk.press("D")), 1);
}

#[test]
fn plan_screen_tells_of_the_run_as_it_is_and_follows_it() {
    let mut desk = Desk::midday((120, 40));
    press(&mut desk, "9");
    let shown = desk.frame();
    assert!(shown.contains("from the state at 10:42:07"), "{shown}");
    // Its dependent cannot run, and the day does not keep its deadlines.
    assert!(shown.contains("DEADLINES AT RISK"), "{shown}");
    assert!(!shown.contains("all deadlines met"), "{shown}");
    desk.press("G");
    let end = desk.frame();
    let rows = || end.lines().filter(|line| line.starts_with('┃'));
    let tells = |name: &str, why: &str| rows().any(|row| row.contains(name) && row.contains(why));
    assert!(tells("risk_recheck", "has ended (10:30:00)"), "{end}");
    assert!(tells("hedge_adjust", "(risk_recheck)"), "{end}");
    // The run goes on, and so does the screen.
    desk.until("10:50:00");
    desk.done("quote_refresh", "fine");
    let again = desk.after(3_000);
    assert!(again.iter().any(|effect| matches!(effect, Effect::Forecast { .. })), "{again:?}");
}

#[test]
fn a_diff_with_the_dry_run_says_what_is_behind_it() {
    let mut desk = Desk::midday((120, 40));
    press(&mut desk, "8");
    desk.press("d");
    let shown = desk.frame();
    assert_eq!(desk.model.screen(), Screen::Diff);
    assert!(shown.contains("diff: morning plan and live"), "{shown}");
    let row =
        shown.lines().find(|line| line.contains("market_analysis ended")).expect("it differs");
    assert!(row.contains("06:00:10") && row.contains("06:12:00"), "{row}");
    desk.press("<esc>");
    assert_eq!(desk.model.screen(), Screen::Runs);
    // The attempts of a task that had two.
    desk.select("order_status_sync");
    desk.press("<enter>d");
    assert!(desk.frame().contains("two attempts of order_status_sync"), "{}", desk.frame());
}

#[test]
fn what_an_act_would_do_is_tried_and_nothing_is_sent() {
    let mut desk = Desk::midday((120, 40));
    desk.select("risk_recheck");
    let before = desk.engine.state().clone();
    assert_eq!(given(&desk.press("D")), []);
    assert_eq!(desk.model.screen(), Screen::DryRun);
    let shown = desk.frame();
    assert!(shown.contains("preview of all commands on risk_recheck at 10:42:07"), "{shown}");
    assert!(shown.contains("  retry ") && shown.contains("Will run: risk_recheck"), "{shown}");
    assert!(shown.contains("hold                 not now:"), "{shown}");
    assert_eq!(*desk.engine.state(), before);
}

#[test]
fn the_plan_of_a_task_is_one_key_away() {
    let mut desk = Desk::midday((80, 24));
    desk.select("risk_recheck");
    desk.press("v");
    assert_eq!(desk.model.screen(), Screen::Task(desk.ix("risk_recheck")));
    let shown = desk.frame();
    assert!(shown.contains("facts") && shown.contains("deadline"), "{shown}");
}

#[test]
fn frozen_runs_plan_and_diff_fit_every_size() {
    for size in [(80, 24), (120, 40), (200, 50)] {
        let mut desk = Desk::midday(size);
        let mut shown = Vec::new();
        desk.press("<lt><lt>");
        shown.push(desk.frame());
        desk.press("=");
        press(&mut desk, "8");
        shown.push(desk.frame());
        desk.press("d");
        shown.push(desk.frame());
        press(&mut desk, "9");
        shown.push(desk.frame());
        insta::assert_snapshot!(format!("travel_{}x{}", size.0, size.1), shown.join("\n\n"));
    }
}
