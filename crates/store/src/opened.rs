//! Check that open files still exist under their names: data written to a deleted file is lost when
//! the process ends.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{
    StoreError,
    writer::{JournalOwner, LOCK, take_lock},
};

/// A path with the identity of the file when it was opened.
#[derive(Debug)]
pub(super) struct Opened {
    path: PathBuf,
    id: (u64, u64),
}

impl Opened {
    pub(super) fn at(path: &Path) -> Result<Self, StoreError> {
        let id = id(path).map_err(StoreError::for_folder(path))?;
        Ok(Self { path: path.to_owned(), id })
    }

    /// Returns an error if the file was deleted, moved away or replaced.
    pub(super) fn stands(&self) -> Result<(), StoreError> {
        let path = &self.path;
        match id(path) {
            Ok(id) if id == self.id => Ok(()),
            Ok(_other) => {
                Err(StoreError::Displaced { path: path.clone(), how: "another file is there" })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::Displaced {
                path: path.clone(),
                how: "it was deleted or moved away",
            }),
            Err(error) => Err(StoreError::for_folder(path)(error)),
        }
    }
}

fn id(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|found| (found.dev(), found.ino()))
}

/// The lock of a state folder, which identifies its writer to other processes.
#[derive(Debug)]
pub(super) struct Lock {
    folder: PathBuf,
    owner: JournalOwner,
    held: Mutex<(File, Opened)>,
}

impl Lock {
    pub(super) fn take(folder: &Path, owner: &JournalOwner) -> Result<Self, StoreError> {
        let held = Mutex::new(lock_taken_error(folder, owner)?);
        Ok(Self { folder: folder.to_owned(), owner: owner.clone(), held })
    }

    /// Takes the lock again if its file was deleted, so that other processes still find this one.
    ///
    /// # Errors
    ///
    /// As for taking the lock: another process may hold it by now.
    pub(super) fn keep(&self) -> Result<(), StoreError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.1.stands().is_err() {
            *held = lock_taken_error(&self.folder, &self.owner)?;
        }
        Ok(())
    }
}

fn lock_taken_error(folder: &Path, owner: &JournalOwner) -> Result<(File, Opened), StoreError> {
    let file = take_lock(folder, owner)?;
    Ok((file, Opened::at(&folder.join(LOCK))?))
}
