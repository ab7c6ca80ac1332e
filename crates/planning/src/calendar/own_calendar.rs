//! Calendar files of one's own: sessions, earnings and events that take precedence over what is
//! built in.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{NaiveDate, NaiveTime};

use super::{
    exchange::Exchange,
    expiration::ExpirationKind,
    special_days::{ReportTiming, SpecialEvent, StatementTimeBasis},
};

/// The file of sessions.
const SESSIONS_FILE: &str = "calendar.csv";
/// The file of earnings reports.
const EARNINGS_FILE: &str = "earnings.csv";
/// The file of events.
const EVENTS_FILE: &str = "events.csv";
/// The names of the calendar files of one's own.
pub const CALENDAR_FILES: [&str; 3] = [SESSIONS_FILE, EARNINGS_FILE, EVENTS_FILE];

/// Sessions, earnings and events of one's own.
#[derive(Debug, Clone, Default)]
pub struct OwnCalendar {
    pub(super) sessions: BTreeMap<NaiveDate, OwnSessionRow>,
    pub(super) earnings: BTreeMap<NaiveDate, Vec<(Arc<str>, ReportTiming)>>,
    pub(super) events: BTreeMap<NaiveDate, Vec<OwnEvent>>,
}

/// A row of `calendar.csv`.
#[derive(Debug, Clone)]
pub(super) struct OwnSessionRow {
    pub(super) session: OwnSession,
    pub(super) reason: Arc<str>,
    /// File and row.
    pub(super) place: String,
}

/// A session of one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OwnSession {
    Closed,
    Early(NaiveTime),
    Late(NaiveTime),
    /// A full session, on a day that may have none by rule.
    Full {
        open: Option<NaiveTime>,
        close: Option<NaiveTime>,
    },
}

/// An event of one's own.
#[derive(Debug, Clone)]
pub(super) enum OwnEvent {
    Special(SpecialEvent),
    /// The built-in statement of the day does not take place.
    NoCentralBank,
}

/// A row that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} row {row}: {message}")]
pub struct OwnCalendarProblem {
    pub file: String,
    /// Counted from 1, the header included.
    pub row: u64,
    pub message: String,
}

/// The fields of one row, by column.
struct RowFields(BTreeMap<String, String>);

impl RowFields {
    fn get(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn date(&self) -> Result<NaiveDate, String> {
        let text = self.get("date").unwrap_or_default();
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map_err(|_unparsable| format!("`{text}` is no date; write 2026-11-27"))
    }

    fn time(&self, column: &str) -> Result<Option<NaiveTime>, String> {
        let parse = |text: &str| {
            NaiveTime::parse_from_str(text, "%H:%M")
                .map_err(|_unparsable| format!("`{text}` is no time; write 13:00 in `{column}`"))
        };
        self.get(column).map(parse).transpose()
    }

    fn required_time(&self, column: &str) -> Result<NaiveTime, String> {
        let missing = || format!("`{column}` is empty; write the time there, as 13:00");
        self.time(column)?.ok_or_else(missing)
    }
}

impl OwnCalendar {
    /// Reads one of the files of one's own; `name` tells which. Every bad row is a problem, and
    /// the others are taken.
    pub fn read(&mut self, name: &str, text: &str, exchange: &Exchange) -> Vec<OwnCalendarProblem> {
        let mut problems = Vec::new();
        let mut report = |row: u64, message: String| {
            problems.push(OwnCalendarProblem { file: name.into(), row, message });
        };
        let columns: &[&str] = match name {
            SESSIONS_FILE => &["date", "session"],
            EARNINGS_FILE => &["date", "symbol", "timing"],
            _ => &["date", "event"],
        };
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let header: Vec<String> = match reader.headers() {
            Ok(header) => header.iter().map(str::to_lowercase).collect(),
            Err(error) => {
                report(1, error.to_string());
                return problems;
            }
        };
        if let Some(missing) = columns.iter().find(|column| !header.iter().any(|h| h == *column)) {
            report(1, format!("there is no column `{missing}`; the header is {}", header_of(name)));
            return problems;
        }
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let row = error.position().map_or(1, csv::Position::line);
                    report(row, error.to_string());
                    continue;
                }
            };
            let row = record.position().map_or(1, csv::Position::line);
            let fields = header.iter().cloned().zip(record.iter().map(str::to_owned));
            let fields = RowFields(fields.collect());
            let taken = match name {
                SESSIONS_FILE => self.take_session(&fields, row, exchange),
                EARNINGS_FILE => self.take_report(&fields),
                _ => self.take_event(&fields),
            };
            if let Err(message) = taken {
                report(row, message);
            }
        }
        problems
    }

    /// Returns whether nothing was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty() && self.earnings.is_empty() && self.events.is_empty()
    }

    fn take_session(
        &mut self,
        fields: &RowFields,
        row: u64,
        exchange: &Exchange,
    ) -> Result<(), String> {
        let date = fields.date()?;
        let word = fields.get("session").unwrap_or_default().to_lowercase();
        let full = exchange.hours_of(date);
        // A session over midnight has no order of times of day.
        let inside = |time| full.close <= full.open || (full.open < time && time < full.close);
        let outside = |time: NaiveTime| {
            format!(
                "{} is not within the full session, {} to {}",
                time.format("%H:%M"),
                full.open.format("%H:%M"),
                full.close.format("%H:%M")
            )
        };
        let session = match word.as_str() {
            "closed" => OwnSession::Closed,
            "early" => OwnSession::Early(fields.required_time("close")?),
            "late" => OwnSession::Late(fields.required_time("open")?),
            "extra" | "regular" => {
                OwnSession::Full { open: fields.time("open")?, close: fields.time("close")? }
            }
            _ => {
                let words = "closed, early, late, extra or regular";
                return Err(format!("`{word}` is no session; write {words}"));
            }
        };
        match session {
            OwnSession::Early(time) | OwnSession::Late(time) if !inside(time) => {
                return Err(outside(time));
            }
            OwnSession::Full { open, close }
                if open.is_some() && open >= close && close.is_some() =>
            {
                return Err("`close` is not after `open`; write the later time in `close`".into());
            }
            _ => {}
        }
        let reason = fields.get("reason").unwrap_or("by calendar.csv").into();
        let place = format!("{SESSIONS_FILE} row {row}");
        if let Some(other) = self.sessions.get(&date) {
            return Err(format!("{date} is already in {}; keep one of both", other.place));
        }
        self.sessions.insert(date, OwnSessionRow { session, reason, place });
        Ok(())
    }

    fn take_report(&mut self, fields: &RowFields) -> Result<(), String> {
        let date = fields.date()?;
        let symbol = fields.get("symbol").ok_or("`symbol` is empty; write a ticker")?;
        let timing = match fields.get("timing").unwrap_or_default().to_lowercase().as_str() {
            "bmo" | "before" => ReportTiming::BeforeOpen,
            "amc" | "after" => ReportTiming::AfterClose,
            other => {
                return Err(format!(
                    "`{other}` is no timing; write bmo (before the open) or amc (after the close)"
                ));
            }
        };
        let symbol: Arc<str> = symbol.to_uppercase().into();
        let rows = self.earnings.entry(date).or_default();
        if rows.iter().any(|(own, _)| *own == symbol) {
            return Err(format!("{symbol} already reports on {date}; keep one row"));
        }
        rows.push((symbol, timing));
        Ok(())
    }

    fn take_event(&mut self, fields: &RowFields) -> Result<(), String> {
        let date = fields.date()?;
        let word = fields.get("event").unwrap_or_default().to_lowercase();
        let expiration =
            |kind| OwnEvent::Special(SpecialEvent::Expiration { kind, moved_from: None });
        let statement = |scheduled| {
            Ok::<_, String>(OwnEvent::Special(SpecialEvent::Fomc {
                statement: fields.required_time("time")?,
                press_conference: fields.time("press_conference")?,
                scheduled,
                projections: false,
                rate_decision: true,
                hour: StatementTimeBasis::Stated,
                note: fields.get("name").map(Arc::from),
            }))
        };
        let event = match word.as_str() {
            "central_bank" => statement(true)?,
            "unscheduled_central_bank" => statement(false)?,
            "no_central_bank" => OwnEvent::NoCentralBank,
            "monthly_expiration" => expiration(ExpirationKind::Monthly),
            "quarterly_expiration" => expiration(ExpirationKind::Quarterly),
            _ => {
                return Err(format!(
                    "`{word}` is no event; write central_bank, unscheduled_central_bank, \
                     no_central_bank, monthly_expiration or quarterly_expiration"
                ));
            }
        };
        self.events.entry(date).or_default().push(event);
        Ok(())
    }
}

/// Returns the header of a file of one's own.
fn header_of(name: &str) -> &'static str {
    match name {
        SESSIONS_FILE => "date,session,open,close,reason",
        EARNINGS_FILE => "date,symbol,timing",
        _ => "date,event,time,press_conference,name",
    }
}
