//! A month or a year on a page: a grid, a legend of the marks in it, and the special days.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::{
    day_facts::CalendarDayFacts,
    grid::{DaySymbol, day_symbols, narrow_cell, weeks_of_month, wide_cell},
};
use planning::calendar::{
    CalendarCertainty, DayKind, UnknownYearError, announced_until, clock_name, confirmed_until,
    current_calendar, earnings_coverage, fomc_coverage, valid_until,
};

/// No line is longer, in columns; all is ASCII, so that columns, characters and bytes agree.
pub const WIDTH: usize = 78;

/// Width of a weekday and of a weekend day in the month view, in columns.
const WIDE: [usize; 7] = [13, 13, 13, 13, 13, 6, 6];
/// Width of a month in the year view, in columns.
const NARROW: usize = 7 * 3;
/// Between two months of the year view.
const GAP: &str = "       ";

/// Why there is no view of a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MonthError {
    /// The calendar does not know the year.
    #[error(transparent)]
    Year(#[from] UnknownYearError),
    /// No such month.
    #[error("there is no month {0}: write 1 to 12")]
    Month(u32),
}

/// One month: a week to a line, then legend, special days, and what is not sure.
///
/// `month` counts from 1.
///
/// # Errors
///
/// [`MonthError`] for a year the calendar does not know and for a month that is none.
pub fn month_page(year: i32, month: u32) -> Result<Vec<String>, MonthError> {
    if !(1..=12).contains(&month) {
        return Err(MonthError::Month(month));
    }
    let days = days(year, month)?;
    let name = days.first().map(|day| day.date.format("%B %Y").to_string()).unwrap_or_default();
    let mut page = vec![title(&name, &days), String::new()];
    let header = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(|day| format!("{day:>3}"));
    page.push(row(header.into_iter()));
    for week in weeks_of_month(&days) {
        page.push(row(week
            .into_iter()
            .map(|day| format!(" {}", day.map_or_else(String::new, wide_cell)))));
    }
    let shown: BTreeSet<DaySymbol> = days.iter().flat_map(day_symbols).collect();
    let told =
        shown.into_iter().filter(|mark| !matches!(mark, DaySymbol::Closed | DaySymbol::Early));
    finish(&mut page, &legend(told.map(|mark| (mark.letter(), mark.legend()))), &days);
    Ok(page)
}

/// One year: three months side by side, then legend, special days, and what is not sure.
///
/// # Errors
///
/// `UnknownYear` for a year the calendar does not know.
pub fn year_page(year: i32) -> Result<Vec<String>, UnknownYearError> {
    let months: Vec<Vec<CalendarDayFacts>> =
        (1..=12).map(|month| days(year, month)).collect::<Result<_, _>>()?;
    let all: Vec<CalendarDayFacts> = months.iter().flatten().cloned().collect();
    let mut page = vec![title(&year.to_string(), &all)];
    for quarter in months.chunks(3) {
        page.push(String::new());
        let blocks: Vec<Vec<String>> = quarter.iter().map(|days| block(days)).collect();
        let height = blocks.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            let parts = blocks.iter().map(|block| block.get(line).map_or("", String::as_str));
            let parts: Vec<String> = parts.map(|part| format!("{part:NARROW$}")).collect();
            page.push(parts.join(GAP).trim_end().to_owned());
        }
    }
    let shown: BTreeSet<DaySymbol> = all.iter().flat_map(day_symbols).collect();
    let told = shown.into_iter().filter(|mark| *mark != DaySymbol::Weekly);
    let told = told.map(|mark| (mark.letter(), mark.legend()));
    finish(&mut page, &legend(told.chain([('+', "several of these")])), &all);
    Ok(page)
}

/// The days of a month.
fn days(year: i32, month: u32) -> Result<Vec<CalendarDayFacts>, UnknownYearError> {
    let first = NaiveDate::from_ymd_opt(year, month, 1).ok_or(UnknownYearError { year })?;
    first
        .iter_days()
        .take_while(|date| date.month() == month)
        .map(CalendarDayFacts::for_date)
        .collect()
}

/// Returns what the page is about, and how many sessions it has.
fn title(what: &str, days: &[CalendarDayFacts]) -> String {
    let sessions = days.iter().filter(|day| day.open.is_some()).count();
    let early = |day: &&CalendarDayFacts| matches!(day.kind, DayKind::EarlyClose { .. });
    let early = match days.iter().filter(early).count() {
        0 => String::new(),
        count => format!(", {count} short"),
    };
    let projected = days.iter().any(|day| day.standing == CalendarCertainty::Projected);
    let standing = if projected { ", projected" } else { "" };
    let calendar = current_calendar();
    let place = if calendar.is_new_york() {
        "NYSE, New York time".to_owned()
    } else {
        format!("{}, {} time", calendar.name(), clock_name())
    };
    format!("{what}  {place}, {sessions} sessions{early}{standing}")
}

/// A line of the month view.
fn row(cells: impl Iterator<Item = String>) -> String {
    let padded = cells.zip(WIDE).map(|(cell, width)| format!("{cell:width$}"));
    padded.collect::<String>().trim_end().to_owned()
}

/// A month of the year view.
fn block(days: &[CalendarDayFacts]) -> Vec<String> {
    let name = days.first().map(|day| day.date.format("%B").to_string()).unwrap_or_default();
    let blank = || "   ".to_owned();
    let line = |week: Vec<Option<&CalendarDayFacts>>| -> String {
        week.into_iter().map(|day| day.map_or_else(blank, narrow_cell)).collect()
    };
    let head = [name, "Mo Tu We Th Fr Sa Su".to_owned()];
    head.into_iter().chain(weeks_of_month(days).into_iter().map(line)).collect()
}

/// Returns what the letters mean.
fn legend(told: impl Iterator<Item = (char, &'static str)>) -> Vec<String> {
    told.map(|(letter, meaning)| format!("{letter} {meaning}")).collect()
}

/// Adds legend, special days and doubts below a grid.
fn finish(page: &mut Vec<String>, legend: &[String], days: &[CalendarDayFacts]) {
    if !legend.is_empty() {
        page.push(String::new());
        page.extend(wrap_items("", legend, "   "));
    }
    let several =
        days.first().map(|day| day.date.month()) != days.last().map(|day| day.date.month());
    let told: Vec<(&CalendarDayFacts, Vec<String>)> =
        days.iter().map(|day| (day, day.notes())).filter(|(_, notes)| !notes.is_empty()).collect();
    if !told.is_empty() {
        page.push(String::new());
    }
    for (day, notes) in told {
        let format = if several { "%b %e %a  " } else { "%e %a  " };
        let words: Vec<String> = notes.join("; ").split(' ').map(str::to_owned).collect();
        page.extend(wrap_items(&day.date.format(format).to_string(), &words, " "));
    }
    page.push(String::new());
    for doubt in doubts(days) {
        let words: Vec<String> = doubt.split(' ').map(str::to_owned).collect();
        page.extend(wrap_items("", &words, " "));
    }
}

/// Returns what a reader of the page must not take for granted.
fn doubts(days: &[CalendarDayFacts]) -> Vec<String> {
    let mut doubts = Vec::new();
    if days.iter().any(|day| day.standing == CalendarCertainty::Projected) {
        doubts.push(format!(
            "projected after {}: an unscheduled closure is not in it; the announced years end {}",
            confirmed_until(),
            announced_until()
        ));
    }
    if days.iter().any(|day| day.standing == CalendarCertainty::ByRule) {
        doubts.push(format!(
            "by rule, not announced after {}; the calendar ends {}",
            announced_until(),
            valid_until()
        ));
    }
    if let Some((_, last)) = fomc_coverage().filter(|(_, last)| days.iter().any(|d| d.date > *last))
    {
        doubts.push(format!("FOMC statements are known to {last}"));
    }
    if let Some((first, _)) =
        fomc_coverage().filter(|(first, _)| days.iter().any(|d| d.date < *first))
    {
        doubts.push(format!("FOMC statements are known from {first}"));
    }
    let known: Vec<String> = earnings_coverage()
        .into_iter()
        .map(|(symbol, (first, last))| format!("{symbol} {first} to {last}"))
        .collect();
    if known.is_empty() {
        doubts.push("no earnings dates are known".into());
    } else {
        doubts.push(format!("earnings are known for {} only", known.join(", ")));
    }
    doubts
}

/// `items` with `between` between them in lines of at most [`WIDTH`]; the first begins with
/// `head`, the others with as many blanks. An item is never broken.
fn wrap_items(head: &str, items: &[String], between: &str) -> Vec<String> {
    let indent = " ".repeat(head.len());
    let mut lines: Vec<String> = Vec::new();
    let mut line = head.to_owned();
    let mut fresh = true;
    for item in items {
        if !fresh && line.len() + between.len() + item.len() > WIDTH {
            lines.push(std::mem::replace(&mut line, indent.clone()));
            fresh = true;
        }
        if !fresh {
            line.push_str(between);
        }
        line.push_str(item);
        fresh = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use planning::calendar::{FIRST_YEAR, LAST_YEAR};

    #[test]
    fn a_month_shows_grid_legend_and_special_days() {
        insta::assert_snapshot!(month_page(2018, 12).unwrap().join("\n"), @r"
        December 2018  NYSE, New York time, 19 sessions, 1 short

        Mon          Tue          Wed          Thu          Fri          Sat   Sun
                                                                           1     2
          3            4            5 closed     6            7 w          8     9
         10           11           12           13           14 w         15    16
         17           18           19 FV        20           21 Q         22    23
         24 13:00     25 closed    26           27           28 w         29    30
         31

        F FOMC statement   Q quarterly expiration   w weekly expiration
        V VIX expiration

         5 Wed  closed: Mourning: President G.H.W. Bush
        19 Wed  FOMC: statement 14:00, press conference 14:30, projections; VIX
                expiration
        21 Fri  quarterly expiration (quadruple witching)
        24 Mon  closes 13:00: Christmas Eve
        25 Tue  closed: Christmas Day

        earnings are known for AAPL 2015-04-27 to 2018-11-01 only
        ");
    }

    #[test]
    fn a_year_shows_three_months_side_by_side() {
        let page = year_page(2026).unwrap();
        insta::assert_snapshot!(page.get(..11).unwrap().join("\n"), @r"
        2026  NYSE, New York time, 251 sessions, 2 short, projected

        January                     February                    March
        Mo Tu We Th Fr Sa Su        Mo Tu We Th Fr Sa Su        Mo Tu We Th Fr Sa Su
                  1x 2  3  4                           1                           1
         5  6  7  8  9 10 11         2  3  4  5  6  7  8         2  3  4  5  6  7  8c
        12 13 14 15 16M17 18         9 10 11 12 13 14 15         9 10 11 12 13 14 15
        19x20 21V22 23 24 25        16x17 18V19 20M21 22        16 17 18+19 20Q21 22
        26 27 28F29 30 31           23 24 25 26 27 28           23 24 25 26 27 28 29
                                                                30 31
        ");
    }

    #[test]
    fn every_page_is_ascii_and_fits_its_width() {
        for of_year in FIRST_YEAR..=LAST_YEAR {
            let months = (1..=12).flat_map(|of_month| month_page(of_year, of_month).unwrap());
            for line in months.chain(year_page(of_year).unwrap()) {
                assert!(line.is_ascii() && line.len() <= WIDTH, "{line}");
                assert_eq!(line, line.trim_end());
            }
        }
    }

    #[test]
    fn every_letter_in_a_grid_is_explained_below_it() {
        for of_year in FIRST_YEAR..=LAST_YEAR {
            let page = year_page(of_year).unwrap();
            let legend = page.iter().position(|line| line.starts_with("x closed")).unwrap();
            let (grid, below) = page.split_at(legend);
            let entries = below.iter().take_while(|line| !line.is_empty());
            let entries: Vec<&str> = entries.flat_map(|line| line.split("   ")).collect();
            // Names of months and days are words; a mark stands behind a digit.
            let behind = |line: &String| -> Vec<char> {
                let pairs = line.chars().zip(line.chars().skip(1));
                let marked =
                    pairs.filter(|(day, mark)| day.is_ascii_digit() && !mark.is_ascii_digit());
                marked.map(|(_, mark)| mark).filter(|mark| *mark != ' ').collect()
            };
            for mark in grid.iter().skip(1).flat_map(behind) {
                let explains = |entry: &&str| entry.starts_with(&format!("{mark} "));
                assert!(entries.iter().any(explains), "{of_year}: {mark} in {entries:?}");
            }
        }
    }

    #[test]
    fn two_marks_are_never_alike() {
        let all = [
            DaySymbol::Closed,
            DaySymbol::Early,
            DaySymbol::Clock,
            DaySymbol::Fomc,
            DaySymbol::Surprise,
            DaySymbol::Quarterly,
            DaySymbol::Monthly,
            DaySymbol::Weekly,
            DaySymbol::Vix,
            DaySymbol::Earnings,
        ];
        assert_eq!(
            all.map(DaySymbol::letter).into_iter().collect::<BTreeSet<_>>().len(),
            all.len()
        );
    }

    #[test]
    fn a_page_says_what_it_cannot_know() {
        let page = |of_year, of_month| month_page(of_year, of_month).unwrap().join(" ");
        assert!(page(2026, 12).contains("an unscheduled closure is not in it"));
        assert!(!page(2018, 12).contains("unscheduled closure"));
        assert!(page(1993, 3).contains("FOMC statements are known from 1994-02-04"));
        assert!(page(2018, 12).contains("earnings are known for AAPL"));
    }

    #[test]
    fn an_unknown_year_or_month_has_no_page() {
        for unknown in [1989, 2036, i32::MIN, i32::MAX] {
            assert_eq!(year_page(unknown), Err(UnknownYearError { year: unknown }));
            assert_eq!(
                month_page(unknown, 1),
                Err(MonthError::Year(UnknownYearError { year: unknown }))
            );
        }
        for none in [0, 13] {
            assert_eq!(month_page(2018, none), Err(MonthError::Month(none)));
        }
    }
}
