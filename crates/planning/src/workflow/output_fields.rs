//! Fields in the results of built-in task types, which conditions may ask.

use std::collections::BTreeMap;

use super::{agent_catalog::builtin_effect, codes::UNKNOWN_FIELD, task_draft::TaskDraft};
use crate::id::{AgentId, TaskId, TaskType};
use diag::{DiagnosticCollector, list_of, nearest, quote};

/// The parts of a result beside its `data`, which a condition may ask too.
const PARTS: [&str; 6] = ["status", "data", "warnings", "metrics", "facts", "provenance"];

/// The fields of `data` by task type, sorted by name; a field may be absent from a single result.
const FIELDS: &[(&str, &str)] = &[
    ("approval", ""),
    ("ah_watch", "alerts session symbols"),
    ("closing_plan", "cancel cutoffs overnight plan plan_hash submit unfinished"),
    (
        "collect_market_data",
        "benchmark coverage_pct expected_session problems_total reasons rows symbols",
    ),
    (
        "construct_targets",
        "gross_now gross_target infeasible method scale_applied targets vol_forecast",
    ),
    (
        "cross_asset_check",
        "alert moves since stock_bond_corr60 stock_oil_corr60 stock_vix_corr60 until warnings",
    ),
    ("daily_report", "markdown report sha256"),
    ("deep_dive", "abstained horizon_days views"),
    (
        "earnings_exposure",
        "beta breaches cap corr_max_pair equity es95_1d es99_1d exposures focus liquidity_days_p95 \
         mcr over port_vol_ann sessions stress var95_1d var99_1d",
    ),
    ("earnings_review", "abstained horizon_days views"),
    (
        "emergency_exit",
        "alerts avg_px cancelled fees_usd filled fills gate held is_bps ordered plan_hash plan_id \
         residual schedule states stopped_at traded_usd",
    ),
    (
        "event_calendar",
        "close_et day earnings fomc half_day is_session next_sessions open_et opex overlays \
         releases",
    ),
    (
        "execute_orders",
        "alerts avg_px cancelled fees_usd filled fills gate held is_bps ordered plan_hash plan_id \
         residual schedule states stopped_at traded_usd",
    ),
    ("fomc_brief", "blackouts market_implied_move mean_abs_ret prior today"),
    ("fomc_reaction", "alert moves since until"),
    ("gap_scan", "benchmark flagged gaps market_flag market_gap_pct unquoted"),
    (
        "generate_trades",
        "approval cash_after dropped est_cost_bps limits_hash notional orders plan plan_hash \
         plan_id plan_ok skipped state totals turnover_one_way verdicts",
    ),
    (
        "intraday_risk_check",
        "alerts breaches drawdown equity gross net overrides pnl_day_pct pnl_day_usd pnl_vs_limits \
         regime_live stale state suggested_state var95",
    ),
    ("intraday_scan", "alerts benchmark blackout_until elapsed session symbols"),
    (
        "macro_assessment",
        "baa_aaa_pp breakeven_pct claims_4w_vs_26w_pct cpi_series cpi_yoy_pct credit_z curve_pp \
         flags hy_oas_chg20_pp hy_oas_pct real_policy_pp risk_budget_scale sahm_pp scores \
         staleness_days stance unemployment_yoy_pp unknown_flags warnings wti_usd",
    ),
    ("maintenance", "archived audit desk_digest disk fills plans pruned working"),
    ("market_analysis", "abstained as_of_session benchmark breadth symbols"),
    ("monitor_orders", "alerts filled ordered state stuck unknown working"),
    ("news_digest", "counts dup_removed items max_items"),
    (
        "next_day_prep",
        "carry_over checklist close corporate_actions data_gaps day events next_sessions open \
         overlays regime session",
    ),
    (
        "performance_analysis",
        "attribution benchmark benchmark_ret beta beta_adj_alpha cash_close equity_close \
         equity_open fills n_obs pnl residual ret_1d rolling session vs_benchmark",
    ),
    (
        "portfolio_review",
        "breaches cash concentration drawdown_hwm equity gross leverage limit_usage limits_hash \
         net pnl_1d pnl_1d_pct positions stale state unrealised",
    ),
    ("pre_open_checks", "all_ok checks not_checked_here"),
    ("rank_ideas", "abstain_share ic macro new_shorts ranking regime"),
    ("rebalance_check", "drift needed reasons rebalance_needed regime regime_morning targets"),
    (
        "reconcile",
        "blocked booked breaks cash cash_diff fills matched positions scope verdict working",
    ),
    (
        "regime_classify",
        "base blind day_multipliers in_force multipliers overrides regime rv20_bench streak \
         term_ratio vix vix_chg_1d vix_date vix_pct_rank_252 vrp warnings",
    ),
    (
        "risk_assessment",
        "beta breaches cap corr_max_pair equity es95_1d es99_1d exposures focus liquidity_days_p95 \
         mcr over port_vol_ann sessions stress var95_1d var99_1d",
    ),
    ("screen_universe", "candidates params rejected"),
    ("tca", "model_vs_realised_bps orders summary"),
    (
        "validate_trades",
        "approval dropped limits_hash orders plan plan_hash plan_id plan_ok state totals verdicts",
    ),
];

/// Returns the fields of the `data` of a built-in task type, or `None` for another type.
#[must_use]
pub fn output_fields(task_type: &str) -> Option<Vec<&'static str>> {
    let row = FIELDS.iter().find(|(name, _)| *name == task_type)?;
    Some(row.1.split_whitespace().collect())
}

/// Reports conditions that ask for a field which a built-in agent's result never has. `known` gives
/// agent and task type of tasks outside of `drafts`.
pub(super) fn check_conditions<'a>(
    drafts: &[&'a TaskDraft],
    known: impl Fn(&TaskId) -> Option<(&'a AgentId, &'a TaskType)>,
    sink: &mut DiagnosticCollector,
) {
    let named = drafts.iter().filter_map(|draft| Some((draft.id.as_ref()?, *draft)));
    let index: BTreeMap<&TaskId, &TaskDraft> = named.collect();
    for draft in drafts {
        let (Some(when), Some(condition)) = (&draft.when, &draft.condition) else { continue };
        let asked = match index.get(&condition.task) {
            Some(own) => own.agent.as_ref().zip(own.task_type.as_ref()),
            None => known(&condition.task),
        };
        let Some((agent, task_type)) = asked else { continue };
        let Some(fields) = output_fields(task_type.as_str()).filter(|_| is_built_in(agent)) else {
            continue;
        };
        let first = condition.field.split('.').next().unwrap_or_default();
        if fields.contains(&first) || PARTS.contains(&first) {
            continue;
        }
        let message = format!("the result of `{task_type}` has no field {}", quote(first));
        let problem = sink.report(UNKNOWN_FIELD, &when.task.span, message);
        problem.label("it would never hold").with_suggestion(nearest(first, fields.clone()));
        problem.with_help(if fields.is_empty() {
            "it has no data; depend on the task instead".to_owned()
        } else {
            format!("it has {}", list_of(fields))
        });
    }
}

fn is_built_in(agent: &AgentId) -> bool {
    builtin_effect(agent).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::AgentCatalog;

    #[test]
    fn every_built_in_task_type_has_its_fields() {
        for task_type in AgentCatalog::builtin().agents.values().flatten() {
            let fields = output_fields(task_type.as_str());
            assert!(fields.is_some_and(|fields| fields.is_sorted()), "{task_type}");
        }
    }
}
