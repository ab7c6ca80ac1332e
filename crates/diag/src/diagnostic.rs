//! A problem in a file: code, place, message and suggested correction.

use std::{fmt, ops::Range, sync::Arc};

use serde_json::{Value, json};

use super::{DiagnosticCode, SourceText};

/// The severity of a problem: it decides if the file can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiagnosticSeverity {
    /// The file cannot be used.
    Error,
    /// The file can be used, but should be reviewed.
    Warning,
}

impl DiagnosticSeverity {
    /// Returns the word used on screens and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A range of text in one file, cut to a single line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSpan {
    /// Line of its first character, counted from 1.
    pub line: usize,
    /// Column of its first character, counted from 1 in characters.
    pub column: usize,
    /// Byte range of the text without a byte order mark; never longer than one line.
    pub span: Range<usize>,
}

/// Another place in the same file that belongs to a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedSpan {
    pub place: SourceSpan,
    /// The explanation shown at this place.
    pub text: String,
}

/// One problem in a file.
#[derive(Clone, PartialEq)]
pub struct Diagnostic {
    source: SourceText,
    pub code: DiagnosticCode,
    /// A one-line description of the problem.
    pub message: String,
    pub place: SourceSpan,
    /// The text shown under the place; may be empty.
    pub label: String,
    /// Other places that belong to the problem.
    pub related: Vec<RelatedSpan>,
    /// A suggestion for correcting the problem.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Creates a problem of kind `code` at `span`, which is cut to its first line.
    #[must_use]
    pub fn new(
        code: DiagnosticCode,
        source: &SourceText,
        span: &Range<usize>,
        message: String,
    ) -> Self {
        let place = source_span(source, span);
        let (label, related, help) = (String::new(), Vec::new(), None);
        Self { source: source.clone(), code, message, place, label, related, help }
    }

    /// Sets the text shown under the place.
    pub fn label(&mut self, text: impl Into<String>) -> &mut Self {
        self.label = text.into();
        self
    }

    /// Adds `text` at another place of the same file.
    pub fn with_related(&mut self, span: &Range<usize>, text: impl Into<String>) -> &mut Self {
        self.related
            .push(RelatedSpan { place: source_span(&self.source, span), text: text.into() });
        self
    }

    /// Sets the suggestion for correcting the problem.
    pub fn with_help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Suggests `did you mean …` when `name` is given.
    pub fn with_suggestion(&mut self, name: Option<&str>) -> &mut Self {
        if let Some(name) = name {
            self.help = Some(format!("did you mean `{name}`?"));
        }
        self
    }

    /// Returns the severity encoded in the first letter of the code.
    #[must_use]
    pub fn severity(&self) -> DiagnosticSeverity {
        if self.code.id.starts_with('W') {
            DiagnosticSeverity::Warning
        } else {
            DiagnosticSeverity::Error
        }
    }

    /// Returns the name of the file.
    #[must_use]
    pub fn source_name(&self) -> &Arc<str> {
        self.source.name()
    }

    /// Returns the text in which the problem was found.
    #[must_use]
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// Returns the problem as a JSON object, for editors and scripts.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let related: Vec<_> = self.related.iter().map(|r| with_place(&r.place, &r.text)).collect();
        json!({
            "code": self.code.id,
            "severity": self.severity().as_str(),
            "message": self.message,
            "file": &**self.source_name(),
            "line": self.place.line,
            "column": self.place.column,
            "span": [self.place.span.start, self.place.span.end],
            "label": self.label,
            "related": related,
            "help": self.help,
        })
    }
}

impl fmt::Display for Diagnostic {
    /// Writes one line: `file:line:column: error[E000]: message`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SourceSpan { line, column, .. } = self.place;
        let (file, word, code) = (self.source_name(), self.severity().as_str(), self.code.id);
        write!(f, "{file}:{line}:{column}: {word}[{code}]: {}", self.message)
    }
}

impl fmt::Debug for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn source_span(source: &SourceText, span: &Range<usize>) -> SourceSpan {
    let span = source.first_line_of(span);
    let (line, column) = source.line_column(span.start);
    SourceSpan { line, column, span }
}

fn with_place(place: &SourceSpan, text: &str) -> Value {
    json!({
        "line": place.line,
        "column": place.column,
        "span": [place.span.start, place.span.end],
        "text": text,
    })
}
