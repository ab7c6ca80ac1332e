//! The folder of a drill, which nothing else uses and nobody keeps.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use super::DrillError;

/// How many names are tried before the folder of folders counts as unusable.
const TRIES: u32 = 100;

/// A folder that is gone when this is.
pub(super) struct ScratchFolder(pub(super) PathBuf);

impl ScratchFolder {
    /// A folder of this process alone, new and empty.
    pub(super) fn create_in(parent: &Path) -> Result<Self, DrillError> {
        let mut last = None;
        for n in 0..TRIES {
            let path = parent.join(format!("bellwether-drill-{}-{n}", std::process::id()));
            // Not made where something is: whatever that is, it is not this drill's.
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = Some(error),
                Err(source) => return Err(DrillError::Folder { path: parent.to_owned(), source }),
            }
        }
        let source = last.unwrap_or_else(|| io::ErrorKind::AlreadyExists.into());
        Err(DrillError::Folder { path: parent.to_owned(), source })
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the folder of the drill stays: {}", self.0.display());
        }
    }
}
