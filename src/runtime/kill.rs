//! The kill that needs no engine: a thread of its own that hears flag files and SIGUSR1, blocks every send,
//! withdraws own orders, answers, and writes the heartbeat while the driver beats.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::Duration,
};

use chrono::{DateTime, Utc};

use super::{
    clock::wall,
    handle::{Control, Handle},
    switch::Switch,
};
use crate::{
    engine::{Actor, Tightening, TradingState},
    store::{Answer, Flag, Flags},
    trading::desk::Desk,
};

/// How often flags and the signal are looked at.
const EVERY: Duration = Duration::from_millis(50);
/// Rounds between two heartbeats.
const BEAT: u32 = 20;

/// What is guarded.
#[derive(Debug)]
pub struct Guarded {
    /// The switch of the day.
    pub switch: Arc<Switch>,
    /// Its desk.
    pub desk: Arc<Desk>,
    /// Reaches its driver, if that still listens.
    pub handle: Handle,
    /// Whether the run's clock is the wall's; else it is what the driver last said.
    pub real_time: bool,
}

/// The thread; ends when this is dropped.
#[derive(Debug)]
pub struct Watch {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Watches from now on. Nothing is watched for a switch without flag files.
    ///
    /// # Errors
    ///
    /// Whatever keeps the signal from being heard or the thread from starting.
    pub fn start(guarded: Guarded) -> io::Result<Option<Self>> {
        let Some(flags) = guarded.switch.flags().cloned() else { return Ok(None) };
        let signalled = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        signal_hook::flag::register(signal_hook::consts::SIGUSR1, Arc::clone(&signalled))?;
        flags.hush();
        let (stop, stopped) = mpsc::channel();
        let beats = guarded.handle.beats.borrow().count;
        let watcher = Watcher { beats, guarded, flags, signalled, answered: None, round: 0 };
        let body = move || watcher.watch(&stopped);
        let thread = std::thread::Builder::new().name("kill".into()).spawn(body)?;
        Ok(Some(Self { stop: Some(stop), thread: Some(thread) }))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It ends within a round; if it crashed, it has said so.
            let _ = thread.join();
        }
    }
}

struct Watcher {
    guarded: Guarded,
    flags: Flags,
    signalled: Arc<AtomicBool>,
    /// What was last answered.
    answered: Option<Answer>,
    beats: u64,
    round: u32,
}

impl Watcher {
    fn watch(mut self, stopped: &mpsc::Receiver<()>) {
        loop {
            self.look();
            self.heartbeat();
            match stopped.recv_timeout(EVERY) {
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
        // What was asked for at last is answered.
        self.look();
        // Who ends in order needs no watchdog.
        self.flags.hush();
    }

    fn look(&mut self) {
        if self.signalled.swap(false, Ordering::SeqCst) {
            self.signal();
        }
        let Some(wish) = self.guarded.switch.latch() else {
            self.answered = None;
            return;
        };
        let flag_at = self.flags.raised().ok().flatten().and_then(|(_, flag)| flag.at);
        let before = self.answered.take().filter(|a| (a.state, a.flag_at) == (wish.to, flag_at));
        let engine = self.guarded.switch.engine() >= wish.to;
        if !engine {
            // A driver that listens takes it at once; one that does not finds it at its next beat.
            let _ = self.guarded.handle.control.try_send(Control::Look);
        }
        let orders =
            before.as_ref().and_then(|answer| answer.orders).or_else(|| self.withdraw(&wish));
        let pid = std::process::id();
        let answer = Answer { pid, state: wish.to, flag_at, orders, engine };
        if before.as_ref() != Some(&answer)
            && let Err(error) = self.flags.answer(&answer)
        {
            tracing::error!(%error, "what was done about the kill cannot be written down");
        }
        self.answered = Some(answer);
    }

    /// The signal raises the flag, so that it outlives the process; and holds without it.
    fn signal(&self) {
        let by = Actor::Operator("SIGUSR1".into());
        let why = "signal SIGUSR1".to_owned();
        let state = TradingState::Killed;
        if !matches!(self.flags.strictest(), Ok(TradingState::Killed)) {
            let flag = Flag { by: Some(by.clone()), why: why.clone(), at: Some(wall()) };
            if let Err(error) = self.flags.raise(state, &flag) {
                tracing::error!(%error, "the flag of the signal cannot be written");
            }
            self.guarded.switch.throw(Tightening { to: state, by, why });
        }
    }

    /// What became of the own orders; `None` while somebody holds the desk.
    fn withdraw(&self, wish: &Tightening) -> Option<(u32, u32)> {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let by = wish.by.to_string();
        let left = self.guarded.desk.try_withdraw(wish.to, (&by, &wish.why), self.now())?;
        Some((count(left.withdrawn), count(left.working)))
    }

    fn now(&self) -> DateTime<Utc> {
        if self.guarded.real_time { wall() } else { self.guarded.switch.moment() }
    }

    fn heartbeat(&mut self) {
        self.round += 1;
        if self.round < BEAT {
            return;
        }
        self.round = 0;
        let beats = self.guarded.handle.beats.borrow().count;
        if beats != std::mem::replace(&mut self.beats, beats)
            && let Err(error) = self.flags.beat(wall())
        {
            tracing::warn!(%error, "the heartbeat cannot be written");
        }
    }
}
