//! Kill without the engine: a thread that watches flag files and signals, blocks every send,
//! cancels own orders, writes the response, and writes the heartbeat while the driver runs.

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::Duration,
};

use chrono::{DateTime, Utc};

use super::{
    clock::{heartbeat_now, wall_now},
    handle::{DriverRequest, RunHandle},
    kill_switch::{ProcessKillSwitch, request_by_signal},
};
use desk::trading::desk::Desk;
use engine::{TighteningRequest, TradingState};
use store::{FlagFiles, FlagResponse, Raised, TradingFlag};

/// Interval of checking flags and signals.
const EVERY: Duration = Duration::from_millis(50);
/// Rounds between two heartbeats.
const BEAT: u32 = 20;
/// Rounds to wait after a signal for the flag file with its actor and reason.
const GRACE: u32 = 3;

/// The signals received, by the state each requests.
#[derive(Debug, Clone, Default)]
struct Signals([(TradingState, Arc<AtomicBool>); 3]);

/// The signals of the whole process that arrived before a run was watched.
static EARLY: OnceLock<Signals> = OnceLock::new();

impl Signals {
    fn listen() -> io::Result<Self> {
        use TradingState::{Halted, Killed, ReduceOnly};
        use signal_hook::consts::{SIGURG, SIGUSR1, SIGUSR2};
        let signals = Self([Killed, Halted, ReduceOnly].map(|state| (state, Arc::default())));
        for ((_, came), signal) in signals.0.iter().zip([SIGUSR1, SIGUSR2, SIGURG]) {
            signal_hook::flag::register(signal, Arc::clone(came))?;
        }
        Ok(signals)
    }

    /// Returns the strictest state that a signal has requested since the last call.
    fn take(&self) -> Option<TradingState> {
        let came = self.0.iter().filter(|(_, came)| came.swap(false, Ordering::SeqCst));
        came.map(|(state, _)| *state).max()
    }
}

/// Registers handlers for the signals of `kill`, `halt` and `reduce`, before any run is watched: an
/// early signal takes effect when the run starts, and does not end the process.
///
/// # Errors
///
/// The handlers cannot be registered.
pub fn hear_signals() -> io::Result<()> {
    if EARLY.get().is_none() {
        // Another thread was faster and registered the same handlers.
        let _ = EARLY.set(Signals::listen()?);
    }
    Ok(())
}

/// The inputs of a kill watch.
#[derive(Debug)]
pub struct KillWatchConfig {
    pub switch: Arc<ProcessKillSwitch>,
    pub desk: Arc<Desk>,
    /// Handle for reaching the driver while it responds.
    pub handle: RunHandle,
    /// True if the run has a real clock; otherwise the driver's last time is used.
    pub real_time: bool,
}

/// The watching thread; dropping this ends it.
#[derive(Debug)]
pub struct KillWatch {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl KillWatch {
    /// Starts watching. Returns `None` for a switch without flag files.
    ///
    /// # Errors
    ///
    /// A signal handler or the thread cannot be started.
    pub fn start(guarded: KillWatchConfig) -> io::Result<Option<Self>> {
        let Some(flags) = guarded.switch.flags().cloned() else { return Ok(None) };
        let signals = Signals::listen()?;
        if let Some(to) = EARLY.get().and_then(Signals::take) {
            guarded.switch.tighten(request_by_signal(to));
        }
        flags.remove_heartbeat();
        let (stop, stopped) = mpsc::channel();
        let beats = guarded.handle.beats.borrow().count;
        let watcher =
            KillWatcher { beats, guarded, flags, signals, bare: None, answered: None, round: 0 };
        let body = move || watcher.watch(&stopped);
        let thread = std::thread::Builder::new().name("kill".into()).spawn(body)?;
        Ok(Some(Self { stop: Some(stop), thread: Some(thread) }))
    }
}

impl Drop for KillWatch {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread ends within a round; a panic has been reported.
            let _ = thread.join();
            // Signals that arrived while it watched have been handled.
            let _heard = EARLY.get().and_then(Signals::take);
        }
    }
}

struct KillWatcher {
    guarded: KillWatchConfig,
    flags: FlagFiles,
    signals: Signals,
    /// A state requested by a signal without a flag yet, with the remaining rounds to wait for one.
    bare: Option<(TradingState, u32)>,
    /// The last response written.
    answered: Option<FlagResponse>,
    beats: u64,
    round: u32,
}

impl KillWatcher {
    fn watch(mut self, stopped: &mpsc::Receiver<()>) {
        loop {
            self.poll_flags();
            self.heartbeat();
            match stopped.recv_timeout(EVERY) {
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
        // The last request is answered before the end.
        self.bare = self.bare.take().map(|(to, _)| (to, 0));
        self.poll_flags();
        // A process that ends normally needs no watchdog.
        self.flags.remove_heartbeat();
    }

    fn poll_flags(&mut self) {
        self.on_signal();
        let Some(wish) = self.guarded.switch.latch_flags() else {
            self.answered = None;
            return;
        };
        let flag_at = self.flags.raised_flag().ok().flatten().and_then(|(_, flag)| flag.at);
        let before = self.answered.take().filter(|a| (a.state, a.flag_at) == (wish.to, flag_at));
        let engine = self.guarded.switch.engine_state() >= wish.to;
        if !engine {
            // A responsive driver handles it at once; another one finds it at its next heartbeat.
            let _ = self.guarded.handle.control.try_send(DriverRequest::ReadOnlySession);
        }
        let orders =
            before.as_ref().and_then(|answer| answer.orders).or_else(|| self.withdraw(&wish));
        let pid = std::process::id();
        let at = before.as_ref().map_or_else(wall_now, |answer| answer.at);
        let answer = FlagResponse { pid, state: wish.to, flag_at, orders, engine, at };
        if before.as_ref() != Some(&answer)
            && let Err(error) = self.flags.write_response(&answer)
        {
            tracing::error!(%error, "what was done about the kill cannot be written down");
        }
        self.answered = Some(answer);
    }

    /// Handles signals: sends are blocked at once. Actor and reason come from the flag file that
    /// follows; without one, a flag is raised here, so that the state outlives the process.
    fn on_signal(&mut self) {
        let switch = &self.guarded.switch;
        if let Some(to) = self.signals.take() {
            switch.signal(to);
            // The sender waits for a response, even to a state already in force.
            self.answered = None;
            let before = self.bare.map_or(to, |(before, _)| before);
            self.bare = Some((to.max(before), GRACE));
        }
        let Some((to, rounds)) = self.bare else { return };
        if switch.latch_flags().is_some_and(|wish| wish.to >= to) {
            self.bare = None;
        } else if rounds > 0 {
            self.bare = Some((to, rounds - 1));
        } else {
            self.bare = None;
            let TighteningRequest { by, why, .. } = request_by_signal(to);
            let flag = TradingFlag { by: Some(by), why, at: Some(wall_now()) };
            match self.flags.raise(to, &flag) {
                Ok(Raised::Whole) => {}
                Ok(Raised::Bare(error)) | Err(error) => {
                    tracing::error!(%error, "the flag of the signal cannot be written");
                }
            }
            switch.tighten(request_by_signal(to));
        }
    }

    /// Cancels own orders; returns the counts, or `None` while another call holds the desk.
    fn withdraw(&self, wish: &TighteningRequest) -> Option<(u32, u32)> {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let by = wish.by.to_string();
        let left = self.guarded.desk.try_withdraw(wish.to, (&by, &wish.why), self.now())?;
        self.guarded.switch.count_cancelled(left.withdrawn);
        Some((count(left.withdrawn), count(left.working)))
    }

    fn now(&self) -> DateTime<Utc> {
        if self.guarded.real_time { wall_now() } else { self.guarded.switch.engine_time() }
    }

    fn heartbeat(&mut self) {
        self.round += 1;
        if self.round < BEAT {
            return;
        }
        self.round = 0;
        let beats = self.guarded.handle.beats.borrow().count;
        if beats != std::mem::replace(&mut self.beats, beats)
            && let Err(error) = self.flags.write_heartbeat(&heartbeat_now())
        {
            tracing::warn!(%error, "the heartbeat cannot be written");
        }
    }
}
