//! What all lives of a simulated day share: the outside, the disk, what was told, and when the process dies.

use std::{collections::BTreeSet, io, sync::Arc};

use bellwether::{
    engine::{Event, RecordedEvent, RunState},
    planning::plan::TaskIx,
};
use tokio::sync::Notify;

use super::{
    crash::{Crash, Disk, Spot},
    outside::Outside,
    told::{Broken, Told},
};

/// More than any day of a few tasks takes.
const STEPS_MAX: u64 = 5_000;

/// See the module.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) outside: Outside,
    pub(crate) told: Told,
    pub(crate) disk: Disk,
    /// The first law that did not hold.
    pub(crate) broken: Option<Broken>,
    /// The step that was being written when the process died, which is on disk or is not.
    pub(crate) cut: Vec<Arc<RecordedEvent>>,
    /// Attempts whose beginning is on disk.
    on_disk: BTreeSet<(TaskIx, u32)>,
    /// When the present life ends, and how often it has come to that place.
    crash: Option<Crash>,
    passed: u64,
    /// Whether it has ended.
    pub(crate) dead: bool,
    /// Steps recorded in all lives.
    pub(crate) steps: u64,
    /// Before which attempt to record something the disk is full, and how often in a row.
    full: (u64, u64),
    pub(crate) died: Arc<Notify>,
}

impl World {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            outside: Outside::default(),
            told: Told::default(),
            disk: Disk::new()?,
            broken: None,
            cut: Vec::new(),
            on_disk: BTreeSet::new(),
            crash: None,
            passed: 0,
            dead: false,
            steps: 0,
            full: (u64::MAX, 0),
            died: Arc::default(),
        })
    }

    /// A process begins, and will die there.
    pub(crate) fn begin(&mut self, crash: Option<Crash>) {
        (self.crash, self.passed, self.dead) = (crash, 0, false);
        self.died = Arc::default();
        // What a process that is gone had begun is begun anew, or not.
        self.on_disk.clear();
    }

    /// The disk is full before the `n`-th step, and stays so for so many attempts.
    pub(crate) fn fill(&mut self, n: u64, times: u64) {
        self.full = (n, times);
    }

    /// Whether the disk has no room for a step.
    pub(crate) fn refuses(&mut self) -> bool {
        let refuses = self.steps >= self.full.0 && self.full.1 > 0;
        self.full.1 -= u64::from(refuses);
        refuses
    }

    /// The process gives up: what is on disk stays there, and nothing else.
    pub(crate) fn give_up(&mut self) {
        self.disk.kill();
        self.dead = true;
    }

    /// Whether the process dies now that it comes to this place.
    pub(crate) fn due(&mut self, spot: Spot) -> bool {
        let Some(crash) = self.crash.filter(|crash| crash.spot == spot && !self.dead) else {
            return self.dead;
        };
        self.dead = self.passed == crash.n;
        self.passed += 1;
        self.dead
    }

    /// As [`World::due`]; what is on disk stays there, and nothing else.
    pub(crate) fn reached(&mut self, spot: Spot) -> bool {
        if !self.dead && self.due(spot) {
            self.disk.kill();
            self.died.notify_one();
        }
        self.dead
    }

    /// The journal has these events of a step.
    pub(crate) fn written(&mut self, events: &[Arc<RecordedEvent>]) {
        for recorded in events {
            if let Event::TaskStarted { task, attempt }
            | Event::TaskRecovered { task, attempt, again_at: None, .. } = recorded.event
            {
                self.on_disk.insert((task, attempt));
            }
        }
    }

    /// The journal says that it has a step.
    pub(crate) fn recorded(
        &mut self,
        events: &[Arc<RecordedEvent>],
        run: &RunState,
    ) -> Result<(), Broken> {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            let what = format!("{STEPS_MAX} steps, and no end: {:?}", events.last());
            return Err(Broken::new("10: nothing goes round for ever", what));
        }
        self.told.step(events, Some(run))
    }

    /// An agent is asked for an attempt.
    pub(crate) fn begun(&mut self, attempt: (TaskIx, u32), key: &str) {
        if !self.on_disk.contains(&attempt) {
            let what = format!("{:?}/{} began before that was on disk", attempt.0, attempt.1);
            self.broken.get_or_insert(Broken::new("work begins once its start is on disk", what));
        }
        self.outside.asked(attempt, key);
    }
}
