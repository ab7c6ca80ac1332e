//! Context of one attempt: its parameters, inputs, and the market as known at its time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    market::{self, Dataset, DayPath, Features, MarketView, Price, SessionSide},
    trading::{
        desk::Desk, instruments::Instruments, portfolio::Portfolio, symbol::Symbol,
        valuation::Valuation,
    },
};
use engine::port::AttemptRequest;
use engine::{Failure, FailureKind};
use planning::{calendar, id::TaskId, plan::TaskIx, workflow::ForbiddenOrders};

/// The shared inputs of the built-in agents: the day's data and desk.
#[derive(Debug, Clone)]
pub struct AgentContext {
    /// All market data; tasks read it only as of the request's day.
    pub data: Arc<Dataset>,
    /// The desk of the day: book, orders, limits and broker.
    pub desk: Arc<Desk>,
    memo: Arc<FeatureCache>,
}

/// A cache of features, which depend only on data, day and reach; monitors request them every
/// minute.
type FeatureCache = Mutex<BTreeMap<(NaiveDate, bool, String), Option<Features>>>;

impl AgentContext {
    /// Creates a context for this data and desk.
    #[must_use]
    pub fn new(data: Arc<Dataset>, desk: Arc<Desk>) -> Self {
        Self { data, desk, memo: Arc::default() }
    }
}

/// An attempt request with everything its task may read.
pub(super) struct TaskContext<'a> {
    pub(super) request: &'a AttemptRequest,
    context: &'a AgentContext,
}

impl<'a> TaskContext<'a> {
    pub(super) const fn new(request: &'a AttemptRequest, context: &'a AgentContext) -> Self {
        Self { request, context }
    }

    /// Returns the same context for another request.
    pub(super) const fn with<'b>(&'b self, request: &'b AttemptRequest) -> TaskContext<'b> {
        TaskContext { request, context: self.context }
    }

    pub(super) fn data(&self) -> &'a Dataset {
        &self.context.data
    }

    pub(super) fn desk(&self) -> &'a Desk {
        &self.context.desk
    }

    /// Returns the time of the run.
    pub(super) const fn now(&self) -> DateTime<Utc> {
        self.request.as_of
    }

    pub(super) const fn date(&self) -> NaiveDate {
        self.request.session_date
    }

    /// Returns whether today's session is over, so that its bar may be used.
    pub(super) fn session_is_over(&self) -> bool {
        self.now() >= self.request.plan.close
    }

    /// Returns whether today's session has begun, so that its opens are known.
    pub(super) fn session_has_begun(&self) -> bool {
        self.now() >= self.request.plan.open
    }

    /// Returns the elapsed share of the session, 0 to 1.
    pub(super) fn session_elapsed(&self, at: DateTime<Utc>) -> f64 {
        let (open, close) = (self.request.plan.open, self.request.plan.close);
        let part = engine::math::int_to_float((at - open).num_milliseconds());
        let whole = engine::math::int_to_float((close - open).num_milliseconds().max(1));
        (part / whole).clamp(0.0, 1.0)
    }

    /// Returns the market data known now: up to the previous session until today's is over.
    pub(super) fn market_view(&self) -> MarketView<'a> {
        let reach = if self.session_is_over() {
            SessionSide::IncludingToday
        } else {
            SessionSide::ExcludingToday
        };
        self.data().as_of(self.date(), reach)
    }

    /// Returns the last completed session.
    pub(super) fn last_day(&self) -> Option<NaiveDate> {
        let today = calendar::exchange_day(self.date()).is_ok_and(|day| day.is_session());
        if self.session_is_over() && today {
            return Some(self.date());
        }
        calendar::previous_session(self.date()).ok().map(|day| day.date)
    }

    /// Returns the last completed session, or an error outside the years of the calendar.
    pub(super) fn last_completed_session(&self) -> Result<NaiveDate, Failure> {
        let unknown = |error: calendar::UnknownYearError| not_found(error.to_string());
        calendar::exchange_day(self.date()).map_err(unknown)?;
        self.last_day().ok_or_else(|| not_found(format!("no session before {}", self.date())))
    }

    /// Returns the benchmark in the data, and the requested name if it differs.
    ///
    /// The data may have the index, but not the fund on it that a workflow names.
    pub(super) fn benchmark(&self) -> (String, Option<String>) {
        let view = self.market_view();
        let asked: Option<String> = self.param("benchmark").ok().flatten();
        match asked {
            Some(name) if view.last_bar(&name).is_some() => (name, None),
            Some(name) => (view.benchmark().to_owned(), Some(name)),
            None => (view.benchmark().to_owned(), None),
        }
    }

    /// Returns the features of a symbol as known now.
    pub(super) fn features(&self, symbol: &str) -> Option<Features> {
        let view = self.market_view();
        let (benchmark, _) = self.benchmark();
        let key = (view.date(), self.session_is_over(), format!("{symbol} {benchmark}"));
        let lock = || self.context.memo.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return known.clone();
        }
        let found = market::features(&view, symbol, &benchmark);
        lock().insert(key, found.clone());
        found
    }

    /// Returns the price on the simulated feed at `at`, but not later than now, in USD (points for
    /// an index).
    pub(super) fn price(&self, symbol: &str, at: DateTime<Utc>) -> Option<f64> {
        let path = self.path(symbol)?;
        let at = at.min(self.now());
        Some(path.price(self.request.plan.open, self.request.plan.close, at)?.to_f64())
    }

    /// Returns today's open of a name, from the open on and if the data have one.
    pub(super) fn opening_price(&self, symbol: &str) -> Option<f64> {
        let path = self.path(symbol).filter(|_| self.session_has_begun())?;
        path.has_real_open().then(|| path.first_price())?.map(Price::to_f64)
    }

    /// Returns today's path. Its prices depend on the bar of the whole session: ask
    /// [`TaskContext::price`] or [`TaskContext::opening_price`] where a moment is meant.
    pub(super) fn path(&self, symbol: &str) -> Option<DayPath> {
        DayPath::for_session(self.data(), symbol, self.date())
    }

    /// Returns the tradable names: those in the task's parameters, otherwise the universe.
    pub(super) fn tradable_symbols(&self) -> Result<Vec<String>, Failure> {
        let named: Option<Vec<String>> = self.param("symbols")?;
        Ok(named.unwrap_or_else(|| {
            self.data().universe().iter().map(|listing| listing.symbol.clone()).collect()
        }))
    }

    pub(super) fn book(&self) -> Portfolio {
        self.desk().book(self.now())
    }

    pub(super) fn held_symbols(&self) -> BTreeSet<String> {
        self.book().positions.keys().map(ToString::to_string).collect()
    }

    pub(super) fn instruments(&self) -> Instruments {
        self.desk().instruments()
    }

    /// Returns the current valuation of the book.
    pub(super) fn valuation(&self) -> Result<Valuation, Failure> {
        self.desk().valuation(self.now()).map_err(|error| bad_data(error.to_string()))
    }

    pub(super) fn sector(&self, symbol: &Symbol) -> String {
        let listing = self.data().universe().get(symbol.as_str());
        listing.map_or_else(|| "unknown".into(), |listing| listing.sector.clone())
    }

    /// Returns a parameter of the task, or `None` if it is not given.
    pub(super) fn param<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Failure> {
        match self.request.params.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value.clone()).map(Some).map_err(|error| {
                bad_input(format!("{}: task_data.{name}: {error}", self.request.task_id))
            }),
        }
    }

    pub(super) fn param_or<T: DeserializeOwned>(&self, name: &str, or: T) -> Result<T, Failure> {
        Ok(self.param(name)?.unwrap_or(or))
    }

    /// Returns the type of a task of the day.
    fn type_of(&self, id: &TaskId) -> Option<&'a str> {
        let plan = &self.request.plan;
        plan.find_task(id.as_str()).map(|ix| plan.task(ix).task_type.as_str())
    }

    /// Returns the result data of a dependency of one of these types.
    pub(super) fn upstream(&self, types: &[&str]) -> Option<(&'a TaskId, &'a Value)> {
        let upstream = self.request.upstream.iter();
        let mut own =
            upstream.filter(|(id, _)| self.type_of(id).is_some_and(|t| types.contains(&t)));
        let (id, output) = own.next()?;
        Some((id, output.get("data").unwrap_or(output)))
    }

    /// Returns the same deserialized as `T`, or `None` if there is no such dependency.
    pub(super) fn optional_upstream<T: DeserializeOwned>(
        &self,
        types: &[&str],
    ) -> Result<Option<T>, Failure> {
        self.upstream(types).map(|(id, data)| read(id, data)).transpose()
    }

    /// Returns the direct and indirect dependencies of this task.
    pub(super) fn upstream_tasks(&self) -> BTreeSet<TaskIx> {
        let plan = &self.request.plan;
        let mut found = BTreeSet::new();
        let mut open = vec![self.request.task];
        while let Some(next) = open.pop() {
            let Some(task) = plan.tasks.get(next.at()) else { continue };
            open.extend(task.dependencies.iter().map(|d| d.on).filter(|on| found.insert(*on)));
        }
        found
    }

    /// Returns whether a task of this type depends on this one.
    pub(super) fn followed_by(&self, task_type: &str) -> bool {
        self.request.plan.tasks.iter().any(|task| {
            task.task_type.as_str() == task_type
                && task.dependencies.iter().any(|d| d.on == self.request.task)
        })
    }

    /// Returns the names of companies that report, from the parameters of this and other tasks.
    pub(super) fn earnings_names(&self) -> BTreeSet<String> {
        let own = self.request.params.get("reporting");
        let others = self.request.plan.tasks.iter().filter_map(|t| t.task_data.get("reporting"));
        let names = own.into_iter().chain(others).filter_map(Value::as_array).flatten();
        names.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Returns the end of a current blackout for entries in `symbol`, with its origin.
    pub(super) fn entry_blackout(&self, symbol: &str) -> Option<(DateTime<Utc>, &'a str)> {
        let at = self.now();
        let hit = self.request.plan.blackouts.iter().find(|blackout| {
            let entry = match blackout.forbids {
                ForbiddenOrders::Entry => true,
            };
            entry && blackout.concerns(symbol) && blackout.from <= at && at < blackout.to
        });
        hit.map(|blackout| (blackout.to, blackout.origin.as_str()))
    }

    /// Returns the day's factor on a limit; 1 if there is none.
    pub(super) fn limit_factor(&self, name: &str) -> f64 {
        self.request.plan.multipliers.get(name).copied().unwrap_or(1.0).clamp(0.0, 1.0)
    }
}

pub(super) fn read<T: DeserializeOwned>(id: &TaskId, data: &Value) -> Result<T, Failure> {
    serde_json::from_value(data.clone())
        .map_err(|error| bad_input(format!("the result of {id} is not usable: data: {error}")))
}

/// Creates a failure for invalid input of the task.
pub(super) fn bad_input(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::BadInput, message)
}

/// Creates a failure for data of insufficient quality.
pub(super) fn bad_data(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::BadData, message)
}

/// Creates a failure for something that does not exist.
pub(super) fn not_found(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::NotFound, message)
}

/// Creates a failure for a rejection by a business rule.
pub(super) fn business_rejection(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Rejected, message)
}

/// Formats an amount as `$1,234,567`.
pub(super) fn format_usd(amount: Decimal) -> String {
    let whole = amount.round().abs().to_string();
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let minus = if amount.is_sign_negative() && whole != "0" { "-" } else { "" };
    format!("{minus}${grouped}")
}

/// Formats a fraction as `7.1 %`.
pub(super) fn format_percent(fraction: f64) -> String {
    format!("{:.1} %", fraction * 100.0)
}

/// Formats a count with its noun: `2 orders`, `1 order`.
pub(super) fn count_noun(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
