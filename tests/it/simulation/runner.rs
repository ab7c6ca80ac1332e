//! Plays many days on all processors, and tells of one that broke a law how to see it again.

use std::{
    fmt::Write as _,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use bellwether::engine::Event;

use super::{
    case::Case,
    crash::{Crash, Spot},
    day::{Failure, Played, play, play_through},
    sabotage::Sabotage,
};

/// Days played by `cargo test`.
const SEEDS: u64 = 2_000;
/// Events of a day's end that are shown when it broke a law.
const SHOWN: usize = 40;

#[expect(clippy::disallowed_methods, reason = "a test is told from outside how many days it plays")]
fn asked(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.trim().is_empty())
}

/// What all days come to.
#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    days: u64,
    events: u64,
    crashes: u64,
    orders: u64,
    effects: u64,
    /// Effects that were in doubt, and how often the outside was asked about one.
    doubts: u64,
    probes: u64,
}

impl Sum {
    fn add(&mut self, played: &Played) {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        self.days += 1;
        self.events += count(played.journal.len());
        self.crashes += count(played.crashes.len());
        self.orders += count(played.orders);
        self.effects += count(played.effects);
        let told = |is: fn(&Event) -> bool| {
            count(played.journal.iter().filter(|recorded| is(&recorded.event)).count())
        };
        self.doubts += told(|event| matches!(event, Event::TaskInDoubt { .. }));
        self.probes += told(|event| matches!(event, Event::TaskProbeCompleted { .. }));
    }

    fn and(self, other: Self) -> Self {
        Self {
            days: self.days + other.days,
            events: self.events + other.events,
            crashes: self.crashes + other.crashes,
            orders: self.orders + other.orders,
            effects: self.effects + other.effects,
            doubts: self.doubts + other.doubts,
            probes: self.probes + other.probes,
        }
    }
}

/// Plays the seeds from `from` on, `n` of them, until one breaks a law.
fn many(from: u64, n: u64) -> Result<Sum, (Case, Box<Failure>)> {
    let next = AtomicU64::new(from);
    let end = from.saturating_add(n);
    let broken = Mutex::new(None);
    let work = || {
        let mut sum = Sum::default();
        while broken.lock().expect("no panic while it is held").is_none() {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                break;
            }
            match play(Case::of(seed), Sabotage::None) {
                Ok(played) => sum.add(&played),
                Err(failure) => {
                    let mut first = broken.lock().expect("no panic while it is held");
                    first.get_or_insert((Case::of(seed), failure));
                }
            }
        }
        sum
    };
    let sum = on_all_processors(work).into_iter().fold(Sum::default(), Sum::and);
    let broken = broken.into_inner().expect("no panic while it is held");
    broken.map_or(Ok(sum), Err)
}

/// The least part of a day that breaks the law the whole day breaks.
fn least(case: Case, failure: Box<Failure>) -> (Case, Box<Failure>) {
    let (mut case, mut failure) = (case, failure);
    'smaller: loop {
        for smaller in case.smaller() {
            if let Err(also) = play(smaller, Sabotage::None)
                && also.broken.law == failure.broken.law
            {
                (case, failure) = (smaller, also);
                continue 'smaller;
            }
        }
        return (case, failure);
    }
}

/// What is said of a day that broke a law.
fn report(case: Case) -> Option<String> {
    let whole = play(case, Sabotage::None).err()?;
    let (least, failure) = least(case, whole);
    let how = format!(
        "again: BELLWETHER_SEED={case} cargo test --test it simulation::runner::one_seed\n\
         least: BELLWETHER_SEED={least} cargo test --test it simulation::runner::one_seed"
    );
    Some(told(case, &how, *failure))
}

/// A day that broke a law, and how to see it again.
fn told(case: Case, how: &str, failure: Failure) -> String {
    let Failure { broken, journal, crashes } = failure;
    let mut text = format!("\nseed {case} breaks the law «{}»\n{}\n", broken.law, broken.what);
    let events = journal.len();
    let _ = writeln!(text, "{how}\ncrashes: {crashes:?}\n{events} events, the last of them:");
    if let Some(Event::WorkflowStarted { plan }) = journal.first().map(|first| &first.event) {
        for (i, task) in plan.tasks.iter().enumerate() {
            let needs: Vec<_> = task.dependencies.iter().map(|d| (d.on.0, d.hardness)).collect();
            let (from, to) = (task.opens_at.format("%T"), task.closes_at.format("%T"));
            let (stage, agent) = (task.stage.at(), task.agent.at());
            let _ = writeln!(
                text,
                "task {i}: stage {stage}, agent {agent}, {:?} {:?}, {from} to {to}, timeout {}, \
                 needs {needs:?}, every {:?}, valid for {:?}",
                task.effect, task.priority, task.timeout, task.every, task.valid_for
            );
        }
    }
    for recorded in journal.iter().skip(journal.len().saturating_sub(SHOWN)) {
        let (seq, at) = (recorded.seq, recorded.at.format("%T%.3f"));
        let mut event = format!("{:?}", recorded.event);
        event.truncate(event.char_indices().nth(220).map_or(event.len(), |(at, _)| at));
        let _ = writeln!(text, "{seq:>5} {at} {event}");
    }
    text
}

#[test]
fn days_of_all_kinds_keep_the_laws() {
    let n = asked("BELLWETHER_SEEDS").and_then(|n| n.parse().ok()).unwrap_or(SEEDS);
    let from = asked("BELLWETHER_FROM").and_then(|n| n.parse().ok()).unwrap_or(0);
    let sum = many(from, n).unwrap_or_else(|(case, once)| {
        let text =
            report(case).unwrap_or_else(|| told(case, "it broke once, and not again", *once));
        std::panic::resume_unwind(Box::new({
            eprintln(&text);
            text
        }))
    });
    eprintln(&format!("{sum:?}"));
    assert_eq!(sum.days, n);
    // What never happens is not tested.
    let least = [sum.crashes, sum.orders, sum.effects, sum.doubts * 4, sum.probes * 4];
    assert!(least.iter().all(|seen| *seen > n / 4), "{sum:?}");
}

#[expect(clippy::print_stderr, reason = "how to see a day again must be read by somebody")]
fn eprintln(text: &str) {
    eprintln!("{text}");
}

#[test]
fn one_seed() {
    let Some(case) = asked("BELLWETHER_SEED") else { return };
    let case: Case = case.parse().expect("a seed, or a part of its day as it was printed");
    let broken = report(case);
    assert!(broken.is_none(), "{}", broken.unwrap_or_default());
}

#[test]
fn a_crash_at_each_boundary_of_a_day_and_inside_each_record_keeps_the_laws() {
    let days = asked("BELLWETHER_BOUNDARIES").and_then(|n| n.parse().ok()).unwrap_or(5);
    let from = asked("BELLWETHER_FROM").and_then(|n| n.parse().ok()).unwrap_or(0);
    for seed in from..from + days {
        let case = Case::of(seed);
        let Ok(whole) = play_through(case, Sabotage::None, Vec::new()) else { continue };
        let spots = [Spot::BeforeRecord, Spot::InsideRecord, Spot::AfterRecord];
        let all = (0..whole.steps).flat_map(|n| spots.map(|spot| Crash { spot, n }));
        let each: Vec<_> = all.collect();
        let broken: Mutex<Option<String>> = Mutex::new(None);
        let next = AtomicU64::new(0);
        let work = || {
            while let Ok(place) = usize::try_from(next.fetch_add(1, Ordering::Relaxed))
                && let Some(crash) = each.get(place)
            {
                if let Err(failure) = play_through(case, Sabotage::None, vec![*crash]) {
                    let how = format!(
                        "again: BELLWETHER_FROM={seed} BELLWETHER_BOUNDARIES=1 cargo test --test it \
                         simulation::runner::a_crash_at_each"
                    );
                    let said = told(case, &how, *failure);
                    broken.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(said);
                }
            }
        };
        on_all_processors(work);
        let broken = broken.into_inner().unwrap_or_else(PoisonError::into_inner);
        assert!(broken.is_none(), "{}", broken.unwrap_or_default());
    }
}

/// Does the same on every processor, and gathers what came of it.
fn on_all_processors<T: Send>(work: impl Fn() -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
    })
}

#[test]
fn the_same_seed_is_the_same_day() {
    for seed in 0..40 {
        let journal = || match play(Case::of(seed), Sabotage::None) {
            Ok(played) => played.journal,
            Err(failure) => failure.journal,
        };
        let (one, other) = (journal(), journal());
        let differs = one.iter().zip(&other).position(|(one, other)| one != other);
        assert_eq!((differs, one.len()), (None, other.len()), "seed {seed}");
    }
}
