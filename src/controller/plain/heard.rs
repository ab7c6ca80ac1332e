//! What somebody typed at a console without a screen.

use crate::{
    engine::{Command, Finding, Gate, PauseMode, RetryScope, RunState},
    plan::TaskIx,
    yaml,
};

/// The commands, each with what it does.
pub(super) const HELP: &[(&str, &str)] = &[
    ("status", "how things stand"),
    ("why TASK", "why a task does not run, or ended as it did"),
    ("halt", "stop every new start, at once"),
    ("pause", "start nothing new but critical work, at once"),
    ("resume REASON", "open again what halt or pause closed"),
    ("retry TASK REASON", "try a failed task again"),
    ("approve TASK REASON", "say yes to what a task asks"),
    ("reject TASK REASON", "say no to it"),
    ("recover REASON", "let a run that is taken up go on"),
    ("recover paused REASON", "let it go on with the engine paused"),
    ("probe TASK", "ask the outside now what became of an effect in doubt"),
    ("resolve TASK happened REFERENCE", "say that an effect in doubt happened"),
    ("resolve TASK absent REASON", "say that it did not happen: it may be tried again"),
    ("resolve TASK abandoned REASON", "give it up: failed, and never tried again"),
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
        "recover" => match split(rest) {
            ("paused", why) => Heard::Act(Command::Recover { paused: true }, reason(why)),
            _reason => Heard::Act(Command::Recover { paused: false }, reason(rest)),
        },
        "probe" => {
            let (task, why) = aimed()?;
            Heard::Act(Command::Probe { task }, why)
        }
        "resolve" => {
            let (task, why) = aimed()?;
            let (command, why) = resolved(task, why.as_deref().unwrap_or_default())?;
            Heard::Act(command, reason(why))
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

/// What a person found out about an effect in doubt, and why they say so. The reference it goes by
/// outside is the reason too.
fn resolved(task: TaskIx, text: &str) -> Result<(Command, &str), String> {
    let (found, why) = split(text);
    let finding = match found {
        "happened" if why.is_empty() => {
            return Err("happened wants the reference it goes by outside".into());
        }
        "happened" => Finding::Happened { evidence: why.to_owned() },
        "absent" => Finding::DidNotHappen,
        "abandoned" => Finding::Abandoned,
        _other => return Err("what became of it? happened, absent or abandoned".into()),
    };
    Ok((Command::Resolve { task, finding }, why))
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
