//! Text of exactly so many columns. Columns, not characters: a name in Chinese takes two for each.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Returns how many columns a text takes.
pub(crate) fn display_width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// The text in exactly `width` columns: cut with `ellipsis` (one column) or filled with blanks.
pub(crate) fn fit(text: &str, width: u16, ellipsis: &str) -> String {
    let room = usize::from(width);
    if text.width() <= room {
        return format!("{text}{}", " ".repeat(room - text.width()));
    }
    if room == 0 {
        return String::new();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > room - 1 {
            break;
        }
        used += wide;
        out.push(c);
    }
    out.push_str(ellipsis);
    // A character of two columns may have left one of them over.
    out + &" ".repeat(room - 1 - used)
}

/// The text in lines of at most `width` columns, broken at blanks where there are some.
pub(crate) fn wrap(text: &str, width: u16) -> Vec<String> {
    let room = usize::from(width).max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let gap = usize::from(!line.is_empty());
        if line.width() + gap + word.width() <= room {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            if line.width() + c.width().unwrap_or(0) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::TaskState;
    use view::format::{GlyphSet, state_glyph};

    #[test]
    fn a_fitted_text_takes_exactly_the_columns_it_was_given() {
        for text in ["", "risk", "日本株式リスク", "a日b本c", "é̂x", "longer than it may be"]
        {
            for width in 0..20 {
                let fitted = fit(text, width, "…");
                assert_eq!(display_width(&fitted), width, "{text:?} in {width}: {fitted:?}");
            }
        }
        assert_eq!(fit("risk_recheck", 6, "~"), "risk_~");
    }

    #[test]
    fn no_mark_of_a_state_is_wider_than_one_column() {
        for state in TaskState::ALL {
            assert_eq!(display_width(state_glyph(state, GlyphSet::Utf8)), 1, "{state}");
        }
    }

    #[test]
    fn wrapped_lines_fit_and_lose_no_word() {
        let text = "a dependency is not met and anextremelylongwordwithoutanyblank 日本株式リスク";
        for width in 1..40 {
            let lines = wrap(text, width);
            let wide = |line: &String| display_width(line) > width.max(2);
            assert!(!lines.iter().any(wide), "{width}: {lines:?}");
            let whole: String = lines.concat().chars().filter(|c| *c != ' ').collect();
            assert_eq!(whole, text.replace(' ', ""));
        }
    }
}
