//! One sentence on a late start, for its screen, its journal entry and its alert.

use std::fmt::Display;

use super::LateStart;
use planning::calendar::exchange_local;

/// What happened: `it is 10:41: 21 tasks of 35 were missed; 90 rounds of 3 loops are lost`.
#[must_use]
pub fn late_start_headline(late: &LateStart) -> String {
    let local = exchange_local(late.at);
    let whole = local.format("%S").to_string() == "00";
    let at = local.format(if whole { "%H:%M" } else { "%H:%M:%S" });
    let missed = count_of(late.missed.len(), "task");
    let rounds: u64 = late.rounds.iter().map(|lost| lost.rounds).sum();
    let lost = count_of(rounds, "round");
    let loops = count_of(late.rounds.len(), "loop");
    let was = if late.missed.len() == 1 { "was" } else { "were" };
    let lost = if rounds > 0 { format!("; {lost} of {loops} lost") } else { String::new() };
    format!("{at}: {missed} {was} missed{lost}")
}

fn count_of<N: Copy + Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
