//! What people and policies asked of a run, and what came of it.

use chrono::{DateTime, Utc};

use crate::{
    engine::{Event, Recorded},
    plan::Plan,
    present::{acts, filter::Record, words},
};

/// One act as a row. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The number of its event.
    pub seq: u64,
    /// What people call it: `A-192`.
    pub name: String,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: String,
    /// What: `retry risk_check`.
    pub what: String,
    /// Why, as they said; empty when they said nothing.
    pub why: String,
    /// What came of it: `done`, or `refused: …`.
    pub result: String,
}

impl AuditRow {
    /// As the filter of the list sees it; `texts` is where the texts are put together.
    #[must_use]
    pub fn record<'a>(&'a self, texts: &'a [&'a str]) -> Record<'a> {
        Record { texts, at: Some(self.at), ..Record::default() }
    }
}

/// The act an event tells of, if it tells of one.
#[must_use]
pub fn audit(recorded: &Recorded, plan: &Plan) -> Option<AuditRow> {
    let (by, what, why, result) = act(&recorded.event, plan)?;
    Some(AuditRow {
        seq: recorded.seq,
        name: format!("A-{}", recorded.seq),
        at: recorded.at,
        who: words::safe(&by).into_owned(),
        what,
        why: words::safe(why.unwrap_or_default()).into_owned(),
        result,
    })
}

type Act<'a> = (String, String, Option<&'a str>, String);

#[expect(clippy::wildcard_enum_match_arm, reason = "every other event is no act of a person")]
fn act<'a>(event: &'a Event, plan: &Plan) -> Option<Act<'a>> {
    match event {
        Event::OperatorActed { by, command, reason, .. } => {
            let what = acts::command(command, plan);
            Some((by.to_string(), what, reason.as_deref(), "done".into()))
        }
        Event::CommandRefused { by, command, refusal } => {
            let result = format!("refused: {}", words::safe(&refusal.to_string()));
            Some((by.to_string(), acts::command(command, plan), None, result))
        }
        _no_act => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::Command,
        plan::TaskIx,
        present::sample::{self, Day, task},
    };

    #[test]
    fn who_asked_for_what_why_and_what_came_of_it() {
        let mut day = Day::start(sample::plan(vec![task("a", 2)]), "10:30");
        day.order("10:31", Command::Cancel { task: TaskIx(0) }, "wrong\u{1b}[2J data");
        day.order("10:32", Command::Release { task: TaskIx(0) }, "back");
        day.answer("10:33", 0, sample::failed(crate::engine::FailureKind::Cancelled, "stopped"));
        let alert = day.run().alerts().keys().next().copied();
        if let Some(alert) = alert {
            day.order("10:34", Command::Acknowledge { alert }, "seen");
        }
        let rows = day.events.iter().filter_map(|event| audit(event, day.run().plan()));
        let line = |r: AuditRow| {
            format!("{} | {} | {} | {} | {}", words::time(r.at), r.who, r.what, r.why, r.result)
        };
        insta::assert_snapshot!(rows.map(line).collect::<Vec<_>>().join("\n"), @"
        10:31:00 | ana | cancel a | wrong data | done
        10:32:00 | ana | release a |  | refused: a is CANCELLING: nobody holds it; wait until its agent confirms or the time for that is up
        10:34:00 | ana | acknowledge (alert 14) | seen | done
        ");
    }
}
