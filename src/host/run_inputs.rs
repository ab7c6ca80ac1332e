//! The inputs of a run by hash: recorded with the run, and compared when it is continued.

use std::{collections::BTreeMap, fmt, io, sync::Arc};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::DayFactory;
use config::Config;
use engine::{
    Event, RecordedEvent, RunState,
    port::{Durability, EventSink, FactLog as _},
};
use runtime::Scenario;
use store::Store;

/// The fact log of a run with its inputs: one fact each time other inputs are used.
const LOG: &str = "inputs";
/// Digits of a hash in a message.
const SHOWN: usize = 12;

/// One input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct RunInput {
    /// SHA-256 of its content, in hexadecimal digits.
    hash: String,
    /// Where it comes from.
    from: String,
}

impl fmt::Display for RunInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash: String = self.hash.chars().take(SHOWN).collect();
        write!(f, "{hash} ({})", self.from)
    }
}

/// Every input of a run that may differ when the run is continued, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunInputs(BTreeMap<String, RunInput>);

impl RunInputs {
    /// Returns the inputs that a command line asks for.
    pub(crate) fn new(
        (days, config): (&DayFactory, &Config),
        overlays: &[String],
        scenario: Option<&Scenario>,
    ) -> Self {
        let bundled = || "bundled".to_owned();
        let folder = |path: &Option<std::path::PathBuf>| {
            path.as_ref().map_or_else(bundled, |path| path.display().to_string())
        };
        let data =
            days.data().source_files().iter().map(|file| format!("{} {}", file.name, file.sha256));
        let slots = &config.agents;
        let limits = [
            format!("{:?}", config.engine_limits()),
            format!("{:?} {:?}", slots.named, slots.default),
            format!("{:?}", config.orchestration.default_task_timeout),
            format!("{:?}", config.orchestration.default_retries()),
        ];
        let mut asked = overlays.to_vec();
        asked.sort();
        let listed = if asked.is_empty() { "none".into() } else { asked.join(", ") };
        let faults = scenario.map_or_else(|| "none".into(), |scenario| scenario.name.clone());
        let scenario = scenario.map(|scenario| format!("{scenario:?}"));
        let inputs = [
            ("data", data.collect(), folder(&config.places.data)),
            ("workflows", vec![days.workflow_hash().to_owned()], folder(&config.places.workflows)),
            ("overlays", asked, listed),
            ("limits", limits.to_vec(), "settings".into()),
            ("scenario", scenario.into_iter().collect(), faults),
        ];
        let hashed = |(name, parts, from): (&str, Vec<String>, String)| {
            (name.to_owned(), RunInput { hash: hash(&parts), from })
        };
        let mut all: BTreeMap<_, _> = inputs.map(hashed).into();
        let calendar = planning::calendar::current_calendar();
        if !calendar.is_new_york() || !calendar.own_calendar().is_empty() {
            let parts = vec![format!("{calendar:?}")];
            all.extend([hashed(("calendar", parts, calendar.code().to_owned()))]);
        }
        Self(all)
    }

    /// Returns one line for each input that differs from the last ones that the run began with or was
    /// recovered with; none for a run that was recorded without its inputs.
    ///
    /// # Errors
    ///
    /// The store's error when the recorded inputs cannot be read.
    pub(crate) fn differences(&self, store: &Store, run: &str) -> io::Result<Vec<String>> {
        let Some(before) = last_recorded(store, run)? else { return Ok(Vec::new()) };
        let differs = |(name, now): (&String, &RunInput)| {
            let before = before.0.get(name).filter(|before| before.hash != now.hash)?;
            Some(format!("{name}: recorded with {before}, now {now}"))
        };
        Ok(self.0.iter().filter_map(differs).collect())
    }

    fn record(&self, store: &Store, run: &str) -> io::Result<()> {
        if last_recorded(store, run)?.as_ref() == Some(self) {
            return Ok(());
        }
        let fact = serde_json::to_string(self)?;
        store.fact_log(run, LOG).append(&fact, Durability::SurvivesCrash)
    }
}

/// Records the inputs of a run once it goes on with them: when it begins, and when its recovery has been
/// agreed to. Until then a recovery with other inputs asks again.
#[derive(Debug)]
pub(crate) struct RunInputsSink {
    pub(crate) inputs: RunInputs,
    pub(crate) store: Store,
}

impl EventSink for RunInputsSink {
    fn record(&mut self, events: &[Arc<RecordedEvent>], run: &RunState) -> io::Result<()> {
        let goes_on = |recorded: &Arc<RecordedEvent>| {
            matches!(recorded.event, Event::WorkflowStarted { .. } | Event::RecoveryCompleted)
        };
        let run = &run.plan().run;
        if events.iter().any(goes_on)
            && let Err(error) = self.inputs.record(&self.store, run)
        {
            // The run does not depend on it, and says so itself if its events cannot be recorded either.
            tracing::error!(%error, "cannot record the inputs of run {run}");
        }
        Ok(())
    }
}

/// Returns the inputs that the run last went on with.
fn last_recorded(store: &Store, run: &str) -> io::Result<Option<RunInputs>> {
    let facts = store.fact_log(run, LOG).read()?;
    facts.last().map(|fact| serde_json::from_str(fact).map_err(io::Error::from)).transpose()
}

/// Returns the SHA-256 of a list of texts, in hexadecimal digits.
pub(super) fn hash<T: AsRef<str>>(parts: &[T]) -> String {
    let mut sum = Sha256::new();
    for part in parts {
        // The length first, so that no two lists hash alike.
        sum.update(part.as_ref().len().to_le_bytes());
        sum.update(part.as_ref());
    }
    format!("{:x}", sum.finalize())
}

#[cfg(test)]
mod tests {
    use store::JournalOwner;

    use super::*;

    fn inputs(data: &str, limits: &str) -> RunInputs {
        let input = |text: &str, from: &str| RunInput { hash: hash(&[text]), from: from.into() };
        RunInputs(BTreeMap::from([
            ("data".into(), input(data, data)),
            ("limits".into(), input(limits, "settings")),
        ]))
    }

    #[test]
    fn names_each_input_that_differs_with_both_hashes() {
        let folder = tempfile::tempdir().unwrap();
        let owner = JournalOwner { pid: 1, operator: "ana".into() };
        let store = Store::open(folder.path(), &owner).unwrap();
        let (before, now) = (inputs("old", "8"), inputs("new", "8"));
        assert!(now.differences(&store, "a").unwrap().is_empty(), "nothing was recorded");
        before.record(&store, "a").unwrap();
        assert!(before.differences(&store, "a").unwrap().is_empty());
        let [old, new] =
            ["old", "new"].map(|text| hash(&[text]).chars().take(SHOWN).collect::<String>());
        let line = format!("data: recorded with {old} (old), now {new} (new)");
        assert_eq!(now.differences(&store, "a").unwrap(), [line]);
        now.record(&store, "a").unwrap();
        assert!(now.differences(&store, "a").unwrap().is_empty(), "they were agreed to");
        let back = format!("data: recorded with {new} (new), now {old} (old)");
        assert_eq!(before.differences(&store, "a").unwrap(), [back]);
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
