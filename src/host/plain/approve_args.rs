//! An approval in words: `approve TASK --only 1,2 --trim 2=50 REASON`, checked against the plan asked about.

use super::verbs::{split_word, task};
use diag::quote;
use engine::{ApprovalTerms, Command, RunState, TaskState};
use view::partial_approval;

/// Reads a task and for which part of its orders the yes is; the reason is left.
///
/// # Errors
///
/// In words: what is no number, and what does not fit the plan.
pub(super) fn parse_approve<'a>(
    run: &RunState,
    text: &'a str,
) -> Result<(Command, &'a str), String> {
    let (name, mut rest) = split_word(text);
    let task = task(run, name)?;
    let mut wanted = ApprovalTerms::default();
    while rest.starts_with("--") {
        let (word, after) = split_word(rest);
        let (option, joined) = word.split_once('=').map_or((word, None), |(o, v)| (o, Some(v)));
        if option == "--reason" {
            let whole = rest.split_once('=').filter(|_| joined.is_some());
            rest = whole.map_or(after, |(_, why)| why.trim());
            break;
        }
        if !["--only", "--trim"].contains(&option) {
            return Err(format!("{} says nothing here: --only, --trim or --reason", quote(option)));
        }
        let (value, after) = joined.map_or_else(|| split_word(after), |value| (value, after));
        if option == "--only" {
            only(&mut wanted, value)?;
        } else {
            trim(&mut wanted, value)?;
        }
        rest = after;
    }
    // What asks nobody is refused by the engine, in its words.
    let asks = run.is_human_task(task) && run.task(task).state == TaskState::Running;
    let terms = match partial_approval::orders_for_approval(run, task) {
        Some(asked) if asks => asked.approval_terms(wanted)?,
        None if asks && !wanted.is_empty() => {
            let text = "asks about no orders by number: approve or reject all of it";
            return Err(format!("{name} {text}"));
        }
        Some(_) | None => wanted,
    };
    Ok((Command::Approve { task, terms }, rest))
}

fn only(terms: &mut ApprovalTerms, list: &str) -> Result<(), String> {
    let numbers = terms.only.get_or_insert_default();
    for word in list.split(',') {
        numbers.insert(number(word).ok_or_else(|| no_number(word, "--only 1,2"))?);
    }
    Ok(())
}

fn trim(terms: &mut ApprovalTerms, list: &str) -> Result<(), String> {
    for word in list.split(',') {
        let wrong = || no_number(word, "--trim 2=50 for 50 shares of order 2");
        let (order, shares) = word.split_once('=').ok_or_else(wrong)?;
        let order = number(order).ok_or_else(wrong)?;
        let shares = shares.parse().map_err(|_error| wrong())?;
        if terms.trims.insert(order, shares).is_some() {
            return Err(format!("order #{order} is trimmed twice"));
        }
    }
    Ok(())
}

/// The number of an order: `3` or `#3`.
fn number(word: &str) -> Option<u32> {
    word.strip_prefix('#').unwrap_or(word).parse().ok()
}

fn no_number(word: &str, example: &str) -> String {
    format!("{} does not name orders: {example}", quote(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use engine::{AttemptOutcome, ReviewedPlan, TaskResult};
    use planning::{plan::TaskIx, workflow::EffectClass};
    use testkit::sample::{self, SampleRun, with_dependencies};

    /// A day whose second task asks about the orders 1, 2 and 4 that the first one checked.
    fn asking() -> SampleRun {
        let mut asks = with_dependencies(sample::task("asks", 2), &[0]);
        asks.effect = EffectClass::Human;
        let mut day =
            SampleRun::start(sample::sample_plan(vec![sample::task("checks", 2), asks]), "10:30");
        let order = |number: u32, qty: i64| {
            json!({
                "intent_id": number, "symbol": "AAA", "side": "buy", "qty": qty, "ref_px": "10",
                "notional": qty * 10, "w_now": null, "w_after": null, "adds_risk": true,
                "gate": "pass", "why": "",
            })
        };
        let data = json!({
            "plan_hash": "0a", "orders": [order(1, 100), order(2, 400), order(4, 50)],
            "totals": { "orders": 3, "notional": 5500, "turnover_one_way": 0.1, "risk_adding": 3 },
            "approval": { "large_orders": false },
        });
        let output = std::sync::Arc::new(json!({ "data": data }));
        day.end_attempt(
            "10:31",
            0,
            AttemptOutcome::Completed(TaskResult {
                output,
                ..TaskResult::without_data("3 orders")
            }),
        );
        day
    }

    #[test]
    fn an_approval_in_words_is_for_all_of_it_or_for_the_orders_it_names() {
        let day = asking();
        let (run, task) = (day.run(), TaskIx(1));
        let read = |text| parse_approve(run, text).unwrap();
        let of = || Some(ReviewedPlan { plan: "0a".into(), orders: 3 });
        let whole = || Command::Approve {
            task,
            terms: ApprovalTerms { of: of(), ..ApprovalTerms::default() },
        };
        assert_eq!(read("asks as agreed"), (whole(), "as agreed"));
        for text in [
            "asks --only 1,2 --trim 2=50 as agreed",
            "asks --trim=2=50 --only=#1 --only=#2 as agreed",
            "asks --only 2,1 --trim 2=50 --reason as agreed",
            "asks --only 2,1 --trim #2=50 --reason=as agreed",
        ] {
            let (command, reason) = read(text);
            let Command::Approve { terms, .. } = &command else { unreachable!("{command:?}") };
            assert_eq!(terms.only, Some([1, 2].into()), "{text}");
            assert_eq!((&terms.trims, reason), (&[(2, 50)].into(), "as agreed"), "{text}");
            assert_eq!(terms.of, of());
        }
        assert_eq!(read("asks --only 1,2,4 all of them").0, whole());
    }

    #[test]
    fn what_names_no_order_or_does_not_fit_the_plan_is_told_and_nothing_is_approved() {
        let day = asking();
        let why = |text| parse_approve(day.run(), text).unwrap_err();
        for (text, told) in [
            ("asks --only x", "`x` does not name orders: --only 1,2"),
            ("asks --only", "does not name orders"),
            ("asks --only 1,", "does not name orders"),
            ("asks --only -1", "`-1` does not name orders"),
            ("asks --only 3", "the plan has no order #3: it has #1, #2, #4"),
            ("asks --trim 2", "`2` does not name orders: --trim 2=50"),
            ("asks --trim 2=x", "`2=x` does not name orders"),
            ("asks --trim 2=0", "cannot be trimmed to 0 shares"),
            ("asks --trim 2=401", "order #2 is for 400 shares: a trim only reduces"),
            ("asks --trim 2=5,2=6", "order #2 is trimmed twice"),
            ("asks --only 1 --trim 2=5", "order #2 is trimmed and left out"),
            ("asks --all", "`--all` says nothing here"),
            ("nobody --only 1", "no task is called `nobody`"),
        ] {
            assert!(why(text).contains(told), "{text}: {}", why(text));
        }
    }
}
