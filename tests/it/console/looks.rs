//! States and colours: what is told without colour, and what red is kept for.

use bellwether::{
    engine::{Command, FailureKind, TaskState},
    planning::{
        plan::{AgentIx, DayPlan},
        time::Span,
        workflow::{EffectClass, TaskPriority},
    },
    tui::ColorDepth,
    view::format,
};
use chrono::TimeDelta;
use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};

use super::desk::{Desk, et};
use crate::support::plans;

/// One task for each of the fourteen states.
fn zoo() -> DayPlan {
    let mut plan = plans::empty(1, 3);
    for agent in &mut plan.agents {
        agent.slots = 20;
    }
    plan.limits.max_concurrent_tasks = 20;
    for i in 0..14 {
        let mut task = plans::task(&plan, 0, i % 2);
        task.max_retries = 1;
        match TaskState::ALL[i] {
            TaskState::Pending => task.opens_at += TimeDelta::hours(2),
            // The third agent has one slot, and `t2` has it.
            TaskState::Queued | TaskState::Running => task.agent = AgentIx(2),
            TaskState::UpstreamFailed => task.dependencies = vec![plans::hard(8)],
            TaskState::Timeout => task.timeout = Span::mins(1),
            TaskState::InDoubt => task.effect = EffectClass::Effectful,
            TaskState::Missed => {
                task.opens_at += TimeDelta::minutes(1);
                task.closes_at = task.opens_at + TimeDelta::minutes(1);
                task.dependencies = vec![plans::hard(0)];
            }
            TaskState::Retrying
            | TaskState::Held
            | TaskState::Cancelling
            | TaskState::Completed
            | TaskState::Failed
            | TaskState::Cancelled
            | TaskState::Skipped => {}
        }
        if TaskState::ALL[i] == TaskState::Timeout {
            task.max_retries = 0;
        }
        plan.tasks.push(task);
    }
    plan.tasks[2].priority = TaskPriority::High;
    plan.agents[2].slots = 1;
    // The session is open, so that an order task may run.
    plan.open = et("06:00:00");
    plan
}

fn zoo_desk(palette: ColorDepth) -> Desk {
    let mut desk = Desk::new(zoo(), (120, 40), palette);
    for hold in ["t4", "t10", "t11"] {
        desk.order(Command::Hold { task: desk.ix(hold) });
    }
    desk.until("06:00:00");
    desk.order(Command::Cancel { task: desk.ix("t10") });
    desk.order(Command::Skip { task: desk.ix("t11"), satisfies: true });
    desk.done("t7", "done");
    desk.failed("t8", FailureKind::Rejected, "no");
    desk.unknown("t6");
    desk.until("06:04:00");
    desk.failed("t3", FailureKind::Transient, "again");
    desk.order(Command::Cancel { task: desk.ix("t5") });
    desk.tick(0);
    desk
}

#[test]
fn every_state_can_be_told_without_colour() {
    let desk = zoo_desk(ColorDepth::Mono);
    let run = desk.model.run().unwrap();
    let frame = desk.frame();
    for (ix, task) in run.tasks() {
        assert_eq!(task.state, TaskState::ALL[ix.at()], "{ix:?}");
        let id = run.plan().task(ix).id.as_str();
        let glyph = format::state_glyph(task.state, format::GlyphSet::Utf8);
        // One state is too long for its column and has a shorter word.
        let word = if task.state == TaskState::UpstreamFailed {
            "upstream"
        } else {
            format::state_text(task.state)
        };
        let word: String = word.chars().take(8).collect();
        let shown = |line: &str| {
            let cells: Vec<_> = line.split_whitespace().collect();
            let place = cells.iter().position(|cell| *cell == id);
            place.is_some_and(|i| i > 0 && cells[i - 1].ends_with(glyph)) && line.contains(&word)
        };
        assert!(frame.lines().any(shown), "{id} {word}:\n{frame}");
    }
}

#[test]
fn the_plain_theme_writes_no_colour_and_still_marks_the_selected_row() {
    let mut desk = zoo_desk(ColorDepth::Mono);
    desk.press("jj");
    for keys in ["", "F", "<esc>?", "<esc>q"] {
        desk.press(keys);
        let buffer = desk.buffer();
        let plain = |cell: &Cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset);
        assert!(buffer.content().iter().all(plain), "{keys}");
    }
    desk.press("<esc>");
    let selected = reversed_rows(&desk.buffer());
    assert_eq!(selected.len(), 1, "{selected:?}");
}

/// Rows of which more than half is in reverse video within the list of tasks.
fn reversed_rows(buffer: &Buffer) -> Vec<u16> {
    let reversed = |x: u16, y: u16| {
        buffer.cell((x, y)).is_some_and(|cell| cell.modifier.contains(Modifier::REVERSED))
    };
    (0..buffer.area.height).filter(|&y| (1..60).all(|x| reversed(x, y))).collect()
}

#[test]
fn red_marks_only_what_a_person_must_look_at() {
    let desk = zoo_desk(ColorDepth::Sixteen);
    let buffer = desk.buffer();
    for (y, line) in desk.frame().lines().enumerate() {
        let y = u16::try_from(y).unwrap();
        let red = (1..40).any(|x| buffer.cell((x, y)).is_some_and(|cell| cell.fg == Color::Red));
        let list: String = line.chars().take(40).collect();
        let name = |i: usize| list.contains(&format!(" t{i} "));
        let calm = [0, 1, 2, 3, 4, 5, 7, 10, 11].into_iter().any(name);
        assert!(!(red && calm && line.starts_with('┃')), "{line}");
    }
}
