//! The question with which a late day begins: what it shows, what its keys do, how it is left.

use bellwether::{
    engine::{
        CatchUpChoice,
        forecast::catch_up::{LateStart, late_start_of_new_run},
    },
    tui::{Effect, Model, Popup},
};

use super::desk::{Desk, et, plan, settings};

fn late() -> LateStart {
    let at = et("10:41:00");
    let mut plan = plan();
    // Its own window, so that something is excused that could still be had in full.
    plan.tasks[3].closes_at = et("07:00:00");
    late_start_of_new_run(&std::sync::Arc::new(plan), at).expect("it is late")
}

/// A console before a run that waits for an answer.
fn asked(size: (u16, u16)) -> Desk {
    let mut desk = Desk::new(plan(), size, tui::ColorDepth::Sixteen);
    desk.model = Model::new(settings(), et("10:41:00"), size);
    desk.model.open_late_start(late());
    desk
}

fn choice(desk: &Desk) -> Option<CatchUpChoice> {
    match desk.model.popups().last() {
        Some(Popup::LateStart(start)) => start.selected(),
        _other => None,
    }
}

#[test]
fn the_four_choices_at_80x24() {
    insta::assert_snapshot!(asked((80, 24)).frame());
}

#[test]
fn the_four_choices_at_120x40() {
    let mut desk = asked((120, 40));
    desk.press("3");
    insta::assert_snapshot!(desk.frame());
}

#[test]
fn keys_go_from_choice_to_choice_and_enter_begins_with_the_one_looked_at() {
    let mut desk = asked((80, 24));
    assert_eq!(choice(&desk), Some(late().recommended), "the recommended one comes first");
    let all = late().options.iter().map(|option| option.choice).collect::<Vec<_>>();
    for (key, place) in
        [("<right>", 1), ("<tab>", 2), ("<left>", 1), ("4", 3), ("<right>", 0), ("2", 1)]
    {
        desk.press(key);
        assert_eq!(choice(&desk), all.get(place).copied(), "{key}");
    }
    let frame = desk.frame();
    assert!(frame.contains(&format!("[{}]", all[1].as_str())), "told without a colour:\n{frame}");
    assert_eq!(desk.press("<enter>"), [Effect::ChooseCatchUp(all[1])]);
    assert!(desk.model.popups().is_empty());
}

#[test]
fn what_has_no_room_is_read_on() {
    let mut desk = asked((80, 24));
    desk.press("3");
    assert!(desk.frame().contains("more lines: j"), "{}", desk.frame());
    let before = desk.frame();
    desk.press("jjjjjjjjjjjjjjjjjjjjjjjjjjjjjj");
    assert_ne!(desk.frame(), before);
    assert!(!desk.frame().contains("more lines"), "{}", desk.frame());
    desk.press("kkkkkkkkkkkkkkkkkkkkkkkkkkkkkk");
    assert_eq!(desk.frame(), before);
}

#[test]
fn nobody_begins_the_day_by_accident_and_who_will_not_answer_may_leave() {
    for key in ["<esc>", "q", "<c-c>"] {
        let mut desk = asked((80, 24));
        assert_eq!(desk.press(key), [], "{key}");
        assert!(desk.frame().contains("leave the console"), "{key}: {}", desk.frame());
        assert_eq!(desk.press("<enter>"), [], "the first button goes back");
        assert!(choice(&desk).is_some(), "{key}: the question still stands");
        desk.press("<esc>");
        let effects = desk.press("<tab><enter>");
        assert!(matches!(effects.as_slice(), [Effect::Quit(_)]), "{key}: {effects:?}");
    }
}
