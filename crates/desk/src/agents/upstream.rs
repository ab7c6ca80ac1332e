//! Inputs from other agents' results; fields that are not used are omitted, unknown ones are
//! ignored.

use serde::{Deserialize, Serialize};

use crate::{
    market::{Features, Regime},
    trading::{symbol::Symbol, trade_plan::TradePlan},
};

/// The input from `market_analysis`.
#[derive(Debug, Deserialize)]
pub(super) struct AnalysisInput {
    pub(super) symbols: Vec<Features>,
}

/// The input from `screen_universe`.
#[derive(Debug, Deserialize)]
pub(super) struct ScreenInput {
    pub(super) candidates: Vec<CandidateInput>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CandidateInput {
    pub(super) symbol: String,
    #[serde(default)]
    pub(super) held: bool,
}

/// The input from `regime_classify`, also passed on by `rank_ideas`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct RegimeInput {
    pub(super) regime: Regime,
    pub(super) multipliers: Factors,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Factors {
    pub(super) gross: f64,
    pub(super) order_notional: f64,
    pub(super) participation: f64,
    #[serde(default)]
    pub(super) new_names: Option<u32>,
}

/// The input from `macro_assessment`, also passed on by `rank_ideas`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct MacroInput {
    pub(super) risk_budget_scale: f64,
}

/// The input from `deep_dive`.
#[derive(Debug, Deserialize)]
pub(super) struct DeepDiveInput {
    pub(super) views: Vec<ViewInput>,
}

/// A view: `signal.v1` with additional fields for the ranking.
#[derive(Debug, Deserialize)]
pub(super) struct ViewInput {
    pub(super) symbol: String,
    #[serde(default)]
    pub(super) abstained: bool,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) quant_score: Option<f64>,
    #[serde(default)]
    pub(super) conviction_adj: f64,
    #[serde(default)]
    pub(super) sigma_1d: Option<f64>,
    #[serde(default)]
    pub(super) veto: Option<Veto>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Veto {
    pub(super) veto: bool,
    #[serde(default)]
    pub(super) reason: String,
}

/// The input from `rank_ideas`.
#[derive(Debug, Deserialize)]
pub(super) struct RankingInput {
    pub(super) ranking: Vec<Idea>,
    pub(super) regime: RegimeInput,
    #[serde(rename = "macro")]
    pub(super) economy: MacroInput,
}

/// A line of the ranking.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Idea {
    pub(super) symbol: Symbol,
    #[serde(rename = "final")]
    pub(super) score: f64,
    pub(super) alpha_1d: Option<f64>,
    pub(super) rank: usize,
    pub(super) vetoed: bool,
    pub(super) why: String,
}

/// The input from `construct_targets`, and from `rebalance_check`, which passes targets on.
#[derive(Debug, Deserialize)]
pub(super) struct TargetsInput {
    pub(super) targets: Vec<TargetInput>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TargetInput {
    pub(super) symbol: Symbol,
    pub(super) w_target: f64,
    #[serde(default)]
    pub(super) why: String,
}

/// The input from `generate_trades`.
#[derive(Debug, Deserialize)]
pub(super) struct TradesInput {
    pub(super) plan: TradePlan,
}

/// The input from `gap_scan`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct GapsInput {
    #[serde(default)]
    pub(super) flagged: Vec<String>,
}
