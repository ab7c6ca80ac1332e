//! The plan: the day as it was played beforehand, and what the acts on a task would do.

use chrono::{DateTime, Utc};

use crate::{
    acting::{ActPlan, Guards, Mark, Proposal, propose},
    console::{
        action::Motion,
        model::Model,
        movement,
        msg::Effect,
        nav::Screen,
        screen,
        travel::{Kind, Record, Rehearsed},
    },
    engine::{Actor, Command, Finding, RetryScope, RunState, Severity, unmet},
    forecast::DryDay,
    plan::TaskIx,
    present::{
        dryrun::{self, Item, Tone},
        words,
    },
};

/// What the plan shows.
#[derive(Debug, Default)]
pub(crate) struct Board {
    /// The run whose day was asked for, so that it is not asked for twice.
    asked: Option<String>,
    made: Option<Made>,
    trial: Option<Trial>,
    /// The selected row; rows change only with a new rehearsal or a new trial.
    row: usize,
}

/// A rehearsal, and when it was made.
#[derive(Debug)]
pub(crate) struct Made {
    /// What came of it.
    pub(crate) day: DryDay,
    items: Vec<Item>,
    /// On the run's clock.
    pub(crate) at: DateTime<Utc>,
}

/// What each act on a task would do.
#[derive(Debug)]
struct Trial {
    task: TaskIx,
    rows: Vec<(Tone, String)>,
}

/// A row of the screen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Row<'a> {
    /// Of a trial.
    Told(Tone, &'a str),
    /// Of the rehearsal.
    Item(&'a Item),
}

impl Board {
    /// The rehearsal, once there is one.
    pub(crate) const fn made(&self) -> Option<&Made> {
        self.made.as_ref()
    }

    /// Whether one was asked for and is not there yet.
    pub(crate) const fn waits(&self) -> bool {
        self.asked.is_some() && self.made.is_none()
    }

    /// The selected row.
    pub(crate) const fn row(&self) -> usize {
        self.row
    }

    /// All rows: the trial first, if one was made.
    pub(crate) fn rows(&self) -> Vec<Row<'_>> {
        let told = self.trial.iter().flat_map(|trial| &trial.rows);
        let told = told.map(|(tone, text)| Row::Told(*tone, text));
        let items = self.made.iter().flat_map(|made| &made.items);
        told.chain(items.map(Row::Item)).collect()
    }

    /// The task of the selected row.
    pub(crate) fn task(&self) -> Option<TaskIx> {
        match self.rows().get(self.row)? {
            Row::Told(..) => self.trial.as_ref().map(|trial| trial.task),
            Row::Item(item) => dryrun::task_of(&self.made.as_ref()?.day, item),
        }
    }
}

/// Asks for the rehearsal of the live day where a screen shows it and none was asked for.
pub(crate) fn wanted(model: &mut Model) -> Vec<Effect> {
    let shows = matches!(model.nav.screen(), Screen::Plan | Screen::Runs | Screen::Diff);
    let Some(run) = model.run.as_ref().filter(|_| shows) else { return Vec::new() };
    if model.board.asked.as_ref() == Some(&run.plan().run) {
        return Vec::new();
    }
    ask(model)
}

fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    model.board.asked = Some(run.plan().run.clone());
    // From when the run began, so that what happened and what was planned can be compared.
    let began = run.stages().filter_map(|(_, stage)| stage.started_at);
    let from = began.chain(model.travel.live().map(Record::began)).min().unwrap_or(model.now);
    vec![Effect::DryRun { plan: std::sync::Arc::clone(run.plan()), from }]
}

/// Takes a rehearsal in.
pub(crate) fn made(model: &mut Model, rehearsed: Rehearsed) {
    let Rehearsed { day, record } = rehearsed;
    model.travel.keep(Kind::Rehearsed, record);
    let items = dryrun::outline(&day);
    model.board.made = Some(Made { day, items, at: model.now });
    model.board.row = 0;
}

/// A new run: its day has not been played.
pub(crate) fn forget(model: &mut Model) {
    model.board = Board::default();
}

/// Moves the selection.
pub(crate) fn go(model: &mut Model, motion: Motion, page: usize) {
    let rows = model.board.rows().len();
    model.board.row = movement::moved(motion, model.board.row, rows, page);
}

/// Tries the acts on the selected task; on the plan with no task selected, plays the day anew.
pub(crate) fn try_out(model: &mut Model) -> Vec<Effect> {
    let Some((run, ix)) = model.shown().zip(model.selected()) else {
        if model.nav.screen() == Screen::Plan {
            model.say(Severity::Info, "the day is played anew");
            return ask(model);
        }
        model.say(Severity::Info, "no task is selected: j selects the first");
        return Vec::new();
    };
    let rows = trial(run, ix, model.moment());
    model.board.trial = Some(Trial { task: ix, rows });
    model.board.row = 0;
    model.nav.show(Screen::Plan);
    wanted(model)
}

/// What each act on a task would do at a moment: first what each that applies changes, then why
/// the others do not apply.
fn trial(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> Vec<(Tone, String)> {
    let id = &run.plan().task(ix).id;
    let head = format!("acts on {id} at {}, tried on a copy of the run", words::time(at));
    let (mut rows, mut refused) = (vec![(Tone::Head, head)], Vec::new());
    for (name, command) in commands(run, ix, at) {
        let by = Actor::Operator("trial".into());
        let proposal = Proposal { id: u64::MAX, by, commands: vec![command], seen: run.last_seq() };
        match propose(run, at, &proposal, Guards::ByMode) {
            Ok(plan) => rows.extend(told(name, &plan)),
            Err(refusal) => refused.push((name, refusal)),
        }
    }
    for (name, refusal) in refused {
        let why = words::safe(&refusal.why).into_owned();
        rows.push((Tone::Warn, format!("  {name:<20} not now: {why}")));
    }
    rows
}

/// What an act would do, a row for each line of its plan; how grave it is stands in the first.
fn told(name: &str, plan: &ActPlan) -> Vec<(Tone, String)> {
    let mut rows = vec![(Tone::Plain, format!("  {name:<20} {}", plan.tier.word()))];
    for section in &plan.sections {
        for line in section.lines.iter().take(LINES_MAX) {
            let tone = if line.mark == Mark::Plain { Tone::Plain } else { Tone::Warn };
            let at = line.at.map_or_else(String::new, |at| format!(" {}", words::time(at)));
            let text = format!("{}{at}", words::safe(&line.text));
            rows.push((tone, format!("  {:<20}   {}: {text}", "", section.kind.heading())));
        }
        if let Some(more) = section.count.checked_sub(LINES_MAX).filter(|more| *more > 0) {
            rows.push((Tone::Plain, format!("  {:<20}   and {more} more", "")));
        }
    }
    rows
}

/// Lines shown of a heading of a trial.
const LINES_MAX: usize = 5;

/// Every act on a task, by the name it has in the help.
fn commands(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<(&'static str, Command)> {
    let waivers = unmet(run, at, task).iter().filter_map(|unmet| unmet.waiver).collect();
    vec![
        ("retry", Command::Retry { task, scope: RetryScope::Task }),
        ("retry with blocked", Command::Retry { task, scope: RetryScope::WithBlocked }),
        ("begin", Command::RunNow { task }),
        ("force, all waived", Command::Force { task, waivers }),
        ("hold", Command::Hold { task }),
        ("release", Command::Release { task }),
        ("cancel", Command::Cancel { task }),
        ("skip, freeing", Command::Skip { task, satisfies: true }),
        ("skip, blocking", Command::Skip { task, satisfies: false }),
        ("unskip", Command::Unskip { task }),
        ("approve", Command::approve(task)),
        ("reject", Command::Reject { task }),
        ("again", Command::Rerun { task }),
        ("set ok", Command::SetOk { task }),
        ("set failed", Command::SetFailed { task }),
        ("resolve: not done", Command::Resolve { task, finding: Finding::DidNotHappen }),
        ("resolve: given up", Command::Resolve { task, finding: Finding::Abandoned }),
    ]
}

/// Opens the selected task where it says what is planned for it, and which rule says so.
pub(crate) fn origins(model: &mut Model) {
    let Some(ix) = model.selected() else {
        model.say(Severity::Info, "no task is selected: j selects the first");
        return;
    };
    model.nav.show(Screen::Task(ix));
    let lines = screen::task::lines(model, ix);
    let head = |title: &str| lines.iter().position(|line| line.to_string() == title);
    model.scroll = head("where this comes from").or_else(|| head("facts")).unwrap_or(0);
    if head("where this comes from").is_none() {
        model.say(Severity::Info, "no rule of the day changes this task: it is as its file says");
    }
}
