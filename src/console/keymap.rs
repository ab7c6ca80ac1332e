//! Every key the console knows, in one table: what is obeyed, what the footer shows, what the help
//! and `bellwether keys` print are all read from it.
//!
//! A dangerous act carries its [`Tier`] here, and [`crate::console::update()`] asks before it acts on
//! it; no screen can forget to.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::{
    action::{Act, Action, Answer, Any, Go, Motion, OnTask, Verb},
    chord::Chord,
};

/// Where a key means something. A scope has parents, whose keys it knows too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// In every place, dialogs and text fields included.
    Everywhere,
    /// On every screen, while no dialog is open.
    Screen,
    /// Where a task is selected.
    Task,
    /// Where an agent is selected.
    Agent,
    /// In a stream of events or log lines.
    Stream,
    /// In a dialog.
    Dialog,
    /// In the list of conditions of the force dialog.
    Force,
    /// In a text field.
    Text,
    /// In the help.
    Help,
}

impl Scope {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 9] = [
        Self::Screen,
        Self::Task,
        Self::Agent,
        Self::Stream,
        Self::Dialog,
        Self::Force,
        Self::Text,
        Self::Help,
        Self::Everywhere,
    ];

    /// The scope itself and its parents, nearest first.
    #[must_use]
    pub const fn chain(self) -> &'static [Self] {
        match self {
            Self::Everywhere => &[Self::Everywhere],
            Self::Screen => &[Self::Screen, Self::Everywhere],
            Self::Task => &[Self::Task, Self::Screen, Self::Everywhere],
            Self::Agent => &[Self::Agent, Self::Screen, Self::Everywhere],
            Self::Stream => &[Self::Stream, Self::Screen, Self::Everywhere],
            Self::Dialog => &[Self::Dialog, Self::Everywhere],
            Self::Force => &[Self::Force, Self::Dialog, Self::Everywhere],
            Self::Text => &[Self::Text, Self::Everywhere],
            Self::Help => &[Self::Help, Self::Text, Self::Everywhere],
        }
    }

    /// The heading over its keys.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Screen => "on every screen",
            Self::Task => "on the selected task",
            Self::Agent => "on the selected agent",
            Self::Stream => "in events and log",
            Self::Dialog => "in a dialog",
            Self::Force => "in the force dialog",
            Self::Text => "in a text field",
            Self::Help => "in this help",
        }
    }
}

/// How much harm an act can do, and so what stands between the key and the act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Changes nothing but the view.
    Look,
    /// Makes things safer: one question, the safe answer is yes.
    Brake,
    /// Undone as easily as done: sent at once.
    Light,
    /// Changes what runs: a dialog, its way back is focused.
    Careful,
    /// Sets a rule aside: a dialog, and a reason must be typed.
    Grave,
}

impl Tier {
    /// The word in the help.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Look => "",
            Self::Brake => "brake",
            Self::Light => "at once",
            Self::Careful => "asks first",
            Self::Grave => "asks, wants a reason",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where it holds.
    pub scope: Scope,
    /// The keys, the one shown first first.
    pub chords: &'static [Chord],
    /// What it does.
    pub action: Action,
    /// How much harm that can do.
    pub tier: Tier,
    /// The word in the footer; empty when the footer does not show it.
    pub hint: &'static str,
    /// What the help says.
    pub help: &'static str,
}

const fn look(
    scope: Scope,
    chords: &'static [Chord],
    action: Action,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding { scope, chords, action, tier: Tier::Look, hint, help }
}

/// An act on the selected task.
const fn act(
    tier: Tier,
    chords: &'static [Chord],
    on: OnTask,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding { scope: Scope::Task, chords, action: Action::Act(Act::Task(on)), tier, hint, help }
}

/// An act that stops things: of the run, or of an agent.
const fn brake(
    scope: Scope,
    chords: &'static [Chord],
    act: Act,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding { scope, chords, action: Action::Act(act), tier: Tier::Brake, hint, help }
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

/// Every key, in the order the help shows them.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    look(Scope::Task, &[ENTER, RIGHT], Action::Go(Go::Open), "open", "open the task: attempts, reasons, dependencies, output"),
    act(Tier::Light,   &[c('r')], OnTask::Do(Verb::Retry),        "retry",   "try a failed task again; a retrying one at once"),
    act(Tier::Careful, &[c('R')], OnTask::Do(Verb::RetryBlocked), "retry+",  "try it again, and what it blocked that ended by itself"),
    act(Tier::Brake,   &[c('p')], OnTask::Pause,        "pause",   "pause or resume the task's stage or agent"),
    act(Tier::Light,   &[c('h')], OnTask::Do(Verb::Hold),         "hold",    "hold a waiting task back"),
    act(Tier::Light,   &[c('H')], OnTask::Do(Verb::Release),      "release", "let a held task wait like any other again"),
    act(Tier::Careful, &[c('n')], OnTask::Do(Verb::RunNow),       "run now", "start a waiting task before its window opens; all else holds"),
    act(Tier::Grave,   &[c('F')], OnTask::Force,        "force",   "start the task, waiving conditions one by one"),
    act(Tier::Grave,   &[c('X')], OnTask::ForceStage,   "force stage", "start the task's whole stage, waiving conditions one by one"),
    act(Tier::Careful, &[c('c')], OnTask::Do(Verb::Cancel),       "cancel",  "stop the task, or call it off"),
    act(Tier::Careful, &[c('x')], OnTask::Skip,         "skip",    "decide that it will not run: with or without freeing what waits for it"),
    act(Tier::Careful, &[c('u')], OnTask::Do(Verb::Unskip),       "unskip",  "take a skip back"),
    act(Tier::Careful, &[c('a')], OnTask::Approve,      "approve", "answer an approval: approve or reject"),
    act(Tier::Careful, &[c('e')], OnTask::Do(Verb::Rerun),        "again",   "do a finished task again, as a new generation"),
    act(Tier::Careful, &[c('i')], OnTask::Priority,     "priority", "give a task that has not started another priority"),
    act(Tier::Grave,   &[c('D')], OnTask::Resolve,      "resolve", "say what became of an effect in doubt"),
    act(Tier::Grave,   &[c('o')], OnTask::Do(Verb::SetOk),        "set ok",  "say that a task that ended badly is done after all; taints what follows"),
    act(Tier::Grave,   &[c('O')], OnTask::Do(Verb::SetFailed),    "set failed", "say that a result is wrong; taints what used it"),

    brake(Scope::Agent, &[c('p')], Act::PauseAgent, "pause", "pause or resume the agent"),

    look(Scope::Agent,  &[ENTER, RIGHT], Action::Go(Go::Open), "open", "show the agent's tasks"),
    look(Scope::Stream, &[ENTER, RIGHT], Action::Go(Go::Open), "open", "open the task the line is about"),
    look(Scope::Stream, &[c('f')], Action::Go(Go::Follow), "follow", "follow the newest line again"),

    look(Scope::Screen, &[c('j'), DOWN],            Action::Move(Motion::Down),     "", "one row down"),
    look(Scope::Screen, &[c('k'), UP],              Action::Move(Motion::Up),       "", "one row up"),
    look(Scope::Screen, &[PAGE_DOWN, Chord::ctrl('d')], Action::Move(Motion::PageDown), "", "a page down"),
    look(Scope::Screen, &[PAGE_UP, Chord::ctrl('u')],   Action::Move(Motion::PageUp),   "", "a page up"),
    look(Scope::Screen, &[c('g'), HOME],            Action::Move(Motion::Top),      "", "to the first row"),
    look(Scope::Screen, &[c('G'), END],             Action::Move(Motion::Bottom),   "", "to the last row"),
    look(Scope::Screen, &[TAB],                     Action::Go(Go::NextPane), "", "to the next pane"),
    look(Scope::Screen, &[BACKTAB],                 Action::Go(Go::PrevPane), "", "to the pane before"),
    look(Scope::Screen, &[c('1')],                  Action::Go(Go::Day),      "", "the day: every pane that fits"),
    look(Scope::Screen, &[c('2')],                  Action::Go(Go::Tasks),    "", "the tasks, all columns"),
    look(Scope::Screen, &[c('4')],                  Action::Go(Go::Agents),   "", "the agents"),
    look(Scope::Screen, &[c('5')],                  Action::Go(Go::Events),   "", "the events"),
    look(Scope::Screen, &[c('6')],                  Action::Go(Go::Log),      "", "the program's own log"),
    look(Scope::Screen, &[c('/')],                  Action::Go(Go::Filter),   "filter", "show only what matches: word !word state:failed,timeout agent:port*"),
    look(Scope::Screen, &[ESC, LEFT, Chord::key(KeyCode::Backspace)], Action::Go(Go::Back), "", "one step out: filter, screen"),
    brake(Scope::Screen, &[c('P')], Act::PauseAll, "pause all", "pause or resume the whole engine; CRITICAL tasks still start"),
    brake(Scope::Screen, &[c('!')], Act::Halt, "", "twice: halt every new start, CRITICAL ones too; when halted, lift the halt"),
    Binding { scope: Scope::Screen, chords: &[c('Q')], action: Action::Act(Act::EndRun), tier: Tier::Grave, hint: "", help: "end the run: call off what waits, stop what runs" },
    look(Scope::Screen, &[c('>')], Action::Go(Go::Faster), "", "let a virtual clock go faster"),
    look(Scope::Screen, &[c('<')], Action::Go(Go::Slower), "", "let a virtual clock go slower"),
    look(Scope::Screen, &[c('?'), Chord::key(KeyCode::F(1))], Action::Go(Go::Help), "help", "show the keys"),
    look(Scope::Screen, &[c('q')],                  Action::Go(Go::Leave),    "quit", "leave the console; asks how"),

    look(Scope::Dialog, &[TAB, RIGHT, DOWN],        Action::Answer(Answer::Next),     "next", "to the next field or button"),
    look(Scope::Dialog, &[BACKTAB, LEFT, UP],       Action::Answer(Answer::Prev),     "", "to the one before"),
    look(Scope::Dialog, &[ENTER],                   Action::Answer(Answer::Accept),   "choose", "press the focused button"),
    look(Scope::Dialog, &[ESC, c('q')],             Action::Answer(Answer::Close),    "cancel", "close it; nothing is done"),
    brake(Scope::Dialog, &[c('!')], Act::Halt, "", "twice: halt, from inside a dialog too"),
    look(Scope::Force,  &[c(' ')],                  Action::Answer(Answer::Toggle),   "tick", "waive the condition, or not"),

    look(Scope::Text,   &[ENTER],                   Action::Answer(Answer::Accept),   "accept", "take the text"),
    look(Scope::Text,   &[ESC],                     Action::Answer(Answer::Close),    "cancel", "leave the text as it was"),
    look(Scope::Text,   &[TAB, DOWN],               Action::Answer(Answer::Next),     "", "to the next field or button"),
    look(Scope::Text,   &[BACKTAB, UP],             Action::Answer(Answer::Prev),     "", "to the one before"),
    look(Scope::Help,   &[PAGE_DOWN],               Action::Move(Motion::PageDown), "scroll", "a page down; letters filter the list"),
    look(Scope::Help,   &[PAGE_UP],                 Action::Move(Motion::PageUp),   "", "a page up"),

    brake(Scope::Everywhere, &[Chord::key(KeyCode::F(9))], Act::Halt, "", "twice: halt, from inside a text field too"),
    look(Scope::Everywhere, &[Chord::ctrl('c')],    Action::Any(Any::Interrupt), "", "close what is open; else leave the console"),
    look(Scope::Everywhere, &[Chord::ctrl('l')],    Action::Any(Any::Redraw),   "", "draw the screen anew"),
    look(Scope::Everywhere, &[Chord::key(KeyCode::F(2))], Action::Any(Any::Mouse), "", "take the mouse for wheel and click, or give it back"),
    look(Scope::Everywhere, &[Chord::ctrl('z')],    Action::Any(Any::Suspend),  "", "to the shell; `fg` comes back"),
];

/// The rows that hold in a scope: its own, then its parents'.
pub fn bindings(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    let own = |scope: Scope| BINDINGS.iter().filter(move |row| row.scope == scope);
    scope.chain().iter().flat_map(move |&scope| own(scope))
}

/// The row a key stands in, if any: its action and what that takes.
#[must_use]
pub fn lookup(scope: Scope, key: KeyEvent) -> Option<&'static Binding> {
    let chord = Chord::of(key)?;
    bindings(scope).find(|row| row.chords.contains(&chord))
}

/// How much harm an action can do, wherever its key stands.
#[must_use]
pub fn tier(action: Action) -> Tier {
    let rows = BINDINGS.iter().filter(|row| row.action == action);
    rows.map(|row| row.tier).max().unwrap_or(Tier::Look)
}

/// The word for an action: the footer's.
#[must_use]
pub fn word(action: Action) -> &'static str {
    BINDINGS.iter().find(|row| row.action == action).map_or("", |row| row.hint)
}

/// The table as a page of Markdown, for `bellwether keys` and `assets/keys.md`.
#[must_use]
pub fn page() -> String {
    let mut page = String::from("# Keys\n");
    for scope in Scope::ALL {
        page.push_str("\n## ");
        page.push_str(scope.title());
        page.push_str("\n\n| key | does | guard |\n|---|---|---|\n");
        for row in BINDINGS.iter().filter(|row| row.scope == scope) {
            let keys: Vec<_> =
                row.chords.iter().map(|chord| format!("`{}`", chord.label())).collect();
            let line = format!("| {} | {} | {} |\n", keys.join(" "), row.help, row.tier.word());
            page.push_str(&line);
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_scope() {
        for scope in Scope::ALL {
            let mut seen = BTreeMap::new();
            for row in bindings(scope) {
                for chord in row.chords {
                    let before = seen.insert(chord.label(), row);
                    // The help takes the text field's keys and adds two; a nearer row may not hide
                    // a farther one, or the help would show a key that does something else.
                    assert!(before.is_none(), "{scope:?}: {} twice", chord.label());
                }
            }
        }
    }

    #[test]
    fn every_verb_has_a_key_and_every_row_a_help_text() {
        // The compiler names the verbs: a new one stops the build here.
        let has = |verb: Verb| match verb {
            Verb::Retry
            | Verb::RetryBlocked
            | Verb::Hold
            | Verb::Release
            | Verb::RunNow
            | Verb::Cancel
            | Verb::Unskip
            | Verb::Rerun
            | Verb::SetOk
            | Verb::SetFailed => {
                BINDINGS.iter().any(|row| row.action == Action::Act(Act::Task(OnTask::Do(verb))))
            }
        };
        let verbs = [
            Verb::Retry,
            Verb::RetryBlocked,
            Verb::Hold,
            Verb::Release,
            Verb::RunNow,
            Verb::Cancel,
            Verb::Unskip,
            Verb::Rerun,
            Verb::SetOk,
            Verb::SetFailed,
        ];
        assert!(verbs.into_iter().all(has));
        let others = [
            OnTask::Pause,
            OnTask::Force,
            OnTask::ForceStage,
            OnTask::Skip,
            OnTask::Approve,
            OnTask::Priority,
            OnTask::Resolve,
        ];
        let acts = others.map(Act::Task).into_iter();
        for act in acts.chain([Act::Halt, Act::PauseAll, Act::PauseAgent, Act::EndRun]) {
            assert!(BINDINGS.iter().any(|row| row.action == Action::Act(act)), "{act:?}");
        }
        assert!(BINDINGS.iter().all(|row| !row.chords.is_empty() && !row.help.is_empty()));
    }

    #[test]
    fn labels_and_hints_fit_the_footer() {
        for row in BINDINGS {
            assert!(row.chords.iter().all(|chord| chord.label().chars().count() <= 9), "{row:?}");
            assert!(row.hint.len() <= 11, "{row:?}");
        }
    }

    #[test]
    fn what_changes_the_run_is_never_marked_as_a_look() {
        for row in BINDINGS {
            assert_eq!(row.tier == Tier::Look, !row.action.changes_the_run(), "{row:?}");
        }
    }

    #[test]
    fn one_action_has_one_tier() {
        for row in BINDINGS {
            assert_eq!(row.tier, tier(row.action), "{row:?}");
        }
    }

    #[test]
    fn the_page_of_keys_shows_every_row() {
        let page = page();
        assert!(BINDINGS.iter().all(|row| page.contains(row.help)), "{page}");
    }
}
