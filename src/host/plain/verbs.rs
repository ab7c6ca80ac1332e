//! Readers of the lines of the plain console and of the shell: from a verb and its words to a command.

use super::approve_args;
use diag::{list_of, nearest, quote};
use engine::{
    Command, Gate, PauseMode, Resolution, RetryScope, RunState, TradingState, Waiver,
    control::CommandVerb,
};
use planning::{
    plan::{StageIx, TaskIx},
    workflow::TaskPriority,
};

/// The way in which the words after a verb are read.
#[derive(Debug, Clone, Copy)]
enum ArgumentReader {
    /// No target.
    Run(fn() -> Command),
    /// A task.
    Task(fn(TaskIx) -> Command),
    /// A stage.
    Stage(fn(StageIx) -> Command),
    /// A stage or an agent; the engine where neither is named.
    Gate(fn(Gate) -> Command),
    /// Words of its own; the rest is the reason.
    Words(ArgumentParser),
}

/// Reads the words after a verb and returns a command and the words that are left.
type ArgumentParser = for<'a> fn(&RunState, &'a str) -> Result<(Command, &'a str), String>;

/// Returns the reader of a verb; `None` for a verb that is no command on a line.
const fn reader(verb: CommandVerb) -> Option<ArgumentReader> {
    use ArgumentReader::{Run, Stage, Task, Words};
    Some(match verb {
        CommandVerb::Halt => Run(|| Command::TightenTrading { to: TradingState::Halted }),
        CommandVerb::Pause => ArgumentReader::Gate(|gate| Command::Pause {
            gate,
            mode: PauseMode::Drain,
            until: None,
        }),
        CommandVerb::ReduceOnly => Run(|| Command::TightenTrading { to: TradingState::ReduceOnly }),
        CommandVerb::Kill => Words(kill),
        CommandVerb::ReEnable => Words(re_enable),
        CommandVerb::Flatten => Words(flatten),
        CommandVerb::Hold => Task(|task| Command::Hold { task }),
        CommandVerb::Reject => Task(|task| Command::Reject { task }),
        CommandVerb::Resume => ArgumentReader::Gate(|gate| Command::Resume { gate }),
        CommandVerb::Release => Task(|task| Command::Release { task }),
        CommandVerb::Retry => Task(|task| Command::Retry { task, scope: RetryScope::Task }),
        CommandVerb::RetryDownstream => {
            Task(|task| Command::Retry { task, scope: RetryScope::WithDownstream })
        }
        CommandVerb::RetryStage => Stage(|stage| Command::RetryStage { stage }),
        CommandVerb::Rerun => Task(|task| Command::Rerun { task }),
        CommandVerb::Approve => Words(approve_args::parse_approve),
        CommandVerb::RunNow => Task(|task| Command::RunNow { task }),
        CommandVerb::Force => Words(force),
        CommandVerb::ForceStage => Words(force_stage),
        CommandVerb::Cancel => Task(|task| Command::Cancel { task }),
        CommandVerb::Skip => Task(|task| Command::Skip { task, satisfies: false }),
        CommandVerb::SkipSatisfied => Task(|task| Command::Skip { task, satisfies: true }),
        CommandVerb::Unskip => Task(|task| Command::Unskip { task }),
        CommandVerb::SetPriority => Words(priority),
        CommandVerb::SetCompleted => Task(|task| Command::SetCompleted { task }),
        CommandVerb::SetFailed => Task(|task| Command::SetFailed { task }),
        CommandVerb::Resolve => Words(resolve),
        CommandVerb::Probe => Task(|task| Command::Probe { task }),
        CommandVerb::Recover => Run(|| Command::Recover { paused: false }),
        CommandVerb::RecoverPaused => Run(|| Command::Recover { paused: true }),
        CommandVerb::Acknowledge => Words(acknowledge),
        CommandVerb::CancelRun => Run(|| Command::CancelRun),
        CommandVerb::CatchUp | CommandVerb::Arm | CommandVerb::Disarm | CommandVerb::Recall => {
            return None;
        }
    })
}

/// Returns the verbs that are commands on a line, in the order of the help.
pub fn line_verbs() -> impl Iterator<Item = CommandVerb> {
    CommandVerb::ALL.into_iter().filter(|verb| reader(*verb).is_some())
}

/// Reads the words after a verb and returns the command and its reason.
///
/// # Errors
///
/// The words that name no target, with the nearest name.
pub(super) fn parse_command(
    verb: CommandVerb,
    run: &RunState,
    rest: &str,
) -> Result<(Command, Option<String>), String> {
    let reader = reader(verb).ok_or_else(|| format!("{verb} is no command on a line"))?;
    let (command, reason) = match reader {
        ArgumentReader::Run(make) => (make(), rest),
        ArgumentReader::Task(make) => {
            let (name, rest) = split_word(rest);
            (make(task(run, name)?), rest)
        }
        ArgumentReader::Stage(make) => {
            let (name, rest) = split_word(rest);
            (make(stage(run, name)?), rest)
        }
        ArgumentReader::Gate(make) => {
            let (gate, rest) = gate(run, rest)?;
            (make(gate), rest)
        }
        ArgumentReader::Words(read) => read(run, rest)?,
    };
    Ok((command, (!reason.is_empty()).then(|| reason.to_owned())))
}

/// The first word and what follows it.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim()))
}

/// Returns the task with a name, or a refusal that names the nearest.
///
/// # Errors
///
/// The refusal.
pub fn find_task_by_name(run: &RunState, name: &str) -> Result<TaskIx, String> {
    task(run, name)
}

pub(super) fn task(run: &RunState, name: &str) -> Result<TaskIx, String> {
    let names = || run.plan().tasks.iter().map(|task| task.id.as_str());
    run.plan().find_task(name).ok_or_else(|| unknown_name("task", name, names()))
}

fn stage(run: &RunState, name: &str) -> Result<StageIx, String> {
    let names = || run.plan().stages.iter().map(|stage| stage.id.as_str());
    run.plan().find_stage(name).ok_or_else(|| unknown_name("stage", name, names()))
}

fn unknown_name<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str>) -> String {
    if name.is_empty() {
        return format!("which {what}? write its name after the command");
    }
    let near = nearest(name, names).map(|near| format!("; do you mean {near}?"));
    format!("no {what} is called {}{}", quote(name), near.unwrap_or_default())
}

/// The word for the whole run, where a reason follows.
const RUN: &str = "run";

/// The stage or agent that the first word names; the whole run where there is none.
fn gate<'a>(run: &RunState, text: &'a str) -> Result<(Gate, &'a str), String> {
    let (name, rest) = split_word(text);
    if name.is_empty() || name == RUN {
        return Ok((Gate::Engine, rest));
    }
    let plan = run.plan();
    let stage = plan.find_stage(name).map(Gate::Stage);
    let found = stage.or_else(|| plan.find_agent(name).map(Gate::Agent));
    found.map(|gate| (gate, rest)).ok_or_else(|| {
        let stages = plan.stages.iter().map(|stage| stage.id.as_str());
        let agents = plan.agents.iter().map(|agent| agent.id.as_str());
        let none = unknown_name("stage or agent", name, stages.chain(agents).chain([RUN]));
        format!("{none}; for the whole run, write run before the reason")
    })
}

fn kill<'a>(_: &RunState, text: &'a str) -> Result<(Command, &'a str), String> {
    match split_word(text) {
        ("KILL", rest) => Ok((Command::TightenTrading { to: TradingState::Killed }, rest)),
        _untyped => Err("nothing is killed: type kill KILL and why".into()),
    }
}

/// The word for every position.
const ALL: &str = "all";

/// Reads which position is closed. The word comes first, so that a mistyped symbol never means all of them.
fn flatten<'a>(_: &RunState, text: &'a str) -> Result<(Command, &'a str), String> {
    let (name, rest) = split_word(text);
    if name == ALL {
        return Ok((Command::Flatten { symbol: None }, rest));
    }
    let symbol = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || ".-/^".contains(c);
    if name.is_empty() || !name.chars().all(symbol) {
        let named = if name.is_empty() { String::new() } else { format!("{}: ", quote(name)) };
        return Err(format!("{named}name a symbol in capitals, or {ALL} for every position"));
    }
    Ok((Command::Flatten { symbol: Some(name.to_owned()) }, rest))
}

#[expect(clippy::unnecessary_wraps, reason = "one of the readers of words, which may fail")]
fn re_enable<'a>(run: &RunState, text: &'a str) -> Result<(Command, &'a str), String> {
    Ok((Command::ReEnableTrading { to: run.trading_status().state.next_looser() }, text))
}

fn priority<'a>(run: &RunState, text: &'a str) -> Result<(Command, &'a str), String> {
    let (name, rest) = split_word(text);
    let task = task(run, name)?;
    let (level, rest) = split_word(rest);
    let known = TaskPriority::ALL.into_iter();
    let same = |priority: &TaskPriority| priority.as_str().eq_ignore_ascii_case(level);
    let wrong = || {
        let all = list_of(TaskPriority::ALL.iter().map(|priority| priority.as_str()));
        format!("{} is no priority: one of {all}", quote(level))
    };
    let priority = known.clone().find(same).ok_or_else(wrong)?;
    Ok((Command::SetPriority { task, priority }, rest))
}

fn resolve<'a>(run: &RunState, text: &'a str) -> Result<(Command, &'a str), String> {
    let (name, rest) = split_word(text);
    let task = task(run, name)?;
    let (word, rest) = split_word(rest);
    let finding = match word.split_once(':') {
        Some(("happened", evidence)) if !evidence.is_empty() => {
            Resolution::Happened { evidence: evidence.into() }
        }
        None if word == "did-not-happen" => Resolution::DidNotHappen,
        None if word == "gave-up" => Resolution::GaveUp,
        Some(_) | None => {
            return Err(format!(
                "{} is no finding: happened:REFERENCE, did-not-happen or gave-up",
                quote(word)
            ));
        }
    };
    Ok((Command::Resolve { task, finding }, rest))
}

fn acknowledge<'a>(_: &RunState, text: &'a str) -> Result<(Command, &'a str), String> {
    let (name, rest) = split_word(text);
    let number = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    let alert = number.parse().map_err(|_error| format!("{} is no alert: AL-418", quote(name)))?;
    Ok((Command::Acknowledge { alert }, rest))
}

fn force<'a>(run: &RunState, text: &'a str) -> Result<(Command, &'a str), String> {
    let (name, rest) = split_word(text);
    let task = task(run, name)?;
    let (list, rest) = split_word(rest);
    let gate = run.gate_before(task).map_or(Gate::Engine, |(gate, _)| gate);
    Ok((Command::Force { task, waivers: waivers(run, gate, list)? }, rest))
}

fn force_stage<'a>(run: &RunState, text: &'a str) -> Result<(Command, &'a str), String> {
    let (name, rest) = split_word(text);
    let stage = stage(run, name)?;
    let (list, rest) = split_word(rest);
    Ok((Command::ForceStage { stage, waivers: waivers(run, Gate::Stage(stage), list)? }, rest))
}

/// Reads the waived conditions, one word each.
fn waivers(run: &RunState, gate: Gate, list: &str) -> Result<Vec<Waiver>, String> {
    let known = [
        "window",
        "dependency",
        "freshness",
        "pause",
        "breaker",
        "condition",
        "hold",
        "attempts",
        "on-demand",
    ];
    let one = |word: &str| {
        Ok(match word.split_once(':') {
            Some(("dependency", name)) => Waiver::Dependency(task(run, name)?),
            Some(("freshness", name)) => Waiver::Freshness(task(run, name)?),
            None if word == "window" => Waiver::Window,
            None if word == "pause" => Waiver::Pause(gate),
            None if word == "breaker" => Waiver::Breaker,
            None if word == "condition" => Waiver::Condition,
            None if word == "hold" => Waiver::Hold,
            None if word == "attempts" => Waiver::Attempts,
            None if word == "on-demand" => Waiver::OnDemand,
            Some(_) | None => {
                let all = list_of(known);
                return Err(format!("{} is no waiver: name {all}", quote(word)));
            }
        })
    };
    list.split(',').map(one).collect()
}
