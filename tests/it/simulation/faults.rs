//! Agents that fail, crash, hang, dawdle, babble and forget, each as a pure function of seed, task and attempt.

use std::{
    panic,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bellwether::{
    engine::{
        AttemptOutcome, Failure, FailureKind, ProbeResult, ResultQuality, TaskResult, math,
        port::{Agent, AttemptFuture, AttemptReply, AttemptRequest, ProbeFuture},
    },
    planning::{time::Span, workflow::EffectClass},
};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{case::Case, crash::Spot, sabotage::Sabotage, world::World};
use crate::support::plans::Dice;

/// How an attempt ends, as far as its agent is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Done, on time.
    Done,
    /// Done, with a result no human would have written.
    Garbage,
    /// Not done, without effect.
    Fails(FailureKind),
    /// The agent does not know.
    Unknown,
    /// The agent's code panics.
    Panics,
    /// It says that it stopped, though nobody asked it to.
    Stops,
    /// Done, but after its time is over, by so many milliseconds.
    Late(u64),
    /// Done in the very millisecond in which its time is over.
    OnTheDot,
}

/// What becomes of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) end: End,
    /// Whether it changes the world outside.
    pub(crate) touches: bool,
    /// How long until the world outside shows it.
    pub(crate) shows: Span,
    /// How often somebody who looks it up is told nothing, in a hundred.
    pub(crate) mute: u64,
    took: Span,
    /// What it says when it is asked to stop.
    stopping: u64,
}

/// The fate of an attempt.
pub(crate) fn fate(case: Case, request: &AttemptRequest) -> Fate {
    let name = format!("{}/{}/{}", case.seed, request.task_id, request.attempt);
    let mut dice = Dice(math::seed_from(&name));
    let roll = dice.below(20);
    let roll = if dice.chance(case.faults) { roll } else { 0 };
    let end = match roll {
        0..=9 => End::Done,
        10 => End::Garbage,
        11 => End::Fails(FailureKind::Transient),
        12 => End::Fails(FailureKind::BadData),
        13 => End::Fails(FailureKind::BadInput),
        14 => End::Unknown,
        15 => End::Panics,
        16 => End::Stops,
        17 => End::Late(1 + dice.below(10_000_000)),
        18 => End::OnTheDot,
        _ => End::Late(1),
    };
    let effectful = effect(request) == EffectClass::Effectful;
    let touches = match end {
        End::Done | End::Garbage | End::OnTheDot => true,
        // What is keyed may have happened and be called a failure: it is asked for again.
        End::Fails(_) => !effectful && dice.chance(50),
        End::Unknown | End::Panics | End::Stops | End::Late(_) => dice.chance(50),
    };
    let timeout = request.plan.task(request.task).timeout.as_millis();
    let took = match end {
        End::Late(by) => timeout + by,
        End::OnTheDot => timeout,
        End::Done | End::Garbage | End::Fails(_) | End::Unknown | End::Panics | End::Stops => {
            dice.below(timeout.max(1))
        }
    };
    Fate {
        end,
        touches,
        shows: Span::millis(dice.below(25_000)),
        mute: [0, 0, 30, 100][usize::try_from(dice.below(4)).unwrap_or(0)],
        took: Span::millis(took),
        stopping: dice.below(4),
    }
}

fn effect(request: &AttemptRequest) -> EffectClass {
    request.plan.task(request.task).effect
}

/// One agent of a simulated day.
pub(crate) struct Faulty {
    pub(crate) case: Case,
    pub(crate) world: Arc<Mutex<World>>,
    pub(crate) sabotage: Sabotage,
}

impl Faulty {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the process die here, if that was drawn: nothing of this attempt is heard again.
    async fn live_on(&self, spot: Spot) {
        let dies = self.world().reached(spot);
        if dies {
            std::future::pending::<()>().await;
        }
    }

    async fn attempt(&self, mut request: AttemptRequest) -> AttemptReply {
        if self.sabotage == Sabotage::Rekeys {
            request.key = format!("{}-{}", request.key, request.attempt);
        }
        let fate = fate(self.case, &request);
        let attempt = (request.task, request.attempt);
        self.world().begun(attempt, &request.key);
        self.live_on(Spot::BeforeEffect).await;
        tokio::task::yield_now().await;
        if fate.touches && effect(&request) != EffectClass::Pure {
            let mut world = self.world();
            let when = (request.as_of, fate.shows);
            world.outside.apply(&request.key, attempt, effect(&request), when);
        }
        self.live_on(Spot::AfterEffect).await;
        tokio::task::yield_now().await;
        let answer = match fate.end {
            _ if fate.touches && self.sabotage == Sabotage::Lies => {
                AttemptOutcome::Failed(Failure::new(FailureKind::BadInput, "not done"))
            }
            End::Done | End::Late(_) | End::OnTheDot => AttemptOutcome::Completed(done(&request)),
            End::Garbage => AttemptOutcome::Completed(garbage(&request)),
            End::Fails(kind) => AttemptOutcome::Failed(Failure::new(kind, "it broke")),
            End::Unknown => {
                AttemptOutcome::InDoubt(Failure::new(FailureKind::Transient, "line dead"))
            }
            End::Stops => AttemptOutcome::Stopped,
            End::Panics => panic::resume_unwind(Box::new("an agent's own fault")),
        };
        AttemptReply { answer, took: Some(fate.took) }
    }

    fn stopped(&self, request: &AttemptRequest) -> AttemptOutcome {
        let attempt = (request.task, request.attempt);
        let mut world = self.world();
        if world.reached(Spot::Stop) {
            drop(world);
            super::crash::die();
        }
        match fate(self.case, request).stopping {
            // It finished before it could be stopped.
            0 if world.outside.did(attempt) => AttemptOutcome::Completed(done(request)),
            1 => AttemptOutcome::InDoubt(Failure::new(FailureKind::Transient, "no word of it")),
            2 if !world.outside.did(attempt) => {
                AttemptOutcome::Failed(Failure::new(FailureKind::Cancelled, "not begun"))
            }
            _ => AttemptOutcome::Stopped,
        }
    }

    async fn look(&self, request: &AttemptRequest, at: DateTime<Utc>) -> ProbeResult {
        self.live_on(Spot::Lookup).await;
        let mut dice = Dice(math::seed_from(&format!("{}/{}/{at}", self.case.seed, request.key)));
        if dice.chance(fate(self.case, request).mute) {
            return ProbeResult::Unknown { why: "the line is dead".into() };
        }
        let evidence = format!("asked for {} at {at}", request.key);
        let fate = fate(self.case, request);
        let until = request.as_of + fate.took.to_delta();
        if self.world().outside.says(&request.key, at) {
            if at < until && dice.chance(30) {
                return ProbeResult::InProgress { until, evidence };
            }
            return ProbeResult::Happened { outcome: done(request), evidence };
        }
        ProbeResult::DidNotHappen { evidence }
    }
}

fn done(request: &AttemptRequest) -> TaskResult {
    let output = json!({ "data": { "so": request.attempt.is_multiple_of(2) }, "n": request.seed });
    TaskResult { output: Arc::new(output), ..TaskResult::without_data("done") }
}

/// Legal, and nothing anybody would have thought of.
fn garbage(request: &AttemptRequest) -> TaskResult {
    let nasty = "\u{1b}[2J\u{202e}\0 '); DROP TABLE events; -- \u{1f4a5}";
    let deep = (0..40).fold(json!(null), |inner, _| json!([inner]));
    let output = json!({
        "data": { "so": [], nasty: nasty, "": { "small": 5e-324, "big": f64::MAX } },
        "third": 1.0 / 3.0, "deep": deep, "n": [u64::MAX, i64::MIN, request.seed],
    });
    TaskResult { quality: ResultQuality::Degraded, summary: nasty.into(), output: Arc::new(output) }
}

impl Agent for Faulty {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        Box::pin(self.attempt(request))
    }

    fn stop(&self, request: &AttemptRequest, _at: DateTime<Utc>) -> AttemptOutcome {
        self.stopped(request)
    }

    fn lookup(&self, request: &AttemptRequest, at: DateTime<Utc>) -> ProbeFuture<'_> {
        let request = request.clone();
        Box::pin(async move { self.look(&request, at).await })
    }

    fn describe(&self) -> Vec<&str> {
        vec!["work"]
    }
}
