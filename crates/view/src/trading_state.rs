//! The trading state in words and signs: for the header, the banner, a document and a voice.

use super::format::{self, GlyphSet};
use engine::{RunState, TradingState};

/// The sign before the word; each state has its own, so that nobody has to read colour.
#[must_use]
pub const fn trading_glyph(state: TradingState, glyphs: GlyphSet) -> &'static str {
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
pub fn trading_state_text(run: &RunState) -> Option<String> {
    let trading = run.trading_status();
    let by = trading.by.as_ref()?.to_string();
    let since = format::format_time(trading.since);
    Some(format!(
        "since {since} {} by {}: {}",
        planning::calendar::clock_name(),
        format::sanitize(&by),
        format::sanitize(&trading.why)
    ))
}

/// Returns what the desk says of its own orders since the state was entered.
#[must_use]
pub fn orders(run: &RunState) -> String {
    match run.trading_status().working {
        None => "working orders not known yet".into(),
        Some(0) => "no working orders".into(),
        Some(n) if run.trading_status().state == TradingState::ReduceOnly => {
            format::count_noun(n.into(), "working order")
        }
        Some(n) => format!("{} STILL WORKING", format::count_noun(n.into(), "order")),
    }
}

/// Returns the line that stays in sight while nothing may be sent; `fix` says how to leave the state.
#[must_use]
pub fn trading_banner(run: &RunState, fix: &str) -> Option<String> {
    let state = run.trading_status().state;
    let stopped = state >= TradingState::Halted;
    let told = trading_state_text(run).filter(|_| stopped)?;
    Some(format!("{state} {} · {fix} · {told}", orders(run)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_sign_of_its_own_in_both_sets() {
        for glyphs in [GlyphSet::Utf8, GlyphSet::Ascii] {
            let signs = TradingState::ALL.map(|state| trading_glyph(state, glyphs));
            let different: std::collections::BTreeSet<_> = signs.iter().collect();
            assert_eq!(different.len(), signs.len());
            assert!(glyphs == GlyphSet::Utf8 || signs.iter().all(|sign| sign.is_ascii()));
        }
    }
}
