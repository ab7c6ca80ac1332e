//! What the frames show, at which size, in which colours.

use bellwether::{
    engine::FailureKind,
    tui::{self, ColorDepth, Msg},
    view::format,
};
use chrono::TimeDelta;

use super::desk::{Desk, plan, settings};

#[test]
fn midday_at_80x24() {
    insta::assert_snapshot!(Desk::midday((80, 24)).frame(), @"
     SIM  ● ACTIVE 2018-12-19 regular session + fomc                60x 10:42:07 ET
     intraday next intraday closes 15:00 in 4h17m 1 task needs action A:1 8/14 done
    ┌ day ─────────────────────────────────────────────────────────────────────────┐
    │            06 07  08  09 10 ▾11  12 13  14  15 16  17                        │
    │pre_market  ███              ┃               ╌╌╌         ✓  4/4  at 06:45     │
    │market_open             ██   ┃               ╌╌╌         ✓  3/3  at 09:36     │
    │intraday                    █┃░░░░░░░░░░░░░░░╌╌╌         ▸  1/5               │
    │post_market                  ┃               ╌╌╌░░░░░░░░ ·  0/2               │
    └──────────────────────── █ ran  ▓ retried  ▒ queued  ░ planned  8 of 14 ended ┘
    ┏ tasks 14 of 14 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
    ┃S  TASK              STATE      PRI  ATT  AGE    NOTE                         ┃
    ┃✗  risk_recheck      failed     CRIT 1/3  12m07s gross exposure above the lim…┃
    ┃▸  quote_refresh     running    MED  1/3  12m07s SLOW slow: usually 10s       ┃
    ┃▸  order_status_sync running    MED  2/3  1m06s  SLOW FLAKY slow: usually 10s ┃
    ┃b  hedge_adjust      upstream   MED  0/1  -      needs risk_recheck (FAILED)  ┃
    ┃·  close_out_check   pending    MED  0/3  -      window opens at 14:45        ┃
    ┃·  daily_report      pending    MED  0/3  -      window opens at 16:00        ┃
    ┃·  attribution       pending    MED  0/3  -      window opens at 16:00        ┃
    ┃✓  initial_orders    completed  MED  1/1  1m00s  3 of 3 orders acknowledged   ┃
    ┃✓  approve_trades    completed  MED  1/3  4m00s  by bob: as agreed            ┃
    ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ severity first ┛
     10:41:00 task retrying order_status_sync 1/3 again in 1s: broker answered 503
     enter open r retry R retry down a approve p pause H hold b run now ? help
     day                                                                  !! = HALT
    ");
}

#[test]
fn midday_at_120x40_with_the_force_dialog() {
    let mut desk = Desk::midday((120, 40));
    desk.select("hedge_adjust");
    desk.press("F<tab><tab> ");
    insta::assert_snapshot!(desk.frame(), @"
     SIM  ● ACTIVE Wed 2018-12-19 Standard Trading Day regular session + fomc                               60x 10:42:07 ET
     intraday next intraday closes 15:00 in 4h17m               1 task needs action alerts 1 slots 2/5 agents 5/6 8/14 done
    ┌ day ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────┐
    │            06   07    08    09    10  ▾ 11    12   13    14    15    16    17                                        │
    │pre_market  █████                      ┃                         ╌╌╌╌╌             ✓  4/4  at 06:45                   │
    │market_open                     █      ┃                         ╌╌╌╌╌             ✓  3/3  at 09:36                   │
    │intraday                              █┃░░░░░░░░░░░░░░░░░░░░░░░░░╌╌╌╌╌             ▸  1/5                             │
    │post_market                            ┃                         ╌╌╌╌╌░░░░░░░░░░░░ ·  0/2                             │
    └───────────────── critical path: close_out_check  slack 14m50s   █ ran  ▓ retried  ▒ queued  ░ planned  8 of 14 ended ┘
    ┏ tasks 14 of 14 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓┌ events 40 of 40 ─────────────────────────┐
    ┃S  TASK             STATE      PRI  ATT  AGE    NOTE                      ┃│TIME(ET)   WHAT                           │
    ┃✗  risk_recheck     failed     CRIT 1/3  12m07s gross exposure above the …┃│09:35:00 ▸ initial_orders 1/1 by trade_ex…│
    ┃▸  quote_refr┏ force hedge_adjust  SIM  review ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓of 3 orders …│
    ┃▸  order_stat┃ Target           hedge_adjust · UPSTREAM_FAILED · v36 · run 4b9c                         ┃ted          │
    ┃b  hedge_adju┃ Danger           hedge_adjust may send orders; results are tainted                       ┃             │
    ┃·  close_out_┃ [x] risk_recheck is FAILED                                                               ┃ed           │
    ┃·  daily_repo┃       → taints its result and all that follows                                           ┃queued       │
    ┃·  attributio┃ Will run (1)     hedge_adjust: starts now * may send orders                              ┃d            │
    ┃✓  initial_or┃ Will waive       hedge_adjust: risk_recheck is FAILED (taints)                           ┃y portfolio_…│
    ┃✓  approve_tr┃ Not waived       kill switch · order and exposure limits · idempotency keys · slots and  ┃1/3 by trade…│
    ┃✓  generate_t┃                  agents' capacity                                                        ┃by junior_an…│
    ┃✓  risk_asses┃ Already sent     hedge_adjust: none: never started                                       ┃cted; a retr…│
    ┃✓  opportunit┃ Other changes    hedge_adjust: its result is tainted                                     ┃t run: risk_…│
    ┃✓  macro_asse┃                                                                                          ┃ order_statu…│
    ┃✓  market_ana┃ Reason:                                                                                  ┃1/3 again in…│
    ┃             ┃    Go back      nothing is done                                                          ┃queued       │
    ┃             ┃    Force        type a reason first, three letters at least                              ┃2/3 by trade…│
    ┃             ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ space ticks   esc goes back ┛──── follows ┘
    ┃                                                                          ┃┌ agents 5/6 healthy ──────────────────────┐
    ┃                                                                          ┃│AGENT           HEALTH    BUSY NOW        │
    ┃                                                                          ┃│trade_execution degraded  1/3  order_stat…│
    ┃                                                                          ┃│analytics_repo… healthy   0/3  idle       │
    ┃                                                                          ┃│economist       healthy   0/3  idle       │
    ┃                                                                          ┃│junior_analyst  healthy   1/3  quote_refr…│
    ┃                                                                          ┃│portfolio_mana… healthy   0/3  idle       │
    ┃                                                                          ┃│senior_analyst  healthy   0/3  idle       │
    ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ severity first ┛└─────────────────────────── trouble first ┘
     10:41:00 task retrying order_status_sync 1/3 again in 1s: broker answered 503
     space tick tab next enter choose esc cancel
              [1]day [2]tasks [3]graph [4]agents [5]events [6]log [7]alerts [8]runs [9]dry run [0]audit [B]orders !! = HALT
    ");
}

#[test]
fn midday_at_200x50() {
    insta::assert_snapshot!(Desk::midday((200, 50)).frame(), @"
     SIM  ● ACTIVE Wed 2018-12-19 Standard Trading Day regular session + fomc                                                                                                               60x 10:42:07 ET
     intraday next intraday closes 15:00 in 4h17m                                                                                1 task needs action alerts 1 slots 2/5 agents 5/6 7✓ 2▸ 1✗ 1b 3· 8/14 done
    ┌ day ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┐┌ pulse ─────────────────────────────────────────────────────────────────┐
    │                       06   07   08    09   10  ▾ 11   12   13    14   15    16   17                                        ││ tasks per minute  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁ 0.0                   │
    │pre_market             █████                    ┃                       ╌╌╌╌╌            ✓  4/4  at 06:45                   ││ failures          ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█▁▁▁▁▁▁▁▁▁▁▁▁ 1 of 1                │
    │market_open                              ██     ┃                       ╌╌╌╌╌            ✓  3/3  at 09:36                   ││ retries           ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█▁ 1 of 4                │
    │intraday                                       █┃░░░░░░░░░░░░░░░░░░░░░░░╌╌╌╌╌            ▸  1/5                             ││ slots             ████████████░░░░░░░░░░░░░░░░░░ 2 of 5                │
    │ risk_recheck                                  █┃                                        ✗ failed                           ││ events per minute ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█▁▁▁▁▁▁▁▁▁▁▅▁ 0.4, 40 in all        │
    │ quote_refresh                                 █┃                                        ▸ running                          ││ needs an operator ██░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 1 needs an operator   │
    │ order_status_sync                             █┃                                        ▸ running                          ││ next deadline     ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ order_status_sync in …│
    │ hedge_adjust                                   ┃                                        b upstream failed                  ││ agents 5/6 healthy   8/14 done                                         │
    │ close_out_check                                ┃                     ░                  · pending                          ││                                                                        │
    │post_market                                     ┃                       ╌╌╌╌╌░░░░░░░░░░░ ·  0/2                             ││ to watch (2)                                                           │
    │                                                                                                                            ││ ! order_status_sync has run for 1m06s, usually 10s                     │
    └─────────────────────── critical path: close_out_check  slack 14m50s   █ ran  ▓ retried  ▒ queued  ░ planned  8 of 14 ended ┘└───────────────────────────────────────────────────── a column a minute ┘
    ┌ agents 5/6 healthy ────────────────────────────────────────────────────────────────────────────────────────────────────────┐┌ alerts 1 · approvals 0 ────────────────────────────────────────────────┐
    │AGENT                HEALTH            BUSY  DONE  FAIL  P50      P95      BREAKER        REPLY     NOW                     ││ID       TIME          WHAT                      STATE                  │
    │trade_execution      degraded          1/3   1     1     11m00s   11m00s   closed 1/5     1m07s     order_status_sync 2/3   ││AL-35    10:30:00 CRIT risk_recheck failed: gro… NEW                    │
    │analytics_reporting  healthy           0/3   0     0     -        -        closed         -         idle                    ││                                                                        │
    │economist            healthy           0/3   1     0     20m00s   20m00s   closed         4h22m     idle                    ││                                                                        │
    │junior_analyst       healthy           1/3   1     0     19m00s   19m00s   closed         4h11m     quote_refresh 1/3       ││                                                                        │
    │portfolio_manager    healthy           0/3   3     1     4m00s    25m00s   closed         12m07s    idle                    ││                                                                        │
    │senior_analyst       healthy           0/3   1     0     12m00s   12m00s   closed         4h30m     idle                    ││                                                                        │
    └───────────────────────────────────────────────────────────────────────────────────────────────────────────── trouble first ┘└────────────────────────────────────────────────── unacknowledged first ┘
    ┏ tasks 14 of 14 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓┌ events 40 of 40 ───────────────────────────────────────────────────────┐
    ┃S  TASK              STATE      AGENT               PRI  ATT  AGE    NOTE                                                   ┃│TIME(ET)   EVENT                  WHAT                            CORR  │
    ┃✗  risk_recheck      failed     portfolio_manager   CRIT 1/3  12m07s gross exposure above the limit (rejected); blocks 1    ┃│09:36:00 ✓ STAGE_COMPLETED        market_open completed           run   │
    ┃▸  quote_refresh     running    junior_analyst      MED  1/3  12m07s SLOW slow: usually 10s                                 ┃│10:30:00 ▸ STAGE_STARTED          intraday opened                 run   │
    ┃▸  order_status_sync running    trade_execution     MED  2/3  1m06s  SLOW FLAKY slow: usually 10s                           ┃│10:30:00 o TASK_QUEUED            quote_refresh queued            t09.1 │
    ┃b  hedge_adjust      upstream   trade_execution     MED  0/1  -      needs risk_recheck (FAILED)                            ┃│10:30:00 o TASK_QUEUED            order_status_sync queued        t08.1 │
    ┃·  close_out_check   pending    trade_execution     MED  0/3  -      window opens at 14:45                                  ┃│10:30:00 o TASK_QUEUED            risk_recheck queued             t07.1 │
    ┃·  daily_report      pending    analytics_reporting MED  0/3  -      window opens at 16:00                                  ┃│10:30:00 ▸ TASK_STARTED           risk_recheck 1/3 by portfolio_… t07.1 │
    ┃·  attribution       pending    analytics_reporting MED  0/3  -      window opens at 16:00                                  ┃│10:30:00 ▸ TASK_STARTED           order_status_sync 1/3 by trade… t08.1 │
    ┃✓  initial_orders    completed  trade_execution     MED  1/1  1m00s  3 of 3 orders acknowledged                             ┃│10:30:00 ▸ TASK_STARTED           quote_refresh 1/3 by junior_an… t09.1 │
    ┃✓  approve_trades    completed  portfolio_manager   MED  1/3  4m00s  by bob: as agreed                                      ┃│10:30:00 ✗ TASK_FAILED            risk_recheck (rejected; a retr… t07.1 │
    ┃✓  generate_trades   completed  portfolio_manager   MED  1/3  1m00s  3 orders, $184,220 in all                              ┃│10:30:00 b TASK_UPSTREAM_FAILED   hedge_adjust cannot run: risk_… t0a.1 │
    ┃✓  risk_assessment   completed  portfolio_manager   MED  1/3  25m00s fine                                                   ┃│10:41:00 ✗ AGENT_ERROR            trade_execution at order_statu… t08.1 │
    ┃✓  opportunity_scan  completed  junior_analyst      MED  1/3  19m00s fine                                                   ┃│10:41:00 ↻ TASK_RETRYING          order_status_sync 1/3 again in… t08.1 │
    ┃✓  macro_assessment  completed  economist           MED  1/3  20m00s fine                                                   ┃│10:41:01 o TASK_QUEUED            order_status_sync queued        t08.1 │
    ┃✓  market_analysis   completed  senior_analyst      MED  1/3  12m00s fine                                                   ┃│10:41:01 ▸ TASK_STARTED           order_status_sync 2/3 by trade… t08.1 │
    ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ severity first ┛└─────────────────────────────────────────────────────────────── follows ┘
    ┌ most pressing ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┐
    │✗ risk_recheck · attempt 1/3 · FAILED since 10:30:00 (12m07s)                                                                                                                                         │
    │gross exposure above the limit (rejected) · since 10:30:00 · fix: r retry  |  not retried: a retry would fail again (rejected) · since 10:30:00 · fix: r retry                                        │
    │needs nothing    is needed by b hedge_adjust                                                                                                                                                          │
    └──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
     10:41:00 task retrying order_status_sync 1/3 again in 1s: broker answered 503
     enter open r retry R retry down a approve p pause H hold b run now F force X force stage c cancel x skip i priority M set state space mark s sort W why / filter P pause all K trading : command ? help
     day                                                                                                                                                                                          !! = HALT
     [1]day [2]tasks [3]graph [4]agents [5]events [6]log [7]alerts [8]runs [9]dry run [0]audit [B]orders                                            last command: 09:35:00 bob approve approve_trades: done
    ");
}

#[test]
fn midday_at_40x10() {
    insta::assert_snapshot!(Desk::midday((40, 10)).frame(), @"
     SIM  ● ACTIVE 2018-12-19   10:42:07 ET
     intraday        1 task needs action A:1
    ✗  risk_recheck              1/3  12m07s
    ▸  quote_refresh             1/3  12m07s
    ▸  order_status_sync         2/3  1m06s
    b  hedge_adjust              0/1  -
    ·  close_out_check           0/3  -
    ·  daily_report              0/3  -
     10:41:00 task retrying order_status_sy…
     enter open r retry ? help       !! HALT
    ");
}

/// What may lie over a screen, and each screen, by the keys that bring it there.
const PLACES: [&str; 12] =
    ["", "2", "4", "5", "6", "1j<enter>", "1jp", "1jF", "1jX", "1jc", "?", "/abc"];

#[test]
fn every_size_draws_and_every_size_names_the_brake() {
    let mut desk = Desk::midday((120, 40));
    for place in PLACES {
        desk.resize((120, 40));
        desk.press("<esc><esc><esc>");
        desk.press(place);
        let covered = !desk.model.popups().is_empty();
        for width in (1..=12).chain([20, 36, 39, 40, 59, 60, 79, 80, 119, 120, 160, 250]) {
            for height in [1, 2, 3, 6, 9, 10, 15, 24, 32, 45, 80] {
                desk.resize((width, height));
                let frame = desk.frame();
                if width >= 12 && height >= 6 && !covered {
                    assert!(frame.contains("!!"), "{place:?} {width}x{height}:\n{frame}");
                }
            }
        }
    }
}

#[test]
fn drawing_changes_nothing_and_a_frame_that_is_larger_than_the_model_knows_is_drawn() {
    let mut desk = Desk::midday((120, 40));
    assert_eq!(desk.buffer(), desk.buffer());
    // The window grew or shrank, and the message of it is still on its way.
    for size in [(3, 2), (60, 20), (250, 80)] {
        desk.size = size;
        desk.frame();
    }
}

#[test]
fn a_filter_shows_only_what_matches_and_escape_takes_it_back() {
    let mut desk = Desk::midday((120, 40));
    let listed = |desk: &Desk| {
        let frame = desk.frame();
        let count = frame.split("tasks ").nth(1).and_then(|rest| rest.split(' ').next());
        count.and_then(|count| count.parse::<u32>().ok()).unwrap()
    };
    assert_eq!(listed(&desk), 14);
    desk.press("/state:failed<enter>");
    assert_eq!(listed(&desk), 1, "{}", desk.frame());
    assert!(desk.frame().contains("filter: state:failed"));
    desk.press("/<esc>");
    assert_eq!(listed(&desk), 1, "leaving the prompt leaves the filter");
    desk.press("<esc>");
    assert_eq!(listed(&desk), 14);
    desk.press("/state:nosuch<enter>");
    assert!(desk.frame().contains("state:nosuch"), "{}", desk.frame());
    assert!(!desk.model.popups().is_empty(), "a filter that makes no sense is not taken");
}

#[test]
fn what_an_agent_says_cannot_leave_its_cell() {
    let evil = "ok\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\r\nnext\u{202e}line\u{200b}\t日本";
    let mut desk = Desk::midday((120, 40));
    desk.done("quote_refresh", evil);
    desk.failed("order_status_sync", FailureKind::Rejected, evil);
    for place in PLACES {
        desk.press("<esc><esc><esc>");
        desk.press(place);
        let frame = desk.frame();
        assert!(!frame.contains(|c: char| c.is_control() && c != '\n'), "{place}");
        assert!(!frame.contains("owned") && !frame.contains('\u{202e}'), "{place}: {frame}");
    }
    desk.press("<esc><esc><esc>1");
    let right = |line: &str| line.ends_with(['│', '┃', '┐', '┓', '┘', '┛', '┃']);
    let frame = desk.frame();
    assert!(frame.lines().skip(2).take(34).all(right), "{frame}");
}

#[test]
fn ascii_frames_are_ascii() {
    let mut desk = Desk::midday((120, 40));
    let mut settings = settings();
    settings.theme.glyphs = format::GlyphSet::Ascii;
    desk.sit_anew(settings);
    desk.press("j");
    for place in PLACES {
        desk.press("<esc><esc>1j");
        desk.press(place);
        let frame = desk.frame();
        let odd: Vec<_> = frame.lines().filter(|line| !line.is_ascii()).collect();
        assert!(odd.is_empty(), "{place}: {odd:#?}");
    }
}

#[test]
fn a_tick_within_the_same_second_asks_for_no_frame() {
    let mut desk = Desk::new(plan(), (80, 24), ColorDepth::Sixteen);
    desk.frame();
    desk.model.take_dirty();
    let tick = |desk: &mut Desk, ms: i64| {
        let now = desk.now + TimeDelta::milliseconds(ms);
        tui::update(&mut desk.model, Msg::Tick { now, wall: now });
        desk.model.take_dirty()
    };
    assert!(!tick(&mut desk, 200));
    assert!(!tick(&mut desk, 900));
    assert!(tick(&mut desk, 1_000), "the clock on screen moved");
    assert!(!tick(&mut desk, 1_100));
    desk.press("j");
    assert!(desk.model.take_dirty());
}

#[test]
fn the_footer_shows_the_keys_of_the_place() {
    let mut desk = Desk::midday((120, 40));
    let footer = |desk: &Desk| desk.frame().lines().nth(38).unwrap().to_owned();
    assert!(footer(&desk).contains("r retry"));
    desk.press("5");
    assert!(footer(&desk).contains("f follow") && !footer(&desk).contains("r retry"));
    desk.select("hedge_adjust");
    desk.press("F");
    assert!(footer(&desk).contains("enter choose"), "{}", footer(&desk));
    desk.press("<tab><tab>");
    assert!(footer(&desk).contains("space tick"), "{}", footer(&desk));
    desk.press("<tab>");
    assert!(footer(&desk).contains("enter accept"), "{}", footer(&desk));
}

#[test]
fn a_whole_day_is_drawn_as_it_goes_and_ends_as_the_engine_says() {
    let mut desk = Desk::new(crate::day::plan("2018-12-19"), (120, 40), ColorDepth::Sixteen);
    let mut steps = 0;
    desk.finish(|desk| {
        steps += 1;
        if steps % 40 == 0 {
            desk.tick(0);
            let size = [(80, 24), (120, 40), (200, 50), (60, 15), (40, 10)][steps / 40 % 5];
            desk.resize(size);
            assert!(desk.frame().contains("!!"));
        }
    });
    assert!(desk.engine.state().has_ended(), "{}", desk.frame());
    assert_eq!(desk.model.run(), Some(desk.engine.state()));
    desk.resize((120, 40));
    assert!(desk.frame().contains("COMPLETED"), "{}", desk.frame());
}
