//! Flags that are settings, and the way from them to a [`Config`].

use std::{io, path::PathBuf};

use clap::Args;

use super::{CliError, Exit};
use crate::host::{
    EmbeddedAgents,
    calendar_setup::install_configured_calendar,
    day::{TODAY, exchange_today},
    input_file::read_input_text,
};
use config::{Config, ConfigError, RawSetting, SettingOrigin, SettingProblem, env, file};
use planning::calendar::current_calendar;

/// Flags that are settings. Every command takes all of them, before or after its name, so that
/// `bellwether config --speed 10` shows what `bellwether --speed 10` would do.
#[derive(Debug, Clone, Default, Args)]
pub struct SettingFlags {
    /// Read this configuration file instead of ./bellwether.yaml
    #[arg(long, value_name = "FILE", global = true, help_heading = SETTINGS)]
    pub config: Option<PathBuf>,
    /// Give one setting a value, as in `--set max_retries=5`; may be repeated
    #[arg(long, value_name = "KEY=VALUE", global = true, help_heading = SETTINGS)]
    pub set: Vec<String>,
    /// The day.
    #[command(flatten)]
    pub day: DayFlags,
    /// The look.
    #[command(flatten)]
    pub look: AppearanceFlags,
}

/// The day to run or to show.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "clap reads a flag without a value as a bool")]
pub struct DayFlags {
    /// Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock
    #[arg(long, global = true, help_heading = DAY)]
    pub date: Option<String>,
    /// Time of day at which the virtual clock starts, exchange time, as 10:45
    #[arg(long, value_name = "TIME", global = true, help_heading = DAY)]
    pub start: Option<String>,
    /// Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`
    #[arg(long, value_name = "CHOICE", global = true, help_heading = DAY)]
    pub catch_up: Option<String>,
    /// Seconds of the virtual clock in one real second, or `max`
    #[arg(long, value_name = "FACTOR", global = true, help_heading = DAY)]
    pub speed: Option<String>,
    /// What is to go wrong on purpose: `demo`, `none` or a file
    #[arg(long, value_name = "FILE", global = true, help_heading = DAY)]
    pub scenario: Option<String>,
    /// Book to open the day with: a file, or `carry` for that of the evening before
    #[arg(long, value_name = "FILE", global = true, help_heading = DAY)]
    pub book: Option<String>,
    /// Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`
    #[arg(long, value_name = "HOW", global = true, help_heading = DAY)]
    pub recover: Option<String>,
    /// Guard a simulated run as a LIVE one: arming, reasons, typed phrases
    #[arg(long, global = true, help_heading = DAY)]
    pub live_guards: bool,
    /// View only: no command exists, not even the brakes
    #[arg(long, global = true, help_heading = DAY)]
    pub read_only: bool,
    /// Folder with recorded market data; default: the sessions inside the program
    #[arg(long, value_name = "DIR", global = true, help_heading = DAY)]
    pub data: Option<String>,
    /// Workflow file to run, or a folder of workflow files; default: the trading day in the program
    #[arg(long, value_name = "FILE", global = true, help_heading = DAY)]
    pub workflow: Option<String>,
    /// File that declares agents of your own
    #[arg(long = "agents", value_name = "FILE", global = true, help_heading = DAY)]
    pub agents_file: Option<String>,
}

/// How the console looks.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "clap reads a flag without a value as a bool")]
pub struct AppearanceFlags {
    /// Colours: `default`, `light`, `high-contrast` or `mono`
    #[arg(long, global = true, help_heading = LOOK)]
    pub theme: Option<String>,
    /// How many colours: `auto`, `never`, `16`, `256` or `true`
    #[arg(long, value_name = "DEPTH", global = true, help_heading = LOOK)]
    pub color: Option<String>,
    /// Draw with ASCII characters alone
    #[arg(long, global = true, help_heading = LOOK)]
    pub ascii: bool,
    /// The same as `--color never`
    #[arg(long, global = true, help_heading = LOOK, conflicts_with = "color")]
    pub no_color: bool,
}

const SETTINGS: &str = "Settings";
const DAY: &str = "Settings of the day";
const LOOK: &str = "Settings of the console";

fn today_text() -> String {
    exchange_today().to_string()
}

fn flag(key: &str, name: &str, text: &str) -> RawSetting {
    RawSetting { key: key.into(), text: text.into(), origin: SettingOrigin::Flag(name.into()) }
}

impl SettingFlags {
    /// What the flags give, `--set` last among equals.
    ///
    /// # Errors
    ///
    /// [`CliError`] for a `--set` without `=`.
    fn raw_settings(&self) -> Result<Vec<RawSetting>, CliError> {
        let mut given: Vec<_> = self.day.raw_settings().chain(self.look.raw_settings()).collect();
        for text in &self.set {
            let Some((key, value)) = text.split_once('=') else {
                let shown = diag::quote(text);
                let message = format!("--set {shown}: write KEY=VALUE, as in max_retries=5");
                return Err(CliError::new(Exit::Usage, message));
            };
            given.push(flag(key.trim(), "--set", value));
        }
        Ok(given)
    }
}

impl DayFlags {
    fn raw_settings(&self) -> impl Iterator<Item = RawSetting> {
        let rows = [
            ("date", "--date", &self.date),
            ("speed", "--speed", &self.speed),
            ("scenario", "--scenario", &self.scenario),
            ("book", "--book", &self.book),
            ("recover", "--recover", &self.recover),
            ("data_dir", "--data", &self.data),
            ("workflows_dir", "--workflow", &self.workflow),
            ("agents_file", "--agents", &self.agents_file),
            ("start", "--start", &self.start),
            ("catch_up", "--catch-up", &self.catch_up),
        ];
        let full = self.live_guards.then(|| flag("guards", "--live-guards", "live"));
        let look = self.read_only.then(|| flag("access", "--read-only", "view"));
        let given = rows.into_iter().filter_map(|(key, name, value)| {
            let text = value.as_deref()?;
            let today = key == "date" && text == TODAY;
            Some(if today { flag(key, name, &today_text()) } else { flag(key, name, text) })
        });
        given.chain(full).chain(look)
    }
}

impl AppearanceFlags {
    fn raw_settings(&self) -> impl Iterator<Item = RawSetting> {
        let ascii = self.ascii.then(|| flag("glyphs", "--ascii", "ascii"));
        let none = self.no_color.then(|| flag("color", "--no-color", "never"));
        let color = self.color.as_deref().map(|color| flag("color", "--color", color));
        let theme = self.theme.as_deref().map(|theme| flag("theme", "--theme", theme));
        [ascii, none, color, theme].into_iter().flatten()
    }
}

/// What every command is given besides its own words.
#[derive(Debug, Clone, Copy)]
pub struct CliContext<'a> {
    /// The flags that are settings.
    pub settings: &'a SettingFlags,
    /// The environment.
    pub vars: &'a [(String, String)],
    /// Agents of the embedding program.
    pub embedded: &'a EmbeddedAgents,
}

impl CliContext<'_> {
    /// A file that lies beside the configuration file, whether there is one or not.
    #[must_use]
    pub fn config_sibling(&self, name: &str) -> PathBuf {
        let file = named_file(self.settings, self.vars);
        file.map_or_else(|| PathBuf::from(name), |file| file.with_file_name(name))
    }

    /// The configuration that holds: flags over the environment over the file over defaults.
    ///
    /// # Errors
    ///
    /// [`CliError`] with every problem at once; or for a configuration file that cannot be read.
    pub fn config(&self) -> Result<Config, CliError> {
        let config = self.resolved()?;
        install_configured_calendar(&config)
            .map_err(|message| CliError::new(Exit::Usage, message))?;
        // `today` is a date at the exchange, which is known only now.
        if current_calendar().is_new_york() { Ok(config) } else { self.resolved() }
    }

    fn resolved(&self) -> Result<Config, CliError> {
        let (mut given, mut problems) = read_file(self.settings, self.vars)?;
        given.extend(env::read_environment(self.vars));
        given.extend(self.settings.raw_settings()?);
        match config::resolve(&given) {
            Ok(config) if problems.is_empty() => Ok(config),
            Ok(_) => Err(ConfigError { problems }.into()),
            Err(error) => {
                problems.extend(error.problems);
                Err(ConfigError { problems }.into())
            }
        }
    }
}

/// The configuration file that is named by a flag or the environment.
fn named_file(settings: &SettingFlags, vars: &[(String, String)]) -> Option<PathBuf> {
    settings.config.clone().or_else(|| env::config_file(vars).map(PathBuf::from))
}

/// What the configuration file gives, and what is wrong with it. One that is named must be there;
/// the usual one need not.
fn read_file(
    settings: &SettingFlags,
    vars: &[(String, String)],
) -> Result<(Vec<RawSetting>, Vec<SettingProblem>), CliError> {
    let named = named_file(settings, vars);
    let may_be_absent = named.is_none();
    let path = named.unwrap_or_else(|| PathBuf::from(file::NAME));
    match read_input_text(&path) {
        Ok(text) => Ok(file::read_config_file(&path.to_string_lossy(), &text)),
        Err(error) if may_be_absent && error.kind() == io::ErrorKind::NotFound => {
            Ok((Vec::new(), Vec::new()))
        }
        Err(error) => {
            let message = format!("cannot read the configuration `{}`: {error}", path.display());
            Err(CliError::new(Exit::Usage, message))
        }
    }
}
