//! Rules for the days on which options expire, including days moved by a holiday.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::{rules::third_friday, sessions::is_trading_day};

/// A kind of option expiration. A day has at most one of the first three, and may also have
/// [`Vix`].
///
/// [`Vix`]: ExpirationKind::Vix
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpirationKind {
    /// Stock and index options: the third Friday of a month that does not end a quarter.
    Monthly,
    /// The monthly expiration of March, June, September and December, when index futures and their
    /// options expire too (quadruple witching).
    Quarterly,
    /// Weekly options: any other Friday, since the first on 2005-11-04. Expirations on other
    /// weekdays, and weekly ones of the VIX, are not listed.
    Weekly,
    /// Options on the VIX: the day 30 days before the third Friday of the next month, since the
    /// first on 2006-03-22.
    Vix,
}

/// Date of the first weekly expiration.
const WEEKLY_SINCE: Option<NaiveDate> = NaiveDate::from_ymd_opt(2005, 11, 4);
/// Date of the first expiration of VIX options.
const VIX_SINCE: Option<NaiveDate> = NaiveDate::from_ymd_opt(2006, 3, 22);
/// Days from an expiration of VIX options to that of the index options used to settle them.
pub(super) const VIX_LEAD: Days = Days::new(30);

/// Returns the expirations on `date`, each with its nominal date if a holiday moved it.
pub(super) fn expirations(
    date: NaiveDate,
) -> impl Iterator<Item = (ExpirationKind, Option<NaiveDate>)> {
    let moved = move |nominal: NaiveDate| (nominal != date).then_some(nominal);
    let friday = friday_expiration(date).map(move |(kind, nominal)| (kind, moved(nominal)));
    let vix = vix_expiration(date).map(move |nominal| (ExpirationKind::Vix, moved(nominal)));
    friday.into_iter().chain(vix)
}

/// Returns the kind and the nominal Friday of the stock and index options that expire on `date`.
fn friday_expiration(date: NaiveDate) -> Option<(ExpirationKind, NaiveDate)> {
    let friday = date.week(Weekday::Mon).checked_first_day()?.checked_add_days(Days::new(4))?;
    if session_at_or_before(friday)? != date {
        return None;
    }
    let kind = match (third_friday(friday, 0) == Some(friday), friday.month()) {
        (true, 3 | 6 | 9 | 12) => ExpirationKind::Quarterly,
        (true, _) => ExpirationKind::Monthly,
        (false, _) if Some(friday) >= WEEKLY_SINCE => ExpirationKind::Weekly,
        (false, _) => return None,
    };
    Some((kind, friday))
}

/// Returns the nominal date of the VIX options that expire on `date`.
///
/// Two holidays can move it. If the third Friday of the next month is closed, the 30 days count
/// from the session before it; if the resulting day is closed, the session before it is used.
fn vix_expiration(date: NaiveDate) -> Option<NaiveDate> {
    if Some(date) < VIX_SINCE {
        return None;
    }
    let friday = third_friday(date, 1)?;
    let counted = session_at_or_before(friday)?.checked_sub_days(VIX_LEAD)?;
    let nominal = friday.checked_sub_days(VIX_LEAD)?;
    (session_at_or_before(counted)? == date).then_some(nominal)
}

/// Returns `date` if it has a session, otherwise the last session before it.
fn session_at_or_before(date: NaiveDate) -> Option<NaiveDate> {
    std::iter::successors(Some(date), NaiveDate::pred_opt).find(|date| is_trading_day(*date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(date: &str) -> Vec<(ExpirationKind, Option<String>)> {
        let found = expirations(date.parse().unwrap());
        found.map(|(kind, moved)| (kind, moved.map(|date| date.to_string()))).collect()
    }

    #[test]
    fn a_holiday_on_the_third_friday_moves_expiration_to_thursday() {
        for (thursday, friday, kind) in [
            ("2026-06-18", "2026-06-19", ExpirationKind::Quarterly),
            ("2027-06-17", "2027-06-18", ExpirationKind::Quarterly),
            ("2008-03-20", "2008-03-21", ExpirationKind::Quarterly),
            ("2019-04-18", "2019-04-19", ExpirationKind::Monthly),
            ("2026-07-02", "2026-07-03", ExpirationKind::Weekly),
        ] {
            assert_eq!(on(thursday), [(kind, Some(friday.to_owned()))]);
            assert_eq!(on(friday), []);
        }
    }

    #[test]
    fn vix_options_expire_thirty_days_before_the_next_third_friday() {
        for date in ["2026-03-18", "2026-06-17", "2026-09-16", "2027-03-17", "2027-09-15"] {
            assert_eq!(on(date), [(ExpirationKind::Vix, None)], "{date}");
        }
        assert_eq!(on("2018-12-19"), [(ExpirationKind::Vix, None)]);
    }

    /// Dates published for 2012 (sixfigureinvesting.com, "VIX option expiration dates").
    #[test]
    fn vix_options_expire_on_the_days_published_for_2012() {
        let first = NaiveDate::from_ymd_opt(2012, 1, 1).unwrap();
        let vix = |date: &NaiveDate| {
            expirations(*date).any(|(kind, moved)| (kind, moved) == (ExpirationKind::Vix, None))
        };
        let found: Vec<String> = first
            .iter_days()
            .take(366)
            .filter(vix)
            .map(|date| date.format("%m-%d").to_string())
            .collect();
        assert_eq!(
            found.join(" "),
            "01-18 02-15 03-21 04-18 05-16 06-20 07-18 08-22 09-19 10-17 11-21 12-19"
        );
    }

    #[test]
    fn moves_vix_expiration_to_tuesday_for_holiday() {
        for (tuesday, wednesday) in [
            // The third Friday of the following month is Good Friday or Juneteenth.
            ("2008-02-19", "2008-02-20"),
            ("2014-03-18", "2014-03-19"),
            ("2019-03-19", "2019-03-20"),
            ("2026-05-19", "2026-05-20"),
            // The Wednesday itself is Juneteenth.
            ("2024-06-18", "2024-06-19"),
        ] {
            assert_eq!(on(tuesday), [(ExpirationKind::Vix, Some(wednesday.to_owned()))]);
            assert!(on(wednesday).is_empty());
        }
    }

    #[test]
    fn nothing_expires_before_it_was_invented() {
        assert_eq!(on("2005-10-28"), []);
        assert_eq!(on("2005-11-04"), [(ExpirationKind::Weekly, None)]);
        assert_eq!(on("2006-02-15"), []);
        assert_eq!(on("2006-03-22"), [(ExpirationKind::Vix, None)]);
        assert_eq!(on("1990-01-19"), [(ExpirationKind::Monthly, None)]);
    }

    #[test]
    fn a_half_day_friday_is_still_a_weekly_expiration() {
        assert_eq!(on("2026-11-27"), [(ExpirationKind::Weekly, None)]);
        assert_eq!(on("2026-11-28"), []);
    }
}
