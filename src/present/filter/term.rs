//! What one term of a filter asks, read from its text.

use chrono::NaiveTime;
use regex::{Regex, RegexBuilder};

use super::{
    field::{self, Field},
    level::Level,
    pattern::Pattern,
    record::Standing,
    token::{Body, Token},
};
use crate::{definition::TaskPriority, present::badges::Badge, time::Span};

/// One term.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    /// Whether what it asks must not hold.
    pub(super) negated: bool,
    /// What it asks.
    pub(super) test: Test,
}

/// What a term asks.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// A text anywhere.
    Text(Pattern),
    /// A regular expression anywhere.
    Regex(Expression),
    /// One of these states.
    State(Vec<Standing>),
    /// A name that one of these covers.
    Name(Name, Vec<Pattern>),
    /// A badge.
    Is(Badge),
    /// How urgent.
    Priority(Op, TaskPriority),
    /// How many attempts.
    Try(Op, u32),
    /// How long ago, or since when in its state.
    Age(Op, Span),
    /// How loud.
    Level(Op, Level),
    /// At this time of day on the exchange's clock, or later.
    Since(NaiveTime),
}

/// What is called by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Agent,
    Stage,
    Task,
    Type,
    Kind,
    Corr,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Below,
    AtMost,
    Equal,
    AtLeast,
    Above,
}

impl Op {
    const ALL: [(&'static str, Self); 6] = [
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        (">", Self::Above),
        ("<", Self::Below),
        ("=", Self::Equal),
        (":", Self::Equal),
    ];

    pub(super) fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
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
pub(super) struct Expression {
    written: String,
    regex: Regex,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

/// Most bytes a compiled expression may take: what a person types in a line needs far less.
const REGEX_BYTES: usize = 1 << 20;

impl Expression {
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

    pub(super) fn found(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// Why a term makes no sense, and whether typing on may make it do so.
pub(super) struct Fault {
    pub(super) text: String,
    pub(super) unfinished: bool,
}

impl Fault {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), unfinished: false }
    }

    pub(super) fn unfinished(text: impl Into<String>) -> Self {
        Self { text: text.into(), unfinished: true }
    }
}

/// Reads a term.
pub(super) fn read(token: &Token) -> Result<Term, Fault> {
    let test = match &token.body {
        Body::Plain(text) => plain(text)?,
        Body::Quoted(text) if text.is_empty() => {
            return Err(Fault::unfinished("write a text between the quotes"));
        }
        Body::Quoted(text) => Test::Text(Pattern::literal(text)),
        Body::Regex(text) => Test::Regex(Expression::read(text).map_err(Fault::new)?),
        Body::Open('/') => return Err(Fault::unfinished("the closing `/` is missing")),
        Body::Open(_quote) => return Err(Fault::unfinished("the closing quote is missing")),
        Body::Trailing => {
            let text = "an expression ends with `/` and a blank; quote a text with slashes";
            return Err(Fault::new(text));
        }
    };
    Ok(Term { negated: token.negated, test })
}

fn plain(text: &str) -> Result<Test, Fault> {
    if text.is_empty() {
        return Err(Fault::unfinished("write what to leave out after `!`"));
    }
    let Some((word, op, value)) = split(text) else {
        return Ok(Test::Text(Pattern::word(text)));
    };
    let Some(field) = Field::read(word) else {
        let known = Field::ALL.map(Field::word).join(", ");
        return Err(Fault::new(format!("there is no field `{word}`; there are {known}")));
    };
    if value.is_empty() {
        let expected = field.expected();
        return Err(Fault::unfinished(format!("a value is missing: {expected}")));
    }
    field::test(field, op, value)
}

/// Field, operator and value, if the term has a field: letters before the first operator.
pub(super) fn split(term: &str) -> Option<(&str, Op, &str)> {
    let letters = term.find(|c: char| !c.is_ascii_alphabetic()).filter(|&n| n > 0)?;
    let (field, rest) = term.split_at(letters);
    Op::ALL.iter().find_map(|&(sign, op)| Some((field, op, rest.strip_prefix(sign)?)))
}
