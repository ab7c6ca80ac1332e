//! How several wishes for one value become one value, and what is told of the others.

use std::{fmt, sync::Arc};

/// What one rule wants a value to be.
#[derive(Debug, Clone)]
pub(super) struct Preference<T> {
    /// The value wanted.
    pub(super) value: T,
    /// Rank of the overlay that wants it.
    pub(super) rank: u32,
    /// The overlay's file, or other words for the rule.
    pub(super) origin: Arc<str>,
}

/// What decides between rules that want different values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precedence {
    /// The stricter value, whatever the ranks: intervals, cut-offs, limits.
    StrictestWins,
    /// The higher rank, and between equals the stricter value: all that has no natural direction.
    HighestRankWins,
}

/// The value that won.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resolved<T> {
    pub(super) value: T,
    pub(super) origin: Arc<str>,
    /// What others wanted and why they lost, if anybody wanted something else.
    pub(super) conflict: Option<String>,
}

/// Decides between `wishes`; `stricter(a, b)` says whether `a` is stricter than `b`.
///
/// Nothing for no wish. Equal values do not conflict; the first to want it is named.
pub(super) fn resolve_preferences<T: Clone + PartialEq + fmt::Display>(
    wishes: &[Preference<T>],
    law: Precedence,
    stricter: impl Fn(&T, &T) -> bool,
) -> Option<Resolved<T>> {
    let wins = |a: &Preference<T>, b: &Preference<T>| match law {
        Precedence::HighestRankWins if a.rank != b.rank => a.rank > b.rank,
        Precedence::HighestRankWins | Precedence::StrictestWins => stricter(&a.value, &b.value),
    };
    let winner = wishes.iter().reduce(|best, wish| if wins(wish, best) { wish } else { best })?;
    let losers: Vec<_> = wishes.iter().filter(|wish| wish.value != winner.value).collect();
    let why = |loser: &Preference<T>| match law {
        Precedence::StrictestWins => "the stricter wins",
        Precedence::HighestRankWins if loser.rank == winner.rank => "equal rank, the stricter wins",
        Precedence::HighestRankWins => "the higher rank wins",
    };
    let told = losers
        .iter()
        .map(|loser| format!("{} wants {}: {}", loser.origin, loser.value, why(loser)))
        .collect::<Vec<_>>()
        .join("; ");
    Some(Resolved {
        value: winner.value.clone(),
        origin: Arc::clone(&winner.origin),
        conflict: (!told.is_empty()).then_some(told),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(value: u32, rank: u32) -> Preference<u32> {
        Preference { value, rank, origin: format!("rank {rank} file").into() }
    }

    fn settled(wishes: &[Preference<u32>], law: Precedence) -> Resolved<u32> {
        resolve_preferences(wishes, law, |a, b| a < b).unwrap()
    }

    #[test]
    fn the_stricter_value_wins_whatever_the_ranks() {
        let result = settled(&[wish(60, 30), wish(120, 40)], Precedence::StrictestWins);
        assert_eq!((result.value, result.origin.as_ref()), (60, "rank 30 file"));
        let conflict = "rank 40 file wants 120: the stricter wins";
        assert_eq!(result.conflict.as_deref(), Some(conflict));
    }

    #[test]
    fn rank_decides_where_nothing_is_stricter_and_ties_fall_to_the_stricter() {
        let by_rank = settled(&[wish(60, 30), wish(120, 40)], Precedence::HighestRankWins);
        assert_eq!(by_rank.value, 120);
        let tie = settled(&[wish(120, 30), wish(60, 30)], Precedence::HighestRankWins);
        assert_eq!(tie.value, 60);
        assert!(tie.conflict.unwrap().contains("equal rank"));
    }

    #[test]
    fn the_same_wish_twice_is_no_conflict() {
        let result = settled(&[wish(60, 30), wish(60, 40)], Precedence::HighestRankWins);
        assert_eq!((result.value, result.conflict), (60, None));
        assert_eq!(
            resolve_preferences::<u32>(&[], Precedence::HighestRankWins, |a, b| a < b),
            None
        );
    }
}
