//! A log of facts that is kept through failures to write.

use std::{
    collections::VecDeque,
    fmt, io, mem,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Serialize, de::DeserializeOwned};

use engine::port::{Durability, FactLog};

/// A log that lasts as long as somebody holds a copy of it: for simulated days and tests.
#[derive(Debug, Clone, Default)]
pub struct MemoryLog(Arc<Mutex<Vec<String>>>);

impl FactLog for MemoryLog {
    fn append(&mut self, fact: &str, _care: Durability) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fact.to_owned());
        Ok(())
    }

    fn read(&mut self) -> io::Result<Vec<String>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// A log with what is known to be in it, and what still has to get there.
pub(super) struct DurableLog<T> {
    log: Box<dyn FactLog>,
    /// Facts known to be in the log.
    count: usize,
    /// Facts that hold already and are written as soon as that goes.
    waiting: VecDeque<(String, Durability)>,
    /// Why the last append failed; `None` while all is written.
    fault: Option<String>,
    facts: std::marker::PhantomData<fn(T)>,
}

impl<T> fmt::Debug for DurableLog<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, waiting) = (self.count, self.waiting.len());
        write!(f, "Kept({count} facts, {waiting} waiting, fault {:?})", self.fault)
    }
}

impl<T: Serialize + DeserializeOwned> DurableLog<T> {
    /// Takes a log over; gives what is in it.
    pub(super) fn open(mut log: Box<dyn FactLog>) -> io::Result<(Self, Vec<T>)> {
        let all = log.read()?;
        let facts = all.iter().map(|fact| read(fact)).collect::<io::Result<_>>()?;
        let (count, waiting) = (all.len(), VecDeque::new());
        Ok((Self { log, count, waiting, fault: None, facts: std::marker::PhantomData }, facts))
    }

    /// Why the log cannot be written, as of the last try.
    pub(super) fn last_error(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Writes a fact now or not at all. After a failure only `Kept::settle` tells which.
    pub(super) fn write_now(&mut self, fact: &T, care: Durability) -> io::Result<()> {
        if let Some(fault) = &self.fault {
            return Err(io::Error::other(fault.clone()));
        }
        let line = serde_json::to_string(fact).map_err(io::Error::other)?;
        self.append(&line, care)
    }

    /// Writes a fact that holds whether it can be written or not: now, or as soon as that goes.
    pub(super) fn write_deferred(&mut self, fact: &T, care: Durability) {
        let Ok(line) = serde_json::to_string(fact) else {
            self.fault = Some("a fact is no JSON".into());
            return;
        };
        if self.fault.is_some() || self.append(&line, care).is_err() {
            self.waiting.push_back((line, care));
        }
    }

    /// After a failure: finds out what was written all the same, then writes what waits. Gives the
    /// facts that are in the log and were thought not to be.
    pub(super) fn reconcile_after_failure(&mut self) -> io::Result<Vec<T>> {
        if self.fault.is_none() {
            return Ok(Vec::new());
        }
        let all = self.log.read()?;
        let mut strangers = Vec::new();
        for line in all.iter().skip(self.count) {
            if self.waiting.front().is_some_and(|(waiting, _)| waiting == line) {
                self.waiting.pop_front();
            } else {
                strangers.push(read(line)?);
            }
        }
        self.count = all.len();
        self.fault = None;
        let mut waiting = mem::take(&mut self.waiting);
        while let Some((line, care)) = waiting.front() {
            if self.append(line, *care).is_err() {
                break;
            }
            waiting.pop_front();
        }
        self.waiting = waiting;
        Ok(strangers)
    }

    fn append(&mut self, line: &str, care: Durability) -> io::Result<()> {
        let done = self.log.append(line, care);
        match &done {
            Ok(()) => self.count += 1,
            Err(error) => self.fault = Some(error.to_string()),
        }
        done
    }
}

fn read<T: DeserializeOwned>(line: &str) -> io::Result<T> {
    serde_json::from_str(line).map_err(io::Error::other)
}
