//! What the keys of lists and streams do.

use super::{Format, Mark, OnStream, Rows, Shape, Which, copy, walk};
use crate::{
    console::{
        fold,
        list::Width,
        model::Model,
        msg::Effect,
        overlay::{Asks, Overlay, Pick, Prompt},
        screen,
    },
    engine::Severity,
    present::{board::Sort, clock::TimeStyle, filter::Filter, histogram::Zoom, words},
};

/// Does what a key asks of the rows in sight.
pub(in crate::console) fn update(model: &mut Model, rows: Rows) -> Vec<Effect> {
    // A choice that was asked for is made.
    if matches!(model.overlays.last(), Some(Overlay::Pick(_))) {
        model.overlays.pop();
    }
    match rows {
        Rows::Mark(what) => mark(model, what),
        Rows::SortBy => model.overlays.push(Overlay::Pick(Pick::Sort)),
        Rows::ExportAs => model.overlays.push(Overlay::Pick(Pick::Export)),
        Rows::Sort(key) => sort(model, Sort { key, reversed: false }),
        Rows::Reverse => {
            let Sort { key, reversed } = model.tasks.sort;
            sort(model, Sort { key, reversed: !reversed });
        }
        Rows::Wide => wide(model),
        Rows::Next => walk::to_match(model, true),
        Rows::Previous => walk::to_match(model, false),
        Rows::Stream(what) => {
            if let Some(which) = Which::of(model.focus()) {
                on_stream(model, which, what);
            }
        }
        Rows::Times => {
            model.times = next_style(model.times);
            let text = format!("times are shown {}", told_style(model));
            model.say(Severity::Info, text);
        }
        Rows::CopyId => return copy::id(model),
        Rows::CopyRow => return copy::row(model),
        Rows::Export(format) => return export(model, format),
        Rows::Load => ask(model, Asks::Saved, "no filter of this list is saved: :save does it"),
        Rows::Save if screen::filter(model).is_empty() => {
            model.say(Severity::Info, "there is no filter to save: / asks for one");
        }
        Rows::Save => model.overlays.push(Overlay::Filter(Prompt::new(Asks::Name, ""))),
    }
    Vec::new()
}

/// Opens a prompt to choose from a list, unless that is empty.
fn ask(model: &mut Model, asks: Asks, none: &str) {
    let prompt = Prompt::new(asks, "");
    if super::options(model, &prompt).is_empty() {
        model.say(Severity::Info, none);
    } else {
        model.overlays.push(Overlay::Filter(prompt));
    }
}

fn mark(model: &mut Model, mark: Mark) {
    let list = &mut model.tasks;
    match (mark, model.nav.screen().task().or(list.cursor)) {
        (Mark::None, _) => {
            if list.marks.clear() {
                fold::sort_now(model);
            }
        }
        (Mark::Others, _) => list.marks.invert(&list.order),
        (Mark::Row, Some(task)) => list.marks.toggle(task),
        (Mark::Range, Some(task)) => list.marks.range(&list.order, task),
        (Mark::Row | Mark::Range, None) => {
            model.say(Severity::Info, "no task is selected: j selects the first");
            return;
        }
    }
    told(model);
}

fn told(model: &mut Model) {
    let text = match model.tasks.marks.len() {
        0 => "no task is marked".to_owned(),
        count => format!("{count} marked; the order stands still"),
    };
    model.say(Severity::Info, text);
}

fn sort(model: &mut Model, sort: Sort) {
    model.tasks.sort = sort;
    fold::sort_now(model);
}

fn wide(model: &mut Model) {
    if let Some(which) = Which::of(model.focus()) {
        let shape = &mut which.stream_mut(model).shape;
        *shape = if *shape == Shape::Wrapped { Shape::Cut } else { Shape::Wrapped };
        return;
    }
    let width = &mut model.tasks.width;
    *width = if *width == Width::Wide { Width::Usual } else { Width::Wide };
}

fn on_stream(model: &mut Model, which: Which, what: OnStream) {
    match what {
        OnStream::NextError => walk::to_error(model, which, true),
        OnStream::PreviousError => walk::to_error(model, which, false),
        OnStream::NextSame => walk::to_same(model, which, true),
        OnStream::PreviousSame => walk::to_same(model, which, false),
        OnStream::Mark => flag(model, which),
        OnStream::Marks => ask(model, Asks::Mark, "no mark is set in this stream: m sets one"),
        OnStream::Unfold => {
            let shape = &mut which.stream_mut(model).shape;
            *shape = if *shape == Shape::Unfolded { Shape::Cut } else { Shape::Unfolded };
        }
        OnStream::Clear => clear(model, which),
        OnStream::Context => {
            let context = which.stream(model).context;
            let next = CONTEXTS.into_iter().find(|&lines| lines > context).unwrap_or(0);
            // This is a stream, which is all that could be wrong.
            let _ = set_context(model, next);
        }
        OnStream::Level => level(model, which),
        OnStream::Histogram | OnStream::ZoomIn | OnStream::ZoomOut => bars(model, which, what),
    }
}

/// Neighbours shown around a match, one step of the key after the other.
const CONTEXTS: [usize; 4] = [0, 1, 3, 10];

/// Sets how many neighbours of each match are shown in the focused stream; the error says in words
/// why not.
pub(in crate::console) fn set_context(model: &mut Model, lines: usize) -> Result<(), String> {
    /// More would be no neighbours.
    const MOST: usize = 100;
    let which = Which::of(model.focus()).ok_or("only events and log show neighbours")?;
    let lines = lines.min(MOST);
    which.stream_mut(model).context = lines;
    model.say(Severity::Info, format!("{lines} lines before and after each match are shown"));
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

fn told_style(model: &Model) -> String {
    match (model.times, &model.settings.zone) {
        (TimeStyle::Market, _) => "on the exchange's clock".into(),
        (TimeStyle::Utc, _) => "in UTC".into(),
        (TimeStyle::Local, Some(zone)) => format!("on your clock, {}", words::safe(&zone.name)),
        (TimeStyle::Local, None) => "in UTC: your zone is not known".into(),
        (TimeStyle::Relative, _) => "as how long ago".into(),
    }
}

/// Shows how many events came when, hides it, or changes how much time a column stands for.
fn bars(model: &mut Model, which: Which, what: OnStream) {
    if which == Which::Log {
        model.say(Severity::Info, "only the events are counted by time");
        return;
    }
    let last = Zoom::ALL.len() - 1;
    let bars = model.event_stream.bars;
    model.event_stream.bars = match what {
        OnStream::ZoomIn => Some(bars.map_or(0, |at| at.saturating_sub(1))),
        OnStream::ZoomOut => Some(bars.map_or(0, |at| (at + 1).min(last))),
        OnStream::Histogram
        | OnStream::NextError
        | OnStream::PreviousError
        | OnStream::NextSame
        | OnStream::PreviousSame
        | OnStream::Mark
        | OnStream::Marks
        | OnStream::Unfold
        | OnStream::Clear
        | OnStream::Context
        | OnStream::Level => bars.is_none().then_some(0),
    };
}

fn flag(model: &mut Model, which: Which) {
    let line = which.read(model).at();
    let (now, by) = (model.now, model.settings.operator.clone());
    let told = match line {
        Some(line) => which.stream_mut(model).flag(line, now, &by),
        None => "there is no line to mark".to_owned(),
    };
    model.say(Severity::Info, told);
}

/// Hides all lines so far; once more, while nothing new has come, brings them back.
fn clear(model: &mut Model, which: Which) {
    let Some(newest) = which.newest(model) else { return };
    let stream = which.stream_mut(model);
    let told = if stream.from > newest {
        stream.from = 0;
        "all lines that are kept are shown again"
    } else {
        (stream.from, stream.at) = (newest + 1, None);
        "the display is cleared, nothing is lost: C again brings it back"
    };
    model.say(Severity::Info, told);
}

/// Least levels the key steps through.
const LEVELS: [&str; 2] = ["level>=warning", "level>=error"];

/// Puts the next least level into the stream's filter, and takes the one before out.
fn level(model: &mut Model, which: Which) {
    let text = which.stream(model).filter.text().to_owned();
    let at = LEVELS.iter().position(|level| text.split_whitespace().any(|term| term == *level));
    let rest = text.split_whitespace().filter(|term| !LEVELS.contains(term));
    let next = LEVELS.get(at.map_or(0, |at| at + 1)).copied();
    let text = rest.chain(next).collect::<Vec<_>>().join(" ");
    if let Ok(filter) = Filter::parse(&text) {
        screen::set_filter(model, filter);
    }
    model.say(Severity::Info, next.map_or_else(|| "all levels".to_owned(), str::to_owned));
}

fn export(model: &mut Model, format: Format) -> Vec<Effect> {
    let written = copy::export(model, format);
    if written.is_none() {
        model.say(Severity::Info, "there is nothing here to export");
    }
    written.into_iter().collect()
}

/// Puts a filter on the focused list; the search keys look for it from now on.
pub(in crate::console) fn set(model: &mut Model, filter: Filter) {
    if !filter.is_empty() {
        model.patterns.insert(model.focus(), filter.clone());
    }
    screen::set_filter(model, filter);
}

/// Puts a saved filter of the focused list on; the error says in words why not.
pub(in crate::console) fn load(model: &mut Model, name: &str) -> Result<(), String> {
    let mut saved = model.settings.filters.of(model.focus());
    let found = saved.find(|(known, _)| *known == name.trim()).map(|(_, text)| text.to_owned());
    drop(saved);
    let text = found.ok_or_else(|| format!("no filter of this list is saved as {name:?}"))?;
    let filter = Filter::parse(&text).map_err(|error| error.to_string())?;
    set(model, filter);
    Ok(())
}

/// Saves the filter of the focused list under a name; the error says in words why not.
pub(in crate::console) fn save(model: &mut Model, name: &str) -> Result<Vec<Effect>, String> {
    let text = screen::filter(model).text().to_owned();
    if text.is_empty() {
        return Err("there is no filter to save: / asks for one".into());
    }
    model.settings.filters.set(model.focus(), name, &text)?;
    Ok(vec![Effect::SaveFilters(model.settings.filters.clone())])
}
