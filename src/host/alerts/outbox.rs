//! The alerts that are known, waiting and sent: kept in a file, so that a restart loses and repeats none.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::message::{AlertMessage, AlertStatus, digest};
use config::Notifier;
use engine::AlertSeverity;

/// The file in the state folder.
const FILE: &str = "alerts.json";
/// Most messages that wait for one notifier; of more, the oldest of the least severity is dropped.
const WAITING_MAX: usize = 500;
/// Most messages of one delivery.
const BATCH_MAX: usize = 20;
/// Deliveries that are remembered.
const SENT_MAX: usize = 100;
/// Alerts that are remembered after their end.
const KNOWN_MAX: usize = 1_000;
/// Age at which a message that could not be delivered is dropped.
const GIVE_UP: TimeDelta = TimeDelta::hours(24);
/// The first and the longest wait before another try.
const BACKOFF: (TimeDelta, TimeDelta) = (TimeDelta::seconds(1), TimeDelta::minutes(5));

/// An alert, and how often its status changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KnownAlert {
    message: AlertMessage,
    turn: u32,
}

/// A message that waits for a notifier.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct WaitingMessage {
    /// The idempotency key: the same at each try.
    pub(crate) id: String,
    pub(crate) queued_at: DateTime<Utc>,
    pub(crate) message: AlertMessage,
    #[serde(default)]
    pub(crate) repeat: u32,
    /// The delivery that it was first tried with.
    #[serde(default)]
    batch: Option<String>,
}

impl WaitingMessage {
    pub(crate) const fn new(id: String, message: AlertMessage, queued_at: DateTime<Utc>) -> Self {
        Self { id, queued_at, message, repeat: 0, batch: None }
    }
}

/// When an alert was last sent to a notifier, and how often it was repeated.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Told {
    at: DateTime<Utc>,
    repeats: u32,
}

/// The messages of one notifier.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Lane {
    pub(crate) waiting: VecDeque<WaitingMessage>,
    #[serde(default)]
    told: BTreeMap<String, Told>,
    #[serde(default)]
    pub(crate) dropped: u64,
    /// Failed tries of the delivery that is under way.
    #[serde(default)]
    pub(crate) tries: u32,
    #[serde(default)]
    next_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub(crate) last_error: Option<String>,
    /// Times of the deliveries of the last minute.
    #[serde(skip)]
    recent: VecDeque<DateTime<Utc>>,
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

/// One delivery.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    pub(crate) id: String,
    pub(crate) messages: Vec<WaitingMessage>,
}

/// Why a delivery failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeliveryError {
    pub(crate) text: String,
    /// Another try cannot succeed.
    pub(crate) refused: bool,
    pub(crate) retry_after: Option<TimeDelta>,
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
                    let firing =
                        AlertMessage { status: AlertStatus::Firing, ..message.clone() };
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
                let Some(told) = told.filter(|it| urgent && now - it.at >= notifier.repeat.to_delta())
                else {
                    continue;
                };
                let repeats = told.repeats + 1;
                lane.told.insert(message.key.clone(), Told { at: now, repeats });
                lane.push(notifier, message, (*turn, repeats), now);
            }
        }
    }

    /// Returns the delivery to try now, if there is one. The same messages are tried together, under the
    /// same id, until they are delivered or dropped.
    pub(crate) fn next_batch(
        &mut self,
        notifier: &Notifier,
        (now, is_quiet, flush): (DateTime<Utc>, bool, bool),
    ) -> Option<Batch> {
        let lane = self.lanes.get_mut(&notifier.name)?;
        lane.recent.retain(|at| (now - *at).abs() < TimeDelta::minutes(1));
        let limited = lane.recent.len() >= usize::try_from(notifier.rate).unwrap_or(usize::MAX);
        if limited || lane.next_at.is_some_and(|at| at > now) {
            return None;
        }
        let mut id = lane.waiting.iter().find_map(|it| it.batch.clone());
        if id.is_none() {
            let most = match notifier.target {
                config::NotifierTarget::PagerDuty { .. } => 1,
                config::NotifierTarget::Webhook { .. }
                | config::NotifierTarget::Slack { .. }
                | config::NotifierTarget::Command(_) => BATCH_MAX,
            };
            let awake = |it: &&mut WaitingMessage| {
                !is_quiet || it.message.severity == AlertSeverity::Critical
            };
            let ready = lane.waiting.iter_mut().filter(awake).take(most).collect::<Vec<_>>();
            let oldest = ready.first()?.queued_at;
            let waited = (now - oldest).abs() >= notifier.batch.to_delta();
            if !waited && !flush && (ready.len() < most || most == 1) {
                return None;
            }
            let new = digest(ready.iter().map(|it| it.id.as_str()));
            ready.into_iter().for_each(|it| it.batch = Some(new.clone()));
            id = Some(new);
        }
        lane.recent.push_back(now);
        let of_batch = |it: &&WaitingMessage| it.batch == id;
        let messages = lane.waiting.iter().filter(of_batch).cloned().collect();
        Some(Batch { id: id?, messages })
    }

    /// Takes the result of a delivery.
    pub(crate) fn finish(
        &mut self,
        notifier: &str,
        batch: &Batch,
        (result, now): (Result<(), DeliveryError>, DateTime<Utc>),
    ) {
        let lane = self.lanes.entry(notifier.into()).or_default();
        let old = batch.messages.first().is_some_and(|it| now - it.queued_at > GIVE_UP);
        let error = match result {
            Ok(()) => None,
            Err(error) if error.refused || old => Some(error.text),
            Err(error) => {
                lane.tries += 1;
                let doubled = BACKOFF.0 * 2_i32.saturating_pow(lane.tries.min(16) - 1);
                let wait = error.retry_after.unwrap_or(doubled).min(BACKOFF.1);
                lane.next_at = Some(now + wait);
                lane.last_error = Some(error.text);
                return;
            }
        };
        (lane.tries, lane.next_at) = (0, None);
        lane.last_error.clone_from(&error);
        lane.waiting.retain(|it| it.batch.as_ref() != Some(&batch.id));
        for it in &batch.messages {
            let told = Told { at: now, repeats: it.repeat };
            lane.told.insert(it.message.key.clone(), told);
            let (notifier, line) = (notifier.into(), it.message.line());
            self.sent.push_back(SentMessage { at: now, notifier, line, error: error.clone() });
        }
        let excess = self.sent.len().saturating_sub(SENT_MAX);
        self.sent.drain(..excess);
    }

    /// Returns whether a message waits for one of these notifiers.
    pub(crate) fn has_waiting(&self, notifiers: &[Notifier]) -> bool {
        let waits = |it: &Notifier| self.lanes.get(&it.name).is_some_and(|l| !l.waiting.is_empty());
        notifiers.iter().any(waits)
    }
}

impl Lane {
    fn push(
        &mut self,
        notifier: &Notifier,
        message: &AlertMessage,
        (turn, repeat): (u32, u32),
        now: DateTime<Utc>,
    ) {
        let (turn, again) = (turn.to_string(), repeat.to_string());
        let id = digest([&notifier.name, &message.key, message.status.as_str(), &turn, &again]);
        if self.waiting.iter().any(|it| it.id == id) {
            return;
        }
        if self.waiting.len() >= WAITING_MAX {
            let fresh = |it: &(usize, &WaitingMessage)| it.1.batch.is_none();
            let least = self.waiting.iter().enumerate().filter(fresh);
            if let Some((place, _)) = least.min_by_key(|(place, it)| (it.message.severity, *place)) {
                self.waiting.remove(place);
                self.dropped += 1;
            }
        }
        let message = message.clone();
        self.waiting.push_back(WaitingMessage { id, queued_at: now, message, repeat, batch: None });
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}
