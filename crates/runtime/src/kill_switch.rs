//! The switch in the process: the trading state asked for from outside the engine, in an atomic that every
//! send reads, beside the flag files.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

use chrono::{DateTime, Utc};

use desk::trading::desk::{ExternalTradingState, KillSwitch};
use engine::{Actor, TighteningRequest, TradingState};
use store::FlagFiles;

/// The policy on whose word orders stay in while the flag files cannot be read.
const BLIND: &str = "kill-switch";

/// What keeps orders in, whatever the engine does. Shared by the desk, which looks at it before each send,
/// the driver, and the thread that watches flag files and signals.
#[derive(Debug)]
pub struct ProcessKillSwitch {
    /// Place in [`TradingState::ALL`].
    thrown: AtomicUsize,
    /// The state the engine last said it is in.
    engine: AtomicUsize,
    /// Who threw it and why.
    wish: Mutex<Option<TighteningRequest>>,
    /// The run's clock when the engine last did something, in ms since 1970.
    moment: AtomicI64,
    flags: Option<FlagFiles>,
}

impl ProcessKillSwitch {
    /// A switch that nobody has thrown, beside the flags of a state folder if there is one.
    #[must_use]
    pub fn new(flags: Option<FlagFiles>) -> Self {
        Self {
            thrown: AtomicUsize::new(0),
            engine: AtomicUsize::new(0),
            wish: Mutex::new(None),
            moment: AtomicI64::new(DateTime::<Utc>::MIN_UTC.timestamp_millis()),
            flags,
        }
    }

    /// The flag files it stands beside.
    #[must_use]
    pub const fn flags(&self) -> Option<&FlagFiles> {
        self.flags.as_ref()
    }

    /// Makes it stricter; says whether it was looser. Never looser: see [`Switch::release`].
    pub fn tighten(&self, wish: TighteningRequest) -> bool {
        self.thrown_for(&mut self.lock_request(), wish)
    }

    /// Makes it stricter for a signal, which says neither who nor why: every send is blocked at once, and
    /// the engine is told once there are words for it.
    pub(super) fn signal(&self, to: TradingState) {
        self.thrown.fetch_max(state_index(to), Ordering::SeqCst);
    }

    fn lock_request(&self) -> MutexGuard<'_, Option<TighteningRequest>> {
        self.wish.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Throws it. The words come first: who reads the new state finds whose it is.
    fn thrown_for(&self, words: &mut Option<TighteningRequest>, wish: TighteningRequest) -> bool {
        let to = state_index(wish.to);
        if words.as_ref().is_none_or(|before| before.to < wish.to) {
            *words = Some(wish);
        }
        self.thrown.fetch_max(to, Ordering::SeqCst) < to
    }

    /// Throws it for whatever the flag files ask; gives what is asked for now. As one act: a flag that a
    /// person is taking away at this moment counts either before or not at all.
    pub(super) fn latch_flags(&self) -> Option<TighteningRequest> {
        let mut words = self.lock_request();
        let asked = self.stricter(words.clone());
        if let Some(asked) = &asked {
            self.thrown_for(&mut words, asked.clone());
        }
        asked
    }

    /// What it was thrown for in this process, flag files aside.
    #[must_use]
    pub fn own_request(&self) -> Option<TighteningRequest> {
        if self.thrown.load(Ordering::SeqCst) == 0 {
            return None;
        }
        self.lock_request().clone()
    }

    /// What is asked for now by it or by the flag files, whichever is stricter.
    #[must_use]
    pub fn strictest_request(&self) -> Option<TighteningRequest> {
        let thrown = state(self.thrown.load(Ordering::SeqCst));
        let asked = self.stricter(self.own_request());
        let told = asked.as_ref().map_or(TradingState::Active, |asked| asked.to);
        if told < thrown { Some(signalled(thrown)) } else { asked }
    }

    /// What it was thrown for, or what the flag files ask for if that is stricter.
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

    /// Makes it as loose as `to`, on a person's word, and takes the stricter flags away; where one was taken
    /// away, a flag for `to` is left in its place, so that a restart is no looser.
    ///
    /// # Errors
    ///
    /// Whatever keeps a flag from being removed; it is asked for still, then.
    pub fn loosen(&self, wish: &TighteningRequest) -> std::io::Result<()> {
        let mut words = self.lock_request();
        if let Some(flags) = &self.flags {
            let flag = store::TradingFlag {
                by: Some(wish.by.clone()),
                why: format!("re-armed so far: {}", wish.why),
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

    /// Notes what the engine knows, and when in its time.
    pub(super) fn record_engine_state(&self, state: TradingState, at: DateTime<Utc>) {
        self.engine.store(state_index(state), Ordering::SeqCst);
        self.moment.fetch_max(at.timestamp_millis(), Ordering::SeqCst);
    }

    /// The state the engine last said it is in.
    pub(super) fn engine_state(&self) -> TradingState {
        state(self.engine.load(Ordering::SeqCst))
    }

    /// The run's clock when the engine last did something.
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

/// What a signal asks for that comes with nothing else.
pub(super) fn signalled(to: TradingState) -> TighteningRequest {
    let name = match to {
        TradingState::Active => "nothing",
        TradingState::ReduceOnly => "SIGURG",
        TradingState::Halted => "SIGUSR2",
        TradingState::Killed => "SIGUSR1",
    };
    TighteningRequest { to, by: Actor::Operator(name.into()), why: format!("signal {name}") }
}

/// What is asked for while nobody can tell what is: nothing that adds risk goes out, and a person must look.
fn blind(error: &std::io::Error) -> TighteningRequest {
    let why = format!("whether a flag file asks to stop cannot be told: {error}");
    TighteningRequest { to: TradingState::Halted, by: Actor::Policy(BLIND.into()), why }
}

fn state_index(state: TradingState) -> usize {
    TradingState::ALL.iter().position(|known| *known == state).unwrap_or(TradingState::ALL.len())
}

/// What is out of range counts as the strictest.
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
        fn however_it_is_thrown_the_strictest_of_process_and_files_is_asked_for(
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
        assert!(outside.why.contains("cannot be told"), "{}", outside.why);
    }

    #[test]
    fn a_release_leaves_a_flag_for_the_rung_it_stops_at() {
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
