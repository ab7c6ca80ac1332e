//! The tables of colours: from what a colour means to its shade in each palette.
//!
//! The shades of `default`, `light` and `high-contrast` were searched for by machine, as far from
//! each other as they can be in the eyes of readers with all cones, without the red ones and
//! without the green ones; the tests of `sight` measure them.

use ratatui::style::Color;

use super::ColorDepth;
use config::ColorScheme;

/// The meaning of a color.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColorRole {
    /// Less important than the rest.
    Muted,
    /// Waits for its turn; and a day that is only simulated.
    Queued,
    /// Works.
    Running,
    /// Somebody should look; and a broker that is only simulated.
    Warn,
    /// A person must look; and a day with real orders.
    Danger,
    /// Waits for what went wrong elsewhere; and what goes wrong on purpose.
    Blocked,
    /// An agent is well. Nothing else is told so.
    Good,
}

impl ColorRole {
    /// All of them.
    #[cfg(test)]
    pub(super) const ALL: [Self; 7] = [
        Self::Muted,
        Self::Queued,
        Self::Running,
        Self::Warn,
        Self::Danger,
        Self::Blocked,
        Self::Good,
    ];
}

/// One shade: of the sixteen, its number in the cube of xterm, and as red, green and blue.
type RoleColor = (Color, u8, [u8; 3]);

const fn default(meaning: ColorRole) -> RoleColor {
    match meaning {
        ColorRole::Muted => (Color::DarkGray, 245, [0x84, 0x84, 0x8c]),
        ColorRole::Queued => (Color::Cyan, 110, [0x8f, 0xad, 0xe6]),
        ColorRole::Running => (Color::LightCyan, 195, [0xc4, 0xfa, 0xfc]),
        ColorRole::Warn => (Color::Yellow, 220, [0xf5, 0xd2, 0x13]),
        ColorRole::Danger => (Color::LightRed, 196, [0xf0, 0x30, 0x30]),
        ColorRole::Blocked => (Color::LightMagenta, 165, [0xcd, 0x28, 0xf9]),
        ColorRole::Good => (Color::Green, 42, [0x5c, 0xe0, 0x88]),
    }
}

/// On white only five of the sixteen reach a contrast of 4.5:1, so two pairs share one: what is well and
/// what is quiet, a warning and what is blocked. Marks and words tell them apart.
const fn light(meaning: ColorRole) -> RoleColor {
    match meaning {
        ColorRole::Muted => (Color::Black, 241, [0x70, 0x70, 0x78]),
        ColorRole::Queued => (Color::LightBlue, 18, [0x06, 0x25, 0xfc]),
        ColorRole::Running => (Color::Blue, 24, [0x16, 0x47, 0x54]),
        ColorRole::Warn => (Color::Magenta, 130, [0x84, 0x77, 0x10]),
        ColorRole::Danger => (Color::Red, 88, [0x7c, 0x10, 0x08]),
        ColorRole::Blocked => (Color::Magenta, 126, [0xb8, 0x3d, 0xca]),
        ColorRole::Good => (Color::Black, 29, [0x18, 0x81, 0x4a]),
    }
}

const fn high_contrast(meaning: ColorRole) -> RoleColor {
    match meaning {
        ColorRole::Muted => (Color::Gray, 248, [0x9d, 0x9d, 0xa6]),
        ColorRole::Queued => (Color::Cyan, 153, [0xb9, 0xba, 0xf4]),
        ColorRole::Running => (Color::LightCyan, 195, [0xce, 0xf7, 0xfd]),
        ColorRole::Warn => (Color::LightYellow, 226, [0xdc, 0xc1, 0x16]),
        ColorRole::Danger => (Color::LightRed, 203, [0xff, 0x72, 0x5c]),
        ColorRole::Blocked => (Color::LightMagenta, 177, [0xde, 0x63, 0xfe]),
        ColorRole::Good => (Color::LightGreen, 121, [0xa4, 0xfc, 0xba]),
    }
}

/// The colour of a meaning; `None` where no colour is used.
pub(super) fn role_color(
    scheme: ColorScheme,
    palette: ColorDepth,
    meaning: ColorRole,
) -> Option<Color> {
    let (ansi, indexed, [r, g, b]) = match scheme {
        ColorScheme::Default => default(meaning),
        ColorScheme::Light => light(meaning),
        ColorScheme::HighContrast => high_contrast(meaning),
        ColorScheme::Mono => return None,
    };
    match palette {
        ColorDepth::Mono => None,
        ColorDepth::Sixteen => Some(ansi),
        ColorDepth::Ansi256 => Some(Color::Indexed(indexed)),
        ColorDepth::TrueColor => Some(Color::Rgb(r, g, b)),
    }
}
