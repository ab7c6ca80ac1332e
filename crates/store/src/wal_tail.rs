//! Scan of the database's write-ahead log for a tail that `SQLite` would silently drop.
//!
//! The format is <https://www.sqlite.org/fileformat2.html#walformat>: a header, then frames, each a
//! page with a checksum over everything before it; a frame that ends a transaction gives the size
//! of the database after it.

use std::{
    fmt,
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

use chrono::{DateTime, Utc};

const HEADER: usize = 32;
const FRAME: usize = 24;

/// The reason for which the tail of a write-ahead log is not a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TearKind {
    /// Intact pages of an unfinished transaction: the process ended while it wrote.
    Unfinished,
    /// The file ends within a page.
    Short,
    /// A page fails its checksum: not all of the data in memory reached the disk.
    Damaged,
    /// The header fails its checksum, so that the whole file is ignored.
    #[serde(rename = "headless")]
    MissingHeader,
}

/// The tail of a write-ahead log that is dropped when the database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct TornTail {
    /// Its start, in bytes from the start of the file.
    pub offset: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// Number of finished transactions in it, which are lost; they were not synced to disk.
    pub lost: u64,
    /// The kind of damage.
    pub tear: TearKind,
    /// Modification time of the file, UTC, by the clock of the file system.
    pub written_at: Option<DateTime<Utc>>,
}

impl fmt::Display for TornTail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, bytes, lost, tear, written_at } = self;
        let why = match tear {
            TearKind::Unfinished => "a step that was being written when the process ended",
            TearKind::Short => "the file ends in the middle of a page",
            TearKind::Damaged => "a page does not match its checksum, as after a power failure",
            TearKind::MissingHeader => "the header of the file does not match its checksum",
        };
        write!(
            f,
            "the journal's log was torn: {bytes} bytes from byte {offset} on are dropped ({why})"
        )?;
        match (lost, tear) {
            (0, TearKind::MissingHeader) => f.write_str("; what they held is not known")?,
            (0, _) => f.write_str("; no finished step is among them")?,
            (n, _) => write!(f, "; with them {n} finished steps that had not been synced to disk")?,
        }
        written_at
            .map_or(Ok(()), |at| write!(f, "; last written {}", at.format("%Y-%m-%d %H:%M:%S UTC")))
    }
}

/// Returns the tail that would be dropped of the write-ahead log at `path`; `None` if there is
/// none. The database must not be open for writing meanwhile.
///
/// # Errors
///
/// The file exists but cannot be read.
pub(super) fn torn_tail(path: &Path) -> io::Result<Option<TornTail>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let written_at = file.metadata()?.modified().ok().map(DateTime::from);
    Ok(scan_log(BufReader::new(file))?.map(|torn| TornTail { written_at, ..torn }))
}

/// Scans the bytes of a write-ahead log.
///
/// # Errors
///
/// Errors of reading `log`.
pub fn scan_log(mut log: impl Read) -> io::Result<Option<TornTail>> {
    let mut head = [0; HEADER];
    let got = fill(&mut log, &mut head)?;
    if got == 0 {
        return Ok(None);
    }
    let Some((mut sums, page)) = (got == HEADER).then(|| opened(&head)).flatten() else {
        let rest = io::copy(&mut log, &mut io::sink())?;
        let bytes = len(got) + rest;
        let tear = if got < HEADER { TearKind::Short } else { TearKind::MissingHeader };
        return Ok(Some(TornTail { offset: 0, bytes, lost: 0, tear, written_at: None }));
    };
    let salts = &head[16..24];
    let mut frame = vec![0; FRAME + page];
    let (mut at, mut whole, mut lost, mut tear) = (len(HEADER), len(HEADER), 0, None);
    loop {
        let got = fill(&mut log, &mut frame)?;
        let (about, body) = frame.split_at(FRAME);
        // The log is overwritten from its start: remains of an earlier one may follow its end.
        let ours = got >= 16 && &about[8..16] == salts;
        let empty = got > 0 && frame[..got].iter().all(|byte| *byte == 0);
        if !ours && !empty {
            break;
        }
        at += len(got);
        if got < frame.len() {
            tear = tear.or(Some(TearKind::Short));
            break;
        }
        let commits = read_u32_be(&about[4..8]) != 0;
        if tear.is_none() {
            sums.add(&about[..8]);
            sums.add(body);
            if sums.fit(&about[16..24]) {
                whole = if commits { at } else { whole };
                continue;
            }
            tear = Some(TearKind::Damaged);
        }
        lost += u64::from(commits);
    }
    let torn = TornTail {
        offset: whole,
        bytes: at - whole,
        lost,
        tear: tear.unwrap_or(TearKind::Unfinished),
        written_at: None,
    };
    Ok(Some(torn).filter(|torn| torn.bytes > 0))
}

/// The running checksums of a log, and its byte order.
struct WalChecksums {
    big: bool,
    pair: (u32, u32),
}

impl WalChecksums {
    fn add(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks_exact(8) {
            let (one, other) = eight.split_at(4);
            let (one, other) = if self.big {
                (read_u32_be(one), read_u32_be(other))
            } else {
                (read_u32_be(one).swap_bytes(), read_u32_be(other).swap_bytes())
            };
            self.pair.0 = self.pair.0.wrapping_add(one).wrapping_add(self.pair.1);
            self.pair.1 = self.pair.1.wrapping_add(other).wrapping_add(self.pair.0);
        }
    }

    fn fit(&self, written: &[u8]) -> bool {
        (read_u32_be(&written[..4]), read_u32_be(&written[4..8])) == self.pair
    }
}

/// Returns the checksums after the header and the page size, if the header is valid.
fn opened(head: &[u8; HEADER]) -> Option<(WalChecksums, usize)> {
    let big = match read_u32_be(&head[..4]) {
        0x377f_0682 => false,
        0x377f_0683 => true,
        _other => return None,
    };
    let page = usize::try_from(read_u32_be(&head[8..12])).ok()?;
    let mut sums = WalChecksums { big, pair: (0, 0) };
    sums.add(&head[..24]);
    let sound = page.is_power_of_two() && (512..=65_536).contains(&page);
    (sound && sums.fit(&head[24..32])).then_some((sums, page))
}

/// Reads four bytes as a big-endian number.
fn read_u32_be(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

fn len(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// Reads until `buffer` is full or the input ends; returns the number of bytes read.
fn fill(log: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match log.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rusqlite::Connection;

    use super::*;

    /// Returns a log of four transactions, of one page each except the second, with the end of
    /// each.
    fn log() -> (Vec<u8>, Vec<u64>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let db = Connection::open(&path).unwrap();
        db.pragma_update(None, "journal_mode", "WAL").unwrap();
        db.execute_batch("CREATE TABLE t (a TEXT)").unwrap();
        let mut ends = vec![];
        for text in ["a", &"b".repeat(9_000), "c", "d"] {
            db.execute("INSERT INTO t VALUES (?1)", [text]).unwrap();
            ends.push(fs::metadata(folder.path().join("x.db-wal")).unwrap().len());
        }
        (fs::read(folder.path().join("x.db-wal")).unwrap(), ends)
    }

    fn seen(bytes: &[u8]) -> Option<(u64, u64, u64, TearKind)> {
        scan_log(bytes).unwrap().map(|torn| (torn.offset, torn.bytes, torn.lost, torn.tear))
    }

    #[test]
    fn a_log_that_ends_with_a_transaction_is_not_torn() {
        let (log, ends) = log();
        assert_eq!(seen(&log), None);
        assert_eq!(seen(&[]), None);
        for end in ends {
            assert_eq!(seen(&log[..usize::try_from(end).unwrap()]), None);
        }
    }

    #[test]
    fn reports_tail_after_last_complete_transaction() {
        let (log, ends) = log();
        for cut in (1..log.len()).step_by(97) {
            let cut = u64::try_from(cut).unwrap();
            let found = seen(&log[..usize::try_from(cut).unwrap()]);
            let before = ends.iter().copied().filter(|end| *end <= cut).max();
            // A tail too short to identify its log may belong to an earlier one.
            let expected = before.filter(|end| cut >= end + 16).map(|end| (end, cut - end, 0));
            let told = found.map(|(offset, bytes, lost, _)| (offset, bytes, lost));
            if before.is_some() {
                assert_eq!(told, expected, "cut at {cut}");
            }
        }
    }

    #[test]
    fn changed_page_drops_later_pages_and_counts_lost_steps() {
        let (mut log, ends) = log();
        let at = usize::try_from(ends[0]).unwrap() + FRAME + 100;
        log[at] ^= 1;
        let all = u64::try_from(log.len()).unwrap();
        assert_eq!(seen(&log), Some((ends[0], all - ends[0], 3, TearKind::Damaged)));
        let text = scan_log(&log[..]).unwrap().unwrap().to_string();
        assert!(text.contains("3 finished steps that had not been synced"), "{text}");
    }

    #[test]
    fn ignores_remains_of_earlier_log_but_reports_zeros() {
        let (mut log, ends) = log();
        let whole = log.len();
        let at = usize::try_from(ends[2]).unwrap();
        let mut older = log[at..].to_vec();
        older[8] ^= 0x55;
        log.extend(older);
        assert_eq!(seen(&log), None);
        log.truncate(whole);
        log.extend([0; 4_096]);
        assert_eq!(seen(&log), Some((ends[3], 4_096, 0, TearKind::Short)));
    }

    #[test]
    fn changed_header_invalidates_whole_log() {
        let (mut log, _) = log();
        let all = u64::try_from(log.len()).unwrap();
        log[17] ^= 4;
        assert_eq!(seen(&log), Some((0, all, 0, TearKind::MissingHeader)));
        assert_eq!(seen(&log[..7]), Some((0, 7, 0, TearKind::Short)));
    }
}
