//! `reconcile`: our books against the broker's; a break that explains itself passes, any other stops.

use serde_json::json;

use super::checks::word;
use crate::{
    agents::{
        done::{At, Done},
        job::{Job, bad_input, plural, rejected},
    },
    engine::{Failure, FailureKind},
    trading::{
        limits::TradingState,
        money::to_f64,
        reconcile::{Class, Reconciliation, Verdict},
    },
};

/// The moments at which books are compared.
const SCOPES: [&str; 4] = ["sod", "open", "intraday", "eod"];

pub(in crate::agents) fn reconcile(job: &Job<'_>) -> Result<Done, Failure> {
    let scope = job.param_or("scope", "intraday".to_owned())?;
    if !SCOPES.contains(&scope.as_str()) {
        let (task, known) = (&job.request.task_id, SCOPES.join(", "));
        return Err(bad_input(format!("{task}: task_data.scope: `{scope}` is none of {known}")));
    }
    job.desk().poll(job.at());
    let theirs = job.desk().broker_statement(job.at()).map_err(|error| {
        // What cannot be asked is not flat.
        Failure::new(FailureKind::Transient, format!("no statement: {error}"))
    })?;
    let found = job.desk().reconcile(&theirs, job.at());
    let booked = job.desk().book_missing(&found);
    if found.verdict == Verdict::Block {
        stop(job, &found);
        return Err(rejected(format!("books differ: {}", words(&found).join("; "))));
    }
    let summary = format!(
        "{scope}: {}, {} matched, {}",
        word(found.verdict),
        found.matched,
        plural(found.breaks.len(), "break")
    );
    let data = json!({
        "scope": scope, "breaks": found.breaks, "matched": found.matched,
        "cash_diff": found.cash_diff, "verdict": found.verdict, "blocked": found.blocked,
        "positions": theirs.positions, "cash": theirs.cash, "fills": theirs.fills.len(),
        "working": theirs.working.len(), "booked": booked,
    });
    let mut done = Done::new(summary, data).degraded(found.verdict != Verdict::Clean);
    for one in &found.breaks {
        let name = one.symbol.as_ref().map(ToString::to_string);
        let text = format!("ours {}, theirs {}", one.ours, one.theirs);
        done.warn(class(one.class), name.as_deref(), text);
    }
    if job.param::<String>("focus")?.as_deref() == Some("expiring_options") {
        done.warn("no_options", None, "the book holds shares only: nothing can be assigned");
    }
    let at = At::Moment(job.at());
    let (id, label) = ("cash".into(), "cash at the broker".into());
    done.fact((id, label), Some(to_f64(theirs.cash)), ("USD", at));
    done.metric("breaks", found.breaks.len());
    done.metric("matched", found.matched);
    Ok(done)
}

/// Names that differ are halted; a difference without a name, or too large, halts the desk.
fn stop(job: &Job<'_>, found: &Reconciliation) {
    for name in &found.blocked {
        job.desk().halt_symbol(name, job.at());
    }
    let why = words(found).join("; ");
    // Stricter already is fine: the desk stays where it is.
    let _stricter = job.desk().tighten(TradingState::Halted, ("trade_execution", &why), job.at());
}

fn words(found: &Reconciliation) -> Vec<String> {
    let name = |one: &crate::trading::reconcile::Break| {
        one.symbol.as_ref().map_or_else(|| "cash".to_owned(), ToString::to_string)
    };
    found
        .breaks
        .iter()
        .map(|b| format!("{} {}: ours {}, theirs {}", class(b.class), name(b), b.ours, b.theirs))
        .collect()
}

const fn class(class: Class) -> &'static str {
    match class {
        Class::MissingFill => "MISSING_FILL",
        Class::ExternalOrder => "EXTERNAL_ORDER",
        Class::QtyBreak => "QTY_BREAK",
        Class::CashBreak => "CASH_BREAK",
        Class::CorpActionSuspect => "CORP_ACTION_SUSPECT",
        Class::BrokerLiquidation => "BROKER_LIQUIDATION",
        Class::LateCancel => "LATE_CANCEL",
    }
}
