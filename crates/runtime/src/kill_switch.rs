//! Kill switch of the process: the requested trading state in an atomic that every send reads,
//! combined with the flag files.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

use chrono::{DateTime, Utc};

use desk::trading::desk::{ExternalTradingState, KillSwitch};
use engine::{Actor, TighteningRequest, TradingState};
use store::FlagFiles;

/// The policy that halts trading while the flag files cannot be read.
const BLIND: &str = "kill-switch";

/// A switch that blocks orders regardless of the engine. Shared by the desk, which tests it before
/// each send, the driver, and the thread that watches flag files and signals.
#[derive(Debug)]
pub struct ProcessKillSwitch {
    /// The requested state as index in [`TradingState::ALL`].
    thrown: AtomicUsize,
    /// The trading state last reported by the engine.
    engine: AtomicUsize,
    /// The request with its actor and reason.
    wish: Mutex<Option<TighteningRequest>>,
    /// The run's time at the engine's last step, in ms since 1970.
    moment: AtomicI64,
    /// Orders cancelled by the watching thread, of which the engine does not know yet.
    cancelled: AtomicUsize,
    flags: Option<FlagFiles>,
}

impl ProcessKillSwitch {
    /// Creates a switch in state ACTIVE, with the flag files of a state folder if there is one.
    #[must_use]
    pub fn new(flags: Option<FlagFiles>) -> Self {
        Self {
            thrown: AtomicUsize::new(0),
            engine: AtomicUsize::new(0),
            wish: Mutex::new(None),
            moment: AtomicI64::new(DateTime::<Utc>::MIN_UTC.timestamp_millis()),
            cancelled: AtomicUsize::new(0),
            flags,
        }
    }

    /// Counts orders that were cancelled without the engine.
    pub(super) fn count_cancelled(&self, orders: usize) {
        self.cancelled.fetch_add(orders, Ordering::SeqCst);
    }

    /// Returns how many orders were cancelled without the engine since the last call.
    pub(super) fn take_cancelled(&self) -> usize {
        self.cancelled.swap(0, Ordering::SeqCst)
    }

    /// Returns the flag files, if any.
    #[must_use]
    pub const fn flags(&self) -> Option<&FlagFiles> {
        self.flags.as_ref()
    }

    /// Makes the switch stricter; returns whether it was less strict. It never loosens: see
    /// [`ProcessKillSwitch::loosen`].
    pub fn tighten(&self, wish: TighteningRequest) -> bool {
        self.thrown_for(&mut self.lock_request(), wish)
    }

    /// Makes the switch stricter for a signal, which carries no actor or reason: sends are blocked
    /// at once, and the engine is told once these are known.
    pub(super) fn signal(&self, to: TradingState) {
        self.thrown.fetch_max(state_index(to), Ordering::SeqCst);
    }

    fn lock_request(&self) -> MutexGuard<'_, Option<TighteningRequest>> {
        self.wish.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tightens the switch. The request is stored before the state, so that a reader of the new
    /// state finds its actor.
    fn thrown_for(&self, words: &mut Option<TighteningRequest>, wish: TighteningRequest) -> bool {
        let to = state_index(wish.to);
        if words.as_ref().is_none_or(|before| before.to < wish.to) {
            *words = Some(wish);
        }
        self.thrown.fetch_max(to, Ordering::SeqCst) < to
    }

    /// Tightens the switch to the state of the flag files; returns the request now in force. It is
    /// atomic: a flag that an operator is removing counts either before or not at all.
    pub(super) fn latch_flags(&self) -> Option<TighteningRequest> {
        let mut words = self.lock_request();
        let asked = self.stricter(words.clone());
        if let Some(asked) = &asked {
            self.thrown_for(&mut words, asked.clone());
        }
        asked
    }

    /// Returns the request made within this process, without flag files.
    #[must_use]
    pub fn own_request(&self) -> Option<TighteningRequest> {
        if self.thrown.load(Ordering::SeqCst) == 0 {
            return None;
        }
        self.lock_request().clone()
    }

    /// Returns the strictest request of switch and flag files.
    #[must_use]
    pub fn strictest_request(&self) -> Option<TighteningRequest> {
        let thrown = state(self.thrown.load(Ordering::SeqCst));
        let asked = self.stricter(self.own_request());
        let told = asked.as_ref().map_or(TradingState::Active, |asked| asked.to);
        if told < thrown { Some(request_by_signal(thrown)) } else { asked }
    }

    /// Returns the given request, or that of the flag files if it is stricter.
    fn stricter(&self, thrown: Option<TighteningRequest>) -> Option<TighteningRequest> {
        let outside = self.flags.as_ref().and_then(|flags| match flags.strictest_raised() {
            Ok(TradingState::Active) => None,
            Ok(state) if thrown.as_ref().is_some_and(|thrown| thrown.to >= state) => None,
            Ok(_stricter) => match flags.raised_flag() {
                Ok(raised) => raised.map(|(state, flag)| flag.to_request(state)),
                Err(error) => Some(blind(&error)),
            },
            Err(error) => Some(blind(&error)),
        });
        match (thrown, outside) {
            (Some(thrown), Some(outside)) if outside.to > thrown.to => Some(outside),
            (None, outside) => outside,
            (thrown, _) => thrown,
        }
    }

    /// Loosens the switch to `to` by an operator's decision and removes stricter flags. If one was
    /// removed, a flag for `to` replaces it, so that a restart is not less strict.
    ///
    /// # Errors
    ///
    /// A flag cannot be removed; it stays in force.
    pub fn loosen(&self, wish: &TighteningRequest) -> std::io::Result<()> {
        let mut words = self.lock_request();
        if let Some(flags) = &self.flags {
            let flag = store::TradingFlag {
                by: Some(wish.by.clone()),
                why: format!("re-enabled so far: {}", wish.why),
                at: None,
            };
            if flags.strictest_raised()? > wish.to {
                flags.raise(wish.to, &flag)?;
            }
            flags.lower_to(wish.to)?;
        }
        *words = (wish.to > TradingState::Active).then(|| wish.clone());
        self.thrown.store(state_index(wish.to), Ordering::SeqCst);
        Ok(())
    }

    /// Stores the engine's trading state and time.
    pub(super) fn record_engine_state(&self, state: TradingState, at: DateTime<Utc>) {
        self.engine.store(state_index(state), Ordering::SeqCst);
        self.moment.fetch_max(at.timestamp_millis(), Ordering::SeqCst);
    }

    /// Returns the trading state last reported by the engine.
    pub(super) fn engine_state(&self) -> TradingState {
        state(self.engine.load(Ordering::SeqCst))
    }

    /// Returns the run's time at the engine's last step.
    pub(super) fn engine_time(&self) -> DateTime<Utc> {
        let millis = self.moment.load(Ordering::SeqCst);
        DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

impl KillSwitch for ProcessKillSwitch {
    fn external_state(&self) -> Option<ExternalTradingState> {
        let TighteningRequest { to, by, why } = self.strictest_request()?;
        Some(ExternalTradingState { state: to, by: by.to_string(), why })
    }
}

/// Returns the request for a signal without a flag file.
pub(super) fn request_by_signal(to: TradingState) -> TighteningRequest {
    let name = match to {
        TradingState::Active => "nothing",
        TradingState::ReduceOnly => "SIGURG",
        TradingState::Halted => "SIGUSR2",
        TradingState::Killed => "SIGUSR1",
    };
    TighteningRequest { to, by: Actor::Policy(name.into()), why: format!("signal {name}") }
}

/// Returns the request used while flag files cannot be read: no order that adds risk is sent until
/// an operator has looked.
fn blind(error: &std::io::Error) -> TighteningRequest {
    let why = format!("cannot read the flag files: {error}");
    TighteningRequest { to: TradingState::Halted, by: Actor::Policy(BLIND.into()), why }
}

fn state_index(state: TradingState) -> usize {
    TradingState::ALL.iter().position(|known| *known == state).unwrap_or(TradingState::ALL.len())
}

/// An index out of range counts as the strictest state.
fn state(place: usize) -> TradingState {
    TradingState::ALL.get(place).copied().unwrap_or(TradingState::Killed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wish(to: TradingState) -> TighteningRequest {
        TighteningRequest { to, by: Actor::Operator("ana".into()), why: "test".into() }
    }

    proptest! {
        #[test]
        fn returns_strictest_request_of_process_and_flag_files(
            thrown in prop::collection::vec(0_usize..4, 0..6),
            raised in prop::collection::vec(1_usize..4, 0..4),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let switch = ProcessKillSwitch::new(Some(FlagFiles::in_folder(folder.path())));
            for &n in &thrown {
                switch.tighten(wish(state(n)));
            }
            for &n in &raised {
                let name = FlagFiles::file_name(state(n)).unwrap();
                std::fs::write(folder.path().join(name), "").unwrap();
            }
            let strictest = thrown.iter().chain(&raised).max().map_or(TradingState::Active, |n| state(*n));
            let asked = switch.strictest_request().map_or(TradingState::Active, |asked| asked.to);
            prop_assert_eq!(asked, strictest);
        }
    }

    #[test]
    fn flags_that_cannot_be_read_let_nothing_out() {
        let folder = tempfile::tempdir().unwrap();
        let switch = ProcessKillSwitch::new(Some(FlagFiles::in_folder(folder.path())));
        assert_eq!(switch.external_state(), None);
        folder.close().unwrap();
        let outside = switch.external_state().expect("it asks for something");
        assert_eq!(outside.state, TradingState::Halted);
        assert!(outside.why.contains("cannot read the flag files"), "{}", outside.why);
    }

    #[test]
    fn loosening_leaves_flag_for_remaining_state() {
        let folder = tempfile::tempdir().unwrap();
        let flags = FlagFiles::in_folder(folder.path());
        let switch = ProcessKillSwitch::new(Some(flags.clone()));
        std::fs::write(folder.path().join("KILL"), "").unwrap();
        switch.tighten(wish(TradingState::Killed));
        switch.loosen(&wish(TradingState::Halted)).unwrap();
        assert_eq!(switch.strictest_request().map(|asked| asked.to), Some(TradingState::Halted));
        assert_eq!(flags.strictest_raised().unwrap(), TradingState::Halted);
        switch.loosen(&wish(TradingState::Active)).unwrap();
        assert_eq!(switch.strictest_request(), None);
    }
}
