//! The pre-trade gate, check by check: every way to spoil a sound order, and what is said of it.

use std::collections::BTreeSet;

use bellwether::desk::trading::{
    instruments::{SessionHours, TradePermission, TradingMode},
    limits::TradingState,
    order::{OrderSource, OrderType},
    pretrade::{
        AutoPlan, CheckCode, Enforcement, ParentUse, SentOrder, WorkingOrder, check_order,
        is_admissible, is_reducing,
    },
    symbol::Side,
    trade_plan::ApprovedBy,
};
use chrono::TimeDelta;
use rust_decimal::Decimal;

use crate::trading_gate_case::{Case, at, date, id, name, sound, usd};

fn spoil(change: impl FnOnce(&mut Case)) -> Vec<String> {
    let mut case = sound();
    change(&mut case);
    case.labels()
}

fn working(side: Side, leaves: i64, limit: Option<&str>) -> WorkingOrder {
    let limit_px = limit.map(usd);
    WorkingOrder { id: id("W-1"), symbol: name("AAA"), side, leaves, limit_px }
}

#[test]
fn a_sound_order_passes_without_a_word() {
    assert_eq!(sound().labels(), Vec::<String>::new());
}

#[test]
fn each_hard_rule_refuses_alone() {
    let one = |code: CheckCode, change: fn(&mut Case)| {
        assert_eq!(spoil(change), [code.as_str()], "spoiling for {code}");
    };
    one(CheckCode::TradingState, |c| c.session.state = TradingState::ReduceOnly);
    one(CheckCode::TradingState, |c| c.session.state = TradingState::Killed);
    one(CheckCode::ModeMismatch, |c| c.order_mode = TradingMode::Paper);
    one(CheckCode::ModeMismatch, |c| c.session.broker_mode = TradingMode::Live);
    one(CheckCode::ModeMismatch, |c| c.session.account = "other".into());
    one(CheckCode::PlanNotApproved, |c| c.approval = None);
    one(CheckCode::PlanNotApproved, |c| c.expired = true);
    one(CheckCode::PlanNotApproved, |c| c.intent.ref_px = usd("98"));
    one(CheckCode::SessionClosed, |c| {
        c.session.hours = c.session.hours.map(|h| SessionHours { close: at(15, 0), ..h });
    });
    one(CheckCode::SymbolHalted, |c| c.halted = Some(BTreeSet::from([name("AAA")])));
    one(CheckCode::QtyInvalid, |c| {
        c.universe.get_mut("AAA").expect("known").lot = 30;
    });
    one(CheckCode::QtyInvalid, |c| c.intent.kind = OrderType::Limit);
    one(CheckCode::Restricted, |c| {
        c.universe.get_mut("AAA").expect("known").permission = TradePermission::Restricted;
    });
    one(CheckCode::MaxOrderNotional, |c| c.limits.order_usd_max = usd("9999.99"));
    one(CheckCode::MaxOrderNotional, |c| c.regime.order_notional = usd("0.19"));
    one(CheckCode::PriceCollar, |c| c.intent.limit_px = Some(usd("104.01")));
    one(CheckCode::MaxAdv, |c| {
        c.universe.get_mut("AAA").expect("known").adv20 = Some(1_999.0);
    });
    one(CheckCode::MaxPosition, |c| c.limits.position_max = usd("0.0599"));
    one(CheckCode::Gross, |c| c.limits.gross_max = usd("0.1099"));
    one(CheckCode::Net, |c| c.limits.net_max = usd("0.1099"));
    one(CheckCode::Sector, |c| c.limits.sector_max = usd("0.0599"));
    one(CheckCode::DailyLoss, |c| c.day_return = Some(-0.02));
    one(CheckCode::Drawdown, |c| c.drawdown = Some(0.10));
    one(CheckCode::SelfCross, |c| c.working.push(working(Side::Sell, 10, Some("103"))));
}

#[test]
fn stale_prices_and_late_closing_orders_are_refused() {
    let yesterday = |case: &mut Case| {
        let quote = case.quotes.get_mut("AAA").expect("quoted");
        quote.session = date().pred_opt().expect("a date");
    };
    assert_eq!(spoil(yesterday), ["STALE_PRICE"]);
    let live = |case: &mut Case| {
        (case.order_mode, case.session.mode, case.session.broker_mode) =
            (TradingMode::Live, TradingMode::Live, TradingMode::Live);
        case.quotes.get_mut("AAA").expect("quoted").at -= TimeDelta::seconds(6);
    };
    assert_eq!(spoil(live), ["STALE_PRICE"]);
    let late = |minute: u32| {
        spoil(|case| {
            (case.now, case.intent.kind) = (at(20, minute), OrderType::Moc);
        })
    };
    assert_eq!(late(49), Vec::<String>::new());
    assert_eq!(late(50), ["CUTOFF_PASSED"]);
}

#[test]
fn buying_power_counts_what_working_buys_have_reserved() {
    let tight = |cash: &str, reserved: i64| {
        spoil(|case| {
            case.book.cash = usd(cash);
            case.limits.gross_max = Decimal::TEN;
            case.limits.net_max = Decimal::TEN;
            case.limits.position_max = Decimal::ONE;
            case.limits.sector_max = Decimal::ONE;
            case.limits.order_frac_max = Decimal::ONE;
            case.limits.turnover_max = Decimal::ONE;
            case.working.push(working(Side::Buy, reserved, Some("90")));
        })
    };
    // Cost $10,000, buffer 0.25 % of $115,000 = $287.50, reserve 50 × $90 = $4,500.
    assert_eq!(tight("15000", 50), Vec::<String>::new());
    assert_eq!(tight("15000", 53), ["BUYING_POWER"]);
}

#[test]
fn duplicates_and_floods_are_refused() {
    let run = |sent: Vec<(&str, i64, i64)>| {
        spoil(|case| {
            let now = case.now;
            case.history.sent = sent
                .into_iter()
                .map(|(family, qty, ago)| SentOrder {
                    family: id(family),
                    symbol: name("AAA"),
                    side: Side::Buy,
                    qty,
                    at: now - TimeDelta::seconds(ago),
                })
                .collect();
        })
    };
    assert_eq!(run(vec![("X", 100, 59)]), ["DUPLICATE_INTENT"]);
    assert_eq!(run(vec![("X", 100, 60)]), Vec::<String>::new());
    assert_eq!(run(vec![("X", 101, 1)]), Vec::<String>::new());
    assert_eq!(run(vec![("X", 7, 0); 5]), ["RATE"]);
    assert_eq!(run(vec![("X", 7, 30); 60]), ["RATE"]);
    let known = spoil(|case| {
        let own = case.ask(|order, _| order.id.clone());
        case.history.ids.insert(own);
    });
    assert_eq!(known, ["DUPLICATE_ID"]);
}

#[test]
fn the_third_automatic_plan_in_one_name_and_side_is_stopped() {
    let after = |plans: &[(&str, i64)]| {
        spoil(|case| {
            case.approval = Some(ApprovedBy::Policy);
            for (hash, minutes) in plans {
                case.history.auto_plans.push(AutoPlan {
                    plan_hash: (*hash).into(),
                    symbol: name("AAA"),
                    side: Side::Buy,
                    at: case.now - TimeDelta::minutes(*minutes),
                });
            }
        })
    };
    assert_eq!(after(&[("a", 1), ("a", 2), ("a", 3)]), Vec::<String>::new(), "slices of one plan");
    assert_eq!(after(&[("a", 1), ("b", 30)]), Vec::<String>::new());
    assert_eq!(after(&[("a", 1), ("b", 29)]), ["REPEATED_EXECUTION"]);
}

#[test]
fn slices_never_exceed_their_parent() {
    let with = |used| spoil(|case| case.parent = Some(ParentUse { qty: 300, used }));
    assert_eq!(with(200), Vec::<String>::new());
    assert_eq!(with(201), ["CUMULATIVE_PARENT"]);
}

#[test]
fn soft_rules_pass_with_an_override_and_hard_ones_never_do() {
    let mut case = sound();
    case.universe.get_mut("AAA").expect("known").adv20 = Some(9_999.0);
    case.history.traded_usd = usd("490001");
    let found = case.ask(check_order);
    let codes: Vec<CheckCode> = found.iter().map(|v| v.code).collect();
    assert_eq!(codes, [CheckCode::MaxAdv, CheckCode::TurnoverDay]);
    assert!(found.iter().all(|v| v.severity == Enforcement::Soft));
    assert!(!is_admissible(&found, &[CheckCode::MaxAdv]) && is_admissible(&found, &codes));
    let hard = |c: &mut Case| c.drawdown = Some(0.5);
    hard(&mut case);
    let found = case.ask(check_order);
    let all: Vec<CheckCode> = found.iter().map(|v| v.code).collect();
    assert!(!is_admissible(&found, &all));
}

#[test]
fn a_manual_order_far_above_the_usual_is_typed_twice() {
    let manual = |source, earlier: &[i64]| {
        spoil(|case| {
            case.source = source;
            case.history.manual_qty.insert(name("AAA"), earlier.to_vec());
        })
    };
    assert_eq!(manual(OrderSource::Manual, &[30, 33, 40]), ["FAT_FINGER_MANUAL"]);
    assert_eq!(manual(OrderSource::Manual, &[30, 34, 40]), Vec::<String>::new());
    assert_eq!(manual(OrderSource::Manual, &[]), ["FAT_FINGER_MANUAL"]);
    assert_eq!(manual(OrderSource::ManualRetyped, &[1]), Vec::<String>::new());
}

#[test]
fn a_missing_input_refuses_by_the_name_of_its_check() {
    let missing = |change: fn(&mut Case), codes: &[&str]| {
        let labels: Vec<String> =
            codes.iter().map(|code| format!("CHECK_UNAVAILABLE:{code}")).collect();
        assert_eq!(spoil(change), labels);
    };
    missing(|c| c.halted = None, &["SYMBOL_HALTED"]);
    missing(|c| c.day_return = None, &["DAILY_LOSS"]);
    missing(|c| c.day_return = Some(f64::NAN), &["DAILY_LOSS"]);
    missing(|c| c.drawdown = None, &["DRAWDOWN"]);
    missing(|c| c.universe.get_mut("AAA").expect("known").adv20 = None, &["MAX_ADV"]);
    missing(|c| c.universe.get_mut("BBB").expect("known").sector = None, &["SECTOR"]);
    let exposure = ["MAX_POSITION", "GROSS", "NET", "SECTOR", "BUYING_POWER", "TURNOVER_DAY"];
    let codes = ["MAX_ORDER_NOTIONAL"].iter().chain(&exposure).copied().collect::<Vec<_>>();
    missing(
        |c| {
            c.quotes.remove("BBB");
        },
        &codes,
    );
    let vouched = spoil(|case| {
        let known = case.universe.get_mut("AAA").expect("known");
        (known.adv20, known.adv_override) = (None, Some(1e6));
    });
    assert_eq!(vouched, Vec::<String>::new(), "a documented assumption stands in");
}

#[test]
fn an_exit_is_not_trapped_by_entry_limits() {
    let mut case = sound().sell(500);
    case.session.state = TradingState::ReduceOnly;
    (case.day_return, case.drawdown) = (Some(-0.5), None);
    case.limits.position_max = Decimal::ZERO;
    case.limits.gross_max = Decimal::ZERO;
    case.universe.get_mut("AAA").expect("known").adv20 = None;
    assert_eq!(case.labels(), Vec::<String>::new());
    case.limits.order_usd_max = usd("1000");
    assert_eq!(case.labels(), ["MAX_ORDER_NOTIONAL"], "whole, it is too large");
    case.intent.kind = OrderType::Twap;
    assert_eq!(case.labels(), Vec::<String>::new(), "sliced, each slice is checked");
    case.session.state = TradingState::Halted;
    assert_eq!(case.labels(), ["TRADING_STATE"]);
}

#[test]
fn reducing_is_worked_out_and_never_believed() {
    let mut lying = sound();
    lying.intent.risk_reducing = true;
    assert!(!lying.ask(is_reducing));
    assert!(sound().sell(500).ask(is_reducing));
    assert!(!sound().sell(501).ask(is_reducing), "beyond flat it opens a short");
    let mut twice = sound().sell(300);
    twice.working.push(working(Side::Sell, 201, None));
    assert!(!twice.ask(is_reducing), "with the working sale it goes beyond flat");
    assert!(twice.labels().contains(&"NOT_SHORTABLE".to_owned()));
}

#[test]
fn a_violation_shows_its_arithmetic() {
    let mut case = sound();
    case.limits.order_usd_max = usd("9000");
    let found = case.ask(check_order);
    assert_eq!(
        found[0].to_string(),
        "MAX_ORDER_NOTIONAL: 100 sh × $100 = $10000.00 > min($9000, 0.05 × $1000000.00) × 1 \
         = $9000.00"
    );
}
