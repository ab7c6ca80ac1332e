//! What the evidence of a drilled kill proves, one line each.

use super::witness::{AfterRestart, DiskEvidence, Evidence};
use desk::trading::pretrade::CheckCode;
use engine::TradingState;
use store::DrillCheck;
use view::format::count_noun;

/// What must be so after a kill, and whether it was. What was never put to the test counts as failed.
#[must_use]
pub fn check_evidence(seen: &Evidence) -> Vec<DrillCheck> {
    vec![
        orders_blocked(seen),
        orders_withdrawn(seen),
        fills_booked(seen),
        sends_refused(seen),
        engine(&seen.known),
        audited(&seen.known),
        state_after_restart(&seen.restarted),
    ]
}

fn check(name: &str, (ok, told): (bool, String)) -> DrillCheck {
    DrillCheck { name: name.into(), ok, told }
}

fn count(n: usize, what: &str) -> String {
    count_noun(u64::try_from(n).unwrap_or(u64::MAX), what)
}

fn orders_blocked(seen: &Evidence) -> DrillCheck {
    let verdict = match (&seen.resting, &seen.unraised) {
        (None, _) => {
            (false, "no flag was raised: at no moment did orders rest and others fill".into())
        }
        (Some(_), Some(why)) => (false, format!("the flag could not be raised: {why}")),
        (Some(resting), None) => {
            let later = seen.sent.saturating_sub(resting.sent);
            let (sent, later_told) = (count(resting.sent, "order"), count(later, "order"));
            match &resting.answer {
                None => (false, "nobody answered the flag within 2 s".into()),
                Some(answer) if answer.state < TradingState::Killed => {
                    (false, format!("the flag was answered with {}", answer.state))
                }
                Some(_) if later > 0 => (false, format!("{later_told} sent after the flag")),
                Some(_) => (true, format!("{sent} sent before the flag, none after")),
            }
        }
    };
    check("sends_blocked", verdict)
}

fn orders_withdrawn(seen: &Evidence) -> DrillCheck {
    let rested = seen.resting.as_ref().map_or(0, |resting| resting.orders.len());
    let verdict = match &seen.left {
        Err(why) => (false, format!("what still rests cannot be told: {why}")),
        Ok(_) if rested == 0 => (false, "no order rested at the broker".into()),
        Ok(left) if left.is_empty() => {
            (true, format!("{} rested at the broker, none rests", count(rested, "order")))
        }
        Ok(left) => {
            let names: Vec<_> = left.iter().map(ToString::to_string).collect();
            (false, format!("{} may still fill: {}", count(left.len(), "order"), names.join(", ")))
        }
    };
    check("orders_withdrawn", verdict)
}

fn fills_booked(seen: &Evidence) -> DrillCheck {
    let verdict = match &seen.filled {
        Err(why) => (false, format!("what filled cannot be told: {why}")),
        Ok(filled) if filled.is_empty() => (false, "nothing had filled".into()),
        Ok(filled) if *filled == seen.booked => {
            (true, format!("{} at the broker, all in the desk's log", count(filled.len(), "fill")))
        }
        Ok(filled) => {
            let missing = filled.difference(&seen.booked).count();
            let strange = seen.booked.difference(filled).count();
            (
                false,
                format!(
                    "of {} {missing} not booked, and {strange} booked that the broker does not know",
                    count(filled.len(), "fill")
                ),
            )
        }
    };
    check("fills_booked", verdict)
}

fn sends_refused(seen: &Evidence) -> DrillCheck {
    let verdict = match &seen.attempt {
        Err(why) => (false, format!("no second order could be tried: {why}")),
        Ok(tried) if tried.sent > 0 || tried.at_broker > seen.sent => {
            (false, format!("a second order left, {}", count(usize::try_from(tried.sent).unwrap_or(0), "share")))
        }
        // An order with other faults would have stayed in without any kill.
        Ok(tried) if tried.against != [CheckCode::TradingState] => {
            (false, format!("a second order stayed in, but not for the trading state alone: {:?}", tried.against))
        }
        Ok(_) => (true, "a sound order for one share, sent after the kill, stays in for the trading state alone".into()),
    };
    check("second_send_refused", verdict)
}

fn engine(known: &DiskEvidence) -> DrillCheck {
    let told =
        format!("the journal adds up to {}, {} of it", known.state, count(known.events, "event"));
    check("engine_killed", (known.state == TradingState::Killed && known.events == 1, told))
}

fn audited(known: &DiskEvidence) -> DrillCheck {
    let verdict = match known.problems.first() {
        Some(problem) => (false, format!("the audit trail does not verify: {problem}")),
        None => (
            known.entries == 1,
            format!("{} of it, and the trail verifies", count(known.entries, "audit entry")),
        ),
    };
    check("audited", verdict)
}

fn state_after_restart(then: &AfterRestart) -> DrillCheck {
    let AfterRestart { flag, state, begun, sent } = *then;
    let killed = flag == TradingState::Killed && state == TradingState::Killed;
    let told = format!(
        "after a restart the flag asks for {flag}, the next day is {state}, {} begun, {} sent",
        count(begun, "task"),
        count(sent, "order")
    );
    check("outlives_restart", (killed && begun == 0 && sent == 0, told))
}
