//! Feeds the metrics from a run state and its events.

use std::fmt;

use chrono::{DateTime, Utc};
use prometheus::{Encoder as _, Registry, TextEncoder};

use crate::families::Families;
use engine::{
    Event, OrderReport, RecordedEvent, ReportedState, RunState, RunStatus, StageStatus, TaskState,
    TradingState,
};

/// Task types with a label of their own; the others share one, so that no workflow makes a page endless.
const TYPES_MAX: usize = 100;
/// Final states whose counters exist before the first task has ended so.
const COUNTED: [TaskState; 3] = [TaskState::Completed, TaskState::Failed, TaskState::Timeout];
/// The label of the others.
const OTHER: &str = "other";

/// The metrics could not be created or rendered.
#[derive(Debug)]
pub struct MetricsError(prometheus::Error);

impl fmt::Display for MetricsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the metrics cannot be rendered: {}", self.0)
    }
}

impl std::error::Error for MetricsError {}

impl From<prometheus::Error> for MetricsError {
    fn from(error: prometheus::Error) -> Self {
        Self(error)
    }
}

/// The metrics of one process and its run.
#[derive(Debug)]
pub struct RunMetrics {
    registry: Registry,
    families: Families,
    run: Option<RunState>,
    /// Task types of the plan that have a label of their own.
    types: Vec<String>,
}

impl RunMetrics {
    /// Creates all metrics, at zero.
    ///
    /// # Errors
    ///
    /// [`MetricsError`] if a name or label is not valid.
    pub fn new() -> Result<Self, MetricsError> {
        let registry = Registry::new();
        let families = Families::register(&registry)?;
        // CPU, memory, open files and start of the process, where the system tells them.
        #[cfg(target_os = "linux")]
        registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        Ok(Self { registry, families, run: None, types: Vec::new() })
    }

    /// Takes the state of the run, first and after a gap in its events. Events up to it are not counted.
    pub fn set_run(&mut self, run: RunState) {
        let mut types: Vec<_> =
            run.plan().tasks.iter().map(|it| it.task_type.to_string()).collect();
        types.sort_unstable();
        types.dedup();
        types.truncate(TYPES_MAX);
        // From zero on, or a rate would not see the first failure.
        for (kind, state) in types.iter().flat_map(|kind| COUNTED.map(|state| (kind, state))) {
            self.families.task_ends.with_label_values(&[kind.as_str(), state.as_str()]);
        }
        self.types = types;
        self.run = Some(run);
    }

    /// Counts an event. One that does not follow the state is left out until the next state comes.
    pub fn add_event(&mut self, recorded: &RecordedEvent) {
        let Some(run) = &mut self.run else { return };
        let task = recorded.event.task();
        let before = task.map(|ix| {
            let task = run.task(ix);
            (task.state, task.since, task.history.back().map(|last| last.number))
        });
        if run.apply(recorded).is_err() {
            return;
        }
        self.families.events.with_label_values(&[recorded.event.kind_name()]).inc();
        let (Some(ix), Some((state, since, last))) = (task, before) else { return };
        let run = &*run;
        let task = run.task(ix);
        let agent = run.plan().agent(run.plan().task(ix).agent).id.as_str();
        if state == TaskState::Queued && task.state == TaskState::Running {
            let waited = seconds_between(since, recorded.at);
            self.families.task_queue_wait.with_label_values(&[agent]).observe(waited);
        }
        if let Some(attempt) = task.history.back().filter(|it| Some(it.number) != last) {
            let took = seconds_between(attempt.started_at, attempt.ended_at);
            let labels = [agent, attempt.ended_as.as_str()];
            self.families.attempts.with_label_values(&labels).observe(took);
        }
        let own = run.plan().task(ix).task_type.as_str();
        let kind = if self.types.iter().any(|known| known == own) { own } else { OTHER };
        if let Event::TaskRetrying { .. } = recorded.event {
            self.families.task_retries.with_label_values(&[kind]).inc();
        }
        if task.state.is_terminal() && !state.is_terminal() {
            let labels = [kind, task.state.as_str()];
            self.families.task_ends.with_label_values(&labels).inc();
        }
    }

    /// Takes the orders of the desk.
    pub fn set_orders(&self, report: &OrderReport) {
        let all = &report.orders;
        self.families.broker_fault.set(i64::from(report.fault.is_some()));
        for state in ReportedState::ALL {
            let count = all.iter().filter(|order| order.state == state).count();
            self.families.orders.with_label_values(&[state.as_str()]).set(as_gauge(count));
        }
        for side in ["buy", "sell"] {
            let own = || all.iter().filter(|order| order.side == side);
            let sums = [
                ("ordered", own().map(|order| order.ordered).sum()),
                ("filled", own().map(|order| order.filled).sum()),
                ("left", own().map(|order| order.leaves).sum()),
            ];
            for (quantity, shares) in sums {
                self.families.shares_ordered.with_label_values(&[side, quantity]).set(shares);
            }
            let value: f64 =
                own().filter_map(|order| Some(as_f64(order.filled) * order.average?)).sum();
            self.families.filled_notional.with_label_values(&[side]).set(value);
        }
    }

    /// Takes the health of a component: 0 ok, 1 degraded, 2 failed.
    pub fn set_health(&self, component: &str, health: i64) {
        self.families.health.with_label_values(&[component]).set(health);
    }

    /// Takes the number of attached consoles.
    pub fn set_consoles(&self, count: usize) {
        self.families.consoles.set(as_gauge(count));
    }

    /// Renders all metrics at `at`, the time of the run, in the text format of Prometheus, version 0.0.4.
    ///
    /// # Errors
    ///
    /// [`MetricsError`] if a metric cannot be encoded.
    pub fn render(&self, at: DateTime<Utc>) -> Result<String, MetricsError> {
        if let Some(run) = &self.run {
            self.set_gauges(run, at);
        }
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn set_gauges(&self, run: &RunState, at: DateTime<Utc>) {
        let (to, plan) = (&self.families, run.plan());
        let date = plan.date.to_string();
        to.run_info
            .with_label_values(&[plan.run.as_str(), plan.mode.as_str(), &date, &plan.workflow])
            .set(1);
        let status = status_name(run.status());
        for name in ["RUNNING", "COMPLETED", "FAILED", "CANCELLED"] {
            to.run_status.with_label_values(&[name]).set(i64::from(name == status));
        }
        to.run_started.set(timestamp(run.started_at()));
        to.run_clock.set(timestamp(at));
        to.run_last_event.set(timestamp(run.last_event_at()));
        for state in TaskState::ALL {
            to.tasks.with_label_values(&[state.as_str()]).set(run.count_in_state(state).into());
        }
        let asked =
            run.tasks().filter(|(ix, task)| run.is_human_task(*ix) && task.state.is_active());
        to.tasks_need_operator.set(as_gauge(asked.count()));
        for (ix, agent) in run.agents() {
            let id = plan.agent(ix).id.as_str();
            to.agent_running.with_label_values(&[id]).set(agent.running.into());
            for health in engine::AgentHealth::ALL {
                let is = i64::from(run.agent_health(ix) == health);
                to.agent_health.with_label_values(&[id, health.as_str()]).set(is);
            }
        }
        for (ix, stage) in run.stages() {
            for status in StageStatus::ALL {
                let labels = [plan.stage(ix).id.as_str(), status.as_str()];
                to.stages.with_label_values(&labels).set(i64::from(stage.status == status));
            }
        }
        to.gates.set(as_gauge(run.closed_gates().len()));
        for state in TradingState::ALL {
            let is = i64::from(run.trading_status().state == state);
            to.trading_state.with_label_values(&[state.as_str()]).set(is);
        }
    }
}

const fn status_name(status: &RunStatus) -> &'static str {
    match status {
        RunStatus::Running => "RUNNING",
        RunStatus::Completed(_) => "COMPLETED",
        RunStatus::Failed(_) => "FAILED",
        RunStatus::Cancelled => "CANCELLED",
    }
}

fn as_gauge(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Shares as a number with a fraction; above four thousand millions, that.
fn as_f64(shares: i64) -> f64 {
    u32::try_from(shares).unwrap_or(u32::MAX).into()
}

fn timestamp(at: DateTime<Utc>) -> f64 {
    seconds_between(DateTime::UNIX_EPOCH, at)
}

fn seconds_between(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    planning::time::Span::between(&from, &to).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NAMES;
    use testkit::sample;

    #[test]
    fn every_metric_has_help_type_a_unit_and_the_prefix() {
        let mut metrics = RunMetrics::new().unwrap();
        let day = sample::every_state();
        metrics.set_run(day.run().clone());
        metrics.set_orders(&OrderReport::default());
        metrics.set_health("journal", 0);
        let text = metrics.render(day.run().last_event_at()).unwrap();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let name = line.split(['{', ' ']).next().unwrap();
            if name.starts_with("process_") {
                continue;
            }
            assert!(NAMES.iter().any(|known| name.starts_with(known)), "{line}");
            assert!(text.contains(&format!("# HELP {name} ")), "{line}");
        }
        assert!(text.contains("bellwether_tasks{state=\"RUNNING\"} 1\n"), "{text}");
        assert!(text.contains("bellwether_trading_state{state=\"ACTIVE\"} 1\n"), "{text}");
        assert!(text.contains("bellwether_component_health{component=\"journal\"} 0\n"), "{text}");
    }
}
