//! Under every screen: the last word, the keys that apply now, the way here and the brake.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::Line,
    widgets::{Clear, Widget as _},
};

use crate::{
    action::{Action, CommandAction, Navigation, TaskAction},
    chord::Chord,
    fix_hint,
    keymap::{Binding, KeyScope, KeySequence, ROWS},
    layout::LayoutDensity,
    model::Model,
    nav::Screen,
    unavailable::why_not,
    widget::{Segment, display_width, draw_strip, fit},
};
use engine::{
    AlertSeverity, RunState, TaskState,
    control::{Authority, RiskTier},
};
use planning::plan::TaskIx;
use view::{
    day,
    format::{self, GlyphSet},
    inspect,
    task_list::{self, AttentionRank},
};

/// Draws as many of the three lines as there are rows; the keys go before the notice goes.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let rows: Vec<Rect> =
        (0..area.height).map(|i| Rect { y: area.y + i, height: 1, ..area }).collect();
    if let Some(row) = rows.first() {
        notice(model, frame, *row);
    }
    match rows.as_slice() {
        [_, keys_row, path_row, screens_row, ..] => {
            keys(model, frame, *keys_row, "");
            path(model, frame, *path_row, "");
            last(model, frame, *screens_row);
        }
        [_, keys_row, path_row] => {
            keys(model, frame, *keys_row, "");
            path(model, frame, *path_row, &screens(model));
        }
        [_, keys_row] => keys(model, frame, *keys_row, brake_keys(model)),
        [] | [_] => {}
    }
}

/// The notice, or what was asked and not yet answered, or the last thing somebody should look at.
fn notice(model: &Model, frame: &mut Frame<'_>, row: Rect) {
    let theme = model.settings.theme;
    let asked: Vec<_> = model.acts.asked.values().map(|asked| asked.what.as_str()).collect();
    let (text, style) = match (&model.notice, asked.as_slice()) {
        (Some(notice), _) => (notice.text.clone(), theme.severity(notice.severity)),
        (None, [_, ..]) => (format!("sent: {}", asked.join(", ")), theme.warning()),
        (None, []) => match (&model.loud, model.displayed_run()) {
            (Some(loud), run) => {
                // What was said of a task that needs somebody is said with the key that helps.
                let pressing = run.filter(|_| loud.about.is_some());
                let pressing = pressing.and_then(|run| most_pressing(model, run));
                (pressing.unwrap_or_else(|| loud.text.clone()), theme.severity(loud.severity))
            }
            (None, Some(run)) if run.has_ended() => (day_over_text(run), theme.emphasis()),
            (None, Some(run)) => (most_pressing(model, run).unwrap_or_default(), theme.warning()),
            (None, None) => (String::new(), Style::new()),
        },
    };
    let text = fit(&format!(" {text}"), row.width, theme.glyph("…", "~"));
    Line::styled(text, style).render(row, frame.buffer_mut());
}

/// Returns why the most pressing task needs an operator, and which key helps; `None` if none does.
fn most_pressing(model: &Model, run: &RunState) -> Option<String> {
    let needs = |ix: &&TaskIx| task_list::attention_rank(run, **ix) == AttentionRank::NeedsOperator;
    let ix = *model.tasks.order.iter().find(needs)?;
    let why = inspect::inspect_task(run, ix, model.displayed_moment()).why;
    let why = fix_hint::reason_line(model, run, why.first()?);
    Some(format!("{}: {why}", run.plan().task(ix).id))
}

/// Returns what is said once the day is over.
fn day_over_text(run: &RunState) -> String {
    let ended = day::run_status(run.status());
    format!("the run has ended: {ended}; read-only, q quits")
}

/// The keys that apply now, from the table, as many as fit.
fn keys(model: &Model, frame: &mut Frame<'_>, row: Rect, brake: &str) {
    if !model.typed.begun.is_empty() {
        return draw_key_sequence(model, frame, row, brake);
    }
    let theme = model.settings.theme;
    let mut pieces = vec![Segment::new(0, "", Style::new())];
    let keymap = &model.settings.keymap;
    // While somebody looks back no act exists but the brake, and the keys of time come first.
    let back = model.travel.frozen_view().is_some();
    let time = |row: &Binding| matches!(row.action, Action::Time(_));
    let shown = |row: &Binding| {
        if back { time(row) || (row.footer && row.tier == RiskTier::View) } else { row.footer }
    };
    // What the lists share does not hold in each of them.
    let idle = |row: &Binding| row.scope == KeyScope::List && why_not(model, row).is_some();
    let hinted = keymap.bindings_in(model.key_scope()).filter(|(row, _)| shown(row) && !idle(row));
    let mut hinted: Vec<_> = hinted.collect();
    hinted.sort_by_key(|(row, _)| !(back && time(row)));
    // What a person is asked for comes first.
    let asked = |(row, _): &&(&Binding, &[KeySequence])| {
        row.action == Action::Command(CommandAction::Task(TaskAction::Approve)) && waits(model)
    };
    let first = hinted.iter().filter(asked);
    let rest = hinted.iter().filter(|row| !asked(row));
    for (i, (binding, chords)) in first.chain(rest).enumerate() {
        let Some(chord) = chords.first() else { continue };
        let label = keys_text(model, chord);
        // The help stays as long as anything does: it names what had to go.
        let help = binding.action == Action::Go(Navigation::Help);
        let rank = if help { 0 } else { u8::try_from(i + 1).unwrap_or(u8::MAX) };
        let piece = Segment::new(rank, binding.title, Style::new());
        pieces.push(piece.with_key(label, theme.emphasis()));
    }
    let row = Rect { x: row.x + 1.min(row.width), width: row.width.saturating_sub(1), ..row };
    let brake = Segment::new(0, brake, theme.emphasis());
    draw_strip(row, frame.buffer_mut(), pieces, vec![brake]);
}

/// Keys in the letters that the terminal can show.
pub(super) fn keys_text(model: &Model, keys: &KeySequence) -> String {
    match model.settings.theme.glyphs {
        GlyphSet::Utf8 => keys.label(),
        GlyphSet::Ascii => keys.ascii_label(),
    }
}

/// The keys pressed so far of a sequence, and what may follow.
fn draw_key_sequence(model: &Model, frame: &mut Frame<'_>, row: Rect, brake: &str) {
    let theme = model.settings.theme;
    let begun = &model.typed.begun;
    let label = |chord: &Chord| keys_text(model, &KeySequence::from(*chord));
    let labels = |chords: &[Chord]| chords.iter().map(label).collect::<Vec<_>>().join(" ");
    let mut pieces = vec![Segment::new(0, format!(" {} ...", labels(begun)), theme.emphasis())];
    let next = model.settings.keymap.continuations(model.key_scope(), begun);
    for (i, (rest, row)) in next.enumerate() {
        let rank = u8::try_from(i + 2).unwrap_or(u8::MAX);
        let piece = Segment::new(rank, row.title, Style::new());
        pieces.push(piece.with_key(labels(rest), theme.emphasis()));
    }
    pieces.push(Segment::new(1, "esc cancels", theme.muted()));
    draw_strip(row, frame.buffer_mut(), pieces, vec![Segment::new(0, brake, theme.emphasis())]);
}

/// Returns whether a task waits for the answer of a person: it is at work and holds no slot.
fn waits(model: &Model) -> bool {
    let active = |run: &RunState| {
        run.count_in_state(TaskState::Running) + run.count_in_state(TaskState::Cancelling)
    };
    model.displayed_run().is_some_and(|run| active(run) > run.slots_used())
}

/// Draws the path of the current screen and the brake keys.
fn path(model: &Model, frame: &mut Frame<'_>, row: Rect, screens: &str) {
    let theme = model.settings.theme;
    let brake = format!("{} ", brake_keys(model).replace("!! ", "!! = "));
    let hand = hand(model);
    let crumbs = crumbs(model);
    let whole = crumbs.join(theme.glyph(" ▸ ", " > "));
    let fits = |path: &&str| {
        let texts = [path, screens, &hand, &brake].into_iter().filter(|text| !text.is_empty());
        texts.map(|text| display_width(text) + 1).sum::<u16>() <= row.width
    };
    // The path gives way to the keys of the screens, first all but its end; where they have no room
    // without it either, it stays.
    let end = crumbs.last().map_or("", String::as_str);
    let path = [whole.as_str(), end, ""].into_iter().find(fits).unwrap_or(&whole);
    let left = vec![Segment::new(2, format!(" {path}").trim_end(), theme.muted())];
    let brake = Segment::new(0, brake, theme.emphasis());
    let hand = Segment::new(1, hand, theme.warning());
    let right = vec![Segment::new(3, screens, theme.muted()), hand, brake];
    draw_strip(row, frame.buffer_mut(), left, right);
}

/// The keys of the brake, where there is one.
pub(super) fn brake_keys(model: &Model) -> &'static str {
    let locked = model.session_status().is_some_and(|it| it.authority == Authority::ReadOnly);
    if locked { "only looks" } else { "!! HALT" }
}

/// Returns what the operator may do, where that is less than everything, and which key changes it.
fn hand(model: &Model) -> String {
    let key = model.key_label("session.arm");
    match model.session_status().map(|standing| (standing.authority, standing.until)) {
        Some((Authority::Observe, _)) => format!("{key} arms"),
        Some((Authority::Armed, Some(_))) => format!("{key} disarms"),
        Some((Authority::Armed, None) | (Authority::ReadOnly, _)) | None => String::new(),
    }
}

/// The way from the day to what is looked at: `day`, `intraday`, `risk_recheck`, `attempt 2`.
#[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
fn crumbs(model: &Model) -> Vec<String> {
    let screen = model.nav.screen();
    let mut crumbs = match screen {
        Screen::Task(_) => vec!["day".to_owned()],
        Screen::Agent(_) => vec!["agents".to_owned()],
        Screen::Event(_) => vec!["events".to_owned()],
        Screen::AuditEntry(_) => vec!["audit".to_owned()],
        _list => vec![screen.name().to_owned()],
    };
    let Some(run) = model.displayed_run() else { return crumbs };
    if let Screen::Agent(ix) = screen {
        crumbs.push(run.plan().agent(ix).id.to_string());
    }
    if let Screen::Event(seq) = screen {
        crumbs.push(seq.to_string());
    }
    if let Screen::AuditEntry(seq) = screen {
        crumbs.push(format!("A-{seq}"));
    }
    if let Some(ix) = model.selected_task() {
        let task = run.plan().task(ix);
        crumbs.push(run.plan().stage(task.stage).id.to_string());
        crumbs.push(task.id.to_string());
    }
    if let Screen::Task(ix) = screen {
        let attempt = run.task(ix).attempt;
        crumbs.extend((attempt > 0).then(|| format!("attempt {attempt}")));
    }
    crumbs
}

/// The screens with their keys, and what was done last.
fn last(model: &Model, frame: &mut Frame<'_>, row: Rect) {
    let theme = model.settings.theme;
    let told = model.audit.last_act().map_or_else(
        || "none".into(),
        |act| format!("{} {} {}: {}", format::format_time(act.at), act.who, act.what, act.result),
    );
    let screens = screens(model);
    let room = row.width.saturating_sub(display_width(&screens) + 4);
    let told = format!("last command: {told}");
    let told = fit(&told, room.min(display_width(&told)), theme.glyph("…", "~"));
    let left = vec![Segment::new(0, format!(" {screens}"), theme.muted())];
    draw_strip(
        row,
        frame.buffer_mut(),
        left,
        vec![Segment::new(1, format!("{told} "), theme.muted())],
    );
}

/// The screens that have a key, with it.
fn screens(model: &Model) -> String {
    let keyed = ROWS.iter().filter(|row| matches!(row.action, Action::Go(Navigation::To(_))));
    let named = keyed.filter_map(|row| {
        let key = model.settings.keymap.keys_of(row).first()?.label();
        Some(format!("[{key}]{}", row.title))
    });
    named.collect::<Vec<_>>().join(" ")
}

/// The row to type on, cleared, and the one below it.
pub(super) fn prompt_rows(frame: &mut Frame<'_>) -> [Rect; 2] {
    let all = frame.area();
    let rows = match LayoutDensity::for_size((all.width, all.height)) {
        LayoutDensity::TooSmall => 1,
        LayoutDensity::Borderless => 2,
        LayoutDensity::Small | LayoutDensity::Normal | LayoutDensity::Wide => 3,
        LayoutDensity::Full => 4,
    };
    let y = all.y + all.height.saturating_sub(rows);
    let row = Rect { y, height: 1, ..all }.intersection(all);
    Clear.render(row, frame.buffer_mut());
    [row, Rect { y: row.y.saturating_add(1), ..row }.intersection(all)]
}

/// Returns what is wrong with the line stands where the keys stand else. Whether something was.
pub(super) fn draw_connection_problem(model: &Model, frame: &mut Frame<'_>, below: Rect) -> bool {
    let wrong = model.notice.as_ref().filter(|n| n.severity == AlertSeverity::Warning);
    if let Some(notice) = wrong {
        Clear.render(below, frame.buffer_mut());
        let theme = model.settings.theme;
        let text = fit(&format!(" {}", notice.text), below.width, theme.glyph("…", "~"));
        Line::styled(text, theme.severity(notice.severity)).render(below, frame.buffer_mut());
    }
    wrong.is_some()
}
