//! Three models of what trading costs, in basis points of the price.

use engine::math;

/// Spread assumed where none is measured, in basis points.
pub const SPREAD_BPS: f64 = 2.0;

/// Prefactor Y of the square-root law.
pub const SQUARE_ROOT_Y: f64 = 1.0;

/// Square-root law (formula 22a), the default: spread/2 + Y·σ·√(q/ADV)·10⁴ basis points.
///
/// `qty` and `adv` in shares, `sigma_1d` a fraction. `None` without a positive volume.
#[must_use]
pub fn square_root_bps(qty: f64, adv: f64, sigma_1d: f64, spread_bps: f64) -> Option<f64> {
    let share = math::checked_div(qty.abs(), adv).filter(|share| *share >= 0.0)?;
    math::finite_or_none(spread_bps / 2.0 + SQUARE_ROOT_Y * sigma_1d * share.sqrt() * 1e4)
}

/// Permanent impact and total cost of the model of Almgren, Thum, Hauptmann and Li (2005).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlmgrenCost {
    /// Permanent impact I in basis points.
    pub permanent_bps: f64,
    /// Expected cost J in basis points: half of I, and the temporary impact.
    pub cost_bps: f64,
}

/// What the model of Almgren et al. asks about an order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlmgrenOrder {
    /// Order over daily volume, X/V.
    pub volume_share: f64,
    /// Standard deviation of one session's return, a fraction.
    pub sigma_1d: f64,
    /// Time of execution T in sessions.
    pub sessions: f64,
    /// Shares outstanding over daily volume, Θ/V.
    pub inverse_turnover: f64,
}

impl AlmgrenOrder {
    /// Coefficient of permanent impact γ.
    pub const GAMMA: f64 = 0.314;
    /// Coefficient of temporary impact η.
    pub const ETA: f64 = 0.142;

    /// Formula 22b: I = γσ(X/V)(Θ/V)^¼, J = I/2 + ησ|X/(VT)|^⅗. `None` for no time at all.
    #[must_use]
    pub fn impact_cost(&self) -> Option<AlmgrenCost> {
        let rate = math::checked_div(self.volume_share.abs(), self.sessions)?;
        let permanent = Self::GAMMA
            * self.sigma_1d
            * self.volume_share.abs()
            * self.inverse_turnover.powf(0.25);
        let cost = permanent / 2.0 + Self::ETA * self.sigma_1d * rate.powf(0.6);
        Some(AlmgrenCost {
            permanent_bps: math::finite_or_none(permanent * 1e4)?,
            cost_bps: math::finite_or_none(cost * 1e4)?,
        })
    }
}

/// Lean's volume-share model (formula 22c): 0.1·min(q/v, 2.5 %)², at most 0.625 basis points, so
/// too cheap to be a default.
#[must_use]
pub fn volume_share_bps(qty: f64, volume: f64) -> Option<f64> {
    let share = math::checked_div(qty.abs(), volume)?.min(0.025);
    Some(share * share * 0.1 * 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_volume_gives_no_cost_rather_than_a_free_trade() {
        assert_eq!(square_root_bps(100.0, 0.0, 0.02, 2.0), None);
        assert_eq!(square_root_bps(100.0, -5.0, 0.02, 2.0), None);
        assert_eq!(square_root_bps(100.0, 1e6, f64::NAN, 2.0), None);
        assert_eq!(volume_share_bps(1.0, 0.0), None);
        let order = AlmgrenOrder {
            volume_share: 0.1,
            sigma_1d: 0.02,
            sessions: 0.0,
            inverse_turnover: 200.0,
        };
        assert_eq!(order.impact_cost(), None);
    }

    #[test]
    fn impact_grows_with_the_square_root_of_size() {
        let cost = |q| square_root_bps(q, 1e6, 0.02, 0.0).unwrap();
        assert!((cost(40_000.0) - 2.0 * cost(10_000.0)).abs() < 1e-9);
    }
}
