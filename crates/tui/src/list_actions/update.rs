//! Key handling of lists and streams.

use super::{
    ExportFormat, LineLayout, ListAction, MarkAction, StreamAction, StreamKind, copy, search,
};
use crate::{
    ingest,
    model::{Model, Pane},
    msg::Effect,
    popup::{LetterPrompt, Popup, Prompt, PromptPurpose},
    screens,
    task_list::ColumnSet,
};
use engine::AlertSeverity;
use view::{
    filter::Filter, format, histogram::BucketWidth, task_list::Sort, time_style::TimeStyle,
};

/// Does what a key asks of the rows in sight.
pub(crate) fn list_action(model: &mut Model, rows: ListAction) -> Vec<Effect> {
    // A choice that was asked for is made.
    if matches!(model.overlays.last(), Some(Popup::LetterPrompt(_))) {
        model.overlays.pop();
    }
    match rows {
        ListAction::Mark(what) => mark(model, what),
        ListAction::SortBy => model.overlays.push(Popup::LetterPrompt(LetterPrompt::Sort)),
        ListAction::ExportAs => model.overlays.push(Popup::LetterPrompt(LetterPrompt::Export)),
        ListAction::Sort(key) => sort(model, Sort { key, reversed: false }),
        ListAction::Reverse => {
            let Sort { key, reversed } = model.tasks.sort;
            sort(model, Sort { key, reversed: !reversed });
        }
        ListAction::Wide => wide(model),
        ListAction::Next => search::to_match(model, true),
        ListAction::Previous => search::to_match(model, false),
        ListAction::Stream(what) => {
            if let Some(which) = StreamKind::of_pane(model.focused_pane()) {
                on_stream(model, which, what);
            }
        }
        ListAction::Times => {
            model.times = next_style(model.times);
            retry_filters(model);
            let text = format!("times are shown {}", told_style(model));
            model.set_status(AlertSeverity::Info, text);
        }
        ListAction::CopyId => return copy::id(model),
        ListAction::CopyRow => return copy::copy_row(model),
        ListAction::Export(format) => return export(model, format),
        ListAction::Load => open_list_prompt(
            model,
            PromptPurpose::Saved,
            "no filter of this list is saved: :save does it",
        ),
        ListAction::Save if screens::focused_filter(model).is_empty() => {
            model.set_status(AlertSeverity::Info, "no filter to save: press / to set one");
        }
        ListAction::Save => {
            model.overlays.push(Popup::Filter(Prompt::new(PromptPurpose::Name, "")));
        }
    }
    Vec::new()
}

/// Opens a prompt to choose from a list, unless that is empty.
fn open_list_prompt(model: &mut Model, asks: PromptPurpose, none: &str) {
    let prompt = Prompt::new(asks, "");
    if super::completions(model, &prompt).is_empty() {
        model.set_status(AlertSeverity::Info, none);
    } else {
        model.overlays.push(Popup::Filter(prompt));
    }
}

fn mark(model: &mut Model, mark: MarkAction) {
    let list = &mut model.tasks;
    match (mark, model.nav.screen().task().or(list.cursor)) {
        (MarkAction::None, _) => {
            if list.marks.clear() {
                ingest::sort_now(model);
            }
        }
        (MarkAction::Others, _) => list.marks.invert(&list.order),
        (MarkAction::Row, Some(task)) => list.marks.toggle(task),
        (MarkAction::Range, Some(task)) => list.marks.mark_range(&list.order, task),
        (MarkAction::Row | MarkAction::Range, None) => {
            model.set_status(AlertSeverity::Info, "no task is selected: j selects the first");
            return;
        }
    }
    announce_mark_count(model);
}

fn announce_mark_count(model: &mut Model) {
    let text = match model.tasks.marks.len() {
        0 => "no task is marked".to_owned(),
        count => format!("{count} marked; sorting is locked"),
    };
    model.set_status(AlertSeverity::Info, text);
}

fn sort(model: &mut Model, sort: Sort) {
    model.tasks.sort = sort;
    ingest::sort_now(model);
}

fn wide(model: &mut Model) {
    if let Some(which) = StreamKind::of_pane(model.focused_pane()) {
        let shape = &mut which.stream_mut(model).shape;
        *shape =
            if *shape == LineLayout::Wrapped { LineLayout::Truncated } else { LineLayout::Wrapped };
        return;
    }
    let width = &mut model.tasks.width;
    *width = if *width == ColumnSet::Wide { ColumnSet::Normal } else { ColumnSet::Wide };
}

fn on_stream(model: &mut Model, which: StreamKind, what: StreamAction) {
    match what {
        StreamAction::NextError => search::to_error(model, which, true),
        StreamAction::PreviousError => search::to_error(model, which, false),
        StreamAction::NextSame => search::to_same(model, which, true),
        StreamAction::PreviousSame => search::to_same(model, which, false),
        StreamAction::Mark => flag(model, which),
        StreamAction::Marks => open_list_prompt(
            model,
            PromptPurpose::Mark,
            "no mark is set in this stream: m sets one",
        ),
        StreamAction::Unfold => {
            let shape = &mut which.stream_mut(model).shape;
            *shape = if *shape == LineLayout::Unfolded {
                LineLayout::Truncated
            } else {
                LineLayout::Unfolded
            };
        }
        StreamAction::Clear => clear(model, which),
        StreamAction::Context => {
            let context = which.position(model).context;
            let next = CONTEXTS.into_iter().find(|&lines| lines > context).unwrap_or(0);
            // This is a stream, which is all that could be wrong.
            let _ = set_context(model, next);
        }
        StreamAction::Level => level(model, which),
        StreamAction::Histogram | StreamAction::ZoomIn | StreamAction::ZoomOut => {
            bars(model, which, what);
        }
    }
}

/// Neighbours shown around a match, one step of the key after the other.
const CONTEXTS: [usize; 4] = [0, 1, 3, 10];

/// Sets how many neighbours of each match are shown in the focused stream; the error says in words
/// why not.
pub(crate) fn set_context(model: &mut Model, lines: usize) -> Result<(), String> {
    /// More would be no neighbours.
    const MOST: usize = 100;
    let which =
        StreamKind::of_pane(model.focused_pane()).ok_or("only events and log show neighbours")?;
    let lines = lines.min(MOST);
    which.stream_mut(model).context = lines;
    model.set_status(
        AlertSeverity::Info,
        format!("{lines} lines before and after each match are shown"),
    );
    Ok(())
}

/// The order of the key: the exchange's clock, UTC, the operator's own, and how long ago.
const fn next_style(style: TimeStyle) -> TimeStyle {
    match style {
        TimeStyle::Market => TimeStyle::Utc,
        TimeStyle::Utc => TimeStyle::Local,
        TimeStyle::Local => TimeStyle::Relative,
        TimeStyle::Relative => TimeStyle::Market,
    }
}

/// Tries the filters again: a time of day in them is that of the clock that is shown.
fn retry_filters(model: &mut Model) {
    let zone = model.time_format().offset();
    format::in_zone(zone, || {
        for pane in Pane::ALL {
            let filter = pane.list().filter(model).clone();
            if !filter.is_empty() {
                pane.list().set_filter(model, filter);
            }
        }
        model.tasks.reset();
        ingest::re_sort(model);
    });
}

fn told_style(model: &Model) -> String {
    match (model.times, &model.settings.zone) {
        (TimeStyle::Market, _) => "on the exchange's clock".into(),
        (TimeStyle::Utc, _) => "in UTC".into(),
        (TimeStyle::Local, Some(zone)) => {
            format!("on your clock, {}", format::sanitize(&zone.name))
        }
        (TimeStyle::Local, None) => "in UTC: your zone is not known".into(),
        (TimeStyle::Relative, _) => "as how long ago".into(),
    }
}

/// Shows how many events came when, hides it, or changes how much time a column stands for.
fn bars(model: &mut Model, which: StreamKind, what: StreamAction) {
    if which == StreamKind::Log {
        model.set_status(AlertSeverity::Info, "only the events are counted by time");
        return;
    }
    let last = BucketWidth::ALL.len() - 1;
    let bars = model.event_stream.bars;
    model.event_stream.bars = match what {
        StreamAction::ZoomIn => Some(bars.map_or(0, |at| at.saturating_sub(1))),
        StreamAction::ZoomOut => Some(bars.map_or(0, |at| (at + 1).min(last))),
        StreamAction::Histogram
        | StreamAction::NextError
        | StreamAction::PreviousError
        | StreamAction::NextSame
        | StreamAction::PreviousSame
        | StreamAction::Mark
        | StreamAction::Marks
        | StreamAction::Unfold
        | StreamAction::Clear
        | StreamAction::Context
        | StreamAction::Level => bars.is_none().then_some(0),
    };
}

fn flag(model: &mut Model, which: StreamKind) {
    let line = which.reader(model).cursor_line();
    let (now, by) = (model.now, model.settings.operator.clone());
    let told = match line {
        Some(line) => which.stream_mut(model).toggle_bookmark(line, now, &by),
        None => "there is no line to mark".to_owned(),
    };
    model.set_status(AlertSeverity::Info, told);
}

/// Hides all lines so far; once more, while nothing new has come, brings them back.
fn clear(model: &mut Model, which: StreamKind) {
    let Some(newest) = which.newest_line(model) else { return };
    let stream = which.stream_mut(model);
    let told = if stream.from > newest {
        stream.from = 0;
        "all lines that are kept are shown again"
    } else {
        (stream.from, stream.at) = (newest + 1, None);
        "display cleared; press C to show the lines (nothing is deleted)"
    };
    model.set_status(AlertSeverity::Info, told);
}

/// Least levels the key steps through.
const LEVELS: [&str; 2] = ["level>=warning", "level>=error"];

/// Puts the next least level into the stream's filter, and takes the one before out.
fn level(model: &mut Model, which: StreamKind) {
    let text = which.position(model).filter.text().to_owned();
    let at = LEVELS.iter().position(|level| text.split_whitespace().any(|term| term == *level));
    let rest = text.split_whitespace().filter(|term| !LEVELS.contains(term));
    let next = LEVELS.get(at.map_or(0, |at| at + 1)).copied();
    let text = rest.chain(next).collect::<Vec<_>>().join(" ");
    if let Ok(filter) = Filter::parse(&text) {
        screens::set_filter(model, filter);
    }
    model.set_status(
        AlertSeverity::Info,
        next.map_or_else(|| "all levels".to_owned(), str::to_owned),
    );
}

fn export(model: &mut Model, format: ExportFormat) -> Vec<Effect> {
    let written = copy::export_rows(model, format);
    if written.is_none() {
        model.set_status(AlertSeverity::Info, "nothing to export here");
    }
    written.into_iter().collect()
}

/// Puts a filter on the focused list; the search keys look for it from now on.
pub(crate) fn set_filter(model: &mut Model, filter: Filter) {
    if !filter.is_empty() {
        model.patterns.insert(model.focused_pane(), filter.clone());
    }
    screens::set_filter(model, filter);
}

/// Puts a saved filter of the focused list on; the error says in words why not.
pub(crate) fn load_filter(model: &mut Model, name: &str) -> Result<(), String> {
    let mut saved = model.settings.filters.for_pane(model.focused_pane());
    let found = saved.find(|(known, _)| *known == name.trim()).map(|(_, text)| text.to_owned());
    drop(saved);
    let text = found.ok_or_else(|| format!("no filter of this list is saved as {name:?}"))?;
    let filter = Filter::parse(&text).map_err(|error| error.to_string())?;
    set_filter(model, filter);
    Ok(())
}

/// Saves the filter of the focused list under a name; the error says in words why not.
pub(crate) fn save_filter(model: &mut Model, name: &str) -> Result<Vec<Effect>, String> {
    let text = screens::focused_filter(model).text().to_owned();
    if text.is_empty() {
        return Err("no filter to save: press / to set one".into());
    }
    model.settings.filters.set(model.focused_pane(), name, &text)?;
    Ok(vec![Effect::SaveFilters(model.settings.filters.clone())])
}
