//! Rate limit of a client's requests: a burst, then a fixed rate; further requests wait.

use std::time::{Duration, Instant};

use super::super::clock::instant_now;
use crate::protocol::ClientRequest;

/// A token bucket with capacity `burst` that gains one token each `every`.
#[derive(Debug, Clone, Copy)]
struct TokenBucket {
    burst: u32,
    every: Duration,
    /// The moment at which the bucket will be full again.
    full: Instant,
}

impl TokenBucket {
    fn new(burst: u32, per_second: u32, now: Instant) -> Self {
        Self { burst, every: Duration::from_secs(1) / per_second.max(1), full: now }
    }

    /// Takes `cost` tokens; returns the time to wait first.
    fn take_tokens(&mut self, cost: u32, now: Instant) -> Duration {
        self.full = self.full.max(now) + self.every * cost;
        let room = self.every * self.burst;
        self.full.saturating_duration_since(now).saturating_sub(room)
    }
}

/// The rate limit of one client. Brakes have a bucket of their own, so that no number of other
/// requests delays one.
#[derive(Debug)]
pub(super) struct RequestRateLimit {
    questions: TokenBucket,
    brakes: TokenBucket,
}

impl RequestRateLimit {
    pub(super) fn new() -> Self {
        let now = instant_now();
        Self { questions: TokenBucket::new(40, 20, now), brakes: TokenBucket::new(10, 5, now) }
    }

    /// Waits until a request may be handled.
    pub(super) async fn wait_for_capacity(&mut self, question: &ClientRequest) {
        let now = instant_now();
        let wait = match question {
            ClientRequest::Brake { .. } => self.brakes.take_tokens(1, now),
            // Copying the run state costs the driver as much as a preview.
            ClientRequest::Snapshot | ClientRequest::Propose { .. } => {
                self.questions.take_tokens(2, now)
            }
            ClientRequest::Open { .. }
            | ClientRequest::Commit { .. }
            | ClientRequest::Arm { .. }
            | ClientRequest::Disarm { .. }
            | ClientRequest::LogFilter(_)
            | ClientRequest::Pace(_) => self.questions.take_tokens(1, now),
        };
        if wait > Duration::ZERO {
            tokio::time::sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allows_burst_then_limits_rate() {
        let now = instant_now();
        let mut bucket = TokenBucket::new(3, 10, now);
        let tenth = Duration::from_millis(100);
        assert!((0..3).all(|_| bucket.take_tokens(1, now).is_zero()));
        assert_eq!(bucket.take_tokens(1, now), tenth);
        assert_eq!(bucket.take_tokens(1, now), tenth * 2);
        let later = now + Duration::from_secs(10);
        assert!(
            bucket.take_tokens(3, later).is_zero(),
            "what was not used is there again, and no more"
        );
        assert_eq!(bucket.take_tokens(1, later), tenth);
    }
}
