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
    Palette,
    colours::{Meaning, colour},
};
use crate::{
    config::Scheme,
    engine::{AgentHealth, Severity, TaskState},
    plan::Mode,
    present::words::GlyphSet,
};

/// Colours and glyphs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// Which colours mean what.
    pub scheme: Scheme,
    /// How many colours.
    pub palette: Palette,
    /// Which characters.
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
        Scheme::WORDS
    }

    /// This theme in the colours of another, by name; `None` when there is none of that name.
    #[must_use]
    pub fn by_name(self, name: &str) -> Option<Self> {
        let scheme = Scheme::ALL.into_iter().find(|scheme| scheme.word() == name)?;
        Some(Self { scheme, ..self })
    }

    /// The name of its colours.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.scheme.word()
    }

    /// This theme in the next colours; after the last come the first.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { scheme: self.scheme.next(), ..self }
    }

    fn color(self, meaning: Meaning) -> Style {
        colour(self.scheme, self.palette, meaning).map_or_else(Style::new, |c| Style::new().fg(c))
    }

    /// Less important than the rest.
    #[must_use]
    pub fn quiet(self) -> Style {
        match colour(self.scheme, self.palette, Meaning::Quiet) {
            Some(grey) => Style::new().fg(grey),
            None => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// Names of panes, columns and keys.
    #[must_use]
    pub fn strong(self) -> Style {
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
        self.color(Meaning::Danger).add_modifier(Modifier::BOLD)
    }

    /// Somebody should look.
    #[must_use]
    pub fn warn(self) -> Style {
        self.color(Meaning::Warn)
    }

    /// The name of what goes wrong on purpose.
    #[must_use]
    pub fn scenario(self) -> Style {
        self.color(Meaning::Blocked).add_modifier(Modifier::BOLD)
    }

    /// The border of a pane, focused or not.
    #[must_use]
    pub fn border(self, focused: bool) -> Style {
        if focused { Style::new().add_modifier(Modifier::BOLD) } else { self.quiet() }
    }

    /// How a task state looks, besides its glyph and its word.
    #[must_use]
    pub fn state(self, state: TaskState) -> Style {
        match state {
            TaskState::Pending | TaskState::Skipped => self.quiet(),
            TaskState::Queued => self.color(Meaning::Queued),
            TaskState::Running => self.color(Meaning::Running),
            TaskState::Retrying => self.color(Meaning::Warn),
            TaskState::Held => Style::new().add_modifier(Modifier::UNDERLINED),
            TaskState::Cancelling => self.warn().add_modifier(Modifier::ITALIC),
            TaskState::InDoubt => self.danger().add_modifier(Modifier::ITALIC),
            TaskState::Completed => Style::new().add_modifier(Modifier::DIM),
            TaskState::Failed => self.danger(),
            TaskState::Timeout => self.danger().add_modifier(Modifier::UNDERLINED),
            TaskState::Cancelled => self.quiet().add_modifier(Modifier::ITALIC),
            TaskState::UpstreamFailed => self.color(Meaning::Blocked),
            TaskState::Missed => self.color(Meaning::Danger),
        }
    }

    /// One of two ways to write a thing.
    #[must_use]
    pub const fn pick(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self.glyphs {
            GlyphSet::Utf8 => unicode,
            GlyphSet::Ascii => ascii,
        }
    }

    /// How the word of the mode looks.
    #[must_use]
    pub fn mode(self, mode: Mode) -> Style {
        let meaning = match mode {
            Mode::Live => Meaning::Danger,
            Mode::Paper => Meaning::Warn,
            Mode::Sim | Mode::Dry => Meaning::Queued,
            Mode::Replay => Meaning::Blocked,
        };
        self.color(meaning).add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }

    /// How an agent's health looks. Green is used here and nowhere else.
    #[must_use]
    pub fn health(self, health: AgentHealth) -> Style {
        match health {
            AgentHealth::Healthy => self.color(Meaning::Good),
            AgentHealth::Degraded | AgentHealth::BreakerHalfOpen => self.warn(),
            AgentHealth::Unresponsive | AgentHealth::BreakerOpen => self.danger(),
            AgentHealth::Paused => Style::new().add_modifier(Modifier::UNDERLINED),
        }
    }

    /// How an alert looks.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Style {
        match severity {
            Severity::Info => Style::new(),
            Severity::Warning => self.warn(),
            Severity::Critical => self.danger(),
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
    use crate::present::words;

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
        let all = |scheme| Palette::ALL.map(move |palette| (scheme, palette));
        let all = Scheme::ALL.into_iter().flat_map(all);
        all.flat_map(|(scheme, palette)| SETS.map(|glyphs| Theme { scheme, palette, glyphs }))
    }

    #[test]
    fn without_colours_none_is_set_anywhere() {
        let plain = |theme: &Theme| theme.palette == Palette::Mono || theme.scheme == Scheme::Mono;
        for theme in themes().filter(plain) {
            let modes = [Mode::Sim, Mode::Paper, Mode::Live, Mode::Dry, Mode::Replay];
            let styles = TaskState::ALL.map(|state| theme.state(state)).into_iter();
            let styles = styles.chain(modes.map(|mode| theme.mode(mode)));
            let styles = styles.chain(HEALTHS.map(|health| theme.health(health)));
            let rest = [theme.danger(), theme.warn(), theme.quiet(), theme.selected()];
            for style in styles.chain(rest).chain([theme.scenario(), theme.border(false)]) {
                assert_eq!((style.fg, style.bg), (None, None), "{theme:?}");
            }
        }
    }

    #[test]
    fn the_fourteen_states_differ_in_every_theme_by_mark_alone_and_by_weight_where_alike() {
        for theme in themes() {
            let looks = TaskState::ALL.map(|state| words::glyph(state, theme.glyphs));
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
            let red = |state: &TaskState| theme.state(*state).fg == theme.danger().fg;
            let states: Vec<_> = TaskState::ALL.into_iter().filter(red).collect();
            assert_eq!(states, wanted, "{theme:?}");
        }
    }

    #[test]
    fn what_is_done_is_quiet_and_a_selection_is_never_a_background() {
        for theme in themes() {
            let done = theme.state(TaskState::Completed);
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
