//! From keys to the engine: what is given, what is asked first, what is never given.

use bellwether::{
    engine::{Command, FailureKind, Gate, PauseMode, RetryScope, TaskState, TradingState, Waiver},
    planning::plan::RunMode,
    tui::{self, ColorDepth, Effect, Msg, keymap::KeyScope},
};

use super::desk::{Desk, plan};

fn only(given: Vec<(Command, Option<String>)>) -> Vec<Command> {
    given.into_iter().map(|(command, _)| command).collect()
}

#[test]
fn forcing_gives_exactly_the_waivers_that_were_ticked_and_the_reason() {
    let mut desk = Desk::midday((120, 40));
    desk.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None });
    desk.select("hedge_adjust");
    assert_eq!(desk.press("F"), [], "a dialog opened, nothing else");
    assert!(desk.frame().contains("[ ] risk_recheck is FAILED"), "{}", desk.frame());
    assert!(desk.frame().contains("name each condition that is waived"), "{}", desk.frame());
    // The focus is on the way back; the boxes follow it round: force, first box.
    assert_eq!(desk.press("<tab><tab> "), []);
    assert!(desk.frame().contains("[x] risk_recheck is FAILED"), "{}", desk.frame());
    assert!(desk.frame().contains("Will waive"), "{}", desk.frame());
    // Without a reason the button does nothing.
    assert_eq!(desk.press("<s-tab>"), []);
    assert_eq!(desk.given("<enter>"), []);
    assert!(desk.frame().contains("type a reason first"), "{}", desk.frame());
    let given = desk.given("<s-tab><s-tab>risk confirmed by the desk<tab><tab><enter>");
    let (risk, hedge) = (desk.ix("risk_recheck"), desk.ix("hedge_adjust"));
    let command = Command::Force { task: hedge, waivers: vec![Waiver::Dependency(risk)] };
    assert_eq!(given, [(command, Some("risk confirmed by the desk".into()))]);
    assert!(desk.model.popups().is_empty());
}

#[test]
fn a_force_dialog_left_with_escape_gives_nothing() {
    let mut desk = Desk::midday((120, 40));
    desk.select("hedge_adjust");
    assert_eq!(desk.given("F<tab><tab> <esc>"), []);
    assert!(desk.model.popups().is_empty());
    assert_eq!(desk.given("F<enter>"), [], "Enter on an untouched dialog goes back");
    assert!(desk.model.popups().is_empty());
}

#[test]
fn what_nobody_may_waive_is_listed_and_takes_no_focus() {
    let mut desk = Desk::midday((120, 40));
    desk.obey("!!");
    desk.select("hedge_adjust");
    desk.press("F");
    assert!(desk.frame().contains("[-] trading is HALTED"), "{}", desk.frame());
    for _ in 0..20 {
        assert_eq!(desk.press(" <tab>"), []);
        desk.press("<esc>F");
    }
    assert_eq!(desk.given("<tab><enter>"), [], "the engine refuses it, so it cannot be agreed to");
}

#[test]
fn the_cursor_stays_on_its_task_while_the_board_is_sorted_anew() {
    let mut desk = Desk::midday((120, 40));
    desk.select("quote_refresh");
    let quote = desk.ix("quote_refresh");
    desk.failed("order_status_sync", FailureKind::Rejected, "no");
    assert_eq!(desk.model.selected_task(), Some(quote));
    desk.done("quote_refresh", "all fresh");
    assert_eq!(desk.model.selected_task(), Some(quote), "it went to the end of the list");
    let row = desk.frame().lines().position(|line| line.contains("✓  quote_refresh")).unwrap();
    let top = desk.frame().lines().position(|line| line.contains("✗  risk_recheck")).unwrap();
    assert!(row > top + 3, "{}", desk.frame());
}

#[test]
fn nothing_is_selected_until_somebody_selects_it() {
    let mut desk = Desk::midday((120, 40));
    assert_eq!(desk.press("rcFX"), []);
    assert!(desk.frame().contains("no task is selected"));
    desk.press("j");
    assert_eq!(desk.model.selected_task(), Some(desk.ix("risk_recheck")));
}

#[test]
fn while_a_dialog_is_open_the_list_below_does_not_move_and_the_act_goes_to_its_task() {
    let mut desk = Desk::midday((200, 50));
    desk.select("quote_refresh");
    let watch = desk.ix("quote_refresh");
    desk.press("c");
    let rows = |desk: &Desk| -> Vec<usize> {
        let frame = desk.frame();
        // Below the list the frame tells of the last act, which names its task too.
        let lines: Vec<_> = frame.lines().take(36).collect();
        let row = |name: &str| lines.iter().rposition(|line| line.contains(name)).unwrap();
        ["close_out_check", "daily_report", "attribution"].map(row).to_vec()
    };
    let before = rows(&desk);
    desk.failed("order_status_sync", FailureKind::Rejected, "no");
    desk.order(Command::Hold { task: desk.ix("attribution") });
    assert_eq!(rows(&desk), before);
    let given = desk.given("<s-tab>no longer wanted<tab><tab><enter>");
    assert_eq!(only(given), [Command::Cancel { task: watch }]);
}

#[test]
fn a_small_act_asks_in_one_line_and_is_shown_as_asked_until_it_is_answered() {
    let mut desk = Desk::midday((120, 40));
    desk.select("risk_recheck");
    let risk = desk.ix("risk_recheck");
    assert_eq!(desk.press("r"), []);
    assert!(desk.frame().contains("retry risk_recheck?  y yes  n no"), "{}", desk.frame());
    assert_eq!(desk.press("<enter>"), [], "Enter is no answer to it");
    let given = desk.given("ry");
    assert_eq!(only(given), [Command::Retry { task: risk, scope: RetryScope::Task }]);
    assert!(desk.frame().contains("asked: retry risk_recheck"), "{}", desk.frame());
    assert!(desk.frame().contains("✗  risk_recheck"), "what was asked has not happened");
    let mut desk = Desk::midday((120, 40));
    desk.select("risk_recheck");
    desk.obey("ry");
    assert!(desk.frame().contains("done: retry risk_recheck"), "{}", desk.frame());
}

#[test]
fn a_refusal_is_shown_whole() {
    let mut desk = Desk::midday((200, 50));
    desk.select("initial_orders");
    desk.obey("H");
    let frame = desk.frame();
    assert!(
        frame.contains("initial_orders is COMPLETED: there is nothing to hold back"),
        "{frame}"
    );
}

#[test]
fn a_verb_that_does_not_apply_is_refused_before_anybody_is_asked() {
    let mut desk = Desk::midday((200, 50));
    desk.select("initial_orders");
    assert_eq!(desk.press("b"), []);
    assert!(desk.model.popups().is_empty());
    assert!(desk.frame().contains("initial_orders is COMPLETED"), "{}", desk.frame());
}

#[test]
fn an_act_agreed_to_can_be_taken_back_for_three_seconds_and_no_longer() {
    let mut desk = Desk::midday((120, 40));
    desk.select("quote_refresh");
    let task = desk.ix("quote_refresh");
    let agree = "c<s-tab>no longer wanted<tab><tab><enter>";
    assert_eq!(desk.press(agree), []);
    assert!(desk.frame().contains("u takes it back"), "{}", desk.frame());
    desk.press("u");
    assert!(desk.frame().contains("undone: "), "{}", desk.frame());
    assert_eq!(desk.after(10_000), []);
    assert_eq!(only(desk.given(agree)), [Command::Cancel { task }]);
    desk.press("u");
    assert!(desk.frame().contains("nothing to take back"), "{}", desk.frame());
}

#[test]
fn a_halt_forgets_what_was_agreed_to_and_has_not_gone_out() {
    let mut desk = Desk::midday((120, 40));
    desk.select("quote_refresh");
    desk.press("c<s-tab>no longer wanted<tab><tab><enter>");
    let halt = Command::TightenTrading { to: TradingState::Halted };
    assert_eq!(only(desk.given("!!")), [halt]);
    assert_eq!(desk.after(10_000), []);
}

#[test]
fn two_keys_halt_and_one_does_not() {
    let mut desk = Desk::midday((80, 24));
    assert_eq!(desk.press("!"), []);
    assert!(desk.frame().contains("press the same key again"), "{}", desk.frame());
    assert_eq!(desk.press("j!"), [], "another key in between takes it back");
    let halt = Command::TightenTrading { to: TradingState::Halted };
    assert_eq!(desk.obeyed("!"), [halt]);
    assert!(desk.frame().contains(" HALTED "), "{}", desk.frame());
}

#[test]
fn a_second_key_that_comes_too_late_does_not_halt() {
    let mut desk = Desk::midday((80, 24));
    desk.press("!");
    desk.tick(5);
    assert_eq!(desk.press("!"), []);
    assert_eq!(desk.given("!").len(), 1);
}

#[test]
fn the_halt_works_in_every_place_and_at_every_size() {
    let places = [
        "",
        "1jF",
        "1jF<s-tab>",
        "1jr",
        "/abc",
        "?x",
        "3",
        "5",
        "6",
        "4",
        "7",
        "8",
        "9",
        "1j<enter>",
        "q",
        "p",
    ];
    for place in places {
        for size in [(120, 40), (40, 10), (12, 3)] {
            let mut desk = Desk::midday(size);
            desk.press(place);
            let typed = desk.model.popups().last().is_some_and(|top| {
                matches!(
                    top.scope(),
                    KeyScope::Text | KeyScope::Prompt | KeyScope::Command | KeyScope::Help
                )
            });
            let key = if typed { "<f9>" } else { "!" };
            let halts = only(desk.given(&format!("{key}{key}")));
            assert_eq!(halts.len(), 1, "{place:?} {size:?}");
            assert_eq!(halts[0], Command::TightenTrading { to: TradingState::Halted });
            assert!(desk.model.popups().is_empty(), "what was asked before is gone");
        }
    }
}

#[test]
fn the_halt_key_never_loosens() {
    let mut desk = Desk::midday((120, 40));
    desk.obey("!!");
    assert_eq!(desk.press("!!"), []);
    assert!(
        desk.frame().contains("trading is HALTED already; K re-enables it"),
        "{}",
        desk.frame()
    );
    assert!(desk.model.popups().is_empty());
    assert_eq!(desk.engine.state().trading_status().state, TradingState::Halted);
}

#[test]
fn pausing_asks_where_offers_the_stage_first_and_needs_no_plan() {
    let mut desk = Desk::midday((120, 40));
    desk.select("quote_refresh");
    let stage = desk.engine.state().plan().find_stage("intraday").unwrap();
    let gate = Gate::Stage(stage);
    let pause = Command::Pause { gate, mode: PauseMode::Drain, until: None };
    assert_eq!(desk.obeyed("p<enter>"), [pause]);
    assert_eq!(desk.given("p<enter>"), [], "resuming is not the answer to a bare Enter");
    desk.press("p<tab><enter>");
    let frame = desk.frame();
    assert!(frame.contains("resume"), "resuming shows its plan: {frame}");
    desk.press("<esc>");
    let agent = desk.engine.state().plan().find_agent("junior_analyst").unwrap();
    let gate = Gate::Agent(agent);
    let pause = Command::Pause { gate, mode: PauseMode::Drain, until: None };
    assert_eq!(only(desk.given("p<tab><tab><enter>")), [pause]);
}

#[test]
fn an_approval_shows_what_it_is_about_and_is_answered_either_way() {
    for (keys, yes) in [("<s-tab>as planned<tab><tab><tab><enter>", true), ("<tab><enter>", false)]
    {
        let mut desk = Desk::new(plan(), (120, 40), ColorDepth::Sixteen);
        desk.until("06:00:00");
        for name in ["market_analysis", "macro_assessment", "opportunity_scan", "risk_assessment"] {
            desk.done(name, "fine");
        }
        desk.until("09:31:00");
        desk.done("generate_trades", "3 orders, $184,220 in all");
        desk.select("approve_trades");
        let task = desk.ix("approve_trades");
        assert_eq!(desk.given("a<enter>"), [], "a bare Enter goes back");
        desk.press("a");
        assert!(desk.frame().contains("3 orders, $184,220 in all"), "{}", desk.frame());
        let wanted = if yes { Command::approve_all(task) } else { Command::Reject { task } };
        assert_eq!(desk.obeyed(keys), [wanted]);
        let state = if yes { TaskState::Completed } else { TaskState::Skipped };
        assert_eq!(desk.model.run().unwrap().task(task).state, state);
    }
}

#[test]
fn an_effect_in_doubt_is_resolved_with_evidence() {
    let mut desk = Desk::midday((120, 40));
    desk.select("risk_recheck");
    desk.obey("ry");
    desk.done("risk_recheck", "within limits");
    desk.until("10:43:00");
    desk.unknown("hedge_adjust");
    desk.select("hedge_adjust");
    let task = desk.ix("hedge_adjust");
    assert_eq!(desk.engine.state().task(task).state, TaskState::InDoubt);
    desk.press("M");
    // Cancel, Go, the four answers: the third says that it happened.
    desk.press("<tab><tab><tab><tab> ");
    assert_eq!(desk.given("<s-tab><s-tab><s-tab><enter>"), [], "no evidence, no answer");
    assert!(desk.frame().contains("type the evidence first"), "{}", desk.frame());
    let given = desk.obeyed("<s-tab><s-tab>order 4711<tab><tab><enter>");
    assert!(matches!(given.as_slice(), [Command::Resolve { task: of, .. }] if *of == task));
    assert_eq!(desk.engine.state().task(task).state, TaskState::Completed);
}

#[test]
fn skipping_asks_whether_what_waits_may_go_on_and_the_same_key_takes_it_back() {
    let mut desk = Desk::midday((120, 40));
    desk.select("daily_report");
    let task = desk.ix("daily_report");
    let why = "<s-tab>not today<tab><tab><enter>";
    assert_eq!(
        only(desk.given(&format!("x{why}"))),
        [Command::Skip { task, satisfies: false }],
        "what is safer is chosen"
    );
    let frees = "x<tab><tab><tab> <tab>not today<tab><tab><enter>";
    assert_eq!(desk.obeyed(frees), [Command::Skip { task, satisfies: true }]);
    desk.select("daily_report");
    assert_eq!(only(desk.given("xy")), [Command::Unskip { task }]);
}

#[test]
fn a_replay_knows_no_acts() {
    let mut replay = plan();
    replay.mode = RunMode::Replay;
    let mut desk = Desk::new(replay, (120, 40), ColorDepth::Sixteen);
    desk.until("06:10:00");
    desk.press("j");
    for key in "rRpHbFXcxaiMPQ".chars() {
        assert_eq!(desk.given(&key.to_string()), [], "{key}");
        assert!(desk.model.popups().is_empty(), "{key}");
    }
    assert_eq!(desk.given("!!"), []);
}

#[test]
fn a_virtual_clock_goes_faster_and_slower_and_a_real_one_does_not() {
    let mut desk = Desk::midday((120, 40));
    assert_eq!(desk.press("}"), [Effect::Speed(180.0)]);
    tui::update(&mut desk.model, Msg::Speed(3_600.0));
    assert_eq!(desk.press("}"), []);
    assert_eq!(desk.press("{"), [Effect::Speed(1_800.0)]);
    let mut live = plan();
    live.mode = RunMode::Live;
    let mut desk = Desk::new(live, (120, 40), ColorDepth::Sixteen);
    assert_eq!(desk.press("}{"), []);
}

#[test]
fn a_task_that_asks_a_person_says_so_and_rings_once() {
    let mut desk = Desk::new(plan(), (120, 40), ColorDepth::Sixteen);
    desk.until("06:00:00");
    for name in ["market_analysis", "macro_assessment", "opportunity_scan", "risk_assessment"] {
        desk.done(name, "fine");
    }
    desk.until("09:31:00");
    let title = "bellwether SIM 2018-12-19".into();
    let body = "approve_trades needs approval: press a".into();
    assert_eq!(desk.done("generate_trades", "3 orders"), [Effect::Notify { title, body }]);
    assert!(desk.frame().contains("approve_trades needs approval"), "{}", desk.frame());
}

#[test]
fn refuses_a_dialog_in_a_window_below_40x10_and_says_so() {
    let mut desk = Desk::midday((25, 8));
    desk.press("j");
    assert_eq!(desk.press("F"), []);
    assert!(desk.model.popups().is_empty());
    assert!(desk.frame().contains("needs a window of 40x10"), "{}", desk.frame());
}

#[test]
fn halt_on_the_command_line_asks_once_and_halts_trading() {
    let mut desk = Desk::midday((80, 24));
    assert_eq!(desk.press(":halt<enter>"), []);
    let frame = desk.frame();
    assert!(frame.contains("no new orders; working orders are cancelled"), "{frame}");
    let halt = Command::TightenTrading { to: TradingState::Halted };
    assert_eq!(only(desk.given("<enter>")), [halt]);
}

#[test]
fn pausing_the_engine_names_the_critical_tasks_that_go_on() {
    let mut desk = Desk::midday((80, 24));
    desk.press("P");
    let frame = desk.frame();
    assert!(frame.contains("running tasks finish; CRITICAL tasks still start"), "{frame}");
    assert!(frame.contains("CRITICAL: none left"), "risk_recheck has failed: {frame}");
    desk.press("<esc>");
    let (task, scope) = (desk.ix("risk_recheck"), RetryScope::Task);
    desk.order(Command::Retry { task, scope });
    desk.press("P");
    assert!(desk.frame().contains("CRITICAL: risk_recheck"), "{}", desk.frame());
}
