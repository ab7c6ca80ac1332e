//! Scan for unusual moves: gaps before the open and jumps during the session.

use serde::Serialize;

use super::features::{Features, TypicalRange};
use crate::stats::SESSIONS_PER_YEAR;
use engine::math::checked_div;

/// Gap, in typical ranges, that needs review.
const GAP_ATR: f64 = 1.0;
/// Gap of the whole market, as a fraction, that is flagged.
const MARKET_GAP: f64 = 0.01;
/// Move, in standard deviations, that raises an alert.
const Z_MOVE: f64 = 2.5;
/// Multiple of the usual volume that raises an alert.
const REL_VOLUME: f64 = 2.0;
/// Multiple of the usual spread that raises an alert.
const SPREAD: f64 = 3.0;

/// A quote before the open against the previous close.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gap {
    pub symbol: String,
    /// Quote over previous close, minus 1.
    pub gap_pct: f64,
    /// Gap in typical ranges (ATR14, or its substitute from closes); null if neither is known.
    pub gap_atr: Option<f64>,
    /// The typical range used, with its source.
    pub range: Option<TypicalRange>,
    /// True if the gap is at least one range, or, without a range, at least 1%: plans for the name
    /// then need a new approval.
    pub flag: bool,
}

/// Returns the gap of `quote` (USD a share) over the close in `features`; `None` for a quote that
/// is not positive.
#[must_use]
pub fn opening_gap(features: &Features, quote: f64) -> Option<Gap> {
    if quote.is_nan() || quote <= 0.0 {
        return None;
    }
    let gap_pct = checked_div(quote, features.close)? - 1.0;
    let range = features.typical_range();
    let gap_atr = range.and_then(|range| checked_div(quote - features.close, range.usd));
    Some(Gap {
        symbol: features.symbol.clone(),
        gap_pct,
        gap_atr,
        range,
        flag: gap_atr.map_or(gap_pct.abs() >= MARKET_GAP, |gap| gap.abs() >= GAP_ATR),
    })
}

/// Returns whether the benchmark's gap requires a review of all names.
#[must_use]
pub fn market_gap_flag(gap_pct: f64) -> bool {
    gap_pct.abs() >= MARKET_GAP
}

/// The inputs about a name at one moment of the session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct IntradayInput {
    /// Last price over today's first, minus 1; null if there was no price.
    pub ret_open: Option<f64>,
    /// Elapsed fraction of the session, 0 to 1.
    pub elapsed: f64,
    /// Volatility, annualized (the feature `rv20`).
    pub rv20: Option<f64>,
    /// Shares traded so far.
    pub volume: Option<f64>,
    /// Shares usually traded in a whole session.
    pub adv: Option<f64>,
    /// Current spread and its median, in the same unit.
    pub spread: Option<(f64, f64)>,
    /// Seconds since the last price, and the limit for them.
    pub age_s: Option<(f64, f64)>,
}

/// The cause of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanAlertKind {
    /// The move since the open is large for the elapsed time.
    Move,
    /// The volume is unusually high for the elapsed time.
    Volume,
    /// The spread is unusually wide.
    Spread,
    /// Prices stopped, or never started.
    StaleFeed,
}

/// A value beyond its threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScanAlert {
    pub symbol: String,
    pub kind: ScanAlertKind,
    /// The value; null for a feed without any price.
    pub value: Option<f64>,
    pub threshold: f64,
}

/// The scan of a name at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntradayScan {
    pub symbol: String,
    /// Return since the open.
    pub ret_open: Option<f64>,
    /// Volume so far over the usual volume for the elapsed time, assumed to be uniform over the
    /// session.
    pub rel_volume: Option<f64>,
    /// Return since the open in standard deviations of the elapsed time.
    pub z_move: Option<f64>,
    /// All values beyond their thresholds.
    pub alerts: Vec<ScanAlert>,
}

/// Scans a name: z = `ret_open / (rv20/√252 · √elapsed)` and the other tests. A missing price
/// raises an alert too.
#[must_use]
pub fn scan_intraday(symbol: &str, seen: &IntradayInput) -> IntradayScan {
    let elapsed = seen.elapsed.clamp(0.0, 1.0);
    let z_move = seen
        .ret_open
        .zip(seen.rv20)
        .and_then(|(ret, vol)| checked_div(ret, vol / SESSIONS_PER_YEAR.sqrt() * elapsed.sqrt()));
    let rel_volume =
        seen.volume.zip(seen.adv).and_then(|(volume, adv)| checked_div(volume, adv * elapsed));
    let spread = seen.spread.and_then(|(now, median)| checked_div(now, median));
    let mut alerts = Vec::new();
    let mut test = |kind, value: Option<f64>, threshold: f64| {
        if value.is_some_and(|v| v.abs() >= threshold) {
            alerts.push(ScanAlert { symbol: symbol.to_owned(), kind, value, threshold });
        }
    };
    test(ScanAlertKind::Move, z_move, Z_MOVE);
    test(ScanAlertKind::Volume, rel_volume, REL_VOLUME);
    test(ScanAlertKind::Spread, spread, SPREAD);
    if let Some((age, limit)) = seen.age_s {
        test(ScanAlertKind::StaleFeed, Some(age), limit);
    }
    if seen.ret_open.is_none() {
        let (value, kind) = (None, ScanAlertKind::StaleFeed);
        alerts.push(ScanAlert { symbol: symbol.to_owned(), kind, value, threshold: 0.0 });
    }
    IntradayScan { symbol: symbol.to_owned(), ret_open: seen.ret_open, rel_volume, z_move, alerts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_counts_more_early_in_the_session() {
        let early = IntradayInput {
            ret_open: Some(-0.02),
            elapsed: 0.04,
            rv20: Some(0.30),
            ..IntradayInput::default()
        };
        let late = IntradayInput { elapsed: 1.0, ..early };
        let (early, late) = (scan_intraday("A", &early), scan_intraday("A", &late));
        assert!(early.z_move.unwrap() < -5.0);
        assert_eq!(early.alerts[0].kind, ScanAlertKind::Move);
        assert!(late.alerts.is_empty());
    }

    #[test]
    fn a_feed_without_prices_alerts_instead_of_staying_silent() {
        let scan = scan_intraday("A", &IntradayInput::default());
        assert_eq!(scan.alerts[0].kind, ScanAlertKind::StaleFeed);
        assert_eq!(scan.z_move, None);
    }

    #[test]
    fn first_moment_of_session_divides_by_nothing() {
        let seen = IntradayInput {
            ret_open: Some(0.01),
            rv20: Some(0.2),
            volume: Some(10.0),
            adv: Some(1e6),
            ..IntradayInput::default()
        };
        let scan = scan_intraday("A", &seen);
        assert_eq!((scan.z_move, scan.rel_volume), (None, None));
    }
}
