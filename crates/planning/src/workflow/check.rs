//! Joint check of a workflow and its overlays, with every problem of every file.

use std::{collections::BTreeMap, ops::Range};

use super::{
    AgentCatalog, Overlay, WorkflowDefinition,
    codes::{CONTRADICTION, OVERLAY_TWICE, SECOND_WORKFLOW},
    load::read_workflow,
    load_overlay::{ParsedOverlay, SetScalar, is_overlay, read_overlay},
};
use diag::{
    Diagnostic, DiagnosticCode, DiagnosticSeverity, MappingEntry, NodeContent, SourceText,
    YamlDocument,
};

/// The result of checking several files.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CheckReport {
    /// Every problem, file by file in the order given, by position within a file.
    pub problems: Vec<Diagnostic>,
    /// The workflow, if there was one without errors.
    pub definition: Option<WorkflowDefinition>,
    /// The overlays without errors, by rank.
    pub overlays: Vec<Overlay>,
}

impl CheckReport {
    /// Returns whether the files have no errors.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.count_of(DiagnosticSeverity::Error) == 0
    }

    /// Returns the number of problems of this severity.
    #[must_use]
    pub fn count_of(&self, severity: DiagnosticSeverity) -> usize {
        self.problems.iter().filter(|problem| problem.severity() == severity).count()
    }
}

/// Checks `files`, pairs of name and text: at most one workflow, and any number of overlays.
///
/// A file with the key `overlay` is an overlay, any other a workflow. Overlays are checked against
/// the workflow if it has no errors, otherwise alone; then against each other.
#[must_use]
pub fn check_files(files: &[(&str, &str)], registry: &AgentCatalog) -> CheckReport {
    let mut found: Vec<Vec<Diagnostic>> = vec![Vec::new(); files.len()];
    let (mut workflows, mut overlays) = (Vec::new(), Vec::new());
    for (at, (name, text)) in files.iter().enumerate() {
        match diag::parse(name, text) {
            Ok(document) if is_overlay(document.root()) => overlays.push((at, document)),
            Ok(document) => workflows.push((at, document)),
            Err(problems) => record_problems(&mut found, at, problems),
        }
    }
    let mut report = CheckReport::default();
    let mut first: Option<String> = None;
    for (at, document) in workflows {
        let name = files.get(at).map_or("", |(name, _)| name);
        let second =
            first.as_ref().map(|first| second_workflow(&document, (name, text(files, at)), first));
        first.get_or_insert_with(|| name.into());
        match read_workflow(document, registry) {
            Ok((definition, problems)) => {
                record_problems(&mut found, at, problems);
                report.definition.get_or_insert(definition);
            }
            Err(problems) => record_problems(&mut found, at, problems),
        }
        record_problems(&mut found, at, second.into_iter().collect());
    }
    let mut sound: Vec<(usize, ParsedOverlay)> = Vec::new();
    for (at, document) in overlays {
        match read_overlay(document, report.definition.as_ref(), registry) {
            Ok((reading, problems)) => {
                record_problems(&mut found, at, problems);
                sound.push((at, reading));
            }
            Err(problems) => record_problems(&mut found, at, problems),
        }
    }
    for (at, problem) in check_together(&sound, files) {
        record_problems(&mut found, at, vec![problem]);
    }
    report.problems = found.into_iter().flatten().collect();
    report.overlays = sound.into_iter().map(|(_, reading)| reading.overlay).collect();
    report.overlays.sort_by(|a, b| (a.rank, &a.name).cmp(&(b.rank, &b.name)));
    report
}

fn text<'a>(files: &[(&'a str, &'a str)], at: usize) -> &'a str {
    files.get(at).map_or("", |(_, text)| text)
}

fn record_problems(found: &mut [Vec<Diagnostic>], at: usize, problems: Vec<Diagnostic>) {
    if let Some(list) = found.get_mut(at) {
        list.extend(problems);
        list.sort_by_key(|problem| (problem.place.line, problem.place.column, problem.code));
    }
}

fn second_workflow(document: &YamlDocument, (name, text): (&str, &str), first: &str) -> Diagnostic {
    let entries: &[MappingEntry] =
        if let NodeContent::Map(entries) = &document.root().content { entries } else { &[] };
    let named = entries.iter().find(|entry| entry.key == "name");
    let span = named.map_or(document.root().span.clone(), |entry| entry.key_span.clone());
    let message = format!("`{first}` is a workflow already");
    let mut problem =
        Diagnostic::new(SECOND_WORKFLOW, &SourceText::new(name, text), &span, message);
    problem.label("a second workflow").with_help("check one workflow at a time, with its overlays");
    problem
}

/// Finds problems between overlays: two of the same name, or two of the same rank that set one
/// value differently.
fn check_together(
    sound: &[(usize, ParsedOverlay)],
    files: &[(&str, &str)],
) -> Vec<(usize, Diagnostic)> {
    let mut problems = Vec::new();
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    let mut scalars: BTreeMap<(u32, &str), (&ParsedOverlay, &SetScalar)> = BTreeMap::new();
    for (at, reading) in sound {
        let overlay = &reading.overlay;
        let mut note =
            |code: DiagnosticCode, span: &Range<usize>, message: String, help: String| {
                let source = SourceText::new(&overlay.source, text(files, *at));
                let mut problem = Diagnostic::new(code, &source, span, message);
                problem.with_help(help);
                problems.push((*at, problem));
            };
        if let Some(first) = names.insert(&overlay.name, &overlay.source) {
            let message = format!("`{first}` is an overlay `{}` too", overlay.name);
            note(OVERLAY_TWICE, &reading.name_span, message, "rename one of them".into());
        }
        for scalar in &reading.scalars {
            let Some((other, theirs)) =
                scalars.insert((overlay.rank, &scalar.of), (reading, scalar))
            else {
                continue;
            };
            let strangers = !std::ptr::eq(other, reading);
            if strangers && theirs.value != scalar.value {
                let (of, value, rank) = (&scalar.of, &scalar.value, overlay.rank);
                let message = format!(
                    "`{of}` is {value} here and {} in `{}` of the same rank {rank}",
                    theirs.value, other.overlay.source
                );
                let help = "give the overlays different ranks: the higher one decides".into();
                note(CONTRADICTION, &scalar.span, message, help);
            }
        }
    }
    problems
}
