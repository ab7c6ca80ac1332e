//! Saved filters in a file: read when a console opens, written whole when one of them changes.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use tui::SavedFilters;

/// The filters of a file; none when there is no such file. One that cannot be read is told to the
/// log and left where it is until a filter is saved.
#[must_use]
pub fn saved_filters(path: &Path) -> SavedFilters {
    match fs::read_to_string(path) {
        Ok(text) => SavedFilters::parse(&text).unwrap_or_else(|error| {
            tracing::warn!("{}: {error}", path.display());
            SavedFilters::default()
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => SavedFilters::default(),
        Err(error) => {
            tracing::warn!("{}: {error}", path.display());
            SavedFilters::default()
        }
    }
}

/// Writes filters beside the file and puts them in its place, so that no reader ever finds half of
/// them.
///
/// # Errors
///
/// When the file cannot be written.
pub(super) fn save_atomically(path: &Path, filters: &SavedFilters) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(filters.to_json_text().as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_by_the_next_console_and_a_broken_file_harms_nobody() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("deep/filters.json");
        assert_eq!(saved_filters(&path), SavedFilters::default());
        let text = r#"{"tasks": {"bad ones": "state:failed"}}"#;
        let filters = SavedFilters::parse(text).expect("filters");
        save_atomically(&path, &filters).expect("written");
        assert_eq!(saved_filters(&path), filters);
        fs::write(&path, "{").expect("written");
        assert_eq!(saved_filters(&path), SavedFilters::default());
        save_atomically(&path, &filters).expect("written over");
        assert_eq!(saved_filters(&path), filters);
    }
}
