//! The table of all settings: the one place where a key, its variable, its bounds, its default
//! and its meaning are written.

use std::path::PathBuf;

use chrono::{NaiveDate, NaiveTime};

use super::{
    AccessSetting, ApprovalSetting, CatchUpSetting, ColorDepthSetting, ColorScheme, Config,
    GlyphSetting, GuardSetting, LogFormat, LogLevel, MotionSetting, MouseSetting,
    NotificationSetting, OnHangup, RecoverySetting, Secret, SpeedSetting,
};
use planning::{calendar::LocalZone, time::Span};

/// How a setting's text is read, what is accepted, and where the value goes.
#[derive(Debug, Clone, Copy)]
#[expect(
    missing_docs,
    reason = "`set` writes the value, `min` and `max` are inclusive, throughout"
)]
pub enum SettingKind {
    /// A whole number.
    Count { min: u32, max: u32, set: fn(&mut Config, u32) },
    /// A length of time; a bare number is seconds.
    Duration { min: Span, max: Span, set: fn(&mut Config, Span) },
    /// Yes or no.
    Bool { set: fn(&mut Config, bool) },
    /// One of some words, by its place among them.
    Choice { words: &'static [&'static str], set: fn(&mut Config, usize) },
    /// A time of day that replaces the exchange's, or nothing.
    OwnClock { set: fn(&mut Config, Option<NaiveTime>) },
    /// A zone that replaces the exchange's, or nothing; `aliases` are New York's.
    OwnZone { aliases: &'static [&'static str], set: fn(&mut Config, Option<LocalZone>) },
    /// How fast a virtual clock runs.
    Speed { set: fn(&mut Config, SpeedSetting) },
    /// A date.
    Date { set: fn(&mut Config, NaiveDate) },
    /// A time of day.
    Clock { set: fn(&mut Config, NaiveTime) },
    /// A zone of the IANA database.
    Zone { set: fn(&mut Config, LocalZone) },
    /// A word or a few.
    Name { set: fn(&mut Config, &str) },
    /// A folder or a file.
    Folder { empty_means: &'static str, set: fn(&mut Config, Option<PathBuf>) },
    /// Levels of the log, by module.
    Filter { set: fn(&mut Config, &str) },
    /// A web address that is a secret.
    Address { set: fn(&mut Config, Option<Secret>) },
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in the file, dots between nested names, and in `--set`.
    pub key: &'static str,
    /// Its environment variable.
    pub env: &'static str,
    /// What is accepted.
    pub kind: SettingKind,
    /// Its default, as it would be written.
    pub default: &'static str,
    /// What it does, in a line.
    pub help: &'static str,
}

const fn row(
    key: &'static str,
    env: &'static str,
    kind: SettingKind,
    default: &'static str,
    help: &'static str,
) -> Setting {
    Setting { key, env, kind, default, help }
}

const fn count(min: u32, max: u32, set: fn(&mut Config, u32)) -> SettingKind {
    SettingKind::Count { min, max, set }
}

const fn length(min: Span, max: Span, set: fn(&mut Config, Span)) -> SettingKind {
    SettingKind::Duration { min, max, set }
}

const fn choice(words: &'static [&'static str], set: fn(&mut Config, usize)) -> SettingKind {
    SettingKind::Choice { words, set }
}

/// Links of the IANA database to the zone of the exchange.
const NEW_YORK: &[&str] = &["US/Eastern", "EST5EDT"];
const MS: Span = Span::millis(1);
const SECOND: Span = Span::secs(1);
const HOUR: Span = Span::mins(60);
const DAY: Span = Span::mins(24 * 60);

/// A hundred years.
const DAYS_MAX: u32 = 36_500;

const RECOVER_WORDS: &[&str] = &["console", "ask", "auto", "paused", "never"];
const RECOVER: [RecoverySetting; 5] = [
    RecoverySetting::ByConsole,
    RecoverySetting::Ask,
    RecoverySetting::Auto,
    RecoverySetting::Paused,
    RecoverySetting::Never,
];
const LOG_FORMAT_WORDS: &[&str] = &["text", "json"];
const LOG_FORMATS: [LogFormat; 2] = [LogFormat::Text, LogFormat::Json];
const LEVEL_WORDS: &[&str] = &["ERROR", "WARN", "INFO", "DEBUG", "TRACE", "WARNING"];
const LEVELS: [LogLevel; 6] = [
    LogLevel::Error,
    LogLevel::Warn,
    LogLevel::Info,
    LogLevel::Debug,
    LogLevel::Trace,
    LogLevel::Warn,
];

fn slots(config: &mut Config, agent: &str, slots: u32) {
    config.agents.named.insert(agent.into(), slots);
}

/// Every setting, in the order in which they are shown: the specification's first.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    row("max_concurrent_tasks", "MAX_CONCURRENT_TASKS",
        count(1, 1_024, |c, n| c.orchestration.max_concurrent_tasks = n), "5",
        "tasks running at once, all agents together"),
    row("default_task_timeout", "DEFAULT_TASK_TIMEOUT",
        length(MS, DAY, |c, s| c.orchestration.default_task_timeout = s), "300",
        "longest an attempt may take when its task does not say"),
    row("workflow_timeout", "WORKFLOW_TIMEOUT",
        length(SECOND, DAY, |c, s| c.orchestration.workflow_timeout = s), "3600",
        "longest stretch of work without a break; waiting for a window, an operator or a pause is a break"),
    row("exchange", "BELLWETHER_EXCHANGE",
        SettingKind::Folder { empty_means: "XNYS", set: |c, p| c.calendar.exchange = p }, "",
        "exchange whose calendar holds: XNYS, XLON, XETR, XTKS, XHKG, 24/7 or an exchange file"),
    row("calendar_dir", "BELLWETHER_CALENDAR_DIR",
        SettingKind::Folder { empty_means: "data_dir", set: |c, p| c.calendar.folder = p }, "",
        "folder of calendar.csv, earnings.csv and events.csv of one's own"),
    row("market_open_time", "MARKET_OPEN_TIME",
        SettingKind::OwnClock { set: |c, t| c.calendar.hours.open = t }, "",
        "open of every session, exchange time; replaces that of the exchange"),
    row("market_close_time", "MARKET_CLOSE_TIME",
        SettingKind::OwnClock { set: |c, t| c.calendar.hours.close = t }, "",
        "close of every full session, exchange time; replaces that of the exchange"),
    row("timezone", "TIMEZONE",
        SettingKind::OwnZone { aliases: NEW_YORK, set: |c, z| c.calendar.hours.zone = z }, "",
        "time zone of the exchange; replaces that of the exchange"),
    row("enable_retry", "ENABLE_RETRY",
        SettingKind::Bool { set: |c, on| c.orchestration.enable_retry = on }, "true",
        "whether the machine retries `pure` and `idempotent` tasks at all"),
    row("max_retries", "MAX_RETRIES",
        count(0, 100, |c, n| c.orchestration.max_retries = n), "3",
        "attempts after the first when the task does not say"),
    row("retry_base_delay", "RETRY_BASE_DELAY",
        length(MS, HOUR, |c, s| c.retry.base_delay = s), "1.0",
        "wait before the first retry; each further wait is twice the one before"),
    row("retry_max_delay", "RETRY_MAX_DELAY",
        length(MS, DAY, |c, s| c.retry.max_delay = s), "60.0",
        "longest wait before a retry"),
    row("health_check_interval", "HEALTH_CHECK_INTERVAL",
        length(SECOND, DAY, |c, s| c.orchestration.health_check_interval = s), "60",
        "interval of the health checks of `serve --http`"),
    row("log_level", "LOG_LEVEL",
        choice(LEVEL_WORDS, |c, i| c.monitoring.log_level = LEVELS[i]), "INFO",
        "least grave message that is kept"),
    row("log_format", "BELLWETHER_LOG_FORMAT",
        choice(LOG_FORMAT_WORDS, |c, i| c.monitoring.log_format = LOG_FORMATS[i]), "text",
        "lines of the log of `run` and `serve`: for people, or JSON with the fields of ECS"),
    row("log_file", "BELLWETHER_LOG_FILE",
        SettingKind::Folder { empty_means: "stderr", set: |c, p| c.monitoring.log_file = p }, "",
        "file of that log, a new one each day; on stderr `run` shows only errors and `serve` warnings, unless a level is given"),
    row("log_keep", "BELLWETHER_LOG_KEEP",
        count(1, 3_650, |c, n| c.monitoring.log_keep = n), "14",
        "files of the log that are kept; the oldest is deleted"),
    row("log_filter", "BELLWETHER_LOG_FILTER",
        SettingKind::Filter { set: |c, filter| c.monitoring.log_filter = filter.into() }, "",
        "levels of single modules of that log, as `bellwether_runtime=debug,warn`; overrules `log_level`"),
    row("metrics_enabled", "METRICS_ENABLED",
        SettingKind::Bool { set: |c, on| c.monitoring.metrics_enabled = on }, "true",
        "whether `serve --http` serves `/metrics`"),
    row("alert_webhook_url", "ALERT_WEBHOOK_URL",
        SettingKind::Address { set: |c, url| c.monitoring.alert_webhook_url = url }, "",
        "where alerts of `warning` and graver are posted as JSON, or as text to Slack; a secret, never shown"),
    row("notifiers", "BELLWETHER_NOTIFIERS",
        SettingKind::Folder { empty_means: "none", set: |c, p| c.monitoring.notifiers = p }, "",
        "file that declares who else is told of alerts"),

    row("critical_reserve", "BELLWETHER_CRITICAL_RESERVE",
        count(0, 64, |c, n| c.engine.critical_reserve = n), "1",
        "slots beyond max_concurrent_tasks that only CRITICAL tasks may take"),
    row("cancel_timeout", "BELLWETHER_CANCEL_TIMEOUT",
        length(MS, HOUR, |c, s| c.engine.cancel_timeout = s), "10s",
        "how long an agent may take to confirm a cancellation"),
    row("monitor_failures", "BELLWETHER_MONITOR_FAILURES",
        count(1, 1_000, |c, n| c.engine.monitor_failures = n), "3",
        "failed rounds in a row after which a monitor raises an alert"),
    row("recovery_attempts", "BELLWETHER_RECOVERY_ATTEMPTS",
        count(0, 1_000, |c, n| c.engine.recovery_attempts = n), "3",
        "how often in a row an attempt may be lost with the program before its task fails"),
    row("crash_loop", "BELLWETHER_CRASH_LOOP",
        count(0, 16, |c, n| c.engine.crash_loop = n), "3",
        "recoveries in ten minutes after which only a person lets a run go on; 0: it always does"),
    row("breaker.failures", "BELLWETHER_BREAKER_FAILURES",
        count(1, 32, |c, n| c.engine.breaker_failures = n), "5",
        "infrastructure failures of one agent inside the window that open its breaker"),
    row("breaker.window", "BELLWETHER_BREAKER_WINDOW",
        length(SECOND, DAY, |c, s| c.engine.breaker_window = s), "10m",
        "how far back failures count for the breaker"),
    row("breaker.cooldown", "BELLWETHER_BREAKER_COOLDOWN",
        length(SECOND, DAY, |c, s| c.engine.breaker_cooldown = s), "60s",
        "how long an open breaker waits before it lets one task on trial, a pure one first"),

    row("agents.default.slots", "BELLWETHER_AGENTS_DEFAULT_SLOTS",
        count(1, 1_024, |c, n| c.agents.default = n), "2",
        "tasks at once for an agent that has no row here"),
    row("agents.junior_analyst.slots", "BELLWETHER_AGENTS_JUNIOR_ANALYST_SLOTS",
        count(1, 1_024, |c, n| slots(c, "junior_analyst", n)), "2", "tasks at once"),
    row("agents.senior_analyst.slots", "BELLWETHER_AGENTS_SENIOR_ANALYST_SLOTS",
        count(1, 1_024, |c, n| slots(c, "senior_analyst", n)), "2", "tasks at once"),
    row("agents.economist.slots", "BELLWETHER_AGENTS_ECONOMIST_SLOTS",
        count(1, 1_024, |c, n| slots(c, "economist", n)), "2", "tasks at once"),
    row("agents.portfolio_manager.slots", "BELLWETHER_AGENTS_PORTFOLIO_MANAGER_SLOTS",
        count(1, 1_024, |c, n| slots(c, "portfolio_manager", n)), "2", "tasks at once"),
    row("agents.trade_execution.slots", "BELLWETHER_AGENTS_TRADE_EXECUTION_SLOTS",
        count(1, 1_024, |c, n| slots(c, "trade_execution", n)), "3", "tasks at once"),
    row("agents.analytics_reporting.slots", "BELLWETHER_AGENTS_ANALYTICS_REPORTING_SLOTS",
        count(1, 1_024, |c, n| slots(c, "analytics_reporting", n)), "2", "tasks at once"),

    row("data_dir", "BELLWETHER_DATA_DIR",
        SettingKind::Folder { empty_means: "built in", set: |c, p| c.places.data = p }, "",
        "folder with recorded market data"),
    row("state_dir", "BELLWETHER_STATE_DIR",
        SettingKind::Folder { empty_means: "here", set: |c, p| c.places.state = p.unwrap_or_else(|| ".".into()) },
        ".bellwether",
        "folder for journals and logs; under XDG_STATE_HOME or HOME where there is one"),
    row("compact_after_days", "BELLWETHER_COMPACT_AFTER_DAYS",
        count(0, DAYS_MAX, |c, n| c.keeping.compact_after_days = n), "90",
        "after so many days the events of an ended run go from the journal into its archive; 0: never"),
    row("keep_days", "BELLWETHER_KEEP_DAYS",
        count(0, DAYS_MAX, |c, n| c.keeping.keep_days = n), "400",
        "after so many days the archive of a run is deleted, and only that it was is kept; 0: never"),
    row("workflows_dir", "BELLWETHER_WORKFLOWS_DIR",
        SettingKind::Folder { empty_means: "built in", set: |c, p| c.places.workflows = p }, "",
        "folder with workflow files, or one file"),
    row("agents_file", "BELLWETHER_AGENTS_FILE",
        SettingKind::Folder { empty_means: "none", set: |c, p| c.places.agents = p }, "",
        "file that declares agents of one's own"),

    row("keys_file", "BELLWETHER_KEYS_FILE",
        SettingKind::Folder { empty_means: "keys.yaml beside the configuration file", set: |c, p| c.places.keys = p }, "",
        "file with the console's keys: a profile, and keys of one's own"),

    row("date", "BELLWETHER_DATE", SettingKind::Date { set: |c, d| c.day.date = d }, "2018-12-19",
        "trading date of a simulated day; the default is an FOMC day in elevated volatility"),
    row("start", "BELLWETHER_START", SettingKind::Clock { set: |c, t| c.day.start = t }, "05:59:30",
        "time of day at which a virtual clock starts, exchange time"),
    row("speed", "BELLWETHER_SPEED", SettingKind::Speed { set: |c, s| c.day.speed = s }, "60",
        "seconds of a virtual clock in one real second"),
    row("scenario", "BELLWETHER_SCENARIO",
        SettingKind::Folder { empty_means: "none", set: |c, p| c.day.scenario = p }, "",
        "file with what is to go wrong on purpose"),
    row("book", "BELLWETHER_BOOK",
        SettingKind::Folder { empty_means: "the demo desk's in SIM, the last evening's in PAPER", set: |c, p| c.day.book = p }, "",
        "file with the book a day opens with; `carry`: the book of the evening before"),
    row("approvals", "BELLWETHER_APPROVALS",
        choice(&["ask", "auto"], |c, i| c.day.approvals = [ApprovalSetting::Ask, ApprovalSetting::Auto][i]), "auto",
        "who answers approvals in SIM: only the person at the console, or a policy after a while"),
    row("auto_approve_after", "BELLWETHER_AUTO_APPROVE_AFTER",
        length(Span::ZERO, DAY, |c, s| c.day.auto_approve_after = s), "10m",
        "how long `approvals: auto` lets a person go first"),
    row("recover", "BELLWETHER_RECOVER",
        choice(RECOVER_WORDS, |c, i| c.day.recover = RECOVER[i]), "console",
        "recovery of an unfinished run: `ask`, `auto`, `paused` or `never`; `console` asks at a console and is `auto` elsewhere"),
    row("operator", "BELLWETHER_OPERATOR", SettingKind::Name { set: |c, n| c.day.operator = n.into() }, "operator",
        "who acts at this console, for the record; USER where it is set"),

    row("catch_up", "BELLWETHER_CATCH_UP",
        choice(&CatchUpSetting::WORDS, |c, i| c.day.catch_up = CatchUpSetting::ALL[i]), "ask",
        "which tasks missed by a late start run after all; `ask` asks at a terminal and is `minimal` elsewhere"),
    row("guards", "BELLWETHER_GUARDS",
        choice(&["mode", "live"], |c, i| c.day.guards = [GuardSetting::Mode, GuardSetting::Live][i]), "mode",
        "guards of a simulated run: those of its mode, or those of LIVE"),
    row("access", "BELLWETHER_ACCESS",
        choice(&["control", "view"], |c, i| c.day.access = [AccessSetting::Control, AccessSetting::View][i]), "control",
        "what this console may do: send commands, or view only"),
    row("on_hangup", "BELLWETHER_ON_HANGUP",
        choice(&["headless", "finish"], |c, i| c.day.on_hangup = [OnHangup::Headless, OnHangup::Finish][i]), "headless",
        "when the console's terminal is gone, the day goes on without a screen, to attach to, or is ended in order"),

    row("theme", "BELLWETHER_THEME",
        choice(&ColorScheme::WORDS, |c, i| c.look.scheme = ColorScheme::ALL[i]), "default",
        "which colours mean what; `light` is for a light background, which COLORFGBG may suggest"),
    row("color", "BELLWETHER_COLOR",
        choice(&ColorDepthSetting::WORDS, |c, i| c.look.depth = ColorDepthSetting::ALL[i]), "auto",
        "how many colours; `auto` asks COLORTERM and TERM, NO_COLOR and TERM=dumb suggest none"),
    row("glyphs", "BELLWETHER_GLYPHS",
        choice(&["unicode", "ascii"], |c, i| c.look.glyphs = [GlyphSetting::Unicode, GlyphSetting::Ascii][i]), "unicode",
        "characters that are drawn; a locale with another character set than UTF-8 suggests `ascii`"),
    row("notifications", "BELLWETHER_NOTIFICATIONS",
        choice(&["auto", "bell", "off"], |c, i| {
            c.look.notifications = [NotificationSetting::Auto, NotificationSetting::Bell, NotificationSetting::Off][i];
        }), "auto",
        "how a person is called: by the desktop where the terminal can, else by the bell; the bell; not"),
    row("reduced_motion", "BELLWETHER_REDUCED_MOTION",
        SettingKind::Bool { set: |c, on| c.look.motion = if on { MotionSetting::Reduced } else { MotionSetting::Full } }, "false",
        "the clock on screen moves once a second at any speed, and no progress bar runs in the window's frame"),
    row("mouse", "BELLWETHER_MOUSE",
        SettingKind::Bool { set: |c, on| c.look.mouse = if on { MouseSetting::On } else { MouseSetting::Off } }, "false",
        "whether the console takes the mouse; the terminal then cannot select text"),
    row("time_zone_local", "BELLWETHER_TIME_ZONE_LOCAL", SettingKind::Zone { set: |c, zone| c.look.zone = Some(zone) }, "UTC",
        "the operator's own zone, for times shown on their clock; TZ where it names one"),
];
