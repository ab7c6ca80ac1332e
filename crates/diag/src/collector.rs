//! Collector for the problems found while one file is read.

use std::ops::Range;

use super::{
    Diagnostic, DiagnosticCode, DiagnosticSeverity, SourceText, code::TOO_MANY_PROBLEMS,
    limits::PROBLEMS_MAX,
};

/// The problems of one file; reading continues after each of them.
#[derive(Debug)]
pub struct DiagnosticCollector {
    source: SourceText,
    problems: Vec<Diagnostic>,
    /// Placeholder returned for repeated problems and for those beyond [`PROBLEMS_MAX`]; never
    /// shown.
    spill: Option<Diagnostic>,
}

impl DiagnosticCollector {
    /// Returns an empty collector for the file `source`.
    #[must_use]
    pub fn new(source: &SourceText) -> Self {
        Self { source: source.clone(), problems: Vec::new(), spill: None }
    }

    /// Records a problem and returns it, so that the caller can add a label, related places and
    /// help.
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
        // A list used through an alias is read once per use and would repeat its problems.
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

    /// Records once that the limit is exceeded; later problems are dropped.
    fn overflow(&mut self, span: &Range<usize>) -> &mut Diagnostic {
        if self.problems.len() == PROBLEMS_MAX {
            let message =
                format!("there are more than {PROBLEMS_MAX} problems; these are the first");
            self.problems.push(Diagnostic::new(TOO_MANY_PROBLEMS, &self.source, span, message));
        }
        let nowhere = || Diagnostic::new(TOO_MANY_PROBLEMS, &self.source, &(0..0), String::new());
        self.spill.get_or_insert_with(nowhere)
    }

    /// Returns whether an error was recorded.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity() == DiagnosticSeverity::Error)
    }

    #[must_use]
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// Returns all recorded problems, sorted by position in the file.
    #[must_use]
    pub fn into_problems(mut self) -> Vec<Diagnostic> {
        self.problems.sort_by_key(|p| (p.place.line, p.place.column, p.code));
        self.problems
    }

    /// Returns the warnings if no error was recorded.
    ///
    /// # Errors
    ///
    /// All problems, including warnings, if at least one is an error.
    pub fn into_result(self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        if self.has_errors() { Err(self.into_problems()) } else { Ok(self.into_problems()) }
    }
}
