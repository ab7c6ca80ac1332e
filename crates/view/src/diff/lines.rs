//! Two texts compared line by line.

use crate::format;

/// The side of a line in a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffSide {
    /// On both sides.
    Both,
    /// On the left alone: it went.
    Left,
    /// On the right alone: it came.
    Right,
}

impl DiffSide {
    /// The mark before the line, the same in every character set.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Both => " ",
            Self::Left => "-",
            Self::Right => "+",
        }
    }
}

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    pub side: DiffSide,
    pub text: String,
}

/// Most pairs of lines that are weighed against each other; beyond, what lies between the first
/// and the last difference counts as gone and come.
const PAIRS_MAX: usize = 1_000_000;

/// The lines of both sides in order, as few of them changed as can be.
#[must_use]
pub fn diff_lines(left: &[String], right: &[String]) -> Vec<DiffLine> {
    let head = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left_rest, right_rest) = (&left[head..], &right[head..]);
    let same_end = |(a, b): &(&String, &String)| a == b;
    let tail = left_rest.iter().rev().zip(right_rest.iter().rev()).take_while(same_end).count();
    let left_mid = &left_rest[..left_rest.len() - tail];
    let right_mid = &right_rest[..right_rest.len() - tail];
    let line = |side: DiffSide| move |text: &String| DiffLine { side, text: text.clone() };
    let mut all: Vec<_> = left[..head].iter().map(line(DiffSide::Both)).collect();
    if left_mid.len().saturating_mul(right_mid.len()) > PAIRS_MAX {
        all.extend(left_mid.iter().map(line(DiffSide::Left)));
        all.extend(right_mid.iter().map(line(DiffSide::Right)));
    } else {
        weave_lines(left_mid, right_mid, &mut all);
    }
    all.extend(left_rest[left_mid.len()..].iter().map(line(DiffSide::Both)));
    all
}

/// The longest common run of lines, with what goes and comes between them.
fn weave_lines(left: &[String], right: &[String], all: &mut Vec<DiffLine>) {
    let width = right.len() + 1;
    // `longest[i * width + j]`: lines common to what follows place `i` and place `j`.
    let mut longest = vec![0_u32; (left.len() + 1) * width];
    for (i, a) in left.iter().enumerate().rev() {
        for (j, b) in right.iter().enumerate().rev() {
            let (down, across) = (longest[(i + 1) * width + j], longest[i * width + j + 1]);
            let both = longest[(i + 1) * width + j + 1] + 1;
            longest[i * width + j] = if a == b { both } else { down.max(across) };
        }
    }
    let (mut i, mut j) = (0, 0);
    loop {
        let (side, text) = match (left.get(i), right.get(j)) {
            (Some(a), Some(b)) if a == b => (DiffSide::Both, a),
            (Some(a), Some(_)) if longest[(i + 1) * width + j] >= longest[i * width + j + 1] => {
                (DiffSide::Left, a)
            }
            (_, Some(b)) => (DiffSide::Right, b),
            (Some(a), None) => (DiffSide::Left, a),
            (None, None) => return,
        };
        i += usize::from(side != DiffSide::Right);
        j += usize::from(side != DiffSide::Left);
        all.push(DiffLine { side, text: text.clone() });
    }
}

/// Returns whether anything went or came.
#[must_use]
pub fn has_changes(lines: &[DiffLine]) -> bool {
    lines.iter().any(|line| line.side != DiffSide::Both)
}

/// The lines that changed, with `context` lines around each; what is left out between them becomes
/// one line that counts it.
#[must_use]
pub fn near_changes(all: &[DiffLine], context: usize) -> Vec<DiffLine> {
    let mut near = vec![false; all.len()];
    for (i, _) in all.iter().enumerate().filter(|(_, line)| line.side != DiffSide::Both) {
        let from = i.saturating_sub(context);
        for place in near.iter_mut().skip(from).take(i + context + 1 - from) {
            *place = true;
        }
    }
    let (mut shown, mut hidden) = (Vec::new(), 0_u64);
    let hidden_note = |hidden: u64| {
        let text = format!("… {}", format::count_noun(hidden, "line"));
        (hidden > 0).then_some(DiffLine { side: DiffSide::Both, text })
    };
    for (line, near) in all.iter().zip(near) {
        if near {
            shown.extend(hidden_note(hidden));
            hidden = 0;
            shown.push(line.clone());
        } else {
            hidden += 1;
        }
    }
    shown.extend(hidden_note(hidden).filter(|_| has_changes(all)));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    fn diff_text(left: &str, right: &str) -> String {
        let all = diff_lines(&split(left), &split(right));
        all.iter().flat_map(|line| [line.side.prefix(), line.text.as_str()]).collect()
    }

    #[test]
    fn what_is_common_stays_and_the_rest_goes_and_comes() {
        assert_eq!(diff_text("abcd", "abcd"), " a b c d");
        assert_eq!(diff_text("abcd", "axcd"), " a-b+x c d");
        assert_eq!(diff_text("", "ab"), "+a+b");
        assert_eq!(diff_text("ab", ""), "-a-b");
    }

    #[test]
    fn far_from_changes_lines_are_counted() {
        let all = diff_lines(&split("abcdefghi"), &split("abcdxfghi"));
        let near = near_changes(&all, 1);
        let text: Vec<_> = near.iter().map(|l| format!("{}{}", l.side.prefix(), l.text)).collect();
        assert_eq!(text, [" … 3 lines", " d", "-e", "+x", " f", " … 3 lines"]);
        assert!(near_changes(&diff_lines(&split("ab"), &split("ab")), 1).is_empty());
    }

    #[test]
    fn texts_too_long_to_weigh_are_compared_all_the_same() {
        let many = |word: &str| (0..2_000).map(|i| format!("{word}{i}")).collect::<Vec<_>>();
        assert_eq!(diff_lines(&many("a"), &many("b")).len(), 4_000);
    }

    proptest::proptest! {
        #[test]
        fn each_side_can_be_read_out_again(left in "[ab]{0,12}", right in "[ab]{0,12}") {
            let all = diff_lines(&split(&left), &split(&right));
            let without = |side: DiffSide| {
                all.iter().filter(|l| l.side != side).map(|l| l.text.as_str()).collect::<String>()
            };
            proptest::prop_assert_eq!(without(DiffSide::Right), left);
            proptest::prop_assert_eq!(without(DiffSide::Left), right);
        }
    }
}
