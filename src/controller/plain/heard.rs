//! What somebody typed at a console without a screen.

use super::verbs::{VERBS, Verb, split, task};
use crate::{
    acting::{Guards, Tier, tier},
    engine::{Command, RunState},
    plan::TaskIx,
    yaml::{nearest, shown},
};

/// What a line may say besides the acts, each with what it does.
const BESIDES: [(&str, &str); 6] = [
    ("status", "how things stand"),
    ("why TASK", "why a task does not run, or ended as it did"),
    ("arm REASON", "be the operator whose acts are taken"),
    ("disarm", "be it no longer"),
    ("yes", "do what was shown; anything else leaves it"),
    ("quit", "leave"),
];

/// All that can be said, each with what it does.
pub(super) fn help() -> impl Iterator<Item = (String, &'static str)> {
    let acts = VERBS.iter().map(|verb| (verb.usage(), verb.help));
    BESIDES.into_iter().map(|(usage, does)| (usage.to_owned(), does)).chain(acts)
}

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
    Ok(match verb {
        "" => Heard::Nothing,
        "help" | "?" => Heard::Help,
        "status" => Heard::Status,
        "why" => Heard::Why(task(run, split(rest).0)?),
        "arm" => Heard::Arm(rest.to_owned()),
        "disarm" => Heard::Disarm,
        "yes" => Heard::Yes(reason(rest)),
        "quit" | "exit" => Heard::Quit,
        other => match Verb::named(other) {
            Some(verb) => {
                let (command, reason) = verb.command(run, rest)?;
                let brake = tier(run, run.at(), std::slice::from_ref(&command), Guards::ByMode);
                if brake <= Tier::Brake {
                    Heard::Brake(command, reason)
                } else {
                    Heard::Act(command, reason)
                }
            }
            None => return Err(unknown(other)),
        },
    })
}

fn unknown(word: &str) -> String {
    let besides = BESIDES.iter().map(|(usage, _)| split(usage).0);
    let near = nearest(word, VERBS.iter().map(|verb| verb.word).chain(besides));
    let near = near.map(|near| format!("; do you mean {near}?"));
    format!("no command is called {}{}", shown(word), near.unwrap_or("; help lists them".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::sample;

    #[test]
    fn every_command_of_the_help_is_understood_and_others_are_told_what_is_near() {
        let day = sample::every_state();
        let run = day.run();
        let samples = [
            ("TASK", "t_failed"),
            ("REASON", "as agreed"),
            ("[STAGE, AGENT or run]", ""),
            ("STAGE", run.plan().stages[0].id.as_str()),
            ("WAIVERS", "window,dependency:t_failed"),
            ("LEVEL", "low"),
            ("FINDING", "happened:order-7"),
            ("ALERT", "AL-4"),
        ];
        for (usage, _) in help() {
            let fill = |line: String, (word, sample): &(&str, &str)| line.replace(word, sample);
            let line = samples.iter().fold(usage, fill);
            assert!(heard(run, &line).is_ok(), "{line}: {:?}", heard(run, &line));
        }
        let error = heard(run, "rety t_failed").unwrap_err();
        assert!(error.contains("do you mean retry?"), "{error}");
        let error = heard(run, "why t_faild").unwrap_err();
        assert!(error.contains("do you mean t_failed?"), "{error}");
        assert!(heard(run, "approve").is_err());
        for (mistyped, meant) in [
            ("run_1", "run"),
            (&*format!("{}x", run.plan().agents[0].id), run.plan().agents[0].id.as_str()),
        ] {
            for verb in ["pause", "resume"] {
                let error = heard(run, &format!("{verb} {mistyped}")).unwrap_err();
                assert!(error.contains("no stage or agent is called"), "{error}");
                assert!(
                    meant == "run" || error.contains(&format!("do you mean {meant}?")),
                    "{error}"
                );
            }
        }
        let command = Command::Pause {
            gate: crate::engine::Gate::Engine,
            mode: crate::engine::PauseMode::Drain,
            until: None,
        };
        let whole = Ok(Heard::Brake(command, Some("a drill".into())));
        assert_eq!(heard(run, "pause run a drill"), whole);
        assert_eq!(heard(run, "  "), Ok(Heard::Nothing));
    }
}
