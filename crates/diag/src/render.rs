//! Rendering of problems in the style of compilers: source line, underline, help.

use std::borrow::Cow;

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet,
};

use super::{Diagnostic, DiagnosticSeverity, SourceSpan, text::is_unsafe_char};

/// The choice between plain and colored output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenderStyle {
    /// Output without escape sequences.
    Plain,
    /// Output with terminal colors.
    Colored,
}

/// Most text shown for one problem, in bytes. A problem in a longer excerpt, such as a file of one
/// huge line, is shown with its position only.
const DRAWN_BYTES_MAX: usize = 16 * 1024;

/// Renders `problems` for printing, separated by blank lines.
#[must_use]
pub fn render(problems: &[Diagnostic], look: RenderStyle) -> String {
    let renderer = match look {
        RenderStyle::Plain => Renderer::plain(),
        RenderStyle::Colored => Renderer::styled(),
    };
    let drawn: Vec<String> =
        problems.iter().map(|problem| render_one(problem, &renderer)).collect();
    let mut text = drawn.join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn render_one(problem: &Diagnostic, renderer: &Renderer) -> String {
    let level = match problem.severity() {
        DiagnosticSeverity::Error => Level::ERROR,
        DiagnosticSeverity::Warning => Level::WARNING,
    };
    let mut group =
        level.primary_title(&*problem.message).id(problem.code.id).element(source_excerpt(problem));
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(&**help));
    }
    let groups: [Group<'_>; 1] = [group];
    renderer.render(&groups)
}

/// Returns the lines from the first place to the last. The renderer scans its whole input once per
/// problem, so it gets only these.
fn source_excerpt(problem: &Diagnostic) -> Element<'_> {
    let (source, name) = (problem.source(), &**problem.source_name());
    if source.text().is_empty() {
        return Origin::path(tame(name)).into();
    }
    let all = || problem.related.iter().map(|r| &r.place).chain([&problem.place]);
    let first = all().map(|place| place.line).min().unwrap_or(1);
    let last = all().map(|place| place.line).max().unwrap_or(1);
    let start = source.line_start(first);
    let end = source.line_start(last + 1).max(start);
    let text = source.text().get(start..end).unwrap_or("");
    if text.len() > DRAWN_BYTES_MAX {
        let SourceSpan { line, column, .. } = problem.place;
        return Origin::path(tame(name)).line(line).char_column(column).into();
    }
    let related =
        problem.related.iter().map(|r| mark(AnnotationKind::Context, &r.place, start, &r.text));
    let primary = mark(AnnotationKind::Primary, &problem.place, start, &problem.label);
    Snippet::source(tame(text))
        .path(tame(name))
        .line_start(first)
        .annotation(primary)
        .annotations(related)
        .into()
}

/// Replaces the characters that would control the terminal or reorder a line and that the renderer
/// keeps. Each replacement has the same number of bytes, so that positions stay correct.
fn tame(text: &str) -> Cow<'_, str> {
    let wild = |c: char| is_unsafe_char(c) && c.len_utf8() > 1;
    if !text.contains(wild) {
        return Cow::Borrowed(text);
    }
    let calm = |c: char| match (wild(c), c.len_utf8()) {
        (false, _) => c,
        (true, 2) => '\u{b7}',
        (true, 3) => '\u{fffd}',
        (true, _) => '\u{1f784}',
    };
    Cow::Owned(text.chars().map(calm).collect())
}

fn mark<'a>(
    kind: AnnotationKind,
    place: &SourceSpan,
    start: usize,
    label: &'a str,
) -> Annotation<'a> {
    let span = place.span.start - start..place.span.end - start;
    let annotation = kind.span(span);
    if label.is_empty() { annotation } else { annotation.label(label) }
}
