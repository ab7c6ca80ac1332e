//! One letter for each thing that can mark a day, its meaning, and days laid out in weeks.

use std::collections::BTreeSet;

use chrono::Datelike;

use super::day_facts::{CalendarDayFacts, time_of_day};
use planning::calendar::{DayKind, ExpirationKind, SpecialEvent};

/// What can mark a day, in the order in which marks and legend are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DaySymbol {
    Closed,
    Early,
    Clock,
    Fomc,
    Surprise,
    Quarterly,
    Monthly,
    Weekly,
    Vix,
    Earnings,
}

impl DaySymbol {
    /// The letter in the grid. No two are alike, so that nothing depends on colour.
    pub(super) const fn letter(self) -> char {
        match self {
            Self::Closed => 'x',
            Self::Early => 'h',
            Self::Clock => 'c',
            Self::Fomc => 'F',
            Self::Surprise => 'f',
            Self::Quarterly => 'Q',
            Self::Monthly => 'M',
            Self::Weekly => 'w',
            Self::Vix => 'V',
            Self::Earnings => 'E',
        }
    }

    /// Returns what the legend says.
    pub(super) const fn legend(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Early => "closes early",
            Self::Clock => "clock change",
            Self::Fomc => "FOMC statement",
            Self::Surprise => "FOMC, unscheduled",
            Self::Quarterly => "quarterly expiration",
            Self::Monthly => "monthly expiration",
            Self::Weekly => "weekly expiration",
            Self::Vix => "VIX expiration",
            Self::Earnings => "earnings",
        }
    }
}

/// The marks of a day, in the order of `Mark`. A weekend is told by its column.
pub(super) fn day_symbols(facts: &CalendarDayFacts) -> BTreeSet<DaySymbol> {
    let session = match &facts.kind {
        DayKind::Regular | DayKind::LateOpen { .. } => None,
        DayKind::EarlyClose { .. } => Some(DaySymbol::Early),
        DayKind::Closed { .. } => (!facts.is_weekend()).then_some(DaySymbol::Closed),
    };
    let clock = facts.clock_change.filter(|change| change.date == facts.date);
    let special = |special: &SpecialEvent| match special {
        SpecialEvent::Fomc { scheduled: true, .. } => DaySymbol::Fomc,
        SpecialEvent::Fomc { .. } => DaySymbol::Surprise,
        SpecialEvent::Expiration { kind, .. } => match kind {
            ExpirationKind::Monthly => DaySymbol::Monthly,
            ExpirationKind::Quarterly => DaySymbol::Quarterly,
            ExpirationKind::Weekly => DaySymbol::Weekly,
            ExpirationKind::Vix => DaySymbol::Vix,
        },
        SpecialEvent::Earnings { .. } => DaySymbol::Earnings,
    };
    let specials = facts.specials.iter().map(special);
    session.into_iter().chain(clock.map(|_| DaySymbol::Clock)).chain(specials).collect()
}

/// A day of the month view: number, then `closed` or the early close, then letters.
pub(super) fn wide_cell(facts: &CalendarDayFacts) -> String {
    let marks = day_symbols(facts);
    let session = match (marks.contains(&DaySymbol::Closed), marks.contains(&DaySymbol::Early)) {
        (true, _) => " closed".to_owned(),
        (false, true) => {
            facts.close_et.map(|at| format!(" {}", time_of_day(at))).unwrap_or_default()
        }
        (false, false) => String::new(),
    };
    let letters: String = marks
        .iter()
        .filter(|mark| !matches!(mark, DaySymbol::Closed | DaySymbol::Early))
        .map(|mark| mark.letter())
        .collect();
    let gap = if letters.is_empty() { "" } else { " " };
    format!("{:2}{session}{gap}{letters}", facts.date.day())
}

/// A day of the year view: number and one letter, `+` for several. Weekly expirations go unmarked.
pub(super) fn narrow_cell(facts: &CalendarDayFacts) -> String {
    let marks = day_symbols(facts);
    let mut told = marks.iter().filter(|mark| **mark != DaySymbol::Weekly);
    let letter = match (told.next(), told.next()) {
        (None, _) => ' ',
        (Some(mark), None) => mark.letter(),
        (Some(_), Some(_)) => '+',
    };
    format!("{:2}{letter}", facts.date.day())
}

/// The days of one month in weeks from Monday; `None` where a week reaches into another month.
pub(super) fn weeks_of_month(days: &[CalendarDayFacts]) -> Vec<Vec<Option<&CalendarDayFacts>>> {
    let lead = days.first().map_or(0, |day| day.weekday.num_days_from_monday());
    let blanks = (0..lead).map(|_| None);
    let cells: Vec<Option<&CalendarDayFacts>> = blanks.chain(days.iter().map(Some)).collect();
    cells.chunks(7).map(<[_]>::to_vec).collect()
}
