//! Selection of the overlays of a day from calendar and volatility facts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::workflow_library::WorkflowLibrary;
use crate::{
    calendar::{
        self, DayKind, EarningsReaction, ExchangeDay, ExpirationKind, ReportTiming, SpecialEvent,
        UnknownYearError,
    },
    time::Span,
};

/// The volatility regime of a morning, as a plain value: this crate has no market data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MorningVolatility {
    /// The name of the regime: `calm`, `normal`, `elevated`, `stressed`, `crisis`.
    pub regime: String,
    /// The VIX, in points, if it was known.
    pub vix: Option<f64>,
    /// Factors on trading limits: `gross`, `order_notional`, `participation`.
    pub multipliers: BTreeMap<String, f64>,
    /// Upper limit of the interval of every monitor.
    pub monitor_every: Option<Span>,
    /// The orders for which the regime requires approval: `risk_adding`, `all`.
    pub approval: Option<String>,
}

impl MorningVolatility {
    /// Returns whether any factor lowers a limit, in which case the day takes the `high_volatility`
    /// overlay.
    #[must_use]
    pub fn tightens_limits(&self) -> bool {
        self.multipliers.values().any(|factor| *factor < 1.0 || factor.is_nan())
    }

    /// Returns a text such as `elevated (VIX 25.6)`.
    #[must_use]
    pub fn describe(&self) -> String {
        match self.vix {
            Some(vix) => format!("{} (VIX {vix:.1})", self.regime),
            None => format!("{} (VIX unknown)", self.regime),
        }
    }
}

/// Facts known on the morning of the day being planned.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanningFacts {
    /// The day and its session.
    pub day: ExchangeDay,
    /// Special events of the day.
    pub specials: Vec<SpecialEvent>,
    /// Earnings reports first reflected in this session.
    pub reactions: Vec<EarningsReaction>,
    /// The volatility regime, if it is known.
    pub volatility: Option<MorningVolatility>,
}

impl PlanningFacts {
    /// Returns the calendar facts of `date`, exchange time, without the volatility regime.
    ///
    /// # Errors
    ///
    /// [`UnknownYearError`] outside the years covered by the calendar.
    pub fn for_date(date: NaiveDate) -> Result<Self, UnknownYearError> {
        Ok(Self {
            day: calendar::exchange_day(date)?,
            specials: calendar::special_events(date)?,
            reactions: calendar::earnings_reactions(date)?,
            volatility: None,
        })
    }
}

/// An overlay that applies to a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedOverlay {
    pub overlay: String,
    /// The reason in words: `statement at 14:00, press conference at 14:30`.
    pub why: String,
    /// Tickers of the companies concerned; empty if the overlay is not about single companies.
    pub symbols: Vec<String>,
}

/// Returns the overlays of a day, in order of application.
///
/// A closed day takes `closed` alone. An unscheduled FOMC statement is not known in the morning and
/// so selects nothing; a weekly expiration selects nothing because every week has one. An overlay
/// missing from the library is named all the same; [`build_day_plan`](super::build_day_plan()) then
/// refuses the day.
#[must_use]
pub fn select_overlays(facts: &PlanningFacts, library: &WorkflowLibrary) -> Vec<AppliedOverlay> {
    let close = facts.day.close_et().format("%H:%M");
    let mut chosen = OverlaySelection::default();
    match &facts.day.kind {
        DayKind::Closed { reason } => {
            chosen.add("closed", reason.to_string());
            return chosen.0;
        }
        DayKind::EarlyClose { reason } => {
            chosen.add("early_close", format!("closes at {close}: {reason}"));
        }
        DayKind::Regular | DayKind::LateOpen { .. } => {}
    }
    for special in facts.specials.iter().filter(|special| special.is_scheduled()) {
        chosen.special(special);
    }
    for EarningsReaction { symbol, reported, timing } in &facts.reactions {
        let when = match timing {
            ReportTiming::BeforeOpen => format!("reports on {reported}, before the open"),
            ReportTiming::AfterClose => format!("reported on {reported}, after the close"),
        };
        chosen.add_earnings_overlay("earnings", symbol, format!("{symbol} {when}"));
    }
    if let Some(volatility) = facts.volatility.as_ref().filter(|v| v.tightens_limits()) {
        chosen.add("high_volatility", format!("regime {}", volatility.describe()));
    }
    chosen.0.sort_by_key(|applied| library.order_of(&applied.overlay));
    chosen.0
}

/// The selected overlays; one entry per overlay, regardless of the number of reasons.
#[derive(Default)]
struct OverlaySelection(Vec<AppliedOverlay>);

impl OverlaySelection {
    fn add(&mut self, overlay: &str, why: String) -> &mut AppliedOverlay {
        let known = self.0.iter().position(|applied| applied.overlay == overlay);
        let place = known.unwrap_or(self.0.len());
        if known.is_some() {
            self.0[place].why.extend(["; ", &why]);
        } else {
            self.0.push(AppliedOverlay { overlay: overlay.into(), why, symbols: Vec::new() });
        }
        &mut self.0[place]
    }

    fn add_earnings_overlay(&mut self, overlay: &str, symbol: &str, why: String) {
        self.add(overlay, why).symbols.push(symbol.into());
    }

    fn special(&mut self, special: &SpecialEvent) {
        match special {
            SpecialEvent::Fomc { statement, press_conference, .. } => {
                let presser = press_conference
                    .map(|at| format!(", press conference at {}", at.format("%H:%M")));
                let statement = statement.format("%H:%M");
                let words = format!("statement at {statement}{}", presser.unwrap_or_default());
                self.add("fomc", words);
            }
            SpecialEvent::Expiration { kind, .. } => {
                let moved = special
                    .moved_because()
                    .map_or_else(String::new, |holiday| format!(" (moved by {holiday})"));
                self.expiration(*kind, &moved);
            }
            // A report before the open is already among the reactions.
            SpecialEvent::Earnings { symbol, timing: ReportTiming::AfterClose } => {
                let why = format!("{symbol} reports after the close");
                self.add_earnings_overlay("earnings_tonight", symbol, why);
            }
            SpecialEvent::Earnings { timing: ReportTiming::BeforeOpen, .. } => {}
        }
    }

    fn expiration(&mut self, kind: ExpirationKind, moved: &str) {
        match kind {
            ExpirationKind::Monthly => {
                self.add("expiration", format!("monthly options expire{moved}"));
            }
            ExpirationKind::Quarterly => {
                self.add("expiration", format!("quarterly options expire{moved}"));
                self.add("quad_witching", format!("index futures expire too{moved}"));
            }
            ExpirationKind::Vix => {
                self.add("expiration", format!("options on the VIX expire{moved}"));
            }
            ExpirationKind::Weekly => {}
        }
    }
}
