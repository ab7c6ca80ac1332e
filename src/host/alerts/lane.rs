//! The messages that wait for one notifier: batches, retries, the bound of the rate, quiet hours.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::message::{AlertMessage, digest};
use config::{Notifier, NotifierTarget};
use engine::AlertSeverity;

/// Most messages that wait for one notifier; of more, the oldest of the least severity is dropped.
const WAITING_MAX: usize = 500;
/// Most messages of one delivery.
const BATCH_MAX: usize = 20;
/// Age at which a message that could not be delivered is dropped.
const GIVE_UP: TimeDelta = TimeDelta::hours(24);
/// The first and the longest wait before another try.
const BACKOFF: (TimeDelta, TimeDelta) = (TimeDelta::seconds(1), TimeDelta::minutes(5));

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
pub(super) struct Told {
    pub(super) at: DateTime<Utc>,
    pub(super) repeats: u32,
}

/// The messages of one notifier.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Lane {
    pub(crate) waiting: VecDeque<WaitingMessage>,
    #[serde(default)]
    pub(super) told: BTreeMap<String, Told>,
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

impl Lane {
    pub(super) fn push(
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
            if let Some((place, _)) = least.min_by_key(|(place, it)| (it.message.severity, *place))
            {
                self.waiting.remove(place);
                self.dropped += 1;
            }
        }
        let message = message.clone();
        self.waiting.push_back(WaitingMessage { id, queued_at: now, message, repeat, batch: None });
    }

    /// Returns the delivery to try now, if there is one. The same messages are tried together, under the
    /// same id, until they are delivered or dropped.
    pub(super) fn next_batch(
        &mut self,
        notifier: &Notifier,
        (now, is_quiet, flush): (DateTime<Utc>, bool, bool),
    ) -> Option<Batch> {
        self.recent.retain(|at| (now - *at).abs() < TimeDelta::minutes(1));
        let limited = self.recent.len() >= usize::try_from(notifier.rate).unwrap_or(usize::MAX);
        if limited || self.next_at.is_some_and(|at| at > now) {
            return None;
        }
        let begun = self.waiting.iter().find_map(|it| it.batch.clone());
        let id = begun.or_else(|| self.form_batch(notifier, (now, is_quiet, flush)))?;
        self.recent.push_back(now);
        let of_batch = |it: &&WaitingMessage| it.batch.as_ref() == Some(&id);
        let messages = self.waiting.iter().filter(of_batch).cloned().collect();
        Some(Batch { id, messages })
    }

    /// Puts messages that are ready together; returns the id of their delivery.
    fn form_batch(
        &mut self,
        notifier: &Notifier,
        (now, is_quiet, flush): (DateTime<Utc>, bool, bool),
    ) -> Option<String> {
        // An event of PagerDuty is about one alert.
        let single = matches!(notifier.target, NotifierTarget::PagerDuty { .. });
        let most = if single { 1 } else { BATCH_MAX };
        let awake =
            |it: &&mut WaitingMessage| !is_quiet || it.message.severity == AlertSeverity::Critical;
        let ready: Vec<_> = self.waiting.iter_mut().filter(awake).take(most).collect();
        let waited = (now - ready.first()?.queued_at).abs() >= notifier.batch.to_delta();
        if !waited && !flush && (single || ready.len() < most) {
            return None;
        }
        let id = digest(ready.iter().map(|it| it.id.as_str()));
        ready.into_iter().for_each(|it| it.batch = Some(id.clone()));
        Some(id)
    }

    /// Takes the result of a delivery. Returns `None` if it is to be tried again, otherwise why it was
    /// dropped, if it was.
    #[expect(clippy::option_option, reason = "three ends: again, delivered, dropped")]
    pub(super) fn finish(
        &mut self,
        batch: &Batch,
        (result, now): (Result<(), DeliveryError>, DateTime<Utc>),
    ) -> Option<Option<String>> {
        let old = batch.messages.first().is_some_and(|it| now - it.queued_at > GIVE_UP);
        let error = match result {
            Ok(()) => None,
            Err(error) if error.refused || old => Some(error.text),
            Err(error) => {
                self.tries += 1;
                let doubled = BACKOFF.0 * 2_i32.saturating_pow(self.tries.min(16) - 1);
                let wait = error.retry_after.unwrap_or(doubled).min(BACKOFF.1);
                self.next_at = Some(now + wait);
                self.last_error = Some(error.text);
                return None;
            }
        };
        (self.tries, self.next_at) = (0, None);
        self.last_error.clone_from(&error);
        self.waiting.retain(|it| it.batch.as_ref() != Some(&batch.id));
        for it in &batch.messages {
            let told = Told { at: now, repeats: it.repeat };
            self.told.insert(it.message.key.clone(), told);
        }
        Some(error)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            message::{AlertMessage, AlertStatus, sample_message},
            outbox::Outbox,
        },
        *,
    };
    use config::Secret;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    fn webhook() -> Notifier {
        let target = NotifierTarget::Webhook { url: Secret::new("http://x".into()), secret: None };
        Notifier::new("ops", target)
    }

    fn message(name: &str, status: AlertStatus) -> AlertMessage {
        AlertMessage { status, ..sample_message(name) }
    }

    /// Sends everything that is ready; returns it as `name status`.
    fn sent(outbox: &mut Outbox, notifier: &Notifier, when: (DateTime<Utc>, bool)) -> Vec<String> {
        let mut told = Vec::new();
        while let Some(batch) = outbox.next_batch(notifier, (when.0, when.1, false)) {
            told.extend(batch.messages.iter().map(|it| {
                let repeat = if it.repeat > 0 { format!(" {}", it.repeat) } else { String::new() };
                format!("{} {}{repeat}", it.message.key, it.message.status.as_str())
            }));
            outbox.finish(&notifier.name, &batch, (Ok(()), when.0));
        }
        told
    }

    #[test]
    fn an_alert_is_sent_once_and_its_recovery_follows() {
        let (notifier, mut outbox) = (webhook(), Outbox::default());
        let all = [notifier.clone()];
        for second in 0..10 {
            outbox.offer(&all, &message("a", AlertStatus::Firing), (second == 0, at(second)));
        }
        assert_eq!(sent(&mut outbox, &notifier, (at(1), false)), [""; 0], "it waits for others");
        outbox.offer(&all, &message("b", AlertStatus::Firing), (false, at(1)));
        assert_eq!(sent(&mut outbox, &notifier, (at(2), false)), ["a firing", "b firing"]);
        outbox.offer(&all, &message("a", AlertStatus::Resolved), (false, at(20)));
        assert_eq!(sent(&mut outbox, &notifier, (at(30), false)), ["a resolved"]);
        outbox.offer(&all, &message("a", AlertStatus::Firing), (false, at(40)));
        assert_eq!(sent(&mut outbox, &notifier, (at(50), false)), ["a firing"], "it came back");
        outbox.offer(&all, &message("old", AlertStatus::Resolved), (true, at(60)));
        assert_eq!(sent(&mut outbox, &notifier, (at(70), false)), [""; 0], "old news");
    }

    #[test]
    fn a_critical_alert_repeats_until_it_is_acknowledged() {
        let (notifier, mut outbox) = (webhook(), Outbox::default());
        let all = [notifier.clone()];
        outbox.offer(&all, &message("a", AlertStatus::Firing), (true, at(0)));
        let mut told = Vec::new();
        for minute in 0..70 {
            outbox.repeat(&all, at(minute * 60));
            told.extend(sent(&mut outbox, &notifier, (at(minute * 60 + 30), false)));
        }
        assert_eq!(told, ["a firing", "a firing 1", "a firing 2"]);
        outbox.offer(&all, &message("a", AlertStatus::Acknowledged), (false, at(4_300)));
        outbox.repeat(&all, at(9_000));
        assert_eq!(sent(&mut outbox, &notifier, (at(9_100), false)), ["a acknowledged"]);
    }

    #[test]
    fn quiet_hours_hold_warnings_and_let_critical_alerts_through() {
        let (notifier, mut outbox) = (webhook(), Outbox::default());
        let all = [notifier.clone()];
        let warning = AlertMessage { severity: AlertSeverity::Warning, ..sample_message("w") };
        let info = AlertMessage { severity: AlertSeverity::Info, ..sample_message("i") };
        for one in [&warning, &info, &message("c", AlertStatus::Firing)] {
            outbox.offer(&all, one, (false, at(0)));
        }
        assert_eq!(sent(&mut outbox, &notifier, (at(5), true)), ["c firing"]);
        assert_eq!(sent(&mut outbox, &notifier, (at(9_000), false)), ["w firing"]);
    }

    #[test]
    fn a_failed_delivery_is_tried_again_later_under_the_same_id() {
        let (notifier, mut outbox) = (webhook(), Outbox::default());
        outbox.offer(&[notifier.clone()], &message("a", AlertStatus::Firing), (true, at(0)));
        let first = outbox.next_batch(&notifier, (at(5), false, false)).unwrap();
        let error = DeliveryError { text: "500".into(), refused: false, retry_after: None };
        outbox.finish("ops", &first, (Err(error.clone()), at(5)));
        assert!(outbox.next_batch(&notifier, (at(5), false, false)).is_none(), "not at once");
        // Messages that came meanwhile are no part of it, not even after a restart.
        outbox.offer(&[notifier.clone()], &message("b", AlertStatus::Firing), (false, at(6)));
        let folder = tempfile::tempdir().unwrap();
        outbox.save(folder.path()).unwrap();
        let mut outbox = Outbox::load(folder.path()).unwrap();
        let again = outbox.next_batch(&notifier, (at(6), false, false)).unwrap();
        assert_eq!((&again.id, again.messages.len()), (&first.id, 1));
        assert_eq!(again.messages[0].id, first.messages[0].id);
        outbox.finish("ops", &again, (Err(DeliveryError { refused: true, ..error }), at(7)));
        assert_eq!(sent(&mut outbox, &notifier, (at(60), false)), ["b firing"]);
        assert_eq!(outbox.sent[0].error.as_deref(), Some("500"));
    }

    #[test]
    fn deliveries_a_minute_and_waiting_messages_are_bounded() {
        let (mut notifier, mut outbox) = (webhook(), Outbox::default());
        notifier.rate = 2;
        let all = [notifier.clone()];
        for n in 0..WAITING_MAX + 3 {
            outbox.offer(&all, &message(&format!("{n:03}"), AlertStatus::Firing), (false, at(0)));
        }
        assert_eq!((outbox.lanes["ops"].waiting.len(), outbox.lanes["ops"].dropped), (500, 3));
        assert_eq!(sent(&mut outbox, &notifier, (at(10), false)).len(), 2 * BATCH_MAX);
        assert_eq!(sent(&mut outbox, &notifier, (at(60), false)), [""; 0]);
        assert_eq!(sent(&mut outbox, &notifier, (at(71), false)).len(), 2 * BATCH_MAX);
    }
}
