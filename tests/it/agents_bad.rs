//! What the built-in agents do with bad data, missing results and a gate that says no.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{collections::BTreeMap, sync::Arc};

use bellwether::{
    desk::{
        market::Dataset,
        trading::{limits::TradingState, symbol::Symbol},
    },
    engine::{
        AttemptOutcome, Failure, FailureKind, ResultQuality, TaskResult, port::AttemptRequest,
    },
    planning::id::{TaskId, TaskType},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::desk_day::{CLOSES, DeskDay, changed, scaled};

fn bundled() -> Arc<Dataset> {
    Arc::new(Dataset::bundled())
}

fn fomc() -> DeskDay {
    DeskDay::new("2018-12-19", &bundled())
}

fn failure(day: &DeskDay, request: AttemptRequest) -> Failure {
    match day.ask(request).answer {
        AttemptOutcome::Failed(failure) => failure,
        other @ (AttemptOutcome::Completed(_)
        | AttemptOutcome::Stopped
        | AttemptOutcome::InDoubt(_)) => {
            unreachable!("it did not fail: {other:?}")
        }
    }
}

fn done(day: &DeskDay, request: AttemptRequest) -> TaskResult {
    match day.ask(request).answer {
        AttemptOutcome::Completed(outcome) => outcome,
        other @ (AttemptOutcome::Failed(_)
        | AttemptOutcome::Stopped
        | AttemptOutcome::InDoubt(_)) => {
            unreachable!("it was not done: {other:?}")
        }
    }
}

fn with(mut request: AttemptRequest, upstream: &str, data: impl Into<Value>) -> AttemptRequest {
    let id = TaskId::parse(upstream).unwrap();
    request.upstream.insert(id, Arc::new(json!({ "data": data.into() })));
    request
}

/// The bundled data with one cell of the closes replaced.
fn cell(date: &str, symbol: &str, text: &'static str) -> Arc<Dataset> {
    let (date, symbol) = (date.to_owned(), symbol.to_owned());
    changed(move |file, line| {
        let header = "date,AAPL,AMD,BAC,CVX,GE,HD,JNJ,JPM,KO,LLY,MRK,MSFT,PEP,PFE,PG,WMT";
        let at = header.split(',').position(|name| name == symbol).unwrap();
        if file != CLOSES || !line.starts_with(&date) {
            return Some(line.to_owned());
        }
        let cells = line.split(',').enumerate().map(|(i, c)| if i == at { text } else { c });
        Some(cells.collect::<Vec<_>>().join(","))
    })
}

#[test]
fn a_held_name_without_its_last_bar_fails_the_collection_and_is_named() {
    let day = DeskDay::new("2018-12-19", &cell("2018-12-18", "KO", ""));
    let refused = failure(&day, day.request("collect_data", day.plan.stages[0].opens_at));
    assert_eq!(refused.kind, FailureKind::BadData);
    assert!(refused.message.contains("KO"), "{}", refused.message);
}

#[test]
fn a_negative_price_is_told_by_symbol_and_row_and_degrades_the_day() {
    let day = DeskDay::new("2018-12-19", &cell("2018-12-12", "AMD", "-20.1"));
    let outcome = done(&day, day.request("collect_data", day.plan.stages[0].opens_at));
    assert_eq!(outcome.quality, ResultQuality::Degraded);
    let warnings = outcome.output["warnings"].as_array().unwrap();
    let told = warnings.iter().find(|w| w["code"] == "not_positive" && w["symbol"] == "AMD");
    let text = told.unwrap_or_else(|| unreachable!("{warnings:?}"))["msg"].as_str().unwrap();
    assert!(text.contains(&format!("{CLOSES}:")) && text.contains("2018-12-12"), "{text}");
}

#[test]
fn without_a_vix_the_regime_is_elevated_and_says_so() {
    let blind = changed(|file, line| {
        (!file.starts_with("vix") || line.starts_with("date")).then(|| line.to_owned())
    });
    let day = DeskDay::new("2018-12-19", &blind);
    let outcome = done(&day, day.request("vol_regime", day.plan.stages[0].opens_at));
    assert_eq!(outcome.quality, ResultQuality::Degraded);
    assert_eq!(outcome.output["data"]["regime"], "elevated");
    assert!(day.desk.regime().gross < rust_decimal::Decimal::ONE, "the desk is tightened too");
}

#[test]
fn a_missing_or_ill_formed_result_is_bad_input_that_names_task_and_field() {
    let day = fomc();
    let at = day.plan.open;
    let missing = failure(&day, day.request("construct_targets", at));
    assert_eq!(missing.kind, FailureKind::BadInput);
    assert!(missing.message.contains("rank_ideas"), "{}", missing.message);
    let wrong = with(day.request("construct_targets", at), "rank_ideas", json!({ "ranking": 7 }));
    let wrong = failure(&day, wrong);
    assert_eq!(wrong.kind, FailureKind::BadInput);
    assert!(
        wrong.message.contains("rank_ideas") && wrong.message.contains("sequence"),
        "{wrong:?}"
    );
    let half = with(day.request("construct_targets", at), "rank_ideas", json!({ "ranking": [] }));
    let half = failure(&day, half);
    assert!(half.message.contains("`regime`"), "{}", half.message);
}

#[test]
fn wrong_parameters_and_types_are_refused_in_words() {
    let day = fomc();
    let at = day.plan.open;
    let params = |request: AttemptRequest, params: Value| AttemptRequest {
        params: Arc::new(params),
        ..request
    };
    for (task, value, words) in [
        ("sod_reconcile", json!({ "scope": "noon" }), "`noon`"),
        ("collect_data", json!({ "lookback": "long" }), "lookback"),
        ("closing_plan", json!({ "auction_order": "any" }), "auction_order"),
        ("fomc_reaction", json!({ "since": "two" }), "since"),
        ("fomc_reaction", json!({ "since": "15:55" }), "ahead of the clock"),
    ] {
        let refused = failure(&day, params(day.request(task, at), value));
        assert_eq!(refused.kind, FailureKind::BadInput, "{task}");
        assert!(refused.message.contains(words), "{}", refused.message);
    }
    let request = day.request("sod_reconcile", at);
    let other = AttemptRequest { task_type: TaskType::parse("paint").unwrap(), ..request };
    let agent = day.roster.get(&other.agent).unwrap();
    let reply = crate::support::desk_day::ready(agent.perform(other.clone()));
    let AttemptOutcome::Failed(unknown) = reply.answer else { unreachable!() };
    assert_eq!(unknown.kind, FailureKind::NotFound);
    assert!(day.roster.resolve(&other.agent, &other.task_type).is_err());
}

#[test]
fn nothing_is_ranked_when_more_than_half_abstain() {
    let mut day = fomc();
    day.run_until(day.plan.open);
    let view = |symbol: &str, abstained: bool| json!({ "symbol": symbol, "abstained": abstained, "quant_score": 0.5, "sigma_1d": 0.01 });
    let views = |silent: usize| {
        let all = ["A", "B", "C", "D"].iter().enumerate();
        let views: Vec<Value> = all.map(|(i, name)| view(name, i < silent)).collect();
        json!({ "views": views })
    };
    let ask = |silent| with(day.request("rank_ideas", day.plan.open), "deep_dive", views(silent));
    assert_eq!(done(&day, ask(2)).quality, ResultQuality::Degraded);
    let blocked = failure(&day, ask(3));
    assert_eq!(blocked.kind, FailureKind::Rejected);
    assert!(blocked.message.starts_with("blocked: 3 of 4"), "{}", blocked.message);
    assert_eq!(
        failure(&day, with(ask(0), "deep_dive", json!({ "views": [] }))).kind,
        FailureKind::Rejected
    );
}

#[test]
fn one_name_that_cannot_be_judged_does_not_sink_the_others() {
    let mut day = fomc();
    day.run_until(day.plan.open);
    let candidates = json!({ "candidates": [{ "symbol": "MRK" }, { "symbol": "NOPE" }] });
    let request = with(day.request("deep_dive", day.plan.open), "screen_universe", candidates);
    let outcome = done(&day, request);
    assert_eq!(outcome.quality, ResultQuality::Degraded);
    let views = outcome.output["data"]["views"].as_array().unwrap();
    let silent: Vec<bool> = views.iter().map(|v| v["abstained"].as_bool().unwrap()).collect();
    assert_eq!(silent, [false, true]);
}

#[test]
fn an_unapproved_plan_that_adds_risk_is_not_sent() {
    let mut day = fomc();
    let at = day.plan.open + TimeDelta::minutes(5);
    day.run_until(at);
    let mut request = day.request("execute_open", at);
    request.upstream = BTreeMap::new();
    let refused = failure(&day, request);
    assert_eq!(refused.kind, FailureKind::Permission);
    assert_eq!(day.desk.fills(day.plan.close), Vec::new());
}

#[test]
fn a_plan_changed_after_freezing_is_refused() {
    let mut day = fomc();
    day.run_until(day.plan.open + TimeDelta::minutes(2));
    let mut data = day.data("generate_trades").clone();
    let qty = data["plan"]["orders"][0]["qty"].as_i64().unwrap();
    data["plan"]["orders"][0]["qty"] = json!(qty + 1);
    let at = day.plan.open + TimeDelta::minutes(2);
    let refused = failure(&day, with(day.request("validate_trades", at), "generate_trades", data));
    assert_eq!(refused.kind, FailureKind::BadInput);
    assert!(refused.message.contains("plan_hash"), "{}", refused.message);
}

#[test]
fn the_gate_takes_out_what_it_refuses_and_fails_a_plan_of_which_nothing_is_left() {
    let mut day = fomc();
    let at = day.plan.open + TimeDelta::minutes(2);
    day.run_until(at);
    let made = day.data("generate_trades")["plan"]["orders"].as_array().unwrap().clone();
    let names: Vec<&str> = made.iter().map(|order| order["symbol"].as_str().unwrap()).collect();
    day.desk.halt_symbol(&Symbol::parse(names[0]).unwrap(), at);
    let outcome = done(&day, day.request("validate_trades", at));
    assert_eq!(outcome.quality, ResultQuality::Degraded);
    let data = &outcome.output["data"];
    assert_eq!(data["orders"].as_array().unwrap().len(), made.len() - 1);
    assert_eq!(data["dropped"][0]["codes"], json!(["SYMBOL_HALTED"]));
    assert_ne!(data["plan_hash"], day.data("generate_trades")["plan_hash"]);
    for name in names {
        day.desk.halt_symbol(&Symbol::parse(name).unwrap(), at);
    }
    let refused = failure(&day, day.request("validate_trades", at));
    assert_eq!(refused.kind, FailureKind::Rejected);
    assert!(refused.message.contains("SYMBOL_HALTED"), "{}", refused.message);
}

#[test]
fn reduce_only_desk_is_ready_for_exits_and_a_halted_one_is_not() {
    let mut day = fomc();
    day.run_until(day.plan.open);
    let at = day.plan.open;
    day.desk.tighten(TradingState::ReduceOnly, ("ana", "test"), at).unwrap();
    let ready = done(&day, day.request("pre_open_checks", at));
    assert_eq!(ready.summary, "8/8 green, REDUCE_ONLY: exits only");
    let targets = done(&day, day.request("construct_targets", at));
    day.outcomes.insert(TaskId::parse("construct_targets").unwrap(), targets);
    let trades = done(&day, day.request("generate_trades", at));
    let orders = trades.output["data"]["plan"]["orders"].as_array().unwrap();
    assert!(!orders.is_empty() && orders.iter().all(|order| order["side"] == "sell"));
    day.desk.tighten(TradingState::Halted, ("ana", "test"), at).unwrap();
    let red = failure(&day, day.request("pre_open_checks", at));
    assert_eq!(red.kind, FailureKind::Rejected);
    assert!(red.message.contains("trading_state: HALTED"), "{}", red.message);
}

#[test]
fn a_heavy_loss_halts_the_desk_and_the_monitor_never_loosens_it_again() {
    let crash = changed(|file, line| {
        let on = |date: &str| date == "2018-12-19";
        Some(if file == CLOSES { scaled(line, on, 0.9) } else { line.to_owned() })
    });
    let mut day = DeskDay::new("2018-12-19", &crash);
    day.run_until(day.plan.open);
    let early = day.plan.open + TimeDelta::minutes(30);
    let calm = done(&day, day.request("risk_monitor", early));
    assert_eq!(calm.output["data"]["state"], "ACTIVE", "{}", calm.summary);
    let late = day.plan.close - TimeDelta::minutes(5);
    let halted = done(&day, day.request("risk_monitor", late));
    assert_eq!(halted.output["data"]["state"], "HALTED", "{}", halted.summary);
    assert!(halted.output["data"]["alerts"].to_string().contains("critical"));
    assert_eq!(day.desk.trading_state(), TradingState::Halted);
    done(&day, day.request("risk_monitor", late + TimeDelta::minutes(1)));
    assert_eq!(day.desk.trading_state(), TradingState::Halted);
}

#[test]
fn a_name_without_a_bar_for_the_day_has_no_result_and_the_day_says_whose() {
    let day = DeskDay::new("2018-12-19", &cell("2018-12-19", "KO", ""));
    let after = day.plan.close + TimeDelta::minutes(20);
    let refused = failure(&day, day.request("performance_analysis", after));
    assert_eq!(refused.kind, FailureKind::BadData);
    assert!(refused.message.contains("KO"), "{}", refused.message);
    let early = failure(&day, day.request("performance_analysis", day.plan.open));
    assert_eq!(early.kind, FailureKind::BadInput);
}

#[test]
fn an_empty_book_and_an_empty_plan_are_no_errors() {
    let cash = desk::trading::portfolio::Portfolio {
        cash: rust_decimal::Decimal::from(1_000_000),
        ..Default::default()
    };
    let mut day = DeskDay::with("2018-12-19", &bundled(), desk::agents::Holdings::Shares(cash));
    day.run_until(day.plan.open);
    assert_eq!(day.failures, BTreeMap::new());
    let at = day.plan.open;
    let none =
        with(day.request("generate_trades", at), "construct_targets", json!({ "targets": [] }));
    let trades = done(&day, none);
    assert_eq!(trades.output["data"]["plan"]["orders"], json!([]));
    day.outcomes.insert(TaskId::parse("generate_trades").unwrap(), trades);
    let verdict = done(&day, day.request("validate_trades", at));
    assert_eq!(verdict.output["data"]["approval"]["needed"], false);
    let sent = done(&day, day.request("execute_open", at + TimeDelta::minutes(5)));
    assert_eq!(sent.summary, "nothing to send");
}
