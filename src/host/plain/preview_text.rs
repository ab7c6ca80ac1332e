//! A plan of the engine told in lines, for who cannot look at its dialog.

use engine::{
    Command, RunState,
    control::{CommitResult, Preview},
};
use view::{format, partial_approval, speech::spell_out};

/// Orders of a plan that are told; the rest is counted.
const ORDERS_MAX: usize = 40;

/// What an act would do, line by line, and how to agree to it. Of an approval the orders, by number.
pub(super) fn preview_lines(run: Option<&RunState>, plan: &Preview) -> Vec<String> {
    let mut lines = vec![format!("{}, {}", plan.title, plan.tier.as_str())];
    for command in &plan.proposal.commands {
        if let Command::Approve { task, terms } = command {
            let asked = run.and_then(|run| partial_approval::orders_for_approval(run, *task));
            lines.extend(asked.iter().flat_map(|asked| asked.describe_lines(terms, ORDERS_MAX)));
        }
    }
    lines.extend(plan.danger.iter().map(|danger| format!("danger: {danger}")));
    lines.extend(plan.moved_since_seen.iter().map(|moved| format!("changed: {moved}")));
    for section in &plan.sections {
        let heading = section.kind.heading().to_lowercase();
        for line in &section.lines {
            let at =
                line.at.map(|at| format!(" {}", format::format_minute(at))).unwrap_or_default();
            lines.push(format!("{heading}: {}{at}", line.text));
        }
        let more = section.count.saturating_sub(section.lines.len());
        if more > 0 {
            lines.push(format!("{heading}: and {more} more"));
        }
    }
    lines.push(match &plan.phrase {
        Some(phrase) => format!("to do it, type: yes {phrase}"),
        None => "to do it, type: yes".into(),
    });
    lines.iter().map(|line| spell_out(line)).collect()
}

/// What came of an act, line by line.
pub(super) fn outcome_lines(plan: &Preview, answer: &CommitResult) -> Vec<String> {
    let refused = answer.refused.iter().map(|(_, why)| spell_out(&format!("refused: {why}")));
    let refused: Vec<_> = refused.collect();
    if refused.is_empty() { vec![spell_out(&format!("done: {}", plan.title))] } else { refused }
}
