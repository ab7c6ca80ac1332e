//! Every row of the registry, in the order in which the help shows them.
//!
//! A dangerous act carries its [`Tier`] here, and [`crate::console::update()`] asks before it acts on
//! it; no screen can forget to.

use ratatui::crossterm::event::KeyCode;

use super::{Row, Scope};
use crate::{
    acting::Tier,
    console::{
        action::{Act, Action, Answer, Any, Axis, Go, Motion, OnTask, Place, Rung, Time, Verb},
        chord::Chord,
        rows::{Format, Mark, OnStream, Rows},
    },
    present::board::SortKey,
};

/// What changes nothing but the view.
const fn look(
    id: &'static str,
    scope: Scope,
    chords: &'static [Chord],
    action: Action,
    (title, help): (&'static str, &'static str),
) -> Row {
    Row { id, scope, chords, action, tier: Tier::Look, title, footer: true, help }
}

/// An act on the selected task.
const fn act(
    id: &'static str,
    tier: Tier,
    chords: &'static [Chord],
    on: OnTask,
    (title, help): (&'static str, &'static str),
) -> Row {
    let action = Action::Act(Act::Task(on));
    Row { id, scope: Scope::Task, chords, action, tier, title, footer: true, help }
}

/// An act that stops things: of the run, or of an agent.
const fn brake(
    id: &'static str,
    scope: Scope,
    chords: &'static [Chord],
    act: Act,
    (title, help): (&'static str, &'static str),
) -> Row {
    let action = Action::Act(act);
    Row { id, scope, chords, action, tier: Tier::Brake, title, footer: true, help }
}

const ESC: Chord = Chord::key(KeyCode::Esc);
const ENTER: Chord = Chord::key(KeyCode::Enter);
const TAB: Chord = Chord::key(KeyCode::Tab);
const BACKTAB: Chord = Chord::key(KeyCode::BackTab);
const UP: Chord = Chord::key(KeyCode::Up);
const DOWN: Chord = Chord::key(KeyCode::Down);
const LEFT: Chord = Chord::key(KeyCode::Left);
const RIGHT: Chord = Chord::key(KeyCode::Right);
const PAGE_UP: Chord = Chord::key(KeyCode::PageUp);
const PAGE_DOWN: Chord = Chord::key(KeyCode::PageDown);
const HOME: Chord = Chord::key(KeyCode::Home);
const END: Chord = Chord::key(KeyCode::End);

const fn c(c: char) -> Chord {
    Chord::plain(c)
}

/// What is done with the rows in sight.
const fn rows(
    id: &'static str,
    scope: Scope,
    chords: &'static [Chord],
    rows: Rows,
    help: (&'static str, &'static str),
) -> Row {
    look(id, scope, chords, Action::Rows(rows), help)
}

/// What lets a run that is taken up go on.
const fn recover(
    id: &'static str,
    chords: &'static [Chord],
    act: Act,
    (title, help): (&'static str, &'static str),
) -> Row {
    let (scope, action) = (Scope::Recovery, Action::Act(act));
    Row { id, scope, chords, action, tier: Tier::Careful, title, footer: true, help }
}

/// What only a stream can do.
const fn stream(
    id: &'static str,
    chords: &'static [Chord],
    what: OnStream,
    help: (&'static str, &'static str),
) -> Row {
    rows(id, Scope::Stream, chords, Rows::Stream(what), help)
}

/// A column to sort by.
const fn by(
    id: &'static str,
    key: &'static [Chord],
    column: SortKey,
    help: (&'static str, &'static str),
) -> Row {
    rows(id, Scope::Sort, key, Rows::Sort(column), help)
}

const fn place(
    key: &'static [Chord],
    id: &'static str,
    at: Place,
    help: (&'static str, &'static str),
) -> Row {
    look(id, Scope::Screen, key, Action::Go(Go::To(at)), help).quiet()
}

/// Every action, in the order the help shows them.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    look("task.open", Scope::Task, &[ENTER, RIGHT, c('l')], Action::Go(Go::Open), ("open", "open the task: attempts, reasons, dependencies, output")),
    act("task.retry", Tier::Confirm, &[c('r')], OnTask::Do(Verb::Retry), ("retry", "try a failed task again; a retrying one at once; a finished one as a new generation")),
    act("task.retry_blocked", Tier::Careful, &[c('R')], OnTask::Do(Verb::RetryBlocked), ("retry+", "try it again, and what it blocked that ended by itself")),
    act("task.answer", Tier::Careful, &[c('a')], OnTask::Approve, ("approve", "answer what a task asks: approve or reject")),
    act("task.pause", Tier::Brake, &[c('p')], OnTask::Pause, ("pause", "pause or resume the task's stage or agent")),
    act("task.hold", Tier::Brake, &[c('H')], OnTask::Do(Verb::Hold), ("hold", "hold a waiting task back; let a held one wait like any other again")),
    act("task.begin", Tier::Careful, &[c('b')], OnTask::Do(Verb::RunNow), ("begin", "start a waiting task before its window opens; all else holds")),
    act("task.force", Tier::Grave, &[c('F')], OnTask::Force, ("force", "start the task, waiving conditions one by one")),
    act("stage.force", Tier::Grave, &[c('X')], OnTask::ForceStage, ("force stage", "start the task's whole stage, waiving conditions one by one")),
    act("task.cancel", Tier::Careful, &[c('c')], OnTask::Do(Verb::Cancel), ("cancel", "stop the task, or call it off")),
    act("task.skip", Tier::Careful, &[c('x')], OnTask::Skip, ("skip", "decide that it will not run, with or without freeing what waits for it; take a skip back")),
    act("task.priority", Tier::Careful, &[c('i')], OnTask::Priority, ("priority", "give a task that has not started another priority")),
    act("task.resolve", Tier::Grave, &[c('M')], OnTask::Resolve, ("state", "set the state by hand: done after all, wrong after all, what became of an effect in doubt")),
    act("task.probe", Tier::Confirm, &[c('o')], OnTask::Do(Verb::Probe), ("ask outside", "ask the outside now what became of an effect in doubt")).quiet(),
    act("task.release", Tier::Confirm, &[], OnTask::Do(Verb::Release), ("release", "let a held task wait like any other again")).quiet(),
    act("task.unskip", Tier::Careful, &[], OnTask::Do(Verb::Unskip), ("unskip", "take a skip back")).quiet(),
    act("task.again", Tier::Careful, &[], OnTask::Do(Verb::Rerun), ("again", "do a finished task again, as a new generation")).quiet(),
    act("task.set_ok", Tier::Grave, &[], OnTask::Do(Verb::SetOk), ("set ok", "say that a task that ended badly is done after all; taints what follows")).quiet(),
    act("task.set_failed", Tier::Grave, &[], OnTask::Do(Verb::SetFailed), ("set failed", "say that a result is wrong; taints what used it")).quiet(),
    look("task.diff", Scope::Task, &[c('d')], Action::Go(Go::Diff), ("diff", "compare the task with itself in the day as planned; on its screen, its last two attempts")).quiet(),
    look("task.plan", Scope::Task, &[c('v')], Action::Go(Go::Origins), ("plan", "what is planned for the task, and which rule says so")).quiet(),
    look("task.try", Scope::Task, &[c('D')], Action::Go(Go::TryOut), ("try out", "what each act on the task would do now, tried on a copy of the run")).quiet(),

    rows("mark.row", Scope::Task, &[c(' ')], Rows::Mark(Mark::Row), ("mark", "mark the task, or take its mark away; acts are meant for all marked tasks")),
    rows("mark.range", Scope::Task, &[c('V')], Rows::Mark(Mark::Range), ("mark to", "mark all rows from the last one marked to this one")).quiet(),
    rows("mark.others", Scope::Task, &[c('*')], Rows::Mark(Mark::Others), ("invert", "mark the rows that are not marked, and not those that are")).quiet(),
    rows("mark.none", Scope::Task, &[Chord::ctrl('\\')], Rows::Mark(Mark::None), ("unmark", "take all marks away")).quiet(),
    rows("sort.by", Scope::Task, &[c('s')], Rows::SortBy, ("sort", "sort by a column: its letter follows")),
    rows("sort.reverse", Scope::Task, &[c('S')], Rows::Reverse, ("reverse", "the same order, last first")).quiet(),

    look("axis.in", Scope::Task, &[c('z')], Action::Go(Go::Axis(Axis::In)), ("zoom time", "less of the day's time axis, around now")).quiet(),
    look("axis.out", Scope::Task, &[c('Z')], Action::Go(Go::Axis(Axis::Out)), ("unzoom time", "more of the day's time axis, up to all of it")).quiet(),
    look("axis.earlier", Scope::Task, &[c('(')], Action::Go(Go::Axis(Axis::Earlier)), ("earlier", "an earlier part of the zoomed time axis")).quiet(),
    look("axis.later", Scope::Task, &[c(')')], Action::Go(Go::Axis(Axis::Later)), ("later", "a later part of the zoomed time axis")).quiet(),

    brake("agent.pause", Scope::Agent, &[c('p')], Act::PauseAgent, ("pause", "pause or resume the agent")),
    look("agent.open", Scope::Agent,  &[ENTER, RIGHT, c('l')], Action::Go(Go::Open), ("open", "open the agent: calls, failures, current work")),
    look("line.open", Scope::Stream, &[ENTER, RIGHT, c('l')], Action::Go(Go::Open), ("open", "open the line: all of what it says")),
    look("line.follow", Scope::Stream, &[c('f')], Action::Go(Go::Follow), ("follow", "follow the newest line again")),
    look("list.diff", Scope::List, &[c('d')], Action::Go(Go::Diff), ("diff", "compare the selected run, or the selected task of the plan, with the live one")),
    look("list.plan", Scope::List, &[c('v')], Action::Go(Go::Origins), ("origins", "what is planned for the selected task, and which rule says so")),
    look("list.try", Scope::List, &[c('D')], Action::Go(Go::TryOut), ("try out", "what each act on the selected task would do; with none selected, play the day anew")),
    stream("line.next_error", &[c('e')], OnStream::NextError, ("error", "to the next line that tells of something wrong")),
    stream("line.previous_error", &[c('E')], OnStream::PreviousError, ("error before", "to the one before")).quiet(),
    stream("line.next_same", &[c('o')], OnStream::NextSame, ("same", "to the next line of the same correlation id; in the log of the same target")),
    stream("line.previous_same", &[c('O')], OnStream::PreviousSame, ("same before", "to the one before")).quiet(),
    stream("line.level", &[c('L')], OnStream::Level, ("level", "only warnings and worse, only errors and worse, all; also level: and target: in a filter")),
    stream("line.mark", &[c('m')], OnStream::Mark, ("mark", "put a mark with the time and your name after the line, or take it away")),
    stream("line.marks", &[c('\'')], OnStream::Marks, ("marks", "choose a mark to go to")).quiet(),
    stream("line.unfold", &[c('J')], OnStream::Unfold, ("JSON", "unfold the line under the cursor as JSON, or fold it again")),
    stream("line.context", &[c('v')], OnStream::Context, ("around", "show 1, 3, 10 or no neighbours of each match, dimmed")).quiet(),
    stream("line.histogram", &[c('i')], OnStream::Histogram, ("bars", "show how many events came when, or hide it")).quiet(),
    stream("line.zoom_in", &[c('z')], OnStream::ZoomIn, ("zoom in", "less time in a column of the bars")).quiet(),
    stream("line.zoom_out", &[c('Z')], OnStream::ZoomOut, ("zoom out", "more time in a column of the bars")).quiet(),
    stream("line.clear", &[c('C')], OnStream::Clear, ("clear", "clear the display, not the store; again brings the lines back")).quiet(),
    look("list.open", Scope::List, &[ENTER, RIGHT, c('l')], Action::Go(Go::Open), ("open", "open the selected line")),

    Row { id: "alert.acknowledge", scope: Scope::Alert, chords: &[c('a')], action: Action::Act(Act::Acknowledge), tier: Tier::Confirm, title: "ack", footer: true, help: "say that the selected alert was seen; it stays in the list" },

    recover("recovery.go_on", &[ENTER, c('o')], Act::Recover, ("go on", "do what is decided about each task and let the run go on")),
    recover("recovery.paused", &[c('p')], Act::RecoverPaused, ("paused", "the same, with the engine paused: nothing new starts until it is resumed")),

    look("task.why", Scope::Screen, &[c('W')], Action::Go(Go::Why), ("why", "why the selected task waits: what blocks it, and the key that helps")),
    look("move.down", Scope::Screen, &[c('j'), DOWN], Action::Move(Motion::Down), ("down", "one row down")).quiet(),
    look("move.up", Scope::Screen, &[c('k'), UP], Action::Move(Motion::Up), ("up", "one row up")).quiet(),
    look("move.page_down", Scope::Screen, &[PAGE_DOWN, Chord::ctrl('d')], Action::Move(Motion::PageDown), ("page down", "a page down")).quiet(),
    look("move.page_up", Scope::Screen, &[PAGE_UP, Chord::ctrl('u')], Action::Move(Motion::PageUp), ("page up", "a page up")).quiet(),
    look("move.top", Scope::Screen, &[c('g'), HOME], Action::Move(Motion::Top), ("top", "to the first row")).quiet(),
    look("move.bottom", Scope::Screen, &[c('G'), END], Action::Move(Motion::Bottom), ("bottom", "to the last row")).quiet(),
    look("pane.next", Scope::Screen, &[TAB], Action::Go(Go::NextPane), ("next pane", "to the next pane")).quiet(),
    look("pane.previous", Scope::Screen, &[BACKTAB], Action::Go(Go::PrevPane), ("pane before", "to the pane before")).quiet(),
    look("pane.zoom", Scope::Screen, &[c('+')], Action::Go(Go::Zoom), ("zoom in", "give the pane more room: half the screen, all of it")).quiet(),
    look("pane.unzoom", Scope::Screen, &[c('_')], Action::Go(Go::Unzoom), ("zoom out", "give the pane less room")).quiet(),
    place(&[c('1')], "go.day", Place::Day, ("day", "the day: every pane that fits")),
    place(&[c('2')], "go.tasks", Place::Tasks, ("tasks", "the tasks, all columns")),
    place(&[c('3')], "go.graph", Place::Graph, ("graph", "what waits for what, the critical path, why something is blocked")),
    place(&[c('4')], "go.agents", Place::Agents, ("agents", "the agents")),
    place(&[c('5')], "go.events", Place::Events, ("events", "the events")),
    place(&[c('6')], "go.log", Place::Log, ("log", "the program's own log")),
    place(&[c('7')], "go.alerts", Place::Alerts, ("alerts", "alerts, and what waits for an answer")),
    place(&[c('8')], "go.runs", Place::Runs, ("runs", "the runs of this console: look back at one, compare two")),
    place(&[c('9')], "go.plan", Place::Plan, ("plan", "the day played out beforehand")),
    place(&[c('0')], "go.audit", Place::Audit, ("audit", "the audit trail: every act and decision, with who, why, before and after")),
    place(&[], "go.pulse", Place::Pulse, ("pulse", "gauges for a wall")),
    place(&[], "go.recovery", Place::Recovery, ("recovery", "what is decided about each task of a run that is taken up")),
    look("view.filter", Scope::Screen, &[c('/')], Action::Go(Go::Filter), ("filter", "show only what matches, in lists and streams alike: word !word /re/ state:failed,timeout agent:port*")),
    rows("view.next", Scope::Screen, &[c('n')], Rows::Next, ("next match", "to the next match of the last filter; Esc takes the filter off, then n walks through all rows")).quiet(),
    rows("view.previous", Scope::Screen, &[c('N')], Rows::Previous, ("match before", "to the match before")).quiet(),
    rows("view.load", Scope::Screen, &[Chord::ctrl('f')], Rows::Load, ("saved", "choose a saved filter of this list")).quiet(),
    rows("view.save", Scope::Screen, &[], Rows::Save, ("save filter", "save the filter of this list under a name")).quiet(),
    rows("view.wide", Scope::Screen, &[c('w')], Rows::Wide, ("wide", "all columns of a table, whole lines of a stream; and back")).quiet(),
    rows("view.times", Scope::Screen, &[c('t')], Rows::Times, ("times", "moments on the exchange's clock, in UTC, on your own clock, as how long ago")).quiet(),
    look("view.theme", Scope::Screen, &[c('T')], Action::Go(Go::Themes), ("theme", "choose a theme: each shows at once; Enter keeps it, Esc brings the old one back")).quiet(),
    rows("row.copy", Scope::Screen, &[c('y')], Rows::CopyId, ("copy", "copy the name of the row")).quiet(),
    rows("row.copy_json", Scope::Screen, &[c('Y')], Rows::CopyRow, ("copy JSON", "copy the row as JSON")).quiet(),
    rows("view.export", Scope::Screen, &[Chord::ctrl('s')], Rows::ExportAs, ("export", "write the rows that pass the filter to a file: CSV, NDJSON or text")).quiet(),
    look("go.back", Scope::Screen, &[ESC, LEFT, c('h'), Chord::key(KeyCode::Backspace)], Action::Go(Go::Back), ("back", "one step out: filter, screen")).quiet(),
    look("history.back", Scope::Screen, &[c('[')], Action::Go(Go::HistoryBack), ("screen before", "to the screen before, as a browser does")).quiet(),
    look("history.forward", Scope::Screen, &[c(']')], Action::Go(Go::HistoryForward), ("screen after", "to the screen one came back from")).quiet(),
    look("history.last", Scope::Screen, &[c('-')], Action::Go(Go::HistoryLast), ("last screen", "to and fro between two screens")).quiet(),
    look("time.freeze", Scope::Screen, &[c('=')], Action::Time(Time::Freeze), ("freeze", "let the view stand while the day goes on; again, and it goes on too")).quiet(),
    look("time.step_back", Scope::Screen, &[c(',')], Action::Time(Time::Back), ("event back", "the view as it was one event before; freezes it")).quiet(),
    look("time.step_forward", Scope::Screen, &[c('.')], Action::Time(Time::Forward), ("event on", "the view one event on")).quiet(),
    look("time.minute_back", Scope::Screen, &[c('<')], Action::Time(Time::MinuteBack), ("minute back", "the view as it was a minute before; freezes it")).quiet(),
    look("time.minute_forward", Scope::Screen, &[c('>')], Action::Time(Time::MinuteForward), ("minute on", "the view a minute on")).quiet(),
    look("time.play", Scope::Screen, &[c('~')], Action::Time(Time::Play), ("play", "let a frozen view or a replay move on by itself, at the clock's speed; or stand")).quiet(),
    look("time.live", Scope::Screen, &[], Action::Time(Time::Live), ("live", "back to the live run, from a frozen view or a replay")).quiet(),
    brake("run.pause", Scope::Screen, &[c('P')], Act::PauseAll, ("pause all", "pause or resume the whole engine; CRITICAL tasks still start")),
    brake("run.halt", Scope::Screen, &[c('!')], Act::Halt, ("HALT", "twice: halt every new start, CRITICAL ones too; when halted, lift the halt")).quiet(),
    brake("trading.ask", Scope::Screen, &[c('K')], Act::Trading(Rung::Ask), ("trading", "what may be sent: reduce, stop, kill, or re-arm")),
    brake("trading.reduce", Scope::Screen, &[], Act::Trading(Rung::Reduce), ("reduce", "let only orders out that make positions smaller (REDUCE_ONLY)")).quiet(),
    brake("trading.stop", Scope::Screen, &[], Act::Trading(Rung::Stop), ("stop orders", "withdraw own orders, let no new ones out (HALTED)")).quiet(),
    brake("trading.kill", Scope::Screen, &[], Act::Trading(Rung::Kill), ("kill", "no orders at all, own ones withdrawn, agents stop (KILLED); the word is typed")).quiet(),
    Row { id: "trading.rearm", scope: Scope::Screen, chords: &[], action: Action::Act(Act::Trading(Rung::Rearm)), tier: Tier::Grave, title: "re-arm", footer: false, help: "let orders out again, one step; with a reason and a typed phrase" },
    Row { id: "run.end", scope: Scope::Screen, chords: &[c('Q')], action: Action::Act(Act::EndRun), tier: Tier::Grave, title: "end the run", footer: false, help: "end the run: call off what waits, stop what runs" },
    look("session.arm", Scope::Screen, &[c('A')], Action::Any(Any::Arm), ("arm", "arm the session for five minutes, with a reason; disarm it")).quiet(),
    look("act.recall", Scope::Screen, &[c('u')], Action::Any(Any::Recall), ("take back", "take back what was agreed to last, while it has not gone out")).quiet(),
    look("clock.faster", Scope::Screen, &[c('}')], Action::Go(Go::Faster), ("faster", "let a virtual clock go faster")).quiet(),
    look("clock.slower", Scope::Screen, &[c('{')], Action::Go(Go::Slower), ("slower", "let a virtual clock go slower")).quiet(),
    look("command.open", Scope::Screen, &[c(':')], Action::Go(Go::Command), ("cmd", "type a command: an action, a screen, a task; Tab completes, Up repeats")),
    look("palette.open", Scope::Screen, &[Chord::ctrl('p')], Action::Go(Go::Palette), ("palette", "find an action, a screen, a task, an agent or a stage by a few of its letters")).quiet(),
    look("help.open", Scope::Screen, &[c('?')], Action::Go(Go::Help), ("help", "what this screen shows, and every action with its keys")),
    look("console.leave", Scope::Screen, &[c('q')], Action::Go(Go::Leave), ("quit", "leave the console; asks how")),

    look("dialog.next", Scope::Dialog, &[TAB, RIGHT, DOWN], Action::Answer(Answer::Next), ("next", "to the next field or button")),
    look("dialog.previous", Scope::Dialog, &[BACKTAB, LEFT, UP], Action::Answer(Answer::Prev), ("before", "to the one before")).quiet(),
    look("dialog.accept", Scope::Dialog, &[ENTER], Action::Answer(Answer::Accept), ("choose", "press the focused button")),
    look("dialog.close", Scope::Dialog, &[ESC, c('q')], Action::Answer(Answer::Close), ("cancel", "close it; nothing is done")),
    brake("dialog.halt", Scope::Dialog, &[c('!')], Act::Halt, ("HALT", "twice: halt, from inside a dialog too")).quiet(),
    look("dialog.tick", Scope::Force, &[c(' ')], Action::Answer(Answer::Toggle), ("tick", "choose the line, or not")),
    look("order.less", Scope::Orders, &[c('-')], Action::Answer(Answer::Less), ("less", "trim the order by a tenth of its shares")),
    look("order.more", Scope::Orders, &[c('+'), c('=')], Action::Answer(Answer::More), ("more", "give the order a tenth of its shares back")),
    look("order.shares", Scope::Orders, &[c('t')], Action::Answer(Answer::Shares), ("shares", "type the shares of the order: fewer than planned")),
    look("late.first", Scope::Late, &[c('1')], Action::Answer(Answer::Nth(0)), ("first", "look at the first choice, the recommended one")).quiet(),
    look("late.second", Scope::Late, &[c('2')], Action::Answer(Answer::Nth(1)), ("second", "look at the second choice")).quiet(),
    look("late.third", Scope::Late, &[c('3')], Action::Answer(Answer::Nth(2)), ("third", "look at the third choice")).quiet(),
    look("late.fourth", Scope::Late, &[c('4')], Action::Answer(Answer::Nth(3)), ("fourth", "look at the fourth choice")).quiet(),
    look("late.down", Scope::Late, &[c('j')], Action::Move(Motion::Down), ("read on", "read on about the choice")),
    look("late.up", Scope::Late, &[c('k')], Action::Move(Motion::Up), ("read back", "read back about the choice")).quiet(),
    look("confirm.yes", Scope::Confirm, &[c('y')], Action::Answer(Answer::Accept), ("yes", "do what is asked about")),
    look("confirm.no", Scope::Confirm, &[c('n'), ESC, c('q'), ENTER], Action::Answer(Answer::Close), ("no", "do nothing")),
    brake("confirm.halt", Scope::Confirm, &[c('!')], Act::Halt, ("HALT", "twice: halt, from inside a question too")).quiet(),

    look("text.accept", Scope::Text, &[ENTER], Action::Answer(Answer::Accept), ("accept", "take the text")),
    look("text.close", Scope::Text, &[ESC], Action::Answer(Answer::Close), ("cancel", "leave the text as it was")),
    look("text.next", Scope::Text, &[TAB, DOWN], Action::Answer(Answer::Next), ("next", "to the next field or button")).quiet(),
    look("text.previous", Scope::Text, &[BACKTAB, UP], Action::Answer(Answer::Prev), ("before", "to the one before")).quiet(),
    look("prompt.accept", Scope::Prompt, &[ENTER], Action::Answer(Answer::Accept), ("accept", "take the line; a chosen offer is put into it first")),
    look("prompt.close", Scope::Prompt, &[ESC], Action::Answer(Answer::Close), ("cancel", "leave everything as it was")),
    look("prompt.complete", Scope::Prompt, &[TAB], Action::Answer(Answer::Complete), ("complete", "put the chosen offer, or the first, into the line")),
    look("prompt.next", Scope::Prompt, &[DOWN], Action::Answer(Answer::Next), ("next", "choose the next offer")),
    look("prompt.previous", Scope::Prompt, &[UP, BACKTAB], Action::Answer(Answer::Prev), ("before", "choose the offer before")).quiet(),

    by("sort.severity", &[c('s')], SortKey::Severity, ("severity", "what needs a person first")),
    by("sort.name", &[c('n')], SortKey::Task, ("name", "by name")),
    by("sort.state", &[c('t')], SortKey::State, ("state", "by state")),
    by("sort.agent", &[c('a')], SortKey::Agent, ("agent", "by agent, then severity")),
    by("sort.priority", &[c('p')], SortKey::Priority, ("priority", "most urgent first")),
    by("sort.tries", &[c('r')], SortKey::Attempt, ("tries", "most attempts first")),
    by("sort.started", &[c('b')], SortKey::Started, ("begun", "begun last first")),
    by("sort.age", &[c('g')], SortKey::Age, ("age", "longest in its state first")),
    by("sort.next", &[c('x')], SortKey::Next, ("next", "what comes next first")),
    by("sort.plan", &[c('o')], SortKey::Plan, ("plan", "in the order of the plan")),
    brake("sort.halt", Scope::Sort, &[c('!')], Act::Halt, ("HALT", "twice: halt")).quiet(),
    rows("export.csv", Scope::Export, &[c('c')], Rows::Export(Format::Csv), ("CSV", "comma-separated values with a heading")),
    rows("export.ndjson", Scope::Export, &[c('n')], Rows::Export(Format::Ndjson), ("NDJSON", "one JSON object on each line")),
    rows("export.text", Scope::Export, &[c('t')], Rows::Export(Format::Text), ("text", "columns for the eye")),
    brake("export.halt", Scope::Export, &[c('!')], Act::Halt, ("HALT", "twice: halt")).quiet(),

    look("command.accept", Scope::Command, &[ENTER], Action::Answer(Answer::Accept), ("do it", "do what the line says")),
    look("command.close", Scope::Command, &[ESC], Action::Answer(Answer::Close), ("cancel", "close the command line; nothing is done")),
    look("command.complete", Scope::Command, &[TAB, RIGHT], Action::Answer(Answer::Complete), ("complete", "take the grey text")),
    look("command.older", Scope::Command, &[UP], Action::Answer(Answer::Prev), ("older", "the command before")).quiet(),
    look("command.newer", Scope::Command, &[DOWN], Action::Answer(Answer::Next), ("newer", "the command after")).quiet(),
    look("help.page_down", Scope::Help, &[PAGE_DOWN], Action::Move(Motion::PageDown), ("scroll", "a page down; letters filter the list")),
    look("help.page_up", Scope::Help, &[PAGE_UP], Action::Move(Motion::PageUp), ("scroll up", "a page up")).quiet(),

    brake("anywhere.halt", Scope::Everywhere, &[Chord::key(KeyCode::F(9))], Act::Halt, ("HALT", "twice: halt, from inside a text field too")).quiet(),
    look("anywhere.help", Scope::Everywhere, &[Chord::key(KeyCode::F(1))], Action::Go(Go::Help), ("help", "help, from a dialog or a text field too")).quiet(),
    look("anywhere.interrupt", Scope::Everywhere, &[Chord::ctrl('c')], Action::Any(Any::Interrupt), ("out", "close what is open; else leave the console")).quiet(),
    look("anywhere.mouse", Scope::Everywhere, &[Chord::key(KeyCode::F(2))], Action::Any(Any::Mouse), ("mouse", "take the mouse for wheel and click, or give it back")).quiet(),
    look("anywhere.redraw", Scope::Everywhere, &[Chord::ctrl('l')], Action::Any(Any::Redraw), ("redraw", "draw the screen anew")).quiet(),
    look("anywhere.suspend", Scope::Everywhere, &[Chord::ctrl('z')], Action::Any(Any::Suspend), ("to the shell", "to the shell; `fg` comes back")).quiet(),
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::console::registry::Keymap;

    #[test]
    fn no_key_means_two_things_in_one_scope() {
        let keymap = Keymap::default();
        for scope in Scope::ALL {
            let mut seen = BTreeMap::new();
            for (row, chords) in keymap.rows(scope) {
                for chord in chords {
                    // A nearer row may not hide a farther one, or the help would show a key that
                    // does something else.
                    let before = seen.insert(chord.label(), row.id);
                    assert!(before.is_none(), "{scope:?}: {} twice", chord.label());
                }
            }
        }
    }

    #[test]
    fn every_id_names_one_row_in_small_letters() {
        let ids: BTreeSet<_> = ROWS.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), ROWS.len());
        let plain = |c: char| c.is_ascii_lowercase() || c == '.' || c == '_';
        assert!(ids.iter().all(|id| id.chars().all(plain) && id.matches('.').count() == 1));
    }

    #[test]
    fn every_row_has_a_title_and_a_help_text_and_every_shown_row_a_key() {
        for row in ROWS {
            assert!(!row.help.is_empty() && !row.title.is_empty(), "{row:?}");
            assert!(!row.footer || !row.chords.is_empty(), "{row:?}");
        }
    }

    #[test]
    fn labels_and_titles_fit_the_footer() {
        for row in ROWS {
            assert!(row.chords.iter().all(|chord| chord.label().chars().count() <= 9), "{row:?}");
            assert!(!row.footer || row.title.len() <= 11, "{row:?}");
        }
    }

    #[test]
    fn what_changes_the_run_is_never_marked_as_a_look() {
        for row in ROWS {
            assert_eq!(row.tier == Tier::Look, !row.action.changes_the_run(), "{row:?}");
        }
    }

    #[test]
    fn one_action_has_one_tier() {
        for row in ROWS {
            let all = ROWS.iter().filter(|other| other.action == row.action);
            assert!(all.map(|other| other.tier).all(|tier| tier == row.tier), "{row:?}");
        }
    }
}
