//! What configuration says about any day, in the words `plan` takes it.

use super::{AgentSlots, Config, SettingOrigin};
use planning::{
    id::AgentId,
    plan::{EngineLimits, PlanSettings, RunMode, Sourced},
};

/// The settings of a simulated run, the first one of its date.
impl From<&Config> for PlanSettings {
    fn from(config: &Config) -> Self {
        config.plan_settings(RunMode::Sim, 1)
    }
}

impl Config {
    /// The engine's bounds.
    #[must_use]
    pub fn engine_limits(&self) -> EngineLimits {
        EngineLimits {
            max_concurrent_tasks: self.orchestration.max_concurrent_tasks,
            critical_reserve: self.engine.critical_reserve,
            retry: self.retry,
            workflow_timeout: self.orchestration.workflow_timeout,
            cancel_timeout: self.engine.cancel_timeout,
            breaker_failures: self.engine.breaker_failures,
            breaker_window: self.engine.breaker_window,
            breaker_cooldown: self.engine.breaker_cooldown,
            loop_failures: self.engine.monitor_failures,
            recovery_attempts: self.engine.recovery_attempts,
            crash_loop: self.engine.crash_loop,
        }
    }

    /// What a plan takes in, each value with its source.
    #[must_use]
    pub fn plan_settings(&self, mode: RunMode, generation: u32) -> PlanSettings {
        let bounds = LIMITS.iter().filter(|(_, key)| self.origin(key) != SettingOrigin::Default);
        let slots = self.agents.named.iter().map(|(name, slots)| (name.as_str(), *slots));
        let slots = slots.chain([(AgentSlots::OPERATOR, u32::MAX)]);
        // Names in the table are names of agents; a test holds them against the parser.
        let slots = slots.filter_map(|(name, slots)| Some((AgentId::parse(name).ok()?, slots)));
        PlanSettings {
            limits: self.engine_limits(),
            limit_sources: bounds
                .map(|(field, key)| ((*field).into(), self.origin(key).to_string()))
                .collect(),
            task_timeout: self
                .sourced("default_task_timeout", self.orchestration.default_task_timeout),
            max_retries: self.retries(),
            slots: slots.collect(),
            default_slots: self.agents.default,
            mode,
            generation,
        }
    }

    /// Retries of a task that does not say; switched off, the switch is the source.
    fn retries(&self) -> Sourced<u32> {
        let by = if self.orchestration.enable_retry { "max_retries" } else { "enable_retry" };
        self.sourced(by, self.orchestration.default_retries())
    }

    fn sourced<T>(&self, key: &str, value: T) -> Sourced<T> {
        Sourced { value, source: self.origin(key).to_string() }
    }

    fn origin(&self, key: &str) -> SettingOrigin {
        self.setting(key).map_or(SettingOrigin::Default, |row| row.origin.clone())
    }
}

/// Fields of `Limits` as the plan names them, and the settings behind them.
const LIMITS: &[(&str, &str)] = &[
    ("max_concurrent_tasks", "max_concurrent_tasks"),
    ("critical_reserve", "critical_reserve"),
    ("workflow_timeout", "workflow_timeout"),
    ("retry.base_delay", "retry_base_delay"),
    ("retry.max_delay", "retry_max_delay"),
    ("cancel_timeout", "cancel_timeout"),
    ("breaker_failures", "breaker.failures"),
    ("breaker_window", "breaker.window"),
    ("breaker_cooldown", "breaker.cooldown"),
    ("monitor_failures", "loop_failures"),
    ("recovery_attempts", "recovery_attempts"),
    ("crash_loop", "crash_loop"),
];
