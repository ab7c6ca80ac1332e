//! Opens the log of a process, and changes its filter while it runs.

use std::{
    fs, io,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use tracing_appender::{
    non_blocking::{NonBlockingBuilder, WorkerGuard},
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, reload, util::SubscriberInitExt as _,
};

use super::{
    layer::{LineLayer, RUN},
    redaction::Redaction,
};
use crate::{
    cli::{CliError, Exit},
    host::notifications::notifiers,
};
use config::{Config, LogFormat, LogLevel, SettingOrigin};
use runtime::register_log_filter;

/// Whether the events of the run are lines of the log: not beside the same events on the terminal.
static HOLDS_EVENTS: AtomicBool = AtomicBool::new(false);
/// Lines that wait for their writer; more are dropped and counted.
const WAITING_MAX: usize = 8_192;

/// The log of this process. Dropped, it writes what waits, for a second at most.
#[derive(Debug)]
pub(crate) struct ProcessLog {
    _worker: WorkerGuard,
}

impl ProcessLog {
    /// Opens the log; later calls in a process open nothing. `unasked`: the level on stderr where the
    /// configuration asks for none.
    ///
    /// # Errors
    ///
    /// [`CliError`] for a filter that is not understood, and a file that cannot be written.
    pub(crate) fn open(
        config: &Config,
        vars: &[(String, String)],
        unasked: LogLevel,
    ) -> Result<Self, CliError> {
        let monitoring = &config.monitoring;
        let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_MAX);
        let (writer, worker) = match &monitoring.log_file {
            None => builder.finish(io::stderr()),
            Some(path) => builder.finish(file(path, monitoring.log_keep)?),
        };
        let text = first_filter(config, unasked);
        let filter = parse_filter(&text).map_err(|why| {
            CliError::new(Exit::Usage, format!("`log_filter` {}: {why}", diag::quote(&text)))
        })?;
        let (filter, change) = reload::Layer::new(filter);
        let redaction = Redaction::new(&notifiers(config)?, vars);
        let layer = LineLayer::new(writer, monitoring.log_format, redaction).with_filter(filter);
        if tracing_subscriber::registry().with(layer).try_init().is_ok() {
            let events = monitoring.log_format == LogFormat::Json || monitoring.log_file.is_some();
            HOLDS_EVENTS.store(events, Ordering::Release);
            register_log_filter(Box::new(move |text| {
                let filter = parse_filter(text)?;
                change.reload(filter).map_err(|error| error.to_string())?;
                tracing::info!("the log filter is now {}", diag::quote(text));
                Ok(())
            }));
        }
        Ok(Self { _worker: worker })
    }
}

/// Returns whether the events of the run belong into the log.
pub(super) fn holds_events() -> bool {
    HOLDS_EVENTS.load(Ordering::Acquire)
}

/// Names the run in the lines from here on.
pub(crate) fn name_run(run: &str) {
    // A process drives one run.
    let _ = RUN.set(run.to_owned());
}

fn parse_filter(text: &str) -> Result<EnvFilter, String> {
    if text.trim().is_empty() {
        return Err("it is empty".into());
    }
    EnvFilter::builder().parse(text).map_err(|error| error.to_string())
}

/// The filter of the configuration. On stderr, beside what a command prints, only the level `unasked` is
/// shown unless a level, a form or a file is asked for.
fn first_filter(config: &Config, unasked: LogLevel) -> String {
    let monitoring = &config.monitoring;
    if !monitoring.log_filter.is_empty() {
        return monitoring.log_filter.clone();
    }
    let given =
        |key: &str| config.setting(key).is_some_and(|row| row.origin != SettingOrigin::Default);
    let asked = given("log_level") || given("log_format") || monitoring.log_file.is_some();
    if asked { monitoring.log_level.as_str().into() } else { unasked.as_str().into() }
}

fn file(path: &Path, keep: u32) -> Result<RollingFileAppender, CliError> {
    let failed = |error: &dyn std::fmt::Display| {
        let message = format!("cannot open the log {}: {error}; set log_file", path.display());
        CliError::new(Exit::Usage, message)
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let part = |part: Option<&std::ffi::OsStr>| part.map(|it| it.to_string_lossy().into_owned());
    let Some(stem) = part(path.file_stem()) else { return Err(failed(&"it has no file name")) };
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(stem)
        .filename_suffix(part(path.extension()).unwrap_or_else(|| "log".into()))
        .max_log_files(usize::try_from(keep).unwrap_or(usize::MAX))
        .build(folder)
        .map_err(|error| failed(&error))
}
