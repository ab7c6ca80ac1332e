//! `reconcile`: our books against the broker's; a break that explains itself passes, any other stops.

use serde_json::json;

use super::pre_open_checks::verdict_text;
use crate::{
    agents::{
        job::{TaskContext, bad_input, business_rejection, count_noun},
        task_output::{AsOf, TaskOutput},
    },
    trading::{
        limits::TradingState,
        money::to_f64,
        reconcile::{BreakClass, ReconcileVerdict, Reconciliation},
    },
};
use engine::{Failure, FailureKind};

/// The moments at which books are compared.
const SCOPES: [&str; 4] = ["sod", "open", "intraday", "eod"];

pub(in crate::agents) fn reconcile_task(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let scope = job.param_or("scope", "intraday".to_owned())?;
    if !SCOPES.contains(&scope.as_str()) {
        let (task, known) = (&job.request.task_id, SCOPES.join(", "));
        return Err(bad_input(format!("{task}: task_data.scope: `{scope}` is none of {known}")));
    }
    job.desk().query_open_orders(job.now());
    let theirs = job.desk().broker_statement(job.now()).map_err(|error| {
        // What cannot be asked is not flat.
        Failure::new(FailureKind::Transient, format!("no statement: {error}"))
    })?;
    let found = job.desk().reconcile(&theirs, job.now());
    let booked = job.desk().book_missing(&found);
    if found.verdict == ReconcileVerdict::Block {
        stop(job, &found);
        return Err(business_rejection(format!(
            "books differ: {}",
            break_lines(&found).join("; ")
        )));
    }
    let summary = format!(
        "{scope}: {}, {} matched, {}",
        verdict_text(found.verdict),
        found.matched,
        count_noun(found.breaks.len(), "break")
    );
    let data = json!({
        "scope": scope, "breaks": found.breaks, "matched": found.matched,
        "cash_diff": found.cash_diff, "verdict": found.verdict, "blocked": found.blocked,
        "positions": theirs.positions, "cash": theirs.cash, "fills": theirs.fills.len(),
        "working": theirs.working.len(), "booked": booked,
    });
    let mut done =
        TaskOutput::new(summary, data).with_degraded(found.verdict != ReconcileVerdict::Clean);
    for one in &found.breaks {
        let name = one.symbol.as_ref().map(ToString::to_string);
        let text = format!("ours {}, theirs {}", one.ours, one.theirs);
        done.add_warning(class(one.class), name.as_deref(), text);
    }
    if job.param::<String>("focus")?.as_deref() == Some("expiring_options") {
        done.add_warning("no_options", None, "the book holds shares only: nothing can be assigned");
    }
    let at = AsOf::Moment(job.now());
    let (id, label) = ("cash".into(), "cash at the broker".into());
    done.add_fact((id, label), Some(to_f64(theirs.cash)), ("USD", at));
    done.add_metric("breaks", found.breaks.len());
    done.add_metric("matched", found.matched);
    Ok(done)
}

/// Names that differ are halted; a difference without a name, or too large, halts the desk.
fn stop(job: &TaskContext<'_>, found: &Reconciliation) {
    for name in &found.blocked {
        job.desk().halt_symbol(name, job.now());
    }
    let why = break_lines(found).join("; ");
    // Stricter already is fine: the desk stays where it is.
    let _stricter = job.desk().tighten(TradingState::Halted, ("trade_execution", &why), job.now());
}

pub(super) fn break_lines(found: &Reconciliation) -> Vec<String> {
    let name = |one: &crate::trading::reconcile::ReconcileBreak| {
        one.symbol.as_ref().map_or_else(|| "cash".to_owned(), ToString::to_string)
    };
    found
        .breaks
        .iter()
        .map(|b| format!("{} {}: ours {}, theirs {}", class(b.class), name(b), b.ours, b.theirs))
        .collect()
}

const fn class(class: BreakClass) -> &'static str {
    match class {
        BreakClass::MissingFill => "MISSING_FILL",
        BreakClass::ExternalOrder => "EXTERNAL_ORDER",
        BreakClass::QtyBreak => "QTY_BREAK",
        BreakClass::CashBreak => "CASH_BREAK",
        BreakClass::CorpActionSuspect => "CORP_ACTION_SUSPECT",
        BreakClass::BrokerLiquidation => "BROKER_LIQUIDATION",
        BreakClass::LateCancel => "LATE_CANCEL",
    }
}
