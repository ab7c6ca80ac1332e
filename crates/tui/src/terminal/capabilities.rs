//! What a terminal understands beside the frame, told from the names in its environment.
//!
//! Terminals are not asked: an answer may come late or never, and be taken for keys. Sources: the
//! manuals of kitty (OSC 99), foot, Ghostty, `WezTerm` and urxvt (OSC 777), iTerm2 (OSC 9), `ConEmu` and
//! Windows Terminal (OSC 9;4); read 2026-11.

/// The escape sequence used for desktop notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NotificationChannel {
    /// Kitty's OSC 99: title and body.
    Osc99,
    /// OSC 777 of urxvt: title and body.
    Osc777,
    /// OSC 9 of iTerm2: one text.
    Osc9,
    /// Not at all: the bell, which every terminal has.
    #[default]
    Bell,
}

/// The window features a terminal supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum WindowSupport {
    /// There is none, or it does not listen.
    #[default]
    None,
    /// Its title.
    Title,
    /// Its title, and how far the day has come (OSC 9;4).
    TitleAndProgress,
}

/// The terminal multiplexer in use, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Multiplexer {
    /// No multiplexer.
    #[default]
    NoMultiplexer,
    /// tmux: sequences it does not know need an envelope, and `allow-passthrough on`.
    Tmux,
}

/// The capabilities of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TerminalCapabilities {
    /// The channel for notifications.
    pub channel: NotificationChannel,
    /// The window features supported.
    pub window: WindowSupport,
    pub wrap: Multiplexer,
}

/// The first version of iTerm2 that draws progress; older ones show it as a notification.
const ITERM_PROGRESS: [u32; 3] = [3, 6, 6];

/// Returns how to talk to the terminal of this environment. Inside tmux the names are those of the
/// terminal it was started in, which may since be another: its bell always works.
#[must_use]
pub fn detect_capabilities(vars: &[(String, String)]) -> TerminalCapabilities {
    let value = |name: &str| {
        let found = vars.iter().rfind(|(given, _)| given == name);
        found.map_or("", |(_, text)| text.as_str())
    };
    let has = |name: &str| !value(name).is_empty();
    let term = value("TERM");
    let program = value("TERM_PROGRAM").to_ascii_lowercase();
    let wrap = if has("TMUX") || term.starts_with("tmux") {
        Multiplexer::Tmux
    } else {
        Multiplexer::NoMultiplexer
    };
    if matches!(term, "" | "dumb" | "linux")
        || (term.starts_with("screen") && wrap == Multiplexer::NoMultiplexer)
    {
        return TerminalCapabilities { wrap, ..TerminalCapabilities::default() };
    }
    let iterm = program == "iterm.app" || value("LC_TERMINAL") == "iTerm2";
    let ghostty = program == "ghostty" || term.contains("ghostty") || has("GHOSTTY_RESOURCES_DIR");
    let wezterm = program == "wezterm" || has("WEZTERM_PANE");
    let channel = if has("KITTY_WINDOW_ID") || term.contains("kitty") {
        NotificationChannel::Osc99
    } else if ghostty || wezterm || term.starts_with("foot") || term.starts_with("rxvt") {
        NotificationChannel::Osc777
    } else if iterm || program == "warpterminal" {
        NotificationChannel::Osc9
    } else {
        NotificationChannel::Bell
    };
    let version =
        if program == "iterm.app" { "TERM_PROGRAM_VERSION" } else { "LC_TERMINAL_VERSION" };
    let windows = has("WT_SESSION") || value("ConEmuANSI") == "ON" || program == "mintty";
    let progress =
        ghostty || wezterm || windows || (iterm && newer(value(version), ITERM_PROGRESS));
    let window = if progress { WindowSupport::TitleAndProgress } else { WindowSupport::Title };
    TerminalCapabilities { channel, window, wrap }
}

/// Returns whether `3.6.10` is at least `least`, part by part.
fn newer(version: &str, least: [u32; 3]) -> bool {
    let parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    parts.chain([0, 0, 0]).take(3).ge(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(vars: &[(&str, &str)]) -> TerminalCapabilities {
        let vars: Vec<_> = vars.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        detect_capabilities(&vars)
    }

    #[test]
    fn each_terminal_is_called_in_its_own_way_and_an_unknown_one_by_the_bell() {
        let xterm = ("TERM", "xterm-256color");
        for (vars, channel) in [
            (&[("TERM", "xterm-kitty")][..], NotificationChannel::Osc99),
            (&[xterm, ("KITTY_WINDOW_ID", "1")], NotificationChannel::Osc99),
            (&[("TERM", "xterm-ghostty")], NotificationChannel::Osc777),
            (&[xterm, ("TERM_PROGRAM", "WezTerm")], NotificationChannel::Osc777),
            (&[("TERM", "foot")], NotificationChannel::Osc777),
            (&[("TERM", "rxvt-unicode-256color")], NotificationChannel::Osc777),
            (&[xterm, ("TERM_PROGRAM", "iTerm.app")], NotificationChannel::Osc9),
            (&[xterm, ("LC_TERMINAL", "iTerm2")], NotificationChannel::Osc9),
            (&[xterm], NotificationChannel::Bell),
            (&[xterm, ("TERM_PROGRAM", "Apple_Terminal")], NotificationChannel::Bell),
            (&[("TERM", "linux"), ("KITTY_WINDOW_ID", "1")], NotificationChannel::Bell),
            (&[], NotificationChannel::Bell),
        ] {
            assert_eq!(of(vars).channel, channel, "{vars:?}");
        }
    }

    #[test]
    fn progress_goes_only_where_it_is_drawn_and_not_read_as_a_message() {
        let iterm = |version| {
            of(&[
                ("TERM", "xterm-256color"),
                ("TERM_PROGRAM", "iTerm.app"),
                ("TERM_PROGRAM_VERSION", version),
            ])
            .window
        };
        assert_eq!(iterm("3.6.6"), WindowSupport::TitleAndProgress);
        assert_eq!(iterm("3.10"), WindowSupport::TitleAndProgress);
        assert_eq!(iterm("3.6.5"), WindowSupport::Title);
        assert_eq!(iterm("nightly"), WindowSupport::Title);
        assert_eq!(of(&[("TERM", "xterm")]).window, WindowSupport::Title);
        assert_eq!(
            of(&[("TERM", "xterm"), ("WT_SESSION", "1")]).window,
            WindowSupport::TitleAndProgress
        );
        assert_eq!(of(&[("TERM", "linux")]).window, WindowSupport::None);
    }

    #[test]
    fn inside_tmux_sequences_go_in_an_envelope_to_the_terminal_around_it() {
        let inside = [("TERM", "tmux-256color"), ("TMUX", "/tmp/s,1,0"), ("KITTY_WINDOW_ID", "2")];
        let talk = of(&inside);
        assert_eq!((talk.channel, talk.wrap), (NotificationChannel::Osc99, Multiplexer::Tmux));
        assert_eq!(of(&[("TERM", "screen-256color"), ("TMUX", "x")]).window, WindowSupport::Title);
        assert_eq!(of(&[("TERM", "screen")]), TerminalCapabilities::default());
    }
}
