//! Conversion of windows to moments of one day, including the effect of a shortened session.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    notes::{ExchangeMoment, MomentRange},
    precedence::{Precedence, Preference, Resolved, resolve_preferences},
};
use crate::{
    calendar::{DayKind, ExchangeDay, LunchBreak},
    time::{SessionAnchor, Window},
};

/// A resolved window with its origin.
#[derive(Debug, Clone)]
pub(super) struct ResolvedWindow {
    pub(super) stretch: MomentRange,
    /// The window as written, if a single rule gave it.
    pub(super) rule: Option<Window>,
    pub(super) origin: Arc<str>,
    /// The window without that rule, if it differs.
    pub(super) was: Option<MomentRange>,
    pub(super) conflict: Option<String>,
}

impl ResolvedWindow {
    /// Returns the window and its rule, `06:00 .. 06:30 (open-3h30m .. open-3h)`; the rule is left
    /// out if it adds nothing.
    pub(super) fn describe(&self) -> String {
        let tied = |anchor| matches!(anchor, SessionAnchor::Open(_) | SessionAnchor::Close(_));
        match self.rule {
            Some(rule) if tied(rule.from) || tied(rule.to) => format!("{} ({rule})", self.stretch),
            Some(_) | None => self.stretch.to_string(),
        }
    }
}

/// The session of a day, next to a regular session of the same date.
#[derive(Debug)]
pub(super) struct DayHours<'a> {
    day: &'a ExchangeDay,
    normal: ExchangeDay,
}

impl<'a> DayHours<'a> {
    pub(super) fn for_day(day: &'a ExchangeDay) -> Self {
        Self { day, normal: day.full() }
    }

    /// Returns the lunch break of the session, if there is one.
    pub(super) const fn lunch(&self) -> Option<LunchBreak> {
        self.day.lunch
    }

    /// Returns the moment of `anchor`. A clock time inside a regular session is limited to the end
    /// of a shortened one.
    pub(super) fn resolve_anchor(&self, anchor: SessionAnchor) -> DateTime<Utc> {
        let at = self.day.resolve_anchor(anchor);
        let in_session = self.normal.open <= at && at <= self.normal.close;
        match anchor {
            SessionAnchor::Clock(_) if in_session => at.min(self.day.close),
            SessionAnchor::Open(_) | SessionAnchor::Close(_) | SessionAnchor::Clock(_) => at,
        }
    }

    /// Returns the moments of `window`; empty if the session reverses it.
    pub(super) fn resolve_window(&self, window: Window) -> MomentRange {
        let from = self.resolve_anchor(window.from);
        MomentRange { from, to: self.resolve_anchor(window.to).max(from) }
    }

    /// Returns the moments of `window` in a regular session.
    fn ordinary(&self, window: Window) -> MomentRange {
        let (from, to) = self.normal.resolve_window(window);
        MomentRange { from, to }
    }

    /// Returns the origin text, such as `calendar: early close 13:00 (Christmas Eve)`.
    pub(super) fn origin(&self) -> String {
        format!("calendar: {}", self.describe())
    }

    /// Returns `early close 13:00 (Christmas Eve)`, `closed (weekend)` or `regular session`.
    pub(super) fn describe(&self) -> String {
        match &self.day.kind {
            DayKind::Regular => "regular session".into(),
            DayKind::LateOpen { reason } => {
                format!("late open {} ({reason})", ExchangeMoment(self.day.open))
            }
            DayKind::EarlyClose { reason } => {
                format!("early close {} ({reason})", ExchangeMoment(self.day.close))
            }
            DayKind::Closed { reason } => format!("closed ({reason})"),
        }
    }

    /// Returns the session and the regular one of the same date.
    pub(super) fn session(&self) -> (MomentRange, MomentRange) {
        let stretch = |day: &ExchangeDay| MomentRange { from: day.open, to: day.close };
        (stretch(self.day), stretch(&self.normal))
    }

    /// Resolves a window: the one overlays prefer, if any, otherwise that of its file.
    ///
    /// Windows of several overlays intersect; if the intersection is empty, the earliest end is
    /// used.
    pub(super) fn resolve_stage_window(
        &self,
        own: Window,
        file: &Arc<str>,
        wishes: &[Preference<Window>],
    ) -> ResolvedWindow {
        let here = self.resolve_window(own);
        let Some(first) = wishes.first() else {
            let ordinary = self.ordinary(own);
            let was = (ordinary != here).then_some(ordinary);
            let origin = if was.is_some() { self.origin().into() } else { Arc::clone(file) };
            return ResolvedWindow { stretch: here, rule: Some(own), origin, was, conflict: None };
        };
        let wanted: Vec<_> =
            wishes.iter().map(|wish| (self.resolve_window(wish.value), wish)).collect();
        let start = self.resolve_window(first.value);
        let common = wanted.iter().fold(start, |all, (stretch, _)| all.intersection(*stretch));
        let earliest = wanted.iter().map(|(stretch, _)| *stretch).min_by_key(|s| s.to);
        let disjoint = common.is_empty();
        let stretch = if disjoint { earliest.unwrap_or(start) } else { common };
        let chosen = wanted.iter().find(|(wish, _)| *wish == stretch).map(|(_, wish)| wish);
        let law = if disjoint { "the earlier cut-off wins" } else { "windows intersect" };
        let others: Vec<_> = wanted
            .iter()
            .filter(|(wish, _)| *wish != stretch)
            .map(|(wish, by)| format!("{} wants {wish}: {law}", by.origin))
            .collect();
        ResolvedWindow {
            stretch,
            rule: chosen.map(|wish| wish.value),
            origin: Arc::clone(&chosen.unwrap_or(&first).origin),
            was: (here != stretch).then_some(here),
            conflict: (!others.is_empty()).then(|| others.join("; ")),
        }
    }

    /// Returns the earliest of the preferred deadlines, if any.
    pub(super) fn cut_off(
        &self,
        wishes: &[Preference<SessionAnchor>],
    ) -> Option<Resolved<ExchangeMoment>> {
        let moment = |wish: &Preference<SessionAnchor>| Preference {
            value: ExchangeMoment(self.resolve_anchor(wish.value)),
            rank: wish.rank,
            origin: Arc::clone(&wish.origin),
        };
        let moments: Vec<_> = wishes.iter().map(moment).collect();
        resolve_preferences(&moments, Precedence::StrictestWins, |a, b| a < b)
    }
}
