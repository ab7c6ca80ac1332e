//! What the HTTP interface knows of the run: its metrics, kept up with its events, and its health.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinHandle, time::timeout};

use crate::host::{
    health::{
        DataHealth, HealthInputs, HealthReport, HealthState, ServedRun, check_components,
        totals_of_folder,
    },
    orchestration_controller::agents_status,
};
use engine::{OrchestrationEvent, OrderReport, RunState};
use metrics::RunMetrics;
use runtime::{EventBus, RunHandle, SubscriptionItem, instant_now};
use view::status::{ProcessInfo, status};

/// A report is used again for so long: probes that come often cost one check.
const FRESH: Duration = Duration::from_secs(1);
/// How long the driver may take to give its state.
const SNAPSHOT_MAX: Duration = Duration::from_secs(3);

/// What an observer is made of.
#[derive(Debug)]
pub(crate) struct ObserverParts {
    pub(crate) folder: PathBuf,
    pub(crate) date: NaiveDate,
    pub(crate) data: DataHealth,
    pub(crate) handle: RunHandle,
    pub(crate) consoles: watch::Receiver<usize>,
    pub(crate) bus: EventBus,
    /// Whether `/metrics` is served.
    pub(crate) metrics_enabled: bool,
    /// Names of the agents, also of those without work in the plan.
    pub(crate) agents: Vec<String>,
}

/// Watches one run for the HTTP interface.
#[derive(Debug)]
pub(crate) struct RunObserver {
    parts: ObserverParts,
    metrics: Mutex<RunMetrics>,
    last: Mutex<Option<(Instant, Arc<HealthReport>)>>,
}

impl RunObserver {
    pub(crate) fn new(parts: ObserverParts) -> Result<Arc<Self>, metrics::MetricsError> {
        let metrics = Mutex::new(RunMetrics::new()?);
        Ok(Arc::new(Self { parts, metrics, last: Mutex::new(None) }))
    }

    pub(super) const fn metrics_enabled(&self) -> bool {
        self.parts.metrics_enabled
    }

    /// Keeps the metrics up with the events of the run, until it ends.
    pub(crate) fn follow(self: &Arc<Self>) -> JoinHandle<()> {
        let observer = Arc::clone(self);
        tokio::spawn(async move {
            let mut events = observer.parts.handle.subscribe();
            while let Some(item) = events.next().await {
                let mut metrics = lock(&observer.metrics);
                match item {
                    SubscriptionItem::Snapshot(run) => metrics.set_run(*run),
                    SubscriptionItem::Event(event) => metrics.add_event(&event),
                }
            }
        })
    }

    /// Checks the health every `interval`; a component that turns is logged and raises `SYSTEM_ALERT`.
    pub(crate) fn check_every(self: &Arc<Self>, interval: Duration) -> JoinHandle<()> {
        let observer = Arc::clone(self);
        tokio::spawn(async move {
            let mut before: Option<Arc<HealthReport>> = None;
            loop {
                let now = observer.health().await;
                if let Some(before) = &before {
                    observer.report_changes(before, &now);
                }
                before = Some(now);
                tokio::time::sleep(interval).await;
            }
        })
    }

    fn report_changes(&self, before: &HealthReport, now: &HealthReport) {
        for (then, one) in before.components.iter().zip(&now.components) {
            if then.state == one.state {
                continue;
            }
            let (name, state) = (one.component.as_str(), one.state.as_str());
            match one.state {
                HealthState::Ok => tracing::info!("{name} is ok again: {}", one.detail),
                HealthState::Degraded | HealthState::Failed => {
                    tracing::warn!("{name} is {state}: {}", one.detail);
                }
            }
            let data = json!({"code": "component_health", "before": then.state, "now": one});
            self.parts.bus.emit_event(OrchestrationEvent::SystemAlert, data);
        }
    }

    /// The health of all components, at most [`FRESH`] old.
    pub(super) async fn health(self: &Arc<Self>) -> Arc<HealthReport> {
        if let Some((at, report)) = &*lock(&self.last)
            && instant_now().saturating_duration_since(*at) < FRESH
        {
            return Arc::clone(report);
        }
        let (run, at) = self.snapshot().await;
        let observer = Arc::clone(self);
        let checked = tokio::task::spawn_blocking(move || {
            let orders = observer.orders();
            check_components(&HealthInputs {
                folder: &observer.parts.folder,
                date: observer.parts.date,
                served: run.as_deref().map(|run| ServedRun { run, orders: &orders, at }),
                data: Ok(observer.parts.data),
            })
        });
        let report = Arc::new(checked.await.unwrap_or_else(|_crash| HealthReport::crashed()));
        *lock(&self.last) = Some((instant_now(), Arc::clone(&report)));
        report
    }

    /// The specification's status document, with the counts of all runs of the state folder.
    pub(super) async fn status(self: &Arc<Self>) -> Value {
        let report = self.health().await;
        let (run, at) = self.snapshot().await;
        let observer = Arc::clone(self);
        let counted = tokio::task::spawn_blocking(move || {
            let run = run.as_deref();
            let mut process = ProcessInfo::started(run.map_or(at, RunState::started_at));
            let name = run.map(|run| run.plan().run.as_str());
            // A journal that cannot be read is among the components.
            let _ = totals_of_folder(&observer.parts.folder, name, &mut process);
            let mut document = status(run, &process, at);
            let names = observer.parts.agents.clone();
            document.agents = agents_status(names, run.map(|run| (run, at)));
            document
        });
        let Ok(mut document) = counted.await else { return Value::Null };
        document.system_running = report.driving;
        document.bellwether.components = report.components.iter().map(|one| json!(one)).collect();
        json!(document)
    }

    /// All metrics in the Prometheus text format.
    pub(super) async fn metrics(self: &Arc<Self>) -> Result<String, metrics::MetricsError> {
        let report = self.health().await;
        let metrics = lock(&self.metrics);
        for one in &report.components {
            metrics.set_health(one.component.as_str(), one.state.level());
        }
        metrics.set_orders(&self.orders());
        metrics.set_consoles(*self.parts.consoles.borrow());
        metrics.render(self.now())
    }

    fn now(&self) -> DateTime<Utc> {
        self.parts.handle.heartbeats().borrow().now
    }

    fn orders(&self) -> Arc<OrderReport> {
        Arc::clone(&self.parts.handle.orders().borrow())
    }

    /// The run, if its driver answers in time, and its time.
    async fn snapshot(&self) -> (Option<Box<RunState>>, DateTime<Utc>) {
        let run = timeout(SNAPSHOT_MAX, self.parts.handle.snapshot()).await;
        (run.ok().and_then(Result::ok), self.now())
    }
}

/// What is guarded is whole between any two statements.
fn lock<T>(guarded: &Mutex<T>) -> MutexGuard<'_, T> {
    guarded.lock().unwrap_or_else(PoisonError::into_inner)
}
