//! A filter that was read, and what it lets through.

use chrono::{DateTime, Utc};

use super::{
    matching,
    record::{EventLineSubject, FilterRecord, Filterable, RecordedSubject, TaskSubject},
    refine,
    term::{self, Term, TermTest},
    token::{Token, tokenize},
};
use crate::{
    event_line::{self, EventLine},
    format,
};
use engine::{RecordedEvent, RunState};
use planning::plan::TaskIx;

/// A parsed filter; all its terms must hold. The empty filter lets everything through.
///
/// A term is a word or a `"quoted text"` found anywhere in the line's texts, a regular expression
/// between slashes, or a field with a test: `state:failed,to`, `agent:port*`, `stage:`, `task:`,
/// `type:`, `is:slow`, `pri>=high`, `try>1`, `age>5m`, `kind:task_*` (or `event:`), `corr:`,
/// `sev>=warning` (or `level:`), `since:10:30` on the exchange's clock. Case is ignored, `*` stands
/// for any text, a comma for "or", `!` before a term for "not". A field that a line does not have
/// never holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

/// The error in a filter, its place, and the accepted alternatives.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{term}`: {fault}")]
pub struct FilterError {
    /// The term that was not understood.
    pub term: String,
    /// The start of the error, in characters from 0.
    pub at: usize,
    /// The cause, and the accepted form.
    pub fault: String,
    /// True if it is the last term and may make sense once more of it is typed.
    pub unfinished: bool,
}

/// A filter while it is typed: the terms that make sense, and what is wrong with the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PartialFilter {
    /// Of the terms that make sense alone; its text is theirs.
    pub filter: Filter,
    /// The others, in order.
    pub faults: Vec<FilterError>,
}

impl Filter {
    /// Longest filter, in characters.
    pub const TEXT_MAX: usize = 400;

    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// [`FilterError`] for the first term that makes no sense.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        check_length(text)?;
        let terms = tokenize(text).iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self::from_terms(text.trim().to_owned(), terms))
    }

    /// Reads a filter that may not be typed to its end: what makes sense counts, what does not is
    /// named.
    #[must_use]
    pub fn parse_partial(text: &str) -> PartialFilter {
        if let Err(error) = check_length(text) {
            return PartialFilter { filter: Self::default(), faults: vec![error] };
        }
        let (mut kept, mut terms, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for token in tokenize(text) {
            match read(&token) {
                Ok(term) => {
                    terms.push(term);
                    kept.push(token.written);
                }
                Err(fault) => faults.push(fault),
            }
        }
        PartialFilter { filter: Self::from_terms(kept.join(" "), terms), faults }
    }

    /// The cheap questions first: a list of 100,000 tasks is searched at every key typed.
    fn from_terms(text: String, mut terms: Vec<Term>) -> Self {
        terms.sort_by_key(|term| match term.test {
            TermTest::State(_)
            | TermTest::Priority(..)
            | TermTest::Try(..)
            | TermTest::Level(..) => 0,
            TermTest::Age(..) | TermTest::Since(_) | TermTest::Until(_) => 1,
            TermTest::Name(..) | TermTest::Is(_) => 2,
            TermTest::Text(_) | TermTest::During(..) => 3,
            TermTest::Regex(_) => 4,
        });
        Self { text, terms }
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether it lets everything through.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Returns whether what passes may change by time alone, or by what happens to another task.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.test, TermTest::Age(..) | TermTest::Is(_)))
    }

    /// Returns whether a task passes at `at`. Copies nothing unless a text and a word of the filter
    /// both leave ASCII.
    #[must_use]
    pub fn task(&self, run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> bool {
        self.subject(&TaskSubject { run, ix }, at)
    }

    /// Returns whether a line of the event stream passes at `at`.
    #[must_use]
    pub fn event(&self, run: &RunState, line: &EventLine, at: DateTime<Utc>) -> bool {
        self.subject(&EventLineSubject { run, line }, at)
    }

    /// Returns whether an event passes at `at`, as its line would; its sentence is written only if
    /// a word of the filter asks for it.
    #[must_use]
    pub fn matches_event(
        &self,
        run: &RunState,
        recorded: &RecordedEvent,
        at: DateTime<Utc>,
    ) -> bool {
        let line = event_line::event_line_without_text(recorded, run.plan());
        self.subject(
            &RecordedSubject { event: EventLineSubject { run, line: &line }, recorded },
            at,
        )
    }

    /// Returns whether a row of another list passes at `at`.
    #[must_use]
    pub fn matches_record(&self, record: &FilterRecord<'_>, at: DateTime<Utc>) -> bool {
        self.subject(record, at)
    }

    fn subject(&self, subject: &impl Filterable, at: DateTime<Utc>) -> bool {
        self.terms.iter().all(|term| matching::matches(&term.test, subject, at) != term.negated)
    }

    /// Returns whether it lets through, of the same lines at the same moment, nothing that `older`
    /// does not, so that only what passed `older` need be asked again. `false` when that is not
    /// sure.
    #[must_use]
    pub fn is_narrower_than(&self, older: &Self) -> bool {
        older.terms.iter().all(|old| self.terms.iter().any(|new| refine::implies(new, old)))
    }
}

fn check_length(text: &str) -> Result<(), FilterError> {
    if text.chars().count() <= Filter::TEXT_MAX {
        return Ok(());
    }
    let term = format::safe_to(text, 20).into_owned();
    let fault = format!("a filter has at most {} characters", Filter::TEXT_MAX);
    Err(FilterError { term, at: Filter::TEXT_MAX, fault, unfinished: false })
}

fn read(token: &Token) -> Result<Term, FilterError> {
    term::parse_term(token).map_err(|fault| FilterError {
        term: format::sanitize(&token.written).into_owned(),
        at: token.at,
        fault: format::sanitize(&fault.text).into_owned(),
        unfinished: fault.unfinished && token.after.is_none(),
    })
}
