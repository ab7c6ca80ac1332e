//! From a wish to a plan: what it would do at this moment, how grave that is, and what was agreed
//! to when somebody agrees.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{
    consequences::{Consequences, consequences},
    preview_run::{PreviewRun, reached_by},
    proposal::{
        CommandTarget, Preview, PreviewHash, PreviewSection, PreviewSectionKind, Proposal,
        TargetSnapshot, short_run,
    },
    risk_tier::{GuardLevel, RiskTier, combine_tiers, command_tier},
};
use crate::{Command, CommandRefusal, Gate, RunState, command::canonical_text};
use planning::plan::{RunMode, TaskIx};

/// What doing all of a proposal at `now` would mean. Changes nothing. Of several commands those the
/// engine refuses are named in the plan; the others are what it is about.
///
/// # Errors
///
/// The first refusal, when the engine would take none of the commands; a refusal of its own for a
/// recorded run, for no command at all, and for arming, which is no act on the run.
pub fn propose(
    run: &RunState,
    now: DateTime<Utc>,
    proposal: &Proposal,
    guards: GuardLevel,
) -> Result<Preview, CommandRefusal> {
    sensible(run, proposal)?;
    let trial = PreviewRun::run(run, now, &proposal.by, &proposal.commands);
    if let (true, Some((_, first))) = (trial.direct.is_empty(), trial.refused.first()) {
        return Err(first.clone());
    }
    let ranks = trial.direct.iter().map(|(command, own)| {
        command_tier(run, now, (command, &reached_by(run, command, own)), guards)
    });
    let mode = run.plan().mode;
    let gravest = ranks.max().unwrap_or(RiskTier::View);
    let tier = combine_tiers(mode, proposal.commands.len(), gravest, guards);
    let found = consequences(run, now, &trial);
    let targets: Vec<_> = proposal.commands.iter().map(|c| target(run, c)).collect();
    let short = short_run(&run.plan().run);
    // What lets orders out again is typed wherever it is done, where nothing can be harmed too.
    let rearms = proposal.commands.iter().any(|c| matches!(c, Command::ReEnableTrading { .. }));
    let phrase = (tier == RiskTier::HighRisk || rearms).then(|| match targets.as_slice() {
        [one] => format!("{} {short}", one.name),
        many => format!("{} targets {short}", many.len()),
    });
    Ok(Preview {
        at_seq: run.last_seq(),
        tier,
        title: title(&proposal.commands, &targets),
        danger: danger(run, &trial, &found),
        phrase,
        needs_reason: tier.needs_reason() || trial.wants_reason,
        wait: tier.confirm_delay(),
        grace: tier.recall_period(),
        moved_since_seen: moved_since(run, proposal.seen, &found),
        hash: hash(run, proposal, (tier, &targets), &found, &trial),
        sections: sections(found),
        run: short,
        refused: trial.refused,
        targets,
        proposal: proposal.clone(),
    })
}

/// Whether a proposal can be one at all.
fn sensible(run: &RunState, proposal: &Proposal) -> Result<(), CommandRefusal> {
    let refuse = |what: &str, why: &str, remedy: Option<&str>| {
        Err(CommandRefusal {
            what: what.into(),
            state: None,
            why: why.into(),
            remedy: remedy.map(Into::into),
        })
    };
    if run.plan().mode == RunMode::Replay {
        return refuse("this is a recorded day", "nothing can be done in it", None);
    }
    if proposal.commands.is_empty() {
        return refuse("nothing was proposed", "there is no command", Some("choose a target"));
    }
    if proposal.commands.contains(&Command::Arm) {
        return refuse("arming", "it is no act on the run", Some("arm the session"));
    }
    let places = |command: &Command| match CommandTarget::of_command(command) {
        CommandTarget::Task(ix) => ix.at() < run.plan().tasks.len(),
        CommandTarget::Stage(ix) => ix.at() < run.plan().stages.len(),
        CommandTarget::Agent(ix) => ix.at() < run.plan().agents.len(),
        CommandTarget::Run | CommandTarget::Alert(_) => true,
    };
    if proposal.commands.iter().all(places) {
        return Ok(());
    }
    refuse("the plan", "it has no such task, stage or agent", None)
}

fn target(run: &RunState, command: &Command) -> TargetSnapshot {
    let subject = CommandTarget::of_command(command);
    let plan = run.plan();
    let gate = |gate: Gate| if run.closed_gates().contains_key(&gate) { "paused" } else { "" };
    let (name, state, version) = match subject {
        CommandTarget::Task(ix) => {
            (plan.task(ix).id.to_string(), run.task(ix).state.to_string(), run.task_version(ix))
        }
        CommandTarget::Stage(ix) => {
            let (status, gate) = (run.stage(ix).status.as_str(), gate(Gate::Stage(ix)));
            let state = format!("{status} {gate}").trim().to_owned();
            (plan.stage(ix).id.to_string(), state, run.last_seq())
        }
        CommandTarget::Agent(ix) => (
            plan.agent(ix).id.to_string(),
            run.agent_health(ix).as_str().to_owned(),
            run.last_seq(),
        ),
        CommandTarget::Run => {
            let trading = || run.trading_status().state.to_string();
            let (name, state) = if let Command::Flatten { symbol } = command {
                (symbol.as_deref().unwrap_or("all positions"), trading())
            } else if matches!(
                command,
                Command::TightenTrading { .. } | Command::ReEnableTrading { .. }
            ) {
                ("trading", trading())
            } else {
                ("run", gate(Gate::Engine).to_owned())
            };
            (name.to_owned(), state, run.last_seq())
        }
        CommandTarget::Alert(seq) => {
            let seen = run.alerts().get(&seq).is_some_and(|alert| alert.acked.is_some());
            (format!("alert {seq}"), if seen { "seen" } else { "new" }.to_owned(), seq)
        }
    };
    TargetSnapshot { subject, name, state, version }
}

fn title(commands: &[Command], targets: &[TargetSnapshot]) -> String {
    let mut verbs: Vec<_> = commands.iter().map(Command::verb).collect();
    verbs.dedup();
    let verb = if let [one] = verbs.as_slice() { one.as_str() } else { "act on" };
    match targets {
        // `cancel run` says already what it cancels.
        [one] if verb.ends_with(one.name.as_str()) => verb.to_owned(),
        [one] => format!("{verb} {}", one.name),
        many => format!("{verb} {} targets", many.len()),
    }
}

fn danger(run: &RunState, trial: &PreviewRun, found: &Consequences) -> Option<String> {
    let mut dangers = Vec::new();
    let real = if run.plan().mode == RunMode::Live { "real orders" } else { "orders" };
    let name = |list: &[TaskIx]| match list {
        [one] => run.plan().task(*one).id.to_string(),
        many => format!("{} tasks", many.len()),
    };
    if !found.orders.is_empty() {
        dangers.push(format!("{} may send {real}", name(&found.orders)));
    }
    if !found.unknown.is_empty() {
        dangers.push(format!("what {} sent is IN_DOUBT", name(&found.unknown)));
    }
    if found.tainted > 0 {
        dangers.push("results are tainted".into());
    }
    for (command, _) in &trial.direct {
        if let Command::ReEnableTrading { to } = command {
            dangers.push(format!("trading becomes {to}"));
        }
    }
    (!dangers.is_empty()).then(|| dangers.join("; "))
}

/// What changed about the tasks it is about since the asker looked.
fn moved_since(run: &RunState, seen: u64, found: &Consequences) -> Vec<String> {
    let moved = found.bound.iter().filter(|&&ix| run.task_version(ix) > seen);
    moved
        .take(PreviewSection::LINES_MAX)
        .map(|&ix| {
            let (name, state) = (&run.plan().task(ix).id, run.task(ix).state);
            format!("{name} is {state} since event {}; you saw event {seen}", run.task_version(ix))
        })
        .collect()
}

fn sections(found: Consequences) -> Vec<PreviewSection> {
    let mut by_kind: BTreeMap<PreviewSectionKind, PreviewSection> = BTreeMap::new();
    for (kind, line) in found.lines {
        let section = by_kind.entry(kind).or_insert_with(|| PreviewSection {
            kind,
            count: 0,
            lines: Vec::new(),
        });
        section.count += 1;
        if section.lines.len() < PreviewSection::LINES_MAX {
            section.lines.push(line);
        }
    }
    by_kind.into_values().collect()
}

/// What whoever agrees agrees to; no number of an event, no moment and no age in it.
fn hash(
    run: &RunState,
    proposal: &Proposal,
    (tier, targets): (RiskTier, &[TargetSnapshot]),
    found: &Consequences,
    trial: &PreviewRun,
) -> PreviewHash {
    let mut hasher = Sha256::new();
    let mut put = |text: &str| {
        hasher.update(text.len().to_le_bytes());
        hasher.update(text.as_bytes());
    };
    put(&run.plan().run);
    put(tier.as_str());
    for (command, target) in proposal.commands.iter().zip(targets) {
        put(&command.canonical_text());
        // A task's state stands below with its attempt; an agent's health is only shown.
        match target.subject {
            CommandTarget::Stage(_) | CommandTarget::Run | CommandTarget::Alert(_) => {
                put(&target.state);
            }
            CommandTarget::Task(_) | CommandTarget::Agent(_) => {}
        }
        if let Command::ReEnableTrading { .. } = command {
            let trading = run.trading_status();
            put(&canonical_text(&(trading.since, trading.working)));
        }
        if let Command::Resume { gate } = command {
            put(&canonical_text(&run.closed_gates().get(gate).map(|closed| closed.since)));
        }
    }
    for (command, _) in &trial.refused {
        put(&format!("refused {}", command.canonical_text()));
    }
    for &ix in &found.bound {
        let task = run.task(ix);
        put(&format!("{} {} {} {}", ix.0, task.state, task.attempt, task.generation));
    }
    for key in &found.agreed {
        put(key);
    }
    PreviewHash(hasher.finalize().into())
}
