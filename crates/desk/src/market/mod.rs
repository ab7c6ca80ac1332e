//! Types and functions for market and economic data: parsing, as-of views, indicators, regimes,
//! simulated prices.
//!
//! Pure: text in, numbers out. No file is read and no clock is used; the bundled data are part of
//! the program. Prices are USD a share (index points for SPX and VIX), returns and weights are
//! fractions, volatilities are annualized fractions unless a name ends in `_1d`, dates are New York
//! session dates.

mod accepted;
mod as_of;
mod bar;
mod cells;
mod clean;
mod cross_asset;
mod data_problem;
mod dataset;
mod dialect;
mod features;
mod format;
mod indicators;
mod load;
mod load_bars;
mod macro_assessment;
mod macro_series;
mod quality;
mod regime;
mod regime_report;
mod scan;
mod screen;
mod simulated_path;
mod universe;

pub use self::{
    accepted::ACCEPTED_TABLES,
    as_of::{MarketView, SessionSide},
    bar::{Bar, BarRange, Observation},
    cross_asset::{AssetMove, CrossAsset, cross_asset},
    data_problem::{DataProblem, DataProblemKind, RowTreatment},
    dataset::{Dataset, SourceFile},
    features::{
        Breadth, DEFAULT_BENCHMARK, DataWarning, DataWarningCode, Features, TypicalRange, breadth,
        features,
    },
    indicators::{
        adv_shares, atr, ewma_vol, parkinson, realised_vol, rsi, sma, trailing_return, z_score,
    },
    macro_assessment::{MacroAssessment, MacroScores, MacroStance, RiskFlag, macro_assessment},
    quality::{
        BarStatus, DataVerdict, QualityReport, QualityRequest, SymbolQuality, check_quality,
    },
    regime::{ApprovalPolicy, Regime, RegimeMachine, RegimeMultipliers},
    regime_report::{IntradayShocks, RegimeOverride, RegimeReport, regime_on},
    scan::{
        Gap, IntradayInput, IntradayScan, ScanAlert, ScanAlertKind, market_gap_flag, opening_gap,
        scan_intraday,
    },
    screen::{
        Candidate, Components, RejectReason, RejectedName, ScreenParams, ScreenResult, screen_names,
    },
    simulated_path::{DayPath, Price},
    universe::{Listing, Universe},
};
