//! Entries of the audit trail as rows: who did or decided what, and what came of it.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{command_text, filter::FilterRecord, format};
use audit::AuditEntry;
use engine::{Event, RecordedEvent};
use planning::plan::DayPlan;

/// One entry as a row. Texts from outside are already made safe, but those of the entry itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number in the trail.
    pub seq: u64,
    /// What people call it: `A-192`.
    pub name: String,
    pub at: DateTime<Utc>,
    pub who: String,
    /// What: `retry risk_check`, `gate verdict order S1812191-8153f0-1`.
    pub what: String,
    /// Why, as they said; empty when they said nothing.
    pub why: String,
    /// What came of it: `done`, or `refused: …`; of a decision, how things stand after it.
    pub result: String,
    /// True if a person or a policy asked for it, rather than the machine decided it.
    pub act: bool,
    pub entry: AuditEntry,
}

impl AuditRow {
    /// As the filter of the list sees it; `texts` is where the texts are put together.
    #[must_use]
    pub fn filter_record<'a>(&'a self, texts: &'a [&'a str]) -> FilterRecord<'a> {
        FilterRecord { texts, at: Some(self.at), ..FilterRecord::default() }
    }

    /// Returns whether it was asked for and refused.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.act && self.result.starts_with("refused")
    }
}

/// An entry as a row. `recorded` is the event it was made of.
#[must_use]
pub fn audit_row(entry: AuditEntry, recorded: &RecordedEvent, plan: &DayPlan) -> AuditRow {
    let asked = act(&recorded.event, plan);
    let asks = asked.is_some();
    let (what, result) = asked.unwrap_or_else(|| {
        let (what, stands) = (decided(&entry), state_line(&entry));
        (format::sanitize(&what).into_owned(), format::sanitize(&stands).into_owned())
    });
    // A refusal's reason is the engine's, and stands in its result already.
    let refused = matches!(recorded.event, Event::CommandRefused { .. });
    let why = entry.act.reason.as_deref().filter(|_| !refused).unwrap_or_default();
    AuditRow {
        seq: entry.seq,
        name: format!("A-{}", entry.seq),
        at: entry.act.ts_utc,
        who: format::sanitize(&entry.act.actor).into_owned(),
        what,
        why: format::sanitize(why).into_owned(),
        result,
        act: asks,
        entry,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other event is no command of an operator"
)]
fn act(event: &Event, plan: &DayPlan) -> Option<(String, String)> {
    match event {
        Event::CommandAccepted { command, .. } => {
            Some((command_text::command_text(command, plan), "done".into()))
        }
        Event::CommandRefused { command, refusal, .. } => {
            let result = format!("refused: {}", format::sanitize(&refusal.to_string()));
            Some((command_text::command_text(command, plan), result))
        }
        _no_act => None,
    }
}

/// Returns an entry in words, as far as the entry alone tells: who, what, the state before and after, why.
#[must_use]
pub fn entry_text(entry: &AuditEntry) -> String {
    let act = &entry.act;
    let after = act.after.as_ref();
    let command = after.and_then(|after| after.get("command")).or(after);
    let verb = command.and_then(|command| command.get("verb")?.as_str());
    let what = match (verb, act.subject.strip_prefix("task ").unwrap_or(&act.subject)) {
        (Some(verb), "run") if verb.ends_with("run") => verb.to_owned(),
        (Some(verb), subject) => format!("{verb} {subject}"),
        (None, _) => decided(entry),
    };
    let mut text = format!("{}: {what}", act.actor);
    let parts = [
        ("", if verb.is_some() { arguments(entry) } else { state_line(entry) }),
        ("was ", act.before.as_ref().map_or_else(String::new, value_text)),
        ("why: ", act.reason.clone().unwrap_or_default()),
        ("caused by event ", act.cause_seq.map_or_else(String::new, |seq| seq.to_string())),
    ];
    for (label, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
        text = format!("{text}; {label}{part}");
    }
    format::sanitize(&text).into_owned()
}

/// Returns the arguments of a command besides its target, and what else its entry tells.
fn arguments(entry: &AuditEntry) -> String {
    let mut after = entry.act.after.clone().unwrap_or_default();
    let fields = after.as_object_mut().and_then(|after| {
        after.remove("id");
        after.get_mut("command").and_then(Value::as_object_mut)
    });
    let mut parts = Vec::new();
    if let Some(command) = fields {
        command.retain(|name, _| !matches!(name.as_str(), "verb" | "task" | "stage"));
        parts.push(value_text(&Value::Object(std::mem::take(command))));
    }
    if let Some(after) = after.as_object_mut() {
        after.remove("command");
    }
    parts.push(value_text(&after));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// Returns what was decided, about what: `risk_check retrying`, `stage intraday completed`.
fn decided(entry: &AuditEntry) -> String {
    let (kind, subject) = (entry.act.kind.replace('_', " "), entry.act.subject.as_str());
    let noun = subject.split(' ').next().unwrap_or_default();
    match kind.strip_prefix(noun).and_then(|rest| rest.strip_prefix(' ')) {
        Some(verb) => format!("{} {verb}", subject.strip_prefix("task ").unwrap_or(subject)),
        None if subject == "run" => kind,
        None => format!("{kind} {subject}"),
    }
}

/// Returns how things stand after an entry, in a line.
fn state_line(entry: &AuditEntry) -> String {
    let Some(after) = &entry.act.after else { return String::new() };
    if let Some(what) = after.get("what") {
        return order(what);
    }
    value_text(after)
}

/// Returns a JSON value in words: fields as `name value`, the state first; hashes are left out.
fn value_text(value: &Value) -> String {
    let Some(fields) = value.as_object() else { return plain(value) };
    let left_out =
        |name: &str| name.ends_with("_sha256") || name.ends_with("_hash") || name == "verb";
    let told = fields.iter().filter(|(name, value)| !left_out(name) && !value.is_null());
    let (state, rest): (Vec<_>, Vec<_>) = told.partition(|(name, _)| *name == "state");
    let state = state.into_iter().map(|(_, value)| plain(value));
    let rest = rest.into_iter().map(|(name, value)| format!("{name} {}", plain(value)));
    state.chain(rest).collect::<Vec<_>>().join(", ")
}

/// Returns a JSON value without quotes, braces and brackets.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" + "),
        Value::Object(_) => format!("({})", value_text(value)),
        Value::Null => "none".into(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// Returns what the gate said of an order, or where it stands.
fn order(what: &Value) -> String {
    let codes = ["violations", "checks"].into_iter().find_map(|name| what.get(name)?.as_array());
    let word = |name: &str| {
        let value = what.get(name).filter(|value| !value.is_null())?;
        Some(format!("{name} {}", plain(value)))
    };
    let mut told: Vec<String> = match codes.map(Vec::as_slice) {
        Some([]) => vec!["passed".into()],
        Some(codes) => {
            let code = |one: &Value| one.get("code")?.as_str().map(str::to_owned);
            vec![format!(
                "objected: {}",
                codes.iter().filter_map(code).collect::<Vec<_>>().join(", ")
            )]
        }
        None => Vec::new(),
    };
    let rest = ["sent_qty", "held_back", "state", "filled", "leaves", "until", "outcome"];
    told.extend(rest.into_iter().filter_map(word));
    told.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use audit::{TrailBuilder, TrailOpening};
    use engine::{Command, RunState};
    use planning::plan::TaskIx;
    use testkit::sample::{self, SampleRun, task};

    fn rows(day: &SampleRun) -> Vec<AuditRow> {
        let mut ledger = TrailBuilder::new(TrailOpening::after(None));
        let mut run: Option<RunState> = None;
        let mut rows = Vec::new();
        for recorded in &day.events {
            let entries = ledger.event(run.as_ref(), recorded);
            let plan = day.run().plan();
            rows.extend(entries.into_iter().map(|entry| audit_row(entry, recorded, plan)));
            match &mut run {
                Some(run) => run.apply(recorded).unwrap(),
                none => *none = Some(RunState::from_first_event(recorded).unwrap()),
            }
        }
        rows
    }

    #[test]
    fn who_asked_for_what_why_and_what_came_of_it() {
        let mut day = SampleRun::start(sample::sample_plan(vec![task("a", 2)]), "10:30");
        day.order("10:31", Command::Cancel { task: TaskIx(0) }, "wrong\u{1b}[2J data");
        day.order("10:32", Command::Release { task: TaskIx(0) }, "back");
        day.end_attempt("10:33", 0, sample::failed(engine::FailureKind::Cancelled, "stopped"));
        let alert = day.run().alerts().keys().next().copied();
        if let Some(alert) = alert {
            day.order("10:34", Command::Acknowledge { alert }, "seen");
        }
        let line = |r: AuditRow| {
            format!(
                "{} | {} | {} | {} | {}",
                format::format_time(r.at),
                r.who,
                r.what,
                r.why,
                r.result
            )
        };
        let told: Vec<_> = rows(&day).into_iter().map(line).collect();
        insta::assert_snapshot!(told.join("\n"), @"
        10:30:00 | engine | trail opened |  | program 0.2.0, rules 2
        10:30:00 | engine | workflow started |  | day regular session
        10:30:00 | engine | stage pre_market completed |  | issues 0, status completed
        10:30:00 | engine | stage market_open completed |  | issues 0, status completed
        10:31:00 | ana | cancel a | wrong data | done
        10:31:00 | ana | a cancelling |  | CANCELLING
        10:32:00 | ana | release a |  | refused: a is CANCELLING: it is not held; wait until its agent confirms or the time for that is up
        10:32:00 | engine | a cancelled |  | CANCELLED, confirmed false
        10:32:00 | engine | stage intraday stuck |  | stuck true
        10:32:00 | engine | system alert alert 14 | stage intraday is blocked: an operator must act | code stage_stuck, severity critical
        10:33:00 | engine | late result task a | failed: stopped | late_answer_of_attempt 1
        10:34:00 | ana | acknowledge (alert 14) | seen | done
        10:34:00 | ana | alert 14 acknowledged | seen | acknowledged
        ");
    }

    #[test]
    fn what_the_gate_said_is_told_by_its_codes() {
        let said = |what: Value| order(&what);
        let objected = serde_json::json!({
            "violations": [{ "code": "MAX_ADV" }, { "code": "RATE" }], "sent_qty": 40, "ack": null,
        });
        assert_eq!(said(objected), "objected: MAX_ADV, RATE, sent_qty 40");
        assert_eq!(said(serde_json::json!({ "checks": [], "pass": true })), "passed");
        let filled = serde_json::json!({ "state": "filled", "filled": 100, "leaves": 0 });
        assert_eq!(said(filled), "state filled, filled 100, leaves 0");
    }
}
