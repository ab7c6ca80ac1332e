//! From windows tied to the session to moments of one day, and what a shortened session does to them.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};

use super::{
    notes::{ExchangeMoment, MomentRange},
    precedence::{Precedence, Preference, Resolved, resolve_preferences},
};
use crate::{
    calendar::{DayKind, ExchangeDay, exchange_moment},
    time::{SessionAnchor, Window},
};

/// When an ordinary session ends, exchange time. Source: specification, "Market Configuration".
const NORMAL_CLOSE: NaiveTime = NaiveTime::from_hms_opt(16, 0, 0).expect("16:00 is a time of day");

/// A window settled: its moments and why.
#[derive(Debug, Clone)]
pub(super) struct ResolvedWindow {
    pub(super) stretch: MomentRange,
    /// The rule as written, if one rule alone gave it.
    pub(super) rule: Option<Window>,
    pub(super) origin: Arc<str>,
    /// What it would be without that origin, if that differs.
    pub(super) was: Option<MomentRange>,
    pub(super) conflict: Option<String>,
}

impl ResolvedWindow {
    /// `06:00 .. 06:30 (open-3h30m .. open-3h)`; the rule is left out where it says the same.
    pub(super) fn describe(&self) -> String {
        let tied = |anchor| matches!(anchor, SessionAnchor::Open(_) | SessionAnchor::Close(_));
        match self.rule {
            Some(rule) if tied(rule.from) || tied(rule.to) => format!("{} ({rule})", self.stretch),
            Some(_) | None => self.stretch.to_string(),
        }
    }
}

/// The day's session beside the same day with an ordinary one.
#[derive(Debug)]
pub(super) struct DayHours<'a> {
    day: &'a ExchangeDay,
    normal: ExchangeDay,
}

impl<'a> DayHours<'a> {
    pub(super) fn for_day(day: &'a ExchangeDay) -> Self {
        let normal_close = exchange_moment(day.date, NORMAL_CLOSE);
        let normal = ExchangeDay { kind: DayKind::Regular, close: normal_close, ..day.clone() };
        Self { day, normal }
    }

    /// The moment of `anchor`. A clock time inside an ordinary session does not outlast a
    /// shortened one.
    pub(super) fn resolve_anchor(&self, anchor: SessionAnchor) -> DateTime<Utc> {
        let at = self.day.resolve_anchor(anchor);
        let in_session = self.normal.open <= at && at <= self.normal.close;
        match anchor {
            SessionAnchor::Clock(_) if in_session => at.min(self.day.close),
            SessionAnchor::Open(_) | SessionAnchor::Close(_) | SessionAnchor::Clock(_) => at,
        }
    }

    /// The moments of `window`; empty if the session turns it inside out.
    pub(super) fn resolve_window(&self, window: Window) -> MomentRange {
        let from = self.resolve_anchor(window.from);
        MomentRange { from, to: self.resolve_anchor(window.to).max(from) }
    }

    /// The moments of `window` had the session been an ordinary one.
    fn ordinary(&self, window: Window) -> MomentRange {
        let (from, to) = self.normal.resolve_window(window);
        MomentRange { from, to }
    }

    /// `calendar: early close 13:00 (Christmas Eve)`, `calendar: regular session`.
    pub(super) fn origin(&self) -> String {
        format!("calendar: {}", self.describe())
    }

    /// `early close 13:00 (Christmas Eve)`, `closed (weekend)`, `regular session`.
    pub(super) fn describe(&self) -> String {
        match &self.day.kind {
            DayKind::Regular => "regular session".into(),
            DayKind::EarlyClose { reason } => {
                format!("early close {} ({reason})", ExchangeMoment(self.day.close))
            }
            DayKind::Closed { reason } => format!("closed ({reason})"),
        }
    }

    /// The session beside an ordinary one.
    pub(super) fn session(&self) -> (MomentRange, MomentRange) {
        let stretch = |day: &ExchangeDay| MomentRange { from: day.open, to: day.close };
        (stretch(self.day), stretch(&self.normal))
    }

    /// Settles a window: what overlays want, if any does, else what its file says.
    ///
    /// Windows of several overlays intersect; where nothing is left, the earliest end counts.
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

    /// The earliest of the deadlines wanted, if any is.
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
