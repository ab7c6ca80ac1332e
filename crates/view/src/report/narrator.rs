//! A day told to who listens instead of looking: a line of words for each event that matters, what
//! needs a person and which command helps, and how things stand whenever a stage opens or closes.

use chrono::{DateTime, Utc};

use super::reporter::is_routine;
use crate::{
    day,
    speech::{spell_out, spoken_event_line, spoken_summary},
    task_list::{AttentionRank, attention_rank},
    why::state_reasons,
};
use engine::{Event, RecordedEvent, RunState, control::CommandVerb};
use planning::plan::TaskIx;

/// Tells a run, event by event. Its lines hold no control characters and nothing drawn.
#[derive(Debug, Clone, Default)]
pub struct Narrator {
    /// Tasks that were said to need a person, and still do.
    needing: Vec<TaskIx>,
}

impl Narrator {
    /// The lines of the next event; `run` is the state after it.
    #[must_use]
    pub fn event_lines(&mut self, run: &RunState, recorded: &RecordedEvent) -> Vec<String> {
        let mut lines = Vec::new();
        if !is_routine(recorded, run.plan()) {
            lines.push(spoken_event_line(recorded, run.plan()));
        }
        lines.extend(self.needs(run, recorded.at));
        let turning = matches!(
            recorded.event,
            Event::StageStarted { .. } | Event::StageCompleted { .. } | Event::StageFailed { .. }
        );
        if turning {
            lines.push(Self::status_line(run, recorded.at));
        }
        lines
    }

    /// Returns how the run stands, in one line.
    #[must_use]
    pub fn status_line(run: &RunState, at: DateTime<Utc>) -> String {
        format!("In short: {}", spell_out(&spoken_summary(run, at, &|_no_key| None)))
    }

    /// Returns what needs a person now and did not before.
    fn needs(&mut self, run: &RunState, at: DateTime<Utc>) -> Vec<String> {
        if day::needs_person(run) == 0 {
            self.needing.clear();
            return Vec::new();
        }
        let now: Vec<_> = run
            .tasks()
            .map(|(ix, _)| ix)
            .filter(|&ix| attention_rank(run, ix) == AttentionRank::NeedsOperator)
            .collect();
        let new = now.iter().filter(|ix| !self.needing.contains(ix));
        let lines = new.map(|&ix| format!("Action needed: {}", spell_out(&needed(run, ix, at))));
        let lines = lines.collect();
        self.needing = now;
        lines
    }
}

/// Returns why a task needs a person, and what to type.
fn needed(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> String {
    let id = &run.plan().task(ix).id;
    let reason = state_reasons(run, ix, at).into_iter().next();
    let text = reason.as_ref().map_or("", |why| why.text.as_str());
    let on = reason.as_ref().and_then(|why| why.on).unwrap_or(ix);
    let on = &run.plan().task(on).id;
    let help = match reason.as_ref().and_then(|why| why.verb) {
        Some(CommandVerb::Approve) => {
            format!("type approve {on} and a reason, or reject {on} and a reason")
        }
        Some(CommandVerb::Retry) => format!("type retry {on}"),
        Some(CommandVerb::Resume) => "type resume run and a reason".into(),
        Some(verb) => format!("{verb} helps, at the console with a screen"),
        None => "no action available".into(),
    };
    format!("{id}: {text}; {help}.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample;

    #[test]
    fn what_needs_a_person_is_said_once_with_what_to_type_and_nothing_is_drawn() {
        let day = sample::every_state();
        let (mut narrator, mut run) = (Narrator::default(), None);
        let mut lines = Vec::new();
        for event in &day.events {
            match &mut run {
                None => run = RunState::from_first_event(event).ok(),
                Some(run) => run.apply(event).unwrap(),
            }
            lines.extend(narrator.event_lines(run.as_ref().unwrap(), event));
        }
        let asked = |text: &str| lines.iter().filter(|line| line.contains(text)).count();
        assert_eq!(asked("Action needed: t_failed"), 1, "{lines:#?}");
        assert_eq!(asked("type retry t_failed"), 1, "{lines:#?}");
        assert_eq!(asked("Action needed: t_in_doubt"), 1, "{lines:#?}");
        assert!(asked("In short: ") > 0, "{lines:#?}");
        let drawn = |c: char| c.is_control() || matches!(c, '\u{2190}'..='\u{2bff}');
        assert!(!lines.iter().any(|line| line.contains(drawn)), "{lines:#?}");
    }
}
