//! Proof that the laws can be broken, each in its way: by a falsified moment, or by a world that cheats.

#![expect(
    clippy::unit_arg,
    clippy::wildcard_enum_match_arm,
    reason = "a lie says whether it could be told, in one line; of most events none can"
)]

use bellwether::{
    engine::{
        Breaker, Event, RecordedEvent, RunState, TaskState, TradingState,
        forecast::dry_run_with_events,
    },
    planning::plan::{DayPlan, TaskIx},
};
use chrono::TimeDelta;

use super::{
    case::Case,
    day::{Played, play},
    disk::{DISK, SEEN},
    laws::LAWS,
    picture::{Moment, Past, Picture},
    sabotage::Sabotage,
    told::{FOLD, Told},
    whole::{ENDS, KEYS, KNOWN, ONCE},
};

const BEGINS: &str = "work begins once its start is on disk";

/// One moment of a sound day, in pieces that can be falsified.
#[derive(Clone)]
struct Scene {
    before: Picture,
    recorded: RecordedEvent,
    after: Picture,
    past: Past,
    settled: bool,
}

/// Falsifies a scene if it is of the kind that can be.
type Lie = fn(&DayPlan, &mut Scene) -> Option<()>;

fn played(seed: u64) -> Played {
    let played = play(Case::of(seed), Sabotage::None);
    played.unwrap_or_else(|failure| std::panic::resume_unwind(Box::new(failure.broken.what)))
}

/// Every moment of a day, as [`Told`] looks at them.
fn scenes(played: &Played) -> (std::sync::Arc<DayPlan>, Vec<Scene>) {
    let mut journal = played.journal.iter().peekable();
    let first = journal.next().expect("a day begins");
    let mut run = RunState::from_first_event(first).expect("a run begins");
    let plan = std::sync::Arc::clone(run.plan());
    let (mut scenes, mut past, mut before) = (Vec::new(), Past::default(), Picture::of(&run));
    while let Some(recorded) = journal.next() {
        run.apply(recorded).expect("an event of the engine is legal");
        let after = Picture::of(&run);
        // Steps are not kept apart in a journal; between moments everything has followed.
        let settled = journal.peek().is_none_or(|next| next.at > recorded.at);
        let scene = Scene {
            before,
            recorded: RecordedEvent::clone(recorded),
            after: after.clone(),
            past: past.clone(),
            settled,
        };
        past.note(&plan, &scene.before, recorded);
        before = after;
        scenes.push(scene);
    }
    (plan, scenes)
}

fn began(scene: &Scene) -> Option<TaskIx> {
    match scene.recorded.event {
        Event::TaskStarted { task, .. } => Some(task),
        _ => None,
    }
}

fn place(scene: &Scene, wanted: impl Fn(TaskState) -> bool) -> Option<usize> {
    scene.after.tasks.iter().position(|run| wanted(run.state))
}

/// For each law the lies that break it; a scene that was falsified must be found out.
const LIES: [(usize, &str, Lie); 17] = [
    (0, "a slot is lost", |_, s| Some(s.after.slots_used += 1)),
    (0, "an attempt lives twice", |_, s| {
        let at = place(s, |state| state == TaskState::Running)?;
        Some(s.after.tasks[at].attempt += 1)
    }),
    (0, "an agent is busy with nothing", |_, s| Some(s.after.agents.first_mut()?.0 += 1)),
    (1, "what has ended is held", |_, s| {
        let at = place(s, TaskState::is_terminal)?;
        Some(s.after.tasks[at].held_by = Some("ana".into()))
    }),
    (1, "what has ended has no end", |_, s| {
        let at = place(s, TaskState::is_terminal)?;
        Some(s.after.tasks[at].ending = None)
    }),
    (2, "nobody owns a retry", |_, s| {
        let at = place(s, |state| state == TaskState::Retrying)?;
        Some(s.after.tasks[at].next_at = None)
    }),
    (2, "nobody holds what is held", |_, s| {
        let at = place(s, |state| state == TaskState::Held)?;
        Some(s.after.tasks[at].held_by = None)
    }),
    (3, "a late answer counts", |_, s| {
        let Event::TaskCompleted { task, .. } = s.recorded.event else { return None };
        let (attempt, said) = (u32::MAX, String::new());
        Some(s.recorded.event = Event::LateResult { task, attempt, said })
    }),
    (4, "an order goes out again unproven", |_, s| {
        let task = began(s)?;
        s.past.begun.insert(task).then_some(())
    }),
    (5, "a command is done twice", |_, s| {
        let Event::CommandAccepted { id, .. } = s.recorded.event else { return None };
        s.past.commands.insert(id).then_some(())
    }),
    (6, "what has ended runs again", |_, s| {
        let task = began(s).filter(|_| !s.past.acted)?;
        Some(s.before.tasks[task.at()].state = TaskState::Completed)
    }),
    (7, "a count is off by one", |_, s| Some(s.after.counts[3] += 1)),
    (7, "a stage counts what another has", |_, s| Some(s.after.stages.first_mut()?[0] += 1)),
    (8, "something outlives its window", |plan, s| {
        let alone = s.settled && !s.past.meddled && !s.after.ended && !s.after.recovering;
        let at = place(s, |state| state == TaskState::Pending).filter(|_| alone)?;
        let carried = planning::workflow::OnClose::Carry;
        if plan.stage(plan.tasks[at].stage).on_close == carried {
            return None;
        }
        Some(s.after.at += TimeDelta::days(10))
    }),
    (9, "what is critical waits for nothing", |_, s| {
        let at = place(s, |state| state == TaskState::Queued)?;
        if !s.settled || s.after.ended || s.after.recovering {
            return None;
        }
        s.after.tasks[at].priority = planning::workflow::TaskPriority::Critical;
        s.after.gates.clear();
        s.after.trading = TradingState::Active;
        s.after.agents.fill((0, Breaker::Closed));
        Some(s.after.slots_used = 0)
    }),
    (10, "something starts that was not queued", |_, s| {
        let task = began(s)?;
        Some(s.before.tasks[task.at()].state = TaskState::Pending)
    }),
    (10, "something starts after a kill", |_, s| {
        began(s)?;
        Some(s.before.trading = TradingState::Killed)
    }),
];

#[test]
fn every_law_of_a_moment_finds_every_lie_about_it() {
    let mut told = [0; LIES.len()];
    for seed in 0..60 {
        let (plan, scenes) = scenes(&played(seed));
        for (scene, (lie, (law, name, falsify))) in
            scenes.iter().flat_map(|scene| LIES.iter().enumerate().map(move |lie| (scene, lie)))
        {
            let mut false_one = scene.clone();
            if falsify(&plan, &mut false_one).is_none() {
                continue;
            }
            told[lie] += 1;
            let Scene { before, recorded, after, past, settled } = &false_one;
            let (plan, settled) = (&*plan, *settled);
            let moment = Moment { plan, before, recorded, after, past, settled };
            let found = LAWS[*law].1(&moment);
            assert!(found.is_err(), "seed {seed}, event {}: {name}: not found", recorded.seq);
        }
    }
    let never: Vec<_> = LIES.iter().zip(told).filter(|(_, n)| *n == 0).map(|(l, _)| l.1).collect();
    assert_eq!(never, Vec::<&str>::new(), "never told");
    let untested = (0..LAWS.len()).find(|law| LIES.iter().all(|(of, ..)| of != law));
    assert_eq!(untested, None, "a law nobody lies about");
}

#[test]
fn a_world_that_cheats_is_found_out_by_the_law_it_breaks() {
    let cheats = [
        (Sabotage::Loses(2), DISK),
        (Sabotage::Swaps, DISK),
        (Sabotage::Alters, SEEN),
        (Sabotage::Behind(Vec::new()), BEGINS),
        (Sabotage::Forgets, SEEN),
        (Sabotage::Repeats, ONCE),
        (Sabotage::Lies, KNOWN),
        (Sabotage::Rekeys, KEYS),
        (Sabotage::Leaves, ENDS),
    ];
    for (cheat, law) in cheats {
        let found = (0..300).find_map(|seed| {
            let failure = play(Case::of(seed), cheat.clone()).err()?;
            (failure.broken.law == law).then_some(seed)
        });
        assert!(found.is_some(), "{cheat:?} breaks «{law}» and nobody noticed");
    }
}

#[test]
fn a_live_state_that_is_not_the_fold_is_found() {
    let journal = played(1).journal;
    let mut steps = journal.chunk_by(|one, next| one.at == next.at);
    let (first, second) = (steps.next().expect("a step"), steps.next().expect("and another"));
    let mut run = RunState::from_first_event(&first[0]).expect("a run begins");
    for recorded in &first[1..] {
        run.apply(recorded).expect("it is legal");
    }
    let mut told = Told::default();
    told.step(first, Some(&run)).expect("it is the fold");
    let broken = told.step(second, Some(&run)).expect_err("it is one step behind");
    assert_eq!(broken.law, FOLD);
}

#[test]
fn a_rehearsal_keeps_the_laws_and_reaches_no_agent() {
    // That none is in reach is the module's place below the agents, which `layers.rs` keeps.
    for seed in 0..60 {
        let journal = played(seed).journal;
        let run = RunState::from_first_event(&journal[0]).expect("a run begins");
        let start = run.last_event_at();
        let events = dry_run_with_events(std::sync::Arc::clone(run.plan()), start).events;
        let mut told = Told::default();
        let kept = events.chunk_by(|one, next| one.at == next.at);
        for step in kept {
            told.step(step, None).unwrap_or_else(|broken| {
                std::panic::resume_unwind(Box::new(format!("seed {seed}: {broken:?}")))
            });
        }
    }
}
