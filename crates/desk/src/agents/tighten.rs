//! Tightening of the desk's limit factors; nothing here can raise them.

use rust_decimal::Decimal;

use super::job::TaskContext;
use crate::trading::{limits::LimitMultipliers, money};

/// Sets each factor to the lowest of its current value, the regime's and the day's.
pub(super) fn regime(job: &TaskContext<'_>, regime: LimitMultipliers) {
    let day = |name: &str| money::from_f64(job.limit_factor(name)).unwrap_or(Decimal::ZERO);
    let now = job.desk().regime();
    let least = |now: Decimal, regime: Decimal, name: &str| now.min(regime).min(day(name));
    job.desk().set_regime(LimitMultipliers {
        gross: least(now.gross, regime.gross, "gross"),
        order_notional: least(now.order_notional, regime.order_notional, "order_notional"),
        participation: least(now.participation, regime.participation, "participation"),
    });
}
