//! Who may act on a running day: sessions that look, brake, arm, and carry out what was agreed to.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say so at once"
)]

use bellwether::{
    engine::{
        Actor, AlertSeverity, Command, Event, Gate, PauseMode, RunState, TaskState, TradingState,
        control::{
            Authority, Commit, CommitDenied, CommitError, CommitResult, GuardLevel, RiskTier,
        },
    },
    planning::plan::{RunMode, TaskIx},
    runtime::{OperatorSession, SubscriptionItem},
};

use crate::support::{
    live_day::{agreed, denied, give, halt, retry, under_way},
    plans::Dice,
};

#[tokio::test]
async fn an_unarmed_session_commits_nothing_and_brakes_all_the_same() {
    let day = under_way(RunMode::Live, GuardLevel::Mode).await;
    // It asks to be armed; in LIVE nobody is without saying why.
    let session = day.session("ana", Authority::Armed).await;
    assert_eq!(session.authority(), Authority::Observe);
    let plan = session.propose(vec![retry(0)], day.run.last_seq()).await.unwrap();
    assert_eq!(plan.tier, RiskTier::Confirm);
    let before = day.now().await.last_seq();
    assert_eq!(denied(session.commit(agreed(&plan)).await), CommitDenied::NotArmed);
    assert_eq!(day.now().await.last_seq(), before, "the engine was not even asked");
    assert_eq!(denied(session.brake(retry(0), None).await), CommitDenied::NotABrake);
    assert_eq!(
        denied(session.brake(Command::Arm, Some("so".into())).await),
        CommitDenied::NotABrake
    );
    session.brake(halt(), None).await.unwrap();
    assert!(day.now().await.trading_status().state == TradingState::Halted);
    day.end().await;
}

#[tokio::test]
async fn a_brake_may_also_be_committed_unarmed() {
    let day = under_way(RunMode::Live, GuardLevel::Mode).await;
    let session = day.session("ana", Authority::Observe).await;
    let plan = session.propose(vec![halt()], day.run.last_seq()).await.unwrap();
    assert_eq!((plan.tier, plan.needs_reason, plan.phrase.clone()), (RiskTier::Brake, false, None));
    let commit = Commit { reason: None, ..agreed(&plan) };
    assert_eq!(session.commit(commit).await.unwrap().done.len(), 1);
    assert!(day.now().await.trading_status().state == TradingState::Halted);
    day.end().await;
}

#[tokio::test]
async fn a_locked_session_can_do_nothing_at_all() {
    let day = under_way(RunMode::Sim, GuardLevel::Mode).await;
    let other = day.session("bo", Authority::Armed).await;
    let plan = other.propose(vec![retry(0)], 0).await.unwrap();
    let session = day.session("ana", Authority::ReadOnly).await;
    let before = day.now().await.last_seq();
    assert_eq!(denied(session.propose(vec![retry(0)], 0).await), CommitDenied::ReadOnly);
    assert_eq!(denied(session.commit(agreed(&plan)).await), CommitDenied::ReadOnly);
    assert_eq!(denied(session.brake(halt(), None).await), CommitDenied::ReadOnly);
    assert_eq!(denied(session.arm("let me").await), CommitDenied::ReadOnly);
    assert_eq!(denied(session.disarm().await), CommitDenied::ReadOnly);
    assert_eq!(session.authority(), Authority::ReadOnly);
    assert_eq!(day.now().await.last_seq(), before);
    day.end().await;
}

#[tokio::test]
async fn sim_opens_armed_unless_it_is_a_rehearsal_or_somebody_else_is() {
    let day = under_way(RunMode::Sim, GuardLevel::Mode).await;
    let first = day.session("ana", Authority::Armed).await;
    assert_eq!(first.authority(), Authority::Armed);
    assert_eq!(first.status().borrow().until, None, "it does not expire");
    let second = day.session("bo", Authority::Armed).await;
    assert_eq!((first.authority(), second.authority()), (Authority::Armed, Authority::Observe));
    let looks = day.session("cy", Authority::Observe).await;
    assert_eq!(looks.authority(), Authority::Observe);
    day.end().await;
    let rehearsal = under_way(RunMode::Sim, GuardLevel::Live).await;
    let session = rehearsal.session("ana", Authority::Armed).await;
    assert_eq!(session.authority(), Authority::Observe);
    session.arm("to practise").await.unwrap();
    assert!(session.status().borrow().until.is_some(), "it expires");
    rehearsal.end().await;
}

#[tokio::test]
async fn arming_needs_a_reason_and_taking_over_names_who_lost_it() {
    let mut day = under_way(RunMode::Paper, GuardLevel::Mode).await;
    let ana = day.session("ana", Authority::Observe).await;
    let bo = day.session("bo", Authority::Observe).await;
    assert!(matches!(ana.arm("  ").await, Err(CommitError::Refused(_))));
    ana.arm("provider outage").await.unwrap();
    assert_eq!((ana.authority(), bo.authority()), (Authority::Armed, Authority::Observe));
    bo.arm("shift change").await.unwrap();
    assert_eq!((ana.authority(), bo.authority()), (Authority::Observe, Authority::Armed));
    let mut lost = None;
    while lost.is_none() {
        match day.watcher.next().await {
            Some(SubscriptionItem::Event(event)) => {
                day.run.apply(&event).unwrap();
                if let Event::OperatorArmed { by, from: Some(from), .. } = &event.event {
                    lost = Some((by.clone(), from.clone()));
                }
            }
            Some(SubscriptionItem::Snapshot(_)) | None => panic!("the event comes"),
        }
    }
    let name = |name: &str| Actor::Operator(name.into());
    assert_eq!(lost, Some((name("bo"), name("ana"))));
    let armed = day.run.armed_operator().unwrap();
    assert_eq!((&armed.by, armed.reason.as_str()), (&name("bo"), "shift change"));
    // Whoever looks may take the arming away; that is the safe direction.
    ana.disarm().await.unwrap();
    assert_eq!(bo.authority(), Authority::Observe);
    assert_eq!(day.now().await.armed_operator(), None);
    day.end().await;
}

#[tokio::test]
async fn two_sessions_of_one_operator_are_not_armed_together() {
    let day = under_way(RunMode::Paper, GuardLevel::Mode).await;
    let one = day.session("ana", Authority::Observe).await;
    let two = day.session("ana", Authority::Observe).await;
    one.arm("here").await.unwrap();
    let plan = two.propose(vec![retry(0)], 0).await.unwrap();
    assert_eq!(denied(two.commit(agreed(&plan)).await), CommitDenied::NotArmed);
    // Nor can one session carry out what was shown to another.
    assert_eq!(denied(one.commit(agreed(&plan)).await), CommitDenied::SessionNotOpen);
    two.arm("there").await.unwrap();
    assert_eq!((one.authority(), two.authority()), (Authority::Observe, Authority::Armed));
    day.end().await;
}

#[tokio::test]
async fn the_same_commit_twice_is_one_act() {
    let day = under_way(RunMode::Paper, GuardLevel::Mode).await;
    let session = day.session("ana", Authority::Observe).await;
    session.arm("retry").await.unwrap();
    let plan = session.propose(vec![retry(0)], day.run.last_seq()).await.unwrap();
    let first = session.commit(agreed(&plan)).await.unwrap();
    let attempts = |run: &RunState| run.task(TaskIx(0)).attempt;
    let after = day.now().await;
    // However often it comes, and though the task may have failed again.
    for _ in 0..3 {
        assert_eq!(session.clone().commit(agreed(&plan)).await.unwrap(), first);
    }
    assert_eq!(attempts(&day.now().await), attempts(&after));
    assert_eq!(attempts(&after), 2);
    let other = Commit { hash: other_hash(&session).await, ..agreed(&plan) };
    assert_eq!(denied(session.commit(other).await), CommitDenied::SessionNotOpen);
    day.end().await;
}

async fn other_hash(session: &OperatorSession) -> engine::control::PreviewHash {
    session.propose(vec![halt()], 0).await.unwrap().hash
}

#[tokio::test]
async fn a_commit_after_its_target_moved_reaches_no_engine_and_shows_the_new_plan() {
    let mut day = under_way(RunMode::Paper, GuardLevel::Mode).await;
    let session = day.session("ana", Authority::Observe).await;
    session.arm("retry").await.unwrap();
    let commands = vec![retry(0), retry(1)];
    let plan = session.propose(commands, day.run.last_seq()).await.unwrap();
    // Somebody else retries it meanwhile, and it fails again.
    let other = day.session("bo", Authority::Observe).await;
    other.arm("retry as well").await.unwrap();
    give(&other, retry(0)).await;
    day.until(|run| run.task(TaskIx(0)).attempt == 2 && run.count_in_state(TaskState::Failed) == 2)
        .await;
    session.arm("retry").await.unwrap();
    let before = day.now().await.last_seq();
    let CommitError::PreviewStale(new) = session.commit(agreed(&plan)).await.unwrap_err() else {
        panic!("it changed")
    };
    assert_eq!(day.now().await.last_seq(), before);
    assert!(!plan.diff_lines(&new).is_empty());
    assert_eq!(new.moved_since_seen.len(), 1);
    let CommitResult { done, refused, .. } = session.commit(agreed(&new)).await.unwrap();
    assert_eq!((done.len(), refused.len()), (2, 0));
    assert_ne!(done[0].0, done[1].0, "each has a number of its own");
    day.end().await;
}

#[tokio::test]
async fn of_several_commands_those_refused_are_told_and_the_others_done() {
    let day = under_way(RunMode::Paper, GuardLevel::Mode).await;
    let session = day.session("ana", Authority::Observe).await;
    session.arm("retry").await.unwrap();
    let commands = vec![retry(2), retry(1)];
    let plan = session.propose(commands, day.run.last_seq()).await.unwrap();
    let CommitResult { done, refused, .. } = session.commit(agreed(&plan)).await.unwrap();
    assert_eq!(done.iter().map(|(_, c)| c).collect::<Vec<_>>(), [&retry(1)]);
    assert_eq!(refused.iter().map(|(c, _)| c).collect::<Vec<_>>(), [&retry(2)]);
    day.end().await;
}

#[tokio::test]
async fn a_grave_act_is_not_done_without_its_exact_phrase() {
    let day = under_way(RunMode::Live, GuardLevel::Mode).await;
    let session = day.session("ana", Authority::Observe).await;
    session.arm("retry").await.unwrap();
    let plan = session.propose(vec![retry(1)], day.run.last_seq()).await.unwrap();
    assert_eq!(plan.tier, RiskTier::HighRisk);
    let before = day.now().await.last_seq();
    for phrase in [None, Some("t1".to_owned()), plan.phrase.clone().map(|p| p + ".")] {
        let commit = Commit { phrase, ..agreed(&plan) };
        assert_eq!(denied(session.commit(commit).await), CommitDenied::WrongPhrase);
    }
    // All is right now, but nobody reads a plan and types a phrase in no time.
    assert_eq!(denied(session.commit(agreed(&plan)).await), CommitDenied::TooSoon);
    assert_eq!(day.now().await.last_seq(), before);
    day.end().await;
}

#[tokio::test]
async fn an_alert_is_acknowledged_once() {
    let day = under_way(RunMode::Paper, GuardLevel::Mode).await;
    let session = day.session("ana", Authority::Observe).await;
    session.arm("alerts").await.unwrap();
    let run = day.now().await;
    let (&alert, raised) = run.alerts().iter().next().unwrap();
    assert_eq!((raised.severity, raised.text.as_str()), (AlertSeverity::Critical, "no"));
    let seen = vec![Command::Acknowledge { alert }];
    let plan = session.propose(seen.clone(), run.last_seq()).await.unwrap();
    assert_eq!(plan.tier, RiskTier::Confirm);
    session.commit(agreed(&plan)).await.unwrap();
    let run = day.now().await;
    assert_eq!(run.alerts()[&alert].acked.as_ref().unwrap().by, Actor::Operator("ana".into()));
    let again = session.propose(seen, run.last_seq()).await;
    assert!(matches!(again, Err(CommitError::Refused(_))));
    day.end().await;
}

#[tokio::test]
async fn a_session_of_a_day_that_is_over_says_so() {
    let day = under_way(RunMode::Paper, GuardLevel::Mode).await;
    let session = day.session("ana", Authority::Observe).await;
    let handle = day.handle.clone();
    day.end().await;
    assert_eq!(session.propose(vec![halt()], 0).await, Err(CommitError::EngineGone));
    assert_eq!(session.brake(halt(), None).await, Err(CommitError::EngineGone));
    assert!(handle.heartbeats().changed().await.is_err(), "its heart stands still");
}

#[tokio::test]
async fn whatever_sessions_try_only_the_armed_one_does_more_than_brake() {
    let mut acts = 0;
    for seed in 0..20 {
        let mut dice = Dice(seed);
        let mut day = under_way(RunMode::Paper, GuardLevel::Mode).await;
        let mut sessions = Vec::new();
        for name in ["ana", "bo", "cy"] {
            sessions.push(day.session(name, Authority::Observe).await);
        }
        for _ in 0..60 {
            let session = &sessions[usize::try_from(dice.below(3)).unwrap()];
            try_something(session, &mut dice).await;
        }
        let last = day.now().await.last_seq();
        while day.run.last_seq() < last {
            let Some(SubscriptionItem::Event(event)) = day.watcher.next().await else {
                panic!("no gap")
            };
            if let Event::CommandAccepted { by, command, .. } = &event.event
                && matches!(**command, Command::Retry { .. } | Command::Resume { .. })
            {
                acts += 1;
                assert_eq!(
                    day.run.armed_operator().map(|armed| &armed.by),
                    Some(by),
                    "seed {seed}"
                );
            }
            day.run.apply(&event).unwrap();
        }
        day.end().await;
    }
    assert!(acts > 20, "{acts}");
}

async fn try_something(session: &OperatorSession, dice: &mut Dice) {
    let gate = Gate::Engine;
    let command = match dice.below(4) {
        0 => Command::Pause { gate, mode: PauseMode::Drain, until: None },
        1 => Command::Resume { gate },
        _ => retry(u32::try_from(dice.below(2)).unwrap()),
    };
    // Any answer will do: what counts is what stands in the record.
    match dice.below(8) {
        0 | 1 => drop(session.arm("to try").await),
        2 => drop(session.disarm().await),
        3 => drop(session.brake(command, None).await),
        _ => {
            if let Ok(plan) = session.propose(vec![command], 0).await {
                drop(session.commit(agreed(&plan)).await);
            }
        }
    }
}
