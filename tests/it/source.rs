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

    /// [`Self::code`] up to the module of tests inside the file, which is its end.
    pub(crate) fn code_outside_tests(&self) -> String {
        let code = self.code();
        let inline = code.match_indices(TESTS_ONLY).find(|(at, _)| {
            let after = code.split_at(at + TESTS_ONLY.len()).1;
            declared(after).is_some_and(|(_, end)| end == '{')
        });
        code.split_at(inline.map_or(code.len(), |(at, _)| at)).0.into()
    }

    /// Modules this file declares and which are files of their own: the name, and whether only
    /// tests are built with it.
    pub(crate) fn children(&self) -> Vec<(String, bool)> {
        let code = self.code();
        let lines: Vec<_> = code.lines().collect();
        let of_tests = |at: usize| at > 0 && lines[at - 1].trim() == TESTS_ONLY;
        let found = lines.iter().enumerate().filter_map(|(at, line)| {
            let (name, _) = declared(line).filter(|(_, end)| *end == ';')?;
            Some((name.to_owned(), of_tests(at)))
        });
        found.collect()
    }

    /// The file or folder, without `.rs`, of the module `name` this file declares.
    fn child(&self, name: &str) -> String {
        let (folder, file) = self.path.rsplit_once('/').unwrap_or_default();
        match file {
            "mod.rs" | "lib.rs" | "main.rs" => format!("{folder}/{name}"),
            _ => format!("{}/{name}", self.path.trim_end_matches(".rs")),
        }
    }
}

/// What stands on the line before a module that only tests are built with.
const TESTS_ONLY: &str = "#[cfg(test)]";

/// The name of the module that `code` begins by declaring, and whether `;` or `{` follows it.
fn declared(code: &str) -> Option<(&str, char)> {
    let line = code.trim_start().lines().next()?.trim_end();
    let end = line.chars().last().filter(|c| matches!(c, ';' | '{'))?;
    let words = line.trim_end_matches([';', '{']).trim_end();
    let name = words.strip_prefix("mod ").or_else(|| {
        words.strip_prefix("pub").and_then(|rest| rest.split_once(" mod ")).map(|(_, name)| name)
    })?;
    Some((name, end))
}

/// Of some files, those that only tests are built with: files of modules declared so, and whatever
/// is below them.
pub(crate) fn only_for_tests(files: &[TextFile]) -> Vec<&str> {
    let mut roots = Vec::new();
    for file in files {
        let of_tests = file.children().into_iter().filter(|(_, of_tests)| *of_tests);
        roots.extend(of_tests.map(|(name, _)| file.child(&name)));
    }
    let within = |path: &str| {
        let of = |root: &String| {
            path.strip_prefix(root).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        roots.iter().any(of)
    };
    files.iter().map(|file| file.path.as_str()).filter(|path| within(path)).collect()
}

/// Of some files, those that no other declares as a module, so that no compiler ever reads them.
pub(crate) fn undeclared(files: &[TextFile]) -> Vec<&str> {
    let known: Vec<_> = files
        .iter()
        .flat_map(|file| file.children().into_iter().map(|(name, _)| file.child(&name)))
        .collect();
    let is_root = |path: &str| {
        let (folder, file) = path.rsplit_once('/').unwrap_or_default();
        let of_crate = folder == "src" || folder.ends_with("/src") || folder == "tests/it";
        of_crate && matches!(file, "lib.rs" | "main.rs")
    };
    let stem = |path: &str| {
        path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix(".rs")).map(str::to_owned)
    };
    let paths = files.iter().map(|file| file.path.as_str());
    paths.filter(|p| !is_root(p) && !stem(p).is_some_and(|stem| known.contains(&stem))).collect()
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
fn files_of_tests_and_files_of_nobody_are_told_from_the_others() {
    let file = |path: &str, text: &str| TextFile { path: path.into(), text: text.into() };
    let files = [
        file("src/lib.rs", "pub mod a;"),
        file("src/a/mod.rs", "#[cfg(test)]\nmod law;\nmod code;\n#[cfg(test)]\npub(crate) mod t;"),
        file("src/a/code.rs", "fn f() {}\n#[cfg(test)]\nmod tests {\n    x.unwrap() }"),
        file("src/a/law.rs", ""),
        file("src/a/t/mod.rs", "mod deep;"),
        file("src/a/t/deep.rs", ""),
        file("src/a/lawless.rs", "// mod nothing;"),
    ];
    assert_eq!(only_for_tests(&files), ["src/a/law.rs", "src/a/t/mod.rs", "src/a/t/deep.rs"]);
    assert_eq!(undeclared(&files), ["src/a/lawless.rs"]);
    assert_eq!(files[2].code_outside_tests(), "fn f() {}\n");
    assert_eq!(files[1].code_outside_tests(), files[1].text, "declared modules hide nothing");
}

#[test]
fn comments_and_strings_are_blank_and_code_is_kept() {
    let text = "a /* b\n */ c // d\n\"e\\\"f\" g r#\"h\"i\"# 'j' &'k l '\\'' m br\"n\" for\"o\"";
    let bare = bare(text);
    let words: Vec<_> = bare.split_whitespace().collect();
    assert_eq!(words, ["a", "c", "g", "&'k", "l", "m", "b", "for"]);
    assert_eq!(bare.matches('\n').count(), 2);
}
