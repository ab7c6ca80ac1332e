//! A JSON value as lines, what lies too deep folded into one.

use serde_json::Value;

use crate::format;

/// Most lines of one value; what is beyond is counted on a last line.
pub const LINES_MAX: usize = 2_000;

/// No value is unfolded deeper.
pub const DEPTH_MAX: usize = 64;

/// One line of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrettyLine {
    /// The nesting depth; two blanks for each level.
    pub depth: usize,
    /// The line without its indentation, made safe; long strings are not cut here.
    pub text: String,
    /// The number of members or elements are folded into it; 0 when nothing is.
    pub folded: usize,
}

impl PrettyLine {
    /// The line with its indentation.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}{}", "  ".repeat(self.depth), self.text)
    }
}

/// A value as lines; objects and arrays that stand `depth` deep are folded into one line each
/// (`0` folds everything).
#[must_use]
pub fn pretty_lines(value: &Value, depth: usize) -> Vec<PrettyLine> {
    let mut printer = JsonPrinter { lines: Vec::new(), left_out: 0, fold: depth.min(DEPTH_MAX) };
    printer.value("", value, 0, "");
    if printer.left_out > 0 {
        let more = format::count_noun(printer.left_out, "more line");
        printer.lines.push(PrettyLine { depth: 0, text: format!("… {more}"), folded: 0 });
    }
    printer.lines
}

/// A value unfolded, as whole lines; nothing for null.
#[must_use]
pub fn plain_lines(value: &Value) -> Vec<String> {
    if value.is_null() {
        return Vec::new();
    }
    pretty_lines(value, DEPTH_MAX).iter().map(PrettyLine::line).collect()
}

struct JsonPrinter {
    lines: Vec<PrettyLine>,
    left_out: u64,
    fold: usize,
}

impl JsonPrinter {
    fn push_line(&mut self, depth: usize, text: &str, folded: usize) {
        if self.lines.len() >= LINES_MAX {
            self.left_out += 1;
            return;
        }
        let text = format::safe_to(text, TEXT_MAX).into_owned();
        self.lines.push(PrettyLine { depth, text, folded });
    }

    /// `head` stands before the value (`"name": `), `tail` behind it (`,`).
    fn value(&mut self, head: &str, value: &Value, depth: usize, tail: &str) {
        let (open, close, count) = match value {
            Value::Object(members) => ("{", "}", members.len()),
            Value::Array(elements) => ("[", "]", elements.len()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return self.push_line(depth, &format!("{head}{value}{tail}"), 0);
            }
        };
        if count == 0 {
            return self.push_line(depth, &format!("{head}{open}{close}{tail}"), 0);
        }
        if depth >= self.fold {
            let noun = if open == "{" { "field" } else { "element" };
            let inside = format::count_noun(u64::try_from(count).unwrap_or(u64::MAX), noun);
            return self.push_line(depth, &format!("{head}{open} {inside} {close}{tail}"), count);
        }
        self.push_line(depth, &format!("{head}{open}"), 0);
        let comma = |i: usize| if i + 1 < count { "," } else { "" };
        match value {
            Value::Object(members) => {
                for (i, (name, value)) in members.iter().enumerate() {
                    let head = format!("{}: ", Value::from(name.as_str()));
                    self.value(&head, value, depth + 1, comma(i));
                }
            }
            Value::Array(elements) => {
                for (i, value) in elements.iter().enumerate() {
                    self.value("", value, depth + 1, comma(i));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        self.push_line(depth, &format!("{close}{tail}"), 0);
    }
}

/// Longest line, in characters; far wider than any screen.
const TEXT_MAX: usize = 4_000;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(value: &Value, depth: usize) -> String {
        pretty_lines(value, depth).iter().map(PrettyLine::line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn depth_folds_what_lies_deeper_and_counts_it() {
        let value = json!({ "a": [1, { "b": null }], "c": {}, "d": "x\ny" });
        assert_eq!(text(&value, 0), "{ 3 fields }");
        assert_eq!(
            text(&value, 1),
            "{\n  \"a\": [ 2 elements ],\n  \"c\": {},\n  \"d\": \"x\\ny\"\n}"
        );
        assert_eq!(text(&value, 9), format!("{value:#}"));
        assert_eq!(pretty_lines(&value, 1)[1].folded, 2);
        assert_eq!(plain_lines(&Value::Null), Vec::<String>::new());
    }

    #[test]
    fn long_and_hostile_values_stay_lines() {
        let lines = pretty_lines(&json!((0..10_000).collect::<Vec<_>>()), 9);
        assert_eq!(lines.len(), LINES_MAX + 1);
        assert_eq!(lines.last().unwrap().text, "… 8002 more lines");
        let evil = json!({ "\u{202e}name": "\u{9b}2J\u{200b}", "long": "y".repeat(1 << 20) });
        for line in pretty_lines(&evil, 9) {
            assert_eq!(format::safe_to(&line.text, 5_000), line.text);
            assert!(line.text.chars().count() <= TEXT_MAX);
        }
        let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(pretty_lines(&deep, 1_000).len(), DEPTH_MAX * 2 + 1);
    }

    proptest::proptest! {
        #[test]
        fn what_is_unfolded_reads_as_the_same_value(numbers in proptest::collection::vec(-9_i64..9, 0..9), name in "[a-z\" ]{0,5}") {
            let value = json!({ name: numbers, "z": { "x": [[], {}] } });
            let back: Value = serde_json::from_str(&text(&value, DEPTH_MAX)).unwrap();
            proptest::prop_assert_eq!(back, value);
        }
    }
}
