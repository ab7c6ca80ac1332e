//! Market and economic data: parsing, as-of views, indicators, regimes and the simulated price feed.
//!
//! Pure: text in, numbers out. No file is read, no clock is looked at; the bundled assets are part
//! of the program. Prices are USD a share (index points for SPX and VIX), returns and weights are
//! fractions, volatilities annualised fractions unless a name ends in `_1d`, dates are New York
//! session dates.

mod bar;
mod cells;
mod cross;
mod dataset;
mod economy;
mod economy_series;
mod features;
mod finish;
mod format;
mod indicators;
mod load;
mod path;
mod problem;
mod quality;
mod regime;
mod regime_report;
mod scan;
mod screen;
mod universe;
mod view;

pub use self::{
    bar::{Bar, Observation, Range},
    cross::{CrossAsset, Move, cross_asset},
    dataset::{Dataset, Input},
    economy::{Flag, MacroAssessment, Scores, Stance, macro_assessment},
    features::{
        Breadth, DEFAULT_BENCHMARK, Features, TypicalRange, Warning, WarningCode, breadth, features,
    },
    indicators::{
        adv_shares, atr, ewma_vol, parkinson, realised_vol, rsi, sma, trailing_return, z_score,
    },
    path::{DayPath, Price},
    problem::{Action, DataProblem, Reason},
    quality::{Collected, Request, Status, SymbolQuality, Verdict, collect},
    regime::{Approval, Machine, Multipliers, Regime},
    regime_report::{Override, RegimeReport, Shocks, regime_on},
    scan::{Alert, AlertKind, Gap, IntradayInput, IntradayScan, gap, intraday, market_gap_flag},
    screen::{Candidate, Components, Rejected, Screen, ScreenParams, Why, screen},
    universe::{Listing, Universe},
    view::{Reach, View},
};
