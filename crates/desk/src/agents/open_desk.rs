//! Opens the desk of a day from market data and a book: instruments, reference closes, simulated feed.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{
    market::{self, ApprovalPolicy, Dataset, IntradayShocks, Price, SessionSide, regime_on},
    trading::{
        broker::SimBrokerRules,
        desk::{Desk, DeskBacking, DeskConfig, OpenDeskError},
        instruments::{Instruments, SessionHours, TradingMode},
        limits::RiskLimits,
        opening_book::{BookError, WeightedBook},
        order::RunKey,
        portfolio::Portfolio,
        session_prices::{SessionPrices, instrument_from_listing},
        symbol::{Symbol, SymbolError},
        valuation::ValuationReference,
    },
};
use planning::{
    calendar::{self, ExchangeDay},
    plan::MorningVolatility,
    time::Span,
};

/// What a desk is opened with.
#[derive(Debug, Clone)]
pub struct DeskOpening {
    /// The day's session.
    pub day: ExchangeDay,
    /// Mode of the broker; ids of orders carry its letter.
    pub mode: TradingMode,
    /// Number of the run within the day, from 1.
    pub run: u16,
    /// The book of the morning.
    pub book: Holdings,
    /// The limits of the gate.
    pub limits: RiskLimits,
    /// Terms of the simulated broker.
    pub terms: SimBrokerRules,
}

/// A book by weights or by shares.
#[derive(Debug, Clone)]
pub enum Holdings {
    /// Weights of equity, sized at the previous closes.
    Weights(WeightedBook),
    /// Shares and cash as they are.
    Shares(Portfolio),
}

/// Why there is no desk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenDayDeskError {
    /// A listing whose ticker is none.
    #[error("the universe holds what is no ticker")]
    Symbol(#[source] SymbolError),
    /// The book does not fit the day.
    #[error("the book cannot be opened on {date}")]
    Book {
        /// The day.
        date: NaiveDate,
        /// Why.
        source: BookError,
    },
    /// The desk itself: its limits, or the logs it is kept in.
    #[error("the desk cannot be opened")]
    Desk(#[source] OpenDeskError),
}

/// Opens the desk of a day: everything about names is as known before its session. On a `backing`
/// that holds the facts of this run it is as it was when the last of them was written.
///
/// # Errors
///
/// [`OpenError`] for a ticker that is none, a weighted name without a previous close, limits
/// without a hash, or a backing that cannot be used.
pub fn open_desk(
    data: &Arc<Dataset>,
    opening: DeskOpening,
    backing: DeskBacking,
) -> Result<Desk, OpenDayDeskError> {
    let DeskOpening { day, mode, run, book, limits, terms } = opening;
    let universe = instruments(data, day.date)?;
    let previous_close = closes(data, day.date, &universe);
    let wrong = |source| OpenDayDeskError::Book { date: day.date, source };
    let (opening, equity) = match book {
        Holdings::Weights(book) => {
            (book.open(&previous_close, &universe).map_err(wrong)?, Some(book.equity))
        }
        Holdings::Shares(book) => {
            let held = book.market_value(&previous_close).ok();
            let equity = held.map(|held| held + book.cash);
            (book, equity)
        }
    };
    let reference =
        ValuationReference { previous_close, equity_previous: equity, high_water: equity };
    let hours = SessionHours { date: day.date, open: day.open, close: day.close };
    let names: Vec<Symbol> = universe.keys().chain(opening.positions.keys()).cloned().collect();
    let prices = SessionPrices::for_session(data, names.into_iter(), hours);
    let setup = DeskConfig {
        run: RunKey { mode, date: day.date, run },
        account: "bellwether".into(),
        hours,
        opening,
        reference,
        universe,
        limits,
        terms,
    };
    Desk::open(setup, Arc::new(prices), backing).map_err(OpenDayDeskError::Desk)
}

/// The volatility regime of a morning, as a plan takes it in: from the VIX closes known before the
/// session of `date`.
#[must_use]
pub fn volatility(data: &Dataset, date: NaiveDate) -> MorningVolatility {
    let expected = calendar::previous_session(date).ok().map(|day| day.date);
    let view = data.as_of(date, SessionSide::ExcludingToday);
    let report = regime_on(&view, data.benchmark(), expected, IntradayShocks::default());
    let factors = report.multipliers;
    let approval = match factors.approval {
        ApprovalPolicy::LargeOrders => None,
        ApprovalPolicy::RiskAdding | ApprovalPolicy::ReduceOnly => Some("risk_adding"),
        ApprovalPolicy::AllByTwo => Some("all"),
    };
    MorningVolatility {
        regime: report.regime.as_str().into(),
        vix: report.vix,
        multipliers: BTreeMap::from([
            ("gross".into(), factors.gross),
            ("order_notional".into(), factors.order_notional),
            ("participation".into(), factors.participation),
        ]),
        monitor_every: Some(Span::secs(factors.monitor_interval_s.into())),
        approval: approval.map(str::to_owned),
    }
}

/// The universe with volumes and volatilities as known before the session.
fn instruments(data: &Dataset, date: NaiveDate) -> Result<Instruments, OpenDayDeskError> {
    let view = data.as_of(date, SessionSide::ExcludingToday);
    let mut universe = Instruments::new();
    for listing in data.universe().iter() {
        let found = market::features(&view, &listing.symbol, data.benchmark());
        let found = found.as_ref();
        let range = found.and_then(|f| engine::math::checked_div(f.typical_range()?.usd, f.close));
        let adv = found.and_then(|f| f.adv20_shares);
        let sigma = found.and_then(market::Features::sigma_1d);
        let (symbol, known) = instrument_from_listing(listing, adv, sigma, range)
            .map_err(OpenDayDeskError::Symbol)?;
        universe.insert(symbol, known);
    }
    Ok(universe)
}

/// The last close of every name before the session, in USD to the cent.
fn closes(data: &Dataset, date: NaiveDate, universe: &Instruments) -> BTreeMap<Symbol, Decimal> {
    let view = data.as_of(date, SessionSide::ExcludingToday);
    let close = |name: &Symbol| {
        let price = Price::from_usd(view.last_bar(name.as_str())?.close)?;
        Some((name.clone(), price.to_decimal()))
    };
    universe.keys().filter_map(close).collect()
}
