//! Why a drill came to no result.

use std::{io, path::PathBuf};

use crate::host::ControllerError;
use store::StoreError;

/// Why a drill came to no result, not even a bad one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DrillError {
    /// The day cannot be made, or not be driven.
    #[error(transparent)]
    Day(#[from] ControllerError),
    /// The folder of the drill cannot be used as a state folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of the drill cannot be made.
    #[error("a folder for the drill cannot be made in {}", path.display())]
    Folder {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What the day wrote cannot be read.
    #[error("what the day of the drill wrote cannot be read")]
    Read(#[source] io::Error),
}
