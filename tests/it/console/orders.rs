//! The order blotter: what the desk reports, on the row and the page of the task and on a screen of its
//! own.

use std::sync::Arc;

use bellwether::{
    desk::market::Dataset,
    engine::{Command, OrderReport, ReportedOrder, ReportedState},
    planning::plan::RunMode,
    tui::{self, Msg, Screen},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::desk::{Desk, et};
use crate::support::desk_day::DeskDay;

const HASH: &str = "8153f04f2a";

fn order(number: i64, state: ReportedState, filled: i64) -> ReportedOrder {
    ReportedOrder {
        id: format!("S1812191-8153f0-{number}"),
        plan: "8153f0".into(),
        symbol: match number % 5 {
            0 => "AAPL",
            1 => "MSFT",
            2 => "JPM",
            3 => "HD",
            _ => "KO",
        }
        .into(),
        side: "sell".into(),
        ordered: 500 + number,
        filled,
        leaves: if state.is_working() { 500 + number - filled } else { 0 },
        average: (filled > 0).then_some(99.174),
        state,
        since: et("09:35:05"),
        ended: None,
        word: "fill 23 @ 99.17".into(),
    }
}

/// At 09:40, ten orders out.
fn at_work(size: (u16, u16)) -> Desk {
    let mut desk = Desk::morning(RunMode::Sim, size);
    desk.until("09:31:00");
    desk.gives("generate_trades", "3 orders", json!({ "data": { "plan_hash": HASH } }));
    desk.until("09:35:00");
    let approve = desk.ix("approve_trades");
    desk.order(Command::approve_all(approve));
    desk.until("09:40:00");
    let mut orders: Vec<_> = (1..=9).map(|n| order(n, ReportedState::Partial, 100 + n)).collect();
    orders.push(order(10, ReportedState::Unknown, 0));
    let report = Arc::new(OrderReport { orders, ..OrderReport::default() });
    tui::update(&mut desk.model, Msg::Orders(report));
    desk
}

#[test]
fn row_of_order_task_shows_progress_of_ten_orders() {
    let desk = at_work((120, 40));
    let frame = desk.frame();
    let row = frame.lines().find(|line| line.contains("initial_orders   running")).unwrap();
    assert!(row.contains("945 of 5,055 sh fill"), "{frame}");
    let wide = at_work((200, 50)).frame();
    assert!(wide.contains("945 of 5,055 sh filled; 10 of 10 orders working"), "{wide}");
}

#[test]
fn page_of_order_task_has_a_pane_of_its_orders() {
    let mut desk = at_work((120, 40));
    desk.select("initial_orders");
    desk.press("<enter>");
    insta::assert_snapshot!(desk.frame());
}

#[test]
fn order_screen_lists_trouble_first_at_every_size() {
    let mut desk = at_work((80, 24));
    desk.press("B");
    assert_eq!(desk.model.screen(), Screen::Orders);
    insta::assert_snapshot!(desk.frame());
    for size in [(200, 50), (120, 40), (60, 15), (40, 10)] {
        desk.resize(size);
        let frame = desk.frame();
        let row = frame.lines().position(|line| line.contains("UNKNOWN"));
        let next = frame.lines().position(|line| line.contains("PARTIAL"));
        assert!(row < next && row.is_some(), "{size:?}:\n{frame}");
    }
}

#[test]
fn order_screen_is_filtered_by_state_and_symbol() {
    let mut desk = at_work((120, 40));
    desk.press("B/state:unknown<enter>");
    assert!(desk.frame().contains("orders 1, 1 working"), "{}", desk.frame());
    desk.press("<esc>/MSFT<enter>");
    assert!(desk.frame().contains("orders 2, 2 working"), "{}", desk.frame());
    desk.press("<esc>/state:working<enter>");
    assert!(desk.frame().contains("orders 10, 10 working"), "{}", desk.frame());
}

#[test]
fn selected_order_leads_to_its_task_and_to_the_acts_on_it() {
    let mut desk = at_work((120, 40));
    desk.press("Bj");
    assert_eq!(desk.model.selected_task(), Some(desk.ix("initial_orders")));
    desk.press("c");
    assert!(desk.frame().contains("cancel initial_orders"), "{}", desk.frame());
    desk.press("<esc><enter>");
    assert_eq!(desk.model.screen(), Screen::Task(desk.ix("initial_orders")));
}

#[test]
fn order_screen_says_why_the_broker_cannot_be_asked() {
    let mut desk = at_work((120, 40));
    let orders = vec![order(1, ReportedState::Unknown, 7)];
    let report = OrderReport {
        orders,
        fault: Some("broker cannot be reached".into()),
        ..OrderReport::default()
    };
    tui::update(&mut desk.model, Msg::Orders(Arc::new(report)));
    desk.press("B");
    let frame = desk.frame();
    assert!(frame.contains("broker cannot be reached: fills are those known here"), "{frame}");
}

#[test]
fn desk_reports_ten_orders_that_work_at_0941() {
    let mut day = DeskDay::new("2018-12-19", &Arc::new(Dataset::bundled()));
    let at = |clock: &str| -> DateTime<Utc> { et(clock) };
    day.run_until(at("09:41:00"));
    let report = day.desk.try_report(at("09:41:00") + TimeDelta::seconds(30)).unwrap();
    assert_eq!(report.orders.len(), 10);
    assert!(report.orders.iter().all(|order| order.state.is_working()), "{report:#?}");
    let aapl = report.orders.iter().find(|order| order.symbol == "AAPL").unwrap();
    assert_eq!((aapl.side.as_str(), aapl.ordered, aapl.filled + aapl.leaves), ("sell", 1247, 1247));
    assert!(aapl.filled > 0 && aapl.word.starts_with("fill "), "{aapl:?}");
    let hash = day.data("execute_open")["plan_hash"].as_str().unwrap();
    assert!(hash.starts_with(&aapl.plan), "{hash} {}", aapl.plan);
}
