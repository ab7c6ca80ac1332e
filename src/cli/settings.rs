//! Flags that are settings, and the way from them to a [`Config`].

use std::{fs, io, path::PathBuf};

use clap::Args;

use super::{CliError, Exit};
use crate::config::{self, Config, Given, Origin, env};

/// Flags every command has that needs the configuration.
#[derive(Debug, Clone, Default, Args)]
pub struct SettingFlags {
    /// Read this configuration file instead of ./bellwether.yaml
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Give one setting a value, as in `--set speed=10`; may be repeated
    #[arg(long, value_name = "KEY=VALUE", global = true)]
    pub set: Vec<String>,
}

/// Flags of the commands that run a day or show what one would do.
#[derive(Debug, Clone, Default, Args)]
pub struct DayFlags {
    /// Trading date, as 2018-12-19
    #[arg(long)]
    pub date: Option<String>,
    /// Seconds of the virtual clock in one real second, or `max`
    #[arg(long)]
    pub speed: Option<String>,
    /// File with what is to go wrong on purpose
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<String>,
    /// Folder with recorded market data; default: the sessions inside the program
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    /// Time of day at which the virtual clock starts, exchange time, as 10:45
    #[arg(long, value_name = "TIME")]
    pub start: Option<String>,
}

/// Flags of the console's look.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "clap reads a flag without a value as a bool")]
pub struct LookFlags {
    /// Draw with ASCII characters alone
    #[arg(long)]
    pub ascii: bool,
    /// Set of colours: dark, light or contrast
    #[arg(long)]
    pub theme: Option<String>,
    /// Draw without colour; weight and words stay
    #[arg(long)]
    pub no_color: bool,
}

fn flag(key: &str, name: &str, text: &str) -> Given {
    Given { key: key.into(), text: text.into(), origin: Origin::Flag(name.into()) }
}

impl SettingFlags {
    /// What `--set` gives.
    ///
    /// # Errors
    ///
    /// [`CliError`] for a text without `=`.
    fn given(&self) -> Result<Vec<Given>, CliError> {
        let split = |text: &String| {
            let (key, value) = text.split_once('=').ok_or_else(|| {
                let message = format!("--set `{text}`: write KEY=VALUE, as in max_retries=5");
                CliError::new(Exit::Usage, message)
            })?;
            Ok(flag(key.trim(), "--set", value))
        };
        self.set.iter().map(split).collect()
    }
}

impl DayFlags {
    fn given(&self) -> impl Iterator<Item = Given> {
        let rows = [
            ("date", "--date", &self.date),
            ("speed", "--speed", &self.speed),
            ("scenario", "--scenario", &self.scenario),
            ("data_dir", "--data", &self.data),
            ("start", "--start", &self.start),
        ];
        rows.into_iter().filter_map(|(key, name, value)| Some(flag(key, name, value.as_deref()?)))
    }
}

impl LookFlags {
    fn given(&self) -> impl Iterator<Item = Given> {
        let ascii = self.ascii.then(|| flag("glyphs", "--ascii", "ascii"));
        let color = self.no_color.then(|| flag("color", "--no-color", "none"));
        let theme = self.theme.as_deref().map(|theme| flag("theme", "--theme", theme));
        [ascii, color, theme].into_iter().flatten()
    }
}

/// The configuration that holds for a command: its flags over the environment over the file.
///
/// # Errors
///
/// [`CliError`] with every problem at once; or for a configuration file that cannot be read.
pub fn load(
    settings: &SettingFlags,
    day: &DayFlags,
    look: &LookFlags,
    vars: &[(String, String)],
) -> Result<Config, CliError> {
    let mut given = env::read(vars);
    let named = settings.config.clone().or_else(|| env::file(vars).map(PathBuf::from));
    let (path, must_exist) =
        named.map_or_else(|| (PathBuf::from(config::file::NAME), false), |path| (path, true));
    match fs::read_to_string(&path) {
        Ok(text) => given.extend(config::file::read(&path.to_string_lossy(), &text)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => {}
        Err(error) => {
            let message = format!("cannot read the configuration `{}`: {error}", path.display());
            return Err(CliError::new(Exit::Usage, message));
        }
    }
    given.extend(settings.given()?);
    given.extend(day.given().chain(look.given()));
    Ok(config::resolve(&given)?)
}
