//! The task `deep_dive`: a view on each name from its features; a name that cannot be judged
//! abstains without affecting others.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, count_noun},
        task_output::{AsOf, TaskOutput},
        upstream::{AnalysisInput, ScreenInput},
    },
    market::{self, Features},
    stats,
};
use engine::{Failure, math};
use planning::calendar;

/// Number of sessions for which a view holds.
const HORIZON: usize = 20;
/// Adverse move, in typical ranges, that invalidates a view.
const INVALID_RANGES: f64 = 2.0;
/// Number of sessions after a report during which its drift counts.
const DRIFT_SESSIONS: usize = 60;
/// Limit on each component, in standard deviations.
const CAP: f64 = 3.0;

/// The components of a view, in standard deviations.
#[derive(Debug, Clone, Copy, Default)]
struct ViewComponents {
    trend: Option<f64>,
    momentum: Option<f64>,
    reversion: Option<f64>,
    drift: Option<f64>,
}

impl ViewComponents {
    fn score(self) -> Option<f64> {
        let known = [self.trend, self.momentum, self.reversion];
        if known.iter().all(Option::is_none) {
            return None;
        }
        let z = |x: Option<f64>| x.unwrap_or(0.0);
        let sum = 0.4 * z(self.trend)
            + 0.3 * z(self.momentum)
            + 0.2 * z(self.reversion)
            + 0.1 * z(self.drift);
        Some(sum.tanh())
    }

    /// Returns the share of the weights backed by data.
    fn confidence(self) -> f64 {
        let parts =
            [(0.4, self.trend), (0.3, self.momentum), (0.2, self.reversion), (0.1, self.drift)];
        parts.iter().filter(|(_, part)| part.is_some()).map(|(weight, _)| weight).sum()
    }
}

pub(in crate::agents) fn deep_dive(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    if job.param::<String>("focus")?.as_deref() == Some("earnings") {
        return earnings_review(job);
    }
    let analysis: AnalysisInput = job.need(&["market_analysis"])?;
    let screened: ScreenInput = job.need(&["screen_universe"])?;
    let names: Vec<String> = screened.candidates.iter().map(|c| c.symbol.clone()).collect();
    let held: Vec<&str> =
        screened.candidates.iter().filter(|c| c.held).map(|c| c.symbol.as_str()).collect();
    let mut done = views(job, &analysis, &names)?;
    done.add_metric("held", held.len());
    Ok(done)
}

/// Returns views on companies that report, with the gap at their open once it is known.
pub(in crate::agents) fn earnings_review(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let analysis: AnalysisInput = job.need(&["market_analysis"])?;
    let names: Vec<String> = job.earnings_names().into_iter().collect();
    let mut done = views(job, &analysis, &names)?;
    done.add_warning(
        "no_estimates",
        None,
        "no estimates or guidance are bundled: surprise is null",
    );
    Ok(done.with_degraded(true))
}

fn views(
    job: &TaskContext<'_>,
    analysis: &AnalysisInput,
    names: &[String],
) -> Result<TaskOutput, Failure> {
    let (expected, reports) = (job.last_completed_session()?, reports(job)?);
    let parts = parts(job, &analysis.symbols, &reports);
    let by_date = horizon(job.date());
    let mut views = Vec::new();
    let mut silent = Vec::new();
    let mut facts = Vec::new();
    for name in names {
        let found = analysis.symbols.iter().find(|f| f.symbol == *name);
        let judged = found.and_then(|f| {
            let own = parts.get(name.as_str()).copied().unwrap_or_default();
            Some((f, own, own.score()?))
        });
        let Some((found, own, score)) = judged else {
            silent.push(name.clone());
            views.push(json!({
                "source": "senior_analyst", "symbol": name, "as_of": expected, "score": 0.0,
                "confidence": 0.0, "horizon_days": HORIZON, "abstained": true,
                "reason": "no feature to judge it by", "components": {},
            }));
            continue;
        };
        facts.push((name.clone(), score));
        views.push(view(job, found, (own, score), (by_date, reports.get(name).copied())));
    }
    let (all, out) = (names.len(), silent.len());
    let summary = match facts.iter().max_by(|a, b| a.1.total_cmp(&b.1)) {
        Some((best, score)) => {
            format!("{}, {out} abstained; best {best} {score:+.2}", count_noun(all - out, "view"))
        }
        None => "no view".to_owned(),
    };
    let data = json!({ "views": views, "abstained": silent, "horizon_days": HORIZON });
    let mut done =
        TaskOutput::new(summary, data).with_degraded(out > 0).with_abstained(all > 0 && out == all);
    for name in &silent {
        done.add_warning("abstained", Some(name), "no feature to judge it by");
    }
    for (name, score) in facts {
        let words = (format!("{name}.quant_score"), format!("{name} score of the view"));
        done.add_fact(words, Some(score), ("score", AsOf::Date(expected)));
    }
    done.add_metric("views", all - out);
    done.add_metric("abstained", out);
    Ok(done)
}

/// Returns the day on which a view ends unless it is invalidated earlier.
fn horizon(date: NaiveDate) -> Option<NaiveDate> {
    (0..HORIZON).try_fold(date, |day, _| calendar::next_session(day).ok().map(|next| next.date))
}

/// Returns the session that last reacted to a report, for every name with a known report in recent
/// sessions.
fn reports(job: &TaskContext<'_>) -> Result<BTreeMap<String, NaiveDate>, Failure> {
    let mut day = job.last_completed_session()?;
    let mut found = BTreeMap::new();
    for _ in 0..DRIFT_SESSIONS {
        for reaction in calendar::earnings_reactions(day).unwrap_or_default() {
            found.entry(reaction.symbol.to_string()).or_insert(day);
        }
        match calendar::previous_session(day) {
            Ok(before) => day = before.date,
            Err(_) => break,
        }
    }
    Ok(found)
}

/// Returns the components of every name; trend and momentum are measured against the other names.
fn parts<'a>(
    job: &TaskContext<'_>,
    all: &'a [Features],
    reports: &BTreeMap<String, NaiveDate>,
) -> BTreeMap<&'a str, ViewComponents> {
    let trends: Vec<Option<f64>> = all.iter().map(|f| f.trend.map(f64::from)).collect();
    let momenta: Vec<Option<f64>> = all.iter().map(|f| f.mom_12_1).collect();
    let columns = stats::z_scores(&trends, CAP).into_iter().zip(stats::z_scores(&momenta, CAP));
    all.iter()
        .zip(columns)
        .map(|(found, (trend, momentum))| {
            let reversion = found.z20.map(|z| -z.clamp(-CAP, CAP));
            let drift = reports.get(&found.symbol).and_then(|day| reaction(job, found, *day));
            (found.symbol.as_str(), ViewComponents { trend, momentum, reversion, drift })
        })
        .collect()
}

/// Returns the return of the session that reacted to a report, in standard deviations of a day.
fn reaction(job: &TaskContext<'_>, found: &Features, day: NaiveDate) -> Option<f64> {
    let bars = job.market_view().bars(&found.symbol);
    let at = bars.binary_search_by_key(&day, |bar| bar.date).ok()?;
    let (now, before) = (bars.get(at)?, bars.get(at.checked_sub(1)?)?);
    let ret = math::checked_div(now.return_price(), before.return_price())? - 1.0;
    math::checked_div(ret, found.sigma_1d()?).map(|z| z.clamp(-CAP, CAP))
}

fn view(
    job: &TaskContext<'_>,
    found: &Features,
    (parts, score): (ViewComponents, f64),
    (by_date, reported): (Option<NaiveDate>, Option<NaiveDate>),
) -> Value {
    let range = found.typical_range().map(|range| range.usd * INVALID_RANGES);
    let below = range.filter(|_| score >= 0.0).map(|usd| found.close - usd);
    let above = range.filter(|_| score < 0.0).map(|usd| found.close + usd);
    let (bull, bear) = sentences(found);
    let open = job.opening_price(&found.symbol);
    let gap = open.and_then(|open| market::opening_gap(found, open));
    json!({
        "source": "senior_analyst",
        "symbol": found.symbol,
        "as_of": found.as_of,
        "score": score,
        "confidence": parts.confidence(),
        "horizon_days": HORIZON,
        "abstained": false,
        "components": {
            "trend_z": parts.trend, "mom_z": parts.momentum,
            "meanrev_z": parts.reversion, "earnings_drift": parts.drift,
        },
        "quant_score": score,
        "conviction_adj": 0.0,
        "bull": bull,
        "bear": bear,
        "catalysts": reported.map(|day| json!({ "what": "last report traded on", "date": day })),
        "invalidation": { "price_below": below, "price_above": above, "by_date": by_date },
        "sigma_1d": found.sigma_1d(),
        "surprise": null,
        "gap_atr": gap.and_then(|gap| gap.gap_atr),
    })
}

/// Returns sentences for and against a name, each based on one number.
fn sentences(found: &Features) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut bull, mut bear) = (BTreeSet::new(), BTreeSet::new());
    let mut say = |good: bool, text: String| {
        if good {
            bull.insert(text)
        } else {
            bear.insert(text)
        };
    };
    if let Some(trend) = found.trend.filter(|trend| *trend != 0) {
        say(trend > 0, format!("trend {trend:+} of ±2 from its 50- and 200-day means"));
    }
    if let Some(momentum) = found.mom_12_1 {
        say(momentum > 0.0, format!("12-1 month momentum {:+.1} %", momentum * 100.0));
    }
    if let Some(z) = found.z20.filter(|z| z.abs() >= 1.0) {
        say(z < 0.0, format!("{z:+.1} standard deviations from its 20-day mean"));
    }
    if let Some(rsi) = found.rsi14.filter(|rsi| !(30.0..=70.0).contains(rsi)) {
        say(rsi < 50.0, format!("RSI {rsi:.0}"));
    }
    if let Some(fall) = found.dd_52w.filter(|fall| *fall >= 0.2) {
        say(false, format!("fell {:.0} % at worst within a year", fall * 100.0));
    }
    (bull, bear)
}
