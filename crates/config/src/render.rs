//! The table as people and programs read it: aligned text, JSON, Markdown.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Config, ResolvedSetting, SETTINGS, Setting, SettingOrigin};

/// Longer values are not aligned.
const WIDTH_MAX: usize = 100;

/// Every setting with its value, its source and its default, aligned, one per line.
#[must_use]
pub fn render_table(config: &Config) -> String {
    let value = |row: &ResolvedSetting| display_value(row.setting, &row.value);
    let width = |texts: &mut dyn Iterator<Item = String>| {
        texts.map(|text| text.chars().count()).max().unwrap_or(0).min(WIDTH_MAX)
    };
    let key_width = width(&mut config.rows.iter().map(|row| row.setting.key.into()));
    let value_width = width(&mut config.rows.iter().map(value));
    config.rows.iter().fold(String::new(), |mut text, row| {
        let (key, value, origin) = (row.setting.key, value(row), &row.origin);
        let _ = writeln!(text, "{key:key_width$}  {value:value_width$}  {origin}");
        text
    })
}

/// The same as a JSON array, with what each setting is and accepts; `source` says who gave the value.
#[must_use]
pub fn to_json(config: &Config) -> Value {
    config.rows.iter().map(object).collect()
}

fn object(row: &ResolvedSetting) -> Value {
    let Setting { key, env, kind, default, help } = row.setting;
    let source = match &row.origin {
        SettingOrigin::Default => json!({ "kind": "default" }),
        SettingOrigin::Derived(name) => json!({ "kind": "derived", "name": name }),
        SettingOrigin::File { name, line, column } => {
            json!({ "kind": "file", "name": name, "line": line, "column": column })
        }
        SettingOrigin::Env(name) => json!({ "kind": "environment", "name": name }),
        SettingOrigin::Flag(name) => json!({ "kind": "flag", "name": name }),
    };
    json!({
        "key": key, "variable": env, "value": row.value, "source": source,
        "default": default, "accepts": kind.expected_text(), "help": help,
    })
}

/// `docs/configuration.md`, whole.
#[must_use]
pub fn render_markdown() -> String {
    let mut text = String::from(HEAD);
    for setting in SETTINGS {
        let Setting { key, env, kind, default, help } = setting;
        let default =
            if default.is_empty() { kind.meaning_of_empty() } else { &format!("`{default}`") };
        let accepts = kind.expected_text();
        let _ = writeln!(text, "| `{key}` | `{env}` | {default} | {help} | {accepts} |");
    }
    text
}

fn display_value(setting: &Setting, value: &str) -> String {
    if value.is_empty() { format!("({})", setting.kind.meaning_of_empty()) } else { value.into() }
}

const HEAD: &str = "\
# Configuration

Written by `bellwether config --markdown`; a test fails when it is stale.

A value is taken from the first that gives it: flag, environment variable, configuration file,
default. The file is the one named by `--config` or `BELLWETHER_CONFIG`, else `bellwether.yaml` in
the current folder, if there is one. In the file a dot in a key is a level of nesting:

```yaml
max_concurrent_tasks: 8
agents:
  trade_execution:
    slots: 4
```

Every setting can be given as `--set KEY=VALUE`; some have a flag of their own (`--speed`, `--date`).
An empty environment variable counts as not given. A variable that begins with `BELLWETHER_`, or a
key of the file, that is no setting is refused with the nearest name. All problems are reported at
once; a value that is overruled is not looked at. `bellwether config` shows every value with where
it came from.

`MARKET_OPEN_TIME`, `MARKET_CLOSE_TIME` and `TIMEZONE` replace the hours and the zone of the
exchange that `exchange` names; holidays and early closes stay its own. See `docs/calendars.md`.

| key | variable | default | what it is | accepted |
|---|---|---|---|---|
";
