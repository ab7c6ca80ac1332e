//! How a line may go on: from the registry, the commands with arguments and the ids of the run.

use std::collections::BTreeSet;

use super::{
    COMMANDS, NamedTarget,
    resolve::{accepts_target, accepts_targets, binding_names},
    target,
};
use crate::{
    action::{Action, CommandAction},
    keymap::{Binding, ROWS},
    model::Model,
    unavailable,
};
use engine::RunState;

/// Ways to go on that are offered at once.
const MOST: usize = 40;

/// Whole lines that begin with `text`, the likeliest first. Targets that a command would be refused
/// for stand behind those that it takes now.
pub(crate) fn completions(model: &Model, text: &str) -> Vec<String> {
    let text = text.trim_start();
    let lower = text.to_lowercase();
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    let mut offer = |line: String| {
        if found.len() < MOST && seen.insert(line.clone()) {
            found.push(line);
        }
    };
    let begins = |line: &str| line.len() > lower.len() && line.starts_with(&lower);
    let rows = || ROWS.iter().filter(|row| row.is_offered());
    // Short names before ids: who wants an id types its dot.
    let short = rows().flat_map(|row| binding_names(row).into_iter().skip(1));
    let words = COMMANDS.iter().map(|command| command.word.to_owned());
    let ids = rows().map(|row| row.id.to_owned());
    words.chain(short).chain(ids).filter(|line| begins(line)).for_each(&mut offer);
    for command in COMMANDS {
        if let Some(rest) = argument(&lower, command.word) {
            let values = (command.values)(model);
            let fits = values.iter().filter(|value| extends(value, rest));
            fits.for_each(|value| offer(format!("{} {value}", command.word)));
        }
    }
    for row in rows().filter(|row| accepts_targets(row)) {
        let heads: BTreeSet<_> = binding_names(row).into_iter().collect();
        for head in heads {
            if let Some(rest) = argument(&lower, &head) {
                for target in targets(model, row, rest) {
                    offer(format!("{head} {target}"));
                }
            }
        }
    }
    if let Some(run) = model.run.as_ref().filter(|_| !text.is_empty()) {
        let things = target::all_targets(run).map(|target| target.name(run).1);
        things.filter(|name| begins(name)).take(MOST).for_each(|name| offer(name.to_owned()));
    }
    found
}

/// What would be added to the line by taking the first way to go on.
pub(crate) fn ghost_text(model: &Model, text: &str) -> Option<String> {
    let typed = text.trim_start();
    if typed.is_empty() {
        return None;
    }
    let first = completions(model, typed).into_iter().next()?;
    first.get(typed.len()..).map(str::to_owned)
}

/// What follows a command's word and a blank.
fn argument<'a>(line: &'a str, head: &str) -> Option<&'a str> {
    line.strip_prefix(head)?.strip_prefix(' ').map(str::trim_start)
}

fn extends(value: &str, typed: &str) -> bool {
    value.len() > typed.len() && value.to_lowercase().starts_with(typed)
}

fn targets(model: &Model, row: &Binding, rest: &str) -> Vec<String> {
    let Some(run) = &model.run else { return Vec::new() };
    let (kind, typed) = target::split_kind(rest);
    let fits = |target: &NamedTarget| {
        let (its, name) = target.name(run);
        accepts_target(row, *target) && kind.is_none_or(|kind| kind == its) && extends(name, typed)
    };
    let told = |target: NamedTarget| {
        let name = target.name(run).1;
        kind.map_or_else(|| name.to_owned(), |kind| format!("{kind} {name}"))
    };
    let all = || target::all_targets(run).filter(fits);
    let mut now: Vec<_> = all().filter(|t| is_available(model, run, row, *t)).take(MOST).collect();
    // What stands higher in the list needs a person sooner, and is likelier meant.
    let place = |ix| model.tasks.order.iter().position(|listed| *listed == ix);
    now.sort_by_key(|target| target.task(run).map(|ix| place(ix).unwrap_or(usize::MAX)));
    let rest = all().filter(|target| !now.contains(target)).take(MOST).collect::<Vec<_>>();
    now.iter().copied().chain(rest).map(told).collect()
}

fn is_available(model: &Model, run: &RunState, row: &Binding, target: NamedTarget) -> bool {
    match (row.action, target.task(run)) {
        (Action::Command(CommandAction::Task(on)), Some(task)) => {
            unavailable::on_task(model, on, task).is_none()
        }
        _other => true,
    }
}
