//! The four choices of a late start side by side: one table for the text, the dialog and plain lines.

use super::{
    dryrun::PageStyle,
    format::{self, count_noun},
    page::{TextPage, truncate},
};
use engine::{
    CatchUpChoice,
    forecast::catch_up::{
        CatchUpOption, FirstOrderTime, LateStart, MissedTask, OrderTask, late_start_headline,
    },
};
use planning::time::Span;

/// Room for what a row is about.
const LABEL: usize = 14;
/// Most room for what it says of one choice.
const CELL_MAX: usize = 16;

/// The choices side by side: one line of names, then rows of a label and a cell for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceTable {
    /// The choices, in order of the columns; the recommended one first.
    pub choices: Vec<CatchUpChoice>,
    /// The rows: a label and one cell for each choice.
    pub rows: Vec<(String, Vec<String>)>,
}

/// The table.
#[must_use]
pub fn choice_table(late: &LateStart) -> ChoiceTable {
    let mut rows = Vec::new();
    let mut row = |label: &str, cell: &dyn Fn(&CatchUpOption) -> String| {
        rows.push((label.to_owned(), late.options.iter().map(cell).collect::<Vec<_>>()));
    };
    let minute = |at: Option<_>| at.map_or_else(none, format::format_time);
    row("catches up", &|o| match o.caught_up.len() {
        0 => "nothing".into(),
        n => count_noun(count(n), "task"),
    });
    row("caught up by", &|o| minute(o.through_at));
    row("  90% by", &|o| minute(o.through_p90));
    row("orders from", &|o| minute(o.tradeable.as_ref().map(|t| t.at)));
    row("  90% by", &|o| minute(o.tradeable.as_ref().and_then(|t| t.p90)));
    row("  in time", &|o| o.tradeable.as_ref().map_or_else(none, share));
    row("order tasks", &|o| {
        let can = o.orders.iter().filter(|order| order.starts_at.is_some()).count();
        format!("{can} of {} can", o.orders.len())
    });
    row("completed", &|o| o.ran.to_string());
    row("missed", &|o| o.missed.to_string());
    row("blocked", &|o| o.blocked.to_string());
    row("skipped", &|o| o.skipped.to_string());
    row("catch-up work", &|o| match o.load.iter().map(|load| load.busy_ms).sum() {
        0 => none(),
        busy => span(busy),
    });
    row("run ends", &|o| format::format_minute(o.ends_at));
    row("  as", &|o| if o.good { "completed".into() } else { "FAILED".into() });
    ChoiceTable { choices: late.options.iter().map(|option| option.choice).collect(), rows }
}

fn none() -> String {
    "-".into()
}

fn share(tradeable: &FirstOrderTime) -> String {
    format!("{:.1}%", tradeable.share * 100.0)
}

fn span(ms: u64) -> String {
    format::format_duration(Span::secs(Span::millis(ms).as_secs()))
}

impl ChoiceTable {
    /// The lines of the table, none wider than `width`. The recommended choice, which is the first, is
    /// marked with `*`, the one in the place `looked_at` stands in brackets.
    #[must_use]
    pub fn lines(&self, width: usize, looked_at: Option<usize>) -> Vec<String> {
        let room = (width.saturating_sub(LABEL) / self.choices.len().max(1)).clamp(4, CELL_MAX);
        let head = self.choices.iter().enumerate().map(|(place, choice)| {
            let mark = if place == 0 { "*" } else { "" };
            let name = format!("{}{mark}", choice.as_str());
            if looked_at == Some(place) { format!("[{name}]") } else { name }
        });
        let head = line(room, "", head);
        let rows = self.rows.iter().map(|(label, cells)| line(room, label, cells.iter().cloned()));
        std::iter::once(head).chain(rows).collect()
    }
}

fn line(room: usize, label: &str, cells: impl Iterator<Item = String>) -> String {
    let padded = |cell: String| format!("{:<room$}", truncate(&cell, room - 1));
    let label = format!("{label:<LABEL$}");
    cells.fold(label, |row, cell| row + &padded(cell)).trim_end().to_owned()
}

/// Returns what a choice is, in a sentence.
#[must_use]
pub const fn choice_meaning(choice: CatchUpChoice) -> &'static str {
    match choice {
        CatchUpChoice::Minimal => "catch up what the rest of the day still needs",
        CatchUpChoice::None => "start with what is still to come",
        CatchUpChoice::Full => "catch up everything allowed: no orders, nothing expired",
        CatchUpChoice::Observe => "observe only: run monitors and reports, send no orders",
    }
}

/// Returns the details of a choice: the remaining order tasks, the catch-up and its times, the load
/// of each agent, and the excused tasks with reasons.
#[must_use]
pub fn choice_details(option: &CatchUpOption) -> Vec<String> {
    let caught_up = option.caught_up.iter().map(|caught_up| {
        let when = caught_up.from.zip(caught_up.to);
        let when = when.map(|(from, to)| {
            format!(" {} to {}", format::format_time(from), format::format_time(to))
        });
        let when = when.unwrap_or_else(|| ": not started".into());
        format!("catch up {}{when}", caught_up.task)
    });
    let orders = option.orders.iter().map(order);
    let load = option.load.iter().map(|load| {
        let tasks = count_noun(count(load.tasks), "task");
        format!("load: {}: {tasks}, {} of work", load.agent, span(load.busy_ms))
    });
    orders.chain(caught_up).chain(load).chain(groups(option)).collect()
}

/// Returns what is excused, by why, in order of first appearance.
fn groups(option: &CatchUpOption) -> Vec<String> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for left in &option.left {
        let over = if left.over { "missed" } else { "will not run" };
        let why = format!("{over}, {}", left.why);
        match groups.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(left.task.as_str()),
            None => groups.push((why, vec![left.task.as_str()])),
        }
    }
    groups.into_iter().map(|(why, names)| format!("{why}: {}", names.join(", "))).collect()
}

fn order(order: &OrderTask) -> String {
    let OrderTask { task, asked_at, starts_at, closes_at, if_needed } = order;
    let needed = if *if_needed { ", if needed" } else { "" };
    let closes = format::format_minute(*closes_at);
    let Some(at) = starts_at else {
        return format!("orders: {task} does not run (possible until {closes})");
    };
    let asked = asked_at.map(|at| format!("approval requested {}, ", format::format_minute(at)));
    let (asked, at) = (asked.unwrap_or_default(), format::format_minute(*at));
    format!("orders: {task}: {asked}sent {at}, {closes} at the latest{needed}")
}

/// The whole page.
#[must_use]
pub fn page_rows(late: &LateStart, sheet: PageStyle) -> Vec<String> {
    let mut page = TextPage::new(sheet.width);
    page.text(0, &format!("late start of {}, {}", late.run, late_start_headline(late)));
    let zone = planning::calendar::zone_text();
    page.heading(&format!("the choices (* recommended; all times {zone})"));
    for row in choice_table(late).lines(sheet.width, None) {
        page.row(&row);
    }
    for option in &late.options {
        let word = option.choice.as_str();
        page.heading(&format!("{word}: {}", option.title));
        page.text(2, choice_meaning(option.choice));
        for line in choice_details(option) {
            page.text(2, &line);
        }
    }
    page.heading("what was missed");
    for MissedTask { task, stage, closed_at, occurrences, .. } in &late.missed {
        let more = match occurrences {
            1 => String::new(),
            n => format!(", {}", count_noun(*n, "round")),
        };
        page.text(
            2,
            &format!("{task} ({stage}): window closed {}{more}", format::format_minute(*closed_at)),
        );
    }
    for lost in &late.rounds {
        let rounds = count_noun(lost.rounds, "round");
        page.text(2, &format!("{}: {rounds} of one every {} lost", lost.task, lost.every));
    }
    sheet.to_charset(page.into_rows())
}

/// The choices in lines, each of which says all it says by itself, for who hears them read.
#[must_use]
pub fn spoken_lines(late: &LateStart) -> Vec<String> {
    let choices = late.options.iter().flat_map(|option| {
        let word = option.choice.as_str();
        let best = if option.choice == late.recommended { ", recommended" } else { "" };
        let head = format!("{word}{best}: {}", choice_meaning(option.choice));
        let through = option.through_at.map(|at| format!(" by {}", format::format_time(at)));
        let likely =
            option.through_p90.map(|at| format!(", likely by {}", format::format_time(at)));
        let orders = match &option.tradeable {
            Some(first) => format!("first orders possible at {}", format::format_time(first.at)),
            None => "no orders today".into(),
        };
        let caught_up = count_noun(count(option.caught_up.len()), "task");
        let CatchUpOption { ran, missed, blocked, skipped, .. } = option;
        [
            head,
            format!(
                "{word}: {caught_up} caught up{}{}; {orders}",
                through.unwrap_or_default(),
                likely.unwrap_or_default()
            ),
            format!(
                "{word}: {ran} completed, {missed} missed, {blocked} blocked, {skipped} skipped"
            ),
        ]
    });
    std::iter::once(late_start_headline(late)).chain(choices).collect()
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
