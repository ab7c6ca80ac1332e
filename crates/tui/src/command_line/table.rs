//! Commands that take words of their own. To add one: a row here.

use super::{run_binding, show_target, target};
use crate::{
    keymap::Binding, list_actions, model::Model, msg::Effect, theme::Theme, time_travel,
    unavailable::REAL_CLOCK,
};
use chrono::NaiveTime;
use diag::quote;
use engine::RunState;
use view::filter::Filter;

/// A command with arguments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArgCommand {
    /// Its word.
    pub(crate) word: &'static str,
    /// What it takes, as the help writes it.
    pub(crate) args: &'static str,
    /// What it does.
    pub(crate) help: &'static str,
    /// What may be offered for its argument.
    pub(crate) values: fn(&Model) -> Vec<String>,
    /// Does it. What would act on the run goes through `row`, never past it.
    pub(crate) run: fn(&mut Model, &str) -> Result<Vec<Effect>, String>,
}

/// Every command with arguments, in the order in which they are offered.
#[rustfmt::skip]
pub(crate) const COMMANDS: &[ArgCommand] = &[
    ArgCommand { word: "q", args: "", help: "leave the console; asks how", values: no_choices, run: quit },
    ArgCommand { word: "recover", args: "[paused]", help: "resume a run that is being recovered, or resume it with the engine paused", values: pause_choices, run: recover },
    ArgCommand { word: "goto", args: "TASK, AGENT, STAGE or TIME", help: "show a task, an agent, the tasks of a stage; look at a minute of the run: goto 09:12", values: names, run: goto },
    ArgCommand { word: "filter", args: "FILTER", help: "show only what matches; without an argument, show everything", values: filters, run: filter },
    ArgCommand { word: "save", args: "NAME", help: "save the filter of this list under a name", values: saved_filter_names, run: save },
    ArgCommand { word: "load", args: "NAME", help: "apply a saved filter of this list", values: saved_filter_names, run: load },
    ArgCommand { word: "ctx", args: "LINES", help: "show this many lines around each match of a stream, dimmed", values: contexts, run: context },
    ArgCommand { word: "speed", args: "FACTOR", help: "set the speed of a virtual clock as a multiple of real time", values: speeds, run: speed },
    ArgCommand { word: "theme", args: "NAME", help: "choose a color theme", values: themes, run: theme },
];

fn no_choices(_: &Model) -> Vec<String> {
    Vec::new()
}

fn quit(model: &mut Model, _: &str) -> Result<Vec<Effect>, String> {
    let leave = Binding::by_id("console.leave").ok_or("the console cannot be left")?;
    Ok(run_binding(model, leave))
}

fn pause_choices(_: &Model) -> Vec<String> {
    vec!["paused".into()]
}

fn recover(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let id = match text.to_lowercase().as_str() {
        "" => "run.recover",
        "paused" => "run.recover_paused",
        _other => return Err(format!("recover takes nothing or `paused`, not {}", quote(text))),
    };
    Ok(Binding::by_id(id).map(|wanted| run_binding(model, wanted)).unwrap_or_default())
}

fn names(model: &Model) -> Vec<String> {
    let all = |run: &RunState| {
        target::all_targets(run).map(|target| target.name(run).1.to_owned()).collect::<Vec<_>>()
    };
    model.run.as_ref().map(all).unwrap_or_default()
}

fn goto(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    if text.is_empty() {
        return Err("goto wants a task, an agent, a stage or a time of day".into());
    }
    if let Some(time) = time_of_day(text) {
        return time_travel::go_to_time(model, time).map(|()| Vec::new());
    }
    if let Some(found) = target::find_targets(model, text)?.first() {
        show_target(model, *found);
    }
    Ok(Vec::new())
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let short = NaiveTime::parse_from_str(text, "%H:%M");
    short.or_else(|_seconds| NaiveTime::parse_from_str(text, "%H:%M:%S")).ok()
}

fn filters(_: &Model) -> Vec<String> {
    let known = ["state:failed,timeout", "state:running", "agent:", "stage:", "pri>=high", "try>1"];
    known.map(Into::into).into()
}

fn filter(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let filter = Filter::parse(text).map_err(|error| error.to_string())?;
    list_actions::set_filter(model, filter);
    Ok(Vec::new())
}

fn saved_filter_names(model: &Model) -> Vec<String> {
    model.settings.filters.for_pane(model.focused_pane()).map(|(name, _)| name.to_owned()).collect()
}

fn save(model: &mut Model, name: &str) -> Result<Vec<Effect>, String> {
    list_actions::save_filter(model, name)
}

fn load(model: &mut Model, name: &str) -> Result<Vec<Effect>, String> {
    list_actions::load_filter(model, name).map(|()| Vec::new())
}

fn contexts(_: &Model) -> Vec<String> {
    ["0", "1", "3", "10"].map(Into::into).into()
}

fn context(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let lines = text.parse().map_err(|_error| format!("{} is no number of lines", quote(text)))?;
    list_actions::set_context(model, lines).map(|()| Vec::new())
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
        || format!("{} is no speed: a number above 0 and at most {SPEED_MOST}", quote(text));
    factor.map(|factor| vec![Effect::Speed(factor)]).ok_or_else(wrong)
}

fn themes(_: &Model) -> Vec<String> {
    Theme::names().map(Into::into).into()
}

fn theme(model: &mut Model, text: &str) -> Result<Vec<Effect>, String> {
    let found = model.settings.theme.by_name(&text.to_lowercase());
    let names = || Theme::names().join(", ");
    model.settings.theme =
        found.ok_or_else(|| format!("{} is no theme: one of {}", quote(text), names()))?;
    Ok(Vec::new())
}
