//! Whole days at the simulated desk: whatever is ordered, cancelled and asked, the books add up.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bellwether::{
    desk::trading::{
        broker::{CancelOutcome, SimBrokerRules},
        desk::{Desk, DeskConfig, SendOptions},
        instruments::{Instrument, Instruments, PriceSource, SessionHours, TradingMode},
        limits::{RiskLimits, TradingState},
        order::{OrderSource, OrderState, OrderType, RunKey, TimeInForce, TradeIntent},
        portfolio::Portfolio,
        reconcile::ReconcileVerdict,
        symbol::{Side, Symbol},
        trade_plan::{Approval, ApprovedBy, TradePlan, TradePlanDraft},
        twap::TwapSchedule,
        valuation::ValuationReference,
    },
    engine::math::{Rng, float_to_int, seed_from},
};
use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;

const NAMES: [&str; 4] = ["AAA", "BBB", "CCC", "DDD"];

fn name(text: &str) -> Symbol {
    Symbol::parse(text).expect("a ticker")
}

fn hours() -> SessionHours {
    let at = |h, m| Utc.with_ymd_and_hms(2026, 11, 23, h, m, 0).single().expect("a moment");
    let date = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
    SessionHours { date, open: at(14, 30), close: at(21, 0) }
}

fn minute(minutes: i64) -> DateTime<Utc> {
    hours().open + TimeDelta::minutes(minutes)
}

/// Prices around $50 that wander by the minute and now and then are missing.
#[derive(Debug)]
struct Wander {
    seed: u64,
}

impl PriceSource for Wander {
    fn price(&self, symbol: &Symbol, at: DateTime<Utc>) -> Option<Decimal> {
        let key = format!("{symbol}{}", at.timestamp() / 60);
        let mut rng = Rng::new(seed_from(&key) ^ self.seed);
        let cents = 5_000 + float_to_int(rng.normal() * 10.0)?;
        (rng.uniform() > 0.05).then(|| Decimal::new(cents, 2))
    }

    fn close(&self, symbol: &Symbol, date: NaiveDate) -> Option<Decimal> {
        let mut rng = Rng::new(seed_from(&format!("{symbol}{date}")) ^ self.seed);
        Some(Decimal::new(5_000 + float_to_int(rng.normal() * 10.0)?, 2))
    }
}

fn universe() -> Instruments {
    let facts = |adv: f64| Instrument {
        sector: Some(adv.to_string()),
        adv20: Some(adv),
        sigma_1d: Some(0.02),
        atr_frac: Some(0.02),
        ..Instrument::default()
    };
    NAMES.map(name).into_iter().zip([2e6, 1e6, 1e5, 3e4].map(facts)).collect()
}

fn desk(seed: u64) -> Desk {
    let price = Decimal::from(50);
    let held = NAMES.map(|n| (name(n), (1_500, price))).into_iter().collect();
    let setup = DeskConfig {
        run: RunKey { mode: TradingMode::Sim, date: hours().date, run: 1 },
        account: "demo".into(),
        hours: hours(),
        opening: Portfolio::opening(Decimal::from(700_000), &held),
        reference: ValuationReference {
            previous_close: NAMES.map(|n| (name(n), price)).into_iter().collect(),
            equity_previous: Some(Decimal::from(1_000_000)),
            high_water: Some(Decimal::from(1_000_000)),
        },
        universe: universe(),
        limits: RiskLimits::default(),
        terms: SimBrokerRules { seed, ..SimBrokerRules::default() },
    };
    Desk::new(setup, Arc::new(Wander { seed })).expect("limits have a hash")
}

/// What a day is made of: a minute and what is done then.
#[derive(Debug, Clone)]
enum Deed {
    Trade { symbol: usize, buy: bool, qty: i64, kind: u8, limit_cents: i64 },
    Cancel(usize),
    CancelAll,
    Tighten,
    Rearm,
    Again(usize),
}

fn deeds() -> impl Strategy<Value = Vec<(i64, Deed)>> {
    let trade = (0..4_usize, any::<bool>(), 1..1_200_i64, 0..5_u8, 4_960..5_040_i64).prop_map(
        |(symbol, buy, qty, kind, limit_cents)| Deed::Trade { symbol, buy, qty, kind, limit_cents },
    );
    let deed = prop_oneof![
        8 => trade,
        3 => (0..20_usize).prop_map(Deed::Cancel),
        1 => Just(Deed::CancelAll),
        1 => Just(Deed::Tighten),
        1 => Just(Deed::Rearm),
        2 => (0..20_usize).prop_map(Deed::Again),
    ];
    prop::collection::vec((0..390_i64, deed), 1..25).prop_map(|mut all| {
        all.sort_by_key(|(minute, _)| *minute);
        all
    })
}

fn intent(deed: &Deed, at: DateTime<Utc>) -> Option<TradeIntent> {
    let Deed::Trade { symbol, buy, qty, kind, limit_cents } = deed else { return None };
    let kinds =
        [OrderType::Market, OrderType::Limit, OrderType::Moc, OrderType::Loc, OrderType::Twap];
    let kind = kinds[usize::from(*kind)];
    let limited = matches!(kind, OrderType::Limit | OrderType::Loc);
    Some(TradeIntent {
        intent_id: 1,
        symbol: name(NAMES[*symbol]),
        side: if *buy { Side::Buy } else { Side::Sell },
        qty: *qty,
        kind,
        limit_px: limited.then(|| Decimal::new(*limit_cents, 2)),
        tif: TimeInForce::Day,
        ref_px: Decimal::from(50),
        ref_ts: at,
        reason: "property".into(),
        parent_target_w: 0.05,
        risk_reducing: false,
    })
}

fn release(hash: &str, at: DateTime<Utc>) -> SendOptions {
    let interval = TimeDelta::minutes(5);
    let schedule = TwapSchedule { start: at, end: at + TimeDelta::minutes(45), interval };
    SendOptions {
        plan_hash: hash.into(),
        schedule,
        overrides: Vec::new(),
        source: OrderSource::Plan,
    }
}

/// Proposes, approves and releases one intent; gives the plan's hash.
fn trade(desk: &Desk, number: usize, intent: TradeIntent, at: DateTime<Utc>) -> String {
    let draft = TradePlanDraft {
        plan_id: format!("p{number}"),
        session_date: hours().date,
        mode: TradingMode::Sim,
        created_at: at,
        limits_hash: desk.limits().1,
        orders: vec![intent],
    };
    let plan = TradePlan::finalize(draft).expect("a sound draft");
    let hash = plan.hash().to_owned();
    let approval = Approval::of_whole_plan(&plan, "ana", ApprovedBy::FourEyes, at);
    desk.submit_plan(plan).expect("an intact plan");
    desk.record_approval(approval).expect("a proposed plan");
    desk.send_orders(&release(&hash, at), at).expect("an approved plan");
    hash
}

/// Lives a day and gives the plans made and, by order, when it was cancelled.
fn live(desk: &Desk, deeds: &[(i64, Deed)]) -> BTreeMap<String, DateTime<Utc>> {
    let (mut plans, mut cancelled) = (Vec::new(), BTreeMap::new());
    for (number, (minutes, deed)) in deeds.iter().enumerate() {
        // Two deeds of one minute are still one after the other.
        let step = i64::try_from(number).expect("a small number");
        let at = minute(*minutes) + TimeDelta::seconds(step);
        let ids: Vec<_> = desk.orders(at).into_iter().map(|view| view.order.id).collect();
        let gone = match deed {
            Deed::Trade { .. } => {
                plans.extend(intent(deed, at).map(|intent| trade(desk, number, intent, at)));
                Vec::new()
            }
            Deed::Cancel(which) => ids
                .get(which % ids.len().max(1))
                .map(|id| (id.clone(), desk.cancel(id, at)))
                .into_iter()
                .collect(),
            Deed::CancelAll => desk.cancel_all(at),
            Deed::Tighten => {
                desk.tighten(TradingState::ReduceOnly, ("ana", "test"), at).expect("never looser")
            }
            Deed::Rearm => {
                desk.re_enable(TradingState::Active, ("ana", "test"), at).expect("not killed");
                Vec::new()
            }
            Deed::Again(which) => {
                if let Some(hash) = plans.get(which % plans.len().max(1)) {
                    desk.send_orders(&release(hash, at), at).expect("an approved plan");
                }
                Vec::new()
            }
        };
        for (id, outcome) in gone {
            if matches!(outcome, CancelOutcome::Cancelled { .. }) {
                cancelled.insert(id.to_string(), at);
            }
        }
    }
    cancelled
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cash_shares_and_profit_add_up_to_the_cent_after_any_day(deeds in deeds(), seed: u64) {
        let desk = desk(seed);
        let cancelled = live(&desk, &deeds);
        let end = hours().close + TimeDelta::minutes(1);
        let fills = desk.fills(end);
        let (opening, book) = (desk.opening(), desk.book(end));

        let spent: Decimal = fills.iter().map(|fill| fill.cash_paid() + fill.fee).sum();
        prop_assert_eq!(book.cash, opening.cash - spent);
        for symbol in NAMES.map(name) {
            let own = fills.iter().filter(|fill| fill.symbol == symbol);
            let moved: i64 = own.map(desk::trading::order::Fill::signed_qty).sum();
            prop_assert_eq!(book.quantity(&symbol), opening.quantity(&symbol) + moved);
        }
        let pnl = desk.day_pnl(end, &BTreeMap::new()).expect("books agree");
        let equity = desk.valuation(end).expect("all names have a close").equity;
        prop_assert_eq!(equity - Decimal::from(1_000_000), pnl.pnl.total);

        for view in desk.orders(end) {
            prop_assert!(view.state.is_final(), "{} is {}", view.order.id, view.state);
            let own = fills.iter().filter(|fill| fill.order == view.order.id);
            let sum: i64 = own.clone().map(|fill| fill.qty).sum();
            prop_assert_eq!(sum, view.filled);
            prop_assert!(sum <= view.order.intent.qty, "more filled than ordered");
            if let Some(when) = cancelled.get(view.order.id.as_str()) {
                prop_assert!(own.clone().all(|fill| fill.at <= *when), "filled after its cancel");
            }
            if let (OrderType::Limit | OrderType::Loc, Some(limit)) =
                (view.order.intent.kind, view.order.intent.limit_px)
            {
                let better = |px: Decimal| match view.order.intent.side {
                    Side::Buy => px <= limit,
                    Side::Sell => px >= limit,
                };
                prop_assert!(own.clone().all(|fill| better(fill.price)), "worse than the limit");
            }
        }
        let ids: BTreeSet<&str> = fills.iter().map(|fill| fill.exec_id.as_str()).collect();
        prop_assert_eq!(ids.len(), fills.len(), "one execution counted twice");
        prop_assert!(fills.iter().all(|f| hours().open <= f.at && f.at <= hours().close));

        let statement = desk.broker_statement(end).expect("nothing goes wrong");
        prop_assert_eq!(desk.reconcile(&statement, end).verdict, ReconcileVerdict::Clean);
    }

    #[test]
    fn the_same_day_lived_twice_is_the_same_to_the_last_fill(deeds in deeds(), seed: u64) {
        let (one, two) = (desk(seed), desk(seed));
        live(&one, &deeds);
        live(&two, &deeds);
        let end = hours().close;
        prop_assert_eq!(one.view(end), two.view(end));
    }

    #[test]
    fn the_past_never_changes(deeds in deeds(), seed: u64, cut in 0..390_i64) {
        let desk = desk(seed);
        let (early, late): (Vec<_>, Vec<_>) = deeds.into_iter().partition(|(m, _)| *m < cut);
        live(&desk, &early);
        let moment = minute(cut) - TimeDelta::seconds(1);
        let then = desk.fills(moment);
        live(&desk, &late);
        prop_assert_eq!(then, desk.fills(moment));
    }
}

#[test]
fn an_order_released_twice_is_sent_once_and_gets_its_first_answer_again() {
    let desk = desk(7);
    let at = minute(10);
    let deed = Deed::Trade { symbol: 0, buy: true, qty: 100, kind: 4, limit_cents: 0 };
    let hash = trade(&desk, 0, intent(&deed, at).expect("a trade"), at);
    let before = desk.fills(hours().close);
    let later = minute(30);
    let again = desk.send_orders(&release(&hash, later), later).expect("an approved plan");
    let ack = again[0].ack.clone().expect("the first answer");
    assert!(ack.duplicate && ack.at == at && ack.state == OrderState::Acked);
    assert_eq!(desk.fills(hours().close), before);
    assert_eq!(desk.view(later).suppressed, 1);
}

#[test]
fn killing_the_desk_stops_slices_not_yet_sent_and_keeps_what_has_filled() {
    let desk = desk(7);
    let at = minute(10);
    let deed = Deed::Trade { symbol: 0, buy: true, qty: 400, kind: 4, limit_cents: 0 };
    trade(&desk, 0, intent(&deed, at).expect("a trade"), at);
    let kill = minute(30);
    let before = desk.fills(kill);
    let acks = desk.tighten(TradingState::Killed, ("ana", "drill"), kill).expect("stricter");
    assert!(matches!(acks[..], [(_, CancelOutcome::Cancelled { leaves })] if leaves > 0));
    assert!(!before.is_empty() && desk.fills(hours().close) == before);
    let next = minute(31);
    let deed = Deed::Trade { symbol: 1, buy: false, qty: 10, kind: 0, limit_cents: 0 };
    trade(&desk, 1, intent(&deed, next).expect("a trade"), next);
    assert_eq!(desk.orders(next).len(), 1, "a killed desk sends nothing, exits included");
    assert!(desk.re_enable(TradingState::Active, ("ana", "over"), next).is_err());
    assert!(desk.re_enable(TradingState::Halted, ("ana", " "), next).is_err());
    assert!(desk.tighten(TradingState::Active, ("ana", ""), next).is_err());
}
