//! What each screen shows and what one does there, in two or three lines: the head of its help.

use crate::{model::Pane, nav::Screen};

const ONE_TASK: [&str; 3] = [
    "One task in full: its state and the reason for it, its attempts, its dependencies and its dependents.",
    "Below are its facts, its orders or output, and its parameters with the origin of each.",
    "j and k scroll; commands act on this task; Esc returns to the list.",
];

const ONE_AGENT: [&str; 3] = [
    "One agent in full: its calls, its failures and its current work.",
    "An open breaker means that the agent failed too often and gets no work for a while.",
    "Esc returns to the agents.",
];

/// Returns what a screen shows, and for the day screen what its focused pane shows.
#[must_use]
#[expect(clippy::too_many_lines, reason = "three lines for each screen")]
pub fn screen_help(screen: Screen, pane: Pane) -> [&'static str; 3] {
    match screen {
        Screen::Day => of_the_day(pane),
        Screen::Tasks => [
            "Every task of the day with all columns; tasks that need an operator come first.",
            "STATE is a mark and a word; ATT is attempts made of attempts allowed; NOTE says why a task waits or what failed.",
            "Enter opens a task; the keys below act on the selected task and show a preview where it matters.",
        ],
        Screen::Task(_) => ONE_TASK,
        Screen::Graph => [
            "The tasks as a graph, stage by stage, with their dependencies.",
            "The critical path decides when the day ends; a blocked task shows the path to the task that blocks it.",
            "Enter opens the selected task.",
        ],
        Screen::Agents => [
            "The agents: their health, their running tasks and their failures.",
            "An open breaker means that an agent failed too often and gets no work for a while.",
            "Enter shows an agent's tasks; pausing an agent lets its running tasks end.",
        ],
        Screen::Agent(_) => ONE_AGENT,
        Screen::Events => [
            "Every event of this run, oldest first, in the time of the exchange.",
            "The list follows the newest line until you move; `follow` resumes that.",
            "A filter narrows the list, for example: event:task_failed sev>=warn corr:41aa since:10:30.",
        ],
        Screen::Event(_) => [
            "One event in full: its time, type, correlation id and fields.",
            "Events with the same cause share a correlation id.",
            "Esc returns to the list.",
        ],
        Screen::Log => [
            "The log of the program itself. The events of the day are on screen 5.",
            "The list follows the newest line until you move; `follow` resumes that.",
            "A filter takes words of the line; !word hides lines with that word.",
        ],
        Screen::Alerts => [
            "What an operator must look at: alerts, and tasks that wait for an answer.",
            "The most severe come first; after its deadline an answer comes too late.",
            "Enter opens the selected line.",
        ],
        Screen::Orders => [
            "The orders of the desk: unknown and rejected orders first, then working orders.",
            "LEAVES counts shares that can still be filled; BROKER is the last report of the broker.",
            "Enter opens the task that sent the order; the keys below act on that task.",
        ],
        Screen::Runs => [
            "The recorded runs, newest first.",
            "An old run can be replayed; commands do not act on it.",
            "Enter opens the selected run.",
        ],
        Screen::Diff => [
            "A comparison of two runs, of one task in two runs, or of two attempts.",
            "Differences are shown; equal lines are counted.",
            "j and k scroll; Esc returns.",
        ],
        Screen::DryRun => [
            "A simulation of the day: what would run when, and which deadlines are at risk.",
            "Nothing here has happened, and no order is sent from here.",
            "Enter opens the selected line.",
        ],
        Screen::Audit => [
            "The audit trail: every command, accepted or refused, every pre-trade check, and every automatic decision.",
            "The title says whether the file on disk has the same hash chain.",
            "Enter opens an entry: who, why, before and after, and its hash.",
        ],
        Screen::AuditEntry(_) => [
            "One entry of the audit trail: who, when, why, before and after.",
            "Its hash covers the entry and the hash of the entry before it; `bellwether audit verify` checks it.",
            "Enter opens the event that it records.",
        ],
        Screen::Recovery => [
            "A run that is being recovered: the last known state of each task, and the decision about it.",
            "No task starts, not even a CRITICAL one, until an operator resumes the run; ! marks what to look at first.",
            "o resumes the run, p resumes it with the engine paused; 1 shows the day, :recovery returns here.",
        ],
        Screen::Pulse => [
            "Gauges of the day, large enough for a wall.",
            "Nothing is selected here; only the halt and the pause of everything act.",
            "1 returns to the day.",
        ],
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
fn of_the_day(pane: Pane) -> [&'static str; 3] {
    let last = match pane {
        Pane::Tasks => {
            "The list shows tasks that need an operator first; Enter opens a task, Tab moves to the next pane."
        }
        Pane::Events => {
            "The focused pane shows the events as they occur; Tab moves to the next pane."
        }
        Pane::Agents => {
            "The focused pane shows the agents and their current work; Tab moves to the next pane."
        }
        Pane::Log => "The focused pane shows the log of the program; Tab moves to the next pane.",
        _other => "Tab moves to the next pane.",
    };
    [
        "The day. The header shows the date, the session, the clock and what waits for an answer.",
        "The timeline has a line per stage: what ran, what runs, what is planned, and the current time.",
        last,
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use planning::plan::{AgentIx, TaskIx};

    #[test]
    fn every_screen_says_what_it_shows_in_words_of_its_own() {
        let screens = [
            Screen::Day,
            Screen::Tasks,
            Screen::Task(TaskIx::new(0)),
            Screen::Graph,
            Screen::Agents,
            Screen::Agent(AgentIx::new(0)),
            Screen::Events,
            Screen::Event(1),
            Screen::Log,
            Screen::Alerts,
            Screen::Orders,
            Screen::Runs,
            Screen::DryRun,
            Screen::Audit,
            Screen::AuditEntry(1),
            Screen::Pulse,
            Screen::Recovery,
        ];
        let heads: BTreeSet<_> = screens.map(|screen| screen_help(screen, Pane::Tasks)[0]).into();
        assert_eq!(heads.len(), screens.len());
        let panes: BTreeSet<_> = Pane::DAY.map(|pane| screen_help(Screen::Day, pane)[2]).into();
        assert_eq!(panes.len(), Pane::DAY.len());
    }
}
