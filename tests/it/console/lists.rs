//! Lists and streams: marks, orders that stand still, searches, copies, and targets that stay
//! whose they were.

use bellwether::{
    engine::{Command, FailureKind},
    planning::plan::TaskIx,
    tui::{self, Effect, Msg, Popup, Screen},
};
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use super::{desk::Desk, hands::given};
use crate::support::plans::Dice;

fn commands(effects: &[Effect]) -> Vec<Command> {
    given(effects).into_iter().map(|(command, _)| command).collect()
}

fn control(desk: &mut Desk, c: char) -> Vec<Effect> {
    desk.key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL))
}

fn mouse(desk: &mut Desk, kind: MouseEventKind, (column, row): (u16, u16)) -> Vec<Effect> {
    let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
    tui::update(&mut desk.model, Msg::Mouse(event))
}

const CLICK: MouseEventKind = MouseEventKind::Down(MouseButton::Left);

/// The row of the frame in which a text stands.
fn row_of(desk: &Desk, text: &str) -> u16 {
    let frame = desk.frame();
    let row = frame.lines().position(|line| line.contains(text));
    u16::try_from(row.unwrap_or_else(|| unreachable!("{text} is not in sight:\n{frame}")))
        .expect("a frame of few rows")
}

/// What the day may do while a question is open: time, answers, other people's orders, a whole
/// snapshot, other sizes.
fn happen(desk: &mut Desk, dice: &mut Dice, minute: &mut u32) {
    match dice.below(5) {
        0 => {
            *minute += 1;
            let clock = format!("{:02}:{:02}:00", 11 + *minute / 60, *minute % 60);
            desk.until(&clock);
        }
        1 => {
            let run = Box::new(desk.engine.state().clone());
            tui::update(&mut desk.model, Msg::Snapshot(run));
        }
        2 => {
            let (w, h) = (80 + dice.below(60), 24 + dice.below(30));
            desk.resize((u16::try_from(w).expect("small"), u16::try_from(h).expect("small")));
        }
        3 => {
            let quote = desk.ix("quote_refresh");
            if desk.engine.state().task(quote).state.is_active() {
                desk.failed("quote_refresh", FailureKind::Transient, "no quotes");
            }
        }
        _tick => desk.tick(i64::from(*minute)),
    }
}

#[test]
fn a_question_asked_about_a_task_sends_an_order_about_that_task_or_none_whatever_happens_meanwhile()
{
    let mut sent = 0;
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let mut desk = Desk::midday((120, 40));
        let names = ["attribution", "daily_report", "close_out_check", "hedge_adjust"];
        let name = names[usize::try_from(dice.below(4)).unwrap()];
        desk.select(name);
        // The list is in another order and with another filter before each question.
        let sort =
            ["ss", "sn", "st", "sx", "so", "sg", "S"][usize::try_from(dice.below(7)).unwrap()];
        desk.press(sort);
        let target = desk.ix(name);
        assert_eq!(desk.model.selected_task(), Some(target), "sorting moved the cursor");
        desk.press("c");
        assert!(!desk.model.popups().is_empty(), "{}", desk.frame());
        let mut minute = 0;
        for _ in 0..25 {
            happen(&mut desk, &mut dice, &mut minute);
        }
        let mut orders = Vec::new();
        for keys in ["<tab>", "<enter>", "<tab>", "why not", "<s-tab>", "<enter>"] {
            orders.extend(commands(&desk.press(keys)));
        }
        orders.extend(commands(&desk.after(3_500)));
        sent += orders.len();
        let other = orders.iter().find(|order| order.task() != Some(target));
        assert_eq!(other, None, "asked about {name}");
    }
    assert!(sent >= 20, "hardly anything was sent: {sent}");
}

#[test]
fn marks_are_tasks_not_rows_and_acts_are_meant_for_them() {
    let mut desk = Desk::midday((120, 40));
    desk.select("hedge_adjust");
    desk.press(" ");
    desk.select("daily_report");
    desk.press(" ");
    let mut marked = vec![desk.ix("hedge_adjust"), desk.ix("daily_report")];
    marked.sort_unstable();
    assert_eq!(desk.model.command_targets(), marked);
    assert!(desk.frame().contains("2 marked"), "{}", desk.frame());
    desk.press("sn");
    desk.press("/state:running<enter>");
    assert_eq!(desk.model.command_targets(), marked, "an order or a filter changed what is marked");
    assert!(desk.frame().contains("not shown"), "{}", desk.frame());
    // Out step by step: the filter, then the marks.
    desk.press("<esc>");
    assert_eq!(desk.model.command_targets(), marked);
    desk.press("<esc>");
    assert_eq!(desk.model.command_targets(), [], "the filter hid the selected task");
    desk.press("j");
    assert_eq!(desk.model.command_targets().len(), 1, "without marks the cursor is meant");
}

#[test]
fn the_order_stands_still_while_something_is_marked() {
    let mut desk = Desk::midday((120, 40));
    desk.select("order_status_sync");
    desk.press(" ");
    let frozen = task_rows(&desk);
    assert!(desk.frame().contains("sorting is locked"), "{}", desk.frame());
    desk.until("11:30:00");
    assert_eq!(task_rows(&desk), frozen);
    control(&mut desk, '4');
    assert!(!desk.frame().contains("order frozen"), "{}", desk.frame());
}

/// The names of the tasks in the order in which they are shown.
fn task_rows(desk: &Desk) -> Vec<TaskIx> {
    let frame = desk.frame();
    let rows = frame.lines().filter_map(|line| {
        let names = desk.engine.state().plan().tasks.iter().enumerate();
        let mut found = names.filter(|(_, task)| {
            line.chars().take(40).collect::<String>().contains(task.id.as_str())
        });
        found.next().map(|(ix, _)| TaskIx::new(ix))
    });
    rows.collect()
}

#[test]
fn after_a_filter_is_taken_off_n_walks_from_match_to_match_in_lists_and_streams() {
    let mut desk = Desk::midday((120, 40));
    desk.press("2/agent:trade*<enter><esc>g");
    let mut seen = Vec::new();
    for _ in 0..3 {
        desk.press("n");
        seen.push(desk.model.selected_task().expect("a match"));
    }
    let plan = desk.engine.state().plan().clone();
    let trades = plan.find_agent("trade_execution").unwrap();
    assert!(seen.iter().all(|ix| plan.task(*ix).agent == trades), "{seen:?}");
    desk.press("N");
    assert_eq!(desk.model.selected_task(), Some(seen[1]));
    desk.press("5/kind:task_failed<enter><esc>gn");
    assert!(desk.frame().lines().any(|line| line.contains("TASK_FAILED")), "{}", desk.frame());
    desk.press("n");
    assert!(desk.frame().contains("no later match of kind:task_failed"), "{}", desk.frame());
}

#[test]
fn an_event_opens_with_its_fields_its_like_and_from_there_its_task() {
    let mut desk = Desk::midday((120, 40));
    desk.press("5gE");
    desk.press("e<enter>");
    let Screen::Event(seq) = desk.model.screen() else { unreachable!("{}", desk.frame()) };
    assert!(desk.frame().contains("fields") && desk.frame().contains("what belongs to"));
    desk.press("J");
    assert!(desk.frame().contains("\"seq\":"), "{}", desk.frame());
    desk.press("O");
    assert!(matches!(desk.model.screen(), Screen::Event(next) if next < seq), "{}", desk.frame());
    desk.press("o<enter>");
    assert!(matches!(desk.model.screen(), Screen::Task(_)), "{}", desk.frame());
    desk.press("<esc>");
    assert_eq!(desk.model.screen(), Screen::Event(seq), "back is where one came from");
}

#[test]
fn a_mark_in_a_stream_has_a_name_a_time_and_an_operator_and_can_be_gone_to() {
    let mut desk = Desk::midday((120, 40));
    desk.press("5gjjm");
    assert!(desk.frame().contains("mark m1 · 10:42:07 · ana"), "{}", desk.frame());
    desk.press("G'<enter>");
    desk.press("<enter>");
    let Screen::Event(seq) = desk.model.screen() else { unreachable!("{}", desk.frame()) };
    assert_eq!(seq, 3, "the marked line is the third");
}

#[test]
fn clearing_a_stream_hides_and_never_loses() {
    let mut desk = Desk::midday((120, 40));
    desk.press("5");
    let before = desk.frame();
    desk.press("C");
    assert!(desk.frame().contains("events 0 of"), "{}", desk.frame());
    desk.press("C");
    // In the list, that is: the last loud event over the footer gives way to what the key says.
    let told = |frame: &str| {
        let listed = |line: &&str| line.starts_with('\u{2503}') && line.contains("TASK_");
        frame.lines().filter(listed).count()
    };
    assert!(told(&before) > 0, "{before}");
    assert_eq!(told(&desk.frame()), told(&before));
    desk.press("C");
    desk.until("10:45:00");
    assert!(!desk.frame().contains("TASK_FAILED"), "{}", desk.frame());
}

#[test]
fn a_filter_shows_while_it_is_typed_and_escape_brings_the_one_before_back() {
    let mut desk = Desk::midday((120, 40));
    desk.press("/hedge<enter>/");
    desk.press(" !adjust");
    assert!(desk.frame().contains("tasks 0 of 14"), "{}", desk.frame());
    desk.press("<esc>");
    assert!(desk.frame().contains("tasks 1 of 14"), "{}", desk.frame());
    desk.press("<esc>/stae:failed ");
    assert!(desk.frame().contains("stae:failed`"), "the fault is named:\n{}", desk.frame());
    desk.press("<enter>");
    assert_eq!(desk.model.popups().len(), 1, "what makes no sense is not taken");
    desk.press("<c-c>/sta<tab>");
    let Some(Popup::Filter(prompt)) = desk.model.popups().last() else { unreachable!("closed") };
    assert_eq!(prompt.field.text(), "state:");
}

#[test]
fn a_filter_is_saved_under_a_name_and_found_again() {
    let mut desk = Desk::midday((120, 40));
    desk.press("/state:failed<enter>");
    let effects = desk.press(":save bad ones<enter>");
    let [Effect::SaveFilters(filters)] = effects.as_slice() else { unreachable!("{effects:?}") };
    assert!(filters.to_json_text().contains("bad ones"), "{}", filters.to_json_text());
    desk.press("<esc>");
    assert!(desk.frame().contains("tasks 14 of 14"), "{}", desk.frame());
    control(&mut desk, 'f');
    assert!(desk.frame().contains("bad ones  state:failed"), "{}", desk.frame());
    desk.press("<enter>");
    assert!(desk.frame().contains("filter: state:failed"), "{}", desk.frame());
}

#[test]
fn rows_are_copied_by_name_and_as_json_and_exported_as_they_are_filtered() {
    let mut desk = Desk::midday((120, 40));
    desk.select("hedge_adjust");
    assert_eq!(desk.press("y"), [Effect::Copy("hedge_adjust".into())]);
    let [Effect::Copy(json)] = &desk.press("Y")[..] else { unreachable!("no copy") };
    assert!(json.contains("\"task\":\"hedge_adjust\""), "{json}");
    desk.press("/agent:trade*<enter>");
    assert_eq!(control(&mut desk, 's'), []);
    assert!(desk.frame().contains("NDJSON"), "the letters stand in the footer:\n{}", desk.frame());
    let [Effect::Export { name, text }] = &desk.press("c")[..] else { unreachable!("no export") };
    assert!(name.starts_with("tasks-") && name.rsplit('.').next() == Some("csv"), "{name}");
    assert!(text.starts_with("task,state,stage,agent,"), "{text}");
    assert_eq!(text.lines().count(), 1 + 4, "the four tasks of that agent:\n{text}");
    desk.press("5");
    control(&mut desk, 's');
    let [Effect::Export { text, .. }] = &desk.press("n")[..] else { unreachable!("no export") };
    assert!(text.lines().all(|line| line.starts_with('{') && line.ends_with('}')));
}

#[test]
fn a_letter_that_is_no_column_sorts_nothing_and_does_nothing_else() {
    let mut desk = Desk::midday((120, 40));
    desk.select("hedge_adjust");
    let before = task_rows(&desk);
    for key in ["q", "c", "F", "R", "<esc>"] {
        assert_eq!(desk.press(&format!("s{key}")), []);
        assert!(desk.model.popups().is_empty(), "s{key} opened something");
        assert_eq!(task_rows(&desk), before);
    }
}

#[test]
fn moments_are_written_in_four_ways_and_the_header_says_which() {
    let mut desk = Desk::midday((120, 40));
    desk.press("5");
    let mut heads = Vec::new();
    for _ in 0..4 {
        let frame = desk.frame();
        let clock = ["10:42:07 ET, ago", "10:42:07 ET", "15:42:07 UTC"];
        let clock = clock.into_iter().find(|clock| frame.contains(clock));
        heads.push(clock.unwrap_or("none"));
        desk.press("t");
    }
    assert_eq!(heads, ["10:42:07 ET", "15:42:07 UTC", "15:42:07 UTC", "10:42:07 ET, ago"]);
}

#[test]
fn bars_show_how_many_events_came_when_and_give_way_where_there_is_no_room() {
    let mut desk = Desk::midday((120, 40));
    desk.press("5i");
    assert!(desk.frame().contains("10 s a column"), "{}", desk.frame());
    desk.press("Z");
    assert!(desk.frame().contains("30 s a column"), "{}", desk.frame());
    desk.resize((60, 15));
    assert!(!desk.frame().contains("a column"), "{}", desk.frame());
    desk.resize((120, 40));
    desk.press("i");
    assert!(!desk.frame().contains("a column"), "{}", desk.frame());
}

#[test]
fn neighbours_of_a_match_are_shown_with_it() {
    let mut desk = Desk::midday((120, 40));
    desk.press("5/kind:task_failed<enter>");
    assert_eq!(desk.frame().lines().filter(|line| line.contains("┃10:")).count(), 1);
    desk.press(":ctx 3<enter>");
    let frame = desk.frame();
    let lines = frame.lines().filter(|line| line.contains("┃10:") || line.contains("┃09:"));
    assert_eq!(lines.count(), 1 + 6, "{frame}");
    assert!(frame.contains("events 1 of") && frame.contains("3 around"), "{frame}");
}

#[test]
fn a_click_selects_the_row_under_it_and_the_wheel_scrolls_the_pane_under_it() {
    let mut desk = Desk::midday((120, 40));
    for name in ["quote_refresh", "daily_report", "hedge_adjust"] {
        let row = row_of(&desk, name);
        mouse(&mut desk, CLICK, (20, row));
        assert_eq!(desk.model.selected_task(), Some(desk.ix(name)), "{}", desk.frame());
    }
    let cursor = desk.model.selected_task();
    let row = row_of(&desk, "┏") + 4;
    mouse(&mut desk, MouseEventKind::ScrollUp, (100, row));
    assert!(desk.frame().contains("f follows"), "the events left their end:\n{}", desk.frame());
    let row = row_of(&desk, "hedge_adjust");
    mouse(&mut desk, CLICK, (20, row));
    assert_eq!(desk.model.selected_task(), cursor);
}

#[test]
fn no_mouse_and_no_paste_ever_sends_an_order() {
    let kinds = [
        CLICK,
        MouseEventKind::Down(MouseButton::Right),
        MouseEventKind::Up(MouseButton::Left),
        MouseEventKind::Drag(MouseButton::Left),
        MouseEventKind::ScrollDown,
        MouseEventKind::ScrollUp,
        MouseEventKind::Moved,
    ];
    for seed in 0..20 {
        let mut dice = Dice(seed);
        let mut desk = Desk::midday((120, 40));
        desk.select("hedge_adjust");
        // Over lists, over each question, over a prompt.
        let under = ["", "F", "R", "c", "q", "/", ":", "p", "s", "5", "6", "4", "Q"];
        desk.press(under[usize::try_from(dice.below(13)).unwrap()]);
        for _ in 0..300 {
            let at = [130, 50].map(|most| u16::try_from(dice.below(most)).unwrap());
            let kind = kinds[usize::try_from(dice.below(7)).unwrap()];
            let mut effects = mouse(&mut desk, kind, (at[0], at[1]));
            if dice.chance(20) {
                let text = ["y\r\n", "!!", "force hedge\n\n", "\u{1b}[A\r", ":halt\r", "\u{3}"];
                let text = text[usize::try_from(dice.below(6)).unwrap()];
                effects.extend(tui::update(&mut desk.model, Msg::Paste(text.into())));
            }
            assert!(effects.is_empty(), "{effects:?}");
            desk.frame();
        }
    }
}

#[test]
fn a_stream_that_wraps_unfolds_or_has_marks_is_drawn_at_every_size() {
    let mut desk = Desk::midday((120, 40));
    desk.press("5gjjmi");
    for keys in ["w", "J", "w", "v", "/task<enter>"] {
        desk.press(keys);
        for size in [(1, 1), (40, 10), (60, 15), (80, 24), (120, 40), (200, 50)] {
            desk.resize(size);
            desk.frame();
        }
    }
    assert_eq!(commands(&desk.press("GGgg")), Vec::<Command>::new());
}
