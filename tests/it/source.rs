//! The project's own text as data for tests: its files, and Rust code without comments and strings.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One text file of the project.
pub(crate) struct TextFile {
    /// Path from the root of the project, with `/` between names.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl TextFile {
    /// The text with comments, strings and characters blanked out, lines kept.
    pub(crate) fn code(&self) -> String {
        bare(&self.text)
    }

    /// [`Self::code`] up to the tests inside the file; nothing for a file of tests.
    pub(crate) fn code_outside_tests(&self) -> String {
        let of_tests = ["/tests.rs", "/testing.rs"].iter().any(|name| self.path.ends_with(name))
            || self.path.contains("/tests/");
        let code = if of_tests { String::new() } else { self.code() };
        code.split("#[cfg(test)]\nmod").next().unwrap_or_default().into()
    }

    /// The module a source file belongs to: `engine` for `src/engine/decide/starts.rs`.
    pub(crate) fn module(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        inside.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }
}

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// All files below `folder` whose name ends in one of `endings`, sorted by path. Build output and
/// hidden folders are left out.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<TextFile> {
    let mut found = Vec::new();
    collect(&root().join(folder), endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<TextFile>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.map(|entry| entry.expect("a folder of the project can be listed")) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" {
                collect(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let text = fs::read_to_string(&path).expect("a text file of the project is UTF-8");
            let path = path.strip_prefix(root()).expect("it was found below the root");
            found.push(TextFile { path: path.to_string_lossy().replace('\\', "/"), text });
        }
    }
}

/// `text` with every character of a comment, string or character literal made a blank.
fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let blank = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if let Some(hashes) = raw_string(rest, &out) {
            let end = format!("\"{}", "#".repeat(hashes));
            let head = hashes + 2;
            rest.get(head..)
                .and_then(|body| body.find(&end))
                .map_or(rest.len(), |at| head + at + end.len())
        } else if first == '"' {
            1 + closing(rest.split_at(1).1, '"')
        } else if first == '\'' && is_character(rest) {
            1 + closing(rest.split_at(1).1, '\'')
        } else {
            0
        };
        let taken = if blank == 0 { first.len_utf8() } else { blank };
        let (piece, tail) = rest.split_at(taken);
        match blank {
            0 => out.push(first),
            _ => out.extend(piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' })),
        }
        rest = tail;
    }
    out
}

/// How many hashes open the raw string `rest` begins with, if it begins with one.
fn raw_string(rest: &str, before: &str) -> Option<usize> {
    let in_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let body = rest.strip_prefix('r').filter(|_| !in_word || before.ends_with('b'))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    body.get(hashes..)?.starts_with('"').then_some(hashes)
}

/// Whether a quote opens a character and not a lifetime.
fn is_character(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

/// Bytes up to and with the closing quote; a backslash protects what follows it.
fn closing(body: &str, quote: char) -> usize {
    let mut protected = false;
    for (at, c) in body.char_indices() {
        if c == quote && !protected {
            return at + c.len_utf8();
        }
        protected = c == '\\' && !protected;
    }
    body.len()
}

#[test]
fn comments_and_strings_are_blank_and_code_is_kept() {
    let text = "a /* b\n */ c // d\n\"e\\\"f\" g r#\"h\"i\"# 'j' &'k l '\\'' m br\"n\" for\"o\"";
    let bare = bare(text);
    let words: Vec<_> = bare.split_whitespace().collect();
    assert_eq!(words, ["a", "c", "g", "&'k", "l", "m", "b", "for"]);
    assert_eq!(bare.matches('\n').count(), 2);
}
