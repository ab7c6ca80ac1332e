//! From the words of a line to one row of the registry and its target, or why there is none.

use super::{
    COMMANDS, Target,
    table::ArgCommand,
    target::{self, named},
};
use crate::{
    console::{
        action::{Act, Action, Go, OnTask},
        model::Model,
        registry::{ROWS, Row},
    },
    yaml::{list_of, nearest, shown},
};

/// What a line asks for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// A row, on what is selected.
    Row(&'static Row),
    /// A row, on what the line names.
    On(&'static Row, Target),
    /// To see a thing.
    See(Target),
    /// A command of its own, with its arguments.
    Arg(&'static ArgCommand, &'a str),
}

/// The names of a row on the command line: its id, the end of its id, its title.
pub(super) fn names(row: &Row) -> [String; 3] {
    let end = row.id.split('.').next_back().unwrap_or(row.id);
    [row.id.to_owned(), end.to_owned(), row.title.to_lowercase()]
}

/// The words a line may begin with that its commands take, longest titles have three.
const HEAD_MOST: usize = 3;

/// What a line asks for; it is not empty.
///
/// # Errors
///
/// What is wrong with it: no such command, no such target, two meanings, a target that the command
/// does not take.
pub(super) fn resolve<'a>(model: &Model, line: &'a str) -> Result<Wanted<'a>, String> {
    let line = line.trim().trim_start_matches(':').trim();
    for words in (1..=HEAD_MOST).rev() {
        let Some((head, rest)) = heads(line, words) else { continue };
        let head = head.to_lowercase();
        if let Some(command) = COMMANDS.iter().find(|command| command.word == head) {
            return Ok(Wanted::Arg(command, rest));
        }
        let rows: Vec<_> =
            ROWS.iter().filter(|row| row.offered() && names(row).contains(&head)).collect();
        if !rows.is_empty() {
            return choose(model, &head, &rows, rest);
        }
    }
    if let Ok(found) = named(model, line)
        && let Some(first) = found.first()
    {
        return Ok(Wanted::See(*first));
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
        return format!("{} is a key of something that is open, no command", shown(word));
    }
    let rows: Vec<_> = ROWS.iter().filter(|row| row.offered()).flat_map(names).collect();
    let words = COMMANDS.iter().map(|command| command.word);
    let near = nearest(&head, rows.iter().map(String::as_str).chain(words));
    match near {
        Some(near) => format!("there is no command {}; did you mean `{near}`?", shown(word)),
        None if rest.is_empty() && model.run.is_some() => {
            format!("there is no command, task, agent or stage {}", shown(word))
        }
        None => format!("there is no command {}", shown(word)),
    }
}

fn choose<'a>(
    model: &Model,
    head: &str,
    rows: &[&'static Row],
    rest: &str,
) -> Result<Wanted<'a>, String> {
    if rest.is_empty() {
        let here = model.place();
        let nearest = here.chain().iter().find_map(|scope| rows.iter().find(|r| r.scope == *scope));
        let exact = rows.iter().find(|row| row.id == head);
        return match (exact.or(nearest), rows) {
            (Some(row), _) | (None, [row]) => Ok(Wanted::Row(row)),
            (None, _) => {
                let ids = list_of(rows.iter().map(|row| row.id));
                Err(format!("{} means {ids}: say which, or on what", shown(head)))
            }
        };
    }
    if !rows.iter().any(|row| takes_any(row)) {
        return Err(format!("{} takes no target", shown(head)));
    }
    let targets = named(model, rest)?;
    let pairs = rows.iter().flat_map(|row| targets.iter().map(move |target| (*row, *target)));
    let found = pairs.into_iter().find(|(row, target)| takes(row, *target));
    found.map(|(row, target)| Wanted::On(row, target)).ok_or_else(|| {
        let (_, name) = target::split(rest);
        format!("{} does not apply to {}", shown(head), shown(name))
    })
}

/// Whether a row takes targets at all.
pub(super) fn takes_any(row: &Row) -> bool {
    matches!(row.action, Action::Act(Act::Task(_) | Act::PauseAgent) | Action::Go(Go::Open))
}

/// Whether a row can be done to a target.
pub(super) fn takes(row: &Row, target: Target) -> bool {
    match (row.action, target) {
        (Action::Act(Act::Task(OnTask::ForceStage)), Target::Stage(_) | Target::Task(_))
        | (Action::Act(Act::Task(OnTask::Pause)), Target::Stage(_))
        | (Action::Act(Act::PauseAgent), Target::Agent(_))
        | (Action::Go(Go::Open), _) => true,
        (Action::Act(Act::Task(on)), Target::Task(_)) => on != OnTask::ForceStage,
        _other => false,
    }
}
