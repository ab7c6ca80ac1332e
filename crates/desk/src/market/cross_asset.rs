//! Moves of index, oil and volatility against their usual size, with their correlations.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    as_of::MarketView,
    features::{DataWarning, DataWarningCode},
    format::VIX,
};
use crate::stats::{correlation, last_n, simple_returns, z_of};

/// Number of sessions with which a move is compared.
const WINDOW: usize = 60;
/// Standard deviations beyond which a move raises an alert.
const ALERT: f64 = 2.5;

/// The last move of one asset.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssetMove {
    /// Symbol or FRED id.
    pub asset: String,
    /// Day of the most recent value.
    pub date: NaiveDate,
    /// Return of the last day, as a fraction.
    pub ret: Option<f64>,
    /// The return against the previous 60, in standard deviations.
    pub z: Option<f64>,
}

/// The moves of several assets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossAsset {
    /// Moves of benchmark, oil and VIX, as far as the data have them.
    pub moves: Vec<AssetMove>,
    /// Correlation over 60 days of the benchmark's return with that of the ten-year note (taken as
    /// the fall of its yield); null without a daily yield.
    pub stock_bond_corr60: Option<f64>,
    /// Correlation over 60 days with oil.
    pub stock_oil_corr60: Option<f64>,
    /// Correlation over 60 days with the VIX.
    pub stock_vix_corr60: Option<f64>,
    /// True if any move is beyond 2.5 standard deviations.
    pub alert: bool,
    /// Warnings about missing data.
    pub warnings: Vec<DataWarning>,
}

type ReturnSeries = Vec<(NaiveDate, f64)>;

/// Returns the last moves of benchmark, WTI and VIX with their correlations, as known in the view.
#[must_use]
pub fn cross_asset(view: &MarketView<'_>, benchmark: &str) -> CrossAsset {
    let bars = |symbol: &str| -> ReturnSeries {
        view.bars(symbol).iter().map(|bar| (bar.date, bar.return_price())).collect()
    };
    let series =
        |id: &str| -> ReturnSeries { view.series(id).map(|obs| (obs.date, obs.value)).collect() };
    let (stock, oil, vix) = (bars(benchmark), series("DCOILWTICO"), bars(VIX));
    let yields = series("DGS10");
    let mut warnings = Vec::new();
    let mut moves = Vec::new();
    for (asset, line) in [(benchmark, &stock), ("DCOILWTICO", &oil), (VIX, &vix)] {
        match last_move(asset, line) {
            Some(last) => {
                let behind = (view.date() - last.date).num_days();
                if behind > 10 {
                    let msg = format!("the last value is {behind} days old");
                    warnings.push(DataWarning::new(DataWarningCode::StaleSeries, asset, msg));
                }
                moves.push(last);
            }
            None => {
                warnings.push(DataWarning::new(
                    DataWarningCode::MissingSeries,
                    asset,
                    "not in the data",
                ));
            }
        }
    }
    if yields.is_empty() {
        let msg = "no daily ten-year yield: stock_bond_corr60 is null";
        warnings.push(DataWarning::new(DataWarningCode::MissingSeries, "DGS10", msg));
    }
    CrossAsset {
        stock_bond_corr60: common_dates(&stock, &yields, |a, b| a - b),
        stock_oil_corr60: common_dates(&stock, &oil, |a, b| b / a - 1.0),
        stock_vix_corr60: common_dates(&stock, &vix, |a, b| b / a - 1.0),
        alert: moves.iter().any(|m| m.z.is_some_and(|z| z.abs() >= ALERT)),
        moves,
        warnings,
    }
}

fn last_move(asset: &str, line: &ReturnSeries) -> Option<AssetMove> {
    let date = line.last()?.0;
    // One value more than two windows hold is sufficient; a price of zero or below invalidates its
    // returns.
    let recent: Vec<f64> = line.iter().rev().take(WINDOW + 2).rev().map(|(_, v)| *v).collect();
    let returns = simple_returns(&recent);
    let ret = returns.as_ref().and_then(|r| r.last().copied());
    let z = returns.as_ref().and_then(|r| {
        let (newest, before) = r.split_last()?;
        z_of(*newest, last_n(before, WINDOW)?)
    });
    Some(AssetMove { asset: asset.to_owned(), date, ret, z })
}

/// Returns the correlation of the last 60 joint moves over common days.
fn common_dates(
    stock: &ReturnSeries,
    other: &ReturnSeries,
    change: fn(f64, f64) -> f64,
) -> Option<f64> {
    let mut others = other.iter().rev().peekable();
    let mut joint = Vec::with_capacity(WINDOW + 1);
    for (day, price) in stock.iter().rev() {
        while others.next_if(|(d, _)| d > day).is_some() {}
        if let Some((_, value)) = others.next_if(|(d, _)| d == day) {
            joint.push((*price, *value));
        }
        if joint.len() == WINDOW + 1 {
            break;
        }
    }
    joint.reverse();
    if joint.len() < WINDOW + 1 {
        return None;
    }
    let moves: Vec<(f64, f64)> =
        joint.windows(2).map(|w| (w[1].0 / w[0].0 - 1.0, change(w[0].1, w[1].1))).collect();
    let (a, b): (Vec<f64>, Vec<f64>) = moves.into_iter().unzip();
    correlation(&a, &b)
}
