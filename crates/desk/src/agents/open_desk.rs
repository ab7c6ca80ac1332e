//! Opening of a day's desk from market data and a book: instruments, reference closes, simulated
//! feed.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{
    market::{self, ApprovalPolicy, Dataset, IntradayShocks, Price, SessionSide, regime_on},
    trading::{
        broker::SimBrokerRules,
        desk::{Desk, DeskBacking, DeskConfig, OpenDeskError},
        desk_book::DeskBook,
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

/// The inputs for opening a desk.
#[derive(Debug, Clone)]
pub struct DeskOpening {
    /// The day with its session.
    pub day: ExchangeDay,
    /// Mode of the broker; order ids contain its letter.
    pub mode: TradingMode,
    /// Number of the run of the day, from 1.
    pub run: u16,
    /// The book at the open of the day.
    pub book: Holdings,
    /// The limits of the pre-trade checks.
    pub limits: RiskLimits,
    /// The rules of the simulated broker.
    pub terms: SimBrokerRules,
}

/// A book given by weights or by shares.
#[derive(Debug, Clone)]
pub enum Holdings {
    /// Weights of equity, converted to shares at the previous closes.
    Weights(WeightedBook),
    /// Numbers of shares, and cash.
    Shares(Portfolio),
    /// The book of an earlier evening.
    Book(DeskBook),
}

/// The reason for which a desk cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenDayDeskError {
    /// A listing has an invalid ticker.
    #[error("the universe has an invalid ticker")]
    Symbol(#[source] SymbolError),
    /// The book cannot be valued on this day.
    #[error("the book cannot be opened on {date}")]
    Book { date: NaiveDate, source: BookError },
    /// An error of the desk: its limits, or its fact logs.
    #[error("the desk cannot be opened")]
    Desk(#[source] OpenDeskError),
}

/// Opens the desk of a day, with instruments as known before its session. A `backing` with facts of
/// this run restores the state after the last of them.
///
/// # Errors
///
/// [`OpenDayDeskError`] for an invalid ticker, a weighted name without a previous close, limits
/// that cannot be hashed, or an unusable backing.
pub fn open_desk(
    data: &Arc<Dataset>,
    opening: DeskOpening,
    backing: DeskBacking,
) -> Result<Desk, OpenDayDeskError> {
    let DeskOpening { day, mode, run, book, limits, terms } = opening;
    let universe = instruments(data, day.date)?;
    let mut previous_close = closes(data, day.date, universe.keys());
    let wrong = |source| OpenDayDeskError::Book { date: day.date, source };
    let (opening, equity, high_water) = match book {
        Holdings::Weights(book) => {
            let held = book.open(&previous_close, &universe).map_err(wrong)?;
            (held, Some(book.equity), Some(book.equity))
        }
        Holdings::Shares(book) => {
            let held = book.market_value(&previous_close).ok();
            let equity = held.map(|held| held + book.cash);
            (book, equity, equity)
        }
        Holdings::Book(book) => {
            previous_close.extend(closes(data, day.date, book.positions.keys()));
            for (symbol, held) in &book.positions {
                // A name without a close keeps its last good price.
                if let (Some(price), false) = (held.last_price, previous_close.contains_key(symbol))
                {
                    previous_close.insert(symbol.clone(), price);
                }
            }
            let (equity, high_water) = measured_from(&book, day.date, &previous_close);
            (book.portfolio(), equity, high_water)
        }
    };
    let reference = ValuationReference { previous_close, equity_previous: equity, high_water };
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

/// Returns the volatility regime of a morning in the form a day plan uses, from the VIX closes
/// known before the session of `date`.
#[must_use]
pub fn volatility(data: &Dataset, date: NaiveDate) -> MorningVolatility {
    let expected = calendar::previous_session(date).ok().map(|day| day.date);
    let view = data.as_of(date, SessionSide::ExcludingToday);
    let report = regime_on(&view, view.benchmark(), expected, IntradayShocks::default());
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

/// Returns the universe with volumes and volatilities as known before the session.
fn instruments(data: &Dataset, date: NaiveDate) -> Result<Instruments, OpenDayDeskError> {
    let view = data.as_of(date, SessionSide::ExcludingToday);
    let mut universe = Instruments::new();
    for listing in data.universe().iter() {
        let found = market::features(&view, &listing.symbol, view.benchmark());
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

/// Returns the equity from which the loss of the day is measured, and the high-water mark.
fn measured_from(
    book: &DeskBook,
    date: NaiveDate,
    previous_close: &BTreeMap<Symbol, Decimal>,
) -> (Option<Decimal>, Option<Decimal>) {
    // A second run of a day measures its loss from where the first did.
    let same_day = book.day_start_equity.filter(|_| book.as_of == date);
    let equity = same_day.or_else(|| book.value_at(previous_close));
    (equity, book.high_water.max(equity))
}

/// Returns the last close of each name before the session, in USD rounded to the cent.
fn closes<'a>(
    data: &Dataset,
    date: NaiveDate,
    names: impl Iterator<Item = &'a Symbol>,
) -> BTreeMap<Symbol, Decimal> {
    let view = data.as_of(date, SessionSide::ExcludingToday);
    let close = |name: &Symbol| {
        let price = Price::from_usd(view.last_bar(name.as_str())?.close)?;
        Some((name.clone(), price.to_decimal()))
    };
    names.filter_map(close).collect()
}
