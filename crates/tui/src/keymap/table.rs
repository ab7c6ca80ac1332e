//! Every row of the registry, in the order in which the help shows them.
//!
//! A command takes its tier and title from its verb, and [`crate::update()`] asks by the tier before
//! it acts; no screen can forget to.

use ratatui::crossterm::event::KeyCode;

use super::{Binding, KeyScope};
use crate::{
    action::{
        Action, AxisAction, CommandAction, CursorMotion, GlobalAction, Navigation, PopupAction,
        TaskAction, TaskVerb, TimeAction, TradingAction,
    },
    chord::Chord,
    list_actions::{ExportFormat, ListAction, MarkAction, StreamAction},
    nav::Screen,
};
use engine::control::{CommandVerb, RiskTier};
use view::task_list::SortKey;

/// What changes nothing but the view.
const fn view_binding(
    id: &'static str,
    scope: KeyScope,
    chords: &'static [Chord],
    action: Action,
    (title, help): (&'static str, &'static str),
) -> Binding {
    Binding { id, scope, chords, action, tier: RiskTier::View, title, footer: true, help }
}

/// A row whose tier and title are those of its first verb.
#[expect(clippy::panic, reason = "evaluated by the compiler, which stops the build")]
const fn command(
    id: &'static str,
    scope: KeyScope,
    chords: &'static [Chord],
    command: CommandAction,
    help: &'static str,
) -> Binding {
    let [verb, ..] = command.verbs() else { panic!("every command has a verb") };
    let (action, tier, title) = (Action::Command(command), verb.tier(), verb.title());
    Binding { id, scope, chords, action, tier, title, footer: true, help }
}

/// A command on the selected task.
const fn task_command(
    id: &'static str,
    chords: &'static [Chord],
    on: TaskAction,
    help: &'static str,
) -> Binding {
    command(id, KeyScope::Task, chords, CommandAction::Task(on), help)
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
    Chord::char(c)
}

/// What is done with the rows in sight.
const fn rows(
    id: &'static str,
    scope: KeyScope,
    chords: &'static [Chord],
    rows: ListAction,
    help: (&'static str, &'static str),
) -> Binding {
    view_binding(id, scope, chords, Action::List(rows), help)
}

/// What only a stream can do.
const fn stream(
    id: &'static str,
    chords: &'static [Chord],
    what: StreamAction,
    help: (&'static str, &'static str),
) -> Binding {
    rows(id, KeyScope::Stream, chords, ListAction::Stream(what), help)
}

/// A column to sort by.
const fn sort_binding(
    id: &'static str,
    key: &'static [Chord],
    column: SortKey,
    help: (&'static str, &'static str),
) -> Binding {
    rows(id, KeyScope::Sort, key, ListAction::Sort(column), help)
}

const fn screen_binding(
    key: &'static [Chord],
    id: &'static str,
    at: Screen,
    help: (&'static str, &'static str),
) -> Binding {
    view_binding(id, KeyScope::Screen, key, Action::Go(Navigation::To(at)), help).hidden_in_footer()
}

/// Every action, in the order the help shows them.
#[rustfmt::skip]
pub const ROWS: &[Binding] = &[
    view_binding("task.open", KeyScope::Task, &[ENTER, RIGHT, c('l')], Action::Go(Navigation::Open), ("open", "open the task: attempts, reasons, dependencies, output")),
    task_command("task.retry", &[c('r')], TaskAction::Do(TaskVerb::Retry), "retry a failed task; a retrying one at once; a finished one is rerun"),
    task_command("task.retry_downstream", &[c('R')], TaskAction::Do(TaskVerb::RetryDownstream), CommandVerb::RetryDownstream.effect()),
    task_command("task.approve", &[c('a')], TaskAction::Approve, "answer an approval: approve it in full or in part, or reject it"),
    task_command("task.pause", &[c('p')], TaskAction::Pause, "pause or resume the task's stage or agent"),
    task_command("task.hold", &[c('H')], TaskAction::Do(TaskVerb::Hold), "hold a waiting task; release a held one"),
    task_command("task.run_now", &[c('b')], TaskAction::Do(TaskVerb::RunNow), CommandVerb::RunNow.effect()),
    task_command("task.force", &[c('F')], TaskAction::Force, "start the task and waive its unmet conditions one by one"),
    task_command("stage.force", &[c('X')], TaskAction::ForceStage, "start the tasks of the task's stage and waive unmet conditions one by one"),
    task_command("task.cancel", &[c('c')], TaskAction::Do(TaskVerb::Cancel), CommandVerb::Cancel.effect()),
    task_command("task.skip", &[c('x')], TaskAction::Skip, "skip the task, with or without satisfying its dependents; undo a skip"),
    task_command("task.set_priority", &[c('i')], TaskAction::Priority, CommandVerb::SetPriority.effect()),
    task_command("task.set_state", &[c('M')], TaskAction::Resolve, "set the state by hand: completed, failed, or what happened to an effect in doubt").with_title("set state"),
    task_command("task.probe", &[c('o')], TaskAction::Do(TaskVerb::Probe), CommandVerb::Probe.effect()).hidden_in_footer(),
    task_command("task.release", &[], TaskAction::Do(TaskVerb::Release), CommandVerb::Release.effect()).hidden_in_footer(),
    task_command("task.unskip", &[], TaskAction::Do(TaskVerb::Unskip), CommandVerb::Unskip.effect()).hidden_in_footer(),
    task_command("task.rerun", &[], TaskAction::Do(TaskVerb::Rerun), CommandVerb::Rerun.effect()).hidden_in_footer(),
    task_command("task.set_completed", &[], TaskAction::Do(TaskVerb::SetCompleted), CommandVerb::SetCompleted.effect()).hidden_in_footer(),
    task_command("task.set_failed", &[], TaskAction::Do(TaskVerb::SetFailed), CommandVerb::SetFailed.effect()).hidden_in_footer(),
    view_binding("task.diff", KeyScope::Task, &[c('d')], Action::Go(Navigation::Diff), ("diff", "compare the task with the plan; on the task screen, compare its last two attempts")).hidden_in_footer(),
    view_binding("task.origins", KeyScope::Task, &[c('v')], Action::Go(Navigation::Origins), ("origins", "the planned values of the task, and the rule behind each")).hidden_in_footer(),
    view_binding("task.preview", KeyScope::Task, &[c('D')], Action::Go(Navigation::PreviewCommands), ("preview", "preview each command on the task, tried on a copy of the run")).hidden_in_footer(),

    rows("mark.row", KeyScope::Task, &[c(' ')], ListAction::Mark(MarkAction::Row), ("mark", "mark or unmark the task; commands act on all marked tasks")),
    rows("mark.range", KeyScope::Task, &[c('V')], ListAction::Mark(MarkAction::Range), ("mark to", "mark all rows from the last marked row to this one")).hidden_in_footer(),
    rows("mark.others", KeyScope::Task, &[c('*')], ListAction::Mark(MarkAction::Others), ("invert", "invert the marks")).hidden_in_footer(),
    rows("mark.none", KeyScope::Task, &[Chord::ctrl('\\')], ListAction::Mark(MarkAction::None), ("unmark", "remove all marks")).hidden_in_footer(),
    rows("sort.by", KeyScope::Task, &[c('s')], ListAction::SortBy, ("sort", "sort by a column: its letter follows")),
    rows("sort.reverse", KeyScope::Task, &[c('S')], ListAction::Reverse, ("reverse", "reverse the order")).hidden_in_footer(),

    view_binding("axis.in", KeyScope::Task, &[c('z')], Action::Go(Navigation::Axis(AxisAction::In)), ("zoom time", "less of the day's time axis, around now")).hidden_in_footer(),
    view_binding("axis.out", KeyScope::Task, &[c('Z')], Action::Go(Navigation::Axis(AxisAction::Out)), ("unzoom time", "more of the day's time axis, up to all of it")).hidden_in_footer(),
    view_binding("axis.earlier", KeyScope::Task, &[c('(')], Action::Go(Navigation::Axis(AxisAction::Earlier)), ("earlier", "an earlier part of the zoomed time axis")).hidden_in_footer(),
    view_binding("axis.later", KeyScope::Task, &[c(')')], Action::Go(Navigation::Axis(AxisAction::Later)), ("later", "a later part of the zoomed time axis")).hidden_in_footer(),

    command("agent.pause", KeyScope::Agent, &[c('p')], CommandAction::PauseAgent, "pause or resume the agent"),
    view_binding("agent.open", KeyScope::Agent,  &[ENTER, RIGHT, c('l')], Action::Go(Navigation::Open), ("open", "open the agent: calls, failures, current work")),
    view_binding("line.open", KeyScope::Stream, &[ENTER, RIGHT, c('l')], Action::Go(Navigation::Open), ("open", "open the line in full")),
    view_binding("line.follow", KeyScope::Stream, &[c('f')], Action::Go(Navigation::Follow), ("follow", "follow the newest line again")),
    view_binding("list.diff", KeyScope::List, &[c('d')], Action::Go(Navigation::Diff), ("diff", "compare the selected run, or the selected task of the plan, with the live one")),
    view_binding("list.origins", KeyScope::List, &[c('v')], Action::Go(Navigation::Origins), ("origins", "the planned values of the selected task, and the rule behind each")),
    view_binding("list.preview", KeyScope::List, &[c('D')], Action::Go(Navigation::PreviewCommands), ("preview", "preview each command on the selected task; with none selected, repeat the dry run")),
    stream("line.next_error", &[c('e')], StreamAction::NextError, ("error", "go to the next warning or error")),
    stream("line.previous_error", &[c('E')], StreamAction::PreviousError, ("prev error", "to the one before")).hidden_in_footer(),
    stream("line.next_same", &[c('o')], StreamAction::NextSame, ("same", "go to the next line with the same correlation id, or in the log with the same target")),
    stream("line.previous_same", &[c('O')], StreamAction::PreviousSame, ("prev same", "to the one before")).hidden_in_footer(),
    stream("line.level", &[c('L')], StreamAction::Level, ("level", "switch between all lines, warnings and errors; a filter also takes level: and target:")),
    stream("line.mark", &[c('m')], StreamAction::Mark, ("mark", "add or remove a bookmark with the time and your name")),
    stream("line.marks", &[c('\'')], StreamAction::Marks, ("marks", "choose a bookmark to go to")).hidden_in_footer(),
    stream("line.unfold", &[c('J')], StreamAction::Unfold, ("JSON", "unfold the line under the cursor as JSON, or fold it again")),
    stream("line.context", &[c('v')], StreamAction::Context, ("around", "show 1, 3, 10 or no neighbours of each match, dimmed")).hidden_in_footer(),
    stream("line.histogram", &[c('i')], StreamAction::Histogram, ("bars", "show or hide the histogram of events")).hidden_in_footer(),
    stream("line.zoom_in", &[c('z')], StreamAction::ZoomIn, ("zoom in", "less time per column of the histogram")).hidden_in_footer(),
    stream("line.zoom_out", &[c('Z')], StreamAction::ZoomOut, ("zoom out", "more time per column of the histogram")).hidden_in_footer(),
    stream("line.clear", &[c('C')], StreamAction::Clear, ("clear", "clear the display, not the store; again to show the lines")).hidden_in_footer(),
    view_binding("list.open", KeyScope::List, &[ENTER, RIGHT, c('l')], Action::Go(Navigation::Open), ("open", "open the selected line")),

    command("alert.acknowledge", KeyScope::Alert, &[c('a')], CommandAction::Acknowledge, "mark the selected alert as seen; it stays in the list"),

    command("run.recover", KeyScope::Recovery, &[ENTER, c('o')], CommandAction::Recover, CommandVerb::Recover.effect()),
    command("run.recover_paused", KeyScope::Recovery, &[c('p')], CommandAction::RecoverPaused, CommandVerb::RecoverPaused.effect()),

    view_binding("task.why", KeyScope::Screen, &[c('W')], Action::Go(Navigation::Why), ("why", "why the selected task waits: what blocks it, and which key helps")),
    view_binding("move.down", KeyScope::Screen, &[c('j'), DOWN], Action::Move(CursorMotion::Down), ("down", "one row down")).hidden_in_footer(),
    view_binding("move.up", KeyScope::Screen, &[c('k'), UP], Action::Move(CursorMotion::Up), ("up", "one row up")).hidden_in_footer(),
    view_binding("move.page_down", KeyScope::Screen, &[PAGE_DOWN, Chord::ctrl('d')], Action::Move(CursorMotion::PageDown), ("page down", "a page down")).hidden_in_footer(),
    view_binding("move.page_up", KeyScope::Screen, &[PAGE_UP, Chord::ctrl('u')], Action::Move(CursorMotion::PageUp), ("page up", "a page up")).hidden_in_footer(),
    view_binding("move.top", KeyScope::Screen, &[c('g'), HOME], Action::Move(CursorMotion::Top), ("top", "to the first row")).hidden_in_footer(),
    view_binding("move.bottom", KeyScope::Screen, &[c('G'), END], Action::Move(CursorMotion::Bottom), ("bottom", "to the last row")).hidden_in_footer(),
    view_binding("pane.next", KeyScope::Screen, &[TAB], Action::Go(Navigation::NextPane), ("next pane", "to the next pane")).hidden_in_footer(),
    view_binding("pane.previous", KeyScope::Screen, &[BACKTAB], Action::Go(Navigation::PrevPane), ("pane before", "to the pane before")).hidden_in_footer(),
    view_binding("pane.zoom", KeyScope::Screen, &[c('+')], Action::Go(Navigation::Zoom), ("zoom in", "give the pane more room: half the screen, all of it")).hidden_in_footer(),
    view_binding("pane.unzoom", KeyScope::Screen, &[c('_')], Action::Go(Navigation::Unzoom), ("zoom out", "give the pane less room")).hidden_in_footer(),
    screen_binding(&[c('1')], "go.day", Screen::Day, ("day", "the day: every pane that fits")),
    screen_binding(&[c('2')], "go.tasks", Screen::Tasks, ("tasks", "the tasks, all columns")),
    screen_binding(&[c('3')], "go.graph", Screen::Graph, ("graph", "the dependencies, the critical path and blocked tasks")),
    screen_binding(&[c('4')], "go.agents", Screen::Agents, ("agents", "the agents")),
    screen_binding(&[c('5')], "go.events", Screen::Events, ("events", "the events")),
    screen_binding(&[c('6')], "go.log", Screen::Log, ("log", "the program's own log")),
    screen_binding(&[c('7')], "go.alerts", Screen::Alerts, ("alerts", "alerts, and tasks that wait for an answer")),
    screen_binding(&[c('8')], "go.runs", Screen::Runs, ("runs", "recorded runs: replay one, compare two")),
    screen_binding(&[c('9')], "go.dry_run", Screen::DryRun, ("dry run", "the dry run of the rest of the day, from the current state")),
    screen_binding(&[c('0')], "go.audit", Screen::Audit, ("audit", "the audit trail: every command and decision, with who, why, before and after")),
    screen_binding(&[c('B')], "go.orders", Screen::Orders, ("orders", "the orders of the desk: ordered, filled, leaves, average price, last broker report")),
    screen_binding(&[], "go.pulse", Screen::Pulse, ("pulse", "gauges for a wall screen")),
    screen_binding(&[], "go.recovery", Screen::Recovery, ("recovery", "the decision about each task of a run that is being recovered")),
    view_binding("view.filter", KeyScope::Screen, &[c('/')], Action::Go(Navigation::Filter), ("filter", "show only what matches: word !word /re/ state:failed,timeout agent:port*")),
    rows("view.next", KeyScope::Screen, &[c('n')], ListAction::Next, ("next match", "go to the next match of the last filter; after Esc, n steps through all rows")).hidden_in_footer(),
    rows("view.previous", KeyScope::Screen, &[c('N')], ListAction::Previous, ("prev match", "to the match before")).hidden_in_footer(),
    rows("view.load", KeyScope::Screen, &[Chord::ctrl('f')], ListAction::Load, ("saved", "choose a saved filter of this list")).hidden_in_footer(),
    rows("view.save", KeyScope::Screen, &[], ListAction::Save, ("save filter", "save the filter of this list under a name")).hidden_in_footer(),
    rows("view.wide", KeyScope::Screen, &[c('w')], ListAction::Wide, ("wide", "all columns of a table, whole lines of a stream; and back")).hidden_in_footer(),
    rows("view.times", KeyScope::Screen, &[c('t')], ListAction::Times, ("times", "times of the exchange, in UTC, in your own zone, or as age")).hidden_in_footer(),
    view_binding("view.theme", KeyScope::Screen, &[c('T')], Action::Go(Navigation::Themes), ("theme", "choose a theme with a live preview; Enter keeps it, Esc restores the old one")).hidden_in_footer(),
    rows("row.copy", KeyScope::Screen, &[c('y')], ListAction::CopyId, ("copy", "copy the name of the row")).hidden_in_footer(),
    rows("row.copy_json", KeyScope::Screen, &[c('Y')], ListAction::CopyRow, ("copy JSON", "copy the row as JSON")).hidden_in_footer(),
    rows("view.export", KeyScope::Screen, &[Chord::ctrl('s')], ListAction::ExportAs, ("export", "write the rows that pass the filter to a file: CSV, NDJSON or text")).hidden_in_footer(),
    view_binding("go.back", KeyScope::Screen, &[ESC, LEFT, c('h'), Chord::key(KeyCode::Backspace)], Action::Go(Navigation::Back), ("back", "go one step back: clear the filter, then leave the screen")).hidden_in_footer(),
    view_binding("history.back", KeyScope::Screen, &[c('[')], Action::Go(Navigation::HistoryBack), ("screen before", "go back, as in a browser")).hidden_in_footer(),
    view_binding("history.forward", KeyScope::Screen, &[c(']')], Action::Go(Navigation::HistoryForward), ("screen after", "go forward, as in a browser")).hidden_in_footer(),
    view_binding("history.last", KeyScope::Screen, &[c('-')], Action::Go(Navigation::HistoryLast), ("last screen", "switch between the last two screens")).hidden_in_footer(),
    view_binding("time.freeze", KeyScope::Screen, &[c('=')], Action::Time(TimeAction::Freeze), ("freeze", "freeze the view while the run continues; again to follow the run")).hidden_in_footer(),
    view_binding("time.step_back", KeyScope::Screen, &[c(',')], Action::Time(TimeAction::Back), ("event back", "one event back; freezes the view")).hidden_in_footer(),
    view_binding("time.step_forward", KeyScope::Screen, &[c('.')], Action::Time(TimeAction::Forward), ("event on", "one event forward")).hidden_in_footer(),
    view_binding("time.minute_back", KeyScope::Screen, &[c('<')], Action::Time(TimeAction::MinuteBack), ("minute back", "one minute back; freezes the view")).hidden_in_footer(),
    view_binding("time.minute_forward", KeyScope::Screen, &[c('>')], Action::Time(TimeAction::MinuteForward), ("minute on", "one minute forward")).hidden_in_footer(),
    view_binding("time.play", KeyScope::Screen, &[c('~')], Action::Time(TimeAction::Play), ("play", "play or stop a frozen view or a replay, at the speed of the clock")).hidden_in_footer(),
    view_binding("time.live", KeyScope::Screen, &[], Action::Time(TimeAction::Live), ("live", "return to the live run from a frozen view or a replay")).hidden_in_footer(),
    command("run.pause", KeyScope::Screen, &[c('P')], CommandAction::PauseAll, "pause or resume the whole engine; CRITICAL tasks still start").with_title("pause all"),
    command("trading.menu", KeyScope::Screen, &[c('K')], CommandAction::Trading(TradingAction::Ask), "change the trading state: reduce-only, halt, kill or re-enable").with_title("trading"),
    command("trading.reduce_only", KeyScope::Screen, &[], CommandAction::Trading(TradingAction::ReduceOnly), CommandVerb::ReduceOnly.effect()).hidden_in_footer(),
    command("trading.halt", KeyScope::Screen, &[c('!')], CommandAction::Halt, "twice: halt trading: no new orders, working orders cancelled (HALTED)").hidden_in_footer(),
    command("trading.kill", KeyScope::Screen, &[], CommandAction::Trading(TradingAction::Kill), CommandVerb::Kill.effect()).hidden_in_footer(),
    command("trading.re_enable", KeyScope::Screen, &[], CommandAction::Trading(TradingAction::ReEnable), CommandVerb::ReEnable.effect()).hidden_in_footer(),
    command("trading.flatten", KeyScope::Screen, &[c('$')], CommandAction::Flatten, CommandVerb::Flatten.effect()).hidden_in_footer(),
    command("run.cancel", KeyScope::Screen, &[c('Q')], CommandAction::CancelRun, CommandVerb::CancelRun.effect()).hidden_in_footer(),
    view_binding("session.arm", KeyScope::Screen, &[c('A')], Action::Global(GlobalAction::Arm), ("arm", "arm the session for five minutes, with a reason; disarm it")).hidden_in_footer(),
    view_binding("command.recall", KeyScope::Screen, &[c('u')], Action::Global(GlobalAction::Recall), (CommandVerb::Recall.title(), CommandVerb::Recall.effect())).hidden_in_footer(),
    view_binding("clock.faster", KeyScope::Screen, &[c('}')], Action::Go(Navigation::Faster), ("faster", "speed up a virtual clock")).hidden_in_footer(),
    view_binding("clock.slower", KeyScope::Screen, &[c('{')], Action::Go(Navigation::Slower), ("slower", "slow down a virtual clock")).hidden_in_footer(),
    view_binding("command.open", KeyScope::Screen, &[c(':')], Action::Go(Navigation::Command), ("command", "type a command: an action, a screen, a task; Tab completes, Up repeats")),
    view_binding("palette.open", KeyScope::Screen, &[Chord::ctrl('p')], Action::Go(Navigation::Palette), ("palette", "find an action, screen, task, agent or stage by a few letters")).hidden_in_footer(),
    view_binding("help.open", KeyScope::Screen, &[c('?')], Action::Go(Navigation::Help), ("help", "what this screen shows, and every action with its keys")),
    view_binding("console.leave", KeyScope::Screen, &[c('q')], Action::Go(Navigation::Leave), ("quit", "leave the console; a dialog asks how")),

    view_binding("dialog.next", KeyScope::Dialog, &[TAB, RIGHT, DOWN], Action::Popup(PopupAction::Next), ("next", "to the next field or button")),
    view_binding("dialog.previous", KeyScope::Dialog, &[BACKTAB, LEFT, UP], Action::Popup(PopupAction::Prev), ("before", "to the one before")).hidden_in_footer(),
    view_binding("dialog.page_down", KeyScope::Dialog, &[PAGE_DOWN], Action::Move(CursorMotion::PageDown), ("scroll", "a page down in the dialog")).hidden_in_footer(),
    view_binding("dialog.page_up", KeyScope::Dialog, &[PAGE_UP], Action::Move(CursorMotion::PageUp), ("scroll up", "a page up")).hidden_in_footer(),
    view_binding("dialog.accept", KeyScope::Dialog, &[ENTER], Action::Popup(PopupAction::Accept), ("choose", "press the focused button")),
    view_binding("dialog.close", KeyScope::Dialog, &[ESC, c('q')], Action::Popup(PopupAction::Close), ("cancel", "close it without doing anything")),
    command("dialog.halt", KeyScope::Dialog, &[c('!')], CommandAction::Halt, "twice: halt trading, from inside a dialog too").hidden_in_footer(),
    view_binding("dialog.tick", KeyScope::Force, &[c(' ')], Action::Popup(PopupAction::Toggle), ("tick", "select or clear the line")),
    view_binding("order.less", KeyScope::Orders, &[c('-')], Action::Popup(PopupAction::Less), ("less", "reduce the order by a tenth of its shares")),
    view_binding("order.more", KeyScope::Orders, &[c('+'), c('=')], Action::Popup(PopupAction::More), ("more", "increase the order by a tenth of its shares")),
    view_binding("order.shares", KeyScope::Orders, &[c('t')], Action::Popup(PopupAction::Shares), ("shares", "type the shares of the order: fewer than planned")),
    view_binding("late.first", KeyScope::LateStart, &[c('1')], Action::Popup(PopupAction::Nth(0)), ("first", "show the first choice, the recommended one")).hidden_in_footer(),
    view_binding("late.second", KeyScope::LateStart, &[c('2')], Action::Popup(PopupAction::Nth(1)), ("second", "show the second choice")).hidden_in_footer(),
    view_binding("late.third", KeyScope::LateStart, &[c('3')], Action::Popup(PopupAction::Nth(2)), ("third", "show the third choice")).hidden_in_footer(),
    view_binding("late.fourth", KeyScope::LateStart, &[c('4')], Action::Popup(PopupAction::Nth(3)), ("fourth", "show the fourth choice")).hidden_in_footer(),
    view_binding("late.scroll_down", KeyScope::LateStart, &[c('j')], Action::Move(CursorMotion::Down), ("read on", "read on about the choice")),
    view_binding("late.scroll_up", KeyScope::LateStart, &[c('k')], Action::Move(CursorMotion::Up), ("read back", "read back about the choice")).hidden_in_footer(),
    view_binding("confirm.yes", KeyScope::Confirm, &[c('y')], Action::Popup(PopupAction::Accept), ("yes", "confirm")),
    view_binding("confirm.no", KeyScope::Confirm, &[c('n'), ESC, c('q'), ENTER], Action::Popup(PopupAction::Close), ("no", "do nothing")),
    command("confirm.halt", KeyScope::Confirm, &[c('!')], CommandAction::Halt, "twice: halt trading, from inside a question too").hidden_in_footer(),

    view_binding("text.accept", KeyScope::Text, &[ENTER], Action::Popup(PopupAction::Accept), ("accept", "accept the text")),
    view_binding("text.close", KeyScope::Text, &[ESC], Action::Popup(PopupAction::Close), ("cancel", "discard the change")),
    view_binding("text.next", KeyScope::Text, &[TAB, DOWN], Action::Popup(PopupAction::Next), ("next", "to the next field or button")).hidden_in_footer(),
    view_binding("text.previous", KeyScope::Text, &[BACKTAB, UP], Action::Popup(PopupAction::Prev), ("before", "to the one before")).hidden_in_footer(),
    view_binding("text.page_down", KeyScope::Text, &[PAGE_DOWN], Action::Move(CursorMotion::PageDown), ("scroll", "a page down in the dialog or the list")).hidden_in_footer(),
    view_binding("text.page_up", KeyScope::Text, &[PAGE_UP], Action::Move(CursorMotion::PageUp), ("scroll up", "a page up")).hidden_in_footer(),
    view_binding("prompt.accept", KeyScope::Prompt, &[ENTER], Action::Popup(PopupAction::Accept), ("accept", "accept the line; a chosen suggestion is inserted first")),
    view_binding("prompt.close", KeyScope::Prompt, &[ESC], Action::Popup(PopupAction::Close), ("cancel", "discard the change")),
    view_binding("prompt.complete", KeyScope::Prompt, &[TAB], Action::Popup(PopupAction::Complete), ("complete", "insert the chosen suggestion, or the first")),
    view_binding("prompt.next", KeyScope::Prompt, &[DOWN], Action::Popup(PopupAction::Next), ("next", "choose the next suggestion")),
    view_binding("prompt.previous", KeyScope::Prompt, &[UP, BACKTAB], Action::Popup(PopupAction::Prev), ("before", "choose the previous suggestion")).hidden_in_footer(),

    sort_binding("sort.severity", &[c('s')], SortKey::Severity, ("severity", "tasks that need an operator first")),
    sort_binding("sort.name", &[c('n')], SortKey::Task, ("name", "by name")),
    sort_binding("sort.state", &[c('t')], SortKey::State, ("state", "by state")),
    sort_binding("sort.agent", &[c('a')], SortKey::Agent, ("agent", "by agent, then severity")),
    sort_binding("sort.priority", &[c('p')], SortKey::Priority, ("priority", "most urgent first")),
    sort_binding("sort.attempts", &[c('r')], SortKey::Attempt, ("attempts", "most attempts first")),
    sort_binding("sort.started", &[c('b')], SortKey::Started, ("started", "most recently started first")),
    sort_binding("sort.age", &[c('g')], SortKey::Age, ("age", "longest in its state first")),
    sort_binding("sort.next", &[c('x')], SortKey::Next, ("next", "next to run first")),
    sort_binding("sort.plan", &[c('o')], SortKey::Plan, ("plan", "in the order of the plan")),
    command("sort.halt", KeyScope::Sort, &[c('!')], CommandAction::Halt, "twice: halt trading").hidden_in_footer(),
    rows("export.csv", KeyScope::Export, &[c('c')], ListAction::Export(ExportFormat::Csv), ("CSV", "comma-separated values with a heading")),
    rows("export.ndjson", KeyScope::Export, &[c('n')], ListAction::Export(ExportFormat::Ndjson), ("NDJSON", "one JSON object on each line")),
    rows("export.text", KeyScope::Export, &[c('t')], ListAction::Export(ExportFormat::Text), ("text", "aligned columns")),
    command("export.halt", KeyScope::Export, &[c('!')], CommandAction::Halt, "twice: halt trading").hidden_in_footer(),

    view_binding("command.accept", KeyScope::Command, &[ENTER], Action::Popup(PopupAction::Accept), ("do it", "run the command")),
    view_binding("command.close", KeyScope::Command, &[ESC], Action::Popup(PopupAction::Close), ("cancel", "close the command line; nothing is done")),
    view_binding("command.complete", KeyScope::Command, &[TAB, RIGHT], Action::Popup(PopupAction::Complete), ("complete", "accept the grey suggestion")),
    view_binding("command.older", KeyScope::Command, &[UP], Action::Popup(PopupAction::Prev), ("older", "the previous command")).hidden_in_footer(),
    view_binding("command.newer", KeyScope::Command, &[DOWN], Action::Popup(PopupAction::Next), ("newer", "the next command")).hidden_in_footer(),

    command("anywhere.halt", KeyScope::Global, &[Chord::key(KeyCode::F(9))], CommandAction::Halt, "twice: halt trading, from inside a text field too").hidden_in_footer(),
    view_binding("anywhere.help", KeyScope::Global, &[Chord::key(KeyCode::F(1))], Action::Go(Navigation::Help), ("help", "help, from a dialog or a text field too")).hidden_in_footer(),
    view_binding("anywhere.interrupt", KeyScope::Global, &[Chord::ctrl('c')], Action::Global(GlobalAction::Interrupt), ("interrupt", "close the dialog or filter; otherwise leave the console")).hidden_in_footer(),
    view_binding("anywhere.mouse", KeyScope::Global, &[Chord::key(KeyCode::F(2))], Action::Global(GlobalAction::Mouse), ("mouse", "turn the mouse on or off")).hidden_in_footer(),
    view_binding("anywhere.redraw", KeyScope::Global, &[Chord::ctrl('l')], Action::Global(GlobalAction::Redraw), ("redraw", "redraw the screen")).hidden_in_footer(),
    view_binding("anywhere.suspend", KeyScope::Global, &[Chord::ctrl('z')], Action::Global(GlobalAction::Suspend), ("suspend", "suspend to the shell; `fg` comes back")).hidden_in_footer(),
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::keymap::Keymap;

    #[test]
    fn no_key_means_two_things_in_one_scope() {
        let keymap = Keymap::default();
        for scope in KeyScope::ALL {
            let mut seen = BTreeMap::new();
            for (row, chords) in keymap.bindings_in(scope) {
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
            assert_eq!(row.tier == RiskTier::View, !row.action.changes_the_run(), "{row:?}");
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
