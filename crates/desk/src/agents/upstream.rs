//! What one agent reads of another's result; fields nobody reads are left out, unknown ones pass.

use serde::{Deserialize, Serialize};

use crate::{
    market::{Features, Regime},
    trading::{symbol::Symbol, trade_plan::TradePlan},
};

/// Of `market_analysis`.
#[derive(Debug, Deserialize)]
pub(super) struct AnalysisInput {
    pub(super) symbols: Vec<Features>,
}

/// Of `screen_universe`.
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

/// Of `regime_classify`; carried on by `rank_ideas`.
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

/// Of `macro_assessment`; carried on by `rank_ideas`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct MacroInput {
    pub(super) risk_budget_scale: f64,
}

/// Of `deep_dive`.
#[derive(Debug, Deserialize)]
pub(super) struct DeepDiveInput {
    pub(super) views: Vec<ViewInput>,
}

/// One judgement: `signal.v1` and what ranking needs besides.
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

/// Of `rank_ideas`.
#[derive(Debug, Deserialize)]
pub(super) struct RankingInput {
    pub(super) ranking: Vec<Idea>,
    pub(super) regime: RegimeInput,
    #[serde(rename = "macro")]
    pub(super) economy: MacroInput,
}

/// One line of the ranking.
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

/// Of `construct_targets`, and of `rebalance_check`, which hands the targets on.
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

/// Of `generate_trades`.
#[derive(Debug, Deserialize)]
pub(super) struct TradesInput {
    pub(super) plan: TradePlan,
}

/// Of `gap_scan`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct GapsInput {
    #[serde(default)]
    pub(super) flagged: Vec<String>,
}
