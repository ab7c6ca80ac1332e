//! What is said to the terminal beside the frame, as bytes: calls, title, progress, clipboard.
//!
//! Pure. Every text is made safe and cut before it goes between the marks of a sequence, so that no
//! task, agent or file can end the sequence and begin one of its own.

use ratatui::crossterm::{Command as _, clipboard::CopyToClipboard};

use super::{Multiplexer, NotificationChannel, TerminalCapabilities, WindowSupport};
use config::NotificationSetting;
use view::format;

/// Longest text that is copied, in bytes: terminals drop longer ones without a word.
pub const COPY_MAX: usize = 100_000;
/// Longest title of a window or a notification, in characters.
const TITLE_MAX: usize = 80;
/// Longest body of a notification, in characters.
const BODY_MAX: usize = 200;
/// The bell.
const BELL: &str = "\u{7}";
/// Ends a sequence.
const END: &str = "\u{1b}\\";

/// Calls a person. Empty when nobody is to be called.
#[must_use]
pub fn notify(
    talk: TerminalCapabilities,
    how: NotificationSetting,
    title: &str,
    body: &str,
) -> Vec<u8> {
    let channel = match how {
        NotificationSetting::Auto => talk.channel,
        NotificationSetting::Bell => NotificationChannel::Bell,
        NotificationSetting::Off => return Vec::new(),
    };
    let (title, body) = (format::safe_to(title, TITLE_MAX), format::safe_to(body, BODY_MAX));
    // A semicolon ends the title of 777, and would make a number of the text of 9.
    let plain = |text: &str| text.replace(';', ",");
    let said = match channel {
        NotificationChannel::Osc99 => format!(
            "{}{}",
            wrap_for_multiplexer(talk, &format!("\u{1b}]99;i=bellwether:d=0;{title}{END}")),
            wrap_for_multiplexer(talk, &format!("\u{1b}]99;i=bellwether:d=1:p=body;{body}{END}"))
        ),
        NotificationChannel::Osc777 => wrap_for_multiplexer(
            talk,
            &format!("\u{1b}]777;notify;{};{}{END}", plain(&title), plain(&body)),
        ),
        NotificationChannel::Osc9 => wrap_for_multiplexer(
            talk,
            &format!("\u{1b}]9;{}: {}{END}", plain(&title), plain(&body)),
        ),
        NotificationChannel::Bell => return BELL.into(),
    };
    // tmux may keep the envelope to itself, but passes the bell on.
    let bell = if talk.wrap == Multiplexer::Tmux { BELL } else { "" };
    (said + bell).into_bytes()
}

/// Sets the window's title.
#[must_use]
pub fn title(talk: TerminalCapabilities, text: &str) -> Vec<u8> {
    if talk.window < WindowSupport::Title {
        return Vec::new();
    }
    format!("\u{1b}]0;{}{BELL}", format::safe_to(text, TITLE_MAX)).into_bytes()
}

/// Shows how far the day has come, in percent; `None` takes the bar away.
#[must_use]
pub fn progress(talk: TerminalCapabilities, percent: Option<u8>) -> Vec<u8> {
    if talk.window < WindowSupport::TitleAndProgress {
        return Vec::new();
    }
    let said = match percent {
        Some(percent) => format!("\u{1b}]9;4;1;{}{END}", percent.min(100)),
        None => format!("\u{1b}]9;4;0{END}"),
    };
    wrap_for_multiplexer(talk, &said).into_bytes()
}

/// Gives a text to the clipboard of the terminal, also over ssh (OSC 52). `None` when it is longer
/// than [`COPY_MAX`].
#[must_use]
pub fn copy(talk: TerminalCapabilities, text: &str) -> Option<Vec<u8>> {
    if text.len() > COPY_MAX {
        return None;
    }
    let mut plain = String::new();
    CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain).ok()?;
    // tmux takes the plain one with `set-clipboard on`, and passes the other through.
    let inside = if talk.wrap == Multiplexer::Tmux {
        wrap_for_multiplexer(talk, &plain)
    } else {
        String::new()
    };
    Some((plain + &inside).into_bytes())
}

fn wrap_for_multiplexer(talk: TerminalCapabilities, sequence: &str) -> String {
    match talk.wrap {
        Multiplexer::NoMultiplexer => sequence.to_owned(),
        Multiplexer::Tmux => {
            format!("\u{1b}Ptmux;{}{END}", sequence.replace('\u{1b}', "\u{1b}\u{1b}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNELS: [NotificationChannel; 4] = [
        NotificationChannel::Osc99,
        NotificationChannel::Osc777,
        NotificationChannel::Osc9,
        NotificationChannel::Bell,
    ];

    fn on(channel: NotificationChannel, wrap: Multiplexer) -> TerminalCapabilities {
        TerminalCapabilities { channel, window: WindowSupport::TitleAndProgress, wrap }
    }

    fn bytes_as_text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn a_call_is_put_in_the_words_of_each_terminal() {
        let call = |channel| {
            bytes_as_text(notify(
                on(channel, Multiplexer::NoMultiplexer),
                NotificationSetting::Auto,
                "title",
                "a; b",
            ))
        };
        assert_eq!(
            call(NotificationChannel::Osc99),
            "\u{1b}]99;i=bellwether:d=0;title\u{1b}\\\u{1b}]99;i=bellwether:d=1:p=body;a; b\u{1b}\\"
        );
        assert_eq!(call(NotificationChannel::Osc777), "\u{1b}]777;notify;title;a, b\u{1b}\\");
        assert_eq!(call(NotificationChannel::Osc9), "\u{1b}]9;title: a, b\u{1b}\\");
        assert_eq!(call(NotificationChannel::Bell), "\u{7}");
    }

    #[test]
    fn the_reader_may_have_the_bell_alone_or_quiet() {
        for channel in CHANNELS {
            let call = |how| {
                bytes_as_text(notify(on(channel, Multiplexer::NoMultiplexer), how, "title", "body"))
            };
            assert_eq!(call(NotificationSetting::Bell), "\u{7}");
            assert_eq!(call(NotificationSetting::Off), "");
        }
    }

    #[test]
    fn tmux_gets_an_envelope_with_every_escape_doubled_and_the_bell_outside() {
        let call = notify(
            on(NotificationChannel::Osc9, Multiplexer::Tmux),
            NotificationSetting::Auto,
            "t",
            "b",
        );
        assert_eq!(
            bytes_as_text(call),
            "\u{1b}Ptmux;\u{1b}\u{1b}]9;t: b\u{1b}\u{1b}\\\u{1b}\\\u{7}"
        );
    }

    #[test]
    fn a_window_that_does_not_listen_is_told_nothing() {
        let mute = TerminalCapabilities::default();
        assert_eq!((title(mute, "x"), progress(mute, Some(4))), (Vec::new(), Vec::new()));
        let bar = on(NotificationChannel::Bell, Multiplexer::NoMultiplexer);
        assert_eq!(bytes_as_text(progress(bar, Some(140))), "\u{1b}]9;4;1;100\u{1b}\\");
        assert_eq!(bytes_as_text(progress(bar, None)), "\u{1b}]9;4;0\u{1b}\\");
    }

    #[test]
    fn what_is_copied_arrives_as_it_is_and_too_much_is_refused() {
        let talk = on(NotificationChannel::Bell, Multiplexer::NoMultiplexer);
        assert_eq!(bytes_as_text(copy(talk, "foo").expect("short")), "\u{1b}]52;c;Zm9v\u{1b}\\");
        assert!(copy(talk, &"x".repeat(COPY_MAX)).is_some());
        assert_eq!(copy(talk, &"x".repeat(COPY_MAX + 1)), None);
        let both = bytes_as_text(
            copy(on(NotificationChannel::Bell, Multiplexer::Tmux), "foo").expect("short"),
        );
        assert!(both.starts_with("\u{1b}]52;c;Zm9v\u{1b}\\\u{1b}Ptmux;\u{1b}\u{1b}]52;"), "{both}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_ends_its_sequence_early_or_makes_it_long(text in "\\PC*|.*|([\u{1b}\u{7}\u{9c};].{0,3})*") {
            for channel in CHANNELS {
                let talk = on(channel, Multiplexer::NoMultiplexer);
                let call = bytes_as_text(notify(talk, NotificationSetting::Auto, &text, &text));
                let name = bytes_as_text(title(talk, &text));
                for bytes in [&call, &name] {
                    // Two sequences at most, each begun and ended once.
                    let escapes = bytes.matches('\u{1b}').count();
                    let bells = bytes.matches('\u{7}').count();
                    proptest::prop_assert!(escapes <= 4 && bells <= 1, "{:?}", bytes);
                    let controls = bytes.chars().filter(|c| c.is_control()).count();
                    proptest::prop_assert_eq!(controls, escapes + bells);
                    proptest::prop_assert!(bytes.chars().count() < 400);
                }
            }
        }
    }
}
