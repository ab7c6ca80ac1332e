//! Commands that take words of their own. To add one: a row here.

use super::{go_to, row, target};
use crate::{
    console::{model::Model, msg::Effect, registry::Row, rows, theme::Theme, why_not::REAL_CLOCK},
    engine::RunState,
    present::filter::Filter,
    yaml::shown,
};

/// A command with arguments.
#[derive(Debug, Clone, Copy)]
pub(in crate::console) struct ArgCommand {
    /// Its word.
    pub(in crate::console) word: &'static str,
    /// What it takes, as the help writes it.
    pub(in crate::console) args: &'static str,
    /// What it does.
    pub(in crate::console) help: &'static str,
    /// What may be offered for its argument.
    pub(in crate::console) values: fn(&Model) -> Vec<String>,
    /// Does it. What would act on the run goes through [`row`], never past it.
    pub(in crate::console) run: fn(&mut Model, &str) -> Result<Vec<Effect>, String>,
}

/// Every command with arguments, in the order in which they are offered.
#[rustfmt::skip]
pub(in crate::console) const COMMANDS: &[ArgCommand] = &[
    ArgCommand { word: "q", args: "", help: "leave the console; asks how", values: nothing, run: quit },
    ArgCommand { word: "recover", args: "[paused]", help: "let a run that is taken up go on, or go on with the engine paused", values: paused, run: recover },
    ArgCommand { word: "goto", args: "TASK, AGENT or STAGE", help: "show a task, an agent, the tasks of a stage", values: names, run: goto },
    ArgCommand { word: "filter", args: "FILTER", help: "show only what matches; without words, everything", values: filters, run: filter },
    ArgCommand { word: "save", args: "NAME", help: "save the filter of this list under a name", values: saved, run: save },
    ArgCommand { word: "load", args: "NAME", help: "put a saved filter of this list on", values: saved, run: load },
    ArgCommand { word: "ctx", args: "LINES", help: "show so many neighbours of each match of a stream, dimmed", values: contexts, run: context },
    ArgCommand { word: "speed", args: "FACTOR", help: "how many times faster than the wall's a virtual clock goes", values: speeds, run: speed },
    ArgCommand { word: "theme", args: "NAME", help: "what the colours mean and for which background", values: themes, run: theme },
];

fn nothing(_: &Model) -> Vec<String> {
    Vec::new()
}

fn quit(model: &mut Model, _: &str) -> Result<Vec<Effect>, String> {
    let leave = Row::named("console.leave").ok_or("the console cannot be left")?;
    Ok(row(model, leave))
}

fn paused(_: &Model) -> Vec<String> {
    vec!["paused".into()]
}

fn recover(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let id = match text.to_lowercase().as_str() {
        "" => "recovery.go_on",
        "paused" => "recovery.paused",
        _other => return Err(format!("recover takes nothing or `paused`, not {}", shown(text))),
    };
    Ok(Row::named(id).map(|wanted| row(model, wanted)).unwrap_or_default())
}

fn names(model: &Model) -> Vec<String> {
    let all = |run: &RunState| {
        target::every(run).map(|target| target.name(run).1.to_owned()).collect::<Vec<_>>()
    };
    model.run.as_ref().map(all).unwrap_or_default()
}

fn goto(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    if text.is_empty() {
        return Err("goto wants the name of a task, an agent or a stage".into());
    }
    if let Some(found) = target::named(model, text)?.first() {
        go_to(model, *found);
    }
    Ok(Vec::new())
}

fn filters(_: &Model) -> Vec<String> {
    let known = ["state:failed,timeout", "state:running", "agent:", "stage:", "pri>=high", "try>1"];
    known.map(Into::into).into()
}

fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let filter = Filter::parse(text).map_err(|error| error.to_string())?;
    rows::set(model, filter);
    Ok(Vec::new())
}

fn saved(model: &Model) -> Vec<String> {
    model.settings.filters.of(model.focus()).map(|(name, _)| name.to_owned()).collect()
}

fn save(model: &mut Model, name: &str) -> Result<Vec<Effect>, String> {
    rows::save(model, name)
}

fn load(model: &mut Model, name: &str) -> Result<Vec<Effect>, String> {
    rows::load(model, name).map(|()| Vec::new())
}

fn contexts(_: &Model) -> Vec<String> {
    ["0", "1", "3", "10"].map(Into::into).into()
}

fn context(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let lines = text.parse().map_err(|_error| format!("{} is no number of lines", shown(text)))?;
    rows::set_context(model, lines).map(|()| Vec::new())
}

fn speeds(_: &Model) -> Vec<String> {
    ["1", "5", "20", "60", "180", "600", "1800", "3600"].map(Into::into).into()
}

/// Fastest a clock may be told to go; the configuration has the same bound.
const SPEED_MOST: f64 = 100_000.0;

fn speed(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    if model.real_clock() {
        return Err(REAL_CLOCK.into());
    }
    let factor = text.trim_end_matches(['x', 'X', '×']).trim().parse::<f64>().ok();
    let factor = factor.filter(|factor| *factor > 0.0 && *factor <= SPEED_MOST);
    let wrong =
        || format!("{} is no speed: a number above 0 and at most {SPEED_MOST}", shown(text));
    factor.map(|factor| vec![Effect::Speed(factor)]).ok_or_else(wrong)
}

fn themes(_: &Model) -> Vec<String> {
    Theme::names().map(Into::into).into()
}

fn theme(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let found = model.settings.theme.by_name(&text.to_lowercase());
    let names = || Theme::names().join(", ");
    model.settings.theme =
        found.ok_or_else(|| format!("{} is no theme: one of {}", shown(text), names()))?;
    Ok(Vec::new())
}
