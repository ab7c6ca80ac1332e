//! Test whether one filter only narrows another.

use std::cmp::Reverse;

use super::term::{CompareOp, Term, TermTest};

/// Returns whether every line that passes `new` passes `old`; sure when it says so, silent
/// otherwise.
pub(super) fn implies(new: &Term, old: &Term) -> bool {
    match (new.negated, old.negated) {
        (false, false) => test(&new.test, &old.test),
        (true, true) => test(&old.test, &new.test),
        (false, true) | (true, false) => false,
    }
}

fn test(new: &TermTest, old: &TermTest) -> bool {
    match (new, old) {
        (TermTest::Text(new), TermTest::Text(old)) => new.implies(old),
        (TermTest::State(new), TermTest::State(old)) => new.iter().all(|state| old.contains(state)),
        (TermTest::Name(name, new), TermTest::Name(other, old)) => {
            name == other && new.iter().all(|new| old.iter().any(|old| new.implies(old)))
        }
        (TermTest::Priority(op, new), TermTest::Priority(other, old)) => {
            narrower((*op, Reverse(new)), (*other, Reverse(old)))
        }
        (TermTest::Try(op, new), TermTest::Try(other, old)) => narrower((*op, new), (*other, old)),
        (TermTest::Age(op, new), TermTest::Age(other, old)) => narrower((*op, new), (*other, old)),
        (TermTest::Level(op, new), TermTest::Level(other, old)) => {
            narrower((*op, new), (*other, old))
        }
        (TermTest::Since(new), TermTest::Since(old)) => new >= old,
        (TermTest::Until(new), TermTest::Until(old)) => new <= old,
        (new, old) => new == old,
    }
}

fn narrower<T: PartialOrd + Copy>(new: (CompareOp, T), old: (CompareOp, T)) -> bool {
    new.0 == old.0
        && match old.0 {
            CompareOp::Above | CompareOp::AtLeast => new.1 >= old.1,
            CompareOp::Below | CompareOp::AtMost => new.1 <= old.1,
            CompareOp::Equal => new.1 == old.1,
        }
}
