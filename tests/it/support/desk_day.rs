//! Runs a day's tasks by hand in order of time, asking the built-in agents and approving every plan.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context as Waking, Poll, Waker},
};

use bellwether::{
    desk::{
        agents::{AgentContext, DeskOpening, Holdings, builtin_agents, open_desk, volatility},
        market::Dataset,
        trading::{
            broker::SimBrokerRules,
            desk::{Desk, DeskBacking, KillSwitch},
            instruments,
            limits::RiskLimits,
            opening_book::WeightedBook,
        },
    },
    engine::{
        AttemptOutcome, Failure, TaskResult,
        port::{AgentRegistry, AttemptNotes, AttemptReply, AttemptRequest},
    },
    planning::{
        calendar,
        id::TaskId,
        plan::{
            BuildInput, DayPlan, PlanSettings, PlanningFacts, RunMode, TaskIx, WorkflowLibrary,
            build_day_plan, select_overlays,
        },
        workflow::{AgentCatalog, EffectClass},
    },
};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// A day with its desk and everything said so far.
pub(crate) struct DeskDay {
    pub(crate) plan: Arc<DayPlan>,
    pub(crate) desk: Arc<Desk>,
    pub(crate) roster: AgentRegistry,
    pub(crate) outcomes: BTreeMap<TaskId, TaskResult>,
    pub(crate) failures: BTreeMap<TaskId, Failure>,
    pub(crate) ends: BTreeMap<TaskId, DateTime<Utc>>,
}

pub(crate) fn plan(date: &str, data: &Dataset) -> Arc<DayPlan> {
    let library = WorkflowLibrary::builtin(&AgentCatalog::builtin())
        .unwrap_or_else(|problems| unreachable!("{problems:?}"));
    let mut facts = PlanningFacts::for_date(date.parse().unwrap()).unwrap();
    facts.volatility = Some(volatility(data, facts.day.date));
    let applied = select_overlays(&facts, &library);
    let settings = PlanSettings::default();
    let input =
        BuildInput { library: &library, facts: &facts, applied: &applied, settings: &settings };
    Arc::new(build_day_plan(input).unwrap())
}

pub(crate) fn book() -> Holdings {
    let text = include_str!("../../../assets/desk/book.yaml");
    Holdings::Weights(WeightedBook::parse(text).unwrap())
}

impl DeskDay {
    pub(crate) fn new(date: &str, data: &Arc<Dataset>) -> Self {
        Self::with(date, data, book())
    }

    pub(crate) fn with(date: &str, data: &Arc<Dataset>, book: Holdings) -> Self {
        Self::on(date, data, (book, DeskBacking::default()))
    }

    /// A day whose desk is kept in `backing`.
    pub(crate) fn on(date: &str, data: &Arc<Dataset>, kept: (Holdings, DeskBacking)) -> Self {
        Self::with_switch(date, data, kept, Arc::new(()))
    }

    /// A day whose desk looks at `switch` before each order it sends.
    pub(crate) fn with_switch(
        date: &str,
        data: &Arc<Dataset>,
        (book, backing): (Holdings, DeskBacking),
        switch: Arc<dyn KillSwitch>,
    ) -> Self {
        let day = calendar::exchange_day(date.parse().unwrap()).unwrap();
        let opening = DeskOpening {
            day,
            mode: instruments::TradingMode::Sim,
            run: 1,
            book,
            limits: RiskLimits::default(),
            terms: SimBrokerRules::default(),
        };
        let desk = open_desk(data, opening, backing).unwrap().with_kill_switch(switch);
        let desk = Arc::new(desk);
        let roster = builtin_agents(&AgentContext::new(Arc::clone(data), Arc::clone(&desk)));
        Self {
            plan: plan(date, data),
            desk,
            roster,
            outcomes: BTreeMap::new(),
            failures: BTreeMap::new(),
            ends: BTreeMap::new(),
        }
    }

    pub(crate) fn request(&self, id: &str, as_of: DateTime<Utc>) -> AttemptRequest {
        let ix = self.plan.find_task(id).unwrap_or_else(|| unreachable!("no task {id}"));
        let task = self.plan.task(ix);
        let upstream = task.dependencies.iter().filter_map(|dependency| {
            let id = &self.plan.task(dependency.on).id;
            Some((id.clone(), Arc::clone(&self.outcomes.get(id)?.output)))
        });
        AttemptRequest {
            run: self.plan.run.as_str().into(),
            task: ix,
            task_id: task.id.clone(),
            task_type: task.task_type.clone(),
            agent: self.plan.agent(task.agent).id.clone(),
            attempt: 0,
            key: id.into(),
            deadline: as_of + task.timeout.to_delta(),
            mode: RunMode::Sim,
            session_date: self.plan.date,
            as_of,
            params: Arc::clone(&task.task_data),
            upstream: upstream.collect(),
            seed: 1,
            estimate: task.estimate,
            plan: Arc::clone(&self.plan),
            notes: AttemptNotes::default(),
        }
    }

    pub(crate) fn ask(&self, request: AttemptRequest) -> AttemptReply {
        let agent = self.roster.resolve(&request.agent, &request.task_type).unwrap();
        ready(agent.perform(request))
    }

    /// Runs every task that can start before `until`, in order of time; a loop runs once an hour.
    pub(crate) fn run_until(&mut self, until: DateTime<Utc>) {
        let mut rounds: BTreeMap<TaskIx, DateTime<Utc>> = BTreeMap::new();
        let mut seen: BTreeSet<TaskIx> = BTreeSet::new();
        while let Some((at, ix)) = self.next(&rounds, &seen).filter(|(at, _)| *at < until) {
            let task = self.plan.task(ix).clone();
            seen.insert(ix);
            if task.every.is_some() {
                rounds.insert(ix, at + chrono::TimeDelta::hours(1));
            }
            let wanted = task.when.as_ref().is_none_or(|(on, condition)| {
                let asked = self.outcomes.get(&self.plan.task(*on).id);
                asked.is_some_and(|outcome| outcome.is_truthy(&condition.field) == Some(true))
            });
            if !wanted {
                self.ends.insert(task.id, at);
                continue;
            }
            let mut took = task.estimate;
            if task.effect == EffectClass::Human {
                self.outcomes.insert(task.id.clone(), TaskResult::without_data("yes"));
            } else {
                let reply = self.ask(self.request(task.id.as_str(), at));
                took = reply.took.unwrap_or(took);
                match reply.answer {
                    AttemptOutcome::Completed(outcome) => {
                        self.failures.remove(&task.id);
                        self.outcomes.insert(task.id.clone(), outcome);
                    }
                    AttemptOutcome::Failed(failure) => {
                        self.failures.insert(task.id.clone(), failure);
                    }
                    other @ (AttemptOutcome::Stopped | AttemptOutcome::InDoubt(_)) => {
                        unreachable!("{other:?}")
                    }
                }
            }
            self.ends.insert(task.id, at + took.to_delta());
        }
    }

    /// The next task whose dependencies have ended well (or are soft), and when it starts.
    fn next(
        &self,
        rounds: &BTreeMap<TaskIx, DateTime<Utc>>,
        seen: &BTreeSet<TaskIx>,
    ) -> Option<(DateTime<Utc>, TaskIx)> {
        let start = |ix: TaskIx| {
            let task = self.plan.task(ix);
            if task.on_demand {
                return None;
            }
            let mut at = task.opens_at;
            for dependency in &task.dependencies {
                let id = &self.plan.task(dependency.on).id;
                at = at.max(*self.ends.get(id)?);
                let hard = dependency.hardness == planning::workflow::DependencyKind::Hard;
                if hard && !self.outcomes.contains_key(id) {
                    return None;
                }
            }
            let round = rounds.get(&ix).copied();
            if seen.contains(&ix) && round.is_none() {
                return None;
            }
            at = round.map_or(at, |round| round.max(at));
            (at < task.closes_at).then_some((at, ix))
        };
        (0..self.plan.tasks.len()).map(TaskIx::new).filter_map(start).min()
    }

    pub(crate) fn run(&mut self) {
        self.run_until(self.plan.close + chrono::TimeDelta::hours(12));
    }

    pub(crate) fn data(&self, id: &str) -> &Value {
        let outcome = self
            .outcomes
            .get(id)
            .unwrap_or_else(|| unreachable!("{id} gave nothing: {:?}", self.failures));
        &outcome.output["data"]
    }
}

/// The value of a future that is ready at once: agents on a virtual clock wait for nothing.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Waking::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("an agent waited"),
    }
}

/// The bundled files, for changing rows before they are read.
pub(crate) const FILES: [(&str, &str); 5] = [
    ("universe.csv", include_str!("../../../assets/market/universe.csv")),
    (CLOSES, include_str!("../../../assets/market/us16_adjclose_2010_2022.csv")),
    ("spx_ohlcv_2000_2020.csv", include_str!("../../../assets/market/spx_ohlcv_2000_2020.csv")),
    ("vix_close_2014_2019.csv", include_str!("../../../assets/market/vix_close_2014_2019.csv")),
    (
        "macro_monthly_1960_2020.csv",
        include_str!("../../../assets/market/macro_monthly_1960_2020.csv"),
    ),
];

/// The file of the names' closes.
pub(crate) const CLOSES: &str = "us16_adjclose_2010_2022.csv";

/// The bundled data with every line passed through `change(file, line)`; `None` drops a line.
pub(crate) fn changed(change: impl Fn(&str, &str) -> Option<String>) -> Arc<Dataset> {
    let files = FILES.map(|(name, text)| {
        let lines: Vec<String> = text.lines().filter_map(|line| change(name, line)).collect();
        (name, lines.join("\n"))
    });
    Arc::new(Dataset::parse(files.into_iter()).0)
}

fn dated(cell: &str) -> bool {
    cell.starts_with(|c: char| c.is_ascii_digit())
}

/// Every price of a line times `factor`, if its date is within `dates`.
pub(crate) fn scaled(line: &str, dates: impl Fn(&str) -> bool, factor: f64) -> String {
    let Some((date, rest)) = line.split_once(',').filter(|(date, _)| dated(date) && dates(date))
    else {
        return line.to_owned();
    };
    let cells = rest.split(',').map(|cell| {
        cell.parse::<f64>().map_or_else(|_| cell.to_owned(), |x| (x * factor).to_string())
    });
    format!("{date},{}", cells.collect::<Vec<_>>().join(","))
}

/// The cell of `column` in the row of `date`, as it stands in a bundled file.
pub(crate) fn cell(file: &str, date: &str, column: &str) -> String {
    let (_, text) = FILES.iter().find(|(name, _)| *name == file).unwrap();
    let mut lines = text.lines();
    let at = lines.next().unwrap().split(',').position(|name| name == column).unwrap();
    let row = lines.find(|line| line.starts_with(date)).unwrap();
    row.split(',').nth(at).unwrap().to_owned()
}

/// The last `n` cells of a column up to `date`, oldest first.
pub(crate) fn column(file: &str, (date, n): (&str, usize), column: &str) -> Vec<f64> {
    let (_, text) = FILES.iter().find(|(name, _)| *name == file).unwrap();
    let mut lines = text.lines();
    let at = lines.next().unwrap().split(',').position(|name| name == column).unwrap();
    let known = lines.filter(|line| line.split(',').next().is_some_and(|day| day <= date));
    let all: Vec<f64> =
        known.map(|line| line.split(',').nth(at).unwrap().parse().unwrap()).collect();
    all[all.len() - n..].to_vec()
}
