//! What somebody typed at a console without a screen.

use super::verbs::{line_verbs, parse_command, split_word, task};
use diag::{nearest, quote};
use engine::{
    Command, RunState,
    control::{CommandVerb, GuardLevel, RiskTier, risk_tier},
};
use planning::plan::TaskIx;

/// What a line may say besides the acts, each with what it does.
const BESIDES: [(&str, &str); 6] = [
    ("status", "how things stand"),
    ("why TASK", "why a task does not run, or ended as it did"),
    ("arm REASON", CommandVerb::Arm.effect()),
    ("disarm", CommandVerb::Disarm.effect()),
    ("yes", "do what was shown; anything else leaves it"),
    ("quit", "leave"),
];

/// All that can be said, each with what it does.
pub(super) fn help_lines() -> impl Iterator<Item = (String, &'static str)> {
    let commands = line_verbs().map(|verb| (verb.spec().usage(), verb.effect()));
    BESIDES.into_iter().map(|(usage, does)| (usage.to_owned(), does)).chain(commands)
}

/// What a line asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum PlainInput {
    Nothing,
    Help,
    Status,
    Why(TaskIx),
    /// At once, armed or not.
    Brake(Command, Option<String>),
    /// After its plan was shown.
    Command(Command, Option<String>),
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
pub(super) fn parse_input(run: &RunState, line: &str) -> Result<PlainInput, String> {
    let (verb, rest) = split_word(line);
    let reason = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(match verb {
        "" => PlainInput::Nothing,
        "help" | "?" => PlainInput::Help,
        "status" => PlainInput::Status,
        "why" => PlainInput::Why(task(run, split_word(rest).0)?),
        "arm" => PlainInput::Arm(rest.to_owned()),
        "disarm" => PlainInput::Disarm,
        "yes" => PlainInput::Yes(reason(rest)),
        "quit" | "exit" => PlainInput::Quit,
        other => match line_verbs().find(|verb| verb.as_str() == other) {
            Some(verb) => {
                let (command, reason) = parse_command(verb, run, rest)?;
                let brake = risk_tier(
                    run,
                    run.last_event_at(),
                    std::slice::from_ref(&command),
                    GuardLevel::Mode,
                );
                if brake <= RiskTier::Brake {
                    PlainInput::Brake(command, reason)
                } else {
                    PlainInput::Command(command, reason)
                }
            }
            None => return Err(unknown(other)),
        },
    })
}

fn unknown(word: &str) -> String {
    let besides = BESIDES.iter().map(|(usage, _)| split_word(usage).0);
    let near = nearest(word, line_verbs().map(CommandVerb::as_str).chain(besides));
    let near = near.map(|near| format!("; do you mean {near}?"));
    format!("no command is called {}{}", quote(word), near.unwrap_or("; help lists them".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample;

    #[test]
    fn every_command_of_the_help_is_understood_and_others_are_told_what_is_near() {
        let day = sample::every_state();
        let run = day.run();
        let samples = [
            ("TASK", "t_failed"),
            ("REASON", "as agreed"),
            ("[STAGE, AGENT or run]", "run"),
            ("STAGE", run.plan().stages[0].id.as_str()),
            ("WAIVERS", "window,dependency:t_failed"),
            ("LEVEL", "low"),
            ("FINDING", "happened:order-7"),
            ("ALERT", "AL-4"),
            ("SYMBOL|all", "BRK.B"),
        ];
        for (usage, _) in help_lines() {
            let fill = |line: String, (word, sample): &(&str, &str)| line.replace(word, sample);
            let line = samples.iter().fold(usage, fill);
            assert!(parse_input(run, &line).is_ok(), "{line}: {:?}", parse_input(run, &line));
        }
        let error = parse_input(run, "rety t_failed").unwrap_err();
        assert!(error.contains("do you mean retry?"), "{error}");
        let error = parse_input(run, "why t_faild").unwrap_err();
        assert!(error.contains("do you mean t_failed?"), "{error}");
        assert!(parse_input(run, "approve").is_err());
        for (mistyped, meant) in [
            ("run_1", "run"),
            (&*format!("{}x", run.plan().agents[0].id), run.plan().agents[0].id.as_str()),
        ] {
            for verb in ["pause", "resume"] {
                let error = parse_input(run, &format!("{verb} {mistyped}")).unwrap_err();
                assert!(error.contains("no stage or agent is called"), "{error}");
                assert!(
                    meant == "run" || error.contains(&format!("do you mean {meant}?")),
                    "{error}"
                );
            }
        }
        let command = Command::Pause {
            gate: engine::Gate::Engine,
            mode: engine::PauseMode::Drain,
            until: None,
        };
        let whole = Ok(PlainInput::Brake(command, Some("a drill".into())));
        assert_eq!(parse_input(run, "pause run a drill"), whole);
        assert_eq!(parse_input(run, "  "), Ok(PlainInput::Nothing));
    }
}
