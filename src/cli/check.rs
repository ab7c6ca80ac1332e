//! `bellwether check`: every problem of the workflow files at once, compiler-style.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliContext, CliError, Exit, check_data::MarketDataFolder};
use crate::host::{ControllerError, days::read_own_agents, input_file::read_input_file};
use diag::{DiagnosticSeverity, RenderStyle};
use planning::{
    plan,
    workflow::{AgentCatalog, CheckReport, check_files},
};

/// Words of `bellwether check`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether check                       the files this desk runs: workflows_dir, else those built in
  bellwether check workflows/            every .yaml file of a folder
  bellwether check my.yaml fomc.yaml     a workflow and an overlay of it
  bellwether check --json my.yaml | jq   one array with an object per problem
  bellwether check --data prices/        and the market data of a folder, by file, row and symbol

Overlays alone are checked against the built-in workflow. Ends with 0 when the files can be used,
warnings or not, and with 1 when they cannot. Market data that had to be left out is an error.")]
pub struct CheckArgs {
    /// Workflow and overlay files, or folders of them
    pub files: Vec<PathBuf>,
    /// One JSON array with an object per problem
    #[arg(long)]
    pub json: bool,
}

/// Checks the files and prints what is wrong with them.
///
/// # Errors
///
/// [`CliError`] for files that cannot be read, all of them at once, or when `out` cannot be written.
pub fn run(
    args: &CheckArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let asked = if args.files.is_empty() {
        context.config()?.places.workflows.into_iter().collect()
    } else {
        args.files.clone()
    };
    let files = if asked.is_empty() { built_in() } else { read_files(&asked)? };
    let catalog = catalog(context)?;
    let report = check_over_builtin(&files, &catalog);
    let data =
        context.config()?.places.data.map(|folder| MarketDataFolder::load(&folder)).transpose()?;
    if args.json {
        let mut problems: Vec<_> = report.problems.iter().map(diag::Diagnostic::to_json).collect();
        problems.extend(data.iter().flat_map(MarketDataFolder::to_json));
        writeln!(out, "{:#}", json!(problems))?;
    } else {
        write!(out, "{}", diag::render(&report.problems, RenderStyle::Plain))?;
        writeln!(out, "{}", summary(&report, files.len()))?;
        for line in data.iter().flat_map(MarketDataFolder::lines) {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(if report.is_sound() && data.as_ref().is_none_or(MarketDataFolder::is_sound) {
        Exit::Success
    } else {
        Exit::Failed
    })
}

/// Returns the agents that workflows may name: those built in and those declared.
fn catalog(context: &CliContext<'_>) -> Result<AgentCatalog, CliError> {
    let mut catalog = AgentCatalog::builtin();
    context.embedded.add_to(&mut catalog);
    if let Some(file) = context.config()?.places.agents {
        read_own_agents(&file).map_err(ControllerError::from)?.add_to(&mut catalog);
    }
    Ok(catalog)
}

type Files = Vec<(String, String)>;

fn built_in() -> Files {
    plan::builtin_files().into_iter().map(|(name, text)| (name.into(), text.into())).collect()
}

fn check_over_builtin(files: &Files, catalog: &AgentCatalog) -> CheckReport {
    let borrowed = |files: &'_ Files| -> CheckReport {
        let files: Vec<_> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        check_files(&files, catalog)
    };
    let report = borrowed(files);
    if report.definition.is_some() || !report.is_sound() {
        return report;
    }
    // Overlays alone: what they change is the day that is built in.
    let base = built_in().into_iter().take(1);
    borrowed(&base.chain(files.iter().cloned()).collect())
}

/// Name and text of each file asked for, folders opened, in the order asked and by name in a folder.
fn read_files(asked: &[PathBuf]) -> Result<Files, CliError> {
    let (mut files, mut faults) = (Files::new(), Vec::new());
    for path in asked {
        match workflow_files_in(path) {
            Ok(paths) if paths.is_empty() => {
                faults.push(format!("{}: no .yaml file in this folder", path.display()));
            }
            Ok(paths) => paths.iter().for_each(|path| match text_of(path) {
                Ok(file) => files.push(file),
                Err(fault) => faults.push(fault),
            }),
            Err(error) => faults.push(format!("{}: {error}", path.display())),
        }
    }
    if faults.is_empty() {
        return Ok(files);
    }
    let message = format!("cannot read what is to be checked\n  {}", faults.join("\n  "));
    Err(CliError::new(Exit::Usage, message))
}

fn workflow_files_in(path: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    if !path.is_dir() {
        return Ok(vec![path.into()]);
    }
    let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "yaml" || end == "yml"));
    paths.sort();
    Ok(paths)
}

fn text_of(path: &Path) -> Result<(String, String), String> {
    let name = path.to_string_lossy().into_owned();
    let bytes = read_input_file(path).map_err(|error| format!("{name}: {error}"))?;
    let told = |problems: Vec<diag::Diagnostic>| {
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
    };
    let text = diag::text_of(&name, &bytes).map_err(told)?;
    Ok((name, text))
}

/// `9 files: sound`, `1 file: 2 errors, 1 warning`.
fn summary(report: &CheckReport, files: usize) -> String {
    let many = |count: usize, word: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {word}{plural}")
    };
    let found = [(DiagnosticSeverity::Error, "error"), (DiagnosticSeverity::Warning, "warning")];
    let found = found.map(|(severity, word)| (report.count_of(severity), word));
    let found: Vec<_> =
        found.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| many(n, word)).collect();
    let verdict = if found.is_empty() { "sound".into() } else { found.join(", ") };
    format!("{}: {verdict}", many(files, "file"))
}
