//! The task `event_calendar`: today's session and special events from the exchange calendar.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::agents::{
    job::{TaskContext, not_found},
    task_output::TaskOutput,
};
use engine::Failure;
use planning::calendar::{
    self, CalendarCertainty, ExchangeDay, ReportTiming, SpecialEvent, exchange_local,
};

pub(in crate::agents) fn event_calendar(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let date = job.date();
    let unknown = |error: calendar::UnknownYearError| not_found(format!("blocked: {error}"));
    let day = calendar::exchange_day(date).map_err(unknown)?;
    let specials = calendar::special_events(date).map_err(unknown)?;
    let next = next_sessions(date, 5);
    let known: Vec<&SpecialEvent> = specials.iter().filter(|s| s.is_scheduled()).collect();
    let words: Vec<String> =
        std::iter::once(session_text(&day)).chain(known.iter().map(|s| in_words(s))).collect();
    let plan = &job.request.plan;
    let data = json!({
        "is_session": day.is_session(),
        "day": plan.day,
        "open_et": day.is_session().then(|| clock(&day, true)),
        "close_et": day.is_session().then(|| clock(&day, false)),
        "half_day": matches!(day.kind, calendar::DayKind::EarlyClose { .. }),
        "overlays": plan.overlays,
        "releases": [],
        "fomc": known.iter().find_map(|s| fomc(s)),
        "opex": opex(&known),
        "earnings": { "bmo": earnings(&known, ReportTiming::BeforeOpen), "amc": earnings(&known, ReportTiming::AfterClose) },
        "next_sessions": next,
    });
    let mut done = TaskOutput::new(words.join("; "), data);
    done.add_warning("no_releases", None, "economic releases of the day are not bundled");
    let covered: Vec<String> =
        calendar::earnings_coverage().keys().map(ToString::to_string).collect();
    let msg = format!("earnings dates are known of {} only", covered.join(", "));
    done.add_warning("earnings_coverage", None, msg);
    if calendar::session_certainty(date)
        .is_ok_and(|standing| standing != CalendarCertainty::Confirmed)
    {
        done.add_warning(
            "projected",
            None,
            "from rules: an unscheduled closure would not be known",
        );
    }
    Ok(done)
}

pub(super) fn next_sessions(date: NaiveDate, n: usize) -> Vec<NaiveDate> {
    let after = |day: &NaiveDate| calendar::next_session(*day).ok().map(|next| next.date);
    std::iter::successors(Some(date), after).skip(1).take(n).collect()
}

fn clock(day: &ExchangeDay, open: bool) -> String {
    exchange_local(if open { day.open } else { day.close }).format("%H:%M").to_string()
}

pub(super) fn session_text(day: &ExchangeDay) -> String {
    match &day.kind {
        calendar::DayKind::Regular => format!("session {}–{}", clock(day, true), clock(day, false)),
        calendar::DayKind::LateOpen { reason } | calendar::DayKind::EarlyClose { reason } => {
            format!("session {}–{} ({reason})", clock(day, true), clock(day, false))
        }
        calendar::DayKind::Closed { reason } => format!("closed ({reason})"),
    }
}

pub(super) fn in_words(special: &SpecialEvent) -> String {
    match special {
        SpecialEvent::Fomc { statement, press_conference, .. } => {
            let press = press_conference.map(|at| format!(", press {}", at.format("%H:%M")));
            format!("FOMC {}{}", statement.format("%H:%M"), press.unwrap_or_default())
        }
        SpecialEvent::Expiration { kind, .. } => format!("{} expiration", expiration_text(*kind)),
        SpecialEvent::Earnings { symbol, timing } => match timing {
            ReportTiming::BeforeOpen => format!("{symbol} reports before the open"),
            ReportTiming::AfterClose => format!("{symbol} reports after the close"),
        },
    }
}

fn expiration_text(kind: calendar::ExpirationKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or("option").to_owned()
}

fn fomc(special: &SpecialEvent) -> Option<Value> {
    let SpecialEvent::Fomc { statement, press_conference, projections, .. } = special else {
        return None;
    };
    Some(json!({
        "statement_et": statement.format("%H:%M").to_string(),
        "presser_et": press_conference.map(|at| at.format("%H:%M").to_string()),
        "sep": projections,
    }))
}

fn opex(known: &[&SpecialEvent]) -> Value {
    let kinds: Vec<String> = known
        .iter()
        .filter_map(|special| match special {
            SpecialEvent::Expiration { kind, .. } => Some(expiration_text(*kind)),
            SpecialEvent::Fomc { .. } | SpecialEvent::Earnings { .. } => None,
        })
        .collect();
    let moved: Vec<String> =
        known.iter().filter_map(|s| s.moved_because()).map(|why| why.to_string()).collect();
    json!({
        "kinds": kinds,
        "monthly": kinds.iter().any(|kind| kind == "monthly" || kind == "quarterly"),
        "quad": kinds.iter().any(|kind| kind == "quarterly"),
        "shifted": moved,
    })
}

fn earnings(known: &[&SpecialEvent], wanted: ReportTiming) -> Vec<String> {
    known
        .iter()
        .filter_map(|special| match special {
            SpecialEvent::Earnings { symbol, timing } if *timing == wanted => {
                Some(symbol.to_string())
            }
            SpecialEvent::Earnings { .. }
            | SpecialEvent::Fomc { .. }
            | SpecialEvent::Expiration { .. } => None,
        })
        .collect()
}
