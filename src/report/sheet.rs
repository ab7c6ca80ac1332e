//! What one screen of the console would list at a moment, as rows of words: for the shell, as text
//! or as JSON.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::{
    engine::{Recorded, RunState},
    present::{agents, alerts, board, day, events, filter::Filter, plain, words},
};

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The stages of the day.
    Day,
    /// Every task, most pressing first.
    Tasks,
    /// The agents.
    Agents,
    /// What happened, oldest first.
    Events,
    /// Alerts, and what waits for an answer.
    Alerts,
}

/// A table of words. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// In a sentence or two: how the run stands.
    pub head: String,
    /// What each column holds; a key of the JSON.
    pub columns: &'static [&'static str],
    /// Rows as wide as `columns`.
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// What a page lists at `at`. `events` are those of the run, in order.
    #[must_use]
    pub fn of(page: Page, run: &RunState, events: &[Arc<Recorded>], at: DateTime<Utc>) -> Self {
        let head = plain::summary(run, at, &|_no_key| None);
        let (columns, rows): (&[&str], _) = match page {
            Page::Day => (
                &["stage", "status", "opens", "closes", "done", "tasks", "bad", "running", "slip"],
                stages(run, at),
            ),
            Page::Tasks => (
                &["task", "state", "stage", "agent", "priority", "try", "age", "next", "note"],
                tasks(run, at),
            ),
            Page::Agents => (
                &["agent", "health", "running", "slots", "done", "failed", "breaker", "now"],
                agents(run, at),
            ),
            Page::Events => (&["seq", "time", "severity", "event", "what"], happened(run, events)),
            Page::Alerts => (&["name", "time", "severity", "state", "text"], asked(run, at)),
        };
        Self { head, columns, rows }
    }

    /// As lines: the head, then the columns below each other.
    #[must_use]
    pub fn text(&self) -> String {
        let width = |column: usize, name: &str| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).chain([name.len()]).max().unwrap_or(0)
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
    pub fn json(&self) -> Value {
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
        let (opens, closes) = (words::minute(stage.opens), words::minute(stage.closes));
        let counts = [stage.done, stage.all, stage.bad, stage.running].map(|n| n.to_string());
        let head = [stage.id.to_string(), stage.status.word().into(), opens, closes];
        head.into_iter().chain(counts).chain([stage.slip]).collect()
    });
    rows.collect()
}

fn tasks(run: &RunState, at: DateTime<Utc>) -> Vec<Vec<String>> {
    let rows = board::board(run, at, board::Sort::default(), &Filter::default());
    let row = |row: board::TaskRow| {
        vec![
            row.id.to_string(),
            words::lower(row.state).to_owned(),
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
            row.health.word().to_lowercase(),
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

fn happened(run: &RunState, events: &[Arc<Recorded>]) -> Vec<Vec<String>> {
    let row = |event: &Arc<Recorded>| {
        let line = events::line(event, run.plan());
        let severity = format!("{:?}", line.severity).to_lowercase();
        vec![line.seq.to_string(), line.time, severity, line.kind.into(), line.what]
    };
    events.iter().map(row).collect()
}

fn asked(run: &RunState, at: DateTime<Utc>) -> Vec<Vec<String>> {
    let questions = alerts::approvals(run, at).into_iter().map(|row| {
        let state = format!("lapses in {}", row.remaining);
        vec![row.id.to_string(), words::time(row.since), "critical".into(), state, row.text]
    });
    let raised = alerts::alerts(run).into_iter().map(|row| {
        let severity = format!("{:?}", row.severity).to_lowercase();
        let state = row.state();
        vec![row.name, words::time(row.at), severity, state, row.text]
    });
    questions.chain(raised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::sample::{self, et};

    #[test]
    fn every_page_tells_as_many_cells_as_columns_in_text_and_in_json() {
        let day = sample::every_state();
        let events: Vec<_> = day.events.iter().cloned().map(Arc::new).collect();
        for page in [Page::Day, Page::Tasks, Page::Agents, Page::Events, Page::Alerts] {
            let sheet = Sheet::of(page, day.run(), &events, et("10:42:07"));
            assert!(!sheet.rows.is_empty(), "{page:?}");
            assert!(sheet.rows.iter().all(|row| row.len() == sheet.columns.len()), "{page:?}");
            let (text, json) = (sheet.text(), sheet.json());
            assert_eq!(json["rows"].as_array().unwrap().len(), sheet.rows.len());
            assert_eq!(text.lines().count(), sheet.rows.len() + 3, "{text}");
            assert!(json["rows"][0].get(sheet.columns[0]).is_some());
        }
    }
}
