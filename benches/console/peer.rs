//! Naive console for comparison: a ratatui `Table` of all rows.
//!
//! It applies the same events and has the same keys for moving and filtering; it shows one list
//! with eight columns and no header, timeline, agents or events. Each frame converts every task to
//! a `Row`, of which ratatui shows the visible part.

use bellwether::{
    engine::{RunState, TaskState},
    planning::plan::TaskIx,
    tui::Msg,
};
use chrono::{DateTime, Utc};
use ratatui::{
    Frame,
    crossterm::event::KeyCode,
    layout::Constraint,
    style::{Color, Modifier, Style},
    widgets::{Block, Cell, Row, Table, TableState},
};

use super::desk::App;

/// The complete state of the naive console.
pub(crate) struct Naive {
    run: RunState,
    now: DateTime<Utc>,
    list: TableState,
    filter: String,
    typing: bool,
}

impl Naive {
    /// Creates a list of a run's tasks.
    pub(crate) fn new(run: RunState, now: DateTime<Utc>) -> Self {
        Self { run, now, list: TableState::default(), filter: String::new(), typing: false }
    }

    fn shown(&self) -> Vec<TaskIx> {
        let plan = self.run.plan();
        let passes = |ix: &TaskIx| plan.task(*ix).id.as_str().contains(&self.filter);
        self.run.tasks().map(|(ix, _)| ix).filter(passes).collect()
    }

    fn key(&mut self, code: KeyCode) {
        match code {
            KeyCode::Char('/') => self.typing = true,
            KeyCode::Char(letter) if self.typing => self.filter.push(letter),
            KeyCode::Enter => self.typing = false,
            KeyCode::Esc => {
                self.filter.clear();
                self.typing = false;
            }
            KeyCode::Char('j') => self.list.select_next(),
            KeyCode::Char('k') => self.list.select_previous(),
            KeyCode::PageDown => self.list.scroll_down_by(20),
            KeyCode::PageUp => self.list.scroll_up_by(20),
            KeyCode::Char('G') => self.list.select_last(),
            KeyCode::Char('g') => self.list.select_first(),
            _other => {}
        }
    }
}

impl App for Naive {
    fn tell(&mut self, msg: Msg) -> bool {
        match msg {
            Msg::Key(key) => self.key(key.code),
            Msg::Engine(batch) => {
                for recorded in batch {
                    self.run.apply(&recorded).expect("events in order");
                }
            }
            Msg::Tick { now, .. } => {
                let changed = now.timestamp() != self.now.timestamp();
                self.now = now;
                return changed;
            }
            _other => return false,
        }
        true
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        let (run, plan) = (&self.run, self.run.plan());
        let row = |ix: TaskIx| {
            let (planned, task) = (plan.task(ix), run.task(ix));
            let style = match task.state {
                TaskState::Failed | TaskState::Timeout => Style::new().fg(Color::Red),
                TaskState::Running => Style::new().fg(Color::Cyan),
                _other => Style::new(),
            };
            let age = (self.now - task.since).num_seconds();
            let cells = [
                planned.id.to_string(),
                task.state.to_string(),
                plan.stage(planned.stage).id.to_string(),
                plan.agent(planned.agent).id.to_string(),
                format!("{:?}", task.priority),
                format!("{}/{}", task.attempt, planned.max_retries + 1),
                format!("{:02}:{:02}", age / 60, age % 60),
                task.outcome.as_ref().map_or(String::new(), |o| o.summary.clone()),
            ];
            Row::new(cells.map(Cell::from)).style(style)
        };
        let rows = self.shown().into_iter().map(row);
        let widths = [16, 15, 12, 19, 8, 4, 5].map(Constraint::Length);
        let table = Table::new(rows, widths.into_iter().chain([Constraint::Fill(1)]))
            .block(Block::bordered().title("tasks"))
            .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED));
        frame.render_stateful_widget(table, frame.area(), &mut self.list);
    }
}
