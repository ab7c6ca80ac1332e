//! Features of one symbol as of a day (F1 to F13), and breadth over all symbols.

use serde::{Deserialize, Serialize};

use super::{
    as_of::MarketView,
    bar::{Bar, since_last_gap},
    indicators::{
        adv_shares, atr, ewma_vol, momentum_12_1, parkinson, realised_vol, rsi, sma,
        trailing_return, z_score,
    },
};
use crate::stats::{
    SESSIONS_PER_YEAR, correlation, last_n, max_drawdown, mean, sign, simple_returns, slope,
};
use engine::math::checked_div;

/// The benchmark of the bundled data: the index itself, because the data have no fund on it.
pub const DEFAULT_BENCHMARK: &str = "SPX";

/// Number of sessions in the "52 weeks" of a feature.
const YEAR: usize = 252;

/// The reason for which a feature is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataWarningCode {
    /// Fewer bars than some feature needs.
    ShortHistory,
    /// No open, high and low: ATR and Parkinson are missing.
    NoRange,
    /// No volume: average volumes are missing.
    NoVolume,
    /// Too few sessions in common with the benchmark, or constant prices: beta and correlation are
    /// missing.
    NoBenchmark,
    /// An input series is not in the data.
    MissingSeries,
    /// An input series ended too long ago to be used.
    StaleSeries,
    /// Another quantity replaces the requested one.
    Substitute,
}

/// A warning that accompanies a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataWarning {
    /// The code for scripts.
    pub code: DataWarningCode,
    /// Symbol or series concerned.
    pub symbol: Option<String>,
    /// The text for display.
    pub msg: String,
}

impl DataWarning {
    pub(super) fn new(code: DataWarningCode, symbol: &str, msg: impl Into<String>) -> Self {
        Self { code, symbol: Some(symbol.to_owned()), msg: msg.into() }
    }
}

/// Features of one symbol. Prices are USD a share at the level of the last close, earlier bars
/// scaled by the adjusted closes; returns, distances and drawdowns are fractions; volatilities are
/// annualized.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Features {
    pub symbol: String,
    /// Session of the last bar used.
    pub as_of: chrono::NaiveDate,
    /// Number of bars used.
    pub bars: usize,
    pub close: f64,
    pub ret_1d: Option<f64>,
    pub ret_5d: Option<f64>,
    pub mom_20: Option<f64>,
    pub mom_12_1: Option<f64>,
    pub sma20: Option<f64>,
    pub sma50: Option<f64>,
    pub sma200: Option<f64>,
    /// F13: −2 (falling) to 2 (rising).
    pub trend: Option<i8>,
    pub rsi14: Option<f64>,
    pub atr14: Option<f64>,
    /// Typical range as a share of the price: `atr14 / close`.
    pub atr_pct: Option<f64>,
    pub rv20: Option<f64>,
    pub rv60: Option<f64>,
    pub ewma_vol: Option<f64>,
    pub parkinson20: Option<f64>,
    pub z20: Option<f64>,
    /// Maximum drawdown of the last 252 closes.
    pub dd_52w: Option<f64>,
    /// Close over the highest close of the last 252, less 1: 0 at a new high.
    pub dist_52w_high: Option<f64>,
    /// Close over the lowest close of the last 252, less 1: 0 at a new low.
    pub dist_52w_low: Option<f64>,
    pub beta120: Option<f64>,
    pub corr60: Option<f64>,
    pub adv20_shares: Option<f64>,
    pub adv20_usd: Option<f64>,
    #[serde(default)]
    pub warnings: Vec<DataWarning>,
}

/// The usual price range of one session.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TypicalRange {
    /// Range in USD a share.
    pub usd: f64,
    /// True if only closes are available: it is then not the ATR but √(8/π)·σ of a day, the mean
    /// range of a random walk with that volatility.
    pub from_closes: bool,
}

impl Features {
    /// Returns the ATR14, or its substitute where the data have closes only.
    #[must_use]
    pub fn typical_range(&self) -> Option<TypicalRange> {
        if let Some(usd) = self.atr14 {
            return Some(TypicalRange { usd, from_closes: false });
        }
        let daily = self.sigma_1d()? * self.close;
        let usd = (8.0 / std::f64::consts::PI).sqrt() * daily;
        Some(TypicalRange { usd, from_closes: true })
    }

    /// Returns the volatility of one day from `rv20`, as a fraction.
    #[must_use]
    pub fn sigma_1d(&self) -> Option<f64> {
        self.rv20.map(|vol| vol / SESSIONS_PER_YEAR.sqrt())
    }

    /// Returns the daily volume in shares: measured if the bars have volumes, otherwise the assumed
    /// one.
    #[must_use]
    pub fn adv_or(&self, assumed: Option<u64>) -> Option<f64> {
        let assumed = assumed.and_then(|n| i64::try_from(n).ok()).map(engine::math::int_to_float);
        self.adv20_shares.or(assumed)
    }
}

/// Closes, ranges and volumes at the level of the last close.
struct PriceLevels {
    closes: Vec<f64>,
    /// `(high, low)` where known, aligned with `closes`.
    ranges: Vec<Option<(f64, f64)>>,
}

impl PriceLevels {
    fn from_bars(bars: &[Bar]) -> Option<Self> {
        let last = bars.last()?;
        let level = last.close / last.return_price();
        let all_adjusted = bars.iter().all(|bar| bar.adj_close.is_some());
        let scale = |bar: &Bar| match bar.adj_close {
            Some(adjusted) if all_adjusted => level * adjusted / bar.close,
            Some(_) | None => 1.0,
        };
        let closes = bars.iter().map(|bar| bar.close * scale(bar)).collect();
        let ranges = bars
            .iter()
            .map(|bar| bar.range.map(|r| (r.high * scale(bar), r.low * scale(bar))))
            .collect();
        Some(Self { closes, ranges })
    }

    /// Returns the true ranges of the bars that have a range; empty if most of the last 14 have
    /// none.
    fn true_ranges(&self) -> Vec<f64> {
        let recent = self.ranges.iter().rev().take(14).flatten().count();
        if recent < 10 {
            return Vec::new();
        }
        let range_at = |(at, range): (usize, &Option<(f64, f64)>)| {
            let (high, low) = (*range)?;
            let before = at.checked_sub(1).and_then(|i| self.closes.get(i));
            let gap = before.map_or(0.0, |c| (high - c).abs().max((low - c).abs()));
            Some((high - low).max(gap))
        };
        self.ranges.iter().enumerate().filter_map(range_at).collect()
    }

    fn parkinson20(&self) -> Option<f64> {
        let known: Vec<(f64, f64)> = last_n(&self.ranges, 20)?.iter().copied().flatten().collect();
        if known.len() < 15 { None } else { parkinson(&known) }
    }
}

/// Returns F1 to F13 of a symbol from all known bars since the last gap of more than 30 days;
/// `None` with fewer than 2 bars. A feature that cannot be computed is null, and a warning gives
/// the reason.
#[must_use]
pub fn features(view: &MarketView<'_>, symbol: &str, benchmark: &str) -> Option<Features> {
    let bars = since_last_gap(view.bars(symbol));
    if bars.len() < 2 {
        return None;
    }
    let levels = PriceLevels::from_bars(bars)?;
    let closes = levels.closes.as_slice();
    let close = *closes.last()?;
    let year = last_n(closes, YEAR);
    let (sma50, sma200) = (sma(closes, 50), sma(closes, 200));
    let atr14 = atr(&levels.true_ranges(), 14);
    let (beta120, corr60) = beta_and_correlation(bars, view.bars(benchmark));
    let (adv20_shares, adv20_usd) = volumes(bars);
    let mut out = Features {
        symbol: symbol.to_owned(),
        as_of: bars.last()?.date,
        bars: bars.len(),
        close,
        ret_1d: trailing_return(closes, 1),
        ret_5d: trailing_return(closes, 5),
        mom_20: trailing_return(closes, 20),
        mom_12_1: momentum_12_1(closes),
        sma20: sma(closes, 20),
        sma50,
        sma200,
        trend: sma50.zip(sma200).map(|(a, b)| sign(close - a, close) + sign(a - b, close)),
        rsi14: rsi(closes, 14),
        atr14,
        atr_pct: atr14.and_then(|atr| checked_div(atr, close)),
        rv20: realised_vol(closes, 20),
        rv60: realised_vol(closes, 60),
        ewma_vol: ewma_vol(closes),
        parkinson20: levels.parkinson20(),
        z20: z_score(closes, 20),
        dd_52w: year.and_then(max_drawdown),
        dist_52w_high: year.map(|y| close / y.iter().fold(close, |m, c| m.max(*c)) - 1.0),
        dist_52w_low: year.map(|y| close / y.iter().fold(close, |m, c| m.min(*c)) - 1.0),
        beta120,
        corr60,
        adv20_shares,
        adv20_usd,
        warnings: Vec::new(),
    };
    out.warnings = warnings(&out, benchmark);
    Some(out)
}

fn warnings(found: &Features, benchmark: &str) -> Vec<DataWarning> {
    let mut out = Vec::new();
    let mut warn = |code, msg: String| out.push(DataWarning::new(code, &found.symbol, msg));
    if found.bars < 253 {
        let msg = format!("{} bars: features needing up to 253 are null", found.bars);
        warn(DataWarningCode::ShortHistory, msg);
    }
    if found.atr14.is_none() && found.bars >= 14 {
        let msg = "closes only: atr14, atr_pct and parkinson20 are null";
        warn(DataWarningCode::NoRange, msg.to_owned());
    }
    if found.adv20_shares.is_none() && found.bars >= 20 {
        warn(DataWarningCode::NoVolume, "no volumes: adv20 is null".to_owned());
    }
    if found.beta120.is_none() || found.corr60.is_none() {
        let msg = format!("too little in common with {benchmark}: beta120 or corr60 is null");
        warn(DataWarningCode::NoBenchmark, msg);
    }
    out
}

/// Returns F10 and F11 over the common sessions.
fn beta_and_correlation(bars: &[Bar], benchmark: &[Bar]) -> (Option<f64>, Option<f64>) {
    let mut own = Vec::with_capacity(121);
    let mut market = Vec::with_capacity(121);
    let mut others = benchmark.iter().rev().peekable();
    for bar in bars.iter().rev() {
        while others.next_if(|other| other.date > bar.date).is_some() {}
        if let Some(other) = others.next_if(|other| other.date == bar.date) {
            own.push(bar.return_price());
            market.push(other.return_price());
        }
        if own.len() == 121 {
            break;
        }
    }
    own.reverse();
    market.reverse();
    let (Some(own), Some(market)) = (simple_returns(&own), simple_returns(&market)) else {
        return (None, None);
    };
    let beta = last_n(&own, 120).zip(last_n(&market, 120)).and_then(|(r, m)| slope(r, m));
    let correlation =
        last_n(&own, 60).zip(last_n(&market, 60)).and_then(|(r, m)| correlation(r, m));
    (beta, correlation)
}

/// Returns the mean volume in shares and USD over the last 20 sessions, all of which must have a
/// volume.
fn volumes(bars: &[Bar]) -> (Option<f64>, Option<f64>) {
    let Some(recent) = last_n(bars, 20) else { return (None, None) };
    let shares: Vec<f64> = recent.iter().filter_map(|bar| bar.volume).collect();
    let usd: Vec<f64> = recent.iter().filter_map(|bar| Some(bar.volume? * bar.close)).collect();
    (adv_shares(&shares, 20), last_n(&usd, 20).and_then(mean))
}

/// Breadth of the market: the number of names that rise, fall, or reach extremes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Breadth {
    /// Share of names above their 50-session mean, among those that have one.
    pub pct_above_50: Option<f64>,
    /// Share of names above their 200-session mean.
    pub pct_above_200: Option<f64>,
    /// Number of names that rose in the last session.
    pub advancing: usize,
    /// Number of names that fell in the last session.
    pub declining: usize,
    /// Advancing minus declining names.
    pub adv_dec: i64,
    /// Number of names at a new 252-session closing high.
    pub new_highs: usize,
    /// Number of names at a new 252-session closing low.
    pub new_lows: usize,
}

/// Returns the breadth of the given names, which should not include the benchmark.
#[must_use]
pub fn breadth(all: &[Features]) -> Breadth {
    let share = |level: fn(&Features) -> Option<f64>| {
        let above: Vec<f64> = all
            .iter()
            .filter_map(|f| level(f).map(|sma| if f.close > sma { 1.0 } else { 0.0 }))
            .collect();
        mean(&above)
    };
    let number = |test: fn(&Features) -> Option<bool>| {
        all.iter().filter(|f| test(f).unwrap_or(false)).count()
    };
    let advancing = number(|f| f.ret_1d.map(|r| r > 0.0));
    let declining = number(|f| f.ret_1d.map(|r| r < 0.0));
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Breadth {
        pct_above_50: share(|f| f.sma50),
        pct_above_200: share(|f| f.sma200),
        advancing,
        declining,
        adv_dec: whole(advancing) - whole(declining),
        new_highs: number(|f| f.dist_52w_high.map(|d| d >= 0.0)),
        new_lows: number(|f| f.dist_52w_low.map(|d| d <= 0.0)),
    }
}
