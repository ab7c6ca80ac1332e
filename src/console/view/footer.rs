//! Under every screen: the last word, the keys that apply now, the way here and the brake.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::Line,
    widgets::{Clear, Widget as _},
};

use crate::{
    acting::{Authority, Tier},
    console::{
        action::{Act, Action, Go, OnTask},
        chord::Chord,
        layout::Density,
        model::Model,
        nav::Screen,
        registry::{Keys, ROWS, Row, Scope},
        why_not::why_not,
        widget::{Piece, columns, fit, strip},
    },
    engine::{RunState, Severity, TaskState},
    present::{
        day,
        words::{self, GlyphSet},
    },
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
        [_, keys_row] => keys(model, frame, *keys_row, brake(model)),
        [] | [_] => {}
    }
}

/// The notice, or what was asked and not yet answered, or the last thing somebody should look at.
fn notice(model: &Model, frame: &mut Frame<'_>, row: Rect) {
    let theme = model.settings.theme;
    let asked: Vec<_> = model.acts.asked.values().map(|asked| asked.what.as_str()).collect();
    let (text, style) = match (&model.notice, asked.as_slice()) {
        (Some(notice), _) => (notice.text.clone(), theme.severity(notice.severity)),
        (None, [_, ..]) => (format!("asked: {}", asked.join(", ")), theme.warn()),
        (None, []) => match (&model.loud, model.shown()) {
            (Some(loud), _) => (loud.text.clone(), theme.severity(loud.severity)),
            (None, Some(run)) if run.ended() => (over(run), theme.strong()),
            (None, _) => (String::new(), Style::new()),
        },
    };
    let text = fit(&format!(" {text}"), row.width, theme.pick("…", "~"));
    Line::styled(text, style).render(row, frame.buffer_mut());
}

/// What is said once the day is over.
fn over(run: &RunState) -> String {
    let ended = day::run_status(run.status());
    format!("the day is over: {ended}; everything can still be read, q leaves")
}

/// The keys that apply now, from the table, as many as fit.
fn keys(model: &Model, frame: &mut Frame<'_>, row: Rect, brake: &str) {
    if !model.typed.begun.is_empty() {
        return follow(model, frame, row, brake);
    }
    let theme = model.settings.theme;
    let mut pieces = vec![Piece::new(0, "", Style::new())];
    let keymap = &model.settings.keymap;
    // While somebody looks back no act exists but the brake, and the keys of time come first.
    let back = model.travel.still().is_some();
    let time = |row: &Row| matches!(row.action, Action::Time(_));
    let shown = |row: &Row| {
        if back { time(row) || (row.footer && row.tier == Tier::Look) } else { row.footer }
    };
    // What the lists share does not hold in each of them.
    let idle = |row: &Row| row.scope == Scope::List && why_not(model, row).is_some();
    let hinted = keymap.rows(model.scope()).filter(|(row, _)| shown(row) && !idle(row));
    let mut hinted: Vec<_> = hinted.collect();
    hinted.sort_by_key(|(row, _)| !(back && time(row)));
    // What a person is asked for comes first.
    let asked = |(row, _): &&(&Row, &[Keys])| {
        row.action == Action::Act(Act::Task(OnTask::Approve)) && waits(model)
    };
    let first = hinted.iter().filter(asked);
    let rest = hinted.iter().filter(|row| !asked(row));
    for (i, (binding, chords)) in first.chain(rest).enumerate() {
        let Some(chord) = chords.first() else { continue };
        let label = written(model, chord);
        // The help stays as long as anything does: it names what had to go.
        let help = binding.action == Action::Go(Go::Help);
        let rank = if help { 0 } else { u8::try_from(i + 1).unwrap_or(u8::MAX) };
        pieces.push(Piece::new(rank, format!("{label} {}", binding.title), Style::new()));
    }
    let row = Rect { x: row.x + 1.min(row.width), width: row.width.saturating_sub(1), ..row };
    let brake = Piece::new(0, brake, theme.strong());
    strip(row, frame.buffer_mut(), pieces, vec![brake]);
}

/// Keys in the letters that the terminal can show.
pub(super) fn written(model: &Model, keys: &Keys) -> String {
    match model.settings.theme.glyphs {
        GlyphSet::Utf8 => keys.label(),
        GlyphSet::Ascii => keys.ascii(),
    }
}

/// The keys pressed so far of a sequence, and what may follow.
fn follow(model: &Model, frame: &mut Frame<'_>, row: Rect, brake: &str) {
    let theme = model.settings.theme;
    let begun = &model.typed.begun;
    let label = |chord: &Chord| written(model, &Keys::from(*chord));
    let labels = |chords: &[Chord]| chords.iter().map(label).collect::<Vec<_>>().join(" ");
    let mut pieces = vec![Piece::new(0, format!(" {} ...", labels(begun)), theme.strong())];
    let next = model.settings.keymap.follow(model.scope(), begun);
    for (i, (rest, row)) in next.enumerate() {
        let rank = u8::try_from(i + 2).unwrap_or(u8::MAX);
        pieces.push(Piece::new(rank, format!("{} {}", labels(rest), row.title), Style::new()));
    }
    pieces.push(Piece::new(1, "esc cancels", theme.quiet()));
    strip(row, frame.buffer_mut(), pieces, vec![Piece::new(0, brake, theme.strong())]);
}

/// Whether a task waits for the answer of a person: it is at work and holds no slot.
fn waits(model: &Model) -> bool {
    let active = |run: &RunState| run.count(TaskState::Running) + run.count(TaskState::Cancelling);
    model.shown().is_some_and(|run| active(run) > run.slots_used())
}

/// Where we are, and the brake.
fn path(model: &Model, frame: &mut Frame<'_>, row: Rect, screens: &str) {
    let theme = model.settings.theme;
    let path = crumbs(model).join(theme.pick(" ▸ ", " > "));
    let left = vec![Piece::new(2, format!(" {path}"), theme.quiet())];
    let brake = Piece::new(0, format!("{} ", brake(model).replace("!! ", "!! = ")), theme.strong());
    let hand = Piece::new(1, hand(model), theme.warn());
    let right = vec![Piece::new(3, screens, theme.quiet()), hand, brake];
    strip(row, frame.buffer_mut(), left, right);
}

/// The keys of the brake, where there is one.
pub(super) fn brake(model: &Model) -> &'static str {
    let locked = model.standing().is_some_and(|it| it.authority == Authority::Locked);
    if locked { "only looks" } else { "!! HALT" }
}

/// What the operator may do, where that is less than everything, and which key changes it.
fn hand(model: &Model) -> String {
    let key = model.key("session.arm");
    match model.standing().map(|standing| (standing.authority, standing.until)) {
        Some((Authority::Observe, _)) => format!("{key} arms"),
        Some((Authority::Armed, Some(_))) => format!("{key} disarms"),
        Some((Authority::Armed, None) | (Authority::Locked, _)) | None => String::new(),
    }
}

/// The way from the day to what is looked at: `day`, `intraday`, `risk_recheck`, `attempt 2`.
fn crumbs(model: &Model) -> Vec<String> {
    let screen = model.nav.screen();
    let mut crumbs = match screen {
        Screen::Task(_) => vec!["day".to_owned()],
        Screen::Agent(_) => vec!["agents".to_owned()],
        Screen::Event(_) => vec!["events".to_owned()],
        Screen::Entry(_) => vec!["audit".to_owned()],
        Screen::Day
        | Screen::Tasks
        | Screen::Graph
        | Screen::Agents
        | Screen::Events
        | Screen::Log
        | Screen::Alerts
        | Screen::Runs
        | Screen::Plan
        | Screen::Audit
        | Screen::Diff
        | Screen::Recovery
        | Screen::Pulse => vec![screen.name().to_owned()],
    };
    let Some(run) = model.shown() else { return crumbs };
    if let Screen::Agent(ix) = screen {
        crumbs.push(run.plan().agent(ix).id.to_string());
    }
    if let Screen::Event(seq) = screen {
        crumbs.push(seq.to_string());
    }
    if let Screen::Entry(seq) = screen {
        crumbs.push(format!("A-{seq}"));
    }
    if let Some(ix) = model.selected() {
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
        |act| format!("{} {} {}: {}", words::time(act.at), act.who, act.what, act.result),
    );
    let screens = screens(model);
    let room = row.width.saturating_sub(columns(&screens) + 4);
    let told = format!("last action: {told}");
    let told = fit(&told, room.min(columns(&told)), theme.pick("…", "~"));
    let left = vec![Piece::new(0, format!(" {screens}"), theme.quiet())];
    strip(row, frame.buffer_mut(), left, vec![Piece::new(1, format!("{told} "), theme.quiet())]);
}

/// The screens that have a key, with it.
fn screens(model: &Model) -> String {
    let keyed = ROWS.iter().filter(|row| matches!(row.action, Action::Go(Go::To(_))));
    let named = keyed.filter_map(|row| {
        let key = model.settings.keymap.chords(row).first()?.label();
        Some(format!("[{key}]{}", row.title))
    });
    named.collect::<Vec<_>>().join(" ")
}

/// The row to type on, cleared, and the one below it.
pub(super) fn prompt_rows(frame: &mut Frame<'_>) -> [Rect; 2] {
    let all = frame.area();
    let rows = match Density::of((all.width, all.height)) {
        Density::Card => 1,
        Density::Bare => 2,
        Density::Small | Density::Usual | Density::Wide => 3,
        Density::Full => 4,
    };
    let y = all.y + all.height.saturating_sub(rows);
    let row = Rect { y, height: 1, ..all }.intersection(all);
    Clear.render(row, frame.buffer_mut());
    [row, Rect { y: row.y.saturating_add(1), ..row }.intersection(all)]
}

/// What is wrong with the line stands where the keys stand else. Whether something was.
pub(super) fn complaint(model: &Model, frame: &mut Frame<'_>, below: Rect) -> bool {
    let wrong = model.notice.as_ref().filter(|n| n.severity == Severity::Warning);
    if let Some(notice) = wrong {
        Clear.render(below, frame.buffer_mut());
        let theme = model.settings.theme;
        let text = fit(&format!(" {}", notice.text), below.width, theme.pick("…", "~"));
        Line::styled(text, theme.severity(notice.severity)).render(below, frame.buffer_mut());
    }
    wrong.is_some()
}
