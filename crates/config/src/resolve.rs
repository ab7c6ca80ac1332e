//! Many given values to one configuration, or to every reason why not.

use std::fmt;

use super::{Config, RawSetting, SETTINGS, Secret, Setting, SettingOrigin, env};

/// What one setting came to.
#[derive(Debug, Clone)]
pub struct ResolvedSetting {
    /// Which.
    pub setting: &'static Setting,
    /// Its value as shown; secrets are masked. Empty: see `super::Kind::empty_means`.
    pub value: String,
    /// Who gave it.
    pub origin: SettingOrigin,
}

impl PartialEq for ResolvedSetting {
    fn eq(&self, other: &Self) -> bool {
        (self.setting.key, &self.value, &self.origin)
            == (other.setting.key, &other.value, &other.origin)
    }
}

/// One thing wrong with what was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// Where it was given.
    pub origin: SettingOrigin,
    /// What is wrong, with what was given and what is accepted.
    pub message: String,
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.message)
    }
}

/// Why there is no configuration: every problem, in the order of the table, unknown names last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// At least one.
    pub problems: Vec<SettingProblem>,
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            let gap = if i == 0 { "" } else { "\n" };
            write!(f, "{gap}{problem}")?;
        }
        Ok(())
    }
}

/// Settles every setting of the table from what was given.
///
/// Of several values for one setting the strongest origin wins, and among equals the last. A value
/// that loses is not looked at: a flag must be able to overrule a broken file at six in the morning.
///
/// # Errors
///
/// [`ConfigError`] with every winning value that is not accepted and every key that is not in the
/// table.
pub fn resolve(given: &[RawSetting]) -> Result<Config, ConfigError> {
    let mut config = Config::unset();
    let mut problems = Vec::new();
    for setting in SETTINGS {
        let candidates = given.iter().filter(|given| given.key == setting.key);
        let winner = candidates.max_by_key(|given| given.origin.precedence());
        let (text, origin) = winner
            .map_or((setting.default, SettingOrigin::Default), |w| (&w.text, w.origin.clone()));
        match setting.kind.parse_into(text, &mut config) {
            Some(value) => config.rows.push(ResolvedSetting { setting, value, origin }),
            None => problems.push(refuse_value(setting, text, origin)),
        }
    }
    let known = |given: &&RawSetting| SETTINGS.iter().any(|setting| setting.key == given.key);
    problems.extend(given.iter().filter(|given| !known(given)).map(unknown));
    if problems.is_empty() {
        problems.extend(contradiction(&config));
    }
    if problems.is_empty() { Ok(config) } else { Err(ConfigError { problems }) }
}

fn refuse_value(setting: &Setting, text: &str, origin: SettingOrigin) -> SettingProblem {
    let text = diag::quote(if setting.kind.is_secret() { Secret::MASK } else { text });
    let accepts = setting.kind.expected_text();
    SettingProblem {
        origin,
        message: format!("`{}` cannot be {text}: expected {accepts}", setting.key),
    }
}

fn unknown(given: &RawSetting) -> SettingProblem {
    let variable = matches!(given.origin, SettingOrigin::Env(_));
    // What all our variables begin with says nothing about which is meant.
    let bare = |name| str::trim_start_matches(name, env::PREFIX);
    let names = || SETTINGS.iter().map(|s| if variable { s.env } else { s.key });
    let near = diag::nearest(bare(&given.key), names().map(bare));
    let hint = names().find(|name| near == Some(bare(name))).map_or_else(
        || "`bellwether config` lists all settings".into(),
        |near| format!("is `{near}` meant?"),
    );
    let message = format!("no setting {}; {hint}", diag::quote(&given.key));
    SettingProblem { origin: given.origin.clone(), message }
}

/// The one rule between two settings.
fn contradiction(config: &Config) -> Option<SettingProblem> {
    let (base, max) = (config.retry.base_delay, config.retry.max_delay);
    let origin =
        config.setting("retry_max_delay").map_or(SettingOrigin::Default, |row| row.origin.clone());
    let message = format!(
        "`retry_max_delay` is {max}, shorter than `retry_base_delay`, {base}: raise the one or \
         lower the other"
    );
    (max < base).then_some(SettingProblem { origin, message })
}
