//! Whether a line is what one term of a filter asks for.

use chrono::{DateTime, Utc};

use super::{record::Subject, term::Test};
use crate::{present::words, time::Span};

pub(super) fn holds(test: &Test, subject: &impl Subject, now: DateTime<Utc>) -> bool {
    match test {
        Test::Text(pattern) => subject.text(&mut |text| pattern.found(text)),
        Test::Regex(expression) => subject.text(&mut |text| expression.found(text)),
        Test::State(states) => subject.state().is_some_and(|state| states.contains(&state)),
        Test::Name(name, list) => {
            subject.name(*name, &mut |text| list.iter().any(|pattern| pattern.found(text)))
        }
        Test::Is(badge) => subject.badge(*badge, now),
        // CRITICAL sorts first, so the comparison is turned round: `pri>=high` has CRITICAL too.
        Test::Priority(op, wanted) => subject.priority().is_some_and(|p| op.holds(wanted, &p)),
        Test::Try(op, wanted) => subject.tries().is_some_and(|tries| op.holds(&tries, wanted)),
        Test::Age(op, wanted) => {
            subject.at().is_some_and(|at| op.holds(&Span::between(&at, &now), wanted))
        }
        Test::Level(op, wanted) => subject.level().is_some_and(|level| op.holds(&level, wanted)),
        Test::Since(time) => subject.at().is_some_and(|at| words::local(at).time() >= *time),
    }
}
