//! How several wishes for one value become one value, and what is told of the others.

use std::{fmt, sync::Arc};

/// What one rule wants a value to be.
#[derive(Debug, Clone)]
pub(super) struct Wish<T> {
    /// The value wanted.
    pub(super) value: T,
    /// Rank of the overlay that wants it.
    pub(super) rank: u32,
    /// The overlay's file, or other words for the rule.
    pub(super) origin: Arc<str>,
}

/// What decides between rules that want different values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Law {
    /// The stricter value, whatever the ranks: intervals, cut-offs, limits.
    Stricter,
    /// The higher rank, and between equals the stricter value: all that has no natural direction.
    Rank,
}

/// The value that won.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Settled<T> {
    pub(super) value: T,
    pub(super) origin: Arc<str>,
    /// What others wanted and why they lost, if anybody wanted something else.
    pub(super) conflict: Option<String>,
}

/// Decides between `wishes`; `stricter(a, b)` says whether `a` is stricter than `b`.
///
/// Nothing for no wish. Equal values do not conflict; the first to want it is named.
pub(super) fn settle<T: Clone + PartialEq + fmt::Display>(
    wishes: &[Wish<T>],
    law: Law,
    stricter: impl Fn(&T, &T) -> bool,
) -> Option<Settled<T>> {
    let wins = |a: &Wish<T>, b: &Wish<T>| match law {
        Law::Rank if a.rank != b.rank => a.rank > b.rank,
        Law::Rank | Law::Stricter => stricter(&a.value, &b.value),
    };
    let winner = wishes.iter().reduce(|best, wish| if wins(wish, best) { wish } else { best })?;
    let losers: Vec<_> = wishes.iter().filter(|wish| wish.value != winner.value).collect();
    let why = |loser: &Wish<T>| match law {
        Law::Stricter => "the stricter wins",
        Law::Rank if loser.rank == winner.rank => "equal rank, the stricter wins",
        Law::Rank => "the higher rank wins",
    };
    let told = losers
        .iter()
        .map(|loser| format!("{} wants {}: {}", loser.origin, loser.value, why(loser)))
        .collect::<Vec<_>>()
        .join("; ");
    Some(Settled {
        value: winner.value.clone(),
        origin: Arc::clone(&winner.origin),
        conflict: (!told.is_empty()).then_some(told),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(value: u32, rank: u32) -> Wish<u32> {
        Wish { value, rank, origin: format!("rank {rank} file").into() }
    }

    fn settled(wishes: &[Wish<u32>], law: Law) -> Settled<u32> {
        settle(wishes, law, |a, b| a < b).unwrap()
    }

    #[test]
    fn the_stricter_value_wins_whatever_the_ranks() {
        let result = settled(&[wish(60, 30), wish(120, 40)], Law::Stricter);
        assert_eq!((result.value, result.origin.as_ref()), (60, "rank 30 file"));
        let conflict = "rank 40 file wants 120: the stricter wins";
        assert_eq!(result.conflict.as_deref(), Some(conflict));
    }

    #[test]
    fn rank_decides_where_nothing_is_stricter_and_ties_fall_to_the_stricter() {
        let by_rank = settled(&[wish(60, 30), wish(120, 40)], Law::Rank);
        assert_eq!(by_rank.value, 120);
        let tie = settled(&[wish(120, 30), wish(60, 30)], Law::Rank);
        assert_eq!(tie.value, 60);
        assert!(tie.conflict.unwrap().contains("equal rank"));
    }

    #[test]
    fn the_same_wish_twice_is_no_conflict() {
        let result = settled(&[wish(60, 30), wish(60, 40)], Law::Rank);
        assert_eq!((result.value, result.conflict), (60, None));
        assert_eq!(settle::<u32>(&[], Law::Rank, |a, b| a < b), None);
    }
}
