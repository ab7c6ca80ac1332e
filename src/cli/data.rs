//! `bellwether data`: what market data is there, what is wrong with it, and files of vendors taken in.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;

use super::{CliContext, CliError, Exit, check_data::MarketDataFolder};
use crate::host::{ControllerError, input_file::read_input_file, market_data};
use desk::market::{Bar, Dataset, RowTreatment, SessionSide};
use planning::calendar;

/// Words of `bellwether data`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether data check prices/     every problem of a folder, by file, row and symbol
  bellwether data status            what the data of this desk covers
  bellwether data import HistoricalData_1751.csv --symbol AAPL --to prices/")]
pub struct DataArgs {
    #[command(subcommand)]
    command: DataCommand,
}

/// Subcommands of `bellwether data`.
#[derive(Debug, Clone, Subcommand)]
enum DataCommand {
    /// Report every problem of a folder of market data, by file, row and symbol
    #[command(after_help = "\
Examples:
  bellwether data check prices/
  bellwether data check --json | jq   the folder of the setting `data_dir`

Ends with 0 when every row that was meant to count does, and with 1 when some had to be left out.
`docs/market-data.md` describes the files that are accepted.")]
    Check(FolderArgs),
    /// Show each symbol and series: from when to when, and how many sessions have no bar
    #[command(after_help = "\
Examples:
  bellwether data status prices/
  bellwether data status              the data that a run would use")]
    Status(FolderArgs),
    /// Check a file of a vendor and copy it, unchanged, to a folder of market data
    #[command(after_help = "\
Examples:
  bellwether data import HistoricalData_1751.csv --symbol AAPL --to prices/
  bellwether data import aapl.us.txt --to prices/

With `--symbol` the copy is DIR/bars/SYMBOL.csv, else it keeps its name. A file that exists is never
overwritten: then nothing is written, and the exit code is 2. A file that cannot be used is not
copied, and the exit code is 1.")]
    Import(ImportArgs),
}

/// Words of `bellwether data check` and `bellwether data status`.
#[derive(Debug, Clone, Args)]
struct FolderArgs {
    /// Folder with market data; default: the setting `data_dir`
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Words of `bellwether data import`.
#[derive(Debug, Clone, Args)]
struct ImportArgs {
    /// The file, in any accepted format
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Folder with market data; it is created; default: the setting `data_dir`
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// The symbol of a file that does not name one
    #[arg(long, value_name = "SYMBOL")]
    symbol: Option<String>,
}

/// Does what the words say.
///
/// # Errors
///
/// [`CliError`] for a folder or file that cannot be read or written, or a file that is not accepted.
pub fn run(
    args: &DataArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let configured = context.config()?.places.data;
    match &args.command {
        DataCommand::Check(args) => check(args, configured, out),
        DataCommand::Status(args) => status(args, configured, out),
        DataCommand::Import(args) => import(args, configured, out),
    }
}

fn check(
    args: &FolderArgs,
    configured: Option<PathBuf>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let Some(folder) = args.folder.clone().or(configured) else { return Err(no_folder("DIR")) };
    let data = MarketDataFolder::load(&folder)?;
    if args.json {
        writeln!(out, "{:#}", json!(data.to_json().collect::<Vec<_>>()))?;
    } else {
        data.lines().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    out.flush()?;
    Ok(if data.is_sound() { Exit::Success } else { Exit::Failed })
}

fn no_folder(word: &str) -> CliError {
    let message = format!(
        "no folder of market data is named, and the setting `data_dir` is empty; name {word}"
    );
    CliError::new(Exit::Usage, message)
}

/// What the data has of a symbol.
#[derive(Debug, Serialize)]
struct Coverage<'a> {
    symbol: &'a str,
    first: NaiveDate,
    last: NaiveDate,
    bars: usize,
    /// Sessions between the first and the last without a bar; `None` in years that the calendar does
    /// not know.
    missing: Option<usize>,
    fields: Vec<&'static str>,
}

impl<'a> Coverage<'a> {
    fn of(data: &Dataset, symbol: &'a str) -> Option<Self> {
        let bars = data.as_of(NaiveDate::MAX, SessionSide::IncludingToday).bars(symbol);
        let (first, last) = (bars.first()?.date, bars.last()?.date);
        let days: BTreeSet<NaiveDate> = bars.iter().map(|bar| bar.date).collect();
        let sessions = calendar::sessions(first, last).ok();
        let missing =
            sessions.map(|all| all.filter(|session| !days.contains(&session.date)).count());
        Some(Self { symbol, first, last, bars: bars.len(), missing, fields: fields(bars) })
    }

    fn line(&self) -> String {
        let missing = self.missing.map_or_else(|| "?".to_owned(), |count| count.to_string());
        let Self { symbol, first, last, bars, .. } = self;
        let fields = self.fields.join(",");
        format!("{symbol:<12} {first}  {last}  {bars:>6}  {missing:>7}  {fields}")
    }
}

/// Returns the columns that some bar has a value of.
fn fields(bars: &[Bar]) -> Vec<&'static str> {
    let mut fields = Vec::new();
    if bars.iter().any(|bar| bar.range.is_some()) {
        fields.extend(["open", "high", "low"]);
    }
    fields.push("close");
    if bars.iter().any(|bar| bar.adj_close.is_some()) {
        fields.push("adj_close");
    }
    if bars.iter().any(|bar| bar.volume.is_some()) {
        fields.push("volume");
    }
    fields
}

fn status(
    args: &FolderArgs,
    configured: Option<PathBuf>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let data = match args.folder.clone().or(configured) {
        Some(folder) => market_data(&folder).map_err(ControllerError::from)?.0,
        None => Dataset::bundled(),
    };
    let rows: Vec<_> = data.symbols().filter_map(|symbol| Coverage::of(&data, symbol)).collect();
    if args.json {
        let series: Vec<_> = data
            .series_ranges()
            .map(|(id, first, last, count)| {
                json!({ "series": id, "first": first, "last": last, "observations": count })
            })
            .collect();
        let files = data.source_files();
        writeln!(out, "{:#}", json!({ "bars": rows, "series": series, "files": files }))?;
    } else {
        writeln!(out, "symbol       first       last          bars  missing  fields")?;
        rows.iter().try_for_each(|row| writeln!(out, "{}", row.line()))?;
        for (id, first, last, count) in data.series_ranges() {
            writeln!(out, "{id:<12} {first}  {last}  {count:>6}           economic series")?;
        }
    }
    out.flush()?;
    Ok(Exit::Success)
}

fn import(
    args: &ImportArgs,
    configured: Option<PathBuf>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let Some(to) = args.to.clone().or(configured) else { return Err(no_folder("--to DIR")) };
    let name = copy_name(args)?;
    let bytes = read_input_file(&args.file).map_err(|error| cannot("read", &args.file, &error))?;
    let text = String::from_utf8_lossy(&bytes);
    let (data, problems) = Dataset::parse([(name.as_str(), text.as_ref())].into_iter());
    if let Some(refused) =
        problems.iter().find(|problem| problem.reason.treatment() == RowTreatment::FileIgnored)
    {
        let cure = "; nothing was written: correct the file, or name its symbol with --symbol";
        return Err(CliError::new(Exit::Failed, format!("{refused}{cure}")));
    }
    let wanted = args.symbol.as_ref().map(|symbol| symbol.to_ascii_uppercase());
    let other = data.symbols().find(|symbol| wanted.as_ref().is_some_and(|one| one != symbol));
    if let Some(other) = other {
        let message = format!(
            "{} has bars of {other}; nothing was written: leave --symbol out",
            args.file.display()
        );
        return Err(CliError::new(Exit::Failed, message));
    }
    let path = to.join(&name);
    write_copy(&path, &bytes)?;
    problems.iter().try_for_each(|problem| writeln!(out, "{problem}"))?;
    for row in data.symbols().filter_map(|symbol| Coverage::of(&data, symbol)) {
        writeln!(out, "{}: {} bars, {} to {}", row.symbol, row.bars, row.first, row.last)?;
    }
    writeln!(out, "wrote {}", path.display())?;
    out.flush()?;
    Ok(Exit::Success)
}

/// Returns the name of the copy, which tells its symbol: `bars/AAPL.csv`, or the file's own name.
fn copy_name(args: &ImportArgs) -> Result<String, CliError> {
    if let Some(symbol) = &args.symbol {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-^=".contains(c);
        if symbol.is_empty() || symbol.starts_with('.') || !symbol.chars().all(plain) {
            let message =
                format!("`{symbol}` is no symbol; letters, digits and ._-^= are accepted");
            return Err(CliError::new(Exit::Usage, message));
        }
        return Ok(format!("bars/{}.csv", symbol.to_ascii_uppercase()));
    }
    let Some(stem) = args.file.file_stem() else {
        let message = format!("{} names no file; name one", args.file.display());
        return Err(CliError::new(Exit::Usage, message));
    };
    Ok(format!("{}.csv", stem.to_string_lossy()))
}

/// Writes a new file, whole or not at all.
fn write_copy(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    if path.exists() {
        let message = format!(
            "{} exists; nothing was written: move it away, or choose another folder",
            path.display()
        );
        return Err(CliError::new(Exit::Usage, message));
    }
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let unfinished = path.with_extension("csv.new");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&unfinished, bytes))
        .and_then(|()| fs::hard_link(&unfinished, path))
        .and_then(|()| fs::remove_file(&unfinished))
        .map_err(|error| cannot("write", path, &error))
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> CliError {
    CliError::new(Exit::Internal, format!("cannot {what} {}: {error}", path.display()))
}
