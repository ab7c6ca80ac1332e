//! The trading state in words and signs: for the header, the banner, a document and a voice.

use super::words::{self, GlyphSet};
use crate::engine::{RunState, TradingState};

/// The sign before the word; each state has its own, so that nobody has to read colour.
#[must_use]
pub const fn glyph(state: TradingState, glyphs: GlyphSet) -> &'static str {
    match (glyphs, state) {
        (GlyphSet::Utf8, TradingState::Active) => "●",
        (GlyphSet::Utf8, TradingState::ReduceOnly) => "◐",
        (GlyphSet::Utf8, TradingState::Halted) => "■",
        (GlyphSet::Utf8, TradingState::Killed) => "✖",
        (GlyphSet::Ascii, TradingState::Active) => "o",
        (GlyphSet::Ascii, TradingState::ReduceOnly) => "%",
        (GlyphSet::Ascii, TradingState::Halted) => "#",
        (GlyphSet::Ascii, TradingState::Killed) => "X",
    }
}

/// Since when, by whom and why, in words; nothing for the state a run begins in. Texts from outside are
/// made safe.
#[must_use]
pub fn told(run: &RunState) -> Option<String> {
    let trading = run.trading();
    let by = trading.by.as_ref()?.to_string();
    let since = words::time(trading.since);
    Some(format!("since {since} ET by {}: {}", words::safe(&by), words::safe(&trading.why)))
}

/// What the desk says of its own orders since the state was entered.
#[must_use]
pub fn orders(run: &RunState) -> String {
    match run.trading().working {
        None => "own orders not told yet".into(),
        Some(0) => "no own order may still fill".into(),
        Some(n) if run.trading().state == TradingState::ReduceOnly => {
            format!("{} working", words::plural(n.into(), "own order"))
        }
        Some(n) => format!("{} MAY STILL FILL", words::plural(n.into(), "own order")),
    }
}

/// The line that stays in sight while nothing may be sent.
#[must_use]
pub fn banner(run: &RunState) -> Option<String> {
    let state = run.trading().state;
    let stopped = state >= TradingState::Halted;
    let told = told(run).filter(|_| stopped)?;
    Some(format!("{state} {} · {told}", orders(run)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_sign_of_its_own_in_both_sets() {
        for glyphs in [GlyphSet::Utf8, GlyphSet::Ascii] {
            let signs = TradingState::ALL.map(|state| glyph(state, glyphs));
            let different: std::collections::BTreeSet<_> = signs.iter().collect();
            assert_eq!(different.len(), signs.len());
            assert!(glyphs == GlyphSet::Utf8 || signs.iter().all(|sign| sign.is_ascii()));
        }
    }
}
