//! Completions of a filter: fields, and the states, names and kinds of a live run.

use std::sync::Arc;

use super::{
    field::FilterField,
    term::split_term,
    token::{TokenBody, tokenize},
};
use crate::format;
use engine::{OrchestrationEvent, RunState, TaskState};
use planning::plan::DayPlan;

/// The words of a run that a filter may name. Cheap to make: it shares the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterVocabulary {
    plan: Arc<DayPlan>,
    counts: [u32; 14],
}

impl FilterVocabulary {
    /// Of a run as it stands.
    #[must_use]
    pub fn from_run(run: &RunState) -> Self {
        Self { plan: Arc::clone(run.plan()), counts: *run.state_counts() }
    }
}

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The start of the replaced text, in characters from 0; it reaches to the cursor.
    pub from: usize,
    /// The inserted text.
    pub insert: String,
    /// The text of the list entry, with its meaning.
    pub display: String,
}

/// Most completions given.
const COMPLETIONS_MAX: usize = 20;
/// Tasks looked at for their names: of a day of a hundred thousand the first ones, since this is asked
/// with every letter and every frame of a prompt.
const TASKS_MAX: usize = 5_000;

/// The ways to complete the term that ends at `cursor` (in characters from 0), likeliest first.
#[must_use]
pub fn complete(text: &str, cursor: usize, vocabulary: &FilterVocabulary) -> Vec<Completion> {
    let before: String = text.chars().take(cursor).collect();
    let Some(token) = tokenize(&before).pop().filter(|token| token.after.is_none()) else {
        return Vec::new();
    };
    let TokenBody::Plain(body) = &token.body else { return Vec::new() };
    let end = token.at + token.written.chars().count();
    let Some((word, _, value)) = split_term(body) else {
        let from = end.saturating_sub(body.chars().count());
        return fields(body, from, vocabulary);
    };
    let Some(field) = FilterField::parse(word) else { return Vec::new() };
    let part = value.rsplit(',').next().unwrap_or(value).to_lowercase();
    let from = end.saturating_sub(part.chars().count());
    let wanted = |candidate: &str| candidate.starts_with(&part) && candidate != part;
    let found = values(field, &wanted, vocabulary);
    let completion = |(insert, display): (String, String)| Completion { from, insert, display };
    found.into_iter().map(completion).collect()
}

/// Fields that begin with what is typed, and from two characters on the tasks that have it.
fn fields(body: &str, from: usize, vocabulary: &FilterVocabulary) -> Vec<Completion> {
    let typed = body.to_lowercase();
    let fields = FilterField::ALL.into_iter().filter(|field| field.as_str().starts_with(&typed));
    let fields = fields.map(|field| {
        let insert = format!("{}{}", field.as_str(), field.default_operator());
        let display = format!("{insert}  {}", field.expected_value());
        Completion { from, insert, display }
    });
    let enough = typed.chars().count() >= 2;
    let ids = vocabulary.plan.tasks.iter().take(TASKS_MAX).map(|task| task.id.as_str());
    let ids = ids.filter(|id| enough && id.contains(&typed) && *id != typed).map(|id| {
        let display = format!("{id}  task");
        Completion { from, insert: id.to_owned(), display }
    });
    fields.chain(ids).take(COMPLETIONS_MAX).collect()
}

/// Returns what to insert and what to show for the values of a field.
fn values(
    field: FilterField,
    wanted: &dyn Fn(&str) -> bool,
    vocabulary: &FilterVocabulary,
) -> Vec<(String, String)> {
    let plan = &vocabulary.plan;
    let names = |names: &mut dyn Iterator<Item = &str>| {
        let mut all: Vec<(String, String)> = Vec::new();
        for name in names.filter(|name| wanted(name)) {
            if all.len() >= COMPLETIONS_MAX {
                break;
            }
            if all.iter().all(|(known, _)| known != name) {
                all.push((name.to_owned(), name.to_owned()));
            }
        }
        all
    };
    match field {
        FilterField::State => states(wanted, vocabulary),
        FilterField::Agent => names(&mut plan.agents.iter().map(|agent| agent.id.as_str())),
        FilterField::Stage => names(&mut plan.stages.iter().map(|stage| stage.id.as_str())),
        FilterField::Task => {
            names(&mut plan.tasks.iter().take(TASKS_MAX).map(|task| task.id.as_str()))
        }
        FilterField::Type => {
            names(&mut plan.tasks.iter().take(TASKS_MAX).map(|task| task.task_type.as_str()))
        }
        FilterField::Kind => names(&mut OrchestrationEvent::ALL.iter().map(|kind| kind.name())),
        FilterField::Is | FilterField::Priority | FilterField::Level => {
            names(&mut field.keywords().into_iter())
        }
        FilterField::Since | FilterField::Until | FilterField::At => {
            let mut opens: Vec<_> = plan.stages.iter().collect();
            opens.sort_by_key(|stage| stage.opens_at);
            let shown = opens.into_iter().map(|stage| {
                let time = format::format_minute(stage.opens_at);
                let display = format!("{time}  {} opens", stage.id);
                (time, display)
            });
            shown.filter(|(time, _)| wanted(time)).take(COMPLETIONS_MAX).collect()
        }
        FilterField::Try | FilterField::Age | FilterField::Corr => Vec::new(),
    }
}

/// States that some task is in first, with how many are.
fn states(wanted: &dyn Fn(&str) -> bool, vocabulary: &FilterVocabulary) -> Vec<(String, String)> {
    let count = |word: &str| {
        let state = TaskState::ALL.into_iter().find(|s| s.as_str().eq_ignore_ascii_case(word));
        state.and_then(|state| vocabulary.counts.get(state.index()).copied()).unwrap_or(0)
    };
    let mut found: Vec<_> =
        FilterField::State.keywords().into_iter().filter(|word| wanted(word)).collect();
    found.sort_by_key(|word| count(word) == 0);
    found.truncate(COMPLETIONS_MAX);
    let show = |word: &str| match count(word) {
        0 => (word.to_owned(), word.to_owned()),
        n => (word.to_owned(), format!("{word}  {}", format::count_noun(u64::from(n), "task"))),
    };
    found.into_iter().map(show).collect()
}
