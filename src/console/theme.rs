//! What things look like: colours by meaning, and the glyphs.
//!
//! Nothing is told by colour alone: every state also has a glyph and a word, so the plain theme
//! loses nothing. Red means that a person must look, and nothing else; done is dim; a selection is
//! reverse video and never a background colour.

use ratatui::{
    style::{Color, Modifier, Style},
    symbols::border,
};

use crate::{
    engine::{AgentHealth, Severity, TaskState},
    plan::Mode,
    present::words::GlyphSet,
};

/// Which colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Palette {
    /// The sixteen that every terminal has, in the reader's own shades.
    #[default]
    Sixteen,
    /// None: every colour is the terminal's own. For `NO_COLOR` and for paper.
    Mono,
}

/// Colours and glyphs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// Which colours.
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
    fn color(self, color: Color) -> Style {
        match self.palette {
            Palette::Sixteen => Style::new().fg(color),
            Palette::Mono => Style::new(),
        }
    }

    /// Less important than the rest.
    #[must_use]
    pub fn quiet(self) -> Style {
        match self.palette {
            Palette::Sixteen => Style::new().fg(Color::DarkGray),
            Palette::Mono => Style::new().add_modifier(Modifier::DIM),
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
        self.color(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// Somebody should look.
    #[must_use]
    pub fn warn(self) -> Style {
        self.color(Color::Yellow)
    }

    /// The name of what goes wrong on purpose.
    #[must_use]
    pub fn scenario(self) -> Style {
        self.color(Color::Magenta).add_modifier(Modifier::BOLD)
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
            TaskState::Queued => self.color(Color::Blue),
            TaskState::Running => self.color(Color::Cyan),
            TaskState::Retrying => self.color(Color::Yellow),
            TaskState::Held => Style::new().add_modifier(Modifier::UNDERLINED),
            TaskState::Cancelling => self.warn().add_modifier(Modifier::ITALIC),
            TaskState::InDoubt => self.danger().add_modifier(Modifier::ITALIC),
            TaskState::Completed => Style::new().add_modifier(Modifier::DIM),
            TaskState::Failed => self.danger(),
            TaskState::Timeout => self.danger().add_modifier(Modifier::UNDERLINED),
            TaskState::Cancelled => self.quiet().add_modifier(Modifier::ITALIC),
            TaskState::UpstreamFailed => self.color(Color::Magenta),
            TaskState::Missed => self.color(Color::Red),
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
        let color = match mode {
            Mode::Live => Color::Red,
            Mode::Paper => Color::Yellow,
            Mode::Sim | Mode::Dry => Color::Blue,
            Mode::Replay => Color::Magenta,
        };
        self.color(color).add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }

    /// How an agent's health looks. Green is used here and nowhere else.
    #[must_use]
    pub fn health(self, health: AgentHealth) -> Style {
        match health {
            AgentHealth::Healthy => self.color(Color::Green),
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

    #[test]
    fn the_plain_theme_sets_no_colour_anywhere() {
        let theme = Theme { palette: Palette::Mono, ..Theme::default() };
        let modes = [Mode::Sim, Mode::Paper, Mode::Live, Mode::Dry, Mode::Replay];
        let styles = TaskState::ALL.map(|state| theme.state(state)).into_iter();
        let styles = styles.chain(modes.map(|mode| theme.mode(mode)));
        let styles = styles.chain([theme.danger(), theme.warn(), theme.quiet(), theme.selected()]);
        for style in styles {
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }

    #[test]
    fn red_is_kept_for_what_a_person_must_look_at() {
        let red = |state: &TaskState| Theme::default().state(*state).fg == Some(Color::Red);
        let states: Vec<_> = TaskState::ALL.into_iter().filter(red).collect();
        let wanted = [TaskState::InDoubt, TaskState::Failed, TaskState::Timeout, TaskState::Missed];
        assert_eq!(states, wanted);
    }
}
