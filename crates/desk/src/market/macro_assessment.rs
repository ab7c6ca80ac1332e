//! Macroeconomic assessment: yield curve, inflation, policy, jobs, credit, and the resulting risk
//! budget.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    as_of::MarketView,
    features::{DataWarning, DataWarningCode},
    macro_series::{MacroSeries, SeriesUnavailable},
};
use crate::stats::mean_present;

/// Days after the start of its period at which a series counts as ended: two periods and its lag.
const DAILY: i64 = 14;
const WEEKLY: i64 = 30;
const MONTHLY: i64 = 110;

/// A condition that reduces the risk budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskFlag {
    /// Unemployment half a point above its low of the year (Sahm).
    Sahm,
    /// Credit spread more than 1.5 standard deviations above its ten-year mean.
    Credit,
    /// The curve is positive again after an inversion within the last twelve months.
    CurveResteepened,
}

/// Scores of four aspects of the economy in standard deviations of ten years, limited to ±3. For
/// growth and credit, higher is better; for inflation and policy, higher is tighter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct MacroScores {
    /// The negative mean z of unemployment's change over a year and of the claims ratio.
    pub growth: Option<f64>,
    /// The z-score of `cpi_yoy_pct`.
    pub inflation: Option<f64>,
    /// The z-score of `real_policy_pp`.
    pub policy: Option<f64>,
    /// The negative z-score of the credit spread.
    pub credit: Option<f64>,
}

/// The stance implied by growth and credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MacroStance {
    /// Their mean is above ½.
    Supportive,
    /// Their mean is between −½ and ½.
    Neutral,
    /// Their mean is below −½.
    Restrictive,
}

/// The complete assessment. `_pct` means percent, `_pp` percentage points; null means unknown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MacroAssessment {
    /// The yield spread DGS10 − DGS2.
    pub curve_pp: Option<f64>,
    /// Change of consumer prices over a year.
    pub cpi_yoy_pct: Option<f64>,
    /// The index used: all items, or core if there is no other.
    pub cpi_series: Option<&'static str>,
    /// Policy rate minus `cpi_yoy_pct`.
    pub real_policy_pp: Option<f64>,
    /// Three-month mean of unemployment above its lowest of the year; needs a seasonally adjusted
    /// rate.
    pub sahm_pp: Option<f64>,
    /// Change of the unemployment rate over a year; an unadjusted rate is sufficient.
    pub unemployment_yoy_pp: Option<f64>,
    /// Mean claims of 4 weeks over those of 26, minus 1, in percent.
    pub claims_4w_vs_26w_pct: Option<f64>,
    /// Spread of high-yield bonds.
    pub hy_oas_pct: Option<f64>,
    /// Its change over 20 observations.
    pub hy_oas_chg20_pp: Option<f64>,
    /// BAA − AAA, monthly corporate yields.
    pub baa_aaa_pp: Option<f64>,
    /// Ten-year z-score of the spread used: high yield, otherwise BAA − AAA.
    pub credit_z: Option<f64>,
    /// Break-even inflation over ten years.
    pub breakeven_pct: Option<f64>,
    /// Spot price of WTI, USD a barrel.
    pub wti_usd: Option<f64>,
    /// Scores of the four aspects.
    pub scores: MacroScores,
    /// The stance implied by growth and credit; null if neither is known.
    pub stance: Option<MacroStance>,
    /// Conditions that are present.
    pub flags: Vec<RiskFlag>,
    /// Conditions that cannot be evaluated for lack of data.
    pub unknown_flags: Vec<RiskFlag>,
    /// 0.75 with two or more flags, 0.9 with one, 1.0 with none of those that can be evaluated.
    pub risk_budget_scale: f64,
    /// Days from the start of the last known period to the view's day, by series.
    pub staleness_days: BTreeMap<&'static str, i64>,
    /// Warnings about series that are missing, ended or replaced.
    pub warnings: Vec<DataWarning>,
}

/// A reader of series that records the missing ones.
struct SeriesReader<'a> {
    view: MarketView<'a>,
    staleness: BTreeMap<&'static str, i64>,
    warnings: Vec<DataWarning>,
}

impl SeriesReader<'_> {
    fn get(&mut self, id: &'static str, max_age: i64) -> Option<MacroSeries> {
        match MacroSeries::load(&self.view, id, max_age) {
            Ok(series) => {
                if let Some(last) = series.last() {
                    self.staleness.insert(id, (self.view.date() - last.date).num_days());
                }
                Some(series)
            }
            Err(SeriesUnavailable::Missing) => {
                self.warn(DataWarningCode::MissingSeries, id, "not in the data".to_owned());
                None
            }
            Err(SeriesUnavailable::Ended(day)) => {
                self.staleness.insert(id, (self.view.date() - day).num_days());
                self.warn(DataWarningCode::StaleSeries, id, format!("ends {day}: not used"));
                None
            }
        }
    }

    /// Returns the first of two series that is available, with a warning if it is the second.
    fn either(
        &mut self,
        first: (&'static str, i64),
        second: (&'static str, i64),
    ) -> Option<MacroSeries> {
        if let Some(series) = self.get(first.0, first.1) {
            return Some(series);
        }
        let series = self.get(second.0, second.1)?;
        let msg = format!("replaces {}", first.0);
        self.warn(DataWarningCode::Substitute, second.0, msg);
        Some(series)
    }

    fn warn(&mut self, code: DataWarningCode, id: &str, msg: String) {
        self.warnings.push(DataWarning::new(code, id, msg));
    }
}

/// The indicators of the labor market.
struct JobsIndicators {
    sahm: Option<f64>,
    yoy: Option<f64>,
    yoy_z: Option<f64>,
    claims: Option<f64>,
    claims_z: Option<f64>,
}

fn jobs(desk: &mut SeriesReader<'_>) -> JobsIndicators {
    let adjusted = desk.get("UNRATE", MONTHLY);
    let mean3 = adjusted.as_ref().map(|rate| rate.map_values(|own, at| own.trailing_mean(at, 3)));
    let sahm = mean3.as_ref().and_then(|rate| {
        // The low includes the current month, so the measure is never negative.
        let low = rate.recent(12).reduce(f64::min)?;
        Some(rate.value()? - low)
    });
    let rate = adjusted.or_else(|| {
        let rate = desk.get("UNRATENSA", MONTHLY)?;
        let msg = "not seasonally adjusted: only its change over a year is used, sahm_pp is null";
        desk.warn(DataWarningCode::Substitute, "UNRATENSA", msg.to_owned());
        Some(rate)
    });
    let change = rate.map(|rate| rate.map_values(MacroSeries::yoy_diff));
    let claims = desk.get("ICSA", WEEKLY).map(|weeks| {
        weeks.map_values(|own, at| {
            Some(100.0 * (own.trailing_mean(at, 4)? / own.trailing_mean(at, 26)? - 1.0))
                .filter(|x| x.is_finite())
        })
    });
    JobsIndicators {
        sahm,
        yoy: change.as_ref().and_then(MacroSeries::value),
        yoy_z: change.as_ref().and_then(MacroSeries::z_10y),
        claims: claims.as_ref().and_then(MacroSeries::value),
        claims_z: claims.as_ref().and_then(MacroSeries::z_10y),
    }
}

/// The indicators of prices and monetary policy.
struct PriceIndicators {
    cpi: Option<MacroSeries>,
    real: Option<MacroSeries>,
}

fn prices(desk: &mut SeriesReader<'_>) -> PriceIndicators {
    let index = desk.either(("CPIAUCSL", MONTHLY), ("CPILFESL", MONTHLY));
    let cpi = index.map(|index| index.map_values(MacroSeries::yoy_pct));
    let policy = desk.either(("FEDFUNDS", MONTHLY), ("DFF", DAILY));
    let real = policy.zip(cpi.as_ref()).map(|(rate, cpi)| rate.minus(cpi));
    PriceIndicators { cpi, real }
}

/// Returns the current curve, and whether it has recovered from an inversion.
fn curve(desk: &mut SeriesReader<'_>) -> (Option<f64>, Option<bool>) {
    let (Some(long), Some(short)) = (desk.get("DGS10", DAILY), desk.get("DGS2", DAILY)) else {
        return (None, None);
    };
    let curve = long.minus(&short);
    let again = curve.value().map(|now| now > 0.0 && curve.past_year().any(|then| then < 0.0));
    (curve.value(), again)
}

/// The indicators of credit: high-yield and corporate spreads.
struct CreditIndicators {
    hy: Option<MacroSeries>,
    corporate: Option<MacroSeries>,
    z: Option<f64>,
}

fn credit(desk: &mut SeriesReader<'_>) -> CreditIndicators {
    let hy = desk.get("BAMLH0A0HYM2", DAILY);
    let baa = desk.get("BAA", MONTHLY);
    let aaa = desk.get("AAA", MONTHLY);
    let corporate = baa.zip(aaa).map(|(baa, aaa)| baa.minus(&aaa));
    if hy.is_none() && corporate.is_some() {
        let msg = "BAA − AAA replaces the high-yield spread in credit_z".to_owned();
        desk.warn(DataWarningCode::Substitute, "BAA", msg);
    }
    let z = hy.as_ref().or(corporate.as_ref()).and_then(MacroSeries::z_10y);
    CreditIndicators { hy, corporate, z }
}

/// Assesses the economy as known in the view; a missing or ended series gives null and a warning.
#[must_use]
pub fn macro_assessment(view: &MarketView<'_>) -> MacroAssessment {
    let mut desk = SeriesReader { view: *view, staleness: BTreeMap::new(), warnings: Vec::new() };
    let (curve_pp, resteepened) = curve(&mut desk);
    let prices = prices(&mut desk);
    let jobs = jobs(&mut desk);
    let credit = credit(&mut desk);
    let breakeven_pct = desk.get("T10YIE", DAILY).and_then(|s| s.value());
    let wti_usd = desk.get("DCOILWTICO", DAILY).and_then(|s| s.value());
    let limit = |z: f64| z.clamp(-3.0, 3.0);
    let scores = MacroScores {
        growth: mean_present(&[jobs.yoy_z.map(limit), jobs.claims_z.map(limit)]).map(|z| -z),
        inflation: prices.cpi.as_ref().and_then(MacroSeries::z_10y).map(limit),
        policy: prices.real.as_ref().and_then(MacroSeries::z_10y).map(limit),
        credit: credit.z.map(|z| -limit(z)),
    };
    let tests = [
        (RiskFlag::Sahm, jobs.sahm.map(|pp| pp >= 0.5)),
        (RiskFlag::Credit, credit.z.map(|z| z > 1.5)),
        (RiskFlag::CurveResteepened, resteepened),
    ];
    let select = |state: Option<bool>| -> Vec<RiskFlag> {
        tests.iter().filter(|(_, on)| *on == state).map(|(flag, _)| *flag).collect()
    };
    let flags = select(Some(true));
    MacroAssessment {
        curve_pp,
        cpi_yoy_pct: prices.cpi.as_ref().and_then(MacroSeries::value),
        cpi_series: prices.cpi.as_ref().map(|cpi| cpi.id),
        real_policy_pp: prices.real.as_ref().and_then(MacroSeries::value),
        sahm_pp: jobs.sahm,
        unemployment_yoy_pp: jobs.yoy,
        claims_4w_vs_26w_pct: jobs.claims,
        hy_oas_pct: credit.hy.as_ref().and_then(MacroSeries::value),
        hy_oas_chg20_pp: credit.hy.as_ref().and_then(|hy| hy.change_n(20)),
        baa_aaa_pp: credit.corporate.as_ref().and_then(MacroSeries::value),
        credit_z: credit.z,
        breakeven_pct,
        wti_usd,
        scores,
        stance: mean_present(&[scores.growth, scores.credit]).map(stance),
        risk_budget_scale: match flags.len() {
            0 => 1.0,
            1 => 0.9,
            _ => 0.75,
        },
        flags,
        unknown_flags: select(None),
        staleness_days: desk.staleness,
        warnings: desk.warnings,
    }
}

fn stance(mean: f64) -> MacroStance {
    if mean > 0.5 {
        MacroStance::Supportive
    } else if mean < -0.5 {
        MacroStance::Restrictive
    } else {
        MacroStance::Neutral
    }
}
