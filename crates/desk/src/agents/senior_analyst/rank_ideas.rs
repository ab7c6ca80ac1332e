//! The task `rank_ideas`: a single ranking of all views, after vetoes and the regime's
//! restrictions.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    agents::{
        job::{TaskContext, bad_input, business_rejection, count_noun, format_percent},
        task_output::{AsOf, TaskOutput},
        upstream::{DeepDiveInput, Idea, MacroInput, RegimeInput, ViewInput},
    },
    market::Regime,
    trading::symbol::Symbol,
};
use engine::Failure;
use planning::calendar::{self, ReportTiming, SpecialEvent};

/// Information coefficient assumed for a score: Grinold's alpha = IC · σ · score.
const IC: f64 = 0.03;
/// Share of abstentions above which nothing is ranked.
const ABSTAIN_MAX: f64 = 0.5;

pub(in crate::agents) fn rank_ideas(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let dived: DeepDiveInput = job.need(&["deep_dive"])?;
    let regime: RegimeInput = job.need(&["regime_classify"])?;
    let economy: MacroInput = job.need(&["macro_assessment"])?;
    let ic = job.param_or("ic", IC)?;
    let silent = dived.views.iter().filter(|v| v.abstained || v.quant_score.is_none()).count();
    let share = engine::math::checked_div(
        engine::math::count_to_f64(silent),
        engine::math::count_to_f64(dived.views.len()),
    );
    let share = share.unwrap_or(1.0);
    if share > ABSTAIN_MAX {
        let of = dived.views.len();
        let most = format_percent(ABSTAIN_MAX);
        return Err(business_rejection(format!(
            "blocked: {silent} of {of} views abstained, at most {most} may"
        )));
    }
    let vetoed =
        if job.param_or("allow_earnings", false)? { BTreeSet::new() } else { reporting_soon(job) };
    let mut ideas = Vec::new();
    for view in dived.views.iter().filter(|view| !view.abstained) {
        ideas.extend(idea(view, (&regime, ic), &vetoed)?);
    }
    ideas.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.symbol.cmp(&b.symbol)));
    for (place, idea) in ideas.iter_mut().enumerate() {
        idea.rank = place + 1;
    }
    let out = ideas.iter().filter(|idea| idea.vetoed).count();
    let best = ideas.iter().find(|idea| !idea.vetoed);
    let best = best.map_or("none".into(), |b| format!("{} {:+.2}", b.symbol, b.score));
    let summary = format!("{}, {out} vetoed; best {best}", count_noun(ideas.len(), "idea"));
    let data = json!({
        "ranking": ideas,
        "abstain_share": share,
        "ic": ic,
        "regime": regime,
        "macro": economy,
        "new_shorts": regime.regime < Regime::Stressed,
    });
    let mut done = TaskOutput::new(summary, data).with_degraded(silent > 0);
    for view in dived.views.iter().filter(|view| view.abstained) {
        let why = view.reason.clone().unwrap_or_else(|| "abstained".into());
        done.add_warning("abstained", Some(&view.symbol), why);
    }
    let day = job.last_completed_session()?;
    for idea in &ideas {
        let words =
            (format!("{}.alpha_1d", idea.symbol), format!("{} alpha of a day", idea.symbol));
        done.add_fact(words, idea.alpha_1d, ("fraction", AsOf::Date(day)));
        let words = (format!("{}.final", idea.symbol), format!("{} final score", idea.symbol));
        done.add_fact(words, Some(idea.score), ("score", AsOf::Date(day)));
    }
    done.add_metric("abstain_share", share);
    Ok(done)
}

fn idea(
    view: &ViewInput,
    (regime, ic): (&RegimeInput, f64),
    reporting: &BTreeSet<String>,
) -> Result<Option<Idea>, Failure> {
    let Some(quant) = view.quant_score else { return Ok(None) };
    let symbol = Symbol::parse(&view.symbol)
        .map_err(|error| bad_input(format!("deep_dive: data.views: {error}")))?;
    let mut score = (quant + view.conviction_adj.clamp(-0.25, 0.25)).clamp(-1.0, 1.0);
    let mut why = format!("score {quant:+.2}");
    if regime.regime >= Regime::Stressed && score > 0.0 {
        score *= 0.5;
        why.push_str(", halved in this regime");
    }
    let own = view.veto.as_ref().filter(|veto| veto.veto);
    if let Some(veto) = own {
        why = format!("vetoed: {}", veto.reason);
    } else if reporting.contains(&view.symbol) {
        why = String::from("vetoed: reports within one session");
    }
    Ok(Some(Idea {
        symbol,
        score,
        alpha_1d: view.sigma_1d.map(|sigma| ic * sigma * score),
        rank: 0,
        vetoed: own.is_some() || reporting.contains(&view.symbol),
        why,
    }))
}

/// Returns names whose report is first reflected in this session, or is due before the next one
/// opens.
fn reporting_soon(job: &TaskContext<'_>) -> BTreeSet<String> {
    let mut names = job.earnings_names();
    let today = calendar::earnings_reactions(job.date()).unwrap_or_default();
    names.extend(today.iter().map(|reaction| reaction.symbol.to_string()));
    let next = calendar::next_session(job.date()).map(|day| day.date);
    let days = [(Ok(job.date()), ReportTiming::AfterClose), (next, ReportTiming::BeforeOpen)];
    for (day, wanted) in days {
        let Ok(specials) = day.and_then(calendar::special_events) else { continue };
        for special in specials {
            if let SpecialEvent::Earnings { symbol, timing } = special
                && timing == wanted
            {
                names.insert(symbol.to_string());
            }
        }
    }
    names
}
