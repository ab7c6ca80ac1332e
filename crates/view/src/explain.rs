//! The origin of each task, window and limit of a day plan, and the differences from a normal day.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::page::{TextPage, truncate};
use planning::{
    calendar::exchange_local,
    id::{StageId, TaskId},
    plan::{DayPlan, NotedValue, PlanNote, PlannedTask, StageIx},
};

/// No row is wider, in characters.
const WIDTH: usize = 80;
/// Room for a task's name in the table of a stage.
const NAME: usize = 22;
/// Room for the names of the rules in that table: what the other columns leave.
const RULES: usize = 18;

/// The derivation of one day. Serialises to the JSON form; `Explanation::rows` is the text.
///
/// Times of day inside notes are exchange time; `open` and `close` are UTC.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanExplanation<'a> {
    /// Trading date, in exchange time.
    pub date: NaiveDate,
    /// The kind of day, as text.
    pub day: &'a str,
    /// Begin of the session; nominal on a closed day.
    pub open: DateTime<Utc>,
    /// End of the session; nominal on a closed day.
    pub close: DateTime<Utc>,
    /// The overlays that apply, in order of application.
    pub overlays: Vec<OverlayExplained<'a>>,
    /// The differences from a normal day.
    pub changes: Vec<&'a PlanNote>,
    /// The values that two rules set differently; also among `changes`.
    pub conflicts: Vec<&'a PlanNote>,
    /// Values of the whole day plan: session, limits, blackouts, approvals.
    pub values: Vec<&'a PlanNote>,
    /// The stages, in order.
    pub stages: Vec<StageExplained<'a>>,
}

/// One overlay and why it applies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverlayExplained<'a> {
    pub overlay: &'a str,
    pub why: &'a str,
    pub origin: &'a str,
}

/// One stage and its tasks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageExplained<'a> {
    pub stage: &'a StageId,
    /// The origin of the window.
    pub window: Option<&'a PlanNote>,
    /// Its tasks, in order.
    pub tasks: Vec<TaskExplained<'a>>,
}

/// One task and where its values come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskExplained<'a> {
    #[serde(flatten)]
    pub task: &'a PlannedTask,
    /// The origins of the other values.
    pub rules: Vec<&'a PlanNote>,
}

/// Explains a day from its plan alone.
#[must_use]
pub fn explain_plan(plan: &DayPlan) -> PlanExplanation<'_> {
    let of = |task: Option<&TaskId>| -> Vec<&PlanNote> {
        plan.notes.iter().filter(|note| note.task.as_ref() == task).collect()
    };
    let overlay = |note| overlay(note).is_some();
    let day = of(None);
    PlanExplanation {
        date: plan.date,
        day: &plan.day,
        open: plan.open,
        close: plan.close,
        overlays: explain_overlays(plan),
        changes: plan.notes.iter().filter(|note| changes(note) && !overlay(note)).collect(),
        conflicts: plan.notes.iter().filter(|note| note.conflict.is_some()).collect(),
        values: day.into_iter().filter(|note| !overlay(note)).collect(),
        stages: (0..plan.stages.len())
            .map(|place| stage_explained(plan, StageIx::new(place)))
            .collect(),
    }
}

fn stage_explained(plan: &DayPlan, place: StageIx) -> StageExplained<'_> {
    let stage = plan.stage(place);
    let task = |ix| {
        let task = plan.task(ix);
        let rules = plan.notes.iter().filter(|note| note.task.as_ref() == Some(&task.id));
        TaskExplained { task, rules: rules.collect() }
    };
    let tasks = plan.tasks_of(place).map(task).collect();
    let own =
        |note: &&PlanNote| matches!(&note.about, NotedValue::Stage(id) if stage.id.as_str() == id);
    let window = plan.notes.iter().find(own);
    StageExplained { stage: &stage.id, window, tasks }
}

/// The overlays that apply and why, in order of application.
pub(super) fn explain_overlays(plan: &DayPlan) -> Vec<OverlayExplained<'_>> {
    plan.notes.iter().filter_map(overlay).collect()
}

/// The overlay a note tells of, if it tells that one applies.
fn overlay(note: &PlanNote) -> Option<OverlayExplained<'_>> {
    let NotedValue::Overlay(overlay) = &note.about else { return None };
    Some(OverlayExplained { overlay, why: &note.value, origin: &note.origin })
}

/// Returns whether a normal day has this otherwise.
fn changes(note: &PlanNote) -> bool {
    note.was.is_some() || note.conflict.is_some() || note.about.is_set_by_overlays()
}

impl PlanExplanation<'_> {
    /// The text form: rows of at most 80 characters, times of day in exchange time.
    #[must_use]
    pub fn rows(&self) -> Vec<String> {
        let mut page = TextPage::new(WIDTH);
        let weekday = self.date.format("%A");
        page.text(0, &format!("{} {weekday}: {}", self.date, self.day));
        let session = self.values.iter().find(|note| note.about == NotedValue::Session);
        let hours = session.map_or("none", |note| note.value.as_str());
        page.text(0, &format!("session {hours}, all times {}", planning::calendar::zone_text()));
        page.heading("overlays");
        for OverlayExplained { overlay, why, origin } in &self.overlays {
            page.text(2, &format!("{overlay}: {why} [{origin}]"));
        }
        page.none_if(self.overlays.is_empty());
        page.heading("different from a normal day");
        self.change_rows(&mut page);
        page.none_if(self.changes.is_empty());
        page.heading("conflicts");
        for note in &self.conflicts {
            let told = note.conflict.as_deref().unwrap_or_default();
            page.text(
                2,
                &format!("{}: {} from {} ({told})", subject(note), note.value, note.origin),
            );
        }
        page.none_if(self.conflicts.is_empty());
        page.heading("the whole day plan");
        for note in &self.values {
            if !matches!(note.about, NotedValue::Stage(_)) {
                page.text(2, &note_text(note));
            }
        }
        for stage in &self.stages {
            stage_rows(stage, &mut page);
        }
        page.into_rows()
    }

    /// Changes of the whole day plan, then by stage, then of tasks the day does not have.
    fn change_rows(&self, page: &mut TextPage) {
        let stage_of = |note: &PlanNote| {
            let has = |stage: &StageExplained<'_>| {
                stage.tasks.iter().any(|task| Some(&task.task.id) == note.task.as_ref())
            };
            note.task.as_ref().map(|_| self.stages.iter().position(has).unwrap_or(usize::MAX))
        };
        let place = |note: &PlanNote| {
            let tasks = self.stages.iter().flat_map(|stage| &stage.tasks);
            tasks.map(|task| Some(&task.task.id)).position(|id| id == note.task.as_ref())
        };
        let mut ordered = self.changes.clone();
        ordered.sort_by_key(|note| (stage_of(note), place(note)));
        ordered.retain(|note| !self.repeats_window(note));
        let mut current = None;
        let mut gone: Vec<(&PlanNote, Vec<&str>)> = Vec::new();
        for note in ordered {
            match (&note.task, stage_of(note).and_then(|place| self.stages.get(place))) {
                (None, _) => page.text(2, &note_text(note)),
                (Some(_), Some(StageExplained { stage, .. })) => {
                    if current.replace(*stage) != Some(*stage) {
                        page.text(2, stage.as_str());
                    }
                    page.text(4, &note_text(note));
                }
                (Some(task), None) => group(&mut gone, note, task.as_str()),
            }
        }
        for (note, names) in gone {
            page.text(2, &format!("{} [{}]", note.value, note.origin));
            page.text(4, &names.join(", "));
        }
    }

    /// Returns whether a note only says that a deadline moved with its window.
    fn repeats_window(&self, note: &PlanNote) -> bool {
        let window = |other: &&PlanNote| {
            other.about == NotedValue::Window
                && other.task == note.task
                && other.origin == note.origin
        };
        let mut tasks = self.stages.iter().flat_map(|stage| &stage.tasks);
        note.about == NotedValue::Deadline
            && note.conflict.is_none()
            && self.changes.iter().any(window)
            && tasks.any(|known| {
                let task = known.task;
                note.task.as_ref() == Some(&task.id) && task.deadline == task.closes_at
            })
    }
}

/// Adds a task to those of which the same is to be said.
fn group<'a>(groups: &mut Vec<(&'a PlanNote, Vec<&'a str>)>, note: &'a PlanNote, name: &'a str) {
    let alike = |other: &PlanNote| (&other.value, &other.origin) == (&note.value, &note.origin);
    match groups.iter_mut().find(|(other, _)| alike(other)) {
        Some((_, names)) => names.push(name),
        None => groups.push((note, vec![name])),
    }
}

/// `fomc_watch window`, `limit gross`.
fn subject(note: &PlanNote) -> String {
    match &note.task {
        Some(task) if matches!(note.about, NotedValue::Removed { .. } | NotedValue::Presence) => {
            task.to_string()
        }
        Some(task) => format!("{task} {}", note.about.name()),
        None => note.about.name(),
    }
}

/// `rebalance_check window: 11:00 .. 11:30, was 13:00 .. 13:30 [workflows/fomc.yaml]`.
fn note_text(note: &PlanNote) -> String {
    let was = note.was.as_ref().map_or_else(String::new, |was| format!(", was {was}"));
    format!("{}: {}{was} [{}]", subject(note), note.value, note.origin)
}

/// The table of one stage.
fn stage_rows(stage: &StageExplained<'_>, page: &mut TextPage) {
    let window =
        stage.window.map_or_else(String::new, |note| format!(": {} [{}]", note.value, note.origin));
    page.heading(&format!("{}{window}", stage.stage));
    let columns = ["task", "window", "due", "timeout", "every", "rules"].map(String::from);
    page.row(&table_row(&columns));
    for TaskExplained { task, rules } in &stage.tasks {
        page.row(&table_row(&[
            task.id.to_string(),
            format!("{} .. {}", clock(task.opens_at), clock(task.closes_at)),
            clock(task.deadline),
            task.timeout.to_string(),
            task.every.map_or_else(String::new, |every| every.to_string()),
            origins(rules),
        ]));
    }
}

fn table_row([id, window, deadline, timeout, every, rules]: &[String; 6]) -> String {
    let (id, rules) = (truncate(id, NAME), truncate(rules, RULES));
    let row = format!("  {id:<NAME$} {window:<14} {deadline:<5} {timeout:<7} {every:<5} {rules}");
    truncate(row.trim_end(), WIDTH)
}

/// Returns where the values in a task's row come from, each rule once: `fomc+standard`.
fn origins(rules: &[&PlanNote]) -> String {
    let shown = |note: &&&PlanNote| match note.about {
        NotedValue::Window | NotedValue::Deadline | NotedValue::Timeout | NotedValue::Every => true,
        NotedValue::Session
        | NotedValue::Volatility
        | NotedValue::Overlay(_)
        | NotedValue::Stage(_)
        | NotedValue::Blackout(_)
        | NotedValue::Limit(_)
        | NotedValue::Approval(_)
        | NotedValue::Removed { .. }
        | NotedValue::Presence
        | NotedValue::WaitsFor(_)
        | NotedValue::Other(_) => false,
    };
    let names: BTreeSet<_> =
        rules.iter().filter(shown).map(|note| short_origin(&note.origin)).collect();
    names.into_iter().collect::<Vec<_>>().join("+")
}

/// `fomc` for `workflows/fomc.yaml`, `calendar` for `calendar: early close 13:00 (…)`.
fn short_origin(origin: &str) -> &str {
    let name = origin.split(':').next().unwrap_or(origin);
    let name = name.rsplit('/').next().unwrap_or(name);
    name.split('.').next().unwrap_or(name)
}

fn clock(at: DateTime<Utc>) -> String {
    exchange_local(at).format("%H:%M").to_string()
}
