//! What each screen shows and what one does there, in two or three lines: the head of its help.

use crate::{model::Pane, nav::Screen};

const ONE_TASK: [&str; 3] = [
    "One task from all sides: why it is where it is, its attempts, what it needs and what needs it.",
    "Below stand its facts, the orders or the output it gave, its parameters and where each came from.",
    "j and k scroll; what acts acts on this task; Esc goes back to the list.",
];

const ONE_AGENT: [&str; 3] = [
    "One agent from all sides: its calls, its failures, what it works on now.",
    "An open breaker means that it failed too often and gets no work for a while.",
    "Esc goes back to the agents.",
];

/// What a screen shows, and on the day what its focused pane shows.
#[must_use]
#[expect(clippy::too_many_lines, reason = "three lines for each screen")]
pub fn screen_help(screen: Screen, pane: Pane) -> [&'static str; 3] {
    match screen {
        Screen::Day => of_the_day(pane),
        Screen::Tasks => [
            "Every task of the day with all columns, what needs a person first.",
            "STATE is a mark and a word; ATT is attempts made of attempts allowed; NOTE says why it waits or what failed.",
            "Enter opens a task; the keys below act on the selected one and ask first where it matters.",
        ],
        Screen::Task(_) => ONE_TASK,
        Screen::Graph => [
            "The tasks as a graph, stage by stage: what waits for what.",
            "The critical path is what decides when the day ends; a blocked task shows the way to what blocks it.",
            "Enter opens the selected task.",
        ],
        Screen::Agents => [
            "The agents: whether they answer, how many tasks each has at work, how often they failed.",
            "An open breaker means that an agent failed too often and gets no work for a while.",
            "Enter shows an agent's tasks; pausing one lets what it does now end.",
        ],
        Screen::Agent(_) => ONE_AGENT,
        Screen::Events => [
            "Everything that happened in this run, oldest first: times are those of the exchange.",
            "The list follows the newest line until you move; `follow` takes it up again.",
            "The filter narrows it: event:task_failed sev>=warn corr:41aa since:10:30.",
        ],
        Screen::Event(_) => [
            "One event with everything it says: its time, its kind, its correlation, its fields.",
            "Events of one cause share a correlation.",
            "Esc goes back to the list.",
        ],
        Screen::Log => [
            "What the program itself logged: not the day's events, but how the program fares.",
            "The list follows the newest line until you move; `follow` takes it up again.",
            "The filter takes words of the line, !word for lines without it.",
        ],
        Screen::Alerts => [
            "What somebody must look at: alerts, and tasks that wait for the answer of a person.",
            "The gravest stand first; a deadline is the time after which the answer comes too late.",
            "Enter opens the selected line.",
        ],
        Screen::Orders => [
            "The orders of the desk as it knows them now: unknown and rejected ones first, then working ones.",
            "LEAVES are shares that may still fill; BROKER is the last word of the broker.",
            "Enter opens the task that sends the order; the keys below act on that task.",
        ],
        Screen::Runs => [
            "The runs of this console, the newest first.",
            "An old run can be looked back at; nothing can be done in it.",
            "Enter opens the selected run.",
        ],
        Screen::Diff => [
            "Two runs, two runs of one task, or two attempts of it, line against line.",
            "Only what differs is shown; what is the same is counted.",
            "j and k scroll; Esc goes back.",
        ],
        Screen::DryRun => [
            "The day played out beforehand: what would run when, and which deadlines are at risk.",
            "Nothing here has happened; no order leaves from here.",
            "Enter opens the selected line.",
        ],
        Screen::Audit => [
            "The audit trail: every act of a person or a policy, refused ones too, the gate's verdicts, and what the machine decided.",
            "The title says whether the file on disk is chained to the same hashes as here.",
            "Enter opens the entry in full: who, why, before and after, its hash.",
        ],
        Screen::AuditEntry(_) => [
            "One entry of the audit trail: who, when, why, how things stood before and stand after.",
            "Its hash is that of the entry before it and of all that it says; `bellwether audit verify` checks it.",
            "Enter opens the event it was made of.",
        ],
        Screen::Recovery => [
            "A run whose program ended and that is taken up: what was last known of each task, and what is decided about it.",
            "Nothing is started, CRITICAL work neither, until somebody lets it go on; ! marks what somebody should look at first.",
            "o goes on, p goes on with the engine paused; 1 looks at the day, :recovery comes back here.",
        ],
        Screen::Pulse => [
            "Gauges of the day, large enough for a wall.",
            "Nothing is selected here, so nothing but the halt and the pause of everything acts.",
            "1 goes back to the day.",
        ],
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
fn of_the_day(pane: Pane) -> [&'static str; 3] {
    let last = match pane {
        Pane::Tasks => {
            "The list shows what needs a person first; Enter opens a task, Tab goes to the next pane."
        }
        Pane::Events => {
            "The focused pane shows the events as they come; Tab goes to the next pane."
        }
        Pane::Agents => {
            "The focused pane shows the agents and what they work on; Tab goes to the next pane."
        }
        Pane::Log => "The focused pane shows the program's own log; Tab goes to the next pane.",
        _other => "Tab goes to the next pane.",
    };
    [
        "The day: on top which day it is, who may act, the clock and what waits for an answer.",
        "The timeline has a line per stage: what ran, what runs, what is planned, and the hour now.",
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
