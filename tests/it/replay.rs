//! A recorded day played again: the same events in the same order, at a pace, in a mode in which nothing can be done.

#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test at once")]

use bellwether::{
    cli::Exit,
    engine::{
        Command, RecordedEvent, RunState,
        control::{Authority, CommitError, SessionOpening},
    },
    planning::plan::RunMode,
    runtime::{BufferedSink, ClockPace, ReplayDriver, RunClock, SubscriptionItem},
    store::JournalReader,
};

use crate::store::{asked, database, fold, kept};

fn opening(authority: Authority) -> SessionOpening {
    SessionOpening { operator: "ana".into(), authority }
}

/// The events of a whole day, and the run they make. The day is run on a thread of its own, where it may wait.
async fn recorded() -> (Vec<RecordedEvent>, RunState) {
    let read = || {
        let folder = kept();
        let reader = JournalReader::open(folder.path()).unwrap();
        (reader.recorded_events(1).unwrap(), fold(&reader.events(1).unwrap()))
    };
    tokio::task::spawn_blocking(read).await.unwrap()
}

#[tokio::test]
async fn every_event_comes_again_in_order_and_the_run_ends_as_it_did() {
    let (events, was) = recorded().await;
    let (keeper, mut kept) = BufferedSink::new();
    let clock = RunClock::starting(events[0].at, ClockPace::Max);
    let (replay, _handle) =
        ReplayDriver::new(events.clone(), None, clock, vec![Box::new(keeper)]).unwrap();
    let run = replay.run().await.unwrap();
    assert_eq!(run.plan().mode, RunMode::Replay);
    assert_eq!((run.last_seq(), run.status()), (was.last_seq(), was.status()));
    let told: Vec<_> = std::iter::from_fn(|| kept.try_recv().ok()).collect();
    assert_eq!(told.len(), events.len());
    // The first says that it is a replay; every other is as it was.
    assert!(told.iter().zip(&events).skip(1).all(|(told, event)| **told == *event));
}

#[tokio::test]
async fn nothing_can_be_done_in_a_replay_by_anybody() {
    let (events, _) = recorded().await;
    let clock = RunClock::starting(events[0].at, ClockPace::Times(0.001));
    let (replay, handle) = ReplayDriver::new(events, None, clock, Vec::new()).unwrap();
    let playing = tokio::spawn(replay.run());
    let session = handle.open(opening(Authority::Armed)).await.unwrap();
    assert_eq!(session.authority(), Authority::ReadOnly);
    let refused = session.propose(vec![Command::CancelRun], 1).await.unwrap_err();
    assert!(
        matches!(&refused, CommitError::Refused(why) if why.what == "this is a replay"),
        "{refused:?}"
    );
    let halt = crate::support::live_day::halt();
    assert!(matches!(session.brake(halt, None).await, Err(CommitError::Denied(_))));
    assert!(session.arm("to try").await.is_err());
    let run = handle.snapshot().await.unwrap();
    assert_eq!((run.last_seq(), run.closed_gates().len()), (1, 0));
    handle.stop().await.unwrap();
    assert_eq!(playing.await.unwrap().unwrap(), *run);
}

#[tokio::test]
async fn a_replay_stands_where_it_is_told_to_begin_and_goes_on_when_its_pace_changes() {
    let (events, _) = recorded().await;
    let from = "2018-12-19T14:25:00Z".parse().unwrap();
    let before = u64::try_from(events.iter().filter(|event| event.at < from).count()).unwrap();
    let (all, clock) =
        (u64::try_from(events.len()).unwrap(), RunClock::starting(from, ClockPace::Times(0.001)));
    let (replay, handle) = ReplayDriver::new(events, Some(from), clock, Vec::new()).unwrap();
    let mut watcher = handle.subscribe();
    let playing = tokio::spawn(replay.run());
    let first = watcher.next().await.unwrap();
    assert!(
        matches!(&first, SubscriptionItem::Snapshot(run) if run.last_seq() == before),
        "{first:?}"
    );
    assert!(before > 10 && before < all);
    handle.set_pace(ClockPace::Max).await.unwrap();
    assert_eq!(playing.await.unwrap().unwrap().last_seq(), all);
}

#[test]
fn in_words_a_replay_says_what_it_is_and_tells_what_the_day_told() {
    let folder = kept();
    let (exit, out, err) = asked(folder.path(), &["replay", "2018-12-19", "--plain"]);
    assert_eq!((exit, err.as_str()), (Exit::Success, ""));
    let first = out.lines().next().unwrap();
    assert!(
        first.starts_with("REPLAY of run 1, 2018-12-19-standard-1: 2018-12-19, SIM"),
        "{first}"
    );
    assert!(out.contains("workflow completed"));
    let (exit, _, err) = asked(folder.path(), &["replay", "7"]);
    assert!(exit == Exit::Usage && err.contains("no run `7`"), "{err}");
    let (exit, _, err) = asked(folder.path(), &["replay", "--from", "soon"]);
    assert!(exit == Exit::Usage && err.contains("--from `soon`: write a time of day"), "{err}");
}

#[test]
fn a_run_that_was_left_in_its_middle_plays_as_far_as_it_went_and_a_damaged_one_not_at_all() {
    let folder = kept();
    database(folder.path(), "DELETE FROM events WHERE seq > 300; UPDATE runs SET ended = NULL");
    let (exit, out, _) = asked(folder.path(), &["replay", "--plain"]);
    assert!(exit == Exit::Success && out.contains("left before its end"), "{out}");
    assert!(!out.contains("workflow completed"));
    database(folder.path(), "UPDATE events SET body = body || ' ' WHERE seq = 40");
    let (exit, out, err) = asked(folder.path(), &["replay", "--plain"]);
    assert_eq!((exit, out.as_str()), (Exit::Failed, ""));
    assert!(err.contains("damaged at event 40"), "{err}");
}

#[test]
fn no_run_is_made_of_events_that_do_not_begin_one() {
    let folder = kept();
    let mut events = JournalReader::open(folder.path()).unwrap().recorded_events(1).unwrap();
    events.remove(0);
    let clock = RunClock::starting(events[0].at, ClockPace::Max);
    assert!(ReplayDriver::new(events, None, clock.clone(), Vec::new()).is_err());
    assert!(ReplayDriver::new(Vec::new(), None, clock, Vec::new()).is_err());
}
