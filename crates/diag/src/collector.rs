//! Where the problems of one file are put while it is read.

use std::ops::Range;

use super::{
    Diagnostic, DiagnosticCode, DiagnosticSeverity, SourceText, code::TOO_MANY_PROBLEMS,
    limits::PROBLEMS_MAX,
};

/// Collects the problems of one file; what is read never stops at the first.
#[derive(Debug)]
pub struct DiagnosticCollector {
    source: SourceText,
    problems: Vec<Diagnostic>,
    /// Takes what is said after [`PROBLEMS_MAX`], or said twice, and is never shown.
    spill: Option<Diagnostic>,
}

impl DiagnosticCollector {
    /// An empty one for the file `source`.
    #[must_use]
    pub fn new(source: &SourceText) -> Self {
        Self { source: source.clone(), problems: Vec::new(), spill: None }
    }

    /// Notes a problem; the answer takes label, related places and help.
    pub fn report(
        &mut self,
        code: DiagnosticCode,
        span: &Range<usize>,
        message: String,
    ) -> &mut Diagnostic {
        if self.problems.len() >= PROBLEMS_MAX {
            return self.overflow(span);
        }
        let problem = Diagnostic::new(code, &self.source, span, message);
        // A list used through an alias is read, and found wrong, once per use.
        let said = |p: &Diagnostic| {
            (p.code, &p.place, &p.message) == (code, &problem.place, &problem.message)
        };
        if self.problems.iter().any(said) {
            return self.spill.insert(problem);
        }
        self.problems.push(problem);
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// Says once that there is more; what comes after is taken and forgotten.
    fn overflow(&mut self, span: &Range<usize>) -> &mut Diagnostic {
        if self.problems.len() == PROBLEMS_MAX {
            let message =
                format!("there are more than {PROBLEMS_MAX} problems; these are the first");
            self.problems.push(Diagnostic::new(TOO_MANY_PROBLEMS, &self.source, span, message));
        }
        let nowhere = || Diagnostic::new(TOO_MANY_PROBLEMS, &self.source, &(0..0), String::new());
        self.spill.get_or_insert_with(nowhere)
    }

    /// Whether an error was noted.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity() == DiagnosticSeverity::Error)
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// All that was noted, in the order of the file.
    #[must_use]
    pub fn into_problems(mut self) -> Vec<Diagnostic> {
        self.problems.sort_by_key(|p| (p.place.line, p.place.column, p.code));
        self.problems
    }

    /// The warnings, if no error was noted.
    ///
    /// # Errors
    ///
    /// All problems, warnings among them, if one of them is an error.
    pub fn into_result(self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        if self.has_errors() { Err(self.into_problems()) } else { Ok(self.into_problems()) }
    }
}
