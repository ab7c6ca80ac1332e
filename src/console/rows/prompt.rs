//! What a prompt offers while one types, what it shows already, and what becomes of the answer.

use std::collections::BTreeSet;

use super::{Which, update};
use crate::{
    console::{
        model::{Model, Pane},
        msg::Effect,
        overlay::{Asks, Overlay, Prompt},
        screen,
    },
    engine::Severity,
    present::{
        filter::{Completion, Filter, Level, Vocabulary, complete},
        words,
    },
};

/// The ways to go on that a prompt offers.
pub(in crate::console) fn options(model: &Model, prompt: &Prompt) -> Vec<Completion> {
    let typed = prompt.field.text().trim().to_lowercase();
    let whole =
        |insert: &str, display: String| Completion { from: 0, insert: insert.to_owned(), display };
    let holds = |text: &str| text.to_lowercase().contains(&typed);
    match prompt.asks {
        Asks::Filter(_) if model.focus() == Pane::Log => of_log(model, prompt),
        Asks::Filter(_) => model.run.as_ref().map_or_else(Vec::new, |run| {
            complete(prompt.field.text(), prompt.field.place(), &Vocabulary::of(run))
        }),
        Asks::Saved | Asks::Name => {
            let saved = model.settings.filters.of(model.focus());
            let found = saved.filter(|(name, text)| holds(name) || holds(text));
            found.map(|(name, text)| whole(name, format!("{name}  {text}"))).collect()
        }
        Asks::Mark => {
            let flags =
                Which::of(model.focus()).map_or(&[][..], |which| &which.stream(model).flags);
            let told = flags.iter().map(|flag| {
                let time = words::time(flag.at);
                whole(&flag.name, format!("{}  {time}  {}", flag.name, flag.by))
            });
            told.filter(|offer| holds(&offer.display)).collect()
        }
    }
}

/// What a filter of the log may be completed with: its levels, and the targets there are.
fn of_log(model: &Model, prompt: &Prompt) -> Vec<Completion> {
    let before: String = prompt.field.text().chars().take(prompt.field.place()).collect();
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("").trim_start_matches('!');
    let from = before.chars().count() - word.chars().count();
    let levels = Level::ALL.map(|level| format!("level>={}", level.word()));
    let targets: BTreeSet<_> = model.log.iter().map(|line| line.target.as_str()).collect();
    let targets = targets.into_iter().map(|target| format!("target:{target}"));
    let all = levels.into_iter().rev().chain(targets);
    let fits = all.filter(|insert| insert.starts_with(word) && insert != word);
    let offer = |insert: String| Completion { from, display: insert.clone(), insert };
    fits.take(20).map(offer).collect()
}

/// Shows what is typed so far: the terms that make sense filter the list at once.
pub(in crate::console) fn live(model: &mut Model) {
    let Some(Overlay::Filter(prompt)) = model.overlays.last_mut() else { return };
    prompt.chosen = matches!(prompt.asks, Asks::Saved | Asks::Mark).then_some(0);
    if !matches!(prompt.asks, Asks::Filter(_)) {
        return;
    }
    let typed = Filter::typed(prompt.field.text());
    // What may still become right while it is typed is not called wrong.
    prompt.fault = typed.faults.into_iter().find(|fault| !fault.unfinished);
    model.tasks.cursor = prompt.cursor;
    screen::set_filter(model, typed.filter);
}

/// Puts the chosen offer, or the first, into the line.
pub(in crate::console) fn completed(model: &mut Model) {
    let Some(Overlay::Filter(prompt)) = model.overlays.last() else { return };
    let offers = options(model, prompt);
    let offer = offers.get(prompt.chosen.unwrap_or(0)).cloned();
    if let (Some(offer), Some(Overlay::Filter(prompt))) = (offer, model.overlays.last_mut()) {
        prompt.field.replace(offer.from, &offer.insert);
        live(model);
    }
}

/// Leaves a prompt without an answer: the list is as it was before.
pub(in crate::console) fn left(model: &mut Model, prompt: Prompt) {
    if let Asks::Filter(before) = prompt.asks {
        model.tasks.cursor = prompt.cursor;
        screen::set_filter(model, before);
    }
}

/// Takes the answer of the prompt on top.
pub(in crate::console) fn taken(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Filter(prompt)) = model.overlays.last() else { return Vec::new() };
    let offers = options(model, prompt);
    let offer = prompt.chosen.and_then(|at| offers.get(at)).map(|offer| offer.insert.clone());
    let typed = prompt.field.text().trim().to_owned();
    match prompt.asks {
        // A choice among the offers is taken into the line first; the next Enter takes the line.
        Asks::Filter(_) if offer.is_some() => completed(model),
        Asks::Filter(_) => match Filter::parse(&typed) {
            Ok(filter) => {
                model.overlays.pop();
                update::set(model, filter);
            }
            Err(error) => {
                if let Some(Overlay::Filter(prompt)) = model.overlays.last_mut() {
                    prompt.fault = Some(error);
                }
            }
        },
        Asks::Saved => {
            model.overlays.pop();
            match offer {
                Some(name) => {
                    if let Err(why) = update::load(model, &name) {
                        model.say(Severity::Warning, why);
                    }
                }
                None => model.say(Severity::Info, "no saved filter of this list is called that"),
            }
        }
        Asks::Name => {
            model.overlays.pop();
            match update::save(model, &offer.unwrap_or(typed)) {
                Ok(effects) => return effects,
                Err(why) => model.say(Severity::Warning, why),
            }
        }
        Asks::Mark => {
            model.overlays.pop();
            let flag = Which::of(model.focus()).zip(offer);
            let line = flag.as_ref().and_then(|(which, name)| {
                let mut flags = which.stream(model).flags.iter();
                flags.find(|flag| flag.name == *name).map(|flag| flag.line)
            });
            if let (Some((which, _)), Some(line)) = (flag, line) {
                which.stream_mut(model).at = Some(line);
            }
        }
    }
    Vec::new()
}
