//! Matching of a line against one term of a filter.

use chrono::{DateTime, Utc};

use super::{record::Filterable, term::TermTest};
use crate::format;
use planning::time::Span;

pub(super) fn matches(test: &TermTest, subject: &impl Filterable, now: DateTime<Utc>) -> bool {
    match test {
        TermTest::Text(pattern) => subject.text(&mut |text| pattern.matches(text)),
        TermTest::Regex(expression) => subject.text(&mut |text| expression.matches(text)),
        TermTest::State(states) => subject.state().is_some_and(|state| states.contains(&state)),
        TermTest::Name(name, list) => {
            subject.name(*name, &mut |text| list.iter().any(|pattern| pattern.matches(text)))
        }
        TermTest::Is(badge) => subject.badge(*badge, now),
        // CRITICAL sorts first, so the comparison is turned round: `pri>=high` has CRITICAL too.
        TermTest::Priority(op, wanted) => {
            subject.priority().is_some_and(|p| op.compare(wanted, &p))
        }
        TermTest::Try(op, wanted) => {
            subject.tries().is_some_and(|tries| op.compare(&tries, wanted))
        }
        TermTest::Age(op, wanted) => {
            subject.at().is_some_and(|at| op.compare(&Span::between(&at, &now), wanted))
        }
        TermTest::Level(op, wanted) => {
            subject.level().is_some_and(|level| op.compare(&level, wanted))
        }
        TermTest::Since(time) => {
            subject.at().is_some_and(|at| format::local_time(at).time() >= *time)
        }
        TermTest::Until(time) => {
            subject.at().is_some_and(|at| format::local_time(at).time() < *time)
        }
        TermTest::During(from, to, word) => {
            let within = |at| (*from..*to).contains(&format::local_time(at).time());
            subject.at().is_some_and(within)
                || word.as_ref().is_some_and(|word| subject.text(&mut |text| word.matches(text)))
        }
    }
}
