//! What somebody typed at a console without a screen.

use crate::{
    engine::{Command, Gate, PauseMode, RetryScope, RunState, TradingState},
    plan::TaskIx,
    yaml,
};

/// The commands, each with what it does.
pub(super) const HELP: &[(&str, &str)] = &[
    ("status", "how things stand"),
    ("why TASK", "why a task does not run, or ended as it did"),
    ("halt", "stop every new start, at once"),
    ("pause", "start nothing new but critical work, at once"),
    ("reduce REASON", "let only orders out that make positions smaller, at once"),
    ("stop REASON", "withdraw own orders and let no new ones out, at once"),
    ("kill KILL REASON", "stop everything: no orders, no agents; the word is typed twice"),
    ("rearm REASON", "let orders out again, one step; asks first"),
    ("resume REASON", "open again what halt or pause closed"),
    ("retry TASK REASON", "try a failed task again"),
    ("approve TASK REASON", "say yes to what a task asks"),
    ("reject TASK REASON", "say no to it"),
    ("arm REASON", "be the operator whose acts are taken"),
    ("disarm", "be it no longer"),
    ("yes", "do what was shown; anything else leaves it"),
    ("quit", "leave"),
];

/// What a line asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Heard {
    Nothing,
    Help,
    Status,
    Why(TaskIx),
    /// At once, armed or not.
    Brake(Command, Option<String>),
    /// After its plan was shown.
    Act(Command, Option<String>),
    /// With the phrase that was typed after it.
    Yes(Option<String>),
    Arm(String),
    Disarm,
    Quit,
}

/// Reads a line.
///
/// # Errors
///
/// In words, with what is near.
pub(super) fn heard(run: &RunState, line: &str) -> Result<Heard, String> {
    let (verb, rest) = split(line);
    let reason = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let aimed = || {
        let (name, rest) = split(rest);
        task(run, name).map(|ix| (ix, reason(rest)))
    };
    let engine = |mode| Command::Pause { gate: Gate::Engine, mode, until: None };
    Ok(match verb {
        "" => Heard::Nothing,
        "help" | "?" => Heard::Help,
        "status" => Heard::Status,
        "why" => Heard::Why(aimed()?.0),
        "halt" => Heard::Brake(engine(PauseMode::Halt), reason(rest)),
        "pause" => Heard::Brake(engine(PauseMode::Drain), reason(rest)),
        "reduce" => tighten(TradingState::ReduceOnly, reason(rest)),
        "stop" => tighten(TradingState::Halted, reason(rest)),
        "kill" => match split(rest) {
            ("KILL", why) => tighten(TradingState::Killed, reason(why)),
            _untyped => return Err("nothing is killed: type kill KILL and why".into()),
        },
        "rearm" => Heard::Act(Command::Rearm { to: run.trading().state.below() }, reason(rest)),
        "resume" => Heard::Act(Command::Resume { gate: Gate::Engine }, reason(rest)),
        "retry" => {
            let (task, why) = aimed()?;
            Heard::Act(Command::Retry { task, scope: RetryScope::Task }, why)
        }
        "approve" => {
            let (task, why) = aimed()?;
            Heard::Act(Command::Approve { task }, why)
        }
        "reject" => {
            let (task, why) = aimed()?;
            Heard::Brake(Command::Reject { task }, why)
        }
        "arm" => Heard::Arm(rest.to_owned()),
        "disarm" => Heard::Disarm,
        "yes" => Heard::Yes(reason(rest)),
        "quit" | "exit" => Heard::Quit,
        other => {
            let known = HELP.iter().map(|(usage, _)| split(usage).0);
            let near = yaml::nearest(other, known).map(|near| format!("; do you mean {near}?"));
            let near = near.unwrap_or_else(|| "; help lists them".into());
            return Err(format!("no command is called {}{near}", yaml::shown(other)));
        }
    })
}

fn tighten(to: TradingState, why: Option<String>) -> Heard {
    Heard::Brake(Command::Tighten { to }, why)
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim()))
}

fn task(run: &RunState, name: &str) -> Result<TaskIx, String> {
    if name.is_empty() {
        return Err("which task? write its name after the command".into());
    }
    run.plan().find_task(name).ok_or_else(|| {
        let known = run.plan().tasks.iter().map(|task| task.id.as_str());
        let near = yaml::nearest(name, known).map(|near| format!("; do you mean {near}?"));
        format!("no task is called {}{}", yaml::shown(name), near.unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::sample;

    #[test]
    fn every_command_of_the_help_is_understood_and_others_are_told_what_is_near() {
        let day = sample::every_state();
        let run = day.run();
        for (usage, _) in HELP {
            let line = usage.replace("TASK", "t_failed").replace("REASON", "as agreed");
            assert!(heard(run, &line).is_ok(), "{line}");
        }
        let error = heard(run, "rety t_failed").unwrap_err();
        assert!(error.contains("do you mean retry?"), "{error}");
        let error = heard(run, "why t_faild").unwrap_err();
        assert!(error.contains("do you mean t_failed?"), "{error}");
        assert!(heard(run, "approve").is_err());
        assert_eq!(heard(run, "  "), Ok(Heard::Nothing));
    }
}
