//! Approving a part of a plan at the console, down to the orders that the desk sends.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test whose setting fails has failed")]

use std::sync::Arc;

use bellwether::{
    desk::{market::Dataset, trading::trade_plan::TradePlan},
    engine::{AttemptOutcome, Command, EngineInput, TaskResult, TaskState, control::GuardLevel},
    planning::workflow::EffectClass,
    tui::{ColorDepth, DialogFocus, Popup},
    view::command_text,
};
use chrono::TimeDelta;

use super::desk::Desk;
use crate::support::desk_day::DeskDay;

/// A real day at the moment at which its first plan is asked about, and a console over it.
struct Asking {
    day: DeskDay,
    desk: Desk,
    plan: TradePlan,
}

impl Asking {
    fn at(size: (u16, u16)) -> Self {
        let mut day = DeskDay::new("2018-12-19", &Arc::new(Dataset::bundled()));
        let at = day.plan.open + TimeDelta::minutes(5);
        day.run_until(at);
        let plan = day.desk.trade_plans().last().unwrap().0.clone();
        let mut desk = Desk::new((*day.plan).clone(), size, ColorDepth::Sixteen);
        let asks = desk.ix("approve_trades");
        while desk.engine.state().task(asks).state != TaskState::Running {
            let state = desk.engine.state();
            let works = |ix| day.plan.task(ix).effect != EffectClass::Human;
            let busy = state.tasks().find(|(ix, t)| t.state == TaskState::Running && works(*ix));
            let step = if let Some((task, attempt)) = busy.map(|(ix, task)| (ix, task.attempt)) {
                let found = day.outcomes.get(&day.plan.task(task).id).cloned();
                let answer = AttemptOutcome::Completed(
                    found.unwrap_or_else(|| TaskResult::without_data("fine")),
                );
                desk.engine.step(desk.now, EngineInput::AttemptEnded { task, attempt, answer })
            } else {
                desk.now = desk.engine.next_wake().expect("it asks one day").max(desk.now);
                desk.engine.step(desk.now, EngineInput::Tick)
            };
            desk.told(step);
        }
        desk.tick(0);
        assert!(plan.orders.len() > 2, "{}", plan.orders.len());
        Self { day, desk, plan }
    }

    /// Opens the question.
    fn open(&mut self) {
        self.desk.press("a");
        assert!(matches!(self.desk.model.popups(), [Popup::Command(_)]), "{}", self.desk.frame());
    }

    /// Presses until the order at hand is the one with this number.
    fn to(&mut self, number: u32) {
        for _ in 0..40 {
            let wanted = format!("{number:>3} ");
            let [Popup::Command(dialog)] = self.desk.model.popups() else { panic!("no dialog") };
            if let DialogFocus::Item(at) = dialog.spot
                && dialog.items[at].text.starts_with(&wanted)
            {
                return;
            }
            self.desk.press("<tab>");
        }
        panic!("no order {number}: {}", self.desk.frame());
    }

    /// To the reason, a reason, to the button, and it: what reaches the engine.
    fn agree(&mut self) -> Vec<Command> {
        for _ in 0..40 {
            let [Popup::Command(dialog)] = self.desk.model.popups() else { panic!("no dialog") };
            if dialog.spot == DialogFocus::Reason {
                break;
            }
            self.desk.press("<s-tab>");
        }
        self.desk.obeyed("as discussed<tab><tab><tab><enter>")
    }

    /// What the desk sends on the answer: number and shares.
    fn sent(&mut self) -> Vec<(u32, i64)> {
        let asks = self.desk.ix("approve_trades");
        let outcome = self.desk.engine.state().task(asks).outcome.clone().unwrap();
        let id = self.day.plan.task(asks).id.clone();
        self.day.outcomes.insert(id, (*outcome).clone());
        let at = self.day.plan.open + TimeDelta::minutes(5);
        let answer = self.day.ask(self.day.request("execute_open", at)).answer;
        let AttemptOutcome::Completed(outcome) = answer else { panic!("{answer:?}") };
        let orders = self.day.desk.orders(at);
        let sent: Vec<_> =
            orders.iter().map(|o| (o.order.intent.intent_id, o.order.intent.qty)).collect();
        // What nobody approved is not told as ordered either.
        let ordered: i64 = sent.iter().map(|(_, shares)| shares).sum();
        assert_eq!(outcome.output["data"]["ordered"], ordered);
        sent
    }

    fn numbers(&self) -> Vec<u32> {
        self.plan.orders.iter().map(|intent| intent.intent_id).collect()
    }
}

#[test]
fn what_is_unticked_and_trimmed_at_the_console_is_what_the_desk_sends_and_no_more() {
    let mut asking = Asking::at((120, 40));
    let numbers = asking.numbers();
    let (out, trimmed) = (numbers[0], numbers[1]);
    let qty = asking.plan.intent(trimmed).unwrap().qty;
    asking.open();
    asking.to(out);
    asking.desk.press(" ");
    asking.to(trimmed);
    asking.desk.press("t2<enter>");
    let given = asking.agree();
    let [Command::Approve { terms, .. }] = given.as_slice() else { panic!("{given:?}") };
    let rest: Vec<u32> = numbers.iter().copied().filter(|number| *number != out).collect();
    assert_eq!(terms.only.as_ref().unwrap().iter().copied().collect::<Vec<_>>(), rest);
    assert_eq!(terms.trims, [(trimmed, 2)].into());
    assert_eq!(terms.of.as_ref().unwrap().plan, asking.plan.hash());
    let told = command_text::command_text(&given[0], asking.desk.engine.state().plan());
    let wanted = format!("{} of {} orders", rest.len(), numbers.len());
    assert!(told.contains(&wanted) && told.contains("trimmed to 2 shares"), "{told}");
    assert!(qty > 2);
    let expected: Vec<(u32, i64)> = asking
        .plan
        .orders
        .iter()
        .filter(|intent| intent.intent_id != out)
        .map(|intent| (intent.intent_id, if intent.intent_id == trimmed { 2 } else { intent.qty }))
        .collect();
    let mut sent = asking.sent();
    sent.sort_unstable();
    assert_eq!(sent, expected);
}

#[test]
fn all_ticked_and_untrimmed_is_an_approval_of_the_whole_plan_that_was_read_and_of_no_other() {
    let mut asking = Asking::at((120, 40));
    asking.open();
    let task = asking.desk.ix("approve_trades");
    // Left out and taken in again, trimmed and given back.
    asking.to(asking.numbers()[0]);
    asking.desk.press("  --++");
    let given = asking.agree();
    let [Command::Approve { task: of, terms }] = given.as_slice() else { panic!("{given:?}") };
    assert_eq!((*of, terms.covers_all()), (task, true));
    assert_eq!(terms.of.as_ref().unwrap().plan, asking.plan.hash());
    assert_eq!(asking.sent().len(), asking.plan.orders.len());
}

#[test]
fn with_no_order_ticked_nothing_can_be_approved_and_the_dialog_says_what_can() {
    let mut asking = Asking::at((120, 40));
    asking.open();
    for number in asking.numbers() {
        asking.to(number);
        asking.desk.press(" ");
    }
    assert!(asking.desk.frame().contains("reject instead"), "{}", asking.desk.frame());
    asking.desk.press("<s-tab>");
    while !matches!(asking.desk.model.popups(), [Popup::Command(it)]
        if it.spot == DialogFocus::Commit)
    {
        asking.desk.press("<s-tab>");
    }
    assert_eq!(asking.desk.given("<enter>"), []);
    let task = asking.desk.ix("approve_trades");
    assert_eq!(asking.desk.engine.state().task(task).state, TaskState::Running);
    assert_eq!(asking.desk.obeyed("<s-tab><enter>"), [Command::Reject { task }]);
}

#[test]
fn a_trim_is_fewer_shares_and_anything_else_typed_is_refused_with_what_may_be() {
    let mut asking = Asking::at((120, 40));
    let number = asking.numbers()[0];
    let qty = asking.plan.intent(number).unwrap().qty;
    asking.open();
    asking.to(number);
    for wrong in ["0", "-3", "x", &(qty + 1).to_string()] {
        asking.desk.press(&format!("t{wrong}<enter>"));
        let wanted = format!("can be trimmed to 1 to {qty} shares");
        assert!(asking.desk.frame().contains(&wanted), "{wrong}: {}", asking.desk.frame());
        asking.desk.press("<esc>");
    }
    // However often it is pressed, one share is left, and never more than was planned.
    asking.desk.press(&"-".repeat(30));
    let terms = |asking: &Asking| {
        let [Popup::Command(dialog)] = asking.desk.model.popups() else { panic!("no dialog") };
        let [Command::Approve { terms, .. }] = &dialog.selected_commands()[..] else {
            panic!("no yes")
        };
        terms.clone()
    };
    assert_eq!(terms(&asking).trims, [(number, 1)].into());
    asking.desk.press(&"+".repeat(30));
    assert!(terms(&asking).covers_all());
    // What is left out has no shares to trim.
    asking.desk.press(" -");
    assert!(asking.desk.frame().contains("tick it first"), "{}", asking.desk.frame());
    assert_eq!(terms(&asking).trims, [].into());
}

#[test]
fn a_plan_made_anew_under_an_open_dialog_is_not_approved_by_it() {
    let mut asking = Asking::at((120, 40));
    asking.open();
    let made = asking.desk.ix("validate_trades");
    let run = asking.desk.engine.state().clone();
    let mut outcome = (**run.task(made).outcome.as_ref().unwrap()).clone();
    let mut output = (*outcome.output).clone();
    output["data"]["plan_hash"] = "0a".repeat(32).into();
    outcome.output = Arc::new(output);
    asking.desk.order(Command::Rerun { task: made });
    let attempt = asking.desk.engine.state().task(made).attempt;
    let answer = AttemptOutcome::Completed(outcome);
    let step = asking
        .desk
        .engine
        .step(asking.desk.now, EngineInput::AttemptEnded { task: made, attempt, answer });
    asking.desk.told(step);
    assert_eq!(asking.agree(), []);
    assert!(asking.desk.frame().contains("about another plan now"), "{}", asking.desk.frame());
    let task = asking.desk.ix("approve_trades");
    assert_ne!(asking.desk.engine.state().task(task).state, TaskState::Completed);
}

#[test]
fn the_dialog_of_a_plan_shows_each_order_and_what_is_sent_before_and_after() {
    for (name, size) in [("parts_80x24", (80, 24)), ("parts_120x40", (120, 40))] {
        let mut asking = Asking::at(size);
        asking.open();
        let numbers = asking.numbers();
        asking.to(numbers[0]);
        asking.desk.press(" ");
        asking.to(numbers[1]);
        asking.desk.press("---");
        insta::assert_snapshot!(name, asking.desk.frame());
    }
}

#[test]
fn a_small_window_scrolls_each_order_into_sight() {
    for (size, guards) in [
        ((80, 24), GuardLevel::Live),
        ((80, 20), GuardLevel::Mode),
        ((40, 10), GuardLevel::Mode),
        ((40, 10), GuardLevel::Live),
    ] {
        let mut asking = Asking::at(size);
        asking.desk.guards = guards;
        asking.open();
        for number in asking.numbers() {
            asking.to(number);
            let frame = asking.desk.frame();
            assert!(frame.contains(&format!("] {number:>3} ")), "{number}: {frame}");
            assert!(frame.contains("Sends"), "{frame}");
        }
    }
}

#[test]
fn orders_that_were_not_in_sight_cannot_be_approved() {
    let mut asking = Asking::at((40, 10));
    asking.open();
    assert_eq!(asking.agree(), [], "{}", asking.desk.frame());
    assert!(asking.desk.frame().contains("read on"), "{}", asking.desk.frame());
    for _ in 0..60 {
        asking.desk.press("<pgdn>");
    }
    let given = asking.desk.obeyed("<enter>");
    assert!(matches!(given.as_slice(), [Command::Approve { .. }]), "{given:?}");
}

#[test]
fn an_approval_says_when_it_expires_and_counts_down() {
    let mut asking = Asking::at((120, 40));
    asking.open();
    let line = |asking: &Asking| {
        let frame = asking.desk.frame();
        let line = frame.lines().find(|line| line.contains("Expires")).map(str::to_owned);
        line.unwrap_or_else(|| panic!("no deadline: {frame}"))
    };
    let before = line(&asking);
    asking.desk.now += TimeDelta::seconds(61);
    asking.desk.tick(1);
    assert_ne!(before, line(&asking));
}
