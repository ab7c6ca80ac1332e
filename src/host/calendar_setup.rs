//! The calendar of the configuration: its exchange, and the files of one's own over it.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::input_file::read_input_text;
use chrono::NaiveDate;
use config::Config;
use planning::calendar::{
    CALENDAR_FILES, Calendar, DEFAULT_EXCHANGE, EXCHANGE_CODES, Exchange, HoursOverride,
    OwnCalendar, announcement_remark, current_calendar, install_calendar,
};

/// Makes the calendar of `config` the one of this process.
///
/// # Errors
///
/// Every problem of the exchange file and of the files of one's own, a line each.
pub(crate) fn install_configured_calendar(config: &Config) -> Result<(), String> {
    let named = config.calendar.exchange.as_ref().map(|path| path.to_string_lossy().into_owned());
    let code = named.unwrap_or_else(|| DEFAULT_EXCHANGE.into());
    let exchange = read_exchange(&code)?.with_overrides(config.calendar.hours);
    let mut own = OwnCalendar::default();
    let mut problems = Vec::new();
    let folder = config.calendar.folder.as_ref().or(config.places.data.as_ref());
    for (name, path) in folder.into_iter().flat_map(|folder| files_in(folder)) {
        match read_input_text(&path) {
            Ok(text) => {
                let found = own.read(name, &text, &exchange);
                let shown = path.display();
                problems.extend(
                    found
                        .into_iter()
                        .map(|one| format!("{shown} row {}: {}", one.row, one.message)),
                );
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => problems.push(format!("cannot read {}: {error}", path.display())),
        }
    }
    if !problems.is_empty() {
        let rows = problems.join("\n  ");
        return Err(format!("the calendar files cannot be used; mend these rows\n  {rows}"));
    }
    let standard = code == DEFAULT_EXCHANGE && config.calendar.hours == HoursOverride::default();
    if !standard || !own.is_empty() {
        // The first calendar of a process stays: every later one has the same configuration.
        let _first = install_calendar(Calendar::new(exchange, own));
    }
    Ok(())
}

/// Returns what is to be said of the exchange on a day: the end of the announced years, and prices
/// of another exchange.
pub(crate) fn exchange_remarks(config: &Config, date: NaiveDate) -> Vec<String> {
    let known = current_calendar();
    let mut all: Vec<String> = announcement_remark(date).into_iter().collect();
    if !known.is_new_york() && config.places.data.is_none() {
        all.push(format!(
            "the prices inside the program are New York's and the exchange is {}: set `data_dir` \
             to prices of {}",
            known.code(),
            known.name()
        ));
    }
    all
}

/// Returns the exchange with this code, or the one in this file.
pub(crate) fn read_exchange(code: &str) -> Result<Exchange, String> {
    let found = if let Some(found) = Exchange::built_in(code) {
        found
    } else {
        let known = EXCHANGE_CODES.join(", ");
        let text = read_input_text(Path::new(code)).map_err(|error| {
            format!(
                "cannot read the exchange `{code}`: {error}; write one of {known}, or the \
                     path of an exchange file"
            )
        })?;
        Exchange::from_file(code, &text)
    };
    found.map_err(|error| error.to_string())
}

fn files_in(folder: &Path) -> impl Iterator<Item = (&'static str, PathBuf)> + use<'_> {
    CALENDAR_FILES.into_iter().map(|name| (name, folder.join(name)))
}
