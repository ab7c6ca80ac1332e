//! `screen_universe`: the names worth a closer look, and why the others are not.

use serde_json::json;

use crate::{
    agents::{
        done::{At, Done},
        inputs::Analysis,
        job::{Job, plural},
    },
    engine::Failure,
    market::{self, ScreenParams},
};

pub(in crate::agents) fn screen(job: &Job<'_>) -> Result<Done, Failure> {
    let analysis: Analysis = job.need(&["market_analysis"])?;
    let usual = ScreenParams::default();
    let params = ScreenParams {
        top_k: job.param_or("top_k", usual.top_k)?,
        min_price: job.param_or("min_price", usual.min_price)?,
        min_adv_usd: job.param_or("min_adv_usd", usual.min_adv_usd)?,
        max_atr_pct: job.param_or("max_atr_pct", usual.max_atr_pct)?,
    };
    let found = market::screen(&analysis.symbols, job.data().universe(), &job.held(), &params);
    let summary = match found.candidates.first() {
        Some(best) => format!(
            "{}, {} left out; best {} {:+.2}",
            plural(found.candidates.len(), "candidate"),
            found.rejected.len(),
            best.symbol,
            best.score
        ),
        None => format!("no candidate, {} left out", found.rejected.len()),
    };
    let data = json!({
        "candidates": found.candidates,
        "rejected": found.rejected,
        "params": params,
    });
    let mut done = Done::new(summary, data).degraded(found.candidates.is_empty());
    let day = job.expected()?;
    for candidate in &found.candidates {
        let words = (
            format!("{}.screen_score", candidate.symbol),
            format!("{} score of the screen", candidate.symbol),
        );
        done.fact(words, Some(candidate.score), ("score", At::Day(day)));
    }
    done.metric("candidates", found.candidates.len());
    done.metric("rejected", found.rejected.len());
    Ok(done)
}
