//! Prompts of lists: completions and previews while typing, and the effect of the input.

use std::collections::BTreeSet;

use super::StreamKind;
use crate::{
    model::{Model, Pane},
    msg::Effect,
    popup::{Popup, Prompt, PromptPurpose},
    screens,
};
use engine::AlertSeverity;
use view::{
    filter::{Completion, Filter, FilterVocabulary, LineSeverity, complete},
    format,
};

/// The ways to go on that a prompt offers.
pub(crate) fn completions(model: &Model, prompt: &Prompt) -> Vec<Completion> {
    let typed = prompt.field.text().trim().to_lowercase();
    let whole =
        |insert: &str, display: String| Completion { from: 0, insert: insert.to_owned(), display };
    let holds = |text: &str| text.to_lowercase().contains(&typed);
    match prompt.asks {
        PromptPurpose::Filter(_) if model.focused_pane() == Pane::Log => of_log(model, prompt),
        PromptPurpose::Filter(_) => model.run.as_ref().map_or_else(Vec::new, |run| {
            complete(
                prompt.field.text(),
                prompt.field.cursor_index(),
                &FilterVocabulary::from_run(run),
            )
        }),
        PromptPurpose::Saved | PromptPurpose::Name => {
            let saved = model.settings.filters.for_pane(model.focused_pane());
            let found = saved.filter(|(name, text)| holds(name) || holds(text));
            found.map(|(name, text)| whole(name, format!("{name}  {text}"))).collect()
        }
        PromptPurpose::Mark => {
            let flags = StreamKind::of_pane(model.focused_pane())
                .map_or(&[][..], |which| &which.position(model).flags);
            let told = flags.iter().map(|flag| {
                let time = format::format_time(flag.at);
                whole(&flag.name, format!("{}  {time}  {}", flag.name, flag.by))
            });
            told.filter(|offer| holds(&offer.display)).collect()
        }
    }
}

/// Returns what a filter of the log may be completed with: its levels, and the targets there are.
fn of_log(model: &Model, prompt: &Prompt) -> Vec<Completion> {
    let before: String = prompt.field.text().chars().take(prompt.field.cursor_index()).collect();
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("").trim_start_matches('!');
    let from = before.chars().count() - word.chars().count();
    let levels = LineSeverity::ALL.map(|level| format!("level>={}", level.as_str()));
    let targets: BTreeSet<_> = model.log.iter().map(|line| line.target.as_str()).collect();
    let targets = targets.into_iter().map(|target| format!("target:{target}"));
    let all = levels.into_iter().rev().chain(targets);
    let fits = all.filter(|insert| insert.starts_with(word) && insert != word);
    let offer = |insert: String| Completion { from, display: insert.clone(), insert };
    fits.take(20).map(offer).collect()
}

/// Shows what is typed so far: the terms that make sense filter the list at once.
pub(crate) fn apply_live_filter(model: &mut Model) {
    let Some(Popup::Filter(prompt)) = model.overlays.last_mut() else { return };
    prompt.chosen = matches!(prompt.asks, PromptPurpose::Saved | PromptPurpose::Mark).then_some(0);
    if !matches!(prompt.asks, PromptPurpose::Filter(_)) {
        return;
    }
    let typed = Filter::parse_partial(prompt.field.text());
    // What may still become right while it is typed is not called wrong.
    prompt.fault = typed.faults.into_iter().find(|fault| !fault.unfinished);
    model.tasks.cursor = prompt.cursor;
    screens::set_filter(model, typed.filter);
}

/// Puts the chosen offer, or the first, into the line.
pub(crate) fn accept_completion(model: &mut Model) {
    let Some(Popup::Filter(prompt)) = model.overlays.last() else { return };
    let offers = completions(model, prompt);
    let offer = offers.get(prompt.chosen.unwrap_or(0)).cloned();
    if let (Some(offer), Some(Popup::Filter(prompt))) = (offer, model.overlays.last_mut()) {
        prompt.field.replace(offer.from, &offer.insert);
        apply_live_filter(model);
    }
}

/// Leaves a prompt without an answer: the list is as it was before.
pub(crate) fn cancel_prompt(model: &mut Model, prompt: Prompt) {
    if let PromptPurpose::Filter(before) = prompt.asks {
        model.tasks.cursor = prompt.cursor;
        screens::set_filter(model, before);
    }
}

/// Takes the answer of the prompt on top.
pub(crate) fn accept_prompt(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Filter(prompt)) = model.overlays.last() else { return Vec::new() };
    let offers = completions(model, prompt);
    let offer = prompt.chosen.and_then(|at| offers.get(at)).map(|offer| offer.insert.clone());
    let typed = prompt.field.text().trim().to_owned();
    match prompt.asks {
        // A choice among the offers is taken into the line first; the next Enter takes the line.
        PromptPurpose::Filter(_) if offer.is_some() => accept_completion(model),
        PromptPurpose::Filter(_) => match Filter::parse(&typed) {
            Ok(filter) => {
                model.overlays.pop();
                super::update::set_filter(model, filter);
            }
            Err(error) => {
                if let Some(Popup::Filter(prompt)) = model.overlays.last_mut() {
                    prompt.fault = Some(error);
                }
            }
        },
        PromptPurpose::Saved => {
            model.overlays.pop();
            match offer {
                Some(name) => {
                    if let Err(why) = super::update::load_filter(model, &name) {
                        model.set_status(AlertSeverity::Warning, why);
                    }
                }
                None => model
                    .set_status(AlertSeverity::Info, "no saved filter of this list is called that"),
            }
        }
        PromptPurpose::Name => {
            model.overlays.pop();
            match super::update::save_filter(model, &offer.unwrap_or(typed)) {
                Ok(effects) => return effects,
                Err(why) => model.set_status(AlertSeverity::Warning, why),
            }
        }
        PromptPurpose::Mark => {
            model.overlays.pop();
            let flag = StreamKind::of_pane(model.focused_pane()).zip(offer);
            let line = flag.as_ref().and_then(|(which, name)| {
                let mut flags = which.position(model).flags.iter();
                flags.find(|flag| flag.name == *name).map(|flag| flag.line)
            });
            if let (Some((which, _)), Some(line)) = (flag, line) {
                which.stream_mut(model).at = Some(line);
            }
        }
    }
    Vec::new()
}
