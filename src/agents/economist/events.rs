//! `event_calendar`: what is on today, from the exchange's calendar.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::{
    agents::{
        done::Done,
        job::{Job, not_found},
    },
    calendar::{self, Day, Special, Standing, Timing, exchange_local},
    engine::Failure,
};

pub(in crate::agents) fn events(job: &Job<'_>) -> Result<Done, Failure> {
    let date = job.date();
    let unknown = |error: calendar::UnknownYear| not_found(format!("blocked: {error}"));
    let day = calendar::day(date).map_err(unknown)?;
    let specials = calendar::specials(date).map_err(unknown)?;
    let next = next_sessions(date, 5);
    let known: Vec<&Special> = specials.iter().filter(|s| s.known_beforehand()).collect();
    let words: Vec<String> =
        std::iter::once(session(&day)).chain(known.iter().map(|s| in_words(s))).collect();
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
        "earnings": { "bmo": earnings(&known, Timing::BeforeOpen), "amc": earnings(&known, Timing::AfterClose) },
        "next_sessions": next,
    });
    let mut done = Done::new(words.join("; "), data);
    done.warn("no_releases", None, "economic releases of the day are not bundled");
    let covered: Vec<String> = calendar::earnings_known().keys().map(ToString::to_string).collect();
    let msg = format!("earnings dates are known of {} only", covered.join(", "));
    done.warn("earnings_coverage", None, msg);
    if calendar::standing(date).is_ok_and(|standing| standing == Standing::Projected) {
        done.warn("projected", None, "from rules: an unscheduled closure would not be known");
    }
    Ok(done)
}

pub(super) fn next_sessions(date: NaiveDate, n: usize) -> Vec<NaiveDate> {
    let after = |day: &NaiveDate| calendar::next_session(*day).ok().map(|next| next.date);
    std::iter::successors(Some(date), after).skip(1).take(n).collect()
}

fn clock(day: &Day, open: bool) -> String {
    exchange_local(if open { day.open } else { day.close }).format("%H:%M").to_string()
}

pub(super) fn session(day: &Day) -> String {
    match &day.kind {
        calendar::DayKind::Regular => format!("session {}–{}", clock(day, true), clock(day, false)),
        calendar::DayKind::EarlyClose { reason } => {
            format!("session {}–{} ({reason})", clock(day, true), clock(day, false))
        }
        calendar::DayKind::Closed { reason } => format!("closed ({reason})"),
    }
}

pub(super) fn in_words(special: &Special) -> String {
    match special {
        Special::Fomc { statement, press_conference, .. } => {
            let press = press_conference.map(|at| format!(", press {}", at.format("%H:%M")));
            format!("FOMC {}{}", statement.format("%H:%M"), press.unwrap_or_default())
        }
        Special::Expiration { kind, .. } => format!("{} expiration", word(*kind)),
        Special::Earnings { symbol, timing } => match timing {
            Timing::BeforeOpen => format!("{symbol} reports before the open"),
            Timing::AfterClose => format!("{symbol} reports after the close"),
        },
    }
}

fn word(kind: calendar::ExpirationKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or("option").to_owned()
}

fn fomc(special: &Special) -> Option<Value> {
    let Special::Fomc { statement, press_conference, projections, .. } = special else {
        return None;
    };
    Some(json!({
        "statement_et": statement.format("%H:%M").to_string(),
        "presser_et": press_conference.map(|at| at.format("%H:%M").to_string()),
        "sep": projections,
    }))
}

fn opex(known: &[&Special]) -> Value {
    let kinds: Vec<String> = known
        .iter()
        .filter_map(|special| match special {
            Special::Expiration { kind, .. } => Some(word(*kind)),
            Special::Fomc { .. } | Special::Earnings { .. } => None,
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

fn earnings(known: &[&Special], wanted: Timing) -> Vec<String> {
    known
        .iter()
        .filter_map(|special| match special {
            Special::Earnings { symbol, timing } if *timing == wanted => Some(symbol.to_string()),
            Special::Earnings { .. } | Special::Fomc { .. } | Special::Expiration { .. } => None,
        })
        .collect()
}
