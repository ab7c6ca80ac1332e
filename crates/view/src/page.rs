//! Rows of text of a bounded width: headings, and paragraphs broken between words.

/// Stands for ` .. ` while a paragraph is broken.
const WHOLE: &str = "\u{0}";

/// Rows under construction, none wider than so many characters.
pub(super) struct TextPage {
    width: usize,
    rows: Vec<String>,
}

impl TextPage {
    pub(super) const fn new(width: usize) -> Self {
        Self { width, rows: Vec::new() }
    }

    /// All rows so far.
    pub(super) fn into_rows(self) -> Vec<String> {
        self.rows
    }

    /// A heading after an empty row.
    pub(super) fn heading(&mut self, title: &str) {
        self.rows.push(String::new());
        self.text(0, title);
    }

    pub(super) fn none_if(&mut self, nothing: bool) {
        if nothing {
            self.text(2, "none");
        }
    }

    /// A row as it is, without blanks at its end, cut if it is too wide.
    pub(super) fn row(&mut self, row: &str) {
        self.rows.push(truncate(row.trim_end(), self.width));
    }

    /// A paragraph, broken between words but not inside a window; rows after the first are set in
    /// further.
    pub(super) fn text(&mut self, indent: usize, text: &str) {
        let mut row = " ".repeat(indent);
        let mut empty = true;
        for word in text.replace(" .. ", WHOLE).split(' ') {
            let word = word.replace(WHOLE, " .. ");
            let needed = row.chars().count() + usize::from(!empty) + word.chars().count();
            if needed > self.width && !empty {
                self.rows.push(std::mem::replace(&mut row, " ".repeat(indent + 4)));
                empty = true;
            }
            if !empty {
                row.push(' ');
            }
            row.push_str(&word);
            empty = false;
        }
        self.rows.push(truncate(&row, self.width));
    }
}

/// The first `width` characters; an ellipsis tells that there were more.
pub(super) fn truncate(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.into();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}
