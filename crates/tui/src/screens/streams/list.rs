//! The streams, as the console asks of them.

use ratatui::{
    Frame,
    layout::{Position, Rect},
};

use crate::{
    action::CursorMotion,
    cursor::move_in_stream,
    ingest,
    keymap::KeyScope,
    layout::LayoutDensity,
    list_actions::StreamKind,
    model::{Model, Pane},
    nav::Screen,
    screens::{list::ListPane, open::open_event},
};
use planning::plan::TaskIx;
use view::{filter::Filter, tabs::mentions_task};

/// The events.
pub(crate) struct EventPane;

impl ListPane for EventPane {
    fn pane(&self) -> Pane {
        Pane::Events
    }

    fn name(&self) -> &'static str {
        "events"
    }

    fn scope(&self) -> KeyScope {
        KeyScope::Stream
    }

    fn filter<'a>(&self, model: &'a Model) -> &'a Filter {
        &model.event_stream.filter
    }

    fn set_filter(&self, model: &mut Model, filter: Filter) {
        model.events.set_filter(filter.clone());
        model.travel.set_filter(&filter);
        model.event_stream.filter = filter;
        ingest::filter_step(model);
    }

    fn move_cursor(&self, model: &mut Model, motion: CursorMotion, page: usize) {
        move_in_stream(model, StreamKind::Events, (motion, page));
    }

    fn open(&self, model: &mut Model) {
        open_event(model);
    }

    fn click(&self, model: &mut Model, area: (Rect, LayoutDensity), at: Position) {
        click(model, StreamKind::Events, area, at);
    }

    fn subject(&self, model: &Model) -> Option<TaskIx> {
        match model.event_stream.at {
            Some(seq) => model.event_by_seq(seq)?.event.task(),
            None => model.displayed_events().all().next_back()?.event.task(),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
        match model.nav.screen() {
            Screen::Event(seq) => super::view::draw_event(model, frame, area, seq),
            _list => super::view::events(model, frame, area),
        }
    }
}

/// The program's own log.
pub(crate) struct LogPane;

impl ListPane for LogPane {
    fn pane(&self) -> Pane {
        Pane::Log
    }

    fn name(&self) -> &'static str {
        "log"
    }

    fn scope(&self) -> KeyScope {
        KeyScope::Stream
    }

    fn filter<'a>(&self, model: &'a Model) -> &'a Filter {
        &model.log_stream.filter
    }

    fn set_filter(&self, model: &mut Model, filter: Filter) {
        model.log_stream.filter = filter;
    }

    fn move_cursor(&self, model: &mut Model, motion: CursorMotion, page: usize) {
        move_in_stream(model, StreamKind::Log, (motion, page));
    }

    fn open(&self, _model: &mut Model) {}

    fn subject(&self, model: &Model) -> Option<TaskIx> {
        let reading = StreamKind::Log.reader(model);
        let line = reading.cursor_row().and_then(|row| reading.log_line(row))?;
        let run = model.displayed_run()?;
        let named = |&ix: &TaskIx| mentions_task(&line.text, &run.plan().task(ix).id);
        model.tasks.order.iter().copied().find(named)
    }

    fn click(&self, model: &mut Model, area: (Rect, LayoutDensity), at: Position) {
        click(model, StreamKind::Log, area, at);
    }

    fn draw(&self, model: &Model, frame: &mut Frame<'_>, area: (Rect, LayoutDensity)) {
        super::view::draw_log(model, frame, area);
    }
}

fn click(model: &mut Model, which: StreamKind, area: (Rect, LayoutDensity), at: Position) {
    if let Some(line) = super::view::line_at(model, which, area, at.y) {
        which.stream_mut(model).at = Some(line);
    }
}
