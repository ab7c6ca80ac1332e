//! Verification of a trail: hashes, numbers, and its known head.

use std::collections::BTreeMap;

use super::{
    entry::{AuditEntry, TrailHead},
    fault::{TrailFault, TrailProblem},
};

/// A trail without faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedTrail {
    /// Number of entries in the trail.
    pub entries: usize,
    /// Its head; `None` for an empty trail of unknown start.
    pub head: Option<TrailHead>,
}

/// Verifies a trail from its first entry.
///
/// Without a known head, a trail that was truncated at a line break, or rewritten from some entry
/// on, passes: nothing in it shows the change.
///
/// # Errors
///
/// Every [`TrailProblem`] found, in order of lines.
pub fn verify(
    trail: &[u8],
    expected: Option<&TrailHead>,
) -> Result<VerifiedTrail, Vec<TrailProblem>> {
    TrailVerifier::new(None).read_line(trail, expected)
}

/// Verifies a trail, or part of one, that continues from `start`.
///
/// # Errors
///
/// Every [`TrailProblem`] found, in order of lines.
pub fn verify_from(
    start: TrailHead,
    trail: &[u8],
    expected: Option<&TrailHead>,
) -> Result<VerifiedTrail, Vec<TrailProblem>> {
    TrailVerifier::new(Some(start)).read_line(trail, expected)
}

/// The parsed content of a line.
type TrailLine = Result<AuditEntry, TrailFault>;

struct TrailVerifier {
    /// The last entry in its correct place.
    last: Option<TrailHead>,
    /// Number of lines since then that are unusable and may each have been an entry.
    lost: u64,
    problems: Vec<TrailProblem>,
}

impl TrailVerifier {
    const fn new(start: Option<TrailHead>) -> Self {
        Self { last: start, lost: 0, problems: Vec::new() }
    }

    fn read_line(
        mut self,
        trail: &[u8],
        expected: Option<&TrailHead>,
    ) -> Result<VerifiedTrail, Vec<TrailProblem>> {
        let whole = trail.strip_suffix(b"\n");
        let torn = whole.is_none() && !trail.is_empty();
        let texts = whole.unwrap_or(trail).split(|byte| *byte == b'\n');
        let lines: Vec<TrailLine> =
            if trail.is_empty() { Vec::new() } else { texts.map(read_line).collect() };
        let mut first: BTreeMap<u64, usize> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            if let Ok(entry) = line {
                first.entry(entry.seq).or_insert(at);
            }
        }
        let entries = lines.len();
        for (at, line) in lines.into_iter().enumerate() {
            match line {
                Ok(entry) => self.link(at, &entry, &first),
                // An incomplete last line is reported once, as torn.
                Err(TrailFault::Unreadable { .. }) if torn && at + 1 == entries => {}
                Err(fault) => {
                    self.lost += 1;
                    self.add_problem(at, fault);
                }
            }
        }
        if torn {
            self.add_problem(entries - 1, TrailFault::TornTail);
        }
        if let Some(fault) = expected.and_then(|expected| self.end(expected)) {
            let at = if matches!(fault, TrailFault::Truncated { .. }) {
                entries
            } else {
                entries.saturating_sub(1)
            };
            self.add_problem(at, fault);
        }
        if self.problems.is_empty() {
            return Ok(VerifiedTrail { entries, head: self.last });
        }
        Err(self.problems)
    }

    fn add_problem(&mut self, at: usize, fault: TrailFault) {
        self.problems.push(TrailProblem { line: at + 1, fault });
    }

    /// Checks the place of an entry. `first` is the line, from 0, of each number.
    fn link(&mut self, at: usize, entry: &AuditEntry, first: &BTreeMap<u64, usize>) {
        let last = self.last.as_ref().map_or(0, |head| head.seq);
        let seq = entry.seq;
        let earlier = first.get(&seq).copied().filter(|line| *line < at);
        if let Some(line) = earlier {
            return self.add_problem(at, TrailFault::Duplicate { seq, first: line + 1 });
        }
        if seq <= last {
            return self.add_problem(at, TrailFault::Reordered { seq, after: last });
        }
        let between = seq - last - 1;
        if between == 0 {
            let chained = self.last.as_ref().is_none_or(|head| head.hash == entry.prev);
            if !chained {
                self.add_problem(at, TrailFault::Unchained { seq });
            }
        } else {
            let elsewhere = u64::try_from(first.range(last + 1..seq).count()).unwrap_or(u64::MAX);
            let missing = between.saturating_sub(elsewhere);
            if missing > self.lost {
                self.add_problem(at, TrailFault::Deleted { wanted: last + 1, found: seq, missing });
            }
        }
        (self.last, self.lost) = (Some(entry.head()), 0);
    }

    /// Checks the end of the trail against the known head.
    fn end(&self, expected: &TrailHead) -> Option<TrailFault> {
        let last = self.last.as_ref().map_or(0, |head| head.seq);
        let expected = expected.clone();
        if last < expected.seq {
            let told = expected.seq - last <= self.lost;
            return (!told).then_some(TrailFault::Truncated { last, expected });
        }
        if last > expected.seq {
            return Some(TrailFault::HeadBeyondEnd { last, expected });
        }
        let same = self.last.as_ref().is_none_or(|head| head.hash == expected.hash);
        (!same).then_some(TrailFault::HeadMismatch { expected })
    }
}

/// Parses a line and checks its canonical form.
fn read_line(text: &[u8]) -> TrailLine {
    let unreadable = |why: String| TrailFault::Unreadable { why };
    let text = std::str::from_utf8(text).map_err(|error| unreadable(error.to_string()))?;
    let entry: AuditEntry =
        serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    let seq = entry.seq;
    if entry.expected_hash() != entry.hash {
        return Err(TrailFault::Edited { seq });
    }
    if entry.to_line() != text {
        return Err(TrailFault::Rewritten { seq });
    }
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};
    use serde_json::json;

    use super::*;
    use crate::{EntryChain, EntryDraft};

    fn draft(what: &str, number: i64) -> EntryDraft {
        EntryDraft {
            ts_utc: chrono::DateTime::from_timestamp_millis(number).unwrap_or_default(),
            run: "2018-12-19-standard-1".into(),
            event_seq: u64::try_from(number).ok(),
            actor: "anna".into(),
            actor_type: None,
            kind: "operator_acted".into(),
            subject: what.into(),
            before: None,
            after: Some(json!({ "number": number, "share": 0.1, "text": what })),
            reason: (number % 2 == 0).then(|| what.into()),
            cause_seq: None,
        }
    }

    /// Returns the lines of a trail, with line breaks, and its head.
    fn trail(acts: &[(String, i64)]) -> (Vec<String>, TrailHead) {
        let mut chain = EntryChain::new("a desk");
        let line = |(what, number): &(String, i64)| chain.append(draft(what, *number)).to_line();
        let lines = acts.iter().map(line).map(|line| line + "\n").collect();
        (lines, chain.head().clone())
    }

    fn three() -> (Vec<String>, TrailHead) {
        trail(&["a", "b", "c"].map(|what| (what.to_owned(), 1_545_229_800_000)))
    }

    fn faults(lines: &[String], head: &TrailHead) -> Vec<(usize, TrailFault)> {
        let problems = verify(lines.concat().as_bytes(), Some(head)).unwrap_err();
        problems.into_iter().map(|problem| (problem.line, problem.fault)).collect()
    }

    fn acts(least: usize) -> impl Strategy<Value = Vec<(String, i64)>> {
        collection::vec((any::<String>(), -9_999_999_999_999_i64..9_999_999_999_999), least..9)
    }

    #[test]
    fn reports_edited_line_once() {
        let (mut lines, head) = three();
        lines[1] = lines[1].replace("anna", "bert");
        assert_eq!(faults(&lines, &head), [(2, TrailFault::Edited { seq: 2 })]);
        lines[1] = "scribble\n".into();
        assert!(matches!(faults(&lines, &head)[..], [(2, TrailFault::Unreadable { .. })]));
    }

    #[test]
    fn detects_edited_line_with_recomputed_hash() {
        let (mut lines, head) = three();
        let forge = |line: &str| {
            let mut entry: AuditEntry = serde_json::from_str(line).unwrap();
            entry.act.actor = "bert".into();
            entry.hash = entry.expected_hash();
            entry.to_line() + "\n"
        };
        let last = std::mem::take(&mut lines[1]);
        lines[1] = forge(&last);
        assert_eq!(faults(&lines, &head), [(3, TrailFault::Unchained { seq: 3 })]);
        lines[1] = last;
        lines[2] = forge(&lines[2]);
        assert_eq!(
            faults(&lines, &head),
            [(3, TrailFault::HeadMismatch { expected: head.clone() })]
        );
    }

    #[test]
    fn distinguishes_deleted_duplicate_and_moved_lines() {
        let (lines, head) = three();
        let [a, b, c] = [0, 1, 2].map(|at| lines[at].clone());
        let gone = TrailFault::Deleted { wanted: 2, found: 3, missing: 1 };
        assert_eq!(faults(&[a.clone(), c.clone()], &head), [(2, gone)]);
        let first = TrailFault::Deleted { wanted: 1, found: 2, missing: 1 };
        assert_eq!(faults(&[b.clone(), c.clone()], &head), [(1, first)]);
        let twice = TrailFault::Duplicate { seq: 2, first: 2 };
        assert_eq!(faults(&[a.clone(), b.clone(), b.clone(), c.clone()], &head), [(3, twice)]);
        let moved = TrailFault::Reordered { seq: 2, after: 3 };
        assert_eq!(faults(&[a, c, b], &head), [(3, moved)]);
    }

    #[test]
    fn reports_inserted_line() {
        let (mut lines, head) = three();
        let stranger =
            EntryChain::from_head(TrailHead { seq: 1, hash: "00".into() }).append(draft("x", 1));
        lines.insert(1, stranger.to_line() + "\n");
        let found = faults(&lines, &head);
        assert!(found.contains(&(2, TrailFault::Unchained { seq: 2 })), "{found:?}");
        let (mut lines, head) = three();
        lines.push(EntryChain::from_head(head.clone()).append(draft("x", 1)).to_line() + "\n");
        let expected = head.clone();
        assert_eq!(faults(&lines, &head), [(4, TrailFault::HeadBeyondEnd { last: 4, expected })]);
    }

    #[test]
    fn reports_torn_last_line_with_and_without_known_head() {
        let (lines, head) = three();
        let text = lines.concat();
        let torn = text.trim_end();
        let problems = verify(torn.as_bytes(), Some(&head)).unwrap_err();
        assert_eq!(problems, [TrailProblem { line: 3, fault: TrailFault::TornTail }]);
        let half = &torn.as_bytes()[..torn.len() - 20];
        let problems = verify(half, None).unwrap_err();
        assert_eq!(problems, [TrailProblem { line: 3, fault: TrailFault::TornTail }]);
    }

    #[test]
    fn detects_truncation_only_with_known_head() {
        let (lines, head) = three();
        let cut = &lines[..2];
        assert_eq!(verify(cut.concat().as_bytes(), None).unwrap().entries, 2);
        let expected = head.clone();
        assert_eq!(faults(cut, &head), [(3, TrailFault::Truncated { last: 2, expected })]);
        let expected = head.clone();
        assert_eq!(faults(&[], &head), [(1, TrailFault::Truncated { last: 0, expected })]);
    }

    #[test]
    fn verifies_second_file_from_head_of_first() {
        let (lines, head) = three();
        let first = verify(lines[..1].concat().as_bytes(), None).unwrap().head.unwrap();
        let rest = lines[1..].concat();
        assert_eq!(verify_from(first, rest.as_bytes(), Some(&head)).unwrap().entries, 2);
        let other = TrailHead { seq: 1, hash: "00".into() };
        let problems = verify_from(other, rest.as_bytes(), Some(&head)).unwrap_err();
        assert_eq!(problems[0].fault, TrailFault::Unchained { seq: 2 });
    }

    #[test]
    fn problem_text_names_line_and_remedy() {
        let (mut lines, head) = three();
        lines.remove(1);
        let problems = verify(lines.concat().as_bytes(), Some(&head)).unwrap_err();
        let told = problems[0].to_string();
        assert!(told.starts_with("line 2: deleted: 1 missing before entry 3"), "{told}");
        assert!(told.contains("; restore the missing lines"), "{told}");
    }

    proptest! {
        #[test]
        fn verifies_unchanged_trail_with_and_without_head(acts in acts(0)) {
            let (lines, head) = trail(&acts);
            let text = lines.concat();
            for expected in [Some(&head), None] {
                let verified = verify(text.as_bytes(), expected).unwrap();
                prop_assert_eq!(verified.entries, acts.len());
                prop_assert!(verified.head.is_none_or(|at| at == head));
            }
        }

        #[test]
        fn any_edited_byte_is_detected(acts in acts(1), at: prop::sample::Index, flip in 1..=255_u8) {
            let (lines, head) = trail(&acts);
            let mut bytes = lines.concat().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            prop_assert!(verify(&bytes, Some(&head)).is_err());
        }

        #[test]
        fn any_deleted_line_is_detected(acts in acts(1), at: prop::sample::Index) {
            let (mut lines, head) = trail(&acts);
            lines.remove(at.index(acts.len()));
            prop_assert!(verify(lines.concat().as_bytes(), Some(&head)).is_err());
        }

        #[test]
        fn detects_swapped_lines_without_known_head(
            acts in acts(2),
            one: prop::sample::Index,
            other: prop::sample::Index,
        ) {
            let (mut lines, _) = trail(&acts);
            let (one, other) = (one.index(acts.len()), other.index(acts.len()));
            prop_assume!(one != other);
            lines.swap(one, other);
            prop_assert!(verify(lines.concat().as_bytes(), None).is_err());
        }

        #[test]
        fn detects_duplicate_line_without_known_head(
            acts in acts(1),
            from: prop::sample::Index,
            to: prop::sample::Index,
        ) {
            let (mut lines, _) = trail(&acts);
            let copy = lines[from.index(acts.len())].clone();
            lines.insert(to.index(acts.len() + 1), copy);
            prop_assert!(verify(lines.concat().as_bytes(), None).is_err());
        }

        #[test]
        fn any_truncation_is_detected(acts in acts(1), length: prop::sample::Index) {
            let (lines, head) = trail(&acts);
            let text = lines.concat();
            let cut = &text.as_bytes()[..length.index(text.len())];
            prop_assert!(verify(cut, Some(&head)).is_err());
        }

        #[test]
        fn no_bytes_make_the_reader_stumble(bytes: Vec<u8>, seq: u64) {
            let head = TrailHead { seq, hash: String::new() };
            let _verdict = verify_from(head.clone(), &bytes, Some(&head));
        }
    }
}
