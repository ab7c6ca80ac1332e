//! Where the active return came from: Brinson and Fachler's split by sector.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Weight and return of one sector, as fractions.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SectorSleeve {
    /// Share of the whole.
    pub weight: f64,
    /// Return of the sleeve.
    pub ret: f64,
}

/// The three effects of one sector, as fractions of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SectorEffect {
    /// From holding more or less of the sector than the benchmark.
    pub allocation: f64,
    /// From holding other names within it.
    pub selection: f64,
    /// From both at once.
    pub interaction: f64,
}

/// The active return, explained (formula 25).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brinson {
    /// Return of the book.
    pub rp: f64,
    /// Return of the benchmark.
    pub rb: f64,
    /// By sector, in order of name.
    pub sectors: BTreeMap<String, SectorEffect>,
    /// Sum of all effects less (rp − rb): 0 but for rounding.
    pub residual: f64,
}

/// Splits the active return by sector. A sector one side lacks has weight 0 there, and takes the
/// other side's return, so that it shows as allocation alone.
///
/// Weights of each side must sum to 1 (cash is a sector too) for the effects to sum to the active
/// return; the residual says how far they do not.
#[must_use]
pub fn brinson_attribution(
    book: &BTreeMap<String, SectorSleeve>,
    benchmark: &BTreeMap<String, SectorSleeve>,
) -> Brinson {
    let total =
        |side: &BTreeMap<String, SectorSleeve>| side.values().map(|s| s.weight * s.ret).sum();
    let (rp, rb): (f64, f64) = (total(book), total(benchmark));
    let mut sectors = BTreeMap::new();
    let mut sum = 0.0;
    for sector in book.keys().chain(benchmark.keys()) {
        let absent = |other: Option<&SectorSleeve>| SectorSleeve {
            weight: 0.0,
            ret: other.map_or(0.0, |sleeve| sleeve.ret),
        };
        let (own, other) = (book.get(sector), benchmark.get(sector));
        let p = own.copied().unwrap_or_else(|| absent(other));
        let b = other.copied().unwrap_or_else(|| absent(own));
        let effect = SectorEffect {
            allocation: (p.weight - b.weight) * (b.ret - rb),
            selection: b.weight * (p.ret - b.ret),
            interaction: (p.weight - b.weight) * (p.ret - b.ret),
        };
        if sectors.insert(sector.clone(), effect).is_none() {
            sum += effect.allocation + effect.selection + effect.interaction;
        }
    }
    Brinson { rp, rb, sectors, residual: sum - (rp - rb) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sector_outside_the_benchmark_is_allocation_and_nothing_is_left_over() {
        let sleeve = |weight, ret| SectorSleeve { weight, ret };
        let book = BTreeMap::from([
            ("tech".to_owned(), sleeve(0.5, 0.02)),
            ("gold".to_owned(), sleeve(0.5, 0.01)),
        ]);
        let benchmark = BTreeMap::from([("tech".to_owned(), sleeve(1.0, 0.015))]);
        let out = brinson_attribution(&book, &benchmark);
        assert!(out.residual.abs() < 1e-15, "{}", out.residual);
        let gold = out.sectors["gold"];
        assert!((gold.allocation + 0.0025).abs() < 1e-15);
        assert!(gold.selection.abs() < 1e-15 && gold.interaction.abs() < 1e-15);
    }
}
