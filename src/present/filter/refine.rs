//! Whether one filter lets through nothing that another does not.

use std::cmp::Reverse;

use super::term::{Op, Term, Test};

/// Whether every line that passes `new` passes `old`; sure when it says so, silent otherwise.
pub(super) fn implies(new: &Term, old: &Term) -> bool {
    match (new.negated, old.negated) {
        (false, false) => test(&new.test, &old.test),
        (true, true) => test(&old.test, &new.test),
        (false, true) | (true, false) => false,
    }
}

fn test(new: &Test, old: &Test) -> bool {
    match (new, old) {
        (Test::Text(new), Test::Text(old)) => new.implies(old),
        (Test::State(new), Test::State(old)) => new.iter().all(|state| old.contains(state)),
        (Test::Name(name, new), Test::Name(other, old)) => {
            name == other && new.iter().all(|new| old.iter().any(|old| new.implies(old)))
        }
        (Test::Priority(op, new), Test::Priority(other, old)) => {
            narrower((*op, Reverse(new)), (*other, Reverse(old)))
        }
        (Test::Try(op, new), Test::Try(other, old)) => narrower((*op, new), (*other, old)),
        (Test::Age(op, new), Test::Age(other, old)) => narrower((*op, new), (*other, old)),
        (Test::Level(op, new), Test::Level(other, old)) => narrower((*op, new), (*other, old)),
        (Test::Since(new), Test::Since(old)) => new >= old,
        (new, old) => new == old,
    }
}

fn narrower<T: PartialOrd + Copy>(new: (Op, T), old: (Op, T)) -> bool {
    new.0 == old.0
        && match old.0 {
            Op::Above | Op::AtLeast => new.1 >= old.1,
            Op::Below | Op::AtMost => new.1 <= old.1,
            Op::Equal => new.1 == old.1,
        }
}
