//! The task `screen_universe`: the candidates for further analysis, and the reasons for rejecting
//! the others.

use serde_json::json;

use crate::{
    agents::{
        job::{TaskContext, count_noun},
        task_output::{AsOf, TaskOutput},
        upstream::AnalysisInput,
    },
    market::{self, ScreenParams},
};
use engine::Failure;

pub(in crate::agents) fn screen_universe(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let analysis: AnalysisInput = job.need(&["market_analysis"])?;
    let usual = ScreenParams::default();
    let params = ScreenParams {
        top_k: job.param_or("top_k", usual.top_k)?,
        min_price: job.param_or("min_price", usual.min_price)?,
        min_adv_usd: job.param_or("min_adv_usd", usual.min_adv_usd)?,
        max_atr_pct: job.param_or("max_atr_pct", usual.max_atr_pct)?,
    };
    let found = market::screen_names(
        &analysis.symbols,
        job.data().universe(),
        &job.held_symbols(),
        &params,
    );
    let summary = match found.candidates.first() {
        Some(best) => format!(
            "{}, {} left out; best {} {:+.2}",
            count_noun(found.candidates.len(), "candidate"),
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
    let mut done = TaskOutput::new(summary, data).with_degraded(found.candidates.is_empty());
    let day = job.last_completed_session()?;
    for candidate in &found.candidates {
        let words = (
            format!("{}.screen_score", candidate.symbol),
            format!("{} score of the screen", candidate.symbol),
        );
        done.add_fact(words, Some(candidate.score), ("score", AsOf::Date(day)));
    }
    done.add_metric("candidates", found.candidates.len());
    done.add_metric("rejected", found.rejected.len());
    Ok(done)
}
