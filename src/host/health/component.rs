//! What a health check finds out about each component.

use serde::Serialize;
use serde_json::{Value, json};

/// A part of the system that is checked on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    Engine,
    Trading,
    Journal,
    Disk,
    Audit,
    Agents,
    Broker,
    Queue,
    MarketData,
    Calendar,
    Clock,
}

impl Component {
    /// All components, in the order of reports.
    pub const ALL: [Self; 11] = [
        Self::Engine,
        Self::Trading,
        Self::Journal,
        Self::Disk,
        Self::Audit,
        Self::Agents,
        Self::Broker,
        Self::Queue,
        Self::MarketData,
        Self::Calendar,
        Self::Clock,
    ];

    /// The name on the command line and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Trading => "trading",
            Self::Journal => "journal",
            Self::Disk => "disk",
            Self::Audit => "audit",
            Self::Agents => "agents",
            Self::Broker => "broker",
            Self::Queue => "queue",
            Self::MarketData => "market_data",
            Self::Calendar => "calendar",
            Self::Clock => "clock",
        }
    }
}

/// How well a component is, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    Ok,
    /// Works, but an operator should know.
    Degraded,
    /// Does not work.
    Failed,
}

impl HealthState {
    /// The number in metrics: 0 ok, 1 degraded, 2 failed.
    #[must_use]
    pub const fn level(self) -> i64 {
        match self {
            Self::Ok => 0,
            Self::Degraded => 1,
            Self::Failed => 2,
        }
    }

    /// The word in texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Failed => "failed",
        }
    }
}

/// The health of one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComponentHealth {
    pub component: Component,
    pub state: HealthState,
    /// What was found.
    pub detail: String,
    /// How it was measured.
    pub measured: &'static str,
    /// What an operator can do; absent while the component is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl ComponentHealth {
    pub(super) fn ok(
        component: Component,
        measured: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        let detail = detail.into();
        Self { component, state: HealthState::Ok, detail, measured, remedy: None }
    }

    pub(super) fn degraded(self, remedy: impl Into<String>) -> Self {
        Self { state: HealthState::Degraded, remedy: Some(remedy.into()), ..self }
    }

    pub(super) fn failed(self, remedy: impl Into<String>) -> Self {
        Self { state: HealthState::Failed, remedy: Some(remedy.into()), ..self }
    }

    /// One line: name, state, what was found and the remedy.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { component, state, detail, remedy, .. } = self;
        let line = format!("{:<13} {:<9} {detail}", component.as_str(), state.as_str());
        remedy.iter().fold(line, |line, remedy| format!("{line}; {remedy}"))
    }
}

/// The health of all components at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthReport {
    /// Whether a process drives a run in the state folder.
    pub driving: bool,
    pub components: Vec<ComponentHealth>,
}

impl HealthReport {
    /// The report where the checks themselves have crashed.
    pub(crate) fn crashed() -> Self {
        let engine =
            ComponentHealth::ok(Component::Engine, "the checks", "the checks have crashed");
        Self {
            driving: false,
            components: vec![engine.failed("report this; the log has the details")],
        }
    }

    /// The worst state of a component.
    #[must_use]
    pub fn worst(&self) -> HealthState {
        self.components.iter().map(|one| one.state).max().unwrap_or(HealthState::Ok)
    }

    /// The report as a JSON object.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({"driving": self.driving, "health": self.worst(), "components": self.components})
    }
}
