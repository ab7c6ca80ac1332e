//! Text to value: what each kind of setting accepts, and how that is said.

use std::path::PathBuf;

use chrono::{NaiveDate, NaiveTime};

use super::{Config, Secret, SettingKind, SpeedSetting};
use engine::Actor;
use planning::{calendar::LocalZone, time::Span};

/// Least grave message that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// What must be looked at.
    Error,
    /// What should be looked at.
    Warn,
    /// What happens.
    Info,
    /// Why it happens.
    Debug,
    /// Everything.
    Trace,
}

/// Form of the log's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// JSON with the fields of the Elastic Common Schema.
    Json,
}

impl LogLevel {
    /// The word `tracing` knows it by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// Returns a value without its quotes: files of variables pass them on.
fn without_quotes(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

fn is_path(text: &str) -> bool {
    !text.contains(diag::is_unsafe_char)
}

fn speed_text(speed: SpeedSetting) -> String {
    match speed {
        SpeedSetting::Max => "max".into(),
        SpeedSetting::Times(factor) => factor.to_string(),
    }
}

impl SettingKind {
    /// Understands `text` and writes it into `config`; returns the value as it is shown.
    ///
    /// `None` when the text is not accepted; `Kind::accepts` then says what is.
    pub(super) fn parse_into(&self, text: &str, config: &mut Config) -> Option<String> {
        let text = without_quotes(text.trim());
        match self {
            Self::Count { min, max, set } => {
                let n = text.parse().ok().filter(|n| (min..=max).contains(&n))?;
                set(config, n);
                Some(n.to_string())
            }
            Self::Duration { min, max, set } => {
                let span: Span = text.parse().ok().filter(|s| (min..=max).contains(&s))?;
                set(config, span);
                Some(span.to_string())
            }
            Self::Bool { set } => switch(text).map(|on| {
                set(config, on);
                on.to_string()
            }),
            Self::Choice { words, set } => {
                let place = words.iter().position(|word| word.eq_ignore_ascii_case(text))?;
                set(config, place);
                words.get(place).map(ToString::to_string)
            }
            Self::OwnClock { .. } | Self::OwnZone { .. } => self.parse_own_hours(text, config),
            Self::Speed { set } => {
                let speed = speed(text)?;
                set(config, speed);
                Some(speed_text(speed))
            }
            Self::Date { set } => {
                let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
                set(config, date);
                Some(date.to_string())
            }
            Self::Clock { set } => {
                let time = clock(text)?;
                set(config, time);
                Some(time.format("%H:%M:%S").to_string())
            }
            Self::Zone { set } => LocalZone::by_name(text).map(|zone| {
                set(config, zone);
                zone.name().into()
            }),
            Self::Name { set } => is_name(text).then(|| set(config, text)).map(|()| text.into()),
            Self::Folder { set, .. } => {
                let path = (!text.is_empty()).then(|| PathBuf::from(text));
                is_path(text).then(|| set(config, path)).map(|()| text.into())
            }
            Self::Filter { set } => is_log_filter(text).then(|| {
                set(config, text);
                text.into()
            }),
            Self::Address { set } => {
                if !text.is_empty() && !is_address(text) {
                    return None;
                }
                let secret = (!text.is_empty()).then(|| Secret::new(text.into()));
                let shown = secret.as_ref().map_or_else(String::new, ToString::to_string);
                set(config, secret);
                Some(shown)
            }
        }
    }

    /// The same for the hours and the zone of an exchange, which may be left to the exchange.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`parse_into` names every kind")]
    fn parse_own_hours(&self, text: &str, config: &mut Config) -> Option<String> {
        match self {
            Self::OwnClock { set } => {
                let time = if text.is_empty() { None } else { Some(clock(text)?) };
                set(config, time);
                Some(time.map_or_else(String::new, |time| time.format("%H:%M").to_string()))
            }
            Self::OwnZone { aliases, set } => {
                let text = if aliases.contains(&text) { "America/New_York" } else { text };
                let zone = LocalZone::by_name(text);
                if zone.is_none() && !text.is_empty() {
                    return None;
                }
                set(config, zone);
                Some(text.into())
            }
            _other_kinds => None,
        }
    }

    /// What is accepted, to follow "expected".
    #[must_use]
    pub fn expected_text(&self) -> String {
        match self {
            Self::Count { min, max, .. } => format!("a whole number from {min} to {max}"),
            Self::Duration { min, max, .. } => {
                format!("a length of time from {min} to {max}, as `90s`, `5m` or seconds")
            }
            Self::Bool { .. } => "`true` or `false`".into(),
            Self::Choice { words, .. } => {
                let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", words.join(", "))
            }
            Self::Speed { .. } => "a number above 0 and at most 100000, or `max`".into(),
            Self::Date { .. } => "a date, as `2018-12-19`".into(),
            Self::Clock { .. } | Self::OwnClock { .. } => "a time of day, as `09:30`".into(),
            Self::Zone { .. } | Self::OwnZone { .. } => {
                "a zone of the IANA database, as `Europe/London`".into()
            }
            Self::Name { .. } => {
                "a name that does not begin with `engine`, `policy`, `agent` or `signal`".into()
            }
            Self::Folder { .. } => "a path".into(),
            Self::Filter { .. } => "levels, as `info` or `bellwether_runtime=debug,warn`".into(),
            Self::Address { .. } => "an address that begins with `https://` or `http://`".into(),
        }
    }

    /// Whether the value must not be shown, not even when it is wrong.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Address { .. })
    }

    /// What an empty value means, for the kinds that may be empty.
    #[must_use]
    pub const fn meaning_of_empty(&self) -> &'static str {
        match self {
            Self::Folder { empty_means, .. } => empty_means,
            Self::Filter { .. } => "log_level",
            Self::Address { .. } => "none",
            Self::OwnClock { .. } | Self::OwnZone { .. } => "the exchange's own",
            Self::Count { .. }
            | Self::Duration { .. }
            | Self::Bool { .. }
            | Self::Choice { .. }
            | Self::Speed { .. }
            | Self::Date { .. }
            | Self::Clock { .. }
            | Self::Zone { .. }
            | Self::Name { .. } => "",
        }
    }
}

fn is_name(text: &str) -> bool {
    let plain = !text.is_empty() && !text.contains(diag::is_unsafe_char);
    plain && !Actor::is_reserved_name(text)
}

fn is_log_filter(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "_:=,-".contains(c))
}

fn is_address(text: &str) -> bool {
    let web = text.starts_with("https://") || text.starts_with("http://");
    web && !text.contains(char::is_whitespace)
}

fn switch(text: &str) -> Option<bool> {
    let among = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if among(["true", "yes", "on", "1"]) {
        Some(true)
    } else if among(["false", "no", "off", "0"]) {
        Some(false)
    } else {
        None
    }
}

fn clock(text: &str) -> Option<NaiveTime> {
    let formats = ["%H:%M", "%H:%M:%S"];
    formats.iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

fn speed(text: &str) -> Option<SpeedSetting> {
    if text.eq_ignore_ascii_case("max") {
        return Some(SpeedSetting::Max);
    }
    let factor: f64 = text.trim_end_matches(['x', 'X', '×']).parse().ok()?;
    (factor > 0.0 && factor <= 100_000.0).then_some(SpeedSetting::Times(factor))
}
