//! Parsing of one filter term.

use chrono::NaiveTime;
use regex::{Regex, RegexBuilder};

use super::{
    field::{self, FilterField},
    level::LineSeverity,
    pattern::Pattern,
    record::StateFilter,
    token::{Token, TokenBody},
};
use crate::badges::Badge;
use planning::{time::Span, workflow::TaskPriority};

/// One term.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    /// True if what it asks must not hold.
    pub(super) negated: bool,
    pub(super) test: TermTest,
}

/// The test of a term.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TermTest {
    /// A text anywhere.
    Text(Pattern),
    /// A regular expression anywhere.
    Regex(CompiledRegex),
    /// One of these states.
    State(Vec<StateFilter>),
    /// A name that one of these covers.
    Name(NameField, Vec<Pattern>),
    /// A badge.
    Is(Badge),
    /// The priority.
    Priority(CompareOp, TaskPriority),
    /// The number of attempts.
    Try(CompareOp, u32),
    /// The age of the event or of the current state.
    Age(CompareOp, Span),
    /// The severity.
    Level(CompareOp, LineSeverity),
    /// At this time of day on the clock of the texts, or later.
    Since(NaiveTime),
    /// Before this time of day.
    Until(NaiveTime),
    /// From one time of day to before another; or the word by which that was asked for.
    During(NaiveTime, NaiveTime, Option<Pattern>),
}

/// A field that holds a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameField {
    Agent,
    Stage,
    Task,
    Type,
    Kind,
    Corr,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CompareOp {
    Below,
    AtMost,
    Equal,
    AtLeast,
    Above,
}

impl CompareOp {
    const ALL: [(&'static str, Self); 6] = [
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        (">", Self::Above),
        ("<", Self::Below),
        ("=", Self::Equal),
        (":", Self::Equal),
    ];

    pub(super) fn compare<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Below => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::Above => left > right,
        }
    }
}

/// A compiled regular expression; equal to another when it is written the same.
#[derive(Debug, Clone)]
pub(super) struct CompiledRegex {
    written: String,
    regex: Regex,
}

impl PartialEq for CompiledRegex {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

/// Most bytes a compiled expression may take: what a person types in a line needs far less.
const REGEX_BYTES: usize = 1 << 20;

impl CompiledRegex {
    fn read(written: &str) -> Result<Self, String> {
        if written.is_empty() {
            return Err("an expression is missing between the slashes".into());
        }
        let mut builder = RegexBuilder::new(written);
        builder.case_insensitive(true).nest_limit(50).size_limit(REGEX_BYTES);
        let regex = builder.dfa_size_limit(REGEX_BYTES).build();
        let fault = |error: regex::Error| match error {
            regex::Error::CompiledTooBig(_) => "the expression is too large".to_owned(),
            other @ (regex::Error::Syntax(_) | _) => {
                let text = other.to_string();
                let last = text.lines().last().unwrap_or_default();
                last.trim_start_matches("error: ").to_owned()
            }
        };
        Ok(Self { written: written.to_owned(), regex: regex.map_err(fault)? })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// The error in a term, and whether more typing may fix it.
pub(super) struct TermError {
    pub(super) text: String,
    pub(super) unfinished: bool,
}

impl TermError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), unfinished: false }
    }

    pub(super) fn incomplete(text: impl Into<String>) -> Self {
        Self { text: text.into(), unfinished: true }
    }
}

/// Reads a term.
pub(super) fn parse_term(token: &Token) -> Result<Term, TermError> {
    let test = match &token.body {
        TokenBody::Plain(text) => plain(text)?,
        TokenBody::Quoted(text) if text.is_empty() => {
            return Err(TermError::incomplete("write a text between the quotes"));
        }
        TokenBody::Quoted(text) => TermTest::Text(Pattern::literal(text)),
        TokenBody::Regex(text) => {
            TermTest::Regex(CompiledRegex::read(text).map_err(TermError::new)?)
        }
        TokenBody::Unterminated('/') => {
            return Err(TermError::incomplete("the closing `/` is missing"));
        }
        TokenBody::Unterminated(_quote) => {
            return Err(TermError::incomplete("the closing quote is missing"));
        }
        TokenBody::Trailing => {
            let text = "an expression ends with `/` and a blank; quote a text with slashes";
            return Err(TermError::new(text));
        }
    };
    Ok(Term { negated: token.negated, test })
}

fn plain(text: &str) -> Result<TermTest, TermError> {
    if text.is_empty() {
        return Err(TermError::incomplete("write what to leave out after `!`"));
    }
    let Some((word, op, value)) = split_term(text) else {
        return Ok(match field::minute(text) {
            Some((from, to)) => TermTest::During(from, to, Some(Pattern::word(text))),
            None => TermTest::Text(Pattern::word(text)),
        });
    };
    let Some(field) = FilterField::parse(word) else {
        let known = FilterField::ALL.map(FilterField::as_str).join(", ");
        return Err(TermError::new(format!("there is no field `{word}`; there are {known}")));
    };
    if value.is_empty() {
        let expected = field.expected_value();
        return Err(TermError::incomplete(format!("a value is missing: {expected}")));
    }
    field::build_test(field, op, value)
}

/// Field, operator and value, if the term has a field: letters before the first operator.
pub(super) fn split_term(term: &str) -> Option<(&str, CompareOp, &str)> {
    let letters = term.find(|c: char| !c.is_ascii_alphabetic()).filter(|&n| n > 0)?;
    let (field, rest) = term.split_at(letters);
    CompareOp::ALL.iter().find_map(|&(sign, op)| Some((field, op, rest.strip_prefix(sign)?)))
}
