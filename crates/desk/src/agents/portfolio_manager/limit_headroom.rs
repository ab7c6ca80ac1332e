//! Cuts risk-adding trades to the size that the pre-trade checks let pass.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::generate_trades;
use crate::{
    agents::job::TaskContext,
    trading::{
        instruments::{Instrument, Instruments},
        limits::RiskLimits,
        money,
        sizing::{SizedTrade, SizingResult, SizingRules, SkippedTrade},
        valuation::Valuation,
    },
};
use engine::math;

/// Share of a limit that trades may use, leaving room for price moves before the orders are sent.
const MARGIN: Decimal = Decimal::from_parts(95, 0, 0, false, 2);

/// Headroom under the limits on gross and sectors if no sale fills.
struct LimitHeadroom {
    gross: Decimal,
    sectors: BTreeMap<String, Decimal>,
    sector_cap: Decimal,
}

/// Drops or cuts trades that the pre-trade checks would refuse: entries under a blackout, orders too
/// large for the volume of a day, buys beyond the gross or sector limit if no sale fills.
pub(super) fn fit_to_limits(job: &TaskContext<'_>, book: &Valuation, sized: &mut SizingResult) {
    let (limits, universe) = (job.desk().limits().0, job.instruments());
    let factor = job.desk().regime().gross;
    let mut room = LimitHeadroom {
        gross: book.equity * limits.gross_max * factor * MARGIN - book.gross_usd,
        sectors: BTreeMap::new(),
        sector_cap: book.equity * limits.sector_max * factor * MARGIN,
    };
    for held in &book.positions {
        *room.sectors.entry(job.sector(&held.symbol)).or_default() += held.mv.abs();
    }
    let share = job.limit_factor("adv");
    let usual = SizingRules::default();
    let floor = usual.min_notional_usd.max(usual.min_notional_frac * book.equity);
    let mut kept = Vec::new();
    for trade in std::mem::take(&mut sized.trades) {
        let mut cut = |reason: String| {
            sized.skipped.push(SkippedTrade { symbol: trade.symbol.clone(), reason });
        };
        let mut qty = trade.qty;
        if let Some(most) = by_volume(&universe, &trade, (&limits, share)).filter(|m| *m < qty) {
            cut(format!("cut from {qty} to {most} sh: the most for a day's volume"));
            qty = most;
        }
        if !trade.reducing {
            if let Some((until, origin)) = job.entry_blackout(trade.symbol.as_str()) {
                let until = planning::calendar::exchange_local(until).format("%H:%M");
                cut(format!("no entries until {until} ({origin})"));
                continue;
            }
            let most = room.reserve(job, &trade, (qty, lot(&universe, &trade)));
            if most < qty {
                cut(format!("cut from {qty} to {most} sh: gross or sector limit until sales fill"));
                qty = most;
            }
        }
        let notional = money::signed_value(qty, trade.ref_px);
        if notional >= floor {
            kept.push(SizedTrade { qty, notional, ..trade });
        } else {
            cut("too small once cut".into());
        }
    }
    sized.trades = kept;
    generate_trades::recount(book, sized);
    sized.skipped.sort_by(|a, b| (&a.symbol, &a.reason).cmp(&(&b.symbol, &b.reason)));
}

fn lot(universe: &Instruments, trade: &SizedTrade) -> i64 {
    universe.get(&trade.symbol).map_or(1, |known| known.lot.max(1))
}

/// Largest number of shares, by the day's volume, that needs no override.
fn by_volume(
    universe: &Instruments,
    trade: &SizedTrade,
    (limits, share): (&RiskLimits, f64),
) -> Option<i64> {
    let adv = universe.get(&trade.symbol).and_then(Instrument::average_daily_volume)?;
    let lot = lot(universe, trade);
    math::float_to_int(adv * limits.adv_soft * share).map(|most| most / lot * lot)
}

impl LimitHeadroom {
    /// Reserves headroom for the trade, and returns the shares that fit.
    fn reserve(
        &mut self,
        job: &TaskContext<'_>,
        trade: &SizedTrade,
        (qty, lot): (i64, i64),
    ) -> i64 {
        let sector = self.sectors.entry(job.sector(&trade.symbol)).or_default();
        let room = self.gross.min(self.sector_cap - *sector).max(Decimal::ZERO);
        let fits = money::shares(room, trade.ref_px, lot).unwrap_or(0).min(qty);
        let usd = money::signed_value(fits, trade.ref_px);
        self.gross -= usd;
        *sector += usd;
        fits
    }
}
