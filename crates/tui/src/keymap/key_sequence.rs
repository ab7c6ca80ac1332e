//! One way to ask for an action: a chord, or two or three pressed one after another.

use std::str::FromStr;

use crate::chord::Chord;

/// Chords pressed one after another, `g g` or `^x ^s`; most often one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeySequence(Vec<Chord>);

impl KeySequence {
    /// Most chords of a sequence: nobody plays longer ones under stress.
    pub const MOST: usize = 3;

    /// The chords, at least one.
    #[must_use]
    pub fn chords(&self) -> &[Chord] {
        &self.0
    }

    /// The one chord of keys that are no sequence.
    #[must_use]
    pub fn single(&self) -> Option<Chord> {
        match self.0.as_slice() {
            [chord] => Some(*chord),
            _sequence => None,
        }
    }

    /// How it is written in the footer and in the help: `^x ^s`.
    #[must_use]
    pub fn label(&self) -> String {
        self.format_with(Chord::label)
    }

    /// As `Keys::label`, in ASCII alone.
    #[must_use]
    pub fn ascii_label(&self) -> String {
        self.format_with(Chord::ascii_label)
    }

    fn format_with(&self, chord: fn(Chord) -> String) -> String {
        self.0.iter().map(|one| chord(*one)).collect::<Vec<_>>().join(" ")
    }

    /// Whether one of the two begins with the other, equal ones among them.
    #[must_use]
    pub fn conflicts_with(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, theirs)| mine == theirs)
    }
}

impl From<Chord> for KeySequence {
    fn from(chord: Chord) -> Self {
        Self(vec![chord])
    }
}

impl FromStr for KeySequence {
    type Err = String;

    /// Reads chords with blanks between them.
    ///
    /// # Errors
    ///
    /// What is wrong, to follow the text itself.
    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<_> = text.split_whitespace().collect();
        match words.len() {
            0 => return Err("names no key".into()),
            1..=Self::MOST => {}
            _more => return Err(format!("is a sequence of more than {} keys", Self::MOST)),
        }
        let single = words.len() == 1;
        let read = |word: &&str| {
            word.parse::<Chord>()
                .map_err(|why| if single { why } else { format!("holds `{word}`, which {why}") })
        };
        words.iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_reads_back_and_clashes_with_what_it_begins_with() {
        let keys = |text: &str| text.parse::<KeySequence>().unwrap();
        assert_eq!(keys("ctrl-x  C-s").label(), "^x ^s");
        assert_eq!(keys(&keys("g g").label()), keys("g g"));
        assert!(keys("g").conflicts_with(&keys("g g")) && keys("g g").conflicts_with(&keys("g")));
        assert!(
            keys("g g").conflicts_with(&keys("g g")) && !keys("g g").conflicts_with(&keys("g t"))
        );
    }

    #[test]
    fn no_key_and_four_keys_are_refused() {
        assert!("".parse::<KeySequence>().is_err());
        assert!("a b c d".parse::<KeySequence>().is_err());
        assert!("g nokey".parse::<KeySequence>().unwrap_err().contains("`nokey`"));
    }
}
