//! What a few letters find: actions, screens, tasks, agents, stages, the best match first.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use super::{COMMANDS, NamedTarget, target};
use crate::{
    keymap::{Binding, ROWS},
    model::Model,
};

/// Something found. A thing of the run is kept by its name: whoever stands in its row when the
/// reader decides, the name is looked up again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaletteHit {
    /// A row of the registry, by its id.
    Row(&'static str),
    /// A command that takes words, by its own.
    Command(&'static str),
    /// A thing of the run: its kind and its name.
    Target(&'static str, String),
}

/// Hits kept; who needs more types more.
const MOST: usize = 60;

/// What `text` finds, the best first; without text, what applies where the reader is.
pub(crate) fn search(model: &Model, text: &str) -> Vec<PaletteHit> {
    let chain = model.base_scope().ancestors();
    let near =
        |row: &&Binding| chain.iter().position(|scope| *scope == row.scope).unwrap_or(chain.len());
    let mut rows: Vec<_> = ROWS.iter().filter(|row| row.is_offered()).collect();
    rows.sort_by_key(near);
    let pattern = Pattern::parse(text.trim(), CaseMatching::Ignore, Normalization::Smart);
    let mut search =
        PaletteSearch { matcher: Matcher::new(Config::DEFAULT), pattern, letters: Vec::new() };
    let mut found = Vec::new();
    for row in rows {
        // Found by its help too, but sooner by its name.
        let name = search.score(&format!("{} {}", row.title, row.id)).map(|score| score * 2);
        if let Some(score) = name.max(search.score(row.help)) {
            found.push((score, PaletteHit::Row(row.id)));
        }
    }
    for command in COMMANDS {
        if let Some(score) = search.score(&format!("{} {}", command.word, command.help)) {
            found.push((score, PaletteHit::Command(command.word)));
        }
    }
    let things = model.run.iter().filter(|_| !text.trim().is_empty());
    for (run, target) in things.flat_map(|run| target::all_targets(run).map(move |t| (run, t))) {
        let (kind, name) = NamedTarget::name(target, run);
        if let Some(score) = search.score(name) {
            found.push((score * 2, PaletteHit::Target(kind, name.to_owned())));
        }
    }
    // Stable: what stands first above stands first among equals.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.truncate(MOST);
    found.into_iter().map(|(_, hit)| hit).collect()
}

struct PaletteSearch {
    matcher: Matcher,
    pattern: Pattern,
    letters: Vec<char>,
}

impl PaletteSearch {
    fn score(&mut self, text: &str) -> Option<u32> {
        let text = Utf32Str::new(text, &mut self.letters);
        self.pattern.score(text, &mut self.matcher)
    }
}
