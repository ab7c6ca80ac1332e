//! Finding a text in another without regard to case and, on ASCII, without a copy.

/// A text to be found, `*` standing for any text, lower-cased once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The parts between `*`: the text begins with the first and ends with the last.
    parts: Vec<String>,
    ascii: bool,
}

impl Pattern {
    /// A word found anywhere.
    pub(super) fn word(text: &str) -> Self {
        Self::name(&format!("*{text}*"))
    }

    /// A text found anywhere as it stands, `*` included.
    pub(super) fn literal(text: &str) -> Self {
        Self::new(vec![String::new(), text.to_lowercase(), String::new()])
    }

    /// A name from end to end.
    pub(super) fn name(text: &str) -> Self {
        Self::new(text.split('*').map(str::to_lowercase).collect())
    }

    fn new(parts: Vec<String>) -> Self {
        let ascii = parts.iter().all(|part| part.is_ascii());
        Self { parts, ascii }
    }

    /// Returns whether a text has what is looked for.
    pub(super) fn matches(&self, text: &str) -> bool {
        // Bytes of ASCII never stand inside another character, so an ASCII pattern needs no copy.
        if self.ascii || text.is_ascii() {
            return self.covers(text.as_bytes());
        }
        self.covers(text.to_lowercase().as_bytes())
    }

    fn covers(&self, text: &[u8]) -> bool {
        let Some((first, parts)) = self.parts.split_first() else { return text.is_empty() };
        let Some(mut rest) = strip(text, first.as_bytes()) else { return false };
        let Some((last, parts)) = parts.split_last() else { return rest.is_empty() };
        for part in parts {
            let Some(after) = rest_after(rest, part.as_bytes()) else { return false };
            rest = after;
        }
        let end = rest.len().checked_sub(last.len()).and_then(|from| rest.get(from..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(last.as_bytes()))
    }

    /// Returns whether every text that has this also has `other`; sure when it says so, silent
    /// otherwise.
    pub(super) fn implies(&self, other: &Self) -> bool {
        let has = |part: &str| self.parts.iter().any(|own| own.contains(part));
        let begins = |part: &str| self.parts.first().is_some_and(|own| own.starts_with(part));
        match other.parts.as_slice() {
            [first, part, last] if first.is_empty() && last.is_empty() => has(part),
            [first, last] if last.is_empty() => begins(first),
            _unsure => self == other,
        }
    }
}

fn strip<'a>(text: &'a [u8], part: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = text.split_at_checked(part.len())?;
    head.eq_ignore_ascii_case(part).then_some(rest)
}

/// Returns what follows the first place of a lower-case part in a text.
fn rest_after<'a>(text: &'a [u8], part: &[u8]) -> Option<&'a [u8]> {
    let Some((&first, tail)) = part.split_first() else { return Some(text) };
    let upper = first.to_ascii_uppercase();
    let mut rest = text;
    loop {
        let at = rest.iter().position(|&byte| byte == first || byte == upper)?;
        rest = rest.get(at + 1..)?;
        let (head, after) = rest.split_at_checked(tail.len())?;
        if head.eq_ignore_ascii_case(tail) {
            return Some(after);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_ignored_in_ascii_and_beyond() {
        for (pattern, text) in [
            (Pattern::word("var"), "the VaR is 2"),
            (Pattern::word("übernahme"), "Die ÜBERNAHME"),
            (Pattern::word("t*t"), "a ToTal"),
            (Pattern::literal("2*3"), "is 2*3"),
            (Pattern::name("port*"), "Portfolio"),
            (Pattern::name("*"), ""),
            (Pattern::name("*folio"), "portfolio"),
        ] {
            assert!(pattern.matches(text), "{pattern:?} {text}");
        }
        for (pattern, text) in [
            (Pattern::name("port"), "portfolio"),
            (Pattern::name("*port"), "portfolio"),
            (Pattern::name("a*a"), "a"),
            (Pattern::literal("2*3"), "2 and 3"),
            (Pattern::name(""), "x"),
        ] {
            assert!(!pattern.matches(text), "{pattern:?} {text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_pattern_covers_what_it_was_cut_from(a in "[a-z_]{0,6}", b in "[a-z_]{0,6}", c in "[a-z_]{0,6}") {
            let text = format!("{a}{b}{c}");
            for pattern in [format!("{a}*{c}"), format!("*{b}*"), format!("{a}*"), format!("*{c}"), text.clone()] {
                proptest::prop_assert!(Pattern::name(&pattern).matches(&text), "{} {}", pattern, text);
            }
            let longer = Pattern::name(&format!("{text}x"));
            proptest::prop_assert!(!longer.matches(&text));
        }

        #[test]
        fn what_implies_another_is_found_only_where_the_other_is(
            one in "[*ab]{0,4}", two in "[*ab]{0,4}", text in "[ab]{0,6}",
        ) {
            let all = |p: &str| [Pattern::word(p), Pattern::name(p), Pattern::literal(p)];
            for one in all(&one) {
                for two in all(&two) {
                    let broken = one.implies(&two) && one.matches(&text) && !two.matches(&text);
                    proptest::prop_assert!(!broken, "{:?} {:?} {}", one, two, text);
                }
            }
        }
    }
}
