//! The specification's status document, field for field, and the same as text.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use serde::Serialize;

pub use super::process_info::ProcessInfo;
use super::{agents, day, drill::DrillAge, format, recovery, trading_state};
use engine::{RunState, RunStatus, TaskState};
use planning::time::Span;

/// The document.
///
/// Source: specification, "System Status Response"; what is ours stands under `bellwether`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SystemStatus {
    /// True if a run goes on.
    pub system_running: bool,
    /// The start of the process, exchange time, `2024-01-16T09:00:00`.
    pub startup_time: String,
    /// The uptime in whole seconds.
    pub uptime_seconds: u64,
    pub agents: AgentsStatus,
    pub workflow_engine: WorkflowEngineStatus,
    /// Figures over all runs.
    pub statistics: StatusStatistics,
    /// The fields beyond the specification.
    pub bellwether: StatusExtras,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AgentsStatus {
    pub total: usize,
    /// The number of are HEALTHY.
    pub healthy: usize,
    /// Their names, in order.
    pub names: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WorkflowEngineStatus {
    /// Runs that go on: 0 or 1.
    pub active_executions: u64,
    /// Runs that ended well.
    pub completed_executions: u64,
    /// Runs that did not.
    pub failed_executions: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StatusStatistics {
    /// Runs that ended.
    pub workflows_executed: u64,
    /// Tasks that ended well.
    pub total_tasks_completed: u64,
    /// In seconds; 0 before the first.
    pub average_task_duration: f64,
    /// Share of the ended tasks that ended well, 0 to 1; 0 before the first.
    pub success_rate: f64,
}

/// What the specification does not have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct StatusExtras {
    /// The run's name; empty without a run, as are the texts below.
    pub run: String,
    /// SIM, PAPER, LIVE, DRY or REPLAY.
    pub mode: String,
    /// `RUNNING`, `COMPLETED`, `COMPLETED_WITH_ISSUES`, `FAILED` or `CANCELLED`.
    pub status: String,
    /// The reason a recovering run waits, with its fix; left out otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub waits: String,
    /// Trading date, `2024-01-16`.
    pub date: String,
    /// The stages and where each stands.
    pub stages: IndexMap<String, String>,
    /// The number of tasks are in each state; states that no task is in are left out.
    pub tasks: IndexMap<String, u32>,
    /// The questions that were answered with no: when (exchange time), by whom and why, in words.
    pub rejected: IndexMap<String, String>,
    /// The health of each agent.
    pub health: IndexMap<String, String>,
    /// The trading state: `ACTIVE`, `REDUCE_ONLY`, `HALTED` or `KILLED`.
    pub trading: String,
    /// Since when, by whom, why, and which own orders are left, in words; empty for the state a run begins in.
    pub trading_since: String,
    /// The age of the last kill drill; left out for recorded runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kill_drill: Option<DrillAge>,
    /// The health of each component: name, state, what was found, how it was measured, the remedy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<serde_json::Value>,
    /// Closed gates, in words.
    pub gates: Vec<String>,
    /// Tasks that need a person.
    pub needs_person: u32,
    /// Number of the last event.
    pub last_seq: u64,
}

/// The document at `at`; without a run when none was started.
#[must_use]
pub fn status(run: Option<&RunState>, process: &ProcessInfo, at: DateTime<Utc>) -> SystemStatus {
    let (mut done, mut bad, mut seconds) = (0_u64, 0_u64, 0.0_f64);
    for (ix, task) in run.into_iter().flat_map(RunState::tasks) {
        done += u64::from(task.state == TaskState::Completed);
        // A cancelled or blocked task was not tried to the end and says nothing of success.
        bad += u64::from(matches!(task.state, TaskState::Failed | TaskState::Timeout));
        let took = task.history.back().map(|a| Span::between(&a.started_at, &a.ended_at));
        let human = run.is_some_and(|run| run.is_human_task(ix));
        if task.state == TaskState::Completed && !human {
            seconds += took.unwrap_or_default().as_secs_f64();
        }
    }
    let over = |wanted: fn(&RunStatus) -> bool| u64::from(run.is_some_and(|r| wanted(r.status())));
    let active = over(|status| *status == RunStatus::Running);
    let completed = over(|status| matches!(status, RunStatus::Completed(_)));
    let failed = over(|status| matches!(status, RunStatus::Failed(_) | RunStatus::Cancelled));
    let engine = WorkflowEngineStatus {
        active_executions: active,
        completed_executions: process.runs_completed + completed,
        failed_executions: process.runs_failed + failed,
    };
    let (done, bad) = (process.tasks_completed + done, process.tasks_failed + bad);
    SystemStatus {
        system_running: active > 0,
        startup_time: format::local_time(process.started_at)
            .format("%Y-%m-%dT%H:%M:%S")
            .to_string(),
        uptime_seconds: Span::between(&process.started_at, &at).as_secs(),
        agents: run.map(|run| desk(run, at)).unwrap_or_default(),
        workflow_engine: engine,
        statistics: StatusStatistics {
            workflows_executed: engine.completed_executions + engine.failed_executions,
            total_tasks_completed: done,
            average_task_duration: share(process.task_seconds + seconds, done, 0.0),
            success_rate: share(count(done), done + bad, 0.0),
        },
        bellwether: run.map(|run| extra(run, at)).unwrap_or_default(),
    }
}

/// `part` of `of`, rounded to thousandths; `none` when there is nothing to take a part of.
fn share(part: f64, of: u64, none: f64) -> f64 {
    if of == 0 { none } else { (part / count(of) * 1_000.0).round() / 1_000.0 }
}

/// A count as a number with fraction; above four thousand millions, that.
fn count(n: u64) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

fn desk(run: &RunState, at: DateTime<Utc>) -> AgentsStatus {
    let header = day::run_header(run, at);
    let names = agents::program_agents(run).map(|ix| run.plan().agent(ix).id.to_string());
    AgentsStatus { total: header.agents, healthy: header.agents_healthy, names: names.collect() }
}

fn extra(run: &RunState, at: DateTime<Utc>) -> StatusExtras {
    let header = day::run_header(run, at);
    let plan = run.plan();
    let tasks = TaskState::ALL.iter().map(|&s| (s.as_str().to_owned(), run.count_in_state(s)));
    StatusExtras {
        run: header.run,
        mode: header.mode.as_str().into(),
        status: header.status.into(),
        waits: recovery::recovery_wait_reason(run).unwrap_or_default(),
        date: header.date.to_string(),
        stages: run
            .stages()
            .map(|(ix, stage)| (plan.stage(ix).id.to_string(), stage.status.as_str().into()))
            .collect(),
        tasks: tasks.filter(|(_, n)| *n > 0).collect(),
        rejected: format::rejected_tasks(run)
            .map(|(ix, no)| {
                let said = format!(
                    "{} {}",
                    format::format_time(run.task(ix).since),
                    format::rejection_text(no)
                );
                (plan.task(ix).id.to_string(), said)
            })
            .collect(),
        health: agents::program_agents(run)
            .map(|ix| {
                (plan.agent(ix).id.to_string(), agents::agent_health(run, ix, at).as_str().into())
            })
            .collect(),
        trading: run.trading_status().state.to_string(),
        trading_since: trading_state::trading_state_text(run)
            .map_or_else(String::new, |told| format!("{told}; {}", trading_state::orders(run))),
        kill_drill: None,
        components: Vec::new(),
        gates: header.gates,
        needs_person: header.needs_person,
        last_seq: run.last_seq(),
    }
}

impl SystemStatus {
    /// As lines of text, each ended by a line break.
    #[must_use]
    pub fn text(&self) -> String {
        let (engine, figures, ours) = (&self.workflow_engine, &self.statistics, &self.bellwether);
        let listed = |map: &IndexMap<String, String>| {
            map.iter().map(|(name, word)| format!("{name} {word}")).collect::<Vec<_>>().join(", ")
        };
        let running = if self.system_running { "yes" } else { "no" };
        let mut rows = vec![
            ("system running", running.to_owned()),
            (
                "started",
                format!(
                    "{} {}",
                    self.startup_time.replace('T', " "),
                    planning::calendar::clock_name()
                ),
            ),
            ("up for", format::format_duration(Span::secs(self.uptime_seconds))),
            ("agents healthy", format!("{} of {}", self.agents.healthy, self.agents.total)),
            (
                "runs",
                format!(
                    "{} active, {} completed, {} failed",
                    engine.active_executions, engine.completed_executions, engine.failed_executions
                ),
            ),
            ("tasks completed", figures.total_tasks_completed.to_string()),
            ("average task", format!("{} s", figures.average_task_duration)),
            ("success rate", format!("{:.1}%", figures.success_rate * 100.0)),
        ];
        if !ours.run.is_empty() {
            rows.push(("run", format!("{} {} {}", ours.run, ours.mode, ours.status)));
            if !ours.waits.is_empty() {
                rows.push(("waits", ours.waits.clone()));
            }
            rows.push(("stages", listed(&ours.stages)));
            let tasks = ours.tasks.iter().map(|(state, n)| format!("{n} {state}"));
            rows.push(("tasks", tasks.collect::<Vec<_>>().join(", ")));
            rows.extend(ours.rejected.iter().map(|(id, no)| ("rejected", format!("{id} {no}"))));
            rows.push(("health", listed(&ours.health)));
            rows.push(("need operator", ours.needs_person.to_string()));
        }
        if !ours.trading.is_empty() {
            let told = format!("{} {}", ours.trading, ours.trading_since);
            rows.push(("trading", told.trim_end().to_owned()));
        }
        rows.extend(ours.kill_drill.iter().map(|drill| ("drill", drill.told.clone())));
        rows.extend(ours.gates.iter().map(|gate| ("gate", gate.clone())));
        if figures.workflows_executed == 0 && figures.total_tasks_completed == 0 {
            rows.retain(|(label, _)| !matches!(*label, "average task" | "success rate"));
        }
        let lines = rows.iter().map(|(label, value)| format!("{label:<16}{value}"));
        lines.collect::<Vec<_>>().join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample::{self, exchange_time};

    fn process() -> ProcessInfo {
        ProcessInfo {
            started_at: exchange_time("02:42:07"),
            runs_completed: 14,
            runs_failed: 1,
            tasks_completed: 449,
            tasks_failed: 9,
            task_seconds: 5_565.0,
        }
    }

    #[test]
    fn the_document_has_the_specifications_fields_and_one_of_ours() {
        let day = sample::every_state();
        let status = status(Some(day.run()), &process(), exchange_time("10:42:07"));
        insta::assert_snapshot!(serde_json::to_string_pretty(&status).unwrap(), @r#"
        {
          "system_running": true,
          "startup_time": "2024-01-16T02:42:07",
          "uptime_seconds": 28800,
          "agents": {
            "total": 3,
            "healthy": 2,
            "names": [
              "economist",
              "portfolio_manager",
              "trade_execution"
            ]
          },
          "workflow_engine": {
            "active_executions": 1,
            "completed_executions": 14,
            "failed_executions": 1
          },
          "statistics": {
            "workflows_executed": 15,
            "total_tasks_completed": 450,
            "average_task_duration": 12.5,
            "success_rate": 0.976
          },
          "bellwether": {
            "run": "2024-01-16-standard-1",
            "mode": "SIM",
            "status": "RUNNING",
            "date": "2024-01-16",
            "stages": {
              "pre_market": "COMPLETED",
              "market_open": "COMPLETED",
              "intraday": "OPEN",
              "post_market": "WAITING"
            },
            "tasks": {
              "PENDING": 1,
              "QUEUED": 1,
              "RUNNING": 1,
              "RETRYING": 1,
              "HELD": 1,
              "CANCELLING": 1,
              "IN_DOUBT": 1,
              "COMPLETED": 1,
              "FAILED": 1,
              "TIMEOUT": 1,
              "CANCELLED": 1,
              "SKIPPED": 1,
              "UPSTREAM_FAILED": 1,
              "MISSED": 1
            },
            "rejected": {},
            "health": {
              "economist": "HEALTHY",
              "portfolio_manager": "DEGRADED",
              "trade_execution": "HEALTHY"
            },
            "trading": "ACTIVE",
            "trading_since": "",
            "gates": [],
            "needs_person": 3,
            "last_seq": 40
          }
        }
        "#);
    }

    #[test]
    fn the_same_reads_as_lines() {
        let day = sample::every_state();
        let status = status(Some(day.run()), &process(), exchange_time("10:42:07"));
        insta::assert_snapshot!(status.text(), @"
        system running  yes
        started         2024-01-16 02:42:07 ET
        up for          8h00m
        agents healthy  2 of 3
        runs            1 active, 14 completed, 1 failed
        tasks completed 450
        average task    12.5 s
        success rate    97.6%
        run             2024-01-16-standard-1 SIM RUNNING
        stages          pre_market COMPLETED, market_open COMPLETED, intraday OPEN, post_market WAITING
        tasks           1 PENDING, 1 QUEUED, 1 RUNNING, 1 RETRYING, 1 HELD, 1 CANCELLING, 1 IN_DOUBT, 1 COMPLETED, 1 FAILED, 1 TIMEOUT, 1 CANCELLED, 1 SKIPPED, 1 UPSTREAM_FAILED, 1 MISSED
        health          economist HEALTHY, portfolio_manager DEGRADED, trade_execution HEALTHY
        need operator   3
        trading         ACTIVE
        ");
    }

    #[test]
    fn without_a_run_nothing_is_invented() {
        let fresh = ProcessInfo::started(exchange_time("09:00:00"));
        let status = status(None, &fresh, exchange_time("09:00:30"));
        assert!(!status.system_running);
        assert_eq!((status.uptime_seconds, status.agents.total), (30, 0));
        let figures = status.statistics;
        assert_eq!(format!("{} {}", figures.average_task_duration, figures.success_rate), "0 0");
    }
}
