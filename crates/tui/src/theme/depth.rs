//! Color depth of the terminal, from the settings and the environment.

use std::collections::BTreeMap;

use termprofile::{DetectorSettings, IsTerminal, TermProfile, TermVars};

use config::ColorDepthSetting;

/// The colors that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ColorDepth {
    /// None: every colour is the terminal's own. For `NO_COLOR` and for paper.
    Mono,
    /// The sixteen that every terminal has, in the reader's own shades.
    #[default]
    Sixteen,
    /// The cube of xterm: six steps each of red, green and blue, and a row of greys.
    Ansi256,
    /// Eight bits each of red, green and blue.
    TrueColor,
}

impl ColorDepth {
    /// All, poorest first.
    pub const ALL: [Self; 4] = [Self::Mono, Self::Sixteen, Self::Ansi256, Self::TrueColor];
}

/// A fixed answer to the question whether there is a terminal, for tests.
struct FixedTerminal(bool);

impl IsTerminal for FixedTerminal {
    fn is_terminal(&self) -> bool {
        self.0
    }
}

/// The colours to use: what was asked for; else none with `NO_COLOR` (any text; see
/// <https://no-color.org>, read 2026-11); else what `COLORTERM`, then `TERM` and its kin, stand for.
///
/// `vars` is the environment, `terminal` whether output goes to a terminal. `None` where frames
/// cannot be drawn at all, whatever was asked for: no terminal, or `TERM=dumb`.
#[must_use]
pub fn choose_depth(
    asked: ColorDepthSetting,
    vars: &[(String, String)],
    terminal: bool,
) -> Option<ColorDepth> {
    let vars: BTreeMap<_, _> = vars.iter().cloned().collect();
    let value = |name: &str| vars.get(name).map_or("", String::as_str);
    if !terminal || value("TERM") == "dumb" {
        return None;
    }
    Some(match asked {
        ColorDepthSetting::Never => ColorDepth::Mono,
        ColorDepthSetting::Sixteen => ColorDepth::Sixteen,
        ColorDepthSetting::Ansi256 => ColorDepth::Ansi256,
        ColorDepthSetting::TrueColor => ColorDepth::TrueColor,
        ColorDepthSetting::Auto if !value("NO_COLOR").is_empty() => ColorDepth::Mono,
        ColorDepthSetting::Auto => {
            // Asking tmux would start a process; what it passes on in TERM is enough.
            let settings = DetectorSettings::new().enable_tmux_info(false);
            let vars = TermVars::from_source(&vars, &FixedTerminal(terminal), settings);
            match TermProfile::detect_with_vars(vars) {
                TermProfile::NoTty | TermProfile::NoColor => ColorDepth::Mono,
                TermProfile::Ansi16 => ColorDepth::Sixteen,
                TermProfile::Ansi256 => ColorDepth::Ansi256,
                TermProfile::TrueColor => ColorDepth::TrueColor,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth_for(asked: ColorDepthSetting, vars: &[(&str, &str)]) -> Option<ColorDepth> {
        let vars: Vec<_> = vars.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        choose_depth(asked, &vars, true)
    }

    #[test]
    fn what_is_asked_for_beats_no_color_which_beats_colorterm_which_beats_term() {
        let all = [("NO_COLOR", "0"), ("COLORTERM", "truecolor"), ("TERM", "xterm-256color")];
        assert_eq!(depth_for(ColorDepthSetting::Sixteen, &all), Some(ColorDepth::Sixteen));
        assert_eq!(depth_for(ColorDepthSetting::TrueColor, &all), Some(ColorDepth::TrueColor));
        assert_eq!(depth_for(ColorDepthSetting::Auto, &all), Some(ColorDepth::Mono));
        assert_eq!(depth_for(ColorDepthSetting::Auto, &all[1..]), Some(ColorDepth::TrueColor));
        assert_eq!(depth_for(ColorDepthSetting::Auto, &all[2..]), Some(ColorDepth::Ansi256));
        assert_eq!(depth_for(ColorDepthSetting::Never, &all[1..]), Some(ColorDepth::Mono));
    }

    #[test]
    fn an_empty_no_color_asks_for_nothing_and_a_plain_console_has_sixteen() {
        assert_eq!(
            depth_for(ColorDepthSetting::Auto, &[("NO_COLOR", ""), ("TERM", "linux")]),
            Some(ColorDepth::Sixteen)
        );
        assert_eq!(
            depth_for(ColorDepthSetting::Auto, &[("TERM", "xterm")]),
            Some(ColorDepth::Sixteen)
        );
    }

    #[test]
    fn nothing_is_drawn_without_a_terminal_whatever_was_asked_for() {
        for asked in ColorDepthSetting::ALL {
            assert_eq!(choose_depth(asked, &[("TERM".into(), "xterm".into())], false), None);
            assert_eq!(depth_for(asked, &[("TERM", "dumb")]), None);
        }
    }
}
