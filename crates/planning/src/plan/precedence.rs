//! Resolution of several preferences for one value, with a text about those that lost.

use std::{fmt, sync::Arc};

/// The value that one rule prefers.
#[derive(Debug, Clone)]
pub(super) struct Preference<T> {
    pub(super) value: T,
    /// Rank of the overlay.
    pub(super) rank: u32,
    /// The overlay's file, or a description of the rule.
    pub(super) origin: Arc<str>,
}

/// The criterion for choosing between different preferences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precedence {
    /// The stricter value, regardless of rank: intervals, deadlines, limits.
    StrictestWins,
    /// The higher rank, and between equal ranks the stricter value: values without a natural
    /// direction.
    HighestRankWins,
}

/// The preference that won.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resolved<T> {
    pub(super) value: T,
    pub(super) origin: Arc<str>,
    /// The other preferences and why they lost, if any differed.
    pub(super) conflict: Option<String>,
}

/// Chooses between `wishes`; `stricter(a, b)` returns whether `a` is stricter than `b`.
///
/// Returns `None` for no preference. Equal values do not conflict; the first of them is named.
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

    fn settle_limit(wishes: &[Preference<u32>], law: Precedence) -> Resolved<u32> {
        resolve_preferences(wishes, law, |a, b| a < b).unwrap()
    }

    #[test]
    fn the_stricter_value_wins_whatever_the_ranks() {
        let result = settle_limit(&[wish(60, 30), wish(120, 40)], Precedence::StrictestWins);
        assert_eq!((result.value, result.origin.as_ref()), (60, "rank 30 file"));
        let conflict = "rank 40 file wants 120: the stricter wins";
        assert_eq!(result.conflict.as_deref(), Some(conflict));
    }

    #[test]
    fn prefers_higher_rank_and_stricter_value_on_ties() {
        let by_rank = settle_limit(&[wish(60, 30), wish(120, 40)], Precedence::HighestRankWins);
        assert_eq!(by_rank.value, 120);
        let tie = settle_limit(&[wish(120, 30), wish(60, 30)], Precedence::HighestRankWins);
        assert_eq!(tie.value, 60);
        assert!(tie.conflict.unwrap().contains("equal rank"));
    }

    #[test]
    fn the_same_wish_twice_is_no_conflict() {
        let result = settle_limit(&[wish(60, 30), wish(60, 40)], Precedence::HighestRankWins);
        assert_eq!((result.value, result.conflict), (60, None));
        assert_eq!(
            resolve_preferences::<u32>(&[], Precedence::HighestRankWins, |a, b| a < b),
            None
        );
    }
}
