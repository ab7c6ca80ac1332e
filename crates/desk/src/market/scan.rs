//! Looks for what moves unusually: gaps before the open and jumps during the session.

use serde::Serialize;

use super::features::{Features, TypicalRange};
use crate::stats::SESSIONS_PER_YEAR;
use engine::math::checked_div;

/// A gap this many typical ranges wide needs a second look.
const GAP_ATR: f64 = 1.0;
/// The whole market gapping by this fraction is flagged.
const MARKET_GAP: f64 = 0.01;
/// Moves beyond this many standard deviations alert.
const Z_MOVE: f64 = 2.5;
/// Volume beyond this many times the usual alerts.
const REL_VOLUME: f64 = 2.0;
/// Spread beyond this many times the usual alerts.
const SPREAD: f64 = 3.0;

/// A quote before the open against the previous close.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gap {
    /// Ticker.
    pub symbol: String,
    /// Quote over previous close, less 1.
    pub gap_pct: f64,
    /// Gap in typical ranges (ATR14, or its stand-in from closes); null when neither is known.
    pub gap_atr: Option<f64>,
    /// The range it is measured in, and whether that came from closes only.
    pub range: Option<TypicalRange>,
    /// At least one range wide, or, the range being unknown, at least 1%: plans for it need
    /// approval again.
    pub flag: bool,
}

/// The gap of `quote` (USD a share) over the close in `features`; `None` for a quote that is not positive.
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

/// Whether the benchmark's gap calls for a second look at everything.
#[must_use]
pub fn market_gap_flag(gap_pct: f64) -> bool {
    gap_pct.abs() >= MARKET_GAP
}

/// What is seen of a name at one moment of the session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct IntradayInput {
    /// Last price over today's first, less 1; null when no price came.
    pub ret_open: Option<f64>,
    /// Fraction of the session gone, 0 to 1.
    pub elapsed: f64,
    /// Volatility, annualised (`rv20`).
    pub rv20: Option<f64>,
    /// Shares traded so far.
    pub volume: Option<f64>,
    /// Shares usually traded in a whole session.
    pub adv: Option<f64>,
    /// Spread now and its median, same unit.
    pub spread: Option<(f64, f64)>,
    /// Seconds since the last price, and how many are too many.
    pub age_s: Option<(f64, f64)>,
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanAlertKind {
    /// The move since the open is large for the time gone.
    Move,
    /// More is traded than usual by now.
    Volume,
    /// The spread is wide.
    Spread,
    /// Prices stopped coming, or none came.
    StaleFeed,
}

/// A number past its threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScanAlert {
    /// Ticker.
    pub symbol: String,
    /// What it is about.
    pub kind: ScanAlertKind,
    /// The number; null for a feed that never gave one.
    pub value: Option<f64>,
    /// The threshold.
    pub threshold: f64,
}

/// A name at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntradayScan {
    /// Ticker.
    pub symbol: String,
    /// Return since the open.
    pub ret_open: Option<f64>,
    /// Volume so far over the usual by now (volume taken as even over the session).
    pub rel_volume: Option<f64>,
    /// Return since the open in standard deviations of the time gone.
    pub z_move: Option<f64>,
    /// Everything past its threshold.
    pub alerts: Vec<ScanAlert>,
}

/// z = `ret_open / (rv20/√252 · √elapsed)` and the other tests; silence is an alert too.
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
    fn nothing_is_divided_by_the_first_instant_of_the_session() {
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
