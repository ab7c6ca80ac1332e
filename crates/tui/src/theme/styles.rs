//! What each thing on screen looks like: weight, colour by meaning, and the characters.
//!
//! Nothing is told by colour alone: every state also has a glyph and a word, so the plain theme
//! loses nothing. Red means that a person must look, and nothing else; done is dim; a selection is
//! reverse video and never a background colour.

use ratatui::{
    style::{Modifier, Style},
    symbols::border,
};

use super::{
    ColorDepth,
    colours::{ColorRole, role_color},
};
use config::ColorScheme;
use engine::{AgentHealth, AlertSeverity, TaskState};
use planning::plan::RunMode;
use view::format::GlyphSet;

/// Colours and glyphs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// The color scheme.
    pub scheme: ColorScheme,
    pub palette: ColorDepth,
    pub glyphs: GlyphSet,
}

/// Borders in ASCII.
const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// Borders of the focused pane in ASCII.
const ASCII_FOCUS: border::Set<'static> =
    border::Set { horizontal_top: "=", horizontal_bottom: "=", ..ASCII_BORDER };

impl Theme {
    /// The names of all themes, as a reader chooses them.
    #[must_use]
    pub const fn names() -> [&'static str; 4] {
        ColorScheme::WORDS
    }

    /// This theme in the colours of another, by name; `None` when there is none of that name.
    #[must_use]
    pub fn by_name(self, name: &str) -> Option<Self> {
        let scheme = ColorScheme::ALL.into_iter().find(|scheme| scheme.as_str() == name)?;
        Some(Self { scheme, ..self })
    }

    /// The name of its colours.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.scheme.as_str()
    }

    /// This theme in the next colours; after the last come the first.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { scheme: self.scheme.next(), ..self }
    }

    fn color(self, meaning: ColorRole) -> Style {
        role_color(self.scheme, self.palette, meaning)
            .map_or_else(Style::new, |c| Style::new().fg(c))
    }

    /// Less important than the rest.
    #[must_use]
    pub fn muted(self) -> Style {
        match role_color(self.scheme, self.palette, ColorRole::Muted) {
            Some(grey) => Style::new().fg(grey),
            None => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// Names of panes, columns and keys.
    #[must_use]
    pub fn emphasis(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The selected row.
    #[must_use]
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A person must look.
    #[must_use]
    pub fn danger(self) -> Style {
        self.color(ColorRole::Danger).add_modifier(Modifier::BOLD)
    }

    /// Returns the style of a warning.
    #[must_use]
    pub fn warning(self) -> Style {
        self.color(ColorRole::Warn)
    }

    /// The name of what goes wrong on purpose.
    #[must_use]
    pub fn scenario(self) -> Style {
        self.color(ColorRole::Blocked).add_modifier(Modifier::BOLD)
    }

    /// The border of a pane, focused or not.
    #[must_use]
    pub fn border(self, focused: bool) -> Style {
        if focused { Style::new().add_modifier(Modifier::BOLD) } else { self.muted() }
    }

    /// Returns how a task state looks, besides its glyph and its word.
    #[must_use]
    pub fn task_state(self, state: TaskState) -> Style {
        match state {
            TaskState::Pending | TaskState::Skipped => self.muted(),
            TaskState::Queued => self.color(ColorRole::Queued),
            TaskState::Running => self.color(ColorRole::Running),
            TaskState::Retrying => self.color(ColorRole::Warn),
            TaskState::Held => Style::new().add_modifier(Modifier::UNDERLINED),
            TaskState::Cancelling => self.warning().add_modifier(Modifier::ITALIC),
            TaskState::InDoubt => self.danger().add_modifier(Modifier::ITALIC),
            TaskState::Completed => Style::new().add_modifier(Modifier::DIM),
            TaskState::Failed => self.danger(),
            TaskState::Timeout => self.danger().add_modifier(Modifier::UNDERLINED),
            TaskState::Cancelled => self.muted().add_modifier(Modifier::ITALIC),
            TaskState::UpstreamFailed => self.color(ColorRole::Blocked),
            TaskState::Missed => self.color(ColorRole::Danger),
        }
    }

    /// One of two ways to write a thing.
    #[must_use]
    pub const fn glyph(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self.glyphs {
            GlyphSet::Utf8 => unicode,
            GlyphSet::Ascii => ascii,
        }
    }

    /// Returns how the word of the mode looks.
    #[must_use]
    pub fn mode(self, mode: RunMode) -> Style {
        let meaning = match mode {
            RunMode::Live => ColorRole::Danger,
            RunMode::Paper => ColorRole::Warn,
            RunMode::Sim | RunMode::Dry => ColorRole::Queued,
            RunMode::Replay => ColorRole::Blocked,
        };
        self.color(meaning).add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }

    /// Returns how an agent's health looks. Green is used here and nowhere else.
    #[must_use]
    pub fn agent_health(self, health: AgentHealth) -> Style {
        match health {
            AgentHealth::Healthy => self.color(ColorRole::Good),
            AgentHealth::Degraded | AgentHealth::BreakerHalfOpen => self.warning(),
            AgentHealth::Unresponsive | AgentHealth::BreakerOpen => self.danger(),
            AgentHealth::Paused => Style::new().add_modifier(Modifier::UNDERLINED),
        }
    }

    /// Returns how an alert looks.
    #[must_use]
    pub fn severity(self, severity: AlertSeverity) -> Style {
        match severity {
            AlertSeverity::Info => Style::new(),
            AlertSeverity::Warning => self.warning(),
            AlertSeverity::Critical => self.danger(),
        }
    }

    /// The characters of a pane's border.
    #[must_use]
    pub const fn borders(self, focused: bool) -> border::Set<'static> {
        match (self.glyphs, focused) {
            (GlyphSet::Utf8, true) => border::THICK,
            (GlyphSet::Utf8, false) => border::PLAIN,
            (GlyphSet::Ascii, true) => ASCII_FOCUS,
            (GlyphSet::Ascii, false) => ASCII_BORDER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use view::format;

    const HEALTHS: [AgentHealth; 6] = [
        AgentHealth::Healthy,
        AgentHealth::Degraded,
        AgentHealth::BreakerHalfOpen,
        AgentHealth::Unresponsive,
        AgentHealth::BreakerOpen,
        AgentHealth::Paused,
    ];
    const SETS: [GlyphSet; 2] = [GlyphSet::Utf8, GlyphSet::Ascii];

    fn themes() -> impl Iterator<Item = Theme> {
        let all = |scheme| ColorDepth::ALL.map(move |palette| (scheme, palette));
        let all = ColorScheme::ALL.into_iter().flat_map(all);
        all.flat_map(|(scheme, palette)| SETS.map(|glyphs| Theme { scheme, palette, glyphs }))
    }

    #[test]
    fn without_colours_none_is_set_anywhere() {
        let plain =
            |theme: &Theme| theme.palette == ColorDepth::Mono || theme.scheme == ColorScheme::Mono;
        for theme in themes().filter(plain) {
            let modes =
                [RunMode::Sim, RunMode::Paper, RunMode::Live, RunMode::Dry, RunMode::Replay];
            let styles = TaskState::ALL.map(|state| theme.task_state(state)).into_iter();
            let styles = styles.chain(modes.map(|mode| theme.mode(mode)));
            let styles = styles.chain(HEALTHS.map(|health| theme.agent_health(health)));
            let rest = [theme.danger(), theme.warning(), theme.muted(), theme.selected()];
            for style in styles.chain(rest).chain([theme.scenario(), theme.border(false)]) {
                assert_eq!((style.fg, style.bg), (None, None), "{theme:?}");
            }
        }
    }

    #[test]
    fn the_fourteen_states_differ_in_every_theme_by_mark_alone_and_by_weight_where_alike() {
        for theme in themes() {
            let looks = TaskState::ALL.map(|state| format::state_glyph(state, theme.glyphs));
            for (i, look) in looks.iter().enumerate() {
                assert!(!looks[..i].contains(look), "{theme:?} {look}");
                let ascii = theme.glyphs != GlyphSet::Ascii || look.is_ascii();
                assert!(ascii && unicode_width::UnicodeWidthStr::width(*look) == 1, "{look}");
            }
        }
    }

    #[test]
    fn red_is_kept_for_what_a_person_must_look_at() {
        let wanted = [TaskState::InDoubt, TaskState::Failed, TaskState::Timeout, TaskState::Missed];
        for theme in themes().filter(|theme| theme.danger().fg.is_some()) {
            let red = |state: &TaskState| theme.task_state(*state).fg == theme.danger().fg;
            let states: Vec<_> = TaskState::ALL.into_iter().filter(red).collect();
            assert_eq!(states, wanted, "{theme:?}");
        }
    }

    #[test]
    fn what_is_done_is_quiet_and_a_selection_is_never_a_background() {
        for theme in themes() {
            let done = theme.task_state(TaskState::Completed);
            assert_eq!((done.fg, done.add_modifier), (None, Modifier::DIM));
            let selected = theme.selected();
            assert_eq!((selected.fg, selected.bg), (None, None));
            assert!(selected.add_modifier.contains(Modifier::REVERSED));
        }
    }

    #[test]
    fn a_theme_is_found_by_its_name_and_going_on_comes_back() {
        let start = Theme { glyphs: GlyphSet::Ascii, ..Theme::default() };
        let mut theme = start;
        for name in Theme::names() {
            assert_eq!(theme.name(), name);
            assert_eq!(start.by_name(name), Some(theme));
            theme = theme.next();
        }
        assert_eq!(theme, start);
        assert_eq!(start.by_name("solarized"), None);
    }
}
