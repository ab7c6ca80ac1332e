//! What is seen of a drilled kill: gathered by looking, never by asking the one who is examined.

use std::{
    collections::BTreeSet,
    io,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, mpsc},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::Value;

use desk::trading::{desk::Desk, order::ClOrdId, pretrade::CheckCode};
use engine::{
    Event, RecordedEvent, RunState, TradingState,
    port::{EventSink, FactLog as _},
};
use store::{FlagFiles, FlagResponse, Store};

/// How often the answer to the flag is looked for, and how often at most: 2 s in all.
const EVERY: Duration = Duration::from_millis(10);
const TRIES: u32 = 200;

/// The moment the flag was raised, as the broker saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrdersAtRaise {
    /// When, by the clock of the day.
    pub at: DateTime<Utc>,
    /// Orders that could still fill.
    pub orders: Vec<ClOrdId>,
    /// Orders that had reached the broker.
    pub sent: usize,
    /// What the kill's own thread answered to the flag, while the engine stood still.
    pub answer: Option<FlagResponse>,
}

/// An order that somebody tried to send after the kill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendAfterKill {
    /// Shares that left.
    pub sent: i64,
    /// What the gate had against it.
    pub against: Vec<CheckCode>,
    /// Orders that had reached the broker afterwards.
    pub at_broker: usize,
}

/// What the journal and the audit trail hold, read from disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskEvidence {
    /// The trading state that the events of the run add up to.
    pub state: TradingState,
    /// Events that say KILLED.
    pub events: usize,
    /// Entries of the audit trail that do.
    pub entries: usize,
    /// What is wrong with the audit trail.
    pub problems: Vec<String>,
}

/// The folder opened anew, and the next day begun in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterRestart {
    /// The strictest flag.
    pub flag: TradingState,
    /// The trading state of that day.
    pub state: TradingState,
    /// Tasks that were begun on it.
    pub begun: usize,
    /// Orders of it that reached the broker.
    pub sent: usize,
}

/// Everything that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// When the flag was raised; none if no moment came with orders resting and others filled.
    pub resting: Option<OrdersAtRaise>,
    /// Why it could not be raised.
    pub unraised: Option<String>,
    /// Orders that could still fill at the broker once the engine knew; or why it cannot be asked.
    pub left: Result<Vec<ClOrdId>, String>,
    /// Orders that had reached the broker when the day was over.
    pub sent: usize,
    /// Executions by the broker's word at the end; or why it cannot be asked.
    pub filled: Result<BTreeSet<String>, String>,
    /// Executions in the desk's log on disk.
    pub booked: BTreeSet<String>,
    /// The second attempt; or why none could be made.
    pub attempt: Result<SendAfterKill, String>,
    /// What was written down.
    pub known: DiskEvidence,
    /// After a restart.
    pub restarted: AfterRestart,
}

/// What the witness has seen while the day went on.
#[derive(Debug, Default)]
pub(super) struct WitnessLog {
    pub(super) resting: Option<OrdersAtRaise>,
    pub(super) unraised: Option<String>,
    /// When the engine became KILLED.
    pub(super) killed: Option<DateTime<Utc>>,
}

/// Where the day is that is looked at; known once it has been made.
pub(super) struct DrillContext {
    pub(super) desk: Arc<Desk>,
    pub(super) run: String,
}

/// Raises the flag at the first moment at which orders rest and others have filled, and waits for the answer.
/// The engine stands still meanwhile, as in a hang: who obeys does so without it.
pub(super) struct Witness<F> {
    pub(super) scene: Arc<OnceLock<DrillContext>>,
    pub(super) seen: Arc<Mutex<WitnessLog>>,
    pub(super) store: Store,
    pub(super) flags: FlagFiles,
    pub(super) raise: Option<F>,
}

pub(super) fn lock_log(seen: &Mutex<WitnessLog>) -> MutexGuard<'_, WitnessLog> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<F: FnOnce(&FlagFiles) -> io::Result<()> + Send> EventSink for Witness<F> {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        let Some(scene) = self.scene.get() else { return Ok(()) };
        let killed = |recorded: &&Arc<RecordedEvent>| is_kill(&recorded.event);
        if let Some(kill) = events.iter().find(killed) {
            lock_log(&self.seen).killed.get_or_insert(kill.at);
        }
        let Some(at) = events.last().map(|recorded| recorded.at).filter(|_| self.raise.is_some())
        else {
            return Ok(());
        };
        // The broker is asked and not the desk, which would book what it is told while it looks.
        let Ok(theirs) = scene.desk.broker_statement(at) else { return Ok(()) };
        if theirs.working.is_empty() || theirs.fills.is_empty() {
            return Ok(());
        }
        let Some(raise) = self.raise.take() else { return Ok(()) };
        let orders = theirs.working.into_iter().map(|order| order.id).collect();
        let sent = orders_at_broker(&self.store, &scene.run)?;
        let unraised = raise(&self.flags).err().map(|error| error.to_string());
        let answer = if unraised.is_none() { answer(&self.flags) } else { None };
        let mut seen = lock_log(&self.seen);
        seen.resting = Some(OrdersAtRaise { at, orders, sent, answer });
        seen.unraised = unraised;
        Ok(())
    }
}

/// Whether an event says that the trading state became KILLED.
pub(super) fn is_kill(event: &Event) -> bool {
    matches!(event, Event::TradingChanged { to: TradingState::Killed, .. })
}

/// The last answer to the flag: the whole one as soon as it is there.
fn answer(flags: &FlagFiles) -> Option<FlagResponse> {
    let (_held, nobody) = mpsc::channel::<()>();
    let mut answer = None;
    for _ in 0..TRIES {
        answer = flags.read_response();
        if answer.as_ref().is_some_and(|answer| answer.orders.is_some()) {
            break;
        }
        // Nobody says anything on this channel; only time passes.
        let _passed = nobody.recv_timeout(EVERY);
    }
    answer
}

/// How many orders of a run have reached the broker, by the broker's own log.
pub(super) fn orders_at_broker(store: &Store, run: &str) -> io::Result<usize> {
    let asked = store.broker_fact_log(run).read()?;
    let submitted = |line: &&String| {
        serde_json::from_str::<Value>(line).is_ok_and(|ask| ask.get("submit").is_some())
    };
    Ok(asked.iter().filter(submitted).count())
}

/// The executions that the desk of a run has booked, by its log.
pub(super) fn booked_executions(store: &Store, run: &str) -> io::Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for line in store.fact_log(run, "desk").read()? {
        let fact: Value = serde_json::from_str(&line)?;
        let fills = fact.get("booked").and_then(Value::as_array).into_iter().flatten();
        all.extend(fills.filter_map(|fill| Some(fill.get("exec_id")?.as_str()?.to_owned())));
    }
    Ok(all)
}
