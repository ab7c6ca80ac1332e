//! Volatility regimes of the VIX: five levels, entered upwards at once, left downwards one at a
//! time after three quiet closes.

use serde::Serialize;

/// The volatility regime, ordered from calm to crisis.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// A VIX below 15.
    Calm,
    /// A VIX from 15 to 20.
    Normal,
    /// A VIX from 20 to 30.
    Elevated,
    /// A VIX from 30 to 40.
    Stressed,
    /// A VIX of 40 and more.
    Crisis,
}

/// The effect of a regime on the limits of the day. Factors are at most 1: a regime only tightens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RegimeMultipliers {
    /// Factor on gross exposure.
    pub gross: f64,
    /// Factor on the largest order.
    pub order_notional: f64,
    /// Factor on the share of market volume taken.
    pub participation: f64,
    /// Interval of monitors, in seconds.
    pub monitor_interval_s: u32,
    /// Factor on the horizon over which large orders are worked.
    pub twap_horizon: f64,
    /// The approvals required for orders.
    pub approval: ApprovalPolicy,
    /// Number of new names allowed in the day, if limited.
    pub new_names: Option<u32>,
}

/// The orders that need approval, and the approvers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalPolicy {
    /// Orders of USD 25,000 and more.
    LargeOrders,
    /// Every order that adds risk.
    RiskAdding,
    /// Every order, by two operators; no new shorts.
    AllByTwo,
    /// Only orders that reduce risk are allowed.
    ReduceOnly,
}

impl Regime {
    /// All regimes, calmest first.
    pub const ALL: [Self; 5] =
        [Self::Calm, Self::Normal, Self::Elevated, Self::Stressed, Self::Crisis];

    /// Returns the regime of a VIX close without history.
    #[must_use]
    pub fn entered_at(vix: f64) -> Self {
        let reached = Self::ALL.into_iter().rev().find(|r| r.threshold().is_some_and(|t| vix >= t));
        reached.unwrap_or(Self::Calm)
    }

    /// Returns the VIX at which the regime starts; `None` for calm.
    #[must_use]
    pub const fn threshold(self) -> Option<f64> {
        match self {
            Self::Calm => None,
            Self::Normal => Some(15.0),
            Self::Elevated => Some(20.0),
            Self::Stressed => Some(30.0),
            Self::Crisis => Some(40.0),
        }
    }

    /// Returns the next more nervous regime; crisis stays crisis.
    #[must_use]
    pub const fn next_higher(self) -> Self {
        match self {
            Self::Calm => Self::Normal,
            Self::Normal => Self::Elevated,
            Self::Elevated => Self::Stressed,
            Self::Stressed | Self::Crisis => Self::Crisis,
        }
    }

    /// Returns the next calmer regime; calm stays calm.
    #[must_use]
    pub const fn next_lower(self) -> Self {
        match self {
            Self::Calm | Self::Normal => Self::Calm,
            Self::Elevated => Self::Normal,
            Self::Stressed => Self::Elevated,
            Self::Crisis => Self::Stressed,
        }
    }

    /// Returns the word used in files and on screens.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Normal => "normal",
            Self::Elevated => "elevated",
            Self::Stressed => "stressed",
            Self::Crisis => "crisis",
        }
    }

    /// Returns the effect on the limits: conventional values, stricter with every level.
    #[must_use]
    pub const fn multipliers(self) -> RegimeMultipliers {
        let (gross, order_notional, participation, monitor_interval_s, approval) = match self {
            Self::Calm | Self::Normal => (1.0, 1.0, 1.0, 300, ApprovalPolicy::LargeOrders),
            Self::Elevated => (0.7, 0.7, 0.8, 120, ApprovalPolicy::RiskAdding),
            Self::Stressed => (0.4, 0.5, 0.5, 60, ApprovalPolicy::AllByTwo),
            Self::Crisis => (0.15, 0.25, 0.3, 30, ApprovalPolicy::ReduceOnly),
        };
        let (twap_horizon, new_names) = match self {
            Self::Calm | Self::Normal => (1.0, None),
            Self::Elevated => (1.0, Some(3)),
            Self::Stressed => (1.5, Some(3)),
            Self::Crisis => (1.5, Some(0)),
        };
        RegimeMultipliers {
            gross,
            order_notional,
            participation,
            monitor_interval_s,
            twap_horizon,
            approval,
            new_names,
        }
    }
}

/// The state machine of the regime, with its history (F29).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegimeMachine {
    regime: Regime,
    /// Number of consecutive closes below the regime's threshold minus 2.
    quiet: u8,
    /// Number of closes since the regime was entered, including that of the entry.
    streak: u32,
}

impl Default for RegimeMachine {
    fn default() -> Self {
        Self { regime: Regime::Calm, quiet: 0, streak: 0 }
    }
}

impl RegimeMachine {
    /// Distance below the threshold at which a close counts as quiet.
    const BAND: f64 = 2.0;
    /// Number of quiet closes needed to go down one level.
    const PATIENCE: u8 = 3;

    /// Returns the regime after all closes so far.
    #[must_use]
    pub const fn regime(self) -> Regime {
        self.regime
    }

    /// Returns the number of closes in the current regime.
    #[must_use]
    pub const fn closes_in_regime(self) -> u32 {
        self.streak
    }

    /// Processes a VIX close. A value that is not finite is ignored.
    pub fn close(&mut self, vix: f64) -> Regime {
        if !vix.is_finite() {
            return self.regime;
        }
        let entered = Regime::entered_at(vix);
        let quiet = self.regime.threshold().is_some_and(|t| vix < t - Self::BAND);
        self.quiet = if entered < self.regime && quiet { self.quiet + 1 } else { 0 };
        let next = if entered > self.regime {
            entered
        } else if self.quiet >= Self::PATIENCE {
            self.regime.next_lower()
        } else {
            self.regime
        };
        self.streak = self.streak.saturating_add(1);
        if next != self.regime {
            *self = Self { regime: next, quiet: 0, streak: 1 };
        }
        self.regime
    }

    /// Returns the regime including a live VIX: a higher threshold counts at once, a lower value
    /// does not.
    #[must_use]
    pub fn with_live_vix(self, vix: f64) -> Regime {
        self.regime.max(Regime::entered_at(vix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regime_after(closes: &[f64]) -> Regime {
        let mut machine = RegimeMachine::default();
        for vix in closes {
            machine.close(*vix);
        }
        machine.regime()
    }

    #[test]
    fn two_quiet_closes_are_not_enough_to_come_down() {
        assert_eq!(regime_after(&[21.0, 17.0, 17.0]), Regime::Elevated);
        assert_eq!(regime_after(&[21.0, 17.0, 17.0, 17.0]), Regime::Normal);
    }

    #[test]
    fn a_close_inside_the_band_starts_the_count_again() {
        assert_eq!(regime_after(&[21.0, 17.0, 17.0, 18.0, 17.0, 17.0]), Regime::Elevated);
    }

    #[test]
    fn regime_falls_one_level_at_a_time() {
        assert_eq!(regime_after(&[45.0, 10.0, 10.0, 10.0]), Regime::Stressed);
        assert_eq!(regime_after(&[45.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0]), Regime::Elevated);
    }

    #[test]
    fn it_goes_up_all_the_way_at_once() {
        assert_eq!(regime_after(&[12.0, 41.0]), Regime::Crisis);
    }

    #[test]
    fn a_live_value_raises_but_never_calms() {
        let mut machine = RegimeMachine::default();
        machine.close(22.0);
        assert_eq!(machine.with_live_vix(31.0), Regime::Stressed);
        assert_eq!(machine.with_live_vix(9.0), Regime::Elevated);
        machine.close(f64::NAN);
        assert_eq!(machine.regime(), Regime::Elevated);
    }

    #[test]
    fn no_step_up_loosens_anything() {
        for pair in Regime::ALL.windows(2) {
            let (low, high) = (pair[0].multipliers(), pair[1].multipliers());
            assert!(high.gross <= low.gross && high.order_notional <= low.order_notional);
            assert!(high.participation <= low.participation && high.approval >= low.approval);
            assert!(high.monitor_interval_s <= low.monitor_interval_s);
        }
    }
}
