//! The surroundings: the only place that reads environment variables.

use super::{RawSetting, SETTINGS, SettingOrigin};
use planning::calendar::LocalZone;

/// What our own variables begin with; one that begins so and is no setting is a mistake.
pub const PREFIX: &str = "BELLWETHER_";

/// Names the configuration file. Not a setting, since the file cannot name itself.
pub const FILE: &str = "BELLWETHER_CONFIG";

/// The variables of this process that are text; others cannot be ours.
#[must_use]
pub fn of_process() -> Vec<(String, String)> {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
    };
    std::env::vars_os().filter_map(text).collect()
}

/// Returns a variable that a file names as the place of a secret, if it is set and text.
#[must_use]
pub fn secret_variable(name: &str) -> Option<String> {
    std::env::var_os(name)?.into_string().ok()
}

/// The folder for what nobody needs for long.
#[must_use]
pub fn temp_folder() -> std::path::PathBuf {
    std::env::temp_dir()
}

/// The file the environment names, if any.
#[must_use]
pub fn config_file(vars: &[(String, String)]) -> Option<&str> {
    value(vars, FILE)
}

/// What the environment gives: its settings, what its other variables suggest, and as unknown keys
/// the names with our prefix that mean nothing. An empty variable gives nothing.
#[must_use]
pub fn read_environment(vars: &[(String, String)]) -> Vec<RawSetting> {
    let by_name = |name: &str| SETTINGS.iter().find(|setting| setting.env == name);
    let direct = vars.iter().filter(|(_, text)| !text.is_empty()).filter_map(|(name, text)| {
        let ours = name.starts_with(PREFIX) && name != FILE;
        let key = by_name(name).map(|setting| setting.key).or(ours.then_some(name.as_str()))?;
        Some(RawSetting {
            key: key.into(),
            text: text.clone(),
            origin: SettingOrigin::Env(name.clone()),
        })
    });
    direct.chain(derived(vars)).collect()
}

fn value<'a>(vars: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = vars.iter().rfind(|(given, _)| given == name)?;
    Some(found.1.as_str()).filter(|text| !text.is_empty())
}

fn derived(vars: &[(String, String)]) -> Vec<RawSetting> {
    let given = |key: &str, name: &str, text: String| RawSetting {
        key: key.into(),
        text,
        origin: SettingOrigin::Derived(name.into()),
    };
    let state = [("XDG_STATE_HOME", "bellwether"), ("HOME", ".local/state/bellwether")];
    let state = state.into_iter().find_map(|(name, tail)| {
        Some(given(
            "state_dir",
            name,
            format!("{}/{tail}", value(vars, name)?.trim_end_matches('/')),
        ))
    });
    let operator = value(vars, "USER").map(|user| given("operator", "USER", user.into()));
    let color = mono(vars).map(|name| given("color", name, "never".into()));
    // What a zone's file or rule says, ours does not know.
    let zone = value(vars, "TZ").map(|zone| zone.trim_start_matches(':'));
    let zone = zone.filter(|zone| LocalZone::by_name(zone).is_some());
    let zone = zone.map(|zone| given("time_zone_local", "TZ", zone.into()));
    let glyphs = narrow_charset(vars).map(|name| given("glyphs", name, "ascii".into()));
    let light = value(vars, "COLORFGBG").filter(|colors| is_light(colors));
    let theme = light.map(|_| given("theme", "COLORFGBG", "light".into()));
    [state, operator, color, zone, glyphs, theme].into_iter().flatten().collect()
}

/// The variable of the locale that names another character set than UTF-8, if one does. A locale without
/// a character set, such as `C`, says nothing about the terminal.
fn narrow_charset(vars: &[(String, String)]) -> Option<&'static str> {
    let (name, locale) = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| Some((name, value(vars, name)?)))?;
    let charset = locale.split('@').next()?.split_once('.')?.1;
    let utf8 = ["utf8", "utf-8"].iter().any(|known| charset.eq_ignore_ascii_case(known));
    (!utf8).then_some(name)
}

/// Whether a terminal that sets `COLORFGBG` has a light background: the last field is its number among
/// the sixteen colors, and 7 and 15 are the light ones.
fn is_light(colors: &str) -> bool {
    colors.rsplit(';').next().is_some_and(|ground| matches!(ground, "7" | "15"))
}

/// Whether the surroundings ask for no colour: by the custom of <https://no-color.org> (read
/// 2026-11), or by a terminal that can nothing.
fn mono(vars: &[(String, String)]) -> Option<&'static str> {
    let dumb = value(vars, "TERM") == Some("dumb");
    value(vars, "NO_COLOR").map(|_| "NO_COLOR").or(dumb.then_some("TERM"))
}
