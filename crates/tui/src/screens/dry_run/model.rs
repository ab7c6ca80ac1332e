//! The plan: the day as it was played beforehand, and what the acts on a task would do.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    action::CursorMotion,
    cursor,
    model::Model,
    msg::Effect,
    nav::Screen,
    screens,
    time_travel::{DryRunRecording, RunRecording, StoredRunKind},
};
use engine::{
    Actor, AlertSeverity, Command, Resolution, RetryScope, RunState,
    control::{GuardLevel, LineWarning, Preview, Proposal, propose},
    forecast::DryRunReport,
    unmet_conditions,
};
use planning::plan::TaskIx;
use view::{
    dryrun::{self, OutlineRow, RowTone},
    format,
};

/// The state of the dry-run screen.
#[derive(Debug, Default)]
pub(crate) struct DryRunScreen {
    /// The run whose day was asked for, so that it is not asked for twice.
    asked: Option<String>,
    /// The forecast that was asked for: the last event it knows, and when, on the wall.
    pending: Option<(u64, DateTime<Utc>)>,
    made: Option<FinishedDryRun>,
    trial: Option<CommandPreviews>,
    /// The selected row; rows change only with a new rehearsal or a new trial.
    row: usize,
}

/// A forecast, and when it was made.
#[derive(Debug)]
pub(crate) struct FinishedDryRun {
    /// The result of the dry run.
    pub(crate) day: DryRunReport,
    items: Vec<OutlineRow>,
    /// On the run's clock.
    pub(crate) at: DateTime<Utc>,
    /// The last event it knows.
    seq: u64,
}

/// Previews of every command on a task.
#[derive(Debug)]
struct CommandPreviews {
    task: TaskIx,
    rows: Vec<(RowTone, String)>,
}

/// A row of the screen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum DryRunRow<'a> {
    /// Of a trial.
    Text(RowTone, &'a str),
    /// Of the rehearsal.
    Item(&'a OutlineRow),
}

impl DryRunScreen {
    /// The rehearsal, once there is one.
    pub(crate) const fn finished(&self) -> Option<&FinishedDryRun> {
        self.made.as_ref()
    }

    /// Returns whether one was asked for and is not there yet.
    pub(crate) const fn is_pending(&self) -> bool {
        self.pending.is_some() && self.made.is_none()
    }

    /// The selected row.
    pub(crate) const fn selected_row(&self) -> usize {
        self.row
    }

    /// All rows: the trial first, if one was made.
    pub(crate) fn rows(&self) -> Vec<DryRunRow<'_>> {
        let told = self.trial.iter().flat_map(|trial| &trial.rows);
        let told = told.map(|(tone, text)| DryRunRow::Text(*tone, text));
        let items = self.made.iter().flat_map(|made| &made.items);
        told.chain(items.map(DryRunRow::Item)).collect()
    }

    /// The task of the selected row.
    pub(crate) fn task(&self) -> Option<TaskIx> {
        self.task_of_row(self.row)
    }

    fn task_of_row(&self, row: usize) -> Option<TaskIx> {
        match self.rows().get(row)? {
            DryRunRow::Text(..) => self.trial.as_ref().map(|trial| trial.task),
            DryRunRow::Item(item) => dryrun::task_of(&self.made.as_ref()?.day, item),
        }
    }
}

/// Asks for the morning's plan of the live day where a screen shows it and none was asked for, and for a
/// forecast where that is shown.
pub(crate) fn request_dry_run(model: &mut Model) -> Vec<Effect> {
    let shows = matches!(model.nav.screen(), Screen::DryRun | Screen::Runs | Screen::Diff);
    let Some(run) = model.run.as_ref().filter(|_| shows) else { return Vec::new() };
    let mut effects = Vec::new();
    if model.board.asked.as_ref() != Some(&run.plan().run) {
        effects = ask(model);
    }
    effects.extend(request_forecast(model));
    effects
}

/// Shortest time on the wall between two forecasts.
const FORECAST_MIN: TimeDelta = TimeDelta::seconds(2);

/// Asks for a forecast where the screen shows one and the run has gone on since the last.
pub(crate) fn request_forecast(model: &mut Model) -> Option<Effect> {
    let run = model.run.as_ref().filter(|_| model.nav.screen() == Screen::DryRun)?;
    let seq = run.last_seq();
    let lately = |(_, asked): (u64, DateTime<Utc>)| model.wall - asked < FORECAST_MIN;
    let known = model.board.made.as_ref().map(|made| made.seq);
    let asked = model.board.pending;
    let waits = asked.is_some_and(|(of, _)| known.is_none_or(|known| known < of));
    if known == Some(seq) || waits || asked.is_some_and(lately) {
        return None;
    }
    forecast(model)
}

fn forecast(model: &mut Model) -> Option<Effect> {
    let run = model.run.as_ref()?;
    model.board.pending = Some((run.last_seq(), model.wall));
    Some(Effect::Forecast { state: Box::new(run.clone()), at: model.now })
}

/// Takes a forecast in. The selection stays on its task.
pub(crate) fn on_forecast(model: &mut Model, day: DryRunReport) {
    let task = model.board.task();
    let seq = model.board.pending.map_or(0, |(seq, _)| seq);
    let items = dryrun::outline_rows(&day);
    model.board.made = Some(FinishedDryRun { at: day.starts_at, day, items, seq });
    let rows = model.board.rows().len();
    let own = task.and_then(|ix| (0..rows).find(|&row| model.board.task_of_row(row) == Some(ix)));
    model.board.row = own.unwrap_or_else(|| model.board.row.min(rows.saturating_sub(1)));
}

fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    model.board.asked = Some(run.plan().run.clone());
    // From when the run began, so that what happened and what was planned can be compared.
    let began = run.stages().filter_map(|(_, stage)| stage.started_at);
    let from = began
        .chain(model.travel.live_recording().map(RunRecording::started_at))
        .min()
        .unwrap_or(model.now);
    vec![Effect::DryRun { plan: std::sync::Arc::clone(run.plan()), from }]
}

/// Takes the morning's plan in.
pub(crate) fn on_dry_run(model: &mut Model, rehearsed: DryRunRecording) {
    model.travel.store(StoredRunKind::DryRun, rehearsed.record);
}

/// A new run: its day has not been played.
pub(crate) fn reset(model: &mut Model) {
    model.board = DryRunScreen::default();
}

/// Moves the selection.
pub(crate) fn move_cursor(model: &mut Model, motion: CursorMotion, page: usize) {
    let rows = model.board.rows().len();
    model.board.row = cursor::moved_row(motion, model.board.row, rows, page);
}

/// Tries the acts on the selected task; on the plan with no task selected, plays the day anew.
pub(crate) fn try_out(model: &mut Model) -> Vec<Effect> {
    let Some((run, ix)) = model.displayed_run().zip(model.selected_task()) else {
        if model.nav.screen() == Screen::DryRun {
            model.set_status(AlertSeverity::Info, "running the dry run again");
            return forecast(model).into_iter().collect();
        }
        model.set_status(AlertSeverity::Info, "no task is selected: j selects the first");
        return Vec::new();
    };
    let rows = trial(run, ix, model.displayed_moment());
    model.board.trial = Some(CommandPreviews { task: ix, rows });
    model.board.row = 0;
    model.nav.go_to(Screen::DryRun);
    request_dry_run(model)
}

/// Returns what each act on a task would do at a moment: first what each that applies changes, then
/// why the others do not apply.
fn trial(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> Vec<(RowTone, String)> {
    let id = &run.plan().task(ix).id;
    let head = format!("preview of all commands on {id} at {}", format::format_time(at));
    let (mut rows, mut refused) = (vec![(RowTone::Head, head)], Vec::new());
    for (name, command) in commands(run, ix, at) {
        let by = Actor::Operator("trial".into());
        let proposal = Proposal { id: u64::MAX, by, commands: vec![command], seen: run.last_seq() };
        match propose(run, at, &proposal, GuardLevel::Mode) {
            Ok(plan) => rows.extend(preview_rows(name, &plan)),
            Err(refusal) => refused.push((name, refusal)),
        }
    }
    for (name, refusal) in refused {
        let why = format::sanitize(&refusal.why).into_owned();
        rows.push((RowTone::Warn, format!("  {name:<20} not now: {why}")));
    }
    rows
}

/// Returns what an act would do, a row for each line of its plan; how grave it is stands in the
/// first.
fn preview_rows(name: &str, plan: &Preview) -> Vec<(RowTone, String)> {
    let mut rows = vec![(RowTone::Plain, format!("  {name:<20} {}", plan.tier.as_str()))];
    for section in &plan.sections {
        for line in section.lines.iter().take(LINES_MAX) {
            let tone = if line.mark == LineWarning::None { RowTone::Plain } else { RowTone::Warn };
            let at = line.at.map_or_else(String::new, |at| format!(" {}", format::format_time(at)));
            let text = format!("{}{at}", format::sanitize(&line.text));
            rows.push((tone, format!("  {:<20}   {}: {text}", "", section.kind.heading())));
        }
        if let Some(more) = section.count.checked_sub(LINES_MAX).filter(|more| *more > 0) {
            rows.push((RowTone::Plain, format!("  {:<20}   and {more} more", "")));
        }
    }
    rows
}

/// Lines shown of a heading of a trial.
const LINES_MAX: usize = 5;

/// Every act on a task, by the name it has in the help.
fn commands(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<(&'static str, Command)> {
    let waivers = unmet_conditions(run, at, task).iter().filter_map(|unmet| unmet.waiver).collect();
    vec![
        ("retry", Command::Retry { task, scope: RetryScope::Task }),
        ("retry-downstream", Command::Retry { task, scope: RetryScope::WithDownstream }),
        ("run-now", Command::RunNow { task }),
        ("force, all waived", Command::Force { task, waivers }),
        ("hold", Command::Hold { task }),
        ("release", Command::Release { task }),
        ("cancel", Command::Cancel { task }),
        ("skip-satisfied", Command::Skip { task, satisfies: true }),
        ("skip", Command::Skip { task, satisfies: false }),
        ("unskip", Command::Unskip { task }),
        ("approve", Command::approve_all(task)),
        ("reject", Command::Reject { task }),
        ("rerun", Command::Rerun { task }),
        ("set-completed", Command::SetCompleted { task }),
        ("set-failed", Command::SetFailed { task }),
        ("resolve: no effect", Command::Resolve { task, finding: Resolution::DidNotHappen }),
        ("resolve: given up", Command::Resolve { task, finding: Resolution::GaveUp }),
    ]
}

/// Opens the selected task where it says what is planned for it, and which rule says so.
pub(crate) fn open_origins(model: &mut Model) {
    let Some(ix) = model.selected_task() else {
        model.set_status(AlertSeverity::Info, "no task is selected: j selects the first");
        return;
    };
    model.nav.go_to(Screen::Task(ix));
    let lines = screens::task::model::detail_lines(model, ix);
    let head = |title: &str| lines.iter().position(|line| line.to_string() == title);
    model.scroll = head("origins").or_else(|| head("facts")).unwrap_or(0);
    if head("origins").is_none() {
        model.set_status(AlertSeverity::Info, "no overlay changes this task");
    }
}
