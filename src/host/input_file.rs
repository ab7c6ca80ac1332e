//! Reading files that an operator names, without waiting for a pipe or reading a device without end.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    os::unix::fs::FileTypeExt as _,
    path::Path,
};

/// The largest file that is read.
const LENGTH_MAX: u64 = 256 << 20;

/// Reads a whole file.
///
/// # Errors
///
/// The system's error, and an error for a pipe, a socket, or more than 256 MiB.
pub(crate) fn read_input_file(path: &Path) -> io::Result<Vec<u8>> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_fifo() || kind.is_socket() {
        return Err(io::Error::other("it is a pipe or a socket; write it to a file first"));
    }
    read_at_most(path, LENGTH_MAX)
}

/// Reads a whole file as text.
///
/// # Errors
///
/// As [`read_input_file`], and an error for text that is not UTF-8.
pub(crate) fn read_input_text(path: &Path) -> io::Result<String> {
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
    String::from_utf8(read_input_file(path)?).map_err(invalid)
}

fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|read| read <= most) {
        return Ok(bytes);
    }
    Err(io::Error::other(format!("it is larger than {} MiB", most >> 20)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_and_endless_devices_are_refused_and_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(read_input_file(&socket).unwrap_err().to_string().contains("a pipe or a socket"));
        let endless = read_at_most(Path::new("/dev/zero"), 1 << 20).unwrap_err();
        assert_eq!(endless.to_string(), "it is larger than 1 MiB");
        assert_eq!(read_input_text(Path::new("/dev/null")).unwrap(), "");
        let file = folder.path().join("file");
        fs::write(&file, [0xff]).unwrap();
        assert_eq!(read_input_file(&file).unwrap(), [0xff]);
        assert_eq!(read_input_text(&file).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
