//! Comparison of anchors on an ordinary day, 09:30 to 16:00, for checks without a date.

use crate::{
    id::StageId,
    time::{SessionAnchor, Window},
};

const MINUTE: i64 = 60_000;
/// Open of an ordinary session, in milliseconds after midnight, exchange time.
const OPEN: i64 = (9 * 60 + 30) * MINUTE;
/// Close of an ordinary session, in milliseconds after midnight.
const CLOSE: i64 = 16 * 60 * MINUTE;

/// Returns the milliseconds after midnight on an ordinary day; may lie outside of the day.
pub(super) fn ordinary_day_offset_ms(anchor: SessionAnchor) -> i64 {
    match anchor {
        SessionAnchor::Open(ms) => OPEN.saturating_add(ms),
        SessionAnchor::Close(ms) => CLOSE.saturating_add(ms),
        SessionAnchor::Clock(time) => {
            time.signed_duration_since(chrono::NaiveTime::MIN).num_milliseconds()
        }
    }
}

/// Returns the length of `window` on an ordinary day, in milliseconds.
pub(super) fn ordinary_window_length_ms(window: Window) -> i64 {
    ordinary_day_offset_ms(window.to).saturating_sub(ordinary_day_offset_ms(window.from))
}

/// Returns the window of a stage for which the file gives none: of a stage named in the specification
/// its hours, of any other the whole day.
///
/// Source: specification, "Workflow Stages": 06:00–09:30, 09:30–10:30, 10:30–15:00, 16:00–18:00.
pub(super) fn standard_stage_window(stage: &StageId) -> Option<Window> {
    let text = match stage.as_str() {
        "pre_market" => "open-3h30 .. open",
        "market_open" => "open .. open+1h",
        "intraday" => "open+1h .. close-1h",
        "post_market" => "close .. close+2h",
        _ => "00:00 .. 23:59",
    };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_windows_match_specification() {
        let at = |name: &str| standard_stage_window(&StageId::parse(name).unwrap()).unwrap();
        let clock = |text: &str| ordinary_day_offset_ms(text.parse().unwrap());
        for (stage, from, to) in [
            ("pre_market", "06:00", "09:30"),
            ("market_open", "09:30", "10:30"),
            ("intraday", "10:30", "15:00"),
            ("post_market", "16:00", "18:00"),
        ] {
            assert_eq!(ordinary_day_offset_ms(at(stage).from), clock(from), "{stage}");
            assert_eq!(ordinary_day_offset_ms(at(stage).to), clock(to), "{stage}");
        }
        assert_eq!(at("closing").to_string(), "00:00 .. 23:59", "any other has the whole day");
    }
}
