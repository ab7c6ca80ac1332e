//! The metrics: names, help texts, labels and buckets.

use prometheus::{
    Gauge, GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, core::Collector,
};

/// Buckets of durations in seconds: an instant call up to an hour of work.
const SECONDS: [f64; 12] =
    [0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1_800.0, 3_600.0];

/// Declares the metrics once: the field, its type, name, help text and labels.
macro_rules! families {
    ($($field:ident: $kind:ident($name:literal, $help:literal $(, $label:literal)*);)+) => {
        /// The names of all metrics of a run, without the suffixes of a histogram.
        pub const NAMES: &[&str] = &[$($name),+];

        /// All metrics of a run.
        #[derive(Debug)]
        pub(crate) struct Families {
            $(pub(crate) $field: $kind,)+
        }

        impl Families {
            /// Registers every metric.
            pub(crate) fn register(registry: &Registry) -> prometheus::Result<Self> {
                $(let $field = <$kind as Declare>::declare($name, $help, &[$($label),*])?;)+
                $(registry.register(Box::new($field.clone()))?;)+
                Ok(Self { $($field),+ })
            }
        }
    };
}

families! {
    run_info: IntGaugeVec("bellwether_run_info",
        "The run that is driven: 1, with its name, mode, trading date and workflow.",
        "run", "mode", "date", "workflow");
    run_status: IntGaugeVec("bellwether_run_status",
        "1 for the status of the run, 0 for the others.", "status");
    run_started: Gauge("bellwether_run_started_timestamp_seconds",
        "The first event of the run.");
    run_clock: Gauge("bellwether_run_clock_timestamp_seconds",
        "The time of the run's clock.");
    run_last_event: Gauge("bellwether_run_last_event_timestamp_seconds",
        "The last event of the run.");
    events: IntCounterVec("bellwether_events_total",
        "Events recorded in the journal, by kind.", "kind");
    tasks: IntGaugeVec("bellwether_tasks",
        "Tasks in each state now.", "state");
    tasks_need_operator: IntGauge("bellwether_tasks_waiting_for_operator",
        "Tasks that wait for an operator's answer.");
    task_ends: IntCounterVec("bellwether_task_ends_total",
        "Ended tasks by task type and final state.", "task_type", "state");
    task_retries: IntCounterVec("bellwether_task_retries_total",
        "Attempts that were followed by a retry, by task type.", "task_type");
    task_queue_wait: HistogramVec("bellwether_task_queue_wait_seconds",
        "Time from QUEUED to RUNNING.", "agent");
    attempts: HistogramVec("bellwether_agent_attempt_duration_seconds",
        "Duration of ended attempts, by agent and state of the task after it.", "agent", "state");
    agent_running: IntGaugeVec("bellwether_agent_running_tasks",
        "Attempts that an agent is working on.", "agent");
    agent_health: IntGaugeVec("bellwether_agent_health",
        "1 for the health of the agent, 0 for the others.", "agent", "health");
    stages: IntGaugeVec("bellwether_stage_status",
        "1 for the status of the stage, 0 for the others.", "stage", "status");
    gates: IntGauge("bellwether_closed_gates",
        "Closed gates: pauses and freezes that keep tasks from starting.");
    trading_state: IntGaugeVec("bellwether_trading_state",
        "1 for the trading state, 0 for the others.", "state");
    orders: IntGaugeVec("bellwether_orders",
        "Orders of the desk in each state.", "state");
    shares_ordered: IntGaugeVec("bellwether_order_shares",
        "Shares ordered, filled and left to fill, by side.", "side", "quantity");
    filled_notional: GaugeVec("bellwether_order_filled_notional_usd",
        "Value of the fills in USD, by side.", "side");
    broker_fault: IntGauge("bellwether_broker_unreachable",
        "1 while the broker cannot be asked.");
    health: IntGaugeVec("bellwether_component_health",
        "Health of each component: 0 ok, 1 degraded, 2 failed.", "component");
    consoles: IntGauge("bellwether_attached_consoles",
        "Consoles and commands that are attached.");
}

/// A metric that can be declared from its name, help text and labels.
trait Declare: Collector + Clone + Sized {
    fn declare(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self>;
}

impl Declare for IntGauge {
    fn declare(name: &str, help: &str, _none: &[&str]) -> prometheus::Result<Self> {
        Self::with_opts(Opts::new(name, help))
    }
}

impl Declare for Gauge {
    fn declare(name: &str, help: &str, _none: &[&str]) -> prometheus::Result<Self> {
        Self::with_opts(Opts::new(name, help))
    }
}

impl Declare for IntGaugeVec {
    fn declare(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self> {
        Self::new(Opts::new(name, help), labels)
    }
}

impl Declare for GaugeVec {
    fn declare(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self> {
        Self::new(Opts::new(name, help), labels)
    }
}

impl Declare for IntCounterVec {
    fn declare(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self> {
        Self::new(Opts::new(name, help), labels)
    }
}

impl Declare for HistogramVec {
    fn declare(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self> {
        Self::new(HistogramOpts::new(name, help).buckets(SECONDS.into()), labels)
    }
}
