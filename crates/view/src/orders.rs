//! The orders of the desk as rows: those in trouble first.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    filter::{FilterRecord, StateFilter},
    format,
};
use engine::{OrderReport, ReportedOrder, ReportedState, RunState};
use planning::{plan::TaskIx, workflow::EffectClass};

/// One order as a row. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// Its client order id; what a cursor holds on to.
    pub id: String,
    /// The task that sends it, if it is known.
    pub task: Option<TaskIx>,
    /// The name of that task, or empty.
    pub task_name: String,
    pub symbol: String,
    /// `buy` or `sell`.
    pub side: String,
    pub ordered: String,
    pub filled: String,
    /// Shares that may still fill.
    pub leaves: String,
    /// The average price of the fills; `-` before the first.
    pub average: String,
    pub state: ReportedState,
    /// The time since it was recorded, up to its end.
    pub age: String,
    /// The moment at which it was recorded.
    pub since: DateTime<Utc>,
    /// The last word of the broker.
    pub word: String,
}

impl OrderRow {
    /// As the filter of the list sees it; `texts` is where the texts are put together.
    #[must_use]
    pub fn filter_record<'a>(&'a self, texts: &'a [&'a str]) -> FilterRecord<'a> {
        FilterRecord {
            texts,
            state: Some(StateFilter::Order(self.state)),
            task: Some(&self.task_name),
            at: Some(self.since),
            ..FilterRecord::default()
        }
    }
}

/// Returns the orders at `at`: unknown and rejected ones first, then working ones, then the others, in
/// the order of sending within each.
#[must_use]
pub fn order_rows(run: &RunState, report: &OrderReport, at: DateTime<Utc>) -> Vec<OrderRow> {
    let mut senders = BTreeMap::new();
    for order in &report.orders {
        senders.entry(order.plan.as_str()).or_insert_with(|| sender(run, &order.plan));
    }
    let task = |order: &ReportedOrder| senders.get(order.plan.as_str()).copied().flatten();
    sort_orders(report.orders.iter()).map(|order| row(run, order, (task(order), at))).collect()
}

/// Returns the orders that a task sends.
#[must_use]
pub fn task_orders(
    run: &RunState,
    report: &OrderReport,
    (ix, at): (TaskIx, DateTime<Utc>),
) -> Vec<OrderRow> {
    let own = report.orders.iter().filter(|order| sends(run, ix, &order.plan));
    sort_orders(own).map(|order| row(run, order, (Some(ix), at))).collect()
}

fn sort_orders<'a>(
    orders: impl Iterator<Item = &'a ReportedOrder>,
) -> impl Iterator<Item = &'a ReportedOrder> {
    let mut orders: Vec<_> = orders.collect();
    orders.sort_by_key(|order| rank(order.state));
    orders.into_iter()
}

/// Returns how far the orders of a task are: `1,633 of 5,324 sh filled; 7 of 10 orders working`; `None`
/// for a task without orders.
#[must_use]
pub fn progress_text(run: &RunState, report: &OrderReport, ix: TaskIx) -> Option<String> {
    let own: Vec<_> = report.orders.iter().filter(|order| sends(run, ix, &order.plan)).collect();
    if own.is_empty() {
        return None;
    }
    let count = |wanted: fn(ReportedState) -> bool| own.iter().filter(|o| wanted(o.state)).count();
    let (filled, ordered) = own
        .iter()
        .fold((0, 0), |(filled, ordered), order| (filled + order.filled, ordered + order.ordered));
    let working = match count(ReportedState::is_working) {
        0 => "no order working".to_owned(),
        working => format!("{working} of {} working", noun(own.len(), "order")),
    };
    let filled = format!("{} of {} sh filled", thousands(filled), thousands(ordered));
    let trouble = [
        (count(|state| state == ReportedState::Unknown), "UNKNOWN"),
        (count(|state| state == ReportedState::Rejected), "REJECTED"),
    ];
    let trouble = trouble.into_iter().filter(|(n, _)| *n > 0);
    let trouble: String =
        trouble.map(|(n, word)| [", ", &n.to_string(), " ", word].concat()).collect();
    Some(format!("{filled}; {working}{trouble}"))
}

fn noun(count: usize, noun: &str) -> String {
    format::count_noun(u64::try_from(count).unwrap_or(u64::MAX), noun)
}

const fn rank(state: ReportedState) -> u8 {
    match state {
        ReportedState::Unknown | ReportedState::Rejected => 0,
        ReportedState::Logged
        | ReportedState::Sent
        | ReportedState::Acked
        | ReportedState::Partial => 1,
        ReportedState::Cancelled | ReportedState::Expired => 2,
        ReportedState::Filled => 3,
    }
}

fn row(
    run: &RunState,
    order: &ReportedOrder,
    (task, at): (Option<TaskIx>, DateTime<Utc>),
) -> OrderRow {
    let until = order.ended.unwrap_or(at);
    OrderRow {
        id: format::sanitize(&order.id).into_owned(),
        task,
        task_name: task.map_or_else(String::new, |ix| run.plan().task(ix).id.to_string()),
        symbol: format::sanitize(&order.symbol).into_owned(),
        side: format::sanitize(&order.side).into_owned(),
        ordered: thousands(order.ordered),
        filled: thousands(order.filled),
        leaves: thousands(order.leaves),
        average: order.average.map_or_else(|| "-".into(), |price| format!("{price:.2}")),
        state: order.state,
        age: format::format_age(order.since, until),
        since: order.since,
        word: format::sanitize(&order.word).into_owned(),
    }
}

/// Returns the task that sends the orders of a trade plan.
fn sender(run: &RunState, plan: &str) -> Option<TaskIx> {
    (0..run.tasks().len()).map(TaskIx::new).find(|&ix| sends(run, ix, plan))
}

/// Returns whether a task sends the orders of a trade plan: an effectful one whose nearest upstream task
/// with a trade plan has this one.
fn sends(run: &RunState, ix: TaskIx, plan: &str) -> bool {
    if plan.is_empty() || run.plan().task(ix).effect != EffectClass::Effectful {
        return false;
    }
    let (mut level, mut seen) = (BTreeSet::from([ix]), BTreeSet::new());
    while !level.is_empty() {
        let above = level.iter().flat_map(|&ix| &run.plan().task(ix).dependencies);
        let above: BTreeSet<_> = above.map(|dependency| dependency.on).collect();
        let outcomes = above.iter().filter_map(|&on| run.task(on).outcome.as_ref());
        let mut hashes = outcomes.filter_map(|outcome| plan_hash(&outcome.output)).peekable();
        if hashes.peek().is_some() {
            return hashes.any(|hash| hash.starts_with(plan));
        }
        seen.append(&mut level);
        level = above.difference(&seen).copied().collect();
    }
    false
}

fn plan_hash(output: &Value) -> Option<&str> {
    output.get("data").unwrap_or(output).get("plan_hash")?.as_str()
}

/// A number with a comma between thousands: `1,633`.
/// Formats an amount in whole US dollars: `$412,003`.
#[must_use]
pub fn usd_text(amount: f64) -> String {
    engine::math::float_to_int(amount.round())
        .map_or_else(|| "-".into(), |whole| format!("${}", thousands(whole)))
}

fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use testkit::sample::{self, SampleRun, exchange_time, task, with_dependencies};

    fn order(id: u32, state: ReportedState, filled: i64) -> ReportedOrder {
        ReportedOrder {
            id: format!("S181219-{id}"),
            plan: "0a1b2c".into(),
            symbol: "AAPL".into(),
            side: "sell".into(),
            ordered: 1_200,
            filled,
            leaves: if state.is_working() { 1_200 - filled } else { 0 },
            average: (filled > 0).then_some(41.517),
            state,
            since: exchange_time("10:31"),
            ended: (!state.is_working()).then(|| exchange_time("10:32")),
            word: "ack".into(),
        }
    }

    fn day() -> SampleRun {
        let mut send = with_dependencies(task("orders", 2), &[2]);
        send.effect = EffectClass::Effectful;
        let mut day = SampleRun::start(
            sample::sample_plan(vec![
                task("check", 2),
                send,
                with_dependencies(task("approve", 2), &[0]),
            ]),
            "10:30",
        );
        let mut approved = sample::completed("approved");
        if let engine::AttemptOutcome::Completed(result) = &mut approved {
            let output = serde_json::json!({ "data": { "plan_hash": "0a1b2c3d4e" } });
            result.output = Arc::new(output);
        }
        day.end_attempt("10:31", 0, approved);
        day
    }

    #[test]
    fn lists_unknown_then_working_then_ended_orders_of_task() {
        let day = day();
        let report = OrderReport {
            orders: vec![
                order(1, ReportedState::Filled, 1_200),
                order(2, ReportedState::Partial, 433),
                order(3, ReportedState::Unknown, 0),
            ],
            ..OrderReport::default()
        };
        let at = exchange_time("10:35");
        let rows = task_orders(day.run(), &report, (TaskIx(1), at));
        let told: Vec<_> = rows
            .iter()
            .map(|r| format!("{} {} {} {} {}", r.id, r.state, r.leaves, r.average, r.age))
            .collect();
        assert_eq!(
            told,
            [
                "S181219-3 UNKNOWN 1,200 - 4m00s",
                "S181219-2 PARTIAL 767 41.52 4m00s",
                "S181219-1 FILLED 0 41.52 1m00s",
            ]
        );
        assert_eq!(
            progress_text(day.run(), &report, TaskIx(1)).as_deref(),
            Some("1,633 of 3,600 sh filled; 2 of 3 orders working, 1 UNKNOWN")
        );
        assert_eq!(progress_text(day.run(), &report, TaskIx(0)), None);
    }

    #[test]
    fn thousands_have_commas() {
        assert_eq!(
            [0, 999, 1_000, 5_324, 1_234_567].map(thousands).join(" "),
            "0 999 1,000 5,324 1,234,567"
        );
    }
}
