//! What a reader may choose of the console's looks and manners.

use planning::calendar::LocalZone;

/// Which of the colour tables is used. Each has a form for every `Depth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ColorScheme {
    /// For a dark background; told apart by readers without red or green cones.
    #[default]
    Default,
    /// For a light background.
    Light,
    /// For a dark background and tired eyes: nothing below 7:1.
    HighContrast,
    /// No colour: weight, underline, marks and words only.
    Mono,
}

impl ColorScheme {
    /// In the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Default, Self::Light, Self::HighContrast, Self::Mono];

    /// Their names, in the order of `Scheme::ALL`.
    pub const WORDS: [&str; 4] = ["default", "light", "high-contrast", "mono"];

    /// Its name in the file and on screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => Self::WORDS[0],
            Self::Light => Self::WORDS[1],
            Self::HighContrast => Self::WORDS[2],
            Self::Mono => Self::WORDS[3],
        }
    }

    /// The one after this; after the last, the first.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Default => Self::Light,
            Self::Light => Self::HighContrast,
            Self::HighContrast => Self::Mono,
            Self::Mono => Self::Default,
        }
    }
}

/// How many colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorDepthSetting {
    /// As many as the terminal says it has.
    #[default]
    Auto,
    /// None.
    Never,
    /// The terminal's own palette.
    Sixteen,
    /// The cube of xterm.
    Ansi256,
    /// Any.
    TrueColor,
}

impl ColorDepthSetting {
    /// In the order of `Depth::WORDS`.
    pub const ALL: [Self; 5] =
        [Self::Auto, Self::Never, Self::Sixteen, Self::Ansi256, Self::TrueColor];

    /// Their names.
    pub const WORDS: [&str; 5] = ["auto", "never", "16", "256", "true"];
}

/// Characters the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GlyphSetting {
    /// Lines, bars and marks of Unicode.
    #[default]
    Unicode,
    /// Nothing beyond ASCII.
    Ascii,
}

/// How the console calls a person who looks elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NotificationSetting {
    /// By a notification of the desktop where the terminal can show one, else by the bell.
    #[default]
    Auto,
    /// By the bell alone.
    Bell,
    /// Not at all; what happened stands on screen.
    Off,
}

/// Whether anything on screen moves that does not have to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MotionSetting {
    /// What runs may be animated.
    #[default]
    Full,
    /// Clocks tick and bars grow; nothing spins or blinks.
    Reduced,
}

/// Whether the console takes the mouse. While it has it, the terminal cannot select text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MouseSetting {
    /// Wheel and click are the console's.
    On,
    /// They are the terminal's own.
    #[default]
    Off,
}

/// How the console looks and behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Appearance {
    /// Which colours mean what.
    pub scheme: ColorScheme,
    /// How many colours.
    pub depth: ColorDepthSetting,
    /// Which characters are drawn.
    pub glyphs: GlyphSetting,
    /// How a person is called.
    pub notifications: NotificationSetting,
    /// Whether anything moves.
    pub motion: MotionSetting,
    /// Whether the mouse is taken from the start.
    pub mouse: MouseSetting,
    /// The operator's own zone; UTC where none is known.
    pub zone: Option<LocalZone>,
}
