//! The rows of one screen at a moment, as text or as JSON.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::{agents, alerts, day, event_line, filter::Filter, format, speech, task_list};
use engine::{RecordedEvent, RunState};

/// Longer cells are not aligned.
const WIDTH_MAX: usize = 200;

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScreenName {
    /// The stages of the day.
    Day,
    /// Every task, most pressing first.
    Tasks,
    /// The agents.
    Agents,
    /// The events, oldest first.
    Events,
    /// Alerts, and what waits for an answer.
    Alerts,
}

/// A table of words. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenTable {
    /// In a sentence or two: how the run stands.
    pub head: String,
    /// The column names; also the keys of the JSON.
    pub columns: &'static [&'static str],
    /// Rows as wide as `columns`.
    pub rows: Vec<Vec<String>>,
}

impl ScreenTable {
    /// Returns what a page lists at `at`. `events` are those of the run, in order.
    #[must_use]
    pub fn for_screen(
        page: ScreenName,
        run: &RunState,
        events: &[Arc<RecordedEvent>],
        at: DateTime<Utc>,
    ) -> Self {
        let head = speech::spoken_summary(run, at, &|_no_key| None);
        let (columns, rows): (&[&str], _) = match page {
            ScreenName::Day => (
                &["stage", "status", "opens", "closes", "done", "tasks", "bad", "running", "slip"],
                stages(run, at),
            ),
            ScreenName::Tasks => (
                &["task", "state", "stage", "agent", "priority", "try", "age", "next", "note"],
                tasks(run, at),
            ),
            ScreenName::Agents => (
                &["agent", "health", "running", "slots", "done", "failed", "breaker", "now"],
                agents(run, at),
            ),
            ScreenName::Events => {
                (&["seq", "time", "severity", "event", "what"], event_rows(run, events))
            }
            ScreenName::Alerts => {
                (&["name", "time", "severity", "state", "text"], approval_cells(run, at))
            }
        };
        Self { head, columns, rows }
    }

    /// As lines: the head, then the columns below each other.
    #[must_use]
    pub fn to_text(&self) -> String {
        let width = |column: usize, name: &str| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .chain([name.len()])
                .max()
                .unwrap_or(0)
                .min(WIDTH_MAX)
        };
        let widths: Vec<_> =
            self.columns.iter().enumerate().map(|(i, name)| width(i, name)).collect();
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let padded = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}  "));
            padded.collect::<String>().trim_end().to_owned() + "\n"
        };
        let mut text = format!("{}\n\n", self.head);
        text.push_str(&line(&mut self.columns.iter().copied()));
        for row in &self.rows {
            text.push_str(&line(&mut row.iter().map(String::as_str)));
        }
        text
    }

    /// As JSON: `summary`, and `rows` with one object each.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let object = |row: &Vec<String>| {
            let cells = self.columns.iter().zip(row);
            cells
                .map(|(name, cell)| ((*name).into(), cell.as_str().into()))
                .collect::<Map<_, Value>>()
        };
        json!({ "summary": self.head, "rows": self.rows.iter().map(object).collect::<Vec<_>>() })
    }
}

fn stages(run: &RunState, at: DateTime<Utc>) -> Vec<Vec<String>> {
    let rows = day::stages(run, at).into_iter().map(|stage| {
        let (opens, closes) =
            (format::format_minute(stage.opens), format::format_minute(stage.closes));
        let counts = [stage.done, stage.all, stage.bad, stage.running].map(|n| n.to_string());
        let head = [stage.id.to_string(), stage.status.as_str().into(), opens, closes];
        head.into_iter().chain(counts).chain([stage.slip]).collect()
    });
    rows.collect()
}

fn tasks(run: &RunState, at: DateTime<Utc>) -> Vec<Vec<String>> {
    let rows = task_list::task_rows(run, at, task_list::Sort::default(), &Filter::default());
    let row = |row: task_list::TaskRow| {
        vec![
            row.id.to_string(),
            format::state_text(row.state).to_owned(),
            row.stage.to_string(),
            row.agent.to_string(),
            row.priority.to_owned(),
            row.attempt,
            row.age,
            row.next,
            row.note,
        ]
    };
    rows.into_iter().map(row).collect()
}

fn agents(run: &RunState, at: DateTime<Utc>) -> Vec<Vec<String>> {
    let row = |row: agents::AgentRow| {
        vec![
            row.id.to_string(),
            row.health.as_str().to_lowercase(),
            row.running.to_string(),
            row.slots.to_string(),
            row.done.to_string(),
            row.failed.to_string(),
            row.breaker,
            row.now,
        ]
    };
    agents::agents(run, at).into_iter().map(row).collect()
}

fn event_rows(run: &RunState, events: &[Arc<RecordedEvent>]) -> Vec<Vec<String>> {
    let row = |event: &Arc<RecordedEvent>| {
        let line = event_line::event_line(event, run.plan());
        let severity = format!("{:?}", line.severity).to_lowercase();
        vec![line.seq.to_string(), line.time, severity, line.kind.into(), line.what]
    };
    events.iter().map(row).collect()
}

fn approval_cells(run: &RunState, at: DateTime<Utc>) -> Vec<Vec<String>> {
    let questions = alerts::approval_rows(run, at).into_iter().map(|row| {
        let state = format!("lapses in {}", row.remaining);
        vec![row.id.to_string(), format::format_time(row.since), "critical".into(), state, row.text]
    });
    let raised = alerts::alert_rows(run).into_iter().map(|row| {
        let severity = format!("{:?}", row.severity).to_lowercase();
        let state = row.state_text();
        vec![row.name, format::format_time(row.at), severity, state, row.text]
    });
    questions.chain(raised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample::{self, exchange_time};

    #[test]
    fn every_page_tells_as_many_cells_as_columns_in_text_and_in_json() {
        let day = sample::every_state();
        let events: Vec<_> = day.events.iter().cloned().map(Arc::new).collect();
        for page in [
            ScreenName::Day,
            ScreenName::Tasks,
            ScreenName::Agents,
            ScreenName::Events,
            ScreenName::Alerts,
        ] {
            let sheet =
                ScreenTable::for_screen(page, day.run(), &events, exchange_time("10:42:07"));
            assert!(!sheet.rows.is_empty(), "{page:?}");
            assert!(sheet.rows.iter().all(|row| row.len() == sheet.columns.len()), "{page:?}");
            let (text, json) = (sheet.to_text(), sheet.to_json());
            assert_eq!(json["rows"].as_array().unwrap().len(), sheet.rows.len());
            assert_eq!(text.lines().count(), sheet.rows.len() + 3, "{text}");
            assert!(json["rows"][0].get(sheet.columns[0]).is_some());
        }
    }
}
