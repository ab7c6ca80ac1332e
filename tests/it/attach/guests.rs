//! Consoles attached to a day: they see what the engine has, and may do what the engine lets them.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say so at once"
)]

use bellwether::{
    engine::{
        Command, RunState,
        control::{Authority, CommitDenied, CommitError, SessionStatus},
    },
    planning::plan::{RunMode, TaskIx},
    runtime::{
        ClockPace, OperatorSession, RunHandle, Subscription, SubscriptionItem,
        attach::{ClientConnection, Disconnect, ServeOptions},
        protocol::{ClientRequest, ClientRole, CloseReason, Response, ServerMessage},
    },
};

use super::raw::{served, served_on, session};
use crate::support::live_day::{agreed, denied, give, halt, retry};

fn bytes(run: &RunState) -> Vec<u8> {
    serde_json::to_vec(run).unwrap()
}

/// Follows a day from outside until something is so.
async fn until(watcher: &mut Subscription, so: impl Fn(&RunState) -> bool) -> RunState {
    let mut run: Option<RunState> = None;
    loop {
        match watcher.next().await {
            Some(SubscriptionItem::Snapshot(whole)) => run = Some(*whole),
            Some(SubscriptionItem::Event(event)) => run.as_mut().unwrap().apply(&event).unwrap(),
            None => panic!("the run ended without it"),
        }
        if let Some(run) = run.take_if(|run| so(run)) {
            return run;
        }
    }
}

async fn stands(session: &OperatorSession, authority: Authority) {
    session.status().wait_for(|now| now.authority == authority).await.unwrap();
}

/// So many events in the engine, none of which its guests have read yet.
async fn rush(session: &OperatorSession, events: u64, handle: &RunHandle) {
    let before = handle.snapshot().await.unwrap().last_seq();
    while handle.snapshot().await.unwrap().last_seq() < before + events {
        for _ in 0..500 {
            // Held already, all but the first are refused; each is told.
            session.brake(Command::Hold { task: TaskIx(2) }, None).await.ok();
        }
    }
}

#[tokio::test]
async fn an_attached_console_sees_what_the_engine_has_and_what_it_does_is_done_there() {
    let served = served(RunMode::Sim).await;
    let guest = served.guest("ana").await;
    assert_eq!(guest.welcome.run, served.day.run.plan().run);
    let mut watcher = guest.handle.subscribe();
    let mine = session(&guest, Authority::Armed).await;
    give(&mine, retry(0)).await;
    let there = served.day.now().await;
    let here = until(&mut watcher, |run| run.last_seq() == there.last_seq()).await;
    assert_eq!(bytes(&here), bytes(&there));
    assert_eq!(
        here.armed_operator().unwrap().by.to_string(),
        "ana",
        "in the name it was greeted with"
    );
    served.day.end().await;
}

#[tokio::test]
async fn of_two_consoles_one_is_armed_and_the_other_hears_that_it_no_longer_is() {
    let served = served(RunMode::Live).await;
    let (ana, bo) = (served.guest("ana").await, served.guest("bo").await);
    let anas = session(&ana, Authority::Armed).await;
    let bos = session(&bo, Authority::Armed).await;
    assert_eq!((anas.authority(), bos.authority()), (Authority::Observe, Authority::Observe));
    anas.arm("my turn").await.unwrap();
    stands(&anas, Authority::Armed).await;
    assert!(anas.status().borrow().until.is_some());
    bos.arm("no, mine").await.unwrap();
    stands(&bos, Authority::Armed).await;
    stands(&anas, Authority::Observe).await;
    let plan = anas.propose(vec![retry(0)], 0).await.unwrap();
    assert_eq!(denied(anas.commit(agreed(&plan)).await), CommitDenied::NotArmed);
    // Brakes are anybody's.
    anas.brake(halt(), None).await.unwrap();
    assert!(served.day.now().await.trading_status().state == engine::TradingState::Halted);
    served.day.end().await;
}

#[tokio::test]
async fn an_armed_console_that_is_gone_leaves_nobody_armed() {
    let mut served = served(RunMode::Live).await;
    let guest = served.guest("ana").await;
    let mine = session(&guest, Authority::Observe).await;
    mine.arm("a drill").await.unwrap();
    served.day.until(|run| run.armed_operator().is_some()).await;
    drop((mine, guest));
    served.day.until(|run| run.armed_operator().is_none()).await;
    served.day.end().await;
}

#[tokio::test]
async fn a_session_that_is_left_is_closed_though_its_console_stays() {
    let mut served = served(RunMode::Live).await;
    let guest = served.guest("ana").await;
    let mine = session(&guest, Authority::Observe).await;
    mine.arm("a drill").await.unwrap();
    drop(mine);
    served.day.until(|run| run.armed_operator().is_some()).await;
    served.day.until(|run| run.armed_operator().is_none()).await;
    assert!(guest.handle.snapshot().await.is_ok());
    served.day.end().await;
}

#[tokio::test]
async fn the_engine_refuses_a_console_that_may_only_look_whatever_it_sends() {
    for (asks, may) in
        [(ClientRole::View, ClientRole::Control), (ClientRole::Control, ClientRole::View)]
    {
        let served = served_on(RunMode::Sim, ServeOptions::new(may)).await;
        let mut raw = served.known(asks).await;
        let before = served.day.now().await.last_seq();
        let answer = raw.ask(ClientRequest::Open { authority: Authority::Armed }).await;
        let Response::Opened { session, standing } = answer else { panic!("{answer:?}") };
        assert_eq!(standing, SessionStatus { authority: Authority::ReadOnly, until: None });
        let locked = Response::Rejected(CommitError::Denied(CommitDenied::ReadOnly));
        for question in [
            ClientRequest::Propose { session, commands: vec![retry(0)], seen: 0 },
            ClientRequest::Brake { session, command: halt(), reason: None },
            ClientRequest::Arm { session, reason: "let me".into() },
            ClientRequest::Disarm { session },
            ClientRequest::Pace(ClockPace::Times(5.0)),
        ] {
            assert_eq!(raw.ask(question.clone()).await, locked, "{question:?}");
        }
        let other = ClientRequest::Brake { session: session + 1, command: halt(), reason: None };
        let unknown = Response::Rejected(CommitError::Denied(CommitDenied::SessionNotOpen));
        assert_eq!(raw.ask(other).await, unknown, "nobody else's session is its own");
        assert_eq!(served.day.now().await.last_seq(), before, "the engine did nothing");
        served.day.end().await;
    }
}

#[tokio::test]
async fn a_console_that_was_too_slow_is_told_so_and_then_has_the_engines_state_byte_for_byte() {
    let served = served(RunMode::Sim).await;
    let guest = served.guest("slow").await;
    let mut watcher = guest.handle.subscribe();
    assert!(matches!(watcher.next().await, Some(SubscriptionItem::Snapshot(_))));
    let mut raw = served.known(ClientRole::View).await;
    let mine = served.day.session("ana", Authority::Armed).await;
    // More than the queues of either side hold.
    rush(&mine, 9_000, &served.day.handle).await;
    let there = served.day.now().await;
    let here = until(&mut watcher, |run| run.last_seq() == there.last_seq()).await;
    assert!(watcher.missed_count() > 0, "it was slow");
    assert_eq!(bytes(&here), bytes(&there));

    let (mut missed, mut last) = (0, 0);
    while last < there.last_seq() {
        match raw.hear().await {
            Some(ServerMessage::Lagged { missed: more }) => missed += more,
            Some(ServerMessage::Event(event)) => {
                assert!(event.seq == last + 1 || missed > 0 || last == 0, "a gap nobody told of");
                last = event.seq;
            }
            Some(_) => {}
            None => panic!("hung up"),
        }
    }
    assert!(missed > 0, "the engine waited for nobody");
    let Response::Snapshot(whole) = raw.ask(ClientRequest::Snapshot).await else {
        panic!("no snapshot")
    };
    assert_eq!(bytes(&whole), bytes(&served.day.now().await));
    served.day.end().await;
}

#[tokio::test]
async fn the_pace_one_console_sets_is_heard_by_the_others() {
    let served = served(RunMode::Sim).await;
    let (ana, bo) = (served.guest("ana").await, served.guest("bo").await);
    ana.handle.set_pace(ClockPace::Times(5.0)).await.unwrap();
    let mut beats = bo.handle.heartbeats();
    beats.wait_for(|beat| beat.pace == ClockPace::Times(5.0)).await.unwrap();
    served.day.end().await;
}

#[tokio::test]
async fn a_pace_no_clock_can_go_at_never_reaches_the_engine() {
    let served = served(RunMode::Sim).await;
    let mut raw = served.known(ClientRole::Control).await;
    for wrong in [0.0, -1.0, 1e300] {
        let answer = raw.ask(ClientRequest::Pace(ClockPace::Times(wrong))).await;
        assert!(matches!(answer, Response::Rejected(CommitError::Refused(_))), "{answer:?}");
    }
    served.day.end().await;
}

#[tokio::test]
async fn an_act_too_large_for_one_message_is_refused_and_the_console_goes_on() {
    let served = served(RunMode::Sim).await;
    let guest = served.guest("ana").await;
    let mine = session(&guest, Authority::Armed).await;
    let refused = mine.propose(vec![retry(0); 50_000], 0).await.unwrap_err();
    assert!(refused.to_string().contains("act on fewer at a time"), "{refused}");
    give(&mine, retry(0)).await;
    served.day.end().await;
}

#[tokio::test]
async fn every_guest_hears_a_day_to_its_end_and_then_why_nothing_follows() {
    let served = served(RunMode::Sim).await;
    let ClientConnection { handle, ended, .. } = served.guest("ana").await;
    let mut watcher = handle.subscribe();
    let Some(SubscriptionItem::Snapshot(mut run)) = watcher.next().await else {
        panic!("no state")
    };
    let mine = served.day.session("bo", Authority::Armed).await;
    give(&mine, Command::CancelRun).await;
    served.server.finish(std::time::Duration::from_secs(20)).await;
    while !run.has_ended() {
        let Some(SubscriptionItem::Event(event)) = watcher.next().await else {
            panic!("it ended early")
        };
        run.apply(&event).unwrap();
    }
    assert!(watcher.next().await.is_none());
    assert_eq!(ended.await.unwrap(), Disconnect::RunEnded(CloseReason::RunEnded));
    assert!(handle.snapshot().await.is_err());
}
