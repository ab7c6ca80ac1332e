//! A bounded queue of events between a run and the thread that prints them. The run never waits for it.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
};

use engine::{RecordedEvent, RunState, port::EventSink};

/// Events that may wait for the printer; more than most days have. Later ones are dropped and counted.
const WAITING_MAX: usize = 65_536;

/// One entry of the queue.
#[derive(Debug)]
pub(crate) enum PrintItem {
    /// The next event.
    Event(Arc<RecordedEvent>),
    /// Events that were dropped here.
    Gap {
        /// The number of dropped events.
        missed: u64,
        /// The run after the last of them.
        run: Box<RunState>,
    },
}

/// The sink of a run whose events are printed.
#[derive(Debug)]
pub(crate) struct PrintSink {
    items: mpsc::Sender<PrintItem>,
    waiting: Arc<AtomicUsize>,
    most: usize,
    missed: u64,
    /// The number of dropped events that no gap in the queue accounts for.
    unprinted: Arc<AtomicUsize>,
}

/// The printer's end of the queue: an iterator that ends with the run.
#[derive(Debug)]
pub(crate) struct PrintQueue {
    items: mpsc::Receiver<PrintItem>,
    waiting: Arc<AtomicUsize>,
    unprinted: Arc<AtomicUsize>,
}

/// Returns a queue for one run.
pub(crate) fn print_queue() -> (PrintSink, PrintQueue) {
    queue_of(WAITING_MAX)
}

fn queue_of(most: usize) -> (PrintSink, PrintQueue) {
    let (sender, items) = mpsc::channel();
    let (waiting, unprinted) = (Arc::default(), Arc::default());
    let queue =
        PrintQueue { items, waiting: Arc::clone(&waiting), unprinted: Arc::clone(&unprinted) };
    (PrintSink { items: sender, waiting, most, missed: 0, unprinted }, queue)
}

impl PrintSink {
    /// Queues an entry. A printer that has stopped takes nothing more, and needs nothing more.
    fn put(&self, item: PrintItem) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _ = self.items.send(item);
    }
}

impl EventSink for PrintSink {
    fn record(&mut self, events: &[Arc<RecordedEvent>], run: &RunState) -> io::Result<()> {
        for event in events {
            if self.missed > 0 || self.waiting.load(Ordering::SeqCst) >= self.most {
                self.missed += 1;
            } else {
                self.put(PrintItem::Event(Arc::clone(event)));
            }
        }
        // A gap ends once half of the queue is free, so that a slow reader gets few long gaps.
        if self.missed > 0 && self.waiting.load(Ordering::SeqCst) <= self.most / 2 {
            let missed = std::mem::take(&mut self.missed);
            self.put(PrintItem::Gap { missed, run: Box::new(run.clone()) });
        }
        self.unprinted.store(usize::try_from(self.missed).unwrap_or(usize::MAX), Ordering::SeqCst);
        Ok(())
    }
}

impl PrintQueue {
    /// Returns the number of events that wait or were dropped after the last gap.
    pub(crate) fn dropped_lines(&self) -> Unprinted {
        Unprinted { waiting: Arc::clone(&self.waiting), dropped: Arc::clone(&self.unprinted) }
    }
}

impl Iterator for PrintQueue {
    type Item = PrintItem;

    fn next(&mut self) -> Option<PrintItem> {
        let item = self.items.recv().ok()?;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        Some(item)
    }
}

/// Counts the events that have not reached the printer.
#[derive(Debug, Clone)]
pub(crate) struct Unprinted {
    waiting: Arc<AtomicUsize>,
    dropped: Arc<AtomicUsize>,
}

impl Unprinted {
    /// Returns the number of events dropped since the last gap in the queue.
    pub(crate) fn dropped(&self) -> u64 {
        u64::try_from(self.dropped.load(Ordering::SeqCst)).unwrap_or(u64::MAX)
    }

    /// Returns the number of events that wait or were dropped.
    pub(crate) fn all(&self) -> u64 {
        let waiting = u64::try_from(self.waiting.load(Ordering::SeqCst)).unwrap_or(u64::MAX);
        self.dropped().saturating_add(waiting)
    }
}

#[cfg(test)]
mod tests {
    use testkit::sample::{SampleRun, sample_plan, task};

    use super::*;

    fn seqs(items: impl Iterator<Item = PrintItem>) -> Vec<Result<u64, u64>> {
        items
            .map(|item| match item {
                PrintItem::Event(event) => Ok(event.seq),
                PrintItem::Gap { missed, .. } => Err(missed),
            })
            .collect()
    }

    #[test]
    fn drops_and_counts_events_nobody_reads_and_resumes() {
        let day = SampleRun::start(sample_plan(vec![task("a", 2), task("b", 2)]), "10:30");
        assert!(day.events.len() >= 6, "{}", day.events.len());
        let (mut sink, mut queue) = queue_of(2);
        let events: Vec<_> = day.events.iter().cloned().map(Arc::new).collect();
        let mut record = |n: usize| sink.record(&events[n..=n], day.run()).unwrap();
        (0..4).for_each(&mut record);
        let unprinted = queue.dropped_lines();
        assert_eq!((unprinted.dropped(), unprinted.all()), (2, 4));
        assert_eq!(seqs(queue.by_ref().take(2)), [Ok(day.events[0].seq), Ok(day.events[1].seq)]);
        record(4);
        assert_eq!((unprinted.dropped(), unprinted.all()), (0, 1));
        record(5);
        drop(sink);
        assert_eq!(seqs(queue), [Err(3), Ok(day.events[5].seq)]);
    }

    #[test]
    fn a_printer_that_stopped_never_fails_the_run() {
        let day = SampleRun::start(sample_plan(vec![task("a", 2)]), "10:30");
        let (mut sink, queue) = print_queue();
        drop(queue);
        let events: Vec<_> = day.events.iter().cloned().map(Arc::new).collect();
        sink.record(&events, day.run()).unwrap();
    }
}
