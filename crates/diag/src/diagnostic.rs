//! One thing wrong with a file: which code, where, why, and what to do about it.

use std::{fmt, ops::Range, sync::Arc};

use serde_json::{Value, json};

use super::{DiagnosticCode, SourceText};

/// Whether a file with this problem can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiagnosticSeverity {
    /// The file cannot be used.
    Error,
    /// The file can be used; somebody should look at it.
    Warning,
}

impl DiagnosticSeverity {
    /// The word on screens and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A stretch of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSpan {
    /// Line of its first character, counted from 1.
    pub line: usize,
    /// Column of its first character, counted from 1 in characters.
    pub column: usize,
    /// Bytes of the text, a byte order mark not counted; never more than one line.
    pub span: Range<usize>,
}

/// Another place that belongs to a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedSpan {
    /// Where, in the same file.
    pub place: SourceSpan,
    /// What is there.
    pub text: String,
}

/// One thing wrong with a file.
#[derive(Clone, PartialEq)]
pub struct Diagnostic {
    source: SourceText,
    /// Which kind.
    pub code: DiagnosticCode,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub place: SourceSpan,
    /// What to say under the place; may be empty.
    pub label: String,
    /// Other places that belong to it.
    pub related: Vec<RelatedSpan>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem of kind `code` at `span`, which is cut to its first line.
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

    /// Says `text` under the place.
    pub fn label(&mut self, text: impl Into<String>) -> &mut Self {
        self.label = text.into();
        self
    }

    /// Says `text` at another place of the same file.
    pub fn with_related(&mut self, span: &Range<usize>, text: impl Into<String>) -> &mut Self {
        self.related
            .push(RelatedSpan { place: source_span(&self.source, span), text: text.into() });
        self
    }

    /// Says what to do about it.
    pub fn with_help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Says `did you mean …` if there is something to say.
    pub fn with_suggestion(&mut self, name: Option<&str>) -> &mut Self {
        if let Some(name) = name {
            self.help = Some(format!("did you mean `{name}`?"));
        }
        self
    }

    /// Whether the file can still be used.
    #[must_use]
    pub fn severity(&self) -> DiagnosticSeverity {
        if self.code.id.starts_with('W') {
            DiagnosticSeverity::Warning
        } else {
            DiagnosticSeverity::Error
        }
    }

    /// Name of the file.
    #[must_use]
    pub fn source_name(&self) -> &Arc<str> {
        self.source.name()
    }

    /// The text it is about.
    #[must_use]
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// The problem as one JSON object, for editors and scripts.
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
    /// One line: `file:line:column: error[E000]: message`.
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
