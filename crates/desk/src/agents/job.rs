//! One request at work: its parameters, what it builds on, and the market as it may be seen then.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    market::{self, Dataset, DayPath, Features, MarketView, SessionSide},
    trading::{
        desk::Desk, instruments::Instruments, portfolio::Portfolio, symbol::Symbol,
        valuation::Valuation,
    },
};
use engine::port::AttemptRequest;
use engine::{Failure, FailureKind};
use planning::{calendar, id::TaskId, plan::TaskIx};

/// What the built-in agents work with: the day's data and the day's desk.
#[derive(Debug, Clone)]
pub struct AgentContext {
    /// All market data; read as of the request's day only.
    pub data: Arc<Dataset>,
    /// Book, orders, limits and broker of the day.
    pub desk: Arc<Desk>,
    memo: Arc<FeatureCache>,
}

/// Features already computed: they depend on data, day and reach alone, and loops ask every minute.
type FeatureCache = Mutex<BTreeMap<(NaiveDate, bool, String), Option<Features>>>;

impl AgentContext {
    /// A context of this data and this desk.
    #[must_use]
    pub fn new(data: Arc<Dataset>, desk: Arc<Desk>) -> Self {
        Self { data, desk, memo: Arc::default() }
    }
}

/// A request and what it may look at.
pub(super) struct TaskContext<'a> {
    pub(super) request: &'a AttemptRequest,
    context: &'a AgentContext,
}

impl<'a> TaskContext<'a> {
    pub(super) const fn new(request: &'a AttemptRequest, context: &'a AgentContext) -> Self {
        Self { request, context }
    }

    /// The same place for another request.
    pub(super) const fn with<'b>(&'b self, request: &'b AttemptRequest) -> TaskContext<'b> {
        TaskContext { request, context: self.context }
    }

    pub(super) fn data(&self) -> &'a Dataset {
        &self.context.data
    }

    pub(super) fn desk(&self) -> &'a Desk {
        &self.context.desk
    }

    /// The run's clock.
    pub(super) const fn now(&self) -> DateTime<Utc> {
        self.request.as_of
    }

    pub(super) const fn date(&self) -> NaiveDate {
        self.request.session_date
    }

    /// Whether today's session is over, so that its bar may be seen.
    pub(super) fn session_is_over(&self) -> bool {
        self.now() >= self.request.plan.close
    }

    /// Share of the session gone, 0 to 1.
    pub(super) fn session_elapsed(&self, at: DateTime<Utc>) -> f64 {
        let (open, close) = (self.request.plan.open, self.request.plan.close);
        let part = engine::math::int_to_float((at - open).num_milliseconds());
        let whole = engine::math::int_to_float((close - open).num_milliseconds().max(1));
        (part / whole).clamp(0.0, 1.0)
    }

    /// The market as known: through the previous session until today's is over.
    pub(super) fn market_view(&self) -> MarketView<'a> {
        let reach = if self.session_is_over() {
            SessionSide::IncludingToday
        } else {
            SessionSide::ExcludingToday
        };
        self.data().as_of(self.date(), reach)
    }

    /// The last completed session.
    pub(super) fn last_day(&self) -> Option<NaiveDate> {
        let today = calendar::exchange_day(self.date()).is_ok_and(|day| day.is_session());
        if self.session_is_over() && today {
            return Some(self.date());
        }
        calendar::previous_session(self.date()).ok().map(|day| day.date)
    }

    /// The last completed session, which the calendar must know.
    pub(super) fn last_completed_session(&self) -> Result<NaiveDate, Failure> {
        let unknown = |error: calendar::UnknownYearError| not_found(error.to_string());
        calendar::exchange_day(self.date()).map_err(unknown)?;
        self.last_day().ok_or_else(|| not_found(format!("no session before {}", self.date())))
    }

    /// The index names are measured against, and whom it stands in for.
    ///
    /// The data may hold the index and not the fund on it that a workflow names.
    pub(super) fn benchmark(&self) -> (String, Option<String>) {
        let asked: Option<String> = self.param("benchmark").ok().flatten();
        match asked {
            Some(name) if self.data().date_range(&name).is_some() => (name, None),
            Some(name) => (self.data().benchmark().to_owned(), Some(name)),
            None => (self.data().benchmark().to_owned(), None),
        }
    }

    /// Features of a symbol as known now.
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

    /// Price in USD (points for an index) on the simulated feed at `at`, never after the clock.
    pub(super) fn price(&self, symbol: &str, at: DateTime<Utc>) -> Option<f64> {
        let path = self.path(symbol)?;
        let at = at.min(self.now());
        Some(path.price(self.request.plan.open, self.request.plan.close, at)?.to_f64())
    }

    pub(super) fn path(&self, symbol: &str) -> Option<DayPath> {
        DayPath::for_session(self.data(), symbol, self.date())
    }

    /// The tradable names: those the task names, else the universe.
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

    /// The book's value now.
    pub(super) fn valuation(&self) -> Result<Valuation, Failure> {
        self.desk().valuation(self.now()).map_err(|error| bad_data(error.to_string()))
    }

    pub(super) fn sector(&self, symbol: &Symbol) -> String {
        let listing = self.data().universe().get(symbol.as_str());
        listing.map_or_else(|| "unknown".into(), |listing| listing.sector.clone())
    }

    /// A parameter of the task; `None` when it is not given.
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

    /// The type of a task of the day.
    fn type_of(&self, id: &TaskId) -> Option<&'a str> {
        let plan = &self.request.plan;
        plan.find_task(id.as_str()).map(|ix| plan.task(ix).task_type.as_str())
    }

    /// The result of a dependency of one of these types, as data.
    pub(super) fn upstream(&self, types: &[&str]) -> Option<(&'a TaskId, &'a Value)> {
        let upstream = self.request.upstream.iter();
        let mut own =
            upstream.filter(|(id, _)| self.type_of(id).is_some_and(|t| types.contains(&t)));
        let (id, output) = own.next()?;
        Some((id, output.get("data").unwrap_or(output)))
    }

    /// The same, read as `T`, where it may be absent.
    pub(super) fn optional_upstream<T: DeserializeOwned>(
        &self,
        types: &[&str],
    ) -> Result<Option<T>, Failure> {
        self.upstream(types).map(|(id, data)| read(id, data)).transpose()
    }

    /// Tasks this one waits for, directly or through others.
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

    /// Whether a later task of this type waits for this one.
    pub(super) fn followed_by(&self, task_type: &str) -> bool {
        self.request.plan.tasks.iter().any(|task| {
            task.task_type.as_str() == task_type
                && task.dependencies.iter().any(|d| d.on == self.request.task)
        })
    }

    /// Names that an overlay of the day is about: those who report.
    pub(super) fn earnings_names(&self) -> BTreeSet<String> {
        let own = self.request.params.get("reporting");
        let others = self.request.plan.tasks.iter().filter_map(|t| t.task_data.get("reporting"));
        let names = own.into_iter().chain(others).filter_map(Value::as_array).flatten();
        names.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Until when new positions in `symbol` are forbidden now, and by which rule.
    pub(super) fn entry_blackout(&self, symbol: &str) -> Option<(DateTime<Utc>, &'a str)> {
        let at = self.now();
        let hit = self.request.plan.blackouts.iter().find(|blackout| {
            let about =
                !blackout.origin.contains("earnings") || self.earnings_names().contains(symbol);
            blackout.forbids == "entry" && blackout.from <= at && at < blackout.to && about
        });
        hit.map(|blackout| (blackout.to, blackout.origin.as_str()))
    }

    /// A factor of the day on a limit; 1 where none is set.
    pub(super) fn limit_factor(&self, name: &str) -> f64 {
        self.request.plan.multipliers.get(name).copied().unwrap_or(1.0).clamp(0.0, 1.0)
    }
}

pub(super) fn read<T: DeserializeOwned>(id: &TaskId, data: &Value) -> Result<T, Failure> {
    serde_json::from_value(data.clone())
        .map_err(|error| bad_input(format!("the result of {id} is not usable: data: {error}")))
}

/// The task's input is wrong.
pub(super) fn bad_input(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::BadInput, message)
}

/// The data is not good enough.
pub(super) fn bad_data(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::BadData, message)
}

/// What the task needs does not exist.
pub(super) fn not_found(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::NotFound, message)
}

/// The business says no.
pub(super) fn business_rejection(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Rejected, message)
}

/// `$1,234,567` from an amount.
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

/// `7.1 %` from a fraction.
pub(super) fn format_percent(fraction: f64) -> String {
    format!("{:.1} %", fraction * 100.0)
}

/// `2 orders`, `1 order`.
pub(super) fn count_noun(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
