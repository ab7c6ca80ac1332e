//! The name of a simulated day: a seed, and how much of what it draws is kept.

use std::{fmt, str::FromStr};

use bellwether::engine::math;

use crate::support::plans::Dice;

/// A day. Equal cases are the same day, event by event; a smaller one draws the same and keeps less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Case {
    /// What everything is drawn from.
    pub(crate) seed: u64,
    /// Tasks kept of the plan.
    pub(crate) tasks: usize,
    /// Orders people give, at most.
    pub(crate) orders: u64,
    /// Crashes, at most.
    pub(crate) crashes: usize,
    /// Attempts that go wrong, in a hundred of those that would; 0: every agent does as it is asked.
    pub(crate) faults: u64,
}

impl Case {
    /// All that a seed draws.
    pub(crate) const fn of(seed: u64) -> Self {
        Self { seed, tasks: 8, orders: 14, crashes: 4, faults: 100 }
    }

    /// The dice for one purpose: how often one is thrown changes no other.
    pub(crate) fn dice(&self, purpose: &str) -> Dice {
        Dice(math::seed_from(&format!("{}/{purpose}", self.seed)))
    }

    /// Days with less in them, the boldest first.
    pub(crate) fn smaller(self) -> Vec<Self> {
        let mut all = vec![
            Self { orders: 0, ..self },
            Self { crashes: 0, ..self },
            Self { faults: 0, ..self },
            Self { orders: self.orders / 2, ..self },
            Self { tasks: self.tasks / 2, ..self },
            Self { crashes: self.crashes.saturating_sub(1), ..self },
            Self { orders: self.orders.saturating_sub(1), ..self },
            Self { tasks: self.tasks.saturating_sub(1), ..self },
        ];
        all.retain(|case| *case != self);
        all
    }
}

impl fmt::Display for Case {
    /// `17`, or `17/3/0/1/100` for a part of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, tasks, orders, crashes, faults } = *self;
        if *self == Self::of(seed) {
            return write!(f, "{seed}");
        }
        write!(f, "{seed}/{tasks}/{orders}/{crashes}/{faults}")
    }
}

impl FromStr for Case {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.trim().split('/');
        let mut case = Self::of(parts.next().unwrap_or_default().parse()?);
        let mut next = |usual: u64| parts.next().map_or(Ok(usual), str::parse);
        let usual = case;
        let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        case.tasks = count(next(u64::try_from(usual.tasks).unwrap_or(u64::MAX))?);
        case.orders = next(usual.orders)?;
        case.crashes = count(next(u64::try_from(usual.crashes).unwrap_or(u64::MAX))?);
        case.faults = next(usual.faults)?;
        Ok(case)
    }
}

#[test]
fn a_part_of_a_day_is_read_as_it_is_written() {
    let whole = Case::of(17);
    let part = Case { tasks: 3, orders: 0, ..whole };
    for case in [whole, part] {
        assert_eq!(case.to_string().parse(), Ok(case));
    }
    assert_eq!(part.to_string(), "17/3/0/4/100");
    assert!("seventeen".parse::<Case>().is_err());
}
