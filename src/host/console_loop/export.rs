//! Views written to files: into a folder of their own, never over one that is there.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Files of one name in the folder; the operator is told before the disk is full of them.
const TWINS_MAX: u32 = 1_000;

/// Writes `text` into `folder`, which is made if it is not there, under `name` or, when that is
/// taken, under `name-2` and so on before its ending. Gives the path.
///
/// Of `name`, only letters, digits, `.`, `-` and `_` are kept; others become `-`.
///
/// # Errors
///
/// When the folder or the file cannot be written.
pub(super) fn export_file(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = name.chars().take(100).map(plain).collect();
    let name = name.trim_start_matches('.');
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
    for twin in 1..=TWINS_MAX {
        let number = if twin == 1 { String::new() } else { format!("-{twin}") };
        let path = folder.join(format!("{stem}{number}.{ending}"));
        match File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(format!("there are {TWINS_MAX} files called {stem}.{ending}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_never_written_over() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("exports");
        for (text, name) in [("a", "tasks.csv"), ("b", "tasks-2.csv"), ("c", "tasks-3.csv")] {
            let path = export_file(&folder, "tasks.csv", text).expect("written");
            assert_eq!(path, folder.join(name));
            assert_eq!(fs::read_to_string(path).expect("there"), text);
        }
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        let dir = tempfile::tempdir().expect("a folder");
        for name in ["../../evil.csv", "/etc/passwd", "..", "", "a\u{1b}]0;b.txt", ".hidden"] {
            let path = export_file(dir.path(), name, "x").expect("written");
            assert_eq!(path.parent(), Some(dir.path()), "{name:?}");
            let file = path.file_name().expect("a name").to_string_lossy().into_owned();
            assert!(file.chars().all(|c| c.is_ascii_graphic()), "{file:?}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("file");
        fs::write(&file, "").expect("written");
        assert!(export_file(&file, "tasks.csv", "x").is_err());
    }
}
