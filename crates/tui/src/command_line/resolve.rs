//! From the words of a line to one row of the registry and its target, or why there is none.

use super::{
    COMMANDS, NamedTarget,
    table::ArgCommand,
    target::{self, find_targets},
};
use crate::{
    action::{Action, CommandAction, Navigation, TaskAction},
    keymap::{Binding, ROWS},
    model::Model,
};
use diag::{list_of, nearest, quote};
use engine::control::CommandVerb;

/// What a line asks for.
#[derive(Debug, Clone, Copy)]
pub(super) enum ParsedCommand<'a> {
    /// A row, on what is selected.
    Row(&'static Binding),
    /// A row, on what the line names.
    On(&'static Binding, NamedTarget),
    /// To see a thing.
    See(NamedTarget),
    /// A command of its own, with its arguments.
    Arg(&'static ArgCommand, &'a str),
}

/// Returns the names of a row on the command line: its id, the end of its id, its title, and the
/// verbs that have no row of their own.
pub(super) fn binding_names(row: &Binding) -> Vec<String> {
    let end = row.id.split('.').next_back().unwrap_or(row.id);
    let mut names = vec![row.id.to_owned(), end.to_owned(), row.title.to_lowercase()];
    if let Action::Command(command) = row.action {
        let verbs = command.verbs();
        let named = verbs.iter().filter(|verb| verbs.len() == 1 || !has_own_row(**verb));
        names.extend(named.map(|verb| verb.as_str().to_owned()));
    }
    names
}

/// Returns whether a row stands for this verb alone.
fn has_own_row(verb: CommandVerb) -> bool {
    ROWS.iter()
        .any(|row| matches!(row.action, Action::Command(command) if command.verbs() == [verb]))
}

/// The words a line may begin with that its commands take, longest titles have three.
const HEAD_MOST: usize = 3;

/// What a line asks for; it is not empty.
///
/// # Errors
///
/// What is wrong with it: no such command, no such target, two meanings, a target that the command
/// does not take.
pub(super) fn parse_line<'a>(model: &Model, line: &'a str) -> Result<ParsedCommand<'a>, String> {
    let line = line.trim().trim_start_matches(':').trim();
    for words in (1..=HEAD_MOST).rev() {
        let Some((head, rest)) = heads(line, words) else { continue };
        let head = head.to_lowercase();
        if let Some(command) = COMMANDS.iter().find(|command| command.word == head) {
            return Ok(ParsedCommand::Arg(command, rest));
        }
        let rows: Vec<_> = ROWS
            .iter()
            .filter(|row| row.is_offered() && binding_names(row).contains(&head))
            .collect();
        if !rows.is_empty() {
            return choose(model, &head, &rows, rest);
        }
    }
    if let Ok(found) = find_targets(model, line)
        && let Some(first) = found.first()
    {
        return Ok(ParsedCommand::See(*first));
    }
    Err(unknown(model, line))
}

/// The first so many words and what follows them.
fn heads(line: &str, words: usize) -> Option<(String, &str)> {
    let (mut head, mut rest) = (Vec::new(), line);
    for _ in 0..words {
        let (word, tail) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        if word.is_empty() {
            return None;
        }
        head.push(word);
        rest = tail.trim_start();
    }
    Some((head.join(" "), rest))
}

fn unknown(model: &Model, line: &str) -> String {
    let word = line.split_whitespace().next().unwrap_or_default();
    let (head, rest) = (word.to_lowercase(), line.strip_prefix(word).unwrap_or_default());
    if ROWS.iter().any(|row| row.id == head) {
        return format!("{} is a key of something that is open, no command", quote(word));
    }
    let rows: Vec<_> = ROWS.iter().filter(|row| row.is_offered()).flat_map(binding_names).collect();
    let words = COMMANDS.iter().map(|command| command.word);
    let near = nearest(&head, rows.iter().map(String::as_str).chain(words));
    match near {
        Some(near) => format!("there is no command {}; did you mean `{near}`?", quote(word)),
        None if rest.is_empty() && model.run.is_some() => {
            format!("there is no command, task, agent or stage {}", quote(word))
        }
        None => format!("there is no command {}", quote(word)),
    }
}

fn choose<'a>(
    model: &Model,
    head: &str,
    rows: &[&'static Binding],
    rest: &str,
) -> Result<ParsedCommand<'a>, String> {
    if rest.is_empty() {
        let here = model.base_scope();
        let nearest =
            here.ancestors().iter().find_map(|scope| rows.iter().find(|r| r.scope == *scope));
        let exact = rows.iter().find(|row| row.id == head);
        return match (exact.or(nearest), rows) {
            (Some(row), _) | (None, [row]) => Ok(ParsedCommand::Row(row)),
            (None, _) => {
                let ids = list_of(rows.iter().map(|row| row.id));
                Err(format!("{} means {ids}: say which, or on what", quote(head)))
            }
        };
    }
    if !rows.iter().any(|row| accepts_targets(row)) {
        return Err(format!("{} takes no target", quote(head)));
    }
    let targets = find_targets(model, rest)?;
    let pairs = rows.iter().flat_map(|row| targets.iter().map(move |target| (*row, *target)));
    let found = pairs.into_iter().find(|(row, target)| accepts_target(row, *target));
    found.map(|(row, target)| ParsedCommand::On(row, target)).ok_or_else(|| {
        let (_, name) = target::split_kind(rest);
        format!("{} does not apply to {}", quote(head), quote(name))
    })
}

/// Whether a row takes targets at all.
pub(super) fn accepts_targets(row: &Binding) -> bool {
    matches!(
        row.action,
        Action::Command(CommandAction::Task(_) | CommandAction::PauseAgent)
            | Action::Go(Navigation::Open)
    )
}

/// Whether a row can be done to a target.
pub(super) fn accepts_target(row: &Binding, target: NamedTarget) -> bool {
    match (row.action, target) {
        (
            Action::Command(CommandAction::Task(TaskAction::ForceStage)),
            NamedTarget::Stage(_) | NamedTarget::Task(_),
        )
        | (Action::Command(CommandAction::Task(TaskAction::Pause)), NamedTarget::Stage(_))
        | (Action::Command(CommandAction::PauseAgent), NamedTarget::Agent(_))
        | (Action::Go(Navigation::Open), _) => true,
        (Action::Command(CommandAction::Task(on)), NamedTarget::Task(_)) => {
            on != TaskAction::ForceStage
        }
        _other => false,
    }
}
