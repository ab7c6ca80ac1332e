//! Every act on a run as a word and what it takes: the table behind the lines of a console without a
//! screen and behind the commands of the shell. To add one: a row here.

use super::approve_args;
use diag::{list_of, nearest, quote};
use engine::{Command, Gate, PauseMode, Resolution, RetryScope, RunState, TradingState, Waiver};
use planning::{
    plan::{StageIx, TaskIx},
    workflow::TaskPriority,
};

/// One act.
#[derive(Debug, Clone, Copy)]
pub struct Verb {
    /// Its word.
    pub word: &'static str,
    /// What it takes before the reason, as the help writes it; empty for nothing.
    pub takes: &'static str,
    /// What it does.
    pub help: &'static str,
    /// The actions of the console's registry that do the same.
    pub actions: &'static [&'static str],
    read: ArgumentReader,
}

/// How what follows the word is read.
#[derive(Debug, Clone, Copy)]
enum ArgumentReader {
    /// Nothing is aimed at.
    Run(fn() -> Command),
    /// A task.
    Task(fn(TaskIx) -> Command),
    /// A stage.
    Stage(fn(StageIx) -> Command),
    /// A stage, an agent, or without either the engine.
    Gate(fn(Gate) -> Command),
    /// Words of its own; what is left of them is the reason.
    Words(ArgumentParser),
}

/// Reads the words after a verb: a command, and the words that are left.
type ArgumentParser = for<'a> fn(&RunState, &'a str) -> Result<(Command, &'a str), String>;

/// All of them, the brakes first.
#[rustfmt::skip]
pub const VERBS: &[Verb] = &[
    verb("halt", "", "stop every new start, at once", &["run.halt"], ArgumentReader::Run(|| pause(Gate::Engine, PauseMode::Halt))),
    verb("pause", "[STAGE, AGENT or run]", "start nothing new but critical work, at once", &["run.pause", "task.pause", "agent.pause"], ArgumentReader::Gate(|gate| pause(gate, PauseMode::Drain))),
    verb("reduce", "", "let only orders out that make positions smaller, at once", &["trading.reduce"], ArgumentReader::Run(|| Command::TightenTrading { to: TradingState::ReduceOnly })),
    verb("stop", "", "withdraw own orders and let no new ones out, at once", &["trading.stop"], ArgumentReader::Run(|| Command::TightenTrading { to: TradingState::Halted })),
    verb("kill", "KILL", "stop everything: no orders, no agents; the word is typed twice", &["trading.kill"], ArgumentReader::Words(kill)),
    verb("rearm", "", "let orders out again, one step; asks first", &["trading.rearm"], ArgumentReader::Words(rearm)),
    verb("hold", "TASK", "hold a waiting task back, at once", &["task.hold"], ArgumentReader::Task(|task| Command::Hold { task })),
    verb("reject", "TASK", "say no to what a task asks, at once", &["task.answer"], ArgumentReader::Task(|task| Command::Reject { task })),
    verb("resume", "[STAGE, AGENT or run]", "open again what halt or pause closed", &["run.pause", "task.pause", "agent.pause"], ArgumentReader::Gate(|gate| Command::Resume { gate })),
    verb("release", "TASK", "let a held task wait like any other again", &["task.release"], ArgumentReader::Task(|task| Command::Release { task })),
    verb("retry", "TASK", "try a failed task again", &["task.retry"], ArgumentReader::Task(|task| Command::Retry { task, scope: RetryScope::Task })),
    verb("retry-blocked", "TASK", "try it again, and what it blocked that ended by itself", &["task.retry_blocked"], ArgumentReader::Task(|task| Command::Retry { task, scope: RetryScope::WithDownstream })),
    verb("retry-failed", "STAGE", "try every failed task of a stage again", &["task.retry"], ArgumentReader::Stage(|stage| Command::RetryStage { stage })),
    verb("again", "TASK", "do a finished task again, as a new generation", &["task.again"], ArgumentReader::Task(|task| Command::Rerun { task })),
    verb("approve", "TASK", "say yes to what a task asks; to a part of its orders with --only 1,2 and --trim 2=50", &["task.answer"], ArgumentReader::Words(approve_args::parse_approve)),
    verb("begin", "TASK", "start a waiting task before its window opens; all else holds", &["task.begin"], ArgumentReader::Task(|task| Command::RunNow { task })),
    verb("force", "TASK WAIVERS", "start a task, setting aside what is named: window,dependency:TASK,freshness:TASK,gate,breaker,condition,hold,attempts", &["task.force"], ArgumentReader::Words(force)),
    verb("force-stage", "STAGE WAIVERS", "start a stage's tasks, setting aside what is named", &["stage.force"], ArgumentReader::Words(force_stage)),
    verb("cancel", "TASK", "stop a task, or call it off", &["task.cancel"], ArgumentReader::Task(|task| Command::Cancel { task })),
    verb("skip", "TASK", "decide that it will not run; what waits for it stays blocked", &["task.skip"], ArgumentReader::Task(|task| Command::Skip { task, satisfies: false })),
    verb("skip-as-done", "TASK", "decide that it will not run; what waits for it goes on", &["task.skip"], ArgumentReader::Task(|task| Command::Skip { task, satisfies: true })),
    verb("unskip", "TASK", "take a skip back", &["task.unskip"], ArgumentReader::Task(|task| Command::Unskip { task })),
    verb("priority", "TASK LEVEL", "give a task that has not started another priority", &["task.priority"], ArgumentReader::Words(priority)),
    verb("set-ok", "TASK", "say that a task that ended badly is done after all; taints what follows", &["task.set_ok"], ArgumentReader::Task(|task| Command::SetCompleted { task })),
    verb("set-failed", "TASK", "say that a result is wrong; taints what used it", &["task.set_failed"], ArgumentReader::Task(|task| Command::SetFailed { task })),
    verb("resolve", "TASK FINDING", "say what became of an effect in doubt: happened:REFERENCE, did-not-happen or abandoned", &["task.resolve"], ArgumentReader::Words(resolve)),
    verb("probe", "TASK", "ask the outside now what became of an effect in doubt", &["task.probe"], ArgumentReader::Task(|task| Command::Probe { task })),
    verb("recover", "", "do what is decided about each task of a run that is taken up, and go on", &["recovery.go_on"], ArgumentReader::Run(|| Command::Recover { paused: false })),
    verb("recover-paused", "", "the same, and start nothing new until somebody resumes", &["recovery.paused"], ArgumentReader::Run(|| Command::Recover { paused: true })),
    verb("ack", "ALERT", "say that an alert was seen: AL-418", &["alert.acknowledge"], ArgumentReader::Words(acknowledge)),
    verb("end-run", "", "end the run: call off what waits, stop what runs", &["run.end"], ArgumentReader::Run(|| Command::CancelRun)),
];

const fn verb(
    word: &'static str,
    takes: &'static str,
    help: &'static str,
    actions: &'static [&'static str],
    read: ArgumentReader,
) -> Verb {
    Verb { word, takes, help, actions, read }
}

const fn pause(gate: Gate, mode: PauseMode) -> Command {
    Command::Pause { gate, mode, until: None }
}

impl Verb {
    /// The verb of a word.
    #[must_use]
    pub fn by_word(word: &str) -> Option<&'static Self> {
        VERBS.iter().find(|verb| verb.word == word)
    }

    /// How it is written: `retry TASK REASON`.
    #[must_use]
    pub fn usage(&self) -> String {
        let gap = if self.takes.is_empty() { "" } else { " " };
        format!("{}{gap}{} REASON", self.word, self.takes)
    }

    /// The command that what follows the word stands for, and the reason after it.
    pub(super) fn command(
        &self,
        run: &RunState,
        rest: &str,
    ) -> Result<(Command, Option<String>), String> {
        let (command, reason) = match self.read {
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
}

/// The first word and what follows it.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim()))
}

pub(super) fn task(run: &RunState, name: &str) -> Result<TaskIx, String> {
    let names = || run.plan().tasks.iter().map(|task| task.id.as_str());
    run.plan().find_task(name).ok_or_else(|| nothing("task", name, names()))
}

fn stage(run: &RunState, name: &str) -> Result<StageIx, String> {
    let names = || run.plan().stages.iter().map(|stage| stage.id.as_str());
    run.plan().find_stage(name).ok_or_else(|| nothing("stage", name, names()))
}

fn nothing<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str>) -> String {
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
        let none = nothing("stage or agent", name, stages.chain(agents).chain([RUN]));
        format!("{none}; for the whole run, write run before the reason")
    })
}

fn kill<'a>(_: &RunState, text: &'a str) -> Result<(Command, &'a str), String> {
    match split_word(text) {
        ("KILL", rest) => Ok((Command::TightenTrading { to: TradingState::Killed }, rest)),
        _untyped => Err("nothing is killed: type kill KILL and why".into()),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "one of the readers of words, which may fail")]
fn rearm<'a>(run: &RunState, text: &'a str) -> Result<(Command, &'a str), String> {
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
        None if word == "abandoned" => Resolution::GaveUp,
        Some(_) | None => {
            return Err(format!(
                "{} is no finding: happened:REFERENCE, did-not-happen or abandoned",
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

/// What is set aside, one word each: forcing is never one bit.
fn waivers(run: &RunState, gate: Gate, list: &str) -> Result<Vec<Waiver>, String> {
    let known =
        ["window", "dependency", "freshness", "gate", "breaker", "condition", "hold", "attempts"];
    let one = |word: &str| {
        Ok(match word.split_once(':') {
            Some(("dependency", name)) => Waiver::Dependency(task(run, name)?),
            Some(("freshness", name)) => Waiver::Freshness(task(run, name)?),
            None if word == "window" => Waiver::Window,
            None if word == "gate" => Waiver::Pause(gate),
            None if word == "breaker" => Waiver::Breaker,
            None if word == "condition" => Waiver::Condition,
            None if word == "hold" => Waiver::Hold,
            None if word == "attempts" => Waiver::Attempts,
            Some(_) | None => {
                let all = list_of(known);
                return Err(format!("{} sets nothing aside: name {all}", quote(word)));
            }
        })
    };
    list.split(',').map(one).collect()
}
