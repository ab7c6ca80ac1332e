//! The head of a database: its last committed rows, kept in a file beside it. `SQLite` drops the end
//! of a write-ahead log that it cannot read, and the rows that are left give no sign of it.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::{StoreError, archive::sum_to_hex, event_row::EventSum, schema};

/// The last committed rows of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CommittedHead {
    /// The last event of the run last written to.
    pub(super) events: Option<EventEnd>,
    /// The last fact of each log of the run last written to.
    pub(super) facts: Vec<FactEnd>,
}

/// The last event of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EventEnd {
    pub(super) run: i64,
    pub(super) name: String,
    pub(super) seq: u64,
    pub(super) sum: String,
}

impl EventEnd {
    pub(super) fn new((run, name): (i64, &str), seq: u64, sum: EventSum) -> Self {
        Self { run, name: name.to_owned(), seq, sum: sum_to_hex(sum) }
    }
}

/// The last fact of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FactEnd {
    /// The name of the run.
    pub(super) run: String,
    pub(super) log: String,
    pub(super) seq: i64,
    pub(super) sum: String,
}

impl CommittedHead {
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_none() && self.facts.is_empty()
    }

    /// Notes the last fact of a log; logs of other runs are dropped.
    pub(super) fn add_fact(&mut self, (run, log): (&str, &str), (seq, sum): (i64, EventSum)) {
        self.facts.retain(|end| end.run == run && end.log != log);
        let sum = sum_to_hex(sum);
        self.facts.push(FactEnd { run: run.to_owned(), log: log.to_owned(), seq, sum });
    }

    /// Drops the ends of a run that is moved away on purpose.
    pub(super) fn forget_run(&mut self, run: i64, name: &str) {
        self.events = self.events.take().filter(|end| end.run != run);
        self.forget_facts(name);
    }

    /// Drops the ends of a run's fact logs that are moved away on purpose.
    pub(super) fn forget_facts(&mut self, name: &str) {
        self.facts.retain(|end| end.run != name);
    }
}

/// A head with its file, which is overwritten after each commit.
#[derive(Debug)]
pub(super) struct HeadFile {
    file: File,
    head: CommittedHead,
}

impl HeadFile {
    /// Opens the file beside a database, creating it if needed.
    pub(super) fn open(database: &Path) -> Result<Self, StoreError> {
        let path = head_path(database);
        let options =
            File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let file = options.map_err(StoreError::for_folder(&path))?;
        // What cannot be read was reported before the database was opened.
        let head = load_head(database).ok().flatten().unwrap_or_default();
        Ok(Self { file, head })
    }

    /// Changes the head and writes it.
    pub(super) fn note(&mut self, change: impl FnOnce(&mut CommittedHead)) {
        change(&mut self.head);
        // Dropped: the rows are committed all the same, the next commit writes the head again, and a
        // head that stays behind reports no false loss.
        let _ = self.write();
    }

    fn write(&self) -> io::Result<()> {
        let mut text = serde_json::to_string(&self.head)?;
        text.push('\n');
        let before = usize::try_from(self.file.metadata()?.len()).unwrap_or_default();
        // Spaces overwrite a longer text: the file is never cut, so that a kill leaves one or the other.
        let padded = format!("{text:before$}");
        self.file.write_all_at(padded.as_bytes(), 0)
    }

    /// Sets the head to the last rows of the database; of the fact logs, to those of the run `named`
    /// or of the last run. Returns the name of that run.
    pub(super) fn read_from(
        &mut self,
        db: &Connection,
        named: Option<String>,
    ) -> rusqlite::Result<Option<String>> {
        let events = if schema::has_table(db, "events")? { last_event(db)? } else { None };
        let name = named.or_else(|| events.as_ref().map(|end| end.name.clone()));
        let facts = match &name {
            Some(name) => last_facts(db, name)?,
            None => Vec::new(),
        };
        self.note(|head| *head = CommittedHead { events, facts });
        db.execute("INSERT OR IGNORE INTO meta VALUES ('head', 1)", [])?;
        Ok(name)
    }
}

fn last_event(db: &Connection) -> rusqlite::Result<Option<EventEnd>> {
    let sql = "SELECT run, name, seq, sum FROM events JOIN runs ON runs.id = events.run \
               WHERE run = (SELECT max(run) FROM events) ORDER BY seq DESC LIMIT 1";
    let end = db.query_row(sql, [], |row| {
        let name: String = row.get(1)?;
        let seq = u64::try_from(row.get::<_, i64>(2)?).unwrap_or_default();
        Ok(EventEnd::new((row.get(0)?, &name), seq, row.get(3)?))
    });
    // A damaged row is no end; the check of its run reports it.
    match end.optional() {
        Err(error) if error.sqlite_error_code().is_none() => Ok(None),
        read => read,
    }
}

fn last_facts(db: &Connection, run: &str) -> rusqlite::Result<Vec<FactEnd>> {
    let sql = "SELECT log, seq, hex(sum) FROM facts WHERE run = ?1 AND (log, seq) IN \
               (SELECT log, max(seq) FROM facts WHERE run = ?1 GROUP BY log)";
    let mut ask = db.prepare(sql)?;
    let ends = ask.query_map(params![run], |row| {
        let sum: String = row.get(2)?;
        let (run, sum) = (run.to_owned(), sum.to_lowercase());
        Ok(FactEnd { run, log: row.get(0)?, seq: row.get(1)?, sum })
    })?;
    ends.collect()
}

/// Reads the head beside a database; `None` if there is no file or it is empty.
pub(super) fn load_head(database: &Path) -> io::Result<Option<CommittedHead>> {
    match fs::read(head_path(database)) {
        Ok(bytes) if bytes.is_empty() => Ok(None),
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) fn head_path(database: &Path) -> PathBuf {
    database.with_extension("head")
}
