//! The kill that needs no engine: a thread of its own that hears flag files and signals, blocks every send,
//! withdraws own orders, answers, and writes the heartbeat while the driver beats.

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
    kill_switch::{ProcessKillSwitch, signalled},
};
use desk::trading::desk::Desk;
use engine::{TighteningRequest, TradingState};
use store::{FlagFiles, FlagResponse, Raised, TradingFlag};

/// How often flags and the signal are looked at.
const EVERY: Duration = Duration::from_millis(50);
/// Rounds between two heartbeats.
const BEAT: u32 = 20;
/// Rounds in which a signal may be followed by a flag that says who and why.
const GRACE: u32 = 3;

/// Which signals came, by the state they ask for.
#[derive(Debug, Clone, Default)]
struct Signals([(TradingState, Arc<AtomicBool>); 3]);

/// Those of the whole process, which nobody has answered yet.
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

    /// The strictest state that a signal has asked for since the last time.
    fn take(&self) -> Option<TradingState> {
        let came = self.0.iter().filter(|(_, came)| came.swap(false, Ordering::SeqCst));
        came.map(|(state, _)| *state).max()
    }
}

/// Hears the signals of `kill`, `halt` and `reduce` from now on, before any day is watched: what comes
/// early is obeyed as the day begins, and ends no process.
///
/// # Errors
///
/// Whatever keeps them from being heard.
pub fn hear_signals() -> io::Result<()> {
    if EARLY.get().is_none() {
        // Who was faster hears the same.
        let _ = EARLY.set(Signals::listen()?);
    }
    Ok(())
}

/// What is guarded.
#[derive(Debug)]
pub struct KillWatchConfig {
    /// The switch of the day.
    pub switch: Arc<ProcessKillSwitch>,
    /// Its desk.
    pub desk: Arc<Desk>,
    /// Reaches its driver, if that still listens.
    pub handle: RunHandle,
    /// Whether the run's clock is the wall's; else it is what the driver last said.
    pub real_time: bool,
}

/// The thread; ends when this is dropped.
#[derive(Debug)]
pub struct KillWatch {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl KillWatch {
    /// Watches from now on. Nothing is watched for a switch without flag files.
    ///
    /// # Errors
    ///
    /// Whatever keeps the signal from being heard or the thread from starting.
    pub fn start(guarded: KillWatchConfig) -> io::Result<Option<Self>> {
        let Some(flags) = guarded.switch.flags().cloned() else { return Ok(None) };
        let signals = Signals::listen()?;
        if let Some(to) = EARLY.get().and_then(Signals::take) {
            guarded.switch.tighten(signalled(to));
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
            // It ends within a round; if it crashed, it has said so.
            let _ = thread.join();
            // What came while it watched, it has heard.
            let _heard = EARLY.get().and_then(Signals::take);
        }
    }
}

struct KillWatcher {
    guarded: KillWatchConfig,
    flags: FlagFiles,
    signals: Signals,
    /// What a signal asked for that nobody has given words to, and for how many rounds more they may come.
    bare: Option<(TradingState, u32)>,
    /// What was last answered.
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
        // What was asked for at last is answered.
        self.bare = self.bare.take().map(|(to, _)| (to, 0));
        self.poll_flags();
        // Who ends in order needs no watchdog.
        self.flags.remove_heartbeat();
    }

    fn poll_flags(&mut self) {
        self.signalled();
        let Some(wish) = self.guarded.switch.latch_flags() else {
            self.answered = None;
            return;
        };
        let flag_at = self.flags.raised_flag().ok().flatten().and_then(|(_, flag)| flag.at);
        let before = self.answered.take().filter(|a| (a.state, a.flag_at) == (wish.to, flag_at));
        let engine = self.guarded.switch.engine_state() >= wish.to;
        if !engine {
            // A driver that listens takes it at once; one that does not finds it at its next beat.
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

    /// A signal blocks every send at once. Who sent it and why stand in the flag that follows it; where
    /// none does, it raises one itself, so that it outlives the process, and holds without it.
    fn signalled(&mut self) {
        let switch = &self.guarded.switch;
        if let Some(to) = self.signals.take() {
            switch.signal(to);
            // Whoever sent it waits for an answer, also to what is known.
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
            let TighteningRequest { by, why, .. } = signalled(to);
            let flag = TradingFlag { by: Some(by), why, at: Some(wall_now()) };
            match self.flags.raise(to, &flag) {
                Ok(Raised::Whole) => {}
                Ok(Raised::Bare(error)) | Err(error) => {
                    tracing::error!(%error, "the flag of the signal cannot be written");
                }
            }
            switch.tighten(signalled(to));
        }
    }

    /// What became of the own orders; `None` while somebody holds the desk.
    fn withdraw(&self, wish: &TighteningRequest) -> Option<(u32, u32)> {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let by = wish.by.to_string();
        let left = self.guarded.desk.try_withdraw(wish.to, (&by, &wish.why), self.now())?;
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
