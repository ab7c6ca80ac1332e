//! Text helpers for messages: escaping of text from files, and the nearest known name.

/// Longest part of a file's text repeated in a message, in characters.
const SHOWN_MAX: usize = 60;

/// Returns `text` in backticks, safe on a terminal: control characters are escaped, long text is
/// cut.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = String::from("`");
    text.chars().take(SHOWN_MAX).for_each(|c| push_escaped(&mut out, c));
    if text.chars().nth(SHOWN_MAX).is_some() {
        out.push('…');
    }
    out.push('`');
    out
}

/// Returns the whole of `text` made safe for a terminal; for names of files and variables in front
/// of a message.
#[must_use]
pub fn safe_name(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_escaped(&mut out, c));
    out
}

fn push_escaped(out: &mut String, c: char) {
    if is_unsafe_char(c) {
        out.extend(c.escape_unicode());
    } else {
        out.push(c);
    }
}

/// Returns whether a character must not reach a terminal: controls (C0, DEL, C1), marks of writing
/// direction, line separators, invisible joiners and tags, and the marks that choose between two
/// forms of a character, since terminals disagree about the width of the chosen one.
#[must_use]
pub fn is_unsafe_char(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Returns the candidate nearest to `word`, if one is close enough to be a likely misspelling.
///
/// At most a third of the letters may differ; swapped neighbors count once.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > SHOWN_MAX {
        return None;
    }
    let word = word.to_lowercase();
    let far = (length / 3).max(1);
    let near = candidates.into_iter().filter_map(|candidate| {
        // The length alone excludes most candidates, and the distance takes quadratic time.
        if candidate.chars().count().abs_diff(length) > far {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&word, &candidate.to_lowercase());
        (distance <= far).then_some((distance, candidate))
    });
    near.min().map(|(_, candidate)| candidate)
}

/// Returns the accepted words for a message, as `a`, `b` or `c`.
#[must_use]
pub fn list_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(quote).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let known = ["risk_assessment", "market_analysis", "tca"];
        assert_eq!(nearest("risk_assesment", known), Some("risk_assessment"));
        assert_eq!(nearest("Market_Anlaysis", known), Some("market_analysis"));
        assert_eq!(nearest("tac", known), Some("tca"));
        assert_eq!(nearest("weather", known), None);
        assert_eq!(nearest("", known), None);
    }

    #[test]
    fn what_is_shown_cannot_drive_the_terminal() {
        assert_eq!(quote("a\u{1b}[2J\u{202e}b"), "`a\\u{1b}[2J\\u{202e}b`");
        assert_eq!(safe_name("a\u{1b}b.csv"), "a\\u{1b}b.csv");
        assert_eq!(quote(&"x".repeat(61)), format!("`{}…`", "x".repeat(60)));
    }
}
