//! Guests that send garbage, hang up, never read or flood: nobody else notices.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say so at once"
)]

use std::time::Duration;

use bellwether::{
    engine::{
        ApprovalTerms, Command, Gate, PauseMode, Resolution, RetryScope, ReviewedPlan,
        TradingState, Waiver,
        control::{Authority, CommitError},
    },
    planning::{
        plan::{AgentIx, RunMode, StageIx, TaskIx},
        workflow::TaskPriority,
    },
    runtime::{
        attach::ServeOptions as Reach,
        protocol::{
            ClientMessage, ClientRequest, ClientRole, CloseReason, FROM_GUEST_MAX, Response,
            ServerMessage, encode_frame,
        },
    },
};
use tokio::io::AsyncWriteExt as _;

use super::raw::{Served, hello, served, served_on, session};
use crate::support::{
    live_day::{halt, retry},
    plans::Dice,
};

/// Whether the day still answers, and takes brakes, from others.
async fn lives(served: &Served) {
    let guest = served.guest("other").await;
    let session = session(&guest, Authority::Observe).await;
    session.brake(Command::Hold { task: TaskIx(2) }, None).await.ok();
    let there = served.day.now().await;
    assert_eq!(guest.handle.snapshot().await.unwrap().last_seq(), there.last_seq());
}

#[tokio::test]
async fn garbage_is_answered_politely_and_then_the_line_is_cut() {
    let served = served(RunMode::Live).await;
    let mut dice = Dice(7);
    let noise: Vec<u8> = (0..5_000).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
    let cases: [&[u8]; 6] = [
        b"GET / HTTP/1.1\r\nHost: desk\r\n\r\n",
        &[0, 0, 0, 2, b'{', b'}'],
        &[0, 0, 0, 3, 0xff, 0xfe, 0xfd],
        &[0xff; 64],
        &[0, 0, 0, 0],
        &noise,
    ];
    for case in cases {
        for role in [None, Some(ClientRole::Control)] {
            let mut raw = match role {
                None => served.raw().await,
                Some(role) => served.known(role).await,
            };
            // The line may be cut before all of it was written.
            let _ = raw.stream.write_all(case).await;
            let last = raw.last().await;
            let polite = matches!(
                &last,
                Some(ServerMessage::Bye(CloseReason::Malformed(_) | CloseReason::Greeting(_)))
            );
            assert!(polite, "{last:?} to {case:?}");
        }
    }
    let mut raw = served.known(ClientRole::Control).await;
    raw.say(&ClientMessage::Hello(hello("again", ClientRole::Control))).await;
    assert!(matches!(raw.last().await, Some(ServerMessage::Bye(CloseReason::Malformed(_)))));
    served.guests(0).await;
    lives(&served).await;
    served.day.end().await;
}

#[tokio::test]
async fn who_hangs_up_in_the_middle_of_a_message_is_forgotten() {
    let served = served(RunMode::Live).await;
    let question = ClientRequest::Brake { session: 1, command: halt(), reason: None };
    let whole = encode_frame(&ClientMessage::Ask { id: 1, question }, FROM_GUEST_MAX).unwrap();
    for cut in [1, 3, 4, 5, whole.len() - 1] {
        let mut raw = served.known(ClientRole::Control).await;
        raw.stream.write_all(&whole[..cut]).await.unwrap();
        drop(raw);
        served.guests(0).await;
    }
    assert!(
        served.day.now().await.trading_status().state == TradingState::Active,
        "half a brake is none"
    );
    lives(&served).await;
    served.day.end().await;
}

#[tokio::test]
async fn who_never_says_hello_is_shown_out() {
    let terms = Reach { greeting: Duration::from_millis(20), ..Reach::new(ClientRole::Control) };
    let served = served_on(RunMode::Live, terms).await;
    let mut raw = served.raw().await;
    assert!(matches!(raw.last().await, Some(ServerMessage::Bye(CloseReason::Greeting(_)))));
    served.guests(0).await;
    served.day.end().await;
}

#[tokio::test]
async fn who_never_reads_is_shown_out_and_the_day_and_the_others_go_on() {
    let terms = Reach { stall: Duration::from_millis(50), ..Reach::new(ClientRole::Control) };
    let served = served_on(RunMode::Live, terms).await;
    let mut raw = served.known(ClientRole::View).await;
    for id in 0..200 {
        raw.say(&ClientMessage::Ask { id, question: ClientRequest::Snapshot }).await;
    }
    lives(&served).await;
    // It is still there, and reads nothing; the other has left.
    served.guests(0).await;
    lives(&served).await;
    assert!(raw.last().await.is_some(), "what was sent to it before is there");
    served.day.end().await;
}

#[tokio::test]
async fn who_floods_waits_and_nobody_else_does() {
    const FLOOD: u64 = 3_000;
    let served = served(RunMode::Live).await;
    let mut raw = served.known(ClientRole::Control).await;
    let Response::Opened { session: mine, .. } =
        raw.ask(ClientRequest::Open { authority: Authority::Observe }).await
    else {
        panic!("not opened")
    };
    let mut flood = Vec::new();
    for id in 100..100 + FLOOD {
        let question = ClientRequest::Propose { session: mine, commands: vec![retry(0)], seen: 0 };
        flood.extend(encode_frame(&ClientMessage::Ask { id, question }, FROM_GUEST_MAX).unwrap());
    }
    let (mut read, mut write) = raw.stream.into_split();
    let flooding = tokio::spawn(async move { write.write_all(&flood).await });
    // It is being answered.
    let mut heard = vec![0; 64];
    tokio::io::AsyncReadExt::read_exact(&mut read, &mut heard).await.unwrap();
    let guest = served.guest("ana").await;
    let session = session(&guest, Authority::Observe).await;
    for _ in 0..5 {
        session.brake(halt(), None).await.ok();
        session.propose(vec![retry(0)], 0).await.ok();
    }
    assert!(
        served.day.now().await.trading_status().state == TradingState::Halted,
        "others are heard meanwhile"
    );
    let mut answers = Vec::new();
    let asked = served.day.now().await;
    while let Ok(n) = read.try_read_buf(&mut answers)
        && n > 0
    {}
    let told = String::from_utf8_lossy(&answers).matches("\"answer\"").count();
    assert!(u64::try_from(told).unwrap() < FLOOD / 4, "{told} answers at {}", asked.last_seq());
    flooding.abort();
    served.day.end().await;
}

fn some(dice: &mut Dice) -> u32 {
    match dice.below(4) {
        0 => u32::MAX,
        1 => u32::try_from(dice.below(1_000)).unwrap(),
        _ => u32::try_from(dice.below(4)).unwrap(),
    }
}

fn gate(dice: &mut Dice) -> Gate {
    match dice.below(3) {
        0 => Gate::Engine,
        1 => Gate::Stage(StageIx(some(dice))),
        _ => Gate::Agent(AgentIx(some(dice))),
    }
}

fn waivers(dice: &mut Dice) -> Vec<Waiver> {
    let all = [
        Waiver::Window,
        Waiver::Dependency(TaskIx(some(dice))),
        Waiver::Freshness(TaskIx(some(dice))),
        Waiver::Pause(gate(dice)),
        Waiver::Breaker,
        Waiver::Condition,
        Waiver::Hold,
        Waiver::Attempts,
        Waiver::OnDemand,
    ];
    all.into_iter().filter(|_| dice.chance(50)).collect()
}

fn terms(dice: &mut Dice) -> ApprovalTerms {
    let numbers = 0..[0, 3, 1_500][usize::try_from(dice.below(3)).unwrap()];
    let shares = [i64::MIN, -1, 0, 5, i64::MAX][usize::try_from(dice.below(5)).unwrap()];
    let plan = ["", "\u{1b}]0;x", &"0a".repeat(32)][usize::try_from(dice.below(3)).unwrap()].into();
    ApprovalTerms {
        of: dice.chance(50).then(|| ReviewedPlan { plan, orders: some(dice) }),
        only: dice.chance(50).then(|| numbers.clone().collect()),
        trims: numbers.filter(|_| dice.chance(50)).map(|number| (number, shares)).collect(),
    }
}

fn command(dice: &mut Dice) -> Command {
    let (task, stage) = (TaskIx(some(dice)), StageIx(some(dice)));
    let until = [None, Some(chrono::DateTime::<chrono::Utc>::MAX_UTC)];
    let finding = Resolution::Happened { evidence: "\u{1b}]0;x".into() };
    match dice.below(23) {
        0 => {
            let mode = if dice.chance(50) { PauseMode::RecordedHalt } else { PauseMode::Drain };
            let until = until[usize::try_from(dice.below(2)).unwrap()];
            Command::Pause { gate: gate(dice), mode, until }
        }
        1 => Command::Resume { gate: gate(dice) },
        2 => Command::Hold { task },
        3 => Command::Release { task },
        4 => Command::Retry { task, scope: RetryScope::WithDownstream },
        5 => Command::RetryStage { stage },
        6 => Command::Rerun { task },
        7 => Command::RunNow { task },
        8 => Command::Force { task, waivers: waivers(dice) },
        9 => Command::ForceStage { stage, waivers: waivers(dice) },
        10 => Command::Skip { task, satisfies: dice.chance(50) },
        11 => Command::Unskip { task },
        12 => Command::Cancel { task },
        13 => Command::SetCompleted { task },
        14 => Command::SetFailed { task },
        15 => Command::Approve { task, terms: terms(dice) },
        16 => Command::Reject { task },
        17 => Command::Resolve { task, finding },
        18 => Command::SetPriority { task, priority: TaskPriority::Critical },
        19 => Command::Arm,
        20 => Command::Disarm,
        21 => Command::Flatten { symbol: Some("AAPL".into()) },
        _ => Command::Acknowledge { alert: dice.below(u64::MAX) },
    }
}

#[tokio::test]
async fn no_command_however_wild_stops_the_engine() {
    let mut dice = Dice(20_181_219);
    let served = served(RunMode::Sim).await;
    let guests = [served.guest("ana").await, served.guest("bo").await, served.guest("cy").await];
    let mut sessions = Vec::new();
    for guest in &guests {
        sessions.push(session(guest, Authority::Armed).await);
    }
    // Through the engine's own door too, where nothing limits how often: the same checks hold.
    let inside = served.day.session("dan", Authority::Observe).await;
    let bounds = runtime::protocol::PlanBounds::from_plan(served.day.run.plan());
    for n in 0..400 {
        let one = command(&mut dice);
        if bounds.contains(&one) {
            inside.brake(one.clone(), None).await.ok();
            inside.propose(vec![one.clone()], dice.below(u64::MAX)).await.ok();
        }
        if n % 20 == 0 {
            let session = &sessions[n / 20 % 3];
            let stray = session.propose(vec![Command::Hold { task: TaskIx(9_999) }], 0).await;
            assert!(matches!(stray, Err(CommitError::Refused(_))), "{stray:?}");
            session.propose(vec![one], u64::MAX).await.ok();
        }
    }
    let none = sessions[0].propose(Vec::new(), 0).await;
    assert!(matches!(none, Err(CommitError::Refused(_))), "{none:?}");
    lives(&served).await;
    served.day.end().await;
}
