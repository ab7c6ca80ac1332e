//! Where a simulated process dies, and what it leaves on disk.

use std::{
    fs, io, panic,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use bellwether::engine::{RecordedEvent, RunState, port::EventSink};
use tempfile::TempDir;

use super::{case::Case, sabotage::Sabotage, world::World};
use crate::support::plans::Dice;

/// A place at which a process can die.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spot {
    /// A step is about to be recorded.
    BeforeRecord,
    /// A transaction is half on disk.
    InsideRecord,
    /// A step is on disk, and nobody has been told.
    AfterRecord,
    /// An agent was asked, and has done nothing yet.
    BeforeEffect,
    /// An agent has done it, and has not answered.
    AfterEffect,
    /// An agent is asked to stop.
    Stop,
    /// An agent is asked what became of an attempt.
    Lookup,
    /// Nothing is happening.
    Pause,
}

/// The `n`-th time that a process comes there, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crash {
    pub(crate) spot: Spot,
    pub(crate) n: u64,
}

/// One crash for each life but the last.
pub(crate) fn crashes(case: Case) -> Vec<Crash> {
    let mut dice = case.dice("crashes");
    let all: Vec<_> = (0..dice.below(5)).map(|_| crash(&mut dice)).collect();
    all.into_iter().take(case.crashes).collect()
}

fn crash(dice: &mut Dice) -> Crash {
    let (spot, most) = match dice.below(14) {
        0..=2 => (Spot::BeforeRecord, 16),
        3..=5 => (Spot::InsideRecord, 16),
        6..=8 => (Spot::AfterRecord, 16),
        9 => (Spot::BeforeEffect, 5),
        10 => (Spot::AfterEffect, 5),
        11 => (Spot::Stop, 2),
        12 => (Spot::Lookup, 2),
        _ => (Spot::Pause, 20),
    };
    Crash { spot, n: dice.below(most) }
}

/// Ends the process: unwinds to whoever watches it, quietly.
pub(crate) fn die() -> ! {
    panic::resume_unwind(Box::new("the process dies"))
}

/// The state folders of one day: each life finds what the one before left.
#[derive(Debug)]
pub(crate) struct Disk {
    root: TempDir,
    life: usize,
}

const FILES: [&str; 2] = ["journal.db", "journal.db-wal"];

/// What stood in the files of a journal.
type Files = [Vec<u8>; 2];

impl Disk {
    pub(crate) fn new() -> io::Result<Self> {
        let memory = PathBuf::from("/dev/shm");
        let root = if memory.is_dir() { TempDir::new_in(memory)? } else { TempDir::new()? };
        Ok(Self { root, life: 0 })
    }

    /// The state folder of the present life.
    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join(self.life.to_string())
    }

    /// What stands in the journal's files now.
    fn files(&self) -> Files {
        FILES.map(|file| fs::read(self.folder().join(file)).unwrap_or_default())
    }

    /// The next life finds these files.
    fn leave(&mut self, files: &Files) {
        self.life += 1;
        let folder = self.folder();
        fs::create_dir_all(&folder).expect("a temporary folder can be written");
        for (file, bytes) in FILES.iter().zip(files).filter(|(_, bytes)| !bytes.is_empty()) {
            fs::write(folder.join(file), bytes).expect("a temporary folder can be written");
        }
    }

    /// The next life finds what is there now.
    pub(crate) fn kill(&mut self) {
        let files = self.files();
        self.leave(&files);
    }

    /// The next life finds a write that was cut: `before`, and of what the write-ahead log is now
    /// only the first bytes.
    fn tear(&mut self, before: Files, dice: &mut Dice) {
        let [_, now] = self.files();
        let [main, mut log] = before;
        let cut = usize::try_from(dice.below(u64::try_from(now.len()).unwrap_or(1))).unwrap_or(0);
        if log.len() < cut {
            log.resize(cut, 0);
        }
        log[..cut].copy_from_slice(&now[..cut]);
        self.leave(&[main, log]);
    }
}

/// Passes steps on to a journal, lets the process die around it, and tells the laws.
pub(crate) struct Guarded {
    pub(crate) journal: Box<dyn EventSink>,
    pub(crate) world: Arc<Mutex<World>>,
    pub(crate) sabotage: Sabotage,
    /// For where a torn write ends.
    pub(crate) dice: Dice,
}

impl EventSink for Guarded {
    fn record(&mut self, events: &[Arc<RecordedEvent>], run: &RunState) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        if world.reached(Spot::BeforeRecord) {
            die();
        }
        if world.refuses() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let torn = world.due(Spot::InsideRecord).then(|| world.disk.files());
        for given in self.sabotage.given(events) {
            self.journal.record(&given, run)?;
            world.written(&given);
        }
        if let Some(before) = torn {
            world.disk.tear(before, &mut self.dice);
            world.cut = events.to_vec();
            die();
        }
        if let Err(broken) = world.recorded(events, run) {
            world.broken.get_or_insert(broken);
            die();
        }
        if world.reached(Spot::AfterRecord) {
            die();
        }
        Ok(())
    }
}
