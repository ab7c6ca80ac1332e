//! Every size of a window, and a minute in which nothing happens.

use std::time::Duration;

use bellwether::tui::{self, FrameThrottle, Msg};
use chrono::TimeDelta;

use super::desk::Desk;
use crate::support::plans::Dice;

/// Sizes along every edge between two layouts, and some from anywhere.
fn sizes() -> Vec<(u16, u16)> {
    let widths = [1, 2, 7, 12, 20, 39, 40, 59, 60, 79, 80, 119, 120, 159, 160, 200, 250];
    let heights = [1, 2, 3, 5, 7, 9, 10, 14, 15, 23, 24, 31, 32, 44, 45, 50, 80];
    let grid = widths.into_iter().flat_map(|w| heights.map(|h| (w, h)));
    let mut dice = Dice(5);
    let mut any = |most: u64| u16::try_from(1 + dice.below(most)).expect("a small number");
    let random: Vec<_> = (0..60).map(|_| (any(250), any(80))).collect();
    grid.chain(random).collect()
}

#[test]
fn no_size_of_a_window_panics_and_the_brake_is_named_wherever_a_card_fits() {
    let mut desk = Desk::midday((120, 40));
    for screen in ["1", "2", "5"] {
        desk.press(screen);
        for (width, height) in sizes() {
            tui::update(&mut desk.model, Msg::Resize(width, height));
            desk.size = (width, height);
            let frame = desk.frame();
            if width >= 12 && height >= 7 {
                assert!(frame.contains("!!"), "{width}x{height} on {screen}:\n{frame}");
            }
        }
    }
}

#[test]
fn a_minute_in_which_nothing_happens_is_drawn_once_a_second_at_most() {
    let mut desk = Desk::midday((200, 50));
    let mut throttle = FrameThrottle::default();
    let mut frames = 0;
    // What was held back when a person was called is told first.
    desk.now += TimeDelta::seconds(10);
    tui::update(&mut desk.model, Msg::Tick { now: desk.now, wall: desk.now });
    desk.model.take_dirty();
    for tick in 1..=240_u32 {
        let gone = TimeDelta::milliseconds(250 * i64::from(tick));
        let now = desk.now + gone;
        let effects = tui::update(&mut desk.model, Msg::Tick { now, wall: now });
        assert_eq!(effects, [], "an idle console asks for nothing");
        assert!(!desk.model.is_filtering(), "nothing is left to do");
        let clock = Duration::from_millis(250) * tick;
        if desk.model.take_dirty() {
            throttle.on_change(clock);
        }
        frames += u32::from(throttle.take_frame(clock));
    }
    assert!((55..=60).contains(&frames), "{frames} frames");
}
