//! The alerts that are known, waiting and sent: kept in a file, so that a restart loses and repeats none.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    lane::{Batch, DeliveryError, Lane, Told},
    message::{AlertMessage, AlertStatus},
};
use config::Notifier;
use engine::AlertSeverity;

/// The file in the state folder.
const FILE: &str = "alerts.json";
/// Deliveries that are remembered.
const SENT_MAX: usize = 100;
/// Alerts that are remembered after their end.
const KNOWN_MAX: usize = 1_000;
/// An alert, and how often its status changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KnownAlert {
    message: AlertMessage,
    turn: u32,
}

/// A message that was delivered or dropped.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SentMessage {
    pub(crate) at: DateTime<Utc>,
    pub(crate) notifier: String,
    pub(crate) line: String,
    /// Why it was dropped; absent where it was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// Everything known of alerts, by notifier.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outbox {
    #[serde(default)]
    known: BTreeMap<String, KnownAlert>,
    #[serde(default)]
    pub(crate) lanes: BTreeMap<String, Lane>,
    #[serde(default)]
    pub(crate) sent: VecDeque<SentMessage>,
}

impl Outbox {
    /// Reads the file of a state folder; empty where there is none. A damaged file is set aside.
    pub(crate) fn load(folder: &Path) -> io::Result<Self> {
        let path = path(folder);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
        };
        match serde_json::from_slice(&text) {
            Ok(outbox) => Ok(outbox),
            Err(error) => {
                let aside = path.with_extension("json.bad");
                tracing::warn!("{FILE} cannot be read: {error}; it is now {}", aside.display());
                fs::rename(&path, aside)?;
                Ok(Self::default())
            }
        }
    }

    /// Writes the file: whole, or not at all.
    pub(crate) fn save(&self, folder: &Path) -> io::Result<()> {
        use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
        let (path, new) = (path(folder), folder.join("alerts.json.new"));
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        fs::rename(new, path)
    }

    /// Takes what an alert is now; queues what the notifiers should hear of it. An alert that is met as
    /// over at the `first` look of a process is old news.
    pub(crate) fn offer(
        &mut self,
        notifiers: &[Notifier],
        message: &AlertMessage,
        (first, now): (bool, DateTime<Utc>),
    ) {
        let before = self.known.get(&message.key).map(|known| (known.message.clone(), known.turn));
        let turn = before.as_ref().map_or(0, |(_, turn)| *turn);
        let old = before.as_ref().map(|(old, _)| (old.status, old.severity));
        let worse = old.is_some_and(|(_, severity)| severity < message.severity);
        let is_news = match (old, message.status) {
            (None, AlertStatus::Firing) => true,
            (None, AlertStatus::Acknowledged | AlertStatus::Resolved) => {
                if !first && message.status == AlertStatus::Resolved {
                    let firing = AlertMessage { status: AlertStatus::Firing, ..message.clone() };
                    self.queue(notifiers, &firing, (0, now));
                }
                !first
            }
            (Some((status, _)), now) => status != now || (worse && now == AlertStatus::Firing),
        };
        let turn = turn + u32::from(is_news);
        let known = KnownAlert { message: message.clone(), turn };
        self.known.insert(message.key.clone(), known);
        if is_news {
            self.queue(notifiers, message, (turn, now));
        }
    }

    /// Resolves the approvals of a run that nobody is asked for any more.
    pub(crate) fn resolve_missing(
        &mut self,
        notifiers: &[Notifier],
        live: &BTreeSet<String>,
        now: DateTime<Utc>,
    ) {
        let gone = |known: &&KnownAlert| {
            let message = &known.message;
            let open = message.status != AlertStatus::Resolved && message.kind == "approval";
            open && !live.contains(&message.key)
        };
        let gone: Vec<_> = self.known.values().filter(gone).map(|it| it.message.clone()).collect();
        for message in gone {
            let message = AlertMessage { status: AlertStatus::Resolved, ..message };
            self.offer(notifiers, &message, (false, now));
        }
    }

    /// Forgets the alerts of other runs, and the oldest that are over.
    pub(crate) fn forget_others(&mut self, run: &str) {
        self.known.retain(|_, known| known.message.run == run);
        let mut excess = self.known.len().saturating_sub(KNOWN_MAX);
        self.known.retain(|_, known| {
            let drop = excess > 0 && known.message.status == AlertStatus::Resolved;
            excess -= usize::from(drop);
            !drop
        });
        for lane in self.lanes.values_mut() {
            lane.told.retain(|key, _| self.known.contains_key(key));
        }
    }

    fn queue(
        &mut self,
        notifiers: &[Notifier],
        message: &AlertMessage,
        (turn, now): (u32, DateTime<Utc>),
    ) {
        for notifier in notifiers.iter().filter(|it| it.takes(message.severity, &message.kind)) {
            let lane = self.lanes.entry(notifier.name.clone()).or_default();
            if message.status != AlertStatus::Firing {
                let heard = lane.told.contains_key(&message.key)
                    || lane.waiting.iter().any(|it| it.message.key == message.key);
                if !heard || !notifier.resolved {
                    continue;
                }
            }
            lane.push(notifier, message, (turn, 0), now);
        }
    }

    /// Queues the critical alerts that nobody has acknowledged for so long that they are repeated.
    pub(crate) fn repeat(&mut self, notifiers: &[Notifier], now: DateTime<Utc>) {
        for notifier in notifiers.iter().filter(|it| it.repeat.as_secs() > 0) {
            let Some(lane) = self.lanes.get_mut(&notifier.name) else { continue };
            for known in self.known.values() {
                let KnownAlert { message, turn } = known;
                let urgent = message.severity == AlertSeverity::Critical
                    && message.status == AlertStatus::Firing
                    && message.kind != "run_failed";
                let told = lane.told.get(&message.key).cloned();
                let Some(told) =
                    told.filter(|it| urgent && now - it.at >= notifier.repeat.to_delta())
                else {
                    continue;
                };
                let repeats = told.repeats + 1;
                lane.told.insert(message.key.clone(), Told { at: now, repeats });
                lane.push(notifier, message, (*turn, repeats), now);
            }
        }
    }

    /// Returns the delivery to try now, if there is one.
    pub(crate) fn next_batch(
        &mut self,
        notifier: &Notifier,
        when: (DateTime<Utc>, bool, bool),
    ) -> Option<Batch> {
        self.lanes.get_mut(&notifier.name)?.next_batch(notifier, when)
    }

    /// Takes the result of a delivery.
    pub(crate) fn finish(
        &mut self,
        notifier: &str,
        batch: &Batch,
        (result, now): (Result<(), DeliveryError>, DateTime<Utc>),
    ) {
        let lane = self.lanes.entry(notifier.into()).or_default();
        let Some(error) = lane.finish(batch, (result, now)) else { return };
        for it in &batch.messages {
            let (notifier, line) = (notifier.into(), it.message.line());
            self.sent.push_back(SentMessage { at: now, notifier, line, error: error.clone() });
        }
        let excess = self.sent.len().saturating_sub(SENT_MAX);
        self.sent.drain(..excess);
    }

    /// Forgets the messages of notifiers that are not configured any more.
    pub(crate) fn keep_lanes(&mut self, notifiers: &[Notifier]) {
        self.lanes.retain(|name, lane| {
            let kept = notifiers.iter().any(|it| it.name == *name);
            if !kept && !lane.waiting.is_empty() {
                let count = lane.waiting.len();
                tracing::warn!("{count} alerts for {name} are dropped: it is no notifier any more");
            }
            kept
        });
    }

    /// Returns whether a message waits for one of these notifiers.
    pub(crate) fn has_waiting(&self, notifiers: &[Notifier]) -> bool {
        let waits = |it: &Notifier| self.lanes.get(&it.name).is_some_and(|l| !l.waiting.is_empty());
        notifiers.iter().any(waits)
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}
