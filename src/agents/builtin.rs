//! Puts the six agents into a roster, each a table of task types and the functions that do them.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    analytics,
    done::Done,
    economist, execution,
    job::{Context, Job, not_found},
    junior, manager, senior,
};
use crate::{
    engine::{Answer, Failure, Lookup},
    id::AgentId,
    journal::{Agent, Looking, Performing, Reply, Request, Roster},
};

/// Does a task.
pub(super) type Act = fn(&Job<'_>) -> Result<Done, Failure>;

/// A task type and who does it.
pub(super) type Row = (&'static str, Act);

/// The six, by name.
const AGENTS: [(&str, &[Row]); 6] = [
    ("junior_analyst", junior::ROWS),
    ("senior_analyst", senior::ROWS),
    ("economist", economist::ROWS),
    ("portfolio_manager", manager::ROWS),
    ("trade_execution", execution::ROWS),
    ("analytics_reporting", analytics::ROWS),
];

/// Who does tasks of a built-in type.
pub(super) fn act_of(task_type: &str) -> Option<Row> {
    let mut rows = AGENTS.into_iter().flat_map(|(_, rows)| rows.iter().copied());
    rows.find(|(name, _)| *name == task_type)
}

/// The six built-in agents at work on this data and this desk.
///
/// They read no clock and no network: equal requests at equal moments of the desk get equal answers.
#[must_use]
pub fn builtin(context: &Context) -> Roster {
    let mut roster = Roster::new();
    for (name, rows) in AGENTS {
        if let Ok(id) = AgentId::parse(name) {
            let types = rows.iter().map(|(task_type, _)| *task_type).collect();
            roster.insert(id, Arc::new(Builtin { context: context.clone(), rows, types }));
        }
    }
    roster
}

/// One of the six.
struct Builtin {
    context: Context,
    rows: &'static [Row],
    types: Vec<&'static str>,
}

impl fmt::Debug for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builtin").field("types", &self.types).finish_non_exhaustive()
    }
}

impl Builtin {
    fn reply(&self, request: &Request) -> Reply {
        let job = Job::new(request, &self.context);
        let asked = request.task_type.as_str();
        let Some((_, act)) = self.rows.iter().find(|(task_type, _)| *task_type == asked) else {
            let known = self.types.join(", ");
            return not_found(format!("{} does no {asked}; it does {known}", request.agent)).into();
        };
        match act(&job) {
            Ok(done) => done.reply(&job),
            Err(failure) => failure.into(),
        }
    }
}

impl Agent for Builtin {
    fn perform(&self, request: Request) -> Performing<'_> {
        Box::pin(async move { self.reply(&request) })
    }

    fn stop(&self, request: &Request, at: DateTime<Utc>) -> Answer {
        if request.task_type.as_str() == "execute_orders" {
            return execution::stop(&Job::new(request, &self.context), at);
        }
        Answer::Stopped
    }

    fn lookup(&self, request: &Request, at: DateTime<Utc>) -> Looking<'_> {
        let found = if request.task_type.as_str() == "execute_orders" {
            execution::lookup(&Job::new(request, &self.context), at)
        } else {
            // Everything else only computes, or is repeated without harm: it changes nothing outside.
            let evidence = format!("{} changes nothing outside", request.task_type);
            Lookup::Absent { evidence }
        };
        Box::pin(async { found })
    }

    fn describe(&self) -> &[&str] {
        &self.types
    }
}
